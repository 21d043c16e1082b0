"""Fábricas de registros inventados del catálogo."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from django.apps import apps

from servicios.models import AtributoTipo, PrecioServicio, Promocion, Servicio, TipoServicio

HOY = date(2026, 3, 16)


class FabricaTipo(factory.django.DjangoModelFactory):
    class Meta:
        model = TipoServicio

    codigo = factory.Sequence(lambda n: f"tipo_{n}")
    nombre = factory.Sequence(lambda n: f"Internet de prueba {n}")


class FabricaPaquete(FabricaTipo):
    """Un tipo de paquete de dos servicios, como un dúo."""

    nombre = factory.Sequence(lambda n: f"Paquete de prueba {n}")
    es_paquete = True
    componentes_minimos = 2


class FabricaAtributo(factory.django.DjangoModelFactory):
    class Meta:
        model = AtributoTipo

    tipo = factory.SubFactory(FabricaTipo)
    clave = factory.Sequence(lambda n: f"atributo_{n}")
    nombre = factory.Sequence(lambda n: f"Atributo {n}")


class FabricaServicio(factory.django.DjangoModelFactory):
    class Meta:
        model = Servicio

    codigo = factory.Sequence(lambda n: f"SER-{n}")
    nombre = factory.Sequence(lambda n: f"Servicio {n}")
    tipo = factory.SubFactory(FabricaTipo)


class FabricaPrecio(factory.django.DjangoModelFactory):
    class Meta:
        model = PrecioServicio

    servicio = factory.SubFactory(FabricaServicio)
    valor = Decimal("74900.00")
    vigente_desde = date(2024, 1, 1)


class FabricaPromocion(factory.django.DjangoModelFactory):
    class Meta:
        model = Promocion

    codigo = factory.Sequence(lambda n: f"PROMO-{n}")
    nombre = factory.Sequence(lambda n: f"Promoción {n}")
    beneficio = "porcentaje"
    cantidad = Decimal(20)
    duracion_meses = 3
    vigente_desde = date(2026, 1, 1)
    vigente_hasta = date(2026, 12, 31)


def tipo_fibra(**campos: Any) -> TipoServicio:
    """Un tipo con tres atributos: bajada obligatoria de 1 a 2000 Mbps, simétrica y tecnología de una lista."""
    tipo = FabricaTipo(codigo="fibra_de_prueba", nombre="Fibra de prueba", **campos)
    FabricaAtributo(
        tipo=tipo,
        clave="velocidad_bajada_mbps",
        nombre="Velocidad de bajada",
        unidad="Mbps",
        obligatorio=True,
        minimo=1,
        maximo=2000,
        orden=1,
    )
    FabricaAtributo(tipo=tipo, clave="simetrica", nombre="Simétrica", tipo_dato="si_no", orden=2)
    FabricaAtributo(
        tipo=tipo, clave="tecnologia", nombre="Tecnología", tipo_dato="opcion", opciones=["GPON", "XGS-PON"], orden=3
    )
    return tipo


def contratar(servicio: Servicio, *, cuantos: int = 1, estado: str = "activo", promocion: Any = None) -> list[Any]:
    """Contratos del servicio, por la relación inversa: el catálogo no conoce a los clientes."""
    cliente, _ = apps.get_model("clientes", "Cliente").objects.get_or_create(
        tipo_documento="CC",
        documento="1000000001",
        defaults={"nombre": "Persona", "apellido": "Inventada", "fecha_vinculacion": date(2020, 1, 1)},
    )
    contrato = apps.get_model("clientes", "Contrato")
    desde = contrato.objects.count()
    return [
        contrato.objects.create(
            numero=f"C-{desde + i + 1:06}",
            cliente=cliente,
            servicio=servicio,
            estado=estado,
            fecha_inicio=date(2025, 1, 1),
            fecha_fin=date(2026, 1, 1) if estado == "terminado" else None,
            precio=Decimal("74900.00"),
            promocion=promocion,
        )
        for i in range(cuantos)
    ]
