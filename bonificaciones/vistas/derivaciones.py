"""Las bandejas de las derivaciones: a quién hay que buscar, primero lo que primero vence, y pasar varias a otro."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clientes.bandejas import cuentas
from clientes.forms.bandeja import vestir_filtros
from clientes.vistas.bandeja import (
    claves_elegidas,
    filtros_puestos,
    nombres_en_la_direccion,
    pestanias,
    sin_pagina,
)
from movistar_site.comun import vistas_guardadas
from movistar_site.comun.acciones import Accion
from movistar_site.comun.festivos import calendario
from movistar_site.comun.parametros import parametros
from movistar_site.comun.presentacion import sello

from ..acciones.derivaciones import DE_BANDEJA
from ..beneficios import en_palabras
from ..derivaciones.bandejas import BANDEJAS, VER, BandejaDerivaciones, QuienDeriva, primera
from ..derivaciones.presentacion import estado_de, plazo_de
from ..filtros import FiltroDerivacion
from ..models import Bonificacion, Derivacion

PAGINA = "derivaciones"
"""El nombre con que se guardan sus vistas; el parámetro `bandeja` dice de cuál son."""
CUAL = "bandeja"


def _parametros() -> set[str]:
    """Los nombres que los filtros ponen en la dirección."""
    filtro = FiltroDerivacion(hoy=timezone.localdate(), queryset=Derivacion.objects.none())
    return {CUAL} | nombres_en_la_direccion(filtro)


def _direccion(filtros: QueryDict) -> str:
    """La de una vista guardada: su bandeja y sus filtros."""
    filtros = filtros.copy()
    elegidas = filtros.pop(CUAL, [])
    slug = elegidas[-1] if elegidas and elegidas[-1] in BANDEJAS else "todas"
    return f"{reverse('bandeja_de_derivaciones', args=(slug,))}{'?' if filtros else ''}{filtros.urlencode()}"


vistas_guardadas.PAGINAS[PAGINA] = vistas_guardadas.Pagina(
    parametros=_parametros, direccion=_direccion, permitida=lambda usuario: usuario.has_perm(VER)
)


@require_http_methods(["GET", "HEAD"])
def entrar_a_las_derivaciones(request: HttpRequest) -> HttpResponse:
    """Lleva a la vista que la persona eligió para empezar o, si no eligió ninguna, a lo suyo."""
    if not request.user.has_perm(VER):
        raise PermissionDenied
    propia = vistas_guardadas.predeterminada(request.user, PAGINA)
    return HttpResponseRedirect(propia or reverse("bandeja_de_derivaciones", args=(primera(request.user),)))


@require_http_methods(["GET", "HEAD", "POST"])
def bandeja_de_derivaciones(request: HttpRequest, slug: str) -> HttpResponse:
    """Una bandeja; con POST, lo que se pidió hacer con las elegidas."""
    una = BANDEJAS.get(slug)
    if una is None:
        raise Http404
    if not una.permitida(request.user) or not request.user.has_perm(VER):
        raise PermissionDenied
    return _hacer(request) if request.method == "POST" else _mostrar(request, una)


# --- Mostrar ---------------------------------------------------------------------------------------------------------
def _mostrar(request: HttpRequest, una: BandejaDerivaciones) -> HttpResponse:
    hoy = timezone.localdate()
    quien = QuienDeriva.de(request.user, hoy)
    filtro = FiltroDerivacion(request.GET, Derivacion.objects.none(), hoy=hoy)
    puestos = filtros_puestos(filtro)
    vestir_filtros(filtro.form)
    pagina = una.tramo(quien, filtro if puestos and filtro.form.is_valid() else None, request.GET)
    base = sin_pagina(request.GET)
    union = f"?{base}&" if base else "?"
    con_bandeja = request.GET.copy()
    con_bandeja[CUAL] = una.slug
    contexto = {
        **admin.site.each_context(request),
        "title": "Derivaciones",
        "bandeja": una,
        "pestanias": pestanias(cuentas(request.user, quien, BANDEJAS), "bandeja_de_derivaciones"),
        "esta": reverse("bandeja_de_derivaciones", args=(una.slug,)),
        "filas": filas_de(pagina.filas, hoy),
        "filtro": filtro,
        "puestos": puestos,
        "acciones": acciones_de(request),
        "con_asesor": (una.slug != "mias" and not quien.propias) or una.slug == "todas",
        "casilla": ACTION_CHECKBOX_NAME,
        "primera": f"?{base}",
        "anterior": pagina.anterior and f"{union}{urlencode({'antes': pagina.anterior})}",
        "siguiente": pagina.siguiente and f"{union}{urlencode({'despues': pagina.siguiente})}",
        "vistas": vistas_guardadas.para_la_plantilla(request.user, PAGINA, con_bandeja),
    }
    return render(request, "admin/fidelizacion/derivaciones.html", contexto)


def filas_de(derivaciones: Sequence[Derivacion], hoy: date) -> list[dict[str, Any]]:
    """Las derivaciones como se leen en una lista. Dos consultas: los parámetros y los festivos."""
    reglas = parametros(hoy)
    dias = calendario(reglas)
    desde = dias.sumar_habiles(hoy, reglas["dias_recordar_derivacion"])
    filas = []
    for una in derivaciones:
        filas.append(
            {
                "una": una,
                "enlace": una.get_absolute_url(),
                "plazo": plazo_de(una, hoy=hoy, recordar_desde=desde, calendario=dias),
                "beneficio": beneficio_de(una.bonificacion),
                "volver": una.volver_el is not None and una.volver_el <= hoy,
                "estado": sello(*estado_de(una)),
            }
        )
    return filas


def beneficio_de(bono: Bonificacion) -> str:
    """Lo que se le da al cliente, en una frase. Con el servicio ya leído no consulta."""
    servicio = bono.servicio.nombre if bono.servicio is not None else ""
    return en_palabras(bono.beneficio, bono.cantidad, bono.meses, servicio=servicio, equipo=bono.equipo)


# --- Hacer -----------------------------------------------------------------------------------------------------------
def acciones_de(request: HttpRequest) -> list[Accion]:
    """Lo que la cuenta puede hacer con las elegidas."""
    return [accion for accion in DE_BANDEJA if accion.permitida(request, Derivacion)]


def _hacer(request: HttpRequest) -> HttpResponse:
    """Confirma y hace lo pedido con las elegidas; después vuelve a la bandeja, como estaba."""
    volver = HttpResponseRedirect(request.get_full_path())
    accion = next((una for una in acciones_de(request) if una.nombre == request.POST.get("action")), None)
    if accion is None:
        raise PermissionDenied
    claves = claves_elegidas(request, "clientes")
    if not claves:
        return volver
    elegidas = Derivacion.objects.filter(pk__in=claves).select_related("cliente", "programa").order_by("vence_el", "id")
    pantalla: Any = admin.site.get_model_admin(Derivacion)
    return pantalla.hacer_desde_otra_pagina(accion, request, elegidas) or volver
