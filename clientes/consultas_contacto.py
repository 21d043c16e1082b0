"""Lo que la puerta de contacto necesita saber, leído de la base. Cada función es un número fijo de consultas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from movistar_site.comun.calendario import Calendario
from movistar_site.comun.festivos import calendario
from movistar_site.comun.opciones import Canal
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import formatear_fecha

from .contacto import (
    RNE_CUBRE,
    SALIENTES,
    Hechos,
    Intento,
    Permiso,
    Reglas,
    datos_por_canal,
    hasta_cuando_vale,
    puede_contactar,
)
from .lector_rne import TODOS
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
    """Lo que se sabe del cliente en ese momento. Tres consultas."""
    return leer(cliente, ahora=ahora).hechos


def leer(cliente: Cliente, *, ahora: datetime) -> Lectura:
    """Como `hechos_de`, con los contactos en curso. Tres consultas."""
    dia = timezone.localdate(ahora)
    datos = datos_de(cliente)
    de_la_semana, en_curso = _contactos(cliente, dia)
    situacion = _situacion(cliente, datos, dia)
    hechos = Hechos(
        consentimientos=frozenset(
            Consentimiento.objects.vigentes()
            .filter(cliente=cliente, finalidad=Finalidad.COMERCIAL)
            .order_by()
            .values_list("finalidad", "canal")
        ),
        datos=frozenset(datos),
        excluidos=frozenset(canal for canal in RNE_CUBRE if situacion.get(f"en_{canal}")),
        rne_consultado_el=situacion.get("rne"),
        intentos=de_la_semana,
        pqr_abierta=situacion.get("pqr") or "",
        anonimizado=cliente.anonimizado_el is not None,
    )
    return Lectura(hechos, en_curso)


def _situacion(cliente: Cliente, datos: Mapping[str, tuple[str, ...]], hoy: date) -> dict[str, Any]:
    """En una consulta: la PQR sin responder que lleva más tiempo (`pqr`), de cuándo es la lista del RNE que rige
    (`rne`) y, en `en_<canal>`, si alguno de los datos del cliente está en ella para ese canal."""
    rige = cargas_completas(hoy)
    excluidos = NumeroExcluido.objects.filter(carga=Subquery(rige.values("pk")[:1]))
    preguntas: dict[str, Any] = {
        "pqr": Subquery(_abiertas(OuterRef("pk")).values("numero")[:1]),
        "rne": Subquery(rige.values("consultada_el")[:1]),
    } | {
        f"en_{canal}": Exists(excluidos.filter(canal__in=(canal, TODOS), dato__in=datos.get(canal, ())))
        for canal in RNE_CUBRE
    }
    fila = Cliente.objects.filter(pk=cliente.pk).order_by().annotate(**preguntas).values(*preguntas).first()
    return dict(fila or {})


def pqr_abierta(cliente: Cliente) -> str:
    """El radicado de la PQR sin responder que lleva más tiempo, o vacío. Una sugerencia no lo es."""
    return _abiertas(cliente.pk).values_list("numero", flat=True).first() or ""


def _abiertas(cliente: Any) -> QuerySet[Interaccion]:
    return Interaccion.objects.abiertas().filter(cliente=cliente, tipo__in=CON_PLAZO).order_by("fecha", "id")


def datos_de(cliente: Cliente) -> dict[str, tuple[str, ...]]:
    """Con qué se alcanza a este cliente por cada canal; sin consultas."""
    return datos_por_canal(
        telefonos=(str(cliente.telefono), str(cliente.telefono_alterno)),
        email=str(cliente.email),
        direccion=str(cliente.direccion),
    )


# --- Registro de números excluidos -----------------------------------------------------------------------------------
def cargas_completas(hoy: date) -> QuerySet[CargaRne]:
    """Las listas completas consultadas hasta ese día: la primera es la que rige."""
    return CargaRne.objects.filter(completa=True, consultada_el__lte=hoy).order_by("-consultada_el", "-id")


@dataclass(frozen=True)
class EstadoDelRne:
    """La lista que rige (None si no hay ninguna) y hasta qué día vale."""

    carga: CargaRne | None
    hasta: date | None
    hoy: date

    @property
    def vale(self) -> bool:
        """Si hoy se puede contactar con fines comerciales por los canales que cubre."""
        return self.hasta is not None and self.hoy <= self.hasta

    @property
    def dias(self) -> int:
        """Los días que le quedan, hoy incluido; cero si no vale."""
        return (self.hasta - self.hoy).days + 1 if self.hasta is not None and self.vale else 0

    @property
    def frase(self) -> str:
        """«Vale hasta el 26/12/2026.», o por qué los contactos comerciales están bloqueados."""
        if self.hasta is None:
            return "Todavía no se ha cargado ninguna lista: los contactos comerciales están bloqueados."
        if not self.vale:
            return f"Venció el {formatear_fecha(self.hasta)}: los contactos comerciales están bloqueados."
        return f"Vale hasta el {formatear_fecha(self.hasta)}."


def estado_del_rne(hoy: date) -> EstadoDelRne:
    """Qué lista rige ese día y hasta cuándo vale. Dos consultas."""
    carga = cargas_completas(hoy).first()
    hasta = hasta_cuando_vale(carga.consultada_el, parametros(hoy)["dias_rne"]) if carga is not None else None
    return EstadoDelRne(carga, hasta, hoy)


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
    """Si se le puede contactar por cada canal, en el orden en que se ofrecen. Cinco consultas."""
    hechos, reglas = hechos_de(cliente, ahora=ahora), reglas_de_contacto(timezone.localdate(ahora))
    return permisos_con(hechos, finalidad=finalidad, ahora=ahora, reglas=reglas)


def permisos_con(hechos: Hechos, *, finalidad: str, ahora: datetime, reglas: Reglas) -> list[tuple[Canal, Permiso]]:
    """Los permisos de cada canal con lo ya leído; sin consultas."""
    return [
        (Canal(canal), puede_contactar(hechos, canal=canal, finalidad=finalidad, momento=ahora, reglas=reglas))
        for canal in SALIENTES
    ]
