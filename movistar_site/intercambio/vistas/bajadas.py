"""Los archivos que una importación deja: lo rechazado, en el formato en que llegó, y lo que no se reconoció."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from .. import operaciones
from ..models import Importacion
from .comunes import con_importacion


def _descarga(contenido: Iterator[bytes], tipo: str, nombre: str) -> StreamingHttpResponse:
    respuesta = StreamingHttpResponse(contenido, content_type=tipo)
    limpio = "".join(letra for letra in nombre if letra.isprintable() and letra not in "/\\")
    respuesta.headers["Content-Disposition"] = str(content_disposition_header(True, limpio))
    return respuesta


@require_safe
@con_importacion
def rechazados_de_importacion(request: HttpRequest, importacion: Importacion) -> StreamingHttpResponse:
    """Los registros con errores y su motivo, para corregirlos fuera y volver a importarlos."""
    nombre, tipo, contenido = operaciones.escribir_rechazados(importacion)
    return _descarga(contenido, tipo, nombre)


@require_safe
@con_importacion
def avisos_de_importacion(request: HttpRequest, importacion: Importacion) -> StreamingHttpResponse:
    """Lo que no se reconoció, entero, en CSV."""
    contenido = operaciones.escribir_avisos_csv(importacion)
    return _descarga(contenido, "text/csv; charset=utf-8", f"no-reconocido-{importacion.pk}.csv")
