"""Lo que se lee de las ofertas hechas y de las sugerencias. Cada función es un número fijo de consultas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from clientes.models import Cliente
from movistar_site.comun.tramos import Orden, Posicion, Tramo, contar, tramo
from servicios.models import TipoServicio

from ..models import EstadoOferta, NivelRiesgo, Oferta, ReglaOferta, Sugerencia

POR_CLIENTE = Orden(("pk",), descendente=True)
POR_RIESGO = Orden(("riesgo", "pk"), descendente=True)
SIN_OFERTA = "ninguna"
"""En el filtro por regla: a quienes no se les sugiere nada."""


@dataclass(frozen=True)
class DeTipos:
    """Cómo se llaman los tipos de servicio (véase `hechos.Nombres`)."""

    nombres: Mapping[str, str]

    def nombre_de_tipo(self, codigo: str) -> str:
        """Su nombre, o su código si ya no está."""
        return self.nombres.get(codigo, codigo)


def nombres_de_tipos() -> DeTipos:
    """Los de todos los tipos. Una consulta."""
    return DeTipos(dict(TipoServicio.objects.order_by().values_list("codigo", "nombre")))


def por_responder(cliente: Cliente) -> list[Oferta]:
    """Las ofertas que se le presentaron y aún no contesta, la última primero. Una consulta."""
    return list(
        Oferta.objects.filter(cliente=cliente, estado=EstadoOferta.PRESENTADA).order_by("-presentada_el", "-id")[:10]
    )


def sugerencias(*, regla: int | None = None, sin_oferta: bool = False, nivel: str = "") -> tuple[Any, Orden]:
    """Las sugerencias de una regla y un nivel de riesgo, con el orden que su índice da."""
    consulta = Sugerencia.objects.all()
    if nivel in NivelRiesgo.values:
        consulta = consulta.filter(nivel=nivel)
    if regla is not None or sin_oferta:
        return consulta.filter(Q(regla__isnull=True) if sin_oferta else Q(regla=regla)), POR_CLIENTE
    return consulta, POR_RIESGO if nivel in NivelRiesgo.values else POR_CLIENTE


def pagina_de_sugerencias(consulta: Any, orden: Orden, parametros: Any) -> tuple[list[Sugerencia], Tramo]:
    """Una página de sugerencias con su cliente y lo que se le sugiere. Dos consultas."""
    pagina = tramo([consulta], orden, Posicion.de(parametros, orden, Sugerencia))
    filas = Sugerencia.objects.select_related("cliente", "regla", "servicio", "promocion").in_bulk(pagina.filas)
    return [filas[clave] for clave in pagina.filas if clave in filas], pagina


def cuantas_sugerencias(consulta: Any, orden: Orden) -> int:
    """Cuántas son, hasta una más de las que se cuentan."""
    return contar(consulta, por=orden)


def cubre(regla: ReglaOferta) -> int:
    """A cuántos clientes ofrece algo de primera, según la última pasada: exacto, por su índice."""
    return Sugerencia.objects.filter(regla=regla).order_by().count()
