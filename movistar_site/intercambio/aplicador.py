"""Del plan a la base: por tandas, cada una en una transacción corta que también anota hasta dónde va.

Muera cuando muera el proceso, al volver sigue en la tanda siguiente a la última confirmada. Cada tanda se compara otra
vez con lo que hay en ese momento: lo que otro ya hizo queda igual, y nada se escribe dos veces.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.lotes import Firma
from movistar_site.comun.piezas_intercambio import CAMBIADO, ERROR, NUEVO, Resultado

from .comparador import DE_CATALOGO, DE_LOTE, Comparador, detalle_de
from .etapa import Fila
from .models import AnteErrores, EstadoImportacion, Importacion, RegistroPlan
from .planificador import Avance, Cancelada

registro = logging.getLogger("panel.intercambio")
TANDA = 400
POR_ESCRIBIR = (NUEVO, CAMBIADO)


class Detenida(Exception):
    """Un registro que en el plan estaba bien ya no se puede escribir, y se pidió todo o nada."""


def aplicar(importacion: Importacion, *, al_avanzar: Callable[..., None] | None = None) -> None:
    """Escribe lo planeado que falte por escribir.

    Lanza Cancelada si lo piden (lo escrito queda) y Detenida si, pidiendo todo o nada, algo ya no se puede escribir.
    """
    pendientes = RegistroPlan.objects.filter(importacion=importacion, aplicado=False, tipo__in=POR_ESCRIBIR)
    avance = Avance(importacion, "Escribiendo", pendientes.count(), al_avanzar)
    comparador = Comparador(importacion, planeando=False)
    hechos = _aplicar_catalogo(importacion, comparador)
    with Cortesia(tanda=TANDA) as turno:
        for entidad in DE_LOTE:
            desde = 0
            while filas := _filas(importacion, entidad, desde, turno.tanda):
                with turno.transaccion(len(filas)):
                    _aplicar_tanda(importacion, comparador, entidad, filas)
                desde = filas[-1].id
                hechos += len(filas)
                avance.va(hechos)


def firma_de(importacion: Importacion) -> Firma:
    """Quién, cuándo y desde dónde: lo que queda en la historia de todo lo que escribe."""
    assert importacion.momento is not None  # noqa: S101 - se fija al confirmar
    return Firma(importacion.momento, importacion.usuario, "", importacion.origen)


def _bloquear(importacion: Importacion) -> None:
    """Un solo trabajador a la vez por importación, y solo mientras se esté aplicando."""
    actual = Importacion.objects.select_for_update().only("estado", "cancelar").get(pk=importacion.pk)
    if actual.cancelar or actual.estado != EstadoImportacion.APLICANDO:
        raise Cancelada


def _aplicar_catalogo(importacion: Importacion, comparador: Comparador) -> int:
    filas = {entidad: _filas(importacion, entidad, 0, None) for entidad in DE_CATALOGO}
    filas = {entidad: suyas for entidad, suyas in filas.items() if suyas}
    if not filas:
        return 0
    detener = importacion.ante_errores == AnteErrores.DETENER
    with transaction.atomic():
        _bloquear(importacion)
        resultados = comparador.catalogo(filas, escribir=True, deshacer_si_hay_errores=detener)
        malos = [(f, r) for e, suyas in filas.items() for f, r in zip(suyas, resultados[e], strict=True)
                 if r.tipo == ERROR]  # fmt: skip
        if not (malos and detener):
            for entidad, suyas in filas.items():
                _anotar(importacion, entidad, suyas, resultados[entidad])
    if malos and detener:
        _detener(malos)
    return sum(len(suyas) for suyas in filas.values())


def _aplicar_tanda(importacion: Importacion, comparador: Comparador, entidad: str, filas: Sequence[Fila]) -> None:
    """Compara una tanda con lo que hay ahora, la escribe con su historia y anota que ya está."""
    _bloquear(importacion)
    ya = set(
        RegistroPlan.objects.filter(pk__in=[fila.id for fila in filas], aplicado=True).values_list("pk", flat=True)
    )
    filas = [fila for fila in filas if fila.id not in ya]
    resultados = comparador.lote(entidad, filas)
    malos = [(fila, r) for fila, r in zip(filas, resultados, strict=True) if r.tipo == ERROR]
    if malos and importacion.ante_errores == AnteErrores.DETENER:
        _detener(malos)
    comparador.recurso(entidad).guardar_lote(resultados, firma=firma_de(importacion))
    _anotar(importacion, entidad, filas, resultados)


def _filas(importacion: Importacion, entidad: str, desde: int, cuantos: int | None) -> list[Fila]:
    consulta = RegistroPlan.objects.filter(
        importacion=importacion, entidad=entidad, id__gt=desde, aplicado=False, tipo__in=POR_ESCRIBIR
    ).order_by("id")
    columnas = ("archivo", "registro", "ruta", "valores", "id", "tipo")
    return [
        Fila(archivo, numero, ruta, valores, id=pk, tipo=tipo)
        for archivo, numero, ruta, valores, pk, tipo in consulta.values_list(*columnas)[:cuantos]
    ]


def _anotar(importacion: Importacion, entidad: str, filas: Sequence[Fila], resultados: Sequence[Resultado]) -> None:
    """Marca lo aplicado y corrige el plan donde la base ya no era la de antes."""
    distintos = [(f, r) for f, r in zip(filas, resultados, strict=True) if r.tipo != f.tipo]
    cuentas = importacion.cuentas.setdefault(entidad, {})
    for fila, resultado in distintos:
        cuentas[fila.tipo] -= 1
        cuentas[resultado.tipo] = cuentas.get(resultado.tipo, 0) + 1
        RegistroPlan.objects.filter(pk=fila.id).update(tipo=resultado.tipo, detalle=detalle_de(resultado, fila.notas))
    malos = {fila.id for fila, resultado in distintos if resultado.tipo == ERROR}
    RegistroPlan.objects.filter(pk__in=[fila.id for fila in filas if fila.id not in malos]).update(aplicado=True)
    if distintos:
        Importacion.objects.filter(pk=importacion.pk).update(cuentas=importacion.cuentas)


def _detener(malos: list[tuple[Fila, Resultado]]) -> None:
    fila, resultado = malos[0]
    motivo = resultado.faltas[0].motivo if resultado.faltas else "ya no se puede escribir"
    raise Detenida(f"{fila.ruta}: {motivo}")


def terminar(importacion: Importacion, estado: str, problema: str = "") -> None:
    """Deja la importación en su estado final."""
    importacion.estado, importacion.problema, importacion.paso = estado, problema, ""
    importacion.cancelar, importacion.terminada_en = False, timezone.now()
    importacion.save(update_fields=["estado", "problema", "paso", "cancelar", "terminada_en", "cuentas", "hechos"])


__all__ = ["Any", "aplicar", "connection"]
