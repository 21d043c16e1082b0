"""Dos personas que aprietan a la vez: una sola respuesta del cliente, en las dos bases y con dos conexiones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bonificaciones.models import AccionGestion, Derivacion
from bonificaciones.operaciones.derivaciones import aceptar, rechazar, revisar_derivaciones
from bonificaciones.tests.personas import administrador, asesor, derivada_a
from clientes.models import Contacto
from clientes.tests.fabricas import AHORA, HOY

pytestmark = pytest.mark.django_db(transaction=True)
VECES = 4


def _preparar() -> tuple[Any, Any, list[int]]:
    ana, jefa = asesor(username="ana"), administrador(username="jefa")
    return ana, jefa, [derivada_a(ana, vence_el=HOY).pk for _ in range(VECES)]


def test_uno_acepta_y_otro_rechaza_a_la_vez_y_gana_uno_solo(en_hilos: Any) -> None:
    ((ana, jefa, claves),) = en_hilos(_preparar)

    def acepta(una: Derivacion) -> Callable[[], Any]:
        return lambda: aceptar(una, medio="oficina", evidencia="Formulario", usuario=ana, ahora=AHORA) and "aceptó"

    def rechaza(una: Derivacion) -> Callable[[], Any]:
        return lambda: rechazar(una, motivo="No le interesa", usuario=jefa, ahora=AHORA) and "rechazó"

    for clave in claves:
        # Los dos la leyeron abierta antes de apretar.
        leer = partial(Derivacion.objects.get, pk=clave)
        suya, de_la_jefa = en_hilos(leer, leer)
        respuestas = en_hilos(acepta(suya), rechaza(de_la_jefa))
        hechas = [una for una in respuestas if una in ("aceptó", "rechazó")]
        (rechazo,) = [una for una in respuestas if una not in hechas]
        assert len(hechas) == 1, respuestas
        assert rechazo.startswith("La derivación ya se cerró")
        ((resultado, estado, cierres, contactos),) = en_hilos(partial(_como_quedo, clave))
        assert (resultado, estado) == (("aceptada",) * 2 if hechas == ["aceptó"] else ("rechazada",) * 2)
        assert cierres == 1
        assert contactos == (hechas == ["aceptó"]), "lo que se rechazó no deja un contacto suelto"


def _como_quedo(clave: int) -> tuple[str, str, int, int]:
    una = Derivacion.objects.select_related("bonificacion").get(pk=clave)
    cierres = una.gestiones.filter(accion__in=(AccionGestion.ACEPTADA, AccionGestion.RECHAZADA)).count()
    return una.resultado, una.bonificacion.estado, cierres, Contacto.objects.filter(cliente=una.cliente_id).count()


def test_dos_revisiones_a_la_vez_dan_cada_paso_una_vez(en_hilos: Any) -> None:
    ((_, _, claves),) = en_hilos(_preparar)

    def revisar() -> int:
        return revisar_derivaciones(hoy=HOY, ahora=AHORA).recordadas

    assert sum(en_hilos(revisar, revisar)) == len(claves)
    ((gestiones),) = en_hilos(
        lambda: [una.gestiones.filter(accion=AccionGestion.RECORDADA).count() for una in Derivacion.objects.all()]
    )
    assert gestiones == [1] * VECES
