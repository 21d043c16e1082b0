"""La pantalla de las consultas, reclamaciones, sugerencias y recursos: la lista y la página de cada caso."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db.models import DateField, Model, QuerySet, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from movistar_site.comun.admin_base import AdminBase
from movistar_site.comun.admin_intercambio import AdminIntercambio
from movistar_site.comun.models import nombre_de
from movistar_site.comun.presentacion import VACIO, columna_estado, columna_fecha, sello

from .. import acciones, caso, consultas, cun, filtros_admin, operaciones
from ..forms import FormularioInteraccion
from ..models import EstadoInteraccion, Interaccion
from ..plazos import Reloj, situacion
from ..recursos import RecursoInteraccion
from ..reloj import reloj
from .comunes import TONOS_SITUACION, TONOS_TIPO, volverse

RADICADO = ("numero", "cliente", "cuando", "registro")
QUE_SE_PIDE = ("cliente", "contrato", "tipo", "motivo", "canal", "canal_respuesta", "fecha", "asunto", "texto")
DE_LO_QUE_URGE = ("responder", "sic", "cumplir-silencio")
"""Las acciones que se ofrecen con el color de la marca."""
EN_SU_TARJETA = ("anotar", "adjuntar", "relacionar", "desligar")
"""Acciones que la página del caso ofrece junto a lo suyo y no en la cabeza."""


@admin.register(Interaccion)
class InteraccionAdmin(AdminIntercambio, AdminBase):
    """Lo que los clientes consultan, reclaman, sugieren o recurren."""

    resource_classes = (RecursoInteraccion,)
    form = FormularioInteraccion
    change_form_template = "admin/clientes/interaccion/caso.html"
    list_display = ("numero", "clase", "asunto", "cliente", "cuando", "vence", "plazo", "atiende")
    list_filter = (
        filtros_admin.FiltroSinResponder,
        filtros_admin.FiltroSituacion,
        ("vence_el", filtros_admin.FiltroDias),
        ("tipo", ChoicesDropdownFilter),
        ("motivo", RelatedDropdownFilter),
        ("estado", ChoicesDropdownFilter),
        ("canal", ChoicesDropdownFilter),
        ("fecha", filtros_admin.FiltroDias),
        ("respondida_el", filtros_admin.FiltroDias),
        filtros_admin.FiltroSilencio,
        filtros_admin.FiltroPorEnviar,
    )
    autocomplete_fields = ("cliente", "contrato")
    sortable_by = ("numero", "cuando")
    acciones = acciones.DE_UN_CASO
    vacio_titulo = "Aún no hay interacciones"
    vacio_ayuda = "Registre aquí lo que un cliente consulta, reclama o sugiere; queda con su número de radicado."

    clase = columna_estado("tipo", TONOS_TIPO, "tipo")
    cuando = columna_fecha("fecha", "fecha", orden="fecha")
    vence = columna_fecha("vence_el", "vence")

    class Media:
        css = {"all": ("clientes/cliente.css", "clientes/caso.css")}

    # --- Lista -------------------------------------------------------------------------------------------------------
    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return consultas.buscar_interacciones(queryset, search_term), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interaccion]:
        hoy = timezone.localdate()
        # El día desde el que se avisa es uno para toda la página: viaja con cada fila para no preguntarlo por fila.
        aviso = Value(_reloj(request, hoy).desde_cuando_se_avisa(hoy), output_field=DateField())
        relacionados = ("cliente", "contrato__servicio", "responsable", "equipo", "motivo", "silencio")
        return Interaccion.objects.select_related(*relacionados).annotate(avisar_hasta=aviso)

    @admin.display(description="plazo")
    def plazo(self, interaccion: Any) -> str:
        """En qué va su reloj, hoy."""
        cual = situacion(interaccion, hoy=timezone.localdate(), avisar_hasta=interaccion.avisar_hasta)
        return sello(cual.label, TONOS_SITUACION[cual])

    @admin.display(description="atiende")
    def atiende(self, interaccion: Interaccion) -> str:
        """La persona o, si nadie la ha tomado, el equipo."""
        if interaccion.responsable is not None:
            return nombre_de(interaccion.responsable)
        return str(interaccion.equipo) if interaccion.equipo is not None else VACIO

    # --- Formulario --------------------------------------------------------------------------------------------------
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Respondida queda como está: se ve, y no hay nada que guardar.
        respondida = obj is not None and obj.estado == EstadoInteraccion.RESPONDIDA
        return not respondida and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        if obj.estado == EstadoInteraccion.RESPONDIDA:
            return (*RADICADO, "tipo", "canal", "contrato", "asunto", "lo_dicho", "lo_respondido")
        return RADICADO

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        que = (("tipo", "motivo"), ("canal", "canal_respuesta"))
        if obj is None:
            return (
                ("Quién", {"fields": ("cliente", "contrato")}),
                ("Qué", {"fields": (*que, "fecha", "asunto", "texto")}),
            )
        if obj.estado == EstadoInteraccion.RESPONDIDA:
            return ((None, {"fields": ("tipo", "canal", "contrato", "asunto", "lo_dicho", "lo_respondido")}),)
        return ((None, {"fields": (*que, "contrato", "asunto", "texto")}),)

    @admin.display(description="registrada por")
    def registro(self, interaccion: Interaccion) -> str:
        """Quién la radicó; el nombre queda aunque su cuenta se borre."""
        return interaccion.registrada_por_nombre or VACIO

    @admin.display(description="lo que dice el cliente")
    def lo_dicho(self, interaccion: Interaccion) -> str:
        """El texto con sus párrafos."""
        return _parrafos(interaccion.texto)

    @admin.display(description="respuesta")
    def lo_respondido(self, interaccion: Interaccion) -> str:
        """La respuesta con sus párrafos."""
        return _parrafos(interaccion.respuesta)

    def guardar(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            operaciones.corregir_interaccion(obj, usuario=request.user)
            return
        datos = {campo: form.cleaned_data[campo] for campo in QUE_SE_PIDE}
        creada, es_nueva = operaciones.radicar_una_vez(**datos, usuario=request.user, ahora=timezone.now())
        volverse(obj, creada)
        obj.es_nueva = es_nueva

    def restaurar(self, request: HttpRequest, registro: Any, *, motivo: str) -> None:
        operaciones.corregir_interaccion(registro, usuario=request.user, motivo=motivo)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if {"_addanother", "_popup"} & set(request.POST):
            return super().response_add(request, obj, post_url_continue)
        # Quien radica sigue en el caso: lo siguiente es entregar la constancia.
        if getattr(obj, "es_nueva", True):
            nombre = f"{obj.numero}, CUN {cun.legible(obj.cun)}" if obj.cun else obj.numero
            messages.success(request, f"Se radicó {nombre}. Entregue la constancia al cliente.")
        else:
            messages.info(request, f"Ya estaba radicada: es {obj.numero}. No se radicó otra vez.")
        return HttpResponseRedirect(reverse("admin:clientes_interaccion_change", args=(obj.pk,)))

    # --- La página del caso ------------------------------------------------------------------------------------------
    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        if obj is not None:
            # Se corrige y se vuelve al caso; lo que se conserva no ofrece borrarse.
            context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
            context["show_delete"] = not operaciones.por_que_se_conserva(obj)
        respuesta = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        if obj is not None:
            nuestro = self._contexto_del_caso(request, obj, timezone.localdate())
            botones = self._botones_del_caso(request, obj, recurrible=nuestro["recurrible_hasta"] is not None)
            # Sus acciones van en la página, por lo que hacen, y no en una fila en la cabeza.
            respuesta.context_data |= {"actions_detail": [], "caso_acciones": botones, **nuestro}
        return respuesta

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        # Después de corregir se sigue en el caso.
        if "_popup" not in request.POST:
            messages.success(request, f"Se corrigió {obj.numero}.")
            return HttpResponseRedirect(reverse("admin:clientes_interaccion_change", args=(obj.pk,)))
        return super().response_change(request, obj)

    def _botones_del_caso(self, request: HttpRequest, obj: Interaccion, *, recurrible: bool) -> dict[str, Any]:
        hechas = {a.nombre: a for a in self.acciones_de(request) if a.en_detalle and a.disponible(obj)}
        if not recurrible:
            hechas.pop("recurso", None)
        todas = {
            nombre: {
                "titulo": una.titulo,
                "icono": una.icono,
                "url": self.url_de_accion(obj, nombre),
                "marca": nombre in DE_LO_QUE_URGE,
            }
            for nombre, una in hechas.items()
        }
        cabeza = [boton for nombre, boton in todas.items() if nombre not in EN_SU_TARJETA]
        return {"cabeza": cabeza, **{nombre: todas.get(nombre) for nombre in EN_SU_TARJETA}}

    def _contexto_del_caso(self, request: HttpRequest, obj: Any, hoy: date) -> dict[str, Any]:
        esfera = caso.esfera_de(obj, hoy=hoy, reloj=_reloj(request, hoy))
        ve = request.user.has_perm
        notas = list(obj.notas.all()) if ve("clientes.view_notainterna") else []
        adjuntos = list(obj.adjuntos.all()) if ve("clientes.view_adjunto") else []
        recursos = list(obj.recursos.order_by("id"))
        hasta = operaciones.se_puede_recurrir_hasta(obj)
        return {
            "caso": obj,
            "cun": cun.legible(obj.cun),
            "esfera": esfera,
            "sello_plazo": sello(esfera.situacion.label, TONOS_SITUACION[esfera.situacion]),
            "sello_tipo": sello(obj.get_tipo_display(), TONOS_TIPO[obj.tipo]),
            "atiende": self.atiende(obj),
            "silencio": consultas.silencio_de(obj),
            "por_enviar_a_la_sic": not operaciones.por_que_no_va_a_la_sic(obj),
            "adjuntos": adjuntos,
            "recursos": recursos,
            "recurrible_hasta": hasta if hasta is not None and hasta >= hoy and not recursos else None,
            "recurrida": obj.recurso_de,
            "relacionadas": list(obj.relacionadas.select_related("cliente").order_by("-fecha", "-id")),
            "hechos": caso.linea_de_tiempo(obj, notas=notas, adjuntos=adjuntos, recursos=recursos),
        }

    # --- Borrar ------------------------------------------------------------------------------------------------------
    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        todas = super().get_actions(request)
        if "delete_selected" in todas:
            borrar = acciones.BorrarInteracciones()
            todas[borrar.nombre] = (self.funcion_de_lista(borrar), borrar.nombre, borrar.titulo)
        return todas

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        lineas, cuentas, sin_permiso, impedimentos = super().get_deleted_objects(objs, request)
        frases = [operaciones.por_que_se_conserva(uno) for uno in objs]
        return lineas, cuentas, sin_permiso, [frase for frase in frases if frase] + impedimentos

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        operaciones.borrar_interaccion(obj, usuario=request.user)  # type: ignore[arg-type]


def _reloj(request: HttpRequest, hoy: date) -> Reloj:
    """El reloj de hoy, leído una vez por petición."""
    leido: Reloj | None = getattr(request, "reloj_de_hoy", None)
    if leido is None:
        leido = request.reloj_de_hoy = reloj(hoy)  # type: ignore[attr-defined]
    return leido


def _parrafos(texto: str) -> str:
    return render_to_string("admin/clientes/interaccion/texto.html", {"texto": texto}) if texto else VACIO
