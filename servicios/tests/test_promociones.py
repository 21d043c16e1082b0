"""Las promociones: vigencia, cupo, condiciones y a qué servicios llegan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from servicios import consultas, operaciones
from servicios.models import Promocion, VigenciaPromocion

from .fabricas import HOY, FabricaPromocion, FabricaServicio, contratar

pytestmark = pytest.mark.django_db


def guardar(promocion, **extras):
    return operaciones.guardar_promocion(promocion, usuario=None, **extras)


def test_una_promocion_se_guarda_con_sus_servicios_y_sus_categorias_en_orden():
    servicio = FabricaServicio()
    promocion = guardar(FabricaPromocion.build(categorias=["leal", "nuevo", "leal"]), servicios=[servicio])
    assert promocion.categorias == ["nuevo", "leal"]
    assert list(promocion.servicios.all()) == [servicio]


@pytest.mark.parametrize(
    ("campos", "mensaje"),
    [
        ({"cantidad": Decimal(0)}, "mayor que cero"),
        ({"cantidad": Decimal(101)}, "no puede pasar de 100"),
        ({"vigente_hasta": date(2025, 1, 1)}, "no puede terminar antes de empezar"),
        ({"cupo": 0}, "al menos una vez"),
        ({"duracion_meses": 0}, "al menos un mes"),
        ({"beneficio": "meses_gratis", "cantidad": Decimal("1.5")}, "número entero"),
        ({"categorias": ["vip"]}, "nuevo, regular y leal"),
        ({"categorias": [["leal"]]}, "nuevo, regular y leal"),
        ({"codigo": "navidad"}, "Use mayúsculas"),
    ],
)
def test_una_promocion_mala_se_rechaza_con_una_frase(campos, mensaje):
    with pytest.raises(ValidationError, match=mensaje):
        guardar(FabricaPromocion.build(**campos))
    assert not Promocion.objects.exists()


@pytest.mark.parametrize(
    "campos",
    [{"cantidad": 0}, {"cantidad": 101}, {"vigente_hasta": date(2025, 1, 1)}, {"cupo": 0}, {"duracion_meses": 0}],
)
def test_la_base_tampoco_la_admite(campos):
    with pytest.raises(IntegrityError), transaction.atomic():
        FabricaPromocion(**campos)


def test_no_se_le_anaden_servicios_retirados_pero_conserva_los_que_tenia():
    servicio = FabricaServicio(codigo="VIEJO")
    promocion = guardar(FabricaPromocion.build(), servicios=[servicio])
    operaciones.retirar_servicio(servicio, fecha=HOY, hoy=HOY, usuario=None, motivo="Se reemplaza")
    servicio.refresh_from_db()
    guardar(promocion, servicios=[servicio])
    with pytest.raises(ValidationError, match="quite VIEJO"):
        guardar(FabricaPromocion.build(), servicios=[servicio])


def test_lo_que_ya_se_dio_no_cambia_y_el_cupo_no_baja_de_lo_dado():
    promocion = FabricaPromocion(cupo=5)
    contratar(FabricaServicio(), cuantos=2, promocion=promocion)
    for campo, valor in (("cantidad", Decimal(50)), ("beneficio", "valor"), ("duracion_meses", 12), ("cupo", 1)):
        otra = Promocion.objects.get(pk=promocion.pk)
        setattr(otra, campo, valor)
        with pytest.raises(ValidationError, match="Ya la tienen 2 contratos"):
            guardar(otra)
    promocion.nombre = "Otro nombre"
    guardar(promocion)


def test_una_promocion_se_desactiva_y_se_activa():
    promocion = operaciones.desactivar_promocion(FabricaPromocion(), usuario=None, motivo="Se agotó")
    assert not promocion.activa
    with pytest.raises(ValidationError, match="ya está inactiva"):
        operaciones.desactivar_promocion(promocion, usuario=None)
    assert operaciones.activar_promocion(promocion, usuario=None).activa


@pytest.mark.parametrize(
    ("campos", "vigencia"),
    [
        ({}, "vigente"),
        ({"vigente_desde": HOY}, "vigente"),
        ({"vigente_hasta": HOY}, "vigente"),
        ({"vigente_hasta": None}, "vigente"),
        ({"vigente_desde": HOY + timedelta(days=1)}, "futura"),
        ({"vigente_hasta": HOY - timedelta(days=1)}, "vencida"),
        ({"activa": False}, "inactiva"),
        ({"activa": False, "vigente_hasta": HOY - timedelta(days=1)}, "inactiva"),
    ],
)
def test_la_vigencia_se_calcula_igual_en_memoria_y_en_la_base(campos, vigencia):
    promocion = FabricaPromocion(**campos)
    assert promocion.vigencia(HOY) == vigencia
    for otra in VigenciaPromocion.values:
        assert Promocion.objects.en_vigencia(otra, HOY).exists() == (otra == vigencia)


def test_las_promociones_de_un_servicio_son_las_suyas_y_las_de_todo_el_catalogo():
    servicio, ajeno = FabricaServicio(), FabricaServicio()
    suya = guardar(FabricaPromocion.build(codigo="SUYA"), servicios=[servicio, ajeno])
    de_todos = FabricaPromocion(codigo="TODOS")
    guardar(FabricaPromocion.build(codigo="AJENA"), servicios=[ajeno])
    FabricaPromocion(codigo="VENCIDA", vigente_hasta=HOY - timedelta(days=1))
    agotada = FabricaPromocion(codigo="AGOTADA", cupo=1)
    contratar(ajeno, promocion=agotada)
    assert set(consultas.promociones_para(servicio, HOY)) == {suya, de_todos}
    operaciones.retirar_servicio(servicio, fecha=HOY, hoy=HOY, usuario=None, motivo="Se reemplaza")
    servicio.refresh_from_db()
    assert not consultas.promociones_para(servicio, HOY).exists()


@pytest.mark.parametrize(
    ("campos", "texto"),
    [
        ({}, "20 % de descuento por 3 meses"),
        ({"beneficio": "valor", "cantidad": Decimal(10_000), "duracion_meses": 1}, "$\xa010.000 menos por 1 mes"),
        ({"beneficio": "meses_gratis", "cantidad": Decimal(1)}, "1 mes gratis"),
        ({"beneficio": "datos_extra", "cantidad": Decimal("2.50")}, "2,5 GB más por 3 meses"),
    ],
)
def test_el_beneficio_se_dice_en_palabras(campos, texto):
    assert FabricaPromocion.build(**campos).en_palabras() == texto
