"""Quiénes atienden en una base de demostración: los equipos que haya con sus miembros o, si no hay, unos inventados."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import Group

from clientes import operaciones
from clientes.models import Equipo, MotivoInteraccion
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.models import Usuario
from movistar_site.comun.valores import normalizar

from .atencion import AGENTES
from .motivos import EQUIPO_GENERAL, EQUIPOS

PAPEL = "Agente de atención"
# Cuántos de los agentes inventados van a cada equipo, en su orden; los demás, al general.
POR_EQUIPO = {"Facturación": 2, "Soporte técnico": 3}


class Destino(NamedTuple):
    """A dónde va un caso: su motivo, su equipo y las cuentas que lo atienden, por su clave."""

    motivo: Any
    equipo: Any
    cuentas: tuple[Any, ...]


def destinos() -> Mapping[str, Destino]:
    """Código de motivo → a dónde va; «» para lo que no lleva motivo.

    Si ningún equipo tiene miembros, crea los de demostración: cuentas que nadie puede usar hasta que un administrador
    les ponga contraseña.
    """
    if not Usuario.objects.filter(is_active=True, equipos__activo=True).exists():
        _crear_equipos()
    miembros: dict[Any, list[Any]] = {}
    for equipo, cuenta in Equipo.miembros.through.objects.order_by("usuario_id").values_list("equipo", "usuario"):
        miembros.setdefault(equipo, []).append(cuenta)
    todas = tuple(sorted({cuenta for suyas in miembros.values() for cuenta in suyas}))
    hallados = {"": Destino(None, None, todas)}
    for codigo, motivo, equipo in MotivoInteraccion.objects.values_list("codigo", "pk", "equipo"):
        hallados[codigo] = Destino(motivo, equipo, tuple(miembros.get(equipo, todas)))
    return hallados


def _crear_equipos() -> None:
    cuentas = [cuenta_inventada(nombre, PAPEL) for nombre in AGENTES]
    with auditar(origen="datos_demo"):
        for nombre, motivos in EQUIPOS.items():
            suyas, cuentas = cuentas[: POR_EQUIPO[nombre]], cuentas[POR_EQUIPO[nombre] :]
            equipo = operaciones.guardar_equipo(_equipo(nombre), usuario=None, miembros=suyas)
            for motivo in MotivoInteraccion.objects.filter(codigo__in=motivos):
                motivo.equipo = equipo
                operaciones.guardar_motivo(motivo, usuario=None)
        operaciones.guardar_equipo(_equipo(EQUIPO_GENERAL), usuario=None, miembros=cuentas)


def _equipo(nombre: str) -> Equipo:
    return Equipo.objects.filter(nombre=nombre).first() or Equipo(nombre=nombre)


def cuenta_inventada(nombre: str, papel: str) -> Usuario:
    """La cuenta de una persona inventada, con su papel; la que ya haya con ese nombre, si la hay."""
    propio, _, apellido = nombre.partition(" ")
    cuenta, nueva = Usuario.objects.get_or_create(
        username=normalizar(nombre).replace(" ", "."),
        defaults={"first_name": propio, "last_name": apellido, "is_staff": True},
    )
    if nueva:
        cuenta.set_unusable_password()
        cuenta.save()
        cuenta.groups.add(*Group.objects.filter(name=papel))
    return cuenta
