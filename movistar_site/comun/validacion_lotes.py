"""Las reglas de un modelo —campos, condiciones y unicidad— listas para probarse sobre miles de registros en memoria."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from . import restricciones
from .columnas_compiladas import Motivos, motivos_de
from .piezas_intercambio import CAMBIADO, ERROR, NUEVO, Falta, Resultado
from .registros_crudos import Datos, PorCrear, es_de_sistema

_TOMADAS = 200_000
Condicion = Callable[[Datos], bool | None]


class Reglas:
    """Los campos y las condiciones de un modelo. `sin`: los campos que se llenan después."""

    def __init__(self, modelo: type[models.Model], *, sin: Sequence[str] = ()) -> None:
        campos: Any = modelo._meta.concrete_fields
        self.campos: dict[str, tuple[str, Motivos]] = {
            campo.name: (campo.attname, motivos_de(campo))
            for campo in campos
            if not campo.primary_key and not es_de_sistema(campo) and campo.name not in sin
        }
        self.referencias = {campo.name for campo in campos if isinstance(campo, models.ForeignKey)}
        self.condiciones: list[tuple[models.CheckConstraint, Condicion | None]] = [
            (una, _compilada(una, modelo))
            for una in modelo._meta.constraints
            if isinstance(una, models.CheckConstraint)
        ]

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
            return all(condicion is not None and condicion(datos) is not False for _, condicion in self.condiciones)
        except TypeError:
            return False

    def incumplidas(self, instancia: Any, fuera: set[str]) -> Iterable[ValidationError]:
        """La frase de cada condición que no se cumple, sin mirar los campos de `fuera`."""
        for restriccion, _ in self.condiciones:
            try:
                restricciones.validar(restriccion, instancia, sin=fuera)
            except ValidationError as error:
                yield error


def _compilada(restriccion: models.CheckConstraint, modelo: type[models.Model]) -> Condicion | None:
    try:
        return restricciones.compilar(restriccion.condition, modelo)
    except restricciones.NoSeSabe:
        return None


class Unicas:
    """Una combinación que solo puede tener un registro, comprobada contra la base y entre las filas del archivo."""

    def __init__(self, restriccion: models.UniqueConstraint, modelo: type[models.Model]) -> None:
        self.restriccion, self.modelo = restriccion, modelo
        self.attnames = [str(modelo._meta.get_field(campo).attname) for campo in restriccion.fields]  # type: ignore[union-attr]
        condicion = restriccion.condition
        self.aplica: Condicion = restricciones.compilar(condicion, modelo) if condicion else lambda _: True

    def comprobar(self, resultados: Sequence[Resultado], memoria: dict[Any, Any]) -> None:
        """Vuelve error lo que repetiría una combinación.

        Las filas valen en su orden: una que la suelta deja que otra posterior la tome. `memoria` recuerda lo de los
        trozos anteriores de la misma importación, que quizá aún no están en la base.
        """
        tomadas, sueltas = memoria.setdefault(("única", self.restriccion.name), ({}, set()))
        if len(tomadas) > _TOMADAS:
            tomadas.clear()
        vivos = [r for r in resultados if r.tipo in (NUEVO, CAMBIADO)]
        duenos = self._en_la_base(vivos, sueltas)
        for resultado in vivos:
            datos = resultado.instancia.__dict__
            clave, pk = tuple(datos[attname] for attname in self.attnames), datos[self.modelo._meta.pk.attname]
            if self.aplica(datos) is not True:
                if pk is not None:
                    sueltas.add(pk)
                    if duenos.get(clave) == pk:
                        del duenos[clave]
                continue
            otro = duenos.get(clave)
            if (otro is not None and otro != pk) or tomadas.get(clave, resultado.lugar) != resultado.lugar:
                motivo = str(self.restriccion.get_violation_error_message())
                resultado.tipo, resultado.faltas, resultado.cambios = ERROR, [Falta("", "", motivo)], []
            else:
                tomadas[clave] = resultado.lugar

    def _en_la_base(self, vivos: Sequence[Resultado], sueltas: set[Any]) -> dict[Any, Any]:
        """Quién tiene hoy cada combinación, de las que podrían chocar."""
        primeros = {
            valor
            for resultado in vivos
            if not isinstance(valor := resultado.instancia.__dict__[self.attnames[0]], PorCrear)
        }
        if not primeros:
            return {}
        consulta = self.modelo._base_manager.filter(**{f"{self.attnames[0]}__in": primeros})
        if self.restriccion.condition is not None:
            consulta = consulta.filter(self.restriccion.condition)
        filas = consulta.values_list("pk", *self.attnames)
        return {tuple(clave): pk for pk, *clave in filas if pk not in sueltas}
