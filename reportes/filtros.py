"""Los filtros que comparten los reportes: por servicio, por lugar, por quién es el cliente."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Func, Q, QuerySet

from bonificaciones.models import Segmento
from bonificaciones.segmentos import clientes_de
from clientes.models import Cliente, Departamento, Municipio
from clientes.models.cliente import condicion_de_categoria
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.parametros import parametros
from servicios.models import Modalidad, Red, Servicio, TipoServicio

from . import contratos_del_dia
from .marco.filtros import Camino, FiltrosDeReporte, UnaOpcion, UnoDe, VariosDe

F = TypeVar("F", UnoDe, UnaOpcion)
# Cómo se llega al cliente desde cada modelo («» es el cliente mismo), y al servicio.
AL_CLIENTE = {
    "clientes.cliente": "",
    "clientes.contrato": "cliente__",
    "clientes.interaccion": "cliente__",
    "clientes.silenciopositivo": "interaccion__cliente__",
    "bonificaciones.bonificacion": "cliente__",
    "bonificaciones.derivacion": "cliente__",
    "bonificaciones.oferta": "cliente__",
}
AL_SERVICIO = {
    "servicios.servicio": "",
    "clientes.contrato": "servicio__",
    "clientes.interaccion": "contrato__servicio__",
    "clientes.silenciopositivo": "interaccion__contrato__servicio__",
}


def del_cliente(columna: str) -> dict[str, Camino]:
    """Modelo → esa columna de su cliente.

    Los contratos se buscan por los clientes que la cumplen: cruzando las tablas, SQLite recorre antes los activos.
    """

    def de_contratos(consulta: QuerySet[Any], valor: Any, _hoy: date) -> QuerySet[Any]:
        varios = isinstance(valor, list)
        clientes = Cliente.objects.using(consulta.db).filter(**{f"{columna}__in" if varios else columna: valor})
        return consulta.filter(cliente__in=clientes.order_by().values("pk"))

    caminos: dict[str, Camino] = {modelo: f"{camino}{columna}" for modelo, camino in AL_CLIENTE.items()}
    return {**caminos, "clientes.contrato": de_contratos}


def del_servicio(columna: str) -> dict[str, Camino]:
    """Modelo → esa columna de su servicio. La clave misma no cruza a la tabla de servicios.

    De unos contratos como estaban un día (`ContratoQuerySet.con_terminos_el`), el servicio es el de entonces.
    """
    caminos: dict[str, Camino] = {
        modelo: camino.removesuffix("__") or "pk" if columna == "pk" else f"{camino}{columna}"
        for modelo, camino in AL_SERVICIO.items()
    }
    hoy = str(caminos["clientes.contrato"])

    def de_contratos(consulta: QuerySet[Any], valor: Any, _hoy: date) -> QuerySet[Any]:
        valores = [getattr(uno, "pk", uno) for uno in (valor if isinstance(valor, list) else [valor])]
        if not contratos_del_dia.es_de_un_dia(consulta):
            return consulta.filter(**{f"{hoy}__in": valores})
        servicios = Servicio.objects.using(consulta.db).filter(**{f"{columna}__in": valores})
        return contratos_del_dia.de_servicios(consulta, list(servicios.order_by().values_list("pk", flat=True)))

    return {**caminos, "clientes.contrato": de_contratos}


def de_sus_clientes(clientes: Callable[[Any, date], QuerySet[Cliente]]) -> dict[str, Camino]:
    """Modelo → sus filas de los clientes que dé esa función del valor puesto y del día en que se mira."""

    def filtrar(camino: str) -> Camino:
        llave = f"{camino.removesuffix('__') or 'pk'}__in"
        return lambda consulta, valor, hoy: consulta.filter(
            **{llave: clientes(valor, hoy).using(consulta.db).order_by().values("pk")}
        )

    return {modelo: filtrar(camino) for modelo, camino in AL_CLIENTE.items()}


def _con_categoria(clientes: QuerySet[Cliente], categoria: str, hoy: date) -> QuerySet[Cliente]:
    return clientes.filter(condicion_de_categoria(categoria, hoy, parametros(hoy)))


def _de_categoria(categoria: str, hoy: date) -> QuerySet[Cliente]:
    return _con_categoria(Cliente.objects.all(), categoria, hoy)


def _de_segmento(segmento: Segmento, hoy: date) -> QuerySet[Cliente]:
    return clientes_de(segmento, hoy=hoy)


def suelta(columna: str) -> Func:
    """La columna, de modo que la base no la busque por el índice que empieza por ella sino fila por fila."""
    return Func(columna, template="+%(expressions)s")


def desde_sus_contratos(filtro: F) -> F:
    """El mismo filtro de clientes, para un reporte de pocos contratos: de ellos a su cliente, y no al revés."""
    de_clientes: Any = filtro.caminos["clientes.cliente"]

    def de_contratos(consulta: QuerySet[Any], valor: Any, hoy: date) -> QuerySet[Any]:
        clientes = de_clientes(Cliente.objects.using(consulta.db).order_by(), valor, hoy)
        return consulta.alias(_cliente=suelta("cliente_id")).filter(_cliente__in=clientes.values("pk"))

    filtro.caminos = {**filtro.caminos, "clientes.contrato": de_contratos}
    return filtro


# --- Filtros listos para declarar ------------------------------------------------------------------------------------
def filtro_servicio() -> VariosDe:
    """Por servicio."""
    return VariosDe(label="Servicio", queryset=Servicio.objects.order_by("nombre"), caminos=del_servicio("pk"))


def filtro_tipo() -> VariosDe:
    """Por tipo de servicio."""
    return VariosDe(label="Tipo de servicio", queryset=TipoServicio.objects.all(), caminos=del_servicio("tipo"))


def filtro_red() -> UnaOpcion:
    """Por red: fija o móvil."""
    return UnaOpcion(label="Red", choices=Red.choices, caminos=del_servicio("tipo__red"), empty_label="Todas")


def filtro_modalidad() -> UnaOpcion:
    """Por modalidad: pospago o prepago."""
    return UnaOpcion(
        label="Modalidad", choices=Modalidad.choices, caminos=del_servicio("tipo__modalidad"), empty_label="Todas"
    )


def filtro_departamento() -> UnoDe:
    """Por el departamento del cliente."""
    return UnoDe(
        label="Departamento",
        queryset=Departamento.objects.order_by("nombre"),
        caminos=del_cliente("municipio__departamento"),
        empty_label="Todos",
    )


def filtro_municipio() -> UnoDe:
    """Por el municipio del cliente. El conjunto ofrece solo los del departamento elegido."""
    return UnoDe(
        label="Municipio",
        queryset=Municipio.objects.select_related("departamento").order_by("nombre"),
        caminos=del_cliente("municipio"),
        empty_label="Todos",
    )


def filtro_categoria() -> UnaOpcion:
    """Por la categoría que el cliente tiene hoy."""
    return UnaOpcion(
        label="Categoría del cliente",
        choices=Categoria.choices,
        # Los clientes mismos, sin buscarlos otra vez por su clave.
        caminos={**de_sus_clientes(_de_categoria), "clientes.cliente": _con_categoria},
        empty_label="Todas",
    )


def filtro_segmento() -> UnoDe:
    """Por segmento: exactamente los clientes que su cuenta dice."""
    return UnoDe(
        label="Segmento",
        queryset=Segmento.objects.filter(activo=True).order_by("nombre"),
        caminos=de_sus_clientes(_de_segmento),
        empty_label="Todos",
    )


def _codigo(texto: Any) -> str:
    """El código de un lugar que dice la dirección; vacío si no puede ser uno."""
    return texto if isinstance(texto, str) and texto.isascii() and texto.isalnum() else ""


class FiltrosConLugar(FiltrosDeReporte):
    """Los que tienen departamento y municipio: se ofrecen los municipios del departamento elegido."""

    departamento = filtro_departamento()
    municipio = filtro_municipio()

    @property
    def form(self) -> Any:
        formulario = super().form
        campo = formulario.fields.get("municipio")
        if campo is not None and not getattr(formulario, "con_municipios", False):
            formulario.con_municipios = True
            elegido, departamento = _codigo(self.data.get("municipio")), _codigo(self.data.get("departamento"))
            # Mil municipios en la página pesan más que el reporte: hasta elegir departamento, solo el ya puesto. Va en
            # la consulta del campo: la página cambia su casilla por otra, que la vuelve a preguntar.
            de_alli = Q(departamento=departamento) if departamento else Q(pk__in=[])
            suyo = Q(pk=elegido) if elegido else Q(pk__in=[])
            campo.queryset = Municipio.objects.filter(de_alli | suyo).order_by("nombre")
            campo.label_from_instance = lambda uno: str(uno.nombre)
            campo.empty_label = "Todos" if departamento else "Elija antes el departamento"
        return formulario
