"""El documento de un cliente, y lo que en un registro significa una cosa u otra según lo que traiga."""

from __future__ import annotations

from typing import Any

from movistar_site.comun.valores import citar

from . import nombres, telefonos
from .antiguedad import leer_fecha
from .claves import es_escalar, es_vacio, normal
from .ficha import Dato
from .nombres import Documento
from .parte_de_persona import ParteDePersona
from .piezas import simple

_DOCUMENTOS_CON_TIPO = {"documento_cc": "CC", "documento_ti": "TI", "documento_ce": "CE", "documento_nit": "NIT",
                        "documento_pas": "PAS"}  # fmt: skip
_LARGO_DE_ID = 60
NO_COINCIDE = "El documento no coincide con la clave del objeto, {}."


class Identidad(ParteDePersona):
    """Resuelve el documento."""

    def _ambiguos(self) -> None:
        """Reparte las claves que significan una cosa u otra según lo que traigan y lo que haya al lado."""
        for concepto, destino in (
            ("tipo", self._destino_de_tipo),
            ("cliente", self._destino_de_cliente),
            ("usuario", self._destino_de_usuario),
            ("estado", self._destino_de_estado),
            ("numero", self._destino_de_numero),
            ("servicios", self._destino_de_servicio),
        ):
            for dato in self.ficha.sacar(concepto):
                hallado = destino(dato)
                if hallado:
                    self.pasar(dato, hallado)
        for dato in self.ficha.sacar("contacto"):
            self._repartir_contacto(dato)

    def _tiene_nombre(self) -> bool:
        return self.ficha.trae("nombre", "nombre1", "nombre_completo")

    def _destino_de_tipo(self, dato: Dato) -> str:
        for concepto in ("tipo_documento", "categoria"):
            if self.taller.reconoce("clientes", concepto, dato.valor):
                return concepto
        # Un tipo que no es de documento ni de cliente suele ser el del servicio que usa.
        return "servicios" if es_escalar(dato.valor) and self.taller.nombra_un_servicio(dato.valor) else "tipo"

    def _destino_de_cliente(self, dato: Dato) -> str:
        if not es_escalar(dato.valor) or self.taller.reconoce("clientes", "categoria", dato.valor):
            return "categoria"
        if self._tiene_nombre() or not isinstance(dato.valor, str):
            self.ficha.sobra(dato, "No se entiende: se esperaba la categoría o el nombre del cliente.")
            return ""
        return "nombre_completo"

    def _destino_de_usuario(self, dato: Dato) -> str:
        if es_escalar(dato.valor) and nombres.cifras_de(str(simple(dato.valor))):
            return "id" if self.ficha.trae("documento", *_DOCUMENTOS_CON_TIPO) else "documento"
        if self._tiene_nombre():
            self.ficha.sobra(dato)
            return ""
        return "nombre_completo"

    def _destino_de_estado(self, dato: Dato) -> str:
        es_categoria = self.taller.reconoce("clientes", "categoria", dato.valor)
        return "categoria" if es_categoria or isinstance(dato.valor, dict) else "estado"

    def _destino_de_servicio(self, dato: Dato) -> str:
        # «registro» es, según el sistema, un servicio o la fecha en que se registró.
        es_fecha = normal(dato.clave) == "registro" and leer_fecha(dato.valor, self.taller.hoy) is not None
        return "fecha" if es_fecha else "servicios"

    def _destino_de_numero(self, dato: Dato) -> str:
        texto = str(simple(dato.valor)) if es_escalar(dato.valor) else ""
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
                    self.pasar(Dato(clave, valor, f"{ruta}.{clave}"), destino)
            elif not es_vacio(parte):
                texto = str(simple(parte)) if es_escalar(parte) else ""
                trozos = [t for t in texto.replace(";", ",").replace("/", ",").split(",") if t.strip()]
                if len(trozos) > 1 and any("@" in t for t in trozos):
                    for trozo in trozos:
                        self.pasar(Dato(dato.clave, trozo.strip(), ruta), "email" if "@" in trozo else "telefono")
                else:
                    self.pasar(Dato(dato.clave, parte, ruta), "email" if "@" in texto else "telefono")

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
            if tipo:
                self.ficha.notas.append(f"Dice el tipo de documento «{tipo}» y no trae el número")
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
                self.pasar(dato, "tipo")

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
            self.falla = NO_COINCIDE.format(citar(self.sitio.clave))
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
        if normal(clave) == normal(documento.numero) or (self.nombre_por_clave() == clave and self.es_su_nombre(clave)):
            return
        if not self.id_origen and not self.ficha.trae("id_origen"):
            self.id_origen = clave
        elif normal(clave) != normal(self.id_origen):
            self.ficha.notas.append(f"En el archivo está bajo la clave «{clave}»")


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
