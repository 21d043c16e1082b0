"""Las tarjetas de la atención al cliente."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from clientes import bandejas
from clientes.models import EstadoInteraccion, Interaccion, TipoInteraccion
from movistar_site.comun.tramos import Posicion, tramo

from .. import lecturas
from ..mirada import Mirada, dias, entre, lista
from ..tarjeta import LINEAS, Cifra, GraficoDeTarjeta, ListaCorta, Puntos, Renglon, Serie, plazo, registrar

VER = ("clientes.view_interaccion",)
ATENDER = (*VER, "clientes.change_interaccion")
TONOS = {TipoInteraccion.RECLAMACION: "mal", TipoInteraccion.RECURSO: "ojo", TipoInteraccion.CONSULTA: "nota"}


@registrar
class SinResponder(Cifra):
    """Cuántas esperan respuesta."""

    clave = "interacciones-sin-responder"
    titulo = "Sin responder"
    permisos = VER
    icono = "forum"
    posicion = 90
    definicion = "Consultas, reclamaciones, recursos y sugerencias que hoy esperan respuesta, venzan o no."

    def valor(self, mirada: Mirada) -> int:
        return mirada.leer(lecturas.abiertas).todas

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "interaccion", sin_responder="si")


class _Recibidas(Cifra):
    """Las radicadas en el período, de unos tipos."""

    permisos = VER
    del_periodo = True
    mejor_menos = True
    tipos: tuple[str, ...]

    def valor(self, mirada: Mirada) -> int:
        recibidas = mirada.leer(lecturas.recibidas_por_dia)
        return sum(entre(recibidas[tipo], mirada.periodo) for tipo in self.tipos)

    def antes(self, mirada: Mirada) -> int:
        recibidas = mirada.leer(lecturas.recibidas_por_dia)
        return sum(entre(recibidas[tipo], mirada.anterior) for tipo in self.tipos)


@registrar
class Recibidas(_Recibidas):
    """Cuántas llegaron."""

    clave = "interacciones-recibidas"
    titulo = "Interacciones recibidas"
    icono = "move_to_inbox"
    posicion = 100
    tipos = tuple(TipoInteraccion.values)
    definicion = "Consultas, reclamaciones, recursos y sugerencias radicados en el período, por el día de Bogotá."

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "interaccion", **dias("fecha", mirada.periodo))


@registrar
class Reclamaciones(_Recibidas):
    """Cuántas fueron quejas."""

    clave = "reclamaciones"
    titulo = "Reclamaciones"
    icono = "report"
    posicion = 110
    tipos = (TipoInteraccion.RECLAMACION.value,)
    definicion = "Reclamaciones radicadas en el período (Ley 1341 de 2009, artículo 54), por el día de Bogotá."

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "interaccion", tipo__exact=self.tipos[0], **dias("fecha", mirada.periodo))


@registrar
class LoQueLlega(GraficoDeTarjeta):
    """Qué piden los clientes y cuándo."""

    clave = "interacciones-en-el-tiempo"
    titulo = "Lo que piden los clientes"
    permisos = VER
    icono = "monitoring"
    posicion = 230
    tipo = LINEAS
    rotulo = "Cuándo"
    abrir = "Ver las interacciones"
    vacio = "En el período no se radicó ninguna interacción."
    definicion = "Interacciones radicadas cada día o, si el período es largo, cada mes, por tipo."

    def puntos(self, mirada: Mirada) -> Puntos:
        recibidas, tramos = mirada.leer(lecturas.recibidas_por_dia), mirada.tramos()
        return Puntos(
            [uno.rotulo for uno in tramos],
            [
                Serie(
                    TipoInteraccion(tipo).label,
                    [entre(por_dia, uno) for uno in tramos],
                    [lista("clientes", "interaccion", tipo__exact=tipo, **dias("fecha", uno)) for uno in tramos],
                )
                for tipo, por_dia in recibidas.items()
            ],
        )

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "interaccion", **dias("fecha", mirada.periodo))


@registrar
class MisCasos(ListaCorta):
    """Lo que la persona tiene a cargo, primero lo que primero vence."""

    clave = "mis-casos"
    titulo = "Mis casos"
    permisos = ATENDER
    icono = "assignment"
    posicion = 240
    abrir = "Ir a mi bandeja"
    vacia = "No tiene casos a su cargo. Tome uno de la bandeja «Sin asignar»."
    definicion = "Las interacciones sin responder que usted tiene a cargo: primero las que primero vencen."

    def renglones(self, mirada: Mirada) -> list[Renglon]:
        una = bandejas.BANDEJAS["mias"]
        quien = bandejas.Quien(mirada.usuario, (), mirada.hoy)
        claves = tramo(una.ramas(quien), una.orden, Posicion(), cuantas=self.maximo).filas
        return [_del_caso(caso, mirada.hoy) for caso in una.con_lo_que_se_muestra(Interaccion, claves)]

    def enlace(self, mirada: Mirada) -> str:
        return reverse("bandeja", args=("mias",))


@registrar
class UltimasSinResponder(ListaCorta):
    """Lo último que llegó y espera."""

    clave = "ultimas-sin-responder"
    titulo = "Lo último que espera respuesta"
    permisos = VER
    icono = "forum"
    posicion = 270
    abrir = "Ver todas las que esperan"
    vacia = "Nadie espera respuesta. Lo que los clientes consulten, reclamen o sugieran aparecerá aquí."
    definicion = "Las interacciones sin responder, de la más nueva a la más vieja."

    def renglones(self, mirada: Mirada) -> list[Renglon]:
        # Las últimas de cada estado y no las de los dos a la vez: así las da el índice, ya ordenadas.
        ultimas = [
            caso
            for estado in (EstadoInteraccion.ABIERTA, EstadoInteraccion.EN_TRAMITE)
            for caso in Interaccion.objects.filter(estado=estado)
            .select_related("cliente")
            .defer("texto", "borrador")
            .order_by("-fecha", "-id")[: self.maximo]
        ]
        ultimas.sort(key=lambda uno: (uno.fecha, uno.pk), reverse=True)
        return [
            Renglon(
                titulo=caso.asunto,
                enlace=reverse("admin:clientes_interaccion_change", args=(caso.pk,)),
                detalle=caso.cliente.nombre_completo,
                cuando=f"{timezone.localtime(caso.fecha):%d/%m/%Y %H:%M}",
                sello=caso.get_tipo_display(),
                tono=TONOS.get(TipoInteraccion(caso.tipo), "neutro"),
            )
            for caso in ultimas[: self.maximo]
        ]

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "interaccion", sin_responder="si")


def _del_caso(caso: Interaccion, hoy: date) -> Renglon:
    sello, tono = plazo(caso.vence_el, hoy)
    return Renglon(
        titulo=caso.asunto,
        enlace=reverse("admin:clientes_interaccion_change", args=(caso.pk,)),
        detalle=caso.cliente.nombre_completo,
        cuando=caso.numero,
        sello=sello,
        tono=tono,
    )
