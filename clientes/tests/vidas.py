"""Una vida entera de un cliente, con un suceso de cada clase, para las pruebas de su ficha."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from clientes.models import Fusion, NotaInterna
from movistar_site.comun.opciones import Canal

from . import fabricas as f


def un_poco_de_todo(cliente: Any, *, n: int = 0) -> Any:
    """Al menos un suceso de cada fuente; `n` los corre un día cada vez. Devuelve el contrato en pie."""
    atras = timedelta(days=n * 3)
    instante, dia = f.AHORA - timedelta(days=40) - atras, f.HOY - timedelta(days=40) - atras
    servicio = f.servicio_con_precio()
    contrato = f.FabricaContrato(cliente=cliente, servicio=servicio, fecha_inicio=dia, estado="pendiente")
    contrato.estado = "activo"
    contrato.save()
    contrato.anexo_permanencia = f"Anexo {n}"
    contrato.save()
    f.FabricaContrato(cliente=cliente, estado="terminado", fecha_inicio=dia, fecha_fin=dia + timedelta(days=5))
    f.FabricaSuspension(contrato=contrato, desde=dia, hasta=dia + timedelta(days=3))
    f.FabricaCambioPlan(contrato=contrato, efectivo_el=dia + timedelta(days=8), estado="aplicado")
    caso = f.FabricaInteraccion(
        cliente=cliente, contrato=contrato, tipo="reclamacion", fecha=instante, primer_plazo=dia + timedelta(days=20),
        vence_el=dia + timedelta(days=40), prorroga_motivo="Falta una visita",
        prorroga_avisada_el=instante + timedelta(days=2), estado="respondida", respuesta="Se le devolvió el dinero.",
        respondida_el=instante + timedelta(days=4), enviada_sic_el=dia + timedelta(days=9),
    )  # fmt: skip
    f.FabricaSilencio(
        interaccion=caso, ocurrio_el=dia + timedelta(days=3), cumplido_el=instante + timedelta(days=3, hours=2),
        cumplimiento="Se le abonó.",
    )  # fmt: skip
    NotaInterna.objects.create(interaccion=caso, texto="Llamar en la tarde.", fecha=instante, autor_nombre="Ana")
    f.FabricaAdjunto(interaccion=caso, fecha=instante)
    f.FabricaConsentimiento(
        cliente=cliente, otorgado_el=instante, revocado_el=instante + timedelta(days=1), canal=Canal.TELEFONO
    )
    f.FabricaContacto(cliente=cliente, momento=instante, resultado="efectivo", asunto="Bono de diez años")
    Fusion.objects.create(
        principal=cliente, absorbido_clave=10**9 + n, absorbido_titulo="Ana Repetida", hecha_el=instante,
        deshecha_el=instante + timedelta(hours=1),
    )  # fmt: skip
    cliente.direccion = f"Calle {n} # 1-2"
    cliente.save()
    return contrato


def mover_historia(cliente: Any, instante: Any) -> None:
    """Pone la historia de la ficha en ese instante, una versión por minuto."""
    versiones = list(cliente.history.order_by("history_id"))
    for minuto, version in enumerate(versiones):
        type(version).objects.filter(pk=version.pk).update(history_date=instante + timedelta(minutes=minuto))


def hoy() -> Any:
    """El día en que corre la prueba."""
    return timezone.localdate()
