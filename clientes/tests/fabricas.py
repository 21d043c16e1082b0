"""Fábricas de clientes y lo suyo. Todo es inventado: ningún documento ni teléfono es de nadie."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from stdnum.co import nit

from clientes.models import (
    Adjunto,
    CambioPlan,
    CanalAtencion,
    CargaRne,
    Cliente,
    Consentimiento,
    Contacto,
    Contrato,
    Departamento,
    Equipo,
    Interaccion,
    MotivoInteraccion,
    Municipio,
    NumeroExcluido,
    PlantillaRespuesta,
    SilencioPositivo,
    Suspension,
)
from movistar_site.comun.models import Festivo, Usuario
from servicios.models import Servicio
from servicios.tests.fabricas import FabricaPrecio, FabricaPromocion, FabricaServicio, FabricaTipo

HOY = date(2026, 3, 16)
AHORA = datetime(2026, 3, 16, 10, 30, tzinfo=ZoneInfo("America/Bogota"))
AYER = HOY - timedelta(days=1)


class FabricaUsuario(factory.django.DjangoModelFactory):
    class Meta:
        model = Usuario

    username = factory.Sequence(lambda n: f"agente{n}")
    first_name = "Agente"
    last_name = factory.Sequence(lambda n: f"De Prueba {n}")
    is_staff = True


class FabricaDepartamento(factory.django.DjangoModelFactory):
    class Meta:
        model = Departamento
        django_get_or_create = ("codigo",)

    codigo = "98"
    nombre = "Departamento Inventado"


class FabricaMunicipio(factory.django.DjangoModelFactory):
    class Meta:
        model = Municipio
        django_get_or_create = ("codigo",)

    codigo = factory.Sequence(lambda n: f"98{n % 1000:03}")
    nombre = factory.Sequence(lambda n: f"Pueblo Inventado {n}")
    departamento = factory.SubFactory(FabricaDepartamento)


class FabricaCliente(factory.django.DjangoModelFactory):
    class Meta:
        model = Cliente

    tipo_documento = "CC"
    documento = factory.Sequence(lambda n: f"{1_000_000_000 + n}")
    nombre = factory.Sequence(lambda n: f"Persona {n}")
    apellido = "Inventada"
    telefono = factory.Sequence(lambda n: f"+57300{n:07}")
    fecha_vinculacion = date(2020, 1, 15)


class FabricaEmpresa(FabricaCliente):
    tipo_persona = "juridica"
    tipo_documento = "NIT"
    documento = factory.Sequence(lambda n: nit_valido(f"{900_000_000 + n}"))
    nombre = factory.Sequence(lambda n: f"Empresa Inventada {n} S. A. S.")
    apellido = ""


class FabricaContrato(factory.django.DjangoModelFactory):
    class Meta:
        model = Contrato

    numero = factory.Sequence(lambda n: f"C-9{n:07}")
    cliente = factory.SubFactory(FabricaCliente)
    servicio = factory.SubFactory(FabricaServicio)
    estado = "activo"
    fecha_inicio = date(2025, 1, 1)
    precio = Decimal("74900.00")


class FabricaInteraccion(factory.django.DjangoModelFactory):
    class Meta:
        model = Interaccion

    numero = factory.Sequence(lambda n: f"R-9{n:07}")
    cliente = factory.SubFactory(FabricaCliente)
    tipo = "consulta"
    fecha = AHORA - timedelta(days=3)
    asunto = factory.Sequence(lambda n: f"Asunto inventado {n}")
    texto = "El cliente pregunta por su factura."


class FabricaConsentimiento(factory.django.DjangoModelFactory):
    class Meta:
        model = Consentimiento

    cliente = factory.SubFactory(FabricaCliente)
    finalidad = "comercial"
    canal = "telefono"
    version_texto = "2026-01"
    otorgado_el = AHORA - timedelta(days=30)
    medio = "oficina"
    evidencia = "Formulario firmado 123"


class FabricaEquipo(factory.django.DjangoModelFactory):
    class Meta:
        model = Equipo

    nombre = factory.Sequence(lambda n: f"Equipo inventado {n}")


class FabricaMotivo(factory.django.DjangoModelFactory):
    class Meta:
        model = MotivoInteraccion

    codigo = factory.Sequence(lambda n: f"motivo-inventado-{n}")
    nombre = factory.Sequence(lambda n: f"Motivo inventado {n}")
    vigente_desde = date(2020, 1, 1)


class FabricaCanal(factory.django.DjangoModelFactory):
    class Meta:
        model = CanalAtencion

    codigo = factory.Sequence(lambda n: f"canal{n}")
    nombre = factory.Sequence(lambda n: f"Canal inventado {n}")
    vigente_desde = date(2020, 1, 1)


class FabricaPlantilla(factory.django.DjangoModelFactory):
    class Meta:
        model = PlantillaRespuesta

    nombre = factory.Sequence(lambda n: f"Plantilla inventada {n}")
    texto = "Señor(a) {cliente}: su caso {numero} quedó resuelto."


class FabricaFestivo(factory.django.DjangoModelFactory):
    class Meta:
        model = Festivo

    fecha = factory.Sequence(lambda n: date(2030, 1, 2) + timedelta(days=n))
    nombre = "Día cívico inventado"
    norma = "Decreto inventado 1 de 2026"


class FabricaSilencio(factory.django.DjangoModelFactory):
    class Meta:
        model = SilencioPositivo

    interaccion = factory.SubFactory(FabricaInteraccion)
    ocurrio_el = AYER
    cumplir_antes_de = AHORA + timedelta(days=2)


class FabricaAdjunto(factory.django.DjangoModelFactory):
    class Meta:
        model = Adjunto

    interaccion = factory.SubFactory(FabricaInteraccion)
    archivo = "adjuntos/1/inventado"
    nombre = "prueba.pdf"
    tipo = "application/pdf"
    bytes = 10
    huella = factory.Sequence(lambda n: f"{n:064}")


class FabricaSuspension(factory.django.DjangoModelFactory):
    class Meta:
        model = Suspension

    contrato = factory.SubFactory(FabricaContrato)
    clase = "peticion"
    desde = AYER
    motivo = "Viaja por un mes"


class FabricaCambioPlan(factory.django.DjangoModelFactory):
    class Meta:
        model = CambioPlan

    contrato = factory.SubFactory(FabricaContrato)
    efectivo_el = HOY + timedelta(days=10)
    servicio_anterior = factory.SelfAttribute("contrato.servicio")
    precio_anterior = Decimal("74900.00")
    periodicidad_anterior = "mensual"
    servicio_nuevo = factory.SubFactory(FabricaServicio)
    precio_nuevo = Decimal("89900.00")
    periodicidad_nueva = "mensual"


def nit_valido(base: str) -> str:
    """El NIT inventado `base`, con su dígito de verificación."""
    return f"{base}-{nit.calc_check_digit(base)}"


def servicio_con_precio(valor: str = "74900.00", *, red: str = "fija", **campos: Any) -> Servicio:
    """Un servicio a la venta, con precio desde 2024."""
    if "tipo" not in campos:
        campos["tipo"] = FabricaTipo(red=red)
    servicio = FabricaServicio(**campos)
    FabricaPrecio(servicio=servicio, valor=Decimal(valor), vigente_desde=date(2024, 1, 1))
    return servicio


__all__ = [
    "AHORA",
    "AYER",
    "HOY",
    "FabricaAdjunto",
    "FabricaCambioPlan",
    "FabricaCanal",
    "FabricaCliente",
    "FabricaConsentimiento",
    "FabricaContrato",
    "FabricaDepartamento",
    "FabricaEmpresa",
    "FabricaEquipo",
    "FabricaFestivo",
    "FabricaInteraccion",
    "FabricaMotivo",
    "FabricaMunicipio",
    "FabricaPlantilla",
    "FabricaPromocion",
    "FabricaSilencio",
    "FabricaSuspension",
    "FabricaUsuario",
    "nit_valido",
    "servicio_con_precio",
]


class FabricaContacto(factory.django.DjangoModelFactory):
    class Meta:
        model = Contacto

    cliente = factory.SubFactory(FabricaCliente)
    canal = "telefono"
    finalidad = "comercial"
    momento = AHORA
    dia = factory.LazyAttribute(lambda o: o.momento.astimezone(AHORA.tzinfo).date())


class FabricaCargaRne(factory.django.DjangoModelFactory):
    class Meta:
        model = CargaRne

    consultada_el = HOY
    completa = True


class FabricaNumeroExcluido(factory.django.DjangoModelFactory):
    class Meta:
        model = NumeroExcluido

    carga = factory.SubFactory(FabricaCargaRne)
    dato = "+573001112233"
    canal = "telefono"
