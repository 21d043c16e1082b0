"""Los programas de fidelización, con unas bonificaciones contadas a mano. HOY es el 16/03/2026.

    Cliente  Vinculado    Lleva       DIEZ (más de 10, hasta 15)             VEINTE (más de 20)
    Ana      15/03/2016   10 y 1 día  aceptada el 16/02: 7.490,50 × 6
    Beto     16/03/2016   10 justos   todavía no la cumple
    Caro     01/01/2014   12          rechazada
    Dora     01/01/2013   13          esperando
    Elsa     01/01/2012   14          no la tiene: elegible
    Fidel    01/01/2012   14          no la tiene, con una PQR abierta
    Gil      01/01/2000   26                                                 aceptada el 10/03/2025: 10.000 × 12
    Hugo     01/01/1999   27                                                 vencida, de 2024
    Inés     01/01/2012   inactiva    anulada

DIEZ: la cumplen Ana, Caro, Dora, Elsa y Fidel (5); elegible, Elsa. Asignadas 4 (con la anulada): 1 espera, 1 aceptada,
1 rechazada. Aceptación 1 ÷ (1 + 1) = 50 %. Cuesta al mes 7.490,50 y en total 44.943.
VEINTE: la cumplen Gil y Hugo, y los dos la recibieron. Aceptación 1 ÷ (1 + 1). La de Gil duraba doce meses desde el
10/03/2025: hoy ya no cuesta nada al mes, y costó 120.000 en total.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from bonificaciones.models import Bonificacion, Programa
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaPrograma
from clientes.tests.fabricas import HOY, FabricaCliente, FabricaInteraccion, FabricaMunicipio
from reportes.marco import REPORTES, Agrupado

from .tablas import abiertas, cifras

pytestmark = pytest.mark.django_db
CLAVE = "fidelizacion-programas"
CUENTAS = ("cumplen", "faltan", "asignadas", "esperan", "aceptadas", "rechazadas", "vencidas", "aceptacion")


def instante(anio: int, mes: int, dia: int) -> datetime:
    return timezone.make_aware(datetime(anio, mes, dia, 9))


@pytest.fixture
def escena() -> dict[str, Any]:
    Programa.objects.all().delete()
    diez = FabricaPrograma(codigo="DIEZ", nombre="Diez", meses_minimos=120, meses_maximos=180)
    veinte = FabricaPrograma(codigo="VEINTE", nombre="Veinte", meses_minimos=240, meses=12)
    nombres = {
        "ana": date(2016, 3, 15), "beto": date(2016, 3, 16), "caro": date(2014, 1, 1), "dora": date(2013, 1, 1),
        "elsa": date(2012, 1, 1), "fidel": date(2012, 1, 1), "gil": date(2000, 1, 1), "hugo": date(1999, 1, 1),
        "ines": date(2012, 1, 1),
    }  # fmt: skip
    gente = {nombre: FabricaCliente(nombre=nombre, fecha_vinculacion=dia) for nombre, dia in nombres.items()}
    gente["caro"].municipio = FabricaMunicipio(codigo="98001")
    gente["ines"].estado, gente["ines"].inactivo_desde = "inactivo", HOY
    for nombre in ("caro", "ines"):
        gente[nombre].save()
    FabricaInteraccion(cliente=gente["fidel"])

    def bono(nombre: str, programa: Any, estado: str, otorgada: date, costo: str = "5000", **mas: Any) -> None:
        FabricaBonificacion(
            cliente=gente[nombre], programa=programa, estado=estado, otorgada_el=otorgada,
            costo_mensual=Decimal(costo), **mas,
        )  # fmt: skip

    prueba = {"aceptada_por": "telefono", "evidencia": "Grabación 1"}
    bono("ana", diez, "aceptada", date(2026, 2, 10), "7490.50", cerrada_el=instante(2026, 2, 16), **prueba)
    bono("caro", diez, "rechazada", date(2026, 2, 10), cerrada_el=instante(2026, 2, 16))
    bono("dora", diez, "asignada", date(2026, 3, 2))
    bono("ines", diez, "anulada", date(2026, 3, 2), cerrada_el=instante(2026, 3, 3))
    bono("gil", veinte, "aceptada", date(2025, 3, 1), "10000", cerrada_el=instante(2025, 3, 10), **prueba)
    bono("hugo", veinte, "vencida", date(2024, 5, 2), cerrada_el=instante(2024, 6, 1))
    return {"diez": diez.pk, "veinte": veinte.pk, **{nombre: uno.pk for nombre, uno in gente.items()}}


def test_cada_programa_de_quienes_lo_cumplen_a_lo_que_se_acepto(escena: dict[str, Any]) -> None:
    assert cifras(CLAVE, *CUENTAS) == {
        escena["diez"]: (5, 1, 4, 1, 1, 1, 0, 50),
        escena["veinte"]: (2, 0, 2, 0, 1, 0, 1, 50),
        "total": (7, 1, 6, 1, 2, 1, 1, 50),
    }


def test_lo_que_cuestan_hoy_al_mes_y_en_total(escena: dict[str, Any]) -> None:
    assert cifras(CLAVE, "al_mes", "comprometido") == {
        escena["diez"]: (Decimal("7490.50"), Decimal(44_943)),
        escena["veinte"]: (0, Decimal(120_000)),
        "total": (Decimal("7490.50"), Decimal(164_943)),
    }


def test_una_aceptada_cuesta_hasta_el_ultimo_dia_de_sus_meses(escena: dict[str, Any]) -> None:
    """Seis meses desde el 16/02/2026: la del 15/08 todavía se da; la del 16/08, ya no."""
    assert cifras(CLAVE, "al_mes", hoy=date(2026, 8, 15))["total"] == (Decimal("7490.50"),)
    assert cifras(CLAVE, "al_mes", hoy=date(2026, 8, 16))["total"] == (0,)


def test_cada_cifra_abre_a_los_suyos(escena: dict[str, Any]) -> None:
    diez, veinte = escena["diez"], escena["veinte"]
    assert abiertas(CLAVE, "cumplen", diez) == {escena[uno] for uno in ("ana", "caro", "dora", "elsa", "fidel")}
    assert abiertas(CLAVE, "cumplen", veinte) == {escena["gil"], escena["hugo"]}
    assert abiertas(CLAVE, "faltan") == abiertas(CLAVE, "faltan", diez) == {escena["elsa"]}
    assert abiertas(CLAVE, "faltan", 987_654) == set()
    de_ana = Bonificacion.objects.get(cliente=escena["ana"]).pk
    assert abiertas(CLAVE, "aceptacion", diez) == abiertas(CLAVE, "al_mes") == {de_ana}


def test_un_cliente_que_cumple_dos_programas_cuenta_en_los_dos_y_una_vez_en_el_total(escena: dict[str, Any]) -> None:
    otro = FabricaPrograma(codigo="CINCO", nombre="Cinco", meses_minimos=60, con_contrato=True)
    hallado = cifras(CLAVE, "cumplen", "faltan")
    # Más de cinco años llevan los ocho activos; con un contrato activo, ninguno.
    assert hallado[otro.pk] == (8, 0)
    assert hallado["total"] == (8, 1)


def test_un_programa_que_no_rige_no_tiene_elegibles_y_lo_dice(escena: dict[str, Any]) -> None:
    Programa.objects.filter(pk=escena["diez"]).update(activo=False)
    assert cifras(CLAVE, "cumplen", "faltan")[escena["diez"]] == (5, 0)
    reporte = REPORTES[CLAVE]
    assert isinstance(reporte, Agrupado)
    nombres = [fila.valores["programa"] for fila in reporte.tabla(reporte.pedir({}, hoy=HOY)).filas]
    assert nombres == ["Diez (inactivo)", "Veinte"]


def test_en_un_periodo_solo_lo_que_en_el_se_asigno(escena: dict[str, Any]) -> None:
    hallado = cifras(CLAVE, "cumplen", "asignadas", "aceptadas", "comprometido", desde="2026-02-01", hasta="2026-02-28")
    assert hallado["total"] == (7, 2, 1, 44_943)


def test_con_filtros_de_cliente_cuenta_los_suyos(escena: dict[str, Any]) -> None:
    hallado = cifras(CLAVE, "cumplen", "faltan", "asignadas", "rechazadas", municipio="98001", departamento="98")
    assert hallado == {escena["diez"]: (1, 0, 1, 1), "total": (1, 0, 1, 1)}


def test_de_un_solo_programa(escena: dict[str, Any]) -> None:
    hallado = cifras(CLAVE, "cumplen", "faltan", "asignadas", programa=[str(escena["veinte"])])
    assert hallado == {escena["veinte"]: (2, 0, 2), "total": (2, 0, 2)}


def test_sin_programas_el_reporte_sale_en_cero() -> None:
    Programa.objects.all().delete()
    assert cifras(CLAVE, *CUENTAS) == {"total": (0, 0, 0, 0, 0, 0, 0, None)}


def test_despues_de_diez_justos_entra_al_dia_siguiente(escena: dict[str, Any]) -> None:
    antes = abiertas(CLAVE, "cumplen", escena["diez"])
    despues = abiertas(CLAVE, "cumplen", escena["diez"], hoy=HOY + timedelta(days=1))
    assert despues - antes == {escena["beto"]}
