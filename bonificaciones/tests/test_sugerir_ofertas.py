"""Las ofertas de todos: lo mismo que de uno en uno, una fila por cliente activo, y se puede repetir e interrumpir."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from bonificaciones.models import ReglaOferta, Sugerencia
from bonificaciones.ofertas.siguiente import ofertas_para
from bonificaciones.operaciones import sugerir
from bonificaciones.operaciones.sugerir import sugerir_ofertas
from bonificaciones.tests.escenas_ofertas import Escena
from clientes.models import Cliente
from clientes.tests import fabricas
from clientes.tests.fabricas import HOY
from movistar_site.comun import trabajos

pytestmark = pytest.mark.django_db


@pytest.fixture
def gente(db: None) -> Escena:
    """Quince clientes de todas las clases, y uno inactivo."""
    escena = Escena()
    for n, codigos in enumerate((("POS-10",), ("PRE-30",), ("FIB-300",), ("DUO", "POS-ILIM"), ())):
        for anio in (2010, 2024):
            cliente = escena.cliente(*codigos, desde=date(anio + n % 2, 2, 28))
            if n == 2:
                escena.caso(cliente, hace=5, cerrado=anio == 2010)
    moroso = escena.cliente("FIB-600")
    fabricas.FabricaSuspension(contrato=moroso.contratos.get(), clase="mora", desde=HOY)
    escena.cliente("FIB-300", estado="inactivo", inactivo_desde=HOY)
    fabricas.FabricaPromocion(codigo="B").servicios.set([escena.servicios["FIB-300"]])
    return escena


def _todas() -> dict[int, tuple[Any, ...]]:
    campos = ("calculada_el", "riesgo", "nivel", "regla_id", "servicio_id", "promocion_id", "ofertas")
    return {fila[0]: tuple(map(str, fila[1:])) for fila in Sugerencia.objects.values_list("cliente_id", *campos)}


def test_en_tandas_sale_lo_mismo_que_de_uno_en_uno(gente: Escena) -> None:
    hechas = sugerir_ofertas(hoy=HOY, por_tanda=4)
    activos = list(Cliente.objects.all().activos())
    assert hechas.calculadas == len(activos) == Sugerencia.objects.count() == sum(hechas.por_nivel.values())
    for cliente in activos:
        suya, esperado = Sugerencia.objects.get(pk=cliente.pk), ofertas_para(cliente, hoy=HOY)
        assert (suya.riesgo, suya.nivel) == (esperado.riesgo.puntaje, esperado.riesgo.nivel)
        assert [una["regla"] for una in suya.ofertas] == [una.regla.clave for una in esperado.ofertas]
        primera = esperado.ofertas[0] if esperado.ofertas else None
        assert suya.regla_id == (primera.regla.clave if primera else None)
        servicio = primera.servicio if primera else None
        assert suya.servicio_id == (servicio.clave if servicio else None)
    assert hechas.con_oferta == Sugerencia.objects.filter(regla__isnull=False).count()
    assert hechas.frenadas == 2
    assert hechas.por_regla["PQR-ABIERTA"] == hechas.por_regla["EN-MORA"] == 1
    assert hechas.con_oferta + hechas.frenadas + hechas.sin_oferta == hechas.calculadas


def test_repetirla_el_mismo_dia_no_calcula_nada_y_al_otro_dia_todo(gente: Escena) -> None:
    primera = sugerir_ofertas(hoy=HOY).calculadas
    antes = _todas()
    assert sugerir_ofertas(hoy=HOY).calculadas == 0
    assert _todas() == antes
    assert sugerir_ofertas(hoy=HOY, de_nuevo=True).calculadas == primera
    assert _todas() == antes
    assert sugerir_ofertas(hoy=HOY + timedelta(days=1)).calculadas == primera
    assert Sugerencia.objects.filter(calculada_el=HOY).count() == 0


def test_si_la_matan_a_la_mitad_sigue_con_los_que_faltaban(gente: Escena, monkeypatch: pytest.MonkeyPatch) -> None:
    guardar, veces = sugerir._guardar, []

    def a_la_segunda(*args: Any) -> None:
        veces.append(1)
        if len(veces) == 2:
            raise KeyboardInterrupt
        guardar(*args)

    monkeypatch.setattr(sugerir, "_guardar", a_la_segunda)
    with pytest.raises(KeyboardInterrupt):
        sugerir_ofertas(hoy=HOY, por_tanda=4)
    assert Sugerencia.objects.count() == 4
    monkeypatch.setattr(sugerir, "_guardar", guardar)
    total = Cliente.objects.all().activos().count()
    assert sugerir_ofertas(hoy=HOY, por_tanda=4).calculadas == total - 4
    assert Sugerencia.objects.count() == total


def test_quien_deja_de_ser_cliente_pierde_la_suya(gente: Escena) -> None:
    sugerir_ofertas(hoy=HOY)
    ido = Cliente.objects.all().activos().order_by("pk")[0]
    Cliente.objects.filter(pk=ido.pk).update(estado="inactivo", inactivo_desde=HOY)
    assert sugerir_ofertas(hoy=HOY).quitadas == 1
    assert not Sugerencia.objects.filter(pk=ido.pk).exists()


def test_si_a_mitad_borran_una_regla_la_tanda_se_vuelve_a_mirar(gente: Escena, monkeypatch: pytest.MonkeyPatch) -> None:
    guardar, leer, fallas = sugerir._guardar, sugerir.leer_reglas, []

    def una_vez_mal(*args: Any) -> None:
        if not fallas:
            fallas.append(1)
            raise IntegrityError("la regla ya no está")
        guardar(*args)

    def leer_sin_ella() -> Any:
        if fallas:
            ReglaOferta.objects.filter(codigo="CONVERGENCIA").delete()
        return leer()

    monkeypatch.setattr(sugerir, "_guardar", una_vez_mal)
    monkeypatch.setattr(sugerir, "leer_reglas", leer_sin_ella)
    hechas = sugerir_ofertas(hoy=HOY)
    assert hechas.calculadas == Sugerencia.objects.count() == Cliente.objects.all().activos().count()
    assert "CONVERGENCIA" not in hechas.por_regla


def test_cada_tanda_cuesta_las_mismas_consultas(gente: Escena) -> None:
    def consultas(por_tanda: int) -> int:
        with CaptureQueriesContext(connection) as capturadas:
            sugerir_ofertas(hoy=HOY, de_nuevo=True, por_tanda=por_tanda)
        return len(capturadas)

    una = consultas(100)
    for n in range(20):
        gente.caso(gente.cliente("FIB-300", "POS-10"), hace=n + 1)
    # Con el doble de clientes en una sola tanda, lo mismo.
    assert consultas(100) == una


def test_la_orden_dice_las_cifras_y_el_dia_mal_escrito_se_dice(gente: Escena) -> None:
    salida = StringIO()
    call_command("sugerir_ofertas", hoy=f"{HOY:%d/%m/%Y}", stdout=salida)
    assert "clientes al 16/03/2026" in salida.getvalue()
    assert "con oferta" in salida.getvalue()
    call_command("sugerir_ofertas", hoy=f"{HOY:%Y-%m-%d}", stdout=salida)
    assert "nada que calcular" in salida.getvalue()
    with pytest.raises(CommandError, match="--hoy"):
        call_command("sugerir_ofertas", hoy="ayer")


def test_corre_sola_cada_madrugada(gente: Escena) -> None:
    diario = trabajos.DIARIOS["sugerir ofertas"]
    assert diario.desde.hour == 3
    assert "clientes al" in diario.trabajo.func()
    assert Sugerencia.objects.exists()
