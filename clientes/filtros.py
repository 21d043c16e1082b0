"""Por qué se puede filtrar a los clientes y lo suyo. Lo comparten reportes y exportaciones.

Cada FilterSet nombra en `EXCLUIDOS` los campos por los que no se filtra, con su razón: una prueba falla si aparece un
campo que no está ni en un lado ni en el otro.
"""

from __future__ import annotations

from typing import Any

import django_filters as filtros
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from movistar_site.comun.models import Usuario
from movistar_site.comun.opciones import Canal, Categoria, TipoDocumento
from movistar_site.comun.parametros import parametros
from servicios.filtros import DE_TODO_MODELO, FiltroBase
from servicios.models import Periodicidad, Promocion, Servicio, TipoServicio

from . import consultas
from .models import (
    CausalRecurso,
    Cliente,
    Consentimiento,
    Contacto,
    Contrato,
    Departamento,
    Equipo,
    EstadoCliente,
    EstadoContrato,
    EstadoInteraccion,
    Finalidad,
    FinalidadContacto,
    Interaccion,
    MotivoInteraccion,
    Municipio,
    ResultadoContacto,
    SentidoRespuesta,
    TipoInteraccion,
    TipoPersona,
)
from .plazos import Situacion
from .reloj import reloj

ESTRATOS = [(n, str(n)) for n in range(1, 7)]
MAXIMO_ANIOS = 120


def _cliente(campo: str = "cliente_id") -> filtros.Filter:
    return filtros.NumberFilter(field_name=campo, label="Cliente (clave)", widget=forms.HiddenInput)


def _anios(etiqueta: str, metodo: str) -> filtros.NumberFilter:
    return filtros.NumberFilter(
        method=metodo,
        label=etiqueta,
        validators=[
            MinValueValidator(0, "Escriba un número de años de 0 a 120."),
            MaxValueValidator(MAXIMO_ANIOS, "Escriba un número de años de 0 a 120."),
        ],
    )


class FiltroDepartamento(FiltroBase):
    """Departamentos."""

    busqueda = filtros.CharFilter(method="buscar", label="Nombre o código")
    EXCLUIDOS = DE_TODO_MODELO | {"codigo": "lo cubre la búsqueda", "nombre": "lo cubre la búsqueda"}

    class Meta:
        model = Departamento
        fields = ("busqueda",)


class FiltroMunicipio(FiltroBase):
    """Municipios."""

    busqueda = filtros.CharFilter(method="buscar", label="Nombre, código o departamento")
    departamento = filtros.ModelMultipleChoiceFilter(queryset=Departamento.objects.all(), label="Departamento")
    es_divipola = filtros.BooleanFilter(label="Viene de la DIVIPOLA")
    EXCLUIDOS = DE_TODO_MODELO | {"codigo": "lo cubre la búsqueda", "nombre": "lo cubre la búsqueda"}

    class Meta:
        model = Municipio
        fields = ("busqueda", "departamento", "es_divipola")


