"""Los siete tipos de servicio están en todo panel y respetan lo que cambie un administrador."""

import pytest
from django.apps import apps
from django.db import DatabaseError

from servicios import base
from servicios.base import TIPOS_BASE, cargar_tipos_base
from servicios.models import AtributoTipo, Servicio, TipoServicio


@pytest.mark.django_db
def test_un_panel_recien_migrado_trae_los_siete_tipos_con_sus_atributos():
    assert list(TipoServicio.objects.values_list("codigo", flat=True)) == [
        "fibra",
        "pospago",
        "prepago",
        "television",
        "telefonia_fija",
        "duo",
        "trio",
    ]
    fibra = TipoServicio.objects.get(codigo="fibra")
    assert fibra.nombre == "Internet de fibra óptica"
    bajada = fibra.definiciones()[0]
    assert (bajada.clave, bajada.unidad, bajada.obligatorio) == ("velocidad_bajada_mbps", "Mbps", True)
    assert (bajada.minimo, bajada.maximo) == (1, 10_000)
    prepago = TipoServicio.objects.get(codigo="prepago")
    assert (prepago.red, prepago.modalidad) == ("movil", "prepago")
    assert set(TipoServicio.objects.filter(es_paquete=True).values_list("codigo", flat=True)) == {"duo", "trio"}


@pytest.mark.django_db
def test_todos_cumplen_las_reglas_del_modelo():
    for tipo in TipoServicio.objects.all():
        tipo.full_clean()
    for atributo in AtributoTipo.objects.all():
        atributo.full_clean()


@pytest.mark.django_db
def test_lo_guardado_es_lo_que_dicen_los_datos():
    for tipo in TIPOS_BASE:
        assert tuple(TipoServicio.objects.get(codigo=tipo.codigo).definiciones()) == tipo.atributos


@pytest.mark.django_db
def test_un_servicio_de_fibra_sin_velocidad_se_rechaza_y_con_ella_vale():
    servicio = Servicio(codigo="FIB-1", nombre="Fibra", tipo=TipoServicio.objects.get(codigo="fibra"))
    with pytest.raises(Exception, match="Velocidad de bajada: es obligatorio"):
        servicio.full_clean()
    servicio.caracteristicas = {"velocidad_bajada_mbps": 300}
    servicio.full_clean()


@pytest.mark.django_db
def test_migrar_otra_vez_no_deshace_lo_que_cambio_o_borro_un_administrador():
    TipoServicio.objects.filter(codigo="fibra").update(nombre="Fibra al hogar")
    TipoServicio.objects.get(codigo="trio").delete()
    assert cargar_tipos_base() == 0
    assert TipoServicio.objects.get(codigo="fibra").nombre == "Fibra al hogar"
    assert not TipoServicio.objects.filter(codigo="trio").exists()


@pytest.mark.django_db
def test_cuando_ya_estan_cuesta_una_sola_consulta(django_assert_num_queries):
    with django_assert_num_queries(3):  # la consulta, entre el inicio y el fin de un punto de guarda
        cargar_tipos_base()


@pytest.mark.django_db
def test_quedan_en_la_historia_con_su_origen():
    assert TipoServicio.history.filter(origen="datos base").count() == len(TIPOS_BASE)


@pytest.mark.django_db
def test_con_tablas_a_medias_no_falla_ni_deja_nada(monkeypatch):
    def sin_columna(*_args):
        raise DatabaseError("table servicios_tiposervicio has no column named orden")

    # Las reglas de oferta de fábrica nombran algunos tipos.
    apps.get_model("bonificaciones", "ReglaOferta").objects.all().delete()
    TipoServicio.objects.all().delete()
    monkeypatch.setattr(base, "_crear", sin_columna)
    assert cargar_tipos_base() == 0
    assert not TipoServicio.objects.exists()
