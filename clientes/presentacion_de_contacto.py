"""Cómo se le dice a quien atiende si puede contactar a un cliente. Puro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from movistar_site.comun.opciones import Canal

from .contacto import Permiso, Regla, en_palabras
from .reglas import enumerar

ICONOS: dict[str, str] = {
    Canal.TELEFONO: "call",
    Canal.SMS: "sms",
    Canal.WHATSAPP: "chat",
    Canal.CORREO: "mail",
    Canal.CARTA: "local_post_office",
}
"""El dibujo de cada canal; ninguno dice nada que su nombre no diga."""

_DE_VARIOS: dict[Regla | None, str] = {
    Regla.SIN_AUTORIZACION: "Hace falta registrar su autorización (Ley 2300, artículo 2).",
    Regla.SIN_DATO: "No se tiene un dato con que contactarlo: pídaselo.",
    Regla.EN_EL_RNE: "Pidió al registro de números excluidos que no le ofrezcan nada (Ley 2300, artículo 5).",
}
"""Lo que se dice de varios canales a la vez, donde la frase de uno lo nombraría solo a él."""


@dataclass(frozen=True)
class Grupo:
    """Los canales a los que les pasa lo mismo: en qué van, por qué y desde cuándo."""

    canales: tuple[str, ...]
    permitido: bool
    corto: str
    porque: str
    desde: datetime | None

    @property
    def nombres(self) -> str:
        """«Teléfono, WhatsApp»."""
        return ", ".join(self.canales)

    @property
    def cuando(self) -> str:
        """«desde el lunes 30/11/2026 a las 07:00», o vacío si no se sabe o ya se puede."""
        return f"desde el {en_palabras(self.desde)}" if self.desde is not None and not self.permitido else ""


def agrupar(permisos: Sequence[tuple[Canal, Permiso]]) -> list[Grupo]:
    """Los canales juntos por lo que les pasa: primero los que se pueden, luego los que esperan, luego los demás."""
    juntos: dict[tuple[bool, Regla | None, datetime | None], list[tuple[Canal, Permiso]]] = {}
    for canal, permiso in permisos:
        juntos.setdefault((permiso.permitido, permiso.regla, permiso.desde), []).append((canal, permiso))
    grupos = [_grupo(pares) for pares in juntos.values()]
    return sorted(grupos, key=lambda uno: (not uno.permitido, uno.desde is None))


def _grupo(pares: Sequence[tuple[Canal, Permiso]]) -> Grupo:
    permiso = pares[0][1]
    porque = permiso.porque if len(pares) == 1 else _DE_VARIOS.get(permiso.regla, permiso.porque)
    return Grupo(
        canales=tuple(str(canal.label) for canal, _ in pares),
        permitido=permiso.permitido,
        corto="Se puede ahora" if permiso.permitido else str(permiso.regla.value if permiso.regla else ""),
        porque=porque,
        desde=permiso.desde,
    )


def en_una_frase(permisos: Sequence[tuple[Canal, Permiso]]) -> str:
    """«Para ofrecerle algo, ahora se puede por Teléfono y WhatsApp.», o por qué no y desde cuándo."""
    puede = [str(canal.label) for canal, permiso in permisos if permiso.permitido]
    if puede:
        return f"Para ofrecerle algo, ahora se puede por {enumerar(puede)}."
    proximos = [permiso for _, permiso in permisos if permiso.desde is not None]
    if not proximos:
        return f"Ahora no se le puede ofrecer nada por ningún canal. {permisos[0][1].porque}"
    primero = min(proximos, key=lambda uno: uno.desde or datetime.max)
    return f"Ahora no se le puede ofrecer nada. {primero.frase}"
