"""Qué servicio del catálogo quiere decir un usuario que lo nombra a su manera."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from movistar_site.comun.valores import citar, normalizar

from . import tablas
from .claves import normal, sin_numero
from .parecidos import EXACTO, SEGURO, Resolucion, semejantes

_CANDIDATOS = 5


class Resolvedor:
    """Busca un servicio por código, nombre, identificador o posición en el archivo, tipo de uno solo o parecido.

    `servicios`: (código, nombre, código del tipo, nombre del tipo). `valores`: lo que la gente corrigió, de valor
    normalizado a código. `leidos`: los servicios del mismo intercambio en su orden (`Traductor.servicios_leidos`), para
    los que se nombran por posición (desde 1) o por el identificador que tenían.
    """

    def __init__(
        self,
        servicios: Iterable[tuple[str, str, str, str]],
        valores: Mapping[str, str] | None = None,
        leidos: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self.valores = {normalizar(str(valor)): codigo for valor, codigo in (valores or {}).items()}
        self.nombres: dict[str, str] = {}
        self.codigos: dict[str, str] = {}
        self.por_nombre: dict[str, set[str]] = {}
        self.por_clave: dict[str, set[str]] = {}
        self.por_tipo: dict[str, set[str]] = {}
        self._vistas: dict[str, Resolucion] = {}
        for codigo, nombre, tipo, titulo in servicios:
            self.codigos[codigo.upper()] = codigo
            self.nombres[codigo] = nombre
            self.por_nombre.setdefault(normalizar(nombre), set()).add(codigo)
            self.por_clave.setdefault(normal(nombre), set()).add(codigo)
            self.por_clave.setdefault(normal(codigo), set()).add(codigo)
            for escrito in (tipo, titulo):
                self.por_tipo.setdefault(normal(escrito), set()).add(codigo)
        self.leidos = list(leidos)
        self.por_id = {normal(uno["id"]): str(uno["codigo"]) for uno in self.leidos if uno.get("id") not in (None, "")}

    def resolver(self, referencia: Any) -> Resolucion:
        """El servicio de una referencia: un texto, un número de lista `{"indice": n}` o un objeto con su nombre."""
        if isinstance(referencia, Mapping):
            if "indice" in referencia:
                return self._por_numero(referencia["indice"])
            referencia = referencia.get("codigo") or referencia.get("nombre") or ""
        texto = str(referencia).strip()
        if texto not in self._vistas:
            if len(self._vistas) > 20_000:  # noqa: PLR2004 - memoria acotada: un archivo hostil no repite nombres
                self._vistas.clear()
            self._vistas[texto] = self._por_texto(texto)
        return self._vistas[texto]

    def _por_numero(self, numero: Any) -> Resolucion:
        texto = str(numero).strip()
        corregida = self.valores.get(normalizar(texto))
        if corregida:
            return Resolucion(corregida, EXACTO, motivo="corregido")
        if texto.upper() in self.codigos:
            return Resolucion(self.codigos[texto.upper()], EXACTO, motivo="código")
        if normal(texto) in self.por_id:
            return Resolucion(self.por_id[normal(texto)], EXACTO, motivo="identificador en el archivo")
        if texto.isascii() and texto.isdigit() and len(texto) < 6 and 1 <= int(texto) <= len(self.leidos):  # noqa: PLR2004
            elegido = self.leidos[int(texto) - 1]
            return Resolucion(str(elegido["codigo"]), EXACTO, motivo=f"el número {texto} de la lista del archivo")
        return Resolucion(motivo=f"No hay ningún servicio con el código o el número {citar(texto)}.")

    def _por_texto(self, texto: str) -> Resolucion:
        if not texto:
            return Resolucion(motivo="No dice qué servicio es.")
        clave, plano = normal(texto), normalizar(texto)
        if plano in self.valores:
            return Resolucion(self.valores[plano], EXACTO, motivo="corregido")
        if texto.upper() in self.codigos:
            return Resolucion(self.codigos[texto.upper()], EXACTO, motivo="código")
        for hallados, motivo in (
            (self.por_nombre.get(plano), "nombre"),
            (self.por_clave.get(clave), "nombre"),
            ({self.por_id[clave]} if clave in self.por_id else None, "identificador en el archivo"),
            (self.por_tipo.get(clave) or self._de_tipo(clave), "el único de su tipo"),
        ):
            if hallados:
                return self._unico(hallados, EXACTO, motivo, texto)
        if clave.isdigit():
            return self._por_numero(texto)
        return self._parecido(clave, texto)

    def _de_tipo(self, clave: str) -> set[str]:
        sinonimos = tablas.valores("servicios", "tipo")
        tipo = sinonimos.get(clave) or sinonimos.get(sin_numero(clave), "")
        return self.por_tipo.get(normal(tipo), set()) if tipo else set()

    def _unico(self, codigos: set[str], puntaje: int, motivo: str, texto: str) -> Resolucion:
        candidatos = [(codigo, self.nombres.get(codigo, ""), puntaje) for codigo in sorted(codigos)[:_CANDIDATOS]]
        if len(codigos) == 1:
            return Resolucion(next(iter(codigos)), puntaje, candidatos, motivo)
        cuales = ", ".join(codigo for codigo, _, _ in candidatos)
        frase = f"{citar(texto)} puede ser {len(codigos)} servicios ({cuales}): diga cuál."
        return Resolucion("", puntaje, candidatos, frase)

    def _parecido(self, clave: str, texto: str) -> Resolucion:
        hallados = semejantes(clave, self.por_clave)
        candidatos: dict[str, int] = {}
        for nombre, puntaje in hallados:
            for codigo in sorted(self.por_clave[nombre]):
                candidatos.setdefault(codigo, puntaje)
        lista = [(codigo, self.nombres.get(codigo, ""), puntaje) for codigo, puntaje in candidatos.items()]
        mejores = [codigo for codigo, puntaje in candidatos.items() if puntaje == hallados[0][1]]
        if mejores and hallados[0][1] >= SEGURO and len(mejores) == 1:
            return Resolucion(mejores[0], hallados[0][1], lista[:_CANDIDATOS], "parecido")
        return Resolucion("", 0, lista[:_CANDIDATOS], f"No se reconoce el servicio {citar(texto)}.")
