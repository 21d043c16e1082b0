"""Las pantallas de las ofertas: la sección de la ficha, presentar, responder, el editor de reglas y las sugerencias."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bonificaciones.models import Oferta, ReglaOferta, Sugerencia
from bonificaciones.ofertas.secciones import PerfilYOfertas
from bonificaciones.operaciones.sugerir import sugerir_ofertas
from bonificaciones.tests.escenas_ofertas import Escena
from bonificaciones.tests.fabricas import FabricaOferta
from clientes.models import Contacto
from clientes.tests import fabricas
from clientes.tests.fabricas import HOY

pytestmark = pytest.mark.django_db
Entrar = Callable[[Any], Client]


@pytest.fixture
def escena(db: None) -> Escena:
    return Escena()


def _ficha(navegador: Client, cliente: Any) -> str:
    return navegador.get(reverse("ficha_de_cliente", args=(cliente.pk,))).content.decode()


def _presentar(cliente: Any, codigo: str = "CONVERGENCIA") -> str:
    return reverse("presentar_oferta", args=(cliente.pk, ReglaOferta.objects.get(codigo=codigo).pk))


# --- La ficha --------------------------------------------------------------------------------------------------------
def test_la_ficha_dice_el_perfil_el_riesgo_y_que_ofrecerle(escena: Escena, agente: Any, cliente_http: Entrar) -> None:
    pagina = _ficha(cliente_http(agente), escena.cliente("POS-10"))
    assert "Perfil y ofertas" in pagina
    assert "Usa 1 línea móvil y paga $\xa034.900 al mes." in pagina
    assert "Riesgo bajo" in pagina
    assert "Solo tiene móvil y en su municipio ya se vende fibra" in pagina
    assert "Por qué no las otras" in pagina
    assert "Lo cambiaría:" in pagina
    assert "Presentar" in pagina


def test_con_una_pqr_abierta_la_ficha_dice_por_que_no_y_que_lo_cambiaria(
    escena: Escena, agente: Any, cliente_http: Entrar
) -> None:
    cliente = escena.cliente("POS-10")
    caso = fabricas.FabricaInteraccion(cliente=cliente, tipo="reclamacion", fecha=timezone.now())
    pagina = _ficha(cliente_http(agente), cliente)
    assert "Hoy no se le ofrece nada" in pagina
    assert f"Lo cambiaría: si se cierra su PQR {caso.numero}." in pagina
    assert "/presentar/" not in pagina


def test_quien_solo_mira_ve_la_seccion_sin_botones(escena: Escena, analista: Any, cliente_http: Entrar) -> None:
    cliente = escena.cliente("POS-10")
    FabricaOferta(cliente=cliente, titulo="Una que espera", presentada_el=timezone.now())
    pagina = _ficha(cliente_http(analista), cliente)
    assert "Una que espera" in pagina
    assert "/presentar/" not in pagina
    assert "/accion/aceptar/" not in pagina


def test_la_seccion_cuesta_lo_mismo_con_mucha_historia(escena: Escena, agente: Any) -> None:
    solo, lleno = escena.cliente("POS-10"), escena.cliente("POS-10", "FIB-300")
    for n in range(1, 12):
        escena.caso(lleno, hace=n)
        FabricaOferta(cliente=lleno, presentada_el=timezone.now() - timedelta(days=n))
    agente.has_perm("bonificaciones.add_oferta")  # los permisos se leen una vez por página

    def consultas(cliente: Any) -> int:
        with CaptureQueriesContext(connection) as capturadas:
            PerfilYOfertas().contexto(cliente, usuario=agente, hoy=HOY)
        return len(capturadas)

    assert consultas(solo) == consultas(lleno) <= 10


def test_lo_ofrecido_y_lo_contestado_salen_en_la_linea_de_tiempo(
    escena: Escena, agente: Any, cliente_http: Entrar
) -> None:
    cliente, ahora = escena.cliente("POS-10"), timezone.now()
    FabricaOferta(
        cliente=cliente, titulo="Fibra de prueba", estado="rechazada", motivo="Muy costosa",
        presentada_el=ahora - timedelta(hours=1), respondida_el=ahora,
    )  # fmt: skip
    pagina = _ficha(cliente_http(agente), cliente)
    assert "Se le ofreció: Fibra de prueba" in pagina
    assert "No quiso: Fibra de prueba" in pagina
    assert "Muy costosa" in pagina


# --- Presentar y responder -------------------------------------------------------------------------------------------
def test_de_la_ficha_a_presentada_y_a_que_no_quiso(escena: Escena, asesor: Any, cliente_http: Entrar) -> None:
    navegador, cliente = cliente_http(asesor), escena.cliente("POS-10")
    pagina = navegador.get(_presentar(cliente)).content.decode()
    assert "Fib-300" in pagina
    assert "No ha autorizado ofertas por teléfono" in pagina
    respuesta = navegador.post(_presentar(cliente), {"entrante": "si", "canal": "oficina"})
    assert respuesta.status_code == 302
    oferta = Oferta.objects.get()
    assert (oferta.servicio, oferta.regla) == (
        escena.servicios["FIB-300"],
        ReglaOferta.objects.get(codigo="CONVERGENCIA"),
    )
    assert oferta.contacto is not None
    ficha = _ficha(navegador, cliente)
    assert "Esperan su respuesta" in ficha
    no_quiso = reverse("admin:bonificaciones_oferta_accion", args=(oferta.pk, "rechazar"))
    assert no_quiso in ficha
    assert "Escriba por qué no quiso la oferta." in navegador.post(no_quiso, {}).content.decode()
    respuesta = navegador.post(no_quiso, {"motivo": "Ya tiene con otro"})
    assert respuesta.url == f"{reverse('ficha_de_cliente', args=(cliente.pk,))}#seccion-ofertas"
    oferta.refresh_from_db()
    assert (oferta.estado, oferta.motivo) == ("rechazada", "Ya tiene con otro")


def test_dos_veces_el_boton_presenta_una_y_lo_dice(escena: Escena, asesor: Any, cliente_http: Entrar) -> None:
    navegador, cliente = cliente_http(asesor), escena.cliente("POS-10")
    datos = {"entrante": "si", "canal": "oficina"}
    navegador.post(_presentar(cliente), datos)
    pagina = navegador.post(_presentar(cliente), datos, follow=True).content.decode()
    assert "Esa oferta ya no le corresponde" in pagina
    assert Oferta.objects.count() == Contacto.objects.count() == 1


def test_la_puerta_cerrada_se_dice_en_el_formulario(escena: Escena, asesor: Any, cliente_http: Entrar) -> None:
    cliente = escena.cliente("POS-10")
    respuesta = cliente_http(asesor).post(_presentar(cliente), {"entrante": "no", "canal": "telefono"})
    assert respuesta.status_code == 200
    assert respuesta.content.decode().count("No ha autorizado ofertas por teléfono") >= 2
    assert not Oferta.objects.exists()


@pytest.mark.parametrize("datos", [{}, {"entrante": "quizas", "canal": "oficina"}, {"entrante": "si", "canal": "fax"}])
def test_presentar_con_datos_malos_no_hace_nada(
    escena: Escena, asesor: Any, cliente_http: Entrar, datos: dict[str, str]
) -> None:
    respuesta = cliente_http(asesor).post(_presentar(escena.cliente("POS-10")), datos)
    assert respuesta.status_code == 200
    assert not Oferta.objects.exists()


def test_sin_permiso_no_se_presenta_ni_se_responde(escena: Escena, analista: Any, cliente_http: Entrar) -> None:
    navegador, cliente = cliente_http(analista), escena.cliente("POS-10")
    assert navegador.get(_presentar(cliente)).status_code == 403
    assert navegador.post(_presentar(cliente), {"entrante": "si", "canal": "oficina"}).status_code == 403
    oferta = FabricaOferta(cliente=cliente)
    accion = reverse("admin:bonificaciones_oferta_accion", args=(oferta.pk, "aceptar"))
    assert navegador.post(accion, {"motivo": ""}).status_code == 403
    oferta.refresh_from_db()
    assert oferta.estado == "presentada"


@pytest.mark.parametrize("papel", ["administrador", "agente", "asesor", "analista"])
def test_quien_puede_presentar(escena: Escena, request: Any, cliente_http: Entrar, papel: str) -> None:
    navegador, cliente = cliente_http(request.getfixturevalue(papel)), escena.cliente("POS-10")
    respuesta = navegador.post(_presentar(cliente), {"entrante": "si", "canal": "oficina"})
    concedido = papel != "analista"
    assert respuesta.status_code == (302 if concedido else 403)
    assert Oferta.objects.exists() == concedido
    assert "/login/" in Client().post(_presentar(cliente), {}).url


# --- El editor -------------------------------------------------------------------------------------------------------
def _formulario(*condiciones: tuple[str, str, str], **campos: Any) -> dict[str, Any]:
    return {
        "codigo": "NUEVA", "nombre": "Regla nueva", "orden": "5", "norma": "", "accion": "beneficio", "tipo": "",
        "servicio": "", "promocion": "", "beneficio": "Un gesto", "porque": "Porque se lo merece",
        "condiciones_hecho": [una[0] for una in condiciones] + [""],
        "condiciones_operador": [una[1] for una in condiciones] + ["igual"],
        "condiciones_valor": [una[2] for una in condiciones] + [""],
    } | campos  # fmt: skip


def test_una_regla_se_escribe_con_renglones(escena: Escena, administrador: Any, cliente_http: Entrar) -> None:
    navegador, url = cliente_http(administrador), reverse("admin:bonificaciones_reglaoferta_add")
    assert "Tiempo con nosotros" in navegador.get(url).content.decode()
    datos = _formulario(("meses", "minimo", "24"), ("tipos", "tiene", "fibra"), ("mora", "igual", "no"))
    assert navegador.post(url, datos).status_code == 302
    regla = ReglaOferta.objects.get(codigo="NUEVA")
    assert [(una["hecho"], una["operador"], una["valor"]) for una in regla.condiciones] == [
        ("meses", "minimo", 24), ("tipos", "tiene", "fibra"), ("mora", "igual", False),
    ]  # fmt: skip
    assert regla.history.get().autor == "administrador"
    cambio = navegador.get(reverse("admin:bonificaciones_reglaoferta_change", args=(regla.pk,))).content.decode()
    assert re.search(r'name="condiciones_valor" value="24"', cambio)
    assert "Probar con un cliente" in cambio


def test_una_regla_mal_escrita_dice_que_se_esperaba_y_no_pierde_lo_escrito(
    escena: Escena, administrador: Any, cliente_http: Entrar
) -> None:
    navegador, url = cliente_http(administrador), reverse("admin:bonificaciones_reglaoferta_add")
    pagina = navegador.post(url, _formulario(("meses", "minimo", "doce"))).content.decode()
    assert "«Tiempo con nosotros»: «doce» no sirve; se espera un número entero, por ejemplo 3." in pagina
    assert 'value="doce"' in pagina
    pagina = navegador.post(url, _formulario(accion="promocion")).content.decode()
    assert "Diga qué ofrece: un servicio o su tipo, una promoción o un beneficio." in pagina
    assert not ReglaOferta.objects.filter(codigo="NUEVA").exists()


def test_en_la_lista_se_leen_y_se_ordenan_arrastrando(escena: Escena, administrador: Any, cliente_http: Entrar) -> None:
    navegador, url = cliente_http(administrador), reverse("admin:bonificaciones_reglaoferta_changelist")
    pagina = navegador.get(url).content.decode()
    assert "En su municipio se vende Internet de fibra óptica" in pagina
    assert "Su riesgo no es alto" in pagina
    reglas = list(ReglaOferta.objects.order_by("orden"))
    datos: dict[str, Any] = {
        "form-TOTAL_FORMS": len(reglas), "form-INITIAL_FORMS": len(reglas), "_save": "Guardar",
    }  # fmt: skip
    for n, regla in enumerate(reglas):
        datos |= {f"form-{n}-id": regla.pk, f"form-{n}-orden": len(reglas) - n}
    assert navegador.post(url, datos).status_code == 302
    assert [una.pk for una in ReglaOferta.objects.order_by("orden")] == [una.pk for una in reversed(reglas)]


def test_quien_no_puede_cambiar_reglas_las_ve_y_nada_mas(escena: Escena, agente: Any, cliente_http: Entrar) -> None:
    navegador = cliente_http(agente)
    regla = ReglaOferta.objects.get(codigo="CONVERGENCIA")
    assert navegador.get(reverse("admin:bonificaciones_reglaoferta_changelist")).status_code == 200
    pagina = navegador.get(reverse("admin:bonificaciones_reglaoferta_change", args=(regla.pk,)))
    assert pagina.status_code == 200
    assert "Solo tiene móvil" in pagina.content.decode()
    desactivar = reverse("admin:bonificaciones_reglaoferta_accion", args=(regla.pk, "desactivar"))
    assert navegador.post(desactivar, {"motivo": "x"}).status_code == 403


def test_probar_las_reglas_con_un_cliente(escena: Escena, agente: Any, cliente_http: Entrar) -> None:
    navegador, url = cliente_http(agente), reverse("probar_reglas")
    cliente = escena.cliente("POS-10", nombre="Zoraida", apellido="Única")
    regla = ReglaOferta.objects.get(codigo="TELEVISION")
    ReglaOferta.objects.filter(pk=regla.pk).update(activa=False)
    assert "¿Con qué cliente?" in navegador.get(url).content.decode()
    pagina = navegador.get(url, {"q": "zoraida unica", "regla": regla.pk}).content.decode()
    assert "Fib-300" in pagina
    assert "La que se prueba" in pagina
    assert "No tiene Internet de fibra óptica." in pagina
    assert "Nadie se encuentra" in navegador.get(url, {"q": "no existe nadie"}).content.decode()
    for malo in (
        {"cliente": "x"},
        {"cliente": "9" * 30},
        {"regla": "-1"},
        {"q": "\x00"},
        {"cliente": cliente.pk + 999},
    ):
        assert navegador.get(url, malo).status_code == 200
    assert not Oferta.objects.exists()


# --- Las sugerencias -------------------------------------------------------------------------------------------------
def test_las_sugerencias_por_regla_y_por_riesgo_por_paginas(escena: Escena, asesor: Any, cliente_http: Entrar) -> None:
    for n in range(30):
        escena.cliente("POS-10", nombre=f"Movil{n:02}")
    sugerir_ofertas(hoy=timezone.localdate())
    regla = ReglaOferta.objects.get(codigo="CONVERGENCIA")
    navegador, url = cliente_http(asesor), reverse("sugerencias")
    vistos: list[str] = []
    direccion = f"{url}?regla={regla.pk}&nivel=bajo"
    while True:
        pagina = navegador.get(direccion).content.decode()
        vistos += re.findall(r"Movil\d\d", pagina)
        siguiente = re.search(r'rel="next" href="(\?[^"]+)"', pagina)
        if siguiente is None:
            break
        direccion = url + siguiente[1].replace("&amp;", "&")
    assert sorted(vistos) == [f"Movil{n:02}" for n in range(30)]
    assert "30 clientes" in pagina
    assert "Movil" not in navegador.get(url, {"nivel": "alto"}).content.decode()
    assert "Movil" not in navegador.get(url, {"regla": "ninguna"}).content.decode()
    for malo in ({"regla": "x"}, {"nivel": "enorme"}, {"despues": "x~y"}, {"regla": "9" * 40}):
        assert navegador.get(url, malo).status_code == 200


def test_los_de_un_nivel_van_de_mas_a_menos_riesgo(escena: Escena, asesor: Any, cliente_http: Entrar) -> None:
    puntajes = {escena.cliente("POS-10").pk: puntaje for puntaje in (55, 90, 70, 90)}
    Sugerencia.objects.bulk_create(
        Sugerencia(cliente_id=pk, calculada_el=timezone.localdate(), riesgo=riesgo, nivel="alto")
        for pk, riesgo in puntajes.items()
    )
    pagina = cliente_http(asesor).get(reverse("sugerencias"), {"nivel": "alto"}).content.decode()
    assert re.findall(r'data-titulo="Puntaje">(\d+)<', pagina) == ["90", "90", "70", "55"]


def test_el_agente_no_ve_las_sugerencias(escena: Escena, agente: Any, cliente_http: Entrar) -> None:
    assert cliente_http(agente).get(reverse("sugerencias")).status_code == 403


def test_la_regla_dice_a_cuantos_cubre(escena: Escena, administrador: Any, cliente_http: Entrar) -> None:
    escena.cliente("POS-10")
    sugerir_ofertas(hoy=timezone.localdate())
    regla = ReglaOferta.objects.get(codigo="CONVERGENCIA")
    pagina = cliente_http(administrador).get(reverse("admin:bonificaciones_reglaoferta_change", args=(regla.pk,)))
    assert "1 clientes</a> la tienen" in pagina.content.decode()
