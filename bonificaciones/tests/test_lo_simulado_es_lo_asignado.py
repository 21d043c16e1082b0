"""Con cualquier programa y cualquier gente: lo que el editor muestra, lo que se simula y lo que se asigna son lo mismo.

Y los tres son lo que dice un oráculo aparte, que mira cliente por cliente.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonificaciones.asignacion import alcance
from bonificaciones.models import Bonificacion, Derivacion
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from bonificaciones.tests import oraculo
from bonificaciones.tests.fabricas import FabricaPrograma
from bonificaciones.tests.oraculo import Contrato, Persona, Regla
from clientes.models import Cliente
from clientes.tests.fabricas import (
    AHORA,
    HOY,
    FabricaCliente,
    FabricaContrato,
    FabricaInteraccion,
    FabricaMunicipio,
    servicio_con_precio,
)
from movistar_site.comun.models import Parametro

pytestmark = pytest.mark.django_db

# Alrededor de los aniversarios que importan, y del 29 de febrero.
BORDES = [HOY.replace(year=HOY.year - n) for n in (3, 10, 11, 15, 20)] + [date(2016, 2, 29), date(2012, 2, 29)]
dias = st.builds(lambda dia, mas: dia + timedelta(days=mas), st.sampled_from(BORDES), st.integers(-2, 2))
precios = st.integers(0, 20_000_000).map(lambda centavos: Decimal(centavos).scaleb(-2))


@st.composite
def contratos(draw: Any) -> Contrato:
    inicio = draw(st.dates(date(2000, 1, 1), HOY))
    estado = draw(st.sampled_from(["activo", "activo", "suspendido", "terminado", "pendiente"]))
    fin = draw(st.dates(inicio, HOY)) if estado == "terminado" else None
    return Contrato(draw(precios), inicio, draw(st.integers(0, 1)), estado, fin, draw(st.booleans()))


personas = st.builds(
    Persona,
    vinculacion=dias,
    activa=st.sampled_from([True, True, True, False]),
    categoria=st.sampled_from(["", "", "nuevo", "leal"]),
    municipio=st.sampled_from([None, "98001", "98002"]),
    contratos=st.lists(contratos(), max_size=3),
    pqr=st.sampled_from([set(), set(), {1}]),
)


@st.composite
def reglas(draw: Any) -> Regla:
    beneficio = draw(st.sampled_from(["porcentaje", "valor", "datos_extra", "meses_gratis", "equipo"]))
    calculos = {"valor": ["fijo", "factura", "escalones"], "equipo": ["fijo"]}.get(beneficio, ["fijo", "escalones"])
    meses = draw(st.sampled_from([0, 36, 120, 126, 180]))
    entera = beneficio == "meses_gratis"
    cantidades = st.integers(1, 12).map(Decimal) if entera else st.integers(1, 10_000).map(lambda n: Decimal(n) / 100)
    return Regla(
        meses=meses,
        estricto=draw(st.booleans()),
        hasta=draw(st.sampled_from([None, None, meses + 60])),
        anual=draw(st.booleans()),
        con_contrato=draw(st.booleans()),
        tipos=draw(st.sampled_from([set(), set(), {0}])),
        categorias=draw(st.sampled_from([set(), set(), {"leal"}, {"nuevo", "regular"}])),
        municipios=draw(st.sampled_from([set(), set(), {"98001"}])),
        beneficio=beneficio,
        calculo=draw(st.sampled_from(calculos)),
        cantidad=Decimal(1) if beneficio == "equipo" else draw(cantidades),
        escalones=[(0, draw(cantidades)), (11, draw(cantidades)), (15, draw(cantidades))],
        costo_unitario=draw(precios),
        meses_que_dura=draw(st.integers(1, 24)),
        tope=draw(st.sampled_from([None, None, Decimal(5_000), Decimal(60_000)])),
    )


@pytest.fixture
def escena() -> dict[str, Any]:
    servicios = [servicio_con_precio(), servicio_con_precio()]
    municipios = {codigo: FabricaMunicipio(codigo=codigo) for codigo in ("98001", "98002")}
    return {"servicios": servicios, "municipios": municipios}


def poner(gente: list[Persona], escena: dict[str, Any]) -> dict[int, Persona]:
    """La gente del oráculo, en la base."""
    salida = {}
    for persona in gente:
        cliente = FabricaCliente(
            fecha_vinculacion=persona.vinculacion, municipio=escena["municipios"].get(persona.municipio),
            estado="activo" if persona.activa else "inactivo", inactivo_desde=None if persona.activa else HOY,
            categoria_asignada=persona.categoria, motivo_categoria="Prueba" if persona.categoria else "",
        )  # fmt: skip
        for uno in persona.contratos:
            FabricaContrato(
                cliente=cliente, servicio=escena["servicios"][uno.tipo], estado=uno.estado, fecha_inicio=uno.inicio,
                fecha_fin=uno.fin, precio=uno.precio, periodicidad="mensual" if uno.mensual else "recarga",
            )  # fmt: skip
        for _ in persona.pqr:
            FabricaInteraccion(cliente=cliente, tipo="consulta")
        salida[cliente.pk] = persona
    return salida


@settings(
    max_examples=45,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(regla=reglas(), gente=st.lists(personas, min_size=3, max_size=9), hueco=st.sampled_from([0, 0, 45]))
def test_lo_que_se_muestra_se_simula_y_se_asigna_es_lo_mismo(
    escena: dict[str, Any], regla: Regla, gente: list[Persona], hueco: int
) -> None:
    Parametro.objects.filter(clave="hueco_permanencia").delete()
    Parametro.objects.create(
        clave="hueco_permanencia", valor=str(hueco), vigente_desde=date(2000, 1, 1), norma="Prueba"
    )
    Derivacion.objects.all().delete()
    Bonificacion.objects.all().delete()
    Cliente.objects.exclude(pk=None).update(estado="inactivo", inactivo_desde=HOY)
    por_clave = poner(gente, escena)
    programa = FabricaPrograma(**oraculo.campos(regla))
    programa.tipos.set([escena["servicios"][n].tipo for n in regla.tipos])
    programa.municipios.set([escena["municipios"][codigo] for codigo in regla.municipios])

    esperados = oraculo.premiados(regla, por_clave, hoy=HOY, tienen=set(), hueco=hueco)
    vista = alcance.mirar(programa, hoy=HOY)
    simulada = notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA, simular=True)
    assert not Bonificacion.objects.exists()
    corrida = notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA)

    asignadas = {
        bono.cliente_id: oraculo.Premio(bono.hito, bono.anios, bono.cantidad, bono.factura, bono.costo_mensual)
        for bono in Bonificacion.objects.all()
    }
    assert asignadas == esperados
    costo = sum((premio.costo for premio in esperados.values()), Decimal(0))
    assert vista.alcance.elegidos == simulada.otorgadas == corrida.otorgadas == len(esperados)
    assert Decimal(vista.alcance.costo) / 100 == simulada.costo_mensual == corrida.costo_mensual == costo
    for una in (simulada, corrida):
        assert (una.por_permanencia, una.ya_la_tenian) == (vista.alcance.por_permanencia, vista.alcance.ya_la_tenian)
        assert (una.excluidos, una.fuera_del_tope) == (vista.alcance.excluidos, vista.alcance.fuera_del_tope)
    partes = sum(corrida.excluidos.values()) + corrida.fuera_del_tope + corrida.ya_la_tenian + corrida.otorgadas
    assert partes == corrida.por_permanencia
    muestra = [uno.cliente.pk for uno in vista.ejemplos]
    assert muestra == sorted(muestra, key=lambda clave: (oraculo.desde_cuando(por_clave[clave], hueco, HOY), clave))
    assert set(muestra) <= set(esperados)
    # Otra vez, nadie más; a lo sumo, quien cabe en lo que el tope dejó libre, que es nadie.
    assert notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA).otorgadas == 0
