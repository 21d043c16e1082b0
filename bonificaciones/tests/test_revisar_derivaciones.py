"""La revisión diaria de las derivaciones: reparte, recuerda, escala, vence, vuelve y reanuda, cada cosa una vez."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bonificaciones.derivaciones.presentacion import resumen
from bonificaciones.models import Bonificacion, Corrida, Derivacion, GestionDerivacion
from bonificaciones.operaciones import derivaciones_revision
from bonificaciones.operaciones.derivaciones import avisar_lo_derivado, revisar_derivaciones
from bonificaciones.tests.fabricas import FabricaAsesor, FabricaBonificacion, FabricaDerivacion, FabricaPrograma
from bonificaciones.tests.personas import FIN, administrador, asesor, cerrada, cliente_contactable, derivada_a
from clientes.operaciones.consentimientos import otorgar_consentimiento
from clientes.operaciones.contactos import dejar_de_contactar
from clientes.tests.fabricas import AHORA, HOY, FabricaMunicipio
from movistar_site.comun import trabajos
from movistar_site.comun.models import Aviso

pytestmark = pytest.mark.django_db


def revisar(dia: date = HOY):
    """La de ese día, a las 6:30."""
    return revisar_derivaciones(hoy=dia, ahora=timezone.make_aware(datetime.combine(dia, time(6, 30))))


def titulos(usuario):
    return list(Aviso.objects.filter(usuario=usuario).order_by("id").values_list("titulo", flat=True))


def acciones(derivacion):
    return list(derivacion.gestiones.order_by("id").values_list("accion", flat=True))


# --- Reparto ---------------------------------------------------------------------------------------------------------
def test_reparte_lo_que_no_tiene_asesor_y_le_da_plazo_desde_hoy():
    cali = FabricaMunicipio(codigo="98001")
    de_cali, otra = FabricaAsesor(usuario=asesor()), asesor()
    de_cali.municipios.add(cali)
    sueltas = [FabricaDerivacion(derivada_el=HOY - timedelta(days=9)) for _ in range(2)]
    sueltas[0].cliente.municipio = cali
    sueltas[0].cliente.save()
    hecha = revisar()
    for una in sueltas:
        una.refresh_from_db()
    assert (sueltas[0].asesor, sueltas[1].asesor) == (de_cali.usuario, otra)
    assert {(una.derivada_el, una.vence_el) for una in sueltas} == {(HOY, FIN)}
    assert (hecha.repartidas, hecha.sin_quien, hecha.avisos) == (2, 0, 2)
    assert titulos(otra) == ["Hoy recibió 1 cliente con bonificación"]
    assert acciones(sueltas[0]) == ["asignada"]
    assert sueltas[0].history.latest("history_id").origen == "revisar_derivaciones"


def test_pasa_a_otros_lo_de_quien_se_fue_o_esta_en_pausa_y_vuelve_con_su_asesor_anterior():
    se_fue, en_pausa, quedan = asesor(is_active=False), asesor(), asesor()
    FabricaAsesor(usuario=en_pausa, recibe=False)
    anterior = asesor()
    suya, otra = derivada_a(se_fue), derivada_a(en_pausa, escalada_el=HOY)
    cerrada(bonificacion=FabricaBonificacion(cliente=suya.cliente, estado="rechazada", cerrada_el=AHORA),
            asesor=anterior)  # fmt: skip
    revisar()
    suya.refresh_from_db()
    otra.refresh_from_db()
    assert (suya.asesor, otra.asesor, otra.escalada_el) == (anterior, quedan, None)


def test_si_nadie_tiene_cupo_se_lo_dice_una_vez_al_dia_a_los_administradores():
    jefa = administrador()
    FabricaAsesor(usuario=asesor(), tope=1)
    FabricaDerivacion.create_batch(3)
    assert [revisar().sin_quien for _ in range(2)] == [2, 2]
    assert titulos(jefa) == ["2 clientes con bonificación y sin asesor"]


# --- Plazos ----------------------------------------------------------------------------------------------------------
def test_recuerda_dos_dias_habiles_antes_una_sola_vez_y_en_una_sola_cuenta():
    ana = asesor()
    suyas = [derivada_a(ana) for _ in range(3)]
    derivada_a(ana, vence_el=FIN + timedelta(days=1))
    derivada_a(ana, estado="aplazada", volver_el=FIN)
    antes = date(2026, 3, 26)
    assert revisar(antes).recordadas == 0, "faltan tres días hábiles: el 30, el 31 y, antes, el 27"
    assert revisar(date(2026, 3, 27)).recordadas == 3
    assert revisar(date(2026, 3, 27)).recordadas == 0
    assert titulos(ana) == ["3 clientes por vencer"]
    assert acciones(suyas[0]) == ["recordada"]


def test_escala_una_vez_al_pasar_el_plazo_y_avisa_al_asesor_y_a_los_administradores():
    ana, jefa = asesor(), administrador()
    suya = derivada_a(ana, recordada_el=HOY)
    assert revisar(FIN).escaladas == 0
    for dia in (FIN + timedelta(days=1), FIN + timedelta(days=2)):
        revisar(dia)
    suya.refresh_from_db()
    assert (suya.escalada_el, suya.estado) == (FIN + timedelta(days=1), "pendiente")
    assert acciones(suya) == ["escalada"]
    assert titulos(ana) == ["1 cliente con el plazo vencido"]
    assert titulos(jefa) == ["1 cliente con bonificación y el plazo vencido"]


def test_vence_diez_dias_habiles_despues_del_plazo_con_su_bonificacion():
    ana = asesor()
    suya = derivada_a(ana, recordada_el=FIN)
    revisar(FIN + timedelta(days=1))
    # Diez días hábiles después del 31 de marzo, con la Semana Santa, es el 16 de abril.
    ultimo = date(2026, 4, 16)
    assert revisar(ultimo).vencidas == 0
    hecha = revisar(ultimo + timedelta(days=1))
    suya.refresh_from_db()
    bono = suya.bonificacion
    assert hecha.vencidas == 1
    assert (suya.estado, suya.resultado, bono.estado) == ("cerrada", "vencida", "vencida")
    assert suya.cerrada_el == bono.cerrada_el
    assert acciones(suya)[-1] == "vencida"
    assert bono.history.latest("history_id").history_change_reason == suya.motivo
    assert revisar(ultimo + timedelta(days=2)).vencidas == 0


def test_si_la_revision_no_corrio_en_un_mes_escala_antes_de_vencer():
    suya = derivada_a(asesor())
    hecha = revisar(FIN + timedelta(days=40))
    suya.refresh_from_db()
    assert (hecha.escaladas, hecha.vencidas, suya.estado) == (1, 0, "pendiente")


def test_lo_detenido_y_lo_aplazado_no_corre_plazo():
    ana = asesor()
    detenida = derivada_a(ana, estado="detenida")
    aplazada = derivada_a(ana, estado="aplazada", volver_el=FIN + timedelta(days=200))
    hecha = revisar(FIN + timedelta(days=100))
    assert (hecha.escaladas, hecha.vencidas) == (0, 0)
    assert acciones(detenida) == acciones(aplazada) == []


# --- Volver y reanudar -----------------------------------------------------------------------------------------------
def test_el_dia_que_pidio_vuelve_a_los_pendientes_con_un_solo_aviso():
    ana = asesor()
    suyas = [derivada_a(ana, estado="aplazada", volver_el=HOY + timedelta(days=2)) for _ in range(2)]
    assert revisar(HOY + timedelta(days=1)).vueltas == 0
    hechas = [revisar(HOY + timedelta(days=2)).vueltas for _ in range(2)]
    suyas[0].refresh_from_db()
    assert (hechas, suyas[0].estado, acciones(suyas[0])) == ([2, 0], "pendiente", ["reanudada"])
    assert titulos(ana) == ["Volver hoy a 2 clientes"]


def test_lo_detenido_vuelve_cuando_el_cliente_da_otra_autorizacion_despues():
    ana = asesor()
    suya = derivada_a(ana, cliente=cliente_contactable())
    dejar_de_contactar(suya.cliente, usuario=None, ahora=AHORA, motivo="Lo pidió")
    manana = HOY + timedelta(days=1)
    assert revisar(manana).reanudadas == 0
    otorgar_consentimiento(
        cliente=suya.cliente, finalidad="encuestas", canal="telefono", version_texto="1", medio="oficina",
        evidencia="x", usuario=None, ahora=AHORA + timedelta(hours=2),
    )  # fmt: skip
    assert revisar(manana).reanudadas == 0, "esa autorización no es para ofertas"
    otorgar_consentimiento(
        cliente=suya.cliente, finalidad="comercial", canal="correo", version_texto="1", medio="oficina",
        evidencia="x", usuario=None, ahora=AHORA + timedelta(hours=2),
    )  # fmt: skip
    assert revisar(manana).reanudadas == 1
    suya.refresh_from_db()
    assert (suya.estado, suya.vence_el) == ("pendiente", date(2026, 4, 1))
    assert acciones(suya) == ["detenida", "reanudada"]


def test_una_autorizacion_que_ya_tenia_por_otro_canal_no_la_reanuda():
    cliente = cliente_contactable()
    otorgar_consentimiento(
        cliente=cliente, finalidad="comercial", canal="correo", version_texto="1", medio="oficina", evidencia="x",
        usuario=None, ahora=AHORA - timedelta(days=9),
    )  # fmt: skip
    suya = derivada_a(asesor(), cliente=cliente)
    dejar_de_contactar(cliente, usuario=None, ahora=AHORA, motivo="Lo pidió", canal="telefono")
    assert revisar(HOY + timedelta(days=1)).reanudadas == 0
    suya.refresh_from_db()
    assert suya.estado == "detenida"


def test_anula_lo_de_quien_dejo_de_ser_cliente():
    suya = derivada_a(asesor())
    type(suya.cliente).objects.filter(pk=suya.cliente_id).update(estado="inactivo", inactivo_desde=HOY)
    hecha = revisar()
    suya.refresh_from_db()
    assert (hecha.anuladas, suya.resultado, suya.bonificacion.estado) == (1, "anulada", "anulada")


# --- Repetir, cortar y medir -----------------------------------------------------------------------------------------
def _de_todo(ana, cuantas):
    for _ in range(cuantas):
        FabricaDerivacion()
        derivada_a(ana, vence_el=HOY + timedelta(days=1))
        derivada_a(ana, vence_el=HOY - timedelta(days=1))
        derivada_a(ana, vence_el=HOY - timedelta(days=60), escalada_el=HOY - timedelta(days=50))
        derivada_a(ana, estado="aplazada", volver_el=HOY)


def test_repetirla_no_cambia_nada():
    _de_todo(asesor(email="ana@ejemplo.co"), 2)
    primera = revisar()
    assert (primera.recordadas, primera.escaladas, primera.vencidas, primera.vueltas) == (2, 2, 2, 2)
    antes = (list(Derivacion.objects.values()), GestionDerivacion.objects.count(), Aviso.objects.count())
    segunda = revisar()
    assert (list(Derivacion.objects.values()), GestionDerivacion.objects.count(), Aviso.objects.count()) == antes
    assert resumen(segunda) == "Derivaciones revisadas el 16/03/2026: no había nada por hacer."
    assert len(mail.outbox) == 1, "un solo mensaje con todos sus avisos"


def test_las_mismas_consultas_con_dos_que_con_veinte():
    ana = asesor()
    cuentas = []
    for cuantas in (2, 18):
        _de_todo(ana, cuantas)
        Aviso.objects.all().delete()
        with CaptureQueriesContext(connection) as hechas:
            revisar()
        cuentas.append(len(hechas))
    assert cuentas[0] == cuentas[1]


def test_si_se_corta_a_mitad_la_siguiente_la_termina_y_el_aviso_los_cuenta_todos(monkeypatch):
    ana = asesor()
    for _ in range(5):
        derivada_a(ana, vence_el=HOY + timedelta(days=1))
    monkeypatch.setattr(derivaciones_revision.Cortesia, "tanda", 2, raising=False)
    tandas = []

    class Corta(derivaciones_revision.Cortesia):
        def __init__(self, **_):
            super().__init__(tanda=2, fija=True)

    original = derivaciones_revision._Revisora._guardar

    def guardar(self, filas, campos, accion, motivo):
        tandas.append(len(filas))
        if len(tandas) == 2:
            raise KeyboardInterrupt
        original(self, filas, campos, accion, motivo)

    monkeypatch.setattr(derivaciones_revision, "Cortesia", Corta)
    monkeypatch.setattr(derivaciones_revision._Revisora, "_guardar", guardar)
    with pytest.raises(KeyboardInterrupt):
        revisar()
    assert Derivacion.objects.filter(recordada_el=HOY).count() == 2
    assert revisar().recordadas == 3
    assert titulos(ana) == ["5 clientes por vencer"]


def test_el_correo_que_no_sale_se_cuenta_y_no_impide_lo_demas(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    suya = derivada_a(asesor(email="ana@ejemplo.co"), vence_el=HOY - timedelta(days=1))
    hecha = revisar()
    assert not hecha.completa
    assert acciones(suya) == ["escalada"]


# --- La orden y el trabajo -------------------------------------------------------------------------------------------
def test_la_orden_dice_lo_que_hizo_ese_dia():
    derivada_a(asesor(), vence_el=date(2026, 12, 1))
    salida = StringIO()
    call_command("revisar_derivaciones", hoy="2026-12-01", stdout=salida)
    assert salida.getvalue().strip() == "Derivaciones revisadas el 01/12/2026: 1 por vencer, 1 aviso."
    with pytest.raises(CommandError, match="--hoy"):
        call_command("revisar_derivaciones", hoy="mañana")


def test_es_un_trabajo_de_cada_dia_despues_de_asignar():
    diarios = trabajos.DIARIOS
    assert diarios["revisar derivaciones"].desde == time(6, 30) > diarios["asignar bonificaciones"].desde


# --- Lo recién derivado ----------------------------------------------------------------------------------------------
def test_cada_asesor_recibe_un_aviso_por_corrida_y_los_administradores_el_de_lo_que_nadie_tiene(
    django_capture_on_commit_callbacks,
):
    jefa, ana = administrador(), asesor(email="ana@ejemplo.co")
    programa = FabricaPrograma(nombre="Diez años")
    corrida = Corrida.objects.create(programa=programa, dia=HOY, empezada_el=AHORA)
    for quien in (ana, ana, None):
        bono = FabricaBonificacion(programa=programa, corrida=corrida)
        FabricaDerivacion(bonificacion=bono, asesor=quien)
    derivada_a(ana)
    with django_capture_on_commit_callbacks(execute=True):
        assert [avisar_lo_derivado(corrida=corrida, ahora=AHORA) for _ in range(2)] == [2, 0]
    assert titulos(ana) == ["Recibió 2 clientes con bonificación"]
    assert titulos(jefa) == ["1 cliente con bonificación y sin asesor"]
    assert [mensaje.to for mensaje in mail.outbox] == [["ana@ejemplo.co"]]
    assert Bonificacion.objects.filter(corrida=corrida).count() == 3
