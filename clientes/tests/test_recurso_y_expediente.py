"""El recurso contra una respuesta, su envío a la SIC, y lo que se va juntando en un caso."""

import hashlib
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from openpyxl import Workbook

from clientes import adjuntos
from clientes.models import Interaccion
from clientes.operaciones import (
    adjuntar,
    anotar_interaccion,
    borrar_interaccion,
    desligar,
    enviar_a_la_sic,
    interponer_recurso,
    relacionar,
    responder_interaccion,
)

from .fabricas import AHORA, HOY, FabricaInteraccion, FabricaUsuario
from .test_radicar_pqr import radicar

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")


def respondida(sentido="desfavorable", **opciones):
    caso = radicar(**opciones)
    return responder_interaccion(
        caso, respuesta="No procede.", notificada_el=AHORA, sentido=sentido, usuario=None, ahora=AHORA
    )


def recurrir(caso, **opciones):
    datos = {
        "causal": "facturacion",
        "texto": "No estoy de acuerdo.",
        "pide_apelacion": True,
        "canal": "web",
        "usuario": None,
        "ahora": AHORA,
    }
    return interponer_recurso(caso, **(datos | opciones))


def resolver(recurso, sentido="desfavorable"):
    return responder_interaccion(
        recurso, respuesta="Se confirma.", notificada_el=AHORA, sentido=sentido, usuario=None, ahora=AHORA
    )


# --- Recurso ---------------------------------------------------------------------------------------------------------
def test_el_recurso_sigue_con_el_cun_y_lleva_su_numero_y_su_plazo():
    caso = respondida()
    recurso = Interaccion.objects.get(pk=recurrir(caso).pk)
    assert (recurso.tipo, recurso.cun, recurso.recurso_de) == ("recurso", caso.cun, caso)
    assert recurso.numero != caso.numero
    assert (recurso.vence_el, recurso.causal, recurso.pide_apelacion) == (date(2026, 4, 9), "facturacion", True)


@pytest.mark.parametrize(("tipo", "frase"), [("sugerencia", "una sugerencia"), ("reclamacion", "no se ha respondido")])
def test_solo_se_recurre_la_respuesta_de_una_pqr(tipo, frase):
    caso = radicar(tipo=tipo)
    with pytest.raises(ValidationError, match=frase):
        recurrir(caso)


def test_no_se_recurre_un_recurso_ni_dos_veces_la_misma_pqr():
    caso = respondida()
    recurso = resolver(recurrir(caso))
    with pytest.raises(ValidationError, match="otro recurso"):
        recurrir(recurso)
    with pytest.raises(ValidationError, match=f"ya tiene su recurso, {recurso.numero}"):
        recurrir(caso)


def test_se_recurre_hasta_el_decimo_dia_habil():
    ultimo = datetime(2026, 3, 31, 23, 50, tzinfo=BOGOTA).astimezone(UTC)
    assert recurrir(respondida(), fecha=ultimo, ahora=ultimo).pk
    despues = ultimo + timedelta(minutes=15)
    with pytest.raises(ValidationError) as error:
        recurrir(respondida(), fecha=despues, ahora=despues)
    assert "venció el 31/03/2026" in error.value.message_dict["fecha"][0]
    # Lo que el cliente interpuso a tiempo se puede radicar después.
    assert recurrir(respondida(), fecha=ultimo, ahora=despues).pk


@pytest.mark.parametrize(
    ("opciones", "campo"),
    [
        ({"causal": "velocidad"}, "causal"),
        ({"causal": ""}, "causal"),
        ({"texto": " "}, "texto"),
        ({"fecha": AHORA + timedelta(minutes=1)}, "fecha"),
        ({"fecha": AHORA - timedelta(minutes=2)}, "fecha"),
        ({"canal": "paloma"}, "canal"),
    ],
)
def test_un_recurso_mal_dicho_se_rechaza_junto_a_su_campo(opciones, campo):
    with pytest.raises(ValidationError) as error:
        recurrir(respondida(), **opciones)
    assert campo in error.value.message_dict


# --- SIC -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sentido", ["desfavorable", "parcial"])
def test_un_recurso_en_contra_con_apelacion_queda_por_enviar_hasta_que_se_envia(sentido):
    recurso = resolver(recurrir(respondida()), sentido)
    assert list(Interaccion.objects.por_enviar_a_la_sic()) == [recurso]
    enviar_a_la_sic(recurso, fecha=HOY, usuario=None, hoy=HOY)
    assert not Interaccion.objects.por_enviar_a_la_sic().exists()
    with pytest.raises(ValidationError, match="ya se envió a la SIC el 16/03/2026"):
        enviar_a_la_sic(recurso, fecha=HOY, usuario=None, hoy=HOY)


