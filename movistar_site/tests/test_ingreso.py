"""Entrar al panel: con la clave, sin ella y demasiadas veces sin ella."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from movistar_site.comun.models import Usuario

CLAVE = "clave-de-prueba-1"


@pytest.fixture
def cuenta(db: None) -> Usuario:
    return Usuario.objects.create_superuser("jefa", "jefa@example.co", CLAVE)


def test_quien_ingresa_llega_al_tablero(client: Client, cuenta: Usuario) -> None:
    respuesta = client.post("/login/", {"username": "jefa", "password": CLAVE}, follow=True)
    assert respuesta.redirect_chain[-1][0] == "/"
    assert respuesta.status_code == 200


def test_quien_pidio_una_pagina_vuelve_a_ella(client: Client, cuenta: Usuario) -> None:
    pedida = client.get("/clientes/cliente/")
    formulario = client.get(pedida["Location"])
    assert 'name="next" value="/clientes/cliente/"' in formulario.content.decode() or "next=" in pedida["Location"]
    respuesta = client.post(pedida["Location"], {"username": "jefa", "password": CLAVE})
    assert respuesta["Location"] == "/clientes/cliente/"


def test_una_cuenta_inactiva_no_entra(client: Client, cuenta: Usuario) -> None:
    Usuario.objects.update(is_active=False)
    respuesta = client.post("/login/", {"username": "jefa", "password": CLAVE})
    assert respuesta.status_code == 200
    assert "no corresponden" in respuesta.content.decode()


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
def test_al_tercer_fallo_se_bloquea_y_se_dice_cuanto(client: Client, cuenta: Usuario) -> None:
    for _ in range(3):
        respuesta = client.post("/login/", {"username": "jefa", "password": "mala"})
    assert respuesta.status_code == 429
    assert "bloqueado por 15 minutos" in respuesta.content.decode()
    assert respuesta["Retry-After"] == "900"
    assert client.post("/login/", {"username": "jefa", "password": CLAVE}).status_code == 429


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
def test_un_administrador_quita_el_bloqueo(client: Client, cuenta: Usuario) -> None:
    from axes.models import AccessAttempt

    for _ in range(3):
        client.post("/login/", {"username": "jefa", "password": "mala"})
    intento = AccessAttempt.objects.get()
    administradora = Client()
    administradora.force_login(Usuario.objects.create_superuser("otra", "o@example.co", CLAVE))
    url = f"/axes/accessattempt/{intento.pk}/accion/desbloquear/"
    assert administradora.get(url).status_code == 200
    assert administradora.post(url, {}, follow=True).status_code == 200
    assert not AccessAttempt.objects.exists()
    assert client.post("/login/", {"username": "jefa", "password": CLAVE}).status_code == 302
