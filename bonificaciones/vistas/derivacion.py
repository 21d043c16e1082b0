"""La página desde la que un asesor trabaja a un cliente bonificado: qué ganó, qué decirle, cuándo y en qué terminó."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from movistar_site.comun.acciones import trasladar_errores
from movistar_site.comun.formularios import nombrar_obligatorios

from ..derivaciones.bandejas import VER
from ..derivaciones.pagina import Pagina
from ..forms.derivaciones import (
    FormularioAceptar,
    FormularioAplazar,
    FormularioCanal,
    FormularioRechazar,
    FormularioResultado,
)
from ..models import Derivacion
from ..operaciones import derivaciones as operaciones
from ..operaciones.derivaciones_pasos import PERMISO_DE_MOVER

Datos = Mapping[str, Any]
ACEPTAR, RECHAZAR, APLAZAR, VINO = "aceptar", "rechazar", "aplazar", "vino"


@require_http_methods(["GET", "HEAD"])
def pagina_de_derivacion(request: HttpRequest, pk: int) -> HttpResponse:
    """La página de una derivación, abierta o cerrada."""
    return _mostrar(request, _derivacion(request, pk), {})


@require_http_methods(["POST"])
def hacer_con_derivacion(request: HttpRequest, pk: int, paso: str) -> HttpResponse:
    """Un paso del asesor. Si no se puede, la misma página con la frase y lo que se había escrito."""
    derivacion = _derivacion(request, pk)
    if paso not in PASOS:
        raise Http404
    if not request.user.has_perm(PERMISO_DE_MOVER):
        raise PermissionDenied
    clase, hacer, exito = PASOS[paso]
    formulario = _preparar(clase(request.POST, auto_id=f"id_{paso}_%s"))
    if not formulario.is_valid():
        if paso in (VINO, "contactar", "resultado"):
            messages.error(request, " ".join(str(frase) for frases in formulario.errors.values() for frase in frases))
        return _mostrar(request, derivacion, {paso: formulario})
    try:
        hacer(derivacion, request.user, formulario.cleaned_data, timezone.now())
    except ValidationError as error:
        trasladar_errores(formulario, error)
        if paso in (VINO, "contactar", "resultado") or formulario.non_field_errors():
            messages.error(request, " ".join(error.messages))
            # Lo que se rechazó pudo cambiar mientras tanto: la página muestra cómo está ahora.
            return HttpResponseRedirect(derivacion.get_absolute_url())
        return _mostrar(request, _derivacion(request, pk), {paso: formulario})
    except DatabaseError:
        messages.error(request, "No se pudo guardar porque otro cambio llegó al tiempo: vuelva a intentarlo.")
        return HttpResponseRedirect(derivacion.get_absolute_url())
    messages.success(request, exito)
    return HttpResponseRedirect(derivacion.get_absolute_url())


# --- Los pasos -------------------------------------------------------------------------------------------------------
def _contactar(derivacion: Derivacion, usuario: Any, datos: Datos, ahora: datetime) -> None:
    operaciones.contactar(derivacion, canal=datos["canal"], usuario=usuario, ahora=ahora)


def _vino(derivacion: Derivacion, usuario: Any, datos: Datos, ahora: datetime) -> None:
    operaciones.contactar(derivacion, canal=datos["canal"], usuario=usuario, ahora=ahora, entrante=True)


def _resultado(derivacion: Derivacion, usuario: Any, datos: Datos, ahora: datetime) -> None:
    contacto = operaciones.contacto_en_curso(derivacion, usuario)
    if contacto is None:
        raise ValidationError("No hay ningún contacto en curso con este cliente: ya se anotó en qué terminó.")
    operaciones.anotar_resultado(derivacion, contacto=contacto, **datos, usuario=usuario, ahora=ahora)


def _aceptar(derivacion: Derivacion, usuario: Any, datos: Datos, ahora: datetime) -> None:
    operaciones.aceptar(derivacion, **datos, usuario=usuario, ahora=ahora)


def _rechazar(derivacion: Derivacion, usuario: Any, datos: Datos, ahora: datetime) -> None:
    operaciones.rechazar(derivacion, motivo=datos["motivo"], usuario=usuario, ahora=ahora)


def _aplazar(derivacion: Derivacion, usuario: Any, datos: Datos, ahora: datetime) -> None:
    operaciones.aplazar(derivacion, **datos, usuario=usuario, ahora=ahora)


Paso = tuple[type[forms.Form], Callable[[Derivacion, Any, Datos, datetime], None], str]
PASOS: dict[str, Paso] = {
    "contactar": (FormularioCanal, _contactar, "Contacto empezado: al terminar, diga en qué quedó."),
    VINO: (FormularioCanal, _vino, "Contacto empezado: al terminar, diga en qué quedó."),
    "resultado": (FormularioResultado, _resultado, "Anotado: en qué terminó el contacto."),
    ACEPTAR: (FormularioAceptar, _aceptar, "El cliente aceptó: la bonificación queda aceptada."),
    RECHAZAR: (FormularioRechazar, _rechazar, "El cliente no quiso: la bonificación queda rechazada."),
    APLAZAR: (FormularioAplazar, _aplazar, "Para después: ese día vuelve a sus pendientes."),
}
"""Lo que se puede hacer con una derivación: paso → su formulario, la operación y lo que se dice al terminar."""


# --- Mostrar ---------------------------------------------------------------------------------------------------------
def _derivacion(request: HttpRequest, pk: int) -> Derivacion:
    if not request.user.has_perm(VER):
        raise PermissionDenied
    derivacion = (
        Derivacion.objects.select_related(
            "cliente__municipio__departamento", "programa", "bonificacion__servicio", "asesor"
        )
        .filter(pk=pk)
        .first()
    )
    if derivacion is None:
        raise Http404
    return derivacion


def _mostrar(request: HttpRequest, derivacion: Derivacion, enviados: dict[str, forms.Form]) -> HttpResponse:
    ahora = timezone.now()
    pagina = Pagina(derivacion, usuario=request.user, ahora=ahora)
    contexto = {
        **admin.site.each_context(request),
        "title": derivacion.cliente.nombre_completo,
        "derivacion": derivacion,
        "cliente": derivacion.cliente,
        "bono": derivacion.bonificacion,
        "pagina": pagina,
        "volver_a": reverse("entrar_a_las_derivaciones"),
        "respuestas": _respuestas(pagina, enviados) if pagina.puede_moverla else [],
        "vino": enviados.get(VINO) or _preparar(FormularioCanal(auto_id=f"id_{VINO}_%s")),
        "acciones": _acciones(request, derivacion),
    }
    estado = 200 if not enviados else 422
    return render(request, "admin/fidelizacion/derivacion.html", contexto, status=estado)


def _respuestas(pagina: Pagina, enviados: dict[str, forms.Form]) -> list[dict[str, Any]]:
    """Las tres respuestas del cliente, cada una con su formulario; abierta la que se acaba de enviar con una falta."""
    canal = pagina.en_curso.canal if pagina.en_curso is not None else ""
    iniciales: dict[str, dict[str, Any]] = {ACEPTAR: {"medio": canal}}
    ofrecidas = [(RECHAZAR, "No quiso", "thumb_down"), (APLAZAR, "Después", "schedule")]
    if not pagina.pqr_abierta:
        ofrecidas.insert(0, (ACEPTAR, "Aceptó", "thumb_up"))
    respuestas = []
    for paso, titulo, icono in ofrecidas:
        if paso == APLAZAR and pagina.detenida:
            continue
        nuevo = PASOS[paso][0](initial=iniciales.get(paso), auto_id=f"id_{paso}_%s")
        formulario = enviados.get(paso) or _preparar(nuevo)
        if paso == APLAZAR:
            formulario.fields["volver_el"].widget.attrs |= {
                "min": f"{pagina.primer_aplazo:%Y-%m-%d}",
                "max": f"{pagina.ultimo_aplazo:%Y-%m-%d}",
            }
        respuestas.append(
            {"paso": paso, "titulo": titulo, "icono": icono, "formulario": formulario, "abierta": paso in enviados}
        )
    return respuestas


def _preparar(formulario: forms.Form) -> forms.Form:
    nombrar_obligatorios(formulario.fields.values())
    return formulario


def _acciones(request: HttpRequest, derivacion: Derivacion) -> list[dict[str, Any]]:
    """Lo que un administrador puede hacerle: pasarla a otro o anularla."""
    pantalla: Any = admin.site.get_model_admin(Derivacion)
    return list(pantalla.botones_de_accion(request, derivacion))
