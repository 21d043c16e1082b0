"""Las tarjetas de los clientes."""

from __future__ import annotations

from movistar_site.comun.opciones import Categoria
from movistar_site.comun.valores import formatear_fecha

from .. import lecturas
from ..mirada import Mirada, dias, entre, lista
from ..tarjeta import BARRAS, LINEAS, Cifra, GraficoDeTarjeta, Puntos, Serie, registrar

VER = ("clientes.view_cliente",)
LUGARES_DEL_GRAFICO = 8


@registrar
class ClientesActivos(Cifra):
    """Cuántos son clientes hoy."""

    clave = "clientes-activos"
    titulo = "Clientes activos"
    permisos = VER
    icono = "group"
    posicion = 10
    definicion = "Clientes que hoy están activos. Quien se da de baja pasa a inactivo y deja de contarse."

    def valor(self, mirada: Mirada) -> int:
        return mirada.leer(lecturas.clientes).activos

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "cliente", estado__exact="activo")


@registrar
class ClientesNuevos(Cifra):
    """Cuántos llegaron en el período."""

    clave = "clientes-nuevos"
    titulo = "Clientes nuevos"
    permisos = VER
    icono = "person_add"
    posicion = 20
    del_periodo = True
    definicion = "Clientes cuya fecha de vinculación cae en el período, sigan activos o no."

    def valor(self, mirada: Mirada) -> int:
        return entre(mirada.leer(lecturas.vinculados_por_dia), mirada.periodo)

    def antes(self, mirada: Mirada) -> int:
        return entre(mirada.leer(lecturas.vinculados_por_dia), mirada.anterior)

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "cliente", **dias("fecha_vinculacion", mirada.periodo))


@registrar
class ClientesDeDiezAnios(Cifra):
    """A cuántos alcanza la bonificación de más de diez años."""

    clave = "clientes-diez-anios"
    titulo = "Con más de diez años"
    permisos = VER
    icono = "workspace_premium"
    posicion = 30
    definicion = (
        "Clientes activos con más de diez años de permanencia contados desde su vinculación: quien los cumple hoy"
        " entra mañana. Son los que premia la fidelización."
    )

    def valor(self, mirada: Mirada) -> int:
        return mirada.leer(lecturas.clientes).de_diez_anios

    def enlace(self, mirada: Mirada) -> str:
        hasta = lecturas.ultima_vinculacion(lecturas.MESES_DE_DIEZ_ANIOS, mirada.hoy)
        return lista("clientes", "cliente", estado__exact="activo", fecha_vinculacion_to=formatear_fecha(hasta))


@registrar
class ClientesPorCategoria(GraficoDeTarjeta):
    """Nuevos, regulares y leales."""

    clave = "clientes-por-categoria"
    titulo = "Clientes por categoría"
    permisos = VER
    icono = "loyalty"
    posicion = 220
    tipo = BARRAS
    rotulo = "Categoría"
    abrir = "Ver los clientes activos"
    vacio = "Aún no hay clientes activos."
    definicion = (
        "Clientes activos de cada categoría: la que alguien les puso a mano o, si no, la que les da su permanencia hoy."
    )

    def puntos(self, mirada: Mirada) -> Puntos:
        cuentas = mirada.leer(lecturas.clientes).por_categoria
        nombres = dict(Categoria.choices)
        enlaces = [lista("clientes", "cliente", estado__exact="activo", categoria=clave) for clave in cuentas]
        return Puntos([nombres[clave] for clave in cuentas], [Serie("Clientes", list(cuentas.values()), enlaces)])

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "cliente", estado__exact="activo")


@registrar
class ClientesPorDepartamento(GraficoDeTarjeta):
    """Dónde viven."""

    clave = "clientes-por-departamento"
    titulo = "Dónde están los clientes"
    permisos = (*VER, "clientes.view_municipio")
    icono = "location_on"
    posicion = 250
    tipo = BARRAS
    rotulo = "Departamento"
    abrir = "Ver los clientes activos"
    vacio = "Ningún cliente activo tiene municipio."
    definicion = f"Clientes activos por el departamento de su municipio: los {LUGARES_DEL_GRAFICO} que más tienen."

    def puntos(self, mirada: Mirada) -> Puntos:
        mayores = mirada.leer(lecturas.departamentos)[:LUGARES_DEL_GRAFICO]
        enlaces = [lista("clientes", "cliente", estado__exact="activo", departamento=uno.codigo) for uno in mayores]
        return Puntos([uno.nombre for uno in mayores], [Serie("Clientes", [uno.n for uno in mayores], enlaces)])

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "cliente", estado__exact="activo")


@registrar
class LlegadaDeClientes(GraficoDeTarjeta):
    """Cómo van llegando."""

    clave = "clientes-en-el-tiempo"
    titulo = "Llegada de clientes"
    permisos = VER
    icono = "show_chart"
    posicion = 260
    tipo = LINEAS
    rotulo = "Cuándo"
    abrir = "Ver los clientes nuevos"
    vacio = "En el período no se vinculó ningún cliente."
    definicion = "Clientes que se vincularon cada día o, si el período es largo, cada mes."

    def puntos(self, mirada: Mirada) -> Puntos:
        por_dia, tramos = mirada.leer(lecturas.vinculados_por_dia), mirada.tramos()
        enlaces = [lista("clientes", "cliente", **dias("fecha_vinculacion", uno)) for uno in tramos]
        serie = Serie("Clientes nuevos", [entre(por_dia, uno) for uno in tramos], enlaces)
        return Puntos([uno.rotulo for uno in tramos], [serie])

    def enlace(self, mirada: Mirada) -> str:
        return lista("clientes", "cliente", **dias("fecha_vinculacion", mirada.periodo))
