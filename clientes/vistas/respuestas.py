"""Responder varios casos con una plantilla: se elige, se lee completada con cada caso, se corrige y se guarda."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from movistar_site.comun.acciones import CONFIRMADA, Accion
from movistar_site.comun.formularios import nombrar_obligatorios

from ..forms.bandeja import FormularioResponderVarios
from ..models import Interaccion
from ..plantillas import completar

PREVIA = "previa"


def responder_varios(request: HttpRequest, accion: Accion, consulta: QuerySet[Interaccion]) -> HttpResponse | None:
    """La página del paso que toca, o None cuando ya se guardó y se anunció.

    Tres pasos sobre la misma dirección: elegir la plantilla y la fecha, leer y corregir los textos, guardar. Solo el
    último escribe, caso por caso; lo que uno rechace se dice y no detiene a los demás.
    """
    casos = [caso for caso in consulta if accion.disponible(caso)]
    for caso in consulta:
        if caso not in casos:
            messages.warning(request, f"«{caso}» {accion.no_disponible}.")
    if not casos:
        return None
    paso = CONFIRMADA if CONFIRMADA in request.POST else PREVIA if PREVIA in request.POST else ""
    formulario = FormularioResponderVarios(
        request.POST if paso else None,
        casos=casos,
        initial={"notificada_el": f"{timezone.localtime():%d/%m/%Y %H:%M}"},
    )
    if paso == CONFIRMADA:
        formulario.con_textos({})
    nombrar_obligatorios(formulario.fields.values())
    if paso and formulario.is_valid():
        if paso == CONFIRMADA:
            pantalla: Any = admin.site.get_model_admin(Interaccion)
            pantalla.hacer_y_anunciar(accion, request, casos, formulario)
            return None
        formulario = _con_textos(formulario, request)
        paso = CONFIRMADA
    return _pagina(request, accion, casos, formulario, con_textos=paso == CONFIRMADA)


def _con_textos(elegido: FormularioResponderVarios, request: HttpRequest) -> FormularioResponderVarios:
    """El mismo formulario con la plantilla completada para cada caso."""
    plantilla = elegido.cleaned_data["plantilla"]
    textos = {caso.pk: completar(plantilla.texto, caso, request.user) for caso in elegido.casos}
    datos = request.POST.copy()
    datos.update({f"respuesta_{clave}": texto for clave, texto in textos.items()})
    lleno = FormularioResponderVarios(datos, casos=elegido.casos)
    lleno.con_textos(textos)
    return lleno


def _pagina(
    request: HttpRequest,
    accion: Accion,
    casos: list[Interaccion],
    formulario: FormularioResponderVarios,
    *,
    con_textos: bool,
) -> HttpResponse:
    cuantos = len(casos)
    contexto = {
        **admin.site.each_context(request),
        "title": accion.titulo,
        "accion": accion,
        "formulario": formulario,
        "generales": [formulario[nombre] for nombre in ("plantilla", "sentido", "notificada_el")],
        "textos": formulario.textos(),
        "casos": casos,
        "cuantos": cuantos,
        "confirmada": CONFIRMADA,
        "previa": PREVIA,
        "con_textos": con_textos,
        "casilla": ACTION_CHECKBOX_NAME,
        "volver": request.get_full_path(),
        "boton": "Guardar respuesta" if cuantos == 1 else f"Guardar {cuantos} respuestas",
    }
    return render(request, "admin/atencion/responder.html", contexto)
