"""Las bandejas de trabajo: qué casos tiene cada una y en qué orden, como datos.

En todas va primero lo que primero vence, por páginas con clave y por un índice propio: una bandeja con cien mil casos
se abre tan rápido como una con diez. Cada una es una o varias consultas que no comparten casos (las de un equipo, una
por equipo): así cada cual recorre su índice y no se ordena todo para mostrar veinticinco.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import FilterSet

from movistar_site.comun import tramos
from movistar_site.comun.tramos import Orden, Posicion, Tramo, tramo

from .models import Equipo, Interaccion, SilencioPositivo

POR_VENCIMIENTO = Orden(("vence_el", "id"))
CON_LAS_SIN_PLAZO = Orden(("vence_el", "id"), con_vacios=True)
"""Las sugerencias no vencen: van al final de lo que alguien tiene a cargo."""
_DIAS_DE_LA_SEMANA = 7


@dataclass(frozen=True)
class Quien:
    """De quién es la bandeja que se mira: su cuenta y sus equipos en marcha."""

    usuario: Any
    equipos: tuple[int, ...]
    hoy: date

    @classmethod
    def de(cls, usuario: Any, hoy: date) -> Quien:
        """Quien entra, el día `hoy`. Una consulta."""
        equipos = Equipo.objects.filter(miembros=usuario, activo=True).order_by("pk").values_list("pk", flat=True)
        return cls(usuario, tuple(equipos), hoy)


Ramas = Callable[[Any], Sequence[QuerySet[Any]]]
"""De quién mira la bandeja, sus consultas."""


@dataclass(frozen=True)
class Bandeja:
    """Una bandeja. `ramas`: sus consultas; `orden`: por qué columnas va; `vacia`: qué se dice si no hay nada."""

    modelo: ClassVar[Any] = Interaccion
    slug: str
    titulo: str
    icono: str
    ramas: Ramas
    vacia: str
    orden: Orden = POR_VENCIMIENTO
    permiso: str = "clientes.view_interaccion"
    urgente: bool = False
    # Se cuenta por el índice con que se muestra; las demás lo hallan solas, y ordenar para contar les costaría.
    cuenta_en_orden: bool = False

    def permitida(self, usuario: Any) -> bool:
        """Si la cuenta la puede abrir."""
        return bool(usuario.has_perm(self.permiso))

    def cuenta(self, quien: Any) -> int:
        """Cuántos casos tiene, hasta uno más que el límite de cuenta, sin filtros."""
        por = self.orden if self.cuenta_en_orden else None
        total = 0
        for rama in self.ramas(quien):
            # Aunque ya se haya pasado del límite: el número de consultas no depende de cuántos casos haya.
            total += tramos.contar(rama, max(tramos.LIMITE_DE_CUENTA - total, 0), por=por)
        return total

    def tramo(self, quien: Any, filtro: FilterSet | None, parametros: Mapping[str, str]) -> Tramo:
        """Una página de la bandeja, con todo lo que la lista muestra. `filtro`: None si no hay ninguno puesto."""
        ramas = self.ramas(quien)
        modelo: Any = ramas[0].model if ramas else self.modelo
        posicion = Posicion.de(parametros, self.orden, modelo)
        if filtro is not None:
            ramas = [self.filtrar(rama, filtro) for rama in ramas]
        pagina = tramo(ramas, self.orden, posicion)
        pagina.filas = self.con_lo_que_se_muestra(modelo, pagina.filas)
        return pagina

    def filtrar(self, rama: QuerySet[Any], filtro: FilterSet) -> QuerySet[Any]:
        """La rama con el filtro puesto."""
        if rama.model is self.modelo:
            return filtro.filter_queryset(rama)
        elegidas = filtro.filter_queryset(Interaccion.objects.all())
        return rama.filter(interaccion__in=elegidas.order_by().values("pk"))

    def con_lo_que_se_muestra(self, modelo: Any, claves: Sequence[int]) -> list[Any]:
        """Los casos de esas claves, en su orden, con cliente, motivo, responsable, equipo y silencio. Una consulta."""
        columna = "pk" if modelo is Interaccion else "silencio__pk"
        casos = Interaccion.objects.filter(**{f"{columna}__in": claves}).select_related(
            "cliente", "motivo", "responsable", "equipo", "silencio"
        )
        casos = casos.defer("texto", "respuesta", "borrador")
        por_clave = {caso.pk if columna == "pk" else caso.silencio.pk: caso for caso in casos}
        return [por_clave[clave] for clave in claves if clave in por_clave]


# --- Las bandejas ----------------------------------------------------------------------------------------------------
def _abiertas(**condiciones: Any) -> QuerySet[Interaccion]:
    return Interaccion.objects.abiertas().filter(**condiciones)


def fin_de_semana(hoy: date) -> date:
    """El domingo de la semana de `hoy`."""
    return hoy + timedelta(days=_DIAS_DE_LA_SEMANA - 1 - hoy.weekday())


BANDEJAS: Mapping[str, Bandeja] = {
    una.slug: una
    for una in (
        Bandeja(
            "mias", "Mías", "person", lambda quien: [_abiertas(responsable=quien.usuario)],
            "No tiene casos a su cargo. Tome uno de los de su equipo o de los que nadie atiende.", CON_LAS_SIN_PLAZO,
        ),
        Bandeja(
            "mi-equipo", "De mi equipo", "groups",
            lambda quien: [_abiertas(equipo=equipo) for equipo in quien.equipos],
            "Sus equipos no tienen casos sin responder, o todavía no es de ninguno.", CON_LAS_SIN_PLAZO,
        ),
        Bandeja(
            "sin-asignar", "Sin asignar", "person_off", lambda quien: [_abiertas(responsable__isnull=True)],
            "Todo lo que está sin responder tiene quién lo atienda.", CON_LAS_SIN_PLAZO,
        ),
        Bandeja(
            "vencen-hoy", "Vencen hoy", "today", lambda quien: [_abiertas(vence_el=quien.hoy)],
            "Hoy no vence ningún caso.", urgente=True,
        ),
        Bandeja(
            "esta-semana", "Esta semana", "date_range",
            lambda quien: [_abiertas(vence_el__range=(quien.hoy, fin_de_semana(quien.hoy)))],
            "De aquí al domingo no vence ningún caso.",
        ),
        Bandeja(
            "vencidas", "Vencidas", "event_busy", lambda quien: [_abiertas(vence_el__lt=quien.hoy)],
            "No hay casos vencidos: todo lo que está sin responder está en término.", urgente=True,
        ),
        Bandeja(
            "silencio", "Silencio", "gavel",
            lambda quien: [SilencioPositivo.objects.filter(cumplido_el__isnull=True)],
            "No hay silencios positivos por cumplir.", Orden(("cumplir_antes_de", "id")),
            permiso="clientes.view_silenciopositivo", urgente=True,
        ),
        Bandeja(
            "por-enviar-a-la-sic", "Para la SIC", "outbox",
            lambda quien: [Interaccion.objects.por_enviar_a_la_sic()],
            "No hay apelaciones por enviar a la Superintendencia de Industria y Comercio.",
            Orden(("respondida_el", "id")), cuenta_en_orden=True,
        ),
    )
}  # fmt: skip
PRIMERA = "mias"


def cuentas(usuario: Any, quien: Any, bandejas: Mapping[str, Bandeja] = BANDEJAS) -> list[tuple[Bandeja, str, int]]:
    """Cada bandeja que la cuenta puede abrir con su cuenta acotada, en palabras y en número."""
    pares = [(una, una.cuenta(quien)) for una in bandejas.values() if una.permitida(usuario)]
    return [(una, tramos.cuenta_en_palabras(cuantas), cuantas) for una, cuantas in pares]
