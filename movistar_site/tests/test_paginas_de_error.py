"""Los errores dicen qué pasó y qué hacer, sin inglés ni rastros."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from movistar_site import vistas
from movistar_site.comun.models import Usuario


@pytest.mark.parametrize("entrado", [False, True])
def test_lo_que_no_existe_lleva_al_tablero(client: Client, db: None, entrado: bool) -> None:
    if entrado:
        client.force_login(Usuario.objects.create_superuser("jefa", "j@example.co", "clave-de-prueba-1"))
    respuesta = client.get("/no/existe/", follow=True)
    if entrado:
        assert respuesta.status_code == 404
        assert "Esa página no existe" in respuesta.content.decode()
    else:
        assert "Ingresar" in respuesta.content.decode()


def test_quien_no_tiene_permiso_lo_lee_dentro_del_panel(client: Client, db: None) -> None:
    client.force_login(Usuario.objects.create_user("sinpapel", password="clave-de-prueba-1", is_staff=True))
    respuesta = client.get("/comun/usuario/")
    assert respuesta.status_code == 403
    assert "Su cuenta no tiene permiso para esto" in respuesta.content.decode()
    assert "sinpapel" in respuesta.content.decode()


def test_el_error_interno_no_toca_la_base() -> None:
    # Sin la marca django_db, cualquier consulta falla.
    respuesta = vistas.error_interno(RequestFactory().get("/"))
    assert respuesta.status_code == 500
    assert "Algo falló de nuestro lado" in respuesta.content.decode()


def test_un_formulario_caducado_dice_que_no_se_guardo(db: None) -> None:
    cliente = Client(enforce_csrf_checks=True)
    respuesta = cliente.post("/login/", {"username": "a", "password": "b"})
    assert respuesta.status_code == 403
    assert "El formulario caducó" in respuesta.content.decode()


def test_un_filtro_prohibido_no_da_un_rastro(client: Client, db: None) -> None:
    client.force_login(Usuario.objects.create_superuser("jefa", "j@example.co", "clave-de-prueba-1"))
    respuesta = client.get("/clientes/contrato/?cliente__municipio__nombre=x")
    assert respuesta.status_code == 400
    assert "no entendió la petición" in respuesta.content.decode()


def test_un_filtro_que_no_se_entiende_muestra_la_lista_y_lo_dice(client: Client, db: None) -> None:
    client.force_login(Usuario.objects.create_superuser("jefa", "j@example.co", "clave-de-prueba-1"))
    respuesta = client.get("/clientes/cliente/?no_existe=1", follow=True)
    assert respuesta.status_code == 200
    assert "no se entendió" in respuesta.content.decode()
