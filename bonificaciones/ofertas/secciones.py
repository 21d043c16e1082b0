"""Lo que las ofertas ponen en la ficha de un cliente."""

from __future__ import annotations

from datetime import date
from typing import Any

from clientes.models import Cliente
from clientes.secciones import Seccion

from .consultas import por_responder
from .presentacion import en_la_ficha
from .siguiente import ofertas_para


class PerfilYOfertas(Seccion):
    """Cómo se comporta el cliente, qué tan cerca está de irse y qué conviene ofrecerle."""

    clave = "ofertas"
    titulo = "Perfil y ofertas"
    icono = "recommend"
    permisos = ("bonificaciones.view_oferta",)
    plantilla = "admin/fidelizacion/ofertas_en_la_ficha.html"
    orden = 50

    def contexto(self, cliente: Cliente, *, usuario: Any, hoy: date) -> dict[str, Any]:
        return {
            **en_la_ficha(ofertas_para(cliente, hoy=hoy)),
            "por_responder": por_responder(cliente),
            "puede_presentar": usuario.has_perm("bonificaciones.add_oferta"),
            "puede_responder": usuario.has_perm("bonificaciones.change_oferta"),
        }
