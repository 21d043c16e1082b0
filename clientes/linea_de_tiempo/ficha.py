"""Lo que le pasa a la ficha del cliente: vinculación, cambios de sus datos y categoría, consentimientos, fusiones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from movistar_site.comun.historia import Version, con_cambios, modelo_historico
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.paginas import pagina_de

from .. import reglas
from ..models import Cliente, Consentimiento, EstadoCliente, Fusion
from .base import Corte, Filtro, Fuente, Suceso, Tipo, de_la_historia

DATOS = Tipo("datos", "Datos y categoría", 200)
CONSENTIMIENTOS = Tipo("consentimientos", "Consentimientos", 40)
_NOMBRADOS = 3


class Vinculacion(Fuente):
    """El día en que empezó a ser cliente; está en la ficha y no se consulta."""

    clase = "vinculacion"
    tipo = DATOS
    icono = "handshake"
    tono = "primary"
    permisos = ("clientes.view_cliente",)
    campo = "fecha_vinculacion"
    con_hora = False

    def filas(self, cliente: Cliente, filtro: Filtro, corte: Corte | None, cuantas: int) -> list[Any]:
        if corte is None:
            return [cliente]
        # Es la primera de las fuentes: en un mismo instante va después de todas las demás.
        propio = self.momento(cliente)
        return [cliente] if propio < corte.momento or (propio == corte.momento and corte.fuente != self.clase) else []

    def suceso(self, fila: Cliente) -> Suceso:
        return Suceso(self.momento(fila), "Se vinculó como cliente")


class CambioDeDatos(Fuente):
    """Cada versión de la ficha, con lo que cambió de una a otra."""

    clase = "datos"
    tipo = DATOS
    icono = "edit_note"
    permisos = ("clientes.view_cliente",)
    campo = "history_date"
    de_mas = 1  # la versión con que se compara la última de la página

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return modelo_historico(Cliente).objects.filter(id=cliente.pk)

    def sucesos(self, filas: Sequence[Any], cuantos: int) -> list[Suceso]:
        return [self._decir(version) for version in con_cambios(type(filas[0]), list(filas), cuantos)]

    def _decir(self, version: Version) -> Suceso:
        fila = version.registro
        return Suceso(
            fila.history_date,
            _que_cambio(version),
            quien=version.autor,
            motivo=version.motivo,
            origen=version.origen,
            cambios=version.cambios,
        )


def _que_cambio(version: Version) -> str:
    """«Categoría asignada: Leal», «Cambió teléfono y dirección»."""
    fila = version.registro
    if version.tipo == "Creación":
        return "Ficha registrada en el panel"
    if version.tipo == "Borrado":
        return "Ficha retirada del panel"
    cambiados = {cambio.campo.lower() for cambio in version.cambios}
    if _nombre("categoria_asignada") in cambiados:
        asignada = fila.categoria_asignada
        return f"Categoría asignada: {Categoria(asignada).label}" if asignada else "Categoría liberada"
    if _nombre("estado") in cambiados:
        return "Cliente reactivado" if fila.estado == EstadoCliente.ACTIVO else "Cliente desactivado"
    if not cambiados:
        return "Ficha guardada"
    return f"Cambió {reglas.enumerar([cambio.campo.lower() for cambio in version.cambios], _NOMBRADOS)}"


def _nombre(campo: str) -> str:
    return str(Cliente._meta.get_field(campo).verbose_name).lower()  # type: ignore[union-attr]


class _DeConsentimiento(Fuente):
    tipo = CONSENTIMIENTOS
    permisos = ("clientes.view_consentimiento",)

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return Consentimiento.objects.filter(cliente=cliente, **{f"{self.campo}__isnull": False})


class ConsentimientoDado(_DeConsentimiento):
    """El cliente autorizó algo."""

    clase = "autorizo"
    icono = "verified_user"
    tono = "success"
    campo = "otorgado_el"

    def suceso(self, fila: Consentimiento) -> Suceso:
        return Suceso(
            fila.otorgado_el,
            f"Autorizó: {str(fila).lower()}",
            detalle=f"Prueba: {fila.evidencia}",
            quien=fila.registrado_por_nombre,
            enlace=pagina_de(fila),
        )


class ConsentimientoRevocado(_DeConsentimiento):
    """El cliente retiró una autorización."""

    clase = "revoco"
    icono = "block"
    tono = "warning"
    campo = "revocado_el"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        condicion = {"revocado_el__isnull": False}
        return (
            super()
            .consulta(cliente)
            .annotate(
                autor=de_la_historia(Consentimiento, "autor", **condicion),
                porque=de_la_historia(Consentimiento, "history_change_reason", **condicion),
            )
        )

    def suceso(self, fila: Any) -> Suceso:
        return Suceso(
            fila.revocado_el,
            f"Revocó: {str(fila).lower()}",
            quien=fila.autor or "",
            motivo=fila.porque or "",
            enlace=pagina_de(fila),
        )


class FusionHecha(Fuente):
    """Otra ficha de la misma persona se unió a esta."""

    clase = "fusion"
    tipo = DATOS
    icono = "merge"
    tono = "info"
    permisos = ("clientes.view_cliente", "clientes.view_fusion")
    campo = "hecha_el"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return Fusion.objects.filter(principal=cliente).defer("absorbido", "anteriores", "elegidos", "movidos")

    def suceso(self, fila: Fusion) -> Suceso:
        return Suceso(
            fila.hecha_el, f"Se le unió la ficha de {fila.absorbido_titulo}", quien=fila.hecha_por_nombre,
            motivo=fila.motivo,
        )  # fmt: skip


class FusionDeshecha(FusionHecha):
    """La unión se deshizo."""

    clase = "fusion_deshecha"
    icono = "call_split"
    campo = "deshecha_el"

    def consulta(self, cliente: Cliente) -> QuerySet[Any]:
        return super().consulta(cliente).filter(deshecha_el__isnull=False)

    def suceso(self, fila: Fusion) -> Suceso:
        momento = fila.deshecha_el or fila.hecha_el
        return Suceso(momento, f"Se separó la ficha de {fila.absorbido_titulo}", quien=fila.deshecha_por_nombre)


FUENTES = (Vinculacion, CambioDeDatos, ConsentimientoDado, ConsentimientoRevocado, FusionHecha, FusionDeshecha)
