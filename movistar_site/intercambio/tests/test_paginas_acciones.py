"""Lo que se hace desde la página de una importación: ajustar, confirmar, corregir, reintentar, cancelar y deshacer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from clientes.tests.fabricas import FabricaMunicipio
from movistar_site.intercambio import consultas, correspondencias, operaciones
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.models import EstadoImportacion, Importacion
from movistar_site.intercambio.traductor.tablas import alias
from movistar_site.intercambio.vistas import mapa as vista_mapa
from servicios.tests.fabricas import FabricaTipo

from . import escenas
from .test_paginas import Llamada, de, hacer, texto

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def llamada(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Pone una llamada anotada en lugar de una operación del motor."""

    def poner(nombre: str, respuesta: Any = None, error: Exception | None = None) -> Llamada:
        una = Llamada(respuesta, error)
        monkeypatch.setattr(operaciones, nombre, una)
        return una

    return poner


# --- Confirmar -------------------------------------------------------------------------------------------------------
def test_con_errores_el_boton_no_se_puede_oprimir_y_dice_por_que(administrador: Client) -> None:
    html = texto(administrador.get(de(escenas.con_de_todo())))
    assert re.search(r"<button[^>]*disabled[^>]*>Importar 13 registros", html)
    assert "con errores: corríjalos" in html and "Dejar fuera los que tienen errores" in html


def test_sin_errores_se_puede(administrador: Client) -> None:
    html = texto(administrador.get(de(escenas.con_de_todo(ante_errores="omitir"))))
    assert re.search(r"<button class=[^>]*type=\"submit\">Importar 13 registros", html)
    assert "6 con errores se quedan fuera" in html


def test_confirmar_llama_al_motor_y_lo_que_no_se_puede_se_dice(administrador: Client, llamada: Any) -> None:
    importacion = escenas.con_de_todo()
    confirmar = llamada("confirmar")
    assert administrador.post(hacer(importacion, "confirmar")).headers["Location"] == de(importacion)
    assert confirmar.argumentos["usuario"].username == "administrador"
    llamada("confirmar", error=ValidationError("La base cambió: vuelva a revisar."))
    seguida = administrador.post(hacer(importacion, "confirmar"), follow=True)
    assert "La base cambió: vuelva a revisar." in texto(seguida)


def test_dejar_fuera_los_errores_cambia_solo_esa_opcion(administrador: Client) -> None:
    importacion = escenas.con_de_todo(modo="crear", identificador="origen")
    administrador.post(hacer(importacion, "omitir-errores"))
    importacion.refresh_from_db()
    assert (importacion.ante_errores, importacion.modo, importacion.identificador) == ("omitir", "crear", "origen")


def test_las_opciones_se_cambian_y_las_malas_se_dicen(administrador: Client) -> None:
    importacion = escenas.con_de_todo()
    datos = {
        "modo": "actualizar",
        "ante_errores": "omitir",
        "identificador": "origen",
        "fecha_referencia": "31/12/2024",
    }
    administrador.post(hacer(importacion, "opciones"), datos)
    importacion.refresh_from_db()
    assert (importacion.modo, str(importacion.fecha_referencia)) == ("actualizar", "2024-12-31")
    mala = administrador.post(hacer(importacion, "opciones"), datos | {"fecha_referencia": "ayer"}, follow=True)
    assert "no es una fecha" in texto(mala)
    importacion.refresh_from_db()
    assert str(importacion.fecha_referencia) == "2024-12-31"


@pytest.mark.parametrize("estado", [e for e in EstadoImportacion if e not in consultas.SIN_CONFIRMAR])
def test_lo_que_ya_no_espera_confirmacion_no_se_ajusta_ni_descarta(administrador: Client, estado: str) -> None:
    importacion = escenas.con_de_todo(estado, cuantos=1)
    opciones = {"modo": "crear", "ante_errores": "omitir", "identificador": "origen", "fecha_referencia": "2024-12-31"}
    for accion in ("opciones", "descartar", "omitir-errores"):
        seguida = administrador.post(hacer(importacion, accion), opciones, follow=True)
        assert seguida.status_code == 200
    importacion.refresh_from_db()
    assert (importacion.estado, importacion.modo, importacion.ante_errores) == (estado, "todo", "detener")


def test_descartar_no_escribe_nada(administrador: Client) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    seguida = administrador.post(hacer(importacion, "descartar"), follow=True)
    assert "Importación descartada" in texto(seguida)


