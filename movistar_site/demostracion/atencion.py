"""Las interacciones inventadas, con el reloj de la ley: casi todas respondidas a tiempo, y de lo demás un poco.

Unas pocas se prorrogan, menos se responden tarde o se olvidan (silencio positivo) y alguna respuesta adversa recibe un
recurso. Lo que queda abierto es lo de los últimos días.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from clientes.relojes import Relojes

from .motivos import CAUSAL_DE, MOTIVO_DE
from .ofertas import repartir
from .textos import AMBITOS, PLANTILLAS, Caso, casos_por_mes

AGENTES = (
    "Laura Peñaranda", "Wilmar Cuéllar", "Yenny Sáenz", "Óscar Tamayo", "Maritza Zúñiga", "Camilo Ibarra",
    "Sonia Güiza",
    "Fredy Nieto",
)  # fmt: skip
SUGERENCIA = "sugerencia"
SIN_CUN = frozenset({SUGERENCIA, "recurso"})
"""La sugerencia no lleva, y el recurso sigue con el de su PQR."""
NADIE = -1


class Interaccion(NamedTuple):
    """Una interacción, sin radicado ni CUN. Las horas van en UTC, «2026-02-03 15:15:00»; los días, en ISO."""

    tipo: str
    canal: str
    fecha: str
    caso: Caso
    contrato: int
    """Posición del contrato de que trata, o -1."""
    registrada_por: str
    motivo: str
    canal_respuesta: str
    estado: str
    respondida_el: str | None
    sentido: str
    primer_plazo: str | None
    vence_el: str | None
    prorroga_motivo: str
    prorroga_avisada_el: str | None
    agente: int
    """Posición de quien la atiende entre los de su equipo, o -1."""
    silencio: str
    """El día en que ocurrió el silencio positivo; vacío si no ocurrió."""
    cumplido_el: str | None
    recurso_de: int = NADIE
    """Posición de la interacción contra cuya respuesta va, o -1."""
    causal: str = ""
    pide_apelacion: bool = False


class _Plazos(dict[int, "tuple[int, int] | None"]):
    """De cada día, en qué posición vence lo radicado entonces y, si se prorroga, en cuál. Se cuenta una vez por día."""

    def __init__(self, dias: Sequence[date], relojes: Relojes) -> None:
        super().__init__()
        self.dias, self.relojes = dias, relojes

    def __missing__(self, posicion: int) -> tuple[int, int] | None:
        dia = self.dias[posicion]
        primero = self.relojes.vence(dia, "reclamacion")
        self[posicion] = None
        if primero is not None:
            prorrogado = self.relojes.del_dia(dia).prorrogado(primero)
            self[posicion] = (posicion + (primero - dia).days, posicion + (prorrogado - dia).days)
        return self[posicion]


class Mesa:
    """La mesa de atención. `dias`: cada día como texto ISO; `hoy`, `desde`: posiciones en esa lista."""

    def __init__(self, azar: Random, dias: Sequence[date], hoy: int, relojes: Relojes) -> None:
        self.azar, self.hoy = azar, hoy
        self.iso = [dia.isoformat() for dia in dias]
        self.mes = [dia.month for dia in dias]
        self.casos = {
            (tipo, ambito): [()] + [casos_por_mes(tipo, ambito, mes, 256) for mes in range(1, 13)]
            for tipo in PLANTILLAS
            for ambito in AMBITOS
        }
        self.vence = _Plazos(dias, relojes)

    def interacciones(
        self, vinculacion: int, ultimo: int, contratos: Sequence[Any], cuantas: int, en_pie: EnPie
    ) -> list[Interaccion]:
        """Las de un cliente, de las que alguna puede ser un recurso contra la respuesta de otra."""
        varias = [self._una(vinculacion, ultimo, contratos, en_pie) for _ in range(cuantas)]
        if cuantas > 1 and self.azar.getrandbits(3) == 0:
            self._con_recurso(varias)
        return varias

    def _una(self, vinculacion: int, ultimo: int, contratos: Sequence[Any], en_pie: EnPie) -> Interaccion:
        bits = self.azar.getrandbits(96)
        # Más seguidas cuanto más recientes, en los últimos cuatro años.
        dia = ultimo - int(min(ultimo - vinculacion, DIAS_DE_INTERACCIONES) * self.azar.random() ** MAS_RECIENTES)
        hecho = self.iso[dia]
        posicion = en_pie(contratos, hecho, bits)
        ambito = contratos[posicion].oferta.ambito if posicion >= 0 else AMBITOS[bits % 3]
        bits >>= 8
        if bits & 7 == 0:
            posicion = -1  # no dijo de cuál habla
        tipo = TIPOS_DE_INTERACCION[bits >> 3 & 63]
        canal = CANALES[bits >> 9 & 63]
        caso = self.casos[tipo, ambito][self.mes[dia]][bits >> 15 & 255]
        fecha = f"{hecho} {HORAS[bits >> 26 & 1023]}"
        atiende = AGENTES[bits >> 48 & 7] if canal in CANALES_CON_AGENTE else ""
        pedido = "correo" if bits >> 56 & 15 == 0 and canal != "correo" else ""
        motivo = MOTIVO_DE.get(caso.asunto, "")
        desenlace = self._desenlace(dia, tipo, bits)
        return Interaccion(tipo, canal, fecha, caso, posicion, atiende, motivo, pedido, *desenlace)

    # --- Cómo termina ------------------------------------------------------------------------------------------------
    def _desenlace(self, dia: int, tipo: str, bits: int) -> tuple[Any, ...]:
        """Del estado en adelante: respuesta, plazos, quién la atiende y si hubo silencio."""
        plazos = None if tipo == SUGERENCIA else self.vence[dia]
        respuesta = dia + DIAS_DE_RESPUESTA[bits >> 23 & 63]
        primero = vence = None
        motivo, avisada = "", None
        if plazos is not None:
            primero = vence = plazos[0]
            aviso = primero - 2
            if respuesta >= aviso and dia < aviso < self.hoy and bits >> 60 & 7 < PRORROGAS_DE_8:
                vence, motivo = plazos[1], MOTIVOS_DE_PRORROGA[bits >> 63 & 3]
                avisada = f"{self.iso[aviso]} {HORAS[bits >> 65 & 1023]}"
        # Las que se salen del plazo, una de cada cuatro: las demás se apuran y salen el último día hábil.
        if vence is not None and respuesta > vence and bits >> 75 & 3:
            respuesta = vence
        olvidada = bits >> 77 & 4095 == 0
        respondida = respuesta < self.hoy and not olvidada
        quien = bits >> 29 & 7
        if respondida:
            estado, respondida_el = "respondida", f"{self.iso[respuesta]} {HORAS[bits >> 36 & 1023]}"
        else:
            nueva = self.hoy - dia < DIAS_PARA_ASIGNAR or bits >> 46 & 3 == 0
            estado, respondida_el = ("abierta" if nueva else "en_tramite"), None
            quien = NADIE if nueva and bits >> 32 & 1 else quien
        silencio, cumplido = "", None
        if vence is not None and vence < (respuesta if respondida else self.hoy):
            silencio = self.iso[vence + 1]
            if vence + 2 < self.hoy:
                cumplido = f"{self.iso[vence + 2]} {HORAS[bits >> 67 & 1023]}"
        sentido = ""
        if respondida and plazos is not None:
            sentido = SENTIDOS[bits >> 52 & 15] if tipo == "reclamacion" and not silencio else "favorable"
        return (
            estado, respondida_el, sentido, None if primero is None else self.iso[primero],
            None if vence is None else self.iso[vence], motivo, avisada, quien, silencio, cumplido,
        )  # fmt: skip

    # --- Recursos ----------------------------------------------------------------------------------------------------
    def _con_recurso(self, varias: list[Interaccion]) -> None:
        """Cambia otra del cliente por el recurso contra una respuesta adversa, si hay una contra la que proceda.

        El recurso queda después de su PQR: si entrara antes, SQLite recorrería la tabla buscando quién la espera.
        """
        for posicion, una in enumerate(varias):
            causal = CAUSAL_DE.get(una.motivo, "")
            if una.sentido == "desfavorable" and causal and una.respondida_el is not None:
                recurso = self._recurso(0, una, causal)
                if recurso is not None:
                    varias[0], varias[posicion] = una, varias[0]
                    varias[max(posicion, 1)] = recurso
                return

    def _recurso(self, posicion: int, pqr: Interaccion, causal: str) -> Interaccion | None:
        bits = self.azar.getrandbits(64)
        notificada = str(pqr.respondida_el)[:10]
        dia = self._posicion_de(notificada) + 1 + (bits & 7)
        plazos = self.vence[dia]
        if plazos is None or dia >= self.hoy:
            return None
        respuesta = min(dia + DIAS_DE_RESPUESTA[bits >> 3 & 63], plazos[0])
        respondida = respuesta < self.hoy
        texto = "No estoy de acuerdo con la respuesta: no revisaron lo que reclamé. Pido que la cambien."
        caso = Caso(f"Recurso: {pqr.caso.asunto}", texto, RESPUESTAS_DE_RECURSO[bits >> 9 & 1])
        return Interaccion(
            tipo="recurso", canal=pqr.canal, fecha=f"{self.iso[dia]} {HORAS[bits >> 10 & 1023]}", caso=caso,
            estado="respondida" if respondida else "en_tramite",
            respondida_el=f"{self.iso[respuesta]} {HORAS[bits >> 20 & 1023]}" if respondida else None,
            contrato=pqr.contrato, registrada_por=pqr.registrada_por, motivo=pqr.motivo, canal_respuesta="",
            prorroga_motivo="", prorroga_avisada_el=None, silencio="", cumplido_el=None,
            primer_plazo=self.iso[plazos[0]], vence_el=self.iso[plazos[0]], agente=bits >> 30 & 7,
            sentido=("favorable", "desfavorable")[bits >> 9 & 1] if respondida else "", recurso_de=posicion,
            causal=causal, pide_apelacion=bool(bits >> 33 & 1),
        )  # fmt: skip

    def _posicion_de(self, iso: str) -> int:
        return self.hoy - (date.fromisoformat(self.iso[self.hoy]) - date.fromisoformat(iso)) // timedelta(days=1)


EnPie = Callable[[Any, str, int], int]
"""De unos contratos, la posición de uno que estaba en pie ese día, o -1."""

# --- Proporciones ----------------------------------------------------------------------------------------------------
PRORROGAS_DE_8 = 6
MAS_RECIENTES = 1.12
"""Más de uno: cuanto más recientes, más seguidas. Con esto queda abierta entre una y dos de cada cien."""
DIAS_DE_INTERACCIONES = 1_460
DIAS_PARA_ASIGNAR = 3
CANALES_CON_AGENTE = frozenset({"telefono", "oficina", "carta", "redes"})
TIPOS_DE_INTERACCION = repartir({"consulta": 33, "reclamacion": 25, "sugerencia": 6}, 64)
CANALES = repartir(
    {"telefono": 25, "whatsapp": 12, "web": 9, "oficina": 9, "correo": 5, "redes": 2, "carta": 1, "sms": 1}, 64
)
DIAS_DE_RESPUESTA = repartir({1: 8, 2: 8, 3: 8, 5: 9, 7: 9, 9: 8, 12: 6, 15: 5, 19: 2, 26: 1}, 64)
SENTIDOS = repartir({"favorable": 9, "parcial": 3, "desfavorable": 4}, 16)
MOTIVOS_DE_PRORROGA = (
    "Falta el informe de la visita técnica.",
    "Se pidió al banco el comprobante del pago.",
    "Se espera la respuesta del otro operador.",
    "Hay que revisar las grabaciones de las llamadas.",
)
RESPUESTAS_DE_RECURSO = (
    "Se revisó de nuevo su caso y usted tiene la razón: la decisión anterior se cambia y el ajuste se verá en su"
    " próxima factura.",
    "Se revisó de nuevo su caso y la decisión se mantiene. Si pidió la apelación, el expediente se envía a la"
    " Superintendencia de Industria y Comercio.",
)
# De 07:00 a 18:59 en Bogotá, que en UTC no cambia de día.
_RELOJ = Random(1024)  # noqa: S311 - horas inventadas
HORAS = tuple(
    f"{12 + _RELOJ.getrandbits(16) % 12}:{_RELOJ.getrandbits(16) % 60:02d}:{_RELOJ.getrandbits(16) % 60:02d}"
    for _ in range(1024)
)
