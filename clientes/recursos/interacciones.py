"""Importar y exportar interacciones."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from movistar_site.comun.celdas import ClaveNatural, FechaHora, Opcion, Recortado, Referencia, Texto
from movistar_site.comun.opciones import Canal
from movistar_site.comun.recursos_base import Columna
from movistar_site.comun.recursos_lotes import RecursoPorLotes

from .. import numeracion, reglas
from ..models import EstadoInteraccion, Interaccion, TipoInteraccion
from .claves import clave_de_cliente
from .numerados import ConNumero


class RecursoInteraccion(ConNumero):
    """Las consultas, reclamaciones y sugerencias, con su respuesta."""

    familia = "interaccion"
    serie = numeracion.INTERACCIONES
    claves_sin_numero = ("cliente", "tipo", "fecha", "asunto")
    numero = Columna(Recortado(mayusculas=True), alias=("numero",), conserva=True)
    cliente = Columna(Referencia("el cliente", clave_de_cliente), obligatoria=True)
    tipo = Columna(Opcion(TipoInteraccion.choices), obligatoria=True)
    fecha = Columna(FechaHora(), alias=("fecha",), obligatoria=True)
    canal = Columna(Opcion(Canal.choices))
    asunto = Columna(Texto(), obligatoria=True)
    texto = Columna(Texto())
    estado = Columna(Opcion(EstadoInteraccion.choices))
    contrato = Columna(Referencia("el contrato", ClaveNatural("numero")))
    respuesta = Columna(Texto())
    respondida_el = Columna(FechaHora())
    registrada_por = Columna(Texto(), "Registrada por", atributo="registrada_por_nombre")

    class Meta(RecursoPorLotes.Meta):
        model = Interaccion
        import_id_fields = ("numero",)
        fields = ("numero", "cliente", "tipo", "fecha", "canal", "asunto", "texto", "estado", "contrato", "respuesta",
                  "respondida_el", "registrada_por")  # fmt: skip

    def get_queryset(self) -> QuerySet[Interaccion]:
        return self.preparar(Interaccion.objects.all())

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente", "contrato")

    def limpiar(self, instancia: Any) -> None:
        """Las reglas del modelo; un contrato o un cliente por crear se comprueban cuando ya estén."""
        if instancia.contrato_id is None or hasattr(instancia.contrato, "por_crear"):
            return
        cliente = instancia.__dict__["_state"].fields_cache.get("cliente")
        if cliente is not None and cliente.pk is None and cliente.por_crear.tipo != "nuevo":
            return
        reglas.exigir_contrato_propio(instancia)

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Nada que completar."""


__all__ = ["RecursoInteraccion"]
