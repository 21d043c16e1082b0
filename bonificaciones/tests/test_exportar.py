"""La fidelización y los contactos salen en archivos, con el filtro puesto y su constancia; nunca entran."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from bonificaciones.recursos import RecursoBonificacion, RecursoDerivacion, RecursoOferta
from clientes.recursos import RecursoContacto
from clientes.tests.fabricas import FabricaCliente, FabricaContacto
from movistar_site.comun.models import Exportacion
from movistar_site.comun.recursos_base import Contexto
from movistar_site.comun.salida import escribir_consulta

from .fabricas import HOY, FabricaBonificacion, FabricaDerivacion, FabricaOferta

pytestmark = pytest.mark.django_db
LISTAS = ("bonificaciones_bonificacion", "bonificaciones_derivacion", "bonificaciones_oferta", "clientes_contacto")


def exportar(navegador: Any, modelo: str, formato: str = "0", **filtros: str) -> Any:
    """Lo que baja quien elige ese formato y todas las columnas."""
    direccion = reverse(f"admin:{modelo}_export")
    formulario = navegador.get(direccion).context["form"]
    columnas = {nombre: "on" for nombre, campo in formulario.fields.items() if getattr(campo, "is_selectable_field", 0)}
    consulta = "&".join(f"{clave}={valor}" for clave, valor in filtros.items())
    return navegador.post(f"{direccion}?{consulta}", {"format": formato, **columnas})


def contenido(respuesta: Any) -> str:
    assert respuesta.status_code == 200, respuesta
    return b"".join(respuesta.streaming_content).decode("utf-8-sig")


def test_sale_lo_filtrado_con_su_constancia(analista: Any, cliente_http: Any) -> None:
    bono = FabricaBonificacion(cliente=FabricaCliente(documento="1020304050"), factura=100_000, costo_mensual=10_000)
    FabricaBonificacion(estado="anulada", cerrada_el=bono.creado_en)
    filas = list(csv.DictReader(io.StringIO(contenido(
        exportar(cliente_http(analista), "bonificaciones_bonificacion", estado__exact="asignada")
    )), delimiter=";"))  # fmt: skip
    assert [fila["Cliente"] for fila in filas] == ["CC-1020304050"]
    assert filas[0]["Programa"] == bono.programa.codigo
    constancia = Exportacion.objects.get()
    assert (constancia.que, constancia.registros) == ("Bonificaciones", 1)
    assert constancia.filtro == "estado: asignada"


def test_cada_una_se_escribe_en_los_tres_formatos() -> None:
    derivacion = FabricaDerivacion()
    oferta, contacto = FabricaOferta(), FabricaContacto()
    for recurso, registro in (
        (RecursoBonificacion, derivacion.bonificacion), (RecursoDerivacion, derivacion), (RecursoOferta, oferta),
        (RecursoContacto, contacto),
    ):  # fmt: skip
        uno = recurso(Contexto(hoy=HOY))
        consulta = type(registro).objects.order_by("pk")
        for formato in ("csv", "xlsx", "json"):
            assert b"".join(escribir_consulta(uno, consulta, formato))
        [leido] = json.loads(b"".join(escribir_consulta(uno, consulta, "json")))
        assert leido["cliente"] == f"CC-{registro.cliente.documento}"


@pytest.mark.parametrize("modelo", LISTAS)
def test_quien_no_exporta_no_ve_el_boton_ni_la_pagina(
    modelo: str, asesor: Any, analista: Any, cliente_http: Any
) -> None:
    lista, direccion = reverse(f"admin:{modelo}_changelist"), reverse(f"admin:{modelo}_export")
    vendedora, mira = cliente_http(asesor), cliente_http(analista)
    assert vendedora.get(direccion).status_code == 403
    assert direccion not in vendedora.get(lista).content.decode()
    assert direccion in mira.get(lista).content.decode()


@pytest.mark.parametrize("modelo", LISTAS)
def test_no_se_importan_ni_siendo_superusuario(modelo: str, superusuario: Any, cliente_http: Any) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{modelo}_import")
    todo = cliente_http(superusuario).get(reverse(f"admin:{modelo}_changelist")).content.decode()
    assert "Importar" not in todo.split('id="changelist"')[0].split("Intercambio")[0]
    assert f"/{modelo.replace('_', '/')}/import/" not in todo
