"""Los canales por los que se recibe una interacción: los que se conocen y los que se ofrecen un día.

Se conocen todos los que alguna vez hubo —los ocho con que nace el panel y los de `CanalAtencion`, retirados o no—: con
ellos se lee y se muestra lo ya radicado. Se ofrecen los que rigen: con ellos se radica lo nuevo.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.signals import request_started
from django.db import DatabaseError
from django.utils import timezone

from movistar_site.comun.opciones import Canal

SEGUNDOS_DE_RECUERDO = 5.0
"""Lo que dura el recuerdo en un proceso que no atiende peticiones (el trabajador, una orden)."""
Opciones = list[tuple[str, str]]


class _Recuerdo:
    """Lo último que se leyó. Sin él, cada nombre de canal de una lista sería una consulta."""

    leido = 0.0
    opciones: Opciones | None = None


def conocidos() -> Opciones:
    """Código y nombre de todos los canales, en su orden. Es el `choices` de los campos de `Interaccion`.

    Se lee como mucho una vez por petición.
    """
    if _Recuerdo.opciones is None or time.monotonic() - _Recuerdo.leido > SEGUNDOS_DE_RECUERDO:
        opciones = _leer()
        if opciones is None:
            return list(Canal.choices)
        _Recuerdo.leido, _Recuerdo.opciones = time.monotonic(), opciones
    return _Recuerdo.opciones


def _leer() -> Opciones | None:
    """De la base; None si la tabla aún no existe (un `migrate` a medias)."""
    from .models import CanalAtencion

    try:
        nombres = dict(CanalAtencion.objects.values_list("codigo", "nombre"))
    except DatabaseError:
        return None
    return [*nombres.items(), *((codigo, nombre) for codigo, nombre in Canal.choices if codigo not in nombres)]


def olvidar(**_: Any) -> None:
    """Olvida lo leído: alguien acaba de cambiar los canales, o empieza otra petición."""
    _Recuerdo.opciones = None


def ofrecidos(dia: date) -> Opciones:
    """Código y nombre de los canales por los que se recibe el día `dia`; sin ninguno registrado, los ocho de siempre.

    Una consulta.
    """
    from .models import CanalAtencion

    filas = list(CanalAtencion.objects.all())
    vigentes = [fila for fila in filas if fila.rige(dia)]
    return [(fila.codigo, fila.nombre) for fila in vigentes] if filas else list(Canal.choices)


def ofrecidos_hoy() -> Opciones:
    """Los de hoy: el `choices` de un formulario, que se pregunta al abrirlo."""
    return ofrecidos(timezone.localdate())


def por_que_no(codigo: str, dia: date) -> str:
    """La frase que dice que ese día no se recibe por ese canal; vacía si sí."""
    nombres = dict(ofrecidos(dia))
    if codigo in nombres:
        return ""
    if not nombres:
        return "No hay ningún canal de atención vigente: pida a un administrador que registre uno."
    cual = dict(conocidos()).get(codigo)
    frase = f"Por «{codigo}» no se recibe" if cual is None else f"Por «{cual}» ya no se recibe"
    return f"{frase}: elija {_en_lista(list(nombres.values()))}."


def _en_lista(nombres: list[str]) -> str:
    return " o ".join([", ".join(nombres[:-1]), nombres[-1]] if len(nombres) > 1 else nombres)


# Otro proceso pudo cambiarlos: cada petición vuelve a leerlos.
request_started.connect(olvidar, dispatch_uid="clientes.canales")
