"""Lo que les pasa a los contratos inventados: suspensiones, cambios de plan y cesiones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .ofertas import SEGMENTOS, Oferta
from .poblacion import Contrato

CAMPOS_SUSPENSION = ("contrato_id", "clase", "desde", "hasta_prevista", "hasta", "motivo", "registrada_por_nombre")
CAMPOS_CAMBIO = (
    "contrato_id", "estado", "efectivo_el", "servicio_anterior_id", "precio_anterior", "periodicidad_anterior",
    "condiciones_anteriores", "servicio_nuevo_id", "precio_nuevo", "periodicidad_nueva", "condiciones_nuevas",
    "motivo", "pedido_por_nombre",
)  # fmt: skip
# De cada 64 contratos activos: cuántos estuvieron suspendidos y cuántos cambiaron de plan.
SE_SUSPENDIO, CAMBIO_DE_PLAN = 1, 2
CON_MOVIMIENTO = (SE_SUSPENDIO, CAMBIO_DE_PLAN)
SE_CEDE = 127
"""De los bits de un contrato, los que en uno cedido son cero."""
DIAS_DE_UNA_SUSPENSION = 60
"""Lo más que dura la que pide el cliente (dos meses al año)."""
EDAD_CON_HISTORIA = 200
MOTIVOS_DE_SUSPENSION = {
    "peticion": ("Sale de viaje", "Se está mudando", "La casa está en obra"),
    "mora": ("Debe dos facturas",),
}
MOTIVOS_DE_CAMBIO = ("Quiere más velocidad", "Quiere pagar menos", "Se le quedó corto el plan")


class Suspension(NamedTuple):
    """Un tiempo sin servicio; `hasta` vacío, sigue."""

    clase: str
    desde: str
    hasta_prevista: str | None
    hasta: str | None
    motivo: str


class Cambio(NamedTuple):
    """De qué oferta a cuál, y desde cuándo."""

    estado: str
    efectivo_el: str
    anterior: Oferta
    precio_anterior: str
    nueva: Oferta
    precio_nuevo: str
    motivo: str


def suspension_de(contrato: Contrato, iso: Sequence[str], hoy: int, bits: int) -> Suspension | None:
    """La que está en curso en un contrato suspendido, o una que ya terminó en unos pocos activos."""
    if contrato.estado == "suspendido":
        desde = hoy - 1 - (bits >> 8) % 50
        clase = "mora" if bits >> 7 & 1 else "peticion"
        prevista = iso[desde + DIAS_DE_UNA_SUSPENSION] if clase == "peticion" else None
        return Suspension(clase, iso[desde], prevista, None, _de(MOTIVOS_DE_SUSPENSION[clase], bits >> 14))
    if contrato.estado != "activo" or bits & 63 != SE_SUSPENDIO:
        return None
    desde = hoy - 90 - (bits >> 8) % 100
    if contrato.fecha_inicio > iso[desde]:
        return None
    hasta = desde + 15 + (bits >> 15) % 40
    prevista = iso[desde + DIAS_DE_UNA_SUSPENSION]
    return Suspension("peticion", iso[desde], prevista, iso[hasta], _de(MOTIVOS_DE_SUSPENSION["peticion"], bits >> 20))


def cambio_de(contrato: Contrato, lista: Sequence[Oferta], iso: Sequence[str], hoy: int, bits: int) -> Cambio | None:
    """El cambio de plan de unos pocos contratos activos: casi todos ya hechos, y uno que otro programado.

    `lista`: las ofertas de hoy."""
    if contrato.estado != "activo" or bits & 63 != CAMBIO_DE_PLAN:
        return None
    otra = _otra(contrato.oferta, lista, bits >> 6)
    if otra is None:
        return None
    motivo = _de(MOTIVOS_DE_CAMBIO, bits >> 20)
    if bits >> 24 & 7 == 0:
        dia = hoy + 1 + (bits >> 6) % 28
        return Cambio("programado", iso[dia], contrato.oferta, contrato.precio, otra, otra.precio(iso[hoy]), motivo)
    dia = hoy - 20 - (bits >> 6) % EDAD_CON_HISTORIA
    if contrato.fecha_inicio >= iso[dia]:
        return None
    antes = otra.precio(contrato.fecha_inicio)
    return Cambio("aplicado", iso[dia], otra, antes, contrato.oferta, contrato.precio, motivo)


def _otra(oferta: Oferta, lista: Sequence[Oferta], bits: int) -> Oferta | None:
    """Otra de la misma clase, si se halla pronto."""
    for intento in range(4):
        otra = lista[(bits + intento * 397) % SEGMENTOS]
        if otra is not oferta and otra.ambito == oferta.ambito and otra.es_movil == oferta.es_movil:
            return otra
    return None


@dataclass
class Cesiones:
    """De vez en cuando, un contrato que terminó sigue a nombre de otro cliente, con lo que se había firmado."""

    _previo: tuple[object, Contrato] | None = None

    def ofrecer(self, clave: object, contrato: Contrato) -> None:
        """Un contrato terminado que alguien puede recibir. `clave`: con qué se nombra al enlazarlo."""
        self._previo = (clave, contrato)

    def tomar(self, contrato: Contrato, vinculacion: str) -> tuple[Contrato, object | None]:
        """El contrato como queda y, si es cedido, de cuál."""
        if contrato.estado != "activo" or self._previo is None:
            return contrato, None
        clave, previo = self._previo
        fin = previo.fecha_fin
        # Desde antes de lo que iba a ser el suyo: lo que el cliente ya dijo de él sigue teniendo sentido.
        if (
            fin is None
            or not vinculacion <= fin <= contrato.fecha_inicio
            or previo.oferta.ambito != contrato.oferta.ambito
        ):
            return contrato, None
        self._previo = None
        return previo._replace(estado="activo", fecha_inicio=fin, fecha_fin=None, promocion=None,
                               permanencia_meses=0, anexo_permanencia=""), clave  # fmt: skip


def _de(frases: Sequence[str], bits: int) -> str:
    return frases[bits % len(frases)]
