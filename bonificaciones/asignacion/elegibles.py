"""A quiénes premia un programa un día dado: la búsqueda que usan por igual la asignación, la simulación y el editor.

Todo lo hace la base, de una vez y en tablas temporales de la conexión, que no ocupan el turno de escritura de SQLite:
primero los que cumplen la permanencia, cada uno con la razón por la que no se le asigna (o ninguna), y después, solo
de los que quedan, su factura, lo que se les da y lo que cuesta. Los importes van en centavos enteros y las cantidades
en centésimas: las cuentas son exactas en las dos bases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, DateField, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from clientes.models import Cliente, Contrato, EstadoContrato, EstadoInteraccion, Interaccion
from clientes.models.interaccion import CON_PLAZO
from movistar_site.comun import valores
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores.fechas import MESES_POR_ANIO
from servicios.models import Periodicidad, Servicio

from ..models import Bonificacion, Derivacion
from ..models.programa import Beneficio, Calculo
from .criterios import CENTAVOS, Criterios
from .huecos import reinicios
from .temporales import consultar, ejecutar, estimar, sin_compilar, temporales

SIN_CERRAR = (EstadoInteraccion.ABIERTA, EstadoInteraccion.EN_TRAMITE)
ENTRA, YA_LA_TIENE = 0, 1
"""Las dos primeras razones: ninguna, y que ya se le asignó."""
PQR_ABIERTA = 7
"""La razón que vale para todos los programas por igual."""
RAZONES: Mapping[int, tuple[str, str]] = {
    2: ("categoria", "No son de las categorías del programa"),
    3: ("municipio", "No viven en los municipios del programa"),
    4: ("contrato", "No tienen un contrato activo"),
    5: ("tipos", "No tienen los servicios del programa"),
    6: ("segmento", "No son del segmento"),
    PQR_ABIERTA: ("pqr", "Tienen una PQR abierta"),
    8: ("derivada", "Ya están con un asesor por este programa"),
    9: ("sin_factura", "Sin factura mensual, el beneficio sería de cero"),
}
"""Por qué no se le asigna a quien cumple la permanencia: la primera condición que falla, en este orden."""
CAMBIO, PROGRAMA_CAMBIO = "cambio", "programa_cambio"
EN_PALABRAS: Mapping[str, str] = {
    **dict(RAZONES.values()),
    CAMBIO: "Dejaron de cumplir mientras se asignaba",
    PROGRAMA_CAMBIO: "El programa cambió mientras se asignaba",
}
"""Cada razón de exclusión, como se lee en una corrida."""
TABLA, CANDIDATOS, REINICIOS = "fidelizacion_elegidos", "fidelizacion_candidatos", "fidelizacion_reinicios"
TABLAS = {
    REINICIOS: "cliente bigint PRIMARY KEY, desde date NOT NULL",
    CANDIDATOS: "cliente bigint NOT NULL, desde date NOT NULL, anios integer NOT NULL, razon integer NOT NULL",
    TABLA: (
        "n integer PRIMARY KEY, cliente bigint NOT NULL, desde date NOT NULL, anios integer NOT NULL,"
        " cantidad bigint NOT NULL, factura bigint NOT NULL, costo bigint NOT NULL"
    ),
}
MITAD, _ENTERO = 5_000, 10_000
"""La mitad de las centésimas de un porcentaje, y todas: se suma la una y se divide por la otra para redondear."""


@dataclass
class Alcance:
    """Cuántos cumplen la permanencia y qué pasa con cada uno. La suma de lo demás da `por_permanencia`."""

    por_permanencia: int = 0
    ya_la_tenian: int = 0
    excluidos: dict[str, int] = field(default_factory=dict)
    fuera_del_tope: int = 0
    elegidos: int = 0
    costo: int = 0

    @property
    def total_excluidos(self) -> int:
        """Todos los que no cumplen alguna condición."""
        return sum(self.excluidos.values())


@dataclass(frozen=True)
class Elegido:
    """Un cliente al que el programa premia: su lugar en la fila, desde cuándo es cliente y lo que le toca."""

    n: int
    cliente: int
    desde: date
    anios: int
    cantidad: int
    factura: int
    costo: int


@contextmanager
def buscar(criterios: Criterios, *, hoy: date, disponible: int | None = None) -> Iterator[Busqueda]:
    """Busca a quiénes premia el programa el día `hoy`. `disponible`: centavos al mes que le quedan al tope, si tiene.

    Lo hallado dura lo que dura el bloque. Con tope, los elegidos van de quien más lleva a quien menos, hasta el primero
    que ya no alcanza; sin él, por su clave.
    """
    with sin_compilar(), temporales(**TABLAS):
        busqueda = Busqueda(criterios, hoy)
        busqueda.hallar(disponible)
        yield busqueda


# --- Las condiciones -------------------------------------------------------------------------------------------------
def que_cumplen(criterios: Criterios, hoy: date) -> QuerySet[Cliente]:
    """Los clientes activos que cumplen la permanencia por su fecha de vinculación: un rango de su índice."""
    clientes = Cliente.objects.all().activos().filter(fecha_vinculacion__lte=criterios.ultima_vinculacion(hoy))
    if (despues := criterios.despues_de(hoy)) is not None:
        clientes = clientes.filter(fecha_vinculacion__gt=despues)
    return clientes.order_by()


def con_razon(
    clientes: QuerySet[Cliente],
    criterios: Criterios,
    *,
    hoy: date,
    reglas: Mapping[str, Any],
    entre: Collection[int] | None = None,
) -> Any:
    """Añade `razon`: el número de la primera condición del programa que el cliente no cumple, o ENTRA.

    `entre`: los únicos clientes que importan; con ellos el segmento no se recorre entero.
    """
    if criterios.categorias:
        clientes = clientes.con_categoria(hoy, reglas)  # type: ignore[attr-defined]
    casos = [When(falla, then=Value(numero)) for numero, falla in fallas(criterios, hoy, entre)]
    return clientes.annotate(razon=Case(*casos, default=Value(ENTRA), output_field=IntegerField()))


def fallas(criterios: Criterios, hoy: date, entre: Collection[int] | None) -> Iterator[tuple[int, Any]]:
    """Cuándo falla cada condición que el programa pide, con su número en RAZONES."""
    contratos = Contrato.objects.filter(cliente=OuterRef("pk"), estado=EstadoContrato.ACTIVO)
    if criterios.categorias:
        yield 2, ~Q(categoria__in=criterios.categorias)
    if criterios.municipios:
        yield 3, Q(municipio__isnull=True) | ~Q(municipio__in=criterios.municipios)
    if criterios.con_contrato:
        yield 4, ~Exists(contratos)
    if criterios.tipos:
        yield 5, ~Exists(contratos.filter(servicio__in=_servicios_de(criterios.tipos)))
    if criterios.segmento is not None:
        from ..segmentos import clientes_de

        suyos = clientes_de(criterios.segmento, hoy=hoy, entre=entre)
        yield 6, ~Q(pk__in=suyos.order_by().values("pk"))
    yield PQR_ABIERTA, con_pqr_abierta()
    if criterios.programa_id is not None:
        suyas = Derivacion.objects.abiertas().filter(cliente=OuterRef("pk"), programa=criterios.programa_id)
        yield 8, Exists(suyas)


def con_pqr_abierta() -> Exists:
    """Tener una PQR sin cerrar: a nadie que la tenga se le asigna, sea el programa que sea."""
    return Exists(Interaccion.objects.filter(cliente=OuterRef("pk"), estado__in=SIN_CERRAR, tipo__in=CON_PLAZO))


def _servicios_de(tipos: tuple[int, ...]) -> list[int]:
    """Los servicios de esos tipos, y los paquetes que llevan alguno. El catálogo es corto: sus claves viajan solas."""
    suyos = Servicio.objects.filter(Q(tipo__in=tipos) | Q(componentes__tipo__in=tipos))
    return list(suyos.order_by("pk").values_list("pk", flat=True).distinct())


# --- La búsqueda -----------------------------------------------------------------------------------------------------
class Busqueda:
    """Los candidatos y los elegidos de un programa un día, mientras dura el bloque de `buscar`."""

    def __init__(self, criterios: Criterios, hoy: date) -> None:
        self.criterios, self.hoy = criterios, hoy
        self.reglas = parametros(hoy)
        self.hueco = int(self.reglas["hueco_permanencia"])
        self.alcance = Alcance()

    @property
    def hasta(self) -> int:
        """El lugar del último elegido: van del uno a este."""
        return self.alcance.elegidos

    def muestra(self, cuantos: int) -> list[Elegido]:
        """Los elegidos que más llevan."""
        filas = consultar(
            f"SELECT n, cliente, desde, anios, cantidad, factura, costo FROM {TABLA}"  # noqa: S608
            " ORDER BY desde, cliente LIMIT %s",
            [cuantos],
        )
        return [Elegido(n, cliente, _fecha(desde), *resto) for n, cliente, desde, *resto in filas]

    def claves(self, despues: int, hasta: int) -> list[int]:
        """Las claves de los elegidos de ese tramo de lugares."""
        filas = consultar(f"SELECT cliente FROM {TABLA} WHERE n > %s AND n <= %s", [despues, hasta])  # noqa: S608
        return [cliente for (cliente,) in filas]

    # --- Los pasos ---------------------------------------------------------------------------------------------------
    def hallar(self, disponible: int | None) -> None:
        """Llena las tablas y las cuentas."""
        if self.hueco:
            self._hallar_reinicios()
        self._hallar_candidatos()
        self._elegir()
        if disponible is not None:
            self._cortar(disponible)
        self._contar()

    def _hallar_reinicios(self) -> None:
        """Desde cuándo cuenta quien estuvo más de `hueco` días sin ningún contrato."""
        suyos, valores = reinicios(
            connection,
            hoy=self.hoy,
            hueco=self.hueco,
            union=f"JOIN {_tabla(Cliente)} c ON c.id = k.cliente_id",
            donde="c.estado = 'activo' AND c.fecha_vinculacion <= %s",
            valores=[_dia(self.criterios.ultima_vinculacion(self.hoy))],
        )
        ejecutar(
            f"INSERT INTO {REINICIOS} SELECT cliente_id, MAX(fecha_inicio) FROM ({suyos}) r"  # noqa: S608
            " GROUP BY cliente_id",
            valores,
        )

    def _con_permanencia(self) -> QuerySet[Cliente]:
        """Quienes cumplen la permanencia, con `desde`: la fecha desde la que se les cuenta."""
        if not self.hueco:
            return que_cumplen(self.criterios, self.hoy).annotate(desde=F("fecha_vinculacion"))
        # El reinicio solo acerca la fecha: quien por su vinculación pasaba del máximo puede ahora no pasarlo.
        sin_maximo = Cliente.objects.all().activos().filter(
            fecha_vinculacion__lte=self.criterios.ultima_vinculacion(self.hoy)
        )  # fmt: skip
        clientes = _tabla(Cliente)
        reinicio = f"(SELECT r.desde FROM {REINICIOS} r WHERE r.cliente = {clientes}.id)"  # noqa: S608
        vinculacion = f"{clientes}.fecha_vinculacion"
        efectiva = f"CASE WHEN {reinicio} > {vinculacion} THEN {reinicio} ELSE {vinculacion} END"
        return sin_maximo.order_by().annotate(desde=RawSQL(efectiva, [], output_field=DateField()))  # noqa: S611

    def _hallar_candidatos(self) -> None:
        clientes = con_razon(self._con_permanencia(), self.criterios, hoy=self.hoy, reglas=self.reglas)
        consulta, valores_ = clientes.values_list("pk", "desde", "razon").query.get_compiler("default").as_sql()
        materializada = "MATERIALIZED " if self.hueco else "NOT MATERIALIZED "
        limites: list[str] = []
        if self.hueco:
            limites.append(f"q.desde <= '{self.criterios.ultima_vinculacion(self.hoy)}'")
            if (despues := self.criterios.despues_de(self.hoy)) is not None:
                limites.append(f"q.desde > '{despues}'")
        donde = f" WHERE {' AND '.join(limites)}" if limites else ""
        anios = self._sql_de_anios("q.desde")
        ejecutar(
            f"INSERT INTO {CANDIDATOS} WITH q(cliente, desde, razon) AS {materializada}({consulta})"  # noqa: S608
            f" SELECT q.cliente, q.desde, {anios}, {self._sql_de_razon(anios)} FROM q{donde}",
            valores_,
        )
        estimar(CANDIDATOS)

    def _sql_de_razon(self, anios: str) -> str:
        """Si ya se le asignó, antes que nada; si no, la condición que falla: la base no mira lo demás."""
        if self.criterios.programa_id is None:
            return "q.razon"
        hito = f" AND b.hito = {anios}" if self.criterios.anual else ""
        ya = (
            f"SELECT 1 FROM {_tabla(Bonificacion)} b WHERE b.cliente_id = q.cliente"  # noqa: S608
            f" AND b.programa_id = {int(self.criterios.programa_id)}{hito}"
        )
        return f"CASE WHEN EXISTS ({ya}) THEN {YA_LA_TIENE} ELSE q.razon END"

    def _sql_de_anios(self, desde: str) -> str:
        """Los años cumplidos según los rangos de fechas en que cae `desde`, de los más comunes a los más raros."""
        menos = self.criterios.meses_minimos // MESES_POR_ANIO
        primera = Cliente.objects.aggregate(primera=Min("fecha_vinculacion"))["primera"] or self.hoy
        mas = max(valores.anios_cumplidos(primera, self.hoy), menos)
        ramas = [f"WHEN {desde} > '{ultima_con(anios + 1, self.hoy)}' THEN {anios}" for anios in range(menos, mas)]
        return f"CASE {' '.join(ramas)} ELSE {mas} END" if ramas else str(mas)

    def _elegir(self) -> None:
        """De quienes entran, su factura, lo que se les da y lo que cuesta."""
        orden = "desde, cliente" if self.criterios.tope is not None else "cliente"
        ejecutar(
            f"INSERT INTO {TABLA} SELECT ROW_NUMBER() OVER (ORDER BY {orden}), cliente, desde, anios, cantidad,"  # noqa: S608
            f" factura, {self._sql_de_costo()} FROM ("
            f"SELECT cliente, desde, anios, factura, {self._sql_de_cantidad()} AS cantidad FROM ("
            f"SELECT c.cliente, c.desde, c.anios, {self._sql_de_factura()} AS factura FROM {CANDIDATOS} c"
            f" WHERE c.razon = {ENTRA}) con_factura) con_cantidad WHERE cantidad > 0"
            f" ORDER BY {orden}"
        )
        estimar(TABLA)

    def _sql_de_factura(self) -> str:
        """La suma de lo que firmó en sus contratos activos que se cobran cada mes."""
        en_centavos = (
            f"CAST(ROUND(k.precio * {CENTAVOS}) AS integer)"
            if connection.vendor == "sqlite"
            else f"CAST(k.precio * {CENTAVOS} AS bigint)"
        )
        return (
            f"COALESCE((SELECT CAST(SUM({en_centavos}) AS bigint) FROM {_tabla(Contrato)} k"  # noqa: S608
            f" WHERE k.cliente_id = c.cliente AND k.estado = '{EstadoContrato.ACTIVO.value}'"
            f" AND k.periodicidad = '{Periodicidad.MENSUAL.value}'), 0)"
        )

    def _sql_de_cantidad(self) -> str:
        criterios = self.criterios
        if criterios.calculo == Calculo.FACTURA:
            return f"(factura * {criterios.cantidad} + {MITAD}) / {_ENTERO}"
        if criterios.calculo == Calculo.ESCALONES:
            ramas = [f"WHEN anios >= {uno.anios} THEN {uno.cantidad}" for uno in reversed(criterios.escalones)]
            # PostgreSQL haría con un número corto cuentas cortas, que se desbordan.
            return f"CAST(CASE {' '.join(ramas)} ELSE 0 END AS bigint)" if ramas else "0"
        return f"CAST({criterios.cantidad} AS bigint)"

    def _sql_de_costo(self) -> str:
        """Lo que cuesta al mes. Un descuento no pasa de lo que se factura."""
        criterios = self.criterios
        if (fijo := criterios.costo_fijo(self.hoy)) is not None:
            return str(fijo)
        if criterios.beneficio == Beneficio.DESCUENTO_PORCENTAJE:
            return f"(factura * cantidad + {MITAD}) / {_ENTERO}"
        if criterios.beneficio == Beneficio.DESCUENTO_VALOR:
            return "CASE WHEN cantidad < factura THEN cantidad ELSE factura END"
        if criterios.beneficio == Beneficio.MESES_GRATIS:
            return "factura"
        return f"(cantidad * {criterios.costo_unitario} + {CENTAVOS // 2}) / {CENTAVOS}"

    def _cortar(self, disponible: int) -> None:
        """Deja solo los primeros a los que alcanza el tope: hasta el primero que ya no cabe, y nadie después de él."""
        corte = consultar(
            f"SELECT MIN(n) FROM (SELECT n, SUM(costo) OVER (ORDER BY n) AS suma FROM {TABLA}) s"  # noqa: S608
            " WHERE suma > %s",
            [disponible],
        )[0][0]
        if corte is not None:
            self.alcance.fuera_del_tope = ejecutar(f"DELETE FROM {TABLA} WHERE n >= %s", [corte])  # noqa: S608

    def _contar(self) -> None:
        cuentas = dict(consultar(f"SELECT razon, COUNT(*) FROM {CANDIDATOS} GROUP BY razon"))  # noqa: S608
        elegidos, costo = consultar(f"SELECT COUNT(*), COALESCE(SUM(costo), 0) FROM {TABLA}")[0]  # noqa: S608
        alcance = self.alcance
        alcance.por_permanencia = sum(cuentas.values())
        alcance.ya_la_tenian = cuentas.get(YA_LA_TIENE, 0)
        alcance.elegidos, alcance.costo = int(elegidos), int(costo)
        alcance.excluidos = {clave: cuentas[n] for n, (clave, _) in RAZONES.items() if cuentas.get(n)}
        if sin_factura := cuentas.get(ENTRA, 0) - alcance.fuera_del_tope - alcance.elegidos:
            alcance.excluidos["sin_factura"] = sin_factura


def ultima_con(anios: int, hoy: date) -> date:
    """La fecha de vinculación más tardía con la que el día `hoy` se han cumplido esos años."""
    meses = anios * MESES_POR_ANIO
    return valores.limites_de_categoria(hoy, meses_regular=meses, meses_leal=meses).ultima_fecha_regular


# --- La base ---------------------------------------------------------------------------------------------------------
def _tabla(modelo: Any) -> str:
    return str(connection.ops.quote_name(modelo._meta.db_table))


def _dia(dia: date) -> Any:
    return connection.ops.adapt_datefield_value(dia)


def _fecha(valor: Any) -> date:
    return valor if isinstance(valor, date) else date.fromisoformat(valor)


__all__ = [
    "EN_PALABRAS",
    "RAZONES",
    "Alcance",
    "Busqueda",
    "Elegido",
    "buscar",
    "con_razon",
    "fallas",
    "que_cumplen",
    "ultima_con",
]
