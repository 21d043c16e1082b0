"""Los papeles del panel, como datos: qué puede hacer cada quien. Se sincronizan después de cada `migrate`."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import Group, Permission
from django.db import transaction

VER = ("view",)
EDITAR = ("view", "add", "change")
TODO = ("view", "add", "change", "delete", "importar", "exportar")

CATALOGO = (
    "servicios.tiposervicio",
    "servicios.atributotipo",
    "servicios.servicio",
    "servicios.precioservicio",
    "servicios.promocion",
)
LUGARES = ("clientes.departamento", "clientes.municipio")
ATENCION = ("clientes.cliente", "clientes.contrato", "clientes.interaccion", "clientes.consentimiento")
AJUSTES_DE_ATENCION = (
    "clientes.canalatencion",
    "clientes.equipo",
    "clientes.motivointeraccion",
    "clientes.plantillarespuesta",
)
DEL_CASO = ("clientes.notainterna", "clientes.adjunto")
SILENCIOS = ("clientes.silenciopositivo",)
MOVIMIENTOS = ("clientes.suspension", "clientes.cambioplan")
FUSIONES = ("clientes.fusion",)
CONTACTOS = ("clientes.contacto",)
EXCLUIDOS = ("clientes.cargarne",)
PROGRAMAS = (
    "bonificaciones.programa",
    "bonificaciones.segmento",
    "bonificaciones.reglaoferta",
    "bonificaciones.asesor",
)
BONOS = ("bonificaciones.bonificacion", "bonificaciones.derivacion", "bonificaciones.oferta")
CORRIDAS = ("bonificaciones.corrida", "bonificaciones.sugerencia")
FESTIVOS = ("comun.festivo",)
CONFIGURACION = ("comun.parametro",)
PERSONAS = ("comun.usuario", "auth.group")
EXPORTACIONES = ("comun.exportacion",)
TRABAJOS = ("django_tasks_database.dbtaskresult",)
ENVIOS = ("reportes.envio",)
"""Los de todos: los propios los ve y los cambia cada quien."""

PAPELES: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {
    "Administrador": {
        CATALOGO: TODO,
        LUGARES: TODO,
        ATENCION: TODO,
        AJUSTES_DE_ATENCION: (*EDITAR, "delete"),
        DEL_CASO: EDITAR,
        SILENCIOS: ("view", "change"),
        MOVIMIENTOS: VER,
        FUSIONES: EDITAR,
        CONTACTOS: ("view", "add", "change", "exportar"),
        EXCLUIDOS: EDITAR,
        PROGRAMAS: (*EDITAR, "delete"),
        BONOS: ("view", "add", "change", "exportar"),
        CORRIDAS: VER,
        FESTIVOS: (*EDITAR, "delete"),
        CONFIGURACION: EDITAR,
        PERSONAS: EDITAR,
        EXPORTACIONES: VER,
        TRABAJOS: VER,
        ENVIOS: ("view", "change"),
    },
    "Agente de atención": {
        CATALOGO: VER,
        LUGARES: VER,
        ATENCION: EDITAR,
        AJUSTES_DE_ATENCION: VER,
        DEL_CASO: EDITAR,
        SILENCIOS: ("view", "change"),
        MOVIMIENTOS: VER,
        FUSIONES: VER,
        CONTACTOS: EDITAR,
        PROGRAMAS: VER,
        BONOS: VER,
        ("bonificaciones.oferta",): EDITAR,
        FESTIVOS: VER,
    },
    "Asesor de ventas": {
        CATALOGO: VER,
        LUGARES: VER,
        ("clientes.cliente", "clientes.contrato"): EDITAR,
        ("clientes.interaccion",): ("view", "add"),
        ("clientes.consentimiento",): EDITAR,
        AJUSTES_DE_ATENCION: VER,
        DEL_CASO: ("view", "add"),
        MOVIMIENTOS: VER,
        CONTACTOS: EDITAR,
        PROGRAMAS: VER,
        ("bonificaciones.bonificacion",): VER,
        ("bonificaciones.derivacion",): ("view", "change", "recibir"),
        ("bonificaciones.oferta",): EDITAR,
        ("bonificaciones.sugerencia",): VER,
    },
    "Analista": {
        CATALOGO: ("view", "exportar"),
        LUGARES: ("view", "exportar"),
        ATENCION: ("view", "exportar"),
        AJUSTES_DE_ATENCION: VER,
        DEL_CASO: VER,
        SILENCIOS: VER,
        MOVIMIENTOS: VER,
        FUSIONES: VER,
        CONTACTOS: ("view", "exportar"),
        EXCLUIDOS: VER,
        PROGRAMAS: VER,
        BONOS: ("view", "exportar"),
        CORRIDAS: VER,
        FESTIVOS: VER,
        CONFIGURACION: VER,
        EXPORTACIONES: VER,
    },
}

ACCIONES = {
    "add": "agregar",
    "change": "modificar",
    "delete": "borrar",
    "view": "ver",
    "importar": "importar",
    "exportar": "exportar",
    "recibir": "recibir",
}


def permisos_de(papel: str) -> Iterator[tuple[str, str]]:
    """Los permisos de un papel como pares (aplicación, código): («clientes», «view_cliente»)…"""
    for modelos, acciones in PAPELES[papel].items():
        for modelo in modelos:
            aplicacion, nombre = modelo.split(".")
            for accion in acciones:
                yield aplicacion, f"{accion}_{nombre}"


@transaction.atomic
def sincronizar_papeles(using: str = "default") -> None:
    """Deja en la base los papeles y sus permisos tal como los dice PAPELES. Repetirla no cambia nada."""
    permisos = {
        (permiso.content_type.app_label, permiso.codename): permiso
        for permiso in Permission.objects.using(using).select_related("content_type")
    }
    for papel in PAPELES:
        grupo, _ = Group.objects.using(using).get_or_create(name=papel)
        debidos = {permisos[clave].pk for clave in permisos_de(papel) if clave in permisos}
        if debidos != set(grupo.permissions.values_list("pk", flat=True)):
            grupo.permissions.set(debidos)
    nombrar_permisos(permisos.values(), using)


def nombrar_permisos(permisos: object, using: str) -> None:
    """Pone en español el nombre de cada permiso: Django los crea como «Can add…»."""
    cambiados = []
    for permiso in permisos:  # type: ignore[attr-defined]
        accion = permiso.codename.split("_", 1)[0]
        modelo = permiso.content_type.model_class()
        if accion not in ACCIONES or modelo is None:
            continue
        nombre = f"Puede {ACCIONES[accion]} {modelo._meta.verbose_name_plural}"
        if permiso.name != nombre:
            permiso.name = nombre
            cambiados.append(permiso)
    Permission.objects.using(using).bulk_update(cambiados, ["name"])
