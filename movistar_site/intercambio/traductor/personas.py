"""Quién es el cliente de un registro: documento, nombre, contacto, categoría y desde cuándo lo es."""

from __future__ import annotations

from typing import Any

from movistar_site.comun.valores import normalizar

from . import nombres, tablas, telefonos
from .antiguedad import leer_fecha
from .claves import es_escalar, normal
from .ficha import Dato
from .identidad import Identidad
from .parte_de_persona import legible
from .piezas import NO_SE_RECONOCE, a_columna, simple
from .vinculo import Vinculo

CLASES = {"consultas": "consulta", "reclamaciones": "reclamacion", "sugerencias": "sugerencia"}
_DIRECTAS = ("tipo_persona", "estrato", "motivo_categoria", "inactivo_desde", "notas", "id_origen")


class Persona(Identidad, Vinculo):
    """Resuelve una ficha de cliente. Tras `resolver`, `falla` dice por qué no se puede tomar, si es el caso."""

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
            if datos and columna == "pendientes" and not isinstance(datos[0].valor, dict | str | None):
                self.ficha.sobra(datos[0], NO_SE_RECONOCE)
            elif datos:
                self.valores[columna] = a_columna(datos[0].valor)
            for otro in datos[1:]:
                self.ficha.sobra(otro)

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
        partido = " ".join(parte for parte in partes if parte)
        for entero, trozos in ((nombre, partido), (apellido, apellidos)):
            if entero and trozos and normalizar(trozos) not in normalizar(entero):
                ficha.notas.append(f"También trae «{trozos}»")
        nombre, apellido = nombre or partido, apellido or apellidos
        if completo and nombre and not apellido and normalizar(completo).startswith(normalizar(nombre)):
            apellido = completo[len(nombre) :].strip()
        elif completo and nombre and normalizar(completo) not in normalizar(f"{nombre} {apellido}"):
            ficha.notas.append(f"También trae el nombre «{completo}»")
        nombre = nombre or completo or empresa or self.nombre_por_clave()
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
                    self.pasar(Dato(dato.clave, telefono, dato.ruta), "email")
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

    def _directas(self) -> None:
        for columna in _DIRECTAS:
            dato = self.ficha.uno(columna)
            if dato is None:
                continue
            if columna == "tipo_persona":
                self.valores[columna], _ = self.taller.traducir("clientes", columna, dato.valor)
            elif columna == "inactivo_desde" and (leida := leer_fecha(legible(dato.valor), self.taller.hoy)):
                self.valores[columna] = leida.fecha.isoformat()
            elif columna not in self.valores or not self.valores[columna]:
                self.valores[columna] = a_columna(dato.valor)
            elif self.valores[columna] != a_columna(dato.valor):
                self.ficha.sobra(dato)
        if (pendientes := self.ficha.uno("pendientes")) is not None:
            if isinstance(pendientes.valor, dict) and "pendientes" not in self.valores:
                self.valores["pendientes"] = a_columna(pendientes.valor)
            else:
                self.ficha.sobra(pendientes, NO_SE_RECONOCE)