# --- Avance ----------------------------------------------------------------------------------------------------------
def test_el_avance_dice_cuanto_va_y_cuanto_falta(administrador: Client) -> None:
    importacion = escenas.en_curso()
    html = texto(administrador.get(de(importacion)))
    for dicho in (
        'role="progressbar"', 'aria-valuenow="12"', "12.300 de 100.000 registros", "quedan unos 43 segundos",
        'hx-trigger="every 1s"', "<noscript><meta http-equiv=\"refresh\"", "Cancelar",
    ):  # fmt: skip
        assert dicho in html, dicho
    trozo = texto(administrador.get(de(importacion, "avance_de_importacion"), **HTMX))
    assert "12.300 de 100.000" in trozo and "<html" not in trozo


def test_al_leer_se_cuentan_bytes_y_al_comparar_registros(administrador: Client) -> None:
    leyendo = {"paso": "Leyendo los archivos", "hechos": 3_200_000, "total": 40_000_000}
    assert "3,2 MB de 40,0 MB" in texto(administrador.get(de(escenas.en_curso("leyendo", **leyendo))))
    comparando = escenas.en_curso("leyendo", paso="Comparando con lo que hay")
    assert "12.300 de 100.000 registros" in texto(administrador.get(de(comparando)))


def test_al_terminar_el_avance_manda_a_pedir_la_pagina_entera(administrador: Client) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    respuesta = administrador.get(de(importacion, "avance_de_importacion"), **HTMX)
    assert respuesta.headers["HX-Refresh"] == "true" and respuesta.content == b""
    assert administrador.get(de(importacion, "avance_de_importacion")).headers["Location"] == de(importacion)


def test_si_nadie_atiende_la_cola_se_dice(administrador: Client) -> None:
    hace_rato = timezone.now() - timedelta(minutes=2)
    importacion = escenas.en_curso(hechos=0, total=0, paso="", paso_desde=None, creada_en=hace_rato)
    html = texto(administrador.get(de(importacion)))
    assert "En espera de turno" in html and "manage.py trabajador" in html


def test_cancelar_se_pide_una_vez_y_solo_en_curso(administrador: Client) -> None:
    importacion = escenas.en_curso()
    seguida = texto(administrador.post(hacer(importacion, "cancelar"), follow=True))
    assert "Cancelación pedida" in seguida and "Cancelar</button>" not in seguida
    quieta = escenas.con_de_todo(cuantos=1)
    assert "nada que cancelar" in texto(administrador.post(hacer(quieta, "cancelar"), follow=True))


@pytest.mark.parametrize(("hechos", "total", "pasados", "faltan"), [
    (10, 100, 9, 81), (0, 100, 9, None), (100, 100, 9, None), (1, 1_000_000, 0, 0), (5, 0, 1, None),
])  # fmt: skip
def test_lo_que_falta_sale_del_ritmo(hechos: int, total: int, pasados: int, faltan: int | None) -> None:
    ahora = timezone.now()
    una = Importacion(hechos=hechos, total=total, paso_desde=ahora - timedelta(seconds=pasados))
    assert consultas.segundos_que_faltan(una, ahora) == faltan


# --- Corregir --------------------------------------------------------------------------------------------------------
def test_un_registro_de_clave_grande_se_nombra_sin_puntos(administrador: Client) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    registro = importacion.plan.filter(tipo="error").first()
    registro.pk = 1_234_567
    registro.save()
    celdas = texto(administrador.get(de(importacion, "registro_de_importacion", registro.pk), **HTMX))
    assert 'id="registro-1234567"' in celdas and "1.234.567" not in celdas


def test_un_registro_se_corrige_en_su_sitio(administrador: Client, llamada: Any) -> None:
    importacion = escenas.con_de_todo(cuantos=2)
    registro = importacion.plan.filter(tipo="error").first()
    url = de(importacion, "registro_de_importacion", registro.pk)
    celdas = texto(administrador.get(url, **HTMX))
    assert '<input class="inter-campo" type="text"' in celdas and "<html" not in celdas
    assert re.search(r'name="telefono" value="12" aria-invalid="true"', celdas)
    assert re.search(r'id="falta-\d+-telefono">El teléfono «12» no es', celdas)
    enviado = {c: str(v) for c, v in registro.valores.items()} | {"telefono": "300 765 43 21", "email": ""}
    corregida = texto(administrador.post(url, enviado, **HTMX))
    assert corregida.strip().startswith(f'<li id="registro-{registro.pk}"') and "Corregido" in corregida
    # Con la fila vuelven las cuentas y la barra de confirmar, ya al día.
    assert corregida.count("hx-swap-oob") == 2 and "Hay 1 registro con errores" in corregida
    registro.refresh_from_db()
    assert registro.valores["telefono"] == "300 765 43 21" and registro.valores["documento"] == "1020300300"


