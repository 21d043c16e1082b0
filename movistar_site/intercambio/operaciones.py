"""Provisional: las firmas del motor que las páginas usan, hasta que llegue el verdadero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from . import consultas
from .models import ArchivoImportado, EstadoImportacion, Importacion, Mapa, RegistroPlan


def crear_importacion(
    *,
    archivos: list[tuple[str, Any]],
    usuario: Any,
    hoy: date,
    entidad: str = "",
    fecha_referencia: date | None = None,
    identificador: str = "documento",
    modo: str = "todo",
    ante_errores: str = "detener",
    permitidas: set[str] | None = None,
) -> Importacion:
    """Guarda los archivos y sus opciones. Lanza ArchivoIlegible."""
    # Provisional.
    campos: dict[str, Any] = {"dia": hoy} if any(c.name == "dia" for c in Importacion._meta.fields) else {}
    importacion = Importacion.objects.create(
        usuario=usuario,
        usuario_nombre=str(usuario),
        entidad=entidad,
        fecha_referencia=fecha_referencia or hoy,
        identificador=identificador,
        modo=modo,
        ante_errores=ante_errores,
        **{"permitidas": sorted(permitidas or ()), **campos},
    )
    for orden, (nombre, _) in enumerate(archivos):
        ArchivoImportado.objects.create(importacion=importacion, orden=orden, nombre=nombre, guardado="x")
    return importacion


def leer(importacion: Importacion) -> None:
    """Lee y compara ahora mismo."""
    importacion.estado = EstadoImportacion.POR_CONFIRMAR
    importacion.save(update_fields=["estado"])


def empezar_lectura(importacion: Importacion) -> None:
    """Lee ahora, o deja el trabajo en la cola."""
    leer(importacion)


def cambiar_opciones(importacion: Importacion, **opciones: Any) -> None:
    """Cambia las opciones y vuelve a comparar."""
    for nombre, valor in opciones.items():
        setattr(importacion, nombre, valor)
    importacion.save()


def cambiar_mapa(importacion: Importacion, *, claves: dict[str, Any], valores: dict[str, Any]) -> None:
    """Guarda lo corregido y vuelve a leer."""
    importacion.ajustes = {"claves": claves, "valores": valores}
    importacion.save()


def guardar_mapa(importacion: Importacion, *, nombre: str, usuario: Any) -> Mapa:
    """Guarda cómo se entendió. Lanza ValidationError si el nombre se repite."""
    mapa = Mapa(nombre=nombre, creado_por=str(usuario))
    mapa.full_clean(exclude=["firma", "claves", "valores"])
    mapa.save()
    return mapa


def por_que_no_se_confirma(importacion: Importacion) -> str:
    """La frase que dice por qué no se puede importar todavía; vacía si se puede."""
    if importacion.estado != EstadoImportacion.POR_CONFIRMAR:
        return f"La importación está {importacion.get_estado_display().lower()}: no hay nada que confirmar."
    errores = consultas.cuenta(importacion, "error")
    if errores and importacion.ante_errores == "detener":
        return f"Hay {errores} registros con errores: corríjalos, o elija dejarlos fuera e importar el resto."
    return "" if consultas.por_importar(importacion) else "No hay nada nuevo que importar."


def continuar(importacion: Importacion, *, usuario: Any) -> None:
    """Sigue una importación que se detuvo."""
    if importacion.estado != EstadoImportacion.DETENIDA:
        raise ValidationError("Eso no se puede ahora.")
    importacion.estado = EstadoImportacion.APLICANDO
    importacion.save()


def confirmar(importacion: Importacion, *, usuario: Any) -> None:
    """La manda a aplicar. Lanza ValidationError si no se puede."""
    if motivo := por_que_no_se_confirma(importacion):
        raise ValidationError(motivo)
    importacion.estado, importacion.paso_desde = EstadoImportacion.APLICANDO, timezone.now()
    importacion.save()


def pedir_cancelacion(importacion: Importacion) -> None:
    """Pide que se detenga."""
    importacion.cancelar = True
    importacion.save(update_fields=["cancelar"])


def descartar(importacion: Importacion) -> None:
    """La deja sin aplicar."""
    importacion.estado = EstadoImportacion.DESCARTADA
    importacion.save(update_fields=["estado"])


def corregir_registro(registro: RegistroPlan, *, valores: dict[str, Any], usuario: Any) -> RegistroPlan:
    """Cambia los valores de un registro y lo vuelve a comparar."""
    registro.valores, registro.detalle, registro.tipo = valores, {}, "nuevo"
    registro.save()
    importacion = registro.importacion
    cuenta = importacion.cuentas.setdefault(registro.entidad, {})
    cuenta["error"] = cuenta.get("error", 1) - 1
    cuenta["nuevo"] = cuenta.get("nuevo", 0) + 1
    importacion.ajustes.setdefault("corregidos", []).append(registro.pk)
    importacion.save()
    return registro


def reintentar(importacion: Importacion, *, usuario: Any) -> None:
    """Aplica solo los corregidos."""
    importacion.estado = EstadoImportacion.APLICANDO
    importacion.save()


def deshacer(importacion: Importacion, *, usuario: Any) -> None:
    """La manda a deshacer. Lanza ValidationError si no se puede."""
    if not consultas.se_puede_deshacer(importacion):
        raise ValidationError("Esta importación no se puede deshacer.")
    importacion.estado = EstadoImportacion.DESHACIENDO
    importacion.save()


def escribir_rechazados(importacion: Importacion) -> tuple[str, str, Iterator[bytes]]:
    """Nombre, tipo y trozos del archivo con lo que no entró."""
    return "rechazados.csv", "text/csv", iter([b"Documento;Motivo\n"])


def escribir_avisos_csv(importacion: Importacion) -> Iterator[bytes]:
    """Lo que no se reconoció, en CSV."""
    yield b"Archivo;Lugar;Clave;Valor;Motivo\n"
