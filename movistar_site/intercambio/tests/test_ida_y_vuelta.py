"""Exportar, importar en una base vacía y volver a exportar da los mismos bytes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonificaciones.models import ReglaOferta
from clientes.models import Cliente, Consentimiento, Contrato, Interaccion, Municipio
from movistar_site.intercambio.exportador import archivos
from servicios.models import AtributoTipo, PrecioServicio, Promocion, Servicio, TipoServicio

from .datos import HOY, SERVICIOS, fuente, lugares, par
from .motor import Fuente, Informe, importar

pytestmark = pytest.mark.django_db


def exportado(formato: str = "json") -> dict[str, bytes]:
    return {nombre: b"".join(escribir()) for nombre, escribir in archivos(hoy=HOY, formato=formato).items()}


def vaciar() -> None:
    for modelo in (ReglaOferta, Consentimiento, Interaccion, Contrato, Cliente, Promocion, PrecioServicio, Servicio,
                   AtributoTipo, TipoServicio):  # fmt: skip
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


TEXTO = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=30)
LINEA = TEXTO.filter(lambda texto: texto.strip() != "")
PELIGRO = st.sampled_from(
    ["=1+1", "+57", "-x", "@y", "\t=z", "'=a", "\u2028", "_x000D_", "línea\r\notra", "\"; '", "🙂"]
)
ESCALAR = st.integers() | st.floats(0, 9) | TEXTO | st.booleans()


@st.composite
def clientes(draw: st.DrawFn) -> dict[str, Any]:
    """Un cliente cualquiera con contratos, interacciones y consentimientos."""
    libre = LINEA | PELIGRO.filter(lambda texto: texto.strip() != "")
    dia = st.dates(date(1990, 1, 1), HOY)
    instante = st.datetimes(datetime(1995, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)).map(datetime.isoformat)
    asignada = draw(st.sampled_from(["", "nuevo", "leal"]))
    terminado = draw(st.booleans())
    return {
        "nombre": draw(libre), "apellido": draw(libre), "direccion": draw(libre | st.just("")),
        "notas": draw(TEXTO | PELIGRO | st.just("")), "fecha_vinculacion": draw(dia).isoformat(),
        "estrato": draw(st.none() | st.integers(1, 6)), "municipio": draw(st.sampled_from(["", "05001"])),
        "telefono": draw(st.sampled_from(["", "3001234567", "6011234567"])),
        **({"categoria": asignada, "motivo_categoria": draw(libre)} if asignada else {}),
        **draw(st.sampled_from([{}, {"estado": "inactivo", "inactivo_desde": "2020-01-01"}])),
        "servicios": [
            {"servicio": "FIB-300", "fecha_inicio": "2024-05-01", "precio": str(draw(st.integers(0, 10**7)) / 100),
             "condiciones": draw(st.dictionaries(LINEA, ESCALAR, max_size=3)),
             **({"estado": "terminado", "fecha_fin": "2025-01-01"} if terminado else {"estado": "activo"})}
        ],
        "interacciones": [
            {"tipo": draw(st.sampled_from(["consulta", "reclamacion", "sugerencia"])), "asunto": draw(libre),
             "texto": draw(TEXTO | PELIGRO), "fecha": draw(instante), "registrada_por": draw(libre | st.just(""))}
        ],
        "consentimientos": [
            {"finalidad": "comercial", "canal": "sms", "version_texto": draw(libre), "otorgado_el": draw(instante),
             "medio": "web", "evidencia": draw(libre)}
        ],
    }  # fmt: skip


@given(st.lists(clientes(), min_size=1, max_size=3), st.sampled_from(["json", "csv", "xlsx"]))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_cualquier_cliente_va_y_vuelve_igual(generados: list[dict[str, Any]], formato: str) -> None:
    lugares()
    vaciar()
    usuarios = {f"CC-{10_000_000 + n}": uno for n, uno in enumerate(generados)}
    importado([fuente("servicios.json", SERVICIOS), fuente("usuario.json", {"movistar": {"usuarios": usuarios}})])
    primera = exportado()
    tablas = exportado(formato)
    vaciar()
    importado([Fuente(nombre, datos) for nombre, datos in tablas.items()])
    assert exportado() == primera
