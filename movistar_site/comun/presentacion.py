"""Cómo se ven los valores en las listas y las fichas: dinero, números, teléfonos, fechas y estados.

Las funciones dan el HTML de un valor. Los decoradores y fábricas hacen columnas de `list_display` con su encabezado
alineado igual que sus celdas::

    list_display = ("numero", "valor", "situacion")
    valor = columna_dinero("precio", "Precio")
    situacion = columna_estado("estado", {"activo": "success", "terminado": "danger"})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import valores

VACIO = "—"
Tono = Literal["success", "warning", "danger", "info", "primary", "neutral"]

_COLORES: dict[str, str] = {
    "success": "panel-sello-bien",
    "warning": "panel-sello-ojo",
    "danger": "panel-sello-mal",
    "info": "panel-sello-nota",
    "primary": "panel-sello-marca",
    "neutral": "panel-sello-neutro",
}


def dinero(importe: Decimal | None) -> str:
    """«$ 74.900», alineado a la derecha y con cifras del mismo ancho; una raya si no hay."""
    if importe is None:
        return _numero(VACIO)
    return _numero(valores.formatear_pesos(Decimal(importe)))


def numero(cantidad: int | Decimal | None) -> str:
    """«1.234», alineado a la derecha; una raya si no hay."""
    return _numero(VACIO if cantidad is None else decimal(Decimal(cantidad)))


def decimal(cantidad: Decimal) -> str:
    """Un número con punto de miles y coma decimal, sin ceros de sobra: 74.900, 12,5."""
    entero, _, decimales = f"{abs(cantidad):f}".partition(".")
    miles = f"{int(entero):,}".replace(",", ".")
    decimales = decimales.rstrip("0")
    signo = "-" if cantidad < 0 else ""
    return f"{signo}{miles},{decimales}" if decimales else f"{signo}{miles}"


def peso(cuantos: int) -> str:
    """«980 bytes», «12,4 kB», «3,1 MB»: lo que pesa un archivo."""
    for unidad, tamanio in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if cuantos >= tamanio:
            return f"{decimal(round(Decimal(cuantos) / tamanio, 1))} {unidad}"
    return f"{cuantos} bytes"


def telefono(valor: Any) -> str:
    """«300 123 4567»; una raya si no hay."""
    return format_html(
        '<span class="panel-cifras">{}</span>', valores.formatear_telefono(str(valor)) if valor else VACIO
    )


def fecha(dia: date | datetime | None) -> str:
    """«15/03/2012», y con la hora de Bogotá si la trae; una raya si no hay."""
    if dia is None:
        return VACIO
    if isinstance(dia, datetime):
        return format_html('<span class="panel-cifras">{}</span>', f"{timezone.localtime(dia):%d/%m/%Y %H:%M}")
    return format_html('<span class="panel-cifras">{}</span>', valores.formatear_fecha(dia))


def sello(texto: object, tono: Tono | str = "neutral") -> SafeString:
    """Un estado como sello de color; el texto lo dice todo y el color solo ayuda."""
    return format_html('<span class="panel-sello {}">{}</span>', _COLORES.get(tono, "panel-sello-neutro"), texto)


def _numero(texto: str) -> SafeString:
    return format_html('<span class="panel-numero">{}</span>', texto)


# --- Columnas --------------------------------------------------------------------------------------------------------
def columna_dinero(atributo: str, titulo: str, *, orden: str | None = None) -> Callable[..., str]:
    """Columna con el importe de `atributo`. `orden`: el campo por el que se ordena, si se puede."""
    return _columna(atributo, titulo, dinero, orden=orden, alineacion="derecha")


def columna_numero(atributo: str, titulo: str, *, orden: str | None = None) -> Callable[..., str]:
    """Columna con la cantidad de `atributo`."""
    return _columna(atributo, titulo, numero, orden=orden, alineacion="derecha")


def columna_fecha(atributo: str, titulo: str, *, orden: str | None = None) -> Callable[..., str]:
    """Columna con la fecha, o la fecha y la hora, de `atributo`."""
    return _columna(atributo, titulo, fecha, orden=orden)


def columna_telefono(atributo: str, titulo: str = "teléfono") -> Callable[..., str]:
    """Columna con el teléfono de `atributo` como se dicta."""
    return _columna(atributo, titulo, telefono)


def columna_estado(
    atributo: str, tonos: Mapping[Any, str], titulo: str = "estado", *, orden: str | None = None
) -> Callable[..., str]:
    """Columna con el sello de un campo de opciones. `tonos`: valor guardado → tono."""

    def mostrar(valor: Any, registro: Any) -> str:
        texto = getattr(registro, f"get_{atributo}_display", lambda: valor)()
        return sello(texto, tonos.get(valor, "neutral")) if valor else VACIO

    return _columna(atributo, titulo, mostrar, orden=orden or atributo, con_registro=True)


def _columna(
    atributo: str,
    titulo: str,
    mostrar: Callable[..., str],
    *,
    orden: str | None = None,
    alineacion: str = "",
    con_registro: bool = False,
) -> Callable[..., str]:
    def columna(_admin: Any, registro: Any) -> str:
        valor: Any = registro
        for parte in atributo.split("__"):
            valor = getattr(valor, parte, None)
        return mostrar(valor, registro) if con_registro else mostrar(valor)

    columna.short_description = titulo  # type: ignore[attr-defined]
    columna.alineacion = alineacion  # type: ignore[attr-defined]
    if orden:
        columna.admin_order_field = orden  # type: ignore[attr-defined]
    return columna


__all__ = [
    "columna_dinero",
    "columna_estado",
    "columna_fecha",
    "columna_numero",
    "columna_telefono",
    "decimal",
    "dinero",
    "fecha",
    "numero",
    "peso",
    "sello",
    "telefono",
]
