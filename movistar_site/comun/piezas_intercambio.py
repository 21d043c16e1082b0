"""Las piezas de una importación: entradas, resultados, faltas, columnas y lo que comparten los recursos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from import_export.fields import Field
from import_export.results import Result, RowResult

from .valores import citar

NUEVO, CAMBIADO, IGUAL, ERROR = "nuevo", "cambiado", "igual", "error"
TIPOS_DE_RESULTADO = (NUEVO, CAMBIADO, IGUAL, ERROR)
_A_IMPORT_EXPORT = {
    NUEVO: RowResult.IMPORT_TYPE_NEW,
    CAMBIADO: RowResult.IMPORT_TYPE_UPDATE,
    IGUAL: RowResult.IMPORT_TYPE_SKIP,
    ERROR: RowResult.IMPORT_TYPE_INVALID,
}


@dataclass(frozen=True)
class Falta:
    """Por qué no se acepta un dato: campo con su nombre visible, lo que llegó, el motivo y la columna de la celda."""

    campo: str
    valor: str
    motivo: str
    columna: str = ""


@dataclass(slots=True)
class Entrada:
    """Una fila ya traducida: dónde está en el archivo y qué trae para cada columna."""

    lugar: str
    valores: dict[str, Any]
    falla: str = ""


@dataclass(slots=True)
class Resultado:
    """Qué pasó (o pasaría) con una entrada.

    `cambios`: columna, título, antes y después, como se muestran. `clave`: la clave natural en texto, «» si no trae.
    `notas`: lo que se decidió por el archivo y conviene que alguien sepa.
    """

    lugar: str
    tipo: str
    registro: str = ""
    faltas: list[Falta] = field(default_factory=list)
    cambios: list[tuple[str, str, str, str]] = field(default_factory=list)
    instancia: Any = None
    clave: str = ""
    notas: list[str] = field(default_factory=list)


@dataclass
class Contexto:
    """Lo que comparten los recursos de una misma importación.

    `identificador`: por qué dato se reconoce a un cliente, «documento» u «origen». `en_plan`: de unas claves de una
    familia, las que vienen en la misma importación y qué pasaría con cada una (nuevo, cambiado, igual o error).
    `puede_esperar`: lo que un registro enlaza de su misma clase puede venir después en la misma importación.
    """

    hoy: date = field(default_factory=timezone.localdate)
    usuario: Any = None
    memoria: dict[Any, Any] = field(default_factory=dict)
    fallidos: set[Any] = field(default_factory=set)
    # Los registros que creó esta misma importación, por familia: una restauración trae de todo y en cualquier estado.
    nuevos: dict[str, set[Any]] = field(default_factory=dict)
    identificador: str = "documento"
    en_plan: Callable[[str, Sequence[str]], dict[str, str]] | None = None
    puede_esperar: bool = False

    def es_nuevo(self, familia: str, instancia: Any) -> bool:
        """Verdadero si el registro se creó en esta misma importación."""
        return instancia.pk in self.nuevos.get(familia, ())

    def recordar(self, clave: Any, buscar: Callable[[], Any]) -> Any:
        """El registro de esa clave, buscado una sola vez. Lanza ValueError si vino en el archivo con errores."""
        if clave in self.fallidos:
            raise ValueError(con_errores(clave[-1]))
        if clave not in self.memoria:
            self.memoria[clave] = buscar()
        return self.memoria[clave]


def con_errores(clave: object) -> str:
    """Por qué no se puede enlazar con un registro del mismo archivo."""
    return f"{citar(clave)} viene en el archivo con errores: corríjalo primero."


class Columna(Field):
    """Una columna: cómo se llama para la gente, cómo se lee y de qué atributo sale.

    `obligatoria` en un registro nuevo. `conserva`: una celda vacía no toca lo que hay. `muchos`: relación de varios a
    varios. `calcular`: la lee de la instancia cuando no es un atributo suyo.
    """

    def __init__(
        self,
        widget: Any,
        titulo: str = "",
        *,
        atributo: str | None = None,
        alias: Sequence[str] = (),
        obligatoria: bool = False,
        conserva: bool = False,
        muchos: bool = False,
        calcular: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(attribute=atributo, widget=widget)
        self.titulo, self.alias, self.obligatoria = titulo, tuple(alias), obligatoria
        self.conserva, self.muchos, self.calcular = conserva, muchos, calcular

    def valor_en(self, instancia: Any) -> Any:
        """Lo que el registro tiene hoy en esta columna."""
        if self.calcular is not None:
            return self.calcular(instancia)
        if self.muchos:
            return sorted(getattr(instancia, str(self.attribute)).all(), key=str) if instancia.pk else []
        return getattr(instancia, str(self.attribute), None)

    def export(self, instance: Any, **kwargs: Any) -> Any:
        return self.widget.render(self.valor_en(instance), **kwargs)


class ResultadoDeTabla(Result):
    """El resultado de django-import-export más el informe propio."""

    def __init__(self) -> None:
        super().__init__()
        self.resultados: list[Resultado] = []
        self.desconocidos: list[str] = []
        self.faltas: list[tuple[str, Falta]] = []
        self.cuentas = dict.fromkeys(TIPOS_DE_RESULTADO, 0)

    def agregar(self, resultado: Resultado, numero: int) -> None:
        """Suma el resultado de una fila."""
        fila = RowResult()
        fila.import_type = _A_IMPORT_EXPORT[resultado.tipo]
        fila.add_instance_info(resultado.instancia)
        fila.instance = resultado.instancia
        if resultado.tipo == ERROR:
            por_campo: dict[str, list[str]] = {}
            for falta in resultado.faltas:
                por_campo.setdefault(falta.campo or NON_FIELD_ERRORS, []).append(falta.motivo)
            fila.validation_error = ValidationError(por_campo)
            self.append_invalid_row(numero, {}, fila.validation_error)
            self.faltas += [(resultado.lugar, falta) for falta in resultado.faltas]
        self.append_row_result(fila)
        self.increment_row_result_total(fila)
        self.resultados.append(resultado)
        self.cuentas[resultado.tipo] += 1
