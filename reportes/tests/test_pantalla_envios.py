"""Las páginas de los envíos programados: programar desde un reporte con sus filtros, ver cómo le fue y cambiarlo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clientes.tests.fabricas import AHORA, FabricaDepartamento
from movistar_site.tests.test_idioma import ingles_en
from reportes.marco import Lista
from reportes.models import Envio, EstadoEntrega
from reportes.tests.escenas_envios import FabricaEntrega, FabricaEnvio, con_lista, cuenta

pytestmark = pytest.mark.django_db
NUEVO = "/reportes/envios/nuevo/"
LLENO = {
    "nombre": "Popularidad de Antioquia", "periodo": "mes_pasado", "cada": "mes", "dia_semana": "3", "dia_mes": "32",
    "hora": "6", "formato": "pdf", "destinatarios": "jefe@example.co\notra@example.co",
}  # fmt: skip


@pytest.fixture
def ana(db: None) -> Any:
    return cuenta("ana")


@pytest.fixture
def panel(ana: Any) -> Client:
    cliente = Client()
    cliente.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return cliente


@pytest.fixture
def lista(db: None) -> Iterator[Lista]:
    with con_lista() as una:
        yield una


def test_del_reporte_se_llega_a_programarlo_con_sus_filtros(panel: Client) -> None:
    departamento = FabricaDepartamento(nombre="Antioquia de prueba")
    pagina = panel.get("/reportes/popularidad/", {"departamento": departamento.pk, "periodo": "anio"})
    enlace = f"{NUEVO}?reporte=popularidad&amp;departamento={departamento.pk}&amp;periodo=anio"
    assert enlace in pagina.content.decode()
    formulario = panel.get(enlace.replace("&amp;", "&"))
    texto = formulario.content.decode()
    assert "Antioquia de prueba" in texto
    assert formulario.context["formulario"].initial["periodo"] == "anio"
    assert formulario.context["formulario"].initial["destinatarios"] == "ana@example.co"
    assert ingles_en(texto) == []


def test_programar_guarda_lo_escrito_y_lleva_a_su_pagina(panel: Client, ana: Any) -> None:
    departamento = FabricaDepartamento()
    respuesta = panel.post(f"{NUEVO}?reporte=popularidad&departamento={departamento.pk}", LLENO)
    envio = Envio.objects.get()
    assert respuesta.url == reverse("envio", args=(envio.pk,))
    assert (envio.usuario, envio.reporte, envio.formato, envio.dia, envio.hora) == (ana, "popularidad", "pdf", 32, 6)
    assert QueryDict(envio.parametros) == QueryDict(f"departamento={departamento.pk}&periodo=mes_pasado")
    assert envio.destinatarios == ["jefe@example.co", "otra@example.co"]
    texto = panel.get(respuesta.url).content.decode()
    for dicho in ("El último día de cada mes a las 06:00", "El mes pasado", "otra@example.co", "Aún no ha salido"):
        assert dicho in texto
    assert ingles_en(texto) == []


def test_las_faltas_se_dicen_junto_a_su_campo_y_no_se_guarda_nada(panel: Client) -> None:
    respuesta = panel.post(f"{NUEVO}?reporte=popularidad", LLENO | {"destinatarios": "no es un correo", "hora": "99"})
    assert set(respuesta.context["formulario"].errors) == {"hora"}
    respuesta = panel.post(f"{NUEVO}?reporte=popularidad", LLENO | {"destinatarios": "ana, jefe@example.co"})
    assert respuesta.context["formulario"].errors["destinatarios"] == [
        "No es una dirección de correo, como ana@example.co: «ana»."
    ]
    vacio = panel.post(f"{NUEVO}?reporte=popularidad", {})
    frases = [frase for faltas in vacio.context["formulario"].errors.values() for frase in faltas]
    assert frases
    assert not [frase for frase in frases if frase.startswith("Este campo")]
    assert not Envio.objects.exists()


def test_una_lista_de_personas_lo_dice_y_no_deja_poner_a_cualquiera(panel: Client, lista: Lista) -> None:
    url = f"{NUEVO}?reporte={lista.clave}"
    assert "Lleva datos de personas" in panel.get(url).content.decode()
    respuesta = panel.post(url, LLENO)
    (frase,) = respuesta.context["formulario"].errors["destinatarios"]
    assert "No lo son: jefe@example.co, otra@example.co." in frase
    assert panel.post(url, LLENO | {"destinatarios": "ana@example.co"}).status_code == 302


def test_un_filtro_roto_en_la_direccion_se_dice_y_no_se_programa_sin_el(panel: Client) -> None:
    respuesta = panel.get(f"{NUEVO}?reporte=popularidad&departamento=xx", follow=True)
    assert respuesta.redirect_chain == [("/reportes/popularidad/?departamento=xx", 302)]
    assert "El filtro «Departamento»" in respuesta.content.decode()
    panel.post(f"{NUEVO}?reporte=popularidad&departamento=xx", LLENO)
    assert not Envio.objects.exists()
    assert panel.get(f"{NUEVO}?reporte=no-existe").status_code == 404


def test_a_uno_que_ya_se_tiene_se_le_ponen_los_filtros_nuevos(panel: Client, ana: Any) -> None:
    envio = FabricaEnvio(usuario=ana, parametros="periodo=mes_pasado")
    texto = panel.get(f"{NUEVO}?reporte=popularidad&red=movil").content.decode()
    enlace = f"/reportes/envios/{envio.pk}/editar/?reporte=popularidad&amp;periodo=mes&amp;red=movil"
    assert enlace in texto
    url = enlace.replace("&amp;", "&")
    assert "se guardan al oprimir" in panel.get(url).content.decode()
    assert panel.post(url, LLENO).status_code == 302
    envio.refresh_from_db()
    assert QueryDict(envio.parametros) == QueryDict("periodo=mes_pasado&red=movil")
    # Sin filtros en la dirección, quedan los que tenía.
    panel.post(reverse("editar_envio", args=(envio.pk,)), LLENO | {"nombre": "Otro", "periodo": "anio"})
    envio.refresh_from_db()
    assert (envio.nombre, QueryDict(envio.parametros)) == ("Otro", QueryDict("periodo=anio&red=movil"))


def test_enviar_ahora_lo_envia_y_se_ve_como_le_fue(panel: Client, ana: Any) -> None:
    envio = FabricaEnvio(usuario=ana, proxima_el=timezone.now() + timedelta(days=1))
    texto = panel.post(reverse("hacer_con_envio", args=(envio.pk, "enviar")), follow=True).content.decode()
    assert len(mail.outbox) == 1
    assert "Enviada" in texto
    assert "Pedida a mano" in texto
    otra = panel.post(reverse("hacer_con_envio", args=(envio.pk, "enviar")), follow=True).content.decode()
    assert "Acaba de enviarlo" in otra
    assert len(mail.outbox) == 1


def test_la_lista_dice_la_proxima_la_ultima_y_por_que_se_detuvo(panel: Client, ana: Any) -> None:
    assert "No tiene envíos programados" in panel.get(reverse("envios")).content.decode()
    FabricaEntrega(envio=FabricaEnvio(usuario=ana), estado=EstadoEntrega.FALLIDA, nota="El archivo pesa mucho.")
    FabricaEnvio(usuario=ana, estado="detenido", detenido_por="El filtro «Segmento» ya no vale.")
    texto = panel.get(reverse("envios")).content.decode()
    for dicho in ("17/03/2026 07:00", "16/03/2026 10:30", "No salió", "Detenido", "El filtro «Segmento» ya no vale."):
        assert dicho in texto
    assert ingles_en(texto) == []


def test_la_que_espera_dice_desde_cuando_se_reintenta(panel: Client, ana: Any) -> None:
    entrega = FabricaEntrega(
        envio=FabricaEnvio(usuario=ana), estado=EstadoEntrega.PENDIENTE, cerrada_el=None, intentos=1,
        intentar_el=AHORA + timedelta(minutes=5), nota="El servidor de correo no lo recibió (sin red).",
    )  # fmt: skip
    texto = panel.get(reverse("envio", args=(entrega.envio_id,))).content.decode()
    for dicho in ("Se reintentará", "Desde las 10:35 del 16/03/2026", "sin red"):
        assert dicho in texto


def test_las_entregas_van_por_paginas(panel: Client, ana: Any) -> None:
    envio = FabricaEnvio(usuario=ana)
    for n in range(30):
        FabricaEntrega(envio=envio, para=AHORA - timedelta(days=n))
    primera = panel.get(reverse("envio", args=(envio.pk,)))
    assert len(primera.context["entregas"]) == 25
    segunda = panel.get(reverse("envio", args=(envio.pk,)) + primera.context["siguiente"])
    assert [una["entrega"].para for una in segunda.context["entregas"]] == [
        AHORA - timedelta(days=n) for n in range(25, 30)
    ]
    assert panel.get(reverse("envio", args=(envio.pk,)), {"despues": "basura~\x00"}).status_code == 200


@pytest.mark.parametrize("roto", [{"reporte": "ya-no-existe"}, {"parametros": "segmento=99999&color=rojo"}])
def test_la_pagina_de_uno_roto_se_abre(panel: Client, ana: Any, roto: dict[str, str]) -> None:
    envio = FabricaEnvio(usuario=ana, **roto)
    assert panel.get(reverse("envio", args=(envio.pk,))).status_code == 200
    assert panel.get(reverse("envios")).status_code == 200
    cambiar = reverse("editar_envio", args=(envio.pk,))
    respuesta = panel.get(cambiar, follow=True)
    dice = "Ya no puede ver o exportar" if "reporte" in roto else "Un filtro que llevaba ya no vale"
    assert dice in respuesta.content.decode()
    # Guardarlo sin arreglarlo no se puede.
    panel.post(cambiar, LLENO)
    envio.refresh_from_db()
    assert envio.nombre != LLENO["nombre"]
