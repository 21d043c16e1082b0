"""Los aniversarios que vienen: por días, como lista o como mes, y los clientes de cada día."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import date as fecha_en_palabras
from django.utils import timezone
from django.views.decorators.http import require_safe

from clientes.models import Cliente
from movistar_site.comun.festivos import calendario
from movistar_site.comun.parametros import parametros
from movistar_site.comun.tramos import Orden, Posicion, tramo
from movistar_site.comun.valores import contar, sumar_meses

from ..aniversarios import clientes_del_dia, clientes_entre, por_dia
from ..models import Frecuencia, Programa

HORIZONTES = (7, 30, 60, 90)
POR_OMISION = 30
MESES_ATRAS, MESES_ADELANTE = 12, 24
LISTA, MES = "lista", "mes"
ORDEN = Orden(("fecha_vinculacion", "id"))


@require_safe
@permission_required("bonificaciones.view_programa", raise_exception=True)
def aniversarios(request: HttpRequest) -> HttpResponse:
    """Quiénes cumplen la permanencia de un programa en los próximos días, en un mes o en un día."""
    hoy = timezone.localdate()
    programas = list(Programa.objects.order_by("-activo", "meses_minimos", "codigo"))
    programa = _elegido(programas, request.GET.get("programa", ""))
    contexto: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Aniversarios",
        "programas": programas,
        "programa": programa,
        "hoy": hoy,
        "horizontes": HORIZONTES,
    }
    if programa is None:
        return render(request, "admin/fidelizacion/aniversarios/dias.html", contexto)
    contexto |= {"con_hueco": parametros(hoy)["hueco_permanencia"], "cumplen": que_cumplen(programa)}
    if (dia := _dia(request.GET.get("dia", ""), hoy)) is not None:
        return render(
            request, "admin/fidelizacion/aniversarios/dia.html", contexto | _de_un_dia(request, programa, dia)
        )
    en_mes = request.GET.get("ver") == MES
    de_lo_que_se_ve = _del_mes(request, programa, hoy) if en_mes else _de_los_proximos(request, programa, hoy)
    contexto |= {"ver": MES if en_mes else LISTA, **de_lo_que_se_ve}
    return render(request, "admin/fidelizacion/aniversarios/dias.html", contexto)


# --- Los próximos días -----------------------------------------------------------------------------------------------
def _de_los_proximos(request: HttpRequest, programa: Programa, hoy: date) -> dict[str, Any]:
    pedidos = request.GET.get("dias", "")
    dias = int(pedidos) if pedidos in map(str, HORIZONTES) else POR_OMISION
    hasta = hoy + timedelta(days=dias)
    cuentas = por_dia(programa, hoy, hasta)
    contexto = {"dias": dias, "hasta": hasta, "total": sum(cuentas.values())}
    quienes = clientes_entre(programa, hoy, hasta)
    if quienes is None:
        filas = [{"dia": dia, "cuantos": n, "enlace": _enlace(programa, dia=dia)} for dia, n in cuentas.items()]
        return {**contexto, "filas": filas}
    clientes, paginas = _pagina(request, [quienes], _enlace(programa, dias=dias))
    meses = programa.meses_minimos
    return {
        **contexto,
        **paginas,
        "clientes": [(uno, sumar_meses(uno.fecha_vinculacion, meses)) for uno in clientes],
    }


def _pagina(request: HttpRequest, ramas: Any, base: str) -> tuple[list[Cliente], dict[str, Any]]:
    """Una página de esos clientes, y lo que las demás necesitan para abrirse."""
    pagina = tramo(ramas, ORDEN, Posicion.de(request.GET, ORDEN, Cliente))
    por_clave = Cliente.objects.select_related("municipio").in_bulk(pagina.filas)
    return [por_clave[clave] for clave in pagina.filas if clave in por_clave], {
        "primera": base,
        "anterior": pagina.anterior and f"{base}&{urlencode({'antes': pagina.anterior})}",
        "siguiente": pagina.siguiente and f"{base}&{urlencode({'despues': pagina.siguiente})}",
    }


# --- Un mes ----------------------------------------------------------------------------------------------------------
def _del_mes(request: HttpRequest, programa: Programa, hoy: date) -> dict[str, Any]:
    primero = _mes(request.GET.get("mes", ""), hoy)
    ultimo = sumar_meses(primero, 1) - timedelta(days=1)
    cuentas = por_dia(programa, primero, ultimo)
    festivos = calendario(parametros(hoy))
    semanas = [
        [
            {
                "dia": dia,
                "cuantos": cuentas.get(dia, 0),
                "enlace": _enlace(programa, dia=dia) if dia in cuentas else "",
                "festivo": festivos.es_festivo(dia),
            }
            if dia.month == primero.month
            else None
            for dia in semana
        ]
        for semana in Calendar().monthdatescalendar(primero.year, primero.month)
    ]
    anterior, siguiente = sumar_meses(primero, -1), sumar_meses(primero, 1)
    return {
        "mes": primero,
        "semanas": semanas,
        "total": sum(cuentas.values()),
        "mes_anterior": _en_rango(anterior, hoy) and _enlace(programa, ver=MES, mes=f"{anterior:%Y-%m}"),
        "mes_siguiente": _en_rango(siguiente, hoy) and _enlace(programa, ver=MES, mes=f"{siguiente:%Y-%m}"),
    }


def _mes(texto: str, hoy: date) -> date:
    """El primer día del mes pedido («2026-12»); si no se entiende o queda muy lejos, el de hoy."""
    try:
        pedido = date.fromisoformat(f"{texto}-01")
    except ValueError:
        return hoy.replace(day=1)
    return pedido if _en_rango(pedido, hoy) else hoy.replace(day=1)


def _en_rango(mes: date, hoy: date) -> bool:
    primero = hoy.replace(day=1)
    return sumar_meses(primero, -MESES_ATRAS) <= mes <= sumar_meses(primero, MESES_ADELANTE)


# --- Un día ----------------------------------------------------------------------------------------------------------
def _de_un_dia(request: HttpRequest, programa: Programa, dia: date) -> dict[str, Any]:
    clientes, paginas = _pagina(request, clientes_del_dia(programa, dia), _enlace(programa, dia=dia))
    return {
        "title": f"Aniversarios del {fecha_en_palabras(dia, 'd/m/Y')}",
        "dia": dia,
        "total": sum(por_dia(programa, dia, dia).values()),
        "clientes": [(uno, dia.year - uno.fecha_vinculacion.year) for uno in clientes],
        "volver_lista": _enlace(programa),
        "volver_mes": _enlace(programa, ver=MES, mes=f"{dia:%Y-%m}"),
        **paginas,
    }


def _dia(texto: str, hoy: date) -> date | None:
    try:
        dia = date.fromisoformat(texto)
    except ValueError:
        return None
    return dia if _en_rango(dia.replace(day=1), hoy) else None


def _elegido(programas: list[Programa], texto: str) -> Programa | None:
    return next((uno for uno in programas if str(uno.pk) == texto), programas[0] if programas else None)


def _enlace(programa: Programa, **parametros_: Any) -> str:
    return f"?{urlencode({'programa': programa.pk, **parametros_})}"


def que_cumplen(programa: Programa) -> str:
    """Qué se cumple: «10 años» o, en un programa anual, «un aniversario desde los 10 años»."""
    anios, sueltos = divmod(programa.meses_minimos, 12)
    tiempo = contar(anios, "año", "años") if anios and not sueltos else contar(programa.meses_minimos, "mes", "meses")
    return f"un aniversario desde los {tiempo}" if programa.frecuencia == Frecuencia.ANUAL else tiempo
