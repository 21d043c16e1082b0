"""A quién se le deriva: siempre al menos cargado del grupo que toca, y nunca por encima de su tope."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st

from bonificaciones.derivaciones.reparto import Reparto, asesores
from bonificaciones.models import Asesor
from bonificaciones.tests.fabricas import FabricaAsesor, FabricaBonificacion, FabricaDerivacion
from clientes.tests.fabricas import AHORA, HOY, FabricaMunicipio, FabricaUsuario
from movistar_site.comun.models import Parametro

PLAZO = date(2026, 3, 31)
MUNICIPIOS = ("05001", "05002", "08001", "08002")


def asesor(**campos):
    usuario = FabricaUsuario(**campos)
    usuario.groups.add(Group.objects.get(name="Asesor de ventas"))
    return usuario


def quien_toca(reparto: Reparto, cubre, municipio, anterior):
    """La regla dicha despacio: el grupo de más cerca con alguien libre, y de él el menos cargado."""
    libres = {uno for uno, carga in reparto.cargas.items() if carga < reparto.topes.get(uno, 10**9)}
    del_lugar = [uno for uno in libres if municipio in cubre.get(uno, ())]
    de_cerca = [uno for uno in libres if municipio and municipio[:2] in {c[:2] for c in cubre.get(uno, ())}]
    for grupo in ([anterior] if anterior in libres else [], del_lugar, de_cerca, libres):
        if grupo:
            return min(grupo, key=lambda uno: (reparto.cargas[uno], uno))
    return None


@given(
    cargas=st.dictionaries(st.integers(1, 6), st.integers(0, 5), max_size=6),
    topes=st.dictionaries(st.integers(1, 6), st.integers(1, 6), max_size=6),
    cubre=st.dictionaries(st.integers(1, 7), st.sets(st.sampled_from(MUNICIPIOS)), max_size=7),
    llegan=st.lists(
        st.tuples(st.none() | st.sampled_from((*MUNICIPIOS, "91001")), st.none() | st.integers(1, 7)), max_size=40
    ),
)
def test_elige_siempre_al_menos_cargado_del_grupo_y_nunca_pasa_de_un_tope(cargas, topes, cubre, llegan):
    reparto = Reparto(cargas, vence_el=PLAZO, topes=topes, municipios=cubre)
    for municipio, anterior in llegan:
        esperado = quien_toca(reparto, cubre, municipio, anterior)
        assert reparto.elegir(municipio, municipio[:2] if municipio else None, anterior) == esperado
        if esperado in topes:
            assert reparto.cargas[esperado] <= topes[esperado]


def test_primero_el_asesor_anterior_luego_el_municipio_luego_el_departamento_luego_cualquiera():
    reparto = Reparto(
        {1: 9, 2: 9, 3: 9, 4: 0}, vence_el=PLAZO, topes={1: 10, 2: 10}, municipios={2: ["05001"], 3: ["05002"]}
    )
    assert reparto.elegir("05001", "05", 1) == 1
    assert reparto.elegir("05001", "05", 1) == 2, "el anterior llegó a su tope"
    assert reparto.elegir("05001", "05", 1) == 3, "el del municipio también: sigue el del departamento"
    assert reparto.elegir("91001", "91", None) == 4, "nadie cubre ese departamento"
    assert reparto.elegir(None, None, 99) == 4, "quien ya no es asesor no cuenta"


def test_sin_nadie_libre_no_le_toca_a_nadie():
    reparto = Reparto({1: 0}, vence_el=PLAZO, topes={1: 1})
    assert [reparto.elegir(None, None, None) for _ in range(2)] == [1, None]
    assert Reparto({}, vence_el=PLAZO).elegir("05001", "05", 1) is None


def test_municipios_de_los_mismos_asesores_comparten_grupo():
    todos = [f"{n:05}" for n in range(500)]
    reparto = Reparto({1: 0, 2: 0}, vence_el=PLAZO, municipios={1: todos, 2: todos})
    assert len({id(grupo) for grupo in reparto._de_municipio.values()}) == 1


@pytest.mark.django_db
def test_reciben_los_asesores_activos_que_no_estan_en_pausa(django_assert_num_queries):
    libre, en_pausa, con_tope = asesor(), asesor(), asesor()
    asesor(is_active=False)
    FabricaUsuario(is_superuser=True)
    FabricaUsuario()
    medellin = FabricaMunicipio(codigo="98001")
    FabricaAsesor(usuario=en_pausa, recibe=False)
    FabricaAsesor(usuario=con_tope, tope=2).municipios.add(medellin)
    FabricaDerivacion(asesor=con_tope, vence_el=HOY)
    cerrada = FabricaDerivacion(asesor=libre, vence_el=HOY)
    type(cerrada).objects.filter(pk=cerrada.pk).update(estado="cerrada", resultado="vencida", cerrada_el=AHORA)
    with django_assert_num_queries(6):
        reparto = Reparto.de(HOY)
    assert reparto.cargas == {libre.pk: 0, con_tope.pk: 1}
    assert reparto.topes == {con_tope.pk: 2}
    assert reparto.elegir("98001", "98", None) == con_tope.pk
    assert reparto.elegir("98001", "98", en_pausa.pk) == libre.pk
    assert list(asesores()) == [libre, en_pausa, con_tope]


@pytest.mark.django_db
def test_el_plazo_se_cuenta_en_dias_habiles_con_el_parametro_del_dia():
    assert Reparto.de(date(2026, 3, 16)).vence_el == date(2026, 3, 31)
    Parametro.objects.create(clave="dias_derivacion", valor="15", vigente_desde=date(2026, 3, 1), norma="Prueba")
    assert Reparto.de(date(2026, 3, 16)).vence_el == date(2026, 4, 9)


@pytest.mark.django_db
def test_una_derivacion_abierta_de_otro_programa_tambien_es_carga():
    uno = asesor()
    for bono in FabricaBonificacion.create_batch(2):
        FabricaDerivacion(bonificacion=bono, asesor=uno, vence_el=HOY)
    assert Reparto.de(HOY).cargas[uno.pk] == 2
    assert not Asesor.objects.exists()
