"""Las reglas de oferta, leídas: sus condiciones como preguntas ya preparadas. Puro, salvo `leer_reglas`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from movistar_site.comun.valores import a_pesos, citar, normalizar

from ..models import ReglaOferta
from .hechos import HECHOS, Caso, Clase, Hecho, Nombres

MAXIMO_DE_CONDICIONES = 12
IGUAL, DISTINTO, MINIMO, MAXIMO, MAYOR, MENOR = "igual", "distinto", "minimo", "maximo", "mayor", "menor"
TIENE, NO_TIENE = "tiene", "no_tiene"
OPERADORES = {
    IGUAL: "es",
    DISTINTO: "no es",
    MINIMO: "es al menos",
    MAXIMO: "es como mucho",
    MAYOR: "es más de",
    MENOR: "es menos de",
    TIENE: "incluye",
    NO_TIENE: "no incluye",
}
"""Cómo se lee cada operador."""
POR_CLASE: dict[Clase, tuple[str, ...]] = {
    Clase.NUMERO: (MINIMO, MAXIMO, MAYOR, MENOR, IGUAL, DISTINTO),
    Clase.DINERO: (MINIMO, MAXIMO, MAYOR, MENOR),
    Clase.SI_NO: (IGUAL,),
    Clase.OPCION: (IGUAL, DISTINTO),
    Clase.TIPOS: (TIENE, NO_TIENE),
}
"""Qué operadores admite cada clase de hecho."""
_COMPARA: dict[str, Callable[[Any, Any], bool]] = {
    IGUAL: operator.eq,
    DISTINTO: operator.ne,
    MINIMO: operator.ge,
    MAXIMO: operator.le,
    MAYOR: operator.gt,
    MENOR: operator.lt,
    TIENE: operator.contains,
    NO_TIENE: lambda varios, uno: uno not in varios,
}
_PIDE = {MINIMO: "se pide al menos", MAXIMO: "se pide como mucho", MAYOR: "se pide más de", MENOR: "se pide menos de"}


@dataclass(frozen=True)
class Condicion:
    """Una pregunta sobre un hecho: lo que se pide y lo que vale."""

    hecho: Hecho
    operador: str
    valor: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "_compara", _COMPARA[self.operador])

    def cumple(self, caso: Caso) -> bool:
        """Si el cliente la cumple. Lo que no se sabe (un contacto que nunca hubo) no la cumple."""
        valor = self.hecho.leer(caso)
        return valor is not None and self._compara(valor, self.valor)  # type: ignore[attr-defined, no-any-return]

    def en_palabras(self, nombres: Nombres | None = None) -> str:
        """Como se lee en la regla: «Tiempo con nosotros: al menos 3 años», «No tiene Televisión»."""
        hecho = self.hecho
        if hecho.clase is Clase.SI_NO:
            frase = hecho.decir(self.valor)
        elif hecho.clase is Clase.TIPOS:
            frase = (hecho.decir if self.operador == TIENE else hecho.negar)(self.valor, nombres)
        elif hecho.clase is Clase.OPCION:
            frase = hecho.decir(self.valor, nombres)
            if self.operador == DISTINTO:
                frase = f"no {frase}" if frase.startswith("es ") else frase.replace(" es ", " no es ", 1)
        else:
            cuanto = OPERADORES[self.operador].replace("es ", "", 1).replace("no es", "que no sea")
            cuanto = "" if self.operador == IGUAL else f"{cuanto} "
            frase = f"{hecho.nombre}: {cuanto}{hecho.valor_dicho(self.valor, nombres)}"
        return frase[:1].upper() + frase[1:]

    def por_que_no(self, caso: Caso) -> str:
        """Cómo es el cliente y qué se pide, cuando no la cumple."""
        hecho, vale = self.hecho, self.hecho.leer(caso)
        if hecho.clase is Clase.SI_NO:
            return hecho.decir(vale)
        if hecho.clase is Clase.TIPOS:
            decir = hecho.negar if self.operador == TIENE else hecho.decir
            return decir(self.valor, caso.catalogo)
        if vale is None:
            return f"no hay dato de «{hecho.nombre}»"
        if hecho.clase is Clase.NUMERO and not self.valor and self.operador in (IGUAL, MAXIMO):
            return f"{hecho.decir(vale, caso.catalogo)} y se pide que no haya"
        return f"{hecho.decir(vale, caso.catalogo)} y {self._pide()} {hecho.valor_dicho(self.valor, caso.catalogo)}"

    def _pide(self) -> str:
        if self.operador in _PIDE:
            return _PIDE[self.operador]
        if self.hecho.clase is Clase.NUMERO:
            return "se pide que sea" if self.operador == IGUAL else "se pide que no sea"
        return "se pide" if self.operador == IGUAL else "se pide que no sea"

    def por_que_si(self, caso: Caso) -> str:
        """El hecho que la cumple, dicho del cliente."""
        if self.hecho.clase is Clase.TIPOS:
            decir = self.hecho.decir if self.operador == TIENE else self.hecho.negar
            return decir(self.valor, caso.catalogo)
        return self.hecho.decir(self.hecho.leer(caso), caso.catalogo)

    def que_la_cambiaria(self, caso: Caso, *, deseada: bool) -> str:
        """Qué tendría que pasar para que se cumpla (`deseada`) o para que deje de cumplirse; vacío, si no se sabe."""
        hecho = self.hecho
        # Lo que se desea del hecho, no de la condición: «no incluye» y «es no» lo niegan.
        negada = self.operador == NO_TIENE or (hecho.clase is Clase.SI_NO and not self.valor)
        afirmado = deseada != negada
        if hecho.cambio is not None and (frase := hecho.cambio(caso, afirmado, self.valor)):
            return frase
        if hecho.clase is Clase.SI_NO:
            return f"si {hecho.decir(afirmado)}"
        if hecho.clase is Clase.TIPOS:
            return ""
        pedido = hecho.valor_dicho(self.valor, caso.catalogo)
        if hecho.clase is Clase.OPCION:
            frase = hecho.decir(self.valor, caso.catalogo)
            igual = deseada == (self.operador == IGUAL)
            return f"si {frase.replace(' es ', ' fuera ' if igual else ' dejara de ser ', 1)}"
        sube = (self.operador in (MINIMO, MAYOR)) == deseada
        return (
            f"si «{hecho.nombre}» {'llega a' if sube else 'baja de'} {pedido}"
            if self.operador in (MINIMO, MENOR)
            else (f"si «{hecho.nombre}» {'pasa de' if sube else 'baja a'} {pedido}")
        )


@dataclass(frozen=True)
class Regla:
    """Una regla lista para preguntar. `rota`: por qué no se puede preguntar; vacía, si se puede."""

    clave: int
    codigo: str
    nombre: str
    orden: int
    accion: str
    condiciones: tuple[Condicion, ...]
    tipo: str
    servicio: int | None
    promocion: int | None
    beneficio: str
    porque: str
    rota: str = ""

    def cumple(self, caso: Caso) -> bool:
        """Si el cliente cumple todas sus condiciones."""
        for condicion in self.condiciones:  # noqa: SIM110 - un generador cuesta el doble, y esto corre por millones
            if not condicion.cumple(caso):
                return False
        return True


def leer_reglas(*, ademas: Collection[int] = ()) -> list[Regla]:
    """Las reglas activas, en su orden, y las de esas claves aunque no lo estén. Una consulta."""
    reglas = ReglaOferta.objects.filter(Q(activa=True) | Q(pk__in=ademas)).order_by("orden", "codigo")
    return [preparar(regla) for regla in reglas.select_related("tipo")]


def preparar(regla: ReglaOferta) -> Regla:
    """La regla con sus condiciones preparadas. No falla: si alguna ya no se entiende, queda rota y dice por qué."""
    condiciones, rota = [], ""
    try:
        condiciones = [condicion_de(una) for una in regla.condiciones]
    except ValidationError as error:
        rota = " ".join(error.messages)
    return Regla(
        regla.pk or 0, regla.codigo, regla.nombre, regla.orden, regla.accion, tuple(condiciones),
        regla.tipo.codigo if regla.tipo is not None else "", regla.servicio_id, regla.promocion_id, regla.beneficio,
        regla.porque, rota,
    )  # fmt: skip


# --- Leer y revisar una condición ------------------------------------------------------------------------------------
def condicion_de(datos: Any, *, tipos: Mapping[str, str] | None = None) -> Condicion:
    """Una condición escrita como {"hecho", "operador", "valor"}.

    `tipos`: los tipos de servicio que hay (código → nombre); con ellos se exige que el valor sea uno. Lanza
    ValidationError, en una frase, si el hecho no existe, si el operador no le sirve o si el valor no es de su clase.
    """
    if not isinstance(datos, dict):
        raise ValidationError("Una condición lleva un hecho, un operador y un valor.")
    hecho = HECHOS.get(str(datos.get("hecho", "")))
    if hecho is None:
        raise ValidationError(f"No hay ningún hecho que se llame {citar(datos.get('hecho', ''))}.")
    operador = str(datos.get("operador", ""))
    if operador not in POR_CLASE[hecho.clase]:
        validos = ", ".join(f"«{OPERADORES[uno]}»" for uno in POR_CLASE[hecho.clase])
        raise ValidationError(f"«{hecho.nombre}» se compara con {validos}.")
    return Condicion(hecho, operador, _valor(hecho, datos.get("valor"), tipos))


def _valor(hecho: Hecho, valor: Any, tipos: Mapping[str, str] | None) -> Any:
    if valor in (None, ""):
        raise ValidationError(f"Escriba con qué se compara «{hecho.nombre}».")
    try:
        return _LECTORES[hecho.clase](hecho, valor, tipos)
    except (ValueError, InvalidOperation, TypeError, KeyError):
        raise ValidationError(f"«{hecho.nombre}»: {citar(valor)} no sirve; se espera {_ESPERA[hecho.clase]}.") from None


def _numero(_hecho: Hecho, valor: Any, _tipos: Any) -> int:
    numero = Decimal(str(valor).strip())
    if isinstance(valor, bool) or numero != numero.to_integral_value() or not 0 <= numero <= 100_000_000:  # noqa: PLR2004
        raise ValueError
    return int(numero)


def _dinero(_hecho: Hecho, valor: Any, _tipos: Any) -> Decimal:
    return a_pesos(str(valor))


def _si_no(_hecho: Hecho, valor: Any, _tipos: Any) -> bool:
    return valor if isinstance(valor, bool) else {"si": True, "no": False}[normalizar(str(valor))]


def _opcion(hecho: Hecho, valor: Any, _tipos: Any) -> str:
    por_nombre = {normalizar(nombre): codigo for codigo, nombre in hecho.opciones.items()}
    return valor if valor in hecho.opciones else por_nombre[normalizar(str(valor))]


def _tipo(_hecho: Hecho, valor: Any, tipos: Mapping[str, str] | None) -> str:
    if tipos is None or valor in tipos:
        return str(valor)
    return {normalizar(nombre): codigo for codigo, nombre in tipos.items()}[normalizar(str(valor))]


_LECTORES: dict[Clase, Callable[[Hecho, Any, Any], Any]] = {
    Clase.NUMERO: _numero,
    Clase.DINERO: _dinero,
    Clase.SI_NO: _si_no,
    Clase.OPCION: _opcion,
    Clase.TIPOS: _tipo,
}
_ESPERA = {
    Clase.NUMERO: "un número entero, por ejemplo 3",
    Clase.DINERO: "un valor en pesos, por ejemplo 74.900",
    Clase.SI_NO: "«sí» o «no»",
    Clase.OPCION: "una de sus opciones",
    Clase.TIPOS: "un tipo de servicio del catálogo",
}


def revisar_condiciones(condiciones: Any, *, tipos: Mapping[str, str]) -> list[dict[str, Any]]:
    """Las condiciones como se guardan, revisadas. Lanza ValidationError con una frase por cada falta."""
    if not isinstance(condiciones, list):
        raise ValidationError("Las condiciones van en una lista.")
    if len(condiciones) > MAXIMO_DE_CONDICIONES:
        raise ValidationError(f"Una regla lleva hasta {MAXIMO_DE_CONDICIONES} condiciones.")
    limpias, faltas = [], []
    for numero, datos in enumerate(condiciones, start=1):
        try:
            limpias.append(como_se_guarda(condicion_de(datos, tipos=tipos)))
        except ValidationError as error:
            faltas.append(f"Condición {numero}: {' '.join(error.messages)}")
    if faltas:
        raise ValidationError(faltas)
    return limpias


def como_se_guarda(condicion: Condicion) -> dict[str, Any]:
    """La condición como va en la base: el dinero como texto, que JSON no tiene decimales exactos."""
    valor = str(condicion.valor) if isinstance(condicion.valor, Decimal) else condicion.valor
    return {"hecho": condicion.hecho.clave, "operador": condicion.operador, "valor": valor}
