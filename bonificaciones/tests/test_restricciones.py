"""Lo que la base misma no deja entrar en la fidelización, aunque se escriba sin pasar por las operaciones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from bonificaciones.models import Bonificacion, Corrida, Derivacion, Programa
from bonificaciones.tests.fabricas import (
    FabricaBonificacion,
    FabricaDerivacion,
    FabricaOferta,
    FabricaPrograma,
    FabricaReglaOferta,
)
from clientes.tests.fabricas import AHORA, AYER, HOY

pytestmark = pytest.mark.django_db

PROHIBIDO: dict[str, tuple[Any, dict[str, Any]]] = {
    "programa_vigencia": (FabricaPrograma, {"vigente_desde": HOY, "vigente_hasta": AYER}),
    "programa_rango_de_meses": (FabricaPrograma, {"meses_minimos": 120, "meses_maximos": 120}),
    "programa_cantidades": (FabricaPrograma, {"costo_unitario": Decimal(-1)}),
    "programa_porcentaje": (FabricaPrograma, {"cantidad": Decimal(101)}),
    "programa_con_servicio": (FabricaPrograma, {"beneficio": "servicio"}),
    "programa_con_equipo": (FabricaPrograma, {"beneficio": "equipo"}),
    "programa_de_la_factura": (FabricaPrograma, {"calculo": "factura"}),
    "bonificacion_una_por_hito": (FabricaBonificacion, {}),
    "bonificacion_sin_negativos": (FabricaBonificacion, {"costo_mensual": Decimal(-1)}),
    "bonificacion_cerrada_con_fecha": (FabricaBonificacion, {"estado": "rechazada"}),
    "bonificacion_aceptada_con_prueba": (FabricaBonificacion, {"estado": "aceptada", "cerrada_el": AHORA}),
    "derivacion_una_abierta": (FabricaDerivacion, {}),
    "derivacion_cerrada_con_resultado": (FabricaDerivacion, {"estado": "cerrada", "cerrada_el": AHORA}),
    "derivacion_aplazada_con_fecha": (FabricaDerivacion, {"estado": "aplazada"}),
    "regla_con_lo_que_ofrece": (FabricaReglaOferta, {"accion": "servicio"}),
    "oferta_respondida_con_fecha": (FabricaOferta, {"estado": "aceptada"}),
}


def preparar(nombre: str) -> tuple[Any, dict[str, Any]]:
    """Lo que tiene que haber antes para que el registro choque."""
    fabrica, campos = PROHIBIDO[nombre]
    if nombre == "bonificacion_una_por_hito":
        otra = FabricaBonificacion()
        return fabrica, {"cliente": otra.cliente, "programa": otra.programa}
    if nombre == "derivacion_una_abierta":
        otra = FabricaDerivacion()
        bono = FabricaBonificacion(cliente=otra.cliente, programa=otra.programa, hito=11)
        return fabrica, {"bonificacion": bono}
    if fabrica is FabricaBonificacion:
        bono = FabricaBonificacion()
        return fabrica, {"cliente": bono.cliente, "programa": bono.programa, "hito": 7, **campos}
    if fabrica is FabricaDerivacion:
        return fabrica, {"bonificacion": FabricaBonificacion(), **campos}
    if fabrica is FabricaOferta:
        return fabrica, {"cliente": FabricaBonificacion().cliente, **campos}
    return fabrica, campos


def restricciones() -> dict[str, Any]:
    return {
        restriccion.name: restriccion
        for modelo in apps.get_app_config("bonificaciones").get_models()
        if not modelo.__name__.startswith("Historical")
        for restriccion in modelo._meta.constraints
    }


def test_toda_restriccion_tiene_su_prueba() -> None:
    assert set(restricciones()) == set(PROHIBIDO)


@pytest.mark.parametrize("nombre", PROHIBIDO)
def test_la_base_la_hace_cumplir(nombre: str) -> None:
    fabrica, campos = preparar(nombre)
    with pytest.raises(IntegrityError), transaction.atomic():
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


@pytest.mark.parametrize("modelo", [Programa, Bonificacion, Derivacion, Corrida])
def test_no_hay_campo_para_una_deuda_una_condicion_ni_una_permanencia(modelo: type[models.Model]) -> None:
    """Una bonificación es un regalo (dominio, sección 7): no hay dónde escribir otra cosa."""
    prohibidas = ("deuda", "penal", "multa", "clausula", "permanencia_meses", "obliga", "reembols", "devol",
                  "condicion", "anexo", "cobro", "saldo", "pagar")  # fmt: skip
    nombres = {campo.name for campo in modelo._meta.get_fields()}
    assert not [nombre for nombre in nombres if any(palabra in nombre for palabra in prohibidas)]
