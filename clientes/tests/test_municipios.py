"""Los municipios de la DIVIPOLA están en todo panel y respetan lo que cambie un administrador."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from clientes import base
from clientes.base import cargar_municipios_base, leer_divipola
from clientes.models import Departamento, Municipio


def test_el_archivo_trae_33_departamentos_y_1121_municipios_con_codigos_de_texto():
    filas = list(leer_divipola())
    assert len(filas) == len({fila.codigo for fila in filas}) == 1121
    assert len({fila.departamento_codigo for fila in filas}) == 33
    assert all(len(fila.codigo) == 5 and fila.codigo.startswith(fila.departamento_codigo) for fila in filas)
    assert ("05001", "Medellín", "05", "Antioquia") in filas
    assert ("11001", "Bogotá, D. C.", "11", "Bogotá, D. C.") in filas


def test_el_archivo_coincide_con_la_tabla_de_origen():
    proveedor = pytest.importorskip("faker.providers.address.es_CO").Provider
    assert {fila.codigo for fila in leer_divipola()} == {codigo for codigo, _ in proveedor.municipalities}


@pytest.mark.django_db
def test_un_panel_recien_migrado_ya_los_tiene_y_se_encuentran_sin_tildes():
    assert Departamento.objects.count() == 33
    assert Municipio.objects.filter(es_divipola=True).count() == 1121
    medellin = Municipio.objects.get(busqueda__contiene="medellin antioquia")
    assert medellin.codigo == "05001"
    medellin.full_clean()


@pytest.mark.django_db
def test_todos_cumplen_las_reglas_del_modelo():
    for departamento in Departamento.objects.all():
        departamento.full_clean()
    for municipio in Municipio.objects.select_related("departamento"):
        municipio.full_clean(validate_unique=False)


@pytest.mark.django_db
def test_migrar_otra_vez_no_deshace_lo_que_cambio_o_borro_un_administrador():
    Municipio.objects.filter(codigo="05001").update(nombre="Medellín del Aburrá")
    Municipio.objects.filter(codigo="91460").delete()
    assert cargar_municipios_base() == 0
    assert Municipio.objects.get(codigo="05001").nombre == "Medellín del Aburrá"
    assert not Municipio.objects.filter(codigo="91460").exists()


@pytest.mark.django_db
def test_cuando_ya_estan_cuesta_una_sola_consulta(django_assert_num_queries):
    with django_assert_num_queries(3) as consultas:  # la consulta, entre el inicio y el fin de un punto de guarda
        cargar_municipios_base()
    assert next(c["sql"] for c in consultas.captured_queries if c["sql"].startswith("SELECT")).startswith("SELECT 1")


@pytest.mark.django_db
def test_en_una_base_vacia_los_vuelve_a_cargar_y_respeta_un_departamento_que_ya_este():
    Municipio.objects.all().delete()
    Departamento.objects.exclude(codigo="05").delete()
    Departamento.objects.filter(codigo="05").update(nombre="Antioquia la grande")
    assert cargar_municipios_base() == 1121
    assert Departamento.objects.count() == 33
    assert Departamento.objects.get(codigo="05").nombre == "Antioquia la grande"


@pytest.mark.django_db
def test_sin_tablas_no_falla(monkeypatch):
    def sin_tabla(*_args, **_kwargs):
        raise DatabaseError("no such table: clientes_municipio")

    Municipio.objects.all().delete()
    monkeypatch.setattr(base, "leer_divipola", sin_tabla)
    assert cargar_municipios_base() == 0
    assert not Municipio.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_vaciar_la_base_los_repone():
    Municipio.objects.filter(codigo="05001").update(nombre="Otro")
    call_command("flush", interactive=False, verbosity=0)
    assert Municipio.objects.get(codigo="05001").nombre == "Medellín"
