"""Qué se pide a la base para exportar una consulta y qué es cada columna.

Un registro de Django por fila cuesta quince veces más que sus columnas crudas. El plan se compila una vez por
exportación: qué columnas SQL, en qué orden y cómo se pone por escrito cada valor. Lo que no se puede decir así
(relaciones de varios a varios, columnas calculadas sobre el registro) se exporta por el camino de los registros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import connections, models

from ..celdas import Celda, ClaveNatural, FechaHora, Opcion, Referencia, Telefono, ValorJson
from .recuerdos import valor_de_instante

if TYPE_CHECKING:
    from ..piezas_intercambio import Columna
    from ..recursos_base import RecursoBase

FILAS_POR_TROZO = 1_000
# De estos hay pocos valores distintos, o se repiten seguido: cada uno se pone por escrito una vez.
_REPETIDOS = (
    models.DateField, models.DecimalField, models.IntegerField, models.BooleanField, models.JSONField,
)  # fmt: skip


Trozo = tuple[int, str]
"""Unas filas ya escritas: cuántas son y su texto."""


class Clase(Enum):
    """Cómo se trata una columna entera."""

    TEXTO = "texto"
    TELEFONO = "teléfono"
    INSTANTE = "instante"
    REPETIDA = "repetida"
    SUELTA = "suelta"


@dataclass
class Cuenta:
    """Cuántos registros van escritos."""

    registros: int = 0


@dataclass(frozen=True)
class ColumnaDeSalida:
    """Una columna de la exportación.

    `fuentes`: las columnas de la consulta de las que sale; varias se unen con guion. `render` da lo que se escribe a
    partir del valor de Django (de un instante, ya en hora de Colombia; sin él, su texto ISO 8601). `siempre`: en JSON
    sale aunque esté vacía.
    """

    nombre: str
    fuentes: tuple[str, ...]
    clase: Clase = Clase.TEXTO
    titulo: str = ""
    anulable: bool = False
    siempre: bool = False
    render: Callable[[Any], Any] | None = None


class Plan:
    """Una consulta y sus columnas, listas para leerse de la base `base` por trozos."""

    def __init__(
        self,
        consulta: models.QuerySet[Any],
        columnas: Sequence[ColumnaDeSalida],
        base: str,
        *,
        filas_por_trozo: int = FILAS_POR_TROZO,
    ) -> None:
        self.columnas = list(columnas)
        self.filas_por_trozo = filas_por_trozo
        self.base = base
        fuentes = dict.fromkeys(fuente for columna in columnas for fuente in columna.fuentes)
        if consulta.query.distinct:
            # Sin la clave, dos registros con las mismas celdas saldrían como uno.
            fuentes["pk"] = None
        self.posiciones = {fuente: posicion for posicion, fuente in enumerate(fuentes)}
        self.consulta = consulta.using(base).values_list(*fuentes)
        self.convertidores: dict[int, Any] = {}
        self.sql: tuple[str, Any] | None = None
        self._compilar()

    def _compilar(self) -> None:
        compilador = self.consulta.query.get_compiler(using=self.base)
        try:
            self.sql = compilador.as_sql()
        except EmptyResultSet:
            return
        self.convertidores = compilador.get_converters([expresion for expresion, *_ in compilador.select])

    def valor(self, columna: ColumnaDeSalida) -> Callable[[Any], Any]:
        """La función que da el valor que se escribe a partir del que guarda la base."""
        convertidores, expresion = self.convertidores.get(self.posiciones[columna.fuentes[0]], ((), None))
        conexion, render = connections[self.base], columna.render
        if columna.clase is Clase.INSTANTE:
            return valor_de_instante(conexion.timezone, render)

        def valor(crudo: Any) -> Any:
            for convertir in convertidores:
                crudo = convertir(crudo, expresion, conexion)
            return render(crudo) if render is not None else crudo

        return valor

    def trozos(self) -> Iterator[list[Sequence[Any]]]:
        """Las columnas de cada trozo de filas, en el orden de `columnas` y con el valor que guarda la base."""
        for filas in self.filas():
            crudas = list(zip(*filas, strict=True))
            yield [self._unir(columna, crudas) for columna in self.columnas]

    def filas(self) -> Iterator[list[tuple[Any, ...]]]:
        """Las filas crudas, de a `filas_por_trozo`."""
        if self.sql is None:
            return
        with connections[self.base].chunked_cursor() as cursor:
            cursor.execute(*self.sql)
            while filas := cursor.fetchmany(self.filas_por_trozo):
                yield filas

    def _unir(self, columna: ColumnaDeSalida, crudas: list[tuple[Any, ...]]) -> Sequence[Any]:
        partes = [crudas[self.posiciones[fuente]] for fuente in columna.fuentes]
        valores: Sequence[Any] = partes[0]
        if len(partes) > 1:
            valores = ["-".join(varios) if varios[0] is not None else "" for varios in zip(*partes, strict=True)]
        elif columna.anulable and columna.clase in (Clase.TEXTO, Clase.TELEFONO):
            valores = [valor or "" for valor in valores]
        return valores


def elegidas(recurso: RecursoBase, nombres: Sequence[str] | None) -> dict[str, Columna]:
    """Las columnas de un recurso que se pidieron; todas, si no se pidieron."""
    return {nombre: columna for nombre, columna in recurso.fields.items() if nombres is None or nombre in nombres}


def compilar(
    recurso: RecursoBase, consulta: models.QuerySet[Any], nombres: Sequence[str] | None, base: str, extension: str
) -> Plan | None:
    """El plan con que un recurso exporta esa consulta, o None si alguna columna necesita el registro entero."""
    consulta = recurso.preparar(consulta)
    columnas = []
    for nombre, columna in elegidas(recurso, nombres).items():
        if columna.calcular is not None or columna.muchos:
            return None
        salida = _columna(nombre, columna, consulta, extension)
        if salida is None:
            return None
        columnas.append(salida)
    return Plan(consulta, columnas, base)


def vacia_su_celda(columna: Columna, extension: str) -> bool:
    """En una tabla, un objeto vacío es una celda vacía, salvo que al volver una vacía quiera decir otra cosa."""
    return isinstance(columna.widget, ValorJson) and not columna.conserva and extension != "json"


def _columna(nombre: str, columna: Columna, consulta: models.QuerySet[Any], extension: str) -> ColumnaDeSalida | None:
    atributo, celda = str(columna.attribute), columna.widget
    calculada = consulta.query.annotations.get(atributo)
    try:
        campo: Any = consulta.model._meta.get_field(atributo) if calculada is None else calculada.output_field
    except FieldDoesNotExist:
        return None
    anulable = campo.null or calculada is not None
    fuentes: tuple[str, ...] = (atributo,)
    para_excel = extension == "xlsx"
    se_vacia = vacia_su_celda(columna, extension)

    def render(valor: Any) -> Any:
        return "" if se_vacia and not valor else celda.render(valor, para_excel=para_excel)

    if isinstance(campo, models.ForeignKey) and calculada is None:
        if not (isinstance(celda, Referencia) and isinstance(celda.clave, ClaveNatural)):
            return None
        fuentes = tuple(f"{atributo}__{parte}" for parte in celda.clave.campos)
        return ColumnaDeSalida(
            nombre, fuentes, Clase.REPETIDA if len(fuentes) == 1 else Clase.TEXTO, columna.titulo, anulable
        )
    clase = _clase(campo, celda)
    if clase is Clase.INSTANTE:
        # Fuera de Excel, un instante es su texto ISO 8601.
        en_excel = partial(celda.de_local, para_excel=True) if para_excel else None
        return ColumnaDeSalida(nombre, fuentes, clase, columna.titulo, anulable, render=en_excel)
    return ColumnaDeSalida(nombre, fuentes, clase, columna.titulo, anulable, render=render)


def _clase(campo: Any, celda: Any) -> Clase:
    if isinstance(campo, models.DateTimeField):
        return Clase.INSTANTE if isinstance(celda, FechaHora) else Clase.SUELTA
    if isinstance(campo, _REPETIDOS) or isinstance(celda, Opcion):
        return Clase.REPETIDA
    if not isinstance(campo, models.CharField | models.TextField) or hasattr(campo, "from_db_value"):
        return Clase.SUELTA
    if type(celda) is Telefono:
        return Clase.TELEFONO
    return Clase.TEXTO if type(celda).render is Celda.render else Clase.SUELTA
