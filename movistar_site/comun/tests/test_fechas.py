"""Las fechas, la permanencia y la categoría que de ella resulta."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from movistar_site.comun.valores import (
    Permanencia,
    a_fecha,
    anios_cumplidos,
    categoria_por_permanencia,
    formatear_fecha,
    limites_de_categoria,
    permanencia,
    sumar_anios,
    sumar_meses,
)

UN_DIA = timedelta(days=1)
FECHAS = st.dates(date(1950, 1, 1), date(2060, 12, 31))
UMBRALES = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(sorted)


def clasificar_con_limites(desde, limites):
    if desde <= limites.ultima_fecha_leal:
        return "leal"
    return "regular" if desde <= limites.ultima_fecha_regular else "nuevo"


# --- leer y mostrar -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("escrita", ["2012-03-15", "15/03/2012", "15-03-2012", "15/3/2012", " 2012-03-15 "])
def test_lee_la_fecha_con_el_dia_antes_que_el_mes(escrita):
    assert a_fecha(escrita) == date(2012, 3, 15)


def test_el_dia_va_primero_aunque_quepa_como_mes():
    assert a_fecha("03/04/2012") == date(2012, 4, 3)


@pytest.mark.parametrize(
    "escrita", ["29/02/2023", "2023-02-30", "31/04/2026", "12/13/2012", "0000-01-01", "00/01/2020"]
)
def test_un_dia_que_no_existe_se_rechaza(escrita):
    with pytest.raises(ValueError, match="no existe en el calendario"):
        a_fecha(escrita)


@pytest.mark.parametrize("escrita", ["15/03/12", "15-03-12", "1/1/99"])
def test_un_anio_de_dos_cifras_se_rechaza_porque_el_siglo_no_se_adivina(escrita):
    with pytest.raises(ValueError, match="dos cifras"):
        a_fecha(escrita)


@pytest.mark.parametrize(
    "escrita", ["2012", "15/03-2012", "2012/03/15", "15 de marzo de 2012", "2012-03-15T10:00", "١٥/٠٣/٢٠١٢"]
)
def test_otra_escritura_se_rechaza_y_dice_cual_se_esperaba(escrita):
    with pytest.raises(ValueError, match=r"No se entiende la fecha.*15/03/2012"):
        a_fecha(escrita)


@pytest.mark.parametrize("vacia", ["", "  "])
def test_una_fecha_vacia_se_rechaza(vacia):
    with pytest.raises(ValueError, match="está vacía"):
        a_fecha(vacia)


@given(st.dates())
@example(date.min)
@example(date.max)
def test_lo_mostrado_se_lee_de_vuelta(fecha):
    assert a_fecha(formatear_fecha(fecha)) == fecha
    assert a_fecha(fecha.isoformat()) == fecha


def test_la_fecha_se_muestra_dia_mes_anio():
    assert formatear_fecha(date(2012, 3, 5)) == "05/03/2012"


@given(st.text(alphabet=st.characters()) | st.text(alphabet="0123456789/-"))
def test_con_cualquier_texto_lee_o_rechaza_con_valueerror(texto):
    try:
        a_fecha(texto)
    except ValueError as error:
        assert str(error).endswith(".")


# --- sumar meses y años ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fecha", "meses", "resultado"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 20), 0, date(2026, 5, 20)),
    ],
)
def test_sumar_meses_conserva_el_dia_o_cae_en_el_ultimo_del_mes(fecha, meses, resultado):
    assert sumar_meses(fecha, meses) == resultado


def test_el_aniversario_de_un_29_de_febrero_cae_el_28_en_un_anio_comun():
    assert sumar_anios(date(2016, 2, 29), 1) == date(2017, 2, 28)
    assert sumar_anios(date(2016, 2, 29), 4) == date(2020, 2, 29)


@pytest.mark.parametrize(("fecha", "meses"), [(date.max, 1), (date.min, -1), (date(2026, 1, 1), 10**9)])
def test_salirse_del_calendario_se_rechaza_en_espanol(fecha, meses):
    with pytest.raises(ValueError, match="no hay calendario"):
        sumar_meses(fecha, meses)


@given(FECHAS, st.integers(-600, 600))
def test_sumar_meses_llega_al_mes_pedido_y_nunca_pasa_del_dia(fecha, meses):
    resultado = sumar_meses(fecha, meses)
    assert resultado.year * 12 + resultado.month == fecha.year * 12 + fecha.month + meses
    assert resultado.day == fecha.day or (resultado.day < fecha.day and (resultado + UN_DIA).day == 1)


@given(FECHAS, FECHAS, st.integers(-600, 600))
def test_sumar_meses_no_cambia_el_orden_de_dos_fechas(una, otra, meses):
    primera, segunda = sorted((una, otra))
    assert sumar_meses(primera, meses) <= sumar_meses(segunda, meses)


# --- permanencia ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tiempo", "palabras"),
    [
        (Permanencia(12, 3, 4), "12 años, 3 meses y 4 días"),
        (Permanencia(1, 1, 1), "1 año, 1 mes y 1 día"),
        (Permanencia(10, 0, 0), "10 años"),
        (Permanencia(2, 0, 5), "2 años y 5 días"),
        (Permanencia(0, 7, 0), "7 meses"),
        (Permanencia(0, 0, 0), "hoy"),
    ],
)
def test_la_permanencia_se_dice_en_palabras(tiempo, palabras):
    assert str(tiempo) == palabras


@pytest.mark.parametrize(
    ("desde", "hoy", "tiempo"),
    [
        (date(2012, 3, 15), date(2024, 6, 19), (12, 3, 4)),
        (date(2016, 2, 29), date(2017, 2, 27), (0, 11, 29)),
        (date(2016, 2, 29), date(2017, 2, 28), (1, 0, 0)),
        (date(2016, 2, 29), date(2017, 3, 1), (1, 0, 1)),
        (date(2026, 1, 31), date(2026, 2, 28), (0, 1, 0)),
        (date(2026, 5, 1), date(2026, 5, 1), (0, 0, 0)),
        (date(2026, 5, 2), date(2026, 5, 1), (0, 0, 0)),
        (date.min, date.max, (9998, 11, 30)),
    ],
)
def test_la_permanencia_cuenta_de_aniversario_en_aniversario(desde, hoy, tiempo):
    assert permanencia(desde, hoy) == tiempo
    assert anios_cumplidos(desde, hoy) == tiempo[0]


@given(FECHAS, FECHAS)
def test_la_permanencia_sumada_a_la_vinculacion_llega_a_hoy(desde, hoy):
    assume(desde <= hoy)
    anios, meses, dias = permanencia(desde, hoy)
    assert 0 <= meses <= 11
    assert 0 <= dias <= 30
    assert sumar_meses(desde, anios * 12 + meses) + timedelta(days=dias) == hoy


@given(FECHAS, FECHAS)
def test_los_anios_cumplidos_son_los_aniversarios_que_ya_llegaron(desde, hoy):
    assume(desde <= hoy)
    anios = anios_cumplidos(desde, hoy)
    assert sumar_anios(desde, anios) <= hoy < sumar_anios(desde, anios + 1)


# --- categoría ------------------------------------------------------------------------------------------------------

VINCULACION = date(2012, 3, 15)


@pytest.mark.parametrize(
    ("hoy", "categoria"),
    [
        (date(2012, 3, 14), "nuevo"),
        (date(2012, 3, 15), "nuevo"),
        (date(2015, 3, 14), "nuevo"),
        (date(2015, 3, 15), "regular"),
        (date(2022, 3, 14), "regular"),
        (date(2022, 3, 15), "regular"),
        (date(2022, 3, 16), "leal"),
        (date(2030, 1, 1), "leal"),
    ],
)
def test_diez_anios_exactos_es_regular_y_al_dia_siguiente_es_leal(hoy, categoria):
    assert categoria_por_permanencia(VINCULACION, hoy) == categoria


@pytest.mark.parametrize(
    ("hoy", "categoria"),
    [
        (date(2015, 2, 27), "nuevo"),
        (date(2015, 2, 28), "regular"),
        (date(2022, 2, 28), "regular"),
        (date(2022, 3, 1), "leal"),
    ],
)
def test_quien_se_vinculo_un_29_de_febrero_cumple_el_28(hoy, categoria):
    assert categoria_por_permanencia(date(2012, 2, 29), hoy) == categoria


def test_los_umbrales_son_ajustables():
    assert categoria_por_permanencia(date(2026, 1, 1), date(2026, 2, 1), meses_regular=1, meses_leal=1) == "regular"
    assert categoria_por_permanencia(date(2026, 1, 1), date(2026, 2, 2), meses_regular=1, meses_leal=1) == "leal"
    assert categoria_por_permanencia(date(2026, 1, 2), date(2026, 1, 1), meses_regular=0, meses_leal=0) == "nuevo"


@pytest.mark.parametrize(("regular", "leal"), [(-1, 120), (121, 120)])
def test_unos_umbrales_imposibles_se_rechazan(regular, leal):
    for funcion in (
        lambda: categoria_por_permanencia(VINCULACION, date(2026, 1, 1), meses_regular=regular, meses_leal=leal),
        lambda: limites_de_categoria(date(2026, 1, 1), meses_regular=regular, meses_leal=leal),
    ):
        with pytest.raises(ValueError, match="umbrales"):
            funcion()


@pytest.mark.parametrize(
    ("hoy", "regular", "leal"),
    [
        (date(2026, 6, 10), date(2023, 6, 10), date(2016, 6, 9)),
        (date(2027, 2, 28), date(2024, 2, 29), date(2017, 2, 27)),
        (date(2026, 3, 1), date(2023, 3, 1), date(2016, 2, 29)),
        (date(2026, 2, 28), date(2023, 2, 28), date(2016, 2, 27)),
    ],
)
def test_los_limites_son_las_ultimas_fechas_de_cada_categoria(hoy, regular, leal):
    assert limites_de_categoria(hoy) == (regular, leal)


def test_antes_del_calendario_no_hay_limites():
    for hoy in (date.min, date(5, 1, 1)):
        with pytest.raises(ValueError, match="no hay calendario"):
            limites_de_categoria(hoy)


@given(FECHAS, FECHAS, UMBRALES)
@example(date(2012, 2, 29), date(2022, 2, 28), [36, 120])
@example(date(2012, 2, 29), date(2022, 3, 1), [36, 120])
def test_los_limites_dicen_lo_mismo_que_la_categoria_para_cualquier_par(desde, hoy, umbrales):
    regular, leal = umbrales
    limites = limites_de_categoria(hoy, meses_regular=regular, meses_leal=leal)
    esperada = categoria_por_permanencia(desde, hoy, meses_regular=regular, meses_leal=leal)
    assert clasificar_con_limites(desde, limites) == esperada


@pytest.mark.parametrize(("regular", "leal"), [(36, 120), (0, 0), (1, 1), (11, 13), (36, 37)])
def test_los_limites_son_exactos_en_su_frontera_cada_dia_de_2011_a_2030(regular, leal):
    umbrales = {"meses_regular": regular, "meses_leal": leal}
    hoy = date(2011, 1, 1)
    while hoy.year <= 2030:
        limites = limites_de_categoria(hoy, **umbrales)
        # Cinco días a cada lado de las dos fronteras: por fuera de ahí manda el orden de las fechas.
        for limite in limites:
            for salto in range(-5, 6):
                desde = limite + salto * UN_DIA
                assert clasificar_con_limites(desde, limites) == categoria_por_permanencia(desde, hoy, **umbrales), (
                    desde,
                    hoy,
                )
        hoy += UN_DIA


@pytest.mark.parametrize("bisiesto", [2012, 2016, 2020, 2024, 2028])
def test_los_limites_son_exactos_para_toda_vinculacion_alrededor_de_un_29_de_febrero(bisiesto):
    for hoy in (date(bisiesto + salto, 2, 26) + n * UN_DIA for salto in (-1, 0, 1) for n in range(6)):
        limites = limites_de_categoria(hoy)
        desde = date(1999, 1, 1)
        while desde < date(2031, 1, 1):
            assert clasificar_con_limites(desde, limites) == categoria_por_permanencia(desde, hoy), (desde, hoy)
            desde += UN_DIA
