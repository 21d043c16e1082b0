"""Importar y exportar clientes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet

from movistar_site.comun import valores
from movistar_site.comun.celdas import (
    CodigoConCeros,
    Entero,
    Fecha,
    Opcion,
    Recortado,
    Referencia,
    Telefono,
    Texto,
    ValorJson,
)
from movistar_site.comun.columnas_compiladas import CONSERVA, Marca, crudas_de
from movistar_site.comun.opciones import Categoria, TipoDocumento
from movistar_site.comun.parametros import parametros
from movistar_site.comun.piezas_intercambio import ERROR, Falta, Resultado
from movistar_site.comun.recursos_base import Columna
from movistar_site.comun.recursos_lotes import Lote, RecursoPorLotes
from servicios.recursos import codigo_de

from .. import reglas
from ..models import Cliente, EstadoCliente, Municipio, TipoPersona

MOTIVO_IMPORTADO = "Indicada en el archivo importado"
POR_ORIGEN = "origen"
_LARGO_DE_CODIGO = 5
# Un teléfono guardado que no empieza por «+» está incompleto.
_CIFRAS = frozenset("0123456789")
_YA_HAY = "Ya hay un cliente con ese tipo y número de documento."


class RecursoCliente(RecursoPorLotes):
    """Los clientes. La categoría del archivo es la que rige: si no es la de su antigüedad, queda asignada a mano."""

    familia = "cliente"
    derivados = ("tipo_persona", "documento", "categoria_asignada", "motivo_categoria", "pendientes")
    tipo_persona = Columna(Opcion(TipoPersona.choices))
    tipo_documento = Columna(Opcion(TipoDocumento.choices), obligatoria=True)
    documento = Columna(Recortado(), alias=("número de documento", "numero de documento"), obligatoria=True)
    nombre = Columna(Texto(), alias=("nombre", "nombres", "razón social"), obligatoria=True)
    apellido = Columna(Texto(), alias=("apellidos",))
    email = Columna(Recortado(), alias=("correo", "e-mail"))
    telefono = Columna(Telefono(incompletos=True))
    telefono_alterno = Columna(Telefono(incompletos=True))
    direccion = Columna(Texto())
    municipio = Columna(Referencia("el municipio", codigo_de, CodigoConCeros(5, "05001")), "Municipio (código DANE)",
                        alias=("municipio",))  # fmt: skip
    estrato = Columna(Entero())
    fecha_vinculacion = Columna(Fecha(), obligatoria=True)
    categoria = Columna(Opcion(Categoria.choices), "Categoría", conserva=True)
    motivo_categoria = Columna(Texto())
    estado = Columna(Opcion(EstadoCliente.choices))
    inactivo_desde = Columna(Fecha())
    notas = Columna(Texto())
    id_origen = Columna(Recortado(), conserva=True)
    pendientes = Columna(ValorJson(dict, '{"apellido": "No venía en el archivo."}'))

    class Meta(RecursoPorLotes.Meta):
        model = Cliente
        import_id_fields = ("tipo_documento", "documento")
        fields = ("tipo_persona", "tipo_documento", "documento", "nombre", "apellido", "email", "telefono",
                  "telefono_alterno", "direccion", "municipio", "estrato", "fecha_vinculacion", "categoria",
                  "motivo_categoria", "estado", "inactivo_desde", "notas", "id_origen", "pendientes")  # fmt: skip

    def __init__(self, contexto: Any = None, **kwargs: Any) -> None:
        super().__init__(contexto, **kwargs)
        self.reglas = parametros(self.contexto.hoy)
        self.limites = valores.limites_de_categoria(
            self.contexto.hoy, meses_regular=self.reglas["meses_regular"], meses_leal=self.reglas["meses_leal"]
        )

    def get_queryset(self) -> QuerySet[Cliente]:
        return self.preparar(Cliente.objects.all())

    def preparar(self, consulta: Any) -> QuerySet[Any]:
        return consulta.select_related("municipio").con_categoria(self.contexto.hoy, self.reglas)

    def buscar_municipio(self, codigo: str) -> Any:
        """El municipio de ese código."""
        return self.contexto.recordar(("municipio", codigo), lambda: Municipio.objects.filter(pk=codigo).first())

    def texto_de_clave(self, clave: Any) -> str:
        return f"{clave[0]}-{clave[1]}"

    def prebuscar(self, lote: Lote) -> None:
        """Los municipios del trozo que aún no están en la memoria."""
        memoria = self.contexto.memoria
        crudas = set(filter(_es_codigo, crudas_de("municipio", lote.filas)))
        codigos = {cruda.strip().zfill(_LARGO_DE_CODIGO) for cruda in crudas}
        if faltan := {codigo for codigo in codigos if ("municipio", codigo) not in memoria}:
            memoria.update((("municipio", uno.pk), uno) for uno in Municipio.objects.filter(pk__in=faltan))

    # --- Cuál es -----------------------------------------------------------------------------------------------------

    def claves_de(self, lote: Lote) -> list[Any]:
        return [
            None if entrada.falla else _clave(tipo, documento)
            for entrada, tipo, documento in zip(
                lote.entradas, lote.columna("tipo_documento"), lote.columna("documento"), strict=True
            )
        ]

    def existentes_de(self, lote: Lote) -> list[dict[str, Any] | None]:
        documentos = {clave[1] for clave in lote.claves if clave is not None}
        lote.por_clave = {
            (datos["tipo_documento"], datos["documento"]): datos
            for datos in self._guardados(Cliente.objects.filter(documento__en_lista=documentos))
        }
        existentes = [lote.por_clave.get(clave) for clave in lote.claves]
        if self.contexto.identificador != POR_ORIGEN or "id_origen" not in lote.valores:
            return existentes
        origenes = [None if valor.__class__ is Marca else valor for valor in lote.columna("id_origen")]
        # Sin los vacíos: así la base usa el índice parcial.
        con_origen = Cliente.objects.exclude(id_origen="").filter(id_origen__en_lista={uno for uno in origenes if uno})
        por_origen = {datos["id_origen"]: datos for datos in self._guardados(con_origen)}
        return [por_origen.get(origen, datos) for origen, datos in zip(origenes, existentes, strict=True)]

    def _guardados(self, consulta: QuerySet[Cliente]) -> Any:
        for datos in self.fabrica.guardados(consulta):
            datos["categoria"] = datos["categoria_asignada"] or self._por_permanencia(datos["fecha_vinculacion"])
            yield datos

    def tras_evaluar(self, lote: Lote) -> None:
        """Quien se reconoce por su origen puede traer otro documento, que no puede ser el de un tercero."""
        if self.contexto.identificador != POR_ORIGEN:
            return
        vistos: dict[str, str] = {}
        for resultado, clave in zip(lote.resultados, lote.claves, strict=True):
            if resultado.tipo == ERROR or clave is None:
                continue
            datos = resultado.instancia.__dict__
            dueno = lote.por_clave.get(clave)
            if dueno is not None and dueno["id"] != datos["id"]:
                _volver_error(resultado, Falta(self._titulo_de_clave(), resultado.clave, _YA_HAY, "documento"))
                continue
            origen = datos["id_origen"]
            if origen and vistos.setdefault(origen, resultado.lugar) != resultado.lugar:
                motivo = f"Repetido: {vistos[origen]} y {resultado.lugar} traen la misma clave."
                titulo = str(self.fields["id_origen"].titulo)
                _volver_error(resultado, Falta(titulo, origen, motivo, "id_origen"))

    def igual_sin_mirar(self, datos: dict[str, Any]) -> bool:
        fecha, telefonos = datos["fecha_vinculacion"], (datos["telefono"][:1], datos["telefono_alterno"][:1])
        return (
            reglas.PRIMERA_VINCULACION <= fecha <= self.contexto.hoy
            and not datos["pendientes"]
            and not _CIFRAS.intersection(telefonos)
        )

    # --- Completar ---------------------------------------------------------------------------------------------------

    def ajustar_sobre(self, instancia: Any, leidos: dict[str, Any], existente: dict[str, Any] | None) -> None:
        """Documento como se guarda, categoría del archivo como asignada o calculada, y lo que queda por completar."""
        faltas: dict[str, Any] = {}
        # Directo en sus datos: pasar por los atributos cuesta el doble, y esto se hace un millón de veces.
        datos = instancia.__dict__
        if leidos.get("tipo_documento") and leidos.get("documento"):
            try:
                documento = valores.normalizar_documento(leidos["tipo_documento"], leidos["documento"])
                datos["documento"] = leidos["documento"] = documento
            except ValueError as error:
                faltas[NON_FIELD_ERRORS] = [str(error)]
        if existente is None and "tipo_persona" not in leidos and instancia.tipo_documento == TipoDocumento.NIT:
            instancia.tipo_persona = TipoPersona.JURIDICA
        if existente is not None and leidos.get("pendientes"):
            self._conservar_lo_sabido(datos, leidos, existente)
        if leidos.get("pendientes") or (existente is not None and existente["pendientes"]):
            datos["pendientes"] = reglas.pendientes_tras_importar(datos, leidos, existente)
        faltas |= reglas.telefonos_por_completar(datos, leidos)
        fecha = datos["fecha_vinculacion"]
        if fecha is not None:
            self._categoria(datos, leidos)
            if "fecha_vinculacion" in leidos:
                try:
                    reglas.validar_vinculacion(fecha, self.contexto.hoy)
                except ValidationError as error:
                    faltas = error.update_error_dict(faltas)
        if faltas:
            raise ValidationError(faltas)

    def _conservar_lo_sabido(self, datos: dict[str, Any], leidos: dict[str, Any], existente: dict[str, Any]) -> None:
        """Lo que la fila dedujo o trae incompleto no reemplaza lo que ya se sabe del cliente."""
        sabidos = []
        for campo in reglas.deducidos_de_mas(leidos, existente):
            for suyo in (campo, "tipo_documento") if campo == "documento" else (campo,):
                datos[suyo] = leidos[suyo] = existente[suyo]
            sabidos.append(str(self.fields[campo].titulo).lower())
        if sabidos:
            self.notas.append(
                f"Lo del archivo es deducido o incompleto y se conserva lo que ya estaba: {', '.join(sabidos)}."
            )

    def _por_permanencia(self, desde: Any) -> str:
        """Lo mismo que `valores.categoria_por_permanencia`, con los límites de hoy ya calculados."""
        if desde <= self.limites.ultima_fecha_leal:
            return "leal"
        return "regular" if desde <= self.limites.ultima_fecha_regular else "nuevo"

    def _categoria(self, cliente: dict[str, Any], leidos: dict[str, Any]) -> None:
        calculada = self._por_permanencia(cliente["fecha_vinculacion"])
        dicha, asignada = leidos.get("categoria"), cliente["categoria_asignada"]
        if dicha and leidos.get("motivo_categoria"):
            asignada = dicha
        elif dicha and "motivo_categoria" in leidos:
            # Así la escribe el panel cuando la da la permanencia: una copia importada años después no la congela.
            asignada = ""
        elif dicha and dicha != (asignada or calculada):
            asignada = "" if dicha == calculada else dicha
            if asignada:
                self.notas.append(f"Dice {dicha} y por permanencia sería {calculada}: queda asignada a mano.")
        cliente["categoria_asignada"] = asignada
        if not asignada:
            cliente["motivo_categoria"] = ""
        elif not cliente["motivo_categoria"]:
            cliente["motivo_categoria"] = MOTIVO_IMPORTADO
        cliente["categoria"] = asignada or calculada


def _es_codigo(cruda: Any) -> bool:
    return isinstance(cruda, str) and cruda.isascii() and cruda.strip().isdigit()


def _clave(tipo: Any, documento: Any) -> tuple[str, str] | None:
    """Tipo y documento como se guardan; sin tipo, es cédula. None si no se pueden leer."""
    if documento.__class__ is Marca or (tipo.__class__ is Marca and tipo is not CONSERVA):
        return None
    tipo = TipoDocumento.CC.value if tipo is CONSERVA or not tipo else tipo
    try:
        return (tipo, valores.normalizar_documento(tipo, documento))
    except ValueError:
        return None


def _volver_error(resultado: Resultado, falta: Falta) -> None:
    resultado.tipo, resultado.faltas, resultado.cambios = ERROR, [falta], []


__all__ = ["MOTIVO_IMPORTADO", "RecursoCliente"]
