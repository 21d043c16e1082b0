"""Los servicios que un usuario dice tener, de cualquiera de las maneras que se han visto, como contratos."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from movistar_site.comun.valores import citar

from ..piezas import Leido
from . import nombres, tablas
from .antiguedad import leer_fecha, leer_vinculacion
from .claves import desenvolver, es_escalar, es_vacio, normal, repetidos
from .piezas import MAX_NIVELES, NO_SE_RECONOCE, Salida, Sitio, a_columna, fallido, hijos, materializar, simple
from .planes import DESCONOCIDA, IGNORADA, SECRETA, Plan, directos
from .precios import leer_precio
from .taller import Taller
from .vocabulario_valores import NO, SI

COPIA = "Es un dato del plan copiado en el usuario: los del plan salen del catálogo."
_PREFERIDAS = ("servicio", "plan", "codigo", "nombre", "name", "producto", "paquete", "tipo", "id")
_SEPARADOR = re.compile(r"\s*[,;|\n]\s*")
_LARGO_DE_UNA_LISTA = 2_000
_HISTORIA = ("historial", "registro", "historia")


class DatosDeCliente(NamedTuple):
    """Lo que un contrato necesita saber de su cliente."""

    identidad: str
    fecha: str
    canonico: bool


class LectorDeContratos:
    """Traduce servicios de usuarios."""

    def __init__(self, taller: Taller) -> None:
        self.taller = taller

    def de_usuario(
        self,
        valor: Any,
        ruta: str,
        sitio: Sitio,
        cliente: DatosDeCliente,
        estado: str = "",
        clave: str = "",
    ) -> Iterator[Salida]:
        """Un contrato por cada servicio que haya en `valor`."""
        base: dict[str, Any] = {"estado": estado} if estado else {}
        yield from self._de(materializar(valor), ruta, sitio, cliente, base, clave, 0)

    def _de(
        self, valor: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente, base: dict[str, Any], clave: str, nivel: int
    ) -> Iterator[Salida]:
        if type(valor) is list:
            for indice, uno in enumerate(valor):
                yield from self._de(uno, f"{ruta}[{indice}]", sitio, cliente, base, clave, nivel + 1)
        elif nivel > MAX_NIVELES:
            yield from self._aviso(ruta, clave, valor, sitio)
        elif isinstance(valor, dict):
            yield from self._de_objeto(valor, ruta, sitio, cliente, base, clave, nivel)
        elif es_vacio(valor) or valor is False:
            return
        elif valor is True:
            yield from self._aviso(ruta, clave or "servicios", valor, sitio, "Dice que sí y no dice qué servicio es.")
        elif isinstance(valor, int | float | Decimal):
            yield self._contrato({"indice": simple(_entero(valor))}, ruta, sitio, cliente, base)
        else:
            partes = _SEPARADOR.split(valor) if len(valor) < _LARGO_DE_UNA_LISTA else [valor]
            if self.taller.nombra_un_servicio(valor):
                partes = [valor]
            for parte in partes:
                if not es_vacio(parte):
                    yield self._contrato(_referencia(parte), ruta, sitio, cliente, base)

    # --- Objetos -----------------------------------------------------------------------------------------------------

    def _de_objeto(
        self,
        objeto: Any,
        ruta: str,
        sitio: Sitio,
        cliente: DatosDeCliente,
        base: dict[str, Any],
        clave: str,
        nivel: int,
    ) -> Iterator[Salida]:
        plan = self.taller.planes.de("contratos", objeto)
        if plan.directo and plan.canonico and not repetidos(objeto):
            valores = directos(plan, objeto)
            if valores is not None:
                yield self._de_panel(valores, ruta, sitio, cliente, base)
                return
        if not objeto:
            return
        valores_ = list(objeto.values())
        if all(isinstance(uno, bool) or _dice_si_o_no(uno) for uno in valores_):
            yield from self._de_marcas(objeto, ruta, sitio, cliente, base)
        elif all(leer_fecha(uno, self.taller.hoy) for uno in objeto):
            yield from self._de_historia(objeto, ruta, sitio, cliente, base, clave, nivel)
        elif self._por_estado(objeto):
            yield from self._de_estados(objeto, ruta, sitio, cliente, base, nivel)
        elif self._es_contrato(plan, objeto):
            yield from self._de_registro(plan, objeto, ruta, sitio, cliente, base)
        else:
            yield from self._de_mapa(objeto, ruta, sitio, cliente, base, clave, nivel)

    def _de_panel(
        self, valores: dict[str, Any], ruta: str, sitio: Sitio, cliente: DatosDeCliente, base: dict[str, Any]
    ) -> Leido:
        valores["cliente"] = cliente.identidad
        for columna, valor in base.items():
            valores.setdefault(columna, valor)
        if not valores.get("fecha_inicio"):
            return self._contrato(valores.pop("servicio"), ruta, sitio, cliente, valores)
        if self.taller.corregidos.get("servicio"):
            valores["servicio"] = self.taller.corregido("servicio", valores["servicio"]) or valores["servicio"]
        return Leido("contratos", sitio.numero, ruta, valores)

    def _de_marcas(
        self, objeto: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente, base: dict[str, Any]
    ) -> Iterator[Salida]:
        """`{"Fibra": true, "TV": "no"}`: los que dicen que sí."""
        for clave, valor in [*objeto.items(), *repetidos(objeto)]:
            if valor is True or (isinstance(valor, str) and normal(valor) in SI):
                yield self._contrato(_referencia(clave), f"{ruta}.{clave}", sitio, cliente, base)

    def _de_historia(
        self,
        objeto: Any,
        ruta: str,
        sitio: Sitio,
        cliente: DatosDeCliente,
        base: dict[str, Any],
        clave: str,
        nivel: int,
    ) -> Iterator[Salida]:
        """`{"12-03-2020": "Prepago"}`: cada servicio empieza en su fecha; en un historial termina al empezar el otro."""
        pares = []
        for escrita, valor in [*objeto.items(), *repetidos(objeto)]:
            leida = leer_fecha(escrita, self.taller.hoy)
            if leida is not None:
                pares.append((leida.fecha, escrita, valor))
        pares.sort(key=lambda par: par[0])
        es_historia = any(palabra in normal(clave) for palabra in _HISTORIA)
        for indice, (fecha, escrita, valor) in enumerate(pares):
            suya = {**base, "fecha_inicio": fecha.isoformat()}
            if es_historia and indice + 1 < len(pares):
                suya |= {"estado": "terminado", "fecha_fin": pares[indice + 1][0].isoformat()}
            yield from self._de(valor, f"{ruta}.{escrita}", sitio, cliente, suya, clave, nivel + 1)

    @staticmethod
    def _por_estado(objeto: Any) -> bool:
        return all(normal(clave) in _ESTADOS for clave in objeto)

    def _de_estados(
        self, objeto: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente, base: dict[str, Any], nivel: int
    ) -> Iterator[Salida]:
        """`{"activos": […], "retirados": […]}`."""
        for clave, valor in [*objeto.items(), *repetidos(objeto)]:
            suya = {**base, "estado": _ESTADOS[normal(clave)]}
            yield from self._de(valor, f"{ruta}.{clave}", sitio, cliente, suya, clave, nivel + 1)

    def _es_contrato(self, plan: Plan, objeto: Any) -> bool:
        conceptos = plan.conceptos()
        nombran = [clave for clave, concepto in conceptos.items() if concepto == "servicio" and objeto[clave]]
        simples = [clave for clave in nombran if es_escalar(desenvolver(objeto[clave]))]
        # Una clave que es un servicio («plan» no, «Fibra» sí) es un mapa de servicios y no un contrato.
        return bool(simples) or (bool(nombran) and "fecha_inicio" in conceptos.values())

    def _de_mapa(
        self,
        objeto: Any,
        ruta: str,
        sitio: Sitio,
        cliente: DatosDeCliente,
        base: dict[str, Any],
        clave: str,
        nivel: int,
    ) -> Iterator[Salida]:
        """Un servicio por clave: la clave lo nombra, o es solo su puesto y lo nombra lo de dentro."""
        for suya, valor in [*objeto.items(), *repetidos(objeto)]:
            dentro = f"{ruta}.{suya}"
            valor = desenvolver(valor)
            if isinstance(valor, dict) and valor and not self._se_nombra(valor):
                yield from self._con_clave(suya, valor, dentro, sitio, cliente, base)
            elif es_escalar(valor) and self.taller.nombra_un_servicio(suya):
                yield from self._clave_y_dato(suya, valor, dentro, sitio, cliente, base)
            elif es_escalar(valor) and self.taller.planes.concepto("contratos", suya)[0] not in ("", "servicio"):
                yield from self._aviso(dentro, suya, valor, sitio)
            else:
                yield from self._de(valor, dentro, sitio, cliente, base, clave, nivel + 1)

    def _se_nombra(self, objeto: Any) -> bool:
        return self._es_contrato(self.taller.planes.de("contratos", objeto), objeto)

    def _con_clave(
        self, clave: str, objeto: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente, base: dict[str, Any]
    ) -> Iterator[Salida]:
        plan = self.taller.planes.de("contratos", objeto)
        yield from self._de_registro(plan, objeto, ruta, sitio, cliente, {**base, "servicio": _referencia(clave)})

    def _clave_y_dato(
        self, clave: str, valor: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente, base: dict[str, Any]
    ) -> Iterator[Salida]:
        """`{"Prepago": "12-03-2020"}` trae la fecha; `{"movil": "Pospago 20 GB"}`, el servicio; lo demás se avisa."""
        if es_vacio(valor):
            return
        leida = leer_fecha(valor, self.taller.hoy)
        if leida is not None:
            suya = {**base, "fecha_inicio": leida.fecha.isoformat()}
            yield self._contrato(_referencia(clave), ruta, sitio, cliente, suya)
        elif isinstance(valor, str) and self.taller.nombra_un_servicio(valor):
            yield self._contrato(_referencia(valor), ruta, sitio, cliente, base)
        else:
            yield self._contrato(_referencia(clave), ruta, sitio, cliente, base)
            if valor not in (1, "1"):
                yield from self._aviso(ruta, clave, valor, sitio, COPIA)

    # --- Un contrato -------------------------------------------------------------------------------------------------

    def _de_registro(
        self, plan: Plan, objeto: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente, base: dict[str, Any]
    ) -> Iterator[Salida]:
        valores = dict(base)
        referencia, sobran = self._que_servicio(plan, objeto, valores.pop("servicio", ""))
        notas: list[str] = []
        avisos: list[tuple[str, Any, str]] = [(clave, objeto[clave], COPIA) for clave in sobran]
        avisos += [(clave, valor, "La clave está repetida en el mismo objeto: se usó el primer valor.")
                   for clave, valor in repetidos(objeto) if valor != objeto.get(clave)]  # fmt: skip
        for clave, columna, _ in plan.pasos:
            valor = desenvolver(objeto[clave])
            if columna == "servicio" or columna == IGNORADA or es_vacio(valor):
                if columna in ("condiciones", "precio", "periodicidad"):
                    valores.setdefault(columna, a_columna(valor))
            elif columna in (DESCONOCIDA, SECRETA):
                avisos.append((clave, valor, COPIA if columna == DESCONOCIDA else NO_SE_RECONOCE))
            elif columna == "cliente" or (columna in valores and valores[columna] != valor and columna not in base):
                if str(simple(valor)) not in cliente.identidad:
                    avisos.append((clave, valor, NO_SE_RECONOCE))
            else:
                self._poner(valores, columna, clave, valor, notas, avisos)
        contrato = self._contrato(referencia, ruta, sitio, cliente, valores)
        contrato.notas += notas
        yield contrato
        for clave, valor, motivo in avisos:
            yield from self._aviso(f"{ruta}.{clave}", clave, valor, sitio, motivo)

    def _que_servicio(self, plan: Plan, objeto: Any, por_clave: Any) -> tuple[Any, list[str]]:
        """La clave que mejor nombra el servicio, y las demás que también lo nombraban."""
        nombran = [clave for clave, columna, _ in plan.pasos if columna == "servicio" and not es_vacio(objeto[clave])]
        nombran.sort(key=lambda clave: next((i for i, p in enumerate(_PREFERIDAS) if normal(clave).startswith(p)), 99))
        if por_clave:
            return por_clave, nombran
        if not nombran:
            return "", []
        valor = desenvolver(objeto[nombran[0]])
        if isinstance(valor, dict):
            dentro = self.taller.planes.de("contratos", valor)
            suya, _ = self._que_servicio(dentro, valor, "")
            return suya, nombran if not suya else nombran[1:]
        if isinstance(valor, list):
            return "", nombran
        return _referencia(valor), nombran[1:]

    def _poner(
        self, valores: dict[str, Any], columna: str, clave: str, valor: Any, notas: list[str],
        avisos: list[tuple[str, Any, str]],
    ) -> None:  # fmt: skip
        if columna in ("fecha_inicio", "fecha_fin"):
            leida = leer_vinculacion(valor, self.taller.hoy)
            valores[columna] = leida.fecha.isoformat() if leida else a_columna(valor)
            if leida and leida.pendiente:
                notas.append(leida.pendiente)
        elif columna == "precio":
            precio = leer_precio(valor)
            if precio.ajena:
                avisos.append((clave, valor, f"{precio.nota}."))
                return
            valores[columna] = a_columna(precio.valor)
            if precio.nota:
                notas.append(precio.nota)
        elif columna in ("estado", "periodicidad"):
            valores[columna], _ = self.taller.traducir("contratos", columna, valor)
        else:
            valores[columna] = a_columna(valor)

    def _contrato(
        self, referencia: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente, base: dict[str, Any]
    ) -> Leido:
        valores: dict[str, Any] = {"cliente": cliente.identidad, "servicio": self._corregida(referencia), **base}
        notas: list[str] = []
        if not valores.get("fecha_inicio") and cliente.fecha:
            valores["fecha_inicio"] = cliente.fecha
            notas.append("El archivo no dice cuándo empezó: se puso la fecha de vinculación del cliente")
        if not cliente.canonico:
            valores.setdefault("estado", "activo")
        if valores.get("estado") == "terminado" and not valores.get("fecha_fin"):
            valores["fecha_fin"] = self.taller.hoy.isoformat()
            notas.append("El archivo no dice cuándo terminó: se puso la fecha de referencia")
        return Leido("contratos", sitio.numero, ruta, valores, notas)

    def _corregida(self, referencia: Any) -> Any:
        if not self.taller.corregidos.get("servicio"):
            return referencia
        texto = referencia["indice"] if isinstance(referencia, dict) else referencia
        return self.taller.corregido("servicio", texto) or referencia

    def _aviso(self, ruta: str, clave: str, valor: Any, sitio: Sitio, motivo: str = NO_SE_RECONOCE) -> Iterator[Salida]:
        return self.taller.avisador.avisar(ruta, clave, valor, motivo, entidad="contratos", numero=sitio.numero)

    # --- Fuera de un cliente -----------------------------------------------------------------------------------------

    def suelto(self, registro: Any, sitio: Sitio) -> Iterator[Salida]:
        """Un contrato que dice de quién es: una fila de la tabla de contratos."""
        plan = self.taller.planes.de("contratos", registro)
        if not isinstance(registro, dict):
            yield fallido("contratos", sitio, f"Se esperaba un objeto y llegó {citar(simple(registro))}.")
            return
        suyos = directos(plan, registro) if plan.directo and not repetidos(registro) else None
        if suyos is not None and suyos.get("cliente") and suyos.get("servicio"):
            yield Leido("contratos", sitio.numero, sitio.ruta, suyos)
            return
        clave = next((c for c, columna, _ in plan.pasos if columna == "cliente" and not es_vacio(registro[c])), "")
        identidad = identidad_de(registro[clave]) if clave else ""
        cliente = DatosDeCliente(identidad, "", plan.canonico)
        yield from self._de_registro(plan, registro, sitio.ruta, sitio, cliente, {})


def identidad_de(valor: Any) -> Any:
    """La clave de un cliente de lo que un archivo dice de él: «CC-1020304050», o solo el número de su cédula."""
    texto = str(simple(valor)).strip().removesuffix(".0") if es_escalar(valor) else ""
    dicho = nombres.con_tipo(texto)
    if dicho is not None:
        return f"{dicho.tipo}-{dicho.numero}"
    if nombres.es_nit(texto):
        return f"NIT-{texto}"
    return f"CC-{texto}" if nombres.cifras_de(texto) else texto


def _referencia(valor: Any) -> Any:
    """Un servicio nombrado por un texto, o por un número de lista o de identificador."""
    texto = str(simple(valor)).strip().removesuffix(".0")
    return {"indice": int(texto)} if texto.isascii() and texto.isdigit() and len(texto) < 16 else texto  # noqa: PLR2004


def _entero(valor: Any) -> Any:
    try:
        return int(valor) if valor == int(valor) else valor
    except (ValueError, OverflowError):
        return valor


def _dice_si_o_no(valor: Any) -> bool:
    return isinstance(valor, str) and normal(valor) in (SI | NO) - {"1", "0"}


_ESTADOS = {
    **{normal(c): "activo" for c in ("activos", "activo", "servicios activos", "vigentes", "actuales", "actual")},
    **{normal(c): "terminado" for c in ("retirados", "retirado", "servicios retirados", "cancelados", "anteriores",
                                        "inactivos", "pasados", "terminados")},
}  # fmt: skip

__all__ = ["DatosDeCliente", "LectorDeContratos", "identidad_de", "tablas"]
