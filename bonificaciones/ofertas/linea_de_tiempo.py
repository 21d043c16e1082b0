"""Lo que las ofertas ponen en la línea de tiempo de un cliente."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clientes.linea_de_tiempo import Fuente, Suceso, Tipo
from clientes.models import Cliente
from movistar_site.comun.paginas import pagina_de

from ..models import EstadoOferta, Oferta

DE_OFERTAS = Tipo("ofertas", "Ofertas", 50)
VER = ("bonificaciones.view_oferta",)
CAMPOS = ("titulo", "estado", "canal", "presentada_el", "respondida_el", "motivo", "hecha_por_nombre", "porque")


class _DeOferta(Fuente):
    tipo = DE_OFERTAS
    permisos = VER

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return Oferta.objects.filter(cliente=cliente, **{f"{self.campo}__isnull": False}).only(*CAMPOS)


class OfertaPresentada(_DeOferta):
    """Se le ofreció algo."""

    clase = "oferta"
    icono = "campaign"
    tono = "info"
    campo = "presentada_el"

    def suceso(self, fila: Oferta) -> Suceso:
        return Suceso(
            fila.presentada_el,
            f"Se le ofreció: {fila.titulo}",
            detalle=f"{fila.get_canal_display()} · {fila.porque}" if fila.porque else fila.get_canal_display(),
            quien=fila.hecha_por_nombre,
            enlace=pagina_de(fila),
        )


class OfertaRespondida(_DeOferta):
    """Contestó que sí o que no."""

    clase = "oferta-respondida"
    icono = "reply"
    campo = "respondida_el"

    def suceso(self, fila: Oferta) -> Suceso:
        acepto = fila.estado == EstadoOferta.ACEPTADA
        return Suceso(
            fila.respondida_el,  # type: ignore[arg-type]
            f"{'Aceptó' if acepto else 'No quiso'}: {fila.titulo}",
            motivo=fila.motivo,
            enlace=pagina_de(fila),
            tono="success" if acepto else "neutral",
        )


OFERTAS = (OfertaPresentada, OfertaRespondida)
