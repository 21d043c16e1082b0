"""Lo que conviene hacer en un panel recién instalado."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Paso:
    """Un paso: qué hacer, para qué y dónde. `permiso`: sin él, no se ofrece."""

    permiso: str
    titulo: str
    ayuda: str
    boton: str
    pagina: str

    @property
    def enlace(self) -> str:
        """Dónde se hace."""
        return reverse(f"admin:{self.pagina}")


PASOS = (
    Paso(
        "servicios.add_tiposervicio",
        "Revise los tipos de servicio",
        "Fibra, pospago, televisión… con los datos que describe cada uno.",
        "Ver los tipos",
        "servicios_tiposervicio_changelist",
    ),
    Paso(
        "servicios.add_servicio",
        "Cree un servicio",
        "Un plan con su precio. O traiga todo el catálogo de un archivo desde su lista.",
        "Agregar servicio",
        "servicios_servicio_add",
    ),
    Paso(
        "clientes.add_cliente",
        "Registre un cliente",
        "Con su documento y desde cuándo es cliente. La lista también importa archivos.",
        "Agregar cliente",
        "clientes_cliente_add",
    ),
    Paso(
        "clientes.add_contrato",
        "Firme su primer contrato",
        "Une un cliente con un servicio al precio de hoy.",
        "Agregar contrato",
        "clientes_contrato_add",
    ),
)


def pasos_de(usuario: Any) -> list[Paso]:
    """Los que la cuenta puede dar."""
    return [paso for paso in PASOS if usuario.has_perm(paso.permiso)]
