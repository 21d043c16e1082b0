"""Cómo se listan las interacciones y los silencios positivos que forman una cifra."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse

from clientes.canales import conocidos
from clientes.models import Interaccion, SentidoRespuesta, SilencioPositivo, TipoInteraccion
from movistar_site.comun.dias import al_empezar

from ..marco import Clase
from ..marco.listados import ColumnaDeLista, Listado, anotar
from .clientes import columnas_del_cliente

_TIPOS = dict(TipoInteraccion.choices)
_SENTIDOS = dict(SentidoRespuesta.choices)

POR_CUMPLIR, ATRASADO, CUMPLIDO, CUMPLIDO_TARDE = "por_cumplir", "atrasado", "cumplido", "cumplido_tarde"
CUMPLIMIENTOS = (
    (POR_CUMPLIR, "Por cumplir"),
    (ATRASADO, "Atrasado"),
    (CUMPLIDO, "Cumplido"),
    (CUMPLIDO_TARDE, "Cumplido tarde"),
)
"""En qué va lo que un silencio positivo obliga a cumplir."""


def cumplimientos(empieza: datetime) -> dict[str, Q]:
    """Cada situación, dicha a la base, el día que empieza en ese instante: atrasado es lo que venció antes."""
    por_cumplir = Q(cumplido_el__isnull=True)
    return {
        POR_CUMPLIR: por_cumplir & Q(cumplir_antes_de__gt=empieza),
        ATRASADO: por_cumplir & Q(cumplir_antes_de__lte=empieza),
        CUMPLIDO: Q(cumplido_el__lte=F("cumplir_antes_de")),
        CUMPLIDO_TARDE: Q(cumplido_el__gt=F("cumplir_antes_de")),
    }


def _con_situacion(consulta: QuerySet[Any], hoy: Any) -> QuerySet[Any]:
    nombres = dict(CUMPLIMIENTOS)
    casos = [When(cuales, then=Value(nombres[clave])) for clave, cuales in cumplimientos(al_empezar(hoy)).items()]
    return consulta.annotate(situacion=Case(*casos, default=Value("")))


def canal(codigo: str) -> str:
    """El nombre de un canal, también de los que ya no se ofrecen."""
    return str(dict(conocidos()).get(codigo, codigo))


def _caso(numero: str, clave: Any) -> str:
    return reverse("admin:clientes_interaccion_change", args=(clave,))


def columnas_del_caso(camino: str = "", llave: str = "pk") -> tuple[ColumnaDeLista, ...]:
    """Qué caso es, con el camino a su página, y qué pidió el cliente. `camino`: cómo se llega a la interacción."""
    return (
        ColumnaDeLista(
            nombre="radicado",
            titulo="Radicado",
            caminos=(f"{camino}numero", llave),
            valor=lambda numero, _clave: numero,
            enlace=_caso,
        ),
        ColumnaDeLista(nombre="tipo", titulo="Tipo", caminos=(f"{camino}tipo",), valor=_TIPOS.get),
    )


def _motivo(camino: str = "", *, en_pagina: bool = True) -> ColumnaDeLista:
    return ColumnaDeLista(nombre="motivo", titulo="Motivo", caminos=(f"{camino}motivo__nombre",), en_pagina=en_pagina)


def _equipo(camino: str = "", *, en_pagina: bool = True) -> ColumnaDeLista:
    return ColumnaDeLista(
        nombre="equipo", titulo="Equipo", caminos=(f"{camino}equipo__nombre",), ancha=True, en_pagina=en_pagina
    )


INTERACCIONES = anotar(
    Listado(
        modelo=Interaccion,
        singular="interacción",
        plural="interacciones",
        permiso="clientes.view_interaccion",
        exportar="clientes.exportar_interaccion",
        columnas=(
            *columnas_del_caso(),
            # El documento y el municipio están en su ficha: con ellos no cabrían las fechas, que son lo que se mira.
            *columnas_del_cliente()[:1],
            ColumnaDeLista(nombre="fecha", titulo="Radicada", clase=Clase.FECHA_Y_HORA, caminos=("fecha",)),
            ColumnaDeLista(nombre="vence", titulo="Vence", clase=Clase.FECHA, caminos=("vence_el",)),
            ColumnaDeLista(
                nombre="respondida", titulo="Respondida", clase=Clase.FECHA_Y_HORA, caminos=("respondida_el",)
            ),
            _motivo(),
            ColumnaDeLista(nombre="canal", titulo="Canal", caminos=("canal",), valor=canal, ancha=True),
            ColumnaDeLista(
                nombre="sentido", titulo="Resolución", caminos=("sentido",), valor=_SENTIDOS.get, ancha=True
            ),
            _equipo(),
        ),
    )
)

SILENCIOS = anotar(
    Listado(
        modelo=SilencioPositivo,
        singular="silencio positivo",
        plural="silencios positivos",
        permiso="clientes.view_silenciopositivo",
        exportar="clientes.exportar_interaccion",
        preparar=_con_situacion,
        columnas=(
            *columnas_del_caso("interaccion__", "interaccion_id"),
            *columnas_del_cliente("interaccion__cliente__", "interaccion__cliente_id")[:1],
            ColumnaDeLista(nombre="vencio", titulo="Venció", clase=Clase.FECHA, caminos=("interaccion__vence_el",)),
            ColumnaDeLista(
                nombre="limite", titulo="Cumplir antes de", clase=Clase.FECHA_Y_HORA, caminos=("cumplir_antes_de",)
            ),
            ColumnaDeLista(
                nombre="situacion",
                titulo="Situación",
                caminos=("situacion", "pk"),
                valor=lambda situacion, _clave: situacion,
                enlace=lambda _situacion, clave: reverse("admin:clientes_silenciopositivo_change", args=(clave,)),
            ),
            ColumnaDeLista(nombre="cumplido", titulo="Cumplido", clase=Clase.FECHA_Y_HORA, caminos=("cumplido_el",)),
            ColumnaDeLista(nombre="quien", titulo="Cumplido por", caminos=("cumplido_por_nombre",), ancha=True),
            # Están en el caso.
            _motivo("interaccion__", en_pagina=False),
            _equipo("interaccion__", en_pagina=False),
        ),
    )
)
