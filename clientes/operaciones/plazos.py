"""La revisión diaria de los plazos: lo que el reloj hace solo, sin que nadie lo pida.

Se puede repetir cuantas veces se quiera y correr dos a la vez: cada silencio se anota una vez, cada aviso se da una
vez y cada caso se reparte una vez. Va por tandas cortas; cortada a mitad de camino, lo hecho queda y la próxima sigue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from movistar_site.comun.auditoria import auditar
from movistar_site.comun.avisos import Nuevo, avisar_a_varios
from movistar_site.comun.correo import Envio, enviar_pendientes
from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.models import Usuario
from movistar_site.comun.valores import contar

from .. import recordatorios
from ..models import CambioPlan, Contrato, Interaccion, SilencioPositivo, Suspension
from ..plantel import Plantel, cargas, plantel
from ..plazos import Reloj
from ..recordatorios import Caso
from ..reloj import reloj
from . import silencios
from .asignar import asignar_interaccion
from .contratos_planes import aplicar_cambio
from .contratos_suspension import reanudar_contrato

ORIGEN = "revisar_plazos"
TANDA = 200
HORAS_DE_AVISO = 24
"""Con cuánta antelación se recuerda un silencio por cumplir."""


@dataclass
class Revision:
    """Lo que hizo una revisión. `rechazos`: lo que las reglas no dejaron hacer, una frase por cosa."""

    hoy: date
    silencios: int = 0
    asignadas: int = 0
    sin_quien: int = 0
    avisos: int = 0
    cambios_de_plan: int = 0
    reanudados: int = 0
    correos: Envio = field(default_factory=Envio)
    rechazos: list[str] = field(default_factory=list)

    @property
    def completa(self) -> bool:
        """Si todo lo que había por hacer se pudo."""
        return not self.rechazos and not self.correos.falla


def revisar_plazos(*, hoy: date, ahora: datetime, usuario: Any = None) -> Revision:
    """Hace todo lo que a ese día y a esa hora le toca al reloj; véanse los pasos, uno por uno, más abajo.

    `usuario`: a nombre de quién queda en la historia; sin él, de nadie. No lanza por lo que una regla rechace ni por el
    correo: lo cuenta en la Revision.
    """
    una = _Revisora(hoy, ahora, usuario)
    with auditar(usuario=usuario, origen=ORIGEN):
        una.mover_contratos()
        una.anotar_silencios()
        una.repartir()
        una.recordar_vencimientos()
        una.recordar_silencios()
    una.revision.correos = enviar_pendientes(ahora=ahora)
    return una.revision


class _Revisora:
    """Los pasos de una revisión, con lo que comparten: el reloj y la gente de ese día."""

    def __init__(self, hoy: date, ahora: datetime, usuario: Any) -> None:
        self.hoy, self.ahora, self.usuario = hoy, ahora, usuario
        self.revision = Revision(hoy)
        self.reloj: Reloj = reloj(hoy)
        self.avisar_hasta = self.reloj.desde_cuando_se_avisa(hoy)

    @cached_property
    def plantel(self) -> Plantel:
        """La gente de este momento; solo se pregunta si hay algo que repartir o que avisar."""
        return plantel()

    # --- Contratos ---------------------------------------------------------------------------------------------------
    def mover_contratos(self) -> None:
        """Aplica los cambios de plan que ya rigen y reanuda lo que se suspendió hasta una fecha que ya llegó.

        Antes que los plazos: no dependen de ellos. Lo que las reglas del contrato rechazan se anota y se le dice, una
        vez, a los administradores.
        """
        for cambio in CambioPlan.objects.por_aplicar(self.hoy).select_related("contrato").order_by("efectivo_el", "id"):
            hecho = self._mover(
                cambio.contrato,
                f"cambio de plan {cambio.pk} sin aplicar",
                f"No se aplicó el cambio de plan del contrato {cambio.contrato.numero}",
                partial(aplicar_cambio, cambio, hoy=self.hoy, usuario=self.usuario),
            )
            self.revision.cambios_de_plan += hecho
        for suspension in (
            Suspension.objects.por_reanudar(self.hoy).select_related("contrato").order_by("hasta_prevista", "id")
        ):
            hecho = self._mover(
                suspension.contrato,
                f"suspensión {suspension.pk} sin reanudar",
                f"No se reanudó el contrato {suspension.contrato.numero}",
                partial(
                    reanudar_contrato,
                    suspension.contrato,
                    usuario=self.usuario,
                    hoy=self.hoy,
                    motivo="Llegó la fecha prevista de la suspensión",
                ),
            )
            self.revision.reanudados += hecho

    def _mover(self, contrato: Contrato, clave: str, titulo: str, operar: Callable[[], Any]) -> int:
        try:
            operar()
        except ValidationError as error:
            frase = " ".join(error.messages)
            self.revision.rechazos.append(f"{titulo}: {frase}")
            self._avisar(
                recordatorios.contrato_sin_mover(clave, titulo, frase, contrato.pk, self.plantel.administradores)
            )
            return 0
        return 1

    # --- Silencio positivo -------------------------------------------------------------------------------------------
    def anotar_silencios(self) -> None:
        """Anota el silencio de lo que se venció sin respuesta o se respondió tarde, y le avisa a quien lo cumple."""
        vencidas = silencios.vencidas_sin_registro(self.hoy)
        tarde = silencios.respondidas_tarde_sin_registro()
        huerfanos = 0
        with Cortesia(tanda=TANDA, fija=True) as turno:
            for claves in (*_tandas(vencidas), *_tandas(tarde)):
                with turno.transaccion(len(claves)):
                    nuevos = silencios.anotar_silencios(
                        claves, hoy=self.hoy, ahora=self.ahora, reloj=self.reloj, usuario=self.usuario, origen=ORIGEN
                    )
                    self.revision.silencios += len(nuevos)
                    huerfanos += self._avisar_de_silencios(nuevos)
        self._avisar_de_huerfanos(huerfanos)

    def _avisar_de_huerfanos(self, cuantos: int) -> None:
        """Los silencios que nadie tiene a cargo, a los administradores: una vez al día, en una sola cuenta."""
        if cuantos:
            self._avisar(
                recordatorios.a_los_administradores(
                    "silencios sin responsable",
                    f"Silencio positivo en {contar(cuantos, 'caso', 'casos')} que nadie tiene a cargo",
                    f"Asígnelos: al cliente hay que cumplirle en {self.reloj.horas_silencio} horas.",
                    "silencio",
                    self.plantel.administradores,
                    hoy=self.hoy,
                )
            )

    def _avisar_de_silencios(self, nuevos: Sequence[SilencioPositivo]) -> int:
        """Devuelve cuántos no tienen a quién avisarle."""
        dados: list[Nuevo] = []
        huerfanos = 0
        activos = _activos({nuevo.interaccion.responsable_id for nuevo in nuevos})
        for nuevo in nuevos:
            caso = nuevo.interaccion
            para = self.plantel.destinatarios(caso.responsable_id, caso.responsable_id in activos, caso.equipo_id)
            huerfanos += not para
            dados += recordatorios.silencio(_caso(caso), para, hasta=nuevo.cumplir_antes_de)
        self._avisar(dados)
        return huerfanos

    def recordar_silencios(self) -> None:
        """Recuerda los silencios que nadie ha cumplido y cuyas horas se acaban o se acabaron."""
        cerca = silencios.por_cumplir(self.ahora, timedelta(hours=HORAS_DE_AVISO))
        columnas = ("interaccion", "interaccion__numero", "interaccion__asunto", "interaccion__vence_el",
                    "cumplir_antes_de", "interaccion__responsable", "interaccion__responsable__is_active",
                    "interaccion__equipo")  # fmt: skip
        huerfanos = 0
        for tanda in _de_a_tandas(cerca.order_by("cumplir_antes_de", "id").values_list(*columnas)):
            nuevos: list[Nuevo] = []
            for *del_caso, hasta, responsable, activo, equipo in tanda:
                para = self.plantel.destinatarios(responsable, activo, equipo)
                huerfanos += not para
                nuevos += recordatorios.silencio_por_cumplir(Caso(*del_caso), para, hasta=hasta, ahora=self.ahora)
            self._avisar(nuevos)
        self._avisar_de_huerfanos(huerfanos)

    # --- Reparto -----------------------------------------------------------------------------------------------------
    def repartir(self) -> None:
        """Da un responsable a lo que se venció o está por vencer y no tiene quién lo atienda.

        Le toca al miembro activo de su equipo con menos casos; si empatan, al de la cuenta más antigua. Lo que no es de
        un equipo con gente se cuenta y se les dice a los administradores una vez al día.
        """
        pendientes = list(_sin_responsable(self.avisar_hasta).values_list("pk", "equipo"))
        if not pendientes:
            return
        con_equipo = [clave for clave, equipo in pendientes if equipo in self.plantel.equipos]
        if con_equipo:
            carga = cargas({uno for miembros in self.plantel.equipos.values() for uno in miembros})
            with Cortesia(tanda=1, fija=True) as turno:
                for clave in con_equipo:
                    with turno.transaccion():
                        self._dar_responsable(clave, carga)
        self.revision.sin_quien = len(pendientes) - len(con_equipo)
        if self.revision.sin_quien:
            self._avisar(
                recordatorios.a_los_administradores(
                    "casos sin responsable",
                    f"Nadie atiende {contar(self.revision.sin_quien, 'caso', 'casos')} por vencer o vencidos",
                    "No tienen responsable ni un equipo con alguien que los reciba: asígnelos.",
                    "sin-asignar",
                    self.plantel.administradores,
                    hoy=self.hoy,
                )
            )

    def _dar_responsable(self, clave: int, carga: dict[int, int]) -> None:
        # Se mira de nuevo, con el caso bloqueado: otra revisión, o una persona, pudo asignarlo en este instante.
        quedan = _sin_responsable(self.avisar_hasta).filter(equipo__in=self.plantel.equipos)
        caso = quedan.select_for_update(of=("self",)).filter(pk=clave).first()
        if caso is None or caso.equipo_id is None:
            return
        elegido = min(self.plantel.equipos[caso.equipo_id], key=lambda uno: (carga[uno], uno))
        try:
            with transaction.atomic():
                asignar_interaccion(
                    caso,
                    usuario=self.usuario,
                    responsable=_usuario(elegido),
                    equipo=caso.equipo,
                    motivo="El reloj lo repartió: está por vencer y nadie lo atendía",
                )
        except ValidationError as error:
            self.revision.rechazos.append(f"No se asignó {caso.numero}: {' '.join(error.messages)}")
            return
        carga[elegido] += 1
        self.revision.asignadas += 1
        uno = _caso(caso)
        if uno.vence_el < self.hoy:
            self._avisar([recordatorios.asignada_vencida(uno, elegido, hoy=self.hoy)])

    # --- Vencimientos ------------------------------------------------------------------------------------------------
    def recordar_vencimientos(self) -> None:
        """Avisa de lo que entró en sus últimos días y de lo que vence hoy: una vez cada cosa."""
        cerca = (
            Interaccion.objects.abiertas()
            .filter(vence_el__range=(self.hoy, self.avisar_hasta))
            .order_by("vence_el", "id")
        )
        columnas = ("pk", "numero", "asunto", "vence_el", "responsable", "responsable__is_active", "equipo")
        for tanda in _de_a_tandas(cerca.values_list(*columnas)):
            nuevos: list[Nuevo] = []
            for *del_caso, responsable, activo, equipo in tanda:
                para = self.plantel.destinatarios(responsable, activo, equipo)
                nuevos += recordatorios.por_vencer(Caso(*del_caso), para, hoy=self.hoy)
            self._avisar(nuevos)

    def _avisar(self, nuevos: Sequence[Nuevo]) -> None:
        self.revision.avisos += avisar_a_varios(nuevos, ahora=self.ahora)


# --- Lecturas --------------------------------------------------------------------------------------------------------
def _sin_responsable(hasta: date) -> QuerySet[Interaccion]:
    """Lo abierto que vence ese día o antes y no tiene una persona activa a cargo, primero lo que primero vence."""
    nadie = Q(responsable__isnull=True) | Q(responsable__is_active=False)
    return Interaccion.objects.abiertas().filter(nadie, vence_el__lte=hasta).order_by("vence_el", "id")


def _activos(claves: set[Any]) -> set[int]:
    return set(Usuario.objects.filter(pk__in=claves - {None}, is_active=True).values_list("pk", flat=True))


def _usuario(clave: int) -> Any:
    return Usuario.objects.get(pk=clave)


def _caso(interaccion: Interaccion) -> Caso:
    vence_el: Any = interaccion.vence_el  # solo se revisa lo que tiene plazo
    return Caso(interaccion.pk, interaccion.numero, interaccion.asunto, vence_el)


def _tandas(consulta: QuerySet[Any]) -> Iterator[list[int]]:
    """Las claves de la consulta, leídas de una vez y entregadas de a TANDA: lo que se escribe no las mueve."""
    claves = list(consulta.values_list("pk", flat=True))
    for desde in range(0, len(claves), TANDA):
        yield claves[desde : desde + TANDA]


def _de_a_tandas(filas: QuerySet[Any, Any]) -> Iterator[list[Any]]:
    """Las filas de a TANDA, sin tener la lectura abierta mientras se escribe."""
    todas = list(filas)
    for desde in range(0, len(todas), TANDA):
        yield todas[desde : desde + TANDA]
