"""Las cuentas de bonificaciones y de derivaciones son exactas después de asignar, mover, cerrar y borrar."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from bonificaciones.models import Bonificacion, Derivacion
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from bonificaciones.tests.fabricas import FabricaDerivacion, FabricaPrograma
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente, FabricaUsuario, servicio_con_precio
from clientes.tests.fabricas import FabricaContrato as Contrato
from movistar_site.comun import resumenes
from reportes.models import BonificacionesPorDia, DerivacionesAbiertas
from reportes.resumenes import BONIFICACIONES_POR_DIA, DERIVACIONES_ABIERTAS

pytestmark = pytest.mark.django_db


def cuadran() -> None:
    assert [resumenes.diferencias(uno) for uno in (BONIFICACIONES_POR_DIA, DERIVACIONES_ABIERTAS)] == [0, 0]


def suma(modelo: Any, columna: str = "n", **claves: Any) -> int:
    return sum(modelo.objects.filter(**claves).values_list(columna, flat=True))


def test_lo_que_asigna_el_motor_se_cuenta_y_lo_que_deshace_no() -> None:
    servicio = servicio_con_precio()
    for _ in range(5):
        cliente = FabricaCliente(fecha_vinculacion=date(2010, 1, 1))
        Contrato(cliente=cliente, servicio=servicio, precio=Decimal("74900.50"))
    programa = FabricaPrograma(cantidad=10, meses=6)
    notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA)
    assert suma(BonificacionesPorDia, programa_id=programa.pk, estado="asignada", dia=HOY) == 5
    assert suma(BonificacionesPorDia, "centavos") == 5 * 749_005
    assert suma(BonificacionesPorDia, "en_total") == 5 * 749_005 * 6
    # Sin ningún asesor a quien derivarlas: el cero, y el año 1.
    assert suma(DerivacionesAbiertas, asesor_id=0, vence_el=date(1, 1, 1)) == 5
    cuadran()
    with pytest.raises(RuntimeError), transaction.atomic():
        Derivacion.objects.all().delete()
        Bonificacion.objects.all().delete()
        raise RuntimeError
    assert suma(BonificacionesPorDia) == suma(DerivacionesAbiertas) == 5
    cuadran()


def test_mil_cosas_al_azar_las_dejan_exactas() -> None:
    azar = random.Random(5)
    cuentas = [None, *(FabricaUsuario().pk for _ in range(3))]
    hechas = [FabricaDerivacion(asesor_id=azar.choice(cuentas)) for _ in range(25)]
    derivaciones, bonos = [una.pk for una in hechas], [una.bonificacion_id for una in hechas]

    def unas(claves: list[int]) -> list[int]:
        return azar.sample(claves, azar.randrange(1, 5))

    def cerrar() -> None:
        resultado = azar.choice(["rechazada", "vencida", "anulada"])
        claves = unas(derivaciones)
        Derivacion.objects.filter(pk__in=claves).update(estado="cerrada", resultado=resultado, cerrada_el=AHORA)
        Bonificacion.objects.filter(derivacion__in=claves).update(estado=resultado, cerrada_el=AHORA)

    def reabrir() -> None:
        claves = unas(derivaciones)
        Derivacion.objects.filter(pk__in=claves).update(estado="pendiente", resultado="", cerrada_el=None)
        Bonificacion.objects.filter(derivacion__in=claves).update(estado="asignada", cerrada_el=None)

    def mover() -> None:
        vence_el = azar.choice([None, HOY + timedelta(days=azar.randrange(9))])
        Derivacion.objects.filter(pk__in=unas(derivaciones)).update(asesor=azar.choice(cuentas), vence_el=vence_el)

    def encarecer() -> None:
        costo = Decimal(azar.randrange(1, 9_999_999)) / 100
        Bonificacion.objects.filter(pk__in=unas(bonos)).update(costo_mensual=costo, meses=azar.randrange(1, 25))

    def borrar() -> None:
        if len(derivaciones) > 8:
            una = derivaciones.pop(azar.randrange(len(derivaciones)))
            Derivacion.objects.filter(pk=una).delete()

    for n in range(1_000):
        azar.choice([cerrar, reabrir, mover, encarecer, mover, borrar])()
        if n % 250 == 0:
            cuadran()
    cuadran()
