"""La atención a los clientes, con unas interacciones contadas a mano. HOY es el lunes 16/03/2026.

    Caso  Tipo         Canal     Radicada           Vence   Respondida        Días hábiles
    A     consulta     teléfono  lun 02/02          23/02   jue 05/02         3
    B     reclamación  web       lun 02/02          23/02   mar 24/02, tarde  16   silencio
    C     reclamación  web       mar 03/02          24/02   —                      silencio, vencida
    D     reclamación  teléfono  mar 03/02          24/02   mié 25/02, tarde  16   no admite silencio
    E     consulta     teléfono  lun 09/03          31/03   mar 10/03         1    en término: no es exigible
    F     consulta     teléfono  vie 13/03          07/04   —
    G     sugerencia   teléfono  vie 06/03 23:30    —       lun 09/03 00:10   1    el fin de semana no cuenta
    H     recurso      web       lun 02/03          24/03   —
    I     consulta     teléfono  31/12/2025 23:59   26/01   —                      es del año pasado
    J     consulta     teléfono  01/01 00:00        23/01   vie 02/01         1

Este año: recibidas, 9 (sin I); respondidas, A B D E G J = 6; abiertas, C F H = 3; de plazo cumplido, A B C D J = 5;
a tiempo, A J = 2 (40 %); vencida, C; silencios, B C; recursos, H. Días: 1 1 1 3 16 16; la mediana, entre 1 y 3, es 2, y
el P90, en el puesto 0,9 x 5 = 4,5, es 16.
"""

from __future__ import annotations

import random
import statistics
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes import plazos
from clientes.models import Interaccion
from clientes.plazos import Situacion
from clientes.reloj import reloj
from clientes.tests.fabricas import (
    HOY,
    FabricaCliente,
    FabricaEquipo,
    FabricaFestivo,
    FabricaInteraccion,
    FabricaMotivo,
)
from movistar_site.comun.dias import OrdinalDelDia, OrdinalDelInstante
from movistar_site.comun.models import Parametro
from reportes.marco import REPORTES, TOTAL, Agrupado, Tabla
from reportes.marco.grupos import contar_grupos
from reportes.percentiles import percentil

COMUNES = ("recibidas", "respondidas", "abiertas", "vencidas", "silencios", "exigibles", "a_tiempo", "recursos")


def reporte() -> Agrupado:
    uno = REPORTES["atencion"]
    assert isinstance(uno, Agrupado)
    return uno


def tabla(**parametros: Any) -> Tabla:
    pedido = reporte().pedir({"periodo": "anio", **parametros}, hoy=HOY)
    assert not pedido.conjunto.form.errors
    return reporte().tabla(pedido)


def cifras(una: Tabla, *nombres: str) -> dict[Any, tuple[Any, ...]]:
    filas = {fila.clave: fila for fila in una.filas} | {"total": una.total}
    return {clave: tuple(fila.valores[nombre] for nombre in nombres) for clave, fila in filas.items()}


def en(texto: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(texto))


def caso(tipo: str, radicada: str, vence: str | None, respondida: str | None = None, **otros: Any) -> Interaccion:
    contestada = {"respondida_el": en(respondida), "respuesta": "Sí.", "estado": "respondida"} if respondida else {}
    return FabricaInteraccion(
        tipo=tipo, fecha=en(radicada), vence_el=vence, primer_plazo=vence, **{**contestada, **otros}
    )


