"""La página de un reporte: lo que muestra, a dónde lleva cada cifra, y lo que hace con una dirección mala."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from movistar_site.comun.models import Usuario, VistaGuardada
from reportes.marco import REPORTES, Agrupado, Clase
from reportes.marco.enlaces import direccion, direccion_de_filas
from reportes.presentacion import cambio

from .escena import operador

DISPARATES = ("%00", "zz", "-1", "9" * 40, "'; DROP TABLE--", "2026-99-99", "á", "{}", "0")


@pytest.fixture(scope="module", autouse=True)
def _operador(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with operador(django_db_blocker, clientes=60):
        yield


@pytest.fixture
def panel(db: None) -> Client:
    cliente = Client()
    cliente.force_login(
        Usuario.objects.create_superuser("ana", "ana@example.com", "clave-larga-9"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return cliente


def texto(respuesta: Any) -> str:
    return unescape(respuesta.content.decode())


@pytest.mark.parametrize("clave", REPORTES)
def test_cada_reporte_abre_con_su_pregunta_y_su_forma_de_bajarlo(panel: Client, clave: str) -> None:
    pagina = texto(panel.get(reverse("reporte", args=(clave,))))
    reporte = REPORTES[clave]
    assert reporte.titulo in pagina
    assert reporte.pregunta in pagina
    assert all(f"/reportes/{clave}/archivo/{formato}/" in pagina for formato in ("csv", "xlsx", "pdf", "json"))


def test_cada_cifra_de_la_pagina_lleva_a_tantas_filas_como_dice(panel: Client) -> None:
    pagina = texto(panel.get(reverse("reporte", args=("popularidad",)), {"red": "movil"}))
    enlaces = re.findall(r'href="(/reportes/popularidad/filas/activos/[^"]*)"[^>]*>([\d.]+)<', pagina)
    assert len(enlaces) > 3
    for enlace, cifra in enlaces[:6]:
        filas = texto(panel.get(enlace))
        assert re.search(rf'reporte-cuantas panel-cifras">{re.escape(cifra)}<', filas), enlace
        assert "red=movil" in enlace


def test_las_filas_de_una_cifra_van_por_paginas_sin_perder_de_cual_son(panel: Client) -> None:
    primera = panel.get(direccion_de_filas("popularidad", "activos", parametros={"red": "movil"}))
    siguiente = re.search(r'rel="next" href="([^"]+)"', texto(primera))
    assert siguiente is not None
    assert "red=movil" in siguiente[1]
    segunda = panel.get(primera.request["PATH_INFO"] + siguiente[1])
    assert segunda.status_code == 200
    fichas = [set(re.findall(r'href="(/clientes/[^"]+)"', texto(una))) for una in (primera, segunda)]
    assert fichas[0] != fichas[1]


@pytest.mark.parametrize("clave", REPORTES)
@pytest.mark.parametrize("disparate", DISPARATES)
def test_una_direccion_disparatada_no_falla(panel: Client, clave: str, disparate: str) -> None:
    nombres = REPORTES[clave].pedir({}, hoy=timezone.localdate()).conjunto.filters
    parametros = "&".join(f"{nombre}={disparate}" for nombre in (*nombres, "orden", "pagina", "antes", "despues"))
    assert panel.get(f"{reverse('reporte', args=(clave,))}?{parametros}").status_code == 200
    assert panel.get(f"{reverse('descargar_reporte', args=(clave, 'csv'))}?{parametros}").status_code == 200
    reporte = REPORTES[clave]
    if isinstance(reporte, Agrupado):
        estado = panel.get(
            f"{direccion_de_filas(clave, reporte.cifras[0].nombre, '')}{disparate}&{parametros}"
        ).status_code
        assert estado in (200, 404)


def test_lo_que_no_existe_no_se_encuentra(panel: Client) -> None:
    for malo in (
        reverse("reporte", args=("no-hay",)),
        reverse("filas_de_reporte", args=("popularidad", "no-hay")),
        direccion_de_filas("popularidad", "activos", "x"),
        reverse("descargar_reporte", args=("popularidad", "exe")),
        reverse("descargar_reporte", args=("popularidad", "csv")) + "?cifra=no-hay",
    ):
        assert panel.get(malo).status_code == 404, malo


def test_una_falta_en_los_filtros_se_dice_y_no_se_aplica(panel: Client) -> None:
    pagina = texto(panel.get(direccion("popularidad", {"periodo": "a_medida", "desde": "2026-03-10",
                                                       "hasta": "2026-03-01"})))  # fmt: skip
    assert "El último día debe ser igual o posterior al primero." in pagina


def test_se_ordena_por_cualquier_columna(panel: Client) -> None:
    def nombres(orden: str) -> list[str]:
        pagina = texto(panel.get(direccion("popularidad", {"orden": orden})))
        return re.findall(r'<th scope="row"><a class="panel-enlace" href="/servicios/[^>]*>([^<]+)<', pagina)

    al_derecho, al_reves = nombres("servicio"), nombres("-servicio")
    assert al_derecho == sorted(al_derecho, key=str.casefold)
    assert al_reves == al_derecho[::-1]


def test_comparar_dice_cuanto_cambio_y_cuanto_era(panel: Client) -> None:
    pagina = texto(panel.get(direccion("popularidad", {"periodo": "anio", "comparar": "on"})))
    assert re.search(r"reporte-cambio-(bien|mal)", pagina)
    assert "(antes, " in pagina


def test_comparar_dice_con_que(panel: Client) -> None:
    a_medida = {"periodo": "a_medida", "desde": "2026-03-01", "hasta": "2026-03-31", "comparar": "on"}
    assert "<strong>Comparado con:</strong> Del 29/01/2026 al 28/02/2026" in texto(
        panel.get(direccion("popularidad", a_medida))
    )
    al_dia = {"al": "2026-03-31", "comparar": "on"}
    assert "<strong>Comparado con:</strong> El 28/02/2026" in texto(panel.get(direccion("servicios-ofrecidos", al_dia)))
    desde_el_principio = texto(panel.get(direccion("popularidad", {"periodo": "todo", "comparar": "on"})))
    assert "<strong>Comparado con:</strong> Nada" in desde_el_principio
    assert "(antes, " not in desde_el_principio


@pytest.mark.parametrize(
    ("clase", "ahora", "antes", "dicho"),
    [
        # De 7,74 a 7,76 no hay medio décimo, pero se lee 7,7 % y 7,8 %.
        (Clase.PORCENTAJE, Decimal("7.76"), Decimal("7.74"), "0,1\u00a0puntos"),
        (Clase.PORCENTAJE, Decimal(-20), Decimal(50), "70,0\u00a0puntos"),
        (Clase.ENTERO, 1_000_001, 1_000_000, "1"),
        (Clase.ENTERO, 12, 10, "20,0\u00a0%"),
    ],
)
def test_lo_que_cambio_nunca_se_dice_como_un_cero(clase: Clase, ahora: Any, antes: Any, dicho: str) -> None:
    hecho = cambio(clase, ahora, antes)
    assert hecho is not None
    assert (hecho.texto, hecho.sentido) == (dicho, "sube" if ahora > antes else "baja")


def test_un_dia_se_elige_en_el_calendario_del_navegador(panel: Client) -> None:
    pagina = texto(panel.get(direccion("popularidad", {"al": "2026-03-31"})))
    assert re.search(r'<input type="date" name="al" value="2026-03-31"', pagina)


def test_los_filtros_se_guardan_con_un_nombre_y_uno_se_abre_solo(panel: Client) -> None:
    guardar = reverse("guardar_vista", args=("reporte-popularidad",))
    pedido = {"nombre": "Móviles de Antioquia", "parametros": "red=movil&departamento=05&pagina=3",
              "predeterminada": "on", "volver": reverse("reporte", args=("popularidad",))}  # fmt: skip
    assert panel.post(guardar, pedido).status_code == 302
    assert VistaGuardada.objects.get().parametros == "departamento=05&red=movil"
    llegada = panel.get(reverse("reporte", args=("popularidad",)), follow=True)
    assert "Móviles de Antioquia" in texto(llegada)
    assert "red=movil" in llegada.redirect_chain[0][0]


def test_el_indice_dice_que_responde_cada_uno(panel: Client) -> None:
    pagina = texto(panel.get(reverse("reportes")))
    assert all(uno.pregunta in pagina and f'href="/reportes/{uno.clave}/"' in pagina for uno in REPORTES.values())


def test_sin_datos_la_pagina_dice_que_no_hay_nada(panel: Client) -> None:
    pagina = texto(panel.get(direccion("popularidad", {"tipo": "9" * 9})))
    assert "no es una de las opciones" in pagina or "Escoja una opción válida" in pagina or "opción" in pagina
