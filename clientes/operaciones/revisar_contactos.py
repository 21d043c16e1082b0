"""La revisión diaria de los contactos: cerrar los olvidados y avisar cuando la lista del RNE vence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from movistar_site.comun.avisos import avisar_a_varios
from movistar_site.comun.valores import contar, formatear_fecha

from .. import recordatorios
from ..consultas_contacto import estado_del_rne
from ..plantel import administradores
from .contactos import cerrar_olvidados

DIAS_DE_AVISO = 5
"""Con cuántos días de antelación se avisa que la lista del RNE vence: los que toma pedirla y bajarla sin afán."""
PERMISO_DE_CARGAR = "clientes.add_cargarne"


@dataclass(frozen=True)
class RevisionDeContactos:
    """Lo que hizo una revisión."""

    hoy: date
    cerrados: int = 0
    avisos: int = 0

    @property
    def frase(self) -> str:
        """«Contactos revisados el 01/12/2026: 2 contactos cerrados, 1 aviso.»."""
        cerrados = contar(self.cerrados, "contacto cerrado", "contactos cerrados")
        avisos = contar(self.avisos, "aviso", "avisos")
        return f"Contactos revisados el {formatear_fecha(self.hoy)}: {cerrados}, {avisos}."


def revisar_contactos(*, hoy: date, ahora: datetime, usuario: Any = None) -> RevisionDeContactos:
    """Cierra los contactos que nadie cerró y avisa de la lista del RNE. Repetirla, o dos a la vez, da lo mismo."""
    cerrados = cerrar_olvidados(hoy=hoy, ahora=ahora, usuario=usuario)
    return RevisionDeContactos(hoy, cerrados, avisar_del_rne(hoy=hoy, ahora=ahora))


def avisar_del_rne(*, hoy: date, ahora: datetime) -> int:
    """Avisa, una vez por lista, a quienes la pueden cargar: que vence en pocos días y que ya venció.

    Si nunca se ha cargado una no avisa: quien no ofrece nada no la necesita. Devuelve cuántos avisos dio.
    """
    estado = estado_del_rne(hoy)
    if estado.carga is None or estado.hasta is None or estado.dias > DIAS_DE_AVISO:
        return 0
    hasta = formatear_fecha(estado.hasta)
    titulo = (
        f"La lista de números excluidos vence el {hasta}"
        if estado.vale
        else f"La lista de números excluidos venció el {hasta}"
    )
    texto = (
        "Cargue una consulta nueva del RNE: cuando venza, los contactos comerciales quedan bloqueados."
        if estado.vale
        else "Los contactos comerciales están bloqueados hasta que se cargue una consulta nueva del RNE."
    )
    para = administradores(PERMISO_DE_CARGAR)
    nuevos = recordatorios.lista_del_rne(estado.carga.pk, titulo, texto, not estado.vale, para)
    return avisar_a_varios(nuevos, ahora=ahora)
