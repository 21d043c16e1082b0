"""Radicar una PQR: su CUN y su plazo salen de las reglas del día de Bogotá en que llegó, y ya no se mueven."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from clientes import cun, numeracion
from clientes.models import Interaccion
from clientes.operaciones import corregir_interaccion, radicar_una_vez, registrar_interaccion, responder_interaccion
from clientes.plazos import Situacion, situacion
from clientes.reloj import reloj
from movistar_site.comun.models import Festivo, Parametro
from servicios.tests.fabricas import FabricaTipo

from .fabricas import (
    AHORA,
    HOY,
    FabricaCliente,
    FabricaContrato,
    FabricaEquipo,
    FabricaMotivo,
    FabricaUsuario,
    servicio_con_precio,
)

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")


def radicar(cliente=None, **opciones):
    datos = {
        "tipo": "reclamacion",
        "canal": "telefono",
        "asunto": "Cobro doble",
        "texto": "Le cobraron dos veces.",
        "usuario": None,
        "ahora": AHORA,
    }
    return registrar_interaccion(cliente=cliente or FabricaCliente(), **(datos | opciones))


def regla(clave, valor, desde):
    return Parametro.objects.create(clave=clave, valor=valor, vigente_desde=desde, norma="Acta 7")


def guardada(interaccion):
    return Interaccion.objects.get(pk=interaccion.pk)


# --- El CUN ----------------------------------------------------------------------------------------------------------
def test_consultas_y_reclamaciones_reciben_un_cun_seguido_y_las_sugerencias_no():
    assert [radicar(tipo=tipo).cun for tipo in ("consulta", "sugerencia", "reclamacion")] == [
        "0000260000000001",
        "",
        "0000260000000002",
    ]


def test_el_cun_lleva_el_codigo_del_proveedor_que_regia_el_dia_en_que_se_radico():
    regla("codigo_proveedor", "4321", HOY)
    assert radicar().cun == "4321260000000001"
    assert radicar(fecha=AHORA - timedelta(days=1)).cun == "0000260000000001"


def test_el_anio_del_cun_es_el_de_bogota():
    casi_anio_nuevo = datetime(2025, 12, 31, 23, 50, tzinfo=BOGOTA)
    # Un instante llega también en UTC, donde ya es otro día: así lo dan la base y `timezone.now()`.
    assert radicar(fecha=casi_anio_nuevo.astimezone(UTC)).cun == "0000250000000001"
    assert radicar(fecha=(casi_anio_nuevo + timedelta(minutes=10)).astimezone(UTC)).cun == "0000260000000001"


def test_el_cun_no_se_corrige():
    caso = radicar()
    caso.cun = "0000260000000099"
    with pytest.raises(ValidationError, match="quedó radicado"):
        corregir_interaccion(caso, usuario=None)


def test_un_cun_que_llego_de_otra_base_no_se_vuelve_a_entregar():
    numeracion.adelantar_cun(["0000260000000041", "0000250000000007", "no es un CUN", ""])
    assert radicar().cun == "0000260000000042"
    assert radicar(fecha=AHORA - timedelta(days=90)).cun == "0000250000000008"


def test_el_cun_se_lee_como_se_escriba():
    assert cun.leer("0000 26 0000000012") == cun.leer("0000-26-0000000012") == "0000260000000012"
    assert cun.leer("R-00000012") == cun.leer("12345") == cun.leer("١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦") == ""
    assert cun.legible("0000260000000012") == "0000 26 0000000012"
    with pytest.raises(ValueError, match="no cabe"):
        cun.escribir("0000", 2026, cun.ULTIMO + 1)


# --- El plazo --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tipo", ["consulta", "reclamacion"])
def test_el_plazo_se_fija_al_radicar(tipo):
    caso = guardada(radicar(tipo=tipo))
    assert (caso.primer_plazo, caso.vence_el, caso.aplica_sap) == (date(2026, 4, 9), date(2026, 4, 9), True)


def test_una_sugerencia_no_tiene_plazo():
    caso = guardada(radicar(tipo="sugerencia"))
    assert (caso.primer_plazo, caso.vence_el, caso.cun) == (None, None, "")


def test_lo_que_llega_a_las_23_50_en_bogota_es_de_ese_dia():
    # En UTC ya es el día siguiente: contado así vencería un día después.
    for dia, vence in ((date(2026, 3, 26), date(2026, 4, 20)), (date(2026, 6, 25), date(2026, 7, 21))):
        casi_medianoche = datetime(dia.year, dia.month, dia.day, 23, 50, tzinfo=BOGOTA)
        for instante in (casi_medianoche, casi_medianoche.astimezone(UTC)):
            assert radicar(ahora=instante).vence_el == vence


def test_notificar_a_las_23_50_del_ultimo_dia_es_a_tiempo():
    caso = radicar()
    ultimo = datetime(2026, 4, 9, 23, 50, tzinfo=BOGOTA).astimezone(UTC)
    responder_interaccion(
        caso, respuesta="Listo.", notificada_el=ultimo, sentido="desfavorable", usuario=None, ahora=ultimo
    )
    hoy = date(2026, 4, 20)
    assert situacion(guardada(caso), hoy=hoy, avisar_hasta=reloj(hoy).desde_cuando_se_avisa(hoy)) == Situacion.A_TIEMPO


def test_un_cambio_posterior_de_las_reglas_no_mueve_lo_radicado():
    caso = radicar()
    regla("dias_pqr", "5", HOY - timedelta(days=30))
    Festivo.objects.create(fecha=date(2026, 3, 18), nombre="Día cívico", norma="Decreto 1")
    caso = guardada(caso)
    caso.asunto = "Cobro triple"
    corregir_interaccion(caso, usuario=None)
    assert guardada(caso).vence_el == date(2026, 4, 9)
    # Lo que se radique desde ahora sí los cuenta.
    assert radicar().vence_el == date(2026, 3, 25)


def test_el_plazo_sale_de_las_reglas_del_dia_en_que_llego_y_no_del_dia_en_que_se_escribe():
    regla("dias_pqr", "5", HOY)
    assert radicar(fecha=AHORA - timedelta(days=3)).vence_el == date(2026, 4, 8)
    assert radicar().vence_el == date(2026, 3, 24)


def test_una_fecha_sin_calendario_se_rechaza_junto_a_su_campo():
    with pytest.raises(ValidationError) as error:
        radicar(fecha=datetime(1970, 1, 1, tzinfo=BOGOTA))
    assert "1984" in error.value.message_dict["fecha"][0]


def test_el_silencio_positivo_lo_decide_el_tipo_de_servicio():
    sin_silencio = servicio_con_precio(tipo=FabricaTipo(aplica_sap=False))
    contrato = FabricaContrato(servicio=sin_silencio)
    assert radicar(contrato.cliente, contrato=contrato).aplica_sap is False
    # Cambiar después el contrato no le quita al cliente el silencio con que se radicó.
    otro = FabricaContrato(cliente=contrato.cliente)
    caso = radicar(contrato.cliente, contrato=otro)
    caso.contrato = contrato
    assert corregir_interaccion(caso, usuario=None).aplica_sap is True


# --- Qué se pide -----------------------------------------------------------------------------------------------------
def test_el_motivo_lleva_el_caso_a_su_equipo():
    motivo = FabricaMotivo(equipo=FabricaEquipo())
    caso = guardada(radicar(motivo=motivo))
    assert (caso.motivo, caso.equipo, caso.responsable, caso.estado) == (motivo, motivo.equipo, None, "abierta")


def test_un_motivo_que_no_regia_ese_dia_se_rechaza():
    motivo = FabricaMotivo(vigente_hasta=HOY - timedelta(days=1))
    with pytest.raises(ValidationError) as error:
        radicar(motivo=motivo)
    assert "no regía el 16/03/2026" in error.value.message_dict["motivo"][0]
    assert radicar(motivo=motivo, fecha=AHORA - timedelta(days=1)).motivo == motivo


def test_se_le_responde_por_donde_hablo_o_por_donde_pidio():
    assert radicar(canal="carta").canal_de_la_respuesta == "Carta"
    assert radicar(canal="carta", canal_respuesta="correo").canal_de_la_respuesta == "Correo electrónico"


def test_un_recurso_no_se_radica_suelto():
    with pytest.raises(ValidationError, match="Interponer recurso"):
        radicar(tipo="recurso")


def test_no_se_niega_la_radicacion_a_quien_esta_inactivo_o_suspendido():
    cliente = FabricaCliente(estado="inactivo", inactivo_desde=HOY)
    contrato = FabricaContrato(cliente=cliente, estado="suspendido")
    assert radicar(cliente, contrato=contrato).cun


# --- El mismo formulario dos veces -----------------------------------------------------------------------------------
def test_el_mismo_formulario_enviado_dos_veces_radica_un_solo_caso():
    from django.utils import timezone

    cliente, agente, ahora = FabricaCliente(), FabricaUsuario(), timezone.now()
    datos = {"tipo": "consulta", "canal": "web", "asunto": " Saldo ", "texto": "¿Cuánto debo?", "contrato": None}
    primera, nueva = radicar_una_vez(cliente=cliente, usuario=agente, ahora=ahora, **datos)
    segunda, otra_vez = radicar_una_vez(cliente=cliente, usuario=agente, ahora=ahora, **datos)
    assert (nueva, otra_vez, primera.pk) == (True, False, segunda.pk)
    _, de_otro = radicar_una_vez(cliente=cliente, usuario=FabricaUsuario(), ahora=ahora, **datos)
    _, distinta = radicar_una_vez(cliente=cliente, usuario=agente, ahora=ahora, **(datos | {"texto": "Otra"}))
    _, mas_tarde = radicar_una_vez(cliente=cliente, usuario=agente, ahora=ahora + timedelta(minutes=3), **datos)
    assert (de_otro, distinta, mas_tarde) == (True, True, True)


# --- Corregir --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("antes", "despues", "frase"),
    [
        ("sugerencia", "consulta", "no se vuelve PQR"),
        ("sugerencia", "reclamacion", "no se vuelve PQR"),
        ("consulta", "sugerencia", "no se vuelve sugerencia"),
        ("reclamacion", "recurso", "va contra la respuesta"),
    ],
)
def test_lo_que_cambia_el_plazo_o_el_cun_no_es_una_correccion(antes, despues, frase):
    caso = radicar(tipo=antes)
    caso.tipo = despues
    with pytest.raises(ValidationError) as error:
        corregir_interaccion(caso, usuario=None)
    assert frase in error.value.message_dict["tipo"][0]
    assert guardada(caso).tipo == antes


def test_una_consulta_que_era_una_reclamacion_se_corrige_con_el_mismo_plazo():
    caso = radicar(tipo="consulta")
    antes = (caso.cun, caso.vence_el)
    caso.tipo = "reclamacion"
    corregir_interaccion(caso, usuario=None)
    corregida = guardada(caso)
    assert (corregida.tipo, corregida.cun, corregida.vence_el) == ("reclamacion", *antes)


def test_un_contrato_que_paso_a_otro_titular_no_impide_corregir_ni_responder():
    contrato = FabricaContrato()
    caso = radicar(contrato.cliente, contrato=contrato)
    type(contrato).objects.filter(pk=contrato.pk).update(cliente=FabricaCliente())
    caso = guardada(caso)
    caso.asunto = "Corregido"
    corregir_interaccion(caso, usuario=None)
    responder_interaccion(caso, respuesta="Listo.", notificada_el=AHORA, sentido="favorable", usuario=None, ahora=AHORA)
    assert guardada(caso).estado == "respondida"


def test_al_corregir_no_se_pone_el_contrato_de_otro():
    caso = radicar()
    caso.contrato = FabricaContrato()
    with pytest.raises(ValidationError, match="es de otro cliente"):
        corregir_interaccion(caso, usuario=None)


def test_el_plazo_el_silencio_y_la_prorroga_no_se_corrigen():
    for campo, valor in (
        ("vence_el", date(2027, 1, 1)),
        ("primer_plazo", None),
        ("aplica_sap", False),
        ("prorroga_motivo", "Porque sí"),
    ):
        caso = radicar()
        setattr(caso, campo, valor)
        with pytest.raises(ValidationError, match="quedó radicado"):
            corregir_interaccion(caso, usuario=None)
