"""«Importar datos»: se suben archivos y se eligen opciones."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from movistar_site.comun.formatos_archivo import ArchivoIlegible

from .. import consultas, operaciones
from ..entidades import ENTIDADES
from ..formularios import EXTENSIONES, FormularioSubir
from ..permisos import permitidas
from .comunes import pagina, solo_quien_importa, volver

RECIENTES = 10


@require_http_methods(["GET", "HEAD", "POST"])
@solo_quien_importa
def importar_datos(request: HttpRequest) -> HttpResponse:
    """Recibe los archivos y lleva a la página de su importación."""
    propias = permitidas(request.user, "importar")
    entidad = _entidad_pedida(request, propias)
    if request.method != "POST":
        return _pagina(request, FormularioSubir(entidad=entidad, permitidas=propias))
    formulario = FormularioSubir(request.POST, request.FILES, entidad=entidad, permitidas=propias)
    if not formulario.is_valid():
        return _pagina(request, formulario)
    opciones = dict(formulario.cleaned_data)
    archivos = [(archivo.name, archivo) for archivo in opciones.pop("archivos")]
    try:
        importacion = operaciones.crear_importacion(
            archivos=archivos, usuario=request.user, hoy=timezone.localdate(), permitidas=propias, **opciones
        )
    except ArchivoIlegible as error:
        formulario.add_error("archivos", str(error))
        return _pagina(request, formulario)
    operaciones.empezar_lectura(importacion)
    return volver(importacion)


def _entidad_pedida(request: HttpRequest, propias: set[str]) -> str:
    """La entidad que pide la dirección, por su nombre o por el modelo de la lista de donde se viene."""
    modelo = request.GET.get("modelo", "")
    de_modelo = {entidad.modelo._meta.label_lower: nombre for nombre, entidad in ENTIDADES.items()}
    nombre = request.GET.get("entidad", "") or de_modelo.get(modelo, "")
    return nombre if nombre in propias else ""


def _pagina(request: HttpRequest, formulario: FormularioSubir) -> HttpResponse:
    recientes = list(consultas.importaciones()[:RECIENTES])
    abiertas = formulario.is_bound and any(nombre != "archivos" for nombre in formulario.errors)
    return pagina(
        request,
        "subir.html",
        "Importar datos",
        formulario=formulario,
        opciones=[campo for campo in formulario if campo.name not in ("archivos", "entidad")],
        opciones_abiertas=abiertas,
        extensiones=EXTENSIONES,
        max_mb=settings.IMPORTACION_MAX_BYTES // 2**20,
        recientes=recientes,
        plantillas=_plantillas(permitidas(request.user, "importar")),
    )


def _plantillas(propias: set[str]) -> list[tuple[str, str]]:
    """Las clases de registro de que la cuenta puede bajar una plantilla: (nombre, título)."""
    return [(nombre, entidad.titulo) for nombre, entidad in ENTIDADES.items() if nombre in propias]
