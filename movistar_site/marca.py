"""La marca del operador: del color que se escribe en los ajustes sale la paleta entera del panel.

Todo aquí es puro. La cuenta se hace en OKLCH (Björn Ottosson, 2020), donde la misma claridad se ve igual de clara en
cualquier tono: así un amarillo y un azul dan paletas igual de legibles.
"""

from __future__ import annotations

import math
import re

CONTRASTE_DEL_BOTON = 5.2
"""Texto blanco sobre el tono 600, y el 600 sobre los grises claros: por encima del 4,5 de WCAG AA."""
CONTRASTE_EN_OSCURO = 5.5
"""El tono 500 como texto sobre los fondos del modo oscuro."""
FONDO_OSCURO = "#1e2939"
_PASO = 0.005

# Peso → claridad y parte de la intensidad del color de la marca.
_CLAROS = {
    50: (0.977, 0.12),
    100: (0.95, 0.22),
    200: (0.905, 0.4),
    300: (0.84, 0.65),
    400: (0.76, 0.85),
}
_OSCUROS = {700: (0.06, 0.95), 800: (0.11, 0.85), 900: (0.16, 0.7), 950: (0.24, 0.55)}


def paleta(color: str) -> dict[str, str]:
    """Los tonos 50 a 950 de un color como «#0b6fb8», en hexadecimal.

    El 600 es el propio color si el texto blanco se lee sobre él; si no, se oscurece lo justo. Lanza ValueError si el
    color no está escrito como se espera.
    """
    claridad, intensidad, tono = _a_oklch(_leer(color))
    tonos = {peso: _a_hex(nivel, intensidad * parte, tono) for peso, (nivel, parte) in _CLAROS.items()}
    sexto = claridad
    while contraste("#ffffff", _a_hex(sexto, intensidad, tono)) < CONTRASTE_DEL_BOTON:
        sexto -= _PASO
    quinto = max(sexto, 0.6)
    while contraste(FONDO_OSCURO, _a_hex(quinto, intensidad, tono)) < CONTRASTE_EN_OSCURO:
        quinto += _PASO
    tonos |= {500: _a_hex(quinto, intensidad, tono), 600: _a_hex(sexto, intensidad, tono)}
    tonos |= {
        peso: _a_hex(max(sexto - baja, 0.02), intensidad * parte, tono) for peso, (baja, parte) in _OSCUROS.items()
    }
    return {str(peso): tonos[peso] for peso in sorted(tonos)}


def contraste(uno: str, otro: str) -> float:
    """La razón de contraste de WCAG 2.1 entre dos colores, de 1 a 21."""
    claro, oscuro = sorted((_luminancia(_leer(uno)), _luminancia(_leer(otro))), reverse=True)
    return (claro + 0.05) / (oscuro + 0.05)


def _leer(color: str) -> tuple[float, float, float]:
    limpio = color.strip().lstrip("#")
    if not re.fullmatch(r"[0-9a-fA-F]{6}", limpio):
        raise ValueError(f"«{color}» no es un color: se esperaba uno como #0b6fb8 en MARCA_COLOR.")
    rojo, verde, azul = (int(limpio[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return rojo, verde, azul


def _lineal(canal: float) -> float:
    return canal / 12.92 if canal <= 0.04045 else ((canal + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - norma sRGB


def _comprimido(canal: float) -> float:
    return canal * 12.92 if canal <= 0.0031308 else 1.055 * canal ** (1 / 2.4) - 0.055  # noqa: PLR2004 - norma sRGB


def _luminancia(rgb: tuple[float, float, float]) -> float:
    rojo, verde, azul = map(_lineal, rgb)
    return 0.2126 * rojo + 0.7152 * verde + 0.0722 * azul


def _a_oklch(rgb: tuple[float, float, float]) -> tuple[float, float, float]:
    r, g, b = map(_lineal, rgb)
    x = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    y = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    z = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    claridad = 0.2104542553 * x + 0.7936177850 * y - 0.0040720468 * z
    a = 1.9779984951 * x - 2.4285922050 * y + 0.4505937099 * z
    b_ = 0.0259040371 * x + 0.7827717662 * y - 0.8086757660 * z
    return claridad, math.hypot(a, b_), math.atan2(b_, a)


def _a_hex(claridad: float, intensidad: float, tono: float) -> str:
    """El color más intenso posible con esa claridad y ese tono, sin pasar de la intensidad pedida."""
    while intensidad > 0 and not all(-0.0005 <= canal <= 1.0005 for canal in _a_lineal(claridad, intensidad, tono)):  # noqa: PLR2004
        intensidad -= _PASO / 2
    canales = _a_lineal(claridad, max(intensidad, 0.0), tono)
    return "#" + "".join(f"{round(255 * _comprimido(min(max(canal, 0.0), 1.0))):02x}" for canal in canales)


def _a_lineal(claridad: float, intensidad: float, tono: float) -> tuple[float, float, float]:
    a, b = intensidad * math.cos(tono), intensidad * math.sin(tono)
    x = (claridad + 0.3963377774 * a + 0.2158037573 * b) ** 3
    y = (claridad - 0.1055613458 * a - 0.0638541728 * b) ** 3
    z = (claridad - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
        -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
        -0.0041960863 * x - 0.7034186147 * y + 1.7076147010 * z,
    )
