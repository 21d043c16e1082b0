"""Lo que un administrador hace con una derivación, o con varias a la vez."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from movistar_site.comun.acciones import Accion, FormularioMotivo

from ..forms.derivaciones import FormularioReasignar
from ..models import EstadoDerivacion
from ..operaciones import derivaciones as operaciones
from ..operaciones.derivaciones_pasos import manda_en_todas


class _DeAdministrador(Accion):
    no_disponible = "ya se cerró"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado != EstadoDerivacion.CERRADA)

    def permitida(self, request: HttpRequest, modelo: type[Model]) -> bool:
        return manda_en_todas(request.user)


class ReasignarDerivacion(_DeAdministrador):
    """A otro asesor, con un plazo nuevo."""

    nombre = "reasignar"
    titulo = "Pasar a otro asesor"
    boton = "Pasar"
    icono = "forward_to_inbox"
    formulario = FormularioReasignar
    confirmacion = "Quien la recibe tiene un plazo nuevo y un aviso en su campana."
    exito = "La derivación ya es de otro asesor."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.reasignar(registro, **datos, usuario=usuario, ahora=timezone.now())


class AnularDerivacion(_DeAdministrador):
    """No debió asignarse."""

    nombre = "anular"
    titulo = "Anular"
    boton = "Anular"
    icono = "block"
    formulario = FormularioMotivo
    confirmacion = "También se anula su bonificación: el cliente no la recibe y el programa no se la vuelve a dar."
    exito = "Derivación y bonificación anuladas."
    peligrosa = True

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.anular(registro, motivo=datos["motivo"], usuario=usuario, ahora=timezone.now())


DE_BANDEJA: tuple[Accion, ...] = (ReasignarDerivacion(),)
"""Lo que se hace desde una bandeja con las elegidas."""
