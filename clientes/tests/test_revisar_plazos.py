"""La revisión diaria: lo que anota, reparte, avisa y mueve, una sola vez por más que se repita."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from clientes import operaciones, tareas
from clientes.models import EstadoCambio, Interaccion, SilencioPositivo
from clientes.operaciones import plazos as revision_de_plazos
from clientes.operaciones import silencios
from clientes.plantel import plantel
from clientes.reloj import reloj
from movistar_site.comun import trabajos
from movistar_site.comun.models import Aviso, Festivo, Parametro, Usuario

from .fabricas import (
    FabricaCambioPlan,
    FabricaContrato,
    FabricaEquipo,
    FabricaInteraccion,
    FabricaSuspension,
    FabricaUsuario,
    servicio_con_precio,
)

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")
# Radicada el lunes 16 de marzo de 2026, vence el jueves 9 de abril (vector de la ley).
VENCE = date(2026, 4, 9)
RADICADA = datetime(2026, 3, 16, 10, 0, tzinfo=BOGOTA)


def a_las(dia: date, hora: int = 5, minuto: int = 0) -> datetime:
    return datetime(dia.year, dia.month, dia.day, hora, minuto, tzinfo=BOGOTA)


def caso(**campos: Any) -> Interaccion:
    datos = {"tipo": "reclamacion", "fecha": RADICADA, "vence_el": VENCE, "primer_plazo": VENCE, **campos}
    return FabricaInteraccion(**datos)


def revisar(dia: date, hora: int = 5, **mas: Any) -> operaciones.Revision:
    return operaciones.revisar_plazos(hoy=dia, ahora=a_las(dia, hora), **mas)


def claves(usuario: Usuario) -> list[str]:
    return list(Aviso.objects.filter(usuario=usuario).order_by("id").values_list("clave", flat=True))


@pytest.fixture
def jefe(administrador: Usuario) -> Usuario:
    return administrador


@pytest.fixture
def persona() -> Usuario:
    return FabricaUsuario()


# --- Silencio positivo -----------------------------------------------------------------------------------------------
def test_el_dia_del_vencimiento_todavia_no_hay_silencio_y_al_siguiente_si(persona: Usuario) -> None:
    pqr = caso(responsable=persona)
    assert revisar(VENCE, 23).silencios == 0
    assert revisar(VENCE + timedelta(days=1), 0).silencios == 1
    silencio = SilencioPositivo.objects.get(interaccion=pqr)
    assert silencio.ocurrio_el == date(2026, 4, 10)
    # 72 horas desde que empieza ese día, en Bogotá.
    assert silencio.cumplir_antes_de == datetime(2026, 4, 13, 0, 0, tzinfo=BOGOTA)
    assert silencio.history.get().origen == "revisar_plazos"
    assert f"silencio {pqr.numero}" in claves(persona)


def test_repetirla_no_anota_ni_avisa_otra_vez(persona: Usuario) -> None:
    caso(responsable=persona)
    primera = revisar(VENCE + timedelta(days=1))
    segunda = revisar(VENCE + timedelta(days=1), 17)
    assert (primera.silencios, primera.avisos) == (1, 1)
    assert (segunda.silencios, segunda.avisos, segunda.asignadas) == (0, 0, 0)
    assert SilencioPositivo.objects.count() == 1


@pytest.mark.parametrize(
    "campos",
    [
        {"aplica_sap": False},
        {"tipo": "sugerencia", "vence_el": None, "primer_plazo": None},
        {"estado": "respondida", "respuesta": "Sí.", "respondida_el": a_las(VENCE, 23, 59)},
    ],
    ids=["no aplica", "sugerencia", "respondida a las 23:59 del último día"],
)
def test_no_hay_silencio_donde_la_ley_no_lo_pone(campos: dict[str, Any]) -> None:
    caso(**campos)
    assert revisar(VENCE + timedelta(days=30)).silencios == 0


def test_lo_respondido_pasada_la_medianoche_de_bogota_tambien_es_silencio() -> None:
    tarde = caso(estado="respondida", respuesta="Sí.", respondida_el=a_las(VENCE + timedelta(days=1), 0, 1))
    assert revisar(VENCE + timedelta(days=40)).silencios == 1
    assert tarde.silencio.ocurrio_el == VENCE + timedelta(days=1)
    assert revisar(VENCE + timedelta(days=41)).silencios == 0


def test_dos_revisiones_a_la_vez_anotan_uno_solo() -> None:
    pqr = caso()
    hoy = VENCE + timedelta(days=1)
    comunes: dict[str, Any] = {"hoy": hoy, "ahora": a_las(hoy), "reloj": reloj(hoy)}
    # Las dos leyeron la misma lista antes de que ninguna escribiera.
    assert len(silencios.anotar_silencios([pqr.pk], **comunes)) == 1
    assert silencios.anotar_silencios([pqr.pk], **comunes) == []


def test_lo_que_se_respondio_o_prorrogo_entretanto_no_se_anota() -> None:
    hoy = VENCE + timedelta(days=1)
    respondida = caso(estado="respondida", respuesta="Sí.", respondida_el=a_las(VENCE, 9))
    corrida = caso(vence_el=VENCE + timedelta(days=20), prorroga_motivo="Pruebas", prorroga_avisada_el=a_las(VENCE))
    anotados = silencios.anotar_silencios(
        [respondida.pk, corrida.pk, 999_999], hoy=hoy, ahora=a_las(hoy), reloj=reloj(hoy)
    )
    assert anotados == []


def test_el_equipo_se_entera_si_no_hay_responsable_y_los_administradores_si_no_hay_nadie(jefe: Usuario) -> None:
    equipo, uno, otro = FabricaEquipo(), FabricaUsuario(), FabricaUsuario()
    equipo.miembros.add(uno, otro)
    for _ in range(3):
        caso()
    hoy = VENCE + timedelta(days=1)
    revisar(hoy)
    assert sorted(claves(jefe)) == ["casos sin responsable 2026-04-10", "silencios sin responsable 2026-04-10"]
    assert "3 casos" in Aviso.objects.get(usuario=jefe, clave__startswith="silencios").titulo
    del_equipo = caso(equipo=equipo)
    revisar(hoy, 17)
    assert f"silencio {del_equipo.numero}" in claves(uno)
    assert f"silencio {del_equipo.numero}" in claves(otro)


def test_un_silencio_se_recuerda_un_dia_antes_y_cuando_se_incumple(persona: Usuario) -> None:
    pqr = caso(responsable=persona)
    hoy = VENCE + timedelta(days=1)
    revisar(hoy)
    revisar(hoy + timedelta(days=1), 23)
    assert f"silencio por cumplir {pqr.numero}" not in claves(persona)
    for _ in range(2):
        revisar(hoy + timedelta(days=2), 5)
    revisar(hoy + timedelta(days=3), 5)
    revisar(hoy + timedelta(days=4), 5)
    assert [clave for clave in claves(persona) if clave.startswith("silencio")] == [
        f"silencio {pqr.numero}", f"silencio por cumplir {pqr.numero}", f"silencio incumplido {pqr.numero}"
    ]  # fmt: skip


def test_un_silencio_cumplido_ya_no_se_recuerda(persona: Usuario) -> None:
    caso(responsable=persona)
    hoy = VENCE + timedelta(days=1)
    revisar(hoy)
    operaciones.cumplir_silencio(
        SilencioPositivo.objects.get(), cumplimiento="Se devolvió el dinero", usuario=persona, ahora=a_las(hoy, 9)
    )
    assert revisar(hoy + timedelta(days=3)).avisos == 0


# --- Avisos de vencimiento -------------------------------------------------------------------------------------------
def test_se_avisa_al_entrar_en_los_ultimos_dias_y_el_ultimo(persona: Usuario) -> None:
    pqr = caso(responsable=persona)
    # Tres días hábiles antes del jueves 9 de abril: lunes 6 (2 y 3 son festivos).
    esperados = {date(2026, 4, 1): 0, date(2026, 4, 5): 0, date(2026, 4, 6): 1, date(2026, 4, 7): 0,
                 date(2026, 4, 8): 0, VENCE: 1}  # fmt: skip
    for dia, cuantos in esperados.items():
        dados = [revisar(dia, hora).avisos for hora in (5, 17)]
        assert sum(dados) == cuantos, dia
    assert claves(persona) == [f"por vencer {pqr.numero} 2026-04-09", f"vence hoy {pqr.numero} 2026-04-09"]


def test_una_prorroga_trae_sus_propios_avisos(persona: Usuario) -> None:
    pqr = caso(responsable=persona)
    revisar(date(2026, 4, 8))
    operaciones.prorrogar_interaccion(
        pqr, motivo="Pruebas", avisada_el=a_las(VENCE, 8), usuario=persona, ahora=a_las(VENCE, 9)
    )
    assert revisar(VENCE).avisos == 0
    revisar(pqr.vence_el)
    assert claves(persona)[-1] == f"vence hoy {pqr.numero} 2026-04-30"


def test_lo_respondido_no_avisa(persona: Usuario) -> None:
    caso(responsable=persona, estado="respondida", respuesta="Sí.", respondida_el=RADICADA + timedelta(hours=1))
    assert revisar(VENCE).avisos == 0


def test_los_avisos_salen_por_correo_y_un_servidor_caido_no_la_detiene(persona: Usuario, settings: Any) -> None:
    Usuario.objects.filter(pk=persona.pk).update(email="agente@example.co")
    caso(responsable=persona)
    bueno, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "no.existe.Correo"
    with pytest.raises(ImportError):
        revisar(VENCE)
    settings.EMAIL_BACKEND = "movistar_site.comun.tests.test_avisos._Caido"
    caida = revisar(VENCE, 6)
    assert not caida.completa
    settings.EMAIL_BACKEND = bueno
    assert revisar(VENCE, 7).correos.mensajes == 1
    assert mail.outbox[0].to == ["agente@example.co"]


# --- Reparto ---------------------------------------------------------------------------------------------------------
def test_lo_que_nadie_atiende_le_toca_a_quien_menos_tiene() -> None:
    equipo = FabricaEquipo()
    uno, otro, ido = FabricaUsuario(), FabricaUsuario(), FabricaUsuario(is_active=False)
    equipo.miembros.add(uno, otro, ido)
    for _ in range(2):
        caso(responsable=uno, vence_el=VENCE + timedelta(days=60))
    huerfano = caso(equipo=equipo)
    del_ido = caso(equipo=equipo, responsable=ido)
    lejano = caso(equipo=equipo, vence_el=VENCE + timedelta(days=60))
    hecho = revisar(VENCE)
    assert hecho.asignadas == 2
    for una in (huerfano, del_ido, lejano):
        una.refresh_from_db()
    assert (huerfano.responsable, del_ido.responsable, lejano.responsable) == (otro, otro, None)
    fila = huerfano.history.latest()
    assert (fila.origen, fila.history_change_reason) == (
        "revisar_plazos",
        "El reloj lo repartió: está por vencer y nadie lo atendía",
    )
    # Quien lo recibió se entera de que vence hoy, y nada más.
    assert claves(otro) == [f"vence hoy {una.numero} 2026-04-09" for una in (huerfano, del_ido)]
    assert revisar(VENCE, 17).asignadas == 0


def test_si_empatan_le_toca_a_la_cuenta_mas_antigua_y_se_van_turnando() -> None:
    equipo, gente = FabricaEquipo(), [FabricaUsuario() for _ in range(3)]
    equipo.miembros.add(*reversed(gente))
    casos = [caso(equipo=equipo) for _ in range(6)]
    revisar(VENCE)
    responsables = [Interaccion.objects.get(pk=una.pk).responsable for una in casos]
    assert responsables == gente * 2


def test_a_quien_recibe_algo_ya_vencido_se_le_dice() -> None:
    equipo, uno = FabricaEquipo(), FabricaUsuario()
    equipo.miembros.add(uno)
    vencida = caso(equipo=equipo, aplica_sap=False)
    revisar(VENCE + timedelta(days=5))
    assert claves(uno) == [f"asignada {vencida.numero} 2026-04-14"]


@pytest.mark.parametrize("activo", [True, False])
def test_un_equipo_apagado_o_sin_gente_no_recibe_y_se_le_dice_al_administrador(jefe: Usuario, activo: bool) -> None:
    equipo = FabricaEquipo(activo=activo)
    equipo.miembros.add(FabricaUsuario(is_active=not activo))
    caso(equipo=equipo)
    hecho = revisar(VENCE)
    assert (hecho.asignadas, hecho.sin_quien) == (0, 1)
    assert claves(jefe) == ["casos sin responsable 2026-04-09"]
    assert Aviso.objects.get(usuario=jefe).enlace == "/atencion/bandeja/sin-asignar/"


def test_otra_revision_ya_lo_asigno(monkeypatch: pytest.MonkeyPatch) -> None:
    equipo, uno, otro = FabricaEquipo(), FabricaUsuario(), FabricaUsuario()
    equipo.miembros.add(uno)
    pqr = caso(equipo=equipo)
    una = revision_de_plazos._Revisora(VENCE, a_las(VENCE), None)
    Interaccion.objects.filter(pk=pqr.pk).update(responsable=otro)
    una._dar_responsable(pqr.pk, {uno.pk: 0})
    pqr.refresh_from_db()
    assert (pqr.responsable, una.revision.asignadas) == (otro, 0)


def test_el_plantel_no_cuenta_a_quien_no_puede_arreglar_un_equipo(jefe: Usuario, agente: Usuario) -> None:
    superior = FabricaUsuario(is_superuser=True)
    ido = FabricaUsuario(is_active=False)
    ido.groups.add(Group.objects.get(name="Administrador"))
    assert set(plantel().administradores) == {jefe.pk, superior.pk}


# --- Contratos -------------------------------------------------------------------------------------------------------
def test_se_aplica_el_cambio_de_plan_cuyo_dia_llego_y_se_reanuda_lo_suspendido() -> None:
    nuevo = servicio_con_precio("89900.00")
    contrato = FabricaContrato(servicio=servicio_con_precio(tipo=nuevo.tipo))
    cambio = FabricaCambioPlan(contrato=contrato, servicio_nuevo=nuevo, efectivo_el=VENCE)
    quieto = FabricaContrato(estado="suspendido")
    FabricaSuspension(contrato=quieto, desde=VENCE - timedelta(days=20), hasta_prevista=VENCE)
    assert revisar(VENCE - timedelta(days=1)).cambios_de_plan == 0
    hecho = revisar(VENCE)
    assert (hecho.cambios_de_plan, hecho.reanudados, hecho.rechazos) == (1, 1, [])
    contrato.refresh_from_db()
    quieto.refresh_from_db()
    cambio.refresh_from_db()
    assert (contrato.servicio, cambio.estado, quieto.estado) == (nuevo, EstadoCambio.APLICADO, "activo")
    assert quieto.history.latest().origen == "revisar_plazos"
    segunda = revisar(VENCE, 17)
    assert (segunda.cambios_de_plan, segunda.reanudados) == (0, 0)


def test_lo_que_el_contrato_rechaza_se_anota_y_no_detiene_lo_demas(
    jefe: Usuario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def negarse(*_: Any, **__: Any) -> None:
        raise ValidationError("El contrato ya terminó.")

    monkeypatch.setattr(revision_de_plazos, "aplicar_cambio", negarse)
    FabricaCambioPlan(efectivo_el=VENCE)
    caso(vence_el=VENCE - timedelta(days=1))
    for hora in (5, 17):
        hecho = revisar(VENCE, hora)
        assert len(hecho.rechazos) == 1
        assert "El contrato ya terminó." in hecho.rechazos[0]
    assert SilencioPositivo.objects.count() == 1
    assert len([clave for clave in claves(jefe) if clave.startswith("cambio de plan")]) == 1


# --- Reglas y zonas --------------------------------------------------------------------------------------------------
def test_los_dias_de_aviso_son_los_que_rigen_ese_dia(persona: Usuario) -> None:
    Parametro.objects.create(clave="dias_por_vencer", valor="1", vigente_desde=date(2026, 4, 1), norma="Acta 2")
    Festivo.objects.create(fecha=date(2026, 4, 8), nombre="Día cívico", norma="Decreto 1")
    caso(responsable=persona)
    assert revisar(date(2026, 4, 6)).avisos == 0
    assert revisar(date(2026, 4, 7)).avisos == 1


@pytest.mark.parametrize("zona", ["UTC", "America/Bogota", "Asia/Tokyo"])
def test_el_dia_es_el_de_bogota_pida_quien_lo_pida(zona: str, persona: Usuario) -> None:
    pqr = caso(responsable=persona)
    ahora = a_las(VENCE, 22).astimezone(ZoneInfo(zona))
    assert operaciones.revisar_plazos(hoy=timezone.localdate(ahora), ahora=ahora).silencios == 0
    assert claves(persona) == [f"vence hoy {pqr.numero} 2026-04-09"]


# --- La orden y el trabajo -------------------------------------------------------------------------------------------
def orden(*argumentos: str) -> str:
    salida = StringIO()
    call_command("revisar_plazos", *argumentos, stdout=salida)
    return salida.getvalue().strip()


def test_la_orden_dice_lo_que_hizo_en_una_frase(persona: Usuario) -> None:
    caso(responsable=persona)
    assert orden("--hoy", "2026-04-10") == ("Plazos revisados el 10/04/2026: 1 silencio positivo anotado, 1 aviso.")
    assert orden("--hoy", "10/04/2026") == "Plazos revisados el 10/04/2026: no había nada por hacer."


@pytest.mark.parametrize("malo", ["2026-02-30", "mañana", "26-04-10"])
def test_un_dia_que_no_es_se_rechaza_con_una_frase(malo: str) -> None:
    with pytest.raises(CommandError, match="--hoy: ") as error:
        orden("--hoy", malo)
    assert error.value.returncode == 1


def test_la_orden_sale_con_dos_si_algo_no_se_pudo(persona: Usuario, settings: Any) -> None:
    Usuario.objects.filter(pk=persona.pk).update(email="agente@example.co")
    settings.EMAIL_BACKEND = "movistar_site.comun.tests.test_avisos._Caido"
    caso(responsable=persona)
    with pytest.raises(CommandError, match="El correo no salió") as error:
        orden("--hoy", "2026-04-10")
    assert error.value.returncode == 2
    assert SilencioPositivo.objects.count() == 1


def test_la_revision_es_un_trabajo_de_cada_dia() -> None:
    diario = trabajos.DIARIOS["revisar plazos"]
    assert diario.trabajo is tareas.revisar_los_plazos
    assert tareas.revisar_los_plazos.call().startswith("Plazos revisados el ")


# --- Nadie lo quita --------------------------------------------------------------------------------------------------
def test_un_silencio_no_se_edita_en_ningun_formulario() -> None:
    editables = {campo.name for campo in SilencioPositivo._meta.concrete_fields if campo.editable}
    assert editables <= {"id", "creado_en", "actualizado_en"} - {"creado_en", "actualizado_en"} | {"id"}
