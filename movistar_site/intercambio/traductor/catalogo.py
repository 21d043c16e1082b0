"""Un servicio del catálogo de un archivo, con sus precios y quienes lo usan, como registros planos."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from movistar_site.comun.json_texto import volcar
from movistar_site.comun.valores import a_pesos, citar, normalizar

from ..piezas import Leido
from . import rasgos, tablas
from .claves import desenvolver, es_escalar, es_vacio, normal, repetidos, sin_numero
from .ficha import Dato, Ficha
from .piezas import NO_SE_RECONOCE, Salida, Sitio, a_columna, fallido, hijos, materializar, simple
from .planes import Plan, directos
from .precios import Precio, leer_precio, precio_en_prosa
from .taller import Taller

COLECCIONES = frozenset({"caracteristicas", "prosa", "bonos", "suscriptores", "planes", "componentes", "precio"})
LARGO_DE_CODIGO = 30
_CODIGO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NO_ES_CODIGO = re.compile(r"[^A-Z0-9]+")
_RASGOS = ("megas", "navegacion", "cantidad", "minutos", "canales", "dias", "plazo")
PLANTILLA = "Servicio en blanco: ninguno de sus campos trae datos."
CODIGO_DISTINTO = "El código no coincide con la clave del objeto, {}."
PRECIO_DISTINTO = "El precio no es ninguno de los de la lista «precios»."


class LectorDeServicios:
    """Traduce servicios del catálogo."""

    def __init__(self, taller: Taller) -> None:
        self.taller = taller
        self.usados: set[str] = set()
        self._sin_codigo: dict[str, str] = {}

    def leer(self, registro: Any, sitio: Sitio) -> Iterator[Salida]:
        """El servicio y, si trae la historia de sus precios, cada uno de ellos."""
        plan = self.taller.planes.de("servicios", registro)
        if plan.directo and not repetidos(registro) and not sitio.ambito.etiqueta:
            salida = self._de_panel(plan, registro, sitio)
            if salida is not None:
                yield from salida
                return
        yield from self._general(plan, registro, sitio)

    # --- El par canónico ---------------------------------------------------------------------------------------------

    def _de_panel(self, plan: Plan, registro: Any, sitio: Sitio) -> list[Salida] | None:
        """Un servicio escrito por el panel: tal como viene. None si algo pide mirarlo con cuidado."""
        if isinstance(registro.get("precio"), Decimal | float):
            return None
        valores = directos(plan, registro)
        if valores is None or not self._como_del_panel(plan, valores, sitio):
            return None
        falla = _con_codigo(valores, sitio.clave)
        codigo = valores.get("codigo")
        salida: list[Salida] = []
        historia = list(self._precios(registro.get("precios"), f"{sitio.ruta}.precios", sitio, codigo))
        suyos = [uno.valores.get("valor") for uno in historia if isinstance(uno, Leido) and not uno.falla]
        if suyos and "precio" in valores:
            precio = valores.pop("precio")
            if _pesos(precio) not in {_pesos(valor) for valor in suyos}:
                falla = falla or f"{PRECIO_DISTINTO[:-1]}: dice {citar(precio)}."
        if isinstance(codigo, str):
            self.usados.add(codigo.upper())
            self.taller.aprender_servicio(codigo.upper(), str(valores.get("nombre") or codigo), "")
        salida.append(Leido("servicios", sitio.numero, sitio.ruta, valores, falla=falla))
        return [*salida, *historia]

    def _como_del_panel(self, plan: Plan, valores: dict[str, Any], sitio: Sitio) -> bool:
        if not sitio.clave and not valores.get("codigo"):
            return False
        caracteristicas, precio = valores.get("caracteristicas") or {}, valores.get("precio", "")
        tipo = valores.get("tipo")
        extrano = not isinstance(caracteristicas, dict | str) or isinstance(precio, float | dict | list | bool)
        if extrano or _pesos(precio) is None or (tipo is not None and self.taller.tipo(tipo)[0] != tipo):
            return False
        if not plan.canonico:
            # Una corrección de un servicio que ya está: la clave es su código y no hace falta nada más.
            return _parece_codigo(sitio.clave) and not isinstance(caracteristicas, str) and not valores.keys() & {
                "tipo", "nombre", "descripcion"}  # fmt: skip
        conocidos = self.taller.atributos.get(self.taller.tipos.exacto(tipo))
        ajenas = [] if isinstance(caracteristicas, str) or conocidos is None else caracteristicas.keys() - conocidos
        return (not sitio.clave or bool(_CODIGO.fullmatch(sitio.clave))) and not any(
            _es_rasgo(clave) for clave in ajenas
        )

    def _precios(self, valor: Any, ruta: str, sitio: Sitio, codigo: Any) -> Iterator[Salida]:
        """La historia de precios de un servicio, uno por registro."""
        if es_vacio(valor):
            return
        if not isinstance(valor, dict | list):
            donde = Sitio("", ruta, sitio.numero, sitio.ambito)
            yield fallido("precios", donde, f"Se esperaba un objeto o una lista y llegó {citar(simple(valor))}.")
            return
        for dentro, _, uno in hijos(valor, ruta):
            donde = Sitio("", dentro, sitio.numero, sitio.ambito)
            if not isinstance(uno, dict):
                yield fallido("precios", donde, f"Se esperaba un objeto y llegó {citar(simple(uno))}.")
                continue
            plan = self.taller.planes.de("precios", uno)
            fila: dict[str, Any] = {}
            for clave, columna, _vale in plan.pasos:
                if columna in tablas.columnas("precios") and columna not in fila:
                    fila[columna] = a_columna(materializar(uno[clave]))
                else:
                    yield from self.taller.avisador.avisar(
                        f"{dentro}.{clave}", clave, uno[clave], entidad="precios", numero=sitio.numero
                    )
            fila["servicio"] = codigo or ""
            yield Leido("precios", sitio.numero, dentro, fila)

    # --- Cualquier otra forma ----------------------------------------------------------------------------------------

    def _general(self, plan: Plan, registro: Any, sitio: Sitio) -> Iterator[Salida]:
        ficha = Ficha(self.taller, "servicios", sitio, COLECCIONES)
        ficha.llenar(plan, registro)
        if ficha.todo_vacio() and not ficha.secretas and not _CODIGO.fullmatch(sitio.clave or "-"):
            yield Leido("servicios", sitio.numero, sitio.ruta, {}, omitido=PLANTILLA)
            return
        servicio = _Servicio(self.taller, ficha, sitio, self.usados)
        historia = servicio.historia()
        valores = servicio.resolver()
        if servicio.sin_codigo:
            self._el_mismo(valores)
        filas = [fila for dato in historia for fila in self._precios(dato.valor, dato.ruta, sitio, valores["codigo"])]
        if historia and "precio" in valores:
            valores.pop("precio")
        yield Leido("servicios", sitio.numero, sitio.ruta, valores, notas=ficha.notas, falla=servicio.falla)
        yield from filas
        for _, sobrante in ficha.quedan():
            if not es_vacio(sobrante.valor):
                ficha.sobra(sobrante, NO_SE_RECONOCE)
        yield from ficha.avisar()

    def _el_mismo(self, valores: dict[str, Any]) -> None:
        """Un servicio sin código que dice lo mismo que otro es el mismo: lleva su código y no uno más."""
        propuesto = valores["codigo"]
        huella = volcar({columna: valor for columna, valor in valores.items() if columna != "codigo"})
        codigo = self._sin_codigo.setdefault(huella, propuesto)
        if codigo != propuesto:
            self.usados.discard(propuesto)
            valores["codigo"] = self.taller.memoria.servicios[-1]["codigo"] = codigo


class _Servicio:
    """Resuelve la ficha de un servicio."""

    def __init__(self, taller: Taller, ficha: Ficha, sitio: Sitio, usados: set[str]) -> None:
        self.taller, self.ficha, self.sitio, self.usados = taller, ficha, sitio, usados
        self.valores: dict[str, Any] = {}
        self.texto: list[str] = []
        self.falla = ""
        self.identificador = ""
        self.sin_codigo = False

    def historia(self) -> list[Dato]:
        """Las listas de precios con fecha, que van a su propia entidad."""
        datos = self.ficha.datos.get("precio", [])
        con_fecha = [d for d in [*datos, *self.ficha.datos.get("precios", [])] if _es_historia(d.valor)]
        self.ficha.datos["precio"] = [d for d in [*datos, *self.ficha.datos.pop("precios", [])] if d not in con_fecha]
        return con_fecha

    def resolver(self) -> dict[str, Any]:
        """Los valores por columna."""
        self._nombre_y_codigo()
        self._tipo()
        self._precio()
        self._periodicidad()
        self._rasgos()
        self._resto()
        if self.texto:
            self.valores["descripcion"] = "\n".join(dict.fromkeys(self.texto))
        if self.identificador:
            self.ficha.notas.append(f"Identificador en el archivo: {self.identificador}")
        self.taller.aprender_servicio(self.valores["codigo"], str(self.valores.get("nombre", "")), self.identificador)
        return self.valores

    def _nombre_y_codigo(self) -> None:
        ficha, clave = self.ficha, self.sitio.clave.strip()
        dichos = ficha.sacar("nombre")
        for compuesto in [dato for dato in dichos if not es_escalar(dato.valor)]:
            ficha.sobra(compuesto)
            dichos.remove(compuesto)
        dichos.sort(key=lambda dato: not normal(dato.clave).startswith(("nombre", "name")))
        nombre = str(simple(dichos[0].valor)).strip() if dichos else ""
        self.texto += [f"{d.clave}: {simple(d.valor)}" for d in dichos[1:] if d.valor != dichos[0].valor]
        codigo = ficha.texto("codigo")
        identificador = ficha.texto("id").removesuffix(".0")
        if identificador and not codigo and _CODIGO.fullmatch(identificador) and not identificador.isdigit():
            codigo = identificador
        elif identificador:
            self.identificador = identificador
        if clave:
            nombre, codigo = self._con_clave(clave, nombre, codigo)
        if not nombre and (tipo := self._tipo_como_nombre()):
            nombre = tipo
        nombre = nombre or self.sitio.ambito.etiqueta or codigo
        self.valores["codigo"] = self._codigo_unico(codigo, nombre)
        if nombre:
            self.valores["nombre"] = nombre

    def _con_clave(self, clave: str, nombre: str, codigo: str) -> tuple[str, str]:
        """La clave de un objeto es su código, su puesto o, si no trae otro, su nombre."""
        puesto = clave.isdigit() or re.fullmatch(r"(?:plan|servicio|producto|paquete)\W*[0-9]+", clave, re.IGNORECASE)
        if codigo and _parece_codigo(clave) and normal(codigo) != normal(clave) and not puesto:
            self.falla = CODIGO_DISTINTO.format(citar(clave))
        if clave.isdigit() and not self.identificador:
            self.identificador = clave
        elif (not codigo and nombre and _CODIGO.fullmatch(clave) and not clave.isdigit()) or (
            not nombre and not codigo and _parece_codigo(clave) and not self.ficha.trae("tipo")
        ):
            codigo = clave.upper()
        if nombre and normal(clave) not in (normal(codigo), normal(nombre), normal(self.identificador)):
            if self.identificador:
                self.texto.append(f"Clave: {clave}")
            self.identificador = self.identificador or clave
        return nombre or ("" if clave.isdigit() else clave), codigo

    def _tipo_como_nombre(self) -> str:
        dato = next(
            (d for d in self.ficha.datos.get("tipo", ()) if es_escalar(d.valor) and not es_vacio(d.valor)), None
        )
        return str(simple(dato.valor)).strip() if dato else ""

    def _codigo_unico(self, codigo: str, nombre: str) -> str:
        if codigo:
            limpio = codigo.strip().upper()
            self.usados.add(limpio)
            return limpio
        base = codigo_de_nombre(nombre) or "SERVICIO"
        propuesto, vez = base, 1
        while propuesto in self.usados:
            vez += 1
            propuesto = f"{base[: LARGO_DE_CODIGO - len(str(vez)) - 1]}-{vez}"
        self.usados.add(propuesto)
        self.sin_codigo = True
        self.ficha.notas.append(f"El archivo no trae código: se hizo {propuesto} con el nombre")
        return propuesto

    def _tipo(self) -> None:
        dato = self.ficha.uno("tipo")
        etiqueta = self.sitio.ambito.etiqueta
        if dato is not None:
            self.valores["tipo"], nota = self.taller.tipo(dato.valor)
            if nota:
                self.ficha.notas.append(nota)
        sabido = dato is not None and bool(self.taller.tipos.exacto(self.valores["tipo"]))
        if not sabido and etiqueta:
            tipo, _ = self.taller.tipo(etiqueta)
            if self.taller.tipos.exacto(tipo):
                if dato is not None:
                    self.texto.append(f"{dato.clave}: {_plano(dato.valor)}")
                self.valores["tipo"] = tipo
                self.ficha.notas.append(f"El tipo sale del grupo en que está, «{etiqueta}»")
                return
            self.texto.append(f"Grupo: {etiqueta}")
        if dato is None and (deducido := self._tipo_por_nombre()):
            self.valores["tipo"] = deducido
            self.ficha.notas.append(f"El tipo no viene: por su nombre es {self.taller.tipos.titulos[deducido]}")

    def _tipo_por_nombre(self) -> str:
        return self.taller.tipos.en_el_nombre(str(self.valores.get("nombre", ""))) or self.taller.tipos.en_el_nombre(
            self.sitio.clave
        )

    def _precio(self) -> None:
        for dato in self.ficha.sacar("precio"):
            valor = dato.valor
            if isinstance(valor, dict) and len(valor) == 1 and not repetidos(valor):
                valor = desenvolver(next(iter(valor.values())))
            precio = leer_precio(valor)
            if precio.ajena:
                self.ficha.sobra(dato, f"{precio.nota}.")
                self.ficha.notas.append(precio.nota)
            elif "precio" in self.valores:
                self.texto.append(f"{dato.clave}: {_plano(valor)}")
            else:
                self._poner_precio(precio, dato)

    def _poner_precio(self, precio: Precio, dato: Dato) -> None:
        self.valores["precio"] = a_columna(precio.valor)
        if precio.nota:
            self.ficha.notas.append(precio.nota)
        texto = str(simple(dato.valor)) if es_escalar(dato.valor) else ""
        if precio.nota and len(texto.split()) > 4:  # noqa: PLR2004 - una frase dice más que el precio
            self.texto.append(texto)

    def _periodicidad(self) -> None:
        for dato in self.ficha.sacar("periodicidad"):
            valor, entendido = self.taller.traducir("servicios", "periodicidad", dato.valor)
            if entendido and "periodicidad" not in self.valores:
                self.valores["periodicidad"] = valor
            else:
                self.texto.append(f"{dato.clave}: {_plano(dato.valor)}")

    # --- Lo que ofrece -----------------------------------------------------------------------------------------------

    def _rasgos(self) -> None:
        tipo = self.taller.tipos.exacto(self.valores.get("tipo", ""))
        admitidos = self.taller.atributos.get(tipo, set())
        hallados: dict[str, Any] = {}
        prosa: list[str] = []
        for concepto in _RASGOS:
            for dato in self.ficha.sacar(concepto):
                suyos = rasgos.de_clave(concepto, simple(dato.valor), tipo, admitidos) if es_escalar(dato.valor) else {}
                if suyos and not set(suyos) & set(hallados):
                    hallados |= suyos
                else:
                    prosa.append(f"{dato.clave}: {_plano(dato.valor)}")
        for dato in self.ficha.sacar("caracteristicas"):
            prosa += self._de_caracteristicas(dato.valor, tipo, admitidos, hallados)
        for concepto in ("descripcion", "prosa"):
            for dato in self.ficha.sacar(concepto):
                prosa += _frases(dato.valor)
        for bono in self.ficha.sacar("bonos"):
            prosa.append(f"{bono.clave}: {_plano(bono.valor)}")
        for clave, valor in rasgos.en_texto(". ".join([*prosa, str(self.valores.get("nombre", ""))]), tipo,
                                            admitidos).items():  # fmt: skip
            hallados.setdefault(clave, valor)
        if hallados:
            self.valores["caracteristicas"] = hallados
        self.texto = [*prosa, *self.texto]
        if "precio" not in self.valores:
            self._precio_de_la_prosa(prosa)

    def _precio_de_la_prosa(self, prosa: list[str]) -> None:
        precio = precio_en_prosa(". ".join(prosa))
        if precio is not None:
            self.valores["precio"] = precio.valor
            self.ficha.notas.append(precio.nota)

    def _de_caracteristicas(self, valor: Any, tipo: str, admitidos: set[str], hallados: dict[str, Any]) -> list[str]:
        """Un objeto de características: lo que es atributo del tipo, como tal; lo demás, a la descripción."""
        valor = _de_json(valor)
        if not isinstance(valor, dict):
            return _frases(valor)
        prosa = []
        for clave, dentro in [*valor.items(), *repetidos(valor)]:
            dato = desenvolver(dentro)
            if es_vacio(dato):
                continue
            concepto = self.taller.planes.concepto("servicios", clave)[0]
            suyos = rasgos.de_clave(concepto, simple(dato), tipo, admitidos) if es_escalar(dato) else {}
            if clave in admitidos or (not admitidos and es_escalar(dato) and not concepto):
                hallados.setdefault(clave, a_columna(dentro) if isinstance(dentro, list) else _para_json(dentro))
            elif suyos and not set(suyos) & set(hallados):
                hallados |= suyos
            elif concepto == "precio" and "precio" not in self.valores:
                self._poner_precio(leer_precio(dato), Dato(clave, dato, self.sitio.ruta))
            else:
                prosa.append(f"{clave}: {_plano(dato)}")
        return prosa

    def _resto(self) -> None:
        estado = self.ficha.uno("estado")
        if estado is not None:
            self.valores["estado"], _ = self.taller.traducir("servicios", "estado", estado.valor)
        for columna in ("componentes", "retirado_el"):
            if (dato := self.ficha.uno(columna)) is not None:
                self.valores[columna] = a_columna(dato.valor)


def codigo_de_nombre(nombre: str) -> str:
    """El código que se hace con un nombre: «Fibra Óptica 300» → «FIBRA-OPTICA-300», de hasta 30 letras."""
    return _NO_ES_CODIGO.sub("-", normalizar(nombre).upper()).strip("-")[:LARGO_DE_CODIGO].strip("-")


def _de_json(valor: Any) -> Any:
    """El objeto que una celda de tabla trae escrito como JSON; lo demás, como está."""
    if not isinstance(valor, str) or not valor.lstrip().startswith("{"):
        return valor
    try:
        return json.loads(valor)
    except (ValueError, RecursionError):
        return valor


def _parece_codigo(clave: str) -> bool:
    return bool(_CODIGO.fullmatch(clave)) and any(c.isdigit() for c in clave) and (
        "-" in clave or clave == clave.upper()
    )  # fmt: skip


def _con_codigo(valores: dict[str, Any], clave: str) -> str:
    """Completa el código con la clave del objeto y dice si no coinciden."""
    if not clave:
        return ""
    dentro = valores.setdefault("codigo", clave)
    if str(dentro).strip().casefold() != clave.strip().casefold():
        return CODIGO_DISTINTO.format(citar(clave))
    return ""


def _es_historia(valor: Any) -> bool:
    filas = list(valor.values()) if isinstance(valor, dict) else valor if isinstance(valor, list) else []
    conocidas = {"desde", "vigentedesde", "fecha"}
    return bool(filas) and all(isinstance(f, dict) and conocidas & {normal(c) for c in f} for f in filas)


def _es_rasgo(clave: str) -> bool:
    return tablas.alias("servicios").get(sin_numero(normal(clave)), "") in _RASGOS


def _pesos(valor: Any) -> Any:
    if valor in ("", None):
        return ""
    try:
        return a_pesos(valor if isinstance(valor, str) else str(valor))
    except ValueError:
        return None


def _para_json(valor: Any) -> Any:
    from .piezas import estructura

    return estructura(desenvolver(valor))


def _frases(valor: Any) -> list[str]:
    """Lo que dice un texto, una lista de textos o un objeto de textos, frase por frase."""
    if isinstance(valor, list):
        return [frase for uno in valor for frase in _frases(uno)]
    if isinstance(valor, dict):
        return [f"{clave}: {_plano(dentro)}" for clave, dentro in [*valor.items(), *repetidos(valor)]]
    return [] if es_vacio(valor) else [_plano(valor)]


def _plano(valor: Any) -> str:
    if isinstance(valor, dict):
        return "; ".join(f"{clave}: {_plano(uno)}" for clave, uno in [*valor.items(), *repetidos(valor)])
    if isinstance(valor, list):
        return ", ".join(_plano(uno) for uno in valor)
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    return "" if valor is None else str(simple(valor)).strip()
