"""La orden datos_demo: todo o nada, repetible por semilla, y cada fila cumple las reglas de su modelo."""

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from clientes import numeracion
from clientes.models import CambioPlan, Cliente, Contrato, Equipo, Interaccion, SilencioPositivo, Suspension
from clientes.plazos import Situacion, situacion
from clientes.reloj import reloj
from clientes.relojes import relojes
from clientes.tests.fabricas import FabricaEquipo, FabricaUsuario
from movistar_site.comun import consecutivos
from movistar_site.comun.models import Usuario
from movistar_site.demostracion import identidad, masivo
from movistar_site.demostracion.masivo import NoSePuede, Pedido, cargar
from movistar_site.demostracion.tests.test_fidelizacion import vaciar_fidelizacion
from servicios.models import PrecioServicio, Servicio, TipoServicio

HOY = date(2026, 11, 1)
MODELOS = (Cliente, Contrato, Interaccion)
pytestmark = pytest.mark.django_db


def datos_demo(**opciones):
    salida = StringIO()
    call_command("datos_demo", **{"clientes": "40", "hoy": "2026-11-01"} | opciones, stdout=salida)
    return salida.getvalue()


def filas():
    return [list(modelo.objects.order_by("pk").values()) for modelo in MODELOS]


def sin_claves(tablas):
    """Las filas sin lo que cambia de una carga a otra en la misma base: claves y números de serie."""
    sobra = {"id", "cliente_id", "contrato_id", "servicio_id", "promocion_id", "numero", "busqueda", "cun",
             "recurso_de_id", "cedido_de_id"}  # fmt: skip
    return [[{c: v for c, v in fila.items() if c not in sobra} for fila in tabla] for tabla in tablas]


def vaciar():
    vaciar_fidelizacion()
    SilencioPositivo.objects.all().delete()
    Interaccion.objects.update(tipo="consulta", causal="", recurso_de=None, cun="")
    Contrato.objects.update(cedido_de=None)
    for modelo in (Interaccion, Suspension, CambioPlan, Contrato, Cliente):
        modelo.objects.all().delete()


def indices():
    with connection.cursor() as cursor:
        return {
            nombre
            for modelo in MODELOS
            for nombre in connection.introspection.get_constraints(cursor, modelo._meta.db_table)
        }


# --- Lo que queda ----------------------------------------------------------------------------------------------------
def test_quedan_las_filas_pedidas_y_todas_cumplen_las_reglas_de_su_modelo():
    datos_demo(clientes="300")
    assert [modelo.objects.count() for modelo in MODELOS] == [300, 900, 600]
    for modelo in (*MODELOS, SilencioPositivo, Suspension, CambioPlan):
        for registro in modelo.objects.all():
            try:
                registro.full_clean()
            except ValidationError as error:
                pytest.fail(f"{registro!r}: {error}")


def test_el_texto_de_busqueda_es_el_que_calcularia_el_modelo():
    datos_demo()
    for modelo in MODELOS:
        campo = modelo._meta.get_field("busqueda")
        for registro in modelo.objects.all():
            assert registro.busqueda == campo.texto_de(registro)


def test_guardar_un_registro_tal_como_esta_no_cambia_nada():
    datos_demo(clientes="15")
    antes = filas()
    for modelo in MODELOS:
        for registro in modelo.objects.all():
            registro.save()
    sin_hora = [[{c: v for c, v in f.items() if c != "actualizado_en"} for f in tabla] for tabla in antes]
    assert [[{c: v for c, v in f.items() if c != "actualizado_en"} for f in tabla] for tabla in filas()] == sin_hora


def test_cada_contrato_lleva_el_precio_que_regia_y_las_condiciones_de_su_servicio():
    datos_demo()
    for contrato in Contrato.objects.select_related("servicio", "cliente").filter(cedido_de=None):
        assert contrato.precio == contrato.servicio.precio_en(contrato.fecha_inicio)
        assert contrato.condiciones["servicio"] == contrato.servicio.nombre
        assert contrato.condiciones["caracteristicas"] == contrato.servicio.caracteristicas
        assert contrato.fecha_inicio >= contrato.cliente.fecha_vinculacion
        assert (contrato.estado == "pendiente") == (contrato.fecha_inicio > HOY)


