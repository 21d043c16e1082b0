"""Cuánto tarda importar clientes: el panel, django-import-export tal como viene y el límite de la base, en una vez.

Uso: .venv/bin/python benchmarks/importacion.py [--filas N] [--base sqlite|postgresql] [--corriente N] [--millon]

Todo va en bases nuevas y temporales, con los mismos clientes inventados, historia puesta e índices en pie:
- «corriente»: la pantalla de import-export (ensayo, vista previa en HTML y confirmación), con `--corriente` filas. Su
  costo por fila crece con el archivo, así que llevar el de una muestra a 100.000 filas lo favorece.
- «límite»: las mismas filas y las de su historia, ya listas, por executemany o COPY en una sola transacción.
- «panel»: `manage.py importar` de punta a punta (arranque, lectura, plan, escritura); otra vez el mismo archivo; y
  `manage.py deshacer_importacion`.
- «lotes»: solo la escritura en bloque, con su historia, desde instancias ya validadas.
- «al lado»: mientras el panel importa, cuatro procesos que escriben y uno que pide la lista de clientes.
`--millon` añade un millón de filas: memoria y tiempo frente al primer archivo.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from procesos import RAIZ, Bases, Medida, correr, lanzar, papel_escritor, servidor

ESCRITORES = 4
SEGUNDOS_EN_REPOSO = 6
YA_ESTABAN = 20_000


def papel(nombre: str, entorno: dict[str, str], *argumentos: object) -> Medida:
    """Corre uno de los papeles de este archivo, que mide él mismo lo suyo."""
    entero = correr([__file__, "--papel", nombre, *map(str, argumentos)], entorno)
    reloj, procesador = json.loads(entero.salida.splitlines()[-1])
    return Medida(reloj, procesador, entero.memoria)


# --- Lo que se importa -----------------------------------------------------------------------------------------------
def clientes(cuantos: int) -> Iterator[dict[str, Any]]:
    """Clientes inventados, con sus tildes y en municipios de verdad."""
    azar = random.Random(2026)
    municipios = [linea.split(",", 1)[0] for linea in (RAIZ / "clientes/datos/divipola.csv").read_text().splitlines()]
    municipios = [codigo for codigo in municipios if codigo.isdigit()]
    nombres = ("María", "José", "Ana", "Luz Dary", "Óscar", "Íngrid", "Juan Pablo", "Beatriz", "Zoraida", "Ramón")
    apellidos = ("Rodríguez", "Gómez", "Ríos", "Sáenz", "Peña", "Castro", "Villa", "Muñoz", "Ortiz")
    for numero in range(cuantos):
        yield {
            "tipo_documento": "CC",
            "documento": str(1_000_000_000 + numero),
            "nombre": azar.choice(nombres),
            "apellido": f"{azar.choice(apellidos)} {azar.choice(apellidos)}",
            "email": f"persona{numero}@ejemplo.co",
            "telefono": f"+5731{numero % 10}{azar.randrange(10**7):07}",
            "direccion": f"Calle {azar.randrange(200)} # {azar.randrange(90)}-{azar.randrange(99)}",
            "municipio": azar.choice(municipios),
            "estrato": azar.randrange(1, 7),
            "fecha_vinculacion": f"{azar.randrange(2005, 2026)}-{azar.randrange(1, 13):02}-{azar.randrange(1, 29):02}",
        }


def escribir_json(ruta: Path, cuantos: int) -> Path:
    """El archivo de clientes, uno por renglón."""
    with ruta.open("w", encoding="utf-8") as archivo:
        archivo.write('{"clientes": [\n')
        for numero, cliente in enumerate(clientes(cuantos)):
            archivo.write(("," if numero else "") + json.dumps(cliente, ensure_ascii=False) + "\n")
        archivo.write("]}\n")
    return ruta


# --- Los papeles -----------------------------------------------------------------------------------------------------
def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movistar_site.settings")
    import django
    from django.conf import settings

    django.setup()
    # Sin `collectstatic`: aquí nadie mira las páginas.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def _instancias(cuantos: int) -> list[Any]:
    from datetime import date

    from clientes.models import Cliente

    instancias = []
    for datos in clientes(cuantos):
        datos["municipio_id"] = datos.pop("municipio")
        datos["fecha_vinculacion"] = date.fromisoformat(datos["fecha_vinculacion"])
        instancias.append(Cliente(**datos))
    return instancias


def _firma() -> Any:
    from django.utils import timezone

    from movistar_site.comun.lotes import Firma

    return Firma(timezone.now(), None, "", "importación 1: medida.json (sha256 0123456789ab)")


def _cronometrado(hacer: Any) -> None:
    reloj, procesador = time.monotonic(), time.process_time()
    hacer()
    print(json.dumps([time.monotonic() - reloj, time.process_time() - procesador]))


def papel_limite(filas: str) -> None:
    """Las filas de clientes y de su historia, ya listas, en una transacción."""
    from django.db import connection, transaction

    from clientes.models import Cliente
    from movistar_site.comun import lotes

    tabla, firma, instancias = lotes.tabla_de(Cliente), _firma(), _instancias(int(filas))
    puestos = {**tabla.automaticos(firma.momento, alta=True), tabla.clave: list(range(1, len(instancias) + 1))}
    propias = list(zip(*tabla.columnas(tabla.campos, instancias, puestos), strict=False))
    orden = [tabla.campos.index(campo) for campo in tabla.historico.tracked_fields]
    firmadas = {**firma.en_historia(), "history_type": "+"}
    meta = tabla.historico._meta
    cola = tuple(meta.get_field(n).get_db_prep_save(v, connection) for n, v in firmadas.items())
    viejas = [(*(fila[puesto] for puesto in orden), *cola) for fila in propias]
    columnas = [campo.column for campo in tabla.historico.tracked_fields]
    columnas += [meta.get_field(nombre).column for nombre in firmadas]

    def escribir() -> None:
        with transaction.atomic():
            lotes.meter_filas(connection, Cliente._meta.db_table, [c.column for c in tabla.campos], propias)
            lotes.meter_filas(connection, meta.db_table, columnas, viejas)

    _cronometrado(escribir)


def papel_lotes(filas: str) -> None:
    """Solo la escritura en bloque, por tandas y cediendo el turno."""
    from clientes.models import Cliente
    from movistar_site.comun import lotes
    from movistar_site.comun.cortesia import Cortesia

    instancias, firma = _instancias(int(filas)), _firma()

    def escribir() -> None:
        desde = 0
        with Cortesia() as turno:
            while tanda := instancias[desde : desde + turno.tanda]:
                with turno.transaccion(len(tanda)):
                    lotes.insertar(Cliente, tanda, firma=firma)
                desde += len(tanda)

    _cronometrado(escribir)


def papel_corriente(filas: str) -> None:
    """La pantalla de import-export sin tocar: sube un CSV, ensaya, pinta la vista previa y confirma."""
    import tablib
    from django.conf import settings
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import RequestFactory
    from import_export.admin import ImportExportModelAdmin
    from import_export.formats.base_formats import CSV
    from import_export.resources import ModelResource

    from clientes.models import Cliente
    from movistar_site.comun.models import Usuario

    settings.IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.TempFolderStorage"
    columnas = list(next(clientes(1)))

    class Recurso(ModelResource):
        class Meta:
            model = Cliente
            fields = columnas
            import_id_fields = ("tipo_documento", "documento")
            clean_model_instances = True

    class Pantalla(ImportExportModelAdmin):  # type: ignore[misc]
        resource_classes = (Recurso,)
        formats = (CSV,)

    jefe = Usuario.objects.create_superuser("medida", password="medida-medida")
    pantalla, fabrica = _en_su_sitio(Pantalla), RequestFactory()
    datos = tablib.Dataset(*([c[n] for n in columnas] for c in clientes(int(filas))), headers=columnas).export("csv")

    def pedir(ruta: str, **campos: Any) -> Any:
        pedido = fabrica.post(ruta, campos)
        pedido.user, pedido.session, pedido._dont_enforce_csrf_checks = jefe, {}, True  # type: ignore[attr-defined,assignment]
        pedido._messages = FallbackStorage(pedido)  # type: ignore[attr-defined]
        return pedido

    def importar() -> None:
        archivo = SimpleUploadedFile("clientes.csv", datos.encode(), "text/csv")
        ensayo = pantalla.import_action(pedir("/", import_file=archivo, format="0", resource="0"))
        ensayo.render()
        confirmar = ensayo.context_data["confirm_form"].initial
        pantalla.process_import(pedir("/", **{clave: valor for clave, valor in confirmar.items() if valor is not None}))
        assert Cliente.objects.count() == int(filas)

    _cronometrado(importar)


def _en_su_sitio(pantalla: Any) -> Any:
    """La pantalla en un admin sin nada del panel, que ya no tiene la confirmación de import-export."""
    import types

    from django.conf import settings
    from django.urls import include, path

    from clientes.models import Cliente
    from movistar_site.sitio import SitioPanel

    sitio = SitioPanel("corriente")
    sitio.register(Cliente, pantalla)
    rutas = types.ModuleType("rutas_corrientes")
    rutas.urlpatterns = [path("corriente/", sitio.urls), path("", include("movistar_site.urls"))]  # type: ignore[attr-defined]
    sys.modules[rutas.__name__] = rutas
    settings.ROOT_URLCONF = rutas.__name__
    return sitio._registry[Cliente]


def papel_paginas(fin: str) -> None:
    """Alguien que mira la lista de clientes."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from movistar_site.comun.models import Usuario

    settings.ALLOWED_HOSTS = ["testserver"]
    jefe, _ = Usuario.objects.get_or_create(username="mira", defaults={"is_staff": True, "is_superuser": True})
    navegador, direccion = Client(), reverse("admin:clientes_cliente_changelist")
    navegador.force_login(jefe, backend="django.contrib.auth.backends.ModelBackend")
    navegador.get(direccion)
    tiempos, errores = [], 0
    while not Path(fin).exists():
        inicio = time.monotonic()
        errores += navegador.get(direccion).status_code != 200
        tiempos.append(time.monotonic() - inicio)
        time.sleep(0.1)
    print(json.dumps([errores, sorted(tiempos)]))


