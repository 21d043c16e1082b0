"""Toda cifra de todo reporte es la de las filas que abre: sin filtros, con cada filtro y en cualquier día."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
import pytest

from reportes.marco import REPORTES, TOTAL, Agrupado, Lista, Medida, Pedido, Reporte
from reportes.marco.filtros import Control
from reportes.marco.listados import listado_de

from .escena import HOY, operador

FILAS_POR_FILTRO = 4


@pytest.fixture(scope="module", autouse=True)
def _operador(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with operador(django_db_blocker):
        yield


AGRUPADOS = [uno for uno in REPORTES.values() if isinstance(uno, Agrupado)]
LISTAS = [uno for uno in REPORTES.values() if isinstance(uno, Lista)]
por_reporte = pytest.mark.parametrize("reporte", AGRUPADOS, ids=lambda uno: str(uno.clave))


def medido(reporte: Agrupado, pedido: Pedido, medida: Medida, clave: Any) -> Any:
    """La cifra, sacada de las filas que se abren."""
    filas = reporte.filas_de(pedido, medida, clave)
    if not medida.suma:
        return filas.order_by().count()
    return sum((Decimal(uno) for uno in filas.values_list(medida.suma, flat=True)), Decimal(0)) / (
        100 if medida.en_centavos else 1
    )


def comprobar(reporte: Agrupado, parametros: dict[str, Any], *, cuantas: int | None = None) -> int:
    """Cada cifra contra sus filas; con `cuantas`, solo de algunas filas. Devuelve la suma de las cifras del total."""
    pedido = reporte.pedir(parametros, hoy=HOY)
    assert not pedido.conjunto.form.errors, parametros
    tabla = reporte.tabla(pedido)
    medidas = [cifra for cifra in reporte.cifras if isinstance(cifra, Medida)]
    filas = tabla.filas
    if cuantas is not None and len(filas) > cuantas:
        filas = random.Random(7).sample(filas, cuantas)
    dimension = reporte.dimension(pedido)
    for medida in medidas:
        for fila in (*filas, tabla.total):
            clave = fila.clave if fila.clave is TOTAL else dimension.de_texto(dimension.a_texto(fila.clave))
            assert medido(reporte, pedido, medida, clave) == fila.valores[medida.nombre], (
                reporte.clave, parametros, medida.nombre, fila.clave,
            )  # fmt: skip
        if not medida.distintos and medida.de is None and len(reporte.dimensiones) == 1:
            suma = sum(Decimal(fila.valores[medida.nombre]) for fila in tabla.filas)
            assert suma == tabla.total.valores[medida.nombre], (reporte.clave, parametros, medida.nombre)
    return int(sum(abs(tabla.total.valores[medida.nombre]) for medida in medidas))


def valores_de(filtro: Any) -> list[Any]:
    """Un par de valores que un filtro admite."""
    if isinstance(filtro, django_filters.BooleanFilter):
        return ["true", "false"]
    if isinstance(filtro, django_filters.ModelChoiceFilter | django_filters.ModelMultipleChoiceFilter):
        return [str(uno.pk) for uno in filtro.field.queryset.order_by("?")[:2]]
    opciones = [clave for clave, _ in filtro.field.choices if clave not in ("", None)]
    return random.Random(3).sample(opciones, min(2, len(opciones)))


def variantes(reporte: Reporte) -> Iterator[dict[str, Any]]:
    """El reporte con cada uno de sus filtros y controles, de a uno."""
    conjunto = reporte.pedir({}, hoy=HOY).conjunto
    for nombre, filtro in conjunto.filters.items():
        if nombre in ("desde", "hasta", "comparar"):
            continue
        if nombre == "al":
            yield {"al": (HOY - timedelta(days=400)).isoformat()}
            continue
        for valor in valores_de(filtro):
            if valor != "a_medida":
                yield {nombre: [valor] if _es_plural(filtro) else valor}
    if reporte.con_periodo:
        yield {"desde": "2024-05-17", "hasta": "2025-02-03", "periodo": "a_medida"}


def _es_plural(filtro: Any) -> bool:
    return not isinstance(filtro, Control) and isinstance(
        filtro, django_filters.MultipleChoiceFilter | django_filters.ModelMultipleChoiceFilter
    )


@por_reporte
def test_cada_cifra_es_la_de_las_filas_que_abre(reporte: Agrupado, db: None) -> None:
    for dimension in reporte.dimensiones:
        periodo = {"periodo": "todo"} if reporte.con_periodo else {}
        assert comprobar(reporte, {"por": dimension.nombre, **periodo}, cuantas=25) > 0, "no hay nada que comprobar"


@por_reporte
def test_y_con_cada_filtro_y_cada_dia(reporte: Agrupado, db: None) -> None:
    for parametros in variantes(reporte):
        comprobar(reporte, parametros, cuantas=FILAS_POR_FILTRO)


@por_reporte
def test_y_con_filtros_juntos_al_azar(reporte: Agrupado, db: None) -> None:
    azar, sueltas = random.Random(11), list(variantes(reporte))
    for _ in range(6):
        juntas: dict[str, Any] = {}
        for una in azar.sample(sueltas, min(3, len(sueltas))):
            juntas |= una
        comprobar(reporte, juntas, cuantas=2)


@por_reporte
def test_las_filas_de_cada_cifra_se_pueden_mostrar(reporte: Agrupado, db: None) -> None:
    pedido = reporte.pedir({}, hoy=HOY)
    for cifra in reporte.cifras:
        medida = reporte.medida_que_abre(cifra)
        assert medida is not None, f"La cifra «{cifra.titulo}» de «{reporte.titulo}» no se abre."
        consulta = reporte.filas_de(pedido, medida)
        listado = listado_de(consulta.model)
        assert sum(1 for _ in listado.solo_valores(consulta.order_by("pk")[:3], HOY)) <= 3


@por_reporte
def test_toda_cifra_dice_que_es(reporte: Agrupado) -> None:
    assert all(cifra.definicion for cifra in reporte.cifras), reporte.clave


@pytest.mark.parametrize("reporte", LISTAS, ids=lambda uno: str(uno.clave))
def test_una_lista_dice_cuantas_filas_tiene(reporte: Lista, db: None) -> None:
    for parametros in ({}, *variantes(reporte)):
        pedido = reporte.pedir(parametros, hoy=HOY)
        assert not pedido.conjunto.form.errors, parametros
        filas = list(reporte.listado.solo_valores(reporte.consulta(pedido).order_by("pk"), HOY))
        assert len(filas) == reporte.cuantas(pedido), (reporte.clave, parametros)
