"""`usuario.json`: los lugares propios y los clientes con todo lo suyo, sin armar un registro por cada uno.

Los clientes se leen por trozos y, con cada trozo, lo que cuelga de ellos en una consulta por clase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from clientes.models import Cliente, Consentimiento, Contrato, Interaccion
from movistar_site.comun.parametros import parametros
from movistar_site.comun.salida import Cuenta
from movistar_site.comun.salida.escritura import escritores_de
from movistar_site.comun.salida.plan import Clase, ColumnaDeSalida, Plan
from movistar_site.comun.salida.texto_json import FormatoJson, citado, vacio

from ..entidades import ENTIDADES
from .catalogo import tandas
from .documento import SANGRIA_DE_REGISTRO, documento, ordenado, registro, simple

# Con todo lo suyo, un cliente pesa varios kilobytes.
_CLIENTES_POR_TROZO = 250
_SANGRIA_CLIENTE = SANGRIA_DE_REGISTRO + 2
_SANGRIA_HIJO = _SANGRIA_CLIENTE + 4


def _texto(nombre: str, fuente: str = "", **opciones: Any) -> ColumnaDeSalida:
    return ColumnaDeSalida(nombre, (fuente or nombre,), **opciones)


def _repetida(nombre: str, fuente: str = "", render: Callable[[Any], Any] = simple, **opciones: Any) -> ColumnaDeSalida:
    return ColumnaDeSalida(nombre, (fuente or nombre,), Clase.REPETIDA, render=render, **opciones)


def _instante(nombre: str) -> ColumnaDeSalida:
    return ColumnaDeSalida(nombre, (nombre,), Clase.INSTANTE)


CLIENTE = (
    _repetida("tipo_persona"), _repetida("tipo_documento"), _texto("documento"), _texto("nombre"), _texto("apellido"),
    _texto("email"), _texto("telefono"), _texto("telefono_alterno"), _texto("direccion"),
    _repetida("municipio", "municipio_id"), _repetida("estrato"), _repetida("fecha_vinculacion"),
    _repetida("categoria"),
    # El motivo vacío dice que la categoría la da la permanencia y no una persona.
    _texto("motivo_categoria", siempre=True),
    _repetida("estado"), _repetida("inactivo_desde"), _texto("notas"), _texto("id_origen"),
    _repetida("pendientes", render=ordenado),
)  # fmt: skip
CONTRATO = (
    # Condiciones, precio y periodicidad vacías también salen: si faltaran, al importar las daría el servicio.
    _texto("numero"), _repetida("servicio", "servicio__codigo"), _repetida("estado"), _repetida("fecha_inicio"),
    _repetida("fecha_fin"), _repetida("precio", siempre=True), _repetida("periodicidad", siempre=True),
    _repetida("condiciones", render=ordenado, siempre=True), _repetida("permanencia_meses"),
    _texto("anexo_permanencia"), _repetida("promocion", "promocion__codigo"),
    _texto("cedido_de", "cedido_de__numero", anulable=True),
)  # fmt: skip
INTERACCION = (
    _texto("numero"), _repetida("tipo"), _instante("fecha"), _repetida("canal"), _texto("asunto"), _texto("texto"),
    _repetida("estado"), _texto("contrato", "contrato__numero", anulable=True), _texto("respuesta"),
    _instante("respondida_el"), _repetida("registrada_por", "registrada_por_nombre"),
    _repetida("motivo_codigo", "motivo__codigo"), _texto("cun"), _repetida("primer_plazo"), _repetida("vence_el"),
    # Solo sale lo raro: con el plazo en el archivo, lo que falta dice que sí aplica.
    _repetida("aplica_sap", render=lambda si: "" if si else "no"),
    _texto("prorroga_motivo"), _instante("prorroga_avisada_el"), _repetida("canal_respuesta"), _repetida("sentido"),
    _repetida("responsable", "responsable__username"), _repetida("equipo", "equipo__nombre"),
    _texto("recurso_de", "recurso_de__numero", anulable=True), _repetida("causal"), _repetida("pide_apelacion"),
    _repetida("enviada_sic_el"),
)  # fmt: skip
CONSENTIMIENTO = (
    _repetida("finalidad"), _repetida("canal"), _repetida("version_texto"), _instante("otorgado_el"),
    _repetida("medio"), _texto("evidencia"), _repetida("registrado_por", "registrado_por_nombre"),
    _instante("revocado_el"),
)  # fmt: skip
HIJOS: dict[str, tuple[Any, tuple[ColumnaDeSalida, ...], tuple[str, ...]]] = {
    "servicios": (Contrato, CONTRATO, ("numero",)),
    "interacciones": (Interaccion, INTERACCION, ("numero",)),
    "consentimientos": (Consentimiento, CONSENTIMIENTO, ("otorgado_el", "finalidad", "canal", "pk")),
}


def escribir_usuario(hoy: date, base: str, cuenta: Cuenta) -> Iterator[bytes]:
    """`usuario.json`, leído de la base `base`."""
    departamentos = ENTIDADES["departamentos"].consulta().using(base)
    municipios = ENTIDADES["municipios"].consulta().using(base)
    return documento(
        {
            "departamentos": tandas(departamentos, lambda d: {"nombre": d.nombre}, cuenta),
            "municipios": tandas(
                municipios, lambda m: {"nombre": m.nombre, "departamento": m.departamento_id}, cuenta
            ),
            "usuarios": _clientes(hoy, base, cuenta),
        }
    )  # fmt: skip


def _clientes(hoy: date, base: str, cuenta: Cuenta) -> Iterator[list[str]]:
    formato = FormatoJson(sangria=_SANGRIA_CLIENTE, omitir=vacio)
    clientes: Any = Cliente.objects.order_by(*ENTIDADES["clientes"].orden)
    clave = ColumnaDeSalida("clave", ("tipo_documento", "documento"))
    plan = Plan(
        clientes.con_categoria(hoy, parametros(hoy)),
        [*CLIENTE, clave, ColumnaDeSalida("pk", ("pk",))],
        base,
        filas_por_trozo=_CLIENTES_POR_TROZO,
    )
    escritores = escritores_de(plan, formato)[: len(CLIENTE)]
    hijos = [_Hijos(nombre, base, cuenta) for nombre in HIJOS]
    for *columnas, claves, pks in plan.trozos():
        escritas = [escribir(valores) for escribir, valores in zip(escritores, columnas, strict=True)]
        escritas += [clase.de(pks) for clase in hijos]
        cuenta.registros += len(pks)
        yield [registro(clave, texto) for clave, texto in zip(claves, formato.objetos(escritas), strict=True)]


class _Hijos:
    """Lo que cuelga de los clientes, de una clase: sus contratos, por ejemplo."""

    def __init__(self, nombre: str, base: str, cuenta: Cuenta) -> None:
        modelo, self.columnas, orden = HIJOS[nombre]
        self.cuenta = cuenta
        self.formato = FormatoJson(sangria=_SANGRIA_HIJO, omitir=vacio)
        # Se compila una vez: preparar mil claves con Django cuesta más que leer lo que hallan.
        consulta = modelo.objects.filter(cliente__in=[0]).order_by(*orden)
        self.plan = Plan(consulta, [*self.columnas, ColumnaDeSalida("cliente", ("cliente_id",))], base)
        self.antes, self.despues = str((self.plan.sql or ("",))[0]).split("IN (%s)")
        self.escritores = escritores_de(self.plan, self.formato)[: len(self.columnas)]
        objeto = " " * (_SANGRIA_HIJO - 2)
        self.union = f",\n{objeto}"
        self.inicio = f",\n{' ' * _SANGRIA_CLIENTE}{citado(nombre)}: [\n{objeto}"
        self.cierre = f"\n{' ' * _SANGRIA_CLIENTE}]"

    def de(self, clientes: Sequence[int]) -> list[str]:
        """La lista de cada cliente, ya escrita como una clave más de su objeto; nada si no tiene."""
        claves = ",".join(str(int(cliente)) for cliente in clientes)
        self.plan.sql = (f"{self.antes}IN ({claves}){self.despues}", ())
        suyos: dict[int, list[str]] = {}
        for *columnas, duenos in self.plan.trozos():
            escritas = [escribir(valores) for escribir, valores in zip(self.escritores, columnas, strict=True)]
            self.cuenta.registros += len(duenos)
            for dueno, objeto in zip(duenos, self.formato.objetos(escritas), strict=True):
                suyos.setdefault(dueno, []).append(objeto)
        return [
            f"{self.inicio}{self.union.join(suyos[cliente])}{self.cierre}" if cliente in suyos else ""
            for cliente in clientes
        ]
