"""Lo que conviene ofrecerle hoy a cada cliente activo, guardado para listas y segmentos.

Va por tandas: lee fuera de la transacción, calcula sin tocar la base y escribe de una vez. Si se interrumpe, lo
escrito queda; al repetirlo el mismo día sigue con los que faltaban.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError

from clientes.models import Cliente, EstadoCliente
from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.estimaciones import Creciente
from movistar_site.comun.json_texto import volcar
from movistar_site.comun.lotes import Tabla, tabla_de
from movistar_site.comun.trabajo_pesado import trabajo_pesado

from ..models import Sugerencia
from ..ofertas.catalogo import leer_catalogo
from ..ofertas.perfil import POR_TANDA, Lector, Perfil
from ..ofertas.reglas import leer_reglas
from ..ofertas.siguiente import Propuesta, Resultado, siguientes

COLUMNAS = ("cliente_id", "calculada_el", "riesgo", "nivel", "regla_id", "servicio_id", "promocion_id", "ofertas")
TANDA_DE_BORRADO = 1_000
Fila = tuple[Any, ...]


@dataclass
class Sugeridas:
    """Lo que hizo una pasada: a cuántos se les calculó, con qué riesgo y qué regla quedó primera."""

    dia: date
    calculadas: int = 0
    quitadas: int = 0
    segundos: float = 0.0
    por_nivel: Counter[str] = field(default_factory=Counter)
    # Código de la regla de la primera oferta, o de la que no deja ofrecer; vacío, ninguna le sirve.
    por_regla: Counter[str] = field(default_factory=Counter)
    frenadas: int = 0
    con_oferta: int = 0

    @property
    def sin_oferta(self) -> int:
        """A cuántos hoy no hay qué ofrecerles, sin que nada lo impida."""
        return self.calculadas - self.con_oferta - self.frenadas

    def contar(self, uno: Resultado) -> None:
        """Suma un cliente."""
        self.calculadas += 1
        self.por_nivel[uno.riesgo.nivel] += 1
        if uno.ofertas:
            self.con_oferta += 1
            self.por_regla[uno.ofertas[0].regla.codigo] += 1
        elif uno.freno is not None:
            self.frenadas += 1
            self.por_regla[uno.freno.codigo] += 1

    def sumar(self, otras: Sugeridas) -> None:
        """Suma las de una tanda ya guardada."""
        self.calculadas += otras.calculadas
        self.con_oferta += otras.con_oferta
        self.frenadas += otras.frenadas
        self.por_nivel += otras.por_nivel
        self.por_regla += otras.por_regla


def sugerir_ofertas(
    *,
    hoy: date,
    de_nuevo: bool = False,
    por_tanda: int = POR_TANDA,
    avisar: Callable[[int], None] = lambda _cuantas: None,
) -> Sugeridas:
    """Calcula las ofertas de todos los clientes activos el día `hoy` y deja una `Sugerencia` por cada uno.

    Los que ya se calcularon ese día se saltan, salvo `de_nuevo`. Los que dejaron de ser clientes pierden la suya.
    Repetirla, o correr dos a la vez, deja lo mismo. `avisar` recibe cuántas van.
    """
    empezado, hechas = time.monotonic(), Sugeridas(hoy)
    pasada = _Pasada(hoy)
    crece, ultima = Creciente(Sugerencia), 0
    with Cortesia(tanda=por_tanda, fija=True) as turno, trabajo_pesado():
        while claves := _siguientes_claves(ultima, hoy, por_tanda, de_nuevo=de_nuevo):
            ultima = claves[-1]
            crece.crecio(pasada.hacer(claves, turno, hechas))
            avisar(hechas.calculadas)
        hechas.quitadas = _quitar_inactivos(turno)
    hechas.segundos = time.monotonic() - empezado
    return hechas


def _siguientes_claves(ultima: int, hoy: date, cuantas: int, *, de_nuevo: bool) -> list[int]:
    clientes = Cliente.objects.all().activos().filter(pk__gt=ultima)
    if not de_nuevo:
        clientes = clientes.exclude(sugerencia__calculada_el=hoy)
    return list(clientes.order_by("pk").values_list("pk", flat=True)[:cuantas])


class _Pasada:
    """El catálogo y las reglas con que se calculan todas las tandas."""

    def __init__(self, hoy: date) -> None:
        self.hoy, self.tabla = hoy, tabla_de(Sugerencia)
        self.preparar()

    def preparar(self) -> None:
        """Lee lo que vale para todos."""
        self.catalogo = leer_catalogo(self.hoy, con_promociones=True)
        self.reglas = leer_reglas()
        self.lector = Lector(self.catalogo)

    def hacer(self, claves: Sequence[int], turno: Cortesia, hechas: Sugeridas) -> int:
        """Calcula y guarda una tanda; devuelve cuántas guardó."""
        try:
            return self._hacer(claves, turno, hechas)
        except IntegrityError:
            # Entre leer y escribir alguien borró un cliente, una regla o un servicio: se mira otra vez.
            self.preparar()
            return self._hacer(claves, turno, hechas)

    def _hacer(self, claves: Sequence[int], turno: Cortesia, hechas: Sugeridas) -> int:
        # Cada resultado se reduce enseguida a su fila: guardarlos todos haría trabajar de más al recolector de memoria.
        propias = Sugeridas(self.hoy)
        filas = [self._fila(perfil, propias) for perfil in self.lector.leer(claves) if perfil.activo]
        with turno.transaccion(len(filas)):
            _guardar(self.tabla, filas)
        hechas.sumar(propias)
        return len(filas)

    def _fila(self, perfil: Perfil, hechas: Sugeridas) -> Fila:
        resultado = siguientes(perfil, reglas=self.reglas, catalogo=self.catalogo)
        hechas.contar(resultado)
        return _fila(resultado, self.hoy)


def _fila(resultado: Resultado, hoy: date) -> Fila:
    ofertas = resultado.ofertas
    primera = ofertas[0] if ofertas else None
    servicio = primera.servicio if primera is not None else None
    promocion = primera.promocion if primera is not None else None
    return (
        resultado.perfil.cliente,
        hoy.isoformat(),
        resultado.riesgo.puntaje,
        resultado.riesgo.nivel,
        primera.regla.clave if primera is not None else None,
        servicio.clave if servicio is not None else None,
        promocion.promocion.pk if promocion is not None else None,
        volcar([_breve(una) for una in ofertas]) if ofertas else "[]",
    )


def _breve(una: Propuesta) -> dict[str, Any]:
    """Lo justo para volver a decirla: la regla y qué ofrece."""
    breve: dict[str, Any] = {"regla": una.regla.clave}
    if una.servicio is not None:
        breve["servicio"] = una.servicio.clave
    if una.promocion is not None:
        breve["promocion"] = una.promocion.promocion.pk
    return breve


def _guardar(tabla: Tabla, filas: Sequence[Fila]) -> None:
    """Pone o reemplaza las sugerencias de la tanda, con una sola sentencia."""
    if not filas:
        return
    nombres = [tabla.citar(nombre) for nombre in COLUMNAS]
    puestas = ", ".join(f"{nombre} = excluded.{nombre}" for nombre in nombres[1:])
    conflicto = f"ON CONFLICT ({nombres[0]}) DO UPDATE SET {puestas}"
    destino = f"{tabla.nombre} ({', '.join(nombres)})"
    if tabla.conexion.vendor == "sqlite":
        marcas = ", ".join("?" * len(nombres))
        sql = f"INSERT INTO {destino} VALUES ({marcas}) {conflicto}"  # noqa: S608 - nombres propios
        with tabla.conexion.wrap_database_errors:
            tabla.conexion.connection.executemany(sql, filas)
        return
    tipos = ("bigint", "date", "smallint", "text", "bigint", "bigint", "bigint", "text")
    arreglos = ", ".join(f"%s::{tipo}[]" for tipo in tipos)
    tabla.ejecutar(
        f"INSERT INTO {destino} SELECT * FROM unnest({arreglos}) {conflicto}",  # noqa: S608 - nombres propios
        [list(columna) for columna in zip(*filas, strict=True)],
    )


def _quitar_inactivos(turno: Cortesia) -> int:
    """Quien ya no es cliente pierde su sugerencia."""
    quitadas = 0
    inactivos = Sugerencia.objects.filter(cliente__estado=EstadoCliente.INACTIVO).order_by()
    while claves := list(inactivos.values_list("pk", flat=True)[:TANDA_DE_BORRADO]):
        with turno.transaccion(len(claves)):
            Sugerencia.objects.filter(pk__in=claves).delete()
        quitadas += len(claves)
    return quitadas


__all__ = ["Sugeridas", "sugerir_ofertas"]
