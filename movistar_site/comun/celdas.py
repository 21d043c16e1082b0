"""Cómo se lee y se escribe cada clase de celda en una importación o una exportación.

Leer lanza ValueError con una frase que cita lo que llegó y dice qué se esperaba. Escribir devuelve un valor nativo
(texto, Decimal, fecha…): cada formato de archivo decide cómo lo pone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from import_export.widgets import Widget

from . import valores
from .valores import citar, normalizar

_NO_GUARDABLE = re.compile("[\x00\ud800-\udfff]")
_FECHA_Y_HORA = re.compile(r"(\S+?)[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?")
_NUMERO_NEGATIVO = re.compile(r"\s*-\s*(?=[0-9])")
# El primer año desde el que Bogotá no ha cambiado de hora: antes, una hora local puede ser dos instantes.
_ANIO_SIN_CAMBIO_DE_HORA = 1994
# Un entero mayor no cabe en ninguna columna, y Python se niega a escribirlo si pasa de 4.300 cifras.
_BITS_DE_UN_NUMERO = 1_000
SI_NO = {"si": True, "true": True, "verdadero": True, "1": True, "x": True,
         "no": False, "false": False, "falso": False, "0": False}  # fmt: skip


def a_texto(valor: Any) -> str:
    """Lo que trae una celda como texto: los números de Excel pierden el «.0» y lo vacío es «»."""
    # Casi todo lo que llega es un texto sin rarezas: así se reconoce sin mirarlo letra por letra.
    if type(valor) is str and es_guardable(valor):
        return valor
    if valor is None:
        return ""
    if isinstance(valor, int) and valor.bit_length() > _BITS_DE_UN_NUMERO:
        raise ValueError("Llegó un número con demasiadas cifras: revise la celda.")
    if isinstance(valor, bool | dict | list):
        raise ValueError(f"Se esperaba un texto y llegó {citar(valor)}.")
    if isinstance(valor, float) and valor.is_integer():
        valor = int(valor)
    if isinstance(valor, datetime | date):
        return valor.isoformat()
    if isinstance(valor, Decimal):
        # «1e999999999» cabe en doce letras; escrito con todas sus cifras, no cabe en la memoria.
        if valor.is_finite() and abs(int(valor.as_tuple().exponent)) > _BITS_DE_UN_NUMERO:
            raise ValueError("Llegó un número con demasiadas cifras: revise la celda.")
        return f"{valor:f}"
    texto = str(valor)
    if not es_guardable(texto):
        raise ValueError("El texto trae un carácter que no se puede guardar: escríbalo de nuevo.")
    return texto


def es_guardable(texto: str) -> bool:
    """Si cabe en una columna de la base, que no admite el carácter nulo ni medio carácter."""
    if texto.isascii():
        return "\x00" not in texto
    return _NO_GUARDABLE.search(texto) is None


def vacia(valor: Any) -> bool:
    """Verdadero si la celda no trae nada."""
    return valor is None or (isinstance(valor, str) and not valor.strip())


class Celda(Widget):
    """Base: una celda vacía vale `vacio`; lo demás lo lee `leer`."""

    vacio: Any = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.vacio if vacia(value) else self.leer(value)

    def leer(self, valor: Any) -> Any:
        raise NotImplementedError

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class Texto(Celda):
    """Texto libre, tal como está escrito."""

    vacio = ""

    def leer(self, valor: Any) -> str:
        return a_texto(valor)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        # Los espacios de un texto son del texto; solo la celda sin nada queda vacía.
        return "" if value is None else self.leer(value)


class Recortado(Texto):
    """Texto de una clave o un código: sin espacios en los extremos y, si se pide, en mayúsculas."""

    def __init__(self, *, mayusculas: bool = False) -> None:
        super().__init__()
        self.mayusculas = mayusculas

    def leer(self, valor: Any) -> str:
        texto = a_texto(valor).strip()
        return texto.upper() if self.mayusculas else texto


class CodigoConCeros(Celda):
    """Código de cifras de largo fijo: recupera los ceros de la izquierda que una hoja de cálculo quita."""

    def __init__(self, largo: int, ejemplo: str) -> None:
        super().__init__()
        self.largo, self.ejemplo = largo, ejemplo

    def leer(self, valor: Any) -> str:
        texto = a_texto(valor).strip()
        if not texto.isascii() or not texto.isdigit() or len(texto) > self.largo:
            raise ValueError(f"{citar(valor)} no es un código de {self.largo} cifras, como {self.ejemplo}.")
        return texto.zfill(self.largo)


class Telefono(Celda):
    """Teléfono de Colombia; se escribe como se dicta, que además no parece una fórmula.

    Con `incompletos` un fijo local de siete cifras se lee tal cual: el recurso decide si puede quedar así.
    """

    vacio = ""

    def __init__(self, *, incompletos: bool = False) -> None:
        super().__init__()
        self.incompletos = incompletos

    def leer(self, valor: Any) -> str:
        texto = a_texto(valor)
        try:
            return valores.normalizar_telefono(texto)
        except ValueError:
            if self.incompletos and (cifras := valores.cifras_de_fijo_incompleto(texto)):
                return cifras
            raise

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return valores.formatear_telefono(str(value)) if value else ""


class Entero(Celda):
    """Número entero, no negativo."""

    def leer(self, valor: Any) -> int:
        texto = a_texto(valor).strip()
        if not re.fullmatch(r"[0-9]{1,9}", texto):
            raise ValueError(f"Se esperaba un número entero y llegó {citar(valor)}.")
        return int(texto)


class Pesos(Celda):
    """Importe en pesos colombianos."""

    def leer(self, valor: Any) -> Decimal:
        return valores.a_pesos(_exacto(valor))


class Numero(Celda):
    """Número con hasta dos decimales, positivo o negativo; lee la coma y el punto como los pesos."""

    def leer(self, valor: Any) -> Decimal:
        texto = str(_exacto(valor))
        negativo = _NUMERO_NEGATIVO.match(texto)
        try:
            numero = valores.a_pesos(texto[negativo.end() :] if negativo else texto)
        except ValueError:
            raise ValueError(f"Se esperaba un número, como 10 o 12,5, y llegó {citar(valor)}.") from None
        return -numero if negativo else numero


def _exacto(valor: Any) -> str | int | Decimal:
    """Un número de Excel llega como float: se toma por lo que se ve en la celda."""
    if isinstance(valor, float):
        return Decimal(repr(valor))
    if isinstance(valor, bool | dict | list | date):
        raise ValueError(f"Se esperaba un número y llegó {citar(valor)}.")
    return valor  # type: ignore[no-any-return]


class Fecha(Celda):
    """Fecha: 2012-03-15, 15/03/2012 o la de Excel."""

    def leer(self, valor: Any) -> date:
        if isinstance(valor, datetime):
            return valor.date()
        return valor if isinstance(valor, date) else valores.a_fecha(a_texto(valor))


class FechaHora(Celda):
    """Instante: ISO 8601 con su diferencia horaria, o fecha y hora de Colombia."""

    def leer(self, valor: Any) -> datetime:
        if not isinstance(valor, datetime):
            valor = self._de_texto(valor.isoformat() if isinstance(valor, date) else a_texto(valor))
        if timezone.is_naive(valor):
            valor = timezone.make_aware(valor)
        try:
            timezone.localtime(valor)
            return valor.astimezone(timezone.get_fixed_timezone(0))
        except (OverflowError, ValueError):
            raise ValueError(f"La fecha y hora {citar(valor)} está fuera del calendario.") from None

    @staticmethod
    def _de_texto(valor: str) -> datetime:
        texto = valor.strip()
        esperado = "se esperaba fecha y hora, como 2026-02-03T10:15:00-05:00 o 03/02/2026 10:15"
        try:
            if instante := parse_datetime(texto):
                return instante
            if partes := _FECHA_Y_HORA.fullmatch(texto):
                hora = time(int(partes[2]), int(partes[3]), int(partes[4] or 0))
                return datetime.combine(valores.a_fecha(partes[1]), hora)
            return datetime.combine(valores.a_fecha(texto), time())
        except ValueError:
            raise ValueError(f"No se entiende {citar(valor)}: {esperado}.") from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return None if value is None else self.de_local(timezone.localtime(value), **kwargs)

    @staticmethod
    def de_local(local: datetime, *, para_excel: bool = False) -> Any:
        """Lo que se escribe de un instante ya puesto en hora de Colombia."""
        if not para_excel or local.microsecond or local.year < _ANIO_SIN_CAMBIO_DE_HORA:
            return local.isoformat()
        return local.replace(tzinfo=None)


class SiNo(Celda):
    """Sí o no."""

    def leer(self, valor: Any) -> bool:
        try:
            return valor if isinstance(valor, bool) else SI_NO[normalizar(a_texto(valor))]
        except KeyError:
            raise ValueError(f"Se esperaba «sí» o «no» y llegó {citar(valor)}.") from None


class Opcion(Celda):
    """Uno de los valores de un vocabulario, por su código o por su nombre, sin mirar tildes ni mayúsculas."""

    vacio = ""

    def __init__(self, opciones: Any) -> None:
        super().__init__()
        self.opciones = [(str(codigo), str(nombre)) for codigo, nombre in opciones]
        self.codigos = [codigo for codigo, _ in self.opciones]
        self.conocidas = {normalizar(str(nombre)): str(codigo) for codigo, nombre in opciones}
        self.conocidas |= {_sin_guiones(codigo): codigo for codigo in self.codigos}

    def leer(self, valor: Any) -> str:
        try:
            return self.conocidas[_sin_guiones(a_texto(valor))]
        except KeyError:
            raise ValueError(f"{citar(valor)} no vale: se esperaba {', '.join(self.codigos)}.") from None


def _sin_guiones(texto: str) -> str:
    return normalizar(texto.replace("_", " "))


class ValorJson(Celda):
    """Objeto o lista JSON; en CSV y Excel, su texto."""

    def __init__(self, clase: type, ejemplo: str) -> None:
        super().__init__()
        self.clase, self.ejemplo = clase, ejemplo

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.clase() if value == self.clase() or vacia(value) else self.leer(value)

    def leer(self, valor: Any) -> Any:
        if isinstance(valor, str):
            try:
                valor = json.loads(valor, parse_float=Decimal)
            except (ValueError, RecursionError):
                raise ValueError(f"{citar(valor)} no se entiende: se esperaba JSON, como {self.ejemplo}.") from None
        if not isinstance(valor, self.clase):
            raise ValueError(f"Se esperaba JSON como {self.ejemplo} y llegó {citar(valor)}.")
        try:
            return self.clase(_sin_decimales(valor))
        except RecursionError:
            raise ValueError(f"Tiene demasiados niveles: se esperaba JSON como {self.ejemplo}.") from None


def _sin_decimales(valor: Any) -> Any:
    """Lo que va a una columna JSON, con números nativos en vez de Decimal."""
    if isinstance(valor, Mapping):
        return {str(a_texto(clave)): _sin_decimales(dentro) for clave, dentro in valor.items()}
    if isinstance(valor, list):
        return [_sin_decimales(dentro) for dentro in valor]
    if isinstance(valor, Decimal):
        # Un decimal del archivo es un float: 300.0 no se vuelve 300 al ir y venir.
        valor = float(valor)
    if isinstance(valor, float) and not math.isfinite(valor):
        raise ValueError("Un número no es finito y no se puede guardar: revise el valor.")
    return a_texto(valor) if isinstance(valor, str) else _entero_guardable(valor)


def _entero_guardable(valor: Any) -> Any:
    if isinstance(valor, int) and valor.bit_length() > _BITS_DE_UN_NUMERO:
        raise ValueError("Llegó un número con demasiadas cifras: revise el valor.")
    return valor


class ListaDeOpciones(ValorJson):
    """Varios valores de un vocabulario, separados por comas o en una lista JSON."""

    def __init__(self, opciones: Any) -> None:
        super().__init__(list, '["nuevo", "leal"]')
        self.opcion = Opcion(opciones)

    def leer(self, valor: Any) -> list[str]:
        return [self.opcion.leer(parte) for parte in partes_de(valor)]


def partes_de(valor: Any) -> list[Any]:
    """Las partes de una lista escrita «A, B», o de una lista JSON."""
    if isinstance(valor, list):
        return valor
    if isinstance(valor, dict):
        raise ValueError(f"Se esperaba una lista y llegó {citar(valor)}.")
    texto = a_texto(valor).strip()
    if texto.startswith("["):
        try:
            lista = json.loads(texto)
        except (ValueError, RecursionError):
            raise ValueError(f"{citar(valor)} no se entiende: se esperaba una lista, como A, B.") from None
        return list(lista)
    return [parte.strip() for parte in re.split("[,;|]", texto) if parte.strip()]


class ClaveNatural:
    """La clave con que un archivo nombra un registro: sus campos unidos con guion, como «CC-1020304050».

    Es un dato y no una función cualquiera para que la exportación la pida a la base sin traer el registro.
    """

    def __init__(self, *campos: str) -> None:
        self.campos = campos

    def __call__(self, registro: Any) -> str:
        return "-".join(str(getattr(registro, campo)) for campo in self.campos)


class Referencia(Celda):
    """Otro registro, por su clave natural.

    `clave` escribe la clave de un registro. `buscar` lo enlaza el recurso con su método `buscar_<columna>`, que
    devuelve el registro o None, o lanza ValueError con lo que pasa.
    """

    buscar: Callable[[str], Any]

    def __init__(self, que: str, clave: Callable[[Any], str], lector: Celda | None = None) -> None:
        super().__init__()
        self.que, self.clave, self.lector = que, clave, lector or Recortado()

    def leer(self, valor: Any) -> Any:
        texto = str(self.lector.leer(valor))
        hallado = self.buscar(texto)
        if hallado is None:
            raise ValueError(f"No existe {self.que} {citar(texto)}.")
        return hallado

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.clave(value) if value is not None else ""


class Referencias(Celda):
    """Varios registros, por su clave natural, separados por comas."""

    def __init__(self, que: str, clave: Callable[[Any], str], lector: Celda | None = None) -> None:
        super().__init__()
        self.una = Referencia(que, clave, lector)

    @property
    def buscar(self) -> Callable[[str], Any]:
        return self.una.buscar

    @buscar.setter
    def buscar(self, funcion: Callable[[str], Any]) -> None:
        self.una.buscar = funcion

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        return [] if vacia(value) else self.leer(value)

    def leer(self, valor: Any) -> list[Any]:
        return list(dict.fromkeys(self.una.leer(parte) for parte in partes_de(valor)))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> list[str]:
        return [self.una.clave(registro) for registro in value or ()]
