"""Los trabajos de fondo: el rescate de los abandonados y el aseo diario."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from datetime import time as reloj_de_pared
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from movistar_site.comun import trabajos, vida

AHORA = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def en_curso(*trabajadores: str, desde: datetime = AHORA - timedelta(minutes=5)) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        args_kwargs={"args": [], "kwargs": {}},
        task_path=trabajos.aseo_diario.module_path,
        backend_name="default",
        run_after=AHORA - timedelta(days=1),
        started_at=desde,
        worker_ids=list(trabajadores),
    )


def rescatar(vivos: set[str] | None = None, maquina: str = "uno") -> trabajos.Rescate:
    return trabajos.rescatar(ahora=AHORA, maquina=maquina, esta_vivo=lambda nombre: nombre in (vivos or set()))


# --- El rescate ------------------------------------------------------------------------------------------------------
def test_el_trabajo_de_un_trabajador_muerto_vuelve_a_la_cola() -> None:
    trabajo = en_curso("uno:10:a")
    assert rescatar() == trabajos.Rescate(devueltos=1)
    trabajo.refresh_from_db()
    assert (trabajo.status, trabajo.started_at) == (TaskResultStatus.READY, None)
    assert trabajo.worker_ids == ["uno:10:a"]


def test_el_trabajo_de_un_trabajador_vivo_no_se_toca() -> None:
    trabajo = en_curso("uno:10:a", desde=AHORA - timedelta(days=3))
    assert rescatar({"uno:10:a"}) == trabajos.Rescate()
    trabajo.refresh_from_db()
    assert trabajo.status == TaskResultStatus.RUNNING


def test_al_tercer_trabajador_muerto_el_trabajo_se_da_por_fallido_y_dice_por_que() -> None:
    trabajo = en_curso("uno:10:a", "uno:11:b", "uno:12:c")
    assert rescatar() == trabajos.Rescate(fallidos=1)
    trabajo.refresh_from_db()
    assert (trabajo.status, trabajo.finished_at) == (TaskResultStatus.FAILED, AHORA)
    assert "murió 3 veces" in trabajo.traceback
    assert import_string(trabajo.exception_class_path) is trabajos.TrabajadorInterrumpido


@pytest.mark.parametrize(("horas", "devueltos"), [(1, 0), (6, 0), (7, 1)])
def test_el_trabajo_de_otra_maquina_se_rescata_solo_por_tiempo(horas: int, devueltos: int) -> None:
    en_curso("otra:10:a", desde=AHORA - timedelta(hours=horas))
    assert rescatar() == trabajos.Rescate(devueltos=devueltos)


def test_rescatar_dos_veces_no_cambia_nada_la_segunda() -> None:
    en_curso("uno:10:a")
    rescatar()
    assert rescatar() == trabajos.Rescate()


# --- La señal de vida ------------------------------------------------------------------------------------------------
def test_un_trabajador_esta_vivo_mientras_tiene_su_cerrojo(tmp_path: Path) -> None:
    nombre = vida.nuevo_nombre("mi máquina")
    assert not vida.esta_vivo(tmp_path, nombre)
    with vida.SenalDeVida(tmp_path, nombre):
        assert vida.esta_vivo(tmp_path, nombre)
        assert vida.barrer(tmp_path) == 0
    assert not vida.esta_vivo(tmp_path, nombre)
    assert not list(tmp_path.iterdir())


def test_un_trabajador_matado_deja_de_estar_vivo_y_su_archivo_se_barre(tmp_path: Path) -> None:
    programa = (
        "import sys, time, pathlib; from movistar_site.comun import vida\n"
        f"with vida.SenalDeVida(pathlib.Path({str(tmp_path)!r}), 'uno:1:a'):\n"
        "    print('listo', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", programa], stdout=subprocess.PIPE) as proceso:
        assert proceso.stdout is not None
        proceso.stdout.readline()
        assert vida.esta_vivo(tmp_path, "uno:1:a")
        proceso.kill()
        proceso.wait()
    assert not vida.esta_vivo(tmp_path, "uno:1:a")
    assert vida.barrer(tmp_path) == 1


def test_el_nombre_empieza_por_la_maquina_y_no_se_repite() -> None:
    nombres = {vida.nuevo_nombre("servidor1") for _ in range(50)}
    assert len(nombres) == 50
    assert {nombre.split(":")[0] for nombre in nombres} == {"servidor1"}
    assert vida.limpiar_maquina("a:b/c") == "a-b-c"


# --- Los de cada día -------------------------------------------------------------------------------------------------
@pytest.fixture
def solo_el_aseo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trabajos, "DIARIOS", {"aseo": trabajos.Diario(trabajos.aseo_diario)})


@pytest.mark.usefixtures("solo_el_aseo")
def test_el_aseo_se_programa_una_vez_al_dia() -> None:
    assert trabajos.programar_diarios(AHORA) == ["aseo"]
    assert trabajos.programar_diarios(AHORA + timedelta(hours=1)) == []
    assert trabajos.programar_diarios(AHORA + timedelta(days=1)) == ["aseo"]
    assert DBTaskResult.objects.count() == 2


@pytest.mark.usefixtures("solo_el_aseo")
def test_el_dia_del_aseo_es_el_de_bogota() -> None:
    # Las 23:30 de Bogotá son ya otro día en UTC.
    assert trabajos.programar_diarios(datetime(2026, 3, 17, 4, 30, tzinfo=UTC)) == ["aseo"]
    assert trabajos.programar_diarios(AHORA) == []


def test_un_trabajo_diario_espera_su_hora_y_despues_se_hace_aunque_sea_tarde(monkeypatch: pytest.MonkeyPatch) -> None:
    diario = trabajos.Diario(trabajos.aseo_diario, desde=reloj_de_pared(5))
    monkeypatch.setattr(trabajos, "DIARIOS", {"de prueba": diario})
    # 9:59 UTC son las 4:59 de Bogotá.
    assert trabajos.programar_diarios(datetime(2026, 3, 16, 9, 59, tzinfo=UTC)) == []
    assert trabajos.programar_diarios(datetime(2026, 3, 16, 10, 0, tzinfo=UTC)) == ["de prueba"]
    assert trabajos.programar_diarios(datetime(2026, 3, 16, 23, 0, tzinfo=UTC)) == []
    assert trabajos.programar_diarios(datetime(2026, 3, 18, 3, 0, tzinfo=UTC)) == ["de prueba"]


@pytest.mark.usefixtures("solo_el_aseo")
def test_un_trabajo_diario_que_falla_se_repite_y_no_sin_fin() -> None:
    for intento in range(trabajos.INTENTOS):
        assert trabajos.programar_diarios(AHORA + timedelta(minutes=intento)) == ["aseo"]
        DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
    assert trabajos.programar_diarios(AHORA + timedelta(hours=1)) == []
    assert DBTaskResult.objects.count() == trabajos.INTENTOS


# --- El aseo ---------------------------------------------------------------------------------------------------------
def test_el_aseo_borra_lo_viejo_y_deja_lo_reciente() -> None:
    for dias in (1, -1):
        Session.objects.create(session_key=f"s{dias}", session_data="", expire_date=AHORA + timedelta(days=dias))
    for estado, dias in ((TaskResultStatus.SUCCESSFUL, 15), (TaskResultStatus.SUCCESSFUL, 13)):
        terminado(estado, dias)
    for dias in (91, 89):
        terminado(TaskResultStatus.FAILED, dias)
    for dias in (31, 29):
        intento = AccessAttempt.objects.create(
            username=f"u{dias}", ip_address="192.0.2.1", user_agent="x", failures_since_start=1
        )
        AccessAttempt.objects.filter(pk=intento.pk).update(attempt_time=AHORA - timedelta(days=dias))
    ingreso = AccessLog.objects.create(username="u", ip_address="192.0.2.1", user_agent="x")
    AccessLog.objects.filter(pk=ingreso.pk).update(attempt_time=AHORA - timedelta(days=366))
    cuenta = trabajos.asear(AHORA)
    assert (cuenta.pop("importaciones"), cuenta.pop("avisos"), cuenta.pop("entregas de envíos")) == (0, 0, 0)
    assert cuenta == {"sesiones": 1, "resultados": 1, "fallidos": 1, "intentos": 1, "fallas": 0, "ingresos": 1}
    assert set(trabajos.asear(AHORA).values()) == {0}
    assert DBTaskResult.objects.count() == 2


def terminado(estado: TaskResultStatus, dias: int) -> None:
    trabajo = en_curso("uno:1:a")
    DBTaskResult.objects.filter(pk=trabajo.pk).update(status=estado, finished_at=AHORA - timedelta(days=dias))


def test_se_borra_por_tandas_hasta_terminar() -> None:
    for numero in range(7):
        Session.objects.create(session_key=f"s{numero}", session_data="", expire_date=AHORA)
    assert trabajos.borrar_por_tandas(Session.objects.all(), tanda=3) == 7


def test_hay_pendientes_solo_si_ya_les_llego_la_hora() -> None:
    assert not trabajos.hay_pendientes(AHORA)
    trabajo = en_curso("uno:1:a")
    DBTaskResult.objects.filter(pk=trabajo.pk).update(status=TaskResultStatus.READY)
    assert trabajos.hay_pendientes(AHORA)
    assert not trabajos.hay_pendientes(AHORA - timedelta(days=2))


# --- La orden --------------------------------------------------------------------------------------------------------
@pytest.fixture
def orden_sin_huella(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """La orden cambia señales y registros del proceso: aquí no deben quedar."""
    settings.DATOS_DIR = tmp_path
    settings.PANEL_MAQUINA = "uno"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("movistar_site.comun.management.commands.trabajador._hablar_espanol", lambda _: None)


@pytest.mark.django_db(transaction=True)  # el trabajador cierra y abre conexiones, como en la vida real
@pytest.mark.usefixtures("orden_sin_huella")
def test_el_trabajador_rescata_al_empezar_y_atiende_lo_rescatado() -> None:
    trabajo = en_curso("uno:999999:a")
    call_command("trabajador", una_vez=True)
    trabajo.refresh_from_db()
    assert trabajo.status == TaskResultStatus.SUCCESSFUL
    assert len(trabajo.worker_ids) == 2
    # Y de paso hizo lo de cada día a lo que ya le llegó la hora.
    hechos = set(DBTaskResult.objects.successful().exclude(pk=trabajo.pk).values_list("task_path", flat=True))
    assert trabajos.aseo_diario.module_path in hechos


@pytest.mark.parametrize("intervalo", ["0", "-1", "61"])
def test_un_intervalo_absurdo_se_rechaza_con_una_frase(intervalo: str) -> None:
    with pytest.raises(CommandError, match="--intervalo debe ser mayor que 0"):
        call_command("trabajador", "--una-vez", "--intervalo", intervalo)


def test_el_trabajador_de_verdad_se_detiene_solo_con_la_senal(tmp_path: Path) -> None:
    ambiente = {
        **{clave: valor for clave, valor in os.environ.items() if clave != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "movistar_site.settings",
        "PANEL_DATOS": str(tmp_path),
        "SECRET_KEY": "clave-de-una-prueba-que-no-protege-nada-0123456789",
    }
    orden = [sys.executable, "-W", "ignore", "manage.py"]
    subprocess.run([*orden, "migrate", "--verbosity", "0"], env=ambiente, check=True, timeout=120)
    bitacora = tmp_path / "bitacora.txt"
    with bitacora.open("w") as salida:
        proceso = subprocess.Popen([*orden, "trabajador"], env=ambiente, stderr=salida, stdout=salida)
    try:
        limite = time.monotonic() + 60
        while "Terminó aseo_diario" not in bitacora.read_text() and time.monotonic() < limite:
            time.sleep(0.05)
        proceso.terminate()
        codigo = proceso.wait(timeout=20)
    finally:
        proceso.kill()
    texto = bitacora.read_text()
    assert codigo == 0, texto
    assert "en marcha" in texto
    assert "Traceback" not in texto
    assert not list((tmp_path / "trabajadores").iterdir())
