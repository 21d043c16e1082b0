"""Cómo se dicen las ofertas, las sugerencias y el perfil de un cliente."""

from __future__ import annotations

from .models import NivelRiesgo
from .operaciones.sugerir import Sugeridas

TONOS_DE_RIESGO: dict[str, str] = {
    NivelRiesgo.BAJO: "success",
    NivelRiesgo.MEDIO: "warning",
    NivelRiesgo.ALTO: "danger",
}


def resumen_de_sugeridas(hechas: Sugeridas) -> str:
    """Las cifras de una pasada, en unas líneas."""
    if not hechas.calculadas and not hechas.quitadas:
        return f"Los clientes activos ya tenían sus ofertas del {hechas.dia:%d/%m/%Y}: nada que calcular."
    niveles = ", ".join(
        f"{_miles(hechas.por_nivel[n.value])} de riesgo {n.label.lower()}" for n in reversed(NivelRiesgo)
    )
    reglas = "".join(f"\n  {_miles(cuantas):>11}  {codigo}" for codigo, cuantas in hechas.por_regla.most_common())
    return (
        f"{_miles(hechas.calculadas)} clientes al {hechas.dia:%d/%m/%Y} en {hechas.segundos:.1f} s: "
        f"{_miles(hechas.con_oferta)} con oferta, {_miles(hechas.frenadas)} a los que hoy no se les ofrece y "
        f"{_miles(hechas.sin_oferta)} sin nada que ofrecerles; {niveles}."
        f" Se quitaron {_miles(hechas.quitadas)} de quienes ya no son clientes.{reglas}"
    )


def _miles(n: int) -> str:
    return f"{n:,}".replace(",", ".")
