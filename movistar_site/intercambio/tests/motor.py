"""Importar de una vez en una prueba: lo mismo que hace la orden, con el resultado a la mano."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.intercambio import operaciones
from movistar_site.intercambio.models import AvisoImportacion, EstadoImportacion, Importacion, RegistroPlan


@dataclass(frozen=True)
class Fuente:
    """Un archivo que llega."""

    nombre: str
    datos: bytes
    entidad: str = ""


class Mala(NamedTuple):
    """Una falta, con su lugar."""

    archivo: str
    ruta: str
    campo: str
    valor: str
    motivo: str


@dataclass
class Informe:
    """Lo que pasó."""

    importacion: Importacion
    malas: list[Mala] = field(default_factory=list)
    avisos: list[AvisoImportacion] = field(default_factory=list)

    @property
    def total(self) -> dict[str, int]:
        return operaciones.totales(self.importacion)

    @property
    def cuentas(self) -> dict[str, dict[str, int]]:
        return self.importacion.cuentas

    @property
    def cambia_algo(self) -> bool:
        return bool(self.total["nuevo"] or self.total["cambiado"])

    @property
    def hay_errores(self) -> bool:
        return bool(self.malas)

    @property
    def aplicado(self) -> bool:
        return self.importacion.estado == EstadoImportacion.APLICADA

    @property
    def plan(self) -> list[RegistroPlan]:
        return list(RegistroPlan.objects.filter(importacion=self.importacion))


def importar(
    fuentes: list[Fuente], *, hoy: date, simular: bool = False, usuario: Any = None, **opciones: Any
) -> Informe:
    """Lee, compara y, salvo `simular` o con errores, aplica. Lanza ArchivoIlegible si no se puede leer."""
    importacion = operaciones.crear_importacion(
        archivos=[(fuente.nombre, io.BytesIO(fuente.datos)) for fuente in fuentes],
        usuario=usuario,
        hoy=hoy,
        entidad=next((fuente.entidad for fuente in fuentes if fuente.entidad), ""),
        **opciones,
    )
    operaciones.leer(importacion)
    if importacion.estado == EstadoImportacion.ILEGIBLE:
        raise ArchivoIlegible(importacion.problema)
    if not simular and not operaciones.por_que_no_se_confirma(importacion):
        operaciones.confirmar(importacion, usuario=usuario, en_cola=False)
        operaciones.aplicar(importacion)
    return informe_de(importacion)


def informe_de(importacion: Importacion) -> Informe:
    """El informe de una importación ya hecha."""
    nombres = {archivo.orden: archivo.nombre for archivo in importacion.archivos.all()}
    informe = Informe(importacion, avisos=list(importacion.avisos.all()))
    for registro in importacion.plan.filter(tipo="error"):
        for campo, valor, motivo, _ in registro.detalle.get("faltas", []):
            informe.malas.append(Mala(nombres[registro.archivo], registro.ruta, campo, valor, motivo))
    return informe
