"""Las bandejas de las derivaciones: qué tiene cada una y en qué orden, como datos.

En todas va primero lo que primero hay que hacer, por páginas con clave y por un índice propio: con doscientas mil
abiertas se abren igual de rápido que con diez. Un asesor ve en ellas lo suyo; quien manda en todas, o solo mira, todo.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import FilterSet

from clientes.bandejas import Bandeja, fin_de_semana
from movistar_site.comun import tramos
from movistar_site.comun.tramos import Orden

from ..models import Derivacion, EstadoDerivacion
from ..operaciones.derivaciones_pasos import PERMISO_DE_TODAS, manda_en_todas
from .reparto import PERMISO_DE_ASESOR

VER = "bonificaciones.view_derivacion"
POR_PLAZO = Orden(("vence_el", "id"), con_vacios=True)
"""Lo que no tiene plazo, porque nadie lo lleva todavía, va al final."""
CORRE = (EstadoDerivacion.PENDIENTE, EstadoDerivacion.CONTACTADO)


@dataclass(frozen=True)
class QuienDeriva:
    """Quién mira. `propias`: solo ve las suyas, salvo en la bandeja que las tiene todas."""

    usuario: Any
    propias: bool
    hoy: date

    @classmethod
    def de(cls, usuario: Any, hoy: date) -> QuienDeriva:
        """La cuenta que entra, el día `hoy`."""
        return cls(usuario, es_asesor(usuario), hoy)

    def abiertas(self, **condiciones: Any) -> QuerySet[Derivacion]:
        """Las abiertas que le tocan, con esas condiciones."""
        consulta = Derivacion.objects.abiertas().filter(**condiciones)
        return consulta.filter(asesor=self.usuario) if self.propias else consulta


def es_asesor(usuario: Any) -> bool:
    """Si la cuenta trabaja sus derivaciones: es asesor y no manda en las de todos."""
    return bool(usuario.has_perm(PERMISO_DE_ASESOR)) and not manda_en_todas(usuario)


@dataclass(frozen=True)
class BandejaDerivaciones(Bandeja):
    """Una bandeja de derivaciones."""

    modelo: ClassVar[Any] = Derivacion
    orden: Orden = POR_PLAZO
    permiso: str = VER
    cuenta_en_orden: bool = True

    def permitida(self, usuario: Any) -> bool:
        """Una superusuaria lo puede todo, pero nadie le deriva: no tiene bandeja propia."""
        return super().permitida(usuario) and not (self.permiso == PERMISO_DE_ASESOR and usuario.is_superuser)

    def filtrar(self, rama: QuerySet[Any], filtro: FilterSet) -> QuerySet[Any]:
        return filtro.filter_queryset(rama)

    def con_lo_que_se_muestra(self, modelo: Any, claves: Sequence[int]) -> list[Any]:
        """Las de esas claves, en su orden, con cliente, municipio, programa, bonificación y asesor. Una consulta."""
        filas = Derivacion.objects.filter(pk__in=claves).select_related(
            "cliente__municipio__departamento", "programa", "bonificacion__servicio", "asesor"
        )
        por_clave = {una.pk: una for una in filas}
        return [por_clave[clave] for clave in claves if clave in por_clave]


BANDEJAS: Mapping[str, BandejaDerivaciones] = {
    una.slug: una
    for una in (
        BandejaDerivaciones(
            "mias", "Mías", "person",
            lambda quien: [Derivacion.objects.abiertas().filter(asesor=quien.usuario, estado__in=CORRE)],
            "No tiene clientes por contactar. Aquí llegan los que ganaron una bonificación.",
            permiso=PERMISO_DE_ASESOR,
        ),
        BandejaDerivaciones(
            "para-despues", "Para después", "schedule",
            lambda quien: [quien.abiertas(estado=EstadoDerivacion.APLAZADA)],
            "Ningún cliente pidió que se le buscara otro día.", Orden(("volver_el", "id")),
        ),
        BandejaDerivaciones(
            "esta-semana", "Esta semana", "date_range",
            lambda quien: [quien.abiertas(estado__in=CORRE, vence_el__range=(quien.hoy, fin_de_semana(quien.hoy)))],
            "De aquí al domingo no se vence ninguna.", Orden(("vence_el", "id")),
        ),
        BandejaDerivaciones(
            "vencidas", "Vencidas", "event_busy",
            lambda quien: [quien.abiertas(estado__in=CORRE, vence_el__lt=quien.hoy)],
            "Ninguna derivación pasó de su plazo.", Orden(("vence_el", "id")), urgente=True,
        ),
        BandejaDerivaciones(
            "detenidas", "Detenidas", "do_not_disturb_on",
            lambda quien: [quien.abiertas(estado=EstadoDerivacion.DETENIDA)],
            "Ningún cliente con bonificación pidió que no se le ofreciera más.",
        ),
        BandejaDerivaciones(
            "sin-asesor", "Sin asesor", "person_off", lambda quien: [Derivacion.objects.sin_asesor()],
            "Todas las derivaciones abiertas tienen quién las lleve.", permiso=PERMISO_DE_TODAS, urgente=True,
        ),
        BandejaDerivaciones(
            "todas", "Todas", "all_inbox", lambda quien: [Derivacion.objects.abiertas()],
            "No hay ninguna derivación abierta.",
        ),
    )
}  # fmt: skip


def primera(usuario: Any) -> str:
    """La bandeja con que empieza esa cuenta: las suyas si es asesor; si no, todas."""
    return "mias" if es_asesor(usuario) else "todas"


def insignia(request: Any) -> str:
    """Lo que el menú anuncia: cuántas tiene por trabajar un asesor. Una consulta acotada; vacía, no se dibuja."""
    if not es_asesor(request.user):
        return ""
    una = BANDEJAS["mias"]
    cuantas = una.cuenta(QuienDeriva(request.user, propias=True, hoy=date.min))
    return tramos.cuenta_en_palabras(cuantas) if cuantas else ""
