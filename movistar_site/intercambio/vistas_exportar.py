"""La página «Exportar datos»."""

from __future__ import annotations

import tempfile
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .entidades import ENTIDADES
from .exportador import escribir_zip
from .permisos import puede_exportar
from .registro import registrar_exportacion


@require_http_methods(["GET", "HEAD", "POST"])
def exportar_datos(request: HttpRequest) -> HttpResponse | FileResponse:
    """Descarga un ZIP con el par canónico."""
    if not puede_exportar(request.user):
        raise PermissionDenied
    cuentas = [(entidad.titulo, entidad.consulta().order_by().count()) for entidad in ENTIDADES.values()]
    if request.method != "POST":
        base: dict[str, Any] = {**admin.site.each_context(request), "title": "Exportar datos"}
        return render(request, "admin/import_export/exportar_datos.html", {**base, "cuentas": cuentas})
    archivo = tempfile.TemporaryFile()  # noqa: SIM115 - lo cierra FileResponse
    escribir_zip(archivo, hoy=timezone.localdate())
    archivo.seek(0)
    registrar_exportacion(request.user, ", ".join(f"{cuenta} {titulo.lower()}" for titulo, cuenta in cuentas))
    nombre = f"panel-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(archivo, as_attachment=True, filename=nombre, content_type="application/zip")
