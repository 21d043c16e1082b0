"""La página de un caso por HTTP: qué muestra, qué ofrece a cada quien, sus acciones, su constancia y sus archivos."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clientes import operaciones
from clientes.models import Adjunto, Interaccion, NotaInterna, PlantillaRespuesta, SilencioPositivo

from .fabricas import (
    FabricaAdjunto,
    FabricaCliente,
    FabricaContrato,
    FabricaEquipo,
    FabricaInteraccion,
    FabricaMotivo,
)
from .pantallas import accion, consultas_de, errores, ficha, lista, nueva
from .test_pantalla_interacciones import datos_de_interaccion

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3 prueba"


@pytest.fixture(autouse=True)
def archivos(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def radicar(dias=0, **opciones):
    ahora = timezone.now()
    datos = {"tipo": "reclamacion", "canal": "telefono", "asunto": "Cobro doble", "texto": "Dos veces.",
             "fecha": ahora - timedelta(days=dias)}  # fmt: skip
    cliente = opciones.pop("cliente", None) or FabricaCliente()
    return operaciones.registrar_interaccion(cliente=cliente, usuario=None, ahora=ahora, **(datos | opciones))


def responder(caso, sentido="desfavorable", cuando=None):
    ahora = timezone.now()
    return operaciones.responder_interaccion(
        caso, respuesta="No procede.", notificada_el=cuando or ahora, sentido=sentido, usuario=None, ahora=ahora
    )


def escrito(cuando=None):
    return f"{timezone.localtime(cuando):%d/%m/%Y %H:%M}"


def pagina(sesion, caso):
    return sesion.get(ficha(caso)).content.decode()


def ofrece(sesion, caso):
    """Las acciones que la página ofrece."""
    botones = sesion.get(ficha(caso)).context["caso_acciones"]
    return {boton["url"].rstrip("/").rpartition("/")[2] for boton in botones["cabeza"]} | {
        nombre for nombre, boton in botones.items() if nombre != "cabeza" and boton
    }


# --- Radicar ---------------------------------------------------------------------------------------------------------
def test_quien_radica_queda_en_el_caso_con_la_constancia_a_un_paso(admin):
    datos = datos_de_interaccion(FabricaCliente(), canal_respuesta="correo", motivo=FabricaMotivo().pk)
    respuesta = admin.post(nueva("interaccion"), datos, follow=True)
    caso = Interaccion.objects.get()
    assert respuesta.redirect_chain[-1][0] == ficha(caso)
    texto = respuesta.content.decode()
    assert "Entregue la constancia al cliente" in texto
    assert reverse("constancia", args=(caso.pk,)) in texto
    assert (caso.canal_respuesta, caso.motivo is not None) == ("correo", True)


def test_enviar_dos_veces_el_formulario_radica_un_caso(admin):
    datos = datos_de_interaccion(FabricaCliente())
    primera, segunda = (admin.post(nueva("interaccion"), datos) for _ in range(2))
    assert primera.url == segunda.url
    assert Interaccion.objects.count() == 1
    assert "Ya estaba radicada" in admin.get(segunda.url).content.decode()


def test_al_radicar_se_ofrecen_los_motivos_de_hoy_y_ningun_recurso(admin, hoy):
    vigente = FabricaMotivo(nombre="Vigente", vigente_hasta=hoy)
    de_antes = FabricaMotivo(nombre="De antes", vigente_hasta=hoy - timedelta(days=1))
    de_despues = FabricaMotivo(nombre="De después", vigente_desde=hoy + timedelta(days=1))
    formulario = admin.get(nueva("interaccion")).context["adminform"].form
    ofrecidos = set(formulario.fields["motivo"].queryset)
    assert vigente in ofrecidos and not ofrecidos & {de_antes, de_despues}
    assert "recurso" not in dict(formulario.fields["tipo"].choices)
    faltas = errores(admin.post(nueva("interaccion"), datos_de_interaccion(FabricaCliente(), tipo="recurso")))
    assert "tipo" in faltas


# --- La página -------------------------------------------------------------------------------------------------------
def test_la_cabeza_dice_en_que_va_el_plazo(admin):
    texto = pagina(admin, radicar())
    assert "En término" in texto and "Faltan 15 días hábiles" in texto and "0000 " in texto
    assert "Silencio positivo" in pagina(admin, radicar(dias=60))
    assert "No lleva plazo de ley" in pagina(admin, radicar(tipo="sugerencia"))
    assert "sobraron" in pagina(admin, responder(radicar()))


def test_la_linea_de_tiempo_cuenta_todo_y_dice_quien(admin):
    caso, otro, equipo = radicar(), radicar(), FabricaEquipo(nombre="Facturación")
    admin.post(accion(caso, "asignar"), {"equipo": equipo.pk, "motivo": "Es de cobro"})
    admin.post(accion(caso, "tomar"))
    admin.post(accion(caso, "anotar"), {"texto": "Llamar después"})
    admin.post(accion(caso, "relacionar"), {"otra": otro.numero.lower()})
    datos = {"tipo": "consulta", "canal": "telefono", "canal_respuesta": "", "contrato": "", "asunto": "Otro",
             "texto": "x"}  # fmt: skip
    assert admin.post(ficha(caso), datos).url == ficha(caso)
    hechos = [hecho.titulo for hecho in admin.get(ficha(caso)).context["hechos"]]
    assert set(hechos) >= {
        "Radicada",
        "Al equipo «Facturación»",
        "Nota interna",
        f"Se relacionó con {otro.numero}",
        "Corregida: tipo, asunto, lo que dice el cliente",
    }
    assert any(titulo.startswith("A cargo de Agente De Prueba") for titulo in hechos)


def test_cada_papel_ve_lo_que_puede_hacer(cliente_http, administrador, agente, asesor, analista):
    caso = radicar()
    del_agente = {"responder", "tomar", "asignar", "prorrogar", "borrador", "anotar", "adjuntar", "relacionar",
                  "desligar"}  # fmt: skip
    assert ofrece(cliente_http(administrador), caso) == ofrece(cliente_http(agente), caso) == del_agente
    assert ofrece(cliente_http(asesor), caso) == {"anotar", "adjuntar"}
    assert ofrece(cliente_http(analista), caso) == set()
    assert "Corregir lo radicado" not in pagina(cliente_http(asesor), caso)


def test_la_pagina_ofrece_solo_lo_que_cabe(admin):
    assert "prorrogar" not in ofrece(admin, radicar(dias=60))
    respondido = responder(radicar())
    assert ofrece(admin, respondido) == {"recurso", "anotar", "adjuntar", "relacionar", "desligar"}
    assert "puede recurrirla hasta el" in pagina(admin, respondido)
    viejo = radicar(dias=40)
    assert "recurso" not in ofrece(admin, responder(viejo, cuando=viejo.fecha + timedelta(days=2)))
    vencido = radicar(dias=60)
    SilencioPositivo.objects.create(
        interaccion=vencido, ocurrio_el=timezone.localdate(), cumplir_antes_de=timezone.now()
    )
    assert "cumplir-silencio" in ofrece(admin, vencido)


def test_la_pagina_hace_las_mismas_consultas_con_poco_que_con_mucho(admin):
    caso = radicar()
    admin.post(accion(caso, "tomar"))
    admin.post(accion(caso, "asignar"), {"equipo": FabricaEquipo().pk})
    admin.post(accion(caso, "relacionar"), {"otra": radicar().numero})
    admin.post(accion(caso, "anotar"), {"texto": "Una"})
    FabricaAdjunto(interaccion=caso)
    antes = len(consultas_de(admin, ficha(caso)))
    for n in range(12):
        admin.post(accion(caso, "anotar"), {"texto": f"Nota {n}"})
        admin.post(accion(caso, "asignar"), {"equipo": FabricaEquipo().pk})
        admin.post(accion(caso, "relacionar"), {"otra": radicar().numero})
        FabricaAdjunto(interaccion=caso)
    assert len(consultas_de(admin, ficha(caso))) == antes


# --- Acciones --------------------------------------------------------------------------------------------------------
def test_se_prorroga_y_dos_veces_no(admin):
    caso = radicar()
    datos = {"motivo": "Falta la medición", "avisada_el": escrito()}
    admin.post(accion(caso, "prorrogar"), datos)
    caso.refresh_from_db()
    assert caso.vence_el > caso.primer_plazo
    respuesta = admin.post(accion(caso, "prorrogar"), datos, follow=True)
    assert "no se puede prorrogar" in respuesta.content.decode()


def test_el_borrador_pasa_a_la_respuesta(admin):
    caso = radicar()
    admin.post(accion(caso, "borrador"), {"texto": "Estimado cliente"})
    assert "Sin notificar: no detiene el reloj" in pagina(admin, caso)
    formulario = admin.get(accion(caso, "responder")).context["formulario"]
    assert formulario["respuesta"].value() == "Estimado cliente"
    assert formulario.fields["respuesta"].help_text == "Se le responde por teléfono."


def test_una_reclamacion_no_se_responde_sin_decir_a_favor_de_quien(admin):
    caso = radicar()
    datos = {"respuesta": "Listo", "notificada_el": escrito(), "sentido": "", "plantilla": ""}
    respuesta = admin.post(accion(caso, "responder"), datos)
    assert respuesta.context["formulario"].errors["sentido"] == ["Diga a favor de quién se resolvió."]
    admin.post(accion(caso, "responder"), datos | {"sentido": "favorable"})
    caso.refresh_from_db()
    assert (caso.estado, caso.sentido) == ("respondida", "favorable")


def test_dos_agentes_que_responden_a_la_vez_reciben_uno_la_respuesta_y_otro_la_frase(admin):
    caso = radicar()
    datos = {"respuesta": "Listo", "notificada_el": escrito(), "sentido": "favorable"}
    admin.post(accion(caso, "responder"), datos)
    respuesta = admin.post(accion(caso, "responder"), datos | {"respuesta": "Otra"}, follow=True)
    assert "ya se respondió" in respuesta.content.decode()
    caso.refresh_from_db()
    assert caso.respuesta == "Listo"


def test_se_interpone_el_recurso_se_resuelve_y_se_envia_a_la_sic(admin, hoy):
    caso = responder(radicar())
    datos = {"causal": "facturacion", "texto": "No estoy de acuerdo", "pide_apelacion": "on", "canal": "web",
             "fecha": escrito()}  # fmt: skip
    # La respuesta se notificó hace segundos: el minuto escrito es el mismo.
    admin.post(accion(caso, "recurso"), datos)
    recurso = Interaccion.objects.get(tipo="recurso")
    assert recurso.numero in pagina(admin, caso) and "recurso" not in ofrece(admin, caso)
    assert "ya tiene su recurso" in admin.post(accion(caso, "recurso"), datos).content.decode()
    responder(recurso)
    assert "Por enviar a la SIC" in pagina(admin, recurso)
    admin.post(accion(recurso, "sic"), {"fecha": f"{hoy:%d/%m/%Y}"})
    recurso.refresh_from_db()
    assert recurso.enviada_sic_el == hoy
    assert "Enviada a la SIC" in pagina(admin, recurso)


def test_se_cumple_el_silencio(admin):
    caso = radicar(dias=60)
    assert "no tiene un silencio" in admin.get(accion(caso, "cumplir-silencio"), follow=True).content.decode()
    SilencioPositivo.objects.create(interaccion=caso, ocurrio_el=timezone.localdate(), cumplir_antes_de=timezone.now())
    admin.post(accion(caso, "cumplir-silencio"), {"cumplimiento": "Se devolvió el cobro"})
    assert SilencioPositivo.objects.get().cumplimiento == "Se devolvió el cobro"
    assert "Silencio positivo cumplido" in pagina(admin, caso)


def test_se_asigna_solo_a_quien_puede_atender(admin, agente, analista):
    formulario = admin.get(accion(radicar(), "asignar")).context["formulario"]
    personas = set(formulario.fields["responsable"].queryset.values_list("username", flat=True))
    assert personas == {"jefe", "agente"}


def test_se_desliga_un_caso_relacionado_y_uno_ajeno_no(admin):
    caso, otro = radicar(), radicar()
    admin.post(accion(caso, "relacionar"), {"otra": otro.cun})
    assert list(caso.relacionadas.all()) == [otro]
    respuesta = admin.post(accion(caso, "desligar"), {"otra": radicar().pk})
    assert "no está relacionado" in str(respuesta.context["formulario"].errors)
    admin.post(accion(caso, "desligar"), {"otra": otro.pk})
    assert not caso.relacionadas.exists()
    for malo in ("R-99999999", "nada", "9" * 40):
        respuesta = admin.post(accion(caso, "relacionar"), {"otra": malo})
        assert "No hay un caso con el número" in str(respuesta.context["formulario"].errors)


# --- Adjuntos --------------------------------------------------------------------------------------------------------
def test_un_adjunto_se_sube_y_se_baja_con_cabeceras_que_lo_aislan(admin):
    caso = radicar()
    admin.post(accion(caso, "adjuntar"), {"archivo": SimpleUploadedFile("prueba ñ.html", PDF, "text/html")})
    uno = Adjunto.objects.get()
    respuesta = admin.get(reverse("adjunto", args=(caso.pk, uno.pk)))
    assert b"".join(respuesta.streaming_content) == PDF
    assert respuesta.headers["Content-Type"] == "application/pdf"
    assert respuesta.headers["Content-Disposition"] == "attachment; filename*=utf-8''prueba%20%C3%B1.html.pdf"
    assert respuesta.headers["X-Content-Type-Options"] == "nosniff"
    assert respuesta.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in respuesta.headers["Cache-Control"]


def test_un_adjunto_malo_se_dice_en_una_frase_junto_al_campo(admin, settings):
    caso = radicar()
    malos = [
        (None, "Elija un archivo."),
        (SimpleUploadedFile("x.pdf", b"MZ\x90\0"), "no es de un tipo que se acepte"),
        (SimpleUploadedFile("x.pdf", b""), "está vacío"),
    ]
    for archivo, frase in malos:
        respuesta = admin.post(accion(caso, "adjuntar"), {"archivo": archivo} if archivo else {})
        assert frase in str(respuesta.context["formulario"].errors)
    settings.ADJUNTO_MAX_BYTES = 10
    respuesta = admin.post(accion(caso, "adjuntar"), {"archivo": SimpleUploadedFile("x.pdf", PDF)})
    assert "se acepta hasta 10 bytes" in str(respuesta.context["formulario"].errors)
    assert not Adjunto.objects.exists()


def test_un_adjunto_de_otro_caso_o_que_ya_no_esta_es_un_404(admin):
    uno = FabricaAdjunto()
    assert admin.get(reverse("adjunto", args=(radicar().pk, uno.pk))).status_code == 404
    assert admin.get(reverse("adjunto", args=(uno.interaccion_id, uno.pk))).status_code == 404
    assert admin.get(reverse("adjunto", args=(10**30, uno.pk))).status_code in (400, 404)


# --- Plantillas y constancia -----------------------------------------------------------------------------------------
def test_al_responder_se_ofrecen_las_plantillas_que_sirven_y_llegan_completas(admin):
    caso = radicar(motivo=FabricaMotivo())
    crear = PlantillaRespuesta.objects.create
    general = crear(nombre="General", texto="Estimado {cliente}: {cun}")
    crear(nombre="De consulta", tipo="consulta", texto="x")
    crear(nombre="De otro motivo", motivo=FabricaMotivo(), texto="x")
    crear(nombre="Retirada", activa=False, texto="x")
    suya = crear(nombre="Suya", tipo="reclamacion", motivo=caso.motivo, texto="x")
    formulario = admin.get(accion(caso, "responder")).context["formulario"]
    assert list(formulario.fields["plantilla"].queryset) == [general, suya]
    url = reverse("texto_de_plantilla", args=(caso.pk,))
    respuesta = admin.get(url, {"plantilla": general.pk})
    assert respuesta.content.decode().startswith(f"Estimado {caso.cliente.nombre_completo}: 0000 ")
    assert respuesta.headers["Content-Type"] == "text/plain; charset=utf-8"
    for mala in ("", "x", "999999", "9" * 40):
        assert admin.get(url, {"plantilla": mala}).status_code == 404


def test_la_constancia_se_lee_y_se_baja_en_pdf(admin):
    caso = radicar(texto="<b>Dos</b>\n\nveces")
    texto = admin.get(reverse("constancia", args=(caso.pk,))).content.decode()
    assert "Constancia de la reclamación" in texto and "&lt;b&gt;Dos" in texto and "Sus derechos" in texto
    respuesta = admin.get(reverse("constancia_pdf", args=(caso.pk,)))
    assert respuesta.content.startswith(b"%PDF-")
    assert respuesta.headers["Content-Disposition"] == f'attachment; filename="constancia-{caso.numero}.pdf"'
    assert admin.get(reverse("constancia", args=(999999,))).status_code == 404
    assert admin.post(reverse("constancia", args=(caso.pk,))).status_code == 405


# --- Lista y búsqueda ------------------------------------------------------------------------------------------------
def test_un_cun_encuentra_su_pqr_y_su_recurso(admin):
    caso = responder(radicar())
    ahora = timezone.now()
    recurso = operaciones.interponer_recurso(
        caso, causal="corte", texto="No", pide_apelacion=False, canal="web", usuario=None, ahora=ahora
    )
    radicar()
    for escrita in (caso.cun, f"{caso.cun[:4]} {caso.cun[4:6]} {caso.cun[6:]}"):
        encontradas = admin.get(lista("interaccion"), {"q": escrita}).context["cl"].result_list
        assert {uno.pk for uno in encontradas} == {caso.pk, recurso.pk}
    assert caso.numero in admin.get(reverse("admin:search"), {"s": caso.cun}).content.decode()


def test_la_lista_filtra_por_situacion_y_por_vencimiento(admin, hoy):
    vencida, nueva_, sin_plazo = radicar(dias=60), radicar(), radicar(tipo="sugerencia")
    for situacion, esperado in (("silencio", vencida), ("en_termino", nueva_), ("sin_plazo", sin_plazo)):
        filas = admin.get(lista("interaccion"), {"situacion": situacion}).context["cl"].result_list
        assert [fila.pk for fila in filas] == [esperado.pk], situacion
    filas = admin.get(lista("interaccion"), {"vence_el_to": f"{hoy:%d/%m/%Y}"}).context["cl"].result_list
    assert [fila.pk for fila in filas] == [vencida.pk]
    assert admin.get(lista("interaccion"), {"situacion": "cualquiera"}).status_code == 200


def test_la_lista_hace_las_mismas_consultas_con_muchas_que_con_pocas(admin):
    radicar(motivo=FabricaMotivo(equipo=FabricaEquipo()))
    antes = len(consultas_de(admin, lista("interaccion")))
    for _ in range(15):
        contrato = FabricaContrato()
        caso = radicar(
            cliente=contrato.cliente, contrato=contrato, motivo=FabricaMotivo(equipo=FabricaEquipo()), dias=30
        )
        SilencioPositivo.objects.create(
            interaccion=caso, ocurrio_el=timezone.localdate(), cumplir_antes_de=timezone.now()
        )
    assert len(consultas_de(admin, lista("interaccion"))) == antes


def test_un_caso_con_cun_no_se_borra_desde_la_pantalla(admin):
    caso = radicar()
    url = reverse("admin:clientes_interaccion_delete", args=(caso.pk,))
    assert "se conserva diez años" in admin.get(url).content.decode()
    admin.post(url, {"post": "yes"})
    admin.post(
        lista("interaccion"), {"action": "delete_selected", "_selected_action": [caso.pk], "accion_confirmada": "1"}
    )
    assert Interaccion.objects.filter(pk=caso.pk).exists()


def test_quien_no_puede_ver_notas_no_las_lee(cliente_http, agente):
    caso = FabricaInteraccion()
    NotaInterna.objects.create(interaccion=caso, texto="Secreto del equipo")
    assert "Secreto del equipo" in pagina(cliente_http(agente), caso)
    agente.groups.clear()
    from django.contrib.auth.models import Permission

    agente.user_permissions.add(Permission.objects.get(codename="view_interaccion"))
    sesion = cliente_http(agente)
    assert "Secreto del equipo" not in pagina(sesion, caso)
    assert "Adjuntos" not in pagina(sesion, caso)
