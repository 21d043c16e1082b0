"""Lo que se hace con varios casos a la vez desde una bandeja: las acciones de un caso, dichas para varios."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from movistar_site.comun.acciones import Accion

from .. import operaciones
from ..forms.bandeja import FormularioAsignarVarios
from .comunes import Datos
from .interacciones import AsignarInteraccion, CumplirSilencio, EnviarALaSic, ResponderInteraccion


class AsignarCasos(AsignarInteraccion):
    """A una persona, a un equipo o, si se dice, a nadie."""

    formulario = FormularioAsignarVarios
    confirmacion = "Quien los recibe los ve en su bandeja."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        dichos = {nombre: datos[nombre] for nombre in ("responsable", "equipo", "motivo")}
        operaciones.asignar_interaccion(registro, **dichos, usuario=usuario)


class ResponderCasos(ResponderInteraccion):
    """Cada uno con su texto, ya completado y revisado; véase `vistas.respuestas`."""

    titulo = "Responder con plantilla"
    icono = "reply_all"
    formulario = None  # type: ignore[assignment]
    confirmacion = "Un caso respondido ya no se corrige: lea cada texto antes de guardar."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.responder_interaccion(
            registro,
            respuesta=datos["respuestas"][registro.pk],
            notificada_el=datos["notificada_el"],
            sentido=datos["sentido"],
            usuario=usuario,
            ahora=timezone.now(),
        )


EN_ABIERTAS: tuple[Accion, ...] = (AsignarCasos(), ResponderCasos())
DE_BANDEJA: dict[str, tuple[Accion, ...]] = {
    "silencio": (CumplirSilencio(), *EN_ABIERTAS),
    "por-enviar-a-la-sic": (EnviarALaSic(),),
}
"""Las acciones de las bandejas que no son de casos abiertos; las demás ofrecen EN_ABIERTAS."""