PAPELES = {
    "limite": papel_limite, "lotes": papel_lotes, "corriente": papel_corriente,
    "escritor": papel_escritor, "paginas": papel_paginas,
}  # fmt: skip


# --- Medir -----------------------------------------------------------------------------------------------------------
def al_lado(entorno: dict[str, str], archivo: Path | None, *, escritores: int) -> tuple[list[Any], list[Any], float]:
    """Lo que ven los demás mientras se importa `archivo` (o en reposo): páginas, escrituras y cuánto duró."""
    fin = Path(entorno["PANEL_DATOS"]) / f"fin{time.monotonic_ns()}"
    procesos = [lanzar([__file__, "--papel", "paginas", str(fin)], entorno, stdout=subprocess.PIPE)]
    procesos += [
        lanzar([__file__, "--papel", "escritor", str(fin), str(n)], entorno, stdout=subprocess.PIPE)
        for n in range(escritores)
    ]
    time.sleep(4)
    inicio = time.monotonic()
    if archivo is None:
        time.sleep(SEGUNDOS_EN_REPOSO)
    else:
        correr(["manage.py", "importar", str(archivo)], entorno)
    duracion = time.monotonic() - inicio
    fin.touch()
    dichos = [json.loads(proceso.communicate()[0]) for proceso in procesos]
    return dichos[0], dichos[1:], duracion


