"""Indicadores y reportes; no tiene modelos de dominio."""

from django.apps import AppConfig


class ReportesConfig(AppConfig):
    """Indicadores y reportes; no tiene modelos de dominio."""

    name = "reportes"
    verbose_name = "Reportes"

    def ready(self) -> None:
        from movistar_site.comun import resumenes as cuentas
        from movistar_site.comun import trabajos

        from . import (
            informes,
            listas,
            resumenes,  # noqa: F401 - anota sus cuentas
        )
        from .marco.registro import cargar
        from .tablero import pendientes, tarjetas
        from .vistas.reporte import anotar_vistas

        cargar(listas)
        cargar(informes)
        anotar_vistas()
        # Tablero.
        cargar(tarjetas)
        cargar(pendientes)
        trabajos.AL_MANTENER.append(cuentas.mantener)
        # --- Envíos programados
        from .envios.entregas import asear
        from .envios.tareas import encolar_si_toca

        trabajos.AL_MANTENER.append(encolar_si_toca)
        trabajos.AL_ASEAR["entregas de envíos"] = asear
