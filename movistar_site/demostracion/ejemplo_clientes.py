"""El ejemplo con que nace el panel: 200 clientes inventados, escritos en el formato canónico.

Sale de la misma población que las cargas grandes, con otros documentos, más variedad y lo que aquellas no llevan:
notas y consentimientos. Todo está contado desde un día fijo, así que regenerarlo da siempre los mismos bytes.

La categoría solo va en quien la tiene asignada a mano. La de los demás la da su permanencia el día en que se mire: si
el archivo la dijera, importarlo meses después la tomaría por una decisión que contradice a la regla.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from clientes import cun, numeracion
from clientes.base import leer_divipola
from clientes.relojes import Relojes

from . import identidad
from .atencion import AGENTES, SIN_CUN, Interaccion
from .catalogo import documento_servicios, en_orden
from .motivos import EQUIPO_GENERAL
from .movimientos import Cesiones
from .ofertas import Estanteria, ofertas_de_ejemplo, repartir
from .poblacion import MOTIVOS_CATEGORIA, Contrato, Hogar, Poblacion

HOY = date(2026, 11, 1)
SEMILLA = "ejemplo-2026"
CLIENTES = 200
CARPETA = Path(__file__).parent / "ejemplo"
ARCHIVOS = ("servicios.json", "usuario.json")
BOGOTA = ZoneInfo("America/Bogota")

CONTRATOS = repartir({1: 7, 2: 5, 3: 3, 4: 1}, 16)
INTERACCIONES = repartir({0: 5, 1: 5, 2: 3, 3: 2, 4: 1}, 16)
NOTAS = (
    "Prefiere que lo llamen después de las cinco de la tarde.",
    "Pide la factura impresa: no usa correo.",
    "El portero recibe a los técnicos; timbrar en la casa 2.",
    "Habla de parte de su mamá, que es la titular.",
    "Tiene un perro grande: avisar antes de la visita.",
    "Pidió que le escriban por WhatsApp y no por teléfono.",
)
UNA_NOTA_DE_CADA = 14
CESIONES = 4
PROVEEDOR = "0000"
UNA_A_MANO_DE_CADA = 37
AUTORIZA = 0.72
REVOCA = 0.12
CAMBIO_DE_TEXTO = 2020
"""Año desde el que se firma la segunda versión del texto."""
PRIMERA_LEY = date(2013, 7, 1)
"""Antes del Decreto 1377 de 2013 no se pedía autorización por escrito."""
EVIDENCIAS = {
    "telefono": "Grabación de la llamada G-{anio}-{n:05d}",
    "oficina": "Formulario firmado F-{anio}-{n:05d}",
    "web": "Casilla marcada en el formulario web W-{anio}-{n:05d}",
    "correo": "Correo de respuesta del titular M-{anio}-{n:05d}",
}


def documento_usuarios() -> dict[str, Any]:
    """El contenido de `usuario.json`, en el orden de claves con que se exporta."""
    azar = Random(SEMILLA)  # noqa: S311 - datos inventados, no secretos
    gente = Poblacion(
        semilla=SEMILLA,
        hoy=HOY,
        municipios=[fila.codigo for fila in leer_divipola()],
        estanteria=Estanteria(ofertas_de_ejemplo(), HOY),
        ambito=identidad.EJEMPLO,
        relojes=Relojes([], []),
    )
    hogares = [
        _con_categoria_a_mano(k, gente.hogar(k, CONTRATOS[azar.getrandbits(4)], INTERACCIONES[azar.getrandbits(4)]))
        for k in range(CLIENTES)
    ]
    cedidos = _ceder(hogares)
    contratos = _numerar((c.fecha_inicio, i, j) for i, h in enumerate(hogares) for j, c in enumerate(h.contratos))
    dichas = _numerar((d.fecha, i, j) for i, h in enumerate(hogares) for j, d in enumerate(h.interacciones))
    cunes = _cunes(hogares, dichas)
    usuarios = {}
    for i, hogar in enumerate(hogares):
        cliente = hogar.cliente
        suyos = [
            Registrado(_numero(contratos[i, j]), _numero(contratos[cedidos[i, j]]) if (i, j) in cedidos else "")
            for j in range(len(hogar.contratos))
        ]
        radicados = [
            numeracion.escribir(numeracion.INTERACCIONES, dichas[i, j]) for j in range(len(hogar.interacciones))
        ]
        usuarios[f"{cliente.tipo_documento}-{cliente.documento}"] = _usuario(hogar, suyos, radicados, cunes[i], azar)
    return {"movistar": {"usuarios": dict(sorted(usuarios.items()))}}


def _con_categoria_a_mano(k: int, hogar: Hogar) -> Hogar:
    """Unos pocos llevan la categoría fijada por un administrador, para que el ejemplo la muestre."""
    if k % UNA_A_MANO_DE_CADA:
        return hogar
    orden = k // UNA_A_MANO_DE_CADA
    cliente = hogar.cliente._replace(
        categoria_asignada=("leal", "regular")[orden % 2],
        motivo_categoria=MOTIVOS_CATEGORIA[orden % len(MOTIVOS_CATEGORIA)],
    )
    return hogar._replace(cliente=cliente)


def _numerar(llaves: Iterable[tuple[str, int, int]]) -> dict[tuple[int, int], int]:
    """Números en orden de fecha, como los habría dado el panel. La llave es (hogar, posición en el hogar)."""
    return {(hogar, posicion): n for n, (_, hogar, posicion) in enumerate(sorted(llaves), start=1)}


def _numero(cual: int) -> str:
    return numeracion.escribir(numeracion.CONTRATOS, cual)


class Registrado(NamedTuple):
    """Un contrato ya numerado: su número y, si es cedido, el del titular anterior."""

    numero: str
    cedido_de: str


Lugar = tuple[int, int]
"""El hogar y la posición en él."""


def _ceder(hogares: list[Hogar]) -> dict[Lugar, Lugar]:
    """Cede unos pocos contratos, que cambian en su hogar: de cada uno, el lugar de aquel del que viene."""
    cesiones, cedidos = Cesiones(), {}
    for i, hogar in enumerate(hogares):
        for j, contrato in enumerate(hogar.contratos):
            if j > 0:
                hogar.contratos[j], de = cesiones.tomar(contrato, hogar.cliente.fecha_vinculacion)
                if de is not None:
                    cedidos[i, j] = cast("Lugar", de)
            if hogar.contratos[j].estado == "terminado" and len(cedidos) < CESIONES:
                cesiones.ofrecer((i, j), hogar.contratos[j])
    return cedidos


def _cunes(hogares: list[Hogar], dichas: dict[tuple[int, int], int]) -> list[list[str]]:
    """El CUN de cada interacción, en el orden en que se radicaron; un recurso lleva el de su PQR."""
    suyos = [["" for _ in hogar.interacciones] for hogar in hogares]
    ultimos: dict[str, int] = {}
    for i, j in sorted(dichas, key=dichas.__getitem__):
        una = hogares[i].interacciones[j]
        if una.tipo not in SIN_CUN:
            anio = una.fecha[:4]
            ultimos[anio] = ultimos.get(anio, 0) + 1
            suyos[i][j] = cun.escribir(PROVEEDOR, int(anio), ultimos[anio])
    for i, hogar in enumerate(hogares):
        for j, una in enumerate(hogar.interacciones):
            if una.recurso_de >= 0:
                suyos[i][j] = suyos[i][una.recurso_de]
    return suyos


def _usuario(
    hogar: Hogar, contratos: list[Registrado], radicados: list[str], cunes: list[str], azar: Random
) -> dict[str, Any]:
    cliente = hogar.cliente
    vinculacion = date.fromisoformat(cliente.fecha_vinculacion)
    return compacto(
        {
            "tipo_persona": cliente.tipo_persona,
            "tipo_documento": cliente.tipo_documento,
            "documento": cliente.documento,
            "nombre": cliente.nombre,
            "apellido": cliente.apellido,
            "email": cliente.email,
            "telefono": cliente.telefono,
            "telefono_alterno": cliente.telefono_alterno,
            "direccion": cliente.direccion,
            "municipio": cliente.municipio_id,
            "estrato": cliente.estrato,
            "fecha_vinculacion": cliente.fecha_vinculacion,
            "categoria": cliente.categoria_asignada,
            "motivo_categoria": cliente.motivo_categoria,
            "estado": cliente.estado,
            "inactivo_desde": cliente.inactivo_desde,
            "notas": NOTAS[azar.getrandbits(16) % len(NOTAS)] if azar.getrandbits(16) % UNA_NOTA_DE_CADA == 0 else "",
            "servicios": [
                _contrato(registrado, contrato)
                for registrado, contrato in sorted(zip(contratos, hogar.contratos, strict=True), key=lambda par: par[0])
            ],
            "interacciones": [
                _interaccion(radicados, cual, hogar.interacciones, contratos, cunes)
                for cual in sorted(range(len(radicados)), key=radicados.__getitem__)
            ],
            "consentimientos": _consentimientos(vinculacion, azar),
        }
    )


def compacto(registro: dict[str, Any]) -> dict[str, Any]:
    """El registro sin lo vacío, que al exportar no se escribe."""
    return {clave: valor for clave, valor in registro.items() if valor not in (None, "", [], {})}


def _contrato(registrado: Registrado, contrato: Contrato) -> dict[str, Any]:
    return compacto(
        {
            "numero": registrado.numero,
            "servicio": contrato.oferta.referencia,
            "estado": contrato.estado,
            "fecha_inicio": contrato.fecha_inicio,
            "fecha_fin": contrato.fecha_fin,
            "precio": contrato.precio,
            "periodicidad": contrato.oferta.periodicidad,
            "condiciones": en_orden(contrato.oferta.condiciones),
            "permanencia_meses": contrato.permanencia_meses or None,
            "anexo_permanencia": contrato.anexo_permanencia,
            "promocion": contrato.promocion,
            "cedido_de": registrado.cedido_de,
        }
    )


def _interaccion(
    radicados: list[str], cual: int, dichas: list[Interaccion], contratos: list[Registrado], cunes: list[str]
) -> dict[str, Any]:
    dicha = dichas[cual]
    return compacto(
        {
            "numero": radicados[cual],
            "tipo": dicha.tipo,
            "fecha": _en_bogota(dicha.fecha),
            "canal": dicha.canal,
            "asunto": dicha.caso.asunto,
            "texto": dicha.caso.texto,
            "estado": dicha.estado,
            "contrato": contratos[dicha.contrato].numero if dicha.contrato >= 0 else "",
            "respuesta": dicha.caso.respuesta if dicha.respondida_el else "",
            "respondida_el": _en_bogota(dicha.respondida_el) if dicha.respondida_el else "",
            "registrada_por": dicha.registrada_por,
            "motivo_codigo": dicha.motivo,
            "cun": cunes[cual],
            "primer_plazo": dicha.primer_plazo,
            "vence_el": dicha.vence_el,
            "prorroga_motivo": dicha.prorroga_motivo,
            "prorroga_avisada_el": _en_bogota(dicha.prorroga_avisada_el) if dicha.prorroga_avisada_el else "",
            "canal_respuesta": dicha.canal_respuesta,
            "sentido": dicha.sentido,
            "equipo": EQUIPO_GENERAL if dicha.motivo else "",
            "recurso_de": radicados[dicha.recurso_de] if dicha.recurso_de >= 0 else "",
            "causal": dicha.causal,
            "pide_apelacion": dicha.pide_apelacion or None,
        }
    )


def _en_bogota(utc: str) -> str:
    return datetime.fromisoformat(f"{utc}+00:00").astimezone(BOGOTA).isoformat()


def _consentimientos(vinculacion: date, azar: Random) -> list[dict[str, Any]]:
    """Las autorizaciones de un cliente: la del servicio, casi siempre también la comercial, y a veces una revocada."""
    if azar.random() >= AUTORIZA:
        return []
    desde = max(vinculacion, PRIMERA_LEY)
    medio = tuple(EVIDENCIAS)[azar.getrandbits(16) % len(EVIDENCIAS)]
    filas = [("servicio", "telefono")]
    for canal in ("whatsapp", "correo", "sms"):
        if azar.getrandbits(1):
            filas.append(("comercial", canal))
    if azar.getrandbits(3) == 0:
        filas.append(("encuestas", "correo"))
    dia = desde + timedelta(days=azar.getrandbits(20) % max((HOY - desde).days, 1))
    comun = {
        "version_texto": "v2" if dia.year >= CAMBIO_DE_TEXTO else "v1",
        "otorgado_el": _momento(dia, azar),
        "medio": medio,
        "evidencia": EVIDENCIAS[medio].format(anio=dia.year, n=azar.getrandbits(16)),
        "registrado_por": AGENTES[azar.getrandbits(3)] if medio in ("telefono", "oficina") else "",
    }
    return [
        compacto({"finalidad": finalidad, "canal": canal} | comun | {"revocado_el": _revocado(finalidad, dia, azar)})
        for finalidad, canal in sorted(filas)
    ]


def _revocado(finalidad: str, dia: date, azar: Random) -> str:
    """Cuándo retiró la autorización, si la retiró: solo la comercial."""
    despues = dia + timedelta(days=1 + azar.getrandbits(20) % max((HOY - dia).days - 1, 1))
    return _momento(despues, azar) if finalidad == "comercial" and azar.random() < REVOCA and despues < HOY else ""


def _momento(dia: date, azar: Random) -> str:
    hora, minuto = 8 + azar.getrandbits(3), azar.getrandbits(16) % 60
    return datetime(dia.year, dia.month, dia.day, hora, minuto, tzinfo=BOGOTA).isoformat()


def textos() -> dict[str, str]:
    """El contenido exacto de cada archivo del ejemplo."""
    contenidos = (documento_servicios(), documento_usuarios())
    return {nombre: como_exportado(contenido) for nombre, contenido in zip(ARCHIVOS, contenidos, strict=True)}


def como_exportado(contenido: dict[str, Any]) -> str:
    """El documento con la misma disposición con que lo escribe la exportación: un registro bajo otro."""
    secciones = []
    for seccion, registros in contenido["movistar"].items():
        lineas = [f"    {_json(clave)}: {_sangrado(registro)}" for clave, registro in registros.items()]
        secciones.append(f"  {_json(seccion)}: {{\n" + ",\n".join(lineas) + "\n  }")
    return '{"movistar": {\n' + ",\n".join(secciones) + "\n}}\n"


def _json(valor: Any) -> str:
    return json.dumps(valor, ensure_ascii=False)


def _sangrado(registro: dict[str, Any]) -> str:
    return json.dumps(registro, ensure_ascii=False, indent=2).replace("\n", "\n    ")


def escribir(carpeta: Path = CARPETA) -> list[Path]:
    """Escribe los archivos en la carpeta y dice cuáles."""
    carpeta.mkdir(parents=True, exist_ok=True)
    escritos = []
    for nombre, texto in textos().items():
        destino = carpeta / nombre
        destino.write_text(texto, encoding="utf-8", newline="\n")
        escritos.append(destino)
    return escritos
