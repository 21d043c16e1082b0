"""Lo que las pantallas de una importación leen: cuentas, tramos del plan y cuánto falta."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from .correspondencias import clave_sin_decidir, valor_sin_decidir
from .entidades import ENTIDADES
from .models import EstadoImportacion, Importacion, RegistroPlan, ReversionFallida, TipoRegistro

POR_PAGINA = 25
# Los registros del plan que se recorren buscando un texto: más allá se ofrece seguir desde donde se quedó.
VENTANA_DE_BUSQUEDA = 50_000
# Hasta aquí se cuentan los avisos; más allá se dice «más de».
LIMITE_DE_AVISOS = 1_000
AVISOS_MIRADOS = 20_000
GRUPOS_DE_AVISOS = 40
EN_CURSO = frozenset({EstadoImportacion.LEYENDO, EstadoImportacion.APLICANDO, EstadoImportacion.DESHACIENDO})
CANCELABLES = frozenset({EstadoImportacion.LEYENDO, EstadoImportacion.APLICANDO})
SIN_CONFIRMAR = frozenset({EstadoImportacion.POR_CONFIRMAR, EstadoImportacion.ILEGIBLE})
CON_RESULTADO = frozenset({EstadoImportacion.APLICADA, EstadoImportacion.DETENIDA, EstadoImportacion.DESHECHA})
TIPOS = (
    TipoRegistro.NUEVO,
    TipoRegistro.CAMBIADO,
    TipoRegistro.IGUAL,
    TipoRegistro.ERROR,
    TipoRegistro.OMITIDO,
)
FALLIDAS, POR_CONFIRMAR = "fallidas", "por-confirmar"
"""Cómo se piden en la dirección de la lista."""
DIAS_DE_ILEGIBLES = 7
"""Una que no se pudo leer no deja nada por hacer: pasados estos días ya no se cuenta entre las fallidas."""
_CLAVE_MAXIMA = 2**63 - 1
_TEXTO_MAXIMO = 80


# --- Cuentas ---------------------------------------------------------------------------------------------------------
def cuenta(importacion: Importacion, *tipos: str, entidad: str = "") -> int:
    """Cuántos registros hay de esos tipos, según lo que el plan ya contó."""
    cuentas: Mapping[str, Mapping[str, int]] = importacion.cuentas or {}
    elegidas = [cuentas.get(entidad, {})] if entidad else cuentas.values()
    return sum(int(una.get(tipo, 0)) for una in elegidas for tipo in tipos or TIPOS)


def por_importar(importacion: Importacion) -> int:
    """Cuántos registros escribiría: los nuevos y los que cambian."""
    return cuenta(importacion, TipoRegistro.NUEVO, TipoRegistro.CAMBIADO)


def corregidos(importacion: Importacion) -> int:
    """Cuántos registros se corrigieron en la página después de aplicar y esperan un reintento."""
    return len((importacion.ajustes or {}).get("corregidos", ()))


def por_reintentar(importacion: Importacion) -> dict[str, int]:
    """De lo corregido que espera, cuántos de cada tipo: ya cuentan en su tipo, pero todavía no se han escrito."""
    claves = (importacion.ajustes or {}).get("corregidos", ())
    if not claves:
        return {}
    esperan = RegistroPlan.objects.filter(importacion=importacion, pk__in=claves, aplicado=False).order_by()
    return dict(esperan.values_list("tipo").annotate(Count("pk")))


def se_puede_deshacer(importacion: Importacion) -> bool:
    """Si escribió algo y no está ya deshecha ni en curso."""
    return importacion.estado in (EstadoImportacion.APLICADA, EstadoImportacion.DETENIDA) and bool(importacion.momento)


# --- Avance ----------------------------------------------------------------------------------------------------------
def segundos_que_faltan(importacion: Importacion, ahora: datetime) -> int | None:
    """Cuánto falta del paso en curso al ritmo que lleva; None si aún no se sabe."""
    desde, hechos = importacion.paso_desde, importacion.hechos
    if desde is None or hechos <= 0 or importacion.total <= hechos:
        return None
    pasados = max(0.0, (ahora - desde).total_seconds())
    return round(pasados * (importacion.total - hechos) / hechos)


# --- Tramos por clave ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Posicion:
    """Desde dónde se muestra una lista: después o antes de una clave; sin ninguna, desde el principio."""

    despues: int | None = None
    antes: int | None = None

    @classmethod
    def de(cls, parametros: Mapping[str, str]) -> Posicion:
        """La que dice la dirección de la página; lo que no es una clave se ignora."""
        return cls(_clave(parametros.get("despues")), _clave(parametros.get("antes")))


def _clave(texto: str | None) -> int | None:
    if not texto or not texto.isascii() or not texto.isdigit() or len(texto) > len(str(_CLAVE_MAXIMA)):
        return None
    return min(int(texto), _CLAVE_MAXIMA)


@dataclass
class Tramo:
    """Las filas de una página y las claves con que se piden la anterior y la siguiente (None: no hay)."""

    filas: list[Any]
    anterior: int | None = None
    siguiente: int | None = None
    # La búsqueda se detuvo aquí sin llenar la página: quedan registros por mirar.
    seguir_desde: int | None = None
    # Cuántas filas hay en total; None si no se sabe sin contarlas.
    total: int | None = None


def tramo(consulta: QuerySet[Any], posicion: Posicion, *, descendente: bool = False) -> Tramo:
    """Una página de `consulta` por clave, con una fila de sobra para saber si hay más. Nunca cuenta ni salta filas."""
    atras = posicion.antes is not None
    corte = posicion.antes if atras else posicion.despues
    if corte is not None:
        consulta = consulta.filter(**{"pk__gt" if atras == descendente else "pk__lt": corte})
    filas = list(consulta.order_by("-pk" if atras != descendente else "pk")[: POR_PAGINA + 1])
    hay_mas = len(filas) > POR_PAGINA
    filas = filas[:POR_PAGINA]
    if atras:
        filas.reverse()
    if not filas:
        return Tramo([])
    hay_antes = hay_mas if atras else posicion.despues is not None
    hay_despues = True if atras else hay_mas
    return Tramo(filas, filas[0].pk if hay_antes else None, filas[-1].pk if hay_despues else None)


# --- El plan ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Filtros:
    """Qué registros del plan se quieren ver."""

    tipo: str = ""
    entidad: str = ""
    texto: str = ""

    @classmethod
    def de(cls, parametros: Mapping[str, str]) -> Filtros:
        """Los que dice la dirección; lo que no existe se ignora."""
        tipo, entidad = parametros.get("tipo", ""), parametros.get("entidad", "")
        texto = "".join(letra for letra in parametros.get("texto", "") if letra.isprintable()).strip()
        return cls(tipo if tipo in TIPOS else "", entidad if entidad in ENTIDADES else "", texto[:_TEXTO_MAXIMO])

    def __bool__(self) -> bool:
        return bool(self.tipo or self.entidad or self.texto)

    def direccion(self, **otros: Any) -> str:
        """El final de la dirección con estos filtros y lo que se añada: «?tipo=error&despues=25»."""
        todos = {"tipo": self.tipo, "entidad": self.entidad, "texto": self.texto, **otros}
        puestos = {nombre: valor for nombre, valor in todos.items() if valor not in ("", None)}
        return f"?{urlencode(puestos)}" if puestos else "?"


def tramo_del_plan(importacion: Importacion, filtros: Filtros, posicion: Posicion) -> Tramo:
    """Una página del plan con esos filtros."""
    total = cuenta(importacion, *([filtros.tipo] if filtros.tipo else []), entidad=filtros.entidad)
    consulta = importacion.plan.all()  # type: ignore[attr-defined]
    if filtros.tipo:
        consulta = consulta.filter(tipo=filtros.tipo)
    if filtros.entidad:
        consulta = _de_la_entidad(consulta, importacion, filtros)
    if filtros.texto:
        return _buscar(consulta, importacion, filtros.texto, posicion)
    pagina = tramo(consulta, posicion)
    pagina.total = total
    return pagina


def _de_la_entidad(consulta: QuerySet[Any], importacion: Importacion, filtros: Filtros) -> QuerySet[Any]:
    consulta = consulta.filter(entidad=filtros.entidad)
    if not filtros.tipo:
        return consulta
    # Las filas de una entidad van seguidas: con sus extremos, el índice por tipo no recorre las de las otras.
    de_ella = importacion.plan.filter(entidad=filtros.entidad).order_by()  # type: ignore[attr-defined]
    extremos = de_ella.aggregate(desde=Min("pk"), hasta=Max("pk"))
    if extremos["desde"] is None:
        return consulta.none()
    return consulta.filter(pk__gte=extremos["desde"], pk__lte=extremos["hasta"])


def _buscar(consulta: QuerySet[Any], importacion: Importacion, texto: str, posicion: Posicion) -> Tramo:
    """Los registros cuya clave, título o lugar contiene el texto, recorriendo como mucho una ventana del plan."""
    if posicion == Posicion():
        # Quien escribe una clave entera la halla por su índice, esté donde esté.
        exactos = list(consulta.filter(entidad__in=importacion.cuentas, clave=texto.upper()).order_by()[:POR_PAGINA])
        if exactos:
            return Tramo(sorted(exactos, key=lambda registro: registro.pk))
    contiene = Q(clave__icontains=texto) | Q(titulo__icontains=texto) | Q(ruta__icontains=texto)
    if posicion.antes is not None:
        return tramo(consulta.filter(contiene), posicion)
    desde = consulta.filter(pk__gt=posicion.despues or 0).order_by("pk").values_list("pk", flat=True)
    borde = desde[VENTANA_DE_BUSQUEDA : VENTANA_DE_BUSQUEDA + 1].first()
    dentro = consulta.filter(contiene) if borde is None else consulta.filter(contiene, pk__lt=borde)
    pagina = tramo(dentro, posicion)
    if borde is not None and pagina.siguiente is None:
        pagina.seguir_desde = borde - 1
    return pagina


@dataclass
class CuentasDeEntidad:
    """Las cuentas de una entidad, en el orden de TIPOS, para la tabla del plan."""

    nombre: str
    titulo: str
    cuentas: list[tuple[str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Cuántos registros trae de esa clase."""
        return sum(cuantos for _, cuantos in self.cuentas)


