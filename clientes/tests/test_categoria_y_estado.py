"""Asignar una categoría a mano, liberarla; desactivar y reactivar."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from clientes.models import Cliente
from clientes.operaciones import asignar_categoria, desactivar_cliente, liberar_categoria, reactivar_cliente

from .fabricas import HOY, FabricaCliente, FabricaContrato, FabricaUsuario

pytestmark = pytest.mark.django_db


@pytest.fixture
def cliente():
    return FabricaCliente()


@pytest.fixture
def agente():
    return FabricaUsuario()


def desactivar(cliente, agente, **opciones):
    datos = {"fecha": HOY, "motivo": "Se fue del país", "hoy": HOY} | opciones
    return desactivar_cliente(cliente, usuario=agente, **datos)


# --- Categoría -------------------------------------------------------------------------------------------------------
def test_se_asigna_una_categoria_con_su_motivo(cliente, agente):
    asignar_categoria(cliente, categoria="leal", motivo=" Cliente   fundador ", usuario=agente)
    guardado = Cliente.objects.get()
    assert (guardado.categoria_asignada, guardado.motivo_categoria) == ("leal", "Cliente fundador")
    assert guardado.history.first().autor == agente.username


@pytest.mark.parametrize("motivo", ["", "   "])
def test_sin_motivo_no_se_asigna(cliente, agente, motivo):
    with pytest.raises(ValidationError, match="escriba el motivo"):
        asignar_categoria(cliente, categoria="leal", motivo=motivo, usuario=agente)


@pytest.mark.parametrize("categoria", ["", "vip", "Leal"])
def test_una_categoria_que_no_existe_se_rechaza(cliente, agente, categoria):
    with pytest.raises(ValidationError, match="Elija entre"):
        asignar_categoria(cliente, categoria=categoria, motivo="Porque sí", usuario=agente)


def test_un_motivo_demasiado_largo_se_rechaza(cliente, agente):
    with pytest.raises(ValidationError):
        asignar_categoria(cliente, categoria="leal", motivo="x" * 201, usuario=agente)
    assert Cliente.objects.get().categoria_asignada == ""


def test_asignar_dos_veces_lo_mismo_se_rechaza(cliente, agente):
    asignar_categoria(cliente, categoria="leal", motivo="Fundador", usuario=agente)
    with pytest.raises(ValidationError, match="ya tiene asignada"):
        asignar_categoria(cliente, categoria="leal", motivo="Fundador", usuario=agente)


def test_se_libera_y_vuelve_a_darla_la_permanencia(cliente, agente):
    asignar_categoria(cliente, categoria="leal", motivo="Fundador", usuario=agente)
    liberar_categoria(cliente, usuario=agente)
    guardado = Cliente.objects.get()
    assert (guardado.categoria_asignada, guardado.motivo_categoria) == ("", "")


def test_liberar_dos_veces_se_rechaza(cliente, agente):
    with pytest.raises(ValidationError, match="no tiene una categoría asignada"):
        liberar_categoria(cliente, usuario=agente)


# --- Estado ----------------------------------------------------------------------------------------------------------
def test_un_cliente_sin_contratos_en_pie_se_desactiva(cliente, agente):
    FabricaContrato(cliente=cliente, estado="terminado", fecha_fin=HOY)
    desactivar(cliente, agente)
    guardado = Cliente.objects.get()
    assert (guardado.estado, guardado.inactivo_desde) == ("inactivo", HOY)
    assert guardado.history.first().history_change_reason == "Se fue del país"


@pytest.mark.parametrize("estado", ["pendiente", "activo", "suspendido"])
def test_con_contratos_en_pie_no_se_desactiva_y_se_dice_cuales(cliente, agente, estado):
    contrato = FabricaContrato(cliente=cliente, estado=estado)
    with pytest.raises(ValidationError, match=rf"{contrato.numero} \({estado}\)"):
        desactivar(cliente, agente)
    assert Cliente.objects.get().estado == "activo"


def test_con_muchos_contratos_en_pie_se_nombran_cinco(cliente, agente):
    FabricaContrato.create_batch(7, cliente=cliente)
    with pytest.raises(ValidationError, match=r"7 contratos sin terminar.* y 2 más"):
        desactivar(cliente, agente)


def test_desactivar_dos_veces_se_rechaza(cliente, agente):
    desactivar(cliente, agente)
    with pytest.raises(ValidationError, match="ya está inactivo"):
        desactivar(cliente, agente)


def test_la_decision_se_toma_sobre_lo_que_hay_en_la_base(cliente, agente):
    viejo = Cliente.objects.get(pk=cliente.pk)
    desactivar(cliente, agente)
    with pytest.raises(ValidationError, match="ya está inactivo"):
        desactivar(viejo, agente)


def test_no_se_desactiva_en_el_futuro_ni_antes_de_vincularse(cliente, agente):
    for fecha in (HOY + timedelta(days=1), cliente.fecha_vinculacion - timedelta(days=1)):
        with pytest.raises(ValidationError) as error:
            desactivar(cliente, agente, fecha=fecha)
        assert "fecha" in error.value.message_dict


def test_sin_motivo_no_se_desactiva(cliente, agente):
    with pytest.raises(ValidationError, match="motivo"):
        desactivar(cliente, agente, motivo=" ")


def test_un_cliente_inactivo_vuelve_con_su_misma_vinculacion(cliente, agente):
    desactivar(cliente, agente)
    reactivar_cliente(cliente, usuario=agente, motivo="Volvió")
    guardado = Cliente.objects.get()
    assert (guardado.estado, guardado.inactivo_desde, guardado.fecha_vinculacion) == (
        "activo",
        None,
        date(2020, 1, 15),
    )


def test_reactivar_uno_activo_se_rechaza(cliente, agente):
    with pytest.raises(ValidationError, match="ya está activo"):
        reactivar_cliente(cliente, usuario=agente)


def test_un_cliente_borrado_mientras_tanto_da_una_frase(cliente, agente):
    Cliente.objects.filter(pk=cliente.pk).delete()
    with pytest.raises(ValidationError, match="alguien lo borró"):
        desactivar(cliente, agente)
