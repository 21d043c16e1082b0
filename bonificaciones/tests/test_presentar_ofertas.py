"""Presentar una oferta pasa por la puerta de contacto y lo que el cliente contesta queda anotado, una sola vez."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bonificaciones.models import Oferta, ReglaOferta
from bonificaciones.operaciones.ofertas import presentar_oferta, responder_oferta
from bonificaciones.operaciones.reglas import activar_regla, guardar_regla
from bonificaciones.tests.escenas_ofertas import Escena, ofrecido
from clientes.models import Contacto
from clientes.tests import fabricas
from clientes.tests.fabricas import AHORA, HOY
from servicios.models import TipoServicio

pytestmark = pytest.mark.django_db


@pytest.fixture
def escena(db: None) -> Escena:
    return Escena()


def _presentar(cliente: Any, usuario: Any, **campos: Any) -> Oferta:
    datos = {"titulo": "Fibra 300", "porque": "Solo tiene móvil", "canal": "telefono", "ahora": AHORA, "entrante": True}
    return presentar_oferta(cliente=cliente, usuario=usuario, **datos | campos)


def _con_permiso(cliente: Any) -> None:
    """Autorizó que le ofrezcan por teléfono y no está en el registro de excluidos."""
    fabricas.FabricaConsentimiento(cliente=cliente)
    fabricas.FabricaCargaRne()


def test_al_cliente_que_vino_se_le_ofrece_y_queda_el_contacto(escena: Escena, asesor: Any) -> None:
    cliente, regla = escena.cliente("POS-10"), ReglaOferta.objects.get(codigo="CONVERGENCIA")
    oferta = _presentar(cliente, asesor, regla=regla, servicio=escena.servicios["FIB-300"], canal="oficina")
    assert (oferta.estado, oferta.canal, oferta.hecha_por_nombre) == ("presentada", "oficina", "asesor")
    contacto = oferta.contacto
    assert contacto is not None
    assert (contacto.entrante, contacto.finalidad, contacto.asunto) == (True, "comercial", "Fibra 300")
    assert "CONVERGENCIA" not in ofrecido(cliente)
    assert oferta.history.get().autor == "asesor"


def test_buscarlo_para_ofrecerle_pasa_por_la_puerta(escena: Escena, asesor: Any) -> None:
    cliente = escena.cliente("POS-10")
    with pytest.raises(ValidationError, match="No ha autorizado ofertas por teléfono"):
        _presentar(cliente, asesor, entrante=False)
    assert not Contacto.objects.exists()
    assert not Oferta.objects.exists()
    _con_permiso(cliente)
    assert _presentar(cliente, asesor, entrante=False).contacto is not None
    # En el mismo contacto de hoy cabe otra oferta; con otra cuenta sería un segundo contacto.
    assert _presentar(cliente, asesor, entrante=False, titulo="Otra").contacto == Contacto.objects.get()
    with pytest.raises(ValidationError):
        _presentar(cliente, fabricas.FabricaUsuario(), entrante=False, titulo="Otra más")


def test_un_domingo_no_se_le_busca_pero_si_vino_se_le_ofrece(escena: Escena, asesor: Any) -> None:
    cliente, domingo = escena.cliente("POS-10"), AHORA + timedelta(days=6)
    _con_permiso(cliente)
    with pytest.raises(ValidationError, match="domingo"):
        _presentar(cliente, asesor, entrante=False, ahora=domingo)
    assert _presentar(cliente, asesor, ahora=domingo).pk


def test_con_una_pqr_abierta_no_se_presenta_aunque_haya_venido(escena: Escena, asesor: Any) -> None:
    cliente = escena.cliente("POS-10")
    caso = escena.caso(cliente, hace=1, cerrado=False)
    with pytest.raises(ValidationError, match=caso.numero):
        _presentar(cliente, asesor)
    assert not Contacto.objects.exists()


def test_lo_que_ya_tiene_lo_retirado_y_al_inactivo_no_se_presentan(escena: Escena, asesor: Any) -> None:
    cliente, fibra = escena.cliente("POS-10"), escena.servicios["FIB-600"]
    with pytest.raises(ValidationError, match="ya tiene «Pos-10»"):
        _presentar(cliente, asesor, servicio=escena.servicios["POS-10"])
    fibra.estado, fibra.retirado_el = "retirado", HOY
    with pytest.raises(ValidationError, match="está retirado"):
        _presentar(cliente, asesor, servicio=fibra)
    with pytest.raises(ValidationError, match="no está vigente"):
        _presentar(cliente, asesor, promocion=fabricas.FabricaPromocion(activa=False))
    with pytest.raises(ValidationError, match="inactivo"):
        _presentar(escena.cliente(estado="inactivo", inactivo_desde=HOY), asesor)


def test_dos_veces_el_mismo_boton_presenta_una_sola_vez(escena: Escena, asesor: Any) -> None:
    cliente, regla = escena.cliente("POS-10"), ReglaOferta.objects.get(codigo="CONVERGENCIA")
    _presentar(cliente, asesor, regla=regla)
    with pytest.raises(ValidationError, match=r"ya se le presentó el 16/03/2026 10:30 y espera su respuesta"):
        _presentar(cliente, asesor, regla=regla)
    assert Oferta.objects.count() == Contacto.objects.count() == 1


def test_el_contacto_que_se_da_debe_ser_suyo_de_hoy_y_comercial(escena: Escena, asesor: Any) -> None:
    cliente = escena.cliente("POS-10")
    with pytest.raises(ValidationError, match="otro cliente"):
        _presentar(cliente, asesor, contacto=fabricas.FabricaContacto())
    with pytest.raises(ValidationError, match="ya terminó"):
        _presentar(
            cliente, asesor, contacto=fabricas.FabricaContacto(cliente=cliente, momento=AHORA - timedelta(days=1))
        )
    with pytest.raises(ValidationError, match="contacto de servicio"):
        _presentar(cliente, asesor, contacto=fabricas.FabricaContacto(cliente=cliente, finalidad="servicio"))
    # Si el cliente vino por otra cosa, en ese mismo contacto se le puede ofrecer.
    vino = fabricas.FabricaContacto(cliente=cliente, finalidad="servicio", entrante=True, canal="oficina")
    assert _presentar(cliente, asesor, contacto=vino).canal == "oficina"


def test_aceptar_cierra_el_contacto_y_queda_a_su_nombre(escena: Escena, asesor: Any) -> None:
    oferta = _presentar(escena.cliente("POS-10"), asesor)
    despues = AHORA + timedelta(minutes=4)
    responder_oferta(oferta, aceptada=True, motivo=" La instala el  lunes ", usuario=asesor, ahora=despues)
    oferta.refresh_from_db()
    assert (oferta.estado, oferta.respondida_el, oferta.motivo) == ("aceptada", despues, "La instala el lunes")
    assert oferta.contacto is not None
    assert oferta.contacto.resultado == "efectivo"


def test_no_querer_lleva_motivo_y_se_responde_una_sola_vez(escena: Escena, asesor: Any) -> None:
    oferta = _presentar(escena.cliente("POS-10"), asesor)
    with pytest.raises(ValidationError, match="por qué no quiso"):
        responder_oferta(oferta, aceptada=False, motivo="  ", usuario=asesor, ahora=AHORA)
    responder_oferta(oferta, aceptada=False, motivo="Muy costosa", usuario=asesor, ahora=AHORA)
    copia = Oferta.objects.get()
    with pytest.raises(ValidationError, match="ya respondió"):
        responder_oferta(copia, aceptada=True, motivo="", usuario=asesor, ahora=AHORA)
    assert Oferta.objects.get().estado == "rechazada"


def test_no_se_responde_antes_de_presentar(escena: Escena, asesor: Any) -> None:
    oferta = _presentar(escena.cliente("POS-10"), asesor)
    with pytest.raises(ValidationError, match="no pudo responder antes"):
        responder_oferta(oferta, aceptada=True, motivo="", usuario=asesor, ahora=AHORA - timedelta(minutes=1))


# --- Las reglas ------------------------------------------------------------------------------------------------------
def _regla(**campos: Any) -> ReglaOferta:
    base = {"codigo": "NUEVA", "nombre": "Nueva", "accion": "beneficio", "beneficio": "Un gesto", "porque": "Porque sí"}
    return ReglaOferta(**base | campos)


def _condicion(hecho: str, operador: str, valor: Any) -> list[dict[str, Any]]:
    return [{"hecho": hecho, "operador": operador, "valor": valor}]


@pytest.mark.parametrize(("condiciones", "frase"), [
    (_condicion("humor", "igual", "1"), "Condición 1: No hay ningún hecho que se llame «humor»."),
    (_condicion("meses", "tiene", "1"), "«Tiempo con nosotros» se compara con «es al menos»"),
    (_condicion("meses", "minimo", "doce"), "«Tiempo con nosotros»: «doce» no sirve; se espera un número entero"),
    (_condicion("meses", "minimo", "-1"), "se espera un número entero"),
    (_condicion("meses", "minimo", ""), "Escriba con qué se compara «Tiempo con nosotros»."),
    (_condicion("gasto", "minimo", "74,900"), "se espera un valor en pesos"),
    (_condicion("mora", "igual", "tal vez"), "se espera «sí» o «no»"),
    (_condicion("categoria", "igual", "platino"), "se espera una de sus opciones"),
    (_condicion("tipos", "tiene", "telepatia"), "se espera un tipo de servicio del catálogo"),
    (["x"], "Una condición lleva un hecho, un operador y un valor."),
    (_condicion("meses", "minimo", "1") * 13, "Una regla lleva hasta 12 condiciones."),
    ("x", "Las condiciones van en una lista."),
])  # fmt: skip
def test_una_condicion_mal_escrita_se_dice_en_una_frase(db: None, condiciones: Any, frase: str) -> None:
    with pytest.raises(ValidationError) as error:
        guardar_regla(_regla(condiciones=condiciones), usuario=None)
    assert any(frase in dicha for dicha in error.value.message_dict["condiciones"])


def test_las_condiciones_se_guardan_limpias(db: None) -> None:
    condiciones = [
        *_condicion("meses", "minimo", " 12 "), *_condicion("gasto", "mayor", "$ 74.900"),
        *_condicion("mora", "igual", "Sí"), *_condicion("categoria", "distinto", "Leal"),
        *_condicion("tipos", "no_tiene", "Televisión"),
    ]  # fmt: skip
    regla = guardar_regla(_regla(condiciones=condiciones), usuario=None)
    regla.refresh_from_db()
    assert [una["valor"] for una in regla.condiciones] == [12, "74900.00", True, "leal", "television"]


@pytest.mark.parametrize(("campos", "falta"), [
    ({"accion": "servicio"}, "tipo"), ({"accion": "promocion"}, "promocion"),
    ({"accion": "beneficio", "beneficio": " "}, "beneficio"),
])  # fmt: skip
def test_una_regla_dice_que_ofrece(db: None, campos: dict[str, Any], falta: str) -> None:
    with pytest.raises(ValidationError) as error:
        guardar_regla(_regla(**campos), usuario=None)
    assert falta in error.value.message_dict


def test_lo_que_la_accion_no_usa_no_se_guarda(escena: Escena) -> None:
    tipo = TipoServicio.objects.get(codigo="fibra")
    regla = guardar_regla(_regla(accion="nada", tipo=tipo, servicio=escena.servicios["FIB-300"]), usuario=None)
    assert (regla.tipo, regla.servicio, regla.beneficio) == (None, None, "")
    with pytest.raises(ValidationError, match="no es de tipo"):
        guardar_regla(_regla(codigo="X", accion="servicio", tipo=tipo, servicio=escena.servicios["TV"]), usuario=None)


def test_una_regla_inactiva_no_se_mira(escena: Escena) -> None:
    regla, cliente = ReglaOferta.objects.get(codigo="CONVERGENCIA"), escena.cliente("POS-10")
    activar_regla(regla, activa=False, usuario=None, motivo="Se acabó la campaña")
    assert "CONVERGENCIA" not in ofrecido(cliente)
    with pytest.raises(ValidationError, match="ya está inactiva"):
        activar_regla(regla, activa=False, usuario=None)
    activar_regla(regla, activa=True, usuario=None)
    assert "CONVERGENCIA" in ofrecido(cliente)
