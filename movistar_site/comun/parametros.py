"""Las reglas con número: su valor por omisión, su norma y su lectura en una fecha."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class DefinicionParametro:
    """Una regla numérica del negocio: cómo se llama, cómo se lee, cuánto vale si nadie la cambia y por qué."""

    clave: str
    nombre: str
    leer: Callable[[str], Any]
    por_defecto: str
    norma: str
    esperado: str


def _entero_no_negativo(texto: str) -> int:
    valor = int(texto)
    if valor < 0:
        raise ValueError
    return valor


def _si_no(texto: str) -> bool:
    return {"si": True, "sí": True, "no": False}[texto.strip().lower()]


def _codigo_proveedor(texto: str) -> str:
    if len(texto) != 4 or not texto.isdigit():  # noqa: PLR2004 - el CUN reserva cuatro cifras
        raise ValueError
    return texto


CATALOGO: dict[str, DefinicionParametro] = {
    definicion.clave: definicion
    for definicion in (
        DefinicionParametro(
            "meses_regular",
            "Meses para ser cliente regular",
            _entero_no_negativo,
            "36",
            "Política comercial: nuevo es quien lleva menos de 3 años",
            "un número entero de meses, por ejemplo 36",
        ),
        DefinicionParametro(
            "meses_leal",
            "Meses que un cliente leal debe superar",
            _entero_no_negativo,
            "120",
            "Política comercial: leal es quien lleva más de 10 años",
            "un número entero de meses, por ejemplo 120",
        ),
        DefinicionParametro(
            "meses_permanencia_fija",
            "Permanencia máxima de un servicio fijo (meses)",
            _entero_no_negativo,
            "12",
            "CRC, Resolución 5050 de 2016",
            "un número entero de meses, por ejemplo 12",
        ),
        DefinicionParametro(
            "sabado_habil",
            "El sábado es día hábil",
            _si_no,
            "no",
            "Ley 4 de 1913, artículo 62",
            "«si» o «no»",
        ),
        DefinicionParametro(
            "dias_pqr",
            "Días hábiles para responder una PQR",
            _entero_no_negativo,
            "15",
            "Ley 1341 de 2009, artículo 54; CRC, Resolución 5050 de 2016, artículo 2.1.24.3",
            "un número entero de días hábiles, por ejemplo 15",
        ),
        DefinicionParametro(
            "dias_prorroga",
            "Días hábiles de la prórroga de una PQR",
            _entero_no_negativo,
            "15",
            "Ley 1341 de 2009, artículo 54",
            "un número entero de días hábiles, por ejemplo 15",
        ),
        DefinicionParametro(
            "dias_recurso",
            "Días hábiles para resolver un recurso",
            _entero_no_negativo,
            "15",
            "Ley 1341 de 2009, artículo 54",
            "un número entero de días hábiles, por ejemplo 15",
        ),
        DefinicionParametro(
            "dias_para_recurrir",
            "Días hábiles que tiene el cliente para interponer un recurso",
            _entero_no_negativo,
            "10",
            "Ley 1341 de 2009, artículo 54",
            "un número entero de días hábiles, por ejemplo 10",
        ),
        DefinicionParametro(
            "horas_silencio",
            "Horas para cumplir un silencio positivo",
            _entero_no_negativo,
            "72",
            "CRC, Resolución 5050 de 2016, artículo 2.1.24",
            "un número entero de horas, por ejemplo 72",
        ),
        DefinicionParametro(
            "dias_por_vencer",
            "Días hábiles antes del vencimiento en que se avisa",
            _entero_no_negativo,
            "3",
            "Política de atención",
            "un número entero de días hábiles, por ejemplo 3",
        ),
        DefinicionParametro(
            "meses_suspension",
            "Meses al año que el cliente puede suspender su servicio",
            _entero_no_negativo,
            "2",
            "CRC, Resolución 5050 de 2016, título II, capítulo 1",
            "un número entero de meses, por ejemplo 2",
        ),
        DefinicionParametro(
            "cesion_conserva_antiguedad",
            "Quien recibe un contrato cedido recibe también su antigüedad",
            _si_no,
            "no",
            "Política comercial",
            "«si» o «no»",
        ),
        DefinicionParametro(
            "codigo_proveedor",
            "Código del proveedor en el CUN",
            _codigo_proveedor,
            "0000",
            "CRC, Resolución 5050 de 2016, artículo 2.1.24",
            "cuatro cifras, por ejemplo 0000",
        ),
    )
}


def validar_valor(clave: str, texto: str) -> Any:
    """Lee el valor de un parámetro. Lanza ValueError con lo que se esperaba."""
    definicion = CATALOGO[clave]
    try:
        return definicion.leer(texto)
    except (ValueError, KeyError) as error:
        raise ValueError(f"«{texto}» no sirve para {definicion.nombre}: se espera {definicion.esperado}.") from error


def parametros(hoy: date) -> dict[str, Any]:
    """Los valores que rigen el día `hoy`, en una sola consulta; lo que nadie ha fijado vale lo de CATALOGO."""
    from .models import Parametro

    valores = {clave: definicion.leer(definicion.por_defecto) for clave, definicion in CATALOGO.items()}
    filas = Parametro.objects.filter(vigente_desde__lte=hoy).order_by("vigente_desde").values_list("clave", "valor")
    for clave, texto in filas:
        if clave in CATALOGO:
            valores[clave] = CATALOGO[clave].leer(texto)
    return valores


def normas(hoy: date) -> dict[str, str]:
    """La ley o la decisión que respalda el valor de cada parámetro el día `hoy`, en una sola consulta."""
    from .models import Parametro

    textos = {clave: definicion.norma for clave, definicion in CATALOGO.items()}
    textos.update(
        Parametro.objects.filter(vigente_desde__lte=hoy).order_by("vigente_desde").values_list("clave", "norma")
    )
    return textos
