"""Lo que se lee del catálogo, en un número fijo de consultas."""

from decimal import Decimal

import pytest

from servicios import consultas
from servicios.models import Promocion

from .fabricas import HOY, FabricaPrecio, FabricaPromocion, FabricaServicio, contratar

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("filas", [3, 30])
def test_el_catalogo_es_una_sola_consulta(filas, django_assert_num_queries):
    for _ in range(filas):
        contratar(FabricaPrecio().servicio)
    with django_assert_num_queries(1):
        leidos = [(s.tipo.nombre, s.precio_vigente, s.contratos_activos) for s in consultas.catalogo(HOY)]
    assert len(leidos) == filas
    assert {fila[1:] for fila in leidos} == {(Decimal("74900.00"), 1)}


def test_el_catalogo_cuenta_solo_los_contratos_activos():
    servicio = FabricaServicio()
    contratar(servicio, cuantos=2)
    contratar(servicio, estado="terminado")
    contratar(servicio, estado="pendiente")
    sin_contratos = FabricaServicio()
    cuentas = {s.pk: s.contratos_activos for s in consultas.catalogo(HOY)}
    assert cuentas == {servicio.pk: 2, sin_contratos.pk: 0}


def test_los_usos_de_un_servicio_dicen_contratos_paquetes_y_promociones():
    servicio = FabricaServicio()
    assert not consultas.usos_de(servicio)
    contratar(servicio)
    contratar(servicio, estado="terminado")
    FabricaServicio(codigo="DUO-1").componentes.add(servicio)
    FabricaPromocion(codigo="NAVIDAD").servicios.add(servicio)
    usos = consultas.usos_de(servicio)
    assert usos == consultas.Usos(2, 1, ("DUO-1",), ("NAVIDAD",))
    assert usos


def test_los_usos_de_las_promociones_van_en_su_consulta(django_assert_num_queries):
    promocion = FabricaPromocion()
    contratar(FabricaServicio(), cuantos=3, promocion=promocion)
    contratar(FabricaServicio(), estado="terminado", promocion=promocion)
    FabricaPromocion()
    with django_assert_num_queries(1):
        usadas = {p.pk: p.usadas for p in Promocion.objects.con_usos()}
    assert sorted(usadas.values()) == [0, 4]
    assert usadas[promocion.pk] == 4
