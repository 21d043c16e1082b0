"""El calendario hábil de la empresa: el nacional, los festivos que un administrador agregó y la regla del sábado."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .calendario import Calendario
from .models import Festivo


def calendario(parametros: Mapping[str, Any]) -> Calendario:
    """El calendario con los festivos registrados hasta ahora y la regla del sábado que rige en esos `parametros`.

    Una consulta. Quien fija un plazo lo guarda: un festivo que se agregue después no lo mueve.
    """
    adicionales = frozenset(Festivo.objects.values_list("fecha", flat=True))
    return Calendario(festivos_adicionales=adicionales, sabado_habil=parametros["sabado_habil"])
