"""La puerta de contacto (Ley 2300 de 2023), contra un oráculo aparte que mira minuto por minuto."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientes.contacto import (
    HORIZONTE,
    RNE_CUBRE,
    SALIENTES,
    Hechos,
    Intento,
    Reglas,
    datos_por_canal,
    puede_contactar,
)
from movistar_site.comun.calendario import Calendario

BOGOTA = ZoneInfo("America/Bogota")
# El jueves 19 y el lunes 23 de marzo de 2026; el lunes 23 es festivo (San José).
CIVICO = date(2026, 3, 25)
REGLAS = Reglas(
    semana=(time(7), time(19)),
    sabado=(time(8), time(15)),
    dias_rne=30,
    calendario=Calendario(festivos_adicionales=frozenset({CIVICO})),
)
TODO_EN_REGLA = Hechos(
    consentimientos=frozenset(("comercial", canal) for canal in SALIENTES),
    datos=frozenset(SALIENTES),
    rne_consultado_el=date(2026, 3, 1),
)


def a(dia, hora=10, minuto=0):
    return datetime(2026, 3, dia, hora, minuto, tzinfo=BOGOTA)


def preguntar(hechos=TODO_EN_REGLA, *, canal="telefono", finalidad="comercial", momento=None, reglas=REGLAS):
    momento = momento or a(19)
    return puede_contactar(hechos, canal=canal, finalidad=finalidad, momento=momento, reglas=reglas)


def con(**cambios):
    return Hechos(**{nombre: getattr(TODO_EN_REGLA, nombre) for nombre in Hechos.__dataclass_fields__} | cambios)


# --- Un caso por regla -----------------------------------------------------------------------------------------------
def test_con_todo_en_regla_se_puede_y_es_desde_ya():
    permiso = preguntar()
    assert permiso.permitido
    assert permiso.desde == a(19)
    assert permiso.porque == "Autorizó ofertas por teléfono y está dentro del horario."


@pytest.mark.parametrize(
    ("momento", "desde", "frase"),
    [
        (a(19, 6, 59), a(19, 7), "de lunes a viernes es de 07:00 a 19:00"),
        (a(19, 19, 0), a(20, 7), "de lunes a viernes es de 07:00 a 19:00"),
        (a(21, 7, 59), a(21, 8), "los sábados es de 08:00 a 15:00"),
        # Después del sábado vienen el domingo y el lunes de San José: hasta el martes.
        (a(21, 15, 0), a(24, 7), "los sábados es de 08:00 a 15:00"),
        (a(22, 10), a(24, 7), "domingos y los festivos"),
        (a(23, 10), a(24, 7), "domingos y los festivos"),
        (a(25, 10), a(26, 7), "domingos y los festivos"),
    ],
)
def test_fuera_del_horario_se_dice_el_horario_y_el_primer_momento(momento, desde, frase):
    permiso = preguntar(momento=momento)
    assert not permiso.permitido
    assert permiso.desde == desde
    assert frase in permiso.porque


@pytest.mark.parametrize("momento", [a(19, 7), a(19, 18, 59), a(21, 8), a(21, 14, 59)])
def test_el_horario_incluye_su_primer_minuto_y_no_el_ultimo(momento):
    assert preguntar(momento=momento).permitido


def test_la_hora_es_la_de_bogota_aunque_el_momento_llegue_en_otra():
    # Las 23:30 UTC son las 18:30 de Bogotá; media hora más tarde ya no se puede.
    assert preguntar(momento=datetime(2026, 3, 19, 23, 30, tzinfo=ZoneInfo("UTC"))).permitido
    assert not preguntar(momento=datetime(2026, 3, 20, 0, 0, tzinfo=ZoneInfo("UTC"))).permitido


@pytest.mark.parametrize(
    ("cambios", "frase"),
    [
        ({"consentimientos": frozenset()}, "No ha autorizado ofertas por teléfono"),
        ({"consentimientos": frozenset({("comercial", "sms")})}, "No ha autorizado ofertas por teléfono"),
        ({"consentimientos": frozenset({("encuestas", "telefono")})}, "No ha autorizado ofertas por teléfono"),
        ({"rne_consultado_el": None}, "No se ha consultado el registro"),
        ({"rne_consultado_el": date(2026, 2, 16)}, "valió hasta el 18/03/2026"),
        ({"excluidos": frozenset({"telefono"})}, "Está en el registro de números excluidos"),
        ({"pqr_abierta": "R-00000007"}, "Tiene sin responder la PQR R-00000007"),
        ({"datos": frozenset({"correo"})}, "No se tiene un teléfono del cliente"),
        ({"anonimizado": True}, "se suprimieron"),
    ],
)
def test_lo_que_el_tiempo_no_arregla_no_trae_desde_cuando_y_dice_que_falta(cambios, frase):
    permiso = preguntar(con(**cambios))
    assert not permiso.permitido
    assert permiso.desde is None
    assert frase in permiso.porque
    assert permiso.frase == permiso.porque


def test_la_consulta_del_rne_vale_su_ultimo_dia_y_no_el_siguiente():
    hechos = con(rne_consultado_el=date(2026, 2, 17))
    assert preguntar(hechos, momento=a(19)).permitido
    assert not preguntar(hechos, momento=a(20)).permitido


def test_si_la_consulta_del_rne_vence_antes_de_poder_no_se_promete_una_fecha():
    hechos = con(rne_consultado_el=date(2026, 2, 19))  # vale hasta el sábado 21
    permiso = preguntar(hechos, momento=a(21, 15))
    assert permiso.desde is None
    assert "vale hasta el 21/03/2026: hace falta cargar otra" in permiso.porque


def test_estar_en_el_rne_por_un_canal_no_impide_los_otros():
    hechos = con(excluidos=frozenset({"telefono", "sms"}))
    assert preguntar(hechos, canal="whatsapp").permitido
    assert not preguntar(hechos, canal="sms").permitido


def test_una_carta_no_mira_el_rne_pero_si_todo_lo_demas():
    hechos = con(rne_consultado_el=None)
    assert preguntar(hechos, canal="carta").permitido
    assert not preguntar(hechos, canal="carta", momento=a(22)).permitido


@pytest.mark.parametrize("canal", ["oficina", "web", "redes"])
def test_por_los_canales_a_los_que_viene_el_cliente_no_se_le_busca(canal):
    assert "se le atiende cuando él viene" in preguntar(canal=canal, finalidad="servicio").porque


def test_un_contacto_efectivo_gasta_el_del_dia():
    permiso = preguntar(con(intentos=(Intento(date(2026, 3, 19), "telefono"),)))
    assert "una sola vez al día" in permiso.porque
    assert permiso.desde == a(20, 7)
    assert permiso.frase.endswith("Se podrá desde el viernes 20/03/2026 a las 07:00.")


def test_uno_que_no_respondio_no_gasta_el_dia_pero_fija_el_canal_de_la_semana():
    hechos = con(intentos=(Intento(date(2026, 3, 18), "telefono", cuenta=False),))
    assert preguntar(hechos, momento=a(18, 15)).permitido
    otro = preguntar(hechos, canal="whatsapp", momento=a(19))
    assert "Esa semana ya se le buscó por teléfono" in otro.porque
    # El lunes siguiente es festivo.
    assert otro.desde == a(24, 7)


def test_uno_de_servicio_fija_el_canal_pero_no_gasta_el_dia():
    hechos = con(intentos=(Intento(date(2026, 3, 19), "correo", comercial=False),))
    assert preguntar(hechos, canal="correo").permitido
    assert not preguntar(hechos, canal="telefono").permitido


def test_la_semana_es_de_lunes_a_domingo():
    hechos = con(intentos=(Intento(date(2026, 3, 15), "correo"),))  # el domingo anterior
    assert preguntar(hechos, momento=a(16)).permitido


def test_un_contacto_de_servicio_solo_necesita_el_dato():
    hechos = Hechos(datos=frozenset({"telefono"}), pqr_abierta="R-00000001")
    assert preguntar(hechos, finalidad="servicio", momento=a(22, 3)).permitido
    assert not preguntar(hechos, finalidad="servicio", canal="correo").permitido


def test_el_momento_sin_zona_y_la_finalidad_inventada_se_rechazan():
    with pytest.raises(ValueError, match="sin zona horaria"):
        preguntar(momento=datetime(2026, 3, 19, 10))
    with pytest.raises(ValueError, match="«cobranza» no existe"):
        preguntar(finalidad="cobranza")


def test_con_un_anio_entero_de_festivos_no_se_promete_una_fecha():
    nunca = frozenset(date(2026, 3, 19) + timedelta(days=n) for n in range(HORIZONTE + 1))
    reglas = Reglas(REGLAS.semana, REGLAS.sabado, 10_000_000, Calendario(festivos_adicionales=nunca))
    assert preguntar(reglas=reglas).desde is None


# --- Los datos -------------------------------------------------------------------------------------------------------
def test_un_fijo_sirve_para_llamar_y_un_movil_tambien_para_escribir():
    fijo = datos_por_canal(telefonos=("+576011234567", ""), email="", direccion="")
    assert set(fijo) == {"telefono"}
    movil = datos_por_canal(telefonos=("", "+573001234567"), email=" Ana@Ejemplo.CO ", direccion="Calle 1")
    assert set(movil) == {"telefono", "sms", "whatsapp", "correo", "carta"}
    assert movil["correo"] == ("ana@ejemplo.co",)


def test_un_fijo_de_siete_cifras_todavia_no_es_un_telefono_al_que_llamar():
    assert datos_por_canal(telefonos=("1234567", ""), email="", direccion="") == {}


# --- El oráculo ------------------------------------------------------------------------------------------------------
FESTIVOS = {date(2026, 3, 23), date(2026, 4, 2), date(2026, 4, 3), CIVICO}
MINUTO = timedelta(minutes=1)


def licito(hechos, canal, momento, dias_rne):  # noqa: PLR0911 - una regla tras otra, a la vista
    """Otra vez las reglas, escritas de corrido y sin mirar `clientes.contacto`."""
    dia, minutos = momento.date(), momento.hour * 60 + momento.minute
    if hechos.anonimizado or hechos.pqr_abierta or canal not in hechos.datos:
        return False
    if ("comercial", canal) not in hechos.consentimientos:
        return False
    if canal != "carta":
        if hechos.rne_consultado_el is None or canal in hechos.excluidos:
            return False
        if (dia - hechos.rne_consultado_el).days > dias_rne:
            return False
    if dia in FESTIVOS or dia.weekday() == 6:
        return False
    abre, cierra = (8 * 60, 15 * 60) if dia.weekday() == 5 else (7 * 60, 19 * 60)
    if not abre <= minutos < cierra:
        return False
    lunes = dia - timedelta(days=dia.weekday())
    de_la_semana = [uno for uno in hechos.intentos if 0 <= (uno.dia - lunes).days < 7]
    if any(uno.comercial and uno.cuenta and uno.dia == dia for uno in de_la_semana):
        return False
    return not de_la_semana or de_la_semana[0].canal == canal


intentos = st.lists(
    st.builds(
        Intento,
        dia=st.dates(date(2026, 3, 9), date(2026, 3, 29)),
        canal=st.sampled_from(SALIENTES),
        comercial=st.booleans(),
        cuenta=st.booleans(),
    ),
    max_size=3,
).map(lambda lista: tuple(sorted(lista, key=lambda uno: uno.dia)))


def casi_siempre(estrategia, normal):
    """Nueve de cada diez veces lo normal: si todo fuera al azar, casi nada se podría nunca."""
    return st.integers(0, 9).flatmap(lambda n: estrategia if n == 0 else st.just(normal))


hechos_posibles = st.builds(
    Hechos,
    consentimientos=casi_siempre(
        st.frozensets(st.sampled_from([("comercial", canal) for canal in SALIENTES])), TODO_EN_REGLA.consentimientos
    ),
    datos=casi_siempre(st.frozensets(st.sampled_from(SALIENTES)), frozenset(SALIENTES)),
    excluidos=casi_siempre(st.frozensets(st.sampled_from(sorted(RNE_CUBRE))), frozenset()),
    rne_consultado_el=casi_siempre(st.none() | st.dates(date(2026, 2, 10), date(2026, 3, 16)), date(2026, 3, 14)),
    intentos=intentos,
    pqr_abierta=casi_siempre(st.just("R-00000001"), ""),
    anonimizado=casi_siempre(st.booleans(), False),
)
momentos = st.builds(
    lambda dia, minuto, segundo: datetime.combine(dia, time(), BOGOTA) + timedelta(minutes=minuto, seconds=segundo),
    st.dates(date(2026, 3, 16), date(2026, 3, 27)),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from([0, 0, 0, 30]),
)


@settings(max_examples=250, deadline=None)
@given(hechos_posibles, st.sampled_from(SALIENTES), momentos)
def test_el_primer_momento_es_licito_y_ninguno_anterior_lo_es(hechos, canal, momento):
    permiso = preguntar(hechos, canal=canal, momento=momento)
    assert permiso.permitido == licito(hechos, canal, momento, REGLAS.dias_rne)
    assert permiso.porque.endswith(".") and "\n" not in permiso.porque
    # Minuto a minuto hasta tres semanas después: más no bloquea ninguna regla que el tiempo arregle.
    hasta, uno = permiso.desde or momento + timedelta(days=21), momento
    if permiso.desde is not None:
        assert licito(hechos, canal, permiso.desde.astimezone(BOGOTA), REGLAS.dias_rne)
        assert permiso.desde >= momento
    while uno < hasta:
        assert not licito(hechos, canal, uno, REGLAS.dias_rne), uno
        uno = uno.replace(second=0) + MINUTO
