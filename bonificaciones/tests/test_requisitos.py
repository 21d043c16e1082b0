"""A quiénes dice un reporte que les falta el premio son, uno por uno, los que la asignación premiaría."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonificaciones.asignacion.criterios import Criterios
from bonificaciones.asignacion.elegibles import TABLA, buscar
from bonificaciones.asignacion.requisitos import ELEGIBLE, PERMANENCIA, Requisitos, de_programa
from bonificaciones.asignacion.temporales import consultar
from bonificaciones.models import Bonificacion, Derivacion, Programa
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from bonificaciones.tests import oraculo
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaPrograma, FabricaSegmento
from bonificaciones.tests.oraculo import Regla
from bonificaciones.tests.test_lo_simulado_es_lo_asignado import escena, personas, poner, reglas
from clientes.models import Cliente
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente, FabricaContrato
from movistar_site.comun.models import Parametro

pytestmark = pytest.mark.django_db
__all__ = ["escena"]


def segun_la_busqueda(programa: Programa) -> tuple[set[int], int]:
    """Los que se premiarían sin tope, y cuántos cumplen la permanencia."""
    with buscar(Criterios.de(programa), hoy=HOY) as busqueda:
        elegidos = {clave for (clave,) in consultar(f"SELECT cliente FROM {TABLA}")}
        return elegidos, busqueda.alcance.por_permanencia


def segun_la_condicion(programas: list[Programa], nombre: str = ELEGIBLE) -> list[set[int]]:
    """Lo mismo, de todos a la vez y en consultas corrientes; al final, los de alguno."""
    requisitos = Requisitos.de(programas, hoy=HOY)
    todos = Cliente.objects.all()
    hallados = requisitos.elegibles(todos) if nombre == ELEGIBLE else requisitos.con_permanencia(todos)
    de_cada_uno = [hallados.filter(**{de_programa(nombre, uno.pk): True}) for uno in programas]
    return [set(consulta.values_list("pk", flat=True)) for consulta in (*de_cada_uno, hallados)]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    dos=st.tuples(reglas(), reglas()), gente=st.lists(personas, min_size=3, max_size=9),
    hueco=st.sampled_from([0, 0, 45]), asignar=st.booleans(),
)  # fmt: skip
def test_con_cualquier_programa_y_cualquier_gente_es_lo_de_la_busqueda(
    escena: dict[str, Any], dos: tuple[Regla, Regla], gente: list[Any], hueco: int, asignar: bool
) -> None:
    Parametro.objects.filter(clave="hueco_permanencia").delete()
    Parametro.objects.create(
        clave="hueco_permanencia", valor=str(hueco), vigente_desde=date(2000, 1, 1), norma="Prueba"
    )
    Derivacion.objects.all().delete()
    Bonificacion.objects.all().delete()
    Cliente.objects.exclude(pk=None).update(estado="inactivo", inactivo_desde=HOY)
    poner(gente, escena)
    programas = []
    for regla in dos:
        regla.tope = None
        programa = FabricaPrograma(**oraculo.campos(regla))
        programa.tipos.set([escena["servicios"][n].tipo for n in regla.tipos])
        programa.municipios.set([escena["municipios"][codigo] for codigo in regla.municipios])
        programas.append(programa)
    if asignar:
        notificar_fidelizacion(programa=programas[0], hoy=HOY, ahora=AHORA)
        Bonificacion.objects.filter(pk__in=list(Bonificacion.objects.values_list("pk", flat=True)[::2])).update(hito=3)

    esperados = [segun_la_busqueda(programa) for programa in programas]
    *hallados, alguno = segun_la_condicion(programas)
    assert hallados == [elegidos for elegidos, _ in esperados]
    assert alguno == hallados[0] | hallados[1]
    *permanecen, alguno = segun_la_condicion(programas, PERMANENCIA)
    assert [len(suyos) for suyos in permanecen] == [cuantos for _, cuantos in esperados]
    assert alguno == permanecen[0] | permanecen[1]


def test_un_hueco_reinicia_la_permanencia_tambien_cuando_se_miran_varios_programas() -> None:
    """Los años que otro programa mira repiten el «desde cuándo» dentro de la misma consulta."""
    Parametro.objects.create(clave="hueco_permanencia", valor="45", vigente_desde=date(2000, 1, 1), norma="Prueba")
    volvio, siguio = (FabricaCliente(fecha_vinculacion=date(2015, 3, 15)) for _ in range(2))
    FabricaContrato(cliente=volvio, fecha_inicio=date(2015, 3, 15), estado="terminado", fecha_fin=date(2019, 10, 9))
    FabricaContrato(cliente=volvio, fecha_inicio=date(2021, 2, 19))
    FabricaContrato(cliente=siguio, fecha_inicio=date(2015, 3, 15))
    diez = FabricaPrograma(meses_minimos=120, estricto=True)
    cada_anio = FabricaPrograma(meses_minimos=0, estricto=False, frecuencia="anual")
    assert segun_la_condicion([diez, cada_anio])[:2] == [{siguio.pk}, {volvio.pk, siguio.pk}]
    assert [segun_la_busqueda(uno)[0] for uno in (diez, cada_anio)] == [{siguio.pk}, {volvio.pk, siguio.pk}]


def test_con_un_segmento_solo_los_suyos() -> None:
    leal = FabricaCliente(fecha_vinculacion=date(2010, 1, 1), categoria_asignada="leal", motivo_categoria="Prueba")
    nuevo = FabricaCliente(fecha_vinculacion=date(2010, 1, 1), categoria_asignada="nuevo", motivo_categoria="Prueba")
    FabricaContrato(cliente=leal, estado="activo")
    programa = FabricaPrograma(segmento=FabricaSegmento(filtros="categoria=leal"))
    assert segun_la_condicion([programa])[0] == {leal.pk} == segun_la_busqueda(programa)[0]
    assert segun_la_condicion([programa], PERMANENCIA)[0] == {leal.pk, nuevo.pk}


def test_quien_ya_la_tiene_no_falta_aunque_la_haya_rechazado() -> None:
    bono = FabricaBonificacion(estado="rechazada", cerrada_el=AHORA)
    assert segun_la_condicion([bono.programa]) == [set(), set()]
    assert bono.cliente_id in segun_la_condicion([bono.programa], PERMANENCIA)[0]


def test_sin_programas_no_falta_nadie() -> None:
    FabricaCliente(fecha_vinculacion=date(2000, 1, 1))
    assert segun_la_condicion([]) == [set()]
