"""Lo que comparten las partes que resuelven quién es un cliente."""

from __future__ import annotations

from typing import Any

from movistar_site.comun.valores import normalizar

from .claves import es_escalar
from .ficha import Dato, Ficha
from .piezas import Sitio, simple
from .taller import Taller
from .vocabulario_valores import NO, SI


class ParteDePersona:
    """Una ficha de cliente a medio resolver: los valores por columna, lo pendiente y la falla, si la hay."""

    def __init__(self, taller: Taller, ficha: Ficha, sitio: Sitio) -> None:
        self.taller, self.ficha, self.sitio = taller, ficha, sitio
        self.valores: dict[str, Any] = {}
        self.pendientes: dict[str, Any] = {}
        self.falla = ""
        self.id_origen = ""

    def pasar(self, dato: Dato, concepto: str) -> None:
        """Un dato que resultó ser de otra cosa."""
        self.ficha.datos.setdefault(concepto, []).append(dato)

    def nombre_por_clave(self) -> str:
        """Donde los registros van bajo el nombre de la persona: «Ana Ríos»: {…}."""
        clave = self.sitio.clave.strip()
        letras = [palabra for palabra in clave.split() if palabra.isalpha()]
        return clave if letras and not any(c.isdigit() for c in clave) else ""

    def es_su_nombre(self, clave: str) -> bool:
        completo = f"{self.valores.get('nombre', '')} {self.valores.get('apellido', '')}"
        return normalizar(clave) in normalizar(completo)


def legible(valor: Any) -> Any:
    """Un número de Excel o de JSON, sin el «.0» que le sobra."""
    texto = simple(valor) if es_escalar(valor) else valor
    if isinstance(texto, str) and texto.endswith(".0"):
        return texto[:-2]
    return int(texto) if isinstance(texto, float) and texto.is_integer() else texto


def afirma(valor: Any) -> bool:
    """Verdadero si el valor dice que sí, o dice algo que no es un no."""
    if isinstance(valor, bool):
        return valor
    texto = normalizar(str(simple(valor)))
    return texto in SI or (texto not in NO and bool(texto))
