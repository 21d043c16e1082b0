"""Lo que se le dice a cada quien sobre los plazos: la clave, el título, el texto y el enlace de cada aviso. Puro.

La clave lleva el caso y, si puede repetirse con razón (una prórroga, otro día), la fecha: con ella no se da dos veces.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from movistar_site.comun.avisos import Nuevo
from movistar_site.comun.valores import formatear_fecha

ASUNTO_VISIBLE = 80


@dataclass(frozen=True)
class Caso:
    """Lo que un aviso dice de una interacción."""

    pk: int
    numero: str
    asunto: str
    vence_el: date

    @property
    def nombre(self) -> str:
        """«R-00000012 · Factura errada»."""
        recortado = self.asunto if len(self.asunto) <= ASUNTO_VISIBLE else f"{self.asunto[: ASUNTO_VISIBLE - 1]}…"
        return f"{self.numero} · {recortado}"

    @property
    def enlace(self) -> str:
        """Su página."""
        return reverse("admin:clientes_interaccion_change", args=(self.pk,))


def por_vencer(caso: Caso, para: Iterable[int], *, hoy: date) -> list[Nuevo]:
    """Le quedan pocos días o es el último: un aviso distinto por cada cosa."""
    dia = formatear_fecha(caso.vence_el)
    ultimo = caso.vence_el == hoy
    clave = f"{'vence hoy' if ultimo else 'por vencer'} {caso.numero} {caso.vence_el:%Y-%m-%d}"
    titulo = f"{'Vence hoy' if ultimo else f'Vence el {dia}'}: {caso.nombre}"
    texto = f"La respuesta debe quedar notificada al cliente a más tardar el {dia}; después hay silencio positivo."
    return [Nuevo(uno, clave, titulo, texto, caso.enlace) for uno in para]


def asignada_vencida(caso: Caso, para: int, *, hoy: date) -> Nuevo:
    """A quien recibe un caso que ya se venció; de lo que está por vencer ya se le avisa."""
    texto = f"Venció el {formatear_fecha(caso.vence_el)} y no tenía quién lo atendiera."
    clave = f"asignada {caso.numero} {hoy:%Y-%m-%d}"
    return Nuevo(para, clave, f"Se le asignó: {caso.nombre}", texto, caso.enlace)


def silencio(caso: Caso, para: Iterable[int], *, hasta: datetime) -> list[Nuevo]:
    """El plazo pasó: al cliente hay que cumplirle."""
    texto = (
        f"El plazo venció el {formatear_fecha(caso.vence_el)} sin respuesta notificada. Se resuelve a favor del cliente"
        f" y hay que cumplirle antes del {_momento(hasta)}."
    )
    return [Nuevo(uno, f"silencio {caso.numero}", f"Silencio positivo: {caso.nombre}", texto, caso.enlace)
            for uno in para]  # fmt: skip


def silencio_por_cumplir(caso: Caso, para: Iterable[int], *, hasta: datetime, ahora: datetime) -> list[Nuevo]:
    """Las horas para cumplirlo se acaban, o se acabaron: un aviso distinto por cada cosa."""
    pasado = hasta <= ahora
    que = "incumplido" if pasado else "por cumplir"
    texto = f"El término para cumplirle al cliente {'terminó' if pasado else 'termina'} el {_momento(hasta)}."
    clave = f"silencio {que} {caso.numero}"
    return [Nuevo(uno, clave, f"Silencio positivo {que}: {caso.nombre}", texto, caso.enlace) for uno in para]


def a_los_administradores(
    que: str, titulo: str, texto: str, bandeja: str, para: Iterable[int], *, hoy: date
) -> list[Nuevo]:
    """Una cuenta de lo que nadie tiene a cargo, una vez al día y no un aviso por caso."""
    enlace = reverse("bandeja", args=(bandeja,))
    return [Nuevo(uno, f"{que} {hoy:%Y-%m-%d}", titulo, texto, enlace) for uno in para]


def lista_del_rne(carga: int, titulo: str, texto: str, vencida: bool, para: Iterable[int]) -> list[Nuevo]:
    """La lista de números excluidos está por vencer, o venció: un aviso de cada cosa por lista."""
    enlace = reverse("admin:clientes_cargarne_changelist")
    clave = f"rne {'vencida' if vencida else 'por vencer'} {carga}"
    return [Nuevo(uno, clave, titulo, texto, enlace) for uno in para]


def contrato_sin_mover(clave: str, titulo: str, frase: str, contrato: int, para: Iterable[int]) -> list[Nuevo]:
    """Un movimiento programado que las reglas no dejaron hacer."""
    enlace = reverse("admin:clientes_contrato_change", args=(contrato,))
    return [Nuevo(uno, clave, titulo, frase, enlace) for uno in para]


def _momento(instante: datetime) -> str:
    return f"{timezone.localtime(instante):%d/%m/%Y %H:%M}"
