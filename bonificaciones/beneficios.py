"""Los beneficios dichos en palabras: lo que se le cuenta al cliente y se lee en las listas."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import contar, formatear_pesos

from .models.programa import Beneficio

UN_PESO = Decimal(1)


def en_palabras(beneficio: str, cantidad: Decimal | int, meses: int, *, servicio: str = "", equipo: str = "") -> str:
    """Un beneficio en una frase: «10 % de descuento por 6 meses».

    `beneficio`: uno de `Beneficio`. `cantidad`: porcentaje, pesos, gigas o meses, según el beneficio; los pesos se
    muestran redondeados al peso, la mitad hacia arriba. `servicio` y `equipo`: el nombre de lo que se regala. Lanza
    ValueError si el beneficio no existe.
    """
    valor = Decimal(cantidad)
    plazo = f"por {contar(meses, 'mes', 'meses')}"
    match Beneficio(beneficio):
        case Beneficio.DESCUENTO_PORCENTAJE:
            return f"{decimal(valor)} % de descuento {plazo}"
        case Beneficio.DESCUENTO_VALOR:
            return f"{formatear_pesos(valor.quantize(UN_PESO, rounding=ROUND_HALF_UP))} de descuento al mes {plazo}"
        case Beneficio.SERVICIO_GRATIS:
            return f"{servicio or 'Un servicio'} gratis {plazo}"
        case Beneficio.DATOS_EXTRA:
            return f"{decimal(valor)} GB adicionales al mes {plazo}"
        case Beneficio.MESES_GRATIS:
            return f"{decimal(valor)} {'mes' if valor == 1 else 'meses'} gratis"
        case Beneficio.EQUIPO:
            return f"{equipo or 'Un equipo'} de regalo"
