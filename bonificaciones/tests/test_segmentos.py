"""Los segmentos: sus filtros dicen exactamente a quiénes reúnen, y uno que ya no significa nada no los agranda."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonificaciones.filtros.segmentos import vinculaciones_que_cumplen
from bonificaciones.models import Segmento, Sugerencia
from bonificaciones.segmentos import clientes_de, cuantos, en_palabras, leer, limpiar
from clientes.models import Cliente
from clientes.tests.fabricas import (
    AHORA,
    HOY,
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaInteraccion,
    FabricaMunicipio,
)
from movistar_site.comun.valores import sumar_anios, sumar_meses
from servicios.tests.fabricas import FabricaServicio, FabricaTipo

from .fabricas import FabricaBonificacion, FabricaSegmento

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")


def claves(filtros, hoy=HOY, entre=None):
    return set(leer(filtros, hoy=hoy, entre=entre).clientes.values_list("pk", flat=True))


# --- Los filtros -----------------------------------------------------------------------------------------------------
def test_sin_filtros_son_todos_y_la_cuenta_es_la_de_sus_filas():
    FabricaCliente.create_batch(3)
    segmento = FabricaSegmento()
    assert cuantos(segmento, hoy=HOY) == clientes_de(segmento, hoy=HOY).count() == 3
    assert not clientes_de(segmento, hoy=HOY).query.order_by
    assert not clientes_de(segmento, hoy=HOY).ordered


def test_tiene_o_no_tiene_un_contrato_activo_de_un_tipo_o_de_un_servicio():
    fibra, movil = FabricaTipo(), FabricaTipo()
    de_fibra, de_movil = FabricaServicio(tipo=fibra), FabricaServicio(tipo=movil)
    con, sin, terminado = FabricaCliente.create_batch(3)
    FabricaContrato(cliente=con, servicio=de_fibra)
    FabricaContrato(cliente=sin, servicio=de_movil)
    FabricaContrato(cliente=terminado, servicio=de_fibra, estado="terminado", fecha_fin=HOY)
    FabricaContrato(cliente=terminado, servicio=de_fibra, estado="suspendido")
    assert claves(f"con_tipo={fibra.pk}") == claves(f"con_servicio={de_fibra.pk}") == {con.pk}
    assert claves(f"con_tipo={fibra.pk}&con_tipo={movil.pk}") == {con.pk, sin.pk}
    assert claves(f"sin_tipo={fibra.pk}") == claves(f"sin_servicio={de_fibra.pk}") == {sin.pk, terminado.pk}
    assert claves(f"con_tipo={fibra.pk}&sin_servicio={de_fibra.pk}") == set()


def test_el_gasto_suma_los_contratos_activos_mensuales_y_es_cero_sin_ninguno():
    nada, poco, mucho = FabricaCliente.create_batch(3)
    FabricaContrato(cliente=nada, precio=Decimal(90_000), estado="suspendido")
    FabricaContrato(cliente=nada, precio=Decimal(90_000), periodicidad="paquete")
    for _ in range(3):
        FabricaContrato(cliente=poco, precio=Decimal("33333.10"))
    FabricaContrato(cliente=mucho, precio=Decimal(250_000))
    assert claves("gasto_min=99999,30") == {poco.pk, mucho.pk}
    assert claves("gasto_min=99.999,31") == {mucho.pk}
    assert claves("gasto_max=99999,30") == {nada.pk, poco.pk}
    assert claves("gasto_max=99999,29") == claves("gasto_max=0") == claves("gasto_min=0&gasto_max=0") == {nada.pk}
    assert claves("gasto_min=1&gasto_max=100.000") == {poco.pk}
    assert len(claves("gasto_min=0")) == 3


def test_cuantos_contratos_activos_tiene():
    ninguno, uno, dos = FabricaCliente.create_batch(3)
    FabricaContrato(cliente=uno)
    FabricaContrato(cliente=uno, estado="pendiente")
    FabricaContrato.create_batch(2, cliente=dos)
    assert claves("contratos_min=2") == {dos.pk}
    assert claves("contratos_max=0") == {ninguno.pk}
    assert claves("contratos_max=1") == {ninguno.pk, uno.pk}
    assert claves("contratos_min=1&contratos_max=1") == {uno.pk}


def test_reclamo_al_menos_tantas_veces_en_los_ultimos_meses():
    poco, mucho, viejo = FabricaCliente.create_batch(3)
    borde = datetime.combine(sumar_meses(HOY, -12), datetime.min.time(), BOGOTA)
    FabricaInteraccion.create_batch(2, cliente=mucho, tipo="reclamacion", fecha=AHORA)
    FabricaInteraccion(cliente=mucho, tipo="reclamacion", fecha=borde)
    FabricaInteraccion(cliente=poco, tipo="reclamacion", fecha=AHORA)
    FabricaInteraccion.create_batch(5, cliente=poco, tipo="consulta", fecha=AHORA)
    FabricaInteraccion.create_batch(3, cliente=viejo, tipo="reclamacion", fecha=borde - timedelta(minutes=1))
    assert claves("reclamaciones=3") == {mucho.pk}
    assert claves("reclamaciones=1") == {poco.pk, mucho.pk}
    assert claves("reclamaciones=3&reclamaciones_meses=11") == set()
    assert claves("reclamaciones=3&reclamaciones_meses=13") == {mucho.pk, viejo.pk}


def test_autoriza_ofertas_por_un_canal():
    por_sms, revocado, de_servicio = FabricaCliente.create_batch(3)
    FabricaConsentimiento(cliente=por_sms, canal="sms")
    FabricaConsentimiento(cliente=revocado, canal="sms", revocado_el=AHORA)
    FabricaConsentimiento(cliente=de_servicio, canal="sms", finalidad="servicio")
    assert claves("autoriza_por=sms") == claves("autoriza_por=sms&autoriza_por=carta") == {por_sms.pk}
    assert claves("autoriza=true") == {por_sms.pk}
    assert claves("autoriza_por=telefono") == set()
    assert claves("autoriza=false") == {revocado.pk, de_servicio.pk}


def test_el_riesgo_y_las_bonificaciones():
    alto, medio, nadie = FabricaCliente.create_batch(3)
    Sugerencia.objects.create(cliente=alto, nivel="alto", riesgo=90, calculada_el=HOY)
    Sugerencia.objects.create(cliente=medio, nivel="medio", riesgo=50, calculada_el=HOY)
    FabricaBonificacion(cliente=alto)
    FabricaBonificacion(
        cliente=medio, estado="aceptada", cerrada_el=AHORA, aceptada_por="telefono", evidencia="Grabación 1"
    )
    assert claves("riesgo=alto") == {alto.pk}
    assert claves("riesgo=alto&riesgo=medio") == {alto.pk, medio.pk}
    assert claves("bonificacion=asignada") == {alto.pk}
    assert claves("bonificacion=aceptada&bonificacion=asignada") == {alto.pk, medio.pk}
    assert claves("bonificacion=ninguna") == {nadie.pk}
    assert claves("bonificacion=ninguna&bonificacion=aceptada") == {nadie.pk, medio.pk}


# --- Los aniversarios ------------------------------------------------------------------------------------------------
@given(
    hoy=st.dates(date(2023, 1, 1), date(2029, 12, 31)),
    dias=st.integers(0, 365),
    desde=st.dates(date(1995, 1, 1), date(2029, 12, 31)) | st.sampled_from([date(2000, 2, 29), date(2012, 2, 29)]),
)
@settings(max_examples=300, deadline=None)
def test_los_rangos_de_aniversario_son_los_del_calendario(hoy, dias, desde):
    cumple = any(
        hoy <= sumar_anios(desde, anios) <= hoy + timedelta(days=dias)
        for anios in range(max(hoy.year - desde.year, 1), hoy.year - desde.year + 2)
        if anios >= 1
    )
    rangos = vinculaciones_que_cumplen(hoy, dias)
    assert any(inicio <= desde <= final for inicio, final in rangos) == cumple


def test_el_aniversario_de_un_29_de_febrero_cae_el_28_en_los_anios_comunes():
    bisiesta = FabricaCliente(fecha_vinculacion=date(2016, 2, 29))
    assert claves("aniversario=0", hoy=date(2026, 2, 28)) == {bisiesta.pk}
    assert claves("aniversario=0", hoy=date(2026, 3, 1)) == set()
    assert claves("aniversario=0", hoy=date(2028, 2, 28)) == set()
    assert claves("aniversario=0", hoy=date(2028, 2, 29)) == {bisiesta.pk}


# --- Lo que ya no significa nada -------------------------------------------------------------------------------------
def test_un_municipio_borrado_se_avisa_y_deja_a_nadie():
    vive = FabricaMunicipio()
    FabricaCliente(municipio=vive)
    FabricaCliente()
    perdido = leer("municipio=99999&categoria=regular", hoy=HOY)
    assert not perdido.clientes.exists()
    assert not cuantos(Segmento(filtros="municipio=99999&categoria=regular"), hoy=HOY)
    assert "«Municipio» pedía «99999», que ya no significa nada" in perdido.avisos[0]
    a_medias = leer(f"municipio={vive.pk}&municipio=99999", hoy=HOY)
    assert a_medias.clientes.count() == 1
    assert a_medias.avisos == ("De «Municipio» ya no existe «99999»: se mira sin ello.",)


@pytest.mark.parametrize(
    "filtros",
    [
        "categoria=platino", "color=azul", "sin_tipo=9999", "sin_servicio=abc", "estrato=9", "gasto_min=mucho",
        "gasto_max=-", "contratos_min=-1", "contratos_max=1e9", "reclamaciones=0", "reclamaciones_meses=3",
        "autoriza=quizas", "autoriza_por=paloma", "aniversario=400", "riesgo=nulo", "bonificacion=otra",
        "fecha_vinculacion_after=ayer", "gasto_min=5&gasto_max=4", "con_interaccion_abierta=x",
        "permanencia_desde=1000",
    ],
)  # fmt: skip
def test_un_filtro_que_no_se_entiende_nunca_agranda_el_grupo(filtros):
    FabricaCliente.create_batch(2, estrato=3)
    lectura = leer(filtros, hoy=HOY)
    assert not lectura.clientes.exists()
    assert not cuantos(Segmento(filtros=filtros), hoy=HOY)
    assert lectura.avisos
    if not filtros.startswith("color"):
        with pytest.raises(ValidationError):
            limpiar(filtros, hoy=HOY)


def test_al_guardar_se_olvida_lo_que_no_es_un_filtro_y_se_ordena():
    assert limpiar("estado=activo&p=3&categoria=leal&busqueda=&csrfmiddlewaretoken=x", hoy=HOY) == (
        "categoria=leal&estado=activo"
    )
    muchos = "&".join(f"municipio={FabricaMunicipio().pk}" for _ in range(51))
    with pytest.raises(ValidationError, match="Elija hasta 50"):
        limpiar(muchos, hoy=HOY)


def test_los_filtros_se_dicen_en_palabras():
    fibra = FabricaTipo(nombre="Fibra inventada")
    dichos = en_palabras(
        f"categoria=leal&con_tipo={fibra.pk}&gasto_min=50000&autoriza=false&riesgo=alto&riesgo=medio"
        "&fecha_vinculacion_before=2020-01-31&aniversario=30",
        hoy=HOY,
    )
    assert dict(dichos) == {
        "Categoría": "Leal",
        "Vinculado entre": "hasta 31/01/2020",
        "Tiene un contrato activo de alguno de estos tipos": "Fibra inventada",
        "Gasto mensual (COP)": "desde $\xa050.000",
        "Autoriza ofertas por algún canal": "No",
        "Cumple años como cliente en los próximos (días)": "30",
        "Riesgo de irse": "Alto o Medio",
    }


# --- La propiedad ----------------------------------------------------------------------------------------------------
def _poblacion():
    tipos = FabricaTipo.create_batch(2)
    servicios = [FabricaServicio(tipo=tipos[n % 2]) for n in range(3)]
    municipios = FabricaMunicipio.create_batch(2)
    for n in range(24):
        cliente = FabricaCliente(
            municipio=municipios[n % 3] if n % 3 < 2 else None,
            estrato=(n % 6) + 1,
            fecha_vinculacion=sumar_anios(HOY, -(n % 13)) + timedelta(days=(n * 11) % 60 - 30),
            **({"estado": "inactivo", "inactivo_desde": HOY} if n % 7 == 6 else {}),
        )
        for k in range(n % 4):
            FabricaContrato(
                cliente=cliente, servicio=servicios[(n + k) % 3], precio=Decimal(20_000 * (k + 1)) + Decimal("0.10"),
                **({"estado": "terminado", "fecha_fin": HOY} if (n + k) % 5 == 0 else {}),
            )  # fmt: skip
        for k in range(n % 3):
            FabricaInteraccion(
                cliente=cliente, tipo=("reclamacion", "consulta")[(n + k) % 2], fecha=AHORA - timedelta(days=40 * k * n)
            )
        if n % 4 == 1:
            FabricaConsentimiento(cliente=cliente, canal=("sms", "telefono")[n % 2], **(
                {"revocado_el": AHORA} if n % 5 == 0 else {}))  # fmt: skip
        if n % 5 == 2:
            FabricaBonificacion(cliente=cliente)
        if n % 2:
            nivel = ("bajo", "medio", "alto")[n % 3]
            Sugerencia.objects.create(cliente=cliente, nivel=nivel, riesgo=n, calculada_el=HOY)
    return tipos, servicios, municipios


def _activos(cliente):
    return [uno for uno in cliente.contratos.all() if uno.estado == "activo"]


ORACULO = {
    "con_tipo": lambda c, v: any(str(uno.servicio.tipo_id) in v for uno in _activos(c)),
    "sin_tipo": lambda c, v: not any(str(uno.servicio.tipo_id) in v for uno in _activos(c)),
    "con_servicio": lambda c, v: any(str(uno.servicio_id) in v for uno in _activos(c)),
    "sin_servicio": lambda c, v: not any(str(uno.servicio_id) in v for uno in _activos(c)),
    "gasto_min": lambda c, v: sum(uno.precio for uno in _activos(c) if uno.periodicidad == "mensual") >= int(v[0]),
    "gasto_max": lambda c, v: sum(uno.precio for uno in _activos(c) if uno.periodicidad == "mensual") <= int(v[0]),
    "contratos_min": lambda c, v: len(_activos(c)) >= int(v[0]),
    "contratos_max": lambda c, v: len(_activos(c)) <= int(v[0]),
    "reclamaciones": lambda c, v: sum(
        uno.tipo == "reclamacion" and uno.fecha.astimezone(BOGOTA).date() >= sumar_meses(HOY, -12)
        for uno in c.interacciones.all()) >= int(v[0]),
    "autoriza": lambda c, v: any(
        not uno.revocado_el and uno.finalidad == "comercial" for uno in c.consentimientos.all()) == (v[0] == "true"),
    "autoriza_por": lambda c, v: any(
        not uno.revocado_el and uno.finalidad == "comercial" and uno.canal in v for uno in c.consentimientos.all()),
    "aniversario": lambda c, v: any(
        HOY <= sumar_anios(c.fecha_vinculacion, n) <= HOY + timedelta(days=int(v[0]))
        for n in range(1, HOY.year - c.fecha_vinculacion.year + 2)),
    "riesgo": lambda c, v: hasattr(c, "sugerencia") and c.sugerencia.nivel in v,
    "bonificacion": lambda c, v: any(uno.estado in v for uno in c.bonificaciones.all())
    or ("ninguna" in v and not c.bonificaciones.all()),
    "estrato": lambda c, v: str(c.estrato) in v,
    "municipio": lambda c, v: str(c.municipio_id) in v,
    "estado": lambda c, v: c.estado in v,
    "con_interaccion_abierta": lambda c, v: any(
        uno.estado != "respondida" for uno in c.interacciones.all()) == (v[0] == "true"),
}  # fmt: skip


def _opciones(tipos, servicios, municipios):
    def de(registros):
        return st.lists(st.sampled_from([str(uno.pk) for uno in registros]), min_size=1, unique=True)

    def varias(*valores):
        return st.lists(st.sampled_from(valores), min_size=1, unique=True)

    def numero(*valores):
        return st.sampled_from([[str(uno)] for uno in valores])

    return {
        "con_tipo": de(tipos), "sin_tipo": de(tipos), "con_servicio": de(servicios), "sin_servicio": de(servicios),
        "gasto_min": numero(0, 1, 20_000, 40_000), "gasto_max": numero(40_000, 60_000, 200_000),
        "contratos_min": numero(0, 1, 2), "contratos_max": numero(2, 3), "reclamaciones": numero(1, 2),
        "autoriza": numero("true", "false"), "autoriza_por": varias("sms", "telefono", "carta"),
        "aniversario": numero(0, 10, 60, 365), "riesgo": varias("bajo", "medio", "alto"),
        "bonificacion": varias("ninguna", "asignada", "aceptada"), "estrato": varias("1", "2", "3", "4", "5", "6"),
        "municipio": de(municipios), "estado": varias("activo", "inactivo"),
        "con_interaccion_abierta": numero("true", "false"),
    }  # fmt: skip


def test_la_cuenta_y_las_filas_son_las_que_dice_una_lectura_a_mano():
    opciones = _opciones(*_poblacion())
    todos = list(
        Cliente.objects.select_related("sugerencia").prefetch_related(
            "contratos__servicio", "interacciones", "consentimientos", "bonificaciones"
        )
    )

    @given(st.data())
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    def comparar(datos):
        nombres = datos.draw(st.lists(st.sampled_from(sorted(opciones)), min_size=1, max_size=4, unique=True))
        puestos = {nombre: datos.draw(opciones[nombre]) for nombre in nombres}
        qd = QueryDict(mutable=True)
        for nombre, valores in puestos.items():
            qd.setlist(nombre, valores)
        guardados = limpiar(qd, hoy=HOY)
        segmento = Segmento(filtros=guardados)
        esperados = {c.pk for c in todos if all(ORACULO[nombre](c, valores) for nombre, valores in puestos.items())}
        assert claves(guardados) == esperados, guardados
        assert cuantos(segmento, hoy=HOY) == len(esperados)
        pocos = [c.pk for c in todos[::3]]
        assert claves(guardados, entre=pocos) == esperados & set(pocos)
        assert Cliente.objects.filter(pk__in=clientes_de(segmento, hoy=HOY).values("pk")).count() == len(esperados)

    comparar()
