"""La línea de tiempo de un cliente: todo lo que le pasó, una sola vez, en orden y por páginas."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes import canales, linea_de_tiempo
from clientes.linea_de_tiempo import Corte, Filtro
from clientes.models import Cliente, Consentimiento, Interaccion
from clientes.operaciones import activar_contrato, asignar_categoria, desactivar_cliente, liberar_categoria

from . import fabricas as f
from .vidas import un_poco_de_todo

pytestmark = pytest.mark.django_db


@pytest.fixture
def jefe() -> Any:
    return f.FabricaUsuario(username="jefe", is_superuser=True)


def _llave(suceso: Any) -> tuple[Any, ...]:
    return suceso.momento, suceso.fuente.clase, suceso.clave


def _todas(cliente: Cliente, usuario: Any, filtro: Filtro | None = None, cuantos: int = 4) -> list[Any]:
    """Los sucesos de todas las páginas, una detrás de otra."""
    sucesos, corte = [], None
    while True:
        pagina = linea_de_tiempo.pagina(cliente, usuario, filtro=filtro, corte=corte, cuantos=cuantos)
        assert len(pagina.sucesos) <= cuantos
        sucesos += pagina.sucesos
        if not pagina.siguiente:
            return sucesos
        assert len(pagina.sucesos) == cuantos, "una página que no es la última va llena"
        corte = Corte.de(pagina.siguiente)
        assert corte is not None


def _propias() -> list[Any]:
    """Las fuentes de los clientes; las que otras aplicaciones registran las prueban ellas."""
    return [fuente for fuente in linea_de_tiempo.fuentes() if type(fuente).__module__.startswith("clientes.")]


def test_cada_clase_de_suceso_aparece(jefe):
    cliente = f.FabricaCliente()
    un_poco_de_todo(cliente)
    clases = {suceso.fuente.clase for suceso in _todas(cliente, jefe)}
    assert clases == {fuente.clase for fuente in _propias()}


def test_las_paginas_seguidas_dan_todo_sin_repetir_ni_perder(jefe):
    cliente = f.FabricaCliente()
    for n in range(4):
        un_poco_de_todo(cliente, n=n)
    un_poco_de_todo(f.FabricaCliente())
    entera = [_llave(uno) for uno in linea_de_tiempo.pagina(cliente, jefe, cuantos=10_000).sucesos]
    assert len(entera) == len(set(entera)) > 60
    assert [llave[0] for llave in entera] == sorted((llave[0] for llave in entera), reverse=True)
    for cuantos in (1, 3, 7, 25):
        assert [_llave(uno) for uno in _todas(cliente, jefe, cuantos=cuantos)] == entera, cuantos


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    momentos=st.lists(
        st.tuples(st.sampled_from(["caso", "permiso", "contrato", "final"]), st.integers(0, 3)), max_size=14
    ),
    cuantos=st.integers(1, 5),
)
def test_con_cualquier_mezcla_de_momentos_iguales_no_se_pierde_nada(jefe, momentos, cuantos):
    """Instantes y días que coinciden, y la medianoche, que es donde lo que tiene hora se junta con lo que no."""
    cliente = f.FabricaCliente(fecha_vinculacion=f.HOY - timedelta(days=2))
    medianoche = f.AHORA.replace(hour=0, minute=0)
    for n, (que, dias) in enumerate(momentos):
        instante, dia = medianoche - timedelta(days=dias), f.HOY - timedelta(days=dias)
        if que == "caso":
            f.FabricaInteraccion(cliente=cliente, fecha=instante)
        elif que == "permiso":
            f.FabricaConsentimiento(cliente=cliente, otorgado_el=instante, revocado_el=instante, evidencia=f"Acta {n}")
        else:
            final = {"estado": "terminado", "fecha_fin": dia} if que == "final" else {}
            f.FabricaContrato(cliente=cliente, fecha_inicio=dia, **final)
    entera = [_llave(uno) for uno in linea_de_tiempo.pagina(cliente, jefe, cuantos=1_000).sucesos]
    cuentas = {"caso": 1, "permiso": 2, "contrato": 1, "final": 2}
    # Además, la vinculación y el registro de la ficha.
    assert len(entera) == 2 + sum(cuentas[que] for que, _ in momentos)
    assert [_llave(uno) for uno in _todas(cliente, jefe, cuantos=cuantos)] == entera


# --- Filtros ---------------------------------------------------------------------------------------------------------
def test_se_filtra_por_tipo(jefe):
    cliente = f.FabricaCliente()
    un_poco_de_todo(cliente)
    todos = _todas(cliente, jefe)
    propios = {fuente.tipo for fuente in _propias()}
    for tipo in linea_de_tiempo.tipos_para(jefe):
        suyos = _todas(cliente, jefe, Filtro(tipo=tipo.clave))
        assert [_llave(uno) for uno in suyos] == [_llave(uno) for uno in todos if uno.fuente.tipo == tipo]
        assert suyos or tipo not in propios, tipo


def test_se_filtra_por_contrato(jefe):
    cliente = f.FabricaCliente()
    contrato, otro = un_poco_de_todo(cliente), un_poco_de_todo(cliente, n=1)
    suyos = _todas(cliente, jefe, Filtro(contrato=contrato.pk))
    assert {uno.contrato.texto for uno in suyos} == {contrato.numero}
    esperadas = {fuente.clase for fuente in linea_de_tiempo.fuentes() if fuente.de_contrato} - {"final"}
    assert {uno.fuente.clase for uno in suyos} == esperadas
    assert not set(map(_llave, suyos)) & set(map(_llave, _todas(cliente, jefe, Filtro(contrato=otro.pk))))


def test_filtrar_por_el_contrato_de_otro_cliente_no_muestra_nada(jefe):
    ajeno = un_poco_de_todo(f.FabricaCliente())
    assert _todas(f.FabricaCliente(), jefe, Filtro(contrato=ajeno.pk)) == []


def test_cada_cuenta_ve_lo_que_sus_permisos_dejan():
    cliente = f.FabricaCliente()
    un_poco_de_todo(cliente)
    solo = f.FabricaUsuario()
    solo.user_permissions.set(Permission.objects.filter(codename__in=("view_cliente", "view_interaccion")))
    clases = {uno.fuente.clase for uno in _todas(cliente, solo)}
    assert clases == {"vinculacion", "datos", "radicada", "prorroga", "respuesta", "sic"}
    assert _todas(cliente, solo, Filtro(tipo="notas")) == []


# --- El corte --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "texto",
    [
        "", "x", "AAAA", "\x00", "ñ" * 30, "9" * 4_000, "MXwyfDM", "MXxub2V4aXN0ZXwx", None,
        str(Corte(datetime(2026, 1, 1, tzinfo=UTC), "nadie", 1)),
        str(Corte(datetime(2026, 1, 1, tzinfo=UTC), "datos", 10**30)),
        "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTl8ZGF0b3N8MQ", "LTYyMTM1NTk2ODAwMDAwMDAwfGRhdG9zfDE",
    ],
)  # fmt: skip
def test_un_corte_que_no_se_entiende_es_el_principio(texto):
    assert Corte.de(texto) is None


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)), st.integers(-(2**63) + 1, 2**63 - 1)
)
def test_un_corte_se_lee_como_se_escribio(momento, clave):
    corte = Corte(momento, "datos", clave)
    assert Corte.de(str(corte)) == corte


def test_un_corte_de_una_fuente_que_la_cuenta_no_ve_tambien_sirve(jefe):
    cliente = f.FabricaCliente()
    un_poco_de_todo(cliente)
    corte = Corte.de(str(Corte(f.AHORA - timedelta(days=38), "nota", 5)))
    pagina = linea_de_tiempo.pagina(cliente, jefe, filtro=Filtro(tipo="contratos"), corte=corte)
    assert pagina.sucesos and all(uno.momento <= f.AHORA - timedelta(days=38) for uno in pagina.sucesos)


# --- Cómo se cuenta --------------------------------------------------------------------------------------------------
def _de(cliente: Cliente, jefe: Any, clase: str) -> list[Any]:
    return [uno for uno in _todas(cliente, jefe, cuantos=50) if uno.fuente.clase == clase]


def test_los_cambios_de_la_ficha_dicen_que_quien_y_por_que(jefe):
    cliente = f.FabricaCliente(telefono="+573000000001")
    cliente.telefono, cliente.direccion = "+573000000002", "Calle 1"
    cliente.save()
    asignar_categoria(cliente, categoria="leal", motivo="Fundador", usuario=jefe)
    liberar_categoria(cliente, usuario=jefe)
    desactivar_cliente(cliente, fecha=f.HOY, motivo="Se fue", usuario=jefe, hoy=f.HOY)
    cambios = _de(cliente, jefe, "datos")
    assert [uno.titulo for uno in cambios] == [
        "Cliente desactivado",
        "Categoría liberada",
        "Categoría asignada: Leal",
        "Cambió teléfono y dirección",
        "Ficha registrada en el panel",
    ]
    assert (cambios[0].quien, cambios[0].motivo, cambios[2].motivo) == ("jefe", "Se fue", "Fundador")
    assert [(uno.campo, uno.antes, uno.despues) for uno in cambios[3].cambios] == [
        ("Teléfono", "+573000000001", "+573000000002"),
        ("Dirección", "—", "Calle 1"),
    ]


def test_un_contrato_dice_lo_que_se_firmo_aunque_despues_cambie_de_plan(jefe):
    viejo, nuevo = f.servicio_con_precio(nombre="Fibra vieja"), f.servicio_con_precio(nombre="Fibra nueva")
    contrato = f.FabricaContrato(servicio=nuevo, precio="90000", fecha_inicio=date(2024, 1, 1))
    for efectivo, anterior in ((date(2025, 1, 1), "50000"), (date(2025, 6, 1), "70000")):
        f.FabricaCambioPlan(
            contrato=contrato,
            efectivo_el=efectivo,
            estado="aplicado",
            servicio_anterior=viejo,
            precio_anterior=anterior,
        )
    (suceso,) = _de(contrato.cliente, jefe, "contrato")
    assert suceso.titulo == "Contrató Fibra vieja"
    assert suceso.detalle.startswith("$\xa050.000") or suceso.detalle.startswith("$ 50.000")


def test_activar_un_contrato_queda_con_su_hora_y_quien(jefe):
    contrato = f.FabricaContrato(estado="pendiente", fecha_inicio=f.HOY)
    activar_contrato(contrato, usuario=jefe, hoy=f.HOY, motivo="Ya se instaló")
    (suceso,) = _de(contrato.cliente, jefe, "correccion")
    assert (suceso.titulo, suceso.quien, suceso.motivo) == ("Contrato activado", "jefe", "Ya se instaló")


def test_una_cesion_se_cuenta_en_las_dos_fichas(jefe):
    cedente, recibe = f.FabricaCliente(nombre="Ana", apellido="Ríos"), f.FabricaCliente(nombre="Luz", apellido="Paz")
    viejo = f.FabricaContrato(cliente=cedente, estado="terminado", fecha_fin=f.HOY)
    f.FabricaContrato(cliente=recibe, servicio=viejo.servicio, cedido_de=viejo, fecha_inicio=f.HOY)
    assert _de(cedente, jefe, "final")[0].titulo.startswith("Cedió a Luz Paz")
    assert _de(recibe, jefe, "contrato")[0].titulo.startswith("Recibió por cesión de Ana Ríos")


def test_lo_que_solo_tiene_fecha_va_antes_que_lo_que_ese_dia_tiene_hora(jefe):
    cliente = f.FabricaCliente(fecha_vinculacion=f.HOY)
    f.FabricaInteraccion(cliente=cliente, fecha=f.AHORA.replace(hour=0, minute=1))
    f.FabricaContrato(cliente=cliente, fecha_inicio=f.HOY)
    clases = [uno.fuente.clase for uno in _todas(cliente, jefe) if uno.fuente.clase != "datos"]
    assert clases == ["radicada", "contrato", "vinculacion"]


def test_un_cliente_sin_nada_tiene_su_vinculacion(jefe):
    cliente = f.FabricaCliente()
    cliente.history.all().delete()
    assert [uno.titulo for uno in _todas(cliente, jefe)] == ["Se vinculó como cliente"]


# --- Consultas -------------------------------------------------------------------------------------------------------
def test_una_pagina_hace_las_mismas_consultas_con_pocos_y_con_muchos(
    jefe, django_assert_num_queries, django_assert_max_num_queries
):
    cliente = f.FabricaCliente(municipio=f.FabricaMunicipio())
    un_poco_de_todo(cliente)
    canales.conocidos()  # se leen una vez por petición, y solo si algún suceso nombra uno: no son de la página
    with django_assert_max_num_queries(60) as pocas:
        linea_de_tiempo.pagina(cliente, jefe)
    for n in range(1, 16):
        un_poco_de_todo(cliente, n=n)
    Interaccion.objects.bulk_create(
        f.FabricaInteraccion.build(cliente=cliente, fecha=f.AHORA - timedelta(days=300 + n)) for n in range(100)
    )
    assert len(linea_de_tiempo.pagina(cliente, jefe, cuantos=10_000).sucesos) > 300
    canales.conocidos()
    with django_assert_num_queries(len(pocas)):
        primera = linea_de_tiempo.pagina(cliente, jefe)
    assert len(primera.sucesos) == linea_de_tiempo.POR_PAGINA
    # Las demás páginas, con los mismos sucesos o con menos clases de ellos, no hacen más.
    with django_assert_max_num_queries(len(pocas)):
        linea_de_tiempo.pagina(cliente, jefe, corte=Corte.de(primera.siguiente))


def test_cada_fuente_pide_como_mucho_una_pagina(jefe, django_assert_max_num_queries):
    cliente = f.FabricaCliente()
    un_poco_de_todo(cliente)
    with django_assert_max_num_queries(60) as hechas:
        linea_de_tiempo.pagina(cliente, jefe)
    por_fecha = [c["sql"] for c in hechas.captured_queries if "ORDER BY" in c["sql"] and "DESC" in c["sql"]]
    assert len(por_fecha) >= len(linea_de_tiempo.fuentes()) - 1
    assert all("LIMIT" in sql for sql in por_fecha if "clientes_cambioplan" not in sql or "efectivo_el" not in sql)
    assert not any("OFFSET" in sql or "UNION" in sql for sql in por_fecha)
    assert Consentimiento.objects.exists()
