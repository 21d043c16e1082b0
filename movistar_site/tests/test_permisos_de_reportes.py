"""Quién abre cada reporte, quién ve las filas de sus cifras y quién se lo lleva en un archivo."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reportes.marco import REPORTES, Agrupado
from reportes.marco.listados import listado_de
from reportes.marco.pedido import Pedido

from .matriz import DE_REPORTE, PAPELES
from .test_permisos import _sesion

pytestmark = pytest.mark.django_db


def test_la_matriz_nombra_todos_los_reportes() -> None:
    assert set(DE_REPORTE) == set(REPORTES)


def _pedido(clave: str) -> Pedido:
    from django.utils import timezone

    return REPORTES[clave].pedir({}, hoy=timezone.localdate())


@pytest.mark.parametrize("clave", REPORTES)
def test_cada_papel_abre_los_suyos_y_se_lleva_lo_que_puede(clave: str) -> None:
    quienes, quienes_llevan = DE_REPORTE[clave]
    fallos = []
    for papel in PAPELES:
        sesion = _sesion(papel)
        for direccion, esperados in (
            (reverse("reporte", args=(clave,)), quienes),
            (reverse("descargar_reporte", args=(clave, "csv")), quienes_llevan),
        ):
            estado = sesion.get(direccion).status_code
            if estado != (200 if papel in esperados else 403):
                fallos.append(f"{PAPELES[papel]}: {direccion} → {estado}")
    assert not fallos
    assert "/login/" in Client().get(reverse("reporte", args=(clave,))).url


@pytest.mark.parametrize("clave", REPORTES)
def test_las_filas_de_una_cifra_las_ve_quien_puede_ver_ese_registro(clave: str) -> None:
    reporte = REPORTES[clave]
    if not isinstance(reporte, Agrupado):
        return
    sesiones = {papel: _sesion(papel) for papel in PAPELES}
    for cifra in reporte.cifras:
        medida = reporte.medida_que_abre(cifra)
        assert medida is not None
        listado = listado_de(reporte.filas_de(_pedido(clave), medida).model)
        url = reverse("filas_de_reporte", args=(clave, cifra.nombre))
        for papel, sesion in sesiones.items():
            respuesta = sesion.get(url)
            puede = papel in DE_REPORTE[clave][0] and respuesta.wsgi_request.user.has_perm(listado.permiso)
            assert respuesta.status_code == (200 if puede else 403), (papel, url)
