"""Los documentos y teléfonos inventados cumplen las reglas, no se repiten y no pueden ser de nadie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.co import nit

from movistar_site.comun.valores import normalizar_documento, normalizar_telefono
from movistar_site.demostracion import identidad
from movistar_site.demostracion.identidad import EJEMPLO, MASIVO, MAXIMO_DE_PUESTOS, con_digito, es_empresa

puestos = st.integers(0, MAXIMO_DE_PUESTOS - 1)
ambitos = st.sampled_from([EJEMPLO, MASIVO])
de_persona = st.sampled_from(["CC", "TI", "CE", "PPT", "PAS"])


@given(st.integers(1, 999_999_999))
def test_el_digito_del_nit_es_el_de_la_dian(base):
    assert con_digito(base) == f"{base}-{nit.calc_check_digit(str(base))}"


@given(ambitos, de_persona, puestos)
def test_todo_documento_de_persona_vale_y_vuelve_a_su_puesto(ambito, tipo, k):
    documento = ambito.numero(tipo, k)
    if documento.strip("0"):
        assert normalizar_documento(tipo, documento) == documento
    assert ambito.puesto(tipo, documento) == k


@given(puestos)
def test_todo_nit_de_una_carga_vale_y_vuelve_a_su_puesto(k):
    k -= k % identidad.CADA_EMPRESA - 5 if k >= identidad.CADA_EMPRESA else k - 5
    assert es_empresa(k)
    numero = MASIVO.numero("NIT", k)
    assert normalizar_documento("NIT", numero) == numero
    assert MASIVO.puesto("NIT", numero) == k
    assert 990 <= int(numero[:3]) <= 998


def test_no_se_repite_ningun_documento_ni_entre_el_ejemplo_y_las_cargas():
    numeros = [a.numero("NIT" if es_empresa(k) else "CC", k) for a in (EJEMPLO, MASIVO) for k in range(20_000)]
    assert len(set(numeros)) == len(numeros)


@pytest.mark.parametrize(
    ("tipo", "documento"), [("CC", "1020304050"), ("CC", "52"), ("NIT", "901354361-1"), ("PEP", "1"), ("PAS", "AB1234")]
)
def test_un_documento_de_fuera_no_tiene_puesto(tipo, documento):
    assert MASIVO.puesto(tipo, documento) is None


@given(st.sampled_from(["05", "08", "11", "25", "76", "99"]), st.integers(0, 2**40))
def test_los_telefonos_son_validos_y_de_bloques_sin_asignar(departamento, azar):
    movil, fijo = identidad.movil(azar), identidad.fijo(departamento, azar)
    assert normalizar_telefono(movil) == movil
    assert movil.startswith("+5739")
    assert normalizar_telefono(fijo) == fijo
    assert fijo[6] == "1"
