"""Reglas puras de los clientes y sus contratos: no escriben ni miran el reloj. Las usan modelos y operaciones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from movistar_site.comun import valores
from servicios.models import Red

if TYPE_CHECKING:
    from .models import Cliente, Contrato, Interaccion

PRIMERA_VINCULACION = date(1900, 1, 1)
"""Una fecha anterior es un error de digitación: aún no había telefonía pública en el país."""
FIN_DE_LA_PERMANENCIA_MOVIL = date(2014, 7, 1)
"""Desde este día los servicios móviles no llevan permanencia (CRC, Resolución 4444 de 2014)."""
DIAS_DE_ANTICIPACION = 365
"""Un contrato que empieza más lejos es casi siempre un año mal escrito."""
MESES_POR_ANIO = 12


def limpiar_texto(texto: str | None) -> str:
    """El texto sin espacios a los lados ni repetidos: «  Calle 45   # 12-34 » → «Calle 45 # 12-34»."""
    return " ".join((texto or "").split())


def validar_vinculacion(fecha: date, hoy: date) -> None:
    """La fecha de vinculación no es futura ni anterior a 1900. Lanza ValidationError sobre `fecha_vinculacion`."""
    if fecha > hoy:
        motivo = f"La vinculación no puede ser futura: hoy es {valores.formatear_fecha(hoy)}."
    elif fecha < PRIMERA_VINCULACION:
        motivo = "La vinculación no puede ser anterior a 1900: revise el año."
    else:
        return
    raise ValidationError({"fecha_vinculacion": motivo})


def validar_permanencia(contrato: Contrato, reglas: Mapping[str, Any]) -> None:
    """La permanencia del contrato cabe en la regulación.

    Un servicio móvil no la lleva (CRC, Resolución 4444 de 2014, desde el 1 de julio de 2014); uno fijo, de 0 a
    `meses_permanencia_fija` meses y solo con un anexo firmado (CRC, Resolución 5050 de 2016). `reglas` son los
    parámetros que regían el día en que empezó. Lanza ValidationError sobre `permanencia_meses` o `anexo_permanencia`.
    """
    if not contrato.permanencia_meses:
        return
    if contrato.servicio.tipo.red == Red.MOVIL:
        if contrato.fecha_inicio >= FIN_DE_LA_PERMANENCIA_MOVIL:
            raise ValidationError(
                {"permanencia_meses": "Un servicio móvil no lleva permanencia (CRC, Resolución 4444 de 2014): deje 0."}
            )
    elif contrato.permanencia_meses > (maximo := reglas["meses_permanencia_fija"]):
        raise ValidationError({"permanencia_meses": f"La permanencia de un servicio fijo va de 0 a {maximo} meses."})
    if not contrato.anexo_permanencia.strip():
        raise ValidationError(
            {"anexo_permanencia": "La permanencia solo vale con un anexo firmado: escriba su referencia."}
        )


def exigir_contrato_propio(interaccion: Interaccion) -> None:
    """El contrato de una interacción es de su cliente cuando se radica o se le pone. Lanza ValidationError.

    No se exige después: el contrato puede pasar a otro titular, y eso no impide responderla.
    """
    contrato = interaccion.contrato
    if contrato is not None and contrato.cliente_id != interaccion.cliente_id:
        raise ValidationError({"contrato": f"El contrato {contrato.numero} es de otro cliente."})


def meses_cumplidos(desde: date, hoy: date) -> int:
    """Meses completos entre dos fechas."""
    tiempo = valores.permanencia(desde, hoy)
    return tiempo.anios * MESES_POR_ANIO + tiempo.meses


def en_palabras(meses: int) -> str:
    """Una cantidad de meses como se dice: 120 → «10 años», 30 → «2 años y 6 meses», 0 → «0 meses»."""
    anios, sueltos = divmod(meses, MESES_POR_ANIO)
    partes = []
    if anios:
        partes.append("1 año" if anios == 1 else f"{anios} años")
    if sueltos or not anios:
        partes.append("1 mes" if sueltos == 1 else f"{sueltos} meses")
    return " y ".join(partes)


