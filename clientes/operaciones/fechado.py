"""Ponerle plazo a las PQR que no lo tienen: las de antes del reloj y las que llegaron sin él.

Un plazo que ya está fijado no se toca. No se inventa el CUN: es de la constancia que se entrega al radicar y estas no
la tuvieron; el número interno las identifica.

Lo que vence depende solo del tipo y del día en que se radicó, y días hay pocos: se cuentan una vez en Python y la base
pone cada plazo por ellos, sin que las filas vayan y vuelvan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise
from typing import Any

from django.db import models, transaction
from django.db.models.functions import TruncDate
from django.utils import timezone

from movistar_site.comun.adelanto import repartir
from movistar_site.comun.lotes import Firma, Tabla

from ..plazos import TIPO_SUGERENCIA
from ..relojes import Relojes

TANDA = 5_000
MOTIVO = "Se fijó su plazo con las reglas del día en que se radicó"
Tramo = tuple[int, int]
_DIAS = "plazos_del_dia"


@dataclass
class Fechadas:
    """Cuántas recibieron su plazo, y cuántas quedaron sin él porque el calendario no llega a su fecha."""

    con_plazo: int = 0
    sin_calendario: int = 0


def fechar_plazos(modelo: Any, relojes: Relojes, *, firma: Firma | None = None, using: str = "default") -> Fechadas:
    """Fija el plazo de cada PQR de `modelo` que no lo tiene, y si le aplica el silencio según el servicio contratado.

    Va por tandas, cada una en su transacción, y en PostgreSQL por dos conexiones; repetirla no cambia nada. `firma`:
    quién lo pide, si debe quedar en la historia de cada caso. `modelo` puede ser el de una migración, y entonces no la
    hay.
    """
    pendientes = modelo._base_manager.using(using).filter(vence_el__isnull=True).exclude(tipo=TIPO_SUGERENCIA)
    vencimientos = _vencimientos(pendientes, relojes)

    def fechar(tramos: Iterator[Tramo]) -> int:
        fechado = _Fechado(Tabla(modelo, using), firma)
        fechado.preparar(vencimientos)
        return sum(map(fechado.fechar, tramos))

    puestas = sum(repartir(_tramos(pendientes), fechar))
    return Fechadas(puestas, pendientes.count())


def _tramos(pendientes: models.QuerySet[Any]) -> list[Tramo]:
    """Los tramos de claves, cada uno con TANDA pendientes o menos: desde la que ya pasó hasta la última, inclusive."""
    claves = pendientes.order_by("pk").values_list("pk", flat=True).iterator()
    cortes = [0]
    while tanda := list(islice(claves, TANDA)):
        cortes.append(tanda[-1])
    return list(pairwise(cortes))


def _vencimientos(pendientes: models.QuerySet[Any], relojes: Relojes) -> list[tuple[str, date, date]]:
    """Cuándo vence lo de cada tipo y cada día de Bogotá que falta por fechar, si el calendario llega a él."""
    con_dia = pendientes.annotate(dia=TruncDate("fecha", tzinfo=timezone.get_default_timezone()))
    pares = con_dia.order_by().values_list("tipo", "dia").distinct()
    return [(tipo, dia, vence) for tipo, dia in pares if (vence := relojes.vence(dia, tipo)) is not None]


class _Fechado:
    """Las sentencias que ponen los plazos de un tramo de claves."""

    def __init__(self, tabla: Tabla, firma: Firma | None) -> None:
        self.tabla, self.firma = tabla, firma
        citar, campo = tabla.citar, tabla.campo
        self.clave = f"t.{citar(tabla.clave.column)}"
        fecha = f"t.{citar(campo('fecha').column)}"
        dia, zona = tabla.conexion.ops.datetime_cast_date_sql(fecha, (), timezone.get_default_timezone_name())
        # El tramo, lo que sigue sin plazo (otro pudo ponérselo entre tanto) y su día.
        self.donde = (
            f"{self.clave} > %s AND {self.clave} <= %s AND t.{citar(campo('vence_el').column)} IS NULL"
            f" AND t.{citar(campo('tipo').column)} = p.tipo AND {dia} = p.dia"
        )
        self.zona = tuple(zona)
        contrato = campo("contrato").related_model._meta
        servicio = contrato.get_field("servicio").related_model
        self.sin_silencio = list(
            servicio._base_manager.using(tabla.alias).filter(tipo__aplica_sap=False).values_list("pk", flat=True)
        )
        self.contratos = citar(contrato.db_table)

    def preparar(self, vencimientos: Iterable[tuple[str, date, date]]) -> None:
        """Los deja a la mano en esta conexión."""
        adaptar = self.tabla.conexion.ops.adapt_datefield_value
        filas = ((tipo, adaptar(dia), adaptar(vence)) for tipo, dia, vence in vencimientos)
        self.tabla.ejecutar(f"DROP TABLE IF EXISTS {_DIAS}")
        self.tabla.ejecutar(f"CREATE TEMP TABLE {_DIAS} (tipo varchar(12), dia date, vence date)")
        with self.tabla.conexion.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {_DIAS} VALUES (%s, %s, %s)", list(filas))  # noqa: S608 - nombre propio
        self.tabla.ejecutar(f"CREATE INDEX {_DIAS}_clave ON {_DIAS} (tipo, dia)")
        self.tabla.ejecutar(f"ANALYZE {_DIAS}")

    def fechar(self, claves_del_tramo: Tramo) -> int:
        """Pone los del tramo y dice cuántos fueron."""
        tramo = (*claves_del_tramo, *self.zona)
        with transaction.atomic(using=self.tabla.alias):
            if self.firma is None:
                return self._poner(tramo)
            claves = self._bloquear(tramo)
            if claves:
                self.tabla.anotar_sin_historia(claves)
                self._poner(tramo)
                self.tabla.anotar("~", claves, self.firma)
            return len(claves)

    def _poner(self, tramo: tuple[Any, ...]) -> int:
        citar, campo = self.tabla.citar, self.tabla.campo
        puestas = [f"{citar(campo(nombre).column)} = p.vence" for nombre in ("primer_plazo", "vence_el")]
        aplica, valores = self._aplica_silencio()
        puestas.append(f"{citar(campo('aplica_sap').column)} = {aplica}")
        if self.firma is not None:
            cambiado = campo("actualizado_en")
            puestas.append(f"{citar(cambiado.column)} = %s")
            valores.append(self.tabla.adaptar(cambiado, [self.firma.momento])[0])
        sql = f"UPDATE {self.tabla.nombre} AS t SET {', '.join(puestas)} FROM {_DIAS} AS p WHERE {self.donde}"  # noqa: S608
        return self.tabla.ejecutar(sql, [*valores, *tramo])

    def _aplica_silencio(self) -> tuple[str, list[Any]]:
        """Si el silencio aplica al caso: lo dice el tipo del servicio de su contrato; sin contrato, aplica."""
        if not self.sin_silencio:
            return "TRUE", []
        donde, lista = self.tabla.entre(self.sin_silencio)
        contrato = f"t.{self.tabla.citar(self.tabla.campo('contrato').column)}"
        exento = f"SELECT 1 FROM {self.contratos} AS c WHERE c.id = {contrato} AND c.servicio_id {donde}"  # noqa: S608
        return f"NOT EXISTS ({exento})", [lista]

    def _bloquear(self, tramo: tuple[Any, ...]) -> list[int]:
        """Las claves del tramo que van a recibir plazo, bloqueadas: quien las corrija a la vez espera."""
        bloqueo = " FOR UPDATE OF t" if self.tabla.conexion.features.has_select_for_update_of else ""
        sql = f"SELECT {self.clave} FROM {self.tabla.nombre} AS t, {_DIAS} AS p WHERE {self.donde} ORDER BY 1{bloqueo}"  # noqa: S608
        return [clave for (clave,) in self.tabla.consultar(sql, tramo)]
