"""`manage.py iniciar`: deja la base, los archivos estáticos y la primera cuenta listos para servir."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from movistar_site.demostracion.fidelizacion import sembrar

EJEMPLO = settings.BASE_DIR / "movistar_site" / "demostracion" / "ejemplo"
ARCHIVOS_DE_EJEMPLO = ("servicios.json", "usuario.json")
ADMINISTRADOR = "admin"
# Sin letras que se confunden al copiar a mano (l, 1, o, 0).
LETRAS = "abcdefghijkmnpqrstuvwxyz23456789"
# Lo que, de llevar algo, dice que la base ya está en uso.
MODELOS_CON_DATOS = ("comun.Usuario", "servicios.Servicio", "clientes.Cliente")


class Command(BaseCommand):
    """Se puede repetir: lo que ya está hecho no se hace de nuevo, y la segunda vez no cambia ningún dato."""

    help = "Prepara la base de datos, los archivos estáticos y la primera cuenta de administrador."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        sellos = Sellos(Path(settings.DATOS_DIR) / "arranque.json")
        try:
            self._migrar(sellos)
            self._reunir_estaticos(sellos)
            de_ejemplo = not hay_datos() and self._cargar_ejemplo()
            self._crear_administrador()
            if de_ejemplo:
                # Después: trae cuentas de asesores, y la primera del panel es la del administrador.
                sembrar(hoy=timezone.localdate())
        except DatabaseError as error:
            raise CommandError(f"La base de datos no responde o no se puede usar: {str(error).strip()}") from error
        except OSError as error:
            raise CommandError(f"No se puede escribir en {error.filename or settings.DATOS_DIR}.") from error

    def _decir(self, texto: str) -> None:
        self.stdout.write(texto)
        self.stdout.flush()

    def _migrar(self, sellos: Sellos) -> None:
        # También cuando cambió el código: los papeles, los lugares y los índices se ponen al día después de migrar.
        huella = huella_de(archivos_del_codigo())
        if sellos.igual("codigo", huella) and not migraciones_pendientes():
            return
        self._decir("Preparando la base de datos…")
        call_command("migrate", verbosity=0, interactive=False)
        sellos.guardar("codigo", huella)

    def _reunir_estaticos(self, sellos: Sellos) -> None:
        huella = huella_de(archivos_estaticos())
        if sellos.igual("estaticos", huella) and Path(settings.STATIC_ROOT).is_dir():
            return
        self._decir("Reuniendo estilos, tipos de letra y programas del navegador…")
        call_command("collectstatic", verbosity=0, interactive=False)
        sellos.guardar("estaticos", huella)

    def _cargar_ejemplo(self) -> bool:
        """Carga los archivos de ejemplo, si se quieren y están. Devuelve si lo hizo."""
        archivos = [EJEMPLO / nombre for nombre in ARCHIVOS_DE_EJEMPLO]
        if os.environ.get("EJEMPLO", "").strip().lower() in {"no", "0", "false"}:
            return False
        if "importar" not in get_commands() or not all(archivo.is_file() for archivo in archivos):
            self._decir("Este panel no trae datos de ejemplo: empieza vacío.")
            return False
        self._decir("Cargando los datos de ejemplo…")
        # Su informe habla de archivos que quien arranca el panel no escogió: solo interesa si falla.
        with Path(os.devnull).open("w") as nada:
            call_command("importar", *[str(archivo) for archivo in archivos], stdout=nada)
        return True

    def _crear_administrador(self) -> None:
        clave = crear_administrador()
        if clave:
            self._decir(
                "Cuenta de administrador creada; guarde la contraseña, que no se vuelve a mostrar:\n"
                f"    usuario:    {ADMINISTRADOR}\n"
                f"    contraseña: {clave}"
            )


class Sellos:
    """Lo que ya se hizo, por nombre, con la huella de aquello con que se hizo."""

    def __init__(self, archivo: Path) -> None:
        self.archivo = archivo
        try:
            leido = json.loads(archivo.read_text())
        except (OSError, ValueError):
            leido = {}
        self.huellas: dict[str, str] = leido if isinstance(leido, dict) else {}

    def igual(self, nombre: str, huella: str) -> bool:
        """Si lo último que se hizo con ese nombre tenía la misma huella."""
        return self.huellas.get(nombre) == huella

    def guardar(self, nombre: str, huella: str) -> None:
        """Anota la huella; si el archivo queda a medias, la próxima vez se repite el trabajo, que no daña."""
        self.huellas[nombre] = huella
        self.archivo.write_text(json.dumps(self.huellas, indent=1))


@transaction.atomic
def crear_administrador() -> str:
    """Crea la primera cuenta, con todos los permisos, si no hay ninguna. Devuelve su contraseña o una cadena vacía."""
    modelo = get_user_model()
    if modelo._default_manager.exists():
        return ""
    clave = "-".join("".join(secrets.choice(LETRAS) for _ in range(4)) for _ in range(4))
    cuenta = modelo._default_manager.create_superuser(username=ADMINISTRADOR, password=clave)  # type: ignore[attr-defined]
    cuenta.groups.set(Group.objects.filter(name="Administrador"))
    return clave


def hay_datos() -> bool:
    """Si alguien usó ya esta base: entonces no es la primera vez y el ejemplo no se mezcla con lo suyo."""
    return any(apps.get_model(modelo)._default_manager.exists() for modelo in MODELOS_CON_DATOS)


def migraciones_pendientes() -> bool:
    """Si la base está detrás del código."""
    ejecutor = MigrationExecutor(connection)
    return bool(ejecutor.migration_plan(ejecutor.loader.graph.leaf_nodes()))


def archivos_del_codigo() -> Iterable[Path]:
    """Los programas y los datos de cada aplicación propia, y las versiones de las ajenas."""
    yield settings.BASE_DIR / "requirements.txt"
    carpetas = {Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    for carpeta in sorted(carpetas):
        yield from sorted(carpeta.rglob("*.py"))
        yield from sorted(carpeta.rglob("*.json"))


def archivos_estaticos() -> Iterable[Path]:
    """Los archivos que se le sirven al navegador, propios y de las aplicaciones ajenas."""
    for buscador in get_finders():
        for ruta, almacen in buscador.list([]):
            yield Path(almacen.path(ruta))


def huella_de(archivos: Iterable[Path]) -> str:
    """Cambia si cambia el nombre, el tamaño o la fecha de alguno; no lee su contenido, para no demorar el arranque."""
    suma = hashlib.sha256()
    for archivo in archivos:
        estado = archivo.stat()
        suma.update(f"{archivo}\0{estado.st_size}\0{estado.st_mtime_ns}\n".encode())
    return suma.hexdigest()
