"""Borrar en el panel: solo lo que nadie usa, y con otra salida cuando no se puede."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from . import acciones, operaciones
from .usos import frase_de, se_borran_con, usos_que_impiden_borrar


class BorrarVarios(acciones.Accion):
    """Borra lo elegido en la lista, registro por registro; lo que está en uso queda y se dice por qué."""

    nombre = "delete_selected"
    titulo = "Borrar"
    boton = "Sí, borrar"
    icono = "delete"
    confirmacion = "Lo que otros registros usan no se borra: se le dirá cuál y por qué. La historia se conserva."
    en_detalle = False
    peligrosa = True

    def permitida(self, request: HttpRequest, modelo: type[Model]) -> bool:
        return request.user.has_perm(f"{modelo._meta.app_label}.delete_{modelo._meta.model_name}")

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Any) -> None:
        operaciones.borrar(registro, usuario=usuario)


class AdminConBorrado:
    """La parte de `AdminBase` que borra.

    `accion_en_vez_de_borrar`: el nombre de una acción de la pantalla («retirar», «desactivar») que se ofrece cuando el
    registro está en uso. Si la salida es otra, se cambia el método `alternativa_a_borrar`.
    """

    accion_en_vez_de_borrar = ""

    def alternativa_a_borrar(self, request: HttpRequest, obj: Any) -> tuple[str, str] | None:
        """Título y dirección de lo que se puede hacer con un registro en uso en vez de borrarlo."""
        for accion in self.acciones_de(request):  # type: ignore[attr-defined]
            if accion.nombre == self.accion_en_vez_de_borrar and accion.disponible(obj):
                return accion.titulo, self.url_de_accion(obj, accion.nombre)  # type: ignore[attr-defined]
        return None

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        operaciones.borrar(obj, usuario=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for registro in queryset:
            operaciones.borrar(registro, usuario=request.user)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Lo que se iría y lo que lo impide, contado hasta un límite: Django traería cada registro relacionado."""
        lineas: list[Any] = []
        cuentas: dict[str, int] = {}
        sin_permiso: set[str] = set()
        impedimentos: list[str] = []
        for registro in objs:
            lineas.append(str(registro))
            cuentas[str(registro._meta.verbose_name_plural)] = (
                cuentas.get(str(registro._meta.verbose_name_plural), 0) + 1
            )
            if not self.has_delete_permission(request, registro):  # type: ignore[attr-defined]
                sin_permiso.add(str(registro._meta.verbose_name))
            if usos := usos_que_impiden_borrar(registro):
                impedimentos.append(frase_de(registro, usos))
                continue
            for parte in se_borran_con(registro):
                lineas.append([str(parte)])
                opciones = parte.modelo._meta
                cuentas[str(opciones.verbose_name_plural)] = (
                    cuentas.get(str(opciones.verbose_name_plural), 0) + parte.cuenta
                )
        return lineas, cuentas, sin_permiso, impedimentos

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        registro = context["object"]
        contexto = context | {
            "title": f"Borrar «{registro}»",
            "alternativa": self.alternativa_a_borrar(request, registro) if context.get("protected") else None,
            "partes": se_borran_con(registro) if not context.get("protected") else [],
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/delete_confirmation.html", contexto)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)  # type: ignore[misc]
        except ValidationError as error:
            # Alguien empezó a usarlo entre la confirmación y el borrado.
            for frase in error.messages:
                messages.error(request, frase)
            return HttpResponseRedirect(request.path)
