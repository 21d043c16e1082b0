"""Los avisos de las derivaciones: una cuenta por asesor y por día, nunca un aviso por cliente.

Son internos: no hablan con el cliente, y por eso no pasan por la puerta de contacto (dominio, sección 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from clientes.plantel import administradores
from movistar_site.comun.avisos import Nuevo, avisar_a_varios
from movistar_site.comun.correo import enviar_pendientes
from movistar_site.comun.models import Aviso
from movistar_site.comun.valores import contar

from ..models import Corrida, Derivacion

PASADAS = "derivaciones pasadas"


def bandeja(slug: str) -> str:
    """La dirección de una bandeja de derivaciones."""
    return reverse("bandeja_de_derivaciones", args=(slug,))


def clientes(cuantos: int) -> str:
    """«1 cliente», «1.200 clientes»."""
    return contar(cuantos, "cliente", "clientes")


def avisar_lo_derivado(*, corrida: Corrida, ahora: datetime) -> int:
    """Le dice a cada asesor cuántos clientes le dejó una corrida, y a los administradores cuántos nadie tiene.

    Un aviso por persona y corrida: repetirla no avisa dos veces. El correo sale al confirmarse la transacción. Devuelve
    cuántos avisos dio.
    """
    abiertas = Derivacion.objects.abiertas().filter(bonificacion__corrida=corrida).order_by()
    cuentas: dict[int | None, int] = dict(abiertas.values_list("asesor").annotate(Count("pk")))
    sin_nadie = cuentas.pop(None, 0)
    programa, clave = corrida.programa.nombre, f"derivadas corrida {corrida.pk}"
    nuevos = [
        Nuevo(
            asesor,
            clave,
            f"Recibió {clientes(cuantos)} con bonificación",
            f"Programa {programa}. Empiece por lo que primero vence.",
            bandeja("mias"),
        )
        for asesor, cuantos in cuentas.items()
        if asesor is not None
    ]
    if sin_nadie:
        nuevos += sin_asesor(sin_nadie, f"{clave} sin asesor", administradores())
    dados = avisar_a_varios(nuevos, ahora=ahora)
    transaction.on_commit(partial(enviar_pendientes, ahora=ahora))
    return dados


def sin_asesor(cuantos: int, clave: str, para: Iterable[int]) -> list[Nuevo]:
    """Lo que nadie tiene, a los administradores."""
    titulo = f"{clientes(cuantos)} con bonificación y sin asesor"
    texto = "Ningún asesor tiene cupo hoy: suba un tope, quite una pausa o asigne a mano."
    return [Nuevo(uno, clave, titulo, texto, bandeja("sin-asesor")) for uno in para]


def a_los_asesores(
    cuentas: Mapping[int, int], *, que: str, titulo: str, texto: str, slug: str, hoy: date
) -> list[Nuevo]:
    """Una cuenta para cada asesor, una vez al día. `titulo` lleva `{clientes}`."""
    return [
        Nuevo(asesor, f"{que} {hoy:%Y-%m-%d}", titulo.format(clientes=clientes(cuantos)), texto, bandeja(slug))
        for asesor, cuantos in cuentas.items()
        if cuantos
    ]


def avisar_lo_pasado(asesor: Any, *, ahora: datetime) -> None:
    """Le dice a un asesor que le pasaron derivaciones: uno solo mientras no lo lea, aunque le pasen cien."""
    sin_leer = Aviso.objects.filter(usuario_id=asesor.pk, clave__startswith=PASADAS, leido_el__isnull=True)
    if not sin_leer.exists():
        titulo = "Le pasaron clientes con bonificación"
        texto = "Otra persona los tenía a su cargo. Véalos en su bandeja."
        clave = f"{PASADAS} {ahora:%Y-%m-%dT%H:%M:%S}"
        avisar_a_varios([Nuevo(asesor.pk, clave, titulo, texto, bandeja("mias"))], ahora=ahora)
