"""Lo que se escribe sobre los clientes: cada función valida, guarda en una transacción y deja historia.

Todas lanzan ValidationError, con frases en español, si algo no se puede; entonces no queda nada escrito. Las fechas
llegan como argumento (`hoy`, `ahora`): quien llama desde el borde pasa `timezone.localdate()` o `timezone.now()`.
"""

from ..reglas import validar_permanencia
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
from .fusiones import deshacer_fusion, fusionar_clientes
from .interacciones import (
    corregir_interaccion,
    registrar_interaccion,
    responder_interaccion,
    tomar_interaccion,
)
from .lugares import guardar_departamento

__all__ = [
    "PASOS",
    "activar_contrato",
    "anular_cambio",
    "aplicar_cambio",
    "asignar_categoria",
    "borrar_contrato",
    "cambiar_plan",
    "ceder_contrato",
    "corregir_contrato",
    "corregir_interaccion",
    "crear_contrato",
    "desactivar_cliente",
    "deshacer_fusion",
    "fusionar_clientes",
    "guardar_cliente",
    "guardar_departamento",
    "liberar_categoria",
    "otorgar_consentimiento",
    "por_que_no_se_borra",
    "puede_pasar",
    "reactivar_cliente",
    "reanudar_contrato",
    "registrar_interaccion",
    "responder_interaccion",
    "revocar_consentimiento",
    "suspender_contrato",
    "terminar_contrato",
    "tomar_interaccion",
    "validar_permanencia",
]
