"""Las reglas de oferta con que nace el panel, en el orden del dominio (secciones 7 y 8).

Se crean una sola vez: lo que un administrador cambie, desactive o borre no vuelve. Los días de la disculpa y los meses
de descanso entre beneficios están en los parámetros.
"""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from django.db import DatabaseError, router, transaction

from movistar_site.comun.auditoria import auditar
from movistar_site.comun.historia import modelo_historico

registro = logging.getLogger(__name__)
POLITICA = "Política comercial"


class Semilla(NamedTuple):
    """Una regla de fábrica. `tipo`: el código del tipo de servicio que ofrece."""

    codigo: str
    nombre: str
    accion: str
    condiciones: tuple[tuple[str, str, Any], ...]
    porque: str
    beneficio: str = ""
    tipo: str = ""
    norma: str = POLITICA


REGLAS = (
    Semilla(
        "PQR-ABIERTA", "Con una PQR abierta no se ofrece nada", "nada", (("pqr_abierta", "igual", True),),
        "Tiene una PQR sin cerrar: primero se le responde, después se le ofrece.",
    ),
    Semilla(
        "PIDE-IRSE", "A quien pide irse no se le ofrece nada", "nada", (("pide_irse", "igual", True),),
        "Pidió terminar su contrato o llevarse su número: se le atiende lo que pidió.",
        norma="CRC, Resolución 5050 de 2016, título II, capítulo 1",
    ),
    Semilla(
        "BENEFICIO-RECIENTE", "Descanso entre beneficios", "nada", (("beneficio_reciente", "igual", True),),
        "Recibió un beneficio hace poco: todavía no toca otro.",
    ),
    Semilla(
        "DISCULPA", "Disculpa tras una PQR", "beneficio", (("disculpa", "igual", True),),
        "Se le cerró una PQR hace poco: antes de venderle algo, se le reconoce la molestia.",
        beneficio="Disculpa por la molestia: 10 % de descuento en la próxima factura",
    ),
    Semilla(
        "EN-MORA", "En mora no hay descuentos", "nada", (("mora", "igual", True),),
        "Está suspendido por falta de pago: ni descuentos ni más servicios hasta que se ponga al día.",
    ),
    Semilla(
        "RECONOCIMIENTO", "Reconocimiento a quien más usa", "beneficio",
        (("nivel_gasto", "igual", "alto"), ("nivel_riesgo", "igual", "bajo")),
        "Paga como el que más y está contento: se le agradece con un gesto, no con un descuento que no necesita.",
        beneficio="Reconocimiento: línea de atención preferente por un año",
    ),
    Semilla(
        "CONVERGENCIA", "Fibra para quien solo tiene móvil", "servicio",
        (("solo_movil", "igual", True), ("llega", "tiene", "fibra")),
        "Solo tiene móvil y en su municipio ya se vende fibra: con las dos en una factura se queda más.", tipo="fibra",
    ),
    Semilla(
        "RETENCION", "Retención de quien puede irse", "beneficio",
        (("nivel_riesgo", "igual", "alto"), ("meses", "minimo", 6)),
        "Su riesgo de irse es alto: un descuento ahora cuesta menos que perderlo.",
        beneficio="10 % de descuento en la factura por 6 meses",
    ),
    Semilla(
        "A-POSPAGO", "Pospago para quien recarga", "servicio",
        (("solo_prepago", "igual", True), ("meses", "minimo", 6)),
        "Recarga todos los meses: con un plan paga fijo y tiene más datos.", tipo="pospago",
    ),
    Semilla(
        "MEJOR-FIBRA", "Más velocidad", "servicio",
        (("tipos", "tiene", "fibra"), ("meses", "minimo", 12), ("reclamaciones_90", "igual", 0),
         ("nivel_riesgo", "distinto", "alto")),
        "Lleva más de un año con su fibra y sin reclamos recientes: puede querer más velocidad.", tipo="fibra",
    ),
    Semilla(
        "TELEVISION", "Televisión para quien tiene fibra", "servicio",
        (("tipos", "tiene", "fibra"), ("tipos", "no_tiene", "television"), ("llega", "tiene", "television"),
         ("nivel_riesgo", "distinto", "alto")),
        "Tiene fibra y no televisión: es lo que más piden los hogares como el suyo.", tipo="television",
    ),
    Semilla(
        "MEJOR-POSPAGO", "Más datos", "servicio",
        (("tipos", "tiene", "pospago"), ("meses", "minimo", 12), ("bajadas", "igual", 0),
         ("nivel_riesgo", "distinto", "alto")),
        "Lleva más de un año en pospago: puede querer más datos.", tipo="pospago",
    ),
)  # fmt: skip


def cargar_reglas_base(using: str = "default") -> int:
    """Crea las reglas de fábrica si nunca hubo ninguna y devuelve cuántas añadió.

    Va después de migrar, y no en una migración, porque los tipos de servicio que ofrecen se cargan entonces. Una que
    ofrece un tipo que este panel no tiene no se crea. Si las tablas aún no existen, se cargarán en el siguiente.
    """
    from servicios.models import TipoServicio

    from ..models import ReglaOferta

    if not router.allow_migrate_model(using, ReglaOferta):
        return 0
    try:
        with transaction.atomic(using=using), auditar(motivo="Reglas iniciales del panel", origen="datos base"):
            historia = modelo_historico(ReglaOferta).objects.using(using)
            if ReglaOferta.objects.using(using).exists() or historia.exists():
                return 0
            tipos = {tipo.codigo: tipo for tipo in TipoServicio.objects.using(using)}
            nuevas = [
                _regla(semilla, orden * 10, tipos.get(semilla.tipo))
                for orden, semilla in enumerate(REGLAS, start=1)
                if not semilla.tipo or semilla.tipo in tipos
            ]
            for regla in nuevas:
                regla.save(using=using)
            return len(nuevas)
    except DatabaseError as error:
        registro.info("Las reglas de oferta se cargarán cuando sus tablas estén completas: %s", error)
        return 0


def _regla(semilla: Semilla, orden: int, tipo: Any) -> Any:
    from ..models import ReglaOferta

    return ReglaOferta(
        codigo=semilla.codigo,
        nombre=semilla.nombre,
        orden=orden,
        accion=semilla.accion,
        condiciones=[dict(zip(("hecho", "operador", "valor"), una, strict=True)) for una in semilla.condiciones],
        porque=semilla.porque,
        beneficio=semilla.beneficio,
        tipo=tipo,
        norma=semilla.norma,
    )
