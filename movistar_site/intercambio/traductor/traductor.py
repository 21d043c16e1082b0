"""De un documento cualquiera a registros planos: el lector guiado por tablas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.valores import citar

from . import tablas
from .claves import es_escalar, normal
from .filas import LectorDeTabla
from .formas import Recorrido
from .piezas import Ambito, Referencias, Salida
from .registros import Registrador
from .taller import Taller

RAIZ = "movistar"


class Traductor:
    """Entiende los archivos de una importación, uno tras otro, y recuerda lo visto.

    `claves`: correcciones {entidad: {clave: columna, o "" para ignorarla}}; con la entidad "" se corrige qué hay bajo
    un contenedor. `valores`: {columna: {valor: valor del panel}}. `entidad`: la que traen las tablas, si se dijo.
    """

    def __init__(
        self,
        *,
        fecha_referencia: date,
        claves: Mapping[str, Mapping[str, str]] | None = None,
        valores: Mapping[str, Mapping[str, str]] | None = None,
        referencias: Referencias | None = None,
        entidad: str = "",
    ) -> None:
        self.entidad = entidad
        self.taller = Taller(fecha_referencia, claves or {}, valores or {}, referencias or Referencias())

    def traducir(self, documento: Any) -> Iterator[Salida]:
        """Los registros planos y los avisos de un documento, a medida que se lee.

        Lanza ArchivoIlegible, con una frase, si el documento trae datos y ninguno es de algo que se conozca.
        """
        self._empezar(documento.nombre)
        registrador = Registrador(self.taller)
        if hasattr(documento, "filas"):
            salidas = LectorDeTabla(registrador, self.entidad).leer(documento)
        else:
            raiz = documento.raiz()
            if es_escalar(raiz):
                raise ArchivoIlegible(f"Se esperaba un objeto con la clave «{RAIZ}» y llegó {citar(raiz)}.")
            salidas = Recorrido(registrador, self._por_nombre(documento.nombre)).leer(raiz, self._ambito(raiz))
        yield from self._todas(salidas)

    def _empezar(self, archivo: str) -> None:
        self.taller.memoria.archivo = archivo
        self.taller.memoria.numero = 0
        self.taller.planes.archivo = archivo

    def _ambito(self, raiz: Any) -> Ambito:
        es_lista = isinstance(raiz, list) or getattr(raiz, "clase", "") == "lista"
        return Ambito(self.entidad) if self.entidad and es_lista else Ambito()

    @staticmethod
    def _por_nombre(nombre: str) -> str:
        contenedor = tablas.contenedores().get(normal(PurePath(nombre).stem))
        return contenedor.entidad if contenedor else ""

    def _todas(self, salidas: Iterator[Salida]) -> Iterator[Salida]:
        registros, sueltos = 0, ""
        for salida in salidas:
            if hasattr(salida, "valores"):
                registros += 1
            elif not registros and not sueltos:
                sueltos = salida.clave or salida.ruta
            yield salida
        yield from self.taller.avisador.cerrar()
        self.taller.planes.cerrar()
        if sueltos and not registros:
            raise ArchivoIlegible(
                f"No se encuentra ninguna sección conocida: se esperaba un objeto con la clave «{RAIZ}» o alguna de "
                f"usuarios, clientes, servicios, planes o interacciones, y lo primero que trae es {citar(sueltos)}."
            )

    # --- Lo visto ----------------------------------------------------------------------------------------------------

    @property
    def claves_vistas(self) -> list[dict[str, Any]]:
        """Qué claves traía cada archivo y por qué columna se tomó cada una."""
        return self.taller.observado.claves

    @property
    def valores_vistos(self) -> list[dict[str, Any]]:
        """Qué valores se tradujeron, con qué puntaje, y cuáles no se supo traducir."""
        return self.taller.observado.valores

    @property
    def servicios_leidos(self) -> list[dict[str, Any]]:
        """Los servicios de los archivos, en su orden: {"archivo", "codigo", "nombre", "id"}; los pide `Resolvedor`."""
        return list(self.taller.memoria.servicios)

    def firma(self) -> dict[str, list[str]]:
        """La forma de lo leído, para reconocer otro archivo igual."""
        return self.taller.observado.firma()
