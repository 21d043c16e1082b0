"""Las pantallas de los contactos: la ficha dice si se puede, las acciones lo hacen y la lista del RNE se sube."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clientes.models import CargaRne, Contacto, NumeroExcluido
from movistar_site.comun.models import Parametro

from . import fabricas as f
from .pantallas import accion, consultas_de, lista, nueva

pytestmark = pytest.mark.django_db
A_TODA_HORA = "00:00-23:59"


@pytest.fixture(autouse=True)
def carpeta(settings, tmp_path):
    settings.DATOS_DIR = tmp_path / "panel"


@pytest.fixture
def abierto(hoy):
    """Sin horario: lo que se prueba aquí no depende de la hora en que corra."""
    for clave in ("franja_semana", "franja_sabado"):
        Parametro.objects.create(clave=clave, valor=A_TODA_HORA, vigente_desde=hoy - timedelta(days=1), norma="Prueba")


@pytest.fixture
def cliente(hoy):
    """Uno que autorizó ofertas por teléfono, con la lista del RNE al día."""
    f.FabricaCargaRne(consultada_el=hoy)
    cliente = f.FabricaCliente(email="ana@ejemplo.co")
    f.FabricaConsentimiento(cliente=cliente, finalidad="comercial", canal="telefono", otorgado_el=f.AHORA)
    return cliente


def texto(respuesta: Any) -> str:
    assert respuesta.status_code == 200
    return " ".join(html.unescape(respuesta.content.decode()).split())


def ficha(admin: Any, cliente: Any) -> str:
    return texto(admin.get(reverse("ficha_de_cliente", args=(cliente.pk,))))


# --- La ficha --------------------------------------------------------------------------------------------------------
def test_la_ficha_dice_por_que_canal_no_se_puede_y_por_que(admin, cliente):
    pagina = ficha(admin, cliente)
    assert "¿Se le puede ofrecer algo?" in pagina
    assert "Sin autorización" in pagina and "Falta el dato" in pagina
    assert "Por su servicio, a cualquier hora: Teléfono, Mensaje de texto, WhatsApp, Correo electrónico." in pagina
    for nombre in ("contactar", "no-contactar"):
        assert accion(cliente, nombre) in pagina
    assert f"{nueva('consentimiento')}?cliente={cliente.pk}&finalidad=comercial" in pagina


def test_a_uno_suprimido_no_se_le_ofrece_nada(admin):
    suprimido = f.FabricaCliente(estado="inactivo", inactivo_desde=f.HOY, anonimizado_el=f.HOY)
    pagina = ficha(admin, suprimido)
    assert "¿Se le puede ofrecer algo?" not in pagina
    assert accion(suprimido, "reactivar") not in pagina and accion(suprimido, "anonimizar") not in pagina


def test_un_contacto_en_curso_se_cierra_desde_la_ficha(admin, cliente):
    jefe = f.FabricaUsuario._meta.model.objects.get(username="jefe")
    uno = f.FabricaContacto(cliente=cliente, momento=timezone.now(), finalidad="servicio", hecho_por=jefe)
    assert accion(uno, "cerrar") in ficha(admin, cliente)
    respuesta = admin.post(accion(uno, "cerrar"), {"resultado": "efectivo", "nota": "Todo bien"})
    assert respuesta.url == reverse("ficha_de_cliente", args=(cliente.pk,))
    uno.refresh_from_db()
    assert (uno.resultado, uno.nota) == ("efectivo", "Todo bien")
    assert "Contacto en curso" not in ficha(admin, cliente)


def test_el_bloque_hace_las_mismas_consultas_con_muchos_contactos(admin, cliente):
    url = reverse("ficha_de_cliente", args=(cliente.pk,))
    antes = len(consultas_de(admin, url))
    for n in range(12):
        f.FabricaContacto(cliente=cliente, momento=timezone.now() - timedelta(days=n), resultado="no_responde")
    f.FabricaContacto(cliente=cliente, momento=timezone.now(), finalidad="servicio")
    assert len(consultas_de(admin, url)) == antes


def test_el_bloque_y_su_linea_de_tiempo_anaden_cuatro_consultas(admin, cliente, monkeypatch):
    from clientes import linea_de_tiempo
    from clientes.vistas import ficha as vista

    url = reverse("ficha_de_cliente", args=(cliente.pk,))
    con = len(consultas_de(admin, url))
    monkeypatch.setattr(vista, "_contacto", lambda *_: None)
    monkeypatch.delitem(linea_de_tiempo.base._REGISTRO, "contacto")
    assert con - len(consultas_de(admin, url)) == 4


# --- Contactar -------------------------------------------------------------------------------------------------------
def test_contactar_pide_la_finalidad_y_deja_el_contacto_en_curso(admin, cliente, abierto):
    url = accion(cliente, "contactar")
    sin_finalidad = texto(admin.post(url, {"canal": "telefono"}))
    assert "Diga si el contacto es comercial o de servicio." in sin_finalidad
    admin.post(url, {"canal": "telefono", "finalidad": "servicio", "asunto": "Su factura"})
    uno = Contacto.objects.get()
    assert (uno.canal, uno.finalidad, uno.resultado, uno.hecho_por.username) == (
        "telefono", "servicio", "en_curso", "jefe",
    )  # fmt: skip


def test_lo_que_la_puerta_rechaza_se_ve_en_el_formulario(admin, cliente, abierto):
    respuesta = admin.post(accion(cliente, "contactar"), {"canal": "correo", "finalidad": "comercial"})
    assert "No ha autorizado ofertas por correo electrónico" in texto(respuesta)
    assert not Contacto.objects.exists()


def test_antes_de_contactar_se_dice_si_se_puede(admin, cliente):
    f.FabricaInteraccion(cliente=cliente)
    assert "Tiene sin responder la PQR" in texto(admin.get(accion(cliente, "contactar")))


def test_no_quiere_ofertas(admin, cliente):
    admin.post(accion(cliente, "no-contactar"), {"canal": "", "motivo": "Lo dijo por teléfono"})
    assert not cliente.consentimientos.vigentes().exists()
    assert "Sin autorización" in ficha(admin, cliente)


def test_suprimir_se_confirma_escribiendolo(admin):
    ido = f.FabricaCliente(nombre="Bernardina", estado="inactivo", inactivo_desde=f.AYER)
    url = accion(ido, "anonimizar")
    assert "no se puede deshacer" in texto(admin.post(url, {"motivo": "Lo pidió", "confirmacion": "si"}))
    ido.refresh_from_db()
    assert ido.nombre == "Bernardina"
    admin.post(url, {"motivo": "Lo pidió", "confirmacion": "suprimir"})
    ido.refresh_from_db()
    assert ido.anonimizado_el is not None and "Bernardina" not in ficha(admin, ido)


def test_antes_de_suprimir_se_dice_lo_que_lo_impide(admin):
    ido = f.FabricaCliente(estado="inactivo", inactivo_desde=f.AYER)
    f.FabricaContrato(cliente=ido, estado="activo")
    assert "Todavía no se puede. Tiene contratos sin terminar" in texto(admin.get(accion(ido, "anonimizar")))


# --- La lista de contactos -------------------------------------------------------------------------------------------
def test_la_lista_se_mira_y_no_se_toca(admin, cliente):
    uno = f.FabricaContacto(cliente=cliente, asunto="Bono")
    pagina = texto(admin.get(lista("contacto")))
    assert "Bono" in pagina and "En curso" in pagina
    assert admin.get(nueva("contacto")).status_code == 403
    assert admin.post(reverse("admin:clientes_contacto_delete", args=(uno.pk,)), {"post": "yes"}).status_code == 403
    cambio = reverse("admin:clientes_contacto_change", args=(uno.pk,))
    assert admin.post(cambio, {"asunto": "otro"}).status_code == 403
    version = reverse("admin:clientes_contacto_simple_history", args=(uno.pk, uno.history.first().pk))
    assert admin.post(version, {"motivo": "x"}).status_code in (302, 403)
    uno.refresh_from_db()
    assert uno.asunto == "Bono"


@pytest.mark.parametrize(
    ("filtro", "cuantos"),
    [
        ("resultado__exact=efectivo", 1),
        ("finalidad__exact=servicio", 1),
        ("canal__exact=sms", 1),
        ("entrante__exact=1", 1),
        ("momento_from=16/03/2026&momento_to=16/03/2026", 4),
        ("momento_from=17/03/2026", 0),
        ("q=zzz", 0),
    ],
)
def test_la_lista_se_filtra(admin, filtro, cuantos):
    f.FabricaContacto(resultado="efectivo", asunto="Bono 1")
    f.FabricaContacto(finalidad="servicio", asunto="Bono 2")
    f.FabricaContacto(canal="sms", asunto="Bono 3")
    f.FabricaContacto(entrante=True, asunto="Bono 4")
    assert texto(admin.get(f"{lista('contacto')}?{filtro}")).count("Bono ") == cuantos


# --- Números excluidos -----------------------------------------------------------------------------------------------
def subir(admin: Any, contenido: bytes, *, nombre: str = "rne.csv", dia: Any = None) -> Any:
    archivo = SimpleUploadedFile(nombre, contenido)
    dia = dia or timezone.localdate()
    return admin.post(nueva("cargarne"), {"archivo": archivo, "consultada_el": f"{dia:%d/%m/%Y}"})


def test_se_sube_la_lista_y_se_ve_lo_que_no_se_entendio(admin, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        respuesta = subir(admin, b"numero;canal\n3001112233;sms\nmalo;sms\n3204445566;\n")
    carga = CargaRne.objects.get()
    assert respuesta.url == reverse("admin:clientes_cargarne_change", args=(carga.pk,))
    assert carga.completa and carga.cargada_por_nombre.startswith("Agente De Prueba")
    assert NumeroExcluido.objects.count() == 2
    pagina = texto(admin.get(respuesta.url))
    assert "2 números y correos" in pagina and "1 renglón no se entendió" in pagina and "«malo»" in pagina
    assert "Vale hasta el" in texto(admin.get(lista("cargarne")))


def test_lo_que_no_se_acepta_se_dice_junto_a_su_campo(admin):
    manana = timezone.localdate() + timedelta(days=1)
    assert "no puede ser futura" in texto(subir(admin, b"3001112233", dia=manana))
    assert "no es un archivo .csv" in texto(subir(admin, b"x", nombre="rne.pdf"))
    assert "imagen PNG" in texto(subir(admin, b"\x89PNG\r\n"))
    assert "Elija el archivo" in texto(admin.post(nueva("cargarne"), {"consultada_el": "01/01/2026"}))
    assert not CargaRne.objects.exists()


def test_la_pagina_dice_si_la_lista_vencio_o_si_no_hay(admin, hoy):
    assert "Todavía no se ha cargado ninguna lista" in texto(admin.get(lista("cargarne")))
    f.FabricaCargaRne(consultada_el=hoy - timedelta(days=45))
    pagina = texto(admin.get(lista("cargarne")))
    assert "los contactos comerciales están bloqueados" in pagina and ">Vencida<" in pagina


def test_mientras_se_lee_se_ve_el_avance(admin):
    carga = f.FabricaCargaRne(completa=False, avance=42, cuantos=120_500)
    pagina = texto(admin.get(reverse("admin:clientes_cargarne_change", args=(carga.pk,))))
    assert "Leyendo la lista" in pagina and "120.500 números y correos" in pagina
    avance = reverse("avance_del_rne", args=(carga.pk,))
    assert admin.get(avance).status_code == 302
    trozo = admin.get(avance, headers={"HX-Request": "true"})
    assert "42 %" in texto(trozo)
    CargaRne.objects.update(completa=True)
    assert admin.get(avance, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    carga.falla = "Ningún renglón trae un número."
    CargaRne.objects.update(completa=False, falla=carga.falla)
    assert carga.falla in texto(admin.get(reverse("admin:clientes_cargarne_change", args=(carga.pk,))))
