"""Un JSON de cualquier tamaño se lee igual que con json.loads, aunque solo quepa una parte en la ventana."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movistar_site.intercambio.lector import ArchivoIlegible, DocumentoJson, Flujo, Objeto, abrir
from movistar_site.intercambio.lector.cursor import VENTANA
from movistar_site.intercambio.lector.tests.ayudas import entero, escrito, leer_json

VENTANAS = st.sampled_from([1, 2, 7, 16, 64, VENTANA])
DECIMALES = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=3)
HOJAS = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=30) | DECIMALES
ARBOLES = st.recursive(
    HOJAS,
    lambda hijos: st.lists(hijos, max_size=5) | st.dictionaries(st.text(max_size=10), hijos, max_size=5),
    max_leaves=25,
)


def volcado(valor: Any, **opciones: Any) -> str:
    """El JSON de un valor, con los decimales como números y todas sus cifras."""
    marcas: dict[str, str] = {}

    def marca(decimal: Decimal) -> str:
        clave = f"decimal-{len(marcas)}-"
        marcas[f'"{clave}"'] = str(decimal)
        return clave

    texto = json.dumps(valor, default=marca, **opciones)
    for entre_comillas, cifras in marcas.items():
        texto = texto.replace(entre_comillas, cifras, 1)
    return texto


@given(ARBOLES, VENTANAS, st.sampled_from([None, 0, 3]), st.booleans())
@settings(deadline=None, max_examples=300)
def test_se_lee_lo_mismo_con_cualquier_ventana(arbol: Any, ventana: int, sangria: int | None, ascii_: bool) -> None:
    texto = volcado(arbol, indent=sangria, ensure_ascii=ascii_)
    with tempfile.TemporaryDirectory() as carpeta:
        ruta = escrito(Path(carpeta), texto.encode("utf-8", "replace"))
        esperado = json.loads(ruta.read_text("utf-8"), parse_float=Decimal)
        assert leer_json(ruta, ventana) == (esperado, [])


FORMAS = {
    "canónico": ('{"movistar": {"usuarios": {', '"CC-%d": ', "}}}"),
    "lista": ("[", "", "]"),
    "secciones": ('[{"Tipo": "Usuarios", "Usuarios": [', "", "]}]"),
    "líneas": ("", "", ""),
}


@pytest.mark.parametrize("forma", FORMAS)
def test_un_archivo_mayor_que_la_ventana_nunca_esta_entero_en_memoria(tmp_path: Path, forma: str) -> None:
    principio, clave, final = FORMAS[forma]
    union = "\n" if forma == "líneas" else ",\n"
    registro = '{"nombre": "Inés", "servicios": [{"servicio": "FIB-300"}], "valor": 74900.50}'
    registros = union.join((clave % n if clave else "") + registro for n in range(2_000))
    ruta = escrito(tmp_path, principio + registros + final)
    vistos, mayor = 0, 0
    with abrir(ruta, "u.json", ventana=4_096) as documento:
        assert isinstance(documento, DocumentoJson)

        def recorrer(valor: Any) -> None:
            nonlocal vistos, mayor
            if isinstance(valor, Flujo):
                for _, hijo in valor:
                    recorrer(hijo)
            elif isinstance(valor, Objeto) and "nombre" in valor:
                vistos += 1
                mayor = max(mayor, len(documento._analizador.cursor.texto))
                assert valor["valor"] == Decimal("74900.50") and documento.leidos <= documento.bytes

        recorrer(documento.raiz())
    assert vistos == 2_000 and mayor < 3 * 4_096


def test_un_flujo_sin_recorrer_se_pasa_por_alto(tmp_path: Path) -> None:
    ruta = escrito(tmp_path, json.dumps([{"a": list(range(50))}, {"a": list(range(50))}, "fin"]))
    with abrir(ruta, "u.json", ventana=16) as documento:
        assert isinstance(documento, DocumentoJson)
        hijos = list(documento.raiz())
        assert [indice for indice, _ in hijos] == [0, 1, 2] and hijos[2][1] == "fin"
        assert list(hijos[0][1]) == []


def test_los_numeros_conservan_las_cifras_del_archivo(tmp_path: Path) -> None:
    leido, _ = leer_json(escrito(tmp_path, "[50.0, 50.000, 85000, 1e3]"))
    assert [str(numero) for numero in leido] == ["50.0", "50.000", "85000", "1E+3"]


@pytest.mark.parametrize(
    "numero", ["9" * 5_000, "9" * 4_500, "1e999999999", "0." + "1" * 100, "-1e-99999999999999999999"]
)
@pytest.mark.parametrize("ventana", [16, VENTANA])
def test_un_numero_desmedido_se_lee_como_texto_y_se_dice(tmp_path: Path, numero: str, ventana: int) -> None:
    leido, reparaciones = leer_json(escrito(tmp_path, f'[{{"a": {numero}, "b": 1}}]'), ventana)
    assert leido == [{"a": numero, "b": 1}] and "demasiadas cifras" in reparaciones[0]


@pytest.mark.parametrize("niveles", [41, 200, 100_000])
@pytest.mark.parametrize("ventana", [16, VENTANA])
@pytest.mark.parametrize(("abre", "cierra"), [("[", "]"), ('{"a":', "}")])
def test_un_nido_de_muchos_niveles_se_rechaza(
    tmp_path: Path, niveles: int, ventana: int, abre: str, cierra: str
) -> None:
    for contenido in (abre * niveles + "1" + cierra * niveles, "[1, 2, " + abre * niveles):
        with pytest.raises(ArchivoIlegible, match=r"más de 40 niveles.* línea 1"):
            leer_json(escrito(tmp_path, contenido), ventana)


@pytest.mark.parametrize("ventana", [16, VENTANA])
def test_cuarenta_niveles_caben(tmp_path: Path, ventana: int, settings: Any) -> None:
    leido, _ = leer_json(escrito(tmp_path, "[" * 40 + "]" * 40), ventana)
    assert json.dumps(leido) == "[" * 40 + "]" * 40
    settings.IMPORTACION_MAX_NIVELES = 3
    with pytest.raises(ArchivoIlegible, match="más de 3 niveles"):
        leer_json(escrito(tmp_path, "[[[[]]]]"), ventana)


def test_un_registro_con_muchos_corchetes_y_pocos_niveles_cabe(tmp_path: Path) -> None:
    contenido = [{"servicios": [[{"a": n}] for n in range(60)]}]
    assert leer_json(escrito(tmp_path, json.dumps(contenido)))[0] == contenido


def test_un_archivo_de_mas_del_maximo_se_rechaza(tmp_path: Path, settings: Any) -> None:
    settings.IMPORTACION_MAX_BYTES = 10
    with pytest.raises(ArchivoIlegible, match="máximo"):
        abrir(escrito(tmp_path, '{"clave": "valor"}'), "u.json")


def test_un_archivo_que_ya_no_esta_se_dice(tmp_path: Path) -> None:
    with pytest.raises(ArchivoIlegible, match="vuelva a subirlo"):
        abrir(tmp_path / "no-esta.json", "no-esta.json")


def test_el_documento_lleva_la_huella_del_archivo(tmp_path: Path) -> None:
    with abrir(escrito(tmp_path, "[]"), "u.JSON") as documento:
        assert documento.huella == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
        assert (documento.formato, documento.bytes, documento.codificacion) == ("json", 2, "utf-8")


def test_las_claves_repetidas_se_conservan_en_orden(tmp_path: Path) -> None:
    with abrir(escrito(tmp_path, '[{"a": 1, "b": 2,\n "a": 3, "a": 4}]'), "u.json") as documento:
        assert isinstance(documento, DocumentoJson)
        objeto = documento.raiz()[0]
        assert objeto == {"a": 1, "b": 2} and list(objeto.repetidos) == [("a", 3), ("a", 4)]
        assert [(r.linea, r.columna) for r in documento.reparaciones] == [(2, 2), (2, 10)]
        assert entero(objeto) == {"a": 4, "b": 2}
