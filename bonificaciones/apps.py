"""Fidelización: quién lleva más de diez años y qué le corresponde."""

from datetime import time

from django.apps import AppConfig

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
    """Su trabajo diario, su sección en la ficha, y lo que hacen cuando el cliente se retira o se fusiona con otro."""
    from clientes import contacto, secciones
    from clientes.operaciones.fusiones import REPETIDOS
    from movistar_site.comun import trabajos

    from . import tareas
    from .operaciones.derivaciones import detener
    from .operaciones.fusiones import BonificacionesRepetidas
    from .secciones import SeccionBonificaciones

    trabajos.DIARIOS["revisar derivaciones"] = trabajos.Diario(tareas.revisar_las_derivaciones, HORA_DE_DERIVACIONES)
    if detener not in contacto.AL_RETIRAR:
        contacto.AL_RETIRAR.append(detener)
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
