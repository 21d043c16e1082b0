"""Presentar una oferta, probar las reglas con un cliente y ver a quién se le sugiere qué."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clientes.consultas import buscar_clientes
from clientes.consultas_contacto import permisos_por_canal
from clientes.models import Cliente, FinalidadContacto
from movistar_site.comun.acciones import trasladar_errores
from movistar_site.comun.paginas import pagina_de
from movistar_site.comun.tramos import cuenta_en_palabras
from servicios.models import Promocion, Servicio

from ..forms.ofertas import EL_VINO, FormularioPresentar
from ..models import NivelRiesgo, ReglaOferta
from ..ofertas import consultas as consultas_ofertas
from ..ofertas import presentacion as presentacion_de_ofertas
from ..ofertas.siguiente import Propuesta, ofertas_para
from ..operaciones.ofertas import presentar_oferta as presentar

HALLADOS = 10
LARGO_DE_BUSQUEDA = 100
CLAVE_MAXIMA = 18
_AL_TIEMPO = "No se pudo guardar porque otro cambio llegó al tiempo: vuelva a intentarlo."


# --- Presentar -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("bonificaciones.add_oferta", "clientes.view_cliente"), raise_exception=True)
def presentar_oferta(request: HttpRequest, pk: int, regla: int) -> HttpResponse:
    """Confirma cómo es el contacto y presenta la oferta que esa regla le propone hoy al cliente."""
    cliente = get_object_or_404(Cliente, pk=pk)
    ahora = timezone.now()
    resultado = ofertas_para(cliente, hoy=timezone.localdate(ahora))
    propuesta = next((una for una in resultado.ofertas if una.regla.clave == regla), None)
    volver = f"{pagina_de(cliente)}#seccion-ofertas"
    if propuesta is None:
        messages.warning(request, "Esa oferta ya no le corresponde: mire en su ficha qué le conviene ahora.")
        return HttpResponseRedirect(volver)
    formulario = FormularioPresentar(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulario.is_valid():
        try:
            with transaction.atomic():
                _presentar(cliente, propuesta, formulario.cleaned_data, request.user, ahora)
        except ValidationError as error:
            trasladar_errores(formulario, error)
        except DatabaseError:
            formulario.add_error(None, _AL_TIEMPO)
        else:
            messages.success(request, f"Oferta presentada: {propuesta.titulo}. Anote qué contesta el cliente.")
            return HttpResponseRedirect(volver)
    contexto = {
        **admin.site.each_context(request),
        "title": f"Presentar una oferta a {cliente.nombre_completo}",
        "cliente": cliente,
        "una": propuesta,
        "formulario": formulario,
        "canales": permisos_por_canal(cliente, finalidad=FinalidadContacto.COMERCIAL.value, ahora=ahora),
        "volver": volver,
    }
    return render(request, "admin/fidelizacion/presentar.html", contexto)


def _presentar(cliente: Cliente, una: Propuesta, datos: dict[str, Any], usuario: Any, ahora: Any) -> None:
    promocion = una.promocion.promocion if una.promocion is not None else None
    presentar(
        cliente=cliente,
        titulo=f"{una.titulo}, con {una.con}" if una.servicio is not None and una.con else una.titulo,
        porque=una.porque,
        canal=datos["canal"],
        entrante=datos["entrante"] == EL_VINO,
        usuario=usuario,
        ahora=ahora,
        regla=ReglaOferta.objects.get(pk=una.regla.clave),
        servicio=Servicio.objects.get(pk=una.servicio.clave) if una.servicio is not None else None,
        promocion=Promocion.objects.get(pk=promocion.pk) if promocion is not None else None,
    )


# --- Probar las reglas -----------------------------------------------------------------------------------------------
@require_safe
@permission_required(("bonificaciones.view_reglaoferta", "clientes.view_cliente"), raise_exception=True)
def probar_reglas(request: HttpRequest) -> HttpResponse:
    """Qué se le ofrecería hoy a un cliente, por qué, y por qué no lo demás. `?regla=`: esa, aunque esté inactiva."""
    texto = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LARGO_DE_BUSQUEDA]
    regla = ReglaOferta.objects.filter(pk=_clave(request.GET.get("regla"))).first()
    cliente = Cliente.objects.filter(pk=_clave(request.GET.get("cliente"))).first()
    hallados = [] if cliente or not texto else list(buscar_clientes(Cliente.objects.order_by("-pk"), texto)[:HALLADOS])
    if len(hallados) == 1:
        cliente = hallados[0]
    contexto = {
        **admin.site.each_context(request),
        "title": "Probar las reglas con un cliente",
        "texto": texto,
        "regla": regla,
        "cliente": cliente,
        "hallados": hallados,
        "union": urlencode({"regla": regla.pk} if regla is not None else {}),
    }
    if cliente is not None:
        resultado = ofertas_para(cliente, hoy=timezone.localdate(), ademas=(regla.pk,) if regla is not None else ())
        contexto |= {
            "prueba": presentacion_de_ofertas.en_la_ficha(resultado),
            "descartadas": resultado.descartadas,
        }
    return render(request, "admin/fidelizacion/probar.html", contexto)


def _clave(texto: str | None) -> int:
    """La clave que dice la dirección; cero, que no es de nadie, si no lo es."""
    return int(texto) if texto and texto.isascii() and texto.isdigit() and len(texto) <= CLAVE_MAXIMA else 0


# --- Las sugerencias -------------------------------------------------------------------------------------------------
@require_safe
@permission_required(("bonificaciones.view_sugerencia", "clientes.view_cliente"), raise_exception=True)
def sugerencias(request: HttpRequest) -> HttpResponse:
    """A quién le sugirió qué la última pasada, por regla y por nivel de riesgo, con el camino a cada ficha."""
    regla, nivel = request.GET.get("regla", ""), request.GET.get("nivel", "")
    nivel = nivel if nivel in NivelRiesgo.values else ""
    sin_oferta = regla == consultas_ofertas.SIN_OFERTA
    clave = _clave(regla)
    consulta, orden = consultas_ofertas.sugerencias(regla=clave or None, sin_oferta=sin_oferta, nivel=nivel)
    filas, pagina = consultas_ofertas.pagina_de_sugerencias(consulta, orden, request.GET)
    puestos = {"regla": regla if sin_oferta or clave else "", "nivel": nivel}
    base = urlencode({nombre: valor for nombre, valor in puestos.items() if valor})
    union = f"?{base}&" if base else "?"
    contexto = {
        **admin.site.each_context(request),
        "title": "Sugerencias",
        "filas": [{"una": una, "sello": presentacion_de_ofertas.sello_de_riesgo(una.nivel),
                   "que": presentacion_de_ofertas.lo_sugerido(una)} for una in filas],
        "cuantas": cuenta_en_palabras(consultas_ofertas.cuantas_sugerencias(consulta, orden)),
        "reglas": ReglaOferta.objects.order_by("orden", "codigo"),
        "niveles": NivelRiesgo.choices,
        "puestos": puestos,
        "sin_oferta": consultas_ofertas.SIN_OFERTA,
        "primera": f"?{base}",
        "anterior": pagina.anterior and f"{union}{urlencode({'antes': pagina.anterior})}",
        "siguiente": pagina.siguiente and f"{union}{urlencode({'despues': pagina.siguiente})}",
    }  # fmt: skip
    return render(request, "admin/fidelizacion/sugerencias.html", contexto)


__all__ = ["presentar_oferta", "probar_reglas", "sugerencias"]
