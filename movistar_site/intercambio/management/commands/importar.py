"""`manage.py importar ARCHIVO…`: entra cualquier JSON, CSV, XLSX o ZIP, con las mismas reglas que la página."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.trabajo_pesado import trabajo_pesado
from movistar_site.comun.valores import a_fecha
from movistar_site.intercambio import carpeta, operaciones
from movistar_site.intercambio.consola import Barra, cuenta_de
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.models import (
    AnteErrores,
    AvisoImportacion,
    EstadoImportacion,
    Identificador,
    Importacion,
    Mapa,
    Modo,
    RegistroPlan,
    TipoRegistro,
)
from movistar_site.intercambio.vigilancia import trabajando_en

RECHAZADO, ILEGIBLE = 1, 2
TIPOS = ("nuevo", "cambiado", "igual", "error", "omitido")
RENGLONES = 200
"""Errores y avisos que se escriben en la terminal; los demás se cuentan."""


class Command(BaseCommand):
    """Importa archivos. Estado de salida: 0 hecho, 1 filas rechazadas, 2 archivo ilegible u orden mal escrita."""

    help = (
        "Importa servicios.json y usuario.json, o cualquier JSON, CSV, XLSX o ZIP de los sistemas anteriores. Si un"
        " registro está mal no se escribe nada, salvo con --parcial."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archivos", nargs="+", metavar="ARCHIVO", type=Path)
        parser.add_argument("--simular", action="store_true", help="Dice qué pasaría y no escribe nada.")
        parser.add_argument("--parcial", action="store_true", help="Deja fuera los registros con errores.")
        parser.add_argument("--mapa", default="", help="Nombre de un mapa guardado, para entender las claves.")
        parser.add_argument(
            "--clave", choices=Identificador.values, default=Identificador.DOCUMENTO.value,
            help="Por qué dato se reconoce a un cliente que ya está.",
        )  # fmt: skip
        parser.add_argument(
            "--modo", choices=Modo.values, default=Modo.TODO.value, help="Crear y actualizar, o solo una de las dos."
        )
        parser.add_argument(
            "--fecha-referencia", default="", help="Desde cuándo se cuenta una antigüedad como «7 años» (hoy)."
        )
        parser.add_argument(
            "--entidad", choices=list(ENTIDADES), default="", help="Qué trae una tabla, si no se reconoce."
        )
        parser.add_argument("--usuario", default="", help="Cuenta del panel a cuyo nombre queda la historia.")
        parser.add_argument("--rechazados", type=Path, help="Archivo donde se escriben los registros con errores.")

    def handle(self, *args: Any, **opciones: Any) -> None:
        importacion = self._crear(opciones)
        with trabajando_en(importacion), trabajo_pesado():
            self._importar(importacion, opciones)

    def _importar(self, importacion: Importacion, opciones: dict[str, Any]) -> None:
        barra = Barra()
        operaciones.leer(importacion, al_avanzar=barra)
        barra.quitar()
        if importacion.estado == EstadoImportacion.ILEGIBLE:
            problema = importacion.problema
            _olvidar(importacion)
            raise CommandError(problema, returncode=ILEGIBLE)
        self._aplicar(importacion, opciones, barra)
        barra.quitar()
        rechazados = self._informar(importacion, simulada=opciones["simular"])
        if rechazados and opciones["rechazados"]:
            self._escribir_rechazados(importacion, opciones["rechazados"])
        if opciones["simular"] or importacion.estado == EstadoImportacion.POR_CONFIRMAR:
            _olvidar(importacion)
        if rechazados:
            sys.exit(RECHAZADO)

    def _crear(self, opciones: dict[str, Any]) -> Importacion:
        usuario = cuenta_de(opciones["usuario"], codigo=ILEGIBLE)
        mapa = Mapa.objects.filter(nombre=opciones["mapa"]).first()
        if opciones["mapa"] and mapa is None:
            raise CommandError(f"No hay un mapa que se llame «{opciones['mapa']}».", returncode=ILEGIBLE)
        hoy = timezone.localdate()
        try:
            return operaciones.crear_importacion(
                archivos=[(ruta.name, _legible(ruta)) for ruta in opciones["archivos"]],
                usuario=usuario,
                hoy=hoy,
                entidad=opciones["entidad"],
                fecha_referencia=_fecha(opciones["fecha_referencia"], hoy),
                identificador=opciones["clave"],
                modo=opciones["modo"],
                ante_errores=AnteErrores.OMITIR if opciones["parcial"] else AnteErrores.DETENER,
                mapa=mapa,
            )
        except ArchivoIlegible as error:
            raise CommandError(str(error), returncode=ILEGIBLE) from None

    @staticmethod
    def _aplicar(importacion: Importacion, opciones: dict[str, Any], barra: Barra) -> None:
        if opciones["simular"] or operaciones.por_que_no_se_confirma(importacion):
            return
        try:
            operaciones.confirmar(importacion, usuario=importacion.usuario, en_cola=False)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=RECHAZADO) from None
        operaciones.aplicar(importacion, al_avanzar=barra)

    def _informar(self, importacion: Importacion, *, simulada: bool) -> int:
        for nombre, entidad in ENTIDADES.items():
            if cuenta := importacion.cuentas.get(nombre):
                partes = "  ".join(f"{tipo} {cuenta.get(tipo, 0)}" for tipo in TIPOS)
                self.stdout.write(f"{entidad.titulo + ':':<20}{partes}")
        self._reparaciones(importacion)
        self._avisos(importacion)
        self._errores(importacion)
        total = operaciones.totales(importacion)
        self.stdout.write(conclusion(importacion, total, simulada=simulada))
        return total[TipoRegistro.ERROR]

    def _reparaciones(self, importacion: Importacion) -> None:
        for archivo in importacion.archivos.all():  # type: ignore[attr-defined]
            for reparada in archivo.reparaciones[:RENGLONES]:
                # Línea 0: es de todo el archivo.
                lugar = f", línea {reparada['linea']}, columna {reparada['columna']}" if reparada["linea"] else ""
                self.stderr.write(f"Reparado: {archivo.nombre}{lugar}: {reparada['que']}")

    def _avisos(self, importacion: Importacion) -> None:
        nombres = _nombres(importacion)
        consulta = AvisoImportacion.objects.filter(importacion=importacion)
        for aviso in consulta[:RENGLONES]:
            lugar = f"{nombres[aviso.archivo]}, {aviso.ruta}"
            self.stderr.write(f"Aviso: {lugar}: «{aviso.clave}» {aviso.motivo} {aviso.valor}".rstrip())
        self._y_mas(consulta.count(), "avisos")

    def _errores(self, importacion: Importacion) -> None:
        nombres = _nombres(importacion)
        consulta = RegistroPlan.objects.filter(importacion=importacion, tipo=TipoRegistro.ERROR)
        for malo in consulta[:RENGLONES]:
            for campo, valor, motivo, _ in malo.detalle.get("faltas", []):
                dato = f"{campo} «{valor}»: " if campo else ""
                self.stderr.write(f"{nombres[malo.archivo]}, {malo.ruta}: {dato}{motivo}")
        self._y_mas(consulta.count(), "registros con errores")

    def _y_mas(self, cuantos: int, que: str) -> None:
        if cuantos > RENGLONES:
            self.stderr.write(f"… y {cuantos - RENGLONES} {que} más.")

    def _escribir_rechazados(self, importacion: Importacion, ruta: Path) -> None:
        _, _, trozos = operaciones.escribir_rechazados(importacion)
        try:
            with ruta.open("wb") as salida:
                salida.writelines(trozos)
        except OSError as error:
            raise CommandError(f"No se puede escribir {ruta}: {error.strerror}.", returncode=ILEGIBLE) from None
        self.stdout.write(f"Los registros con errores están en {ruta}: corríjalos e impórtelo.")


def _nombres(importacion: Importacion) -> dict[int, str]:
    return {archivo.orden: archivo.nombre for archivo in importacion.archivos.all()}  # type: ignore[attr-defined]


def _olvidar(importacion: Importacion) -> None:
    """Una simulación, o lo que no se importó, no deja rastro en la base ni archivos en el disco."""
    carpeta.borrar(importacion)
    importacion.delete()


def _legible(ruta: Path) -> Path:
    try:
        with ruta.open("rb"):
            return ruta
    except FileNotFoundError:
        raise ArchivoIlegible(f"{ruta}: no existe.") from None
    except OSError as error:
        raise ArchivoIlegible(f"{ruta}: no se puede leer ({error.strerror}).") from None


def _fecha(texto: str, hoy: date) -> date:
    try:
        return a_fecha(texto) if texto else hoy
    except ValueError as error:
        raise CommandError(f"--fecha-referencia: {error}", returncode=ILEGIBLE) from None


def conclusion(importacion: Importacion, total: dict[str, int], *, simulada: bool) -> str:
    """La última línea: qué se hizo."""
    errores = total[TipoRegistro.ERROR]
    cambian = total[TipoRegistro.NUEVO] + total[TipoRegistro.CAMBIADO]
    if importacion.estado == EstadoImportacion.DESHECHA:
        return importacion.problema
    if simulada:
        return f"Simulación: no se escribió nada. Registros que cambiarían: {cambian}; con errores: {errores}."
    if errores and importacion.estado != EstadoImportacion.APLICADA:
        return f"Hay {errores} registros con errores: no se escribió nada. Con --parcial se importa el resto."
    if errores:
        return f"Importación {importacion.pk}: {cambian} registros; {errores} con errores quedaron fuera."
    if not cambian:
        return "No había nada nuevo: la base ya estaba así."
    return f"Importación {importacion.pk}: {cambian} registros. Para deshacerla: deshacer_importacion {importacion.pk}"
