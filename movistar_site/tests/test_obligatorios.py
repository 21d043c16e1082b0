"""Lo que falta en un formulario se dice por su nombre."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from movistar_site.comun.acciones import AdminConAcciones

pytestmark = pytest.mark.django_db
MODELOS = ["servicios.tiposervicio", "servicios.servicio", "servicios.promocion", "clientes.departamento",
           "clientes.municipio", "clientes.cliente", "clientes.contrato", "clientes.interaccion",
           "clientes.consentimiento", "clientes.motivointeraccion", "clientes.canalatencion", "clientes.equipo",
           "clientes.plantillarespuesta", "clientes.cargarne", "comun.festivo", "comun.parametro", "comun.usuario",
           "auth.group"]  # fmt: skip


@pytest.mark.parametrize("modelo", MODELOS)
def test_un_formulario_vacio_nombra_cada_dato_que_falta(superusuario: Any, modelo: str) -> None:
    cliente = Client()
    cliente.force_login(superusuario, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse(f"admin:{modelo.replace('.', '_')}_add")
    datos: dict[str, str] = {}
    for conjunto in cliente.get(url).context["inline_admin_formsets"]:
        datos |= {f"{conjunto.formset.prefix}-{fin}": "0" for fin in ("TOTAL_FORMS", "INITIAL_FORMS")}
    formulario = cliente.post(url, datos).context["adminform"].form
    assert formulario.errors
    frases = [frase for faltas in formulario.errors.values() for frase in faltas]
    assert not [frase for frase in frases if frase.startswith("Este campo")]


def test_las_acciones_tambien_nombran_lo_que_falta() -> None:
    sin_nombrar = []
    for modelo, pantalla in admin.site._registry.items():
        if not isinstance(pantalla, AdminConAcciones):
            continue
        for declarada in pantalla.acciones:
            accion = declarada() if isinstance(declarada, type) else declarada
            if accion.formulario is None:
                continue
            formulario = pantalla._formulario_de_accion(accion, _Vacio(), None, enviado=True)
            frases = [frase for faltas in formulario.errors.values() for frase in faltas]
            sin_nombrar += [(modelo.__name__, accion.nombre) for frase in frases if frase.startswith("Este campo")]
    assert not sin_nombrar


class _Vacio:
    method = "POST"
    POST: dict[str, str] = {}
    FILES: dict[str, str] = {}
