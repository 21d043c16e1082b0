"""Fidelización: quién lleva más de diez años y qué le corresponde."""

from datetime import time
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

HORA_DE_SUGERIR = time(3)
"""Cuando nadie trabaja: recorre a todos los clientes."""
HORA_DE_ASIGNAR = time(6)
"""Después de la revisión de las PQR, que cierra las de anoche, y antes de la de derivaciones."""
HORA_DE_DERIVACIONES = time(6, 30)
"""Después de asignar las bonificaciones del día y antes de que empiece el de trabajo."""


class BonificacionesConfig(AppConfig):
    """Fidelización: quién lleva más de diez años y qué le corresponde."""

    name = "bonificaciones"
    verbose_name = "Bonificaciones"

    def ready(self) -> None:
        _registrar_programas()
        _registrar_derivaciones()
        _registrar_promociones()
        _registrar_ofertas()
        # Las reglas de fábrica necesitan los tipos de servicio, que se cargan después de migrar.
        post_migrate.connect(_cargar_reglas, sender=self, dispatch_uid="bonificaciones.ofertas.reglas")


def _registrar_programas() -> None:
    """Su trabajo diario, y lo que dicen en la línea de tiempo de cada cliente."""
    from clientes.linea_de_tiempo import fuentes, registrar
    from movistar_site.comun import trabajos

    from . import linea_de_tiempo, tareas

    trabajos.DIARIOS["asignar bonificaciones"] = trabajos.Diario(tareas.asignar_las_bonificaciones, HORA_DE_ASIGNAR)
    registradas = {fuente.clase for fuente in fuentes()}
    for fuente in linea_de_tiempo.FUENTES:
        if fuente.clase not in registradas:
            registrar(fuente())


def _registrar_derivaciones() -> None:
    """Su trabajo diario, su sección en la ficha, y lo que hacen si el cliente se retira, se suprime o se fusiona."""
    from clientes import anonimizar, contacto, secciones
    from clientes.operaciones.fusiones import REPETIDOS
    from movistar_site.comun import trabajos

    from . import tareas
    from .consultas import por_que_no_se_suprime
    from .operaciones.derivaciones import detener
    from .operaciones.fusiones import BonificacionesRepetidas
    from .secciones import SeccionBonificaciones

    trabajos.DIARIOS["revisar derivaciones"] = trabajos.Diario(tareas.revisar_las_derivaciones, HORA_DE_DERIVACIONES)
    if detener not in contacto.AL_RETIRAR:
        contacto.AL_RETIRAR.append(detener)
    if por_que_no_se_suprime not in anonimizar.GUARDAS:
        anonimizar.GUARDAS.append(por_que_no_se_suprime)
    secciones.registrar(SeccionBonificaciones())
    REPETIDOS["bonificaciones repetidas"] = BonificacionesRepetidas()


def _registrar_promociones() -> None:
    """Quién puede tener una promoción de un segmento lo dice la fidelización, también en la ficha."""
    from clientes import secciones
    from clientes.promociones import AL_DAR_PROMOCION

    from .promociones import reparo_al_dar
    from .secciones_promociones import PromocionesQuePuede

    if reparo_al_dar not in AL_DAR_PROMOCION:
        AL_DAR_PROMOCION.append(reparo_al_dar)
    secciones.registrar(PromocionesQuePuede())


def _registrar_ofertas() -> None:
    """Las sugerencias de cada madrugada, y lo que las ofertas ponen en la ficha y en la línea de tiempo."""
    from clientes import linea_de_tiempo, secciones
    from movistar_site.comun import trabajos

    from . import tareas
    from .ofertas.linea_de_tiempo import OFERTAS
    from .ofertas.secciones import PerfilYOfertas

    trabajos.DIARIOS["sugerir ofertas"] = trabajos.Diario(tareas.sugerir_las_ofertas, HORA_DE_SUGERIR)
    secciones.registrar(PerfilYOfertas())
    for fuente in OFERTAS:
        linea_de_tiempo.registrar(fuente())


def _cargar_reglas(using: str, **_: Any) -> None:
    from .ofertas.semillas import cargar_reglas_base

    cargar_reglas_base(using)
