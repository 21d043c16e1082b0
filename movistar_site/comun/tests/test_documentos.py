"""Los documentos de identidad: qué se acepta, cómo se guarda y cómo se muestra."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.co import nit as stdnum_nit

from movistar_site.comun.valores import TIPOS_DE_DOCUMENTO, formatear_documento, normalizar_documento

# NIT de empresas reales citados por el dominio (sección 5); los demás números son inventados.
NITS_REALES = ["901354361-1", "800153993-7", "900092385-9", "860002067-2", "860075208-7"]
CIFRAS = "0123456789"


@pytest.mark.parametrize(
    ("tipo", "escrito", "guardado"),
    [
        ("CC", "1.020.304.050", "1020304050"),
        ("CC", " 52 345 678 ", "52345678"),
        ("CC", "123", "123"),
        ("CC", "0012345", "0012345"),
        ("cc", "1020304050", "1020304050"),
        ("CC", "1020–304\u00a0050", "1020304050"),
        ("TI", "1.020.304.050", "1020304050"),
        ("TI", "99010112345", "99010112345"),
        ("CE", "e-123456", "E123456"),
        ("CE", "1234567890", "1234567890"),
        ("PPT", "1234567", "1234567"),
        ("PEP", "123456789012345", "123456789012345"),
        ("PAS", "av 123456", "AV123456"),
        ("NIT", "901.354.361-1", "901354361-1"),
        ("NIT", "9013543611", "901354361-1"),
        ("NIT", "901354361 1", "901354361-1"),
        ("NIT", "901354361 – 1", "901354361-1"),
    ],
)
def test_el_documento_se_guarda_sin_puntos_espacios_ni_guiones(tipo, escrito, guardado):
    assert normalizar_documento(tipo, escrito) == guardado


@pytest.mark.parametrize("nit", NITS_REALES)
def test_los_nit_reales_pasan(nit):
    assert normalizar_documento("NIT", nit) == nit
    assert normalizar_documento("NIT", nit.replace("-", "")) == nit
    assert normalizar_documento("NIT", formatear_documento("NIT", nit)) == nit


@pytest.mark.parametrize(
    ("tipo", "numero"),
    [
        ("CC", "12"),
        ("CC", "12345678901"),
        ("CC", "12345A"),
        ("CC", "１２３４５６"),
        ("CC", "1,020,304"),
        ("TI", "123456789"),
        ("TI", "123456789012"),
        ("CE", "12345"),
        ("CE", "12345678901"),
        ("CE", "ñandu123"),
        ("PPT", "12345"),
        ("PPT", "1" * 16),
        ("PEP", "1" * 14),
        ("PEP", "A" * 15),
        ("PAS", "AV123"),
        ("PAS", "A" * 17),
        ("PAS", "straße1"),
    ],
)
def test_rechaza_el_numero_que_no_cumple_la_regla_de_su_tipo(tipo, numero):
    with pytest.raises(ValueError, match="se esperaban"):
        normalizar_documento(tipo, numero)


@pytest.mark.parametrize("tipo", TIPOS_DE_DOCUMENTO)
@pytest.mark.parametrize("numero", ["", "  ", ".-.", "000000", "000-000-000-0", "000000000000000"])
def test_rechaza_lo_vacio_y_lo_que_es_todo_ceros(tipo, numero):
    with pytest.raises(ValueError, match=r"Falta el número|todo ceros"):
        normalizar_documento(tipo, numero)


@pytest.mark.parametrize("tipo", ["", "XX", "cédula", "RUT"])
def test_rechaza_un_tipo_que_no_existe_y_dice_cuales_hay(tipo):
    with pytest.raises(ValueError, match="CC, TI, CE, NIT, PPT, PEP, PAS"):
        normalizar_documento(tipo, "1020304050")


@pytest.mark.parametrize("numero", ["800153993", "800.153.993", "800153993-", "800-153-993"])
def test_un_nit_sin_digito_de_verificacion_lo_dice_sin_revelarlo(numero):
    with pytest.raises(ValueError, match="le falta el dígito de verificación") as error:
        normalizar_documento("NIT", numero)
    assert "7" not in str(error.value)


def test_un_digito_de_verificacion_equivocado_se_rechaza_sin_decir_el_correcto():
    with pytest.raises(ValueError, match="no corresponde") as error:
        normalizar_documento("NIT", "800153993-4")
    assert "7" not in str(error.value)


@pytest.mark.parametrize("numero", ["90135436-1", "12345", "1020304050-3", "90135436X-1", "0000000000-1"])
def test_rechaza_un_nit_de_otro_largo_o_con_letras(numero):
    with pytest.raises(ValueError, match=r"cifra"):
        normalizar_documento("NIT", numero)


@given(st.text(alphabet=CIFRAS, min_size=9, max_size=9), st.sampled_from(CIFRAS))
def test_solo_un_digito_de_verificacion_sirve_para_cada_nit(base, digito):
    correcto = digito == stdnum_nit.calc_check_digit(base) and base.strip("0")
    try:
        aceptado = normalizar_documento("NIT", base + digito) == f"{base}-{digito}"
    except ValueError:
        aceptado = False
    assert aceptado == bool(correcto)


@given(st.text(alphabet=CIFRAS, min_size=3, max_size=10).filter(lambda n: n.strip("0")))
def test_una_cedula_mostrada_con_puntos_se_lee_de_vuelta(numero):
    assert normalizar_documento("CC", formatear_documento("CC", numero)) == numero


@given(st.sampled_from(TIPOS_DE_DOCUMENTO), st.text(alphabet=st.characters()) | st.text(alphabet=CIFRAS + " .-–Aa"))
def test_con_cualquier_texto_normaliza_de_forma_estable_o_rechaza_con_valueerror(tipo, texto):
    formatear_documento(tipo, texto)
    try:
        guardado = normalizar_documento(tipo, texto)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert normalizar_documento(tipo, guardado) == guardado


@given(st.text(alphabet=st.characters()), st.text(alphabet=st.characters()))
def test_un_tipo_cualquiera_solo_falla_con_valueerror(tipo, numero):
    with suppress(ValueError):
        normalizar_documento(tipo, numero)


@pytest.mark.parametrize(
    ("tipo", "guardado", "mostrado"),
    [
        ("CC", "1020304050", "1.020.304.050"),
        ("CC", "123", "123"),
        ("CC", "0012345", "0.012.345"),
        ("TI", "99010112345", "99.010.112.345"),
        ("NIT", "901354361-1", "901.354.361-1"),
        ("CE", "1234567", "1234567"),
        ("PAS", "AV123456", "AV123456"),
        ("CC", "PROV-0001", "PROV-0001"),
        ("NIT", "PROV-0001", "PROV-0001"),
    ],
)
def test_el_documento_se_muestra_como_se_escribe(tipo, guardado, mostrado):
    assert formatear_documento(tipo, guardado) == mostrado
