"""Un JSON roto se lee hasta donde se puede, sin inventar, diciendo qué se reparó; lo demás se rechaza con su lugar."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from movistar_site.intercambio.lector import ArchivoIlegible
from movistar_site.intercambio.lector.cursor import VENTANA
from movistar_site.intercambio.lector.piezas import MAX_REPARACIONES
from movistar_site.intercambio.lector.tests.ayudas import escrito, leer_json

ANA = '{"documento": "1020304050", "nombre": "Ana"}'
LUZ = '{"documento": "52345678", "nombre": "Luz"}'
A, L = json.loads(ANA), json.loads(LUZ)
AMBAS = pytest.mark.parametrize("ventana", [24, VENTANA])


@pytest.mark.parametrize(
    ("texto", "esperado", "dice"),
    [
        (f"{ANA}\n{LUZ}", [A, L], "línea 2, columna 1: El archivo trae varios documentos"),
        (f"{ANA};\n{LUZ};", [A, L], "varios documentos"),
        (f"[{ANA}]\n[{LUZ}]", [[A], [L]], "varios documentos"),
        (f"[{ANA}], {LUZ}]", [[A], L], "Sobra una coma"),
        (f"\ufeff{ANA}\ufeff{LUZ}", [A, L], "carácter invisible"),
        (f'{{"x": 1, {ANA} }}', {"x": 1, "": A}, "valor sin clave"),
    ],
)
def test_varios_documentos_son_una_lista_de_ellos(tmp_path: Path, texto: str, esperado: Any, dice: str) -> None:
    leido, reparaciones = leer_json(escrito(tmp_path, texto))
    assert leido == esperado
    assert any(dice in reparacion for reparacion in reparaciones), reparaciones


@pytest.mark.parametrize(
    ("documentos", "esperado"),
    [
        ([{"servicios": [A] * 9}, {"usuarios": [L] * 9}], {"servicios": [A] * 9, "usuarios": [L] * 9}),
        ([[A] * 9, [L] * 9, [A]], [A] * 9 + [L] * 9 + [A]),
        ([[A] * 9, L], [A] * 9 + [L]),
        ([{"servicios": [A] * 9}, [L] * 9], {"servicios": [A] * 9, "": [L] * 9}),
    ],
)
def test_detras_de_un_documento_que_no_cabe_siguen_los_demas(
    tmp_path: Path, documentos: list[Any], esperado: Any
) -> None:
    leido, reparaciones = leer_json(escrito(tmp_path, "\n".join(map(json.dumps, documentos))), 200)
    assert leido == esperado
    assert "línea 2, columna 1: El archivo trae varios documentos" in reparaciones[0]


@AMBAS
@pytest.mark.parametrize(
    ("texto", "esperado", "dice"),
    [
        (f"\ufeff[{ANA},\ufeff{LUZ}]", [A, L], "carácter invisible"),
        (f"[{ANA}, {LUZ},]", [A, L], "Sobra una coma antes de «]»"),
        (f"[{ANA[:-1]},}}, {LUZ}]", [A, L], "Sobra una coma antes de «}»"),
        (f"[{ANA},, {LUZ}]", [A, L], "Sobra una coma"),
        (f"[{ANA}\n{LUZ}]", [A, L], "línea 2, columna 1: Falta una coma"),
        ('{"a": 1\n"b": 2}', {"a": 1, "b": 2}, "línea 2, columna 1: Falta una coma"),
        ("{ {, " + ANA[1:] + "}", [A], "objeto sin claves"),
        (f"{{ {ANA}, {LUZ} }}", [A, L], "objeto sin claves"),
        (
            '{documento: "1", N_celular: 3, año: 2011}',
            {"documento": "1", "N_celular": 3, "año": 2011},
            "no tiene comillas",
        ),
        ('{servicio en uso: "x"}', {"servicio en uso": "x"}, "no tiene comillas"),
        (f"// copia\n[{ANA}, /* otra\nlínea */ {LUZ} # fin\n]", [A, L], "línea 1, columna 1: Hay un comentario"),
        (
            "{'nombre': 'O\\'Neil', 'activo': True, 'x': None}",
            {"nombre": "O'Neil", "activo": True, "x": None},
            "comillas",
        ),
        ("{“nombre”: “Ana”}", {"nombre": "Ana"}, "comillas que no son las dobles"),
        ('{"a": "uno\ndos\t"}', {"a": "uno\ndos\t"}, "línea 1, columna 11: Hay un salto de línea"),
        ('{"a": "C:\\dir\\u00e1 \\u12"}', {"a": "C:\\dirá \\u12"}, "barra invertida suelta"),
        ('{"a": 1, "b": , "c": 3}', {"a": 1, "c": 3}, "La clave «b» no trae valor"),
        ('{"a": {"b": }}', {"a": {}}, "La clave «b» no trae valor"),
        (
            '{"a": 05001, "b": +57, "c": .5, "d": 5.}',
            {"a": "05001", "b": "+57", "c": ".5", "d": "5."},
            "se lee como texto",
        ),
        ('{"a": [1, 2}', {"a": [1, 2]}, "Falta «]» antes de «}»"),
        (f"{ANA}}}", A, "Sobra «}»"),
        (f"[{ANA}]\x1a", [A], "carácter invisible"),
    ],
)
def test_se_repara_y_se_dice(tmp_path: Path, ventana: int, texto: str, esperado: Any, dice: str) -> None:
    leido, reparaciones = leer_json(escrito(tmp_path, texto), ventana)
    assert leido == esperado
    assert any(dice in reparacion for reparacion in reparaciones), reparaciones


@AMBAS
@pytest.mark.parametrize(
    ("texto", "dice"),
    [
        ("[1 2]", "línea 1, columna 4: se esperaba una coma"),
        ('["a" "b"]', "columna 6: se esperaba una coma"),
        ('{"nombre": "Ana, "apellido": "x"}', "columna 19.*comillas de antes"),
        ('{"nombre": "Ana,\n"apellido": "x"}', "línea 2, columna 2.*comillas de antes"),
        ('{"a" 1}', "dos puntos después de la clave «a»"),
        ('[{"a": 1},\n {"a": hola}]', "línea 2, columna 8: «hola» no es un valor"),
        ('{"precio": $ 250}', "«\\$» no es un valor"),
        ('{"a": NaN}', "columna 7: «NaN» no es un valor válido"),
        ("[-Infinity]", "«-Infinity»"),
        ("[undefined]", "«undefined»"),
        ('{"a": 1, - }', "se esperaba una clave y hay «-»"),
        ("<html><body>404</body></html>", "línea 1, columna 1"),
        ("documento;nombre\n1;Ana\n", "línea 1, columna 1"),
        ("]", "no trae nada completo"),
        ("// nada", "ningún dato"),
        ('{"documento": "10203', "columna 15, y antes no trae nada completo"),
    ],
)
def test_lo_que_no_se_puede_recuperar_se_rechaza_con_su_lugar(
    tmp_path: Path, ventana: int, texto: str, dice: str
) -> None:
    with pytest.raises(ArchivoIlegible, match=dice) as fallo:
        leer_json(escrito(tmp_path, texto), ventana)
    assert str(fallo.value).endswith(".") and "\n" not in str(fallo.value)


@pytest.mark.parametrize(
    ("texto", "esperado", "donde"),
    [
        (f'[{ANA}, {{"documento": "52", "nomb', [A], "[1]"),
        (f'[{ANA}, {{"documento": "52", "servicios": [{{"servicio": "FIB"}}, {{"serv', [A], "[1].servicios[1]"),
        (
            f'{{"movistar": {{"usuarios": {{"CC-1": {ANA}, "CC-2": {{"documento": "52"',
            {"movistar": {"usuarios": {"CC-1": A}}},
            "movistar.usuarios.CC-2",
        ),
        (f'{{"version": 1, "datos": [{ANA}, {LUZ}, {{"documento"', {"version": 1, "datos": [A, L]}, "datos[2]"),
        (
            f'{{"servicios": {{"F": {ANA}}}, "usuarios": {{"CC-1": {ANA}, "CC-2"',
            {"servicios": {"F": A}, "usuarios": {"CC-1": A}},
            "usuarios",
        ),
        (f'[{ANA}, {{"documento": "52", "fecha": ["15", "03"', [A], "[1].fecha"),
        (f"[{ANA}, {LUZ}", [A, L], ""),
        (f"[{ANA}, 12", [A], ""),
        (f"{ANA}\n{LUZ[:-9]}", A, ""),
    ],
)
def test_de_un_archivo_cortado_salen_los_registros_completos(
    tmp_path: Path, texto: str, esperado: Any, donde: str
) -> None:
    leido, reparaciones = leer_json(escrito(tmp_path, texto))
    assert leido == esperado
    assert "se acaba aquí" in reparaciones[-1] and (not donde or f"dentro de «{donde}»" in reparaciones[-1])


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.text(max_size=8), min_size=1), min_size=1), st.data())
@settings(deadline=None)
def test_un_corte_nunca_deja_un_registro_a_medias(registros: list[dict[str, str]], datos: st.DataObject) -> None:
    texto = json.dumps({"movistar": {"usuarios": registros}})
    corte = datos.draw(st.integers(0, len(texto)))
    with tempfile.TemporaryDirectory() as carpeta:
        try:
            leido, reparaciones = leer_json(
                escrito(Path(carpeta), texto[:corte]), datos.draw(st.sampled_from([4_096, VENTANA]))
            )
        except ArchivoIlegible:
            assert corte < len(texto)
            return
    recuperados = leido.get("movistar", {}).get("usuarios", [])
    assert recuperados == registros[: len(recuperados)]
    assert bool(reparaciones) == (corte < len(texto))


VALIDO = json.dumps(
    {
        "movistar": {
            "servicios": {"FIB-300": {"nombre": "Fibra 300", "precio": 74900.5, "activo": True, "notas": None}},
            "usuarios": [
                {"documento": "1020304050", "nombre": "Ana María", "fecha": ["15", "03"], "servicios": ["FIB-300"]}
            ]
            * 3,
        }
    },
    ensure_ascii=False,
    indent=1,
).encode()
MUTACIONES = st.lists(
    st.tuples(
        st.integers(0, len(VALIDO)),
        st.integers(0, 12),
        st.sampled_from([b"", *(bytes((b,)) for b in b"{}[],:\"'\\/#0e-.\n\xff\xc3\0nt ")]),
    ),
    min_size=1,
    max_size=4,
)


def _texto_de(datos: bytes) -> str:
    """En UTF-8 o, si no lo es, en la codificación de Windows: un archivo con «ÿ» no está roto."""
    try:
        return datos.decode()
    except UnicodeDecodeError:
        return datos.decode("cp1252", "replace")


@given(MUTACIONES, st.sampled_from([3, 32, 200, VENTANA]))
@example([(4, 0, b"\xff")] * 4, 3)
@settings(deadline=None, max_examples=500)
def test_ninguna_mutacion_de_un_archivo_valido_rompe_el_lector(mutaciones: list[Any], ventana: int) -> None:
    datos = VALIDO
    for posicion, quita, pone in mutaciones:
        datos = datos[:posicion] + pone + datos[posicion + quita :]
    with tempfile.TemporaryDirectory() as carpeta:
        try:
            leido, reparaciones = leer_json(escrito(Path(carpeta), datos), ventana)
        except ArchivoIlegible as error:
            assert str(error).endswith(".") and "\n" not in str(error)
            return
    try:
        esperado = json.loads(_texto_de(datos), parse_float=Decimal, parse_constant=int)
    except ValueError:
        assert reparaciones
    else:
        assert leido == esperado or reparaciones


@given(st.binary(max_size=200), st.sampled_from([3, VENTANA]))
@settings(deadline=None, max_examples=300)
def test_ningun_archivo_rompe_el_lector(datos: bytes, ventana: int) -> None:
    with tempfile.TemporaryDirectory() as carpeta:
        for contenido in (datos, b'[{"a":' + datos, b'{"a": [1, "' + datos + b'"]}'):
            try:
                leer_json(escrito(Path(carpeta), contenido), ventana)
            except ArchivoIlegible as error:
                assert "\n" not in str(error)


def test_un_registro_roto_en_un_archivo_grande_no_estorba_a_los_demas(tmp_path: Path) -> None:
    registros = [ANA] * 500
    registros[300] = '{documento: \'1020304050\', "nombre": "Ana",}'
    leido, reparaciones = leer_json(escrito(tmp_path, "[" + ",\n".join(registros) + "]"), 2_048)
    assert leido == [A] * 500
    assert {reparacion.split(",")[0] for reparacion in reparaciones} == {"línea 301"}


def test_la_lista_de_reparaciones_tiene_tope(tmp_path: Path) -> None:
    leido, reparaciones = leer_json(
        escrito(tmp_path, "[" + ",\n".join([ANA[:-1] + ",}"] * (MAX_REPARACIONES + 50)) + "]")
    )
    assert len(leido) == MAX_REPARACIONES + 50
    assert len(reparaciones) == MAX_REPARACIONES + 1 and "más reparaciones" in reparaciones[-1]


def test_un_texto_sin_cerrar_de_varios_megabytes_se_rechaza(tmp_path: Path) -> None:
    with pytest.raises(ArchivoIlegible, match="línea 1, columna 2: hay un texto de varios megabytes"):
        leer_json(escrito(tmp_path, '["' + "a" * 40_000_000))
