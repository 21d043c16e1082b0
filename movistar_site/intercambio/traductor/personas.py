"""Quién es el cliente de un registro: documento, nombre, contacto, categoría y desde cuándo lo es."""

from __future__ import annotations

from typing import Any

from movistar_site.comun.opciones import Categoria
from movistar_site.comun.valores import formatear_fecha, normalizar

from . import nombres, tablas, telefonos
from .antiguedad import Vinculacion, leer_fecha, leer_vinculacion
from .claves import es_escalar, es_vacio, normal
from .ficha import Dato, Ficha
from .nombres import Documento
from .piezas import Sitio, a_columna, simple
from .taller import Taller
from .vocabulario_valores import CATEGORIAS_CON_NOTA, NO, SI

CLASES = {"consultas": "consulta", "reclamaciones": "reclamacion", "sugerencias": "sugerencia"}
_DOCUMENTOS_CON_TIPO = {"documento_cc": "CC", "documento_ti": "TI", "documento_ce": "CE", "documento_nit": "NIT",
                        "documento_pas": "PAS"}  # fmt: skip
_DIRECTAS = ("tipo_persona", "estrato", "motivo_categoria", "inactivo_desde", "notas", "id_origen")
_LARGO_DE_ID = 60
NO_COINCIDE = "El documento no coincide con la clave del objeto, «{}»."


