"""Qué es cada clave de un registro, decidido una vez por cada juego de claves y no una por registro.

Los registros de un archivo se parecen: casi todos traen las mismas claves. El plan de ese juego se guarda y se usa con
todos los que lo traen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..piezas import MOTIVO_DE_RECHAZO
from . import tablas
from .claves import es_secreta, normal, sin_numero
from .observado import Observado
from .piezas import a_columna
from .vocabulario_valores import VOCABULARIOS

SECRETA = "(secreta)"
DESCONOCIDA = ""
IGNORADA = "(ignorada)"
PLANES_MAXIMOS = 2_000
MUESTRAS = 25
_MOTIVO = normal(MOTIVO_DE_RECHAZO)
_FECHA_CLARA = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")
# Lo que cuelga de cada clase de registro en el par canónico.
HIJAS = {
    "clientes": {"servicios": "contratos", "interacciones": "interacciones", "consentimientos": "consentimientos"},
    "servicios": {"precios": "precios"},
}
# Las claves exactas que solo pone el panel, o quien llena su plantilla: con ellas no se deduce nada de más.
SENALES = {
    "clientes": frozenset({"fecha_vinculacion"}),
    "servicios": frozenset({"tipo", "nombre"}),
    "contratos": frozenset({"servicio", "fecha_inicio"}),
    "interacciones": frozenset({"tipo", "fecha", "asunto"}),
}
Comprobar = Callable[[Any], bool]


def _vacio_o(patron: re.Pattern[str]) -> Comprobar:
    def vale(valor: Any) -> bool:
        return valor == "" or valor is None or (type(valor) is str and patron.fullmatch(valor) is not None)

    return vale


def _uno_de(opciones: Iterable[str]) -> Comprobar:
    conocidas = frozenset(opciones) | {""}

    def vale(valor: Any) -> bool:
        return valor is None or (type(valor) is str and valor in conocidas)

    return vale


_TELEFONO_ESCRITO = _vacio_o(re.compile(r"\+?[0-9][0-9() .\-]{8,24}|\([0-9][0-9() .\-]{8,24}"))
_MUNICIPIO_ESCRITO = _vacio_o(re.compile(r"[0-9]{5}"))
_DIEZ_CIFRAS = 10**9


def _telefono(valor: Any) -> bool:
    # Excel guarda un teléfono como número.
    return valor >= _DIEZ_CIFRAS if type(valor) is int else _TELEFONO_ESCRITO(valor)


def _municipio(valor: Any) -> bool:
    return type(valor) is int or _MUNICIPIO_ESCRITO(valor)


# Columnas cuyo valor puede venir escrito de otra manera: si ya está como lo escribe el panel, no se mira más.
COMPROBACIONES: dict[tuple[str, str], Comprobar] = {
    ("clientes", "fecha_vinculacion"): _vacio_o(_FECHA_CLARA),
    ("clientes", "municipio"): _municipio,
    ("clientes", "telefono"): _telefono,
    ("clientes", "telefono_alterno"): _telefono,
    ("contratos", "servicio"): lambda valor: type(valor) is str and valor != "",
    ("contratos", "fecha_inicio"): _vacio_o(_FECHA_CLARA),
    ("interacciones", "cun"): _vacio_o(re.compile(r"[0-9]{16}")),
} | {llave: _uno_de(vocabulario) for llave, vocabulario in VOCABULARIOS.items() if llave != ("servicios", "tipo")}


@dataclass(slots=True)
class Plan:
    """Lo que significa un juego de claves de una entidad.

    `pasos`: (clave, columna o concepto, comprobación). `directo`: todas son columnas exactas o hijas del par canónico.
    """

    entidad: str
    pasos: list[tuple[str, str, Comprobar | None]] = field(default_factory=list)
    hijas: list[tuple[str, str]] = field(default_factory=list)
    directo: bool = True
    canonico: bool = False
    por: list[tuple[str, str, str]] = field(default_factory=list)
    veces: int = 0
    muestras: dict[str, Any] = field(default_factory=dict)

    def conceptos(self) -> dict[str, str]:
        """Clave → columna o concepto."""
        return {clave: columna for clave, columna, _ in self.pasos}


class Planes:
    """Los planes ya hechos, y las correcciones de la gente."""

    def __init__(self, claves: Mapping[str, Mapping[str, str]], observado: Observado) -> None:
        self.correcciones = {
            entidad: {normal(clave): columna for clave, columna in suyas.items()} for entidad, suyas in claves.items()
        }
        self.observado = observado
        self._planes: dict[tuple[str, tuple[str, ...]], Plan] = {}
        self.archivo = ""

    def de(self, entidad: str, registro: Mapping[str, Any]) -> Plan:
        """El plan de un registro, y su cuenta."""
        claves = tuple(registro)
        plan = self._planes.get((entidad, claves))
        if plan is None:
            plan = self.compilar(entidad, claves)
            if len(self._planes) >= PLANES_MAXIMOS:
                self.cerrar()
            self._planes[entidad, claves] = plan
        plan.veces += 1
        if plan.veces <= MUESTRAS:
            self._muestrear(plan, registro)
        return plan

    def hallado(self, entidad: str, registro: Mapping[str, Any]) -> Plan | None:
        """El plan de un registro, si ya está hecho; no lo cuenta."""
        return self._planes.get((entidad, tuple(registro)))

    @staticmethod
    def _muestrear(plan: Plan, registro: Mapping[str, Any]) -> None:
        for clave, _, _ in plan.por:
            if clave not in plan.muestras and registro[clave] not in (None, "", [], {}):
                plan.muestras[clave] = registro[clave]

    def compilar(self, entidad: str, claves: Iterable[str]) -> Plan:
        """Decide qué es cada clave de un juego."""
        plan = Plan(entidad)
        suyas = list(claves)
        exactas = tablas.columnas(entidad)
        plan.canonico = SENALES.get(entidad, frozenset()) <= set(suyas)
        for clave in suyas:
            concepto, por = self.concepto(entidad, clave)
            plan.por.append((clave, "" if concepto in (SECRETA, IGNORADA) else concepto, por))
            hija = HIJAS.get(entidad, {}).get(clave, "") if por != "mapa" else ""
            if hija:
                plan.hijas.append((clave, hija))
            else:
                plan.directo &= concepto in exactas and (clave == concepto or por == "mapa" or plan.canonico)
                plan.pasos.append((clave, concepto, COMPROBACIONES.get((entidad, concepto))))
        # Dos claves para la misma columna: hay que decidir cuál vale.
        columnas = [columna for _, columna, _ in plan.pasos]
        plan.directo &= len(set(columnas)) == len(columnas)
        return plan

    def concepto(self, entidad: str, clave: str) -> tuple[str, str]:
        """Qué es una clave para una entidad y quién lo dice: «mapa», «alias» o nadie."""
        normalizada = normal(clave)
        correcciones = self.correcciones.get(entidad, {})
        if normalizada in correcciones:
            return correcciones[normalizada] or IGNORADA, "mapa"
        if es_secreta(normalizada):
            return SECRETA, ""
        if normalizada == _MOTIVO:
            # La puso el panel en el archivo de lo rechazado.
            return IGNORADA, "alias"
        alias = tablas.alias(entidad)
        hallada = alias.get(normalizada) or alias.get(sin_numero(normalizada), "")
        return (hallada, "alias") if hallada else (DESCONOCIDA, "")

    def cerrar(self) -> None:
        """Pasa las cuentas de los planes a lo observado y los olvida."""
        for plan in self._planes.values():
            for clave, columna, por in plan.por:
                self.observado.clave(
                    (self.archivo, plan.entidad, clave), columna, por, plan.muestras.get(clave), plan.veces
                )
        self._planes.clear()


def directos(plan: Plan, registro: Mapping[str, Any]) -> dict[str, Any] | None:
    """Los valores de un registro escrito por el panel; None si alguno pide mirarlo con cuidado."""
    valores: dict[str, Any] = {}
    for clave, columna, vale in plan.pasos:
        valor = registro[clave]
        if vale is not None:
            if not vale(valor):
                return None
        elif type(valor) is not str:
            valor = a_columna(valor)
        valores[columna] = valor
    return valores
