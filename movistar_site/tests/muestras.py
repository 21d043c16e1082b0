"""Un registro de cada modelo que tiene pantalla, con lo que necesita para existir."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django_tasks_db.models import DBTaskResult

from bonificaciones.tests import fabricas as de_fidelizacion
from bonificaciones.tests import personas
from bonificaciones.tests.fabricas import FabricaAsesor, FabricaDerivacion, FabricaSegmento
from clientes.tests import fabricas
from movistar_site.comun.models import Exportacion, Parametro
from servicios.tests.fabricas import FabricaPromocion


def muestra(modelo: str) -> Any:
    """Un registro de cada modelo, con lo que necesita para existir."""
    contrato = fabricas.FabricaContrato
    creadores: dict[str, Any] = {
        "servicios.tiposervicio": lambda: fabricas.servicio_con_precio().tipo,
        "servicios.servicio": fabricas.servicio_con_precio,
        "servicios.promocion": FabricaPromocion,
        "clientes.departamento": fabricas.FabricaDepartamento,
        "clientes.municipio": fabricas.FabricaMunicipio,
        "clientes.cliente": fabricas.FabricaCliente,
        "clientes.contrato": lambda: contrato(servicio=fabricas.servicio_con_precio()),
        "clientes.interaccion": fabricas.FabricaInteraccion,
        "clientes.consentimiento": fabricas.FabricaConsentimiento,
        "clientes.motivointeraccion": fabricas.FabricaMotivo,
        "clientes.canalatencion": fabricas.FabricaCanal,
        "clientes.equipo": fabricas.FabricaEquipo,
        "clientes.plantillarespuesta": fabricas.FabricaPlantilla,
        "clientes.silenciopositivo": fabricas.FabricaSilencio,
        "bonificaciones.programa": de_fidelizacion.FabricaPrograma,
        "bonificaciones.bonificacion": de_fidelizacion.FabricaBonificacion,
        "bonificaciones.corrida": de_fidelizacion.FabricaCorrida,
        "bonificaciones.derivacion": FabricaDerivacion,
        "bonificaciones.asesor": lambda: FabricaAsesor(usuario=personas.asesor()),
        "clientes.contacto": fabricas.FabricaContacto,
        "clientes.cargarne": fabricas.FabricaCargaRne,
        # Segmentos
        "bonificaciones.segmento": lambda: FabricaSegmento(filtros="estado=activo"),
        "bonificaciones.reglaoferta": de_fidelizacion.FabricaReglaOferta,
        "bonificaciones.oferta": de_fidelizacion.FabricaOferta,
        "comun.festivo": fabricas.FabricaFestivo,
        "comun.parametro": lambda: Parametro.objects.create(
            clave="meses_leal", valor="120", vigente_desde=fabricas.HOY, norma="Acta 1"
        ),
        "comun.usuario": fabricas.FabricaUsuario,
        "comun.exportacion": lambda: Exportacion.objects.create(
            autor="ana", puerta="pagina", que="Clientes", formato="csv"
        ),
        "auth.group": lambda: Group.objects.get(name="Analista"),
        "django_tasks_database.dbtaskresult": lambda: DBTaskResult.objects.create(
            task_path="movistar_site.comun.trabajos.limpiar",
            args_kwargs={"args": [], "kwargs": {}},
            backend_name="default",
        ),
        "axes.accessattempt": lambda: next(
            m for m in admin.site._registry if m._meta.label_lower == "axes.accessattempt"
        ).objects.get_or_create(username="alguien", ip_address="127.0.0.1", failures_since_start=5)[0],
    }
    return creadores[modelo]()
