"""Lo que le pasa a los contratos de un cliente, de la firma al final."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Lag
from django.utils.text import capfirst

from movistar_site.comun.historia import Cambio, decir, modelo_historico
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.valores import formatear_fecha, formatear_pesos
from servicios.models import Periodicidad

from .. import reglas
from ..models import CambioPlan, Cliente, Contrato, EstadoCambio, EstadoContrato, Suspension
from .base import Enlace, Fuente, Suceso, Tipo, de_la_historia, enlace_de

CONTRATOS = Tipo("contratos", "Contratos", 10)
VER = "clientes.view_contrato"
CORREGIBLES = ("fecha_inicio", "permanencia_meses", "anexo_permanencia")
"""Lo que `corregir_contrato` deja cambiar."""


class ContratoNuevo(Fuente):
    """Desde qué día corre un contrato, con lo que se firmó."""

    clase = "contrato"
    tipo = CONTRATOS
    icono = "contract"
    tono = "success"
    permisos = (VER,)
    campo = "fecha_inicio"
    con_hora = False
    de_contrato = "pk"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        # Lo que se firmó es lo que dejó atrás el primer cambio de plan; sin cambios, lo que tiene.
        cambios = CambioPlan.objects.filter(contrato=OuterRef("pk"), estado=EstadoCambio.APLICADO)
        primero = cambios.order_by("efectivo_el", "pk")
        return (
            Contrato.objects.filter(cliente=cliente)
            .select_related("servicio", "promocion", "cedido_de__cliente")
            .only(
                "numero",
                "estado",
                "fecha_inicio",
                "precio",
                "periodicidad",
                "permanencia_meses",
                "servicio__nombre",
                "promocion__nombre",
                "cedido_de__cliente__nombre",
                "cedido_de__cliente__apellido",
            )
            .annotate(
                autor=de_la_historia(Contrato, "autor", history_type="+"),
                servicio_firmado=Subquery(primero.values("servicio_anterior__nombre")[:1]),
                precio_firmado=Subquery(primero.values("precio_anterior")[:1]),
                periodicidad_firmada=Subquery(primero.values("periodicidad_anterior")[:1]),
            )
        )

    def suceso(self, fila: Any) -> Suceso:
        servicio = fila.servicio_firmado or fila.servicio.nombre
        precio = fila.precio if fila.precio_firmado is None else fila.precio_firmado
        cada = Periodicidad(fila.periodicidad_firmada or fila.periodicidad).label
        if fila.cedido_de_id:
            titulo = f"Recibió por cesión de {fila.cedido_de.cliente.nombre_completo}: {servicio}"
        elif fila.estado == EstadoContrato.PENDIENTE:
            titulo = f"Firmó {servicio}; el contrato está por activar"
        else:
            titulo = f"Contrató {servicio}"
        partes = [f"{formatear_pesos(precio)}, {cada.lower()}"]
        if fila.promocion_id:
            partes.append(f"promoción {fila.promocion.nombre}")
        if fila.permanencia_meses:
            partes.append(f"permanencia de {reglas.en_palabras(fila.permanencia_meses)}")
        return Suceso(
            self.momento(fila), titulo, detalle=" · ".join(partes), quien=fila.autor or "", enlace=pagina_de(fila),
            contrato=enlace_de(fila),
        )  # fmt: skip


class ContratoCorregido(Fuente):
    """Un contrato pendiente se activó, o se corrigió lo que de él se puede corregir. Sale de su historia.

    Suspensiones, cambios de plan y finales tienen su propia fuente: aquí no se repiten.
    """

    clase = "correccion"
    tipo = CONTRATOS
    icono = "edit_document"
    permisos = (VER,)
    campo = "history_date"
    de_contrato = "id"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        suyos = Contrato.objects.filter(cliente=cliente).order_by().values("pk")
        orden = (F("history_date").asc(), F("history_id").asc())
        previos = {
            f"{campo}_previo": Window(Lag(campo), partition_by=F("id"), order_by=orden)
            for campo in ("estado", *CORREGIBLES)
        }
        cambia = Q(estado=EstadoContrato.ACTIVO, estado_previo=EstadoContrato.PENDIENTE)
        for campo in CORREGIBLES:
            cambia |= Q(**{f"{campo}_previo__isnull": False}) & ~Q(**{campo: F(f"{campo}_previo")})
        # Nada más se filtra: lo que se quitara aquí le faltaría a la ventana para comparar.
        return modelo_historico(Contrato).objects.filter(id__in=suyos).annotate(**previos).filter(cambia)

    def suceso(self, fila: Any) -> Suceso:
        activado = (fila.estado_previo, fila.estado) == (EstadoContrato.PENDIENTE, EstadoContrato.ACTIVO)
        cambios = [
            Cambio(
                str(capfirst(definido.verbose_name)),
                decir(definido, getattr(fila, f"{definido.name}_previo")),
                decir(definido, getattr(fila, definido.name)),
            )
            for definido in fila.tracked_fields
            if definido.name in CORREGIBLES and getattr(fila, definido.name) != getattr(fila, f"{definido.name}_previo")
        ]
        return Suceso(
            fila.history_date,
            "Contrato activado" if activado else "Contrato corregido",
            quien=fila.autor,
            motivo=fila.history_change_reason or "",
            origen=fila.origen,
            contrato=Enlace(fila.numero, pagina_de(Contrato(pk=fila.id))),
            cambios=cambios,
            tono="success" if activado else "",
        )


class ContratoTerminado(Fuente):
    """El día en que un contrato dejó de prestarse o pasó a otro titular."""

    clase = "final"
    tipo = CONTRATOS
    icono = "cancel"
    permisos = (VER,)
    campo = "fecha_fin"
    con_hora = False
    de_contrato = "pk"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        final = {"estado": EstadoContrato.TERMINADO}
        return (
            Contrato.objects.filter(cliente=cliente, fecha_fin__isnull=False)
            .select_related("servicio", "cesion__cliente")
            .only("numero", "fecha_fin", "servicio__nombre", "cesion__cliente__nombre", "cesion__cliente__apellido")
            .annotate(
                autor=de_la_historia(Contrato, "autor", **final),
                porque=de_la_historia(Contrato, "history_change_reason", **final),
            )
        )

    def suceso(self, fila: Any) -> Suceso:
        cedido = getattr(fila, "cesion", None)
        que = f"Cedió a {cedido.cliente.nombre_completo}" if cedido else "Terminó"
        return Suceso(
            self.momento(fila), f"{que}: {fila.servicio.nombre}", quien=fila.autor or "", motivo=fila.porque or "",
            enlace=pagina_de(fila), contrato=enlace_de(fila),
        )  # fmt: skip


class _DeSuspension(Fuente):
    tipo = CONTRATOS
    permisos = (VER, "clientes.view_suspension")
    con_hora = False
    de_contrato = "contrato"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        suyas = Suspension.objects.filter(contrato__cliente=cliente, **{f"{self.campo}__isnull": False})
        return suyas.select_related("contrato").only(
            "clase", "desde", "hasta", "hasta_prevista", "motivo", "registrada_por_nombre", "contrato__numero"
        )


class Suspendido(_DeSuspension):
    """Un contrato dejó de prestarse por un tiempo."""

    clase = "suspension"
    icono = "pause_circle"
    tono = "warning"
    campo = "desde"

    def suceso(self, fila: Suspension) -> Suceso:
        hasta = f"Hasta el {formatear_fecha(fila.hasta_prevista)}, según lo previsto" if fila.hasta_prevista else ""
        return Suceso(
            self.momento(fila), f"Suspensión: {fila.get_clase_display().lower()}", detalle=hasta,
            quien=fila.registrada_por_nombre, motivo=fila.motivo, contrato=enlace_de(fila.contrato),
        )  # fmt: skip


class Reanudado(_DeSuspension):
    """La suspensión acabó: el contrato volvió a prestarse o terminó."""

    clase = "reanudacion"
    icono = "resume"
    tono = "success"
    campo = "hasta"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return super().consulta(cliente).annotate(autor=de_la_historia(Suspension, "autor", hasta__isnull=False))

    def suceso(self, fila: Any) -> Suceso:
        return Suceso(
            self.momento(fila), "Acabó la suspensión", detalle=f"Empezó el {formatear_fecha(fila.desde)}",
            quien=fila.autor or "", contrato=enlace_de(fila.contrato),
        )  # fmt: skip


class CambioDePlan(Fuente):
    """De un servicio a otro, con lo que costaba cada uno."""

    clase = "plan"
    tipo = CONTRATOS
    icono = "swap_horiz"
    tono = "info"
    permisos = (VER, "clientes.view_cambioplan")
    campo = "efectivo_el"
    con_hora = False
    de_contrato = "contrato"
    TITULOS = {
        EstadoCambio.PROGRAMADO: "Cambio de plan programado",
        EstadoCambio.APLICADO: "Cambio de plan",
        EstadoCambio.ANULADO: "Cambio de plan anulado, no llegó a regir",
    }

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        suyos = CambioPlan.objects.filter(contrato__cliente=cliente)
        return suyos.select_related("contrato", "servicio_anterior", "servicio_nuevo").only(
            "estado",
            "efectivo_el",
            "precio_anterior",
            "periodicidad_anterior",
            "precio_nuevo",
            "periodicidad_nueva",
            "motivo",
            "pedido_por_nombre",
            "contrato__numero",
            "servicio_anterior__nombre",
            "servicio_nuevo__nombre",
        )

    def suceso(self, fila: CambioPlan) -> Suceso:
        cambios = [
            Cambio("Servicio", fila.servicio_anterior.nombre, fila.servicio_nuevo.nombre),
            Cambio("Precio", formatear_pesos(fila.precio_anterior), formatear_pesos(fila.precio_nuevo)),
        ]
        if fila.periodicidad_anterior != fila.periodicidad_nueva:
            antes, despues = fila.get_periodicidad_anterior_display(), fila.get_periodicidad_nueva_display()
            cambios.append(Cambio("Periodicidad", antes, despues))
        return Suceso(
            self.momento(fila), self.TITULOS[EstadoCambio(fila.estado)], quien=fila.pedido_por_nombre,
            motivo=fila.motivo, contrato=enlace_de(fila.contrato), cambios=cambios,
            tono="neutral" if fila.estado == EstadoCambio.ANULADO else "",
        )  # fmt: skip


FUENTES = (ContratoNuevo, ContratoCorregido, CambioDePlan, Suspendido, Reanudado, ContratoTerminado)
