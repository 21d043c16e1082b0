"""La pantalla de los clientes, por HTTP: alta, cambio, acciones, borrado y lo que se rechaza."""

import pytest
from django.urls import reverse

from clientes.models import Cliente

from .fabricas import FabricaCliente, FabricaContrato, FabricaMunicipio, nit_valido
from .pantallas import accion, borrado, errores, ficha, lista, nueva

pytestmark = pytest.mark.django_db


def datos_de_cliente(**cambios):
    return {
        "tipo_persona": "natural",
        "tipo_documento": "CC",
        "documento": "1.020.304.050",
        "nombre": "Ana María",
        "apellido": "Ríos",
        "fecha_vinculacion": "15/03/2012",
        "telefono": "+57 (300) 123-4567",
        "telefono_alterno": "",
        "email": "Ana@Example.co",
        "direccion": "Calle 45 # 12-34",
        "municipio": "",
        "estrato": "",
        "notas": "",
    } | cambios


def test_se_crea_un_cliente_y_se_sigue_en_su_ficha(admin):
    respuesta = admin.post(nueva("cliente"), datos_de_cliente(municipio=FabricaMunicipio().pk, estrato="3"))
    cliente = Cliente.objects.get()
    assert respuesta.headers["Location"] == cliente.get_absolute_url()
    assert (cliente.documento, cliente.telefono, cliente.email) == ("1020304050", "+573001234567", "ana@example.co")
    assert cliente.history.first().autor == "jefe"


def test_se_crea_una_empresa(admin):
    datos = datos_de_cliente(
        tipo_persona="juridica", tipo_documento="NIT", documento=nit_valido("900111222"), apellido=""
    )
    assert admin.post(nueva("cliente"), datos).status_code == 302
    assert Cliente.objects.get().tipo_persona == "juridica"


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"documento": "12"}, "documento"),
        ({"documento": ""}, "documento"),
        ({"telefono": "12345"}, "telefono"),
        ({"email": "no es correo"}, "email"),
        ({"estrato": "9"}, "estrato"),
        ({"estrato": "tres"}, "estrato"),
        ({"fecha_vinculacion": "31/02/2020"}, "fecha_vinculacion"),
        ({"fecha_vinculacion": "01/01/2199"}, "fecha_vinculacion"),
        ({"fecha_vinculacion": "01/01/1850"}, "fecha_vinculacion"),
        ({"municipio": "99999"}, "municipio"),
        ({"municipio": "x'"}, "municipio"),
        ({"apellido": ""}, "apellido"),
        ({"tipo_persona": "juridica"}, "tipo_documento"),
        ({"tipo_documento": "XX"}, "tipo_documento"),
        ({"nombre": "x" * 500}, "nombre"),
        ({"telefono": "3" * 500}, "telefono"),
    ],
)
def test_un_dato_malo_de_cliente_se_dice_en_espanol_junto_a_su_campo(admin, cambios, campo):
    faltas = errores(admin.post(nueva("cliente"), datos_de_cliente(**cambios)))
    assert campo in faltas
    assert not any(palabra in str(faltas) for palabra in ("Enter", "This field", "Ensure", "valid choice"))
    assert not Cliente.objects.exists()


def test_un_documento_repetido_se_dice_en_espanol(admin):
    FabricaCliente(documento="1020304050")
    assert "Ya hay un cliente" in str(errores(admin.post(nueva("cliente"), datos_de_cliente())))


def test_se_cambia_un_cliente_y_se_vuelve_a_su_ficha(admin):
    cliente = FabricaCliente()
    FabricaContrato.create_batch(2, cliente=cliente)
    respuesta = admin.post(ficha(cliente), datos_de_cliente(nombre="Otro nombre"))
    assert respuesta.headers["Location"] == cliente.get_absolute_url()
    assert Cliente.objects.get().nombre == "Otro nombre"


def test_guardar_y_seguir_editando_se_queda_en_los_datos(admin):
    cliente = FabricaCliente()
    respuesta = admin.post(ficha(cliente), datos_de_cliente(_continue="1"))
    assert respuesta.headers["Location"] == ficha(cliente)


def test_una_accion_sobre_el_cliente_vuelve_a_su_ficha(admin):
    cliente = FabricaCliente()
    respuesta = admin.post(accion(cliente, "asignar-categoria"), {"categoria": "leal", "motivo": "Fundador"})
    assert respuesta.headers["Location"] == cliente.get_absolute_url()


def test_la_lista_y_los_datos_llevan_a_la_ficha(admin):
    cliente = FabricaCliente()
    enlace = f'href="{cliente.get_absolute_url()}'
    assert enlace in admin.get(lista("cliente")).content.decode()
    assert enlace in admin.get(ficha(cliente)).content.decode()
    assert enlace in admin.get(reverse("admin:search"), {"s": cliente.documento}).content.decode()


def test_las_acciones_del_cliente(admin, hoy):
    cliente = FabricaCliente()
    pasos = (
        ("asignar-categoria", {"categoria": "leal", "motivo": "Fundador"}, ("categoria_asignada", "leal")),
        ("liberar-categoria", {"motivo": ""}, ("categoria_asignada", "")),
        ("desactivar", {"fecha": f"{hoy:%d/%m/%Y}", "motivo": "Se fue"}, ("estado", "inactivo")),
        ("reactivar", {"motivo": ""}, ("estado", "activo")),
    )
    for nombre, datos, (campo, valor) in pasos:
        assert admin.get(accion(cliente, nombre)).status_code == 200
        respuesta = admin.post(accion(cliente, nombre), datos)
        assert respuesta.status_code == 302, respuesta.context["formulario"].errors
        assert getattr(Cliente.objects.get(), campo) == valor


def test_una_accion_con_datos_malos_se_queda_en_su_pagina(admin):
    cliente = FabricaCliente()
    contrato = FabricaContrato(cliente=cliente)
    for nombre, datos, frase in (
        ("asignar-categoria", {"categoria": "", "motivo": ""}, "Elija entre nuevo, regular y leal."),
        ("desactivar", {"fecha": "31/02/2026", "motivo": "x"}, "Escriba una fecha como"),
        ("desactivar", {"fecha": "16/03/2026", "motivo": "x"}, contrato.numero),
    ):
        respuesta = admin.post(accion(cliente, nombre), datos)
        assert respuesta.status_code == 200
        assert frase in respuesta.content.decode(), nombre
    assert Cliente.objects.get().estado == "activo"


def test_un_cliente_con_contratos_no_se_borra_y_se_ofrece_desactivarlo(admin):
    contrato = FabricaContrato()
    url = borrado(contrato.cliente)
    pagina = admin.get(url).content.decode()
    assert "no se puede borrar: lo usa 1 contrato" in pagina
    assert accion(contrato.cliente, "desactivar") in pagina
    admin.post(url, {"post": "yes"})
    assert Cliente.objects.exists()


def test_un_cliente_sin_nada_se_borra(admin):
    cliente = FabricaCliente()
    admin.post(borrado(cliente), {"post": "yes"})
    assert not Cliente.objects.exists()
