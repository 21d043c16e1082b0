"""Lo que se escribe sobre los clientes: cada función valida, guarda en una transacción y deja historia.

Todas lanzan ValidationError, con frases en español, si algo no se puede; entonces no queda nada escrito. Las fechas
llegan como argumento (`hoy`, `ahora`): quien llama desde el borde pasa `timezone.localdate()` o `timezone.now()`.
"""

from ..reglas import validar_permanencia
from .ajustes import (
    activar_equipo,
    activar_plantilla,
    borrar_canal,
    desactivar_equipo,
    guardar_canal,
    guardar_equipo,
    guardar_motivo,
    guardar_plantilla,
    por_que_no_se_borra_canal,
    reactivar_canal,
    reactivar_motivo,
    retirar_canal,
    retirar_motivo,
)
from .anonimizar import anonimizar_cliente, por_que_no_se_anonimiza
from .asignar import asignar_interaccion, tomar_interaccion
from .clientes import (
    asignar_categoria,
    desactivar_cliente,
    guardar_cliente,
    liberar_categoria,
    reactivar_cliente,
)
from .consentimientos import otorgar_consentimiento, revocar_consentimiento
from .contactos import (
    abrir_contacto,
    cerrar_contacto,
    cerrar_olvidados,
    dejar_de_contactar,
    puede_cerrar,
)
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
from .fusiones import deshacer_fusion, fusionar_clientes
from .lugares import guardar_departamento
from .plazos import Revision, revisar_plazos
from .radicar import corregir_interaccion, radicar_una_vez, registrar_interaccion
from .recurrir import (
    enviar_a_la_sic,
    interponer_recurso,
    por_que_no_se_recurre,
    por_que_no_va_a_la_sic,
    se_puede_recurrir_hasta,
)
from .responder import CON_SENTIDO, guardar_borrador, prorrogar_interaccion, responder_interaccion
from .revisar_contactos import RevisionDeContactos, revisar_contactos
from .rne import dar_por_fallida, desechar_listas_viejas, leer_rne, lugar_de, recibir_rne
from .silencios import cumplir_silencio

__all__ = [
    "CON_SENTIDO",
    "PASOS",
    "Revision",
    "RevisionDeContactos",
    "abrir_contacto",
    "activar_contrato",
    "activar_equipo",
    "activar_plantilla",
    "adjuntar",
    "anonimizar_cliente",
    "anotar_interaccion",
    "anular_cambio",
    "aplicar_cambio",
    "asignar_categoria",
    "asignar_interaccion",
    "borrar_canal",
    "borrar_contrato",
    "borrar_interaccion",
    "cambiar_plan",
    "ceder_contrato",
    "cerrar_contacto",
    "cerrar_olvidados",
    "corregir_contrato",
    "corregir_interaccion",
    "crear_contrato",
    "cumplir_silencio",
    "dar_por_fallida",
    "dejar_de_contactar",
    "desactivar_cliente",
    "desactivar_equipo",
    "desechar_listas_viejas",
    "deshacer_fusion",
    "desligar",
    "enviar_a_la_sic",
    "fusionar_clientes",
    "guardar_borrador",
    "guardar_canal",
    "guardar_cliente",
    "guardar_departamento",
    "guardar_equipo",
    "guardar_motivo",
    "guardar_plantilla",
    "interponer_recurso",
    "leer_rne",
    "liberar_categoria",
    "lugar_de",
    "otorgar_consentimiento",
    "por_que_no_se_anonimiza",
    "por_que_no_se_borra",
    "por_que_no_se_borra_canal",
    "por_que_no_se_recurre",
    "por_que_no_va_a_la_sic",
    "por_que_se_conserva",
    "prorrogar_interaccion",
    "puede_cerrar",
    "puede_pasar",
    "radicar_una_vez",
    "reactivar_canal",
    "reactivar_cliente",
    "reactivar_motivo",
    "reanudar_contrato",
    "recibir_rne",
    "registrar_interaccion",
    "relacionar",
    "responder_interaccion",
    "retirar_canal",
    "retirar_motivo",
    "revisar_contactos",
    "revisar_plazos",
    "revocar_consentimiento",
    "se_puede_recurrir_hasta",
    "suspender_contrato",
    "terminar_contrato",
    "tomar_interaccion",
    "validar_permanencia",
]
