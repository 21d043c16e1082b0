"""Los trabajos de fondo del intercambio. Todos se pueden repetir: retoman donde iban o no hacen nada."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django_tasks import task

from movistar_site.comun.trabajo_pesado import trabajo_pesado

from .models import EstadoImportacion, Importacion

registro = logging.getLogger("panel.intercambio")
_INTERRUMPIDA = "Algo falló y quedó anotado en el registro del servidor. Puede continuarla o deshacerla."
AL_LEER = "Algo falló al leer los archivos y quedó anotado en el registro del servidor. Nada se escribió."


@task()
def leer_importacion(pk: int) -> None:
    """Lee los archivos de una importación y deja su plan."""
    from . import operaciones

    importacion = Importacion.objects.filter(pk=pk, estado=EstadoImportacion.LEYENDO).first()
    if importacion is not None:
        _vigilar(importacion, operaciones.leer, EstadoImportacion.ILEGIBLE)


@task()
def aplicar_importacion(pk: int) -> None:
    """Escribe lo planeado que falte."""
    from . import operaciones

    importacion = Importacion.objects.filter(pk=pk, estado=EstadoImportacion.APLICANDO).first()
    if importacion is not None:
        _vigilar(importacion, operaciones.aplicar, EstadoImportacion.DETENIDA)


@task()
def deshacer_importacion(pk: int, usuario_pk: int | None = None) -> None:
    """Deshace lo que escribió una importación."""
    from . import operaciones

    importacion = Importacion.objects.filter(pk=pk, estado=EstadoImportacion.DESHACIENDO).first()
    if importacion is not None:
        usuario = get_user_model()._default_manager.filter(pk=usuario_pk or 0).first()
        _vigilar(importacion, lambda una: operaciones.revertir(una, usuario=usuario), EstadoImportacion.DETENIDA)


def _vigilar(importacion: Importacion, hacer: Callable[[Any], None], si_falla: str) -> None:
    """Corre el trabajo; un error nuestro no deja la importación colgada: se anota y se dice."""
    from . import aplicador, vigilancia

    try:
        # Desde la primera consulta hasta la última: cualquiera que recorra el plan trae a la memoria medio archivo.
        with vigilancia.trabajando_en(importacion), trabajo_pesado():
            hacer(importacion)
    except vigilancia.Ocupada:
        registro.info("La importación %s ya la lleva otro proceso.", importacion.pk)
    except Exception:
        registro.exception("La importación %s se interrumpió.", importacion.pk)
        leyendo = si_falla == EstadoImportacion.ILEGIBLE
        aplicador.terminar(importacion, si_falla, AL_LEER if leyendo else _INTERRUMPIDA)
        raise
