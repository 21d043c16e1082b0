"""Lo que se hace con varios casos a la vez desde una bandeja: cada acción, su operación."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from movistar_site.comun.acciones import Accion

from .. import operaciones
from ..forms.bandeja import FormularioAsignar, FormularioCumplir, FormularioEnviar
from ..models import EstadoInteraccion
from .comunes import Datos


class AsignarCasos(Accion):
    """A una persona, a un equipo, o a nadie."""

    nombre = "asignar"
    titulo = "Asignar"
    icono = "person_add"
    permiso = "clientes.change_interaccion"
    formulario = FormularioAsignar
    confirmacion = "Quien los recibe los ve en su bandeja. Un caso respondido no se asigna."
    no_disponible = "ya se respondió"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado != EstadoInteraccion.RESPONDIDA)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.asignar_interaccion(
            registro,
            usuario=usuario,
            responsable=datos["responsable"],
            equipo=datos["equipo"],
            motivo=datos["motivo"],
        )


class ResponderCasos(Accion):
    """Cada uno con su texto, ya completado y revisado; véase `vistas.respuestas`."""

    nombre = "responder"
    titulo = "Responder con plantilla"
    icono = "reply_all"
    permiso = "clientes.change_interaccion"
    confirmacion = "Un caso respondido ya no se corrige: lea cada texto antes de guardar."
    no_disponible = "ya se respondió"

    def disponible(self, registro: Any) -> bool:
        return bool(registro.estado != EstadoInteraccion.RESPONDIDA)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.responder_interaccion(
            registro,
            respuesta=datos["respuestas"][registro.pk],
            notificada_el=datos["notificada_el"],
            sentido=datos["sentido"],
            usuario=usuario,
            ahora=timezone.now(),
        )


class CumplirSilencios(Accion):
    """Se le cumplió al cliente lo que el silencio le dio."""

    nombre = "cumplir"
    titulo = "Anotar cumplimiento"
    icono = "task_alt"
    permiso = "clientes.change_silenciopositivo"
    formulario = FormularioCumplir
    confirmacion = "Queda anotado cómo y cuándo se le cumplió al cliente; ya no se cambia."
    no_disponible = "no tiene un silencio positivo por cumplir"

    def disponible(self, registro: Any) -> bool:
        silencio = getattr(registro, "silencio", None)
        return silencio is not None and silencio.cumplido_el is None

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        silencio = getattr(registro, "silencio", None)
        if silencio is None:
            raise ValidationError("No tiene un silencio positivo por cumplir.")
        operaciones.cumplir_silencio(
            silencio, cumplimiento=datos["cumplimiento"], usuario=usuario, ahora=timezone.now()
        )


class EnviarALaSic(Accion):
    """Las apelaciones que se enviaron a la Superintendencia."""

    nombre = "enviar-a-la-sic"
    titulo = "Anotar envío a la SIC"
    icono = "outbox"
    permiso = "clientes.change_interaccion"
    formulario = FormularioEnviar
    confirmacion = "Queda anotada la fecha en que el expediente se envió a la Superintendencia."
    no_disponible = "no está por enviar a la SIC"

    def disponible(self, registro: Any) -> bool:
        return not operaciones.por_que_no_va_a_la_sic(registro)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Datos) -> None:
        operaciones.enviar_a_la_sic(registro, fecha=datos["fecha"], usuario=usuario, hoy=timezone.localdate())


EN_ABIERTAS: tuple[Accion, ...] = (AsignarCasos(), ResponderCasos())
DE_BANDEJA: dict[str, tuple[Accion, ...]] = {
    "silencio": (CumplirSilencios(), *EN_ABIERTAS),
    "por-enviar-a-la-sic": (EnviarALaSic(),),
}
"""Las acciones de las bandejas que no son de casos abiertos; las demás ofrecen EN_ABIERTAS."""
