"""Cómo se ve en la página lo que un plan guarda: recortado, con títulos en lugar de nombres de columna.

Un archivo puede traer un dato de un mega; una página, no: todo lo que sale del archivo pasa por `recortar`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.html import escape

from movistar_site.comun.json_texto import volcar

from .entidades import ENTIDADES
from .models import Importacion, RegistroPlan, TipoRegistro

LARGO_DE_VALOR = 160
_VALORES_VISIBLES = 8
_CAMBIOS_VISIBLES = 12
_FALTAS_VISIBLES = 6
_NOTAS_VISIBLES = 4
_PARECIDOS_VISIBLES = 3
# Lo que los datos de un registro pueden pesar en la página, en bytes ya escritos como HTML; al llegar, cada dato que
# sigue se queda en unas pocas letras. Con 25 registros, la página no pasa de 300 kB.
_PESO_POR_FILA = 4_000
_LARGO_MINIMO = 12
_FECHA_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TONOS = {
    TipoRegistro.NUEVO: "bien",
    TipoRegistro.CAMBIADO: "nota",
    TipoRegistro.IGUAL: "neutro",
    TipoRegistro.ERROR: "mal",
    TipoRegistro.OMITIDO: "ojo",
    TipoRegistro.PENDIENTE: "neutro",
}
_YA_HECHO: dict[str, str] = {TipoRegistro.NUEVO: "Creado", TipoRegistro.CAMBIADO: "Actualizado"}


def recortar(valor: Any, largo: int = LARGO_DE_VALOR) -> str:
    """Un valor del archivo como texto de una línea y de largo sensato."""
    texto = como_texto(valor)
    # Se corta antes de limpiar: lo que sobra de un dato enorme no se recorre.
    texto = " ".join("".join(c if c.isprintable() else " " for c in texto[: largo * 2]).split())
    return texto if len(texto) <= largo else f"{texto[: largo - 1]}…"


class _Balanza:
    """Recorta los datos de un registro para que juntos no pesen más de la cuenta."""

    def __init__(self) -> None:
        self.queda = _PESO_POR_FILA

    def __call__(self, valor: Any, largo: int = LARGO_DE_VALOR) -> str:
        texto = recortar(valor, largo if self.queda > 0 else _LARGO_MINIMO)
        self.queda -= len(escape(texto).encode())
        return texto


def como_texto(valor: Any) -> str:
    """Un valor del archivo como se escribe en una celda."""
    if valor is None:
        return ""
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    texto = volcar(valor) if isinstance(valor, dict | list) else str(valor)
    # Ni un carácter nulo ni medio carácter, que un archivo dañado trae, caben en una página.
    return texto.replace("\x00", "").encode("utf-8", "replace").decode()


@cache
def titulos(entidad: str) -> dict[str, str]:
    """Columna → título, de una entidad."""
    if entidad not in ENTIDADES:
        return {}
    return {nombre: str(columna.titulo) for nombre, columna in ENTIDADES[entidad].recurso().fields.items()}


@cache
def obligatorias(entidad: str) -> frozenset[str]:
    """Las columnas que un registro nuevo de la entidad necesita."""
    if entidad not in ENTIDADES:
        return frozenset()
    return frozenset(n for n, columna in ENTIDADES[entidad].recurso().fields.items() if columna.obligatoria)


def titulo_de_entidad(entidad: str) -> str:
    """«Clientes», por «clientes»."""
    return ENTIDADES[entidad].titulo if entidad in ENTIDADES else entidad


@dataclass
class FilaDelPlan:
    """Un registro del plan, listo para pintarse."""

    pk: int
    titulo: str
    clave: str
    entidad: str
    archivo: str
    ruta: str
    tipo: str
    sello: str
    tono: str
    aplicado: bool
    corregible: bool
    valores: list[tuple[str, str]] = field(default_factory=list)
    valores_de_mas: int = 0
    faltas: list[dict[str, str]] = field(default_factory=list)
    cambios: list[dict[str, str]] = field(default_factory=list)
    cambios_de_mas: int = 0
    notas: list[str] = field(default_factory=list)
    parecidos: list[dict[str, Any]] = field(default_factory=list)


def fila_del_plan(registro: RegistroPlan, archivos: dict[int, str], *, corregible: bool = False) -> FilaDelPlan:
    """Un registro del plan como se pinta. `archivos`: orden → nombre."""
    corto, nombre = _Balanza(), _nombre_leido(registro)
    fila = FilaDelPlan(
        pk=registro.pk,
        titulo=corto(registro.titulo or nombre) or corto(registro.clave) or "Sin nombre",
        clave=corto(registro.clave) if registro.titulo or nombre else "",
        entidad=titulo_de_entidad(registro.entidad),
        archivo=corto(archivos.get(registro.archivo, "")),
        ruta=corto(registro.ruta),
        tipo=registro.tipo,
        sello=(_YA_HECHO if registro.aplicado else {}).get(registro.tipo) or registro.get_tipo_display(),
        tono=TONOS.get(registro.tipo, "neutro"),  # type: ignore[call-overload]
        aplicado=registro.aplicado,
        corregible=corregible and registro.tipo == TipoRegistro.ERROR,
    )
    _poner_detalle(fila, registro.detalle if isinstance(registro.detalle, dict) else {}, corto)
    if registro.tipo == TipoRegistro.NUEVO and isinstance(registro.valores, dict):
        nombres = titulos(registro.entidad)
        llenos = [(c, v) for c, v in registro.valores.items() if v not in (None, "", [], {})]
        fila.valores = [
            (corto(nombres.get(c, c), 60), corto(_legible(c, v), 80)) for c, v in llenos[:_VALORES_VISIBLES]
        ]
        fila.valores_de_mas = max(0, len(llenos) - _VALORES_VISIBLES)
    return fila


def _nombre_leido(registro: RegistroPlan) -> str:
    """Cómo se llama en el archivo un registro que, por sus errores, no llegó a tener título."""
    valores = registro.valores if isinstance(registro.valores, dict) else {}
    partes = (valores.get(columna) for columna in ("nombre", "apellido"))
    return " ".join(str(parte) for parte in partes if parte and isinstance(parte, str))


def _poner_detalle(fila: FilaDelPlan, detalle: dict[str, Any], corto: _Balanza) -> None:
    fila.faltas = [
        {"campo": corto(campo, 60), "valor": corto(valor, 80), "motivo": corto(motivo, 300)}
        for campo, valor, motivo, *_ in detalle.get("faltas", ())[:_FALTAS_VISIBLES]
    ]
    cambios = detalle.get("cambios", ())
    fila.cambios = [
        {
            "titulo": corto(titulo, 60),
            "antes": corto(_legible(c, antes)),
            "despues": corto(_legible(c, despues)),
        }
        for c, titulo, antes, despues in cambios[:_CAMBIOS_VISIBLES]
    ]
    fila.cambios_de_mas = max(0, len(cambios) - _CAMBIOS_VISIBLES)
    fila.notas = [corto(nota, 300) for nota in detalle.get("notas", ())[:_NOTAS_VISIBLES]]
    fila.parecidos = [
        {
            "pk": pk,
            "quien": corto(quien, 80),
            "motivo": corto(_en_la_frase(motivo), 120),
            "puntaje": porcentaje(puntaje),
        }
        for pk, quien, motivo, puntaje in detalle.get("parecidos", ())[:_PARECIDOS_VISIBLES]
    ]


def _en_la_frase(motivo: str) -> str:
    return motivo[:1].lower() + motivo[1:]


def _legible(columna: str, texto: Any) -> Any:
    """Como se lee en el panel: las fechas al derecho y lo que está por completar con el título de su dato."""
    if not isinstance(texto, str):
        return texto
    if _FECHA_ISO.fullmatch(texto):
        return "/".join(reversed(texto.split("-")))
    if columna == "pendientes":
        for nombre, titulo in titulos("clientes").items():
            texto = texto.replace(f"{nombre}: ", f"{titulo}: ")
    return texto


def porcentaje(puntaje: Any) -> str:
    """«93 %», sea que llegue como 0,93 o como 93; vacío si no es un número."""
    if isinstance(puntaje, bool) or not isinstance(puntaje, int | float):
        return ""
    return f"{round(puntaje * 100 if 0 <= puntaje <= 1 else puntaje)} %"


def archivos_por_orden(importacion: Importacion) -> dict[int, str]:
    """Orden → nombre de cada archivo."""
    return {archivo.orden: archivo.nombre for archivo in importacion.archivos.all()}  # type: ignore[attr-defined]


def duracion(segundos: int | None) -> str:
    """«unos 40 segundos», «unos 3 minutos»; vacío si no se sabe."""
    if segundos is None:
        return ""
    if segundos < 60:  # noqa: PLR2004 - un minuto
        return "1 segundo" if segundos <= 1 else f"unos {segundos} segundos"
    minutos = round(segundos / 60)
    if minutos < 60:  # noqa: PLR2004 - una hora
        return "1 minuto" if minutos == 1 else f"unos {minutos} minutos"
    horas = round(minutos / 60)
    return "1 hora" if horas == 1 else f"unas {horas} horas"


def tamano(bytes_: int) -> str:
    """«1,2 MB», «340 kB»."""
    if bytes_ >= 1_000_000:  # noqa: PLR2004 - un mega
        return f"{bytes_ / 1_000_000:.1f} MB".replace(".", ",")
    return f"{max(1, round(bytes_ / 1_000))} kB" if bytes_ else "0 kB"
