"""Fidelización: quién lleva más de diez años y qué le corresponde."""

from django.apps import AppConfig


class BonificacionesConfig(AppConfig):
    """Fidelización: quién lleva más de diez años y qué le corresponde."""

    name = "bonificaciones"
    verbose_name = "Bonificaciones"

    def ready(self) -> None:
        self._promociones()

    def _promociones(self) -> None:
        """Quién puede tener una promoción de un segmento lo dice la fidelización, también en la ficha."""
        from clientes import secciones
        from clientes.promociones import AL_DAR_PROMOCION

        from .promociones import reparo_al_dar
        from .secciones_promociones import PromocionesQuePuede

        if reparo_al_dar not in AL_DAR_PROMOCION:
            AL_DAR_PROMOCION.append(reparo_al_dar)
        secciones.registrar(PromocionesQuePuede())