def test_las_proporciones_son_de_verdad():
    datos_demo(clientes="1500", contratos="2", interacciones="1")
    reglas = {"meses_regular": 36, "meses_leal": 120}
    categorias = Counter(Cliente.objects.con_categoria(HOY, reglas).values_list("categoria", flat=True))
    assert 0.33 < categorias["nuevo"] / 1500 < 0.47
    assert 0.18 < categorias["leal"] / 1500 < 0.34
    assert 0.85 < Cliente.objects.activos().count() / 1500 < 0.95
    assert 0.04 < Cliente.objects.filter(tipo_persona="juridica").count() / 1500 < 0.1
    servicios = Counter(Contrato.objects.values_list("servicio__codigo", flat=True))
    mas_vendidos = sum(cuantos for _, cuantos in servicios.most_common(6))
    assert len(servicios) >= 28
    assert mas_vendidos > 0.4 * 3000
    assert set(Contrato.objects.values_list("estado", flat=True)) == {"pendiente", "activo", "suspendido", "terminado"}
    assert Counter(Cliente.objects.values_list("municipio", flat=True)).most_common(1)[0][0] == "11001"


# --- La atención -----------------------------------------------------------------------------------------------------
def test_cada_pqr_lleva_su_cun_su_plazo_su_motivo_y_quien_la_atiende():
    datos_demo(clientes="400")
    reglas = relojes()
    for una in Interaccion.objects.select_related("motivo__equipo", "recurso_de"):
        assert una.primer_plazo == reglas.vencimiento(una.tipo, una.fecha)
        if una.tipo == "sugerencia":
            assert (una.cun, una.motivo, una.vence_el) == ("", None, None)
            continue
        assert una.cun[:6] == f"0000{una.fecha:%y}"
        assert una.equipo == una.motivo.equipo
        assert una.responsable is None or una.equipo in una.responsable.equipos.all()
        assert una.vence_el == (
            reglas.del_dia(una.fecha.date()).prorrogado(una.primer_plazo) if una.prorroga_motivo else una.primer_plazo
        )
        assert not una.prorroga_motivo or una.prorroga_avisada_el.date() <= una.primer_plazo
        if una.tipo == "recurso":
            pqr = una.recurso_de
            # Si entrara antes que su PQR, SQLite recorrería la tabla entera con cada fila: la carga sería cuadrática.
            assert pqr.pk < una.pk
            assert (pqr.cun, pqr.cliente_id, pqr.sentido) == (una.cun, una.cliente_id, "desfavorable")
            assert una.fecha.date() <= reloj(HOY).limite_para_recurrir(pqr.respondida_el)


def test_lo_abierto_es_poco_y_casi_todo_esta_en_termino():
    datos_demo(clientes="3000", contratos="1")
    todas = list(Interaccion.objects.all())
    avisar = reloj(HOY).desde_cuando_se_avisa(HOY)
    van = Counter(situacion(una, hoy=HOY, avisar_hasta=avisar) for una in todas if una.respondida_el is None)
    abiertas = sum(van.values())
    assert 0.01 < abiertas / len(todas) < 0.03
    assert van[Situacion.EN_TERMINO] > 0.7 * abiertas
    assert 0 < SilencioPositivo.objects.count() < 0.01 * len(todas)
    for silencio in SilencioPositivo.objects.select_related("interaccion"):
        una = silencio.interaccion
        assert situacion(una, hoy=HOY, avisar_hasta=avisar) == Situacion.SILENCIO
        assert silencio.ocurrio_el == una.vence_el + timedelta(days=1)
        assert silencio.cumplir_antes_de == reloj(HOY).silencio_hasta(silencio.ocurrio_el)
    # Y al revés: nadie queda en silencio sin su constancia.
    en_silencio = {una.pk for una in todas if situacion(una, hoy=HOY, avisar_hasta=avisar) == Situacion.SILENCIO}
    assert en_silencio == set(SilencioPositivo.objects.values_list("interaccion_id", flat=True))


