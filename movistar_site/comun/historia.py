"""Las versiones de un registro, con lo que cambió de una a otra dicho en palabras del negocio."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.utils import timezone
from django.utils.text import capfirst

from .presentacion import decimal

TIPOS = {"+": "Creación", "~": "Cambio", "-": "Borrado"}
VACIO = "—"
_SIN_INTERES = {"creado_en", "actualizado_en"}


@dataclass(frozen=True)
class Cambio:
    """Un dato que pasó de un valor a otro."""

    campo: str
    antes: str
    despues: str


@dataclass
class Version:
    """Cómo quedó un registro en un momento, quién lo dejó así y por qué."""

    registro: Any
    tipo: str
    cambios: list[Cambio] = field(default_factory=list)
    vigente: bool = False

    @property
    def autor(self) -> str:
        """El nombre guardado con la versión, que queda aunque la cuenta se borre."""
        return getattr(self.registro, "autor", "") or "El sistema"

    @property
    def motivo(self) -> str:
        """Por qué, si alguien lo dijo."""
        return self.registro.history_change_reason or ""

    @property
    def origen(self) -> str:
        """Desde dónde: una importación, una orden, un trabajo; vacío si fue en una pantalla."""
        return getattr(self.registro, "origen", "") or ""


@cache
def modelo_historico(modelo: type[Model]) -> Any:
    """El modelo de la historia de `modelo`."""
    return getattr(modelo, modelo._meta.simple_history_manager_attribute).model  # type: ignore[attr-defined]


def versiones(modelo: type[Model], clave: Any, *, desde: int, cuantas: int) -> tuple[list[Version], bool]:
    """Las versiones de un registro, de la última a la primera, y si quedan más, con un número fijo de consultas."""
    historico = modelo_historico(modelo)
    consulta = historico.objects.filter(**{modelo._meta.pk.attname: clave}).order_by("-history_date", "-history_id")
    # Una de más: hace falta para decir qué cambió en la última de la página.
    filas = list(consulta[desde : desde + cuantas + 1])
    resultado = con_cambios(historico, filas, cuantas)
    if resultado and desde == 0:
        resultado[0].vigente = True
    return resultado, len(filas) > cuantas


def con_cambios(historico: Any, filas: list[Any], cuantas: int) -> list[Version]:
    """Las primeras `cuantas` filas de historia de un registro, cada una comparada con la que la sigue en la lista.

    `filas` va de la última a la primera y trae una de más, con la que se compara la última; sin ella no se sabe qué
    cambió en esa. Una consulta por cada modelo al que se refieren.
    """
    nombres = _Nombres(historico, filas)
    resultado = []
    for posicion, fila in enumerate(filas[:cuantas]):
        anterior = filas[posicion + 1] if posicion + 1 < len(filas) else None
        cambios = diferencias(anterior, fila, nombres) if anterior is not None and fila.history_type == "~" else []
        resultado.append(Version(fila, TIPOS.get(fila.history_type, ""), cambios))
    return resultado


def campos_varios(historico: Any) -> list[ManyToManyField[Any, Any]]:
    """Los campos de varios valores que la historia sigue."""
    return list(getattr(historico, "_history_m2m_fields", ()))


def comparar(vieja: Any, nueva: Any) -> list[Cambio]:
    """Lo que cambia entre dos versiones cualesquiera."""
    return diferencias(vieja, nueva, _Nombres(type(vieja), [vieja, nueva]))


def diferencias(vieja: Any, nueva: Any, nombres: _Nombres) -> list[Cambio]:
    """Los datos distintos entre dos filas de historia, con su nombre para personas."""
    cambios = []
    for campo in type(nueva).tracked_fields:
        if campo.name in _SIN_INTERES:
            continue
        antes, despues = getattr(vieja, campo.attname), getattr(nueva, campo.attname)
        if antes != despues:
            cambios.append(
                Cambio(capfirst(campo.verbose_name), nombres.decir(campo, antes), nombres.decir(campo, despues))
            )
    for varios in campos_varios(type(nueva)):
        antes_ids, despues_ids = nombres.claves(vieja, varios), nombres.claves(nueva, varios)
        if set(antes_ids) != set(despues_ids):
            titulo = str(capfirst(varios.verbose_name))
            cambios.append(Cambio(titulo, nombres.lista(varios, antes_ids), nombres.lista(varios, despues_ids)))
    return cambios


def claves_varias(fila: Any, campo: ManyToManyField[Any, Any]) -> list[Any]:
    """Las claves que una versión tenía en un campo de varios valores."""
    return _enlaces([fila], campo).get(fila.pk, [])


def _enlaces(filas: Iterable[Any], campo: ManyToManyField[Any, Any]) -> dict[Any, list[Any]]:
    """Versión → claves que tenía en un campo de varios valores, en una consulta."""
    filas = list(filas)
    enlaces = getattr(type(filas[0]), campo.name).model.objects.filter(history_id__in=[fila.pk for fila in filas])
    por_version: dict[Any, list[Any]] = {}
    for version, clave in enlaces.values_list("history_id", f"{campo.m2m_reverse_field_name()}_id"):
        por_version.setdefault(version, []).append(clave)
    return por_version


class _Nombres:
    """Cómo se dicen los valores guardados: los de otros registros se leen de una vez, uno por modelo."""

    def __init__(self, historico: Any, filas: Iterable[Any]) -> None:
        claves: dict[type[Model], set[Any]] = {}
        filas = list(filas)
        for campo in historico.tracked_fields:
            if isinstance(campo, ForeignKey):
                claves.setdefault(campo.related_model, set()).update(getattr(fila, campo.attname) for fila in filas)
        self._enlaces = {varios.name: _enlaces(filas, varios) for varios in campos_varios(historico)} if filas else {}
        for varios in campos_varios(historico) if filas else ():
            conjunto = claves.setdefault(varios.related_model, set())
            conjunto.update(clave for grupo in self._enlaces[varios.name].values() for clave in grupo)
        self._textos = {modelo: textos(modelo, valores - {None}) for modelo, valores in claves.items()}

    def decir(self, campo: Field[Any, Any], valor: Any) -> str:
        if isinstance(campo, ForeignKey) and valor is not None:
            return self._textos[campo.related_model].get(valor, f"{valor} (ya no existe)")
        return decir(campo, valor)

    def claves(self, fila: Any, campo: ManyToManyField[Any, Any]) -> list[Any]:
        return self._enlaces[campo.name].get(fila.pk, [])

    def lista(self, campo: ManyToManyField[Any, Any], valores: list[Any]) -> str:
        textos = self._textos[campo.related_model]
        return ", ".join(sorted(textos.get(valor, f"{valor} (ya no existe)") for valor in valores)) or VACIO


def textos(modelo: type[Model], claves: set[Any]) -> dict[Any, str]:
    """Cómo se nombra cada uno de esos registros; los que ya no están faltan."""
    if not claves:
        return {}
    relaciones = [campo.name for campo in modelo._meta.fields if isinstance(campo, ForeignKey)]
    consulta = modelo._base_manager.select_related(*relaciones) if relaciones else modelo._base_manager
    return {registro.pk: str(registro) for registro in consulta.filter(pk__in=claves)}


def decir(campo: Field[Any, Any], valor: Any) -> str:  # noqa: PLR0911 - una salida por clase de valor
    """Un valor guardado, como se le muestra a una persona."""
    if valor is None or valor in ("", [], {}):
        return VACIO
    if campo.flatchoices:
        return str(dict(campo.flatchoices).get(valor, valor))
    if isinstance(valor, bool):
        return "Sí" if valor else "No"
    if isinstance(valor, datetime):
        return f"{timezone.localtime(valor):%d/%m/%Y %H:%M}"
    if isinstance(valor, date):
        return f"{valor:%d/%m/%Y}"
    if isinstance(valor, Decimal):
        return decimal(valor)
    if isinstance(valor, list):
        return ", ".join(str(parte) for parte in valor)
    if isinstance(valor, dict):
        return "; ".join(f"{clave}: {dato}" for clave, dato in valor.items())
    return str(valor)


__all__ = [
    "Cambio",
    "Version",
    "campos_varios",
    "claves_varias",
    "comparar",
    "con_cambios",
    "decir",
    "modelo_historico",
    "textos",
    "versiones",
]
