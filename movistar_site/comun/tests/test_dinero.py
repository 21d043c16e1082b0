"""El dinero: cómo se lee lo que la gente escribe y cómo se muestra."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movistar_site.comun.valores import a_pesos, formatear_pesos

IMPORTES = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)


@pytest.mark.parametrize(
    ("escrito", "valor"),
    [
        ("74900", "74900.00"),
        ("74900.00", "74900.00"),
        ("74900.5", "74900.50"),
        ("74.900", "74900.00"),
        ("$ 74.900", "74900.00"),
        ("$74.900", "74900.00"),
        ("$\u00a074.900", "74900.00"),
        ("COP 74.900", "74900.00"),
        ("cop $ 74.900", "74900.00"),
        ("74.900 COP", "74900.00"),
        ("30$", "30.00"),
        ("74.900,50", "74900.50"),
        ("74900,5", "74900.50"),
        ("0,05", "0.05"),
        ("1.234.567", "1234567.00"),
        ("9.999.999.999,99", "9999999999.99"),
        ("0", "0.00"),
        ("007", "7.00"),
        ("50.0", "50.00"),
        (Decimal("74900"), "74900.00"),
        (Decimal("0.125"), "0.13"),
        (Decimal("-0"), "0.00"),
        (Decimal("1E-999999"), "0.00"),
        (74900, "74900.00"),
        (0, "0.00"),
    ],
)
def test_lee_pesos_con_dos_decimales_exactos(escrito, valor):
    leido = a_pesos(escrito)
    assert str(leido) == valor


@pytest.mark.parametrize(
    "ambiguo",
    [
        "74,900",
        "1,234,567",
        "1,234.50",
        "0.500",
        "1234.567",
        "12.34.567",
        "74.900.00",
        "74900.000",
        "1.23,45",
        "74900.",
    ],
)
def test_rechaza_lo_que_admite_dos_lecturas(ambiguo):
    with pytest.raises(ValueError, match="no se lee de una sola manera"):
        a_pesos(ambiguo)


@pytest.mark.parametrize(
    "negativo", ["-1", "$ -74.900", "-$ 74.900", "−5", "(74.900)", Decimal("-0.01"), -1, "-$\u00a05"]
)
def test_rechaza_los_negativos(negativo):
    with pytest.raises(ValueError, match="es negativo"):
        a_pesos(negativo)


@pytest.mark.parametrize("vacio", ["", "   ", "\u00a0"])
def test_rechaza_lo_vacio(vacio):
    with pytest.raises(ValueError, match="está vacío"):
        a_pesos(vacio)


@pytest.mark.parametrize(
    "ajeno", ["250 USD", "250USD", "US$ 30", "U$S 30", "€ 20", "20 euros", "30 dólares", "USD 1.000"]
)
def test_una_moneda_extranjera_se_rechaza_y_no_se_convierte(ajeno):
    with pytest.raises(ValueError, match="otra moneda"):
        a_pesos(ajeno)


@pytest.mark.parametrize(
    "raro",
    [
        "gratis",
        "NaN",
        "Infinity",
        "1e5",
        "1_000",
        "74 900",
        "$0 - $80.000",
        "٧٤٩٠٠",
        "$",
        ".50",
        "1" * 100,
        "pendiente",
    ],
)
def test_lo_que_no_es_un_importe_se_rechaza(raro):
    with pytest.raises(ValueError, match="No se entiende"):
        a_pesos(raro)


@pytest.mark.parametrize("infinito", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")])
def test_lo_que_no_es_finito_se_rechaza(infinito):
    with pytest.raises(ValueError, match="finito"):
        a_pesos(infinito)
    with pytest.raises(ValueError, match="no se puede mostrar"):
        formatear_pesos(infinito)


@pytest.mark.parametrize("otro", [74900.0, 0.1, float("nan"), True, None, [], b"1"])
def test_un_float_o_cualquier_otro_tipo_se_rechaza(otro):
    with pytest.raises(ValueError, match="se esperaba texto, Decimal o entero"):
        a_pesos(otro)


@pytest.mark.parametrize(
    "enorme",
    [
        "10000000000",
        "10.000.000.000",
        Decimal("9999999999.995"),
        Decimal("1E+999999"),
        10**10,
    ],
)
def test_mas_de_diez_cifras_enteras_se_rechaza(enorme):
    with pytest.raises(ValueError, match=r"10 cifras"):
        a_pesos(enorme)


@pytest.mark.parametrize("signo", [1, -1])
def test_un_entero_que_python_no_puede_escribir_tambien_se_rechaza_en_espanol(signo):
    with pytest.raises(ValueError, match="pasa de 10 cifras enteras"):
        a_pesos(signo * 10**10_000)


@pytest.mark.parametrize(
    ("importe", "mostrado"),
    [
        ("74900", "$\u00a074.900"),
        ("74900.00", "$\u00a074.900"),
        ("74900.50", "$\u00a074.900,50"),
        ("0", "$\u00a00"),
        ("999", "$\u00a0999"),
        ("1234567.05", "$\u00a01.234.567,05"),
        ("-5000", "-$\u00a05.000"),
        ("-0.001", "$\u00a00"),
        ("0.125", "$\u00a00,13"),
        ("1E+3", "$\u00a01.000"),
        ("123456789012345678901234567890", "$\u00a0123.456.789.012.345.678.901.234.567.890"),
    ],
)
def test_muestra_pesos_con_puntos_y_centavos_solo_si_los_hay(importe, mostrado):
    assert formatear_pesos(Decimal(importe)) == mostrado


def test_no_muestra_un_numero_desmesurado():
    with pytest.raises(ValueError, match="no se puede mostrar"):
        formatear_pesos(Decimal("1E+999999"))


@given(IMPORTES)
def test_lo_mostrado_se_lee_de_vuelta(importe):
    assert a_pesos(formatear_pesos(importe)) == importe


@given(IMPORTES)
def test_lo_escrito_por_un_programa_se_lee_igual(importe):
    assert a_pesos(f"{importe:f}") == importe == a_pesos(importe)


@given(st.text(alphabet=st.characters()) | st.text(alphabet="0123456789.,$ -COPUSD"))
def test_con_cualquier_texto_lee_de_forma_estable_o_rechaza_con_valueerror(texto):
    try:
        leido = a_pesos(texto)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert 0 <= leido < 10**10
        assert leido.as_tuple().exponent == -2
        assert a_pesos(formatear_pesos(leido)) == leido


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.integers())
def test_con_cualquier_numero_solo_falla_con_valueerror(numero):
    with suppress(ValueError):
        a_pesos(numero)