def percentil(ordenados: list[float], cual: float) -> float:
    """El valor que supera a esa parte de los demás."""
    return ordenados[min(len(ordenados) - 1, int(len(ordenados) * cual))]


def medir_al_lado(bases: Bases, archivo: Path) -> list[str]:
    """Esperas de cuatro escritores y tiempos de la lista mientras se importa."""
    con_gente = bases.nueva()
    papel("lotes", con_gente, YA_ESTABAN)
    reposo, _, _ = al_lado(con_gente, None, escritores=0)
    paginas, escrituras, _ = al_lado(con_gente, archivo, escritores=ESCRITORES)
    esperas = sorted(espera for _, suyas in escrituras for espera in suyas)
    errores = sum(fallos for fallos, _ in escrituras)
    quieta, movida = percentil(reposo[1], 0.95), percentil(paginas[1], 0.95)
    return [
        f"Escrituras de {ESCRITORES} procesos: {len(esperas):,}; errores {errores} (debe ser 0);"
        f" p50 {percentil(esperas, 0.5):.3f} s, p99 {percentil(esperas, 0.99):.2f} s,"
        f" la más larga {esperas[-1]:.2f} s (≤ 2)",
        f"Lista de clientes, p95: en reposo {quieta * 1e3:.0f} ms, importando {movida * 1e3:.0f} ms:"
        f" {movida / quieta:.1f} × (≤ 2); errores {paginas[0]}",
    ]


