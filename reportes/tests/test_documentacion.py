"""El ejemplo de docs/reportes.md es un reporte que funciona tal como está escrito."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.db.models import Count

from clientes.models import Contrato
from clientes.tests import fabricas
from reportes.marco import REPORTES, Agrupado

from .escena import HOY

MODULO = "reportes.informes.ejemplo_de_la_documentacion"


@pytest.fixture
def ejemplo() -> Iterator[Agrupado]:
    texto = (Path(settings.BASE_DIR) / "docs" / "reportes.md").read_text(encoding="utf-8")
    hallado = re.search(r"```python\n(.+?)```", texto, re.S)
    assert hallado is not None
    antes = dict(REPORTES)
    modulo = ModuleType(MODULO)
    modulo.__package__ = "reportes.informes"
    sys.modules[MODULO] = modulo
    exec(compile(hallado[1], MODULO, "exec"), modulo.__dict__)
    (nueva,) = set(REPORTES) - set(antes)
    reporte = REPORTES[nueva]
    assert isinstance(reporte, Agrupado)
    yield reporte
    REPORTES.clear()
    REPORTES.update(antes)
    del sys.modules[MODULO]


@pytest.mark.django_db
def test_el_ejemplo_cuenta_y_abre_sus_filas(ejemplo: Agrupado) -> None:
    fabricas.FabricaContrato.create_batch(3)
    esperado = dict(Contrato.objects.order_by().values_list("estado").annotate(n=Count("pk")))
    pedido = ejemplo.pedir({}, hoy=HOY)
    tabla = ejemplo.tabla(pedido)
    assert {fila.clave: fila.valores["contratos"] for fila in tabla.filas if fila.valores["contratos"]} == esperado
    medida = ejemplo.medida_que_abre(ejemplo.cifras[0])
    assert medida is not None
    for fila in tabla.filas:
        assert ejemplo.filas_de(pedido, medida, fila.clave).count() == fila.valores["contratos"]