def test_no_va_a_la_sic_lo_que_no_es_una_apelacion():
    casos = [
        (respondida(), "este caso no lo es"),
        (recurrir(respondida()), "no se ha resuelto"),
        (resolver(recurrir(respondida(), pide_apelacion=False)), "no pidió apelar"),
        (resolver(recurrir(respondida()), "favorable"), "a favor del cliente"),
    ]
    for caso, frase in casos:
        with pytest.raises(ValidationError, match=frase):
            enviar_a_la_sic(caso, fecha=HOY, usuario=None, hoy=HOY)
    assert not Interaccion.objects.por_enviar_a_la_sic().exists()


def test_el_envio_no_es_futuro_ni_anterior_a_la_respuesta():
    recurso = resolver(recurrir(respondida()))
    for fecha, frase in ((HOY + timedelta(days=1), "futura"), (HOY - timedelta(days=1), "no se pudo enviar antes")):
        with pytest.raises(ValidationError) as error:
            enviar_a_la_sic(recurso, fecha=fecha, usuario=None, hoy=HOY)
        assert frase in error.value.message_dict["fecha"][0]


# --- Notas y relaciones ----------------------------------------------------------------------------------------------
def test_una_nota_queda_con_su_autor_tambien_en_lo_respondido():
    ana = FabricaUsuario(first_name="Ana", last_name="Uno")
    nota = anotar_interaccion(respondida(), texto=" Llamar después \n", usuario=ana, ahora=AHORA)
    assert (nota.texto, nota.autor_nombre, nota.fecha) == ("Llamar después", "Ana Uno", AHORA)
    for texto, frase in (("  ", "Escriba"), ("x" * 5_001, "no cabe")):
        with pytest.raises(ValidationError, match=frase):
            anotar_interaccion(nota.interaccion, texto=texto, usuario=ana, ahora=AHORA)


def test_dos_casos_se_relacionan_en_los_dos_sentidos_y_queda_en_la_historia():
    una, otra = radicar(), radicar()
    relacionar(una, otra=otra, usuario=None, ahora=AHORA)
    assert list(otra.relacionadas.all()) == [una]
    assert otra.history.first().history_change_reason == f"Se relacionó con {una.numero}"
    for mala, frase in ((una, "consigo mismo"), (otra, "ya está relacionado")):
        with pytest.raises(ValidationError, match=frase):
            relacionar(una, otra=mala, usuario=None, ahora=AHORA)
    desligar(otra, otra=una, usuario=None, ahora=AHORA)
    assert not una.relacionadas.exists()
    with pytest.raises(ValidationError, match="no está relacionado"):
        desligar(una, otra=otra, usuario=None, ahora=AHORA)


# --- Adjuntos --------------------------------------------------------------------------------------------------------
def _zip(*nombres):
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w") as comprimido:
        for nombre in nombres:
            comprimido.writestr(nombre, "<xml/>")
    return salida.getvalue()


def _excel():
    salida = io.BytesIO()
    Workbook().save(salida)
    return salida.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3 prueba"
