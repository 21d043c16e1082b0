"""Los bonos de una base de demostración, con su derivación y sus contactos, y las ofertas que se hicieron."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from bonificaciones.asignacion.criterios import CENTAVOS, Criterios, centesimas, de_centesimas, dividir
from bonificaciones.models import (
    AccionGestion,
    Beneficio,
    Bonificacion,
    Calculo,
    Corrida,
    Derivacion,
    EstadoBonificacion,
    EstadoDerivacion,
    EstadoOferta,
    Frecuencia,
    GestionDerivacion,
    Oferta,
    Programa,
)
from clientes.models import Cliente, Contacto, Contrato, FinalidadContacto, ResultadoContacto
from movistar_site.comun.models import nombre_de
from movistar_site.comun.opciones import Canal
from movistar_site.comun.parametros import parametros
from movistar_site.comun.valores import anios_cumplidos, sumar_meses
from servicios.models import EstadoServicio, Periodicidad, Promocion, Servicio

from .fidelizacion import Siembra, crear

MESES_DE_CORRIDAS = 6
UNO_DE_CADA_BONO, UNA_DE_CADA_OFERTA = 2, 12
HORA_DE_CORRIDA = time(6)
DIAS_DE_ESCALADA = timedelta(days=15)
MOTIVOS_DE_NO = (
    "Prefiere seguir como está", "Ya tiene un descuento con otro operador", "No quiere recibir ofertas ahora",
    "Lo va a pensar con su familia",
)  # fmt: skip
RECIENTES = (
    ("pendiente", 9), ("contactado", 4), ("aplazada", 3), ("aceptada", 3), ("rechazada", 1),
)  # fmt: skip
PASADAS = (("aceptada", 10), ("rechazada", 5), ("vencida", 3), ("anulada", 1))


@dataclass
class _Bono:
    """Un bono con lo que pasó con él, antes de guardarse."""

    cliente: Cliente
    programa: Programa
    dia: date
    factura: Decimal
    asesor: Any
    vence_el: date
    suerte: str
    contacto: Contacto | None = None
    volver_el: date | None = None
    # Si el plazo ya pasó.
    tarde: bool = False

    @property
    def cierra_el(self) -> date:
        """Cuándo se da por vencida si nadie la cierra: un tiempo después de escalarla."""
        return self.vence_el + DIAS_DE_ESCALADA

    @property
    def escalada(self) -> bool:
        """Si el plazo se le pasó a su asesor sin cerrarla."""
        return self.suerte == "vencida" or (self.suerte in ("pendiente", "contactado") and self.tarde)

    @property
    def costo(self) -> Decimal:
        """Lo que cuesta al mes: el porcentaje de lo que paga."""
        centavos = centesimas(self.factura) * centesimas(self.programa.cantidad)
        return de_centesimas(dividir(centavos, CENTAVOS * CENTAVOS))


# --- Bonos -----------------------------------------------------------------------------------------------------------
def sembrar_bonos(siembra: Siembra, momento: datetime) -> dict[str, int]:
    """Bonos de los últimos meses, cada uno de la corrida del día en que se asignó y con su derivación."""
    bonos = list(_bonos(siembra))
    if not bonos:
        return {"bonificaciones": 0, "contactos": 0}
    contactos = [bono.contacto for bono in bonos if bono.contacto is not None]
    crear(Contacto, contactos, momento)
    corridas = _corridas(bonos, momento)
    guardados = crear(Bonificacion, [_bonificacion(bono, corridas) for bono in bonos], momento)
    derivaciones = crear(
        Derivacion, [_derivacion(bono, uno) for bono, uno in zip(bonos, guardados, strict=True)], momento
    )
    crear(
        GestionDerivacion,
        [paso for bono, una in zip(bonos, derivaciones, strict=True) for paso in _gestiones(bono, una)],
        momento,
    )
    return {"bonificaciones": len(bonos), "contactos": len(contactos)}


def _bonos(siembra: Siembra) -> Iterator[_Bono]:
    """A quién le toca, en qué corrida y qué pasó. Nunca a quien tiene una PQR abierta ni dos veces lo mismo."""
    programas = [
        (uno, Criterios.de(uno))
        for uno in Programa.objects.filter(
            activo=True, beneficio=Beneficio.DESCUENTO_PORCENTAJE, calculo=Calculo.FIJO, frecuencia=Frecuencia.UNA_VEZ,
            segmento=None, tope_mensual=None, bonificaciones=None,
        ).order_by("codigo")
        if not uno.categorias and not uno.tipos.exists() and not uno.municipios.exists()
    ]  # fmt: skip
    dias = _dias_de_corrida(siembra)
    plazo = parametros(siembra.hoy)["dias_derivacion"]
    facturas = _facturas(siembra.clientes)
    turno = 0
    for cliente in siembra.clientes if programas and dias else ():
        if cliente.pk in siembra.con_pqr or not facturas.get(cliente.pk) or siembra.azar.randrange(UNO_DE_CADA_BONO):
            continue
        dia = siembra.azar.choice(dias)
        programa = next((uno for uno, criterios in programas if _le_toca(cliente, uno, criterios, dia)), None)
        if programa is None:
            continue
        turno += 1
        yield _con_su_suerte(
            siembra,
            _Bono(
                cliente, programa, dia, facturas[cliente.pk],
                siembra.asesores[turno % len(siembra.asesores)], siembra.dias.sumar_habiles(dia, plazo), "pendiente",
            ),
        )  # fmt: skip


def _dias_de_corrida(siembra: Siembra) -> list[date]:
    """El primer día hábil de cada uno de los últimos meses y, más cargados, unos de estas semanas."""
    meses = [siembra.habil(sumar_meses(siembra.hoy.replace(day=1), -n)) for n in range(1, MESES_DE_CORRIDAS)]
    recientes = [siembra.habil(siembra.hoy - timedelta(days=n)) for n in (4, 9)]
    return [dia for dia in (*meses, *recientes, *recientes) if dia < siembra.hoy]


def _le_toca(cliente: Cliente, programa: Programa, criterios: Criterios, dia: date) -> bool:
    despues = criterios.despues_de(dia)
    vigente = programa.vigente_desde <= dia and (programa.vigente_hasta is None or dia <= programa.vigente_hasta)
    return (
        vigente
        and cliente.fecha_vinculacion <= criterios.ultima_vinculacion(dia)
        and (despues is None or cliente.fecha_vinculacion > despues)
    )


def _facturas(clientes: list[Cliente]) -> dict[int, Decimal]:
    suyos = Contrato.objects.activos().filter(
        cliente__in=[uno.pk for uno in clientes], periodicidad=Periodicidad.MENSUAL
    )
    return dict(suyos.order_by().values("cliente").annotate(suma=Sum("precio")).values_list("cliente", "suma"))


def _con_su_suerte(siembra: Siembra, bono: _Bono) -> _Bono:
    """Qué pasó: según cuánto hace, si se le puede buscar y si el plazo ya corrió."""
    azar, cliente = siembra.azar, bono.cliente
    pasado, bono.tarde = bono.cierra_el < siembra.hoy, bono.vence_el < siembra.hoy
    nombres, pesos = zip(*(PASADAS if pasado else RECIENTES), strict=True)
    bono.suerte = azar.choices(nombres, pesos)[0]
    retiro = siembra.retirados.get(cliente.pk)
    if retiro is not None:
        # Al retirarse se le detuvo lo que tenía abierto; lo que ya se había vencido, vencido quedó.
        detenida = not pasado and timezone.localdate(retiro) >= bono.dia
        bono.suerte = "vencida" if pasado else "detenida" if detenida else "pendiente"
    if bono.suerte in ("contactado", "aplazada", "aceptada", "rechazada"):
        bono.contacto = _contacto(siembra, bono)
        if bono.contacto is None:
            bono.suerte = "vencida" if pasado else "pendiente"
    if bono.suerte == "aplazada":
        bono.volver_el = siembra.habil(siembra.hoy + timedelta(days=azar.randint(1, 12)))
        bono.vence_el = max(bono.vence_el, siembra.dias.sumar_habiles(bono.volver_el, 2))
    return bono


def _contacto(siembra: Siembra, bono: _Bono) -> Contacto | None:
    """El contacto en que se habló: uno lícito o, sin autorización, la visita del cliente. None si aún no hay día."""
    dia = siembra.dias.sumar_habiles(bono.dia, siembra.azar.randint(1, 4))
    if dia >= siembra.hoy:
        return None
    return contacto_de(siembra, bono.cliente, dia, bono.asesor, f"Bonificación «{bono.programa.nombre}»")


def contacto_de(siembra: Siembra, cliente: Cliente, dia: date, quien: Any, asunto: str) -> Contacto:
    """Un contacto comercial de ese día hábil, por un canal que el cliente autorizó; si ninguno, lo empezó él."""
    canales = siembra.canales.get(cliente.pk, []) if dia > siembra.desde.get(cliente.pk, dia) else []
    return Contacto(
        cliente=cliente, dia=dia, momento=siembra.instante(dia), finalidad=FinalidadContacto.COMERCIAL,
        canal=siembra.azar.choice(canales) if canales else Canal.OFICINA, entrante=not canales, asunto=asunto,
        resultado=ResultadoContacto.EFECTIVO, hecho_por=quien, hecho_por_nombre=nombre_de(quien),
    )  # fmt: skip


def _corridas(bonos: list[_Bono], momento: datetime) -> dict[tuple[int, date], Corrida]:
    """Una por programa y día, con las cuentas de lo que asignó."""
    juntos: dict[tuple[int, date], list[_Bono]] = defaultdict(list)
    for bono in bonos:
        juntos[bono.programa.pk, bono.dia].append(bono)
    antes: dict[int, int] = defaultdict(int)
    filas = []
    for (programa, dia), suyos in sorted(juntos.items(), key=lambda par: (par[0][1], par[0][0])):
        empezada = timezone.make_aware(datetime.combine(dia, HORA_DE_CORRIDA))
        filas.append(
            Corrida(
                programa_id=programa, dia=dia, empezada_el=empezada, terminada_el=empezada + timedelta(seconds=4),
                por_permanencia=len(suyos) + antes[programa], ya_la_tenian=antes[programa], otorgadas=len(suyos),
                derivadas=len(suyos), costo_mensual=sum((bono.costo for bono in suyos), Decimal(0)),
                origen="datos_demo",
            )
        )  # fmt: skip
        antes[programa] += len(suyos)
    return {(una.programa_id, una.dia): una for una in crear(Corrida, filas, momento)}


def _bonificacion(bono: _Bono, corridas: dict[tuple[int, date], Corrida]) -> Bonificacion:
    estado = {
        "aceptada": EstadoBonificacion.ACEPTADA, "rechazada": EstadoBonificacion.RECHAZADA,
        "vencida": EstadoBonificacion.VENCIDA, "anulada": EstadoBonificacion.ANULADA,
    }.get(bono.suerte, EstadoBonificacion.ASIGNADA)  # fmt: skip
    cerrada = _cerrada_el(bono)
    aceptada = bono.suerte == "aceptada" and bono.contacto is not None
    return Bonificacion(
        cliente=bono.cliente, programa=bono.programa, corrida=corridas[bono.programa.pk, bono.dia],
        otorgada_el=bono.dia, cliente_desde=bono.cliente.fecha_vinculacion,
        anios=anios_cumplidos(bono.cliente.fecha_vinculacion, bono.dia), beneficio=bono.programa.beneficio,
        cantidad=bono.programa.cantidad, meses=bono.programa.meses, factura=bono.factura, costo_mensual=bono.costo,
        estado=estado, cerrada_el=cerrada, cerrada_por_nombre=_quien_cerro(bono), motivo=_motivo(bono),
        aceptada_por=bono.contacto.canal if aceptada and bono.contacto else "",
        evidencia=f"Grabación de la llamada {bono.cliente.documento[-4:]}" if aceptada else "",
    )  # fmt: skip


def _derivacion(bono: _Bono, guardada: Bonificacion) -> Derivacion:
    abiertas = {
        "pendiente": EstadoDerivacion.PENDIENTE, "contactado": EstadoDerivacion.CONTACTADO,
        "aplazada": EstadoDerivacion.APLAZADA, "detenida": EstadoDerivacion.DETENIDA,
    }  # fmt: skip
    return Derivacion(
        bonificacion=guardada, cliente=bono.cliente, programa=bono.programa, asesor=bono.asesor,
        estado=abiertas.get(bono.suerte, EstadoDerivacion.CERRADA), derivada_el=bono.dia, vence_el=bono.vence_el,
        volver_el=bono.volver_el, resultado="" if bono.suerte in abiertas else bono.suerte,
        motivo=_motivo(bono), cerrada_el=_cerrada_el(bono),
        recordada_el=bono.vence_el - timedelta(days=2) if bono.escalada else None,
        escalada_el=bono.vence_el + timedelta(days=1) if bono.escalada else None,
    )  # fmt: skip


def _cerrada_el(bono: _Bono) -> datetime | None:
    if bono.suerte in ("aceptada", "rechazada") and bono.contacto is not None:
        return bono.contacto.momento + timedelta(minutes=12)
    if bono.suerte == "vencida":
        return _a_la_hora_de_la_corrida(bono.cierra_el)
    return _a_la_hora_de_la_corrida(bono.dia + timedelta(days=3)) if bono.suerte == "anulada" else None


def _a_la_hora_de_la_corrida(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia, HORA_DE_CORRIDA))


def _quien_cerro(bono: _Bono) -> str:
    return nombre_de(bono.asesor) if bono.suerte in ("aceptada", "rechazada") else ""


def _motivo(bono: _Bono) -> str:
    if bono.suerte == "rechazada":
        return MOTIVOS_DE_NO[bono.cliente.pk % len(MOTIVOS_DE_NO)]
    return {"vencida": "Se venció el plazo sin respuesta", "anulada": "Se asignó por un dato equivocado"}.get(
        bono.suerte, ""
    )


def _gestiones(bono: _Bono, derivacion: Derivacion) -> Iterator[GestionDerivacion]:
    """Los pasos que cuentan cómo llegó a como está, en orden."""
    nombre = nombre_de(bono.asesor)
    yield GestionDerivacion(
        derivacion=derivacion, accion=AccionGestion.ASIGNADA, texto=nombre, hecha_el=_a_la_hora_de_la_corrida(bono.dia)
    )
    if bono.contacto is not None:
        yield GestionDerivacion(
            derivacion=derivacion, accion=AccionGestion.CONTACTADO, contacto=bono.contacto,
            hecha_el=bono.contacto.momento, hecha_por_nombre=nombre,
        )  # fmt: skip
    ultima = {
        "aceptada": AccionGestion.ACEPTADA, "rechazada": AccionGestion.RECHAZADA, "aplazada": AccionGestion.APLAZADA,
        "vencida": AccionGestion.VENCIDA, "anulada": AccionGestion.ANULADA, "detenida": AccionGestion.DETENIDA,
    }.get(bono.suerte)  # fmt: skip
    if ultima is not None:
        cuando = _cerrada_el(bono) or (bono.contacto.momento if bono.contacto else _a_la_hora_de_la_corrida(bono.dia))
        yield GestionDerivacion(
            derivacion=derivacion, accion=ultima, texto=_motivo(bono), hecha_el=cuando + timedelta(minutes=1),
            hecha_por_nombre=_quien_cerro(bono),
        )  # fmt: skip


# --- Ofertas ---------------------------------------------------------------------------------------------------------
def sembrar_ofertas(siembra: Siembra, momento: datetime) -> int:
    """Ofertas de los últimos meses, cada una en un contacto, con lo que el cliente contestó."""
    servicios = list(Servicio.objects.filter(estado=EstadoServicio.ACTIVO).order_by("codigo"))
    promociones = list(Promocion.objects.vigentes(siembra.hoy).filter(cupo=None, exclusiva=False).order_by("codigo"))
    if not servicios:
        return 0
    suyos = Contacto.objects.filter(cliente__in=[uno.pk for uno in siembra.clientes])
    ocupados = set(suyos.order_by().values_list("cliente", flat=True))
    contactos, ofertas = [], []
    for cliente in siembra.clientes:
        if cliente.pk in siembra.con_pqr or siembra.azar.randrange(UNA_DE_CADA_OFERTA):
            continue
        dia = siembra.habil(siembra.hoy - timedelta(days=siembra.azar.randrange(8, 180)))
        if dia >= siembra.hoy or dia < cliente.fecha_vinculacion or cliente.pk in ocupados:
            continue
        contacto = contacto_de(siembra, cliente, dia, siembra.azar.choice(siembra.asesores), "Oferta comercial")
        contactos.append(contacto)
        ofertas.append(_oferta(siembra, cliente, contacto, servicios, promociones))
    crear(Contacto, contactos, momento)
    return len(crear(Oferta, ofertas, momento))


def _oferta(
    siembra: Siembra, cliente: Cliente, contacto: Contacto, servicios: list[Servicio], promociones: list[Promocion]
) -> Oferta:
    azar = siembra.azar
    promocion = azar.choice(promociones) if promociones and azar.random() < 0.4 else None  # noqa: PLR2004
    servicio = None if promocion else azar.choice(servicios)
    estado = azar.choices((EstadoOferta.PRESENTADA, EstadoOferta.ACEPTADA, EstadoOferta.RECHAZADA), (2, 3, 4))[0]
    return Oferta(
        cliente=cliente, servicio=servicio, promocion=promocion,
        titulo=promocion.nombre if promocion else str(servicio),
        porque="Lo sugiere lo que usa y lo que paga", estado=estado, canal=contacto.canal,
        presentada_el=contacto.momento,
        respondida_el=None if estado == EstadoOferta.PRESENTADA else contacto.momento + timedelta(minutes=8),
        motivo=azar.choice(MOTIVOS_DE_NO) if estado == EstadoOferta.RECHAZADA else "", contacto=contacto,
        hecha_por=contacto.hecho_por, hecha_por_nombre=contacto.hecho_por_nombre,
    )  # fmt: skip
