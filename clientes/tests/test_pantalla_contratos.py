"""La pantalla de los contratos, por HTTP: firma, acciones, borrado y lo que se rechaza."""

from decimal import Decimal

import pytest

from clientes.models import Contrato

from .fabricas import FabricaCliente, FabricaContrato, FabricaPromocion, servicio_con_precio
from .pantallas import accion, borrado, errores, ficha, lista, nueva

pytestmark = pytest.mark.django_db


def datos_de_contrato(cliente, servicio, hoy, /, **cambios):
    return {
        "cliente": cliente.pk,
        "servicio": servicio.pk,
        "fecha_inicio": f"{hoy:%d/%m/%Y}",
        "precio": "",
        "promocion": "",
        "permanencia_meses": "",
        "anexo_permanencia": "",
    } | cambios


def test_se_firma_un_contrato_con_el_precio_del_catalogo(admin, hoy):
    cliente, servicio = FabricaCliente(), servicio_con_precio()
    assert f"{servicio} · $" in admin.get(nueva("contrato"), {"cliente": cliente.pk}).content.decode()
    respuesta = admin.post(nueva("contrato"), datos_de_contrato(cliente, servicio, hoy))
    assert respuesta.status_code == 302, errores(respuesta)
    contrato = Contrato.objects.get()
    assert (contrato.precio, contrato.estado, contrato.numero) == (Decimal(74900), "pendiente", "C-00000001")


def test_el_precio_se_escribe_a_la_colombiana_y_se_puede_activar_de_una_vez(admin, hoy):
    datos = datos_de_contrato(FabricaCliente(), servicio_con_precio(), hoy, precio="$ 60.500", activar="on")
    admin.post(nueva("contrato"), datos)
    contrato = Contrato.objects.get()
    assert (contrato.precio, contrato.estado) == (Decimal(60500), "activo")


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"cliente": ""}, "cliente"),
        ({"cliente": "999999"}, "cliente"),
        ({"cliente": "x"}, "cliente"),
        ({"servicio": "x"}, "servicio"),
        ({"fecha_inicio": "hoy"}, "fecha_inicio"),
        ({"fecha_inicio": "01/01/2199"}, "fecha_inicio"),
        ({"precio": "mucho"}, "precio"),
        ({"precio": "74,900"}, "precio"),
        ({"permanencia_meses": "99", "anexo_permanencia": "A"}, "permanencia_meses"),
        ({"permanencia_meses": "-1"}, "permanencia_meses"),
        ({"permanencia_meses": "12"}, "anexo_permanencia"),
        ({"promocion": "77"}, "promocion"),
    ],
)
def test_un_dato_malo_de_contrato_se_dice_junto_a_su_campo(admin, hoy, cambios, campo):
    datos = datos_de_contrato(FabricaCliente(), servicio_con_precio(), hoy, **cambios)
    assert campo in errores(admin.post(nueva("contrato"), datos))
    assert not Contrato.objects.exists()


def test_lo_que_rechaza_la_operacion_se_dice_junto_a_su_campo(admin, hoy):
    promocion = FabricaPromocion(vigente_desde=hoy, vigente_hasta=None, categorias=["leal"])
    datos = datos_de_contrato(FabricaCliente(), servicio_con_precio(), hoy, promocion=promocion.pk)
    assert "categoría leal" in str(errores(admin.post(nueva("contrato"), datos))["promocion"])
    datos = datos_de_contrato(
        FabricaCliente(estado="inactivo", inactivo_desde=hoy), servicio_con_precio(), hoy, promocion=""
    )
    assert "inactivo" in str(errores(admin.post(nueva("contrato"), datos))["cliente"])


def test_un_servicio_retirado_no_se_ofrece(admin, hoy):
    retirado = servicio_con_precio(estado="retirado", retirado_el=hoy)
    assert str(retirado) not in admin.get(nueva("contrato")).content.decode()
    assert "servicio" in errores(admin.post(nueva("contrato"), datos_de_contrato(FabricaCliente(), retirado, hoy)))


def test_lo_firmado_se_lee_y_no_se_edita(admin):
    contrato = FabricaContrato(condiciones={"servicio": "Fibra 300", "caracteristicas": {"velocidad": 300}})
    respuesta = admin.get(ficha(contrato))
    assert not {"cliente", "servicio", "precio", "fecha_inicio"} & set(respuesta.context["adminform"].form.fields)
    pagina = respuesta.content.decode()
    assert "Velocidad" in pagina and "<dd>300</dd>" in pagina and "{&#x27;" not in pagina
    admin.post(ficha(contrato), {"anexo_permanencia": "A-7", "precio": "1", "estado": "terminado"})
    contrato.refresh_from_db()
    assert (contrato.anexo_permanencia, contrato.precio, contrato.estado) == ("A-7", Decimal(74900), "activo")


def test_las_acciones_del_contrato(admin, hoy):
    contrato = FabricaContrato(estado="pendiente")
    for nombre, datos, estado in (
        ("activar", {"motivo": ""}, "activo"),
        ("suspender", {"clase": "mora", "motivo": "Debe dos facturas"}, "suspendido"),
        ("reanudar", {"motivo": ""}, "activo"),
        ("terminar", {"fecha": f"{hoy:%d/%m/%Y}", "motivo": ""}, "terminado"),
    ):
        assert admin.get(accion(contrato, nombre)).status_code == 200
        assert admin.post(accion(contrato, nombre), datos).status_code == 302, nombre
        assert Contrato.objects.get().estado == estado
    assert admin.get(accion(contrato, "activar")).status_code == 302
    assert Contrato.objects.get().estado == "terminado"


def test_solo_se_ofrecen_las_acciones_que_su_estado_permite(admin):
    contrato = FabricaContrato(estado="suspendido")
    pagina = admin.get(ficha(contrato)).content.decode()
    for nombre, ofrecida in (("activar", False), ("suspender", False), ("reanudar", True), ("terminar", True)):
        assert (accion(contrato, nombre) in pagina) == ofrecida, nombre


def test_varios_contratos_se_terminan_desde_la_lista(admin, hoy):
    contratos = FabricaContrato.create_batch(2)
    FabricaContrato(estado="terminado", fecha_fin=hoy)
    datos = {"action": "terminar", "_selected_action": [c.pk for c in Contrato.objects.all()]}
    assert "Terminar" in admin.post(lista("contrato"), datos).content.decode()
    datos |= {"accion_confirmada": "1", "fecha": f"{hoy:%d/%m/%Y}", "motivo": ""}
    respuesta = admin.post(lista("contrato"), datos, follow=True)
    assert "ya está terminado" in respuesta.content.decode()
    assert {Contrato.objects.get(pk=c.pk).estado for c in contratos} == {"terminado"}


def test_un_contrato_que_se_presta_no_se_borra_y_se_ofrece_terminarlo(admin):
    contrato = FabricaContrato()
    url = borrado(contrato)
    pagina = admin.get(url).content.decode()
    assert "no se borra" in pagina and accion(contrato, "terminar") in pagina
    admin.post(url, {"post": "yes"})
    datos = {"action": "delete_selected", "_selected_action": [contrato.pk], "accion_confirmada": "1"}
    admin.post(lista("contrato"), datos)
    assert Contrato.objects.exists()


def test_un_contrato_pendiente_si_se_borra(admin):
    contrato = FabricaContrato(estado="pendiente")
    admin.post(borrado(contrato), {"post": "yes"})
    assert not Contrato.objects.exists()
