"""Los segmentos mientras se escriben: la cuenta viva, la muestra, y de la lista de clientes a uno nuevo."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clientes import consultas, reglas
from movistar_site.comun import valores
from movistar_site.comun.parametros import parametros
from servicios.models import Promocion

from ..filtros.listas_segmentos import de_la_lista
from ..forms.segmentos import FILTROS
from ..models import Segmento
from ..operaciones.segmentos import SIN_FILTROS
from ..promociones import clientes_que_pueden, por_que_nadie
from ..segmentos import leer, limpiar

MUESTRA = 8
VER = ("bonificaciones.view_segmento", "clientes.view_cliente")


# --- La cuenta -------------------------------------------------------------------------------------------------------
@require_POST
@permission_required(VER, raise_exception=True)
def contar_segmento(request: HttpRequest) -> HttpResponse:
    """Cuántos clientes y quiénes, con los filtros que se están escribiendo."""
    hoy = timezone.localdate()
    try:
        filtros = limpiar(request.POST, hoy=hoy)
    except ValidationError as error:
        return render(request, "admin/fidelizacion/segmentos/_vivo.html", {"faltas": _faltas(error)})
    if not filtros:
        return render(request, "admin/fidelizacion/segmentos/_vivo.html", {"falta": SIN_FILTROS})
    return render(request, "admin/fidelizacion/segmentos/_vivo.html", _vivo(filtros))


@require_safe
@permission_required(VER, raise_exception=True)
def muestra_de_segmento(request: HttpRequest, pk: int) -> HttpResponse:
    """Cuántos clientes y quiénes son hoy los de un segmento guardado, para quien solo lo mira."""
    segmento = get_object_or_404(Segmento, pk=pk)
    return render(request, "admin/fidelizacion/segmentos/_vivo.html", _vivo(segmento.filtros))


@require_safe
@permission_required(VER, raise_exception=True)
def cuenta_de_segmento(request: HttpRequest, pk: int) -> HttpResponse:
    """Cuántos clientes tiene hoy un segmento, para su fila en la lista."""
    segmento = get_object_or_404(Segmento, pk=pk)
    hoy = timezone.localdate()
    lectura = leer(segmento.filtros, hoy=hoy)
    contexto = {"segmento": segmento, "cuantos": lectura.clientes.count(), "avisos": lectura.avisos}
    return render(request, "admin/fidelizacion/segmentos/_cuenta.html", contexto)


def _faltas(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    faltas = []
    for nombre, suyas in error.error_dict.items():
        rotulo = FILTROS[nombre].label if nombre in FILTROS else ""
        faltas += [f"{rotulo}: {frase}" if rotulo else str(frase) for una in suyas for frase in una.messages]
    return faltas


def _vivo(filtros: str) -> dict[str, Any]:
    hoy = timezone.localdate()
    lectura = leer(filtros, hoy=hoy)
    muestra: Any = lectura.clientes.order_by("-pk").select_related("municipio")[:MUESTRA]
    normas = parametros(hoy)
    return {
        "contado": True,
        "cuantos": lectura.clientes.count(),
        "avisos": lectura.avisos,
        "muestra": [
            {
                "cliente": cliente,
                "categoria": consultas.nombre_de_categoria(reglas.categoria_de(cliente, hoy, normas)),
                "permanencia": _sin_dias(valores.permanencia(cliente.fecha_vinculacion, hoy)),
            }
            for cliente in muestra
        ],
    }


def _sin_dias(tiempo: valores.Permanencia) -> valores.Permanencia:
    return tiempo._replace(dias=0) if tiempo.anios or tiempo.meses else tiempo


# --- De la lista de clientes -----------------------------------------------------------------------------------------
@require_safe
@permission_required(("bonificaciones.add_segmento", "clientes.view_cliente"), raise_exception=True)
def segmento_de_la_lista(request: HttpRequest) -> HttpResponse:
    """Lleva a crear un segmento con los filtros que la lista de clientes tenía puestos."""
    filtros, sobran = de_la_lista(request.GET)
    if sobran:
        messages.warning(
            request,
            f"Estos filtros de la lista no se pueden llevar a un segmento: {', '.join(sobran)}. Revise la cuenta.",
        )
    destino = reverse("admin:bonificaciones_segmento_add")
    return HttpResponseRedirect(f"{destino}?{filtros}" if filtros else destino)


# --- Las promociones -------------------------------------------------------------------------------------------------
@require_safe
@permission_required(("servicios.view_promocion", "clientes.view_cliente"), raise_exception=True)
def alcance_de_promocion(request: HttpRequest, pk: int) -> HttpResponse:
    """Cuántos clientes pueden tener hoy una promoción y para qué segmentos es."""
    promocion = get_object_or_404(Promocion, pk=pk)
    hoy = timezone.localdate()
    segmentos: Any = promocion.segmentos.order_by("nombre")  # type: ignore[attr-defined]
    lista = reverse("admin:clientes_cliente_changelist")
    contexto = {
        "promocion": promocion,
        "usadas": promocion.contratos.count(),  # type: ignore[attr-defined]
        "porque": por_que_nadie(promocion, hoy=hoy),
        "cuantos": clientes_que_pueden(promocion, hoy=hoy).count(),
        "clientes": f"{lista}?{urlencode({'puede_tener': promocion.pk})}",
        "segmentos": list(segmentos),
        "ve_segmentos": request.user.has_perm("bonificaciones.view_segmento"),
    }
    return render(request, "admin/fidelizacion/promociones/_alcance.html", contexto)