@pytest.fixture
def casos(db: None) -> dict[str, Interaccion]:
    reclamo = "reclamacion"
    b = caso(reclamo, "2026-02-02 10:00", "2026-02-23", "2026-02-24 09:00", canal="web", sentido="favorable")
    return {
        "A": caso("consulta", "2026-02-02 10:00", "2026-02-23", "2026-02-05 18:00"),
        "B": b,
        "C": caso(reclamo, "2026-02-03 08:00", "2026-02-24", canal="web"),
        "D": caso(reclamo, "2026-02-03 08:00", "2026-02-24", "2026-02-25 00:00", aplica_sap=False, sentido="parcial"),
        "E": caso("consulta", "2026-03-09 10:00", "2026-03-31", "2026-03-10 10:00"),
        "F": caso("consulta", "2026-03-13 10:00", "2026-04-07"),
        "G": caso("sugerencia", "2026-03-06 23:30", None, "2026-03-09 00:10"),
        "H": caso("recurso", "2026-03-02 10:00", "2026-03-24", canal="web", recurso_de=b, causal="facturacion"),
        "I": caso("consulta", "2025-12-31 23:59:59.999999", "2026-01-26"),
        "J": caso("consulta", "2026-01-01 00:00", "2026-01-23", "2026-01-02 09:00"),
    }


@pytest.mark.usefixtures("casos")
def test_por_tipo() -> None:
    assert cifras(tabla(por="tipo"), *COMUNES) == {
        "consulta": (4, 3, 1, 0, 0, 2, 2, 0),
        "reclamacion": (3, 2, 1, 1, 2, 3, 0, 0),
        "sugerencia": (1, 1, 0, 0, 0, 0, 0, 0),
        "recurso": (1, 0, 1, 0, 0, 0, 0, 1),
        "total": (9, 6, 3, 1, 2, 5, 2, 1),
    }


@pytest.mark.usefixtures("casos")
def test_los_dias_habiles_y_el_porcentaje_a_tiempo() -> None:
    assert cifras(tabla(por="tipo"), "puntualidad", "mediana", "p90") == {
        "consulta": (100, 1, Decimal("2.6")),  # 1 1 3: el P90, en el puesto 1,8
        "reclamacion": (0, 16, 16),
        "sugerencia": (None, 1, 1),
        "recurso": (None, None, None),
        "total": (40, 2, 16),
    }


@pytest.mark.usefixtures("casos")
def test_por_mes_van_seguidos_y_en_orden_tambien_los_vacios() -> None:
    una = tabla(por="mes", tipo=["reclamacion"])
    assert cifras(una, "recibidas", "silencios") == {
        date(2026, 1, 1): (0, 0),
        date(2026, 2, 1): (3, 2),
        date(2026, 3, 1): (0, 0),
        "total": (3, 2),
    }
    todo = tabla(por="mes", periodo="todo")
    assert [fila.clave for fila in todo.filas] == [date(2025, 12, 1), *(date(2026, mes, 1) for mes in (1, 2, 3))]


@pytest.mark.usefixtures("casos")
def test_por_canal_y_por_resolucion_de_lo_que_no_tiene_tambien_hay_fila() -> None:
    assert cifras(tabla(por="canal"), "recibidas") == {"telefono": (6,), "web": (3,), "total": (9,)}
    una = tabla(por="resolucion")
    assert cifras(una, "recibidas") == {None: (7,), "favorable": (1,), "parcial": (1,), "total": (9,)}
    assert una.filas[0].valores["resolucion"] == "Sin resolución anotada"


def test_los_motivos_y_los_equipos_van_por_su_nombre(casos: dict[str, Interaccion]) -> None:
    motivo, equipo = FabricaMotivo(nombre="Cobro inventado"), FabricaEquipo(nombre="Equipo de prueba", activo=False)
    Interaccion.objects.filter(pk=casos["A"].pk).update(motivo=motivo, equipo=equipo)
    for por, clave, nombre, sin in (
        ("motivo", motivo.pk, "Cobro inventado", "Sin motivo"),
        ("equipo", equipo.pk, "Equipo de prueba", "Sin equipo"),
    ):
        una = tabla(por=por)
        assert cifras(una, "recibidas") == {None: (8,), clave: (1,), "total": (9,)}
        assert [fila.valores[por] for fila in una.filas] == [sin, nombre]


