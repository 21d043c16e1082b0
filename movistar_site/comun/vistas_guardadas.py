"""Los filtros de una página guardados con un nombre: propios o de todos, y uno que se abre solo.

Una página los ofrece en tres pasos: se anota en `PAGINAS` con los parámetros que entiende y cómo se llega a ella; pone
en su plantilla `componentes/vistas_guardadas.html` con `para_la_plantilla(…)`; y, al entrar sin parámetros, lleva a
`predeterminada(…)` si la hay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict

from .models import VistaGuardada, nombre_de

LARGO_DEL_NOMBRE = 60
LARGO_DE_UN_VALOR = 200
LARGO_DE_LOS_FILTROS = 2_000
VALORES_POR_PARAMETRO = 50
VISTAS_POR_PAGINA = 50
"""Cuántas puede tener una persona en una página, y cuántas de los demás se le ofrecen."""


@dataclass(frozen=True)
class Pagina:
    """Una página que admite vistas. `parametros`: los nombres que se guardan, los demás se olvidan.

    `direccion`: a dónde lleva una vista, de sus parámetros ya limpios. `permitida`: si la cuenta puede abrir la página.
    """

    parametros: Callable[[], Collection[str]]
    direccion: Callable[[QueryDict], str]
    permitida: Callable[[Any], bool]


PAGINAS: dict[str, Pagina] = {}
"""Las páginas con vistas guardadas: nombre corto → cómo es. Cada aplicación anota aquí las suyas."""


# --- Lo que se guarda ------------------------------------------------------------------------------------------------
def limpiar(parametros: QueryDict | str, permitidos: Collection[str]) -> str:
    """Los filtros como se guardan: solo los que la página entiende, con valor y que caben, en orden.

    Lo que sobra se olvida: la página, la clave desde la que se mostraba, o lo que alguien escribió en la dirección.
    """
    dados = parametros if isinstance(parametros, QueryDict) else _leer(parametros)
    limpios = QueryDict(mutable=True)
    for nombre in sorted(set(dados) & set(permitidos)):
        valores = [valor for valor in dados.getlist(nombre) if _sirve(valor)]
        if valores:
            limpios.setlist(nombre, list(dict.fromkeys(valores))[:VALORES_POR_PARAMETRO])
    texto = limpios.urlencode()
    if len(texto) > LARGO_DE_LOS_FILTROS:
        raise ValidationError("Son demasiados filtros para guardarlos: quite algunos.")
    return texto


def _leer(texto: str) -> QueryDict:
    try:
        return QueryDict(texto[: LARGO_DE_LOS_FILTROS * 2])
    except (ValueError, ValidationError):
        return QueryDict()


def _sirve(valor: Any) -> bool:
    return isinstance(valor, str) and 0 < len(valor.strip()) <= LARGO_DE_UN_VALOR and valor.isprintable()


@transaction.atomic
def guardar_vista(
    *, usuario: Any, pagina: str, nombre: str, parametros: QueryDict | str, compartida: bool, predeterminada: bool
) -> VistaGuardada:
    """Guarda los filtros con ese nombre; si la persona ya tenía una así, la cambia.

    Lanza ValidationError si la página no admite vistas, si falta el nombre o es muy largo, o si ya tiene demasiadas.
    """
    if pagina not in PAGINAS:
        raise ValidationError("Esa página no guarda vistas.")
    nombre = _nombre(nombre)
    filtros = limpiar(parametros, PAGINAS[pagina].parametros())
    propias = VistaGuardada.objects.select_for_update().filter(usuario=usuario, pagina=pagina)
    vista = propias.filter(nombre=nombre).first()
    if vista is None:
        if propias.count() >= VISTAS_POR_PAGINA:
            raise ValidationError(f"Ya tiene {VISTAS_POR_PAGINA} vistas de esta página: borre alguna.")
        vista = VistaGuardada(usuario=usuario, pagina=pagina, nombre=nombre)
    if predeterminada:
        propias.filter(predeterminada=True).update(predeterminada=False)
    vista.parametros, vista.compartida = filtros, compartida
    vista.predeterminada = predeterminada or vista.predeterminada
    vista.full_clean()
    vista.save()
    return vista


@transaction.atomic
def renombrar_vista(vista: VistaGuardada, *, usuario: Any, nombre: str) -> VistaGuardada:
    """Le cambia el nombre a una propia. Lanza ValidationError si es de otro o si ya tiene una con ese nombre."""
    _exigir_propia(vista, usuario)
    vista.nombre = _nombre(nombre)
    vista.full_clean()
    vista.save()
    return vista


@transaction.atomic
def compartir_vista(vista: VistaGuardada, *, usuario: Any, compartida: bool) -> VistaGuardada:
    """La ven todos, o vuelve a ser solo de quien la guardó."""
    _exigir_propia(vista, usuario)
    vista.compartida = compartida
    vista.save()
    return vista


@transaction.atomic
def abrir_sola(vista: VistaGuardada, *, usuario: Any, sola: bool) -> VistaGuardada:
    """Es la que se abre al entrar a su página, en vez de la que había; o deja de serlo."""
    _exigir_propia(vista, usuario)
    VistaGuardada.objects.filter(usuario=usuario, pagina=vista.pagina, predeterminada=True).update(predeterminada=False)
    vista.predeterminada = sola
    vista.save()
    return vista


@transaction.atomic
def borrar_vista(vista: VistaGuardada, *, usuario: Any) -> None:
    """Borra una propia. Lanza ValidationError si es de otra persona."""
    _exigir_propia(vista, usuario)
    vista.delete()


def _nombre(nombre: str) -> str:
    limpio = " ".join((nombre or "").split())
    if not limpio:
        raise ValidationError("Escriba un nombre para la vista.")
    if len(limpio) > LARGO_DEL_NOMBRE or not limpio.isprintable():
        raise ValidationError(f"El nombre de la vista admite hasta {LARGO_DEL_NOMBRE} letras.")
    return limpio


def _exigir_propia(vista: VistaGuardada, usuario: Any) -> None:
    if vista.usuario_id != usuario.pk:
        raise ValidationError("Esa vista es de otra persona: guarde una propia con otro nombre.")


# --- Lo que se lee ---------------------------------------------------------------------------------------------------
def visibles(usuario: Any, pagina: str) -> QuerySet[VistaGuardada]:
    """Las propias y las que otros comparten, en ese orden y por nombre."""
    suyas_o_de_todos = VistaGuardada.objects.filter(Q(usuario=usuario) | Q(compartida=True), pagina=pagina)
    return suyas_o_de_todos.select_related("usuario").order_by("nombre", "pk")[: VISTAS_POR_PAGINA * 2]


def direccion(vista: VistaGuardada) -> str:
    """A dónde lleva; sus filtros se vuelven a limpiar, por si la página ya no entiende alguno."""
    pagina = PAGINAS[vista.pagina]
    return pagina.direccion(QueryDict(limpiar(vista.parametros, pagina.parametros())))


def predeterminada(usuario: Any, pagina: str) -> str:
    """A dónde lleva la que se abre sola; vacío si no hay ninguna."""
    vista = VistaGuardada.objects.filter(usuario=usuario, pagina=pagina, predeterminada=True).first()
    return direccion(vista) if vista is not None else ""


def para_la_plantilla(usuario: Any, pagina: str, parametros: QueryDict) -> Mapping[str, Any]:
    """Lo que dibuja el menú de vistas de una página. Una consulta."""
    puestos = limpiar(parametros, PAGINAS[pagina].parametros())
    vistas = [
        {
            "pk": vista.pk,
            "nombre": vista.nombre,
            "direccion": direccion(vista),
            "propia": vista.usuario_id == usuario.pk,
            "de": nombre_de(vista.usuario),
            "compartida": vista.compartida,
            "predeterminada": vista.predeterminada and vista.usuario_id == usuario.pk,
            "puesta": vista.parametros == puestos,
        }
        for vista in visibles(usuario, pagina)
    ]
    return {
        "pagina": pagina,
        "puestos": puestos,
        "propias": [vista for vista in vistas if vista["propia"]],
        "de_otros": [vista for vista in vistas if not vista["propia"]],
        "puesta": next((vista for vista in vistas if vista["puesta"]), None),
    }
