"""Los hechos del perfil sobre los que se escriben las reglas: cómo se llaman, de qué clase son y cómo se dicen.

Un hecho nuevo se añade aquí y ya se puede usar en una regla, con su nombre, su unidad y sus valores posibles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from clientes.reglas import en_palabras, enumerar
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.presentacion import decimal
from movistar_site.comun.valores import formatear_fecha, formatear_pesos, sumar_meses

from ..models import NivelRiesgo
from .catalogo import Catalogo
from .perfil import NIVELES_DE_GASTO, Perfil
from .riesgo import Riesgo


class Clase(StrEnum):
    """De qué clase es el valor de un hecho."""

    NUMERO = "numero"
    DINERO = "dinero"
    SI_NO = "si_no"
    OPCION = "opcion"
    # Varios tipos de servicio: se pregunta si uno está entre ellos.
    TIPOS = "tipos"


class Nombres(Protocol):
    """Quien sabe cómo se llama un tipo de servicio."""

    def nombre_de_tipo(self, codigo: str) -> str:
        """Su nombre, o su código si no lo conoce."""


@dataclass(frozen=True, slots=True)
class Caso:
    """Un cliente ante las reglas: su perfil, su riesgo y el catálogo de hoy."""

    perfil: Perfil
    riesgo: Riesgo
    catalogo: Catalogo

    @property
    def normas(self) -> Mapping[str, Any]:
        """Los parámetros que rigen."""
        return self.catalogo.normas


Cambio = Callable[[Caso, bool, Any], str]
"""Qué haría que el hecho fuera (o dejara de ser) lo que se pide: la frase, o vacía si no se sabe."""


@dataclass(frozen=True)
class Hecho:
    """Un hecho del perfil. `dice`: cómo se dice lo que vale; `{}` es el valor.

    En los de sí o no y en los de tipos de servicio, un par de frases: la que afirma y la que niega.
    """

    clave: str
    nombre: str
    clase: Clase
    leer: Callable[[Caso], Any]
    dice: str | tuple[str, str]
    unidad: str = ""
    grupo: str = ""
    opciones: Mapping[str, str] = field(default_factory=dict)
    cambio: Cambio | None = None

    def decir(self, valor: Any, catalogo: Nombres | None = None) -> str:
        """Lo que vale, en una frase sobre el cliente: «lleva 8 meses», «no tiene PQR abiertas»."""
        if self.clase is Clase.SI_NO:
            return self.dice[0 if valor else 1]
        frase = self.dice if isinstance(self.dice, str) else self.dice[0]
        return frase.format(self.valor_dicho(valor, catalogo))

    def negar(self, valor: Any, catalogo: Nombres | None = None) -> str:
        """De un tipo de servicio, que no está: «no tiene Televisión»."""
        return self.dice[1].format(self.valor_dicho(valor, catalogo))

    def valor_dicho(self, valor: Any, catalogo: Nombres | None = None) -> str:
        """El valor solo, como se lee."""
        if valor is None:
            return "ninguno"
        return _DICHOS[self.clase](self, valor, catalogo)

    def unidad_de(self, valor: Any) -> str:
        """La unidad, en singular para uno."""
        una, _, varias = self.unidad.partition("|")
        return una if valor == 1 or not varias else varias


def _numero(hecho: Hecho, valor: Any, _catalogo: Any) -> str:
    if hecho.unidad == "meses":
        return en_palabras(int(valor))
    return f"{decimal(Decimal(valor))} {hecho.unidad_de(valor)}".strip()


def _tipos(_hecho: Hecho, valor: Any, catalogo: Nombres | None) -> str:
    nombre = catalogo.nombre_de_tipo if catalogo is not None else str
    nombres = sorted(nombre(uno) for uno in ([valor] if isinstance(valor, str) else valor))
    return enumerar(nombres) if nombres else "ninguno"


_DICHOS: dict[Clase, Callable[[Hecho, Any, Nombres | None], str]] = {
    Clase.NUMERO: _numero,
    Clase.DINERO: lambda _hecho, valor, _catalogo: formatear_pesos(Decimal(valor)),
    Clase.SI_NO: lambda _hecho, valor, _catalogo: "sí" if valor else "no",
    Clase.OPCION: lambda hecho, valor, _catalogo: hecho.opciones.get(valor, str(valor)).lower(),
    Clase.TIPOS: _tipos,
}


# --- Qué cambiaría un hecho ------------------------------------------------------------------------------------------
def _con_las_pqr(caso: Caso, deseado: bool, _valor: Any) -> str:
    abiertas = caso.perfil.atencion.abiertas
    if deseado or not abiertas:
        return ""
    if len(abiertas) == 1:
        return f"si se cierra su PQR {abiertas[0]}"
    return f"si se cierran sus PQR {enumerar(list(abiertas))}"


def _con_la_salida(caso: Caso, deseado: bool, _valor: Any) -> str:
    suyas = caso.perfil.atencion.pide_irse
    return "" if deseado or not suyas else f"si se resuelve {enumerar(list(suyas))} y decide quedarse"


def _con_el_beneficio(caso: Caso, deseado: bool, _valor: Any) -> str:
    ultimo = ultimo_beneficio(caso.perfil)
    if deseado or ultimo is None:
        return ""
    meses = caso.normas["meses_entre_beneficios"]
    dia = formatear_fecha(sumar_meses(ultimo, meses))
    return f"cuando cumpla {en_palabras(meses)} desde su último beneficio: {dia}"


def _con_la_disculpa(caso: Caso, deseado: bool, _valor: Any) -> str:
    cerrada = caso.perfil.atencion.ultima_cerrada
    if deseado or cerrada is None:
        return "si se le cierra una PQR" if deseado else ""
    return f"desde el {formatear_fecha(cerrada + timedelta(days=caso.normas['dias_disculpa'] + 1))}"


def _con_el_tiempo(caso: Caso, deseado: bool, valor: Any) -> str:
    meses = int(valor)
    if not deseado or meses <= caso.perfil.meses:
        return ""
    dia = formatear_fecha(sumar_meses(caso.perfil.desde, meses))
    return f"cuando cumpla {en_palabras(meses)} con nosotros: {dia}"


def _con_la_permanencia(caso: Caso, deseado: bool, _valor: Any) -> str:
    hasta = caso.perfil.consumo.permanencia_hasta
    return "" if deseado or hasta is None else f"cuando termine su permanencia: {formatear_fecha(hasta)}"


def _fija(si_se_quiere: str, si_no: str = "") -> Cambio:
    def cambio(caso: Caso, deseado: bool, valor: Any) -> str:
        frase = si_se_quiere if deseado else si_no
        return frase.format(caso.catalogo.nombre_de_tipo(valor)) if isinstance(valor, str) else frase

    return cambio


# --- Lo que se calcula -----------------------------------------------------------------------------------------------
def ultimo_beneficio(perfil: Perfil) -> Any:
    """El día del último: un bono, una oferta aceptada sin comprar nada o un contrato con promoción. None, ninguno."""
    dias = [dia for dia in (perfil.trato.ultimo_beneficio, perfil.consumo.promocion_desde) if dia is not None]
    return max(dias) if dias else None


def _beneficio_reciente(caso: Caso) -> bool:
    ultimo = ultimo_beneficio(caso.perfil)
    return ultimo is not None and sumar_meses(ultimo, caso.normas["meses_entre_beneficios"]) > caso.perfil.hoy


def _disculpa(caso: Caso) -> bool:
    cerrada = caso.perfil.atencion.ultima_cerrada
    return cerrada is not None and (caso.perfil.hoy - cerrada).days <= caso.normas["dias_disculpa"]


def _dias(desde: Callable[[Perfil], Any]) -> Callable[[Caso], int | None]:
    def leer(caso: Caso) -> int | None:
        dia = desde(caso.perfil)
        return None if dia is None else (caso.perfil.hoy - dia).days

    return leer


N, SI, OP, T = Clase.NUMERO, Clase.SI_NO, Clase.OPCION, Clase.TIPOS
CLIENTE, CONSUMO, ATENCION = "El cliente", "Lo que usa y paga", "Consultas y reclamos"
TRATO, RIESGO = "Ofertas y pagos", "Riesgo"
_NIVELES = {nivel: nivel.capitalize() for _, nivel in reversed(NIVELES_DE_GASTO)}

HECHOS: dict[str, Hecho] = {
    uno.clave: uno
    for uno in (
        Hecho("meses", "Tiempo con nosotros", N,
              lambda c: c.perfil.meses, "lleva {}", "meses", CLIENTE, cambio=_con_el_tiempo),
        Hecho("categoria", "Categoría", OP,
              lambda c: c.perfil.categoria, "es cliente {}", grupo=CLIENTE, opciones=dict(Categoria.choices)),
        Hecho("empresa", "Es una empresa", SI,
              lambda c: c.perfil.empresa, ("es una empresa", "es una persona"), grupo=CLIENTE),
        Hecho("estrato", "Estrato", N, lambda c: c.perfil.estrato, "estrato {}", grupo=CLIENTE),
        Hecho("llega", "Se vende en su municipio", T,
              lambda c: c.perfil.llega, ("en su municipio se vende {}", "en su municipio no se vende {}"),
              grupo=CLIENTE, cambio=_fija("cuando en su municipio se venda {}")),
        Hecho("tipos", "Tipos de servicio que tiene", T, lambda c: c.perfil.consumo.tipos, ("tiene {}", "no tiene {}"),
              grupo=CONSUMO, cambio=_fija("si contrata {}", "si deja {}")),
        Hecho("tipos_de_antes", "Tipos de servicio que ha tenido", T,
              lambda c: c.perfil.consumo.tipos_de_antes, ("ha tenido {}", "no ha tenido {}"), grupo=CONSUMO),
        Hecho("moviles", "Líneas móviles", N,
              lambda c: c.perfil.consumo.moviles, "tiene {}", "línea móvil|líneas móviles", CONSUMO),
        Hecho("fijas", "Servicios fijos", N,
              lambda c: c.perfil.consumo.fijas, "tiene {}", "servicio fijo|servicios fijos", CONSUMO),
        Hecho("solo_movil", "Solo tiene móvil", SI,
              lambda c: c.perfil.consumo.moviles > 0 and not c.perfil.consumo.fijas,
              ("solo tiene móvil", "no es solo de móvil"), grupo=CONSUMO),
        Hecho("solo_prepago", "Su móvil es todo prepago", SI,
              lambda c: 0 < c.perfil.consumo.moviles == c.perfil.consumo.prepago,
              ("su móvil es todo prepago", "no tiene solo prepago en el móvil"), grupo=CONSUMO),
        Hecho("gasto", "Lo que paga al mes", Clase.DINERO,
              lambda c: c.perfil.consumo.gasto, "paga {} al mes", grupo=CONSUMO),
        Hecho("percentil", "Lo que paga, contra el catálogo", N,
              lambda c: c.perfil.consumo.percentil, "paga más que el {}", "% de los planes", CONSUMO),
        Hecho("nivel_gasto", "Nivel de gasto", OP,
              lambda c: c.perfil.consumo.nivel, "su gasto es {}", grupo=CONSUMO, opciones=_NIVELES),
        Hecho("permanencia", "Tiene permanencia vigente", SI,
              lambda c: c.perfil.consumo.permanencia_hasta is not None,
              ("tiene permanencia vigente", "no tiene permanencia vigente"), grupo=CONSUMO, cambio=_con_la_permanencia),
        Hecho("nuevos", "Contratos nuevos en el último año", N,
              lambda c: c.perfil.consumo.nuevos, "hizo {} en el último año", "contrato|contratos", CONSUMO),
        Hecho("terminados", "Contratos terminados en el último año", N,
              lambda c: c.perfil.consumo.terminados, "terminó {} en el último año", "contrato|contratos", CONSUMO),
        Hecho("subidas", "Subidas de plan en el último año", N,
              lambda c: c.perfil.trato.subidas, "subió de plan {} en el último año", "vez|veces", CONSUMO),
        Hecho("bajadas", "Bajadas de plan en el último año", N,
              lambda c: c.perfil.trato.bajadas, "bajó de plan {} en el último año", "vez|veces", CONSUMO),
        Hecho("pqr_abierta", "Tiene una PQR abierta", SI, lambda c: bool(c.perfil.atencion.abiertas),
              ("tiene una PQR abierta", "no tiene PQR abiertas"), grupo=ATENCION, cambio=_con_las_pqr),
        Hecho("pide_irse", "Está pidiendo irse", SI, lambda c: bool(c.perfil.atencion.pide_irse),
              ("pidió terminar el contrato o llevarse su número", "no está pidiendo irse"), grupo=ATENCION,
              cambio=_con_la_salida),
        Hecho("disculpa", "Se le cerró una PQR hace poco", SI, _disculpa,
              ("se le cerró una PQR hace poco", "no se le ha cerrado una PQR hace poco"), grupo=ATENCION,
              cambio=_con_la_disculpa),
        Hecho("reclamaciones", "Reclamaciones en el último año", N,
              lambda c: c.perfil.atencion.reclamaciones, "hizo {} en el último año", "reclamación|reclamaciones",
              ATENCION),
        Hecho("reclamaciones_90", "Reclamaciones en los últimos 90 días", N,
              lambda c: c.perfil.atencion.reclamaciones_90, "hizo {} en 90 días", "reclamación|reclamaciones",
              ATENCION),
        Hecho("consultas", "Consultas en el último año", N,
              lambda c: c.perfil.atencion.consultas, "hizo {} en el último año", "consulta|consultas", ATENCION),
        Hecho("recursos", "Recursos en el último año", N,
              lambda c: c.perfil.atencion.recursos, "interpuso {} en el último año", "recurso|recursos", ATENCION),
        Hecho("en_contra", "Respuestas en su contra en el último año", N,
              lambda c: c.perfil.atencion.en_contra, "recibió {} en contra", "respuesta|respuestas", ATENCION),
        Hecho("silencios", "Silencios positivos en el último año", N,
              lambda c: c.perfil.atencion.silencios, "tuvo {}", "silencio positivo|silencios positivos", ATENCION),
        Hecho("mora", "Está suspendido por falta de pago", SI, lambda c: c.perfil.trato.mora_desde is not None,
              ("está suspendido por falta de pago", "está al día"), grupo=TRATO, cambio=_fija("",
              "si se pone al día y se le reanuda el servicio")),
        Hecho("moras", "Suspensiones por falta de pago en el último año", N,
              lambda c: c.perfil.trato.moras, "tuvo {} por falta de pago", "suspensión|suspensiones", TRATO),
        Hecho("beneficio_reciente", "Recibió un beneficio hace poco", SI, _beneficio_reciente,
              ("recibió un beneficio hace poco", "no ha recibido un beneficio hace poco"), grupo=TRATO,
              cambio=_con_el_beneficio),
        Hecho("aceptadas", "Ofertas aceptadas en el último año", N,
              lambda c: c.perfil.trato.aceptadas, "aceptó {} en el último año", "oferta|ofertas", TRATO),
        Hecho("rechazadas", "Ofertas rechazadas en el último año", N,
              lambda c: c.perfil.trato.rechazadas, "rechazó {} en el último año", "oferta|ofertas", TRATO),
        Hecho("dias_sin_contacto", "Días desde el último contacto", N,
              _dias(lambda p: p.trato.ultimo_contacto), "su último contacto fue hace {}", "día|días", TRATO),
        Hecho("riesgo", "Riesgo de irse (0 a 100)", N,
              lambda c: c.riesgo.puntaje, "su riesgo es de {}", "punto|puntos", RIESGO),
        Hecho("nivel_riesgo", "Nivel de riesgo", OP,
              lambda c: c.riesgo.nivel, "su riesgo es {}", grupo=RIESGO, opciones=dict(NivelRiesgo.choices)),
    )
}  # fmt: skip
"""Todos los hechos, por su clave."""
