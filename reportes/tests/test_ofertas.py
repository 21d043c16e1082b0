"""Las ofertas, con seis contadas a mano. HOY es el 16/03/2026.

    Nº  Presentada (Bogotá)   Regla   Qué             Quién   Canal      Respuesta
    1   10/01/2026            R1      Fibra           Nidia   teléfono   aceptada
    2   10/01/2026            R1      Fibra           Nidia   teléfono   rechazada
    3   31/01/2026 a las 23   R1      Navidad         Jairo   sms        aceptada
    4   01/02/2026            —       Fibra           Jairo   sms        esperando
    5   01/03/2026            R2      (un beneficio)  Jairo   teléfono   aceptada
    6   10/01/2024            R1      Fibra           Nidia   teléfono   rechazada   (fuera de los doce meses)

La 1 y la 2 son del mismo cliente.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from bonificaciones.models import Oferta
from bonificaciones.tests.fabricas import FabricaOferta, FabricaReglaOferta
from clientes.tests.fabricas import FabricaCliente, FabricaUsuario
from reportes.marco import REPORTES
from servicios.tests.fabricas import FabricaPromocion, FabricaServicio

from .tablas import abiertas, cifras

pytestmark = pytest.mark.django_db
CUENTAS = ("presentadas", "aceptadas", "rechazadas", "esperan")


@pytest.fixture
def escena() -> dict[str, Any]:
    Oferta.objects.all().delete()
    una, otra = FabricaReglaOferta(nombre="R1"), FabricaReglaOferta(nombre="R2")
    fibra, navidad = FabricaServicio(nombre="Fibra"), FabricaPromocion(nombre="Navidad")
    nidia, jairo, cliente = FabricaUsuario(), FabricaUsuario(), FabricaCliente()
    filas: list[tuple[datetime, Any, dict[str, Any], Any, str, str, dict[str, Any]]] = [
        (datetime(2026, 1, 10, 9), una, {"servicio": fibra}, nidia, "telefono", "aceptada", {"cliente": cliente}),
        (datetime(2026, 1, 10, 9), una, {"servicio": fibra}, nidia, "telefono", "rechazada", {"cliente": cliente}),
        (datetime(2026, 1, 31, 23), una, {"promocion": navidad}, jairo, "sms", "aceptada", {}),
        (datetime(2026, 2, 1, 0), None, {"servicio": fibra}, jairo, "sms", "presentada", {}),
        (datetime(2026, 3, 1, 9), otra, {}, jairo, "telefono", "aceptada", {}),
        (datetime(2024, 1, 10, 9), una, {"servicio": fibra}, nidia, "telefono", "rechazada", {}),
    ]
    hechas = {}
    for n, (momento, regla, que, quien, canal, estado, mas) in enumerate(filas, start=1):
        cuando = timezone.make_aware(momento)
        respondida = None if estado == "presentada" else cuando + timedelta(minutes=5)
        hechas[n] = FabricaOferta(
            presentada_el=cuando, respondida_el=respondida, regla=regla, hecha_por=quien, canal=canal, estado=estado,
            **que, **mas,
        ).pk  # fmt: skip
    return {
        "r1": una.pk, "r2": otra.pk, "fibra": f"s{fibra.pk}", "navidad": f"p{navidad.pk}",
        "nidia": nidia.pk, "jairo": jairo.pk, **hechas,
    }  # fmt: skip


def test_por_lo_que_se_ofrece(escena: dict[str, Any]) -> None:
    assert cifras("ofertas", *CUENTAS, "aceptacion", "clientes") == {
        escena["fibra"]: (3, 1, 1, 1, 50, 2),
        escena["navidad"]: (1, 1, 0, 0, 100, 1),
        "otra": (1, 1, 0, 0, 100, 1),
        "total": (5, 3, 1, 1, 75, 4),
    }
    assert abiertas("ofertas", "presentadas", escena["fibra"]) == {escena[n] for n in (1, 2, 4)}
    assert abiertas("ofertas", "aceptadas", "otra") == {escena[5]}


def test_por_regla_tambien_las_que_no_salieron_de_ninguna(escena: dict[str, Any]) -> None:
    assert cifras("ofertas", *CUENTAS, por="regla") == {
        escena["r1"]: (3, 2, 1, 0), escena["r2"]: (1, 1, 0, 0), None: (1, 0, 0, 1), "total": (5, 3, 1, 1),
    }  # fmt: skip
    assert abiertas("ofertas", "presentadas", None, por="regla") == {escena[4]}


def test_el_mes_es_el_de_bogota(escena: dict[str, Any]) -> None:
    """La del 31 de enero a las once de la noche ya es febrero en el reloj de Londres, y aquí no."""
    assert cifras("ofertas", *CUENTAS, por="mes") == {
        date(2026, 1, 1): (3, 2, 1, 0), date(2026, 2, 1): (1, 0, 0, 1), date(2026, 3, 1): (1, 1, 0, 0),
        "total": (5, 3, 1, 1),
    }  # fmt: skip
    assert abiertas("ofertas", "presentadas", date(2026, 1, 1), por="mes") == {escena[n] for n in (1, 2, 3)}
    assert cifras("ofertas", "presentadas", desde="2026-01-31", hasta="2026-01-31")["total"] == (1,)


def test_por_quien_y_por_canal(escena: dict[str, Any]) -> None:
    quien = cifras("ofertas", "presentadas", "aceptadas", por="quien")
    assert quien == {escena["nidia"]: (2, 1), escena["jairo"]: (3, 2), "total": (5, 3)}
    assert cifras("ofertas", "presentadas", por="canal") == {"telefono": (3,), "sms": (2,), "total": (5,)}


@pytest.mark.parametrize("mala", ["", "x1", "s", "s-1", "p9999999999999999999", "s１"])
def test_una_fila_que_no_puede_ser_no_se_abre(mala: str) -> None:
    with pytest.raises(ValueError, match="no es"):
        REPORTES["ofertas"].dimensiones[0].de_texto(mala)  # type: ignore[attr-defined]


@pytest.mark.parametrize("mala", ["", "2026", "2026-13", "ayer", "-"])
def test_un_mes_que_no_puede_ser_tampoco(mala: str) -> None:
    with pytest.raises(ValueError, match="no es un mes"):
        REPORTES["ofertas"].dimensiones[2].de_texto(mala)  # type: ignore[attr-defined]
