"""Lo que se lee para hallar fichas repetidas y compararlas antes de fusionarlas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.text import capfirst

from movistar_site.comun import valores
from movistar_site.comun.presentacion import decimal
from movistar_site.comun.usos import LIMITE_DE_USOS

from . import combinar, duplicados
from .consultas import buscar_clientes
from .llaves import llaves, nombre_de_llave
from .models import Cliente, Consentimiento, Contrato, Fusion

POR_PAGINA = 15
FUSIONES_POR_PAGINA = 25
POR_GRUPO = 6
"""Fichas que se muestran de quienes comparten un dato; un teléfono de una central puede ser de miles."""
VENTANA = 200_000
"""Datos que se miran por página buscando repetidos: más allá se ofrece seguir desde ahí."""
CANDIDATOS = 10
ROTULOS = {"telefono": "Teléfono", "email": "Correo electrónico"}


# --- Posibles duplicados ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Miembro:
    """Una ficha de un grupo que comparte un dato. `parecido`: su nombre con el de la primera, de 0 a 100."""

    cliente: Cliente
    parecido: int

    @property
    def se_parecen(self) -> bool:
        """Si los nombres hacen pensar en la misma persona."""
        return self.parecido >= duplicados.PARECIDO_MINIMO


@dataclass(frozen=True)
class Grupo:
    """Los clientes que comparten un teléfono o un correo; la primera ficha es la de vinculación más vieja."""

    dato: str
    visible: str
    cuantos: int
    primera: Cliente
    demas: list[Miembro]

    @property
    def resto(self) -> int:
        """Los que no se muestran."""
        return self.cuantos - 1 - len(self.demas)


@dataclass(frozen=True)
class PaginaDeGrupos:
    """Unos grupos y los datos con que se piden la página anterior y la siguiente; vacíos, no hay."""

    filas: list[Grupo]
    anterior: str = ""
    siguiente: str = ""
    # Se dejó de mirar aquí sin llenar la página, y hacia dónde se iba.
    seguir_desde: str = ""
    seguir_atras: bool = False
    total: int | None = None


def grupos_repetidos(por: str, *, despues: str = "", antes: str = "") -> PaginaDeGrupos:
    """Una página de los datos (`por`: «telefono» o «email») que comparten dos clientes o más, en su orden.

    Va por el índice del dato, desde el que se pide y por una ventana acotada: cuesta lo mismo con mil clientes que con
    un millón. Son cuatro consultas.
    """
    repetidos, seguir = _repetidos(por, corte=antes or despues, atras=bool(antes))
    hay_mas, repetidos = len(repetidos) > POR_PAGINA, repetidos[:POR_PAGINA]
    if antes:
        repetidos.reverse()
    if not repetidos:
        return PaginaDeGrupos([], seguir_desde=seguir, seguir_atras=bool(antes))
    filas = _con_fichas(por, repetidos)
    hay_antes = hay_mas if antes else bool(despues)
    hay_despues = True if antes else hay_mas
    return PaginaDeGrupos(
        filas,
        anterior=repetidos[0][0] if hay_antes else "",
        siguiente=repetidos[-1][0] if hay_despues else "",
        seguir_desde="" if hay_despues else seguir,
    )


def _repetidos(por: str, *, corte: str, atras: bool) -> tuple[list[tuple[str, int]], str]:
    """Hasta POR_PAGINA + 1 datos repetidos con su cuenta, y dónde se dejó de mirar si quedaba más."""
    orden, desde, hasta = (f"-{por}", "lt", "gte") if atras else (por, "gt", "lte")
    # La condición es la del índice parcial: sin ella, la base no sabe que puede usarlo.
    consulta = Cliente.objects.exclude(**{por: ""})
    if corte:
        consulta = consulta.filter(**{f"{por}__{desde}": corte})
    borde = consulta.order_by(orden).values_list(por, flat=True)[VENTANA : VENTANA + 1].first()
    if borde is not None:
        consulta = consulta.filter(**{f"{por}__{hasta}": borde})
    cuentas = consulta.order_by().values_list(por).annotate(cuantos=Count("pk")).filter(cuantos__gt=1).order_by(orden)
    return list(cuentas[: POR_PAGINA + 1]), str(borde or "")


def _con_fichas(por: str, repetidos: list[tuple[str, int]]) -> list[Grupo]:
    contratos = Contrato.objects.vigentes().filter(cliente=OuterRef("pk")).order_by().values("cliente")
    puesto = Window(RowNumber(), partition_by=F(por), order_by=(F("fecha_vinculacion"), F("pk")))
    iguales = Cliente.objects.exclude(**{por: ""}).filter(**{f"{por}__in": [dato for dato, _ in repetidos]})
    fichas = iguales.annotate(puesto=puesto)
    elegidas = list(fichas.filter(puesto__lte=POR_GRUPO).order_by().values_list("pk", flat=True))
    por_dato: dict[str, list[Cliente]] = {}
    completas = Cliente.objects.filter(pk__in=elegidas).select_related("municipio")
    en_pie = Coalesce(Subquery(contratos.annotate(n=Count("pk")).values("n")), 0)
    for ficha in completas.annotate(contratos_en_pie=en_pie).order_by("fecha_vinculacion", "pk"):
        por_dato.setdefault(getattr(ficha, por), []).append(ficha)
    grupos = []
    for dato, cuantos in repetidos:
        suyas = por_dato.get(dato, [])
        if len(suyas) > 1:
            primera, *demas = suyas
            miembros = [Miembro(una, duplicados.parecido(primera, una)) for una in demas]
            visible = valores.formatear_telefono(dato) if por == "telefono" else dato
            grupos.append(Grupo(dato, visible, cuantos, primera, miembros))
    return grupos


# --- Con quién fusionar ----------------------------------------------------------------------------------------------
def probables_de(cliente: Cliente) -> list[duplicados.Parecido]:
    """Los clientes que quizás son el mismo, sin él."""
    hallados = duplicados.probables_duplicados([duplicados.persona_de(cliente)], por_nombre=1, sin=cliente.pk)
    return hallados[0]


def candidatos(cliente: Cliente, texto: str) -> list[Cliente]:
    """Los primeros clientes que se encuentran así, sin él."""
    if not texto.strip():
        return []
    return list(buscar_clientes(Cliente.objects.exclude(pk=cliente.pk), texto).order_by("-pk")[:CANDIDATOS])


# --- Comparar dos fichas ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Comparacion:
    """Un dato de las dos fichas. `elegido` es el que está marcado."""

    grupo: str
    rotulo: str
    principal: str
    absorbido: str
    elegido: str

    @property
    def iguales(self) -> bool:
        """Si da igual cuál se elija."""
        return self.principal == self.absorbido

    @property
    def admite_ambos(self) -> bool:
        """Si se pueden conservar los dos."""
        return self.grupo in combinar.CON_AMBOS and bool(self.principal and self.absorbido) and not self.iguales


ROTULOS_DE_GRUPO = {"nombre": "Nombre", "documento": "Documento", "categoria_asignada": "Categoría asignada a mano"}


def comparar(principal: Cliente, absorbido: Cliente, elegidos: Mapping[str, str]) -> list[Comparacion]:
    """Dato por dato, lo de las dos fichas como se lee."""
    campos = {campo.name: str(capfirst(campo.verbose_name)) for campo in Cliente._meta.concrete_fields}
    return [
        Comparacion(
            grupo,
            ROTULOS_DE_GRUPO.get(grupo) or campos[grupo],
            _legible(principal, grupo),
            _legible(absorbido, grupo),
            elegidos.get(grupo, combinar.PRINCIPAL),
        )
        for grupo in combinar.GRUPOS
    ]


def _legible(cliente: Cliente, grupo: str) -> str:
    especiales: Mapping[str, Any] = {
        "documento": f"{cliente.tipo_documento} {cliente.documento_visible} · {cliente.get_tipo_persona_display()}",
        "nombre": cliente.nombre_completo,
        "fecha_vinculacion": valores.formatear_fecha(cliente.fecha_vinculacion),
        "telefono": valores.formatear_telefono(str(cliente.telefono or "")),
        "telefono_alterno": valores.formatear_telefono(str(cliente.telefono_alterno or "")),
        "municipio": str(cliente.municipio or ""),
        "estrato": "" if cliente.estrato is None else str(cliente.estrato),
        "categoria_asignada": ": ".join(
            filter(None, (cliente.get_categoria_asignada_display(), cliente.motivo_categoria))
        ),
    }
    return str(especiales[grupo] if grupo in especiales else getattr(cliente, grupo))


@dataclass(frozen=True)
class Previa:
    """Lo que pasaría de una ficha a la otra: nombre y cuenta de cada cosa, y las autorizaciones que se revocarían."""

    cuentas: list[tuple[str, str]]
    se_revocan: int


def vista_previa(principal: Cliente, absorbido: Cliente) -> Previa:
    """Cuánto pasaría, contado hasta un límite. Una consulta por cada modelo que apunta a un cliente."""
    cuentas = []
    for llave in llaves():
        filas = llave.model._base_manager.filter(**{llave.name: absorbido}).order_by().values("pk")
        cuantas = filas[: LIMITE_DE_USOS + 1].count()
        if cuantas:
            opciones = llave.model._meta
            nombre = opciones.verbose_name if cuantas == 1 else opciones.verbose_name_plural
            cuentas.append((str(nombre), _acotada(cuantas)))
    vigentes = Consentimiento.objects.vigentes().filter(cliente__in=(principal, absorbido)).order_by()
    repetidos = vigentes.values("finalidad", "canal").annotate(cuantos=Count("pk")).filter(cuantos__gt=1)
    return Previa(cuentas, len(repetidos))


def _acotada(cuantas: int) -> str:
    return f"más de {decimal(LIMITE_DE_USOS)}" if cuantas > LIMITE_DE_USOS else decimal(cuantas)  # type: ignore[arg-type]


# --- Fusiones hechas -------------------------------------------------------------------------------------------------
def fusiones() -> QuerySet[Fusion]:
    """Las fusiones con la ficha que quedó."""
    return Fusion.objects.select_related("principal")


@dataclass(frozen=True)
class PaginaDeFusiones:
    """Unas fusiones y las claves con que se piden la página anterior y la siguiente (None: no hay)."""

    filas: list[Fusion]
    anterior: int | None = None
    siguiente: int | None = None
    total: int | None = None


def tramo_de_fusiones(*, despues: int | None = None, antes: int | None = None) -> PaginaDeFusiones:
    """Una página de las fusiones, de la última a la primera."""
    consulta = fusiones()
    if antes is not None:
        consulta = consulta.filter(pk__gt=antes)
    elif despues is not None:
        consulta = consulta.filter(pk__lt=despues)
    filas = list(consulta.order_by("pk" if antes is not None else "-pk")[: FUSIONES_POR_PAGINA + 1])
    hay_mas, filas = len(filas) > FUSIONES_POR_PAGINA, filas[:FUSIONES_POR_PAGINA]
    if antes is not None:
        filas.reverse()
    if not filas:
        return PaginaDeFusiones([])
    hay_antes = hay_mas if antes is not None else despues is not None
    hay_despues = True if antes is not None else hay_mas
    return PaginaDeFusiones(filas, filas[0].pk if hay_antes else None, filas[-1].pk if hay_despues else None)


def fusion_que_absorbio(clave: int) -> Fusion | None:
    """La fusión, sin deshacer, por la que esa ficha dejó de existir."""
    return fusiones().filter(absorbido_clave=clave, deshecha_el__isnull=True).first()


def cuantos_volverian(fusion: Fusion) -> list[tuple[str, str]]:
    """Nombre y cuenta de lo que se movió y volvería."""
    nombres = {nombre_de_llave(llave): llave.model._meta for llave in llaves()}
    return [
        (str(opciones.verbose_name if len(claves) == 1 else opciones.verbose_name_plural), decimal(len(claves)))  # type: ignore[arg-type]
        for llave, claves in fusion.movidos.items()
        if claves and (opciones := nombres.get(llave)) is not None
    ]
