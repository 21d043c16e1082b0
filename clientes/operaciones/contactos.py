"""Los contactos con el cliente. Un `Contacto` solo nace aquí, después de pasar la puerta (Ley 2300 de 2023)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from movistar_site.comun.auditoria import auditar
from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.lotes import Firma, actualizar
from movistar_site.comun.models import nombre_de
from movistar_site.comun.opciones import Canal

from .. import consultas_contacto, reglas
from ..consultas_contacto import QUE_CUENTAN
from ..contacto import AL_RETIRAR, por, puede_contactar
from ..models import Cliente, Consentimiento, Contacto, Finalidad, FinalidadContacto, ResultadoContacto
from ..plantel import PERMISO_DE_ADMINISTRADOR
from .anonimizar import anonimizar_cliente
from .comunes import exigir_con_datos, exigir_motivo, guardar, momento, releer
from .consentimientos import revocar_sin_avisar

__all__ = [
    "abrir_contacto",
    "anonimizar_cliente",
    "cerrar_contacto",
    "cerrar_olvidados",
    "dejar_de_contactar",
    "puede_cerrar",
]
TANDA = 200
LARGO_DEL_ASUNTO = 160
SIN_CERRAR = "Nadie lo cerró el día en que se hizo: se da por no respondido"


@transaction.atomic
def abrir_contacto(
    *, cliente: Cliente, canal: str, finalidad: str, usuario: Any, ahora: datetime, asunto: str = "",
    entrante: bool = False,
) -> Contacto:  # fmt: skip
    """Registra que se va a hablar con el cliente, o que él vino, y lo deja en curso hasta que se cierre.

    Si lo busca el operador pasa por la puerta (`contacto.puede_contactar`). Si lo empezó el cliente (`entrante`) es
    lícito siempre: la Ley 2300 de 2023 limita a quien contacta, no al consumidor. Bloquea la ficha del cliente, de modo
    que de dos asesores que aprietan el botón a la vez uno contacta y el otro recibe la razón.

    Lanza ValidationError si la puerta no lo permite (por qué y desde cuándo), si el canal o la finalidad no existen o
    si los datos del cliente se suprimieron.
    """
    _exigir_opciones(canal, finalidad)
    releer(cliente)
    exigir_con_datos(cliente)
    if not entrante:
        _pasar_la_puerta(cliente, canal=canal, finalidad=finalidad, ahora=ahora)
    nuevo = Contacto(
        cliente=cliente, canal=canal, finalidad=finalidad, entrante=entrante, momento=ahora,
        dia=timezone.localdate(ahora), asunto=reglas.limpiar_texto(asunto)[:LARGO_DEL_ASUNTO],
        hecho_por=usuario if getattr(usuario, "pk", None) else None, hecho_por_nombre=nombre_de(usuario)[:150],
    )  # fmt: skip
    try:
        with transaction.atomic():
            return guardar(nuevo, usuario=usuario)
    except IntegrityError as error:
        # Con la ficha bloqueada no ocurre; si alguien escribió por otro lado, la base es la que manda.
        raise ValidationError("A este cliente se le acaba de contactar: es una sola vez al día.") from error


def _exigir_opciones(canal: str, finalidad: str) -> None:
    faltas = {}
    if canal not in Canal.values:
        faltas["canal"] = f"Elija por dónde se le contacta: «{canal}» no es un canal." if canal else "Elija el canal."
    if finalidad not in FinalidadContacto.values:
        faltas["finalidad"] = "Diga si el contacto es comercial o de servicio: no hay una por omisión."
    if faltas:
        raise ValidationError(faltas)


def _pasar_la_puerta(cliente: Cliente, *, canal: str, finalidad: str, ahora: datetime) -> None:
    permiso = puede_contactar(
        consultas_contacto.hechos_de(cliente, ahora=ahora), canal=canal, finalidad=finalidad, momento=ahora,
        reglas=consultas_contacto.reglas_de_contacto(timezone.localdate(ahora)),
    )  # fmt: skip
    if not permiso.permitido:
        raise ValidationError(permiso.frase)


@transaction.atomic
def cerrar_contacto(contacto: Contacto, *, resultado: str, usuario: Any, ahora: datetime, nota: str = "") -> Contacto:
    """Anota en qué terminó un contacto. Lo que no fue efectivo deja de contar para el límite del día.

    Lo cierra quien lo abrió o un administrador. Lanza ValidationError si ya estaba cerrado, si el resultado no es uno
    final, si lo abrió otra persona o si se cierra antes de haber empezado.
    """
    if resultado not in ResultadoContacto.values or resultado == ResultadoContacto.EN_CURSO:
        raise ValidationError({"resultado": "Diga en qué terminó: habló o respondió, no responde o dato equivocado."})
    releer(contacto)
    if contacto.resultado != ResultadoContacto.EN_CURSO:
        raise ValidationError(f"El contacto ya se cerró: {contacto.get_resultado_display().lower()}.")
    if not puede_cerrar(contacto, usuario):
        raise ValidationError(
            f"El contacto lo abrió {contacto.hecho_por_nombre or 'otra persona'}: lo cierra quien lo abrió o un"
            " administrador."
        )
    if ahora < contacto.momento:
        raise ValidationError(f"El contacto empezó el {momento(contacto.momento)}: no puede cerrarse antes.")
    contacto.resultado, contacto.nota = resultado, (nota or "").strip()
    return guardar(contacto, usuario=usuario)


def puede_cerrar(contacto: Contacto, usuario: Any) -> bool:
    """Si esa cuenta puede cerrar ese contacto: es quien lo abrió o un administrador; sin cuenta, el panel mismo."""
    return usuario is None or contacto.hecho_por_id == usuario.pk or usuario.has_perm(PERMISO_DE_ADMINISTRADOR)


@transaction.atomic
def dejar_de_contactar(
    cliente: Cliente, *, usuario: Any, ahora: datetime, motivo: str, canal: str = ""
) -> list[Consentimiento]:
    """El cliente no quiere más ofertas, por un canal o (sin `canal`) por ninguno. Vale desde ya.

    Revoca sus autorizaciones comerciales y detiene lo que otras aplicaciones tuvieran en cola (`AL_RETIRAR`), aunque no
    hubiera ninguna que revocar (Ley 2300 de 2023, artículo 5, parágrafo 2). Devuelve las que revocó. Lanza
    ValidationError si falta el motivo o el canal no existe.
    """
    motivo = exigir_motivo(motivo, "Escriba cómo lo pidió el cliente: queda en la historia.")
    if canal and canal not in Canal.values:
        raise ValidationError({"canal": f"«{canal}» no es un canal: elija uno o déjelo vacío para todos."})
    releer(cliente)
    suyas = Consentimiento.objects.vigentes().filter(cliente=cliente, finalidad=Finalidad.COMERCIAL)
    elegidas = list((suyas.filter(canal=canal) if canal else suyas).order_by("id"))
    por_donde = por(canal) if canal else "por ningún canal"
    for una in elegidas:
        revocar_sin_avisar(una, usuario=usuario, ahora=ahora, motivo=f"No quiere ofertas {por_donde}: {motivo}")
    for detener in AL_RETIRAR:
        detener(cliente, usuario, ahora)
    return elegidas


class ContactosDelMismoDia:
    """Los contactos que se hicieron el mismo día con dos fichas que eran la misma persona (`fusiones.Repetidos`).

    Los de la ficha que se une dejan de contar para el límite de ese día, que ya pasó, y así caben en una sola.
    """

    def preparar(self, principal: Cliente, absorbido: Cliente, *, usuario: Any, ahora: datetime) -> list[int]:
        """Aparta los de `absorbido` de un día en que también se contactó a `principal`. Devuelve sus claves."""
        gastan = Contacto.objects.salientes().comerciales().filter(resultado__in=QUE_CUENTAN, con_otra_ficha=False)
        dias = gastan.filter(cliente=principal).order_by().values("dia")
        firma = Firma(ahora, usuario, f"Fusión con {principal}: ese día ya se le había contactado con la otra ficha")
        return _poner_otra_ficha(gastan.filter(cliente=absorbido, dia__in=dias), True, firma)

    def deshacer(self, datos: Any, *, usuario: Any, ahora: datetime) -> None:
        """Los que se apartaron, otra vez de su ficha, vuelven a contar."""
        firma = Firma(ahora, usuario, "Fusión deshecha: vuelve a contar para el límite de su día")
        _poner_otra_ficha(Contacto.objects.filter(pk__in=datos), False, firma)


def _poner_otra_ficha(contactos: QuerySet[Contacto], valor: bool, firma: Firma) -> list[int]:
    suyos = list(contactos.order_by("pk"))
    for uno in suyos:
        uno.con_otra_ficha = valor
    actualizar(Contacto, suyos, campos=["con_otra_ficha"], firma=firma)
    return [uno.pk for uno in suyos]


def cerrar_olvidados(*, hoy: date, ahora: datetime, usuario: Any = None) -> int:
    """Da por no respondidos los contactos que quedaron en curso en días anteriores. Devuelve cuántos cerró.

    Lo hace el reloj cada día. Va por tandas cortas y mira de nuevo con cada uno bloqueado: repetirlo, o correr dos a la
    vez, deja lo mismo.
    """
    olvidados = Contacto.objects.filter(resultado=ResultadoContacto.EN_CURSO, dia__lt=hoy)
    claves = list(olvidados.order_by("id").values_list("pk", flat=True))
    cerrados = 0
    with Cortesia(tanda=TANDA, fija=True) as turno, auditar(usuario=usuario, origen="cerrar contactos"):
        for desde in range(0, len(claves), TANDA):
            tanda = claves[desde : desde + TANDA]
            with turno.transaccion(len(tanda)):
                bloqueados = olvidados.select_for_update().filter(pk__in=tanda).order_by("pk")
                for uno in bloqueados:
                    uno.resultado = ResultadoContacto.NO_RESPONDE
                    guardar(uno, usuario=usuario, motivo=SIN_CERRAR)
                    cerrados += 1
    return cerrados
