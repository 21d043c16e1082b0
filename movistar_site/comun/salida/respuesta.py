"""La respuesta con que un archivo se baja mientras se escribe."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse

TIPOS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def descarga(trozos: Iterator[bytes], nombre: str) -> StreamingHttpResponse:
    """Envía los trozos como el archivo `nombre`, de la clase que diga su extensión."""
    respuesta = StreamingHttpResponse(trozos, content_type=TIPOS[nombre.rpartition(".")[2]])
    respuesta["Content-Disposition"] = f'attachment; filename="{nombre}"'
    # Lo que se baja lleva datos personales: no se queda en ninguna memoria intermedia.
    respuesta["Cache-Control"] = "no-store"
    return respuesta
