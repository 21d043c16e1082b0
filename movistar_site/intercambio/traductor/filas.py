"""Una tabla (CSV o XLSX): sus encabezados se entienden una vez y cada fila casi no cuesta."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from movistar_site.comun.formatos_archivo import ArchivoIlegible

from ..entidades import ENTIDADES
from ..piezas import Leido
from . import tablas
from .claves import es_vacio, normal
from .piezas import Ambito, Salida, Sitio, simple
from .planes import COMPROBACIONES, DESCONOCIDA, IGNORADA, SECRETA, SENALES, Comprobar
from .reconocer import que_es
from .registros import Registrador

NO_ES_COLUMNA = "No es una columna conocida: no se importa."
_DEDUCIDAS = frozenset({"clientes", "servicios", "contratos", "interacciones"})


class LectorDeTabla:
    """Traduce las filas de una tabla."""

    def __init__(self, registrador: Registrador, entidad: str = "") -> None:
        self.registrador, self.dicha = registrador, entidad
        self.taller = registrador.taller

    def leer(self, documento: Any) -> Iterator[Salida]:
        """Un registro por fila. Lanza ArchivoIlegible si por sus columnas no se sabe qué trae la tabla."""
        encabezados = [str(uno) for uno in documento.encabezados]
        entidad = self._entidad(documento.nombre, encabezados)
        columnas = self._columnas(entidad, encabezados)
        self._exigir(entidad, set(columnas))
        desconocidas = {i: e for i, e in enumerate(encabezados) if columnas[i] in (DESCONOCIDA, SECRETA)}
        exactas = self._exactas(entidad, columnas)
        filas = self._directas(documento, entidad, columnas, exactas) if exactas else self._sueltas(
            documento, entidad, encabezados, columnas
        )  # fmt: skip
        yield from self._contadas(filas, entidad, encabezados, columnas, desconocidas)

    # --- Encabezados -------------------------------------------------------------------------------------------------

    def _entidad(self, nombre: str, encabezados: list[str]) -> str:
        if self.dicha:
            return self.dicha
        por_nombre = PurePath(nombre).stem.lower()
        if por_nombre in ENTIDADES:
            return por_nombre
        puntos: list[tuple[int, str]] = []
        claves = [normal(uno) for uno in encabezados]
        for entidad, una in ENTIDADES.items():
            propias = tablas.propias(entidad)
            presentes = {propias[clave] for clave in claves if clave in propias}
            if {n for n, columna in una.recurso.fields.items() if columna.obligatoria} <= presentes:
                puntos.append((len(presentes), entidad))
        puntos.sort(reverse=True)
        if puntos and (len(puntos) == 1 or puntos[0][0] > puntos[1][0]):
            return puntos[0][1]
        contenedor = tablas.contenedores().get(normal(PurePath(nombre).stem))
        pista = contenedor.entidad if contenedor else ""
        hallada = que_es(dict.fromkeys(encabezados, "x"), "", pista, self.taller.planes)
        if hallada:
            return hallada
        raise ArchivoIlegible(
            f"No se reconoce qué trae el archivo por sus columnas: diga la entidad ({', '.join(ENTIDADES)})."
        )

    def _columnas(self, entidad: str, encabezados: list[str]) -> list[str]:
        """La columna o el concepto de cada encabezado; los del panel pesan más que los demás alias."""
        propias = tablas.propias(entidad)
        columnas: list[str] = []
        correcciones = self.taller.planes.correcciones.get(entidad, {})
        for encabezado in encabezados:
            clave = normal(encabezado)
            concepto, _ = self.taller.planes.concepto(entidad, encabezado)
            if clave not in correcciones and clave in propias and concepto != SECRETA:
                concepto = propias[clave]
            repetida = concepto in columnas and concepto in tablas.columnas(entidad) and entidad not in _DEDUCIDAS
            columnas.append(DESCONOCIDA if repetida else concepto)
        return columnas

    @staticmethod
    def _exigir(entidad: str, columnas: set[str]) -> None:
        recurso: Any = ENTIDADES[entidad].recurso
        claves = recurso._meta.import_id_fields
        faltan = [n for n in claves if recurso.fields[n].obligatoria and n not in columnas]
        if faltan and entidad not in _DEDUCIDAS:
            titulos = tablas.destinos(entidad)
            cuales = ", ".join(f"«{titulos[nombre]}»" for nombre in faltan)
            raise ArchivoIlegible(f"{'Falta la columna' if len(faltan) == 1 else 'Faltan las columnas'} {cuales}.")

    @staticmethod
    def _exactas(entidad: str, columnas: list[str]) -> bool:
        """Verdadero si es una tabla del panel: cada encabezado conocido es una columna suya y ninguna se repite."""
        conocidas = [c for c in columnas if c not in (DESCONOCIDA, SECRETA, IGNORADA)]
        presentes = set(conocidas)
        propias = tablas.columnas(entidad)
        if not presentes <= propias or len(presentes) != len(conocidas):
            return False
        identifican = {"clientes": {"documento"}, "servicios": {"codigo"}, "contratos": {"cliente"},
                       "interacciones": {"cliente"}}  # fmt: skip
        return SENALES.get(entidad, frozenset()) | identifican.get(entidad, set()) <= presentes

    # --- Filas -------------------------------------------------------------------------------------------------------

    def _directas(
        self, documento: Any, entidad: str, columnas: list[str], _: bool
    ) -> Iterator[tuple[Salida, list[Any]]]:
        """Las filas de una tabla del panel: cada celda, a su columna."""
        puestas = [(i, c) for i, c in enumerate(columnas) if c not in (DESCONOCIDA, SECRETA, IGNORADA)]
        todas = len(puestas) == len(columnas)
        comprobar = [(i, vale) for i, c in puestas if (vale := COMPROBACIONES.get((entidad, c))) is not None]
        if entidad == "servicios":
            comprobar += [(i, self._tipo_claro) for i, c in puestas if c == "tipo"]
        memoria = self.taller.memoria
        for numero, celdas, falla in documento.filas():
            memoria.numero += 1
            if todas:
                valores = dict(zip(columnas, celdas, strict=False))
            else:
                valores = {c: celdas[i] for i, c in puestas if i < len(celdas)}
            if falla:
                yield Leido(entidad, memoria.numero, f"fila {numero}", valores, [], falla), celdas
            elif self._claras(comprobar, celdas):
                yield Leido(entidad, memoria.numero, f"fila {numero}", valores), celdas
            else:
                sitio = Sitio("", f"fila {numero}", memoria.numero, Ambito(entidad))
                for salida in self.registrador.registro(entidad, valores, sitio):
                    yield salida, celdas

    def _tipo_claro(self, valor: Any) -> bool:
        return isinstance(valor, str) and bool(self.taller.tipos.exacto(valor) or not valor.strip())

    @staticmethod
    def _claras(comprobar: list[tuple[int, Comprobar]], celdas: list[Any]) -> bool:
        return all(vale(celdas[indice]) for indice, vale in comprobar)

    def _sueltas(
        self, documento: Any, entidad: str, encabezados: list[str], columnas: list[str]
    ) -> Iterator[tuple[Salida, list[Any]]]:
        """Las filas de una tabla de otro sistema: cada una es un registro como los de un JSON."""
        puestas = [(i, e) for i, e in enumerate(encabezados) if columnas[i] not in (DESCONOCIDA, SECRETA, IGNORADA)]
        memoria = self.taller.memoria
        for numero, celdas, falla in documento.filas():
            sitio = Sitio("", f"fila {numero}", memoria.siguiente(), Ambito(entidad))
            registro = {e: celdas[i] for i, e in puestas if i < len(celdas) and celdas[i] is not None}
            if falla:
                yield Leido(entidad, sitio.numero, sitio.ruta, {e: simple(v) for e, v in registro.items()}, [],
                            falla), celdas  # fmt: skip
                continue
            vacia = all(es_vacio(valor) for valor in registro.values())
            if vacia:
                yield Leido(entidad, sitio.numero, sitio.ruta, {}, omitido="Fila en blanco: no trae datos."), celdas
                continue
            for salida in self.registrador.registro(entidad, registro, sitio):
                yield salida, celdas

    def _contadas(
        self, filas: Iterator[tuple[Salida, list[Any]]], entidad: str, encabezados: list[str], columnas: list[str],
        desconocidas: dict[int, str],
    ) -> Iterator[Salida]:  # fmt: skip
        """Pasa las filas, anota una muestra de cada columna y avisa una vez de cada una que no se conoce."""
        sin_muestra = dict(enumerate(encabezados))
        ultimo, cuantas = -1, 0
        for salida, celdas in filas:
            if salida.registro != ultimo:
                ultimo = salida.registro
                cuantas += 1
                if sin_muestra:
                    yield from self._muestrear(sin_muestra, celdas, entidad, columnas, desconocidas)
            yield salida
        for indice, encabezado in enumerate(encabezados):
            self._observar(entidad, encabezado, columnas[indice], None, max(cuantas - 1, 0) if indice not in sin_muestra
                           else cuantas)  # fmt: skip

    def _muestrear(
        self, sin_muestra: dict[int, str], celdas: list[Any], entidad: str, columnas: list[str],
        desconocidas: dict[int, str],
    ) -> Iterator[Salida]:  # fmt: skip
        for indice in list(sin_muestra):
            if indice < len(celdas) and not es_vacio(celdas[indice]):
                encabezado = sin_muestra.pop(indice)
                self._observar(entidad, encabezado, columnas[indice], celdas[indice], 1)
                if indice in desconocidas:
                    yield from self.taller.avisador.avisar(
                        "encabezado", encabezado, celdas[indice], NO_ES_COLUMNA, entidad=entidad
                    )

    def _observar(self, entidad: str, encabezado: str, columna: str, muestra: Any, veces: int) -> None:
        corregida = normal(encabezado) in self.taller.planes.correcciones.get(entidad, {})
        limpia = "" if columna in (SECRETA, IGNORADA) else columna
        por = "mapa" if corregida else "alias" if limpia else ""
        lugar = (self.taller.memoria.archivo, entidad, encabezado)
        self.taller.observado.clave(lugar, limpia, por, muestra, veces)
