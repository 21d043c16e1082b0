"""Lo que comparten todas las pruebas: el elenco de cuentas y el navegador."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client

from movistar_site.arranque import chromium

RUTA_CHROMIUM = chromium.buscar()
CLAVE = "clave-de-prueba-1234"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Las pruebas de navegador se omiten, con su razón, donde no hay Chromium."""
    omitir = pytest.mark.skip(reason="no hay Chromium en esta máquina")
    for item in items:
        if item.get_closest_marker("navegador"):
            # Playwright corre un bucle asíncrono en el hilo de la prueba y Django, sin esto, no deja tocar la base.
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            if RUTA_CHROMIUM is None:
                item.add_marker(omitir)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Con navegador, SQLite va en un archivo: la web de prueba atiende en varios hilos y en memoria se estorban."""
    base = settings.DATABASES["default"]
    hay_navegador = any(item.get_closest_marker("navegador") for item in request.session.items)
    if base["ENGINE"].endswith("sqlite3") and hay_navegador:
        base.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("base") / "pruebas.sqlite3")


@pytest.fixture(autouse=True)
def _nadie_recuerda_los_canales() -> None:
    """Los canales se leen una vez por petición: cada prueba empieza como una, sin lo que otra haya dejado leído."""
    from clientes import canales

    canales.olvidar()


# --- El elenco -------------------------------------------------------------------------------------------------------
def _cuenta(nombre: str, papel: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    cuenta = get_user_model().objects.create_user(username=nombre, password=CLAVE, is_staff=True)
    cuenta.groups.add(Group.objects.get(name=papel))
    return cuenta


@pytest.fixture
def administrador(db: None) -> Any:
    """Quien configura el panel: papel Administrador."""
    return _cuenta("administrador", "Administrador")


@pytest.fixture
def agente(db: None) -> Any:
    """Quien atiende a los clientes: papel Agente de atención."""
    return _cuenta("agente", "Agente de atención")


@pytest.fixture
def asesor(db: None) -> Any:
    """Quien vende: papel Asesor de ventas."""
    return _cuenta("asesor", "Asesor de ventas")


@pytest.fixture
def analista(db: None) -> Any:
    """Quien mira cifras y las exporta: papel Analista."""
    return _cuenta("analista", "Analista")


@pytest.fixture
def superusuario(db: None) -> Any:
    """La primera cuenta, la que crea `make run`: todos los permisos."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.create_superuser(username="admin", password=CLAVE)


@pytest.fixture
def cliente_http() -> Callable[[Any], Client]:
    """`cliente_http(agente)` entrega un cliente HTTP con la sesión de esa cuenta; sin cuenta, la de nadie."""

    def entrar(usuario: Any = None) -> Client:
        cliente = Client()
        if usuario is not None:
            cliente.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
        return cliente

    return entrar


# --- Varias conexiones a la vez ---------------------------------------------------------------------------------------
@pytest.fixture
def en_hilos(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Corre funciones a la vez, cada una con su conexión. En SQLite, sobre una copia en archivo de la base."""
    if connection.vendor == "sqlite":
        ruta = tmp_path / "panel.sqlite3"
        connection.ensure_connection()
        with sqlite3.connect(ruta) as destino:
            connection.connection.backup(destino)
        monkeypatch.setitem(connections.settings["default"], "NAME", str(ruta))

    def correr(*funciones: Callable[[], Any]) -> list[Any]:
        salida = threading.Barrier(len(funciones), timeout=60)

        def una(funcion: Callable[[], Any]) -> Any:
            try:
                salida.wait()
                return funcion()
            except ValidationError as error:
                return " ".join(error.messages)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(funciones)) as hilos:
            return list(hilos.map(una, funciones))

    return correr


# --- El navegador ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """El Chromium de la máquina, no uno descargado; sin caja de arena, porque puede correr como root."""
    return {"executable_path": RUTA_CHROMIUM, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture
def navegador(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """`pagina = navegador(agente, ancho=390, oscuro=True)`: una página con la sesión de esa cuenta.

    Las direcciones son relativas al panel: `pagina.goto("/")`. Sin cuenta, la página no ha entrado. Al terminar la
    prueba, falla si el navegador pidió algo fuera del panel o si un programa de la página lanzó un error.
    """
    chrome, panel = request.getfixturevalue("browser"), request.getfixturevalue("live_server")
    contextos: list[Any] = []
    quejas: list[str] = []

    def abrir(usuario: Any = None, *, ancho: int = 1440, alto: int = 900, oscuro: bool = False) -> Any:
        contexto = chrome.new_context(
            base_url=panel.url,
            locale="es-CO",
            timezone_id="America/Bogota",
            viewport={"width": ancho, "height": alto},
            color_scheme="dark" if oscuro else "light",
        )
        contextos.append(contexto)
        if usuario is not None:
            contexto.add_cookies([{**_galleta_de(usuario), "url": panel.url}])
        pagina = contexto.new_page()
        pagina.on("pageerror", lambda error: quejas.append(f"error en la página: {error}"))
        pagina.on("request", lambda peticion: _anotar_ajena(peticion.url, panel.url, quejas))
        return pagina

    yield abrir
    for contexto in contextos:
        contexto.close()
    assert not quejas, "\n".join(quejas)


def _galleta_de(usuario: Any) -> dict[str, str]:
    cliente = Client()
    cliente.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
    galleta = cliente.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": galleta.key, "value": galleta.value}


def _anotar_ajena(direccion: str, panel: str, quejas: list[str]) -> None:
    if not direccion.startswith((panel, "data:", "blob:", "about:")):
        quejas.append(f"petición fuera del panel: {direccion}")
