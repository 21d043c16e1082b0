"""Fusionar dos fichas que son la misma persona, y deshacerlo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun.auditoria import auditar
from movistar_site.comun.lotes import Firma
from movistar_site.comun.models import nombre_de
from movistar_site.comun.operaciones import borrar

from .. import combinar, reglas
from ..models import Cliente, Consentimiento, Contrato, Fusion, Interaccion
from .comunes import exigir_con_datos, guardar
from .contactos import ContactosDelMismoDia
from .fusiones_lotes import devolver, mover_todo

REVOCADOS = "consentimientos revocados"
"""La entrada de `Fusion.movidos` con las autorizaciones que la fusión revocó por estar repetidas."""


class Repetidos(Protocol):
    """Lo que hay que arreglar antes de fusionar, porque no puede ser dos veces de un solo cliente."""

    def preparar(self, principal: Cliente, absorbido: Cliente, *, usuario: Any, ahora: datetime) -> Any:
        """Deja sin repetir lo de las dos fichas, ya bloqueadas. Devuelve, como JSON, lo que hace falta para volver."""

    def deshacer(self, datos: Any, *, usuario: Any, ahora: datetime) -> None:
        """Vuelve a dejarlo como estaba, cuando cada cosa ya es otra vez de su ficha."""


REPETIDOS: dict[str, Repetidos] = {"contactos del mismo día": ContactosDelMismoDia()}
"""Nombre, que es también su entrada en `Fusion.movidos`, → cómo se arreglan. Cada aplicación añade los suyos."""


@transaction.atomic
def fusionar_clientes(
    principal: Cliente,
    *,
    absorbido: Cliente,
    elegidos: Mapping[str, str],
    usuario: Any,
    ahora: datetime,
    motivo: str = "",
) -> Fusion:
    """La ficha `absorbido` deja de existir y todo lo suyo pasa a `principal`.

    `elegidos`: dato de `combinar.GRUPOS` → «principal», «absorbido» o, en las notas, «ambos»; lo que no se nombra queda
    como está en la principal. Pasa cuanto apunta a la ficha absorbida, de cualquier modelo, con su historia. De una
    autorización vigente en las dos para lo mismo y por el mismo canal queda la más nueva; la otra se revoca y se dice
    por qué. La ficha absorbida se borra con su historia y su foto queda en la fusión, para deshacerla.

    Lanza ValidationError si son la misma, si una ya no existe, si se elige algo que no se elige, si las dos tienen algo
    que no puede ser de un solo cliente, o si la ficha que quedaría no cumple las reglas de un cliente.
    """
    if principal.pk == absorbido.pk:
        raise ValidationError("Es la misma ficha: elija otra para fusionar.")
    if not combinar.validos(elegidos):
        raise ValidationError("De cada dato elija el de una de las dos fichas.")
    elegidos = {grupo: elegidos.get(grupo, combinar.PRINCIPAL) for grupo in combinar.GRUPOS}
    principal, absorbido = _bloquear(principal.pk, absorbido.pk)
    for ficha in (principal, absorbido):
        exigir_con_datos(ficha)
    motivo = reglas.limpiar_texto(motivo)
    titulo = str(absorbido)
    fusion = Fusion(
        principal=principal,
        absorbido_clave=absorbido.pk,
        absorbido_titulo=titulo[:200],
        absorbido=combinar.foto(absorbido),
        anteriores=combinar.foto(principal),
        elegidos=elegidos,
        motivo=motivo,
        hecha_el=ahora,
        hecha_por_nombre=nombre_de(usuario)[:150],
    )
    firma = Firma(ahora, usuario, _frase(f"Fusión: era de {titulo}", motivo))
    with auditar(momento=ahora):
        revocados = _revocar_repetidos(principal, absorbido, usuario=usuario, ahora=ahora)
        arreglados = {
            nombre: repetidos.preparar(principal, absorbido, usuario=usuario, ahora=ahora)
            for nombre, repetidos in REPETIDOS.items()
        }
        fusion.movidos = {**mover_todo(absorbido, principal, firma), REVOCADOS: revocados, **arreglados}
        # Antes que la principal, que puede tomar su documento.
        borrar(absorbido, usuario=usuario, motivo=_frase(f"Fusionada con {principal}", motivo))
        _poner(principal, combinar.combinar(fusion.anteriores, fusion.absorbido, elegidos))
        guardar(principal, usuario=usuario, motivo=_frase(f"Fusión: absorbió a {titulo}", motivo))
    return guardar(fusion, usuario=usuario)


@transaction.atomic
def deshacer_fusion(fusion: Fusion, *, usuario: Any, ahora: datetime, motivo: str = "") -> Fusion:
    """La ficha absorbida vuelve, con su misma clave y todo lo que era suyo.

    Lo que se creó después queda con la principal, salvo una interacción sobre un contrato que vuelve, o un recurso
    contra una PQR que vuelve: una interacción es siempre del titular. Un dato de la principal que alguien cambió
    después de la fusión se respeta. Una autorización que la fusión revocó vuelve a regir si la que quedó en su lugar
    sigue vigente: si el cliente la retiró después, ninguna revive.

    Lanza ValidationError si ya está deshecha, si la principal absorbió después a otra (se deshace primero esa), o si la
    ficha no puede volver: su documento lo tiene ya otro cliente, su clave está ocupada o su municipio se borró.
    """
    fusion = _bloquear_fusion(fusion)
    principal = Cliente.objects.select_for_update().get(pk=fusion.principal_id)
    exigir_con_datos(principal)
    motivo = reglas.limpiar_texto(motivo)
    vuelve = combinar.separar(combinar.foto(principal), fusion.anteriores, fusion.absorbido, fusion.elegidos)
    _exigir_que_quepan(principal, vuelve, fusion)
    _poner(principal, vuelve)
    firma = Firma(ahora, usuario, _frase(f"Fusión deshecha: vuelve a ser de {fusion.absorbido_titulo}", motivo))
    with auditar(momento=ahora):
        guardar(
            principal, usuario=usuario, motivo=_frase(f"Fusión deshecha: dejó de ser {fusion.absorbido_titulo}", motivo)
        )
        absorbido = _recrear(fusion, usuario=usuario, motivo=_frase("Fusión deshecha: vuelve la ficha", motivo))
        aparte = (REVOCADOS, *REPETIDOS)
        movidos = {llave: claves for llave, claves in fusion.movidos.items() if llave not in aparte}
        devolver(principal, absorbido, movidos, firma)
        _acompanar_contratos(principal, absorbido, usuario=usuario, motivo=firma.motivo)
        _revivir_consentimientos(fusion, usuario=usuario, motivo=_frase("Fusión deshecha", motivo))
        for nombre, uno in REPETIDOS.items():
            if nombre in fusion.movidos:
                uno.deshacer(fusion.movidos[nombre], usuario=usuario, ahora=ahora)
        _volver_a_inactivo(principal, vuelve, usuario=usuario)
    fusion.deshecha_el, fusion.deshecha_por_nombre = ahora, nombre_de(usuario)[:150]
    return guardar(fusion, usuario=usuario)


def _frase(hecho: str, motivo: str) -> str:
    return ". ".join(filter(None, (hecho, motivo)))


def _poner(cliente: Cliente, datos: combinar.Foto) -> None:
    for columna, valor in combinar.revelar(datos).items():
        setattr(cliente, columna, valor)


def _bloquear(principal: int, absorbido: int) -> tuple[Cliente, Cliente]:
    """Las dos fichas como están ahora, bloqueadas siempre en el mismo orden: dos fusiones al tiempo no se traban."""
    hallados = {
        c.pk: c for c in Cliente.objects.select_for_update().filter(pk__in=(principal, absorbido)).order_by("pk")
    }
    if len(hallados) != 2:  # noqa: PLR2004 - las dos
        raise ValidationError("Una de las dos fichas ya no existe: alguien la borró o la fusionó.")
    return hallados[principal], hallados[absorbido]


# --- Consentimientos -------------------------------------------------------------------------------------------------
def _revocar_repetidos(
    principal: Cliente, absorbido: Cliente, *, usuario: Any, ahora: datetime
) -> list[tuple[int, int, str]]:
    """Revoca la más vieja de cada par vigente para lo mismo. Devuelve (revocada, la que queda, cuándo)."""
    vigentes = Consentimiento.objects.select_for_update().vigentes()  # type: ignore[attr-defined]
    por_uso: dict[tuple[str, str], list[Consentimiento]] = {}
    for uno in vigentes.filter(cliente__in=(principal, absorbido)).order_by("otorgado_el", "pk"):
        por_uso.setdefault((uno.finalidad, uno.canal), []).append(uno)
    revocados = []
    for repetidos in por_uso.values():
        for viejo in repetidos[:-1]:
            nuevo = repetidos[-1]
            viejo.revocado_el = max(ahora, viejo.otorgado_el)
            guardar(
                viejo,
                usuario=usuario,
                motivo=f"Fusión de {absorbido} con {principal}: queda la autorización del {nuevo.otorgado_el:%d/%m/%Y}",
            )
            revocados.append((viejo.pk, nuevo.pk, viejo.revocado_el.isoformat()))
    return revocados


def _revivir_consentimientos(fusion: Fusion, *, usuario: Any, motivo: str) -> None:
    for clave, queda, cuando in fusion.movidos.get(REVOCADOS, ()):
        viejo = Consentimiento.objects.select_for_update().filter(pk=clave).first()
        if viejo is None or viejo.revocado_el != datetime.fromisoformat(cuando):
            continue
        vigentes = Consentimiento.objects.vigentes()  # type: ignore[attr-defined]
        ocupado = vigentes.filter(cliente=viejo.cliente_id, finalidad=viejo.finalidad, canal=viejo.canal).exists()
        if vigentes.filter(pk=queda).exists() and not ocupado:
            viejo.revocado_el = None
            guardar(viejo, usuario=usuario, motivo=motivo)


# --- Deshacer --------------------------------------------------------------------------------------------------------
def _bloquear_fusion(fusion: Fusion) -> Fusion:
    actual = Fusion.objects.select_for_update().filter(pk=fusion.pk).first()
    if actual is None:
        raise ValidationError("La fusión ya no existe.")
    if actual.deshecha_el is not None:
        raise ValidationError("La fusión ya se deshizo.")
    despues = Fusion.objects.filter(principal=actual.principal_id, deshecha_el__isnull=True, pk__gt=actual.pk)
    if posterior := despues.order_by("-pk").first():
        raise ValidationError(
            f"Después, la misma ficha absorbió a {posterior.absorbido_titulo}: deshaga primero esa fusión."
        )
    return actual


def _exigir_que_quepan(principal: Cliente, vuelve: combinar.Foto, fusion: Fusion) -> None:
    if Cliente.objects.filter(pk=fusion.absorbido_clave).exists():
        raise ValidationError(f"La ficha de {fusion.absorbido_titulo} ya existe: se restauró desde su historia.")
    for datos, quien in ((vuelve, "la ficha que quedó"), (fusion.absorbido, "la ficha absorbida")):
        tipo, documento = datos["tipo_documento"], datos["documento"]
        otro = Cliente.objects.filter(tipo_documento=tipo, documento=documento).exclude(pk=principal.pk).first()
        if otro is not None:
            raise ValidationError(f"No se puede deshacer: el documento de {quien} lo tiene ahora {otro}.")
    mio = (vuelve["tipo_documento"], vuelve["documento"])
    if mio == (fusion.absorbido["tipo_documento"], fusion.absorbido["documento"]):
        raise ValidationError(
            "No se puede deshacer: la ficha que quedó lleva ahora el documento de la absorbida. Corríjalo antes."
        )
    municipio = fusion.absorbido["municipio_id"]
    modelo = Cliente._meta.get_field("municipio").related_model
    if municipio and not modelo._default_manager.filter(pk=municipio).exists():  # type: ignore[union-attr]
        raise ValidationError(f"No se puede deshacer: el municipio {municipio} de la ficha absorbida ya no existe.")


def _recrear(fusion: Fusion, *, usuario: Any, motivo: str) -> Cliente:
    """La ficha como era, con su clave y su fecha de creación. No se valida: así estaba."""
    datos = combinar.revelar(fusion.absorbido)
    ficha = Cliente(**datos)
    with auditar(usuario=usuario, motivo=motivo):
        ficha.save(force_insert=True)
    Cliente.objects.filter(pk=ficha.pk).update(creado_en=datos["creado_en"])
    return ficha


def _acompanar_contratos(principal: Cliente, absorbido: Cliente, *, usuario: Any, motivo: str) -> None:
    """Cada interacción queda con el titular de su contrato, y cada recurso con el de la PQR que impugna."""
    for de, a in ((principal, absorbido), (absorbido, principal)):
        suyas = Interaccion.objects.select_for_update().filter(cliente=de)
        sueltas = [*suyas.filter(contrato__in=Contrato.objects.filter(cliente=a))]
        sueltas += [*suyas.filter(contrato__isnull=True, recurso_de__in=Interaccion.objects.filter(cliente=a))]
        for una in sueltas:
            una.cliente = a
            with auditar(usuario=usuario, motivo=motivo):
                una.save()


def _volver_a_inactivo(principal: Cliente, vuelve: combinar.Foto, *, usuario: Any) -> None:
    """Quien volvió a inactivo pero firmó contratos después de la fusión sigue siendo cliente."""
    if principal.inactivo_desde is not None and Contrato.objects.vigentes().filter(cliente=principal).exists():
        _poner(principal, {**vuelve, "estado": "activo", "inactivo_desde": None})
        guardar(principal, usuario=usuario, motivo="Tiene contratos sin terminar: sigue activo")
