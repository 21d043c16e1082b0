"""El tablero dice cifras ciertas, a quien puede verlas y con pocas consultas."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bonificaciones.consultas import clientes_de_mas_de
from clientes.models import Cliente, Contrato, Interaccion
from movistar_site.comun.models import Usuario
from reportes import indicadores
from servicios.models import Servicio, TipoServicio

HOY = date(2026, 3, 15)
CONSULTAS_MAXIMAS = 10


@pytest.fixture
def jefa(db: None) -> Usuario:
    return Usuario.objects.create_superuser("jefa", "j@example.co", "clave-de-prueba-1")


@pytest.fixture
def datos(db: None) -> None:
    tipo = TipoServicio.objects.create(codigo="prueba_tablero", nombre="Tipo del tablero")
    servicios = [Servicio.objects.create(codigo=f"PRU-{i}", nombre=f"Plan {i}", tipo=tipo) for i in range(3)]
    Servicio.objects.create(codigo="PRU-V", nombre="Viejo", tipo=tipo, estado="retirado", retirado_el=HOY)
    fechas = [date(2016, 3, 14), date(2016, 3, 15), date(2020, 1, 1), date(2026, 3, 2)]
    clientes = [
        Cliente.objects.create(documento=f"10203040{i}", nombre="Ana", apellido="Prueba", fecha_vinculacion=fecha)
        for i, fecha in enumerate(fechas)
    ]
    Cliente.objects.create(
        documento="999888",
        nombre="Luz",
        apellido="Prueba",
        fecha_vinculacion=date(2000, 1, 1),
        estado="inactivo",
        inactivo_desde=HOY,
    )
    Cliente.objects.filter(pk=clientes[3].pk).update(
        categoria_asignada="leal", motivo_categoria="Viene de otra empresa"
    )
    for i, (servicio, estado) in enumerate(
        [(servicios[0], "activo"), (servicios[0], "activo"), (servicios[1], "activo"), (servicios[2], "suspendido")]
    ):
        Contrato.objects.create(
            numero=f"C-T-{i}",
            cliente=clientes[0],
            servicio=servicio,
            estado=estado,
            fecha_inicio=date(2024, 1, 1),
            precio=Decimal(1),
        )
    for i, estado in enumerate(["abierta", "en_tramite"]):
        Interaccion.objects.create(
            numero=f"I-T-{i}", cliente=clientes[0], tipo="consulta", asunto="Prueba", estado=estado
        )


def cifras(resultado: indicadores.Tablero) -> dict[str, int]:
    return {indicador.titulo: indicador.valor for indicador in resultado.indicadores}


def test_las_cifras_son_las_de_la_base(jefa: Usuario, datos: None) -> None:
    assert cifras(indicadores.tablero(jefa, hoy=HOY)) == {
        "Clientes activos": 4,
        "Nuevos este mes": 1,
        "Con más de diez años": 1,
        "Contratos activos": 3,
        "Servicios ofrecidos": 3,
        "Interacciones abiertas": 2,
    }


def test_diez_anios_exactos_no_son_mas_de_diez(datos: None) -> None:
    assert clientes_de_mas_de(120, HOY).count() == 1
    assert clientes_de_mas_de(120, HOY, estricto=False).count() == 2


def test_las_categorias_suman_los_activos_y_respetan_la_puesta_a_mano(jefa: Usuario, datos: None) -> None:
    categorias = {barra.nombre: barra.valor for barra in indicadores.tablero(jefa, hoy=HOY).categorias}
    assert categorias == {"Nuevo": 0, "Regular": 2, "Leal": 2}


def test_los_mas_contratados_van_de_mayor_a_menor(jefa: Usuario, datos: None) -> None:
    populares = indicadores.tablero(jefa, hoy=HOY).populares
    assert [(barra.nombre, barra.valor, barra.parte) for barra in populares] == [("Plan 0", 2, 100), ("Plan 1", 1, 50)]


def test_cada_cifra_abre_exactamente_sus_filas(client: Client, jefa: Usuario, datos: None) -> None:
    client.force_login(jefa)
    for indicador in indicadores.tablero(jefa, hoy=HOY).indicadores:
        respuesta = client.get(indicador.enlace)
        assert respuesta.status_code == 200, indicador.enlace
        assert respuesta.context_data["cl"].result_count == indicador.valor, indicador.titulo


def test_no_pasa_de_diez_consultas(jefa: Usuario, datos: None) -> None:
    with CaptureQueriesContext(connection) as consultas:
        indicadores.tablero(jefa, hoy=HOY)
    assert len(consultas) <= CONSULTAS_MAXIMAS, [consulta["sql"][:90] for consulta in consultas]


def test_sin_papel_no_se_lee_ni_se_muestra_nada(client: Client, datos: None) -> None:
    cuenta = Usuario.objects.create_user("sinpapel", password="clave-de-prueba-1", is_staff=True)
    assert indicadores.tablero(cuenta, hoy=HOY).indicadores == []
    client.force_login(cuenta)
    assert "aún no tiene un papel" in client.get("/").content.decode()


@pytest.mark.parametrize("papel", ["Administrador", "Agente de atención", "Asesor de ventas", "Analista"])
def test_cada_papel_tiene_su_tablero(client: Client, datos: None, papel: str) -> None:
    cuenta = Usuario.objects.create_user("alguien", password="clave-de-prueba-1", is_staff=True)
    cuenta.groups.add(Group.objects.get(name=papel))
    client.force_login(cuenta)
    assert "Clientes activos" in client.get("/").content.decode()


def test_un_panel_vacio_dice_por_donde_empezar(client: Client, jefa: Usuario) -> None:
    client.force_login(jefa)
    html = client.get("/").content.decode()
    assert "Para empezar" in html
    assert "Agregar servicio" in html
    assert "Agregar cliente" in html


def test_lo_que_cambia_se_ve_al_instante(jefa: Usuario, datos: None) -> None:
    assert cifras(indicadores.tablero(jefa, hoy=HOY))["Contratos activos"] == 3
    Contrato.objects.update(estado="suspendido")
    assert cifras(indicadores.tablero(jefa, hoy=HOY))["Contratos activos"] == 0
