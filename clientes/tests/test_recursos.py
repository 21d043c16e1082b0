"""Importar y exportar clientes y lo suyo."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import tablib

from clientes.models import Cliente, Municipio
from clientes.recursos import (
    RecursoCliente,
    RecursoConsentimiento,
    RecursoContrato,
    RecursoInteraccion,
    RecursoMunicipio,
    leer_clave_de_cliente,
)
from clientes.tests.fabricas import FabricaCliente, FabricaContrato, FabricaInteraccion
from movistar_site.comun.formatos_archivo import escribir_xlsx, leer_csv, leer_xlsx
from movistar_site.comun.recursos_base import Contexto

pytestmark = pytest.mark.django_db
HOY = date(2026, 6, 15)
TITULOS = [
    "Tipo de documento",
    "Documento",
    "Nombre o razón social",
    "Apellido",
    "Fecha de vinculación",
    "Teléfono",
    "Municipio",
]


def importar(tabla: Any, recurso: Any = RecursoCliente, **opciones: Any) -> Any:
    return recurso(Contexto(hoy=HOY)).import_data(tabla, **opciones)


def test_excel_que_quito_los_ceros_y_puso_numeros_se_lee_igual() -> None:
    fila = ["CC", 1020304050, "Ana", "Ríos", date(2012, 3, 15), 3001234567, 5001]
    tabla = leer_xlsx(b"".join(escribir_xlsx(TITULOS, [fila])))
    assert importar(tabla).faltas == []
    cliente = Cliente.objects.get()
    assert (cliente.documento, cliente.municipio_id, str(cliente.telefono)) == ("1020304050", "05001", "+573001234567")
    assert cliente.fecha_vinculacion == date(2012, 3, 15)
    assert importar(tabla).totals["skip"] == 1


def test_los_titulos_valen_en_espanol_o_por_su_nombre_y_las_opciones_sin_tildes() -> None:
    datos = "TIPO_DOCUMENTO;documento;nombre;APELLIDO;fecha vinculacion;estado\n"
    datos += "cédula de ciudadania;123456;Ana;Ríos;1/2/2020;Activo\n"
    assert importar(leer_csv(datos.encode())).faltas == []
    assert Cliente.objects.get().tipo_documento == "CC"


def test_salen_todas_las_faltas_de_todas_las_filas() -> None:
    tabla = tablib.Dataset(
        ["XX", "1", "", "", "2020-13-01", "123", "abc"], ["NIT", "901354361-2", "Empresa", "", "1/1/2020", "", "99999"],
        headers=TITULOS,
    )  # fmt: skip
    faltas = importar(tabla).faltas
    assert {lugar for lugar, _ in faltas} == {"fila 2", "fila 3"}
    campos = {falta.campo for lugar, falta in faltas if lugar == "fila 2"}
    assert {
        "Tipo de documento",
        "Nombre o razón social",
        "Fecha de vinculación",
        "Teléfono",
        "Municipio (código DANE)",
    } <= campos
    assert not Cliente.objects.exists()
    assert all(falta.motivo.endswith((".", "!")) or falta.motivo for _, falta in faltas)


def test_una_celda_vacia_borra_lo_opcional_y_conserva_lo_que_no_puede_faltar() -> None:
    importar(tablib.Dataset(["CC", "123456", "Ana", "Ríos", "2020-01-01", "3001234567", "05001"], headers=TITULOS))
    importar(tablib.Dataset(["CC", "123456", "", ""], headers=["tipo_documento", "documento", "telefono", "estado"]))
    cliente = Cliente.objects.get()
    assert (str(cliente.telefono), cliente.estado, cliente.municipio_id) == ("", "activo", "05001")


def test_un_cliente_inactivo_exige_su_fecha() -> None:
    tabla = tablib.Dataset(["CC", "123456", "Ana", "Ríos", "2020-01-01", "inactivo"], headers=[*TITULOS[:5], "Estado"])
    ((_, falta),) = importar(tabla).faltas
    assert "lleva la fecha" in falta.motivo


def test_un_municipio_propio_entra_con_su_departamento_por_codigo_o_nombre() -> None:
    tabla = tablib.Dataset(
        ["5997", "Uno", "5"], ["05996", "Dos", "ANTIOQUIA"], headers=["codigo", "nombre", "departamento"]
    )
    assert importar(tabla, RecursoMunicipio).faltas == []
    assert list(Municipio.objects.filter(codigo__in=["05996", "05997"]).values_list("departamento", flat=True)) == [
        "05",
        "05",
    ]


def test_un_consentimiento_nombra_a_su_cliente_y_el_que_no_existe_se_dice() -> None:
    importar(tablib.Dataset(["CC", "123456", "Ana", "Ríos", "2020-01-01"], headers=TITULOS[:5]))
    columnas = ["cliente", "finalidad", "canal", "version_texto", "otorgado_el", "medio", "evidencia"]
    bueno = ["CC-123.456", "Ofertas y promociones", "sms", "v1", "03/02/2026 10:15", "web", "Formulario"]
    malo = ["CC-999999", *bueno[1:]]
    assert [
        f.motivo for _, f in importar(tablib.Dataset(bueno, malo, headers=columnas), RecursoConsentimiento).faltas
    ] == ["No existe el cliente «CC-999999»."]
    assert importar(tablib.Dataset(bueno, headers=columnas), RecursoConsentimiento).totals["new"] == 1
    assert importar(tablib.Dataset(bueno, headers=columnas), RecursoConsentimiento).totals["skip"] == 1


@pytest.mark.parametrize(("texto", "clave"), [
    ("CC-1020304050", ("CC", "1020304050")), ("cc 1.020.304.050", ("CC", "1020304050")),
    ("NIT-901354361-1", ("NIT", "901354361-1")),
])  # fmt: skip
def test_la_clave_de_un_cliente_se_lee_como_se_escribe(texto: str, clave: tuple[str, str]) -> None:
    assert leer_clave_de_cliente(texto) == clave


@pytest.mark.parametrize("texto", ["1020304050", "CC-", "XX-12345", "CC-12", ""])
def test_una_clave_que_no_identifica_a_nadie_se_dice(texto: str) -> None:
    with pytest.raises(ValueError, match="«"):
        leer_clave_de_cliente(texto)


@pytest.mark.parametrize("recurso", [RecursoContrato, RecursoInteraccion])
def test_un_numero_que_ya_es_de_otro_cliente_no_se_lo_quita(recurso: Any) -> None:
    registro = FabricaContrato() if recurso is RecursoContrato else FabricaInteraccion()
    otro = FabricaCliente()
    exportado = recurso(Contexto(hoy=HOY)).export(type(registro).objects.all())
    columna = exportado.headers.index("cliente")
    fila = list(exportado[0])
    fila[columna] = f"{otro.tipo_documento}-{otro.documento}"
    (_, falta), = importar(tablib.Dataset(fila, headers=exportado.headers), recurso).faltas  # fmt: skip
    assert f"{registro.numero} ya es de {registro.cliente}" in falta.motivo
    registro.refresh_from_db()
    assert registro.cliente_id != otro.pk
