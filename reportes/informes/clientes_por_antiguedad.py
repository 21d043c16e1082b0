"""Cuántos clientes hay por categoría y por permanencia, un día cualquiera, y cuánto facturan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, Model, Q, QuerySet, Sum, Value, When
from django.db.models.fields import IntegerField

from clientes.models import Cliente, Contrato, EstadoCliente
from clientes.models.cliente import expresion_de_categoria, ultima_vinculacion_con
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.parametros import parametros

from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from ..lineas import LO_QUE_FACTURA, cifras_de_lineas, grupos_por_cliente, por_cada
from ..marco import TOTAL, Agrupado, Clase, Columna, Derivada, Dimension, Grafico, Medida, Pedido, Renglon, registrar
from ..marco.columnas import porcentaje
from ..marco.registro import CLIENTES
from ..models import ClientesPorVinculacion

FECHAS = {
    "clientes.cliente": "fecha_vinculacion",
    "clientes.contrato": "cliente__fecha_vinculacion",
    "reportes.clientesporvinculacion": "dia",
}
ASIGNADAS = {
    "clientes.cliente": "categoria_asignada",
    "clientes.contrato": "cliente__categoria_asignada",
    "reportes.clientesporvinculacion": "asignada",
}
# De cuántos años cumplidos parte cada franja. Los cortes de 3 y 10 son los de las categorías.
FRANJAS = (0, 1, 2, 3, 5, 10, 15, 20)


class _PorAntiguedad(Dimension):
    """Filas que dependen del día: las de un cliente vinculado entonces."""

    def __init__(self, dia: date | None = None) -> None:
        self.dia = dia

    def para(self, pedido: Pedido) -> Dimension:
        return type(self)(pedido.al)

    @cached_property
    def reglas(self) -> Mapping[str, Any]:
        """Los parámetros que regían ese día."""
        return parametros(self._dia)

    def grupos(self, consulta: QuerySet[Any], sumas: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
        if consulta.model is Contrato:
            return grupos_por_cliente(consulta, sumas, self.expresion(Cliente))
        return super().grupos(consulta, sumas)

    @property
    def _dia(self) -> date:
        if self.dia is None:
            raise ValueError("Falta el día: la dimensión se toma con Agrupado.dimension(pedido).")
        return self.dia


class PorCategoria(_PorAntiguedad):
    """Una fila por categoría: la asignada a mano o, si no hay, la que da la permanencia ese día."""

    nombre = "categoria"
    titulo = "Categoría"
    rotulos = (
        Columna(nombre="categoria", titulo="Categoría"),
        Columna(nombre="permanencia", titulo="Permanencia", ancha=True),
    )

    def renglones(self, _pedido: Pedido) -> list[Renglon]:
        regular, leal = (_en_anios(self.reglas[clave]) for clave in ("meses_regular", "meses_leal"))
        permanencias = {
            Categoria.NUEVO: f"Menos de {regular}",
            Categoria.REGULAR: f"Desde {regular} y hasta {leal}",
            Categoria.LEAL: f"Más de {leal}",
        }
        return [Renglon(c.value, {"categoria": c.label, "permanencia": permanencias[c]}) for c in Categoria]

    def expresion(self, modelo: type[Model]) -> Any:
        cual = modelo._meta.label_lower
        return expresion_de_categoria(self._dia, self.reglas, fecha=FECHAS[cual], asignada=ASIGNADAS[cual])

    def de_texto(self, texto: str) -> str:
        if texto not in Categoria.values:
            raise ValueError(f"«{texto}» no es una categoría de cliente.")
        return texto


class PorPermanencia(_PorAntiguedad):
    """Una fila por franja de años cumplidos ese día."""

    nombre = "permanencia"
    titulo = "Permanencia"
    rotulos = (Columna(nombre="permanencia", titulo="Permanencia"),)

    def renglones(self, _pedido: Pedido) -> list[Renglon]:
        hasta = (*FRANJAS[1:], None)
        return [Renglon(desde, {"permanencia": _franja(desde, fin)}) for desde, fin in zip(FRANJAS, hasta, strict=True)]

    def expresion(self, modelo: type[Model]) -> Any:
        fecha = FECHAS[modelo._meta.label_lower]
        casos = [
            When(Q(**{f"{fecha}__lte": ultima_vinculacion_con(anios, self._dia)}), then=Value(anios))
            for anios in reversed(FRANJAS[1:])
        ]
        return Case(*casos, default=Value(0), output_field=IntegerField())

    def de_texto(self, texto: str) -> int:
        if not (texto.isascii() and texto.isdigit() and int(texto[:4]) in FRANJAS):
            raise ValueError(f"«{texto}» no es una franja de permanencia.")
        return int(texto)


def _franja(desde: int, hasta: int | None) -> str:
    if hasta is None:
        return f"{desde} años o más"
    if desde == 0:
        return "Menos de 1 año"
    if hasta == desde + 1:
        return "1 año" if desde == 1 else f"{desde} años"
    return f"De {desde} a {hasta - 1} años"


def _en_anios(meses: int) -> str:
    anios, resto = divmod(meses, 12)
    if resto or not anios:
        return f"{meses} {'mes' if meses == 1 else 'meses'}"
    return f"{anios} {'año' if anios == 1 else 'años'}"


# --- Las cifras ------------------------------------------------------------------------------------------------------
def _clientes(pedido: Pedido) -> QuerySet[Cliente]:
    if pedido.es_hoy:
        return Cliente.objects.activos().filter(fecha_vinculacion__lte=pedido.al)
    return Cliente.objects.en(pedido.al)


def _dia(pedido: Pedido) -> date:
    return pedido.al


def _de_la_cuenta(pedido: Pedido, dimension: Dimension, que: Q) -> Mapping[Any, int] | None:
    """Los clientes de hoy, de la cuenta por día de vinculación; None si hay filtros o se mira otro día."""
    if not (pedido.es_hoy and pedido.solo()):
        return None
    cuentas = ClientesPorVinculacion.objects.using(pedido.base).filter(
        que, estado=EstadoCliente.ACTIVO, dia__lte=pedido.al
    )
    grupos = dimension.agrupada(cuentas).annotate(suma=Sum("n")).order_by()
    por_clave = {grupo["_clave"]: grupo["suma"] for grupo in grupos}
    return {**por_clave, TOTAL: sum(por_clave.values())}


def _clientes_de_la_cuenta(pedido: Pedido, dimension: Dimension) -> Mapping[Any, int] | None:
    return _de_la_cuenta(pedido, dimension, Q())


def _a_mano_de_la_cuenta(pedido: Pedido, dimension: Dimension) -> Mapping[Any, int] | None:
    return _de_la_cuenta(pedido, dimension, ~Q(asignada=""))


CUENTAN = Medida(
    nombre="clientes",
    titulo="Clientes",
    definicion="Clientes ese día: vinculados hasta entonces y no inactivos (quien se fue y volvió cuenta siempre).",
    filas=_clientes,
    resumen=_clientes_de_la_cuenta,
)
COMUNES = (
    Derivada(
        nombre="participacion",
        titulo="Participación",
        definicion="Qué parte de los clientes del reporte son de la fila.",
        de=lambda fila, total: porcentaje(fila["clientes"], total["clientes"]),
        sobre_total=True,
        abre="clientes",
    ),
    *cifras_de_lineas(
        _dia,
        son="Contratos de los clientes que ese día estaban en pie, activos o suspendidos.",
        facturan=f"{LO_QUE_FACTURA} En un día pasado, con el plan que cada contrato tenía entonces.",
    ),
    Derivada(
        nombre="por_cliente",
        titulo="Por cliente",
        clase=Clase.PESOS,
        definicion="Facturación al mes entre clientes, al peso.",
        de=lambda fila: por_cada(fila["facturacion"], fila["clientes"]),
        abre="facturacion",
    ),
)


class FiltrosDeCategoria(FiltrosConLugar):
    """Dónde están y en qué segmento."""

    segmento = filtro_segmento()


class FiltrosDePermanencia(FiltrosConLugar):
    """Dónde están, y qué categoría y segmento tienen hoy."""

    categoria = filtro_categoria()
    segmento = filtro_segmento()


class _PorAntiguedadDelCliente(Agrupado):
    """Lo que comparten los dos reportes."""

    grupo = CLIENTES
    permisos = ("clientes.view_cliente", "clientes.view_contrato")
    a_la_fecha = True


@registrar
class ClientesPorCategoria(_PorAntiguedadDelCliente):
    """Los clientes nuevos, regulares y leales."""

    clave = "clientes-por-categoria"
    titulo = "Clientes por categoría"
    pregunta = "¿Cuántos clientes son nuevos, regulares o leales, y cuánto facturan?"
    icono = "loyalty"
    posicion = 10
    filtros = FiltrosDeCategoria
    dimensiones = (PorCategoria(),)
    cifras = (
        CUENTAN,
        COMUNES[0],
        Medida(
            nombre="a_mano",
            titulo="Asignados a mano",
            definicion="De los clientes, los que tienen la categoría asignada a mano, con su motivo; es la de hoy.",
            filas=_clientes,
            cuando=~Q(categoria_asignada=""),
            resumen=_a_mano_de_la_cuenta,
            ancha=True,
        ),
        *COMUNES[1:],
    )
    grafico = Grafico("dona", ("clientes",), "categoria")
    nota = (
        "La categoría la da la permanencia del día que se mira, con los límites que entonces regían; la asignada a mano"
        " manda sobre ella."
    )


@registrar
class ClientesPorPermanencia(_PorAntiguedadDelCliente):
    """Los clientes, por los años que llevan."""

    clave = "clientes-por-permanencia"
    titulo = "Clientes por permanencia"
    pregunta = "¿Cuánto hace que son clientes, y cuánto facturan según los años que llevan?"
    icono = "hourglass_bottom"
    posicion = 20
    filtros = FiltrosDePermanencia
    dimensiones = (PorPermanencia(),)
    cifras = (CUENTAN, *COMUNES)
    grafico = Grafico("barras", ("clientes",), "permanencia", en_orden=True)
    nota = (
        "Los años se cuentan de aniversario en aniversario (Código Civil, artículo 67), desde la vinculación. Quien"
        " cumple diez años ese día está en «De 10 a 14 años»; cliente leal es el que los ha pasado."
    )
