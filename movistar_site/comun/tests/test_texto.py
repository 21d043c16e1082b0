"""El texto que se busca, el que nombra atributos y el que se cita en un mensaje."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movistar_site.comun.valores import citar, clave, normalizar


@pytest.mark.parametrize(
    ("escrito", "buscado"),
    [
        ("Ana María", "ana maria"),
        ("  PEÑA\t\n Ríos ", "pena rios"),
        ("Peñ\u0303a", "pena"),
        ("Ángela Güiza", "angela guiza"),
        ("STRASSE straße", "strasse strasse"),
        ("Calle 45 # 12-34", "calle 45 # 12-34"),
        ("\ufeffdocumento\u200b", "documento"),
        ("Nº\u00a0de identificación", "no de identificacion"),
        ("℡", "tel"),
        ("roto \ud800", "roto"),
        ("", ""),
    ],
)
def test_normalizar_quita_mayusculas_tildes_y_espacios_de_mas(escrito, buscado):
    assert normalizar(escrito) == buscado


def test_normalizar_encuentra_igual_la_letra_compuesta_y_la_descompuesta():
    assert normalizar("Nin\u0303o") == normalizar("Ni\u00f1o") == "nino"


@given(st.text(alphabet=st.characters()))
def test_normalizar_dos_veces_da_lo_mismo_que_una(texto):
    una = normalizar(texto)
    assert normalizar(una) == una


def test_normalizar_es_estable_para_cada_caracter_de_los_planos_en_uso():
    inestables = [hex(n) for n in range(0x20000) if normalizar(normalizar(chr(n))) != normalizar(chr(n))]
    assert inestables == []


@given(st.text(alphabet=st.characters()))
def test_lo_normalizado_no_tiene_espacios_sobrantes_y_se_puede_guardar(texto):
    resultado = normalizar(texto)
    assert resultado == " ".join(resultado.split())
    resultado.encode("utf-8")


@given(st.text(alphabet="áéíóúÁÉÍÓÚñÑüÜ abcXYZ"))
def test_las_mayusculas_no_cambian_la_busqueda(texto):
    assert normalizar(texto.upper()) == normalizar(texto.lower())


@pytest.mark.parametrize(
    ("nombre", "codigo"),
    [
        ("Velocidad de bajada (Mbps)", "velocidad_de_bajada_mbps"),
        ("Días de vigencia", "dias_de_vigencia"),
        ("¿Incluye OTT?", "incluye_ott"),
        ("Año  — señal 4K", "ano_senal_4k"),
        ("ya_es_clave", "ya_es_clave"),
    ],
)
def test_clave_nombra_un_atributo_en_minusculas_ascii(nombre, codigo):
    assert clave(nombre) == codigo


@pytest.mark.parametrize("nombre", ["", "   ", "¿?", "日本"])
def test_clave_rechaza_un_nombre_sin_letras_ni_cifras(nombre):
    with pytest.raises(ValueError, match="no sale una clave"):
        clave(nombre)


@given(st.text(alphabet=st.characters()))
def test_una_clave_es_un_identificador_estable(texto):
    try:
        codigo = clave(texto)
    except ValueError:
        return
    assert codigo.isascii()
    assert codigo.replace("_", "").isalnum()
    assert clave(codigo) == codigo


@given(st.text(alphabet=st.characters(), max_size=500))
def test_lo_citado_cabe_en_una_linea_de_un_mensaje(texto):
    cita = citar(texto)
    assert cita.isprintable()
    assert len(cita) <= 42
