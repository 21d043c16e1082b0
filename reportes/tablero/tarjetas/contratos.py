"""Las tarjetas de los contratos y los servicios."""

from __future__ import annotations

from decimal import Decimal

from clientes.models import EstadoContrato
from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import contar
from servicios.models import EstadoServicio, Periodicidad

from ...marco.columnas import Clase
from .. import lecturas
from ..mirada import Mirada, dias, entre, lista
from ..tarjeta import BARRAS, LINEAS, Cifra, GraficoDeTarjeta, Puntos, Serie, registrar

VER = ("clientes.view_contrato",)
DE_SERVICIOS = (*VER, "servicios.view_servicio")
SERVICIOS_DEL_GRAFICO = 8
CENTAVOS = 100


@registrar
class ContratosActivos(Cifra):
    """Cuántos prestan servicio hoy."""

    clave = "contratos-activos"
    titulo = "Contratos activos"
    permisos = VER
    icono = "contract"
    posicion = 40
    definicion = "Contratos que hoy prestan su servicio: los pendientes, los suspendidos y los terminados no cuentan."

    def valor(self, mirada: Mirada) -> int:
        return _cuantos(mirada, EstadoContrato.ACTIVO)

    def nota(self, mirada: Mirada) -> str:
        suspendidos = _cuantos(mirada, EstadoContrato.SUSPENDIDO)
        return f"{decimal(Decimal(suspendidos))} suspendido{'' if suspendidos == 1 else 's'}" if suspendidos else ""

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "contrato", estado__exact="activo")


@registrar
class FacturacionMensual(Cifra):
    """Lo que se factura al mes por lo contratado."""

    clave = "facturacion-mensual"
    titulo = "Facturación mensual"
    permisos = VER
    icono = "payments"
    posicion = 50
    clase = Clase.PESOS
    definicion = (
        "Lo que suman los precios firmados de los contratos activos que se pagan mes a mes, sin promociones ni consumos"
        " adicionales. Los que se pagan una vez o cada año no entran."
    )

    def valor(self, mirada: Mirada) -> Decimal:
        activos = [uno for uno in mirada.leer(lecturas.contratos) if uno.estado == EstadoContrato.ACTIVO]
        return Decimal(sum(uno.centavos for uno in activos)) / CENTAVOS

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "contrato", estado__exact="activo", periodicidad__exact=Periodicidad.MENSUAL.value)


@registrar
class Altas(Cifra):
    """Cuántos contratos empezaron."""

    clave = "contratos-altas"
    titulo = "Altas de contratos"
    permisos = VER
    icono = "add_task"
    posicion = 60
    del_periodo = True
    definicion = "Contratos cuya fecha de inicio cae en el período, sigan en pie o no."

    def valor(self, mirada: Mirada) -> int:
        return entre(mirada.leer(lecturas.altas_por_dia), mirada.periodo)

    def antes(self, mirada: Mirada) -> int:
        return entre(mirada.leer(lecturas.altas_por_dia), mirada.anterior)

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "contrato", **dias("fecha_inicio", mirada.periodo))


@registrar
class Bajas(Cifra):
    """Cuántos contratos terminaron."""

    clave = "contratos-bajas"
    titulo = "Bajas de contratos"
    permisos = VER
    icono = "cancel"
    posicion = 70
    del_periodo = True
    mejor_menos = True
    definicion = "Contratos cuya fecha de terminación cae en el período."

    def valor(self, mirada: Mirada) -> int:
        return entre(mirada.leer(lecturas.bajas_por_dia), mirada.periodo)

    def antes(self, mirada: Mirada) -> int:
        return entre(mirada.leer(lecturas.bajas_por_dia), mirada.anterior)

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "contrato", **dias("fecha_fin", mirada.periodo))


@registrar
class ServiciosOfrecidos(Cifra):
    """Cuántos servicios están a la venta."""

    clave = "servicios-ofrecidos"
    titulo = "Servicios ofrecidos"
    permisos = ("servicios.view_servicio",)
    icono = "router"
    posicion = 80
    definicion = "Servicios del catálogo que se pueden contratar: los que no se han retirado."

    def valor(self, mirada: Mirada) -> int:
        return _servicios(mirada, EstadoServicio.ACTIVO)

    def nota(self, mirada: Mirada) -> str:
        retirados = _servicios(mirada, EstadoServicio.RETIRADO)
        return contar(retirados, "retirado", "retirados") if retirados else ""

    def enlace(self, mirada: Mirada) -> str:
        return lista("servicios", "servicio", estado__exact="activo")


@registrar
class AltasYBajas(GraficoDeTarjeta):
    """Si la operación crece."""

    clave = "altas-y-bajas"
    titulo = "Altas y bajas de contratos"
    permisos = VER
    icono = "show_chart"
    posicion = 200
    tipo = LINEAS
    rotulo = "Cuándo"
    abrir = "Ver las altas"
    vacio = "En el período no empezó ni terminó ningún contrato."
    definicion = "Contratos que empezaron y que terminaron cada día o, si el período es largo, cada mes."

    def puntos(self, mirada: Mirada) -> Puntos:
        altas, bajas, tramos = mirada.leer(lecturas.altas_por_dia), mirada.leer(lecturas.bajas_por_dia), mirada.tramos()
        return Puntos(
            [uno.rotulo for uno in tramos],
            [
                Serie(
                    nombre,
                    [entre(por_dia, uno) for uno in tramos],
                    [lista("clientes", "contrato", **dias(campo, uno)) for uno in tramos],
                )
                for nombre, por_dia, campo in (("Altas", altas, "fecha_inicio"), ("Bajas", bajas, "fecha_fin"))
            ],
        )

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "contrato", **dias("fecha_inicio", mirada.periodo))


@registrar
class ServiciosPopulares(GraficoDeTarjeta):
    """Qué se contrata más."""

    clave = "servicios-populares"
    titulo = "Servicios más contratados"
    permisos = DE_SERVICIOS
    icono = "trending_up"
    posicion = 210
    tipo = BARRAS
    rotulo = "Servicio"
    abrir = "Ver los contratos activos"
    vacio = "Aún no hay contratos activos."
    definicion = f"Contratos activos de cada servicio: los {SERVICIOS_DEL_GRAFICO} que más tienen."

    def puntos(self, mirada: Mirada) -> Puntos:
        nombres = {pk: nombre for pk, nombre, _ in mirada.leer(lecturas.servicios)}
        activos = [
            uno
            for uno in mirada.leer(lecturas.contratos)
            if uno.estado == EstadoContrato.ACTIVO and uno.servicio in nombres
        ]
        mayores = sorted(activos, key=lambda uno: (-uno.n, nombres[uno.servicio]))[:SERVICIOS_DEL_GRAFICO]
        enlaces = [
            lista("clientes", "contrato", estado__exact="activo", servicio__id__exact=u.servicio) for u in mayores
        ]
        serie = Serie("Contratos activos", [uno.n for uno in mayores], enlaces)
        return Puntos([nombres[uno.servicio] for uno in mayores], [serie])

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "contrato", estado__exact="activo")


def _cuantos(mirada: Mirada, estado: str) -> int:
    return sum(uno.n for uno in mirada.leer(lecturas.contratos) if uno.estado == estado)


def _servicios(mirada: Mirada, estado: str) -> int:
    return sum(suyo == estado for _, _, suyo in mirada.leer(lecturas.servicios))
