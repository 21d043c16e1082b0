"""Las líneas —los contratos en pie— un día cualquiera, con el servicio y el precio que entonces tenían.

Lo que factura al mes una línea, en centavos enteros: su precio, si se cobra cada mes; la doceava parte, redondeada al
centavo, si cada año; nada, si se pagó una sola vez. Una de prepago no tiene factura y el panel no guarda las recargas:
se le cuenta un paquete al mes, al precio firmado.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connections
from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When

from clientes.models import CambioPlan, Cliente, Contrato, EstadoContrato
from movistar_site.comun.centavos import Centavos
from servicios.models import Periodicidad

from .marco.columnas import TOTAL, Clase, Derivada, Medida
from .marco.dimensiones import Dimension
from .marco.pedido import Pedido

FUERA = (EstadoContrato.PENDIENTE, EstadoContrato.TERMINADO)
"""Los estados de hoy que no son una línea."""
MESES_DEL_ANIO = 12

LO_QUE_FACTURA = (
    "Lo que facturan al mes los contratos en pie, sin promociones ni consumos: el precio firmado, o su doceava parte si"
    " se cobra cada año; lo que se paga una sola vez no cuenta. Del prepago, cuyas recargas el panel no guarda, un"
    " paquete al mes al precio firmado: es lo que valdría, no lo recaudado."
)


_POR_CLIENTE = Derivada(
    nombre="lineas_por_cliente",
    titulo="Líneas por cliente",
    clase=Clase.DECIMAL,
    definicion="Líneas entre clientes.",
    de=lambda fila: Decimal(fila["lineas"]) / fila["clientes"] if fila["clientes"] else None,
    abre="lineas",
    ancha=True,
)


def lineas(dia: date, *, hoy: date) -> QuerySet[Contrato]:
    """Los contratos en pie al terminar ese día: los activos y los suspendidos, no los que no han empezado."""
    return Contrato.objects.filter(en_pie(dia, hoy=hoy))


def en_pie(dia: date, *, hoy: date) -> Q:
    """Estar en pie al terminar ese día.

    Dicho por los estados que no son y no por los que son: los que son, son casi todos, y la base debe leer un índice de
    seguido (en el orden de los clientes, con que se junta) y no buscar en él cada contrato. Lo mismo, el día en que
    empezaron y el día en que terminan.
    """
    if dia == hoy:
        return ~Q(estado__in=FUERA)
    return en_pie_por_fechas(dia) & ~Q(estado=EstadoContrato.PENDIENTE)


def en_pie_por_fechas(dia: date) -> Q:
    """De los contratos que no están pendientes, los que por sus fechas estaban en pie al terminar ese día."""
    return ~Q(fecha_fin__lte=dia) & ~Q(fecha_inicio__gt=dia)


def _llevadas(pedido: Pedido, dimension: Dimension) -> Mapping[str, Counter[Any]]:
    """Las líneas de hoy y los centavos que facturan, de la cuenta que hay de cada cliente."""
    sumas = {"lineas": Sum("lineas_llevadas__n"), "centavos": Sum("lineas_llevadas__centavos")}
    return sumas_de_clientes(pedido, dimension, sumas)


def sumas_de_clientes(pedido: Pedido, dimension: Dimension, sumas: Mapping[str, Any]) -> Mapping[str, Counter[Any]]:
    """Lo que suman los clientes que cumplen los filtros, leídos una vez: de cada suma, lo de cada fila y el total."""
    fila_de = dimension.fila_de(pedido)
    sumadas: dict[str, Counter[Any]] = {nombre: Counter() for nombre in sumas}
    for grupo in dimension.grupos(pedido.aplicar(Cliente.objects.all()), sumas):
        for clave in (fila_de(grupo["_clave"]), TOTAL):
            for nombre, suyas in sumadas.items():
                suyas[clave] += grupo[nombre] or 0
    return sumadas


def cifras_de_lineas(
    dia: Callable[[Pedido], date], *, son: str, facturan: str, ancha: bool = False
) -> tuple[Medida, Derivada, Medida]:
    """Las líneas de ese día, cuántas toca a cada cliente y lo que facturan: van detrás de la columna «clientes».

    Las de hoy salen de la cuenta que se lleva; las de otro día se cuentan. `son` y `facturan`: las definiciones.
    `ancha`: si la facturación no cabe en un teléfono.
    """

    def filas(pedido: Pedido) -> QuerySet[Contrato]:
        cual = dia(pedido)
        return con_lo_facturado(lineas(cual, hoy=pedido.hoy), cual, hoy=pedido.hoy)

    def llevadas(pedido: Pedido, dimension: Dimension, suma: str) -> Mapping[Any, int] | None:
        return pedido.recordar(_llevadas, dimension)[suma] if dia(pedido) == pedido.hoy else None

    def en_pesos(pedido: Pedido, dimension: Dimension) -> Mapping[Any, Decimal] | None:
        centavos = llevadas(pedido, dimension, "centavos")
        return None if centavos is None else {clave: Decimal(suma) / 100 for clave, suma in centavos.items()}

    cuantas = Medida(
        nombre="lineas",
        titulo="Líneas",
        definicion=son,
        filas=filas,
        resumen=lambda pedido, dimension: llevadas(pedido, dimension, "lineas"),
    )
    facturacion = Medida(
        nombre="facturacion",
        titulo="Facturación al mes",
        clase=Clase.PESOS,
        definicion=facturan,
        filas=filas,
        resumen=en_pesos,
        suma="al_mes",
        en_centavos=True,
        ancha=ancha,
    )
    return cuantas, _POR_CLIENTE, facturacion


def grupos_por_cliente(consulta: QuerySet[Contrato], sumas: Mapping[str, Any], clave: Any) -> Iterator[dict[str, Any]]:
    """Lo que suman los contratos por una expresión de su cliente, que va en `_clave`.

    Primero se suman los de cada cliente, seguidos en su índice, y después los clientes: agrupar tres millones de
    contratos por municipio le cuesta a SQLite más del doble. Las sumas deben poder sumarse: nada contado una sola vez.
    """
    de_cada_uno = consulta.order_by().values("cliente_id").annotate(**sumas)
    claves = Cliente.objects.order_by().values_list("pk", clave)
    conexion = connections[consulta.db]
    (suyas, valores), (quienes, otros) = (
        una.query.get_compiler(connection=conexion).as_sql() for una in (de_cada_uno, claves.using(consulta.db))
    )
    fuera = ", ".join(f'SUM(x."{nombre}")' for nombre in sumas)
    with conexion.cursor() as cursor:
        cursor.execute(
            f"WITH x AS ({suyas}), k (pk, clave) AS ({quienes})"  # noqa: S608 - nombres propios
            f" SELECT k.clave, {fuera} FROM x JOIN k ON k.pk = x.cliente_id GROUP BY 1",
            [*valores, *otros],
        )
        for clave_de_fila, *sumados in cursor.fetchall():
            # PostgreSQL suma enteros grandes como decimales.
            yield {"_clave": clave_de_fila} | {nombre: int(n or 0) for nombre, n in zip(sumas, sumados, strict=True)}


def centavos_al_mes(precio: str = "precio", periodicidad: str = "periodicidad") -> Case:
    """Lo que esas columnas facturan al mes, en centavos enteros. Con enteros, las dos bases redondean igual."""
    centavos = Centavos(precio)
    return Case(
        When(**{f"{periodicidad}__in": (Periodicidad.MENSUAL, Periodicidad.RECARGA)}, then=centavos),
        When(**{periodicidad: Periodicidad.ANUAL}, then=(centavos + MESES_DEL_ANIO // 2) / MESES_DEL_ANIO),
        default=0,
        output_field=BigIntegerField(),
    )


def en_centavos(precio: Any, periodicidad: str) -> int:
    """Lo mismo, de unos valores ya leídos."""
    centavos = int(precio * 100)
    if periodicidad == Periodicidad.ANUAL:
        return (centavos + MESES_DEL_ANIO // 2) // MESES_DEL_ANIO
    return centavos if periodicidad in (Periodicidad.MENSUAL, Periodicidad.RECARGA) else 0


def por_cada(pesos: Decimal, cuantos: int | Decimal) -> Decimal | None:
    """Cuántos pesos tocan a cada uno, al peso; ninguno si no hay entre quién."""
    return (Decimal(pesos) / cuantos).quantize(Decimal(1), ROUND_HALF_UP) if cuantos else None


def con_lo_facturado(consulta: QuerySet[Contrato], dia: date, *, hoy: date) -> QuerySet[Contrato]:
    """Añade `al_mes`: los centavos que cada línea facturaba al mes ese día, con el plan que entonces tenía."""
    if dia == hoy:
        return consulta.annotate(al_mes=centavos_al_mes())
    anterior = _primer_cambio(dia)
    de_entonces = anterior.annotate(al_mes=centavos_al_mes("precio_anterior", "periodicidad_anterior"))
    # La lista de los que cambiaron, que son pocos, se arma una vez: la otra subconsulta es solo para ellos.
    return consulta.annotate(
        al_mes=Case(
            When(pk__in=_los_que_cambiaron(dia), then=Subquery(de_entonces.values("al_mes")[:1])),
            default=centavos_al_mes(),
            output_field=BigIntegerField(),
        )
    )


def con_servicio_de(consulta: QuerySet[Any], dia: date, *, hoy: date) -> QuerySet[Any]:
    """Añade `servicio_de_entonces`: el que se prestaba ese día, deshaciendo los cambios de plan de después."""
    if dia == hoy:
        return consulta.annotate(servicio_de_entonces=F("servicio_id"))
    anterior = _primer_cambio(dia)
    return consulta.annotate(
        servicio_de_entonces=Case(
            When(
                pk__in=_los_que_cambiaron(dia),
                then=Subquery(anterior.values("servicio_anterior")[:1]),
            ),
            default=F("servicio_id"),
            output_field=BigIntegerField(),
        )
    )


def _primer_cambio(dia: date) -> QuerySet[CambioPlan]:
    """El primer cambio de plan de cada contrato que rige después de ese día: dejó atrás lo de entonces."""
    return CambioPlan.objects.aplicados_despues(dia).filter(contrato=OuterRef("pk")).order_by("efectivo_el", "id")


def _los_que_cambiaron(dia: date) -> QuerySet[CambioPlan, Any]:
    return CambioPlan.objects.aplicados_despues(dia).order_by().values("contrato")
