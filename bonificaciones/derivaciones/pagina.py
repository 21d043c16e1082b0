"""Lo que la página de una derivación muestra, ya leído y dicho. El número de consultas no depende de los datos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from clientes import consultas, consultas_contacto, ficha, reglas, secciones
from clientes.admin.comunes import TONOS_CATEGORIA
from clientes.contacto import Permiso
from clientes.models import Contacto, FinalidadContacto
from clientes.plazos import Reloj
from clientes.presentacion_de_contacto import ICONOS, Grupo, agrupar
from clientes.vistas.ficha import fila_de_contrato, fila_de_interaccion
from movistar_site.comun import valores
from movistar_site.comun.festivos import calendario
from movistar_site.comun.models import nombre_de
from movistar_site.comun.opciones import Canal
from movistar_site.comun.parametros import parametros
from movistar_site.comun.presentacion import sello

from ..beneficios import en_palabras
from ..models import AccionGestion, Derivacion, EstadoDerivacion, GestionDerivacion
from ..operaciones.derivaciones import contacto_en_curso, ultimo_aplazo
from ..operaciones.derivaciones_pasos import puede_llevar
from . import guion
from .presentacion import estado_de, plazo_de

GESTIONES = 30
PROPIA = "bonificaciones"
"""La sección de la ficha que esta página ya dice entera."""
DE_OTRO_LADO = ("contactos", "contacto")
"""Las que esta página dice a su manera: si se le puede contactar y por dónde."""
VERBOS = {
    Canal.TELEFONO: "Llamar",
    Canal.SMS: "Escribir un mensaje de texto",
    Canal.WHATSAPP: "Escribir por WhatsApp",
    Canal.CORREO: "Escribir un correo",
    Canal.CARTA: "Enviar una carta",
}
_DE_GESTION = {
    AccionGestion.ASIGNADA: ("person_add", "info"),
    AccionGestion.CONTACTADO: ("call", "info"),
    AccionGestion.ACEPTADA: ("thumb_up", "success"),
    AccionGestion.RECHAZADA: ("thumb_down", "neutral"),
    AccionGestion.APLAZADA: ("schedule", "info"),
    AccionGestion.RECORDADA: ("notifications", "neutral"),
    AccionGestion.ESCALADA: ("priority_high", "danger"),
    AccionGestion.DETENIDA: ("do_not_disturb_on", "warning"),
    AccionGestion.REANUDADA: ("play_circle", "info"),
    AccionGestion.VENCIDA: ("event_busy", "danger"),
    AccionGestion.ANULADA: ("block", "neutral"),
}


@dataclass(frozen=True)
class PorCanal:
    """Un canal por el que ahora se le puede buscar."""

    canal: Canal
    icono: str
    verbo: str
    frase: str


@dataclass(frozen=True)
class Gestion:
    """Un paso, como se lee en la historia."""

    una: GestionDerivacion
    icono: str
    tono: str

    @property
    def titulo(self) -> str:
        """Qué se hizo. Un contacto no siempre encontró al cliente: en qué terminó lo dice su texto."""
        return "Contacto" if self.una.accion == AccionGestion.CONTACTADO else self.una.get_accion_display()


class Pagina:
    """Lo que un asesor necesita para cerrar una bonificación."""

    def __init__(self, derivacion: Derivacion, *, usuario: Any, ahora: datetime) -> None:
        self.derivacion, self.usuario, self.ahora = derivacion, usuario, ahora
        self.cliente, self.bono = derivacion.cliente, derivacion.bonificacion
        self.hoy: date = timezone.localdate(ahora)
        self.reglas = parametros(self.hoy)
        self.calendario = calendario(self.reglas)
        self.lectura = consultas_contacto.leer(self.cliente, ahora=ahora)

    # --- En qué va ---------------------------------------------------------------------------------------------------
    @property
    def cerrada(self) -> bool:
        """Si ya no hay nada que hacer."""
        return self.derivacion.estado == EstadoDerivacion.CERRADA

    @property
    def detenida(self) -> bool:
        """Si el cliente pidió que no se le ofreciera más."""
        return self.derivacion.estado == EstadoDerivacion.DETENIDA

    @cached_property
    def puede_moverla(self) -> bool:
        """Si la cuenta puede trabajarla: está abierta y es suya, o manda en todas."""
        return not self.cerrada and puede_llevar(self.derivacion, self.usuario)

    @property
    def pqr_abierta(self) -> str:
        """El radicado de la PQR que impide ofrecerle nada, o vacío."""
        return self.lectura.hechos.pqr_abierta

    @cached_property
    def estado(self) -> str:
        """El sello de su estado."""
        return sello(*estado_de(self.derivacion))

    @cached_property
    def plazo(self) -> Any:
        """Lo que queda del plazo."""
        desde = self.calendario.sumar_habiles(self.hoy, self.reglas["dias_recordar_derivacion"])
        return plazo_de(self.derivacion, hoy=self.hoy, recordar_desde=desde, calendario=self.calendario)

    @property
    def volver_hoy(self) -> bool:
        """Si hoy es el día en que pidió que se le buscara, o ya pasó."""
        return self.derivacion.volver_el is not None and self.derivacion.volver_el <= self.hoy

    @property
    def primer_aplazo(self) -> date:
        """El primer día para el que se puede dejar."""
        return self.hoy + timedelta(days=1)

    @property
    def ultimo_aplazo(self) -> date:
        """El último."""
        return ultimo_aplazo(self.derivacion, self.hoy)

    # --- Contacto ----------------------------------------------------------------------------------------------------
    @cached_property
    def en_curso(self) -> Contacto | None:
        """El contacto que la cuenta tiene en curso con el cliente."""
        return contacto_en_curso(self.derivacion, self.usuario) if self.puede_moverla else None

    @property
    def icono_en_curso(self) -> str:
        """El del canal del contacto en curso."""
        return ICONOS.get(Canal(self.en_curso.canal), "forum") if self.en_curso is not None else ""

    @cached_property
    def permisos(self) -> list[tuple[Canal, Permiso]]:
        """Lo que la puerta dice de cada canal en este momento."""
        reglas_de_hoy = consultas_contacto.reglas_con(self.reglas, self.calendario)
        return consultas_contacto.permisos_con(
            self.lectura.hechos, finalidad=FinalidadContacto.COMERCIAL, ahora=self.ahora, reglas=reglas_de_hoy
        )

    @property
    def permitidos(self) -> list[PorCanal]:
        """Los canales por los que ahora se le puede buscar; ninguno si pidió que no se le ofreciera más."""
        if self.detenida:
            return []
        return [
            PorCanal(canal, ICONOS[canal], VERBOS[canal], permiso.frase)
            for canal, permiso in self.permisos
            if permiso.permitido
        ]

    @cached_property
    def negados(self) -> list[Grupo]:
        """Los que ahora no, juntos por lo que les falta; primero los que basta esperar."""
        return [uno for uno in agrupar(self.permisos) if not uno.permitido]

    @property
    def proximo(self) -> Grupo | None:
        """Por dónde se podrá primero, si basta con esperar."""
        con_fecha = [uno for uno in self.negados if uno.desde is not None]
        return min(con_fecha, key=lambda uno: uno.desde or self.ahora, default=None)

    @cached_property
    def con_que(self) -> list[tuple[str, str]]:
        """Con qué se le alcanza por el canal del contacto en curso: la dirección que se abre y cómo se lee."""
        if self.en_curso is None or self.en_curso.entrante:
            return []
        canal = self.en_curso.canal
        datos = consultas_contacto.datos_de(self.cliente).get(canal, ())
        prefijo = {Canal.TELEFONO: "tel:", Canal.SMS: "sms:", Canal.CORREO: "mailto:"}.get(Canal(canal), "")
        if canal == Canal.WHATSAPP:
            return [(f"whatsapp://send?phone={uno.lstrip('+')}", valores.formatear_telefono(uno)) for uno in datos]
        legible = str if canal in (Canal.CORREO, Canal.CARTA) else valores.formatear_telefono
        return [(f"{prefijo}{uno}" if prefijo else "", legible(uno)) for uno in datos]

    # --- Quién es y qué ganó -----------------------------------------------------------------------------------------
    @cached_property
    def categoria(self) -> str:
        """El sello de su categoría."""
        cual = reglas.categoria_de(self.cliente, self.hoy, self.reglas)
        return sello(consultas.nombre_de_categoria(cual), TONOS_CATEGORIA.get(cual, "neutral"))

    @property
    def permanencia(self) -> str:
        """«16 años y 2 meses»."""
        return str(valores.permanencia(self.cliente.fecha_vinculacion, self.hoy))

    @cached_property
    def beneficio(self) -> str:
        """Lo que se le da, en una frase."""
        bono = self.bono
        servicio = bono.servicio.nombre if bono.servicio is not None else ""
        return en_palabras(bono.beneficio, bono.cantidad, bono.meses, servicio=servicio, equipo=bono.equipo)

    @property
    def guion(self) -> str:
        """Lo que se le dice."""
        return guion.completar(
            self.derivacion.programa.descripcion,
            cliente=self.cliente.nombre_completo,
            asesor=nombre_de(self.derivacion.asesor or self.usuario),
            beneficio=self.beneficio,
            anios=self.bono.anios,
        )

    # --- Lo que tiene ------------------------------------------------------------------------------------------------
    @cached_property
    def contratos(self) -> ficha.Contratos | None:
        """Los contratos, si la cuenta los puede ver."""
        return ficha.contratos(self.cliente, hoy=self.hoy) if self.usuario.has_perm("clientes.view_contrato") else None

    @cached_property
    def filas_de_contratos(self) -> list[dict[str, Any]]:
        """Los contratos como los dibuja la ficha, sin lo que se les hace."""
        return [fila_de_contrato(una) for una in self.contratos.filas] if self.contratos else []

    @cached_property
    def interacciones(self) -> ficha.Interacciones | None:
        """Lo que ha consultado y reclamado, si la cuenta lo puede ver."""
        if not self.usuario.has_perm("clientes.view_interaccion"):
            return None
        return ficha.interacciones(self.cliente, hoy=self.hoy, reloj=Reloj.de(self.reglas, self.calendario))

    @cached_property
    def filas_de_interacciones(self) -> list[dict[str, Any]]:
        """Las interacciones como las dibuja la ficha."""
        return [fila_de_interaccion(una) for una in self.interacciones.filas] if self.interacciones else []

    @cached_property
    def secciones(self) -> list[secciones.SeccionLista]:
        """Lo que otras piezas dicen de un cliente en su ficha: sus ofertas permitidas y lo que venga."""
        return secciones.de(self.cliente, usuario=self.usuario, hoy=self.hoy, salvo=(PROPIA, *DE_OTRO_LADO))

    @cached_property
    def gestiones(self) -> list[Gestion]:
        """Lo que se ha hecho con ella, de lo último a lo primero."""
        filas = self.derivacion.gestiones.select_related("contacto").order_by("-hecha_el", "-id")[:GESTIONES]
        return [Gestion(una, *_DE_GESTION[AccionGestion(una.accion)]) for una in filas]
