"""Importaciones inventadas en cada estado, con su plan, para mirar y probar las páginas sin el motor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from movistar_site.intercambio.models import (
    ArchivoImportado,
    AvisoImportacion,
    EstadoImportacion,
    Importacion,
    RegistroPlan,
    ReversionFallida,
)

NOMBRES = ["Ana María Ríos", "Pedro Peña", "Luz Dary Gómez", "Óscar Niño", "Beatriz Rojas", "Hernán Díaz"]
CLAVES = [
    ("clientes", "nombres", "nombre", "alias", "Ana María"),
    ("clientes", "N_celular", "telefono", "alias", "300 123 45 67"),
    ("clientes", "Dir. corresp.", "", "", "Calle 45 # 12-34"),
    ("clientes", "apodo", "", "", "La Mona"),
    ("clientes", "cedula", "documento", "ajuste", "1.020.304.050"),
    ("clientes", "vendedor", "", "mapa", "Sucursal 3"),
    ("contratos", "plan", "servicio", "mapa", "Fibra 300"),
]


def importacion(estado: str = EstadoImportacion.POR_CONFIRMAR, **otros: Any) -> Importacion:
    """Una importación con un archivo."""
    campos: dict[str, Any] = {"usuario_nombre": "administrador", "fecha_referencia": timezone.localdate()}
    if any(campo.name == "dia" for campo in Importacion._meta.fields):
        campos["dia"] = timezone.localdate()
    hecha = Importacion.objects.create(estado=estado, **{**campos, **otros})
    ArchivoImportado.objects.create(
        importacion=hecha,
        orden=0,
        nombre="padrón sede norte.json",
        guardado="nada",
        bytes=1_234_567,
        formato="json",
        codificacion="latin-1",
        registros=30,
        reparaciones=[{"linea": 12, "columna": 3, "que": "sobraba una coma antes de «}»"}],
    )
    return hecha


def registro(de: Importacion, tipo: str, n: int = 0, *, entidad: str = "clientes", **otros: Any) -> RegistroPlan:
    """Un registro del plan de esa clase, contado en la importación."""
    detalle: dict[str, Any] = {}
    valores: dict[str, Any] = {
        "tipo_documento": "CC",
        "documento": f"10203{n:05}",
        "nombre": NOMBRES[n % 6].rsplit(" ", 1)[0],
        "apellido": NOMBRES[n % 6].rsplit(" ", 1)[1],
        "telefono": "300 123 45 67",
        "fecha_vinculacion": "2019-05-01",
    }
    if tipo == "error":
        valores["telefono"] = "12"
        motivo = "El teléfono «12» no es un número de Colombia: se esperaba como 300 123 4567."
        detalle["faltas"] = [
            ["Teléfono", "12", motivo, "telefono"],
            ["Correo", "", "Falta y es obligatorio.", "email"],
        ]
    if tipo == "cambiado":
        detalle["cambios"] = [
            ["telefono", "Teléfono", "300 111 22 33", "300 123 4567"],
            ["direccion", "Dirección", "", "Calle 45 # 12-34, apartamento 501"],
        ]
    if tipo == "omitido":
        detalle["notas"] = ["Plantilla en blanco: todos sus datos están vacíos."]
    de.cuentas.setdefault(entidad, {}).setdefault(tipo, 0)
    de.cuentas[entidad][tipo] += 1
    de.save(update_fields=["cuentas"])
    campos: dict[str, Any] = {
        "ruta": f"Datos.usuarios[{n}]",
        "clave": f"CC-10203{n:05}",
        "titulo": NOMBRES[n % 6],
        "valores": valores,
        "detalle": detalle,
        "archivo": 0,
        "registro": n + 1,
    }
    return RegistroPlan.objects.create(importacion=de, entidad=entidad, tipo=tipo, **{**campos, **otros})


def con_de_todo(estado: str = EstadoImportacion.POR_CONFIRMAR, cuantos: int = 6, **otros: Any) -> Importacion:
    """Una importación con registros de cada clase, correspondencias y avisos."""
    hecha = importacion(estado, **otros)
    for n in range(cuantos):
        registro(hecha, "nuevo", n)
        registro(hecha, "cambiado", 100 + n)
        registro(hecha, "igual", 200 + n)
        registro(hecha, "error", 300 + n)
    registro(hecha, "omitido", 400)
    registro(
        hecha, "nuevo", 401, entidad="contratos", titulo="Fibra 300 de Ana María Ríos", valores={"servicio": "FIB-300"}
    )
    hecha.claves_vistas = [
        {"archivo": "padrón sede norte.json", "entidad": entidad, "clave": clave, "normal": clave.lower(),
         "columna": columna, "por": por, "veces": 30, "muestra": muestra}
        for entidad, clave, columna, por, muestra in CLAVES
    ]  # fmt: skip
    hecha.valores_vistos = [
        {"columna": "tipo", "valor": "Postpago", "normal": "postpago", "destino": "", "titulo": "", "puntaje": 0.71,
         "por": "", "veces": 12, "propuestas": [["movil_pospago", "Móvil pospago", 0.71]]},
        {"columna": "municipio", "valor": "Medelin", "normal": "medelin", "destino": "05001",
         "titulo": "Medellín, Antioquia", "puntaje": 0.93, "por": "parecido", "veces": 8,
         "propuestas": [["05001", "Medellín, Antioquia", 0.93], ["05002", "Abejorral, Antioquia", 0.41]]},
    ]  # fmt: skip
    hecha.save()
    if hecha.momento:
        hecha.plan.filter(tipo__in=("nuevo", "cambiado")).update(aplicado=True)  # type: ignore[attr-defined]
    for n in range(3):
        AvisoImportacion.objects.create(
            importacion=hecha, archivo=0, ruta=f"Datos.usuarios[{n}]", clave="apodo", valor="La Mona",
            motivo="Ningún dato del panel se llama así.",
        )  # fmt: skip
    return hecha


def en_curso(estado: str = EstadoImportacion.APLICANDO, **otros: Any) -> Importacion:
    """Una importación a medio camino."""
    desde = timezone.now() - timedelta(seconds=6)
    return importacion(estado, **{"hechos": 12_300, "total": 100_000, "paso": "Clientes", "paso_desde": desde, **otros})


def deshecha(cuantos: int = 3) -> Importacion:
    """Una importación deshecha, con lo que no se pudo revertir."""
    hecha = con_de_todo(EstadoImportacion.DESHECHA, momento=timezone.now())
    hecha.deshecho = {"revertidos": 10, "conservados": cuantos, "imposibles": 1}
    hecha.save()
    for n in range(cuantos):
        ReversionFallida.objects.create(
            importacion=hecha, clase="conservado", entidad="clientes", objeto=str(n), titulo=NOMBRES[n % 6],
            motivo="Lo cambió asesora el 12/03/2026 a las 10:15.",
        )  # fmt: skip
    ReversionFallida.objects.create(
        importacion=hecha, clase="imposible", entidad="clientes", objeto="9", titulo="Pedro Peña",
        motivo="Tiene un contrato posterior a la importación.",
    )  # fmt: skip
    return hecha
