"""Por qué se puede reunir a los clientes en un segmento: los filtros de su lista y su comportamiento."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import django_filters as filtros
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Round
from django.utils import timezone
from django_filters.fields import RangeField
from django_filters.widgets import RangeWidget

from clientes.filtros import FiltroCliente
from clientes.models import (
    Consentimiento,
    Contrato,
    Departamento,
    EstadoContrato,
    Finalidad,
    Interaccion,
    Municipio,
    TipoInteraccion,
)
from clientes.reglas import PRIMERA_VINCULACION
from movistar_site.comun.busqueda import palabras_de
from movistar_site.comun.opciones import Canal
from movistar_site.comun.valores import sumar_meses
from servicios.forms import CampoPesos
from servicios.models import Periodicidad, Servicio, TipoServicio

from ..models import Bonificacion, EstadoBonificacion, NivelRiesgo, Sugerencia

CENTAVOS = 100
MESES_DE_RECLAMACIONES = 12
"""En cuántos meses se cuentan las reclamaciones si no se dice otra cosa."""
MAXIMO_RECLAMACIONES, MAXIMO_MESES, MAXIMO_CONTRATOS, MAXIMO_DIAS = 1_000, 120, 1_000, 365
POR_CLAVES = ("con_tipo", "con_servicio", "gasto", "contratos", "reclamaciones", "autoriza", "autoriza_por", "riesgo",
              "bonificacion", "con_interaccion_abierta", "busqueda")  # fmt: skip
"""Los filtros que dan las claves de los clientes en vez de mirar a cada uno."""
NUNCA = "ninguna"
BONIFICACIONES = [(NUNCA, "Nunca ha tenido"), *EstadoBonificacion.choices]


# --- Campos ----------------------------------------------------------------------------------------------------------
class CampoEntero(forms.IntegerField):
    """Un número entero con sus extremos, dicho en una frase."""

    def __init__(self, *, minimo: int = 0, maximo: int = MAXIMO_DIAS, **kwargs: Any) -> None:
        frase = f"Escriba un número entero de {minimo} a {maximo}."
        validadores = [MinValueValidator(minimo, frase), MaxValueValidator(maximo, frase)]
        widget = forms.NumberInput(attrs={"min": minimo, "max": maximo})
        kwargs = {"widget": widget, "error_messages": {"invalid": frase}} | kwargs
        super().__init__(validators=validadores, **kwargs)


class FiltroEntero(filtros.Filter):
    """Un número entero."""

    field_class = CampoEntero


class RangoDePesos(RangeField):
    """Dos cifras en pesos, escritas a la colombiana."""

    widget = RangeWidget(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, fields: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__((CampoPesos(), CampoPesos()), *args, **kwargs)


class RangoDeEnteros(RangeField):
    """Dos números enteros."""

    def __init__(self, fields: Any = None, *args: Any, **kwargs: Any) -> None:
        dos = (CampoEntero(maximo=MAXIMO_CONTRATOS), CampoEntero(maximo=MAXIMO_CONTRATOS))
        super().__init__(dos, *args, **kwargs)


class FiltroRangoDePesos(filtros.RangeFilter):
    """Entre dos cifras en pesos, inclusive."""

    field_class = RangoDePesos


class FiltroRangoDeEnteros(filtros.RangeFilter):
    """Entre dos números enteros, inclusive."""

    field_class = RangoDeEnteros


class FormularioDeFiltros(forms.Form):
    """Lo que se exige de varios filtros a la vez."""

    def clean(self) -> dict[str, Any]:
        datos = super().clean() or {}
        for nombre in ("gasto", "contratos", "fecha_vinculacion", "inactivo_desde"):
            rango = datos.get(nombre)
            if rango and None not in (rango.start, rango.stop) and rango.start > rango.stop:
                self.add_error(nombre, "El primer valor no puede pasar del segundo.")
        if datos.get("reclamaciones_meses") and datos.get("reclamaciones") is None:
            self.add_error("reclamaciones_meses", "Escriba también cuántas reclamaciones, al menos.")
        if (texto := datos.get("busqueda")) and not palabras_de(texto):
            self.add_error("busqueda", "Escriba alguna letra o cifra.")
        return datos


# --- El filtro -------------------------------------------------------------------------------------------------------
class FiltroSegmento(FiltroCliente):
    """Clientes por lo que son y por lo que hacen. Lo que se mira de sus contratos es lo de hoy.

    `entre`: las únicas claves que importan. Con ellas, lo que se suma o se cuenta por cliente se mira solo en ellas, y
    saber si uno está en el segmento no recorre los contratos de todos.
    """

    departamento = filtros.ModelMultipleChoiceFilter(
        queryset=Departamento.objects.all(), method="de_departamento", label="Departamento", distinct=False
    )
    municipio = filtros.ModelMultipleChoiceFilter(
        queryset=Municipio.objects.select_related("departamento"), method="de_municipio", label="Municipio",
        distinct=False,
    )  # fmt: skip
    con_tipo = filtros.ModelMultipleChoiceFilter(
        queryset=TipoServicio.objects.all(), method="con_contrato_de", field_name="servicio__tipo",
        label="Tiene un contrato activo de alguno de estos tipos", distinct=False,
    )  # fmt: skip
    sin_tipo = filtros.ModelMultipleChoiceFilter(
        queryset=TipoServicio.objects.all(), method="sin_contrato_de", field_name="servicio__tipo",
        label="No tiene contrato activo de ninguno de estos tipos", distinct=False,
    )  # fmt: skip
    con_servicio = filtros.ModelMultipleChoiceFilter(
        queryset=Servicio.objects.all(), method="con_contrato_de", field_name="servicio",
        label="Tiene un contrato activo de alguno de estos servicios", distinct=False,
    )  # fmt: skip
    sin_servicio = filtros.ModelMultipleChoiceFilter(
        queryset=Servicio.objects.all(), method="sin_contrato_de", field_name="servicio",
        label="No tiene contrato activo de ninguno de estos servicios", distinct=False,
    )  # fmt: skip
    gasto = FiltroRangoDePesos(method="por_gasto", label="Gasto mensual (COP)")
    contratos = FiltroRangoDeEnteros(method="por_contratos", label="Contratos activos")
    reclamaciones = FiltroEntero(
        method="con_reclamaciones", label="Reclamaciones, al menos", minimo=1, maximo=MAXIMO_RECLAMACIONES
    )
    reclamaciones_meses = FiltroEntero(
        method="nada", label="En los últimos (meses)", minimo=1, maximo=MAXIMO_MESES,
        help_text=f"Vacío, {MESES_DE_RECLAMACIONES}.",
    )  # fmt: skip
    autoriza = filtros.BooleanFilter(method="que_autoriza", label="Autoriza ofertas por algún canal")
    autoriza_por = filtros.MultipleChoiceFilter(
        choices=Canal.choices, method="que_autoriza_por", label="Autoriza ofertas por alguno de estos canales"
    )
    aniversario = FiltroEntero(
        method="que_cumple_anios", label="Cumple años como cliente en los próximos (días)", maximo=MAXIMO_DIAS
    )
    riesgo = filtros.MultipleChoiceFilter(choices=NivelRiesgo.choices, method="con_riesgo", label="Riesgo de irse")
    bonificacion = filtros.MultipleChoiceFilter(
        choices=BONIFICACIONES, method="con_bonificacion", label="Tiene alguna bonificación"
    )

    class Meta(FiltroCliente.Meta):
        form = FormularioDeFiltros

    def __init__(
        self, data: Any = None, queryset: Any = None, *, hoy: date, entre: Collection[int] | None = None, **kwargs: Any
    ) -> None:
        self.entre = entre
        super().__init__(data, queryset, hoy=hoy, **kwargs)

    def _suyos(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        """Los registros de los clientes que importan, sin orden: va dentro de un IN."""
        return (consulta if self.entre is None else consulta.filter(cliente__in=self.entre)).order_by()

    # --- Dónde vive --------------------------------------------------------------------------------------------------
    def de_departamento(self, consulta: Any, nombre: str, elegidos: Any) -> Any:
        """Los que viven en alguno."""
        if not elegidos:
            return consulta
        codigos = Municipio.objects.filter(departamento__in=list(elegidos)).order_by().values_list("pk", flat=True)
        return self._en_municipios(consulta, list(codigos))

    def de_municipio(self, consulta: Any, nombre: str, elegidos: Any) -> Any:
        """Los que viven en alguno."""
        return self._en_municipios(consulta, [uno.pk for uno in elegidos]) if elegidos else consulta

    def _en_municipios(self, consulta: Any, codigos: list[str]) -> Any:
        """Con otro filtro que ya da claves, sin el índice del municipio: SQLite lo recorrería una vez por cada una."""
        datos = self.form.cleaned_data
        if not any(lleno(datos.get(nombre)) for nombre in POR_CLAVES):
            return consulta.filter(municipio__in=codigos)
        return consulta.alias(_municipio=Coalesce("municipio_id", Value(""))).filter(_municipio__in=codigos)

    # --- Contratos ---------------------------------------------------------------------------------------------------
    def _con_contrato(self, campo: str, elegidos: Any) -> QuerySet[Any]:
        """Las claves de quienes tienen un contrato activo de alguno. Por claves y no por subconsulta: son pocos, y
        así la base entra por el índice del servicio."""
        servicios = [uno.pk for uno in elegidos]
        if campo == "servicio__tipo":
            servicios = list(Servicio.objects.filter(tipo__in=servicios).order_by().values_list("pk", flat=True))
        return self._suyos(Contrato.objects.activos().filter(servicio__in=servicios)).values("cliente")

    def con_contrato_de(self, consulta: Any, campo: str, elegidos: Any) -> Any:
        """Los que tienen un contrato activo de alguno."""
        return consulta.filter(pk__in=self._con_contrato(campo, elegidos)) if elegidos else consulta

    def sin_contrato_de(self, consulta: Any, campo: str, elegidos: Any) -> Any:
        """Los que no tienen contrato activo de ninguno."""
        return consulta.exclude(pk__in=self._con_contrato(campo, elegidos)) if elegidos else consulta

    def por_gasto(self, consulta: Any, nombre: str, rango: slice) -> Any:
        """Lo que paga al mes por sus contratos activos mensuales; cero quien no tiene ninguno."""
        # En centavos enteros: la suma de decimales de SQLite es de coma flotante. Lo que cuenta va en la suma y no en
        # un WHERE: así se recorre el índice por cliente, en su orden, sin tocar la tabla ni ordenar.
        centavos = Cast(Round(F("precio") * CENTAVOS), BigIntegerField())
        cuenta = Q(estado=EstadoContrato.ACTIVO, periodicidad=Periodicidad.MENSUAL)
        sumas = self._suyos(Contrato.objects.all()).values("cliente").annotate(_cuanto=Sum(centavos, filter=cuenta))
        return _entre(consulta, sumas, _centavos(rango.start), _centavos(rango.stop))

    def por_contratos(self, consulta: Any, nombre: str, rango: slice) -> Any:
        """Cuántos contratos activos tiene; cero quien no tiene ninguno."""
        activos = Count("pk", filter=Q(estado=EstadoContrato.ACTIVO))
        cuentas = self._suyos(Contrato.objects.all()).values("cliente").annotate(_cuanto=activos)
        return _entre(consulta, cuentas, rango.start, rango.stop)

    # --- Interacciones y consentimientos -----------------------------------------------------------------------------
    def con_abierta(self, consulta: Any, nombre: str, abierta: bool) -> Any:
        """Los que esperan respuesta, o los que no."""
        suyas = self._suyos(Interaccion.objects.filter(estado__in=("abierta", "en_tramite"))).values("cliente")
        return consulta.filter(pk__in=suyas) if abierta else consulta.exclude(pk__in=suyas)

    def con_reclamaciones(self, consulta: Any, nombre: str, cuantas: int) -> Any:
        """Los que reclamaron al menos esas veces en los últimos meses, contados hasta hoy inclusive."""
        meses = self.form.cleaned_data.get("reclamaciones_meses") or MESES_DE_RECLAMACIONES
        desde, hasta = _inicio(sumar_meses(self.hoy, -meses)), _inicio(self.hoy + timedelta(days=1))
        suyas = self._suyos(Interaccion.objects.filter(tipo=TipoInteraccion.RECLAMACION))
        # El período va en la cuenta, como el estado en la del gasto: por el índice de lo que reclamó cada cliente.
        en_el_periodo = Count("pk", filter=Q(fecha__gte=desde, fecha__lt=hasta))
        cuentas = suyas.values("cliente").annotate(_cuanto=en_el_periodo).filter(_cuanto__gte=cuantas)
        return consulta.filter(pk__in=cuentas.values("cliente"))

    def nada(self, consulta: Any, nombre: str, valor: Any) -> Any:
        """Lo lee otro filtro."""
        return consulta

    def _autorizan(self, **condiciones: Any) -> QuerySet[Any]:
        vigentes = Consentimiento.objects.vigentes().filter(finalidad=Finalidad.COMERCIAL, **condiciones)
        return self._suyos(vigentes).values("cliente")

    def que_autoriza(self, consulta: Any, nombre: str, si: bool) -> Any:
        """Los que autorizaron ofertas por algún canal y no lo han revocado, o los que por ninguno."""
        return consulta.filter(pk__in=self._autorizan()) if si else consulta.exclude(pk__in=self._autorizan())

    def que_autoriza_por(self, consulta: Any, nombre: str, canales: list[str]) -> Any:
        """Los que autorizaron ofertas por alguno de esos canales y no lo han revocado."""
        return consulta.filter(pk__in=self._autorizan(canal__in=canales)) if canales else consulta

    # --- Fidelización ------------------------------------------------------------------------------------------------
    def que_cumple_anios(self, consulta: Any, nombre: str, dias: int) -> Any:
        """Los que cumplen un año más como clientes de hoy a dentro de esos días, ambos inclusive."""
        condicion = Q(pk__in=())
        for desde, hasta in vinculaciones_que_cumplen(self.hoy, dias):
            condicion |= Q(fecha_vinculacion__gte=desde, fecha_vinculacion__lte=hasta)
        return consulta.filter(condicion)

    def con_riesgo(self, consulta: Any, nombre: str, niveles: list[str]) -> Any:
        """Los que en la última revisión tenían ese riesgo; quien no se ha revisado no tiene ninguno."""
        suyas = self._suyos(Sugerencia.objects.filter(nivel__in=niveles)).values("cliente")
        return consulta.filter(pk__in=suyas) if niveles else consulta

    def con_bonificacion(self, consulta: Any, nombre: str, estados: list[str]) -> Any:
        """Los que tienen alguna bonificación en esos estados, o los que nunca han tenido."""
        if not estados:
            return consulta
        todas = self._suyos(Bonificacion.objects.all())
        condicion = Q(pk__in=todas.filter(estado__in=[uno for uno in estados if uno != NUNCA]).values("cliente"))
        if NUNCA in estados:
            condicion |= ~Q(pk__in=todas.values("cliente"))
        return consulta.filter(condicion)


def lleno(valor: Any) -> bool:
    """Si un valor ya leído filtra algo. De una consulta no se pregunta a la base: si es válida, trae lo pedido."""
    if valor is None or isinstance(valor, str | list | tuple):
        return bool(valor)
    if isinstance(valor, slice):
        return valor.start is not None or valor.stop is not None
    return not hasattr(valor, "query") or not valor.query.is_empty()


def _centavos(pesos: Decimal | None) -> int | None:
    return None if pesos is None else int(pesos * CENTAVOS)


def _inicio(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia, time.min))


def _entre(consulta: Any, sumas: Any, minimo: int | None, maximo: int | None) -> Any:
    """Los que suman entre los dos, inclusive. Quien no aparece en `sumas` suma cero."""
    if minimo is not None and minimo > 0:
        sumas = sumas.filter(_cuanto__gte=minimo)
        if maximo is not None:
            sumas = sumas.filter(_cuanto__lte=maximo)
        return consulta.filter(pk__in=sumas.values("cliente"))
    return consulta if maximo is None else consulta.exclude(pk__in=sumas.filter(_cuanto__gt=maximo).values("cliente"))


def vinculaciones_que_cumplen(hoy: date, dias: int) -> list[tuple[date, date]]:
    """Los rangos de fechas de vinculación cuyo aniversario cae de `hoy` a dentro de `dias`, ambos inclusive.

    El de un 29 de febrero cae el 28 en los años comunes (Código Civil, artículo 67). El día en que alguien se vincula
    no es un aniversario. `dias` no pasa de un año.
    """
    rangos = []
    hasta = hoy + timedelta(days=dias)
    for anio in range(hoy.year, hasta.year + 1):
        inicio, fin = max(hoy, date(anio, 1, 1)), min(hasta, date(anio, 12, 31))
        for antes in range(PRIMERA_VINCULACION.year, anio):
            desde, final = _llevada(inicio, antes), _llevada(fin, antes)
            # 1 de marzo en vez de un 29 de febrero que ese año no existe: como final del rango, la víspera.
            if final.month != fin.month:
                final -= timedelta(days=1)
            # En un año común, el 28 de febrero cumplen también los del 29.
            if (fin.month, fin.day) == (2, 28) and not _bisiesto(anio) and _bisiesto(antes):
                final = date(antes, 2, 29)
            if desde <= final:
                rangos.append((desde, final))
    return rangos


def _llevada(dia: date, anio: int) -> date:
    """El mismo día de otro año; de un 29 de febrero que no existe, el 1 de marzo."""
    try:
        return dia.replace(year=anio)
    except ValueError:
        return date(anio, 3, 1)


def _bisiesto(anio: int) -> bool:
    return anio % 4 == 0 and (anio % 100 != 0 or anio % 400 == 0)
