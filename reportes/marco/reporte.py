"""La clase de que nace cada reporte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.http import QueryDict

from . import filtros as marco_filtros
from . import periodos
from .columnas import TOTAL, Calculada, Cifra, Columna, Derivada, Medida
from .dimensiones import Dimension
from .filtros import ControlMarca, ControlOpcion, FiltrosDeReporte, control_de_dia
from .grafico import Grafico
from .listados import Listado
from .pedido import Pedido
from .tabla import Tabla, armar, comparar


class Reporte:
    """Un reporte: quién lo ve, por qué se filtra y qué muestra.

    `permisos`: todos los que hacen falta para verlo; quien puede ver las filas puede ver la cifra. `con_periodo`: si
    mira unos días (y cuáles al entrar); `a_la_fecha`: si puede decir cómo estaba todo un día. `nota`: lo que el lector
    debe saber para no entender otra cosa.
    """

    clave: ClassVar[str]
    titulo: ClassVar[str]
    pregunta: ClassVar[str]
    grupo: ClassVar[str]
    icono: ClassVar[str] = "bar_chart"
    posicion: ClassVar[int] = 100
    permisos: ClassVar[tuple[str, ...]]
    filtros: ClassVar[type[FiltrosDeReporte]] = FiltrosDeReporte
    con_periodo: ClassVar[str] = ""
    a_la_fecha: ClassVar[bool] = False
    nota: ClassVar[str] = ""

    def permitido(self, usuario: Any) -> bool:
        """Si la cuenta puede abrirlo."""
        return bool(usuario.is_active and usuario.has_perms(self.permisos))

    def controles(self) -> dict[str, Any]:
        """Los controles que van antes de los filtros: período, día…"""
        puestos: dict[str, Any] = {}
        if self.con_periodo:
            puestos |= marco_filtros.controles_de_periodo(self.con_periodo)
        if self.a_la_fecha:
            puestos["al"] = control_de_dia("Cómo estaba el día")
        return puestos

    def pedir(self, parametros: QueryDict | Mapping[str, Any], *, hoy: date, base: str = DEFAULT_DB_ALIAS) -> Pedido:
        """Lo que dice la dirección de la página. Lo que tenga faltas no se aplica y queda dicho en `conjunto.form`."""
        conjunto = self.filtros(parametros, hoy=hoy, controles=self.controles())
        limpios = conjunto.limpios
        inicial = self.con_periodo or periodos.TODO
        # «Este mes» de un día pasado es el de ese día.
        al = limpios.get("al") or hoy
        return Pedido(
            hoy=hoy,
            conjunto=conjunto,
            al=al,
            periodo=marco_filtros.leer_periodo(limpios, inicial=inicial, hoy=al),
            por=limpios.get("por") or "",
            base=base,
        )


class Agrupado(Reporte):
    """Un reporte con una fila por servicio, por municipio, por mes… y unas cifras que se abren.

    `dimensiones`: por qué se puede agrupar; la primera es la corriente. `orden`: la columna, con «-» de mayor a menor;
    vacío, el orden natural de la dimensión; o uno por dimensión. `comparable`: si tiene sentido ponerlo junto al
    período anterior. `con_total`: si la fila del total dice algo. `grafico`: uno, o uno por dimensión.
    """

    dimensiones: ClassVar[tuple[Dimension, ...]]
    cifras: ClassVar[tuple[Cifra, ...]]
    orden: ClassVar[str | Mapping[str, str]] = ""
    comparable: ClassVar[bool] = False
    con_total: ClassVar[bool] = True
    grafico: ClassVar[Grafico | Mapping[str, Grafico] | None] = None
    # Las filas en que todo es cero se callan: un reporte de mil municipios vacíos no dice nada.
    calla_ceros: ClassVar[bool] = False

    def controles(self) -> dict[str, Any]:
        puestos = super().controles()
        if len(self.dimensiones) > 1:
            opciones = [(dimension.nombre, dimension.titulo) for dimension in self.dimensiones]
            puestos["por"] = ControlOpcion(
                label="Una fila por", choices=opciones, empty_label=None, initial=opciones[0][0], required=False
            )
        if self.comparable:
            puestos["comparar"] = ControlMarca(label="Comparar con el período anterior")
        return puestos

    def dimension(self, pedido: Pedido) -> Dimension:
        """Por qué se agrupa: la pedida o, si no se pidió, la primera."""
        pedida = next((una for una in self.dimensiones if una.nombre == pedido.por), self.dimensiones[0])
        return pedida.para(pedido)

    def columnas(self, pedido: Pedido) -> tuple[Columna, ...]:
        """Los rótulos de la dimensión y después las cifras."""
        return (*self.dimension(pedido).rotulos, *self.cifras)

    def orden_de(self, pedido: Pedido) -> str:
        """El de la dimensión pedida; lo que va seguido, como los meses, ya está en el suyo."""
        dimension = self.dimension(pedido)
        if isinstance(self.orden, str):
            return "" if dimension.seguida else self.orden
        return self.orden.get(dimension.nombre, "")

    def grafico_de(self, pedido: Pedido) -> Grafico | None:
        """El de la dimensión pedida."""
        if isinstance(self.grafico, Mapping):
            return self.grafico.get(self.dimension(pedido).nombre)
        return self.grafico

    def tabla(self, pedido: Pedido, *, orden: str = "") -> Tabla:
        """Las filas y el total, en ese orden. Compara con el período anterior si se pidió."""
        dimension = self.dimension(pedido)
        tabla = armar(pedido, dimension, self.cifras)
        if self.calla_ceros and not dimension.seguida:
            tabla.filas = [fila for fila in tabla.filas if self._dice_algo(fila.valores)]
        if self.comparable and pedido.pide_comparar and self.hay_anterior(pedido):
            anterior = pedido.anterior()
            antes = armar(anterior, self.dimension(anterior), self.cifras)
            comparar(tabla, antes, lambda clave: dimension.clave_antes(clave, anterior))
        if orden := orden or self.orden_de(pedido):
            tabla.ordenar(orden)
        return tabla

    def hay_anterior(self, pedido: Pedido) -> bool:
        """Si hay con qué comparar: antes del principio no hubo nada."""
        return not self.con_periodo or pedido.periodo.clave != periodos.TODO

    def _dice_algo(self, valores: Mapping[str, Any]) -> bool:
        return any(valores.get(cifra.nombre) for cifra in self.cifras)

    def cifra(self, nombre: str) -> Cifra | None:
        """La de ese nombre."""
        return next((una for una in self.cifras if una.nombre == nombre), None)

    def medida_que_abre(self, cifra: Cifra) -> Medida | None:
        """La medida cuyas filas se ven al abrir una cifra; None si no se abre."""
        if isinstance(cifra, Medida):
            return cifra
        if isinstance(cifra, Derivada | Calculada) and cifra.abre:
            abierta = self.cifra(cifra.abre)
            return abierta if isinstance(abierta, Medida) else None
        return None

    def filas_de(self, pedido: Pedido, medida: Medida, clave: Any = TOTAL) -> QuerySet[Any]:
        """Las filas que forman una cifra: las de esa clave o, con TOTAL, las de todo lo filtrado.

        Es la misma consulta con que se cuenta; por eso, filas y cifra son iguales.
        """
        consulta = pedido.aplicar(medida.filas(pedido)).filter(medida.condicion(pedido))
        if medida.de is not None:
            consulta = medida.de(pedido, consulta, clave)
        elif clave is not TOTAL:
            consulta = self.dimension(pedido).de(consulta, clave)
        if not medida.distintos:
            return consulta
        apuntado = consulta.model._meta.get_field(medida.distintos).related_model
        manager = apuntado._default_manager.using(pedido.base)
        return manager.filter(pk__in=consulta.order_by().values(medida.distintos))


class Lista(Reporte):
    """Un reporte que es una lista de registros, tan larga como sea: se ve por páginas y se baja por trozos."""

    listado: ClassVar[Listado]

    def consulta(self, pedido: Pedido) -> QuerySet[Any]:
        """Las filas, con los filtros puestos."""
        return pedido.aplicar(self.listado.modelo._default_manager.all())

    def cuantas(self, pedido: Pedido) -> int:
        """Cuántas son, exactamente."""
        return self.consulta(pedido).order_by().count()

    def resumen(self, pedido: Pedido) -> Sequence[tuple[str, str]]:
        """Lo que se dice encima de la lista, además de cuántas son: (título, cifra)."""
        return ()

    @cached_property
    def columnas_de_lista(self) -> tuple[Columna, ...]:
        """Las del listado."""
        return self.listado.columnas
