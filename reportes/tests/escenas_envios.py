"""Cuentas, reportes y envíos inventados para probar los envíos programados."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import factory
from django.contrib.auth.models import Group

from clientes.tests.fabricas import AHORA
from movistar_site.comun.models import Usuario
from reportes.envios import entregas
from reportes.envios.cadencia import BOGOTA, Cadencia, proxima_vez
from reportes.envios.operaciones import Datos
from reportes.filtros import FiltrosConLugar, filtro_segmento
from reportes.listas.clientes import CLIENTES
from reportes.marco import REPORTES, Lista
from reportes.marco.registro import CLIENTES as GRUPO
from reportes.models import EntregaEnvio, Envio, EstadoEntrega, EstadoEnvio

SIETE = datetime(2026, 3, 17, 7, tzinfo=BOGOTA)
"""Cuando le toca por primera vez a un envío de fábrica."""
LUNES_A_LAS_SIETE = Cadencia("semana", 7, 1)
CADA_DIA_A_LAS_SIETE = Cadencia("dia", 7)


def cuenta(nombre: str, papel: str = "Analista", *, correo: str = "") -> Any:
    """Una cuenta activa del panel con ese papel; su correo, si no se dice otro, es el de su nombre."""
    nueva = Usuario.objects.create_user(
        nombre, correo or f"{nombre}@example.co", "clave-de-prueba-9", is_staff=True, first_name=nombre.capitalize()
    )
    nueva.groups.add(Group.objects.get(name=papel))
    return nueva


class FiltrosDeLaLista(FiltrosConLugar):
    """Por lugar y por segmento."""

    segmento = filtro_segmento()


class ListaDePrueba(Lista):
    """Un reporte con datos de personas."""

    clave = "lista-de-prueba"
    titulo = "Clientes uno por uno"
    pregunta = "¿Quiénes son?"
    grupo = GRUPO
    permisos = ("clientes.view_cliente",)
    filtros = FiltrosDeLaLista
    listado = CLIENTES


@contextmanager
def con_lista() -> Iterator[Lista]:
    """La lista de prueba entre los reportes del panel, mientras dura."""
    REPORTES[ListaDePrueba.clave] = lista = ListaDePrueba()
    try:
        yield lista
    finally:
        del REPORTES[ListaDePrueba.clave]


def datos(**cambios: Any) -> Datos:
    """Lo que se escribe de un envío corriente: cada lunes a las siete, en Excel, a dos direcciones."""
    corrientes: dict[str, Any] = {
        "nombre": "Popularidad del mes",
        "parametros": "",
        "formato": "xlsx",
        "cadencia": LUNES_A_LAS_SIETE,
        "destinatarios": "jefe@example.co, otra@example.co",
    }
    return Datos(**corrientes | cambios)


class FabricaEnvio(factory.django.DjangoModelFactory):
    """Un envío activo de la popularidad, cada día a las siete, al que aún no le llega la hora."""

    class Meta:
        model = Envio

    usuario = factory.LazyFunction(lambda: cuenta(f"duena{Usuario.objects.count()}"))
    reporte = "popularidad"
    nombre = factory.Sequence(lambda n: f"Envío {n}")
    parametros = "periodo=mes_pasado"
    destinatarios = ["jefe@example.co"]
    cada = "dia"
    hora = 7
    estado = EstadoEnvio.ACTIVO
    proxima_el = factory.LazyAttribute(
        lambda uno: (
            proxima_vez(Cadencia(uno.cada, uno.hora, getattr(uno, "dia", None)), despues_de=AHORA)
            if uno.estado == EstadoEnvio.ACTIVO
            else None
        )
    )


class FabricaEntrega(factory.django.DjangoModelFactory):
    """Una entrega enviada."""

    class Meta:
        model = EntregaEnvio

    envio = factory.SubFactory(FabricaEnvio)
    para = AHORA
    intentar_el = AHORA
    estado = EstadoEntrega.ENVIADA
    cerrada_el = AHORA


def fijo(momento: datetime) -> Any:
    """Un reloj parado."""
    return lambda: momento


def despachar(momento: datetime = SIETE) -> entregas.Vuelta:
    """Envía lo que toca en ese momento."""
    return entregas.despachar(reloj=fijo(momento))


def la_entrega() -> EntregaEnvio:
    """La última."""
    return EntregaEnvio.objects.latest("para")


class CorreoCaido:
    """Un servidor de correo que falla con esto."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_messages(self, _mensajes: Any) -> int:
        """Falla."""
        raise self.error
