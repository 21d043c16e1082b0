"""Suprimir los datos de una persona: no queda nada que la nombre, y todo lo demás sigue contando igual."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Count, Sum
from django.urls import reverse

from clientes import anonimizar, contacto
from clientes.anonimizar import TACHA, Tachador
from clientes.consultas import buscar_clientes
from clientes.consultas_contacto import permisos_por_canal
from clientes.models import Cliente, Contrato, Fusion, Interaccion, NotaInterna
from clientes.operaciones import (
    abrir_contacto,
    anonimizar_cliente,
    cerrar_contacto,
    desactivar_cliente,
    deshacer_fusion,
    fusionar_clientes,
    guardar_cliente,
    otorgar_consentimiento,
    por_que_no_se_anonimiza,
    reactivar_cliente,
    registrar_interaccion,
)
from movistar_site.comun.models import Aviso

from .fabricas import (
    AHORA,
    AYER,
    HOY,
    FabricaAdjunto,
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaInteraccion,
    FabricaMunicipio,
    FabricaSilencio,
    FabricaUsuario,
)

pytestmark = pytest.mark.django_db
HUELLAS = ("Bernardina", "Quiñones", "Quinones", "1020304050", "1.020.304.050", "3157778899", "315 777 8899",
           "bernardina@ejemplo.co", "Calle 45 # 12-34", "Chepita")  # fmt: skip


@pytest.fixture
def persona():
    """Una que fue cliente y dejó rastro en todas partes."""
    viejo = FabricaCliente(nombre="Bernardina Chepita", apellido="Quinones", documento="1020304051")
    cliente = FabricaCliente(
        nombre="Bernardina", apellido="Quiñones Ríos", documento="1020304050", telefono="+573157778899",
        email="bernardina@ejemplo.co", direccion="Calle 45 # 12-34", notas="La señora Bernardina llama los lunes",
        municipio=FabricaMunicipio(), estrato=3, id_origen="SAP-BERNARDINA",
    )  # fmt: skip
    cliente.history.create(**_version(cliente, telefono="+573001110000"))
    fusionar_clientes(cliente, absorbido=viejo, elegidos={}, usuario=None, ahora=AHORA, motivo="Es Bernardina")
    cliente.refresh_from_db()
    contrato = FabricaContrato(cliente=cliente, estado="terminado", fecha_fin=AYER)
    caso = FabricaInteraccion(
        cliente=cliente, contrato=contrato, tipo="reclamacion", asunto="Cobro a Bernardina Quiñones",
        texto="Soy BERNARDINA  QUINONES, cédula 1.020.304.050, llámenme al 315 777 8899. Se fue la luz.",
        estado="respondida", respuesta="Señora Quiñones: le devolvimos $ 20.000.", respondida_el=AHORA,
    )  # fmt: skip
    caso.save()  # con su versión en la historia
    NotaInterna.objects.create(interaccion=caso, texto="Escribió de bernardina@ejemplo.co", autor_nombre="Quiñones")
    FabricaAdjunto(interaccion=caso, nombre="cedula de Bernardina.pdf")
    FabricaConsentimiento(
        cliente=cliente, evidencia="Grabación de Bernardina Quiñones", otorgado_el=AHORA - timedelta(9)
    )
    uno = abrir_contacto(cliente=cliente, canal="telefono", finalidad="servicio", usuario=None, ahora=AHORA,
                         asunto="Hablar con Bernardina")  # fmt: skip
    cerrar_contacto(uno, resultado="efectivo", usuario=None, ahora=AHORA, nota="Contestó el esposo de Bernardina")
    jefe = FabricaUsuario(first_name="Ana", last_name="Quiñones")
    Aviso.objects.create(
        usuario=jefe, clave="x", titulo=f"Caso {caso.numero} de Bernardina", enlace="/", creado_el=AHORA
    )
    LogEntry.objects.create(
        user=jefe, content_type=ContentType.objects.get_for_model(Cliente), object_id=str(cliente.pk),
        object_repr=str(cliente), action_flag=CHANGE,
    )  # fmt: skip
    desactivar_cliente(cliente, fecha=HOY, motivo="La señora Bernardina se fue", usuario=jefe, hoy=HOY)
    return cliente


def _version(cliente, **cambios):
    campos = {campo.attname: getattr(cliente, campo.attname) for campo in Cliente._meta.concrete_fields}
    campos.pop("busqueda")
    return campos | {"history_date": AHORA - timedelta(days=90), "history_type": "~"} | cambios


def suprimir(cliente, **cambios):
    datos = {"usuario": None, "hoy": HOY, "ahora": AHORA, "motivo": "Lo pidió el titular"}
    return anonimizar_cliente(cliente, **(datos | cambios))


def rastros():
    """Dónde quedó, en toda la base, algo que la nombre: tabla, columna y texto."""
    hallados = []
    for modelo in apps.get_models(include_auto_created=True):
        textos = [
            campo for campo in modelo._meta.concrete_fields
            if isinstance(campo, models.CharField | models.TextField | models.JSONField)
            and not campo.name.endswith("_nombre") and campo.name != "last_name"
        ]  # fmt: skip
        for fila in modelo._base_manager.all().values_list(*(campo.name for campo in textos)) if textos else ():
            for campo, valor in zip(textos, fila, strict=True):
                if any(huella.lower() in str(valor).lower() for huella in HUELLAS):
                    hallados.append((modelo.__name__, campo.name, valor))
    return hallados


def test_antes_hay_rastros_en_muchas_tablas(persona):
    assert len({tabla for tabla, _, _ in rastros()}) >= 10


def test_despues_no_queda_nada_que_la_nombre(persona):
    suprimir(persona)
    assert rastros() == []


def test_en_el_indice_de_busqueda_tampoco(persona):
    suprimir(persona)
    assert not buscar_clientes(Cliente.objects.all(), "bernardina").exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM clientes_cliente_fts WHERE clientes_cliente_fts MATCH '\"bernardina\"'"
            )
            assert cursor.fetchone() == (0,)


def test_lo_que_paso_queda_y_se_lee(persona):
    suprimir(persona)
    caso = Interaccion.objects.get()
    assert caso.asunto == f"Cobro a {TACHA}"
    assert "Se fue la luz." in caso.texto and "le devolvimos $ 20.000" in caso.respuesta
    assert NotaInterna.objects.get().autor_nombre == "Quiñones"  # es quien trabaja aquí
    persona.refresh_from_db()
    assert persona.nombre_completo == "Datos suprimidos"
    assert (persona.tipo_documento, persona.documento) == ("PRO", f"SUPR{persona.pk:08d}")
    assert persona.anonimizado_el == HOY and persona.contratos.count() == 1
    ultima = persona.history.first()
    assert ultima.history_change_reason == "Datos personales suprimidos. Lo pidió el titular"
    assert {version.nombre for version in persona.history.all()} == {"Datos suprimidos"}


def totales():
    """Lo que los reportes cuentan."""
    clientes = Cliente.objects.con_categoria(HOY, {"meses_regular": 36, "meses_leal": 120})
    return {
        "por_categoria": list(clientes.values("categoria").annotate(n=Count("pk")).order_by("categoria")),
        "por_lugar": list(Cliente.objects.values("municipio", "estrato").annotate(n=Count("pk")).order_by("municipio")),
        "por_persona": list(
            Cliente.objects.values("tipo_persona", "estado").annotate(n=Count("pk")).order_by("estado")
        ),
        "vinculados": sorted(Cliente.objects.values_list("fecha_vinculacion", flat=True)),
        "contratos": list(Contrato.objects.values("estado").annotate(n=Count("pk"), suma=Sum("precio"))),
        "casos": list(Interaccion.objects.values("tipo", "estado", "canal").annotate(n=Count("pk"))),
    }


def test_los_reportes_cuentan_lo_mismo(persona):
    persona.categoria_asignada, persona.motivo_categoria = "leal", "Bernardina es prima de alguien"
    persona.save()
    antes = totales()
    suprimir(persona)
    assert totales() == antes
    assert rastros() == []


def test_pierde_sus_autorizaciones_y_no_se_le_contacta_mas(persona, monkeypatch):
    detenidos = []
    monkeypatch.setattr(contacto, "AL_RETIRAR", contacto.AL_RETIRAR)
    contacto.AL_RETIRAR.append(anotar := lambda *quien: detenidos.append(quien))
    try:
        suprimir(persona)
    finally:
        contacto.AL_RETIRAR.remove(anotar)
    assert len(detenidos) == 1
    assert not persona.consentimientos.vigentes().exists()
    assert not any(p.permitido for _, p in permisos_por_canal(persona, finalidad="servicio", ahora=AHORA))
    for entrante in (True, False):
        with pytest.raises(ValidationError, match="se suprimieron el 16/03/2026"):
            abrir_contacto(cliente=persona, canal="telefono", finalidad="servicio", usuario=None, ahora=AHORA,
                           entrante=entrante)  # fmt: skip


def test_no_se_puede_deshacer_por_ningun_camino(persona):
    suprimir(persona)
    hechos = (
        lambda: suprimir(persona),
        lambda: reactivar_cliente(persona, usuario=None),
        lambda: guardar_cliente(persona, usuario=None, hoy=HOY),
        lambda: deshacer_fusion(Fusion.objects.get(), usuario=None, ahora=AHORA),
        lambda: fusionar_clientes(FabricaCliente(), absorbido=persona, elegidos={}, usuario=None, ahora=AHORA),
        lambda: registrar_interaccion(cliente=persona, tipo="consulta", canal="telefono", asunto="x", texto="",
                                      usuario=None, ahora=AHORA),
        lambda: otorgar_consentimiento(cliente=persona, finalidad="comercial", canal="sms", version_texto="1",
                                       medio="web", evidencia="x", usuario=None, ahora=AHORA),
    )  # fmt: skip
    for hacer in hechos:
        with pytest.raises(ValidationError, match="suprimi"):
            hacer()


def test_la_foto_de_una_fusion_deshecha_tambien_se_vacia():
    suya, ajena = FabricaCliente(nombre="Bernardina"), FabricaCliente()
    fusion = fusionar_clientes(ajena, absorbido=suya, elegidos={}, usuario=None, ahora=AHORA)
    deshacer_fusion(fusion, usuario=None, ahora=AHORA)
    suya = Cliente.objects.get(nombre="Bernardina")
    desactivar_cliente(suya, fecha=HOY, motivo="x", usuario=None, hoy=HOY)
    suprimir(suya)
    assert rastros() == []
    assert Cliente.objects.get(pk=ajena.pk).nombre == ajena.nombre


# --- Lo que lo impide ------------------------------------------------------------------------------------------------
@pytest.fixture
def ido():
    return FabricaCliente(estado="inactivo", inactivo_desde=AYER)


@pytest.mark.parametrize(
    ("estorbo", "frase"),
    [
        (lambda c: FabricaContrato(cliente=c, estado="suspendido"), "contratos sin terminar"),
        (lambda c: FabricaInteraccion(cliente=c), "sin responder"),
        (lambda c: FabricaInteraccion(cliente=c, tipo="sugerencia"), "sin responder"),
        (
            lambda c: FabricaSilencio(
                interaccion=FabricaInteraccion(
                    cliente=c, estado="respondida", respuesta="x", respondida_el=AHORA, vence_el=date(2026, 3, 1)
                )
            ),
            "silencio positivo por cumplir",
        ),
    ],
)
def test_lo_que_esta_abierto_lo_impide_y_se_dice(ido, estorbo, frase):
    estorbo(ido)
    with pytest.raises(ValidationError, match=frase):
        suprimir(ido)
    ido.refresh_from_db()
    assert ido.anonimizado_el is None and ido.nombre != "Datos suprimidos"


def test_un_cliente_activo_no_se_suprime():
    with pytest.raises(ValidationError, match="Sigue activo"):
        suprimir(FabricaCliente())


def test_sin_motivo_no(ido):
    with pytest.raises(ValidationError) as error:
        suprimir(ido, motivo="  ")
    assert "motivo" in error.value.message_dict


def test_otra_aplicacion_puede_impedirlo_y_borrar_lo_suyo(ido, monkeypatch):
    borrados = []
    monkeypatch.setattr(anonimizar, "GUARDAS", anonimizar.GUARDAS)
    anonimizar.GUARDAS.append(guarda := lambda cliente: "Tiene un bono por entregar: ciérrelo primero.")
    anonimizar.AL_ANONIMIZAR.append(borrar := lambda cliente, *_: borrados.append(cliente.nombre))
    try:
        with pytest.raises(ValidationError, match="bono por entregar"):
            suprimir(ido)
        assert por_que_no_se_anonimiza(ido) == ["Tiene un bono por entregar: ciérrelo primero."]
        anonimizar.GUARDAS.remove(guarda)
        suprimir(ido)
    finally:
        anonimizar.AL_ANONIMIZAR.remove(borrar)
    assert borrados == ["Datos suprimidos"]


# --- El tachador -----------------------------------------------------------------------------------------------------
FICHA = {
    "nombre": "Ana Blanca", "apellido": "Núñez Paz", "tipo_documento": "CC", "documento": "12345678",
    "telefono": "+573001112233", "telefono_alterno": "", "email": "ana@ejemplo.co", "direccion": "Cra 7 # 1-2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("texto", "esperado"),
    [
        ("Habló Ana Blanca Núñez Paz.", f"Habló {TACHA}."),
        ("habló ANA NUNEZ ayer", f"habló {TACHA} ayer"),
        ("CC 12.345.678 o 12345678", f"CC {TACHA} o {TACHA}"),
        ("llamar al +57 300-111-2233 o 3001112233", f"llamar al {TACHA} o {TACHA}"),
        ("escribió de Ana@Ejemplo.co, vive en cra 7 # 1-2", f"escribió de {TACHA}, vive en {TACHA}"),
        ("La señora Blanca", f"La señora {TACHA}"),
        # Lo que no la nombra no se toca.
        ("la camisa blanca, en paz y en Ana Frank", "la camisa blanca, en paz y en Ana Frank"),
        ("R-123456789 y el pedido 9912345678", "R-123456789 y el pedido 9912345678"),
        ("", ""),
    ],
)
def test_se_tacha_lo_que_la_nombra_y_nada_mas(texto, esperado):
    assert Tachador([FICHA]).tachar(texto) == esperado


def test_de_una_empresa_se_tacha_la_razon_social_entera():
    empresa = {"nombre": "Comercial La Luz", "apellido": "", "tipo_documento": "NIT", "documento": "9013543611"}
    tachador = Tachador([empresa])
    assert tachador.tachar("Cobro a COMERCIAL LA LUZ por luz") == f"Cobro a {TACHA} por luz"
    assert Tachador([]).tachar("nada") == "nada"


def test_la_pagina_de_deshacer_su_fusion_dice_por_que_no(persona, admin):
    suprimir(persona)
    fusion = Fusion.objects.get()
    url = reverse("deshacer_fusion", args=(fusion.pk,))
    assert admin.get(url).status_code == 200
    assert "se suprimieron" in admin.post(url, {}).content.decode()
    assert admin.get(reverse("fusiones")).status_code == 200
