"""Lo que toda pantalla hace: acciones, borrado seguro, historia, listas sin contar y errores en su sitio."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clientes.models import Cliente, Contrato
from movistar_site.comun.acciones import AdminConAcciones
from movistar_site.comun.admin_borrado import AdminConBorrado
from movistar_site.comun.admin_historia import AdminConHistoria
from movistar_site.comun.models import Usuario
from movistar_site.comun.operaciones import borrar
from movistar_site.comun.usos import LIMITE_DE_USOS, Uso
from servicios.models import PrecioServicio, Servicio, TipoServicio

CLAVE = "clave-de-prueba-1"


@pytest.fixture
def jefa(db: None) -> Usuario:
    return Usuario.objects.create_superuser("jefa", "jefa@example.co", CLAVE)


@pytest.fixture
def panel(client: Client, jefa: Usuario) -> Client:
    client.force_login(jefa)
    return client


@pytest.fixture
def tipo(db: None) -> TipoServicio:
    return TipoServicio.objects.create(codigo="prueba_base", nombre="Tipo de prueba base")


@pytest.fixture
def servicio(tipo: TipoServicio) -> Servicio:
    servicio = Servicio.objects.create(codigo="PRU-1", nombre="Uno", tipo=tipo)
    PrecioServicio.objects.create(servicio=servicio, valor=Decimal(50_000), vigente_desde=date(2024, 1, 1))
    return servicio


@pytest.fixture
def en_uso(servicio: Servicio) -> Servicio:
    cliente = Cliente.objects.create(
        documento="1020304050", nombre="Ana", apellido="Prueba", fecha_vinculacion=date(2020, 1, 1)
    )
    Contrato.objects.create(
        numero="C-PRUEBA-1", cliente=cliente, servicio=servicio, fecha_inicio=date(2024, 1, 1), precio=Decimal(1)
    )
    return servicio


def texto(respuesta: Any) -> str:
    return respuesta.content.decode()


# --- Borrar ----------------------------------------------------------------------------------------------------------
def test_lo_que_esta_en_uso_no_se_borra_y_se_dice_que_lo_usa(panel: Client, en_uso: Servicio) -> None:
    url = f"/servicios/servicio/{en_uso.pk}/delete/"
    assert "no se puede borrar: lo usa 1 contrato" in texto(panel.get(url))
    panel.post(url, {"post": "yes"})
    assert Servicio.objects.filter(pk=en_uso.pk).exists()


def test_en_vez_de_borrar_se_ofrece_otra_salida(panel: Client, en_uso: Servicio) -> None:
    assert f"/servicios/servicio/{en_uso.pk}/accion/" in texto(panel.get(f"/servicios/servicio/{en_uso.pk}/delete/"))


def test_lo_que_nadie_usa_se_borra_con_sus_partes_y_queda_en_la_historia(panel: Client, servicio: Servicio) -> None:
    url = f"/servicios/servicio/{servicio.pk}/delete/"
    assert "1 precio" in texto(panel.get(url))
    panel.post(url, {"post": "yes"})
    assert not Servicio.objects.filter(pk=servicio.pk).exists()
    assert Servicio.history.filter(id=servicio.pk).latest().autor == "jefa"


def test_borrar_varios_pide_confirmacion_y_deja_lo_que_esta_en_uso(
    panel: Client, en_uso: Servicio, tipo: TipoServicio
) -> None:
    libre = Servicio.objects.create(codigo="PRU-2", nombre="Dos", tipo=tipo)
    datos = {"action": "delete_selected", "_selected_action": [en_uso.pk, libre.pk], "index": 0, "select_across": 0}
    assert "2 servicios" in texto(panel.post("/servicios/servicio/", datos))
    assert Servicio.objects.filter(pk=libre.pk).exists()
    respuesta = panel.post("/servicios/servicio/", datos | {"accion_confirmada": "1"}, follow=True)
    assert "lo usa 1 contrato" in texto(respuesta)
    assert "hecho en 1 servicio" in texto(respuesta)
    assert not Servicio.objects.filter(pk=libre.pk).exists()


def test_los_usos_se_cuentan_hasta_un_limite() -> None:
    assert str(Uso(Contrato, LIMITE_DE_USOS, desborda=True)) == "más de 1.000 contratos"
    assert str(Uso(Contrato, 1)) == "1 contrato"


def test_borrar_no_trae_los_registros_que_lo_usan(en_uso: Servicio) -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as consultas,
        pytest.raises(ValidationError, match="1 contrato"),
    ):
        borrar(en_uso)
    assert not [c for c in consultas if 'SELECT "clientes_contrato"."id", "clientes_contrato"."creado_en"' in c["sql"]]


# --- Acciones --------------------------------------------------------------------------------------------------------
def test_una_accion_pide_confirmacion_y_solo_el_post_la_hace(panel: Client, jefa: Usuario) -> None:
    otra = Usuario.objects.create_user("agente", password=CLAVE, is_staff=True)
    url = f"/comun/usuario/{otra.pk}/accion/desactivar/"
    assert "Desactivar cuenta: 1 usuario" in texto(panel.get(url))
    otra.refresh_from_db()
    assert otra.is_active
    assert "Cuenta desactivada" in texto(panel.post(url, follow=True))
    otra.refresh_from_db()
    assert not otra.is_active


def test_una_accion_rechazada_lo_dice(panel: Client, jefa: Usuario) -> None:
    respuesta = panel.post(f"/comun/usuario/{jefa.pk}/accion/desactivar/", follow=True)
    assert "su propia cuenta" in texto(respuesta)
    jefa.refresh_from_db()
    assert jefa.is_active


def test_una_accion_dos_veces_no_se_repite(panel: Client) -> None:
    otra = Usuario.objects.create_user("agente", password=CLAVE)
    url = f"/comun/usuario/{otra.pk}/accion/desactivar/"
    panel.post(url)
    assert "ya está inactiva" in texto(panel.post(url, follow=True))


def test_sin_permiso_no_hay_accion(client: Client, db: None) -> None:
    client.force_login(Usuario.objects.create_user("sinpapel", password=CLAVE, is_staff=True))
    otra = Usuario.objects.create_user("agente", password=CLAVE)
    assert client.post(f"/comun/usuario/{otra.pk}/accion/desactivar/").status_code == 403
    otra.refresh_from_db()
    assert otra.is_active


def test_una_accion_que_no_existe_o_sobre_nadie_no_da_error(panel: Client, jefa: Usuario) -> None:
    assert panel.get(f"/comun/usuario/{jefa.pk}/accion/inventada/").status_code == 403
    assert panel.get("/comun/usuario/999999/accion/desactivar/").status_code == 302


def test_una_accion_sobre_demasiados_se_niega(panel: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AdminConAcciones, "maximo_por_accion", 2)
    cuentas = [Usuario.objects.create_user(f"a{i}", password=CLAVE) for i in range(3)]
    datos = {"action": "desactivar", "_selected_action": [c.pk for c in cuentas], "accion_confirmada": "1"}
    assert "una acción se hace sobre menos" in texto(panel.post("/comun/usuario/", datos, follow=True))
    assert Usuario.objects.filter(is_active=True).count() == 4


# --- Historia --------------------------------------------------------------------------------------------------------
def test_la_historia_dice_que_cambio_y_quien(panel: Client, servicio: Servicio, jefa: Usuario) -> None:
    from movistar_site.comun.operaciones import guardar

    servicio.nombre = "Renombrado"
    guardar(servicio, usuario=jefa, motivo="Cambio de catálogo")
    pagina = texto(panel.get(f"/servicios/servicio/{servicio.pk}/history/"))
    for parte in ("Uno", "Renombrado", "jefa", "Cambio de catálogo", "Nombre"):
        assert parte in pagina


def test_restaurar_exige_motivo_y_vuelve_el_dato(panel: Client, servicio: Servicio, jefa: Usuario) -> None:
    primera = servicio.history.latest()
    servicio.nombre = "Equivocado"
    servicio.save()
    url = f"/servicios/servicio/{servicio.pk}/history/{primera.pk}/"
    assert "Equivocado" in texto(panel.get(url))
    assert "Escriba el motivo" in texto(panel.post(url, {}))
    panel.post(url, {"motivo": "Fue un error"})
    servicio.refresh_from_db()
    assert servicio.nombre == "Uno"
    assert servicio.history.latest().history_change_reason == "Fue un error"


def test_restaurar_no_salta_las_reglas(panel: Client, servicio: Servicio, tipo: TipoServicio) -> None:
    primera = servicio.history.latest()
    servicio.codigo = "PRU-9"
    servicio.save()
    Servicio.objects.create(codigo="PRU-1", nombre="El nuevo dueño del código", tipo=tipo)
    respuesta = panel.post(f"/servicios/servicio/{servicio.pk}/history/{primera.pk}/", {"motivo": "A ver"})
    servicio.refresh_from_db()
    assert respuesta.status_code == 200
    assert servicio.codigo == "PRU-9"


def test_un_registro_borrado_se_puede_restaurar(panel: Client, servicio: Servicio) -> None:
    primera, clave = servicio.history.latest(), servicio.pk
    servicio.delete()
    assert "se borró" in texto(panel.get(f"/servicios/servicio/{clave}/history/"))
    panel.post(f"/servicios/servicio/{clave}/history/{primera.pk}/", {"motivo": "Se borró por error"})
    assert Servicio.objects.get(pk=clave).nombre == "Uno"


@pytest.mark.parametrize("cola", ["history/999999/", "history/abc/", "history/" + "9" * 40 + "/"])
def test_una_version_que_no_existe_es_un_404(panel: Client, servicio: Servicio, cola: str) -> None:
    assert panel.get(f"/servicios/servicio/{servicio.pk}/{cola}").status_code == 404


def test_quien_solo_mira_no_restaura(client: Client, servicio: Servicio) -> None:
    from django.contrib.auth.models import Permission

    analista = Usuario.objects.create_user("analista", password=CLAVE, is_staff=True)
    analista.user_permissions.add(Permission.objects.get(codename="view_servicio"))
    client.force_login(analista)
    url = f"/servicios/servicio/{servicio.pk}/history/{servicio.history.latest().pk}/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"motivo": "x"}).status_code == 403


# --- Usuarios --------------------------------------------------------------------------------------------------------
def test_las_cuentas_no_se_borran(panel: Client, jefa: Usuario) -> None:
    assert panel.post(f"/comun/usuario/{jefa.pk}/delete/", {"post": "yes"}).status_code == 403


def test_quien_no_tiene_todos_los_permisos_no_cambia_la_clave_de_quien_los_tiene(client: Client, jefa: Usuario) -> None:
    from django.contrib.auth.models import Group

    administrador = Usuario.objects.create_user("admin2", password=CLAVE, is_staff=True)
    administrador.groups.add(Group.objects.get(name="Administrador"))
    client.force_login(administrador)
    datos = {"password1": "otra-clave-larga-9", "password2": "otra-clave-larga-9"}
    assert client.post(f"/comun/usuario/{jefa.pk}/password/", datos).status_code == 403
    client.post(f"/comun/usuario/{jefa.pk}/accion/desactivar/")
    jefa.refresh_from_db()
    assert jefa.is_active
    assert jefa.check_password(CLAVE)


# --- La base misma ---------------------------------------------------------------------------------------------------
def test_ninguna_pantalla_tapa_lo_privado_de_la_base() -> None:
    """Dos mezclas con un método privado del mismo nombre se pisan sin aviso."""
    propias = (AdminConAcciones, AdminConBorrado, AdminConHistoria)
    for pantalla in admin.site._registry.values():
        for mezcla in propias:
            if not isinstance(pantalla, mezcla):
                continue
            for nombre in vars(mezcla):
                if nombre.startswith("_") and not nombre.startswith("__"):
                    assert getattr(type(pantalla), nombre) is getattr(mezcla, nombre), (pantalla, nombre)
