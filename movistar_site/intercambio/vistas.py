"""«Importar datos» y «Exportar datos»: el par canónico y las tablas, desde el navegador."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from unfold.widgets import UnfoldAdminFileFieldWidget

from movistar_site.comun.almacen import AlmacenFirmado
from movistar_site.comun.formatos_archivo import ArchivoIlegible, escribir_csv

from .lectura import Fuente
from .motor import ENCABEZADOS_DEL_INFORME, Informe, importar
from .permisos import permitidas, puede_importar
from .registro import registrar_importacion

MAX_ARCHIVOS = 20
FILAS_VISIBLES = 25
_SAL = "intercambio.vistas"


class VariosArchivos(UnfoldAdminFileFieldWidget):
    """Campo de archivo que admite elegir varios."""

    allow_multiple_selected = True


class CampoArchivos(forms.FileField):
    """Uno o varios archivos, con el peso acotado."""

    widget = VariosArchivos(attrs={"accept": ".json,.csv,.xlsx"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        archivos = data if isinstance(data, list | tuple) else [data]
        limpios = [super(CampoArchivos, self).clean(archivo, initial) for archivo in archivos or [None]]
        if len(limpios) > MAX_ARCHIVOS:
            raise forms.ValidationError(f"Suba como mucho {MAX_ARCHIVOS} archivos a la vez.")
        maximo = settings.IMPORTACION_MAX_BYTES
        if sum(archivo.size for archivo in limpios) > maximo:
            raise forms.ValidationError(
                f"Los archivos pesan más de {maximo / 1e6:.0f} MB: súbalos por partes o use «manage.py importar»."
            )
        return limpios


class FormularioArchivos(forms.Form):
    """Los archivos que se van a revisar."""

    archivos = CampoArchivos(
        label="Archivos",
        error_messages={"required": "Elija al menos un archivo.", "empty": "Uno de los archivos está vacío."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def importar_datos(request: HttpRequest) -> HttpResponse:
    """Sube archivos, muestra qué pasaría y, al confirmar, los aplica."""
    if not puede_importar(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _pagina(request, "importar_datos.html", formulario=FormularioArchivos())
    return _confirmar(request) if "ficha" in request.POST else _revisar(request)


def _revisar(request: HttpRequest) -> HttpResponse:
    formulario = FormularioArchivos(request.POST, request.FILES)
    if not formulario.is_valid():
        return _pagina(request, "importar_datos.html", formulario=formulario)
    fuentes = [Fuente(archivo.name, archivo.read()) for archivo in formulario.cleaned_data["archivos"]]
    try:
        informe = _importar(request, fuentes, simular=True)
    except ArchivoIlegible as error:
        formulario.add_error("archivos", str(error))
        return _pagina(request, "importar_datos.html", formulario=formulario)
    ficha = "" if informe.hay_errores or not informe.cambia_algo else _guardar(request, fuentes)
    return _resultado(request, informe, ficha)


def _confirmar(request: HttpRequest) -> HttpResponse:
    try:
        guardados = _abrir(request)
        fuentes = [Fuente(nombre, almacen.read()) for nombre, almacen in guardados]
        informe = _importar(request, fuentes, simular=False)
        for _, almacen in guardados:
            almacen.remove()
    except ArchivoIlegible as error:
        formulario = FormularioArchivos()
        return _pagina(request, "importar_datos.html", formulario=formulario, problema=str(error))
    if informe.aplicado:
        registrar_importacion(request.user, informe, [fuente.nombre for fuente in fuentes])
    return _resultado(request, informe, "")


def _importar(request: HttpRequest, fuentes: list[Fuente], *, simular: bool) -> Informe:
    return importar(
        fuentes,
        hoy=timezone.localdate(),
        usuario=request.user,
        simular=simular,
        permitidas=permitidas(request.user, "importar"),
    )


def _guardar(request: HttpRequest, fuentes: list[Fuente]) -> str:
    """Guarda los archivos revisados y devuelve la ficha firmada con que se confirman."""
    guardados = []
    for fuente in fuentes:
        almacen = AlmacenFirmado(usuario=request.user)
        almacen.save(fuente.datos)
        guardados.append([fuente.nombre, almacen.name])
    return signing.dumps(guardados, salt=_SAL)


def _abrir(request: HttpRequest) -> list[tuple[str, AlmacenFirmado]]:
    try:
        guardados = signing.loads(request.POST["ficha"], salt=_SAL, max_age=settings.IMPORTACION_CADUCA_SEGUNDOS)
    except signing.BadSignature:
        raise ArchivoIlegible("Los archivos revisados ya no están disponibles: vuelva a subirlos.") from None
    return [(nombre, AlmacenFirmado(usuario=request.user, name=ficha)) for nombre, ficha in guardados]


def _resultado(request: HttpRequest, informe: Informe, ficha: str) -> HttpResponse:
    almacen = None
    if informe.malas or informe.avisos:
        almacen = AlmacenFirmado(usuario=request.user)
        almacen.save(b"".join(escribir_csv(ENCABEZADOS_DEL_INFORME, _filas_del_informe(informe))))
    return _pagina(
        request,
        "importar_resultado.html",
        informe=informe,
        ficha=ficha,
        malas=informe.malas[:FILAS_VISIBLES],
        avisos=informe.avisos[:FILAS_VISIBLES],
        informe_completo=almacen.name if almacen else "",
    )


def _filas_del_informe(informe: Informe) -> list[list[Any]]:
    avisos = [[a.lugar.archivo, a.lugar.ruta, "", a.clave, a.valor, f"Aviso: {a.motivo}"] for a in informe.avisos]
    return [mala.celdas() for mala in informe.malas] + avisos


@require_safe
def informe_de_importacion(request: HttpRequest) -> HttpResponse:
    """El informe completo de una revisión, en CSV."""
    if not puede_importar(request.user):
        raise PermissionDenied
    try:
        datos = AlmacenFirmado(usuario=request.user, name=request.GET.get("ficha", "")).read()
    except ArchivoIlegible:
        formulario = FormularioArchivos()
        problema = "Ese informe ya no está disponible: revise los archivos otra vez."
        return _pagina(request, "importar_datos.html", formulario=formulario, problema=problema)
    respuesta = HttpResponse(datos, content_type="text/csv; charset=utf-8")
    respuesta["Content-Disposition"] = 'attachment; filename="informe-de-importacion.csv"'
    return respuesta


def _pagina(request: HttpRequest, plantilla: str, **contexto: Any) -> HttpResponse:
    base = {
        **admin.site.each_context(request),
        "title": "Importar datos",
        "max_mb": settings.IMPORTACION_MAX_BYTES // 1_000_000,
    }
    return render(request, f"admin/import_export/{plantilla}", {**base, **contexto})
