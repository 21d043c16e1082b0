"""La orden, las corridas con su página, las listas y los aniversarios que vienen."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from bonificaciones import aniversarios, tareas
from bonificaciones.models import Bonificacion, Corrida, Programa
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaPrograma
from clientes import linea_de_tiempo
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente, FabricaContrato, FabricaInteraccion, FabricaUsuario
from movistar_site.comun import trabajos
from movistar_site.comun.valores import sumar_meses

pytestmark = pytest.mark.django_db
ANTIGUO = date(2010, 5, 20)


@pytest.fixture(autouse=True)
def _sin_los_de_fabrica(db: None) -> None:
    Programa.objects.all().delete()


def orden(*argumentos: str) -> str:
    salida = StringIO()
    call_command("notificar_fidelizacion", *argumentos, stdout=salida)
    return salida.getvalue()


# --- La orden --------------------------------------------------------------------------------------------------------
def test_la_orden_corre_los_vigentes_y_dice_sus_cuentas_alineadas() -> None:
    cliente = FabricaCliente(fecha_vinculacion=ANTIGUO)
    FabricaContrato(cliente=cliente, estado="activo", precio=Decimal(1_234_567), fecha_inicio=ANTIGUO)
    FabricaInteraccion(cliente=FabricaCliente(fecha_vinculacion=ANTIGUO), tipo="reclamacion")
    FabricaPrograma(codigo="DIEZ", nombre="Más de diez", cantidad=Decimal(100), meses=1)
    FabricaPrograma(activo=False)
    texto = orden("--hoy", "2026-03-16")
    assert texto.startswith("Más de diez (DIEZ), 16/03/2026\n")
    assert len({len(linea) for linea in texto.splitlines()[1:] if linea}) == 1, "las cifras van alineadas"
    cifras = dict(re.findall(r"^ +(.+?)  +(\S.*)$", texto, re.MULTILINE))
    assert cifras == {
        "Cumplen la permanencia": "2", "Ya la tenían": "0", "No cumplen alguna condición": "1",
        "Tienen una PQR abierta": "1", "Asignadas": "1", "Derivadas a un asesor": "0", "En espera de un asesor": "1",
        "Costo mensual": "$\u00a01.234.567",
    }  # fmt: skip
    assert Bonificacion.objects.get().history.get().origen == "notificar_fidelizacion"


def test_simular_no_asigna_y_un_programa_se_nombra_por_su_codigo() -> None:
    FabricaCliente(fecha_vinculacion=ANTIGUO)
    FabricaPrograma(codigo="UNO")
    FabricaPrograma(codigo="OTRO", activo=False)
    texto = orden("--hoy", "16/03/2026", "--programa", "otro", "--simular")
    assert "simulación: no se asignó nada" in texto and "Se asignarían" in texto and not Bonificacion.objects.exists()
    assert Corrida.objects.get().simulada


@pytest.mark.parametrize(
    ("argumentos", "frase"),
    [
        (["--programa", "NADA"], "no hay ningún programa con el código «NADA»"),
        (["--hoy", "31/02/2026"], "--hoy: La fecha «31/02/2026» no existe"),
        (["--programa", "OTRO"], "está inactivo"),
    ],
)
def test_lo_que_no_se_puede_se_dice_en_una_frase_y_sale_con_uno(argumentos: list[str], frase: str) -> None:
    FabricaPrograma(codigo="OTRO", nombre="Otro", activo=False)
    with pytest.raises(CommandError, match=re.escape(frase)) as error:
        orden(*argumentos)
    assert error.value.returncode == 1 and "\n" not in str(error.value)


def test_sin_programas_vigentes_lo_dice() -> None:
    assert "Ningún programa de fidelización está vigente el 16/03/2026." in orden("--hoy", "2026-03-16")


def test_el_dia_lo_decide_la_medianoche_de_bogota(monkeypatch: Any) -> None:
    FabricaCliente(fecha_vinculacion=date(2016, 3, 16))
    FabricaPrograma()
    bogota = ZoneInfo("America/Bogota")
    cuentas = []
    for momento in (datetime(2026, 3, 16, 23, 59, tzinfo=bogota), datetime(2026, 3, 17, 0, 0, tzinfo=bogota)):
        monkeypatch.setattr(timezone, "now", lambda momento=momento: momento)
        orden()
        cuentas.append(Bonificacion.objects.count())
    assert cuentas == [0, 1]


def test_hay_un_trabajo_de_cada_dia_a_las_seis() -> None:
    diario = trabajos.DIARIOS["asignar bonificaciones"]
    assert (diario.desde.hour, diario.trabajo) == (6, tareas.asignar_las_bonificaciones)
    FabricaCliente(fecha_vinculacion=ANTIGUO)
    FabricaPrograma(nombre="Más de diez")
    assert "Más de diez" in tareas.asignar_las_bonificaciones.call()
    assert Bonificacion.objects.count() == 1


# --- Desde la pantalla -----------------------------------------------------------------------------------------------
def test_buscar_ahora_muestra_lo_que_hara_y_lleva_a_su_corrida(administrador: Any, cliente_http: Any) -> None:
    FabricaUsuario(username="vende").groups.add(Group.objects.get(name="Asesor de ventas"))
    FabricaCliente(fecha_vinculacion=ANTIGUO)
    programa = FabricaPrograma()
    panel, direccion = cliente_http(administrador), reverse("correr_programa", args=(programa.pk,))
    assert "Asignar a 1 cliente" in panel.get(direccion).content.decode()
    simulada = panel.post(direccion, {"hacer": "simular"}, follow=True)
    assert "No se asignó nada" in simulada.content.decode() and not Bonificacion.objects.exists()
    de_verdad = panel.post(direccion, {"hacer": "asignar"}, follow=True).content.decode()
    corrida = Corrida.objects.get(simulada=False)
    assert (corrida.otorgadas, corrida.hecha_por_nombre) == (1, "administrador") and "Terminada" in de_verdad
    assert Bonificacion.objects.get().history.get().autor == "administrador"
    programa.activo = False
    programa.save()
    assert "está inactivo" in panel.post(direccion, {"hacer": "asignar"}, follow=True).content.decode()


def test_las_cuentas_de_una_corrida_abren_exactamente_sus_filas(administrador: Any, cliente_http: Any) -> None:
    vendedora = FabricaUsuario(username="vende")
    vendedora.groups.add(Group.objects.get(name="Asesor de ventas"))
    from bonificaciones.models import Asesor

    Asesor.objects.create(usuario=vendedora, tope=2)
    for _ in range(5):
        FabricaCliente(fecha_vinculacion=ANTIGUO)
    otra = FabricaBonificacion()
    corrida = notificar_fidelizacion(programa=FabricaPrograma(), hoy=HOY, ahora=AHORA)
    panel = cliente_http(administrador)
    pagina = panel.get(corrida.get_absolute_url()).content.decode()
    enlaces = re.findall(r'href="(/bonificaciones/bonificacion/\?[^"]+)"[^>]*>([\d.]+)<', pagina)
    assert [cuantas for _, cuantas in enlaces] == ["6", "2", "4"]
    for enlace, cuantas in enlaces:
        lista = panel.get(enlace.replace("&amp;", "&")).context["cl"]
        assert lista.result_count == int(cuantas), enlace
        assert all(bono.corrida_id == corrida.pk for bono in lista.result_list)
    assert otra.corrida_id is None


def test_una_corrida_que_no_avanza_se_dice_interrumpida(administrador: Any, cliente_http: Any) -> None:
    corrida = Corrida.objects.create(programa=FabricaPrograma(), dia=HOY, empezada_el=timezone.now())
    panel = cliente_http(administrador)
    en_curso = panel.get(corrida.get_absolute_url(), HTTP_HX_REQUEST="true").content.decode()
    assert "En curso" in en_curso and "hx-get" in en_curso and "<html" not in en_curso
    Corrida.objects.update(actualizado_en=timezone.now() - timedelta(hours=1))
    cortada = panel.get(corrida.get_absolute_url()).content.decode()
    assert "Interrumpida" in cortada and 'hx-trigger="every' not in cortada


def test_una_corrida_cortada_sigue_donde_iba_y_sus_cuentas_son_las_de_una_entera() -> None:
    clientes = [FabricaCliente(fecha_vinculacion=ANTIGUO) for _ in range(5)]
    programa = FabricaPrograma()
    corrida = Corrida.objects.create(programa=programa, dia=HOY, empezada_el=AHORA, otorgadas=2)
    for cliente in clientes[:2]:
        FabricaBonificacion(cliente=cliente, programa=programa, corrida=corrida)
    tareas.correr_programa.call(corrida.pk)
    corrida.refresh_from_db()
    assert (corrida.por_permanencia, corrida.ya_la_tenian, corrida.otorgadas) == (5, 0, 5)
    tareas.correr_programa.call(corrida.pk)
    assert Bonificacion.objects.count() == 5


# --- Las listas ------------------------------------------------------------------------------------------------------
def test_las_bonificaciones_se_filtran_por_programa_estado_y_dia(administrador: Any, cliente_http: Any) -> None:
    FabricaCliente(fecha_vinculacion=ANTIGUO)
    programa = FabricaPrograma()
    corrida = notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA)
    vieja = FabricaBonificacion(otorgada_el=HOY - timedelta(days=40), estado="rechazada", cerrada_el=AHORA)
    panel, lista = cliente_http(administrador), reverse("admin:bonificaciones_bonificacion_changelist")

    def claves(**filtros: str) -> set[int]:
        return {bono.pk for bono in panel.get(lista, filtros).context["cl"].result_list}

    nueva = corrida.bonificaciones.get().pk
    todas = set(Bonificacion.objects.values_list("pk", flat=True))
    assert claves() == todas == {nueva, vieja.pk}
    assert claves(programa__id__exact=str(programa.pk)) == {nueva}
    assert claves(estado__exact="rechazada") == {vieja.pk}
    assert claves(otorgada_el_from="16/03/2026", otorgada_el_to="16/03/2026") == {nueva}
    assert claves(otorgada_el_to="28/02/2026") == {vieja.pk}
    assert claves(otorgada_el_from="ayer") == todas and claves(corrida="x") == todas
    detalle = panel.get(reverse("admin:bonificaciones_bonificacion_change", args=(vieja.pk,))).content.decode()
    assert "10 % de descuento por 6 meses" in detalle and "Cierre" in detalle and 'name="_save"' not in detalle


def test_la_bonificacion_aparece_en_la_linea_de_tiempo(administrador: Any) -> None:
    bono = FabricaBonificacion(estado="rechazada", cerrada_el=AHORA, cerrada_por_nombre="Ana", motivo="Ya se va")
    sucesos = linea_de_tiempo.pagina(bono.cliente, administrador).sucesos
    propios = [(uno.titulo, uno.quien, uno.motivo) for uno in sucesos if uno.fuente.tipo.clave == "bonificaciones"]
    programa = bono.programa.nombre
    assert propios == [
        (f"No quiso la bonificación «{programa}»", "Ana", "Ya se va"),
        (f"Se le asignó la bonificación «{programa}»", "", ""),
    ]
    assert "bonificaciones" not in {uno.clave for uno in linea_de_tiempo.tipos_para(FabricaUsuario())}


# --- Aniversarios ----------------------------------------------------------------------------------------------------
def test_el_aniversario_de_un_29_de_febrero_cae_el_28_en_los_anios_comunes() -> None:
    FabricaCliente(fecha_vinculacion=date(2016, 2, 29))
    FabricaCliente(fecha_vinculacion=date(2016, 2, 28))
    FabricaCliente(fecha_vinculacion=date(2016, 3, 1))
    FabricaCliente(fecha_vinculacion=date(2016, 2, 28), estado="inactivo", inactivo_desde=HOY)
    programa = FabricaPrograma()
    assert aniversarios.por_dia(programa, date(2026, 2, 27), date(2026, 3, 1)) == {
        date(2026, 2, 28): 2, date(2026, 3, 1): 1,
    }  # fmt: skip
    doce = FabricaPrograma(meses_minimos=144)
    assert aniversarios.por_dia(doce, date(2028, 2, 28), date(2028, 2, 29)) == {
        date(2028, 2, 28): 1, date(2028, 2, 29): 1,
    }  # fmt: skip


def test_en_un_programa_anual_cuentan_todos_los_aniversarios() -> None:
    for anio in (2001, 2010, 2015, 2016, 2017):
        FabricaCliente(fecha_vinculacion=date(anio, 4, 1))
    anual = FabricaPrograma(frecuencia="anual")
    assert aniversarios.por_dia(anual, HOY, HOY + timedelta(days=30)) == {date(2026, 4, 1): 4}
    assert sum(consulta.count() for consulta in aniversarios.clientes_del_dia(anual, date(2026, 4, 1))) == 4
    hasta = FabricaPrograma(frecuencia="anual", meses_maximos=192)
    assert aniversarios.por_dia(hasta, HOY, HOY + timedelta(days=30)) == {date(2026, 4, 1): 3}


def test_los_aniversarios_nombran_a_sus_clientes_en_el_orden_en_que_los_cumplen(
    analista: Any, cliente_http: Any
) -> None:
    hoy = timezone.localdate()
    for n in (3, 1, 2):
        FabricaCliente(nombre=f"Aniversario{n}", fecha_vinculacion=sumar_meses(hoy + timedelta(days=n), -120))
    FabricaPrograma()
    lista = cliente_http(analista).get(reverse("aniversarios")).content.decode()
    assert "<strong>3 clientes</strong> cumplen 10 años" in lista
    lugares = [lista.index(f"Aniversario{n}") for n in (1, 2, 3)]
    assert lugares == sorted(lugares)


@pytest.mark.parametrize("frecuencia", ["una_vez", "anual"])
def test_cada_cuenta_de_los_aniversarios_abre_sus_clientes(analista: Any, cliente_http: Any, frecuencia: str) -> None:
    primero = (timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1)
    dia = primero + timedelta(days=9)
    for n in range(3):
        FabricaCliente(nombre=f"Aniversario{n}", fecha_vinculacion=dia.replace(year=dia.year - 10))
    programa, panel = FabricaPrograma(frecuencia=frecuencia), cliente_http(analista)
    mes = panel.get(reverse("aniversarios"), {"ver": "mes", "mes": f"{dia:%Y-%m}"}).content.decode()
    assert f"dia={dia:%Y-%m-%d}" in mes and '<span class="calendario-cuenta">3</span>' in mes
    if frecuencia == "anual":
        assert f"dia={dia:%Y-%m-%d}" in panel.get(reverse("aniversarios"), {"dias": "60"}).content.decode()
    del_dia = panel.get(reverse("aniversarios"), {"programa": programa.pk, "dia": f"{dia:%Y-%m-%d}"}).content.decode()
    assert all(f"Aniversario{n}" in del_dia for n in range(3))


@pytest.mark.parametrize(
    "consulta",
    ["programa=abc", "dia=2026-13-40", "dia=9999-12-31", "ver=mes&mes=0001-01", "ver=mes&mes=x", "dias=-1",
     "dia=2026-12-01&despues=zzz"],
)  # fmt: skip
def test_lo_mal_escrito_en_la_direccion_no_rompe_la_pagina(analista: Any, cliente_http: Any, consulta: str) -> None:
    FabricaPrograma()
    assert cliente_http(analista).get(f"{reverse('aniversarios')}?{consulta}").status_code == 200


def test_sin_programas_lo_dice(analista: Any, cliente_http: Any) -> None:
    assert "Aún no hay programas" in cliente_http(analista).get(reverse("aniversarios")).content.decode()
