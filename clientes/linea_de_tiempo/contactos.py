"""Las veces que se habló con el cliente, o se intentó."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from movistar_site.comun.paginas import pagina_de

from ..contacto import por
from ..models import Cliente, Contacto, FinalidadContacto, ResultadoContacto
from .base import Fuente, Suceso, Tipo
from .interacciones import recortar

CONTACTOS = Tipo("contactos", "Contactos", 35)
_TONOS = {
    ResultadoContacto.EN_CURSO: "info",
    ResultadoContacto.EFECTIVO: "success",
    ResultadoContacto.EQUIVOCADO: "warning",
}


class ContactoHecho(Fuente):
    """Se le contactó, o el cliente vino."""

    clase = "contacto"
    tipo = CONTACTOS
    icono = "phone_in_talk"
    permisos = ("clientes.view_contacto",)
    campo = "momento"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return Contacto.objects.filter(cliente=cliente)

    def suceso(self, fila: Contacto) -> Suceso:
        para = "comercial" if fila.finalidad == FinalidadContacto.COMERCIAL else "de servicio"
        quien = "Vino el cliente" if fila.entrante else "Se le buscó"
        partes = [fila.get_resultado_display(), fila.asunto, recortar(fila.nota)]
        return Suceso(
            fila.momento,
            f"{quien} {por(fila.canal)}: contacto {para}",
            detalle=" · ".join(parte for parte in partes if parte),
            quien=fila.hecho_por_nombre,
            enlace=pagina_de(fila),
            tono=_TONOS.get(ResultadoContacto(fila.resultado), ""),
        )


FUENTES = (ContactoHecho,)
