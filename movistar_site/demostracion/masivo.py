"""Cargas inventadas de cualquier tamaño: de la población a las filas, en tandas, y de ahí a las tablas.

Las filas no pasan por los modelos ni dejan historia: la historia de un registro de demostración empieza con su primer
cambio de verdad.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import OperationalError, connection, transaction

from clientes import numeracion
from clientes.models import Cliente, Contrato, Municipio
from clientes.models import Interaccion as InteraccionEnBase
from clientes.relojes import relojes
from movistar_site.comun import consecutivos
from movistar_site.comun.cortesia import es_archivo_sqlite
from movistar_site.comun.parametros import parametros

from . import fidelizacion, identidad, poblacion
from .agentes import destinos
from .aparte import Aparte, Constancias
from .atencion import Interaccion
from .carga import BaseEnUso, Tabla, en_exclusiva, insertar, reponer, sin_indices, terminar
from .catalogo_en_base import cargar_catalogo_de_ejemplo, ofertas_en_base
from .movimientos import CON_MOVIMIENTO, SE_CEDE, Cesiones, cambio_de, suspension_de
from .ofertas import Estanteria

SERIE_DEMO = "datos_demo"
"""El puesto del último cliente inventado: la siguiente carga sigue desde ahí y no repite documentos."""
POR_TANDA = 2_500
SIN_EXCLUSIVA_HASTA = 20_000
"""Hasta tantos registros la carga dura un par de segundos y puede ir con el panel encendido."""
BYTES_POR_REGISTRO = 700
CAMPOS_CONTRATO = (
    "numero", "cliente_id", "servicio_id", "estado", "fecha_inicio", "fecha_fin", "precio", "periodicidad",
    "condiciones", "permanencia_meses", "anexo_permanencia", "promocion_id", "cedido_de_id",
)  # fmt: skip
CAMPOS_INTERACCION = (
    "numero", "cliente_id", "contrato_id", "tipo", "canal", "fecha", "asunto", "texto", "estado", "respuesta",
    "respondida_el", "registrada_por_nombre", "motivo_id", "equipo_id", "responsable_id", "cun", "primer_plazo",
    "vence_el", "prorroga_motivo", "prorroga_avisada_el", "canal_respuesta", "sentido", "recurso_de_id", "causal",
    "pide_apelacion",
)  # fmt: skip
Fila = tuple[object, ...]


class NoSePuede(Exception):
    """La carga no se hace; el mensaje dice por qué y qué hacer."""


@dataclass(frozen=True)
class Pedido:
    """Qué se quiere cargar."""

    clientes: int
    contratos: int = 3
    interacciones: int = 2
    semilla: int = 7
    hoy: date = date(2026, 11, 1)
    agregar: bool = False
    # A cuántos de ellos se les inventa también fidelización: bonos, autorizaciones, ofertas.
    fidelizacion: int = fidelizacion.MAXIMO

    @property
    def registros(self) -> int:
        """Filas en total, de las tres tablas."""
        return self.clientes * (1 + self.contratos + self.interacciones)


@dataclass
class Resultado:
    """Qué se cargó y en cuánto tiempo (segundos, por fase)."""

    clientes: int = 0
    contratos: int = 0
    interacciones: int = 0
    servicios: int = 0
    fidelizacion: dict[str, int] = field(default_factory=dict)
    segundos: dict[str, float] = field(default_factory=dict)

    @property
    def registros(self) -> int:
        """Filas en total."""
        return self.clientes + self.contratos + self.interacciones


Avisar = Callable[[str, int], None]
"""Recibe la fase y cuántos registros van."""


def cargar(pedido: Pedido, avisar: Avisar = lambda _fase, _registros: None) -> Resultado:
    """Inventa y guarda lo pedido, todo o nada.

    Lanza NoSePuede si la base ya tiene clientes y no se pidió agregar, si no cabe, si otro proceso la está usando o si
    el catálogo no tiene nada que vender.
    """
    _exigir_sitio(pedido)
    try:
        poblacion.exigir_hoy(pedido.hoy)
        with en_exclusiva(connection, necesaria=pedido.registros > SIN_EXCLUSIVA_HASTA), transaction.atomic():
            return _Carga(pedido, avisar).hacer()
    except BaseEnUso as error:
        raise NoSePuede(
            "Otro programa tiene abierta la base de datos: detenga el panel y repita la orden. Una carga de más de"
            f" {SIN_EXCLUSIVA_HASTA} registros necesita la base para ella sola."
        ) from error
    except OperationalError as error:
        raise NoSePuede(
            f"La base de datos no dejó terminar ({error}). No quedó nada a medias: corrija la causa y repita la orden."
        ) from error
    except ValueError as error:
        raise NoSePuede(str(error)) from error


def _exigir_sitio(pedido: Pedido) -> None:
    """Que quepa en el disco: a medio camino sería tiempo perdido."""
    if not es_archivo_sqlite(connection):
        return
    carpeta = Path(str(connection.settings_dict["NAME"])).parent
    necesarios = pedido.registros * BYTES_POR_REGISTRO
    if carpeta.is_dir() and (libres := shutil.disk_usage(carpeta).free) < necesarios:
        raise NoSePuede(
            f"No cabe: hacen falta unos {necesarios // 2**20} MB y en el disco quedan {libres // 2**20} MB."
        )


class _Carga:
    """Una carga en curso, ya dentro de su transacción."""

    def __init__(self, pedido: Pedido, avisar: Avisar) -> None:
        self.pedido = pedido
        self.avisar = avisar
        self.resultado = Resultado()
        self.reloj = time.monotonic()
        momento = f"{pedido.hoy.isoformat()} 12:00:00"
        self.clientes = Tabla(Cliente, poblacion.Cliente._fields, momento)
        self.contratos = Tabla(Contrato, CAMPOS_CONTRATO, momento)
        self.interacciones = Tabla(InteraccionEnBase, CAMPOS_INTERACCION, momento)
        self.tablas = (self.clientes, self.contratos, self.interacciones)
        self.relojes = relojes()
        self.aparte = Aparte(momento, self.relojes)
        self.cesiones = Cesiones()

    def hacer(self) -> Resultado:
        habia = Cliente.objects.order_by().count() if self.pedido.agregar else int(Cliente.objects.exists())
        if habia and not self.pedido.agregar:
            raise NoSePuede(
                "La base ya tiene clientes. Para sumarles los de demostración añada --agregar; para empezar de cero use"
                " una base vacía."
            )
        self.resultado.servicios = cargar_catalogo_de_ejemplo()
        puesto = self._primer_puesto()
        self.gente = poblacion.Poblacion(
            semilla=f"{self.pedido.semilla}:{puesto}",
            hoy=self.pedido.hoy,
            municipios=list(Municipio.objects.order_by("codigo").values_list("codigo", flat=True)),
            estanteria=Estanteria(ofertas_en_base(), self.pedido.hoy),
            ambito=identidad.MASIVO,
            relojes=self.relojes,
        )
        self.destinos = destinos()
        self.constancias = Constancias(parametros(self.pedido.hoy)["codigo_proveedor"])
        self.primera = self.clientes.siguiente_clave()
        ocupados = self._documentos_ocupados()
        # Con pocos clientes nuevos sobre muchos, rehacer los índices costaría más que mantenerlos.
        if self.pedido.clientes * 4 >= habia:
            with sin_indices(connection, (*self.tablas, *self.aparte.tablas)) as pendientes:
                self._insertar(puesto, ocupados)
            self._anotar("inserción", siguiente="índices")
            reponer(connection, pendientes)
            self._anotar("índices", siguiente="búsqueda")
        else:
            self._insertar(puesto, ocupados)
            self._anotar("inserción", siguiente="búsqueda")
        self.constancias.guardar()
        terminar(connection, (*self.tablas, *self.aparte.tablas))
        self._anotar("búsqueda", siguiente="fidelización")
        self.resultado.fidelizacion = fidelizacion.sembrar(
            hoy=self.pedido.hoy, semilla=self.pedido.semilla, maximo=self.pedido.fidelizacion, desde_clave=self.primera
        )
        self._anotar("fidelización")
        return self.resultado

    def _anotar(self, fase: str, siguiente: str = "") -> None:
        """Anota lo que duró la fase que acaba y anuncia la que sigue."""
        ahora = time.monotonic()
        self.resultado.segundos[fase] = ahora - self.reloj
        self.reloj = ahora
        if siguiente:
            self.avisar(siguiente, self.resultado.registros)

    def _primer_puesto(self) -> int:
        puesto = consecutivos.reservar(SERIE_DEMO, self.pedido.clientes) - 1
        if puesto + self.pedido.clientes > identidad.MAXIMO_DE_PUESTOS:
            raise NoSePuede(
                f"Con estos ya serían más de {identidad.MAXIMO_DE_PUESTOS} clientes inventados: se acaban los"
                " documentos."
            )
        return puesto

    def _documentos_ocupados(self) -> set[tuple[str, str]]:
        """Documentos de los rangos inventados que alguien registró por su cuenta: se saltan."""
        if not self.pedido.agregar:
            return set()
        ultimo = consecutivos.reservar(SERIE_DEMO, 0)
        propios = range(ultimo - self.pedido.clientes, ultimo)
        return {
            (tipo, numero)
            for tipo, numero in self._de_los_rangos()
            if (puesto := identidad.MASIVO.puesto(tipo, numero)) is not None and puesto in propios
        }

    @staticmethod
    def _de_los_rangos() -> Iterator[tuple[str, str]]:
        for tipo, desde, hasta in identidad.MASIVO.rangos():
            filas = Cliente.objects.filter(tipo_documento=tipo, documento__gte=desde, documento__lte=hasta)
            yield from filas.order_by().values_list("tipo_documento", "documento").iterator(chunk_size=5_000)

    def _insertar(self, puesto: int, ocupados: set[tuple[str, str]]) -> None:
        pedido = self.pedido
        claves = [tabla.siguiente_clave() for tabla in self.tablas]
        consecutivo = [
            consecutivos.reservar(numeracion.CONTRATOS, pedido.clientes * pedido.contratos),
            consecutivos.reservar(numeracion.INTERACCIONES, pedido.clientes * pedido.interacciones),
        ]
        self.avisar("inserción", 0)
        for desde in range(puesto, puesto + pedido.clientes, POR_TANDA):
            hasta = min(desde + POR_TANDA, puesto + pedido.clientes)
            tanda = self._tanda(range(desde, hasta), claves, consecutivo, ocupados)
            for tabla, filas in zip(self.tablas, tanda, strict=True):
                insertar(connection, tabla, filas)
            self.aparte.volcar()
            for i, filas in enumerate(tanda):
                claves[i] += len(filas)
            consecutivo[0] += len(tanda[1])
            consecutivo[1] += len(tanda[2])
            self.resultado.clientes += len(tanda[0])
            self.resultado.contratos += len(tanda[1])
            self.resultado.interacciones += len(tanda[2])
            self.avisar("inserción", self.resultado.registros)

    def _tanda(
        self, puestos: range, claves: list[int], consecutivo: list[int], ocupados: set[tuple[str, str]]
    ) -> tuple[list[Fila], list[Fila], list[Fila]]:
        """Las filas de unos puestos seguidos, de las tres tablas; las de las pequeñas se juntan aparte."""
        clave_cliente, clave_contrato, clave_interaccion = claves
        numero_contrato, numero_interaccion = consecutivo
        pedido, hogar = self.pedido, self.gente.hogar
        clientes: list[Fila] = []
        contratos: list[Fila] = []
        interacciones: list[Fila] = []
        for k in puestos:
            cliente, suyos, dichas = hogar(k, pedido.contratos, pedido.interacciones)
            if ocupados and (cliente.tipo_documento, cliente.documento) in ocupados:
                continue
            clientes.append(self.clientes.fila(clave_cliente, cliente))
            contratos += self._contratos(
                k, cliente, suyos, de=clave_cliente, clave=clave_contrato, numero=numero_contrato
            )
            interacciones += self._interacciones(
                dichas, clave_cliente, clave_contrato, clave_interaccion, numero_interaccion
            )
            clave_contrato += len(suyos)
            numero_contrato += len(suyos)
            clave_interaccion += len(dichas)
            numero_interaccion += len(dichas)
            clave_cliente += 1
        return clientes, contratos, interacciones

    def _contratos(
        self, k: int, cliente: poblacion.Cliente, suyos: list[poblacion.Contrato], *, de: int, clave: int, numero: int
    ) -> Iterator[Fila]:
        """Las filas de los contratos de un cliente, con lo que les ha pasado."""
        fila, escribir = self.contratos.fila, numeracion.escribir
        for posicion, c in enumerate(suyos):
            bits = (k * 2_654_435_761 + posicion * 40_503_001) >> 5 & 0xFFFFFFFF
            cedido = None
            if posicion and bits & SE_CEDE == 0:
                c, cedido = self.cesiones.tomar(c, cliente.fecha_vinculacion)  # noqa: PLW2901
            if c.estado == "terminado":
                self.cesiones.ofrecer(clave, c)
            elif c.estado == "suspendido" or bits & 63 in CON_MOVIMIENTO:
                self._movimientos(clave, c, bits)
            oferta = c.oferta
            yield fila(
                clave,
                (
                    escribir(numeracion.CONTRATOS, numero), de, oferta.referencia, c.estado, c.fecha_inicio,
                    c.fecha_fin, c.precio, oferta.periodicidad, oferta.condiciones, c.permanencia_meses,
                    c.anexo_permanencia, c.promocion, cedido,
                ),
            )  # fmt: skip
            clave += 1
            numero += 1

    def _movimientos(self, clave: int, contrato: poblacion.Contrato, bits: int) -> None:
        iso, hoy = self.gente.iso, self.gente.hoy
        if (suspension := suspension_de(contrato, iso, hoy, bits)) is not None:
            self.aparte.suspension(clave, suspension, bits)
        cambio = cambio_de(contrato, self.gente.estanteria.personas[self.pedido.hoy.year], iso, hoy, bits)
        if cambio is not None:
            self.aparte.cambio(clave, cambio, bits)

    def _interacciones(
        self, dichas: list[Interaccion], de: int, primer_contrato: int, primera: int, numero: int
    ) -> Iterator[Fila]:
        """Las filas de las interacciones de un cliente, con su reloj y quién las atiende."""
        fila, escribir, destinos = self.interacciones.fila, numeracion.escribir, self.destinos
        for posicion, (i, cun) in enumerate(zip(dichas, self.constancias.de(dichas), strict=True)):
            caso = i.caso
            destino = destinos.get(i.motivo) or destinos[""]
            cuentas = destino.cuentas
            if i.silencio:
                self.aparte.silencio(primera + posicion, i)
            yield fila(
                primera + posicion,
                (
                    escribir(numeracion.INTERACCIONES, numero + posicion), de,
                    primer_contrato + i.contrato if i.contrato >= 0 else None, i.tipo, i.canal, i.fecha,
                    caso.asunto, caso.texto, i.estado, caso.respuesta if i.respondida_el else "", i.respondida_el,
                    i.registrada_por, destino.motivo, destino.equipo,
                    cuentas[i.agente % len(cuentas)] if i.agente >= 0 and cuentas else None, cun, i.primer_plazo,
                    i.vence_el, i.prorroga_motivo, i.prorroga_avisada_el, i.canal_respuesta, i.sentido,
                    primera + i.recurso_de if i.recurso_de >= 0 else None, i.causal, i.pide_apelacion,
                ),
            )  # fmt: skip
