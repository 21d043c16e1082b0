"""Exportar contactos. No se importan: un contacto nace por su única puerta (Ley 2300 de 2023)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from movistar_site.comun.celdas import FechaHora, Opcion, Referencia, SiNo, Texto
from movistar_site.comun.opciones import Canal
from movistar_site.comun.recursos_base import Columna, RecursoBase

from ..models import Contacto, FinalidadContacto, ResultadoContacto
from .claves import clave_de_cliente


class RecursoContacto(RecursoBase):
    """Cada vez que se habló con un cliente, o se intentó."""

    cliente = Columna(Referencia("el cliente", clave_de_cliente))
    momento = Columna(FechaHora())
    canal = Columna(Opcion(Canal.choices))
    finalidad = Columna(Opcion(FinalidadContacto.choices))
    entrante = Columna(SiNo())
    resultado = Columna(Opcion(ResultadoContacto.choices))
    asunto = Columna(Texto())
    nota = Columna(Texto())
    hecho_por = Columna(Texto(), "Hecho por", atributo="hecho_por_nombre")

    class Meta(RecursoBase.Meta):
        model = Contacto
        import_id_fields = ("cliente", "momento")
        fields = ("cliente", "momento", "canal", "finalidad", "entrante", "resultado", "asunto", "nota", "hecho_por")

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente")