class FiltroCliente(FiltroBase):
    """Clientes. Categoría y permanencia son las del día `hoy`."""

    busqueda = filtros.CharFilter(method="buscar", label="Nombre, documento, teléfono o correo")
    categoria = filtros.ChoiceFilter(choices=Categoria.choices, method="de_categoria", label="Categoría")
    categoria_asignada = filtros.BooleanFilter(method="asignada_a_mano", label="Categoría asignada a mano")
    permanencia_desde = _anios("Permanencia: al menos (años)", "con_al_menos")
    permanencia_hasta = _anios("Permanencia: menos de (años)", "con_menos_de")
    fecha_vinculacion = filtros.DateFromToRangeFilter(label="Vinculado entre")
    estado = filtros.MultipleChoiceFilter(choices=EstadoCliente.choices, label="Estado", distinct=False)
    inactivo_desde = filtros.DateFromToRangeFilter(label="Inactivo desde")
    tipo_persona = filtros.MultipleChoiceFilter(choices=TipoPersona.choices, label="Tipo de persona", distinct=False)
    tipo_documento = filtros.MultipleChoiceFilter(
        choices=TipoDocumento.choices, label="Tipo de documento", distinct=False
    )
    departamento = filtros.ModelMultipleChoiceFilter(
        field_name="municipio__departamento", queryset=Departamento.objects.all(), label="Departamento", distinct=False
    )
    municipio = filtros.ModelMultipleChoiceFilter(
        queryset=Municipio.objects.select_related("departamento"), label="Municipio", distinct=False
    )
    estrato = filtros.MultipleChoiceFilter(choices=ESTRATOS, label="Estrato", distinct=False)
    con_interaccion_abierta = filtros.BooleanFilter(method="con_abierta", label="Con interacciones sin responder")
    pendientes = filtros.BooleanFilter(method="por_completar", label="Con datos por completar")

    EXCLUIDOS = DE_TODO_MODELO | {
        "documento": "lo cubre la búsqueda",
        "nombre": "lo cubre la búsqueda",
        "apellido": "lo cubre la búsqueda",
        "email": "lo cubre la búsqueda",
        "telefono": "lo cubre la búsqueda",
        "telefono_alterno": "lo cubre la búsqueda",
        "direccion": "texto libre; se filtra por municipio",
        "motivo_categoria": "texto libre",
        "notas": "texto libre",
        "anonimizado_el": "un cliente anonimizado ya no dice nada de sí; se ve en su ficha",
        "id_origen": "solo sirve para reconocer al cliente en otro archivo",
    }

    class Meta:
        model = Cliente
        fields = ("busqueda", "fecha_vinculacion", "estado", "inactivo_desde", "tipo_persona", "tipo_documento",
                  "municipio", "estrato")  # fmt: skip

    def buscar(self, consulta: Any, nombre: str, texto: str) -> Any:
        """Véase `consultas.buscar_clientes`."""
        return consultas.buscar_clientes(consulta, texto)

    def de_categoria(self, consulta: Any, nombre: str, categoria: str) -> Any:
        """Los de una categoría, por rangos de fecha."""
        return consulta.de_categoria(categoria, self.hoy, parametros(self.hoy))

    def asignada_a_mano(self, consulta: Any, nombre: str, a_mano: bool) -> Any:
        """Los que la tienen fijada por alguien, o los que no."""
        return consulta.exclude(categoria_asignada="") if a_mano else consulta.filter(categoria_asignada="")

    def por_completar(self, consulta: Any, nombre: str, si: bool) -> Any:
        """Los que tienen datos por completar, o los que no."""
        return consulta.por_completar(si)

    def con_al_menos(self, consulta: Any, nombre: str, anios: Any) -> Any:
        """Los que han cumplido esos años."""
        return consulta.con_permanencia(self.hoy, desde=int(anios))

    def con_menos_de(self, consulta: Any, nombre: str, anios: Any) -> Any:
        """Los que aún no cumplen esos años."""
        return consulta.con_permanencia(self.hoy, hasta=int(anios))

    def con_abierta(self, consulta: Any, nombre: str, abierta: bool) -> Any:
        """Los que esperan respuesta, o los que no."""
        return consulta.con_interaccion_abierta(abierta)


class FiltroContrato(FiltroBase):
    """Contratos."""

    busqueda = filtros.CharFilter(method="buscar", label="Número del contrato o cliente")
    cliente = _cliente()
    servicio = filtros.ModelMultipleChoiceFilter(queryset=Servicio.objects.all(), label="Servicio", distinct=False)
    tipo = filtros.ModelMultipleChoiceFilter(
        field_name="servicio__tipo", queryset=TipoServicio.objects.all(), label="Tipo de servicio", distinct=False
    )
    estado = filtros.MultipleChoiceFilter(choices=EstadoContrato.choices, label="Estado")
    fecha_inicio = filtros.DateFromToRangeFilter(label="Empezó entre")
    fecha_fin = filtros.DateFromToRangeFilter(label="Terminó entre")
    precio = filtros.RangeFilter(label="Precio firmado")
    periodicidad = filtros.MultipleChoiceFilter(choices=Periodicidad.choices, label="Periodicidad")
    promocion = filtros.ModelMultipleChoiceFilter(queryset=Promocion.objects.all(), label="Promoción", distinct=False)
    permanencia_meses = filtros.BooleanFilter(method="con_permanencia", label="Con permanencia")

    EXCLUIDOS = DE_TODO_MODELO | {
        "numero": "lo cubre la búsqueda",
        "condiciones": "cada tipo de servicio tiene las suyas",
        "anexo_permanencia": "texto libre",
        "cedido_de": "se ve en la ficha de cada contrato",
    }

    class Meta:
        model = Contrato
        fields = ("busqueda", "cliente", "servicio", "estado", "fecha_inicio", "fecha_fin", "precio", "periodicidad",
                  "promocion")  # fmt: skip

    def buscar(self, consulta: Any, nombre: str, texto: str) -> Any:
        """Véase `consultas.buscar_contratos`."""
        return consultas.buscar_contratos(consulta, texto)

    def con_permanencia(self, consulta: Any, nombre: str, si: bool) -> Any:
        """Los que tienen permanencia pactada, o los que no."""
        return consulta.filter(permanencia_meses__gt=0) if si else consulta.filter(permanencia_meses=0)


