"""Cuánto tarda asignar las bonificaciones, frente al límite de la base, y cuánto esperan los demás.

Uso: .venv/bin/python benchmarks/fidelizacion.py [--clientes N] [--base sqlite|postgresql]

En bases nuevas y temporales, con los mismos clientes inventados (de la demostración, con sus contratos e
interacciones), cincuenta asesores y un programa de más de diez años, que alcanza a uno de cada cinco:
- «límite»: `INSERT … SELECT … ON CONFLICT DO NOTHING` de las mismas filas (bonificación, derivación y la historia de
  las dos), con los mismos índices y en una sola transacción; y otra vez lo mismo, cuando ya están. No calcula la
  factura ni el costo, no cuenta a los excluidos, no elige asesor y no deja escribir a nadie más: es el piso.
- «panel»: `notificar_fidelizacion` entera, la primera vez y otra vez; y la simulación.
- «al lado»: cuatro procesos que escriben mientras el panel asigna.
Cada medida se repite `--veces` en bases iguales y cuenta la mejor, la del panel y la del límite por igual.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from procesos import Bases, Medida, correr, lanzar, papel_escritor, servidor

HOY = date(2026, 11, 2)
ASESORES, ESCRITORES = 50, 4
PROGRAMA = "MEDIDA"


def papel(nombre: str, entorno: dict[str, str], *argumentos: object) -> tuple[Medida, Any]:
    """Corre uno de los papeles de este archivo, que mide él mismo lo suyo; devuelve también lo que dijo."""
    entero = correr([__file__, "--papel", nombre, *map(str, argumentos)], entorno)
    reloj, procesador, dicho = json.loads(entero.salida.splitlines()[-1])
    return Medida(reloj, procesador, entero.memoria), dicho


# --- Los papeles -----------------------------------------------------------------------------------------------------
def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movistar_site.settings")
    import django

    django.setup()


def _cronometrado(hacer: Any) -> None:
    reloj, procesador = time.monotonic(), time.process_time()
    dicho = hacer()
    print(json.dumps([time.monotonic() - reloj, time.process_time() - procesador, dicho]))


def papel_preparar() -> None:
    """El programa, los asesores y lo que PostgreSQL debe saber de sus tablas."""
    from django.contrib.auth.models import Group
    from django.db import connection

    from bonificaciones.models import Programa
    from movistar_site.comun.models import Usuario

    Programa.objects.update(activo=False)
    Programa.objects.create(
        codigo=PROGRAMA, nombre="Más de diez años", meses_minimos=120, beneficio="porcentaje", cantidad=10, meses=6,
        vigente_desde=date(2026, 1, 1),
    )  # fmt: skip
    grupo = Group.objects.get(name="Asesor de ventas")
    for n in range(ASESORES):
        Usuario.objects.create(username=f"asesor{n}", is_staff=True).groups.add(grupo)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def _sentencias() -> list[tuple[str, list[Any]]]:
    """Lo que escribe el límite. Las columnas que no dependen del cliente van como constantes."""
    from django.utils import timezone

    from bonificaciones.asignacion.criterios import Criterios
    from bonificaciones.models import Bonificacion, Derivacion, Programa
    from movistar_site.comun.lotes import tabla_de
    from movistar_site.comun.models import Usuario

    programa, ahora = Programa.objects.get(codigo=PROGRAMA), timezone.now()
    limite = Criterios.de(programa).ultima_vinculacion(HOY)
    bono: dict[str, Any] = {
        "cliente": "c.id", "cliente_desde": "c.fecha_vinculacion", "programa": programa.pk, "otorgada_el": HOY,
        "anios": 12, "beneficio": "porcentaje", "cantidad": 10, "meses": 6, "factura": 50_000, "costo_mensual": 5_000,
    }  # fmt: skip
    derivacion: dict[str, Any] = {
        "bonificacion": "c.id", "cliente": "c.cliente_id", "programa": programa.pk, "derivada_el": HOY,
        "vence_el": HOY, "asesor": Usuario.objects.filter(groups__isnull=False).values_list("pk", flat=True)[0],
    }  # fmt: skip
    pqr = (
        "EXISTS (SELECT 1 FROM clientes_interaccion i WHERE i.cliente_id = c.id AND i.estado IN"
        " ('abierta', 'en_tramite') AND i.tipo IN ('consulta', 'reclamacion', 'recurso'))"
    )
    de_clientes = f"clientes_cliente c WHERE c.estado = 'activo' AND c.fecha_vinculacion <= '{limite}' AND NOT {pqr}"
    de_bonos = f"{tabla_de(Bonificacion).nombre} c WHERE c.programa_id = {programa.pk} AND c.otorgada_el = '{HOY}'"
    sentencias = []
    for modelo, puestas, origen in ((Bonificacion, bono, de_clientes), (Derivacion, derivacion, de_bonos)):
        tabla = tabla_de(modelo)
        campos, expresiones, valores = [], [], []
        for campo in tabla.campos:
            if campo.primary_key:
                continue
            automatico = ahora if campo.name in ("creado_en", "actualizado_en") else campo.get_default()
            valor = puestas.get(campo.name, automatico)
            campos.append(tabla.citar(campo.column))
            if isinstance(valor, str) and valor.startswith("c."):
                expresiones.append(valor)
            else:
                expresiones.append(
                    "%s" if tabla.conexion.vendor == "sqlite" else f"%s::{campo.db_type(tabla.conexion)}"
                )
                valores.append(tabla.adaptar(campo, [valor])[0])
        orden = (
            f"INSERT INTO {tabla.nombre} ({', '.join(campos)}) SELECT {', '.join(expresiones)} FROM {origen}"
            " ON CONFLICT DO NOTHING"
        )
        sentencias.append((orden, valores))
        meta = tabla.historico._meta
        firma = {"autor": "", "origen": "límite", "history_change_reason": None, "history_date": ahora,
                 "history_type": "+", "history_user_id": None}  # fmt: skip
        columnas = [tabla.citar(meta.get_field(nombre).column) for nombre in firma]
        orden = (
            f"INSERT INTO {tabla.historia} ({', '.join([*tabla.seguidas, *columnas])})"
            f" SELECT {', '.join([*tabla.seguidas, *(['%s'] * len(columnas))])} FROM {tabla.nombre}"
            f" WHERE id > (SELECT COALESCE(MAX(id), 0) FROM {tabla.historia})"
        )
        sentencias.append((orden, [meta.get_field(n).get_db_prep_save(v, tabla.conexion) for n, v in firma.items()]))
    return sentencias


def papel_limite() -> None:
    """Las mismas filas, en cuatro sentencias y una transacción."""
    from django.db import connection, transaction

    sentencias = _sentencias()
    connection.ensure_connection()

    def escribir() -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            for orden, valores in sentencias:
                cursor.execute(orden, valores)
            cursor.execute("SELECT COUNT(*) FROM bonificaciones_derivacion")
            return int(cursor.fetchone()[0])

    _cronometrado(escribir)


def papel_panel(simular: str = "") -> None:
    """La operación entera."""
    from django.db import connection
    from django.utils import timezone

    from bonificaciones.models import Bonificacion, Derivacion, Programa
    from bonificaciones.operaciones.otorgar import notificar_fidelizacion

    programa = Programa.objects.get(codigo=PROGRAMA)
    connection.ensure_connection()

    def asignar() -> int:
        corrida = notificar_fidelizacion(programa=programa, hoy=HOY, ahora=timezone.now(), simular=bool(simular))
        return int(corrida.otorgadas)

    _cronometrado(asignar)
    cuantas = Bonificacion.objects.count()
    assert cuantas == Derivacion.objects.count() == Bonificacion.history.count() == Derivacion.history.count()


PAPELES = {"preparar": papel_preparar, "limite": papel_limite, "panel": papel_panel, "escritor": papel_escritor}


# --- Medir -----------------------------------------------------------------------------------------------------------
def medir_al_lado(entorno: dict[str, str]) -> str:
    """Lo que esperan cuatro procesos que escriben mientras el panel asigna."""
    fin = Path(entorno["PANEL_DATOS"]) / "fin"
    procesos = [
        lanzar([__file__, "--papel", "escritor", str(fin), str(n)], entorno, stdout=subprocess.PIPE)
        for n in range(ESCRITORES)
    ]
    time.sleep(4)
    medida, _ = papel("panel", entorno)
    fin.touch()
    dichos = [json.loads(proceso.communicate()[0]) for proceso in procesos]
    esperas = sorted(espera for _, suyas in dichos for espera in suyas)
    errores = sum(fallos for fallos, _ in dichos)
    p99 = esperas[min(len(esperas) - 1, int(len(esperas) * 0.99))]
    return (
        f"Escrituras de {ESCRITORES} procesos: {len(esperas):,}; errores {errores} (debe ser 0); p99 {p99:.2f} s,"
        f" la más larga {esperas[-1]:.2f} s (≤ 2); el panel, {medida.reloj:.1f} s"
    )


def medir(opciones: argparse.Namespace, bases: Bases) -> None:
    """Todas las medidas, con las razones que pide el proyecto."""
    llena = bases.nueva()
    correr(
        ["manage.py", "datos_demo", "--clientes", str(opciones.clientes), "--contratos", "3", "--interacciones", "1",
         "--hoy", str(HOY), "--fidelizacion", "0"], llena,
    )  # fmt: skip
    correr([__file__, "--papel", "preparar"], llena)
    print(f"{opciones.clientes:,} clientes en {opciones.base}")
    print(f"{'':<26}{'clientes':>10} {'reloj s':>9} {'CPU s':>8} {'MB':>6}")
    mejores: dict[str, Medida] = {}

    def anotar(titulo: str, medida: Medida, cuantas: int) -> None:
        print(
            f"{titulo:<26}{cuantas:>10,} {medida.reloj:>9.2f} {medida.procesador:>8.2f} {medida.memoria:>6.0f}",
            flush=True,
        )
        if titulo not in mejores or medida.reloj < mejores[titulo].reloj:
            mejores[titulo] = medida

    for _ in range(opciones.veces):
        base = bases.nueva(llena)
        anotar("límite", *papel("limite", base))
        anotar("límite, otra vez", *papel("limite", base))
        base = bases.nueva(llena)
        anotar("panel: simular", *papel("panel", base, "si"))
        anotar("panel", *papel("panel", base))
        anotar("panel, otra vez", *papel("panel", base))
    print()
    primera = mejores["panel"].reloj / mejores["límite"].reloj
    otra = mejores["panel, otra vez"].reloj / mejores["límite, otra vez"].reloj
    print(f"panel / límite, la primera vez: {primera:5.2f} ×  (≤ 3)")
    print(f"panel / límite, otra vez:       {otra:5.2f} ×  (≤ 3)")
    print(f"memoria del panel:              {mejores['panel'].memoria:5.0f} MB")
    print(medir_al_lado(bases.nueva(llena)))
    print(f"Carga media: {os.getloadavg()[0]:.1f} con {os.cpu_count()} procesadores")


def main() -> None:
    """Lee las opciones y mide, o hace el papel que le pidan."""
    lector = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    lector.add_argument("--clientes", type=int, default=1_000_000)
    lector.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    lector.add_argument("--veces", type=int, default=2)
    lector.add_argument("--papel", nargs="+", help=argparse.SUPPRESS)
    opciones = lector.parse_args()
    if opciones.papel:
        _django()
        papel_pedido: Any = PAPELES[opciones.papel[0]]
        papel_pedido(*opciones.papel[1:])
        return
    with tempfile.TemporaryDirectory(prefix="fidelizacion-") as nombre, servidor(opciones.base) as direccion:
        medir(opciones, Bases(Path(nombre), direccion))


if __name__ == "__main__":
    main()