def test_hay_suspensiones_cambios_de_plan_y_cesiones_que_tienen_sentido():
    datos_demo(clientes="2000", interacciones="0")
    assert set(Suspension.objects.filter(hasta=None).values_list("contrato_id", flat=True)) == set(
        Contrato.objects.filter(estado="suspendido").values_list("pk", flat=True)
    )
    assert Suspension.objects.exclude(hasta=None).exists()
    for suspension in Suspension.objects.select_related("contrato"):
        assert suspension.contrato.fecha_inicio <= suspension.desde < HOY
    assert set(CambioPlan.objects.values_list("estado", flat=True)) == {"aplicado", "programado"}
    for cambio in CambioPlan.objects.select_related("contrato"):
        assert cambio.servicio_anterior_id != cambio.servicio_nuevo_id
        assert (cambio.efectivo_el > HOY) == (cambio.estado == "programado")
        actual = cambio.servicio_nuevo_id if cambio.estado == "aplicado" else cambio.servicio_anterior_id
        assert cambio.contrato.servicio_id == actual
    cedidos = Contrato.objects.exclude(cedido_de=None).select_related("cedido_de", "cliente")
    assert cedidos
    for contrato in cedidos:
        antes = contrato.cedido_de
        assert (antes.estado, antes.fecha_fin) == ("terminado", contrato.fecha_inicio)
        assert (antes.servicio_id, antes.precio, antes.condiciones) == (
            contrato.servicio_id, contrato.precio, contrato.condiciones
        )  # fmt: skip
        assert antes.cliente_id != contrato.cliente_id or antes.pk != contrato.pk
        assert contrato.fecha_inicio >= contrato.cliente.fecha_vinculacion


def test_si_nadie_atiende_crea_agentes_que_no_pueden_entrar_y_los_reparte_en_equipos():
    datos_demo(clientes="3", fidelizacion="0")
    equipos = {equipo.nombre: equipo.miembros.count() for equipo in Equipo.objects.all()}
    assert equipos == {"Atención": 3, "Facturación": 2, "Soporte técnico": 3}
    for cuenta in Usuario.objects.all():
        assert not cuenta.has_usable_password()
        assert [grupo.name for grupo in cuenta.groups.all()] == ["Agente de atención"]
    datos_demo(clientes="3", agregar=True, fidelizacion="0")
    assert Usuario.objects.count() == 8


def test_con_un_equipo_propio_no_crea_a_nadie():
    equipo, luz = FabricaEquipo(), FabricaUsuario()
    equipo.miembros.add(luz)
    datos_demo(clientes="30", fidelizacion="0")
    assert Usuario.objects.get() == luz
    assert set(Interaccion.objects.exclude(responsable=None).values_list("responsable", flat=True)) == {luz.pk}


def test_el_cun_que_sigue_no_repite_los_inventados():
    datos_demo(clientes="30")
    ultimo = Interaccion.objects.filter(cun__startswith="000026").order_by("-cun").first().cun
    assert numeracion.siguiente_cun("0000", HOY) == f"{int(ultimo) + 1:016d}"


def test_no_deja_historia():
    datos_demo(clientes="5")
    assert not Cliente.history.exists()
    assert not Contrato.history.exists()


# --- Repetible -------------------------------------------------------------------------------------------------------
def test_la_misma_semilla_da_lo_mismo_y_otra_da_otra_cosa():
    datos_demo(clientes="60")
    primera = sin_claves(filas())
    for semilla, igual in (("7", True), ("8", False)):
        vaciar()
        consecutivos.Consecutivo.objects.all().delete()
        datos_demo(clientes="60", semilla=semilla)
        assert (sin_claves(filas()) == primera) is igual


def test_pedir_menos_da_el_comienzo_de_lo_mismo():
    datos_demo(clientes="60")
    primera = sin_claves(filas())[0][:20]
    vaciar()
    consecutivos.Consecutivo.objects.all().delete()
    datos_demo(clientes="20")
    assert sin_claves(filas())[0] == primera


# --- Sobre una base con datos ----------------------------------------------------------------------------------------
def test_sobre_una_base_con_clientes_se_niega_y_dice_que_hacer():
    datos_demo(clientes="3")
    antes = filas()
    with pytest.raises(CommandError, match=r"ya tiene clientes.*--agregar"):
        datos_demo(clientes="3")
    assert filas() == antes


def test_agregar_sigue_con_documentos_y_numeros_nuevos():
    datos_demo(clientes="30")
    antes = filas()
    datos_demo(clientes="30", agregar=True)
    assert [modelo.objects.count() for modelo in MODELOS] == [60, 180, 120]
    assert [tabla[: len(previa)] for tabla, previa in zip(filas(), antes, strict=True)] == antes
    assert Contrato.objects.filter(numero="C-00000180").exists()
    datos_demo(clientes="5", agregar=True)
    assert Cliente.objects.count() == 65


