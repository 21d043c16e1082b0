"""Páginas de una lista sin contar la tabla entera."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.views import ChangeList

from .paginas import pagina_de

# Hasta aquí se cuenta de verdad; más allá se dice «más de 1.000» y se sigue con anterior y siguiente.
LIMITE_DE_CUENTA = 1_000
_SIN_FIN = 9_999_999


class PaginadorAcotado(Paginator):
    """Cuenta como mucho `LIMITE_DE_CUENTA` filas: un millón de clientes no se cuenta para mostrar veinticinco.

    `desborda` dice si hay más filas que las contadas; entonces `num_pages` crece mientras haya página siguiente. Una
    página que no existe da la más cercana que sí, nunca un error.
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
        return _SIN_FIN if self.desborda else self._contadas

    def page(self, number: Any) -> Page[Any]:
        return super().page(self.acercar(number))

    def acercar(self, number: Any) -> int:
        """El número de página que se puede mostrar más cerca del pedido."""
        try:
            return min(max(int(number), 1), self.num_pages)
        except (TypeError, ValueError):
            return 1


class ListaAcotada(ChangeList):
    """La lista de una pantalla: sabe qué tramo muestra y si hay más, con una fila de sobra en vez de una cuenta.

    `result_count` es la cuenta exacta o, si `desborda`, `LIMITE_DE_CUENTA`.
    """

    desborda = False
    hay_siguiente = False

    def get_results(self, request: HttpRequest) -> None:
        paginador: Any = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
        self.desborda = paginador.desborda
        self.page_num = paginador.acercar(self.page_num)
        filas = self._tramo()
        if self.desborda and not filas and self.page_num > 1:
            # Más allá del final de una lista que no se cuenta: se vuelve a empezar.
            self.page_num = 1
            filas = self._tramo()
        if self.desborda:
            self.hay_siguiente = len(filas) > self.list_per_page or (self.editable and len(filas) == self.list_per_page)
        else:
            self.hay_siguiente = self.page_num < paginador.num_pages
        self.result_list = filas[: self.list_per_page]
        self.result_count = LIMITE_DE_CUENTA if self.desborda else paginador.count
        self.full_result_count = None
        self.show_admin_actions = bool(self.result_count)
        self.can_show_all = False
        self.multi_page = self.hay_siguiente or self.page_num > 1
        self.paginator = paginador

    def _tramo(self) -> Any:
        desde = (self.page_num - 1) * self.list_per_page
        if self.editable:
            # Los formularios en la lista necesitan una consulta, no filas ya leídas.
            return self.queryset[desde : desde + self.list_per_page]
        # Primero las claves y después sus filas: ordenar cien mil números es barato; cien mil filas con lo suyo, no.
        claves = list(self.queryset.values_list("pk", flat=True)[desde : desde + self.list_per_page + 1])
        if not claves:
            return []
        # Desde la consulta sin filtros: ya se aplicaron, y volver a hacerlo costaría otra vez lo mismo.
        enteras = self.root_queryset if self.root_queryset.query.select_related else self._con_relaciones()
        filas = {fila.pk: fila for fila in enteras.order_by().filter(pk__in=claves)}
        return [filas[clave] for clave in claves if clave in filas]

    def _con_relaciones(self) -> Any:
        return self.apply_select_related(self.root_queryset)

    def url_for_result(self, result: Any) -> str:
        # La lista abre la página en que el registro se lee, que puede no ser su formulario.
        return pagina_de(result)

    @property
    def editable(self) -> bool:
        """Si la lista se edita en su sitio."""
        return bool(self.list_editable)

    @property
    def primera_fila(self) -> int:
        """El número de la primera fila de la página."""
        return (self.page_num - 1) * self.list_per_page + 1 if self.result_list else 0

    @property
    def ultima_fila(self) -> int:
        """El número de la última fila de la página."""
        return self.primera_fila + len(self.result_list) - 1 if self.result_list else 0

    @property
    def filtrada(self) -> bool:
        """Si se buscó algo o hay filtros puestos: una lista vacía lo está por eso."""
        return bool(self.query or self.has_active_filters or self.get_filters_params())


__all__ = ["LIMITE_DE_CUENTA", "ListaAcotada", "PaginadorAcotado"]
