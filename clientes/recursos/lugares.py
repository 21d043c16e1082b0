"""Importar y exportar departamentos y municipios."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from movistar_site.comun.celdas import CodigoConCeros, Recortado, Referencia
from movistar_site.comun.recursos_base import Columna, RecursoBase
from movistar_site.comun.valores import normalizar
from servicios.recursos import codigo_de

from ..models import Departamento, Municipio


class RecursoDepartamento(RecursoBase):
    """Los departamentos con su código DANE."""

    familia = "departamento"
    codigo = Columna(CodigoConCeros(2, "05"), obligatoria=True)
    nombre = Columna(Recortado(), obligatoria=True)

    class Meta(RecursoBase.Meta):
        model = Departamento
        import_id_fields = ("codigo",)
        fields = ("codigo", "nombre")


class RecursoMunicipio(RecursoBase):
    """Los municipios con su código DANE, siempre como texto de cinco cifras."""

    familia = "municipio"
    codigo = Columna(CodigoConCeros(5, "05001"), obligatoria=True)
    nombre = Columna(Recortado(), obligatoria=True)
    departamento = Columna(Referencia("el departamento", codigo_de), obligatoria=True)

    class Meta(RecursoBase.Meta):
        model = Municipio
        import_id_fields = ("codigo",)
        fields = ("codigo", "nombre", "departamento")

    def get_queryset(self) -> QuerySet[Municipio]:
        return Municipio.objects.select_related("departamento")

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("departamento")

    def buscar_departamento(self, texto: str) -> Any:
        """El departamento por su código o su nombre."""
        if texto.isdigit():
            codigo = texto.zfill(2)
            return self.contexto.recordar(
                ("departamento", codigo), lambda: Departamento.objects.filter(pk=codigo).first()
            )
        buscado = normalizar(texto)
        return next((uno for uno in Departamento.objects.all() if normalizar(uno.nombre) == buscado), None)
