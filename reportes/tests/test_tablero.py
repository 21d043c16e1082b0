"""El tablero dice cifras ciertas, a quien puede verlas, con pocas consultas; y cada una abre exactamente sus filas."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from bonificaciones.consultas import clientes_de_mas_de
from bonificaciones.tests import personas
from clientes.models import Cliente, Contrato, Interaccion
from clientes.tests import fabricas
from movistar_site.comun.models import Usuario
from movistar_site.comun.tramos import contar, contar_juntas
from movistar_site.comun.valores import sumar_meses
from reportes.tablero import eleccion, lecturas, pagina
from reportes.tablero.mirada import CLAVES_DE_PERIODO, Mirada
from reportes.tablero.papeles import POR_PAPEL
from reportes.tablero.pendiente import PENDIENTES, pendientes, permitidos
from reportes.tablero.tarjeta import TARJETAS, Cifra, Tarjeta
from servicios.models import Servicio, TipoServicio

HOY = date(2026, 3, 15)
MEDIODIA = datetime(2026, 3, 15, 12, tzinfo=ZoneInfo("America/Bogota"))
CONSULTAS_CON_TODO = 24
"""Las que hace el tablero con todas las tarjetas puestas: con las de un papel son menos."""
PAPELES = ["Administrador", "Agente de atención", "Asesor de ventas", "Analista"]


@pytest.fixture
def jefa(db: None) -> Usuario:
    return Usuario.objects.create_superuser("jefa", "j@example.co", "clave-de-prueba-1")


@pytest.fixture
def datos(db: None) -> None:
    """Cinco clientes, cuatro servicios, siete contratos y cinco interacciones; lo que da cada cifra, en cada prueba."""
    tipo = TipoServicio.objects.create(codigo="prueba_tablero", nombre="Tipo del tablero")
    servicios = [Servicio.objects.create(codigo=f"PRU-{i}", nombre=f"Plan {i}", tipo=tipo) for i in range(3)]
    Servicio.objects.create(codigo="PRU-V", nombre="Viejo", tipo=tipo, estado="retirado", retirado_el=HOY)
    # Diez años y un día, diez años justos, seis años, trece días; y una que ya no es cliente.
    fechas = [date(2016, 3, 14), date(2016, 3, 15), date(2020, 1, 1), date(2026, 3, 2)]
    clientes = [
        Cliente.objects.create(documento=f"10203040{i}", nombre="Ana", apellido="Prueba", fecha_vinculacion=fecha)
        for i, fecha in enumerate(fechas)
    ]
    Cliente.objects.create(
        documento="999888", nombre="Luz", apellido="Prueba", fecha_vinculacion=date(2026, 2, 10), estado="inactivo",
        inactivo_desde=HOY,
    )  # fmt: skip
    Cliente.objects.filter(pk=clientes[3].pk).update(
        categoria_asignada="leal", motivo_categoria="Viene de otra empresa"
    )
    # Servicio, estado, inicio, fin, precio. Marzo: dos altas y una baja; febrero, hasta el 15: una alta y una baja.
    for i, (servicio, estado, inicio, fin, precio, cada) in enumerate(
        [
            (servicios[0], "activo", date(2024, 1, 1), None, "50000.50", "mensual"),
            (servicios[0], "activo", date(2026, 3, 1), None, "60000.00", "mensual"),
            (servicios[1], "activo", date(2026, 3, 15), None, "90000.00", "unica"),
            (servicios[2], "suspendido", date(2026, 2, 15), None, "70000.00", "mensual"),
            (servicios[2], "terminado", date(2024, 1, 1), date(2026, 3, 2), "1.00", "mensual"),
            (servicios[2], "terminado", date(2024, 1, 1), date(2026, 2, 1), "1.00", "mensual"),
            (servicios[2], "terminado", date(2024, 1, 1), date(2026, 2, 20), "1.00", "mensual"),
        ]
    ):
        Contrato.objects.create(
            numero=f"C-T-{i}", cliente=clientes[0], servicio=servicio, estado=estado, fecha_inicio=inicio,
            fecha_fin=fin, precio=Decimal(precio), periodicidad=cada,
        )  # fmt: skip
    # Tipo, radicada hace tantos días, vence en tantos. La última, a las 23:30 de Bogotá del último día de febrero.
    for i, (clase, hace, vence) in enumerate([("consulta", 0, 0), ("reclamacion", 14, -1), ("sugerencia", 1, None)]):
        Interaccion.objects.create(
            numero=f"I-T-{i}", cliente=clientes[0], tipo=clase, asunto=f"Caso {i}", estado="abierta",
            fecha=MEDIODIA - timedelta(days=hace), vence_el=None if vence is None else HOY + timedelta(days=vence),
        )  # fmt: skip
    Interaccion.objects.create(
        numero="I-T-8", cliente=clientes[1], tipo="reclamacion", asunto="De febrero", estado="respondida",
        respuesta="Ya", fecha=MEDIODIA - timedelta(days=40), vence_el=HOY, respondida_el=MEDIODIA,
    )  # fmt: skip
    Interaccion.objects.create(
        numero="I-T-9", cliente=clientes[1], tipo="consulta", asunto="De noche", estado="en_tramite",
        fecha=datetime(2026, 2, 28, 23, 30, tzinfo=MEDIODIA.tzinfo), vence_el=HOY + timedelta(days=5),
    )  # fmt: skip


def mirada(usuario: Any, clave: str = "") -> Mirada:
    return Mirada.de(usuario, ahora=MEDIODIA, clave=clave)


def valores(usuario: Any, clave: str = "") -> dict[str, Any]:
    """Cada cifra, con la de antes si se compara."""
    una = mirada(usuario, clave)
    return {
        tarjeta.clave: (tarjeta.valor(una), tarjeta.antes(una)) if tarjeta.del_periodo else tarjeta.valor(una)
        for tarjeta in TARJETAS.values()
        if isinstance(tarjeta, Cifra)
    }


def a_la_vista(usuario: Any) -> dict[str, int]:
    una = mirada(usuario)
    return {visto.pendiente.clave: visto.cuantos for visto in pendientes(una, permitidos(usuario))}


# --- Las cifras ------------------------------------------------------------------------------------------------------
def test_las_cifras_son_las_que_salen_a_mano(jefa: Usuario, datos: None) -> None:
    assert valores(jefa) == {
        "clientes-activos": 4,
        "clientes-nuevos": (1, 1),  # el 2 de marzo; y la del 10 de febrero, aunque ya no sea cliente
        "clientes-diez-anios": 1,  # los del 14 de marzo de 2016: los del 15 los cumplen hoy y entran mañana
        "contratos-activos": 3,
        "facturacion-mensual": Decimal("110000.50"),  # los dos activos que se pagan mes a mes
        "contratos-altas": (2, 1),
        "contratos-bajas": (1, 1),  # la del 20 de febrero es posterior al 15: no se compara con ella
        "servicios-ofrecidos": 3,
        "interacciones-sin-responder": 4,
        "interacciones-recibidas": (3, 1),  # la del 28 a las 23:30 es de febrero, y después del 15
        "reclamaciones": (1, 1),
        "bonificaciones-aceptadas": (0, 0),
        "derivaciones-vencidas": (0, 0),
    }


def test_el_mes_pasado_va_entero_y_se_compara_con_el_anterior(jefa: Usuario, datos: None) -> None:
    vistos = valores(jefa, "mes_pasado")
    assert vistos["contratos-altas"] == (1, 0)
    assert vistos["contratos-bajas"] == (2, 0)
    assert vistos["interacciones-recibidas"] == (2, 0)
    assert vistos["clientes-activos"] == 4


def test_en_doce_meses_los_puntos_van_por_mes(jefa: Usuario, datos: None) -> None:
    puntos = TARJETAS["altas-y-bajas"].puntos(mirada(jefa, "12_meses"))  # type: ignore[attr-defined]
    assert (puntos.rotulos[0], puntos.rotulos[-1]) == ("abr 2025", "mar 2026")
    altas, bajas = puntos.series
    assert list(altas.valores) == [0] * 10 + [1, 2]
    assert list(bajas.valores) == [0] * 10 + [2, 1]


def test_las_categorias_suman_los_activos_y_respetan_la_puesta_a_mano(jefa: Usuario, datos: None) -> None:
    puntos = TARJETAS["clientes-por-categoria"].puntos(mirada(jefa))  # type: ignore[attr-defined]
    assert dict(zip(puntos.rotulos, puntos.series[0].valores, strict=True)) == {"Nuevo": 0, "Regular": 2, "Leal": 2}


def test_los_mas_contratados_van_de_mayor_a_menor(jefa: Usuario, datos: None) -> None:
    puntos = TARJETAS["servicios-populares"].puntos(mirada(jefa))  # type: ignore[attr-defined]
    assert (list(puntos.rotulos), list(puntos.series[0].valores)) == (["Plan 0", "Plan 1"], [2, 1])


def test_diez_anios_exactos_no_son_mas_de_diez(datos: None) -> None:
    assert clientes_de_mas_de(120, HOY).count() == 1
    assert clientes_de_mas_de(120, HOY, estricto=False).count() == 2


def test_lo_que_cambia_se_ve_al_instante(jefa: Usuario, datos: None) -> None:
    Contrato.objects.filter(estado="activo").update(estado="suspendido")
    assert valores(jefa)["contratos-activos"] == 0


def test_una_cifra_dice_si_sube_y_si_eso_es_bueno(jefa: Usuario, datos: None) -> None:
    una = mirada(jefa)
    altas = TARJETAS["contratos-altas"].mostrar(una)["cambio"]
    assert (altas.sentido, altas.tono, altas.antes) == ("sube", "bien", "1")
    Contrato.objects.filter(fecha_fin=date(2026, 2, 1)).update(fecha_fin=date(2026, 2, 25))
    bajas = TARJETAS["contratos-bajas"].mostrar(mirada(jefa))["cambio"]
    assert (bajas.sentido, bajas.tono) == ("sube", "mal")
    assert TARJETAS["clientes-activos"].mostrar(una)["cambio"] is None


# --- Lo que necesita atención ----------------------------------------------------------------------------------------
def test_lo_que_necesita_atencion_sale_a_mano(jefa: Usuario, datos: None) -> None:
    # Vence hoy la consulta; ayer venció la reclamación, que es silencio y no tiene tarea. Quien cumple hoy los diez
    # años es uno de los próximos treinta días.
    assert a_la_vista(jefa) == {
        "casos-vencidos": 1,
        "silencios-sin-tarea": 1,
        "casos-vencen-hoy": 1,
        "aniversarios": 1,
        "casos-sin-asignar": 4,
    }
    fabricas.FabricaSilencio(interaccion=Interaccion.objects.get(numero="I-T-1"))
    vistos = a_la_vista(jefa)
    assert "silencios-sin-tarea" not in vistos
    assert vistos["silencios-por-cumplir"] == 1


def test_un_asesor_ve_sus_derivaciones_y_no_las_de_otros(db: None) -> None:
    suyo, otro = personas.asesor(), personas.asesor()
    for quien, dias, estado in ((suyo, 0, "pendiente"), (suyo, -1, "contactado"), (otro, 0, "pendiente"),
                                (otro, -1, "pendiente"), (suyo, 3, "pendiente")):  # fmt: skip
        personas.derivada_a(quien, vence_el=HOY + timedelta(days=dias), estado=estado)
    personas.derivada_a(suyo, estado="aplazada", vence_el=None, volver_el=HOY)
    personas.derivada_a(suyo, estado="aplazada", vence_el=None, volver_el=HOY + timedelta(days=1))
    vistos = a_la_vista(suyo)
    assert {clave: n for clave, n in vistos.items() if clave != "aniversarios"} == {
        "derivaciones-vencidas": 1,
        "derivaciones-de-hoy": 1,
        "llamadas-prometidas": 1,
    }
    manda = personas.administrador()
    assert a_la_vista(manda)["derivaciones-de-hoy"] == 2
    assert a_la_vista(manda)["bonificaciones-por-responder"] == 7


def test_a_quien_atiende_no_le_hablan_de_las_derivaciones(db: None) -> None:
    personas.derivada_a(personas.asesor(), vence_el=HOY)
    assert set(a_la_vista(personas.con_papel("Agente de atención"))) <= {"aniversarios"}
    assert a_la_vista(personas.con_papel("Analista"))["derivaciones-de-hoy"] == 1


def test_a_quien_vende_no_le_hablan_de_los_plazos_de_todos(datos: None) -> None:
    assert not {"casos-vencidos", "casos-vencen-hoy", "apelaciones-por-enviar"} & set(a_la_vista(personas.asesor()))


def test_contar_juntas_es_contar_cada_una(datos: None) -> None:
    consultas = [
        Interaccion.objects.all().abiertas().order_by("vence_el", "id"),
        Cliente.objects.none(),
        Contrato.objects.filter(estado="activo", precio__gt=Decimal("50000.50")),
        Cliente.objects.filter(apellido="100% de «Pérez»"),
    ]
    with CaptureQueriesContext(connection) as hechas:
        juntas = contar_juntas(consultas)
    assert juntas == [contar(una) for una in consultas] == [4, 0, 2, 0]
    assert len(hechas) == 1
    assert contar_juntas(consultas, 2) == [3, 0, 2, 0]
    assert contar_juntas([]) == []


def test_lo_que_no_se_alcanza_a_contar_se_dice_con_un_mas(jefa: Usuario, datos: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("reportes.tablero.pendiente.contar_juntas", lambda consultas: [1_001] * len(consultas))
    vistos = {visto.pendiente.clave: visto for visto in pendientes(mirada(jefa), permitidos(jefa))}
    assert vistos["casos-sin-asignar"].texto == "1.000+"
    assert vistos["casos-vencidos"].texto == "1"


# --- Las fechas ------------------------------------------------------------------------------------------------------
dias = st.dates(date(2005, 1, 1), date(2060, 12, 31))


@given(hoy=dias, clave=st.sampled_from(CLAVES_DE_PERIODO))
def test_los_puntos_de_un_grafico_cubren_el_periodo_sin_repetir_un_dia(hoy: date, clave: str) -> None:
    una = Mirada.de(None, ahora=datetime.combine(hoy, time(12), MEDIODIA.tzinfo), clave=clave)
    tramos = una.tramos()
    assert (tramos[0].desde, tramos[-1].hasta) == (una.periodo.desde, una.periodo.hasta)
    assert all(despues.desde == antes.hasta + timedelta(days=1) for antes, despues in pairwise(tramos))
    assert len(tramos) <= 62


@given(hoy=dias, dia=dias)
def test_los_proximos_aniversarios_son_los_que_caen_en_esos_dias(hoy: date, dia: date) -> None:
    tramo = lecturas.vinculados_en_el_aniversario(hoy)
    cumple = sumar_meses(dia, lecturas.MESES_DE_DIEZ_ANIOS)
    assert (tramo.desde <= dia <= tramo.hasta) == (hoy <= cumple <= hoy + timedelta(days=30))


# --- Quién ve qué ----------------------------------------------------------------------------------------------------
def test_sin_papel_no_se_lee_ni_se_muestra_nada(client: Client, datos: None) -> None:
    cuenta = Usuario.objects.create_user("sinpapel", password="clave-de-prueba-1", is_staff=True)
    vacio = pagina.tablero(cuenta, ahora=MEDIODIA)
    assert vacio.sin_papel
    assert (vacio.cifras, vacio.bloques, vacio.pendientes, vacio.pasos) == ([], [], [], [])
    client.force_login(cuenta)
    html = client.get("/").content.decode()
    assert "aún no tiene un papel" in html
    assert "Personalizar" not in html
    assert "aún no tiene un papel" in client.get("/tablero/").content.decode()


@pytest.mark.parametrize("papel", PAPELES)
def test_cada_papel_tiene_su_tablero(client: Client, datos: None, papel: str) -> None:
    cuenta = personas.con_papel(papel)
    client.force_login(cuenta)
    html = client.get("/").content.decode()
    assert "Clientes activos" in html
    vistas = [una.clave for una in eleccion.elegidas(cuenta)]
    assert set(vistas) == set(POR_PAPEL[papel]), "una tarjeta de ese papel pide un permiso que el papel no da"


@pytest.mark.parametrize("papel", PAPELES)
def test_nadie_ve_una_tarjeta_sin_permiso_de_ver_sus_filas(client: Client, datos: None, papel: str) -> None:
    cuenta = personas.con_papel(papel)
    client.force_login(cuenta)
    una = Mirada.de(cuenta, ahora=MEDIODIA)
    for tarjeta in TARJETAS.values():
        if tarjeta.permitida(cuenta):
            assert client.get(tarjeta.enlace(una)).status_code == 200, tarjeta.clave
    for pendiente in permitidos(cuenta):
        assert client.get(pendiente.enlace(una)).status_code == 200, pendiente.clave


def test_una_cuenta_inactiva_no_ve_nada(jefa: Usuario) -> None:
    jefa.is_active = False
    assert not any(una.permitida(jefa) for una in TARJETAS.values())
    assert not permitidos(jefa)


def test_con_un_papel_hecho_en_el_panel_ve_las_primeras_que_puede(datos: None) -> None:
    cuenta = Usuario.objects.create_user("propia", password="clave-de-prueba-1", is_staff=True)
    papel = Group.objects.create(name="Coordinación")
    papel.permissions.set(Group.objects.get(name="Analista").permissions.all())
    cuenta.groups.add(papel)
    assert 0 < len(eleccion.elegidas(cuenta)) <= 12


def test_con_dos_papeles_ve_las_tarjetas_de_los_dos(datos: None) -> None:
    cuenta = personas.asesor()
    cuenta.groups.add(Group.objects.get(name="Agente de atención"))
    claves = [una.clave for una in eleccion.elegidas(cuenta)]
    assert len(claves) == len(set(claves))
    assert {"mis-casos", "clientes-por-llamar"} <= set(claves)


def test_todo_dice_que_es() -> None:
    assert all(len(una.definicion) > 20 for una in (*TARJETAS.values(), *PENDIENTES.values()))


# --- La página -------------------------------------------------------------------------------------------------------
def test_un_panel_vacio_dice_por_donde_empezar(client: Client, jefa: Usuario) -> None:
    client.force_login(jefa)
    html = client.get("/").content.decode()
    assert "Para empezar" in html
    assert "Agregar servicio" in html
    assert "Agregar cliente" in html
    assert "Todo al día" in html


@pytest.mark.parametrize("malo", ["", "siglo", "todo", "a_medida", "\x00", "mes' OR 1=1", "9" * 300])
def test_un_periodo_que_no_se_ofrece_es_el_de_este_mes(client: Client, jefa: Usuario, malo: str) -> None:
    client.force_login(jefa)
    respuesta = client.get("/", {"periodo": malo})
    assert respuesta.status_code == 200
    assert [opcion.titulo for opcion in respuesta.context["tablero"].periodos if opcion.puesto] == ["Este mes"]


def test_el_periodo_va_en_la_direccion_y_se_dice_con_que_se_compara(client: Client, jefa: Usuario, datos: None) -> None:
    client.force_login(jefa)
    respuesta = client.get("/", {"periodo": "anio_pasado"})
    vista = respuesta.context["tablero"]
    assert [opcion.titulo for opcion in vista.periodos if opcion.puesto] == ["El año pasado"]
    assert vista.comparado in respuesta.content.decode()


# --- Lo que cuesta ---------------------------------------------------------------------------------------------------
def con_todo(usuario: Any) -> list[Tarjeta]:
    return eleccion.elegir(usuario, TARJETAS)


def consultas_de(usuario: Any) -> list[str]:
    usuario = Usuario.objects.get(pk=usuario.pk)
    usuario.has_perm("clientes.view_cliente")
    with CaptureQueriesContext(connection) as hechas:
        pagina.tablero(usuario, ahora=MEDIODIA, clave="12_meses")
    return [consulta["sql"] for consulta in hechas.captured_queries]


def test_con_todas_las_tarjetas_hace_pocas_consultas_y_las_mismas_con_mas_filas(jefa: Usuario, datos: None) -> None:
    assert len(con_todo(jefa)) == len(TARJETAS)

    def crecer(cuantas: int) -> None:
        for n in range(cuantas):
            contrato = fabricas.FabricaContrato(fecha_inicio=HOY)
            fabricas.FabricaInteraccion(cliente=contrato.cliente, vence_el=HOY - timedelta(days=n), responsable=jefa)
            personas.derivada_a(jefa, vence_el=HOY)

    crecer(1)
    antes = consultas_de(jefa)
    crecer(12)
    despues = consultas_de(jefa)
    assert len(despues) == len(antes) <= CONSULTAS_CON_TODO, "\n".join(sql[:120] for sql in despues)


@pytest.mark.parametrize("papel", PAPELES)
def test_ninguna_consulta_recorre_las_tablas_grandes(datos: None, papel: str) -> None:
    cuentas = ("COUNT(", "SUM(")
    grandes = ('FROM "clientes_cliente"', 'FROM "clientes_contrato"', 'FROM "clientes_interaccion"')
    for sql in consultas_de(personas.con_papel(papel)):
        cuenta = any(palabra in sql for palabra in cuentas) and any(tabla in sql for tabla in grandes)
        assert not cuenta or "LIMIT 1001" in sql, sql