BUENOS = {
    "carta.pdf": (PDF, "application/pdf", "carta.pdf"),
    "foto.PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", "foto.PNG"),
    "foto.jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg", "foto.jpeg"),
    "carta.docx": (_zip("[Content_Types].xml", "word/document.xml"), adjuntos.WORD, "carta.docx"),
    "cuenta.xlsx": (_excel(), adjuntos.EXCEL, "cuenta.xlsx"),
    "nota.txt": ("Señor, ¿qué pasó?".encode(), "text/plain", "nota.txt"),
    # El nombre engaña y los bytes no.
    "factura.exe": (PDF, "application/pdf", "factura.exe.pdf"),
    "..\\..\\etc/clave.pdf": (PDF, "application/pdf", "clave.pdf"),
    "carta\u202efdp.exe\n": (PDF, "application/pdf", "cartafdp.exe.pdf"),
    "": (PDF, "application/pdf", "archivo.pdf"),
    "x" * 200 + ".pdf": (PDF, "application/pdf", "x" * 116 + ".pdf"),
}
MALOS = {
    "vacío.pdf": (b"", "está vacío"),
    "virus.pdf": (b"MZ\x90\0" * 40, "no es de un tipo que se acepte"),
    "pagina.txt": (b"<html><script>alert(1)</script>", "no es de un tipo que se acepte"),
    "dibujo.png": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no es de un tipo que se acepte"),
    "guion.txt": (b"#!/bin/sh\nrm -rf /", "no es de un tipo que se acepte"),
    "cosa.txt": (b"hola\x00mundo", "no es de un tipo que se acepte"),
    "todo.docx": (_zip("uno.pdf"), "es un archivo comprimido"),
    "macros.xlsx": (_zip("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "trae macros"),
    "roto.docx": (b"PK\x03\x04 esto no es un zip", "está dañado"),
}


@pytest.mark.parametrize("nombre", BUENOS)
def test_el_tipo_de_un_adjunto_es_el_que_dicen_sus_bytes(nombre):
    contenido, tipo, guardado = BUENOS[nombre]
    assert adjuntos.reconocer(nombre, contenido) == (guardado, tipo)


@pytest.mark.parametrize("nombre", MALOS)
def test_un_archivo_que_no_se_acepta_se_dice_en_una_frase(nombre):
    contenido, frase = MALOS[nombre]
    with pytest.raises(ValueError, match=frase) as error:
        adjuntos.reconocer(nombre, contenido)
    assert str(error.value).count("\n") == 0


@pytest.fixture
def archivos(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def subir(caso, nombre="carta.pdf", contenido=PDF):
    return adjuntar(caso, archivo=ContentFile(contenido, name=nombre), usuario=None, ahora=AHORA)


def en_disco(carpeta):
    return [ruta for ruta in carpeta.rglob("*") if ruta.is_file()]


def test_un_adjunto_se_guarda_por_su_huella_y_solo_lo_lee_el_panel(archivos):
    uno = subir(radicar())
    assert uno.huella == hashlib.sha256(PDF).hexdigest()
    assert (uno.bytes, uno.tipo, uno.nombre) == (len(PDF), "application/pdf", "carta.pdf")
    (ruta,) = en_disco(archivos)
    assert (ruta.name, ruta.read_bytes(), ruta.stat().st_mode & 0o777) == (uno.huella, PDF, 0o600)


def test_el_mismo_archivo_no_se_adjunta_dos_veces_al_mismo_caso(archivos):
    caso = radicar()
    subir(caso)
    with pytest.raises(ValidationError) as error:
        subir(caso, "otra copia.pdf")
    assert "ya está adjunto a este caso, como «carta.pdf»" in error.value.message_dict["archivo"][0]
    assert subir(radicar()).pk
    assert len(en_disco(archivos)) == 2


def test_ni_uno_muy_pesado_ni_mas_de_los_que_caben(archivos, settings):
    settings.ADJUNTO_MAX_BYTES, settings.ADJUNTOS_MAX_POR_CASO = 100, 2
    caso = radicar()
    with pytest.raises(ValidationError, match="se acepta hasta 100 bytes"):
        subir(caso, contenido=PDF + b"x" * 100)
    subir(caso, contenido=PDF + b"1")
    subir(caso, contenido=PDF + b"2")
    with pytest.raises(ValidationError, match="ya tiene 2 adjuntos"):
        subir(caso, contenido=PDF + b"3")
    assert len(en_disco(archivos)) == 2


def test_si_la_base_no_lo_guarda_el_archivo_no_queda_suelto(archivos, monkeypatch):
    caso = radicar()

    def fallar(*_args, **_opciones):
        raise ValidationError("La base dijo que no.")

    monkeypatch.setattr("clientes.operaciones.expediente.guardar", fallar)
    with pytest.raises(ValidationError, match="dijo que no"):
        subir(caso)
    assert not en_disco(archivos)


# --- Conservar -------------------------------------------------------------------------------------------------------
def test_una_pqr_con_cun_no_se_borra_y_lo_demas_se_va_con_sus_archivos(archivos, django_capture_on_commit_callbacks):
    with pytest.raises(ValidationError, match="se conserva diez años"):
        borrar_interaccion(radicar(), usuario=None)
    suelta = FabricaInteraccion(tipo="sugerencia")
    subir(suelta)
    with django_capture_on_commit_callbacks(execute=True):
        borrar_interaccion(suelta, usuario=None)
    assert not en_disco(archivos)
    assert not Interaccion.objects.filter(pk=suelta.pk).exists()
