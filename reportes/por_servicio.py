"""Contratos por servicio, hoy y como estaban un día: la dimensión, y las cuentas hechas con lo ya llevado.

Un día pasado un contrato pudo ser de otro servicio: las filas llevan entonces `servicio_el` (deshaciendo los cambios de
plan) y todo lo demás —el renglón, los filtros del catálogo, la lista— mira esa columna. Preguntarla a tres millones de
contratos tarda demasiado; por eso las cifras se cuentan por el servicio de hoy y se corrigen con los que cambiaron.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from django.db import connections
from django.db.models import Count, F, Model, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from clientes.models import CambioPlan, Contrato, EstadoContrato, Suspension
from clientes.models.contrato import ContratoQuerySet, se_prestaba_el
from servicios.models import Servicio

from .contratos_del_dia import SERVICIO_EL, de_servicios, es_de_un_dia
from .marco import TOTAL, Columna, Dimension, Pedido, Renglon
from .models import AltasPorDia, BajasPorDia, ClientesConServicio, ClientesPorServicio, ContratosPorServicio

DEL_CATALOGO = ("servicio", "tipo", "red", "modalidad")
"""Los filtros que dependen solo del servicio: una cuenta por servicio los responde."""
PRESTADOS, ALTAS, BAJAS = "prestados", "altas", "bajas"
"""Qué contratos se cuentan: los que se prestaban ese día, los que empezaron en el período y los que terminaron."""
FECHAS = {ALTAS: "fecha_inicio", BAJAS: "fecha_fin"}
Cuenta = Mapping[Any, int]


class PorServicio(Dimension):
    """Una fila por servicio del catálogo, también los retirados que alguien tiene."""

    nombre = "servicio"
    titulo = "Servicio"
    rotulos = (Columna(nombre="servicio", titulo="Servicio"), Columna(nombre="tipo", titulo="Tipo", ancha=True))

    def renglones(self, pedido: Pedido) -> list[Renglon]:
        catalogo = del_catalogo(pedido).select_related("tipo").order_by("nombre", "pk")
        return [
            Renglon(
                uno.pk,
                {"servicio": uno.nombre, "tipo": uno.tipo.nombre},
                reverse("admin:servicios_servicio_change", args=(uno.pk,)),
            )
            for uno in catalogo
        ]

    def expresion(self, modelo: type[Model]) -> str:
        return {"clientes.contrato": "servicio_id", "servicios.servicio": "pk"}[modelo._meta.label_lower]

    def de(self, consulta: QuerySet[Any], clave: Any) -> QuerySet[Any]:
        return de_servicios(consulta, [clave]) if es_de_un_dia(consulta) else super().de(consulta, clave)

    def agrupada(self, consulta: QuerySet[Any]) -> QuerySet[Any, Any]:
        if es_de_un_dia(consulta):
            return consulta.order_by().annotate(_clave=F(SERVICIO_EL)).values("_clave")
        return super().agrupada(consulta)

    def de_texto(self, texto: str) -> int:
        if not (texto.isascii() and texto.isdigit() and len(texto) <= 18):  # noqa: PLR2004 - lo que cabe en la base
            raise ValueError(f"«{texto}» no es un servicio.")
        return int(texto)


def al_dia(contratos: ContratoQuerySet, pedido: Pedido) -> ContratoQuerySet:
    """Esos contratos con el servicio que tenían el día del pedido, si no es hoy."""
    return contratos if pedido.es_hoy else contratos.con_terminos_el(pedido.al)


def del_catalogo(pedido: Pedido) -> QuerySet[Servicio]:
    """Los servicios que cumplen los filtros de catálogo."""
    consulta = Servicio.objects.using(pedido.base)
    for nombre in DEL_CATALOGO:
        if (valor := pedido.valor(nombre)) is not None:
            consulta = pedido.conjunto.filters[nombre].sobre(consulta, valor)
    return consulta


# --- Las filas -------------------------------------------------------------------------------------------------------
def activos(pedido: Pedido) -> ContratoQuerySet:
    """Los contratos que se prestaban el día del pedido."""
    hoy = Contrato.objects.activos()
    return hoy if pedido.es_hoy else Contrato.objects.prestados_el(pedido.al).con_terminos_el(pedido.al)


def altas(pedido: Pedido) -> ContratoQuerySet:
    """Los que empezaron en el período."""
    return al_dia(Contrato.objects.filter(_condicion(pedido, ALTAS)), pedido)


def bajas(pedido: Pedido) -> ContratoQuerySet:
    """Los que terminaron en el período."""
    return al_dia(Contrato.objects.filter(_condicion(pedido, BAJAS)), pedido)


# --- Sus cuentas -----------------------------------------------------------------------------------------------------
def activos_llevados(pedido: Pedido, _dimension: Dimension | None = None) -> Cuenta:
    """Cuántos se prestaban, de cada servicio."""
    if pedido.es_hoy:
        return _cuenta(pedido, PRESTADOS, lambda: _sumados(pedido, ContratosPorServicio, estado=EstadoContrato.ACTIVO))
    return _cuenta(pedido, PRESTADOS, lambda: _prestados_llevados(pedido))


def altas_llevadas(pedido: Pedido, _dimension: Dimension | None = None) -> Cuenta:
    """Cuántos empezaron en el período, de cada servicio."""
    return _del_periodo(pedido, AltasPorDia, ALTAS)


def bajas_llevadas(pedido: Pedido, _dimension: Dimension | None = None) -> Cuenta:
    """Cuántos terminaron en el período, de cada servicio."""
    return _del_periodo(pedido, BajasPorDia, BAJAS)


def clientes_llevados(pedido: Pedido, _dimension: Dimension | None = None) -> Cuenta:
    """A cuántos clientes llega cada servicio; el total, quienes tienen alguno de ellos."""
    if not pedido.es_hoy or not pedido.solo(*DEL_CATALOGO):
        return _clientes_contados(pedido)
    cuentas = _sumados(pedido, ClientesPorServicio)
    elegidos = _elegidos(pedido)
    if elegidos is None:
        total = _quienes_tienen_alguno(pedido)
    elif len(elegidos) == 1:
        total = sum(cuentas[uno] for uno in elegidos)
    else:
        total = _distintos(Contrato.objects.using(pedido.base).filter(estado=EstadoContrato.ACTIVO), elegidos)
    return {**_solo(cuentas, elegidos), TOTAL: total}


def _quienes_tienen_alguno(pedido: Pedido) -> int:
    return ClientesConServicio.objects.using(pedido.base).aggregate(suma=Sum("n"))["suma"] or 0


def _del_periodo(pedido: Pedido, modelo: type[Any], cuales: str) -> Cuenta:
    dias = (pedido.periodo.desde, pedido.periodo.hasta)
    return _cuenta(pedido, cuales, lambda: _sumados(pedido, modelo, dia__range=dias))


def _cuenta(pedido: Pedido, cuales: str, llevados: Callable[[], Counter[int]]) -> Cuenta:
    """Los de hoy, llevados o contados; y si es otro día, con los que entonces eran de otro servicio."""
    cuentas = llevados() if pedido.solo(*DEL_CATALOGO) else pedido.recordar(_contados)[cuales].copy()
    if not pedido.es_hoy:
        for fila in pedido.recordar(_movidos):
            cuentas[fila["servicio_id"]] -= fila[cuales]
            cuentas[fila[SERVICIO_EL]] += fila[cuales]
    propias = _solo(cuentas, _elegidos(pedido))
    return {**propias, TOTAL: sum(propias.values())}


def _condicion(pedido: Pedido, cuales: str) -> Q:
    if cuales == PRESTADOS:
        return Q(estado=EstadoContrato.ACTIVO) if pedido.es_hoy else se_prestaba_el(pedido.al)
    return Q(**{f"{FECHAS[cuales]}__range": (pedido.periodo.desde, pedido.periodo.hasta)})


def _contados(pedido: Pedido) -> Mapping[str, Counter[int]]:
    """Clase → servicio de hoy → cuántos hay de los que pasan los filtros del cliente: de todas, en una consulta."""
    propios = _sin_catalogo(pedido, Contrato.objects.all()).order_by()
    sumas = {clase: Count(Value(1), filter=_condicion(pedido, clase)) for clase in (PRESTADOS, ALTAS, BAJAS)}
    sumas["clientes"] = Count("cliente", distinct=True, filter=_condicion(pedido, PRESTADOS))
    filas: list[Any] = list(propios.values("servicio_id").annotate(**sumas))
    return {suma: Counter({fila["servicio_id"]: fila[suma] for fila in filas}) for suma in sumas}


def _movidos(pedido: Pedido) -> Sequence[Mapping[str, Any]]:
    """De los contratos que cambiaron de plan después: por servicio de hoy y de entonces, cuántos hay de cada clase."""
    cambiados = CambioPlan.objects.using(pedido.base).aplicados_despues(pedido.al).order_by().values("contrato")
    suyos = _sin_catalogo(pedido, Contrato.objects.filter(pk__in=cambiados)).con_terminos_el(pedido.al).order_by()
    sumas = {clase: Count(Value(1), filter=_condicion(pedido, clase)) for clase in (PRESTADOS, ALTAS, BAJAS)}
    return list(suyos.values("servicio_id", SERVICIO_EL).annotate(**sumas))


def _prestados_llevados(pedido: Pedido) -> Counter[int]:
    """Los que empezaron menos los que terminaron, sin los pendientes ni los suspendidos ese día."""
    cuentas = _sumados(pedido, AltasPorDia, dia__lte=pedido.al)
    cuentas.subtract(_sumados(pedido, BajasPorDia, dia__lte=pedido.al))
    en_pie = Contrato.objects.using(pedido.base).en(pedido.al)
    suspendidos = Suspension.objects.using(pedido.base).del_dia(pedido.al).order_by().values("contrato")
    for aparte in (
        en_pie.filter(estado=EstadoContrato.PENDIENTE),
        en_pie.exclude(estado=EstadoContrato.PENDIENTE).filter(pk__in=suspendidos),
    ):
        cuentas.subtract(dict(aparte.order_by().values_list("servicio_id").annotate(n=Count("*"))))
    return cuentas


def total_de_clientes(pedido: Pedido) -> int:
    """Cuántos clientes tienen algún contrato de los que se prestaban."""
    if pedido.es_hoy and pedido.solo(*DEL_CATALOGO):
        return int(clientes_llevados(pedido)[TOTAL])
    elegidos = _elegidos(pedido)
    total = _distintos(_prestados(pedido), elegidos)
    if elegidos is None or pedido.es_hoy:
        return total
    cambiaron = _de_quienes_cambiaron(pedido)
    return total + sum(bool(entonces & elegidos) - bool(ahora & elegidos) for ahora, entonces in cambiaron)


def _clientes_contados(pedido: Pedido) -> Cuenta:
    if pedido.solo(*DEL_CATALOGO):
        filas = _prestados(pedido).values_list("servicio_id").annotate(n=Count("cliente", distinct=True))
        cuentas = Counter(dict(filas))
    else:
        cuentas = pedido.recordar(_contados)["clientes"].copy()
    for ahora, entonces in _de_quienes_cambiaron(pedido) if not pedido.es_hoy else ():
        cuentas.subtract(ahora - entonces)
        cuentas.update(entonces - ahora)
    return {**_solo(cuentas, _elegidos(pedido)), TOTAL: total_de_clientes(pedido)}


def _prestados(pedido: Pedido) -> ContratoQuerySet:
    return _sin_catalogo(pedido, Contrato.objects.filter(_condicion(pedido, PRESTADOS))).order_by()


def _de_quienes_cambiaron(pedido: Pedido) -> Iterator[tuple[set[int], set[int]]]:
    """De cada cliente con algún contrato que cambió después: los servicios de hoy de los suyos, y los de ese día."""
    cambiados = CambioPlan.objects.using(pedido.base).aplicados_despues(pedido.al).order_by()
    # Antes que los filtros: son pocos, y por ellos debe empezar la base.
    suyos = Contrato.objects.filter(_condicion(pedido, PRESTADOS), cliente__in=cambiados.values("contrato__cliente"))
    filas = _sin_catalogo(pedido, suyos).con_terminos_el(pedido.al)
    valores = filas.order_by("cliente_id").values_list("cliente_id", "servicio_id", SERVICIO_EL)
    sql, datos = valores.query.get_compiler(pedido.base).as_sql()
    # Un cursor corriente y no `iterator`: para uno del servidor, PostgreSQL elige el plan que da antes la primera fila.
    with connections[pedido.base].cursor() as cursor:
        cursor.execute(sql, datos)
        for _cliente, suyas in groupby(cursor, key=itemgetter(0)):
            pares = list(suyas)
            yield {ahora for _, ahora, _ in pares}, {entonces for _, _, entonces in pares}


# --- Piezas ----------------------------------------------------------------------------------------------------------
def _sin_catalogo(pedido: Pedido, contratos: ContratoQuerySet) -> ContratoQuerySet:
    """Esos contratos con los filtros que no son del servicio."""
    consulta = contratos.using(pedido.base)
    for nombre, valor in pedido.conjunto.valores.items():
        if nombre not in DEL_CATALOGO:
            consulta = pedido.conjunto.filters[nombre].sobre(consulta, valor)
    return cast(ContratoQuerySet, consulta)


def _sumados(pedido: Pedido, modelo: type[Any], **filtros: Any) -> Counter[int]:
    filas = modelo.objects.using(pedido.base).filter(**filtros).order_by()
    return Counter(dict(filas.values_list("servicio_id").annotate(suma=Sum("n"))))


def _distintos(contratos: ContratoQuerySet, elegidos: Collection[int] | None) -> int:
    if elegidos is not None:
        contratos = contratos.filter(servicio__in=elegidos)
    return contratos_y_clientes(contratos)["clientes"]


def contratos_y_clientes(contratos: QuerySet[Contrato]) -> Mapping[str, int]:
    """Cuántos son y de cuántos clientes, exactos.

    Se cuentan los de cada cliente y después los clientes. Contarlos distintos sería ordenar millones de filas, y con
    SELECT DISTINCT el PostgreSQL 15 puede no acabar: da a su segunda tabla las claves en el orden de la primera.
    """
    por_cliente = contratos.order_by().values("cliente_id").annotate(suyos=Count("*"))
    return por_cliente.aggregate(contratos=Coalesce(Sum("suyos"), 0), clientes=Count("*"))


def _elegidos(pedido: Pedido) -> set[int] | None:
    """Las claves de los servicios que cumplen los filtros; None, todos."""
    if all(pedido.valor(nombre) is None for nombre in DEL_CATALOGO):
        return None
    return pedido.recordar(_claves_elegidas)


def _claves_elegidas(pedido: Pedido) -> set[int]:
    return set(del_catalogo(pedido).order_by().values_list("pk", flat=True))


def _solo(cuentas: Counter[int], elegidos: set[int] | None) -> dict[Any, int]:
    return {clave: suma for clave, suma in cuentas.items() if suma and (elegidos is None or clave in elegidos)}
