"""Fusionar dos fichas que ganaron lo mismo: pasa, no se pierde nada y deshacerlo lo deja como estaba."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bonificaciones.models import Bonificacion, Derivacion, Sugerencia
from bonificaciones.operaciones.fusiones import REPETIDA
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaPrograma
from bonificaciones.tests.personas import asesor, cerrada, derivada_a
from clientes.models import Cliente
from clientes.operaciones import deshacer_fusion, fusionar_clientes
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente

pytestmark = pytest.mark.django_db
CAMPOS_BONO = ("pk", "cliente", "programa", "hito", "estado", "cerrada_el", "motivo")
CAMPOS = ("pk", "cliente", "estado", "resultado", "cerrada_el", "motivo", "volver_el", "asesor", "vence_el")


def todo():
    return (
        list(Bonificacion.objects.order_by("pk").values_list(*CAMPOS_BONO)),
        list(Derivacion.objects.order_by("pk").values_list(*CAMPOS)),
    )


@pytest.fixture
def fichas():
    return FabricaCliente(nombre="Queda"), FabricaCliente(nombre="Se va")


def ganar(cliente, programa, *, hito=0, abierta=True, resultado="aceptada", **campos):
    estado = {} if abierta else {"estado": resultado, "cerrada_el": AHORA}
    if resultado == "aceptada" and not abierta:
        estado |= {"aceptada_por": "oficina", "evidencia": "Formulario"}
    bono = FabricaBonificacion(cliente=cliente, programa=programa, hito=hito, **estado)
    if not abierta:
        return cerrada(bonificacion=bono, resultado=resultado)
    derivacion = derivada_a(asesor(), cliente=cliente)
    suelto, derivacion.bonificacion, derivacion.programa = derivacion.bonificacion, bono, programa
    for nombre, valor in campos.items():
        setattr(derivacion, nombre, valor)
    derivacion.save()
    suelto.delete()
    return derivacion


def fusionar(queda, se_va):
    return fusionar_clientes(queda, absorbido=se_va, elegidos={}, usuario=None, ahora=AHORA)


def deshacer(fusion):
    return deshacer_fusion(fusion, usuario=None, ahora=AHORA + timedelta(days=1))


def test_las_dos_abiertas_queda_la_de_la_principal_y_deshacer_devuelve_la_otra(fichas):
    programa = FabricaPrograma()
    mia = ganar(fichas[0], programa)
    suya = ganar(fichas[1], programa, estado="aplazada", volver_el=HOY)
    antes = todo()
    fusion = fusionar(*fichas)
    mia.refresh_from_db()
    suya = Derivacion.objects.get(pk=suya.pk)
    assert mia.estado == "pendiente"
    assert (suya.cliente, suya.resultado, suya.bonificacion.estado) == (fichas[0], "anulada", "anulada")
    assert suya.bonificacion.hito == REPETIDA
    assert "es la misma persona" in suya.gestiones.get().texto
    deshacer(fusion)
    assert todo() == antes
    assert [una.accion for una in suya.gestiones.order_by("id")] == ["anulada", "reanudada"]


def test_la_que_ya_acepto_en_la_otra_ficha_manda_sobre_la_abierta(fichas):
    programa = FabricaPrograma()
    mia, suya = ganar(fichas[0], programa), ganar(fichas[1], programa, abierta=False)
    antes = todo()
    fusion = fusionar(*fichas)
    mia.refresh_from_db()
    aceptada = Bonificacion.objects.get(cliente=fichas[0], programa=programa, hito=0)
    assert aceptada.pk == suya.bonificacion_id
    assert (mia.resultado, mia.bonificacion.hito) == ("anulada", REPETIDA)
    deshacer(fusion)
    assert todo() == antes


def test_dos_ya_cerradas_se_conservan_las_dos(fichas):
    programa = FabricaPrograma()
    for ficha in fichas:
        ganar(ficha, programa, abierta=False)
    antes = todo()
    fusion = fusionar(*fichas)
    estados = Bonificacion.objects.filter(cliente=fichas[0]).order_by("hito").values_list("hito", "estado")
    assert list(estados) == [(0, "aceptada"), (REPETIDA, "aceptada")]
    deshacer(fusion)
    assert todo() == antes


def test_de_dos_abiertas_del_programa_queda_la_del_aniversario_mas_reciente(fichas):
    programa = FabricaPrograma(frecuencia="anual")
    vieja, nueva = ganar(fichas[0], programa, hito=11), ganar(fichas[1], programa, hito=12)
    antes = todo()
    fusion = fusionar(*fichas)
    vieja.refresh_from_db()
    nueva.refresh_from_db()
    assert (vieja.resultado, vieja.bonificacion.hito, nueva.estado) == ("anulada", 11, "pendiente")
    deshacer(fusion)
    assert todo() == antes


def test_lo_que_no_se_repite_pasa_igual_y_la_sugerencia_se_vuelve_a_calcular(fichas):
    ganar(fichas[0], FabricaPrograma())
    ganar(fichas[1], FabricaPrograma())
    for ficha in fichas:
        Sugerencia.objects.create(cliente=ficha, calculada_el=HOY, nivel="bajo")
    antes = todo()
    fusion = fusionar(*fichas)
    assert Derivacion.objects.abiertas().filter(cliente=fichas[0]).count() == 2
    assert Sugerencia.objects.get().cliente == fichas[0]
    deshacer(fusion)
    assert todo() == antes


def test_si_despues_gano_otra_en_su_lugar_la_anulada_no_revive(fichas):
    programa = FabricaPrograma(frecuencia="anual")
    mia, suya = ganar(fichas[0], programa, hito=11), ganar(fichas[1], programa, hito=12)
    fusion = fusionar(*fichas)
    Derivacion.objects.filter(pk=suya.pk).update(estado="cerrada", resultado="vencida", cerrada_el=AHORA)
    ganar(Cliente.objects.get(pk=fichas[0].pk), programa, hito=13)
    deshacer(fusion)
    mia.refresh_from_db()
    assert (mia.estado, mia.resultado) == ("cerrada", "anulada")
