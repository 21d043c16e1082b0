"""Las claves que ya pasaron: ninguna se olvida, y casi ninguna nueva se toma por vista."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from movistar_site.intercambio.repetidos import Vistas


@given(st.lists(st.text(min_size=1)))
def test_lo_que_paso_se_recuerda_siempre(claves: list[str]) -> None:
    vistas = Vistas()
    for clave in claves:
        vistas.quizas(clave)
    assert all(vistas.quizas(clave) for clave in claves)


def test_de_lo_nuevo_casi_nada_se_toma_por_visto() -> None:
    vistas = Vistas()
    confundidas = sum(vistas.quizas(f"CC-{numero}") for numero in range(200_000))
    assert confundidas < 400