@pytest.mark.usefixtures("casos")
def test_como_iba_un_dia_pasado() -> None:
    # El 24/02: recibidas, A B C D J; respondidas, A B J (D, al otro día); de plazo cumplido, A B J (C y D vencían ese
    # día); a tiempo, A J; silencio, B; vencida, ninguna.
    assert cifras(tabla(al="2026-02-24"), *COMUNES)["total"] == (5, 3, 2, 0, 1, 3, 2, 0)
    # El 25/02 ya se venció C; D se respondió ese día, tarde.
    assert cifras(tabla(al="2026-02-25"), *COMUNES)["total"] == (5, 4, 1, 1, 2, 5, 2, 0)


@pytest.mark.usefixtures("casos")
def test_el_periodo_anterior_se_mira_tan_cerca_de_su_final_como_este_del_suyo() -> None:
    # Este mes, del 1 al 16 de marzo, mirado el 16; el anterior, del 1 al 16 de febrero, mirado el 16 de febrero: B C D
    # seguían abiertas.
    una = tabla(periodo="mes", comparar="on", por="tipo")
    antes = una.total.antes
    assert antes is not None
    assert [antes[nombre] for nombre in COMUNES] == [4, 1, 3, 0, 0, 0, 0, 0]


@pytest.mark.usefixtures("casos")
def test_cada_mes_se_compara_con_el_suyo_del_periodo_anterior() -> None:
    # Marzo, hasta el 16, con febrero; y en el año que empieza, enero con el enero pasado, que no tuvo ninguna.
    (marzo,) = tabla(periodo="mes", comparar="on", por="mes").filas
    assert marzo.antes is not None
    assert (marzo.valores["recibidas"], marzo.antes["recibidas"]) == (4, 4)
    dos_meses = tabla(periodo="a_medida", desde="2026-02-01", hasta="2026-03-16", comparar="on", por="mes").filas
    # Los 44 días previos van del 19 de diciembre al 31 de enero: febrero con diciembre (I) y marzo con enero (J).
    assert [(fila.valores["recibidas"], (fila.antes or {})["recibidas"]) for fila in dos_meses] == [(4, 1), (4, 1)]


@pytest.mark.usefixtures("casos")
def test_antes_del_principio_no_hay_con_que_comparar() -> None:
    una = tabla(periodo="todo", comparar="on", por="tipo")
    assert una.total.antes is None
    assert all(fila.antes is None for fila in una.filas)


@pytest.mark.usefixtures("casos")
def test_un_festivo_anadido_y_el_sabado_habil_cambian_los_dias() -> None:
    FabricaFestivo(fecha=date(2026, 2, 4))
    assert cifras(tabla(tipo=["consulta"]), "p90")["total"] == (Decimal("1.8"),)  # A en 2 días: 1 1 2
    Parametro.objects.create(clave="sabado_habil", valor="si", vigente_desde=date(2026, 3, 1), norma="Prueba")
    # G llegó el viernes 6 y se respondió el lunes 9: con el sábado, dos días. Lo de febrero sigue con su regla.
    assert cifras(tabla(tipo=["sugerencia"]), "mediana")["total"] == (2,)
    assert cifras(tabla(tipo=["consulta"]), "p90")["total"] == (Decimal("1.8"),)


def test_lo_que_el_calendario_no_alcanza_se_cuenta_sin_dias(db: None) -> None:
    caso("consulta", "1980-05-01 10:00", None, "1980-05-02 10:00")
    assert cifras(tabla(periodo="todo"), "recibidas", "respondidas", "mediana")["total"] == (1, 1, None)


def test_sin_interacciones_no_hay_nada_que_mostrar(db: None) -> None:
    for dimension in reporte().dimensiones:
        una = tabla(por=dimension.nombre, periodo="todo")
        assert una.filas == []
        assert cifras(una, *COMUNES)["total"] == (0,) * len(COMUNES)


