"""Lo que el catálogo no admite. Cada regla lee lo que necesita y lanza ValidationError con una frase en español.

Las usan los `clean()` de los modelos y las operaciones, de modo que valen igual desde una pantalla, un archivo o una
orden de consola. Ninguna escribe.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from .atributos import Definicion, leer_caracteristicas

if TYPE_CHECKING:
    from .models import AtributoTipo, Promocion, Servicio, TipoServicio

NOMBRADOS = 5
"""Cuántos registros se nombran en un mensaje; los demás se cuentan."""


def enumerar(nombres: Sequence[str]) -> str:
    """«FIB-300, FIB-600 y FIB-900», o los primeros cinco «y 12 más»."""
    visibles = list(nombres[:NOMBRADOS])
    if len(nombres) > NOMBRADOS:
        return f"{', '.join(visibles)} y {len(nombres) - NOMBRADOS} más"
    return " y ".join([", ".join(visibles[:-1]), visibles[-1]] if len(visibles) > 1 else visibles)


def _servicios(codigos: Sequence[str]) -> str:
    return f"{len(codigos)} {'servicio' if len(codigos) == 1 else 'servicios'} ({enumerar(codigos)})"


# --- Tipos y atributos -----------------------------------------------------------------------------------------------
def validar_cambio_de_paquete(tipo: TipoServicio) -> None:
    """Un tipo con servicios no se vuelve paquete ni deja de serlo, ni pide más componentes de los que tienen."""
    from .models import Servicio, TipoServicio

    anterior = TipoServicio.objects.filter(pk=tipo.pk).first() if tipo.pk else None
    if anterior is None:
        return
    servicios = Servicio.objects.filter(tipo=tipo)
    if anterior.es_paquete != tipo.es_paquete and (codigos := list(servicios.values_list("codigo", flat=True))):
        raise ValidationError(
            {"es_paquete": f"No se puede cambiar: ya hay {_servicios(codigos)} de este tipo. Cree otro tipo."}
        )
    if tipo.minimo_de_componentes > anterior.minimo_de_componentes:
        cortos = [codigo for codigo, cuantos in _componentes_por_servicio(tipo) if cuantos < tipo.minimo_de_componentes]
        if cortos:
            raise ValidationError({"componentes_minimos": f"No lo cumplirían {_servicios(cortos)}: complételos antes."})


def _componentes_por_servicio(tipo: TipoServicio) -> Iterable[tuple[str, int]]:
    from django.db.models import Count

    return tipo.servicios.order_by("codigo").annotate(n=Count("componentes")).values_list("codigo", "n")


def validar_atributos(tipo: TipoServicio, atributos: Sequence[AtributoTipo]) -> None:
    """La lista completa de atributos que tendrá un tipo: sin claves repetidas y sin dejar inválido ningún servicio.

    La clave de un atributo en uso no cambia: es el nombre del dato en los archivos y en las condiciones ya firmadas de
    los contratos. Lo que se muestra es el nombre, y ese cambia cuando se quiera.
    """
    claves = [atributo.clave for atributo in atributos]
    if repetidas := sorted({clave for clave in claves if claves.count(clave) > 1}):
        raise ValidationError(f"Dos atributos no pueden tener la misma clave: {enumerar(repetidas)}.")
    if tipo.pk is None:
        return
    filas = list(tipo.servicios.order_by("codigo").values_list("codigo", "caracteristicas"))
    _exigir_claves_en_uso(tipo, set(claves), filas)
    definiciones = [atributo.definicion() for atributo in atributos]
    faltas = _incumplen(definiciones, filas)
    if faltas:
        primera = next(iter(faltas.values()))
        verbo = "no cumpliría" if len(faltas) == 1 else "no cumplirían"
        raise ValidationError(
            f"No se guardó: {verbo} {_servicios(list(faltas))}. Por ejemplo, {next(iter(faltas))}: {primera} "
            "Corrija antes esos servicios; un atributo nuevo puede empezar como no obligatorio."
        )


def _exigir_claves_en_uso(tipo: TipoServicio, claves: Collection[str], filas: Sequence[tuple[str, dict]]) -> None:
    for atributo in tipo.atributos.all():
        if atributo.clave in claves:
            continue
        if usan := [codigo for codigo, caracteristicas in filas if atributo.clave in caracteristicas]:
            verbo = "lo usa" if len(usan) == 1 else "lo usan"
            raise ValidationError(
                f"El atributo «{atributo.nombre}» no se puede quitar ni cambiar de clave ({atributo.clave}): "
                f"{verbo} {_servicios(usan)}."
            )


def _incumplen(definiciones: Sequence[Definicion], filas: Iterable[tuple[str, dict]]) -> dict[str, str]:
    faltas = {}
    for codigo, caracteristicas in filas:
        _, malas = leer_caracteristicas(definiciones, caracteristicas)
        if malas:
            faltas[codigo] = next(iter(malas.values()))
    return faltas


# --- Servicios -------------------------------------------------------------------------------------------------------
def validar_tipo_de(servicio: Servicio) -> None:
    """Un tipo inactivo no recibe servicios, y uno ya contratado o vendido en un paquete no cambia de clase."""
    from .models import Servicio

    anterior = Servicio.objects.filter(pk=servicio.pk).values_list("tipo", flat=True).first() if servicio.pk else None
    if anterior == servicio.tipo_id:
        return
    if not servicio.tipo.activo:
        raise ValidationError({"tipo": f"El tipo «{servicio.tipo}» está inactivo: no recibe servicios nuevos."})
    if anterior is None:
        return
    if servicio.contratos.exists():  # type: ignore[attr-defined]
        raise ValidationError(
            {"tipo": "El servicio ya tiene contratos: no cambia de tipo. Cree otro servicio y retire este."}
        )
    if servicio.tipo.es_paquete and servicio.paquetes.exists():
        raise ValidationError({"tipo": "El servicio es parte de un paquete: no puede ser él mismo un paquete."})


def validar_componentes(servicio: Servicio, componentes: Collection[Servicio]) -> None:
    """Un paquete reúne los servicios que su tipo pide, activos y que no sean paquetes; lo demás no se compone."""
    minimo = servicio.tipo.minimo_de_componentes
    if not minimo:
        if componentes:
            raise ValidationError({"componentes": f"«{servicio.tipo}» no es un paquete: no lleva otros servicios."})
        return
    if len({componente.pk for componente in componentes}) < minimo:
        raise ValidationError({"componentes": f"«{servicio.tipo}» se compone de {minimo} servicios o más."})
    if servicio.pk in {componente.pk for componente in componentes}:
        raise ValidationError({"componentes": "Un paquete no puede ser parte de sí mismo."})
    if paquetes := [c.codigo for c in componentes if c.tipo.es_paquete]:
        raise ValidationError(
            {"componentes": f"Un paquete no se compone de otros paquetes: quite {enumerar(paquetes)}."}
        )
    if servicio.estado == "activo" and (retirados := [c.codigo for c in componentes if c.estado != "activo"]):
        raise ValidationError(
            {"componentes": f"Un paquete activo no lleva servicios retirados: quite {enumerar(retirados)}."}
        )


def validar_retiro(servicio: Servicio, *, fecha: date, hoy: date) -> None:
    """Se retira una sola vez, no en el futuro, y nunca un servicio del que depende un paquete a la venta."""
    if servicio.estado != "activo":
        raise ValidationError(f"«{servicio}» ya está retirado.")
    if fecha > hoy:
        raise ValidationError({"fecha": "La fecha de retiro no puede ser posterior a hoy."})
    if paquetes := list(servicio.paquetes.activos().values_list("codigo", flat=True)):
        raise ValidationError(
            f"«{servicio}» no se puede retirar: es parte {_del_paquete(paquetes)}. Retire antes el paquete o cámbielo."
        )


def validar_borrado(servicio: Servicio) -> None:
    """Un servicio que es parte de un paquete o de una promoción no se borra.

    Borrarlo dejaría el paquete incompleto o la promoción valiendo para todo el catálogo. De los contratos responde la
    base (PROTECT).
    """
    if paquetes := list(servicio.paquetes.values_list("codigo", flat=True)):
        raise ValidationError(f"«{servicio}» no se puede borrar: es parte {_del_paquete(paquetes)}. Puede retirarlo.")
    if promociones := list(servicio.promociones.values_list("codigo", flat=True)):
        nombre = "la promoción" if len(promociones) == 1 else "las promociones"
        raise ValidationError(
            f"«{servicio}» no se puede borrar: está en {nombre} {enumerar(promociones)}. Puede retirarlo."
        )


def _del_paquete(codigos: Sequence[str]) -> str:
    return f"{'del paquete' if len(codigos) == 1 else 'de los paquetes'} {enumerar(codigos)}"


# --- Promociones -----------------------------------------------------------------------------------------------------
def validar_promocion(promocion: Promocion) -> None:
    """El beneficio de una promoción ya dada no se toca, y el cupo no baja de lo que ya se dio."""
    from .models import BeneficioPromocion, Promocion

    meses_gratis = promocion.beneficio == BeneficioPromocion.MESES_GRATIS
    if meses_gratis and promocion.cantidad is not None and promocion.cantidad != int(promocion.cantidad):
        raise ValidationError({"cantidad": "Los meses gratis son un número entero."})
    anterior = Promocion.objects.con_usos().filter(pk=promocion.pk).first() if promocion.pk else None
    usadas: int = getattr(anterior, "usadas", 0)
    if anterior is None or not usadas:
        return
    veces = "1 contrato" if usadas == 1 else f"{usadas} contratos"
    for campo in ("beneficio", "cantidad", "duracion_meses"):
        if getattr(anterior, campo) != getattr(promocion, campo):
            raise ValidationError({campo: f"Ya la tienen {veces} con esas condiciones: cree otra promoción."})
    if promocion.cupo is not None and promocion.cupo < usadas:
        raise ValidationError({"cupo": f"Ya la tienen {veces}: el cupo no puede ser menor."})


def validar_servicios_de_promocion(promocion: Promocion, servicios: Collection[Servicio]) -> None:
    """A una promoción no se le añaden servicios retirados; los que ya tenía se quedan."""
    previos = set(promocion.servicios.values_list("pk", flat=True)) if promocion.pk else set()
    retirados = [s.codigo for s in servicios if s.estado != "activo" and s.pk not in previos]
    if retirados:
        raise ValidationError({"servicios": f"No se pueden añadir servicios retirados: quite {enumerar(retirados)}."})
