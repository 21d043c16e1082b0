"""Lo que la fidelización pone en la línea de tiempo de un cliente: lo que se le asignó y cómo terminó."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clientes.linea_de_tiempo import Fuente, Suceso, Tipo
from clientes.models import Cliente
from movistar_site.comun.dias import al_empezar
from movistar_site.comun.paginas import pagina_de

from .beneficios import en_palabras
from .models import Bonificacion, EstadoBonificacion

BONIFICACIONES = Tipo("bonificaciones", "Bonificaciones", 60)
_CIERRES: dict[str, tuple[str, str]] = {
    EstadoBonificacion.ACEPTADA: ("Aceptó la bonificación", "success"),
    EstadoBonificacion.RECHAZADA: ("No quiso la bonificación", "neutral"),
    EstadoBonificacion.VENCIDA: ("Se venció la bonificación sin respuesta", "warning"),
    EstadoBonificacion.ANULADA: ("Se anuló la bonificación", "neutral"),
}


class BonificacionAsignada(Fuente):
    """Se le asignó una bonificación."""

    clase = "bono"
    tipo = BONIFICACIONES
    icono = "redeem"
    tono = "info"
    permisos = ("bonificaciones.view_bonificacion",)
    campo = "otorgada_el"
    con_hora = False

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return Bonificacion.objects.filter(cliente=cliente).select_related("programa", "servicio")

    def suceso(self, fila: Bonificacion) -> Suceso:
        return Suceso(
            al_empezar(fila.otorgada_el),
            f"Se le asignó la bonificación «{fila.programa.nombre}»",
            detalle=f"{_beneficio(fila)} · {fila.anios} años cumplidos",
            enlace=pagina_de(fila),
        )


class BonificacionCerrada(BonificacionAsignada):
    """La bonificación se aceptó, se rechazó, se venció o se anuló."""

    clase = "bono_cerrado"
    icono = "task_alt"
    campo = "cerrada_el"
    con_hora = True

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return super().consulta(cliente).filter(cerrada_el__isnull=False)

    def suceso(self, fila: Bonificacion) -> Suceso:
        que, tono = _CIERRES.get(fila.estado, ("Se cerró la bonificación", "neutral"))
        return Suceso(
            fila.cerrada_el or al_empezar(fila.otorgada_el),
            f"{que} «{fila.programa.nombre}»",
            detalle=_beneficio(fila),
            quien=fila.cerrada_por_nombre,
            motivo=fila.motivo,
            enlace=pagina_de(fila),
            tono=tono,
        )


def _beneficio(bono: Bonificacion) -> str:
    servicio = bono.servicio.nombre if bono.servicio else ""
    return en_palabras(bono.beneficio, bono.cantidad, bono.meses, servicio=servicio, equipo=bono.equipo)


FUENTES = (BonificacionAsignada, BonificacionCerrada)
