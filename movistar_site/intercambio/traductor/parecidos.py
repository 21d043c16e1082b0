"""Lo que se escribió parecido: municipios, tipos de servicio y servicios, con su puntaje a la vista."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from movistar_site.comun.valores import normalizar

from . import tablas
from .claves import es_vacio, normal
from .vocabulario_valores import MUNICIPIOS, SIN_CAPITAL

SEGURO = 90
PROPONER = 75
EXACTO = 100
_PROPUESTAS = 5
_LARGO_MAXIMO = 120
_LARGO_DE_CODIGO_DE_MUNICIPIO = 5


class Parecido(NamedTuple):
    """A qué corresponde un valor: `destino` vacío si no se aplica; `propuestas` [(destino, título, puntaje)]."""

    destino: str = ""
    titulo: str = ""
    puntaje: int = 0
    por: str = ""
    propuestas: tuple[tuple[str, str, int], ...] = ()


def semejantes(buscado: str, opciones: Mapping[str, Any], minimo: int = PROPONER) -> list[tuple[str, int]]:
    """Las opciones más parecidas a un texto ya normalizado, con su puntaje de 0 a 100, de más a menos."""
    if not buscado or len(buscado) > _LARGO_MAXIMO:
        return []
    hallados = process.extract(buscado, opciones.keys(), scorer=fuzz.ratio, score_cutoff=minimo, limit=_PROPUESTAS)
    return [(str(nombre), int(puntaje)) for nombre, puntaje, _ in hallados]


class Municipios:
    """El municipio que dice un texto: por su código, por su nombre exacto o por uno muy parecido."""

    def __init__(self, municipios: Iterable[tuple[str, str, str]]) -> None:
        self.por_codigo: dict[str, tuple[str, str]] = {}
        self.por_nombre: dict[str, list[str]] = {}
        for codigo, nombre, departamento in municipios:
            self.por_codigo[codigo] = (nombre, departamento)
            self.por_nombre.setdefault(normalizar(nombre), []).append(codigo)
        self.departamentos = {normalizar(dep): codigo[:2] for codigo, (_, dep) in self.por_codigo.items()}

    def buscar(self, valor: Any, departamento: Any = "") -> Parecido:
        """A qué municipio corresponde; sin destino si no se puede saber."""
        texto = str(valor).strip()
        if texto.isascii() and texto.isdigit() and len(texto) <= _LARGO_DE_CODIGO_DE_MUNICIPIO:
            codigo = texto.zfill(_LARGO_DE_CODIGO_DE_MUNICIPIO)
            return Parecido(codigo, self._titulo(codigo), EXACTO, "código")
        nombre, dep = self._partes(texto, departamento)
        codigo = MUNICIPIOS.get(nombre, "")
        if codigo in self.por_codigo and not dep:
            return Parecido(codigo, self._titulo(codigo), EXACTO, "nombre")
        if nombre in self.por_nombre:
            return self._elegir(nombre, dep, EXACTO, "nombre")
        return self._por_semejanza(nombre, dep)

    def _partes(self, texto: str, departamento: Any) -> tuple[str, str]:
        """«Medellín, Antioquia» y «Medellín (Antioquia)» → nombre y departamento normalizados."""
        entero = normalizar(texto)
        dep = "" if es_vacio(departamento) else normalizar(str(departamento))
        if entero in self.por_nombre or entero in MUNICIPIOS:
            return entero, self._prefijo(dep)
        for separador in (",", "(", " - ", "/"):
            nombre, hay, resto = entero.partition(separador)
            suyo = resto.strip(" ).")
            if hay and (suyo in self.departamentos or suyo in ("colombia", "")):
                return nombre.strip(), self._prefijo(suyo if suyo in self.departamentos else dep)
        return entero.strip(" ."), self._prefijo(dep)

    def _prefijo(self, departamento: str) -> str:
        if departamento.isdigit() and departamento:
            return departamento.zfill(2)
        return self.departamentos.get(departamento, "")

    def _elegir(self, nombre: str, dep: str, puntaje: int, por: str) -> Parecido:
        codigos = [c for c in self.por_nombre[nombre] if c.startswith(dep)] or self.por_nombre[nombre]
        if len(codigos) == 1:
            return Parecido(codigos[0], self._titulo(codigos[0]), puntaje, por)
        propuestas = tuple((codigo, self._titulo(codigo), puntaje) for codigo in codigos[:_PROPUESTAS])
        # De varios del mismo nombre, el que es capital de departamento es el que la gente nombra sin apellido.
        capitales = [c for c in codigos if c.endswith("001") and c[:2] not in SIN_CAPITAL]
        if len(capitales) == 1:
            return Parecido(capitales[0], self._titulo(capitales[0]), puntaje, "capital", propuestas)
        return Parecido(propuestas=propuestas)

    def _por_semejanza(self, nombre: str, dep: str) -> Parecido:
        opciones = {n: c for n, c in self.por_nombre.items() if not dep or any(x.startswith(dep) for x in c)}
        hallados = semejantes(nombre, opciones)
        if not hallados:
            return Parecido()
        mejor, puntaje = hallados[0]
        unico = len(hallados) == 1 or hallados[1][1] < puntaje
        if puntaje >= SEGURO and unico:
            return self._elegir(mejor, dep, puntaje, "parecido")
        propuestas = [(c, self._titulo(c), p) for n, p in hallados for c in opciones[n] if c.startswith(dep)]
        return Parecido(propuestas=tuple(propuestas[:_PROPUESTAS]))

    def _titulo(self, codigo: str) -> str:
        nombre, departamento = self.por_codigo.get(codigo, ("", ""))
        return f"{nombre} ({departamento})" if nombre else ""


class Tipos:
    """El tipo de servicio que dice un texto, entre los que hay y los que trae el mismo archivo."""

    def __init__(self, tipos: Iterable[tuple[str, str]]) -> None:
        self.nombres: dict[str, str] = {}
        self.titulos: dict[str, str] = {}
        for codigo, nombre in tipos:
            self.agregar(codigo, nombre)

    def agregar(self, codigo: str, nombre: str) -> None:
        """Suma un tipo que acaba de llegar."""
        self.titulos[codigo] = nombre
        self.nombres[normal(nombre)] = codigo
        self.nombres[normal(codigo)] = codigo

    def exacto(self, valor: Any) -> str:
        """El código, si el texto es su código o su nombre; vacío si no."""
        return self.nombres.get(normal(valor), "")

    def buscar(self, valor: Any) -> Parecido:
        """A qué tipo corresponde; sin destino si no se puede saber."""
        clave = normal(valor)
        if codigo := self.nombres.get(clave, ""):
            return Parecido(codigo, self.titulos[codigo], EXACTO, "nombre")
        sinonimo = tablas.valores("servicios", "tipo").get(clave, "")
        if sinonimo in self.titulos:
            return Parecido(sinonimo, self.titulos[sinonimo], EXACTO, "vocabulario")
        sinonimos = {k: v for k, v in tablas.valores("servicios", "tipo").items() if v in self.titulos}
        opciones = {**sinonimos, **self.nombres}
        hallados = semejantes(clave, opciones)
        if not hallados:
            return Parecido()
        codigos = {opciones[nombre] for nombre, puntaje in hallados if puntaje == hallados[0][1]}
        mejor = opciones[hallados[0][0]]
        if hallados[0][1] >= SEGURO and len(codigos) == 1:
            return Parecido(mejor, self.titulos[mejor], hallados[0][1], "parecido")
        return Parecido(propuestas=tuple((opciones[n], self.titulos[opciones[n]], p) for n, p in hallados))

    def en_el_nombre(self, nombre: str) -> str:
        """El único tipo que se nombra dentro del nombre de un servicio («Fibra 300 megas»); vacío si no es uno solo."""
        palabras = f" {normalizar(str(nombre)).replace('-', ' ').replace('_', ' ')} "
        hallados: list[str] = []
        for codigo, escritas in tablas.palabras_de_tipo().items():
            if codigo in self.titulos and any(f" {una} " in palabras for una in escritas):
                hallados.append(codigo)
        if hallados and hallados[0] in ("trio", "duo"):
            return hallados[0]
        return hallados[0] if len(hallados) == 1 else ""


@dataclass
class Resolucion:
    """Qué servicio es: `codigo` vacío si no se sabe; `candidatos` [(código, nombre, puntaje)] y por qué."""

    codigo: str = ""
    puntaje: int = 0
    candidatos: list[tuple[str, str, int]] = field(default_factory=list)
    motivo: str = ""
