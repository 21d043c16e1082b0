"""Lo de arriba de la página: cuentas, tabla por entidad y la barra que confirma, reintenta o deshace."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from movistar_site.comun.presentacion import decimal

from .. import consultas, operaciones
from ..models import AnteErrores, EstadoImportacion, Importacion, TipoRegistro
from ..presentacion import TONOS

_ANTES = {
    TipoRegistro.NUEVO: ("Nuevo", "Nuevos"),
    TipoRegistro.CAMBIADO: ("Cambia", "Cambian"),
    TipoRegistro.IGUAL: ("Igual", "Iguales"),
    TipoRegistro.ERROR: ("Con errores", "Con errores"),
    TipoRegistro.OMITIDO: ("Omitido", "Omitidos"),
}
_DESPUES = _ANTES | {
    TipoRegistro.NUEVO: ("Creado", "Creados"),
    TipoRegistro.CAMBIADO: ("Actualizado", "Actualizados"),
}


def contexto(importacion: Importacion, filtros: consultas.Filtros | None = None) -> dict[str, Any]:
    """Cuentas por tipo y por entidad, y qué se puede hacer con la importación."""
    elegido = filtros or consultas.Filtros()
    hecha = importacion.estado in consultas.CON_RESULTADO
    rotulos = _DESPUES if hecha else _ANTES
    errores = consultas.cuenta(importacion, TipoRegistro.ERROR)
    esperan = consultas.por_reintentar(importacion) if hecha else {}
    tarjetas = []
    for tipo in consultas.TIPOS:
        cuantos = consultas.cuenta(importacion, tipo) - esperan.get(tipo, 0)
        otro = consultas.Filtros(tipo="" if elegido.tipo == tipo else str(tipo), entidad=elegido.entidad)
        tarjetas.append(
            {
                "rotulo": rotulos[tipo][cuantos != 1],
                "cuantos": cuantos,
                "tono": TONOS[tipo],
                "elegida": elegido.tipo == tipo,
                "enlace": otro.direccion(),
            }
        )
    return {
        "cuenta_completa": cuenta_completa(importacion, rotulos, esperan),
        "tarjetas": tarjetas,
        "entidades": consultas.cuentas_por_entidad(importacion),
        "rotulos": [rotulos[tipo][1] for tipo in consultas.TIPOS],
        "impedimento": operaciones.por_que_no_se_confirma(importacion),
        "por_importar": consultas.por_importar(importacion),
        "nuevos": consultas.cuenta(importacion, TipoRegistro.NUEVO),
        "cambian": consultas.cuenta(importacion, TipoRegistro.CAMBIADO),
        "errores": errores,
        "detenida_por_errores": bool(errores) and importacion.ante_errores == AnteErrores.DETENER,
        "por_confirmar": importacion.estado == EstadoImportacion.POR_CONFIRMAR,
        "hecha": hecha,
        "corregidos": consultas.corregidos(importacion),
        "se_deshace": consultas.se_puede_deshacer(importacion),
    }


def cuenta_completa(
    importacion: Importacion, rotulos: dict[TipoRegistro, tuple[str, str]], esperan: dict[str, int]
) -> str:
    """«165 registros de los archivos, que dan 290: 156 creados + 40 actualizados + 94 con errores»: nada se pierde."""
    archivos = list(importacion.archivos.all())  # type: ignore[attr-defined]
    leidos, total = sum(archivo.registros for archivo in archivos), consultas.cuenta(importacion)
    if not total:
        return ""
    partes = [(rotulos[tipo], consultas.cuenta(importacion, tipo) - esperan.get(tipo, 0)) for tipo in consultas.TIPOS]
    partes.append((("por reintentar", "por reintentar"), sum(esperan.values())))
    suma = " + ".join(f"{_miles(n)} {rotulo[n != 1].lower()}" for rotulo, n in partes if n)
    de_donde = "del archivo" if len(archivos) == 1 else "de los archivos"
    if leidos in (0, total):
        return f"{_registros(total)} {de_donde}: {suma}."
    # Un usuario con dos servicios da tres: él y sus dos contratos.
    dan = "lleva dentro, da" if leidos == 1 else "llevan dentro, dan"
    return f"{_registros(leidos)} {de_donde}, con lo que {dan} {_miles(total)}: {suma}."


def _miles(cuantos: int) -> str:
    return decimal(Decimal(cuantos))


def _registros(cuantos: int) -> str:
    return "1 registro" if cuantos == 1 else f"{_miles(cuantos)} registros"
