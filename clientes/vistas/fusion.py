"""Unir dos fichas que son la misma persona: elegir la otra, comparar dato por dato, confirmar y deshacer."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from unfold.widgets import INPUT_CLASSES, RADIO_CLASSES

from .. import combinar, consultas_duplicados, operaciones
from ..models import Cliente
from ..templatetags.duplicados import pagina_del_cliente

VER = ("clientes.view_fusion", "clientes.view_cliente")
FUSIONAR = ("clientes.add_fusion", "clientes.view_cliente")
DESHACER = ("clientes.change_fusion", "clientes.view_cliente")
LARGO_DE_BUSQUEDA, LARGO_DEL_MOTIVO = 100, 300
_AL_TIEMPO = "No se guardó porque otra persona cambió lo mismo al tiempo: vuelva a intentarlo."


@require_safe
@permission_required(FUSIONAR, raise_exception=True)
def fusionar_cliente(request: HttpRequest, pk: int) -> HttpResponse:
    """Con quién: los que se le parecen y lo que se busque."""
    cliente = get_object_or_404(Cliente, pk=pk)
    texto = _texto(request.GET.get("q"), LARGO_DE_BUSQUEDA)
    return _pagina(
        request,
        "elegir.html",
        f"Fusionar a {cliente.nombre_completo} con otra ficha",
        cliente=cliente,
        texto=texto,
        probables=consultas_duplicados.probables_de(cliente),
        candidatos=consultas_duplicados.candidatos(cliente, texto),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(FUSIONAR, raise_exception=True)
def comparar_fichas(request: HttpRequest, pk: int, otro_pk: int) -> HttpResponse:
    """Dato por dato, cuál queda; al confirmar, las une."""
    fichas = Cliente.objects.select_related("municipio__departamento")
    principal, absorbido = get_object_or_404(fichas, pk=pk), get_object_or_404(fichas, pk=otro_pk)
    propuestos = combinar.por_omision(combinar.foto(principal), combinar.foto(absorbido))
    faltas: list[str] = []
    if request.method == "POST":
        propuestos |= {g: e for g in combinar.GRUPOS if (e := request.POST.get(f"elegido-{g}", ""))}
        motivo = _texto(request.POST.get("motivo"), LARGO_DEL_MOTIVO)
        faltas = _hacer(
            lambda: operaciones.fusionar_clientes(
                principal, absorbido=absorbido, elegidos=propuestos, usuario=request.user, ahora=timezone.now(),
                motivo=motivo,
            )
        )  # fmt: skip
        if not faltas:
            messages.success(
                request, f"{absorbido.nombre_completo} quedó en esta ficha. Se puede deshacer en «Fusiones»."
            )
            return HttpResponseRedirect(pagina_del_cliente(principal))
    return _pagina(
        request,
        "comparar.html",
        "Fusionar dos fichas",
        principal=principal,
        absorbido=absorbido,
        filas=consultas_duplicados.comparar(principal, absorbido, propuestos),
        previa=consultas_duplicados.vista_previa(principal, absorbido),
        faltas=faltas,
        motivo=_texto(request.POST.get("motivo"), LARGO_DEL_MOTIVO),
    )


@require_safe
@permission_required(VER, raise_exception=True)
def fusiones(request: HttpRequest) -> HttpResponse:
    """Las hechas, de la última a la primera, con su salida."""
    tramo = consultas_duplicados.tramo_de_fusiones(
        despues=_clave(request.GET.get("despues")), antes=_clave(request.GET.get("antes"))
    )
    return _pagina(
        request,
        "lista.html",
        "Fusiones",
        tramo=tramo,
        primera="?",
        anterior=tramo.anterior and f"?antes={tramo.anterior}",
        siguiente=tramo.siguiente and f"?despues={tramo.siguiente}",
        puede_deshacer=request.user.has_perms(DESHACER),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(DESHACER, raise_exception=True)
def deshacer_fusion(request: HttpRequest, pk: int) -> HttpResponse:
    """Dice qué vuelve y, confirmado, lo devuelve."""
    fusion = get_object_or_404(consultas_duplicados.fusiones(), pk=pk)
    if fusion.deshecha_el is not None:
        messages.info(request, "Esa fusión ya se deshizo.")
        return HttpResponseRedirect(reverse("fusiones"))
    faltas: list[str] = []
    motivo = _texto(request.POST.get("motivo"), LARGO_DEL_MOTIVO)
    if request.method == "POST":
        faltas = _hacer(
            lambda: operaciones.deshacer_fusion(fusion, usuario=request.user, ahora=timezone.now(), motivo=motivo)
        )
        if not faltas:
            messages.success(request, "Fusión deshecha: esta ficha volvió, con lo que era suyo.")
            return HttpResponseRedirect(pagina_del_cliente(fusion.absorbido_clave))
    vuelven = consultas_duplicados.cuantos_volverian(fusion)
    return _pagina(
        request, "deshacer.html", "Deshacer una fusión", fusion=fusion, vuelven=vuelven, faltas=faltas, motivo=motivo
    )


# --- Por dentro ------------------------------------------------------------------------------------------------------
def _hacer(operacion: Any) -> list[str]:
    """Las frases de lo que la operación rechazó; vacía si se hizo."""
    try:
        with transaction.atomic():
            operacion()
    except ValidationError as error:
        return [str(frase) for frase in error.messages]
    except DatabaseError:
        return [_AL_TIEMPO]
    return []


def _pagina(request: HttpRequest, plantilla: str, titulo: str, **contexto: Any) -> HttpResponse:
    base = {
        **admin.site.each_context(request),
        "title": titulo,
        "clase_texto": " ".join(INPUT_CLASSES),
        "clase_radio": " ".join(RADIO_CLASSES),
    }
    return render(request, f"admin/clientes/fusion/{plantilla}", {**base, **contexto})


def _texto(texto: str | None, largo: int) -> str:
    return "".join(letra for letra in texto or "" if letra.isprintable()).strip()[:largo]


def _clave(texto: str | None) -> int | None:
    return int(texto) if texto and texto.isascii() and texto.isdigit() and len(texto) <= 18 else None  # noqa: PLR2004
