"""Las entregas: qué sale, con qué permisos, una sola vez, y qué pasa cuando algo se corta."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from clientes.tests.fabricas import AHORA, FabricaCliente, FabricaContrato
from movistar_site.comun.models import Aviso, Exportacion
from movistar_site.comun.trabajos import AL_ASEAR, AL_MANTENER
from reportes.envios import entregas, operaciones, tareas
from reportes.envios.cadencia import BOGOTA
from reportes.marco import REPORTES, Lista
from reportes.models import EntregaEnvio, Envio, EstadoEntrega, EstadoEnvio
from reportes.tests.escenas_envios import (
    SIETE,
    CorreoCaido,
    FabricaEntrega,
    FabricaEnvio,
    con_lista,
    cuenta,
    despachar,
    fijo,
    la_entrega,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lista(db: None) -> Iterator[Lista]:
    with con_lista() as una:
        yield una


# --- Lo que llega ----------------------------------------------------------------------------------------------------
def test_antes_de_su_hora_no_sale_nada() -> None:
    FabricaEnvio()
    assert not entregas.hay_por_enviar(SIETE - timedelta(seconds=1))
    assert despachar(SIETE - timedelta(seconds=1)).enviadas == 0
    assert entregas.hay_por_enviar(SIETE)


def test_llega_el_reporte_con_sus_filtros_sus_cifras_y_su_archivo(settings: Any) -> None:
    settings.PANEL_URL = "https://panel.example.co"
    # Dos contratos activos de un servicio; de ellos, uno empezó en febrero, el mes pasado.
    contrato = FabricaContrato(fecha_inicio=datetime(2026, 2, 10).date(), estado="activo", precio=Decimal(50_000))
    FabricaContrato(servicio=contrato.servicio, fecha_inicio=datetime(2025, 2, 10).date(), estado="activo")
    envio = FabricaEnvio(nombre="Popularidad", destinatarios=["jefe@example.co", "otra@example.co"])
    assert despachar().enviadas == 1
    (correo,) = mail.outbox
    assert correo.subject == "[Panel Movistar] Popularidad: del 01/02/2026 al 28/02/2026"
    assert correo.to == ["jefe@example.co", "otra@example.co"]
    cuerpo = str(correo.body)
    for dicho in (
        "Servicios más populares\n¿Qué servicios tienen más contratos, y cuáles crecen?",
        "Período: Del 01/02/2026 al 28/02/2026",
        "En total\n  Contratos activos: 2\n",
        "  Altas: 1\n",
        "Va adjunto popularidad-2026-03-17.xlsx, con 1 fila.",
        "https://panel.example.co/reportes/popularidad/?periodo=a_medida&desde=2026-02-01&hasta=2026-02-28",
        f"Lo programó {envio.usuario.first_name}: cada día a las 07:00.",
    ):
        assert dicho in cuerpo, cuerpo
    (nombre, contenido, tipo), *_ = correo.attachments
    assert (nombre, tipo.rpartition(".")[2]) == ("popularidad-2026-03-17.xlsx", "sheet")
    celdas = [c.value for hoja in openpyxl.load_workbook(io.BytesIO(contenido)) for fila in hoja for c in fila]
    assert contrato.servicio.nombre in celdas


def test_en_pdf_y_sin_enlace_si_no_se_sabe_la_direccion_del_panel() -> None:
    FabricaEnvio(formato="pdf")
    despachar()
    (correo,) = mail.outbox
    (nombre, contenido, tipo), *_ = correo.attachments
    assert (nombre[-4:], tipo, contenido[:5]) == (".pdf", "application/pdf", b"%PDF-")
    assert "http" not in str(correo.body)


def test_queda_dicho_que_salio_y_a_quienes() -> None:
    envio = FabricaEnvio(destinatarios=["jefe@example.co", "otra@example.co"])
    despachar()
    entrega = la_entrega()
    assert (entrega.estado, entrega.para, entrega.cerrada_el) == (EstadoEntrega.ENVIADA, SIETE, SIETE)
    assert entrega.destinatarios == ["jefe@example.co", "otra@example.co"]
    assert entrega.filtros == "Período: Del 01/02/2026 al 28/02/2026; A la fecha: 17/03/2026"
    assert entrega.bytes == len(mail.outbox[0].attachments[0][1])
    constancia = Exportacion.objects.get()
    assert (constancia.puerta, constancia.estado, constancia.usuario) == ("envio", "terminada", envio.usuario)
    assert constancia.filtro == f"{entrega.filtros}; Enviado a: jefe@example.co, otra@example.co"
    assert (constancia.bytes, constancia.que) == (entrega.bytes, "Servicios más populares")
    # Aunque el envío se quite, la constancia queda.
    operaciones.borrar_envio(envio, usuario=envio.usuario)
    assert Exportacion.objects.exists()


def test_la_del_ultimo_dia_que_sale_el_primero_lleva_el_mes_completo() -> None:
    FabricaEnvio(cada="mes", dia=32, hora=23, parametros="periodo=mes")
    assert despachar(datetime(2026, 4, 1, 6, tzinfo=BOGOTA)).enviadas == 1
    assert "Período: Del 01/03/2026 al 31/03/2026" in str(mail.outbox[0].body)


# --- Una sola vez ----------------------------------------------------------------------------------------------------
def test_repetirlo_no_envia_dos_veces_y_manana_vuelve_a_salir() -> None:
    envio = FabricaEnvio()
    for _ in range(3):
        despachar()
    assert len(mail.outbox) == 1
    # Ni aunque alguien devuelva la próxima a un momento que ya salió.
    Envio.objects.update(proxima_el=SIETE)
    despachar(SIETE + timedelta(hours=1))
    assert len(mail.outbox) == 1
    envio.refresh_from_db()
    assert envio.proxima_el == SIETE + timedelta(days=1)
    assert despachar(SIETE + timedelta(days=1)).enviadas == 1


def test_con_el_servidor_apagado_una_semana_sale_solo_la_ultima() -> None:
    FabricaEnvio()
    assert despachar(SIETE + timedelta(days=6, hours=5)).enviadas == 1
    assert la_entrega().para == SIETE + timedelta(days=6)
    assert (len(mail.outbox), EntregaEnvio.objects.count()) == (1, 1)


def test_el_mensaje_de_una_entrega_lleva_siempre_la_misma_clave() -> None:
    entrega = FabricaEntrega(envio=FabricaEnvio(), para=SIETE, estado=EstadoEntrega.PENDIENTE, cerrada_el=None)
    despachar()
    EntregaEnvio.objects.update(estado=EstadoEntrega.PENDIENTE, cerrada_el=None)
    despachar()
    assert len({correo.extra_headers["Message-ID"] for correo in mail.outbox}) == 1
    assert str(entrega.envio_id) in mail.outbox[0].extra_headers["Message-ID"]


def test_lo_pedido_a_mano_sale_aunque_este_en_pausa_y_no_mueve_lo_programado() -> None:
    envio = FabricaEnvio()
    operaciones.pausar_envio(envio, usuario=envio.usuario, ahora=AHORA)
    operaciones.enviar_ahora(envio, usuario=envio.usuario, ahora=AHORA)
    assert despachar(AHORA).enviadas == 1
    assert "Lo envió" in str(mail.outbox[0].body)
    envio.refresh_from_db()
    assert envio.proxima_el is None


# --- Con los permisos de su dueño ------------------------------------------------------------------------------------
@pytest.mark.parametrize("que", ["inactiva", "fuera del panel", "sin papel"])
def test_sin_permiso_se_detiene_lo_dice_y_no_vuelve_solo(que: str) -> None:
    envio, jefa = FabricaEnvio(), cuenta("jefa", "Administrador")
    duena = envio.usuario
    duena.is_active, duena.is_staff = que != "inactiva", que != "fuera del panel"
    duena.save()
    if que == "sin papel":
        duena.groups.clear()
    assert despachar().detenidas == 1
    assert mail.outbox == []
    envio.refresh_from_db()
    assert envio.estado == EstadoEnvio.DETENIDO
    assert ("no tiene permiso para ver" if que == "sin papel" else "ya no está activa") in envio.detenido_por
    entrega = la_entrega()
    assert (entrega.estado, entrega.nota) == (EstadoEntrega.OMITIDA, envio.detenido_por)
    aviso = Aviso.objects.get()
    assert aviso.usuario_id == (duena.pk if que == "sin papel" else jefa.pk)
    assert aviso.enlace == f"/reportes/envios/{envio.pk}/"
    # Devolverle el permiso no lo echa a andar.
    duena.is_active = duena.is_staff = True
    duena.save()
    duena.groups.set(cuenta("otra").groups.all())
    assert despachar(SIETE + timedelta(days=1)).enviadas == 0
    assert not entregas.hay_por_enviar(SIETE + timedelta(days=400))


def test_una_lista_exige_poder_exportarla_tambien_al_enviarla(lista: Lista) -> None:
    FabricaCliente(nombre="Rosa")
    ana, luis = cuenta("ana"), cuenta("luis")
    envio = FabricaEnvio(reporte=lista.clave, parametros="", usuario=ana, destinatarios=[ana.email, luis.email])
    luis.is_active = False
    luis.save()
    assert despachar().enviadas == 1
    assert mail.outbox[0].to == [ana.email]
    assert la_entrega().nota == f"No se envió a {luis.email}: ya no puede ver este reporte."
    assert "con 1 fila" in str(mail.outbox[0].body)
    ana.groups.set(cuenta("agente", "Agente de atención").groups.all())
    assert despachar(SIETE + timedelta(days=1)).detenidas == 1
    envio.refresh_from_db()
    assert "exportar" in envio.detenido_por


def test_sin_nadie_que_pueda_recibirla_se_detiene(lista: Lista) -> None:
    luis = cuenta("luis")
    FabricaEnvio(reporte=lista.clave, parametros="", destinatarios=[luis.email])
    luis.groups.clear()
    assert despachar().detenidas == 1
    assert "Ninguno de sus destinatarios" in Envio.objects.get().detenido_por


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [({"reporte": "ya-no-existe"}, "ya no existe"), ({"parametros": "segmento=999999"}, "El filtro «Segmento»")],
)
def test_si_el_reporte_o_un_filtro_ya_no_valen_no_se_envia_otra_cosa(cambio: dict[str, str], dice: str) -> None:
    FabricaEnvio(**cambio)
    assert despachar().detenidas == 1
    assert mail.outbox == []
    assert dice in Envio.objects.get().detenido_por


# --- Lo que se corta -------------------------------------------------------------------------------------------------
def test_la_que_se_corta_se_retoma_pasado_su_turno_y_a_la_tercera_se_da_por_perdida() -> None:
    envio, momento = FabricaEnvio(), SIETE
    entregas.programar(ahora=momento)
    for vez in range(1, entregas.CORTES + 1):
        tomada = entregas.tomar(ahora=momento)
        assert tomada is not None
        assert (tomada.intentos, tomada.cortes) == (vez, vez)
        # El trabajador muere aquí: hasta que pase su turno nadie más la toma.
        assert entregas.tomar(ahora=momento + entregas.TURNO - timedelta(seconds=1)) is None
        momento += entregas.TURNO
    vuelta = despachar(momento)
    assert (vuelta.enviadas, vuelta.fallidas, mail.outbox) == (0, 1, [])
    assert la_entrega().estado == EstadoEntrega.FALLIDA
    assert Aviso.objects.get().titulo == f"No salió el envío «{envio}»"
    assert not entregas.hay_por_enviar(momento + timedelta(hours=1))


def test_la_que_se_corto_una_vez_sale_a_la_segunda() -> None:
    FabricaEnvio()
    entregas.programar(ahora=SIETE)
    entregas.tomar(ahora=SIETE)
    assert despachar(SIETE + entregas.TURNO).enviadas == 1
    assert "Le tocaba el 17/03/2026 a las 07:00." in str(mail.outbox[0].body)


def test_quien_perdio_su_turno_ya_no_envia(monkeypatch: pytest.MonkeyPatch) -> None:
    FabricaEnvio()
    entregas.programar(ahora=SIETE)
    lenta = entregas.tomar(ahora=SIETE)
    assert lenta is not None
    assert despachar(SIETE + entregas.TURNO).enviadas == 1
    vuelta = entregas.Vuelta()
    entregas.entregar(lenta, reloj=fijo(SIETE + entregas.TURNO), vuelta=vuelta)
    assert (len(mail.outbox), vuelta.enviadas) == (1, 0)
    assert la_entrega().estado == EstadoEntrega.ENVIADA


def test_lo_que_falla_despues_de_enviar_no_la_hace_salir_otra_vez(monkeypatch: pytest.MonkeyPatch) -> None:
    FabricaEnvio()
    de_verdad = entregas._marcar_enviada

    def marcar_y_fallar(*args: Any, **kwargs: Any) -> None:
        de_verdad(*args, **kwargs)
        raise entregas.OperationalError("database is locked")

    monkeypatch.setattr(entregas, "_marcar_enviada", marcar_y_fallar)
    despachar()
    monkeypatch.undo()
    assert la_entrega().estado == EstadoEntrega.ENVIADA
    despachar(SIETE + timedelta(hours=2))
    assert len(mail.outbox) == 1


# --- Quién lo echa a andar -------------------------------------------------------------------------------------------
def test_el_trabajador_lo_mira_cada_minuto_y_no_encola_si_nada_toca() -> None:
    assert tareas.encolar_si_toca in AL_MANTENER
    FabricaEnvio(proxima_el=timezone.now() + timedelta(hours=1))
    tareas.encolar_si_toca(timezone.now())
    assert not EntregaEnvio.objects.exists()
    Envio.objects.update(proxima_el=timezone.now())
    tareas.encolar_si_toca(timezone.now())
    assert len(mail.outbox) == 1


def test_las_entregas_de_hace_dos_anios_se_borran_y_la_que_espera_no() -> None:
    vieja = FabricaEntrega(cerrada_el=SIETE - timedelta(days=entregas.DIAS_DE_ENTREGAS + 1))
    de_ayer = FabricaEntrega(envio=vieja.envio, para=SIETE)
    espera = FabricaEntrega(envio=FabricaEnvio(), estado=EstadoEntrega.PENDIENTE, cerrada_el=None)
    assert entregas.asear(SIETE) == 1
    assert set(EntregaEnvio.objects.all()) == {de_ayer, espera}
    assert AL_ASEAR["entregas de envíos"] is entregas.asear


def test_la_orden_envia_lo_de_un_dia_y_dice_lo_que_hizo(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    FabricaEnvio(cada="mes", dia=1, hora=0, proxima_el=datetime(2026, 4, 1, tzinfo=BOGOTA))
    call_command("enviar_reportes", hoy="2026-03-31")
    call_command("enviar_reportes", hoy="2026-04-02")
    assert capsys.readouterr().out == "0 reportes enviados.\n1 reporte enviado.\n"
    assert "Del 01/03/2026 al 31/03/2026" in str(mail.outbox[0].body)
    monkeypatch.setattr(entregas, "get_connection", lambda: CorreoCaido(OSError("sin red")))
    with pytest.raises(CommandError, match="cada envío dice en su página") as error:
        call_command("enviar_reportes", hoy="2026-05-02")
    assert error.value.returncode == 2
    assert "1 por reintentar (OSError: sin red)" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--hoy"):
        call_command("enviar_reportes", hoy="31 de febrero")


def test_todo_reporte_registrado_se_puede_enviar() -> None:
    jefa = cuenta("jefa", "Administrador")
    for n, clave in enumerate(REPORTES):
        FabricaEnvio(
            usuario=jefa, reporte=clave, parametros="", destinatarios=[jefa.email], formato=("xlsx", "pdf")[n % 2]
        )
    assert despachar().enviadas == len(REPORTES), list(EntregaEnvio.objects.values_list("envio__reporte", "nota"))
