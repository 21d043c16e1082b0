"""Las PQR que no tienen plazo lo reciben una vez, con las reglas del día en que se radicaron; las que lo tienen, no."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from clientes.models import Interaccion
from clientes.operaciones import fechado
from clientes.operaciones.fechado import fechar_plazos
from clientes.relojes import relojes
from clientes.tests import fabricas as f
from movistar_site.comun.models import Festivo, Parametro

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")


def a_las(anio: int, mes: int, dia: int, hora: int = 10, minuto: int = 0) -> datetime:
    return datetime(anio, mes, dia, hora, minuto, tzinfo=BOGOTA)


def caso(**mas: Any) -> Interaccion:
    return f.FabricaInteraccion(**{"fecha": a_las(2026, 3, 16), "tipo": "consulta"} | mas)


def fechar() -> str:
    salida = StringIO()
    call_command("fechar_plazos", stdout=salida)
    return salida.getvalue()


def vencimientos() -> list[date | None]:
    return list(Interaccion.objects.order_by("pk").values_list("vence_el", flat=True))


def test_cada_una_recibe_el_plazo_de_su_dia() -> None:
    caso()
    caso(fecha=a_las(2026, 6, 22), tipo="reclamacion")
    caso(fecha=a_las(2026, 12, 18))
    assert "Plazo fijado en 3 PQR." in fechar()
    assert vencimientos() == [date(2026, 4, 9), date(2026, 7, 15), date(2027, 1, 13)]
    assert all(uno.primer_plazo == uno.vence_el for uno in Interaccion.objects.all())


def test_lo_de_las_once_y_cincuenta_de_la_noche_es_de_ese_dia() -> None:
    caso(fecha=a_las(2026, 3, 16, 23, 50))
    caso(fecha=a_las(2026, 3, 17, 0, 5))
    fechar()
    assert vencimientos() == [date(2026, 4, 9), date(2026, 4, 10)]


def test_tambien_las_ya_respondidas_y_ninguna_sugerencia() -> None:
    caso(estado="respondida", respuesta="Ya", respondida_el=a_las(2026, 3, 20))
    caso(tipo="sugerencia")
    fechar()
    assert vencimientos() == [date(2026, 4, 9), None]


def test_un_plazo_ya_fijado_no_se_mueve_y_repetirla_no_cambia_nada() -> None:
    fijado = caso(primer_plazo=date(2026, 4, 1), vence_el=date(2026, 4, 30))
    caso()
    fechar()
    version = Interaccion.history.count()
    Parametro.objects.create(clave="dias_pqr", valor="5", vigente_desde=date(2020, 1, 1), norma="Ley inventada")
    Festivo.objects.create(fecha=date(2026, 4, 6), nombre="Día cívico", norma="Decreto inventado")
    assert "Plazo fijado en 0 PQR." in fechar()
    assert vencimientos() == [date(2026, 4, 30), date(2026, 4, 9)]
    assert Interaccion.history.count() == version
    assert not fijado.history.filter(history_type="~").exists()


def test_cada_una_con_las_reglas_de_su_dia() -> None:
    Parametro.objects.create(clave="dias_pqr", valor="10", vigente_desde=date(2026, 3, 27), norma="Ley inventada")
    caso()
    caso(fecha=a_las(2026, 3, 27))
    fechar()
    assert vencimientos() == [date(2026, 4, 9), date(2026, 4, 14)]


def test_el_silencio_sigue_al_servicio_contratado() -> None:
    tipo = f.servicio_con_precio().tipo
    tipo.aplica_sap = False
    tipo.save()
    contrato = f.FabricaContrato(servicio__tipo=tipo)
    con, sin = caso(), caso(contrato=contrato, cliente=contrato.cliente)
    fechar()
    con.refresh_from_db(), sin.refresh_from_db()
    assert (con.aplica_sap, sin.aplica_sap) == (True, False)


def test_un_recurso_lleva_su_propio_plazo() -> None:
    Parametro.objects.create(clave="dias_recurso", valor="20", vigente_desde=date(2020, 1, 1), norma="Ley inventada")
    pqr = caso(estado="respondida", respuesta="No", respondida_el=a_las(2026, 3, 16, 12), vence_el=date(2026, 4, 9))
    caso(tipo="recurso", recurso_de=pqr, causal="corte", cliente=pqr.cliente)
    fechar()
    assert vencimientos()[1] == date(2026, 4, 16)


def test_no_inventa_el_cun_y_lo_deja_en_la_historia() -> None:
    uno = caso()
    Interaccion.history.all().delete()
    fechar()
    uno.refresh_from_db()
    assert uno.cun == ""
    antes, despues = uno.history.order_by("history_id")
    assert (antes.vence_el, despues.vence_el) == (None, date(2026, 4, 9))
    assert (despues.history_change_reason, despues.origen) == (fechado.MOTIVO, "fechar_plazos")


def test_lo_anterior_al_calendario_se_dice_y_queda_como_estaba() -> None:
    caso(fecha=a_las(1980, 3, 16))
    salida = fechar()
    assert "Sin plazo quedan 1 PQR" in salida
    assert vencimientos() == [None]


def test_va_por_tandas_sin_saltarse_ninguna(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fechado, "TANDA", 3)
    for dia in range(7):
        caso(fecha=a_las(2026, 3, 16) + timedelta(days=dia * 3))
        caso(fecha=a_las(2026, 3, 16, 18) + timedelta(days=dia * 3))
    reglas = relojes()
    fechadas = fechar_plazos(Interaccion, reglas)
    assert fechadas.con_plazo == 14
    for uno in Interaccion.objects.all():
        assert uno.vence_el == reglas.vencimiento(uno.tipo, uno.fecha)
