"""Lo que se fue viendo en los archivos: qué claves traían y qué valores se tradujeron. Acotado."""

from __future__ import annotations

from typing import Any

from movistar_site.comun.valores import normalizar

from .claves import OCULTO, es_secreta, normal
from .parecidos import Parecido
from .piezas import texto_visible

CLAVES_MAXIMAS = 500
VALORES_MAXIMOS = 300
LARGO_DE_MUESTRA = 80
_NIVELES_DE_MUESTRA = 2


class Observado:
    """Cuenta claves y valores sin pasar de sus topes."""

    def __init__(self) -> None:
        self._claves: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._valores: dict[tuple[str, str], dict[str, Any]] = {}

    def clave(self, lugar: tuple[str, str, str], columna: str, por: str, muestra: Any = None, veces: int = 1) -> None:
        """Suma `veces` apariciones de una clave (archivo, entidad, clave); la muestra, el primero que diga algo."""
        archivo, entidad, clave = lugar
        normalizada = normal(clave)[:LARGO_DE_MUESTRA]
        identidad = (archivo, entidad, normalizada)
        vista = self._claves.get(identidad)
        if vista is None:
            if len(self._claves) >= CLAVES_MAXIMAS:
                return
            vista = self._claves[identidad] = {
                "archivo": archivo, "entidad": entidad, "clave": str(clave)[:LARGO_DE_MUESTRA], "normal": normalizada,
                "columna": columna, "por": por, "veces": 0, "muestra": "",
            }  # fmt: skip
        vista["veces"] += veces
        if not vista["muestra"] and muestra not in (None, "", [], {}):
            vista["muestra"] = OCULTO if es_secreta(normalizada) else _muestra(muestra)

    def valor(self, columna: str, valor: Any, parecido: Parecido) -> None:
        """Suma una aparición de un valor que se tradujo, o que no se supo traducir (`destino` vacío)."""
        escrito = texto_visible(valor)[:LARGO_DE_MUESTRA]
        normalizado = normalizar(escrito)
        visto = self._valores.get((columna, normalizado))
        if visto is None:
            if len(self._valores) >= VALORES_MAXIMOS:
                return
            visto = self._valores[columna, normalizado] = {
                "columna": columna, "valor": escrito, "normal": normalizado, "destino": parecido.destino,
                "titulo": parecido.titulo, "puntaje": parecido.puntaje, "por": parecido.por, "veces": 0,
                "propuestas": [list(propuesta) for propuesta in parecido.propuestas],
            }  # fmt: skip
        visto["veces"] += 1

    @property
    def claves(self) -> list[dict[str, Any]]:
        """Las claves vistas, en el orden en que aparecieron."""
        return list(self._claves.values())

    @property
    def valores(self) -> list[dict[str, Any]]:
        """Los valores traducidos y los que no se supo traducir."""
        return list(self._valores.values())

    def firma(self) -> dict[str, list[str]]:
        """Qué claves trae cada entidad: la forma de los archivos, para reconocer otro igual."""
        firma: dict[str, set[str]] = {}
        for (_, entidad, normalizada), vista in self._claves.items():
            if entidad or vista["columna"]:
                firma.setdefault(entidad, set()).add(normalizada)
        return {entidad: sorted(claves) for entidad, claves in sorted(firma.items())}


def _muestra(valor: Any, nivel: int = 0) -> str:
    if hasattr(valor, "clase") or nivel > _NIVELES_DE_MUESTRA:
        return "…"
    if isinstance(valor, list):
        return "; ".join(_muestra(uno, nivel + 1) for uno in valor[:3])[:LARGO_DE_MUESTRA]
    if isinstance(valor, dict):
        pares = list(valor.items())[:3]
        textos = (f"{c}: {OCULTO if es_secreta(normal(c)) else _muestra(v, nivel + 1)}" for c, v in pares)
        return "; ".join(textos)[:LARGO_DE_MUESTRA]
    return texto_visible(valor)[:LARGO_DE_MUESTRA]


def titulo_de(columna: str, destino: str) -> str:
    """Cómo se llama para la gente el valor del panel a que se llegó."""
    return destino.replace("_", " ").capitalize() if columna != "tipo_documento" else destino
