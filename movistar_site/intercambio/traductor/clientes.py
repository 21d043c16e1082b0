"""Un cliente de un archivo, con lo que cuelga de él, como registros planos."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from movistar_site.comun.valores import citar

from ..piezas import Leido
from . import nombres, personas, tablas
from .claves import es_vacio, normal, repetidos
from .contratos import DatosDeCliente, LectorDeContratos
from .ficha import Ficha
from .interacciones import LectorDeInteracciones
from .piezas import NO_SE_RECONOCE, Salida, Sitio, a_columna, fallido, hijos, materializar, simple
from .planes import Plan, directos
from .taller import Taller

COLECCIONES = frozenset(
    {"servicios", "servicios_activos", "servicios_retirados", "interacciones", "consultas", "reclamaciones",
     "sugerencias", "consentimientos", "bonos", "categoria", "fecha", "fecha_vinculacion", "cliente", "pendientes",
     "marca_nuevo", "marca_regular", "marca_leal"}
)  # fmt: skip
PLANTILLA = "Plantilla en blanco: ninguno de sus campos trae datos."
SOLO_ACCESO = "Solo trae un usuario y su contraseña: no es un cliente y no se importa."
DE_PERSONAL = "Es de una persona del personal del sistema anterior: no se importa."
BONO = "El panel no guarda bonos de un archivo: créelo en Bonificaciones si sigue vigente."
_IDENTIDAD = ("nombre", "nombre1", "nombre_completo", "apellido", "apellido1", "documento", "documento_cc",
              "documento_ti", "documento_ce", "documento_nit", "documento_pas", "telefono", "celular", "direccion",
              "servicios", "fijo", "razon_social")  # fmt: skip


class LectorDeClientes:
    """Traduce clientes. El que ya viene como lo escribe el panel pasa casi sin tocarse."""

    def __init__(self, taller: Taller) -> None:
        self.taller = taller
        self.contratos = LectorDeContratos(taller)
        self.interacciones = LectorDeInteracciones(taller)

    def leer(self, registro: Any, sitio: Sitio) -> Iterator[Salida]:
        """Los registros planos de un cliente: él, sus contratos, sus interacciones y sus consentimientos."""
        plan = self.taller.planes.de("clientes", registro)
        if plan.directo and plan.canonico and sitio.ambito.nivel >= 0 and not repetidos(registro):
            valores = self._directo(plan, registro, sitio)
            if valores is not None:
                yield Leido("clientes", sitio.numero, sitio.ruta, valores)
                if plan.hijas:
                    yield from self._hijas(plan, registro, sitio, valores)
                return
        yield from self._general(plan, registro, sitio)

    # --- El par canónico ---------------------------------------------------------------------------------------------

    @staticmethod
    def _directo(plan: Plan, registro: Any, sitio: Sitio) -> dict[str, Any] | None:
        """Los valores de un cliente escrito por el panel; None si algo pide mirarlo con cuidado."""
        ambito = sitio.ambito
        if ambito.categoria or ambito.prospecto or ambito.etiqueta:
            return None
        valores = directos(plan, registro)
        if valores is None:
            return None
        clave = sitio.clave
        if clave:
            if "tipo_documento" not in valores or "documento" not in valores:
                dicho = nombres.es_clave_con_tipo(clave)
                if dicho is None:
                    return None
                valores.setdefault("tipo_documento", dicho.tipo)
                valores.setdefault("documento", dicho.numero)
            if clave != f"{valores['tipo_documento']}-{valores['documento']}":
                return None
        elif not valores.get("tipo_documento") or not valores.get("documento"):
            return None
        return valores

    def _hijas(self, plan: Plan, registro: Any, sitio: Sitio, valores: dict[str, Any]) -> Iterator[Salida]:
        identidad = f"{valores['tipo_documento']}-{valores['documento']}"
        cliente = DatosDeCliente(identidad, valores.get("fecha_vinculacion") or "", True)
        for clave, entidad in plan.hijas:
            if registro[clave]:
                yield from self._hija(entidad, registro[clave], f"{sitio.ruta}.{clave}", sitio, cliente)

    def _hija(self, entidad: str, valor: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente) -> Iterator[Salida]:
        if entidad == "contratos":
            yield from self.contratos.de_usuario(valor, ruta, sitio, cliente)
        elif entidad == "interacciones":
            yield from self.interacciones.de_usuario(valor, ruta, sitio, cliente.identidad)
        else:
            yield from self._consentimientos(valor, ruta, sitio, cliente)

    def _consentimientos(self, valor: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente) -> Iterator[Salida]:
        if es_vacio(valor):
            return
        if not isinstance(valor, dict | list):
            yield self._mal("consentimientos", ruta, sitio, "un objeto o una lista", valor)
            return
        for dentro, _, uno in hijos(valor, ruta):
            if not isinstance(uno, dict):
                yield self._mal("consentimientos", dentro, sitio, "un objeto", uno)
                continue
            plan = self.taller.planes.de("consentimientos", uno)
            fila: dict[str, Any] = {"cliente": cliente.identidad}
            for clave, columna, _ in plan.pasos:
                if columna and columna in tablas.columnas("consentimientos"):
                    fila.setdefault(columna, a_columna(materializar(uno[clave])))
                else:
                    yield from self.taller.avisador.avisar(
                        f"{dentro}.{clave}", clave, uno[clave], entidad="consentimientos", numero=sitio.numero
                    )
            yield Leido("consentimientos", sitio.numero, dentro, fila)

    def _mal(self, entidad: str, ruta: str, sitio: Sitio, esperado: str, valor: Any) -> Leido:
        donde = Sitio("", ruta, sitio.numero, sitio.ambito)
        return fallido(entidad, donde, f"Se esperaba {esperado} y llegó {citar(simple(valor))}.")

    # --- Cualquier otra forma ----------------------------------------------------------------------------------------

    def _general(self, plan: Plan, registro: Any, sitio: Sitio) -> Iterator[Salida]:
        ficha = Ficha(self.taller, "clientes", sitio, COLECCIONES)
        ficha.llenar(plan, registro)
        motivo = self._por_que_se_omite(ficha, sitio)
        if motivo:
            yield Leido("clientes", sitio.numero, sitio.ruta, {}, omitido=motivo)
            yield from self._secretos_de_omitido(ficha)
            return
        persona = personas.Persona(self.taller, ficha, sitio)
        valores = persona.resolver()
        yield Leido("clientes", sitio.numero, sitio.ruta, valores, notas=ficha.notas, falla=persona.falla)
        yield from self._colgado(ficha, sitio, valores)
        for concepto, dato in ficha.quedan():
            if not es_vacio(dato.valor):
                ficha.sobra(dato, BONO if concepto == "bonos" else NO_SE_RECONOCE)
        yield from ficha.avisar()

    def _por_que_se_omite(self, ficha: Ficha, sitio: Sitio) -> str:
        con_documento = nombres.parece_documento(sitio.clave) or nombres.es_clave_con_tipo(sitio.clave) is not None
        if ficha.todo_vacio() and not con_documento and not ficha.secretas:
            return PLANTILLA
        if ficha.secretas and not ficha.trae(*_IDENTIDAD) and not con_documento:
            return SOLO_ACCESO
        for dato, _ in ficha.avisos:
            if normal(dato.clave) in ("rol", "cargo", "role", "perfil", "puesto") and isinstance(dato.valor, str):
                contenedor = tablas.contenedores().get(normal(dato.valor))
                if contenedor is not None and contenedor.omitir:
                    return DE_PERSONAL
        return ""

    @staticmethod
    def _secretos_de_omitido(ficha: Ficha) -> Iterator[Salida]:
        ficha.avisos = [(dato, motivo) for dato, motivo in ficha.avisos if ficha.secretas and motivo != NO_SE_RECONOCE]
        yield from ficha.avisar()

    def _colgado(self, ficha: Ficha, sitio: Sitio, valores: dict[str, Any]) -> Iterator[Salida]:
        identidad = f"{simple(valores.get('tipo_documento') or 'CC')}-{simple(valores.get('documento') or '')}"
        fecha = valores.get("fecha_vinculacion")
        cliente = DatosDeCliente(identidad, fecha if isinstance(fecha, str) else "", ficha.canonica)
        etiqueta = sitio.ambito.etiqueta
        if etiqueta and self.taller.nombra_un_servicio(etiqueta):
            yield from self.contratos.de_usuario(etiqueta, sitio.ruta, sitio, cliente)
        for concepto, estado in (
            ("servicios", ""),
            ("servicios_activos", "activo"),
            ("servicios_retirados", "terminado"),
        ):
            for dato in ficha.sacar(concepto):
                yield from self.contratos.de_usuario(
                    dato.valor, dato.ruta, sitio, cliente, estado=estado, clave=dato.clave
                )
        for dato in ficha.sacar("interacciones"):
            yield from self.interacciones.de_usuario(dato.valor, dato.ruta, sitio, identidad)
        for concepto, tipo in personas.CLASES.items():
            for dato in ficha.sacar(concepto):
                yield from self.interacciones.de_usuario(dato.valor, dato.ruta, sitio, identidad, tipo)
        for dato in ficha.sacar("consentimientos"):
            yield from self._consentimientos(dato.valor, dato.ruta, sitio, cliente)
