"""Los filtros de los reportes de atención: por lo que la interacción es y por quién la atendió."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from clientes.canales import conocidos
from clientes.models import Contrato, Equipo, MotivoInteraccion, SentidoRespuesta, TipoInteraccion
from servicios.models import Red, Servicio, TipoServicio

from .filtros import FiltrosConLugar, del_servicio, filtro_categoria, filtro_segmento, suelta
from .marco.filtros import Camino, UnaOpcion, VariasOpciones, VariosDe

A_LA_INTERACCION = {"clientes.interaccion": "", "clientes.silenciopositivo": "interaccion__"}


def de_la_interaccion(columna: str) -> dict[str, Camino]:
    """Modelo → esa columna de su interacción. Los contratos no la tienen: el filtro no los toca."""
    caminos: dict[str, Camino] = {modelo: f"{camino}{columna}" for modelo, camino in A_LA_INTERACCION.items()}
    return {**caminos, "clientes.contrato": lambda consulta, _valor, _hoy: consulta}


def _de_sus_servicios(columna: str) -> Camino:
    """Las interacciones de contratos de los servicios que cumplen, que son pocos: así no se cruza con el catálogo.

    La base junta las claves de esos contratos una vez y busca cada interacción entre ellas: buscar su contrato, en una
    tabla ancha, le toma a SQLite el doble. Suelta, para que no vaya al revés, de cada contrato a sus interacciones.
    """

    def filtrar(consulta: QuerySet[Any], valor: Any, _hoy: date) -> QuerySet[Any]:
        condicion = {f"{columna}__in": valor} if isinstance(valor, list) else {columna: valor}
        servicios = Servicio.objects.using(consulta.db).filter(**condicion).order_by().values_list("pk", flat=True)
        contratos = Contrato.objects.using(consulta.db).filter(servicio__in=list(servicios)).order_by()
        return consulta.alias(_contrato=suelta("contrato_id")).filter(_contrato__in=contratos.values("pk"))

    return filtrar


def filtro_tipo_de_interaccion() -> VariasOpciones:
    """Por consulta, reclamación, sugerencia o recurso."""
    return VariasOpciones(
        label="Tipo de interacción", choices=TipoInteraccion.choices, caminos=de_la_interaccion("tipo")
    )


def filtro_motivo() -> VariosDe:
    """Por motivo, también los que ya no se ofrecen."""
    return VariosDe(label="Motivo", queryset=MotivoInteraccion.objects.all(), caminos=de_la_interaccion("motivo"))


def filtro_canal() -> VariasOpciones:
    """Por el canal por el que llegó, también los que ya no se ofrecen."""
    return VariasOpciones(label="Canal", choices=conocidos, caminos=de_la_interaccion("canal"))


def filtro_equipo() -> VariosDe:
    """Por el equipo que la tiene hoy."""
    return VariosDe(label="Equipo", queryset=Equipo.objects.all(), caminos=de_la_interaccion("equipo"))


def filtro_sentido() -> UnaOpcion:
    """Por a favor de quién se resolvió."""
    return UnaOpcion(
        label="Resolución",
        choices=SentidoRespuesta.choices,
        caminos=de_la_interaccion("sentido"),
        empty_label="Todas",
    )


def filtro_tipo_de_servicio() -> VariosDe:
    """Por el tipo del servicio que tiene hoy el contrato de que se habla."""
    caminos = {**del_servicio("tipo"), "clientes.interaccion": _de_sus_servicios("tipo")}
    return VariosDe(label="Tipo de servicio", queryset=TipoServicio.objects.all(), caminos=caminos)


def filtro_red_del_servicio() -> UnaOpcion:
    """Por la red del servicio que tiene hoy el contrato de que se habla: fija o móvil."""
    caminos = {**del_servicio("tipo__red"), "clientes.interaccion": _de_sus_servicios("tipo__red")}
    return UnaOpcion(label="Red", choices=Red.choices, caminos=caminos, empty_label="Todas")


class FiltrosDeAtencion(FiltrosConLugar):
    """Qué pasó, por dónde llegó, quién la atiende, sobre qué servicio y de qué cliente."""

    tipo = filtro_tipo_de_interaccion()
    motivo = filtro_motivo()
    canal = filtro_canal()
    sentido = filtro_sentido()
    equipo = filtro_equipo()
    tipo_de_servicio = filtro_tipo_de_servicio()
    red = filtro_red_del_servicio()
    categoria = filtro_categoria()
    segmento = filtro_segmento()
