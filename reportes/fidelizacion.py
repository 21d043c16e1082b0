"""Lo que comparten los reportes de fidelización: sus dimensiones, sus filtros y cómo se mide lo que se aceptó."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from bonificaciones.models import Bonificacion, EstadoBonificacion, Programa
from movistar_site.comun.centavos import Centavos
from movistar_site.comun.dias import al_empezar, al_terminar

from .marco import Clase, Derivada, Medida, Pedido
from .marco.columnas import Cifra, porcentaje
from .marco.filtros import Camino, VariosDe

LARGO_DE_CLAVE = 18
AL_PROGRAMA: dict[str, Camino] = {
    "bonificaciones.bonificacion": "programa",
    "bonificaciones.derivacion": "programa",
    # Un cliente no es de un programa: cuáles se miran lo dice la cifra misma, que los junta.
    "clientes.cliente": lambda consulta, _valor, _hoy: consulta,
}


def filtro_programa() -> VariosDe:
    """Por programa de fidelización."""
    return VariosDe(
        label="Programa", queryset=Programa.objects.order_by("meses_minimos", "codigo"), caminos=AL_PROGRAMA
    )


def elegidos(pedido: Pedido) -> list[Programa]:
    """Los programas que se miran: los del filtro o, sin él, todos; del que menos permanencia pide al que más."""
    return pedido.recordar(_elegidos)


def _elegidos(pedido: Pedido) -> list[Programa]:
    todos = Programa.objects.using(pedido.base).select_related("segmento", "servicio")
    if (puestos := pedido.valor("programa")) is not None:
        todos = todos.filter(pk__in=[uno.pk for uno in puestos])
    return list(todos.prefetch_related("tipos", "municipios").order_by("meses_minimos", "codigo"))


def pagina_del_programa(clave: Any) -> str:
    """La página de un programa."""
    return reverse("admin:bonificaciones_programa_change", args=(clave,))


# --- Dimensiones -----------------------------------------------------------------------------------------------------
def clave_entera(texto: str) -> int:
    """Una clave de la base escrita en una dirección. Lanza ValueError si no puede ser una."""
    if not (texto.isascii() and texto.isdigit() and len(texto) <= LARGO_DE_CLAVE):
        raise ValueError(f"«{texto}» no es una clave de este reporte.")
    return int(texto)


def en_esos_dias(campo: str, pedido: Pedido) -> dict[str, Any]:
    """Que una columna de fecha y hora caiga en el período, dicho como instantes para que sirva su índice."""
    desde, hasta = pedido.periodo.desde, pedido.periodo.hasta
    return {f"{campo}__gte": al_empezar(desde), f"{campo}__lt": al_terminar(hasta)}


# --- Cifras ----------------------------------------------------------------------------------------------------------
def asignadas(pedido: Pedido) -> QuerySet[Bonificacion]:
    """Las bonificaciones asignadas en el período, con `en_total`: los centavos que cuestan en todos sus meses."""
    en_total = Centavos("costo_mensual") * F("meses")
    suyas = Bonificacion.objects.filter(otorgada_el__range=(pedido.periodo.desde, pedido.periodo.hasta))
    return suyas.annotate(en_total=en_total)


def aceptacion(fila: Mapping[str, Any]) -> Decimal | None:
    """De las que se cerraron con una respuesta o por el plazo, qué parte aceptó el cliente. Las anuladas no cuentan."""
    return porcentaje(fila["aceptadas"], fila["aceptadas"] + fila["rechazadas"] + fila["vencidas"])


def en_curso(pedido: Pedido) -> QuerySet[Bonificacion]:
    """De las asignadas en el período, las aceptadas que hoy se siguen dando."""
    return asignadas(pedido).using(pedido.base).en_curso(pedido.hoy)  # type: ignore[attr-defined, no-any-return]


Llevadas = Callable[[Pedido, Q, str], Mapping[Any, Any] | None]
"""Lo que suma una cuenta ya llevada de las bonificaciones que cumplen algo, por clave de la fila."""


def cifras_de_bonificaciones(llevadas: Llevadas | None = None) -> tuple[tuple[Cifra, ...], tuple[Cifra, ...]]:
    """Las cifras de las bonificaciones asignadas en el período: cuántas y en qué van, y lo que cuestan.

    `llevadas`: de dónde se leen ya sumadas, si el reporte agrupa por programa.
    """

    def medida(nombre: str, titulo: str, definicion: str, que: Q, **mas: Any) -> Medida:
        suma = mas.get("suma", "n")
        resumen = None if llevadas is None else lambda pedido, _dimension: llevadas(pedido, que, suma)
        return Medida(
            nombre=nombre, titulo=titulo, definicion=definicion, filas=asignadas, cuando=que, resumen=resumen, **mas
        )

    aceptadas, sin_cerrar = Q(estado=EstadoBonificacion.ACEPTADA), Q(estado=EstadoBonificacion.ASIGNADA)
    cuantas: tuple[Cifra, ...] = (
        medida("asignadas", "Asignadas", "Bonificaciones asignadas en el período, con las que luego se anularon.", Q()),
        medida("esperan", "Sin respuesta", "De las asignadas, las que nadie ha cerrado.", sin_cerrar, mejor_menos=True),
        medida(
            "aceptadas", "Aceptadas", "De las asignadas, las que el cliente aceptó expresamente y con prueba.",
            aceptadas,
        ),
        medida(
            "rechazadas", "Rechazadas", "De las asignadas, las que el cliente no quiso.",
            Q(estado=EstadoBonificacion.RECHAZADA), mejor_menos=True,
        ),
        medida(
            "vencidas", "Vencidas", "De las asignadas, las que se cerraron sin respuesta, al vencerse el plazo.",
            Q(estado=EstadoBonificacion.VENCIDA), mejor_menos=True,
        ),
        medida(
            "anuladas", "Anuladas", "De las asignadas, las que un administrador dejó sin efecto.",
            Q(estado=EstadoBonificacion.ANULADA), mejor_menos=True, ancha=True,
        ),
        Derivada(
            nombre="aceptacion",
            titulo="Aceptación",
            definicion="De cada cien que se cerraron, cuántas se aceptaron: aceptadas ÷ (aceptadas + rechazadas +"
            " vencidas). Las anuladas y las que esperan no cuentan.",
            de=aceptacion,
            abre="aceptadas",
        ),
    )  # fmt: skip
    cuestan: tuple[Cifra, ...] = (
        Medida(
            nombre="al_mes",
            titulo="Cuestan al mes",
            clase=Clase.PESOS,
            definicion="Lo que cuestan al mes las aceptadas que hoy se siguen dando: desde que el cliente aceptó y por"
            " los meses que duran.",
            filas=en_curso,
            suma="costo_mensual",
            mejor_menos=True,
        ),
        medida(
            "comprometido", "Comprometido",
            "El costo mensual de cada bonificación aceptada por todos los meses que dura, pasados y por venir.",
            aceptadas, clase=Clase.PESOS, suma="en_total", en_centavos=True, mejor_menos=True,
        ),
    )  # fmt: skip
    return cuantas, cuestan


def mediana(cuentas: Mapping[int, int]) -> float | None:
    """El valor del medio de una lista dicha como valor → cuántas veces; entre dos, su promedio. Sin ninguno, None."""
    total = sum(cuentas.values())
    if not total:
        return None
    del_medio = ((total - 1) // 2, total // 2)
    hallados, vistos = [], 0
    for valor, veces in sorted(cuentas.items()):
        hallados += [valor for puesto in del_medio if vistos <= puesto < vistos + veces]
        vistos += veces
    return float(median(hallados))
