"""Lecturas de la fidelización."""

from __future__ import annotations

from datetime import date

from clientes.models.cliente import Cliente, ClienteQuerySet
from movistar_site.comun import valores

from .models import Derivacion


def clientes_de_mas_de(meses: int, hoy: date, *, estricto: bool = True) -> ClienteQuerySet:
    """Los clientes activos con más de `meses` de permanencia el día `hoy` (120: más de diez años).

    Con `estricto`, quien los cumple justo ese día no entra: entra al día siguiente del aniversario (dominio, sección
    1). Sin él, entra ese mismo día. Compara fechas de vinculación, de modo que el índice de esa columna sirve.

    Lanza ValueError si `meses` es negativo o lleva antes del año 1.
    """
    limites = valores.limites_de_categoria(hoy, meses_regular=meses, meses_leal=meses)
    limite = limites.ultima_fecha_leal if estricto else limites.ultima_fecha_regular
    return Cliente.objects.all().activos().filter(fecha_vinculacion__lte=limite)


def por_que_no_se_suprime(cliente: Cliente) -> str:
    """Por qué los datos de ese cliente no se pueden suprimir todavía; vacío, si la fidelización no lo impide."""
    abierta = Derivacion.objects.abiertas().filter(cliente=cliente).select_related("programa").order_by("id").first()
    if abierta is None:
        return ""
    return f"Tiene una derivación abierta de «{abierta.programa.nombre}»: ciérrela o anúlela primero."
