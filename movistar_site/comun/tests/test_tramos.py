"""Las listas por clave: recorrerlas hacia adelante o hacia atrás da cada fila una vez y en su orden."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes.models import Interaccion
from clientes.tests.fabricas import FabricaCliente, FabricaInteraccion
from movistar_site.comun.models import Aviso, Usuario
from movistar_site.comun.tramos import Orden, Posicion, contar, cuenta_en_palabras, tramo

pytestmark = pytest.mark.django_db
VENCE = Orden(("vence_el", "id"), con_vacios=True)
NUEVOS = Orden(("creado_el", "id"), descendente=True)


def recorrer(ramas: list[Any], orden: Orden, cuantas: int) -> list[int]:
    """Todas las filas, página por página hacia adelante, comprobando en cada una que volver atrás da la anterior."""
    modelo = ramas[0].model
    parametros: dict[str, str] = {}
    vistas: list[int] = []
    anterior: list[int] = []
    while True:
        pagina = tramo(ramas, orden, Posicion.de(parametros, orden, modelo), cuantas=cuantas)
        assert bool(pagina.anterior) == bool(vistas)
        if pagina.anterior:
            atras = tramo(ramas, orden, Posicion.de({"antes": pagina.anterior}, orden, modelo), cuantas=cuantas)
            assert atras.filas == anterior
            assert atras.siguiente
        vistas += pagina.filas
        anterior = pagina.filas
        if not pagina.siguiente:
            return vistas
        parametros = {"despues": pagina.siguiente}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dias=st.lists(st.none() | st.integers(0, 4), max_size=17), cuantas=st.integers(1, 6))
def test_se_recorre_entera_y_en_orden_con_las_vacias_al_final(db: None, dias: list[int | None], cuantas: int) -> None:
    Interaccion.objects.all().delete()
    cliente = FabricaCliente()
    for dia in dias:
        FabricaInteraccion(
            cliente=cliente,
            tipo="sugerencia" if dia is None else "consulta",
            vence_el=None if dia is None else date(2026, 3, 1) + timedelta(days=dia),
            canal="web" if (dia or 0) % 2 else "telefono",
        )
    filas = sorted(Interaccion.objects.all(), key=lambda una: (una.vence_el or date.max, una.pk))
    esperadas = [una.pk for una in filas]
    todas = Interaccion.objects.all()
    assert recorrer([todas], VENCE, cuantas) == esperadas
    # Partida en ramas que no comparten filas, el orden es el de la unión.
    assert recorrer([todas.filter(canal="web"), todas.exclude(canal="web")], VENCE, cuantas) == esperadas


@pytest.mark.parametrize("cuantas", [1, 2, 5, 50])
def test_de_mayor_a_menor_con_horas_iguales(cuantas: int) -> None:
    ana = Usuario.objects.create_user("ana", password="clave-de-prueba-9")
    for n in range(11):
        instante = datetime(2026, 3, 16, 23, 59, n // 3, 123456 * (n % 2), tzinfo=UTC)
        Aviso.objects.create(usuario=ana, clave=f"k{n}", titulo="t", creado_el=instante)
    esperadas = list(Aviso.objects.order_by("-creado_el", "-id").values_list("pk", flat=True))
    assert recorrer([Aviso.objects.all()], NUEVOS, cuantas) == esperadas


@pytest.mark.parametrize(
    "clave",
    ["", "~", "x", "2026-03-01", "2026-03-01~x", "2026-02-30~1", "2026-03-01~1~2", "2026-03-01~-1", "-~", "\x00~1",
     "2026-03-01~٣", "9" * 400, "2026-03-01~²"],
)  # fmt: skip
def test_una_clave_que_no_es_se_ignora(clave: str) -> None:
    assert Posicion.de({"despues": clave}, VENCE, Interaccion) == Posicion()


def test_una_clave_enorme_no_desborda_la_base() -> None:
    FabricaInteraccion(vence_el=date(2026, 3, 1))
    posicion = Posicion.de({"despues": f"2026-03-01~{'9' * 40}"}, VENCE, Interaccion)
    assert tramo([Interaccion.objects.all()], VENCE, posicion).filas == []


def test_sin_ramas_no_hay_nada() -> None:
    assert tramo([], VENCE, Posicion()).filas == []


@pytest.mark.parametrize(("cuantas", "dicho"), [(0, "0"), (999, "999"), (1000, "1.000"), (1001, "1.000+")])
def test_la_cuenta_se_acota(cuantas: int, dicho: str) -> None:
    assert cuenta_en_palabras(cuantas) == dicho


def test_contar_se_detiene_en_el_limite() -> None:
    cliente = FabricaCliente()
    FabricaInteraccion.create_batch(7, cliente=cliente)
    assert contar(Interaccion.objects.all(), limite=3) == 4
    assert contar(Interaccion.objects.all(), limite=10) == 7