def test_lo_que_no_se_toca_conserva_su_tipo(administrador: Client, llamada: Any) -> None:
    importacion = escenas.importacion()
    valores = {
        "estrato": 3,
        "notas": None,
        "pendientes": {"email": "No lo traía.", "telefono": "Venía incompleto."},
        "nombre": "Ana\nMaría",
        "telefono": "12",
        "documento": 5,
    }
    registro = escenas.registro(importacion, "error", 1, valores=valores)
    corregir = llamada("corregir_registro", registro)
    url = de(importacion, "registro_de_importacion", registro.pk)
    enviado = {"estrato": "3", "notas": "", "nombre": "Ana\r\nMaría", "telefono": "300 765 43 21", "documento": "5"}
    administrador.post(url, enviado)
    # Lo que alguien escribe deja de estar por completar.
    escrito = {"telefono": "300 765 43 21", "pendientes": {"email": "No lo traía."}}
    assert corregir.argumentos["valores"] == valores | escrito
    assert corregir.argumentos["posicionales"][0] == registro


def test_si_sigue_mal_se_vuelven_a_ver_las_celdas(administrador: Client, llamada: Any) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    registro = importacion.plan.filter(tipo="error").first()
    llamada("corregir_registro", registro)
    url = de(importacion, "registro_de_importacion", registro.pk)
    assert "todavía tiene errores" in texto(administrador.post(url, {"telefono": "13"}, **HTMX))
    llamada("corregir_registro", error=ValidationError("Ya lo corrigió otra persona."))
    assert "Ya lo corrigió otra persona." in texto(administrador.post(url, {"telefono": "13"}, **HTMX))


def test_sin_programas_la_correccion_es_una_pagina(administrador: Client) -> None:
    importacion = escenas.con_de_todo("aplicada", cuantos=1, ante_errores="omitir", momento=timezone.now())
    registro = importacion.plan.filter(tipo="error").first()
    url = de(importacion, "registro_de_importacion", registro.pk)
    html = texto(administrador.get(url))
    assert "<html" in html and "Volver al plan" in html
    assert "se importará al reintentar" in texto(administrador.post(url, {"telefono": "3007654321"}))


@pytest.mark.parametrize("estado", ["aplicando", "deshecha", "descartada", "leyendo"])
def test_lo_que_no_se_corrige_se_deja_ver(administrador: Client, llamada: Any, estado: str) -> None:
    importacion = escenas.con_de_todo(estado, cuantos=1)
    corregir = llamada("corregir_registro")
    for registro in importacion.plan.all():
        url = de(importacion, "registro_de_importacion", registro.pk)
        assert "inter-celda" not in texto(administrador.get(url, **HTMX))
        assert administrador.post(url, {"telefono": "1"}, **HTMX).status_code == 200
    assert not corregir.argumentos


# --- Correspondencias ------------------------------------------------------------------------------------------------
def test_primero_lo_que_no_se_reconocio(administrador: Client) -> None:
    html = texto(administrador.get(f"{de(escenas.con_de_todo())}?ver=mapa"))
    assert re.findall(r"<code>([^<]+)</code>", html)[:2] == ["Dir. corresp.", "apodo"]
    assert "3 sin reconocer" in html and "93 %" in html
    assert '<option value="-" selected>(ignorar)' in html, "lo que un mapa ignora se ve ignorado"


