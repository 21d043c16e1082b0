"""Suspender un contrato: a petición con cupo, por mora sin disputa, y lo que se cierra al reanudar o terminar."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from clientes.models import Contrato, Suspension
from clientes.operaciones import reanudar_contrato, suspender_contrato, terminar_contrato
from movistar_site.comun.models import Parametro

from .fabricas import (
    AHORA,
    HOY,
    FabricaContrato,
    FabricaInteraccion,
    FabricaMotivo,
    FabricaSuspension,
    FabricaUsuario,
)

pytestmark = pytest.mark.django_db


def pedir(contrato, hasta, hoy=HOY, **mas):
    datos = {"clase": "peticion", "motivo": "Viaje", "usuario": None, "hasta_prevista": hasta} | mas
    return suspender_contrato(contrato, hoy=hoy, **datos)


def por_mora(contrato):
    return suspender_contrato(contrato, clase="mora", motivo="Debe dos facturas", usuario=None, hoy=HOY)


def rechazo(funcion, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        funcion(*args, **kwargs)
    return " ".join(error.value.messages)


def test_queda_quien_cuando_por_que_y_hasta_cuando():
    contrato, usuario = FabricaContrato(), FabricaUsuario(first_name="Ana", last_name="Ruiz")
    pedir(contrato, date(2026, 4, 16), usuario=usuario)
    suspension = Suspension.objects.get()
    assert (suspension.clase, suspension.desde, suspension.hasta_prevista) == ("peticion", HOY, date(2026, 4, 16))
    assert (suspension.motivo, suspension.registrada_por_nombre, suspension.hasta) == ("Viaje", "Ana Ruiz", None)
    assert Contrato.objects.get().estado == "suspendido"
    assert contrato.history.first().history_change_reason == "Viaje"


# --- El cupo ---------------------------------------------------------------------------------------------------------
def test_a_peticion_caben_dos_meses_del_anio_y_ni_un_dia_mas():
    contrato = FabricaContrato()
    frase = rechazo(pedir, contrato, date(2026, 5, 17))
    assert "2 meses al año (CRC, Resolución 5050 de 2016" in frase
    assert "Le quedan 60 días en 2026, hasta el 16/05/2026" in frase
    assert not Suspension.objects.exists()
    assert Contrato.objects.get().estado == "activo"
    pedir(contrato, date(2026, 5, 16))


def test_a_peticion_hay_que_decir_hasta_cuando_y_se_dice_cuanto_queda():
    assert "Le quedan 60 días en 2026, hasta el 16/05/2026" in rechazo(pedir, FabricaContrato(), None)


@pytest.mark.parametrize("hasta", [HOY, HOY - timedelta(days=1)])
def test_no_se_reanuda_antes_de_empezar(hasta):
    assert "posterior" in rechazo(pedir, FabricaContrato(), hasta)


def test_las_anteriores_del_anio_se_suman_y_las_ajenas_no():
    contrato = FabricaContrato()
    FabricaSuspension(contrato=contrato, desde=date(2026, 1, 1), hasta=date(2026, 2, 11))  # 1 mes y 10 días
    FabricaSuspension(contrato=contrato, clase="mora", desde=date(2026, 2, 15), hasta=date(2026, 3, 1))
    FabricaSuspension(contrato=contrato, desde=date(2025, 3, 1), hasta=date(2025, 5, 1))
    FabricaSuspension(contrato=FabricaContrato(), desde=date(2026, 1, 1), hasta=date(2026, 3, 1))
    assert "Le quedan 20 días en 2026, hasta el 05/04/2026" in rechazo(pedir, contrato, date(2026, 4, 6))
    pedir(contrato, date(2026, 4, 5))


def test_la_que_se_reanuda_antes_gasta_solo_lo_que_duro():
    contrato = FabricaContrato()
    pedir(contrato, date(2026, 5, 16))
    reanudar_contrato(contrato, usuario=None, hoy=HOY + timedelta(days=5))
    assert "Le quedan 55 días" in rechazo(pedir, contrato, date(2026, 12, 1), hoy=HOY + timedelta(days=9))


def test_la_que_pasa_de_un_anio_a_otro_gasta_de_cada_uno_lo_suyo():
    contrato = FabricaContrato()
    FabricaSuspension(contrato=contrato, desde=date(2025, 12, 1), hasta=date(2026, 1, 31))
    assert "Le quedan 30 días en 2026" in rechazo(pedir, contrato, date(2026, 6, 1))
    noviembre = date(2026, 11, 20)
    pedir(contrato, date(2026, 12, 20), hoy=noviembre)
    reanudar_contrato(contrato, usuario=None, hoy=date(2026, 12, 20))
    # De 2026 no le queda nada, aunque el año siguiente esté entero.
    assert "ya usó en 2026" in rechazo(pedir, contrato, date(2027, 1, 10), hoy=date(2026, 12, 22))


def test_el_cupo_es_un_parametro_con_su_norma():
    Parametro.objects.create(clave="meses_suspension", valor="3", vigente_desde=HOY, norma="Resolución inventada 1")
    frase = rechazo(pedir, FabricaContrato(), date(2026, 6, 17))
    assert "3 meses al año (Resolución inventada 1)" in frase
    assert "Le quedan 90 días" in frase


def test_por_seguridad_no_tiene_cupo():
    suspender_contrato(FabricaContrato(), clase="seguridad", motivo="Fraude", usuario=None, hoy=HOY)
    assert Suspension.objects.get().hasta_prevista is None


def test_una_clase_que_no_existe_se_rechaza():
    assert "Elija por qué" in rechazo(pedir, FabricaContrato(), None, clase="porque sí")


# --- Por mora --------------------------------------------------------------------------------------------------------
def _pqr(contrato, /, **campos):
    return FabricaInteraccion(**({"cliente": contrato.cliente, "contrato": contrato} | campos))


def _de_cobro():
    return FabricaMotivo(es_de_cobro=True)


def _recurso(contrato, causal):
    previa = _pqr(contrato, estado="respondida", respuesta="No.", respondida_el=AHORA)
    return _pqr(contrato, tipo="recurso", recurso_de=previa, causal=causal)


DISPUTAS = {
    "consulta de cobro": lambda c: _pqr(c, motivo=_de_cobro()),
    "reclamación de cobro sin contrato": lambda c: _pqr(c, tipo="reclamacion", contrato=None, motivo=_de_cobro()),
    "reclamación sin motivo": lambda c: _pqr(c, tipo="reclamacion"),
    "en trámite": lambda c: _pqr(c, tipo="reclamacion", estado="en_tramite"),
    "vencida": lambda c: _pqr(c, tipo="reclamacion", vence_el=date(2026, 1, 1)),
    "recurso por facturación": lambda c: _recurso(c, "facturacion"),
}
NO_DISPUTAN = {
    "consulta sin motivo": _pqr,
    "reclamación por otra cosa": lambda c: _pqr(c, tipo="reclamacion", motivo=FabricaMotivo()),
    "respondida": lambda c: _pqr(
        c, tipo="reclamacion", motivo=_de_cobro(), estado="respondida", respuesta="Sí.", respondida_el=AHORA
    ),
    "sugerencia": lambda c: _pqr(c, tipo="sugerencia", motivo=_de_cobro()),
    "de otro cliente": lambda c: FabricaInteraccion(tipo="reclamacion", motivo=_de_cobro()),
    "de otro contrato": lambda c: _pqr(c, tipo="reclamacion", contrato=FabricaContrato(cliente=c.cliente)),
    "recurso por otra causal": lambda c: _recurso(c, "corte"),
}


@pytest.mark.parametrize("cual", DISPUTAS)
def test_por_mora_no_se_suspende_mientras_se_discute_una_suma(cual):
    contrato = FabricaContrato()
    disputa = DISPUTAS[cual](contrato)
    frase = rechazo(por_mora, contrato)
    assert disputa.numero in frase
    assert "Ley 1341 de 2009, artículo 54" in frase
    assert Contrato.objects.get(pk=contrato.pk).estado == "activo"


@pytest.mark.parametrize("cual", NO_DISPUTAN)
def test_lo_que_no_discute_una_suma_no_lo_impide(cual):
    contrato = FabricaContrato()
    NO_DISPUTAN[cual](contrato)
    por_mora(contrato)
    assert Contrato.objects.get(pk=contrato.pk).estado == "suspendido"


def test_una_disputa_no_impide_suspender_a_peticion_ni_por_seguridad():
    contrato = FabricaContrato()
    DISPUTAS["reclamación sin motivo"](contrato)
    pedir(contrato, date(2026, 4, 1))


# --- Lo que se cierra ------------------------------------------------------------------------------------------------
def test_reanudar_cierra_la_suspension():
    contrato = FabricaContrato()
    por_mora(contrato)
    reanudar_contrato(contrato, usuario=None, hoy=HOY + timedelta(days=4), motivo="Pagó")
    assert Suspension.objects.get().hasta == HOY + timedelta(days=4)
    assert Contrato.objects.get().estado == "activo"


def test_uno_suspendido_en_otro_sistema_se_reanuda_aunque_no_tenga_suspension():
    contrato = FabricaContrato(estado="suspendido")
    reanudar_contrato(contrato, usuario=None, hoy=HOY)
    assert Contrato.objects.get().estado == "activo"
    assert not Suspension.objects.exists()


@pytest.mark.parametrize("fecha", [HOY + timedelta(days=3), HOY - timedelta(days=30)])
def test_terminar_cierra_la_suspension_y_nunca_antes_de_que_empezara(fecha):
    contrato = FabricaContrato()
    por_mora(contrato)
    terminar_contrato(contrato, fecha=fecha, usuario=None, hoy=HOY + timedelta(days=3))
    assert Suspension.objects.get().hasta == max(fecha, HOY)


def test_si_un_archivo_lo_activo_la_que_quedo_abierta_se_cierra_al_suspender_otra_vez():
    contrato = FabricaContrato()
    vieja = FabricaSuspension(contrato=contrato, clase="mora", desde=date(2026, 1, 1))
    por_mora(contrato)
    vieja.refresh_from_db()
    assert vieja.hasta == HOY
    assert Suspension.objects.en_curso().count() == 1


def test_dos_personas_a_la_vez_suspenden_una_sola_vez():
    contrato = FabricaContrato()
    copia = Contrato.objects.get()
    por_mora(contrato)
    assert "ya está suspendido" in rechazo(por_mora, copia)
    assert Suspension.objects.count() == 1


def test_las_que_hay_que_reanudar_son_las_de_dia_cumplido():
    hoy_toca = FabricaSuspension(hasta_prevista=HOY)
    FabricaSuspension(hasta_prevista=HOY + timedelta(days=1))
    FabricaSuspension()
    FabricaSuspension(hasta_prevista=HOY, hasta=HOY)
    assert list(Suspension.objects.por_reanudar(HOY)) == [hoy_toca]
