"""Suprimir los datos personales de quien ya no es cliente, sin perder sus contratos, sus PQR ni lo facturado.

Ley 1581 de 2012, artículo 8 (el titular puede pedir que se supriman sus datos), y Ley 962 de 2005, artículo 28 (los
papeles del negocio se conservan diez años). No se puede deshacer. Queda sin tocar lo que el panel no sabe leer: los
archivos adjuntos de sus PQR, que son prueba, y una mención que no use su nombre, su documento ni sus datos.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from movistar_site.comun.auditoria import auditar
from movistar_site.comun.campos import CampoBusqueda, CampoJson
from movistar_site.comun.historia import modelo_historico
from movistar_site.comun.models import Aviso

from ..anonimizar import AL_ANONIMIZAR, GUARDAS, NOMBRE, TACHA, Tachador, suprimido
from ..contacto import AL_RETIRAR
from ..models import Cliente, Consentimiento, Contacto, Contrato, EstadoCliente, Fusion, Interaccion, SilencioPositivo
from .comunes import exigir_motivo, releer
from .consentimientos import revocar_sin_avisar

HONDURA = 3
"""De cuántas llaves foráneas en cadena puede colgar de un cliente un texto que lo nombre."""
LARGO_DE_TEXTO = 100
"""Una columna más corta guarda un código o un número, no algo que alguien redactó."""
_DE_OTROS = ("_nombre", "autor", "origen")
"""Columnas con el nombre de quien trabaja en el panel, que puede llamarse igual."""


def por_que_no_se_anonimiza(cliente: Cliente) -> list[str]:
    """Cada razón por la que sus datos no se pueden suprimir todavía, en una frase; ninguna, si se puede."""
    razones = []
    if cliente.anonimizado_el is not None:
        return ["Sus datos ya se suprimieron."]
    if cliente.estado != EstadoCliente.INACTIVO:
        razones.append("Sigue activo: desactívelo primero.")
    if Contrato.objects.vigentes().filter(cliente=cliente).exists():
        razones.append("Tiene contratos sin terminar: termínelos primero.")
    if numero := Interaccion.objects.abiertas().filter(cliente=cliente).order_by("id").values_list("numero").first():
        razones.append(f"Tiene sin responder el caso {numero[0]}: respóndalo primero.")
    if SilencioPositivo.objects.filter(interaccion__cliente=cliente, cumplido_el__isnull=True).exists():
        razones.append("Tiene un silencio positivo por cumplir: cúmplalo primero.")
    if Interaccion.objects.por_enviar_a_la_sic().filter(cliente=cliente).exists():
        razones.append("Tiene un recurso por enviar a la SIC: envíelo primero.")
    return razones + [razon for guarda in GUARDAS if (razon := guarda(cliente))]


@transaction.atomic
def anonimizar_cliente(cliente: Cliente, *, usuario: Any, hoy: date, ahora: datetime, motivo: str) -> Cliente:
    """Suprime los datos personales del cliente, de su ficha, su historia y los textos que lo nombran. Sin vuelta atrás.

    Revoca todas sus autorizaciones y detiene lo que estuviera en cola. Los reportes cuentan lo mismo antes y después.
    `hoy` es el día que queda en su ficha. Lanza ValidationError si falta el motivo o si algo lo impide todavía
    (`por_que_no_se_anonimiza`).
    """
    motivo = exigir_motivo(motivo, "Escriba el motivo, sin datos de la persona: queda en la historia.")
    releer(cliente)
    if razones := por_que_no_se_anonimiza(cliente):
        raise ValidationError(razones)
    fichas = [cliente.pk, *_absorbidas(cliente)]
    tachador = Tachador(_versiones(fichas))
    for uno in Consentimiento.objects.vigentes().filter(cliente=cliente).order_by("id"):
        revocar_sin_avisar(uno, usuario=usuario, ahora=max(ahora, uno.otorgado_el), motivo="Datos suprimidos")
    for detener in AL_RETIRAR:
        detener(cliente, usuario, ahora)
    _vaciar_ficha(cliente, usuario=usuario, hoy=hoy, motivo=tachador.tachar(motivo))
    _vaciar_historia(fichas, tachador)
    _vaciar_fusiones(cliente, tachador)
    _vaciar_contactos(cliente)
    # Lo de aquellas con quienes estuvo unida y ya no, también: su historia dice con quién.
    for clave in (cliente.pk, *_separadas(cliente)):
        _tachar_textos(clave, tachador)
        _tachar_filas(modelo_historico(Cliente).objects.filter(id=clave), ["history_change_reason"], tachador)
    _tachar_lo_que_lo_nombra(cliente, tachador)
    for borrar in AL_ANONIMIZAR:
        borrar(cliente, usuario, ahora)
    return cliente


# --- Su ficha --------------------------------------------------------------------------------------------------------
def _absorbidas(cliente: Cliente) -> list[int]:
    """Las claves de las fichas que se le unieron: son la misma persona, y su historia sigue."""
    return list(
        Fusion.objects.filter(principal=cliente, deshecha_el__isnull=True).values_list("absorbido_clave", flat=True)
    )


def _separadas(cliente: Cliente) -> set[int]:
    """Las claves de las fichas con que estuvo unida en una fusión que se deshizo."""
    deshechas = Fusion.objects.filter(Q(principal=cliente) | Q(absorbido_clave=cliente.pk), deshecha_el__isnull=False)
    pares = deshechas.values_list("principal_id", "absorbido_clave")
    return {clave for par in pares for clave in par} - {cliente.pk}


def _versiones(fichas: list[int]) -> Iterator[dict[str, Any]]:
    """Cómo se ha llamado y con qué datos, en cada versión de su historia y ahora."""
    campos = ("nombre", "apellido", "tipo_documento", "documento", "telefono", "telefono_alterno", "email", "direccion")
    yield from modelo_historico(Cliente).objects.filter(id__in=fichas).order_by().values(*campos).distinct()
    yield from Cliente.objects.filter(pk__in=fichas).order_by().values(*campos)


def _vaciar_ficha(cliente: Cliente, *, usuario: Any, hoy: date, motivo: str) -> None:
    for campo, valor in suprimido(cliente.pk).items():
        setattr(cliente, campo, valor)
    cliente.motivo_categoria = TACHA if cliente.categoria_asignada else ""
    cliente.anonimizado_el = hoy
    # Sin `full_clean`: a una persona le exige apellido, y a una empresa, NIT. La base sí hace cumplir lo suyo.
    with auditar(usuario=usuario, motivo=f"Datos personales suprimidos. {motivo}"):
        cliente.save()


def _vaciar_historia(fichas: list[int], tachador: Tachador) -> None:
    for clave in fichas:
        versiones = modelo_historico(Cliente).objects.filter(id=clave)
        versiones.update(**suprimido(clave))
        versiones.exclude(motivo_categoria="").update(motivo_categoria=TACHA)
        _tachar_filas(versiones, ["history_change_reason"], tachador)


def _vaciar_fusiones(cliente: Cliente, tachador: Tachador) -> None:
    """Las fotos con que se desharía una fusión son su ficha entera: se vacían, y ya no se deshace."""
    for fusion in Fusion.objects.filter(principal=cliente):
        fusion.absorbido_titulo = NOMBRE
        fusion.absorbido, fusion.anteriores = {}, {}
        fusion.motivo = tachador.tachar(fusion.motivo)
        fusion.save(update_fields=["absorbido_titulo", "absorbido", "anteriores", "motivo"])
    # La que se deshizo y dejó esta ficha: su foto está ahí, junto a la de otra persona.
    for fusion in Fusion.objects.filter(absorbido_clave=cliente.pk):
        fusion.absorbido_titulo, fusion.absorbido = NOMBRE, {}
        fusion.motivo = tachador.tachar(fusion.motivo)
        fusion.save(update_fields=["absorbido_titulo", "absorbido", "motivo"])


# --- Lo que se escribió sobre él -------------------------------------------------------------------------------------
def _vaciar_contactos(cliente: Cliente) -> None:
    """Lo que se anotó al hablar con él se borra entero: es una conversación, no un hecho del servicio."""
    Contacto.objects.filter(cliente=cliente).update(asunto="", nota="")
    modelo_historico(Contacto).objects.filter(cliente_id=cliente.pk).update(asunto="", nota="")


def _tachar_textos(cliente: int, tachador: Tachador) -> None:
    """Sus casos, contratos, consentimientos y cuanto cuelga de ellos, de cualquier aplicación, con su historia."""
    for modelo, camino in _modelos_suyos():
        suyos = modelo._base_manager.filter(**{camino: cliente})
        claves = list(suyos.order_by().values_list("pk", flat=True))
        if not claves:
            continue
        _tachar_filas(suyos, _textos(modelo), tachador)
        if hasattr(modelo, "history"):
            historico = modelo_historico(modelo)
            _tachar_filas(historico.objects.filter(id__in=claves), _textos(historico), tachador)


def _modelos_suyos() -> Iterator[tuple[type[models.Model], str]]:
    """Los modelos con textos que cuelgan de un cliente, y el camino hasta él: (NotaInterna, «interaccion__cliente»)."""
    nivel: list[tuple[type[models.Model], str]] = [(Cliente, "")]
    vistos: set[type[models.Model]] = {Cliente, Fusion}
    for _ in range(HONDURA):
        siguiente = []
        for modelo in apps.get_models():
            for llave in _llaves(modelo):
                duenio = next((camino for otro, camino in nivel if otro is llave.related_model), None)
                if duenio is not None and modelo not in vistos:
                    vistos.add(modelo)
                    siguiente.append((modelo, f"{llave.name}__{duenio}" if duenio else llave.name))
        yield from ((modelo, camino) for modelo, camino in siguiente if _textos(modelo))
        nivel = siguiente


def _llaves(modelo: type[models.Model]) -> Iterable[Any]:
    if modelo.__name__.startswith("Historical"):
        return ()
    return (campo for campo in modelo._meta.concrete_fields if campo.many_to_one or campo.one_to_one)


def _textos(modelo: type[models.Model]) -> list[str]:
    """Las columnas en que alguien redacta."""
    return [
        campo.name
        for campo in modelo._meta.concrete_fields
        if isinstance(campo, models.CharField | models.TextField)
        and not isinstance(campo, CampoBusqueda | CampoJson)
        and not campo.choices
        and (campo.max_length is None or campo.max_length >= LARGO_DE_TEXTO)
        and not campo.name.endswith(_DE_OTROS)
    ]


def _tachar_filas(filas: models.QuerySet[Any], columnas: list[str], tachador: Tachador) -> None:
    """Escribe solo las filas que cambian, sin dejar en la historia lo que se tachó."""
    busqueda = next((campo for campo in filas.model._meta.concrete_fields if isinstance(campo, CampoBusqueda)), None)
    for fila in filas.order_by():
        cambios = {
            columna: tachado
            for columna in columnas
            if (tachado := tachador.tachar(getattr(fila, columna) or "")) != (getattr(fila, columna) or "")
        }
        if not cambios:
            continue
        for columna, valor in cambios.items():
            setattr(fila, columna, valor)
        if busqueda is not None:
            cambios[busqueda.name] = busqueda.texto_de(fila)
        filas.model._base_manager.filter(pk=fila.pk).update(**cambios)


def _tachar_lo_que_lo_nombra(cliente: Cliente, tachador: Tachador) -> None:
    """El registro de acciones del admin, y los avisos que llevan a su ficha o a sus casos."""
    suyo = ContentType.objects.get_for_model(Cliente)
    LogEntry.objects.filter(content_type=suyo, object_id=str(cliente.pk)).update(object_repr=NOMBRE)
    direcciones = Q(enlace__startswith=cliente.get_absolute_url())
    casos = Interaccion.objects.filter(cliente=cliente).order_by().values_list("numero", flat=True)
    for numero in casos:
        direcciones |= Q(titulo__contains=numero)
    _tachar_filas(Aviso.objects.filter(direcciones), ["titulo", "texto"], tachador)
