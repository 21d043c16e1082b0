"""Un año simulado de intentos de contacto: ni uno fuera de la ley, y ninguno lícito rechazado.

El oráculo está escrito aparte: mira el libro de lo que pasó (autorizaciones dadas y quitadas, listas del RNE, contactos
hechos) y no importa nada de `clientes.contacto` más que las formas con que se le pregunta.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from clientes.contacto import Hechos, Intento, Reglas, puede_contactar
from clientes.models import Contacto, NumeroExcluido
from clientes.operaciones import abrir_contacto, cerrar_contacto, otorgar_consentimiento, revocar_consentimiento
from movistar_site.comun.calendario import Calendario

from .fabricas import FabricaCargaRne, FabricaCliente, FabricaInteraccion

BOGOTA = ZoneInfo("America/Bogota")
CANALES = ("telefono", "sms", "whatsapp", "correo", "carta")
INICIO, FIN = date(2026, 1, 1), date(2026, 12, 31)
DIAS_RNE = 30
# Los festivos de 2026, copiados del calendario oficial (Ley 51 de 1983; el 13 de julio, Ley 2578 de 2026).
FESTIVOS = {
    date(2026, mes, dia)
    for mes, dia in (
        (1, 1), (1, 12), (3, 23), (4, 2), (4, 3), (5, 1), (5, 18), (6, 8), (6, 15), (6, 29), (7, 13), (7, 20), (8, 7),
        (8, 17), (10, 12), (11, 2), (11, 16), (12, 8), (12, 25),
    )
}  # fmt: skip
INTENTOS_EN_MEMORIA = 100_000
INTENTOS_EN_LA_BASE = 300


@dataclass
class Hecho:
    """Un contacto que se hizo."""

    momento: datetime
    canal: str
    finalidad: str
    entrante: bool
    resultado: str
    fila: object = None


@dataclass
class Persona:
    """Lo que de verdad le pasó a un cliente en el año."""

    datos: frozenset[str]
    excluidos: dict[int, frozenset[str]]  # carga → canales en que figura
    dado: dict[str, datetime] = field(default_factory=dict)
    autorizaciones: dict[str, list[tuple[datetime, datetime | None]]] = field(default_factory=lambda: defaultdict(list))
    pqr: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    contactos: list[Hecho] = field(default_factory=list)
    fila: object = None
    filas: dict[str, object] = field(default_factory=dict)


# --- El oráculo ------------------------------------------------------------------------------------------------------
def faltas_a_la_ley(persona, uno, cargas, previos):
    """Cada regla que ese contacto rompe, mirando lo que había pasado hasta entonces."""
    faltas = []
    if uno.entrante:
        return faltas
    if uno.canal not in persona.datos:
        faltas.append("sin dato")
    if uno.finalidad != "comercial":
        return faltas
    dia = uno.momento.astimezone(BOGOTA).date()
    if not any(desde <= uno.momento and (hasta is None or uno.momento < hasta)
               for desde, hasta in persona.autorizaciones[uno.canal]):  # fmt: skip
        faltas.append("sin autorización")
    if uno.canal != "carta":
        ultima = max((n for n, consultada in enumerate(cargas) if consultada <= dia), default=None)
        if ultima is None or (dia - cargas[ultima]).days > DIAS_RNE:
            faltas.append("RNE sin consultar o vencido")
        elif uno.canal in persona.excluidos.get(ultima, ()):
            faltas.append("en el RNE")
    if any(desde <= uno.momento and (hasta is None or uno.momento < hasta) for desde, hasta in persona.pqr):
        faltas.append("PQR abierta")
    return faltas + a_deshora(uno) + demasiadas_veces(uno, previos)


def a_deshora(uno):
    """Fuera del horario que la ley permite."""
    local = uno.momento.astimezone(BOGOTA)
    dia, hora = local.date(), local.hour + local.minute / 60
    if dia.isoweekday() == 7 or dia in FESTIVOS:
        return ["domingo o festivo"]
    return [] if (8 <= hora < 15 if dia.isoweekday() == 6 else 7 <= hora < 19) else ["fuera de hora"]


def demasiadas_veces(uno, previos):
    """Otra vez el mismo día, o por otro canal la misma semana."""
    faltas, dia = [], uno.momento.astimezone(BOGOTA).date()
    suyos = [otro for otro in previos if not otro.entrante]
    for otro in suyos:
        cuenta = otro.finalidad == "comercial" and otro.resultado in ("en_curso", "efectivo")
        if cuenta and otro.momento.astimezone(BOGOTA).date() == dia:
            faltas.append("dos en un día")
    semana = [otro for otro in suyos if _lunes(otro.momento.astimezone(BOGOTA).date()) == _lunes(dia)]
    if semana and semana[0].canal != uno.canal:
        faltas.append("dos canales en una semana")
    return faltas


def _lunes(dia):
    return dia - timedelta(days=dia.isoweekday() - 1)


# --- El año ----------------------------------------------------------------------------------------------------------
def inventar_persona(azar, cargas):
    datos = frozenset(canal for canal in CANALES if azar.random() < 0.9)
    excluidos = {n: frozenset(c for c in CANALES[:4] if azar.random() < 0.08) for n in range(len(cargas))}
    return Persona(datos, excluidos)


def inventar_cargas(azar):
    """Listas cada tres a siete semanas: a ratos la que rige está vencida. Los primeros días no hay ninguna."""
    cargas, dia = [], INICIO + timedelta(days=6)
    while dia <= FIN:
        cargas.append(dia)
        dia += timedelta(days=azar.randint(20, 50))
    return cargas


def inventar_momentos(azar, cuantos):
    """Momentos de todo el año, en orden: la mitad en horas de trabajo, lo demás a cualquier hora."""
    momentos = []
    for _ in range(cuantos):
        dia = INICIO + timedelta(days=azar.randint(0, (FIN - INICIO).days))
        minuto = azar.randint(6 * 60 + 50, 19 * 60 + 10) if azar.random() < 0.5 else azar.randint(0, 24 * 60 - 1)
        momentos.append(datetime.combine(dia, time(), BOGOTA) + timedelta(minutes=minuto, seconds=azar.randint(0, 59)))
    return sorted(momentos)


def mover_lo_demas(azar, persona, momento):
    """A veces autoriza o se arrepiente, reclama o le responden, y lo que estaba en curso se cierra."""
    for canal in CANALES:
        abiertas = persona.autorizaciones[canal]
        vigente = bool(abiertas) and abiertas[-1][1] is None
        if not vigente and azar.random() < 0.15:
            abiertas.append((momento, None))
        elif vigente and azar.random() < 0.01:
            abiertas[-1] = (abiertas[-1][0], momento)
    abierta = bool(persona.pqr) and persona.pqr[-1][1] is None
    if not abierta and azar.random() < 0.01:
        persona.pqr.append((momento, None))
    elif abierta and azar.random() < 0.2:
        persona.pqr[-1] = (persona.pqr[-1][0], momento)
    for uno in persona.contactos[-3:]:
        if uno.resultado == "en_curso" and azar.random() < 0.6:
            uno.resultado = azar.choice(["efectivo", "no_responde", "equivocado"])


def hechos_de(persona, momento, cargas):
    """Lo que el panel sabría de esa persona en ese momento."""
    dia = momento.astimezone(BOGOTA).date()
    ultima = bisect_right(cargas, dia) - 1
    lunes = _lunes(dia)
    return Hechos(
        consentimientos=frozenset(
            ("comercial", canal) for canal, lista in persona.autorizaciones.items() if lista and lista[-1][1] is None
        ),
        datos=persona.datos,
        excluidos=persona.excluidos[ultima] if ultima >= 0 else frozenset(),
        rne_consultado_el=cargas[ultima] if ultima >= 0 else None,
        intentos=tuple(
            Intento(otro.momento.astimezone(BOGOTA).date(), otro.canal, otro.finalidad == "comercial",
                    otro.resultado in ("en_curso", "efectivo"))
            for otro in persona.contactos
            if not otro.entrante and otro.momento.astimezone(BOGOTA).date() >= lunes
        ),
        pqr_abierta="R-00000001" if persona.pqr and persona.pqr[-1][1] is None else "",
    )  # fmt: skip


def test_en_cien_mil_intentos_ni_uno_fuera_de_la_ley_ni_uno_licito_rechazado():
    azar = random.Random(2300)
    cargas = inventar_cargas(azar)
    personas = [inventar_persona(azar, cargas) for _ in range(4_000)]
    reglas = Reglas((time(7), time(19)), (time(8), time(15)), DIAS_RNE, Calendario())
    hechos = comerciales = 0
    rechazos = defaultdict(int)
    for momento in inventar_momentos(azar, INTENTOS_EN_MEMORIA):
        persona = azar.choice(personas)
        mover_lo_demas(azar, persona, momento)
        uno = Hecho(momento, azar.choice(CANALES), azar.choice(["comercial"] * 4 + ["servicio"]), False, "en_curso")
        permiso = puede_contactar(
            hechos_de(persona, momento, cargas), canal=uno.canal, finalidad=uno.finalidad, momento=momento,
            reglas=reglas,
        )  # fmt: skip
        faltas = faltas_a_la_ley(persona, uno, cargas, persona.contactos)
        assert permiso.permitido == (not faltas), (uno, faltas, permiso)
        if permiso.permitido:
            persona.contactos.append(uno)
            hechos += 1
            comerciales += uno.finalidad == "comercial"
        for falta in faltas:
            rechazos[falta] += 1
    # El año tuvo de todo: si una regla no hubiera actuado nunca, la prueba no diría nada de ella.
    assert comerciales > 2_000 and hechos > comerciales
    assert len(rechazos) == 9 and min(rechazos.values()) > 100, dict(rechazos)


# --- Por la operación de verdad --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_por_la_operacion_de_verdad_tampoco():
    azar = random.Random(1581)
    cargas = inventar_cargas(azar)
    filas = [FabricaCargaRne(consultada_el=dia) for dia in cargas]
    personas = [inventar_persona(azar, cargas) for _ in range(6)]
    for n, persona in enumerate(personas):
        _llevar_a_la_base(persona, n, filas)
    licitos = ilicitos = 0
    for momento in inventar_momentos(azar, INTENTOS_EN_LA_BASE):
        persona = azar.choice(personas)
        _mover_en_la_base(azar, persona, momento)
        finalidad = azar.choice(["comercial"] * 4 + ["servicio"])
        uno = Hecho(momento, azar.choice(CANALES), finalidad, azar.random() < 0.1, "en_curso")
        faltas = faltas_a_la_ley(persona, uno, cargas, persona.contactos)
        try:
            uno.fila = abrir_contacto(
                cliente=persona.fila, canal=uno.canal, finalidad=finalidad, usuario=None, ahora=momento,
                entrante=uno.entrante,
            )  # fmt: skip
        except ValidationError as error:
            assert faltas, (uno, error.messages)
            assert all(frase.endswith(".") for frase in error.messages)
            ilicitos += 1
        else:
            assert not faltas, (uno, faltas)
            persona.contactos.append(uno)
            licitos += 1
    assert Contacto.objects.count() == licitos
    assert licitos > 30 and ilicitos > 100


def _llevar_a_la_base(persona, n, cargas):
    movil = {"telefono", "sms", "whatsapp"} & persona.datos
    # El modelo guarda números, no canales: con un móvil sirven los tres; con un fijo, solo llamar.
    if movil == {"telefono"}:
        numero = f"+57601{n:07}"
    elif movil:
        numero, persona.datos = f"+57300{n:07}", persona.datos | {"telefono", "sms", "whatsapp"}
    else:
        numero = ""
    correo = f"persona{n}@ejemplo.co" if "correo" in persona.datos else ""
    persona.fila = FabricaCliente(
        telefono=numero, email=correo, direccion="Calle 1" if "carta" in persona.datos else ""
    )
    for indice, carga in enumerate(cargas):
        for canal in persona.excluidos[indice]:
            if dato := correo if canal == "correo" else numero:
                NumeroExcluido.objects.create(carga=carga, dato=dato, canal=canal)


def _mover_en_la_base(azar, persona, momento):
    antes = {canal: list(lista) for canal, lista in persona.autorizaciones.items()}
    abierta = bool(persona.pqr) and persona.pqr[-1][1] is None
    mover_lo_demas(azar, persona, momento)
    for canal, lista in persona.autorizaciones.items():
        if len(lista) > len(antes.get(canal, [])):
            persona.filas[canal] = otorgar_consentimiento(
                cliente=persona.fila, finalidad="comercial", canal=canal, version_texto="2026-01", medio="oficina",
                evidencia="Formulario", usuario=None, ahora=momento,
            )  # fmt: skip
        elif lista and lista != antes.get(canal, []):
            revocar_consentimiento(persona.filas[canal], usuario=None, ahora=momento)
    if persona.pqr and persona.pqr[-1][1] is None and not abierta:
        persona.filas["pqr"] = FabricaInteraccion(cliente=persona.fila, fecha=momento, contrato=None)
    elif abierta and persona.pqr[-1][1] is not None:
        type(persona.filas["pqr"]).objects.filter(pk=persona.filas["pqr"].pk).update(
            estado="respondida", respuesta="Listo", respondida_el=momento
        )
    for uno in persona.contactos[-3:]:
        if uno.resultado != "en_curso" and uno.fila.resultado == "en_curso":
            cerrar_contacto(uno.fila, resultado=uno.resultado, usuario=None, ahora=momento)