def medir(opciones: argparse.Namespace, bases: Bases, carpeta: Path) -> None:
    """Todas las medidas, con las razones que pide el proyecto."""
    filas, sqlite = opciones.filas, opciones.base == "sqlite"
    archivo = escribir_json(carpeta / "clientes.json", filas)
    print(f"{filas:,} clientes en {opciones.base}; {archivo.stat().st_size / 1e6:.0f} MB de JSON")
    print(f"{'':<34}{'filas/s':>10} {'reloj s':>9} {'CPU µs/f':>9} {'MB':>8}")

    def anotar(titulo: str, medida: Medida, cuantas: int = filas) -> Medida:
        print(f"{titulo:<34}{medida.por_fila(cuantas)}", flush=True)
        return medida

    limite = anotar("límite", papel("limite", bases.nueva(), filas))
    lotes = anotar("lotes", papel("lotes", bases.nueva(), filas))
    muestra = opciones.corriente
    corriente = anotar(f"corriente ({muestra:,} filas)", papel("corriente", bases.nueva(), muestra), muestra)
    base = bases.nueva()
    panel = anotar("panel: importar", correr(["manage.py", "importar", str(archivo)], base))
    otra = anotar("panel: el mismo archivo otra vez", correr(["manage.py", "importar", str(archivo)], base))
    deshecha = anotar("panel: deshacer", correr(["manage.py", "deshacer_importacion", "1"], base))
    print()
    por_limite = limite.reloj / panel.reloj
    print(f"panel / corriente:      {corriente.reloj / muestra * filas / panel.reloj:6.1f} ×  (≥ 25)")
    print(f"panel / límite:         {por_limite:6.2f} ×  (≥ {0.4 if sqlite else 0.35})")
    print(f"lotes / límite:         {limite.reloj / lotes.reloj:6.2f} ×  (≥ 0.8)")
    print(f"otra vez / primera:     {otra.reloj / panel.reloj:6.2f} ×  (≤ 0.5)")
    print(f"deshacer / importar:    {deshecha.reloj / panel.reloj:6.2f} ×  (≤ 1.5)")
    for renglon in medir_al_lado(bases, archivo):
        print(renglon)
    if opciones.millon:
        grande = escribir_json(carpeta / "millon.json", 1_000_000)
        millon = anotar("panel: un millón", correr(["manage.py", "importar", str(grande)], bases.nueva()), 1_000_000)
        print(f"memoria: {millon.memoria:.0f} MB (≤ 200); por fila, {millon.reloj / 1e6 * filas / panel.reloj:.2f} × ")
    print(f"Carga media: {os.getloadavg()[0]:.1f} con {os.cpu_count()} procesadores")


def main() -> None:
    """Lee las opciones y mide, o hace el papel que le pidan."""
    lector = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lector.add_argument("--filas", type=int, default=100_000)
    lector.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    lector.add_argument("--corriente", "--stock", type=int, default=2_000, help="Filas para import-export sin tocar.")
    lector.add_argument("--millon", action="store_true", help="Mide además un millón de filas.")
    lector.add_argument("--papel", nargs="+", help=argparse.SUPPRESS)
    opciones = lector.parse_args()
    if opciones.papel:
        _django()
        papel_pedido: Any = PAPELES[opciones.papel[0]]
        papel_pedido(*opciones.papel[1:])
        return
    with tempfile.TemporaryDirectory(prefix="importacion-") as nombre, servidor(opciones.base) as direccion:
        carpeta = Path(nombre)
        medir(opciones, Bases(carpeta, direccion), carpeta)


if __name__ == "__main__":
    main()
