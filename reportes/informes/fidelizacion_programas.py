"""Qué alcanza y qué logra cada programa de fidelización, y cuánto cuesta."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum, Value

from bonificaciones.asignacion.requisitos import ELEGIBLE, PERMANENCIA, Requisitos, de_programa
from bonificaciones.models import Programa, VigenciaPrograma
from clientes.models import Cliente, EstadoCliente

from ..fidelizacion import cifras_de_bonificaciones, clave_entera, elegidos, filtro_programa, pagina_del_programa
from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from ..marco import (
    TOTAL,
    Agrupado,
    Columna,
    Dimension,
    Grafico,
    Medida,
    Pedido,
    Renglon,
    registrar,
)
from ..marco.periodos import TODO
from ..marco.registro import FIDELIZACION
from ..models import BonificacionesPorDia, ClientesPorVinculacion


class PorPrograma(Dimension):
    """Una fila por programa, también los que hoy no rigen."""

    nombre = "programa"
    titulo = "Programa"
    rotulos = (Columna(nombre="programa", titulo="Programa"),)

    def renglones(self, pedido: Pedido) -> Sequence[Renglon]:
        return [
            Renglon(uno.pk, {"programa": _nombre(uno, pedido.hoy)}, pagina_del_programa(uno.pk))
            for uno in elegidos(pedido)
        ]

    def expresion(self, modelo: type[Model]) -> str:
        return {"bonificaciones.bonificacion": "programa_id"}[modelo._meta.label_lower]

    def de_texto(self, texto: str) -> int:
        return clave_entera(texto)


def _nombre(programa: Programa, hoy: date) -> str:
    """El del programa y, si hoy no rige, por qué: «Más de diez años (inactivo)»."""
    vigencia = programa.vigencia(hoy)
    rige = vigencia == VigenciaPrograma.VIGENTE
    return programa.nombre if rige else f"{programa.nombre} ({vigencia.label.lower()})"


# --- Quiénes la cumplen y quiénes faltan -----------------------------------------------------------------------------
def _de_todos(pedido: Pedido) -> Requisitos:
    """Lo que piden los programas que se miran, rijan o no."""
    return Requisitos.de(elegidos(pedido), hoy=pedido.hoy)


def _de_los_vigentes(pedido: Pedido) -> Requisitos:
    """Lo que piden los que hoy rigen: los demás no premian a nadie."""
    vigentes = [uno for uno in elegidos(pedido) if uno.vigencia(pedido.hoy) == VigenciaPrograma.VIGENTE]
    return Requisitos.de(vigentes, hoy=pedido.hoy)


def _cumplen(pedido: Pedido) -> QuerySet[Cliente]:
    return pedido.recordar(_de_todos).con_permanencia(Cliente.objects.all())


def _faltan(pedido: Pedido) -> QuerySet[Cliente]:
    return pedido.recordar(_de_los_vigentes).elegibles(Cliente.objects.all())


def _contados(pedido: Pedido, requisitos: Requisitos, clientes: QuerySet[Cliente], marca: str) -> dict[Any, int]:
    """Cuántos de esos clientes son de cada programa, y en total: una consulta, sean los programas que sean."""
    claves = [uno.programa_id for uno in requisitos.criterios]
    cuentas = {f"p{clave}": Count(Value(1), filter=Q(**{de_programa(marca, clave): True})) for clave in claves}
    contados = pedido.aplicar(clientes).order_by().aggregate(_todos=Count("*"), **cuentas)
    return {TOTAL: contados["_todos"], **{clave: contados[f"p{clave}"] for clave in claves}}


def _cumplen_contados(pedido: Pedido, _dimension: Dimension) -> Mapping[Any, int]:
    requisitos = pedido.recordar(_de_todos)
    if not requisitos.criterios:
        return {TOTAL: 0}
    if requisitos.reinicia or not pedido.solo("programa"):
        return _contados(pedido, requisitos, _cumplen(pedido), PERMANENCIA)
    tramos = {f"p{uno.programa_id}": _tramo(uno, pedido.hoy) for uno in requisitos.criterios}
    alguno = Q()
    for tramo in tramos.values():
        alguno |= tramo
    cuentas = ClientesPorVinculacion.objects.using(pedido.base).filter(alguno, estado=EstadoCliente.ACTIVO)
    sumas = cuentas.aggregate(_todos=Sum("n"), **{clave: Sum("n", filter=tramo) for clave, tramo in tramos.items()})
    return {
        TOTAL: sumas["_todos"] or 0,
        **{uno.programa_id: sumas[f"p{uno.programa_id}"] or 0 for uno in requisitos.criterios},
    }


def _tramo(uno: Any, hoy: date) -> Q:
    """Los días de vinculación con que hoy se cumple la permanencia de un programa."""
    tramo = Q(dia__lte=uno.ultima_vinculacion(hoy))
    return tramo if (despues := uno.despues_de(hoy)) is None else tramo & Q(dia__gt=despues)


def _faltan_contados(pedido: Pedido, _dimension: Dimension) -> Mapping[Any, int]:
    requisitos = pedido.recordar(_de_los_vigentes)
    return _contados(pedido, requisitos, _faltan(pedido), ELEGIBLE) if requisitos.criterios else {TOTAL: 0}


def _las_del_programa(marca: str) -> Any:
    """Los clientes de una fila: los que la consulta marcó para ese programa. Un cliente puede ser de varios."""

    def filtrar(pedido: Pedido, clientes: QuerySet[Cliente], clave: Any) -> QuerySet[Cliente]:
        if clave is TOTAL:
            return clientes
        nombre = de_programa(marca, clave)
        return clientes.filter(**{nombre: True}) if nombre in clientes.query.annotations else clientes.none()

    return filtrar


# --- Lo asignado -----------------------------------------------------------------------------------------------------
def _llevadas(pedido: Pedido, que: Q, suma: str) -> Mapping[Any, Any] | None:
    """Lo que suma la cuenta de bonificaciones; None si hay filtros de cliente, que ella no conoce."""
    if not pedido.solo("programa"):
        return None
    dias = (pedido.periodo.desde, pedido.periodo.hasta)
    cuentas = BonificacionesPorDia.objects.using(pedido.base).filter(que, dia__range=dias)
    if (puestos := pedido.valor("programa")) is not None:
        cuentas = cuentas.filter(programa_id__in=[uno.pk for uno in puestos])
    filas = cuentas.order_by().values_list("programa_id").annotate(suma=Sum(suma))
    por_programa = {clave: valor if suma == "n" else Decimal(valor) / 100 for clave, valor in filas if valor}
    return {**por_programa, TOTAL: sum(por_programa.values())}


DE_LAS_ASIGNADAS, LO_QUE_CUESTAN = cifras_de_bonificaciones(_llevadas)


class FiltrosDeProgramas(FiltrosConLugar):
    """Qué programas, y de qué clientes."""

    programa = filtro_programa()
    categoria = filtro_categoria()
    segmento = filtro_segmento()


@registrar
class FidelizacionPorPrograma(Agrupado):
    """Cada programa, de quienes lo cumplen a lo que se aceptó y cuesta."""

    clave = "fidelizacion-programas"
    titulo = "Programas de fidelización"
    pregunta = "¿A cuántos clientes premia cada programa, cuántos lo aceptan y cuánto cuesta?"
    grupo = FIDELIZACION
    icono = "workspace_premium"
    posicion = 10
    permisos = ("bonificaciones.view_programa", "bonificaciones.view_bonificacion", "clientes.view_cliente")
    filtros = FiltrosDeProgramas
    con_periodo = TODO
    dimensiones = (PorPrograma(),)
    cifras = (
        Medida(
            nombre="cumplen",
            titulo="Cumplen",
            definicion="Clientes activos que hoy llevan lo que el programa pide, tengan o no su bonificación.",
            filas=_cumplen,
            resumen=_cumplen_contados,
            de=_las_del_programa(PERMANENCIA),
        ),
        Medida(
            nombre="faltan",
            titulo="Elegibles",
            definicion="Clientes a los que el programa les asignaría hoy la bonificación, con la misma regla con que se"
            " asigna: cumplen la permanencia y las demás condiciones, no tienen una PQR abierta ni una derivación del"
            " programa, y aún no la recibieron. Sin mirar el tope de costo; de un programa que hoy no rige, ninguno.",
            filas=_faltan,
            resumen=_faltan_contados,
            de=_las_del_programa(ELEGIBLE),
        ),
        *(una for una in DE_LAS_ASIGNADAS if una.nombre != "anuladas"),
        *LO_QUE_CUESTAN,
    )
    grafico = Grafico("barras", ("asignadas", "aceptadas"), "programa")
    nota = (
        "Los que cumplen y los elegibles son los de hoy, cualquiera que sea el período; lo demás es de las"
        " bonificaciones que se asignaron en él, como están ahora. Un programa vigente se busca todos los días: después"
        " de su búsqueda quedan como elegibles los que el tope no alcanzó y los que empezaron a cumplir luego."
    )
