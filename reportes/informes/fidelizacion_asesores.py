"""Cómo le va a cada asesor con los clientes que se le derivan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse

from bonificaciones.derivaciones.bandejas import CORRE
from bonificaciones.derivaciones.reparto import asesores
from bonificaciones.models import (
    AccionGestion,
    Derivacion,
    EstadoDerivacion,
    GestionDerivacion,
    Programa,
    ResultadoDerivacion,
)
from movistar_site.comun.dias import al_terminar
from movistar_site.comun.festivos import calendario
from movistar_site.comun.models import Usuario, nombre_de
from movistar_site.comun.parametros import parametros

from ..fidelizacion import (
    aceptacion,
    clave_entera,
    filtro_programa,
    mediana,
    pagina_del_programa,
)
from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from ..marco import (
    TOTAL,
    Agrupado,
    Calculada,
    Columna,
    Derivada,
    Dimension,
    Grafico,
    Medida,
    Pedido,
    PorCampo,
    Renglon,
    registrar,
)
from ..marco.columnas import porcentaje
from ..marco.dimensiones import SIN
from ..marco.periodos import DOCE_MESES
from ..marco.registro import FIDELIZACION
from ..meses import PorMes
from ..models import DerivacionesAbiertas

HABLARON = (AccionGestion.CONTACTADO, AccionGestion.APLAZADA, AccionGestion.ACEPTADA, AccionGestion.RECHAZADA)
"""Los pasos que dejan dicho que se buscó al cliente o se habló con él."""
RESPONDIDAS = ~Q(resultado__in=("", ResultadoDerivacion.ANULADA))
"""Las que se cerraron con la respuesta del cliente o por el plazo."""


class PorAsesor(Dimension):
    """Una fila por cuenta que lleva o llevó derivaciones; las que nadie tiene van aparte."""

    nombre = "asesor"
    titulo = "Asesor"
    rotulos = (Columna(nombre="asesor", titulo="Asesor"),)

    def renglones(self, pedido: Pedido) -> Sequence[Renglon]:
        con_alguna = Derivacion.objects.filter(asesor__isnull=False).order_by().values("asesor").distinct()
        cuentas = Usuario.objects.using(pedido.base).filter(
            Q(pk__in=asesores().order_by().values("pk")) | Q(pk__in=con_alguna)
        )
        return sorted(
            (Renglon(uno.pk, {"asesor": nombre_de(uno)}, _bandeja(uno.pk)) for uno in cuentas),
            key=lambda renglon: str(renglon.valores["asesor"]).casefold(),
        )

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        sin_nadie = clave is None
        return Renglon(clave, {"asesor": "Sin asesor" if sin_nadie else f"Cuenta {clave}"})

    def expresion(self, modelo: type[Model]) -> str:
        return "asesor_id"

    def de_texto(self, texto: str) -> int | None:
        return None if texto == SIN else clave_entera(texto)


def _bandeja(asesor: Any) -> str:
    return f"{reverse('bandeja_de_derivaciones', args=('todas',))}?asesor={asesor}"


PROGRAMA = PorCampo(
    "programa",
    "Programa",
    {"bonificaciones.derivacion": "programa_id"},
    lambda pedido: list(
        Programa.objects.using(pedido.base).order_by("meses_minimos", "codigo").values_list("pk", "nombre")
    ),
    enlaces=pagina_del_programa,
    numerica=True,
)


# --- Las filas -------------------------------------------------------------------------------------------------------
def _recibidas(pedido: Pedido) -> QuerySet[Derivacion]:
    return Derivacion.objects.filter(derivada_el__range=(pedido.periodo.desde, pedido.periodo.hasta))


def _contactadas(pedido: Pedido) -> QuerySet[Derivacion]:
    pasos = GestionDerivacion.objects.filter(derivacion=OuterRef("pk"), accion__in=HABLARON).order_by()
    return _recibidas(pedido).filter(Exists(pasos))


def _abiertas(pedido: Pedido) -> QuerySet[Derivacion]:
    """Las que estaban sin cerrar al terminar el día que se mira."""
    if pedido.es_hoy:
        return Derivacion.objects.abiertas()
    sin_cerrar = Q(cerrada_el__isnull=True) | Q(cerrada_el__gte=al_terminar(pedido.al))
    return Derivacion.objects.filter(sin_cerrar, derivada_el__lte=pedido.al)


def _pasadas(pedido: Pedido) -> Q:
    """Las que pasaron de su plazo. Las que esperan al cliente y las detenidas no corren."""
    no_corren = tuple(uno for uno in EstadoDerivacion if uno not in (*CORRE, EstadoDerivacion.CERRADA))
    return Q(vence_el__lt=pedido.al) & ~Q(estado__in=no_corren)


def _llevadas(pedido: Pedido, dimension: Dimension, que: Q) -> Mapping[Any, int] | None:
    """De la cuenta de abiertas, que es la de hoy, por asesor y sin filtros; si no, None."""
    if not (pedido.es_hoy and pedido.solo() and isinstance(dimension, PorAsesor)):
        return None
    filas = DerivacionesAbiertas.objects.using(pedido.base).filter(que).order_by()
    cuentas = {clave or None: n for clave, n in filas.values_list("asesor_id").annotate(Sum("n")) if n}
    return {**cuentas, TOTAL: sum(cuentas.values())}


def _abiertas_llevadas(pedido: Pedido, dimension: Dimension) -> Mapping[Any, int] | None:
    return _llevadas(pedido, dimension, Q())


def _pasadas_llevadas(pedido: Pedido, dimension: Dimension) -> Mapping[Any, int] | None:
    # El año 1 es el de las que no tienen plazo.
    con_plazo = Q(vence_el__year__gt=1, vence_el__lt=pedido.al, estado__in=CORRE)
    return _llevadas(pedido, dimension, con_plazo)


def _dias_hasta_cerrar(pedido: Pedido, dimension: Dimension) -> Mapping[Any, float | None]:
    """La mediana de los días hábiles entre derivarlas y cerrarlas, de las respondidas."""
    consulta = pedido.aplicar(_recibidas(pedido)).filter(RESPONDIDAS)
    grupos = (
        consulta.order_by()
        .annotate(_clave=_expresion(dimension), _cierre=TruncDate("cerrada_el"))
        .values_list("_clave", "derivada_el", "_cierre")
        .annotate(Count("pk"))
    )
    dias = calendario(parametros(pedido.hoy))
    por_clave: dict[Any, Counter[int]] = defaultdict(Counter)
    for clave, desde, hasta, veces in grupos.iterator():
        cuantos = dias.habiles_entre(desde, hasta)
        por_clave[clave][cuantos] += veces
        por_clave[TOTAL][cuantos] += veces
    return {clave: mediana(cuentas) for clave, cuentas in por_clave.items()}


def _expresion(dimension: Dimension) -> Any:
    expresion = dimension.expresion(Derivacion)
    return F(expresion) if isinstance(expresion, str) else expresion


def _con_resultado(nombre: str, titulo: str, cual: ResultadoDerivacion, definicion: str, **mas: Any) -> Medida:
    return Medida(
        nombre=nombre, titulo=titulo, definicion=definicion, filas=_recibidas, cuando=Q(resultado=cual), **mas
    )


class FiltrosDeAsesores(FiltrosConLugar):
    """De qué programas y de qué clientes."""

    programa = filtro_programa()
    categoria = filtro_categoria()
    segmento = filtro_segmento()


@registrar
class FidelizacionPorAsesor(Agrupado):
    """Lo que cada asesor recibió, hizo y tiene por hacer."""

    clave = "fidelizacion-asesores"
    titulo = "Asesores de fidelización"
    pregunta = "¿Cuántos clientes recibe cada asesor, a cuántos contacta y cuántos aceptan?"
    grupo = FIDELIZACION
    icono = "support_agent"
    posicion = 20
    # La carga de todos la ve quien los administra o analiza las cifras, y los dos pueden llevarse las derivaciones.
    permisos = ("bonificaciones.view_derivacion", "bonificaciones.exportar_derivacion")
    filtros = FiltrosDeAsesores
    con_periodo = DOCE_MESES
    comparable = True
    dimensiones = (PorAsesor(), PROGRAMA, PorMes({"bonificaciones.derivacion": "derivada_el"}))
    cifras = (
        Medida(
            nombre="recibidas",
            titulo="Recibidas",
            definicion="Derivaciones del período, de quien las lleva ahora o las cerró.",
            filas=_recibidas,
        ),
        Medida(
            nombre="contactadas",
            titulo="Contactadas",
            definicion="De las recibidas, aquellas en que se buscó al cliente o se habló con él al menos una vez.",
            filas=_contactadas,
        ),
        Medida(
            nombre="respondidas",
            titulo="Cerradas",
            definicion="De las recibidas, las que se cerraron con la respuesta del cliente o por vencerse el plazo. Las"
            " anuladas no cuentan.",
            filas=_recibidas,
            cuando=RESPONDIDAS,
        ),
        _con_resultado("aceptadas", "Aceptadas", ResultadoDerivacion.ACEPTADA, "De las cerradas, las que el cliente"
                       " aceptó."),
        _con_resultado("rechazadas", "Rechazadas", ResultadoDerivacion.RECHAZADA, "De las cerradas, las que el cliente"
                       " no quiso.", mejor_menos=True),
        _con_resultado("vencidas", "Vencidas", ResultadoDerivacion.VENCIDA, "De las cerradas, las que nadie respondió"
                       " y el plazo cerró.", mejor_menos=True),
        Derivada(
            nombre="aceptacion",
            titulo="Aceptación",
            definicion="De cada cien cerradas, cuántas aceptó el cliente: aceptadas ÷ (aceptadas + rechazadas +"
            " vencidas).",
            de=aceptacion,
            abre="aceptadas",
        ),
        Derivada(
            nombre="contacto",
            titulo="Contacto",
            definicion="De cada cien recibidas, en cuántas se buscó al cliente.",
            de=lambda fila: porcentaje(fila["contactadas"], fila["recibidas"]),
            abre="contactadas",
            ancha=True,
        ),
        Calculada(
            nombre="dias",
            titulo="Días hasta cerrar",
            definicion="Mediana de los días hábiles (calendario de Colombia) entre derivarla y cerrarla, de las"
            " cerradas: la mitad tardó eso o menos.",
            valores=_dias_hasta_cerrar,
            abre="respondidas",
            mejor_menos=True,
        ),
        Medida(
            nombre="abiertas",
            titulo="Abiertas hoy",
            definicion="Las que hoy están sin cerrar, de cualquier fecha.",
            filas=_abiertas,
            resumen=_abiertas_llevadas,
            mejor_menos=True,
        ),
        Medida(
            nombre="pasadas",
            titulo="Pasadas de plazo hoy",
            definicion="De las abiertas hoy, las que pasaron de su plazo. Las que esperan el día que el cliente pidió y"
            " las detenidas no corren.",
            filas=_abiertas,
            cuando=_pasadas,
            resumen=_pasadas_llevadas,
            mejor_menos=True,
        ),
    )  # fmt: skip
    orden = {"asesor": "-recibidas", "mes": "mes"}
    grafico = {
        "asesor": Grafico("barras", ("aceptadas", "rechazadas", "vencidas"), "asesor", apiladas=True),
        "programa": Grafico("barras", ("aceptadas", "rechazadas", "vencidas"), "programa", apiladas=True),
        "mes": Grafico("lineas", ("recibidas", "contactadas", "aceptadas"), "mes"),
    }
    nota = (
        "Una derivación que pasó de un asesor a otro cuenta en el que la tiene. Lo de hoy no depende del período."
        " Comparado con el anterior, lo abierto es lo que estaba abierto un mes antes, con los plazos de ahora."
    )
