"""El precio de un servicio según la fecha."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from servicios import consultas, operaciones
from servicios.models import PrecioServicio, Servicio

from .fabricas import HOY, FabricaPrecio, FabricaServicio, contratar

pytestmark = pytest.mark.django_db
MANANA = HOY + timedelta(days=1)


def cambiar(servicio, valor, desde=HOY, motivo=""):
    return operaciones.cambiar_precio(servicio, valor=Decimal(valor), desde=desde, usuario=None, hoy=HOY, motivo=motivo)


@pytest.fixture
def servicio():
    return FabricaPrecio().servicio


def test_el_precio_vigente_es_el_ultimo_que_empezo(servicio):
    FabricaPrecio(servicio=servicio, valor=Decimal(80_000), vigente_desde=date(2025, 1, 1))
    FabricaPrecio(servicio=servicio, valor=Decimal(90_000), vigente_desde=date(2027, 1, 1))
    esperados = {
        date(2023, 12, 31): None,
        date(2024, 1, 1): Decimal("74900.00"),
        date(2024, 12, 31): Decimal("74900.00"),
        date(2025, 1, 1): Decimal("80000.00"),
        date(2027, 6, 1): Decimal("90000.00"),
    }
    for dia, valor in esperados.items():
        assert servicio.precio_en(dia) == valor
        assert Servicio.objects.con_precio(dia).get().precio_vigente == valor


def test_un_cambio_de_precio_es_una_fila_nueva_y_los_contratos_conservan_el_suyo(servicio):
    (contrato,) = contratar(servicio)
    cambiar(servicio, 84_900, motivo="IPC")
    assert servicio.precios.count() == 2
    contrato.refresh_from_db()
    assert contrato.precio == Decimal("74900.00")
    assert servicio.precios.first().history.first().history_change_reason == "IPC"


def test_un_precio_futuro_no_rige_todavia(servicio):
    cambiar(servicio, 84_900, desde=MANANA)
    assert servicio.precio_en(HOY) == Decimal("74900.00")
    assert servicio.precio_en(MANANA) == Decimal("84900.00")


def test_un_precio_no_se_cambia_hacia_atras(servicio):
    with pytest.raises(ValidationError, match="rige desde hoy o desde una fecha futura"):
        cambiar(servicio, 84_900, desde=HOY - timedelta(days=1))


def test_el_primer_precio_si_puede_ser_de_antes():
    servicio = FabricaServicio()
    cambiar(servicio, 50_000, desde=date(2020, 1, 1))
    assert servicio.precio_en(HOY) == Decimal("50000.00")


def test_el_precio_de_un_dia_que_no_ha_pasado_se_corrige_y_queda_en_la_historia(servicio):
    cambiar(servicio, 84_900, desde=MANANA)
    fila = cambiar(servicio, 85_900, desde=MANANA)
    assert servicio.precios.count() == 2
    assert [h.valor for h in fila.history.all()] == [Decimal("85900.00"), Decimal("84900.00")]


def test_el_mismo_precio_no_es_un_cambio(servicio):
    with pytest.raises(ValidationError, match="Ese día el precio ya es"):
        cambiar(servicio, "74900.00")


def test_un_servicio_retirado_no_cambia_de_precio(servicio):
    operaciones.retirar_servicio(servicio, fecha=HOY, hoy=HOY, usuario=None, motivo="Se reemplaza")
    with pytest.raises(ValidationError, match="ya no cambia de precio"):
        cambiar(servicio, 1)


def test_un_precio_negativo_o_que_no_cabe_se_rechaza_sobre_su_campo(servicio):
    for valor in (-1, 10**11):
        with pytest.raises(ValidationError) as rechazo:
            cambiar(servicio, valor)
        assert "valor" in rechazo.value.message_dict


def test_la_base_no_admite_dos_precios_del_mismo_dia_ni_uno_negativo(servicio):
    with pytest.raises(IntegrityError), transaction.atomic():
        PrecioServicio.objects.create(servicio=servicio, valor=1, vigente_desde=date(2024, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        PrecioServicio.objects.create(servicio=servicio, valor=-1, vigente_desde=HOY)


def test_la_lista_de_precios_dice_hasta_cuando_rigio_cada_uno(servicio):
    cambiar(servicio, 84_900, desde=MANANA)
    nuevo, viejo = consultas.precios_de(servicio)
    assert (nuevo.siguiente_desde, viejo.siguiente_desde) == (None, MANANA)


class PreciosPorFecha(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        precios=st.dictionaries(
            st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 500_000), min_size=1, max_size=6
        ),
        dia=st.dates(date(1999, 1, 1), date(2041, 1, 1)),
    )
    def test_rige_el_ultimo_que_empezo_sea_cual_sea_el_orden_en_que_se_cargaron(self, precios, dia):
        servicio = FabricaServicio()
        for desde, valor in precios.items():
            FabricaPrecio(servicio=servicio, valor=valor, vigente_desde=desde)
        anteriores = [desde for desde in precios if desde <= dia]
        esperado = Decimal(precios[max(anteriores)]) if anteriores else None
        self.assertEqual(servicio.precio_en(dia), esperado)
        self.assertEqual(Servicio.objects.con_precio(dia).get(pk=servicio.pk).precio_vigente, esperado)
