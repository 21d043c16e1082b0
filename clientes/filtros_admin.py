"""Filtros propios de las listas de clientes en el admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter, RadioFilter, RangeDateFilter, RangeNumericListFilter

from movistar_site.comun.opciones import Categoria
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import a_fecha, a_pesos

from .models import CambioPlan, Departamento, EstadoCambio, Suspension
from .plazos import Situacion
from .reloj import reloj

DE_OTRAS_APLICACIONES: list[Any] = []
"""Los filtros que otras aplicaciones añaden a la lista de clientes."""
TRAMOS = {
    "0-1": ("Menos de 1 año", None, 1),
    "1-3": ("De 1 a 3 años", 1, 3),
    "3-5": ("De 3 a 5 años", 3, 5),
    "5-10": ("De 5 a 10 años", 5, 10),
    "10-15": ("De 10 a 15 años", 10, 15),
    "15-20": ("De 15 a 20 años", 15, 20),
    "20-": ("20 años o más", 20, None),
}


class FiltroSiNo(RadioFilter):
    """Sí, no, o todos. `aplicar` filtra según la respuesta."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return (("si", "Sí"), ("no", "No"))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return self.aplicar(queryset, self.value() == "si") if self.value() in ("si", "no") else queryset

    def aplicar(self, queryset: Any, si: bool) -> Any:
        """Las filas que responden sí, o las que no."""
        raise NotImplementedError


class FiltroCategoria(DropdownFilter):
    """La categoría de hoy: asignada a mano o por permanencia."""

    title = "categoría"
    parameter_name = "categoria"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Categoria.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in Categoria.values:
            return queryset
        hoy = timezone.localdate()
        return queryset.de_categoria(self.value(), hoy, parametros(hoy))


class FiltroAMano(FiltroSiNo):
    """Si alguien les fijó la categoría."""

    title = "categoría asignada a mano"
    parameter_name = "a_mano"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        return queryset.exclude(categoria_asignada="") if si else queryset.filter(categoria_asignada="")


class FiltroPermanencia(DropdownFilter):
    """Años cumplidos como cliente."""

    title = "permanencia"
    parameter_name = "permanencia"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(clave, nombre) for clave, (nombre, _, _) in TRAMOS.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in TRAMOS:
            return queryset
        _, desde, hasta = TRAMOS[self.value()]  # type: ignore[index]
        return queryset.con_permanencia(timezone.localdate(), desde=desde, hasta=hasta)


class FiltroDepartamento(DropdownFilter):
    """El departamento del municipio en que vive."""

    title = "departamento"
    parameter_name = "departamento"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(Departamento.objects.values_list("codigo", "nombre"))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(municipio__departamento=self.value()) if self.value() else queryset


class FiltroEstrato(DropdownFilter):
    """El estrato de la vivienda."""

    title = "estrato"
    parameter_name = "estrato"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(str(n), f"Estrato {n}") for n in range(1, 7)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(estrato=int(self.value())) if self.value() in set("123456") else queryset  # type: ignore[arg-type]


class FiltroConAbierta(FiltroSiNo):
    """Si esperan respuesta a algo."""

    title = "interacciones sin responder"
    parameter_name = "abiertas"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        return queryset.con_interaccion_abierta(si)


class FiltroPorCompletar(FiltroSiNo):
    """Si les falta algún dato que una importación dedujo o recibió incompleto."""

    title = "con datos por completar"
    parameter_name = "por_completar"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        return queryset.por_completar(si)


class FiltroSinResponder(FiltroSiNo):
    """Las que esperan respuesta."""

    title = "sin responder"
    parameter_name = "sin_responder"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        return queryset.abiertas() if si else queryset.filter(estado="respondida")


class FiltroSituacion(DropdownFilter):
    """En qué va el plazo de ley, hoy."""

    title = "situación del plazo"
    parameter_name = "situacion"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Situacion.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in Situacion.values:
            return queryset
        hoy = timezone.localdate()
        return queryset.en_situacion(self.value(), hoy=hoy, avisar_hasta=reloj(hoy).desde_cuando_se_avisa(hoy))


