"""Las cuentas que los reportes y el tablero leen sin recorrer las tablas: qué se cuenta de cada una."""

from __future__ import annotations

from bonificaciones.models import Bonificacion, Derivacion, EstadoDerivacion
from clientes.models import Cliente, Contrato, EstadoContrato, Interaccion
from movistar_site.comun.resumenes import (
    Dato,
    Resumen,
    centavos,
    columna,
    dia,
    fecha,
    o_cero,
    o_vacia,
    registrar,
)
from servicios.models import Periodicidad

from . import models
from .lineas import FUERA

MENSUAL = f"{{f}}.periodicidad = '{Periodicidad.MENSUAL.value}'"


def _al_mes() -> Dato:
    """Lo que un contrato factura al mes, en centavos: la regla es la de `reportes.lineas.centavos_al_mes`."""
    cada_mes = f"{{f}}.periodicidad IN ('{Periodicidad.MENSUAL.value}', '{Periodicidad.RECARGA.value}')"
    cada_anio = f"{{f}}.periodicidad = '{Periodicidad.ANUAL.value}'"
    pesos = centavos("precio")
    sqlite, postgresql = (
        f"CASE WHEN {cada_mes} THEN {sql} WHEN {cada_anio} THEN ({sql} + 6) / 12 ELSE 0 END"
        for sql in (pesos.sqlite, pesos.postgresql)
    )
    return Dato(("precio", "periodicidad"), sqlite, postgresql)


def _es(columna: str, valor: str) -> Dato:
    """Uno si la columna vale eso; si no, cero."""
    sql = f"CASE WHEN {{f}}.{columna} = '{valor}' THEN 1 ELSE 0 END"
    return Dato((columna,), sql, sql)


AL_MES = _al_mes()
EN_PIE = ", ".join(f"'{estado.value}'" for estado in EstadoContrato if estado not in FUERA)
CONTRATOS_POR_SERVICIO = registrar(
    Resumen(
        "contratos por servicio",
        Contrato,
        models.ContratosPorServicio,
        claves={"servicio_id": columna("servicio_id"), "estado": columna("estado")},
        sumas={"centavos": centavos("precio", si=MENSUAL)},
        columnas_donde=("periodicidad",),
    )
)
ALTAS_POR_DIA = registrar(
    Resumen(
        "altas por día",
        Contrato,
        models.AltasPorDia,
        claves={"dia": columna("fecha_inicio"), "servicio_id": columna("servicio_id")},
        sumas={"centavos": AL_MES},
    )
)
BAJAS_POR_DIA = registrar(
    Resumen(
        "bajas por día",
        Contrato,
        models.BajasPorDia,
        claves={"dia": fecha("fecha_fin"), "servicio_id": columna("servicio_id")},
        sumas={"centavos": AL_MES},
        donde="{f}.fecha_fin IS NOT NULL",
    )
)
SERVICIOS_POR_CLIENTE = registrar(
    Resumen(
        "servicios por cliente",
        Contrato,
        models.ServiciosPorCliente,
        claves={"cliente_id": columna("cliente_id"), "servicio_id": columna("servicio_id")},
        donde=f"{{f}}.estado = '{EstadoContrato.ACTIVO.value}'",
        columnas_donde=("estado",),
        unico=True,
    )
)
CLIENTES_POR_SERVICIO = registrar(
    Resumen(
        "clientes por servicio",
        models.ServiciosPorCliente,
        models.ClientesPorServicio,
        claves={"servicio_id": columna("servicio_id")},
        donde="{f}.n > 0",
        columnas_donde=("n",),
    )
)
LINEAS_POR_CLIENTE = registrar(
    Resumen(
        "líneas por cliente",
        Contrato,
        models.LineasPorCliente,
        claves={"cliente_id": columna("cliente_id")},
        sumas={"activos": _es("estado", EstadoContrato.ACTIVO), "centavos": AL_MES},
        donde=f"{{f}}.estado IN ({EN_PIE})",
        columnas_donde=("estado",),
        unico=True,
    )
)
CLIENTES_CON_SERVICIO = registrar(
    Resumen(
        "clientes con servicio",
        models.LineasPorCliente,
        models.ClientesConServicio,
        claves={},
        donde="{f}.activos > 0",
        columnas_donde=("activos",),
    )
)
CLIENTES_POR_VINCULACION = registrar(
    Resumen(
        "clientes por vinculación",
        Cliente,
        models.ClientesPorVinculacion,
        claves={
            "estado": columna("estado"),
            "dia": columna("fecha_vinculacion"),
            "asignada": columna("categoria_asignada"),
        },
    )
)
CLIENTES_POR_MUNICIPIO = registrar(
    Resumen(
        "clientes por municipio",
        Cliente,
        models.ClientesPorMunicipio,
        claves={"municipio_id": o_vacia("municipio_id"), "estado": columna("estado")},
    )
)
INTERACCIONES_ABIERTAS = registrar(
    Resumen(
        "interacciones abiertas",
        Interaccion,
        models.InteraccionesAbiertas,
        claves={"tipo": columna("tipo"), "vence_el": fecha("vence_el")},
        donde="{f}.respondida_el IS NULL",
        columnas_donde=("respondida_el",),
    )
)
INTERACCIONES_POR_DIA = registrar(
    Resumen(
        "interacciones por día",
        Interaccion,
        models.InteraccionesPorDia,
        claves={"tipo": columna("tipo"), "dia": dia("fecha")},
    )
)

# --- Fidelización ----------------------------------------------------------------------------------------------------
_COSTO = centavos("costo_mensual")
BONIFICACIONES_POR_DIA = registrar(
    Resumen(
        "bonificaciones por día",
        Bonificacion,
        models.BonificacionesPorDia,
        claves={"programa_id": columna("programa_id"), "estado": columna("estado"), "dia": columna("otorgada_el")},
        sumas={
            "centavos": _COSTO,
            "en_total": Dato(
                ("costo_mensual", "meses"), f'{_COSTO.sqlite} * {{f}}."meses"', f'{_COSTO.postgresql} * {{f}}."meses"'
            ),
        },
    )
)
DERIVACIONES_ABIERTAS = registrar(
    Resumen(
        "derivaciones abiertas",
        Derivacion,
        models.DerivacionesAbiertas,
        claves={"asesor_id": o_cero("asesor_id"), "estado": columna("estado"), "vence_el": fecha("vence_el")},
        donde=f"{{f}}.estado <> '{EstadoDerivacion.CERRADA.value}'",
    )
)
