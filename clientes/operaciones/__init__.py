"""Lo que se escribe sobre los clientes: cada función valida, guarda en una transacción y deja historia.

Todas lanzan ValidationError, con frases en español, si algo no se puede; entonces no queda nada escrito. Las fechas
llegan como argumento (`hoy`, `ahora`): quien llama desde el borde pasa `timezone.localdate()` o `timezone.now()`.
"""

from ..reglas import validar_permanencia
from .asignar import asignar_interaccion, tomar_interaccion
from .clientes import (
    asignar_categoria,
    desactivar_cliente,
    guardar_cliente,
    liberar_categoria,
    reactivar_cliente,
)
from .consentimientos import otorgar_consentimiento, revocar_consentimiento
from .contratos import (
    activar_contrato,
    borrar_contrato,
    corregir_contrato,
    crear_contrato,
    por_que_no_se_borra,
    terminar_contrato,
)
from .contratos_cesion import ceder_contrato
from .contratos_pasos import PASOS, puede_pasar
from .contratos_planes import anular_cambio, aplicar_cambio, cambiar_plan
from .contratos_suspension import reanudar_contrato, suspender_contrato
from .expediente import (
    adjuntar,
    anotar_interaccion,
    borrar_interaccion,
    desligar,
    por_que_se_conserva,
    relacionar,
)
from .lugares import guardar_departamento
from .plazos import Revision, revisar_plazos
from .radicar import corregir_interaccion, radicar_una_vez, registrar_interaccion
from .recurrir import enviar_a_la_sic, interponer_recurso, por_que_no_se_recurre, por_que_no_va_a_la_sic
from .responder import guardar_borrador, prorrogar_interaccion, responder_interaccion
from .silencio import cumplir_silencio

__all__ = [
    "PASOS",
    "Revision",
    "activar_contrato",
    "adjuntar",
    "anotar_interaccion",
    "anular_cambio",
    "aplicar_cambio",
    "asignar_categoria",
    "asignar_interaccion",
    "borrar_contrato",
    "borrar_interaccion",
    "cambiar_plan",
    "ceder_contrato",
    "corregir_contrato",
    "corregir_interaccion",
    "crear_contrato",
    "cumplir_silencio",
    "desactivar_cliente",
    "desligar",
    "enviar_a_la_sic",
    "guardar_borrador",
    "guardar_cliente",
    "guardar_departamento",
    "interponer_recurso",
    "liberar_categoria",
    "otorgar_consentimiento",
    "por_que_no_se_borra",
    "por_que_no_se_recurre",
    "por_que_no_va_a_la_sic",
    "por_que_se_conserva",
    "prorrogar_interaccion",
    "puede_pasar",
    "radicar_una_vez",
    "reactivar_cliente",
    "reanudar_contrato",
    "registrar_interaccion",
    "relacionar",
    "responder_interaccion",
    "revisar_plazos",
    "revocar_consentimiento",
    "suspender_contrato",
    "terminar_contrato",
    "tomar_interaccion",
    "validar_permanencia",
]
