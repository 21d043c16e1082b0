"""Lo que la base misma no deja entrar en los envíos, aunque se escriba sin pasar por las operaciones."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from clientes.tests.fabricas import AHORA
from movistar_site.comun.resumenes import ModeloResumen
from reportes.tests.escenas_envios import FabricaEntrega, FabricaEnvio

pytestmark = pytest.mark.django_db

PROHIBIDO: dict[str, tuple[Any, dict[str, Any]]] = {
    "envio_dia_segun_cada": (FabricaEnvio, {"cada": "semana", "dia": None}),
    "envio_hora_del_dia": (FabricaEnvio, {"hora": 24, "proxima_el": AHORA}),
    "envio_activo_con_proxima": (FabricaEnvio, {"proxima_el": None}),
    "envio_detenido_dice_por_que": (FabricaEnvio, {"estado": "detenido"}),
    "entrega_una_por_momento": (FabricaEntrega, {}),
    "entrega_cerrada_con_fecha": (FabricaEntrega, {"cerrada_el": None}),
}


def preparar(nombre: str) -> tuple[Any, dict[str, Any]]:
    """Lo que tiene que haber antes para que el registro choque."""
    fabrica, campos = PROHIBIDO[nombre]
    if nombre == "entrega_una_por_momento":
        return fabrica, {"envio": fabrica().envio}
    if fabrica is FabricaEntrega:
        return fabrica, {"envio": FabricaEnvio(), **campos}
    usuario = FabricaEnvio().usuario
    return fabrica, {"usuario": usuario, **({} if "estado" in campos else {"proxima_el": AHORA}), **campos}


def restricciones() -> dict[str, Any]:
    return {
        restriccion.name: restriccion
        for modelo in apps.get_app_config("reportes").get_models()
        if not issubclass(modelo, ModeloResumen)
        for restriccion in modelo._meta.constraints
    }


def test_toda_restriccion_tiene_su_prueba() -> None:
    assert set(restricciones()) == set(PROHIBIDO)


@pytest.mark.parametrize("nombre", PROHIBIDO)
def test_la_base_la_hace_cumplir(nombre: str) -> None:
    fabrica, campos = preparar(nombre)
    with pytest.raises(IntegrityError, match=r".*"), transaction.atomic():
        fabrica(**campos)


@pytest.mark.parametrize("nombre", PROHIBIDO)
def test_y_se_dice_en_una_frase_en_espanol(nombre: str) -> None:
    fabrica, campos = preparar(nombre)
    registro = fabrica.build(**campos)
    with pytest.raises(ValidationError) as error:
        restricciones()[nombre].validate(fabrica._meta.model, registro)
    frase = error.value.messages[0]
    assert frase.endswith(".") and "Constraint" not in frase and nombre not in frase
    predeterminado = models.CheckConstraint(condition=models.Q(), name="x").get_violation_error_message()
    assert frase != predeterminado
