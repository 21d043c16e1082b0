"""Los siete tipos de servicio con que nace todo panel, como datos. Un administrador los cambia o añade otros."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from decimal import Decimal

from django.db import DatabaseError, router, transaction

from movistar_site.comun.auditoria import auditar

from .atributos import Definicion, TipoDato

registro = logging.getLogger(__name__)


@dataclass(frozen=True)
class TipoBase:
    """Un tipo de servicio y los atributos que describen a los suyos (dominio, sección 6)."""

    codigo: str
    nombre: str
    descripcion: str
    atributos: tuple[Definicion, ...]
    red: str = "fija"
    modalidad: str = "pospago"
    componentes_minimos: int = 0
    """Servicios que debe tener un paquete; cero si no lo es."""


def _entero(
    clave: str, nombre: str, unidad: str = "", *, maximo: int, minimo: int = 0, exigir: bool = False
) -> Definicion:
    return Definicion(clave, nombre, TipoDato.ENTERO, unidad, exigir, Decimal(minimo), Decimal(maximo))


def _si_no(clave: str, nombre: str) -> Definicion:
    return Definicion(clave, nombre, TipoDato.SI_NO)


def _velocidad(sentido: str, *, exigir: bool = False) -> Definicion:
    clave, nombre = f"velocidad_{sentido}_mbps", f"Velocidad de {sentido}"
    return _entero(clave, nombre, "Mbps", minimo=1, maximo=10_000, exigir=exigir)


_DATOS = Definicion("datos_gb", "Datos", TipoDato.DECIMAL, "GB", False, Decimal(0), Decimal(10_000))
_MINUTOS = _entero("minutos", "Minutos", "min", maximo=100_000)
_MINUTOS_ILIMITADOS = _si_no("minutos_ilimitados", "Minutos ilimitados")
_CANALES = _entero("canales", "Canales", maximo=1_000)

TIPOS_BASE: tuple[TipoBase, ...] = (
    TipoBase(
        "fibra",
        "Internet de fibra óptica",
        "Internet fijo para el hogar o la empresa, por fibra hasta el domicilio.",
        (
            _velocidad("bajada", exigir=True),
            _velocidad("subida"),
            _si_no("simetrica", "Velocidad simétrica"),
        ),
    ),
    TipoBase(
        "pospago",
        "Pospago",
        "Línea móvil con factura mensual.",
        (
            _DATOS,
            _si_no("datos_ilimitados", "Datos ilimitados"),
            _MINUTOS,
            _MINUTOS_ILIMITADOS,
            _si_no("roaming", "Roaming internacional incluido"),
        ),
        red="movil",
    ),
    TipoBase(
        "prepago",
        "Prepago",
        "Línea móvil que se usa con recargas y paquetes.",
        (_DATOS, _MINUTOS, _entero("dias_vigencia", "Vigencia", "días", minimo=1, maximo=366, exigir=True)),
        red="movil",
        modalidad="prepago",
    ),
    TipoBase(
        "television",
        "Televisión",
        "Televisión por suscripción para el hogar.",
        (
            _CANALES,
            _entero("canales_hd", "Canales en HD", maximo=1_000),
            _entero("decodificadores", "Decodificadores", maximo=20),
            Definicion("ott", "Aplicaciones incluidas", TipoDato.TEXTO),
        ),
    ),
    TipoBase(
        "telefonia_fija",
        "Telefonía fija",
        "Línea telefónica fija local y nacional.",
        (_MINUTOS, _MINUTOS_ILIMITADOS),
    ),
    TipoBase(
        "duo",
        "Dúo",
        "Dos servicios fijos en una sola factura.",
        (_velocidad("bajada"), _CANALES),
        componentes_minimos=2,
    ),
    TipoBase(
        "trio",
        "Trío",
        "Internet, televisión y telefonía fija en una sola factura.",
        (_velocidad("bajada"), _CANALES),
        componentes_minimos=3,
    ),
)


def cargar_tipos_base(using: str = "default") -> int:
    """Crea los siete tipos si todavía no hay ninguno y devuelve cuántos añadió.

    Con un solo tipo presente no toca nada: lo que un administrador cambió o borró no vuelve. Si las tablas aún no
    existen (un `migrate` parcial) tampoco falla: se cargarán en el siguiente.
    """
    from .models import TipoServicio

    if not router.allow_migrate_model(using, TipoServicio):
        return 0
    try:
        with transaction.atomic(using=using), auditar(motivo="Tipos iniciales del panel", origen="datos base"):
            if TipoServicio.objects.using(using).exists():
                return 0
            for posicion, tipo in enumerate(TIPOS_BASE, start=1):
                _crear(tipo, posicion * 10, using)
            return len(TIPOS_BASE)
    except DatabaseError as error:
        registro.info("Los tipos de servicio se cargarán cuando sus tablas estén completas: %s", error)
        return 0


def _crear(tipo: TipoBase, orden: int, using: str) -> None:
    from .models import AtributoTipo, TipoServicio

    creado = TipoServicio(
        codigo=tipo.codigo,
        nombre=tipo.nombre,
        descripcion=tipo.descripcion,
        red=tipo.red,
        modalidad=tipo.modalidad,
        es_paquete=tipo.componentes_minimos > 0,
        componentes_minimos=tipo.componentes_minimos,
        orden=orden,
    )
    creado.save(using=using)
    for posicion, definicion in enumerate(tipo.atributos, start=1):
        AtributoTipo(
            tipo=creado,
            clave=definicion.clave,
            nombre=definicion.nombre,
            tipo_dato=definicion.tipo_dato,
            unidad=definicion.unidad,
            obligatorio=definicion.obligatorio,
            minimo=definicion.minimo,
            maximo=definicion.maximo,
            opciones=list(definicion.opciones),
            orden=posicion,
        ).save(using=using)
