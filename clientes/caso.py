"""Lo que se lee de un caso para mostrarlo entero: en qué va su reloj y todo lo que le ha pasado, en orden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from movistar_site.comun.historia import modelo_historico
from movistar_site.comun.models import Usuario, nombre_de
from movistar_site.comun.valores import contar

from . import consultas
from .models import Equipo, Interaccion
from .operaciones.radicar import CORREGIBLE
from .plazos import Reloj, Situacion, situacion
from .plazos_en_palabras import cuanto_queda

if TYPE_CHECKING:
    from movistar_site.comun.calendario import Calendario

VERSIONES_QUE_SE_LEEN = 200
"""Las versiones de la historia en que se buscan asignaciones y correcciones: nadie lee más hacia atrás."""


# --- El reloj --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Esfera:
    """En qué va el plazo de un caso un día, y cómo se dice."""

    situacion: Situacion
    frase: str


def esfera_de(uno: Interaccion, *, hoy: date, reloj: Reloj) -> Esfera:
    """La situación del caso y los días hábiles que le quedan o que lleva de retraso."""
    cual = situacion(uno, hoy=hoy, avisar_hasta=reloj.desde_cuando_se_avisa(hoy))
    return Esfera(cual, _frase(uno, hoy, reloj.calendario))


def _frase(uno: Interaccion, hoy: date, calendario: Calendario) -> str:
    vence = uno.vence_el
    if vence is None:
        return "No lleva plazo de ley"
    if uno.respondida_el is not None:
        dia = timezone.localdate(uno.respondida_el)
        dias = calendario.habiles_entre(dia, vence)
        if dia > vence:
            return f"Vencía el {vence:%d/%m/%Y}; se respondió {contar(-dias, 'día hábil', 'días hábiles')} después"
        return (
            f"Vencía el {vence:%d/%m/%Y}; sobraron {contar(dias, 'día hábil', 'días hábiles')}"
            if dias
            else "Se respondió el último día"
        )
    queda = cuanto_queda(vence, hoy=hoy, calendario=calendario)
    if vence == hoy:
        return queda
    return f"{queda}: {'vencía' if vence < hoy else 'vence'} el {vence:%d/%m/%Y}"


# --- La línea de tiempo ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Hecho:
    """Algo que le pasó a un caso."""

    cuando: datetime
    titulo: str
    texto: str = ""
    autor: str = ""
    icono: str = "circle"
    solo_dia: bool = False


def linea_de_tiempo(
    uno: Interaccion, *, notas: Iterable[Any], adjuntos: Iterable[Any], recursos: Iterable[Interaccion]
) -> list[Hecho]:
    """Lo que le ha pasado al caso, de lo último a lo primero. Tres consultas: la historia y los nombres que usa."""
    hechos = [*_del_caso(uno), *_de_la_historia(uno)]
    hechos += [Hecho(n.fecha, "Nota interna", n.texto, n.autor_nombre, "sticky_note_2") for n in notas]
    hechos += [Hecho(a.fecha, "Archivo adjunto", a.nombre, a.subido_por_nombre, "attach_file") for a in adjuntos]
    hechos += [
        Hecho(r.fecha, f"Recurso {r.numero}", r.get_causal_display(), r.registrada_por_nombre, "gavel")
        for r in recursos
    ]
    return sorted(hechos, key=lambda hecho: hecho.cuando, reverse=True)


def _al_empezar(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia, time.min))


def _del_caso(uno: Interaccion) -> Iterator[Hecho]:
    canal = f"Por {uno.get_canal_display().lower()}"
    plazo = f"; vence el {uno.primer_plazo:%d/%m/%Y}" if uno.primer_plazo else ""
    yield Hecho(uno.fecha, "Radicada", f"{canal}{plazo}", uno.registrada_por_nombre, "inbox")
    if uno.prorroga_avisada_el is not None:
        titulo = f"Prorrogada hasta el {uno.vence_el:%d/%m/%Y}"
        yield Hecho(uno.prorroga_avisada_el, titulo, uno.prorroga_motivo, icono="more_time")
    if uno.respondida_el is not None:
        sentido = uno.get_sentido_display()
        yield Hecho(uno.respondida_el, "Respuesta notificada", sentido, icono="reply")
    if uno.enviada_sic_el is not None:
        yield Hecho(_al_empezar(uno.enviada_sic_el), "Enviada a la SIC", icono="account_balance", solo_dia=True)
    yield from _del_silencio(uno)


def _del_silencio(uno: Interaccion) -> Iterator[Hecho]:
    silencio = consultas.silencio_de(uno)
    if silencio is None:
        return
    hasta = f"Se cumple antes del {timezone.localtime(silencio.cumplir_antes_de):%d/%m/%Y %H:%M}"
    yield Hecho(_al_empezar(silencio.ocurrio_el), "Silencio positivo", hasta, icono="timer_off", solo_dia=True)
    if silencio.cumplido_el is not None:
        yield Hecho(
            silencio.cumplido_el,
            "Silencio positivo cumplido",
            silencio.cumplimiento,
            silencio.cumplido_por_nombre,
            "task_alt",
        )


def _de_la_historia(uno: Interaccion) -> list[Hecho]:
    """Lo que el caso no guarda en una columna: a quién se fue asignando, qué se corrigió y con qué se relacionó."""
    historico = modelo_historico(Interaccion)
    filas = list(historico.objects.filter(id=uno.pk).order_by("-history_date", "-history_id")[:VERSIONES_QUE_SE_LEEN])
    personas, equipos = _nombres(filas)
    hechos = []
    for nueva, vieja in pairwise(filas):
        motivo = nueva.history_change_reason or ""
        autor = personas.get(nueva.history_user_id, nueva.autor)
        if (nueva.responsable_id, nueva.equipo_id) != (vieja.responsable_id, vieja.equipo_id):
            titulo = _a_cargo(nueva, personas, equipos)
            hechos.append(Hecho(nueva.history_date, titulo, motivo, autor, "person"))
        elif cambiados := _corregido(vieja, nueva):
            hechos.append(Hecho(nueva.history_date, f"Corregida: {cambiados}", motivo, autor, "edit"))
        elif "relacionad" in motivo.lower() or motivo.startswith("Se relacionó"):
            hechos.append(Hecho(nueva.history_date, motivo, autor=autor, icono="link"))
    return hechos


def _nombres(filas: Iterable[Any]) -> tuple[dict[int, str], dict[int, str]]:
    filas = list(filas)
    cuentas = {clave for fila in filas for clave in (fila.responsable_id, fila.history_user_id) if clave}
    personas = Usuario.objects.filter(pk__in=cuentas)
    equipos = Equipo.objects.filter(pk__in={fila.equipo_id for fila in filas if fila.equipo_id})
    return {uno.pk: nombre_de(uno) for uno in personas}, {uno.pk: uno.nombre for uno in equipos}


def _a_cargo(fila: Any, personas: dict[int, str], equipos: dict[int, str]) -> str:
    if fila.responsable_id:
        return f"A cargo de {personas.get(fila.responsable_id, 'una cuenta borrada')}"
    if fila.equipo_id:
        return f"Al equipo «{equipos.get(fila.equipo_id, 'borrado')}»"
    return "Sin asignar"


def _corregido(vieja: Any, nueva: Any) -> str:
    """Los nombres de lo que se corrigió, separados por comas."""
    campos = (Interaccion._meta.get_field(nombre) for nombre in CORREGIBLE)
    return ", ".join(
        str(campo.verbose_name)  # type: ignore[union-attr]
        for campo in campos
        if getattr(vieja, campo.attname) != getattr(nueva, campo.attname)  # type: ignore[union-attr]
    )
