"""Crecimiento y ARPU mes a mes, con unos contratos contados a mano. HOY es el 16/03/2026.

    Contrato  Modalidad    Empezó       Terminó      Al mes
    A         pospago      10/11/2025   —            40.000
    B         pospago      05/01/2026   —            60.000   (antes del 01/02/2026: prepago de 20.000)
    C         prepago      31/12/2025   20/02/2026   10.000
    D         pospago      01/02/2026   —            50.000 cada año: la doceava parte, 4.166,67
    E         pospago      01/03/2026   pendiente: aún no empieza y no cuenta
    F         pospago      02/03/2026   02/03/2026   30.000: empezó y terminó el mismo día

De enero a marzo (hasta hoy):

    Mes      Al comenzar  Altas  Bajas  Al terminar   Pospago al terminar            Prepago al terminar
    enero    A C      2   B  1      0   A B C     3   A            1  40.000         B C       2  30.000
    febrero  A B C    3   D  1   C  1   A B D     3   A B D        3 104.166,67      ninguna   0       0
    marzo    A B D    3   F  1   F  1   A B D     3   A B D        3 104.166,67      ninguna   0       0

Al comenzar enero: pospago, A (40.000); prepago, C (10.000).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientes.models import Contrato
from clientes.tests.fabricas import HOY, FabricaCambioPlan, FabricaCliente, FabricaContrato
from reportes.lineas import centavos_al_mes, en_centavos
from reportes.marco import REPORTES, TOTAL, Agrupado, Tabla
from reportes.models import AltasPorDia
from reportes.por_mes import Correccion, Hecho, Tramo, cortes_de, mover, tramos
from servicios.tests.fabricas import FabricaServicio, FabricaTipo

ENERO, FEBRERO, MARZO = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def reporte() -> Agrupado:
    uno = REPORTES["crecimiento"]
    assert isinstance(uno, Agrupado)
    return uno


def tabla(**parametros: str) -> Tabla:
    pedido = reporte().pedir({"periodo": "anio", **parametros}, hoy=HOY)
    assert not pedido.conjunto.form.errors
    return reporte().tabla(pedido)


def cifras(una: Tabla, *nombres: str) -> dict[Any, tuple[Any, ...]]:
    filas = {fila.clave: fila for fila in una.filas} | {"total": una.total}
    return {clave: tuple(fila.valores[nombre] for nombre in nombres) for clave, fila in filas.items()}


@pytest.fixture
def contratos(db: None) -> dict[str, Contrato]:
    pospago = FabricaServicio(tipo=FabricaTipo(modalidad="pospago"))
    prepago = FabricaServicio(tipo=FabricaTipo(modalidad="prepago"))
    b = FabricaContrato(servicio=pospago, precio=60_000, fecha_inicio=date(2026, 1, 5))
    FabricaCambioPlan(
        contrato=b, estado="aplicado", efectivo_el=FEBRERO, servicio_anterior=prepago, precio_anterior=20_000,
        periodicidad_anterior="recarga", servicio_nuevo=pospago, precio_nuevo=60_000,
    )  # fmt: skip
    terminado = {"estado": "terminado"}
    return {
        "A": FabricaContrato(servicio=pospago, precio=40_000, fecha_inicio=date(2025, 11, 10)),
        "B": b,
        "C": FabricaContrato(
            servicio=prepago, precio=10_000, periodicidad="recarga", fecha_inicio=date(2025, 12, 31),
            fecha_fin=date(2026, 2, 20), **terminado,
        ),
        "D": FabricaContrato(servicio=pospago, precio=50_000, periodicidad="anual", fecha_inicio=FEBRERO),
        "E": FabricaContrato(servicio=pospago, precio=70_000, estado="pendiente", fecha_inicio=MARZO),
        "F": FabricaContrato(
            servicio=pospago, precio=30_000, fecha_inicio=date(2026, 3, 2), fecha_fin=date(2026, 3, 2), **terminado
        ),
    }  # fmt: skip


def test_cada_mes_va_de_las_lineas_al_comenzar_a_las_que_hay_al_terminar(contratos: dict[str, Contrato]) -> None:
    assert cifras(tabla(), "base_inicio", "altas", "bajas", "base_fin") == {
        ENERO: (2, 1, 0, 3),
        FEBRERO: (3, 1, 1, 3),
        MARZO: (3, 1, 1, 3),
        "total": (2, 3, 2, 3),
    }


def test_el_abandono_es_las_bajas_entre_el_promedio_de_las_lineas(contratos: dict[str, Contrato]) -> None:
    # Febrero y marzo: 1 entre 3. En total, 2 bajas entre 2,5 + 3 + 3 líneas: 23,5294 %.
    abandono = cifras(tabla(), "abandono")
    assert abandono == {
        ENERO: (Decimal(0),),
        FEBRERO: (Decimal("33.3333"),),
        MARZO: (Decimal("33.3333"),),
        "total": (Decimal("23.5294"),),
    }


def test_lineas_y_facturacion_de_cada_modalidad_con_el_plan_de_entonces(contratos: dict[str, Contrato]) -> None:
    nombres = ("lineas_pospago", "facturacion_pospago", "lineas_prepago", "facturacion_prepago")
    marzo = (3, Decimal("104166.67"), 0, Decimal(0))
    assert cifras(tabla(), *nombres) == {
        ENERO: (1, Decimal(40_000), 2, Decimal(30_000)),
        FEBRERO: marzo,
        MARZO: marzo,
        "total": marzo,
    }


def test_el_arpu_es_la_facturacion_media_entre_las_lineas_medias(contratos: dict[str, Contrato]) -> None:
    # Pospago. Enero: (40.000 + 40.000) / (1 + 1). Febrero: (40.000 + 104.166,67) / (1 + 3) = 36.041,67.
    # Marzo: 208.333,34 / 6 = 34.722,22. Total: 432.500,01 / 12 = 36.041,67.
    # Prepago. Enero: (10.000 + 30.000) / (1 + 2) = 13.333,33. Febrero: (30.000 + 0) / (2 + 0). Marzo: no hay líneas.
    # Total: 70.000 / 5 = 14.000.
    assert cifras(tabla(), "arpu_pospago", "arpu_prepago") == {
        ENERO: (Decimal(40_000), Decimal(13_333)),
        FEBRERO: (Decimal(36_042), Decimal(15_000)),
        MARZO: (Decimal(34_722), None),
        "total": (Decimal(36_042), Decimal(14_000)),
    }


def test_el_mes_en_curso_llega_hasta_hoy_y_un_periodo_recortado_cuenta_sus_dias(contratos: dict[str, Contrato]) -> None:
    una = tabla(periodo="a_medida", desde="2026-01-06", hasta="2026-02-19")
    # Al comenzar el 6 de enero ya estaba B; el 19 de febrero C aún no terminaba.
    assert cifras(una, "base_inicio", "altas", "bajas", "base_fin") == {
        FEBRERO: (3, 1, 0, 4),
        ENERO: (3, 0, 0, 3),
        "total": (3, 1, 0, 4),
    }


def test_desde_el_principio_empieza_en_el_primer_contrato(contratos: dict[str, Contrato]) -> None:
    una = tabla(periodo="todo")
    assert [fila.clave for fila in una.filas] == [date(2025, 11, 1), date(2025, 12, 1), ENERO, FEBRERO, MARZO]
    assert una.filas[0].valores["base_inicio"] == 0


@pytest.mark.django_db
def test_sin_contratos_o_antes_del_primero_no_hay_filas() -> None:
    assert tabla().filas == []
    FabricaContrato(fecha_inicio=date(2026, 1, 5))
    assert tabla(periodo="anio_pasado").filas == []
    assert tabla(periodo="a_medida", desde="2027-01-01", hasta="2027-02-01").filas == []
    pedido = reporte().pedir({"periodo": "anio_pasado"}, hoy=HOY)
    for cifra in reporte().cifras:
        medida = reporte().medida_que_abre(cifra)
        assert medida is not None
        assert reporte().filas_de(pedido, medida, TOTAL).count() == 0
        assert reporte().filas_de(pedido, medida, ENERO).count() == 0


def test_con_filtros_se_cuenta_de_los_contratos_y_da_lo_mismo(contratos: dict[str, Contrato]) -> None:
    todos = tabla()
    Contrato.objects.update(cliente=FabricaCliente(fecha_vinculacion=date(2000, 1, 1)))
    contado = tabla(categoria="leal")
    assert [fila.valores for fila in contado.filas] == [fila.valores for fila in todos.filas]
    assert contado.total.valores == todos.total.valores
    assert tabla(categoria="nuevo").filas == []


def test_lo_que_cada_contrato_factura_es_lo_mismo_sumado_por_cualquier_camino(db: None) -> None:
    precios = [Decimal(n) / 100 for n in (0, 1, 6, 17, 18, 5_000_000, 999_999_999, 7_490_006, 123_456_789)]
    for precio in precios:
        for periodicidad in ("mensual", "recarga", "anual", "unica"):
            FabricaContrato(precio=precio, periodicidad=periodicidad, servicio=FabricaServicio())
    llevadas = dict(AltasPorDia.objects.values_list("servicio_id", "centavos"))
    for uno in Contrato.objects.annotate(centavos=centavos_al_mes()):
        assert uno.centavos == en_centavos(uno.precio, uno.periodicidad) == llevadas[uno.servicio_id]


@pytest.mark.parametrize("texto", ["", "-", "2026", "2026-13", "2026-1", "0000-01", "2026-01-01", "٢٠٢٦-٠١", "aaaa-bb"])
def test_un_mes_que_no_puede_ser_se_rechaza(texto: str) -> None:
    with pytest.raises(ValueError, match=r"no es un mes|must be in|year 0 is out|Invalid isoformat"):
        reporte().dimensiones[0].de_texto(texto)


# --- Por propiedades: sumar por días y corregir da lo mismo que mirar cada contrato cada día --------------------------
_dias = st.integers(0, 150).map(lambda n: date(2025, 11, 1) + timedelta(n))
_planes = st.tuples(st.sampled_from(["pospago", "prepago"]), st.integers(0, 99))


@st.composite
def _contrato(draw: st.DrawFn) -> tuple[date, date | None, list[tuple[date, tuple[str, int]]]]:
    """Desde cuándo, hasta cuándo, y los planes que tuvo: (desde cuándo, plan)."""
    inicio = draw(_dias)
    fin = draw(st.none() | _dias.filter(lambda dia: dia >= inicio))
    dias = sorted(draw(st.lists(_dias.filter(lambda dia: inicio <= dia <= (fin or dia)), max_size=3)))
    return inicio, fin, [(dia, draw(_planes)) for dia in (inicio, *dias)]


@settings(max_examples=150, deadline=None)
@given(st.lists(_contrato(), max_size=8), _dias, _dias)
def test_los_saldos_son_los_de_mirar_cada_contrato(contratos: list[Any], uno: date, otro: date) -> None:
    suyos = tramos(min(uno, otro), max(uno, otro))
    cortes = cortes_de(suyos)
    altas, bajas, correcciones = [], [], []
    for inicio, fin, planes in contratos:
        ahora = planes[-1][1]
        altas.append(Hecho(inicio, ahora[0], 1, ahora[1]))
        if fin is not None:
            bajas.append(Hecho(fin, ahora[0], 1, ahora[1]))
        for (desde, plan), (hasta, _) in pairwise(planes):
            correcciones.append(Correccion(desde, hasta, plan, ahora))
    dado = mover(suyos, altas, bajas, correcciones)
    for n, corte in enumerate(cortes):
        en_pie = [planes for inicio, fin, planes in contratos if inicio <= corte and (fin is None or fin > corte)]
        entonces = [[plan for desde, plan in planes if desde <= corte][-1] for planes in en_pie]
        for modalidad in ("pospago", "prepago"):
            centavos = [cuantos for suya, cuantos in entonces if suya == modalidad]
            assert (dado.lineas[modalidad][n], dado.centavos[modalidad][n]) == (len(centavos), sum(centavos))
    for tramo, altas_del_mes, antes, despues, bajas_del_mes in zip(
        suyos, dado.altas, dado.base, dado.base[1:], dado.bajas, strict=False
    ):
        assert altas_del_mes == sum(tramo.desde <= inicio <= tramo.hasta for inicio, _, _ in contratos)
        assert antes + altas_del_mes - bajas_del_mes == despues


@given(_dias, _dias)
def test_los_tramos_cubren_el_periodo_sin_huecos(uno: date, otro: date) -> None:
    desde, hasta = min(uno, otro), max(uno, otro)
    suyos = tramos(desde, hasta)
    assert suyos[0].desde == desde
    assert suyos[-1].hasta == hasta
    for antes, despues in pairwise(suyos):
        assert despues == Tramo(despues.mes, antes.hasta + timedelta(1), despues.hasta)
    assert all(tramo.mes == tramo.desde.replace(day=1) == tramo.hasta.replace(day=1) for tramo in suyos)
