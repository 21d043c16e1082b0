"""De una consulta, o de filas cualesquiera, a los bytes de un archivo, por trozos y con el primero al instante."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Length

from ..valores import formatear_telefono
from .libro import LARGO_DE_CELDA, TEXTO_QUE_NO_CABE, FormatoXlsx, Libro, NoCabeEnExcel
from .plan import FILAS_POR_TROZO, Clase, ColumnaDeSalida, Cuenta, Plan, Trozo, compilar, elegidas, vacia_su_celda
from .recuerdos import Recuerdos
from .texto_csv import BOM, FormatoCsv, con_comillas
from .texto_json import FormatoJson

if TYPE_CHECKING:
    from ..recursos_base import RecursoBase

Formato = FormatoCsv | FormatoJson | FormatoXlsx
HOJA = "Datos"
_PREFIJO_MOVIL, _LARGO_E164 = "+573", 13


def formato_de(extension: str) -> Formato:
    """Cómo se escribe un «csv», un «xlsx» o un «json»."""
    formatos: dict[str, type[Formato]] = {"csv": FormatoCsv, "xlsx": FormatoXlsx, "json": FormatoJson}
    return formatos[extension]()


def escribir_consulta(
    recurso: RecursoBase,
    consulta: QuerySet[Any],
    extension: str,
    *,
    nombres: Sequence[str] | None = None,
    base: str = DEFAULT_DB_ALIAS,
    cuenta: Cuenta | None = None,
) -> Iterator[bytes]:
    """La consulta como la escribe el recurso: CSV, XLSX o JSON con las columnas elegidas (todas, si no se eligen)."""
    formato = formato_de(extension)
    contados = cuenta or Cuenta()
    plan = compilar(recurso, consulta, nombres, base, extension)
    if plan is not None:
        trozos = trozos_del_plan(plan, formato, contados)
    else:
        filas = _registro_por_registro(recurso, consulta.using(base), nombres, extension)
        trozos = _trozos_de_filas(list(elegidas(recurso, nombres)), filas, formato, contados)
    yield from _armar(formato, recurso.encabezados(nombres, con_titulos=extension != "json"), trozos)


def _registro_por_registro(
    recurso: RecursoBase, consulta: QuerySet[Any], nombres: Sequence[str] | None, extension: str
) -> Iterator[list[Any]]:
    se_vacian = [vacia_su_celda(columna, extension) for columna in elegidas(recurso, nombres).values()]
    for fila in recurso.filas(consulta, nombres, para_excel=extension == "xlsx"):
        yield ["" if vacia and not valor else valor for vacia, valor in zip(se_vacian, fila, strict=True)]


def exigir_que_quepa(recurso: RecursoBase, consulta: QuerySet[Any], nombres: Sequence[str] | None = None) -> None:
    """Lanza NoCabeEnExcel si un texto libre no cabe en una celda: con el archivo ya a medias no se podría decir."""
    campos = {str(columna.attribute) for columna in elegidas(recurso, nombres).values()}
    largos = [c.attname for c in consulta.model._meta.concrete_fields if c.name in campos and type(c) is TextField]
    if not largos:
        return
    alias = {f"largo_{nombre}": Length(nombre) for nombre in largos}
    condicion = reduce(or_, (Q(**{f"{nombre}__gte": LARGO_DE_CELDA}) for nombre in alias))
    if consulta.order_by().alias(**alias).filter(condicion).exists():
        raise NoCabeEnExcel(TEXTO_QUE_NO_CABE)


def trozos_del_plan(plan: Plan, formato: Formato, cuenta: Cuenta) -> Iterator[Trozo]:
    """Las filas del plan ya escritas, trozo por trozo."""
    escritores = escritores_de(plan, formato)
    for columnas in plan.trozos():
        escritas = [escribir(valores) for escribir, valores in zip(escritores, columnas, strict=True)]
        cuenta.registros += len(columnas[0])
        yield len(columnas[0]), formato.filas(escritas)


def escritores_de(plan: Plan, formato: Formato) -> list[Callable[[Sequence[Any]], Sequence[str]]]:
    """La función que pone por escrito cada columna entera."""
    return [_escritor(plan, columna, formato) for columna in plan.columnas]


def _escritor(plan: Plan, columna: ColumnaDeSalida, formato: Formato) -> Callable[[Sequence[Any]], Sequence[str]]:
    if columna.clase is Clase.TEXTO:
        return formato.textos(columna)
    if columna.clase is Clase.TELEFONO:
        textos = formato.textos(columna)
        return lambda valores: textos(_telefonos(valores))
    valor, celda = plan.valor(columna), formato.celda

    def uno(crudo: Any) -> str:
        return celda(columna, valor(crudo))

    return Recuerdos(uno).todos if columna.clase is Clase.REPETIDA else lambda valores: [uno(v) for v in valores]


def _telefonos(valores: Sequence[str]) -> list[str]:
    """`formatear_telefono` para una columna: los móviles, que son casi todos, sin llamarla."""
    return [
        f"{v[3:6]} {v[6:9]} {v[9:]}"
        if len(v) == _LARGO_E164 and v[:4] == _PREFIJO_MOVIL and v.isascii() and v[4:].isdigit()
        else formatear_telefono(v) if v else ""
        for v in valores
    ]  # fmt: skip


def _trozos_de_filas(
    nombres: Sequence[str], filas: Iterable[Sequence[Any]], formato: Formato, cuenta: Cuenta
) -> Iterator[Trozo]:
    columnas = [ColumnaDeSalida(nombre, (nombre,)) for nombre in nombres]
    pendientes = iter(filas)
    while trozo := list(islice(pendientes, FILAS_POR_TROZO)):
        cuenta.registros += len(trozo)
        por_columna = zip(columnas, zip(*trozo, strict=True), strict=True)
        escritas = [[formato.celda(columna, valor) for valor in valores] for columna, valores in por_columna]
        yield len(trozo), formato.filas(escritas)


def _armar(formato: Formato, encabezados: Sequence[str], trozos: Iterator[Trozo]) -> Iterator[bytes]:
    if isinstance(formato, FormatoCsv):
        yield (BOM + formato.filas([[con_comillas(titulo)] for titulo in encabezados])).encode()
        yield from (texto.encode() for _, texto in trozos)
    elif isinstance(formato, FormatoJson):
        yield b"["
        union = "\n"
        for _, texto in trozos:
            yield (union + texto).encode()
            union = ",\n"
        yield b"\n]\n"
    else:
        libro = Libro()
        yield libro.abrir()
        yield from libro.hoja(HOJA, encabezados, trozos)
        yield libro.cerrar()


# --- Filas cualesquiera ----------------------------------------------------------------------------------------------


def escribir_csv(encabezados: Sequence[str], filas: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Un CSV con esas filas."""
    return _escribir("csv", encabezados, filas)


def escribir_xlsx(encabezados: Sequence[str], filas: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Un libro de Excel de una hoja con esas filas. Lanza NoCabeEnExcel si un texto no cabe en una celda."""
    return _escribir("xlsx", encabezados, filas)


def escribir_json(encabezados: Sequence[str], filas: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Una lista JSON, un registro por línea; lo vacío se omite."""
    return _escribir("json", encabezados, filas)


def _escribir(extension: str, encabezados: Sequence[str], filas: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    formato = formato_de(extension)
    return _armar(formato, encabezados, _trozos_de_filas(encabezados, filas, formato, Cuenta()))
