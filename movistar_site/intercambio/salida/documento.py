"""El documento del par canónico: una raíz, sus secciones y, en cada una, los registros por su clave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from movistar_site.comun.salida.texto_json import citado, con_sangria, vacio

RAIZ = "movistar"


SANGRIA_DE_REGISTRO = 4
"""La de cada clave de registro: dentro de la raíz y de su sección."""


def documento(secciones: dict[str, Iterable[list[str]]]) -> Iterator[bytes]:
    """Escribe las secciones; cada una da sus registros por tandas, ya escritos. Las vacías no salen."""
    yield f'{{"{RAIZ}": {{'.encode()
    coma = "\n"
    for seccion, tandas in secciones.items():
        abierta = False
        for registros in tandas:
            if registros:
                inicio = ",\n" if abierta else f"{coma}  {citado(seccion)}: {{\n"
                yield (inicio + ",\n".join(registros)).encode()
                abierta, coma = True, ",\n"
        if abierta:
            yield b"\n  }"
    yield b"\n}}\n"


def registro(clave: str, objeto: str) -> str:
    """Un registro de una sección: su clave y su objeto, ya escrito."""
    return f"    {citado(clave)}: {objeto}"


def objeto(valores: dict[str, Any]) -> str:
    """Un objeto con la sangría de los registros."""
    return con_sangria(valores, SANGRIA_DE_REGISTRO)


def sin_vacios(siempre: tuple[str, ...] = (), **valores: Any) -> dict[str, Any]:
    """El registro sin lo vacío: al importar, lo que falta vale lo mismo."""
    return {clave: simple(valor) for clave, valor in valores.items() if clave in siempre or not vacio(valor)}


def simple(valor: Any) -> Any:
    """Un valor como va en el documento: importes con dos decimales, fechas en ISO 8601."""
    if isinstance(valor, Decimal):
        return f"{valor:.2f}"
    if isinstance(valor, datetime):
        return timezone.localtime(valor).isoformat()
    if isinstance(valor, date):
        return valor.isoformat()
    return valor


def ordenado(valor: Any) -> Any:
    """Un objeto JSON con sus claves en orden: cada base las devuelve a su manera."""
    if isinstance(valor, dict):
        return {clave: ordenado(valor[clave]) for clave in sorted(valor)}
    return [ordenado(dentro) for dentro in valor] if isinstance(valor, list) else valor
