"""La puerta de contacto: si hoy se le puede hablar a un cliente por un canal y, si no, por qué y desde cuándo.

Es pura: no mira el reloj ni la base. Recibe lo que se sabe del cliente (`Hechos`), las reglas que rigen (`Reglas`), el
canal, la finalidad y el momento. La Ley 2300 de 2023 limita los mensajes publicitarios por llamada, mensaje de texto,
aplicaciones o web y correo (artículo 5) en su horario y su frecuencia (artículo 3), y exige que el consumidor haya
autorizado el canal (artículo 2). A una carta comercial la ley no la nombra: aquí se le aplica lo mismo, menos el RNE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from movistar_site.comun.calendario import ULTIMO_ANIO, Calendario
from movistar_site.comun.opciones import Canal
from movistar_site.comun.valores import es_movil, formatear_fecha, normalizar_telefono

COMERCIAL: Final = "comercial"
BOGOTA: Final = ZoneInfo("America/Bogota")
NUMERO, CORREO = "numero", "correo"
RNE_CUBRE: Final[dict[str, str]] = {
    Canal.TELEFONO: NUMERO,
    Canal.SMS: NUMERO,
    Canal.WHATSAPP: NUMERO,
    Canal.CORREO: CORREO,
}
"""Los canales que el registro de números excluidos cubre desde 2024, y el dato con que se busca (Ley 2300, art. 5)."""
SALIENTES: Final[tuple[str, ...]] = (Canal.TELEFONO, Canal.SMS, Canal.WHATSAPP, Canal.CORREO, Canal.CARTA)
"""Los canales por los que se puede buscar al cliente; por los demás es él quien viene y no se guarda un dato suyo."""
HORIZONTE: Final = 400
"""Días que se busca el primer momento lícito: más no los bloquea ninguna regla, salvo un año entero de festivos."""
_SABADO, _DOMINGO = 5, 6
_DIAS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_DATO: Final[dict[str, str]] = {
    Canal.TELEFONO: "un teléfono",
    Canal.SMS: "un número móvil",
    Canal.WHATSAPP: "un número móvil",
    Canal.CORREO: "un correo electrónico",
    Canal.CARTA: "una dirección",
}

AL_RETIRAR: list[Callable[[Any, Any, datetime], None]] = []
"""Lo que otras aplicaciones detienen cuando un cliente pide que no le ofrezcan más: reciben (cliente, usuario, ahora).

