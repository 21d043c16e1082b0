"""Lo que no sale: el correo que no recibe, el archivo que no cabe y el reporte que falla."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail

from clientes.tests.fabricas import FabricaCliente
from movistar_site.comun.models import Aviso, Exportacion
from reportes.envios import entregas
from reportes.marco import Lista
from reportes.models import EntregaEnvio, Envio, EstadoEntrega, EstadoEnvio
from reportes.tests.escenas_envios import SIETE, CorreoCaido, FabricaEnvio, con_lista, cuenta, despachar, la_entrega

pytestmark = pytest.mark.django_db


@pytest.fixture
def lista(db: None) -> Iterator[Lista]:
    with con_lista() as una:
        yield una


@pytest.fixture
def correo_caido(monkeypatch: pytest.MonkeyPatch) -> Any:
    def caer(error: Exception) -> None:
        monkeypatch.setattr(entregas, "get_connection", lambda: CorreoCaido(error))

    return caer


# --- El correo que no recibe -----------------------------------------------------------------------------------------
def test_con_el_correo_caido_se_reintenta_y_la_razon_se_ve(correo_caido: Any, monkeypatch: Any) -> None:
    FabricaEnvio()
    correo_caido(ConnectionRefusedError("nadie contesta"))
    vuelta = despachar()
    assert (vuelta.por_reintentar, vuelta.falla) == (1, "ConnectionRefusedError: nadie contesta")
    entrega = la_entrega()
    assert (entrega.estado, entrega.intentar_el) == (EstadoEntrega.PENDIENTE, SIETE + timedelta(minutes=5))
    assert entrega.nota == "El servidor de correo no contestó (ConnectionRefusedError)."
    assert Exportacion.objects.get().estado == "interrumpida"
    assert despachar(SIETE + timedelta(minutes=4)).por_reintentar == 0
    # Que el correo siga caído no es que el trabajador muera: se insiste más de tres veces.
    momento = SIETE
    for _ in range(6):
        momento = la_entrega().intentar_el
        assert despachar(momento).por_reintentar == 1
    monkeypatch.undo()
    assert despachar(momento + timedelta(hours=1)).enviadas == 1
    assert la_entrega().nota == ""


def test_a_un_correo_que_no_contesta_no_se_le_pregunta_por_cada_entrega(monkeypatch: pytest.MonkeyPatch) -> None:
    FabricaEnvio.create_batch(3)
    veces = []

    def conectar() -> CorreoCaido:
        veces.append(1)
        return CorreoCaido(TimeoutError())

    monkeypatch.setattr(entregas, "get_connection", conectar)
    assert despachar().por_reintentar == 3
    assert len(veces) == 1
    assert set(EntregaEnvio.objects.values_list("nota", flat=True)) == {
        "El servidor de correo no contestó (TimeoutError)."
    }


def test_pasado_un_dia_no_se_insiste_y_se_avisa(correo_caido: Any) -> None:
    envio = FabricaEnvio(cada="semana", dia=2)
    correo_caido(SMTPAuthenticationError(535, b"mala clave"))
    # La primera vez sale dos días tarde: aun así se intenta las veces de siempre.
    momento = SIETE + timedelta(days=2)
    for _ in entregas.ESPERAS:
        assert despachar(momento).por_reintentar == 1
        momento = la_entrega().intentar_el
    assert despachar(momento).fallidas == 1
    assert la_entrega().estado == EstadoEntrega.FALLIDA
    assert la_entrega().nota.startswith("El servidor de correo no aceptó la cuenta del panel")
    assert Aviso.objects.get().usuario_id == envio.usuario_id
    envio.refresh_from_db()
    assert envio.estado == EstadoEnvio.ACTIVO, "la de la otra semana sí sale"


def test_la_que_esperaba_cede_su_lugar_a_la_mas_nueva(correo_caido: Any, monkeypatch: Any) -> None:
    FabricaEnvio()
    correo_caido(TimeoutError())
    despachar()
    monkeypatch.undo()
    assert despachar(SIETE + timedelta(days=1)).enviadas == 1
    vieja, nueva = EntregaEnvio.objects.order_by("para")
    assert (vieja.estado, nueva.estado) == (EstadoEntrega.OMITIDA, EstadoEntrega.ENVIADA)
    assert vieja.nota == "La reemplazó la del 18/03/2026 07:00."
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("error", "dice"),
    [
        (SMTPRecipientsRefused({"jefe@example.co": (550, b"no existe")}), "no acepta a jefe@example.co"),
        (SMTPDataError(552, b"too big"), "lo rechazó (552: too big)"),
    ],
)
def test_lo_que_el_correo_rechaza_del_todo_no_se_repite(correo_caido: Any, error: Exception, dice: str) -> None:
    FabricaEnvio()
    correo_caido(error)
    assert despachar().fallidas == 1
    assert dice in la_entrega().nota
    assert dice in Aviso.objects.get().texto


def test_lo_que_falla_al_armarlo_no_se_le_achaca_al_correo(monkeypatch: pytest.MonkeyPatch) -> None:
    FabricaEnvio()

    def sin_disco(*_: Any, **__: Any) -> Any:
        raise OSError("sin espacio")

    monkeypatch.setattr(entregas, "empacar", sin_disco)
    assert despachar().por_reintentar == 1
    assert "No se pudo armar el reporte (OSError)" in la_entrega().nota


def test_un_rechazo_pasajero_si_se_repite(correo_caido: Any) -> None:
    FabricaEnvio()
    correo_caido(SMTPRecipientsRefused({"jefe@example.co": (451, b"greylisted")}))
    assert despachar().por_reintentar == 1


def test_un_archivo_que_no_cabe_en_un_correo_se_dice_en_una_frase(settings: Any) -> None:
    settings.ENVIO_MAXIMO_MB = 0
    FabricaEnvio()
    assert despachar().fallidas == 1
    assert "lo que cabe en un correo: póngale más filtros" in la_entrega().nota
    assert mail.outbox == []


def test_un_pdf_demasiado_largo_tambien(lista: Lista, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportes.marco.salidas.FILAS_POR_PDF", 1)
    FabricaCliente.create_batch(2)
    ana = cuenta("ana")
    FabricaEnvio(usuario=ana, reporte=lista.clave, parametros="", formato="pdf", destinatarios=[ana.email])
    assert despachar().fallidas == 1
    assert la_entrega().nota.startswith("Un PDF lleva hasta")


def test_un_reporte_que_falla_no_detiene_a_los_demas(monkeypatch: pytest.MonkeyPatch) -> None:
    malo, _bueno = FabricaEnvio(parametros="periodo=anio"), FabricaEnvio()
    de_verdad = entregas.empacar

    def empacar(envio: Envio, *args: Any, **kwargs: Any) -> Any:
        if envio.pk == malo.pk:
            raise ZeroDivisionError
        return de_verdad(envio, *args, **kwargs)

    monkeypatch.setattr(entregas, "empacar", empacar)
    vuelta = despachar()
    assert (vuelta.enviadas, vuelta.por_reintentar) == (1, 1)
    momento = SIETE
    for _ in range(2):
        momento = EntregaEnvio.objects.get(envio=malo).intentar_el
        vuelta = despachar(momento)
    assert vuelta.fallidas == 1
    entrega = EntregaEnvio.objects.get(envio=malo)
    assert (entrega.estado, entrega.intentos) == (EstadoEntrega.FALLIDA, 3)
    assert "No se pudo armar el reporte (ZeroDivisionError)" in entrega.nota
