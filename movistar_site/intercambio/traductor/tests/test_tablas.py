"""Las tablas: las del panel pasan tal como vienen; las ajenas, por los mismos alias."""

from __future__ import annotations

from typing import Any

import pytest

from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.traductor import destinos

from .datos import DocumentoTabla, Lectura, leer

DEL_PANEL = [
    "Tipo de documento",
    "Documento",
    "Nombre o razón social",
    "Apellido",
    "Municipio (código DANE)",
    "Fecha de vinculación",
    "Categoría",
]
EVA = ["CC", "1020304050", "Eva María", "", "05001", "2020-01-01", ""]


def tabla(encabezados: list[str], *filas: list[Any], nombre: str = "tabla.csv", **opciones: Any) -> Lectura:
    return leer(DocumentoTabla(encabezados, list(filas), nombre), **opciones)


def test_una_tabla_del_panel_pasa_celda_por_celda() -> None:
    lectura = tabla(DEL_PANEL, EVA)
    columnas = ["tipo_documento", "documento", "nombre", "apellido", "municipio", "fecha_vinculacion", "categoria"]
    assert lectura.valores("clientes") == [dict(zip(columnas, EVA, strict=True))]
    assert lectura.de("clientes")[0].ruta == "fila 2" and lectura.avisos == {} and lectura.notas == ""


@pytest.mark.parametrize("entidad", list(ENTIDADES))
def test_los_titulos_con_que_exporta_el_panel_se_reconocen_todos(entidad: str) -> None:
    titulos = [
        titulo for columna, titulo in destinos(entidad).items() if columna in ENTIDADES[entidad].recurso._meta.fields
    ]
    lectura = tabla(titulos, ["x"] * len(titulos), nombre=f"{entidad}.csv")
    assert not [v for v in lectura.traductor.claves_vistas if not v["columna"]]


def test_una_celda_rara_se_mira_con_cuidado_y_las_demas_no() -> None:
    lectura = tabla(DEL_PANEL, EVA, [*EVA[:4], "Medellin", "7 años", "fiel"])
    segunda = lectura.valores("clientes")[1]
    assert (segunda["municipio"], segunda["fecha_vinculacion"], segunda["categoria"]) == ("05001", "2019-11-26", "leal")
    assert segunda["nombre"] == "Eva María" and segunda["apellido"] == ""


def test_una_tabla_ajena_pasa_por_los_alias() -> None:
    lectura = tabla(
        ["Cédula", "Nombre completo", "Celular", "Años", "Servicios"],
        ["12345", "Ana Ríos", "3001234567", "7", "Fibra, TV"],
    )
    cliente = lectura.cliente
    assert (cliente["documento"], cliente["apellido"], cliente["fecha_vinculacion"]) == ("12345", "Ríos", "2019-11-26")
    assert [f["servicio"] for f in lectura.valores("contratos")] == ["Fibra", "TV"]


def test_los_numeros_de_excel() -> None:
    lectura = tabla(["cedula", "nombre", "cel", "año"], [1020304050, "Ana Ríos", 3001234567.0, 2015.0], nombre="h.xlsx")
    cliente = lectura.cliente
    assert (cliente["documento"], cliente["telefono"], cliente["fecha_vinculacion"]) == (
        "1020304050",
        "3001234567",
        "2015-01-01",
    )


def test_una_columna_desconocida_se_avisa_una_vez_y_una_contrasena_no_se_muestra() -> None:
    lectura = tabla([*DEL_PANEL, "Apodo", "Contraseña"], [*EVA, "", "s3creta"], [*EVA, "Pepa", "x"])
    assert lectura.avisos == {"Apodo": "Pepa", "Contraseña": "(oculto)"}
    assert "s3creta" not in repr(lectura.salidas) + repr(lectura.traductor.claves_vistas)


def test_una_fila_mal_formada_es_una_falla() -> None:
    documento = DocumentoTabla(DEL_PANEL, [EVA, EVA[:3]], fallas={3: "La fila tiene 3 celdas."})
    assert leer(documento).fallas == [("fila 3", "La fila tiene 3 celdas.")]


def test_una_fila_en_blanco_se_omite() -> None:
    assert len(tabla(["Cédula", "Nombre completo"], ["", ""], ["12345", "Ana Ríos"]).omitidos) == 1


@pytest.mark.parametrize(
    ("encabezados", "nombre", "entidad"),
    [
        (["Código", "Nombre", "Precio mensual"], "planes.csv", "servicios"),
        (["servicio", "desde", "valor"], "precios.csv", "precios"),
        (["Número", "Cliente", "Servicio", "Fecha de inicio"], "x.csv", "contratos"),
        (["Cédula", "Nombre"], "x.csv", "clientes"),
        (["cliente", "queja", "fecha"], "quejas.csv", "interacciones"),
    ],
)
def test_que_trae_una_tabla(encabezados: list[str], nombre: str, entidad: str) -> None:
    lectura = tabla(encabezados, ["12345"] * len(encabezados), nombre=nombre)
    assert lectura.de(entidad)


def test_la_entidad_dicha_manda() -> None:
    assert tabla(["Nombre", "Precio"], ["Fibra", "1.000"], entidad="servicios").de("servicios")


def test_una_tabla_que_no_se_reconoce_y_una_sin_sus_claves_se_rechazan() -> None:
    with pytest.raises(ArchivoIlegible, match="diga la entidad"):
        tabla(["color", "sabor"], ["a", "b"])
    with pytest.raises(ArchivoIlegible, match="Falta la columna «Código»"):
        tabla(["Nombre"], ["a"], nombre="tipos.csv")


def test_los_contratos_y_las_interacciones_de_una_tabla_dicen_de_quien_son() -> None:
    lectura = tabla(
        ["cliente", "servicio", "fecha_inicio"], ["CC-12345", "FIB-1", "2020-01-01"], nombre="contratos.csv"
    )
    assert lectura.valores("contratos") == [{"cliente": "CC-12345", "servicio": "FIB-1", "fecha_inicio": "2020-01-01"}]
    suelta = tabla(["cedula", "plan"], ["12345", "Fibra"], nombre="contratos.csv").valores("contratos")
    assert (suelta[0]["cliente"], suelta[0]["servicio"]) == ("CC-12345", "Fibra")
