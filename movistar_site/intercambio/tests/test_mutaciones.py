"""Un archivo bueno que alguien daña: nada se rompe, nada se pierde sin decirlo y solo entra lo que vale."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clientes.models import Cliente, Consentimiento, Contrato, Interaccion
from movistar_site.comun.formatos_archivo import ArchivoIlegible, escribir_csv, escribir_xlsx
from movistar_site.intercambio import carpeta, operaciones
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.etapa import Etapa
from movistar_site.intercambio.exportador import archivos
from movistar_site.intercambio.models import ArchivoImportado, Importacion
from movistar_site.intercambio.piezas import Leido, guardable
from movistar_site.intercambio.traductor.claves import es_secreta, normal

from . import mutaciones as m
from .datos import HOY, SERVICIOS, USUARIO, lugares
from .motor import Fuente, Informe, importar

pytestmark = pytest.mark.django_db
# Para buscar a fondo: PANEL_EJEMPLOS=2000 pytest movistar_site/intercambio/tests/test_mutaciones.py
VECES = int(os.environ.get("PANEL_EJEMPLOS", "0"))
CLAVE_SECRETA = "ClaveQueNadieVe"
SECRETO_DICHO = f'"password": "{CLAVE_SECRETA}"'.encode()
REVUELTO: dict[str, Any] = {
    "miMovistar": {
        "clientes leales": [
            {"Nombre:": "Ana", "apellidos": "Ríos", "# de identificacion": 1020304050, "cel": "300 123 45 67",
             "tiempo afiliado": "12 años", "servicio en uso": "fibra_optica", "password": CLAVE_SECRETA,
             "quejas": ["Lento"], "dir": "Calle 1 # 2-3"},
            {"usuario": "Luis Paz", "c.c": "1020304051", "InfoContacto": {"tel": "6012345678", "cel": "3001234568"},
             "fechaIngreso": ["03", "02", "2011"], "planes": {"Pospago": True, "Prepago": False}},
        ],
        "nuevos": {"1020304052": {"nombre1": "Eva", "apellido1": "Mar", "contacto": "eva@example.co", "año": 2026,
                                  "servicios": "Prepago, Televisión", "consulta": "¿Qué vence?"}},
        "posiblesCli": [{"nombre": "Ada", "apellido": "Sol", "documento": "1020304053", "telefono": "3001234569"}],
        "empleados": [{"usuario": "jefe", "password": CLAVE_SECRETA}],
        "planes": [{"id": 1, "nombre": "Fibra 300", "precio": "$ 85.000", "megas": "300"},
                   {"id": 2, "nombre": "Pospago 20", "valor": 50000, "info": "20 GB, minutos ilimitados"}],
    }
}  # fmt: skip
TABLA: list[list[Any]] = [
    ["Tipo de documento", "Documento", "Nombre", "Apellido", "Teléfono", "Correo", "Fecha de vinculación"],
    ["CC", "1020304050", "Ana", "Ríos", "300 123 4567", "ana@example.co", "2012-03-15"],
    ["CC", "1020304051", "Luis", "Paz", "6012345678", "", "15/03/2013"],
    ["NIT", "901354361-1", "Prueba S. A. S.", "", "", "x@example.co", "2020-01-01"],
    ["CE", "ABC1234", "John", "Ñandú", "", "", "2001-02-28"],
]
JSONES = {"usuario.json": USUARIO, "servicios.json": SERVICIOS, "revuelto.json": REVUELTO}


def con(veces: int) -> Callable[[Any], Any]:
    return settings(
        # Sin sorteo en la revisión de siempre; con VECES se busca de verdad.
        derandomize=not VECES, max_examples=VECES or veces, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[fase for fase in Phase if fase != Phase.explain],
    )  # fmt: skip


@contextmanager
def en_limpio() -> Iterator[list[Leido]]:
    """La base vuelve a como estaba; entrega los registros que se vayan leyendo."""
    leidos: list[Leido] = []
    escribir = Etapa.escribir

    def escribir_y_contar(etapa: Etapa, archivo: int, leido: Leido) -> None:
        leidos.append(leido)
        escribir(etapa, archivo, leido)

    Etapa.escribir = escribir_y_contar  # type: ignore[method-assign]
    try:
        with transaction.atomic():
            lugares()
            yield leidos
            transaction.set_rollback(True)
    finally:
        Etapa.escribir = escribir  # type: ignore[method-assign]


def planeado(fuentes: list[Fuente], leidos: list[Leido], **opciones: Any) -> Informe | None:
    """El plan de unos archivos, ya revisado; None si se rechazaron con una frase."""
    leidos.clear()
    try:
        informe = importar(fuentes, hoy=HOY, simular=True, **opciones)
    except ArchivoIlegible as error:
        frase = str(error)
        assert frase.strip() and frase == frase.strip() and frase.endswith((".", "!", "?"))
        assert frase.isprintable() and len(frase) < 600, frase
        return None
    revisar(informe, leidos)
    return informe


def revisar(informe: Informe, leidos: list[Leido]) -> None:
    """Lo que vale para el plan de cualquier archivo."""
    plan = informe.plan
    assert len(plan) == len(leidos)
    assert Counter((r.entidad, r.tipo) for r in plan) == {
        (entidad, tipo): cuantos
        for entidad, cuenta in informe.cuentas.items() for tipo, cuantos in cuenta.items() if cuantos
    }  # fmt: skip
    assert Counter(r.entidad for r in plan) == Counter(leido.entidad for leido in leidos)
    for registro in plan:
        assert registro.ruta and registro.registro
        assert registro.tipo in ("nuevo", "cambiado", "igual", "error", "omitido")
        faltas, notas = registro.detalle.get("faltas", []), registro.detalle.get("notas", [])
        assert bool(faltas) == (registro.tipo == "error"), registro.detalle
        for _, valor, motivo, _ in faltas:
            assert motivo.strip() and motivo.isprintable() and valor.isprintable() and len(motivo) < 600
        assert registro.tipo != "omitido" or notas
    for aviso in informe.avisos:
        assert aviso.ruta and aviso.motivo
    for archivo in ArchivoImportado.objects.filter(importacion=informe.importacion):
        assert all(reparada["que"] for reparada in archivo.reparaciones)


def revisar_secretos(informe: Informe) -> None:
    """El valor de una contraseña no está en ninguna parte."""
    importacion = informe.importacion
    dicho = [importacion.claves_vistas, importacion.valores_vistos]
    dicho += [[r.valores, r.detalle, r.titulo, r.clave] for r in informe.plan]
    dicho += [[aviso.ruta, aviso.clave, aviso.valor, aviso.motivo] for aviso in informe.avisos]
    assert CLAVE_SECRETA not in json.dumps(dicho)


def guarda_su_secreto(valor: Any, clave: str = "") -> bool:
    """Si toda contraseña sigue bajo una clave que lo dice."""
    if isinstance(valor, list):
        pares = valor if isinstance(valor, m.Pares) else [(clave, uno) for uno in valor]
        return all(guarda_su_secreto(uno, suya) for suya, uno in pares)
    return valor != CLAVE_SECRETA or es_secreta(normal(clave))


def lugares_dichos(informe: Informe) -> list[str]:
    """Lo que se dice del archivo, con su lugar; un archivo que es un solo registro está en la raíz."""
    rutas = [r.ruta for r in informe.plan] + [aviso.ruta for aviso in informe.avisos]
    return [ruta.removeprefix("(raíz)").removeprefix(".") for ruta in rutas]


def lugares_del_archivo(valor: Any, ruta: str = "", hondo: int = 3) -> Iterator[tuple[str, Any]]:
    """Lo que trae datos, con su ruta, hasta la profundidad en que están los registros."""
    if not m.hay_datos(valor):
        return
    if not hondo or not isinstance(valor, list):
        yield ruta, valor
        return
    for n, uno in enumerate(valor):
        if isinstance(valor, m.Pares):
            yield from lugares_del_archivo(uno[1], f"{ruta}.{uno[0]}" if ruta else uno[0], hondo - 1)
        else:
            yield from lugares_del_archivo(uno, f"{ruta}[{n}]", hondo - 1)


def borrar_carpeta(informe: Informe | None) -> None:
    for importacion in Importacion.objects.all():
        carpeta.borrar(importacion)


@con(25)
@given(st.data(), st.sampled_from(sorted(JSONES)), st.integers(1, 3))
def test_un_json_con_la_estructura_cambiada_se_planea_entero(data: st.DataObject, nombre: str, danos: int) -> None:
    contenido = m.a_pares(json.loads(json.dumps(JSONES[nombre])))
    for _ in range(danos):
        if contenido:
            contenido = m.danar_json(data, contenido)
    with en_limpio() as leidos:
        informe = planeado([Fuente(nombre, m.a_texto(contenido).encode())], leidos)
        if informe is not None and not informe.importacion.archivos.get().reparaciones:
            dichos = lugares_dichos(informe)
            textos = [[r.valores, r.detalle] for r in informe.plan] + [[a.clave, a.valor] for a in informe.avisos]
            texto = json.dumps(textos)
            for ruta, valor in lugares_del_archivo(contenido):
                lugar = guardable(ruta, 300)
                # Un rótulo suelto en una lista puede acabar siendo la clave de lo que sigue.
                rotulo = isinstance(valor, str) and json.dumps(valor)[1:-1] in texto
                assert rotulo or any(dicho.startswith(lugar) or lugar.startswith(dicho) for dicho in dichos), lugar
            if guarda_su_secreto(contenido):
                revisar_secretos(informe)
        borrar_carpeta(informe)


@con(25)
@given(st.data(), st.sampled_from(sorted(JSONES)), st.integers(1, 3))
def test_un_json_con_los_bytes_danados_se_planea_o_se_rechaza_con_una_frase(
    data: st.DataObject, nombre: str, danos: int
) -> None:
    datos = json.dumps(JSONES[nombre], ensure_ascii=data.draw(st.booleans()), indent=data.draw(st.none() | st.just(1)))
    malos = datos.encode()
    for _ in range(danos):
        malos = m.danar_bytes(data, malos)
    with en_limpio() as leidos:
        informe = planeado([Fuente(nombre, malos)], leidos)
        if informe is not None and malos.count(CLAVE_SECRETA.encode()) == malos.count(SECRETO_DICHO):
            revisar_secretos(informe)
        borrar_carpeta(informe)


def tabla_como(formato: str, tabla: list[list[Any]]) -> bytes:
    encabezados, filas = [str(uno) for uno in tabla[0]], tabla[1:]
    return b"".join((escribir_csv if formato == "csv" else escribir_xlsx)(encabezados, iter(filas)))


@con(25)
@given(st.data(), st.sampled_from(["csv", "xlsx"]), st.integers(0, 3), st.integers(0, 2))
def test_una_tabla_danada_da_un_registro_por_fila(
    data: st.DataObject, formato: str, danos: int, danos_de_bytes: int
) -> None:
    tabla = [list(fila) for fila in TABLA]
    for _ in range(danos):
        tabla = m.danar_tabla(data, tabla)
    try:
        datos = tabla_como(formato, tabla)
    except (UnicodeEncodeError, ValueError):
        return
    for _ in range(danos_de_bytes):
        datos = m.danar_bytes(data, datos)
    with en_limpio() as leidos:
        informe = planeado([Fuente(f"clientes.{formato}", datos, "clientes")], leidos)
        if informe is not None and not danos_de_bytes:
            # La primera fila con datos es el encabezado, aunque antes haya filas en blanco.
            con_datos = [fila for fila in tabla if any(celda not in (None, "") for celda in fila)]
            assert {r.registro for r in informe.plan} == set(range(1, len(con_datos)))
        borrar_carpeta(informe)


# --- Hasta la base ----------------------------------------------------------------------------------------------------
def exportado() -> dict[str, bytes]:
    return {nombre: b"".join(escribir()) for nombre, escribir in archivos(hoy=HOY, formato="json").items()}


@con(6)
@given(st.data(), st.sampled_from(["usuario.json", "revuelto.json"]), st.integers(1, 3))
def test_solo_entra_lo_que_vale_y_deshacerlo_deja_la_base_como_estaba(
    data: st.DataObject, nombre: str, danos: int
) -> None:
    contenido = m.a_pares(json.loads(json.dumps(JSONES[nombre])))
    for _ in range(danos):
        if contenido:
            contenido = m.danar_json(data, contenido)
    fuente = Fuente(nombre, m.a_texto(contenido).encode())
    with en_limpio() as leidos:
        importar([Fuente("servicios.json", json.dumps(SERVICIOS).encode())], hoy=HOY)
        antes, cuantos = exportado(), {n: e.modelo.objects.count() for n, e in ENTIDADES.items()}
        leidos.clear()
        try:
            informe = importar([fuente], hoy=HOY, ante_errores="omitir")
        except ArchivoIlegible:
            return
        revisar(informe, leidos)
        if informe.aplicado:
            revisar_base(informe, cuantos)
            operaciones.deshacer(informe.importacion, usuario=None, en_cola=False)
            operaciones.revertir(informe.importacion, usuario=None)
            assert not informe.importacion.reversiones.exists()
        assert exportado() == antes
        assert {n: e.modelo.objects.count() for n, e in ENTIDADES.items()} == cuantos
        borrar_carpeta(informe)


def revisar_base(informe: Informe, antes: dict[str, int]) -> None:
    """Lo nuevo está y nada más; otra vez el mismo archivo no trae nada nuevo."""
    for nombre in ("clientes", "contratos", "interacciones", "consentimientos", "servicios"):
        nuevos = informe.cuentas.get(nombre, {}).get("nuevo", 0)
        assert ENTIDADES[nombre].modelo.objects.count() == antes[nombre] + nuevos, nombre
    for modelo in (Cliente, Contrato, Interaccion, Consentimiento):
        for uno in modelo._default_manager.all():
            uno.full_clean()