def test_aplicar_cambios_manda_al_motor_solo_lo_cambiado(administrador: Client, llamada: Any) -> None:
    FabricaTipo(codigo="movil_pospago")
    importacion = escenas.con_de_todo(ajustes={"claves": {"clientes": {"cedula": "documento"}}, "valores": {}})
    cambiar = llamada("cambiar_mapa")
    respuesta = administrador.post(de(importacion, "mapa_de_importacion"), {
        "clave|clientes|dir. corresp.": "direccion", "clave|clientes|apodo": "-", "clave|clientes|nombres": "nombre",
        "clave|contratos|plan": "numero", "valor|tipo|postpago": "movil_pospago", "valor|municipio|medelin": "05001",
        "clave|clientes|inventada": "nombre",
    })  # fmt: skip
    assert respuesta.headers["Location"] == f"{de(importacion)}?ver=mapa"
    assert cambiar.argumentos["claves"] == {
        "clientes": {"cedula": "documento", "dir. corresp.": "direccion", "apodo": ""}, "contratos": {"plan": "numero"},
    }  # fmt: skip
    assert cambiar.argumentos["valores"] == {"tipo": {"postpago": "movil_pospago"}}


def test_un_valor_se_deja_vacio_o_se_escribe_otro(administrador: Client, llamada: Any) -> None:
    FabricaMunicipio(codigo="05002", nombre="Abejorral")
    importacion = escenas.con_de_todo(cuantos=1)
    cambiar = llamada("cambiar_mapa")
    url, campos = de(importacion, "mapa_de_importacion"), ("valor|municipio|medelin", "otro|municipio|medelin")
    administrador.post(url, dict(zip(campos, ("-", ""), strict=True)))
    assert cambiar.argumentos["valores"] == {"municipio": {"medelin": ""}}
    administrador.post(url, dict(zip(campos, ("05001", "Abejorral (Antioquia) · 05002"), strict=True)))
    assert cambiar.argumentos["valores"] == {"municipio": {"medelin": "05002"}}, "lo escrito manda"


def test_una_clave_secreta_ni_se_ofrece_ni_se_acepta(administrador: Client, llamada: Any) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    importacion.claves_vistas = [
        {"archivo": "a.json", "entidad": "clientes", "clave": "Contraseña", "normal": "contrasena", "columna": "",
         "por": "", "veces": 3, "muestra": "(oculto)"}
    ]  # fmt: skip
    importacion.valores_vistos = []
    importacion.save()
    html = texto(administrador.get(f"{de(importacion)}?ver=mapa"))
    assert "Nunca se importa" in html and "clave|clientes|contrasena" not in html and "1 sin reconocer" not in html
    cambiar = llamada("cambiar_mapa")
    administrador.post(de(importacion, "mapa_de_importacion"), {"clave|clientes|contrasena": "notas"})
    assert cambiar.argumentos["claves"] == {}


def test_cada_clave_ofrece_tambien_lo_que_se_dice_de_otra_manera(administrador: Client) -> None:
    html = texto(administrador.get(f"{de(escenas.con_de_todo(cuantos=1))}?ver=mapa"))
    assert 'value="nombre_completo">Nombre y apellidos juntos' in html
    assert correspondencias.grupos_de_clave("")[0][1][0] == ("tipos", "Tipos de servicio")
    for entidad in ENTIDADES:
        ofrecidos = {codigo for _, opciones in correspondencias.grupos_de_clave(entidad) for codigo, _ in opciones}
        assert set(alias(entidad).values()) <= ofrecidos, entidad


@pytest.mark.parametrize(("campo", "valor", "dice"), [
    ("clave|clientes|apodo", "inventada", "no es un dato de clientes"),
    ("valor|municipio|medelin", "99999", "no es ningún municipio del panel"),
    ("otro|municipio|medelin", "Macondo", "no es ningún municipio del panel"),
    ("valor|tipo|postpago", "-", "no se puede dejar vacío"),
    ("valor|tipo|postpago", "x", "no es ningún tipo del panel"),
])  # fmt: skip
def test_una_correspondencia_que_no_puede_ser_se_dice(
    administrador: Client, llamada: Any, campo: str, valor: str, dice: str
) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    cambiar = llamada("cambiar_mapa")
    seguida = administrador.post(de(importacion, "mapa_de_importacion"), {campo: valor}, follow=True)
    assert dice in texto(seguida) and not cambiar.argumentos


def test_guardar_como_mapa_pide_un_nombre_que_no_este(administrador: Client) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    url = de(importacion, "guardar_mapa_de_importacion")
    assert "Escriba un nombre" in texto(administrador.post(url, {"nombre": " "}, follow=True))
    assert "«Sede norte» guardado" in texto(administrador.post(url, {"nombre": "Sede norte"}, follow=True))
    assert "Ya hay un mapa con ese nombre" in texto(administrador.post(url, {"nombre": "Sede norte"}, follow=True))


