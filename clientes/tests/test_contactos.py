"""El contacto: nace solo tras la puerta, se cierra una vez, y quien no quiere ofertas deja de recibirlas ya."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientes import contacto as puerta
from clientes.consultas_contacto import hechos_de, permisos_por_canal
from clientes.models import Contacto, NumeroExcluido
from clientes.operaciones import (
    abrir_contacto,
    cerrar_contacto,
    cerrar_olvidados,
    dejar_de_contactar,
    deshacer_fusion,
    fusionar_clientes,
    revocar_consentimiento,
)

from .fabricas import (
    AHORA,
    HOY,
    FabricaCargaRne,
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContacto,
    FabricaInteraccion,
    FabricaUsuario,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cliente():
    """Uno al que hoy se le puede ofrecer algo por teléfono y por correo."""
    FabricaCargaRne(consultada_el=HOY - timedelta(days=3))
    cliente = FabricaCliente(email="ana@ejemplo.co", direccion="Calle 1 # 2-3")
    for canal in ("telefono", "correo"):
        FabricaConsentimiento(cliente=cliente, finalidad="comercial", canal=canal, otorgado_el=AHORA - timedelta(9))
    return cliente


def abrir(cliente, **cambios):
    datos = {"canal": "telefono", "finalidad": "comercial", "usuario": None, "ahora": AHORA}
    return abrir_contacto(cliente=cliente, **(datos | cambios))


# --- Abrir -----------------------------------------------------------------------------------------------------------
def test_se_abre_en_curso_con_quien_lo_hizo_y_su_dia_de_bogota(cliente):
    asesora = FabricaUsuario(first_name="Luz", last_name="Prueba")
    uno = abrir(cliente, usuario=asesora, asunto="  Bono   de 10 años ")
    assert (uno.resultado, uno.dia, uno.asunto) == ("en_curso", HOY, "Bono de 10 años")
    assert (uno.hecho_por, uno.hecho_por_nombre) == (asesora, "Luz Prueba")
    assert uno.history.get().history_user == asesora


def test_la_puerta_dice_por_que_no_y_desde_cuando(cliente):
    with pytest.raises(ValidationError) as error:
        abrir(cliente, ahora=AHORA.replace(hour=20))
    assert error.value.messages == [
        "El horario de contacto de lunes a viernes es de 07:00 a 19:00 (Ley 2300, artículo 3)."
        " Se podrá desde el martes 17/03/2026 a las 07:00."
    ]
    assert not Contacto.objects.exists()


def test_el_segundo_del_dia_se_rechaza_aunque_el_primero_siga_en_curso(cliente):
    abrir(cliente)
    with pytest.raises(ValidationError, match="una sola vez al día"):
        abrir(cliente, ahora=AHORA + timedelta(hours=1))


def test_si_no_respondio_se_puede_volver_a_intentar_por_el_mismo_canal_y_no_por_otro(cliente):
    primero = abrir(cliente)
    cerrar_contacto(primero, resultado="no_responde", usuario=None, ahora=AHORA)
    with pytest.raises(ValidationError, match="ya se le buscó por teléfono"):
        abrir(cliente, canal="correo", ahora=AHORA + timedelta(hours=1))
    assert abrir(cliente, ahora=AHORA + timedelta(hours=2)).pk


def test_el_que_empieza_el_cliente_se_registra_siempre_y_no_gasta_nada(cliente):
    FabricaInteraccion(cliente=cliente)
    de_noche = AHORA.replace(hour=23)
    assert abrir(cliente, canal="oficina", entrante=True, ahora=de_noche).entrante
    assert hechos_de(cliente, ahora=AHORA).intentos == ()


def test_uno_de_servicio_solo_necesita_el_dato():
    cliente = FabricaCliente(telefono="")
    with pytest.raises(ValidationError, match="No se tiene un teléfono"):
        abrir(cliente, finalidad="servicio")
    cliente = FabricaCliente()
    assert abrir(cliente, finalidad="servicio", ahora=AHORA.replace(hour=22)).pk


@pytest.mark.parametrize(
    ("cambios", "campo"), [({"finalidad": ""}, "finalidad"), ({"canal": "humo"}, "canal"), ({"canal": ""}, "canal")]
)
def test_la_finalidad_y_el_canal_se_dicen(cliente, cambios, campo):
    with pytest.raises(ValidationError) as error:
        abrir(cliente, **cambios)
    assert set(error.value.message_dict) == {campo}


def test_con_una_pqr_sin_responder_no_se_le_ofrece_nada_pero_una_sugerencia_no_lo_impide(cliente):
    FabricaInteraccion(cliente=cliente, tipo="sugerencia")
    assert hechos_de(cliente, ahora=AHORA).pqr_abierta == ""
    caso = FabricaInteraccion(cliente=cliente, tipo="reclamacion")
    with pytest.raises(ValidationError, match=caso.numero):
        abrir(cliente)


def test_rige_la_ultima_lista_completa_del_rne(cliente):
    vieja = FabricaCargaRne(consultada_el=HOY - timedelta(days=9))
    NumeroExcluido.objects.create(carga=vieja, dato=cliente.telefono, canal="telefono")
    a_medias = FabricaCargaRne(consultada_el=HOY, completa=False)
    NumeroExcluido.objects.create(carga=a_medias, dato=cliente.telefono, canal="telefono")
    futura = FabricaCargaRne(consultada_el=HOY + timedelta(days=1))
    NumeroExcluido.objects.create(carga=futura, dato=cliente.telefono, canal="telefono")
    assert hechos_de(cliente, ahora=AHORA).excluidos == frozenset()
    vigente = FabricaCargaRne(consultada_el=HOY)
    NumeroExcluido.objects.create(carga=vigente, dato=cliente.telefono, canal="telefono")
    with pytest.raises(ValidationError, match="registro de números excluidos"):
        abrir(cliente)


def test_basta_que_uno_de_sus_numeros_este_excluido():
    carga = FabricaCargaRne(consultada_el=HOY)
    cliente = FabricaCliente(telefono_alterno="+573109998877")
    NumeroExcluido.objects.create(carga=carga, dato="+573109998877", canal="sms")
    assert hechos_de(cliente, ahora=AHORA).excluidos == {"sms"}


def test_lo_que_pregunta_la_puerta_es_un_numero_fijo_de_consultas(cliente):
    def cuantas():
        with CaptureQueriesContext(connection) as consultas:
            permisos_por_canal(cliente, finalidad="comercial", ahora=AHORA)
        return len(consultas)

    antes = cuantas()
    for n in range(5):
        FabricaContacto(cliente=cliente, momento=AHORA - timedelta(days=n), resultado="no_responde")
        FabricaInteraccion(cliente=cliente)
        FabricaCargaRne(consultada_el=HOY - timedelta(days=n + 20))
    assert antes == cuantas() == 5


# --- Dos fichas de la misma persona ----------------------------------------------------------------------------------
def test_dos_fichas_contactadas_el_mismo_dia_se_unen_y_se_separan_sin_perder_ningun_contacto():
    una, otra = FabricaCliente(), FabricaCliente()
    for ficha in (una, otra):
        FabricaContacto(cliente=ficha, resultado="efectivo")
    FabricaContacto(cliente=otra, momento=AHORA - timedelta(days=1))
    fusion = fusionar_clientes(una, absorbido=otra, elegidos={}, usuario=None, ahora=AHORA)
    assert sorted(una.contactos.values_list("dia", "con_otra_ficha")) == [
        (HOY - timedelta(days=1), False), (HOY, False), (HOY, True),
    ]  # fmt: skip
    assert [uno.cuenta for uno in hechos_de(una, ahora=AHORA).intentos] == [True, True]
    deshacer_fusion(fusion, usuario=None, ahora=AHORA)
    assert list(una.contactos.values_list("dia", "con_otra_ficha")) == [(HOY, False)]
    assert not Contacto.objects.filter(con_otra_ficha=True).exists()


# --- Cerrar ----------------------------------------------------------------------------------------------------------
def test_se_cierra_una_vez_y_con_un_resultado(cliente):
    uno = abrir(cliente)
    with pytest.raises(ValidationError, match="en qué terminó"):
        cerrar_contacto(uno, resultado="en_curso", usuario=None, ahora=AHORA)
    cerrar_contacto(uno, resultado="efectivo", usuario=None, ahora=AHORA, nota=" Lo va a pensar ")
    assert (uno.resultado, uno.nota) == ("efectivo", "Lo va a pensar")
    with pytest.raises(ValidationError, match="ya se cerró"):
        cerrar_contacto(uno, resultado="no_responde", usuario=None, ahora=AHORA)


def test_lo_cierra_quien_lo_abrio_o_un_administrador(cliente, administrador):
    de_luz, otra = FabricaUsuario(first_name="Luz", last_name="Prueba"), FabricaUsuario()
    uno = abrir(cliente, usuario=de_luz)
    with pytest.raises(ValidationError, match="lo abrió Luz Prueba"):
        cerrar_contacto(uno, resultado="efectivo", usuario=otra, ahora=AHORA)
    cerrar_contacto(uno, resultado="efectivo", usuario=administrador, ahora=AHORA)


def test_no_se_cierra_antes_de_empezar(cliente):
    uno = abrir(cliente)
    with pytest.raises(ValidationError, match="no puede cerrarse antes"):
        cerrar_contacto(uno, resultado="efectivo", usuario=None, ahora=AHORA - timedelta(minutes=1))


def test_el_reloj_cierra_lo_que_quedo_en_curso_de_otros_dias_y_repetirlo_no_hace_nada(cliente):
    de_ayer = FabricaContacto(cliente=cliente, momento=AHORA - timedelta(days=1))
    de_hoy = abrir(cliente)
    assert cerrar_olvidados(hoy=HOY, ahora=AHORA) == 1
    assert cerrar_olvidados(hoy=HOY, ahora=AHORA) == 0
    de_ayer.refresh_from_db()
    de_hoy.refresh_from_db()
    assert (de_ayer.resultado, de_hoy.resultado) == ("no_responde", "en_curso")
    assert "no respondido" in de_ayer.history.first().history_change_reason


# --- No quiere ofertas -----------------------------------------------------------------------------------------------
@pytest.fixture
def detenidos(monkeypatch):
    """Lo que otras aplicaciones detendrían."""
    llamadas = []
    monkeypatch.setattr(puerta, "AL_RETIRAR", puerta.AL_RETIRAR)
    puerta.AL_RETIRAR.append(anotar := lambda cliente, usuario, ahora: llamadas.append((cliente, usuario, ahora)))
    yield llamadas
    puerta.AL_RETIRAR.remove(anotar)


def test_no_querer_mas_ofertas_revoca_todo_y_detiene_lo_que_estaba_en_cola(cliente, detenidos):
    FabricaConsentimiento(cliente=cliente, finalidad="servicio", canal="sms")
    revocados = dejar_de_contactar(cliente, usuario=None, ahora=AHORA, motivo="Lo pidió por teléfono")
    assert {uno.canal for uno in revocados} == {"telefono", "correo"}
    assert detenidos == [(cliente, None, AHORA)]
    with pytest.raises(ValidationError, match="No ha autorizado ofertas"):
        abrir(cliente)
    assert [uno.finalidad for uno in cliente.consentimientos.vigentes()] == ["servicio"]


def test_por_un_canal_los_demas_siguen(cliente, detenidos):
    dejar_de_contactar(cliente, usuario=None, ahora=AHORA, motivo="No más correos", canal="correo")
    assert abrir(cliente).pk
    assert len(detenidos) == 1


def test_aunque_no_hubiera_nada_que_revocar_lo_que_estaba_en_cola_se_detiene(detenidos):
    assert dejar_de_contactar(FabricaCliente(), usuario=None, ahora=AHORA, motivo="No quiere") == []
    assert len(detenidos) == 1


def test_revocar_una_autorizacion_comercial_tambien_detiene_la_cola_y_una_de_servicio_no(cliente, detenidos):
    de_servicio = FabricaConsentimiento(cliente=cliente, finalidad="servicio", canal="sms")
    revocar_consentimiento(de_servicio, usuario=None, ahora=AHORA)
    assert not detenidos
    revocar_consentimiento(cliente.consentimientos.get(canal="correo"), usuario=None, ahora=AHORA)
    assert len(detenidos) == 1


def test_sin_motivo_o_con_un_canal_inventado_no(cliente):
    with pytest.raises(ValidationError, match="cómo lo pidió"):
        dejar_de_contactar(cliente, usuario=None, ahora=AHORA, motivo=" ")
    with pytest.raises(ValidationError, match="no es un canal"):
        dejar_de_contactar(cliente, usuario=None, ahora=AHORA, motivo="x", canal="humo")


# --- La única puerta -------------------------------------------------------------------------------------------------
ESCRIBEN = {"create", "bulk_create", "get_or_create", "update_or_create", "acreate", "abulk_create"}
POR_LOTES = {"insertar", "insertar_filas"}
DE_CONTACTOS = re.compile(r"\bContacto\b|\bcontactos\b")
POR_SQL = re.compile(r"\bclientes_contacto\b")
UNICA = "clientes/operaciones/contactos.py"
# Los datos inventados cuentan un pasado que no pasó por ninguna puerta; solo inventan contactos lícitos.
INVENTADOS = "movistar_site/demostracion/"


def creaciones(codigo):
    """Los sitios del código que crean un `Contacto`: su clase, su gestor o el de un cliente, los lotes o SQL."""
    return [nodo.lineno for nodo in ast.walk(ast.parse(codigo)) if nombra_la_tabla(nodo) or crea(nodo)]


def nombra_la_tabla(nodo):
    """Si es un texto que nombra la tabla, como para escribir en ella por SQL."""
    return isinstance(nodo, ast.Constant) and isinstance(nodo.value, str) and bool(POR_SQL.search(nodo.value))


def crea(llamada):
    """Si es una llamada que crea un contacto."""
    if not isinstance(llamada, ast.Call):
        return False
    funcion, argumentos = llamada.func, llamada.args
    nombre = getattr(funcion, "attr", "") or getattr(funcion, "id", "")
    if nombre in ESCRIBEN:
        return bool(DE_CONTACTOS.search(ast.unparse(funcion)))
    if nombre in POR_LOTES:
        return bool(argumentos) and ast.unparse(argumentos[0]).endswith("Contacto")
    return nombre == "Contacto"


@pytest.mark.parametrize(
    "codigo",
    [
        "Contacto(cliente=c)",
        "modelos.Contacto(cliente=c)",
        "Contacto.objects.create(cliente=c)",
        "Contacto.objects.using('otra').bulk_create(filas)",
        "cliente.contactos.create(canal='sms')",
        "lotes.insertar(Contacto, filas)",
        "cursor.execute('INSERT INTO clientes_contacto (id) VALUES (1)')",
    ],
)
def test_el_vigilante_reconoce_las_otras_puertas(codigo):
    assert creaciones(codigo)


def test_ningun_otro_modulo_crea_un_contacto():
    raiz = Path(settings.BASE_DIR)
    culpables = []
    for carpeta in ("movistar_site", "servicios", "clientes", "bonificaciones", "reportes"):
        for ruta in (raiz / carpeta).rglob("*.py"):
            nombre = str(ruta.relative_to(raiz))
            if "tests" in ruta.parts or "migrations" in ruta.parts or nombre == UNICA or nombre.startswith(INVENTADOS):
                continue
            culpables += [f"{nombre}:{linea}" for linea in creaciones(ruta.read_text(encoding="utf-8"))]
    assert culpables == []
