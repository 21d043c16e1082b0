"""Lo que lleva número propio: contratos e interacciones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError

from movistar_site.comun.celdas import es_guardable, vacia
from movistar_site.comun.columnas_compiladas import Marca
from movistar_site.comun.piezas_intercambio import CAMBIADO, IGUAL, NUEVO, Entrada, Resultado
from movistar_site.comun.recursos_lotes import Lote, RecursoPorLotes
from movistar_site.comun.registros_crudos import PorCrear

from .. import numeracion
from ..models import Cliente
from .claves import BuscaClientes, clave_de_cliente, clave_primaria

_LARGO_DE_CLAVE = 120


class ConNumero(BuscaClientes):
    """Con el número se identifica y, si el archivo no lo trae, por `claves_sin_numero`."""

    serie = ""
    se_numera = "numero"
    claves_sin_numero: tuple[str, ...] = ()
    # La columna que enlaza con otro de la misma clase, por su número: el recurso y su PQR, la cesión y su contrato.
    propia = ""

    class Meta(RecursoPorLotes.Meta):
        abstract = True

    def __init__(self, contexto: Any = None, **kwargs: Any) -> None:
        self.suyos: dict[str, Any] = {}
        super().__init__(contexto, **kwargs)

    def prebuscar(self, lote: Lote) -> None:
        super().prebuscar(lote)
        if any(lote_fila.get(self.propia) for lote_fila in lote.filas):
            self.compiladas[self.propia].olvidar()
            numeros = {str(fila.get(self.propia) or "").strip().upper() for fila in lote.filas} - {""}
            # Por uno que la base no admite no se pregunta: la celda dirá qué le pasa.
            consulta = self._meta.model._default_manager.filter(numero__en_lista=set(filter(es_guardable, numeros)))
            hallados = self.fabrica.guardados(consulta, ("numero",))
            self.suyos = {datos["numero"]: self.fabrica.instancia(datos) for datos in hallados}

    def buscar_propio(self, numero: str) -> Any:
        """El registro de su misma clase con ese número; uno por crear, si puede venir después en el archivo."""
        hallado = self.suyos.get(numero)
        if hallado is None and self.contexto.puede_esperar and numeracion.es_de(self.serie, numero):
            hallado = self._meta.model(numero=numero)
            hallado.por_crear = PorCrear(numero, NUEVO)
        return hallado

    def espera(self, resultado: Resultado) -> bool:
        if not self.propia or resultado.instancia is None:
            return False
        return resultado.instancia.__dict__[self.compiladas[self.propia].attname].__class__ is PorCrear

    def claves_de(self, lote: Lote) -> list[Any]:
        numeros = lote.valores.get("numero") or [None] * len(lote.entradas)
        partes = zip(*(lote.columna(nombre) for nombre in self.claves_sin_numero), strict=True)
        claves: list[Any] = []
        for entrada, numero, parte in zip(lote.entradas, numeros, partes, strict=True):
            if entrada.falla:
                claves.append(None)
            elif numero and numero.__class__ is str:
                claves.append((numero,))
            else:
                claves.append(self._sin_numero(parte))
        return claves

    def _sin_numero(self, parte: tuple[Any, ...]) -> Any:
        """Cliente, servicio y fecha (o lo que sea): cada registro por su clave primaria, o None si falta algo."""
        clave = []
        for valor in parte:
            if valor is None or valor == "" or valor.__class__ is Marca:
                return None
            clave.append(clave_primaria(valor) if hasattr(valor, "_meta") else valor)
        cliente = parte[0]
        return (*clave, clave_de_cliente(cliente))

    def texto_de_clave(self, clave: Any) -> str:
        if len(clave) == 1:
            return str(clave[0])
        *partes, cliente = clave
        texto = " ".join([cliente, *(str(getattr(parte, "clave", parte)) for parte in partes[1:])])
        if len(texto) <= _LARGO_DE_CLAVE:
            return texto
        huella = sha256(texto.encode()).hexdigest()[:16]
        return f"{texto[: _LARGO_DE_CLAVE - 17]} {huella}"

    def existentes_de(self, lote: Lote) -> list[dict[str, Any] | None]:
        modelo = self._meta.model
        hallados: dict[Any, dict[str, Any]] = {}
        sueltas = {clave[:-1] for clave in lote.claves if clave is not None and len(clave) > 1}
        duenos = {clave[0] for clave in sueltas if not isinstance(clave[0], PorCrear)}
        if duenos:
            attnames = [self.compiladas[nombre].attname for nombre in self.claves_sin_numero]
            # El primero que se registró: dos iguales sin número no se pueden distinguir de otra manera.
            for datos in self._guardados(modelo._default_manager.filter(cliente__in=duenos)):
                hallados.setdefault(tuple(datos[attname] for attname in attnames), datos)
        numeros = {clave[0] for clave in lote.claves if clave is not None and len(clave) == 1}
        if numeros:
            for datos in self._guardados(modelo._default_manager.filter(numero__en_lista=numeros)):
                hallados[(datos["numero"],)] = datos
        return [
            None if clave is None else hallados.get(clave if len(clave) == 1 else clave[:-1]) for clave in lote.claves
        ]

    def _guardados(self, consulta: Any) -> list[dict[str, Any]]:
        return sorted(self.fabrica.guardados(consulta), key=lambda datos: datos["id"])

    def ordenar(self, entradas: list[Entrada]) -> list[Entrada]:
        """Primero los que traen número: los que reciben uno nuevo no toman el de otro del mismo archivo."""
        return sorted(entradas, key=lambda entrada: vacia(entrada.valores.get("numero")))

    def ajustar_sobre(self, instancia: Any, leidos: dict[str, Any], existente: dict[str, Any] | None) -> None:
        """Lo que es de un cliente no pasa a otro: dos archivos pueden traer el mismo número para cosas distintas."""
        dado = leidos.get("cliente")
        if existente is not None and dado is not None and not _es_suyo(dado, existente["cliente_id"]):
            dueno = Cliente.objects.get(pk=existente["cliente_id"])
            raise ValidationError(
                {
                    "numero": f"{existente['numero']} ya es de {dueno} y no pasa a otro cliente: "
                    "quite el número de esta fila y recibirá uno nuevo."
                }
            )
        self.ajustar(instancia, leidos, existente is None)

    def apartar(self, numeros: Iterable[str]) -> None:
        """Ninguno de estos números se entregará a otro: se llama antes de numerar lo que viene sin número."""
        numeracion.adelantar_a_todos(self.serie, numeros)

    def numerar(self, nuevos: Sequence[Any]) -> None:
        """Un registro nuevo sin número recibe el siguiente de su serie; los que lo traen la adelantan."""
        self.apartar([nuevo.numero for nuevo in nuevos if nuevo.numero])
        sin_numero = [nuevo for nuevo in nuevos if not nuevo.numero]
        if sin_numero:
            for nuevo, numero in zip(sin_numero, numeracion.reservar(self.serie, len(sin_numero)), strict=True):
                nuevo.numero = numero


def _es_suyo(dado: Any, cliente_id: Any) -> bool:
    """Un cliente que la misma importación cambia puede ser el dueño con otro documento: se sabrá al guardarlo."""
    if dado.pk is None:
        return dado.por_crear.tipo in (CAMBIADO, IGUAL)
    return bool(dado.pk == cliente_id)
