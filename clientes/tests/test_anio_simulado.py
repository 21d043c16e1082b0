"""Un año día por día: casos que llegan, agentes que responden, prorrogan o se olvidan, y el reloj dos veces al día.

Al final no queda nada que la ley no admita: lo que se venció tiene su silencio, uno solo y del día debido; lo demás se
respondió a tiempo o está en término; y a nadie se le dijo dos veces lo mismo. Todo se decide con una semilla.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clientes import operaciones
from clientes.models import Interaccion, SilencioPositivo
from clientes.plazos import Situacion, situacion
from clientes.reloj import reloj
from movistar_site.comun.models import Aviso

from .fabricas import FabricaCliente, FabricaEquipo, FabricaUsuario

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")
EMPIEZA, DIAS, CASOS = date(2026, 1, 1), 365, 150


@dataclass
class Anio:
    """La oficina durante un año: su gente, sus casos y lo que se hizo con cada uno."""

    azar: random.Random
    clientes: list[Any]
    equipos: list[Any]
    gente: list[Any]
    llegan: Counter[date] = field(default_factory=Counter)
    prorrogados: set[int] = field(default_factory=set)
    revisiones: Counter[str] = field(default_factory=Counter)

    def dia(self, hoy: date) -> None:
        """Un día: el reloj antes de abrir, la oficina, y el reloj otra vez al cerrar."""
        self._revisar(hoy, time(5))
        for _ in range(self.llegan[hoy]):
            self._radicar(hoy)
        for caso in Interaccion.objects.abiertas().filter(vence_el__lte=hoy + timedelta(days=12)).order_by("id"):
            self._atender(caso, hoy)
        self._cumplir(hoy)
        if self.azar.random() < 0.02:
            self._alguien_se_va_o_vuelve()
        self._revisar(hoy, time(18))

    def _revisar(self, hoy: date, hora: time) -> None:
        revision = operaciones.revisar_plazos(hoy=hoy, ahora=_a_las(hoy, hora))
        assert not revision.rechazos
        self.revisiones["silencios"] += revision.silencios
        self.revisiones["asignadas"] += revision.asignadas

    def _radicar(self, hoy: date) -> None:
        # También a las 23:50, que es de ese día en Bogotá y ya otro en UTC.
        ahora = _a_las(hoy, self.azar.choice([time(8), time(12, 30), time(23, 50)]))
        caso = operaciones.registrar_interaccion(
            cliente=self.azar.choice(self.clientes),
            tipo=self.azar.choices(["consulta", "reclamacion", "sugerencia"], [4, 5, 1])[0],
            canal="telefono", asunto="Caso inventado", texto="", usuario=None, ahora=ahora,
        )  # fmt: skip
        if self.azar.random() < 0.8:
            operaciones.asignar_interaccion(
                caso, usuario=None, equipo=self.azar.choice(self.equipos),
                responsable=self.azar.choice([*[uno for uno in self.gente if uno.is_active], None]),
            )  # fmt: skip

    def _atender(self, caso: Interaccion, hoy: date) -> None:
        """Casi siempre nadie lo toca; a veces se prorroga o se responde, a tiempo o tarde."""
        suerte, ahora = self.azar.random(), _a_las(hoy, time(15))
        if ahora < caso.fecha:
            return
        try:
            if suerte < 0.03:
                operaciones.prorrogar_interaccion(
                    caso, motivo="Hay que practicar pruebas", avisada_el=ahora, usuario=None, ahora=ahora
                )
                self.prorrogados.add(caso.pk)
            elif suerte < 0.14:
                operaciones.responder_interaccion(
                    caso, respuesta="Esto se le respondió.", notificada_el=ahora, sentido="favorable",
                    usuario=None, ahora=ahora,
                )  # fmt: skip
        except ValidationError:
            # Prorrogar lo vencido o lo ya prorrogado no se puede: queda como estaba.
            pass

    def _cumplir(self, hoy: date) -> None:
        for silencio in SilencioPositivo.objects.filter(cumplido_el__isnull=True):
            if self.azar.random() < 0.4:
                operaciones.cumplir_silencio(
                    silencio, cumplimiento="Se le dio lo pedido", usuario=None, ahora=_a_las(hoy, time(16))
                )

    def _alguien_se_va_o_vuelve(self) -> None:
        uno = self.azar.choice(self.gente)
        uno.is_active = not uno.is_active
        uno.save(update_fields=["is_active"])


def _a_las(dia: date, hora: time) -> datetime:
    return datetime.combine(dia, hora, tzinfo=BOGOTA)


def _anio(semilla: int) -> Anio:
    azar = random.Random(semilla)
    gente = [FabricaUsuario() for _ in range(5)]
    equipos = [FabricaEquipo() for _ in range(2)]
    for n, uno in enumerate(gente):
        equipos[n % 2].miembros.add(uno)
    anio = Anio(azar, [FabricaCliente() for _ in range(10)], equipos, gente)
    anio.llegan.update(EMPIEZA + timedelta(days=azar.randrange(DIAS)) for _ in range(CASOS))
    return anio


@pytest.mark.parametrize("semilla", [7])
def test_despues_de_un_anio_todo_caso_esta_en_un_estado_legal(semilla: int) -> None:
    anio = _anio(semilla)
    for n in range(DIAS):
        anio.dia(EMPIEZA + timedelta(days=n))
    ultimo = EMPIEZA + timedelta(days=DIAS - 1)
    casos = list(Interaccion.objects.select_related("silencio"))
    assert len(casos) == CASOS
    avisar_hasta = reloj(ultimo).desde_cuando_se_avisa(ultimo)
    vistas: Counter[Situacion] = Counter()
    for caso in casos:
        en_que_va = situacion(caso, hoy=ultimo, avisar_hasta=avisar_hasta)
        vistas[en_que_va] += 1
        _comprobar_plazo(caso, prorrogado=caso.pk in anio.prorrogados)
        _comprobar_silencio(caso, en_que_va)
    # El año fue variado: si no, no probaría nada.
    assert {Situacion.A_TIEMPO, Situacion.SILENCIO, Situacion.SIN_PLAZO, Situacion.EN_TERMINO} <= set(vistas), vistas
    assert anio.prorrogados
    assert anio.revisiones["asignadas"] > 0
    assert anio.revisiones["silencios"] == SilencioPositivo.objects.count() == vistas[Situacion.SILENCIO]
    _comprobar_avisos(casos)
    # Y una vez más, al otro día de todo, no encuentra nada atrasado.
    assert operaciones.revisar_plazos(hoy=ultimo, ahora=_a_las(ultimo, time(23, 59))).silencios == 0


def _comprobar_plazo(caso: Interaccion, *, prorrogado: bool) -> None:
    """El plazo es el del día en que se radicó, y solo una prórroga lo movió."""
    radicado = timezone.localdate(caso.fecha)
    primero = reloj(radicado).vencimiento(caso.tipo, caso.fecha)
    assert caso.primer_plazo == primero
    esperado = reloj(radicado).prorrogado(primero) if prorrogado and primero else primero
    assert caso.vence_el == esperado


def _comprobar_silencio(caso: Interaccion, en_que_va: Situacion) -> None:
    """Hay silencio anotado si y solo si el plazo pasó sin respuesta; y es del día siguiente al vencimiento."""
    anotado = getattr(caso, "silencio", None)
    assert (anotado is not None) == (en_que_va == Situacion.SILENCIO), caso
    if anotado is None:
        return
    assert anotado.ocurrio_el == caso.vence_el + timedelta(days=1)
    assert anotado.cumplir_antes_de == _a_las(anotado.ocurrio_el, time(0)) + timedelta(hours=72)
    # Se anotó ese mismo día, al abrir, y su historia dice quién: el reloj.
    primera = anotado.history.order_by("history_id").first()
    assert timezone.localdate(primera.history_date) == anotado.ocurrio_el
    assert primera.origen == "revisar_plazos"


def _comprobar_avisos(casos: list[Interaccion]) -> None:
    avisos = list(Aviso.objects.order_by("id").values_list("usuario", "clave", "creado_el"))
    assert avisos
    repetidos = [par for par, veces in Counter((usuario, clave) for usuario, clave, _ in avisos).items() if veces > 1]
    assert not repetidos
    por_numero = {caso.numero: caso for caso in casos}
    for _, clave, cuando in avisos:
        que, _, resto = clave.partition(" R-")
        numero, _, dia = f"R-{resto}".partition(" ")
        caso, avisado = por_numero[numero], timezone.localdate(cuando)
        if que == "vence hoy":
            assert avisado == date.fromisoformat(dia)
        elif que == "por vencer":
            assert avisado < date.fromisoformat(dia)
        elif que == "silencio":
            assert avisado == caso.silencio.ocurrio_el
        elif que == "silencio incumplido":
            assert cuando >= caso.silencio.cumplir_antes_de
