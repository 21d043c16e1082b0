"""Lo que otros escriben entre que una tanda se compara y se escribe: un solo registro y nada pisado sin decirlo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clientes.models import Cliente
from movistar_site.intercambio import aplicador

from .ayudas import escribir, persona, personas, plan
from .datos import HOY
from .motor import Informe, importar

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mientras(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Hace algo en cuanto se escribe la primera tanda, cuando la segunda quizás ya está comparada."""
    monkeypatch.setattr(aplicador, "LECTURA", 1)
    lectura = aplicador._Aplicador._lectura

    def poner(hacer: Callable[[], None]) -> None:
        pendientes = [hacer]

        def con_alguien(self: Any, entidad: str, una: Any) -> None:
            lectura(self, entidad, una)
            while pendientes:
                pendientes.pop()()

        monkeypatch.setattr(aplicador._Aplicador, "_lectura", con_alguien)

    return poner


def _importar_dos_nuevos() -> Informe:
    return escribir(plan(personas(persona(1), persona(2, telefono="3001234567"))))


def test_si_otro_lo_crea_igual_queda_uno_y_se_cuenta_como_igual(mientras: Any) -> None:
    mientras(lambda: importar([personas(persona(2, telefono="3001234567"))], hoy=HOY) and None)
    informe = _importar_dos_nuevos()
    assert Cliente.objects.count() == 2
    assert informe.cuentas["clientes"] == {"nuevo": 1, "igual": 1}
    assert Cliente.history.filter(documento="10000002").count() == 1


def test_si_otro_lo_crea_distinto_se_cuenta_como_cambio(mientras: Any) -> None:
    mientras(lambda: importar([personas(persona(2, telefono="3009999999"))], hoy=HOY) and None)
    informe = _importar_dos_nuevos()
    assert informe.cuentas["clientes"] == {"nuevo": 1, "cambiado": 1}
    versiones = Cliente.history.filter(documento="10000002").order_by("history_id")
    assert [una.history_type for una in versiones] == ["+", "~"]


def test_un_cambio_se_compara_con_lo_que_hay_al_escribirlo(mientras: Any) -> None:
    importar([personas(persona(1), persona(2))], hoy=HOY)
    pendiente = plan(personas(persona(1, telefono="3001111111"), persona(2, telefono="3002222222")))
    mientras(lambda: Cliente.objects.filter(documento="10000002").update(telefono="+573002222222") and None)
    informe = escribir(pendiente)
    assert informe.cuentas["clientes"] == {"cambiado": 1, "igual": 1}
