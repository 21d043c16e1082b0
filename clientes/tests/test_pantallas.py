"""Las pantallas del panel, por HTTP: listas, fichas, altas, cambios, acciones y lo que se rechaza."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clientes.models import Cliente, Consentimiento, Contrato, Departamento, Interaccion, Municipio

from .fabricas import (
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaDepartamento,
    FabricaEmpresa,
    FabricaInteraccion,
    FabricaMunicipio,
    FabricaPromocion,
    FabricaUsuario,
    nit_valido,
    servicio_con_precio,
)

pytestmark = pytest.mark.django_db

FABRICAS = {
    "departamento": lambda: FabricaDepartamento(
        codigo=f"{Departamento.objects.count() % 90 + 10}", nombre=f"Departamento {Departamento.objects.count()}"
    ),
    "municipio": FabricaMunicipio,
    "cliente": lambda: FabricaCliente(municipio=FabricaMunicipio()),
    "contrato": lambda: FabricaContrato(promocion=FabricaPromocion()),
    "interaccion": lambda: _interaccion(),  # noqa: PLW0108 - se define más abajo
    "consentimiento": FabricaConsentimiento,
}


def _interaccion():
    contrato = FabricaContrato()
    return FabricaInteraccion(cliente=contrato.cliente, contrato=contrato)


@pytest.fixture
def hoy():
    return timezone.localdate()


@pytest.fixture
def admin(client):
    client.force_login(FabricaUsuario(username="jefe", is_superuser=True))
    return client


def lista(modelo):
    return reverse(f"admin:clientes_{modelo}_changelist")


def ficha(registro):
    return reverse(f"admin:clientes_{registro._meta.model_name}_change", args=(registro.pk,))


def nueva(modelo):
    return reverse(f"admin:clientes_{modelo}_add")


def accion(registro, nombre):
    return reverse(f"admin:clientes_{registro._meta.model_name}_accion", args=(registro.pk, nombre))


def sin_tablas(**datos):
    """Los datos de un formulario de cliente que ya existe: sus tres tablas van vacías."""
    for tabla in ("contratos", "interacciones", "consentimientos"):
        datos |= {f"{tabla}-TOTAL_FORMS": "0", f"{tabla}-INITIAL_FORMS": "0"}
    return datos


def errores(respuesta):
    assert respuesta.status_code == 200, respuesta.headers.get("Location")
    return respuesta.context["adminform"].form.errors


# --- Listas y fichas -------------------------------------------------------------------------------------------------
def consultas_de(cliente_web, url):
    with CaptureQueriesContext(connection) as capturadas:
        respuesta = cliente_web.get(url)
    assert respuesta.status_code == 200
    return [c["sql"] for c in capturadas.captured_queries]


@pytest.mark.parametrize("modelo", FABRICAS)
def test_la_lista_hace_las_mismas_consultas_con_tres_filas_que_con_treinta(admin, modelo):
    for _ in range(3):
        FABRICAS[modelo]()
    admin.get(lista(modelo))
    con_tres = consultas_de(admin, lista(modelo))
    for _ in range(27):
        FABRICAS[modelo]()
    con_treinta = consultas_de(admin, lista(modelo))
    assert len(con_treinta) == len(con_tres), "\n".join(con_treinta)
    assert len(con_treinta) <= 12
    tabla = f'"clientes_{modelo}"'
    assert not [sql for sql in con_treinta if "COUNT(" in sql and tabla in sql and "LIMIT" not in sql]


@pytest.mark.parametrize("modelo", FABRICAS)
def test_la_ficha_hace_las_mismas_consultas_haya_pocos_registros_o_muchos(admin, modelo):
    registro = FABRICAS[modelo]()
    admin.get(ficha(registro))
    con_uno = consultas_de(admin, ficha(registro))
    for _ in range(10):
        FABRICAS[modelo]()
    assert len(consultas_de(admin, ficha(registro))) == len(con_uno)


def test_la_ficha_del_cliente_no_crece_con_lo_que_tiene(admin):
    cliente = FabricaCliente()

    def dar():
        contrato = FabricaContrato(cliente=cliente)
        FabricaInteraccion(cliente=cliente, contrato=contrato)

    for _ in range(3):
        dar()
    FabricaConsentimiento(cliente=cliente)
    admin.get(ficha(cliente))
    con_tres = consultas_de(admin, ficha(cliente))
    for _ in range(27):
        dar()
    con_treinta = consultas_de(admin, ficha(cliente))
    assert len(con_treinta) == len(con_tres), "\n".join(con_treinta)


@pytest.mark.parametrize("modelo", FABRICAS)
def test_el_formulario_de_uno_nuevo_se_abre(admin, modelo):
    assert admin.get(nueva(modelo)).status_code == 200


@pytest.mark.parametrize(
    "texto", ["1.020.304.050", "1020304050", "rios", "ANA vega", "300 123 4567", "(300) 123-4567", "+57 300 123 4567"]
)
def test_un_cliente_se_encuentra_en_la_lista(admin, texto):
    cliente = FabricaCliente(nombre="Ana", apellido="Ríos Vega", documento="1020304050", telefono="+573001234567")
    otro = FabricaCliente(nombre="Beto", apellido="Otro", documento="79000111", telefono="+573209998877")
    respuesta = admin.get(lista("cliente"), {"q": texto})
    hallados = [c.pk for c in respuesta.context["cl"].result_list]
    assert hallados == [cliente.pk], texto
    assert otro.pk not in hallados


def test_contratos_e_interacciones_se_encuentran_por_su_numero_y_por_su_cliente(admin):
    contrato = FabricaContrato(cliente=FabricaCliente(nombre="Zoraida", apellido="Peña", documento="1020304050"))
    interaccion = FabricaInteraccion(cliente=contrato.cliente, asunto="Avería del módem")
    FabricaContrato()
    FabricaInteraccion(asunto="Otra cosa")
    for registro, textos in (
        (contrato, (contrato.numero, contrato.numero.lower(), "zoraida pena", "1.020.304.050")),
        (interaccion, (interaccion.numero, "averia modem", "PEÑA")),
    ):
        for texto in textos:
            respuesta = admin.get(lista(registro._meta.model_name), {"q": texto})
            assert [r.pk for r in respuesta.context["cl"].result_list] == [registro.pk], texto


@pytest.mark.parametrize(
    ("filtros", "quien"),
    [
        ({"categoria": "leal"}, {"leal"}),
        ({"a_mano": "si"}, {"leal"}),
        ({"permanencia": "5-10"}, {"leal", "persona"}),
        ({"permanencia": "0-1"}, {"empresa"}),
        ({"estado__exact": "inactivo"}, {"empresa"}),
        ({"tipo_persona__exact": "juridica"}, {"empresa"}),
        ({"estrato": "3"}, {"persona"}),
        ({"departamento": "98"}, {"persona"}),
        ({"abiertas": "si"}, {"leal"}),
        ({"abiertas": "no"}, {"persona", "empresa"}),
        ({"categoria": "vip"}, {"leal", "persona", "empresa"}),
    ],
)
def test_los_filtros_de_la_lista_de_clientes(admin, hoy, filtros, quien):
    seis = hoy - timedelta(days=6 * 366)
    cast = {
        "leal": FabricaCliente(categoria_asignada="leal", motivo_categoria="Fundador", fecha_vinculacion=seis),
        "persona": FabricaCliente(estrato=3, municipio=FabricaMunicipio(), fecha_vinculacion=seis),
        "empresa": FabricaEmpresa(estado="inactivo", inactivo_desde=hoy, fecha_vinculacion=hoy),
    }
    FabricaInteraccion(cliente=cast["leal"])
    respuesta = admin.get(lista("cliente"), filtros)
    assert {c.pk for c in respuesta.context["cl"].result_list} == {cast[nombre].pk for nombre in quien}


@pytest.mark.parametrize("modelo", ["contrato", "interaccion", "consentimiento"])
@pytest.mark.parametrize("dia", ["31/02/2026", "ayer", "99999999999", "9999-12-31", "'; --"])
def test_una_fecha_que_no_se_entiende_en_un_filtro_no_rompe_la_lista(admin, modelo, dia):
    campo = {"contrato": "fecha_inicio", "interaccion": "fecha", "consentimiento": "otorgado_el"}[modelo]
    FABRICAS[modelo]()
    assert admin.get(lista(modelo), {f"{campo}_to": dia}).status_code == 200


def test_un_rango_de_dias_incluye_el_ultimo_entero(admin, hoy):
    interaccion = FabricaInteraccion(fecha=timezone.now())
    texto = f"{hoy:%d/%m/%Y}"
    respuesta = admin.get(lista("interaccion"), {"fecha_from": texto, "fecha_to": texto})
    assert [r.pk for r in respuesta.context["cl"].result_list] == [interaccion.pk]


def test_la_ficha_dice_la_categoria_su_porque_y_como_seguir(admin, hoy):
    cliente = FabricaCliente(fecha_vinculacion=hoy - timedelta(days=12 * 366))
    FabricaContrato(cliente=cliente)
    pagina = admin.get(ficha(cliente)).content.decode()
    assert "Leal: lleva 12 años" in pagina
    assert f'href="{nueva("contrato")}?cliente={cliente.pk}"' in pagina
    assert f'href="{nueva("interaccion")}?cliente={cliente.pk}"' in pagina
    assert f"{lista('contrato')}?cliente__id__exact={cliente.pk}" in pagina
    assert admin.get(lista("contrato"), {"cliente__id__exact": cliente.pk}).context["cl"].result_count == 1


def test_las_tablas_de_la_ficha_van_por_paginas(admin):
    cliente = FabricaCliente()
    FabricaContrato.create_batch(23, cliente=cliente)
    respuesta = admin.get(ficha(cliente))
    tablas = {t.formset.prefix: t.formset for t in respuesta.context["inline_admin_formsets"]}
    assert len(tablas["contratos"].forms) == 10
    tercera = admin.get(ficha(cliente), {"contratos-page": "3"})
    tablas = {t.formset.prefix: t.formset for t in tercera.context["inline_admin_formsets"]}
    assert len(tablas["contratos"].forms) == 3


# --- Clientes --------------------------------------------------------------------------------------------------------
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
    assert respuesta.headers["Location"] == ficha(cliente)
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


def test_se_cambia_un_cliente_aunque_tenga_contratos(admin):
    cliente = FabricaCliente()
    contratos = FabricaContrato.create_batch(2, cliente=cliente)
    datos = sin_tablas(**datos_de_cliente(nombre="Otro nombre"))
    datos |= {"contratos-TOTAL_FORMS": "2", "contratos-INITIAL_FORMS": "2"}
    for i, contrato in enumerate(contratos):
        datos |= {f"contratos-{i}-id": contrato.pk, f"contratos-{i}-cliente": cliente.pk}
    respuesta = admin.post(ficha(cliente), datos)
    assert respuesta.status_code == 302, errores(respuesta)
    assert Cliente.objects.get().nombre == "Otro nombre"


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
    url = reverse("admin:clientes_cliente_delete", args=(contrato.cliente_id,))
    pagina = admin.get(url).content.decode()
    assert "no se puede borrar: lo usa 1 contrato" in pagina
    assert accion(contrato.cliente, "desactivar") in pagina
    admin.post(url, {"post": "yes"})
    assert Cliente.objects.exists()


def test_un_cliente_sin_nada_se_borra(admin):
    cliente = FabricaCliente()
    admin.post(reverse("admin:clientes_cliente_delete", args=(cliente.pk,)), {"post": "yes"})
    assert not Cliente.objects.exists()


# --- Contratos -------------------------------------------------------------------------------------------------------
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
        ("suspender", {"motivo": "Viaje"}, "suspendido"),
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
    url = reverse("admin:clientes_contrato_delete", args=(contrato.pk,))
    pagina = admin.get(url).content.decode()
    assert "no se borra" in pagina and accion(contrato, "terminar") in pagina
    admin.post(url, {"post": "yes"})
    datos = {"action": "delete_selected", "_selected_action": [contrato.pk], "accion_confirmada": "1"}
    admin.post(lista("contrato"), datos)
    assert Contrato.objects.exists()


def test_un_contrato_pendiente_si_se_borra(admin):
    contrato = FabricaContrato(estado="pendiente")
    admin.post(reverse("admin:clientes_contrato_delete", args=(contrato.pk,)), {"post": "yes"})
    assert not Contrato.objects.exists()


# --- Interacciones ---------------------------------------------------------------------------------------------------
def datos_de_interaccion(cliente, /, **cambios):
    ahora = timezone.localtime()
    return {
        "cliente": cliente.pk,
        "contrato": "",
        "tipo": "reclamacion",
        "canal": "telefono",
        "fecha_0": f"{ahora:%d/%m/%Y}",
        "fecha_1": f"{ahora:%H:%M:%S}",
        "asunto": "Cobro doble",
        "texto": "Le cobraron dos veces.\n\nPide que se lo devuelvan.",
    } | cambios


def test_se_radica_una_interaccion_con_quien_la_registro(admin):
    contrato = FabricaContrato()
    pagina = admin.get(nueva("interaccion"), {"cliente": contrato.cliente_id}).content.decode()
    assert contrato.numero in pagina
    datos = datos_de_interaccion(contrato.cliente, contrato=contrato.pk)
    respuesta = admin.post(nueva("interaccion"), datos)
    assert respuesta.status_code == 302, errores(respuesta)
    interaccion = Interaccion.objects.get()
    assert (interaccion.numero, interaccion.contrato, interaccion.registrada_por_nombre[:6]) == (
        "R-00000001",
        contrato,
        "Agente",
    )


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"asunto": ""}, "asunto"),
        ({"tipo": "queja"}, "tipo"),
        ({"fecha_0": "mañana"}, "fecha"),
        ({"fecha_0": "01/01/2199"}, "fecha"),
        ({"fecha_0": "01/01/0001"}, "fecha"),
        ({"contrato": "999999"}, "contrato"),
        ({"contrato": "x"}, "contrato"),
        ({"cliente": "x"}, "cliente"),
        ({"cliente": "9" * 40}, "cliente"),
    ],
)
def test_un_dato_malo_de_interaccion_se_dice_junto_a_su_campo(admin, cambios, campo):
    datos = datos_de_interaccion(FabricaCliente(), **cambios)
    assert campo in errores(admin.post(nueva("interaccion"), datos))
    assert not Interaccion.objects.exists()


def test_el_contrato_de_otro_cliente_se_rechaza(admin):
    datos = datos_de_interaccion(FabricaCliente(), contrato=FabricaContrato().pk)
    assert "no es de este cliente" in str(errores(admin.post(nueva("interaccion"), datos))["contrato"])


def test_se_corrige_mientras_no_se_responda(admin):
    interaccion = FabricaInteraccion()
    datos = {"tipo": "consulta", "canal": "web", "contrato": "", "asunto": "Corregido", "texto": "x"}
    respuesta = admin.post(ficha(interaccion), datos)
    assert respuesta.status_code == 302, errores(respuesta)
    assert Interaccion.objects.get().asunto == "Corregido"


def test_se_toma_y_se_responde(admin):
    interaccion = FabricaInteraccion()
    assert admin.post(accion(interaccion, "tomar")).status_code == 302
    assert Interaccion.objects.get().estado == "en_tramite"
    respuesta = admin.post(accion(interaccion, "responder"), {"respuesta": "", "notificada_el": "ayer"})
    assert set(respuesta.context["formulario"].errors) == {"respuesta", "notificada_el"}
    datos = {"respuesta": "Listo.\n\n<b>Gracias</b>", "notificada_el": f"{timezone.localtime():%d/%m/%Y %H:%M}"}
    assert admin.post(accion(interaccion, "responder"), datos).status_code == 302
    assert Interaccion.objects.get().estado == "respondida"
    respuesta = admin.get(ficha(interaccion))
    assert not respuesta.context["adminform"].form.fields
    assert "&lt;b&gt;Gracias" in respuesta.content.decode()


def test_la_respuesta_inicial_sirve_aunque_se_radique_en_el_mismo_minuto(admin):
    interaccion = FabricaInteraccion(fecha=timezone.now())
    inicial = admin.get(accion(interaccion, "responder")).context["formulario"]["notificada_el"].value()
    datos = {"respuesta": "Resuelto en la llamada.", "notificada_el": f"{inicial:%d/%m/%Y %H:%M}"}
    assert admin.post(accion(interaccion, "responder"), datos).status_code == 302


# --- Consentimientos -------------------------------------------------------------------------------------------------
def datos_de_consentimiento(cliente, /, **cambios):
    ahora = timezone.localtime()
    return {
        "cliente": cliente.pk,
        "finalidad": "comercial",
        "canal": "sms",
        "version_texto": "2026-01",
        "otorgado_el_0": f"{ahora:%d/%m/%Y}",
        "otorgado_el_1": f"{ahora:%H:%M:%S}",
        "medio": "oficina",
        "evidencia": "Formulario 7",
    } | cambios


def test_se_registra_un_consentimiento_y_solo_se_puede_revocar(admin):
    respuesta = admin.post(nueva("consentimiento"), datos_de_consentimiento(FabricaCliente()))
    assert respuesta.status_code == 302, errores(respuesta)
    consentimiento = Consentimiento.objects.get()
    assert not admin.get(ficha(consentimiento)).context["adminform"].form.fields
    assert admin.post(ficha(consentimiento), {"evidencia": "Otra"}).status_code == 403
    borrar = reverse("admin:clientes_consentimiento_delete", args=(consentimiento.pk,))
    assert admin.post(borrar, {"post": "yes"}).status_code == 403
    assert admin.post(accion(consentimiento, "revocar"), {"motivo": "Lo pidió"}).status_code == 302
    consentimiento.refresh_from_db()
    assert consentimiento.revocado_el is not None and consentimiento.evidencia == "Formulario 7"


def test_un_consentimiento_repetido_o_sin_prueba_se_rechaza(admin):
    cliente = FabricaCliente()
    admin.post(nueva("consentimiento"), datos_de_consentimiento(cliente))
    assert "ya tiene vigente" in str(errores(admin.post(nueva("consentimiento"), datos_de_consentimiento(cliente))))
    faltas = errores(admin.post(nueva("consentimiento"), datos_de_consentimiento(FabricaCliente(), evidencia="")))
    assert "evidencia" in faltas


# --- Lugares ---------------------------------------------------------------------------------------------------------
def test_se_agrega_un_municipio_y_su_codigo_ya_no_cambia(admin):
    departamento = FabricaDepartamento()
    datos = {"codigo": "98777", "nombre": "Nueva Aldea", "departamento": departamento.pk}
    assert admin.post(nueva("municipio"), datos).status_code == 302
    municipio = Municipio.objects.get(codigo="98777")
    admin.post(ficha(municipio), {"codigo": "98778", "nombre": "Aldea", "departamento": departamento.pk})
    assert Municipio.objects.get(codigo="98777").nombre == "Aldea"
    assert not Municipio.objects.filter(codigo="98778").exists()


@pytest.mark.parametrize("codigo", ["", "5", "abcde", "05001", "987777"])
def test_un_codigo_de_municipio_malo_se_rechaza(admin, codigo):
    datos = {"codigo": codigo, "nombre": "X", "departamento": FabricaDepartamento().pk}
    assert "codigo" in errores(admin.post(nueva("municipio"), datos))


def test_un_municipio_repetido_se_dice_en_espanol(admin):
    municipio = FabricaMunicipio()
    datos = {"codigo": municipio.codigo, "nombre": "X", "departamento": municipio.departamento_id}
    assert "Ya hay un municipio con ese código." in str(errores(admin.post(nueva("municipio"), datos)))


def test_al_cambiar_el_nombre_de_un_departamento_sus_municipios_se_encuentran_por_el_nuevo(admin):
    municipio = FabricaMunicipio()
    admin.post(ficha(municipio.departamento), {"nombre": "Región Renombrada"})
    assert Municipio.objects.filter(busqueda__contiene="renombrada").get() == municipio


def test_un_municipio_con_clientes_no_se_borra(admin):
    municipio = FabricaMunicipio()
    FabricaCliente(municipio=municipio)
    url = reverse("admin:clientes_municipio_delete", args=(municipio.pk,))
    assert "lo usa 1 cliente" in admin.get(url).content.decode()


# --- Autocompletar, permisos e historia ------------------------------------------------------------------------------
def test_autocompletar_busca_clientes_sin_contarlos_todos(admin):
    FabricaCliente(nombre="Zoraida", apellido="Peña")
    datos = {"app_label": "clientes", "model_name": "contrato", "field_name": "cliente", "term": "pena"}
    with CaptureQueriesContext(connection) as capturadas:
        resultados = admin.get(reverse("admin:autocomplete"), datos).json()["results"]
    assert len(resultados) == 1 and "Zoraida Peña" in resultados[0]["text"]
    cuentas = [c["sql"] for c in capturadas.captured_queries if "COUNT(" in c["sql"]]
    assert all("LIMIT" in sql for sql in cuentas)


@pytest.mark.parametrize("modelo", FABRICAS)
def test_quien_no_tiene_permiso_no_entra(client, modelo):
    registro = FABRICAS[modelo]()
    client.force_login(FabricaUsuario())
    for url in (lista(modelo), nueva(modelo), ficha(registro)):
        assert client.get(url).status_code == 403


def test_quien_solo_ve_no_hace_acciones(client):
    from django.contrib.auth.models import Permission

    agente = FabricaUsuario()
    agente.user_permissions.set(Permission.objects.filter(codename__in=("view_contrato", "view_cliente")))
    client.force_login(agente)
    contrato = FabricaContrato()
    assert accion(contrato, "terminar") not in client.get(ficha(contrato)).content.decode()
    assert client.post(accion(contrato, "terminar"), {"fecha": "16/03/2026"}).status_code == 403
    pagina = client.get(ficha(contrato.cliente)).content.decode()
    assert nueva("contrato") not in pagina
    assert Contrato.objects.get().estado == "activo"


@pytest.mark.parametrize("modelo", FABRICAS)
def test_cada_registro_muestra_su_historia(admin, modelo):
    registro = FABRICAS[modelo]()
    assert admin.get(reverse(f"admin:clientes_{modelo}_history", args=(registro.pk,))).status_code == 200


@pytest.mark.parametrize("clave", ["999999", "x", "9" * 30])
@pytest.mark.parametrize("modelo", FABRICAS)
def test_un_registro_que_no_existe_no_rompe_nada(admin, modelo, clave):
    url = reverse(f"admin:clientes_{modelo}_change", args=(clave,))
    assert admin.get(url).status_code in (302, 404)
