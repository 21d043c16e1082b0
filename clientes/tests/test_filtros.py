"""Los filtros: qué se puede pedir, y que la categoría filtrada es la misma que se muestra."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes import filtros, reglas
from clientes.models import Cliente, Consentimiento, Contrato, Interaccion
from movistar_site.comun.parametros import CATALOGO

from .fabricas import (
    AHORA,
    HOY,
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaEmpresa,
    FabricaInteraccion,
    FabricaMunicipio,
)

pytestmark = pytest.mark.django_db
TODOS = (
    filtros.FiltroDepartamento,
    filtros.FiltroMunicipio,
    filtros.FiltroCliente,
    filtros.FiltroContrato,
    filtros.FiltroInteraccion,
    filtros.FiltroConsentimiento,
    filtros.FiltroContacto,
)
NORMAS = {clave: definicion.leer(definicion.por_defecto) for clave, definicion in CATALOGO.items()}


def filtrar(clase, datos, hoy=HOY):
    filtro = clase(datos, clase._meta.model.objects.all(), hoy=hoy)
    assert filtro.form.is_valid(), filtro.form.errors
    return list(filtro.qs)


@pytest.mark.parametrize("clase", TODOS, ids=lambda clase: clase.__name__)
def test_todo_campo_tiene_su_filtro_o_su_razon_para_no_tenerlo(clase):
    campos = {campo.name for campo in clase._meta.model._meta.concrete_fields}
    cubiertos = {f.field_name.split("__")[0].removesuffix("_id") for f in clase.base_filters.values()}
    cubiertos |= set(clase.base_filters)
    sin_decir = campos - cubiertos - set(clase.EXCLUIDOS)
    assert not sin_decir, f"{clase.__name__}: diga si se filtra por {sin_decir}"
    assert not set(clase.EXCLUIDOS) - campos - {"id"}, "se excluye un campo que no existe"


@pytest.mark.parametrize("clase", TODOS, ids=lambda clase: clase.__name__)
def test_todo_filtro_tiene_su_nombre_en_espanol(clase):
    for nombre, filtro in clase.base_filters.items():
        assert filtro.extra.get("label") or filtro.label, nombre


# --- Categoría -------------------------------------------------------------------------------------------------------
CERCA = st.integers(-3, 3).flatmap(
    lambda dias: st.sampled_from([36, 120]).map(lambda meses: (meses, dias))
)  # alrededor de los límites, que es donde se falla
DIAS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hoy=DIAS, cerca=CERCA, asignada=st.sampled_from(["", "", "nuevo", "regular", "leal"]))
def test_la_categoria_filtrada_es_la_que_se_muestra_cualquier_dia(db, hoy, cerca, asignada):
    meses, dias = cerca
    desde = date(hoy.year - meses // 12, hoy.month, min(hoy.day, 28)) + timedelta(days=dias)
    cliente = FabricaCliente(fecha_vinculacion=desde, categoria_asignada=asignada, motivo_categoria=asignada)
    try:
        anotada = Cliente.objects.con_categoria(hoy, NORMAS).get(pk=cliente.pk).categoria
        filtrada = [
            categoria
            for categoria in ("nuevo", "regular", "leal")
            if Cliente.objects.de_categoria(categoria, hoy, NORMAS).filter(pk=cliente.pk).exists()
        ]
        assert filtrada == [anotada] == [reglas.categoria_de(cliente, hoy, NORMAS)]
    finally:
        cliente.delete()


def test_se_filtra_por_categoria_y_por_si_se_asigno_a_mano():
    leal = FabricaCliente(fecha_vinculacion=date(2010, 1, 1))
    a_mano = FabricaCliente(categoria_asignada="leal", motivo_categoria="Fundador")
    FabricaCliente()
    assert set(filtrar(filtros.FiltroCliente, {"categoria": "leal"})) == {leal, a_mano}
    assert filtrar(filtros.FiltroCliente, {"categoria_asignada": True}) == [a_mano]


# --- Permanencia -----------------------------------------------------------------------------------------------------
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hoy=DIAS, dias=st.integers(0, 30 * 365), anios=st.integers(0, 30))
def test_el_rango_de_permanencia_cuenta_anios_cumplidos(db, hoy, dias, anios):
    from movistar_site.comun.valores import anios_cumplidos

    cliente = FabricaCliente(fecha_vinculacion=hoy - timedelta(days=dias))
    try:
        cumplidos = anios_cumplidos(cliente.fecha_vinculacion, hoy)
        propio = Cliente.objects.filter(pk=cliente.pk)
        assert propio.con_permanencia(hoy, desde=anios).exists() == (cumplidos >= anios)
        assert propio.con_permanencia(hoy, hasta=anios).exists() == (cumplidos < anios)
    finally:
        cliente.delete()


def test_se_filtra_por_permanencia_y_un_disparate_se_rechaza():
    viejo, nuevo = FabricaCliente(fecha_vinculacion=date(2001, 1, 1)), FabricaCliente(fecha_vinculacion=HOY)
    assert filtrar(filtros.FiltroCliente, {"permanencia_desde": 20}) == [viejo]
    assert filtrar(filtros.FiltroCliente, {"permanencia_hasta": 1}) == [nuevo]
    for mala in ("-1", "9999", "mucho"):
        filtro = filtros.FiltroCliente({"permanencia_desde": mala}, Cliente.objects.all(), hoy=HOY)
        assert not filtro.form.is_valid()


# --- Lo demás --------------------------------------------------------------------------------------------------------
def test_los_clientes_se_filtran_por_lugar_estado_y_tipo():
    municipio = FabricaMunicipio()
    persona = FabricaCliente(municipio=municipio, estrato=3)
    empresa = FabricaEmpresa(estado="inactivo", inactivo_desde=HOY)
    for datos, esperado in (
        ({"municipio": [municipio.pk]}, [persona]),
        ({"departamento": [municipio.departamento_id]}, [persona]),
        ({"estrato": ["3"]}, [persona]),
        ({"estado": ["inactivo"]}, [empresa]),
        ({"tipo_persona": ["juridica"]}, [empresa]),
        ({"busqueda": persona.documento_visible}, [persona]),
    ):
        assert filtrar(filtros.FiltroCliente, datos) == esperado, datos


def test_los_clientes_se_filtran_por_si_esperan_respuesta():
    interaccion = FabricaInteraccion()
    otro = FabricaCliente()
    assert filtrar(filtros.FiltroCliente, {"con_interaccion_abierta": True}) == [interaccion.cliente]
    assert filtrar(filtros.FiltroCliente, {"con_interaccion_abierta": False}) == [otro]


def test_los_contratos_se_filtran():
    contrato = FabricaContrato(precio=Decimal(50000), fecha_inicio=date(2025, 6, 1))
    otro = FabricaContrato(estado="terminado", fecha_fin=HOY, permanencia_meses=12, anexo_permanencia="A")
    for datos, esperado in (
        ({"estado": ["activo"]}, [contrato]),
        ({"servicio": [contrato.servicio_id]}, [contrato]),
        ({"tipo": [contrato.servicio.tipo_id]}, [contrato]),
        ({"precio_max": "60000"}, [contrato]),
        ({"fecha_inicio_after": "2025-05-01"}, [contrato]),
        ({"cliente": contrato.cliente_id}, [contrato]),
        ({"busqueda": contrato.numero}, [contrato]),
        ({"busqueda": otro.cliente.documento_visible}, [otro]),
        ({"permanencia_meses": True}, [otro]),
    ):
        assert filtrar(filtros.FiltroContrato, datos) == esperado, datos
    assert Contrato.objects.count() == 2


def test_las_interacciones_y_los_consentimientos_se_filtran():
    abierta = FabricaInteraccion(tipo="reclamacion", canal="web")
    FabricaInteraccion(estado="respondida", respuesta="Sí", respondida_el=AHORA)
    for datos in ({"abierta": True}, {"tipo": ["reclamacion"]}, {"canal": ["web"]}, {"estado": ["abierta"]}):
        assert filtrar(filtros.FiltroInteraccion, datos) == [abierta], datos
    revocado = FabricaConsentimiento(revocado_el=AHORA, canal="sms")
    FabricaConsentimiento()
    assert filtrar(filtros.FiltroConsentimiento, {"vigente": False}) == [revocado]
    assert filtrar(filtros.FiltroConsentimiento, {"canal": ["sms"]}) == [revocado]
    assert Interaccion.objects.count() == Consentimiento.objects.count() == 2
