"""Los segmentos, leídos: qué clientes son, cuántos y qué dicen sus filtros.

Los filtros se guardan como van en una dirección (`categoria=leal&municipio=05001`). Uno que ya no significa nada —el
municipio se borró, el filtro ya no existe— se avisa y nunca agranda el grupo: si era lo único que ese filtro pedía, el
segmento queda vacío hasta que alguien lo corrija.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from clientes.models.cliente import Cliente, ClienteQuerySet
from movistar_site.comun import vistas_guardadas
from movistar_site.comun.valores import formatear_fecha, formatear_pesos

from .filtros.segmentos import FiltroSegmento, lleno
from .models import Segmento

VALORES_DICHOS = 5
"""Cuántos valores de un filtro se nombran antes de «y 3 más»."""


@dataclass(frozen=True)
class Lectura:
    """Lo que unos filtros dicen el día en que se leen.

    `clientes`: sin orden, para usar como subconsulta. `avisos`: lo que ya no significa nada, en una frase cada uno.
    """

    clientes: ClienteQuerySet
    avisos: tuple[str, ...] = ()


def clientes_de(
    segmento: Segmento, *, hoy: date, entre: Collection[int] | None = None, normas: Mapping[str, Any] | None = None
) -> ClienteQuerySet:
    """Los clientes del segmento el día `hoy`, sin orden: sirve de subconsulta. Con filtros rotos, ninguno de más.

    `entre`: las únicas claves que importan; con ellas no se recorre lo de todos los clientes. `normas`: los parámetros
    del día, si ya se leyeron; con ellos armar la consulta no hace ninguna.
    """
    return _leer(segmento.filtros, _Pedido(hoy, entre, normas, comprueba=False)).clientes


def cuantos(segmento: Segmento, *, hoy: date) -> int:
    """Cuántos clientes son, exactos."""
    return int(clientes_de(segmento, hoy=hoy).count())


def leer(filtros: str, *, hoy: date, entre: Collection[int] | None = None) -> Lectura:
    """Lee unos filtros guardados y avisa de lo que ya no significa nada. Una consulta por filtro de registros."""
    return _leer(filtros, _Pedido(hoy, entre))


@dataclass(frozen=True)
class _Pedido:
    """Con qué se leen unos filtros."""

    hoy: date
    entre: Collection[int] | None = None
    normas: Mapping[str, Any] | None = None
    comprueba: bool = True

    def filtro(self, puestos: QueryDict) -> FiltroSegmento:
        """El FilterSet de esos filtros."""
        return FiltroSegmento(puestos, hoy=self.hoy, entre=self.entre, normas=self.normas, comprueba=self.comprueba)


def _leer(filtros: str, pedido: _Pedido) -> Lectura:
    puestos = QueryDict(filtros, mutable=True)
    filtro, avisos, vacio = _sanear(puestos, pedido)
    clientes: Any = Cliente.objects.all()
    if pedido.entre is not None:
        clientes = clientes.filter(pk__in=pedido.entre)
    clientes = clientes.none() if vacio else filtro.filter_queryset(clientes)
    return Lectura(clientes.order_by(), tuple(avisos))


def en_palabras(filtros: str, *, hoy: date) -> list[tuple[str, str]]:
    """Cada filtro puesto con su nombre y su valor: («Municipio», «Medellín y Envigado»)."""
    puestos = QueryDict(filtros, mutable=True)
    filtro, _, _ = _sanear(puestos, _Pedido(hoy))
    formulario = filtro.form
    return [
        (str(campo.label), _valor_en_palabras(campo, formulario.cleaned_data.get(nombre)))
        for nombre, campo in formulario.fields.items()
        if lleno(formulario.cleaned_data.get(nombre))
    ]


# --- Lo que ya no significa nada -------------------------------------------------------------------------------------
def _sanear(puestos: QueryDict, pedido: _Pedido) -> tuple[FiltroSegmento, list[str], bool]:
    """El filtro con lo que se entiende, qué se perdió y si por eso no queda nadie."""
    filtro = pedido.filtro(puestos)
    conocidos = nombres_conocidos()
    avisos = [f"El filtro «{nombre}» ya no existe." for nombre in puestos if nombre not in conocidos]
    vacio = bool(avisos)
    filtro.form.is_valid()
    for nombre, campo in filtro.form.fields.items():
        escritos = _escritos(puestos, nombre, campo)
        if not escritos:
            continue
        if nombre not in filtro.form.errors and lleno(filtro.form.cleaned_data.get(nombre)):
            continue
        sirven = _los_que_sirven(campo, escritos)
        perdidos = [uno for uno in escritos if uno not in sirven] or escritos
        avisos.append(_aviso(campo, perdidos, bool(sirven)))
        vacio = vacio or not sirven
        if sirven:
            puestos.setlist(nombre, sirven)
        else:
            for parte in partes_de(nombre, campo):
                puestos.pop(parte, None)
    if avisos:
        filtro = pedido.filtro(puestos)
        # Un filtro que dependía de otro perdido tampoco se entiende ya.
        vacio = not filtro.form.is_valid() or vacio
    return filtro, avisos, vacio


def _los_que_sirven(campo: forms.Field, escritos: Iterable[str]) -> list[str]:
    """De un filtro de varias opciones, las que aún existen; de los demás, ninguna."""
    if not isinstance(campo, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return []
    sirven = []
    for uno in escritos:
        try:
            campo.clean([uno])
        except ValidationError:
            continue
        sirven.append(uno)
    return sirven


def _aviso(campo: forms.Field, perdidos: list[str], quedan: bool) -> str:
    valores = vistas_en_lista(perdidos)
    if quedan:
        return f"De «{campo.label}» ya no existe {valores}: se mira sin ello."
    return f"«{campo.label}» pedía {valores}, que ya no significa nada: el segmento queda vacío hasta corregirlo."


def vistas_en_lista(textos: list[str]) -> str:
    """«A», «B» y 3 más."""
    dichos = [f"«{texto}»" for texto in textos[:VALORES_DICHOS]]
    if len(textos) > VALORES_DICHOS:
        return f"{', '.join(dichos)} y {len(textos) - VALORES_DICHOS} más"
    return " y ".join([", ".join(dichos[:-1]), dichos[-1]] if len(dichos) > 1 else dichos)


# --- Los nombres y los valores ---------------------------------------------------------------------------------------
def partes_de(nombre: str, campo: forms.Field) -> list[str]:
    """Los nombres con que un filtro va en la dirección: un rango lleva dos."""
    extremos = getattr(campo.widget, "suffixes", None)
    return [f"{nombre}_{extremo}" for extremo in extremos] if extremos else [nombre]


@cache
def nombres_conocidos() -> frozenset[str]:
    """Los nombres que los filtros ponen en la dirección."""
    campos = FiltroSegmento(hoy=date.min).form.fields.items()
    return frozenset(parte for nombre, campo in campos for parte in partes_de(nombre, campo))


def _escritos(puestos: MultiValueDict[str, str], nombre: str, campo: forms.Field) -> list[str]:
    return [valor for parte in partes_de(nombre, campo) for valor in puestos.getlist(parte) if valor.strip()]


def _valor_en_palabras(campo: Any, valor: Any) -> str:
    if isinstance(valor, bool):
        return "Sí" if valor else "No"
    if isinstance(valor, slice):
        return _rango_en_palabras(valor)
    if hasattr(valor, "query"):
        return vistas_en_palabras([campo.label_from_instance(uno) for uno in valor[: VALORES_DICHOS + 50]])
    opciones = {str(clave): str(texto) for clave, texto in getattr(campo, "choices", ())}
    if isinstance(valor, list | tuple):
        return vistas_en_palabras([opciones.get(str(uno), str(uno)) for uno in valor])
    return opciones.get(str(valor), f"{valor:f}" if hasattr(valor, "as_tuple") else str(valor))


def vistas_en_palabras(textos: list[str]) -> str:
    """«A, B o C»: basta con uno."""
    if len(textos) > VALORES_DICHOS:
        return f"{', '.join(textos[:VALORES_DICHOS])} o {len(textos) - VALORES_DICHOS} más"
    return " o ".join([", ".join(textos[:-1]), textos[-1]] if len(textos) > 1 else textos)


def _rango_en_palabras(rango: slice) -> str:
    desde, hasta = (_extremo(valor) for valor in (rango.start, rango.stop))
    if desde and hasta:
        return f"de {desde} a {hasta}"
    return f"desde {desde}" if desde else f"hasta {hasta}"


def _extremo(valor: Any) -> str:
    if valor is None:
        return ""
    if hasattr(valor, "year"):
        return formatear_fecha(valor)
    return formatear_pesos(valor) if hasattr(valor, "as_tuple") else str(valor)


def limpiar(parametros: QueryDict | str, *, hoy: date) -> str:
    """Los filtros como se guardan: los que se entienden, con valor y en orden.

    Lanza ValidationError, con una frase por filtro, si alguno no se entiende o no cabe: guardar menos filtros de los
    que alguien puso sería guardar otro grupo.
    """
    dados = QueryDict(parametros) if isinstance(parametros, str) else parametros
    filtro = FiltroSegmento(dados, hoy=hoy)
    formulario = filtro.form
    faltas: dict[str, Any] = {}
    if not formulario.is_valid():
        faltas = dict(formulario.errors.as_data())
    for nombre, campo in formulario.fields.items():
        if nombre in faltas or not (escritos := _escritos(dados, nombre, campo)):
            continue
        if not lleno(formulario.cleaned_data.get(nombre)):
            faltas[nombre] = [ValidationError("No se entiende lo escrito.")]
        elif len(escritos) > vistas_guardadas.VALORES_POR_PARAMETRO:
            frase = f"Elija hasta {vistas_guardadas.VALORES_POR_PARAMETRO}."
            faltas[nombre] = [ValidationError(frase)]
    if faltas:
        raise ValidationError(faltas)
    conocidos = nombres_conocidos()
    limpios = vistas_guardadas.limpiar(dados, conocidos)
    if _cuantos_valores(QueryDict(limpios)) != _cuantos_valores(dados, conocidos):
        raise ValidationError("Algún filtro trae letras que no se pueden guardar: escríbalo otra vez.")
    return limpios


def _cuantos_valores(dados: QueryDict, conocidos: Collection[str] | None = None) -> int:
    nombres = set(dados) if conocidos is None else set(dados) & set(conocidos)
    return sum(len({valor for valor in dados.getlist(nombre) if valor.strip()}) for nombre in nombres)
