"""Lo que la base misma no deja entrar, aunque se escriba sin pasar por las operaciones."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from clientes.models import Municipio

from .fabricas import (
    AHORA,
    AYER,
    HOY,
    FabricaAdjunto,
    FabricaCambioPlan,
    FabricaCanal,
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContacto,
    FabricaContrato,
    FabricaDepartamento,
    FabricaInteraccion,
    FabricaMotivo,
    FabricaMunicipio,
    FabricaNumeroExcluido,
    FabricaSilencio,
    FabricaSuspension,
)

pytestmark = pytest.mark.django_db

PROHIBIDO = {
    "cliente_documento_unico": (FabricaCliente, {"documento": "1999999999"}),
    "cliente_estrato": (FabricaCliente, {"estrato": 7}),
    "cliente_categoria_con_motivo": (FabricaCliente, {"categoria_asignada": "leal"}),
    "cliente_inactivo_con_fecha": (FabricaCliente, {"estado": "inactivo"}),
    "contrato_fin_tras_inicio": (
        FabricaContrato,
        {"estado": "terminado", "fecha_inicio": HOY, "fecha_fin": AYER},
    ),
    "contrato_terminado_con_fecha": (FabricaContrato, {"estado": "terminado"}),
    "contrato_precio_no_negativo": (FabricaContrato, {"precio": Decimal(-1)}),
    "contrato_permanencia_con_anexo": (FabricaContrato, {"permanencia_meses": 12}),
    "interaccion_respondida_con_texto_y_fecha": (FabricaInteraccion, {"estado": "respondida", "respondida_el": AHORA}),
    "interaccion_cun_unico": (FabricaInteraccion, {"cun": "0000260000000001"}),
    "interaccion_sugerencia_sin_plazo": (FabricaInteraccion, {"tipo": "sugerencia", "vence_el": HOY}),
    "interaccion_recurso_con_causal": (FabricaInteraccion, {"tipo": "recurso"}),
    "interaccion_prorroga_avisada": (FabricaInteraccion, {"prorroga_motivo": "Faltan pruebas"}),
    "suspension_en_orden": (FabricaSuspension, {"desde": HOY, "hasta": AYER}),
    "suspension_una_en_curso": (FabricaSuspension, {}),
    "cambio_uno_programado": (FabricaCambioPlan, {}),
    "silencio_cumplido_dice_como": (FabricaSilencio, {"cumplido_el": AHORA}),
    "motivo_vigencia_en_orden": (FabricaMotivo, {"vigente_desde": HOY, "vigente_hasta": AYER}),
    "canal_vigencia_en_orden": (FabricaCanal, {"vigente_desde": HOY, "vigente_hasta": AYER}),
    "adjunto_una_vez": (FabricaAdjunto, {"huella": "a" * 64}),
    "contacto_comercial_uno_al_dia": (FabricaContacto, {}),
    "excluido_una_vez_por_carga": (FabricaNumeroExcluido, {}),
    "cliente_anonimizado_inactivo": (FabricaCliente, {"anonimizado_el": HOY}),
    "consentimiento_uno_vigente": (FabricaConsentimiento, {}),
    "consentimiento_revocado_despues": (
        FabricaConsentimiento,
        {"otorgado_el": AHORA, "revocado_el": AHORA - timedelta(1)},
    ),
}


def preparar(nombre):
    """Lo que tiene que haber antes para que el registro choque."""
    fabrica, campos = PROHIBIDO[nombre]
    if nombre in ("cliente_documento_unico", "interaccion_cun_unico"):
        fabrica(**campos)
    if nombre == "consentimiento_uno_vigente":
        campos = {"cliente": FabricaConsentimiento().cliente}
    elif nombre == "contacto_comercial_uno_al_dia":
        campos = {"cliente": fabrica(resultado="efectivo").cliente}
    elif nombre == "excluido_una_vez_por_carga":
        campos = {"carga": fabrica().carga}
    elif nombre in ("suspension_una_en_curso", "cambio_uno_programado"):
        campos = {"contrato": fabrica().contrato}
    elif nombre == "adjunto_una_vez":
        campos = campos | {"interaccion": fabrica(**campos).interaccion}
    elif fabrica in (FabricaContrato, FabricaInteraccion, FabricaConsentimiento):
        campos = campos | {"cliente": FabricaCliente()}
    elif fabrica is FabricaSilencio:
        campos = campos | {"interaccion": FabricaInteraccion()}
    elif fabrica in (FabricaSuspension,):
        campos = campos | {"contrato": FabricaContrato()}
    return fabrica, campos


def restricciones():
    return {
        restriccion.name: restriccion
        for modelo in apps.get_app_config("clientes").get_models()
        if not modelo.__name__.startswith("Historical")
        for restriccion in modelo._meta.constraints
    }


def test_toda_restriccion_tiene_su_prueba():
    assert set(restricciones()) == set(PROHIBIDO)


@pytest.mark.parametrize("nombre", PROHIBIDO)
def test_la_base_la_hace_cumplir(nombre):
    fabrica, campos = preparar(nombre)
    with pytest.raises(IntegrityError), transaction.atomic():
        fabrica(**campos)


@pytest.mark.parametrize("nombre", PROHIBIDO)
def test_y_se_dice_en_una_frase_en_espanol(nombre):
    fabrica, campos = preparar(nombre)
    modelo = fabrica._meta.model
    registro = fabrica.build(**campos)
    with pytest.raises(ValidationError) as error:
        restricciones()[nombre].validate(modelo, registro)
    frase = error.value.messages[0]
    assert frase.endswith(".") and "Constraint" not in frase and nombre not in frase
    predeterminado = models.CheckConstraint(condition=models.Q(), name="x").get_violation_error_message()
    assert frase != predeterminado


def test_un_municipio_lleva_el_codigo_de_su_departamento():
    departamento = FabricaDepartamento()
    with pytest.raises(ValidationError, match="debe empezar por"):
        Municipio(codigo="05001", nombre="Otro", departamento=departamento).full_clean()
    with pytest.raises(ValidationError, match="cinco cifras"):
        Municipio(codigo="98", nombre="Otro", departamento=departamento).full_clean()


def test_un_municipio_se_encuentra_por_su_nombre_sin_tildes_y_por_su_departamento():
    municipio = FabricaMunicipio(nombre="Peñón del Río")
    for texto in ("penon rio", "departamento inventado", municipio.codigo):
        assert municipio in Municipio.objects.filter(busqueda__contiene=texto), texto
