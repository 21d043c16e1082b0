"""Los silencios positivos y en qué va lo que obligan a cumplir."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet, Value

from movistar_site.comun.dias import al_empezar

from ..filtros import FiltrosConLugar, filtro_categoria
from ..filtros_atencion import (
    filtro_canal,
    filtro_equipo,
    filtro_motivo,
    filtro_tipo_de_interaccion,
)
from ..listas.atencion import ATRASADO, CUMPLIDO, CUMPLIDO_TARDE, CUMPLIMIENTOS, POR_CUMPLIR, SILENCIOS, cumplimientos
from ..marco import Clase, Lista, Pedido, registrar
from ..marco.columnas import en_palabras, porcentaje
from ..marco.filtros import UnaOpcion
from ..marco.periodos import TODO
from ..marco.registro import ATENCION


class PorCumplimiento(UnaOpcion):
    """Por en qué va lo que hay que cumplir, el día que se mira."""

    def sobre(self, consulta: QuerySet[Any], valor: Any) -> QuerySet[Any]:
        return consulta.filter(cumplimientos(al_empezar(self.parent.hoy))[valor])


class FiltrosDeSilencios(FiltrosConLugar):
    """En qué va cada uno, qué caso era, quién lo tenía y de qué cliente."""

    cumplimiento = PorCumplimiento(label="Cumplimiento", choices=CUMPLIMIENTOS, caminos={}, empty_label="Todos")
    tipo = filtro_tipo_de_interaccion()
    motivo = filtro_motivo()
    canal = filtro_canal()
    equipo = filtro_equipo()
    categoria = filtro_categoria()


@registrar
class Silencios(Lista):
    """Los casos que no se respondieron dentro del plazo, con lo que hay que cumplirle al cliente en 72 horas."""

    clave = "silencios"
    titulo = "Silencios positivos"
    pregunta = "¿Qué casos no se respondieron a tiempo, y ya se les cumplió a esos clientes?"
    grupo = ATENCION
    icono = "gavel"
    posicion = 30
    permisos = ("clientes.view_silenciopositivo", "clientes.view_interaccion", "clientes.view_cliente")
    filtros = FiltrosDeSilencios
    con_periodo = TODO
    listado = SILENCIOS
    nota = (
        "El silencio lo anota cada día la revisión de plazos, al otro día del vencimiento; nadie lo quita. Se le cumple"
        " al cliente dentro de las 72 horas (Ley 1341 de 2009, artículo 54). El período mira el día en que ocurrió."
    )

    def consulta(self, pedido: Pedido) -> QuerySet[Any]:
        """Los que ocurrieron en el período."""
        return super().consulta(pedido).filter(ocurrio_el__range=(pedido.periodo.desde, pedido.periodo.hasta))

    def resumen(self, pedido: Pedido) -> Sequence[tuple[str, str]]:
        """Cuántos hay en cada situación y qué parte de los cumplidos lo fue dentro del término."""
        casos = cumplimientos(al_empezar(pedido.hoy))
        cuentas = {clave: Count(Value(1), filter=cuales) for clave, cuales in casos.items()}
        hay = self.consulta(pedido).order_by().aggregate(**cuentas)
        cumplidos = hay[CUMPLIDO] + hay[CUMPLIDO_TARDE]
        return (
            ("Por cumplir", en_palabras(Clase.ENTERO, hay[POR_CUMPLIR])),
            ("Atrasados", en_palabras(Clase.ENTERO, hay[ATRASADO])),
            ("Cumplidos", en_palabras(Clase.ENTERO, cumplidos)),
            ("Cumplidos en término", en_palabras(Clase.PORCENTAJE, porcentaje(hay[CUMPLIDO], cumplidos))),
        )
