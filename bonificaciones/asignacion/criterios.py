"""Lo que un programa pide y da, como dato suelto: el guardado y el que alguien está escribiendo son lo mismo.

Puro: de aquí salen las fechas, los escalones y los costos con que se busca a quiénes premia un programa, se muestra lo
que alcanza antes de guardarlo y se asigna. Los importes van en centavos enteros y las cantidades en centésimas.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from movistar_site.comun import valores
from movistar_site.comun.valores.fechas import MESES_POR_ANIO
from servicios.models import Periodicidad, Servicio

from ..models.programa import Beneficio, Calculo, Frecuencia

if TYPE_CHECKING:
    from ..models import Programa, Segmento

CENTAVOS = 100
SIN_CANTIDAD = (Beneficio.SERVICIO_GRATIS, Beneficio.EQUIPO)
"""Los beneficios que se dan o no se dan: su cantidad es siempre una."""


class Escalon(NamedTuple):
    """Desde cuántos años cumplidos se da cuánto (en centésimas)."""

    anios: int
    cantidad: int


@dataclass(frozen=True)
class Criterios:
    """A quién premia un programa, con qué y hasta cuánto. `programa_id` es None si todavía no se ha guardado."""

    programa_id: int | None
    meses_minimos: int
    estricto: bool
    meses_maximos: int | None
    categorias: tuple[str, ...]
    tipos: tuple[int, ...]
    municipios: tuple[str, ...]
    segmento: Segmento | None
    con_contrato: bool
    beneficio: str
    calculo: str
    cantidad: int
    escalones: tuple[Escalon, ...]
    meses: int
    servicio: Servicio | None
    equipo: str
    costo_unitario: int
    anual: bool
    tope: int | None

    @classmethod
    def de(
        cls,
        programa: Programa,
        *,
        tipos: Iterable[Any] | None = None,
        municipios: Iterable[Any] | None = None,
    ) -> Criterios:
        """Los de un programa. `tipos` y `municipios`: los que aún no se han guardado; sin ellos, los suyos."""
        guardado = programa.pk is not None
        if tipos is None:
            tipos = programa.tipos.all() if guardado else ()
        if municipios is None:
            municipios = programa.municipios.all() if guardado else ()
        return cls(
            programa_id=programa.pk,
            meses_minimos=programa.meses_minimos,
            estricto=programa.estricto,
            meses_maximos=programa.meses_maximos,
            categorias=tuple(programa.categorias or ()),
            tipos=tuple(sorted(tipo.pk for tipo in tipos)),
            municipios=tuple(sorted(municipio.pk for municipio in municipios)),
            segmento=programa.segmento,
            con_contrato=programa.con_contrato,
            beneficio=programa.beneficio,
            calculo=programa.calculo,
            cantidad=CENTAVOS if programa.beneficio in SIN_CANTIDAD else centesimas(programa.cantidad),
            escalones=leer_escalones(programa.escalones) if programa.calculo == Calculo.ESCALONES else (),
            meses=programa.meses,
            servicio=programa.servicio if programa.beneficio == Beneficio.SERVICIO_GRATIS else None,
            equipo=programa.equipo if programa.beneficio == Beneficio.EQUIPO else "",
            costo_unitario=centesimas(programa.costo_unitario),
            anual=programa.frecuencia == Frecuencia.ANUAL,
            tope=None if programa.tope_mensual is None else centesimas(programa.tope_mensual),
        )

    # --- Permanencia -------------------------------------------------------------------------------------------------
    def ultima_vinculacion(self, hoy: date) -> date:
        """La fecha de vinculación más tardía que el día `hoy` cumple la permanencia.

        Con «más de», quien la cumple justo ese día entra al siguiente (dominio, sección 1).
        """
        limites = valores.limites_de_categoria(hoy, meses_regular=self.meses_minimos, meses_leal=self.meses_minimos)
        return limites.ultima_fecha_leal if self.estricto else limites.ultima_fecha_regular

    def despues_de(self, hoy: date) -> date | None:
        """Hay que haberse vinculado después de esta fecha; None si no hay máximo. Quien lo cumple justo hoy, entra."""
        if self.meses_maximos is None:
            return None
        meses = self.meses_maximos
        return valores.limites_de_categoria(hoy, meses_regular=meses, meses_leal=meses).ultima_fecha_leal

    # --- Costo -------------------------------------------------------------------------------------------------------
    def costo_fijo(self, hoy: date) -> int | None:
        """Lo que cuesta al mes a cada cliente lo que no depende de él, en centavos; None si depende.

        Un servicio cuesta su precio de ese día, llevado a un mes; un equipo, lo suyo repartido en los meses que dura.
        """
        if self.beneficio == Beneficio.SERVICIO_GRATIS and self.servicio is not None:
            return costo_del_servicio(self.servicio, hoy, self.meses)
        if self.beneficio == Beneficio.EQUIPO:
            return dividir(self.costo_unitario, self.meses)
        return None


def centesimas(valor: Decimal | int | str) -> int:
    """Un valor en centésimas enteras: los pesos en centavos. Redondea la mitad hacia arriba."""
    return int((Decimal(valor) * CENTAVOS).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def de_centesimas(valor: int) -> Decimal:
    """El valor que son esas centésimas, con dos decimales."""
    return Decimal(valor).scaleb(-2)


def dividir(valor: int, entre: int) -> int:
    """La división entera que redondea la mitad hacia arriba; `valor` no es negativo."""
    return (2 * valor + entre) // (2 * entre)


def leer_escalones(filas: Collection[Any] | None) -> tuple[Escalon, ...]:
    """Los escalones de un programa, del menor al mayor.

    Lanza ValueError, con una frase, si algo no es un par de años y cantidad.
    """
    try:
        pares = [Escalon(int(fila["anios"]), centesimas(fila["cantidad"])) for fila in filas or ()]
    except (TypeError, KeyError, ValueError, ArithmeticError) as error:
        raise ValueError("Cada escalón lleva los años cumplidos y la cantidad.") from error
    return tuple(sorted(pares))


def costo_del_servicio(servicio: Servicio, hoy: date, meses: int) -> int:
    """Lo que vale al mes un servicio regalado, en centavos; cero si ese día no tiene precio."""
    precio = centesimas(servicio.precio_en(hoy) or 0)
    if servicio.periodicidad == Periodicidad.ANUAL:
        return dividir(precio, MESES_POR_ANIO)
    return dividir(precio, meses) if servicio.periodicidad == Periodicidad.UNICA else precio
