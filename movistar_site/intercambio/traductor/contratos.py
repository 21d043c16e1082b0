"""Los servicios que un usuario dice tener, de cualquiera de las maneras que se han visto, como contratos."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from movistar_site.comun.valores import citar

from ..piezas import Leido
from . import nombres
from .antiguedad import leer_fecha, leer_vinculacion
from .claves import desenvolver, es_escalar, es_vacio, normal, repetidos
from .ficha import Dato
from .piezas import MAX_NIVELES, NO_SE_RECONOCE, Salida, Sitio, a_columna, fallido, materializar, simple
from .planes import DESCONOCIDA, IGNORADA, SECRETA, Plan, directos
from .precios import leer_precio
from .puesto import Puesto
from .taller import Taller
from .vocabulario_valores import NO, SI

COPIA = "Es un dato del plan copiado en el usuario: los del plan salen del catálogo."
_PREFERIDAS = ("servicio", "plan", "codigo", "nombre", "name", "producto", "paquete", "tipo", "id")
_SEPARADOR = re.compile(r"\s*[,;|\n]\s*")
_LARGO_DE_UNA_LISTA = 2_000
_LARGO_DE_UN_NUMERO = 16
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
        self, valor: Any, ruta: str, sitio: Sitio, cliente: DatosDeCliente, *, estado: str = "", clave: str = ""
    ) -> Iterator[Salida]:
        """Un contrato por cada servicio que haya en `valor`."""
        base: dict[str, Any] = {"estado": estado} if estado else {}
        yield from self._de(materializar(valor), Puesto(ruta, sitio, cliente, base, clave))

    def _de(self, valor: Any, puesto: Puesto) -> Iterator[Salida]:
        if type(valor) is list:
            for indice, uno in enumerate(valor):
                yield from self._de(uno, puesto.dentro(f"{puesto.ruta}[{indice}]"))
        elif puesto.nivel > MAX_NIVELES:
            yield from self._aviso(puesto.clave, valor, puesto)
        elif isinstance(valor, dict):
            yield from self._de_objeto(valor, puesto)
        elif es_vacio(valor) or valor is False:
            return
        elif valor is True:
            yield from self._aviso(puesto.clave or "servicios", valor, puesto, "Dice que sí y no dice qué servicio es.")
        elif isinstance(valor, int | float | Decimal):
            yield self._contrato({"indice": simple(_entero(valor))}, puesto)
        else:
            partes = _SEPARADOR.split(valor) if len(valor) < _LARGO_DE_UNA_LISTA else [valor]
            if self.taller.nombra_un_servicio(valor):
                partes = [valor]
            for parte in partes:
                if not es_vacio(parte):
                    yield self._contrato(_referencia(parte), puesto)

    # --- Objetos -----------------------------------------------------------------------------------------------------

    def _de_objeto(self, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        plan = self.taller.planes.de("contratos", objeto)
        if plan.directo and plan.canonico and not repetidos(objeto):
            valores = directos(plan, objeto)
            if valores is not None:
                yield self._de_panel(valores, puesto)
                return
        if not objeto:
            return
        valores_ = list(objeto.values())
        if all(isinstance(uno, bool) or _dice_si_o_no(uno) for uno in valores_):
            yield from self._de_marcas(objeto, puesto)
        elif all(leer_fecha(uno, self.taller.hoy) for uno in objeto):
            yield from self._de_historia(objeto, puesto)
        elif self._por_estado(objeto):
            yield from self._de_estados(objeto, puesto)
        elif self._es_contrato(plan, objeto):
            yield from self._de_registro(plan, objeto, puesto)
        else:
            yield from self._de_mapa(objeto, puesto)

    def _de_panel(self, valores: dict[str, Any], puesto: Puesto) -> Leido:
        valores["cliente"] = puesto.cliente.identidad
        for columna, valor in puesto.base.items():
            valores.setdefault(columna, valor)
        if not valores.get("fecha_inicio"):
            return self._contrato(valores.pop("servicio"), puesto._replace(base=valores))
        if self.taller.corregidos.get("servicio"):
            valores["servicio"] = self.taller.corregido("servicio", valores["servicio"]) or valores["servicio"]
        return Leido("contratos", puesto.sitio.numero, puesto.ruta, valores)

    def _de_marcas(self, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        """`{"Fibra": true, "TV": "no"}`: los que dicen que sí."""
        for clave, valor in [*objeto.items(), *repetidos(objeto)]:
            if valor is True or (isinstance(valor, str) and normal(valor) in SI):
                yield self._contrato(_referencia(clave), puesto.dentro(f"{puesto.ruta}.{clave}"))

    def _de_historia(self, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        """`{"12-03-2020": "Prepago"}`: cada uno empieza en su fecha; en un historial termina al empezar el otro."""
        pares = []
        for escrita, valor in [*objeto.items(), *repetidos(objeto)]:
            leida = leer_fecha(escrita, self.taller.hoy)
            if leida is not None:
                pares.append((leida.fecha, escrita, valor))
        pares.sort(key=lambda par: par[0])
        es_historia = any(palabra in normal(puesto.clave) for palabra in _HISTORIA)
        for indice, (fecha, escrita, valor) in enumerate(pares):
            suya: dict[str, Any] = {"fecha_inicio": fecha.isoformat()}
            if es_historia and indice + 1 < len(pares):
                suya |= {"estado": "terminado", "fecha_fin": pares[indice + 1][0].isoformat()}
            yield from self._de(valor, puesto.dentro(f"{puesto.ruta}.{escrita}", **suya))

    @staticmethod
    def _por_estado(objeto: Any) -> bool:
        return all(normal(clave) in _ESTADOS for clave in objeto)

    def _de_estados(self, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        """`{"activos": […], "retirados": […]}`."""
        for clave, valor in [*objeto.items(), *repetidos(objeto)]:
            yield from self._de(valor, puesto.dentro(f"{puesto.ruta}.{clave}", estado=_ESTADOS[normal(clave)]))

    def _es_contrato(self, plan: Plan, objeto: Any) -> bool:
        conceptos = plan.conceptos()
        nombran = [clave for clave, concepto in conceptos.items() if concepto == "servicio" and objeto[clave]]
        simples = [clave for clave in nombran if es_escalar(desenvolver(objeto[clave]))]
        # Una clave que es un servicio («plan» no, «Fibra» sí) es un mapa de servicios y no un contrato.
        return bool(simples) or (bool(nombran) and "fecha_inicio" in conceptos.values())

    def _de_mapa(self, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        """Un servicio por clave: la clave lo nombra, o es solo su puesto y lo nombra lo de dentro."""
        for suya, envuelto in [*objeto.items(), *repetidos(objeto)]:
            dentro = puesto.dentro(f"{puesto.ruta}.{suya}")
            valor = desenvolver(envuelto)
            if isinstance(valor, dict) and valor and not self._se_nombra(valor):
                yield from self._con_clave(suya, valor, dentro)
            elif es_escalar(valor) and self.taller.nombra_un_servicio(suya):
                yield from self._clave_y_dato(suya, valor, dentro)
            elif es_escalar(valor) and self.taller.planes.concepto("contratos", suya)[0] not in ("", "servicio"):
                yield from self._aviso(suya, valor, dentro)
            else:
                yield from self._de(valor, dentro)

    def _se_nombra(self, objeto: Any) -> bool:
        return self._es_contrato(self.taller.planes.de("contratos", objeto), objeto)

    def _con_clave(self, clave: str, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        plan = self.taller.planes.de("contratos", objeto)
        suyo = puesto._replace(base={**puesto.base, "servicio": _referencia(clave)})
        yield from self._de_registro(plan, objeto, suyo)

    def _clave_y_dato(self, clave: str, valor: Any, puesto: Puesto) -> Iterator[Salida]:
        """`{"Prepago": "12-03-2020"}` trae la fecha; `{"movil": "Pospago 20 GB"}`, el servicio; lo demás se avisa."""
        if es_vacio(valor):
            return
        leida = leer_fecha(valor, self.taller.hoy)
        if leida is not None:
            suyo = puesto.dentro(puesto.ruta, fecha_inicio=leida.fecha.isoformat())
            yield self._contrato(_referencia(clave), suyo)
        elif isinstance(valor, str) and self.taller.nombra_un_servicio(valor):
            yield self._contrato(_referencia(valor), puesto)
        else:
            yield self._contrato(_referencia(clave), puesto)
            if valor not in (1, "1"):
                yield from self._aviso(clave, valor, puesto, COPIA)

    # --- Un contrato -------------------------------------------------------------------------------------------------

    def _de_registro(self, plan: Plan, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        valores = dict(puesto.base)
        referencia, sobran = self._que_servicio(plan, objeto, valores.pop("servicio", ""))
        notas: list[str] = []
        avisos: list[tuple[str, Any, str]] = [(clave, objeto[clave], COPIA) for clave in sobran]
        avisos += [(clave, valor, "La clave está repetida en el mismo objeto: se usó el primer valor.")
                   for clave, valor in repetidos(objeto) if valor != objeto.get(clave)]  # fmt: skip
        for clave, columna, _ in plan.pasos:
            valor = desenvolver(objeto[clave])
            if columna in ("servicio", IGNORADA) or es_vacio(valor):
                if columna in ("condiciones", "precio", "periodicidad"):
                    valores.setdefault(columna, a_columna(valor))
            elif columna in (DESCONOCIDA, SECRETA):
                avisos.append((clave, valor, COPIA if columna == DESCONOCIDA else NO_SE_RECONOCE))
            elif columna == "cliente" or (
                columna in valores and valores[columna] != valor and columna not in puesto.base
            ):
                if str(simple(valor)) not in puesto.cliente.identidad:
                    avisos.append((clave, valor, NO_SE_RECONOCE))
            else:
                self._poner(valores, columna, Dato(clave, valor, puesto.ruta), notas, avisos)
        contrato = self._contrato(referencia, puesto._replace(base=valores))
        contrato.notas += notas
        yield contrato
        for clave, valor, motivo in avisos:
            yield from self._aviso(clave, valor, puesto.dentro(f"{puesto.ruta}.{clave}"), motivo)

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
        self, valores: dict[str, Any], columna: str, dato: Dato, notas: list[str], avisos: list[tuple[str, Any, str]]
    ) -> None:
        valor = dato.valor
        if columna in ("fecha_inicio", "fecha_fin"):
            leida = leer_vinculacion(valor, self.taller.hoy)
            valores[columna] = leida.fecha.isoformat() if leida else a_columna(valor)
            if leida and leida.pendiente:
                notas.append(leida.pendiente)
        elif columna == "precio":
            precio = leer_precio(valor)
            if precio.ajena:
                avisos.append((dato.clave, valor, f"{precio.nota}."))
                return
            valores[columna] = a_columna(precio.valor)
            if precio.nota:
                notas.append(precio.nota)
        elif columna in ("estado", "periodicidad"):
            valores[columna], _ = self.taller.traducir("contratos", columna, valor)
        else:
            valores[columna] = a_columna(valor)

    def _contrato(self, referencia: Any, puesto: Puesto) -> Leido:
        cliente: DatosDeCliente = puesto.cliente
        valores: dict[str, Any] = {"cliente": cliente.identidad, "servicio": self._corregida(referencia), **puesto.base}
        notas: list[str] = []
        if not valores.get("fecha_inicio") and cliente.fecha:
            valores["fecha_inicio"] = cliente.fecha
            notas.append("El archivo no dice cuándo empezó: se puso la fecha de vinculación del cliente")
        if not cliente.canonico:
            valores.setdefault("estado", "activo")
        if valores.get("estado") == "terminado" and not valores.get("fecha_fin"):
            valores["fecha_fin"] = self.taller.hoy.isoformat()
            notas.append("El archivo no dice cuándo terminó: se puso la fecha de referencia")
        return Leido("contratos", puesto.sitio.numero, puesto.ruta, valores, notas)

    def _corregida(self, referencia: Any) -> Any:
        if not self.taller.corregidos.get("servicio"):
            return referencia
        texto = referencia["indice"] if isinstance(referencia, dict) else referencia
        return self.taller.corregido("servicio", texto) or referencia

    def _aviso(self, clave: str, valor: Any, puesto: Puesto, motivo: str = NO_SE_RECONOCE) -> Iterator[Salida]:
        numero = puesto.sitio.numero
        return self.taller.avisador.avisar(puesto.ruta, clave, valor, motivo, entidad="contratos", numero=numero)

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
        yield from self._de_registro(plan, registro, Puesto(sitio.ruta, sitio, cliente, {}))


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
    return (
        {"indice": int(texto)}
        if texto.isascii() and texto.isdigit() and texto[0] != "0" and len(texto) < _LARGO_DE_UN_NUMERO
        else texto
    )


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