class FiltroInteraccion(FiltroBase):
    """Consultas, reclamaciones y sugerencias."""

    busqueda = filtros.CharFilter(method="buscar", label="Radicado, asunto o cliente")
    cliente = _cliente()
    contrato = _cliente("contrato_id")
    tipo = filtros.MultipleChoiceFilter(choices=TipoInteraccion.choices, label="Tipo")
    canal = filtros.MultipleChoiceFilter(choices=Canal.choices, label="Canal")
    estado = filtros.MultipleChoiceFilter(choices=EstadoInteraccion.choices, label="Estado")
    abierta = filtros.BooleanFilter(method="sin_responder", label="Sin responder")
    fecha = filtros.DateFromToRangeFilter(label="Radicada entre")
    respondida_el = filtros.DateFromToRangeFilter(label="Notificada entre")
    registrada_por_nombre = filtros.CharFilter(lookup_expr="iexact", label="Registrada por")
    motivo = filtros.ModelMultipleChoiceFilter(queryset=MotivoInteraccion.objects.all(), label="Motivo")
    responsable = filtros.ModelChoiceFilter(queryset=Usuario.objects.filter(is_active=True), label="Responsable")
    equipo = filtros.ModelMultipleChoiceFilter(queryset=Equipo.objects.all(), label="Equipo")
    vence_el = filtros.DateFromToRangeFilter(label="Vence entre")
    situacion = filtros.ChoiceFilter(choices=Situacion.choices, method="en_situacion", label="Situación del plazo")
    sentido = filtros.MultipleChoiceFilter(choices=SentidoRespuesta.choices, label="Sentido de la respuesta")
    causal = filtros.MultipleChoiceFilter(choices=CausalRecurso.choices, label="Causal del recurso")
    aplica_sap = filtros.BooleanFilter(label="Aplica silencio positivo")
    prorrogada = filtros.BooleanFilter(
        field_name="prorroga_avisada_el", lookup_expr="isnull", exclude=True, label="Con prórroga"
    )

    EXCLUIDOS = DE_TODO_MODELO | {
        "numero": "lo cubre la búsqueda",
        "asunto": "lo cubre la búsqueda",
        "texto": "texto libre",
        "respuesta": "texto libre",
        "registrada_por": "se filtra por el nombre, que queda aunque la cuenta se borre",
        "cun": "lo cubre la búsqueda",
        "canal_respuesta": "se ve en cada caso",
        "primer_plazo": "se filtra por el vencimiento",
        "prorroga_motivo": "texto libre",
        "borrador": "texto libre",
        "recurso_de": "se ve en cada caso",
        "pide_apelacion": "se filtra por el tipo y la causal",
        "enviada_sic_el": "se ve en cada caso",
    }

    class Meta:
        model = Interaccion
        fields = ("busqueda", "cliente", "contrato", "tipo", "canal", "estado", "fecha", "respondida_el",
                  "registrada_por_nombre", "motivo", "responsable", "equipo", "vence_el", "sentido", "causal",
                  "aplica_sap")  # fmt: skip

    def buscar(self, consulta: Any, nombre: str, texto: str) -> Any:
        """Véase `consultas.buscar_interacciones`."""
        return consultas.buscar_interacciones(consulta, texto)

    def en_situacion(self, consulta: Any, nombre: str, cual: str) -> Any:
        """Las que el día `hoy` están en esa situación."""
        return consulta.en_situacion(cual, hoy=self.hoy, avisar_hasta=reloj(self.hoy).desde_cuando_se_avisa(self.hoy))

    def sin_responder(self, consulta: Any, nombre: str, abierta: bool) -> Any:
        """Las que esperan respuesta, o las que ya la tienen."""
        return consulta.abiertas() if abierta else consulta.filter(estado=EstadoInteraccion.RESPONDIDA)


