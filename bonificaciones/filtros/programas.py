"""Los filtros de las listas de programas, bonificaciones y corridas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

from clientes.filtros_admin import FiltroSiNo
from movistar_site.comun.historia import modelo_historico
from movistar_site.comun.valores import a_fecha, formatear_fecha

from ..models import Corrida, Derivacion, VigenciaPrograma

CORRIDAS_OFRECIDAS = 30
LARGO_DE_CLAVE = 18


class FiltroVigenciaPrograma(DropdownFilter):
    """Vigentes, futuros, terminados o inactivos hoy."""

    title = "vigencia"
    parameter_name = "vigencia"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return VigenciaPrograma.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in VigenciaPrograma.values:
            return queryset.en_vigencia(self.value(), timezone.localdate())
        return queryset


class FiltroCorrida(DropdownFilter):
    """Las que asignó una corrida."""

    title = "corrida"
    parameter_name = "corrida"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        elegida = _clave(request.GET.get(self.parameter_name, ""))
        ultimas = Corrida.objects.filter(simulada=False, otorgadas__gt=0).select_related("programa")
        filas = list(ultimas.order_by("-empezada_el", "-id")[:CORRIDAS_OFRECIDAS])
        if elegida and elegida not in {una.pk for una in filas}:
            filas += Corrida.objects.select_related("programa").filter(pk=elegida)
        return [(str(una.pk), f"{una.programa.nombre}, {formatear_fecha(una.dia)}") for una in filas]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(corrida=clave) if (clave := _clave(self.value())) else queryset


class FiltroRepartida(FiltroSiNo):
    """Si al asignarla había un asesor que la recibiera. Lo dice la primera versión de su derivación."""

    title = "derivada al asignarla"
    parameter_name = "derivada"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        primeras = modelo_historico(Derivacion).objects.filter(
            id=OuterRef("derivacion__pk"), history_type="+", asesor__isnull=False
        )
        con_asesor = Exists(primeras.order_by())
        return queryset.filter(con_asesor if si else ~con_asesor)


class FiltroAsignada(RangeDateFilter):
    """Un rango de días, ambos inclusive. Los días son los de las corridas, que son pocas: así sirve su índice."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        limites = {}
        for extremo, comparacion in (("from", "gte"), ("to", "lte")):
            texto = str(self.used_parameters.get(f"{self.parameter_name}_{extremo}") or "").strip()
            if not texto:
                continue
            try:
                limites[comparacion] = a_fecha(texto)
            except ValueError as error:
                messages.warning(request, f"No se filtró por {self.title}. {error}")
        if not limites:
            return queryset
        de_esos_dias = Corrida.objects.filter(**{f"dia__{c}": dia for c, dia in limites.items()})
        sin_corrida = Q(corrida__isnull=True, **{f"otorgada_el__{c}": dia for c, dia in limites.items()})
        return queryset.filter(Q(corrida__in=de_esos_dias.order_by().values("pk")) | sin_corrida)


def _clave(texto: str | None) -> int | None:
    limpio = str(texto or "")
    return int(limpio) if limpio.isascii() and limpio.isdigit() and len(limpio) <= LARGO_DE_CLAVE else None
