"""Lo preparado por delante llega en su orden, con sus errores, y el hilo no deja nada abierto."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connections, transaction

from movistar_site.comun.adelanto import CONEXIONES, adelantado, repartir
from movistar_site.comun.models import Usuario

pytestmark = pytest.mark.django_db(transaction=True)


def _hilos() -> list[str]:
    return [hilo.name for hilo in threading.enumerate() if hilo.name.startswith("adelanto")]


def _numeros(hasta: int, hechos: list[int], *, cae_en: int | None = None) -> Iterator[int]:
    for numero in range(hasta):
        if numero == cae_en:
            raise ValueError("no se pudo preparar")
        # Pregunta a la base, como quien compara una tanda: usa la conexión del hilo en que corre.
        Usuario.objects.exists()
        hechos.append(numero)
        yield numero


def test_da_lo_mismo_en_el_mismo_orden_y_termina_su_hilo() -> None:
    with adelantado(_numeros(5, [])) as numeros:
        assert list(numeros) == [0, 1, 2, 3, 4]
    assert _hilos() == []


def test_nunca_va_mas_de_uno_por_delante() -> None:
    hechos: list[int] = []
    with adelantado(_numeros(6, hechos)) as numeros:
        for numero in numeros:
            assert len(hechos) <= numero + 2


def test_el_error_llega_a_quien_recorre_despues_de_lo_que_si_se_preparo() -> None:
    vistos = []
    with pytest.raises(ValueError, match="no se pudo preparar"), adelantado(_numeros(5, [], cae_en=2)) as numeros:
        for numero in numeros:
            vistos.append(numero)
    assert vistos == [0, 1]
    assert _hilos() == []


def test_quien_se_va_antes_no_deja_conexiones_abiertas() -> None:
    conexiones: list[object] = []
    propia = connections["default"]

    def fuente() -> Iterator[int]:
        while True:
            Usuario.objects.exists()
            conexiones.append(connections["default"])
            yield 1

    with pytest.raises(KeyError), adelantado(fuente()) as numeros:
        next(numeros)
        raise KeyError
    assert _hilos() == []
    assert all(una is propia or una.connection is None for una in conexiones)  # type: ignore[attr-defined]


def test_dentro_de_una_transaccion_ve_lo_que_esta_lleva() -> None:
    with transaction.atomic():
        Usuario.objects.create(username="recien")

        def fuente() -> Iterator[bool]:
            yield Usuario.objects.filter(username="recien").exists()

        with adelantado(fuente()) as vistos:
            assert list(vistos) == [True]


# --- Repartir --------------------------------------------------------------------------------------------------------
def _tomar(tareas: Iterator[int]) -> list[int]:
    hechas = []
    for tarea in tareas:
        Usuario.objects.exists()
        hechas.append(tarea)
    return hechas


def test_cada_tarea_se_hace_una_sola_vez() -> None:
    partes = repartir(range(40), _tomar)
    assert len(partes) == (1 if connections["default"].vendor == "sqlite" else CONEXIONES)
    assert sorted(tarea for parte in partes for tarea in parte) == list(range(40))


def test_dentro_de_una_transaccion_las_hace_quien_llama_en_su_orden() -> None:
    with transaction.atomic():
        assert repartir(range(5), _tomar) == [[0, 1, 2, 3, 4]]


def test_si_una_falla_sale_su_error_y_las_demas_no_siguen() -> None:
    tomadas: list[int] = []

    def trabajar(tareas: Iterator[int]) -> None:
        for tarea in tareas:
            tomadas.append(tarea)
            if tarea == 3:
                raise ValueError("la tarea 3 no se pudo")

    with pytest.raises(ValueError, match="la tarea 3 no se pudo"):
        repartir(iter(range(10_000_000)), trabajar)
    assert len(tomadas) < 10_000_000
    assert not [hilo for hilo in threading.enumerate() if hilo.name.startswith("reparto")]
