"""«Cómo se entendió»: a qué columna va cada clave del archivo y a qué valor del panel cada valor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from clientes.models import Municipio
from servicios.models import Servicio, TipoServicio

from .. import operaciones
from ..formularios import (
    FormularioNombreDeMapa,
    mapa_corregido,
    nombre_de_clave,
    nombre_de_valor,
    opcion_de_clave,
)
from ..models import EstadoImportacion, Importacion
from ..presentacion import obligatorias, porcentaje, recortar, titulo_de_entidad, titulos
from .comunes import avisar, con_importacion, volver

# Cada clave lleva la lista de columnas de su entidad: más por página pasarían de lo que una página debe pesar.
POR_PAGINA = 40
_PROPUESTAS = 5
_VENTANA = "#mapa"
_POR = {
    "alias": ("Reconocida", "bien"),
    "mapa": ("Del mapa", "nota"),
    "ajuste": ("Corregida", "marca"),
}
_LISTAS_CERRADAS = {"tipo": TipoServicio, "servicio": Servicio}
_OPCIONES_MAXIMAS = 300


def contexto(request: HttpRequest, importacion: Importacion) -> dict[str, Any]:
    """Lo que la pestaña muestra: primero lo que no se reconoció."""
    claves = sorted(importacion.claves_vistas or (), key=lambda vista: bool(vista.get("columna") or vista.get("por")))
    valores = sorted(importacion.valores_vistos or (), key=lambda visto: bool(visto.get("destino")))
    numero = _numero(request.GET.get("hoja", ""), max(len(claves), len(valores)))
    desde = (numero - 1) * POR_PAGINA
    hojas = max(1, -(-max(len(claves), len(valores)) // POR_PAGINA))
    valores_de_la_hoja = [_valor(visto) for visto in valores[desde : desde + POR_PAGINA]]
    return {
        "claves": [_clave(vista) for vista in claves[desde : desde + POR_PAGINA]],
        "valores": valores_de_la_hoja,
        "listas": _listas({valor["columna"] for valor in valores_de_la_hoja}),
        "hoja": numero,
        "hojas": hojas,
        "editable": importacion.estado == EstadoImportacion.POR_CONFIRMAR,
        "nombre_de_mapa": FormularioNombreDeMapa(),
    }


def _numero(texto: str, cuantos: int) -> int:
    ultima = max(1, -(-cuantos // POR_PAGINA))
    return min(max(1, int(texto)), ultima) if texto.isascii() and texto.isdigit() and len(texto) < 6 else 1  # noqa: PLR2004


def _clave(vista: dict[str, Any]) -> dict[str, Any]:
    entidad = str(vista.get("entidad", ""))
    nombres, necesarias = titulos(entidad), obligatorias(entidad)
    rotulo, tono = _POR.get(str(vista.get("por")), ("Sin reconocer", "ojo"))
    elegida = opcion_de_clave(vista)
    return {
        "nombre": nombre_de_clave(vista),
        "clave": recortar(vista.get("clave"), 60),
        "archivo": recortar(vista.get("archivo"), 60),
        "entidad": titulo_de_entidad(entidad),
        "muestra": recortar(vista.get("muestra"), 60),
        "veces": vista.get("veces", 0),
        "elegida": elegida,
        "titulo": "No se importa" if elegida == "-" else nombres.get(elegida, elegida),
        "grupos": [
            ("Obligatorias", [(columna, titulo) for columna, titulo in nombres.items() if columna in necesarias]),
            ("Otras", [(columna, titulo) for columna, titulo in nombres.items() if columna not in necesarias]),
        ],
        "ajena": elegida not in ("", "-") and elegida not in nombres,
        "rotulo": rotulo,
        "tono": tono,
    }


def _valor(visto: dict[str, Any]) -> dict[str, Any]:
    columna, destino = str(visto.get("columna", "")), str(visto.get("destino") or "")
    propuestas = [
        {"destino": str(otro), "titulo": recortar(titulo, 80), "puntaje": porcentaje(puntaje)}
        for otro, titulo, puntaje in (visto.get("propuestas") or ())[:_PROPUESTAS]
    ]
    rotulo, tono = _POR.get(str(visto.get("por")), ("Por parecido", "nota")) if destino else ("Sin reconocer", "ojo")
    return {
        "nombre": nombre_de_valor(visto),
        "columna": columna,
        "columna_titulo": columna.replace("_", " ").capitalize(),
        "valor": recortar(visto.get("valor"), 60),
        "veces": visto.get("veces", 0),
        "destino": destino,
        "titulo": recortar(visto.get("titulo"), 80),
        "puntaje": porcentaje(visto.get("puntaje")) if visto.get("puntaje") is not None else "",
        "rotulo": rotulo,
        "tono": tono,
        "propuestas": propuestas,
        "cerrada": columna in _LISTAS_CERRADAS,
    }


def _listas(columnas: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Lo que se puede elegir en cada columna de valores: de una lista corta, todo; de los municipios, los códigos."""
    listas: dict[str, list[tuple[str, str]]] = {}
    for columna in columnas & set(_LISTAS_CERRADAS):
        modelo: Any = _LISTAS_CERRADAS[columna]
        listas[columna] = list(modelo.objects.order_by("nombre").values_list("codigo", "nombre")[:_OPCIONES_MAXIMAS])
    return listas


@require_POST
@con_importacion
def mapa_de_importacion(request: HttpRequest, importacion: Importacion) -> HttpResponse:
    """Aplica las correspondencias corregidas: se vuelve a leer con ellas."""
    try:
        claves, valores = mapa_corregido(importacion, request.POST)
        _comprobar_valores(valores)
        operaciones.cambiar_mapa(importacion, claves=claves, valores=valores)
    except ValidationError as error:
        avisar(request, error)
        return volver(importacion, "?ver=mapa")
    messages.success(request, "Cambios aplicados: el archivo se vuelve a leer con ellos.")
    return volver(importacion, "?ver=mapa")


def _comprobar_valores(valores: dict[str, dict[str, str]]) -> None:
    """Que cada destino exista. Lanza ValidationError con el primero que no."""
    for columna, modelo in {**_LISTAS_CERRADAS, "municipio": Municipio}.items():
        pedidos = set(valores.get(columna, {}).values()) - {""}
        if not pedidos:
            continue
        hallados = set(modelo.objects.filter(codigo__in=pedidos).values_list("codigo", flat=True))  # type: ignore[attr-defined]
        if faltan := sorted(pedidos - hallados):
            nombre = str(modelo._meta.verbose_name)  # type: ignore[attr-defined]
            raise ValidationError(f"«{faltan[0][:40]}» no es el código de ningún {nombre} del panel.")


@require_POST
@con_importacion
def guardar_mapa_de_importacion(request: HttpRequest, importacion: Importacion) -> HttpResponse:
    """Guarda cómo se entendió este archivo, para los que se le parezcan."""
    formulario = FormularioNombreDeMapa(request.POST)
    try:
        if not formulario.is_valid():
            raise ValidationError([str(error) for errores in formulario.errors.values() for error in errores])
        mapa = operaciones.guardar_mapa(importacion, nombre=formulario.cleaned_data["nombre"], usuario=request.user)
    except ValidationError as error:
        avisar(request, error)
    else:
        messages.success(
            request, f"Mapa «{mapa.nombre}» guardado: se usará solo con los archivos que se parezcan a este."
        )
    return volver(importacion, "?ver=mapa")
