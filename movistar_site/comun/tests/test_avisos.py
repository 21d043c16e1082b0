"""Los avisos: se dan una vez, se cuentan hasta un límite, se leen y salen por correo en un solo mensaje."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from movistar_site.comun import avisos, correo
from movistar_site.comun.models import Aviso, Usuario

AHORA = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Usuario:
    return Usuario.objects.create_user("ana", "ana@example.co", "clave-de-prueba-9", is_staff=True, first_name="Ana")


@pytest.fixture
def leo() -> Usuario:
    return Usuario.objects.create_user("leo", "leo@example.co", "clave-de-prueba-9", is_staff=True)


def dar(usuario: Usuario, clave: str = "vence R-1", **mas: Any) -> bool:
    return avisos.avisar(usuario=usuario, clave=clave, titulo=f"Vence {clave}", ahora=AHORA, **mas)


def entrar(usuario: Usuario) -> Client:
    sesion = Client()
    sesion.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
    return sesion


# --- Dar -------------------------------------------------------------------------------------------------------------
def test_el_mismo_aviso_se_da_una_sola_vez_a_cada_persona(ana: Usuario, leo: Usuario) -> None:
    assert dar(ana)
    assert not dar(ana)
    assert dar(leo)
    assert dar(ana, "vence R-2")
    assert Aviso.objects.count() == 3


def test_dos_procesos_que_lo_dan_a_la_vez_dejan_uno(ana: Usuario, monkeypatch: pytest.MonkeyPatch) -> None:
    dar(ana)
    # El segundo miró antes de que el primero escribiera.
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda _: False)
    assert not dar(ana)
    assert Aviso.objects.count() == 1


def test_los_de_un_lote_que_ya_se_dieron_se_pasan_por_alto(ana: Usuario, leo: Usuario) -> None:
    dar(ana)
    lote = [avisos.Nuevo(uno.pk, "vence R-1", "Vence") for uno in (ana, leo, ana)]
    assert avisos.avisar_a_varios(lote, ahora=AHORA) == 1
    assert avisos.avisar_a_varios(lote, ahora=AHORA) == 0
    assert avisos.avisar_a_varios([], ahora=AHORA) == 0
    assert Aviso.objects.count() == 2


def test_un_titulo_larguisimo_se_recorta(ana: Usuario) -> None:
    dar(ana, "x" * 10, texto="t", enlace="/" + "e" * 400)
    avisos.avisar(usuario=ana, clave="y", titulo="ñ" * 500, ahora=AHORA)
    assert Aviso.objects.get(clave="y").titulo == "ñ" * 160


# --- Leer ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("cuantos", "dicho"), [(0, "0"), (1, "1"), (9, "9"), (10, "9+"), (30, "9+")])
def test_la_campana_cuenta_hasta_nueve(ana: Usuario, cuantos: int, dicho: str) -> None:
    for n in range(cuantos):
        dar(ana, f"aviso {n}")
    assert avisos.en_palabras(avisos.sin_leer(ana)) == dicho


def test_cada_quien_lee_los_suyos_y_solo_una_vez(ana: Usuario, leo: Usuario) -> None:
    for usuario in (ana, leo):
        dar(usuario)
    ajeno = Aviso.objects.get(usuario=leo)
    assert avisos.marcar_leidos([ajeno.pk], usuario=ana, ahora=AHORA) == 0
    assert avisos.marcar_leidos(None, usuario=ana, ahora=AHORA) == 1
    assert avisos.marcar_leidos(None, usuario=ana, ahora=AHORA) == 0
    assert (avisos.sin_leer(ana), avisos.sin_leer(leo)) == (0, 1)


@pytest.mark.parametrize("enlace", ["https://ejemplo.co/", "//ejemplo.co", "javascript:alert(1)", "", "/\\ejemplo.co"])
def test_un_enlace_de_fuera_no_se_sigue(ana: Usuario, enlace: str) -> None:
    dar(ana, enlace=enlace)
    aviso = Aviso.objects.get()
    assert avisos.enlace_propio(aviso) == ""
    respuesta = entrar(ana).get(reverse("abrir_aviso", args=(aviso.pk,)))
    assert respuesta.url == reverse("avisos")


def test_abrir_un_aviso_lo_da_por_leido_y_lleva_a_su_caso(ana: Usuario) -> None:
    dar(ana, enlace="/clientes/cliente/")
    aviso = Aviso.objects.get()
    respuesta = entrar(ana).get(reverse("abrir_aviso", args=(aviso.pk,)))
    assert respuesta.url == "/clientes/cliente/"
    aviso.refresh_from_db()
    assert aviso.leido_el is not None


def test_la_pagina_muestra_los_propios_por_paginas_y_se_marcan_todos(ana: Usuario, leo: Usuario) -> None:
    for n in range(30):
        dar(ana, f"mío {n}")
    dar(leo, "ajeno")
    sesion = entrar(ana)
    primera = sesion.get(reverse("avisos"))
    assert len(primera.context["avisos"]) == 25
    assert "ajeno" not in primera.content.decode()
    assert 'aria-label="Avisos, 9+ sin leer"' in primera.content.decode()
    segunda = sesion.get(reverse("avisos") + primera.context["siguiente"])
    vistos = {aviso.pk for pagina in (primera, segunda) for aviso in pagina.context["avisos"]}
    assert len(vistos) == 30
    assert sesion.get(reverse("avisos") + segunda.context["anterior"]).context["avisos"] == primera.context["avisos"]
    sesion.post(reverse("leer_avisos"))
    assert sesion.get(reverse("avisos") + "?ver=sin-leer").context["avisos"] == []
    assert avisos.sin_leer(leo) == 1


def test_marcar_uno_vuelve_a_donde_estaba_y_no_sale_del_panel(ana: Usuario) -> None:
    dar(ana)
    clave = Aviso.objects.get().pk
    sesion = entrar(ana)
    assert sesion.post(reverse("leer_avisos"), {"aviso": clave, "volver": "/avisos/?ver=sin-leer"}).url.endswith("leer")
    assert sesion.post(reverse("leer_avisos"), {"aviso": clave, "volver": "https://ejemplo.co"}).url == "/avisos/"
    assert sesion.post(reverse("leer_avisos"), {"aviso": "9" * 40}).status_code == 404
    assert sesion.get(reverse("leer_avisos")).status_code == 405


def test_el_aviso_de_otra_persona_no_existe(ana: Usuario, leo: Usuario) -> None:
    dar(leo)
    assert entrar(ana).get(reverse("abrir_aviso", args=(Aviso.objects.get().pk,))).status_code == 404


def test_el_aseo_borra_los_leidos_hace_mucho(ana: Usuario) -> None:
    for n in range(3):
        dar(ana, f"aviso {n}")
    Aviso.objects.filter(clave="aviso 0").update(leido_el=AHORA - timedelta(days=181))
    Aviso.objects.filter(clave="aviso 1").update(leido_el=AHORA - timedelta(days=179))
    Aviso.objects.filter(clave="aviso 2").update(creado_el=AHORA - timedelta(days=731))
    assert avisos.asear(AHORA) == 2
    assert Aviso.objects.get().clave == "aviso 1"


# --- Correo ----------------------------------------------------------------------------------------------------------
def test_cada_persona_recibe_un_solo_mensaje_con_lo_que_no_se_le_ha_enviado(ana: Usuario, leo: Usuario, settings: Any) -> None:  # fmt: skip  # noqa: E501
    settings.PANEL_URL = "https://panel.example.co"
    dar(ana, "R-1", texto="Responda hoy.", enlace="/avisos/")
    dar(ana, "R-2")
    dar(leo, "R-3")
    envio = correo.enviar_pendientes(ahora=AHORA)
    assert (envio.mensajes, envio.avisos, envio.falla) == (2, 3, "")
    de_ana = next(mensaje for mensaje in mail.outbox if mensaje.to == ["ana@example.co"])
    assert de_ana.subject == "[Panel Movistar] Tiene 2 avisos"
    assert "Responda hoy." in de_ana.body
    assert "https://panel.example.co/avisos/" in de_ana.body
    assert correo.enviar_pendientes(ahora=AHORA).mensajes == 0
    assert len(mail.outbox) == 2


def test_quien_no_tiene_correo_o_ya_no_entra_lo_ve_solo_en_la_campana(ana: Usuario, leo: Usuario) -> None:
    Usuario.objects.filter(pk=ana.pk).update(email="")
    Usuario.objects.filter(pk=leo.pk).update(is_active=False)
    dar(ana)
    dar(leo)
    assert correo.enviar_pendientes(ahora=AHORA).mensajes == 0
    assert not mail.outbox
    # Si después lo tiene, le llega.
    Usuario.objects.filter(pk=ana.pk).update(email="ana@example.co")
    assert correo.enviar_pendientes(ahora=AHORA).avisos == 1


class _Caido(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError(111, "Connection refused")


class _NoConoceAAna(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["ana@example.co"]:
            raise SMTPRecipientsRefused({"ana@example.co": (550, b"no existe")})
        return super().send_messages(messages)


def test_un_servidor_caido_no_detiene_nada_y_se_reintenta(ana: Usuario, leo: Usuario, settings: Any) -> None:
    dar(ana)
    dar(leo)
    bueno = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}._Caido"
    envio = correo.enviar_pendientes(ahora=AHORA)
    assert (envio.mensajes, bool(envio.falla)) == (0, True)
    assert Aviso.objects.filter(enviado_el__isnull=True).count() == 2
    settings.EMAIL_BACKEND = bueno
    assert correo.enviar_pendientes(ahora=AHORA).mensajes == 2


def test_una_direccion_mala_no_les_quita_el_correo_a_los_demas(ana: Usuario, leo: Usuario, settings: Any) -> None:
    dar(ana)
    dar(leo)
    settings.EMAIL_BACKEND = f"{__name__}._NoConoceAAna"
    assert correo.enviar_pendientes(ahora=AHORA).mensajes == 1
    assert [mensaje.to for mensaje in mail.outbox] == [["leo@example.co"]]
    assert Aviso.objects.get(enviado_el__isnull=True).usuario == ana


def test_lo_que_otro_proceso_esta_enviando_no_se_envia_otra_vez(ana: Usuario) -> None:
    dar(ana)
    assert len(correo._apartar(ana.pk, AHORA)) == 1
    assert correo._apartar(ana.pk, AHORA) == []
    assert correo.enviar_pendientes(ahora=AHORA).mensajes == 0


def test_un_titulo_con_saltos_de_linea_no_rompe_el_asunto(ana: Usuario) -> None:
    avisos.avisar(usuario=ana, clave="k", titulo="Vence\nBcc: otro@example.co", ahora=AHORA)
    assert correo.enviar_pendientes(ahora=AHORA).falla == ""
    assert mail.outbox[0].subject == "[Panel Movistar] Vence Bcc: otro@example.co"