def test_agregar_unos_pocos_a_muchos_mantiene_indices_y_busqueda():
    datos_demo(clientes="200", contratos="1", interacciones="0")
    existentes = indices()
    datos_demo(clientes="10", contratos="1", interacciones="0", agregar=True)
    assert indices() == existentes
    nuevo = Cliente.objects.order_by("pk").last()
    assert nuevo in Cliente.objects.filter(busqueda__contiene=nuevo.documento)


def test_un_documento_que_alguien_ya_registro_se_salta():
    ajeno = Cliente(tipo_documento="CC", nombre="Ajena", apellido="Ríos", fecha_vinculacion=HOY)
    ajeno.documento = identidad.MASIVO.numero("CC", 4)
    ajeno.full_clean()
    ajeno.save()
    ajeno.refresh_from_db()
    datos_demo(clientes="60", agregar=True)
    assert Cliente.objects.get(pk=ajeno.pk).nombre == "Ajena"
    assert Cliente.objects.filter(documento=ajeno.documento).count() >= 1
    assert Cliente.objects.count() in (60, 61)
    assert Contrato.objects.count() == 3 * (Cliente.objects.count() - 1)


def test_lo_que_se_registra_despues_recibe_claves_y_numeros_libres():
    datos_demo(clientes="10")
    cliente = Cliente.objects.create(documento="1234567", nombre="Nueva", apellido="Peña", fecha_vinculacion=HOY)
    assert cliente.pk == max(Cliente.objects.values_list("pk", flat=True))
    assert consecutivos.reservar("contrato") == 31
    assert consecutivos.reservar("interaccion") == 21


def test_los_indices_y_la_busqueda_quedan_como_estaban():
    existentes = indices()
    datos_demo()
    assert indices() == existentes
    alguien = Cliente.objects.exclude(apellido="").first()
    assert alguien in Cliente.objects.filter(busqueda__contiene=f"{alguien.apellido.upper()} {alguien.documento}")
    nueva = Cliente.objects.create(documento="7654321", nombre="Begoña", apellido="Íñiguez", fecha_vinculacion=HOY)
    assert list(Cliente.objects.filter(busqueda__contiene="iniguez begona")) == [nueva]


# --- El catálogo -----------------------------------------------------------------------------------------------------
def test_con_el_catalogo_vacio_carga_los_treinta_servicios_y_lo_dice():
    assert "se cargaron 30 servicios" in datos_demo(clientes="3")
    assert Servicio.objects.count() == 30
    for servicio in Servicio.objects.all():
        servicio.full_clean()
    assert Servicio.objects.get(codigo="TRI-600").componentes.count() == 3
    assert Servicio.objects.get(codigo="FIB-300").precios.count() == 4
    assert Servicio.history.filter(origen="datos_demo").exists()


def servicio_propio(**cambios):
    datos = {"codigo": "MIO-1", "nombre": "Mío", "caracteristicas": {"velocidad_bajada_mbps": 50}} | cambios
    return Servicio.objects.create(tipo=TipoServicio.objects.get(codigo="fibra"), **datos)


def test_con_un_catalogo_propio_usa_ese():
    servicio = servicio_propio()
    PrecioServicio.objects.create(servicio=servicio, valor=Decimal("55000.50"), vigente_desde=date(2025, 1, 1))
    datos_demo(clientes="30")
    assert Servicio.objects.count() == 1
    assert set(Contrato.objects.values_list("servicio", "precio")) == {(servicio.pk, Decimal("55000.50"))}
    assert all(c.fecha_inicio >= c.cliente.fecha_vinculacion for c in Contrato.objects.select_related("cliente"))


def test_un_catalogo_sin_nada_que_vender_se_dice_y_no_deja_nada():
    servicio_propio()
    with pytest.raises(CommandError, match="no tiene ningún servicio activo con un precio"):
        datos_demo(clientes="3")
    assert not Cliente.objects.exists()
    assert not consecutivos.Consecutivo.objects.filter(serie="datos_demo").exists()


def test_sin_los_tipos_base_se_dice_cuales_faltan():
    TipoServicio.objects.filter(codigo__in=("trio", "duo")).delete()
    with pytest.raises(CommandError, match="faltan los tipos duo, trio"):
        datos_demo(clientes="3")


