"""«Posibles duplicados»: los clientes que comparten teléfono o correo, para empezar una fusión."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import consultas_duplicados

LARGO_DEL_DATO = 254


@require_safe
@permission_required(("clientes.view_fusion", "clientes.view_cliente"), raise_exception=True)
def posibles_duplicados(request: HttpRequest) -> HttpResponse:
    """Los que comparten un dato, por páginas."""
    por = request.GET.get("por", "")
    por = por if por in consultas_duplicados.ROTULOS else "telefono"
    despues, antes = _dato(request, "despues"), _dato(request, "antes")
    tramo = consultas_duplicados.grupos_repetidos(por, despues=despues, antes=antes)
    contexto = {
        **admin.site.each_context(request),
        "title": "Posibles duplicados",
        "por": por,
        "rotulos": {clave: f"Mismo {rotulo.lower()}" for clave, rotulo in consultas_duplicados.ROTULOS.items()},
        "tramo": tramo,
        "primera": f"?por={por}",
        "anterior": tramo.anterior and f"?{urlencode({'por': por, 'antes': tramo.anterior})}",
        "siguiente": tramo.siguiente and f"?{urlencode({'por': por, 'despues': tramo.siguiente})}",
        "seguir": tramo.seguir_desde
        and f"?{urlencode({'por': por, 'antes' if tramo.seguir_atras else 'despues': tramo.seguir_desde})}",
        "seguido": bool(despues or antes),
        "puede_fusionar": request.user.has_perm("clientes.add_fusion"),
    }
    return render(request, "admin/clientes/duplicados/lista.html", contexto)


def _dato(request: HttpRequest, nombre: str) -> str:
    """El dato desde el que se sigue; lo que no se puede escribir en un teléfono ni en un correo se quita."""
    return "".join(letra for letra in request.GET.get(nombre, "") if letra.isprintable())[:LARGO_DEL_DATO]
