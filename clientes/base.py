"""Los municipios con que nace todo panel: la DIVIPOLA del DANE."""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import DatabaseError, router, transaction

ARCHIVO = Path(__file__).parent / "datos" / "divipola.csv"
registro = logging.getLogger(__name__)


class FilaDivipola(NamedTuple):
    """Un municipio del archivo: códigos DANE como texto (el «05» de Antioquia no es un 5)."""

    codigo: str
    nombre: str
    departamento_codigo: str
    departamento: str


def leer_divipola() -> Iterator[FilaDivipola]:
    """Los 1.121 municipios del archivo, en el orden de su código."""
    with ARCHIVO.open(encoding="utf-8", newline="") as archivo:
        filas = csv.DictReader(linea for linea in archivo if not linea.startswith("#"))
        for fila in filas:
            yield FilaDivipola(**fila)


def cargar_municipios_base(using: str = "default") -> int:
    """Carga la DIVIPOLA si todavía no hay ningún municipio y devuelve cuántos añadió.

    Con un solo municipio presente no toca nada: lo que un administrador cambió o borró no vuelve. Si las tablas aún no
    existen (un `migrate` parcial) tampoco falla: se cargará en el siguiente.
    """
    from .models import Departamento, Municipio

    if not router.allow_migrate_model(using, Municipio):
        return 0
    try:
        with transaction.atomic(using=using):
            if Municipio.objects.using(using).exists():
                return 0
            filas = list(leer_divipola())
            departamentos = {
                fila.departamento_codigo: Departamento(codigo=fila.departamento_codigo, nombre=fila.departamento)
                for fila in filas
            }
            # Uno que un administrador ya hubiera creado se respeta como está.
            Departamento.objects.using(using).bulk_create(departamentos.values(), ignore_conflicts=True)
            Municipio.objects.using(using).bulk_create(
                [
                    Municipio(
                        codigo=fila.codigo,
                        nombre=fila.nombre,
                        departamento=departamentos[fila.departamento_codigo],
                        es_divipola=True,
                    )
                    for fila in filas
                ],
                batch_size=500,
            )
            return len(filas)
    except DatabaseError as error:
        registro.info("Los municipios se cargarán cuando sus tablas estén completas: %s", error)
        return 0
