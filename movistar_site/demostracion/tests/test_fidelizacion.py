"""La fidelización inventada: cumple las reglas de cada modelo y las de la ley, es acotada y sale igual por semilla."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from bonificaciones.asignacion.criterios import Criterios
from bonificaciones.models import (
    Asesor,
    Bonificacion,
    Corrida,
    Derivacion,
    EstadoBonificacion,
    EstadoDerivacion,
    GestionDerivacion,
    Oferta,
    Segmento,
)
from bonificaciones.segmentos import cuantos, leer
from clientes.consultas_contacto import datos_de
from clientes.models import CargaRne, Cliente, Consentimiento, Contacto, Interaccion, NumeroExcluido
from movistar_site.comun.festivos import calendario
from movistar_site.comun.models import Usuario
from movistar_site.comun.parametros import parametros
from movistar_site.demostracion.fidelizacion import ASESORES, sembrar

HOY = date(2026, 11, 26)
MODELOS: tuple[Any, ...] = (
    Consentimiento, Contacto, CargaRne, Corrida, Bonificacion, Derivacion, GestionDerivacion, Oferta, Segmento, Asesor,
)  # fmt: skip
pytestmark = pytest.mark.django_db


def datos_demo(**opciones: Any) -> str:
    salida = StringIO()
    pedido = {"clientes": "400", "contratos": "2", "interacciones": "1", "hoy": HOY.isoformat()}
    call_command("datos_demo", **pedido | opciones, stdout=salida)
    return salida.getvalue()


def vaciar_fidelizacion() -> None:
    """Deja la base como si no se hubiera inventado nada de esto; los segmentos y los asesores se quedan."""
    for modelo in (GestionDerivacion, Derivacion, Bonificacion, Corrida, Oferta, Contacto, Consentimiento,
                   NumeroExcluido, CargaRne):  # fmt: skip
        modelo.objects.all().delete()


@pytest.fixture
def cargada() -> str:
    return datos_demo()


@pytest.mark.usefixtures("cargada")
def test_todo_lo_inventado_cumple_las_reglas_de_su_modelo() -> None:
    for modelo in MODELOS:
        assert modelo.objects.exists(), modelo
        for registro in modelo.objects.all():
            try:
                registro.full_clean()
            except ValidationError as error:
                pytest.fail(f"{registro!r}: {error}")


@pytest.mark.usefixtures("cargada")
def test_cada_bono_lo_tiene_quien_cumplia_y_su_corrida_lo_cuenta() -> None:
    con_pqr = set(Interaccion.objects.abiertas().exclude(tipo="sugerencia").values_list("cliente", flat=True))
    for bono in Bonificacion.objects.select_related("programa", "cliente", "corrida", "derivacion"):
        criterios, dia = Criterios.de(bono.programa), bono.otorgada_el
        assert bono.corrida is not None
        assert bono.cliente.fecha_vinculacion <= criterios.ultima_vinculacion(dia)
        assert bono.programa.vigencia(dia) == "vigente"
        assert bono.cliente_id not in con_pqr
        assert bono.corrida.dia == dia < HOY
        assert (bono.estado == EstadoBonificacion.ASIGNADA) == (bono.derivacion.estado != EstadoDerivacion.CERRADA)
        if bono.cerrada_el is not None:
            assert dia <= timezone.localdate(bono.cerrada_el) < HOY
            assert bono.derivacion.resultado == bono.estado
    for corrida in Corrida.objects.all():
        suyos = list(corrida.bonificaciones.all())
        assert corrida.otorgadas == corrida.derivadas == len(suyos)
        assert corrida.costo_mensual == sum(bono.costo_mensual for bono in suyos)
    estados = Counter(Bonificacion.objects.values_list("estado", flat=True))
    assert {"asignada", "aceptada", "rechazada"} <= set(estados)
    assert Derivacion.objects.exclude(asesor=None).count() == Derivacion.objects.count()


@pytest.mark.usefixtures("cargada")
def test_ningun_contacto_inventado_se_sale_de_la_ley() -> None:
    dias = calendario(parametros(HOY))
    excluidos = set(NumeroExcluido.objects.values_list("dato", "canal"))
    assert excluidos
    for contacto in Contacto.objects.select_related("cliente"):
        momento = timezone.localtime(contacto.momento)
        assert momento.date() == contacto.dia < HOY
        assert dias.es_habil(contacto.dia)
        assert 7 <= momento.hour < 19
        if contacto.entrante:
            continue
        autoriza = Consentimiento.objects.filter(
            cliente=contacto.cliente, finalidad="comercial", canal=contacto.canal, otorgado_el__lt=contacto.momento,
            revocado_el=None,
        )  # fmt: skip
        assert autoriza.exists()
        assert not {(dato, contacto.canal) for dato in datos_de(contacto.cliente).get(contacto.canal, ())} & excluidos
    assert Contacto.objects.filter(entrante=False).exists()
    for una in Derivacion.objects.filter(estado=EstadoDerivacion.DETENIDA):
        suyos = Consentimiento.objects.filter(cliente=una.cliente, finalidad="comercial")
        assert not suyos.vigentes().exists()


@pytest.mark.usefixtures("cargada")
def test_los_segmentos_dicen_algo_y_los_asesores_no_entran_sin_clave() -> None:
    for segmento in Segmento.objects.all():
        assert not leer(segmento.filtros, hoy=HOY).avisos
    assert any(cuantos(segmento, hoy=HOY) for segmento in Segmento.objects.all())
    asesores = Usuario.objects.filter(asesor__isnull=False)
    assert {cuenta.get_full_name() for cuenta in asesores} == set(ASESORES)
    assert not any(cuenta.has_usable_password() for cuenta in asesores)


def test_alcanza_a_los_pedidos_y_a_ninguno_mas() -> None:
    salida = datos_demo(fidelizacion="50")
    primeros = set(Cliente.objects.order_by("pk").values_list("pk", flat=True)[:80])
    for modelo in (Bonificacion, Oferta, Consentimiento, Contacto):
        assert set(modelo.objects.values_list("cliente", flat=True)) <= primeros
    assert "Fidelización:" in salida


def test_sin_pedirla_no_hay_nada() -> None:
    assert "Fidelización" not in datos_demo(fidelizacion="0")
    assert not any(modelo.objects.exists() for modelo in (Bonificacion, Oferta, Contacto, Segmento, Asesor))


def test_la_misma_semilla_da_lo_mismo() -> None:
    def foto() -> list[Any]:
        return [
            list(Bonificacion.objects.order_by("pk").values_list("cliente__documento", "estado", "otorgada_el")),
            list(Contacto.objects.order_by("pk").values_list("cliente__documento", "momento", "canal", "entrante")),
            list(Oferta.objects.order_by("pk").values_list("cliente__documento", "titulo", "estado")),
        ]  # fmt: skip

    datos_demo(fidelizacion="0")
    fotos = []
    for semilla in (7, 7, 8):
        vaciar_fidelizacion()
        sembrar(hoy=HOY, semilla=semilla)
        fotos.append(foto())
    assert fotos[0] == fotos[1] != fotos[2]


def test_antes_de_que_haya_programas_no_hay_bonos_y_lo_demas_si() -> None:
    datos_demo(hoy="2025-06-02")
    assert not Bonificacion.objects.exists()
    assert Consentimiento.objects.exists()
