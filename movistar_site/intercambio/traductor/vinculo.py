"""La categoría de un cliente y desde cuándo lo es."""

from __future__ import annotations

from typing import Any

from movistar_site.comun.valores import citar, formatear_fecha, normalizar

from . import tablas
from .antiguedad import Vinculacion, leer_vinculacion
from .claves import es_escalar, es_vacio, normal
from .ficha import Dato
from .parte_de_persona import ParteDePersona, afirma, legible
from .piezas import a_columna, simple
from .vocabulario_valores import CATEGORIAS_CON_NOTA, SI


class Vinculo(ParteDePersona):
    """Resuelve la categoría y la fecha de vinculación."""

    def _categoria(self) -> None:
        marcas = {c: self.ficha.sacar(f"marca_{c}") for c in ("leal", "regular", "nuevo")}
        for dato in self.ficha.sacar("categoria"):
            if "categoria" in self.valores:
                self.ficha.sobra(dato)
                continue
            valor = self._de_marcas(dato) if isinstance(dato.valor, dict) else dato.valor
            if valor is None:
                continue
            dicha, _ = self.taller.traducir("clientes", "categoria", valor)
            self.valores["categoria"] = dicha
            if isinstance(valor, str) and normal(valor) in CATEGORIAS_CON_NOTA:
                self.ficha.notas.append(f"La categoría «{valor}» se tomó por «{dicha}»")
        self._marcadas(marcas)
        self._del_grupo()
        self._estado()

    def _marcadas(self, marcas: dict[str, list[Dato]]) -> None:
        for categoria, datos in marcas.items():
            for dato in datos:
                if isinstance(dato.valor, dict | list):
                    self.ficha.sobra(dato)
                elif not afirma(dato.valor):
                    continue
                elif "categoria" in self.valores:
                    self.ficha.sobra(dato)
                else:
                    self.valores["categoria"] = categoria
                    self._si_no_es_si(dato)

    def _del_grupo(self) -> None:
        dicha, deducida = self.valores.get("categoria"), self.sitio.ambito.categoria
        if deducida and not dicha:
            self.valores["categoria"] = deducida
        elif deducida and dicha != deducida:
            self.ficha.notas.append(f"Está entre los de categoría «{deducida}» y dice «{dicha}»: queda la que dice")

    def _estado(self) -> None:
        if (estado := self.ficha.uno("estado")) is not None:
            self.valores["estado"], _ = self.taller.traducir("clientes", "estado", estado.valor)
            if self.valores["estado"] == "inactivo" and not self.ficha.trae("inactivo_desde"):
                self.valores.setdefault("inactivo_desde", self.taller.hoy.isoformat())

    def _si_no_es_si(self, dato: Dato) -> None:
        if not isinstance(dato.valor, bool) and normalizar(str(simple(dato.valor))) not in SI:
            self.ficha.notas.append(f"«{dato.clave}: {simple(dato.valor)}» se tomó por sí")

    def _de_marcas(self, dato: Dato) -> Any:
        """`{"nuevo": "", "leal": "0"}`: la marca que no está vacía; `{"clienteLeal": true}`: la que dice que sí."""
        vocabulario = tablas.valores("clientes", "categoria")
        llenas = []
        for clave, valor in dato.valor.items():
            if normal(clave) not in vocabulario or not es_escalar(valor):
                self.ficha.sobra(Dato(clave, valor, f"{dato.ruta}.{clave}"))
            elif not es_vacio(valor):
                llenas.append((clave, valor))
        afirmadas = [clave for clave, valor in llenas if afirma(valor)]
        if len(llenas) == 1 and len(dato.valor) > 1 and str(llenas[0][1]).strip() == "0":
            afirmadas = [llenas[0][0]]
        if len(afirmadas) > 1:
            self.ficha.notas.append(f"Marca varias categorías: {', '.join(afirmadas)}; se tomó la primera")
        for clave, valor in llenas:
            if clave in afirmadas:
                self._si_no_es_si(Dato(clave, valor, dato.ruta))
        return afirmadas[0] if afirmadas else None

    def _vinculacion(self) -> None:
        exacta = self.ficha.datos.pop("fecha_vinculacion", [])
        candidatas = [*exacta[:1], *self.ficha.sacar("fecha"), *self.ficha.sacar("antiguedad"), *exacta[1:]]
        meses, unidad = self.ficha.sacar("meses"), self.ficha.sacar("unidad")
        hallada: Vinculacion | None = None
        garabatos: list[Dato] = []
        for dato in unidad:
            if not es_escalar(dato.valor) or not normal(dato.valor).startswith(("mes", "ano")):
                self.ficha.sobra(dato)
        en_meses = any("mes" in normal(dato.valor) for dato in unidad if es_escalar(dato.valor))
        for dato in self._juntar(candidatas, meses):
            if es_vacio(dato.valor):
                continue
            if self._es_categoria(dato):
                continue
            leida = leer_vinculacion(
                legible(dato.valor), self.taller.hoy, meses=en_meses or "mes" in normal(dato.clave)
            )
            if leida is None:
                garabatos.append(dato)
            elif hallada is None:
                hallada = leida
            else:
                hallada = self._entre_dos(hallada, leida, dato)
        self._poner_vinculacion(hallada, garabatos, exacta)

    def _juntar(self, candidatas: list[Dato], meses: list[Dato]) -> list[Dato]:
        """«años: 2, meses: 3» es una sola antigüedad."""
        if not meses:
            return candidatas
        anios = [dato for dato in candidatas if "ano" in normal(dato.clave) and str(dato.valor).strip().isdigit()]
        if len(anios) == 1 and es_escalar(meses[0].valor) and int(str(anios[0].valor)) < 100:  # noqa: PLR2004
            junta = Dato(anios[0].clave, f"{anios[0].valor} años y {meses[0].valor} meses", anios[0].ruta)
            return [junta if dato is anios[0] else dato for dato in candidatas] + meses[1:]
        return candidatas + meses

    def _es_categoria(self, dato: Dato) -> bool:
        """«lealtad: leal» no dice desde cuándo, sino qué categoría tiene."""
        if not self.taller.reconoce("clientes", "categoria", dato.valor):
            return False
        if "categoria" in self.valores:
            self.ficha.sobra(dato)
        else:
            self.valores["categoria"], _ = self.taller.traducir("clientes", "categoria", dato.valor)
        return True

    def _entre_dos(self, hallada: Vinculacion, otra: Vinculacion, dato: Dato) -> Vinculacion:
        """Una fecha dice más que una antigüedad."""
        if otra.fecha == hallada.fecha and not otra.pendiente:
            return otra
        if hallada.pendiente and not otra.pendiente:
            self.ficha.notas.append(f"{hallada.pendiente}; se tomó la fecha de «{dato.clave}»")
            return otra
        self.ficha.sobra(dato, "No se usó: desde cuándo es cliente salió de otra clave.")
        return hallada

    def _poner_vinculacion(self, hallada: Vinculacion | None, garabatos: list[Dato], exacta: list[Dato]) -> None:
        if hallada is not None:
            for dato in garabatos:
                self.ficha.sobra(dato, "No se entiende como fecha ni como antigüedad.")
            crudo = exacta[0].valor if exacta else None
            igual = isinstance(crudo, str) and not hallada.pendiente and self.ficha.canonica
            self.valores["fecha_vinculacion"] = crudo if igual else hallada.fecha.isoformat()
            if hallada.pendiente:
                self.pendientes["fecha_vinculacion"] = hallada.pendiente
        elif self.ficha.canonica:
            # Es una columna del panel: lo que no se entienda en ella se corrige, no se deduce.
            self.valores["fecha_vinculacion"] = a_columna(exacta[0].valor) if exacta else ""
        else:
            for dato in garabatos:
                self.ficha.sobra(dato, "No se entiende como fecha ni como antigüedad.")
            self.valores["fecha_vinculacion"] = self.taller.hoy.isoformat()
            por_que = f"{citar(garabatos[0].valor)} no se entiende" if garabatos else "El archivo no la trae"
            self.pendientes["fecha_vinculacion"] = (
                f"{por_que}: se puso la de referencia, {formatear_fecha(self.taller.hoy)}"
            )
