"""Quién traduce cada clase de registro, y los registros sencillos del propio panel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from movistar_site.comun.valores import citar

from ..piezas import Leido
from . import tablas
from .catalogo import LectorDeServicios, _con_codigo
from .claves import desenvolver, es_escalar, es_vacio, normal, repetidos, sin_numero
from .clientes import LectorDeClientes
from .contratos import DatosDeCliente, identidad_de
from .nombres import cifras_de
from .piezas import MAX_NIVELES, Ambito, Salida, Sitio, a_columna, fallido, materializar, simple
from .tablas import Contenedor
from .taller import Taller
from .vocabulario import COLUMNAS_NUMERADAS, NOMBRES_NUMERADOS

DEMASIADO_HONDO = f"El registro tiene más de {MAX_NIVELES} niveles, uno dentro de otro."
_CON_CODIGO = frozenset({"tipos", "promociones", "departamentos", "municipios"})


class Registrador:
    """Reparte cada registro a su traductor."""

    def __init__(self, taller: Taller) -> None:
        self.taller = taller
        self.clientes = LectorDeClientes(taller)
        self.servicios = LectorDeServicios(taller)

    def es_directo(self, entidad: str, registro: Any) -> bool:
        """Verdadero si el registro tiene las claves que escribe el panel: no hay que averiguar nada más."""
        plan = self.taller.planes.hallado(entidad, registro)
        return plan is not None and plan.directo and plan.canonico

    def registro(self, entidad: str, registro: Any, sitio: Sitio) -> Iterator[Salida]:
        """Los registros planos de uno del archivo. Un registro desmedido se rechaza con su frase."""
        try:
            if entidad == "clientes":
                yield from self.clientes.leer(registro, sitio)
            elif entidad == "servicios":
                yield from self.servicios.leer(registro, sitio)
            elif entidad == "interacciones":
                yield from self.clientes.interacciones.suelta(registro, sitio)
            elif entidad == "contratos":
                yield from self.clientes.contratos.suelto(registro, sitio)
            else:
                yield from self._simple(entidad, registro, sitio)
        except RecursionError:
            yield fallido(entidad, sitio, DEMASIADO_HONDO)

    def _simple(self, entidad: str, registro: Any, sitio: Sitio) -> Iterator[Salida]:
        """Tipos, promociones, lugares, precios y consentimientos: solo los escribe el panel."""
        plan = self.taller.planes.de(entidad, registro)
        exactas = tablas.columnas(entidad)
        valores: dict[str, Any] = {}
        sobran = list(repetidos(registro))
        for clave, columna, _ in plan.pasos:
            if columna in exactas and columna not in valores:
                valores[columna] = a_columna(materializar(registro[clave]))
            elif columna != "(ignorada)":
                sobran.append((clave, registro[clave]))
        falla = _con_codigo(valores, sitio.clave) if entidad in _CON_CODIGO else ""
        if not valores:
            yield Leido(entidad, sitio.numero, sitio.ruta, {}, omitido="Registro en blanco: no trae datos.")
        else:
            yield Leido(entidad, sitio.numero, sitio.ruta, valores, falla=falla)
        if entidad == "tipos":
            self._aprender_tipo(valores)
        for clave, valor in sobran:
            yield from self.taller.avisador.avisar(
                f"{sitio.ruta}.{clave}", clave, valor, entidad=entidad, numero=sitio.numero
            )

    def _aprender_tipo(self, valores: dict[str, Any]) -> None:
        codigo, nombre = valores.get("codigo"), valores.get("nombre")
        if isinstance(codigo, str) and codigo:
            self.taller.tipos.agregar(codigo, str(nombre or codigo))
            atributos = valores.get("atributos")
            if isinstance(atributos, list):
                claves = {str(uno.get("clave")) for uno in atributos if isinstance(uno, dict)}
                self.taller.atributos.setdefault(codigo, set()).update(claves)

    # --- Servicios que llevan algo más dentro -------------------------------------------------------------------------

    def servicios_de(self, registro: Any, clave: str, ruta: str, ambito: Ambito) -> Iterator[tuple[str, Any]]:
        """Los servicios de un objeto: él mismo, sus columnas si es una tabla de lado, o los planes de su grupo.

        Entrega ("salida", registro plano) o ("recorrer", (contenedor, etiqueta, ruta, valor)) con lo que falta leer.
        """
        if filas := self._de_lado(registro):
            for columna, fila in filas:
                sitio = Sitio("", f"{ruta}{columna}", self.taller.memoria.siguiente(), ambito)
                yield from (("salida", una) for una in self.registro("servicios", fila, sitio))
            return
        propios, dentro = self._separar(registro)
        nombre = self._nombre_de(propios) or clave
        grupo = any(que.entidad == "servicios" for que, _, _ in dentro)
        if propios and not (grupo and self._solo_rotula(propios)):
            sitio = Sitio(clave, ruta or "(raíz)", self.taller.memoria.siguiente(), ambito)
            yield from (("salida", una) for una in self.registro("servicios", propios, sitio))
        elif propios:
            yield from self._rotulos(propios, nombre, ruta)
        for contenedor, suya, valor in dentro:
            donde = f"{ruta}.{suya}" if ruta else suya
            if contenedor.entidad == "clientes":
                yield from self._suscriptores(nombre, valor, donde, ambito)
            else:
                yield "recorrer", (contenedor, nombre, donde, valor)

    def _separar(self, registro: Any) -> tuple[dict[str, Any], list[tuple[Contenedor, str, Any]]]:
        """Lo que es del servicio, y lo que son otros registros: planes de un grupo o suscriptores."""
        propios: Any = registro.__class__() if isinstance(registro, dict) else {}
        dentro: list[tuple[Contenedor, str, Any]] = []
        for clave, valor in registro.items():
            concepto = self.taller.planes.concepto("servicios", clave)[0]
            normalizada = normal(clave)
            contenedor = tablas.contenedores().get(normalizada)
            if concepto == "suscriptores" and not es_escalar(valor):
                dentro.append((Contenedor(entidad="clientes"), clave, valor))
            elif contenedor and contenedor.entidad == "servicios" and _son_objetos(valor) and concepto != "componentes":
                dentro.append((Contenedor(entidad="servicios"), clave, valor))
            else:
                propios[clave] = valor
        if repetidos(registro):
            if hasattr(propios, "repetidos"):
                propios.repetidos = list(repetidos(registro))
            else:
                propios = registro
        return propios, dentro

    def _nombre_de(self, propios: Any) -> str:
        for clave, valor in propios.items():
            if self.taller.planes.concepto("servicios", clave)[0] in ("nombre", "tipo"):
                dicho = desenvolver(valor)
                if isinstance(dicho, str) and dicho.strip():
                    return dicho.strip()
        return ""

    def _solo_rotula(self, propios: Any) -> bool:
        """Un grupo solo dice su nombre; si trae precio o características es también un servicio."""
        conceptos = {self.taller.planes.concepto("servicios", clave)[0] for clave in propios}
        return not conceptos - {"nombre", "tipo", "id", "codigo", ""}

    def _rotulos(self, propios: Any, nombre: str, ruta: str) -> Iterator[tuple[str, Any]]:
        for clave, valor in [*propios.items(), *repetidos(propios)]:
            dicho = desenvolver(valor)
            if not (isinstance(dicho, str) and (dicho.strip() == nombre or normal(dicho) in tablas.contenedores())):
                donde = f"{ruta}.{clave}" if ruta else clave
                yield from (("salida", uno) for uno in self.taller.avisador.avisar(donde, clave, valor))

    def _suscriptores(self, nombre: str, valor: Any, ruta: str, ambito: Ambito) -> Iterator[tuple[str, Any]]:
        """Quienes usan el servicio: registros enteros, o solo sus documentos."""
        if not (isinstance(valor, list) and valor and all(es_escalar(uno) for uno in valor)):
            yield "recorrer", (Contenedor(entidad="clientes"), nombre, ruta, valor)
            return
        self.taller.conocidos.add(normal(nombre))
        for indice, uno in enumerate(valor):
            donde = f"{ruta}[{indice}]"
            sitio = Sitio("", donde, self.taller.memoria.siguiente(), ambito)
            if es_vacio(uno):
                continue
            texto = str(simple(uno))
            if not cifras_de(texto) and "-" not in texto:
                motivo = f"Se esperaba el documento de un cliente y llegó {citar(texto)}."
                yield "salida", fallido("contratos", sitio, motivo, {"servicio": nombre})
                continue
            cliente = DatosDeCliente(identidad_de(uno), "", False)
            if not nombre:
                motivo = "No se sabe de qué servicio es este suscriptor."
                yield "salida", fallido("contratos", sitio, motivo, {"cliente": cliente.identidad})
                continue
            yield from (("salida", una) for una in self.clientes.contratos.de_usuario(nombre, donde, sitio, cliente))

    def _de_lado(self, registro: Any) -> list[tuple[str, dict[str, Any]]]:
        """`plan1..3` beside `precios: [{precio1..3}]`: una fila por número. Vacío si no es una tabla de lado."""
        filas: dict[str, dict[str, Any]] = {}
        resto: list[tuple[str, Any]] = []
        nombres = 0
        for clave, valor in _aplanado(registro):
            normalizada = normal(clave)
            base = sin_numero(normalizada)
            numero = normalizada[len(base) :]
            concepto = tablas.alias("servicios").get(base, "")
            if numero and concepto in COLUMNAS_NUMERADAS and base != normalizada:
                filas.setdefault(numero, {})[clave] = valor
                nombres += concepto in NOMBRES_NUMERADOS
            else:
                resto.append((clave, valor))
        if nombres < 2 or repetidos(registro):  # noqa: PLR2004 - un solo «Plan 1» es el nombre de un servicio
            return []
        # Lo que no lleva número es de todos: va con el primero, para que no se pierda.
        primero = next(iter(filas))
        filas[primero] |= {clave: valor for clave, valor in resto if clave not in filas[primero]}
        return [(f"[{numero}]", fila) for numero, fila in filas.items()]


def _aplanado(registro: Any) -> Iterator[tuple[str, Any]]:
    """Los pares de un objeto, con los de las listas de objetos que son otra columna de la tabla puesta de lado."""
    for clave, escrito in registro.items():
        de_una = isinstance(escrito, list) and len(escrito) == 1 and isinstance(escrito[0], dict)
        valor = escrito[0] if de_una else escrito
        numeradas = isinstance(valor, dict) and valor and all(normal(c)[-1:].isdigit() for c in valor)
        if numeradas and all(es_escalar(uno) for uno in valor.values()):
            yield from valor.items()
        else:
            yield clave, valor


def _son_objetos(valor: Any) -> bool:
    if hasattr(valor, "clase"):
        return True
    dentro = list(valor.values()) if isinstance(valor, dict) else valor if isinstance(valor, list) else []
    return bool(dentro) and all(isinstance(uno, dict) for uno in dentro)
