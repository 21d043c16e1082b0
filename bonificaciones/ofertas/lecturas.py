"""Las filas de las que sale el perfil de unos clientes: cinco consultas, sean cuantos sean.

Van crudas, por `values_list`: de un millón de clientes se leen seis millones de filas, y hacer de cada una un objeto
costaría más que todo lo demás.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from clientes.models import (
    CambioPlan,
    ClaseSuspension,
    Cliente,
    Contacto,
    Contrato,
    EstadoCambio,
    EstadoContrato,
    Interaccion,
    Municipio,
    Suspension,
)
from movistar_site.comun.valores import sumar_meses

from ..models import Bonificacion, EstadoBonificacion, Oferta

Fila = tuple[Any, ...]
MORA, SUBE, BAJA, IGUAL, OFERTA, BONO, CONTACTO = "mora", "sube", "baja", "igual", "oferta", "bono", "contacto"
_NADA_FECHA = Cast(Value(None), DateField())
_NADA_NUMERO = Cast(Value(None), BigIntegerField())


@dataclass(frozen=True)
class Filas:
    """Lo leído de unos clientes, por cliente."""

    clientes: Sequence[Fila]
    contratos: Mapping[int, list[Fila]]
    casos: Mapping[int, list[Fila]]
    vida: Mapping[int, list[Fila]]


def leer_filas(claves: Collection[int], *, hoy: date, ademas: Sequence[Any] = ()) -> Filas:
    """Lo de esos clientes que hace falta el día `hoy`. Cuatro consultas. `ademas`: más columnas de cada cliente.

    Contratos e interacciones van por su clave: cada base los daría en otro orden, y el perfil de uno no depende de con
    quién se pidió.
    """
    desde = sumar_meses(hoy, -12)
    clientes = Cliente.objects.filter(pk__en_lista=claves).order_by("pk")
    return Filas(
        list(
            clientes.values_list(
                "pk",
                "estado",
                "fecha_vinculacion",
                "categoria_asignada",
                "tipo_persona",
                "estrato",
                "municipio_id",
                *ademas,
            )
        ),
        _por_cliente(_contratos(claves)),
        _por_cliente(_casos(claves, desde)),
        _por_cliente(_vida(claves, desde)),
    )


def _por_cliente(filas: QuerySet[Any, Any]) -> dict[int, list[Fila]]:
    grupos: dict[int, list[Fila]] = defaultdict(list)
    for fila in filas:
        grupos[fila[0]].append(fila)
    return grupos


def _contratos(claves: Collection[int]) -> QuerySet[Any, Any]:
    return (
        Contrato.objects.filter(cliente__id__en_lista=claves)
        .order_by("pk")
        .values_list(
            "cliente_id", "servicio_id", "estado", "fecha_inicio", "fecha_fin", "precio", "periodicidad",
            "permanencia_meses", "promocion_id", "numero",
        )
    )  # fmt: skip


def _casos(claves: Collection[int], desde: date) -> QuerySet[Any, Any]:
    """Las interacciones del último año y las que siguen abiertas o se cerraron en él."""
    principio = timezone.make_aware(datetime.combine(desde, time.min))
    recientes = Q(fecha__gte=principio) | Q(respondida_el__isnull=True) | Q(respondida_el__gte=principio)
    return (
        Interaccion.objects.filter(recientes, cliente__id__en_lista=claves)
        .order_by("pk")
        .values_list(
            "cliente_id", "numero", "tipo", "fecha", "respondida_el", "sentido", "motivo__codigo",
            "silencio__ocurrio_el",
        )
    )  # fmt: skip


def _vida(claves: Collection[int], desde: date) -> QuerySet[Any, Any]:
    """Lo demás que le ha pasado: moras, cambios de plan, ofertas, bonos y el último contacto, en una sola consulta.

    Columnas: cliente, qué, detalle, día, hasta, regla, servicio, promoción.
    """
    bonos = Bonificacion.objects.filter(
        cliente__id__en_lista=claves, estado__in=(EstadoBonificacion.ASIGNADA, EstadoBonificacion.ACEPTADA)
    )
    moras = Suspension.objects.filter(
        Q(hasta__isnull=True) | Q(hasta__gte=desde), contrato__cliente__id__en_lista=claves, clase=ClaseSuspension.MORA
    )
    cambios = CambioPlan.objects.filter(
        contrato__cliente__id__en_lista=claves, estado=EstadoCambio.APLICADO, efectivo_el__gte=desde
    )
    contactos = Contacto.objects.filter(cliente__id__en_lista=claves).order_by().values("cliente_id")
    ofertas = Oferta.objects.filter(cliente__id__en_lista=claves)
    return ofertas.order_by().values_list(
        "cliente_id", _texto(Value(OFERTA)), _texto(F("estado")), TruncDate("presentada_el"), _NADA_FECHA,
        "regla_id", "servicio_id", "promocion_id",
    ).union(
        _fila(bonos, "cliente_id", Value(BONO), F("estado"), F("otorgada_el"), _NADA_FECHA),
        _fila(moras, "contrato__cliente_id", Value(MORA), F("clase"), F("desde"), F("hasta")),
        _fila(cambios, "contrato__cliente_id", _sentido(), F("estado"), F("efectivo_el"), _NADA_FECHA),
        _fila(contactos, "cliente_id", Value(CONTACTO), Value(""), Max("dia"), _NADA_FECHA),
        all=True,
    )  # fmt: skip


def _fila(consulta: QuerySet[Any, Any], cliente: str, *columnas: Any) -> QuerySet[Any, Any]:
    que, detalle, dia, hasta = columnas
    return consulta.order_by().values_list(
        cliente, _texto(que), _texto(detalle), dia, hasta, _NADA_NUMERO, _NADA_NUMERO, _NADA_NUMERO
    )


def _texto(expresion: Any) -> Cast:
    return Cast(expresion, CharField(max_length=20))


def _sentido() -> Case:
    """Si el cambio subió o bajó lo que paga al mes; con otra periodicidad no se comparan."""
    misma = Q(periodicidad_nueva=F("periodicidad_anterior"))
    return Case(
        When(misma & Q(precio_nuevo__gt=F("precio_anterior")), then=Value(SUBE)),
        When(misma & Q(precio_nuevo__lt=F("precio_anterior")), then=Value(BAJA)),
        default=Value(IGUAL),
    )


# --- A dónde llega cada tipo -----------------------------------------------------------------------------------------
class Cobertura:
    """Qué tipos fijos se venden en cada municipio: aquellos que allí tiene activos al menos un cliente.

    Es lo único que los datos dicen de la red. Se pregunta una vez por municipio.
    """

    def __init__(self, fijos: Mapping[str, frozenset[int]]) -> None:
        self.fijos = sorted(fijos.items())
        self.sabidos: dict[str, frozenset[str]] = {"": frozenset()}

    def preguntas(self, municipio: Any) -> list[Exists]:
        """Una por tipo, para ponerlas como columnas de una consulta. `municipio`: su código, o cuál de sus columnas."""
        return [Exists(_con_servicio(claves, municipio)) for _, claves in self.fijos]

    def aprender(self, municipio: str, respuestas: Sequence[bool]) -> None:
        """Anota lo que contestaron."""
        self.sabidos[municipio] = frozenset(tipo for (tipo, _), si in zip(self.fijos, respuestas, strict=True) if si)

    def averiguar(self, municipios: Collection[str]) -> None:
        """Aprende los que aún no sabe, en una consulta."""
        if nuevos := sorted(set(municipios) - self.sabidos.keys()):
            filas = Municipio.objects.filter(pk__in=nuevos).order_by()
            for codigo, *respuestas in filas.values_list("pk", *self.preguntas(OuterRef("pk"))):
                self.aprender(codigo, respuestas)

    def de(self, municipio: str) -> frozenset[str]:
        """Los tipos que se venden en un municipio ya averiguado."""
        return self.sabidos.get(municipio, frozenset())


def _con_servicio(servicios: Collection[int], municipio: Any) -> QuerySet[Cliente]:
    # Se recorren los clientes del municipio y no los contratos del tipo: se para en el primero que lo tiene.
    contratos = Contrato.objects.filter(
        cliente=OuterRef("pk"), estado=EstadoContrato.ACTIVO, servicio__in=sorted(servicios)
    )
    return Cliente.objects.filter(Exists(contratos.order_by()), municipio=municipio).order_by()
