"""Lo que cuesta llevar las cuentas: las mismas escrituras con los disparadores y sin ellos."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle, islice
from typing import Any

DE_GOLPE, DE_A_UNO, VECES = 2_000, 150, 4
_NUMEROS = count(1)


def medir_cuentas() -> Iterator[dict[str, Any]]:
    """Microsegundos por fila de cada escritura, lo mejor de varias veces. Todo se deshace."""
    from clientes.models import Cliente, Contrato, Interaccion

    for modelo in (Contrato, Cliente, Interaccion):
        for que, hacer in _escrituras(modelo).items():
            medidas: dict[bool, list[float]] = {True: [], False: []}
            for _ in range(VECES):
                for con in (True, False):
                    medidas[con].append(_cronometrar(modelo, hacer, con_cuentas=con))
            yield {"que": f"{modelo._meta.verbose_name}: {que}", "con": min(medidas[True]), "sin": min(medidas[False])}


def _cronometrar(modelo: Any, hacer: Callable[[], Callable[[], int]], *, con_cuentas: bool) -> float:
    from django.db import connection, transaction

    from movistar_site.comun import resumenes

    with transaction.atomic():
        if not con_cuentas:
            resumenes.suspender(connection, modelo._meta.db_table)
        escribir = hacer()
        inicio = time.perf_counter()
        filas = escribir()
        gastado = time.perf_counter() - inicio
        transaction.set_rollback(True)
    return gastado / filas * 1e6


def _escrituras(modelo: Any) -> dict[str, Callable[[], Callable[[], int]]]:
    """Título → lo que prepara una escritura y devuelve la función que la hace y dice cuántas filas fueron."""

    def insertar_de_golpe() -> Callable[[], int]:
        nuevos = _copias(modelo, DE_GOLPE)
        return lambda: len(modelo.objects.bulk_create(nuevos, batch_size=500))

    def insertar_de_a_uno() -> Callable[[], int]:
        nuevos = _copias(modelo, DE_A_UNO)
        return lambda: sum(len(modelo.objects.bulk_create([uno])) for uno in nuevos)

    def guardar_de_a_uno() -> Callable[[], int]:
        nuevos = _copias(modelo, DE_A_UNO)
        return lambda: sum(1 for uno in nuevos if uno.save() is None)

    def cambiar_de_a_uno() -> Callable[[], int]:
        suyos = _copias(modelo, DE_A_UNO)
        modelo.objects.bulk_create(suyos)
        claves, cambio = [uno.pk for uno in suyos], _cambio(modelo)
        return lambda: sum(modelo.objects.filter(pk=clave).update(**cambio) for clave in claves)

    def cambiar_de_golpe() -> Callable[[], int]:
        suyos = _copias(modelo, DE_GOLPE)
        modelo.objects.bulk_create(suyos, batch_size=500)
        primera, cambio = min(uno.pk for uno in suyos), _cambio(modelo)
        return lambda: int(modelo.objects.filter(pk__gte=primera).update(**cambio))

    return {
        f"insertar {DE_GOLPE:,} de golpe": insertar_de_golpe,
        "insertar de a uno, sin historia": insertar_de_a_uno,
        "guardar de a uno, con su historia": guardar_de_a_uno,
        "cambiar de a uno lo que se cuenta": cambiar_de_a_uno,
        f"cambiar {DE_GOLPE:,} de golpe": cambiar_de_golpe,
    }


def _cambio(modelo: Any) -> dict[str, Any]:
    cambios: dict[str, dict[str, Any]] = {
        "contrato": {"estado": "suspendido"},
        "cliente": {"fecha_vinculacion": date(2020, 2, 2)},
        "interaccion": {"fecha": datetime(2026, 3, 2, 15, tzinfo=UTC)},
    }
    return cambios[modelo._meta.model_name]


def _copias(modelo: Any, cuantas: int) -> list[Any]:
    """Registros nuevos, copiados de otros repartidos por la tabla, con su número o documento propio."""
    ultima = modelo.objects.order_by("-pk").values_list("pk", flat=True)[0]
    claves = list(range(1, ultima + 1, max(1, ultima // (cuantas * 2))))
    # Una sugerencia no lleva plazo ni CUN ni lo que pide un recurso: se copia sin faltar a ninguna regla.
    sueltos = modelo.objects.filter(tipo="sugerencia") if modelo._meta.model_name == "interaccion" else modelo.objects
    originales = [uno for n in range(0, len(claves), 500) for uno in sueltos.filter(pk__in=claves[n : n + 500])]
    return [_copia(uno, next(_NUMEROS)) for uno in islice(cycle(originales), cuantas)]


def _copia(uno: Any, n: int) -> Any:
    campos = {campo.attname: getattr(uno, campo.attname) for campo in uno._meta.concrete_fields if campo.name != "id"}
    nuevo = type(uno)(**campos)
    if uno._meta.model_name == "cliente":
        nuevo.tipo_documento, nuevo.documento = "PAS", f"MED{n:08}"
        nuevo.fecha_vinculacion += timedelta(days=n % 3)
    elif uno._meta.model_name == "contrato":
        nuevo.numero, nuevo.cedido_de_id, nuevo.estado, nuevo.fecha_fin = f"MED-{n:08}", None, "activo", None
    else:
        nuevo.numero = f"MED-{n:08}"
    return nuevo
