"""Cómo se dicen el perfil, el riesgo, las ofertas y las sugerencias. Lee lo ya calculado; no consulta ni decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from clientes.models import EstadoContrato
from clientes.reglas import en_palabras, enumerar
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.presentacion import VACIO, sello
from movistar_site.comun.valores import formatear_fecha, formatear_pesos, sumar_meses
from servicios.models import Periodicidad

from ..models import AccionRegla, NivelRiesgo, Sugerencia
from ..operaciones.sugerir import Sugeridas
from .hechos import Caso, ultimo_beneficio
from .perfil import Perfil
from .siguiente import Descartada, Resultado

TONOS_DE_RIESGO: dict[str, str] = {
    NivelRiesgo.BAJO: "success",
    NivelRiesgo.MEDIO: "warning",
    NivelRiesgo.ALTO: "danger",
}
MESES, ANIOS = 12, 6
INICIALES = "EFMAMJJASOND"


# --- El perfil -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Barra:
    """Una barra de un gráfico pequeño: su rótulo, lo que vale dicho y su alto en centésimas."""

    rotulo: str
    valor: str
    alto: int


@dataclass(frozen=True)
class Cifra:
    """Un dato clave con lo que lo matiza."""

    titulo: str
    valor: str
    detalle: str = ""


def parrafo(perfil: Perfil) -> str:
    """El cliente en pocas frases: desde cuándo, qué usa, cuánto paga y cómo le ha ido en el último año."""
    categoria = Categoria(perfil.categoria).label.lower()
    que = "Empresa" if perfil.empresa else "Persona"
    frases = [f"{que}, cliente {categoria} desde hace {en_palabras(perfil.meses)}. {_usa(perfil)}"]
    frases.append(f"En el último año {_anio(perfil)}.")
    if perfil.trato.mora_desde is not None:
        frases.append(f"Está suspendido por falta de pago desde el {formatear_fecha(perfil.trato.mora_desde)}.")
    return " ".join(frases)


def _usa(perfil: Perfil) -> str:
    consumo = perfil.consumo
    lineas = [
        contado
        for cuantas, una, varias in (
            (consumo.fijas, "servicio fijo", "servicios fijos"),
            (consumo.moviles, "línea móvil", "líneas móviles"),
        )
        if (contado := _contar(cuantas, una, varias))
    ]
    if not lineas:
        return "Hoy no usa ningún servicio."
    paga = f" y paga {formatear_pesos(consumo.gasto)} al mes" if consumo.gasto else ", sin factura mensual"
    hasta = (
        f", con permanencia hasta el {formatear_fecha(consumo.permanencia_hasta)}" if consumo.permanencia_hasta else ""
    )
    return f"Usa {enumerar(lineas)}{paga}{hasta}."


def _anio(perfil: Perfil) -> str:
    atencion, trato, consumo = perfil.atencion, perfil.trato, perfil.consumo
    pidio = [
        _contar(atencion.reclamaciones, "reclamación", "reclamaciones"),
        _contar(atencion.consultas, "consulta", "consultas"),
        _contar(atencion.sugerencias, "sugerencia", "sugerencias"),
    ]
    hizo = enumerar([uno for uno in pidio if uno])
    cuentas = (
        (atencion.silencios, "se quedó 1 vez sin respuesta a tiempo", "se quedó {} veces sin respuesta a tiempo"),
        (consumo.nuevos, "contrató 1 servicio", "contrató {} servicios"),
        (consumo.terminados, "terminó 1 contrato", "terminó {} contratos"),
        (trato.subidas, "subió de plan", "subió {} veces de plan"),
        (trato.bajadas, "bajó de plan", "bajó {} veces de plan"),
        (trato.aceptadas, "aceptó 1 oferta", "aceptó {} ofertas"),
        (trato.rechazadas, "rechazó 1 oferta", "rechazó {} ofertas"),
    )
    hechos = [f"hizo {hizo}"] if hizo else []
    hechos += [una if cuantas == 1 else varias.format(cuantas) for cuantas, una, varias in cuentas if cuantas]
    return "; ".join(hechos) if hechos else "no ha consultado, reclamado ni cambiado nada"


def _contar(cuantas: int, una: str, varias: str) -> str:
    return f"{cuantas} {una if cuantas == 1 else varias}" if cuantas else ""


def cifras(caso: Caso) -> list[Cifra]:
    """Los datos que se miran antes de ofrecer algo."""
    perfil = caso.perfil
    consumo, atencion, trato = perfil.consumo, perfil.atencion, perfil.trato
    tipos = sorted({uno.tipo_nombre for uno in consumo.directos})
    beneficio, contacto = ultimo_beneficio(perfil), trato.ultimo_contacto
    gasto = f"gasto {consumo.nivel}: como el {consumo.percentil} % de los planes o más"
    reclamos = f"en un año; {atencion.reclamaciones_90} en 90 días" if atencion.reclamaciones else "en el último año"
    return [
        Cifra("Paga al mes", formatear_pesos(consumo.gasto), gasto),
        Cifra("Contratos en pie", f"{len(consumo.directos)}", enumerar(tipos) if tipos else "ninguno"),
        Cifra("Reclamaciones", f"{atencion.reclamaciones}", reclamos),
        Cifra("Último contacto", formatear_fecha(contacto) if contacto else "Nunca", _hace(contacto, perfil.hoy)),
        Cifra("Último beneficio", formatear_fecha(beneficio) if beneficio else "Ninguno", _hace(beneficio, perfil.hoy)),
    ]  # fmt: skip


def _hace(dia: date | None, hoy: date) -> str:
    if dia is None:
        return ""
    dias = (hoy - dia).days
    if dias <= 0:
        return "hoy" if dias == 0 else "por empezar"
    return f"hace {_contar(dias, 'día', 'días')}"


def interacciones_por_mes(perfil: Perfil) -> list[Barra]:
    """Cuántas veces consultó, reclamó o sugirió algo en cada uno de los doce últimos meses."""
    meses = [sumar_meses(perfil.hoy.replace(day=1), -atras) for atras in range(MESES - 1, -1, -1)]
    cuentas = dict.fromkeys(meses, 0)
    for caso in perfil.atencion.casos:
        mes = timezone.localdate(caso[3]).replace(day=1)
        if mes in cuentas:
            cuentas[mes] += 1
    mayor = max(*cuentas.values(), 1)
    return [
        Barra(INICIALES[mes.month - 1], f"{mes:%m/%Y}: {cuantas}", 100 * cuantas // mayor)
        for mes, cuantas in cuentas.items()
    ]


def gasto_por_anio(perfil: Perfil) -> list[Barra]:
    """Lo que pagaba al mes, tal día como hoy, en los últimos años; nada, si no ha cambiado de cero."""
    dias = [sumar_meses(perfil.hoy, -12 * atras) for atras in range(ANIOS - 1, 0, -1)]
    pagos = [(dia, _pagaba(perfil, dia)) for dia in dias if dia >= perfil.desde]
    pagos.append((perfil.hoy, perfil.consumo.gasto))
    mayor = max(pago for _, pago in pagos)
    if not mayor or len(pagos) == 1:
        return []
    return [Barra(f"{dia.year}", formatear_pesos(pago), int(100 * pago / mayor)) for dia, pago in pagos]


def _pagaba(perfil: Perfil, dia: date) -> Decimal:
    return sum(
        (
            precio
            for _, _, estado, inicio, fin, precio, periodicidad, *_ in perfil.consumo.contratos
            if periodicidad == Periodicidad.MENSUAL
            and estado != EstadoContrato.PENDIENTE
            and inicio <= dia
            and (fin is None or fin > dia)
        ),
        Decimal(0),
    )


# --- Las ofertas -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Freno:
    """Por qué hoy no se le ofrece nada más, y qué lo cambiaría."""

    titulo: str
    porque: str
    que_lo_cambiaria: str


def freno_de(resultado: Resultado) -> Freno | None:
    """Lo que detuvo a las reglas que siguen, dicho una sola vez; None, si nada las detuvo."""
    if resultado.freno is None:
        return None
    titulo = "No se le ofrece nada más" if resultado.ofertas else "Hoy no se le ofrece nada"
    detenida = next(
        (una for una in reversed(resultado.descartadas) if una.regla.accion != AccionRegla.NO_OFRECER), None
    )
    cambia = detenida.que_lo_cambiaria if detenida is not None else ""
    return Freno(titulo, resultado.freno.porque, cambia)


def las_otras(resultado: Resultado) -> Sequence[Descartada]:
    """Las reglas que ofrecen algo y hoy no: las que detuvo otra no se repiten, y un freno que no frena no se cuenta."""
    hasta = resultado.freno.orden if resultado.freno is not None else None
    return [
        una
        for una in resultado.descartadas
        if una.regla.accion != AccionRegla.NO_OFRECER and (hasta is None or una.regla.orden < hasta)
    ]


def en_la_ficha(resultado: Resultado) -> dict[str, Any]:
    """Todo lo que dibuja la sección de la ficha."""
    perfil, riesgo = resultado.perfil, resultado.riesgo
    return {
        "parrafo": parrafo(perfil),
        "cifras": cifras(resultado.caso),
        "por_mes": interacciones_por_mes(perfil) if perfil.atencion.casos else [],
        "por_anio": gasto_por_anio(perfil),
        "riesgo": riesgo,
        "sello_riesgo": sello_de_riesgo(riesgo.nivel),
        "ofertas": resultado.ofertas,
        "freno": freno_de(resultado),
        "otras": las_otras(resultado),
    }


def sello_de_riesgo(nivel: str) -> str:
    """«Riesgo alto», con su color."""
    return sello(f"Riesgo {NivelRiesgo(nivel).label.lower()}", TONOS_DE_RIESGO[nivel])


def lo_sugerido(sugerencia: Sugerencia) -> str:
    """Lo primero que se le sugiere, en una frase; una raya, si nada."""
    regla = sugerencia.regla
    if regla is None:
        return VACIO
    if sugerencia.servicio is not None:
        con = f", con {sugerencia.promocion.en_palabras()}" if sugerencia.promocion is not None else ""
        return f"{sugerencia.servicio.nombre}{con}"
    return sugerencia.promocion.nombre if sugerencia.promocion is not None else regla.beneficio or regla.nombre


# --- La pasada de cada día -------------------------------------------------------------------------------------------
def resumen_de_sugeridas(hechas: Sugeridas) -> str:
    """Las cifras de una pasada, en unas líneas."""
    if not hechas.calculadas and not hechas.quitadas:
        return f"Los clientes activos ya tenían sus ofertas del {hechas.dia:%d/%m/%Y}: nada que calcular."
    niveles = enumerar(
        [f"{_miles(hechas.por_nivel[n.value])} de riesgo {n.label.lower()}" for n in reversed(NivelRiesgo)]
    )
    reglas = "".join(f"\n  {_miles(cuantas):>11}  {codigo}" for codigo, cuantas in hechas.por_regla.most_common())
    return (
        f"{_miles(hechas.calculadas)} clientes al {hechas.dia:%d/%m/%Y} en {hechas.segundos:.1f} s:"
        f" {_miles(hechas.con_oferta)} con oferta, {_miles(hechas.frenadas)} a los que hoy no se les ofrece y"
        f" {_miles(hechas.sin_oferta)} sin nada que ofrecerles; {niveles}."
        f" Se quitaron {_miles(hechas.quitadas)} de quienes ya no son clientes.{reglas}"
    )


def _miles(n: int) -> str:
    return f"{n:,}".replace(",", ".")
