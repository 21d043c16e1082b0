"""Autorizaciones: se dan, se revocan y no se reescriben."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from clientes.models import Consentimiento
from clientes.operaciones import otorgar_consentimiento, revocar_consentimiento

from .fabricas import AHORA, FabricaCliente, FabricaUsuario

pytestmark = pytest.mark.django_db


def otorgar(cliente, **opciones):
    datos = {
        "finalidad": "comercial",
        "canal": "sms",
        "version_texto": "2026-01",
        "medio": "oficina",
        "evidencia": "Formulario 77",
        "usuario": None,
        "ahora": AHORA,
    }
    return otorgar_consentimiento(cliente=cliente, **(datos | opciones))


def test_se_otorga_con_su_prueba_y_quien_lo_registro():
    agente = FabricaUsuario(first_name="Luz", last_name="Prueba")
    otorgar(FabricaCliente(), usuario=agente)
    guardado = Consentimiento.objects.vigentes().get()
    assert (guardado.otorgado_el, guardado.registrado_por_nombre) == (AHORA, "Luz Prueba")


@pytest.mark.parametrize("campo", ["evidencia", "version_texto"])
def test_sin_prueba_ni_texto_no_hay_autorizacion(campo):
    with pytest.raises(ValidationError) as error:
        otorgar(FabricaCliente(), **{campo: "  "})
    assert campo in error.value.message_dict


def test_no_se_otorga_en_el_futuro():
    with pytest.raises(ValidationError, match="futuro"):
        otorgar(FabricaCliente(), otorgado_el=AHORA + timedelta(seconds=1))


def test_no_hay_dos_vigentes_iguales():
    cliente = FabricaCliente()
    otorgar(cliente)
    with pytest.raises(ValidationError, match="ya tiene vigente"):
        otorgar(cliente)
    assert otorgar(cliente, canal="correo").pk


def test_se_revoca_una_vez_y_volver_a_darla_es_otra_fila():
    cliente = FabricaCliente()
    primero = otorgar(cliente, otorgado_el=AHORA - timedelta(days=9))
    revocar_consentimiento(primero, usuario=None, ahora=AHORA, motivo="Lo pidió")
    with pytest.raises(ValidationError, match="ya está revocado"):
        revocar_consentimiento(primero, usuario=None, ahora=AHORA)
    segundo = otorgar(cliente)
    assert Consentimiento.objects.count() == 2
    assert Consentimiento.objects.vigentes().get() == segundo
    primero.refresh_from_db()
    assert (primero.otorgado_el, primero.revocado_el) == (AHORA - timedelta(days=9), AHORA)


def test_no_se_revoca_antes_de_darse():
    with pytest.raises(ValidationError, match="antes de darse"):
        revocar_consentimiento(otorgar(FabricaCliente()), usuario=None, ahora=AHORA - timedelta(days=1))
