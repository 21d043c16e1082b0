"""Lo que un programa alcanza antes de guardarlo, y pedir que se corra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from movistar_site.comun.paginas import pagina_de

from ..asignacion import alcance
from ..models import Programa
from ..operaciones import otorgar, programas

VER, CORRER = "bonificaciones.view_programa", "bonificaciones.add_bonificacion"
SIN_EFECTO = {"nombre", "codigo", "descripcion", "norma"}
"""Los datos de un programa que no cambian a quién alcanza."""


@require_POST
@never_cache
def alcance_de_programa(request: HttpRequest) -> HttpResponse:
    """Lo que alcanzaría un programa como está escrito en su formulario. No guarda nada."""
    guardado = _guardado(request.GET.get("programa", ""))
    permiso = "change" if guardado is not None else "add"
    if not request.user.has_perm(f"bonificaciones.{permiso}_programa"):
        raise PermissionDenied
    pantalla: Any = admin.site.get_model_admin(Programa)
    clase = pantalla.get_form(request, guardado, change=guardado is not None)
    formulario = clase(request.POST, instance=guardado)
    contexto: dict[str, Any] = {"hoy": timezone.localdate()}
    formulario.full_clean()
    # Cómo se llama no cambia a quién alcanza: se puede mirar antes de ponerle nombre.
    if not set(formulario.errors) - SIN_EFECTO:
        datos = formulario.cleaned_data
        contexto["vista"] = alcance.mirar(
            formulario.instance, hoy=contexto["hoy"], tipos=datos["tipos"], municipios=datos["municipios"]
        )
    else:
        contexto["faltas"] = list(_faltas(formulario))
    return render(request, "admin/fidelizacion/programa/_alcance.html", contexto)


def _guardado(texto: str) -> Programa | None:
    if not (texto.isascii() and texto.isdigit() and len(texto) < 19):  # noqa: PLR2004 - cabe en la clave
        return None
    return get_object_or_404(Programa, pk=int(texto))


def _faltas(formulario: ModelForm) -> Iterator[tuple[str, str]]:
    """Lo que falta o sobra en el formulario: el nombre del campo y la frase."""
    for nombre, frases in formulario.errors.items():
        if nombre in SIN_EFECTO:
            continue
        etiqueta = str(formulario.fields[nombre].label) if nombre in formulario.fields else ""
        for frase in frases:
            # Las frases de lo obligatorio ya nombran su campo.
            yield ("" if str(frase).startswith(f"{etiqueta}:") else etiqueta), str(frase)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required((VER, CORRER), raise_exception=True)
def correr_programa(request: HttpRequest, pk: int) -> HttpResponse:
    """A quiénes alcanza hoy el programa; con POST, deja en la cola la corrida o su simulación y va a su página."""
    programa = get_object_or_404(Programa, pk=pk)
    if request.method == "POST":
        try:
            corrida = programas.pedir_corrida(
                programa, simular=request.POST.get("hacer") != "asignar", usuario=request.user, ahora=timezone.now()
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(pagina_de(corrida))
    hoy = timezone.localdate()
    contexto = {
        **admin.site.each_context(request),
        "title": f"Buscar ahora: {programa.nombre}",
        "programa": programa,
        "vista": alcance.mirar(programa, hoy=hoy),
        "hoy": hoy,
        "no_asigna": otorgar.por_que_no_asigna(programa, hoy),
        "volver": reverse("admin:bonificaciones_programa_change", args=(programa.pk,)),
    }
    return render(request, "admin/fidelizacion/programa/correr.html", contexto)
