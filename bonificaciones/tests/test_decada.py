"""Diez años de corridas diarias con gente que contrata, se va, vuelve y reclama, contra un oráculo aparte.

Se corre cada día en que algo pasa (a la gente, a un programa o al calendario de alguien) y el siguiente. En los demás
no puede haber nadie nuevo, y lo prueba que en los días corridos sea exactamente quien el oráculo dice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from bonificaciones.models import Bonificacion, Derivacion, Programa
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from bonificaciones.tests import oraculo
from bonificaciones.tests.fabricas import FabricaPrograma
from bonificaciones.tests.oraculo import Contrato, Persona, Regla, aniversario
from clientes.models import Cliente, Interaccion
from clientes.models import Contrato as ContratoGuardado
from clientes.tests.fabricas import FabricaCliente, FabricaContrato, FabricaInteraccion, servicio_con_precio
from movistar_site.comun.models import Parametro

pytestmark = pytest.mark.django_db

INICIO, FIN = date(2016, 1, 1), date(2025, 12, 31)
CLIENTES, SUCESOS, HUECO = 12, 5, 90
UN_DIA = timedelta(days=1)
CERRADA = {"estado": "cerrada", "resultado": "rechazada"}


@dataclass
class Mundo:
    """La gente dos veces: en la base y en el oráculo, y lo que el oráculo sabe que se asignó."""

    azar: Random
    servicio: Any
    personas: dict[int, Persona] = field(default_factory=dict)
    guardados: dict[tuple[int, int], int] = field(default_factory=dict)
    reglas: dict[int, Regla] = field(default_factory=dict)
    tienen: dict[int, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    abiertas: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    # --- Lo que pasa -------------------------------------------------------------------------------------------------
    def contratar(self, clave: int, dia: date) -> None:
        uno = Contrato(Decimal(self.azar.randrange(2_000_000, 15_000_000)).scaleb(-2), dia)
        guardado = FabricaContrato(
            cliente_id=clave, servicio=self.servicio, estado="activo", fecha_inicio=dia, precio=uno.precio
        )
        self.guardados[clave, len(self.personas[clave].contratos)] = guardado.pk
        self.personas[clave].contratos.append(uno)

    def terminar(self, clave: int, dia: date) -> None:
        for n, uno in enumerate(self.personas[clave].contratos):
            if uno.estado == "activo" and uno.inicio < dia:
                uno.estado, uno.fin = "terminado", dia
                ContratoGuardado.objects.filter(pk=self.guardados[clave, n]).update(estado="terminado", fecha_fin=dia)
                return

    def reclamar(self, clave: int, dia: date) -> None:
        pqr = FabricaInteraccion(cliente_id=clave, tipo=self.azar.choice(["consulta", "reclamacion"]))
        self.personas[clave].pqr.add(pqr.pk)

    def responder(self, clave: int, dia: date) -> None:
        if self.personas[clave].pqr:
            pqr = self.personas[clave].pqr.pop()
            Interaccion.objects.filter(pk=pqr).update(
                estado="respondida", respuesta="Listo", respondida_el=a_las_diez(dia)
            )

    def desactivar(self, clave: int, dia: date) -> None:
        self.personas[clave].activa = False
        Cliente.objects.filter(pk=clave).update(estado="inactivo", inactivo_desde=dia)

    def reactivar(self, clave: int, dia: date) -> None:
        self.personas[clave].activa = True
        Cliente.objects.filter(pk=clave).update(estado="activo", inactivo_desde=None)

    def cerrar_derivaciones(self, dia: date) -> None:
        """Los asesores cierran algunas de las que tienen; las demás las dejan abiertas, a veces un año entero."""
        cerradas = {quien for quienes in self.abiertas.values() for quien in quienes if self.azar.random() < 0.25}
        if cerradas:
            Derivacion.objects.abiertas().filter(cliente__in=cerradas).update(**CERRADA, cerrada_el=a_las_diez(dia))
        for quienes in self.abiertas.values():
            quienes.difference_update(cerradas)

    def cambiar_programa(self, pk: int, **cambios: Any) -> None:
        regla = self.reglas[pk]
        for nombre, valor in cambios.items():
            setattr(regla, nombre, valor)
        programa = Programa.objects.get(pk=pk)
        for nombre, valor in oraculo.campos(regla).items():
            setattr(programa, nombre, valor)
        programa.save()

    # --- Lo que debe pasar -------------------------------------------------------------------------------------------
    def esperados(self, pk: int, hoy: date) -> dict[int, oraculo.Premio]:
        return oraculo.premiados(
            self.reglas[pk], self.personas, hoy=hoy, tienen=self.tienen[pk], derivados=self.abiertas[pk], hueco=HUECO
        )


def a_las_diez(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia, time(10)))


def agenda(mundo: Mundo) -> dict[date, list[Callable[[date], None]]]:
    """Qué le pasa a quién y cuándo, al azar, y los cambios de los programas."""
    azar, sucesos = mundo.azar, defaultdict(list)
    lo_que_pasa = [mundo.contratar, mundo.contratar, mundo.terminar, mundo.terminar, mundo.reclamar, mundo.responder,
                   mundo.desactivar, mundo.reactivar, mundo.reactivar]  # fmt: skip
    for clave in mundo.personas:
        for _ in range(SUCESOS):
            dia = INICIO + timedelta(days=azar.randrange((FIN - INICIO).days))
            hacer = azar.choice(lo_que_pasa)
            sucesos[dia].append(lambda dia, hacer=hacer, clave=clave: hacer(clave, dia))
    diez, anual = mundo.reglas
    sucesos[date(2019, 5, 10)].append(lambda dia: mundo.cambiar_programa(diez, cantidad=Decimal(15), hasta=None))
    sucesos[date(2021, 8, 1)].append(lambda dia: mundo.cambiar_programa(anual, meses=96, estricto=True))
    sucesos[date(2023, 3, 1)].append(lambda dia: mundo.cambiar_programa(diez, con_contrato=False, meses=108))
    return sucesos


def dias_de(mundo: Mundo, sucesos: dict[date, Any]) -> list[date]:
    """Los días en que algo pasa o alguien cumple años con la empresa, y el siguiente."""
    dias = set(sucesos)
    for persona in mundo.personas.values():
        for meses in (96, 108, *range(120, 300, 12)):
            dias.add(aniversario(persona.vinculacion, meses))
    return sorted({dia + mas for dia in dias for mas in (timedelta(0), UN_DIA) if INICIO <= dia <= FIN})


def test_una_decada_de_corridas_diarias_premia_a_quien_el_oraculo_dice() -> None:
    Parametro.objects.create(clave="hueco_permanencia", valor=str(HUECO), vigente_desde=INICIO, norma="Prueba")
    mundo = Mundo(Random(2026), servicio_con_precio())
    for n in range(CLIENTES):
        dia = date(2012, 2, 29) if not n else date(2004, 1, 1) + timedelta(days=mundo.azar.randrange(4_300))
        clave = FabricaCliente(fecha_vinculacion=dia).pk
        mundo.personas[clave] = Persona(dia)
        mundo.contratar(clave, dia)
    for regla in (
        Regla(120, hasta=180, con_contrato=True),
        Regla(120, estricto=False, anual=True, beneficio="valor", calculo="escalones",
              escalones=[(8, Decimal(5_000)), (12, Decimal("7500.50")), (15, Decimal(90_000))]),
    ):  # fmt: skip
        mundo.reglas[FabricaPrograma(**oraculo.campos(regla)).pk] = regla
    sucesos = agenda(mundo)
    asignadas = 0
    for hoy in dias_de(mundo, sucesos):
        for suceder in sucesos.get(hoy, ()):
            suceder(hoy)
        mundo.cerrar_derivaciones(hoy)
        for pk in mundo.reglas:
            esperados = mundo.esperados(pk, hoy)
            programa = Programa.objects.get(pk=pk)
            corrida = notificar_fidelizacion(programa=programa, hoy=hoy, ahora=a_las_diez(hoy))
            nuevas = {
                bono.cliente_id: oraculo.Premio(bono.hito, bono.anios, bono.cantidad, bono.factura, bono.costo_mensual)
                for bono in corrida.bonificaciones.all()
            }
            assert nuevas == esperados, (hoy, programa)
            mundo.tienen[pk] |= {(clave, premio.hito) for clave, premio in nuevas.items()}
            mundo.abiertas[pk] |= set(nuevas)
            asignadas += len(nuevas)
    assert asignadas > CLIENTES * 3, "la década debe tener de todo"
    assert Bonificacion.objects.count() == Derivacion.objects.count() == asignadas
    assert Bonificacion.history.filter(history_type="+").count() == Derivacion.history.filter(history_type="+").count()
    # Pasada la década, el día siguiente al último no trae a nadie que debiera haber entrado antes.
    for pk in mundo.reglas:
        programa = Programa.objects.get(pk=pk)
        assert notificar_fidelizacion(programa=programa, hoy=FIN, ahora=a_las_diez(FIN)).otorgadas == len(
            mundo.esperados(pk, FIN)
        )
