"""Las listas del catálogo y quién puede mirarlas: consultas constantes, filtros y permisos."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from servicios.models import Promocion, Servicio, TipoServicio

from .fabricas import FabricaPrecio, FabricaPromocion, FabricaServicio, FabricaTipo, contratar, tipo_fibra

pytestmark = pytest.mark.django_db
MODELOS = ("tiposervicio", "servicio", "promocion")


def ruta(modelo, pagina, *args):
    return reverse(f"admin:servicios_{modelo}_{pagina}", args=args)


def poblar(modelo, filas):
    for _ in range(filas):
        if modelo == "tiposervicio":
            FabricaServicio(tipo=tipo_fibra() if not TipoServicio.objects.exists() else FabricaTipo())
        elif modelo == "servicio":
            contratar(FabricaPrecio().servicio)
        else:
            contratar(FabricaServicio(), promocion=FabricaPromocion(cupo=5))


def consultas_de(cliente, direccion):
    cliente.get(direccion)
    with CaptureQueriesContext(connection) as capturadas:
        assert cliente.get(direccion).status_code == 200
    return len(capturadas)


@pytest.mark.parametrize("modelo", MODELOS)
def test_la_lista_hace_las_mismas_consultas_con_3_y_con_30_filas(admin_client, modelo):
    poblar(modelo, 3)
    pocas = consultas_de(admin_client, ruta(modelo, "changelist"))
    poblar(modelo, 27)
    assert consultas_de(admin_client, ruta(modelo, "changelist")) == pocas
    assert pocas <= 9


@pytest.mark.parametrize("filas", [3, 30])
def test_el_formulario_de_servicio_hace_siempre_las_mismas_consultas(admin_client, filas):
    poblar("servicio", filas)
    servicio = Servicio.objects.first()
    cuenta = consultas_de(admin_client, ruta("servicio", "change", servicio.pk))
    assert cuenta <= 14


@pytest.mark.parametrize(
    ("modelo", "consulta"),
    [
        ("servicio", "precio_vigente_from=50.000&precio_vigente_to=80.000"),
        ("servicio", "precio_vigente_from=nan"),
        ("servicio", "precio_vigente_from=1e999"),
        ("servicio", "tipo__id__exact=x"),
        ("servicio", "retirado_el_from=ayer"),
        ("servicio", "estado__exact=volando"),
        ("servicio", "q=%00"),
        ("servicio", "o=99.-4.x"),
        ("promocion", "vigencia=vigente"),
        ("promocion", "vigencia=eterna"),
        ("promocion", "categoria=leal"),
        ("promocion", "vigente_desde_from=31/31/2026"),
        ("promocion", "servicios__id__exact=x"),
        ("tiposervicio", "red__exact=fija"),
    ],
)
def test_ningun_filtro_mal_escrito_tumba_la_lista(admin_client, modelo, consulta):
    poblar(modelo, 1)
    assert admin_client.get(f"{ruta(modelo, 'changelist')}?{consulta}", follow=True).status_code == 200


def test_la_lista_se_busca_sin_tildes_y_se_ordena(admin_client):
    FabricaServicio(nombre="Televisión Básica", codigo="TV-1")
    FabricaServicio(nombre="Otra cosa", codigo="OT-1")
    pagina = admin_client.get(ruta("servicio", "changelist"), {"q": "basica TELEVISION", "o": "4.-6"})
    assert [s.codigo for s in pagina.context["cl"].result_list] == ["TV-1"]


@pytest.mark.parametrize("modelo", MODELOS)
def test_las_paginas_hablan_espanol(admin_client, modelo):
    poblar(modelo, 1)
    nombre = {"tiposervicio": "tipo de servicio", "servicio": "servicio", "promocion": "promoción"}[modelo]
    for pagina in ("changelist", "add"):
        texto = admin_client.get(ruta(modelo, pagina)).content.decode()
        assert f"Agregar {nombre}" in texto or f"Añadir {nombre}" in texto


@pytest.mark.parametrize("modelo", MODELOS)
def test_quien_solo_ve_mira_la_ficha_y_no_escribe(client, django_user_model, modelo):
    usuario = django_user_model.objects.create_user("mira.prueba", is_staff=True)
    usuario.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    client.force_login(usuario)
    poblar(modelo, 1)
    registro = {"tiposervicio": TipoServicio, "servicio": Servicio, "promocion": Promocion}[modelo].objects.first()
    assert client.get(ruta(modelo, "change", registro.pk)).status_code == 200
    for pagina in (ruta(modelo, "add"), ruta(modelo, "delete", registro.pk)):
        assert client.get(pagina).status_code == 403
    assert client.post(ruta(modelo, "change", registro.pk), {}).status_code == 403


def test_quien_solo_ve_lee_las_caracteristicas_del_servicio(client, django_user_model):
    usuario = django_user_model.objects.create_user("mira.prueba", is_staff=True)
    usuario.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    client.force_login(usuario)
    servicio = FabricaServicio(tipo=tipo_fibra(), caracteristicas={"velocidad_bajada_mbps": 300, "simetrica": True})
    texto = client.get(ruta("servicio", "change", servicio.pk)).content.decode()
    assert escape("Velocidad de bajada: 300 Mbps") in texto
    assert "Simétrica: Sí" in texto
