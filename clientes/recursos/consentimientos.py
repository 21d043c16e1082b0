"""Importar y exportar consentimientos."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from movistar_site.comun.celdas import FechaHora, Opcion, Referencia, Texto
from movistar_site.comun.columnas_compiladas import Marca
from movistar_site.comun.opciones import Canal
from movistar_site.comun.recursos_base import Columna
from movistar_site.comun.recursos_lotes import Lote, RecursoPorLotes
from movistar_site.comun.registros_crudos import PorCrear

from ..models import Consentimiento, Finalidad
from .claves import BuscaClientes, clave_de_cliente, clave_primaria

_PARTES = ("cliente", "finalidad", "canal", "otorgado_el")


class RecursoConsentimiento(BuscaClientes):
    """Las autorizaciones: una por cliente, finalidad, canal e instante en que se dio."""

    cliente = Columna(Referencia("el cliente", clave_de_cliente), obligatoria=True)
    finalidad = Columna(Opcion(Finalidad.choices), obligatoria=True)
    canal = Columna(Opcion(Canal.choices), obligatoria=True)
    version_texto = Columna(Texto(), obligatoria=True)
    otorgado_el = Columna(FechaHora(), obligatoria=True)
    medio = Columna(Opcion(Canal.choices), obligatoria=True)
    evidencia = Columna(Texto(), obligatoria=True)
    registrado_por = Columna(Texto(), "Registrado por", atributo="registrado_por_nombre")
    revocado_el = Columna(FechaHora())

    class Meta(RecursoPorLotes.Meta):
        model = Consentimiento
        import_id_fields = _PARTES
        fields = ("cliente", "finalidad", "canal", "version_texto", "otorgado_el", "medio", "evidencia",
                  "registrado_por", "revocado_el")  # fmt: skip

    def get_queryset(self) -> QuerySet[Consentimiento]:
        return self.preparar(Consentimiento.objects.all())

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente")

    def claves_de(self, lote: Lote) -> list[Any]:
        return [
            None if entrada.falla else _clave(partes)
            for entrada, partes in zip(lote.entradas, zip(*map(lote.columna, _PARTES), strict=True), strict=True)
        ]

    def existentes_de(self, lote: Lote) -> list[dict[str, Any] | None]:
        duenos = {clave[0] for clave in lote.claves if clave is not None and not isinstance(clave[0], PorCrear)}
        hallados: dict[Any, dict[str, Any]] = {}
        if duenos:
            for datos in self.fabrica.guardados(Consentimiento.objects.filter(cliente__in=duenos)):
                clave = (datos["cliente_id"], datos["finalidad"], datos["canal"], datos["otorgado_el"])
                hallados[clave] = datos
        return [None if clave is None else hallados.get(clave[:-1]) for clave in lote.claves]

    def texto_de_clave(self, clave: Any) -> str:
        _, finalidad, canal, otorgado_el, cliente = clave
        return f"{cliente} {finalidad} {canal} {otorgado_el.isoformat()}"

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Nada que completar."""


def _clave(partes: tuple[Any, ...]) -> Any:
    cliente = partes[0]
    if any(parte is None or parte == "" or parte.__class__ is Marca for parte in partes):
        return None
    return (clave_primaria(cliente), *partes[1:], clave_de_cliente(cliente))