@pytest.mark.usefixtures("casos")
def test_todas_las_cifras_salen_de_una_lectura() -> None:
    with CaptureQueriesContext(
        connection,
    ) as consultas:
        tabla(por="canal")
    assert sum('FROM "clientes_interaccion"' in una["sql"] for una in consultas.captured_queries) == 1


# --- Contra la cuenta de a una ---------------------------------------------------------------------------------------
PRIMER_DIA = date(2025, 12, 20)


@st.composite
def interacciones(draw: st.DrawFn) -> dict[str, Any]:
    """Una interacción de cerca de los cambios de año y de mes, a horas cercanas a la medianoche de Bogotá y de UTC."""
    hora = st.sampled_from((0, 4, 5, 12, 18, 19, 23))
    segundos = st.sampled_from((0, 59 * 60 + 59))
    dia = st.integers(0, (HOY - PRIMER_DIA).days)
    instante = PRIMER_DIA + timedelta(days=draw(dia))
    fecha = en(f"{instante} {draw(hora):02}:00") + timedelta(
        seconds=draw(segundos), microseconds=draw(st.integers(0, 1))
    )
    tipo = draw(st.sampled_from(("consulta", "reclamacion", "sugerencia")))
    tarda = draw(st.none() | st.integers(0, 40))
    responde = None
    if tarda is not None:
        responde = max(fecha, en(f"{instante + timedelta(days=tarda)} {draw(hora):02}:00"))
    plazo = draw(st.none() | st.integers(0, 40)) if tipo != "sugerencia" else None
    return {
        "tipo": tipo,
        "canal": draw(st.sampled_from(("telefono", "web"))),
        "fecha": fecha,
        "respondida_el": responde,
        "vence_el": None if plazo is None else instante + timedelta(days=plazo),
        "aplica_sap": draw(st.booleans()),
        "sentido": draw(st.sampled_from(("", "favorable"))) if responde else "",
    }


def de_a_una(filas: list[Interaccion], por: str, al: date) -> dict[Any, dict[str, Any]]:
    """Las cifras sacadas interacción por interacción, con las reglas del dominio."""
    cuentas: dict[Any, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(COMUNES, 0) | {"dias": []})
    for una in filas:
        dia = timezone.localdate(una.fecha)
        if not date(2026, 1, 1) <= dia <= al:
            continue
        clave = (
            dia.replace(day=1) if por == "mes" else {"resolucion": una.sentido or None}.get(por, getattr(una, por, 0))
        )
        for cuenta in (cuentas[clave], cuentas[TOTAL]):
            _anotar(cuenta, una, dia, al)
    return cuentas


def _anotar(cuenta: dict[str, Any], una: Interaccion, dia: date, al: date) -> None:
    respondida = una.respondida_el if una.respondida_el and timezone.localdate(una.respondida_el) <= al else None
    de_ese_dia = SimpleNamespace(vence_el=una.vence_el, respondida_el=respondida, aplica_sap=una.aplica_sap)
    en_que_va = plazos.situacion(de_ese_dia, hoy=al, avisar_hasta=al)
    cuenta["recibidas"] += 1
    cuenta["abiertas" if respondida is None else "respondidas"] += 1
    cuenta["silencios"] += en_que_va == Situacion.SILENCIO
    if una.vence_el is not None and una.vence_el < al:
        cuenta["exigibles"] += 1
        cuenta["a_tiempo"] += en_que_va == Situacion.A_TIEMPO
        cuenta["vencidas"] += respondida is None
    if respondida is not None:
        cuenta["dias"].append(reloj(dia).calendario.habiles_entre(dia, timezone.localdate(respondida)))


