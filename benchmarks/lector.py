"""Cuánto tarda y cuánta memoria pide el lector del intercambio.

Uso: python benchmarks/lector.py [registros]. Escribe un archivo por forma, lo lee y lo borra.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movistar_site.settings_pruebas")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from movistar_site.intercambio.lector import DocumentoJson, DocumentoTabla, Flujo, abrir  # noqa: E402

REGISTRO = {
    "tipo_documento": "CC", "documento": "1020304050", "nombre": "Ana María", "apellido": "Ríos Vega",
    "email": "ana@example.co", "telefono": "+573001234567", "direccion": "Calle 45 # 12-34", "municipio": "05001",
    "fecha_vinculacion": "2012-03-15", "categoria": "leal", "valor": 50.5,
    "servicios": [{"servicio": "FIB-300", "fecha_inicio": "2019-05-01", "estado": "activo"}],
}  # fmt: skip
FORMAS = {
    "canonico.json": ('{"movistar": {"usuarios": {', '"CC-%d": ', ",\n", "}}}"),
    "lista.json": ("[", "", ",\n", "]"),
    "lineas.jsonl": ("", "", "\n", ""),
    "rotos.json": ("[", "", ",\n", "]"),
    "tabla.csv": (";".join(list(REGISTRO)[:-1]) + "\n", "", "\n", ""),
}


def escribir(ruta: Path, cuantos: int) -> None:
    """Un archivo de esa forma con tantos registros."""
    principio, clave, union, final = FORMAS[ruta.name]
    texto = json.dumps(REGISTRO, ensure_ascii=False)
    if ruta.name == "rotos.json":
        texto = texto[:-1] + ",}"
    elif ruta.suffix == ".csv":
        texto = ";".join(str(valor) for valor in list(REGISTRO.values())[:-1])
    with ruta.open("w", encoding="utf-8") as archivo:
        archivo.write(principio)
        for numero in range(cuantos):
            archivo.write((union if numero else "") + (clave % numero if clave else "") + texto)
        archivo.write(final)


def contar(valor: Any) -> int:
    """Cuántos valores salen de los flujos."""
    return sum(contar(hijo) for _, hijo in valor) if isinstance(valor, Flujo) else 1


def pico() -> float:
    """El pico de memoria de este proceso, en MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def medir(ruta: Path) -> None:
    """Lee el archivo y dice cuánto costó."""
    antes, inicio = pico(), time.process_time()
    with abrir(ruta, ruta.name) as documento:
        if isinstance(documento, DocumentoJson):
            leidos = contar(documento.raiz())
        elif isinstance(documento, DocumentoTabla):
            leidos = sum(1 for _ in documento.filas())
    segundos = time.process_time() - inicio
    print(
        f"{ruta.name:15} {ruta.stat().st_size / 1e6:6.0f} MB  {leidos:>9,} registros  {segundos:6.2f} s de CPU"
        f"  {leidos / segundos:>9,.0f} por segundo  +{pico() - antes:.1f} MB de memoria"
    )


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as carpeta:
        for nombre in FORMAS:
            escribir(Path(carpeta) / nombre, total // 10 if nombre == "rotos.json" else total)
            medir(Path(carpeta) / nombre)
            (Path(carpeta) / nombre).unlink()
