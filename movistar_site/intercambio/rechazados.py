"""Lo que no entró, como archivo: en el formato en que llegó, con el motivo, listo para corregirse e importarse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from movistar_site.comun.json_texto import volcar_linea
from movistar_site.comun.salida import escribir_csv, escribir_xlsx

from . import lector
from .models import ArchivoImportado, AvisoImportacion, Importacion, RegistroPlan, TipoRegistro

MOTIVO = "Motivo del rechazo"
TIPOS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
# La sección de un JSON en que se vuelve a leer cada entidad.
_SECCIONES = {"clientes": "usuarios"}


def escribir_rechazados(importacion: Importacion) -> tuple[str, str, Iterator[bytes]]:
    """Nombre del archivo, su tipo y su contenido por trozos.

    Una tabla sale con sus columnas y una más, el motivo; un JSON, por secciones y con la clave «motivo» en cada uno.
    """
    archivos = list(importacion.archivos.all())  # type: ignore[attr-defined]
    formato = archivos[0].formato if len(archivos) == 1 else "json"
    nombre = f"rechazados-importacion-{importacion.pk}.{formato}"
    if formato == "json":
        return nombre, TIPOS["json"], _json(importacion)
    escribir = escribir_csv if formato == "csv" else escribir_xlsx
    encabezados, filas = _tabla(importacion, archivos[0])
    return nombre, TIPOS[formato], escribir(encabezados, filas)


def _malos(importacion: Importacion, archivo: int | None = None) -> Iterator[RegistroPlan]:
    consulta = RegistroPlan.objects.filter(importacion=importacion, tipo=TipoRegistro.ERROR).order_by("id")
    if archivo is not None:
        consulta = consulta.filter(archivo=archivo)
    return consulta.iterator(chunk_size=500)


def motivo_de(registro: RegistroPlan) -> str:
    """Todas las faltas de un registro en una frase."""
    partes = [f"{campo}: {motivo}" if campo else motivo for campo, _, motivo, _ in registro.detalle.get("faltas", [])]
    return " ".join(partes)


def _tabla(importacion: Importacion, archivo: ArchivoImportado) -> tuple[list[str], Iterator[list[Any]]]:
    motivos = {registro.registro: motivo_de(registro) for registro in _malos(importacion, archivo.orden)}
    documento = lector.abrir(archivo.ruta, archivo.nombre)
    sobrante = [n for n, titulo in enumerate(documento.encabezados) if titulo == MOTIVO]

    def filas() -> Iterator[list[Any]]:
        with documento:
            for numero, celdas, _ in documento.filas():
                if numero in motivos:
                    yield [celda for n, celda in enumerate(celdas) if n not in sobrante] + [motivos[numero]]

    return [titulo for titulo in documento.encabezados if titulo != MOTIVO] + [MOTIVO], filas()


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
        yield volcar_linea({**registro.valores, "motivo": motivo_de(registro)})
    yield (b"\n]" if seccion else b"") + b"\n}}\n"


def escribir_avisos_csv(importacion: Importacion) -> Iterator[bytes]:
    """Todo lo que no se reconoció, en CSV: archivo, lugar, clave, valor y motivo."""
    nombres = {archivo.orden: archivo.nombre for archivo in importacion.archivos.all()}  # type: ignore[attr-defined]
    avisos = AvisoImportacion.objects.filter(importacion=importacion).order_by("id").iterator(chunk_size=500)
    filas = ([nombres.get(a.archivo, ""), a.ruta, a.clave, a.valor, a.motivo] for a in avisos)
    return escribir_csv(["Archivo", "Lugar", "Clave", "Valor", "Motivo"], filas)


__all__ = ["escribir_avisos_csv", "escribir_rechazados", "motivo_de"]
