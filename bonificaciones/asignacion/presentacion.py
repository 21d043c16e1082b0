"""Una corrida de fidelización, dicha en palabras: para la consola, el trabajo de fondo y su página."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import formatear_fecha, formatear_pesos

from ..models import Corrida
from ..operaciones.otorgar import INTERRUMPIDA
from .elegibles import EN_PALABRAS


class Cuenta(NamedTuple):
    """Una línea de una corrida: qué se cuenta, cuánto, y si es parte de la anterior."""

    clave: str
    titulo: str
    valor: int
    parte: bool = False


def cuentas(corrida: Corrida) -> Iterator[Cuenta]:
    """Sus cuentas, en el orden en que se restan: lo que cumple la permanencia menos lo demás es lo asignado."""
    yield Cuenta("por_permanencia", "Cumplen la permanencia", corrida.por_permanencia)
    yield Cuenta("ya_la_tenian", "Ya la tenían", corrida.ya_la_tenian)
    excluidos = {clave: corrida.excluidos.get(clave, 0) for clave in EN_PALABRAS}
    yield Cuenta("excluidos", "No cumplen alguna condición", sum(excluidos.values()))
    for clave, cuantos in excluidos.items():
        if cuantos:
            yield Cuenta(clave, EN_PALABRAS[clave], cuantos, parte=True)
    if corrida.fuera_del_tope or corrida.programa.tope_mensual is not None:
        yield Cuenta("fuera_del_tope", "No alcanzó el tope de costo", corrida.fuera_del_tope)
    yield Cuenta("otorgadas", "Se asignarían" if corrida.simulada else "Asignadas", corrida.otorgadas)
    yield Cuenta("derivadas", "Derivadas a un asesor", corrida.derivadas, parte=True)
    yield Cuenta("sin_asesor", "En espera de un asesor", corrida.otorgadas - corrida.derivadas, parte=True)


def costo(corrida: Corrida) -> str:
    """Lo que cuesta al mes lo que asignó, al peso: «$ 1.234.567»."""
    return formatear_pesos(Decimal(corrida.costo_mensual).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def situacion(corrida: Corrida, ahora: datetime) -> tuple[str, str]:
    """En qué va, y el tono con que se muestra."""
    if corrida.terminada_el is not None:
        return ("Simulada", "info") if corrida.simulada else ("Terminada", "success")
    return ("Interrumpida", "danger") if ahora - corrida.actualizado_en > INTERRUMPIDA else ("En curso", "warning")


def resumen(corrida: Corrida) -> str:
    """La corrida en renglones alineados, para una consola."""
    simulada = " (simulación: no se asignó nada)" if corrida.simulada else ""
    titulo = f"{corrida.programa.nombre} ({corrida.programa.codigo}), {formatear_fecha(corrida.dia)}{simulada}"
    filas = [(f"{'    ' if una.parte else '  '}{una.titulo}", decimal(Decimal(una.valor))) for una in cuentas(corrida)]
    filas.append(("  Costo mensual", costo(corrida)))
    ancho = max(len(nombre) for nombre, _ in filas) + 2
    cifras = max(len(valor) for _, valor in filas)
    return "\n".join([titulo, *(f"{nombre:<{ancho}}{valor:>{cifras}}" for nombre, valor in filas)])
