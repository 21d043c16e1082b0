"""Varios trabajadores a la vez: cada entrega sale una sola vez, en las dos bases y con varias conexiones."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail

from clientes.tests.fabricas import AHORA
from reportes.envios import entregas, operaciones
from reportes.envios.cadencia import BOGOTA
from reportes.models import EntregaEnvio, Envio, EstadoEntrega
from reportes.tests.escenas_envios import FabricaEnvio, cuenta, fijo

pytestmark = pytest.mark.django_db(transaction=True)
SIETE = datetime(2026, 3, 17, 7, tzinfo=BOGOTA)
TRABAJADORES, ENVIOS = 4, 5


def _como_quedo() -> list[tuple[int, str, int]]:
    return list(EntregaEnvio.objects.order_by("envio_id").values_list("envio_id", "estado", "intentos"))


def test_varios_trabajadores_despachan_a_la_vez_y_cada_envio_sale_una_vez(en_hilos: Any) -> None:
    def preparar() -> None:
        duena = cuenta("ana")
        FabricaEnvio.create_batch(ENVIOS, usuario=duena)

    en_hilos(preparar)
    for vuelta in range(2):
        momento = SIETE + timedelta(days=vuelta)
        hechas = en_hilos(*[partial(entregas.despachar, reloj=fijo(momento))] * TRABAJADORES)
        assert sum(una.enviadas for una in hechas) == ENVIOS
        assert Counter(una.falla for una in hechas) == {"": TRABAJADORES}
        assert len(mail.outbox) == ENVIOS * (vuelta + 1)
    ((quedaron),) = en_hilos(_como_quedo)
    assert Counter(estado for _, estado, _ in quedaron) == {EstadoEntrega.ENVIADA: ENVIOS * 2}
    assert {intentos for *_, intentos in quedaron} == {1}


def test_de_una_entrega_cortada_la_retoma_uno_solo(en_hilos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def preparar() -> None:
        FabricaEnvio()
        entregas.programar(ahora=SIETE)
        entregas.tomar(ahora=SIETE)

    en_hilos(preparar)
    # Todos la ven libre antes de que alguno la tome.
    vista, de_turno = threading.Barrier(TRABAJADORES, timeout=60), entregas._de_turno

    def cuando_todos_la_vieron(entrega: EntregaEnvio) -> Any:
        vista.wait()
        return de_turno(entrega)

    monkeypatch.setattr(entregas, "_de_turno", cuando_todos_la_vieron)
    tomadas = en_hilos(*[partial(entregas.tomar, ahora=SIETE + entregas.TURNO)] * TRABAJADORES)
    assert sum(una is not None for una in tomadas) == 1


def test_dos_clics_a_la_vez_piden_una_sola_entrega(en_hilos: Any) -> None:
    def preparar() -> Any:
        return FabricaEnvio()

    (envio,) = en_hilos(preparar)

    def pedir() -> Any:
        uno = Envio.objects.select_related("usuario").get(pk=envio.pk)
        return operaciones.enviar_ahora(uno, usuario=uno.usuario, ahora=AHORA)

    respuestas = en_hilos(pedir, pedir)
    assert sum(isinstance(una, EntregaEnvio) for una in respuestas) == 1
    assert [una for una in respuestas if isinstance(una, str)] == ["Ya hay una entrega en camino: espere a que salga."]
