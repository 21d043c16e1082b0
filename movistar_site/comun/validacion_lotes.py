"""Las reglas de un modelo —campos, condiciones y unicidad— listas para probarse sobre miles de registros en memoria."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from . import restricciones
from .columnas_compiladas import Motivos, motivos_de
from .piezas_intercambio import CAMBIADO, ERROR, NUEVO, Falta, Resultado
from .registros_crudos import Datos, PorCrear, es_de_sistema

_TOMADAS = 200_000
Malas = dict[int, tuple[Datos, set[str]]]


class Reglas:
    """Los campos y las condiciones de un modelo. `luego`: los campos que, si están vacíos, se llenan al guardar."""

    def __init__(self, modelo: type[models.Model], *, luego: Sequence[str] = ()) -> None:
        campos: Any = modelo._meta.concrete_fields
        self.campos: dict[str, tuple[str, Motivos]] = {
            campo.name: (campo.attname, _si_no_vacio(motivos_de(campo)) if campo.name in luego else motivos_de(campo))
            for campo in campos
            if not campo.primary_key and not es_de_sistema(campo)
        }
        self.referencias = {campo.name for campo in campos if isinstance(campo, models.ForeignKey)}
        self.condiciones = [una for una in modelo._meta.constraints if isinstance(una, models.CheckConstraint)]
        self._falsas = [_falsa(una, modelo) for una in self.condiciones]

    def de_campos(self, datos: Datos, fuera: Iterable[str] = ()) -> dict[str, Any]:
        """Lo que cada campo dice de su valor, salvo los de `fuera`."""
        errores: dict[str, Any] = {}
        for nombre, (attname, motivos) in self.campos.items():
            if nombre not in fuera and (dichos := motivos(datos[attname])):
                errores[nombre] = list(dichos)
        return errores

    def cumple(self, datos: Datos) -> bool:
        """Si cumple todas las condiciones; falso también si alguna no se sabe responder aquí."""
        try:
            for falsa in self._falsas:
                if falsa(datos):
                    return False
        except TypeError:
            return False
        return True

    def incumplidas(self, instancia: Any, fuera: set[str]) -> Iterable[ValidationError]:
        """La frase de cada condición que no se cumple, sin mirar los campos de `fuera`."""
        for restriccion in self.condiciones:
            try:
                restricciones.validar(restriccion, instancia, sin=fuera)
            except ValidationError as error:
                yield error


def _si_no_vacio(motivos: Motivos) -> Motivos:
    return lambda valor: motivos(valor) if valor else ()


def _falsa(restriccion: models.CheckConstraint, modelo: type[models.Model]) -> restricciones.Prueba:
    """Si un registro incumple la condición; la que aquí no se interpreta se da por incumplida, y se mira despacio."""
    try:
        return restricciones.compilar(restriccion.condition, modelo).falsa
    except restricciones.NoSeSabe:
        return lambda _: True


class Unicas:
    """Una combinación que solo puede tener un registro, comprobada contra la base y entre las filas del archivo."""

    def __init__(self, restriccion: models.UniqueConstraint, modelo: type[models.Model]) -> None:
        self.restriccion, self.modelo = restriccion, modelo
        self.pk = str(modelo._meta.pk.attname)
        self.attnames = [str(modelo._meta.get_field(campo).attname) for campo in restriccion.fields]  # type: ignore[union-attr]
        # Los que su condición mira también: con uno malo no se sabe si aplica.
        self.campos = {*restriccion.fields, *restricciones.campos_de(restriccion.condition)}
        condicion = restriccion.condition
        self.aplica = restricciones.compilar(condicion, modelo).cierta if condicion else lambda _: True

    def clave_de(self, datos: Datos) -> tuple[Any, ...]:
        """La combinación de un registro."""
        return tuple(datos[attname] for attname in self.attnames)

    def comprobar(self, resultados: Sequence[Resultado], malas: Malas, memoria: dict[Any, Any]) -> None:
        """Vuelve error lo que repetiría una combinación.

        Las filas valen en su orden: una que la suelta deja que otra posterior la tome. `malas`: los datos de las que ya
        tienen faltas y sus campos malos; también se les dice, pero no toman nada. `memoria` recuerda lo de los trozos
        anteriores de la misma importación, que quizá aún no están en la base.
        """
        tomadas, sueltas = memoria.setdefault(("única", self.restriccion.name), ({}, set()))
        if len(tomadas) > _TOMADAS:
            tomadas.clear()
        filas = [(resultado, self._datos_de(numero, resultado, malas)) for numero, resultado in enumerate(resultados)]
        vivas = [(resultado, datos) for resultado, datos in filas if datos is not None]
        duenos = self._en_la_base([datos for _, datos in vivas], sueltas)
        for resultado, datos in vivas:
            clave, pk = self.clave_de(datos), datos[self.pk]
            if self._aplica(datos):
                otro = duenos.get(clave)
                if (otro is not None and otro != pk) or tomadas.get(clave, resultado.lugar) != resultado.lugar:
                    falta = Falta("", "", str(self.restriccion.get_violation_error_message()))
                    resultado.tipo, resultado.faltas, resultado.cambios = ERROR, [*resultado.faltas, falta], []
                elif resultado.tipo != ERROR:
                    tomadas[clave] = resultado.lugar
            elif pk is not None and resultado.tipo != ERROR:
                sueltas.add(pk)
                if duenos.get(clave) == pk:
                    del duenos[clave]

    def _datos_de(self, numero: int, resultado: Resultado, malas: Malas) -> Datos | None:
        """Los datos de una fila que podría chocar, o None."""
        if resultado.tipo in (NUEVO, CAMBIADO):
            return resultado.instancia.__dict__  # type: ignore[no-any-return]
        datos, fuera = malas.get(numero, (None, self.campos))
        return None if self.campos & fuera else datos

    def _aplica(self, datos: Datos) -> bool:
        try:
            return self.aplica(datos)
        except TypeError:
            return False

    def _en_la_base(self, vivas: Sequence[Datos], sueltas: set[Any]) -> dict[Any, Any]:
        """Quién tiene hoy cada combinación, de las que podrían chocar."""
        primera = self.attnames[0]
        primeros = {datos[primera] for datos in vivas if not isinstance(datos[primera], PorCrear)} - {None}
        if not primeros:
            return {}
        consulta = self.modelo._base_manager.filter(**{f"{primera}__in": primeros})
        if self.restriccion.condition is not None:
            consulta = consulta.filter(self.restriccion.condition)
        filas = consulta.values_list("pk", *self.attnames)
        return {tuple(clave): pk for pk, *clave in filas if pk not in sueltas}
