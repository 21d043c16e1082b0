"""Lo que el cliente consulta, reclama o sugiere, y lo que se hace con ello."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.presentacion import peso
from movistar_site.comun.valores import formatear_fecha

from ..models import Adjunto, Cliente, Interaccion, NotaInterna, SilencioPositivo, TipoInteraccion
from .base import Fuente, Suceso, Tipo, de_la_historia, enlace_de

INTERACCIONES = Tipo("interacciones", "Interacciones", 20)
NOTAS = Tipo("notas", "Notas internas", 30)
VER = "clientes.view_interaccion"
_LARGO = 280


class _DeInteraccion(Fuente):
    tipo = INTERACCIONES
    permisos = (VER,)
    de_contrato = "contrato"
    CAMPOS: ClassVar[tuple[str, ...]] = ("numero", "tipo", "asunto", "contrato__numero")

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        suyas = Interaccion.objects.filter(cliente=cliente, **{f"{self.campo}__isnull": False})
        return suyas.select_related("contrato").only("cliente_id", self.campo, *self.CAMPOS)


class Radicada(_DeInteraccion):
    """El cliente consultó, reclamó, sugirió o interpuso un recurso."""

    clase = "radicada"
    icono = "forum"
    tono = "info"
    campo = "fecha"
    CAMPOS = (*_DeInteraccion.CAMPOS, "canal", "vence_el", "registrada_por_nombre")

    def suceso(self, fila: Interaccion) -> Suceso:
        plazo = f" · plazo hasta el {formatear_fecha(fila.vence_el)}" if fila.vence_el else ""
        return Suceso(
            fila.fecha,
            f"{fila.get_tipo_display()}: {fila.asunto}",
            detalle=f"{fila.numero} · {fila.get_canal_display()}{plazo}",
            quien=fila.registrada_por_nombre,
            enlace=pagina_de(fila),
            contrato=enlace_de(fila.contrato),
            tono="danger" if fila.tipo in (TipoInteraccion.RECLAMACION, TipoInteraccion.RECURSO) else "",
        )


class Prorrogada(_DeInteraccion):
    """Se le avisó al cliente que se tomaría más tiempo."""

    clase = "prorroga"
    icono = "more_time"
    tono = "warning"
    campo = "prorroga_avisada_el"
    CAMPOS = (*_DeInteraccion.CAMPOS, "vence_el", "prorroga_motivo")

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        autor = de_la_historia(Interaccion, "autor", prorroga_avisada_el__isnull=False)
        return super().consulta(cliente).annotate(autor=autor)

    def suceso(self, fila: Any) -> Suceso:
        nuevo = f" · nuevo plazo, {formatear_fecha(fila.vence_el)}" if fila.vence_el else ""
        return Suceso(
            fila.prorroga_avisada_el, f"Prórroga: {fila.asunto}", detalle=f"{fila.numero}{nuevo}",
            quien=fila.autor or "", motivo=fila.prorroga_motivo, enlace=pagina_de(fila),
            contrato=enlace_de(fila.contrato),
        )  # fmt: skip


class Respondida(_DeInteraccion):
    """Se le notificó la respuesta."""

    clase = "respuesta"
    icono = "reply"
    tono = "success"
    campo = "respondida_el"
    CAMPOS = (*_DeInteraccion.CAMPOS, "respuesta", "sentido")

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        autor = de_la_historia(Interaccion, "autor", respondida_el__isnull=False)
        return super().consulta(cliente).annotate(autor=autor)

    def suceso(self, fila: Any) -> Suceso:
        sentido = f" · {fila.get_sentido_display().lower()}" if fila.sentido else ""
        return Suceso(
            fila.respondida_el, f"Respuesta a {fila.numero}: {fila.asunto}",
            detalle=f"{recortar(fila.respuesta)}{sentido}", quien=fila.autor or "", enlace=pagina_de(fila),
            contrato=enlace_de(fila.contrato),
        )  # fmt: skip


class EnviadaALaSic(_DeInteraccion):
    """Un recurso adverso pasó a la Superintendencia de Industria y Comercio."""

    clase = "sic"
    icono = "gavel"
    tono = "warning"
    campo = "enviada_sic_el"
    con_hora = False

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        autor = de_la_historia(Interaccion, "autor", enviada_sic_el__isnull=False)
        return super().consulta(cliente).annotate(autor=autor)

    def suceso(self, fila: Any) -> Suceso:
        return Suceso(
            self.momento(fila), f"Enviado a la SIC: {fila.asunto}", detalle=fila.numero, quien=fila.autor or "",
            enlace=pagina_de(fila), contrato=enlace_de(fila.contrato),
        )  # fmt: skip


class _DelCaso(Fuente):
    """Lo que cuelga de una interacción."""

    tipo = INTERACCIONES
    de_contrato = "interaccion__contrato"
    modelo: Any = None

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        suyos = self.modelo.objects.filter(interaccion__cliente=cliente, **{f"{self.campo}__isnull": False})
        propios = [campo.name for campo in self.modelo._meta.concrete_fields if campo.name != "interaccion"]
        return suyos.select_related("interaccion__contrato").only(
            *propios, "interaccion__numero", "interaccion__asunto", "interaccion__contrato__numero"
        )


class Silencio(_DelCaso):
    """El plazo pasó sin respuesta: el cliente tiene la razón."""

    clase = "silencio"
    icono = "notification_important"
    tono = "danger"
    permisos = (VER, "clientes.view_silenciopositivo")
    campo = "ocurrio_el"
    con_hora = False
    modelo = SilencioPositivo

    def suceso(self, fila: SilencioPositivo) -> Suceso:
        una = fila.interaccion
        return Suceso(
            self.momento(fila), f"Silencio positivo: {una.asunto}",
            detalle=f"{una.numero} · cumplir antes del {timezone.localtime(fila.cumplir_antes_de):%d/%m/%Y %H:%M}",
            enlace=pagina_de(una),
            contrato=enlace_de(una.contrato),
        )  # fmt: skip


class SilencioCumplido(Silencio):
    """Se le cumplió al cliente lo que pedía."""

    clase = "silencio_cumplido"
    icono = "task_alt"
    tono = "success"
    campo = "cumplido_el"
    con_hora = True

    def suceso(self, fila: SilencioPositivo) -> Suceso:
        una = fila.interaccion
        return Suceso(
            self.momento(fila), f"Silencio positivo cumplido: {una.asunto}",
            detalle=f"{una.numero} · {recortar(fila.cumplimiento)}", quien=fila.cumplido_por_nombre,
            enlace=pagina_de(una), contrato=enlace_de(una.contrato),
        )  # fmt: skip


class Nota(_DelCaso):
    """Lo que un agente anotó para los demás."""

    clase = "nota"
    tipo = NOTAS
    icono = "sticky_note_2"
    permisos = (VER, "clientes.view_notainterna")
    campo = "fecha"
    modelo = NotaInterna

    def suceso(self, fila: NotaInterna) -> Suceso:
        una = fila.interaccion
        return Suceso(
            fila.fecha, f"Nota interna en {una.numero}", detalle=recortar(fila.texto), quien=fila.autor_nombre,
            enlace=pagina_de(una), contrato=enlace_de(una.contrato),
        )  # fmt: skip


class ArchivoAdjunto(_DelCaso):
    """Se adjuntó un archivo."""

    clase = "adjunto"
    icono = "attach_file"
    permisos = (VER, "clientes.view_adjunto")
    campo = "fecha"
    modelo = Adjunto

    def suceso(self, fila: Adjunto) -> Suceso:
        una = fila.interaccion
        return Suceso(
            fila.fecha, f"Adjunto en {una.numero}: {fila.nombre}", detalle=peso(fila.bytes),
            quien=fila.subido_por_nombre, enlace=pagina_de(una), contrato=enlace_de(una.contrato),
        )  # fmt: skip


def recortar(texto: str) -> str:
    """El comienzo de un texto, en un renglón."""
    limpio = " ".join(texto.split())
    return limpio if len(limpio) <= _LARGO else f"{limpio[:_LARGO].rstrip()}…"


FUENTES = (
    Radicada, ArchivoAdjunto, Nota, Prorrogada, Silencio, SilencioCumplido, Respondida, EnviadaALaSic,
)  # fmt: skip
