"""Lo que se va juntando en un caso: notas internas, archivos adjuntos y casos relacionados."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import transaction

from movistar_site.comun import operaciones
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.models import nombre_de
from movistar_site.comun.presentacion import peso

from .. import adjuntos
from ..models import Adjunto, Interaccion, NotaInterna
from .comunes import guardar, releer

LARGO_DE_NOTA = 5_000


@transaction.atomic
def anotar_interaccion(interaccion: Interaccion, *, texto: str, usuario: Any, ahora: datetime) -> NotaInterna:
    """Deja una nota para los demás; el cliente no la ve. También en un caso ya respondido.

    Lanza ValidationError si está vacía o no cabe.
    """
    if not (texto := (texto or "").strip()):
        raise ValidationError({"texto": "Escriba la nota."})
    if len(texto) > LARGO_DE_NOTA:
        raise ValidationError({"texto": f"La nota no cabe: se espera hasta {LARGO_DE_NOTA} letras."})
    nota = NotaInterna(
        interaccion=interaccion,
        texto=texto,
        autor=usuario if getattr(usuario, "pk", None) else None,
        autor_nombre=nombre_de(usuario)[:150],
        fecha=ahora,
    )
    return guardar(nota, usuario=usuario)


# --- Adjuntos --------------------------------------------------------------------------------------------------------
@transaction.atomic
def adjuntar(interaccion: Interaccion, *, archivo: File, usuario: Any, ahora: datetime) -> Adjunto:
    """Guarda un archivo con el caso, fuera del alcance del servidor web: se baja por una vista que mira el permiso.

    Lanza ValidationError, con una frase sobre `archivo`, si pesa de más, si sus bytes no son de un tipo que se acepte,
    si ese mismo archivo ya está en el caso o si ya no caben más.
    """
    nombre = str(archivo.name or "")
    if (archivo.size or 0) > settings.ADJUNTO_MAX_BYTES:
        raise _rechazo(f"«{nombre}» pesa {peso(archivo.size)}: se acepta hasta {peso(settings.ADJUNTO_MAX_BYTES)}.")
    contenido = archivo.read()
    try:
        reconocido = adjuntos.reconocer(nombre, contenido)
    except ValueError as error:
        raise _rechazo(str(error)) from error
    # Se cuenta con el caso bloqueado: dos subidas a la vez no pasan del tope.
    releer(interaccion)
    huella = hashlib.sha256(contenido).hexdigest()
    _comprobar_que_cabe(interaccion, huella)
    adjunto = Adjunto(
        interaccion=interaccion,
        nombre=reconocido.nombre,
        tipo=reconocido.tipo,
        bytes=len(contenido),
        huella=huella,
        subido_por_nombre=nombre_de(usuario)[:150],
        fecha=ahora,
    )
    adjunto.archivo.save(huella, ContentFile(contenido), save=False)
    try:
        return guardar(adjunto, usuario=usuario)
    except BaseException:
        # La base no guardó la fila: el archivo no queda suelto en el disco.
        adjunto.archivo.delete(save=False)
        raise


def _comprobar_que_cabe(interaccion: Interaccion, huella: str) -> None:
    suyos = dict(Adjunto.objects.filter(interaccion=interaccion).values_list("huella", "nombre"))
    if huella in suyos:
        raise _rechazo(f"Ese archivo ya está adjunto a este caso, como «{suyos[huella]}».")
    if len(suyos) >= settings.ADJUNTOS_MAX_POR_CASO:
        raise _rechazo(f"El caso ya tiene {len(suyos)} adjuntos, que son los que caben.")


def _rechazo(frase: str) -> ValidationError:
    return ValidationError({"archivo": frase})


# --- Casos relacionados ----------------------------------------------------------------------------------------------
@transaction.atomic
def relacionar(una: Interaccion, *, otra: Interaccion, usuario: Any, ahora: datetime) -> None:
    """Une dos casos que tienen que ver, también de clientes distintos (una misma falla). Vale en los dos sentidos.

    Lanza ValidationError si son el mismo o si ya estaban relacionados.
    """
    if una.pk == otra.pk:
        raise ValidationError({"otra": "Un caso no se relaciona consigo mismo: escriba el número de otro."})
    if una.relacionadas.filter(pk=otra.pk).exists():
        raise ValidationError({"otra": f"El caso {otra.numero} ya está relacionado con este."})
    una.relacionadas.add(otra)
    _anotar_en_los_dos(una, otra, "Se relacionó con", usuario)


@transaction.atomic
def desligar(una: Interaccion, *, otra: Interaccion, usuario: Any, ahora: datetime) -> None:
    """Quita la relación entre dos casos. Lanza ValidationError si no estaban relacionados."""
    if not una.relacionadas.filter(pk=otra.pk).exists():
        raise ValidationError({"otra": f"El caso {otra.numero} no está relacionado con este."})
    una.relacionadas.remove(otra)
    _anotar_en_los_dos(una, otra, "Dejó de estar relacionado con", usuario)


def _anotar_en_los_dos(una: Interaccion, otra: Interaccion, que: str, usuario: Any) -> None:
    """La relación no es una columna: queda en la historia de los dos como el motivo de una versión."""
    for caso, el_otro in ((una, otra), (otra, una)):
        releer(caso)
        with auditar(usuario=usuario, motivo=f"{que} {el_otro.numero}"):
            caso.save(update_fields=["actualizado_en"])


# --- Conservar -------------------------------------------------------------------------------------------------------
def por_que_se_conserva(interaccion: Interaccion) -> str:
    """La frase que dice por qué un caso no se puede borrar; vacía si se puede."""
    if not interaccion.cun:
        return ""
    return (
        f"La interacción {interaccion.numero} se radicó con CUN: una PQR se conserva diez años (Ley 962 de 2005, "
        "artículo 28) y no se borra."
    )


@transaction.atomic
def borrar_interaccion(interaccion: Interaccion, *, usuario: Any, motivo: str = "") -> None:
    """Borra un caso que no lleva CUN, con sus notas y sus archivos. Lanza ValidationError si se conserva."""
    releer(interaccion)
    if frase := por_que_se_conserva(interaccion):
        raise ValidationError(frase)
    archivos = [(adjunto.archivo.storage, str(adjunto.archivo.name)) for adjunto in interaccion.adjuntos.all()]  # type: ignore[attr-defined]
    operaciones.borrar(interaccion, usuario=usuario, motivo=motivo)
    # Solo cuando la base ya lo dio por hecho: un borrado que se devuelve no pierde sus archivos.
    transaction.on_commit(lambda: _quitar(archivos))


def _quitar(archivos: list[tuple[Storage, str]]) -> None:
    for almacen, nombre in archivos:
        almacen.delete(nombre)
