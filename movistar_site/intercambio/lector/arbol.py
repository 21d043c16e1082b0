"""El árbol de un JSON de cualquier tamaño: lo que cabe en la ventana se lee entero; lo demás, hijo por hijo.

Primero se intenta con el lector estricto de Python, escrito en C. Donde él falla sigue el nuestro, que repara sin
inventar: véase docs/decisiones/0016-lector-json-tolerante.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any

from movistar_site.comun.archivos import ArchivoIlegible
from movistar_site.comun.json_leido import Objeto, con_repetidos, constante, decimal
from movistar_site.comun.valores import citar

from . import escalares
from .cortes import OMITIDO, Cortado, podar
from .cursor import MARGEN, Corte, Cursor

OBJETO, LISTA, DOCUMENTOS = "objeto", "lista", "documentos"
_CIERRES = {OBJETO: "}", LISTA: "]", DOCUMENTOS: ""}
_AL_PRINCIPIO, _TRAS_VALOR, _TRAS_COMA = range(3)
# Un texto, un objeto o una lista terminan sin duda; un número o una palabra necesitan ver qué les sigue.
_TRAS_NUMERO = frozenset(",]} \t\r\n")
_HERMANO: dict[str, Callable[[str, int], re.Match[str] | None]] = {
    OBJETO: re.compile(r'[ \t\r\n]*,[ \t\r\n]*"([^"\\\x00-\x1f]*)"[ \t\r\n]*:[ \t\r\n]*').match,  # type: ignore[dict-item]
    LISTA: re.compile(r"[ \t\r\n]*,[ \t\r\n]*").match,  # type: ignore[dict-item]
    DOCUMENTOS: re.compile(r"[ \t\r\n]*").match,  # type: ignore[dict-item]
}


class Marco:
    """Un objeto o una lista a medio leer."""

    __slots__ = ("abierto", "cierre", "clase", "clave", "cortado", "desde", "estado", "indice", "nivel", "ultimo")

    def __init__(self, clase: str, cierre: str, nivel: int) -> None:
        self.clase = clase
        self.cierre = cierre
        self.nivel = nivel
        self.estado = _AL_PRINCIPIO
        self.indice = 0
        self.clave: str | int = ""
        self.desde = 0
        self.ultimo: Any = None
        self.cortado = False
        self.abierto: tuple[str | int, Cortado] | None = None


class Analizador:
    """Lee valores de un cursor. Uno por documento."""

    def __init__(self, cursor: Cursor, max_niveles: int) -> None:
        self.cursor = cursor
        self.max_niveles = max_niveles
        self.repetida = False
        self._abiertos: list[Marco] = []
        self._corte_dicho = False
        self._raiz = Marco(DOCUMENTOS, _CIERRES[DOCUMENTOS], 0)
        self.escanear = JSONDecoder(
            object_pairs_hook=self._objeto, parse_float=decimal, parse_constant=constante
        ).scan_once  # type: ignore[attr-defined]

    def _objeto(self, pares: list[tuple[str, Any]]) -> Objeto:
        leido = Objeto(pares)
        if len(leido) != len(pares):
            self.repetida = True
        return leido

    # --- La raíz -----------------------------------------------------------------------------------------------------

    def raiz(self) -> Any:
        """Lo que trae el archivo. Varios documentos seguidos son una lista de ellos."""
        cursor = self.cursor
        if not cursor.saltar():
            raise ArchivoIlegible("El archivo no trae ningún dato.")
        marco = self._raiz
        self._abiertos.append(marco)
        primero = self.siguiente(marco)
        if primero is None:
            return self._raiz_cortada(marco)
        if isinstance(primero[1], Flujo):
            primero[1].es_raiz = True
            return primero[1]
        documentos = [primero]
        desde = cursor.avance()
        while (documento := self.siguiente(marco)) is not None:
            documentos.append(documento)
            if isinstance(documento[1], Flujo) or cursor.avance() - desde > cursor.ventana:
                return Flujo(self, marco, documentos)
        if marco.abierto and (resto := podar(marco.abierto[1])) is not OMITIDO:
            documentos.append((marco.indice, resto))
        return documentos[0][1] if len(documentos) == 1 else [valor for _, valor in documentos]

    def _raiz_cortada(self, marco: Marco) -> Any:
        resto = podar(marco.abierto[1]) if marco.abierto else OMITIDO
        if resto is OMITIDO:
            linea, columna = self.cursor.lugar()
            raise ArchivoIlegible(
                f"El archivo se acaba en la línea {linea}, columna {columna}, y antes no trae nada completo."
            )
        return resto

    def documentos(self) -> Marco:
        """El marco de los documentos del archivo, donde sigue lo que haya detrás del primero."""
        return self._raiz

    # --- Un valor ----------------------------------------------------------------------------------------------------

    def valor(self, nivel: int) -> Any:
        """El valor que sigue: entero, `Flujo` si no cabe en la ventana, o `Cortado` si el archivo se acaba en él."""
        cursor = self.cursor
        while True:
            self.repetida = False
            inicio = cursor.pos
            try:
                leido, fin = self.escanear(cursor.texto, inicio)
            except JSONDecodeError as error:
                incompleto = error.msg.startswith("Unterminated") or error.pos + MARGEN >= len(cursor.texto)
            except StopIteration as error:
                incompleto = error.value + MARGEN >= len(cursor.texto)
            except RecursionError:
                self._demasiado_hondo()
            except ValueError:  # un número desmedido, NaN o Infinity
                incompleto = False
            else:
                if self.vale(leido, inicio, fin, nivel):
                    cursor.pos = fin
                    return leido
                incompleto = fin + MARGEN >= len(cursor.texto) and not self.repetida
            if cursor.fin or not incompleto:
                return self._reparando(nivel)
            if cursor.quedan() >= cursor.ventana and cursor.texto[inicio] in "{[":
                return Flujo(self, self._abrir(nivel), [])
            cursor.crecer_texto()

    def vale(self, leido: Any, inicio: int, fin: int, nivel: int) -> bool:
        """Si lo que leyó el lector estricto está completo, no repite claves y no es demasiado hondo."""
        texto = self.cursor.texto
        if self.repetida:
            return False
        cierre = texto[fin - 1]
        if cierre == '"':
            return True
        if cierre not in "}]":
            # Un número al final de un archivo cortado puede no estar completo.
            return texto[fin] in _TRAS_NUMERO if fin < len(texto) else self.cursor.fin and nivel == 1
        margen = self.max_niveles - nivel + 1
        hondura = texto.count("{", inicio, fin) + texto.count("[", inicio, fin)
        if hondura > margen and _hondura(leido) > margen:
            self._demasiado_hondo()
        return True

    def _demasiado_hondo(self) -> None:
        linea, columna = self.cursor.lugar()
        raise ArchivoIlegible(
            f"El JSON tiene más de {self.max_niveles} niveles, uno dentro de otro, en la línea {linea},"
            f" columna {columna}."
        )

    def _reparando(self, nivel: int) -> Any:
        if self.cursor.texto[self.cursor.pos : self.cursor.pos + 1] not in ("{", "["):
            return escalares.valor(self.cursor, suelto=nivel == 1)
        # Con cada registro roto se cuentan líneas: desde aquí, no desde el principio de la ventana.
        self.cursor.soltar()
        marco = self._abrir(nivel)
        desde = self.cursor.avance()
        hijos: list[tuple[Any, Any]] = []
        vistas = set()
        while (hijo := self.siguiente(marco)) is not None:
            hijos.append(hijo)
            if hijo[0] in vistas:
                self._decir_repetida(marco)
            vistas.add(hijo[0])
            if isinstance(hijo[1], Flujo) or self.cursor.avance() - desde > self.cursor.ventana:
                return Flujo(self, marco, hijos)
        leido: Any = con_repetidos(hijos) if marco.clase == OBJETO else [valor for _, valor in hijos]
        return Cortado(leido, marco.abierto) if marco.cortado else leido

    def _decir_repetida(self, marco: Marco) -> None:
        if marco.clave:
            self.cursor.reparar(
                f"La clave {citar(marco.clave)} está repetida en el mismo objeto: se conservan todos sus valores.",
                self.cursor.lugar_de(marco.desde),
            )

    # --- Objetos y listas, hijo por hijo -----------------------------------------------------------------------------

    def _abrir(self, nivel: int) -> Marco:
        """Entra en el objeto o la lista que sigue."""
        if nivel > self.max_niveles:
            self._demasiado_hondo()
        cursor = self.cursor
        lugar = cursor.lugar()
        clase = OBJETO if cursor.texto[cursor.pos] == "{" else LISTA
        cierre = _CIERRES[clase]
        cursor.pos += 1
        while cursor.saltar() == ",":
            cursor.reparar("Sobra una coma.")
            cursor.pos += 1
        if clase == OBJETO and cursor.saltar() in ("{", "["):
            cursor.reparar("Hay un objeto sin claves: se lee como una lista.", lugar)
            clase = LISTA
        marco = Marco(clase, cierre, nivel)
        self._abiertos.append(marco)
        return marco

    def siguiente(self, marco: Marco) -> tuple[Any, Any] | None:
        """La clave (o el índice) y el valor del hijo que sigue; nada cuando el objeto o la lista se cierra."""
        while True:
            sigue = self.cursor.saltar()
            if not sigue:
                self._al_final(marco)
                return None
            if sigue == "," or (sigue == ";" and marco.clase == DOCUMENTOS):
                self._coma(marco)
            elif sigue in "}]":
                if self._cierra(marco, sigue):
                    self._abiertos.pop()
                    return None
            elif (hijo := self._hijo(marco, sigue)) is not None:
                return hijo
            elif marco.cortado:
                self._al_final(marco)
                return None

    def _al_final(self, marco: Marco) -> None:
        self._abiertos.pop()
        if marco.clase != DOCUMENTOS:
            marco.cortado = True
            self._decir_corte()

    def _decir_corte(self) -> None:
        if self._corte_dicho:
            return
        self._corte_dicho = True
        pasos = [f"[{m.indice}]" if m.clase == LISTA else f".{m.clave}" for m in self._abiertos[1:]]
        donde = f", dentro de {citar(''.join(pasos).lstrip('.'))}" if pasos else ""
        self.cursor.reparar(f"El archivo se acaba aquí{donde}: lo que quedó a medias no se lee.")

    def _coma(self, marco: Marco) -> None:
        if marco.estado != _TRAS_VALOR or marco.clase == DOCUMENTOS:
            self.cursor.reparar("Sobra una coma.")
        marco.estado = _TRAS_COMA
        self.cursor.pos += 1

    def _cierra(self, marco: Marco, cierre: str) -> bool:
        if cierre != marco.cierre and any(otro.cierre == cierre for otro in self._abiertos[:-1]):
            self.cursor.reparar(f"Falta «{marco.cierre}» antes de «{cierre}».")
            return True
        if cierre != marco.cierre:
            self.cursor.reparar(f"Sobra «{cierre}».")
        elif marco.estado == _TRAS_COMA:
            self.cursor.reparar(f"Sobra una coma antes de «{cierre}».")
        self.cursor.pos += 1
        return cierre == marco.cierre

    def _hijo(self, marco: Marco, sigue: str) -> tuple[Any, Any] | None:
        """El hijo que empieza aquí; nada si su clave no trae valor o si el archivo se acaba en él."""
        if marco.clase == DOCUMENTOS:
            if marco.indice == 1:
                self.cursor.reparar("El archivo trae varios documentos JSON, uno tras otro: se leen todos.")
        elif marco.estado == _TRAS_VALOR:
            self._falta_coma(marco, sigue)
        try:
            marco.clave = marco.indice
            if marco.clase == OBJETO and not self._clave(marco, sigue):
                return None
            leido = self.valor(marco.nivel + 1)
        except Corte:
            marco.cortado = True
            return None
        marco.estado = _TRAS_VALOR
        if isinstance(leido, Cortado):
            marco.cortado, marco.abierto = True, (marco.clave, leido)
            return None
        marco.indice += 1
        marco.ultimo = leido
        return marco.clave, leido

    def _clave(self, marco: Marco, sigue: str) -> bool:
        """Lee la clave del hijo; falso si después de ella no hay valor."""
        cursor = self.cursor
        if sigue in "{[":
            cursor.reparar("Hay un valor sin clave dentro de un objeto: se lee con la clave vacía.")
            marco.clave = ""
            return True
        marco.desde = cursor.avance()
        marco.clave = escalares.clave(cursor, sigue)
        tras = cursor.saltar()
        if not tras:
            raise Corte
        if tras not in ",}]":
            return True
        cursor.reparar(f"La clave {citar(marco.clave)} no trae valor: no se lee.", cursor.lugar_de(marco.desde))
        marco.estado = _TRAS_VALOR
        return False

    def _falta_coma(self, marco: Marco, sigue: str) -> None:
        """Una coma que falta solo se da por puesta donde no cabe otra lectura."""
        if marco.clase == OBJETO:
            seguro = sigue == '"' and escalares.sigue_una_clave(self.cursor)
        else:
            seguro = sigue in "{[" and isinstance(marco.ultimo, Objeto | list | Flujo)
        if not seguro:
            self.cursor.ilegible(
                f"se esperaba una coma o «{marco.cierre}» y hay {citar(sigue)}; revise también las comillas de antes"
            )
        self.cursor.reparar("Falta una coma.")


class Flujo:
    """Un objeto o una lista que no cabe en la ventana: se recorre una sola vez y da (clave o índice, valor).

    Un hijo que también sea `Flujo` debe recorrerse antes de pedir el siguiente; si no, se pasa por alto. `cortado`: al
    acabar, si el archivo terminó antes de que cerrara.
    """

    def __init__(self, analizador: Analizador, marco: Marco, adelantados: list[tuple[Any, Any]]) -> None:
        self.clase = OBJETO if marco.clase == OBJETO else LISTA
        self.es_raiz = False
        self.cortado = False
        self._analizador = analizador
        self._marco = marco
        self._adelantados = adelantados
        self._hijos = self._recorrer()

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return self._hijos

    def agotar(self) -> None:
        """Pasa por alto lo que quede."""
        for _ in self._hijos:
            pass

    def _recorrer(self) -> Iterator[tuple[Any, Any]]:
        for hijo in self._adelantados:
            yield from _con_sus_hijos(hijo)
        self._adelantados = []
        yield from self._rapido()
        if self.es_raiz:
            yield from self._otros_documentos()

    def _rapido(self) -> Iterator[tuple[Any, Any]]:
        """Cada hijo con el lector estricto, mientras se deje; el que no, con el otro."""
        analizador, marco, cursor = self._analizador, self._marco, self._analizador.cursor
        hermano, escanear, vale, nivel = _HERMANO[marco.clase], analizador.escanear, analizador.vale, marco.nivel + 1
        es_objeto = marco.clase == OBJETO
        while True:
            texto = cursor.texto
            hallado = hermano(texto, cursor.pos) if marco.estado == _TRAS_VALOR else None
            if hallado is not None:
                inicio = hallado.end()
                analizador.repetida = False
                try:
                    leido, fin = escanear(texto, inicio)
                except (StopIteration, ValueError, RecursionError):
                    pass
                else:
                    if vale(leido, inicio, fin, nivel):
                        cursor.pos = fin
                        marco.ultimo = leido
                        indice = marco.indice
                        marco.indice = indice + 1
                        yield (hallado[1] if es_objeto else indice), leido
                        continue
            hijo = analizador.siguiente(marco)
            if hijo is None:
                break
            yield from _con_sus_hijos(hijo)
        self.cortado = marco.cortado
        if marco.abierto and (resto := podar(marco.abierto[1])) is not OMITIDO:
            yield marco.abierto[0], resto

    def _otros_documentos(self) -> Iterator[tuple[Any, Any]]:
        """Lo que haya después del documento: otro de la misma clase suma sus hijos; lo demás va como un hijo más."""
        analizador = self._analizador
        indice = self._marco.indice
        while (documento := analizador.siguiente(analizador.documentos())) is not None:
            hijos = _hijos(documento[1], self.clase)
            for clave, hijo in [("", documento[1])] if hijos is None else hijos:
                yield from _con_sus_hijos((indice if self.clase == LISTA else clave, hijo))
                indice += 1


def _hijos(valor: Any, clase: str) -> Iterable[tuple[Any, Any]] | None:
    """Los hijos de un objeto o una lista de esa clase; nada si no lo es."""
    if isinstance(valor, Flujo):
        return valor if valor.clase == clase else None
    if clase == OBJETO and isinstance(valor, Objeto):
        return [*valor.items(), *valor.repetidos]
    return list(enumerate(valor)) if clase == LISTA and isinstance(valor, list) else None


def _con_sus_hijos(hijo: tuple[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """El hijo y, si es un flujo que quien lo pidió no recorrió entero, lo que le quede se pasa por alto."""
    yield hijo
    if isinstance(hijo[1], Flujo):
        hijo[1].agotar()


def _hondura(valor: Any) -> int:
    """Cuántos niveles tiene un valor, él incluido."""
    hondura, nivel = 0, [valor]
    while contenedores := [padre for padre in nivel if isinstance(padre, dict | list)]:
        hondura += 1
        nivel = [h for padre in contenedores for h in (padre.values() if isinstance(padre, dict) else padre)]
    return hondura
