"""Lo que de la fidelización sale en archivos. No entra por ninguno: lo asigna el motor o se anota en su página."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clientes.recursos import clave_de_cliente
from movistar_site.comun.celdas import ClaveNatural, Entero, Fecha, FechaHora, Numero, Opcion, Pesos, Referencia, Texto
from movistar_site.comun.opciones import Canal
from movistar_site.comun.recursos_base import Columna, RecursoBase
from servicios.recursos import codigo_de

from .models import (
    Beneficio,
    Bonificacion,
    Derivacion,
    EstadoBonificacion,
    EstadoDerivacion,
    EstadoOferta,
    Oferta,
    ResultadoDerivacion,
)

nombre_de_cuenta = ClaveNatural("username")


class RecursoBonificacion(RecursoBase):
    """Las bonificaciones, con lo que se copió del programa el día en que se asignaron y qué pasó con ellas."""

    cliente = Columna(Referencia("el cliente", clave_de_cliente))
    programa = Columna(Referencia("el programa", codigo_de))
    hito = Columna(Entero())
    otorgada_el = Columna(Fecha())
    cliente_desde = Columna(Fecha())
    anios = Columna(Entero())
    beneficio = Columna(Opcion(Beneficio.choices))
    cantidad = Columna(Numero())
    meses = Columna(Entero())
    servicio = Columna(Referencia("el servicio", codigo_de))
    equipo = Columna(Texto())
    factura = Columna(Pesos())
    costo_mensual = Columna(Pesos())
    estado = Columna(Opcion(EstadoBonificacion.choices))
    cerrada_el = Columna(FechaHora())
    cerrada_por = Columna(Texto(), "Cerrada por", atributo="cerrada_por_nombre")
    motivo = Columna(Texto())
    aceptada_por = Columna(Opcion(Canal.choices))
    evidencia = Columna(Texto())

    class Meta(RecursoBase.Meta):
        model = Bonificacion
        import_id_fields = ("cliente", "programa", "hito")
        fields = ("cliente", "programa", "hito", "otorgada_el", "cliente_desde", "anios", "beneficio", "cantidad",
                  "meses", "servicio", "equipo", "factura", "costo_mensual", "estado", "cerrada_el", "cerrada_por",
                  "motivo", "aceptada_por", "evidencia")  # fmt: skip

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente", "programa", "servicio")


class RecursoDerivacion(RecursoBase):
    """Las derivaciones: a qué asesor, con qué plazo y cómo se cerraron."""

    cliente = Columna(Referencia("el cliente", clave_de_cliente))
    programa = Columna(Referencia("el programa", codigo_de))
    asesor = Columna(Referencia("el asesor", nombre_de_cuenta))
    estado = Columna(Opcion(EstadoDerivacion.choices))
    derivada_el = Columna(Fecha())
    vence_el = Columna(Fecha())
    volver_el = Columna(Fecha())
    recordada_el = Columna(Fecha())
    escalada_el = Columna(Fecha())
    resultado = Columna(Opcion(ResultadoDerivacion.choices))
    motivo = Columna(Texto())
    cerrada_el = Columna(FechaHora())

    class Meta(RecursoBase.Meta):
        model = Derivacion
        import_id_fields = ("cliente", "programa", "derivada_el")
        fields = ("cliente", "programa", "asesor", "estado", "derivada_el", "vence_el", "volver_el", "recordada_el",
                  "escalada_el", "resultado", "motivo", "cerrada_el")  # fmt: skip

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente", "programa", "asesor")


class RecursoOferta(RecursoBase):
    """Lo que se ofreció a cada cliente, por qué y qué contestó."""

    cliente = Columna(Referencia("el cliente", clave_de_cliente))
    titulo = Columna(Texto())
    regla = Columna(Referencia("la regla", codigo_de))
    servicio = Columna(Referencia("el servicio", codigo_de))
    promocion = Columna(Referencia("la promoción", codigo_de))
    porque = Columna(Texto())
    estado = Columna(Opcion(EstadoOferta.choices))
    canal = Columna(Opcion(Canal.choices))
    presentada_el = Columna(FechaHora())
    respondida_el = Columna(FechaHora())
    motivo = Columna(Texto())
    hecha_por = Columna(Texto(), "Hecha por", atributo="hecha_por_nombre")

    class Meta(RecursoBase.Meta):
        model = Oferta
        import_id_fields = ("cliente", "presentada_el")
        fields = ("cliente", "titulo", "regla", "servicio", "promocion", "porque", "estado", "canal", "presentada_el",
                  "respondida_el", "motivo", "hecha_por")  # fmt: skip

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente", "regla", "servicio", "promocion")