@st.composite
def escenas(draw: st.DrawFn) -> tuple[list[dict[str, Any]], date]:
    """Unas interacciones y el día en que se miran: casi siempre, uno en que algo vencía o se respondía."""
    filas = draw(st.lists(interacciones(), max_size=25))
    dias = {fila["vence_el"] for fila in filas} | {
        timezone.localdate(fila["respondida_el"]) for fila in filas if fila["respondida_el"]
    }
    mirables = sorted(dia for dia in dias if dia is not None and date(2026, 1, 1) <= dia <= HOY)
    return filas, draw(st.sampled_from([HOY, *mirables]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(escenas(), st.sampled_from(("tipo", "canal", "resolucion", "mes")))
def test_es_lo_mismo_que_contar_de_a_una(db: None, escena: tuple[list[dict[str, Any]], date], por: str) -> None:
    filas, al = escena
    with transaction.atomic():
        FabricaFestivo(fecha=date(2026, 2, 18))
        Parametro.objects.create(clave="sabado_habil", valor="si", vigente_desde=date(2026, 2, 10), norma="Prueba")
        cliente = FabricaCliente()
        contestada = {"respuesta": "Sí.", "estado": "respondida"}
        hechas = Interaccion.objects.bulk_create(
            Interaccion(
                numero=f"X-{n}", cliente=cliente, asunto="", **fila, **(contestada if fila["respondida_el"] else {})
            )
            for n, fila in enumerate(filas)
        )
        contadas, esperadas = tabla(por=por, al=al.isoformat()), de_a_una(hechas, por, al)
        transaction.set_rollback(True)
    for fila in (*contadas.filas, contadas.total):
        esperada = esperadas[fila.clave]
        assert {nombre: fila.valores[nombre] for nombre in COMUNES} == {nombre: esperada[nombre] for nombre in COMUNES}
        assert fila.valores["mediana"] == (statistics.median(esperada["dias"]) if esperada["dias"] else None)
    assert {fila.clave for fila in contadas.filas} >= {clave for clave in esperadas if clave is not TOTAL}


# --- Las piezas ------------------------------------------------------------------------------------------------------
@given(st.lists(st.integers(-3, 40), min_size=2), st.sampled_from((50, 90)))
def test_el_percentil_es_el_de_excel(valores: list[int], cien: int) -> None:
    cuantos = {valor: valores.count(valor) for valor in valores}
    esperado = statistics.quantiles(valores, n=100, method="inclusive")[cien - 1]
    assert float(percentil(cuantos, cien) or 0) == pytest.approx(esperado)


def test_un_percentil_de_nada_no_se_sabe_y_de_un_valor_es_ese() -> None:
    assert percentil({}, 90) is None
    assert percentil({7: 1}, 90) == 7


def test_el_dia_lo_saca_la_base_igual_que_python(db: None) -> None:
    azar = random.Random(5)
    cliente, instantes = FabricaCliente(), []
    for n in range(200):
        # Desde 1994: en 1992 y 1993 Colombia adelantó la hora, y las cuentas de SQLite restan siempre cinco.
        dia = date(1994, 1, 1) + timedelta(days=azar.randrange(38_000))
        instantes.append(en(f"{dia} {azar.choice((0, 4, 5, 18, 19, 23)):02}:{azar.choice((0, 59)):02}:59.999999"))
        Interaccion(numero=f"Y-{n}", cliente=cliente, fecha=instantes[-1], vence_el=dia, tipo="consulta").save()
    filas = Interaccion.objects.annotate(
        dia_radicado=OrdinalDelInstante("fecha"),
        dia_vence=OrdinalDelDia("vence_el"),
        nada=OrdinalDelInstante("respondida_el"),
    ).order_by("id")
    assert [(una.dia_radicado, una.nada) for una in filas] == [
        (timezone.localdate(i).toordinal(), None) for i in instantes
    ]
    assert [una.dia_vence for una in filas] == [una.vence_el.toordinal() for una in filas]
    grupos = contar_grupos(Interaccion.objects.all(), _dia=OrdinalDelInstante("fecha"))
    assert sum(cuantas for _, cuantas in grupos) == len(instantes)
