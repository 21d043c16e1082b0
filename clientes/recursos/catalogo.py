"""Lo que los clientes y sus contratos necesitan del catálogo, guardado en la memoria de una importación."""

from __future__ import annotations

from typing import Any

from servicios.recursos import recordar_servicios

from ..models import Municipio


def recordar_catalogo(contexto: Any) -> None:
    """Deja en la memoria servicios, precios, promociones y municipios, como están ahora.

    Al revisar un archivo, lo nuevo de su catálogo se escribe en una transacción que se deshace: se llama antes de
    deshacerla, y lo que viene después lo encuentra aquí.
    """
    recordar_servicios(contexto)
    for municipio in Municipio.objects.all():
        contexto.memoria["municipio", municipio.codigo] = municipio
