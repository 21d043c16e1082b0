"""Por qué se puede reunir a los clientes en un segmento: los filtros de su lista y su comportamiento."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import django_filters as filtros
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection
from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Round
from django.utils import timezone
from django_filters.fields import ModelMultipleChoiceField, RangeField
from django_filters.widgets import RangeWidget

from clientes.filtros import FiltroCliente
from clientes.models import (
    Cliente,
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
from movistar_site.comun.parametros import parametros
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
        kwargs.setdefault("widget", widget)
        kwargs.setdefault("error_messages", {"invalid": frase})
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


class CampoRegistros(ModelMultipleChoiceField):
    """Varios registros. Si no se `comprueba`, solo mira que sean claves: no pregunta a la base cuáles existen."""

    comprueba = True

    def _check_values(self, value: Any) -> Any:
        if self.comprueba:
            return super()._check_values(value)
        clave = self.queryset.model._meta.pk
        return list({clave.clean(uno, None): None for uno in value})


class FiltroRegistros(filtros.ModelMultipleChoiceFilter):
    """Varios registros; basta con uno."""

    field_class = CampoRegistros


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
    saber si uno está en el segmento no recorre los contratos de todos. `comprueba`: si se pregunta a la base qué
    registros elegidos existen aún; sin ello no hace ninguna consulta. `normas`: las del día, si ya se leyeron.
    """

    departamento = FiltroRegistros(
        queryset=Departamento.objects.all(), method="de_departamento", label="Departamento", distinct=False
    )
    municipio = FiltroRegistros(
        queryset=Municipio.objects.select_related("departamento"), method="de_municipio", label="Municipio",
        distinct=False,
    )  # fmt: skip
    con_tipo = FiltroRegistros(
        queryset=TipoServicio.objects.all(), method="con_contrato_de", field_name="servicio__tipo",
        label="Tiene un contrato activo de alguno de estos tipos", distinct=False,
    )  # fmt: skip
    sin_tipo = FiltroRegistros(
        queryset=TipoServicio.objects.all(), method="sin_contrato_de", field_name="servicio__tipo",
        label="No tiene contrato activo de ninguno de estos tipos", distinct=False,
    )  # fmt: skip
    con_servicio = FiltroRegistros(
        queryset=Servicio.objects.all(), method="con_contrato_de", field_name="servicio",
        label="Tiene un contrato activo de alguno de estos servicios", distinct=False,
    )  # fmt: skip
    sin_servicio = FiltroRegistros(
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
        self,
        data: Any = None,
        queryset: Any = None,
        *,
        hoy: date,
        entre: Collection[int] | None = None,
        normas: Mapping[str, Any] | None = None,
        comprueba: bool = True,
        **kwargs: Any,
    ) -> None:
        self.entre = entre
        self._normas = normas
        self.comprueba = comprueba
        if not comprueba and data is not None:
            # Solo los filtros puestos: copiar los treinta cuesta más que la consulta.
            todos: Any = type(self).base_filters  # type: ignore[misc, has-type]
            self.base_filters = {n: f for n, f in todos.items() if _puesto(n, data)}
        super().__init__(data, queryset, hoy=hoy, **kwargs)

    @property
    def form(self) -> Any:
        """El formulario; sus registros se comprueban o no, según se pidió."""
        formulario = super().form
        for campo in formulario.fields.values():
            if isinstance(campo, CampoRegistros):
                campo.comprueba = self.comprueba
        return formulario

    @property
    def normas(self) -> Mapping[str, Any]:
        """Los parámetros que rigen el día `hoy`."""
        if self._normas is None:
            self._normas = parametros(self.hoy)
        return self._normas

    def de_categoria(self, consulta: Any, nombre: str, categoria: str) -> Any:
        """Los de una categoría, por rangos de fecha."""
        return consulta.de_categoria(categoria, self.hoy, self.normas)

    def _suyos(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        """Los registros de los clientes que importan, sin orden: va dentro de un IN."""
        return (consulta if self.entre is None else consulta.filter(cliente__in=self.entre)).order_by()

    # --- Dónde vive --------------------------------------------------------------------------------------------------
    def de_departamento(self, consulta: Any, nombre: str, elegidos: Any) -> Any:
        """Los que viven en alguno."""
        if not elegidos:
            return consulta
        codigos = Municipio.objects.filter(departamento__in=_claves(elegidos)).order_by().values("pk")
        return self._en_municipios(consulta, codigos)

    def de_municipio(self, consulta: Any, nombre: str, elegidos: Any) -> Any:
        """Los que viven en alguno."""
        return self._en_municipios(consulta, _claves(elegidos)) if elegidos else consulta

    def _en_municipios(self, consulta: Any, codigos: Any) -> Any:
        """Con otro filtro que ya da claves, sin el índice del municipio: SQLite lo recorrería una vez por cada una."""
        datos = self.form.cleaned_data
        if not any(lleno(datos.get(nombre)) for nombre in POR_CLAVES):
            return consulta.filter(municipio__in=codigos)
        return consulta.alias(_municipio=Coalesce("municipio_id", Value(""))).filter(_municipio__in=codigos)

    # --- Contratos ---------------------------------------------------------------------------------------------------
    def _con_contrato(self, campo: str, elegidos: Any) -> QuerySet[Any]:
        """Las claves de quienes tienen un contrato activo de alguno."""
        servicios: Any = _claves(elegidos)
        if campo == "servicio__tipo":
            servicios = Servicio.objects.filter(tipo__in=servicios).order_by().values("pk")
        return self._suyos(Contrato.objects.activos().filter(servicio__in=servicios)).values("cliente")

    def con_contrato_de(self, consulta: Any, campo: str, elegidos: Any) -> Any:
        """Los que tienen un contrato activo de alguno."""
        return consulta.filter(pk__in=self._con_contrato(campo, elegidos)) if elegidos else consulta

    def sin_contrato_de(self, consulta: Any, campo: str, elegidos: Any) -> Any:
        """Los que no tienen contrato activo de ninguno. Si ya no existe ninguno, nadie: lo pedido no significa nada."""
        if not elegidos:
            return consulta
        modelo: Any = TipoServicio if campo == "servicio__tipo" else Servicio
        existe = Exists(modelo.objects.filter(pk__in=_claves(elegidos)).order_by())
        return sin_ellos(consulta.filter(existe), self._con_contrato(campo, elegidos))

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
        activos = Count(Value(1), filter=Q(estado=EstadoContrato.ACTIVO))
        cuentas = self._suyos(Contrato.objects.all()).values("cliente").annotate(_cuanto=activos)
        return _entre(consulta, cuentas, rango.start, rango.stop)

    # --- Interacciones y consentimientos -----------------------------------------------------------------------------
    def con_abierta(self, consulta: Any, nombre: str, abierta: bool) -> Any:
        """Los que esperan respuesta, o los que no."""
        suyas = self._suyos(Interaccion.objects.filter(estado__in=("abierta", "en_tramite"))).values("cliente")
        return consulta.filter(pk__in=suyas) if abierta else sin_ellos(consulta, suyas)

    def con_reclamaciones(self, consulta: Any, nombre: str, cuantas: int) -> Any:
        """Los que reclamaron al menos esas veces en los últimos meses, contados hasta hoy inclusive."""
        meses = self.form.cleaned_data.get("reclamaciones_meses") or MESES_DE_RECLAMACIONES
        desde, hasta = _inicio(sumar_meses(self.hoy, -meses)), _inicio(self.hoy + timedelta(days=1))
        suyas = self._suyos(Interaccion.objects.filter(tipo=TipoInteraccion.RECLAMACION))
        # El período va en la cuenta, como el estado en la del gasto: por el índice de lo que reclamó cada cliente.
        en_el_periodo = Count(Value(1), filter=Q(fecha__gte=desde, fecha__lt=hasta))
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
        return consulta.filter(pk__in=self._autorizan()) if si else sin_ellos(consulta, self._autorizan())

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
            condicion |= ninguno_de(todas.values("cliente"))
        return consulta.filter(condicion)


def _puesto(nombre: str, datos: Iterable[str]) -> bool:
    """Si la dirección trae ese filtro; un rango va como `nombre_min` y `nombre_max`."""
    return any(dado == nombre or dado.startswith(f"{nombre}_") for dado in datos)


def _claves(elegidos: Any) -> list[Any]:
    return [getattr(uno, "pk", uno) for uno in elegidos]


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


def ninguno_de(claves: QuerySet[Any]) -> Q:
    """No ser ninguno de esos clientes, como cada base lo hace de un golpe.

    SQLite junta las claves una vez y busca en ellas; PostgreSQL, si no le caben en memoria, las recorrería todas por
    cada cliente, y en cambio cruza bien un NOT EXISTS.
    """
    if connection.vendor == "sqlite":
        return ~Q(pk__in=claves)
    return Q(~Exists(Cliente.objects.filter(pk__in=claves, pk=OuterRef("pk")).order_by()))


def sin_ellos(consulta: Any, claves: QuerySet[Any]) -> Any:
    """Los clientes de la consulta que no son ninguno de esos."""
    return consulta.filter(ninguno_de(claves))


def _entre(consulta: Any, sumas: Any, minimo: int | None, maximo: int | None) -> Any:
    """Los que suman entre los dos, inclusive. Quien no aparece en `sumas` suma cero."""
    if minimo is not None and minimo > 0:
        sumas = sumas.filter(_cuanto__gte=minimo)
        if maximo is not None:
            sumas = sumas.filter(_cuanto__lte=maximo)
        return consulta.filter(pk__in=sumas.values("cliente"))
    return consulta if maximo is None else sin_ellos(consulta, sumas.filter(_cuanto__gt=maximo).values("cliente"))


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
