"""Las bonificaciones asignadas, mes a mes, por lugar, por lo que dan y por los años del cliente."""

from __future__ import annotations

from typing import Any

from bonificaciones.models import Beneficio, EstadoBonificacion
from clientes.models import Departamento

from ..fidelizacion import asignadas, cifras_de_bonificaciones, filtro_programa
from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from ..marco import Agrupado, Grafico, Pedido, PorCampo, registrar
from ..marco.filtros import VariasOpciones
from ..marco.periodos import DOCE_MESES
from ..marco.registro import FIDELIZACION
from ..meses import PorMes

BONIFICACION = "bonificaciones.bonificacion"
DEPARTAMENTO = PorCampo(
    "departamento",
    "Departamento",
    {BONIFICACION: "cliente__municipio__departamento_id"},
    lambda pedido: list(Departamento.objects.using(pedido.base).order_by("nombre").values_list("pk", "nombre")),
    sin="Sin municipio",
)
BENEFICIO = PorCampo("beneficio", "Beneficio", {BONIFICACION: "beneficio"}, lambda _pedido: Beneficio.choices)


def _anios(pedido: Pedido) -> list[tuple[int, Any]]:
    """Los años cumplidos que alguna bonificación del período premió."""
    anios = pedido.aplicar(asignadas(pedido)).order_by("anios").values_list("anios", flat=True).distinct()
    return [(uno, uno) for uno in anios]


ANIOS = PorCampo("anios", "Años del cliente", {BONIFICACION: "anios"}, _anios, numerica=True)


class FiltrosDeBonificaciones(FiltrosConLugar):
    """De qué programas, qué dan, en qué van y de qué clientes."""

    programa = filtro_programa()
    beneficio = VariasOpciones(label="Beneficio", choices=Beneficio.choices, caminos={BONIFICACION: "beneficio"})
    estado = VariasOpciones(label="Estado", choices=EstadoBonificacion.choices, caminos={BONIFICACION: "estado"})
    categoria = filtro_categoria()
    segmento = filtro_segmento()


DE_LAS_ASIGNADAS, LO_QUE_CUESTAN = cifras_de_bonificaciones()


@registrar
class Bonificaciones(Agrupado):
    """Lo asignado y lo que se aceptó, en el tiempo y en el mapa."""

    clave = "fidelizacion-bonificaciones"
    titulo = "Bonificaciones asignadas"
    pregunta = "¿Cuántas bonificaciones se asignan cada mes y en cada lugar, y cuántas se aceptan?"
    grupo = FIDELIZACION
    icono = "redeem"
    posicion = 15
    permisos = ("bonificaciones.view_bonificacion",)
    filtros = FiltrosDeBonificaciones
    con_periodo = DOCE_MESES
    comparable = True
    calla_ceros = True
    dimensiones = (PorMes({BONIFICACION: "otorgada_el"}), DEPARTAMENTO, BENEFICIO, ANIOS)
    cifras = (*DE_LAS_ASIGNADAS, *LO_QUE_CUESTAN)
    orden = {"mes": "mes", "departamento": "-asignadas", "beneficio": "-asignadas"}
    grafico = {
        "mes": Grafico("lineas", ("asignadas", "aceptadas"), "mes"),
        **{
            una: Grafico("barras", ("aceptadas", "rechazadas", "vencidas", "esperan"), una, apiladas=True)
            for una in ("departamento", "beneficio")
        },
        "anios": Grafico("barras", ("asignadas", "aceptadas"), "anios", en_orden=True),
    }
    nota = (
        "Todo es de las bonificaciones que se asignaron en el período, como están ahora: una de hace poco todavía puede"
        " aceptarse."
    )
