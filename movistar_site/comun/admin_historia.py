"""La historia de un registro en el panel: qué cambió, quién, cuándo, por qué, y volver a una versión."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from .acciones import FormularioMotivo, trasladar_errores
from .historia import Cambio, campos_varios, claves_varias, comparar, modelo_historico, versiones
from .operaciones import guardar

VERSIONES_POR_PAGINA = 25


class AdminConHistoria:
    """La parte de `AdminBase` que muestra la historia y restaura una versión."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Las versiones del registro, con lo que cambió en cada una."""
        clave = self._clave_pedida(object_id)
        registro = self._registro_o_ultimo(request, clave)
        if not self.has_view_or_change_permission(request, registro):  # type: ignore[attr-defined]
            raise PermissionDenied
        pagina = _pagina(request.GET.get("p"))
        lista, hay_mas = versiones(
            self.model,  # type: ignore[attr-defined]
            clave,
            desde=(pagina - 1) * VERSIONES_POR_PAGINA,
            cuantas=VERSIONES_POR_PAGINA,
        )
        borrado = registro._state.adding
        contexto = {
            "title": f"Historia de «{registro}»",
            "object": registro,
            "borrado": borrado,
            "versiones": lista,
            "pagina": pagina,
            "hay_mas": hay_mas,
            "puede_restaurar": self.puede_restaurar(request, registro),
        }
        return self._dibujar_historia(request, "admin/historia.html", contexto | (extra_context or {}))

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Muestra en qué cambiaría el registro si se vuelve a una versión y, confirmado, vuelve a ella."""
        clave = self._clave_pedida(object_id)
        registro = self._registro_o_ultimo(request, clave)
        if not self.has_view_or_change_permission(request, registro):  # type: ignore[attr-defined]
            raise PermissionDenied
        version = self._version_pedida(clave, version_id)
        puede = self.puede_restaurar(request, registro)
        formulario = FormularioMotivo(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if not puede:
                raise PermissionDenied
            if formulario.is_valid() and self._restaurado(request, registro, version, formulario):
                messages.success(request, f"Se restauró la versión del {_momento(version)}.")
                return HttpResponseRedirect(self._url_del_registro("change", clave))
        contexto = {
            "title": f"Versión del {_momento(version)}",
            "object": registro,
            "version": version,
            "cambios": self._cambios_al_volver(request, registro, version),
            "borrado": registro._state.adding,
            "puede_restaurar": puede,
            "formulario": formulario,
        }
        return self._dibujar_historia(request, "admin/historia_version.html", contexto | (extra_context or {}))

    def puede_restaurar(self, request: HttpRequest, registro: Model) -> bool:
        """Cambiarlo si existe, o crearlo si se borró."""
        if registro._state.adding:
            return bool(self.has_add_permission(request))  # type: ignore[attr-defined]
        return bool(self.has_change_permission(request, registro))  # type: ignore[attr-defined]

    def restaurar(self, request: HttpRequest, registro: Model, *, motivo: str) -> None:
        """Guarda el registro con los datos de una versión. Cámbiese donde el modelo tenga una operación propia."""
        guardar(registro, usuario=request.user, motivo=motivo)

    # --- Por dentro --------------------------------------------------------------------------------------------------
    def _restaurado(self, request: HttpRequest, registro: Any, version: Any, formulario: forms.Form) -> bool:
        motivo = formulario.cleaned_data["motivo"]
        try:
            with transaction.atomic():
                campos = self._campos_que_vuelven(request, registro)
                for campo in registro._meta.concrete_fields:
                    if campo.name in campos and hasattr(version, campo.attname):
                        setattr(registro, campo.attname, getattr(version, campo.attname))
                self.restaurar(request, registro, motivo=motivo)
                for varios in campos_varios(type(version)):
                    if varios.name in campos:
                        existentes = varios.related_model._base_manager.filter(pk__in=claves_varias(version, varios))
                        getattr(registro, varios.name).set(existentes)
        except ValidationError as error:
            trasladar_errores(formulario, error)
        except DatabaseError:
            formulario.add_error(
                None, "Esa versión ya no cabe con lo que hay hoy en el panel: corrija los datos a mano."
            )
        return formulario.is_valid()

    def _campos_que_vuelven(self, request: HttpRequest, registro: Any) -> set[str]:
        """Lo que la cuenta podría editar en el formulario: un estado o un precio firmado no vuelven por aquí.

        Un registro borrado vuelve entero, como estaba.
        """
        if registro._state.adding:
            return {campo.name for campo in registro._meta.get_fields()}
        return set(self.get_form(request, registro, change=True).base_fields)  # type: ignore[attr-defined]

    def _cambios_al_volver(self, request: HttpRequest, registro: Any, version: Any) -> list[Cambio]:
        if registro._state.adding:
            return []
        ultima = modelo_historico(self.model).objects  # type: ignore[attr-defined]
        actual = ultima.filter(**{registro._meta.pk.attname: registro.pk}).order_by("-history_date", "-history_id")[0]
        campos = self._campos_que_vuelven(request, registro)
        nombres = {
            capfirst(campo.verbose_name)
            for campo in registro._meta.get_fields()
            if campo.name in campos and hasattr(campo, "verbose_name")
        }
        return [cambio for cambio in comparar(actual, version) if cambio.campo in nombres]

    def _clave_pedida(self, object_id: str) -> Any:
        try:
            return self.model._meta.pk.to_python(unquote(object_id))  # type: ignore[attr-defined]
        except (ValidationError, ValueError) as error:
            raise Http404("Ese registro no existe.") from error

    def _registro_o_ultimo(self, request: HttpRequest, clave: Any) -> Any:
        """El registro o, si se borró, como era al borrarlo."""
        registro = self.get_queryset(request).filter(pk=clave).first()  # type: ignore[attr-defined]
        if registro is not None:
            return registro
        historico = modelo_historico(self.model).objects  # type: ignore[attr-defined]
        ultima = historico.filter(**{self.opts.pk.attname: clave}).order_by("-history_date", "-history_id").first()  # type: ignore[attr-defined]
        if ultima is None:
            raise Http404("Ese registro no existe.")
        ultimo = ultima.instance
        ultimo._state.adding = True
        return ultimo

    def _version_pedida(self, clave: Any, version_id: str) -> Any:
        if not version_id.isdecimal() or len(version_id) > 18:  # noqa: PLR2004 - más no cabe en la clave
            raise Http404("Esa versión no existe.")
        historico = modelo_historico(self.model).objects  # type: ignore[attr-defined]
        version = historico.filter(**{self.opts.pk.attname: clave}, pk=int(version_id)).first()  # type: ignore[attr-defined]
        if version is None:
            raise Http404("Esa versión no existe.")
        return version

    def _url_del_registro(self, nombre: str, clave: Any) -> str:
        opciones = self.opts  # type: ignore[attr-defined]
        return reverse(f"admin:{opciones.app_label}_{opciones.model_name}_{nombre}", args=(clave,))

    def _dibujar_historia(self, request: HttpRequest, plantilla: str, contexto: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        registro = contexto["object"]
        comunes = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": self.opts,  # type: ignore[attr-defined]
            "media": self.media,  # type: ignore[attr-defined]
            "url_registro": "" if registro._state.adding else self._url_del_registro("change", registro.pk),
            "url_historia": self._url_del_registro("history", registro.pk),
        }
        return TemplateResponse(request, plantilla, comunes | contexto)


def _momento(version: Any) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(version.history_date):%d/%m/%Y a las %H:%M}"


def _pagina(texto: str | None) -> int:
    return min(int(texto), 100_000) if texto and texto.isdecimal() and int(texto[:9]) > 0 and len(texto) < 9 else 1  # noqa: PLR2004
