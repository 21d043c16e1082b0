"""Las cifras del tablero. Aquí solo se leen y se ordenan; las dibuja la plantilla.

Cada consulta se hace si quien mira tiene permiso sobre sus datos. Las cuentas salen de las que la base lleva al día
(`reportes.resumenes`): son exactas y cuestan lo mismo con mil clientes que con un millón.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse

from clientes.models import Cliente, EstadoCliente, EstadoContrato, EstadoInteraccion, Interaccion
from movistar_site.comun import valores
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.parametros import parametros
from servicios.models import EstadoServicio, Servicio

from .models import ClientesPorVinculacion, ContratosPorServicio, InteraccionesAbiertas

MESES_DE_DIEZ_ANIOS = 120
POPULARES = 8
PENDIENTES = 6


@dataclass(frozen=True)
class Indicador:
    """Una cifra con su título y la lista que la explica."""

    titulo: str
    valor: int
    icono: str
    enlace: str
    ayuda: str = ""


@dataclass(frozen=True)
class Barra:
    """Una barra de un gráfico: `parte` es su largo, de 0 a 100, frente a la mayor."""

    nombre: str
    valor: int
    parte: int
    enlace: str = ""


@dataclass(frozen=True)
class Paso:
    """Lo que conviene hacer en un panel recién instalado."""

    titulo: str
    ayuda: str
    boton: str
    enlace: str


@dataclass
class Tablero:
    """Todo lo que muestra la primera página."""

    indicadores: list[Indicador] = field(default_factory=list)
    populares: list[Barra] = field(default_factory=list)
    categorias: list[Barra] = field(default_factory=list)
    pendientes: list[Interaccion] = field(default_factory=list)
    ve_interacciones: bool = False
    ve_contratos: bool = False
    ve_clientes: bool = False
    pasos: list[Paso] = field(default_factory=list)


def tablero(usuario: Any, *, hoy: date) -> Tablero:
    """Las cifras que la cuenta puede ver, el día `hoy`."""
    resultado = Tablero(
        ve_clientes=usuario.has_perm("clientes.view_cliente"),
        ve_contratos=usuario.has_perm("clientes.view_contrato"),
        ve_interacciones=usuario.has_perm("clientes.view_interaccion"),
    )
    ve_servicios = usuario.has_perm("servicios.view_servicio")
    servicios = list(Servicio.objects.values_list("pk", "nombre", "estado")) if ve_servicios else []
    hay_clientes = not resultado.ve_clientes or _poner_clientes(resultado, hoy) or Cliente.objects.exists()
    if resultado.ve_contratos:
        _poner_contratos(resultado, {pk: nombre for pk, nombre, _ in servicios})
    if ve_servicios:
        resultado.indicadores += _de_servicios([estado for _, _, estado in servicios])
    if resultado.ve_interacciones:
        _poner_interacciones(resultado)
    if (ve_servicios and not servicios) or not hay_clientes:
        resultado.pasos = _pasos(usuario)
    return resultado


# --- Clientes --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _CifrasDeClientes:
    activos: int
    nuevos_del_mes: int
    de_diez_anios: int
    por_categoria: dict[str, int]


def _poner_clientes(resultado: Tablero, hoy: date) -> bool:
    """Pone las cifras de clientes y dice si hay alguno activo."""
    cifras = _contar_clientes(hoy)
    primero = hoy.replace(day=1)
    diez = valores.limites_de_categoria(
        hoy, meses_regular=MESES_DE_DIEZ_ANIOS, meses_leal=MESES_DE_DIEZ_ANIOS
    ).ultima_fecha_leal
    lista = _lista("clientes", "cliente")
    resultado.indicadores += [
        Indicador("Clientes activos", cifras.activos, "group", f"{lista}?estado__exact=activo"),
        Indicador(
            "Nuevos este mes",
            cifras.nuevos_del_mes,
            "person_add",
            f"{lista}?fecha_vinculacion__gte={primero}",
            f"Vinculados desde el {valores.formatear_fecha(primero)}",
        ),
        Indicador(
            "Con más de diez años",
            cifras.de_diez_anios,
            "workspace_premium",
            f"{lista}?estado__exact=activo&fecha_vinculacion__lte={diez}",
            "Activos, para la bonificación",
        ),
    ]
    nombres = dict(Categoria.choices)
    resultado.categorias = barras(
        [
            (nombres[clave], cuenta, f"{lista}?estado__exact=activo&categoria={clave}")
            for clave, cuenta in cifras.por_categoria.items()
        ]
    )
    return cifras.activos > 0


def _contar_clientes(hoy: date) -> _CifrasDeClientes:
    reglas = parametros(hoy)
    meses = {"meses_regular": reglas["meses_regular"], "meses_leal": reglas["meses_leal"]}
    limites = valores.limites_de_categoria(hoy, **meses)
    diez = valores.limites_de_categoria(
        hoy, meses_regular=MESES_DE_DIEZ_ANIOS, meses_leal=MESES_DE_DIEZ_ANIOS
    ).ultima_fecha_leal
    activos = Q(estado=EstadoCliente.ACTIVO)
    por_permanencia = {
        Categoria.LEAL: Q(dia__lte=limites.ultima_fecha_leal),
        Categoria.REGULAR: Q(dia__gt=limites.ultima_fecha_leal, dia__lte=limites.ultima_fecha_regular),
        Categoria.NUEVO: Q(dia__gt=max(limites)),
    }
    sumas = ClientesPorVinculacion.objects.aggregate(
        activos=Sum("n", filter=activos, default=0),
        nuevos_del_mes=Sum("n", filter=Q(dia__gte=hoy.replace(day=1)), default=0),
        de_diez_anios=Sum("n", filter=activos & Q(dia__lte=diez), default=0),
        **{
            str(categoria.value): Sum("n", filter=activos & (Q(asignada=categoria) | Q(asignada="") & suya), default=0)
            for categoria, suya in por_permanencia.items()
        },
    )
    return _CifrasDeClientes(
        activos=sumas["activos"],
        nuevos_del_mes=sumas["nuevos_del_mes"],
        de_diez_anios=sumas["de_diez_anios"],
        por_categoria={categoria: sumas[categoria] for categoria in Categoria.values},
    )


# --- Contratos y servicios -------------------------------------------------------------------------------------------
def _poner_contratos(resultado: Tablero, nombres: dict[int, str]) -> None:
    por_servicio = _contratos_por_servicio()
    lista = _lista("clientes", "contrato")
    resultado.indicadores.append(
        Indicador("Contratos activos", sum(por_servicio.values()), "contract", f"{lista}?estado__exact=activo")
    )
    mayores = sorted(por_servicio.items(), key=lambda par: (-par[1], par[0]))[:POPULARES]
    resultado.populares = barras(
        [
            (nombres[pk], cuenta, f"{lista}?estado__exact=activo&servicio__id__exact={pk}")
            for pk, cuenta in mayores
            if pk in nombres
        ]
    )


def _contratos_por_servicio() -> dict[int, int]:
    activos = ContratosPorServicio.objects.filter(estado=EstadoContrato.ACTIVO).order_by()
    cuentas = activos.values_list("servicio_id").annotate(cuantos=Sum("n"))
    return {servicio: cuantos for servicio, cuantos in cuentas if cuantos}


def _de_servicios(estados: list[str]) -> list[Indicador]:
    retirados = estados.count(EstadoServicio.RETIRADO)
    lista = _lista("servicios", "servicio")
    ayuda = f"{retirados} retirado{'' if retirados == 1 else 's'}" if retirados else "Ninguno retirado"
    return [
        Indicador("Servicios ofrecidos", len(estados) - retirados, "router", f"{lista}?estado__exact=activo", ayuda)
    ]


# --- Interacciones ---------------------------------------------------------------------------------------------------
def _poner_interacciones(resultado: Tablero) -> None:
    en_espera = (EstadoInteraccion.ABIERTA, EstadoInteraccion.EN_TRAMITE)
    cuenta = InteraccionesAbiertas.objects.aggregate(cuantas=Sum("n", default=0))["cuantas"]
    enlace = f"{_lista('clientes', 'interaccion')}?estado__in={','.join(en_espera)}"
    resultado.indicadores.append(Indicador("Interacciones abiertas", cuenta, "forum", enlace, "Esperan respuesta"))
    # Las últimas de cada estado y no las de los dos a la vez: así las da el índice, ya ordenadas.
    ultimas = [
        interaccion
        for estado in en_espera
        for interaccion in Interaccion.objects.filter(estado=estado)
        .select_related("cliente")
        .order_by("-fecha", "-id")[:PENDIENTES]
    ]
    resultado.pendientes = sorted(ultimas, key=lambda una: (una.fecha, una.pk), reverse=True)[:PENDIENTES]


# --- Común -----------------------------------------------------------------------------------------------------------
def barras(filas: list[tuple[str, int, str]]) -> list[Barra]:
    """Las filas (nombre, cuenta, enlace) como barras proporcionales a la mayor."""
    mayor = max((cuenta for _, cuenta, _ in filas), default=0)
    return [
        Barra(nombre, cuenta, round(100 * cuenta / mayor) if mayor else 0, enlace) for nombre, cuenta, enlace in filas
    ]


def _pasos(usuario: Any) -> list[Paso]:
    posibles = (
        (
            "servicios.add_tiposervicio",
            "servicios_tiposervicio",
            Paso(
                "Revise los tipos de servicio",
                "Fibra, pospago, televisión… con los datos que describe cada uno.",
                "Ver los tipos",
                "servicios_tiposervicio_changelist",
            ),
        ),
        (
            "servicios.add_servicio",
            "servicios_servicio",
            Paso(
                "Cree un servicio",
                "Un plan con su precio. O traiga todo el catálogo de un archivo desde su lista.",
                "Agregar servicio",
                "servicios_servicio_add",
            ),
        ),
        (
            "clientes.add_cliente",
            "clientes_cliente",
            Paso(
                "Registre un cliente",
                "Con su documento y desde cuándo es cliente. La lista también importa archivos.",
                "Agregar cliente",
                "clientes_cliente_add",
            ),
        ),
        (
            "clientes.add_contrato",
            "clientes_contrato",
            Paso(
                "Firme su primer contrato",
                "Une un cliente con un servicio al precio de hoy.",
                "Agregar contrato",
                "clientes_contrato_add",
            ),
        ),
    )
    return [
        Paso(paso.titulo, paso.ayuda, paso.boton, reverse(f"admin:{paso.enlace}"))
        for permiso, _, paso in posibles
        if usuario.has_perm(permiso)
    ]


def _lista(aplicacion: str, modelo: str) -> str:
    return reverse(f"admin:{aplicacion}_{modelo}_changelist")
