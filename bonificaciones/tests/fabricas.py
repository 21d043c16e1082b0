"""Fábricas de la fidelización. Todo es inventado."""

from __future__ import annotations

from decimal import Decimal

import factory

from bonificaciones.models import (
    Asesor,
    Bonificacion,
    Corrida,
    Derivacion,
    GestionDerivacion,
    Oferta,
    Programa,
    ReglaOferta,
    Segmento,
)
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente, FabricaUsuario


class FabricaSegmento(factory.django.DjangoModelFactory):
    class Meta:
        model = Segmento

    nombre = factory.Sequence(lambda n: f"Segmento {n}")


class FabricaPrograma(factory.django.DjangoModelFactory):
    class Meta:
        model = Programa

    codigo = factory.Sequence(lambda n: f"PROGRAMA-{n}")
    nombre = factory.Sequence(lambda n: f"Programa {n}")
    meses_minimos = 120
    beneficio = "porcentaje"
    cantidad = Decimal(10)
    meses = 6
    vigente_desde = HOY.replace(year=2000, month=1, day=1)


class FabricaBonificacion(factory.django.DjangoModelFactory):
    class Meta:
        model = Bonificacion

    cliente = factory.SubFactory(FabricaCliente, fecha_vinculacion=HOY.replace(year=2010))
    programa = factory.SubFactory(FabricaPrograma)
    otorgada_el = HOY
    cliente_desde = factory.SelfAttribute("cliente.fecha_vinculacion")
    anios = 16
    beneficio = factory.SelfAttribute("programa.beneficio")
    cantidad = factory.SelfAttribute("programa.cantidad")
    meses = factory.SelfAttribute("programa.meses")


class FabricaCorrida(factory.django.DjangoModelFactory):
    class Meta:
        model = Corrida

    programa = factory.SubFactory(FabricaPrograma)
    dia = HOY
    empezada_el = AHORA
    terminada_el = AHORA


class FabricaAsesor(factory.django.DjangoModelFactory):
    class Meta:
        model = Asesor

    usuario = factory.SubFactory(FabricaUsuario)


class FabricaDerivacion(factory.django.DjangoModelFactory):
    class Meta:
        model = Derivacion

    bonificacion = factory.SubFactory(FabricaBonificacion)
    cliente = factory.SelfAttribute("bonificacion.cliente")
    programa = factory.SelfAttribute("bonificacion.programa")
    derivada_el = HOY


class FabricaGestion(factory.django.DjangoModelFactory):
    class Meta:
        model = GestionDerivacion

    derivacion = factory.SubFactory(FabricaDerivacion)
    accion = "contactado"
    hecha_el = AHORA


class FabricaReglaOferta(factory.django.DjangoModelFactory):
    class Meta:
        model = ReglaOferta

    codigo = factory.Sequence(lambda n: f"REGLA-{n}")
    nombre = factory.Sequence(lambda n: f"Regla {n}")
    accion = "nada"
    porque = "Porque sí"


class FabricaOferta(factory.django.DjangoModelFactory):
    class Meta:
        model = Oferta

    cliente = factory.SubFactory(FabricaCliente)
    titulo = "Una oferta"
    canal = "telefono"
    presentada_el = AHORA
