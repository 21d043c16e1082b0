"""La bandeja de trabajo: qué hay que atender, primero lo que primero vence, y lo que se hace con varios casos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from movistar_site.comun import vistas_guardadas
from movistar_site.comun.acciones import Accion

from ..acciones.bandeja import DE_BANDEJA, EN_ABIERTAS
from ..bandejas import BANDEJAS, PRIMERA, Bandeja, Quien, cuentas
from ..cun import legible
from ..filtros import FiltroBandeja
from ..forms.bandeja import vestir_filtros
from ..models import Interaccion, TipoInteraccion
from ..presentacion_de_plazos import sello_de
from ..reloj import reloj
from .respuestas import responder_varios

PAGINA = "bandeja"
"""El nombre con que se guardan sus vistas, y el parámetro que en ellas dice de cuál bandeja son."""
CLAVE_MAXIMA = 18
MAXIMO_DE_CASOS = 100
TONOS_DE_TIPO = {TipoInteraccion.RECLAMACION: "mal", TipoInteraccion.RECURSO: "ojo"}


def _parametros() -> set[str]:
    """Los nombres que los filtros ponen en la dirección."""
    filtro = FiltroBandeja(hoy=timezone.localdate(), queryset=Interaccion.objects.none())
    return {PAGINA} | nombres_en_la_direccion(filtro)


def nombres_en_la_direccion(filtro: Any) -> set[str]:
    """Los nombres que un filtro pone en la dirección: uno por campo, o dos si es un intervalo."""
    nombres: set[str] = set()
    for nombre, campo in filtro.form.fields.items():
        extremos = getattr(campo.widget, "suffixes", None)
        nombres |= {f"{nombre}_{extremo}" for extremo in extremos} if extremos else {nombre}
    return nombres


def _direccion(parametros: QueryDict) -> str:
    """La de una vista guardada: su bandeja y sus filtros."""
    filtros = parametros.copy()
    elegidas = filtros.pop(PAGINA, [PRIMERA])
    slug = elegidas[-1] if elegidas and elegidas[-1] in BANDEJAS else PRIMERA
    return f"{reverse('bandeja', args=(slug,))}{'?' if filtros else ''}{filtros.urlencode()}"


vistas_guardadas.PAGINAS[PAGINA] = vistas_guardadas.Pagina(
    parametros=_parametros,
    direccion=_direccion,
    permitida=lambda usuario: usuario.has_perm("clientes.view_interaccion"),
)


@require_http_methods(["GET", "HEAD"])
def entrar_a_la_bandeja(request: HttpRequest) -> HttpResponse:
    """Lleva a la vista que la persona eligió para empezar o, si no eligió ninguna, a sus casos."""
    if not BANDEJAS[PRIMERA].permitida(request.user):
        raise PermissionDenied
    propia = vistas_guardadas.predeterminada(request.user, PAGINA)
    return HttpResponseRedirect(propia or reverse("bandeja", args=(PRIMERA,)))


@require_http_methods(["GET", "HEAD", "POST"])
def bandeja(request: HttpRequest, slug: str) -> HttpResponse:
    """Una bandeja; con POST, lo que se pidió hacer con los casos elegidos."""
    una = BANDEJAS.get(slug)
    if una is None:
        raise Http404
    if not una.permitida(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _hacer(request, una)
    return _mostrar(request, una)


# --- Mostrar ---------------------------------------------------------------------------------------------------------
def _mostrar(request: HttpRequest, una: Bandeja) -> HttpResponse:
    ahora = timezone.now()
    hoy = timezone.localdate(ahora)
    quien = Quien.de(request.user, hoy)
    filtro = FiltroBandeja(request.GET, Interaccion.objects.none(), hoy=hoy)
    puestos = filtros_puestos(filtro)
    vestir_filtros(filtro.form)
    pagina = una.tramo(quien, filtro if puestos and filtro.form.is_valid() else None, request.GET)
    base = sin_pagina(request.GET)
    union = f"?{base}&" if base else "?"
    todas = cuentas(request.user, quien)
    contexto = {
        **admin.site.each_context(request),
        "title": "Bandeja de trabajo",
        "bandeja": una,
        "pestanias": pestanias(todas, "bandeja"),
        "esta": reverse("bandeja", args=(una.slug,)),
        "filas": _filas(pagina.filas, hoy, ahora),
        "filtro": filtro,
        "puestos": puestos,
        "acciones": acciones_de(request, una),
        "casilla": ACTION_CHECKBOX_NAME,
        "primera": f"?{base}",
        "anterior": pagina.anterior and f"{union}{urlencode({'antes': pagina.anterior})}",
        "siguiente": pagina.siguiente and f"{union}{urlencode({'despues': pagina.siguiente})}",
        "vistas": vistas_guardadas.para_la_plantilla(request.user, PAGINA, _con_bandeja(request.GET, una)),
    }
    return render(request, "admin/atencion/bandeja.html", contexto)


def pestanias(todas: Sequence[tuple[Bandeja, str, int]], ruta: str) -> list[dict[str, Any]]:
    """Las pestañas de unas bandejas: cada una con su dirección y su cuenta, que alarma si es urgente y no es cero."""
    return [
        {"una": una, "cuenta": texto, "alerta": una.urgente and n, "enlace": reverse(ruta, args=(una.slug,))}
        for una, texto, n in todas
    ]


def filtros_puestos(filtro: Any) -> int:
    """Cuántos filtros hay puestos, sirvan o no."""
    formulario = filtro.form
    formulario.is_valid()
    llenos = {nombre for nombre, valor in formulario.cleaned_data.items() if valor not in (None, "", [], ())}
    llenos = {nombre for nombre in llenos if not hasattr(formulario.cleaned_data[nombre], "exists")
              or formulario.cleaned_data[nombre]}  # fmt: skip
    return len(llenos | set(formulario.errors))


def _filas(casos: Sequence[Interaccion], hoy: Any, ahora: Any) -> list[dict[str, Any]]:
    del_dia = reloj(hoy)
    return [
        {
            "caso": caso,
            "enlace": reverse("admin:clientes_interaccion_change", args=(caso.pk,)),
            "plazo": sello_de(caso, hoy=hoy, ahora=ahora, reloj=del_dia),
            "tono": TONOS_DE_TIPO.get(TipoInteraccion(caso.tipo), "neutro"),
            "cun": legible(caso.cun),
        }
        for caso in casos
    ]


def sin_pagina(parametros: QueryDict) -> str:
    """Los filtros de la dirección, sin la página en que se iba."""
    limpios = parametros.copy()
    for nombre in ("antes", "despues"):
        limpios.pop(nombre, None)
    return limpios.urlencode()


def _con_bandeja(parametros: QueryDict, una: Bandeja) -> QueryDict:
    con_ella = parametros.copy()
    con_ella[PAGINA] = una.slug
    return con_ella


# --- Hacer -----------------------------------------------------------------------------------------------------------
def acciones_de(request: HttpRequest, una: Bandeja) -> list[Accion]:
    """Lo que la cuenta puede hacer con los casos de esa bandeja."""
    ofrecidas = DE_BANDEJA.get(una.slug, EN_ABIERTAS)
    return [accion for accion in ofrecidas if accion.permitida(request, Interaccion)]


def _hacer(request: HttpRequest, una: Bandeja) -> HttpResponse:
    """Confirma y hace lo pedido con los casos elegidos; después vuelve a la bandeja, como estaba."""
    volver = HttpResponseRedirect(request.get_full_path())
    accion = next((a for a in acciones_de(request, una) if a.nombre == request.POST.get("action")), None)
    if accion is None:
        raise PermissionDenied
    claves = claves_elegidas(request, "casos")
    if not claves:
        return volver
    casos = Interaccion.objects.filter(pk__in=claves).select_related(
        "cliente", "contrato__servicio", "responsable", "equipo", "silencio"
    )
    casos = casos.order_by("vence_el", "id")
    if accion.nombre == "responder":
        return responder_varios(request, accion, casos) or volver
    pantalla: Any = admin.site.get_model_admin(Interaccion)
    return pantalla.hacer_desde_otra_pagina(accion, request, casos) or volver


def claves_elegidas(request: HttpRequest, que: str) -> list[int]:
    """Las claves elegidas en una bandeja; ninguna, tras decir por qué, si no se eligió nada o son demasiadas."""
    claves = [int(texto) for texto in request.POST.getlist(ACTION_CHECKBOX_NAME) if es_clave(texto)]
    if not claves:
        messages.warning(request, f"Elija primero los {que}.")
    elif len(claves) > MAXIMO_DE_CASOS:
        messages.error(request, f"Elija hasta {MAXIMO_DE_CASOS} {que} a la vez.")
        return []
    return claves


def es_clave(texto: str) -> bool:
    """Si el texto puede ser la clave de un registro."""
    return texto.isascii() and texto.isdigit() and len(texto) <= CLAVE_MAXIMA
