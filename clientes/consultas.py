"""Lo que se lee de los clientes cruzando modelos. Cada función es un número fijo de consultas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.models import Permission
from django.db.models import Model, Q, QuerySet

from movistar_site.comun import busqueda, valores
from movistar_site.comun.models import Usuario
from movistar_site.comun.opciones import Categoria
from servicios.models import TipoServicio

from . import cun, reglas
from .models import (
    Cliente,
    Consentimiento,
    Contrato,
    Interaccion,
    PlantillaRespuesta,
    SilencioPositivo,
)

M = TypeVar("M", bound=Model)
PREFIJO_DE_PAIS = "+57"
CIFRAS_DE_UN_NUMERO = 8


def texto_de_cliente(texto: str) -> str:
    """Lo que se busca de un cliente, sin los adornos con que se dicta un teléfono: «(300) 123-4567» → «3001234567».

    Se dejan las diez cifras y no el «+57»: las mismas cifras pueden ser también de un documento.
    """
    try:
        return valores.normalizar_telefono(texto)[len(PREFIJO_DE_PAIS) :]
    except ValueError:
        return texto


def buscar_clientes(consulta: QuerySet[Cliente], texto: str) -> QuerySet[Cliente]:
    """Los que tienen todas las palabras: nombre, documento, teléfono o correo, sin tildes ni puntos."""
    return busqueda.filtrar(consulta, texto_de_cliente(texto))


def buscar_contratos(consulta: QuerySet[Contrato], texto: str) -> QuerySet[Contrato]:
    """Los que llevan ese número o son de un cliente que se llama, se identifica o se llama por teléfono así.

    Va por subconsulta y no por un OR sobre un JOIN: cada mitad usa su índice, y con un OR no lo usaría ninguna.
    """
    if not busqueda.palabras_de(texto):
        return consulta
    suyos = buscar_clientes(Cliente.objects.all(), texto).order_by().values("pk")
    return consulta.filter(Q(numero__in=numeros_posibles(texto, "C")) | Q(cliente__in=suyos))


def buscar_interacciones(consulta: QuerySet[Interaccion], texto: str) -> QuerySet[Interaccion]:
    """Las de ese radicado o ese CUN, con esas palabras en el asunto, o de un cliente que se encuentra así."""
    if not busqueda.palabras_de(texto):
        return consulta
    if escrito := cun.leer(texto):
        return consulta.filter(_con_cun(escrito))
    suyos = buscar_clientes(Cliente.objects.all(), texto).order_by().values("pk")
    propias = Interaccion.objects.filter(busqueda__contiene=texto).order_by().values("pk")
    return consulta.filter(Q(numero__in=numeros_posibles(texto, "R")) | Q(pk__in=propias) | Q(cliente__in=suyos))


def _con_cun(escrito: str) -> Q:
    """La PQR de ese CUN y sus recursos, que lo comparten. Dicho así, el índice único del CUN la encuentra."""
    de_la_pqr = Interaccion.objects.filter(~Q(cun=""), cun=escrito, recurso_de__isnull=True).order_by().values("pk")
    return Q(pk__in=de_la_pqr) | Q(recurso_de__in=de_la_pqr)


def caso_por_numero(texto: str) -> Interaccion | None:
    """El caso que lleva ese radicado o ese CUN, escritos como sea; de un CUN, la PQR."""
    if escrito := cun.leer(texto):
        return Interaccion.objects.filter(~Q(cun=""), cun=escrito, recurso_de__isnull=True).first()
    return Interaccion.objects.filter(numero__in=numeros_posibles(texto, "R")).first()


def plantillas_para(interaccion: Interaccion) -> QuerySet[PlantillaRespuesta]:
    """Las plantillas activas que le sirven a un caso, por su tipo y su motivo."""
    return PlantillaRespuesta.objects.filter(
        Q(tipo="") | Q(tipo=interaccion.tipo), Q(motivo=None) | Q(motivo=interaccion.motivo_id), activa=True
    )


def quienes_atienden() -> QuerySet[Usuario]:
    """Las cuentas activas que pueden modificar interacciones, por su nombre: a ellas se les asigna un caso."""
    permiso = {"codename": "change_interaccion", "content_type__app_label": "clientes"}
    puede = Permission.objects.filter(**permiso).values("pk")
    return Usuario.objects.filter(
        Q(is_superuser=True)
        | Q(pk__in=Usuario.objects.filter(groups__permissions__in=puede).values("pk"))
        | Q(pk__in=Usuario.objects.filter(user_permissions__in=puede).values("pk")),
        is_active=True,
        is_staff=True,
    ).order_by("first_name", "last_name", "username")


def silencio_de(interaccion: Interaccion) -> SilencioPositivo | None:
    """Su silencio positivo, si lo tiene. Sin consulta si el caso se trajo con él."""
    try:
        return interaccion.silencio  # type: ignore[attr-defined]
    except SilencioPositivo.DoesNotExist:
        return None


def buscar_por_cliente(consulta: QuerySet[M], texto: str) -> QuerySet[M]:
    """Lo que es (por su campo `cliente`) de un cliente que se encuentra así."""
    if not busqueda.palabras_de(texto):
        return consulta
    return consulta.filter(cliente__in=buscar_clientes(Cliente.objects.all(), texto).order_by().values("pk"))


def numeros_posibles(texto: str, letra: str) -> list[str]:
    """Las formas en que puede estar guardado un número escrito a mano: «c-12», «C12» o «12» → «C-00000012»."""
    limpio = texto.strip().upper()
    formas = {texto.strip(), limpio}
    cifras = limpio.removeprefix(letra).lstrip("-").strip()
    if cifras.isdecimal() and len(cifras) <= CIFRAS_DE_UN_NUMERO:
        formas.add(f"{letra}-{int(cifras):0{CIFRAS_DE_UN_NUMERO}d}")
    return sorted(formas)


def contratos_de(cliente: Cliente) -> QuerySet[Contrato]:
    """Los contratos del cliente con su servicio, del último al primero."""
    return cliente.contratos.select_related("servicio__tipo", "promocion").order_by("-id")  # type: ignore[attr-defined]


def interacciones_de(cliente: Cliente) -> QuerySet[Interaccion]:
    """Las interacciones del cliente con su contrato, de la última a la primera."""
    return cliente.interacciones.select_related("contrato").order_by("-fecha", "-id")  # type: ignore[attr-defined]


def consentimientos_de(cliente: Cliente) -> QuerySet[Consentimiento]:
    """Las autorizaciones del cliente, vigentes y revocadas, de la última a la primera."""
    return cliente.consentimientos.order_by("-otorgado_el", "-id")  # type: ignore[attr-defined]


def nombre_de_categoria(categoria: str) -> str:
    """«Leal»; lo que no sea una categoría se muestra tal cual."""
    return Categoria(categoria).label if categoria in Categoria.values else categoria


def datos_por_completar(cliente: Cliente) -> list[tuple[str, str]]:
    """Cada dato por completar con su nombre visible y el motivo, en el orden de la ficha."""
    nombres = {campo.name: str(campo.verbose_name) for campo in Cliente._meta.concrete_fields}
    orden = list(nombres)
    return [
        (nombres.get(campo, campo).capitalize(), str(motivo))
        for campo, motivo in sorted(
            (cliente.pendientes or {}).items(), key=lambda par: orden.index(par[0]) if par[0] in nombres else len(orden)
        )
    ]


def explicar_categoria(cliente: Cliente, hoy: date, normas: Mapping[str, Any]) -> str:
    """Por qué el cliente tiene su categoría: «Leal: lleva 14 años y 2 meses (más de 10 años)»."""
    por_permanencia = valores.categoria_por_permanencia(
        cliente.fecha_vinculacion, hoy, meses_regular=normas["meses_regular"], meses_leal=normas["meses_leal"]
    )
    if cliente.categoria_asignada:
        asignada = f"Asignada a mano: {cliente.motivo_categoria.rstrip('.')}."
        if cliente.categoria_asignada == por_permanencia:
            return asignada
        return f"{asignada} Por su permanencia sería {Categoria(por_permanencia).label.lower()}."
    regular, leal = reglas.en_palabras(normas["meses_regular"]), reglas.en_palabras(normas["meses_leal"])
    tramo = {
        Categoria.NUEVO: f"menos de {regular}",
        Categoria.REGULAR: f"de {regular} a {leal}",
        Categoria.LEAL: f"más de {leal}",
    }[Categoria(por_permanencia)]
    return f"{Categoria(por_permanencia).label}: {_tiempo(cliente.fecha_vinculacion, hoy)} ({tramo})"


def _tiempo(desde: date, hoy: date) -> str:
    """Años y meses; con los días si sin ellos no se ve por qué: diez años y un día es más de diez años."""
    tiempo = valores.permanencia(desde, hoy)
    if not any(tiempo):
        return "es cliente desde hoy"
    return f"lleva {tiempo._replace(dias=0) if tiempo.meses else tiempo}"


@dataclass(frozen=True)
class Usos:
    """Lo que hay a nombre de un cliente."""

    contratos: int
    interacciones: int
    consentimientos: int

    def __bool__(self) -> bool:
        return bool(self.contratos or self.interacciones or self.consentimientos)


def usos_de(cliente: Cliente) -> Usos:
    """Cuántos contratos, interacciones y consentimientos tiene el cliente: con alguno no se borra, se desactiva."""
    return Usos(
        contratos=cliente.contratos.count(),  # type: ignore[attr-defined]
        interacciones=cliente.interacciones.count(),  # type: ignore[attr-defined]
        consentimientos=cliente.consentimientos.count(),  # type: ignore[attr-defined]
    )


def condiciones_legibles(contrato: Contrato) -> list[tuple[str, str]]:
    """Las condiciones firmadas, como pares (nombre, valor), en el orden del tipo de servicio."""
    return condiciones_en_palabras(contrato.condiciones, contrato.servicio.tipo)


def condiciones_en_palabras(condiciones: Any, tipo: TipoServicio) -> list[tuple[str, str]]:
    """Unas condiciones firmadas sobre un servicio de ese tipo, como pares (nombre, valor).

    El nombre y la unidad salen de los atributos del tipo; una clave que el tipo ya no tiene se muestra tal cual, porque
    el cliente la firmó.
    """
    firmadas = condiciones.get("caracteristicas") if isinstance(condiciones, dict) else None
    if not isinstance(firmadas, dict):
        return []
    pares = []
    definiciones = {definicion.clave: definicion for definicion in tipo.definiciones()}
    claves = [clave for clave in definiciones if clave in firmadas]
    claves += [clave for clave in firmadas if clave not in definiciones]
    for clave in claves:
        definicion = definiciones.get(clave)
        nombre = definicion.nombre if definicion else clave.replace("_", " ").capitalize()
        unidad = f" {definicion.unidad}" if definicion and definicion.unidad else ""
        pares.append((nombre, f"{_legible(firmadas[clave])}{unidad}"))
    return pares


def _legible(valor: Any) -> str:
    if isinstance(valor, bool):
        return "Sí" if valor else "No"
    if isinstance(valor, list):
        return ", ".join(_legible(parte) for parte in valor)
    if isinstance(valor, float):
        return str(valor).replace(".", ",")
    return str(valor)
