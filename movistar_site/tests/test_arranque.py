"""Lo que pasa al decir `make run` y `make test`: preparar, vigilar, detener y contar lo que pasó."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from movistar_site.arranque import entorno, panel, postgres, procesos, pruebas
from movistar_site.arranque.consola import Problema
from movistar_site.arranque.supervisor import Servicio, Supervisor
from movistar_site.management.commands import iniciar

DORMIR = [sys.executable, "-c", "import time; time.sleep(60)"]


# --- Antes de instalar -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("texto", ["ocho", "0", "65536", "-1", "80 80", "٨٠٠٠"])
def test_un_puerto_que_no_lo_es_se_rechaza_con_una_frase(texto: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUERTO", texto)
    with pytest.raises(Problema, match="PUERTO debe ser un número de 1 a 65535"):
        entorno.puerto_pedido()


def test_sin_pedir_puerto_es_el_8000(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUERTO", raising=False)
    assert entorno.puerto_pedido() == 8000


def test_un_puerto_ocupado_se_dice_antes_de_empezar() -> None:
    with socket.socket() as otro:
        otro.bind(("127.0.0.1", 0))
        otro.listen()
        puerto = otro.getsockname()[1]
        with pytest.raises(Problema, match=f"El puerto {puerto} está ocupado"):
            entorno.exigir_puerto_libre(puerto)
    entorno.exigir_puerto_libre(puerto)


def test_la_clave_secreta_se_crea_una_vez_y_solo_la_lee_su_duenio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    entorno.asegurar_clave(tmp_path)
    archivo = tmp_path / "clave_secreta"
    primera = archivo.read_text()
    entorno.asegurar_clave(tmp_path)
    assert len(primera) >= 50
    assert archivo.read_text() == primera
    assert stat.S_IMODE(archivo.stat().st_mode) == 0o600


def test_con_la_clave_en_el_entorno_no_se_crea_archivo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    entorno.asegurar_clave(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("codigo", ["EROFS", "ENOSPC", "EACCES", "EIO"])
def test_los_errores_del_disco_se_dicen_con_una_frase(codigo: str, tmp_path: Path) -> None:
    import errno

    numero = getattr(errno, codigo)
    with pytest.raises(Problema, match="No se puede escribir en") as problema, entorno.errores_de_carpeta(tmp_path):
        raise OSError(numero, os.strerror(numero), str(tmp_path / "x"))
    assert "\n" not in str(problema.value)


def test_un_archivo_en_el_lugar_de_la_carpeta_de_datos_se_dice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datos").write_text("")
    monkeypatch.setenv("PANEL_DATOS", str(tmp_path / "datos"))
    with pytest.raises(Problema, match="hay un archivo donde se esperaba una carpeta"):
        entorno.carpeta_de_datos()


# --- Encontrar un Python ---------------------------------------------------------------------------------------------
def buscar_python(carpeta: Path, **pythons: str) -> subprocess.CompletedProcess[str]:
    """Corre el buscador con unos Python de mentira en PATH y sin nada más."""
    programas = carpeta / "bin"
    programas.mkdir()
    for nombre, cuerpo in pythons.items():
        programa = programas / nombre.replace("_", ".")
        programa.write_text(f"#!{shutil.which('sh')}\n{cuerpo}\n")
        programa.chmod(0o755)
    return subprocess.run(
        [str(shutil.which("sh")), str(procesos.RAIZ / "movistar_site/arranque/buscar_python.sh"), "run"],
        cwd=carpeta,
        env={"PATH": str(programas)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


VIEJO = 'case "$2" in *print*) echo 3.10;; *) exit 1;; esac'
SIN_VENV = 'case "$2" in *print*) echo 3.12;; *ensurepip*) exit 1;; *) exit 0;; esac'
BUENO = 'case "$2" in *print*) echo 3.13;; movistar_site.arranque) echo "arranca $3";; *) exit 0;; esac'


def test_sin_python_se_dice_cual_instalar(tmp_path: Path) -> None:
    resultado = buscar_python(tmp_path)
    assert resultado.returncode == 1
    assert resultado.stderr.startswith("No se encontró Python: instale Python 3.11, 3.12 o 3.13")
    assert resultado.stderr.count("\n") == 1


def test_con_un_python_viejo_se_dice_cual_hay(tmp_path: Path) -> None:
    resultado = buscar_python(tmp_path, python3=VIEJO)
    assert resultado.returncode == 1
    assert "aquí solo está el 3.10" in resultado.stderr


def test_con_un_python_sin_venv_se_dice_que_instalar(tmp_path: Path) -> None:
    resultado = buscar_python(tmp_path, python3=SIN_VENV)
    assert resultado.returncode == 1
    assert "apt install python3.12-venv" in resultado.stderr


def test_se_salta_los_que_no_sirven_hasta_dar_con_uno_bueno(tmp_path: Path) -> None:
    resultado = buscar_python(tmp_path, python3_13="exit 127", python3_12=SIN_VENV, python3_11=VIEJO, python3=BUENO)
    assert (resultado.returncode, resultado.stdout) == (0, "arranca run\n")


# --- Vigilar ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def senales() -> Any:
    """El supervisor cambia las señales del proceso: al terminar vuelven a las de antes."""
    antes = {senal: signal.getsignal(senal) for senal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for senal, manejador in antes.items():
        signal.signal(senal, manejador)


@pytest.mark.usefixtures("senales")
def test_si_un_servicio_cae_se_detiene_el_otro_y_se_dice_cual_cayo(capsys: pytest.CaptureFixture[str]) -> None:
    vivo = Servicio("la web", DORMIR)
    caido = Servicio("el trabajador", [sys.executable, "-c", "raise SystemExit(3)"])
    assert Supervisor([vivo, caido], contesta=lambda: False, listo="listo").vigilar() == 1
    assert vivo.termino() is not None
    assert "Se detuvo el trabajador (código 3): se detiene el panel entero." in capsys.readouterr().err


@pytest.mark.usefixtures("senales")
@pytest.mark.parametrize("senal", [signal.SIGINT, signal.SIGTERM])
def test_al_pedir_parar_se_detienen_todos_y_el_codigo_es_cero(
    senal: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    servicios = [Servicio("la web", DORMIR), Servicio("el trabajador", DORMIR)]

    def contestar_y_parar() -> bool:
        os.kill(os.getpid(), senal)
        return True

    assert Supervisor(servicios, contesta=contestar_y_parar, listo="Panel listo").vigilar() == 0
    assert all(servicio.termino() is not None for servicio in servicios)
    assert capsys.readouterr().out.splitlines() == ["Panel listo", "Deteniendo el panel…", "Panel detenido."]


def test_un_proceso_sordo_muere_con_sus_hijos_al_acabarse_la_espera() -> None:
    terco = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "hijo = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(hijo.pid, flush=True); time.sleep(60)"
    )
    proceso = procesos.lanzar([sys.executable, "-c", terco], stdout=subprocess.PIPE, text=True)
    assert proceso.stdout is not None
    hijo = int(proceso.stdout.readline())
    procesos.detener(proceso, segundos=0.2)
    proceso.stdout.close()
    limite = time.monotonic() + 10
    while _corre(hijo) and time.monotonic() < limite:
        time.sleep(0.05)
    assert proceso.returncode == -signal.SIGKILL
    assert not _corre(hijo)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="solo Linux avisa al hijo de la muerte del padre")
def test_si_matan_al_supervisor_sus_servicios_no_quedan_huerfanos() -> None:
    programa = (
        "import sys, time; from movistar_site.arranque import procesos\n"
        f"print(procesos.lanzar({DORMIR!r}).pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", programa], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        hijo = int(supervisor.stdout.readline())
        assert _corre(hijo)
        supervisor.kill()
    limite = time.monotonic() + 10
    while _corre(hijo) and time.monotonic() < limite:
        time.sleep(0.05)
    assert not _corre(hijo)


def _corre(pid: int) -> bool:
    try:
        # Un proceso muerto que nadie recoge sigue en la tabla como «Z».
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_la_web_atiende_solo_esta_maquina_con_hilos() -> None:
    orden = panel.orden_web(9000)
    assert orden[orden.index("--bind") + 1] == "127.0.0.1:9000"
    assert orden[orden.index("--worker-class") + 1] == "gthread"


# --- La primera vez y las demás --------------------------------------------------------------------------------------
@pytest.fixture
def iniciable(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATOS_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "estaticos"
    # Sin ejemplo: el importador tiene sus propias pruebas.
    monkeypatch.setenv("EJEMPLO", "no")


@pytest.mark.django_db
@pytest.mark.usefixtures("iniciable")
def test_la_primera_vez_crea_la_cuenta_y_la_segunda_no_hace_nada(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("iniciar")
    primera = capsys.readouterr().out
    cuenta = get_user_model().objects.get()
    clave = primera.rsplit("contraseña:", 1)[1].strip()
    assert (cuenta.username, cuenta.is_superuser, cuenta.check_password(clave)) == ("admin", True, True)
    call_command("iniciar")
    assert capsys.readouterr().out == ""
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_si_ya_hay_cuentas_no_se_crea_otra() -> None:
    get_user_model().objects.create_user(username="quien-sea", password="x")
    assert iniciar.crear_administrador() == ""
    assert iniciar.hay_datos()


def test_los_sellos_aguantan_un_archivo_danado(tmp_path: Path) -> None:
    archivo = tmp_path / "arranque.json"
    for contenido in ("", "{", "[]"):
        archivo.write_text(contenido)
        assert not iniciar.Sellos(archivo).igual("codigo", "x")
    iniciar.Sellos(archivo).guardar("codigo", "x")
    assert iniciar.Sellos(archivo).igual("codigo", "x")


# --- Contar lo que pasó ----------------------------------------------------------------------------------------------
INFORME = """<testsuites><testsuite>
<testcase classname="a" name="pasa"/><testcase classname="a" name="falla"><failure/></testcase>
<testcase classname="a" name="esperada"><skipped type="pytest.xfail" message="ya se sabe"/></testcase>
<testcase classname="a" name="omitida"><skipped type="pytest.skip" message="no hay luna llena"/></testcase>
</testsuite></testsuites>"""


def resultado_leido(tmp_path: Path) -> pruebas.Resultado:
    informe = tmp_path / "informe.xml"
    informe.write_text(INFORME)
    resultado = pruebas.Resultado("SQLite")
    pruebas.leer_informe(resultado, informe)
    return resultado


def test_el_informe_se_lee_con_sus_omisiones_y_sus_razones(tmp_path: Path) -> None:
    resultado = resultado_leido(tmp_path)
    assert (resultado.pasaron, resultado.fallaron) == (2, ["a::falla"])
    assert resultado.omitidas == {"no hay luna llena": ["a::omitida"]}


@pytest.mark.parametrize(("estricto", "codigo"), [(False, 0), (True, 1)])
def test_una_omision_se_nombra_y_solo_falla_si_se_prohiben(
    estricto: bool, codigo: int, capsys: pytest.CaptureFixture[str]
) -> None:
    resultado = pruebas.Resultado("SQLite", pasaron=5, omitidas={"no hay luna llena": ["a::omitida"]})
    assert pruebas.resumir([resultado], estricto=estricto, elegidas=False) == codigo
    assert "SQLite: a::omitida: no hay luna llena" in capsys.readouterr().out


@pytest.mark.parametrize("estricto", [False, True])
def test_un_sitio_que_no_corrio_se_nombra(estricto: bool, capsys: pytest.CaptureFixture[str]) -> None:
    resultados = [pruebas.Resultado("SQLite", pasaron=5), pruebas.Resultado("Navegador", no_corrio="no hay Chromium")]
    assert pruebas.resumir(resultados, estricto=estricto, elegidas=False) == int(estricto)
    assert "Navegador: no hay Chromium" in capsys.readouterr().out


@pytest.mark.parametrize(
    "resultado",
    [
        pruebas.Resultado("SQLite", codigo=1, pasaron=3, fallaron=["a::falla"]),
        pruebas.Resultado("SQLite", codigo=3, pasaron=3),  # pytest se rompió
        pruebas.Resultado("SQLite", codigo=-9, pasaron=3),  # lo mataron
        pruebas.Resultado("SQLite", codigo=5),  # no corrió ninguna
    ],
)
def test_todo_lo_que_no_es_pasar_termina_mal(resultado: pruebas.Resultado) -> None:
    assert pruebas.resumir([resultado], estricto=False, elegidas=True) == 1


def test_los_ajustes_de_un_panel_de_verdad_no_llegan_a_las_pruebas(monkeypatch: pytest.MonkeyPatch) -> None:
    for nombre in ("DATABASE_URL", "SECRET_KEY", "PRODUCCION", "PANEL_DATOS"):
        monkeypatch.setenv(nombre, "de-verdad")
    assert "de-verdad" not in pruebas.ambiente_de_pruebas("").values()
    assert pruebas.ambiente_de_pruebas("postgres://x")["DATABASE_URL"] == "postgres://x"


def test_el_postgresql_pasajero_no_deja_rastro(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PYTHON", Path(sys.executable))
    if postgres.buscar_programas() is None:
        pytest.skip("no hay programas de PostgreSQL")
    with postgres.postgres_pasajero() as (version, direccion):
        carpeta = Path(direccion.split("host=")[1])
        assert int(version.split(".")[0]) >= 15
        assert (carpeta / ".s.PGSQL.5432").exists()
    assert not carpeta.exists()
