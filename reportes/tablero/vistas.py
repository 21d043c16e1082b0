"""La página en que cada quien elige qué ve en su tablero y en qué orden."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from . import eleccion
from .mirada import con
from .tarjeta import BLOQUES, CIFRAS, TARJETAS, Tarjeta, permitidas

ZONAS = ((CIFRAS, "Cifras"), (BLOQUES, "Gráficos y listas"))
"""Las zonas del tablero, como se llaman en la página."""


@require_http_methods(["GET", "HEAD", "POST"])
def personalizar_tablero(request: HttpRequest) -> HttpResponse:
    """Las tarjetas puestas, en su orden, y las que se pueden poner. Cada botón se guarda al oprimirlo."""
    if request.method == "POST":
        return HttpResponseRedirect(con(reverse("personalizar_tablero"), **_hacer(request)))
    puestas = eleccion.elegidas(request.user)
    claves = {una.clave for una in puestas}
    todas = permitidas(request.user)
    contexto = {
        **admin.site.each_context(request),
        "title": "Personalizar el tablero",
        "zonas": [
            {
                "clave": zona,
                "titulo": titulo,
                "puestas": [una for una in puestas if una.zona == zona],
                "por_poner": [una for una in todas if una.zona == zona and una.clave not in claves],
            }
            for zona, titulo in ZONAS
        ],
        "hay": bool(todas),
        "propio": eleccion.eligio(request.user),
        "hecho": _en_palabras(request.GET.get("hecho", ""), request.GET.get("tarjeta", ""), puestas),
    }
    return render(request, "admin/tablero/personalizar.html", contexto)


def _hacer(request: HttpRequest) -> dict[str, str]:
    """Hace lo que se pidió y devuelve lo que la dirección debe decir de ello."""
    usuario: Any = request.user
    if "restablecer" in request.POST:
        eleccion.restablecer(usuario)
        return {"hecho": "restablecido"}
    puestas = eleccion.elegidas(usuario)
    claves = [una.clave for una in puestas]
    for accion, paso in (("subir", eleccion.ARRIBA), ("bajar", eleccion.ABAJO)):
        if clave := request.POST.get(accion, ""):
            eleccion.elegir(usuario, eleccion.mover(puestas, clave, paso))
            return {"hecho": "movida", "tarjeta": clave}
    if clave := request.POST.get("poner", ""):
        eleccion.elegir(usuario, [*claves, clave])
        return {"hecho": "puesta", "tarjeta": clave}
    if clave := request.POST.get("quitar", ""):
        eleccion.elegir(usuario, [una for una in claves if una != clave])
        return {"hecho": "quitada", "tarjeta": clave}
    # Se arrastraron: llegan las de una zona en su orden nuevo, y las demás se quedan como estaban.
    arrastradas = [clave for clave in request.POST.getlist("tarjeta") if clave in claves]
    if arrastradas:
        eleccion.elegir(usuario, _reordenadas(claves, arrastradas))
        return {"hecho": "ordenadas"}
    return {}


def _reordenadas(claves: list[str], arrastradas: list[str]) -> list[str]:
    """Las claves con las arrastradas, en su orden nuevo, en los lugares que ocupaban."""
    nuevas = iter(dict.fromkeys(arrastradas))
    movidas = set(arrastradas)
    return [next(nuevas) if clave in movidas else clave for clave in claves]


def _en_palabras(hecho: str, clave: str, puestas: list[Tarjeta]) -> str:
    """Qué quedó, para quien no ve que la tarjeta se movió; vacío si no se hizo nada."""
    if hecho == "restablecido":
        return "El tablero quedó como el de su papel."
    if hecho == "ordenadas":
        return "Quedó guardado el nuevo orden."
    una = TARJETAS.get(clave)
    if una is None:
        return ""
    if hecho == "quitada":
        return f"«{una.titulo}» ya no está en su tablero."
    suyas = [puesta.clave for puesta in puestas if puesta.zona == una.zona]
    if una.clave not in suyas or hecho not in ("movida", "puesta"):
        return ""
    return f"«{una.titulo}» quedó en el lugar {suyas.index(una.clave) + 1} de {len(suyas)}."
