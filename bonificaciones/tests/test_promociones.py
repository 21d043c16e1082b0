"""Qué promociones puede tener un cliente hoy: cada razón de que no, el cupo y la exclusiva con dos ventas a la vez."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonificaciones.promociones import (
    Catalogo,
    clientes_que_pueden,
    por_que_nadie,
    posibles,
    promociones_de,
    segmentos_de_varios,
)
from clientes.models import Cliente, Contrato
from clientes.operaciones import crear_contrato
from clientes.promociones import hechos_de
from clientes.tests.fabricas import HOY, FabricaCliente, FabricaContrato, servicio_con_precio
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import sumar_anios
from servicios.models import Promocion
from servicios.tests.fabricas import FabricaPromocion, FabricaServicio

from .fabricas import FabricaSegmento

AYER = HOY - timedelta(days=1)


def una(cliente, promocion):
    return {posible.promocion: posible for posible in promociones_de(cliente, hoy=HOY)}[promocion]


@pytest.fixture
def cliente(db):
    return FabricaCliente()


# --- Las razones -----------------------------------------------------------------------------------------------------
def test_la_que_cumple_todo_se_puede_y_dice_sobre_que_servicios(cliente):
    activo, retirado = FabricaServicio(), FabricaServicio(estado="retirado", retirado_el=HOY)
    promocion = FabricaPromocion(categorias=["regular"], meses_minimos=12, cupo=1)
    promocion.servicios.set([activo, retirado])
    posible = una(cliente, promocion)
    assert (posible.puede, posible.porque, posible.servicios) == (True, "", (activo,))
    assert una(cliente, FabricaPromocion()).servicios == ()


@pytest.mark.parametrize(
    ("campos", "frase"),
    [
        ({"categorias": ["leal", "nuevo"]}, "Es para clientes de categoría leal y nuevo; este es regular."),
        ({"meses_minimos": 120}, "Pide 10 años de permanencia y el cliente lleva 6 años y 2 meses."),
    ],
)
def test_lo_que_el_cliente_no_cumple_se_dice(cliente, campos, frase):
    posible = una(cliente, FabricaPromocion(**campos))
    assert (posible.puede, posible.porque) == (False, frase)


@pytest.mark.django_db
def test_un_cliente_inactivo_no_puede_ninguna():
    inactivo = FabricaCliente(estado="inactivo", inactivo_desde=HOY)
    assert una(inactivo, FabricaPromocion()).porque == "Es para clientes activos; este está inactivo."


def test_sin_cupo_no_se_puede(cliente):
    promocion = FabricaPromocion(cupo=1)
    FabricaContrato(promocion=promocion, estado="terminado", fecha_fin=HOY)
    assert una(cliente, promocion).porque == "Ya se dio 1 vez: no le queda cupo."
    assert por_que_nadie(promocion, hoy=HOY) == "Hoy nadie: no le queda cupo."


def test_no_se_repite_en_otro_contrato_en_pie(cliente):
    promocion = FabricaPromocion()
    contrato = FabricaContrato(cliente=cliente, promocion=promocion, estado="suspendido")
    assert una(cliente, promocion).porque == f"Ya la tiene en el contrato {contrato.numero}."
    Contrato.objects.update(estado="terminado", fecha_fin=HOY)
    assert una(cliente, promocion).puede


def test_una_exclusiva_no_se_suma_ni_deja_que_le_sumen(cliente):
    otra, exclusiva = FabricaPromocion(nombre="La otra"), FabricaPromocion(nombre="La única", exclusiva=True)
    contrato = FabricaContrato(cliente=cliente, promocion=otra)
    frase = f"No se suma con otras y el cliente tiene «La otra» en el contrato {contrato.numero}."
    assert una(cliente, exclusiva).porque == frase
    assert una(cliente, FabricaPromocion()).puede
    Contrato.objects.update(promocion=exclusiva)
    frase = f"No se suma: el cliente tiene «La única», exclusiva, en el contrato {contrato.numero}."
    assert una(cliente, otra).porque == frase


def test_la_de_un_segmento_vale_solo_para_sus_clientes(cliente):
    promocion = FabricaPromocion()
    leales = FabricaSegmento(nombre="Leales", filtros="categoria=leal")
    leales.promociones.add(promocion)
    assert una(cliente, promocion).porque == "Es solo para el segmento «Leales» y el cliente no está en él."
    FabricaSegmento(nombre="Nuevos", filtros="categoria=nuevo").promociones.add(promocion)
    frase = "Es solo para los segmentos «Leales» y «Nuevos» y el cliente no está en ninguno."
    assert una(cliente, promocion).porque == frase
    FabricaSegmento(nombre="Regulares", filtros="categoria=regular", activo=False).promociones.add(promocion)
    assert una(cliente, promocion).puede


def test_un_segmento_con_los_filtros_rotos_no_abre_la_promocion_a_todos(cliente):
    promocion = FabricaPromocion()
    FabricaSegmento(filtros="municipio=99999").promociones.add(promocion)
    FabricaSegmento(filtros="sin_tipo=9999").promociones.add(promocion)
    assert not una(cliente, promocion).puede
    assert not clientes_que_pueden(promocion, hoy=HOY).exists()


def test_si_sus_servicios_se_retiraron_no_hay_a_que_darla(cliente):
    promocion = FabricaPromocion()
    promocion.servicios.add(FabricaServicio(estado="retirado", retirado_el=HOY))
    assert una(cliente, promocion).porque == "Sus servicios se retiraron: ya no se vende ninguno."
    assert por_que_nadie(promocion, hoy=HOY) == "Hoy nadie: sus servicios se retiraron."


def test_solo_salen_las_que_estan_en_vigor(cliente):
    for campos in ({"activa": False}, {"vigente_hasta": AYER}, {"vigente_desde": HOY + timedelta(days=1)}):
        promocion = FabricaPromocion(**campos)
        assert por_que_nadie(promocion, hoy=HOY).startswith("Hoy nadie: está ")
        assert not clientes_que_pueden(promocion, hoy=HOY).exists()
    assert promociones_de(cliente, hoy=HOY) == []


def test_las_consultas_no_dependen_de_cuantas_promociones_ni_segmentos_haya(cliente):
    def consultas():
        with CaptureQueriesContext(connection) as hechas:
            promociones_de(cliente, hoy=HOY)
        return len(hechas)

    def crecer():
        for promocion in FabricaPromocion.create_batch(3, cupo=5):
            FabricaSegmento(filtros="categoria=leal&gasto_min=1").promociones.add(promocion)
            promocion.servicios.add(FabricaServicio())

    crecer()
    primera = consultas()
    crecer()
    crecer()
    assert consultas() == primera <= 7


# --- Al firmar -------------------------------------------------------------------------------------------------------
def vender(cliente, promocion, servicio):
    return crear_contrato(
        cliente=cliente, servicio=servicio, fecha_inicio=HOY, usuario=None, hoy=HOY, promocion=promocion
    )


@pytest.mark.django_db
def test_al_firmar_se_exige_lo_mismo():
    cliente, servicio = FabricaCliente(), servicio_con_precio()
    exclusiva, otra, de_leales = FabricaPromocion(exclusiva=True), FabricaPromocion(), FabricaPromocion()
    FabricaSegmento(nombre="Leales", filtros="categoria=leal").promociones.add(de_leales)
    with pytest.raises(ValidationError, match="solo para el segmento «Leales»"):
        vender(cliente, de_leales, servicio)
    vender(cliente, exclusiva, servicio)
    with pytest.raises(ValidationError, match="ya la tiene en el contrato"):
        vender(cliente, exclusiva, servicio)
    with pytest.raises(ValidationError, match="exclusiva, en el contrato"):
        vender(cliente, otra, servicio)
    Contrato.objects.all().delete()
    vender(cliente, otra, servicio)
    with pytest.raises(ValidationError, match="no se suma con otras"):
        vender(cliente, exclusiva, servicio)
    leal = FabricaCliente(fecha_vinculacion=sumar_anios(HOY, -11))
    assert vender(leal, de_leales, servicio).promocion == de_leales


def a_la_vez(*ventas):
    """Corre las ventas en hilos, cada uno con su conexión, que empiezan juntas; devuelve cuántas se hicieron."""
    hechas, salida = [], threading.Barrier(len(ventas))

    def hilo(venta):
        try:
            salida.wait(timeout=10)
            hechas.append(insistir(venta))
        finally:
            connections.close_all()

    hilos = [threading.Thread(target=hilo, args=(venta,)) for venta in ventas]
    for uno in hilos:
        uno.start()
    for uno in hilos:
        uno.join()
    assert len(hechas) == len(ventas)
    return sum(hechas)


def insistir(venta):
    """Si se hizo o la regla la rechazó. La SQLite en memoria de las pruebas no espera el turno: se vuelve a pedir."""
    for _ in range(500):
        try:
            venta()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.01)
        except ValidationError:
            return False
        else:
            return True
    raise AssertionError("La base no dio el turno.")


@pytest.mark.django_db(transaction=True)
def test_dos_ventas_a_la_vez_no_pasan_del_cupo():
    promocion, servicio = FabricaPromocion(cupo=1), servicio_con_precio()
    ventas = [lambda c=c: vender(c, promocion, servicio) for c in FabricaCliente.create_batch(4)]
    assert a_la_vez(*ventas) == 1
    assert Contrato.objects.filter(promocion=promocion).count() == 1


@pytest.mark.django_db(transaction=True)
def test_dos_ventas_a_la_vez_no_suman_una_exclusiva_con_otra():
    cliente, servicio = FabricaCliente(), servicio_con_precio()
    promociones = [FabricaPromocion(exclusiva=True), FabricaPromocion(), FabricaPromocion(exclusiva=True)]
    hechas = a_la_vez(*[lambda p=p: vender(cliente, p, servicio) for p in promociones])
    assert hechas == Contrato.objects.count() == 1


# --- En bloque -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_en_bloque_y_al_reves_dicen_lo_mismo_que_de_uno_en_uno():
    servicios = FabricaServicio.create_batch(2)
    normas = parametros(HOY)

    @given(st.data())
    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    def comparar(datos):
        azar = datos.draw(st.randoms(use_true_random=False))
        Contrato.objects.all().delete()
        Promocion.objects.all().delete()
        Cliente.objects.all().delete()
        clientes = [
            FabricaCliente(
                fecha_vinculacion=sumar_anios(HOY, -azar.choice((1, 5, 10, 11)))
                + timedelta(days=azar.choice((-1, 0, 1))),
                **({"estado": "inactivo", "inactivo_desde": HOY} if azar.random() < 0.2 else {}),
            )
            for _ in range(5)
        ]
        promociones = [
            FabricaPromocion(
                exclusiva=azar.random() < 0.4,
                categorias=azar.choice(([], ["leal"], ["nuevo", "regular"])),
                meses_minimos=azar.choice((0, 12, 120)),
                cupo=azar.choice((None, None, 1, 3)),
            )
            for _ in range(4)
        ]
        segmento = FabricaSegmento(filtros=azar.choice(("categoria=leal", "contratos_min=1", "contratos_max=0")))
        segmento.promociones.add(azar.choice(promociones))
        for cliente in clientes:
            if azar.random() < 0.6:
                FabricaContrato(
                    cliente=cliente, servicio=azar.choice(servicios), promocion=azar.choice([None, *promociones])
                )
        catalogo = Catalogo.de(HOY)
        hechos = {cliente.pk: hechos_de(cliente, dia=HOY, normas=normas) for cliente in clientes}
        suyos = segmentos_de_varios([c.pk for c in clientes], catalogo.segmentos, hoy=HOY)
        pueden = {p.pk: set(clientes_que_pueden(p, hoy=HOY).values_list("pk", flat=True)) for p in promociones}
        for cliente in clientes:
            en_bloque = posibles(catalogo, hechos[cliente.pk], suyos.get(cliente.pk, ()))
            assert en_bloque == promociones_de(cliente, hoy=HOY)
            for posible in en_bloque:
                assert posible.puede == (cliente.pk in pueden[posible.promocion.pk])
                assert posible.puede == (posible.porque == "")

    comparar()
