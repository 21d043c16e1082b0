"""Las formas en que un archivo pone sus registros, todas por un mismo recorrido guiado por tablas.

Se baja por los contenedores sabiendo qué hay en cada uno (`Ambito`) y cada hijo es una de tres cosas: una sección (su
clave está en la tabla de contenedores), un registro (trae datos sueltos que se conocen) o una envoltura. Un contenedor
grande se lee por partes (`Flujo`) y se decide hijo por hijo; mirar el conjunto solo se hace con lo que ya está en
memoria.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from movistar_site.comun.valores import citar

from ..piezas import Leido
from . import tablas
from .claves import desenvolver, es_escalar, es_vacio, normal, repetidos, sin_numero
from .nombres import parece_documento
from .piezas import MAX_NIVELES, NO_SE_RECONOCE, Ambito, Salida, Sitio, con_nivel, fallido, hojas, simple
from .reconocer import es_registro, que_es
from .registros import Registrador
from .tablas import Contenedor

DEMASIADO_HONDO = f"Está a más de {MAX_NIVELES} niveles, uno dentro de otro: no se importa."
IGNORADA_A_PROPOSITO = "Está en una parte del archivo que se pidió ignorar."
_SE_FALLA = frozenset({"clientes", "contratos", "tipos", "precios", "promociones", "departamentos", "municipios",
                       "consentimientos"})  # fmt: skip
Par = tuple[Any, Any]


class Recorrido:
    """Recorre un documento y entrega cada registro a quien lo traduce."""

    def __init__(self, registrador: Registrador, entidad: str = "") -> None:
        self.registrador = registrador
        self.taller = registrador.taller
        self.entidad = entidad
        """La que dice el nombre del archivo, para cuando los registros no la dicen."""

    def leer(self, raiz: Any, ambito: Ambito) -> Iterator[Salida]:
        """Todo lo que hay en un documento."""
        yield from self._valor(raiz, "", "", ambito)

    # --- Un valor ----------------------------------------------------------------------------------------------------

    def _valor(self, valor: Any, ruta: str, clave: str, ambito: Ambito) -> Iterator[Salida]:
        """Un contenedor cuya clave ya dijo lo que tenía que decir."""
        if es_escalar(valor):
            yield from self._suelto(clave, valor, ruta, ambito)
        elif ambito.nivel > MAX_NIVELES:
            yield from self._aviso(ruta, clave, valor, DEMASIADO_HONDO)
        elif ambito.omitir:
            yield from self._omitir(valor, ruta, ambito)
        elif isinstance(valor, dict):
            yield from self._objeto(valor, ruta, clave, ambito)
        elif isinstance(valor, list):
            yield from self._lista(enumerate(valor), ruta, ambito, en_memoria=valor)
        elif valor.clase == "lista":
            yield from self._lista(iter(valor), ruta, ambito)
        else:
            yield from self._pares(iter(valor), ruta, ambito)

    def _objeto(self, objeto: Any, ruta: str, clave: str, ambito: Ambito) -> Iterator[Salida]:
        """Un objeto en memoria: un registro solo, o un contenedor."""
        if es_registro(objeto, ambito.entidad, self.taller.planes):
            yield from self._registro("", objeto, ruta, ambito)
        else:
            yield from self._pares([*objeto.items(), *repetidos(objeto)], ruta, ambito)

    # --- Objetos -----------------------------------------------------------------------------------------------------

    def _pares(self, pares: Iterable[Par], ruta: str, ambito: Ambito) -> Iterator[Salida]:
        """Los hijos de un contenedor, uno por uno; los datos sueltos se juntan por si entre todos son un registro."""
        sueltos: dict[str, Any] = {}
        dichas: set[str] = set()
        for escrita, valor in pares:
            clave = escrita if isinstance(escrita, str) else str(escrita)
            dentro = f"{ruta}.{clave}" if ruta else clave
            if "-" in clave and isinstance(valor, dict) and self._es_directo(valor, ambito):
                # El par canónico, por millones: su clave («CC-1020304050») no puede ser otra cosa.
                yield from self._registro(clave, valor, dentro, ambito)
                continue
            contenedor = None if es_escalar(valor) else self._contenedor(clave, valor, ambito)
            if contenedor is None and _es_dato(valor):
                if clave in sueltos:
                    yield from self._suelto(clave, valor, dentro, ambito)
                else:
                    sueltos[clave] = valor
                continue
            if sueltos and isinstance(valor, dict | list) and self._cuelga(clave, sueltos, ambito):
                sueltos[clave] = valor
                continue
            if contenedor is not None:
                dichas.add(normal(clave))
                dichas.add(contenedor.entidad)
            yield from self._hijo(clave, valor, dentro, ambito, contenedor)
        if sueltos:
            yield from self._sueltos(sueltos, ruta, ambito, dichas)

    def _cuelga(self, clave: str, sueltos: dict[str, Any], ambito: Ambito) -> bool:
        """En un registro leído por partes, la lista de sus servicios es suya y no un catálogo."""
        entidad = que_es(sueltos, ambito.entidad, self.entidad, self.taller.planes)
        return bool(entidad) and bool(self.taller.planes.concepto(entidad, clave)[0]) \
            and es_registro(sueltos, entidad, self.taller.planes)  # fmt: skip

    def _sueltos(self, sueltos: dict[str, Any], ruta: str, ambito: Ambito, dichas: set[str]) -> Iterator[Salida]:
        if es_registro(sueltos, ambito.entidad, self.taller.planes):
            yield from self._registro("", sueltos, ruta, ambito)
            return
        for clave, valor in sueltos.items():
            # «Tipo: Usuarios» al lado de «Usuarios: […]» ya se entendió.
            if isinstance(valor, str) and dichas and self._ya_dicho(valor, dichas):
                continue
            yield from self._suelto(clave, valor, f"{ruta}.{clave}" if ruta else clave, ambito)

    @staticmethod
    def _ya_dicho(valor: str, dichas: set[str]) -> bool:
        contenedor = tablas.contenedores().get(normal(valor))
        return normal(valor) in dichas or (contenedor is not None and contenedor.entidad in dichas)

    def _contenedor(self, clave: str, valor: Any, ambito: Ambito) -> Contenedor | None:
        """Lo que la clave dice que hay debajo, si de verdad lo dice ahí."""
        normalizada = normal(clave)
        corregida = self.taller.planes.correcciones.get("", {}).get(normalizada)
        if corregida is not None:
            if not corregida:
                return Contenedor(omitir=IGNORADA_A_PROPOSITO)
            return Contenedor(entidad=corregida) if corregida in tablas.vocabulario.TABLAS else None
        hallado = tablas.contenedores().get(normalizada) or tablas.contenedores().get(sin_numero(normalizada))
        if hallado is None:
            return None
        numerada = normalizada not in tablas.contenedores()
        if numerada and ambito.entidad and ambito.entidad != hallado.entidad:
            return None
        # «plan1», «usuario1»: un registro por clave, que se entiende como tal con su clave.
        if numerada and isinstance(valor, dict):
            return None
        return hallado

    def _hijo(
        self, clave: str, valor: Any, ruta: str, ambito: Ambito, contenedor: Contenedor | None
    ) -> Iterator[Salida]:
        if contenedor is not None:
            self._contar(clave, contenedor.entidad)
            yield from self._valor(valor, ruta, clave, _ambito_de(contenedor, ambito))
        elif ambito.entidad == "interacciones" and parece_documento(clave) and isinstance(valor, dict | list):
            sitio = Sitio(clave, ruta, self.taller.memoria.siguiente(), ambito)
            yield from self.registrador.registro("interacciones", valor, sitio)
        elif (
            isinstance(valor, dict)
            and (self._es_directo(valor, ambito) or es_registro(valor, ambito.entidad, self.taller.planes))
        ) or (isinstance(valor, dict) and ambito.entidad and self._es_hoja(valor)):
            yield from self._registro(clave, valor, ruta, ambito)
        else:
            yield from self._valor(valor, ruta, clave, self._con_etiqueta(clave, ambito))

    def _es_directo(self, valor: Any, ambito: Ambito) -> bool:
        return False if not ambito.entidad else bool(self.registrador.es_directo(ambito.entidad, valor))

    @staticmethod
    def _es_hoja(objeto: Any) -> bool:
        """Un objeto sin otros objetos dentro, donde se espera un registro, es un registro que no se conoce."""
        return not any(isinstance(valor, dict) or hasattr(valor, "clase") for valor in objeto.values())

    def _con_etiqueta(self, clave: str, ambito: Ambito) -> Ambito:
        normalizada = normal(clave)
        if normalizada in tablas.envolturas() or normalizada.isdigit():
            return con_nivel(ambito)
        numerada = tablas.contenedores().get(sin_numero(normalizada))
        if numerada is not None:
            return con_nivel(_ambito_de(numerada, ambito)) if not ambito.entidad else con_nivel(ambito)
        if not ambito.entidad or not normalizada[:1].isdigit():
            self._contar(clave, "")
        return con_nivel(ambito, etiqueta=clave.strip()[:120])

    # --- Listas ------------------------------------------------------------------------------------------------------

    def _lista(
        self, elementos: Iterable[tuple[Any, Any]], ruta: str, ambito: Ambito, en_memoria: list[Any] | None = None
    ) -> Iterator[Salida]:
        """Una lista de registros, de secciones, de rótulos y registros que se alternan, o de trozos de un registro."""
        rotulo: tuple[str, str] | None = None
        trozos: dict[str, Any] = {}
        primera = ""
        for indice, valor in elementos:
            dentro = f"{ruta}[{indice}]"
            trozo = self._trozo(valor, ambito) if rotulo is None else None
            if trozos and (trozo is None or trozo[0] in trozos):
                yield from self._registro("", trozos, primera, ambito)
                trozos = {}
            if trozo is not None:
                primera = primera if trozos else dentro
                trozos[trozo[0]] = trozo[1]
            elif isinstance(valor, str) and ambito.entidad != "interacciones" and _puede_rotular(valor, en_memoria):
                if rotulo is not None:
                    yield from self._suelto("", rotulo[0], rotulo[1], ambito)
                rotulo = (valor, dentro)
            elif rotulo is not None:
                yield from self._con_rotulo(rotulo, valor, dentro, ruta, ambito)
                rotulo = None
            elif isinstance(valor, dict):
                yield from self._de_lista(valor, dentro, ambito)
            else:
                yield from self._valor(valor, dentro, "", con_nivel(ambito))
        if trozos:
            yield from self._registro("", trozos, primera, ambito)
        if rotulo is not None:
            yield from self._suelto("", rotulo[0], rotulo[1], ambito)

    def _con_rotulo(
        self, rotulo: tuple[str, str], valor: Any, dentro: str, ruta: str, ambito: Ambito
    ) -> Iterator[Salida]:
        """`["Clientes", […]]` y `["Fibra", {…}]`: el texto es la clave de lo que sigue."""
        clave = rotulo[0]
        if es_escalar(valor):
            if es_vacio(valor):
                yield from self._suelto("", clave, rotulo[1], ambito)
            else:
                yield from self._aviso(dentro, clave, valor, NO_SE_RECONOCE)
            return
        contenedor = self._contenedor(clave, valor, ambito)
        es_suya = isinstance(valor, dict) and es_registro(valor, ambito.entidad, self.taller.planes)
        usado = contenedor is not None
        for salida in self._hijo(clave, valor, dentro, ambito, contenedor):
            usado = usado or (es_suya and isinstance(salida, Leido) and _lo_dice(salida, clave))
            yield salida
        if not usado and not self.taller.nombra_un_servicio(clave):
            # No era la clave de nada: es un dato suelto de la lista.
            yield from self._suelto("", clave, rotulo[1], ambito)

    def _de_lista(self, objeto: Any, ruta: str, ambito: Ambito) -> Iterator[Salida]:
        if (
            self._es_directo(objeto, ambito)
            or es_registro(objeto, ambito.entidad, self.taller.planes)
            or (ambito.entidad and self._es_hoja(objeto) and not self._es_seccion(objeto, ambito))
        ):
            yield from self._registro("", objeto, ruta, ambito)
        else:
            yield from self._objeto(objeto, ruta, "", con_nivel(ambito))

    def _es_seccion(self, objeto: Any, ambito: Ambito) -> bool:
        return any(self._contenedor(clave, valor, ambito) for clave, valor in objeto.items() if not es_escalar(valor))

    def _trozo(self, valor: Any, ambito: Ambito) -> tuple[str, Any] | None:
        """Un objeto de una sola clave que es un dato de un registro repartido en varios."""
        if not isinstance(valor, dict) or len(valor) != 1 or repetidos(valor):
            return None
        ((clave, dentro),) = valor.items()
        if isinstance(dentro, dict) or hasattr(dentro, "clase"):
            return None
        if isinstance(dentro, list) and any(not es_escalar(uno) for uno in dentro):
            return None
        for entidad in (ambito.entidad,) if ambito.entidad else ("clientes", "servicios"):
            if self.taller.planes.concepto(entidad, clave)[0]:
                return clave, dentro
        return None

    # --- Hojas -------------------------------------------------------------------------------------------------------

    def _registro(self, clave: str, registro: Any, ruta: str, ambito: Ambito) -> Iterator[Salida]:
        entidad = ambito.entidad or que_es(registro, "", self.entidad, self.taller.planes)
        if not entidad:
            yield from self._pares([*registro.items(), *repetidos(registro)], ruta, con_nivel(ambito, entidad=""))
            return
        if entidad == "servicios":
            yield from self._servicio(clave, registro, ruta, ambito)
            return
        suyo = ambito if ambito.entidad else ambito._replace(entidad=entidad)
        sitio = Sitio(clave, ruta or "(raíz)", self.taller.memoria.siguiente(), suyo)
        yield from self.registrador.registro(entidad, registro, sitio)

    def _servicio(self, clave: str, registro: Any, ruta: str, ambito: Ambito) -> Iterator[Salida]:
        """Un servicio, un grupo de ellos, una tabla de lado o un servicio con sus suscriptores dentro."""
        suyo = self.registrador.servicios_de(registro, clave, ruta, ambito._replace(entidad="servicios"))
        for que, valor in suyo:
            if que == "recorrer":
                contenedor, etiqueta, donde, dentro = valor
                yield from self._valor(dentro, donde, "", con_nivel(_ambito_de(contenedor, ambito), etiqueta=etiqueta))
            else:
                yield valor

    def _suelto(self, clave: str, valor: Any, ruta: str, ambito: Ambito) -> Iterator[Salida]:
        """Un dato donde se esperaba un registro."""
        if es_vacio(valor):
            return
        if ambito.omitir:
            yield _omitido(ambito, ruta, self.taller.memoria.siguiente())
            return
        if ambito.entidad == "servicios" and self._puede_ser_servicio(clave, valor):
            yield from self._servicio_de_texto(clave, valor, ruta, ambito)
        elif ambito.entidad == "interacciones" and isinstance(valor, str):
            sitio = Sitio(clave, ruta, self.taller.memoria.siguiente(), ambito)
            yield from self.registrador.registro("interacciones", valor, sitio)
        elif ambito.entidad in _SE_FALLA and not self._es_dato_de_seccion(clave):
            sitio = Sitio(clave, ruta, self.taller.memoria.siguiente(), ambito)
            yield fallido(ambito.entidad, sitio, f"Se esperaba un objeto y llegó {citar(simple(valor))}.")
        else:
            yield from self._aviso(ruta, clave, valor, NO_SE_RECONOCE)

    @staticmethod
    def _es_dato_de_seccion(clave: str) -> bool:
        return normal(clave) in ("total", "cantidad", "tipo", "version", "descripcion", "nota")

    @staticmethod
    def _puede_ser_servicio(clave: str, valor: Any) -> bool:
        if isinstance(valor, bool):
            return False
        return isinstance(valor, str) or not tablas.alias("servicios").get(normal(clave))

    def _servicio_de_texto(self, clave: str, valor: Any, ruta: str, ambito: Ambito) -> Iterator[Salida]:
        """`{"Fibra": "300 megas por $ 80.000"}` o `["Fibra", "Televisión"]`."""
        concepto = self.taller.planes.concepto("servicios", clave)[0] if clave else "nombre"
        if clave and not concepto:
            registro: dict[str, Any] = {"nombre": clave, "precio" if not isinstance(valor, str) else "detalle": valor}
        else:
            registro = {clave or "nombre": valor}
        sitio = Sitio("", ruta, self.taller.memoria.siguiente(), ambito)
        yield from self.registrador.registro("servicios", registro, sitio)

    def _omitir(self, valor: Any, ruta: str, ambito: Ambito) -> Iterator[Salida]:
        """Cada registro de una sección que no se importa, dicho y sin sus datos."""
        if isinstance(valor, dict) and any(es_escalar(dentro) for dentro in valor.values()):
            hijos_ = [(ruta, valor)]
        elif isinstance(valor, dict):
            hijos_ = [(f"{ruta}.{clave}", dentro) for clave, dentro in [*valor.items(), *repetidos(valor)]]
        elif isinstance(valor, list):
            hijos_ = [(f"{ruta}[{indice}]", dentro) for indice, dentro in enumerate(valor)]
        elif valor.clase == "lista":
            hijos_ = ((f"{ruta}[{indice}]", dentro) for indice, dentro in valor)  # type: ignore[assignment]
        else:
            hijos_ = ((f"{ruta}.{clave}", dentro) for clave, dentro in valor)  # type: ignore[assignment]
        for donde, dentro in hijos_:
            if any(True for _ in hojas(dentro, donde, "")):
                yield _omitido(ambito, donde, self.taller.memoria.siguiente())

    def _contar(self, clave: str, entidad: str) -> None:
        por = "mapa" if normal(clave) in self.taller.planes.correcciones.get("", {}) else "alias" if entidad else ""
        self.taller.observado.clave((self.taller.memoria.archivo, "", clave), entidad, por)

    def _aviso(self, ruta: str, clave: str, valor: Any, motivo: str) -> Iterator[Salida]:
        return self.taller.avisador.avisar(ruta or "(raíz)", clave, valor, motivo)


def _es_dato(valor: Any) -> bool:
    """Un dato suelto, o el único de una lista de uno."""
    return es_escalar(valor) or (isinstance(valor, list) and bool(valor) and es_escalar(desenvolver(valor)))


def _lo_dice(leido: Leido, texto: str) -> bool:
    dichos = [str(valor) for valor in leido.valores.values()]
    return any(texto.strip() in dicho for dicho in (*dichos, *leido.notas))


def _puede_rotular(texto: str, en_memoria: list[Any] | None) -> bool:
    """En una lista de solo textos no hay rótulos."""
    return bool(texto.strip()) and (en_memoria is None or any(not isinstance(uno, str) for uno in en_memoria))


def _omitido(ambito: Ambito, ruta: str, numero: int) -> Salida:
    """El registro de una sección que no se importa."""
    return Leido("clientes", numero, ruta, {}, omitido=ambito.omitir)


def _ambito_de(contenedor: Contenedor, ambito: Ambito) -> Ambito:
    """El ámbito dentro de un contenedor: lo que dice su clave más lo que ya se sabía."""
    entidad = contenedor.entidad or ambito.entidad
    return Ambito(
        entidad,
        contenedor.categoria or ambito.categoria,
        contenedor.interaccion or (ambito.interaccion if entidad == "interacciones" else ""),
        contenedor.prospecto or ambito.prospecto,
        contenedor.omitir or ambito.omitir,
        ambito.etiqueta,
        ambito.nivel + 1,
    )
