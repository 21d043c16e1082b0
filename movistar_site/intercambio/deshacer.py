"""Deshacer una importación: cada registro que tocó vuelve a como estaba antes.

La importación se reconoce en la historia por su hora y su origen. Se recorre de lo último a lo primero y de lo que
depende a aquello de que depende (los contratos antes que los clientes): lo creado se borra, lo cambiado vuelve a su
versión anterior y lo borrado se crea de nuevo. Lo que alguien cambió después se conserva; lo que ya no se puede
revertir se dice con su porqué. Cada tanda va en su propia transacción y firma con el origen de quien deshace: por esa
firma, una corrida que sigue a otra interrumpida reconoce lo que ya está hecho y termina igual.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.historia import textos
from movistar_site.comun.lotes import Firma, borrar
from movistar_site.comun.usos import Uso

from .entidades import ENTIDADES
from .models import ReversionFallida
from .versiones import BORRAR, HECHO, NADA, RECREAR, RESTAURAR, Caso, Versiones

CONSERVADO, IMPOSIBLE = ReversionFallida.CONSERVADO, ReversionFallida.IMPOSIBLE
SIN_VERSION = "No se sabe cómo estaba antes: no tiene historia anterior a la importación."
_TIPOS = {"-": "Lo borró", "~": "Lo cambió", "+": "Lo volvió a crear"}


@dataclass
class Resumen:
    """Cuántos registros volvieron a como estaban, se conservaron o no se pudieron revertir."""

    revertidos: int = 0
    conservados: int = 0
    imposibles: int = 0


@dataclass(frozen=True)
class NoRevertido:
    """Un registro que quedó como estaba y por qué. `clase` es la de `ReversionFallida`."""

    clase: str
    modelo: type[models.Model]
    objeto: Any
    titulo: str
    motivo: str

    @property
    def entidad(self) -> str:
        """El nombre de la entidad de intercambio o, si lo suyo viaja dentro de otra, el del modelo."""
        propias = (entidad.nombre for entidad in ENTIDADES.values() if entidad.modelo is self.modelo)
        return next(propias, str(self.modelo._meta.model_name))[:16]

    def como_registro(self, importacion: Any) -> ReversionFallida:
        """La fila que lo guarda, sin guardar."""
        return ReversionFallida(
            importacion=importacion, clase=self.clase, entidad=self.entidad, objeto=str(self.objeto)[:40],
            titulo=self.titulo[:160], motivo=self.motivo[:300],
        )  # fmt: skip


Avance = Callable[[int, int], None]
Fallos = Callable[[list[NoRevertido]], None]


def deshacer_lote(
    *,
    momento: datetime,
    origen: str,
    firma: Firma,
    al_avanzar: Avance | None = None,
    al_fallar: Fallos | None = None,
    por_tanda: int | None = None,
) -> Resumen:
    """Deshace lo que quedó en la historia con ese `momento` y ese `origen`, y cuenta lo que pasó con cada registro.

    - `firma`: con qué queda en la historia; su `origen` debe ser propio de esta importación («deshacer importación 7»).
    - `al_avanzar(hechos, total)`: tras cada tanda, fuera de toda transacción; si lanza algo, ahí se detiene.
    - `al_fallar(lista)`: dentro de la transacción de la tanda, con lo que no se revirtió. Cada corrida los dice todos:
      quien los guarda borra primero los de la corrida anterior.
    - `por_tanda`: filas de historia por transacción; si no se dice, las que caben en una décima de segundo.
    """
    return _Corrida(momento, origen, firma, al_avanzar, al_fallar).deshacer(por_tanda)


def modelos_con_historia() -> list[type[models.Model]]:
    """Los modelos que llevan historia: primero los que dependen de otros."""
    conocidos: list[Any] = [m for m in apps.get_models() if hasattr(m._meta, "simple_history_manager_attribute")]
    conocidos.sort(key=lambda modelo: modelo._meta.label)
    dependencias = {
        modelo: {campo.related_model for campo in (*modelo._meta.fields, *modelo._meta.many_to_many)} & set(conocidos)
        - {modelo}
        for modelo in conocidos
    }  # fmt: skip
    return list(TopologicalSorter(dependencias).static_order())[::-1]


class _Corrida:
    """Una pasada por todo lo que la importación escribió."""

    def __init__(
        self, momento: datetime, origen: str, firma: Firma, al_avanzar: Avance | None, al_fallar: Fallos | None
    ) -> None:
        self.momento, self.origen, self.firma = momento, origen, firma
        self.al_avanzar, self.al_fallar = al_avanzar, al_fallar
        self.resumen = Resumen()
        self.hechos = self.total = 0

    def deshacer(self, por_tanda: int | None) -> Resumen:
        # Los números de versión se toman una vez, y así cada tanda va directo a las suyas.
        historias = [Versiones(m, self.momento, self.origen, self.firma.origen) for m in modelos_con_historia()]
        numeros = [versiones.de_la_importacion() for versiones in historias]
        self.total = sum(map(len, numeros))
        borrados: list[array[int]] = []
        with Cortesia(tanda=por_tanda or 200, fija=por_tanda is not None) as turno:
            for versiones, suyos in zip(historias, numeros, strict=True):
                borrados.append(self._un_modelo(versiones, suyos, turno))
            # Lo que la importación borró vuelve al final, y antes aquello de que depende.
            for versiones, suyos in zip(reversed(historias), reversed(borrados), strict=True):
                self._tandas(versiones, suyos, turno)
        return self.resumen

    def _un_modelo(self, versiones: Versiones, numeros: array[int], turno: Cortesia) -> array[int]:
        """Revierte lo creado y lo cambiado de un modelo; devuelve lo que falta: lo que la importación borró."""
        atascados, borrados = array("q"), array("q")
        self._tandas(versiones, numeros, turno, _Aplazados(atascados, borrados))
        # A veces lo que estorbaba se fue en una tanda posterior: se intenta otra vez.
        self._tandas(versiones, atascados, turno)
        return borrados

    def _tandas(
        self, versiones: Versiones, numeros: array[int], turno: Cortesia, aplazados: _Aplazados | None = None
    ) -> None:
        desde = 0
        while desde < len(numeros):
            tanda = numeros[desde : desde + turno.tanda].tolist()
            with turno.transaccion(len(tanda)):
                fallos = self._tanda(versiones, tanda, aplazados)
                if fallos and self.al_fallar is not None:
                    self.al_fallar(fallos)
            desde += len(tanda)
            if aplazados is not None:
                self.hechos += len(tanda)
            if self.al_avanzar is not None:
                self.al_avanzar(self.hechos, self.total)

    def _tanda(self, versiones: Versiones, numeros: list[int], aplazados: _Aplazados | None) -> list[NoRevertido]:
        """Revierte los registros de una tanda y devuelve los que no se pudo."""
        casos = versiones.casos(numeros)
        self.resumen.revertidos += sum(caso.accion in (HECHO, NADA) for caso in casos)
        casos = [caso for caso in casos if caso.accion not in (HECHO, NADA)]
        ajenos = [caso for caso in casos if caso.posterior is not None]
        iguales = versiones.sin_cambio_neto(ajenos)
        conservados = {caso.clave: caso for caso in ajenos if caso.clave not in iguales}
        casos = [caso for caso in casos if caso.clave not in conservados]
        if aplazados is not None:
            aplazados.borrados.extend(caso.ultima for caso in casos if caso.accion == RECREAR)
            casos = [caso for caso in casos if caso.accion != RECREAR]
        imposibles = self._revertir(versiones, casos)
        self.resumen.revertidos += len(casos) - len(imposibles)
        if aplazados is not None:
            aplazados.atascados.extend(caso.ultima for caso in casos if caso.clave in imposibles)
            imposibles = {}
        self.resumen.conservados += len(conservados)
        self.resumen.imposibles += len(imposibles)
        return _no_revertidos(versiones, conservados, imposibles)

    def _revertir(self, versiones: Versiones, casos: list[Caso]) -> dict[Any, str]:
        """Borra, restaura o recrea; devuelve por qué no se pudo con cada uno de los que quedan como estaban."""
        imposibles = {caso.clave: SIN_VERSION for caso in casos if caso.accion != BORRAR and caso.version is None}
        por_borrar = [caso for caso in casos if caso.accion == BORRAR]
        usos = versiones.en_uso([caso.clave for caso in por_borrar]) if por_borrar else {}
        imposibles |= {clave: _frase_de_usos(suyos) for clave, suyos in usos.items()}
        vuelven = [caso for caso in casos if caso.accion != BORRAR and caso.clave not in imposibles]
        if vuelven:
            faltan = versiones.sin_destino(vuelven)
            imposibles |= {clave: f"Ya no existe lo que tenía en «{campo}»." for clave, campo in faltan.items()}
        acciones: dict[str, Callable[[list[Caso]], None]] = {
            BORRAR: lambda suyos: borrar(versiones.modelo, [caso.clave for caso in suyos], firma=self.firma),
            RESTAURAR: lambda suyos: versiones.restaurar(suyos, self.firma),
            RECREAR: lambda suyos: versiones.recrear(suyos, self.firma),
        }
        for accion, hacer in acciones.items():
            suyos = [caso for caso in casos if caso.accion == accion and caso.clave not in imposibles]
            imposibles |= _intentar(versiones, suyos, hacer)
        return imposibles


@dataclass
class _Aplazados:
    """Las versiones de los registros que se dejan para después."""

    atascados: array[int]
    borrados: array[int]


def _intentar(versiones: Versiones, casos: list[Caso], hacer: Callable[[list[Caso]], None]) -> dict[Any, str]:
    """Hace todos o, si la base rechaza alguno, los parte hasta dar con él."""
    if not casos:
        return {}
    tabla = versiones.tabla
    try:
        with transaction.atomic(using=tabla.alias):
            hacer(casos)
            if tabla.conexion.vendor != "sqlite":
                # Que una llave foránea se diga aquí, y no al confirmar la tanda entera.
                tabla.ejecutar("SET CONSTRAINTS ALL IMMEDIATE")
        return {}
    except IntegrityError:
        if len(casos) == 1:
            return {casos[0].clave: _por_que(versiones, casos[0])}
        mitad = len(casos) // 2
        return _intentar(versiones, casos[:mitad], hacer) | _intentar(versiones, casos[mitad:], hacer)


def _por_que(versiones: Versiones, caso: Caso) -> str:
    """Lo que dicen las reglas del modelo de la versión a la que se quería volver."""
    general = "Choca con otro registro que se guardó después."
    if caso.version is None:
        return general
    anterior = versiones.tabla.historico.objects.get(history_id=caso.version).instance
    anterior._state.adding = caso.accion == RECREAR
    for validar in (anterior.validate_unique, anterior.validate_constraints):
        try:
            validar()
        except ValidationError as error:
            return " ".join(error.messages)
    return general


def _frase_de_usos(usos: list[Uso]) -> str:
    verbo = "lo usa" if sum(uso.cuenta for uso in usos) == 1 else "lo usan"
    return f"No se puede borrar: {verbo} {' y '.join(map(str, usos))}."


def _no_revertidos(versiones: Versiones, conservados: dict[Any, Caso], imposibles: dict[Any, str]) -> list[NoRevertido]:
    if not conservados and not imposibles:
        return []
    titulos = _titulos(versiones, [*conservados, *imposibles])
    historico = versiones.tabla.historico
    ajenas = historico.objects.in_bulk([caso.posterior for caso in conservados.values()])
    motivos = {clave: (CONSERVADO, _quien(ajenas[caso.posterior])) for clave, caso in conservados.items()}
    motivos |= {clave: (IMPOSIBLE, motivo) for clave, motivo in imposibles.items()}
    return [
        NoRevertido(clase, versiones.modelo, clave, titulos[clave], motivo)
        for clave, (clase, motivo) in motivos.items()
    ]


def _quien(version: Any) -> str:
    """«Lo cambió ana.rios el 03/04/2026 10:30.»"""
    quien = version.autor or version.origen or "el sistema"
    return f"{_TIPOS[version.history_type]} {quien} el {timezone.localtime(version.history_date):%d/%m/%Y %H:%M}."


def _titulos(versiones: Versiones, claves: list[Any]) -> dict[Any, str]:
    """Cómo se nombra cada registro; el que ya no está, por su clase y su clave."""
    nombre = str(versiones.modelo._meta.verbose_name).capitalize()
    return {**{clave: f"{nombre} {clave}" for clave in claves}, **textos(versiones.modelo, set(claves))}
