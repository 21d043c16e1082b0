"""El par canónico, `servicios.json` y `usuario.json`, como registros planos con su ruta dentro del archivo.

También lee el par antiguo, más suelto: objetos vacíos, listas en lugar de objetos o sin la raíz `movistar`. No valida
valores: eso lo hacen los recursos, los mismos de las pantallas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from clientes.recursos import leer_clave_de_cliente
from movistar_site.comun.celdas import a_texto
from movistar_site.comun.formatos_archivo import ArchivoIlegible, Objeto
from movistar_site.comun.opciones import TipoDocumento
from movistar_site.comun.recursos_base import RecursoBase
from movistar_site.comun.valores import a_pesos, citar

from .entidades import ENTIDADES
from .lectura import Lectura, Lugar

RAIZ = "movistar"
MAX_NIVELES = 40
# Sección del archivo → entidad.
SECCIONES = {
    "tipos": "tipos",
    "servicios": "servicios",
    "promociones": "promociones",
    "departamentos": "departamentos",
    "municipios": "municipios",
    "usuarios": "clientes",
    "clientes": "clientes",
}
HIJOS_DE_CLIENTE = {"servicios": "contratos", "interacciones": "interacciones", "consentimientos": "consentimientos"}
_CLAVE_CON_TIPO = re.compile(rf"({'|'.join(TipoDocumento.values)})-(.+)", re.IGNORECASE | re.DOTALL)
_PISTAS = {
    "clientes": {"documento", "tipo_documento", "apellido", "fecha_vinculacion"},
    "servicios": {"precio", "caracteristicas", "periodicidad"},
}


def leer_canonico(archivo: str, contenido: Any, lectura: Lectura) -> None:
    """Suma a `lectura` los registros de un archivo canónico ya decodificado. Lanza ArchivoIlegible si no lo es."""
    _Lector(archivo, lectura).leer(contenido)


class _Lector:
    """Recorre un archivo y reparte sus registros."""

    def __init__(self, archivo: str, lectura: Lectura) -> None:
        self.archivo, self.lectura = archivo, lectura
        self.recursos: dict[str, RecursoBase] = {n: entidad.recurso() for n, entidad in ENTIDADES.items()}

    def lugar(self, ruta: str) -> Lugar:
        """El lugar de una ruta de este archivo."""
        return Lugar(self.archivo, ruta)

    def leer(self, contenido: Any) -> None:
        """Encuentra las secciones, bajo la raíz o sin ella."""
        for ruta, clave in claves_repetidas(contenido):
            self.lectura.falta(
                "", self.lugar(ruta or "(raíz)"), f"La clave «{clave}» está repetida en el mismo objeto."
            )
        if not isinstance(contenido, dict | list):
            raise ArchivoIlegible(f"Se esperaba un objeto con la clave «{RAIZ}» y llegó {citar(contenido)}.")
        if isinstance(contenido, dict) and RAIZ in contenido:
            for clave in contenido:
                if clave != RAIZ:
                    self.lectura.aviso(self.lugar(str(clave)), str(clave), contenido[clave])
            self._secciones(contenido[RAIZ], RAIZ)
        else:
            self._secciones(contenido, "")

    def _secciones(self, contenido: Any, ruta: str) -> None:
        if contenido in (None, "", [], {}):
            return
        if isinstance(contenido, list):
            return self._seccion(self._adivinar(contenido), contenido, ruta)
        if not isinstance(contenido, dict):
            raise ArchivoIlegible(f"En «{ruta}» se esperaba un objeto y llegó {citar(contenido)}.")
        if not set(contenido) & set(SECCIONES):
            if all(isinstance(valor, dict) for valor in contenido.values()):
                return self._seccion(self._adivinar(list(contenido.values())), contenido, ruta)
            raise ArchivoIlegible(f"No se encuentra ninguna sección conocida: se esperaba {', '.join(SECCIONES)}.")
        for clave, valor in contenido.items():
            dentro = f"{ruta}.{clave}" if ruta else str(clave)
            if clave in SECCIONES:
                self._seccion(SECCIONES[clave], valor, dentro)
            else:
                self.lectura.aviso(self.lugar(dentro), str(clave), valor)
        return None

    @staticmethod
    def _adivinar(registros: list[Any]) -> str:
        claves = {str(clave) for registro in registros if isinstance(registro, dict) for clave in registro}
        entidad = max(_PISTAS, key=lambda nombre: len(_PISTAS[nombre] & claves))
        if not _PISTAS[entidad] & claves:
            raise ArchivoIlegible(f"No se reconocen los registros: se esperaba un objeto con la clave «{RAIZ}».")
        return entidad

    def _seccion(self, entidad: str, contenido: Any, ruta: str) -> None:
        for clave, registro, dentro in self._registros(entidad, contenido, ruta):
            getattr(self, f"_{entidad}", self._simple)(entidad, clave, registro, dentro)

    def _registros(self, entidad: str, contenido: Any, ruta: str) -> Iterator[tuple[str, dict[str, Any], str]]:
        """Cada registro de una sección o lista, con su clave (vacía en una lista) y su ruta."""
        if contenido in (None, "", [], {}):
            return
        if not isinstance(contenido, dict | list):
            motivo = f"Se esperaba un objeto o una lista y llegó {citar(contenido)}."
            self.lectura.falta(entidad, self.lugar(ruta), motivo)
            return
        pares = (
            [(str(clave), valor, f"{ruta}.{clave}" if ruta else str(clave)) for clave, valor in contenido.items()]
            if isinstance(contenido, dict)
            else [("", valor, f"{ruta}[{indice}]") for indice, valor in enumerate(contenido)]
        )
        for clave, registro, dentro in pares:
            if isinstance(registro, dict):
                yield clave, registro, dentro
            else:
                self.lectura.falta(entidad, self.lugar(dentro), f"Se esperaba un objeto y llegó {citar(registro)}.")

    # --- Cada clase de registro --------------------------------------------------------------------------------------

    def _plano(
        self, entidad: str, registro: Mapping[str, Any], ruta: str, *, salvo: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Los valores de un registro por columna; lo que no se reconoce queda avisado."""
        traducidas, desconocidas = self.recursos[entidad].traducir(clave for clave in registro if clave not in salvo)
        for clave in desconocidas:
            self.lectura.aviso(self.lugar(f"{ruta}.{clave}"), clave, registro[clave])
        return {nombre: registro[clave] for clave, nombre in traducidas.items()}

    def _simple(self, entidad: str, clave: str, registro: dict[str, Any], ruta: str) -> None:
        valores = self._plano(entidad, registro, ruta)
        self._con_codigo(entidad, clave, valores, ruta)
        self.lectura.entrada(entidad, self.lugar(ruta), valores)

    def _con_codigo(self, entidad: str, clave: str, valores: dict[str, Any], ruta: str) -> None:
        if not clave:
            return
        dentro = valores.setdefault("codigo", clave)
        if _texto(dentro).casefold() != clave.strip().casefold():
            motivo = f"El código no coincide con la clave del objeto, «{clave}»."
            self.lectura.falta(entidad, self.lugar(ruta), motivo, campo="Código", valor=dentro)

    def _servicios(self, entidad: str, clave: str, registro: dict[str, Any], ruta: str) -> None:
        valores = self._plano(entidad, registro, ruta, salvo=("precios",))
        self._con_codigo(entidad, clave, valores, ruta)
        precios = list(self._registros("precios", registro.get("precios"), f"{ruta}.precios"))
        if precios and "precio" in valores:
            self._comprobar_precio(valores.pop("precio"), [precio.get("valor") for _, precio, _ in precios], ruta)
        self.lectura.entrada(entidad, self.lugar(ruta), valores)
        for _, precio, dentro in precios:
            fila = {**self._plano("precios", precio, dentro), "servicio": valores.get("codigo", "")}
            self.lectura.entrada("precios", self.lugar(dentro), fila)

    def _comprobar_precio(self, precio: Any, valores: list[Any], ruta: str) -> None:
        """Con la historia de precios, el vigente sale de ella; el que está escrito solo puede ser uno de ellos."""
        if _pesos(precio) not in {_pesos(valor) for valor in valores}:
            motivo = "El precio no es ninguno de los de la lista «precios»."
            self.lectura.falta("servicios", self.lugar(ruta), motivo, campo="Precio", valor=precio)

    def _clientes(self, entidad: str, clave: str, registro: dict[str, Any], ruta: str) -> None:
        valores = self._plano(entidad, registro, ruta, salvo=tuple(HIJOS_DE_CLIENTE))
        self._documento(clave, valores, ruta)
        self.lectura.entrada(entidad, self.lugar(ruta), valores)
        identidad = f"{_texto(valores.get('tipo_documento', ''))}-{_texto(valores.get('documento', ''))}"
        for seccion, hija in HIJOS_DE_CLIENTE.items():
            for suya, dato, dentro in self._registros(hija, registro.get(seccion), f"{ruta}.{seccion}"):
                fila = self._plano(hija, dato, dentro)
                if suya and hija == "contratos":
                    fila.setdefault("servicio", suya)
                fila["cliente"] = identidad
                self.lectura.entrada(hija, self.lugar(dentro), fila)

    def _documento(self, clave: str, valores: dict[str, Any], ruta: str) -> None:
        """Completa tipo y documento con la clave del objeto («CC-1020304050») y exige que digan lo mismo."""
        hallada = _CLAVE_CON_TIPO.fullmatch(clave.strip())
        if hallada:
            tipo, documento = valores.setdefault("tipo_documento", hallada[1].upper()), hallada[2]
            documento = valores.setdefault("documento", documento)
            if _identidad(f"{_texto(tipo)}-{_texto(documento)}") != _identidad(clave):
                motivo = f"El documento no coincide con la clave del objeto, «{clave}»."
                self.lectura.falta("clientes", self.lugar(ruta), motivo, campo="Documento", valor=documento)
        elif clave:
            valores.setdefault("documento", clave)
        if "documento" in valores:
            valores.setdefault("tipo_documento", TipoDocumento.CC.value)


