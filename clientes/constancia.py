"""La constancia que el cliente recibe al radicar: qué dice. La página y el PDF la dibujan igual porque sale de aquí."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from movistar_site.comun.parametros import normas, parametros

from . import cun, plazos
from .models import TipoInteraccion
from .operaciones.radicar import CON_CUN

if TYPE_CHECKING:
    from .models import Interaccion

CAUSALES = "la negativa del contrato, la suspensión, la terminación, el corte o la facturación"
_NORMA = "Ley 1341 de 2009, artículo 54"


@dataclass(frozen=True)
class Renglon:
    """Un dato de la constancia."""

    rotulo: str
    valor: str


@dataclass(frozen=True)
class Derecho:
    """Algo que el cliente puede exigir, con la norma que lo dice."""

    titulo: str
    texto: str
    norma: str


@dataclass(frozen=True)
class Constancia:
    """Todo lo que una constancia dice."""

    marca: str
    titulo: str
    rotulo_del_codigo: str
    codigo: str
    renglones: tuple[Renglon, ...]
    texto: str
    derechos: tuple[Derecho, ...]
    pie: str


def constancia_de(interaccion: Interaccion, *, marca: str, ahora: datetime) -> Constancia:
    """La constancia de un caso, con las reglas del día de Bogotá en que se radicó. Dos consultas: valores y normas."""
    dia = timezone.localdate(interaccion.fecha)
    valores, textos = parametros(dia), normas(dia)
    tipo = interaccion.get_tipo_display().lower()
    articulo = "del" if interaccion.tipo == TipoInteraccion.RECURSO else "de la"
    return Constancia(
        marca=marca,
        titulo=f"Constancia {articulo} {tipo}",
        rotulo_del_codigo="CUN" if interaccion.cun else "Radicado",
        codigo=cun.legible(interaccion.cun) or interaccion.numero,
        renglones=tuple(_renglones(interaccion)),
        texto=interaccion.texto,
        derechos=tuple(_derechos(interaccion, valores, textos)),
        pie=f"Expedida el {_momento(ahora)}, hora de Bogotá.",
    )


def _momento(instante: datetime) -> str:
    return f"{timezone.localtime(instante):%d/%m/%Y %H:%M}"


def _dia(dia: date) -> str:
    return f"{dia:%d/%m/%Y}"


def _renglones(uno: Interaccion) -> list[Renglon]:
    cliente, contrato = uno.cliente, uno.contrato
    servicio = f"{contrato.servicio.nombre} (contrato {contrato.numero})" if contrato is not None else ""
    pares = [
        ("Radicado", uno.numero),
        ("Recibida el", f"{_momento(uno.fecha)}, hora de Bogotá"),
        ("Cliente", cliente.nombre_completo),
        ("Documento", f"{cliente.tipo_documento} {cliente.documento_visible}"),
        ("Servicio", servicio),
        ("Canal", uno.get_canal_display()),
        ("Se responde por", uno.canal_de_la_respuesta),
        ("Motivo", str(uno.motivo) if uno.motivo is not None else ""),
        *_del_recurso(uno),
        ("Asunto", uno.asunto),
        ("Se responde a más tardar el", _dia(uno.primer_plazo) if uno.primer_plazo else ""),
        ("Prórroga", _prorroga(uno)),
        ("Atendió", uno.registrada_por_nombre),
    ]
    return [Renglon(rotulo, valor) for rotulo, valor in pares if valor]


def _del_recurso(uno: Interaccion) -> list[tuple[str, str]]:
    if uno.recurso_de is None:
        return []
    return [
        ("Contra la respuesta de", uno.recurso_de.numero),
        ("Causal", uno.get_causal_display()),
        ("Apelación en subsidio", "Sí, ante la SIC" if uno.pide_apelacion else "No la pidió"),
    ]


def _prorroga(uno: Interaccion) -> str:
    if uno.prorroga_avisada_el is None or uno.vence_el is None:
        return ""
    return f"Hasta el {_dia(uno.vence_el)}, avisada el {_momento(uno.prorroga_avisada_el)}: {uno.prorroga_motivo}"


def _derechos(uno: Interaccion, valores: Mapping[str, int], textos: Mapping[str, str]) -> list[Derecho]:
    if uno.primer_plazo is None:
        return []
    derechos = [_respuesta(uno, valores, textos)]
    if uno.aplica_sap:
        derechos.append(
            Derecho(
                "Silencio positivo",
                "Si en ese plazo no le notificamos la respuesta, se entiende resuelta a su favor y se le cumple dentro "
                f"de las {valores['horas_silencio']} horas siguientes.",
                f"{_NORMA}; {textos['horas_silencio']}",
            )
        )
    if uno.tipo in CON_CUN:
        derechos.append(
            Derecho(
                "Recurso",
                f"Si no está de acuerdo con la respuesta sobre {CAUSALES}, puede interponer recurso de reposición y, "
                f"en subsidio, de apelación, dentro de los {valores['dias_para_recurrir']} días hábiles siguientes a "
                "conocerla. Sigue con este mismo CUN.",
                textos["dias_para_recurrir"],
            )
        )
    return [*derechos, *_ante_otros(uno)]


def _respuesta(uno: Interaccion, valores: Mapping[str, int], textos: Mapping[str, str]) -> Derecho:
    es_recurso = uno.tipo == plazos.TIPO_RECURSO
    clave = "dias_recurso" if es_recurso else "dias_pqr"
    assert uno.primer_plazo is not None  # noqa: S101 - ya se miró; es para el verificador de tipos
    return Derecho(
        "Respuesta a tiempo",
        f"Le respondemos a más tardar el {_dia(uno.primer_plazo)}, {valores[clave]} días hábiles después del día en "
        "que se radicó. El plazo se amplía una sola vez, si hace falta practicar pruebas, y antes se lo avisamos.",
        textos[clave],
    )


def _ante_otros(uno: Interaccion) -> list[Derecho]:
    derechos = []
    if uno.tipo == TipoInteraccion.RECURSO and uno.pide_apelacion:
        texto = (
            "Si el recurso se resuelve en su contra, enviamos el expediente a la Superintendencia de Industria y "
            "Comercio (SIC), que decide la apelación."
        )
    else:
        texto = (
            "La Superintendencia de Industria y Comercio (SIC) vigila que se le responda y decide las apelaciones: "
            "www.sic.gov.co."
        )
    derechos.append(Derecho("Ante la SIC", texto, _NORMA))
    derechos.append(
        Derecho(
            "Aunque deba",
            "Se le recibe y se le responde aunque tenga pagos pendientes, y mientras se resuelve no se suspende el "
            "servicio por la suma que reclama.",
            "CRC, Resolución 5050 de 2016, título II, capítulo 1",
        )
    )
    return derechos
