"""Lo que se elige al importar, lo que se muestra antes de confirmar, y lo que se cuida después."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clientes.models import Cliente, Contrato
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.intercambio import carpeta, operaciones, planificador
from movistar_site.intercambio.models import EstadoImportacion, Importacion, RegistroPlan

from .ayudas import PLANES, escribir, persona, personas, plan, registro
from .datos import HOY, fuente, lugares
from .motor import Fuente, importar

pytestmark = pytest.mark.django_db


# --- Opciones ---------------------------------------------------------------------------------------------------------
def test_por_identificador_de_origen_se_reconoce_aunque_cambie_el_documento() -> None:
    importar([personas(persona(1, id=7), persona(2, id=8))], hoy=HOY)
    informe = importar([personas(persona(3, id=7, nombre="Ana1"), persona(9, id=9))], hoy=HOY, identificador="origen")
    assert informe.cuentas["clientes"] == {"cambiado": 1, "nuevo": 1}
    (cambiado,) = (r for r in informe.plan if r.tipo == "cambiado")
    assert [cambio[0] for cambio in cambiado.detalle["cambios"]] == ["documento"]
    assert sorted(Cliente.objects.values_list("id_origen", "documento")) == [
        ("7", "10000003"), ("8", "10000002"), ("9", "10000009")
    ]  # fmt: skip


def test_la_fecha_de_referencia_mueve_lo_derivado_y_nada_mas() -> None:
    importacion = plan(personas(persona(1, fecha="7 años"), persona(2)))
    assert registro(importacion, ruta="usuarios[0]").valores["fecha_vinculacion"] == "2019-06-15"
    operaciones.cambiar_opciones(importacion, fecha_referencia=HOY.replace(year=2020))
    escribir(importacion)
    fechas = dict(Cliente.objects.values_list("documento", "fecha_vinculacion"))
    assert {d: f.isoformat() for d, f in fechas.items()} == {"10000001": "2013-06-15", "10000002": "2015-04-01"}
    assert "7 años" in Cliente.objects.get(documento="10000001").pendientes["fecha_vinculacion"]


def test_un_mapa_guardado_se_usa_solo_con_el_siguiente_archivo_igual() -> None:
    def archivo(numero: int) -> Fuente:
        return personas(persona(numero, apodo_raro=f"Calle {numero} # 2-3", plan="La grande"))

    importar([PLANES], hoy=HOY)
    importacion = plan(archivo(1))
    assert [a.clave for a in importacion.avisos.all()] == ["apodo_raro"] and operaciones.totales(importacion)["error"]
    operaciones.cambiar_mapa(
        importacion,
        claves={"clientes": {"apodo raro": "direccion"}},
        valores={"servicio": {"la grande": "TV-1"}},
    )
    assert not importacion.avisos.exists() and operaciones.totales(importacion)["error"] == 0
    por = {vista["normal"]: vista["por"] for vista in importacion.claves_vistas}
    mapa = operaciones.guardar_mapa(importacion, nombre="  El de la sede  ", usuario=None)
    escribir(importacion)
    siguiente = importar([archivo(2)], hoy=HOY)
    assert siguiente.aplicado and siguiente.importacion.mapa == mapa and siguiente.avisos == []
    assert sorted(Cliente.objects.values_list("direccion", flat=True)) == ["Calle 1 # 2-3", "Calle 2 # 2-3"]
    assert set(Contrato.objects.values_list("servicio__codigo", flat=True)) == {"TV-1"}
    mapa.refresh_from_db()
    assert mapa.usos == 1 and "ajuste" in por.values()
    with pytest.raises(ValidationError, match="Ya hay un mapa"):
        operaciones.guardar_mapa(importacion, nombre="El de la sede", usuario=None)
    otro = plan(personas(persona(3)))
    assert otro.mapa is None


def test_los_valores_se_traducen_con_su_puntaje_y_nunca_en_silencio_por_debajo_del_umbral() -> None:
    lugares()
    importar([PLANES], hoy=HOY)
    unas = [persona(1, ciudad="Medellin", plan="Postpago"), persona(2, ciudad="Medelin", plan="Televisión bascia"),
            persona(3, ciudad="Mdlln", plan="Tele")]  # fmt: skip
    informe = importar([personas(*unas)], hoy=HOY, ante_errores="omitir")
    vistos = {(v["columna"], v["valor"]): v for v in informe.importacion.valores_vistos}
    assert vistos["municipio", "Medellin"]["destino"] == "05001" and vistos["municipio", "Medellin"]["puntaje"] == 100
    parecido = vistos["municipio", "Medelin"]
    assert parecido["destino"] == "05001" and 90 <= parecido["puntaje"] < 100
    assert vistos["municipio", "Mdlln"]["destino"] == ""
    assert vistos["servicio", "Postpago"]["destino"] == "PP-1"
    assert vistos["servicio", "Televisión bascia"]["destino"] == "TV-1"
    assert vistos["servicio", "Televisión bascia"]["puntaje"] < 100
    assert vistos["servicio", "Tele"]["destino"] in ("", "TV-1")
    notas = " ".join(n for r in informe.plan for n in r.detalle.get("notas", []))
    assert "«Medelin» se tomó por Medellín" in notas and "parecido" in notas
    # Lo que no se sabe qué municipio es no entra con otro: es un error de su celda.
    malas = {m.ruta: m for m in informe.malas}
    assert malas["usuarios[2]"].valor == "Mdlln"
    assert not Cliente.objects.filter(documento="10000003").exists()


# --- Repetidos y parecidos --------------------------------------------------------------------------------------------
def test_los_probables_duplicados_se_muestran() -> None:
    importar([personas(persona(1, telefono="3001234567", nombre="Ana María"))], hoy=HOY)
    importacion = plan(personas(persona(2, telefono="3001234567", nombre="Ana Maria")))
    (uno,) = registro(importacion, entidad="clientes").detalle["parecidos"]
    assert uno[0] == Cliente.objects.get().pk and "10.000.001" in uno[1] and "teléfono" in uno[2] and uno[3] >= 90


def test_repetido_igual_se_omite_y_distinto_es_un_error_que_dice_los_dos_lugares() -> None:
    igual, distinto = persona(1), persona(2)
    importacion = plan(personas(igual, distinto, igual, {**distinto, "nombre": "Otra"}))
    assert importacion.cuentas["clientes"] == {"nuevo": 2, "omitido": 1, "error": 1}
    omitido, error = registro(importacion, tipo="omitido"), registro(importacion, tipo="error")
    assert omitido.ruta == "usuarios[2]" and "dice lo mismo que usuarios[0]" in omitido.detalle["notas"][-1]
    assert "usuarios[1]" in error.detalle["faltas"][0][2] and "usuarios[3]" in error.detalle["faltas"][0][2]


def test_tambien_en_el_catalogo_y_entre_dos_archivos() -> None:
    uno = {"codigo": "S-1", "nombre": "Uno", "tipo": "pospago", "precio": 1}
    sin_codigo = {"nombre": "Sin código", "tipo": "pospago", "precio": 1}
    importacion = plan(
        fuente("servicios.json", {"servicios": [uno, sin_codigo, {**sin_codigo, "precio": 2}]}),
        fuente("usuario.json", {"usuarios": [persona(1)], "planes": [uno, {**uno, "precio": 2}, sin_codigo]}),
    )
    assert importacion.cuentas["servicios"] == {"nuevo": 3, "omitido": 2, "error": 1}


# --- Vigilancia y aseo ------------------------------------------------------------------------------------------------
def test_una_importacion_huerfana_vuelve_a_la_cola_y_termina() -> None:
    from movistar_site.intercambio import vigilancia

    importacion = plan(personas(persona(1)))
    operaciones.confirmar(importacion, usuario=None, en_cola=False)
    ahora = timezone.now()
    vigilancia.retomar(ahora)
    assert not Cliente.objects.exists()  # Acaba de empezar: quizás alguien está por tomarla.
    with vigilancia.trabajando_en(importacion):
        vigilancia.retomar(ahora + timedelta(minutes=2))
        assert not Cliente.objects.exists()
    vigilancia.retomar(ahora + timedelta(minutes=2))
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.APLICADA and Cliente.objects.count() == 1


@pytest.mark.parametrize(
    ("estado", "final"), [("aplicando", "detenida"), ("leyendo", "ilegible"), ("deshaciendo", "detenida")]
)
def test_tras_un_trabajo_fallido_no_se_insiste_y_se_dice(estado: str, final: str) -> None:
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    from movistar_site.intercambio import tareas, vigilancia

    importacion = plan(personas(persona(1)))
    Importacion.objects.filter(pk=importacion.pk).update(estado=estado)
    trabajo = {"leyendo": tareas.leer_importacion, "aplicando": tareas.aplicar_importacion,
               "deshaciendo": tareas.deshacer_importacion}[estado]  # fmt: skip
    DBTaskResult.objects.create(
        task_path=trabajo.module_path, args_kwargs={"args": [importacion.pk], "kwargs": {}}, backend_name="default",
        status=TaskResultStatus.FAILED, run_after=timezone.now(),
    )  # fmt: skip
    vigilancia.retomar(timezone.now() + timedelta(hours=1))
    importacion.refresh_from_db()
    assert importacion.estado == final and "se interrumpió varias veces" in importacion.problema
    assert ("Nada se escribió" in importacion.problema) == (final == "ilegible")


def test_el_aseo_borra_lo_viejo_y_deja_la_constancia() -> None:
    from movistar_site.intercambio import vigilancia

    aplicada = importar([personas(persona(1, apodo="x"))], hoy=HOY).importacion
    pendiente, reciente = plan(personas(persona(2))), plan(personas(persona(3)))
    with pytest.raises(ArchivoIlegible):
        importar([Fuente("clientes.json", b"{")], hoy=HOY)
    ilegible = Importacion.objects.latest("pk")
    viejas = [aplicada.pk, pendiente.pk, ilegible.pk]
    ahora = timezone.now()
    Importacion.objects.filter(pk__in=viejas).update(creada_en=ahora - timedelta(days=31))
    assert vigilancia.asear(ahora) == 3
    assert not RegistroPlan.objects.filter(importacion__in=viejas).exists() and carpeta.guardadas() == [reciente.pk]
    aplicada.refresh_from_db()
    pendiente.refresh_from_db()
    assert aplicada.cuentas["clientes"] == {"nuevo": 1} and aplicada.estado == EstadoImportacion.APLICADA
    assert pendiente.estado == EstadoImportacion.DESCARTADA and "sin confirmarla" in pendiente.problema
    assert vigilancia.asear(ahora) == 0
    # La historia queda: aún se puede deshacer.
    operaciones.deshacer(aplicada, usuario=None)
    assert not Cliente.objects.exists()


def test_un_error_nuestro_al_leer_no_deja_la_importacion_colgada(monkeypatch: pytest.MonkeyPatch) -> None:
    def fallar(*_: Any, **__: Any) -> None:
        raise RuntimeError("un error nuestro")

    importacion = plan(personas(persona(1)))
    monkeypatch.setattr(planificador, "planear", fallar)
    operaciones.empezar_lectura(importacion)
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.ILEGIBLE and "Algo falló al leer" in importacion.problema
    assert "RuntimeError" not in importacion.problema


def test_lo_que_ya_no_esta_guardado_se_dice() -> None:
    importacion = plan(personas(persona(1)))
    carpeta.borrar(importacion)
    operaciones.cambiar_opciones(importacion, modo="crear")
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.ILEGIBLE and "ya no está guardado" in importacion.problema
