"""Radicar lo que dice el cliente, tomarlo y responderlo."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from clientes.models import Cliente, Interaccion
from clientes.operaciones import (
    corregir_interaccion,
    registrar_interaccion,
    responder_interaccion,
    tomar_interaccion,
)

from .fabricas import AHORA, HOY, FabricaCliente, FabricaContrato, FabricaInteraccion, FabricaUsuario

pytestmark = pytest.mark.django_db


def radicar(cliente=None, **opciones):
    datos = {
        "tipo": "reclamacion",
        "canal": "telefono",
        "asunto": "  Cobro   doble ",
        "texto": "Le cobraron dos veces el mes.\n",
        "usuario": None,
        "ahora": AHORA,
    }
    return registrar_interaccion(cliente=cliente or FabricaCliente(), **(datos | opciones))


def responder(interaccion, **opciones):
    datos = {"respuesta": "Se devolvió el cobro.", "notificada_el": AHORA, "usuario": None, "ahora": AHORA,
             "sentido": "favorable"}  # fmt: skip
    return responder_interaccion(interaccion, **(datos | opciones))


# --- Radicar ---------------------------------------------------------------------------------------------------------
def test_una_interaccion_queda_radicada_con_su_numero_y_quien_la_registro():
    agente = FabricaUsuario(first_name="Luz", last_name="Prueba")
    interaccion = Interaccion.objects.get(pk=radicar(usuario=agente).pk)
    assert (interaccion.numero, interaccion.estado, interaccion.asunto) == ("R-00000001", "abierta", "Cobro doble")
    assert (interaccion.fecha, interaccion.registrada_por, interaccion.registrada_por_nombre) == (
        AHORA,
        agente,
        "Luz Prueba",
    )


def test_se_radica_la_de_un_cliente_inactivo():
    cliente = FabricaCliente(estado="inactivo", inactivo_desde=HOY)
    assert radicar(cliente).pk


def test_se_puede_radicar_con_la_fecha_en_que_hablo():
    assert radicar(fecha=AHORA - timedelta(days=2)).fecha == AHORA - timedelta(days=2)


def test_no_se_radica_en_el_futuro():
    with pytest.raises(ValidationError, match="futura"):
        radicar(fecha=AHORA + timedelta(minutes=1))


def test_el_contrato_es_del_mismo_cliente():
    contrato = FabricaContrato()
    assert radicar(contrato.cliente, contrato=contrato).contrato == contrato
    with pytest.raises(ValidationError, match="es de otro cliente"):
        radicar(FabricaCliente(), contrato=contrato)


@pytest.mark.parametrize(
    ("campo", "valor"), [("asunto", " "), ("tipo", "queja"), ("canal", "paloma"), ("asunto", "x" * 161)]
)
def test_un_dato_malo_se_rechaza_junto_a_su_campo_y_no_gasta_numero(campo, valor):
    with pytest.raises(ValidationError) as error:
        radicar(**{campo: valor})
    assert campo in error.value.message_dict
    assert radicar().numero == "R-00000001"


# --- Corregir --------------------------------------------------------------------------------------------------------
def test_mientras_no_se_responda_se_corrigen_el_asunto_y_el_tipo():
    interaccion = radicar()
    interaccion.asunto, interaccion.tipo = "Cobro triple", "consulta"
    corregir_interaccion(interaccion, usuario=None)
    assert Interaccion.objects.get().asunto == "Cobro triple"


def test_el_cliente_la_fecha_y_el_estado_no_se_corrigen():
    for campo, valor in (("cliente", FabricaCliente()), ("fecha", AHORA - timedelta(1)), ("estado", "en_tramite")):
        interaccion = radicar()
        setattr(interaccion, campo, valor)
        with pytest.raises(ValidationError, match="quedó radicado"):
            corregir_interaccion(interaccion, usuario=None)


def test_una_respondida_queda_como_esta():
    interaccion = responder(radicar())
    interaccion.asunto = "Otro"
    with pytest.raises(ValidationError, match="ya se respondió"):
        corregir_interaccion(interaccion, usuario=None)


# --- Tomar y responder -----------------------------------------------------------------------------------------------
def test_se_toma_una_abierta_y_solo_una_vez():
    interaccion = tomar_interaccion(radicar(), usuario=None)
    assert Interaccion.objects.get().estado == "en_tramite"
    with pytest.raises(ValidationError, match="ya está en trámite"):
        tomar_interaccion(interaccion, usuario=None)


@pytest.mark.parametrize("tomada", [True, False])
def test_se_responde_con_texto_y_fecha_de_notificacion(tomada):
    interaccion = radicar(fecha=AHORA - timedelta(days=1))
    if tomada:
        tomar_interaccion(interaccion, usuario=None)
    responder(interaccion)
    guardada = Interaccion.objects.get()
    assert (guardada.estado, guardada.respuesta, guardada.respondida_el) == (
        "respondida",
        "Se devolvió el cobro.",
        AHORA,
    )


def test_responder_dos_veces_se_rechaza():
    interaccion = responder(radicar())
    with pytest.raises(ValidationError, match="ya se respondió"):
        responder(interaccion)
    with pytest.raises(ValidationError, match="ya está respondida"):
        tomar_interaccion(interaccion, usuario=None)


def test_un_texto_vacio_no_es_respuesta():
    with pytest.raises(ValidationError) as error:
        responder(radicar(), respuesta="  ")
    assert "respuesta" in error.value.message_dict


def test_no_se_notifica_antes_de_radicar_ni_en_el_futuro():
    for cuando, frase in ((AHORA - timedelta(minutes=1), "se radicó"), (AHORA + timedelta(minutes=1), "futura")):
        with pytest.raises(ValidationError) as error:
            responder(radicar(), notificada_el=cuando)
        assert frase in error.value.message_dict["notificada_el"][0]


def test_una_interaccion_se_encuentra_tambien_por_su_cliente():
    interaccion = FabricaInteraccion(cliente=FabricaCliente(nombre="Zoraida", apellido="Peña"))
    FabricaInteraccion()
    assert list(Interaccion.objects.filter(cliente__busqueda__contiene="PENA")) == [interaccion]


def test_los_clientes_con_algo_abierto():
    con_abierta, respondida, sin_nada = FabricaCliente(), FabricaCliente(), FabricaCliente()
    radicar(con_abierta)
    responder(radicar(respondida))
    assert list(Cliente.objects.con_interaccion_abierta()) == [con_abierta]
    assert set(Cliente.objects.con_interaccion_abierta(False)) == {respondida, sin_nada}
