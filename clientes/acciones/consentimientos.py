"""Lo que se le hace a un consentimiento: cada acción, su operación."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion

from .. import operaciones
from ..forms import FormularioMotivoOpcional
from .comunes import Datos


class RevocarConsentimiento(Accion):
    """El cliente retira su autorización."""

    nombre = "revocar"
    titulo = "Revocar"
    boton = "Revocar consentimiento"
    icono = "block"
    permiso = "clientes.change_consentimiento"
    formulario = FormularioMotivoOpcional
    confirmacion = "Vale desde este momento. Si el cliente vuelve a autorizar, se registra otro consentimiento."
    exito = "Consentimiento revocado."
    no_disponible = "ya está revocado"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return registro.revocado_el is None

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.revocar_consentimiento(registro, **datos, usuario=usuario, ahora=timezone.now())
