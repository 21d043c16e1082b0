"""Clientes que quizás son el mismo: comparten teléfono o correo, o se llaman casi igual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz.fuzz import token_sort_ratio

from movistar_site.comun import busqueda
from movistar_site.comun.valores import formatear_documento, normalizar

from .models import Cliente

PARECIDO_MINIMO = 60
"""De 0 a 100: por debajo, dos que comparten teléfono son familia o vecinos, y se dice así."""
CASI_IGUAL = 90
"""Desde aquí, el nombre solo basta para avisar."""
MAXIMO_POR_PERSONA = 3
HOMONIMOS = 10
_COLUMNAS = ("pk", "nombre", "apellido", "tipo_documento", "documento")
_Ficha = tuple[int, str, str, str, str]


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


def persona_de(cliente: Cliente) -> Persona:
    """Lo que se compara de un cliente."""
    telefonos = tuple(filter(None, (cliente.telefono, cliente.telefono_alterno)))
    return Persona(cliente.nombre, cliente.apellido, telefonos, cliente.email.strip().lower())


def parecido(uno: Cliente, otro: Cliente) -> int:
    """Cuánto se parecen los nombres de dos clientes, de 0 a 100."""
    return _parecido(persona_de(uno), (otro.pk, otro.nombre, otro.apellido, otro.tipo_documento, otro.documento))


def probables_duplicados(
    personas: Sequence[Persona], *, por_nombre: int = 0, sin: int | None = None
) -> list[list[Parecido]]:
    """Para cada persona, los clientes que quizás son ella, del más al menos parecido.

    Quien comparte teléfono o correo se busca en una consulta para todas; por el nombre, una consulta por persona, solo
    para las primeras `por_nombre`. `sin`: la clave de quien se busca, si ya es cliente.
    """
    por_dato = _por_dato(personas)
    hallados = []
    for numero, persona in enumerate(personas):
        suyos = _que_comparten(persona, por_dato) if por_dato else {}
        if numero < por_nombre:
            for hallado in _homonimos(persona):
                suyos.setdefault(hallado.pk, hallado)
        if sin is not None:
            suyos.pop(sin, None)
        hallados.append(sorted(suyos.values(), key=lambda uno: -uno.puntaje)[:MAXIMO_POR_PERSONA])
    return hallados


def _por_dato(personas: Sequence[Persona]) -> dict[str, list[_Ficha]]:
    telefonos = {telefono for persona in personas for telefono in persona.telefonos if telefono}
    correos = {persona.email for persona in personas if persona.email}
    por_dato: dict[str, list[_Ficha]] = {}
    if not telefonos and not correos:
        return por_dato
    # Cada condición repite la del índice parcial: sin ella, la base no sabe que puede usarlo.
    consulta = Cliente.objects.filter(
        Q(telefono__en_lista=telefonos) & ~Q(telefono="") | Q(email__en_lista=correos) & ~Q(email="")
    )
    for *ficha, telefono, email in consulta.order_by().values_list(*_COLUMNAS, "telefono", "email"):
        for dato in {telefono, email} - {""}:
            por_dato.setdefault(dato, []).append(tuple(ficha))  # type: ignore[arg-type]
    return por_dato


def _que_comparten(persona: Persona, por_dato: dict[str, list[_Ficha]]) -> dict[int, Parecido]:
    hallados: dict[int, Parecido] = {}
    datos = [(telefono, "el teléfono") for telefono in persona.telefonos] + [(persona.email, "el correo")]
    for dato, que in datos:
        for ficha in por_dato.get(dato, ()) if dato else ():
            puntaje = _parecido(persona, ficha)
            motivo = f"Tiene {que} y un nombre parecido" if puntaje >= PARECIDO_MINIMO else f"Comparte {que}"
            hallados.setdefault(ficha[0], Parecido(ficha[0], _quien(ficha), motivo, puntaje))
    return hallados


def _homonimos(persona: Persona) -> list[Parecido]:
    nombre = f"{persona.nombre} {persona.apellido}".strip()
    if " " not in nombre:
        return []
    consulta = busqueda.filtrar(Cliente.objects.order_by(), nombre).values_list(*_COLUMNAS)[:HOMONIMOS]
    puntuados = [(ficha, _parecido(persona, ficha)) for ficha in consulta]
    return [Parecido(f[0], _quien(f), "Se llama casi igual", puntaje) for f, puntaje in puntuados
            if puntaje >= CASI_IGUAL]  # fmt: skip


def _parecido(persona: Persona, ficha: _Ficha) -> int:
    mio = normalizar(f"{persona.nombre} {persona.apellido}")
    return int(token_sort_ratio(mio, normalizar(f"{ficha[1]} {ficha[2]}")))


def _quien(ficha: _Ficha) -> str:
    nombre = f"{ficha[1]} {ficha[2]}".strip()
    return f"{nombre} ({ficha[3]}\u00a0{formatear_documento(ficha[3], ficha[4])})"