def test_una_importacion_hecha_ensena_el_mapa_sin_dejarlo_tocar(administrador: Client) -> None:
    html = texto(administrador.get(f"{de(escenas.con_de_todo('aplicada', cuantos=1))}?ver=mapa"))
    assert "Aplicar cambios" not in html and "No se importó" in html
    assert vista_mapa.POR_PAGINA >= 25


# --- Resultado y deshacer --------------------------------------------------------------------------------------------
def test_el_resultado_ofrece_lo_que_sigue(administrador: Client) -> None:
    hecha = escenas.con_de_todo("aplicada", ante_errores="omitir", momento=timezone.now())
    html = texto(administrador.get(de(hecha)))
    for dicho in ("Importación terminada", "Descargar los rechazados", "Deshacer…", "Creados", ">Creado<", "Corregir"):
        assert dicho in html, dicho
    assert "Reintentar los corregidos" not in html
    hecha.ajustes = {"corregidos": [1, 2]}
    hecha.save()
    html = texto(administrador.get(de(hecha)))
    assert "Reintentar los corregidos" in html and "2 registros corregidos esperan" in html


def test_una_detenida_dice_por_que_y_se_continua(administrador: Client, llamada: Any) -> None:
    problema = "Se canceló antes de terminar: lo escrito queda."
    detenida = escenas.con_de_todo("detenida", cuantos=1, problema=problema, momento=timezone.now(), hechos=4, total=9)
    html = texto(administrador.get(de(detenida)))
    assert problema in html and "4 de 9 registros" in html and "Continuar" in html and "Deshacer…" in html
    continuar = llamada("continuar")
    administrador.post(hacer(detenida, "continuar"))
    assert continuar.argumentos["posicionales"] == (detenida,)


def test_una_ilegible_dice_por_que_y_deja_volver_a_leerla(administrador: Client) -> None:
    mala = escenas.importacion("ilegible", problema="padrón.json, línea 12, columna 3: se esperaba «:».")
    html = texto(administrador.get(de(mala)))
    assert "línea 12, columna 3" in html and "Volver a leer" in html and "Subir otro archivo" in html


def test_deshacer_se_confirma_y_lo_que_no_se_puede_se_dice(administrador: Client) -> None:
    hecha = escenas.con_de_todo("aplicada", momento=timezone.now())
    url = de(hecha, "deshacer_importacion")
    assert "13 registros volverán" in texto(administrador.get(url))
    hecha.refresh_from_db()
    assert hecha.estado == "aplicada", "preguntar no deshace"
    administrador.post(url)
    hecha.refresh_from_db()
    assert hecha.estado == "deshecha"
    for metodo in (administrador.get, administrador.post):
        assert metodo(url).headers["Location"] == de(hecha)
    sin_aplicar = escenas.con_de_todo(cuantos=1)
    seguida = administrador.post(de(sin_aplicar, "deshacer_importacion"), follow=True)
    assert "No se puede deshacer" in texto(seguida)


def test_lo_deshecho_va_en_tres_cubos_con_sus_listas(administrador: Client) -> None:
    deshecha = escenas.deshecha(30)
    html = texto(administrador.get(de(deshecha)))
    assert "Revertidos" in html and "Conservados" in html and "No se pudieron" in html
    assert html.count("Lo cambió asesora") == 25 and 'rel="next"' in html
    solo = texto(administrador.get(f"{de(deshecha)}?ver=deshecho&clase=imposible"))
    assert "contrato posterior" in solo and "Lo cambió asesora" not in solo


def test_lo_rechazado_y_lo_no_reconocido_se_bajan(administrador: Client, llamada: Any) -> None:
    hecha = escenas.con_de_todo("aplicada", cuantos=1)
    llamada("escribir_rechazados", ("rechazados «ñ».csv", "text/csv", iter([b"Documento;Motivo\n", b"1;No vale\n"])))
    bajada = administrador.get(de(hecha, "rechazados_de_importacion"))
    assert b"".join(bajada.streaming_content) == b"Documento;Motivo\n1;No vale\n"  # type: ignore[attr-defined]
    assert "attachment" in bajada.headers["Content-Disposition"]
    avisos = administrador.get(de(hecha, "avisos_de_importacion"))
    assert f"no-reconocido-{hecha.pk}.csv" in avisos.headers["Content-Disposition"]