Se llaman en la misma transacción en que se le revocan las autorizaciones: lo que estaba en cola no sale.
"""


@dataclass(frozen=True, slots=True)
class Intento:
    """Una vez que el operador buscó al cliente. `cuenta`: lo halló, o aún está en curso, y gasta el de ese día."""

    dia: date
    canal: str
    comercial: bool = True
    cuenta: bool = True


@dataclass(frozen=True, slots=True)
class Hechos:
    """Lo que la puerta necesita saber de un cliente en un momento.

    `consentimientos`: los vigentes, como (finalidad, canal). `datos`: los canales para los que hay un dato.
    `excluidos`: los canales en que está en el RNE según la última consulta completa, que es la de
    `rne_consultado_el` (None: no hay ninguna). `intentos`: los salientes de la semana ISO, en el orden en que
    ocurrieron. `pqr_abierta`: el radicado de una sin responder, o vacío.
    """

    consentimientos: frozenset[tuple[str, str]] = frozenset()
    datos: frozenset[str] = frozenset()
    excluidos: frozenset[str] = frozenset()
    rne_consultado_el: date | None = None
    intentos: tuple[Intento, ...] = ()
    pqr_abierta: str = ""
    anonimizado: bool = False


def hasta_cuando_vale(consultado_el: date, dias: int) -> date:
    """El último día en que vale una consulta al RNE hecha ese día, si vale `dias` más."""
    # Un plazo desmedido llega hasta donde llegan las fechas.
    return consultado_el + timedelta(days=min(dias, (date.max - consultado_el).days))


@dataclass(frozen=True, slots=True)
class Reglas:
    """Las que rigen un día: las franjas (la hora final ya no entra), los festivos y cuánto vale una consulta al RNE."""

    semana: tuple[time, time]
    sabado: tuple[time, time]
    dias_rne: int
    calendario: Calendario

    def franja(self, dia: date) -> tuple[time, time] | None:
        """El horario de contacto de ese día; None si es domingo o festivo."""
        if dia.weekday() == _DOMINGO or self.calendario.es_festivo(dia):
            return None
        return self.sabado if dia.weekday() == _SABADO else self.semana

    def rne_hasta(self, consultado_el: date) -> date:
        """El último día en que vale una consulta al RNE hecha ese día."""
        return hasta_cuando_vale(consultado_el, self.dias_rne)


class Regla(StrEnum):
    """La regla que impide un contacto; su valor es como se dice en dos palabras."""

    SUPRIMIDO = "Datos suprimidos"
    SIN_SALIDA = "Es el cliente quien viene"
    SIN_DATO = "Falta el dato"
    PQR = "PQR sin responder"
    SIN_AUTORIZACION = "Sin autorización"
    RNE_SIN_CONSULTAR = "RNE sin consultar"
    RNE_VENCIDO = "RNE vencido"
    EN_EL_RNE = "En el RNE"
    UNO_AL_DIA = "Ya se le contactó hoy"
    UN_CANAL = "Otro canal esta semana"
    DIA = "Domingo o festivo"
    HORARIO = "Fuera de horario"


class _No(NamedTuple):
    """La regla que lo impide y su frase."""

    regla: Regla
    frase: str


@dataclass(frozen=True, slots=True)
class Permiso:
    """Si se puede contactar, por qué (o por qué no) y el primer momento lícito.

    `desde` es el momento preguntado si ya se puede; None si el tiempo solo no lo arregla: la frase dice qué falta.
    `regla` es la que lo impide, o None.
    """

    permitido: bool
    porque: str
    desde: datetime | None
    regla: Regla | None = None

    @property
    def frase(self) -> str:
        """La razón y, si basta con esperar, desde cuándo: «… Se podrá desde el lunes 30/11/2026 a las 07:00.»."""
        if self.permitido or self.desde is None:
            return self.porque
        return f"{self.porque} Se podrá desde el {en_palabras(self.desde)}."


def puede_contactar(hechos: Hechos, *, canal: str, finalidad: str, momento: datetime, reglas: Reglas) -> Permiso:
    """Si en ese momento se puede buscar al cliente por ese canal y con esa finalidad.

    Un contacto de servicio solo necesita el dato del canal: los límites de la Ley 2300 son para los mensajes
    publicitarios (artículo 5), y lo estrictamente relacionado con el bien o servicio adquirido queda fuera de ellos
    (artículo 5, parágrafo 2). Uno comercial necesita además la autorización para esa finalidad y ese canal (artículo 2
    y Ley 1581 de 2012, artículo 9), una consulta del RNE que siga valiendo y en la que no esté (artículo 5), estar
    dentro del horario, no haberlo contactado ya ese día, el canal que fijó el primer intento de la semana (artículo 3)
    y ninguna PQR sin responder (política comercial).

    Lanza ValueError si `momento` no trae zona horaria o la finalidad no es comercial ni de servicio.
    """
    if momento.tzinfo is None:
        raise ValueError("El momento del contacto llegó sin zona horaria: se esperaba un instante exacto.")
    if finalidad not in (COMERCIAL, "servicio"):
        raise ValueError(f"La finalidad «{finalidad}» no existe: se esperaba comercial o servicio.")
    local = momento.astimezone(BOGOTA)
    comercial = finalidad == COMERCIAL
    no = _dato_que_falta(hechos, canal)
    if no is None and comercial:
        no = _lo_que_falta(hechos, canal, local.date(), reglas)
    if no is not None:
        return Permiso(False, no.frase, None, no.regla)
    if not comercial:
        return Permiso(True, "Un contacto de servicio no tiene límite de horario ni de frecuencia.", momento)
    no = _por_que_no_ahora(hechos, canal, local, reglas)
    if no is None:
        return Permiso(True, f"Autorizó ofertas {por(canal)} y está dentro del horario.", momento)
    desde = _primer_momento(hechos, canal, local, reglas)
    frase = no.frase if desde else f"{no.frase}{_antes_vence(hechos, canal, reglas)}"
    return Permiso(False, frase, desde, no.regla)


# --- Lo que el tiempo no arregla -------------------------------------------------------------------------------------
def _dato_que_falta(hechos: Hechos, canal: str) -> _No | None:
    if hechos.anonimizado:
        return _No(Regla.SUPRIMIDO, "Los datos personales del cliente se suprimieron: ya no se le contacta.")
    if canal not in SALIENTES:
        frase = f"{por(canal).capitalize()} no se busca al cliente: se le atiende cuando él viene."
        return _No(Regla.SIN_SALIDA, frase)
    if canal not in hechos.datos:
        frase = f"No se tiene {_DATO[canal]} del cliente: pídaselo para contactarlo {por(canal)}."
        return _No(Regla.SIN_DATO, frase)
    return None


def _lo_que_falta(hechos: Hechos, canal: str, dia: date, reglas: Reglas) -> _No | None:
    if hechos.pqr_abierta:
        return _No(Regla.PQR, f"Tiene sin responder la PQR {hechos.pqr_abierta}: respóndala antes de ofrecerle algo.")
    if (COMERCIAL, canal) not in hechos.consentimientos:
        return _No(
            Regla.SIN_AUTORIZACION,
            f"No ha autorizado ofertas {por(canal)}: hace falta registrar su autorización (Ley 2300, artículo 2).",
        )
    return _lo_que_dice_el_rne(hechos, canal, dia, reglas) if canal in RNE_CUBRE else None


def _lo_que_dice_el_rne(hechos: Hechos, canal: str, dia: date, reglas: Reglas) -> _No | None:
    if hechos.rne_consultado_el is None:
        return _No(
            Regla.RNE_SIN_CONSULTAR,
            "No se ha consultado el registro de números excluidos (RNE): hace falta cargar la lista.",
        )
    if dia > (hasta := reglas.rne_hasta(hechos.rne_consultado_el)):
        return _No(
            Regla.RNE_VENCIDO,
            f"La consulta del registro de números excluidos (RNE) valió hasta el {formatear_fecha(hasta)}: hace falta"
            " cargar una lista nueva.",
        )
    if canal in hechos.excluidos:
        return _No(
            Regla.EN_EL_RNE,
            f"Está en el registro de números excluidos (RNE) para ofertas {por(canal)} (Ley 2300, artículo 5): tendría"
            " que retirarse de él.",
        )
    return None


# --- Lo que sí -------------------------------------------------------------------------------------------------------
def _por_que_no_ahora(hechos: Hechos, canal: str, local: datetime, reglas: Reglas) -> _No | None:
    dia = local.date()
    if _ya_contactado(hechos, dia):
        return _No(
            Regla.UNO_AL_DIA,
            "Ese día ya se le contactó con fines comerciales, y es una sola vez al día (Ley 2300, artículo 3).",
        )
    fijado = canal_de_la_semana(hechos, dia)
    if fijado and fijado != canal:
        return _No(
            Regla.UN_CANAL,
            f"Esa semana ya se le buscó {por(fijado)}, y es un solo canal por semana (Ley 2300, artículo 3).",
        )
    franja = reglas.franja(dia)
    if franja is None:
        return _No(
            Regla.DIA, "Los domingos y los festivos no se contacta con fines comerciales (Ley 2300, artículo 3)."
        )
    desde, hasta = franja
    if desde <= local.time() < hasta:
        return None
    cuando = "los sábados" if dia.weekday() == _SABADO else "de lunes a viernes"
    return _No(
        Regla.HORARIO,
        f"El horario de contacto {cuando} es de {desde:%H:%M} a {hasta:%H:%M} (Ley 2300, artículo 3).",
    )


def _ya_contactado(hechos: Hechos, dia: date) -> bool:
    return any(uno.comercial and uno.cuenta and uno.dia == dia for uno in hechos.intentos)


def canal_de_la_semana(hechos: Hechos, dia: date) -> str:
    """El canal que fijó el primer intento saliente de la semana ISO de ese día, sea cual sea su resultado; o vacío."""
    semana = dia.isocalendar()[:2]
    return next((uno.canal for uno in hechos.intentos if uno.dia.isocalendar()[:2] == semana), "")


def _primer_momento(hechos: Hechos, canal: str, local: datetime, reglas: Reglas) -> datetime | None:
    """El primer instante desde `local` en que nada lo impide, o None si antes vence la consulta al RNE."""
    ultimo = local.date() + timedelta(days=HORIZONTE)
    if canal in RNE_CUBRE and hechos.rne_consultado_el is not None:
        ultimo = min(ultimo, reglas.rne_hasta(hechos.rne_consultado_el))
    dia, ahora = local.date(), local.time()
    while dia <= ultimo and dia.year <= ULTIMO_ANIO:
        franja = reglas.franja(dia)
        if franja is not None and not _ya_contactado(hechos, dia):
            desde = max(franja[0], ahora)
            if desde < franja[1] and canal_de_la_semana(hechos, dia) in ("", canal):
                return datetime.combine(dia, desde, BOGOTA)
        dia, ahora = dia + timedelta(days=1), time.min
    return None


def _antes_vence(hechos: Hechos, canal: str, reglas: Reglas) -> str:
    if canal not in RNE_CUBRE or hechos.rne_consultado_el is None:
        return ""
    hasta = formatear_fecha(reglas.rne_hasta(hechos.rne_consultado_el))
    return f" Antes de que se pueda vence la consulta del RNE, que vale hasta el {hasta}: hace falta cargar otra."


# --- Palabras --------------------------------------------------------------------------------------------------------
def por(canal: str) -> str:
    """«por teléfono», «por WhatsApp», «por correo electrónico»."""
    nombre = str(Canal(canal).label) if canal in Canal.values else canal
    return f"por {nombre if canal == Canal.WHATSAPP else nombre.lower()}"


def en_palabras(momento: datetime) -> str:
    """«lunes 30/11/2026 a las 07:00», a la hora de Bogotá."""
    local = momento.astimezone(BOGOTA)
    return f"{_DIAS[local.weekday()]} {formatear_fecha(local.date())} a las {local:%H:%M}"


# --- Datos -----------------------------------------------------------------------------------------------------------
def numeros_de(telefonos: tuple[str, ...]) -> tuple[str, ...]:
    """Los teléfonos guardados que de verdad se pueden marcar, en E.164: un fijo de siete cifras no lo es todavía."""
    validos = []
    for telefono in telefonos:
        try:
            validos.append(normalizar_telefono(telefono))
        except ValueError:
            continue
    return tuple(validos)


def datos_por_canal(*, telefonos: tuple[str, ...], email: str, direccion: str) -> dict[str, tuple[str, ...]]:
    """Con qué se alcanza a un cliente por cada canal; no están los canales para los que no hay dato.

    Un mensaje de texto y WhatsApp solo llegan a un móvil.
    """
    numeros = numeros_de(telefonos)
    moviles = tuple(numero for numero in numeros if es_movil(numero))
    correos = (email.strip().lower(),) if email.strip() else ()
    direcciones = (direccion.strip(),) if direccion.strip() else ()
    por_canal: dict[str, tuple[str, ...]] = {
        Canal.TELEFONO: numeros,
        Canal.SMS: moviles,
        Canal.WHATSAPP: moviles,
        Canal.CORREO: correos,
        Canal.CARTA: direcciones,
    }
    return {canal: datos for canal, datos in por_canal.items() if datos}
