"""Lo que la pantalla de los clientes hace con las fichas repetidas: avisar al crear y llevar a fusionarlas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.enums import ActionVariant

from movistar_site.comun.formularios import nombrar_obligatorios

from .. import duplicados
from ..consultas_duplicados import fusion_que_absorbio
from ..models import Cliente

DE_TODAS_FORMAS = "_de_todas_formas"
"""El botón que guarda aunque se parezca a otros: lleva las claves de los que la persona ya vio."""
LARGO_DE_CLAVE = 18


class ConDuplicados:
    """Va delante de `AdminBase` en la pantalla de los clientes."""

    change_form_before_template = "admin/clientes/duplicados/aviso.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        clase = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        return clase if obj is not None or request.method != "POST" else _con_aviso(clase, _vistos(request))

    def botones_de_accion(self, request: HttpRequest, registro: Any) -> list[dict[str, Any]]:
        """Los de las acciones y, para quien puede, el que lleva a fusionar esta ficha con otra."""
        botones: list[dict[str, Any]] = super().botones_de_accion(request, registro)  # type: ignore[misc]
        if request.user.has_perm("clientes.add_fusion"):
            botones.append(
                {
                    "title": "Fusionar con otro",
                    "icon": "merge",
                    "variant": ActionVariant.DEFAULT,
                    "path": reverse("fusionar_cliente", args=(registro.pk,)),
                    "attrs": {},
                }
            )
        return botones

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Quien busca una ficha que se fusionó llega a la que quedó."""
        clave = object_id if object_id.isascii() and object_id.isdecimal() and len(object_id) <= LARGO_DE_CLAVE else ""
        fusion = fusion_que_absorbio(int(clave)) if clave else None
        if fusion is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc, no-any-return]
        messages.info(request, f"{fusion.absorbido_titulo} se fusionó con esta ficha.")
        return HttpResponseRedirect(reverse("ficha_de_cliente", args=(fusion.principal_id,)))


def _vistos(request: HttpRequest) -> set[int]:
    textos = request.POST.get(DE_TODAS_FORMAS, "")[:200].split(",")
    return {int(texto) for texto in textos if texto.isascii() and texto.isdecimal() and len(texto) <= LARGO_DE_CLAVE}


def _con_aviso(clase: type[forms.ModelForm], vistos: set[int]) -> type[forms.ModelForm]:
    """El mismo formulario, que la primera vez no pasa si el cliente se parece a otros que la persona no ha visto."""

    class Formulario(clase):  # type: ignore[valid-type, misc]
        parecidos: list[duplicados.Parecido] = []
        bloqueado = False

        def _post_clean(self) -> None:
            super()._post_clean()
            if self.errors:
                self.parecidos = _el_mismo_documento(self.instance)
                self.bloqueado = bool(self.parecidos)
                return
            hallados = duplicados.probables_duplicados([duplicados.persona_de(self.instance)], por_nombre=1)[0]
            if {uno.pk for uno in hallados} <= vistos:
                return
            self.parecidos = hallados
            self.add_error(
                None, ValidationError("Todavía no se guardó: revise si es alguno de los clientes que se le parecen.")
            )

        @property
        def claves_vistas(self) -> str:
            """Las de los que se muestran, para el botón que guarda de todas formas."""
            return ",".join(str(uno.pk) for uno in self.parecidos)

    # Heredar vuelve a hacer los campos.
    nombrar_obligatorios(Formulario.base_fields.values())
    return Formulario


def _el_mismo_documento(cliente: Cliente) -> list[duplicados.Parecido]:
    """Quien ya tiene ese documento: no se puede guardar, pero sí ir a su ficha."""
    if not cliente.documento:
        return []
    otro = Cliente.objects.filter(tipo_documento=cliente.tipo_documento, documento=cliente.documento).first()
    return [duplicados.Parecido(otro.pk, str(otro), "Tiene ese documento", 100)] if otro is not None else []
