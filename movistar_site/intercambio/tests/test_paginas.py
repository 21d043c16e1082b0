"""Las pantallas de «Importar datos»: subir, plan, correspondencias, avance, resultado y lista."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clientes.tests import fabricas
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.intercambio import consultas, operaciones
from movistar_site.intercambio.models import Importacion
from movistar_site.intercambio.vistas import mapa as vista_mapa

from . import escenas
from .conftest import cuenta

pytestmark = pytest.mark.django_db
DISPARATES = ("\x00", "'; DROP TABLE x", "ñ" * 5_000, "-1", "9" * 40, "1e400", "<script>", "😀", "²", '%_\\"')


def texto(respuesta: Any) -> str:
    return str(respuesta.content.decode())


def de(importacion: Importacion, nombre: str = "importacion", *args: Any) -> str:
    return reverse(nombre, args=(importacion.pk, *args))


def hacer(importacion: Importacion, accion: str) -> str:
    return reverse("hacer_con_importacion", args=(importacion.pk, accion))


# --- Subir -----------------------------------------------------------------------------------------------------------
class Llamada:
    """Anota con qué se llamó a una operación del motor."""

    def __init__(self, respuesta: Any = None, error: Exception | None = None) -> None:
        self.respuesta, self.error, self.argumentos = respuesta, error, {}  # type: ignore[var-annotated]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.argumentos = kwargs | {"posicionales": args}
        if self.error:
            raise self.error
        return self.respuesta


@pytest.fixture
def crear(monkeypatch: pytest.MonkeyPatch, db: None) -> Llamada:
    llamada = Llamada(escenas.importacion())
    monkeypatch.setattr(operaciones, "crear_importacion", llamada)
    monkeypatch.setattr(operaciones, "empezar_lectura", lambda importacion: None)
    return llamada


def test_subir_lleva_a_la_pagina_de_la_importacion(administrador: Client, crear: Llamada) -> None:
    archivos = [SimpleUploadedFile("a.json", b"{}"), SimpleUploadedFile("b.csv", b"a;b")]
    datos = {"archivos": archivos, "entidad": "clientes", "modo": "crear", "fecha_referencia": "2025-12-31"}
    respuesta = administrador.post("/importar/", datos)
    assert respuesta.headers["Location"] == de(crear.respuesta)
    dicho = crear.argumentos
    assert [nombre for nombre, _ in dicho["archivos"]] == ["a.json", "b.csv"]
    assert (dicho["entidad"], dicho["modo"], str(dicho["fecha_referencia"])) == ("clientes", "crear", "2025-12-31")
    # Lo que el formulario no trae vale lo de siempre.
    assert (dicho["identificador"], dicho["ante_errores"]) == ("documento", "detener")
    assert "clientes" in dicho["permitidas"]


def test_un_archivo_ilegible_se_dice_junto_al_campo(administrador: Client, crear: Llamada) -> None:
    crear.error = ArchivoIlegible("padrón.png no es un archivo .json, .csv ni .xlsx.")
    respuesta = administrador.post("/importar/", {"archivos": [SimpleUploadedFile("padrón.png", b"x")]})
    assert respuesta.status_code == 200 and "padrón.png no es un archivo" in texto(respuesta)


@pytest.mark.parametrize(("datos", "dice"), [
    ({}, "Elija al menos un archivo"),
    ({"archivos": SimpleUploadedFile("vacio.json", b"")}, "está vacío"),
    ({"archivos": SimpleUploadedFile("a.json", b"{}"), "fecha_referencia": "31/02/2025"}, "no es una fecha"),
    ({"archivos": SimpleUploadedFile("a.json", b"{}"), "modo": "otro"}, "Elija una de las opciones"),
])  # fmt: skip
def test_lo_que_falta_se_dice_en_el_formulario(administrador: Client, crear: Llamada, datos: Any, dice: str) -> None:
    respuesta = administrador.post("/importar/", datos)
    assert respuesta.status_code == 200 and dice in texto(respuesta)
    assert not crear.argumentos


@pytest.mark.parametrize("pedido", ["entidad=contratos", "modelo=clientes.contrato"])
def test_la_lista_de_donde_se_viene_elige_la_entidad(administrador: Client, pedido: str) -> None:
    assert '<option value="contratos" selected>' in texto(administrador.get(f"/importar/?{pedido}"))


def test_el_boton_de_una_lista_es_la_misma_puerta(administrador: Client, crear: Llamada) -> None:
    puerta = reverse("admin:clientes_cliente_import")
    assert administrador.get(puerta).headers["Location"] == "/importar/?modelo=clientes.cliente"
    datos = {"import_file": SimpleUploadedFile("clientes.csv", b"a;b"), "format": "0"}
    enviado = administrador.post(puerta, datos)
    assert enviado.status_code == 307
    # El navegador repite lo enviado donde le dicen.
    datos["import_file"].seek(0)  # type: ignore[attr-defined]
    respuesta = administrador.post(enviado.headers["Location"], datos)
    assert respuesta.headers["Location"] == de(crear.respuesta)
    assert crear.argumentos["entidad"] == "clientes"
    assert [nombre for nombre, _ in crear.argumentos["archivos"]] == ["clientes.csv"]


def test_las_ultimas_se_ven_al_subir_y_todas_en_su_lista(administrador: Client) -> None:
    hechas = [escenas.importacion() for _ in range(28)]
    assert texto(administrador.get("/importar/")).count("inter-reciente-nombre") == 10
    primera = texto(administrador.get("/importaciones/"))
    assert primera.count("inter-reciente-nombre") == 25
    siguiente = re.search(r'rel="next" href="([^"]+)"', primera)[1]  # type: ignore[index]
    segunda = texto(administrador.get(f"/importaciones/{siguiente}"))
    assert segunda.count("inter-reciente-nombre") == 3 and de(hechas[0]) in segunda
    anterior = re.search(r'rel="prev" href="([^"]+)"', segunda)[1]  # type: ignore[index]
    assert de(hechas[-1]) in texto(administrador.get(f"/importaciones/{anterior}"))


# --- Quién entra -----------------------------------------------------------------------------------------------------
RUTAS = (
    "importacion", "avance_de_importacion", "rechazados_de_importacion", "avisos_de_importacion",
    "deshacer_importacion",
)  # fmt: skip


ACCIONES = ("confirmar", "cancelar", "descartar", "continuar", "reintentar", "opciones", "omitir-errores")


@pytest.mark.parametrize("papel", ["Analista", "Agente de atención", "Asesor de ventas"])
def test_quien_no_importa_no_sabe_que_existe(client: Client, papel: str) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    client.force_login(cuenta(papel))
    assert client.get("/importar/").status_code == 403 and client.get("/importaciones/").status_code == 403
    assert client.post("/importar/", {}).status_code == 403
    registro = importacion.plan.first()
    for ruta in [
        *(de(importacion, nombre) for nombre in RUTAS),
        de(importacion, "registro_de_importacion", registro.pk),
    ]:
        assert client.get(ruta).status_code == 404, ruta
    for accion in (*ACCIONES, "mapa", "deshacer"):
        assert client.post(hacer(importacion, accion)).status_code == 404, accion
    importacion.refresh_from_db()
    assert importacion.estado == "por_confirmar"


def test_quien_solo_importa_el_catalogo_no_ve_una_importacion_de_clientes(client: Client) -> None:
    from django.contrib.auth.models import Permission

    from movistar_site.comun.models import Usuario

    usuario = Usuario.objects.create_user("catalogo", is_staff=True)
    usuario.user_permissions.add(Permission.objects.get(codename="importar_servicio"))
    client.force_login(usuario)
    importacion = escenas.con_de_todo(cuantos=1)
    assert client.get(de(importacion)).status_code == 404
    assert client.post(hacer(importacion, "descartar")).status_code == 404
    assert 'value="clientes"' not in texto(client.get("/importar/"))
    assert (
        client.post("/importar/", {"archivos": SimpleUploadedFile("a.csv", b"a"), "entidad": "clientes"}).status_code
        == 200
    )


def test_lo_que_no_existe_es_un_404(administrador: Client) -> None:
    importacion, otra = escenas.con_de_todo(cuantos=1), escenas.con_de_todo(cuantos=1)
    ajeno = otra.plan.first().pk
    for nombre in RUTAS:
        assert administrador.get(reverse(nombre, args=(9_999,))).status_code == 404
    assert administrador.get(de(importacion, "registro_de_importacion", ajeno)).status_code == 404
    assert administrador.post(hacer(importacion, "volar")).status_code == 404
    for clave in ("9" * 40, "0"):
        assert administrador.get(f"/importar/{clave}/").status_code in (400, 404)


def test_lo_que_cambia_algo_solo_va_por_post(administrador: Client) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    for accion in ACCIONES:
        assert administrador.get(hacer(importacion, accion)).status_code == 405
    for nombre in ("mapa_de_importacion", "guardar_mapa_de_importacion"):
        assert administrador.get(de(importacion, nombre)).status_code == 405
    for nombre in ("importacion", "avance_de_importacion", "rechazados_de_importacion", "avisos_de_importacion"):
        assert administrador.post(de(importacion, nombre)).status_code == 405


def test_sin_la_ficha_del_formulario_no_se_hace_nada() -> None:
    estricto = Client(enforce_csrf_checks=True)
    estricto.force_login(cuenta("Administrador", "estricta"))
    importacion = escenas.con_de_todo(cuantos=1)
    assert estricto.post(hacer(importacion, "descartar")).status_code == 403


# --- El plan ---------------------------------------------------------------------------------------------------------
def filas(html: str) -> list[str]:
    return re.findall(r'<li id="registro-(\d+)"', html)


def test_el_plan_se_ve_de_a_25_y_se_pagina_por_clave(administrador: Client) -> None:
    importacion = escenas.importacion()
    todos = [escenas.registro(importacion, "nuevo", n).pk for n in range(60)]
    html = texto(administrador.get(de(importacion)))
    vistos = filas(html)
    assert len(vistos) == 25 and "60 registros" in html
    for _ in range(2):
        siguiente = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")  # type: ignore[index]
        html = texto(administrador.get(de(importacion) + siguiente))
        vistos += filas(html)
    assert vistos == [str(pk) for pk in todos] and 'rel="next"' not in html
    anterior = re.search(r'rel="prev" href="([^"]+)"', html)[1].replace("&amp;", "&")  # type: ignore[index]
    assert filas(texto(administrador.get(de(importacion) + anterior))) == [str(pk) for pk in todos[25:50]]


def test_el_plan_se_filtra_por_clase_entidad_y_texto(administrador: Client) -> None:
    importacion = escenas.con_de_todo()
    pedir = lambda filtro: texto(administrador.get(f"{de(importacion)}?{filtro}"))  # noqa: E731
    assert len(filas(pedir("tipo=error"))) == 6
    assert len(filas(pedir("entidad=contratos"))) == 1
    assert len(filas(pedir("tipo=nuevo&entidad=clientes"))) == 6
    assert filas(pedir("tipo=error&entidad=contratos")) == []
    assert len(filas(pedir("texto=beatriz"))) == 5
    assert len(filas(pedir("texto=cc-1020300002"))) == 1, "una clave entera se halla por su índice"
    assert len(filas(pedir("texto=usuarios[305]"))) == 1
    assert "Ningún registro coincide" in pedir("texto=nadie")


def test_la_busqueda_se_detiene_y_ofrece_seguir(administrador: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consultas, "VENTANA_DE_BUSQUEDA", 10)
    importacion = escenas.importacion()
    for n in range(25):
        escenas.registro(importacion, "igual", n, titulo="Aguja" if n in (2, 24) else "Paja")
    url, hallados = f"{de(importacion)}?texto=aguja", []
    for _ in range(3):
        html = texto(administrador.get(url))
        hallados += filas(html)
        if seguir := re.search(r'href="([^"]+)">Seguir buscando', html):
            url = de(importacion) + seguir[1].replace("&amp;", "&")
    assert len(hallados) == 2 and not seguir


def test_cada_fila_dice_lo_suyo(administrador: Client) -> None:
    cliente = fabricas.FabricaCliente()
    importacion = escenas.con_de_todo(cuantos=1)
    nuevo = importacion.plan.filter(tipo="nuevo").first()
    nuevo.detalle = {"notas": ["Antigüedad de 7 años."], "parecidos": [[cliente.pk, "Ana M.", "mismo teléfono", 0.93]]}
    nuevo.save()
    html = texto(administrador.get(de(importacion)))
    for dicho in (
        "padrón sede norte.json · Datos.usuarios[300]", "El teléfono «12» no es un número", "<del>300 111 22 33</del>",
        "<ins>300 123 4567</ins>",
        "Plantilla en blanco", "Antigüedad de 7 años.", "93 %", "sobraba una coma", "Latin-1",
        cliente.get_absolute_url(),
    ):  # fmt: skip
        assert dicho in html, dicho


def test_la_primera_pagina_pesa_poco_aunque_los_datos_pesen_mucho(administrador: Client) -> None:
    importacion = escenas.con_de_todo()
    largo, enorme = "ñandú <b> " * 500, "ñandú <b> " * 20_000
    muchos = [["nombre", "Nombre", largo, largo]] * 60
    importacion.plan.all().delete()
    for n in range(30):
        escenas.registro(
            importacion, "cambiado", n, titulo="á" * 160, ruta="r" * 300, valores={"nombre": enorme},
            detalle={"cambios": muchos, "faltas": [["Nombre", largo, largo, "nombre"]] * 60, "notas": [largo] * 60,
                     "parecidos": [[1, largo, largo, 90]] * 60},
        )  # fmt: skip
    importacion.archivos.update(reparaciones=[{"linea": n, "columna": 1, "que": largo[:400]} for n in range(500)])
    for ver in ("plan", "mapa", "avisos"):
        respuesta = administrador.get(f"{de(importacion)}?ver={ver}")
        assert len(respuesta.content) <= 300_000, ver


def test_el_mapa_de_un_archivo_con_cientos_de_claves_tambien_pesa_poco(administrador: Client) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    importacion.claves_vistas = [
        {"archivo": "a" * 200, "entidad": "clientes", "clave": f"clave {n} " + "x" * 300,
         "normal": f"clave{n}" + "x" * 100, "columna": "", "por": "", "veces": 1, "muestra": "y" * 500}
        for n in range(400)
    ]  # fmt: skip
    importacion.valores_vistos = [
        {"columna": "municipio", "valor": "z" * 500, "normal": f"valor{n}", "destino": "", "titulo": "",
         "puntaje": None, "por": "", "veces": 1, "propuestas": [["05001", "w" * 300, 0.5]] * 20}
        for n in range(400)
    ]  # fmt: skip
    importacion.save()
    vistas = set()
    for hoja in range(1, -(-400 // vista_mapa.POR_PAGINA) + 1):
        respuesta = administrador.get(f"{de(importacion)}?ver=mapa&hoja={hoja}")
        assert len(respuesta.content) <= 300_000
        vistas |= set(re.findall(r'name="(clave\|[^"]+)"', texto(respuesta)))
    assert len(vistas) == 400


def test_un_dato_danado_no_rompe_la_pagina(administrador: Client) -> None:
    importacion = escenas.importacion()
    roto = {"nombre": "a\ud800b\x00c", "notas": ["\udfff"], "raro": {"x": None}}
    registro = escenas.registro(
        importacion, "error", 1, valores=roto, detalle={"faltas": [["Nombre", "\ud800", "No vale.", "nombre"]]}
    )
    escenas.registro(importacion, "nuevo", 2, valores=roto, detalle={})
    assert administrador.get(de(importacion)).status_code == 200
    assert administrador.get(de(importacion, "registro_de_importacion", registro.pk)).status_code == 200


@pytest.mark.parametrize("disparate", DISPARATES)
def test_ningun_parametro_disparatado_falla(administrador: Client, disparate: str) -> None:
    importacion = escenas.deshecha()
    nombres = ("ver", "tipo", "entidad", "texto", "despues", "antes", "hoja", "clase", "modelo")
    juegos = [dict.fromkeys(nombres, disparate)]
    juegos += [juegos[0] | {"ver": ver} for ver in ("plan", "mapa", "avisos", "deshecho")]
    for base in juegos:
        assert administrador.get(de(importacion), base).status_code == 200
        assert administrador.get("/importaciones/", base).status_code == 200
    assert administrador.get("/importar/", dict.fromkeys(nombres, disparate)).status_code == 200
    otra = escenas.con_de_todo(cuantos=1)
    campos = ("entidad", "fecha_referencia", "identificador", "modo", "ante_errores", "nombre")
    assert administrador.post(hacer(otra, "opciones"), dict.fromkeys(campos, disparate)).status_code == 302
    assert administrador.post("/importar/", dict.fromkeys(campos, disparate)).status_code == 200
    enviado = {"clave|clientes|apodo": disparate, "valor|tipo|postpago": disparate, disparate[:50]: disparate}
    assert administrador.post(de(otra, "mapa_de_importacion"), enviado).status_code == 302
    error = otra.plan.filter(tipo="error").first()
    celdas = {"telefono": disparate, "nombre": disparate}
    respuesta = administrador.post(de(otra, "registro_de_importacion", error.pk), celdas)
    assert respuesta.status_code == 200


def _consultas(cliente: Client, url: str) -> int:
    cliente.get(url)
    with CaptureQueriesContext(connection) as hechas:
        assert cliente.get(url).status_code == 200
    plan = [c["sql"] for c in hechas.captured_queries if "COUNT(" in c["sql"] and "LIMIT" not in c["sql"]]
    assert not plan, "nada se cuenta entero"
    assert not [c["sql"] for c in hechas.captured_queries if " OFFSET " in c["sql"] and "registroplan" in c["sql"]]
    return len(hechas)


@pytest.mark.parametrize("ver", ["plan", "mapa", "avisos", "deshecho"])
def test_la_pagina_no_consulta_mas_por_tener_mas_filas(administrador: Client, ver: str) -> None:
    if ver == "deshecho":
        pocas, muchas = escenas.deshecha(3), escenas.deshecha(30)
    else:
        pocas, muchas = escenas.con_de_todo(cuantos=1), escenas.con_de_todo(cuantos=30)
    assert _consultas(administrador, f"{de(pocas)}?ver={ver}") == _consultas(administrador, f"{de(muchas)}?ver={ver}")


def test_las_listas_no_consultan_mas_por_tener_mas_importaciones(administrador: Client) -> None:
    for url in ("/importar/", "/importaciones/"):
        for _ in range(3):
            escenas.importacion()
        con_pocas = _consultas(administrador, url)
        for _ in range(27):
            escenas.importacion()
        assert _consultas(administrador, url) == con_pocas


# --- Exportar (se queda como estaba) ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("papel", "exporta"), [("Administrador", 200), ("Analista", 200), ("Agente de atención", 403)])
def test_exportar_es_de_quien_puede(client: Client, papel: str, exporta: int) -> None:
    client.force_login(cuenta(papel))
    assert client.get("/exportar/").status_code == exporta
    assert client.post("/exportar/", {"que": "clientes", "formato": "csv"}).status_code == exporta


def test_exportar_baja_un_zip_con_el_par(administrador: Client) -> None:
    fabricas.servicio_con_precio(codigo="FIB-300")
    respuesta = administrador.post("/exportar/", {"que": "todo", "formato": "json"})
    comprimido = zipfile.ZipFile(io.BytesIO(b"".join(respuesta.streaming_content)))  # type: ignore[attr-defined]
    assert comprimido.namelist() == ["servicios.json", "usuario.json"]
