"""Quién abre cada bandeja de derivaciones y la página de una, y quién hace algo en ellas."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from bonificaciones.derivaciones import bandejas
from bonificaciones.tests.fabricas import FabricaDerivacion
from bonificaciones.vistas.derivacion import PASOS

from .matriz import DE_DERIVACION, DERIVACIONES, PAPELES
from .test_permisos import _sesion

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", DERIVACIONES)
def test_las_bandejas_de_derivaciones_y_lo_que_en_ellas_se_hace(slug: str) -> None:
    url = reverse("bandeja_de_derivaciones", args=(slug,))
    derivacion = FabricaDerivacion()
    elegida = {"action": "reasignar", ACTION_CHECKBOX_NAME: [derivacion.pk]}
    fallos = []
    for papel in PAPELES:
        sesion = _sesion(papel)
        if (sesion.get(url).status_code == 200) != (papel in DERIVACIONES[slug]):
            fallos.append(f"{PAPELES[papel]} la abre")
        pasa = papel in DERIVACIONES[slug] and papel == "A"
        if sesion.post(url, elegida).status_code != (200 if pasa else 403):
            fallos.append(f"{PAPELES[papel]} pasa las elegidas")
    for respuesta in (Client().get(url), Client().post(url, elegida)):
        if respuesta.status_code != 302 or "/login/" not in respuesta.url:
            fallos.append(f"nadie → {respuesta.status_code}")
    assert set(DERIVACIONES) == set(bandejas.BANDEJAS)
    assert not fallos


def test_la_pagina_de_una_derivacion_y_lo_que_en_ella_se_hace() -> None:
    derivacion = FabricaDerivacion()
    url = reverse("pagina_de_derivacion", args=(derivacion.pk,))
    fallos = []
    for papel in PAPELES:
        sesion = _sesion(papel)
        if (sesion.get(url).status_code == 200) != (papel in DE_DERIVACION["pagina_de_derivacion"]):
            fallos.append(f"{PAPELES[papel]} la abre")
        for paso in PASOS:
            estado = sesion.post(reverse("hacer_con_derivacion", args=(derivacion.pk, paso)), {}).status_code
            puede = papel in DE_DERIVACION["hacer_con_derivacion"]
            if estado != (422 if puede else 403):
                fallos.append(f"{PAPELES[papel]}: {paso} → {estado}")
    for respuesta in (Client().get(url), Client().post(reverse("hacer_con_derivacion", args=(derivacion.pk, "vino")))):
        if respuesta.status_code != 302 or "/login/" not in respuesta.url:
            fallos.append(f"nadie → {respuesta.status_code}")
    assert not fallos
    assert not derivacion.gestiones.exists()
