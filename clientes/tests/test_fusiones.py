"""Fusionar dos fichas y deshacerlo: todo pasa, todo vuelve, y lo que no se puede se dice."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes import combinar
from clientes.llaves import llaves, nombre_de_llave
from clientes.models import Cliente, Consentimiento, Contrato, Fusion, Interaccion
from clientes.operaciones import (
    crear_contrato,
    deshacer_fusion,
    fusionar_clientes,
    guardar_cliente,
    revocar_consentimiento,
)
from movistar_site.comun.resumenes import ModeloResumen

from .fabricas import (
    AHORA,
    HOY,
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaEmpresa,
    FabricaInteraccion,
    FabricaMunicipio,
    FabricaUsuario,
    servicio_con_precio,
)

pytestmark = pytest.mark.django_db
DESPUES = AHORA + timedelta(days=2)


@pytest.fixture
def ana():
    return FabricaCliente(nombre="Ana María", apellido="Ríos", email="", fecha_vinculacion=date(2020, 1, 15))


@pytest.fixture
def otra():
    return FabricaCliente(
        nombre="Ana", apellido="Rios", email="ana@ejemplo.co", fecha_vinculacion=date(2012, 3, 1), id_origen="V-7",
        notas="Prefiere la tarde", municipio=FabricaMunicipio(), estrato=3,
    )  # fmt: skip


def fusionar(principal, absorbido, elegidos=None, **mas):
    elegidos = (
        combinar.por_omision(combinar.foto(principal), combinar.foto(absorbido)) if elegidos is None else elegidos
    )
    return fusionar_clientes(
        principal, absorbido=absorbido, elegidos=elegidos, **({"usuario": None, "ahora": AHORA} | mas)
    )


def deshacer(fusion, **mas):
    return deshacer_fusion(fusion, **({"usuario": None, "ahora": DESPUES} | mas))


def rechazo(funcion, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        funcion(*args, **kwargs)
    return " ".join(error.value.messages)


def ultimo_motivo(registro):
    """El de lo último que se anotó, tenga la fecha que tenga."""
    return registro.history.latest("history_id").history_change_reason


def todo():
    """Cómo está cada ficha y de quién es cada cosa, sin las marcas de cuándo se guardó."""
    fichas = {c.pk: {k: v for k, v in combinar.foto(c).items() if k != "actualizado_en"} for c in Cliente.objects.all()}
    cosas = {nombre_de_llave(f): sorted(f.model._base_manager.values_list("pk", f.attname)) for f in llaves()}
    revocados = sorted(Consentimiento.objects.values_list("pk", "revocado_el"))
    del cosas["clientes.fusion.principal"]
    return fichas, cosas, revocados


# --- Fusionar --------------------------------------------------------------------------------------------------------
def test_todo_lo_suyo_pasa_y_la_ficha_deja_de_existir(ana, otra):
    contrato = FabricaContrato(cliente=otra)
    FabricaInteraccion(cliente=otra, contrato=contrato)
    FabricaConsentimiento(cliente=otra)
    FabricaContrato(cliente=ana)
    usuario = FabricaUsuario(first_name="Jefa", last_name="De Sala")
    fusion = fusionar(ana, otra, usuario=usuario, motivo="Es la misma")
    assert list(Cliente.objects.all()) == [ana]
    assert Contrato.objects.filter(cliente=ana).count() == 2
    assert Interaccion.objects.get().cliente == ana
    assert Consentimiento.objects.get().cliente == ana
    assert fusion.movidos["clientes.contrato.cliente"] == [contrato.pk]
    assert (fusion.hecha_por_nombre, fusion.motivo, fusion.absorbido_clave) == ("Jefa De Sala", "Es la misma", otra.pk)
    # La historia se conserva, con su porqué.
    assert "era de Ana Rios" in ultimo_motivo(contrato)
    borrado = Cliente.history.filter(id=fusion.absorbido_clave).latest("history_id")
    assert (borrado.history_type, "Fusionada con" in borrado.history_change_reason) == ("-", True)
    assert "absorbió a Ana Rios" in Cliente.history.filter(id=ana.pk).latest("history_id").history_change_reason


def test_por_omision_se_completa_lo_que_falta_y_queda_la_vinculacion_mas_vieja(ana, otra):
    fusionar(ana, otra)
    ana.refresh_from_db()
    assert (ana.nombre, ana.email, ana.fecha_vinculacion) == ("Ana María", "ana@ejemplo.co", date(2012, 3, 1))
    assert (ana.municipio, ana.estrato, ana.id_origen, ana.notas) == (otra.municipio, 3, "V-7", "Prefiere la tarde")


def test_cada_dato_se_elige_y_el_documento_de_la_absorbida_tambien(ana, otra):
    suyo, telefono = otra.documento, ana.telefono
    fusionar(ana, otra, {"documento": "absorbido", "nombre": "absorbido", "telefono": "principal"})
    ana.refresh_from_db()
    assert (ana.documento, ana.nombre, ana.apellido) == (suyo, "Ana", "Rios")
    assert (ana.telefono, ana.fecha_vinculacion) == (telefono, date(2020, 1, 15))


def test_las_notas_pueden_quedar_las_dos(ana, otra):
    Cliente.objects.filter(pk=ana.pk).update(notas="Paga en oficina")
    fusionar(Cliente.objects.get(pk=ana.pk), otra)
    ana.refresh_from_db()
    assert ana.notas == "Paga en oficina\n\nPrefiere la tarde"


def test_lo_deducido_cede_ante_lo_sabido_y_cada_dato_trae_si_esta_por_completar(ana, otra):
    Cliente.objects.filter(pk=ana.pk).update(pendientes={"telefono": "Lo dedujo", "email": "Falta"})
    Cliente.objects.filter(pk=otra.pk).update(pendientes={"direccion": "Incompleta"})
    ana, otra = Cliente.objects.get(pk=ana.pk), Cliente.objects.get(pk=otra.pk)
    fusionar(ana, otra)
    ana.refresh_from_db()
    assert ana.telefono == otra.telefono
    assert ana.pendientes == {}


def test_si_una_de_las_dos_era_cliente_lo_sigue_siendo(otra):
    inactiva = FabricaCliente(estado="inactivo", inactivo_desde=date(2024, 1, 1))
    fusionar(inactiva, otra)
    inactiva.refresh_from_db()
    assert (inactiva.estado, inactiva.inactivo_desde) == ("activo", None)


def test_de_dos_autorizaciones_iguales_queda_la_mas_nueva(ana, otra):
    vieja = FabricaConsentimiento(cliente=ana, otorgado_el=AHORA - timedelta(days=90))
    nueva = FabricaConsentimiento(cliente=otra, otorgado_el=AHORA - timedelta(days=5))
    por_otro_canal = FabricaConsentimiento(cliente=otra, canal="correo")
    fusionar(ana, otra)
    vieja.refresh_from_db()
    assert vieja.revocado_el == AHORA
    assert "queda la autorización del" in ultimo_motivo(vieja)
    assert set(Consentimiento.objects.vigentes()) == {nueva, por_otro_canal}
    assert set(Consentimiento.objects.values_list("cliente", flat=True)) == {ana.pk}


def test_ninguna_llave_hacia_un_cliente_se_queda_sin_mover():
    de_otros = {nombre_de_llave(llave) for llave in llaves()}
    # Las cuentas que la base lleva sola (`ModeloResumen`) se mueven con lo que cuentan.
    relaciones = [r for r in Cliente._meta.related_objects if not issubclass(r.related_model, ModeloResumen)]
    directas = {f"{r.related_model._meta.label_lower}.{r.field.name}" for r in relaciones}
    assert directas <= de_otros
    assert {"clientes.contrato.cliente", "clientes.interaccion.cliente", "clientes.consentimiento.cliente"} <= directas
    assert not [nombre for nombre in de_otros if "historical" in nombre]


def test_a_una_ficha_absorbida_ya_no_se_le_firma_nada(ana, otra):
    copia = Cliente.objects.get(pk=otra.pk)
    fusionar(ana, otra)
    servicio = servicio_con_precio()
    frase = rechazo(crear_contrato, cliente=copia, servicio=servicio, fecha_inicio=HOY, usuario=None, hoy=HOY)
    assert "lo fusionó con otro" in frase


@pytest.mark.parametrize(
    "elegidos", [{"estado": "absorbido"}, {"nombre": "ambos"}, {"nombre": "x"}, {"zzz": "principal"}]
)
def test_no_se_elige_lo_que_no_se_elige(ana, otra, elegidos):
    assert "De cada dato elija" in rechazo(fusionar, ana, otra, elegidos)
    assert Cliente.objects.count() == 2


def test_una_ficha_no_se_fusiona_consigo_misma(ana):
    assert "misma ficha" in rechazo(fusionar, ana, Cliente.objects.get())


def test_dos_personas_a_la_vez_fusionan_una_sola_vez(ana, otra):
    copia = Cliente.objects.get(pk=otra.pk)
    fusionar(ana, otra)
    assert "ya no existe" in rechazo(fusionar, ana, copia)
    assert Fusion.objects.count() == 1


def test_si_la_ficha_que_quedaria_no_vale_no_pasa_nada(ana):
    empresa = FabricaEmpresa()
    FabricaContrato(cliente=empresa)
    antes = todo()
    assert rechazo(fusionar, empresa, ana, {"documento": "absorbido"})
    assert todo() == antes
    assert not Fusion.objects.exists()


# --- Deshacer --------------------------------------------------------------------------------------------------------
def _con_de_todo(ana, otra):
    for dueno in (ana, otra):
        de_baja = {"estado": "terminado", "fecha_fin": HOY} if dueno.estado == "inactivo" else {}
        contrato = FabricaContrato(cliente=dueno, **de_baja)
        FabricaInteraccion(cliente=dueno, contrato=contrato)
        FabricaInteraccion(cliente=dueno)
        FabricaConsentimiento(cliente=dueno, otorgado_el=AHORA - timedelta(days=dueno.pk))
        FabricaConsentimiento(cliente=dueno, canal="correo", revocado_el=AHORA)


def test_deshacer_deja_todo_como_estaba(ana, otra):
    _con_de_todo(ana, otra)
    antes = todo()
    fusion = fusionar(ana, otra)
    assert todo() != antes
    deshacer(fusion, usuario=FabricaUsuario(first_name="Jefa", last_name=""))
    assert todo() == antes
    fusion = Fusion.objects.get()
    assert (fusion.deshecha_el, fusion.deshecha_por_nombre) == (DESPUES, "Jefa")
    vuelta = Cliente.objects.get(pk=fusion.absorbido_clave)
    assert "vuelve la ficha" in ultimo_motivo(vuelta)


GRUPO = st.dictionaries(st.sampled_from(sorted(combinar.GRUPOS)), st.sampled_from(["principal", "absorbido"]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(elegidos=GRUPO, inactivas=st.tuples(st.booleans(), st.booleans()))
def test_se_elija_lo_que_se_elija_deshacer_lo_deja_como_estaba(db, elegidos, inactivas):
    fichas = [
        FabricaCliente(estado="inactivo", inactivo_desde=date(2024, 1, n + 1))
        if inactiva
        else FabricaCliente(estrato=n + 1)
        for n, inactiva in enumerate(inactivas)
    ]
    _con_de_todo(*fichas)
    antes = todo()
    deshacer(fusionar(*fichas, elegidos))
    assert todo() == antes


def test_lo_creado_despues_se_queda_con_la_principal(ana, otra):
    suyo = FabricaContrato(cliente=otra)
    fusion = fusionar(ana, otra)
    nuevo = FabricaContrato(cliente=ana)
    suelta = FabricaInteraccion(cliente=ana)
    deshacer(fusion)
    assert {nuevo.pk: ana.pk, suyo.pk: fusion.absorbido_clave} == dict(Contrato.objects.values_list("pk", "cliente"))
    suelta.refresh_from_db()
    assert suelta.cliente == ana


def test_una_interaccion_nueva_sobre_un_contrato_que_vuelve_vuelve_con_el(ana, otra):
    suyo, mio = FabricaContrato(cliente=otra), FabricaContrato(cliente=ana)
    vieja = FabricaInteraccion(cliente=otra)
    fusion = fusionar(ana, otra)
    nueva = FabricaInteraccion(cliente=ana, contrato=Contrato.objects.get(pk=suyo.pk))
    Interaccion.objects.filter(pk=vieja.pk).update(contrato=mio)
    deshacer(fusion)
    assert Interaccion.objects.get(pk=nueva.pk).cliente_id == fusion.absorbido_clave
    assert Interaccion.objects.get(pk=vieja.pk).cliente == ana
    for una in Interaccion.objects.all():
        una.full_clean()


def test_lo_que_alguien_corrigio_despues_se_respeta(ana, otra):
    fusion = fusionar(ana, otra)
    ana.refresh_from_db()
    ana.email = "nuevo@ejemplo.co"
    guardar_cliente(ana, usuario=None, hoy=HOY)
    deshacer(fusion)
    ana.refresh_from_db()
    assert (ana.email, ana.fecha_vinculacion) == ("nuevo@ejemplo.co", date(2020, 1, 15))


def test_una_autorizacion_retirada_despues_no_revive(ana, otra):
    vieja = FabricaConsentimiento(cliente=ana, otorgado_el=AHORA - timedelta(days=90))
    nueva = FabricaConsentimiento(cliente=otra, otorgado_el=AHORA - timedelta(days=5))
    fusion = fusionar(ana, otra)
    revocar_consentimiento(nueva, usuario=None, ahora=AHORA + timedelta(days=1))
    deshacer(fusion)
    vieja.refresh_from_db()
    assert vieja.revocado_el == AHORA
    assert not Consentimiento.objects.vigentes().exists()


def test_quien_vuelve_a_inactivo_pero_ya_firmo_otra_vez_sigue_activo(otra):
    inactiva = FabricaCliente(estado="inactivo", inactivo_desde=date(2024, 1, 1))
    fusion = fusionar(inactiva, otra)
    FabricaContrato(cliente=inactiva)
    deshacer(fusion)
    inactiva.refresh_from_db()
    assert inactiva.estado == "activo"


def test_las_fusiones_se_deshacen_de_la_ultima_a_la_primera(ana, otra):
    tercera = FabricaCliente(nombre="Tercera")
    antes = todo()
    primera = fusionar(otra, tercera)
    segunda = fusionar(ana, otra)
    assert Fusion.objects.get(pk=primera.pk).principal == ana
    assert "deshaga primero esa fusión" in rechazo(deshacer, primera)
    deshacer(segunda)
    deshacer(primera)
    assert todo() == antes


def test_no_se_deshace_dos_veces(ana, otra):
    fusion = fusionar(ana, otra)
    deshacer(fusion)
    assert "ya se deshizo" in rechazo(deshacer, fusion)


def test_no_se_deshace_si_el_documento_ya_es_de_otro(ana, otra):
    documento = otra.documento
    fusion = fusionar(ana, otra)
    nuevo = FabricaCliente(documento=documento, nombre="Quien Llegó Después")
    frase = rechazo(deshacer, fusion)
    assert "documento de la ficha absorbida lo tiene ahora Quien Llegó Después" in frase
    assert Cliente.objects.filter(pk=ana.pk).exists()
    nuevo.delete()
    deshacer(fusion)


def test_no_se_deshace_si_el_documento_que_tenia_la_principal_ya_es_de_otro(ana, otra):
    documento = ana.documento
    fusion = fusionar(ana, otra, {"documento": "absorbido"})
    FabricaCliente(documento=documento)
    assert "documento de la ficha que quedó" in rechazo(deshacer, fusion)


def test_no_se_deshace_si_la_ficha_ya_se_restauro_desde_su_historia(ana, otra):
    clave = otra.pk
    fusion = fusionar(ana, otra)
    FabricaCliente(pk=clave)
    assert "se restauró desde su historia" in rechazo(deshacer, fusion)


def test_no_se_deshace_si_su_municipio_se_borro(ana, otra):
    municipio = otra.municipio
    fusion = fusionar(ana, otra, {})
    municipio.delete()
    assert "municipio" in rechazo(deshacer, fusion)