def cuentas_por_entidad(importacion: Importacion) -> list[CuentasDeEntidad]:
    """Las entidades que el archivo trae, en el orden en que dependen unas de otras."""
    return [
        CuentasDeEntidad(
            nombre, entidad.titulo, [(str(tipo), cuenta(importacion, tipo, entidad=nombre)) for tipo in TIPOS]
        )
        for nombre, entidad in ENTIDADES.items()
        if nombre in (importacion.cuentas or {})
    ]


# --- Lo demás --------------------------------------------------------------------------------------------------------
def cuantos_avisos(importacion: Importacion) -> int:
    """Cuántas cosas no se reconocieron, sin pasar de LIMITE_DE_AVISOS + 1."""
    avisos = importacion.avisos.order_by().values("pk")  # type: ignore[attr-defined]
    return int(avisos[: LIMITE_DE_AVISOS + 1].count())


def avisos_por_clave(importacion: Importacion) -> list[dict[str, Any]]:
    """Lo no reconocido, junto: cada clave con su motivo, cuántas veces está y un ejemplo; primero lo que más se repite.

    Se miran como mucho AVISOS_MIRADOS; de una misma clave el traductor ya guarda solo unos cuantos.
    """
    avisos = importacion.avisos.order_by("pk")  # type: ignore[attr-defined]
    borde = avisos.values_list("pk", flat=True)[AVISOS_MIRADOS : AVISOS_MIRADOS + 1].first()
    mirados = avisos if borde is None else avisos.filter(pk__lt=borde)
    grupos: Any = mirados.order_by().values("archivo", "clave", "motivo")
    return list(grupos.annotate(veces=Count("pk"), ejemplo=Max("valor")).order_by("-veces", "clave")[:GRUPOS_DE_AVISOS])


