"""Lo que el tablero dice de las importaciones a quien puede importar."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from reportes.tablero.mirada import Mirada, con
from reportes.tablero.pendiente import MAL, NOTA, Pendiente, registrar

from . import consultas
from .permisos import puede_importar


class _DeImportaciones(Pendiente):
    """Unas importaciones. `cuales`: cómo se llaman en la dirección de su lista."""

    permisos = ()
    cuales: str

    def permitido(self, usuario: Any) -> bool:
        return super().permitido(usuario) and puede_importar(usuario)

    def filas(self, mirada: Mirada) -> QuerySet[Any]:
        return consultas.importaciones(self.cuales, hoy=mirada.hoy).order_by("-pk")

    def enlace(self, mirada: Mirada) -> str:
        return con(reverse("importaciones"), cuales=self.cuales)


@registrar
class ImportacionesFallidas(_DeImportaciones):
    """Las que no se pudieron leer o se detuvieron a mitad de camino."""

    clave = "importaciones-fallidas"
    uno = "importación falló o quedó detenida"
    varios = "importaciones fallaron o quedaron detenidas"
    icono = "sync_problem"
    tono = MAL
    sello = "Falló"
    posicion = 70
    cuales = consultas.FALLIDAS
    definicion = (
        "Importaciones detenidas a mitad de camino, que se continúan o se deshacen, y las que no se pudieron leer en"
        f" los últimos {consultas.DIAS_DE_ILEGIBLES} días."
    )


@registrar
class ImportacionesPorConfirmar(_DeImportaciones):
    """Las que esperan que alguien diga si se aplican."""

    clave = "importaciones-por-confirmar"
    uno = "importación espera que la confirmen"
    varios = "importaciones esperan que las confirmen"
    icono = "upload_file"
    tono = NOTA
    sello = "En espera"
    posicion = 60
    cuales = consultas.POR_CONFIRMAR
    definicion = (
        "Importaciones leídas y comparadas que todavía no han escrito nada: esperan que se confirmen o descarten."
    )
