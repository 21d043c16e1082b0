"""Qué servicios tienen juntos los clientes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db import connections
from django.db.models import Aggregate, BigIntegerField, Exists, Model, OuterRef, QuerySet

from clientes.models import Cliente, Contrato
from servicios.models import Servicio, TipoServicio

from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from ..marco import (
    TOTAL,
    Agrupado,
    Clase,
    Columna,
    Derivada,
    Dimension,
    Grafico,
    Medida,
    Pedido,
    Renglon,
    registrar,
)
from ..marco.columnas import porcentaje
from ..marco.filtros import VariosDe
from ..marco.registro import SERVICIOS
from ..models import ServiciosPorCliente

POR_CARRIL = 62
"""Servicios que caben, un bit cada uno, en un entero de la base."""
_CLAVE = re.compile(r"\d{1,18}(-\d{1,18}){0,99}", re.ASCII)


# --- Contarlas -------------------------------------------------------------------------------------------------------
class _Bits(Aggregate):
    """La suma de un bit por servicio, de los que van de `desde` en adelante y caben en un entero."""

    template = (
        "CAST(SUM(CASE WHEN %(expressions)s BETWEEN %(desde)s AND %(hasta)s"
        " THEN CAST(1 AS bigint) << CAST(%(expressions)s - %(desde)s AS integer) ELSE 0 END) AS bigint)"
    )

    def __init__(self, columna: str, desde: int) -> None:
        super().__init__(columna, desde=desde, hasta=desde + POR_CARRIL - 1, output_field=BigIntegerField())


def combinaciones(pedido: Pedido) -> Mapping[frozenset[int], int]:
    """Los servicios activos que un cliente tiene juntos → cuántos clientes tienen exactamente esos.

    De cada cliente se suma un bit por servicio: son pares distintos, y la suma es la combinación.
    """
    return pedido.recordar(_contar)


def _contar(pedido: Pedido) -> Mapping[frozenset[int], int]:
    servicios = sorted(Servicio.objects.using(pedido.base).order_by().values_list("pk", flat=True))
    carriles = list(_carriles(servicios))
    if not carriles:
        return {}
    pares = ServiciosPorCliente.objects.using(pedido.base).filter(n__gt=0).order_by()
    if pedido.conjunto.valores:
        pares = pares.filter(cliente_id__in=pedido.aplicar(Cliente.objects.all()).order_by().values("pk"))
    bits = {f"b{n}": _Bits("servicio_id", desde) for n, desde in enumerate(carriles)}
    por_cliente = pares.values("cliente_id").annotate(**bits).values_list(*bits)
    sql, valores = por_cliente.query.get_compiler(pedido.base).as_sql()
    nombres = ", ".join(bits)
    with connections[pedido.base].cursor() as cursor:
        cursor.execute(f"SELECT {nombres}, COUNT(*) FROM ({sql}) AS suyos GROUP BY {nombres}", valores)  # noqa: S608
        return {_servicios(fila[:-1], carriles): fila[-1] for fila in cursor.fetchall()}


def _carriles(servicios: Sequence[int]) -> Iterator[int]:
    """Desde qué clave va cada entero: los servicios de claves muy separadas no gastan los de en medio."""
    hasta = -1
    for clave in servicios:
        if clave > hasta:
            yield clave
            hasta = clave + POR_CARRIL - 1


def _servicios(enteros: Iterable[int], carriles: Sequence[int]) -> frozenset[int]:
    return frozenset(
        desde + bit
        for entero, desde in zip(enteros, carriles, strict=True)
        for bit in range(entero.bit_length())
        if entero >> bit & 1
    )


# --- Por qué se agrupa -----------------------------------------------------------------------------------------------
class PorCombinacion(Dimension):
    """Una fila por cada combinación que alguien tiene. La clave son las de sus servicios, o tipos, en orden: «3-7»."""

    def __init__(self, nombre: str, titulo: str, camino: str) -> None:
        self.nombre, self.titulo, self.camino = nombre, titulo, camino
        self.rotulos = (
            Columna(nombre="combinacion", titulo=titulo),
            Columna(nombre="cuantos", titulo="Cuántos", clase=Clase.ENTERO, definicion="De cuántos se compone."),
        )

    def contadas(self, pedido: Pedido) -> Mapping[str, int]:
        """Clave → cuántos clientes."""
        cuentas: Counter[str] = Counter()
        de = self._de_cada_servicio(pedido)
        for servicios, clientes in combinaciones(pedido).items():
            cuentas["-".join(map(str, sorted({de[uno] for uno in servicios})))] += clientes
        return cuentas

    def _de_cada_servicio(self, pedido: Pedido) -> Mapping[int, int]:
        servicios = Servicio.objects.using(pedido.base).order_by()
        return dict(servicios.values_list("pk", "tipo" if self._es_tipo else "pk"))

    @property
    def _es_tipo(self) -> bool:
        return self.camino != "servicio"

    def _nombres(self, pedido: Pedido) -> Mapping[str, str]:
        modelo: type[Any] = TipoServicio if self._es_tipo else Servicio
        return {str(clave): nombre for clave, nombre in modelo.objects.using(pedido.base).values_list("pk", "nombre")}

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        return []  # solo las que alguien tiene

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        nombres = pedido.recordar(self._nombres)
        partes = str(clave).split("-")
        dicha = " + ".join(sorted(nombres.get(parte, parte) for parte in partes))
        dicha = f"Solo {dicha}" if len(partes) == 1 else dicha
        return Renglon(clave, {"combinacion": dicha, "cuantos": len(partes)})

    def expresion(self, modelo: type[Model]) -> Any:
        raise NotImplementedError("Una combinación no es una columna: se cuenta con `combinaciones`.")

    def de(self, consulta: QuerySet[Any], clave: Any) -> QuerySet[Any]:
        claves = [int(parte) for parte in str(clave).split("-")]
        activos = Contrato.objects.using(consulta.db).activos()  # type: ignore[attr-defined]
        for una in claves:
            consulta = consulta.filter(pk__in=activos.filter(**{self.camino: una}).order_by().values("cliente"))
        otros = activos.filter(cliente=OuterRef("pk")).exclude(**{f"{self.camino}__in": claves})
        return consulta.filter(~Exists(otros))

    def de_texto(self, texto: str) -> str:
        if not _CLAVE.fullmatch(texto):
            raise ValueError(f"«{texto}» no es una combinación.")
        return texto


def _con_alguno(consulta: QuerySet[Any], tipos: Sequence[TipoServicio], _hoy: date) -> QuerySet[Any]:
    contratos = Contrato.objects.using(consulta.db).activos()  # type: ignore[attr-defined]
    return consulta.filter(pk__in=contratos.filter(servicio__tipo__in=tipos).order_by().values("cliente"))


class FiltrosDeCombinaciones(FiltrosConLugar):
    """Por cliente, y por lo que tengan."""

    con = VariosDe(
        label="Que tengan alguno de estos tipos",
        queryset=TipoServicio.objects.all(),
        caminos={"clientes.cliente": _con_alguno},
    )
    categoria = filtro_categoria()
    segmento = filtro_segmento()


def _con_servicio(_pedido: Pedido) -> QuerySet[Cliente]:
    return Cliente.objects.filter(Exists(Contrato.objects.activos().filter(cliente=OuterRef("pk"))))


def _contados(pedido: Pedido, dimension: Dimension) -> Mapping[Any, int]:
    cuentas = cast(PorCombinacion, dimension).contadas(pedido)
    return {**cuentas, TOTAL: sum(cuentas.values())}


@registrar
class Combinaciones(Agrupado):
    """Cada cliente está en una sola fila: la de todo lo que tiene."""

    clave = "combinaciones"
    titulo = "Servicios que se tienen juntos"
    pregunta = "¿Qué combinaciones de servicios tienen los clientes, y cuántos son de un solo servicio?"
    grupo = SERVICIOS
    icono = "join"
    posicion = 40
    permisos = ("servicios.view_servicio", "clientes.view_contrato", "clientes.view_cliente")
    filtros = FiltrosDeCombinaciones
    nota = (
        "Cuentan los contratos activos. Cada cliente está en una sola fila, la de exactamente lo que tiene: quien tiene"
        " fibra y móvil no está en la de solo fibra. Dos contratos de lo mismo son uno."
    )
    dimensiones = (
        PorCombinacion("tipos", "Tipos de servicio", "servicio__tipo"),
        PorCombinacion("servicios", "Servicios", "servicio"),
    )
    cifras = (
        Medida(
            nombre="clientes",
            titulo="Clientes",
            definicion="Clientes que hoy tienen exactamente esa combinación, y nada más.",
            filas=_con_servicio,
            resumen=_contados,
        ),
        Derivada(
            nombre="participacion",
            titulo="Participación",
            definicion="Qué parte de los clientes del reporte, que son los que tienen algún servicio activo.",
            de=lambda fila, total: porcentaje(fila["clientes"], total["clientes"]),
            sobre_total=True,
            abre="clientes",
        ),
    )
    orden = "-clientes"
    grafico = Grafico("barras", ("clientes",), "combinacion")
