"""Lo que se intercambia, en el orden en que unas cosas dependen de otras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from clientes import recursos as rc
from clientes.models import Municipio
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.recursos_base import RecursoBase
from servicios import recursos as rs


@dataclass(frozen=True)
class Entidad:
    """Una clase de registro: su nombre en archivos y órdenes, su recurso y cuáles salen al exportar, en orden."""

    nombre: str
    recurso: type[RecursoBase]
    orden: tuple[str, ...]
    titulo: str
    filtro: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None

    @property
    def modelo(self) -> Any:
        """El modelo de Django."""
        return self.recurso._meta.model

    def permiso(self, accion: str) -> str:
        """El permiso propio de importar o exportar esta clase de registro: «clientes.importar_cliente»."""
        return f"{self.modelo._meta.app_label}.{accion}_{self.modelo._meta.model_name}"

    def consulta(self) -> QuerySet[Any]:
        """Lo que sale al exportar todo, siempre en el mismo orden."""
        consulta = self.modelo.objects.order_by(*self.orden)
        return self.filtro(consulta) if self.filtro else consulta


def municipios_propios(consulta: QuerySet[Any]) -> QuerySet[Any]:
    """Los que añadió un administrador: los de la DIVIPOLA ya están en todo panel."""
    return consulta.filter(es_divipola=False)


def departamentos_propios(consulta: QuerySet[Any]) -> QuerySet[Any]:
    """Los que no son de la DIVIPOLA: ninguno de sus municipios lo es."""
    return consulta.exclude(Exists(Municipio.objects.filter(departamento=OuterRef("pk"), es_divipola=True)))


ENTIDADES: dict[str, Entidad] = {
    entidad.nombre: entidad
    for entidad in (
        Entidad("tipos", rs.RecursoTipoServicio, ("codigo",), "Tipos de servicio"),
        Entidad("servicios", rs.RecursoServicio, ("codigo",), "Servicios"),
        Entidad("precios", rs.RecursoPrecioServicio, ("servicio__codigo", "vigente_desde"), "Precios"),
        Entidad("promociones", rs.RecursoPromocion, ("codigo",), "Promociones"),
        Entidad("departamentos", rc.RecursoDepartamento, ("codigo",), "Departamentos", departamentos_propios),
        Entidad("municipios", rc.RecursoMunicipio, ("codigo",), "Municipios", municipios_propios),
        Entidad("clientes", rc.RecursoCliente, ("tipo_documento", "documento"), "Clientes"),
        Entidad("contratos", rc.RecursoContrato, ("numero",), "Contratos"),
        Entidad("interacciones", rc.RecursoInteraccion, ("numero",), "Interacciones"),
        Entidad(
            "consentimientos",
            rc.RecursoConsentimiento,
            ("cliente__tipo_documento", "cliente__documento", "otorgado_el", "finalidad", "canal"),
            "Consentimientos",
        ),
    )
}


def reconocer(encabezados: list[str]) -> Entidad:
    """La entidad cuyas columnas son esas. Lanza ArchivoIlegible si ninguna o más de una encajan."""
    puntos: list[tuple[int, str]] = []
    for entidad in ENTIDADES.values():
        recurso = entidad.recurso()
        conocidas = set(recurso.traducir(encabezados)[0].values())
        if {nombre for nombre, columna in recurso.fields.items() if columna.obligatoria} <= conocidas:
            puntos.append((len(conocidas), entidad.nombre))
    puntos.sort(reverse=True)
    if not puntos or (len(puntos) > 1 and puntos[0][0] == puntos[1][0]):
        nombres = ", ".join(ENTIDADES)
        raise ArchivoIlegible(f"No se reconoce qué trae el archivo por sus columnas: diga la entidad ({nombres}).")
    return ENTIDADES[puntos[0][1]]