class FiltroSilencio(DropdownFilter):
    """Lo que hay que cumplirle al cliente por no haberle respondido a tiempo."""

    title = "silencio positivo"
    parameter_name = "silencio"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return (("sin_tarea", "Sin su tarea de 72 horas"), ("por_cumplir", "Por cumplir"))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "sin_tarea":
            return queryset.en_silencio_sin_anotar(timezone.localdate())
        if self.value() == "por_cumplir":
            return queryset.filter(silencio__isnull=False, silencio__cumplido_el__isnull=True)
        return queryset


class FiltroMovimiento(DropdownFilter):
    """Los contratos a los que les falta un movimiento: lo programado, y lo que ya debió hacerse."""

    title = "movimientos pendientes"
    parameter_name = "movimiento"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return (
            ("programado", "Con un cambio de plan programado"),
            ("cambio", "Con un cambio de plan que ya rige"),
            ("reanudar", "Con una suspensión que ya terminó"),
        )

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        hoy = timezone.localdate()
        de_cada_uno: dict[str, Callable[[], QuerySet[Any]]] = {
            "programado": lambda: CambioPlan.objects.filter(estado=EstadoCambio.PROGRAMADO),
            "cambio": lambda: CambioPlan.objects.por_aplicar(hoy),
            "reanudar": lambda: Suspension.objects.por_reanudar(hoy),
        }
        if (pendientes := de_cada_uno.get(self.value() or "")) is None:
            return queryset
        return queryset.filter(pk__in=pendientes().order_by().values("contrato"))


class FiltroPorEnviar(FiltroSiNo):
    """Los recursos cuya apelación está por enviar."""

    title = "por enviar a la SIC"
    parameter_name = "por_enviar"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        if si:
            return queryset.por_enviar_a_la_sic()
        return queryset.exclude(pk__in=queryset.model.objects.por_enviar_a_la_sic().order_by().values("pk"))


class FiltroVigente(FiltroSiNo):
    """Si el cliente no lo ha revocado."""

    title = "vigente"
    parameter_name = "vigente"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        return queryset.filter(revocado_el__isnull=si)


class FiltroPrecio(RangeNumericListFilter):
    """El precio firmado, entre dos valores escritos a la colombiana."""

    title = "precio firmado"
    parameter_name = "precio"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for extremo, comparacion in (("from", "gte"), ("to", "lte")):
            texto = str(self.used_parameters.get(f"{self.parameter_name}_{extremo}") or "").strip()
            if not texto:
                continue
            try:
                queryset = queryset.filter(**{f"{self.parameter_name}__{comparacion}": a_pesos(texto)})
            except ValueError as error:
                messages.warning(request, f"No se filtró por precio. {error}")
        return queryset


class FiltroDias(RangeDateFilter):
    """Un rango de días, ambos inclusive, también sobre un campo con hora (la de Bogotá)."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        con_hora = self.field.get_internal_type() == "DateTimeField"
        for extremo, comparacion, mas in (("from", "gte", 0), ("to", "lt", 1)):
            texto = str(self.used_parameters.get(f"{self.parameter_name}_{extremo}") or "").strip()
            if not texto:
                continue
            try:
                limite: Any = a_fecha(texto) + timedelta(days=mas)
                if con_hora:
                    limite = timezone.make_aware(datetime.combine(limite, time.min))
                queryset = queryset.filter(**{f"{self.field_path}__{comparacion}": limite})
            except ValueError as error:
                messages.warning(request, f"No se filtró por {self.title}. {error}")
            except OverflowError:
                messages.warning(request, f"No se filtró por {self.title}: esa fecha no cabe en el calendario.")
        return queryset


class FiltroVigentes(FiltroSiNo):
    """Lo que se ofrece hoy, o lo retirado y lo futuro."""

    title = "vigente hoy"
    parameter_name = "vigente"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        vigentes = queryset.model.objects.vigentes(timezone.localdate())
        return queryset.filter(pk__in=vigentes.values("pk")) if si else queryset.exclude(pk__in=vigentes.values("pk"))


class FiltroCumplido(FiltroSiNo):
    """Si ya se le cumplió al cliente."""

    title = "cumplido"
    parameter_name = "cumplido"

    def aplicar(self, queryset: Any, si: bool) -> Any:
        return queryset.filter(cumplido_el__isnull=not si)
