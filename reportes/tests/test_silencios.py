"""La lista de silencios positivos y en qué va lo que obligan a cumplir. HOY es el 16/03/2026.

Silencio  Cumplir antes de    Cumplido            Situación
uno       16/03 00:00         —                   atrasado: el término acabó al empezar el día
dos       17/03 00:00         —                   por cumplir
tres      10/03 00:00         10/03 00:00         cumplido, en el último instante
cuatro    10/03 00:00         11/03 09:00         cumplido tarde
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from clientes.models import SilencioPositivo
from clientes.tests.fabricas import HOY, FabricaSilencio
from reportes.marco import REPORTES, Lista


def en(texto: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(texto))


def reporte() -> Lista:
    uno = REPORTES["silencios"]
    assert isinstance(uno, Lista)
    return uno


@pytest.fixture
def silencios(db: None) -> dict[str, SilencioPositivo]:
    hecho = {"cumplimiento": "Se le devolvió lo cobrado."}
    return {
        "uno": FabricaSilencio(cumplir_antes_de=en("2026-03-16 00:00"), ocurrio_el=date(2026, 3, 13)),
        "dos": FabricaSilencio(cumplir_antes_de=en("2026-03-17 00:00"), ocurrio_el=date(2026, 3, 14)),
        "tres": FabricaSilencio(
            cumplir_antes_de=en("2026-03-10 00:00"),
            cumplido_el=en("2026-03-10 00:00"),
            ocurrio_el=date(2026, 3, 7),
            **hecho,
        ),
        "cuatro": FabricaSilencio(
            cumplir_antes_de=en("2026-03-10 00:00"),
            cumplido_el=en("2026-03-11 09:00"),
            ocurrio_el=date(2026, 3, 7),
            **hecho,
        ),
    }


def filas(**parametros: Any) -> dict[int, str]:
    pedido = reporte().pedir(parametros, hoy=HOY)
    assert not pedido.conjunto.form.errors
    listado, consulta = reporte().listado, reporte().consulta(pedido).order_by("pk")
    claves = list(consulta.values_list("pk", flat=True))
    hechas = [valores["situacion"] for valores, _ in listado.filas(consulta, pedido.al)]
    return dict(zip(claves, hechas, strict=True))


SITUACIONES = {
    "atrasado": ("uno", "Atrasado"),
    "por_cumplir": ("dos", "Por cumplir"),
    "cumplido": ("tres", "Cumplido"),
    "cumplido_tarde": ("cuatro", "Cumplido tarde"),
}


def test_cada_uno_dice_en_que_va_y_el_filtro_dice_lo_mismo(silencios: dict[str, SilencioPositivo]) -> None:
    assert filas() == {silencios[cual].pk: nombre for cual, nombre in SITUACIONES.values()}
    for filtro, (cual, nombre) in SITUACIONES.items():
        assert filas(cumplimiento=filtro) == {silencios[cual].pk: nombre}


@pytest.mark.usefixtures("silencios")
def test_el_resumen_y_el_periodo() -> None:
    pedido = reporte().pedir({}, hoy=HOY)
    assert reporte().cuantas(pedido) == 4
    assert dict(reporte().resumen(pedido)) == {
        "Por cumplir": "1", "Atrasados": "1", "Cumplidos": "2", "Cumplidos en término": "50,0\u00a0%",
    }  # fmt: skip
    assert len(filas(desde="2026-03-08", hasta="2026-03-13")) == 1


def test_abre_el_caso_y_el_silencio(silencios: dict[str, SilencioPositivo]) -> None:
    uno = silencios["uno"]
    [(valores, enlaces)] = reporte().listado.filas(SilencioPositivo.objects.filter(pk=uno.pk), HOY)
    assert valores["radicado"] == uno.interaccion.numero
    assert enlaces["radicado"].endswith(f"/{uno.interaccion_id}/change/")
    assert enlaces["situacion"].endswith(f"/{uno.pk}/change/")


def test_sin_silencios_no_hay_porcentaje(db: None) -> None:
    pedido = reporte().pedir({}, hoy=HOY)
    assert dict(reporte().resumen(pedido))["Cumplidos en término"] == "—"
