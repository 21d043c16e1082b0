"""La revisión diaria de las derivaciones: lo que el reloj hace solo, sin que nadie lo pida.

Se puede repetir y correr dos a la vez: cada derivación da cada paso una vez y cada aviso sale una vez al día. Va por
tandas cortas, con un número fijo de consultas cada una; cortada a mitad de camino, lo hecho queda y la próxima sigue.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from clientes.models import Consentimiento, EstadoCliente, Finalidad
from clientes.plantel import administradores
from movistar_site.comun.avisos import Nuevo, avisar_a_varios
from movistar_site.comun.calendario import Calendario
from movistar_site.comun.correo import Envio, enviar_pendientes
from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.festivos import calendario
from movistar_site.comun.lotes import Firma, actualizar
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import contar

from ..asignacion.turno import tomar_turno
from ..derivaciones.reparto import Reparto, asesores_que_reciben
from ..models import (
    AccionGestion,
    Bonificacion,
    Derivacion,
    EstadoBonificacion,
    EstadoDerivacion,
    GestionDerivacion,
    ResultadoDerivacion,
)
from .derivaciones_avisos import a_los_asesores, bandeja, clientes, sin_asesor
from .derivaciones_pasos import anotar_varias

ORIGEN = "revisar_derivaciones"
CORRE = (EstadoDerivacion.PENDIENTE, EstadoDerivacion.CONTACTADO)
"""Los estados en que corre el plazo: lo aplazado espera al día que pidió el cliente, y lo detenido no se busca."""


@dataclass
class RevisionDerivaciones:
    """Lo que hizo una revisión, en cuentas exactas. `sin_quien`: las que siguen sin asesor."""

    hoy: date
    anuladas: int = 0
    vueltas: int = 0
    reanudadas: int = 0
    repartidas: int = 0
    sin_quien: int = 0
    vencidas: int = 0
    recordadas: int = 0
    escaladas: int = 0
    avisos: int = 0
    correos: Envio = field(default_factory=Envio)

    @property
    def completa(self) -> bool:
        """Si todo lo que había por hacer se pudo."""
        return not self.correos.falla


def revisar_derivaciones(*, hoy: date, ahora: datetime) -> RevisionDerivaciones:
    """Hace todo lo que ese día le toca al reloj; véanse los pasos, uno por uno, más abajo.

    No lanza por el correo: lo cuenta en el resultado.
    """
    una = _Revisora(hoy, ahora)
    una.anular_las_de_inactivos()
    una.volver_a_las_aplazadas()
    una.reanudar()
    una.repartir()
    una.vencer()
    una.escalar()
    una.recordar()
    una.revision.correos = enviar_pendientes(ahora=ahora)
    return una.revision


class _Revisora:
    """Los pasos de una revisión, con las reglas y la gente de ese día."""

    def __init__(self, hoy: date, ahora: datetime) -> None:
        self.hoy, self.ahora = hoy, ahora
        self.revision = RevisionDerivaciones(hoy)
        self.reglas = parametros(hoy)
        self.calendario: Calendario = calendario(self.reglas)

    @cached_property
    def administradores(self) -> tuple[int, ...]:
        """A quiénes se les dice lo que nadie resuelve; solo se pregunta si hay algo que decir."""
        return administradores()

    def _firma(self, motivo: str) -> Firma:
        return Firma(self.ahora, motivo=motivo, origen=ORIGEN)

    # --- Lo que ya no tiene a quién ofrecerse ------------------------------------------------------------------------
    def anular_las_de_inactivos(self) -> None:
        """Anula las de quien dejó de ser cliente: no hay a quién premiar."""
        motivo = "Dejó de ser cliente"
        consulta = Derivacion.objects.abiertas().exclude(cliente__estado=EstadoCliente.ACTIVO)
        self.revision.anuladas = self._cerrar(consulta, ResultadoDerivacion.ANULADA, AccionGestion.ANULADA, motivo)[0]

    # --- Lo que vuelve a los pendientes ------------------------------------------------------------------------------
    def volver_a_las_aplazadas(self) -> None:
        """Devuelve a los pendientes las que llegaron al día que pidió el cliente, y se lo dice a su asesor."""
        consulta = Derivacion.objects.abiertas().filter(estado=EstadoDerivacion.APLAZADA, volver_el__lte=self.hoy)

        def volver(filas: Sequence[Derivacion]) -> None:
            for una in filas:
                una.estado = EstadoDerivacion.PENDIENTE
            self._guardar(filas, ["estado"], AccionGestion.REANUDADA, "Llegó el día que pidió el cliente")

        self.revision.vueltas, por_asesor = self._por_tandas(consulta, volver)
        # La cuenta sale de la base y no de esta vuelta: si una anterior se cortó, el aviso la incluye.
        hoy = Derivacion.objects.abiertas().filter(estado=EstadoDerivacion.PENDIENTE, volver_el__lte=self.hoy)
        self._avisar(
            a_los_asesores(
                _cuentas(hoy.filter(asesor__in=list(por_asesor))),
                que="derivaciones vuelven",
                titulo="Volver hoy a {clientes}",
                texto="Es el día en que pidió que se le buscara.",
                slug="mias",
                hoy=self.hoy,
            )
        )

    def reanudar(self) -> None:
        """Devuelve a los pendientes las detenidas cuyo cliente dio después otra autorización, con un plazo nuevo."""
        detenida = GestionDerivacion.objects.filter(derivacion=OuterRef("pk"), accion=AccionGestion.DETENIDA)
        cuando = detenida.order_by().values("derivacion").annotate(cuando=Max("hecha_el")).values("cuando")
        otra = Consentimiento.objects.vigentes().filter(
            cliente=OuterRef("cliente"), finalidad=Finalidad.COMERCIAL, otorgado_el__gt=OuterRef("detenida")
        )
        consulta = (
            Derivacion.objects.abiertas()
            .filter(estado=EstadoDerivacion.DETENIDA)
            .annotate(detenida=Subquery(cuando))
            .filter(Exists(otra))
        )
        plazo = self.calendario.sumar_habiles(self.hoy, self.reglas["dias_derivacion"])

        def reanudar(filas: Sequence[Derivacion]) -> None:
            for una in filas:
                una.estado = EstadoDerivacion.PENDIENTE
                una.vence_el = plazo if una.asesor_id is not None else None
                una.recordada_el = una.escalada_el = None
            campos = ["estado", "vence_el", "recordada_el", "escalada_el"]
            self._guardar(filas, campos, AccionGestion.REANUDADA, "El cliente dio otra autorización")

        self.revision.reanudadas, por_asesor = self._por_tandas(consulta, reanudar)
        self._avisar(
            a_los_asesores(
                por_asesor,
                que="derivaciones reanudadas",
                titulo="Otra vez se le puede ofrecer a {clientes}",
                texto="Dio otra autorización después de retirar la que tenía.",
                slug="mias",
                hoy=self.hoy,
            )
        )

    # --- Reparto -----------------------------------------------------------------------------------------------------
    def repartir(self) -> None:
        """Da asesor, y un plazo nuevo, a las que no tienen o cuyo asesor ya no recibe: se fue o está en pausa."""
        consulta = _sin_quien_las_lleve()
        if consulta.exists():

            def dar(filas: Sequence[Derivacion]) -> None:
                # Las cargas se leen con el turno tomado: si a la vez se asignan bonificaciones, nadie pasa de su tope.
                tomar_turno()
                self._dar_asesor(filas, Reparto.de(self.hoy))

            _, por_asesor = self._por_tandas(consulta, dar)
            por_asesor.pop(None, 0)
            hoy = Derivacion.objects.abiertas().filter(derivada_el=self.hoy, asesor__in=list(por_asesor))
            self._avisar(
                a_los_asesores(
                    _cuentas(hoy),
                    que="derivaciones repartidas",
                    titulo="Hoy recibió {clientes} con bonificación",
                    texto="Nadie los llevaba, o quien los llevaba ya no puede.",
                    slug="mias",
                    hoy=self.hoy,
                )
            )
        self.revision.sin_quien = Derivacion.objects.sin_asesor().count()
        if self.revision.sin_quien:
            clave = f"derivaciones sin asesor {self.hoy:%Y-%m-%d}"
            self._avisar(sin_asesor(self.revision.sin_quien, clave, self.administradores))

    def _dar_asesor(self, filas: Sequence[Derivacion], reparto: Reparto) -> None:
        anteriores = _asesores_anteriores({una.cliente_id for una in filas})
        dadas = []
        for una in filas:
            municipio = una.cliente.municipio_id
            elegido = reparto.elegir(municipio, municipio and municipio[:2], anteriores.get(una.cliente_id))
            if elegido is None:
                continue
            una.asesor_id, una.derivada_el = elegido, self.hoy
            una.vence_el = max(reparto.vence_el, una.volver_el or reparto.vence_el)
            una.recordada_el = una.escalada_el = None
            dadas.append(una)
        campos = ["asesor", "derivada_el", "vence_el", "recordada_el", "escalada_el"]
        self._guardar(dadas, campos, AccionGestion.ASIGNADA, "El reloj la repartió")
        self.revision.repartidas += len(dadas)

    # --- Plazos ------------------------------------------------------------------------------------------------------
    def recordar(self) -> None:
        """Le recuerda a cada asesor cuántas se le vencen en los próximos días hábiles: cada una, una vez."""
        hasta = self.calendario.sumar_habiles(self.hoy, self.reglas["dias_recordar_derivacion"])
        cerca = Derivacion.objects.abiertas().filter(
            estado__in=CORRE, vence_el__range=(self.hoy, hasta), asesor__isnull=False
        )

        def recordar(filas: Sequence[Derivacion]) -> None:
            for una in filas:
                una.recordada_el = self.hoy
            self._guardar(filas, ["recordada_el"], AccionGestion.RECORDADA, "El plazo está por vencer")

        self.revision.recordadas, _ = self._por_tandas(cerca.filter(recordada_el__isnull=True), recordar)
        self._avisar(
            a_los_asesores(
                _cuentas(cerca.filter(recordada_el=self.hoy)),
                que="derivaciones por vencer",
                titulo="{clientes} por vencer",
                texto="El plazo para cerrar su bonificación termina en los próximos días.",
                slug="esta-semana",
                hoy=self.hoy,
            )
        )

    def escalar(self) -> None:
        """Anota las que se pasaron de su plazo y las cuenta a su asesor y a los administradores: cada una, una vez."""
        pasadas = Derivacion.objects.abiertas().filter(estado__in=CORRE, vence_el__lt=self.hoy, asesor__isnull=False)

        def escalar(filas: Sequence[Derivacion]) -> None:
            for una in filas:
                una.escalada_el = self.hoy
            self._guardar(filas, ["escalada_el"], AccionGestion.ESCALADA, "El plazo pasó sin cerrarla")

        self.revision.escaladas, _ = self._por_tandas(pasadas.filter(escalada_el__isnull=True), escalar)
        cuentas = _cuentas(pasadas.filter(escalada_el=self.hoy))
        dias = contar(self.reglas["dias_escalada"], "día hábil", "días hábiles")
        self._avisar(
            a_los_asesores(
                cuentas,
                que="derivaciones vencidas",
                titulo="{clientes} con el plazo vencido",
                texto=f"Lo que no cierre en {dias} pierde la bonificación.",
                slug="mias",
                hoy=self.hoy,
            )
        )
        if total := sum(cuentas.values()):
            self._a_los_administradores(
                "derivaciones escaladas",
                f"{clientes(total)} con bonificación y el plazo vencido",
                f"De {contar(len(cuentas), 'asesor', 'asesores')}. Lo que no cierren en {dias} pierde la bonificación.",
                "vencidas",
            )

    def vencer(self) -> None:
        """Cierra como vencidas, con su bonificación, las que llevan escaladas los días hábiles que dice la regla."""
        escaladas = Derivacion.objects.abiertas().filter(
            estado__in=CORRE,
            vence_el__lt=self.hoy,
            escalada_el__lte=self._ultimo_dia_de_escalada(),
        )
        motivo = "Se venció el plazo sin que el asesor la cerrara"
        self.revision.vencidas, _ = self._cerrar(escaladas, ResultadoDerivacion.VENCIDA, AccionGestion.VENCIDA, motivo)
        if self.revision.vencidas:
            self._a_los_administradores(
                "derivaciones perdidas",
                f"Se perdió la bonificación de {clientes(self.revision.vencidas)}",
                "El plazo venció, nadie cerró la derivación y pasaron los días de más que da la regla.",
                "vencidas",
            )

    def _ultimo_dia_de_escalada(self) -> date:
        """Lo escalado ese día o antes ya se vence: sus días hábiles, contando el de escalarla, pasaron."""
        dia = self.hoy
        while self.calendario.sumar_habiles(dia - timedelta(days=1), self.reglas["dias_escalada"]) >= self.hoy:
            dia -= timedelta(days=1)
        return dia

    # --- Por tandas --------------------------------------------------------------------------------------------------
    def _por_tandas(
        self, consulta: QuerySet[Derivacion], hacer: Callable[[Sequence[Derivacion]], None]
    ) -> tuple[int, Counter[Any]]:
        """Hace algo con las de la consulta, de a pocas y bloqueadas. Devuelve cuántas y cuántas de cada asesor."""
        claves = array("q", consulta.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000))
        por_asesor: Counter[Any] = Counter()
        desde = 0
        with Cortesia() as turno:
            while desde < len(claves):
                tanda = claves[desde : desde + turno.tanda].tolist()
                desde += len(tanda)
                with turno.transaccion(len(tanda)):
                    # Se mira de nuevo, ya bloqueadas: otra revisión, o el asesor, pudo moverlas en este instante.
                    filas = list(
                        consulta.filter(pk__en_lista=tanda)
                        .select_related("cliente")
                        .only(*_COLUMNAS)
                        .select_for_update(of=("self",))
                        .order_by("pk")
                    )
                    hacer(filas)
                por_asesor.update(una.asesor_id for una in filas)
        return sum(por_asesor.values()), por_asesor

    def _cerrar(
        self, consulta: QuerySet[Derivacion], resultado: ResultadoDerivacion, accion: AccionGestion, motivo: str
    ) -> tuple[int, Counter[Any]]:
        def cerrar(filas: Sequence[Derivacion]) -> None:
            for una in filas:
                una.estado, una.resultado, una.cerrada_el = EstadoDerivacion.CERRADA, resultado, self.ahora
                una.motivo, una.volver_el = motivo, None
            bonos = [
                Bonificacion(
                    pk=una.bonificacion_id,
                    estado=EstadoBonificacion(resultado.value),
                    cerrada_el=self.ahora,
                    motivo=motivo,
                )
                for una in filas
            ]
            actualizar(Bonificacion, bonos, campos=["estado", "cerrada_el", "motivo"], firma=self._firma(motivo))
            self._guardar(filas, ["estado", "resultado", "cerrada_el", "motivo", "volver_el"], accion, motivo)

        return self._por_tandas(consulta, cerrar)

    def _guardar(
        self, filas: Sequence[Derivacion], campos: Collection[str], accion: AccionGestion, motivo: str
    ) -> None:
        actualizar(Derivacion, filas, campos=campos, firma=self._firma(motivo))
        anotar_varias((una.pk for una in filas), accion, ahora=self.ahora, texto=motivo)

    # --- Avisos ------------------------------------------------------------------------------------------------------
    def _a_los_administradores(self, que: str, titulo: str, texto: str, slug: str) -> None:
        clave = f"{que} {self.hoy:%Y-%m-%d}"
        self._avisar([Nuevo(uno, clave, titulo, texto, bandeja(slug)) for uno in self.administradores])

    def _avisar(self, nuevos: Sequence[Nuevo]) -> None:
        self.revision.avisos += avisar_a_varios(nuevos, ahora=self.ahora)


_COLUMNAS = ("estado", "asesor", "vence_el", "volver_el", "recordada_el", "escalada_el", "derivada_el", "bonificacion",
             "cliente__municipio")  # fmt: skip


# --- Lecturas --------------------------------------------------------------------------------------------------------
def _sin_quien_las_lleve() -> QuerySet[Derivacion]:
    reciben = list(asesores_que_reciben().values_list("pk", flat=True))
    return Derivacion.objects.abiertas().filter(Q(asesor__isnull=True) | ~Q(asesor__in=reciben))


def _asesores_anteriores(de_clientes: Collection[int]) -> dict[int, int]:
    """El asesor de la última derivación ya cerrada de cada cliente. Una consulta."""
    cerradas = Derivacion.objects.filter(cliente__in=de_clientes, estado=EstadoDerivacion.CERRADA, asesor__isnull=False)
    return dict(cerradas.order_by("cliente", "id").values_list("cliente", "asesor"))


def _cuentas(consulta: QuerySet[Derivacion]) -> dict[int, int]:
    """Cuántas tiene cada asesor activo de esas."""
    vivas = consulta.filter(asesor__is_active=True).order_by()
    return dict(vivas.values_list(F("asesor")).annotate(Count("pk")))
