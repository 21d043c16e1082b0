"""Las bandejas: qué tiene cada una, en qué orden, quién la ve, y lo que se hace con varios casos a la vez."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clientes.bandejas import BANDEJAS, Quien, fin_de_semana
from clientes.models import Interaccion, PlantillaRespuesta
from clientes.presentacion_de_plazos import sello_de
from clientes.reloj import reloj
from clientes.vistas import bandeja as vista
from movistar_site.comun.models import Usuario, VistaGuardada

from .fabricas import (
    AHORA,
    HOY,
    FabricaCliente,
    FabricaEquipo,
    FabricaInteraccion,
    FabricaMotivo,
    FabricaSilencio,
    FabricaUsuario,
)
from .pantallas import consultas_de

pytestmark = pytest.mark.django_db


def entrar(usuario: Any) -> Client:
    sesion = Client()
    sesion.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
    return sesion


def url(slug: str, mas: str = "") -> str:
    return reverse("bandeja", args=(slug,)) + mas


def caso(dias: int | None = 5, *, desde: date | None = None, **campos: Any) -> Interaccion:
    """Un caso que vence dentro de esos días; None, una sugerencia sin plazo."""
    vence = None if dias is None else (desde or timezone.localdate()) + timedelta(days=dias)
    tipo = "sugerencia" if dias is None else "reclamacion"
    datos = {"tipo": tipo, "vence_el": vence, "primer_plazo": vence, "fecha": timezone.now() - timedelta(days=1)}
    return FabricaInteraccion(**{**datos, **campos})


def numeros(respuesta: Any) -> list[str]:
    assert respuesta.status_code == 200
    return [fila["caso"].numero for fila in respuesta.context["filas"]]


def frases(respuesta: Any) -> list[str]:
    return [str(mensaje) for mensaje in get_messages(respuesta.wsgi_request)]


# --- Qué tiene cada una ----------------------------------------------------------------------------------------------
def test_cada_caso_esta_donde_debe(agente: Usuario) -> None:
    mio, ajeno = FabricaEquipo(), FabricaEquipo()
    mio.miembros.add(agente)
    hoy = date(2026, 3, 18)  # miércoles
    otra = FabricaUsuario()
    propia = caso(9, desde=hoy, responsable=agente)
    sugerencia = caso(None, responsable=agente)
    del_equipo = caso(4, desde=hoy, equipo=mio, responsable=otra)
    de_nadie = caso(5, desde=hoy)
    vence_hoy = caso(0, desde=hoy, equipo=ajeno, responsable=otra)
    vencida = caso(-1, desde=hoy, responsable=otra)
    FabricaSilencio(interaccion=vencida)
    FabricaSilencio(interaccion=caso(-9, desde=hoy, responsable=otra), cumplimiento="Ya", cumplido_el=AHORA)
    caso(2, desde=hoy, estado="respondida", respuesta="Sí.", respondida_el=AHORA, responsable=agente)
    quien = Quien.de(agente, hoy)
    contenido = {slug: {una.numero for una in BANDEJAS[slug].tramo(quien, None, {}).filas} for slug in BANDEJAS}
    assert contenido["mias"] == {propia.numero, sugerencia.numero}
    assert contenido["mi-equipo"] == {del_equipo.numero}
    assert contenido["sin-asignar"] == {de_nadie.numero}
    assert contenido["vencen-hoy"] == {vence_hoy.numero}
    # Hasta el domingo 22: el que vence el lunes 23 es de la otra semana.
    assert contenido["esta-semana"] == {vence_hoy.numero, del_equipo.numero}
    assert len(contenido["vencidas"]) == 2
    assert contenido["silencio"] == {vencida.numero}
    assert contenido["por-enviar-a-la-sic"] == set()
    assert {slug: una.cuenta(quien) for slug, una in BANDEJAS.items()} == {
        slug: len(casos) for slug, casos in contenido.items()
    }


@pytest.mark.parametrize(("dia", "domingo"), [(16, 22), (21, 22), (22, 22), (23, 29)])
def test_la_semana_termina_el_domingo(dia: int, domingo: int) -> None:
    assert fin_de_semana(date(2026, 3, dia)) == date(2026, 3, domingo)


def _recurso(**campos: Any) -> Interaccion:
    datos: dict[str, Any] = {
        "tipo": "recurso", "recurso_de": FabricaInteraccion(), "causal": "facturacion", "pide_apelacion": True,
        "estado": "respondida", "respuesta": "No.", "respondida_el": AHORA, "sentido": "desfavorable",
    }  # fmt: skip
    return FabricaInteraccion(**{**datos, **campos})


def test_a_la_sic_va_lo_adverso_que_pidio_apelacion_y_no_se_ha_enviado(agente: Usuario) -> None:
    vieja = _recurso(respondida_el=AHORA - timedelta(days=2), sentido="parcial")
    nueva = _recurso()
    _recurso(sentido="favorable")
    _recurso(pide_apelacion=False)
    _recurso(enviada_sic_el=HOY)
    assert numeros(entrar(agente).get(url("por-enviar-a-la-sic"))) == [vieja.numero, nueva.numero]


def test_primero_lo_que_primero_vence_y_al_final_lo_que_no_vence_por_paginas(agente: Usuario) -> None:
    sin_plazo = [caso(None, responsable=agente) for _ in range(3)]
    con_plazo = [caso(dias, responsable=agente) for dias in (30, 2, 9, -4, 2) * 6]
    esperados = [una.numero for una in sorted(con_plazo, key=lambda una: (una.vence_el, una.pk))]
    esperados += [una.numero for una in sin_plazo]
    sesion = entrar(agente)
    primera = sesion.get(url("mias"))
    segunda = sesion.get(url("mias", primera.context["siguiente"]))
    assert numeros(primera) + numeros(segunda) == esperados
    assert numeros(sesion.get(url("mias", segunda.context["anterior"]))) == numeros(primera)
    assert not segunda.context["siguiente"]


def test_la_de_mi_equipo_une_a_todos_mis_equipos_en_orden(agente: Usuario) -> None:
    equipos = [FabricaEquipo(), FabricaEquipo(), FabricaEquipo(activo=False)]
    for equipo in equipos:
        equipo.miembros.add(agente)
    casos = [caso(n % 7, equipo=equipos[n % 3]) for n in range(60)]
    esperados = sorted((una for una in casos if una.equipo.activo), key=lambda una: (una.vence_el, una.pk))
    sesion = entrar(agente)
    vistos, direccion = [], ""
    while direccion is not None:
        pagina = sesion.get(url("mi-equipo", direccion))
        vistos += numeros(pagina)
        direccion = pagina.context["siguiente"] or None
    assert vistos == [una.numero for una in esperados]


# --- Quién la ve -----------------------------------------------------------------------------------------------------
def test_el_asesor_no_ve_los_silencios_ni_puede_responder(asesor: Usuario) -> None:
    caso(3)
    sesion = entrar(asesor)
    pagina = sesion.get(url("sin-asignar"))
    assert pagina.context["acciones"] == []
    assert [pestania["una"].slug for pestania in pagina.context["pestanias"]].count("silencio") == 0
    assert sesion.get(url("silencio")).status_code == 403


@pytest.mark.parametrize("nombre", ["asignar", "responder", "sic", "cumplir-silencio", "inventada", ""])
def test_sin_el_permiso_no_se_hace_nada(analista: Usuario, nombre: str) -> None:
    pqr = caso(3)
    datos = {"action": nombre, "_selected_action": [pqr.pk], "accion_confirmada": "1", "liberar": "on"}
    for slug in ("sin-asignar", "silencio", "por-enviar-a-la-sic"):
        assert entrar(analista).post(url(slug), datos).status_code == 403
    antes = pqr.actualizado_en
    pqr.refresh_from_db()
    assert pqr.actualizado_en == antes


def test_una_accion_de_otra_bandeja_no_se_cuela(agente: Usuario) -> None:
    pqr = caso(3)
    datos = {"action": "cumplir-silencio", "_selected_action": [pqr.pk], "accion_confirmada": "1", "cumplimiento": "x"}
    assert entrar(agente).post(url("sin-asignar"), datos).status_code == 403


def test_la_entrada_lleva_a_las_mias_o_a_la_vista_elegida(agente: Usuario) -> None:
    sesion = entrar(agente)
    assert sesion.get(reverse("entrar_a_la_bandeja")).url == url("mias")
    VistaGuardada.objects.create(
        usuario=agente, pagina="bandeja", nombre="x", parametros="bandeja=vencidas&tipo=recurso", predeterminada=True
    )
    assert sesion.get(reverse("entrar_a_la_bandeja")).url == url("vencidas", "?tipo=recurso")
    assert sesion.get(url("la-que-no-hay")).status_code == 404


def test_sin_ningun_permiso_no_se_entra() -> None:
    nadie = FabricaUsuario()
    assert entrar(nadie).get(reverse("entrar_a_la_bandeja")).status_code == 403
    assert entrar(nadie).get(url("mias")).status_code == 403


# --- Filtros ---------------------------------------------------------------------------------------------------------
def test_los_filtros_acotan_y_se_conservan_al_pasar_de_pagina(agente: Usuario) -> None:
    motivo = FabricaMotivo()
    buscadas = [caso(n, motivo=motivo, canal="web") for n in range(1, 31)]
    caso(1, canal="web")
    caso(1, motivo=motivo, canal="telefono")
    sesion = entrar(agente)
    pagina = sesion.get(url("sin-asignar", f"?motivo={motivo.pk}&canal=web"))
    assert pagina.context["puestos"] == 2
    siguiente = sesion.get(url("sin-asignar", pagina.context["siguiente"]))
    assert numeros(pagina) + numeros(siguiente) == [una.numero for una in buscadas]
    desde = f"?vence_el_after={buscadas[27].vence_el:%Y-%m-%d}"
    assert len(numeros(sesion.get(url("sin-asignar", desde)))) == 3
    assert numeros(sesion.get(url("sin-asignar", f"?busqueda={buscadas[4].numero}"))) == [buscadas[4].numero]


def test_los_silencios_se_filtran_por_su_caso(agente: Usuario) -> None:
    silencios = [FabricaSilencio(interaccion=caso(-3, canal=canal)) for canal in ("web", "oficina")]
    assert numeros(entrar(agente).get(url("silencio", "?canal=web"))) == [silencios[0].interaccion.numero]


@pytest.mark.parametrize(
    "parametros",
    ["tipo=inventado", "motivo=x", "vence_el_after=2026-02-30", "responsable=999999999999999999999", "busqueda=%00",
     "despues=x", "antes=2026-02-30~1", "prorrogada=quizas", "equipo=-1"],
)  # fmt: skip
def test_un_filtro_disparatado_no_tumba_la_pagina(agente: Usuario, parametros: str) -> None:
    caso(3)
    for slug in BANDEJAS:
        assert entrar(agente).get(url(slug, f"?{parametros}")).status_code == 200


def test_un_filtro_que_no_sirve_se_dice_y_la_lista_sigue(agente: Usuario) -> None:
    pqr = caso(3)
    pagina = entrar(agente).get(url("sin-asignar", "?tipo=inventado"))
    assert numeros(pagina) == [pqr.numero]
    assert pagina.context["filtro"].form.errors["tipo"]


# --- Costo -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", BANDEJAS)
def test_no_consulta_mas_por_tener_mas_casos(agente: Usuario, slug: str) -> None:
    equipo = FabricaEquipo()
    equipo.miembros.add(agente)

    def llenar(cuantos: int) -> None:
        cliente = FabricaCliente()
        for n in range(cuantos):
            caso(0, equipo=equipo, cliente=cliente, motivo=FabricaMotivo())
            caso(n % 3, responsable=agente, cliente=cliente)
            FabricaSilencio(interaccion=caso(-1, cliente=cliente))
            _recurso(cliente=cliente)

    llenar(2)
    sesion = entrar(agente)
    consultas_de(sesion, url(slug))
    pocas = consultas_de(sesion, url(slug))
    llenar(20)
    muchas = consultas_de(sesion, url(slug))
    assert len(muchas) == len(pocas), "\n".join(muchas)
    assert not [sql for sql in muchas if "COUNT(" in sql and "LIMIT" not in sql]


# --- Asignar varios --------------------------------------------------------------------------------------------------
def elegir(sesion: Client, slug: str, accion: str, casos: list[Interaccion], **datos: Any) -> Any:
    return sesion.post(url(slug), {"action": accion, "_selected_action": [una.pk for una in casos], **datos})


def test_se_confirma_antes_de_asignar_y_se_dice_caso_por_caso(agente: Usuario) -> None:
    sesion = entrar(agente)
    casos = [caso(n) for n in range(3)]
    confirmar = elegir(sesion, "sin-asignar", "asignar", casos)
    assert "3 interacciones" in confirmar.content.decode()
    assert Interaccion.objects.filter(responsable__isnull=False).count() == 0
    Interaccion.objects.filter(pk=casos[1].pk).update(estado="respondida", respuesta="x", respondida_el=AHORA)
    hecho = elegir(sesion, "sin-asignar", "asignar", casos, accion_confirmada="1", responsable=agente.pk)
    assert hecho.url == url("sin-asignar")
    assert set(Interaccion.objects.filter(responsable=agente)) == {casos[0], casos[2]}
    dichas = frases(hecho)
    assert "Asignar: hecho en 2 interacciones." in dichas
    assert any(casos[1].numero in frase and "ya se respondió" in frase for frase in dichas)


def test_asignar_dos_veces_lo_mismo_se_dice_y_no_cambia(agente: Usuario) -> None:
    sesion, pqr = entrar(agente), caso(2)
    for _ in range(2):
        hecho = elegir(sesion, "mias", "asignar", [pqr], accion_confirmada="1", responsable=agente.pk)
    assert any("ya estaba a cargo" in frase for frase in frases(hecho))
    assert pqr.history.count() <= 2


def test_un_formulario_vacio_no_libera_los_casos(agente: Usuario) -> None:
    sesion, pqr = entrar(agente), caso(2, responsable=agente, estado="en_tramite")
    vacio = elegir(sesion, "mias", "asignar", [pqr], accion_confirmada="1")
    assert "Elija una persona o un equipo." in vacio.content.decode()
    las_dos = elegir(sesion, "mias", "asignar", [pqr], accion_confirmada="1", liberar="on", responsable=agente.pk)
    assert "las dos cosas no se puede" in las_dos.content.decode()
    elegir(sesion, "mias", "asignar", [pqr], accion_confirmada="1", liberar="on")
    pqr.refresh_from_db()
    assert pqr.responsable is None


@pytest.mark.parametrize("elegidos", [[], ["x"], ["-1"], ["9" * 40], ["٣"]])
def test_sin_casos_elegidos_se_pide_elegir(agente: Usuario, elegidos: list[str]) -> None:
    respuesta = entrar(agente).post(url("mias"), {"action": "asignar", "_selected_action": elegidos})
    assert frases(respuesta) == ["Elija primero los casos."]


def test_demasiados_casos_se_rechazan(agente: Usuario) -> None:
    muchos = list(range(1, vista.MAXIMO_DE_CASOS + 2))
    respuesta = entrar(agente).post(url("mias"), {"action": "asignar", "_selected_action": muchos})
    assert frases(respuesta) == ["Elija hasta 100 casos a la vez."]


# --- Responder varios ------------------------------------------------------------------------------------------------
@pytest.fixture
def plantilla() -> PlantillaRespuesta:
    texto = "Señor(a) {cliente}: su caso {numero} quedó resuelto."
    return PlantillaRespuesta.objects.create(nombre="Acuse", texto=texto)


def ahora_escrito() -> str:
    return f"{timezone.localtime():%d/%m/%Y %H:%M}"


def test_se_leen_los_textos_completados_se_corrige_uno_y_se_guardan(
    agente: Usuario, plantilla: PlantillaRespuesta
) -> None:
    sesion, casos = entrar(agente), [caso(3), caso(4)]
    general = {
        "plantilla": plantilla.pk,
        "sentido": "favorable",
        "notificada_el": f"{timezone.localtime():%d/%m/%Y %H:%M}",
    }
    primero = elegir(sesion, "sin-asignar", "responder", casos)
    assert "Ver los textos" in primero.content.decode()
    previa = elegir(sesion, "sin-asignar", "responder", casos, previa="1", **general)
    for pqr in casos:
        assert f"{pqr.cliente.nombre_completo}: su caso {pqr.numero} quedó resuelto." in previa.content.decode()
    assert not Interaccion.objects.filter(estado="respondida").exists()
    textos = {f"respuesta_{casos[0].pk}": "Texto corregido.", f"respuesta_{casos[1].pk}": "El de la plantilla."}
    hecho = elegir(sesion, "sin-asignar", "responder", casos, accion_confirmada="1", **general, **textos)
    assert "Responder con plantilla: hecho en 2 interacciones." in frases(hecho)
    casos[0].refresh_from_db()
    assert (casos[0].respuesta, casos[0].sentido, casos[0].estado) == ("Texto corregido.", "favorable", "respondida")


def test_lo_que_falta_se_dice_y_no_se_responde_nada(agente: Usuario, plantilla: PlantillaRespuesta) -> None:
    sesion, pqr = entrar(agente), caso(3)
    sin_plantilla = elegir(sesion, "mias", "responder", [pqr], previa="1").content.decode()
    assert "Elija la plantilla con que se responde." in sin_plantilla
    general = {"plantilla": plantilla.pk, "notificada_el": ahora_escrito()}
    vacia = elegir(sesion, "mias", "responder", [pqr], accion_confirmada="1", **general).content.decode()
    assert f"Escriba la respuesta de {pqr.numero}." in vacia
    # Una reclamación dice a favor de quién: lo rechaza la operación, con el número del caso.
    sin_sentido = elegir(
        sesion, "mias", "responder", [pqr], accion_confirmada="1", **general, **{f"respuesta_{pqr.pk}": "Sí."}
    )
    assert any(pqr.numero in frase and "a favor de quién" in frase for frase in frases(sin_sentido))
    pqr.refresh_from_db()
    assert pqr.estado == "abierta"


def test_lo_ya_respondido_se_aparta_con_su_frase(agente: Usuario, plantilla: PlantillaRespuesta) -> None:
    hecha = caso(3, estado="respondida", respuesta="Ya.", respondida_el=timezone.now())
    respuesta = elegir(entrar(agente), "mias", "responder", [hecha])
    assert respuesta.url == url("mias")
    assert any("ya se respondió" in frase for frase in frases(respuesta))


def test_solo_se_ofrecen_las_plantillas_que_sirven_a_todos(agente: Usuario, plantilla: PlantillaRespuesta) -> None:
    motivo = FabricaMotivo()
    PlantillaRespuesta.objects.create(nombre="De consulta", texto="x", tipo="consulta")
    PlantillaRespuesta.objects.create(nombre="Del motivo", texto="x", motivo=motivo)
    PlantillaRespuesta.objects.create(nombre="Vieja", texto="x", activa=False)
    sesion = entrar(agente)

    def ofrecidas(casos: list[Interaccion]) -> set[str]:
        formulario = elegir(sesion, "mias", "responder", casos).context["formulario"]
        return {una.nombre for una in formulario.fields["plantilla"].queryset if una.nombre in propias}

    propias = {"Acuse", "De consulta", "Del motivo", "Vieja"}
    assert ofrecidas([caso(1, motivo=motivo)]) == {"Acuse", "Del motivo"}
    assert ofrecidas([caso(1, motivo=motivo), caso(1, tipo="consulta")]) == {"Acuse"}


# --- Silencios y SIC -------------------------------------------------------------------------------------------------
def test_se_cumplen_varios_silencios_y_se_anota_el_envio_a_la_sic(agente: Usuario) -> None:
    sesion = entrar(agente)
    silencios = [FabricaSilencio(interaccion=caso(-3)) for _ in range(2)]
    casos = [uno.interaccion for uno in silencios]
    elegir(sesion, "silencio", "cumplir-silencio", casos, accion_confirmada="1", cumplimiento="Se devolvió el dinero.")
    assert numeros(sesion.get(url("silencio"))) == []
    recurso = _recurso()
    hoy = f"{timezone.localdate():%d/%m/%Y}"
    elegir(sesion, "por-enviar-a-la-sic", "sic", [recurso], accion_confirmada="1", fecha=hoy)
    recurso.refresh_from_db()
    assert recurso.enviada_sic_el == timezone.localdate()


# --- El sello del plazo ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("dias", "texto", "tono"),
    [(-2, "Venció hace 2 días", "mal"), (-1, "Venció hace 1 día", "mal"), (0, "Vence hoy", "mal"),
     (1, "Falta 1 día hábil", "ojo"), (3, "Faltan 3 días hábiles", "ojo"), (8, "Faltan 6 días hábiles", "bien"),
     (None, "Sin plazo", "neutro")],
)  # fmt: skip
def test_el_sello_dice_cuanto_falta_en_dias_habiles(dias: int | None, texto: str, tono: str) -> None:
    # Martes 10 de marzo de 2026, sin festivos cerca: en ocho días hay seis hábiles.
    hoy = date(2026, 3, 10)
    pqr = caso(dias, desde=hoy)
    sello = sello_de(pqr, hoy=hoy, ahora=AHORA, reloj=reloj(hoy))
    assert (sello.texto, sello.tono) == (texto, tono)


@pytest.mark.parametrize(
    ("horas", "texto", "tono"),
    [(47.5, "Cumplir en 47 horas", "ojo"), (5, "Cumplir en 5 horas", "mal"), (0.5, "Cumplir en menos de 1 hora", "mal"),
     (-1.2, "Sin cumplir hace 1 hora", "mal"), (-240, "Sin cumplir hace 10 días", "mal")],
)  # fmt: skip
def test_el_sello_de_un_silencio_se_dice_en_horas(horas: float, texto: str, tono: str) -> None:
    silencio = FabricaSilencio(interaccion=caso(-3), cumplir_antes_de=AHORA + timedelta(hours=horas))
    sello = sello_de(silencio.interaccion, hoy=HOY, ahora=AHORA, reloj=reloj(HOY))
    assert (sello.texto, sello.tono) == (texto, tono)
