"""Lo de cada asesor, con nueve derivaciones contadas a mano. HOY es el lunes 16/03/2026.

    Nº  Asesor  Derivada         Contacto  Cómo va
    1   Nidia   lunes 02/02      sí        aceptada el jueves 05/02: 3 días hábiles
    2   Nidia   lunes 02/02      sí        rechazada el lunes 09/02: 5 días hábiles
    3   Nidia   lunes 02/02      no        vencida el lunes 02/03: 20 días hábiles
    4   Nidia   lunes 09/03      sí        pendiente, vence el 13/03: pasó de su plazo
    5   Nidia   lunes 09/03      no        anulada el 10/03
    6   Jairo   lunes 09/03      sí        para después, venció el 13/03: no corre
    7   Jairo   lunes 09/03      no        pendiente, vence hoy: aún está a tiempo
    8   —       lunes 09/03      no        pendiente, sin asesor ni plazo
    9   Jairo   miércoles 07/01/2025  no   pendiente, vence el 20/01/2025: pasó de su plazo, y es de otro período

Nidia: recibidas 5, contactadas 3, cerradas 3 (la anulada no), aceptación 1 ÷ 3, mediana de 3, 5 y 20 = 5.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bonificaciones.models import Derivacion, Programa
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaDerivacion, FabricaGestion, FabricaPrograma
from clientes.tests.fabricas import FabricaUsuario
from reportes.fidelizacion import mediana

from .tablas import abiertas, cifras

CLAVE = "fidelizacion-asesores"
DEL_PERIODO = ("recibidas", "contactadas", "respondidas", "aceptadas", "rechazadas", "vencidas", "dias")
FEBRERO, MARZO = date(2026, 2, 2), date(2026, 3, 9)


def cerrada(resultado: str, mes: int, dia: int) -> dict[str, Any]:
    cuando = timezone.make_aware(datetime(2026, mes, dia, 16))
    return {"estado": "cerrada", "resultado": resultado, "cerrada_el": cuando}


@pytest.fixture
def escena(db: None) -> dict[str, Any]:
    Programa.objects.all().delete()
    programa = FabricaPrograma(nombre="Diez")
    nidia, jairo = FabricaUsuario(first_name="Nidia"), FabricaUsuario(first_name="Jairo")
    casos: list[tuple[Any, date, bool, dict[str, Any]]] = [
        (nidia, FEBRERO, True, cerrada("aceptada", 2, 5)),
        (nidia, FEBRERO, True, cerrada("rechazada", 2, 9)),
        (nidia, FEBRERO, False, cerrada("vencida", 3, 2)),
        (nidia, MARZO, True, {"vence_el": date(2026, 3, 13)}),
        (nidia, MARZO, False, cerrada("anulada", 3, 10)),
        (jairo, MARZO, True, {"estado": "aplazada", "volver_el": date(2026, 3, 20), "vence_el": date(2026, 3, 13)}),
        (jairo, MARZO, False, {"vence_el": date(2026, 3, 16)}),
        (None, MARZO, False, {}),
        (jairo, date(2025, 1, 7), False, {"vence_el": date(2025, 1, 20)}),
    ]
    hechas = []
    for asesor, dia, contacto, mas in casos:
        bono = FabricaBonificacion(programa=programa)
        hechas.append(FabricaDerivacion(bonificacion=bono, asesor=asesor, derivada_el=dia, **mas))
        FabricaGestion(derivacion=hechas[-1], accion="asignada")
        if contacto:
            FabricaGestion(derivacion=hechas[-1])
            FabricaGestion(derivacion=hechas[-1])
    return {
        "nidia": nidia.pk, "jairo": jairo.pk, "programa": programa.pk,
        **{n: una.pk for n, una in enumerate(hechas, start=1)},
    }  # fmt: skip


def test_lo_que_cada_asesor_recibio_e_hizo(escena: dict[str, Any]) -> None:
    assert cifras(CLAVE, *DEL_PERIODO) == {
        escena["nidia"]: (5, 3, 3, 1, 1, 1, 5),
        escena["jairo"]: (2, 1, 0, 0, 0, 0, None),
        None: (1, 0, 0, 0, 0, 0, None),
        "total": (8, 4, 3, 1, 1, 1, 5),
    }


def test_la_aceptacion_no_cuenta_las_anuladas(escena: dict[str, Any]) -> None:
    assert cifras(CLAVE, "aceptacion")[escena["nidia"]] == (Decimal("33.3333"),)


def test_lo_abierto_hoy_es_de_cualquier_fecha(escena: dict[str, Any]) -> None:
    assert cifras(CLAVE, "abiertas", "pasadas") == {
        escena["nidia"]: (1, 1), escena["jairo"]: (3, 1), None: (1, 0), "total": (5, 2),
    }  # fmt: skip
    assert abiertas(CLAVE, "abiertas", None) == {escena[8]}
    assert abiertas(CLAVE, "pasadas") == {escena[4], escena[9]}


def test_contada_de_las_filas_es_la_misma_que_la_cuenta_llevada(escena: dict[str, Any]) -> None:
    """Con un filtro que no quita nada ya no responde la cuenta: se recorren las derivaciones."""
    todas = [str(escena["programa"])]
    for nombres in (("abiertas", "pasadas"), DEL_PERIODO):
        assert cifras(CLAVE, *nombres, programa=todas) == cifras(CLAVE, *nombres)


def test_por_programa_y_por_mes(escena: dict[str, Any]) -> None:
    assert cifras(CLAVE, "recibidas", "dias", por="programa") == {escena["programa"]: (8, 5), "total": (8, 5)}
    assert cifras(CLAVE, "recibidas", "aceptadas", por="mes") == {
        date(2026, 2, 1): (3, 1), date(2026, 3, 1): (5, 0), "total": (8, 1),
    }  # fmt: skip


def test_los_dias_de_la_mediana_son_habiles(escena: dict[str, Any]) -> None:
    """Del viernes 20/03 al martes 24/03 hay un día hábil: el 23 es festivo (San José trasladado)."""
    Derivacion.objects.exclude(pk=escena[1]).filter(estado="cerrada").update(resultado="anulada")
    cuando = timezone.make_aware(datetime(2026, 3, 24, 8))
    Derivacion.objects.filter(pk=escena[1]).update(derivada_el=date(2026, 3, 20), cerrada_el=cuando)
    assert cifras(CLAVE, "dias", hoy=date(2026, 3, 30))[escena["nidia"]] == (1,)


def test_comparado_con_el_mes_anterior_lo_abierto_es_lo_de_entonces(escena: dict[str, Any]) -> None:
    """El 16/02/2026 estaban abiertas la 3, que se cerró en marzo, y la 9; solo la 9 tenía el plazo vencido."""
    from clientes.tests.fabricas import HOY
    from reportes.marco import REPORTES, Agrupado

    reporte = REPORTES[CLAVE]
    assert isinstance(reporte, Agrupado)
    total = reporte.tabla(reporte.pedir({"comparar": "on"}, hoy=HOY)).total
    assert total.antes is not None
    assert (total.antes["abiertas"], total.antes["pasadas"], total.antes["recibidas"]) == (2, 1, 1)


@given(st.lists(st.integers(-3, 40), max_size=30))
def test_la_mediana_es_la_de_la_lista(dias: list[int]) -> None:
    assert mediana(Counter(dias)) == (float(median(dias)) if dias else None)
