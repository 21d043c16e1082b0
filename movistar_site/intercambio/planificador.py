"""Del archivo al plan: se lee todo una vez, se compara con la base y queda guardado qué se haría con cada registro.

Aquí no se escribe ningún dato del negocio. Repetirlo (otro mapa, otra fecha de referencia, un trabajador que murió)
borra el plan anterior y lo rehace.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from clientes.models import Cliente, Municipio
from movistar_site.comun import lotes
from movistar_site.comun.adelanto import adelantado
from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.estimaciones import Creciente
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.json_texto import volcar
from movistar_site.comun.piezas_intercambio import NUEVO, Resultado
from movistar_site.comun.trabajo_pesado import trabajo_pesado
from movistar_site.comun.trabajos import borrar_por_tandas
from servicios.models import Servicio, TipoServicio

from . import carpeta, lector
from .comparador import (
    DE_CATALOGO,
    DE_LOTE,
    POR_NOMBRE,
    Comparador,
    detalle_de,
    parecidos,
    segun_modo,
)  # fmt: skip
from .enlaces import Enlaces
from .entidades import ENTIDADES
from .etapa import Etapa, Fila
from .models import ArchivoImportado, AvisoImportacion, EstadoImportacion, Importacion, Mapa, RegistroPlan
from .piezas import LARGO_DE_CLAVE, OMITIDO, AvisoLeido, Leido, guardable
from .repetidos import Vistas, marcar_repetidos
from .traductor import Referencias, Traductor, elegir_mapa

TANDA = 1_000
MUESTRA = 400
"""Registros que se miran para saber si algún mapa guardado es de esta clase de archivo."""
SEGUNDOS_ENTRE_AVANCES = 0.7
COLUMNAS = ("importacion_id", "entidad", "archivo", "registro", "ruta", "clave", "titulo", "tipo", "valores", "detalle",
            "aplicado")  # fmt: skip
COLUMNAS_DE_AVISO = ("importacion_id", "archivo", "ruta", "clave", "valor", "motivo")


class Cancelada(Exception):
    """Quien importa pidió parar."""


class Avance:
    """Cuánto va de un paso: se anota en la base cada rato, y ahí mismo se mira si pidieron cancelar."""

    def __init__(self, importacion: Importacion, paso: str, total: int, al_avanzar: Callable[..., None] | None) -> None:
        self.importacion, self.al_avanzar = importacion, al_avanzar
        importacion.paso, importacion.total, importacion.hechos = paso, total, 0
        importacion.paso_desde = timezone.now()
        importacion.save(update_fields=["paso", "total", "hechos", "paso_desde"])
        self._ultimo = time.monotonic()

    def va_de(self, hechos: int, total: int) -> None:
        """Lo mismo, cuando el total se sabe sobre la marcha."""
        if total != self.importacion.total:
            self.importacion.total = total
            Importacion.objects.filter(pk=self.importacion.pk).update(total=total)
        self.va(hechos)

    def va(self, hechos: int) -> None:
        """Anota el avance. Lanza Cancelada si la pidieron."""
        self.importacion.hechos = hechos
        if time.monotonic() - self._ultimo < SEGUNDOS_ENTRE_AVANCES:
            return
        self._ultimo = time.monotonic()
        Importacion.objects.filter(pk=self.importacion.pk).update(hechos=hechos)
        if self.al_avanzar is not None:
            self.al_avanzar(self.importacion)
        if Importacion.objects.filter(pk=self.importacion.pk, cancelar=True).exists():
            raise Cancelada


def planear(importacion: Importacion, *, al_avanzar: Callable[..., None] | None = None) -> None:
    """Lee los archivos y deja guardado el plan. Lanza ArchivoIlegible o Cancelada, y entonces no queda plan."""
    borrar_plan(importacion)
    try:
        with trabajo_pesado(), Etapa(carpeta.de(importacion)) as etapa:
            traductor = _leer(importacion, etapa, al_avanzar)
            etapa.cerrar()
            _recordar_lo_visto(importacion, traductor)
            _exigir_permiso(importacion, etapa)
            _comparar(importacion, etapa, al_avanzar)
    except (ArchivoIlegible, Cancelada):
        borrar_plan(importacion)
        raise
    importacion.estado, importacion.paso = EstadoImportacion.POR_CONFIRMAR, ""
    importacion.save()
    etapa.borrar()


def borrar_plan(importacion: Importacion) -> None:
    """Quita lo planeado, por tandas."""
    borrar_por_tandas(RegistroPlan.objects.filter(importacion=importacion))
    borrar_por_tandas(AvisoImportacion.objects.filter(importacion=importacion))
    importacion.cuentas = {}


# --- Leer -------------------------------------------------------------------------------------------------------------


def _leer(importacion: Importacion, etapa: Etapa, al_avanzar: Callable[..., None] | None) -> Traductor:
    archivos = list(importacion.archivos.all())  # type: ignore[attr-defined]
    corregida = importacion.ajustes.get("claves") or importacion.ajustes.get("valores")
    if importacion.mapa is None and not corregida and Mapa.objects.exists():
        importacion.mapa = _mapa_que_sirve(importacion, archivos)
    traductor = nuevo_traductor(importacion)
    avance = Avance(importacion, "Leyendo los archivos", sum(archivo.bytes for archivo in archivos), al_avanzar)
    avisos = _Avisos(importacion)
    previos = 0
    for interno, motivo in importacion.ajustes.get("omitidos", ()):
        avisos.anotar(archivos[0], AvisoLeido(interno, "", "", f"Venía en el ZIP y no se lee: {motivo}."))
    for archivo in archivos:
        archivo.registros = 0
        with _abrir(archivo) as documento:
            for cuantos, hallado in enumerate(_traducir(traductor, documento, archivo)):
                if isinstance(hallado, Leido):
                    etapa.escribir(archivo.orden, hallado)
                    archivo.registros = max(archivo.registros, hallado.registro)
                else:
                    avisos.anotar(archivo, hallado)
                if not cuantos % TANDA:
                    avance.va(previos + documento.leidos)
            _describir(archivo, documento)
        previos += archivo.bytes
    avisos.volcar()
    return traductor


def _recordar_lo_visto(importacion: Importacion, traductor: Traductor) -> None:
    importacion.claves_vistas, importacion.valores_vistos = traductor.claves_vistas, traductor.valores_vistos
    importacion.servicios_leidos = traductor.servicios_leidos
    corregidas = importacion.ajustes.get("claves", {})
    for vista in importacion.claves_vistas:
        if vista["normal"] in corregidas.get(vista["entidad"], {}):
            vista["por"] = "ajuste"
    corregidos = importacion.ajustes.get("valores", {})
    for visto in importacion.valores_vistos:
        if visto["normal"] in corregidos.get(visto["columna"], {}):
            visto["por"] = "ajuste"


def nuevo_traductor(importacion: Importacion) -> Traductor:
    """El traductor con lo que ya se sabe: el mapa, lo corregido en la página y lo que hay en la base."""
    claves, valores = mapa_vigente(importacion)
    return Traductor(
        fecha_referencia=importacion.fecha_referencia,
        claves=claves,
        valores=valores,
        referencias=_referencias(),
        entidad=importacion.entidad,
    )


def mapa_vigente(importacion: Importacion) -> tuple[dict[str, Any], dict[str, Any]]:
    """Las claves y los valores que rigen: los del mapa y, encima, los corregidos para esta importación."""
    capas: list[Any] = [importacion.ajustes or {}]
    if importacion.mapa is not None:
        capas.insert(0, {"claves": importacion.mapa.claves, "valores": importacion.mapa.valores})
    unido: dict[str, dict[str, dict[str, Any]]] = {"claves": {}, "valores": {}}
    for capa in capas:
        for parte, tablas in unido.items():
            for nombre, dentro in (capa.get(parte) or {}).items():
                tablas.setdefault(nombre, {}).update(dentro)
    return unido["claves"], unido["valores"]


def _referencias() -> Referencias:
    municipios = Municipio.objects.order_by("codigo").values_list("codigo", "nombre", "departamento__nombre")
    servicios = Servicio.objects.order_by("tipo__orden", "codigo").values_list("codigo", "nombre", "tipo__codigo")
    return Referencias(
        municipios=list(municipios),
        tipos=list(TipoServicio.objects.order_by("orden").values_list("codigo", "nombre")),
        servicios=list(servicios),
    )


def _mapa_que_sirve(importacion: Importacion, archivos: Sequence[ArchivoImportado]) -> Mapa | None:
    traductor = nuevo_traductor(importacion)
    for archivo in archivos:
        with _abrir(archivo) as documento:
            for _ in islice(_traducir(traductor, documento, archivo), MUESTRA):
                pass
    mapa = elegir_mapa(traductor.firma(), list(Mapa.objects.all()))
    if mapa is not None:
        Mapa.objects.filter(pk=mapa.pk).update(usos=mapa.usos + 1)
    return mapa


def _abrir(archivo: ArchivoImportado) -> Any:
    if not archivo.ruta.is_file():
        raise ArchivoIlegible(f"{archivo.nombre}: ya no está guardado; súbalo otra vez.")
    try:
        return lector.abrir(archivo.ruta, archivo.nombre)
    except ArchivoIlegible as error:
        raise ArchivoIlegible(con_nombre(archivo, error)) from None


def _traducir(traductor: Traductor, documento: Any, archivo: ArchivoImportado) -> Iterator[Leido | AvisoLeido]:
    try:
        yield from traductor.traducir(documento)
    except ArchivoIlegible as error:
        raise ArchivoIlegible(con_nombre(archivo, error)) from None


def con_nombre(archivo: ArchivoImportado, error: ArchivoIlegible) -> str:
    """La frase del error con el nombre del archivo delante, una vez."""
    frase = str(error)
    return frase if frase.startswith(archivo.nombre) else f"{archivo.nombre}: {frase}"


def _describir(archivo: ArchivoImportado, documento: Any) -> None:
    archivo.formato, archivo.codificacion, archivo.huella = documento.formato, documento.codificacion, documento.huella
    archivo.reparaciones = [{"linea": r.linea, "columna": r.columna, "que": r.que} for r in documento.reparaciones]
    archivo.save()


class _Avisos:
    """Lo que no se entendió, guardado por tandas."""

    def __init__(self, importacion: Importacion) -> None:
        self.importacion = importacion
        self.filas: list[tuple[Any, ...]] = []

    def anotar(self, archivo: ArchivoImportado, aviso: AvisoLeido) -> None:
        self.filas.append(
            (self.importacion.pk, archivo.orden, guardable(aviso.ruta, 300), guardable(aviso.clave, 120),
             guardable(aviso.valor, 200), guardable(aviso.motivo, 300))
        )  # fmt: skip
        if len(self.filas) >= TANDA:
            self.volcar()

    def volcar(self) -> None:
        if self.filas:
            with transaction.atomic():
                lotes.insertar_filas(AvisoImportacion, COLUMNAS_DE_AVISO, self.filas)
            self.filas = []


def _exigir_permiso(importacion: Importacion, etapa: Etapa) -> None:
    if importacion.permitidas:
        negadas = [ENTIDADES[n].titulo.lower() for n in ENTIDADES if n in etapa.cuentas and
                   n not in importacion.permitidas]  # fmt: skip
        if negadas:
            raise ArchivoIlegible(f"Su cuenta no puede importar {', '.join(negadas)}.")


# --- Comparar ---------------------------------------------------------------------------------------------------------


def _comparar(importacion: Importacion, etapa: Etapa, al_avanzar: Callable[..., None] | None) -> None:
    total = sum(etapa.cuentas.values())
    avance = Avance(importacion, "Comparando con lo que hay", total, al_avanzar)
    comparador = Comparador(importacion, planeando=True)
    hechos = _comparar_catalogo(importacion, etapa, comparador)
    avance.va(hechos)
    plan, con_clientes = Creciente(RegistroPlan), Cliente.objects.exists()
    with Cortesia(fija=True) as turno:
        for entidad in DE_LOTE:
            vistas, enlaces = Vistas(), Enlaces(importacion, comparador, entidad)
            with adelantado(_comparadas(comparador, entidad, etapa.leer(entidad))) as comparadas:
                for tanda, comparada in comparadas:
                    resultados = _con_lo_del_lote(importacion, entidad, tanda, comparada, vistas)
                    # Se buscan duplicados entre los que ya estaban, si había alguno.
                    sugeridos = _parecidos(importacion, resultados) if con_clientes and entidad == "clientes" else {}
                    nuevas = _filas_del_plan(importacion, entidad, tanda, resultados, sugeridos)
                    enlaces.anotar(tanda, resultados)
                    with turno.transaccion(len(tanda)):
                        lotes.insertar_filas(RegistroPlan, COLUMNAS, nuevas)
                    hechos += len(tanda)
                    plan.crecio(len(tanda))
                    avance.va(hechos)
            enlaces.cerrar()
    importacion.valores_vistos = [*importacion.valores_vistos, *comparador.servicios_vistos.values()]


def _comparar_catalogo(importacion: Importacion, etapa: Etapa, comparador: Comparador) -> int:
    filas = {entidad: list(etapa.leer(entidad)) for entidad in DE_CATALOGO if entidad in etapa.cuentas}
    por_procesar = {entidad: [fila for fila in suyas if not fila.omitido] for entidad, suyas in filas.items()}
    resultados = comparador.catalogo(por_procesar, escribir=False)
    for entidad, suyas in filas.items():
        procesados = iter(resultados.get(entidad, ()))
        todos = [_omitido(fila) if fila.omitido else next(procesados) for fila in suyas]
        segun_modo(importacion, todos)
        nuevas = _filas_del_plan(importacion, entidad, suyas, todos, {})
        for inicio in range(0, len(nuevas), TANDA):
            with transaction.atomic():
                lotes.insertar_filas(RegistroPlan, COLUMNAS, nuevas[inicio : inicio + TANDA])
    return sum(len(suyas) for suyas in filas.values())


def _omitido(fila: Fila) -> Resultado:
    return Resultado(fila.ruta, OMITIDO, notas=[fila.omitido])


def _comparadas(
    comparador: Comparador, entidad: str, filas: Iterator[Fila]
) -> Iterator[tuple[list[Fila], list[Resultado]]]:
    """Las tandas de una entidad, comparadas con la base; todavía sin lo que solo se ve en el lote."""
    while tanda := list(islice(filas, TANDA)):
        utiles = [fila for fila in tanda if not fila.omitido]
        comparador.preparar(entidad, utiles)
        yield tanda, comparador.lote(entidad, utiles)


def _con_lo_del_lote(
    importacion: Importacion, entidad: str, tanda: Sequence[Fila], resultados: list[Resultado], vistas: Vistas
) -> list[Resultado]:
    """Le suma a una tanda comparada los repetidos, los omitidos y lo que el modo deja fuera."""
    utiles = [fila for fila in tanda if not fila.omitido]
    marcar_repetidos(importacion, entidad, utiles, resultados, vistas=vistas)
    segun_modo(importacion, resultados)
    if len(utiles) == len(tanda):
        return resultados
    siguientes = iter(resultados)
    return [_omitido(fila) if fila.omitido else next(siguientes) for fila in tanda]


def _parecidos(importacion: Importacion, resultados: Sequence[Resultado]) -> dict[int, Any]:
    nuevos = importacion.cuentas.get("clientes", {}).get(NUEVO, 0)
    return parecidos(resultados, max(0, POR_NOMBRE - nuevos))


def _filas_del_plan(
    importacion: Importacion,
    entidad: str,
    filas: Sequence[Fila],
    resultados: Sequence[Resultado],
    sugeridos: dict[int, Any],
) -> list[tuple[Any, ...]]:
    """Una tanda ya comparada, como se guarda en el plan; de paso suma sus cuentas."""
    cuentas = importacion.cuentas.setdefault(entidad, {})
    nuevas = []
    for n, (fila, resultado) in enumerate(zip(filas, resultados, strict=True)):
        detalle = detalle_de(resultado, fila.notas, sugeridos.get(n), fila.falla)
        cuentas[resultado.tipo] = cuentas.get(resultado.tipo, 0) + 1
        nuevas.append(
            (importacion.pk, entidad, fila.archivo, fila.registro, guardable(fila.ruta, 300),
             guardable(resultado.clave, LARGO_DE_CLAVE), guardable(resultado.registro, 160), resultado.tipo,
             fila.texto_de_valores(), volcar(detalle) if detalle else "{}", False)
        )  # fmt: skip
    return nuevas
