"""Exportar, importar en una base vacía y volver a exportar da los mismos bytes."""

from __future__ import annotations

import pytest

from clientes.models import Cliente, Consentimiento, Contrato, Interaccion, Municipio
from movistar_site.intercambio.exportador import archivos
from movistar_site.intercambio.lectura import Fuente
from movistar_site.intercambio.motor import Informe, importar
from servicios.models import AtributoTipo, PrecioServicio, Promocion, Servicio, TipoServicio

from .datos import HOY, lugares, par

pytestmark = pytest.mark.django_db


def exportado(formato: str = "json") -> dict[str, bytes]:
    return {nombre: b"".join(escribir()) for nombre, escribir in archivos(hoy=HOY, formato=formato).items()}


def vaciar() -> None:
    for modelo in (Consentimiento, Interaccion, Contrato, Cliente, Promocion, PrecioServicio, Servicio, AtributoTipo,
                   TipoServicio):  # fmt: skip
        modelo.objects.all().delete()
    Municipio.objects.filter(es_divipola=False).delete()


def importado(fuentes: list[Fuente]) -> Informe:
    informe = importar(fuentes, hoy=HOY)
    assert informe.malas == []
    return informe


@pytest.mark.parametrize("formato", ["json", "csv", "xlsx"])
def test_la_segunda_exportacion_es_identica_a_la_primera(formato: str) -> None:
    lugares()
    assert importado(par()).avisos == []
    primera, tabla = exportado(), exportado(formato)
    vaciar()
    assert importado(
        [Fuente(n, d) for n, d in tabla.items() if formato == "json" or d.count(b"\n") > 1 or formato == "xlsx"]
    )
    assert exportado() == primera
