"""Cómo nombra un archivo a un cliente o a un contrato, y cómo se hallan los de mil filas con una consulta."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from movistar_site.comun import valores
from movistar_site.comun.celdas import ClaveNatural, Recortado, vacia
from movistar_site.comun.columnas_compiladas import crudas_de
from movistar_site.comun.opciones import TipoDocumento
from movistar_site.comun.piezas_intercambio import ERROR, con_errores
from movistar_site.comun.recursos_lotes import Lote, RecursoPorLotes
from movistar_site.comun.registros_crudos import Fabrica, PorCrear
from movistar_site.comun.valores import citar

from ..models import Cliente, Contrato

_LECTOR = Recortado()
_CLIENTES, _CONTRATOS = Fabrica(Cliente), Fabrica(Contrato)


# La clave natural de un cliente, como en los archivos: «CC-1020304050».
clave_de_cliente = ClaveNatural("tipo_documento", "documento")


def leer_clave_de_cliente(texto: str) -> tuple[str, str]:
    """Tipo y número de «CC-1020304050», «NIT-901354361-1» o «CC 1.020.304.050».

    Lanza ValueError si no tiene esa forma o el documento no vale.
    """
    limpio = texto.strip()
    separador = "-" if "-" in limpio else " "
    tipo, _, numero = limpio.partition(separador)
    tipo = tipo.strip().upper()
    if tipo not in _TIPOS or not numero.strip():
        raise ValueError(f"{citar(texto)} no identifica a un cliente: se esperaba como CC-1020304050.")
    return tipo, valores.normalizar_documento(tipo, numero)


_TIPOS = frozenset(TipoDocumento.values)


def clave_canonica(texto: str) -> str:
    """La clave natural escrita de la única manera con que se compara. Lanza ValueError si no lo es."""
    tipo, documento = leer_clave_de_cliente(texto)
    return f"{tipo}-{documento}"


class BuscaClientes(RecursoPorLotes):
    """Halla clientes y contratos por la clave que trae el archivo, los de cada trozo de una vez."""

    class Meta(RecursoPorLotes.Meta):
        abstract = True

    def __init__(self, contexto: Any = None, **kwargs: Any) -> None:
        # Lo hallado en el trozo: no se guarda más, que son millones.
        self.hallados: dict[tuple[str, str], Any] = {}
        super().__init__(contexto, **kwargs)

    def prebuscar(self, lote: Lote) -> None:
        self.hallados = {}
        for columna, clave_de, traer in (
            ("cliente", clave_canonica, _clientes),
            ("contrato", str, _contratos),
        ):
            if columna in self.compiladas:
                self.compiladas[columna].olvidar()
                claves = _claves(crudas_de(columna, lote.filas), clave_de)
                self.hallados |= {(columna, clave): uno for clave, uno in traer(claves).items()}
                self._hallar_en_plan(columna, [clave for clave in claves if (columna, clave) not in self.hallados])

    def _hallar_en_plan(self, familia: str, claves: list[str]) -> None:
        """Los que no están en la base pero vienen en la misma importación."""
        if not claves or self.contexto.en_plan is None:
            return
        for clave, tipo in self.contexto.en_plan(familia, claves).items():
            self.hallados[familia, clave] = con_errores(clave) if tipo == ERROR else _por_crear(familia, clave, tipo)

    def _hallado(self, familia: str, clave: str) -> Any:
        if (familia, clave) in self.contexto.fallidos:
            raise ValueError(con_errores(clave))
        hallado = self.hallados.get((familia, clave))
        if isinstance(hallado, str):
            raise ValueError(hallado)
        return hallado

    def buscar_cliente(self, texto: str) -> Any:
        """El cliente de «CC-1020304050»."""
        return self._hallado("cliente", clave_canonica(texto))

    def buscar_contrato(self, numero: str) -> Any:
        """El contrato de ese número."""
        return self._hallado("contrato", numero)


def _claves(crudas: Iterable[Any], clave_de: Callable[[str], str]) -> list[str]:
    """Las claves que se pueden leer, sin repetir; lo demás lo dirá la celda."""
    textos: dict[str, None] = {}
    for cruda in crudas:
        try:
            if not vacia(cruda):
                textos[_LECTOR.leer(cruda)] = None
        except (ValueError, AttributeError, TypeError):
            continue
    claves: dict[str, None] = {}
    for texto in textos:
        try:
            claves[clave_de(texto)] = None
        except ValueError:
            continue
    return list(claves)


def _clientes(claves: list[str]) -> dict[str, Any]:
    """Los clientes de esas claves, con lo que los identifica y nada más."""
    if not claves:
        return {}
    buscados = set(claves)
    consulta = Cliente.objects.filter(documento__en_lista=[clave.partition("-")[2] for clave in claves])
    hallados = (_CLIENTES.instancia(datos) for datos in _CLIENTES.guardados(consulta, ("tipo_documento", "documento")))
    return {clave: cliente for cliente in hallados if (clave := clave_de_cliente(cliente)) in buscados}


def _contratos(numeros: list[str]) -> dict[str, Any]:
    if not numeros:
        return {}
    consulta = Contrato.objects.filter(numero__en_lista=numeros)
    return {
        datos["numero"]: _CONTRATOS.instancia(datos)
        for datos in _CONTRATOS.guardados(consulta, ("numero", "cliente_id", "servicio_id"))
    }


def _por_crear(familia: str, clave: str, tipo: str) -> Any:
    """Quien aún no está en la base: lleva su clave natural y con ella se compara."""
    registro: Any
    if familia == "cliente":
        tipo_documento, _, documento = clave.partition("-")
        registro = Cliente(tipo_documento=tipo_documento, documento=documento)
    else:
        registro = Contrato(numero=clave)
    registro.por_crear = PorCrear(clave, tipo)
    return registro


def clave_primaria(registro: Any) -> Any:
    """La de la base o, si aún no está, la que lo representa."""
    return registro.pk if registro.pk is not None else registro.por_crear
