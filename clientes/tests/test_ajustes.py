"""Los ajustes de la atención son datos: se agregan, se retiran con su fecha y no mueven lo ya radicado."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from clientes import canales, operaciones, semillas
from clientes.models import CanalAtencion, Equipo, Interaccion, MotivoInteraccion, PlantillaRespuesta
from clientes.tests import fabricas as f
from movistar_site.comun.models import Festivo, Parametro
from movistar_site.comun.opciones import Canal

pytestmark = pytest.mark.django_db
HOY = f.HOY


@pytest.fixture(autouse=True)
def _como_nace_el_panel(db: None) -> Any:
    # Una prueba de otro archivo que vacía la base se lleva lo que sembró la migración.
    semillas.sembrar(partial(apps.get_model, "clientes"))
    canales.olvidar()
    yield
    canales.olvidar()


@pytest.fixture
def panel(administrador: Any, cliente_http: Callable[[Any], Client]) -> Client:
    return cliente_http(administrador)


def radicar(**mas: Any) -> Interaccion:
    datos = {"tipo": "reclamacion", "canal": "web", "asunto": "Sin señal", "texto": "Desde ayer"}
    return operaciones.registrar_interaccion(
        cliente=f.FabricaCliente(), usuario=f.FabricaUsuario(), ahora=f.AHORA, **datos | mas
    )


# --- Lo que no se mueve ----------------------------------------------------------------------------------------------
def test_ni_un_termino_ni_un_festivo_nuevos_mueven_lo_ya_radicado(panel: Client) -> None:
    antes = radicar()
    panel.post(
        reverse("admin:comun_parametro_add"),
        {"clave": "dias_pqr", "valor": "5", "vigente_desde": "01/01/2020", "norma": "Ley inventada"},
    )
    panel.post(
        reverse("admin:comun_festivo_add"), {"fecha": "06/04/2026", "nombre": "Día cívico", "norma": "Decreto 1"}
    )
    assert (Parametro.objects.count(), Festivo.objects.count()) == (1, 1)
    antes.refresh_from_db()
    assert antes.vence_el == date(2026, 4, 9)
    assert radicar().vence_el == date(2026, 3, 24)


def test_un_termino_rige_desde_su_fecha() -> None:
    Parametro.objects.create(clave="dias_pqr", valor="5", vigente_desde=HOY + timedelta(days=1), norma="Ley inventada")
    assert radicar().vence_el == date(2026, 4, 9)


def test_cambiar_el_equipo_de_un_motivo_no_mueve_los_casos_que_ya_llegaron() -> None:
    uno, otro = f.FabricaEquipo(), f.FabricaEquipo()
    motivo = f.FabricaMotivo(equipo=uno)
    antes = radicar(motivo=motivo)
    motivo.equipo = otro
    operaciones.guardar_motivo(motivo, usuario=None)
    antes.refresh_from_db()
    assert (antes.equipo, radicar(motivo=motivo).equipo) == (uno, otro)


# --- Motivos ---------------------------------------------------------------------------------------------------------
def test_un_motivo_retirado_queda_en_sus_casos_y_no_sirve_para_los_nuevos() -> None:
    motivo = f.FabricaMotivo()
    caso = radicar(motivo=motivo)
    operaciones.retirar_motivo(motivo, fecha=HOY - timedelta(days=1), motivo="Ya no pasa", usuario=None, hoy=HOY)
    caso.refresh_from_db()
    assert caso.motivo == motivo
    assert motivo not in MotivoInteraccion.objects.vigentes(HOY)
    with pytest.raises(ValidationError, match="no regía el"):
        radicar(motivo=motivo)
    operaciones.reactivar_motivo(motivo, motivo="Volvió", usuario=None, hoy=HOY)
    assert radicar(motivo=motivo).motivo == motivo
    assert motivo.history.first().history_change_reason == "Volvió"


def test_retirar_dos_veces_o_sin_motivo_se_rechaza() -> None:
    motivo = f.FabricaMotivo()
    retirar = partial(operaciones.retirar_motivo, motivo, usuario=None, hoy=HOY)
    with pytest.raises(ValidationError, match="Escriba el motivo"):
        retirar(fecha=HOY, motivo=" ")
    with pytest.raises(ValidationError, match="no puede terminar antes"):
        retirar(fecha=date(2000, 1, 1), motivo="Sobra")
    retirar(fecha=HOY - timedelta(days=1), motivo="Sobra")
    with pytest.raises(ValidationError, match="ya está retirado"):
        retirar(fecha=HOY, motivo="Sobra")


def test_el_codigo_de_un_motivo_no_cambia() -> None:
    motivo = f.FabricaMotivo()
    motivo.codigo = "otro-codigo"
    with pytest.raises(ValidationError, match="ya no cambia"):
        operaciones.guardar_motivo(motivo, usuario=None)


def test_un_motivo_en_uso_no_se_borra_y_se_ofrece_retirarlo(panel: Client) -> None:
    motivo = f.FabricaMotivo()
    f.FabricaInteraccion(motivo=motivo)
    pagina = panel.get(reverse("admin:clientes_motivointeraccion_delete", args=(motivo.pk,)))
    assert "no se puede borrar: lo usa 1 interacción" in pagina.content.decode()
    assert "/accion/retirar/" in pagina.content.decode()
    panel.post(reverse("admin:clientes_motivointeraccion_delete", args=(motivo.pk,)), {"post": "yes"})
    assert MotivoInteraccion.objects.filter(pk=motivo.pk).exists()


# --- Equipos ---------------------------------------------------------------------------------------------------------
def test_un_equipo_con_motivos_o_casos_abiertos_no_se_desactiva() -> None:
    equipo = f.FabricaEquipo(nombre="Móviles")
    motivo = f.FabricaMotivo(equipo=equipo, nombre="Roaming")
    desactivar = partial(operaciones.desactivar_equipo, equipo, motivo="Se une a otro", usuario=None)
    with pytest.raises(ValidationError, match="«Móviles» atiende el motivo «Roaming»"):
        desactivar()
    motivo.equipo = None
    motivo.save()
    caso = f.FabricaInteraccion(equipo=equipo)
    with pytest.raises(ValidationError, match="tiene 1 caso sin responder"):
        desactivar()
    caso.equipo = None
    caso.save()
    desactivar()
    assert not Equipo.objects.get(pk=equipo.pk).activo
    motivo.equipo = equipo
    with pytest.raises(ValidationError, match="está inactivo"):
        operaciones.guardar_motivo(motivo, usuario=None)


def test_los_miembros_se_guardan_y_quedan_en_la_historia(panel: Client) -> None:
    luz, leo = f.FabricaUsuario(), f.FabricaUsuario()
    panel.post(reverse("admin:clientes_equipo_add"), {"nombre": "Fibra", "miembros": [luz.pk, leo.pk]})
    equipo = Equipo.objects.get(nombre="Fibra")
    assert set(equipo.miembros.all()) == {luz, leo}
    panel.post(reverse("admin:clientes_equipo_change", args=(equipo.pk,)), {"nombre": "Fibra", "miembros": [luz.pk]})
    assert set(equipo.miembros.all()) == {luz}
    assert equipo.history.first().miembros.count() == 1


# --- Canales ---------------------------------------------------------------------------------------------------------
def test_los_canales_con_que_nace_el_panel_son_los_ocho_de_siempre() -> None:
    assert dict(canales.ofrecidos(HOY)) == dict(Canal.choices)
    assert dict(canales.conocidos()) == dict(Canal.choices)


def test_sin_ninguno_registrado_se_ofrecen_los_de_siempre() -> None:
    CanalAtencion.objects.all().delete()
    assert canales.ofrecidos(HOY) == list(Canal.choices)


def test_un_canal_nuevo_sirve_para_radicar_filtrar_y_mostrar(panel: Client) -> None:
    operaciones.guardar_canal(CanalAtencion(codigo="app", nombre="Aplicación móvil", vigente_desde=HOY), usuario=None)
    caso = radicar(canal="app")
    assert caso.get_canal_display() == "Aplicación móvil"
    pagina = panel.get(reverse("admin:clientes_interaccion_changelist"), {"canal__exact": "app"}).content.decode()
    assert caso.numero in pagina
    assert "Aplicación móvil" in pagina


def test_un_canal_retirado_se_ve_en_lo_viejo_y_no_se_ofrece_en_lo_nuevo() -> None:
    caso = radicar(canal="carta")
    carta = CanalAtencion.objects.get(codigo="carta")
    operaciones.retirar_canal(carta, fecha=HOY - timedelta(days=1), motivo="Ya nadie escribe", usuario=None, hoy=HOY)
    assert "carta" not in dict(canales.ofrecidos(HOY))
    assert "carta" in dict(canales.ofrecidos(HOY - timedelta(days=1)))
    caso.refresh_from_db()
    caso.full_clean()
    assert caso.get_canal_display() == "Carta"
    assert canales.por_que_no("carta", HOY).startswith("Por «Carta» ya no se recibe: elija Teléfono, WhatsApp")
    with pytest.raises(ValidationError, match="Por «Carta» ya no se recibe"):
        radicar(canal="carta")


def test_el_ultimo_canal_vigente_no_se_retira() -> None:
    CanalAtencion.objects.exclude(codigo="web").delete()
    with pytest.raises(ValidationError, match="único canal vigente"):
        operaciones.retirar_canal(CanalAtencion.objects.get(), fecha=HOY, motivo="Sobra", usuario=None, hoy=HOY)


def test_un_canal_por_el_que_algo_llego_no_se_borra_y_uno_sin_uso_si(panel: Client) -> None:
    usado, libre = CanalAtencion.objects.get(codigo="web"), CanalAtencion.objects.get(codigo="sms")
    f.FabricaInteraccion(canal="web")
    for canal in (usado, libre):
        panel.post(reverse("admin:clientes_canalatencion_delete", args=(canal.pk,)), {"post": "yes"})
    assert set(CanalAtencion.objects.filter(codigo__in=("web", "sms"))) == {usado}
    with pytest.raises(ValidationError, match="hay interacciones de ese canal"):
        operaciones.borrar_canal(usado, usuario=None)


def test_un_canal_nuevo_se_importa(django_assert_max_num_queries: Any) -> None:
    from clientes.recursos import RecursoInteraccion
    from movistar_site.comun.piezas_intercambio import Contexto, Entrada

    operaciones.guardar_canal(CanalAtencion(codigo="app", nombre="Aplicación móvil", vigente_desde=HOY), usuario=None)
    cliente = f.FabricaCliente()
    fila = {"cliente": f"CC-{cliente.documento}", "tipo": "consulta", "fecha": "2026-03-01", "asunto": "Saldo"}
    filas = [Entrada("1", fila | {"canal": "Aplicación Móvil"}), Entrada("2", fila | {"canal": "fax", "asunto": "X"})]
    bueno, malo = RecursoInteraccion(Contexto(hoy=HOY)).evaluar(filas)
    assert (bueno.tipo, bueno.instancia.canal) == ("nuevo", "app")
    assert "«fax» no vale" in malo.faltas[0].motivo


# --- Plantillas ------------------------------------------------------------------------------------------------------
def test_una_plantilla_que_pide_lo_que_no_se_sabe_no_se_guarda(panel: Client) -> None:
    url = reverse("admin:clientes_plantillarespuesta_add")
    pagina = panel.post(url, {"nombre": "Mala", "texto": "Hola {cliente}, le debemos {plata}."})
    assert "{plata}" in str(pagina.context["adminform"].form.errors)
    assert not PlantillaRespuesta.objects.filter(nombre="Mala").exists()
    panel.post(url, {"nombre": "Buena", "texto": "Hola {cliente}: su caso {numero} quedó resuelto."})
    assert PlantillaRespuesta.objects.get(nombre="Buena").activa


def test_activar_y_desactivar_una_plantilla() -> None:
    plantilla = f.FabricaPlantilla()
    operaciones.activar_plantilla(plantilla, activa=False, usuario=None)
    with pytest.raises(ValidationError, match="ya está inactiva"):
        operaciones.activar_plantilla(plantilla, activa=False, usuario=None)


# --- Festivos --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("dia", "frase"),
    [
        ("25/12/2026", "ya es festivo en todo el país"),
        ("13/07/2026", "ya es festivo"),
        ("01/01/1950", "de 1984 a 2100"),
    ],
)
def test_un_festivo_que_ya_lo_es_o_que_no_cabe_se_rechaza(panel: Client, dia: str, frase: str) -> None:
    pagina = panel.post(reverse("admin:comun_festivo_add"), {"fecha": dia, "nombre": "X", "norma": "Y"})
    assert frase in str(pagina.context["adminform"].form.errors)
    assert not Festivo.objects.exists()


# --- Parámetros ------------------------------------------------------------------------------------------------------
def test_la_pagina_de_parametros_dice_lo_que_rige_hoy_con_su_norma(panel: Client) -> None:
    Parametro.objects.create(clave="dias_pqr", valor="12", vigente_desde=date(2026, 1, 1), norma="Ley inventada 7")
    Parametro.objects.create(clave="dias_pqr", valor="9", vigente_desde=date(2090, 1, 1), norma="Ley futura")
    pagina = panel.get(reverse("admin:comun_parametro_changelist")).content.decode()
    for texto in ("Interacciones y plazos", "Ley inventada 7", "Cambia el 01/01/2090", "Ley 1341 de 2009, artículo 54"):
        assert texto in pagina
    formulario = panel.get(reverse("admin:comun_parametro_add"), {"clave": "horas_silencio"}).content.decode()
    assert "un número entero de horas, por ejemplo 72" in formulario


# --- Las semillas ----------------------------------------------------------------------------------------------------
def test_el_panel_nace_con_motivos_canales_un_equipo_y_plantillas() -> None:
    assert MotivoInteraccion.objects.count() == len(semillas.MOTIVOS)
    assert MotivoInteraccion.objects.filter(es_de_cobro=True).count() == 4
    assert not MotivoInteraccion.objects.filter(norma="").exists()
    assert Equipo.objects.get().nombre == "Atención"
    assert PlantillaRespuesta.objects.count() == len(semillas.PLANTILLAS)
    for modelo in (MotivoInteraccion, CanalAtencion, Equipo, PlantillaRespuesta):
        for registro in modelo.objects.all():
            registro.full_clean()


def test_sembrar_otra_vez_no_toca_lo_que_un_administrador_cambio() -> None:
    MotivoInteraccion.objects.filter(codigo="otro").update(nombre="Otro asunto")
    semillas.sembrar(partial(apps.get_model, "clientes"))
    assert MotivoInteraccion.objects.count() == len(semillas.MOTIVOS)
    assert MotivoInteraccion.objects.get(codigo="otro").nombre == "Otro asunto"
