"""Las tarjetas de la fidelización."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Value
from django.urls import reverse
from django.utils import timezone

from bonificaciones.derivaciones.bandejas import BANDEJAS, QuienDeriva, es_asesor, primera
from bonificaciones.models import Derivacion, EstadoDerivacion, ResultadoDerivacion
from movistar_site.comun.tramos import Posicion, tramo
from movistar_site.comun.valores import formatear_fecha

from ...marco.periodos import Periodo
from ..mirada import Mirada, dias, lista
from ..tarjeta import Cifra, ListaCorta, Renglon, plazo, registrar

VER = ("bonificaciones.view_derivacion",)
NINGUNA = (0, 0)


def cerradas(mirada: Mirada) -> dict[str, tuple[int, int]]:
    """Resultado → derivaciones cerradas en el período y en el anterior; un asesor, las suyas."""
    ahora, antes = _entre(mirada.periodo), _entre(mirada.anterior)
    consulta = Derivacion.objects.filter(ahora | antes).order_by()
    if es_asesor(mirada.usuario):
        consulta = consulta.filter(asesor=mirada.usuario)
    cuentas = consulta.values_list("resultado").annotate(n=Count(Value(1), filter=ahora), m=Count("pk", filter=antes))
    return {resultado: (n, m) for resultado, n, m in cuentas}


def _entre(cual: Periodo) -> Q:
    return Q(cerrada_el__gte=_empieza(cual.desde), cerrada_el__lt=_empieza(cual.hasta + timedelta(days=1)))


def _empieza(dia: date) -> datetime:
    return timezone.make_aware(datetime.combine(dia, time.min))


class _Cerradas(Cifra):
    """Las derivaciones cerradas con un resultado en el período."""

    permisos = VER
    del_periodo = True
    resultado: ResultadoDerivacion

    def valor(self, mirada: Mirada) -> int:
        return mirada.leer(cerradas).get(self.resultado.value, NINGUNA)[0]

    def antes(self, mirada: Mirada) -> int:
        return mirada.leer(cerradas).get(self.resultado.value, NINGUNA)[1]

    def nota(self, mirada: Mirada) -> str:
        return "Las suyas" if es_asesor(mirada.usuario) else ""

    def enlace(self, mirada: Mirada) -> str:
        suyas = {"asesor__id__exact": mirada.usuario.pk} if es_asesor(mirada.usuario) else {}
        return lista(
            "bonificaciones",
            "derivacion",
            resultado__exact=self.resultado.value,
            **dias("cerrada_el", mirada.periodo),
            **suyas,
        )


@registrar
class Aceptadas(_Cerradas):
    """Cuántos clientes dijeron que sí."""

    clave = "bonificaciones-aceptadas"
    titulo = "Bonificaciones aceptadas"
    icono = "redeem"
    posicion = 120
    resultado = ResultadoDerivacion.ACEPTADA
    definicion = "Derivaciones que en el período se cerraron porque el cliente aceptó su bonificación."


@registrar
class SinRespuestaATiempo(_Cerradas):
    """Cuántas se perdieron por tiempo."""

    clave = "derivaciones-vencidas"
    titulo = "Derivaciones que se vencieron"
    icono = "event_busy"
    posicion = 130
    mejor_menos = True
    resultado = ResultadoDerivacion.VENCIDA
    definicion = "Derivaciones que en el período se cerraron porque su plazo pasó sin respuesta del cliente."


@registrar
class MisClientesPorLlamar(ListaCorta):
    """A quién hay que buscar, primero lo que primero vence."""

    clave = "clientes-por-llamar"
    titulo = "Clientes por contactar"
    permisos = VER
    icono = "assignment_ind"
    posicion = 205
    abrir = "Ir a las derivaciones"
    vacia = "Nadie por contactar. Aquí llegan los clientes que ganaron una bonificación."
    definicion = (
        "Derivaciones por trabajar, primero las que primero vencen: un asesor ve las suyas; los demás, las de todos."
    )

    def renglones(self, mirada: Mirada) -> list[Renglon]:
        una = BANDEJAS[primera(mirada.usuario)]
        quien = QuienDeriva.de(mirada.usuario, mirada.hoy)
        claves = tramo(una.ramas(quien), una.orden, Posicion(), cuantas=self.maximo).filas
        return [_de_derivacion(d, mirada.hoy) for d in una.con_lo_que_se_muestra(Derivacion, claves)]

    def enlace(self, mirada: Mirada) -> str:
        return reverse("bandeja_de_derivaciones", args=(primera(mirada.usuario),))


def _de_derivacion(una: Derivacion, hoy: date) -> Renglon:
    sello, tono = _plazo(una, hoy)
    return Renglon(
        titulo=una.cliente.nombre_completo,
        enlace=una.get_absolute_url(),
        detalle=una.programa.nombre,
        cuando=una.get_estado_display(),
        sello=sello,
        tono=tono,
    )


def _plazo(una: Derivacion, hoy: date) -> tuple[str, str]:
    """El plazo en palabras y su tono."""
    if una.estado == EstadoDerivacion.APLAZADA and una.volver_el is not None:
        return f"Volver el {formatear_fecha(una.volver_el)}", "ojo" if una.volver_el <= hoy else "neutro"
    return plazo(una.vence_el, hoy)
