"""Lo que no entró, como archivo: en el formato en que llegó, con el motivo, listo para corregirse e importarse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from movistar_site.comun.json_texto import volcar_linea
from movistar_site.comun.salida import escribir_csv, escribir_xlsx

from . import lector
from .models import ArchivoImportado, AvisoImportacion, Importacion, RegistroPlan, TipoRegistro
from .piezas import MOTIVO_DE_RECHAZO

TIPOS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_CLAVE = "motivo_del_rechazo"
_DE_TABLA = {"csv": escribir_csv, "xlsx": escribir_xlsx}
# La sección de un JSON en que se vuelve a leer cada entidad.
_SECCIONES = {"clientes": "usuarios"}


def escribir_rechazados(importacion: Importacion) -> tuple[str, str, Iterator[bytes]]:
    """Nombre del archivo, su tipo y su contenido por trozos.

    Una tabla sale con sus columnas y una más, el motivo; un JSON, por secciones y con el motivo en cada registro. Si de
    la tabla ya no queda el archivo, sale en JSON.
    """
    archivos = list(importacion.archivos.all())  # type: ignore[attr-defined]
    formato = archivos[0].formato if len(archivos) == 1 and archivos[0].ruta.is_file() else ""
    if formato not in _DE_TABLA:
        return f"rechazados-importacion-{importacion.pk}.json", TIPOS["json"], _json(importacion)
    encabezados, filas = _tabla(importacion, archivos[0])
    contenido = _DE_TABLA[formato](encabezados, filas)
    return f"rechazados-importacion-{importacion.pk}.{formato}", TIPOS[formato], contenido


def _malos(importacion: Importacion) -> Iterator[RegistroPlan]:
    consulta = RegistroPlan.objects.filter(importacion=importacion, tipo=TipoRegistro.ERROR).order_by("id")
    return consulta.iterator(chunk_size=500)


def motivo_de(registro: RegistroPlan) -> str:
    """Todas las faltas de un registro en una frase."""
    partes = [f"{campo}: {motivo}" if campo else motivo for campo, _, motivo, _ in registro.detalle.get("faltas", [])]
    return " ".join(partes)


def _tabla(importacion: Importacion, archivo: ArchivoImportado) -> tuple[list[str], Iterator[list[Any]]]:
    """Las filas con errores como estaban en el archivo. De una fila salen varios registros: lleva todos sus motivos."""
    motivos: dict[int, list[str]] = {}
    for registro in _malos(importacion):
        motivos.setdefault(registro.registro, []).append(motivo_de(registro))
    documento: Any = lector.abrir(archivo.ruta, archivo.nombre)
    sobrante = [n for n, titulo in enumerate(documento.encabezados) if titulo == MOTIVO_DE_RECHAZO]

    def filas() -> Iterator[list[Any]]:
        with documento:
            # Se numeran como al leerlas: desde 1 y sin las que están en blanco.
            for numero, (_, celdas, _) in enumerate(documento.filas(), 1):
                if numero in motivos:
                    suyos = " ".join(dict.fromkeys(motivos[numero]))
                    yield [celda for n, celda in enumerate(celdas) if n not in sobrante] + [suyos]

    return [titulo for titulo in documento.encabezados if titulo != MOTIVO_DE_RECHAZO] + [MOTIVO_DE_RECHAZO], filas()


def _json(importacion: Importacion) -> Iterator[bytes]:
    yield b'{"movistar": {'
    seccion = ""
    for registro in _malos(importacion):
        suya = _SECCIONES.get(registro.entidad, registro.entidad)
        if suya != seccion:
            yield (b"\n]," if seccion else b"") + b"\n" + volcar_linea(suya) + b": [\n"
        else:
            yield b",\n"
        seccion = suya
        yield volcar_linea({**registro.valores, _CLAVE: motivo_de(registro)})
    yield (b"\n]" if seccion else b"") + b"\n}}\n"


def escribir_avisos_csv(importacion: Importacion) -> Iterator[bytes]:
    """Todo lo que no se reconoció, en CSV: archivo, lugar, clave, valor y motivo."""
    nombres = {archivo.orden: archivo.nombre for archivo in importacion.archivos.all()}  # type: ignore[attr-defined]
    avisos = AvisoImportacion.objects.filter(importacion=importacion).order_by("id").iterator(chunk_size=500)
    filas = ([nombres.get(a.archivo, ""), a.ruta, a.clave, a.valor, a.motivo] for a in avisos)
    return escribir_csv(["Archivo", "Lugar", "Clave", "Valor", "Motivo"], filas)
