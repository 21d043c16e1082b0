"""De qué se trata cada caso inventado: su motivo, a qué equipo le toca y contra qué se podría recurrir."""

from __future__ import annotations

from .textos import PLANTILLAS

SIN_SERVICIO, FACTURA, INTERMITENCIA = "sin-servicio", "error-de-facturacion", "intermitencia"
CONDICIONES, NO_PEDIDO, INSTALACION = "cambio-de-condiciones", "cobro-no-pedido", "instalacion"
TERMINACION, PORTABILIDAD, ATENCION = "terminacion", "portabilidad", "mala-atencion"
SUSPENSION, INFORMACION = "suspension-o-corte", "informacion"

_DE_RECLAMACION = {
    SIN_SERVICIO: (
        "Sin servicio de internet", "Internet caído en toda la cuadra", "Sin señal en mi barrio",
        "La línea no realiza llamadas", "Sin señal de televisión", "Se perdieron los canales HD",
    ),
    FACTURA: ("Cobro de más en la factura", "Cobro de datos en el exterior", "Cobro del decodificador"),
    NO_PEDIDO: ("Me cobran un servicio que cancelé",),
    SUSPENSION: ("Cobro de reconexión que no procede",),
    INTERMITENCIA: ("Internet intermitente", "Velocidad menor a la contratada", "Los datos se caen",
                    "La imagen se congela"),
    CONDICIONES: ("Me subieron el precio sin avisar", "No aplicaron la promoción"),
    INSTALACION: ("El técnico no llegó", "Cables sueltos en la fachada"),
    PORTABILIDAD: ("Demora en la portabilidad",),
    ATENCION: ("Mala atención",),
    TERMINACION: ("No me dejan cancelar",),
}  # fmt: skip
MOTIVO_DE = {asunto: motivo for motivo, asuntos in _DE_RECLAMACION.items() for asunto in asuntos} | {
    plantilla.asunto: INFORMACION for plantilla in PLANTILLAS["consulta"]
}
"""Asunto → código del motivo; una sugerencia no lleva."""

CAUSAL_DE = {
    FACTURA: "facturacion",
    NO_PEDIDO: "facturacion",
    CONDICIONES: "facturacion",
    TERMINACION: "terminacion",
    SUSPENSION: "suspension",
}
"""Motivo → causal de un recurso; contra lo demás no procede (Ley 1341 de 2009, art. 54)."""

EQUIPO_GENERAL = "Atención"
EQUIPOS = {
    "Facturación": (FACTURA, NO_PEDIDO, "saldo-o-pago", SUSPENSION, "centrales-de-riesgo"),
    "Soporte técnico": (SIN_SERVICIO, INTERMITENCIA, INSTALACION),
}
"""Los equipos de demostración y los motivos que atienden; lo demás es del equipo general."""
