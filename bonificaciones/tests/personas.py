"""Las personas de las pruebas de la fidelización y los clientes a los que sí se puede contactar."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group

from bonificaciones.models import Derivacion
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaDerivacion
from clientes.tests.fabricas import AHORA, HOY, FabricaCargaRne, FabricaCliente, FabricaConsentimiento, FabricaUsuario

FIN = HOY.replace(month=3, day=31)
"""El plazo de lo que se deriva HOY: diez días hábiles después."""


def con_papel(papel: str, **campos: Any) -> Any:
    """Una cuenta con ese papel."""
    usuario = FabricaUsuario(**campos)
    usuario.groups.add(Group.objects.get(name=papel))
    return usuario


def asesor(**campos: Any) -> Any:
    """Un asesor de ventas."""
    return con_papel("Asesor de ventas", **campos)


def administrador(**campos: Any) -> Any:
    """Un administrador."""
    return con_papel("Administrador", **campos)


def cliente_contactable(**campos: Any) -> Any:
    """Un cliente de hace años que autorizó ofertas por teléfono y no está en el RNE, consultado HOY."""
    FabricaCargaRne()
    cliente = FabricaCliente(**{"fecha_vinculacion": HOY.replace(year=2010), **campos})
    FabricaConsentimiento(cliente=cliente, canal="telefono")
    return cliente


def derivada_a(usuario: Any, *, cliente: Any = None, **campos: Any) -> Derivacion:
    """Una derivación abierta de ese asesor."""
    bono = FabricaBonificacion(**({"cliente": cliente} if cliente is not None else {}))
    return FabricaDerivacion(**{"bonificacion": bono, "asesor": usuario, "vence_el": FIN, **campos})


def cerrada(**campos: Any) -> Derivacion:
    """Una derivación cerrada, con su bonificación."""
    resultado = campos.pop("resultado", "rechazada")
    bono = campos.pop("bonificacion", None) or FabricaBonificacion(estado=resultado, cerrada_el=AHORA)
    return FabricaDerivacion(
        **{"bonificacion": bono, "estado": "cerrada", "resultado": resultado, "cerrada_el": AHORA, **campos}
    )
