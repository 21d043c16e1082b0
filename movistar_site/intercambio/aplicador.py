"""Del plan a la base: por tandas, cada una en una transacción corta que también anota hasta dónde va.

Muera cuando muera el proceso, al volver sigue en la tanda siguiente a la última confirmada. Cada tanda se compara otra
vez con lo que hay en ese momento: lo que otro ya hizo queda igual, y nada se escribe dos veces.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from movistar_site.comun.adelanto import adelantado
from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.estimaciones import Creciente
from movistar_site.comun.lotes import Alistadas, Firma
from movistar_site.comun.piezas_intercambio import CAMBIADO, ERROR, NUEVO, Falta, Resultado
from movistar_site.comun.recursos_base import NO_LA_ACEPTO
from movistar_site.comun.recursos_lotes import RecursoPorLotes
from movistar_site.comun.trabajo_pesado import trabajo_pesado

from .comparador import DE_CATALOGO, DE_LOTE, Comparador, detalle_de
from .etapa import Fila
from .models import AnteErrores, EstadoImportacion, Importacion, RegistroPlan
from .piezas import OMITIDO, en_una_linea
from .planificador import Avance, Cancelada

registro = logging.getLogger("panel.intercambio")
LECTURA = 2_000
"""Registros que se comparan de una vez, sin tener el turno de escritura."""
TANDA = 400
INTENTOS = 3
POR_ESCRIBIR = (NUEVO, CAMBIADO)
SIN_ESCRIBIR = (ERROR, OMITIDO)


class Detenida(Exception):
    """Un registro que en el plan estaba bien ya no se puede escribir, y se pidió todo o nada."""


def aplicar(importacion: Importacion, *, al_avanzar: Callable[..., None] | None = None) -> None:
    """Escribe lo planeado que falte por escribir.

    Lanza Cancelada si lo piden (lo escrito queda) y Detenida si, pidiendo todo o nada, algo ya no se puede escribir.
    """
    pendientes = RegistroPlan.objects.filter(importacion=importacion, aplicado=False, tipo__in=POR_ESCRIBIR)
    avance = Avance(importacion, "Escribiendo", pendientes.count(), al_avanzar)
    # En PostgreSQL nadie espera por un turno: las tandas son las que se comparan.
    en_turnos = connection.vendor == "sqlite"
    with Cortesia(tanda=TANDA if en_turnos else LECTURA, fija=not en_turnos) as turno, trabajo_pesado():
        _Aplicador(importacion, turno, avance).aplicar()


def terminar(importacion: Importacion, estado: str, problema: str = "") -> None:
    """Deja la importación en su estado final."""
    importacion.estado, importacion.problema, importacion.paso = estado, problema, ""
    importacion.cancelar, importacion.terminada_en = False, timezone.now()
    importacion.save(update_fields=["estado", "problema", "paso", "cancelar", "terminada_en", "cuentas", "hechos"])


@dataclass
class _Comparada:
    """Unas filas, de qué versión de la base es lo comparado y, si se comparó, qué pasaría con cada una."""

    filas: Sequence[Fila]
    version: int | None
    listos: Sequence[Resultado] | None = None
    alistadas: Alistadas | None = None

    def parte(self, cual: slice) -> _Comparada:
        """Solo esas filas, si no son todas."""
        if len(self.filas[cual]) == len(self.filas):
            return self
        return _Comparada(self.filas[cual], self.version, None if self.listos is None else self.listos[cual])


class _Aplicador:
    """Recorre el plan de una importación y lo escribe."""

    def __init__(self, importacion: Importacion, turno: Cortesia, avance: Avance) -> None:
        assert importacion.momento is not None  # noqa: S101 - se fija al confirmar
        self.importacion, self.turno, self.avance = importacion, turno, avance
        self.comparador = Comparador(importacion, planeando=False)
        self.detener = importacion.ante_errores == AnteErrores.DETENER
        self.firma = Firma(importacion.momento, importacion.usuario, "", importacion.origen)
        self.hechos = self.esperan = 0

    def aplicar(self) -> None:
        self.hechos = self._catalogo()
        for entidad in DE_LOTE:
            self._apartar_numeros(entidad)
            self._entidad(entidad)

    def _entidad(self, entidad: str) -> None:
        """Lo de una entidad. Lo que enlaza con algo que viene después en el archivo se deja para otra vuelta.

        Cuando una vuelta no adelanta nada, lo que se espera no va a llegar: la última dice que no existe.
        """
        antes = -1
        contexto = self.comparador.contexto
        while True:
            self._vuelta(entidad)
            if not self.esperan:
                break
            contexto.puede_esperar = self.esperan != antes
            antes = self.esperan
        contexto.puede_esperar = True

    def _vuelta(self, entidad: str) -> None:
        self.esperan = 0
        tabla = Creciente(self._recurso(entidad)._meta.model)
        with adelantado(self._comparadas(entidad)) as comparadas:
            for una in comparadas:
                self._lectura(entidad, una)
                self.hechos += len(una.filas)
                tabla.crecio(len(una.filas))
                self.avance.va(self.hechos - self.esperan)
        self.hechos -= self.esperan

    def _filas(self, entidad: str, desde: int, cuantos: int | None) -> list[Fila]:
        consulta = RegistroPlan.objects.filter(
            importacion=self.importacion, entidad=entidad, id__gt=desde, aplicado=False, tipo__in=POR_ESCRIBIR
        ).order_by("id")
        columnas = ("archivo", "registro", "ruta", "valores", "id", "tipo")
        return [
            Fila(archivo, numero, ruta, valores, id=pk, tipo=tipo)
            for archivo, numero, ruta, valores, pk, tipo in consulta.values_list(*columnas)[:cuantos]
        ]

    # --- El catálogo, de una vez --------------------------------------------------------------------------------------

    def _catalogo(self) -> int:
        filas = {entidad: self._filas(entidad, 0, None) for entidad in DE_CATALOGO}
        filas = {entidad: suyas for entidad, suyas in filas.items() if suyas}
        if not filas:
            return 0
        for intento in range(1, INTENTOS + 1):
            with self._otra_vez(intento < INTENTOS), transaction.atomic():
                self._bloquear()
                resultados = self.comparador.catalogo(filas, escribir=True, deshacer_si_hay_errores=self.detener)
                if intento < INTENTOS and _choca(resultados):
                    raise IntegrityError
                for entidad, suyas in filas.items():
                    self._exigir_sin_errores(suyas, resultados[entidad])
                for entidad, suyas in filas.items():
                    self._anotar(entidad, suyas, resultados[entidad])
                break
            # Lo recordado de un catálogo que no quedó escrito no vale.
            self.comparador = Comparador(self.importacion, planeando=False)
        return sum(len(suyas) for suyas in filas.values())

    @contextmanager
    def _otra_vez(self, queda: bool = True) -> Iterator[None]:
        """Lo que otro escribió a la vez, o dos que se esperan uno al otro, se ve al comparar de nuevo.

        Vuelve a dejar las cuentas como estaban. Si no `queda` otro intento, el error sigue su camino.
        """
        cuentas = {entidad: dict(suyas) for entidad, suyas in self.importacion.cuentas.items()}
        try:
            yield
        except (IntegrityError, OperationalError) as error:
            self.importacion.cuentas = cuentas
            if not queda:
                raise
            registro.info("La importación %s repite una tanda: %s", self.importacion.pk, type(error).__name__)

    # --- Lo demás, por tandas -----------------------------------------------------------------------------------------

    def _apartar_numeros(self, entidad: str) -> None:
        """Los números que trae el archivo no se entregan a los registros que vienen sin número."""
        apartar = getattr(self.comparador.recurso(entidad), "apartar", None)
        if apartar is None:
            return
        claves = RegistroPlan.objects.filter(importacion=self.importacion, entidad=entidad, tipo=NUEVO)
        with transaction.atomic():
            apartar(claves.values_list("clave", flat=True).iterator(chunk_size=LECTURA))

    def _comparadas(self, entidad: str) -> Iterator[_Comparada]:
        """Lo que falta de una entidad, comparado sin tener el turno de escritura."""
        desde, protegida = 0, self.comparador.protegida(entidad)
        while filas := self._filas(entidad, desde, LECTURA):
            desde = filas[-1].id
            una = _Comparada(filas, self.turno.version())
            if protegida or una.version is not None:
                una.listos = self.comparador.lote(entidad, filas)
            if una.version is None and una.listos is not None and self._se_alistan(entidad, una.listos):
                una.alistadas = self._recurso(entidad).alistar_lote(una.listos, firma=self.firma)
            yield una

    def _se_alistan(self, entidad: str, listos: Sequence[Resultado]) -> bool:
        recurso = self._recurso(entidad)
        return _todos_nuevos(listos) and not any(map(recurso.espera, listos))

    def _lectura(self, entidad: str, una: _Comparada) -> None:
        """Escribe lo comparado; en SQLite, en tandas cortas."""
        inicio = 0
        while inicio < len(una.filas):
            tanda = slice(inicio, inicio + self.turno.tanda)
            inicio = tanda.stop
            self._tanda(entidad, una.parte(tanda))

    def _tanda(self, entidad: str, una: _Comparada) -> None:
        for intento in range(INTENTOS):
            with self._otra_vez(), self.turno.transaccion(len(una.filas)):
                self._bloquear()
                if intento or una.listos is None or not self._vale(una.listos, una.version):
                    una = _Comparada(_sin_aplicar(una.filas), None)
                    una.listos = self.comparador.lote(entidad, una.filas)
                self._escribir(entidad, una.filas, una.listos, una.alistadas)
                return
        for fila in una.filas:
            self._sola(entidad, fila)

    def _vale(self, listos: Sequence[Resultado], version: int | None) -> bool:
        """Si lo comparado vale todavía. En SQLite, mientras nadie más escriba.

        PostgreSQL no dice si alguien escribió, pero su restricción rechaza un registro nuevo cuya clave ya esté, y
        entonces se compara otra vez; un cambio se compara siempre ya dentro de la transacción que lo escribe.
        """
        return _todos_nuevos(listos) if version is None else self.turno.version() == version

    def _sola(self, entidad: str, fila: Fila) -> None:
        """La base rechaza algo que las reglas dejan pasar: se halla qué registro es y se dice."""
        with self.turno.transaccion(1):
            self._bloquear()
            for una in _sin_aplicar([fila]):
                (resultado,) = self.comparador.lote(entidad, [una])
                try:
                    with transaction.atomic():
                        self._escribir(entidad, [una], [resultado])
                except IntegrityError:
                    malo = Resultado(una.ruta, ERROR, faltas=[Falta("", "", NO_LA_ACEPTO)], clave=resultado.clave)
                    self._escribir(entidad, [una], [malo])

    def _escribir(
        self,
        entidad: str,
        filas: Sequence[Fila],
        resultados: Sequence[Resultado],
        alistadas: Alistadas | None = None,
    ) -> None:
        self._exigir_sin_errores(filas, resultados)
        recurso = self._recurso(entidad)
        if any(map(recurso.espera, resultados)):
            pares = [par for par in zip(filas, resultados, strict=True) if not recurso.espera(par[1])]
            self.esperan += len(filas) - len(pares)
            filas, resultados = [fila for fila, _ in pares], [resultado for _, resultado in pares]
        recurso.guardar_lote(resultados, firma=self.firma, alistadas=alistadas)
        self._anotar(entidad, filas, resultados)

    def _recurso(self, entidad: str) -> RecursoPorLotes:
        return cast("RecursoPorLotes", self.comparador.recurso(entidad))

    # --- Comunes ------------------------------------------------------------------------------------------------------

    def _bloquear(self) -> None:
        """Un solo trabajador a la vez por importación, y solo mientras se esté aplicando."""
        actual = Importacion.objects.select_for_update().only("estado", "cancelar").get(pk=self.importacion.pk)
        if actual.cancelar or actual.estado != EstadoImportacion.APLICANDO:
            raise Cancelada

    def _exigir_sin_errores(self, filas: Sequence[Fila], resultados: Sequence[Resultado]) -> None:
        if not self.detener:
            return
        for fila, resultado in zip(filas, resultados, strict=True):
            if resultado.tipo == ERROR:
                motivo = resultado.faltas[0].motivo if resultado.faltas else "ya no se puede escribir."
                raise Detenida(en_una_linea(f"{fila.ruta}: {motivo}"))

    def _anotar(self, entidad: str, filas: Sequence[Fila], resultados: Sequence[Resultado]) -> None:
        """Marca lo aplicado y corrige el plan donde la base ya no era la de antes."""
        if not filas:
            return
        distintos = [(f, r) for f, r in zip(filas, resultados, strict=True) if r.tipo != f.tipo]
        cuentas = self.importacion.cuentas.setdefault(entidad, {})
        for fila, resultado in distintos:
            cuentas[fila.tipo] -= 1
            cuentas[resultado.tipo] = cuentas.get(resultado.tipo, 0) + 1
            detalle = detalle_de(resultado, fila.notas)
            RegistroPlan.objects.filter(pk=fila.id).update(tipo=resultado.tipo, detalle=detalle)
        escritos = [f.id for f, r in zip(filas, resultados, strict=True) if r.tipo not in SIN_ESCRIBIR]
        RegistroPlan.objects.filter(pk__en_lista=escritos).update(aplicado=True)
        if distintos:
            Importacion.objects.filter(pk=self.importacion.pk).update(cuentas=self.importacion.cuentas)


def _todos_nuevos(resultados: Sequence[Resultado]) -> bool:
    return all(resultado.tipo == NUEVO for resultado in resultados)


def _choca(resultados: dict[str, list[Resultado]]) -> bool:
    """Si la base rechazó algo que las reglas dejaban pasar: quizás otro lo escribió al mismo tiempo."""
    return any(falta.motivo == NO_LA_ACEPTO for suyos in resultados.values() for r in suyos for falta in r.faltas)


def _sin_aplicar(filas: Sequence[Fila]) -> list[Fila]:
    if not filas:
        return []
    consulta = RegistroPlan.objects.filter(pk__en_lista=[fila.id for fila in filas], aplicado=True)
    ya = set(consulta.values_list("pk", flat=True))
    return [fila for fila in filas if fila.id not in ya]
