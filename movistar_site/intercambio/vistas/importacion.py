"""La página de una importación: lo que muestra depende de en qué va."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .. import consultas
from ..formularios import FormularioOpciones
from ..models import EstadoImportacion, Importacion, ReversionFallida
from ..permisos import permitidas
from ..presentacion import archivos_por_orden, recortar, tamano, titulo_de_entidad
from . import avance, mapa, plan, resumen
from .comunes import con_importacion, direcciones_de_tramo, pagina

REPARACIONES_VISIBLES = 20
_CODIFICACIONES = {"cp1252": "Windows-1252", "latin-1": "Latin-1", "utf-8-sig": "UTF-8"}
_CERRADAS = frozenset({EstadoImportacion.ILEGIBLE, EstadoImportacion.DESCARTADA})


@require_safe
@con_importacion
def importacion(request: HttpRequest, importacion: Importacion) -> HttpResponse:
    """El avance, el plan, el resultado o por qué no se pudo leer."""
    base: dict[str, Any] = {"importacion": importacion, "archivos": _archivos(importacion)}
    titulo = str(importacion)
    if importacion.estado in consultas.EN_CURSO:
        return pagina(request, "avance.html", titulo, **base, **avance.contexto(importacion))
    if importacion.estado in _CERRADAS:
        return pagina(request, "cerrada.html", titulo, **base, opciones=_opciones(request, importacion))
    pestania = _pestania(request, importacion)
    filtros = consultas.Filtros.de(request.GET)
    return pagina(
        request,
        "importacion.html",
        titulo,
        **base,
        **resumen.contexto(importacion, filtros),
        **_PESTANIAS[pestania](request, importacion),
        pestania=pestania,
        pestanias=_pestanias(importacion),
        opciones=_opciones(request, importacion),
    )


def _archivos(importacion: Importacion) -> list[dict[str, Any]]:
    return [
        {
            "nombre": archivo.nombre,
            "datos": " · ".join(
                dato
                for dato in (
                    archivo.formato.upper(),
                    _CODIFICACIONES.get(archivo.codificacion.lower(), archivo.codificacion.upper()),
                    tamano(archivo.bytes) if archivo.bytes else "",
                )
                if dato
            ),
            "registros": archivo.registros,
            "huella": archivo.huella,
            "reparaciones": (archivo.reparaciones or [])[:REPARACIONES_VISIBLES],
            "cuantas_reparaciones": len(archivo.reparaciones or ()),
        }
        for archivo in importacion.archivos.all()  # type: ignore[attr-defined]
    ]


def _opciones(request: HttpRequest, importacion: Importacion) -> FormularioOpciones:
    propias = permitidas(request.user, "importar")
    return FormularioOpciones(initial=FormularioOpciones.de(importacion), permitidas=propias)


# --- Pestañas --------------------------------------------------------------------------------------------------------
def _pestanias(importacion: Importacion) -> list[dict[str, Any]]:
    avisos = consultas.cuantos_avisos(importacion)
    limite = consultas.LIMITE_DE_AVISOS
    por_confirmar = importacion.estado == EstadoImportacion.POR_CONFIRMAR
    sin_reconocer = consultas.sin_reconocer(importacion) if por_confirmar else 0
    todas: list[dict[str, Any]] = [
        {"nombre": "plan", "titulo": "Registros" if importacion.estado in consultas.CON_RESULTADO else "Plan"},
        {"nombre": "mapa", "titulo": "Cómo se entendió", "ojo": sin_reconocer},
        {"nombre": "avisos", "titulo": "No reconocido", "cuantos": min(avisos, limite), "mas": avisos > limite},
    ]
    if importacion.estado == EstadoImportacion.DESHECHA:
        todas.insert(0, {"nombre": "deshecho", "titulo": "Lo deshecho"})
    return todas


def _pestania(request: HttpRequest, importacion: Importacion) -> str:
    deshecha = importacion.estado == EstadoImportacion.DESHECHA
    pedida = request.GET.get("ver", "")
    if pedida in _PESTANIAS and (pedida != "deshecho" or deshecha):
        return pedida
    return "deshecho" if deshecha and not consultas.Filtros.de(request.GET) else "plan"


def _avisos(request: HttpRequest, importacion: Importacion) -> dict[str, Any]:
    tramo = consultas.tramo(importacion.avisos.all(), consultas.Posicion.de(request.GET))  # type: ignore[attr-defined]
    archivos = archivos_por_orden(importacion)
    for aviso in tramo.filas:
        aviso.nombre_de_archivo = archivos.get(aviso.archivo, "")
    primera = consultas.Posicion.de(request.GET) == consultas.Posicion()
    grupos = consultas.avisos_por_clave(importacion) if primera and tramo.siguiente else []
    for grupo in grupos:
        grupo["nombre_de_archivo"] = archivos.get(grupo["archivo"], "")
    return {"tramo": tramo, "grupos": grupos, **direcciones_de_tramo("?ver=avisos", tramo)}


def _deshecho(request: HttpRequest, importacion: Importacion) -> dict[str, Any]:
    clase = request.GET.get("clase", "")
    clase = clase if clase in (ReversionFallida.CONSERVADO, ReversionFallida.IMPOSIBLE) else ""
    tramo = consultas.tramo(consultas.reversiones(importacion, clase), consultas.Posicion.de(request.GET))
    for fila in tramo.filas:
        fila.entidad_titulo = titulo_de_entidad(fila.entidad)
        fila.titulo = recortar(fila.titulo)
    cuentas = importacion.deshecho or {}
    conservado, imposible = ReversionFallida.CONSERVADO, ReversionFallida.IMPOSIBLE
    cubos = [
        ("Revertidos", "Volvieron a como estaban.", cuentas.get("revertidos", 0), "bien", ""),
        ("Conservados", "Alguien los cambió después y se respetó.", cuentas.get("conservados", 0), "nota", conservado),
        ("No se pudieron", "Más abajo dice por qué.", cuentas.get("imposibles", 0), "mal", imposible),
    ]
    base = f"?ver=deshecho&clase={clase}" if clase else "?ver=deshecho"
    return {"tramo": tramo, "cubos": cubos, "clase": clase, **direcciones_de_tramo(base, tramo)}


_PESTANIAS: dict[str, Any] = {
    "plan": plan.contexto,
    "mapa": mapa.contexto,
    "avisos": _avisos,
    "deshecho": _deshecho,
}
