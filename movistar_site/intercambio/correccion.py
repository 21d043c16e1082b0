"""Corregir un registro con errores: se compara otra vez, y con él los que por su culpa tampoco se podían importar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from movistar_site.comun.piezas_intercambio import Resultado

from .comparador import DE_CATALOGO, DE_LOTE, Comparador, detalle_de, segun_modo
from .etapa import Fila
from .models import EstadoImportacion, Importacion, RegistroPlan, TipoRegistro
from .piezas import LARGO_DE_CLAVE, guardable
from .repetidos import marcar_repetidos

POR_ESCRIBIR = (TipoRegistro.NUEVO, TipoRegistro.CAMBIADO)
MIRADOS = 20_000
"""Registros con errores entre los que se buscan los que dependen del corregido."""
TANDA = 500
_LO_DICEN_DEL_CATALOGO = {"servicio", "promocion", "municipio"}


def corregir(registro: RegistroPlan, valores: dict[str, Any]) -> None:
    """Pone los valores y compara otra vez el registro y los que dependen de él, sin escribir en los datos."""
    identidad = _identidad(registro)
    registro.valores = {**registro.valores, **valores}
    dependientes = list(_dependientes(registro, identidad))
    comparador = Comparador(registro.importacion, planeando=True)
    _catalogo(comparador, registro, dependientes)
    for entidad in DE_LOTE:
        suyos = [uno for uno in [registro, *dependientes] if uno.entidad == entidad]
        for inicio in range(0, len(suyos), TANDA):
            _lote(comparador, entidad, suyos[inicio : inicio + TANDA], registro)


def _identidad(registro: RegistroPlan) -> str:
    """Cómo nombran a este cliente los registros que cuelgan de él en el archivo."""
    valores = registro.valores
    return f"{valores.get('tipo_documento') or 'CC'}-{valores.get('documento') or ''}"


def _dependientes(registro: RegistroPlan, identidad: str) -> Iterator[RegistroPlan]:
    """Los que tienen errores y vienen en el mismo registro del archivo, o nombran al corregido desde otro."""
    es_cliente, es_catalogo = registro.entidad == "clientes", registro.entidad in DE_CATALOGO
    nueva = _identidad(registro)
    con_errores = RegistroPlan.objects.filter(
        importacion=registro.importacion_id, tipo=TipoRegistro.ERROR, aplicado=False
    ).exclude(pk=registro.pk)  # fmt: skip
    for otro in con_errores.order_by("id")[:MIRADOS].iterator(chunk_size=TANDA):
        cliente = otro.valores.get("cliente")
        hermano = (otro.archivo, otro.registro) == (registro.archivo, registro.registro)
        if hermano and es_cliente and cliente == identidad:
            # Cuelga de él: si le corrigieron el documento, lo sigue.
            otro.valores = {**otro.valores, "cliente": nueva}
        if hermano or (es_cliente and cliente in (identidad, nueva)) or (es_catalogo and _es_del_catalogo(otro)):
            yield otro


def _es_del_catalogo(otro: RegistroPlan) -> bool:
    """Si lo que le falta puede ser algo del catálogo."""
    columnas = {columna for _, _, _, columna in otro.detalle.get("faltas", ())}
    return otro.entidad in DE_CATALOGO or bool(columnas & _LO_DICEN_DEL_CATALOGO)


def _catalogo(comparador: Comparador, registro: RegistroPlan, dependientes: Sequence[RegistroPlan]) -> None:
    """Compara lo corregido del catálogo junto a lo que aún no se ha escrito de él: unas cosas se refieren a otras."""
    suyos = [uno for uno in [registro, *dependientes] if uno.entidad in DE_CATALOGO]
    pendientes = RegistroPlan.objects.filter(
        importacion=registro.importacion_id, entidad__in=DE_CATALOGO, aplicado=False, tipo__in=POR_ESCRIBIR
    )
    filas: dict[str, list[Fila]] = {}
    for uno in sorted([*suyos, *pendientes], key=lambda uno: uno.pk):
        filas.setdefault(uno.entidad, []).append(_fila(uno, registro))
    resultados = comparador.catalogo(filas, escribir=False)
    por_pk = {
        fila.id: (fila, resultado)
        for entidad, de_ella in filas.items()
        for fila, resultado in zip(de_ella, resultados.get(entidad, ()), strict=True)
    }
    _guardar(registro.importacion, [(uno, *por_pk[uno.pk]) for uno in suyos])


def _lote(comparador: Comparador, entidad: str, registros: Sequence[RegistroPlan], corregido: RegistroPlan) -> None:
    filas = [_fila(uno, corregido) for uno in registros]
    comparador.preparar(entidad, filas)
    resultados = comparador.lote(entidad, filas)
    sin = [uno.pk for uno in registros]
    marcar_repetidos(corregido.importacion, entidad, filas, resultados, sin=sin)
    _guardar(corregido.importacion, list(zip(registros, filas, resultados, strict=True)))


def _fila(uno: RegistroPlan, corregido: RegistroPlan) -> Fila:
    """Como salió del archivo. Lo que estaba mal al leerlo sigue mal, salvo en el que alguien miró y corrigió."""
    falla = "" if uno.pk == corregido.pk else uno.detalle.get("falla", "")
    return Fila(uno.archivo, uno.registro, uno.ruta, uno.valores, falla=falla, id=uno.pk, tipo=uno.tipo)


def _guardar(importacion: Importacion, comparados: Sequence[tuple[RegistroPlan, Fila, Resultado]]) -> None:
    """Anota en el plan lo que ahora se haría con cada uno, y las cuentas."""
    if not comparados:
        return
    segun_modo(importacion, [resultado for _, _, resultado in comparados])
    with transaction.atomic():
        releida = Importacion.objects.select_for_update().get(pk=importacion.pk)
        por_reintentar = set(releida.ajustes.get("corregidos", ()))
        for registro, fila, resultado in comparados:
            cuentas = releida.cuentas.setdefault(registro.entidad, {})
            cuentas[registro.tipo] = cuentas.get(registro.tipo, 1) - 1
            cuentas[resultado.tipo] = cuentas.get(resultado.tipo, 0) + 1
            if releida.estado != EstadoImportacion.POR_CONFIRMAR and resultado.tipo in POR_ESCRIBIR:
                por_reintentar.add(registro.pk)
            registro.tipo, registro.clave = resultado.tipo, guardable(resultado.clave, LARGO_DE_CLAVE)
            registro.titulo = guardable(resultado.registro, 160)
            registro.valores = fila.valores
            registro.detalle = detalle_de(resultado, fila.notas, falla=fila.falla)
            registro.save()
        if por_reintentar:
            releida.ajustes = {**releida.ajustes, "corregidos": sorted(por_reintentar)}
        releida.save(update_fields=["cuentas", "ajustes"])
    importacion.cuentas, importacion.ajustes = releida.cuentas, releida.ajustes
