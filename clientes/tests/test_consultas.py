"""Lo que se lee de un cliente para su ficha."""

from datetime import date

import pytest

from clientes import consultas
from movistar_site.comun.parametros import parametros
from servicios.tests.fabricas import FabricaAtributo, FabricaTipo

from .fabricas import (
    HOY,
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaInteraccion,
    servicio_con_precio,
)

pytestmark = pytest.mark.django_db


def razon(desde, **campos):
    cliente = FabricaCliente(fecha_vinculacion=desde, **campos)
    return consultas.explicar_categoria(cliente, HOY, parametros(HOY))


@pytest.mark.parametrize(
    ("desde", "frase"),
    [
        (date(2012, 1, 10), "Leal: lleva 14 años y 2 meses (más de 10 años)"),
        (date(2016, 3, 16), "Regular: lleva 10 años (de 3 años a 10 años)"),
        (date(2016, 3, 15), "Leal: lleva 10 años y 1 día (más de 10 años)"),
        (date(2024, 3, 16), "Nuevo: lleva 2 años (menos de 3 años)"),
        (date(2026, 3, 14), "Nuevo: lleva 2 días (menos de 3 años)"),
        (HOY, "Nuevo: es cliente desde hoy (menos de 3 años)"),
    ],
)
def test_la_razon_de_la_categoria_se_dice_en_una_frase(desde, frase):
    assert razon(desde) == frase


def test_la_asignada_a_mano_dice_su_motivo_y_la_que_tendria():
    frase = razon(HOY, categoria_asignada="leal", motivo_categoria="Fundador.")
    assert frase == "Asignada a mano: Fundador. Por su permanencia sería nuevo."
    frase = razon(HOY, categoria_asignada="nuevo", motivo_categoria="Volvió")
    assert frase == "Asignada a mano: Volvió."


def test_lo_de_un_cliente_va_del_ultimo_al_primero(django_assert_num_queries):
    cliente = FabricaCliente()
    contratos = FabricaContrato.create_batch(3, cliente=cliente)
    interacciones = [FabricaInteraccion(cliente=cliente, contrato=contratos[0]) for _ in range(2)]
    with django_assert_num_queries(1):
        assert [c.servicio.tipo.nombre for c in consultas.contratos_de(cliente)]
    assert list(consultas.contratos_de(cliente)) == contratos[::-1]
    assert list(consultas.interacciones_de(cliente)) == interacciones[::-1]
    consentimiento = FabricaConsentimiento(cliente=cliente)
    assert list(consultas.consentimientos_de(cliente)) == [consentimiento]


def test_los_usos_dicen_si_el_cliente_tiene_algo():
    cliente = FabricaCliente()
    assert not consultas.usos_de(cliente)
    FabricaContrato(cliente=cliente)
    usos = consultas.usos_de(cliente)
    assert usos and (usos.contratos, usos.interacciones, usos.consentimientos) == (1, 0, 0)


def test_las_condiciones_se_leen_con_los_nombres_de_su_tipo():
    tipo = FabricaTipo()
    FabricaAtributo(tipo=tipo, clave="velocidad_bajada_mbps", nombre="Velocidad de bajada", unidad="Mbps", orden=1)
    FabricaAtributo(tipo=tipo, clave="simetrica", nombre="Simétrica", tipo_dato="si_no", orden=2)
    servicio = servicio_con_precio(tipo=tipo)
    contrato = FabricaContrato(servicio=servicio)
    contrato.condiciones = {
        "servicio": "Fibra",
        "caracteristicas": {"clave_vieja": [1, 2], "simetrica": True, "velocidad_bajada_mbps": 300},
    }
    assert consultas.condiciones_legibles(contrato) == [
        ("Velocidad de bajada", "300 Mbps"),
        ("Simétrica", "Sí"),
        ("Clave vieja", "1, 2"),
    ]


@pytest.mark.parametrize("condiciones", [{}, {"caracteristicas": {}}, [], {"servicio": "Solo el nombre"}])
def test_unas_condiciones_incompletas_no_rompen_la_ficha(condiciones):
    assert consultas.condiciones_legibles(FabricaContrato(condiciones=condiciones)) == []
