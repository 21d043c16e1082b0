"""Las reglas con número: su valor por omisión, su norma y su lectura en una fecha."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

PLAZOS, CONTRATOS, CLIENTES = "Interacciones y plazos", "Contratos", "Categorías de cliente"
CONTACTO, FIDELIZACION = "Contacto con el cliente", "Fidelización y ofertas"
GRUPOS = (PLAZOS, CONTRATOS, CLIENTES, CONTACTO, FIDELIZACION)
"""Cómo se agrupan los parámetros en su página."""


@dataclass(frozen=True)
class DefinicionParametro:
    """Una regla numérica del negocio: cómo se llama, cómo se lee, cuánto vale si nadie la cambia y por qué."""

    clave: str
    nombre: str
    leer: Callable[[str], Any]
    por_defecto: str
    norma: str
    esperado: str
    grupo: str


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


def _franja(texto: str) -> tuple[time, time]:
    """Una franja del día: la hora final ya no entra."""
    desde, hasta = (time.fromisoformat(parte.strip()) for parte in texto.split("-"))
    if desde >= hasta:
        raise ValueError
    return desde, hasta


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
            CLIENTES,
        ),
        DefinicionParametro(
            "meses_leal",
            "Meses que un cliente leal debe superar",
            _entero_no_negativo,
            "120",
            "Política comercial: leal es quien lleva más de 10 años",
            "un número entero de meses, por ejemplo 120",
            CLIENTES,
        ),
        DefinicionParametro(
            "meses_permanencia_fija",
            "Permanencia máxima de un servicio fijo (meses)",
            _entero_no_negativo,
            "12",
            "CRC, Resolución 5050 de 2016",
            "un número entero de meses, por ejemplo 12",
            CONTRATOS,
        ),
        DefinicionParametro(
            "sabado_habil",
            "El sábado es día hábil",
            _si_no,
            "no",
            "Ley 4 de 1913, artículo 62",
            "«si» o «no»",
            PLAZOS,
        ),
        DefinicionParametro(
            "dias_pqr",
            "Días hábiles para responder una PQR",
            _entero_no_negativo,
            "15",
            "Ley 1341 de 2009, artículo 54; CRC, Resolución 5050 de 2016, artículo 2.1.24.3",
            "un número entero de días hábiles, por ejemplo 15",
            PLAZOS,
        ),
        DefinicionParametro(
            "dias_prorroga",
            "Días hábiles de la prórroga de una PQR",
            _entero_no_negativo,
            "15",
            "Ley 1341 de 2009, artículo 54",
            "un número entero de días hábiles, por ejemplo 15",
            PLAZOS,
        ),
        DefinicionParametro(
            "dias_recurso",
            "Días hábiles para resolver un recurso",
            _entero_no_negativo,
            "15",
            "Ley 1341 de 2009, artículo 54",
            "un número entero de días hábiles, por ejemplo 15",
            PLAZOS,
        ),
        DefinicionParametro(
            "dias_para_recurrir",
            "Días hábiles que tiene el cliente para interponer un recurso",
            _entero_no_negativo,
            "10",
            "Ley 1341 de 2009, artículo 54",
            "un número entero de días hábiles, por ejemplo 10",
            PLAZOS,
        ),
        DefinicionParametro(
            "horas_silencio",
            "Horas para cumplir un silencio positivo",
            _entero_no_negativo,
            "72",
            "CRC, Resolución 5050 de 2016, artículo 2.1.24",
            "un número entero de horas, por ejemplo 72",
            PLAZOS,
        ),
        DefinicionParametro(
            "dias_por_vencer",
            "Días hábiles antes del vencimiento en que se avisa",
            _entero_no_negativo,
            "3",
            "Política de atención",
            "un número entero de días hábiles, por ejemplo 3",
            PLAZOS,
        ),
        DefinicionParametro(
            "meses_suspension",
            "Meses al año que el cliente puede suspender su servicio",
            _entero_no_negativo,
            "2",
            "CRC, Resolución 5050 de 2016, título II, capítulo 1",
            "un número entero de meses, por ejemplo 2",
            CONTRATOS,
        ),
        DefinicionParametro(
            "cesion_conserva_antiguedad",
            "Quien recibe un contrato cedido recibe también su antigüedad",
            _si_no,
            "no",
            "Política comercial",
            "«si» o «no»",
            CONTRATOS,
        ),
        DefinicionParametro(
            "codigo_proveedor",
            "Código del proveedor en el CUN",
            _codigo_proveedor,
            "0000",
            "CRC, Resolución 5050 de 2016, artículo 2.1.24",
            "cuatro cifras, por ejemplo 0000",
            PLAZOS,
        ),
        DefinicionParametro(
            "franja_semana",
            "Horario de contacto, de lunes a viernes",
            _franja,
            "07:00-19:00",
            "Ley 2300 de 2023, artículo 3",
            "una franja como 07:00-19:00",
            CONTACTO,
        ),
        DefinicionParametro(
            "franja_sabado",
            "Horario de contacto, los sábados",
            _franja,
            "08:00-15:00",
            "Ley 2300 de 2023, artículo 3",
            "una franja como 08:00-15:00",
            CONTACTO,
        ),
        DefinicionParametro(
            "dias_rne",
            "Días que vale una consulta de números excluidos",
            _entero_no_negativo,
            "30",
            "CRC, Resolución 5050 de 2016, título II, capítulo 1 (cuánto vale la consulta lo decide la empresa)",
            "un número entero de días, por ejemplo 30",
            CONTACTO,
        ),
        DefinicionParametro(
            "hueco_permanencia",
            "Días sin ningún contrato que reinician la permanencia para bonificar (0: se perdona cualquiera)",
            _entero_no_negativo,
            "0",
            "Política comercial",
            "un número entero de días; 0 los perdona todos",
            FIDELIZACION,
        ),
        DefinicionParametro(
            "dias_derivacion",
            "Días hábiles del asesor para cerrar una derivación",
            _entero_no_negativo,
            "10",
            "Política comercial",
            "un número entero de días hábiles, por ejemplo 10",
            FIDELIZACION,
        ),
        DefinicionParametro(
            "dias_recordar_derivacion",
            "Días hábiles antes del plazo en que se le recuerda al asesor",
            _entero_no_negativo,
            "2",
            "Política comercial",
            "un número entero de días hábiles, por ejemplo 2",
            FIDELIZACION,
        ),
        DefinicionParametro(
            "dias_escalada",
            "Días hábiles después del plazo en que una derivación escalada se vence",
            _entero_no_negativo,
            "10",
            "Política comercial",
            "un número entero de días hábiles, por ejemplo 10",
            FIDELIZACION,
        ),
        DefinicionParametro(
            "dias_disculpa",
            "Días tras cerrar una PQR en que se ofrece una disculpa",
            _entero_no_negativo,
            "90",
            "Política comercial",
            "un número entero de días, por ejemplo 90",
            FIDELIZACION,
        ),
        DefinicionParametro(
            "meses_entre_beneficios",
            "Meses que deben pasar entre un beneficio y otro",
            _entero_no_negativo,
            "6",
            "Política comercial",
            "un número entero de meses, por ejemplo 6",
            FIDELIZACION,
        ),
        DefinicionParametro(
            "meses_tras_rechazo",
            "Meses que deben pasar para volver a ofrecer lo que el cliente no quiso o ya aceptó",
            _entero_no_negativo,
            "6",
            "Política comercial",
            "un número entero de meses, por ejemplo 6",
            FIDELIZACION,
        ),
        DefinicionParametro(
            "reclamos_de_riesgo",
            "Reclamaciones en un año que anuncian que el cliente se va",
            _entero_no_negativo,
            "4",
            "Estudio de deserción: con 4 o más llamadas se multiplica por 4,5",
            "un número entero, por ejemplo 4",
            FIDELIZACION,
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


Fijado = tuple[str, str, date]
"""Clave de un parámetro, su valor y desde cuándo rige."""


def parametros(hoy: date) -> dict[str, Any]:
    """Los valores que rigen el día `hoy`, en una sola consulta; lo que nadie ha fijado vale lo de CATALOGO."""
    return valores_en(fijados(), hoy)


def fijados() -> list[Fijado]:
    """Todo lo que alguien ha fijado, de lo más viejo a lo más nuevo. Una consulta."""
    from .models import Parametro

    return list(Parametro.objects.order_by("vigente_desde").values_list("clave", "valor", "vigente_desde"))


def valores_en(filas: Iterable[Fijado], dia: date) -> dict[str, Any]:
    """Los valores que rigen un día según esas filas, ordenadas por su fecha."""
    valores = {clave: definicion.leer(definicion.por_defecto) for clave, definicion in CATALOGO.items()}
    for clave, texto, desde in filas:
        if desde <= dia and clave in CATALOGO:
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
