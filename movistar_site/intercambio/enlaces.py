"""Lo que enlaza con otro de su misma clase: un recurso con su PQR, un contrato cedido con el del titular anterior.

Pueden venir en cualquier orden, así que al comparar se da por bueno; con la entidad entera comparada se mira que cada
uno de verdad venga, y lo que no viene queda con su falta.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from movistar_site.comun.piezas_intercambio import ERROR, Falta, Resultado, con_errores
from movistar_site.comun.valores import citar

from .comparador import Comparador, detalle_de
from .etapa import Fila
from .models import Importacion, RegistroPlan
from .piezas import guardable

_TROZO = 1_000


class Enlaces:
    """Los que una entidad espera, y quién los espera."""

    def __init__(self, importacion: Importacion, comparador: Comparador, entidad: str) -> None:
        self.importacion, self.comparador, self.entidad = importacion, comparador, entidad
        self.recurso: Any = comparador.recurso(entidad)
        self._esperados: dict[str, list[tuple[int, str]]] = {}

    def anotar(self, filas: Sequence[Fila], resultados: Sequence[Resultado]) -> None:
        """Toma nota de los que enlazan con uno que aún no está."""
        for fila, resultado in zip(filas, resultados, strict=True):
            if self.recurso.espera(resultado):
                esperado = resultado.instancia.__dict__[self.recurso.compiladas[self.recurso.propia].attname]
                self._esperados.setdefault(esperado.clave, []).append((fila.archivo, guardable(fila.ruta, 300)))

    def cerrar(self) -> None:
        """Vuelve error lo que enlaza con uno que no viene o que viene con errores."""
        numeros = list(self._esperados)
        for inicio in range(0, len(numeros), _TROZO):
            trozo = numeros[inicio : inicio + _TROZO]
            vienen = self.comparador.en_plan(self.recurso.familia, trozo)
            with transaction.atomic():
                for numero in trozo:
                    if vienen.get(numero, ERROR) == ERROR:
                        self._rechazar(numero, numero in vienen)

    def _rechazar(self, numero: str, con_faltas: bool) -> None:
        columna = self.recurso.fields[self.recurso.propia]
        motivo = con_errores(numero) if con_faltas else f"No existe {columna.widget.que} {citar(numero)}."
        falta = Falta(str(columna.titulo), numero, motivo, self.recurso.propia)
        detalle = detalle_de(Resultado("", ERROR, faltas=[falta]), [])
        cuentas = self.importacion.cuentas[self.entidad]
        for archivo, ruta in self._esperados[numero]:
            suyos = RegistroPlan.objects.filter(
                importacion=self.importacion, entidad=self.entidad, archivo=archivo, ruta=ruta
            ).exclude(tipo=ERROR)
            for pk, tipo in list(suyos.values_list("pk", "tipo")):
                RegistroPlan.objects.filter(pk=pk).update(tipo=ERROR, detalle=detalle)
                cuentas[tipo] -= 1
                cuentas[ERROR] = cuentas.get(ERROR, 0) + 1
