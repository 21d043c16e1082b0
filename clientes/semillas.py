"""Los ajustes de atención con que nace todo panel: canales, un equipo, los motivos más comunes y plantillas.

Los crea una migración, una sola vez: lo que un administrador cambie, retire o borre no vuelve.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

LEY_1341 = date(2009, 7, 30)
"""Desde cuándo rige el régimen de las PQR: lo que se radicó después puede llevar estos motivos y canales."""
REGIMEN = "CRC, Resolución 5050 de 2016, título II, capítulo 1"
LEY = "Ley 1341 de 2009, artículo 54"
EQUIPO = "Atención"


class Canal(NamedTuple):
    """Un canal de atención."""

    codigo: str
    nombre: str
    norma: str = ""


class Motivo(NamedTuple):
    """Un motivo de las interacciones."""

    codigo: str
    nombre: str
    norma: str
    es_de_cobro: bool = False


class Plantilla(NamedTuple):
    """Una plantilla de respuesta."""

    nombre: str
    tipo: str
    motivo: str
    texto: str


CANALES = (
    Canal("telefono", "Teléfono", REGIMEN),
    Canal("whatsapp", "WhatsApp"),
    Canal("web", "Página web", REGIMEN),
    Canal("oficina", "Oficina", REGIMEN),
    Canal("correo", "Correo electrónico"),
    Canal("redes", "Redes sociales", REGIMEN),
    Canal("sms", "Mensaje de texto"),
    Canal("carta", "Carta"),
)

# Primero los cuatro por los que más se reclama (SIC y CRC, 2021); dominio, sección 2.
MOTIVOS = (
    Motivo("sin-servicio", "No tiene servicio", REGIMEN),
    Motivo("error-de-facturacion", "Error en la factura", f"{LEY}; {REGIMEN}", es_de_cobro=True),
    Motivo("intermitencia", "Servicio intermitente o lento", REGIMEN),
    Motivo("cambio-de-condiciones", "Cambio de las condiciones pactadas", REGIMEN),
    Motivo("cobro-no-pedido", "Cobro de algo que no pidió", REGIMEN, es_de_cobro=True),
    Motivo("saldo-o-pago", "Pago o saldo que no aparece", REGIMEN, es_de_cobro=True),
    Motivo("suspension-o-corte", "Suspensión o corte del servicio", f"{LEY}; {REGIMEN}"),
    Motivo("instalacion", "Demora en la instalación o el traslado", REGIMEN),
    Motivo("terminacion", "Terminación del contrato", f"{LEY}; {REGIMEN}"),
    Motivo("portabilidad", "Portabilidad del número", "CRC, Resolución 5050 de 2016, título II, capítulo 6"),
    Motivo("suplantacion", "Fraude o suplantación", REGIMEN),
    Motivo("centrales-de-riesgo", "Reporte en centrales de riesgo", "Ley 1266 de 2008; Ley 2157 de 2021", True),
    Motivo("mala-atencion", "Mala atención", REGIMEN),
    Motivo("informacion", "Pide información", LEY),
    Motivo("otro", "Otro motivo", LEY),
)

_SALUDO = (
    "Señor(a) {cliente}:\n\nEn respuesta a su caso {numero} (CUN {cun}) del {fecha}, sobre «{asunto}», le contamos que"
)
_RECURSO = (
    "Si no está de acuerdo, puede interponer el recurso de reposición y, en subsidio, el de apelación dentro de los 10"
    " días hábiles siguientes a esta comunicación, por cualquiera de nuestros canales."
)
_FIRMA = "Cordialmente,\n\n{agente}"

PLANTILLAS = (
    Plantilla(
        "Ajuste en la factura",
        "reclamacion",
        "error-de-facturacion",
        f"{_SALUDO} revisamos los cobros de {{servicio}} y usted tiene la razón: el ajuste se verá en su próxima"
        f" factura.\n\n{_RECURSO}\n\n{_FIRMA}",
    ),
    Plantilla(
        "Cobro correcto",
        "reclamacion",
        "error-de-facturacion",
        f"{_SALUDO} revisamos los cobros de {{servicio}} y corresponden a lo pactado en su contrato. Le adjuntamos el"
        f" detalle.\n\n{_RECURSO}\n\n{_FIRMA}",
    ),
    Plantilla(
        "Falla resuelta",
        "reclamacion",
        "intermitencia",
        f"{_SALUDO} la falla de {{servicio}} quedó resuelta. Le compensaremos el tiempo sin servicio en su próxima"
        f" factura.\n\n{_RECURSO}\n\n{_FIRMA}",
    ),
    Plantilla(
        "Visita técnica",
        "reclamacion",
        "sin-servicio",
        f"{_SALUDO} un técnico revisó {{servicio}} y el servicio quedó funcionando. Le compensaremos los días que"
        f" estuvo sin él.\n\n{_RECURSO}\n\n{_FIRMA}",
    ),
    Plantilla(
        "Respuesta a una consulta",
        "consulta",
        "",
        f"{_SALUDO} la información que pidió es la siguiente:\n\n\n\n{_FIRMA}",
    ),
    Plantilla(
        "Gracias por su sugerencia",
        "sugerencia",
        "",
        "Señor(a) {cliente}:\n\nGracias por su sugerencia {numero} del {fecha}. La compartimos con el área que puede"
        f" ponerla en práctica.\n\n{_FIRMA}",
    ),
)


def sembrar(modelo: Callable[[str], Any], using: str = "default") -> None:
    """Crea lo que falte. `modelo`: el nombre de un modelo de clientes → el modelo (el de la migración o el de hoy)."""
    canales, motivos = modelo("CanalAtencion"), modelo("MotivoInteraccion")
    for orden, canal in enumerate(CANALES, start=1):
        canales.objects.using(using).get_or_create(
            codigo=canal.codigo,
            defaults={"nombre": canal.nombre, "norma": canal.norma, "vigente_desde": LEY_1341, "orden": orden * 10},
        )
    equipo, _ = modelo("Equipo").objects.using(using).get_or_create(nombre=EQUIPO)
    por_codigo = {"": None}
    for orden, motivo in enumerate(MOTIVOS, start=1):
        datos = motivo._asdict() | {"equipo": equipo, "vigente_desde": LEY_1341, "orden": orden * 10}
        por_codigo[motivo.codigo], _ = motivos.objects.using(using).get_or_create(
            codigo=datos.pop("codigo"), defaults=datos
        )
    for plantilla in PLANTILLAS:
        modelo("PlantillaRespuesta").objects.using(using).get_or_create(
            nombre=plantilla.nombre,
            defaults={"tipo": plantilla.tipo, "motivo": por_codigo[plantilla.motivo], "texto": plantilla.texto},
        )
