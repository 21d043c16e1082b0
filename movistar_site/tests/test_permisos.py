"""La matriz de permisos: cada dirección y cada acción del panel, para cada papel y para nadie.

La tabla (`matriz.py`) dice lo esperado con independencia de roles.py. Una dirección, una pantalla o una acción que no
esté en ella
hace fallar `test_la_matriz_esta_completa`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clientes import bandejas
from clientes.acciones.bandeja import DE_BANDEJA, EN_ABIERTAS
from clientes.models import Cliente, PlantillaRespuesta
from clientes.operaciones import fusionar_clientes
from clientes.tests import fabricas
from movistar_site.comun.models import Aviso, Usuario, VistaGuardada
from movistar_site.intercambio.tests import escenas

from .matriz import (
    ABIERTAS,
    ACCIONES,
    APARTE,
    BANDEJAS,
    DE_CASO,
    DE_CLIENTE,
    DE_DERIVACION,
    DE_FUSION,
    DE_IMPORTACION,
    DE_LISTA_RNE,
    DE_OFERTA,
    DE_PROGRAMA,
    DIRECCIONES,
    MODELOS,
    PAPELES,
    SIN_BORRAR,
    SUELTAS,
    VERBOS,
)
from .muestras import muestra

pytestmark = pytest.mark.django_db


def _nombres(patrones: list[Any]) -> Iterator[str]:
    for patron in patrones:
        if isinstance(patron, URLResolver):
            yield from _nombres(patron.url_patterns)
        elif isinstance(patron, URLPattern) and patron.name:
            yield patron.name


def _ruta(modelo: str, fin: str) -> str:
    return f"{modelo.replace('.', '_')}_{fin}"


def _direcciones_de(modelo: str) -> set[str]:
    prefijo = modelo.replace(".", "_") + "_"
    fines = {nombre.removeprefix(prefijo) for nombre in TODAS if nombre.startswith(prefijo)}
    return fines & set(DIRECCIONES)


TODAS = set(_nombres(get_resolver().url_patterns))


def test_la_matriz_esta_completa() -> None:
    esperadas = ABIERTAS | APARTE | set(SUELTAS) | set(DE_IMPORTACION) | set(DE_FUSION) | set(DE_CLIENTE) | set(DE_CASO)
    esperadas |= set(DE_DERIVACION) | set(DE_LISTA_RNE) | set(DE_OFERTA) | set(DE_PROGRAMA)
    esperadas |= {_ruta(modelo, fin) for modelo in MODELOS for fin in (*DIRECCIONES, "accion")}
    assert not TODAS - esperadas
    registrados = admin.site._registry
    assert {modelo._meta.label_lower for modelo in registrados} == set(MODELOS)
    acciones = {
        (modelo._meta.label_lower, accion.nombre)
        for modelo, pantalla in registrados.items()
        for accion in getattr(pantalla, "acciones", ())
    }
    assert acciones == set(ACCIONES)


def _sesion(papel: str) -> Client:
    cliente = Client()
    usuario = Usuario.objects.create_user(f"cuenta-{papel}", password="clave-de-prueba-9", is_staff=True)
    usuario.groups.add(Group.objects.get(name=PAPELES[papel]))
    cliente.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
    return cliente


def _url(modelo: str, fin: str, registro: Any) -> str:
    if fin in ("changelist", "add", "import", "export"):
        return reverse(f"admin:{_ruta(modelo, fin)}")
    if fin == "simple_history":
        return reverse(f"admin:{_ruta(modelo, fin)}", args=(registro.pk, registro.history.first().pk))
    return reverse(f"admin:{_ruta(modelo, fin)}", args=(registro.pk,))


@pytest.mark.parametrize("modelo", MODELOS)
def test_cada_papel_abre_lo_suyo_y_nadie_mas(modelo: str) -> None:
    registro = muestra(modelo)
    fines = _direcciones_de(modelo)
    fallos = []
    for papel in PAPELES:
        cliente = _sesion(papel)
        for fin in sorted(fines):
            quienes = MODELOS[modelo][VERBOS.index(DIRECCIONES[fin])]
            if fin == "delete" and modelo in SIN_BORRAR:
                quienes = ""
            estado = cliente.get(_url(modelo, fin, registro)).status_code
            concedido = estado in (200, 302)
            if concedido != (papel in quienes) or estado not in (200, 302, 403):
                fallos.append(f"{PAPELES[papel]}: {fin} → {estado}")
    anonimo = Client()
    for fin in sorted(fines):
        respuesta = anonimo.get(_url(modelo, fin, registro))
        if respuesta.status_code != 302 or "/login/" not in respuesta.url:
            fallos.append(f"nadie: {fin} → {respuesta.status_code}")
    assert not fallos


@pytest.mark.parametrize("modelo", MODELOS)
def test_guardar_y_borrar_sin_permiso_no_cambia_nada(modelo: str) -> None:
    registro = muestra(modelo)
    antes = type(registro).objects.filter(pk=registro.pk).values().get()
    fallos = []
    for papel in PAPELES:
        cliente = _sesion(papel)
        for fin, verbo in (("add", "agregar"), ("change", "modificar"), ("delete", "borrar")):
            if papel in MODELOS[modelo][VERBOS.index(verbo)]:
                continue
            estado = cliente.post(_url(modelo, fin, registro), {"post": "yes", "nombre": "Cambiado"}).status_code
            if estado != 403:
                fallos.append(f"{PAPELES[papel]}: {fin} → {estado}")
    assert not fallos
    assert type(registro).objects.filter(pk=registro.pk).values().get() == antes


@pytest.mark.parametrize(("modelo", "nombre"), ACCIONES)
def test_cada_accion_la_hace_quien_puede(modelo: str, nombre: str) -> None:
    lista = reverse(f"admin:{_ruta(modelo, 'changelist')}")
    fallos = []
    for papel in PAPELES:
        registro = muestra(modelo)
        url = reverse(f"admin:{_ruta(modelo, 'accion')}", args=(registro.pk, nombre))
        cliente = _sesion(papel)
        estados = {cliente.get(url).status_code, cliente.post(url, {}).status_code}
        if papel in ACCIONES[modelo, nombre]:
            if not estados <= {200, 302}:
                fallos.append(f"{PAPELES[papel]} puede y recibió {estados}")
        elif estados != {403}:
            fallos.append(f"{PAPELES[papel]} no puede y recibió {estados}")
        else:
            antes = type(registro).objects.filter(pk=registro.pk).values().get()
            cliente.post(lista, {"action": nombre, ACTION_CHECKBOX_NAME: [registro.pk], "accion_confirmada": "1"})
            if type(registro).objects.filter(pk=registro.pk).values().get() != antes:
                fallos.append(f"{PAPELES[papel]} no puede y la lista le dejó")
    respuesta = Client().post(url, {})
    if respuesta.status_code != 302 or "/login/" not in respuesta.url:
        fallos.append(f"nadie → {respuesta.status_code}")
    assert not fallos


@pytest.mark.parametrize("nombre", SUELTAS)
def test_las_paginas_sueltas(nombre: str) -> None:
    url = reverse(nombre if nombre in PROPIAS else f"admin:{nombre}")
    fallos = []
    for papel in PAPELES:
        estado = _sesion(papel).get(url).status_code
        if (estado in (200, 302, 404)) != (papel in SUELTAS[nombre]):
            fallos.append(f"{PAPELES[papel]} → {estado}")
    respuesta = Client().get(url)
    if nombre != "jsi18n" and (respuesta.status_code != 302 or "/login/" not in respuesta.url):
        fallos.append(f"nadie → {respuesta.status_code}")
    assert not fallos


PROPIAS = {
    "importar_datos",
    "importaciones",
    "exportar_datos",
    "posibles_duplicados",
    "fusiones",
    "entrar_a_la_bandeja",
    "segmento_de_la_lista",
    "avisos",
    "entrar_a_las_derivaciones",
    "carga_de_asesores",
    "probar_reglas",
    "sugerencias",
    "aniversarios",
    # Reportes, tablero y envíos programados.
    "reportes",
    "personalizar_tablero",
    "envios",
    "nuevo_envio",
}


@pytest.mark.parametrize("nombre", DE_FUSION)
def test_las_paginas_de_una_fusion(nombre: str) -> None:
    def direccion() -> str:
        una, otra = fabricas.FabricaCliente(), fabricas.FabricaCliente()
        if nombre != "deshacer_fusion":
            return reverse(nombre, args=(una.pk,) if nombre == "fusionar_cliente" else (una.pk, otra.pk))
        hecha = fusionar_clientes(una, absorbido=otra, elegidos={}, usuario=None, ahora=fabricas.AHORA)
        return reverse(nombre, args=(hecha.pk,))

    fallos = []
    for papel in PAPELES:
        url, cuantos = direccion(), Cliente.objects.count()
        sesion = _sesion(papel)
        estados = {sesion.get(url).status_code, sesion.post(url, {}).status_code} - {405}
        puede = papel in DE_FUSION[nombre]
        if not (estados <= {200, 302} if puede else estados == {403}):
            fallos.append(f"{PAPELES[papel]} → {estados}")
        if not puede and Cliente.objects.count() != cuantos:
            fallos.append(f"{PAPELES[papel]} no puede y lo hizo")
    respuesta = Client().get(url)
    if respuesta.status_code != 302 or "/login/" not in respuesta.url:
        fallos.append(f"nadie → {respuesta.status_code}")
    assert not fallos


@pytest.mark.parametrize("nombre", DE_LISTA_RNE)
def test_las_paginas_de_una_lista_de_numeros_excluidos(nombre: str) -> None:
    url = reverse(nombre, args=(fabricas.FabricaCargaRne(completa=False).pk,))
    fallos = [
        f"{PAPELES[papel]} → {estado}"
        for papel in PAPELES
        if (estado := _sesion(papel).get(url, headers={"HX-Request": "true"}).status_code)
        != (200 if papel in DE_LISTA_RNE[nombre] else 403)
    ]
    assert "/login/" in Client().get(url).url
    assert not fallos


@pytest.mark.parametrize("slug", BANDEJAS)
def test_las_bandejas_y_lo_que_en_ellas_se_hace(slug: str) -> None:
    abren, acciones = BANDEJAS[slug]
    url = reverse("bandeja", args=(slug,))
    assert {accion.nombre for accion in DE_BANDEJA.get(slug, EN_ABIERTAS)} == set(acciones)
    fallos = []
    for papel in PAPELES:
        sesion = _sesion(papel)
        if (sesion.get(url).status_code == 200) != (papel in abren):
            fallos.append(f"{PAPELES[papel]} la abre")
        for nombre, quienes in acciones.items():
            caso = fabricas.FabricaInteraccion()
            estado = sesion.post(url, {"action": nombre, ACTION_CHECKBOX_NAME: [caso.pk]}).status_code
            if (estado in (200, 302)) != (papel in quienes) or estado not in (200, 302, 403):
                fallos.append(f"{PAPELES[papel]}: {nombre} → {estado}")
    for respuesta in (Client().get(url), Client().post(url, {"action": "asignar"})):
        if respuesta.status_code != 302 or "/login/" not in respuesta.url:
            fallos.append(f"nadie → {respuesta.status_code}")
    assert set(BANDEJAS) == set(bandejas.BANDEJAS)
    assert not fallos


def test_avisos_y_vistas_son_de_cada_quien() -> None:
    ajeno = Usuario.objects.create_user("ajena", password="clave-de-prueba-9", is_staff=True)
    aviso = Aviso.objects.create(usuario=ajeno, clave="x", titulo="x")
    vista = VistaGuardada.objects.create(usuario=ajeno, pagina="bandeja", nombre="x", compartida=True)
    de_un_aviso = reverse("abrir_aviso", args=(aviso.pk,))
    de_una_vista = reverse("cambiar_vista", args=(vista.pk, "borrar"))
    guardar, leer = reverse("guardar_vista", args=("bandeja",)), reverse("leer_avisos")
    for papel in PAPELES:
        sesion = _sesion(papel)
        assert sesion.get(de_un_aviso).status_code == 404, papel
        assert sesion.post(de_una_vista).status_code == 404, papel
        assert sesion.post(leer).status_code == 302, papel
        assert sesion.post(guardar, {"nombre": f"De {papel}"}).status_code == 302, papel
        assert VistaGuardada.objects.filter(nombre=f"De {papel}").exists(), papel
    aviso.refresh_from_db()
    assert aviso.leido_el is None
    assert VistaGuardada.objects.filter(pk=vista.pk).exists()
    for url in (de_un_aviso, de_una_vista, guardar, leer):
        assert "/login/" in Client().post(url).url
    sin_papel = Client()
    sin_papel.force_login(ajeno, backend="django.contrib.auth.backends.ModelBackend")
    assert sin_papel.post(guardar, {"nombre": "x2"}).status_code == 403


@pytest.mark.parametrize("nombre", DE_IMPORTACION)
def test_las_paginas_de_una_importacion(nombre: str) -> None:
    importacion = escenas.con_de_todo(cuantos=1)
    mas = {"registro_de_importacion": [importacion.plan.first().pk], "hacer_con_importacion": ["cancelar"]}
    url = reverse(nombre, args=(importacion.pk, *mas.get(nombre, [])))
    fallos = []
    for papel in PAPELES:
        sesion = _sesion(papel)
        estados = {sesion.get(url).status_code, sesion.post(url, {}).status_code}
        if papel in DE_IMPORTACION[nombre]:
            # 405: hay verbos que la dirección no tiene.
            bien = estados <= {200, 302, 405} and estados != {405}
        else:
            bien = estados <= {404, 405} and estados != {405}
        if not bien:
            fallos.append(f"{PAPELES[papel]} → {estados}")
    respuesta = Client().get(url)
    if respuesta.status_code != 302 or "/login/" not in respuesta.url:
        fallos.append(f"nadie → {respuesta.status_code}")
    assert not fallos


@pytest.mark.parametrize("nombre", DE_CLIENTE)
def test_las_paginas_de_un_cliente(nombre: str) -> None:
    url = reverse(nombre, args=(fabricas.FabricaCliente().pk,))
    fallos = [
        f"{PAPELES[papel]} → {estado}"
        for papel in PAPELES
        if (estado := _sesion(papel).get(url).status_code) != (200 if papel in DE_CLIENTE[nombre] else 403)
    ]
    respuesta = Client().get(url)
    if respuesta.status_code != 302 or "/login/" not in respuesta.url:
        fallos.append(f"nadie → {respuesta.status_code}")
    assert not fallos


@pytest.mark.parametrize("nombre", DE_CASO)
def test_las_paginas_de_un_caso(nombre: str) -> None:
    uno = fabricas.FabricaAdjunto()
    caso = uno.interaccion
    plantilla = PlantillaRespuesta.objects.create(nombre="Ajuste", texto="Estimado {cliente}")
    # El archivo del adjunto no está en el disco: quien puede verlo recibe un 404 y no un 403.
    con_permiso, mas = (404, [uno.pk]) if nombre == "adjunto" else (200, [])
    url = reverse(nombre, args=(caso.pk, *mas))
    fallos = []
    for papel in PAPELES:
        estado = _sesion(papel).get(url, {"plantilla": plantilla.pk}).status_code
        if estado != (con_permiso if papel in DE_CASO[nombre] else 403):
            fallos.append(f"{PAPELES[papel]} → {estado}")
    sin_papel = Client()
    sin_papel.force_login(
        Usuario.objects.create_user("sin-papel", password="clave-de-prueba-9", is_staff=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    if (estado := sin_papel.get(url).status_code) != 403:
        fallos.append(f"sin papel → {estado}")
    respuesta = Client().get(url)
    if respuesta.status_code != 302 or "/login/" not in respuesta.url:
        fallos.append(f"nadie → {respuesta.status_code}")
    assert not fallos


def test_las_plantillas_las_baja_quien_puede_importar() -> None:
    for papel in PAPELES:
        url = reverse("plantilla_de_importacion", kwargs={"entidad": "clientes", "formato": "xlsx"})
        assert _sesion(papel).get(url).status_code == (200 if papel == "A" else 403), papel
    assert Client().get(url).status_code == 302


def test_las_abiertas_responden_a_quien_no_ha_entrado() -> None:
    assert Client().get(reverse("salud")).status_code == 200
    assert Client().get(reverse("admin:login")).status_code == 200
    assert Client().post(reverse("admin:logout")).status_code in (200, 302)


def test_autocompletar_exige_ver_el_modelo() -> None:
    parametros = {"app_label": "clientes", "model_name": "contrato", "field_name": "cliente"}
    url = reverse("admin:autocomplete")
    for papel in PAPELES:
        assert _sesion(papel).get(url, parametros).status_code == 200, papel
    ajena = Usuario.objects.create_user("sin-papel", password="clave-de-prueba-9", is_staff=True)
    sin_papel = Client()
    sin_papel.force_login(ajena, backend="django.contrib.auth.backends.ModelBackend")
    assert sin_papel.get(url, parametros).status_code == 403
    assert Client().get(url, parametros).status_code == 302


def test_una_cuenta_que_no_es_del_panel_no_entra() -> None:
    cliente = Client()
    usuario = Usuario.objects.create_user("de-fuera", password="clave-de-prueba-9")
    cliente.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
    respuesta = cliente.get(reverse("admin:index"))
    assert respuesta.status_code == 302
    assert "/login/" in respuesta.url


def test_un_administrador_no_se_hace_superusuario_ni_toca_a_uno() -> None:
    jefe = Usuario.objects.create_superuser("jefe", password="clave-de-prueba-9")
    cliente = _sesion("A")
    propio = Usuario.objects.get(username="cuenta-A")
    datos = {
        "username": "cuenta-A",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "user_permissions": ["1"],
    }
    cliente.post(reverse("admin:comun_usuario_change", args=(propio.pk,)), datos)
    propio.refresh_from_db()
    assert not propio.is_superuser
    assert not propio.user_permissions.exists()
    clave = jefe.password
    for url in (
        reverse("admin:comun_usuario_change", args=(jefe.pk,)),
        reverse("admin:auth_user_password_change", args=(jefe.pk,)),
        reverse("admin:comun_usuario_accion", args=(jefe.pk, "desactivar")),
    ):
        assert cliente.post(url, {"password1": "otra-clave-12345", "password2": "otra-clave-12345"}).status_code in (
            302,
            403,
        )
    jefe.refresh_from_db()
    assert jefe.is_active
    assert jefe.password == clave
