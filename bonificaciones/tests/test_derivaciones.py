"""Lo que un asesor hace con un cliente que se le derivó, y quién más puede hacerlo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from bonificaciones.models import Derivacion, GestionDerivacion
from bonificaciones.operaciones.derivaciones import (
    aceptar,
    anotar_resultado,
    anular,
    aplazar,
    contactar,
    reasignar,
    rechazar,
)
from bonificaciones.tests.fabricas import FabricaAsesor, FabricaBonificacion, FabricaDerivacion
from bonificaciones.tests.personas import FIN, administrador, asesor, cliente_contactable, con_papel, derivada_a
from clientes.models import Contacto
from clientes.operaciones.consentimientos import otorgar_consentimiento
from clientes.operaciones.contactos import dejar_de_contactar
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente, FabricaInteraccion
from movistar_site.comun.models import Aviso

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendedora():
    return asesor(first_name="Ana", last_name="Ventas")


@pytest.fixture
def derivacion(vendedora):
    return derivada_a(vendedora, cliente=cliente_contactable())


def acciones(derivacion):
    return list(derivacion.gestiones.order_by("id").values_list("accion", flat=True))


def frase(error):
    return " ".join(error.value.messages)


# --- El recorrido ----------------------------------------------------------------------------------------------------
def test_contacta_y_acepta_la_bonificacion_queda_aceptada_con_su_prueba(derivacion, vendedora):
    contacto = contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA)
    assert (contacto.finalidad, contacto.entrante, contacto.resultado) == ("comercial", False, "en_curso")
    assert derivacion.estado == "contactado"
    despues = AHORA + timedelta(minutes=5)
    aceptar(derivacion, medio="telefono", evidencia=" Grabación  77 ", usuario=vendedora, ahora=despues)
    derivacion.refresh_from_db()
    bono = derivacion.bonificacion
    assert (derivacion.estado, derivacion.resultado, derivacion.cerrada_el) == ("cerrada", "aceptada", despues)
    assert (bono.estado, bono.aceptada_por, bono.evidencia) == ("aceptada", "telefono", "Grabación 77")
    assert (bono.cerrada_el, bono.cerrada_por_nombre) == (despues, "Ana Ventas")
    contacto.refresh_from_db()
    assert contacto.resultado == "efectivo"
    assert Contacto.objects.count() == 1
    assert acciones(derivacion) == ["contactado", "aceptada"]
    assert derivacion.gestiones.first().contacto == contacto
    assert derivacion.history.first().autor == bono.history.first().autor == vendedora.username


def test_si_no_responde_vuelve_a_los_pendientes_y_se_puede_llamar_de_nuevo(derivacion, vendedora):
    contacto = contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA)
    anotar_resultado(
        derivacion, contacto=contacto, resultado="no_responde", nota="Buzón", usuario=vendedora, ahora=AHORA
    )
    assert derivacion.estado == "pendiente"
    assert derivacion.gestiones.first().texto == "No respondió. Buzón"
    contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA + timedelta(hours=1))
    assert derivacion.estado == "contactado"


def test_no_quiso_cierra_la_bonificacion_con_el_motivo(derivacion, vendedora):
    rechazar(derivacion, motivo=" Se va del  país ", usuario=vendedora, ahora=AHORA)
    bono = derivacion.bonificacion
    bono.refresh_from_db()
    assert (bono.estado, bono.motivo, bono.aceptada_por) == ("rechazada", "Se va del país", "")
    assert derivacion.resultado == "rechazada"
    assert acciones(derivacion) == ["rechazada"]


def test_para_despues_guarda_el_dia_y_corre_el_plazo_si_se_acaba_antes(derivacion, vendedora):
    aplazar(derivacion, volver_el=HOY + timedelta(days=3), motivo="El jueves", usuario=vendedora, ahora=AHORA)
    assert (derivacion.estado, derivacion.volver_el, derivacion.vence_el) == ("aplazada", HOY.replace(day=19), FIN)
    abril = HOY.replace(month=4, day=8)
    aplazar(derivacion, volver_el=abril, motivo="En abril", usuario=vendedora, ahora=AHORA)
    assert derivacion.vence_el == HOY.replace(month=4, day=10), "dos días hábiles después"
    contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA)
    assert (derivacion.estado, derivacion.volver_el) == ("contactado", None)


@pytest.mark.parametrize("dias", [-1, 0, 61])
def test_para_despues_no_admite_el_pasado_ni_un_dia_lejano(derivacion, vendedora, dias):
    with pytest.raises(ValidationError) as error:
        aplazar(derivacion, volver_el=HOY + timedelta(days=dias), motivo="x", usuario=vendedora, ahora=AHORA)
    assert set(error.value.message_dict) == {"volver_el"}
    assert acciones(derivacion) == []


def test_no_se_aplaza_para_siempre(vendedora):
    vieja = derivada_a(vendedora, derivada_el=HOY - timedelta(days=170))
    with pytest.raises(ValidationError, match="26/03/2026"):
        aplazar(vieja, volver_el=HOY + timedelta(days=11), motivo="x", usuario=vendedora, ahora=AHORA)


# --- La puerta -------------------------------------------------------------------------------------------------------
def test_sin_autorizacion_no_se_contacta_y_la_frase_dice_por_que(vendedora):
    sola = derivada_a(vendedora)
    with pytest.raises(ValidationError) as error:
        contactar(sola, canal="telefono", usuario=vendedora, ahora=AHORA)
    assert "autoriz" in frase(error)
    assert not Contacto.objects.exists()
    assert not GestionDerivacion.objects.exists()


def test_fuera_de_horario_la_frase_dice_desde_cuando(derivacion, vendedora):
    with pytest.raises(ValidationError, match="17/03/2026 a las 07:00"):
        contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA.replace(hour=20))


def test_si_el_cliente_viene_solo_es_licito_y_queda_como_contacto_suyo(vendedora):
    sola = derivada_a(vendedora)
    aceptar(sola, medio="oficina", evidencia="Formulario 9", usuario=vendedora, ahora=AHORA)
    contacto = Contacto.objects.get()
    assert (contacto.entrante, contacto.canal, contacto.resultado) == (True, "oficina", "efectivo")
    assert sola.gestiones.get().contacto == contacto


def test_lo_que_acepta_despues_de_una_llamada_de_hoy_no_repite_el_contacto(derivacion, vendedora):
    contacto = contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA)
    anotar_resultado(derivacion, contacto=contacto, resultado="efectivo", nota="", usuario=vendedora, ahora=AHORA)
    aceptar(derivacion, medio="telefono", evidencia="Grabación", usuario=vendedora, ahora=AHORA)
    assert Contacto.objects.count() == 1


def test_una_llamada_sirve_para_las_dos_bonificaciones_del_mismo_cliente(derivacion, vendedora):
    otra = derivada_a(vendedora, cliente=derivacion.cliente)
    contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA)
    with pytest.raises(ValidationError, match="Hay un contacto en curso"):
        contactar(otra, canal="telefono", usuario=vendedora, ahora=AHORA)
    aceptar(otra, medio="telefono", evidencia="Grabación", usuario=vendedora, ahora=AHORA)
    aceptar(derivacion, medio="telefono", evidencia="Grabación", usuario=vendedora, ahora=AHORA)
    assert Contacto.objects.count() == 1


def test_con_una_pqr_abierta_no_se_contacta_ni_se_acepta(derivacion, vendedora):
    FabricaInteraccion(cliente=derivacion.cliente, tipo="sugerencia")
    pqr = FabricaInteraccion(cliente=derivacion.cliente, tipo="reclamacion")
    for intento in (
        lambda: contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA),
        lambda: contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA, entrante=True),
        lambda: aceptar(derivacion, medio="telefono", evidencia="Grabación", usuario=vendedora, ahora=AHORA),
    ):
        with pytest.raises(ValidationError, match=f"tiene abierta la PQR {pqr.numero}"):
            intento()
    pqr.delete()
    contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA)


# --- El cliente no quiere más ofertas --------------------------------------------------------------------------------
def test_quien_no_quiere_mas_ofertas_queda_detenido_y_solo_se_le_atiende_si_viene(derivacion, vendedora):
    dejar_de_contactar(derivacion.cliente, usuario=vendedora, ahora=AHORA, motivo="Lo pidió por teléfono")
    derivacion.refresh_from_db()
    assert derivacion.estado == "detenida"
    assert acciones(derivacion) == ["detenida"]
    with pytest.raises(ValidationError, match="no se le busca"):
        contactar(derivacion, canal="telefono", usuario=vendedora, ahora=AHORA)
    with pytest.raises(ValidationError, match="no se le puede dejar para después"):
        aplazar(derivacion, volver_el=HOY + timedelta(days=1), motivo="x", usuario=vendedora, ahora=AHORA)
    contactar(derivacion, canal="oficina", usuario=vendedora, ahora=AHORA, entrante=True)
    assert derivacion.estado == "detenida", "que venga no le devuelve la autorización"
    aceptar(derivacion, medio="oficina", evidencia="Formulario 3", usuario=vendedora, ahora=AHORA)
    assert derivacion.bonificacion.estado == "aceptada"


def test_retirar_dos_veces_deja_una_sola_gestion_y_no_toca_lo_cerrado(derivacion, vendedora):
    otra = derivada_a(vendedora, cliente=derivacion.cliente)
    rechazar(otra, motivo="No", usuario=vendedora, ahora=AHORA)
    for _ in range(2):
        dejar_de_contactar(derivacion.cliente, usuario=vendedora, ahora=AHORA, motivo="Lo pidió")
    assert acciones(derivacion) == ["detenida"]
    assert acciones(otra) == ["rechazada"]
    otorgar_consentimiento(
        cliente=derivacion.cliente, finalidad="comercial", canal="telefono", version_texto="1", medio="oficina",
        evidencia="x", usuario=vendedora, ahora=AHORA,
    )  # fmt: skip
    derivacion.refresh_from_db()
    assert derivacion.estado == "detenida", "la reanuda la revisión diaria"


# --- Quién puede -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("quien", ["otra asesora", "agente", "analista", "nadie"])
def test_solo_la_mueve_quien_la_tiene_o_un_administrador(derivacion, quien):
    usuario = {
        "otra asesora": asesor,
        "agente": lambda: con_papel("Agente de atención"),
        "analista": lambda: con_papel("Analista"),
        "nadie": lambda: None,
    }[quien]()
    intentos = (
        lambda: contactar(derivacion, canal="telefono", usuario=usuario, ahora=AHORA),
        lambda: aceptar(derivacion, medio="telefono", evidencia="x", usuario=usuario, ahora=AHORA),
        lambda: rechazar(derivacion, motivo="x", usuario=usuario, ahora=AHORA),
        lambda: aplazar(derivacion, volver_el=FIN, motivo="x", usuario=usuario, ahora=AHORA),
    )
    for intento in intentos:
        with pytest.raises(ValidationError, match="La derivación la tiene Ana Ventas"):
            intento()
    for intento in (
        lambda: reasignar(derivacion, asesor=usuario, motivo="x", usuario=usuario, ahora=AHORA),
        lambda: anular(derivacion, motivo="x", usuario=usuario, ahora=AHORA),
    ):
        with pytest.raises(ValidationError, match="solo lo hace un administrador"):
            intento()
    assert acciones(derivacion) == []


def test_un_administrador_puede_con_la_de_cualquiera(derivacion):
    aceptar(derivacion, medio="oficina", evidencia="Formulario", usuario=administrador(), ahora=AHORA)
    assert derivacion.resultado == "aceptada"


def test_a_quien_le_quitaron_el_permiso_ya_no_la_mueve_aunque_la_tenga(derivacion, vendedora):
    vendedora.groups.clear()
    with pytest.raises(ValidationError, match="La derivación la tiene"):
        rechazar(derivacion, motivo="x", usuario=type(vendedora).objects.get(pk=vendedora.pk), ahora=AHORA)


def test_la_que_nadie_tiene_se_dice(vendedora):
    suelta = FabricaDerivacion()
    with pytest.raises(ValidationError, match="todavía no tiene asesor"):
        rechazar(suelta, motivo="x", usuario=vendedora, ahora=AHORA)


def test_nada_se_le_hace_a_una_cerrada(derivacion, vendedora):
    rechazar(derivacion, motivo="No", usuario=vendedora, ahora=AHORA)
    jefa = administrador()
    contacto = contactar(derivada_a(vendedora, cliente=derivacion.cliente), canal="oficina", usuario=vendedora,
                         ahora=AHORA, entrante=True)  # fmt: skip
    copia = Derivacion.objects.get(pk=derivacion.pk)
    for intento in (
        lambda: contactar(copia, canal="telefono", usuario=vendedora, ahora=AHORA),
        lambda: anotar_resultado(copia, contacto=contacto, resultado="efectivo", nota="", usuario=vendedora,
                                 ahora=AHORA),
        lambda: aceptar(copia, medio="telefono", evidencia="x", usuario=vendedora, ahora=AHORA),
        lambda: rechazar(copia, motivo="x", usuario=vendedora, ahora=AHORA),
        lambda: aplazar(copia, volver_el=FIN, motivo="x", usuario=vendedora, ahora=AHORA),
        lambda: reasignar(copia, asesor=asesor(), motivo="x", usuario=jefa, ahora=AHORA),
        lambda: anular(copia, motivo="x", usuario=jefa, ahora=AHORA),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match="ya se cerró el 16/03/2026 10:30: no quiso"):
            intento()
    assert acciones(derivacion) == ["rechazada"]


# --- Lo que falta ----------------------------------------------------------------------------------------------------
def test_aceptar_exige_el_medio_y_la_prueba(derivacion, vendedora):
    with pytest.raises(ValidationError) as error:
        aceptar(derivacion, medio="paloma", evidencia="  ", usuario=vendedora, ahora=AHORA)
    assert set(error.value.message_dict) == {"medio", "evidencia"}
    assert "el silencio no vale" in frase(error)


def test_no_querer_y_dejar_para_despues_exigen_el_motivo(derivacion, vendedora):
    for intento in (
        lambda: rechazar(derivacion, motivo=" ", usuario=vendedora, ahora=AHORA),
        lambda: aplazar(derivacion, volver_el=FIN, motivo="", usuario=vendedora, ahora=AHORA),
    ):
        with pytest.raises(ValidationError) as error:
            intento()
        assert set(error.value.message_dict) == {"motivo"}


def test_el_contacto_de_otro_cliente_no_sirve(derivacion, vendedora):
    ajeno = derivada_a(vendedora, cliente=FabricaCliente())
    contacto = contactar(ajeno, canal="oficina", usuario=vendedora, ahora=AHORA, entrante=True)
    with pytest.raises(ValidationError, match="es con otro cliente"):
        anotar_resultado(derivacion, contacto=contacto, resultado="efectivo", nota="", usuario=vendedora, ahora=AHORA)


# --- Reasignar y anular ----------------------------------------------------------------------------------------------
def test_reasignar_da_un_plazo_nuevo_y_le_avisa_una_vez_a_quien_recibe(derivacion, vendedora):
    jefa, otro = administrador(), asesor(first_name="Luis", last_name="Nuevo")
    Derivacion.objects.filter(pk=derivacion.pk).update(vence_el=HOY - timedelta(days=5), escalada_el=HOY)
    segunda = derivada_a(vendedora)
    for una in (derivacion, segunda):
        reasignar(una, asesor=otro, motivo="Vacaciones", usuario=jefa, ahora=AHORA)
    derivacion.refresh_from_db()
    assert (derivacion.asesor, derivacion.vence_el, derivacion.escalada_el) == (otro, FIN, None)
    assert derivacion.gestiones.get().texto == "A Luis Nuevo. Vacaciones"
    assert Aviso.objects.get(usuario=otro).titulo == "Le pasaron clientes con bonificación"
    with pytest.raises(ValidationError, match="ya la tiene Luis Nuevo"):
        reasignar(derivacion, asesor=otro, motivo="x", usuario=jefa, ahora=AHORA)


def test_no_se_le_pasa_a_quien_no_puede_recibirla(derivacion):
    jefa = administrador()
    en_pausa, lleno = FabricaAsesor(usuario=asesor(), recibe=False).usuario, asesor()
    FabricaAsesor(usuario=lleno, tope=1)
    derivada_a(lleno)
    for quien, dice in (
        (con_papel("Analista"), "no es asesor de ventas"),
        (asesor(is_active=False), "su cuenta está inactiva"),
        (en_pausa, "está en pausa"),
        (lleno, "ya tiene 1 derivación abierta, que es su máximo"),
    ):
        with pytest.raises(ValidationError, match=dice):
            reasignar(derivacion, asesor=quien, motivo="x", usuario=jefa, ahora=AHORA)
    assert acciones(derivacion) == []


def test_anular_deja_sin_efecto_la_bonificacion(derivacion):
    anular(derivacion, motivo="Se asignó por error", usuario=administrador(), ahora=AHORA)
    assert (derivacion.resultado, derivacion.bonificacion.estado) == ("anulada", "anulada")


def test_si_la_bonificacion_ya_se_cerro_no_se_mueve(derivacion, vendedora):
    bono = derivacion.bonificacion
    type(bono).objects.filter(pk=bono.pk).update(estado="vencida", cerrada_el=AHORA)
    with pytest.raises(ValidationError, match="ya está vencida"):
        rechazar(derivacion, motivo="x", usuario=vendedora, ahora=AHORA)


def test_una_bonificacion_no_tiene_dos_derivaciones_abiertas_del_programa(vendedora):
    una = derivada_a(vendedora)
    otra = FabricaBonificacion(cliente=una.cliente, programa=una.programa, hito=2)
    with pytest.raises(ValidationError, match="ya tiene una derivación abierta de ese programa"):
        FabricaDerivacion.build(bonificacion=otra).full_clean()
