"""Consultas, reclamaciones y sugerencias de cualquiera de las formas que se han visto, como interacciones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clientes import cun
from movistar_site.comun.valores import citar

from ..piezas import Leido
from . import nombres
from .antiguedad import leer_fecha
from .claves import desenvolver, es_escalar, es_vacio, normal, repetidos
from .contratos import identidad_de
from .ficha import Dato, Ficha
from .piezas import MAX_NIVELES, NO_SE_RECONOCE, Salida, Sitio, a_columna, fallido, materializar, simple
from .planes import Plan, directos
from .puesto import Puesto
from .taller import Taller

CLASES = {"consultas": "consulta", "reclamaciones": "reclamacion", "sugerencias": "sugerencia"}
LARGO_DE_ASUNTO = 160
EN_BLANCO = "Interacción en blanco: no trae datos."
SIN_FECHA = "El archivo no dice la fecha: se puso la de referencia"
SIN_RESPUESTA = "Figura como respondida en el archivo, que no trae el texto de la respuesta."
_DE_QUIEN = ("documento", "nombre", "apellido", "telefono", "cliente")
_DIRECTAS = (
    "numero", "contrato", "respuesta", "respondida_el", "registrada_por", "cun", "motivo_codigo", "primer_plazo",
    "vence_el", "aplica_sap", "prorroga_motivo", "prorroga_avisada_el", "responsable", "equipo", "recurso_de",
    "pide_apelacion", "enviada_sic_el",
)  # fmt: skip
_TRADUCIDAS = ("estado", "canal", "canal_respuesta", "sentido", "causal")
_NO_ES_CUN = "No es un CUN, que tiene 16 cifras: no se usó."
_VACIAS: frozenset[str] = frozenset()


def _sin_otro_numero(valores: dict[str, Any]) -> None:
    """Muchos sistemas llaman CUN a su radicado: si no viene otro número, ese lo es."""
    if valores.get("cun") and not valores.get("numero"):
        valores["numero"] = valores.pop("cun")


class LectorDeInteracciones:
    """Traduce interacciones."""

    def __init__(self, taller: Taller) -> None:
        self.taller = taller

    def de_usuario(self, valor: Any, ruta: str, sitio: Sitio, cliente: Any, tipo: str = "") -> Iterator[Salida]:
        """Una interacción por cada una que haya en `valor`; `cliente` es su clave, o lo que se sepa de él."""
        yield from self._de(materializar(valor), Puesto(ruta, sitio, cliente, {"tipo": tipo} if tipo else {}))

    def _de(self, valor: Any, puesto: Puesto) -> Iterator[Salida]:
        if type(valor) is list:
            for indice, uno in enumerate(valor):
                yield from self._de(uno, puesto.dentro(f"{puesto.ruta}[{indice}]"))
        elif puesto.nivel > MAX_NIVELES:
            yield from self._aviso("interacciones", valor, puesto)
        elif isinstance(valor, dict):
            yield from self._de_objeto(valor, puesto)
        elif es_vacio(valor):
            return
        elif isinstance(valor, str):
            yield self._de_texto(valor, puesto)
        else:
            motivo = "No dice qué consultó, reclamó o sugirió: no se importa."
            yield from self._aviso("interacciones", valor, puesto, motivo)

    def _de_objeto(self, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        if not objeto:
            return
        plan = self.taller.planes.de("interacciones", objeto)
        if plan.directo and plan.canonico and not repetidos(objeto) and not puesto.base:
            valores = directos(plan, objeto)
            if valores is not None:
                _sin_otro_numero(valores)
                if puesto.cliente:
                    valores["cliente"] = puesto.cliente
                yield Leido("interacciones", puesto.sitio.numero, puesto.ruta, valores)
                return
        if self._es_registro(plan, objeto):
            yield from self._de_registro(plan, objeto, puesto)
            return
        for clave, valor in [*objeto.items(), *repetidos(objeto)]:
            yield from self._de_clave(clave, desenvolver(valor), puesto.dentro(f"{puesto.ruta}.{clave}"))

    def _de_clave(self, clave: str, valor: Any, puesto: Puesto) -> Iterator[Salida]:
        """Bajo una clave de clase (`quejas`), de fecha, de documento o de puesto («1»)."""
        concepto = self.taller.planes.concepto("interacciones", clave)[0]
        if concepto in CLASES:
            yield from self._de(valor, puesto.dentro(puesto.ruta, tipo=CLASES[concepto]))
        elif leida := leer_fecha(clave, self.taller.hoy):
            yield from self._de(valor, puesto.dentro(puesto.ruta, fecha=leida.fecha.isoformat()))
        elif not puesto.cliente and nombres.parece_documento(clave):
            yield from self._de(valor, puesto._replace(cliente=identidad_de(clave)))
        elif isinstance(valor, str) and not es_vacio(valor) and not clave.strip().isdigit():
            if concepto:
                yield from self._aviso(clave, valor, puesto)
            else:
                yield self._de_texto(valor, puesto.dentro(puesto.ruta, asunto=clave[:LARGO_DE_ASUNTO]))
        else:
            yield from self._de(valor, puesto)

    @staticmethod
    def _es_registro(plan: Plan, objeto: Any) -> bool:
        dicen = {"asunto", "texto"}
        tambien = {"fecha", "estado", "canal", "tipo", "cliente", "documento", "nombre", "telefono"}
        traen = {columna for clave, columna, _ in plan.pasos if es_escalar(desenvolver(objeto[clave]))}
        if traen & dicen:
            return True
        return (bool(traen & set(CLASES)) and bool(traen & tambien)) or bool({"tipo", "fecha"} <= traen)

    # --- Una interacción ---------------------------------------------------------------------------------------------

    def _de_texto(self, texto: str, puesto: Puesto) -> Leido:
        valores: dict[str, Any] = {**({"cliente": puesto.cliente} if puesto.cliente else {}), **puesto.base}
        notas: list[str] = []
        self._decir(valores, str(valores.get("asunto", "")), texto)
        self._completar(valores, notas)
        return Leido("interacciones", puesto.sitio.numero, puesto.ruta, valores, notas)

    @staticmethod
    def _decir(valores: dict[str, Any], asunto: str, texto: str) -> None:
        """El asunto, de hasta 160 caracteres; lo que no cabe va entero al texto."""
        asunto, texto = asunto.strip(), texto.strip()
        if not asunto:
            asunto = " ".join(texto.split())
            texto = texto if len(asunto) > LARGO_DE_ASUNTO else ""
        if len(asunto) > LARGO_DE_ASUNTO:
            texto = texto or asunto
            if asunto not in texto and " ".join(texto.split())[:LARGO_DE_ASUNTO] != asunto[:LARGO_DE_ASUNTO]:
                texto = f"{asunto}\n{texto}"
            asunto = f"{asunto[: LARGO_DE_ASUNTO - 1]}…"
        valores["asunto"] = asunto
        if texto:
            valores["texto"] = texto

    def _completar(self, valores: dict[str, Any], notas: list[str]) -> None:
        if not valores.get("tipo"):
            valores["tipo"] = "consulta"
            notas.append("El archivo no dice qué clase de interacción es: se tomó por consulta")
        if not valores.get("fecha"):
            valores["fecha"] = f"{self.taller.hoy.isoformat()}T00:00:00-05:00"
            notas.append(SIN_FECHA)
        if valores.get("estado") == "respondida":
            if not valores.get("respuesta"):
                valores["respuesta"] = SIN_RESPUESTA
                notas.append("Venía respondida y sin el texto de la respuesta")
            if not valores.get("respondida_el"):
                valores["respondida_el"] = valores["fecha"]
                notas.append("Venía respondida y sin la fecha de la respuesta: se puso la de la interacción")

    def _de_registro(self, plan: Plan, objeto: Any, puesto: Puesto) -> Iterator[Salida]:
        sitio, ruta = puesto.sitio, puesto.ruta
        donde = Sitio(sitio.clave, ruta, sitio.numero, sitio.ambito)
        ficha = Ficha(self.taller, "interacciones", donde, _VACIAS)
        ficha.llenar(plan, objeto)
        if ficha.todo_vacio():
            yield Leido("interacciones", sitio.numero, ruta, {}, omitido=EN_BLANCO)
            return
        valores: dict[str, Any] = {}
        de_quien = self._de_quien(ficha, puesto.cliente)
        if de_quien:
            valores["cliente"] = de_quien
        valores |= puesto.base
        self._tipo(ficha, valores)
        self._decir(valores, ficha.texto("asunto"), ficha.texto("texto"))
        for columna in _TRADUCIDAS:
            if (dato := ficha.uno(columna)) is not None:
                valores[columna], _ = self.taller.traducir("interacciones", columna, dato.valor)
        if (dato := ficha.uno("fecha")) is not None:
            valores["fecha"] = self._fecha(dato.valor)
        for columna in _DIRECTAS:
            if (dato := ficha.uno(columna)) is not None:
                valores[columna] = a_columna(dato.valor)
                if columna == "cun" and "numero" in valores and not cun.leer(str(valores["cun"])):
                    ficha.sobra(dato, _NO_ES_CUN)
                    del valores["cun"]
        _sin_otro_numero(valores)
        self._completar(valores, ficha.notas)
        yield Leido("interacciones", sitio.numero, ruta, valores, ficha.notas)
        for _, sobrante in ficha.quedan():
            ficha.sobra(sobrante, NO_SE_RECONOCE)
        yield from ficha.avisar()

    def _fecha(self, valor: Any) -> Any:
        """Un instante se deja como está; una fecha suelta de otra forma, en ISO."""
        leida = leer_fecha(valor, self.taller.hoy)
        if leida is None or (isinstance(valor, str) and ":" in valor):
            return a_columna(valor)
        return leida.fecha.isoformat()

    def _tipo(self, ficha: Ficha, valores: dict[str, Any]) -> None:
        """La clase que dice, o la de la clave en que viene el texto (`{"queja": "…"}`), o la de la lista."""
        for concepto, tipo in CLASES.items():
            for dato in ficha.sacar(concepto):
                valores["tipo"] = tipo
                self._pasar_texto(ficha, dato)
        if (dicho := ficha.uno("tipo")) is not None:
            traducido, entendido = self.taller.traducir("interacciones", "tipo", dicho.valor)
            if entendido or "tipo" not in valores:
                valores["tipo"] = traducido
            else:
                ficha.sobra(dicho, f"No es una clase de interacción: quedó «{valores['tipo']}».")

    @staticmethod
    def _pasar_texto(ficha: Ficha, dato: Dato) -> None:
        destino = "texto" if not ficha.trae("texto") else "asunto"
        if es_escalar(dato.valor) and not ficha.trae(destino):
            ficha.datos.setdefault(destino, []).append(dato)
        else:
            ficha.sobra(dato)

    def _de_quien(self, ficha: Ficha, cliente: Any) -> Any:
        """La clave del cliente; si el archivo solo da su nombre y su teléfono, eso, para buscarlo después."""
        datos = {concepto: ficha.uno(concepto) for concepto in _DE_QUIEN}
        if cliente:
            for dato in datos.values():
                if dato is not None and normal(simple(dato.valor)) not in normal(str(cliente)):
                    ficha.sobra(dato, "No se usó: la interacción ya está dentro de su cliente.")
            return cliente
        textos = {c: str(simple(d.valor)).strip() if d and es_escalar(d.valor) else "" for c, d in datos.items()}
        suelto = identidad_de(textos["cliente"]) if textos["cliente"] else ""
        for candidata in (textos["documento"] and identidad_de(textos["documento"]), suelto):
            if candidata and nombres.con_tipo(candidata):
                sobran = [d for c, d in datos.items() if d and c in ("nombre", "apellido", "telefono")]
                for dato in sobran:
                    ficha.sobra(dato, "No se usó: el cliente se halla por su documento.")
                return candidata
        nombre = f"{textos['nombre'] or textos['cliente']} {textos['apellido']}".strip()
        if not nombre and not textos["telefono"]:
            return textos["documento"]
        return {"nombre": nombre, "telefono": textos["telefono"]}

    # --- Fuera de un cliente -----------------------------------------------------------------------------------------

    def suelta(self, valor: Any, sitio: Sitio) -> Iterator[Salida]:
        """Una interacción que no está dentro de un cliente: la de una tabla, o la de una lista que dice de quién es."""
        tipo = sitio.ambito.interaccion
        if isinstance(valor, dict):
            plan = self.taller.planes.de("interacciones", valor)
            suyos = directos(plan, valor) if plan.directo and plan.canonico and not repetidos(valor) else None
            if suyos is not None and suyos.get("cliente") and not tipo:
                suyos["cliente"] = identidad_de(suyos["cliente"])
                _sin_otro_numero(suyos)
                yield Leido("interacciones", sitio.numero, sitio.ruta, suyos)
                return
        elif not isinstance(valor, str | list):
            yield fallido("interacciones", sitio, f"Se esperaba un objeto y llegó {citar(simple(valor))}.")
            return
        hubo = False
        for salida in self._sueltas(valor, sitio, tipo):
            hubo = hubo or isinstance(salida, Leido)
            yield salida
        if not hubo:
            yield Leido("interacciones", sitio.numero, sitio.ruta, {}, omitido=EN_BLANCO)

    def _sueltas(self, valor: Any, sitio: Sitio, tipo: str) -> Iterator[Salida]:
        de_la_clave = identidad_de(sitio.clave) if nombres.parece_documento(sitio.clave) else ""
        yield from self._de(valor, Puesto(sitio.ruta, sitio, de_la_clave, {"tipo": tipo} if tipo else {}))

    def _aviso(self, clave: str, valor: Any, puesto: Puesto, motivo: str = NO_SE_RECONOCE) -> Iterator[Salida]:
        numero = puesto.sitio.numero
        return self.taller.avisador.avisar(puesto.ruta, clave, valor, motivo, entidad="interacciones", numero=numero)
