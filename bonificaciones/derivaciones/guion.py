"""Lo que el asesor le dice al cliente: el guion de un programa, con sus espacios completados. Puro."""

from __future__ import annotations

from clientes import plantillas
from movistar_site.comun.valores import contar

ESPACIOS: dict[str, str] = {
    "cliente": "el nombre del cliente",
    "asesor": "quien lo llama",
    "beneficio": "lo que se le regala",
    "anios": "los años que lleva",
}
"""Lo que se puede escribir entre llaves en un guion, y qué se pone ahí."""
DE_SIEMPRE = (
    "Buen día, ¿hablo con {cliente}? Le habla {asesor}, de su operador. Usted lleva {anios} con nosotros y queremos"
    " agradecérselo: le damos {beneficio}. Es un regalo: no cambia su contrato, no le cuesta nada y no lo obliga a"
    " quedarse. ¿Lo acepta?"
)
"""El de un programa que no tiene uno propio."""


def explicar(texto: str) -> str:
    """Por qué un guion no se puede guardar; vacío si está bien."""
    return plantillas.explicar(texto, ESPACIOS)


def completar(texto: str, *, cliente: str, asesor: str, beneficio: str, anios: int) -> str:
    """El guion con los datos de ese cliente; vacío, el de siempre. Lo que no se conoce se deja como está."""
    valores = {
        "cliente": cliente,
        "asesor": asesor,
        "beneficio": beneficio[:1].lower() + beneficio[1:],
        "anios": contar(anios, "año", "años"),
    }
    return plantillas.rellenar(texto.strip() or DE_SIEMPRE, valores)
