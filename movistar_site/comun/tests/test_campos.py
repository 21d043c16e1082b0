"""Los campos de modelo propios."""

import pytest
from django.core.exceptions import ValidationError

from movistar_site.comun.campos import CampoTelefono, texto_de_busqueda


@pytest.mark.parametrize("escrito", ["300 123 4567", "+57 300-123-4567", "573001234567", "(300) 1234567"])
def test_un_telefono_se_guarda_igual_como_se_escriba(escrito: str) -> None:
    assert CampoTelefono().clean(escrito, None) == "+573001234567"


def test_un_bloque_recien_asignado_tambien_es_un_telefono() -> None:
    assert CampoTelefono().clean("360 000 0001", None) == "+573600000001"


def test_un_telefono_vacio_se_admite_solo_si_el_campo_lo_admite() -> None:
    assert CampoTelefono(blank=True).clean(None, None) == ""
    with pytest.raises(ValidationError):
        CampoTelefono().clean("  ", None)


def test_un_telefono_malo_dice_lo_que_llego_y_lo_que_se_esperaba() -> None:
    with pytest.raises(ValidationError, match="123") as error:
        CampoTelefono().clean("123", None)
    assert "10 cifras" in error.value.messages[0]


def test_el_texto_de_busqueda_une_lo_que_hay_sin_tildes() -> None:
    assert texto_de_busqueda("Ana María", "", "Ríos", None, "CC") == "ana maria rios cc"