def sin_reconocer(importacion: Importacion) -> int:
    """Cuántas claves y valores del archivo no tienen a dónde ir y nadie ha decidido ignorarlos."""
    claves = sum(map(clave_sin_decidir, importacion.claves_vistas or ()))
    return claves + sum(map(valor_sin_decidir, importacion.valores_vistos or ()))


def reversiones(importacion: Importacion, clase: str) -> QuerySet[ReversionFallida]:
    """Lo que al deshacer se conservó o no se pudo; `clase` vacía, todo."""
    consulta: QuerySet[ReversionFallida] = importacion.reversiones.all()  # type: ignore[attr-defined]
    return consulta.filter(clase=clase) if clase else consulta


def importaciones(cuales: str = "", *, hoy: date | None = None) -> QuerySet[Importacion]:
    """Todas, con sus archivos y sin lo que pesa; o solo las fallidas (vistas desde hoy) o por confirmar."""
    pesados = ("claves_vistas", "valores_vistos", "ajustes", "permitidas", "problema")
    todas = Importacion.objects.defer(*pesados).prefetch_related("archivos")
    if cuales == POR_CONFIRMAR:
        return todas.filter(estado=EstadoImportacion.POR_CONFIRMAR)
    if cuales == FALLIDAS and hoy is not None:
        desde = timezone.make_aware(datetime.combine(hoy - timedelta(days=DIAS_DE_ILEGIBLES), time.min))
        ilegibles = Q(estado=EstadoImportacion.ILEGIBLE, creada_en__gte=desde)
        return todas.filter(Q(estado=EstadoImportacion.DETENIDA) | ilegibles)
    return todas


def registro_del_plan(importacion: Importacion, clave: int) -> RegistroPlan | None:
    """Un registro de esa importación y no de otra."""
    return RegistroPlan.objects.filter(importacion=importacion, pk=clave).first()


def nombres_de_archivos(importaciones_: Iterable[Importacion]) -> dict[int, list[str]]:
    """Los nombres de los archivos de cada importación, por su clave."""
    return {una.pk: [archivo.nombre for archivo in una.archivos.all()] for una in importaciones_}  # type: ignore[attr-defined]
