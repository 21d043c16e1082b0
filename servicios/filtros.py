"""Por qué se puede filtrar el catálogo. Lo comparten reportes y exportaciones; el admin usa los filtros de su lista.

Cada FilterSet nombra en `EXCLUIDOS` los campos por los que no se filtra, con su razón: una prueba falla si aparece un
campo que no está ni en un lado ni en el otro.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters as filtros
from django.db.models import QuerySet

from movistar_site.comun import busqueda
from movistar_site.comun.opciones import Categoria

from .atributos import TipoDato
from .models import (
    AtributoTipo,
    BeneficioPromocion,
    EstadoServicio,
    Modalidad,
    Periodicidad,
    PrecioServicio,
    Promocion,
    Red,
    Servicio,
    TipoServicio,
    VigenciaPromocion,
)

DE_TODO_MODELO = {"id": "no dice nada a quien filtra", "creado_en": "está en la historia", "actualizado_en": "ídem"}


class FiltroBase(filtros.FilterSet):
    """Filtro que sabe qué día es: `hoy` llega como argumento, como en toda regla."""

    EXCLUIDOS: ClassVar[dict[str, str]] = DE_TODO_MODELO

    def __init__(self, data: Any = None, queryset: Any = None, *, hoy: date, **kwargs: Any) -> None:
        self.hoy = hoy
        super().__init__(data, queryset, **kwargs)

    def buscar(self, consulta: QuerySet[Any], nombre: str, texto: str) -> QuerySet[Any]:
        """Todas las palabras, sin tildes ni mayúsculas."""
        return busqueda.filtrar(consulta, texto, (nombre,))


class FiltroTipoServicio(FiltroBase):
    """Tipos de servicio."""

    busqueda = filtros.CharFilter(method="buscar", label="Nombre o código")
    red = filtros.MultipleChoiceFilter(choices=Red.choices, label="Red")
    modalidad = filtros.MultipleChoiceFilter(choices=Modalidad.choices, label="Modalidad")
    es_paquete = filtros.BooleanFilter(label="Es un paquete")
    aplica_sap = filtros.BooleanFilter(label="Aplica silencio positivo")
    activo = filtros.BooleanFilter(label="Activo")

    EXCLUIDOS = DE_TODO_MODELO | {
        "codigo": "lo cubre la búsqueda",
        "nombre": "lo cubre la búsqueda",
        "descripcion": "texto libre",
        "componentes_minimos": "basta saber si es paquete",
        "orden": "solo ordena",
    }

    class Meta:
        model = TipoServicio
        fields = ("busqueda", "red", "modalidad", "es_paquete", "aplica_sap", "activo")


class FiltroAtributoTipo(FiltroBase):
    """Atributos de los tipos."""

    tipo = filtros.ModelMultipleChoiceFilter(queryset=TipoServicio.objects.all(), label="Tipo de servicio")
    tipo_dato = filtros.MultipleChoiceFilter(choices=TipoDato.choices, label="Clase de dato")
    obligatorio = filtros.BooleanFilter(label="Obligatorio")
    clave = filtros.CharFilter(label="Clave")

    EXCLUIDOS = DE_TODO_MODELO | dict.fromkeys(
        ("nombre", "unidad", "minimo", "maximo", "opciones", "orden"), "define el atributo, no lo clasifica"
    )

    class Meta:
        model = AtributoTipo
        fields = ("tipo", "tipo_dato", "obligatorio", "clave")


class FiltroServicio(FiltroBase):
    """Servicios del catálogo. El rango de precio es el del precio que rige el día `hoy`."""

    busqueda = filtros.CharFilter(method="buscar", label="Código, nombre o descripción")
    tipo = filtros.ModelMultipleChoiceFilter(queryset=TipoServicio.objects.all(), label="Tipo de servicio")
    red = filtros.MultipleChoiceFilter(field_name="tipo__red", choices=Red.choices, label="Red")
    modalidad = filtros.MultipleChoiceFilter(field_name="tipo__modalidad", choices=Modalidad.choices, label="Modalidad")
    es_paquete = filtros.BooleanFilter(field_name="tipo__es_paquete", label="Es un paquete")
    estado = filtros.MultipleChoiceFilter(choices=EstadoServicio.choices, label="Estado")
    periodicidad = filtros.MultipleChoiceFilter(choices=Periodicidad.choices, label="Periodicidad")
    precio = filtros.RangeFilter(method="entre_precios", label="Precio vigente")
    sin_precio = filtros.BooleanFilter(method="segun_precio", label="Sin precio vigente")
    retirado_el = filtros.DateFromToRangeFilter(label="Retirado entre")
    componentes = filtros.ModelMultipleChoiceFilter(
        queryset=Servicio.objects.all(), label="Paquetes que llevan el servicio"
    )

    EXCLUIDOS = DE_TODO_MODELO | {
        "codigo": "lo cubre la búsqueda",
        "nombre": "lo cubre la búsqueda",
        "descripcion": "lo cubre la búsqueda",
        "caracteristicas": "cada tipo tiene las suyas",
    }

    class Meta:
        model = Servicio
        fields = ("busqueda", "tipo", "estado", "periodicidad", "retirado_el", "componentes")

    def entre_precios(self, consulta: Any, nombre: str, rango: slice) -> Any:
        """Los que hoy valen entre los dos extremos, inclusive."""
        consulta = consulta.con_precio(self.hoy)
        if rango.start is not None:
            consulta = consulta.filter(precio_vigente__gte=rango.start)
        if rango.stop is not None:
            consulta = consulta.filter(precio_vigente__lte=rango.stop)
        return consulta

    def segun_precio(self, consulta: Any, nombre: str, sin_precio: bool) -> Any:
        """Los que hoy no tienen precio, o los que sí."""
        return consulta.con_precio(self.hoy).filter(precio_vigente__isnull=sin_precio)


class FiltroPrecioServicio(FiltroBase):
    """Precios de los servicios."""

    servicio = filtros.ModelMultipleChoiceFilter(queryset=Servicio.objects.all(), label="Servicio")
    valor = filtros.RangeFilter(label="Precio")
    vigente_desde = filtros.DateFromToRangeFilter(label="Vigente desde")

    class Meta:
        model = PrecioServicio
        fields = ("servicio", "valor", "vigente_desde")


class FiltroPromocion(FiltroBase):
    """Promociones. La vigencia es la del día `hoy`."""

    busqueda = filtros.CharFilter(method="buscar", label="Código, nombre o descripción")
    beneficio = filtros.MultipleChoiceFilter(choices=BeneficioPromocion.choices, label="Beneficio")
    vigencia = filtros.ChoiceFilter(choices=VigenciaPromocion.choices, method="en_vigencia", label="Vigencia")
    activa = filtros.BooleanFilter(label="Activa")
    vigente_desde = filtros.DateFromToRangeFilter(label="Empieza entre")
    vigente_hasta = filtros.DateFromToRangeFilter(label="Termina entre")
    servicios = filtros.ModelMultipleChoiceFilter(queryset=Servicio.objects.all(), label="Servicios")
    categorias = filtros.ChoiceFilter(
        choices=Categoria.choices, method="para_categoria", label="Vale para la categoría"
    )
    con_cupo = filtros.BooleanFilter(method="segun_cupo", field_name="cupo", label="Con cupo")
    exclusiva = filtros.BooleanFilter(label="Exclusiva")

    EXCLUIDOS = DE_TODO_MODELO | {
        "codigo": "lo cubre la búsqueda",
        "nombre": "lo cubre la búsqueda",
        "descripcion": "lo cubre la búsqueda",
        "condiciones": "texto libre",
        **dict.fromkeys(("cantidad", "duracion_meses", "meses_minimos"), "su unidad depende del beneficio"),
    }

    class Meta:
        model = Promocion
        fields = ("busqueda", "beneficio", "activa", "vigente_desde", "vigente_hasta", "servicios", "exclusiva")

    def en_vigencia(self, consulta: Any, nombre: str, vigencia: str) -> Any:
        """Vigentes, futuras, vencidas o inactivas el día `hoy`."""
        return consulta.en_vigencia(vigencia, self.hoy)

    def para_categoria(self, consulta: Any, nombre: str, categoria: str) -> Any:
        """Las que valen para la categoría: la nombran o no nombran ninguna."""
        return consulta.para_categoria(categoria)

    def segun_cupo(self, consulta: Any, nombre: str, con_cupo: bool) -> Any:
        """Las que aún se pueden dar, o las agotadas."""
        disponibles = Promocion.objects.con_cupo().values("pk")
        return consulta.filter(pk__in=disponibles) if con_cupo else consulta.exclude(pk__in=disponibles)
