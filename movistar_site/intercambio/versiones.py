"""La historia de un modelo vista desde una importación: qué hizo con cada registro y cómo volver a lo anterior.

Todo va en bloque y por SQL: las filas de historia no pasan por Python, solo sus números.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import SET_NULL, ForeignKey

from movistar_site.comun.columnas import textos_de, textos_de_busqueda
from movistar_site.comun.lotes import Firma, tabla_de
from movistar_site.comun.usos import Uso, relaciones

BORRAR, RESTAURAR, RECREAR, NADA, HECHO = "borrar", "restaurar", "recrear", "nada", "hecho"
_AJENA, _PROPIA, _DE_QUIEN_DESHACE = 0, 1, 2
_LECTURA = 10_000


@dataclass(slots=True)
class Caso:
    """Lo que hay que hacer con un registro para que vuelva a como estaba antes de la importación."""

    clave: Any
    accion: str
    ultima: int
    """La última versión que escribió la importación."""
    version: int | None = None
    """La versión a la que vuelve; None si nació con la importación o no se sabe cómo estaba."""
    posterior: int | None = None
    """La última versión que escribió otro, si la hay."""


class Versiones:
    """La historia de un modelo, para deshacer lo que quedó con ese momento y ese origen."""

    def __init__(self, modelo: type[models.Model], momento: datetime, origen: str, deshace: str) -> None:
        self.modelo, self.tabla = modelo, tabla_de(modelo)
        self.historia, self.nombre = self.tabla.historia, self.tabla.nombre
        self.clave = self.tabla.citar(self.tabla.clave.column)
        fecha = self.tabla.historico._meta.get_field("history_date")
        self.marca = [fecha.get_db_prep_save(momento, self.tabla.conexion), origen]
        self.deshace = deshace

    # --- Qué hizo la importación -------------------------------------------------------------------------------------
    def de_la_importacion(self) -> array[int]:
        """Los números de sus versiones, de la última a la primera: ocho bytes por cada una."""
        numeros = array("q")
        with self.tabla.conexion.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT history_id FROM {self.historia} WHERE history_date = %s AND origen = %s"  # noqa: S608
                " ORDER BY history_id DESC",
                self.marca,
            )
            while filas := cursor.fetchmany(_LECTURA):
                numeros.extend(map(itemgetter(0), filas))
        return numeros

    def casos(self, numeros: Sequence[int]) -> list[Caso]:
        """Un caso por registro cuya última versión de la importación es una de esas; de la última a la primera."""
        donde, lista = self.tabla.entre(numeros)
        suyos = f"(SELECT i.{self.clave} FROM {self.historia} AS i WHERE i.history_id {donde})"  # noqa: S608
        if self.tabla.conexion.vendor != "sqlite":
            # Nadie los cambia ni les cuelga nada mientras se decide. En SQLite ya se tiene el turno.
            self.tabla.ejecutar(f"SELECT 1 FROM {self.nombre} WHERE {self.clave} IN {suyos} FOR UPDATE", [lista])  # noqa: S608
        filas = self.tabla.consultar(
            f"SELECT h.{self.clave}, h.history_id, h.history_type,"  # noqa: S608
            f" CASE WHEN h.history_date = %s AND h.origen = %s THEN {_PROPIA}"
            f" WHEN h.origen = %s THEN {_DE_QUIEN_DESHACE} ELSE {_AJENA} END"
            f" FROM {self.historia} AS h WHERE h.{self.clave} IN {suyos} ORDER BY h.{self.clave}, h.history_id",
            [*self.marca, self.deshace, lista],
        )
        buscados = set(numeros)
        casos = [_caso(clave, list(versiones)) for clave, versiones in groupby(filas, key=itemgetter(0))]
        return sorted((caso for caso in casos if caso.ultima in buscados), key=lambda caso: -caso.ultima)

    def sin_cambio_neto(self, casos: Sequence[Caso]) -> set[Any]:
        """Las claves de los que otro cambió y dejó después exactamente como los dejó la importación."""
        if not casos or self.tabla.varios:
            return set()
        ultimas, lista = self.tabla.entre([caso.ultima for caso in casos])
        posteriores, otra = self.tabla.entre([caso.posterior for caso in casos])
        es = "IS" if self.tabla.conexion.vendor == "sqlite" else "IS NOT DISTINCT FROM"
        campos = [c for c in self._seguidos() if not getattr(c, "auto_now", False)]
        columnas = [self.tabla.citar(campo.column) for campo in campos]
        filas = self.tabla.consultar(
            f"SELECT a.{self.clave} FROM {self.historia} AS a"  # noqa: S608
            f" JOIN {self.historia} AS b ON b.{self.clave} = a.{self.clave}"
            f" WHERE a.history_id {ultimas} AND b.history_id {posteriores} AND b.history_type <> '-'"
            + "".join(f" AND a.{columna} {es} b.{columna}" for columna in columnas),
            [lista, otra],
        )
        return {clave for (clave,) in filas}

    # --- Qué lo impide -----------------------------------------------------------------------------------------------
    def en_uso(self, claves: Collection[Any]) -> dict[Any, list[Uso]]:
        """Quién apunta a esos registros, por clave; lo que es parte del propio registro no cuenta."""
        usos: dict[Any, list[Uso]] = {}
        propios = {(v.remote_field.through, v.m2m_field_name()) for v in self.modelo._meta.many_to_many}
        donde, lista = self.tabla.entre(claves)
        for relacion in relaciones(self.modelo):
            ajeno: Any = relacion.related_model
            campo: Any = relacion.field
            if hasattr(ajeno, "history_id") or (ajeno, campo.name) in propios:
                continue
            columna = self.tabla.citar(campo.column)
            filas = self.tabla.consultar(
                f"SELECT {columna}, COUNT(*) FROM {self.tabla.citar(ajeno._meta.db_table)}"  # noqa: S608
                f" WHERE {columna} {donde} GROUP BY {columna}",
                [lista],
            )
            # Un enlace de varios valores se nombra por el registro que lo tiene.
            dueno = ajeno._meta.auto_created or ajeno
            for clave, cuenta in filas:
                usos.setdefault(clave, []).append(Uso(dueno, cuenta))
        return usos

    def sin_destino(self, casos: Sequence[Caso]) -> dict[Any, str]:
        """Los que apuntarían a algo que ya no existe: por clave, el nombre del campo."""
        faltan: dict[Any, str] = {}
        donde, lista = self.tabla.entre([caso.version for caso in casos])
        for campo in self._seguidos():
            if not isinstance(campo, ForeignKey) or campo.remote_field.on_delete is SET_NULL:
                continue
            columna = self.tabla.citar(campo.column)
            filas = self.tabla.consultar(
                f"SELECT h.{self.clave} FROM {self.historia} AS h WHERE h.history_id {donde}"  # noqa: S608
                f" AND h.{columna} IS NOT NULL AND NOT EXISTS ({self._destino(campo, '1')})",
                [lista],
            )
            faltan.update((clave, str(campo.verbose_name)) for (clave,) in filas)
        return faltan

    # --- Volver ------------------------------------------------------------------------------------------------------
    def restaurar(self, casos: Sequence[Caso], firma: Firma) -> None:
        """Los deja con los valores de la versión de cada caso, en la transacción abierta."""
        donde, lista = self.tabla.entre([caso.version for caso in casos])
        momento = self._momento(firma)
        campos = [campo for campo in self._seguidos() if campo is not self.tabla.clave]
        puestas = [f"{self.tabla.citar(c.column)} = {self._valor(c)}" for c in campos]
        self.tabla.ejecutar(
            f"UPDATE {self.nombre} AS t SET {', '.join(puestas)} FROM {self.historia} AS h"  # noqa: S608
            f" WHERE h.history_id {donde} AND h.{self.clave} = t.{self.clave}",
            [*(momento for campo in campos if getattr(campo, "auto_now", False)), lista],
        )
        self._completar(casos, "~", firma)

    def recrear(self, casos: Sequence[Caso], firma: Firma) -> None:
        """Los crea de nuevo, con su misma clave, como estaban en la versión de cada caso."""
        donde, lista = self.tabla.entre([caso.version for caso in casos])
        campos = self._seguidos()
        columnas, valores = [self.tabla.citar(c.column) for c in campos], [self._valor(c) for c in campos]
        if self.tabla.busqueda is not None:
            columnas.append(self.tabla.citar(self.tabla.busqueda.column))
            valores.append("''")
        self.tabla.ejecutar(
            f"INSERT INTO {self.nombre} ({', '.join(columnas)})"  # noqa: S608
            f" SELECT {', '.join(valores)} FROM {self.historia} AS h WHERE h.history_id {donde} ORDER BY h.history_id",
            [*(self._momento(firma) for campo in campos if getattr(campo, "auto_now", False)), lista],
        )
        self._completar(casos, "+", firma)

    def _completar(self, casos: Sequence[Caso], tipo: str, firma: Firma) -> None:
        claves = [caso.clave for caso in casos]
        for varios in self.tabla.varios:
            self.tabla.quitar_enlaces(varios, claves)
            self._enlazar(varios, casos)
        self._al_dia_la_busqueda(claves)
        self.tabla.anotar(tipo, claves, firma)

    def _enlazar(self, varios: Any, casos: Sequence[Caso]) -> None:
        """Los valores que tenía un campo de varios valores; los que ya no existen se quedan fuera."""
        citar, destino = self.tabla.citar, varios.related_model._meta
        enlaces = varios.remote_field.through._meta.db_table
        antiguos = getattr(self.tabla.historico, varios.name).model._meta.db_table
        par = f"{citar(varios.m2m_column_name())}, {citar(varios.m2m_reverse_name())}"
        donde, lista = self.tabla.entre([caso.version for caso in casos])
        self.tabla.ejecutar(
            f"INSERT INTO {citar(enlaces)} ({par}) SELECT {par} FROM {citar(antiguos)} AS e"  # noqa: S608
            f" WHERE e.history_id {donde} AND EXISTS (SELECT 1 FROM {citar(destino.db_table)} AS d"
            f" WHERE d.{citar(destino.pk.column)} = e.{citar(varios.m2m_reverse_name())}) ORDER BY e.m2m_history_id",
            [lista],
        )

    def _al_dia_la_busqueda(self, claves: Sequence[Any]) -> None:
        campo = self.tabla.busqueda
        if campo is None:
            return
        fuentes = [self.modelo._meta.get_field(fuente) for fuente in campo.fuentes]
        consulta = self.modelo._base_manager.filter(pk__in=claves)
        if any(fuente.is_relation for fuente in fuentes):
            registros = list(consulta.select_related(*(f.name for f in fuentes if f.is_relation)))
            textos, guardadas = textos_de_busqueda(campo, registros), [registro.pk for registro in registros]
        else:
            filas = list(consulta.values_list("pk", campo.name, *campo.fuentes))
            columnas = list(zip(*filas, strict=True)) or [()] * (len(fuentes) + 2)
            nuevos = textos_de(columnas[2:])
            distintos = [(t, f[0]) for t, f in zip(nuevos, filas, strict=True) if t != f[1]]
            textos, guardadas = [t for t, _ in distintos], [c for _, c in distintos]
        if guardadas:
            self.tabla.cambiar([campo], [textos], guardadas)

    def _seguidos(self) -> list[Any]:
        return list(self.tabla.historico.tracked_fields)

    def _momento(self, firma: Firma) -> Any:
        campo = self.tabla.historico._meta.get_field("history_date")
        return campo.get_db_prep_save(firma.momento, self.tabla.conexion)

    def _valor(self, campo: Any) -> str:
        """De dónde sale el valor de una columna al volver a una versión."""
        if getattr(campo, "auto_now", False):
            return "%s"
        if isinstance(campo, ForeignKey) and campo.remote_field.on_delete is SET_NULL:
            # Si la cuenta que lo registró ya no está, queda sin cuenta, como si se hubiera borrado después.
            return f"({self._destino(campo, 'd.' + self.tabla.citar(campo.target_field.column))})"
        return f"h.{self.tabla.citar(campo.column)}"

    def _destino(self, campo: Any, que: str) -> str:
        citar, destino = self.tabla.citar, campo.target_field
        tabla = citar(destino.model._meta.db_table)
        return f"SELECT {que} FROM {tabla} AS d WHERE d.{citar(destino.column)} = h.{citar(campo.column)}"  # noqa: S608


def _caso(clave: Any, versiones: Iterable[tuple[Any, int, str, int]]) -> Caso:
    """Qué hacer con un registro, según su historia entera, de la primera versión a la última."""
    versiones = list(versiones)
    propias = [(numero, tipo) for _, numero, tipo, de_quien in versiones if de_quien == _PROPIA]
    (primera, tipo_inicial), (ultima, tipo_final) = propias[0], propias[-1]
    despues = [(numero, de_quien) for _, numero, _, de_quien in versiones if numero > primera]
    if any(de_quien == _DE_QUIEN_DESHACE and numero > ultima for numero, de_quien in despues):
        return Caso(clave, HECHO, ultima)
    ajenas = [numero for numero, de_quien in despues if de_quien == _AJENA]
    posterior = ajenas[-1] if ajenas else None
    if tipo_inicial == "+":
        return Caso(clave, NADA if tipo_final == "-" else BORRAR, ultima, None, posterior)
    accion = RECREAR if tipo_final == "-" else RESTAURAR
    if tipo_inicial == "-":
        return Caso(clave, accion, ultima, primera, posterior)
    previas = [numero for _, numero, tipo, _ in versiones if numero < primera and tipo != "-"]
    return Caso(clave, accion, ultima, previas[-1] if previas else None, posterior)
