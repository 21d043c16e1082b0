"""Qué pasaría con cada fila de un trozo: los mismos pasos que `RecursoBase._aplicar`, sin escribir ni consultar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError

from .columnas_compiladas import ColumnaCompilada, Marca, Problema
from .piezas_intercambio import CAMBIADO, ERROR, IGUAL, NUEVO, Entrada, Falta, Resultado
from .recursos_base import FALTA_OBLIGATORIA, NO_LA_ACEPTO, mostrar, mostrar_entero
from .registros_crudos import Datos

if TYPE_CHECKING:
    from .recursos_lotes import RecursoPorLotes


class Evaluacion:
    """Evalúa una por una las filas de un trozo; `columnas` son las que alguna trae, en el orden del recurso."""

    def __init__(self, recurso: RecursoPorLotes, columnas: Sequence[ColumnaCompilada]) -> None:
        self.recurso, self.columnas, self.reglas = recurso, columnas, recurso.reglas_de_modelo
        self.nombres = [columna.nombre for columna in columnas]
        # Las que en el registro van con otro nombre: las referencias por su clave, y alguna más.
        self.renombradas = [columna for columna in columnas if columna.attname != columna.nombre]
        # Los campos que un registro nuevo no puede dejar como nacen, aparte de los que se derivan.
        self.sin_omision = self.reglas.de_campos(recurso.fabrica.nueva(), recurso.derivados).keys()
        self.faltan_campos = bool(self.sin_omision - {columna.atributo for columna in columnas})
        # Los datos de la última fila con faltas y los campos que en ella están mal.
        self.mala: tuple[Datos, set[str]] | None = None

    def de(
        self,
        entrada: Entrada,
        fila: tuple[Any, ...],
        existente: Datos | None,
        problemas: dict[str, Problema] | None,
    ) -> Resultado:
        """El resultado de una fila: lo leído de sus celdas, lo que ya había y lo que no se dejó leer."""
        self.mala = None
        try:
            return self._de(entrada, fila, existente, problemas)
        except (ObjectDoesNotExist, OverflowError):
            return Resultado(entrada.lugar, ERROR, faltas=[Falta("", "", NO_LA_ACEPTO)])

    def _de(
        self,
        entrada: Entrada,
        fila: tuple[Any, ...],
        existente: Datos | None,
        problemas: dict[str, Problema] | None,
    ) -> Resultado:
        recurso = self.recurso
        datos = recurso.fabrica.nueva() if existente is None else existente.copy()
        faltas: list[Falta] = []
        dudas = False
        leidos = dict(zip(self.nombres, fila, strict=True))
        if problemas is not None:
            leidos = {nombre: valor for nombre, valor in leidos.items() if valor.__class__ is not Marca}
            faltas, dudas = self._faltas_de_celdas(entrada, existente is None, problemas)
        datos.update(leidos)
        for columna in self.renombradas:
            if columna.nombre in leidos:
                valor = datos.pop(columna.nombre)
                if columna.referencia:
                    _poner_referencia(datos, columna, valor)
                else:
                    datos[columna.attname] = valor
        instancia = recurso.fabrica.instancia(datos)
        faltas += self._ajustar(entrada, instancia, leidos, existente)
        if existente is not None and not faltas and not self._cambio(datos, existente):
            return Resultado(entrada.lugar, IGUAL, str(instancia), instancia=instancia)
        faltas = self._validar(entrada, instancia, faltas, dudas or existente is not None or self.faltan_campos)
        notas, recurso.notas = recurso.notas, []
        if faltas:
            return Resultado(entrada.lugar, ERROR, faltas=faltas, instancia=None)
        if existente is None:
            return Resultado(entrada.lugar, NUEVO, str(instancia), [], [], instancia, "", notas)
        # La validación pone los datos en su forma; si así no cambia nada, no hay nada que guardar.
        cambios = self._cambios(datos, existente)
        if not cambios:
            return Resultado(entrada.lugar, IGUAL, str(instancia), instancia=instancia)
        return Resultado(entrada.lugar, CAMBIADO, str(instancia), [], cambios, instancia, "", notas)

    # --- Leer y ajustar ----------------------------------------------------------------------------------------------

    def _faltas_de_celdas(
        self, entrada: Entrada, nuevo: bool, problemas: dict[str, Problema]
    ) -> tuple[list[Falta], bool]:
        """Las faltas de las celdas que no se leyeron, y si algún campo puede estar mal con lo que quedó."""
        faltas, dudas = [], False
        for nombre, (motivo, de_campo) in problemas.items():
            columna = self.recurso.compiladas[nombre]
            if motivo:
                crudo = mostrar(entrada.valores[nombre])
                faltas.append(Falta(columna.columna.titulo, crudo, motivo, nombre))
            elif de_campo or (nuevo and columna.atributo in self.sin_omision):
                dudas = True
            if nuevo and columna.columna.obligatoria and nombre not in entrada.valores:
                faltas.append(Falta(columna.columna.titulo, "", FALTA_OBLIGATORIA, nombre))
        return faltas, dudas

    def _ajustar(
        self, entrada: Entrada, instancia: Any, leidos: dict[str, Any], existente: Datos | None
    ) -> list[Falta]:
        recurso = self.recurso
        recurso.notas = []
        try:
            recurso.ajustar_sobre(instancia, leidos, existente)
        except ValidationError as error:
            return recurso._faltas_de(error, entrada)
        except ValueError as error:
            return [Falta("", "", str(error))]
        return []

    # --- Validar -----------------------------------------------------------------------------------------------------

    def _validar(self, entrada: Entrada, instancia: Any, faltas: list[Falta], dudas: bool) -> list[Falta]:
        """Las faltas de la fila con las reglas del modelo. Sin `dudas`, los campos ya se sabe que están bien."""
        recurso, reglas, datos = self.recurso, self.reglas, instancia.__dict__
        malos = {recurso.compiladas[falta.columna].atributo for falta in faltas if falta.columna} if faltas else set()
        errores = reglas.de_campos(datos, malos) if dudas or faltas else {}
        if not reglas.referencias & (malos | errores.keys()):
            try:
                recurso.limpiar(instancia)
            except ValidationError as error:
                errores = error.update_error_dict(errores)
        if malos or errores or not reglas.cumple(datos):
            # Lo que ya está mal no se vuelve a mirar, pero lo demás sí: el informe trae todas las faltas de la fila.
            for incumplida in reglas.incumplidas(instancia, malos | errores.keys()):
                errores = incumplida.update_error_dict(errores)
        if not faltas and not errores:
            return faltas
        else:
            # Con lo que se sabe que está bien aún se puede decir si repite algo que solo puede haber una vez.
            self.mala = (datos, malos | errores.keys())
        if errores:
            faltas = faltas + recurso._faltas_de(ValidationError(errores), entrada)
        # Lo mismo dicho de un campo y del registro se dice una vez, en su campo.
        con_campo = {falta.motivo for falta in faltas if falta.campo}
        return [falta for falta in faltas if falta.campo or falta.motivo not in con_campo]

    # --- Comparar ----------------------------------------------------------------------------------------------------

    def _cambio(self, datos: Datos, existente: Datos) -> bool:
        if datos == existente:
            return False
        return any(datos.get(c.attname) != existente.get(c.attname) for c in self.recurso.compiladas.values())

    def _cambios(self, datos: Datos, existente: Datos) -> list[tuple[str, str, str, str]]:
        cambios = []
        for columna in self.recurso.compiladas.values():
            antes, despues = existente.get(columna.attname), datos.get(columna.attname)
            if antes != despues:
                textos = (self._visible(columna, existente, antes), self._visible(columna, datos, despues))
                cambios.append((columna.nombre, columna.columna.titulo, *textos))
        return cambios

    def _visible(self, columna: ColumnaCompilada, datos: Datos, valor: Any) -> str:
        if columna.referencia and valor is not None:
            puesta = datos["_state"].fields_cache.get(columna.atributo)
            if puesta is None or puesta.pk != valor:
                puesta = self.recurso.traer(columna.atributo, {valor}).get(valor, puesta)
            valor = puesta
        return mostrar_entero(columna.columna.widget.render(valor))


def _poner_referencia(datos: Datos, columna: ColumnaCompilada, registro: Any) -> None:
    """Como asignarla al modelo: su clave y el registro mismo. La de uno por crear es su clave natural."""
    estado = datos["_state"]
    if registro is None:
        datos[columna.attname] = None
        estado.fields_cache.pop(columna.atributo, None)
        return
    datos[columna.attname] = registro.pk if registro.pk is not None else registro.por_crear
    estado.fields_cache[columna.atributo] = registro
