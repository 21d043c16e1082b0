"""El correo con que llega un reporte: de qué es, con qué filtros, sus cifras y el archivo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.utils import timezone

from movistar_site.comun.models import nombre_de
from movistar_site.comun.presentacion import peso
from movistar_site.comun.salida import Cuenta
from movistar_site.comun.salida.respuesta import TIPOS
from movistar_site.comun.valores import contar

from ..marco import Agrupado, Pedido, Reporte
from ..marco.columnas import en_palabras
from ..marco.enlaces import direccion
from ..marco.salidas import archivo, nombre_de_archivo
from ..models import EntregaEnvio, Envio
from . import filtros


class PesaDemasiado(ValidationError):
    """El archivo no cabe en un correo."""


@dataclass(frozen=True)
class Paquete:
    """Lo que va en un correo: el reporte con sus filtros dichos, las cifras del total y el archivo."""

    reporte: Reporte
    pedido: Pedido
    dichos: Sequence[tuple[str, str]]
    totales: Sequence[tuple[str, str]]
    nombre_del_archivo: str
    contenido: bytes
    filas: int


def empacar(
    envio: Envio,
    reporte: Reporte,
    pedido: Pedido,
    *,
    dichos: Sequence[tuple[str, str]],
    cuenta: Cuenta,
    ahora: datetime,
) -> Paquete:
    """Arma el archivo. `dichos`: los filtros en palabras.

    Lanza PesaDemasiado si no cabe en un correo, y DemasiadoLargo si no cabe en un PDF.
    """
    orden = filtros.orden_de(envio.parametros)
    tabla = reporte.tabla(pedido, orden=orden) if isinstance(reporte, Agrupado) else None
    totales: list[tuple[str, str]] = []
    if isinstance(reporte, Agrupado) and tabla is not None and reporte.con_total:
        valores = tabla.total.valores
        totales = [
            (cifra.titulo, en_palabras(cifra.clase, valores[cifra.nombre]))
            for cifra in reporte.cifras
            if valores.get(cifra.nombre) is not None
        ]
    trozos = archivo(
        reporte, pedido, envio.formato, autor=nombre_de(envio.usuario), ahora=ahora, orden=orden, cuenta=cuenta,
        tabla=tabla,
    )  # fmt: skip
    return Paquete(
        reporte=reporte,
        pedido=pedido,
        dichos=dichos,
        totales=totales,
        nombre_del_archivo=nombre_de_archivo(reporte, pedido, envio.formato),
        contenido=_juntar(trozos),
        filas=cuenta.registros,
    )


def _juntar(trozos: Any) -> bytes:
    """El archivo entero, que hay que tener en la memoria para adjuntarlo; se deja en cuanto pasa de lo que cabe."""
    tope, junto = settings.ENVIO_MAXIMO_MB * 10**6, bytearray()
    for trozo in trozos:
        junto += trozo
        if len(junto) > tope:
            raise PesaDemasiado(
                f"El archivo pesa más de {peso(tope)}, lo que cabe en un correo: póngale más filtros o descárguelo del "
                "panel."
            )
    return bytes(junto)


def mensaje(entrega: EntregaEnvio, paquete: Paquete, *, para: Sequence[str], conexion: Any = None) -> EmailMessage:
    """El correo de una entrega. Repetida lleva el mismo Message-ID: muchos buzones muestran una sola."""
    envio, marca = entrega.envio, f"Panel {settings.MARCA_NOMBRE}"
    cuando = str(paquete.pedido.periodo) if paquete.reporte.con_periodo else f"{paquete.pedido.al:%d/%m/%Y}"
    correo = EmailMessage(
        f"[{marca}] {' '.join(envio.nombre.split())}: {cuando}",
        _cuerpo(entrega, paquete),
        to=list(para),
        connection=conexion,
        headers={"Auto-Submitted": "auto-generated", "Message-ID": _clave(entrega)},
    )
    correo.attach(paquete.nombre_del_archivo, paquete.contenido, TIPOS[envio.formato])
    return correo


def _clave(entrega: EntregaEnvio) -> str:
    dominio = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return f"<envio-{entrega.envio_id}-{entrega.para.timestamp():.0f}-{entrega.pk}@{dominio}>"


def _cuerpo(entrega: EntregaEnvio, paquete: Paquete) -> str:
    envio, reporte = entrega.envio, paquete.reporte
    partes = [f"{reporte.titulo}\n{reporte.pregunta}"]
    if paquete.dichos:
        partes.append("\n".join(f"{titulo}: {valor}" for titulo, valor in paquete.dichos))
    if paquete.totales:
        partes.append("\n".join(["En total", *(f"  {titulo}: {valor}" for titulo, valor in paquete.totales)]))
    partes.append(f"Va adjunto {paquete.nombre_del_archivo}, con {contar(paquete.filas, 'fila', 'filas')}.")
    if reporte.nota:
        partes.append(reporte.nota)
    if settings.PANEL_URL:
        camino = direccion(reporte.clave, filtros.fijos(reporte, paquete.pedido, envio.parametros))
        partes.append(f"Para verlo en el panel y abrir sus cifras:\n{settings.PANEL_URL}{camino}")
    partes.append(f"{_por_que_llega(entrega)}\nPanel {settings.MARCA_NOMBRE}")
    return "\n\n".join(partes)


def _por_que_llega(entrega: EntregaEnvio) -> str:
    envio = entrega.envio
    quien = nombre_de(envio.usuario)
    if entrega.a_mano:
        return f"Lo envió {quien}. Si no le corresponde, dígaselo."
    cadencia = str(envio.cadencia)
    atraso = ""
    if entrega.intentos > 1:
        atraso = f" Le tocaba el {timezone.localtime(entrega.para):%d/%m/%Y a las %H:%M}."
    return (
        f"Lo programó {quien}: {cadencia[:1].lower()}{cadencia[1:]}.{atraso} Si no quiere recibirlo más, pídale que "
        "quite su dirección."
    )
