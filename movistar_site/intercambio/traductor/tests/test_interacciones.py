"""Consultas, reclamaciones y sugerencias, en cada una de sus formas."""

from __future__ import annotations

from typing import Any

import pytest

from .datos import de_persona, leer


@pytest.mark.parametrize(
    ("clave", "tipo"),
    [
        ("consulta", "consulta"),
        ("consultas", "consulta"),
        ("preguntas", "consulta"),
        ("reclamaciones", "reclamacion"),
        ("reclamos", "reclamacion"),
        ("queja", "reclamacion"),
        ("quejas", "reclamacion"),
        ("reportes", "reclamacion"),
        ("sugerencia", "sugerencia"),
        ("sugerencias", "sugerencia"),
        ("pqr", "consulta"),
    ],
)
@pytest.mark.parametrize(
    "valor", ["No hay señal", ["No hay señal"], [{"detalle": "No hay señal"}], {"1": "No hay señal"}]
)
def test_cada_clave_dice_la_clase(clave: str, tipo: str, valor: Any) -> None:
    (fila,) = de_persona(**{clave: valor}).valores("interacciones")
    assert (fila["tipo"], fila["asunto"], fila["cliente"]) == (tipo, "No hay señal", "CC-1020304050")
    assert fila["fecha"] == "2026-11-26T00:00:00-05:00"


def test_agrupadas_en_un_objeto() -> None:
    agrupadas = {
        "quejas": ["Lento"],
        "sugerencias": "Más canales",
        "preguntas": [{"pregunta": "¿Saldo?", "fecha": "01-02-2026"}],
    }
    filas = de_persona(interacciones=agrupadas).valores("interacciones")
    assert [(f["tipo"], f["asunto"]) for f in filas] == [
        ("reclamacion", "Lento"),
        ("sugerencia", "Más canales"),
        ("consulta", "¿Saldo?"),
    ]
    assert filas[2]["fecha"] == "2026-02-01"


@pytest.mark.parametrize(
    "registro",
    [
        {"tipo": "Queja", "detalle": "Lento"},
        {"queja": "Lento", "estado": "abierta"},
        {"asunto": "Lento", "clase": "reclamo"},
    ],
)
def test_una_lista_de_registros(registro: dict[str, Any]) -> None:
    (fila,) = de_persona(interacciones=[registro]).valores("interacciones")
    assert (fila["tipo"], fila["asunto"]) == ("reclamacion", "Lento")


def test_un_texto_largo_va_entero_al_texto() -> None:
    largo = "No hay señal " * 30
    (fila,) = de_persona(queja=largo).valores("interacciones")
    assert len(fila["asunto"]) <= 160 and fila["texto"] == largo.strip()


def test_por_fecha() -> None:
    (fila,) = de_persona(quejas={"03-02-2026": "Lento"}).valores("interacciones")
    assert fila["fecha"] == "2026-02-03"


def test_la_que_viene_cerrada_sin_respuesta_lo_dice() -> None:
    lectura = de_persona(quejas=[{"detalle": "Lento", "estado": "Resuelta", "fecha": "2026-02-03"}])
    (fila,) = lectura.valores("interacciones")
    assert fila["estado"] == "respondida" and fila["respuesta"] and fila["respondida_el"] == "2026-02-03"
    assert "sin el texto de la respuesta" in lectura.notas


@pytest.mark.parametrize("valor", ["", None, [], {}, "none", "Sin quejas", [""], "Ninguna"])
def test_lo_vacio_no_da_nada(valor: Any) -> None:
    lectura = de_persona(quejas=valor)
    assert lectura.de("interacciones") == [] and lectura.avisos == {}


def test_un_numero_no_es_una_queja() -> None:
    assert de_persona(quejas=3).avisos["interacciones"] == "3"


def test_el_tercer_archivo_con_tres_listas_dice_de_quien_es_cada_una() -> None:
    contenido = {
        "consultas": [{"nombre": "Ana Ríos", "telefono": "3001234567", "consulta": "¿Saldo?"}],
        "reclamaciones": [{"nombre": "Ana", "apellido": "Ríos", "cel": 3001234567, "reclamo": "Lento"}],
        "sugerencias": [{"cedula": "1020304050", "sugerencia": "Más canales"}],
    }
    filas = leer(contenido, "interacciones.json").valores("interacciones")
    assert [f["tipo"] for f in filas] == ["consulta", "reclamacion", "sugerencia"]
    assert filas[0]["cliente"] == filas[1]["cliente"] == {"nombre": "Ana Ríos", "telefono": "3001234567"}
    assert filas[2]["cliente"] == "CC-1020304050"


def test_bajo_el_documento_de_cada_cliente() -> None:
    filas = leer({"quejas": {"1020304050": ["Lento", "Caro"]}}).valores("interacciones")
    assert [(f["cliente"], f["asunto"]) for f in filas] == [("CC-1020304050", "Lento"), ("CC-1020304050", "Caro")]


def test_una_sin_cliente_se_lee_y_se_sabra_que_le_falta() -> None:
    (fila,) = leer({"quejas": ["Lento"]}).valores("interacciones")
    assert "cliente" not in fila
