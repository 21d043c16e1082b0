"""Lo que se le hace a un segmento desde su página o desde la lista."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from movistar_site.comun.acciones import Accion, FormularioMotivo
from movistar_site.comun.admin_borrado import BorrarVarios

from ..operaciones import segmentos as operaciones


class DesactivarSegmento(Accion):
    """El segmento deja de ofrecerse."""

    nombre = "desactivar"
    titulo = "Desactivar"
    icono = "toggle_off"
    permiso = "bonificaciones.change_segmento"
    formulario = FormularioMotivo
    confirmacion = "No se podrá elegir en programas ni promociones nuevos; los que ya lo usan siguen igual."
    exito = "Segmento desactivado."
    no_disponible = "ya está inactivo"
    peligrosa = True

    def disponible(self, registro: Any) -> bool:
        return bool(registro.activo)

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.desactivar_segmento(registro, **datos, usuario=usuario)


class ActivarSegmento(Accion):
    """El segmento vuelve a ofrecerse."""

    nombre = "activar"
    titulo = "Activar"
    icono = "toggle_on"
    permiso = "bonificaciones.change_segmento"
    confirmacion = "Se podrá elegir otra vez en programas y promociones."
    exito = "Segmento activado."
    no_disponible = "ya está activo"

    def disponible(self, registro: Any) -> bool:
        return not registro.activo

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Mapping[str, Any]) -> None:
        operaciones.activar_segmento(registro, usuario=usuario)


class BorrarSegmentos(BorrarVarios):
    """Borra segmentos que nada usa."""

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Any) -> None:
        operaciones.borrar_segmento(registro, usuario=usuario)
