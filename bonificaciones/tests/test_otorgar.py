"""La asignación: a quién le toca, cuánto, con qué asesor, y que repetirla no cambie nada."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from bonificaciones.models import Bonificacion, Corrida, Derivacion, Programa
from bonificaciones.operaciones.otorgar import comprometido, notificar_fidelizacion
from bonificaciones.tests.fabricas import (
    FabricaBonificacion,
    FabricaDerivacion,
    FabricaPrograma,
    FabricaSegmento,
)
from clientes.models import Cliente
from clientes.tests.fabricas import (
    AHORA,
    HOY,
    FabricaCliente,
    FabricaContrato,
    FabricaInteraccion,
    FabricaMunicipio,
    FabricaUsuario,
    servicio_con_precio,
)
from movistar_site.comun.models import Parametro

pytestmark = pytest.mark.django_db
HACE_DIEZ = date(2016, 3, 16)
ANTIGUO = date(2010, 5, 20)


def asesor(nombre: str = "asesora") -> Any:
    una = FabricaUsuario(username=nombre)
    una.groups.add(Group.objects.get(name="Asesor de ventas"))
    return una


def correr(programa: Programa, *, hoy: date = HOY, **opciones: Any) -> Corrida:
    ahora = AHORA + (hoy - HOY)
    return notificar_fidelizacion(programa=programa, hoy=hoy, ahora=ahora, **opciones)


def cuentas(corrida: Corrida) -> dict[str, Any]:
    """Las de una corrida, comprobando que suman lo que cumple la permanencia."""
    corrida.refresh_from_db()
    partes = corrida.ya_la_tenian + sum(corrida.excluidos.values()) + corrida.fuera_del_tope + corrida.otorgadas
    assert partes == corrida.por_permanencia
    assert corrida.terminada_el is not None
    return {"cumplen": corrida.por_permanencia, "ya": corrida.ya_la_tenian, "excluidos": corrida.excluidos,
            "tope": corrida.fuera_del_tope, "otorgadas": corrida.otorgadas}  # fmt: skip


def test_a_quien_lleva_mas_de_diez_anios_se_le_asigna_una_bonificacion_con_su_derivacion() -> None:
    quien = asesor()
    viejo, nuevo = FabricaCliente(fecha_vinculacion=ANTIGUO), FabricaCliente(fecha_vinculacion=date(2020, 1, 1))
    FabricaContrato(cliente=viejo, estado="activo", precio=Decimal("74900.50"), fecha_inicio=ANTIGUO)
    FabricaContrato(cliente=viejo, estado="activo", precio=Decimal("30000"), fecha_inicio=ANTIGUO)
    FabricaContrato(cliente=viejo, estado="suspendido", precio=Decimal("99999"), fecha_inicio=ANTIGUO)
    programa = FabricaPrograma(cantidad=Decimal(10), meses=6)

    corrida = correr(programa, usuario=quien, origen="la orden")

    bono = Bonificacion.objects.get()
    assert (bono.cliente, bono.programa, bono.hito, bono.corrida) == (viejo, programa, 0, corrida)
    assert (bono.anios, bono.cliente_desde, bono.otorgada_el) == (15, ANTIGUO, HOY)
    assert (bono.beneficio, bono.cantidad, bono.meses) == ("porcentaje", Decimal("10.00"), 6)
    assert bono.factura == Decimal("104900.50") and bono.costo_mensual == Decimal("10490.05")
    derivacion = bono.derivacion
    assert (derivacion.cliente, derivacion.programa, derivacion.asesor) == (viejo, programa, quien)
    assert (derivacion.estado, derivacion.derivada_el) == ("pendiente", HOY) and derivacion.vence_el > HOY
    assert cuentas(corrida) == {"cumplen": 1, "ya": 0, "excluidos": {}, "tope": 0, "otorgadas": 1}
    assert (corrida.derivadas, corrida.costo_mensual) == (1, Decimal("10490.05"))
    assert not nuevo.bonificaciones.exists()
    for registro in (bono, derivacion):
        (version,) = registro.history.all()
        assert (version.history_type, version.autor, version.origen) == ("+", quien.username, "la orden")
        registro.full_clean()


def test_repetirla_diez_veces_no_asigna_nada_mas() -> None:
    for _ in range(3):
        FabricaCliente(fecha_vinculacion=ANTIGUO)
    programa = FabricaPrograma()
    primera = correr(programa)
    for dia in range(10):
        otra = correr(programa, hoy=HOY + timedelta(days=dia))
        assert cuentas(otra) == {"cumplen": 3, "ya": 3, "excluidos": {}, "tope": 0, "otorgadas": 0}
    assert cuentas(primera)["otorgadas"] == 3
    assert Bonificacion.objects.count() == Derivacion.objects.count() == Bonificacion.history.count() == 3


@pytest.mark.parametrize(
    ("vinculacion", "hoy", "estricto", "entra"),
    [
        # Diez años justos no son más de diez: entra al día siguiente.
        (date(2016, 3, 16), date(2026, 3, 16), True, False),
        (date(2016, 3, 16), date(2026, 3, 17), True, True),
        (date(2016, 3, 16), date(2026, 3, 16), False, True),
        (date(2016, 3, 17), date(2026, 3, 16), False, False),
        # El aniversario de un 29 de febrero cae el 28 en los años comunes.
        (date(2016, 2, 29), date(2026, 2, 28), True, False),
        (date(2016, 2, 29), date(2026, 3, 1), True, True),
        (date(2016, 2, 29), date(2026, 2, 28), False, True),
        (date(2016, 2, 29), date(2026, 2, 27), False, False),
        (date(2018, 2, 28), date(2028, 2, 28), True, False),
        (date(2018, 2, 28), date(2028, 2, 29), True, True),
        (date(2018, 3, 1), date(2028, 2, 29), True, False),
    ],
)  # fmt: skip
def test_los_diez_anios_se_cumplen_en_su_dia(vinculacion: date, hoy: date, estricto: bool, entra: bool) -> None:
    FabricaCliente(fecha_vinculacion=vinculacion)
    corrida = correr(FabricaPrograma(estricto=estricto), hoy=hoy)
    assert cuentas(corrida)["otorgadas"] == int(entra)


def test_los_de_un_maximo_entran_hasta_el_dia_en_que_lo_cumplen_y_el_siguiente_programa_los_recibe() -> None:
    cliente = FabricaCliente(fecha_vinculacion=date(2011, 3, 16))
    diez = FabricaPrograma(meses_minimos=120, meses_maximos=180)
    quince = FabricaPrograma(meses_minimos=180)
    dias = {hoy: (correr(diez, hoy=hoy, simular=True).otorgadas, correr(quince, hoy=hoy, simular=True).otorgadas)
            for hoy in (date(2026, 3, 15), date(2026, 3, 16), date(2026, 3, 17))}  # fmt: skip
    assert list(dias.values()) == [(1, 0), (1, 0), (0, 1)]
    assert not cliente.bonificaciones.exists()


def test_cada_condicion_deja_fuera_y_se_cuenta_una_sola_vez() -> None:
    tipo = servicio_con_precio()
    aqui, alla = FabricaMunicipio(), FabricaMunicipio()

    def uno(municipio: Any = aqui, *, contrato: bool = True, del_tipo: bool = True, **campos: Any) -> Any:
        cliente = FabricaCliente(fecha_vinculacion=ANTIGUO, municipio=municipio, **campos)
        if contrato:
            servicio = tipo if del_tipo else servicio_con_precio()
            FabricaContrato(cliente=cliente, estado="activo", servicio=servicio, fecha_inicio=ANTIGUO)
        return cliente

    programa = FabricaPrograma(categorias=["leal"], con_contrato=True)
    programa.tipos.add(tipo.tipo)
    programa.municipios.add(aqui)
    bueno = uno()
    uno(categoria_asignada="nuevo", motivo_categoria="Lo pidió")
    uno(alla)
    uno(None)
    uno(contrato=False)
    uno(del_tipo=False)
    con_pqr, con_sugerencia, inactivo = uno(), uno(), uno(estado="inactivo", inactivo_desde=HOY)
    FabricaInteraccion(cliente=con_pqr, tipo="reclamacion")
    FabricaInteraccion(cliente=con_sugerencia, tipo="sugerencia")

    corrida = correr(programa)

    assert cuentas(corrida)["excluidos"] == {"categoria": 1, "municipio": 2, "contrato": 1, "tipos": 1, "pqr": 1}
    premiados = set(Bonificacion.objects.values_list("cliente", flat=True))
    assert premiados == {bueno.pk, con_sugerencia.pk} and inactivo.pk not in premiados


def test_un_programa_de_un_segmento_premia_solo_a_los_suyos(monkeypatch: Any) -> None:
    dentro, fuera = FabricaCliente(fecha_vinculacion=ANTIGUO), FabricaCliente(fecha_vinculacion=ANTIGUO)
    pedidos = []

    def clientes_de(segmento: Any, *, hoy: date, entre: Any = None) -> Any:
        pedidos.append(entre)
        return Cliente.objects.filter(pk=dentro.pk)

    monkeypatch.setitem(sys.modules, "bonificaciones.segmentos", SimpleNamespace(clientes_de=clientes_de))
    corrida = correr(FabricaPrograma(segmento=FabricaSegmento()))
    assert cuentas(corrida)["excluidos"] == {"segmento": 1}
    assert Bonificacion.objects.get().cliente == dentro and fuera.pk != dentro.pk
    # Al asignar solo se pregunta por los de la tanda, y no por todo el segmento.
    assert pedidos[0] is None and all(entre == [dentro.pk] for entre in pedidos[1:]) and len(pedidos) > 1


def test_cerrada_la_pqr_la_encuentra_la_siguiente_corrida() -> None:
    cliente = FabricaCliente(fecha_vinculacion=ANTIGUO)
    pqr = FabricaInteraccion(cliente=cliente, tipo="consulta")
    programa = FabricaPrograma()
    assert cuentas(correr(programa))["excluidos"] == {"pqr": 1}
    pqr.estado, pqr.respuesta, pqr.respondida_el = "respondida", "Listo", AHORA
    pqr.save()
    assert cuentas(correr(programa, hoy=HOY + timedelta(days=1)))["otorgadas"] == 1


def test_un_programa_anual_premia_solo_el_aniversario_de_ahora() -> None:
    cliente = FabricaCliente(fecha_vinculacion=ANTIGUO)
    programa = FabricaPrograma(frecuencia="anual")
    for hoy in (HOY, HOY + timedelta(days=30), date(2026, 5, 19), date(2026, 5, 20), date(2027, 5, 20)):
        for derivacion in Derivacion.objects.abiertas():
            derivacion.estado, derivacion.resultado, derivacion.cerrada_el = "cerrada", "rechazada", AHORA
            derivacion.save()
        correr(programa, hoy=hoy)
    assert list(cliente.bonificaciones.order_by("hito").values_list("hito", "anios", "otorgada_el")) == [
        (15, 15, HOY), (16, 16, date(2026, 5, 20)), (17, 17, date(2027, 5, 20)),
    ]  # fmt: skip


def test_con_una_derivacion_del_programa_abierta_no_se_abre_otra() -> None:
    cliente = FabricaCliente(fecha_vinculacion=ANTIGUO)
    programa = FabricaPrograma(frecuencia="anual")
    correr(programa)
    corrida = correr(programa, hoy=date(2026, 5, 20))
    assert cuentas(corrida)["excluidos"] == {"derivada": 1}
    assert cliente.bonificaciones.count() == 1


@pytest.mark.parametrize(
    ("campos", "factura", "cantidad", "costo", "meses"),
    [
        ({"beneficio": "porcentaje", "cantidad": "12.5"}, "74900.01", "12.50", "9362.50", 6),
        # El medio centavo va hacia arriba.
        ({"beneficio": "porcentaje", "cantidad": "10"}, "74900.05", "10.00", "7490.01", 6),
        ({"beneficio": "valor", "calculo": "factura", "cantidad": "10"}, "74900.05", "7490.01", "7490.01", 6),
        ({"beneficio": "datos_extra", "cantidad": "0.5", "costo_unitario": "0.01"}, "0", "0.50", "0.01", 6),
        ({"beneficio": "valor", "cantidad": "20000"}, "74900", "20000.00", "20000.00", 6),
        ({"beneficio": "valor", "cantidad": "20000"}, "15000", "20000.00", "15000.00", 6),
        ({"beneficio": "valor", "calculo": "factura", "cantidad": "33.33"}, "100.05", "33.35", "33.35", 6),
        ({"beneficio": "datos_extra", "cantidad": "5", "costo_unitario": "1200.50"}, "0", "5.00", "6002.50", 6),
        ({"beneficio": "meses_gratis", "cantidad": "2"}, "74900.50", "2.00", "74900.50", 2),
        ({"beneficio": "equipo", "equipo": "Decodificador", "costo_unitario": "100"}, "0", "1.00", "16.67", 6),
        ({"beneficio": "porcentaje", "calculo": "escalones",
          "escalones": [{"anios": 10, "cantidad": "10"}, {"anios": 15, "cantidad": "20"},
                        {"anios": 16, "cantidad": "30"}]}, "50000", "20.00", "10000.00", 6),
    ],
)  # fmt: skip
def test_cuanto_se_da_y_cuanto_cuesta_es_exacto(
    campos: dict[str, Any], factura: str, cantidad: str, costo: str, meses: int
) -> None:
    cliente = FabricaCliente(fecha_vinculacion=ANTIGUO)
    if factura != "0":
        FabricaContrato(cliente=cliente, estado="activo", precio=Decimal(factura), fecha_inicio=ANTIGUO)
    for clave in ("cantidad", "costo_unitario"):
        campos = campos | ({clave: Decimal(campos[clave])} if clave in campos else {})
    corrida = correr(FabricaPrograma(meses=6, **campos))
    bono = Bonificacion.objects.get()
    assert (bono.cantidad, bono.costo_mensual, bono.meses) == (Decimal(cantidad), Decimal(costo), meses)
    corrida.refresh_from_db()
    assert bono.factura == Decimal(factura) and corrida.costo_mensual == bono.costo_mensual


def test_un_servicio_regalado_cuesta_su_precio_de_ese_dia() -> None:
    servicio = servicio_con_precio("29900")
    FabricaCliente(fecha_vinculacion=ANTIGUO)
    correr(FabricaPrograma(beneficio="servicio", servicio=servicio, meses=3))
    bono = Bonificacion.objects.get()
    assert (bono.servicio, bono.cantidad, bono.costo_mensual) == (servicio, Decimal(1), Decimal(29_900))


def test_sin_factura_no_se_asigna_un_porcentaje_de_ella() -> None:
    FabricaCliente(fecha_vinculacion=ANTIGUO)
    corrida = correr(FabricaPrograma(beneficio="valor", calculo="factura", cantidad=Decimal(10)))
    assert cuentas(corrida)["excluidos"] == {"sin_factura": 1}


def test_con_tope_se_premia_primero_a_quien_mas_lleva_y_se_para_en_el_primero_que_no_cabe() -> None:
    precios = {2008: "30000", 2009: "40000", 2010: "50000", 2011: "1000"}
    clientes = {}
    for anio, precio in reversed(precios.items()):
        clientes[anio] = FabricaCliente(fecha_vinculacion=date(anio, 1, 1))
        FabricaContrato(cliente=clientes[anio], estado="activo", precio=Decimal(precio), fecha_inicio=ANTIGUO)
    programa = FabricaPrograma(cantidad=Decimal(100), tope_mensual=Decimal(80_000))

    corrida = correr(programa)

    assert cuentas(corrida) == {"cumplen": 4, "ya": 0, "excluidos": {}, "tope": 2, "otorgadas": 2}
    assert set(Bonificacion.objects.values_list("cliente", flat=True)) == {clientes[2008].pk, clientes[2009].pk}
    assert comprometido(programa, HOY) == 7_000_000
    # Lo que se libera alcanza para el siguiente, y solo para él.
    bono = Bonificacion.objects.get(cliente=clientes[2009])
    Derivacion.objects.update(estado="cerrada", resultado="rechazada", cerrada_el=AHORA)
    bono.estado, bono.cerrada_el = "rechazada", AHORA
    bono.save()
    segunda = correr(programa, hoy=HOY + timedelta(days=1))
    assert cuentas(segunda) == {"cumplen": 4, "ya": 2, "excluidos": {}, "tope": 1, "otorgadas": 1}
    assert comprometido(programa, HOY) == 8_000_000


def test_una_bonificacion_aceptada_ocupa_el_tope_los_meses_que_dura() -> None:
    programa = FabricaPrograma(meses=3)
    aceptada = {"estado": "aceptada", "cerrada_el": AHORA, "aceptada_por": "telefono", "evidencia": "Grabación 1"}
    FabricaBonificacion(programa=programa, costo_mensual=Decimal(5_000), **aceptada)
    FabricaBonificacion(programa=programa, costo_mensual=Decimal(2_000))
    dias = (HOY, date(2026, 6, 15), date(2026, 6, 16))
    assert [comprometido(programa, dia) for dia in dias] == [700_000, 700_000, 200_000]


def test_simular_da_las_mismas_cuentas_y_no_asigna_nada() -> None:
    asesor()
    for anio in range(2006, 2013):
        cliente = FabricaCliente(fecha_vinculacion=date(anio, 7, 1))
        FabricaContrato(cliente=cliente, estado="activo", precio=Decimal(anio * 10), fecha_inicio=ANTIGUO)
    FabricaInteraccion(cliente=cliente, tipo="reclamacion")
    programa = FabricaPrograma(tope_mensual=Decimal(8_050))
    simulada = correr(programa, simular=True)
    assert not Bonificacion.objects.exists() and not Derivacion.objects.exists()
    de_verdad = correr(programa)
    assert cuentas(simulada) == cuentas(de_verdad)
    assert (simulada.costo_mensual, simulada.derivadas) == (de_verdad.costo_mensual, de_verdad.derivadas)
    assert simulada.simulada and simulada.fuera_del_tope


def test_sin_asesores_la_derivacion_espera_sin_plazo() -> None:
    FabricaCliente(fecha_vinculacion=ANTIGUO)
    corrida = correr(FabricaPrograma())
    derivacion = Derivacion.objects.get()
    assert derivacion.asesor is None and derivacion.vence_el is None
    assert (corrida.otorgadas, corrida.derivadas) == (1, 0)


def test_el_asesor_que_ya_lo_tuvo_lo_recibe_otra_vez() -> None:
    primera, segunda = asesor("ana"), asesor("eva")
    cliente = FabricaCliente(fecha_vinculacion=ANTIGUO)
    FabricaDerivacion(
        bonificacion=FabricaBonificacion(cliente=cliente, estado="rechazada", cerrada_el=AHORA), asesor=segunda,
        estado="cerrada", resultado="rechazada", cerrada_el=AHORA,
    )  # fmt: skip
    correr(FabricaPrograma())
    assert Derivacion.objects.abiertas().get().asesor == segunda and primera != segunda


@pytest.mark.parametrize(
    ("campos", "frase"),
    [
        ({"activo": False}, "está inactivo"),
        ({"vigente_desde": date(2026, 3, 17)}, "rige desde el 17/03/2026"),
        ({"vigente_hasta": date(2026, 3, 15)}, "terminó el 15/03/2026"),
    ],
)
def test_un_programa_que_no_esta_vigente_no_asigna(campos: dict[str, Any], frase: str) -> None:
    FabricaCliente(fecha_vinculacion=ANTIGUO)
    programa = FabricaPrograma(**campos)
    with pytest.raises(ValidationError, match=frase):
        correr(programa)
    assert not Corrida.objects.exists()
    assert correr(programa, simular=True).otorgadas == 1


# --- Los huecos sin contrato -----------------------------------------------------------------------------------------
def _contratos(cliente: Any, *tramos: tuple[date, date | None]) -> None:
    for inicio, fin in tramos:
        estado = {"estado": "terminado", "fecha_fin": fin} if fin else {"estado": "activo"}
        FabricaContrato(cliente=cliente, fecha_inicio=inicio, **estado)


@pytest.mark.parametrize(
    ("tramos", "desde"),
    [
        ([], date(2005, 1, 1)),
        ([(date(2006, 1, 1), None)], date(2005, 1, 1)),  # antes del primero no se interrumpió nada
        ([(date(2005, 1, 1), date(2010, 1, 1)), (date(2010, 1, 31), None)], date(2005, 1, 1)),  # treinta días justos
        ([(date(2005, 1, 1), date(2010, 1, 1)), (date(2010, 2, 1), None)], date(2010, 2, 1)),  # uno más
        # Otro contrato cubría el hueco.
        ([(date(2005, 1, 1), date(2010, 1, 1)), (date(2005, 6, 1), date(2012, 1, 1)), (date(2011, 1, 1), None)],
         date(2005, 1, 1)),
        # Uno largo cubre el que queda entre dos cortos.
        ([(date(2005, 1, 1), date(2020, 1, 1)), (date(2006, 1, 1), date(2007, 1, 1)), (date(2014, 1, 1), None)],
         date(2005, 1, 1)),
        # Dos huecos: cuenta el último. El contrato que ya terminó también lo acabó.
        ([(date(2005, 1, 1), date(2006, 1, 1)), (date(2008, 1, 1), date(2009, 1, 1)),
          (date(2012, 1, 1), date(2013, 1, 1))], date(2012, 1, 1)),
        ([(date(2005, 1, 1), date(2010, 1, 1)), (date(2020, 1, 1), None)], date(2020, 1, 1)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("hueco", [0, 30])
def test_un_hueco_sin_contrato_mas_largo_que_el_permitido_reinicia_la_permanencia(
    tramos: list[tuple[date, date | None]], desde: date, hueco: int
) -> None:
    cliente = FabricaCliente(fecha_vinculacion=date(2005, 1, 1))
    _contratos(cliente, *tramos)
    Parametro.objects.create(clave="hueco_permanencia", valor=str(hueco), vigente_desde=ANTIGUO, norma="Prueba")
    programa = FabricaPrograma()
    esperada = desde if hueco else date(2005, 1, 1)
    correr(programa)
    bono = cliente.bonificaciones.first()
    if esperada < HACE_DIEZ:
        assert bono.cliente_desde == esperada and bono.anios == HOY.year - esperada.year
    else:
        assert bono is None


def test_quien_reinicio_puede_volver_a_caber_en_un_programa_con_maximo() -> None:
    cliente = FabricaCliente(fecha_vinculacion=date(1990, 1, 1))
    _contratos(cliente, (date(1990, 1, 1), date(2000, 1, 1)), (date(2014, 1, 1), None))
    Parametro.objects.create(clave="hueco_permanencia", valor="30", vigente_desde=ANTIGUO, norma="Prueba")
    corrida = correr(FabricaPrograma(meses_maximos=180))
    assert cuentas(corrida)["otorgadas"] == 1 and cliente.bonificaciones.get().anios == 12
