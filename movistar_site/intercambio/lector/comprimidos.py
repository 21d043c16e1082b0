"""Un ZIP que llega: se sacan sus archivos de datos, acotados, y se dice lo que se dejó fuera."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path, PurePath, PurePosixPath

from django.conf import settings

from movistar_site.comun.archivos import ArchivoIlegible
from movistar_site.comun.valores import citar

from .documentos import POR_EXTENSION

_TROZO = 1024 * 1024
_MAX_PROPORCION = 200
_CIFRADO = 0x1
_EN_UTF8 = 0x800
_DE_SISTEMA = {"thumbs.db", "desktop.ini", "__macosx"}
_COMPRIMIDOS = {".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz"}
DEL_SISTEMA = "es un archivo del sistema"
_DEMASIADO = "El ZIP ocupa demasiado al abrirlo: divídalo en varios."


class Expandidos(list[tuple[str, Path]]):
    """Los archivos que hay que leer, con su nombre y dónde están. `omitidos`: los que no, y por qué."""

    def __init__(self) -> None:
        super().__init__()
        self.omitidos: list[tuple[str, str]] = []


def expandir(ruta: Path, nombre: str, destino: Path) -> Expandidos:
    """Los archivos de datos de un ZIP, sacados a `destino`; de cualquier otro archivo, él mismo.

    Lanza ArchivoIlegible si el ZIP está dañado o cifrado, es una bomba, lleva otro dentro o no trae nada que leer.
    """
    hallados = Expandidos()
    if PurePath(nombre).suffix.lower() != ".zip":
        hallados.append((nombre, ruta))
        return hallados
    try:
        with zipfile.ZipFile(ruta) as comprimido:
            _sacar(comprimido, ruta.stat().st_size, destino, hallados)
    except ArchivoIlegible:
        raise
    except Exception:  # zipfile y zlib fallan de muchas maneras con un ZIP dañado
        raise ArchivoIlegible("El archivo no es un ZIP que se pueda abrir: vuelva a comprimirlo.") from None
    if not hallados:
        raise ArchivoIlegible("El ZIP no trae ningún archivo .json, .csv ni .xlsx.")
    return hallados


def _sacar(comprimido: zipfile.ZipFile, peso: int, destino: Path, hallados: Expandidos) -> None:
    partes = []
    for parte in comprimido.infolist():
        interno = _nombre(parte)
        if motivo := _por_que_no(parte, interno):
            if not parte.is_dir():
                hallados.omitidos.append((interno, motivo))
        else:
            partes.append((interno, parte))
    if len(partes) > settings.IMPORTACION_MAX_ARCHIVOS:
        raise ArchivoIlegible(f"El ZIP trae {len(partes)} archivos y se admiten {settings.IMPORTACION_MAX_ARCHIVOS}.")
    tope = min(settings.IMPORTACION_MAX_BYTES_ABIERTO, _MAX_PROPORCION * peso + 10**6)
    # zipfile no saca más de lo que el ZIP declara, y si declaró de menos falla: basta con mirar lo declarado.
    if sum(parte.file_size for _, parte in partes) > tope:
        raise ArchivoIlegible(_DEMASIADO)
    destino.mkdir(parents=True, exist_ok=True)
    for numero, (interno, parte) in enumerate(partes, 1):
        # El nombre de dentro no decide dónde se escribe.
        salida = destino / f"{numero:03d}{PurePosixPath(interno).suffix.lower()}"
        with comprimido.open(parte) as origen, salida.open("wb") as copia:
            shutil.copyfileobj(origen, copia, _TROZO)
        hallados.append((interno, salida))


def _nombre(parte: zipfile.ZipInfo) -> str:
    """El nombre de un archivo del ZIP; muchos programas lo escriben en UTF-8 sin decirlo."""
    if not parte.flag_bits & _EN_UTF8:
        try:
            return parte.filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return parte.filename


def _por_que_no(parte: zipfile.ZipInfo, interno: str) -> str:
    """Por qué no se lee un archivo del ZIP; vacío si se lee. Lanza ArchivoIlegible si no se debe leer ninguno."""
    ruta = PurePosixPath(interno.replace("\\", "/"))
    if ruta.is_absolute() or ".." in ruta.parts or ":" in interno:
        raise ArchivoIlegible(f"El ZIP trae un archivo con una ruta fuera de él ({citar(interno)}): no se abre.")
    if parte.is_dir():
        return "es una carpeta"
    if any(trozo.startswith(".") or trozo.lower() in _DE_SISTEMA for trozo in ruta.parts):
        return DEL_SISTEMA
    if stat.S_ISLNK(parte.external_attr >> 16):
        return "es un acceso directo"
    extension = ruta.suffix.lower()
    if extension in _COMPRIMIDOS:
        raise ArchivoIlegible(f"El ZIP trae otro comprimido dentro ({citar(interno)}): sáquelo y súbalo aparte.")
    # Un .txt dentro de un ZIP suele ser un «léame»; suelto, lo subieron a propósito.
    if extension not in POR_EXTENSION or extension == ".txt":
        return "no es .json, .csv ni .xlsx"
    if parte.flag_bits & _CIFRADO:
        raise ArchivoIlegible("El ZIP tiene contraseña: comprímalo sin ella.")
    return "" if parte.file_size else "está vacío"
