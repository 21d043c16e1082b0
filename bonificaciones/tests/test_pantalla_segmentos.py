"""La pantalla de los segmentos: su cuenta viva, la lista que abre, guardarlos, borrarlos y quién puede."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from bonificaciones.filtros.listas_segmentos import de_la_lista
from bonificaciones.models import Segmento
from bonificaciones.operaciones.segmentos import SIN_FILTROS
from clientes.tests.fabricas import FabricaCliente, FabricaMunicipio
from servicios.tests.fabricas import FabricaPromocion

from .fabricas import FabricaPrograma, FabricaSegmento

pytestmark = pytest.mark.django_db
LISTA, NUEVO = "admin:bonificaciones_segmento_changelist", "admin:bonificaciones_segmento_add"
CLIENTES = "admin:clientes_cliente_changelist"


@pytest.fixture
def admin(administrador: Any, cliente_http: Any) -> Any:
    return cliente_http(administrador)


def cambio(segmento: Segmento) -> str:
    return reverse("admin:bonificaciones_segmento_change", args=(segmento.pk,))


def guardar(admin: Any, **datos: Any) -> Any:
    return admin.post(reverse(NUEVO), {"nombre": "Leales", "descripcion": "", **datos})


# --- Guardar ---------------------------------------------------------------------------------------------------------
def test_se_guarda_con_sus_filtros_quien_lo_hizo_y_sus_promociones(admin: Any) -> None:
    promocion, municipio = FabricaPromocion(), FabricaMunicipio()
    respuesta = guardar(
        admin, categoria="leal", municipio=[municipio.pk], gasto_min="60.000", gasto_max="", promociones=[promocion.pk],
        autoriza="true", fecha_vinculacion_before="2020-01-31",
    )  # fmt: skip
    assert respuesta.status_code == 302
    segmento = Segmento.objects.get()
    assert dict(QueryDict(segmento.filtros).lists()) == {
        "autoriza": ["true"], "categoria": ["leal"], "fecha_vinculacion_before": ["2020-01-31"],
        "gasto_min": ["60.000"], "municipio": [municipio.pk],
    }  # fmt: skip
    assert list(segmento.promociones.all()) == [promocion]
    assert segmento.creado_por_nombre == "administrador"
    # Al abrirlo, el formulario trae lo guardado; y guardado tal cual, queda igual.
    formulario = admin.get(cambio(segmento)).context["adminform"].form
    for nombre, valor in {"categoria": "leal", "municipio": [municipio.pk], "autoriza": "true"}.items():
        assert formulario[nombre].value() == valor, nombre
    assert formulario["gasto"].value() == ["60.000", None]


@pytest.mark.parametrize(
    ("datos", "frase"),
    [
        ({}, SIN_FILTROS),
        ({"categoria": "leal", "nombre": ""}, "dato obligatorio"),
        ({"gasto_min": "mucho"}, "se esperaba"),
        ({"gasto_min": "9", "gasto_max": "3"}, "El primer valor no puede pasar del segundo."),
        ({"reclamaciones_meses": "3"}, "Escriba también cuántas reclamaciones"),
        ({"aniversario": "400"}, "de 0 a 365"),
        ({"categoria": "platino"}, "platino"),
        ({"municipio": ["99999"]}, "99999"),
    ],
)
def test_lo_que_no_sirve_se_dice_y_no_se_guarda(admin: Any, datos: dict[str, Any], frase: str) -> None:
    respuesta = guardar(admin, **datos)
    assert respuesta.status_code == 200
    assert frase in str(respuesta.context["adminform"].form.errors)
    assert not Segmento.objects.exists()


def test_el_nombre_no_se_repite(admin: Any) -> None:
    FabricaSegmento(nombre="Leales", filtros="categoria=leal")
    assert "Ya hay un segmento con ese nombre." in str(guardar(admin, categoria="leal").content.decode())


def test_un_filtro_roto_se_avisa_al_abrirlo(admin: Any) -> None:
    segmento = FabricaSegmento(filtros="municipio=99999")
    assert "ya no significa nada" in admin.get(cambio(segmento)).content.decode()
    cuenta = admin.get(reverse("cuenta_de_segmento", args=(segmento.pk,))).content.decode()
    assert "Revisar filtros" in cuenta


# --- La cuenta -------------------------------------------------------------------------------------------------------
def test_la_cuenta_viva_dice_cuantos_y_quienes(admin: Any) -> None:
    FabricaCliente(nombre="Rosa", apellido="Inventada", estrato=3)
    FabricaCliente(estrato=2)
    vivo = admin.post(reverse("contar_segmento"), {"estrato": ["3"], "nombre": "lo que sea"}).content.decode()
    assert ">1<" in vivo.replace(" ", "")
    assert "Rosa Inventada" in vivo
    assert SIN_FILTROS in admin.post(reverse("contar_segmento"), {"nombre": "x"}).content.decode()
    faltas = admin.post(reverse("contar_segmento"), {"gasto_min": "x", "estrato": "9"}).content.decode()
    assert "Gasto mensual (COP):" in faltas
    assert "Estrato:" in faltas


def test_ver_clientes_abre_exactamente_los_que_se_cuentan(admin: Any) -> None:
    dentro = FabricaCliente.create_batch(3, estrato=3)
    FabricaCliente.create_batch(2, estrato=2)
    segmento = FabricaSegmento(filtros="estrato=3")
    cuenta = admin.get(reverse("cuenta_de_segmento", args=(segmento.pk,))).content.decode()
    assert ">3</a>" in cuenta
    lista = admin.get(reverse(CLIENTES), {"segmento": segmento.pk})
    assert {uno.pk for uno in lista.context["cl"].result_list} == {uno.pk for uno in dentro}
    assert f"Segmento <strong>{segmento.nombre}</strong>" in lista.content.decode()


@pytest.mark.parametrize("clave", ["999", "x", "9" * 30, "-1"])
def test_un_segmento_que_no_existe_no_muestra_a_todos(admin: Any, clave: str) -> None:
    FabricaCliente()
    for filtro in ("segmento", "puede_tener"):
        assert not admin.get(reverse(CLIENTES), {filtro: clave}).context["cl"].result_list


def test_la_promocion_dice_cuantos_la_tienen_y_lleva_a_quienes_pueden(admin: Any) -> None:
    promocion = FabricaPromocion(categorias=["leal"], vigente_desde=timezone.localdate(), vigente_hasta=None)
    leal = FabricaCliente(fecha_vinculacion=timezone.localdate().replace(year=2005, day=1))
    FabricaCliente()
    alcance = admin.get(reverse("alcance_de_promocion", args=(promocion.pk,))).content.decode()
    assert f"?puede_tener={promocion.pk}" in alcance
    lista = admin.get(reverse(CLIENTES), {"puede_tener": promocion.pk})
    assert [uno.pk for uno in lista.context["cl"].result_list] == [leal.pk]
    assert reverse("alcance_de_promocion", args=(promocion.pk,)) in admin.get(
        reverse("admin:servicios_promocion_change", args=(promocion.pk,))
    ).content.decode()  # fmt: skip


# --- De la lista a un segmento ---------------------------------------------------------------------------------------
def test_los_filtros_de_la_lista_se_llevan_a_un_segmento(admin: Any) -> None:
    otro = FabricaSegmento(filtros="riesgo=alto&riesgo=medio")
    pedido = QueryDict(
        "q=rios&categoria=leal&estado__exact=activo&permanencia=10-15&departamento=05&municipio__codigo__exact=05001"
        f"&estrato=3&fecha_vinculacion_from=01%2F02%2F2020&abiertas=no&a_mano=si&p=2&segmento={otro.pk}&o=1"
    )
    filtros, sobran = de_la_lista(pedido)
    assert sobran == []
    assert dict(QueryDict(filtros).lists()) == {
        "busqueda": ["rios"], "categoria": ["leal"], "estado": ["activo"], "permanencia_desde": ["10"],
        "permanencia_hasta": ["15"], "departamento": ["05"], "municipio": ["05001"], "estrato": ["3"],
        "fecha_vinculacion_after": ["2020-02-01"], "con_interaccion_abierta": ["false"],
        "categoria_asignada": ["true"], "riesgo": ["alto", "medio"],
    }  # fmt: skip
    respuesta = admin.get(reverse("segmento_de_la_lista"), {"categoria": "leal", "puede_tener": "3"}, follow=True)
    assert "no se pueden llevar a un segmento: promoción que puede tener hoy" in respuesta.content.decode()
    assert respuesta.context["adminform"].form["categoria"].value() == "leal"
    assert 'href="/fidelizacion/segmentos/de-la-lista/?categoria=leal"' in admin.get(
        reverse(CLIENTES), {"categoria": "leal"}
    ).content.decode()  # fmt: skip


# --- Borrar y desactivar ---------------------------------------------------------------------------------------------
def test_uno_en_uso_no_se_borra_y_ofrece_desactivarlo(admin: Any) -> None:
    de_promocion, de_programa = FabricaSegmento(filtros="estrato=1"), FabricaSegmento(filtros="estrato=2")
    de_promocion.promociones.add(FabricaPromocion(codigo="PROMO-X"))
    FabricaPrograma(segmento=de_programa)
    for segmento, frase in (
        (de_promocion, "la promoción «PROMO-X» vale solo para él"), (de_programa, "1 programa de fidelización"),
    ):  # fmt: skip
        direccion = reverse("admin:bonificaciones_segmento_delete", args=(segmento.pk,))
        pagina = admin.get(direccion).content.decode()
        assert frase in pagina
        assert "Desactivar" in pagina
        admin.post(direccion, {"post": "yes"})
    assert Segmento.objects.count() == 2
    suelto = FabricaSegmento(filtros="estrato=3")
    admin.post(reverse("admin:bonificaciones_segmento_delete", args=(suelto.pk,)), {"post": "yes"})
    assert not Segmento.objects.filter(pk=suelto.pk).exists()


def test_se_desactiva_y_se_activa(admin: Any) -> None:
    segmento = FabricaSegmento(filtros="estrato=1")
    accion = "admin:bonificaciones_segmento_accion"
    admin.post(reverse(accion, args=(segmento.pk, "desactivar")), {"motivo": "Ya no", "accion_confirmada": "1"})
    segmento.refresh_from_db()
    assert not segmento.activo
    admin.post(reverse(accion, args=(segmento.pk, "activar")), {"accion_confirmada": "1"})
    segmento.refresh_from_db()
    assert segmento.activo


# --- Quién puede -----------------------------------------------------------------------------------------------------
def test_quien_solo_mira_ve_los_filtros_en_palabras_y_la_cuenta(agente: Any, cliente_http: Any) -> None:
    segmento = FabricaSegmento(filtros="categoria=leal")
    mira = cliente_http(agente)
    pagina = mira.get(cambio(segmento)).content.decode()
    assert "Categoría: Leal" in pagina
    assert reverse("muestra_de_segmento", args=(segmento.pk,)) in pagina
    assert mira.get(reverse("muestra_de_segmento", args=(segmento.pk,))).status_code == 200
    assert mira.post(cambio(segmento), {"nombre": "Otro", "categoria": "nuevo"}).status_code == 403
    assert mira.get(reverse("segmento_de_la_lista")).status_code == 403


def test_sin_permiso_no_se_cuenta_nada(client: Any) -> None:
    segmento = FabricaSegmento(filtros="categoria=leal")
    for nombre in ("cuenta_de_segmento", "muestra_de_segmento"):
        assert client.get(reverse(nombre, args=(segmento.pk,))).status_code == 302
    assert client.post(reverse("contar_segmento"), {"categoria": "leal"}).status_code == 302
