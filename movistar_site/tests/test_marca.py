"""De cualquier color sale una paleta que se lee."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movistar_site.marca import contraste, paleta


@given(st.integers(0, 0xFFFFFF))
def test_el_texto_blanco_se_lee_sobre_el_600_de_cualquier_color(numero: int) -> None:
    tonos = paleta(f"#{numero:06x}")
    assert list(tonos) == ["50", "100", "200", "300", "400", "500", "600", "700", "800", "900", "950"]
    assert contraste("#ffffff", tonos["600"]) >= 4.5
    assert contraste("#1e2939", tonos["500"]) >= 4.5
    assert contraste(tonos["100"], tonos["800"]) >= 4.5


def test_un_color_que_ya_se_lee_es_el_600() -> None:
    assert paleta("#0b6fb8")["600"] == "#0b6fb8"


@pytest.mark.parametrize("color", ["azul", "#12", "", "#0b6fb8ff", "rgb(1,2,3)"])
def test_lo_que_no_es_un_color_se_rechaza_con_una_frase(color: str) -> None:
    with pytest.raises(ValueError, match="no es un color"):
        paleta(color)


def test_el_contraste_es_el_de_wcag() -> None:
    assert contraste("#000000", "#ffffff") == pytest.approx(21)
    assert contraste("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
