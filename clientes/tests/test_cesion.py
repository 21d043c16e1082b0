"""Ceder un contrato: lo recibe otro cliente como está, con la antigüedad solo si se dice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clientes.consultas_contratos import movimientos_de
from clientes.models import CambioPlan, Contrato
from clientes.operaciones import cambiar_plan, ceder_contrato, suspender_contrato

from .fabricas import (
    HOY,
    FabricaCliente,
    FabricaContrato,
    FabricaInteraccion,
    FabricaPromocion,
    FabricaSuspension,
    servicio_con_precio,
)

pytestmark = pytest.mark.django_db


def ceder(contrato, a, **mas):
    datos = {"fecha": HOY, "usuario": None, "hoy": HOY, "conserva_antiguedad": False} | mas
    return ceder_contrato(contrato, a=a, **datos)


def rechazo(*args, **kwargs):
    cuantos = Contrato.objects.count()
    with pytest.raises(ValidationError) as error:
        ceder(*args, **kwargs)
    assert Contrato.objects.count() == cuantos
    return " ".join(error.value.messages)


@pytest.fixture
def contrato():
    return FabricaContrato(
        cliente=FabricaCliente(fecha_vinculacion=date(2012, 5, 1)),
        fecha_inicio=date(2025, 9, 10),
        condiciones={"servicio": "Fibra", "caracteristicas": {"megas": 300}},
        permanencia_meses=12,
        anexo_permanencia="A-7",
        promocion=FabricaPromocion(),
    )


def test_quien_recibe_firma_uno_igual_con_la_permanencia_que_falta(contrato):
    quien = FabricaCliente()
    nuevo = ceder(contrato, quien, motivo="Se mudó")
    viejo = Contrato.objects.get(pk=contrato.pk)
    assert (viejo.estado, viejo.fecha_fin) == ("terminado", HOY)
    nuevo.refresh_from_db()
    assert (nuevo.cliente, nuevo.estado, nuevo.fecha_inicio, nuevo.cedido_de) == (quien, "activo", HOY, viejo)
    assert (nuevo.precio, nuevo.condiciones, nuevo.promocion) == (viejo.precio, viejo.condiciones, viejo.promocion)
    # Del 16/03/2026 al 10/09/2026 quedan cinco meses completos; los días sueltos se perdonan.
    assert (nuevo.permanencia_meses, nuevo.anexo_permanencia) == (5, "A-7")
    assert "Cedido a" in viejo.history.first().history_change_reason
    assert "Se mudó" in nuevo.history.first().history_change_reason
    assert movimientos_de(viejo, HOY).cedido_a == nuevo
    assert movimientos_de(nuevo, HOY).cedido_de == viejo
    # Ningún día queda sin titular ni con dos.
    assert [c.pk for c in Contrato.objects.en(HOY)] == [nuevo.pk]
    assert [c.pk for c in Contrato.objects.en(HOY - timedelta(days=1))] == [viejo.pk]


def test_cumplida_la_permanencia_el_nuevo_no_la_lleva(contrato):
    Contrato.objects.update(fecha_inicio=date(2020, 1, 1))
    nuevo = ceder(contrato, FabricaCliente())
    assert (nuevo.permanencia_meses, nuevo.anexo_permanencia) == (0, "")


def test_la_antiguedad_no_pasa_si_no_se_dice(contrato):
    quien = FabricaCliente(fecha_vinculacion=date(2020, 1, 15))
    ceder(contrato, quien)
    quien.refresh_from_db()
    assert quien.fecha_vinculacion == date(2020, 1, 15)


def test_la_antiguedad_pasa_con_su_motivo_en_la_historia(contrato):
    quien = FabricaCliente(fecha_vinculacion=date(2020, 1, 15))
    ceder(contrato, quien, conserva_antiguedad=True)
    quien.refresh_from_db()
    assert quien.fecha_vinculacion == date(2012, 5, 1)
    assert contrato.numero in quien.history.first().history_change_reason


def test_conservar_la_antiguedad_nunca_quita_la_que_ya_se_tiene(contrato):
    quien = FabricaCliente(fecha_vinculacion=date(2005, 1, 1))
    ceder(contrato, quien, conserva_antiguedad=True)
    quien.refresh_from_db()
    assert quien.fecha_vinculacion == date(2005, 1, 1)


def test_un_servicio_retirado_se_puede_ceder(contrato):
    contrato.servicio.estado, contrato.servicio.retirado_el = "retirado", HOY
    contrato.servicio.save()
    assert ceder(contrato, FabricaCliente()).servicio == contrato.servicio


def test_lo_programado_se_anula(contrato):
    servicio = servicio_con_precio("99900", tipo=contrato.servicio.tipo)
    cambiar_plan(contrato, servicio=servicio, cuando="fin_de_periodo", usuario=None, hoy=HOY)
    ceder(contrato, FabricaCliente())
    assert CambioPlan.objects.get().estado == "anulado"


# --- Lo que no se puede ----------------------------------------------------------------------------------------------
def test_no_se_cede_a_quien_ya_es_su_titular(contrato):
    assert "ya es de" in rechazo(contrato, contrato.cliente)


def test_no_se_cede_a_un_cliente_inactivo(contrato):
    assert "inactivo" in rechazo(contrato, FabricaCliente(estado="inactivo", inactivo_desde=HOY))


@pytest.mark.parametrize("estado", ["pendiente", "terminado"])
def test_no_se_cede_uno_que_no_se_presta(estado):
    contrato = FabricaContrato(estado=estado, fecha_fin=HOY if estado == "terminado" else None)
    assert "solo se cede uno que se presta" in rechazo(contrato, FabricaCliente())


@pytest.mark.parametrize(("clase", "frase"), [("mora", "falta de pago"), ("seguridad", "fraude")])
def test_no_se_cede_uno_suspendido_por_mora_o_seguridad(contrato, clase, frase):
    suspender_contrato(contrato, clase=clase, motivo="Porque sí", usuario=None, hoy=HOY)
    assert frase in rechazo(contrato, FabricaCliente())


def test_no_se_cede_uno_suspendido_sin_que_conste_por_que(contrato):
    Contrato.objects.update(estado="suspendido")
    assert "no consta por qué" in rechazo(contrato, FabricaCliente())


def test_uno_suspendido_a_peticion_se_cede_y_empieza_a_prestarse(contrato):
    Contrato.objects.update(estado="suspendido")
    suspension = FabricaSuspension(contrato=contrato)
    assert ceder(contrato, FabricaCliente()).estado == "activo"
    suspension.refresh_from_db()
    assert suspension.hasta == HOY


def test_no_se_cede_con_una_pqr_abierta(contrato):
    abierta = FabricaInteraccion(cliente=contrato.cliente, contrato=contrato)
    frase = rechazo(contrato, FabricaCliente())
    assert abierta.numero in frase and "Ley 1341" in frase


@pytest.mark.parametrize(
    ("fecha", "frase"),
    [(HOY + timedelta(days=1), "futura"), (date(2025, 9, 9), "empezó el 10/09/2025"), (date(2025, 12, 1), "vinculó")],
)
def test_la_fecha_tiene_sentido(contrato, fecha, frase):
    quien = FabricaCliente(fecha_vinculacion=date(2026, 1, 1) if frase == "vinculó" else date(2020, 1, 1))
    assert frase in rechazo(contrato, quien, fecha=fecha)


def test_no_se_cede_en_una_fecha_en_que_tenia_otro_plan(contrato):
    servicio = servicio_con_precio("99900", tipo=contrato.servicio.tipo)
    cambiar_plan(contrato, servicio=servicio, cuando="hoy", usuario=None, hoy=HOY, precio=Decimal(1))
    assert "El plan cambió el 16/03/2026" in rechazo(contrato, FabricaCliente(), fecha=HOY - timedelta(days=1))


def test_dos_a_la_vez_lo_reciben_una_sola_vez(contrato):
    copia = Contrato.objects.get()
    ceder(contrato, FabricaCliente())
    assert "está terminado" in rechazo(copia, FabricaCliente())
