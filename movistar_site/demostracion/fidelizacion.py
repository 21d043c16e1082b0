"""La fidelización de una base de demostración: asesores, autorizaciones, números excluidos, bonos, ofertas y segmentos.

Alcanza a un número acotado de clientes, por muchos que haya, y es coherente: un bono lo tiene quien cumplía el programa
el día de su corrida, a nadie se le busca sin su autorización, por un canal excluido ni fuera del horario de la Ley
2300, y lo que un cliente contestó dice cuándo y por dónde. Con la misma semilla, el mismo día y los mismos clientes
sale lo mismo. Como el resto de la carga, no deja historia.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bonificaciones.derivaciones.reparto import asesores_que_reciben
from bonificaciones.models import Asesor, Segmento
from bonificaciones.operaciones.segmentos import guardar_segmento
from clientes.consultas_contacto import datos_de
from clientes.models import (
    CON_PLAZO,
    CargaRne,
    Cliente,
    Consentimiento,
    EstadoInteraccion,
    Finalidad,
    Interaccion,
    NumeroExcluido,
)
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.calendario import Calendario
from movistar_site.comun.festivos import calendario
from movistar_site.comun.opciones import Canal
from movistar_site.comun.parametros import parametros
from servicios.models import TipoServicio

from .agentes import cuenta_inventada

MAXIMO = 2_000
"""A cuántos clientes alcanza, si no se pide otra cosa."""

PAPEL = "Asesor de ventas"
ASESORES = ("Nidia Cárdenas", "Jairo Orozco", "Paola Benítez", "Ferney Quintana")
TEXTO_DE_AUTORIZACION = "2026-01"
EXCLUIDO_DE_CADA = 40
REVOCADO_DE_CADA = 9
SIN_AUTORIZAR_DE_CADA = 4
CANALES = (Canal.TELEFONO, Canal.WHATSAPP, Canal.SMS, Canal.CORREO)
PRIMERA_HORA, ULTIMA_HORA = 8, 17
"""Entre las que se inventan los contactos: dentro de la franja de entre semana (Ley 2300 de 2023, art. 3)."""


@dataclass
class Siembra:
    """Lo que comparten las partes: el azar, el día, a quiénes alcanza y qué autorizó cada uno."""

    azar: random.Random
    hoy: date
    dias: Calendario
    clientes: list[Cliente]
    con_pqr: frozenset[int]
    asesores: list[Any]
    # Cliente → los canales por los que se le puede buscar hoy con fines comerciales.
    canales: dict[int, list[str]] = field(default_factory=dict)
    # Cliente → desde cuándo lo autorizó.
    desde: dict[int, date] = field(default_factory=dict)
    # Cliente → cuándo retiró lo que había autorizado.
    retirados: dict[int, datetime] = field(default_factory=dict)

    def instante(self, dia: date) -> datetime:
        """Una hora de trabajo de ese día, en Bogotá."""
        hora = time(self.azar.randint(PRIMERA_HORA, ULTIMA_HORA), self.azar.randrange(60))
        return timezone.make_aware(datetime.combine(dia, hora))

    def habil(self, dia: date) -> date:
        """Ese día, si es hábil, o el siguiente que lo sea."""
        return dia if self.dias.es_habil(dia) else self.dias.siguiente_habil(dia)


@transaction.atomic
def sembrar(
    *, hoy: date, semilla: int = 7, maximo: int = MAXIMO, desde_clave: int = 0, momento: datetime | None = None
) -> dict[str, int]:
    """Inventa la fidelización de hasta `maximo` clientes con clave desde `desde_clave`. Devuelve cuánto de cada cosa.

    `momento`: la fecha de creación de lo inventado; sin ella, el mediodía de `hoy`.
    """
    from .fidelizacion_bonos import sembrar_bonos, sembrar_ofertas

    clientes = list(Cliente.objects.activos().filter(pk__gte=desde_clave).order_by("pk")[: max(maximo, 0)])
    if not clientes:
        return {}
    siembra = Siembra(
        azar=random.Random(f"{semilla}:{hoy}:fidelizacion"),  # noqa: S311 - datos inventados, no secretos
        hoy=hoy,
        dias=calendario(parametros(hoy)),
        clientes=clientes,
        con_pqr=_con_pqr_abierta(clientes),
        asesores=asesores(clientes),
    )
    cuando = momento or timezone.make_aware(datetime.combine(hoy, time(12)))
    cuentas = {"consentimientos": _consentimientos(siembra, cuando), "excluidos": _numeros_excluidos(siembra, cuando)}
    cuentas |= sembrar_bonos(siembra, cuando)
    cuentas["ofertas"] = sembrar_ofertas(siembra, cuando)
    cuentas["segmentos"] = _segmentos(hoy)
    return cuentas


def crear(modelo: type[Any], registros: Iterable[Any], momento: datetime) -> list[Any]:
    """Guarda los registros de una vez y les pone la fecha de lo inventado."""
    hechos: list[Any] = modelo.objects.bulk_create(list(registros), batch_size=500)
    if hechos and hasattr(modelo, "creado_en"):
        modelo.objects.filter(pk__in=[uno.pk for uno in hechos]).update(creado_en=momento, actualizado_en=momento)
    return hechos


def _con_pqr_abierta(clientes: Collection[Cliente]) -> frozenset[int]:
    abiertas = Interaccion.objects.filter(
        ~Q(estado=EstadoInteraccion.RESPONDIDA), tipo__in=CON_PLAZO, cliente__in=[uno.pk for uno in clientes]
    )
    return frozenset(abiertas.order_by().values_list("cliente", flat=True))


# --- Asesores --------------------------------------------------------------------------------------------------------
def asesores(clientes: Collection[Cliente]) -> list[Any]:
    """Las cuentas que reciben derivaciones o, si no hay ninguna, unas inventadas que nadie puede usar todavía.

    Cada inventado cubre unos municipios de esos clientes; el último, los demás y con un máximo.
    """
    reciben = list(asesores_que_reciben().order_by("pk"))
    if reciben:
        return reciben
    codigos = sorted({uno.municipio_id for uno in clientes if uno.municipio_id})
    cuentas = [cuenta_inventada(nombre, PAPEL) for nombre in ASESORES]
    with auditar(origen="datos_demo"):
        for lugar, cuenta in enumerate(cuentas):
            ultimo = lugar == len(cuentas) - 1
            asesor, _ = Asesor.objects.get_or_create(usuario=cuenta, defaults={"tope": 80 if ultimo else None})
            suyos: Any = [] if ultimo else codigos[lugar :: len(cuentas)]
            asesor.municipios.set(suyos)
    return cuentas


# --- Autorizaciones y números excluidos ------------------------------------------------------------------------------
def _consentimientos(siembra: Siembra, momento: datetime) -> int:
    """Casi todos autorizan el servicio y muchos, las ofertas por uno o varios canales; algunos ya se retiraron."""
    azar, filas = siembra.azar, []
    con_alguno = set(
        Consentimiento.objects.filter(cliente__in=[uno.pk for uno in siembra.clientes]).values_list(
            "cliente", flat=True
        )
    )
    for cliente in siembra.clientes:
        if cliente.pk in con_alguno or azar.randrange(SIN_AUTORIZAR_DE_CADA) == 0:
            continue
        desde = max(cliente.fecha_vinculacion, siembra.hoy - timedelta(days=azar.randrange(60, 900)))
        if desde >= siembra.hoy - timedelta(days=30):
            continue
        otorgado = siembra.instante(desde)
        suyos = [canal for canal in CANALES if _alcanzable(cliente, canal) and azar.random() < 0.6]  # noqa: PLR2004
        revocado = None
        if suyos and azar.randrange(REVOCADO_DE_CADA) == 0:
            revocado = siembra.instante(siembra.hoy - timedelta(days=azar.randrange(2, 25)))
            siembra.retirados[cliente.pk] = revocado
        elif suyos:
            siembra.canales[cliente.pk], siembra.desde[cliente.pk] = [str(canal) for canal in suyos], desde
        evidencia = f"Formulario de vinculación {cliente.documento[-4:]}"
        comunes = {
            "cliente": cliente, "version_texto": TEXTO_DE_AUTORIZACION, "otorgado_el": otorgado, "medio": Canal.OFICINA,
            "evidencia": evidencia, "registrado_por_nombre": "Laura Peñaranda",
        }  # fmt: skip
        filas.append(Consentimiento(finalidad=Finalidad.SERVICIO, canal=Canal.CORREO, **comunes))
        filas += [
            Consentimiento(finalidad=Finalidad.COMERCIAL, canal=canal, revocado_el=revocado, **comunes)
            for canal in suyos
        ]
    _los_que_ya_autorizaron(siembra, con_alguno)
    return len(crear(Consentimiento, filas, momento))


def _los_que_ya_autorizaron(siembra: Siembra, clientes: Collection[int]) -> None:
    """Lo que ya había en la base también cuenta."""
    vigentes = Consentimiento.objects.vigentes().filter(finalidad=Finalidad.COMERCIAL, cliente__in=clientes)
    for cliente, canal, otorgado in vigentes.order_by("pk").values_list("cliente", "canal", "otorgado_el"):
        if canal in CANALES:
            siembra.canales.setdefault(cliente, []).append(canal)
            dia = timezone.localdate(otorgado)
            siembra.desde[cliente] = max(siembra.desde.get(cliente, dia), dia)


def _alcanzable(cliente: Cliente, canal: str) -> bool:
    return bool(cliente.email if canal == Canal.CORREO else cliente.telefono)


def _numeros_excluidos(siembra: Siembra, momento: datetime) -> int:
    """Una lista completa del RNE de hace unos días, con algunos de estos clientes. Si ya hay una, esa rige."""
    if CargaRne.objects.exists():
        return 0
    excluidos: dict[tuple[str, str], None] = {}
    for cliente in siembra.clientes:
        if siembra.azar.randrange(EXCLUIDO_DE_CADA):
            continue
        canales = [canal for canal in (Canal.TELEFONO, Canal.SMS) if datos_de(cliente).get(canal)]
        excluidos |= {(dato, str(canal)): None for canal in canales for dato in datos_de(cliente)[canal]}
    datos = {dato for dato, _ in excluidos}
    for cliente in siembra.clientes:  # también quien comparte el número con un excluido
        suyos = siembra.canales.get(cliente.pk)
        if suyos and datos & {uno for canal in suyos for uno in datos_de(cliente).get(canal, ())}:
            siembra.canales[cliente.pk] = [canal for canal in suyos if canal not in (Canal.TELEFONO, Canal.SMS)]
    carga = CargaRne(
        consultada_el=siembra.hoy - timedelta(days=6), archivo="rne-de-demostracion.csv", cuantos=len(excluidos),
        completa=True, cargada_por_nombre="Laura Peñaranda",
    )  # fmt: skip
    [carga] = crear(CargaRne, [carga], momento)
    crear(NumeroExcluido, [NumeroExcluido(carga=carga, dato=dato, canal=canal) for dato, canal in excluidos], momento)
    return len(excluidos)


# --- Segmentos -------------------------------------------------------------------------------------------------------
def _segmentos(hoy: date) -> int:
    """Los que un área comercial guardaría primero. Los que ya existan con ese nombre se dejan como estén."""
    tipos = dict(TipoServicio.objects.values_list("codigo", "pk"))
    hechos = 0
    for nombre, descripcion, filtros in _los_segmentos(tipos):
        if "None" in filtros or Segmento.objects.filter(nombre=nombre).exists():
            continue
        with auditar(origen="datos_demo"):
            guardar_segmento(Segmento(nombre=nombre, descripcion=descripcion), filtros=filtros, hoy=hoy, usuario=None)
        hechos += 1
    return hechos


def _los_segmentos(tipos: dict[str, int]) -> list[tuple[str, str, str]]:
    fibra, tv, duo, trio, movil = (tipos.get(c) for c in ("fibra", "television", "duo", "trio", "pospago"))
    return [
        (
            "Leales con fibra y sin televisión",
            "Más de diez años y fibra en casa: a quienes ofrecer televisión.",
            f"categoria=leal&con_tipo={fibra}&estado=activo&sin_tipo={tv}&sin_tipo={trio}",
        ),
        (
            "Solo móvil que más gastan",
            "Candidatos a convergencia: pagan $ 60.000 o más al mes y no tienen servicio fijo.",
            f"con_tipo={movil}&estado=activo&gasto_min=60000&sin_tipo={fibra}&sin_tipo={duo}&sin_tipo={trio}",
        ),
        (
            "Reclamaron varias veces este año",
            "Dos reclamaciones o más en doce meses: primero se les atiende, después se les ofrece.",
            "estado=activo&reclamaciones=2&reclamaciones_meses=12",
        ),
        (
            "Cumplen años con nosotros este mes",
            "Aniversario en los próximos treinta días y autorizan que se les busque.",
            "aniversario=30&autoriza=true&estado=activo",
        ),
    ]
