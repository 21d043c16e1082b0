"""Cada regla de fábrica ofrece lo suyo a quien le toca, en su orden, y dice por qué no lo demás."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonificaciones.models import ReglaOferta
from bonificaciones.ofertas.catalogo import Catalogo, leer_catalogo
from bonificaciones.ofertas.lecturas import Filas
from bonificaciones.ofertas.perfil import Lector
from bonificaciones.ofertas.reglas import leer_reglas
from bonificaciones.ofertas.siguiente import MAXIMO, ofertas_para, siguientes
from bonificaciones.tests.escenas_ofertas import Escena, codigos, descartada, dia_a_las, ofrecido, solo
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaOferta, FabricaReglaOferta
from clientes.tests import fabricas
from clientes.tests.fabricas import AHORA, HOY
from movistar_site.comun.models import Parametro
from servicios.models import TipoServicio

pytestmark = pytest.mark.django_db


@pytest.fixture
def escena(db: None) -> Escena:
    return Escena()


# --- Las reglas de fábrica, una por una ------------------------------------------------------------------------------
def test_con_una_pqr_abierta_no_se_ofrece_nada(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    caso = escena.caso(cliente, hace=2, cerrado=False)
    resultado = ofertas_para(cliente, hoy=HOY)
    assert resultado.ofertas == []
    assert resultado.freno is not None
    assert resultado.freno.codigo == "PQR-ABIERTA"
    porque, cambia = descartada(resultado, "CONVERGENCIA")
    assert porque == "Tiene una PQR abierta."
    assert cambia == f"si se cierra su PQR {caso.numero}"


def test_una_sugerencia_abierta_no_lo_impide(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    escena.caso(cliente, hace=2, tipo="sugerencia", cerrado=False)
    assert "CONVERGENCIA" in ofrecido(cliente)


@pytest.mark.parametrize("motivo", ["terminacion", "portabilidad"])
def test_a_quien_pide_irse_no_se_le_ofrece_nada(escena: Escena, motivo: str) -> None:
    cliente = escena.cliente("POS-10")
    # Una sugerencia no es PQR, pero si pide irse tampoco se le ofrece nada.
    caso = escena.caso(cliente, hace=1, tipo="sugerencia", cerrado=False, motivo=motivo)
    resultado = ofertas_para(cliente, hoy=HOY)
    assert resultado.freno is not None
    assert resultado.freno.codigo == "PIDE-IRSE"
    assert descartada(resultado, "CONVERGENCIA") == (
        "Pidió terminar el contrato o llevarse su número.", f"si se resuelve {caso.numero} y decide quedarse",
    )  # fmt: skip


def test_tras_un_beneficio_se_descansa_hasta_que_pasen_los_meses(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    FabricaBonificacion(cliente=cliente, otorgada_el=date(2026, 1, 31))
    resultado = ofertas_para(cliente, hoy=HOY)
    assert resultado.freno is not None
    assert resultado.freno.codigo == "BENEFICIO-RECIENTE"
    assert descartada(resultado, "CONVERGENCIA")[1] == (
        "cuando cumpla 6 meses desde su último beneficio: 31/07/2026"
    )  # fmt: skip
    assert ofrecido(cliente, date(2026, 7, 30)) == {}
    assert "CONVERGENCIA" in ofrecido(cliente, date(2026, 7, 31))


def test_los_meses_de_descanso_son_un_parametro(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    FabricaBonificacion(cliente=cliente, otorgada_el=date(2026, 1, 1))
    Parametro.objects.create(clave="meses_entre_beneficios", valor="2", vigente_desde=HOY, norma="Acta 1")
    assert "CONVERGENCIA" in ofrecido(cliente)


def test_tras_cerrar_una_pqr_primero_una_disculpa(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    escena.caso(cliente, hace=90, tipo="consulta")
    resultado = ofertas_para(cliente, hoy=HOY)
    assert codigos(resultado)[0] == "DISCULPA"
    assert resultado.ofertas[0].titulo.startswith("Disculpa por la molestia")
    assert "DISCULPA" not in ofrecido(cliente, HOY + timedelta(days=1))


def test_en_mora_ni_descuentos_ni_mas_servicios(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    fabricas.FabricaSuspension(contrato=cliente.contratos.get(), clase="mora", desde=HOY)
    resultado = ofertas_para(cliente, hoy=HOY)
    assert resultado.ofertas == []
    porque, cambia = descartada(resultado, "RETENCION")
    assert porque == "Está suspendido por falta de pago."
    assert cambia == "si se pone al día y se le reanuda el servicio"


def test_a_quien_paga_mucho_y_esta_contento_se_le_reconoce_sin_descuento(escena: Escena) -> None:
    cliente = escena.cliente("DUO", "POS-ILIM", desde=date(2012, 1, 1))
    resultado = ofertas_para(cliente, hoy=HOY)
    assert (resultado.perfil.consumo.nivel, resultado.riesgo.nivel) == ("alto", "bajo")
    assert codigos(resultado)[0] == "RECONOCIMIENTO"
    assert "descuento" not in resultado.ofertas[0].titulo


def test_fibra_a_quien_solo_tiene_movil_donde_se_vende(escena: Escena) -> None:
    assert ofrecido(escena.cliente("POS-10"))["CONVERGENCIA"] == "Fib-300"
    lejos = ofertas_para(escena.cliente("POS-10", municipio=escena.pueblo), hoy=HOY)
    assert "CONVERGENCIA" not in codigos(lejos)
    assert descartada(lejos, "CONVERGENCIA") == (
        "En su municipio no se vende Internet de fibra óptica.",
        "cuando en su municipio se venda Internet de fibra óptica",
    )


def test_retencion_a_quien_puede_irse(escena: Escena) -> None:
    cliente = escena.cliente("FIB-300", desde=date(2025, 6, 1))
    for dias in (100, 130, 160, 190):
        escena.caso(cliente, hace=dias)
    resultado = ofertas_para(cliente, hoy=HOY)
    assert resultado.riesgo.nivel == "alto"
    assert codigos(resultado)[0] == "RETENCION"
    assert resultado.riesgo.por_que[:2] == ["4 reclamaciones en el último año", "lleva menos de un año"]
    # A quien puede irse no se le vende más.
    assert "TELEVISION" not in codigos(resultado)


def test_pospago_a_quien_solo_recarga(escena: Escena) -> None:
    assert ofrecido(escena.cliente("PRE-30"))["A-POSPAGO"] == "Pos-10"
    recien = ofertas_para(escena.cliente("PRE-30", desde=date(2025, 12, 20)), hoy=HOY)
    assert descartada(recien, "A-POSPAGO") == (
        "Lleva 2 meses y se pide al menos 6 meses.", "cuando cumpla 6 meses con nosotros: 20/06/2026",
    )  # fmt: skip


def test_el_plan_que_sigue_y_la_television_a_quien_tiene_fibra(escena: Escena) -> None:
    propuestas = ofrecido(escena.cliente("FIB-300"))
    assert propuestas == {"MEJOR-FIBRA": "Fib-600", "TELEVISION": "Tv"}
    assert "MEJOR-FIBRA" not in ofrecido(escena.cliente("FIB-600"))
    assert ofrecido(escena.cliente("POS-10", "FIB-600", "TV"))["MEJOR-POSPAGO"] == "Pos-40"


def test_lo_que_ya_va_en_un_paquete_no_se_ofrece(escena: Escena) -> None:
    resultado = ofertas_para(escena.cliente("DUO"), hoy=HOY)
    assert not {"MEJOR-FIBRA", "TELEVISION"} & set(codigos(resultado))
    assert descartada(resultado, "MEJOR-FIBRA")[0] == "Ya tiene Internet de fibra óptica, dentro de un paquete."
    assert descartada(resultado, "TELEVISION")[0] == "Tiene Televisión."


def test_a_un_cliente_inactivo_no_se_le_ofrece_nada(escena: Escena) -> None:
    cliente = escena.cliente("POS-10", estado="inactivo", inactivo_desde=HOY)
    resultado = ofertas_para(cliente, hoy=HOY)
    assert resultado.ofertas == []
    assert descartada(resultado, "CONVERGENCIA") == ("El cliente está inactivo.", "si el cliente se reactiva")


# --- Lo que ya se le ofreció -----------------------------------------------------------------------------------------
def _pasada(cliente: Any, codigo: str, estado: str, hace: int, **campos: Any) -> None:
    cuando = AHORA - timedelta(days=hace)
    FabricaOferta(
        cliente=cliente, regla=ReglaOferta.objects.get(codigo=codigo), estado=estado, presentada_el=cuando,
        respondida_el=None if estado == "presentada" else cuando, **campos,
    )  # fmt: skip


def test_lo_que_no_quiso_no_se_le_repite_hasta_que_pasen_los_meses(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    _pasada(cliente, "CONVERGENCIA", "rechazada", hace=10)
    resultado = ofertas_para(cliente, hoy=HOY)
    assert "CONVERGENCIA" not in codigos(resultado)
    assert descartada(resultado, "CONVERGENCIA") == ("No la quiso el 06/03/2026.", "desde el 06/09/2026")
    assert "CONVERGENCIA" in ofrecido(cliente, date(2026, 9, 6))
    Parametro.objects.create(clave="meses_tras_rechazo", valor="0", vigente_desde=HOY, norma="Acta 1")
    assert "CONVERGENCIA" in ofrecido(cliente)


def test_el_mismo_servicio_rechazado_por_otra_regla_tampoco(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    _pasada(cliente, "RETENCION", "rechazada", hace=10, servicio=escena.servicios["FIB-300"])
    assert "CONVERGENCIA" not in ofrecido(cliente)


def test_lo_presentado_espera_su_respuesta(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    _pasada(cliente, "CONVERGENCIA", "presentada", hace=5)
    resultado = ofertas_para(cliente, hoy=HOY)
    assert descartada(resultado, "CONVERGENCIA") == (
        "Se le presentó el 11/03/2026 y espera su respuesta.", "si responde, o desde el 10/04/2026",
    )  # fmt: skip
    assert "CONVERGENCIA" in ofrecido(cliente, date(2026, 4, 10))


def test_lo_aceptado_no_se_repite_y_un_beneficio_aceptado_da_descanso(escena: Escena) -> None:
    cliente = escena.cliente("POS-10")
    _pasada(cliente, "CONVERGENCIA", "aceptada", hace=5, servicio=escena.servicios["FIB-300"])
    assert descartada(ofertas_para(cliente, hoy=HOY), "CONVERGENCIA")[0] == "Ya la aceptó el 11/03/2026."
    otro = escena.cliente("POS-10")
    _pasada(otro, "DISCULPA", "aceptada", hace=5)
    freno = ofertas_para(otro, hoy=HOY).freno
    assert freno is not None
    assert freno.codigo == "BENEFICIO-RECIENTE"


# --- Qué se propone --------------------------------------------------------------------------------------------------
def test_caben_tres_y_las_demas_dicen_que_hay_mejores(escena: Escena) -> None:
    for n in range(5):
        FabricaReglaOferta(codigo=f"GESTO-{n}", orden=n, accion="beneficio", beneficio=f"Gesto {n}")
    resultado = ofertas_para(escena.cliente("POS-10"), hoy=HOY)
    assert codigos(resultado) == ["GESTO-0", "GESTO-1", "GESTO-2"]
    assert descartada(resultado, "GESTO-3")[0] == "Hay tres ofertas mejores para él."


def test_lo_retirado_o_sin_precio_no_se_ofrece(escena: Escena) -> None:
    solo("CONVERGENCIA")
    fibra = escena.servicios["FIB-300"]
    type(fibra).objects.filter(pk=fibra.pk).update(estado="retirado", retirado_el=HOY)
    assert ofrecido(escena.cliente("POS-10")) == {"CONVERGENCIA": "Fib-600"}
    escena.servicios["FIB-600"].precios.update(vigente_desde=HOY + timedelta(days=1))
    resultado = ofertas_para(escena.cliente("POS-10"), hoy=HOY)
    assert descartada(resultado, "CONVERGENCIA")[0] == "Hoy no se le puede vender Internet de fibra óptica."


def test_un_servicio_se_ofrece_con_la_promocion_que_puede_tener(escena: Escena) -> None:
    solo("CONVERGENCIA")
    ajena = fabricas.FabricaPromocion(codigo="A", meses_minimos=600)
    ajena.servicios.set([escena.servicios["FIB-300"]])
    suya = fabricas.FabricaPromocion(codigo="B", cantidad=Decimal(20), duracion_meses=3)
    suya.servicios.set([escena.servicios["FIB-300"]])
    (oferta,) = ofertas_para(escena.cliente("POS-10"), hoy=HOY).ofertas
    assert oferta.promocion is not None
    assert oferta.promocion.promocion == suya
    assert oferta.con == "20 % de descuento por 3 meses"
    assert oferta.precio == Decimal(74_900)


def test_una_promocion_de_un_segmento_es_solo_para_los_suyos(escena: Escena) -> None:
    from bonificaciones.tests.fabricas import FabricaSegmento

    ReglaOferta.objects.update(activa=False)
    promocion = fabricas.FabricaPromocion(nombre="Solo leales")
    segmento = FabricaSegmento(filtros="categoria=leal")
    segmento.promociones.add(promocion)
    FabricaReglaOferta(codigo="PROMO", accion="promocion", promocion=promocion)
    leal, nuevo = escena.cliente("POS-10", desde=date(2010, 1, 1)), escena.cliente("POS-10")
    assert list(ofrecido(leal)) == ["PROMO"]
    resultado = ofertas_para(nuevo, hoy=HOY)
    assert resultado.ofertas == []
    assert "segmento" in descartada(resultado, "PROMO")[0]


def test_una_regla_rota_se_salta_y_lo_dice(escena: Escena) -> None:
    FabricaReglaOferta(codigo="ROTA", orden=0, condiciones=[{"hecho": "humor", "operador": "igual", "valor": 1}])
    resultado = ofertas_para(escena.cliente("POS-10"), hoy=HOY)
    assert "CONVERGENCIA" in codigos(resultado)
    assert descartada(resultado, "ROTA")[0] == (
        "La regla no se puede mirar. No hay ningún hecho que se llame «humor»."
    )  # fmt: skip


def test_cuesta_pocas_consultas_y_siempre_las_mismas(escena: Escena) -> None:
    solo_uno, lleno = escena.cliente(), escena.cliente("FIB-300", "POS-10", "PRE-30")
    for dias in range(1, 30):
        escena.caso(lleno, hace=dias)
        FabricaOferta(cliente=lleno)
    for _ in range(6):
        fabricas.FabricaPromocion().servicios.set(list(escena.servicios.values()))

    def consultas(cliente: Any) -> int:
        with CaptureQueriesContext(connection) as capturadas:
            ofertas_para(cliente, hoy=HOY)
        return len(capturadas)

    assert consultas(solo_uno) == consultas(lleno) <= 10


# --- Por propiedades -------------------------------------------------------------------------------------------------
ESTADOS = ("activo", "activo", "suspendido", "pendiente", "terminado")
DIAS = st.integers(0, 800).map(lambda n: HOY - timedelta(days=n))


@st.composite
def _vidas(draw: Any) -> tuple[Any, ...]:
    """Las filas de un cliente cualquiera: desde cuándo, contratos, casos y lo demás que le ha pasado."""
    contratos = draw(st.lists(st.tuples(st.integers(0, 8), st.sampled_from(ESTADOS), DIAS), max_size=5))
    casos = draw(st.lists(st.tuples(st.sampled_from(("consulta", "reclamacion", "sugerencia")), DIAS, st.booleans()),
                          max_size=6))  # fmt: skip
    vida = draw(st.lists(st.tuples(st.sampled_from(("mora", "sube", "baja", "bono", "contacto")), DIAS), max_size=4))
    rechazos = draw(st.lists(st.tuples(st.integers(0, 8), DIAS), max_size=4))
    return draw(DIAS) - timedelta(days=draw(st.integers(0, 5000))), contratos, casos, vida, rechazos


def _filas(vida: tuple[Any, ...], servicios: list[int], municipio: str) -> Filas:
    desde, contratos, casos, sucesos, rechazos = vida
    return Filas(
        [(1, "activo", desde, "", "natural", 3, municipio)],
        {1: [(1, servicios[n % len(servicios)], estado, dia, HOY if estado == "terminado" else None,
              Decimal(50_000), "mensual", 0, None, "C-1") for n, estado, dia in contratos]},
        {1: [(1, f"R-{n}", tipo, dia_a_las(dia), dia_a_las(dia, 15) if cerrado else None, "", None, None)
             for n, (tipo, dia, cerrado) in enumerate(casos)]},
        {1: [(1, que, "", dia, None, None, None, None) for que, dia in sucesos]
         + [(1, "oferta", "rechazada", dia, None, None, servicios[n % len(servicios)], None) for n, dia in rechazos]},
    )  # fmt: skip


@pytest.fixture
def mundo(escena: Escena) -> tuple[Lector, Catalogo, list[Any], list[int]]:
    retirado = escena.servicios["POS-40"]
    type(retirado).objects.filter(pk=retirado.pk).update(estado="retirado", retirado_el=HOY)
    catalogo = leer_catalogo(HOY, con_promociones=True)
    lector = Lector(catalogo)
    lector.cobertura.averiguar([escena.ciudad.pk, escena.pueblo.pk])
    return lector, catalogo, leer_reglas(), [uno.pk for uno in escena.servicios.values()]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(vida=_vidas(), en_ciudad=st.booleans())
def test_nunca_se_ofrece_lo_que_no_se_debe(mundo: Any, vida: Any, en_ciudad: bool) -> None:
    lector, catalogo, reglas, servicios = mundo
    municipios = list(lector.cobertura.sabidos)
    filas = _filas(vida, servicios, municipios[1 + en_ciudad])
    perfil = lector._perfil(filas.clientes[0], filas, {})
    resultado = siguientes(perfil, reglas=reglas, catalogo=catalogo)
    # Determinista.
    assert siguientes(perfil, reglas=reglas, catalogo=catalogo).ofertas == resultado.ofertas
    assert len(resultado.ofertas) <= MAXIMO
    assert len(resultado.ofertas) + len(resultado.descartadas) + (resultado.freno is not None) == len(reglas)
    if perfil.atencion.abiertas or perfil.trato.mora_desde == HOY:
        assert all(una.regla.codigo == "DISCULPA" for una in resultado.ofertas)
    if perfil.atencion.abiertas:
        assert resultado.ofertas == []
    recientes = {una.servicio for una in perfil.trato.ofertas if (HOY - una.dia).days < 180}
    for una in resultado.ofertas:
        assert una.porque
        if una.servicio is not None:
            assert una.servicio.se_vende
            assert not una.servicio.incluye & perfil.consumo.servicios
            assert una.servicio.clave not in recientes
    for descartada_ in resultado.descartadas:
        assert descartada_.porque.endswith(".")
        assert "{" not in descartada_.porque + descartada_.que_lo_cambiaria


def test_las_reglas_de_fabrica_se_entienden_y_no_vuelven_si_se_borran(db: None) -> None:
    from bonificaciones.ofertas.semillas import REGLAS, cargar_reglas_base

    leidas = leer_reglas()
    assert [una.codigo for una in leidas] == [una.codigo for una in REGLAS]
    assert not [una.rota for una in leidas if una.rota]
    assert {una.tipo for una in leidas if una.tipo} <= set(TipoServicio.objects.values_list("codigo", flat=True))
    assert cargar_reglas_base() == 0
    ReglaOferta.objects.all().delete()
    assert cargar_reglas_base() == 0
