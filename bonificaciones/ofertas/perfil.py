"""El perfil de un cliente un día: los hechos de su conducta que dicen los datos. No decide nada: eso es de las reglas.

`perfil_de` sirve a una página; `perfiles`, a un trabajo que los recorre todos en tandas, con la memoria quieta.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from django.utils import timezone

from clientes.models import Cliente, EstadoCliente, EstadoContrato, SentidoRespuesta, TipoInteraccion, TipoPersona
from clientes.reglas import meses_cumplidos
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.valores import sumar_meses
from servicios.models import Periodicidad

from ..models import EstadoOferta
from ..promociones import segmentos_de_varios
from . import lecturas
from .catalogo import MOVIL, PREPAGO, Catalogo, Vendible, leer_catalogo
from .lecturas import Cobertura, Fila, Filas

POR_TANDA = 2_000
MOTIVOS_DE_SALIDA = frozenset({"terminacion", "portabilidad"})
"""Los motivos con que un cliente pide irse (dominio, sección 7)."""
NIVELES_DE_GASTO = ((90, "alto"), (50, "medio"), (0, "bajo"))
"""Desde qué percentil del catálogo lo que paga es alto, medio o bajo."""
DIAS_RECIENTES = 90
CERO = Decimal(0)
_ACTIVO, _TERMINADO = EstadoContrato.ACTIVO.value, EstadoContrato.TERMINADO.value
_MENSUAL = Periodicidad.MENSUAL.value
_RECLAMO, _CONSULTA, _RECURSO, _SUGERENCIA = (
    TipoInteraccion.RECLAMACION.value,
    TipoInteraccion.CONSULTA.value,
    TipoInteraccion.RECURSO.value,
    TipoInteraccion.SUGERENCIA.value,
)
_ACEPTADA, _RECHAZADA = EstadoOferta.ACEPTADA.value, EstadoOferta.RECHAZADA.value


@dataclass(frozen=True, slots=True)
class Consumo:
    """Qué usa y qué paga. «En pie»: sin terminar; «líneas»: las que hoy se prestan."""

    # Crudos, como `lecturas_perfil` los trae: de todos los que ha tenido.
    contratos: Sequence[Fila]
    # Las claves de lo que tiene en pie, con lo que compone sus paquetes.
    servicios: frozenset[int]
    # Lo que contrató como tal, sin abrir los paquetes.
    directos: tuple[Vendible, ...]
    tipos: frozenset[str]
    tipos_de_antes: frozenset[str]
    moviles: int
    fijas: int
    prepago: int
    gasto: Decimal
    percentil: int
    nivel: str
    permanencia_hasta: date | None
    # Promoción → el número del contrato en pie que la lleva.
    promociones: Mapping[int, str]
    promocion_desde: date | None
    terminados: int
    nuevos: int


@dataclass(frozen=True, slots=True)
class Atencion:
    """Qué ha consultado y reclamado en el último año."""

    casos: Sequence[Fila]
    consultas: int
    reclamaciones: int
    reclamaciones_90: int
    recursos: int
    sugerencias: int
    en_contra: int
    silencios: int
    abiertas: tuple[str, ...]
    pide_irse: tuple[str, ...]
    salidas: int
    ultima_cerrada: date | None


@dataclass(frozen=True, slots=True)
class OfertaPasada:
    """Una oferta que ya se le hizo y qué contestó."""

    regla: int | None
    servicio: int | None
    promocion: int | None
    estado: str
    dia: date


@dataclass(frozen=True, slots=True)
class Trato:
    """Qué le ha pasado con la empresa: pagos, cambios de plan, ofertas, beneficios y contactos."""

    mora_desde: date | None
    moras: int
    subidas: int
    bajadas: int
    ofertas: tuple[OfertaPasada, ...]
    aceptadas: int
    rechazadas: int
    ultimo_beneficio: date | None
    ultimo_contacto: date | None


@dataclass(frozen=True, slots=True)
class Perfil:
    """Los hechos de un cliente el día `hoy`."""

    cliente: int
    hoy: date
    activo: bool
    empresa: bool
    estrato: int | None
    municipio: str
    # Los tipos fijos que se venden en su municipio.
    llega: frozenset[str]
    # De los segmentos de que depende alguna promoción en vigor, los suyos.
    segmentos: Collection[int]
    desde: date
    meses: int
    categoria: str
    consumo: Consumo
    atencion: Atencion
    trato: Trato


def perfil_de(cliente: Cliente, *, hoy: date) -> Perfil:
    """El perfil de un cliente el día `hoy`. Siete consultas."""
    return Lector(leer_catalogo(hoy)).leer_uno(cliente)


def perfiles(claves: Iterable[int], *, hoy: date, por_tanda: int = POR_TANDA) -> Iterator[Perfil]:
    """Los perfiles de esos clientes, de a una tanda en memoria.

    Cada tanda cuesta las mismas cuatro consultas, y otra si trae un municipio que aún no se había visto.
    """
    lector, pendientes = Lector(leer_catalogo(hoy)), iter(claves)
    while tanda := list(islice(pendientes, por_tanda)):
        yield from lector.leer(tanda)


class Lector:
    """Lee perfiles por tandas contra un mismo catálogo. Recuerda la cobertura de los municipios que va viendo."""

    def __init__(self, catalogo: Catalogo) -> None:
        self.catalogo, self.hoy = catalogo, catalogo.hoy
        self.hace_un_anio = sumar_meses(self.hoy, -12)
        self.recientes = self.hoy - timedelta(days=DIAS_RECIENTES)
        # Comparar instantes es mucho más barato que pasar cada uno a su día de Bogotá.
        self.instante_del_anio = timezone.make_aware(datetime.combine(self.hace_un_anio, time.min))
        self.instante_reciente = timezone.make_aware(datetime.combine(self.recientes, time.min))
        self.cobertura = Cobertura(catalogo.fijos)
        self.segmentos = catalogo.segmentos

    def leer(self, claves: Collection[int]) -> list[Perfil]:
        """Los perfiles de esos clientes, por su clave; los que no existen se pasan por alto."""
        filas = lecturas.leer_filas(claves, hoy=self.hoy)
        self.cobertura.averiguar({fila[6] for fila in filas.clientes if fila[6]})
        return self._perfiles(claves, filas)

    def leer_uno(self, cliente: Cliente) -> Perfil:
        """El de uno solo, con la cobertura de su municipio en la misma consulta que él."""
        municipio = cliente.municipio_id or ""
        # Con el código escrito, la base sabe si es una ciudad o un pueblo; con una columna supondría uno cualquiera.
        preguntas = self.cobertura.preguntas(municipio) if municipio else []
        filas = lecturas.leer_filas([cliente.pk], hoy=self.hoy, ademas=preguntas)
        for fila in filas.clientes if municipio else ():
            self.cobertura.aprender(municipio, fila[7:])
        return self._perfiles([cliente.pk], filas)[0]

    def _perfiles(self, claves: Collection[int], filas: Filas) -> list[Perfil]:
        segmentos = self._segmentos(claves)
        return [self._perfil(fila, filas, segmentos) for fila in filas.clientes]

    def _segmentos(self, claves: Collection[int]) -> Mapping[int, set[int]]:
        """En cuáles de los segmentos de las promociones está cada uno; sin segmentos, ninguna consulta."""
        if not self.segmentos:
            return {}
        return segmentos_de_varios(claves, self.segmentos, hoy=self.hoy)

    def _perfil(self, fila: Fila, filas: Filas, segmentos: Mapping[int, set[int]]) -> Perfil:
        clave, estado, desde, asignada, persona, estrato, municipio = fila[:7]
        municipio = municipio or ""
        return Perfil(
            clave,
            self.hoy,
            estado == EstadoCliente.ACTIVO,
            persona == TipoPersona.JURIDICA,
            estrato,
            municipio,
            self.cobertura.de(municipio),
            segmentos.get(clave, ()),
            desde,
            meses_cumplidos(desde, self.hoy),
            asignada or self._categoria(desde),
            self._consumo(filas.contratos.get(clave, ())),
            self._atencion(filas.casos.get(clave, ())),
            self._trato(filas.vida.get(clave, ())),
        )

    def _categoria(self, desde: date) -> str:
        if desde <= self.catalogo.ultima_leal:
            return Categoria.LEAL.value
        return Categoria.REGULAR.value if desde <= self.catalogo.ultima_regular else Categoria.NUEVO.value

    def _consumo(self, contratos: Sequence[Fila]) -> Consumo:
        servicios, catalogo = self.catalogo.servicios, self.catalogo
        directos: list[Vendible] = []
        tenidos: set[int] = set()
        tipos: set[str] = set()
        antes: set[str] = set()
        promociones: dict[int, str] = {}
        moviles = fijas = prepago = terminados = nuevos = 0
        gasto, permanencia, promocion_desde = CERO, None, None
        for _, servicio, estado, inicio, fin, precio, periodicidad, meses, promocion, numero in contratos:
            uno = servicios[servicio]
            antes |= uno.tipos
            if inicio > self.hace_un_anio:
                nuevos += 1
            if promocion is not None and (promocion_desde is None or inicio > promocion_desde):
                promocion_desde = inicio
            if estado == _TERMINADO:
                terminados += fin > self.hace_un_anio
                continue
            directos.append(uno)
            tenidos |= uno.incluye
            tipos |= uno.tipos
            if promocion is not None:
                promociones[promocion] = numero
            if estado == _ACTIVO:
                if uno.red == MOVIL:
                    moviles += 1
                    prepago += uno.modalidad == PREPAGO
                else:
                    fijas += 1
                if periodicidad == _MENSUAL:
                    gasto += precio
            if meses and uno.red != MOVIL:
                hasta = sumar_meses(inicio, meses)
                if hasta > self.hoy and (permanencia is None or hasta > permanencia):
                    permanencia = hasta
        percentil = catalogo.percentil(gasto)
        return Consumo(
            contratos, frozenset(tenidos), tuple(directos), frozenset(tipos), frozenset(antes), moviles, fijas,
            prepago, gasto, percentil, nivel_de_gasto(percentil), permanencia, promociones,
            promocion_desde, terminados, nuevos,
        )  # fmt: skip

    def _atencion(self, casos: Sequence[Fila]) -> Atencion:
        if not casos:
            return _SIN_CASOS
        por_tipo = dict.fromkeys((_CONSULTA, _RECLAMO, _RECURSO, _SUGERENCIA), 0)
        abiertas: list[str] = []
        pide_irse: list[str] = []
        recientes = en_contra = silencios = salidas = 0
        cerrada: datetime | None = None
        for _, numero, tipo, fecha, respondida, sentido, motivo, silencio in casos:
            del_anio = fecha >= self.instante_del_anio
            por_tipo[tipo] += del_anio
            if tipo == _RECLAMO and fecha >= self.instante_reciente:
                recientes += 1
            en_contra += sentido == SentidoRespuesta.DESFAVORABLE.value
            silencios += silencio is not None and silencio > self.hace_un_anio
            if motivo in MOTIVOS_DE_SALIDA:
                salidas += del_anio
                if respondida is None:
                    pide_irse.append(numero)
            if tipo == _SUGERENCIA:
                continue
            if respondida is None:
                abiertas.append(numero)
            elif cerrada is None or respondida > cerrada:
                cerrada = respondida
        return Atencion(
            casos, por_tipo[_CONSULTA], por_tipo[_RECLAMO], recientes, por_tipo[_RECURSO], por_tipo[_SUGERENCIA],
            en_contra, silencios, tuple(sorted(abiertas)), tuple(sorted(pide_irse)), salidas,
            timezone.localdate(cerrada) if cerrada is not None else None,
        )  # fmt: skip

    def _trato(self, vida: Sequence[Fila]) -> Trato:
        if not vida:
            return _SIN_TRATO
        mora_desde = beneficio = contacto = None
        cuentas = dict.fromkeys((lecturas.MORA, lecturas.SUBE, lecturas.BAJA, _ACEPTADA, _RECHAZADA), 0)
        ofertas: list[OfertaPasada] = []
        for _, que, detalle, dia, hasta, regla, servicio, promocion in vida:
            if que == lecturas.CONTACTO:
                contacto = dia
            elif que == lecturas.BONO:
                beneficio = dia if beneficio is None else max(beneficio, dia)
            elif que == lecturas.OFERTA:
                ofertas.append(OfertaPasada(regla, servicio, promocion, detalle, dia))
                if dia > self.hace_un_anio and detalle in cuentas:
                    cuentas[detalle] += 1
                # Lo que aceptó y no es un servicio que se compra es algo que se le dio.
                if detalle == _ACEPTADA and servicio is None:
                    beneficio = dia if beneficio is None else max(beneficio, dia)
            elif que in cuentas:
                cuentas[que] += 1
                if que == lecturas.MORA and hasta is None:
                    mora_desde = dia
        ofertas.sort(key=_de_la_ultima, reverse=True)
        return Trato(
            mora_desde, cuentas[lecturas.MORA], cuentas[lecturas.SUBE], cuentas[lecturas.BAJA], tuple(ofertas),
            cuentas[_ACEPTADA], cuentas[_RECHAZADA], beneficio, contacto,
        )  # fmt: skip


def _de_la_ultima(una: OfertaPasada) -> tuple[date, int, int, int, str]:
    return una.dia, una.regla or 0, una.servicio or 0, una.promocion or 0, una.estado


def nivel_de_gasto(percentil: int) -> str:
    """Alto, medio o bajo, según a cuántos servicios del catálogo iguala o pasa lo que paga."""
    return next(nivel for desde, nivel in NIVELES_DE_GASTO if percentil >= desde)


_SIN_CASOS = Atencion((), 0, 0, 0, 0, 0, 0, 0, (), (), 0, None)
_SIN_TRATO = Trato(None, 0, 0, 0, (), 0, 0, None, None)
