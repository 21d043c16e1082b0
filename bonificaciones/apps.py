"""Fidelización: quién lleva más de diez años y qué le corresponde."""

from datetime import time
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

HORA_DE_SUGERIR = time(3)


class BonificacionesConfig(AppConfig):
    """Fidelización: quién lleva más de diez años y qué le corresponde."""

    name = "bonificaciones"
    verbose_name = "Bonificaciones"

    def ready(self) -> None:
        self._promociones()
        self._ofertas()

    def _promociones(self) -> None:
        """Quién puede tener una promoción de un segmento lo dice la fidelización."""
        from clientes.promociones import AL_DAR_PROMOCION

        from .promociones import reparo_al_dar

        AL_DAR_PROMOCION.append(reparo_al_dar)

    def _ofertas(self) -> None:
        """Las sugerencias de cada madrugada, y las reglas de fábrica, que necesitan los tipos: van tras migrar."""
        from clientes import linea_de_tiempo, secciones
        from movistar_site.comun import trabajos

        from .linea_de_ofertas import OFERTAS
        from .secciones_ofertas import PerfilYOfertas
        from .tareas_ofertas import sugerir_las_ofertas

        secciones.registrar(PerfilYOfertas())
        for fuente in OFERTAS:
            linea_de_tiempo.registrar(fuente())
        trabajos.DIARIOS["sugerir ofertas"] = trabajos.Diario(sugerir_las_ofertas, HORA_DE_SUGERIR)
        post_migrate.connect(_cargar_reglas, sender=self, dispatch_uid="bonificaciones.reglas_de_oferta")


def _cargar_reglas(using: str, **_: Any) -> None:
    from .semillas_ofertas import cargar_reglas_base

    cargar_reglas_base(using)
