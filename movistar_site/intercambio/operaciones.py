"""Lo que se puede hacer con una importación: leerla, ajustarla, confirmarla, corregirla, deshacerla.

Las tres puertas (la página, los botones de cada lista y la orden `importar`) pasan por aquí. Lo largo corre como
trabajo de fondo; cada función comprueba el estado y lanza ValidationError con una frase si no se puede.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.lotes import Firma
from movistar_site.comun.models import nombre_de
from movistar_site.comun.trabajo_pesado import trabajo_pesado
from movistar_site.comun.valores import normalizar

from . import aplicador, carpeta, correccion, planificador, tareas
from .deshacer import NoRevertido, deshacer_lote
from .models import (
    AnteErrores,
    EstadoImportacion,
    Identificador,
    Importacion,
    Mapa,
    Modo,
    RegistroPlan,
    ReversionFallida,
    TipoRegistro,
)
from .piezas import en_una_linea
from .rechazados import escribir_avisos_csv, escribir_rechazados
from .traductor.claves import normal

registro_de_sucesos = logging.getLogger("panel.intercambio")
BYTES_AL_MOMENTO = 512 * 1024
"""Lo que se lee en la misma petición; más grande, en un trabajo de fondo."""
Avisador = Callable[[Importacion], None]


# --- Empezar ----------------------------------------------------------------------------------------------------------


def crear_importacion(
    *,
    archivos: list[tuple[str, BinaryIO | Path]],
    usuario: Any,
    hoy: date,
    entidad: str = "",
    fecha_referencia: date | None = None,
    identificador: str = Identificador.DOCUMENTO,
    modo: str = Modo.TODO,
    ante_errores: str = AnteErrores.DETENER,
    permitidas: set[str] | None = None,
    mapa: Mapa | None = None,
) -> Importacion:
    """Guarda los archivos que llegaron y sus opciones; todavía no los lee.

    `permitidas`: las entidades que la cuenta puede importar (None, todas). `hoy`: el día con que se calculan categorías
    y precios. Lanza ArchivoIlegible si no hay qué leer, y entonces no queda nada guardado.
    """
    if permitidas is not None and not permitidas:
        raise ArchivoIlegible("Su cuenta no puede importar datos.")
    importacion = Importacion.objects.create(
        usuario=usuario,
        usuario_nombre=nombre_de(usuario)[:150],
        dia=hoy,
        entidad=entidad,
        fecha_referencia=fecha_referencia or hoy,
        identificador=identificador,
        modo=modo,
        ante_errores=ante_errores,
        permitidas=sorted(permitidas) if permitidas is not None else [],
        mapa=mapa,
    )
    try:
        carpeta.guardar(importacion, archivos)
    except BaseException:
        carpeta.borrar(importacion)
        importacion.delete()
        raise
    return importacion


def empezar_lectura(importacion: Importacion) -> None:
    """Lee y compara ya, si es poco, o lo deja en la cola."""
    _pasar(importacion, EstadoImportacion.LEYENDO)
    if sum(archivo.bytes for archivo in importacion.archivos.all()) <= BYTES_AL_MOMENTO:  # type: ignore[attr-defined]
        try:
            leer(importacion)
        except Exception:
            # Un error nuestro no deja a nadie ante una página rota ni la importación colgada.
            registro_de_sucesos.exception("La importación %s no se pudo leer.", importacion.pk)
            aplicador.terminar(importacion, EstadoImportacion.ILEGIBLE, tareas.AL_LEER)
    else:
        tareas.leer_importacion.enqueue(importacion.pk)


def leer(importacion: Importacion, *, al_avanzar: Avisador | None = None) -> None:
    """Lee los archivos y deja el plan. Si no se pueden leer, la importación queda como ilegible, con la frase."""
    try:
        planificador.planear(importacion, al_avanzar=al_avanzar)
    except ArchivoIlegible as error:
        aplicador.terminar(importacion, EstadoImportacion.ILEGIBLE, en_una_linea(str(error)))
    except planificador.Cancelada:
        aplicador.terminar(importacion, EstadoImportacion.DESCARTADA, "Se canceló mientras se leía.")
        carpeta.borrar(importacion)


# --- Ajustar ----------------------------------------------------------------------------------------------------------


def cambiar_opciones(importacion: Importacion, **opciones: Any) -> None:
    """Cambia fecha_referencia, identificador, modo, ante_errores o entidad, y rehace el plan si hace falta."""
    _exigir(importacion, EstadoImportacion.POR_CONFIRMAR, EstadoImportacion.ILEGIBLE)
    cambian = {campo for campo, valor in opciones.items() if getattr(importacion, campo) != valor}
    for campo in cambian:
        setattr(importacion, campo, opciones[campo])
    importacion.full_clean(exclude=["usuario", "mapa"])
    importacion.save(update_fields=[*cambian] or None)
    if cambian - {"ante_errores"} or importacion.estado == EstadoImportacion.ILEGIBLE:
        empezar_lectura(importacion)


def cambiar_mapa(
    importacion: Importacion, *, claves: dict[str, dict[str, str]], valores: dict[str, dict[str, str]]
) -> None:
    """Corrige cómo se entienden claves y valores de esta importación, y vuelve a leer."""
    _exigir(importacion, EstadoImportacion.POR_CONFIRMAR)
    ajustes = {**importacion.ajustes, "claves": dict(importacion.ajustes.get("claves", {})),
               "valores": dict(importacion.ajustes.get("valores", {}))}  # fmt: skip
    for parte, cambios, forma in (("claves", claves, normal), ("valores", valores, normalizar)):
        for nombre, dentro in cambios.items():
            suyos = {forma(escrito): destino for escrito, destino in dentro.items()}
            ajustes[parte][nombre] = {**ajustes[parte].get(nombre, {}), **suyos}
    importacion.ajustes = ajustes
    importacion.save(update_fields=["ajustes"])
    empezar_lectura(importacion)


def guardar_mapa(importacion: Importacion, *, nombre: str, usuario: Any) -> Mapa:
    """Guarda con un nombre cómo se entendió este archivo: el siguiente que se le parezca lo usa solo."""
    claves, valores = planificador.mapa_vigente(importacion)
    firma: dict[str, list[str]] = {}
    for vista in importacion.claves_vistas:
        if vista["entidad"] or vista["columna"]:
            firma.setdefault(vista["entidad"], []).append(vista["normal"])
    mapa = Mapa(nombre=nombre.strip(), firma=firma, claves=claves, valores=valores, creado_por=nombre_de(usuario)[:150])
    mapa.full_clean(exclude=["firma", "claves", "valores"])
    mapa.save()
    Importacion.objects.filter(pk=importacion.pk).update(mapa=mapa)
    return mapa


# --- Confirmar --------------------------------------------------------------------------------------------------------


def por_que_no_se_confirma(importacion: Importacion) -> str:
    """La frase que dice por qué no se puede importar todavía; vacía si se puede."""
    if importacion.estado != EstadoImportacion.POR_CONFIRMAR:
        return f"La importación está {importacion.get_estado_display().lower()}: no hay nada que confirmar."
    total = totales(importacion)
    if total[TipoRegistro.ERROR] and importacion.ante_errores == AnteErrores.DETENER:
        malos = total[TipoRegistro.ERROR]
        cuantos = "1 registro con errores: corríjalo" if malos == 1 else f"{malos} registros con errores: corríjalos"
        return f"Hay {cuantos}, o elija dejar fuera lo que tiene errores e importar el resto."
    if not any(total[tipo] for tipo in correccion.POR_ESCRIBIR):
        return "No hay nada nuevo que importar: la base ya está como dicen los archivos."
    return ""


def confirmar(importacion: Importacion, *, usuario: Any, en_cola: bool = True) -> None:
    """Empieza a escribir lo planeado, como trabajo de fondo. Lanza ValidationError si no se puede."""
    with transaction.atomic():
        releida = Importacion.objects.select_for_update().get(pk=importacion.pk)
        if frase := por_que_no_se_confirma(releida):
            raise ValidationError(frase)
        importacion.estado, importacion.momento = EstadoImportacion.APLICANDO, timezone.now()
        importacion.cancelar = False
        importacion.save(update_fields=["estado", "momento", "cancelar", *_desde_cero(importacion)])
    if en_cola:
        tareas.aplicar_importacion.enqueue(importacion.pk)


def aplicar(importacion: Importacion, *, al_avanzar: Avisador | None = None) -> None:
    """Escribe lo que falte y deja el estado final. Con todo o nada, si algo ya no se puede, deshace lo escrito."""
    try:
        aplicador.aplicar(importacion, al_avanzar=al_avanzar)
    except planificador.Cancelada:
        if Importacion.objects.filter(pk=importacion.pk, cancelar=True).exists():
            frase = "Se canceló antes de terminar: lo escrito queda. Puede continuarla o deshacerla."
            aplicador.terminar(importacion, EstadoImportacion.DETENIDA, frase)
    except aplicador.Detenida as error:
        # Primero se anota: si el proceso muere a mitad, quien la retome sigue deshaciendo y no escribiendo.
        _pasar(importacion, EstadoImportacion.DESHACIENDO, f"No se importó nada: la base cambió. {error}")
        revertir(importacion, usuario=importacion.usuario, al_avanzar=al_avanzar)
    else:
        aplicador.terminar(importacion, EstadoImportacion.APLICADA)


def continuar(importacion: Importacion, *, usuario: Any) -> None:
    """Sigue una importación que se detuvo a mitad de camino."""
    _exigir(importacion, EstadoImportacion.DETENIDA)
    _pasar(importacion, EstadoImportacion.APLICANDO)
    tareas.aplicar_importacion.enqueue(importacion.pk)


def pedir_cancelacion(importacion: Importacion) -> None:
    """Pide parar; el trabajo lo ve en la tanda siguiente."""
    _exigir(importacion, EstadoImportacion.LEYENDO, EstadoImportacion.APLICANDO)
    Importacion.objects.filter(pk=importacion.pk).update(cancelar=True)


def descartar(importacion: Importacion) -> None:
    """Olvida una importación que no llegó a escribirse: su plan y sus archivos."""
    _exigir(importacion, EstadoImportacion.POR_CONFIRMAR, EstadoImportacion.ILEGIBLE)
    planificador.borrar_plan(importacion)
    carpeta.borrar(importacion)
    aplicador.terminar(importacion, EstadoImportacion.DESCARTADA)


# --- Corregir ---------------------------------------------------------------------------------------------------------


def corregir_registro(registro: RegistroPlan, *, valores: dict[str, Any], usuario: Any) -> RegistroPlan:
    """Cambia valores de un registro con errores y lo vuelve a comparar, con los que por él tampoco entraban.

    Lanza ValidationError si ya se escribió o si la importación no admite correcciones.
    """
    importacion = registro.importacion
    _exigir(importacion, EstadoImportacion.POR_CONFIRMAR, EstadoImportacion.APLICADA, EstadoImportacion.DETENIDA)
    if registro.aplicado or registro.tipo != TipoRegistro.ERROR:
        raise ValidationError("Solo se corrigen los registros con errores que no se han importado.")
    correccion.corregir(registro, valores)
    return registro


def reintentar(importacion: Importacion, *, usuario: Any, en_cola: bool = True) -> None:
    """Escribe solo los registros corregidos de una importación ya aplicada."""
    _exigir(importacion, EstadoImportacion.APLICADA, EstadoImportacion.DETENIDA)
    corregidos = RegistroPlan.objects.filter(importacion=importacion, aplicado=False, tipo__in=correccion.POR_ESCRIBIR)
    if not corregidos.exists():
        raise ValidationError("No hay registros corregidos que importar.")
    _pasar(importacion, EstadoImportacion.APLICANDO)
    if en_cola:
        tareas.aplicar_importacion.enqueue(importacion.pk)


# --- Deshacer ---------------------------------------------------------------------------------------------------------


def deshacer(importacion: Importacion, *, usuario: Any, en_cola: bool = True) -> None:
    """Empieza a deshacer lo que escribió una importación. Lanza ValidationError si no escribió nada."""
    _exigir(importacion, EstadoImportacion.APLICADA, EstadoImportacion.DETENIDA)
    _pasar(importacion, EstadoImportacion.DESHACIENDO)
    if en_cola:
        tareas.deshacer_importacion.enqueue(importacion.pk, getattr(usuario, "pk", None))


def revertir(importacion: Importacion, *, usuario: Any, al_avanzar: Avisador | None = None) -> None:
    """Deshace lo escrito y deja la importación como deshecha, con lo que se conservó y lo que no se pudo."""
    _revertir(importacion, usuario=usuario, al_avanzar=al_avanzar)
    aplicador.terminar(importacion, EstadoImportacion.DESHECHA, importacion.problema)


def _revertir(importacion: Importacion, *, usuario: Any, al_avanzar: Avisador | None) -> None:
    assert importacion.momento is not None  # noqa: S101 - solo se deshace lo que se aplicó
    avance = planificador.Avance(importacion, "Deshaciendo", 0, al_avanzar)
    ReversionFallida.objects.filter(importacion=importacion).delete()

    def anotar(fallos: list[NoRevertido]) -> None:
        ReversionFallida.objects.bulk_create([fallo.como_registro(importacion) for fallo in fallos])

    with trabajo_pesado():
        resumen = deshacer_lote(
            momento=importacion.momento,
            origen=importacion.origen,
            firma=Firma(timezone.now(), usuario, "", f"deshacer importación {importacion.pk}"),
            al_avanzar=avance.va_de,
            al_fallar=anotar,
        )
    importacion.deshecho = {
        "revertidos": resumen.revertidos, "conservados": resumen.conservados, "imposibles": resumen.imposibles
    }  # fmt: skip
    importacion.save(update_fields=["deshecho"])


# --- Comunes ----------------------------------------------------------------------------------------------------------


def totales(importacion: Importacion) -> dict[str, int]:
    """Cuántos registros hay de cada clase, sumando todas las entidades."""
    return {tipo: sum(cuenta.get(tipo, 0) for cuenta in importacion.cuentas.values()) for tipo in TipoRegistro.values}


def _exigir(importacion: Importacion, *estados: str) -> None:
    importacion.refresh_from_db(fields=["estado"])
    if importacion.estado not in estados:
        estado = importacion.get_estado_display().lower()
        raise ValidationError(f"La importación {importacion.pk} está «{estado}» y eso no se puede ahora.")


def _desde_cero(importacion: Importacion) -> tuple[str, ...]:
    """Pone el avance al principio: lo que haya adelantado el paso anterior no es de este. Entrega lo que cambió."""
    importacion.paso, importacion.hechos, importacion.total = "", 0, 0
    importacion.paso_desde = timezone.now()
    return ("paso", "hechos", "total", "paso_desde")


def _pasar(importacion: Importacion, estado: str, problema: str = "") -> None:
    importacion.estado, importacion.problema, importacion.cancelar = estado, problema, False
    # Los corregidos que esperaban se escriben (o se olvidan) con este paso.
    importacion.ajustes = {clave: valor for clave, valor in importacion.ajustes.items() if clave != "corregidos"}
    importacion.save(update_fields=["estado", "problema", "cancelar", "ajustes", *_desde_cero(importacion)])


__all__ = [
    "aplicar", "cambiar_mapa", "cambiar_opciones", "confirmar", "continuar", "corregir_registro", "crear_importacion",
    "descartar", "deshacer", "empezar_lectura", "escribir_avisos_csv", "escribir_rechazados", "guardar_mapa", "leer",
    "pedir_cancelacion", "por_que_no_se_confirma", "reintentar", "revertir", "totales",
]  # fmt: skip
