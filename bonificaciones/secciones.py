"""Lo que la ficha de un cliente dice de su fidelización: las bonificaciones que ganó y quién se las ofrece."""

from __future__ import annotations

from datetime import date
from typing import Any

from clientes.models import Cliente
from clientes.secciones import Seccion
from movistar_site.comun.models import nombre_de
from movistar_site.comun.presentacion import sello

from .beneficios import en_palabras
from .derivaciones.bandejas import VER
from .derivaciones.presentacion import estado_de
from .models import Bonificacion, EstadoBonificacion

EN_LA_FICHA = 8
TONOS = {
    EstadoBonificacion.ASIGNADA: "info",
    EstadoBonificacion.ACEPTADA: "success",
    EstadoBonificacion.RECHAZADA: "neutral",
    EstadoBonificacion.VENCIDA: "danger",
    EstadoBonificacion.ANULADA: "neutral",
}


class SeccionBonificaciones(Seccion):
    """Las últimas bonificaciones, abiertas y pasadas, con su derivación. Una consulta."""

    clave = "bonificaciones"
    titulo = "Bonificaciones"
    icono = "redeem"
    permisos = ("bonificaciones.view_bonificacion",)
    plantilla = "admin/fidelizacion/en_la_ficha.html"
    orden = 20

    def contexto(self, cliente: Cliente, *, usuario: Any, hoy: date) -> dict[str, Any] | None:
        bonos = (
            Bonificacion.objects.filter(cliente=cliente)
            .select_related("programa", "servicio", "derivacion__asesor")
            .order_by("-otorgada_el", "-id")[: EN_LA_FICHA + 1]
        )
        ve_derivacion = usuario.has_perm(VER)
        filas = [_fila(bono, ve_derivacion) for bono in bonos]
        return {"filas": filas[:EN_LA_FICHA], "hay_mas": len(filas) > EN_LA_FICHA} if filas else None


def _fila(bono: Bonificacion, ve_derivacion: bool) -> dict[str, Any]:
    derivacion = getattr(bono, "derivacion", None)
    servicio = bono.servicio.nombre if bono.servicio is not None else ""
    abierta = bono.estado == EstadoBonificacion.ASIGNADA
    return {
        "bono": bono,
        "beneficio": en_palabras(bono.beneficio, bono.cantidad, bono.meses, servicio=servicio, equipo=bono.equipo),
        "estado": sello(bono.get_estado_display(), TONOS[EstadoBonificacion(bono.estado)]),
        "derivacion": sello(*estado_de(derivacion)) if derivacion is not None and abierta else "",
        "asesor": nombre_de(derivacion.asesor) if derivacion is not None else "",
        "enlace": derivacion.get_absolute_url() if derivacion is not None and ve_derivacion else "",
    }
