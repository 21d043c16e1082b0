"""Aplica lo leído: todo o nada, en una transacción, con historia y un informe completo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from movistar_site.comun.auditoria import auditar
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.recursos_base import ERROR, TIPOS_DE_RESULTADO, Contexto, Falta, Resultado

from .entidades import ENTIDADES
from .lectura import Aviso, Fuente, Lectura, Lugar, leer

ENCABEZADOS_DEL_INFORME = ["Archivo", "Lugar", "Entidad", "Campo", "Valor", "Motivo"]


@dataclass(frozen=True)
class FilaMala:
    """Una falta con su lugar, lista para mostrarse."""

    archivo: str
    ruta: str
    entidad: str
    campo: str
    valor: str
    motivo: str

    def celdas(self) -> list[str]:
        """En el orden de ENCABEZADOS_DEL_INFORME."""
        return [self.archivo, self.ruta, self.entidad, self.campo, self.valor, self.motivo]


@dataclass
class Informe:
    """Qué pasó, o qué pasaría: cuentas por entidad, faltas y avisos."""

    simulado: bool = False
    cuentas: dict[str, dict[str, int]] = field(default_factory=dict)
    malas: list[FilaMala] = field(default_factory=list)
    avisos: list[Aviso] = field(default_factory=list)
    aplicado: bool = False

    @property
    def hay_errores(self) -> bool:
        """Verdadero si alguna fila se rechazó: entonces no se escribió nada."""
        return bool(self.malas)

    @property
    def total(self) -> dict[str, int]:
        """La suma de las cuentas de todas las entidades."""
        return {tipo: sum(cuenta[tipo] for cuenta in self.cuentas.values()) for tipo in TIPOS_DE_RESULTADO}

    @property
    def cambia_algo(self) -> bool:
        """Verdadero si hay registros nuevos o cambiados."""
        return bool(self.total["nuevo"] or self.total["cambiado"])

    def filas(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Título y cuentas de cada entidad que trae algo, en orden."""
        return ((ENTIDADES[n].titulo, self.cuentas[n]) for n in ENTIDADES if n in self.cuentas)

    def contar(self, entidad: str, resultado: Resultado) -> None:
        """Suma el resultado de un registro."""
        cuenta = self.cuentas.setdefault(entidad, dict.fromkeys(TIPOS_DE_RESULTADO, 0))
        cuenta[resultado.tipo] += 1
        for falta in resultado.faltas:
            self.falta(entidad, resultado.lugar, falta)

    def falta(self, entidad: str, lugar: Any, falta: Falta) -> None:
        """Suma una falta."""
        archivo, ruta = lugar if isinstance(lugar, Lugar) else ("", str(lugar))
        titulo = ENTIDADES[entidad].titulo if entidad else ""
        self.malas.append(FilaMala(archivo, ruta, titulo, falta.campo, falta.valor, falta.motivo))


def importar(
    fuentes: list[Fuente], *, hoy: date, usuario: Any = None, simular: bool = False, permitidas: set[str] | None = None
) -> Informe:
    """Lee, valida y aplica los archivos en orden de dependencia, o no aplica nada si algo está mal.

    `simular` deshace todo al final. `permitidas` son las entidades que la cuenta puede importar (None: todas).
    Lanza ArchivoIlegible si un archivo no se puede leer.
    """
    lectura = leer(fuentes)
    if permitidas is not None:
        negadas = [entidad.titulo.lower() for entidad in lectura.entidades() if entidad.nombre not in permitidas]
        if negadas:
            raise ArchivoIlegible(f"Su cuenta no puede importar {', '.join(negadas)}.")
    nombres = ", ".join(fuente.nombre for fuente in fuentes)
    return aplicar(lectura, hoy=hoy, usuario=usuario, simular=simular, origen=f"importación {nombres}")


def aplicar(lectura: Lectura, *, hoy: date, usuario: Any = None, simular: bool = False, origen: str) -> Informe:
    """Aplica una lectura entera o nada."""
    informe = Informe(simulado=simular, avisos=list(lectura.avisos))
    mal_formados: dict[Lugar, None] = {}
    for nombre_, lugar, falta in lectura.faltas:
        informe.falta(nombre_, lugar, falta)
        mal_formados[lugar] = None
    _callar_precio_vigente(lectura)
    contexto = Contexto(hoy=hoy, usuario=usuario)
    with transaction.atomic(), auditar(usuario=usuario, origen=origen[:80]):
        for nombre, entidad in ENTIDADES.items():
            recurso = entidad.recurso(contexto)
            for resultado in recurso.procesar(lectura.entradas[nombre]):
                informe.contar(nombre, _con_lectura(resultado, mal_formados))
        if simular or informe.hay_errores:
            transaction.set_rollback(True)
    # Lo que ni siquiera era un registro también cuenta: las cuentas suman lo que trae el archivo.
    leidos = {lugar for entradas in lectura.entradas.values() for lugar in (entrada.lugar for entrada in entradas)}
    for entidad_, lugar, _ in lectura.faltas:
        if entidad_ and lugar not in leidos:
            informe.contar(entidad_, Resultado(str(lugar), ERROR))
    informe.aplicado = not simular and not informe.hay_errores
    return informe


def _callar_precio_vigente(lectura: Lectura) -> None:
    """Donde llega la historia de precios de un servicio, el vigente sale de ella y no es un precio nuevo de hoy."""
    con_historia = {str(entrada.valores.get("servicio")).strip().upper() for entrada in lectura.entradas["precios"]}
    for entrada in lectura.entradas["servicios"]:
        if str(entrada.valores.get("codigo")).strip().upper() in con_historia:
            entrada.valores.pop("precio", None)


def _con_lectura(resultado: Resultado, mal_formados: dict[Lugar, None]) -> Resultado:
    """Un registro que ya tenía faltas al leerse cuenta como error aunque lo demás esté bien."""
    if resultado.lugar in mal_formados and resultado.tipo != ERROR:  # type: ignore[comparison-overlap]
        return Resultado(resultado.lugar, ERROR)
    return resultado
