"""Lo que la atención al cliente no puede dejar pasar: plazos de ley, silencios y apelaciones."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from clientes import bandejas
from clientes.operaciones import silencios

from .. import lecturas
from ..mirada import Mirada, con, lista
from ..pendiente import MAL, NOTA, OJO, Pendiente, registrar

# Ver interacciones las ve también quien vende; los plazos de todos son de quien atiende o vigila.
VIGILAR = ("clientes.view_interaccion", "clientes.view_silenciopositivo")
ATENDER = ("clientes.view_interaccion", "clientes.change_interaccion")


def _bandeja(slug: str, **filtros: Any) -> str:
    return con(reverse("bandeja", args=(slug,)), **filtros)


def _filas(slug: str, mirada: Mirada) -> QuerySet[Any]:
    """Las de una bandeja de una sola rama, en su orden."""
    una = bandejas.BANDEJAS[slug]
    (rama,) = una.ramas(bandejas.Quien(mirada.usuario, (), mirada.hoy))
    return rama.order_by(*una.orden.columnas)


@registrar
class MisCasosDeHoy(Pendiente):
    """Lo de la persona que vence hoy o ya venció."""

    clave = "mis-casos"
    uno = "caso suyo vence hoy o ya venció"
    varios = "casos suyos vencen hoy o ya vencieron"
    permisos = ATENDER
    icono = "assignment_late"
    tono = MAL
    posicion = 10
    definicion = "Casos a su cargo, sin responder, cuyo plazo de ley es hoy o ya pasó."

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return _filas("mias", mirada).filter(vence_el__lte=mirada.hoy)

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("mias", vence_el_max=mirada.hoy)


@registrar
class CasosVencidos(Pendiente):
    """Lo que ya venció sin respuesta."""

    clave = "casos-vencidos"
    uno = "caso vencido sin responder"
    varios = "casos vencidos sin responder"
    permisos = VIGILAR
    icono = "event_busy"
    tono = MAL
    posicion = 20
    definicion = "Interacciones sin responder cuyo plazo de ley ya pasó (Ley 1341 de 2009, artículo 54)."

    def cuenta(self, mirada: Mirada) -> int:
        return mirada.leer(lecturas.abiertas).vencidas

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("vencidas")


@registrar
class CasosQueVencenHoy(Pendiente):
    """Lo que hay que responder hoy."""

    clave = "casos-vencen-hoy"
    uno = "caso vence hoy"
    varios = "casos vencen hoy"
    permisos = VIGILAR
    icono = "today"
    tono = OJO
    posicion = 10
    definicion = "Interacciones sin responder cuyo último día de plazo es hoy."

    def cuenta(self, mirada: Mirada) -> int:
        return mirada.leer(lecturas.abiertas).vencen_hoy

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("vencen-hoy")


@registrar
class SilenciosPorCumplir(Pendiente):
    """Lo que hay que cumplirle al cliente en 72 horas."""

    clave = "silencios-por-cumplir"
    uno = "silencio positivo por cumplir"
    varios = "silencios positivos por cumplir"
    permisos = VIGILAR
    icono = "gavel"
    tono = MAL
    posicion = 30
    definicion = (
        "Silencios positivos anotados que nadie ha cumplido: al cliente se le cumple dentro de las 72 horas (Ley 1341"
        " de 2009, artículo 54)."
    )

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return _filas("silencio", mirada)

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("silencio")


@registrar
class SilenciosSinTarea(Pendiente):
    """Lo que cayó en silencio y el reloj no ha anotado."""

    clave = "silencios-sin-tarea"
    uno = "caso en silencio positivo sin su tarea de 72 horas"
    varios = "casos en silencio positivo sin su tarea de 72 horas"
    permisos = VIGILAR
    icono = "alarm_off"
    tono = MAL
    posicion = 40
    definicion = (
        "Casos vencidos sin respuesta que ya son silencio positivo y que la revisión diaria todavía no ha anotado. Si"
        " persisten, el trabajador está detenido."
    )

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return silencios.vencidas_sin_registro(mirada.hoy)

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "interaccion", silencio="sin_tarea")


@registrar
class CasosSinAsignar(Pendiente):
    """Lo que nadie atiende."""

    clave = "casos-sin-asignar"
    uno = "caso sin quién lo atienda"
    varios = "casos sin quién los atienda"
    permisos = ATENDER
    icono = "person_off"
    tono = NOTA
    sello = "Sin asignar"
    posicion = 40
    definicion = "Interacciones sin responder que no tienen un responsable."

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return _filas("sin-asignar", mirada)

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("sin-asignar")


@registrar
class ApelacionesPorEnviar(Pendiente):
    """Lo que debe ir a la SIC."""

    clave = "apelaciones-por-enviar"
    uno = "apelación por enviar a la SIC"
    varios = "apelaciones por enviar a la SIC"
    permisos = ATENDER
    icono = "outbox"
    tono = OJO
    posicion = 30
    definicion = (
        "Recursos resueltos en contra, en todo o en parte, cuyo cliente pidió apelación y cuyo expediente no se ha"
        " enviado a la Superintendencia de Industria y Comercio."
    )

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return _filas("por-enviar-a-la-sic", mirada)

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("por-enviar-a-la-sic")
