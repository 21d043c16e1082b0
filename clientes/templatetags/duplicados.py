"""Lo que necesitan las páginas de fichas repetidas y fusiones."""

from __future__ import annotations

from django import template
from django.urls import reverse

from ..models import Cliente

register = template.Library()


@register.filter
def pagina_del_cliente(cliente: Cliente | int) -> str:
    """La página que se abre para leer un cliente: su ficha, si la tiene, o su formulario. Admite solo la clave."""
    ficha = cliente if isinstance(cliente, Cliente) else Cliente(pk=cliente)
    if hasattr(ficha, "get_absolute_url"):
        return str(ficha.get_absolute_url())
    return reverse("admin:clientes_cliente_change", args=(ficha.pk,))
