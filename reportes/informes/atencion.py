"""Cómo se atienden las consultas, las reclamaciones y las sugerencias."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import NullIf

from clientes.canales import conocidos
from clientes.models import Equipo, MotivoInteraccion, SentidoRespuesta, TipoInteraccion

from ..atencion import (
    Atencion,
    a_tiempo,
    abiertas,
    exigibles,
    medir,
    primera,
    radicadas,
    respondidas,
    silencios,
    vencidas,
)
from ..filtros_atencion import FiltrosDeAtencion
from ..marco import Agrupado, Calculada, Derivada, Dimension, Grafico, Medida, Pedido, PorCampo, registrar
from ..marco.columnas import porcentaje
from ..marco.periodos import DOCE_MESES
from ..marco.registro import ATENCION
from ..meses import PorMes
from ..percentiles import percentil

INTERACCION = "clientes.interaccion"
MEDIANA, P90 = 50, 90


def _nombres(modelo: Any) -> Callable[[Pedido], list[tuple[Any, str]]]:
    return lambda pedido: list(modelo.objects.using(pedido.base).values_list("pk", "nombre"))


def _de(cifra: Callable[[Atencion], Any]) -> Callable[[Pedido, Dimension], Mapping[Any, Any]]:
    """Esa cifra de cada fila y la del total, de la lectura que comparten todas."""
    return lambda pedido, dimension: {clave: cifra(una) for clave, una in medir(pedido, dimension).items()}


def _medida(nombre: str, titulo: str, definicion: str, cuando: Any = None, **otros: Any) -> Medida:
    return Medida(
        nombre=nombre,
        titulo=titulo,
        definicion=definicion,
        filas=radicadas,
        cuando=cuando,
        resumen=_de(lambda una: getattr(una, nombre)),
        **otros,
    )


def _dias(nombre: str, titulo: str, cual: int, definicion: str) -> Calculada:
    return Calculada(
        nombre=nombre,
        titulo=titulo,
        definicion=(
            f"{definicion} Se cuentan desde el día siguiente al de la radicación, sin sábados (salvo que un ajuste los"
            " haga hábiles), domingos ni festivos, tampoco los añadidos al panel. Entre dos valores se reparte en"
            " proporción, como PERCENTIL.INC de Excel."
        ),
        valores=_de(lambda una: percentil(una.dias, cual)),
        abre="respondidas",
        mejor_menos=True,
    )


@registrar
class PorAtencion(Agrupado):
    """Lo recibido en un período y cómo va: respondido, a tiempo, en silencio, y en cuántos días."""

    clave = "atencion"
    titulo = "Atención a los clientes"
    pregunta = "¿Cuánto reciben los equipos, cuánto responden a tiempo y en cuántos días?"
    grupo = ATENCION
    icono = "support_agent"
    posicion = 10
    permisos = ("clientes.view_interaccion",)
    filtros = FiltrosDeAtencion
    con_periodo = DOCE_MESES
    a_la_fecha = True
    comparable = True
    calla_ceros = True
    dimensiones = (
        PorCampo(
            nombre="tipo",
            titulo="Tipo de interacción",
            campos={INTERACCION: "tipo"},
            opciones=lambda _pedido: TipoInteraccion.choices,
        ),
        PorCampo(
            nombre="motivo",
            titulo="Motivo",
            campos={INTERACCION: "motivo_id"},
            opciones=_nombres(MotivoInteraccion),
            numerica=True,
            sin="Sin motivo",
        ),
        PorCampo(
            nombre="canal",
            titulo="Canal",
            campos={INTERACCION: "canal"},
            opciones=lambda _pedido: conocidos(),
        ),
        PorCampo(
            nombre="resolucion",
            titulo="Resolución",
            campos={INTERACCION: NullIf("sentido", Value(""))},
            opciones=lambda _pedido: SentidoRespuesta.choices,
            sin="Sin resolución anotada",
        ),
        PorCampo(
            nombre="equipo",
            titulo="Equipo",
            campos={INTERACCION: "equipo_id"},
            opciones=_nombres(Equipo),
            numerica=True,
            sin="Sin equipo",
        ),
        PorMes({INTERACCION: "fecha"}, primera),
    )
    cifras = (
        _medida(
            "recibidas",
            "Recibidas",
            "Interacciones que se radicaron en el período, por su día en Bogotá.",
            mejor_menos=None,
        ),
        _medida("abiertas", "Abiertas", "De las recibidas, las que siguen sin respuesta.", abiertas, mejor_menos=True),
        Derivada(
            nombre="puntualidad",
            titulo="% a tiempo",
            definicion=(
                "Respondidas a tiempo entre las que debían estarlo (las de plazo cumplido). Las que siguen en término"
                " no cuentan, ni siquiera si ya se respondieron: así un mes reciente no parece mejor de lo que es."
            ),
            de=lambda fila: porcentaje(fila["a_tiempo"], fila["exigibles"]),
            abre="a_tiempo",
        ),
        _medida(
            "silencios",
            "Silencios positivos",
            "Las que no se respondieron dentro del plazo y admiten silencio administrativo positivo: se resuelven a"
            " favor del cliente, y responder después no lo quita (Ley 1341 de 2009, artículo 54). La meta es cero.",
            silencios,
            mejor_menos=True,
        ),
        _dias(
            "mediana",
            "Mediana (días)",
            MEDIANA,
            "Días hábiles en que se respondió la mitad de las respondidas, o menos.",
        ),
        _dias("p90", "P90 (días)", P90, "Días hábiles en que se respondieron nueve de cada diez, o menos."),
        _medida(
            "vencidas",
            "Vencidas",
            "De las abiertas, las que ya pasaron su último día para responder, con la prórroga si la tuvieron.",
            vencidas,
            mejor_menos=True,
        ),
        _medida(
            "respondidas",
            "Respondidas",
            "De las recibidas, las que tienen respuesta notificada al cliente; un borrador no cuenta.",
            respondidas,
        ),
        _medida(
            "exigibles",
            "Con plazo cumplido",
            "De las recibidas, las que tenían plazo de ley y ya se les pasó: todas debían estar respondidas. Las"
            " sugerencias no tienen plazo.",
            exigibles,
            ancha=True,
            mejor_menos=None,
        ),
        _medida(
            "a_tiempo",
            "A tiempo",
            "De las de plazo cumplido, las que se respondieron a más tardar el día en que vencían.",
            a_tiempo,
            ancha=True,
        ),
        _medida(
            "recursos",
            "Recursos",
            "De las recibidas, las que son recursos de reposición contra una respuesta anterior.",
            Q(tipo=TipoInteraccion.RECURSO),
            ancha=True,
            mejor_menos=True,
        ),
    )
    orden = "-recibidas"
    grafico = {
        **{
            nombre: Grafico("barras", ("recibidas", "abiertas"), nombre)
            for nombre in ("tipo", "motivo", "canal", "resolucion", "equipo")
        },
        "mes": Grafico("lineas", ("recibidas", "respondidas", "abiertas"), "mes"),
    }
    nota = (
        "Todo habla de lo recibido en el período y de cómo va hoy, o el día que se pida. El equipo es el que la tiene"
        " hoy. Al comparar, el período anterior se mira tan cerca de su final como este del suyo."
    )
