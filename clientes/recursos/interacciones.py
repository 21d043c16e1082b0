"""Importar y exportar interacciones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from movistar_site.comun.celdas import (
    ClaveNatural,
    Fecha,
    FechaHora,
    Opcion,
    Recortado,
    Referencia,
    SiNo,
    Texto,
)
from movistar_site.comun.opciones import Canal
from movistar_site.comun.recursos_base import Columna
from movistar_site.comun.recursos_lotes import RecursoPorLotes
from movistar_site.comun.valores import citar
from servicios.models import Servicio

from .. import canales, cun, numeracion, reglas
from ..models import CausalRecurso, EstadoInteraccion, Interaccion, SentidoRespuesta, TipoInteraccion
from ..relojes import Relojes, relojes
from .ajenos import Ajenos
from .claves import clave_de_cliente
from .numerados import ConNumero

DE_AQUI = ("motivo_codigo", "responsable", "equipo")
"""Lo que enlaza con cosas propias de cada panel: si aquí no existen, el caso entra sin ellas y se dice."""


class CeldaCun(Recortado):
    """Las 16 cifras de un CUN, con o sin espacios."""

    def leer(self, valor: Any) -> str:
        texto = super().leer(valor)
        if texto and not cun.leer(texto):
            raise ValueError(f"{citar(texto)} no es un CUN: se esperaban 16 cifras.")
        return cun.leer(texto)


class RecursoInteraccion(ConNumero):
    """Las consultas, reclamaciones, sugerencias y recursos, con su reloj y su respuesta.

    El plazo del archivo se respeta. Si no lo trae, se cuenta con las reglas del día en que se radicó, como en la
    pantalla; a uno que ya lo tiene fijado no se le mueve.
    """

    familia = "interaccion"
    serie = numeracion.INTERACCIONES
    propia = "recurso_de"
    derivados = ("primer_plazo", "vence_el", "aplica_sap", "motivo", "responsable", "equipo")
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
    motivo_codigo = Columna(Referencia("el motivo", ClaveNatural("codigo")), "Motivo (código)", atributo="motivo")
    cun = Columna(CeldaCun(), conserva=True)
    primer_plazo = Columna(Fecha(), conserva=True)
    vence_el = Columna(Fecha(), conserva=True)
    aplica_sap = Columna(SiNo(), conserva=True)
    prorroga_motivo = Columna(Texto())
    prorroga_avisada_el = Columna(FechaHora())
    canal_respuesta = Columna(Opcion(Canal.choices))
    sentido = Columna(Opcion(SentidoRespuesta.choices))
    responsable = Columna(Referencia("la cuenta", ClaveNatural("username")))
    equipo = Columna(Referencia("el equipo", ClaveNatural("nombre")))
    recurso_de = Columna(Referencia("la interacción", ClaveNatural("numero"), Recortado(mayusculas=True)))
    causal = Columna(Opcion(CausalRecurso.choices))
    pide_apelacion = Columna(SiNo(), conserva=True)
    enviada_sic_el = Columna(Fecha())

    class Meta(RecursoPorLotes.Meta):
        model = Interaccion
        import_id_fields = ("numero",)
        fields = ("numero", "cliente", "tipo", "fecha", "canal", "asunto", "texto", "estado", "contrato", "respuesta",
                  "respondida_el", "registrada_por", "motivo_codigo", "cun", "primer_plazo", "vence_el", "aplica_sap",
                  "prorroga_motivo", "prorroga_avisada_el", "canal_respuesta", "sentido", "responsable", "equipo",
                  "recurso_de", "causal", "pide_apelacion", "enviada_sic_el")  # fmt: skip

    def __init__(self, contexto: Any = None, **kwargs: Any) -> None:
        super().__init__(contexto, **kwargs)
        self.ajenos = Ajenos(self.contexto.memoria)
        for nombre in ("canal", "canal_respuesta"):
            self.fields[nombre].widget = Opcion(canales.conocidos())

    def get_queryset(self) -> QuerySet[Interaccion]:
        return self.preparar(Interaccion.objects.all())

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente", "contrato", "motivo", "responsable", "equipo", "recurso_de")

    # --- Lo que enlaza -----------------------------------------------------------------------------------------------
    def buscar_recurso_de(self, numero: str) -> Any:
        """La PQR contra cuya respuesta va el recurso."""
        return self.buscar_propio(numero)

    def buscar_motivo_codigo(self, texto: str) -> Any:
        """El motivo de ese código o nombre."""
        return self.ajenos.motivo(texto)

    def buscar_responsable(self, texto: str) -> Any:
        """La cuenta de ese nombre de usuario."""
        return self.ajenos.cuenta(texto)

    def buscar_equipo(self, texto: str) -> Any:
        """El equipo de ese nombre."""
        return self.ajenos.equipo(texto)

    # --- Completar ---------------------------------------------------------------------------------------------------
    def limpiar(self, instancia: Any) -> None:
        """Las reglas del modelo; un contrato o un cliente por crear se comprueban cuando ya estén."""
        if instancia.contrato_id is None or hasattr(instancia.contrato, "por_crear"):
            return
        cliente = instancia.__dict__["_state"].fields_cache.get("cliente")
        if cliente is not None and cliente.pk is None and cliente.por_crear.tipo != "nuevo":
            return
        reglas.exigir_contrato_propio(instancia)

    def ajustar_sobre(self, instancia: Any, leidos: dict[str, Any], existente: dict[str, Any] | None) -> None:
        """El plazo que el archivo no trae, y lo que enlaza con cosas que aquí no existen."""
        datos = instancia.__dict__
        for nombre in DE_AQUI:
            dado = leidos.get(nombre)
            if dado is not None and dado.pk is None:
                self._sin_ajeno(datos, nombre, dado, existente)
        if datos["fecha"] is not None:
            self._fijar_plazo(datos, leidos)
        super().ajustar_sobre(instancia, leidos, existente)

    def _sin_ajeno(self, datos: dict[str, Any], nombre: str, dado: Any, existente: dict[str, Any] | None) -> None:
        columna = self.compiladas[nombre]
        datos[columna.attname] = None if existente is None else existente[columna.attname]
        datos["_state"].fields_cache.pop(columna.atributo, None)
        self.notas.append(dado.por_que)

    def _fijar_plazo(self, datos: dict[str, Any], leidos: dict[str, Any]) -> None:
        if datos["tipo"] == TipoInteraccion.SUGERENCIA:
            if not datos["cun"] and "vence_el" not in leidos:
                datos["primer_plazo"] = datos["vence_el"] = None
            return
        primero, vence = datos["primer_plazo"], datos["vence_el"]
        if vence is None:
            if "aplica_sap" not in leidos:
                datos["aplica_sap"] = self._aplica_sap(datos)
            primero = primero or self._relojes().vencimiento(datos["tipo"], datos["fecha"])
            vence = primero
            if primero is not None and datos["prorroga_motivo"]:
                # Con las reglas del día en que se radicó, como `prorrogar_interaccion`.
                vence = self._relojes().del_dia(timezone.localdate(datos["fecha"])).prorrogado(primero)
        elif primero is None:
            primero = self._relojes().vencimiento(datos["tipo"], datos["fecha"]) if datos["prorroga_motivo"] else vence
        datos["primer_plazo"], datos["vence_el"] = primero, vence
        if "vence_el" in leidos or "primer_plazo" in leidos:
            _exigir_en_orden(datos)

    def _relojes(self) -> Relojes:
        recordados: Relojes = self.contexto.recordar(("relojes",), relojes)
        return recordados

    def _aplica_sap(self, datos: dict[str, Any]) -> bool:
        """Según el servicio contratado; sin contrato, o si aún no está, sí."""
        contrato = datos["_state"].fields_cache.get("contrato")
        if contrato is None or contrato.pk is None:
            return True
        tipos = self.contexto.recordar(
            ("aplica_sap",), lambda: dict(Servicio.objects.values_list("pk", "tipo__aplica_sap"))
        )
        return bool(tipos.get(contrato.servicio_id, True))

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Nada más que completar."""

    def numerar(self, nuevos: Sequence[Any]) -> None:
        super().numerar(nuevos)
        if con_cun := [nuevo.cun for nuevo in nuevos if nuevo.cun]:
            numeracion.adelantar_cun(con_cun)


def _exigir_en_orden(datos: dict[str, Any]) -> None:
    """Lanza ValidationError si el plazo del archivo no puede ser."""
    primero, vence = datos["primer_plazo"], datos["vence_el"]
    radicada = timezone.localdate(datos["fecha"])
    if primero is not None and primero < radicada:
        raise ValidationError({"primer_plazo": f"Se radicó el {radicada:%d/%m/%Y}: no pudo vencer antes."})
    if primero is not None and vence is not None and vence < primero:
        raise ValidationError({"vence_el": f"El primer plazo es el {primero:%d/%m/%Y}: no puede vencer antes."})


__all__ = ["RecursoInteraccion"]