def claves_repetidas(contenido: Any) -> Iterator[tuple[str, str]]:
    """La ruta y el nombre de cada clave que está dos veces en un mismo objeto.

    Lanza ArchivoIlegible si el archivo pasa de MAX_NIVELES niveles.
    """
    pendientes: list[tuple[str, Any, int]] = [("", contenido, 0)]
    while pendientes:
        ruta, valor, nivel = pendientes.pop()
        if nivel > MAX_NIVELES:
            raise ArchivoIlegible(f"El archivo tiene más de {MAX_NIVELES} niveles, uno dentro de otro.")
        if isinstance(valor, Objeto):
            yield from ((ruta, clave) for clave in valor.repetidas)
        if isinstance(valor, dict):
            pendientes += [(f"{ruta}.{c}" if ruta else str(c), v, nivel + 1) for c, v in valor.items()
                           if isinstance(v, dict | list)]  # fmt: skip
        elif isinstance(valor, list):
            pendientes += [(f"{ruta}[{i}]", v, nivel + 1) for i, v in enumerate(valor) if isinstance(v, dict | list)]


def _texto(valor: Any) -> str:
    try:
        return a_texto(valor).strip()
    except ValueError:
        return ""


def _pesos(valor: Any) -> Any:
    try:
        return a_pesos(valor)
    except ValueError:
        return str(valor)


def _identidad(texto: str) -> Any:
    try:
        return leer_clave_de_cliente(texto)
    except ValueError:
        return texto.strip().upper()
