"""Un registro puesto por conceptos: qué trae de cada cosa, con la clave y la ruta de donde salió."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from . import tablas
from .claves import desenvolver, es_escalar, es_vacio, normal, repetidos
from .piezas import NO_SE_RECONOCE, Sitio, materializar
from .planes import DESCONOCIDA, IGNORADA, SECRETA, Plan
from .taller import Taller
from .vocabulario import DENTRO

MOTIVO_SECRETO = "Es una contraseña o una clave de acceso: no se importa."
MOTIVO_REPETIDA = "La clave está repetida en el mismo objeto: se usó el primer valor."
MOTIVO_SOBRA = "No se usó: el mismo dato ya venía en otra clave."


class Dato(NamedTuple):
    """Un valor del archivo con su clave y su ruta."""

    clave: str
    valor: Any
    ruta: str


class Ficha:
    """Los datos de un registro por concepto, y lo que queda por avisar."""

    def __init__(self, taller: Taller, entidad: str, sitio: Sitio, colecciones: frozenset[str]) -> None:
        self.taller, self.entidad, self.sitio = taller, entidad, sitio
        self.colecciones = colecciones
        self.datos: dict[str, list[Dato]] = {}
        self.avisos: list[tuple[Dato, str]] = []
        self.notas: list[str] = []
        self.secretas = 0
        self.hay_desconocidas = False
        self.canonica = False

    def llenar(self, plan: Plan, registro: Any) -> None:
        """Reparte el registro entero por conceptos."""
        self.canonica = plan.canonico
        conceptos = plan.conceptos() | dict(plan.hijas)
        for clave, valor in registro.items():
            concepto = clave if clave in dict(plan.hijas) else conceptos[clave]
            self._poner(concepto, Dato(clave, valor, f"{self.sitio.ruta}.{clave}"), 0)
        primeros = dict(registro)
        for clave, valor in repetidos(registro):
            concepto = conceptos.get(clave, DESCONOCIDA)
            dato = Dato(clave, valor, f"{self.sitio.ruta}.{clave}")
            if concepto in self.colecciones or concepto in ("celular", "telefono", "fijo"):
                self._poner(concepto, dato, 0)
            elif valor != primeros.get(clave):
                self.avisos.append((dato, MOTIVO_REPETIDA))

    def _poner(self, concepto: str, dato: Dato, nivel: int) -> None:
        valor = desenvolver(materializar(dato.valor))
        dato = Dato(dato.clave, valor, dato.ruta)
        if concepto == SECRETA:
            self.secretas += 1
            self.avisos.append((dato, MOTIVO_SECRETO))
        elif concepto == DESCONOCIDA:
            self._desconocida(dato, nivel)
        elif concepto == IGNORADA:
            return
        elif isinstance(valor, dict) and concepto not in self.colecciones and not self._se_deja(concepto):
            self._aplanar(concepto, dato, nivel)
        elif isinstance(valor, list) and concepto not in self.colecciones and not self._se_deja(concepto):
            self._de_lista(concepto, dato, nivel)
        else:
            self.datos.setdefault(concepto, []).append(dato)

    def _de_lista(self, concepto: str, dato: Dato, nivel: int) -> None:
        """Los datos sueltos de una lista quedan juntos; lo que haya dentro de un objeto, cada cosa con lo suyo."""
        sueltos = [uno for uno in dato.valor if es_escalar(uno)]
        if sueltos:
            self.datos.setdefault(concepto, []).append(Dato(dato.clave, sueltos, dato.ruta))
        for indice, uno in enumerate(dato.valor):
            if es_escalar(uno):
                continue
            dentro = Dato(dato.clave, uno, f"{dato.ruta}[{indice}]")
            if nivel > 4:  # noqa: PLR2004 - como en un objeto
                self.avisos.append((dentro, NO_SE_RECONOCE))
            else:
                self._poner(concepto, dentro, nivel + 1)

    def _se_deja(self, concepto: str) -> bool:
        """En un registro del panel, una columna con un objeto se deja como está: la falta la dirá el recurso."""
        return self.canonica and concepto in tablas.columnas(self.entidad)

    def _desconocida(self, dato: Dato, nivel: int) -> None:
        if isinstance(dato.valor, dict) and dato.valor and self._trae_algo_conocido(dato.valor):
            self._aplanar("", dato, nivel)
        elif not es_vacio(dato.valor):
            self.hay_desconocidas = True
            self.avisos.append((dato, NO_SE_RECONOCE))

    def _trae_algo_conocido(self, objeto: dict[str, Any]) -> bool:
        alias = tablas.alias(self.entidad)
        return any(alias.get(normal(clave)) and es_escalar(desenvolver(valor)) for clave, valor in objeto.items())

    def _aplanar(self, concepto: str, dato: Dato, nivel: int) -> None:
        """Un objeto que agrupa datos del registro: `telefonos: {celular, fijo}`, `infoContacto: {tel, correo}`."""
        dentro = DENTRO.get(concepto, {})
        if nivel > 4:  # noqa: PLR2004 - nadie guarda el teléfono seis objetos adentro
            self.avisos.append((dato, NO_SE_RECONOCE))
            return
        for clave, valor in [*dato.valor.items(), *repetidos(dato.valor)]:
            suyo = dentro.get(normal(clave)) or self.taller.planes.concepto(self.entidad, clave)[0]
            self._poner(suyo, Dato(clave, valor, f"{dato.ruta}.{clave}"), nivel + 1)

    # --- Consulta ----------------------------------------------------------------------------------------------------

    def trae(self, *conceptos: str) -> bool:
        """Verdadero si alguno viene con algo."""
        return any(not es_vacio(dato.valor) for uno in conceptos for dato in self.datos.get(uno, ()))

    def todo_vacio(self) -> bool:
        """Verdadero si ningún campo trae nada: es una plantilla."""
        return not self.hay_desconocidas and all(_sin_nada(d.valor) for suyos in self.datos.values() for d in suyos)

    def sacar(self, concepto: str) -> list[Dato]:
        """Los datos de un concepto que dicen algo; ya no vuelven a salir."""
        return [dato for dato in self.datos.pop(concepto, ()) if not es_vacio(dato.valor)]

    def uno(self, concepto: str) -> Dato | None:
        """El primer dato de un concepto; los demás, si dicen otra cosa, se avisan."""
        suyos = self.sacar(concepto)
        for otro in suyos[1:]:
            if otro.valor != suyos[0].valor:
                self.sobra(otro)
        return suyos[0] if suyos else None

    def texto(self, concepto: str) -> str:
        """El primer dato de un concepto como texto."""
        from .piezas import simple

        dato = self.uno(concepto)
        if dato is None:
            return ""
        if isinstance(dato.valor, list):
            return " ".join(str(simple(uno)) for uno in dato.valor if es_escalar(uno) and not es_vacio(uno)).strip()
        return str(simple(dato.valor)).strip() if es_escalar(dato.valor) else ""

    def sobra(self, dato: Dato, motivo: str = MOTIVO_SOBRA) -> None:
        """Deja dicho que un dato no se usó."""
        self.avisos.append((dato, motivo))

    def quedan(self) -> Iterator[tuple[str, Dato]]:
        """Lo que nadie sacó."""
        for concepto, suyos in list(self.datos.items()):
            for dato in suyos:
                yield concepto, dato
        self.datos.clear()

    def avisar(self) -> Iterator[Any]:
        """Los avisos pendientes, ya como tales."""
        for dato, motivo in self.avisos:
            yield from self.taller.avisador.avisar(
                dato.ruta, dato.clave, dato.valor, motivo, entidad=self.entidad, numero=self.sitio.numero
            )
        self.avisos.clear()


def _sin_nada(valor: Any) -> bool:
    if isinstance(valor, dict):
        return all(_sin_nada(dentro) for dentro in valor.values())
    if isinstance(valor, list):
        return all(_sin_nada(dentro) for dentro in valor)
    return es_vacio(valor)
