"""El avance de una lista de números excluidos que se está leyendo."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from movistar_site.comun.paginas import pagina_de

from ..models import CargaRne


@require_safe
@never_cache
def avance_del_rne(request: HttpRequest, pk: int) -> HttpResponse:
    """El trozo que la página pide cada segundo; al terminar, manda a pedirla entera."""
    if not request.user.has_perm("clientes.view_cargarne"):
        raise PermissionDenied
    carga = get_object_or_404(CargaRne, pk=pk)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(pagina_de(carga))
    if carga.en_curso:
        return render(request, "admin/clientes/rne/_avance.html", {"carga": carga})
    respuesta = HttpResponse()
    respuesta["HX-Refresh"] = "true"
    return respuesta
