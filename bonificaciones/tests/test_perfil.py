"""El perfil dice de cada cliente lo que dicen los datos, y cuesta lo mismo con mucha historia que con ninguna."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bonificaciones.ofertas.catalogo import leer_catalogo, mejora
from bonificaciones.ofertas.hechos import ultimo_beneficio
from bonificaciones.ofertas.perfil import perfil_de, perfiles
from bonificaciones.tests.escenas_ofertas import Escena
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaOferta
from clientes.models import Cliente
from clientes.tests import fabricas
from clientes.tests.fabricas import AHORA, HOY

pytestmark = pytest.mark.django_db


@pytest.fixture
def escena(db: None) -> Escena:
    return Escena()


def test_quien_es_y_desde_cuando(escena: Escena) -> None:
    perfil = perfil_de(escena.cliente("FIB-300", desde=date(2012, 3, 16)), hoy=HOY)
    assert (perfil.meses, perfil.categoria, perfil.activo, perfil.empresa) == (168, "leal", True, False)
    # Diez años exactos no son más de diez.
    assert perfil_de(escena.cliente(desde=date(2016, 3, 16)), hoy=HOY).categoria == "regular"
    assert perfil_de(escena.cliente(desde=date(2016, 3, 15)), hoy=HOY).categoria == "leal"
    a_mano = escena.cliente(desde=date(2025, 1, 1), categoria_asignada="leal", motivo_categoria="Convenio")
    assert perfil_de(a_mano, hoy=HOY).categoria == "leal"


def test_un_paquete_cuenta_como_lo_que_lo_compone(escena: Escena) -> None:
    perfil = perfil_de(escena.cliente("DUO"), hoy=HOY)
    assert perfil.consumo.tipos == {"duo", "fibra", "television"}
    assert perfil.consumo.servicios == {escena.servicios[codigo].pk for codigo in ("DUO", "FIB-300", "TV")}
    assert [uno.codigo for uno in perfil.consumo.directos] == ["DUO"]


def test_lineas_y_gasto_son_de_lo_que_hoy_se_presta(escena: Escena) -> None:
    cliente = escena.cliente("FIB-300", "POS-10", "PRE-30")
    escena.contrato(cliente, "TV", estado="suspendido")
    escena.contrato(cliente, "FIJO", estado="terminado", fecha_fin=HOY - timedelta(days=30))
    escena.contrato(cliente, "POS-40", inicio=date(2021, 1, 1), estado="terminado", fecha_fin=date(2023, 9, 1))
    consumo = perfil_de(cliente, hoy=HOY).consumo
    assert (consumo.fijas, consumo.moviles, consumo.prepago) == (1, 2, 1)
    # La recarga no es un pago mensual, y lo suspendido no se cobra.
    assert consumo.gasto == Decimal(109_800)
    assert consumo.tipos == {"fibra", "pospago", "prepago", "television"}
    assert consumo.tipos_de_antes == consumo.tipos | {"telefonia_fija"}
    assert consumo.terminados == 1


def test_el_gasto_se_compara_con_el_catalogo(escena: Escena) -> None:
    nada, todo = perfil_de(escena.cliente(), hoy=HOY), perfil_de(escena.cliente("FIB-600", "DUO", "POS-ILIM"), hoy=HOY)
    assert (nada.consumo.percentil, nada.consumo.nivel) == (0, "bajo")
    assert (todo.consumo.percentil, todo.consumo.nivel) == (100, "alto")
    assert perfil_de(escena.cliente("FIB-300"), hoy=HOY).consumo.nivel == "medio"


def test_la_permanencia_solo_vale_en_lo_fijo_y_mientras_dura(escena: Escena) -> None:
    con_anexo = {"permanencia_meses": 12, "anexo_permanencia": "A-1"}
    cliente = escena.cliente()
    escena.contrato(cliente, "FIB-300", inicio=date(2025, 6, 1), **con_anexo)
    escena.contrato(cliente, "POS-10", inicio=date(2026, 1, 1), **con_anexo)
    assert perfil_de(cliente, hoy=HOY).consumo.permanencia_hasta == date(2026, 6, 1)
    assert perfil_de(cliente, hoy=date(2026, 6, 1)).consumo.permanencia_hasta is None


def test_lo_que_consulto_y_reclamo(escena: Escena) -> None:
    cliente = escena.cliente("FIB-300")
    escena.caso(cliente, hace=400)
    escena.caso(cliente, hace=200, sentido="desfavorable")
    escena.caso(cliente, hace=30, tipo="consulta")
    escena.caso(cliente, hace=20, tipo="sugerencia", cerrado=False)
    tardia = escena.caso(cliente, hace=100)
    fabricas.FabricaSilencio(interaccion=tardia, ocurrio_el=HOY - timedelta(days=70))
    abierta = escena.caso(cliente, hace=2, cerrado=False, motivo="portabilidad")
    atencion = perfil_de(cliente, hoy=HOY).atencion
    assert (atencion.reclamaciones, atencion.reclamaciones_90, atencion.consultas) == (3, 1, 1)
    assert (atencion.en_contra, atencion.silencios, atencion.salidas) == (1, 1, 1)
    # Una sugerencia abierta no es una PQR abierta, ni cerrarla se disculpa.
    assert atencion.abiertas == atencion.pide_irse == (abierta.numero,)
    assert atencion.ultima_cerrada == HOY - timedelta(days=30)


def test_una_pqr_vieja_que_sigue_abierta_se_ve(escena: Escena) -> None:
    cliente = escena.cliente("FIB-300")
    vieja = escena.caso(cliente, hace=700, cerrado=False)
    atencion = perfil_de(cliente, hoy=HOY).atencion
    assert atencion.abiertas == (vieja.numero,)
    assert atencion.reclamaciones == 0


def test_moras_cambios_ofertas_beneficios_y_contactos(escena: Escena) -> None:
    cliente = escena.cliente("FIB-300", "POS-10")
    fibra, movil = cliente.contratos.order_by("pk")
    fabricas.FabricaSuspension(contrato=fibra, clase="mora", desde=date(2026, 2, 1))
    fabricas.FabricaSuspension(contrato=movil, clase="mora", desde=date(2025, 8, 1), hasta=date(2025, 8, 9))
    fabricas.FabricaSuspension(contrato=movil, clase="peticion", desde=date(2025, 9, 1), hasta=date(2025, 9, 9))
    cambio = {"estado": "aplicado", "efectivo_el": date(2025, 10, 1)}
    fabricas.FabricaCambioPlan(contrato=fibra, precio_anterior=90_000, precio_nuevo=70_000, **cambio)
    fabricas.FabricaCambioPlan(contrato=movil, precio_anterior=30_000, precio_nuevo=60_000, **cambio)
    fabricas.FabricaCambioPlan(contrato=movil, precio_anterior=30_000, precio_nuevo=10_000, estado="programado")
    FabricaOferta(cliente=cliente, estado="aceptada", presentada_el=AHORA, respondida_el=AHORA)
    FabricaOferta(cliente=cliente, estado="rechazada", presentada_el=AHORA - timedelta(days=400), respondida_el=AHORA)
    FabricaBonificacion(cliente=cliente, otorgada_el=date(2025, 5, 5))
    FabricaBonificacion(cliente=cliente, otorgada_el=HOY, estado="rechazada", cerrada_el=AHORA, programa__codigo="OTRO")
    fabricas.FabricaContacto(cliente=cliente, momento=AHORA - timedelta(days=8))
    trato = perfil_de(cliente, hoy=HOY).trato
    assert (trato.mora_desde, trato.moras) == (date(2026, 2, 1), 2)
    assert (trato.subidas, trato.bajadas) == (1, 1)
    assert (trato.aceptadas, trato.rechazadas) == (1, 0)
    assert [una.estado for una in trato.ofertas] == ["aceptada", "rechazada"]
    # La oferta aceptada, que no era un servicio, es lo último que se le dio; un bono que no quiso no es un beneficio.
    assert trato.ultimo_beneficio == HOY
    assert trato.ultimo_contacto == HOY - timedelta(days=8)


def test_un_contrato_con_promocion_tambien_es_un_beneficio(escena: Escena) -> None:
    cliente = escena.cliente()
    promocion = fabricas.FabricaPromocion()
    escena.contrato(cliente, "FIB-300", inicio=date(2026, 1, 20), promocion=promocion)
    perfil = perfil_de(cliente, hoy=HOY)
    assert ultimo_beneficio(perfil) == date(2026, 1, 20)
    assert list(perfil.consumo.promociones) == [promocion.pk]


def test_un_tipo_llega_al_municipio_donde_alguien_lo_tiene_activo(escena: Escena) -> None:
    assert "fibra" in perfil_de(escena.cliente(municipio=escena.ciudad), hoy=HOY).llega
    assert perfil_de(escena.cliente(municipio=escena.pueblo), hoy=HOY).llega == frozenset()
    vecino = escena.cliente(municipio=escena.pueblo)
    viejo = escena.contrato(vecino, "FIB-300", estado="terminado", fecha_fin=HOY)
    assert perfil_de(vecino, hoy=HOY).llega == frozenset()
    type(viejo).objects.filter(pk=viejo.pk).update(estado="activo", fecha_fin=None)
    assert perfil_de(vecino, hoy=HOY).llega == {"fibra"}
    # Un paquete trae lo que lo compone; la móvil llega a todas partes y no se pregunta.
    escena.cliente("DUO", "POS-10", municipio=escena.pueblo)
    assert perfil_de(vecino, hoy=HOY).llega == {"fibra", "television", "duo"}


def _consultas(cliente: Cliente) -> int:
    with CaptureQueriesContext(connection) as capturadas:
        perfil_de(cliente, hoy=HOY)
    return len(capturadas)


def test_el_perfil_cuesta_las_mismas_consultas_con_historia_que_sin_ella(escena: Escena) -> None:
    solo, lleno = escena.cliente(), escena.cliente("FIB-300", "TV", "POS-10", "PRE-30")
    for dias in range(3, 40):
        escena.caso(lleno, hace=dias)
        FabricaOferta(cliente=lleno)
    assert _consultas(solo) == _consultas(lleno) <= 8


def test_por_tandas_salen_los_mismos_y_con_pocas_consultas(escena: Escena) -> None:
    for n in range(12):
        cliente = escena.cliente(*list(escena.servicios)[n % 5 :: 3], desde=date(2010 + n, 2, 28))
        escena.caso(cliente, hace=10 * n + 1, cerrado=bool(n % 3))
    claves = list(Cliente.objects.order_by("pk").values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as capturadas:
        juntos = list(perfiles(claves, hoy=HOY, por_tanda=5))
    assert len(capturadas) <= 3 + 5 * -(-len(claves) // 5)
    assert juntos == [perfil_de(uno, hoy=HOY) for uno in Cliente.objects.order_by("pk")]
    assert list(perfiles([], hoy=HOY)) == []


def test_mejorar_es_dar_mas_en_algo_y_menos_en_nada() -> None:
    assert mejora({"velocidad_bajada_mbps": 300}, {"velocidad_bajada_mbps": 600})
    assert not mejora({"velocidad_bajada_mbps": 600}, {"velocidad_bajada_mbps": 600})
    assert not mejora({"canales": 100, "canales_hd": 50}, {"canales": 200, "canales_hd": 10})
    assert mejora({"datos_gb": 40}, {"datos_ilimitados": True})
    assert not mejora({"datos_ilimitados": True}, {"datos_gb": 40})
    assert not mejora({}, {})


def test_el_catalogo_sabe_cual_sigue_a_cada_plan(escena: Escena) -> None:
    catalogo = leer_catalogo(HOY)
    siguiente = {catalogo.servicios[de].codigo: uno.codigo for de, uno in catalogo.mejoras.items()}
    assert siguiente["FIB-300"] == "FIB-600"
    assert siguiente["POS-10"] == "POS-40"
    assert siguiente["POS-40"] == "POS-ILIM"
    assert "FIB-600" not in siguiente
