"""Un catálogo pequeño y clientes que cuentan una historia, para las pruebas de las ofertas. Todo es inventado."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bonificaciones.models import ReglaOferta
from bonificaciones.ofertas.siguiente import Resultado, ofertas_para
from clientes.models import Cliente, Contrato, Interaccion, MotivoInteraccion
from clientes.tests import fabricas
from clientes.tests.fabricas import HOY
from servicios.models import Servicio, TipoServicio

# Código → tipo, precio, características, periodicidad.
SERVICIOS: dict[str, tuple[str, int, dict[str, Any]]] = {
    "FIB-300": ("fibra", 74_900, {"velocidad_bajada_mbps": 300}),
    "FIB-600": ("fibra", 89_900, {"velocidad_bajada_mbps": 600}),
    "POS-10": ("pospago", 34_900, {"datos_gb": 10, "minutos_ilimitados": True}),
    "POS-40": ("pospago", 59_900, {"datos_gb": 40, "minutos_ilimitados": True}),
    "POS-ILIM": ("pospago", 84_900, {"datos_ilimitados": True, "minutos_ilimitados": True}),
    "PRE-30": ("prepago", 38_000, {"datos_gb": 20, "dias_vigencia": 30}),
    "TV": ("television", 52_900, {"canales": 95}),
    "FIJO": ("telefonia_fija", 24_900, {"minutos": 500}),
}


class Escena:
    """El catálogo, y las funciones que ponen clientes en él."""

    def __init__(self) -> None:
        self.servicios: dict[str, Servicio] = {}
        for codigo, (tipo, precio, rasgos) in SERVICIOS.items():
            self.servicios[codigo] = fabricas.servicio_con_precio(
                f"{precio}.00", codigo=codigo, nombre=codigo.title(), caracteristicas=rasgos,
                tipo=TipoServicio.objects.get(codigo=tipo),
                periodicidad="recarga" if tipo == "prepago" else "mensual",
            )  # fmt: skip
        duo = fabricas.servicio_con_precio(
            "114900.00", codigo="DUO", nombre="Dúo", tipo=TipoServicio.objects.get(codigo="duo"),
            caracteristicas={"velocidad_bajada_mbps": 300, "canales": 95},
        )  # fmt: skip
        duo.componentes.set([self.servicios["FIB-300"], self.servicios["TV"]])
        self.servicios["DUO"] = duo
        self.pueblo = fabricas.FabricaMunicipio(nombre="Pueblo sin fibra")
        self.ciudad = fabricas.FabricaMunicipio(nombre="Ciudad con fibra")
        self.cliente("FIB-300", "TV", municipio=self.ciudad, desde=date(2010, 1, 1))

    def cliente(self, *codigos: str, desde: date = date(2020, 1, 15), municipio: Any = None, **campos: Any) -> Cliente:
        """Un cliente con un contrato activo de cada servicio, firmado poco después de vincularse."""
        uno = fabricas.FabricaCliente(fecha_vinculacion=desde, municipio=municipio or self.ciudad, **campos)
        for codigo in codigos:
            self.contrato(uno, codigo, inicio=desde)
        return uno

    def contrato(self, cliente: Cliente, codigo: str, *, inicio: date = date(2024, 5, 1), **campos: Any) -> Contrato:
        """Un contrato suyo, al precio de la lista."""
        precio = Decimal(SERVICIOS[codigo][1] if codigo in SERVICIOS else 114_900)
        return fabricas.FabricaContrato(
            cliente=cliente, servicio=self.servicios[codigo], fecha_inicio=inicio, precio=precio,
            periodicidad=self.servicios[codigo].periodicidad, **campos,
        )  # fmt: skip

    def caso(
        self,
        cliente: Cliente,
        *,
        hace: int,
        tipo: str = "reclamacion",
        cerrado: bool = True,
        motivo: str = "",
        **campos: Any,
    ) -> Interaccion:
        """Una interacción de hace unos días, cerrada el mismo día o todavía abierta."""
        fecha = dia_a_las(HOY - timedelta(days=hace))
        if cerrado:
            campos |= {"estado": "respondida", "respuesta": "Listo.", "respondida_el": fecha + timedelta(hours=2)}
        if motivo:
            campos["motivo"] = MotivoInteraccion.objects.get(codigo=motivo)
        return fabricas.FabricaInteraccion(cliente=cliente, tipo=tipo, fecha=fecha, **campos)


def dia_a_las(dia: date, hora: int = 10) -> datetime:
    """Un momento de ese día en Bogotá."""
    return timezone.make_aware(datetime.combine(dia, time(hora)))


def codigos(resultado: Resultado) -> list[str]:
    """Las reglas que propusieron algo, en su orden."""
    return [una.regla.codigo for una in resultado.ofertas]


def ofrecido(cliente: Cliente, hoy: date = HOY) -> dict[str, str]:
    """Regla → lo que propone hoy a ese cliente."""
    return {una.regla.codigo: una.titulo for una in ofertas_para(cliente, hoy=hoy).ofertas}


def descartada(resultado: Resultado, codigo: str) -> tuple[str, str]:
    """Por qué no propuso nada esa regla y qué lo cambiaría."""
    una = next(una for una in resultado.descartadas if una.regla.codigo == codigo)
    return una.porque, una.que_lo_cambiaria


def solo(*reglas: str) -> None:
    """Deja activas solo esas reglas de fábrica."""
    ReglaOferta.objects.exclude(codigo__in=reglas).update(activa=False)
