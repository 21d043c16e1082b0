"""Los envíos programados son de cada quien; quien administra ve los de todos, los pausa y los quita, y nada más."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reportes.models import Envio, EstadoEnvio
from reportes.tests.escenas_envios import FabricaEnvio

from .matriz import PAPELES
from .test_permisos import _sesion

pytestmark = pytest.mark.django_db
# Papel → lo que puede con el de otro. Lo demás es un 404, como si no existiera, o un 403 a quien lo ve.
CON_EL_AJENO = {"A": {"ver", "pausar", "quitar"}, "G": set(), "V": set(), "N": set()}
PASOS = ("pausar", "reanudar", "enviar")


def _de(envio: Any, que: str) -> str:
    nombre = {"ver": "envio", "editar": "editar_envio", "quitar": "borrar_envio"}.get(que)
    return reverse(nombre, args=(envio.pk,)) if nombre else reverse("hacer_con_envio", args=(envio.pk, que))


@pytest.mark.parametrize("papel", PAPELES)
def test_con_el_de_otro(papel: str) -> None:
    sesion, puede = _sesion(papel), CON_EL_AJENO[papel]
    for que in ("ver", "editar", "quitar", *PASOS):
        estado = EstadoEnvio.PAUSADO if que == "reanudar" else EstadoEnvio.ACTIVO
        envio = FabricaEnvio(estado=estado)
        antes = Envio.objects.filter(pk=envio.pk).values().get()
        pedir = sesion.get if que == "ver" else sesion.post
        respuesta = pedir(_de(envio, que))
        esperado = 404 if not puede else 403
        assert respuesta.status_code == ({"ver": 200}.get(que, 302) if que in puede else esperado), que
        quedo = Envio.objects.filter(pk=envio.pk).values().first()
        assert (quedo == antes) == (que == "ver" or que not in puede), que
    assert mail.outbox == []
    assert f'">{FabricaEnvio().nombre}</a>' not in sesion.get(reverse("envios")).content.decode()
    de_todos = sesion.get(f"{reverse('envios')}?de=todos").content.decode()
    assert ("Los de todos" in de_todos) == (Envio.objects.latest("pk").nombre in de_todos) == bool(puede)


@pytest.mark.parametrize("papel", PAPELES)
def test_con_el_propio(papel: str) -> None:
    sesion = _sesion(papel)
    quien = sesion.get(reverse("envios")).wsgi_request.user
    envio = FabricaEnvio(usuario=quien, proxima_el=timezone.now() + timedelta(days=1))
    assert sesion.get(_de(envio, "ver")).status_code == 200
    assert sesion.get(_de(envio, "editar")).status_code == 200
    for que in ("enviar", "pausar", "reanudar"):
        assert sesion.post(_de(envio, que)).status_code == 302, que
        assert sesion.get(_de(envio, que)).status_code == 405, que
    envio.refresh_from_db()
    assert envio.estado == EstadoEnvio.ACTIVO
    assert len(mail.outbox) == 1
    assert sesion.get(_de(envio, "quitar")).status_code == 200
    assert Envio.objects.exists()
    sesion.post(_de(envio, "quitar"))
    assert not Envio.objects.exists()
    assert sesion.post(reverse("hacer_con_envio", args=(envio.pk, "nada"))).status_code == 404


def test_nadie_sin_entrar() -> None:
    envio = FabricaEnvio()
    direcciones = [_de(envio, que) for que in ("ver", "editar", "quitar", *PASOS)]
    for url in (*direcciones, reverse("envios"), reverse("nuevo_envio")):
        for respuesta in (Client().get(url), Client().post(url)):
            assert respuesta.status_code == 302
            assert "/login/" in respuesta.url


def test_sin_papel_no_se_programa_nada_pero_se_ve_por_que_se_detuvo_el_propio() -> None:
    sesion = _sesion("N")
    quien = sesion.get(reverse("envios")).wsgi_request.user
    envio = FabricaEnvio(usuario=quien, estado="detenido", detenido_por="Ana no tiene permiso.")
    quien.groups.clear()
    assert sesion.get(reverse("nuevo_envio")).status_code == 403
    assert sesion.get(f"{reverse('nuevo_envio')}?reporte=popularidad").status_code == 403
    assert "Ana no tiene permiso." in sesion.get(reverse("envios")).content.decode()
    assert "Ana no tiene permiso." in sesion.get(_de(envio, "ver")).content.decode()
    assert sesion.get(_de(envio, "editar")).status_code == 302
    sesion.post(_de(envio, "reanudar"))
    envio.refresh_from_db()
    assert envio.estado == EstadoEnvio.DETENIDO
