"""Importar por pasos en una prueba: planear, escribir y mirar cómo quedó. Datos inventados."""

from __future__ import annotations

from typing import Any

from movistar_site.intercambio import operaciones
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.exportador import archivos
from movistar_site.intercambio.models import Importacion, RegistroPlan

from .datos import HOY, fuente
from .motor import Fuente, Informe, importar, informe_de

PLANES = fuente(
    "servicios.json",
    {"servicios": [{"codigo": "PP-1", "nombre": "Pospago 20 GB", "tipo": "Pospago", "precio": 50000},
                   {"codigo": "TV-1", "nombre": "Televisión básica", "tipo": "Televisión", "precio": 40000}]},
)  # fmt: skip


def persona(numero: int = 0, **campos: Any) -> dict[str, Any]:
    """Una persona inventada, como la tenía otro sistema."""
    return {"nombre": f"Ana{numero}", "apellido": "Ríos", "cedula": str(10_000_000 + numero), "fecha": "2015-04-01",
            **campos}  # fmt: skip


def personas(*unas: dict[str, Any], nombre: str = "usuario.json") -> Fuente:
    return fuente(nombre, {"usuarios": list(unas)})


def plan(*fuentes: Fuente, **opciones: Any) -> Importacion:
    """Una importación leída, sin confirmar."""
    return importar(list(fuentes), hoy=HOY, simular=True, **opciones).importacion


def escribir(importacion: Importacion, usuario: Any = None) -> Informe:
    operaciones.confirmar(importacion, usuario=usuario, en_cola=False)
    operaciones.aplicar(importacion)
    importacion.refresh_from_db()
    return informe_de(importacion)


def exportado() -> dict[str, bytes]:
    return {nombre: b"".join(trozos()) for nombre, trozos in archivos(hoy=HOY, formato="json").items()}


def historia() -> dict[str, int]:
    return {nombre: entidad.modelo.history.count() for nombre, entidad in ENTIDADES.items()}


def registro(importacion: Importacion, **busca: Any) -> RegistroPlan:
    uno = RegistroPlan.objects.get(importacion=importacion, **busca)
    uno.importacion = importacion
    return uno


def rechazados(importacion: Importacion) -> tuple[str, bytes]:
    nombre, _, trozos = operaciones.escribir_rechazados(importacion)
    return nombre, b"".join(trozos)
