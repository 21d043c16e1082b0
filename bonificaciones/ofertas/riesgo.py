"""Qué tan probable parece que un cliente se vaya: una tabla de señales con su peso, y nada más. Puro.

Las señales salen del dominio, sección 8: reclamaciones recientes (cuatro o más en un año multiplican por 4,5 la
deserción), poco tiempo con la empresa y bajar de plan. No tener permanencia solo dice algo de un servicio fijo: en la
móvil está prohibida (CRC, Resolución 4444 de 2014) y su falta no es señal. `test_riesgo` comprueba la tabla contra la
de deserción de IBM, con las columnas que este modelo tiene; docs/decisiones/0033 dice cuáles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..models import NivelRiesgo
from .perfil import Perfil

MAXIMO = 100
NIVELES = ((50, NivelRiesgo.ALTO), (25, NivelRiesgo.MEDIO), (0, NivelRiesgo.BAJO))
"""Desde qué puntaje es cada nivel."""
TRAMOS_DE_PERMANENCIA = (
    (6, 30, "lleva menos de seis meses"),
    (12, 24, "lleva menos de un año"),
    (24, 16, "lleva menos de dos años"),
    (48, 8, "lleva menos de cuatro años"),
)
"""Quien lleva menos de esos meses suma esos puntos: los primeros años son en los que más clientes se van."""
MESES_DE_ARRAIGO, PUNTOS_DE_ARRAIGO = 72, -5
RECLAMOS_BAJO_EL_UMBRAL = 3
GASTO_NOTABLE = 50


class Razon(NamedTuple):
    """Una señal presente: lo que se dice de ella y lo que aporta al puntaje (negativo, si retiene)."""

    texto: str
    puntos: int


@dataclass(frozen=True, slots=True)
class Riesgo:
    """El puntaje de 0 a 100, su nivel y de dónde sale, de lo que más pesa a lo que menos."""

    puntaje: int
    nivel: str
    razones: tuple[Razon, ...]

    @property
    def por_que(self) -> list[str]:
        """Las razones como se leen."""
        return [razon.texto for razon in self.razones]


Senal = Callable[[Perfil, Mapping[str, Any]], Razon | None]


def _permanencia(perfil: Perfil, _normas: Mapping[str, Any]) -> Razon | None:
    if perfil.meses >= MESES_DE_ARRAIGO:
        return Razon("lleva más de seis años", PUNTOS_DE_ARRAIGO)
    for meses, puntos, texto in TRAMOS_DE_PERMANENCIA:
        if perfil.meses < meses:
            return Razon(texto, puntos)
    return None


def _reclamaciones(perfil: Perfil, normas: Mapping[str, Any]) -> Razon | None:
    cuantas = perfil.atencion.reclamaciones
    if not cuantas:
        return None
    puntos = 45 if cuantas >= normas["reclamos_de_riesgo"] else 8 * min(cuantas, RECLAMOS_BAJO_EL_UMBRAL)
    return Razon(
        "1 reclamación en el último año" if cuantas == 1 else f"{cuantas} reclamaciones en el último año", puntos
    )


def _cuenta(leer: Callable[[Perfil], int], puntos: int, una: str, varias: str) -> Senal:
    """Una señal que está o no, y dice cuántas veces."""

    def senal(perfil: Perfil, _normas: Mapping[str, Any]) -> Razon | None:
        cuantas = leer(perfil)
        return Razon(una if cuantas == 1 else varias.format(cuantas), puntos) if cuantas else None

    return senal


def _si(cumple: Callable[[Perfil], bool], puntos: int, texto: str) -> Senal:
    """Una señal que está o no está."""

    def senal(perfil: Perfil, _normas: Mapping[str, Any]) -> Razon | None:
        return Razon(texto, puntos) if cumple(perfil) else None

    return senal


SENALES: tuple[Senal, ...] = (
    _permanencia,
    _reclamaciones,
    _cuenta(lambda p: p.atencion.salidas, 40, "pidió irse en el último año", "pidió irse {} veces en el último año"),
    _cuenta(lambda p: p.trato.bajadas, 15, "bajó de plan en el último año", "bajó de plan {} veces en el último año"),
    _si(lambda p: bool(p.consumo.fijas) and p.consumo.permanencia_hasta is None, 14,
              "tiene servicios fijos sin permanencia"),
    _si(lambda p: p.trato.mora_desde is not None, 12, "está suspendido por falta de pago"),
    _cuenta(
        lambda p: p.atencion.silencios, 10, "le quedamos debiendo una respuesta a tiempo",
        "le quedamos debiendo {} respuestas a tiempo",
    ),
    _cuenta(
        lambda p: p.consumo.terminados, 10, "terminó un contrato en el último año",
        "terminó {} contratos en el último año",
    ),
    _si(lambda p: p.consumo.percentil >= GASTO_NOTABLE, 8, "paga más que la mitad de los planes"),
    _cuenta(
        lambda p: p.atencion.en_contra, 6, "una respuesta le fue adversa", "{} respuestas le fueron adversas",
    ),
    _si(lambda p: p.consumo.moviles + p.consumo.fijas == 1, 6, "tiene un solo servicio"),
    _cuenta(lambda p: p.trato.subidas, -6, "subió de plan en el último año", "subió de plan {} veces en el último año"),
    _cuenta(lambda p: p.trato.aceptadas, -5, "aceptó una oferta en el último año",
              "aceptó {} ofertas en el último año"),
)  # fmt: skip
"""Todas las señales, con sus puntos. Es lo único que hay que tocar para pesarlas distinto."""


def riesgo(perfil: Perfil, reglas: Mapping[str, Any]) -> Riesgo:
    """El riesgo de que ese cliente se vaya. `reglas`: los parámetros que rigen (`parametros(hoy)`)."""
    razones = [razon for senal in SENALES if (razon := senal(perfil, reglas)) is not None]
    puntaje = min(max(sum(razon.puntos for razon in razones), 0), MAXIMO)
    razones.sort(key=_peso)
    return Riesgo(puntaje, nivel_de(puntaje), tuple(razones))


def _peso(razon: Razon) -> int:
    return -razon.puntos


def nivel_de(puntaje: int) -> str:
    """Alto, medio o bajo."""
    return next(nivel.value for desde, nivel in NIVELES if puntaje >= desde)
