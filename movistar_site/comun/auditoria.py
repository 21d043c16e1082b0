"""Historia de los registros: quién, cuándo, por qué y desde dónde.

La historia la lleva django-simple-history. Aquí se le añade el nombre del autor (que queda aunque la cuenta se borre),
el origen del cambio y una forma de decirlos desde una operación, un trabajo de fondo o una orden de consola, donde no
hay petición web.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record


@dataclass(frozen=True)
class Contexto:
    """Lo que una operación dice de sí misma a la historia."""

    usuario: Any = None
    motivo: str = ""
    origen: str = ""
    # Un lote entero (una importación) queda con una misma hora: así se le reconoce y se puede repetir igual.
    momento: datetime | None = None


_contexto: ContextVar[Contexto | None] = ContextVar("contexto_de_auditoria", default=None)


class RegistroHistorico(models.Model):
    """Columnas que se suman a cada fila de historia."""

    autor = models.CharField("autor", max_length=150, blank=True, default="", editable=False)
    origen = models.CharField("origen", max_length=80, blank=True, default="", editable=False)

    class Meta:
        abstract = True


class _HistoriaPorFecha(HistoricalRecords):
    """La de un registro, de la última versión a la primera, sale de un índice: el de la clave, con la fecha detrás.

    Sin él, el de la sola fecha tienta al planificador, que recorre la historia de todos para hallar la de uno.
    """

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        nombre = f"historia_de_{model._meta.model_name}"
        indice = models.Index(fields=(model._meta.pk.attname, "-history_date", "-history_id"), name=nombre)
        return {**super().get_meta_options(model), "indexes": (indice,)}


def historia(*, por_fecha: bool = False, **opciones: Any) -> HistoricalRecords:
    """La historia que lleva cada modelo del dominio, siempre con las mismas columnas.

    `por_fecha`: se lee por páginas, de la última versión a la primera, en bases con millones de registros.
    """
    clase = _HistoriaPorFecha if por_fecha else HistoricalRecords
    if por_fecha:
        opciones["no_db_index"] = ["id"]  # el índice por fecha empieza por la clave: otro sobra
    return clase(
        bases=[RegistroHistorico],
        history_change_reason_field=models.TextField("motivo", null=True),
        excluded_fields=opciones.pop("sin", []),
        **opciones,
    )


@contextmanager
def auditar(
    *, usuario: Any = None, motivo: str = "", origen: str = "", momento: datetime | None = None
) -> Iterator[None]:
    """Los cambios hechos dentro quedan a nombre de `usuario`, con su motivo y su origen.

    Lo que no se diga se toma del contexto exterior, de modo que una importación puede llamar a operaciones que a su
    vez declaran solo su motivo.
    """
    fuera = _contexto.get() or Contexto()
    dentro = Contexto(
        usuario or fuera.usuario, motivo or fuera.motivo, origen or fuera.origen, momento or fuera.momento
    )
    ficha = _contexto.set(dentro)
    try:
        yield
    finally:
        _contexto.reset(ficha)


def contexto_actual() -> Contexto:
    """El contexto declarado por `auditar`, o uno vacío."""
    return _contexto.get() or Contexto()


def _completar(sender: Any, history_instance: Any, **_: Any) -> None:
    contexto = contexto_actual()
    usuario = contexto.usuario or history_instance.history_user
    if usuario is not None and usuario.pk:
        history_instance.history_user = usuario
        history_instance.autor = usuario.get_username()
    if contexto.motivo and not history_instance.history_change_reason:
        history_instance.history_change_reason = contexto.motivo
    if hasattr(history_instance, "origen"):
        history_instance.origen = contexto.origen
    if contexto.momento is not None:
        history_instance.history_date = contexto.momento


def conectar() -> None:
    """Enlaza el autor, el motivo y el origen con cada fila de historia que se crea."""
    pre_create_historical_record.connect(_completar, dispatch_uid="comun.auditoria")
