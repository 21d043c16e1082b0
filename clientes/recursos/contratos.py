"""Importar y exportar contratos."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from movistar_site.comun.celdas import (
    ClaveNatural,
    Entero,
    Fecha,
    Opcion,
    Pesos,
    Recortado,
    Referencia,
    Texto,
    ValorJson,
)
from movistar_site.comun.columnas_compiladas import crudas_de
from movistar_site.comun.parametros import parametros
from movistar_site.comun.recursos_base import Columna
from movistar_site.comun.recursos_lotes import Lote, RecursoPorLotes
from servicios.models import Periodicidad
from servicios.recursos import BuscaServicios, codigo_de

from .. import numeracion, reglas
from ..models import Contrato, EstadoContrato
from .claves import clave_de_cliente
from .numerados import ConNumero


class RecursoContrato(BuscaServicios, ConNumero):
    """Los contratos, con el precio y las condiciones que se firmaron."""

    familia = "contrato"
    serie = numeracion.CONTRATOS
    propia = "cedido_de"
    derivados = ("estado", "precio", "periodicidad", "condiciones")
    enlazados = ("servicio",)
    claves_sin_numero = ("cliente", "servicio", "fecha_inicio")
    numero = Columna(Recortado(mayusculas=True), conserva=True)
    cliente = Columna(Referencia("el cliente", clave_de_cliente), obligatoria=True)
    servicio = Columna(Referencia("el servicio", codigo_de), obligatoria=True)
    estado = Columna(Opcion(EstadoContrato.choices))
    fecha_inicio = Columna(Fecha(), obligatoria=True)
    fecha_fin = Columna(Fecha())
    precio = Columna(Pesos(), alias=("precio",), conserva=True)
    periodicidad = Columna(Opcion(Periodicidad.choices))
    condiciones = Columna(ValorJson(dict, '{"servicio": "Fibra 300"}'), alias=("condiciones",), conserva=True)
    permanencia_meses = Columna(Entero(), alias=("permanencia",))
    anexo_permanencia = Columna(Texto())
    promocion = Columna(Referencia("la promoción", codigo_de))
    cedido_de = Columna(Referencia("el contrato", ClaveNatural("numero"), Recortado(mayusculas=True)))

    class Meta(RecursoPorLotes.Meta):
        model = Contrato
        import_id_fields = ("numero",)
        fields = ("numero", "cliente", "servicio", "estado", "fecha_inicio", "fecha_fin", "precio", "periodicidad",
                  "condiciones", "permanencia_meses", "anexo_permanencia", "promocion", "cedido_de")  # fmt: skip

    def get_queryset(self) -> QuerySet[Contrato]:
        return self.preparar(Contrato.objects.all())

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente", "servicio__tipo", "promocion", "cedido_de")

    def buscar_servicio(self, codigo: str) -> Any:
        """El servicio de ese código."""
        return self._servicio(codigo)

    def buscar_promocion(self, codigo: str) -> Any:
        """La promoción de ese código."""
        return self._promocion(codigo)

    def buscar_cedido_de(self, numero: str) -> Any:
        """El contrato del titular anterior."""
        return self.buscar_propio(numero)

    def prebuscar(self, lote: Lote) -> None:
        super().prebuscar(lote)
        for familia in ("servicio", "promocion"):
            self.prebuscar_en_catalogo(familia, crudas_de(familia, lote.filas))

    def consulta_de(self, nombre: str, consulta: Any) -> Any:
        return consulta.select_related("tipo") if nombre == "servicio" else consulta.all()

    def limpiar(self, instancia: Any) -> None:
        """Las reglas del modelo, con los parámetros de cada día leídos una sola vez."""
        inicio = instancia.fecha_inicio
        if instancia.permanencia_meses and instancia.servicio_id is not None and inicio is not None:
            normas = self.contexto.recordar(("parametros", inicio), lambda: parametros(inicio))
            reglas.validar_permanencia(instancia, normas)

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Lo que el archivo calla lo da el servicio: el precio que regía al empezar y sus condiciones."""
        if nuevo and "estado" not in leidos and instancia.fecha_fin is not None:
            instancia.estado = EstadoContrato.TERMINADO
        servicio = leidos.get("servicio")
        if not nuevo:
            return
        if instancia.precio is None and (servicio is None or instancia.fecha_inicio is None):
            # La fila ya tiene esa falta; decir además que no hay precio no ayuda a corregirla.
            instancia.precio = Decimal(0)
        if servicio is None:
            return
        dada = leidos.get("periodicidad")
        if "condiciones" not in leidos:
            instancia.fijar_condiciones(servicio)
        instancia.periodicidad = dada or servicio.periodicidad
        if instancia.precio is None and instancia.fecha_inicio is not None:
            instancia.precio = self._precio(servicio, instancia.fecha_inicio)

    def _precio(self, servicio: Any, inicio: date) -> Any:
        precios = self.precios_de(servicio)
        for dia in (inicio, self.contexto.hoy):
            if vigentes := [precio.valor for precio in precios if precio.vigente_desde <= dia]:
                return vigentes[-1]
        raise ValidationError({"precio": f"Falta, y el servicio {servicio.codigo} no tiene precio vigente."})
