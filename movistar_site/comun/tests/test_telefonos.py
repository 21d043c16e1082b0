"""Los teléfonos: plan nacional de numeración, E.164 y cómo se muestran."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movistar_site.comun.valores import es_fijo_incompleto, es_movil, formatear_telefono, normalizar_telefono

NACIONALES = st.from_regex(r"(3[0-9]{9}|60[1245678][0-9]{7})", fullmatch=True).filter(str.isascii)
COMO_LOS_ESCRIBE_LA_GENTE = st.text(alphabet="0123456789+() -.")


@pytest.mark.parametrize(
    "escrito",
    [
        "3001234567",
        "300 123 4567",
        "300-123-4567",
        "(300) 123.4567",
        "+573001234567",
        "+57 300 123 4567",
        "(+57) 300 1234567",
        "57 300 1234567",
        " 573001234567 ",
        "300\u00a0123–4567",
    ],
)
def test_un_movil_escrito_de_muchas_maneras_se_guarda_igual(escrito):
    assert normalizar_telefono(escrito) == "+573001234567"


@pytest.mark.parametrize("indicativo", "1245678")
def test_un_fijo_lleva_60_y_un_indicativo_que_existe(indicativo):
    assert normalizar_telefono(f"(60{indicativo}) 123 4567") == f"+5760{indicativo}1234567"


@pytest.mark.parametrize("numero", ["6031234567", "6001234567", "6091234567"])
def test_un_indicativo_que_no_existe_se_rechaza(numero):
    with pytest.raises(ValueError, match="no es un número de Colombia"):
        normalizar_telefono(numero)


@pytest.mark.parametrize("numero", ["3991234567", "3601234567", "6040000000"])
def test_un_bloque_que_la_biblioteca_aun_no_conoce_se_acepta(numero):
    assert normalizar_telefono(numero) == f"+57{numero}"


@pytest.mark.parametrize(
    ("escrito", "prefijo"), [("+1 305 555 0100", r"\+1"), ("+34 600 000 000", r"\+34"), ("+58 412 0000000", r"\+58")]
)
def test_un_numero_de_otro_pais_se_rechaza_y_dice_su_prefijo(escrito, prefijo):
    with pytest.raises(ValueError, match=rf"otro país \(prefijo {prefijo}\)"):
        normalizar_telefono(escrito)


@pytest.mark.parametrize("numero", ["1234567", "234 56 78", "+57 8402666"])
def test_un_fijo_de_siete_cifras_se_rechaza_como_incompleto(numero):
    assert es_fijo_incompleto(numero)
    with pytest.raises(ValueError, match="está incompleto"):
        normalizar_telefono(numero)


@pytest.mark.parametrize("numero", ["3001234567", "6011234567", "", "123456", "12345678", "1234567 ext 2", "casa"])
def test_solo_siete_cifras_son_un_fijo_incompleto(numero):
    assert not es_fijo_incompleto(numero)


def test_la_marcacion_anterior_a_2021_tiene_su_propio_mensaje():
    with pytest.raises(ValueError, match="anterior a 2021"):
        normalizar_telefono("1 234 5678")


@pytest.mark.parametrize(
    ("escrito", "motivo"),
    [
        ("", "No hay un teléfono"),
        ("   ", "No hay un teléfono"),
        ("no tiene", "No hay un teléfono"),
        ("６０１１２３４５６７", "No hay un teléfono"),
        ("3001234567 ext. 12", "algo más que un número"),
        ("3001234567 / 3107654321", "algo más que un número"),
        ("300ABC4567", "algo más que un número"),
        ("300+1234567", "algo más que un número"),
        ("30012345678", "no es un número de Colombia"),
        ("300123456", "no es un número de Colombia"),
        ("4001234567", "no es un número de Colombia"),
        ("+57", "no es un número de Colombia"),
        ("0313001234567", "no es un número de Colombia"),
    ],
)
def test_lo_que_no_es_un_telefono_se_rechaza_con_su_motivo(escrito, motivo):
    with pytest.raises(ValueError, match=motivo):
        normalizar_telefono(escrito)


@given(NACIONALES)
def test_se_guarda_lo_mismo_que_escribiria_la_biblioteca(nacional):
    esperado = phonenumbers.format_number(phonenumbers.parse(nacional, "CO"), phonenumbers.PhoneNumberFormat.E164)
    assert normalizar_telefono(nacional) == esperado


@given(NACIONALES)
def test_lo_mostrado_se_lee_de_vuelta(nacional):
    guardado = normalizar_telefono(nacional)
    assert normalizar_telefono(formatear_telefono(guardado)) == guardado
    assert es_movil(guardado) == nacional.startswith("3")


@given(st.text(alphabet=st.characters()) | COMO_LOS_ESCRIBE_LA_GENTE)
def test_con_cualquier_texto_normaliza_de_forma_estable_o_rechaza_con_valueerror(texto):
    formatear_telefono(texto)
    es_movil(texto)
    try:
        guardado = normalizar_telefono(texto)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert normalizar_telefono(guardado) == guardado
        assert not es_fijo_incompleto(texto)


@pytest.mark.parametrize(
    ("guardado", "mostrado"),
    [
        ("+573001234567", "300 123 4567"),
        ("+576011234567", "(601) 123 4567"),
        ("1234567", "1234567"),
        ("+13055550100", "+13055550100"),
        ("", ""),
    ],
)
def test_el_telefono_se_muestra_como_se_dicta(guardado, mostrado):
    assert formatear_telefono(guardado) == mostrado
