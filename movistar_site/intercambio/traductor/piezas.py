"""Las piezas pequeñas que comparten los traductores de cada clase de registro."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from movistar_site.comun.valores import citar

from ..piezas import AvisoLeido, Leido
from .claves import OCULTO, es_escalar, es_secreta, normal, repetidos

MAX_NIVELES = 40
AVISOS_POR_CLAVE = 1_000
_CIFRAS_ESCRIBIBLES = 60
_ENTERO_DE_JSON = 2**63
LARGO_DE_VALOR = 200
NO_SE_RECONOCE = "No se reconoce y no se importa."

Salida = Leido | AvisoLeido


@dataclass
class Referencias:
    """Lo que ya está en la base y hace falta para entender un archivo.

    municipios: (código, nombre, departamento); tipos: (código, nombre); servicios: (código, nombre, código del tipo);
    atributos: código del tipo → claves de sus atributos (los de los tipos de fábrica, si no se dan).
    """

    municipios: list[tuple[str, str, str]] = field(default_factory=list)
    tipos: list[tuple[str, str]] = field(default_factory=list)
    servicios: list[tuple[str, str, str]] = field(default_factory=list)
    atributos: dict[str, set[str]] = field(default_factory=dict)


class Ambito(NamedTuple):
    """Qué se sabe de lo que se está leyendo por el sitio en que está."""

    entidad: str = ""
    categoria: str = ""
    interaccion: str = ""
    prospecto: str = ""
    omitir: str = ""
    etiqueta: str = ""
    """La última clave que no es de las conocidas: el nombre de un servicio, de un grupo…"""
    nivel: int = 0


@dataclass(slots=True)
class Sitio:
    """Un registro del archivo: dónde está, cómo se llama y su número."""

    clave: str
    ruta: str
    numero: int
    ambito: Ambito


@dataclass
class Memoria:
    """Lo que se aprende al leer y sirve más adelante, en el mismo archivo o en los que llegan con él."""

    fecha_referencia: date
    archivo: str = ""
    numero: int = 0
    avisos: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    # Los servicios leídos, en su orden: así un usuario los nombra por posición o por su identificador.
    servicios: list[dict[str, Any]] = field(default_factory=list)

    def siguiente(self) -> int:
        """El número del próximo registro del archivo."""
        self.numero += 1
        return self.numero


class Avisador:
    """Dice lo que no se entendió, hoja por hoja. De una misma clave, hasta AVISOS_POR_CLAVE; las demás se cuentan."""

    def __init__(self) -> None:
        self.dados: dict[tuple[str, str, str], list[Any]] = {}

    def avisar(
        self,
        ruta: str,
        clave: str,
        valor: Any,
        motivo: str = NO_SE_RECONOCE,
        *,
        entidad: str = "",
        numero: int = 0,
    ) -> Iterator[AvisoLeido]:
        """Un aviso por cada dato que haya en `valor`; el de una contraseña va oculto."""
        secreta = es_secreta(normal(clave))
        hubo = False
        for dentro, suya, hoja in hojas(valor, ruta, clave):
            hubo = True
            if self._cabe(entidad, suya, motivo, dentro):
                visible = OCULTO if secreta or es_secreta(normal(suya)) else texto_visible(hoja)
                yield AvisoLeido(dentro, str(suya)[:120], visible, motivo, entidad, numero)
        if not hubo and motivo != NO_SE_RECONOCE:
            yield AvisoLeido(ruta, clave, "", motivo, entidad, numero)

    def _cabe(self, entidad: str, clave: str, motivo: str, ruta: str) -> bool:
        cuenta = self.dados.setdefault((entidad, normal(clave), motivo), [0, ruta])
        cuenta[0] += 1
        return bool(cuenta[0] <= AVISOS_POR_CLAVE)

    def cerrar(self) -> Iterator[AvisoLeido]:
        """Cuántos más hubo de cada clave que pasó del tope."""
        for (entidad, clave, motivo), (veces, ruta) in self.dados.items():
            if veces > AVISOS_POR_CLAVE:
                sobran = f"{veces - AVISOS_POR_CLAVE} veces más"
                yield AvisoLeido(ruta, clave, sobran, motivo, entidad)
        self.dados.clear()


def hojas(valor: Any, ruta: str, clave: str) -> Iterator[tuple[str, str, Any]]:
    """Cada dato que hay dentro de un valor, con su ruta y su clave. No usa recursión: el archivo puede ser hondo."""
    pendientes: list[Iterator[tuple[str, str, Any]]] = [iter([(ruta, clave, valor)])]
    while pendientes:
        try:
            aqui, suya, uno = next(pendientes[-1])
        except StopIteration:
            pendientes.pop()
            continue
        if es_escalar(uno):
            if uno is not None and uno != "":
                yield aqui, suya, uno
        else:
            pendientes.append(hijos(uno, aqui, suya))


def hijos(valor: Any, ruta: str, clave: str = "") -> Iterator[tuple[str, str, Any]]:
    """Los hijos de un objeto o una lista, también si se leen por partes: ruta, clave y valor."""
    if isinstance(valor, list):
        return ((f"{ruta}[{i}]", clave, uno) for i, uno in enumerate(valor))
    if isinstance(valor, dict):
        pares = [*valor.items(), *repetidos(valor)]
        return ((f"{ruta}.{c}" if ruta else str(c), str(c), uno) for c, uno in pares)
    if valor.clase == "lista":
        return ((f"{ruta}[{i}]", clave, uno) for i, uno in valor)
    return ((f"{ruta}.{c}" if ruta else str(c), str(c), uno) for c, uno in valor)


def texto_visible(valor: Any) -> str:
    """El dato en una línea y recortado, para mostrarlo."""
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    limpio = " ".join(str(simple(valor)).split())
    return limpio if len(limpio) <= LARGO_DE_VALOR else f"{limpio[: LARGO_DE_VALOR - 1]}…"


def simple(valor: Any) -> Any:
    """Un dato suelto como cabe en JSON: los decimales, con sus cifras exactas; un número desmedido, como texto."""
    tipo = type(valor)
    if tipo is str or valor is None or tipo is bool:
        return valor
    if tipo is Decimal:
        if not valor.is_finite() or abs(valor.adjusted()) > _CIFRAS_ESCRIBIBLES:
            return str(valor)
        return f"{valor:f}"
    if tipo is int:
        return valor if -_ENTERO_DE_JSON < valor < _ENTERO_DE_JSON else _entero_largo(valor)
    if tipo is float:
        return valor if math.isfinite(valor) else str(valor)
    return str(valor)


def _entero_largo(valor: int) -> str:
    try:
        return str(valor)
    except ValueError:
        return f"un número de {valor.bit_length()} bits"


def estructura(valor: Any, nivel: int = 0) -> Any:
    """Un objeto o una lista para una columna JSON: sus decimales son float."""
    if isinstance(valor, Decimal):
        numero = float(valor) if valor.is_finite() else math.inf
        return numero if math.isfinite(numero) else str(valor)
    if nivel > MAX_NIVELES:
        return citar(valor)
    if isinstance(valor, dict):
        objeto = {str(clave): estructura(dentro, nivel + 1) for clave, dentro in valor.items()}
        for vez, (clave, dentro) in enumerate(repetidos(valor), 2):
            objeto[f"{clave} ({vez})"] = estructura(dentro, nivel + 1)
        return objeto
    if isinstance(valor, list):
        return [estructura(dentro, nivel + 1) for dentro in valor]
    return simple(valor) if es_escalar(valor) else materializar(valor, nivel)


def materializar(valor: Any, nivel: int = 0) -> Any:
    """Un contenedor leído por partes, entero: solo para lo que cuelga de un registro."""
    if es_escalar(valor) or isinstance(valor, dict | list):
        return valor
    if nivel > MAX_NIVELES:
        return None
    if valor.clase == "lista":
        return [materializar(uno, nivel + 1) for _, uno in valor]
    return {str(clave): materializar(uno, nivel + 1) for clave, uno in valor}


def a_columna(valor: Any) -> Any:
    """Un valor cualquiera como va en `Leido.valores`."""
    return simple(valor) if es_escalar(valor) else estructura(valor)


def fallido(entidad: str, sitio: Sitio, motivo: str, valores: dict[str, Any] | None = None) -> Leido:
    """Un registro que no se pudo tomar."""
    return Leido(entidad, sitio.numero, sitio.ruta, valores or {}, falla=motivo)


def con_nivel(ambito: Ambito, **cambios: Any) -> Ambito:
    """El mismo ámbito, un nivel más adentro."""
    return ambito._replace(nivel=ambito.nivel + 1, **cambios)


__all__ = ["AVISOS_POR_CLAVE", "MAX_NIVELES", "NO_SE_RECONOCE", "Ambito", "Avisador", "Memoria", "Referencias",
           "Salida", "Sitio", "a_columna", "con_nivel", "estructura", "fallido", "hijos", "hojas", "materializar",
           "simple", "texto_visible"]  # fmt: skip
