"""Quién ve lo que alcanza un programa, quién lo corre y quién mira una corrida."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bonificaciones.tests.fabricas import FabricaCorrida, FabricaPrograma

from .matriz import DE_PROGRAMA, PAPELES
from .test_permisos import _sesion

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("nombre", DE_PROGRAMA)
def test_las_paginas_de_un_programa_y_de_una_corrida(nombre: str) -> None:
    corrida = FabricaCorrida()
    url = reverse(nombre, args=(corrida.pk if nombre.startswith("corrida") else corrida.programa_id,))
    fallos = [
        f"{PAPELES[papel]} → {estado}"
        for papel in PAPELES
        if (estado := _sesion(papel).get(url).status_code) != (200 if papel in DE_PROGRAMA[nombre] else 403)
    ]
    assert "/login/" in Client().get(url).url
    assert not fallos


@pytest.mark.parametrize("papel", PAPELES)
def test_el_alcance_lo_ve_quien_edita_programas(papel: str) -> None:
    url, sesion = reverse("alcance_de_programa"), _sesion(papel)
    for direccion in (url, f"{url}?programa={FabricaPrograma().pk}"):
        assert sesion.post(direccion, {}).status_code == (200 if papel == "A" else 403)
        assert "/login/" in Client().post(direccion, {}).url
