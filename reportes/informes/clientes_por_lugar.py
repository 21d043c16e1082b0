"""Dónde están los clientes y dónde crece la demanda, por departamento o por municipio."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet, Sum, Value

from clientes.models import Cliente, Contrato, Departamento, EstadoCliente, EstadoContrato, Municipio
from clientes.models.cliente import cliente_el

from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from ..lineas import LO_QUE_FACTURA, cifras_de_lineas, grupos_por_cliente, sumas_de_clientes
from ..marco import (
    TOTAL,
    Agrupado,
    Columna,
    Derivada,
    Dimension,
    Grafico,
    Medida,
    Pedido,
    Periodo,
    Renglon,
    registrar,
)
from ..marco.columnas import porcentaje
from ..marco.enlaces import direccion
from ..marco.periodos import DOCE_MESES
from ..marco.registro import CLIENTES
from ..models import ClientesPorMunicipio

SIN_MUNICIPIO = "Sin municipio"
DIAS_DE_UN_RANGO = 180
"""Un período más largo ya no se busca por el índice de las fechas."""


class _PorLugar(Dimension):
    """Una fila por lugar de la DIVIPOLA del DANE; la de los clientes sin municipio, aparte."""

    campos: Mapping[str, str]
    cifras_del_codigo: int

    def expresion(self, modelo: type[Model]) -> str:
        return self.campos[modelo._meta.label_lower]

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        return Renglon(clave, {self.nombre: SIN_MUNICIPIO if clave is None else str(clave)})

    def de_texto(self, texto: str) -> str | None:
        clave: str | None = super().de_texto(texto)
        if clave is not None and not (clave.isascii() and clave.isdigit() and len(clave) == self.cifras_del_codigo):
            raise ValueError(f"«{texto}» no es el código DANE de un {self.nombre}.")
        return clave

    def agrupada(self, consulta: QuerySet[Any]) -> QuerySet[Any, Any]:
        """Por municipio, que está en el cliente: el departamento obligaría a la base a cruzar otra tabla."""
        municipio = F(PorMunicipio.campos[consulta.model._meta.label_lower])
        return consulta.order_by().annotate(_clave=municipio).values("_clave")

    def grupos(self, consulta: QuerySet[Any], sumas: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
        if consulta.model is Contrato:
            return grupos_por_cliente(consulta, sumas, F("municipio_id"))
        return super().grupos(consulta, sumas)


class PorDepartamento(_PorLugar):
    """Una fila por departamento."""

    nombre = "departamento"
    titulo = "Departamento"
    rotulos = (Columna(nombre="departamento", titulo="Departamento"),)
    campos = {
        "clientes.cliente": "municipio__departamento_id",
        "clientes.contrato": "cliente__municipio__departamento_id",
    }
    cifras_del_codigo = 2

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        return [
            Renglon(codigo, {"departamento": nombre}, _sus_municipios(pedido, codigo))
            for codigo, nombre in Departamento.objects.using(pedido.base).order_by("nombre").values_list("pk", "nombre")
        ]

    def fila_de(self, pedido: Pedido) -> Callable[[Any], Any]:
        return dict(Municipio.objects.using(pedido.base).order_by().values_list("pk", "departamento")).get


def _sus_municipios(pedido: Pedido, departamento: str) -> str:
    """Este mismo reporte, con una fila por municipio de ese departamento."""
    otros = {nombre: valor for nombre, valor in pedido.puestos.items() if nombre != "municipio"}
    return direccion(ClientesPorLugar.clave, {**otros, "por": PorMunicipio.nombre, "departamento": departamento})


class PorMunicipio(_PorLugar):
    """Una fila por municipio."""

    nombre = "municipio"
    titulo = "Municipio"
    rotulos = (
        Columna(nombre="municipio", titulo="Municipio"),
        Columna(nombre="departamento", titulo="Departamento", ancha=True),
    )
    campos = {"clientes.cliente": "municipio_id", "clientes.contrato": "cliente__municipio_id"}
    cifras_del_codigo = 5

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        municipios = Municipio.objects.using(pedido.base).order_by("nombre", "pk")
        return [
            Renglon(codigo, {"municipio": nombre, "departamento": departamento})
            for codigo, nombre, departamento in municipios.values_list("pk", "nombre", "departamento__nombre")
        ]


# --- Las cifras ------------------------------------------------------------------------------------------------------
def ultimo_dia(pedido: Pedido) -> date:
    """El día en que termina el período o, si aún no termina, hoy."""
    return min(pedido.periodo.hasta, pedido.hoy)


def _son_clientes(pedido: Pedido) -> Q:
    dia = ultimo_dia(pedido)
    return Q(estado=EstadoCliente.ACTIVO) if dia == pedido.hoy else cliente_el(dia)


def _antes(pedido: Pedido) -> Periodo:
    return pedido.periodo.anterior()


def _entre(columna: str, dias: Periodo) -> Q:
    return Q(**{f"{columna}__range": (dias.desde, dias.hasta)})


def _nuevos(pedido: Pedido) -> Q:
    return _entre("fecha_vinculacion", pedido.periodo)


def _nuevos_antes(pedido: Pedido) -> Q:
    return _entre("fecha_vinculacion", _antes(pedido))


def _se_fueron(pedido: Pedido) -> Q:
    # El estado lo dice ya la fecha; puesto, lo halla el índice.
    return _entre("inactivo_desde", pedido.periodo) & Q(estado=EstadoCliente.INACTIVO)


def _clientes(pedido: Pedido) -> QuerySet[Cliente]:
    return Cliente.objects.filter(_son_clientes(pedido))


def _vinculados(pedido: Pedido) -> QuerySet[Cliente]:
    return Cliente.objects.filter(fecha_vinculacion__range=(_antes(pedido).desde, pedido.periodo.hasta))


def _inactivados(pedido: Pedido) -> QuerySet[Cliente]:
    return Cliente.objects.filter(_se_fueron(pedido))


def _de_una_lectura(pedido: Pedido, dimension: Dimension) -> Mapping[str, Mapping[Any, int]]:
    """Con filtros, los clientes se buscan una sola vez para todas sus cifras: hallar un segmento puede costar."""
    cuales = {"clientes": _son_clientes, "nuevos": _nuevos, "nuevos_antes": _nuevos_antes, "bajas": _se_fueron}
    sumas = {nombre: Count(Value(1), filter=cual(pedido)) for nombre, cual in cuales.items()}
    return sumas_de_clientes(pedido, dimension, sumas)


def _leidas(nombre: str) -> Callable[[Pedido, Dimension], Mapping[Any, int] | None]:
    """El `resumen` de una cifra de clientes: con filtros, la de esa lectura; sin ellos, cada una va por su índice."""
    return lambda pedido, dimension: (
        pedido.recordar(_de_una_lectura, dimension)[nombre] if pedido.conjunto.valores else None
    )


def _clientes_contados(pedido: Pedido, dimension: Dimension) -> Mapping[Any, int] | None:
    """Los de hoy sin filtros, de la cuenta por municipio."""
    if ultimo_dia(pedido) != pedido.hoy or not pedido.solo() or not isinstance(dimension, _PorLugar):
        return _leidas("clientes")(pedido, dimension)
    cuentas = ClientesPorMunicipio.objects.using(pedido.base).filter(estado=EstadoCliente.ACTIVO).order_by()
    fila_de = dimension.fila_de(pedido)
    por_clave: Counter[Any] = Counter()
    for municipio, cuantos in cuentas.values_list("municipio_id").annotate(suma=Sum("n")):
        por_clave[fila_de(municipio or None)] += cuantos
    return {**por_clave, TOTAL: por_clave.total()}


def _altas(pedido: Pedido) -> QuerySet[Contrato]:
    dias = pedido.periodo
    empezaron = _entre("fecha_inicio", dias)
    if (dias.hasta - dias.desde).days > DIAS_DE_UN_RANGO:
        # Son tantas que conviene recorrer los contratos en el orden de los clientes: dicho así, no se busca el rango.
        empezaron = ~Q(fecha_inicio__lt=dias.desde) & ~Q(fecha_inicio__gt=dias.hasta)
    return Contrato.objects.filter(empezaron).exclude(estado=EstadoContrato.PENDIENTE)


def _crecimiento(fila: Mapping[str, Any]) -> Decimal | None:
    neto = fila["nuevos"] - fila["bajas"]
    return porcentaje(neto, fila["clientes"] - neto)


class FiltrosDeLugar(FiltrosConLugar):
    """Dónde, y quiénes son hoy."""

    categoria = filtro_categoria()
    segmento = filtro_segmento()


@registrar
class ClientesPorLugar(Agrupado):
    """Los clientes de cada lugar, los que llegan y los que se van."""

    clave = "clientes-por-lugar"
    titulo = "Clientes por lugar"
    pregunta = "¿Dónde están los clientes y dónde crece la demanda?"
    grupo = CLIENTES
    icono = "map"
    posicion = 30
    permisos = ("clientes.view_cliente", "clientes.view_contrato")
    filtros = FiltrosDeLugar
    con_periodo = DOCE_MESES
    comparable = True
    calla_ceros = True
    dimensiones = (PorDepartamento(), PorMunicipio())
    cifras = (
        Medida(
            nombre="clientes",
            titulo="Clientes",
            definicion="Clientes al terminar el período (hoy, si aún no termina): vinculados y no inactivos.",
            filas=_clientes,
            resumen=_clientes_contados,
        ),
        Derivada(
            nombre="participacion",
            titulo="Participación",
            definicion="Qué parte de los clientes del reporte son del lugar.",
            de=lambda fila, total: porcentaje(fila["clientes"], total["clientes"]),
            sobre_total=True,
            abre="clientes",
            ancha=True,
        ),
        Medida(
            nombre="nuevos",
            titulo="Nuevos",
            definicion="Clientes que se vincularon en el período, sigan o no.",
            filas=_vinculados,
            cuando=_nuevos,
            resumen=_leidas("nuevos"),
        ),
        Medida(
            nombre="nuevos_antes",
            titulo="Nuevos antes",
            definicion="Clientes que se vincularon en los mismos días del período anterior.",
            filas=_vinculados,
            cuando=_nuevos_antes,
            resumen=_leidas("nuevos_antes"),
        ),
        Derivada(
            nombre="variacion",
            titulo="Variación",
            definicion="Cuánto más (o menos) son los nuevos que los del período anterior.",
            de=lambda fila: porcentaje(fila["nuevos"] - fila["nuevos_antes"], fila["nuevos_antes"]),
            abre="nuevos",
        ),
        Medida(
            nombre="bajas",
            titulo="Se fueron",
            definicion="Clientes que pasaron a inactivos en el período y siguen siéndolo.",
            filas=_inactivados,
            resumen=_leidas("bajas"),
            mejor_menos=True,
        ),
        Derivada(
            nombre="crecimiento",
            titulo="Crecimiento",
            definicion="Los nuevos menos los que se fueron, frente a los clientes con que el período empezó.",
            de=_crecimiento,
            abre="nuevos",
        ),
        *cifras_de_lineas(
            ultimo_dia,
            son="Contratos en pie —activos o suspendidos— al terminar el período (hoy, si aún no termina).",
            facturan=f"De las líneas. {LO_QUE_FACTURA}",
            ancha=True,
        ),
        Medida(
            nombre="altas",
            titulo="Líneas nuevas",
            definicion="Contratos que empezaron en el período, sigan o no; los pendientes aún no han empezado.",
            filas=_altas,
            ancha=True,
        ),
    )
    orden = "-nuevos"
    grafico = {
        "departamento": Grafico("barras", ("nuevos", "nuevos_antes"), "departamento"),
        "municipio": Grafico("barras", ("nuevos", "nuevos_antes"), "municipio"),
    }
    nota = "El lugar es el de hoy: de quien se mudó no se guarda dónde vivía."
