"""Lo que sale de leer un archivo cualquiera: entradas planas por entidad, faltas y avisos, cada cual con su lugar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, NamedTuple

from movistar_site.comun.formatos_archivo import POR_EXTENSION, ArchivoIlegible, Tabla, cargar_json
from movistar_site.comun.recursos_base import Entrada, Falta
from movistar_site.comun.valores import citar, normalizar

from .entidades import ENTIDADES, Entidad, reconocer

_SECRETAS = ("contrasena", "password", "passwd", "clave de acceso", "contrasenia", "pin", "token")
OCULTO = "(oculto)"


class Lugar(NamedTuple):
    """Dónde está un dato: el archivo y la ruta dentro de él («movistar.usuarios.CC-1020304050», «fila 12»)."""

    archivo: str
    ruta: str

    def __str__(self) -> str:
        return f"{self.ruta} ({self.archivo})" if self.archivo else self.ruta


@dataclass(frozen=True)
class Fuente:
    """Un archivo que llega: su nombre, sus bytes y, si se dijo, qué entidad trae."""

    nombre: str
    datos: bytes
    entidad: str = ""


@dataclass(frozen=True)
class Aviso:
    """Algo del archivo que no se entendió y no entra: se dice, nunca se calla."""

    lugar: Lugar
    clave: str
    valor: str
    motivo: str


@dataclass
class Lectura:
    """Lo leído de uno o varios archivos."""

    entradas: dict[str, list[Entrada]] = field(default_factory=lambda: {nombre: [] for nombre in ENTIDADES})
    faltas: list[tuple[str, Lugar, Falta]] = field(default_factory=list)
    avisos: list[Aviso] = field(default_factory=list)

    def entrada(self, entidad: str, lugar: Lugar, valores: dict[str, Any]) -> None:
        """Suma un registro plano."""
        self.entradas[entidad].append(Entrada(lugar, valores))  # type: ignore[arg-type]

    def falta(self, entidad: str, lugar: Lugar, motivo: str, *, campo: str = "", valor: Any = "") -> None:
        """Suma algo que impide importar."""
        self.faltas.append((entidad, lugar, Falta(campo, "" if valor == "" else citar(valor)[1:-1], motivo)))

    def aviso(self, lugar: Lugar, clave: str, valor: Any, motivo: str = "no se reconoce y no se importa.") -> None:
        """Suma algo que no se entendió."""
        self.avisos.append(Aviso(lugar, clave, valor_visible(clave, valor), motivo))

    def entidades(self) -> list[Entidad]:
        """Las entidades de las que hay algo."""
        con_faltas = {entidad for entidad, _, _ in self.faltas}
        return [entidad for nombre, entidad in ENTIDADES.items() if self.entradas[nombre] or nombre in con_faltas]


def valor_visible(clave: str, valor: Any) -> str:
    """El valor recortado para mostrarlo; el de una contraseña no se muestra nunca."""
    plana = normalizar(str(clave).replace("_", " "))
    return OCULTO if any(secreta in plana for secreta in _SECRETAS) else citar(valor)[1:-1]


def leer(fuentes: list[Fuente]) -> Lectura:
    """Lee los archivos. Lanza ArchivoIlegible, con el nombre del archivo, si alguno no se puede leer."""
    lectura = Lectura()
    for fuente in fuentes:
        try:
            _lector_de(fuente)(fuente, lectura)
        except ArchivoIlegible as error:
            raise ArchivoIlegible(f"{fuente.nombre}: {error}") from None
    return lectura


def _lector_de(fuente: Fuente) -> Callable[[Fuente, Lectura], None]:
    extension = PurePath(fuente.nombre).suffix.lower().removeprefix(".")
    if extension not in POR_EXTENSION:
        raise ArchivoIlegible("No es un archivo .json, .csv ni .xlsx.")
    return _leer_json if extension == "json" else _leer_tabla


def _leer_json(fuente: Fuente, lectura: Lectura) -> None:
    from .canonico import leer_canonico

    if fuente.entidad:
        _sumar_tabla(fuente, POR_EXTENSION["json"].leer(fuente.datos), lectura)
    else:
        leer_canonico(fuente.nombre, cargar_json(fuente.datos), lectura)


def _leer_tabla(fuente: Fuente, lectura: Lectura) -> None:
    extension = PurePath(fuente.nombre).suffix.lower().removeprefix(".")
    _sumar_tabla(fuente, POR_EXTENSION[extension].leer(fuente.datos), lectura)


def _sumar_tabla(fuente: Fuente, tabla: Tabla, lectura: Lectura) -> None:
    # El nombre con que exporta el panel («clientes.csv») dice la entidad; si no, sus columnas.
    por_nombre = ENTIDADES.get(PurePath(fuente.nombre).stem.lower())
    entidad = ENTIDADES[fuente.entidad] if fuente.entidad else por_nombre or reconocer(tabla.encabezados)
    recurso = entidad.recurso()
    entradas, desconocidos = recurso.entradas_de(tabla)
    for entrada in entradas:
        entrada.lugar = Lugar(fuente.nombre, entrada.lugar)  # type: ignore[assignment]
    lectura.entradas[entidad.nombre] += entradas
    for encabezado in desconocidos:
        primero = next((fila.valores.get(encabezado) for fila in tabla.filas), "")
        lectura.aviso(
            Lugar(fuente.nombre, "encabezado"), encabezado, primero or "", "No es una columna conocida: no se importa."
        )
