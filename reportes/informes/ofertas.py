"""Las ofertas que se presentaron a los clientes y qué contestaron."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, CharField, F, Model, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from bonificaciones.models import EstadoOferta, Oferta, ReglaOferta
from movistar_site.comun.models import Usuario, nombre_de
from movistar_site.comun.opciones import Canal
from servicios.models import Promocion, Servicio

from ..fidelizacion import clave_entera, en_esos_dias
from ..filtros import FiltrosConLugar, filtro_categoria, filtro_segmento
from ..marco import Agrupado, Columna, Derivada, Dimension, Grafico, Medida, Pedido, PorCampo, Renglon, registrar
from ..marco.columnas import porcentaje
from ..marco.dimensiones import SIN
from ..marco.filtros import VariasOpciones, VariosDe
from ..marco.periodos import DOCE_MESES
from ..marco.registro import FIDELIZACION
from ..meses import PorMes

OFERTA = "bonificaciones.oferta"
SERVICIO, PROMOCION, OTRA = "s", "p", "otra"
"""Con qué empieza la clave de lo que se ofrece."""


class PorLoOfrecido(Dimension):
    """Una fila por servicio o promoción que se ha ofrecido; lo demás —un beneficio de una regla— va junto."""

    nombre = "ofrecido"
    titulo = "Lo que se ofrece"
    rotulos = (
        Columna(nombre="ofrecido", titulo="Lo que se ofrece"),
        Columna(nombre="clase", titulo="Qué es", ancha=True),
    )

    def renglones(self, pedido: Pedido) -> Sequence[Renglon]:
        ofertas = Oferta.objects.using(pedido.base).order_by()
        servicios = Servicio.objects.using(pedido.base).filter(pk__in=ofertas.values("servicio"))
        promociones = Promocion.objects.using(pedido.base).filter(pk__in=ofertas.values("promocion"))
        filas = [
            *(_renglon(SERVICIO, *uno) for uno in servicios.values_list("pk", "nombre")),
            *(_renglon(PROMOCION, *una) for una in promociones.values_list("pk", "nombre")),
        ]
        return sorted(filas, key=lambda fila: str(fila.valores["ofrecido"]).casefold())

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        return Renglon(clave, {"ofrecido": "Un beneficio", "clase": "Beneficio"})

    def expresion(self, modelo: type[Model]) -> Any:
        return Case(
            When(servicio__isnull=False, then=_con_letra(SERVICIO, "servicio_id")),
            When(promocion__isnull=False, then=_con_letra(PROMOCION, "promocion_id")),
            default=Value(OTRA),
            output_field=CharField(),
        )

    def de_texto(self, texto: str) -> str:
        if texto == OTRA:
            return texto
        if texto[:1] not in (SERVICIO, PROMOCION):
            raise ValueError(f"«{texto}» no es algo que se ofrezca.")
        return f"{texto[:1]}{clave_entera(texto[1:])}"


def _con_letra(letra: str, columna: str) -> Concat:
    return Concat(Value(letra), Cast(F(columna), CharField()))


def _renglon(letra: str, clave: int, nombre: str) -> Renglon:
    modelo, clase = ("servicio", "Servicio") if letra == SERVICIO else ("promocion", "Promoción")
    pagina = reverse(f"admin:servicios_{modelo}_change", args=(clave,))
    return Renglon(f"{letra}{clave}", {"ofrecido": nombre, "clase": clase}, pagina)


class PorQuien(Dimension):
    """Una fila por cuenta que presentó ofertas en el período."""

    nombre = "quien"
    titulo = "Quién la hizo"
    rotulos = (Columna(nombre="quien", titulo="Quién la hizo"),)

    def renglones(self, pedido: Pedido) -> Sequence[Renglon]:
        hicieron = Oferta.objects.filter(hecha_por__isnull=False).order_by().values("hecha_por").distinct()
        cuentas = Usuario.objects.using(pedido.base).filter(pk__in=hicieron)
        return [Renglon(uno.pk, {"quien": nombre_de(uno)}) for uno in cuentas]

    def renglon_de(self, clave: Any, pedido: Pedido) -> Renglon:
        return Renglon(clave, {"quien": "Sin cuenta" if clave is None else f"Cuenta {clave}"})

    def expresion(self, modelo: type[Model]) -> str:
        return "hecha_por_id"

    def de_texto(self, texto: str) -> int | None:
        return None if texto == SIN else clave_entera(texto)


REGLA = PorCampo(
    "regla",
    "Regla",
    {OFERTA: "regla_id"},
    lambda pedido: list(ReglaOferta.objects.using(pedido.base).order_by("orden", "codigo").values_list("pk", "nombre")),
    enlaces=lambda clave: reverse("admin:bonificaciones_reglaoferta_change", args=(clave,)),
    numerica=True,
    sin="Sin regla: la eligió quien la hizo",
)
CANAL = PorCampo("canal", "Canal", {OFERTA: "canal"}, lambda _pedido: Canal.choices)


def _presentadas(pedido: Pedido) -> QuerySet[Oferta]:
    return Oferta.objects.filter(**en_esos_dias("presentada_el", pedido))


class FiltrosDeOfertas(FiltrosConLugar):
    """De qué regla, qué se ofreció, por dónde y a quién."""

    regla = VariosDe(label="Regla", queryset=ReglaOferta.objects.order_by("orden", "codigo"), caminos={OFERTA: "regla"})
    servicio = VariosDe(
        label="Servicio ofrecido", queryset=Servicio.objects.order_by("nombre"), caminos={OFERTA: "servicio"}
    )
    promocion = VariosDe(
        label="Promoción ofrecida", queryset=Promocion.objects.order_by("nombre"), caminos={OFERTA: "promocion"}
    )
    canal = VariasOpciones(label="Canal", choices=Canal.choices, caminos={OFERTA: "canal"})
    categoria = filtro_categoria()
    segmento = filtro_segmento()


@registrar
class Ofertas(Agrupado):
    """Lo que se ofreció y lo que se aceptó."""

    clave = "ofertas"
    titulo = "Ofertas"
    pregunta = "¿Qué se les ofrece a los clientes, y qué aceptan?"
    grupo = FIDELIZACION
    icono = "campaign"
    posicion = 40
    permisos = ("bonificaciones.view_oferta",)
    filtros = FiltrosDeOfertas
    con_periodo = DOCE_MESES
    comparable = True
    calla_ceros = True
    dimensiones = (PorLoOfrecido(), REGLA, PorMes({OFERTA: "presentada_el"}), PorQuien(), CANAL)
    cifras = (
        Medida(
            nombre="presentadas",
            titulo="Presentadas",
            definicion="Ofertas que se le hicieron de verdad a un cliente en el período, dentro de un contacto con él.",
            filas=_presentadas,
        ),
        Medida(
            nombre="aceptadas",
            titulo="Aceptadas",
            definicion="De las presentadas, las que el cliente aceptó.",
            filas=_presentadas,
            cuando=Q(estado=EstadoOferta.ACEPTADA),
        ),
        Medida(
            nombre="rechazadas",
            titulo="Rechazadas",
            definicion="De las presentadas, las que el cliente no quiso.",
            filas=_presentadas,
            cuando=Q(estado=EstadoOferta.RECHAZADA),
            mejor_menos=True,
        ),
        Medida(
            nombre="esperan",
            titulo="Sin respuesta",
            definicion="De las presentadas, las que el cliente aún no contesta.",
            filas=_presentadas,
            cuando=Q(estado=EstadoOferta.PRESENTADA),
            mejor_menos=True,
        ),
        Derivada(
            nombre="aceptacion",
            titulo="Aceptación",
            definicion="De cada cien respondidas, cuántas se aceptaron: aceptadas ÷ (aceptadas + rechazadas).",
            de=lambda fila: porcentaje(fila["aceptadas"], fila["aceptadas"] + fila["rechazadas"]),
            abre="aceptadas",
        ),
        Derivada(
            nombre="respuesta",
            titulo="Respuesta",
            definicion="De cada cien presentadas, cuántas tienen respuesta.",
            de=lambda fila: porcentaje(fila["aceptadas"] + fila["rechazadas"], fila["presentadas"]),
            abre="presentadas",
            ancha=True,
        ),
        Medida(
            nombre="clientes",
            titulo="Clientes",
            definicion="Clientes a los que se les hizo alguna, contados una vez.",
            filas=_presentadas,
            distintos="cliente",
            ancha=True,
        ),
    )
    orden = {
        "ofrecido": "-presentadas",
        "regla": "-presentadas",
        "mes": "mes",
        "quien": "-presentadas",
        "canal": "-presentadas",
    }
    grafico = {
        "mes": Grafico("lineas", ("presentadas", "aceptadas", "rechazadas"), "mes"),
        **{
            una: Grafico("barras", ("aceptadas", "rechazadas", "esperan"), una, apiladas=True)
            for una in ("ofrecido", "regla", "quien", "canal")
        },
    }
