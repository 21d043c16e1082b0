"""La siguiente mejor oferta de un cliente: qué ofrecerle, por qué eso, por qué no lo demás y qué lo cambiaría.

Se miran las reglas por su orden. Una que no ofrece nada y se cumple detiene a todas las que siguen. Cada una de las
otras que se cumple propone algo concreto del catálogo, que se descarta si el cliente ya lo tiene, si lo rechazó hace
poco, si espera respuesta o si no se puede vender. Quedan las tres primeras.

`siguientes` es pura; `ofertas_para` lee lo necesario y la llama.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from clientes.models import Cliente
from clientes.promociones import HechosDelCliente, Tenida
from movistar_site.comun.valores import formatear_fecha, sumar_meses

from ..models import AccionRegla, EstadoOferta
from ..promociones import Ofrecida, por_que_no
from .catalogo import Catalogo, Vendible, leer_catalogo
from .hechos import Caso
from .perfil import Lector, OfertaPasada, Perfil
from .reglas import Regla, leer_reglas
from .riesgo import Riesgo, riesgo

MAXIMO = 3
"""Ofertas que se proponen a la vez: con más, quien atiende no elige ninguna."""
DIAS_DE_ESPERA = 30
"""Lo que una oferta presentada espera respuesta antes de poder repetirse."""
_NADA, _SERVICIO, _PROMOCION = (
    uno.value for uno in (AccionRegla.NO_OFRECER, AccionRegla.SERVICIO, AccionRegla.PROMOCION)
)


@dataclass(frozen=True, slots=True)
class Propuesta:
    """Lo que conviene ofrecerle: un servicio (quizás con una promoción), una promoción o un beneficio."""

    regla: Regla
    titulo: str
    servicio: Vendible | None = None
    promocion: Ofrecida | None = None

    @property
    def porque(self) -> str:
        """Por qué esta, como lo escribió quien hizo la regla."""
        return self.regla.porque

    @property
    def precio(self) -> Decimal | None:
        """Lo que cuesta hoy; None, si no es un servicio."""
        return self.servicio.precio if self.servicio is not None else None

    @property
    def con(self) -> str:
        """La promoción que la acompaña: «20 % de descuento por 6 meses»; vacía, si no hay."""
        return self.promocion.promocion.en_palabras() if self.promocion is not None else ""


@dataclass(frozen=True, slots=True)
class Reparo:
    """Por qué una regla no propone nada. `textos` lo dice solo si alguien lo pregunta: a un millón nadie lo hace."""

    textos: Callable[[], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Descartada:
    """Una regla que hoy no propone nada."""

    regla: Regla
    reparo: Reparo

    @property
    def porque(self) -> str:
        """Por qué no."""
        return self.reparo.textos()[0]

    @property
    def que_lo_cambiaria(self) -> str:
        """Qué tendría que pasar; vacío, si no se sabe."""
        return self.reparo.textos()[1]


@dataclass(frozen=True, slots=True)
class Resultado:
    """Las ofertas, la primera la mejor, y las reglas que no ofrecen nada, en su orden. `freno`: la que las detuvo."""

    caso: Caso
    ofertas: Sequence[Propuesta]
    descartadas: Sequence[Descartada]
    freno: Regla | None = None

    @property
    def perfil(self) -> Perfil:
        """Los hechos del cliente."""
        return self.caso.perfil

    @property
    def riesgo(self) -> Riesgo:
        """El riesgo de que se vaya."""
        return self.caso.riesgo


def ofertas_para(cliente: Cliente, *, hoy: date, ademas: Collection[int] = ()) -> Resultado:
    """Lo que conviene ofrecerle hoy a un cliente. Nueve consultas; más, solo si hay promociones de algún segmento.

    `ademas`: claves de reglas inactivas que se miran también, para probarlas.
    """
    catalogo = leer_catalogo(hoy, con_promociones=True)
    perfil = Lector(catalogo).leer_uno(cliente)
    return siguientes(perfil, reglas=leer_reglas(ademas=ademas), catalogo=catalogo)


def siguientes(perfil: Perfil, *, reglas: Iterable[Regla], catalogo: Catalogo) -> Resultado:
    """Las ofertas para ese perfil. Pura y determinista: con lo mismo da siempre lo mismo."""
    caso = Caso(perfil, riesgo(perfil, catalogo.normas), catalogo)
    ofertas: list[Propuesta] = []
    descartadas: list[Descartada] = []
    freno: Regla | None = None if perfil.activo else _INACTIVO
    for regla in reglas:
        if freno is not None:
            descartadas.append(Descartada(regla, _detenida(freno, caso)))
            continue
        dicho = _mirar(regla, caso, ofertas)
        if isinstance(dicho, Reparo):
            descartadas.append(Descartada(regla, dicho))
        elif dicho is None:
            freno = regla
        else:
            ofertas.append(dicho)
    return Resultado(caso, ofertas, descartadas, freno)


_INACTIVO = Regla(0, "", "", 0, _NADA, (), "", None, None, "", "El cliente está inactivo.")


def _mirar(regla: Regla, caso: Caso, ofertas: Sequence[Propuesta]) -> Propuesta | Reparo | None:
    """Lo que propone la regla, por qué no propone nada o, si detiene a las que siguen, None."""
    if regla.rota:
        return Reparo(lambda: (f"La regla no se puede mirar. {regla.rota}", "si se corrige la regla"))
    if not regla.cumple(caso):
        return _no_cumple(regla, caso)
    if regla.accion == _NADA:
        return None
    propuesta = _proponer(regla, caso)
    if isinstance(propuesta, Reparo):
        return propuesta
    if reparo := _ya_se_hablo(propuesta, caso) or _repetida(propuesta, ofertas):
        return reparo
    return _no_caben if len(ofertas) == MAXIMO else propuesta


_no_caben = Reparo(lambda: ("Hay tres ofertas mejores para él.", "si rechaza alguna de las tres"))


def _no_cumple(regla: Regla, caso: Caso) -> Reparo:
    def textos() -> tuple[str, str]:
        faltan = [condicion for condicion in regla.condiciones if not condicion.cumple(caso)]
        porque = "; ".join(condicion.por_que_no(caso) for condicion in faltan)
        # Lo que hace que no se le ofrezca nada no es algo que convenga cambiar.
        cambia = [] if regla.accion == _NADA else [c.que_la_cambiaria(caso, deseada=True) for c in faltan]
        return _frase(porque), " y ".join(cambia)

    return Reparo(textos)


def _detenida(freno: Regla, caso: Caso) -> Reparo:
    def textos() -> tuple[str, str]:
        if freno is _INACTIVO:
            return freno.porque, "si el cliente se reactiva"
        hechos = "; ".join(condicion.por_que_si(caso) for condicion in freno.condiciones)
        cambia = " o ".join(c.que_la_cambiaria(caso, deseada=False) for c in freno.condiciones)
        return _frase(hechos) if hechos else f"«{freno.nombre}» no deja ofrecer nada.", cambia

    return Reparo(textos)


# --- Qué se propone --------------------------------------------------------------------------------------------------
def _proponer(regla: Regla, caso: Caso) -> Propuesta | Reparo:
    if regla.accion == _SERVICIO:
        elegido = _servicio(regla, caso)
        if isinstance(elegido, Reparo):
            return elegido
        return Propuesta(regla, elegido.nombre, elegido, _promocion_para(elegido, caso))
    if regla.accion == _PROMOCION:
        ofrecida = caso.catalogo.promociones.get(regla.promocion or 0)
        if ofrecida is None:
            return Reparo(lambda: ("La promoción de la regla ya no existe.", "si se corrige la regla"))
        if porque := por_que_no(ofrecida, _hechos_de_promocion(caso), caso.perfil.segmentos, dia=caso.perfil.hoy):
            return Reparo(lambda: (f"La promoción «{ofrecida.promocion.nombre}»: {porque[0].lower()}{porque[1:]}", ""))
        return Propuesta(regla, f"{ofrecida.promocion.nombre}: {ofrecida.promocion.en_palabras()}", None, ofrecida)
    return Propuesta(regla, regla.beneficio)


def _servicio(regla: Regla, caso: Caso) -> Vendible | Reparo:
    """El servicio de la regla o, si solo dice el tipo, el que le conviene: el siguiente mejor o el de entrada."""
    tenidos = caso.perfil.consumo.servicios
    if regla.servicio is not None:
        uno = caso.catalogo.servicios.get(regla.servicio)
        if uno is None or not uno.se_vende:
            return Reparo(lambda: ("El servicio de la regla ya no se vende.", "si se corrige la regla"))
        return _lo_tiene(uno.nombre) if uno.incluye & tenidos else uno
    directos = [uno for uno in caso.perfil.consumo.directos if uno.tipo == regla.tipo]
    if directos:
        return _mejora(directos, caso)
    if regla.tipo in caso.perfil.consumo.tipos:
        return _lo_tiene(caso.catalogo.nombre_de_tipo(regla.tipo), dentro=True)
    libre = next((uno for uno in caso.catalogo.por_tipo.get(regla.tipo, ()) if not uno.incluye & tenidos), None)
    return libre or Reparo(lambda: (f"Hoy no se le puede vender {caso.catalogo.nombre_de_tipo(regla.tipo)}.", ""))


def _mejora(directos: Sequence[Vendible], caso: Caso) -> Vendible | Reparo:
    """El plan que sigue al mejor de los que ya tiene de ese tipo."""
    mejores = [m for uno in directos if (m := caso.catalogo.mejoras.get(uno.clave)) is not None]
    libres = [uno for uno in mejores if not uno.incluye & caso.perfil.consumo.servicios]
    if len(mejores) < len(directos) or not libres:
        nombre = next((uno.nombre for uno in directos if uno.clave not in caso.catalogo.mejoras), directos[0].nombre)
        return Reparo(lambda: (f"Ya tiene {nombre} y no hay uno mejor que ofrecerle.", "si el catálogo trae uno mejor"))
    return libres[0]


def _lo_tiene(nombre: str, *, dentro: bool = False) -> Reparo:
    donde = ", dentro de un paquete" if dentro else ""
    return Reparo(lambda: (f"Ya tiene {nombre}{donde}.", ""))


def _promocion_para(servicio: Vendible, caso: Caso) -> Ofrecida | None:
    """La primera promoción que puede tener sobre ese servicio; una que valga para todo el catálogo también sirve."""
    hechos = None
    for una in caso.catalogo.en_vigor:
        if not una.hechos.servicios or servicio.clave in una.hechos.servicios:
            hechos = hechos or _hechos_de_promocion(caso)
            if not por_que_no(una, hechos, caso.perfil.segmentos, dia=caso.perfil.hoy):
                return una
    return None


def _hechos_de_promocion(caso: Caso) -> HechosDelCliente:
    perfil, todas = caso.perfil, caso.catalogo.promociones
    tiene = {
        clave: Tenida(todas[clave].promocion.nombre, numero, todas[clave].promocion.exclusiva)
        for clave, numero in perfil.consumo.promociones.items()
        if clave in todas
    }
    return HechosDelCliente(perfil.activo, perfil.categoria, perfil.meses, tiene)


# --- Lo que ya se le ofreció -----------------------------------------------------------------------------------------
def _ya_se_hablo(propuesta: Propuesta, caso: Caso) -> Reparo | None:
    """Si lo mismo se le ofreció hace poco: espera respuesta, lo rechazó o ya lo aceptó."""
    perfil = caso.perfil
    for pasada in perfil.trato.ofertas:
        if not _es_la_misma(pasada, propuesta):
            continue
        if pasada.estado == EstadoOferta.PRESENTADA.value:
            hasta = pasada.dia + timedelta(days=DIAS_DE_ESPERA)
        else:
            hasta = sumar_meses(pasada.dia, caso.normas["meses_tras_rechazo"])
        if perfil.hoy < hasta:
            return Reparo(lambda pasada=pasada, hasta=hasta: _de_la_pasada(pasada, hasta))  # type: ignore[misc]
    return None


def _es_la_misma(pasada: OfertaPasada, propuesta: Propuesta) -> bool:
    if pasada.regla is not None and pasada.regla == propuesta.regla.clave:
        return True
    if propuesta.servicio is not None:
        return pasada.servicio == propuesta.servicio.clave
    return propuesta.promocion is not None and pasada.promocion == propuesta.promocion.promocion.pk


def _de_la_pasada(pasada: OfertaPasada, hasta: date) -> tuple[str, str]:
    cuando, despues = formatear_fecha(pasada.dia), f"desde el {formatear_fecha(hasta)}"
    if pasada.estado == EstadoOferta.PRESENTADA.value:
        return f"Se le presentó el {cuando} y espera su respuesta.", f"si responde, o {despues}"
    if pasada.estado == EstadoOferta.ACEPTADA.value:
        return f"Ya la aceptó el {cuando}.", despues
    return f"No la quiso el {cuando}.", despues


def _repetida(propuesta: Propuesta, ofertas: Sequence[Propuesta]) -> Reparo | None:
    """Si otra regla, antes, ya propuso lo mismo o lo que lo incluye."""
    for otra in ofertas:
        mismo = propuesta.servicio is not None and otra.servicio is not None and (
            propuesta.servicio.incluye & otra.servicio.incluye
        )  # fmt: skip
        if mismo or propuesta.titulo == otra.titulo:
            return Reparo(lambda otra=otra: (f"Ya va en «{otra.titulo}».", ""))  # type: ignore[misc]
    return None


def _frase(texto: str) -> str:
    return f"{texto[:1].upper()}{texto[1:]}." if texto else ""
