"""Un cliente con una derivación abierta no se suprime: primero se cierra lo que se le iba a ofrecer."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from bonificaciones.tests.fabricas import FabricaDerivacion
from clientes.operaciones import anonimizar_cliente
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente, FabricaUsuario

pytestmark = pytest.mark.django_db


def suprimir(cliente):
    return anonimizar_cliente(
        cliente, usuario=FabricaUsuario(is_superuser=True), hoy=HOY, ahora=AHORA, motivo="Lo pidió"
    )


def test_con_una_derivacion_abierta_no_y_cerrada_si():
    cliente = FabricaCliente(estado="inactivo", inactivo_desde=HOY)
    derivacion = FabricaDerivacion(bonificacion__cliente=cliente)
    with pytest.raises(ValidationError, match="Tiene una derivación abierta de"):
        suprimir(cliente)
    type(derivacion).objects.filter(pk=derivacion.pk).update(estado="cerrada", resultado="anulada", cerrada_el=AHORA)
    assert suprimir(cliente).anonimizado_el == HOY
