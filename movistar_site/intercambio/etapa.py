"""Los registros leídos, en espera de compararse con la base: un archivo por entidad, un registro por renglón.

Los archivos traen las cosas en cualquier orden (los servicios después de quien los usa) y compararlas exige el de las
dependencias. Guardarlas así cuesta dos microsegundos por registro, no ocupa memoria ni el turno de escritura.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from movistar_site.comun.json_texto import cargar, volcar, volcar_linea

from .piezas import Leido


@dataclass(slots=True)
class Fila:
    """Un registro plano en camino al plan. `texto` es el JSON de `valores`; vacío, si cambiaron y hay que rehacerlo."""

    archivo: int
    registro: int
    ruta: str
    valores: dict[str, Any]
    texto: str = ""
    notas: list[str] = field(default_factory=list)
    falla: str = ""
    omitido: str = ""
    id: int = 0
    tipo: str = ""

    def texto_de_valores(self) -> str:
        """El JSON de los valores."""
        if not self.texto:
            self.texto = volcar(self.valores)
        return self.texto

    def poner(self, columna: str, valor: Any, nota: str = "") -> None:
        """Cambia un valor y dice por qué."""
        self.valores[columna] = valor
        self.texto = ""
        if nota:
            self.notas.append(nota)


class Etapa:
    """Los registros leídos de una importación, por entidad."""

    def __init__(self, carpeta: Path) -> None:
        self.carpeta = carpeta
        self.cuentas: dict[str, int] = {}
        self._abiertos: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Etapa:
        for viejo in self.carpeta.glob("leido-*.jsonl"):
            viejo.unlink()
        return self

    def __exit__(self, *_: object) -> None:
        self.cerrar()

    def cerrar(self) -> None:
        """Ya no se escribe más: lo escrito se puede leer."""
        for abierto in self._abiertos.values():
            abierto.close()
        self._abiertos.clear()

    def escribir(self, archivo: int, leido: Leido) -> None:
        """Añade un registro."""
        entidad = leido.entidad
        salida = self._abiertos.get(entidad)
        if salida is None:
            salida = self._abiertos[entidad] = self._ruta(entidad).open("wb")
            self.cuentas[entidad] = 0
        extra = [leido.notas, leido.falla, leido.omitido] if leido.notas or leido.falla or leido.omitido else []
        salida.write(volcar_linea([archivo, leido.registro, leido.ruta, *extra]))
        salida.write(b"\t")
        salida.write(volcar_linea(leido.valores))
        salida.write(b"\n")
        self.cuentas[entidad] += 1

    def leer(self, entidad: str) -> Iterator[Fila]:
        """Los registros de una entidad, en el orden en que se leyeron."""
        ruta = self._ruta(entidad)
        if not ruta.exists():
            return
        with ruta.open("rb") as abierto:
            for renglon in abierto:
                cabeza, _, texto = renglon.partition(b"\t")
                archivo, registro, lugar, *extra = cargar(cabeza)
                valores = texto.decode()
                yield Fila(archivo, registro, lugar, cargar(valores), valores.rstrip("\n"), *extra)

    def borrar(self) -> None:
        """Quita los archivos: ya están en el plan."""
        for ruta in self.carpeta.glob("leido-*.jsonl"):
            ruta.unlink(missing_ok=True)

    def _ruta(self, entidad: str) -> Path:
        return self.carpeta / f"leido-{entidad}.jsonl"