def categoria_de(cliente: Cliente, hoy: date, reglas: Mapping[str, Any]) -> str:
    """La categoría del cliente el día `hoy`: la asignada a mano o, si no hay, la que da su permanencia.

    Es la misma regla que `ClienteQuerySet.con_categoria`, para un cliente que ya está en memoria.
    """
    return cliente.categoria_asignada or valores.categoria_por_permanencia(
        cliente.fecha_vinculacion, hoy, meses_regular=reglas["meses_regular"], meses_leal=reglas["meses_leal"]
    )


def enumerar(nombres: list[str], maximo: int = 5) -> str:
    """«A, B y C»; si son más de `maximo`, «A, B… y 4 más»."""
    if len(nombres) > maximo:
        return f"{', '.join(nombres[:maximo])} y {len(nombres) - maximo} más"
    return " y ".join([", ".join(nombres[:-1]), nombres[-1]] if len(nombres) > 1 else nombres)


# --- Datos por completar ---------------------------------------------------------------------------------------------
TELEFONOS = ("telefono", "telefono_alterno")


def deducidos_de_mas(leidos: Mapping[str, Any], guardado: Mapping[str, Any]) -> list[str]:
    """Los campos que una fila dedujo o trae incompletos y que del cliente ya se saben, distintos y confirmados."""
    antes = guardado["pendientes"] or {}
    return [
        campo
        for campo in leidos["pendientes"] or {}
        if campo not in antes and campo in leidos and guardado.get(campo) and leidos[campo] != guardado[campo]
    ]


def pendientes_tras_importar(
    cliente: Mapping[str, Any], leidos: Mapping[str, Any], guardado: Mapping[str, Any] | None
) -> dict[str, str]:
    """Lo que queda por completar de un cliente después de una fila de un archivo.

    `cliente`: sus datos con los de la fila; `leidos`: lo que la fila trae; `guardado`: cómo estaba, o None si es nuevo.
    Lo que la fila cambia sin decir que esté incompleto deja de estar pendiente. Lo que dice que dedujo no vuelve a
    quedar pendiente si alguien ya lo había completado y la fila no lo cambia.
    """
    dichos = {campo: str(motivo) for campo, motivo in (leidos.get("pendientes") or {}).items()}
    if guardado is None:
        return dichos
    antes = guardado["pendientes"] or {}
    if not antes and not dichos:
        return {}
    cambia = {campo for campo in leidos if _dato(cliente, campo) != _dato(guardado, campo)}
    quedan = {campo: motivo for campo, motivo in antes.items() if campo not in cambia}
    return quedan | {campo: motivo for campo, motivo in dichos.items() if campo in cambia or campo in antes}


def pendientes_tras_editar(cliente: Mapping[str, Any], guardado: Mapping[str, Any]) -> dict[str, str]:
    """Lo que queda por completar después de que una persona edita al cliente: lo que escribió deja de estarlo."""
    antes = guardado["pendientes"] or {}
    return {
        campo: motivo
        for campo, motivo in antes.items()
        if _comparable(campo, _dato(cliente, campo)) == _comparable(campo, _dato(guardado, campo))
    }


def _dato(cliente: Mapping[str, Any], campo: str) -> Any:
    """Lo que vale un campo; de una referencia, su clave."""
    return cliente.get(campo, cliente.get(f"{campo}_id"))


def _comparable(campo: str, valor: Any) -> Any:
    """Un teléfono vale lo mismo con adornos que sin ellos."""
    if campo not in TELEFONOS or not valor:
        return valor or ""
    try:
        return valores.normalizar_telefono(str(valor))
    except ValueError:
        return valores.cifras_de_fijo_incompleto(str(valor)) or valor


def telefonos_por_completar(cliente: Mapping[str, Any], leidos: Mapping[str, Any]) -> dict[str, Any]:
    """Las faltas de los fijos de siete cifras que llegan sin decir que están por completar."""
    faltas: dict[str, Any] = {}
    for campo in TELEFONOS:
        valor = leidos.get(campo)
        if valor and valor[0] != "+" and campo not in (cliente["pendientes"] or {}):
            try:
                valores.normalizar_telefono(valor)
            except ValueError as error:
                faltas[campo] = [str(error)]
    return faltas
