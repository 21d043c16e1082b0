"""Los avisos a quienes usan el panel: se dan una sola vez, se ven en la campana y se leen en su página."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.http import url_has_allowed_host_and_scheme

from .models import Aviso
from .trabajos import borrar_por_tandas

LIMITE_SIN_LEER = 9
"""Hasta aquí se cuentan los que la campana anuncia; más allá dice «9+»."""
DIAS_DE_LEIDOS, DIAS_DE_AVISOS = 180, 730
"""Lo que se conserva un aviso leído, y uno cualquiera. Su clave es de un caso y una fecha: borrado, no se repite."""
_LARGOS = {campo.name: campo.max_length for campo in Aviso._meta.concrete_fields if campo.max_length}


@dataclass(frozen=True)
class Nuevo:
    """Un aviso por dar: a quién, de qué es (`clave`), qué dice y a dónde lleva."""

    usuario_id: int
    clave: str
    titulo: str
    texto: str = ""
    enlace: str = ""

    def fila(self, ahora: datetime) -> Aviso:
        """La fila que se guarda; lo que no cabe se recorta, menos la clave, que debe caber."""
        recortados = {nombre: getattr(self, nombre)[: _LARGOS[nombre]] for nombre in _LARGOS}
        return Aviso(usuario_id=self.usuario_id, texto=self.texto, creado_el=ahora, **recortados)


def avisar(*, usuario: Any, clave: str, titulo: str, texto: str = "", enlace: str = "", ahora: datetime) -> bool:
    """Da un aviso a una persona. Devuelve False, sin hacer nada, si con esa clave ya lo tenía."""
    nuevo = Nuevo(usuario.pk, clave, titulo, texto, enlace).fila(ahora)
    if Aviso.objects.filter(usuario_id=usuario.pk, clave=nuevo.clave).exists():
        return False
    try:
        with transaction.atomic():
            nuevo.save(force_insert=True)
    except IntegrityError:
        # Otro proceso lo dio en ese instante.
        return False
    return True


def avisar_a_varios(nuevos: Sequence[Nuevo], *, ahora: datetime) -> int:
    """Da muchos avisos con dos consultas; los que ya se dieron se pasan por alto. Devuelve cuántos dio."""
    filas = {(nuevo.usuario_id, nuevo.clave): nuevo for nuevo in nuevos}
    if not filas:
        return 0
    dados = Aviso.objects.filter(usuario__in={de for de, _ in filas}, clave__in={clave for _, clave in filas})
    for par in dados.order_by().values_list("usuario_id", "clave"):
        filas.pop(par, None)
    Aviso.objects.bulk_create([nuevo.fila(ahora) for nuevo in filas.values()], ignore_conflicts=True)
    return len(filas)


def avisos_de(usuario: Any) -> QuerySet[Aviso]:
    """Los de una persona, del más nuevo al más viejo."""
    return Aviso.objects.filter(usuario_id=usuario.pk).order_by("-creado_el", "-id")


def sin_leer(usuario: Any) -> int:
    """Cuántos tiene sin leer, hasta uno más que LIMITE_SIN_LEER."""
    pendientes = Aviso.objects.filter(usuario_id=usuario.pk, leido_el__isnull=True).order_by()
    return pendientes.values("pk")[: LIMITE_SIN_LEER + 1].count()


def en_palabras(cuantos: int) -> str:
    """«3», o «9+» si son más de los que se cuentan."""
    return f"{LIMITE_SIN_LEER}+" if cuantos > LIMITE_SIN_LEER else str(cuantos)


def marcar_leidos(avisos: Iterable[int] | None, *, usuario: Any, ahora: datetime) -> int:
    """Da por leídos esos avisos de la persona o, con None, todos los suyos. Devuelve cuántos no lo estaban."""
    suyos = Aviso.objects.filter(usuario_id=usuario.pk, leido_el__isnull=True)
    if avisos is not None:
        suyos = suyos.filter(pk__in=list(avisos))
    return suyos.update(leido_el=ahora)


def enlace_propio(aviso: Aviso) -> str:
    """A dónde lleva, si es dentro del panel; vacío si no lleva a ninguna parte."""
    enlace = str(aviso.enlace)
    return enlace if enlace.startswith("/") and url_has_allowed_host_and_scheme(enlace, allowed_hosts=None) else ""


def asear(ahora: datetime) -> int:
    """Borra los leídos hace más de DIAS_DE_LEIDOS y los que nadie leyó en DIAS_DE_AVISOS."""
    viejos = Q(leido_el__lt=ahora - timedelta(days=DIAS_DE_LEIDOS))
    return borrar_por_tandas(Aviso.objects.filter(viejos | Q(creado_el__lt=ahora - timedelta(days=DIAS_DE_AVISOS))))
