"""Firmar un contrato: precio, condiciones, permanencia y promoción."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clientes.models import Contrato
from clientes.operaciones import borrar_contrato, corregir_contrato, crear_contrato
from movistar_site.comun.models import Consecutivo, Parametro
from servicios.tests.fabricas import FabricaPrecio, FabricaServicio

from .fabricas import (
    AYER,
    HOY,
    FabricaCliente,
    FabricaContrato,
    FabricaInteraccion,
    FabricaPromocion,
    FabricaUsuario,
    servicio_con_precio,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cliente():
    return FabricaCliente()


@pytest.fixture
def servicio():
    return servicio_con_precio()


@pytest.fixture
def contratar(cliente, servicio):
    agente = FabricaUsuario()

    def contratar(**opciones):
        datos = {"cliente": cliente, "servicio": servicio, "fecha_inicio": HOY, "usuario": agente, "hoy": HOY}
        return crear_contrato(**(datos | opciones))

    return contratar


def rechazo(contratar, **opciones):
    with pytest.raises(ValidationError) as error:
        contratar(**opciones)
    return error.value.message_dict


def test_un_contrato_nace_pendiente_con_numero_y_el_precio_que_rige(contratar):
    contrato = Contrato.objects.get(pk=contratar().pk)
    assert (contrato.numero, contrato.estado, contrato.precio) == ("C-00000001", "pendiente", Decimal("74900.00"))
    assert contrato.history.count() == 1


def test_los_numeros_siguen_uno_a_otro(contratar):
    assert [contratar().numero for _ in range(3)] == ["C-00000001", "C-00000002", "C-00000003"]


def test_se_copian_las_condiciones_y_el_catalogo_ya_no_lo_toca(contratar, servicio):
    servicio.caracteristicas = {"velocidad": 300}
    servicio.periodicidad = "anual"
    servicio.save()
    contrato = contratar()
    servicio.caracteristicas, servicio.nombre = {"velocidad": 600}, "Otro"
    servicio.save()
    FabricaPrecio(servicio=servicio, valor=Decimal(99000), vigente_desde=AYER)
    contrato.refresh_from_db()
    assert contrato.condiciones["caracteristicas"] == {"velocidad": 300}
    assert contrato.periodicidad == "anual"
    assert contrato.precio == Decimal("74900.00")


def test_el_precio_es_el_que_rige_el_dia_en_que_empieza(contratar, servicio):
    FabricaPrecio(servicio=servicio, valor=Decimal(80000), vigente_desde=HOY + timedelta(days=10))
    assert contratar(fecha_inicio=HOY + timedelta(days=9)).precio == Decimal(74900)
    assert contratar(fecha_inicio=HOY + timedelta(days=10)).precio == Decimal(80000)


def test_un_precio_dado_vale_sobre_el_del_catalogo(contratar):
    assert contratar(precio=Decimal("50000.00")).precio == Decimal(50000)
    assert contratar(precio=Decimal(0)).precio == Decimal(0)


def test_un_precio_negativo_se_rechaza(contratar):
    assert "precio" in rechazo(contratar, precio=Decimal(-1))


def test_sin_precio_que_rija_se_dice_y_no_se_crea(contratar):
    sin_precio = FabricaServicio()
    assert "no tiene precio que rija el 16/03/2026" in rechazo(contratar, servicio=sin_precio)["precio"][0]
    assert contratar(servicio=sin_precio, precio=Decimal(1000)).precio == Decimal(1000)


def test_a_un_cliente_inactivo_no_se_le_contrata(contratar, cliente):
    cliente.estado, cliente.inactivo_desde = "inactivo", AYER
    cliente.save()
    assert "inactivo" in rechazo(contratar)["cliente"][0]


def test_un_servicio_retirado_no_se_vende(contratar, servicio):
    servicio.estado, servicio.retirado_el = "retirado", AYER
    servicio.save()
    assert "retirado" in rechazo(contratar)["servicio"][0]


def test_no_empieza_antes_de_que_el_cliente_se_vincule(contratar, cliente):
    antes = cliente.fecha_vinculacion - timedelta(days=1)
    assert "se vinculó el 15/01/2020" in rechazo(contratar, fecha_inicio=antes)["fecha_inicio"][0]


def test_un_anio_mal_escrito_se_rechaza(contratar):
    assert "más de un año" in rechazo(contratar, fecha_inicio=date(2206, 3, 16))["fecha_inicio"][0]


def test_se_dicen_todas_las_faltas_juntas(contratar, cliente, servicio):
    cliente.estado, cliente.inactivo_desde = "inactivo", AYER
    cliente.save()
    servicio.estado, servicio.retirado_el = "retirado", AYER
    servicio.save()
    assert set(rechazo(contratar)) == {"cliente", "servicio"}


def test_un_rechazo_no_gasta_numero(contratar):
    rechazo(contratar, permanencia_meses=12)
    assert not Consecutivo.objects.filter(serie="contrato", ultimo__gt=0).exists()


def test_se_puede_activar_de_una_vez(contratar):
    assert contratar(activar=True).estado == "activo"
    assert "no se puede activar" in rechazo(contratar, activar=True, fecha_inicio=HOY + timedelta(1))["fecha_inicio"][0]


# --- Permanencia -----------------------------------------------------------------------------------------------------
def test_un_servicio_movil_no_lleva_permanencia(contratar):
    movil = servicio_con_precio(red="movil")
    frase = rechazo(contratar, servicio=movil, permanencia_meses=1, anexo_permanencia="A-1")["permanencia_meses"][0]
    assert "4444 de 2014" in frase
    assert contratar(servicio=movil).permanencia_meses == 0


def test_uno_fijo_la_lleva_hasta_doce_meses_y_con_anexo(contratar):
    assert contratar(permanencia_meses=12, anexo_permanencia=" A-1 ").anexo_permanencia == "A-1"
    assert "de 0 a 12" in rechazo(contratar, permanencia_meses=13, anexo_permanencia="A-1")["permanencia_meses"][0]
    assert "anexo_permanencia" in rechazo(contratar, permanencia_meses=12)


def test_el_tope_de_permanencia_es_el_del_dia_en_que_empieza(contratar):
    Parametro.objects.create(
        clave="meses_permanencia_fija", valor="6", vigente_desde=date(2026, 3, 1), norma="Norma inventada"
    )
    assert "de 0 a 6" in rechazo(contratar, permanencia_meses=12, anexo_permanencia="A-1")["permanencia_meses"][0]
    assert contratar(fecha_inicio=date(2026, 2, 28), permanencia_meses=12, anexo_permanencia="A-1").pk


# --- Promoción -------------------------------------------------------------------------------------------------------
def test_una_promocion_vigente_que_cubre_el_servicio_se_da(contratar, servicio):
    promocion = FabricaPromocion(categorias=["regular"], meses_minimos=12, cupo=1)
    promocion.servicios.add(servicio)
    assert contratar(promocion=promocion).promocion == promocion


@pytest.mark.parametrize(
    ("campos", "frase"),
    [
        ({"activa": False}, "no está vigente"),
        ({"vigente_hasta": AYER}, "no está vigente"),
        ({"vigente_desde": HOY + timedelta(days=1)}, "no está vigente"),
        ({"categorias": ["nuevo", "leal"]}, "categoría nuevo y leal; este es regular"),
        ({"meses_minimos": 120}, "pide 10 años de permanencia y el cliente lleva 6 años y 2 meses"),
    ],
)
def test_una_promocion_que_no_le_vale_se_rechaza(contratar, campos, frase):
    assert frase in rechazo(contratar, promocion=FabricaPromocion(**campos))["promocion"][0]


def test_una_promocion_de_otro_servicio_se_rechaza(contratar):
    promocion = FabricaPromocion()
    promocion.servicios.add(FabricaServicio())
    assert "no vale para" in rechazo(contratar, promocion=promocion)["promocion"][0]


def test_el_cupo_se_acaba(contratar):
    promocion = FabricaPromocion(cupo=2)
    for _ in range(2):
        contratar(cliente=FabricaCliente(), promocion=promocion)
    assert "ya se dio 2 veces" in rechazo(contratar, promocion=promocion)["promocion"][0]


def test_la_promocion_se_mira_el_dia_de_la_firma(contratar):
    promocion = FabricaPromocion(vigente_hasta=HOY)
    assert contratar(promocion=promocion, fecha_inicio=HOY + timedelta(days=20)).pk


# --- Corregir y borrar -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("campo", "valor"), [("precio", Decimal(1)), ("estado", "terminado"), ("periodicidad", "anual"), ("numero", "X")]
)
def test_lo_firmado_no_se_corrige(contratar, campo, valor):
    contrato = contratar()
    setattr(contrato, campo, valor)
    with pytest.raises(ValidationError, match="quedó firmado"):
        corregir_contrato(contrato, usuario=None, hoy=HOY)


def test_mientras_esta_pendiente_se_corrige_el_inicio_y_la_permanencia(contratar):
    contrato = contratar()
    contrato.fecha_inicio = HOY + timedelta(days=5)
    contrato.permanencia_meses, contrato.anexo_permanencia = 12, "A-9"
    corregir_contrato(contrato, usuario=None, hoy=HOY)
    contrato.refresh_from_db()
    assert (contrato.fecha_inicio, contrato.permanencia_meses) == (HOY + timedelta(days=5), 12)


def test_activo_solo_se_corrige_el_anexo(contratar):
    contrato = contratar(activar=True, permanencia_meses=12, anexo_permanencia="A-1")
    contrato.anexo_permanencia = "A-2"
    corregir_contrato(contrato, usuario=None, hoy=HOY)
    contrato.fecha_inicio = AYER
    with pytest.raises(ValidationError, match="empezó a prestarse"):
        corregir_contrato(contrato, usuario=None, hoy=HOY)


def test_uno_terminado_ya_no_cambia():
    contrato = FabricaContrato(estado="terminado", fecha_fin=HOY)
    contrato.anexo_permanencia = "A"
    with pytest.raises(ValidationError, match="está terminado"):
        corregir_contrato(contrato, usuario=None, hoy=HOY)


def test_solo_se_borra_un_contrato_pendiente():
    pendiente = FabricaContrato(estado="pendiente")
    borrar_contrato(pendiente, usuario=None)
    for contrato in (FabricaContrato(), FabricaContrato(estado="terminado", fecha_fin=HOY)):
        with pytest.raises(ValidationError, match="no se borra"):
            borrar_contrato(contrato, usuario=None)
    assert Contrato.objects.count() == 2


def test_un_contrato_pendiente_mencionado_en_una_interaccion_no_se_borra():
    contrato = FabricaContrato(estado="pendiente")
    FabricaInteraccion(cliente=contrato.cliente, contrato=contrato)
    with pytest.raises(ValidationError, match="1 interacción"):
        borrar_contrato(contrato, usuario=None)
