"""Páginas de una lista sin contar la tabla entera."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

# Hasta aquí se cuenta de verdad; más allá se dice «más de 1.000» y se sigue con anterior y siguiente.
LIMITE_DE_CUENTA = 1_000


class PaginadorAcotado(Paginator):
    """Cuenta como mucho `LIMITE_DE_CUENTA` filas: un millón de clientes no se cuenta para mostrar veinticinco.

    `desborda` dice si hay más filas que las contadas; entonces `num_pages` crece mientras haya página siguiente.
    """

    template_name = "admin/paginacion_acotada.html"

    @cached_property
    def _contadas(self) -> int:
        consulta: Any = self.object_list
        if not hasattr(consulta, "query"):
            return len(consulta)
        # Se quitan el orden y las columnas: solo importa cuántas claves hay, y se para en el límite.
        return int(consulta.order_by().values("pk")[: LIMITE_DE_CUENTA + 1].count())

    @cached_property
    def desborda(self) -> bool:
        """Verdadero si hay más filas que `LIMITE_DE_CUENTA`."""
        return self._contadas > LIMITE_DE_CUENTA

    @cached_property
    def count(self) -> int:
        # Si desborda, un número que ninguna página alcanza: la lista sigue mientras haya filas.
        return 9_999_999 if self.desborda else self._contadas
