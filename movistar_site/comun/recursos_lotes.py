"""Los recursos de las entidades grandes: evalúan miles de filas con unas pocas consultas y las guardan por lotes.

Las reglas son las de `RecursoBase`: las celdas leen, los campos y las restricciones del modelo validan, `ajustar`
completa. Lo que cambia es cómo: cada columna se lee entera y recuerda lo repetido, lo guardado se compara sin pasar por
el ORM y solo se arma el registro que hace falta. `evaluar` no escribe; `guardar_lote` escribe lo evaluado con historia.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils import timezone

from . import lotes
from .auditoria import contexto_actual
from .columnas_compiladas import AUSENTE, CONSERVA, ColumnaCompilada, crudas_de
from .evaluacion import Evaluacion
from .formatos_archivo import ArchivoIlegible
from .lotes import Firma
from .piezas_intercambio import CAMBIADO, ERROR, IGUAL, NUEVO, Contexto, Entrada, Falta, Resultado
from .recursos_base import NO_LA_ACEPTO, RecursoBase
from .registros_crudos import Fabrica
from .validacion_lotes import Reglas, Unicas

TROZO = 1_000
# Una columna entera de celdas que no dicen nada es como si no viniera.
_SIN_NADA = frozenset((id(AUSENTE), id(CONSERVA)))


class Lote:
    """Unas filas a medio evaluar: lo leído por columna, las claves y lo que ya había de cada una."""

    def __init__(self, entradas: Sequence[Entrada]) -> None:
        self.entradas = entradas
        self.filas = [entrada.valores for entrada in entradas]
        self.valores: dict[str, Sequence[Any]] = {}
        # Por fila, las columnas que no se leyeron o que a su campo no le gustan; casi siempre está vacío.
        self.problemas: dict[int, dict[str, tuple[str, tuple[str, ...]]]] = {}
        self.claves: list[Any] = []
        self.existentes: list[dict[str, Any] | None] = []
        # Los datos guardados por su clave natural, aunque ninguna fila se haya reconocido por ella.
        self.por_clave: dict[Any, dict[str, Any]] = {}
        self.resultados: list[Resultado] = []
        # De las filas con faltas, sus datos y qué campos están mal.
        self.malas: dict[int, tuple[dict[str, Any], set[str]]] = {}

    def columna(self, nombre: str) -> Sequence[Any]:
        """Lo leído de una columna, una por fila."""
        return self.valores[nombre]


class RecursoPorLotes(RecursoBase):
    """Base de los recursos que se evalúan por lotes.

    `derivados`: atributos que `ajustar` puede poner, siempre con valores que su campo admite. `enlazados`: referencias
    que el texto o las reglas de un registro guardado necesitan tener a la mano. `se_numera`: el campo que se llena al
    guardar.
    """

    derivados: tuple[str, ...] = ()
    enlazados: tuple[str, ...] = ()
    se_numera = ""

    class Meta(RecursoBase.Meta):
        abstract = True

    def __init__(self, contexto: Contexto | None = None, **kwargs: Any) -> None:
        super().__init__(contexto, **kwargs)
        modelo = self._meta.model
        self.compiladas = {n: ColumnaCompilada(n, columna, modelo) for n, columna in self.fields.items()}
        self.fabrica = Fabrica(modelo)
        self.reglas_de_modelo = Reglas(modelo, luego=(self.se_numera,))
        self.unicas = [
            Unicas(restriccion, modelo)
            for restriccion in modelo._meta.constraints
            if isinstance(restriccion, models.UniqueConstraint)
            and set(restriccion.fields) != set(self.get_import_id_fields())
        ]
        self.notas: list[str] = []

    # --- Lo que cada recurso precisa ---------------------------------------------------------------------------------

    def prebuscar(self, lote: Lote) -> None:
        """Trae de una vez los registros a los que se refieren las filas."""

    def claves_de(self, lote: Lote) -> list[Any]:
        """La clave natural de cada fila, o None si no trae o no se puede leer."""
        raise NotImplementedError

    def existentes_de(self, lote: Lote) -> list[dict[str, Any] | None]:
        """Los datos guardados del registro de cada fila, o None si es nuevo."""
        raise NotImplementedError

    def texto_de_clave(self, clave: Any) -> str:
        """La clave como se escribe y se muestra."""
        return "-".join(map(str, clave))

    def ajustar_sobre(self, instancia: Any, leidos: dict[str, Any], existente: dict[str, Any] | None) -> None:
        """Completa lo que se deriva de otros datos, conociendo lo que había. Lanza ValueError o ValidationError."""
        self.ajustar(instancia, leidos, existente is None)

    def igual_sin_mirar(self, datos: dict[str, Any]) -> bool:
        """Si una fila que repite los datos guardados no puede, al completarla, ni cambiar ni tener faltas."""
        return True

    def limpiar(self, instancia: Any) -> None:
        """Las reglas del registro entero; por omisión, las del modelo. Lanza ValidationError."""
        instancia.clean()

    def tras_evaluar(self, lote: Lote) -> None:
        """Lo que se comprueba mirando todas las filas a la vez."""

    def numerar(self, nuevos: Sequence[Any]) -> None:
        """Da su número a los registros nuevos."""

    def espera(self, resultado: Resultado) -> bool:
        """Si enlaza con uno de su misma clase que aún no está en la base: se guarda después que él."""
        return False

    # --- Evaluar -----------------------------------------------------------------------------------------------------

    def evaluar(self, entradas: Sequence[Entrada]) -> list[Resultado]:
        """Qué pasaría con cada entrada, en el mismo orden y sin escribir nada."""
        resultados: list[Resultado] = []
        for inicio in range(0, len(entradas), TROZO):
            resultados += self._evaluar(entradas[inicio : inicio + TROZO], {}).resultados
        return resultados

    def _evaluar(self, entradas: Sequence[Entrada], vistas: dict[Any, str]) -> Lote:
        """Evalúa un trozo. `vistas`: las claves que ya salieron, con su lugar; se le suman las de este."""
        lote = Lote(entradas)
        if not entradas:
            return lote
        self.prebuscar(lote)
        self._leer_columnas(lote)
        lote.claves = self.claves_de(lote)
        lote.existentes = self.existentes_de(lote)
        self._enlazar(lote)
        presentes = [self.compiladas[n] for n in self.fields if n in lote.valores]
        leidas = _por_fila([lote.valores[c.nombre] for c in presentes], len(entradas))
        una = Evaluacion(self, presentes)
        sin_cambio = self._sin_cambio(lote, presentes)
        for numero, (entrada, clave, fila) in enumerate(zip(entradas, lote.claves, leidas, strict=True)):
            existente = lote.existentes[numero]
            if entrada.falla:
                resultado = Resultado(entrada.lugar, ERROR, faltas=[Falta("", "", entrada.falla)])
            elif repetida := self._repetida(entrada, clave, existente, vistas):
                resultado = Resultado(entrada.lugar, ERROR, faltas=[repetida])
            elif numero in sin_cambio:
                instancia = self.fabrica.instancia(existente)  # type: ignore[arg-type]
                resultado = Resultado(entrada.lugar, IGUAL, str(instancia), [], [], instancia)
            else:
                resultado = una.de(entrada, fila, existente, lote.problemas.get(numero))
                if una.mala is not None:
                    lote.malas[numero] = una.mala
            if clave is not None:
                resultado.clave = self.texto_de_clave(clave)
            lote.resultados.append(resultado)
        self.tras_evaluar(lote)
        for unica in self.unicas:
            unica.comprobar(lote.resultados, lote.malas, self.contexto.memoria)
        return lote

    def _sin_cambio(self, lote: Lote, columnas: Sequence[ColumnaCompilada]) -> set[int]:
        """Las filas que dicen exactamente lo que ya hay: no hay que completarlas ni validarlas."""
        if len(columnas) <= 1 or not any(lote.existentes):
            return set()
        actual = itemgetter(*(columna.attname for columna in columnas))
        dichas = [
            [getattr(valor, "pk", valor) for valor in lote.valores[columna.nombre]]
            if columna.referencia
            else lote.valores[columna.nombre]
            for columna in columnas
        ]
        return {
            numero
            for numero, (datos, dicha) in enumerate(zip(lote.existentes, zip(*dichas, strict=True), strict=True))
            if datos is not None and actual(datos) == dicha and self.igual_sin_mirar(datos)
        }

    def _leer_columnas(self, lote: Lote) -> None:
        presentes = set().union(*lote.filas)
        for nombre, compilada in self.compiladas.items():
            if nombre not in presentes and not compilada.columna.obligatoria:
                continue
            valores, problemas = compilada.leer_todas(crudas_de(nombre, lote.filas))
            if not problemas:
                lote.valores[nombre] = valores
            elif compilada.columna.obligatoria or not _SIN_NADA.issuperset(map(id, valores)):
                lote.valores[nombre] = valores
                for numero, problema in enumerate(problemas):
                    if problema is not None:
                        lote.problemas.setdefault(numero, {})[nombre] = problema

    def _repetida(
        self, entrada: Entrada, clave: Any, existente: dict[str, Any] | None, vistas: dict[Any, str]
    ) -> Falta | None:
        # Dos claves distintas pueden llevar al mismo registro, si se reconoce por más de un dato.
        pk = None if existente is None else existente["id"]
        lugar = vistas.get(clave) or vistas.get(pk)
        if lugar is None:
            if clave is not None:
                vistas[clave] = entrada.lugar
            if pk is not None:
                vistas[pk] = entrada.lugar
            return None
        motivo = f"Repetido: {lugar} y {entrada.lugar} traen la misma clave."
        texto = self.texto_de_clave(clave) if clave is not None else ""
        return Falta(self._titulo_de_clave(), texto, motivo, self.get_import_id_fields()[-1])

    def _enlazar(self, lote: Lote) -> None:
        """Pone a los registros guardados las referencias que van a hacer falta, con una consulta por cada una."""
        for nombre in self.enlazados:
            attname = self._meta.model._meta.get_field(nombre).attname
            claves = {datos[attname] for datos in lote.existentes if datos is not None} - {None}
            hallados = self.traer(nombre, claves)
            for datos in lote.existentes:
                if datos is not None and datos[attname] in hallados:
                    datos["_state"].fields_cache[nombre] = hallados[datos[attname]]

    def traer(self, nombre: str, claves: set[Any]) -> dict[Any, Any]:
        """Los registros de una referencia por su clave primaria, recordados entre trozos."""
        memoria = self.contexto.memoria.setdefault(("por pk", self._meta.model, nombre), {})
        if faltan := claves - memoria.keys():
            campo: Any = self._meta.model._meta.get_field(nombre)
            if len(memoria) > TROZO * 10:
                memoria.clear()
                faltan = claves
            memoria.update(self.consulta_de(nombre, campo.related_model._default_manager).in_bulk(faltan))
        return memoria  # type: ignore[no-any-return]

    def consulta_de(self, nombre: str, consulta: Any) -> Any:
        """Cómo se traen los registros de una referencia."""
        return consulta.all()

    # --- Guardar -----------------------------------------------------------------------------------------------------

    def alistar_lote(self, resultados: Sequence[Resultado], *, firma: Firma) -> lotes.Alistadas:
        """Deja listos para `guardar_lote` unos resultados, todos de registros nuevos. Solo en PostgreSQL."""
        return lotes.alistar(self._meta.model, [r.instancia for r in resultados], momento=firma.momento)

    def guardar_lote(
        self, resultados: Sequence[Resultado], *, firma: Firma, alistadas: lotes.Alistadas | None = None
    ) -> None:
        """Escribe los nuevos y los cambiados, con su historia, en la transacción abierta por quien llama."""
        # Primero los cambios: uno puede soltar lo que un nuevo toma.
        cambiados = [resultado for resultado in resultados if resultado.tipo == CAMBIADO]
        if cambiados:
            campos = {self.compiladas[cambio[0]].atributo for r in cambiados for cambio in r.cambios}
            campos = {nombre for nombre in campos | set(self.derivados) if nombre in self.reglas_de_modelo.campos}
            self.fabrica.completar([resultado.instancia for resultado in cambiados])
            lotes.actualizar(self._meta.model, [r.instancia for r in cambiados], campos=sorted(campos), firma=firma)
        nuevos = [resultado for resultado in resultados if resultado.tipo == NUEVO]
        if nuevos:
            self.numerar([resultado.instancia for resultado in nuevos])
            instancias = [resultado.instancia for resultado in nuevos]
            lotes.insertar(self._meta.model, instancias, firma=firma, alistadas=alistadas)
            if self.se_numera:
                for resultado in nuevos:
                    resultado.registro = str(resultado.instancia)

    # --- Todo junto --------------------------------------------------------------------------------------------------

    def procesar(self, entradas: Sequence[Entrada], *, comprobar_columnas: bool = False) -> Iterator[Resultado]:
        """Evalúa y guarda cada trozo. Debe ir dentro de una transacción que el llamador confirma o deshace.

        Lanza ArchivoIlegible si con `comprobar_columnas` faltan columnas que los registros nuevos necesitan.
        """
        dicho = contexto_actual()
        firma = Firma(dicho.momento or timezone.now(), dicho.usuario, dicho.motivo, dicho.origen)
        ordenadas = self.ordenar(list(entradas))
        vistas: dict[Any, str] = {}
        for inicio in range(0, len(ordenadas), TROZO):
            lote = self._evaluar(ordenadas[inicio : inicio + TROZO], vistas)
            if comprobar_columnas:
                comprobar_columnas = not self._hay_nuevo(lote)
            self._guardar_con_cuidado(lote, firma)
            for resultado in lote.resultados:
                if resultado.tipo == ERROR and resultado.clave:
                    self.contexto.fallidos.add((self.familia, resultado.clave))
            yield from lote.resultados

    def _hay_nuevo(self, lote: Lote) -> bool:
        """Si alguna fila es de un registro nuevo. Lanza ArchivoIlegible si le faltan columnas."""
        for entrada, existente in zip(lote.entradas, lote.existentes, strict=True):
            if existente is None and not entrada.falla:
                self._exigir_columnas(entrada)
                return True
        return False

    def _exigir_columnas(self, nueva: Entrada) -> None:
        if faltan := [n for n, c in self.fields.items() if c.obligatoria and n not in nueva.valores]:
            frase = self._frase_de_columnas(faltan)
            raise ArchivoIlegible(f"{frase[:-1]}: la necesita cada registro nuevo, como el de la {nueva.lugar}.")

    def _guardar_con_cuidado(self, lote: Lote, firma: Firma) -> None:
        """Guarda el trozo y, si la base rechaza algo que las reglas dejaron pasar, halla qué fila fue."""
        try:
            with transaction.atomic():
                self.guardar_lote(lote.resultados, firma=firma)
        except (DatabaseError, OverflowError):
            for numero, resultado in enumerate(lote.resultados):
                try:
                    with transaction.atomic():
                        self.guardar_lote([resultado], firma=firma)
                except (DatabaseError, OverflowError):
                    falta = Falta("", "", NO_LA_ACEPTO)
                    lote.resultados[numero] = Resultado(resultado.lugar, ERROR, faltas=[falta], clave=resultado.clave)


def _por_fila(columnas: Sequence[Sequence[Any]], cuantas: int) -> Iterable[tuple[Any, ...]]:
    return zip(*columnas, strict=True) if columnas else [()] * cuantas
