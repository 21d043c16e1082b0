"""Lo que las tarjetas leen, de las cuentas que la base lleva (`reportes.resumenes`): no recorren las tablas.

Cada función es una consulta; se piden con `mirada.leer(función)`, que no la repite.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, Sum

from clientes.models import EstadoCliente, Municipio, TipoInteraccion
from movistar_site.comun import valores
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.parametros import parametros
from servicios.models import Servicio

from ..models import (
    AltasPorDia,
    BajasPorDia,
    ClientesPorMunicipio,
    ClientesPorVinculacion,
    ContratosPorServicio,
    InteraccionesAbiertas,
    InteraccionesPorDia,
)
from .mirada import Mirada, Tramo

MESES_DE_DIEZ_ANIOS = 120
DIAS_DE_ANIVERSARIOS = 30
SIN_PLAZO = date.min
"""Cómo dice una cuenta que lo que no vence no vence."""


# --- Clientes --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CuentasDeClientes:
    """Los clientes activos de hoy: cuántos, de cada categoría, con más de diez años y los que pronto los cumplen."""

    activos: int
    por_categoria: dict[str, int]
    de_diez_anios: int
    aniversarios: int


def ultima_vinculacion(meses: int, hoy: date) -> date:
    """La fecha de vinculación más tardía con la que ese día se tiene MÁS de esa permanencia."""
    return valores.limites_de_categoria(hoy, meses_regular=meses, meses_leal=meses).ultima_fecha_leal


def vinculados_en_el_aniversario(hoy: date) -> Tramo:
    """Entre qué fechas se vincularon los que cumplen diez años de hoy a DIAS_DE_ANIVERSARIOS."""

    def ultima(dia: date) -> date:
        meses = MESES_DE_DIEZ_ANIOS
        return valores.limites_de_categoria(dia, meses_regular=meses, meses_leal=meses).ultima_fecha_regular

    un_dia = timedelta(days=1)
    return Tramo("", ultima(hoy - un_dia) + un_dia, ultima(hoy + timedelta(days=DIAS_DE_ANIVERSARIOS)))


def clientes(mirada: Mirada) -> CuentasDeClientes:
    """Las cuentas de los activos."""
    reglas = parametros(mirada.hoy)
    limites = valores.limites_de_categoria(
        mirada.hoy, meses_regular=reglas["meses_regular"], meses_leal=reglas["meses_leal"]
    )
    leal, regular = limites.ultima_fecha_leal, limites.ultima_fecha_regular
    por_permanencia = {
        Categoria.NUEVO: Q(dia__gt=max(leal, regular)),
        Categoria.REGULAR: Q(dia__gt=leal, dia__lte=regular),
        Categoria.LEAL: Q(dia__lte=leal),
    }
    pronto = vinculados_en_el_aniversario(mirada.hoy)
    sumas = ClientesPorVinculacion.objects.filter(estado=EstadoCliente.ACTIVO).aggregate(
        activos=Sum("n", default=0),
        de_diez_anios=Sum("n", filter=Q(dia__lte=ultima_vinculacion(MESES_DE_DIEZ_ANIOS, mirada.hoy)), default=0),
        aniversarios=Sum("n", filter=Q(dia__range=(pronto.desde, pronto.hasta)), default=0),
        **{
            str(categoria.value): Sum("n", filter=Q(asignada=categoria) | Q(asignada="") & suya, default=0)
            for categoria, suya in por_permanencia.items()
        },
    )
    return CuentasDeClientes(
        activos=sumas["activos"],
        por_categoria={categoria: sumas[categoria] for categoria in Categoria.values},
        de_diez_anios=sumas["de_diez_anios"],
        aniversarios=sumas["aniversarios"],
    )


def vinculados_por_dia(mirada: Mirada) -> dict[date, int]:
    """Los clientes que se vincularon cada día del período y del anterior, sigan o no."""
    # Con los estados dichos, la base va por el índice, que empieza por ellos.
    filas = ClientesPorVinculacion.objects.filter(estado__in=EstadoCliente.values, dia__range=_los_dos(mirada))
    return dict(_por_dia(filas))


@dataclass(frozen=True)
class Lugar:
    """Un departamento con sus clientes activos."""

    codigo: str
    nombre: str
    n: int


def departamentos(mirada: Mirada) -> list[Lugar]:
    """Los departamentos con clientes activos, de más a menos. Dos consultas."""
    municipios = Municipio.objects.order_by().values_list("pk", "departamento", "departamento__nombre")
    suyo = {municipio: (codigo, nombre) for municipio, codigo, nombre in municipios}
    cuentas = ClientesPorMunicipio.objects.filter(estado=EstadoCliente.ACTIVO).order_by()
    sumas: Counter[tuple[str, str]] = Counter()
    for municipio, n in cuentas.values_list("municipio_id").annotate(suma=Sum("n")):
        if municipio in suyo:
            sumas[suyo[municipio]] += n
    lugares = [Lugar(codigo, nombre, n) for (codigo, nombre), n in sumas.items() if n]
    return sorted(lugares, key=lambda uno: (-uno.n, uno.nombre))


# --- Contratos y servicios -------------------------------------------------------------------------------------------
def servicios(mirada: Mirada) -> list[tuple[int, str, str]]:
    """Clave, nombre y estado de cada servicio del catálogo."""
    return list(Servicio.objects.order_by().values_list("pk", "nombre", "estado"))


@dataclass(frozen=True)
class ContratosDe:
    """Los contratos de un servicio en un estado y lo que suman sus precios mensuales, en centavos."""

    servicio: int
    estado: str
    n: int
    centavos: int


def contratos(mirada: Mirada) -> list[ContratosDe]:
    """Los de cada servicio en cada estado."""
    filas = ContratosPorServicio.objects.order_by().values_list("servicio_id", "estado")
    return [ContratosDe(*fila) for fila in filas.annotate(cuantos=Sum("n"), suma=Sum("centavos")) if fila[2]]


def altas_por_dia(mirada: Mirada) -> dict[date, int]:
    """Los contratos que empezaron cada día del período y del anterior."""
    return dict(_por_dia(AltasPorDia.objects.filter(servicio_id__in=_claves(mirada), dia__range=_los_dos(mirada))))


def bajas_por_dia(mirada: Mirada) -> dict[date, int]:
    """Los contratos que terminaron cada día del período y del anterior."""
    return dict(_por_dia(BajasPorDia.objects.filter(servicio_id__in=_claves(mirada), dia__range=_los_dos(mirada))))


def _claves(mirada: Mirada) -> list[int]:
    """Los servicios, dichos uno por uno: el índice empieza por ellos y así la base salta a los días de cada cual."""
    return [pk for pk, _, _ in mirada.leer(servicios)]


# --- Interacciones ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CuentasDeAbiertas:
    """Las interacciones sin responder: todas, las que vencen hoy y las vencidas."""

    todas: int
    vencen_hoy: int
    vencidas: int


def abiertas(mirada: Mirada) -> CuentasDeAbiertas:
    """Las cuentas de lo que espera respuesta."""
    return CuentasDeAbiertas(
        **InteraccionesAbiertas.objects.aggregate(
            todas=Sum("n", default=0),
            vencen_hoy=Sum("n", filter=Q(vence_el=mirada.hoy), default=0),
            vencidas=Sum("n", filter=Q(vence_el__gt=SIN_PLAZO, vence_el__lt=mirada.hoy), default=0),
        )
    )


def recibidas_por_dia(mirada: Mirada) -> dict[str, dict[date, int]]:
    """Tipo → las interacciones radicadas cada día del período y del anterior."""
    filas = InteraccionesPorDia.objects.filter(tipo__in=TipoInteraccion.values, dia__range=_los_dos(mirada)).order_by()
    por_tipo: dict[str, dict[date, int]] = {tipo: {} for tipo in TipoInteraccion.values}
    for tipo, dia, n in filas.values_list("tipo", "dia").annotate(suma=Sum("n")):
        por_tipo[tipo][dia] = n
    return por_tipo


# --- Común -----------------------------------------------------------------------------------------------------------
def _los_dos(mirada: Mirada) -> tuple[date, date]:
    """Del primer día del período anterior al último de este."""
    return mirada.anterior.desde, mirada.periodo.hasta


def _por_dia(filas: Any) -> Any:
    return filas.order_by().values_list("dia").annotate(suma=Sum("n"))
