"""Lo que necesitan las plantillas de la ficha de un cliente."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from movistar_site.comun import models as comun
from movistar_site.comun import valores
from movistar_site.comun.paginas import pagina_de

register = template.Library()


@register.filter
def pagina(registro: Any) -> str:
    """La página donde se lee un registro."""
    return pagina_de(registro)


@register.filter
def pesos(importe: Decimal) -> str:
    """«$ 74.900»."""
    return valores.formatear_pesos(importe)


@register.filter
def telefonos(cliente: Any) -> list[str]:
    """Los teléfonos que tiene, como se guardan."""
    return [numero for numero in (cliente.telefono, cliente.telefono_alterno) if numero]


@register.filter
def telefono(numero: str) -> str:
    """«300 123 4567»."""
    return valores.formatear_telefono(str(numero))


@register.filter
def nombre_de(usuario: Any) -> str:
    """El nombre de quien usa el panel."""
    return comun.nombre_de(usuario)