# --- Lo mal pedido y lo interrumpido ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("opciones", "frase"),
    [
        ({"clientes": None}, "Falta --clientes: se espera un número entero de 1 en adelante"),
        ({"clientes": "mil"}, "--clientes: se recibió «mil» y se espera un número entero"),
        ({"clientes": "0"}, "--clientes: se recibió «0»"),
        ({"clientes": "-5"}, "--clientes: se recibió «-5»"),
        ({"contratos": "51"}, "--contratos: se recibió «51» y se espera un número entero de 0 a 50"),
        ({"interacciones": "x"}, "--interacciones: se recibió «x»"),
        ({"semilla": "azar"}, "--semilla: se recibió «azar»"),
        ({"hoy": "ayer"}, "--hoy: No se entiende la fecha"),
        ({"hoy": "1999-01-01"}, "El día de referencia debe estar entre 01/01/2015"),
        ({"clientes": "200000000"}, "serían más de 100000000 clientes|No cabe"),
    ],
)
def test_lo_mal_pedido_se_dice_en_una_frase(opciones, frase):
    with pytest.raises(CommandError, match=frase):
        datos_demo(**opciones)
    assert not Cliente.objects.exists()


def test_una_interrupcion_no_deja_nada_a_medias(monkeypatch):
    monkeypatch.setattr(masivo, "POR_TANDA", 10)
    existentes = indices()

    def interrumpir(_fase, registros):
        if registros > 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cargar(Pedido(clientes=40, hoy=HOY), interrumpir)
    assert [modelo.objects.count() for modelo in MODELOS] == [0, 0, 0]
    assert not Servicio.objects.exists()
    assert indices() == existentes


def test_la_interrupcion_se_dice_en_espanol(monkeypatch):
    def interrumpir(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("movistar_site.demostracion.management.commands.datos_demo.cargar", interrumpir)
    with pytest.raises(CommandError, match="no quedó nada a medias"):
        datos_demo()


def test_sin_contratos_ni_interacciones_tambien_sirve():
    datos_demo(contratos="0", interacciones="1")
    assert not Contrato.objects.exists()
    assert Cliente.objects.activos().count() == Cliente.objects.count() == 40
    assert Interaccion.objects.filter(contrato=None).count() == 40


def test_el_resumen_da_las_cifras_a_la_colombiana():
    salida = datos_demo(clientes="400")
    assert "Listo: 400 clientes, 1.200 contratos y 800 interacciones" in salida
    assert "Por fases: inserción" in salida


def test_con_el_panel_encendido_una_carga_grande_se_niega_y_una_pequena_pasa(tmp_path):
    entorno = {**os.environ, "PANEL_DATOS": str(tmp_path), "SECRET_KEY": "prueba", "PYTHONWARNINGS": "ignore"}
    entorno.pop("DATABASE_URL", None)

    def manage(*orden):
        raiz = Path(__file__).parents[3]
        return subprocess.run(
            [sys.executable, "manage.py", *orden],
            cwd=raiz, env=entorno | {"DJANGO_SETTINGS_MODULE": "movistar_site.settings"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert manage("migrate", "-v0").returncode == 0
    otra = sqlite3.connect(tmp_path / "panel.sqlite3")
    otra.execute("PRAGMA journal_mode=WAL").fetchone()
    otra.execute("SELECT count(*) FROM clientes_cliente").fetchone()
    negada = manage("datos_demo", "--clientes", "5000")
    assert negada.returncode != 0
    assert "detenga el panel y repita la orden" in negada.stderr
    assert manage("datos_demo", "--clientes", "20").returncode == 0
    assert otra.execute("SELECT count(*) FROM clientes_cliente").fetchone() == (20,)
    otra.close()
    assert manage("datos_demo", "--clientes", "4000", "--agregar").returncode == 0
    base = sqlite3.connect(tmp_path / "panel.sqlite3")
    assert base.execute("SELECT count(*) FROM clientes_cliente").fetchone() == (4020,)
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    base.close()


def test_si_no_cabe_en_el_disco_se_dice_antes_de_empezar(monkeypatch, tmp_path):
    en_archivo = SimpleNamespace(
        vendor="sqlite", is_in_memory_db=lambda: False, settings_dict={"NAME": str(tmp_path / "panel.sqlite3")}
    )
    monkeypatch.setattr(masivo, "connection", en_archivo)
    monkeypatch.setattr(masivo.shutil, "disk_usage", lambda _: SimpleNamespace(free=2**20))
    with pytest.raises(NoSePuede, match="No cabe: hacen falta unos"):
        cargar(Pedido(clientes=1_000_000, hoy=HOY))
