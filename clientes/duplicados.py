"""Clientes que quizás son el mismo: comparten teléfono o correo, o se llaman igual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz.fuzz import token_sort_ratio

from movistar_site.comun.valores import normalizar

from .models import Cliente

PARECIDO_MINIMO = 60
"""De 0 a 100: por debajo, dos que comparten teléfono son familia o vecinos, y se dice así."""
MAXIMO_POR_PERSONA = 3
_COLUMNAS = ("pk", "nombre", "apellido", "telefono", "telefono_alterno", "email", "tipo_documento", "documento")


@dataclass(frozen=True)
class Persona:
    """Lo que se compara de alguien que quizás ya está. `telefonos` en E.164."""

    nombre: str
    apellido: str
    telefonos: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True)
class Parecido:
    """Un cliente que quizás es la misma persona, por qué y cuánto se parecen los nombres (0 a 100)."""

    pk: int
    quien: str
    motivo: str
    puntaje: int


def probables_duplicados(personas: Sequence[Persona]) -> list[list[Parecido]]:
    """Para cada persona, los clientes que quizás son ella, del más al menos parecido, en dos consultas por tanda."""
    telefonos = {telefono for persona in personas for telefono in persona.telefonos if telefono}
    correos = {persona.email for persona in personas if persona.email}
    nombres = {(persona.apellido, persona.nombre) for persona in personas if persona.apellido}
    por_dato: dict[str, list[tuple[int, str, str, str]]] = {}
    for consulta in _consultas(telefonos, correos, {apellido for apellido, _ in nombres}, {n for _, n in nombres}):
        for pk, nombre, apellido, telefono, alterno, email, tipo, documento in consulta:
            ficha = (pk, nombre, apellido, f"{tipo} {documento}")
            for dato in {telefono, alterno, email, f"{apellido}\t{nombre}"} - {"", "\t"}:
                por_dato.setdefault(dato, []).append(ficha)
    return [_de(persona, por_dato) for persona in personas] if por_dato else [[] for _ in personas]


def _consultas(telefonos: set[str], correos: set[str], apellidos: set[str], nombres: set[str]) -> list[object]:
    consultas = []
    if telefonos or correos:
        # Cada condición repite la del índice parcial: sin ella, la base no sabe que puede usarlo.
        consultas.append(
            Cliente.objects.filter(Q(telefono__in=telefonos) & ~Q(telefono="") | Q(email__in=correos) & ~Q(email=""))
            .order_by()
            .values_list(*_COLUMNAS)
        )
    if apellidos:
        consultas.append(
            Cliente.objects.filter(apellido__in=apellidos, nombre__in=nombres).order_by().values_list(*_COLUMNAS)
        )
    return consultas  # type: ignore[return-value]


def _de(persona: Persona, por_dato: dict[str, list[tuple[int, str, str, str]]]) -> list[Parecido]:
    hallados: dict[int, Parecido] = {}
    mio = normalizar(f"{persona.nombre} {persona.apellido}")
    datos = [(telefono, "el teléfono") for telefono in persona.telefonos] + [(persona.email, "el correo")]
    for dato, que in datos:
        for pk, nombre, apellido, documento in por_dato.get(dato, ()) if dato else ():
            puntaje = int(token_sort_ratio(mio, normalizar(f"{nombre} {apellido}")))
            motivo = f"Tiene {que} y un nombre parecido" if puntaje >= PARECIDO_MINIMO else f"Comparte {que}"
            hallados.setdefault(pk, Parecido(pk, f"{nombre} {apellido} ({documento})", motivo, puntaje))
    for pk, nombre, apellido, documento in por_dato.get(f"{persona.apellido}\t{persona.nombre}", ()):
        hallados.setdefault(pk, Parecido(pk, f"{nombre} {apellido} ({documento})", "Se llama igual", 100))
    return sorted(hallados.values(), key=lambda uno: -uno.puntaje)[:MAXIMO_POR_PERSONA]
