"""Lo que la fidelización debe hacer hoy: derivaciones por cerrar, llamadas prometidas y aniversarios."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from bonificaciones.derivaciones.bandejas import BANDEJAS, CORRE, QuienDeriva
from bonificaciones.models import Bonificacion, EstadoDerivacion, Frecuencia, Programa
from bonificaciones.operaciones.derivaciones_pasos import PERMISO_DE_MOVER, PERMISO_DE_TODAS

from .. import lecturas
from ..mirada import Mirada, con, dias, lista
from ..pendiente import MAL, NOTA, OJO, Pendiente, registrar

VER = ("bonificaciones.view_derivacion",)
VIGILAR = "bonificaciones.view_corrida"


def _bandeja(slug: str, **filtros: Any) -> str:
    return con(reverse("bandeja_de_derivaciones", args=(slug,)), **filtros)


def _quien(mirada: Mirada) -> QuienDeriva:
    return QuienDeriva.de(mirada.usuario, mirada.hoy)


class _DeDerivaciones(Pendiente):
    """Unas derivaciones: de quien las trabaja o las vigila. Quien atiende también las ve, pero no son su trabajo."""

    permisos = VER

    def permitido(self, usuario: Any) -> bool:
        return super().permitido(usuario) and (usuario.has_perm(PERMISO_DE_MOVER) or usuario.has_perm(VIGILAR))


@registrar
class DerivacionesVencidas(_DeDerivaciones):
    """Las que pasaron de su plazo: de un asesor, las suyas."""

    clave = "derivaciones-vencidas"
    uno = "derivación pasó de su plazo"
    varios = "derivaciones pasaron de su plazo"
    icono = "event_busy"
    tono = MAL
    posicion = 50
    definicion = "Derivaciones por contactar o contactadas cuyo plazo ya pasó. Un asesor ve las suyas."

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return _quien(mirada).abiertas(estado__in=CORRE, vence_el__lt=mirada.hoy).order_by("vence_el", "id")

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("vencidas")


@registrar
class DerivacionesDeHoy(_DeDerivaciones):
    """Las que hay que cerrar hoy: de un asesor, las suyas."""

    clave = "derivaciones-de-hoy"
    uno = "derivación por cerrar hoy"
    varios = "derivaciones por cerrar hoy"
    icono = "assignment_ind"
    tono = OJO
    posicion = 50
    definicion = "Derivaciones por contactar o contactadas cuyo último día es hoy. Un asesor ve las suyas."

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return _quien(mirada).abiertas(estado__in=CORRE, vence_el=mirada.hoy).order_by("vence_el", "id")

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("esta-semana", vence_el_min=mirada.hoy, vence_el_max=mirada.hoy)


@registrar
class LlamadasPrometidas(_DeDerivaciones):
    """Los clientes que pidieron que se les buscara hoy."""

    clave = "llamadas-prometidas"
    uno = "cliente pidió que se le buscara hoy o antes"
    varios = "clientes pidieron que se les buscara hoy o antes"
    icono = "schedule"
    tono = OJO
    posicion = 60
    definicion = "Derivaciones para después cuyo día ya llegó. Un asesor ve las suyas."

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        aplazadas = _quien(mirada).abiertas(estado=EstadoDerivacion.APLAZADA, volver_el__lte=mirada.hoy)
        return aplazadas.order_by(*BANDEJAS["para-despues"].orden.columnas)

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("para-despues", volver_el_max=mirada.hoy)


@registrar
class DerivacionesSinAsesor(Pendiente):
    """Las que nadie lleva."""

    clave = "derivaciones-sin-asesor"
    uno = "derivación sin asesor"
    varios = "derivaciones sin asesor"
    permisos = (*VER, PERMISO_DE_TODAS)
    icono = "person_off"
    tono = OJO
    sello = "Sin asignar"
    posicion = 70
    definicion = "Derivaciones abiertas que ningún asesor tiene: nadie le está avisando a esos clientes."

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        una = BANDEJAS["sin-asesor"]
        (rama,) = una.ramas(_quien(mirada))
        return rama.order_by(*una.orden.columnas)

    def enlace(self, mirada: Mirada) -> str:
        return _bandeja("sin-asesor")


@registrar
class BonificacionesPorResponder(Pendiente):
    """Las que el cliente no ha contestado."""

    clave = "bonificaciones-por-responder"
    uno = "bonificación espera la respuesta del cliente"
    varios = "bonificaciones esperan la respuesta del cliente"
    # Al asesor le hablan sus derivaciones: las bonificaciones de todos son de quien vigila el programa.
    permisos = ("bonificaciones.view_bonificacion", VIGILAR)
    icono = "redeem"
    tono = NOTA
    sello = "En espera"
    posicion = 50
    definicion = "Bonificaciones asignadas y sin cerrar: las cierra el resultado de su derivación."

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return Bonificacion.objects.abiertas().order_by("-id")

    def enlace(self, mirada: Mirada) -> str:
        return lista("bonificaciones", "bonificacion", estado__exact="asignada")


@registrar
class Aniversarios(Pendiente):
    """Los que pronto cumplen diez años."""

    clave = "aniversarios"
    uno = f"cliente cumple diez años en los próximos {lecturas.DIAS_DE_ANIVERSARIOS} días"
    varios = f"clientes cumplen diez años en los próximos {lecturas.DIAS_DE_ANIVERSARIOS} días"
    permisos = ("clientes.view_cliente",)
    icono = "cake"
    tono = NOTA
    posicion = 10
    definicion = (
        "Clientes activos cuyo décimo aniversario, contado desde su vinculación, cae entre hoy y los próximos"
        f" {lecturas.DIAS_DE_ANIVERSARIOS} días."
    )

    def cuenta(self, mirada: Mirada) -> int:
        return mirada.leer(lecturas.clientes).aniversarios

    def enlace(self, mirada: Mirada) -> str:
        programa = mirada.leer(programa_de_diez_anios)
        if programa is not None:
            return con(reverse("aniversarios"), programa=programa, dias=lecturas.DIAS_DE_ANIVERSARIOS)
        vinculados = dias("fecha_vinculacion", lecturas.vinculados_en_el_aniversario(mirada.hoy))
        return lista("clientes", "cliente", estado__exact="activo", **vinculados)


def programa_de_diez_anios(mirada: Mirada) -> int | None:
    """El programa que premia los diez años una sola vez, cuya página dice qué día los cumple cada quien."""
    if not mirada.usuario.has_perm("bonificaciones.view_programa"):
        return None
    suyos = Programa.objects.filter(meses_minimos=lecturas.MESES_DE_DIEZ_ANIOS).exclude(frecuencia=Frecuencia.ANUAL)
    return suyos.order_by("-activo", "pk").values_list("pk", flat=True).first()
