"""A qué asesor se le deriva cada cliente: el menos cargado de los que le quedan más cerca.

El orden es: el asesor que ya lo tuvo, quien cubre su municipio, quien cubre el mismo departamento, cualquiera. Dentro
de un grupo, siempre el que menos derivaciones abiertas tiene (a igual carga, el de la cuenta más antigua) y nunca uno
que llegó a su tope. Si nadie puede, nadie: la derivación espera sin plazo a que la revisión diaria la reparta.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Count, QuerySet

from movistar_site.comun.festivos import calendario
from movistar_site.comun.models import Usuario
from movistar_site.comun.parametros import parametros

from ..models import Asesor, Derivacion

PERMISO_DE_ASESOR = "bonificaciones.recibir_derivacion"
"""Quien lo tiene recibe derivaciones. Una superusuaria lo puede todo y no por eso vende: no cuenta."""
_VERIFICADOR = "django.contrib.auth.backends.ModelBackend"


class _Grupo:
    """Los asesores de un grupo, con el menos cargado a la mano.

    Las cargas solo crecen mientras se reparte: una entrada vieja del montículo nunca esconde a otro menos cargado, y
    basta ponerla al día cuando llega arriba.
    """

    __slots__ = ("_monticulo",)

    def __init__(self, asesores: Iterable[int], cargas: Mapping[int, int]) -> None:
        self._monticulo = [(cargas[uno], uno) for uno in asesores]
        heapq.heapify(self._monticulo)

    def menos_cargado(self, cargas: Mapping[int, int], topes: Mapping[int, int]) -> int | None:
        monticulo = self._monticulo
        while monticulo:
            carga, uno = monticulo[0]
            actual = cargas[uno]
            if uno in topes and actual >= topes[uno]:
                heapq.heappop(monticulo)
            elif carga != actual:
                heapq.heapreplace(monticulo, (actual, uno))
            else:
                return uno
        return None


class Reparto:
    """El reparto de un día. `elegir` es puro: no consulta, y cada elección suma uno a la carga del elegido.

    `cargas`: asesor que recibe → derivaciones abiertas que ya tiene. `topes`: asesor → cuántas puede tener; quien no
    figura no tiene tope. `municipios`: asesor → códigos de los que cubre. `vence_el`: el plazo de lo que se deriva hoy.
    """

    def __init__(
        self,
        cargas: Mapping[int, int],
        *,
        vence_el: date,
        topes: Mapping[int, int] | None = None,
        municipios: Mapping[int, Collection[str]] | None = None,
    ) -> None:
        self.cargas = dict(cargas)
        self.topes = dict(topes or {})
        self.vence_el = vence_el
        por_municipio: dict[str, set[int]] = defaultdict(set)
        por_departamento: dict[str, set[int]] = defaultdict(set)
        for asesor, codigos in (municipios or {}).items():
            if asesor in self.cargas:
                for codigo in codigos:
                    por_municipio[codigo].add(asesor)
                    por_departamento[codigo[:2]].add(asesor)
        # Los municipios que cubren los mismos asesores comparten grupo: sus cargas se ponen al día una sola vez.
        grupos: dict[frozenset[int], _Grupo] = {}
        self._de_municipio = {codigo: self._grupo(grupos, quienes) for codigo, quienes in por_municipio.items()}
        self._de_departamento = {codigo: self._grupo(grupos, quienes) for codigo, quienes in por_departamento.items()}
        self._todos = self._grupo(grupos, self.cargas)

    def _grupo(self, grupos: dict[frozenset[int], _Grupo], quienes: Iterable[int]) -> _Grupo:
        clave = frozenset(quienes)
        if clave not in grupos:
            grupos[clave] = _Grupo(clave, self.cargas)
        return grupos[clave]

    @classmethod
    def de(cls, hoy: date) -> Reparto:
        """El del día `hoy`, con la gente y las cargas de este momento. Seis consultas."""
        reglas = parametros(hoy)
        quienes = set(asesores_que_reciben().values_list("pk", flat=True))
        cargas = dict.fromkeys(quienes, 0)
        abiertas = Derivacion.objects.abiertas().filter(asesor__in=quienes).order_by()
        cargas.update(abiertas.values_list("asesor").annotate(Count("pk")))
        topes = Asesor.objects.filter(usuario__in=quienes, tope__isnull=False).values_list("usuario", "tope")
        municipios: dict[int, list[str]] = defaultdict(list)
        enlaces = Asesor.municipios.through.objects.filter(asesor__usuario__in=quienes)
        for asesor, codigo in enlaces.values_list("asesor__usuario", "municipio"):
            municipios[asesor].append(codigo)
        vence_el = calendario(reglas).sumar_habiles(hoy, reglas["dias_derivacion"])
        return cls(
            cargas,
            vence_el=vence_el,
            topes={uno: tope for uno, tope in topes if tope is not None},
            municipios=municipios,
        )

    def elegir(self, municipio: str | None, departamento: str | None, anterior: int | None) -> int | None:
        """El asesor de un cliente de ese municipio que tuvo ese asesor; None si no hay nadie libre.

        `municipio` y `departamento`: códigos de la DIVIPOLA; el departamento se deduce del municipio si no se dice.
        """
        elegido = anterior if anterior is not None and self._puede(anterior) else None
        if elegido is None and municipio:
            elegido = self._primero(self._de_municipio.get(municipio))
        if elegido is None and (departamento or municipio):
            elegido = self._primero(self._de_departamento.get(departamento or (municipio or "")[:2]))
        if elegido is None:
            elegido = self._primero(self._todos)
        if elegido is not None:
            self.cargas[elegido] += 1
        return elegido

    def _puede(self, asesor: int) -> bool:
        carga = self.cargas.get(asesor)
        return carga is not None and (asesor not in self.topes or carga < self.topes[asesor])

    def _primero(self, grupo: _Grupo | None) -> int | None:
        return grupo.menos_cargado(self.cargas, self.topes) if grupo is not None else None


def asesores() -> QuerySet[Usuario]:
    """Las cuentas activas con papel de asesor, reciban hoy o no."""
    return Usuario.objects.with_perm(
        PERMISO_DE_ASESOR, is_active=True, include_superusers=False, backend=_VERIFICADOR
    ).order_by("pk")


def asesores_que_reciben() -> QuerySet[Usuario]:
    """Los asesores a los que hoy se les puede derivar: los que no están en pausa."""
    return asesores().exclude(asesor__recibe=False)