class FiltroBandeja(FiltroInteraccion):
    """Lo que tiene sentido acotar en una bandeja de trabajo, que ya dice si está abierta y de quién es."""

    cliente = None
    contrato = None
    estado = None
    abierta = None
    respondida_el = None
    situacion = None
    registrada_por_nombre = None
    sentido = None
    causal = None
    aplica_sap = None
    responsable = filtros.ModelChoiceFilter(
        queryset=Usuario.objects.filter(is_active=True).order_by("first_name", "last_name", "username"),
        label="Responsable",
    )
    EXCLUIDOS = FiltroInteraccion.EXCLUIDOS | dict.fromkeys(
        ("cliente", "contrato", "estado", "respondida_el", "registrada_por_nombre", "sentido", "causal", "aplica_sap"),
        "la bandeja ya lo dice, o se busca en la lista de interacciones",
    )

    class Meta:
        model = Interaccion
        fields = ("busqueda", "tipo", "motivo", "canal", "responsable", "equipo", "vence_el", "fecha")


class FiltroConsentimiento(FiltroBase):
    """Autorizaciones de tratamiento de datos y de contacto."""

    busqueda = filtros.CharFilter(method="buscar", label="Cliente")
    cliente = _cliente()
    finalidad = filtros.MultipleChoiceFilter(choices=Finalidad.choices, label="Finalidad")
    canal = filtros.MultipleChoiceFilter(choices=Canal.choices, label="Canal")
    medio = filtros.MultipleChoiceFilter(choices=Canal.choices, label="Medio por el que lo dio")
    vigente = filtros.BooleanFilter(field_name="revocado_el", lookup_expr="isnull", label="Vigente")
    otorgado_el = filtros.DateFromToRangeFilter(label="Otorgado entre")
    revocado_el = filtros.DateFromToRangeFilter(label="Revocado entre")
    version_texto = filtros.CharFilter(label="Versión del texto")

    EXCLUIDOS = DE_TODO_MODELO | {
        "evidencia": "texto libre",
        "registrado_por": "está en la historia",
        "registrado_por_nombre": "está en la historia",
    }

    class Meta:
        model = Consentimiento
        fields = ("busqueda", "cliente", "finalidad", "canal", "medio", "otorgado_el", "revocado_el", "version_texto")

    def buscar(self, consulta: Any, nombre: str, texto: str) -> Any:
        """Véase `consultas.buscar_por_cliente`."""
        return consultas.buscar_por_cliente(consulta, texto)


class FiltroContacto(FiltroBase):
    """Las veces que se habló con un cliente, o se intentó."""

    busqueda = filtros.CharFilter(method="buscar", label="Cliente")
    cliente = _cliente()
    canal = filtros.MultipleChoiceFilter(choices=Canal.choices, label="Canal")
    finalidad = filtros.MultipleChoiceFilter(choices=FinalidadContacto.choices, label="Finalidad")
    resultado = filtros.MultipleChoiceFilter(choices=ResultadoContacto.choices, label="Resultado")
    entrante = filtros.BooleanFilter(label="Lo empezó el cliente")
    dia = filtros.DateFromToRangeFilter(label="Día entre")

    EXCLUIDOS = DE_TODO_MODELO | {
        "momento": "se filtra por su día",
        "asunto": "texto libre",
        "nota": "texto libre",
        "hecho_por": "está en la historia",
        "hecho_por_nombre": "está en la historia",
        "con_otra_ficha": "solo lo usa la restricción del día",
    }

    class Meta:
        model = Contacto
        fields = ("busqueda", "cliente", "canal", "finalidad", "resultado", "entrante", "dia")

    def buscar(self, consulta: Any, nombre: str, texto: str) -> Any:
        """Véase `consultas.buscar_por_cliente`."""
        return consultas.buscar_por_cliente(consulta, texto)
