"""Lee una lista del registro de números excluidos (RNE), renglón por renglón: CSV, TXT o la primera hoja de un XLSX.

La lista trae números, correos o ambos, con encabezado o sin él. El canal del que cada quien se excluyó puede venir en
una columna («SMS, llamada»), en una por canal (sí o no) o no venir: entonces se entiende que de todos. La comisión no
publica un formato fijo, y equivocarse por exceso solo cuesta una oferta. Puro: no toca la base.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from movistar_site.comun.archivos import ArchivoIlegible, Codificacion, DetectorDeCodificacion, reconocer
from movistar_site.comun.libros import Libro, LibroIlegible
from movistar_site.comun.opciones import Canal
from movistar_site.comun.salida import restaurar
from movistar_site.comun.tablas import filas_csv, separador
from movistar_site.comun.valores import citar, clave, normalizar_telefono

TODOS = ""
"""El canal de quien se excluyó de todos los que su dato permite."""
EXTENSIONES = (".csv", ".txt", ".xlsx")
LARGO_DEL_DATO = 254
_TROZO = 1024 * 1024
_MUESTRA = 65_536
_CANALES = {
    Canal.TELEFONO: ("telefono", "llamada", "llamadas", "voz", "llamadas_telefonicas"),
    Canal.SMS: ("sms", "mensaje", "mensajes", "mensaje_de_texto", "mensajes_de_texto", "texto"),
    Canal.WHATSAPP: ("whatsapp", "aplicacion", "aplicaciones", "app", "mensajeria", "aplicacion_o_web"),
    Canal.CORREO: ("correo", "email", "e_mail", "correo_electronico"),
    TODOS: ("todos", "todo", "todas"),
}
_POR_NOMBRE = {nombre: canal for canal, nombres in _CANALES.items() for nombre in nombres}
_DE_DATO = {
    "numero", "numeros", "telefono", "telefonos", "celular", "movil", "linea", "dato", "numero_excluido", "key",
    "llave", "correo", "correos", "email", "e_mail", "correo_electronico", "numero_o_correo", "numero_telefonico",
}  # fmt: skip
_DE_CANAL = {"canal", "canales", "medio", "medios", "opcion", "opciones", "tipo_de_contacto"}
_DE_BANDERA = {
    nombre: canal
    for canal in (Canal.TELEFONO, Canal.SMS, Canal.WHATSAPP)
    for nombre in _CANALES[canal]
    if nombre not in _DE_DATO
}
_SI = {"si", "s", "x", "1", "true", "verdadero", "yes"}
_NO = {"", "no", "n", "0", "false", "falso"}
_ENTRE_CANALES = re.compile(r"[,;|/+]| y ")


class Renglon(NamedTuple):
    """Un dato excluido de un canal, o por qué un renglón no se entendió (`falla`)."""

    linea: int
    dato: str = ""
    canal: str = TODOS
    falla: str = ""


@dataclass(frozen=True)
class Examen:
    """Lo que se sabe del archivo después de recorrerlo una vez."""

    huella: str
    peso: int
    codificacion: Codificacion | None


def examinar(ruta: Path, nombre: str) -> Examen:
    """Su huella, su peso y su codificación. Lanza ArchivoIlegible si no es de los que se aceptan o está vacío."""
    extension = PurePath(nombre).suffix.lower()
    if extension not in EXTENSIONES:
        raise ArchivoIlegible(f"{citar(nombre)} no es un archivo .csv, .txt ni .xlsx.")
    resumen, detector, peso = hashlib.sha256(), DetectorDeCodificacion(), 0
    de_texto = extension != ".xlsx"
    with ruta.open("rb") as archivo:
        while trozo := archivo.read(_TROZO):
            if de_texto:
                if not peso and (es := reconocer(trozo)):
                    raise ArchivoIlegible(f"El archivo no es de texto: es {es}.")
                detector.alimentar(trozo)
            peso += len(trozo)
            resumen.update(trozo)
    if not peso:
        raise ArchivoIlegible("El archivo está vacío.")
    return Examen(resumen.hexdigest(), peso, detector.resultado() if de_texto else None)


class Lista:
    """Un archivo abierto: al recorrerla da sus renglones; `leidos` de `peso` es cuánto va. Lanza ArchivoIlegible."""

    def __init__(self, ruta: Path, nombre: str, examen: Examen, *, max_filas: int) -> None:
        self.peso = examen.peso
        self._archivo: BinaryIO = ruta.open("rb")
        self._libro: Libro | None = None
        if examen.codificacion is None:
            try:
                self._libro = Libro(self._archivo, restaurar, max_filas=max_filas)
            except LibroIlegible as error:
                raise ArchivoIlegible(str(error)) from None
            self._filas = self._libro.filas()
        else:
            texto = io.TextIOWrapper(self._archivo, examen.codificacion.nombre, examen.codificacion.errores, newline="")
            self._filas = _filas_de_texto(texto)

    @property
    def leidos(self) -> int:
        """Bytes que van."""
        return self.peso if self._archivo.closed else self._archivo.tell()

    def __iter__(self) -> Iterator[Renglon]:
        try:
            yield from renglones(self._filas)
        except LibroIlegible as error:
            raise ArchivoIlegible(str(error)) from None

    def __enter__(self) -> Lista:
        return self

    def __exit__(self, *_: object) -> None:
        if self._libro is not None:
            self._libro.cerrar()
        self._archivo.close()


def _filas_de_texto(texto: io.TextIOWrapper) -> Iterator[tuple[int, list[Any]]]:
    delimitador, salto = separador(texto.read(_MUESTRA))
    texto.seek(0)
    if salto:
        texto.readline()
    return filas_csv(texto, delimitador, 1 if salto else 0)


# --- De filas a renglones --------------------------------------------------------------------------------------------
def renglones(filas: Iterable[tuple[int, list[Any]]]) -> Iterator[Renglon]:
    """Los renglones de una tabla. Un mismo dato con tres canales da tres; una fila vacía, ninguno."""
    columnas: _Columnas | None = None
    for linea, celdas in filas:
        textos = [_texto(celda) for celda in celdas]
        if not any(textos):
            continue
        if columnas is None:
            columnas = _Columnas.de(textos)
            if columnas.con_titulos:
                continue
        yield from columnas.leer(linea, textos)


def _texto(celda: Any) -> str:
    # Excel guarda un número de diez cifras como flotante.
    if isinstance(celda, float) and celda.is_integer():
        return str(int(celda))
    return "" if celda is None else str(celda).strip()


@dataclass
class _Columnas:
    """Dónde está cada cosa, según la primera fila."""

    datos: list[int] = field(default_factory=list)
    canal: int | None = None
    banderas: dict[int, str] = field(default_factory=dict)
    con_titulos: bool = True

    @classmethod
    def de(cls, primera: list[str]) -> _Columnas:
        nombres = [_clave(texto) for texto in primera]
        datos = [indice for indice, nombre in enumerate(nombres) if nombre in _DE_DATO]
        if not datos:
            # Sin títulos: el dato va primero y, si al lado se nombra un canal, esa es su columna.
            al_lado = len(nombres) > 1 and all(uno in _POR_NOMBRE for uno in _partes(primera[1]))
            return cls([0], 1 if al_lado else None, con_titulos=False)
        return cls(
            datos,
            next((indice for indice, nombre in enumerate(nombres) if nombre in _DE_CANAL), None),
            {indice: _DE_BANDERA[nombre] for indice, nombre in enumerate(nombres) if nombre in _DE_BANDERA},
        )

    def leer(self, linea: int, textos: list[str]) -> Iterator[Renglon]:
        try:
            canales = self._canales(textos)
        except ValueError as error:
            yield Renglon(linea, falla=str(error))
            return
        dados = [textos[indice] for indice in self.datos if indice < len(textos) and textos[indice]]
        if not dados:
            yield Renglon(linea, falla="El renglón no trae un número ni un correo.")
        for dado in dados:
            yield from _de_un_dato(linea, dado, canales)

    def _canales(self, textos: list[str]) -> list[str]:
        """Los canales de la fila; TODOS si no los dice. Lanza ValueError si nombra uno que no existe."""
        if self.banderas:
            marcados = [canal for indice, canal in self.banderas.items() if _marcada(textos, indice)]
            # Quien figura sin ninguna marca no se excluyó de nada que se pueda leer: se le respeta en todo.
            return marcados or [TODOS]
        if self.canal is None or self.canal >= len(textos) or not textos[self.canal]:
            return [TODOS]
        canales = [_POR_NOMBRE.get(parte) for parte in _partes(textos[self.canal])]
        if None in canales:
            raise ValueError(f"No se conoce el canal {citar(textos[self.canal])}: se esperaba llamada, SMS, WhatsApp"
                             " o correo.")  # fmt: skip
        return [canal for canal in canales if canal is not None]


def _marcada(textos: list[str], indice: int) -> bool:
    texto = _clave(textos[indice]) if indice < len(textos) else ""
    if texto not in _SI | _NO:
        raise ValueError(f"Se esperaba sí o no y llegó {citar(textos[indice])}.")
    return texto in _SI


def _partes(texto: str) -> list[str]:
    return [_clave(parte) for parte in _ENTRE_CANALES.split(texto) if parte.strip()]


def _clave(texto: str) -> str:
    try:
        return clave(texto)
    except ValueError:
        return ""


def _de_un_dato(linea: int, dado: str, canales: list[str]) -> Iterator[Renglon]:
    es_correo = "@" in dado
    try:
        dato = _correo(dado) if es_correo else normalizar_telefono(dado)
    except ValueError as error:
        yield Renglon(linea, falla=str(error))
        return
    for canal in canales:
        if canal != TODOS and (canal == Canal.CORREO) != es_correo:
            que = "Un correo" if es_correo else "Un número"
            yield Renglon(linea, falla=f"{que} no se excluye de {Canal(canal).label}: revise el canal.")
        else:
            yield Renglon(linea, dato, canal)


def _correo(texto: str) -> str:
    correo = texto.lower()
    try:
        validate_email(correo)
    except ValidationError:
        raise ValueError(f"{citar(texto)} no es un correo electrónico.") from None
    if len(correo) > LARGO_DEL_DATO:
        raise ValueError(f"El correo {citar(texto)} es demasiado largo.")
    return correo
