"""El trabajo del panel de punta a punta, en un Chromium de verdad, como lo haría una persona."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import expect

from clientes.models import Cliente, Contrato, Municipio
from clientes.tests import fabricas
from movistar_site.tests.navegador.persona import (
    PAR,
    buscar,
    campo,
    elegir,
    importar,
    ingresar,
    ir_a,
    leer,
    llenar,
    oprimir,
    pestania,
    se_sale_por_un_lado,
    titulo,
)
from servicios.models import Servicio, TipoServicio

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]
ATRIBUTOS = [("Sensores", "Número entero", "u"), ("Con cámara", "Sí o no", "")]


# --- El recorrido ----------------------------------------------------------------------------------------------------
def _crear_tipo(pagina: Any) -> None:
    ir_a(pagina, "Tipos de servicio")
    oprimir(pagina, "Agregar tipo de servicio")
    llenar(pagina, {"Nombre": "Alarma del hogar", "Descripción": "Sensores y una central que avisa."})
    atributos = pagina.get_by_role("group", name="Atributos que describen")
    for numero, (nombre, clase, unidad) in enumerate(ATRIBUTOS):
        oprimir(pagina, "Agregar otro registro de Atributo")
        campo(atributos, "Nombre").nth(numero).fill(nombre)
        campo(atributos, "Clase de dato").nth(numero).select_option(label=clase)
        campo(atributos, "Unidad").nth(numero).fill(unidad)
    oprimir(pagina, "Guardar")
    leer(pagina, "Alarma del hogar")


def _crear_servicio(pagina: Any) -> None:
    ir_a(pagina, "Servicios")
    oprimir(pagina, "Agregar servicio")
    campo(pagina, "Tipo de servicio").select_option(label="Alarma del hogar")
    llenar(pagina, {"Código": "ALA-1", "Nombre": "Alarma básica", "Sensores (u)": "4", "Precio inicial (COP)": "49.900"})
    oprimir(pagina, "Guardar")
    fila = pagina.get_by_role("row").filter(has_text="ALA-1")
    expect(fila).to_contain_text("$ 49.900")


def _crear_cliente(pagina: Any) -> None:
    ir_a(pagina, "Clientes")
    oprimir(pagina, "Agregar cliente")
    llenar(pagina, {"Documento": "1.020.304.050", "Nombre": "Ana María", "Apellido": "Ríos Peña"})
    llenar(pagina, {"Fecha de vinculación": "15/03/2012", "Teléfono": "12"})
    oprimir(pagina, "Guardar")
    leer(pagina, "El teléfono «12» no es un número de Colombia")
    campo(pagina, "Teléfono").fill("300 123 45 67")
    oprimir(pagina, "Guardar")
    titulo(pagina, "Ana María Ríos Peña")
    expect(pagina.get_by_role("region", name="Resumen del cliente")).to_contain_text("Leal")


def _contratar(pagina: Any) -> None:
    pestania(pagina, "Contratos")
    oprimir(pagina, "Nuevo contrato")
    elegir(pagina, "Servicio", "ALA-1")
    oprimir(pagina, "Guardar")
    oprimir(pagina, "C-00000001")
    oprimir(pagina, "Activar")
    oprimir(pagina, "Activar contrato")
    leer(pagina, "Contrato activado.")


def _atender(pagina: Any) -> None:
    ir_a(pagina, "Interacciones")
    oprimir(pagina, "Agregar interacción")
    elegir(pagina, "Cliente", "rios pena")
    campo(pagina, "Tipo").select_option(label="Reclamación")
    llenar(pagina, {"Asunto": "La sirena no suena", "Lo que dice el cliente": "Desde ayer.\nYa la reinicié."})
    oprimir(pagina, "Guardar")
    oprimir(pagina, "R-00000001")
    oprimir(pagina, "Responder")
    campo(pagina, "Respuesta").fill("Se cambió la sirena.")
    oprimir(pagina, "Guardar respuesta")
    leer(pagina, "Respuesta guardada.")
    leer(pagina, "Se cambió la sirena.")


def test_el_trabajo_de_un_dia(navegador: Any, administrador: Any, tmp_path: Path) -> None:
    pagina = navegador()
    ingresar(pagina, administrador, "no-es-esta")
    leer(pagina, "no corresponden")
    ingresar(pagina, administrador)
    leer(pagina, "Para empezar")
    _crear_tipo(pagina)
    _crear_servicio(pagina)
    _crear_cliente(pagina)
    _contratar(pagina)
    _atender(pagina)
