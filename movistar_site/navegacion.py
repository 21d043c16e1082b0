"""La navegación del panel, por tarea. Cada entrada se muestra a quien puede ver su página."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy


def _ver(permiso: str) -> Any:
    def permitido(request: HttpRequest) -> bool:
        return request.user.has_perm(permiso)

    return permitido


def _cualquiera(*permisos: str) -> Any:
    def permitido(request: HttpRequest) -> bool:
        return any(request.user.has_perm(permiso) for permiso in permisos)

    return permitido


def _en(prefijo: str) -> Any:
    """Encendida en todas las páginas de esa sección, no solo en la que abre."""

    def encendida(request: HttpRequest) -> bool:
        return request.path.startswith(prefijo)

    return encendida


def _lista(titulo: str, icono: str, aplicacion: str, modelo: str, *, permiso: str = "") -> dict[str, Any]:
    return {
        "title": titulo,
        "icon": icono,
        "link": reverse_lazy(f"admin:{aplicacion}_{modelo}_changelist"),
        "permission": _ver(permiso or f"{aplicacion}.view_{modelo}"),
    }


NAVEGACION: list[dict[str, Any]] = [
    {
        "items": [
            {"title": "Tablero", "icon": "dashboard", "link": reverse_lazy("admin:index")},
            {
                "title": "Reportes",
                "icon": "bar_chart",
                "link": reverse_lazy("reportes"),
                "permission": _cualquiera("servicios.view_servicio", "clientes.view_cliente"),
                "active": _en("/reportes/"),
            },
        ],
    },
    {
        "title": "Atención al cliente",
        "items": [
            {
                "title": "Bandeja de trabajo",
                "icon": "inbox",
                "link": reverse_lazy("entrar_a_la_bandeja"),
                "permission": _ver("clientes.view_interaccion"),
                "active": _en("/atencion/bandeja/"),
            },
            _lista("Clientes", "group", "clientes", "cliente"),
            _lista("Contratos", "contract", "clientes", "contrato"),
            _lista("Interacciones", "forum", "clientes", "interaccion"),
            _lista("Silencios positivos", "gavel", "clientes", "silenciopositivo"),
            _lista("Consentimientos", "verified_user", "clientes", "consentimiento"),
            {
                "title": "Posibles duplicados",
                "icon": "group_search",
                "link": reverse_lazy("posibles_duplicados"),
                "permission": _ver("clientes.view_fusion"),
            },
        ],
    },
    {
        "title": "Fidelización",
        "items": [
            {
                "title": "Derivaciones",
                "icon": "assignment_ind",
                "link": reverse_lazy("entrar_a_las_derivaciones"),
                "permission": _ver("bonificaciones.view_derivacion"),
                "active": _en("/fidelizacion/derivaciones/"),
                "badge": "bonificaciones.derivaciones.bandejas.insignia",
            },
            _lista("Bonificaciones", "redeem", "bonificaciones", "bonificacion"),
            {
                "title": "Aniversarios",
                "icon": "cake",
                "link": reverse_lazy("aniversarios"),
                "permission": _ver("bonificaciones.view_programa"),
                "active": _en("/fidelizacion/aniversarios/"),
            },
            _lista("Ofertas", "campaign", "bonificaciones", "oferta"),
            {
                "title": "Sugerencias",
                "icon": "recommend",
                "link": reverse_lazy("sugerencias"),
                "permission": _ver("bonificaciones.view_sugerencia"),
            },
            _lista("Segmentos", "filter_alt", "bonificaciones", "segmento"),
            _lista("Contactos", "phone_in_talk", "clientes", "contacto"),
        ],
    },
    {
        "title": "Ajustes de fidelización",
        "collapsible": True,
        "items": [
            _lista("Programas", "workspace_premium", "bonificaciones", "programa"),
            _lista("Corridas", "history", "bonificaciones", "corrida"),
            _lista("Reglas de oferta", "rule", "bonificaciones", "reglaoferta"),
            {
                "title": "Asesores",
                "icon": "support_agent",
                "link": reverse_lazy("carga_de_asesores"),
                "permission": _cualquiera("bonificaciones.change_asesor", "bonificaciones.exportar_derivacion"),
                "active": _en("/fidelizacion/asesores/"),
            },
            _lista("Números excluidos", "phone_disabled", "clientes", "cargarne"),
        ],
    },
    {
        "title": "Catálogo",
        "items": [
            _lista("Servicios", "router", "servicios", "servicio"),
            _lista("Tipos de servicio", "category", "servicios", "tiposervicio"),
            _lista("Promociones", "sell", "servicios", "promocion"),
        ],
    },
    {
        "title": "Intercambio",
        "items": [
            {
                "title": "Importar datos",
                "icon": "upload_file",
                "link": reverse_lazy("importar_datos"),
                "permission": _cualquiera("clientes.importar_cliente", "servicios.importar_servicio"),
            },
            {
                "title": "Exportar datos",
                "icon": "download",
                "link": reverse_lazy("exportar_datos"),
                "permission": _cualquiera(
                    "clientes.exportar_cliente",
                    "clientes.exportar_contrato",
                    "clientes.exportar_interaccion",
                    "servicios.exportar_servicio",
                ),
            },
            {
                "title": "Importaciones",
                "icon": "history",
                "link": reverse_lazy("importaciones"),
                "permission": _cualquiera("clientes.importar_cliente", "servicios.importar_servicio"),
            },
            _lista("Exportaciones", "history", "comun", "exportacion"),
        ],
    },
    {
        "title": "Ajustes de atención",
        "collapsible": True,
        "items": [
            _lista("Motivos", "label", "clientes", "motivointeraccion"),
            _lista("Equipos", "groups", "clientes", "equipo"),
            _lista("Plantillas de respuesta", "quick_phrases", "clientes", "plantillarespuesta"),
            _lista("Canales", "call", "clientes", "canalatencion"),
            _lista("Festivos adicionales", "event_busy", "comun", "festivo"),
        ],
    },
    {
        "title": "Configuración",
        "collapsible": True,
        "items": [
            _lista("Parámetros", "tune", "comun", "parametro"),
            _lista("Municipios", "location_on", "clientes", "municipio"),
            _lista("Departamentos", "map", "clientes", "departamento"),
            _lista("Usuarios", "badge", "comun", "usuario"),
            _lista("Papeles", "admin_panel_settings", "auth", "group"),
            _lista("Trabajos", "manufacturing", "django_tasks_database", "dbtaskresult"),
            _lista("Ingresos fallidos", "lock_person", "axes", "accessattempt", permiso="comun.change_usuario"),
        ],
    },
]
