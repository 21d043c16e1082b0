"""Lo que necesitan las páginas de fichas repetidas y fusiones."""

from __future__ import annotations

from django import template

from movistar_site.comun.paginas import pagina_de

from ..models import Cliente

register = template.Library()


@register.filter
def pagina_del_cliente(cliente: Cliente | int) -> str:
    """La página que se abre para leer un cliente: su ficha. Admite solo la clave."""
    return pagina_de(cliente if isinstance(cliente, Cliente) else Cliente(pk=cliente))
