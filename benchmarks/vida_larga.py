"""La vida larga de un cliente: años de contratos, PQR, cambios y notas, para medir y mirar su ficha.

Todo se inserta en bloque, sin operaciones: son datos inventados, coherentes y siempre los mismos para el mismo día.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

MOTIVOS = ("Pidió el traslado", "Actualizó sus datos por teléfono", "Corrección de un error de digitación")
ASUNTOS = (
    "Cobro de un servicio que no pidió", "Intermitencia por las noches", "Pide copia de la factura de marzo",
    "El decodificador no enciende", "No reconoce una llamada de larga distancia", "Pregunta por la cobertura de fibra",
)  # fmt: skip
AUTOR = "laura.rios"


def dar_vida(cliente: Any, *, hoy: date, sucesos: int = 300, semilla: int = 7) -> None:
    """Le da al cliente unos `sucesos` sucesos, repartidos entre su vinculación y `hoy`, de todas las clases."""
    from clientes.models import Contrato
    from servicios.models import Servicio

    azar = random.Random(semilla)
    desde = min(cliente.fecha_vinculacion, hoy - timedelta(days=12 * 365))
    type(cliente).objects.filter(pk=cliente.pk).update(fecha_vinculacion=desde)
    cliente.refresh_from_db()
    dias = Dias(azar, desde, hoy)
    servicios = list(Servicio.objects.order_by("pk")[:6])
    contratos = Contrato.objects.bulk_create(_contratos(cliente, dias, servicios, max(2, sucesos // 20)))
    _movimientos(contratos, dias, servicios)
    _historia(cliente, dias, sucesos // 6)
    _interacciones(cliente, contratos, dias, sucesos // 6)
    _consentimientos(cliente, dias)


class Dias:
    """Días e instantes al azar dentro de la vida del cliente."""

    def __init__(self, azar: random.Random, desde: date, hoy: date) -> None:
        self.azar, self.desde, self.hoy = azar, desde, hoy

    def dia(self, antes: int = 0) -> date:
        """Un día cualquiera, al menos `antes` días atrás."""
        ultimo = max(1, (self.hoy - self.desde).days - antes)
        return self.desde + timedelta(days=self.azar.randrange(ultimo))

    def instante(self, dia: date | None = None) -> datetime:
        """Un instante de ese día, en horas de oficina."""
        from django.utils import timezone

        hora = time(self.azar.randrange(7, 19), self.azar.randrange(60), self.azar.randrange(60))
        return timezone.make_aware(datetime.combine(dia or self.dia(), hora))


def _contratos(cliente: Any, dias: Dias, servicios: list[Any], cuantos: int) -> Iterator[Any]:
    from clientes.models import Contrato

    for n in range(cuantos):
        inicio = dias.dia(antes=200)
        terminado = n % 3 != 0
        contrato = Contrato(
            numero=f"C-8{cliente.pk % 1000:03}{n:04}",
            cliente=cliente,
            servicio=servicios[n % len(servicios)],
            estado="terminado" if terminado else "activo",
            fecha_inicio=inicio,
            fecha_fin=min(dias.hoy, inicio + timedelta(days=180)) if terminado else None,
            precio=Decimal(49_900 + 10_000 * (n % 6)),
        )
        contrato.fijar_condiciones(contrato.servicio)
        yield contrato


def _movimientos(contratos: list[Any], dias: Dias, servicios: list[Any]) -> None:
    from clientes.models import CambioPlan, Suspension

    suspensiones, cambios = [], []
    for n, contrato in enumerate(contratos):
        desde = contrato.fecha_inicio + timedelta(days=30)
        hasta = desde + timedelta(days=20)
        suspensiones.append(
            Suspension(contrato=contrato, clase="peticion", desde=desde, hasta=hasta, hasta_prevista=hasta,
                       motivo="Viaja y no usará el servicio", registrada_por_nombre="Laura Ríos")
        )  # fmt: skip
        cambios.append(
            CambioPlan(
                contrato=contrato, estado="aplicado", efectivo_el=desde + timedelta(days=60),
                servicio_anterior=servicios[(n + 1) % len(servicios)], precio_anterior=contrato.precio - 10_000,
                periodicidad_anterior="mensual", servicio_nuevo=contrato.servicio, precio_nuevo=contrato.precio,
                periodicidad_nueva="mensual", condiciones_nuevas=contrato.condiciones,
                motivo="Quiere más velocidad", pedido_por_nombre="Laura Ríos",
            )
        )  # fmt: skip
    Suspension.objects.bulk_create(suspensiones)
    CambioPlan.objects.bulk_create(cambios)


def _historia(cliente: Any, dias: Dias, cuantas: int) -> None:
    from clientes.models import Cliente
    from movistar_site.comun.historia import modelo_historico

    historico: Any = modelo_historico(Cliente)
    campos = {campo.attname: getattr(cliente, campo.attname) for campo in historico.tracked_fields}
    instantes = sorted(dias.instante() for _ in range(cuantas))
    historico.objects.bulk_create(
        historico(
            **campos | {"direccion": f"Calle {n} # 12-34", "estrato": n % 6 + 1}, history_date=instante,
            history_type="~" if n else "+", history_change_reason=MOTIVOS[n % len(MOTIVOS)], autor=AUTOR,
        )
        for n, instante in enumerate(instantes)
    )  # fmt: skip


def _interacciones(cliente: Any, contratos: list[Any], dias: Dias, cuantas: int) -> None:
    from clientes.models import Interaccion, NotaInterna, SilencioPositivo
    from clientes.plazos import Reloj
    from movistar_site.comun.calendario import Calendario
    from movistar_site.comun.parametros import parametros

    reloj = Reloj.de(parametros(dias.hoy), Calendario())
    filas = []
    for n in range(cuantas):
        abierta = n < 5
        fecha = dias.instante(dias.hoy - timedelta(days=(2, 16, 21, 30, 8)[n]) if abierta else dias.dia(antes=60))
        tipo = ("reclamacion", "consulta", "sugerencia")[n % 3]
        vence = reloj.vencimiento(tipo, fecha)
        prorroga = vence is not None and n % 7 == 3
        respondida = None if abierta else fecha + timedelta(days=n % 30 + 1)
        filas.append(
            Interaccion(
                numero=f"R-8{cliente.pk % 1000:03}{n:04}", cliente=cliente, tipo=tipo, fecha=fecha, canal="telefono",
                contrato=contratos[n % len(contratos)], asunto=ASUNTOS[n % len(ASUNTOS)], primer_plazo=vence,
                texto="El cliente explica lo que pasó.", registrada_por_nombre="Laura Ríos",
                vence_el=reloj.prorrogado(vence) if prorroga and vence else vence,
                prorroga_motivo="Hace falta una visita técnica" if prorroga else "",
                prorroga_avisada_el=fecha + timedelta(days=5) if prorroga else None,
                estado="abierta" if abierta else "respondida", respondida_el=respondida,
                respuesta="" if abierta else "Se revisó el caso y se corrigió lo que pedía.",
            )
        )  # fmt: skip
    creadas = Interaccion.objects.bulk_create(filas)
    NotaInterna.objects.bulk_create(
        NotaInterna(interaccion=una, texto="Se llamó al cliente y confirmó la dirección.", autor_nombre="Laura Ríos",
                    fecha=una.fecha + timedelta(hours=3))
        for una in creadas
    )  # fmt: skip
    SilencioPositivo.objects.bulk_create(
        SilencioPositivo(interaccion=una, ocurrio_el=una.vence_el + timedelta(days=1),
                         cumplir_antes_de=una.fecha + timedelta(days=40))
        for una in creadas
        if una.vence_el and (una.vence_el < dias.hoy if una.respondida_el is None
                             else una.respondida_el.date() > una.vence_el + timedelta(days=1))
    )  # fmt: skip


def _consentimientos(cliente: Any, dias: Dias) -> None:
    from clientes.models import Consentimiento

    ya = set(Consentimiento.objects.filter(cliente=cliente, revocado_el=None).values_list("finalidad", "canal"))
    filas = []
    for n, (finalidad, canal) in enumerate((f, c) for f in ("servicio", "comercial", "encuestas")
                                           for c in ("telefono", "correo", "whatsapp")):  # fmt: skip
        otorgado = dias.instante(dias.dia(antes=400))
        revocado = otorgado + timedelta(days=200) if n % 2 or (finalidad, canal) in ya else None
        filas.append(
            Consentimiento(cliente=cliente, finalidad=finalidad, canal=canal, version_texto="2024-01", medio="oficina",
                           otorgado_el=otorgado, revocado_el=revocado, evidencia=f"Formulario firmado {n:03}",
                           registrado_por_nombre="Laura Ríos")
        )  # fmt: skip
    Consentimiento.objects.bulk_create(filas)


# --- Los demás -------------------------------------------------------------------------------------------------------
CUANDO = "'2026-01-15 12:00:00'"
FECHAS = f"{CUANDO}, {CUANDO}"
ALREDEDOR = (
    "INSERT INTO clientes_suspension (creado_en, actualizado_en, contrato_id, clase, desde, hasta, motivo,"
    f" registrada_por_nombre) SELECT {FECHAS}, id, 'peticion', fecha_inicio, fecha_inicio, 'Viaje', '' FROM"
    " clientes_contrato WHERE id % 10 = 0",
    "INSERT INTO clientes_cambioplan (creado_en, actualizado_en, contrato_id, estado, efectivo_el,"
    " servicio_anterior_id, precio_anterior, periodicidad_anterior, condiciones_anteriores, servicio_nuevo_id,"
    " precio_nuevo, periodicidad_nueva, condiciones_nuevas, motivo, pedido_por_nombre)"
    f" SELECT {FECHAS}, id, 'aplicado', fecha_inicio, servicio_id, precio, periodicidad, '{{}}', servicio_id, precio,"
    " periodicidad, '{}', '', '' FROM clientes_contrato WHERE id % 10 = 1",
    "INSERT INTO clientes_consentimiento (creado_en, actualizado_en, cliente_id, finalidad, canal, version_texto,"
    f" otorgado_el, medio, evidencia, registrado_por_nombre) SELECT {FECHAS}, id, 'servicio', 'telefono', '2024-01',"
    f" {CUANDO}, 'oficina', 'Formulario', '' FROM clientes_cliente WHERE true",
    f"INSERT INTO clientes_notainterna (creado_en, actualizado_en, interaccion_id, texto, autor_nombre, fecha) SELECT"
    f" {FECHAS}, id, 'Se llamó.', '', fecha FROM clientes_interaccion WHERE id % 4 = 0",
    f"INSERT INTO clientes_silenciopositivo (creado_en, actualizado_en, interaccion_id, ocurrio_el, cumplir_antes_de,"
    f" cumplimiento, cumplido_por_nombre) SELECT {FECHAS}, id, '2026-02-10', '2026-02-13 05:00:00', '', '' FROM"
    " clientes_interaccion WHERE id % 50 = 0",
)
COLGANTES = (
    ("suspension", "contrato"), ("cambioplan", "contrato"), ("notainterna", "interaccion"),
    ("silenciopositivo", "interaccion"),
)  # fmt: skip


def rodear(quitar: int | None = None) -> None:
    """Historia, movimientos, notas y consentimientos de todos los clientes o, con `quitar`, fuera los de uno.

    Un plan que recorre la tabla entera no se nota si en ella solo está lo del cliente que se mide.
    """
    from django.db import connection

    from clientes.models import Cliente, Contrato, Interaccion

    with connection.cursor() as cursor:
        for orden in ALREDEDOR if quitar is None else ():
            # Los datos de demostración ya traen algunos.
            cursor.execute(f"{orden} ON CONFLICT DO NOTHING")
        for modelo in (Cliente, Contrato, Interaccion) if quitar is None else ():
            cursor.execute(_historia_de_todos(modelo))
        if quitar is not None:
            for tabla, de in COLGANTES:
                suyos = f"(SELECT id FROM clientes_{de} WHERE cliente_id = {quitar})"
                cursor.execute(f"DELETE FROM clientes_{tabla} WHERE {de}_id IN {suyos}")
            cursor.execute(f"DELETE FROM clientes_consentimiento WHERE cliente_id = {quitar}")
            cursor.execute(f"DELETE FROM clientes_historicalcliente WHERE id = {quitar}")


def _historia_de_todos(modelo: type[Model]) -> str:
    """Una versión de cada registro, como las deja una importación."""
    from movistar_site.comun.historia import modelo_historico

    historico = modelo_historico(modelo)
    columnas = ", ".join(f'"{campo.column}"' for campo in historico.tracked_fields)
    return (
        f"INSERT INTO {historico._meta.db_table} ({columnas}, history_date, history_type, autor, origen)"
        f" SELECT {columnas}, {CUANDO}, '+', '', 'medida' FROM {modelo._meta.db_table}"
    )
