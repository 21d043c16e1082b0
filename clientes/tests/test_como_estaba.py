"""Qué tenía un cliente un día: deshace lo que pasó después, y dice lo que no se sabe."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError

from clientes import como_estaba
from clientes.models import Cliente, EstadoContrato
from clientes.plazos import Situacion
from movistar_site.comun.dias import al_empezar
from movistar_site.comun.models import Parametro

from . import fabricas as f
from .vidas import mover_historia, un_poco_de_todo

pytestmark = pytest.mark.django_db
DIA = date(2025, 6, 10)
FIN = al_empezar(DIA + timedelta(days=1))
INSTANTE = timedelta(microseconds=1)


@pytest.fixture
def jefe() -> Any:
    return f.FabricaUsuario(username="jefe", is_superuser=True)


@pytest.fixture
def cliente() -> Cliente:
    return f.FabricaCliente(fecha_vinculacion=date(2014, 6, 10))


def _foto(cliente: Cliente, jefe: Any, dia: date = DIA) -> como_estaba.Foto:
    return como_estaba.foto(Cliente.objects.get(pk=cliente.pk), dia, usuario=jefe)


# --- El día ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("texto", ["2025-06-10", "10/06/2025", " 10-06-2025 "])
def test_el_dia_se_escribe_como_se_quiera(texto):
    assert como_estaba.leer_dia(texto, hoy=f.HOY) == DIA


@pytest.mark.parametrize(
    ("texto", "frase"),
    [
        ("", "vacía"), ("ayer", "No se entiende"), ("31/02/2025", "no existe"), ("10/06/25", "dos cifras"),
        ("2026-03-17", "todavía no llega"), ("1899-12-31", "anterior a 1900"), ("x" * 5_000, "No se entiende"),
        ("\x00", "No se entiende"), ("9999-12-31", "todavía no llega"),
    ],
)  # fmt: skip
def test_un_dia_que_no_sirve_se_dice(texto, frase):
    with pytest.raises(ValidationError, match=frase):
        como_estaba.leer_dia(texto, hoy=f.HOY)


# --- Los datos -------------------------------------------------------------------------------------------------------
def test_los_datos_son_los_de_ese_dia(cliente, jefe):
    Cliente.objects.filter(pk=cliente.pk).update(fecha_vinculacion=cliente.fecha_vinculacion)
    cliente.direccion = "Calle nueva"
    cliente.save()
    # Dos versiones: la segunda, un minuto después de la primera.
    mover_historia(cliente, FIN - timedelta(minutes=1))
    foto = _foto(cliente, jefe)
    assert (foto.datos.direccion, foto.salvedad) == ("", "")
    mover_historia(cliente, FIN - timedelta(minutes=1) - INSTANTE)
    assert _foto(cliente, jefe).datos.direccion == "Calle nueva"


def test_si_la_historia_no_llega_se_dice_y_se_muestra_lo_mas_antiguo(cliente, jefe):
    cliente.direccion = "Calle nueva"
    cliente.save()
    mover_historia(cliente, al_empezar(date(2025, 9, 1)))
    foto = _foto(cliente, jefe)
    assert foto.datos.direccion == ""
    assert "empieza el 01/09/2025" in foto.salvedad


def test_lo_cargado_sin_historia_vale_desde_que_esta_en_el_panel(cliente, jefe):
    cliente.history.all().delete()
    Cliente.objects.filter(pk=cliente.pk).update(creado_en=FIN - INSTANTE)
    assert _foto(cliente, jefe).salvedad == ""
    Cliente.objects.filter(pk=cliente.pk).update(creado_en=FIN)
    assert "desde el 11/06/2025" in _foto(cliente, jefe).salvedad


def test_la_categoria_es_la_de_ese_dia(cliente, jefe):
    cliente.categoria_asignada, cliente.motivo_categoria = "nuevo", "Volvió"
    cliente.save()
    mover_historia(cliente, FIN - timedelta(minutes=1))
    # Leal es más de diez años: el día del aniversario, todavía no.
    assert _foto(cliente, jefe, date(2024, 6, 10)).categoria == "regular"
    assert _foto(cliente, jefe, DIA).categoria == "leal"
    assert _foto(cliente, jefe, DIA + timedelta(days=1)).categoria == "nuevo"
    assert "Volvió" in _foto(cliente, jefe, DIA + timedelta(days=1)).razon


def test_la_categoria_sale_de_las_reglas_que_regian(cliente, jefe):
    Parametro.objects.create(clave="meses_leal", valor="240", vigente_desde=DIA, norma="Acta 1")
    assert _foto(cliente, jefe, DIA - timedelta(days=1)).categoria == "leal"
    assert _foto(cliente, jefe, DIA).categoria == "regular"


def test_antes_de_vincularse_no_era_cliente(cliente, jefe):
    assert not _foto(cliente, jefe, date(2014, 6, 9)).era_cliente
    assert _foto(cliente, jefe, date(2014, 6, 10)).era_cliente
    assert not _foto(cliente, jefe, date(1900, 1, 1)).era_cliente


def test_inactivo_desde_la_fecha_que_dice_aunque_se_anotara_despues(cliente, jefe):
    Cliente.objects.filter(pk=cliente.pk).update(estado="inactivo", inactivo_desde=DIA)
    assert _foto(cliente, jefe, DIA - timedelta(days=1)).activo
    assert not _foto(cliente, jefe, DIA).activo


# --- Los contratos ---------------------------------------------------------------------------------------------------
def test_los_contratos_en_pie_ese_dia(cliente, jefe):
    dentro = f.FabricaContrato(cliente=cliente, fecha_inicio=DIA)
    termina_despues = f.FabricaContrato(
        cliente=cliente, fecha_inicio=date(2020, 1, 1), estado="terminado", fecha_fin=DIA + timedelta(days=1)
    )
    f.FabricaContrato(cliente=cliente, fecha_inicio=date(2020, 1, 1), estado="terminado", fecha_fin=DIA)
    f.FabricaContrato(cliente=cliente, fecha_inicio=DIA + timedelta(days=1))
    f.FabricaContrato(fecha_inicio=DIA)
    foto = _foto(cliente, jefe)
    assert {uno.contrato.pk for uno in foto.contratos} == {dentro.pk, termina_despues.pk}
    assert {uno.estado for uno in foto.contratos} == {EstadoContrato.ACTIVO}


def test_se_deshacen_los_cambios_de_plan_posteriores(cliente, jefe):
    planes = [f.servicio_con_precio(nombre=f"Fibra {n}") for n in range(3)]
    contrato = f.FabricaContrato(
        cliente=cliente, servicio=planes[2], precio=Decimal(90_000), fecha_inicio=date(2024, 1, 1),
        condiciones={"caracteristicas": {"megas": 900}},
    )  # fmt: skip
    for n, efectivo in enumerate((DIA, date(2025, 9, 1))):
        f.FabricaCambioPlan(
            contrato=contrato, estado="aplicado", efectivo_el=efectivo, servicio_anterior=planes[n],
            precio_anterior=Decimal(50_000 + 20_000 * n), servicio_nuevo=planes[n + 1],
            condiciones_anteriores={"caracteristicas": {"megas": 300 * (n + 1)}},
        )  # fmt: skip
    f.FabricaCambioPlan(contrato=contrato, efectivo_el=DIA + timedelta(days=2), servicio_anterior=planes[2])
    f.FabricaCambioPlan(contrato=contrato, estado="anulado", efectivo_el=DIA + timedelta(days=2))

    def tenia(dia: date) -> tuple[str, Decimal, list[tuple[str, str]]]:
        (uno,) = _foto(cliente, jefe, dia).contratos
        return uno.terminos.servicio.nombre, uno.terminos.precio, uno.condiciones

    assert tenia(DIA - timedelta(days=1)) == ("Fibra 0", Decimal(50_000), [("Megas", "300")])
    # Rige desde su día.
    assert tenia(DIA) == ("Fibra 1", Decimal(70_000), [("Megas", "600")])
    assert tenia(date(2025, 9, 1)) == ("Fibra 2", Decimal(90_000), [("Megas", "900")])


def test_dice_si_ese_dia_estaba_suspendido(cliente, jefe):
    contrato = f.FabricaContrato(cliente=cliente, fecha_inicio=date(2024, 1, 1))
    f.FabricaSuspension(contrato=contrato, desde=DIA, hasta=DIA + timedelta(days=5))

    def estado(dia: date) -> EstadoContrato:
        return _foto(cliente, jefe, dia).contratos[0].estado

    assert estado(DIA - timedelta(days=1)) == EstadoContrato.ACTIVO
    assert estado(DIA) == estado(DIA + timedelta(days=4)) == EstadoContrato.SUSPENDIDO
    # El día en que se reanuda ya se presta.
    assert estado(DIA + timedelta(days=5)) == EstadoContrato.ACTIVO


def test_uno_suspendido_sin_que_conste_desde_cuando_se_dice_suspendido(cliente, jefe):
    contrato = f.FabricaContrato(cliente=cliente, fecha_inicio=date(2024, 1, 1), estado="suspendido")
    contrato.history.all().delete()
    assert _foto(cliente, jefe).contratos[0].estado == EstadoContrato.SUSPENDIDO


def test_uno_que_entonces_estaba_pendiente(cliente, jefe):
    contrato = f.FabricaContrato(cliente=cliente, fecha_inicio=DIA, estado="pendiente")
    contrato.estado = "activo"
    contrato.save()
    mover_historia(contrato, FIN - timedelta(minutes=1))
    assert _foto(cliente, jefe, DIA).contratos[0].estado == EstadoContrato.PENDIENTE
    assert _foto(cliente, jefe, DIA + timedelta(days=1)).contratos[0].estado == EstadoContrato.ACTIVO


# --- Las interacciones y los consentimientos -------------------------------------------------------------------------
def test_las_interacciones_que_ese_dia_esperaban_respuesta(cliente, jefe):
    abierta = f.FabricaInteraccion(cliente=cliente, fecha=FIN - INSTANTE)
    respuesta = {"estado": "respondida", "respuesta": "Listo."}
    despues = f.FabricaInteraccion(cliente=cliente, fecha=FIN - timedelta(days=3), respondida_el=FIN, **respuesta)
    f.FabricaInteraccion(cliente=cliente, fecha=FIN - timedelta(days=3), respondida_el=FIN - INSTANTE, **respuesta)
    f.FabricaInteraccion(cliente=cliente, fecha=FIN)
    assert {una.interaccion.pk for una in _foto(cliente, jefe).interacciones} == {abierta.pk, despues.pk}


@pytest.mark.parametrize(
    ("avisada", "vence", "en_que_va"),
    [(FIN - INSTANTE, date(2025, 7, 1), Situacion.EN_TERMINO), (FIN, date(2025, 6, 9), Situacion.SILENCIO)],
)
def test_una_prorroga_que_se_aviso_despues_no_cuenta(cliente, jefe, avisada, vence, en_que_va):
    f.FabricaInteraccion(
        cliente=cliente, fecha=FIN - timedelta(days=30), primer_plazo=date(2025, 6, 9), vence_el=date(2025, 7, 1),
        prorroga_motivo="Visita", prorroga_avisada_el=avisada,
    )  # fmt: skip
    (una,) = _foto(cliente, jefe).interacciones
    assert (una.plazo.vence_el, una.plazo.situacion) == (vence, en_que_va)


def test_los_consentimientos_vigentes_ese_dia(cliente, jefe):
    dado = f.FabricaConsentimiento(cliente=cliente, otorgado_el=FIN - INSTANTE, revocado_el=FIN)
    f.FabricaConsentimiento(cliente=cliente, otorgado_el=FIN - timedelta(days=9), revocado_el=FIN - INSTANTE)
    f.FabricaConsentimiento(cliente=cliente, otorgado_el=FIN)
    assert _foto(cliente, jefe).consentimientos == [dado]


def test_cada_cuenta_ve_de_ese_dia_lo_que_sus_permisos_dejan(cliente):
    un_poco_de_todo(cliente)
    f.FabricaConsentimiento(cliente=cliente)
    f.FabricaInteraccion(cliente=cliente)
    solo = f.FabricaUsuario()
    solo.user_permissions.set(Permission.objects.filter(codename__in=("view_cliente", "view_consentimiento")))
    foto = como_estaba.foto(cliente, f.HOY, usuario=solo)
    assert (foto.contratos, foto.interacciones) == ([], []) and foto.consentimientos


def test_la_foto_hace_las_mismas_consultas_con_pocos_y_con_muchos(
    jefe, django_assert_num_queries, django_assert_max_num_queries
):
    cliente = f.FabricaCliente(municipio=f.FabricaMunicipio(), fecha_vinculacion=date(2014, 6, 10))
    un_poco_de_todo(cliente)
    dia = f.HOY - timedelta(days=36)
    with django_assert_max_num_queries(20) as pocas:
        como_estaba.foto(cliente, dia, usuario=jefe)
    for n in range(1, 12):
        un_poco_de_todo(cliente, n=n)
    with django_assert_num_queries(len(pocas)):
        foto = como_estaba.foto(cliente, dia, usuario=jefe)
    assert len(foto.contratos) > 5
