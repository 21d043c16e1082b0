"""Quiénes atienden y a quién se le avisa: los miembros activos de cada equipo y los administradores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from movistar_site.comun.models import Usuario

from .models import Equipo, Interaccion

PERMISO_DE_ADMINISTRADOR = "clientes.change_equipo"
"""Quien puede arreglar un equipo es a quien se le dice que le falta gente."""
_VERIFICADOR = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Plantel:
    """La gente que había al empezar una revisión. `equipos`: equipo en marcha → sus miembros activos, en orden."""

    equipos: Mapping[int, tuple[int, ...]]
    administradores: tuple[int, ...]

    def destinatarios(self, responsable: int | None, activo: bool | None, equipo: int | None) -> tuple[int, ...]:
        """A quién se le avisa de un caso: a su responsable o, si no tiene uno activo, a su equipo."""
        if responsable is not None and activo:
            return (responsable,)
        return self.equipos.get(equipo or 0, ())


def plantel() -> Plantel:
    """El de ahora, en dos consultas. Un equipo sin nadie activo no figura."""
    equipos: dict[int, list[int]] = defaultdict(list)
    pares = Equipo.miembros.through.objects.filter(equipo__activo=True, usuario__is_active=True)
    for equipo, usuario in pares.order_by("equipo_id", "usuario_id").values_list("equipo_id", "usuario_id"):
        equipos[equipo].append(usuario)
    return Plantel({equipo: tuple(miembros) for equipo, miembros in equipos.items()}, administradores())


def administradores(permiso: str = PERMISO_DE_ADMINISTRADOR) -> tuple[int, ...]:
    """Las cuentas activas que tienen ese permiso, por su papel o por sí mismas. Una consulta."""
    jefes = Usuario.objects.with_perm(permiso, backend=_VERIFICADOR)
    return tuple(jefes.order_by("pk").values_list("pk", flat=True))


def cargas(usuarios: set[int]) -> dict[int, int]:
    """Cuántos casos sin responder tiene cada persona."""
    cuentas = Interaccion.objects.abiertas().filter(responsable__in=usuarios).order_by()
    return dict.fromkeys(usuarios, 0) | dict(cuentas.values_list("responsable").annotate(Count("pk")))