class Persona:
    """Resuelve una ficha de cliente. Tras `resolver`, `falla` dice por qué no se puede tomar, si es el caso."""

    def __init__(self, taller: Taller, ficha: Ficha, sitio: Sitio) -> None:
        self.taller, self.ficha, self.sitio = taller, ficha, sitio
        self.valores: dict[str, Any] = {}
        self.pendientes: dict[str, Any] = {}
        self.falla = ""
        self.id_origen = ""

    def resolver(self) -> dict[str, Any]:
        """Los valores por columna."""
        if self.ficha.canonica:
            self._copiar_columnas()
        self._ambiguos()
        self._cruzados()
        self._nombre()
        self._contacto()
        self._documento()
        self._lugar()
        self._categoria()
        self._vinculacion()
        self._directas()
        if self.sitio.ambito.prospecto:
            self.pendientes["estado"] = "Venía entre los posibles clientes del archivo: confirme si ya es cliente"
        if self.pendientes:
            self.valores["pendientes"] = {**self._pendientes_dados(), **self.pendientes}
        return self.valores

    def _pendientes_dados(self) -> dict[str, Any]:
        dados = self.valores.get("pendientes")
        return dados if isinstance(dados, dict) else {}

    def _copiar_columnas(self) -> None:
        """De un registro del panel, las columnas que no necesitan nada pasan como están, también vacías."""
        for columna in ("nombre", "apellido", "email", "direccion", "pendientes", *_DIRECTAS):
            datos = self.ficha.datos.pop(columna, [])
            if datos:
                self.valores[columna] = a_columna(datos[0].valor)
            for otro in datos[1:]:
                self.ficha.sobra(otro)

    # --- Lo que significa una cosa u otra según lo que traiga ---------------------------------------------------------

    def _pasar(self, dato: Dato, concepto: str) -> None:
        self.ficha.datos.setdefault(concepto, []).append(dato)

    def _ambiguos(self) -> None:
        ficha = self.ficha
        for dato in ficha.sacar("tipo"):
            if self.taller.reconoce("clientes", "tipo_documento", dato.valor):
                self._pasar(dato, "tipo_documento")
            elif self.taller.reconoce("clientes", "categoria", dato.valor):
                self._pasar(dato, "categoria")
            else:
                # Un tipo que no es de documento ni de cliente suele ser el del servicio que usa.
                servicio = self.taller.nombra_un_servicio(dato.valor) if es_escalar(dato.valor) else False
                self._pasar(dato, "servicios" if servicio else "tipo")
        for dato in ficha.sacar("cliente"):
            if not es_escalar(dato.valor) or self.taller.reconoce("clientes", "categoria", dato.valor):
                self._pasar(dato, "categoria")
            elif ficha.trae("nombre", "nombre1", "nombre_completo") or not isinstance(dato.valor, str):
                ficha.sobra(dato, "No se entiende: se esperaba la categoría o el nombre del cliente.")
            else:
                self._pasar(dato, "nombre_completo")
        for dato in ficha.sacar("usuario"):
            numerico = es_escalar(dato.valor) and nombres.cifras_de(str(simple(dato.valor)))
            if numerico:
                con_documento = ficha.trae("documento", *_DOCUMENTOS_CON_TIPO)
                self._pasar(dato, "id" if con_documento else "documento")
            elif ficha.trae("nombre", "nombre1", "nombre_completo"):
                ficha.sobra(dato)
            else:
                self._pasar(dato, "nombre_completo")
        for dato in ficha.sacar("estado"):
            es_categoria = self.taller.reconoce("clientes", "categoria", dato.valor)
            self._pasar(dato, "categoria" if es_categoria or isinstance(dato.valor, dict) else "estado")
        for dato in ficha.sacar("numero"):
            self._pasar(dato, self._de_numero(str(simple(dato.valor)) if es_escalar(dato.valor) else ""))
        for dato in ficha.sacar("contacto"):
            self._repartir_contacto(dato)

    def _de_numero(self, texto: str) -> str:
        con_documento = self.ficha.trae("documento", "id", *_DOCUMENTOS_CON_TIPO)
        if telefonos.es_telefono(texto) or con_documento or nombres.parece_documento(self.sitio.clave):
            return "telefono"
        return "documento" if nombres.parece_documento(texto) else "telefono"

    def _repartir_contacto(self, dato: Dato) -> None:
        """Un contacto es correo si trae arroba y teléfono si no; una lista, cada cosa por su lado."""
        partes = dato.valor if isinstance(dato.valor, list) else [dato.valor]
        for numero, parte in enumerate(partes):
            ruta = f"{dato.ruta}[{numero}]" if isinstance(dato.valor, list) else dato.ruta
            if isinstance(parte, dict):
                for clave, valor in parte.items():
                    concepto = self.taller.planes.concepto("clientes", clave)[0]
                    destino = concepto if concepto in ("email", "celular", "telefono", "fijo", "direccion") else "resto"
                    self._pasar(Dato(clave, valor, f"{ruta}.{clave}"), destino)
            elif not es_vacio(parte):
                texto = str(simple(parte)) if es_escalar(parte) else ""
                trozos = [t for t in texto.replace(";", ",").replace("/", ",").split(",") if t.strip()]
                if len(trozos) > 1 and any("@" in t for t in trozos):
                    for trozo in trozos:
                        self._pasar(Dato(dato.clave, trozo.strip(), ruta), "email" if "@" in trozo else "telefono")
                else:
                    self._pasar(Dato(dato.clave, parte, ruta), "email" if "@" in texto else "telefono")

    def _cruzados(self) -> None:
        """Nombre y documento, o dirección y correo, uno en el lugar del otro."""
        datos = self.ficha.datos
        for nombre in ("nombre", "nombre_completo"):
            suyo, documento = datos.get(nombre), datos.get("documento")
            if suyo and documento and _es_numero_largo(suyo[0].valor) and _es_solo_letras(documento[0].valor):
                datos[nombre], datos["documento"] = documento, suyo
                self.ficha.notas.append("El nombre y el documento venían cambiados de lugar: se pusieron en el suyo")
        correo, direccion = datos.get("email"), datos.get("direccion")
        if direccion and "@" in str(direccion[0].valor) and not (correo and "@" in str(correo[0].valor)):
            datos["email"] = direccion
            datos.pop("direccion")
            if correo and not es_vacio(correo[0].valor):
                datos["direccion"] = correo
            self.ficha.notas.append("El correo y la dirección venían cambiados de lugar: se pusieron en el suyo")

    # --- Documento ---------------------------------------------------------------------------------------------------

    def _documento(self) -> None:
        documento = self._documento_escrito()
        tipo = self._tipo_de_documento()
        clave = self.sitio.clave.strip()
        con_tipo = nombres.es_clave_con_tipo(clave)
        if con_tipo is not None:
            documento, tipo = self._con_clave(documento, tipo, con_tipo)
        documento, por_clave = self._con_clave_suelta(documento, clave, con_tipo is not None)
        if documento is not None and not tipo:
            tipo = documento.tipo or self._tipo_por_numero(documento.numero)
        if documento is None:
            documento = self._provisional()
            tipo = "PRO"
        self.valores["tipo_documento"] = tipo or "CC"
        self.valores["documento"] = documento.numero
        if clave and not por_clave and con_tipo is None and not self.ficha.canonica:
            self._clave_sobrante(clave, documento)
        if self.id_origen:
            self.valores.setdefault("id_origen", self.id_origen[:_LARGO_DE_ID])

    def _documento_escrito(self) -> Documento | None:
        """El documento del propio registro: el de una clave de documento o, si no la hay, su `id`."""
        halladas: list[tuple[Dato, str]] = []
        for concepto, tipo in {"documento": "", **_DOCUMENTOS_CON_TIPO}.items():
            halladas += [(dato, tipo) for dato in self.ficha.sacar(concepto)]
        if not halladas and self.ficha.datos.get("tipo"):
            self._tipo_que_es_documento(halladas)
        elegido: Documento | None = None
        for dato, tipo in halladas:
            numero = str(simple(dato.valor)).strip() if es_escalar(dato.valor) else ""
            if isinstance(dato.valor, bool) or not numero:
                self.ficha.sobra(dato, "No es un número de documento.")
            elif elegido is None:
                suelto = nombres.con_tipo(numero)
                elegido = suelto if suelto and not tipo else Documento(tipo, numero.removesuffix(".0"))
            elif nombres.cifras_de(numero) != nombres.cifras_de(elegido.numero) or not nombres.cifras_de(numero):
                self.ficha.sobra(dato, "No se usó: el documento salió de otra clave.")
        return self._con_id(elegido)

    def _tipo_que_es_documento(self, halladas: list[tuple[Dato, str]]) -> None:
        for dato in self.ficha.sacar("tipo"):
            suelto = nombres.con_tipo(str(simple(dato.valor))) if es_escalar(dato.valor) else None
            if suelto:
                halladas.append((Dato(dato.clave, suelto.numero, dato.ruta), suelto.tipo))
            else:
                self._pasar(dato, "tipo")

    def _con_id(self, documento: Documento | None) -> Documento | None:
        """`id` es el número de fila si hay otro documento al lado, o si es tan corto que no puede ser una cédula."""
        for dato in self.ficha.sacar("id"):
            texto = str(simple(dato.valor)).strip().removesuffix(".0") if es_escalar(dato.valor) else ""
            if not texto or isinstance(dato.valor, bool):
                self.ficha.sobra(dato)
                continue
            suelto = nombres.con_tipo(texto)
            cifras = nombres.cifras_de(texto)
            de_la_clave = nombres.parece_documento(self.sitio.clave) and nombres.cifras_de(self.sitio.clave) != cifras
            if documento is None and suelto is not None:
                documento = suelto
            elif documento is None and len(cifras) >= nombres.LARGO_MINIMO_DE_CEDULA and not de_la_clave:
                documento = Documento("", texto)
            elif not self.id_origen:
                self.id_origen = texto
            elif texto != self.id_origen:
                self.ficha.sobra(dato)
        return documento

    def _tipo_de_documento(self) -> str:
        dato = self.ficha.uno("tipo_documento")
        if dato is None:
            return ""
        valor, _ = self.taller.traducir("clientes", "tipo_documento", dato.valor)
        if es_escalar(valor) and not isinstance(valor, bool):
            return str(simple(valor))
        self.ficha.sobra(dato, "No es un tipo de documento.")
        return ""

    def _con_clave(self, documento: Documento | None, tipo: str, clave: Documento) -> tuple[Documento, str]:
        """La clave «CC-1020304050» completa lo que falta y exige que lo demás diga lo mismo."""
        if documento is None:
            documento = clave
        tipo = tipo or documento.tipo or clave.tipo
        dicho, suyo = (_identidad(t, n) for t, n in ((tipo, documento.numero), (clave.tipo, clave.numero)))
        if dicho != suyo:
            self.falla = NO_COINCIDE.format(self.sitio.clave)
        return documento, tipo

    def _con_clave_suelta(
        self, documento: Documento | None, clave: str, con_tipo: bool
    ) -> tuple[Documento | None, bool]:
        if con_tipo or not clave:
            return documento, False
        cifras = nombres.cifras_de(clave)
        if documento is None and len(cifras) >= nombres.LARGO_MINIMO_DE_CEDULA:
            return Documento("", clave), True
        if documento is None and nombres.con_tipo(clave):
            return nombres.con_tipo(clave), True
        return documento, bool(documento and cifras and cifras == nombres.cifras_de(documento.numero))

    def _tipo_por_numero(self, numero: str) -> str:
        if nombres.es_nit(numero):
            self.ficha.notas.append(f"El documento {numero} tiene la forma de un NIT y su dígito corresponde: es NIT")
            return "NIT"
        return "CC"

    def _provisional(self) -> Documento:
        datos = [self.valores.get(c, "") for c in ("nombre", "apellido", "telefono", "telefono_alterno", "email",
                                                   "direccion")]  # fmt: skip
        if not any(datos):
            datos = [self.sitio.ruta, self.id_origen, self.sitio.clave]
        self.pendientes["documento"] = "El archivo no lo trae: tiene uno provisional"
        self.ficha.notas.append("No trae documento: recibe uno provisional")
        return Documento("PRO", nombres.provisional(*datos))

    def _clave_sobrante(self, clave: str, documento: Documento) -> None:
        """La clave de un objeto que no era el documento es su identificador en el sistema anterior."""
        if not self.id_origen and normal(clave) != normal(documento.numero) and clave != self.valores.get("nombre"):
            self.id_origen = clave

    # --- Nombre ------------------------------------------------------------------------------------------------------

    def _nombre(self) -> None:
        if self.ficha.canonica:
            self._nombre_de_registro_canonico()
            return
        ficha = self.ficha
        empresa = ficha.texto("razon_social")
        partes = [ficha.texto("nombre1"), ficha.texto("nombre2")]
        nombre = ficha.texto("nombre")
        completo = ficha.texto("nombre_completo")
        apellido = ficha.texto("apellido")
        apellidos = " ".join(parte for parte in (ficha.texto("apellido1"), ficha.texto("apellido2")) if parte)
        nombre = nombre or " ".join(parte for parte in partes if parte)
        apellido = apellido or apellidos
        if completo and nombre and not apellido and normalizar(completo).startswith(normalizar(nombre)):
            apellido = completo[len(nombre) :].strip()
        elif completo and nombre and normalizar(completo) not in normalizar(f"{nombre} {apellido}"):
            ficha.notas.append(f"También trae el nombre «{completo}»")
        nombre = nombre or completo or empresa or self._nombre_por_clave()
        if empresa and nombre != empresa:
            ficha.notas.append(f"También trae la razón social «{empresa}»")
        self._partir(nombre, apellido, es_empresa=bool(empresa) or self._es_empresa())
        if empresa:
            self.valores.setdefault("tipo_persona", "juridica")

    def _nombre_de_registro_canonico(self) -> None:
        if "nombre" not in self.valores and (nombre := self.ficha.texto("nombre_completo")):
            self._partir(nombre, "", es_empresa=self._es_empresa())

    def _es_empresa(self) -> bool:
        if self.ficha.trae("documento_nit") or self.sitio.clave.upper().startswith("NIT-"):
            return True
        tipos = [normal(dato.valor) for dato in self.ficha.datos.get("tipo_documento", ()) if es_escalar(dato.valor)]
        if any(tablas.valores("clientes", "tipo_documento").get(tipo) == "NIT" for tipo in tipos):
            return True
        documentos = self.ficha.datos.get("documento", [])
        return any(nombres.es_nit(str(dato.valor)) for dato in documentos)

    def _nombre_por_clave(self) -> str:
        """Donde los registros van bajo el nombre de la persona: «Ana Ríos»: {…}."""
        clave = self.sitio.clave.strip()
        letras = [palabra for palabra in clave.split() if palabra.isalpha()]
        return clave if letras and not any(c.isdigit() for c in clave) else ""

    def _partir(self, nombre: str, apellido: str, *, es_empresa: bool) -> None:
        if not nombre and not apellido:
            return
        if not apellido and not es_empresa:
            suyo, apellido = nombres.partir_nombre(nombre)
            if apellido:
                self.ficha.notas.append(f"«{nombre}» se separó en nombre «{suyo}» y apellido «{apellido}»")
                nombre = suyo
            else:
                self.pendientes["apellido"] = "El archivo solo trae el nombre"
        self.valores["nombre"], self.valores["apellido"] = nombre, apellido

    # --- Contacto y lugar --------------------------------------------------------------------------------------------

    def _contacto(self) -> None:
        vistos: dict[str, str] = {}
        datos: list[Dato] = []
        for concepto in ("celular", "telefono", "telefono_alterno", "fijo"):
            datos += self.ficha.sacar(concepto)
        for dato in datos:
            if isinstance(dato.valor, dict | bool):
                self.ficha.sobra(dato, "No es un teléfono.")
                continue
            for telefono in telefonos.separar(dato.valor):
                clave = telefonos.clave_de(telefono)
                if "@" in telefono:
                    self._pasar(Dato(dato.clave, telefono, dato.ruta), "email")
                elif clave in vistos:
                    continue
                elif len(vistos) > 1:
                    self.ficha.sobra(
                        Dato(dato.clave, telefono, dato.ruta), "No se importa: el panel guarda dos teléfonos."
                    )
                else:
                    vistos[clave] = telefono
        for columna, telefono in zip(("telefono", "telefono_alterno"), vistos.values(), strict=False):
            self.valores[columna], pendiente = telefonos.arreglar(telefono)
            if pendiente:
                self.pendientes[columna] = pendiente
        self._suelto("email")
        self._suelto("direccion")

    def _suelto(self, columna: str) -> None:
        if self.ficha.canonica and columna in self.valores:
            return
        dato = self.ficha.uno(columna)
        if dato is None:
            return
        if isinstance(dato.valor, list):
            self.valores[columna] = ", ".join(str(simple(uno)) for uno in dato.valor if es_escalar(uno))
            if not all(es_escalar(uno) for uno in dato.valor):
                self.ficha.sobra(dato)
        elif isinstance(dato.valor, str):
            self.valores[columna] = dato.valor.strip()
        else:
            self.valores[columna] = a_columna(dato.valor)

    def _lugar(self) -> None:
        ciudad = self.ficha.uno("municipio")
        departamento = self.ficha.uno("departamento")
        if ciudad is None:
            if departamento is not None:
                self.ficha.sobra(departamento, "El departamento no se importa sin su municipio.")
            return
        dep = departamento.valor if departamento and es_escalar(departamento.valor) else ""
        self.valores["municipio"], nota = self.taller.municipio(ciudad.valor, dep)
        if nota:
            self.ficha.notas.append(nota)

    # --- Categoría y fecha -------------------------------------------------------------------------------------------

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
        for categoria, datos in marcas.items():
            for dato in datos:
                if isinstance(dato.valor, dict | list):
                    self.ficha.sobra(dato)
                elif _afirma(dato.valor) and "categoria" not in self.valores:
                    self.valores["categoria"] = categoria
        dicha, deducida = self.valores.get("categoria"), self.sitio.ambito.categoria
        if deducida and not dicha:
            self.valores["categoria"] = deducida
        elif deducida and dicha != deducida:
            self.ficha.notas.append(f"Está entre los de categoría «{deducida}» y dice «{dicha}»: queda la que dice")
        if (estado := self.ficha.uno("estado")) is not None:
            self.valores["estado"], _ = self.taller.traducir("clientes", "estado", estado.valor)
            if self.valores["estado"] == "inactivo" and not self.ficha.trae("inactivo_desde"):
                self.valores.setdefault("inactivo_desde", self.taller.hoy.isoformat())

    def _de_marcas(self, dato: Dato) -> Any:
        """`{"nuevo": "", "leal": "0"}`: la marca que no está vacía; `{"clienteLeal": true}`: la que dice que sí."""
        vocabulario = tablas.valores("clientes", "categoria")
        llenas = []
        for clave, valor in dato.valor.items():
            if normal(clave) not in vocabulario or not es_escalar(valor):
                self.ficha.sobra(Dato(clave, valor, f"{dato.ruta}.{clave}"))
            elif not es_vacio(valor):
                llenas.append((clave, valor))
        afirmadas = [clave for clave, valor in llenas if _afirma(valor)]
        if len(llenas) == 1 and len(dato.valor) > 1 and str(llenas[0][1]).strip() == "0":
            afirmadas = [llenas[0][0]]
        if len(afirmadas) > 1:
            self.ficha.notas.append(f"Marca varias categorías: {', '.join(afirmadas)}; se tomó la primera")
        return afirmadas[0] if afirmadas else None

    def _vinculacion(self) -> None:
        exacta = self.ficha.datos.pop("fecha_vinculacion", [])
        candidatas = [*exacta[:1], *self.ficha.sacar("fecha"), *self.ficha.sacar("antiguedad"), *exacta[1:]]
        meses, unidad = self.ficha.sacar("meses"), self.ficha.sacar("unidad")
        hallada: Vinculacion | None = None
        garabatos: list[Dato] = []
        en_meses = any("mes" in normal(dato.valor) for dato in unidad if es_escalar(dato.valor))
        for dato in self._juntar(candidatas, meses):
            if es_vacio(dato.valor):
                continue
            if self._es_categoria(dato):
                continue
            leida = leer_vinculacion(
                _legible(dato.valor), self.taller.hoy, meses=en_meses or "mes" in normal(dato.clave)
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
            por_que = f"«{str(garabatos[0].valor)[:60]}» no se entiende" if garabatos else "El archivo no la trae"
            self.pendientes["fecha_vinculacion"] = (
                f"{por_que}: se puso la de referencia, {formatear_fecha(self.taller.hoy)}"
            )

    def _directas(self) -> None:
        for columna in _DIRECTAS:
            dato = self.ficha.uno(columna)
            if dato is None:
                continue
            if columna == "tipo_persona":
                self.valores[columna], _ = self.taller.traducir("clientes", columna, dato.valor)
            elif columna == "inactivo_desde" and (leida := leer_fecha(_legible(dato.valor), self.taller.hoy)):
                self.valores[columna] = leida.fecha.isoformat()
            elif columna not in self.valores or not self.valores[columna]:
                self.valores[columna] = a_columna(dato.valor)
            elif self.valores[columna] != a_columna(dato.valor):
                self.ficha.sobra(dato)
        if (pendientes := self.ficha.uno("pendientes")) is not None:
            self.valores.setdefault("pendientes", a_columna(pendientes.valor))


def _legible(valor: Any) -> Any:
    """Un número de Excel o de JSON, sin el «.0» que le sobra."""
    texto = simple(valor) if es_escalar(valor) else valor
    if isinstance(texto, str) and texto.endswith(".0"):
        return texto[:-2]
    return int(texto) if isinstance(texto, float) and texto.is_integer() else texto


def _afirma(valor: Any) -> bool:
    if isinstance(valor, bool):
        return valor
    texto = normalizar(str(simple(valor)))
    return texto in SI or (texto not in NO and bool(texto))


def _es_numero_largo(valor: Any) -> bool:
    return es_escalar(valor) and nombres.parece_documento(str(simple(valor)))


def _es_solo_letras(valor: Any) -> bool:
    texto = str(valor).strip() if isinstance(valor, str) else ""
    return any(c.isalpha() for c in texto) and not any(c.isdigit() for c in texto)


def _identidad(tipo: str, numero: str) -> Any:
    from clientes.recursos import leer_clave_de_cliente

    texto = f"{tipo}-{numero}"
    try:
        return leer_clave_de_cliente(texto)
    except ValueError:
        return texto.strip().upper()


__all__ = ["CLASES", "Categoria", "Persona"]
