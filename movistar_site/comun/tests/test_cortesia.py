"""Un trabajo largo deja escribir a los demás: nadie falla ni espera más de dos segundos."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from movistar_site.comun import cortesia
from movistar_site.comun.cortesia import Cortesia

PROGRAMA = Path(__file__).with_name("turno_compartido.py")
RAIZ = PROGRAMA.parents[3]
SEGUNDOS = 3


def _lanzar(entorno: dict[str, str], *orden: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(PROGRAMA), *orden], env=entorno, stdout=subprocess.PIPE, text=True)


def test_con_cuatro_escritores_nadie_falla_y_todos_avanzan(tmp_path: Path) -> None:
    ruta = tmp_path / "panel.sqlite3"
    base = sqlite3.connect(ruta)
    base.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE ficha (id INTEGER PRIMARY KEY, notas TEXT);"
        "CREATE TABLE historia (id INTEGER PRIMARY KEY, nota TEXT);"
    )
    base.executemany("INSERT INTO ficha (id) VALUES (?)", [(n,) for n in range(50)])
    base.commit()
    entorno = {**os.environ, "PANEL_DATOS": str(tmp_path), "SECRET_KEY": "x" * 50, "PYTHONPATH": str(RAIZ)}
    entorno.pop("DATABASE_URL", None)
    escritores = [_lanzar(entorno, "escritor", str(ruta), str(n)) for n in range(4)]
    trabajo = _lanzar(entorno, "trabajo", str(SEGUNDOS))
    hechas, cedido = json.loads(trabajo.communicate(timeout=60)[0])
    Path(f"{ruta}.fin").touch()
    dichos = [json.loads(escritor.communicate(timeout=60)[0]) for escritor in escritores]

    assert sum(fallos for fallos, _ in dichos) == 0
    assert all(len(esperas) > SEGUNDOS for _, esperas in dichos)
    # Cuánto espera cada quien lo mide benchmarks/importacion.py; aquí, que nadie se queda sin su turno.
    assert hechas > 0 and cedido > 0


@pytest.mark.django_db
def test_dentro_de_otra_transaccion_o_sin_archivo_no_cede(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cortesia.time, "sleep", lambda _: pytest.fail("cedió"))
    monkeypatch.setattr(cortesia, "TENENCIA_CON_OTROS", 0)
    with Cortesia() as turno:
        with turno.transaccion(10):
            pass
        turno.ceder()
    assert turno.cedido == 0


@pytest.mark.parametrize(
    ("segundos", "esperada"),
    [(0.001, 400), (0.08, 200), (0.16, 100), (10.0, 100)],
    ids=["breve", "justa", "larga", "eterna"],
)
def test_la_tanda_se_acerca_a_la_que_dura_lo_justo(segundos: float, esperada: int) -> None:
    turno = Cortesia(tanda=200)
    turno._ajustar(200, segundos)
    assert turno.tanda == esperada


class _Reloj:
    """Un reloj que solo avanza cuando se duerme o se le dice."""

    def __init__(self) -> None:
        self.ahora = 100.0
        self.siestas: list[float] = []

    def monotonic(self) -> float:
        return self.ahora

    def sleep(self, segundos: float) -> None:
        self.siestas.append(segundos)
        self.ahora += segundos


@pytest.mark.django_db
@pytest.mark.parametrize(("otros", "turnos"), [(True, 10), (False, 3)])
def test_a_solas_cede_menos_que_acompanado(monkeypatch: pytest.MonkeyPatch, otros: bool, turnos: int) -> None:
    reloj = _Reloj()
    monkeypatch.setattr(cortesia, "time", reloj)
    turno: Any = Cortesia()
    turno._mirar = lambda: otros
    with turno:
        turno._activa = True
        reloj.ahora += cortesia.MEMORIA * 2
        turno._soltado = reloj.ahora
        for _ in range(30):
            with turno.transaccion():
                reloj.ahora += 0.11
        # Lo que al salir se repone es de SQLite, y esta prueba corre en las dos bases.
        turno._activa = False
    assert len(reloj.siestas) == turnos
