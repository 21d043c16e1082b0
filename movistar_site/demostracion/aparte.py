"""Lo que acompaña a contratos e interacciones en una carga: CUN, silencios, suspensiones y cambios de plan."""

from __future__ import annotations

import json
from datetime import UTC, date
from typing import Any

from django.db import connection

from clientes import cun
from clientes.models import CambioPlan, SilencioPositivo, Suspension
from clientes.relojes import Relojes
from movistar_site.comun import consecutivos

from .atencion import AGENTES, SIN_CUN, Interaccion
from .carga import Tabla, insertar
from .movimientos import CAMPOS_CAMBIO, CAMPOS_SUSPENSION, Cambio
from .movimientos import Suspension as SuspensionInventada

CAMPOS_SILENCIO = (
    "interaccion_id", "ocurrio_el", "cumplir_antes_de", "cumplido_el", "cumplimiento", "cumplido_por_nombre",
)  # fmt: skip
SE_CUMPLIO = "Se aplicó lo que el cliente pidió y se le avisó por el canal que eligió."


class Constancias:
    """El siguiente CUN de cada año. Al terminar deja los consecutivos donde quedaron."""

    def __init__(self, proveedor: str) -> None:
        self.proveedor = proveedor
        self._ultimos: dict[str, int] = {}

    def de(self, dichas: list[Interaccion]) -> list[str]:
        """El de cada interacción de un cliente; un recurso lleva el de su PQR."""
        suyos = ["" if una.tipo in SIN_CUN else self._siguiente(una.fecha[2:4]) for una in dichas]
        for posicion, una in enumerate(dichas):
            if una.recurso_de >= 0:
                suyos[posicion] = suyos[una.recurso_de]
        return suyos

    def _siguiente(self, anio: str) -> str:
        ultimo = self._ultimos.get(anio)
        if ultimo is None:
            ultimo = consecutivos.reservar(cun.serie(self.proveedor, int(anio)), 0) - 1
        self._ultimos[anio] = ultimo + 1
        return f"{self.proveedor}{anio}{ultimo + 1:010d}"

    def guardar(self) -> None:
        """Ninguno de los entregados se vuelve a entregar."""
        for anio, ultimo in sorted(self._ultimos.items()):
            consecutivos.adelantar(cun.serie(self.proveedor, int(anio)), ultimo)


class Aparte:
    """Las filas de las tablas pequeñas, que se juntan y entran con cada tanda."""

    def __init__(self, momento: str, relojes: Relojes) -> None:
        self.relojes = relojes
        self.silencios = Tabla(SilencioPositivo, CAMPOS_SILENCIO, momento)
        self.suspensiones = Tabla(Suspension, CAMPOS_SUSPENSION, momento)
        self.cambios = Tabla(CambioPlan, CAMPOS_CAMBIO, momento)
        self.tablas = (self.silencios, self.suspensiones, self.cambios)
        self._claves = [tabla.siguiente_clave() for tabla in self.tablas]
        self._filas: list[list[tuple[Any, ...]]] = [[] for _ in self.tablas]

    def silencio(self, clave: int, una: Interaccion) -> None:
        """El silencio positivo de una interacción."""
        dia = date.fromisoformat(una.silencio)
        limite = self.relojes.del_dia(dia).silencio_hasta(dia).astimezone(UTC)
        quien = AGENTES[max(una.agente, 0)] if una.cumplido_el else ""
        self._filas[0].append(
            (clave, una.silencio, f"{limite:%Y-%m-%d %H:%M:%S}", una.cumplido_el, SE_CUMPLIO if quien else "", quien)
        )

    def suspension(self, clave: int, una: SuspensionInventada, bits: int) -> None:
        """Una suspensión de un contrato."""
        self._filas[1].append(
            (clave, una.clase, una.desde, una.hasta_prevista, una.hasta, una.motivo, AGENTES[bits & 7])
        )

    def cambio(self, clave: int, uno: Cambio, bits: int) -> None:
        """Un cambio de plan de un contrato."""
        antes, nueva = uno.anterior, uno.nueva
        self._filas[2].append(
            (clave, uno.estado, uno.efectivo_el, antes.referencia, uno.precio_anterior, antes.periodicidad,
             _json(antes.condiciones), nueva.referencia, uno.precio_nuevo, nueva.periodicidad, _json(nueva.condiciones),
             uno.motivo, AGENTES[bits & 7])
        )  # fmt: skip

    def volcar(self) -> None:
        """Escribe lo juntado."""
        for posicion, tabla in enumerate(self.tablas):
            filas = self._filas[posicion]
            primera = self._claves[posicion]
            insertar(connection, tabla, [tabla.fila(clave, fila) for clave, fila in enumerate(filas, primera)])
            self._claves[posicion] = primera + len(filas)
            self._filas[posicion] = []


def _json(condiciones: Any) -> Any:
    return condiciones if isinstance(condiciones, str) else json.dumps(condiciones)
