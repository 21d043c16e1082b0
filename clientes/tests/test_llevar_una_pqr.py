"""Asignar, prorrogar, dejar en borrador y responder: lo que se puede, lo que no, y con qué frase."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from clientes.models import Interaccion
from clientes.operaciones import (
    asignar_interaccion,
    cumplir_silencio,
    guardar_borrador,
    prorrogar_interaccion,
    responder_interaccion,
    tomar_interaccion,
)
from clientes.plazos import Situacion, situacion
from clientes.reloj import reloj
from movistar_site.comun.models import Parametro

from .fabricas import AHORA, FabricaEquipo, FabricaInteraccion, FabricaSilencio, FabricaUsuario
from .test_radicar_pqr import radicar

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")
PRIMER_PLAZO = date(2026, 4, 9)


def el(dia, hora=10, minuto=0):
    """Esa hora de Bogotá, dicha en UTC: contar los días por la fecha del instante daría otro."""
    return datetime(dia.year, dia.month, dia.day, hora, minuto, tzinfo=BOGOTA).astimezone(UTC)


def guardada(caso):
    return Interaccion.objects.get(pk=caso.pk)


def prorrogar(caso, **opciones):
    datos = {"motivo": "Falta la medición", "avisada_el": AHORA, "usuario": None, "ahora": AHORA}
    return prorrogar_interaccion(caso, **(datos | opciones))


def responder(caso, **opciones):
    datos = {"respuesta": "Se ajustó.", "notificada_el": AHORA, "sentido": "favorable", "usuario": None, "ahora": AHORA}
    return responder_interaccion(caso, **(datos | opciones))


def en_que_va(caso, hoy):
    return situacion(guardada(caso), hoy=hoy, avisar_hasta=reloj(hoy).desde_cuando_se_avisa(hoy))


# --- Asignar ---------------------------------------------------------------------------------------------------------
def test_quien_la_toma_queda_a_cargo_y_otro_no_la_toma():
    ana, luis = FabricaUsuario(first_name="Ana", last_name="Uno"), FabricaUsuario()
    caso = tomar_interaccion(radicar(), usuario=ana)
    assert (guardada(caso).estado, guardada(caso).responsable) == ("en_tramite", ana)
    with pytest.raises(ValidationError, match="ya la atiende Ana Uno"):
        tomar_interaccion(caso, usuario=luis)
    with pytest.raises(ValidationError, match="ya está a su cargo"):
        tomar_interaccion(caso, usuario=ana)


def test_una_en_tramite_que_nadie_atiende_se_puede_tomar():
    caso, ana = FabricaInteraccion(estado="en_tramite"), FabricaUsuario()
    assert tomar_interaccion(caso, usuario=ana).responsable == ana


def test_se_asigna_a_una_persona_y_conserva_el_equipo():
    equipo, ana = FabricaEquipo(), FabricaUsuario()
    caso = asignar_interaccion(radicar(), usuario=None, equipo=equipo)
    assert (caso.estado, caso.equipo, caso.responsable) == ("abierta", equipo, None)
    caso = guardada(asignar_interaccion(caso, usuario=None, responsable=ana, motivo="  Conoce  el caso "))
    assert (caso.estado, caso.equipo, caso.responsable) == ("en_tramite", equipo, ana)
    assert caso.history.first().history_change_reason == "Conoce el caso"


def test_al_pasarla_a_otro_equipo_queda_abierta_en_su_bandeja():
    ana, otro = FabricaUsuario(), FabricaEquipo()
    caso = asignar_interaccion(radicar(), usuario=None, responsable=ana)
    caso = guardada(asignar_interaccion(caso, usuario=None, equipo=otro))
    assert (caso.estado, caso.equipo, caso.responsable) == ("abierta", otro, None)


def test_liberarla_la_deja_sin_asignar():
    caso = asignar_interaccion(radicar(), usuario=None, responsable=FabricaUsuario(), equipo=FabricaEquipo())
    caso = guardada(asignar_interaccion(caso, usuario=None))
    assert (caso.estado, caso.equipo, caso.responsable) == ("abierta", None, None)
    with pytest.raises(ValidationError, match="ya estaba sin asignar"):
        asignar_interaccion(caso, usuario=None)


def test_no_se_asigna_lo_mismo_lo_respondido_ni_a_quien_esta_inactivo():
    ana = FabricaUsuario(first_name="Ana", last_name="Uno")
    caso = asignar_interaccion(radicar(), usuario=None, responsable=ana)
    with pytest.raises(ValidationError, match="ya estaba a cargo de Ana Uno"):
        asignar_interaccion(caso, usuario=None, responsable=ana)
    with pytest.raises(ValidationError) as error:
        asignar_interaccion(
            caso, usuario=None, responsable=FabricaUsuario(is_active=False), equipo=FabricaEquipo(activo=False)
        )
    assert set(error.value.message_dict) == {"responsable", "equipo"}
    responder(caso)
    with pytest.raises(ValidationError, match="ya se respondió"):
        asignar_interaccion(caso, usuario=None, equipo=FabricaEquipo())


# --- Prorrogar -------------------------------------------------------------------------------------------------------
def test_la_prorroga_suma_quince_dias_habiles_al_primer_plazo():
    caso = guardada(prorrogar(radicar()))
    assert (caso.primer_plazo, caso.vence_el) == (PRIMER_PLAZO, date(2026, 4, 30))
    assert (caso.prorroga_motivo, caso.prorroga_avisada_el) == ("Falta la medición", AHORA)


def test_la_prorroga_es_una_sola():
    caso = prorrogar(radicar())
    with pytest.raises(ValidationError, match="una sola prórroga"):
        prorrogar(caso)


def test_la_prorroga_se_puede_dar_hasta_el_ultimo_minuto_del_primer_plazo():
    ultimo = el(PRIMER_PLAZO, 23, 50)
    assert prorrogar(radicar(), avisada_el=ultimo, ahora=ultimo).vence_el == date(2026, 4, 30)
    despues = el(PRIMER_PLAZO + timedelta(days=1), 0, 5)
    with pytest.raises(ValidationError, match="se avisa antes"):
        prorrogar(radicar(), avisada_el=ultimo, ahora=despues)


@pytest.mark.parametrize(
    ("opciones", "campo", "frase"),
    [
        ({"motivo": "  "}, "motivo", "qué prueba"),
        ({"avisada_el": AHORA + timedelta(minutes=1)}, "avisada_el", "futuro"),
        ({"avisada_el": AHORA - timedelta(days=1)}, "avisada_el", "no se pudo avisar antes"),
    ],
)
def test_una_prorroga_sin_motivo_o_sin_aviso_no_vale(opciones, campo, frase):
    caso = radicar()
    with pytest.raises(ValidationError) as error:
        prorrogar(caso, **opciones)
    assert frase in error.value.message_dict[campo][0]
    assert guardada(caso).vence_el == PRIMER_PLAZO


def test_lo_respondido_y_lo_que_no_tiene_plazo_no_se_prorroga():
    with pytest.raises(ValidationError, match="ya se respondió"):
        prorrogar(responder(radicar()))
    with pytest.raises(ValidationError, match="no hay qué prorrogar"):
        prorrogar(radicar(tipo="sugerencia"))


def test_la_prorroga_usa_los_dias_que_regian_al_radicar():
    caso = radicar()
    Parametro.objects.create(clave="dias_prorroga", valor="3", vigente_desde=date(2026, 3, 17), norma="Acta 9")
    manana = AHORA + timedelta(days=1)
    assert prorrogar(caso, avisada_el=manana, ahora=manana).vence_el == date(2026, 4, 30)


def test_si_las_reglas_no_dan_dias_de_prorroga_se_dice():
    Parametro.objects.create(clave="dias_prorroga", valor="0", vigente_desde=date(2026, 1, 1), norma="Acta 9")
    with pytest.raises(ValidationError, match="no dan días de prórroga"):
        prorrogar(radicar())


# --- Borrador y respuesta --------------------------------------------------------------------------------------------
def test_un_borrador_no_detiene_el_reloj_y_la_respuesta_si():
    caso = guardar_borrador(radicar(), texto="  Estimado cliente…\n", usuario=None)
    despues = PRIMER_PLAZO + timedelta(days=1)
    assert guardada(caso).borrador == "Estimado cliente…"
    assert en_que_va(caso, despues) == Situacion.SILENCIO
    responder(caso)
    assert en_que_va(caso, despues) == Situacion.A_TIEMPO
    assert guardada(caso).borrador == ""


def test_no_se_deja_borrador_de_lo_respondido_ni_uno_que_no_cabe():
    with pytest.raises(ValidationError, match="no cabe"):
        guardar_borrador(radicar(), texto="x" * 20_001, usuario=None)
    with pytest.raises(ValidationError, match="ya se respondió"):
        guardar_borrador(responder(radicar()), texto="Tarde", usuario=None)


@pytest.mark.parametrize(("tipo", "exige"), [("reclamacion", True), ("consulta", False), ("sugerencia", False)])
def test_una_reclamacion_dice_a_favor_de_quien_se_resolvio(tipo, exige):
    caso = radicar(tipo=tipo)
    if exige:
        with pytest.raises(ValidationError) as error:
            responder(caso, sentido="")
        assert "a favor de quién" in error.value.message_dict["sentido"][0]
    else:
        assert responder(caso, sentido="").estado == "respondida"


def test_un_sentido_que_no_existe_se_rechaza():
    with pytest.raises(ValidationError) as error:
        responder(radicar(), sentido="quizás")
    assert "sentido" in error.value.message_dict


def test_pasado_el_plazo_solo_se_resuelve_a_favor_del_cliente():
    tarde = el(PRIMER_PLAZO + timedelta(days=4))
    for sentido in ("desfavorable", "parcial"):
        with pytest.raises(ValidationError, match="por silencio positivo"):
            responder(radicar(), sentido=sentido, notificada_el=tarde, ahora=tarde)
    caso = responder(radicar(), sentido="favorable", notificada_el=tarde, ahora=tarde)
    # Responder después no borra el silencio.
    assert en_que_va(caso, tarde.date()) == Situacion.SILENCIO


def test_lo_que_no_admite_silencio_se_puede_responder_tarde_en_contra():
    caso = radicar()
    Interaccion.objects.filter(pk=caso.pk).update(aplica_sap=False)
    tarde = el(PRIMER_PLAZO + timedelta(days=4))
    caso = responder(caso, sentido="desfavorable", notificada_el=tarde, ahora=tarde)
    assert en_que_va(caso, tarde.date()) == Situacion.FUERA_DE_TERMINO


def test_una_fecha_hacia_atras_no_borra_un_silencio_anotado():
    caso = radicar()
    al_otro_dia = el(PRIMER_PLAZO + timedelta(days=1), 9)
    ayer = el(PRIMER_PLAZO, 16)
    FabricaSilencio(interaccion=caso, ocurrio_el=al_otro_dia.date(), cumplir_antes_de=al_otro_dia + timedelta(days=3))
    with pytest.raises(ValidationError) as error:
        responder(caso, notificada_el=ayer, ahora=al_otro_dia)
    assert "quedó anotado el 10/04/2026" in error.value.message_dict["notificada_el"][0]
    # Sin silencio anotado, lo que se notificó a tiempo se puede registrar a la mañana siguiente.
    assert responder(radicar(), notificada_el=ayer, ahora=al_otro_dia).estado == "respondida"


# --- Silencio --------------------------------------------------------------------------------------------------------
def test_un_silencio_se_cumple_una_vez_y_diciendo_como():
    silencio = FabricaSilencio()
    with pytest.raises(ValidationError) as error:
        cumplir_silencio(silencio, cumplimiento="  ", usuario=None, ahora=AHORA)
    assert "cumplimiento" in error.value.message_dict
    ana = FabricaUsuario(first_name="Ana", last_name="Uno")
    cumplir_silencio(silencio, cumplimiento="Se devolvió el cobro", usuario=ana, ahora=AHORA)
    silencio.refresh_from_db()
    assert (silencio.cumplido_el, silencio.cumplido_por_nombre) == (AHORA, "Ana Uno")
    with pytest.raises(ValidationError, match="ya se cumplió el 16/03/2026 10:30"):
        cumplir_silencio(silencio, cumplimiento="Otra vez", usuario=ana, ahora=AHORA)


# --- La situación, dicha a la base -----------------------------------------------------------------------------------
def test_filtrar_por_situacion_da_lo_mismo_que_calcularla():
    hoy = date(2026, 4, 13)
    desde = el(date(2026, 2, 20))
    for dias in range(0, 60, 3):
        for sap in (True, False):
            caso = radicar(fecha=min(desde + timedelta(days=dias), AHORA), tipo=("consulta", "sugerencia")[dias % 2])
            Interaccion.objects.filter(pk=caso.pk).update(aplica_sap=sap)
            if dias % 5 < 2:
                cuando = caso.fecha + timedelta(days=dias, hours=13)
                responder(caso, notificada_el=cuando, ahora=max(cuando, AHORA))
    for dias in range(-6, 7):
        caso = radicar()
        Interaccion.objects.filter(pk=caso.pk).update(vence_el=hoy + timedelta(days=dias))
    avisar_hasta = reloj(hoy).desde_cuando_se_avisa(hoy)
    esperadas: dict[str, set[int]] = {cual: set() for cual in Situacion.values}
    for caso in Interaccion.objects.all():
        esperadas[situacion(caso, hoy=hoy, avisar_hasta=avisar_hasta)].add(caso.pk)
    assert sum(bool(claves) for claves in esperadas.values()) == len(Situacion.values)
    for cual, claves in esperadas.items():
        consulta = Interaccion.objects.en_situacion(cual, hoy=hoy, avisar_hasta=avisar_hasta)
        assert set(consulta.values_list("pk", flat=True)) == claves, cual
