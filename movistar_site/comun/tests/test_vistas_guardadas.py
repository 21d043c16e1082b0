"""Las vistas guardadas: propias o de todos, una que se abre sola, y nada que la página no entienda."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from movistar_site.comun import vistas_guardadas as vg
from movistar_site.comun.models import Usuario, VistaGuardada

pytestmark = pytest.mark.django_db


def guardar(usuario: Any, nombre: str = "Las mías", parametros: str = "tipo=reclamacion", **mas: Any) -> VistaGuardada:
    opciones = {"pagina": "bandeja", "compartida": False, "predeterminada": False, **mas}
    return vg.guardar_vista(usuario=usuario, nombre=nombre, parametros=parametros, **opciones)


@pytest.fixture
def sesion(agente: Usuario) -> Client:
    cliente = Client()
    cliente.force_login(agente, backend="django.contrib.auth.backends.ModelBackend")
    return cliente


# --- Lo que se guarda ------------------------------------------------------------------------------------------------
def test_se_guarda_solo_lo_que_la_pagina_entiende(agente: Usuario) -> None:
    vista = guardar(
        agente,
        parametros="tipo=reclamacion&tipo=recurso&tipo=&bandeja=vencidas&despues=2026-01-01~3&next=//ejemplo.co&tipo=recurso",
    )
    assert vista.parametros == "bandeja=vencidas&tipo=reclamacion&tipo=recurso"
    assert vg.direccion(vista) == "/atencion/bandeja/vencidas/?tipo=reclamacion&tipo=recurso"


@pytest.mark.parametrize("malo", ["%00", "x" * 201, "%0d%0aSet-Cookie:%20a", "%20"])
def test_un_valor_que_no_sirve_se_olvida(malo: str) -> None:
    assert vg.limpiar(f"busqueda={malo}&tipo=consulta", {"busqueda", "tipo"}) == "tipo=consulta"


def test_demasiados_filtros_se_rechazan() -> None:
    muchos = QueryDict(mutable=True)
    muchos.setlist("busqueda", [f"{n:03}{'ñ' * 60}" for n in range(50)])
    with pytest.raises(ValidationError, match="demasiados filtros"):
        vg.limpiar(muchos, {"busqueda"})


@pytest.mark.parametrize(("nombre", "frase"), [("  ", "Escriba un nombre"), ("x" * 61, "hasta 60"), ("a\x00b", "60")])
def test_un_nombre_malo_se_rechaza(agente: Usuario, nombre: str, frase: str) -> None:
    with pytest.raises(ValidationError, match=frase):
        guardar(agente, nombre)


def test_guardar_con_el_mismo_nombre_la_cambia(agente: Usuario) -> None:
    guardar(agente)
    guardar(agente, parametros="canal=web", compartida=True)
    vista = VistaGuardada.objects.get()
    assert (vista.parametros, vista.compartida) == ("canal=web", True)


def test_solo_una_se_abre_sola(agente: Usuario, analista: Usuario) -> None:
    guardar(agente, "Una", predeterminada=True)
    guardar(analista, "La del otro", predeterminada=True)
    otra = guardar(agente, "Otra", "bandeja=silencio", predeterminada=True)
    assert list(VistaGuardada.objects.filter(usuario=agente, predeterminada=True)) == [otra]
    assert vg.predeterminada(agente, "bandeja") == "/atencion/bandeja/silencio/"
    vg.abrir_sola(otra, usuario=agente, sola=False)
    assert vg.predeterminada(agente, "bandeja") == ""
    assert vg.predeterminada(analista, "bandeja")


def test_las_propias_tienen_un_tope(agente: Usuario) -> None:
    for n in range(vg.VISTAS_POR_PAGINA):
        guardar(agente, f"Vista {n}")
    with pytest.raises(ValidationError, match="borre alguna"):
        guardar(agente, "Una más")


def test_se_ven_las_propias_y_las_que_otros_comparten(agente: Usuario, analista: Usuario) -> None:
    guardar(agente, "Mía")
    guardar(analista, "Suya")
    guardar(analista, "De todos", compartida=True)
    menu = vg.para_la_plantilla(agente, "bandeja", QueryDict("tipo=reclamacion"))
    assert [vista["nombre"] for vista in menu["propias"]] == ["Mía"]
    assert [vista["nombre"] for vista in menu["de_otros"]] == ["De todos"]
    assert menu["puesta"]["nombre"] in {"Mía", "De todos"}


@pytest.mark.parametrize("que", ["renombrar", "compartir", "predeterminar", "borrar"])
def test_la_de_otra_persona_no_se_toca_aunque_la_comparta(sesion: Client, analista: Usuario, que: str) -> None:
    vista = guardar(analista, compartida=True)
    respuesta = sesion.post(reverse("cambiar_vista", args=(vista.pk, que)), {"nombre": "Cambiada"})
    assert respuesta.status_code == 404
    antes = (vista.nombre, vista.compartida, vista.predeterminada)
    vista.refresh_from_db()
    assert (vista.nombre, vista.compartida, vista.predeterminada) == antes


def test_una_operacion_sobre_la_de_otro_se_rechaza_con_su_frase(agente: Usuario, analista: Usuario) -> None:
    vista = guardar(analista, compartida=True)
    for operar in (
        lambda: vg.renombrar_vista(vista, usuario=agente, nombre="Otra"),
        lambda: vg.compartir_vista(vista, usuario=agente, compartida=False),
        lambda: vg.abrir_sola(vista, usuario=agente, sola=True),
        lambda: vg.borrar_vista(vista, usuario=agente),
    ):
        with pytest.raises(ValidationError, match="es de otra persona"):
            operar()


# --- Las páginas -----------------------------------------------------------------------------------------------------
def test_se_guarda_se_renombra_se_comparte_se_abre_sola_y_se_borra(sesion: Client, agente: Usuario) -> None:
    nueva = {"nombre": "Urgentes", "parametros": "bandeja=vencidas&canal=web"}
    assert (
        sesion.post(reverse("guardar_vista", args=("bandeja",)), nueva).url == "/atencion/bandeja/vencidas/?canal=web"
    )
    vista = VistaGuardada.objects.get(usuario=agente)

    def hacer(que: str, **datos: str) -> VistaGuardada:
        sesion.post(reverse("cambiar_vista", args=(vista.pk, que)), {"volver": "/atencion/bandeja/mias/", **datos})
        return VistaGuardada.objects.get(pk=vista.pk)

    assert hacer("renombrar", nombre="Muy urgentes").nombre == "Muy urgentes"
    assert hacer("compartir").compartida
    assert hacer("predeterminar").predeterminada
    assert sesion.get(reverse("entrar_a_la_bandeja")).url == "/atencion/bandeja/vencidas/?canal=web"
    assert not hacer("predeterminar").predeterminada
    sesion.post(reverse("cambiar_vista", args=(vista.pk, "borrar")))
    assert not VistaGuardada.objects.exists()


def test_lo_que_no_es_se_responde_sin_fallar(sesion: Client, agente: Usuario) -> None:
    vista = guardar(agente)
    assert sesion.post(reverse("guardar_vista", args=("no-hay",)), {"nombre": "x"}).status_code == 404
    assert sesion.post(reverse("cambiar_vista", args=(vista.pk, "inventar"))).status_code == 404
    assert sesion.get(reverse("cambiar_vista", args=(vista.pk, "borrar"))).status_code == 405
    mala = {"nombre": "", "volver": "//ejemplo.co"}
    assert sesion.post(reverse("guardar_vista", args=("bandeja",)), mala).url == reverse("admin:index")
    # Una que ya no lleva a ninguna bandeja abre la primera.
    VistaGuardada.objects.filter(pk=vista.pk).update(parametros="bandeja=la-que-hubo&x=1")
    vista.refresh_from_db()
    assert vg.direccion(vista) == "/atencion/bandeja/mias/"
