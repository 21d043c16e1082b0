"""Lo que la fidelización añade a los filtros de la lista de clientes, y cómo esa lista se vuelve un segmento."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from clientes.filtros_admin import TRAMOS
from movistar_site.comun.valores import a_fecha
from servicios.models import Promocion

from ..models import Segmento
from ..promociones import clientes_que_pueden
from ..segmentos import leer


class FiltroDeSegmento(DropdownFilter):
    """Los clientes de un segmento: exactamente los que su cuenta dice."""

    title = "segmento"
    parameter_name = "segmento"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        ofrecidos = [uno for uno in Segmento.objects.all() if uno.activo or str(uno.pk) == self.value()]
        opciones = [(str(uno.pk), uno.nombre) for uno in ofrecidos]
        return _con_el_elegido(opciones, self.value(), "Un segmento que ya no existe")

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        segmento = _registro(Segmento, self.value())
        if segmento is None:
            return queryset.none() if self.value() else queryset
        # Lo muestra la cabeza de la lista.
        lectura = leer(segmento.filtros, hoy=timezone.localdate())
        self.cabeza = {"segmento": segmento, "avisos": lectura.avisos}
        return queryset.filter(pk__in=lectura.clientes.values("pk"))


class FiltroPuedeTener(DropdownFilter):
    """Los clientes que hoy pueden tener una promoción."""

    title = "promoción que puede tener hoy"
    parameter_name = "puede_tener"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        vigentes = Promocion.objects.vigentes(timezone.localdate()).order_by("codigo")
        return _con_el_elegido([(str(una.pk), str(una)) for una in vigentes], self.value(), "Una que hoy no rige")

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        promocion = _registro(Promocion, self.value())
        if promocion is None:
            return queryset.none() if self.value() else queryset
        self.cabeza = {"promocion": promocion}
        return queryset.filter(pk__in=clientes_que_pueden(promocion, hoy=timezone.localdate()).values("pk"))


CIFRAS_DE_UNA_CLAVE = 18


def _con_el_elegido(opciones: list[tuple[str, str]], elegido: str | None, nombre: str) -> list[tuple[str, str]]:
    """Las opciones y, si no está, la elegida: un filtro sin su opción no se aplicaría, y la lista sería la de todos."""
    if elegido and elegido not in dict(opciones):
        opciones.append((elegido, nombre))
    return opciones


def _registro(modelo: Any, texto: str | None) -> Any:
    """El de esa clave; None si no la hay o no lo es."""
    if not texto or not (texto.isascii() and texto.isdigit() and len(texto) <= CIFRAS_DE_UNA_CLAVE):
        return None
    return modelo.objects.filter(pk=int(texto)).first()


# --- De la lista a un segmento ---------------------------------------------------------------------------------------
_IGUALES = {
    "q": "busqueda",
    "categoria": "categoria",
    "departamento": "departamento",
    "estrato": "estrato",
    "municipio__codigo__exact": "municipio",
    "estado__exact": "estado",
    "tipo_persona__exact": "tipo_persona",
}
_SI_O_NO = {
    "abiertas": "con_interaccion_abierta",
    "a_mano": "categoria_asignada",
    "por_completar": "pendientes",
}
_FECHAS = {"fecha_vinculacion_from": "fecha_vinculacion_after", "fecha_vinculacion_to": "fecha_vinculacion_before"}
_DE_LA_LISTA = {"p", "o", "all", "_changelist_filters", "e"}
_NOMBRES = {"segmento": "segmento", "puede_tener": "promoción que puede tener hoy"}


def de_la_lista(parametros: QueryDict) -> tuple[str, list[str]]:
    """Los filtros de un segmento que dicen lo mismo que los de la lista de clientes, y los que no se pueden llevar.

    El de otro segmento trae los filtros de ese segmento.
    """
    puestos, sobran = QueryDict(mutable=True), []
    for nombre in parametros:
        valores = [parte for valor in parametros.getlist(nombre) for parte in _partes(nombre, valor) if parte.strip()]
        if not valores or nombre in _DE_LA_LISTA:
            continue
        if not _llevar(puestos, nombre, valores):
            sobran.append(_NOMBRES.get(nombre, nombre))
    return puestos.urlencode(), sobran


def _partes(nombre: str, valor: str) -> list[str]:
    return valor.split(",") if nombre.endswith("__in") else [valor]


def _llevar(puestos: QueryDict, nombre: str, valores: list[str]) -> bool:
    """Pone en `puestos` lo que dice un filtro de la lista; falso si no hay cómo."""
    nombre = nombre.removesuffix("__in") + "__exact" if nombre.endswith("__in") else nombre
    if nombre in _IGUALES:
        puestos.setlist(_IGUALES[nombre], valores)
    elif nombre in _SI_O_NO and valores[0] in ("si", "no"):
        puestos[_SI_O_NO[nombre]] = "true" if valores[0] == "si" else "false"
    elif nombre in _FECHAS:
        return _llevar_fecha(puestos, _FECHAS[nombre], valores[0])
    elif nombre == "permanencia" and valores[0] in TRAMOS:
        _, desde, hasta = TRAMOS[valores[0]]
        for extremo, anios in (("permanencia_desde", desde), ("permanencia_hasta", hasta)):
            if anios is not None:
                puestos[extremo] = str(anios)
    elif nombre == "segmento" and (segmento := _registro(Segmento, valores[0])) is not None:
        for otro, suyos in QueryDict(segmento.filtros).lists():
            puestos.setlist(otro, suyos)
    else:
        return False
    return True


def _llevar_fecha(puestos: QueryDict, nombre: str, texto: str) -> bool:
    try:
        puestos[nombre] = a_fecha(texto).isoformat()
    except ValueError:
        return False
    return True
