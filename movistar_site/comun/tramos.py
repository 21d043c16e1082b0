"""Listas por páginas con clave: se pide lo que sigue a la última fila, sin contar ni saltar las anteriores.

La página un millón cuesta lo mismo que la primera. El orden puede llevar varias columnas, y la primera puede estar
vacía en algunas filas: esas van al final. La última columna debe distinguir a todas las filas (la clave).
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connections
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

POR_PAGINA = 25
LIMITE_DE_CUENTA = 1_000
_SEPARADOR = "~"
_VACIO = "-"
_LARGO_MAXIMO = 100


@dataclass(frozen=True)
class Orden:
    """Las columnas de la clave, de la que más manda a la que desempata, y si van de mayor a menor."""

    columnas: tuple[str, ...]
    descendente: bool = False
    # La primera columna puede estar vacía; esas filas van al final.
    con_vacios: bool = False

    def texto(self, fila: Sequence[Any]) -> str:
        """La clave de una fila, como va en la dirección de la página."""
        return _SEPARADOR.join(_VACIO if valor is None else _a_texto(valor) for valor in fila)

    def leer(self, texto: str | None, modelo: type[Model]) -> tuple[Any, ...] | None:
        """La clave que dice la dirección, o None si no es de este orden."""
        partes = (texto or "").split(_SEPARADOR)
        if len(partes) != len(self.columnas) or len(texto or "") > _LARGO_MAXIMO:
            return None
        try:
            return tuple(
                _de_texto(parte, _campo(modelo, columna), vacio=self.con_vacios and not n)
                for n, (columna, parte) in enumerate(zip(self.columnas, partes, strict=True))
            )
        except (ValueError, ValidationError, OverflowError):
            return None


@dataclass(frozen=True)
class Posicion:
    """Desde dónde se muestra: después o antes de una clave; sin ninguna, desde el principio."""

    despues: tuple[Any, ...] | None = None
    antes: tuple[Any, ...] | None = None

    @classmethod
    def de(cls, parametros: Mapping[str, str], orden: Orden, modelo: type[Model]) -> Posicion:
        """La que dice la dirección de la página; lo que no es una clave se ignora."""
        despues = orden.leer(parametros.get("despues"), modelo)
        return cls(despues, None if despues else orden.leer(parametros.get("antes"), modelo))


@dataclass
class Tramo:
    """Las filas de una página y las claves con que se piden la anterior y la siguiente (vacías: no hay)."""

    filas: list[Any] = field(default_factory=list)
    anterior: str = ""
    siguiente: str = ""


def tramo(ramas: Sequence[QuerySet[Any]], orden: Orden, posicion: Posicion, *, cuantas: int = POR_PAGINA) -> Tramo:
    """Una página de la unión de `ramas`, que no comparten filas, cada una por su índice.

    Devuelve en `filas` las claves primarias, en su orden: quien llama trae las filas de esas claves con lo que muestre.
    """
    atras = posicion.antes is not None
    halladas: list[tuple[Any, ...]] = []
    for lleno in (True, False) if not atras else (False, True):
        if not lleno and not orden.con_vacios:
            continue
        faltan = cuantas + 1 - len(halladas)
        # Aunque la página ya esté llena se pregunta: así el número de consultas no depende de cuántas filas haya.
        por_rama = [_claves(rama, orden, posicion, lleno=lleno, cuantas=max(faltan, 1)) for rama in ramas]
        reves = orden.descendente != atras
        halladas += list(heapq.merge(*por_rama, key=_comparable, reverse=reves))[:faltan]
    hay_mas = len(halladas) > cuantas
    halladas = halladas[:cuantas]
    if atras:
        halladas.reverse()
    if not halladas:
        return Tramo()
    hay_antes = hay_mas if atras else posicion.despues is not None
    hay_despues = True if atras else hay_mas
    return Tramo(
        [fila[-1] for fila in halladas],
        orden.texto(halladas[0]) if hay_antes else "",
        orden.texto(halladas[-1]) if hay_despues else "",
    )


def _claves(rama: QuerySet[Any], orden: Orden, posicion: Posicion, *, lleno: bool, cuantas: int) -> list[Any]:
    """Las claves de una rama en ese tramo: las filas con la primera columna llena, o las que la tienen vacía."""
    atras = posicion.antes is not None
    corte = posicion.antes if atras else posicion.despues
    primera, *resto = orden.columnas
    columnas = orden.columnas if lleno else tuple(resto)
    if orden.con_vacios:
        rama = rama.filter(**{f"{primera}__isnull": not lleno})
    if corte is not None:
        en_vacios = orden.con_vacios and corte[0] is None
        if en_vacios != (not lleno):
            # El corte está en la otra mitad: esta se muestra entera, o ya pasó.
            if en_vacios != atras:
                return []
        else:
            rama = rama.filter(_mas_alla(columnas, corte if lleno else corte[1:], menor=orden.descendente != atras))
    signo = "-" if orden.descendente != atras else ""
    rama = rama.order_by(*(f"{signo}{columna}" for columna in columnas))
    return [fila if lleno else (None, *fila) for fila in rama.values_list(*columnas)[:cuantas]]


def _mas_alla(columnas: Sequence[str], corte: Sequence[Any], *, menor: bool) -> Q:
    """(a, b) > (x, y), dicho de modo que la base recorra el índice desde ahí: a >= x y, además, no antes de (x, y)."""
    signo = "lt" if menor else "gt"
    condicion = Q(**{f"{columnas[-1]}__{signo}": corte[-1]})
    for columna, valor in zip(reversed(columnas[:-1]), reversed(corte[:-1]), strict=True):
        condicion = Q(**{f"{columna}__{signo}e": valor}) & (Q(**{f"{columna}__{signo}": valor}) | condicion)
    return condicion


def _comparable(fila: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(valor for valor in fila if valor is not None)


def _campo(modelo: type[Model], columna: str) -> Any:
    return modelo._meta.pk if columna in ("pk", "id") else modelo._meta.get_field(columna)


def _a_texto(valor: Any) -> str:
    if isinstance(valor, datetime):
        # «Z» y no «+00:00»: en una dirección, un «+» es un espacio.
        return valor.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return valor.isoformat() if isinstance(valor, date) else str(valor)


def _de_texto(texto: str, campo: Any, *, vacio: bool) -> Any:
    if vacio and texto == _VACIO:
        return None
    if campo.get_internal_type() == "DateTimeField":
        instante = parse_datetime(texto)
        if instante is None or instante.tzinfo is None:
            raise ValueError(texto)
        return instante
    if campo.get_internal_type() == "DateField":
        return date.fromisoformat(texto)
    if not texto.isascii() or not texto.isdigit():
        raise ValueError(texto)
    return min(int(texto), 2**63 - 1)


def contar(consulta: QuerySet[Any], limite: int = LIMITE_DE_CUENTA, *, por: Orden | None = None) -> int:
    """Cuántas filas hay, hasta una más que el límite.

    `por`: el orden en que se muestran. Con él la base cuenta por el mismo índice con que las muestra; sin él podría
    preferir otro que la haga recorrer la tabla entera para decir que no hay ninguna.
    """
    consulta = consulta.order_by(*(por.columnas if por else ()))
    return consulta.values("pk")[: limite + 1].count()


def contar_juntas(consultas: Sequence[QuerySet[Any]], limite: int = LIMITE_DE_CUENTA) -> list[int]:
    """Cuántas filas hay en cada consulta, hasta una más que el límite, con un solo viaje a la base.

    Cada una se cuenta en el orden que traiga: es el de su índice (véase `contar`).
    """
    if not consultas:
        return []
    partes: list[str] = []
    valores: list[Any] = []
    for consulta in consultas:
        try:
            sql, suyos = consulta.values("pk")[: limite + 1].query.get_compiler(consulta.db).as_sql()
        except EmptyResultSet:
            partes.append("0")
            continue
        partes.append(f"(SELECT COUNT(*) FROM ({sql}) c)")  # noqa: S608 - la escribe Django
        valores += suyos
    with connections[consultas[0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(partes)}", valores)
        return [int(cuantas) for cuantas in cursor.fetchone()]


def cuenta_en_palabras(cuantas: int, limite: int = LIMITE_DE_CUENTA) -> str:
    """«25», o «1.000+» si hay más de las que se cuentan."""
    texto = f"{min(cuantas, limite):,}".replace(",", ".")
    return f"{texto}+" if cuantas > limite else texto
