"""Lo que la puerta de contacto necesita saber, leído de la base. Cada función es un número fijo de consultas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from movistar_site.comun.calendario import Calendario
from movistar_site.comun.festivos import calendario
from movistar_site.comun.opciones import Canal
from movistar_site.comun.parametros import parametros

from .contacto import RNE_CUBRE, SALIENTES, Hechos, Intento, Permiso, Reglas, datos_por_canal, puede_contactar
from .models import (
    CON_PLAZO,
    CargaRne,
    Cliente,
    Consentimiento,
    Contacto,
    Finalidad,
    FinalidadContacto,
    Interaccion,
    NumeroExcluido,
    ResultadoContacto,
)

QUE_CUENTAN = (ResultadoContacto.EN_CURSO, ResultadoContacto.EFECTIVO)
"""Los resultados que gastan el contacto del día: los mismos de la restricción `contacto_comercial_uno_al_dia`."""


@dataclass(frozen=True)
class Lectura:
    """Los hechos de un cliente y, de paso, los contactos suyos que nadie ha cerrado, del más nuevo al más viejo."""

    hechos: Hechos
    en_curso: tuple[Contacto, ...]


def hechos_de(cliente: Cliente, *, ahora: datetime) -> Hechos:
    """Lo que se sabe del cliente en ese momento. Cuatro consultas."""
    return leer(cliente, ahora=ahora).hechos


def leer(cliente: Cliente, *, ahora: datetime) -> Lectura:
    """Como `hechos_de`, con los contactos en curso. Cuatro consultas."""
    dia = timezone.localdate(ahora)
    datos = datos_de(cliente)
    carga = _carga_con(datos, dia)
    de_la_semana, en_curso = _contactos(cliente, dia)
    hechos = Hechos(
        consentimientos=frozenset(
            Consentimiento.objects.vigentes()
            .filter(cliente=cliente, finalidad=Finalidad.COMERCIAL)
            .order_by()
            .values_list("finalidad", "canal")
        ),
        datos=frozenset(datos),
        excluidos=frozenset(canal for canal in RNE_CUBRE if carga is not None and getattr(carga, f"en_{canal}")),
        rne_consultado_el=carga.consultada_el if carga is not None else None,
        intentos=de_la_semana,
        pqr_abierta=pqr_abierta(cliente),
        anonimizado=cliente.anonimizado_el is not None,
    )
    return Lectura(hechos, en_curso)


def datos_de(cliente: Cliente) -> dict[str, tuple[str, ...]]:
    """Con qué se alcanza a este cliente por cada canal; sin consultas."""
    return datos_por_canal(
        telefonos=(str(cliente.telefono), str(cliente.telefono_alterno)),
        email=str(cliente.email),
        direccion=str(cliente.direccion),
    )


def pqr_abierta(cliente: Cliente) -> str:
    """El radicado de la PQR sin responder que lleva más tiempo, o vacío. Una sugerencia no lo es."""
    abiertas = Interaccion.objects.abiertas().filter(cliente=cliente, tipo__in=CON_PLAZO)
    return abiertas.order_by("fecha", "id").values_list("numero", flat=True).first() or ""


# --- Registro de números excluidos -----------------------------------------------------------------------------------
def cargas_completas(hoy: date) -> QuerySet[CargaRne]:
    """Las listas completas consultadas hasta ese día: la primera es la que rige."""
    return CargaRne.objects.filter(completa=True, consultada_el__lte=hoy).order_by("-consultada_el", "-id")


def _carga_con(datos: Mapping[str, tuple[str, ...]], hoy: date) -> Any:
    """La carga que rige con, en `en_<canal>`, si alguno de los datos del cliente está en ella para ese canal."""
    suyos = NumeroExcluido.objects.filter(carga=OuterRef("pk"))
    por_canal = {f"en_{canal}": Exists(suyos.filter(canal=canal, dato__in=datos.get(canal, ()))) for canal in RNE_CUBRE}
    return cargas_completas(hoy).annotate(**por_canal).first()


# --- Contactos -------------------------------------------------------------------------------------------------------
def _contactos(cliente: Cliente, dia: date) -> tuple[tuple[Intento, ...], tuple[Contacto, ...]]:
    lunes = dia - timedelta(days=dia.weekday())
    de_interes = Q(dia__gte=lunes) | Q(resultado=ResultadoContacto.EN_CURSO)
    suyos = list(Contacto.objects.filter(de_interes, cliente=cliente).order_by("momento", "id"))
    intentos = tuple(
        Intento(
            dia=uno.dia,
            canal=uno.canal,
            comercial=uno.finalidad == FinalidadContacto.COMERCIAL,
            cuenta=uno.resultado in QUE_CUENTAN,
        )
        for uno in suyos
        if not uno.entrante and uno.dia >= lunes
    )
    en_curso = tuple(uno for uno in reversed(suyos) if uno.resultado == ResultadoContacto.EN_CURSO)
    return intentos, en_curso


# --- Reglas y permisos -----------------------------------------------------------------------------------------------
def reglas_de_contacto(hoy: date) -> Reglas:
    """Las reglas que rigen ese día. Dos consultas."""
    normas = parametros(hoy)
    return reglas_con(normas, calendario(normas))


def reglas_con(normas: Mapping[str, Any], dias: Calendario) -> Reglas:
    """Las reglas con parámetros y calendario ya leídos; sin consultas."""
    return Reglas(
        semana=normas["franja_semana"], sabado=normas["franja_sabado"], dias_rne=normas["dias_rne"], calendario=dias
    )


def permisos_por_canal(cliente: Cliente, *, finalidad: str, ahora: datetime) -> list[tuple[Canal, Permiso]]:
    """Si se le puede contactar por cada canal, en el orden en que se ofrecen. Seis consultas."""
    hechos, reglas = hechos_de(cliente, ahora=ahora), reglas_de_contacto(timezone.localdate(ahora))
    return permisos_con(hechos, finalidad=finalidad, ahora=ahora, reglas=reglas)


def permisos_con(hechos: Hechos, *, finalidad: str, ahora: datetime, reglas: Reglas) -> list[tuple[Canal, Permiso]]:
    """Los permisos de cada canal con lo ya leído; sin consultas."""
    return [
        (Canal(canal), puede_contactar(hechos, canal=canal, finalidad=finalidad, momento=ahora, reglas=reglas))
        for canal in SALIENTES
    ]
