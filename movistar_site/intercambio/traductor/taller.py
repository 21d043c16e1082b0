"""Lo que comparten los traductores de una misma importación: correcciones, vocabularios, avisos y memoria."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from movistar_site.comun.valores import normalizar
from servicios.base import TIPOS_BASE

from . import tablas
from .claves import normal
from .observado import Observado, titulo_de
from .parecidos import EXACTO, SEGURO, Municipios, Parecido, Tipos, semejantes
from .piezas import Avisador, Memoria, Referencias, a_columna, texto_visible
from .planes import Planes

_MEMORIA_MAXIMA = 20_000


class Taller:
    """Reúne lo compartido y traduce valores sueltos."""

    def __init__(
        self,
        fecha_referencia: date,
        claves: Mapping[str, Mapping[str, str]],
        valores: Mapping[str, Mapping[str, str]],
        referencias: Referencias,
    ) -> None:
        self.hoy = fecha_referencia
        self.referencias = referencias
        self.observado = Observado()
        self.planes = Planes(claves, self.observado)
        self.avisador = Avisador()
        self.memoria = Memoria(fecha_referencia)
        self.municipios = Municipios(referencias.municipios)
        self.tipos = Tipos(referencias.tipos or [(tipo.codigo, tipo.nombre) for tipo in TIPOS_BASE])
        self.atributos = {tipo.codigo: {uno.clave for uno in tipo.atributos} for tipo in TIPOS_BASE}
        self.atributos |= {codigo: set(suyos) for codigo, suyos in referencias.atributos.items()}
        self.conocidos = {normal(uno) for codigo, nombre, _ in referencias.servicios for uno in (codigo, nombre)}
        self.corregidos = {
            columna: {normalizar(str(valor)): destino for valor, destino in suyos.items()}
            for columna, suyos in valores.items()
        }
        self._vistos: dict[tuple[str, str, str, str], Parecido] = {}

    # --- Valores -----------------------------------------------------------------------------------------------------

    def corregido(self, columna: str, valor: Any) -> str | None:
        """Lo que la gente dijo que quiere decir ese valor en esa columna; None si no dijo nada."""
        suyos = self.corregidos.get(columna)
        if not suyos:
            return None
        destino = suyos.get(normalizar(texto_visible(valor)))
        if destino is not None:
            self.observado.valor(columna, valor, Parecido(destino, titulo_de(columna, destino), EXACTO, "mapa"))
        return destino

    def traducir(self, entidad: str, columna: str, valor: Any) -> tuple[Any, bool]:
        """El valor del panel que dice un texto, y si se entendió. Lo que no se entiende vuelve como estaba."""
        if (dicho := self.corregido(columna, valor)) is not None:
            return dicho, True
        tabla = tablas.valores(entidad, columna)
        if isinstance(valor, str) and valor in tabla.values():
            return valor, True
        if isinstance(valor, bool):
            hallado = tabla.get("si" if valor else "no", "")
            return (hallado, True) if hallado else (valor, False)
        if isinstance(valor, list | dict) or valor is None:
            return a_columna(valor), False
        parecido = self._recordar((entidad, columna, str(valor)), lambda: _en_tabla(columna, normal(valor), tabla))
        self.observado.valor(columna, valor, parecido)
        return (parecido.destino, True) if parecido.destino else (a_columna(valor), False)

    def reconoce(self, entidad: str, columna: str, valor: Any) -> bool:
        """Verdadero si el valor está, exacto, en el vocabulario de la columna o entre lo corregido."""
        if not isinstance(valor, str):
            return False
        corregidos = self.corregidos.get(columna, {})
        return normal(valor) in tablas.valores(entidad, columna) or normalizar(valor) in corregidos

    def municipio(self, valor: Any, departamento: Any = "") -> tuple[Any, str]:
        """El código del municipio que dice un texto, y una nota si hubo que decidir."""
        if (dicho := self.corregido("municipio", valor)) is not None:
            return dicho, ""
        if isinstance(valor, list | dict | bool):
            return a_columna(valor), ""
        llave = ("municipio", str(departamento), str(valor))
        parecido = self._recordar(llave, lambda: self.municipios.buscar(valor, departamento))
        if parecido.por != "código":
            self.observado.valor("municipio", valor, parecido)
        if not parecido.destino:
            return a_columna(valor), ""
        if parecido.por == "capital":
            return parecido.destino, f"Hay varios municipios «{valor}»: se tomó {parecido.titulo}, por ser capital"
        if parecido.por == "parecido":
            return parecido.destino, f"«{valor}» se tomó por {parecido.titulo} (parecido de {parecido.puntaje} %)"
        return parecido.destino, ""

    def tipo(self, valor: Any) -> tuple[Any, str]:
        """El tipo de servicio que dice un texto (su código, o el mismo texto si ya lo nombra), y su nota."""
        if (dicho := self.corregido("tipo", valor)) is not None:
            return dicho, ""
        if isinstance(valor, list | dict | bool) or self.tipos.exacto(valor):
            return a_columna(valor), ""
        parecido = self._recordar(("tipo", str(len(self.tipos.titulos)), str(valor)), lambda: self.tipos.buscar(valor))
        self.observado.valor("tipo", valor, parecido)
        if not parecido.destino:
            return a_columna(valor), ""
        return parecido.destino, f"El tipo «{valor}» se tomó por {parecido.titulo}"

    def _recordar(self, llave: tuple[str, str, str], buscar: Any) -> Parecido:
        completa = (*llave, "")
        hallado = self._vistos.get(completa)
        if hallado is None:
            if len(self._vistos) >= _MEMORIA_MAXIMA:
                self._vistos.clear()
            hallado = self._vistos[completa] = buscar()
        return hallado

    # --- Servicios ---------------------------------------------------------------------------------------------------

    def nombra_un_servicio(self, texto: Any) -> bool:
        """Verdadero si el texto es un servicio conocido (del catálogo, de estos archivos) o un tipo de servicio."""
        clave = normal(texto)
        return clave in self.conocidos or bool(self.tipos.exacto(texto)) or clave in tablas.valores("servicios", "tipo")

    def aprender_servicio(self, codigo: str, nombre: str, identificador: Any) -> None:
        """Recuerda un servicio leído, para los usuarios que lo nombran por posición o por su identificador."""
        self.conocidos |= {normal(codigo), normal(nombre)}
        self.memoria.servicios.append(
            {"archivo": self.memoria.archivo, "codigo": codigo, "nombre": nombre, "id": identificador}
        )


def _en_tabla(columna: str, clave: str, tabla: Mapping[str, str]) -> Parecido:
    if destino := tabla.get(clave, ""):
        return Parecido(destino, titulo_de(columna, destino), EXACTO, "vocabulario")
    hallados = semejantes(clave, tabla)
    if hallados and hallados[0][1] >= SEGURO:
        destino = tabla[hallados[0][0]]
        if all(tabla[nombre] == destino for nombre, puntaje in hallados if puntaje == hallados[0][1]):
            return Parecido(destino, titulo_de(columna, destino), hallados[0][1], "parecido")
    propuestas: dict[str, int] = {}
    for nombre, puntaje in hallados:
        propuestas.setdefault(tabla[nombre], puntaje)
    return Parecido(propuestas=tuple((d, titulo_de(columna, d), p) for d, p in propuestas.items()))
