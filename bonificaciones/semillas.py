"""Los programas con que nace todo panel: más de diez, de quince y de veinte años. Cada cliente cabe en uno solo.

Los crea una migración, una sola vez: lo que un administrador cambie, desactive o borre no vuelve.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

DESDE = date(2026, 1, 1)
NORMA = "Política comercial de fidelización; una bonificación nunca crea deuda, condición ni permanencia"


class Programa(NamedTuple):
    """Un programa de permanencia, con descuento en porcentaje."""

    codigo: str
    nombre: str
    meses_minimos: int
    meses_maximos: int | None
    cantidad: int
    meses: int

    @property
    def guion(self) -> str:
        """Lo que el asesor le dice al cliente."""
        return (
            f"Usted lleva más de {self.meses_minimos // 12} años con nosotros y se lo agradecemos con un"
            f" {self.cantidad} % de descuento en su factura durante {self.meses} meses. Es un regalo: no cambia su"
            " plan, no tiene condiciones ni cláusula de permanencia, y puede aceptarlo o no. ¿Desea recibirlo?"
        )


PROGRAMAS = (
    Programa("DIEZ-ANIOS", "Más de diez años", 120, 180, 10, 6),
    Programa("QUINCE-ANIOS", "Más de quince años", 180, 240, 15, 6),
    Programa("VEINTE-ANIOS", "Más de veinte años", 240, None, 20, 12),
)


def sembrar(modelo: Callable[[str], Any], using: str = "default") -> None:
    """Crea lo que falte. `modelo`: el nombre de un modelo → el modelo (el de la migración o el de hoy)."""
    for uno in PROGRAMAS:
        datos = uno._asdict() | {"cantidad": Decimal(uno.cantidad), "descripcion": uno.guion}
        modelo("Programa").objects.using(using).get_or_create(
            codigo=datos.pop("codigo"),
            defaults={
                **datos,
                "estricto": True,
                "beneficio": "porcentaje",
                "vigente_desde": DESDE,
                "norma": NORMA,
            },
        )
