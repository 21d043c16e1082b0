"""La base de los recursos de importación y exportación: lee filas, las valida todas y las aplica o no aplica ninguna.

Una fila pasa por: títulos → columnas → celdas leídas → registro nuevo o existente → reglas del modelo → guardado con
historia. Las faltas de *todas* las filas salen en un informe; con una sola, no se escribe nada. El mismo camino sirve a
las pantallas de cada lista, a la página «Importar datos» y a la orden `importar`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models, transaction
from import_export import resources
from import_export.results import Error

from . import restricciones
from .auditoria import auditar
from .formatos_archivo import ArchivoIlegible, Fila, Tabla
from .piezas_intercambio import (
    CAMBIADO,
    ERROR,
    IGUAL,
    NUEVO,
    TIPOS_DE_RESULTADO,
    Columna,
    Contexto,
    Entrada,
    Falta,
    Resultado,
    ResultadoDeTabla,
)
from .valores import citar, normalizar

_TROZO = 400
FALTA_OBLIGATORIA = "Falta y es obligatorio."
NO_LA_ACEPTO = "La base de datos no aceptó el registro: choca con otro o trae un valor fuera de rango."
_LARGO_DE_UN_CAMBIO = 200


class RecursoBase(resources.ModelResource):
    """Base de los recursos. Cada uno declara sus `Columna` y, si hace falta, `clave_de`, `ajustar` y `tras_guardar`."""

    # Nombre con que un recurso anota sus registros en la memoria compartida, para que otros los hallen por su clave.
    familia = ""

    class Meta:
        abstract = True
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        use_bulk = False
        fields: tuple[str, ...] = ()

    fields: dict[str, Any]

    def __init__(self, contexto: Contexto | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.contexto = contexto or Contexto()
        self.existentes: dict[Any, Any] = {}
        for nombre, columna in self.fields.items():
            columna.attribute = columna.attribute or nombre
            columna.titulo = columna.titulo or self._titulo_del_modelo(nombre)
            if hasattr(self, f"buscar_{nombre}"):
                columna.widget.buscar = getattr(self, f"buscar_{nombre}")

    def _titulo_del_modelo(self, nombre: str) -> str:
        titulo = str(self._meta.model._meta.get_field(nombre).verbose_name)
        return titulo[:1].upper() + titulo[1:]

    @classmethod
    def get_display_name(cls) -> str:
        return str(cls._meta.model._meta.verbose_name_plural).capitalize()

    # --- Títulos -----------------------------------------------------------------------------------------------------

    def traducir(self, encabezados: Iterable[str]) -> tuple[dict[str, str], list[str]]:
        """Qué columna es cada encabezado (por su nombre, su título o un alias) y cuáles no se reconocen."""
        nombres = {}
        for nombre, columna in self.fields.items():
            for escrito in (nombre, columna.titulo, *columna.alias):
                nombres[_plano(escrito)] = nombre
        traducidos: dict[str, str] = {}
        desconocidos = []
        for encabezado in encabezados:
            hallado = nombres.get(_plano(encabezado))
            if hallado is None or hallado in traducidos.values():
                desconocidos.append(encabezado)
            else:
                traducidos[encabezado] = hallado
        return traducidos, desconocidos

    def entradas_de(self, tabla: Tabla) -> tuple[list[Entrada], list[str]]:
        """Las filas de una tabla como entradas, y los encabezados desconocidos.

        Lanza ArchivoIlegible si faltan las columnas que identifican a cada registro.
        """
        traducidos, desconocidos = self.traducir(tabla.encabezados)
        presentes = set(traducidos.values())
        if faltan := [n for n in self.get_import_id_fields() if n not in presentes and self.fields[n].obligatoria]:
            raise ArchivoIlegible(self._frase_de_columnas(faltan))
        entradas = [self._entrada(fila, traducidos, tabular=tabla.tabular) for fila in tabla.filas]
        return entradas, desconocidos

    @staticmethod
    def _entrada(fila: Fila, traducidos: dict[str, str], *, tabular: bool) -> Entrada:
        lugar = f"fila {fila.numero}" if tabular else f"registro {fila.numero}"
        valores = {traducidos[t]: valor for t, valor in fila.valores.items() if t in traducidos}
        return Entrada(lugar, valores, fila.falla)

    def _frase_de_columnas(self, faltan: list[str]) -> str:
        titulos = ", ".join(f"«{self.fields[nombre].titulo}»" for nombre in faltan)
        return f"Falta la columna {titulos}." if len(faltan) == 1 else f"Faltan las columnas {titulos}."

    # --- Lo que cada recurso puede precisar --------------------------------------------------------------------------

    def clave_de(self, valores: dict[str, Any]) -> Any:
        """La clave natural de una fila, comparable con la de los registros guardados; None si no trae.

        Lanza ValueError si no se puede leer.
        """
        partes = tuple(self.fields[nombre].clean(valores) for nombre in self.get_import_id_fields())
        return partes if all(parte not in (None, "") for parte in partes) else None

    def clave_guardada(self, instancia: Any) -> Any:
        """La clave natural de un registro guardado."""
        return tuple(getattr(instancia, nombre) for nombre in self.get_import_id_fields())

    def hallar(self, claves: list[Any]) -> Iterable[Any]:
        """Los registros guardados que pueden tener esas claves."""
        campo = self.get_import_id_fields()[0]
        return self.get_queryset().filter(**{f"{campo}__in": {clave[0] for clave in claves}})

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Completa lo que se deriva de otros datos. Lanza ValueError o ValidationError si no se puede."""

    def tras_guardar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Guarda lo que cuelga del registro (precios, atributos…)."""

    def ordenar(self, entradas: list[Entrada]) -> list[Entrada]:
        """El orden en que se procesan; por omisión, el del archivo."""
        return entradas

    # --- Proceso -----------------------------------------------------------------------------------------------------

    def procesar(self, entradas: Sequence[Entrada], *, comprobar_columnas: bool = False) -> Iterator[Resultado]:
        """Lee, valida y guarda cada entrada. Debe ir dentro de una transacción que el llamador confirma o deshace.

        Lanza ArchivoIlegible si con `comprobar_columnas` faltan columnas que los registros nuevos necesitan.
        """
        ordenadas = self.ordenar(list(entradas))
        claves = [self.clave_o_none(entrada) for entrada in ordenadas]
        self._precargar([clave for clave in claves if clave is not None])
        if comprobar_columnas:
            self._exigir_columnas_de_nuevos(ordenadas, claves)
        primeras: dict[Any, str] = {}
        for entrada, clave in zip(ordenadas, claves, strict=True):
            if clave is not None and clave in primeras:
                motivo = f"Repetido: {primeras[clave]} y {entrada.lugar} traen la misma clave."
                columna = self.get_import_id_fields()[-1]
                falta = Falta(self._titulo_de_clave(), _texto_de_clave(clave), motivo, columna)
                yield Resultado(entrada.lugar, ERROR, faltas=[falta])
                continue
            primeras.setdefault(clave, entrada.lugar)
            resultado = self._una(entrada, clave)
            resultado.clave = "" if clave is None else _texto_de_clave(clave)
            yield resultado

    def clave_o_none(self, entrada: Entrada) -> Any:
        """La clave natural de una entrada, o None si no trae o no se puede leer."""
        try:
            return None if entrada.falla else self.clave_de(entrada.valores)
        except (ValueError, KeyError):
            return None

    def _precargar(self, claves: list[Any]) -> None:
        for inicio in range(0, len(claves), _TROZO):
            for instancia in self.hallar(claves[inicio : inicio + _TROZO]):
                self.existentes[self.clave_guardada(instancia)] = instancia

    def _exigir_columnas_de_nuevos(self, entradas: list[Entrada], claves: list[Any]) -> None:
        nueva = next(
            (e for e, c in zip(entradas, claves, strict=True) if c not in self.existentes and not e.falla), None
        )
        if nueva is None:
            return
        if faltan := [n for n, c in self.fields.items() if c.obligatoria and n not in nueva.valores]:
            frase = self._frase_de_columnas(faltan)
            raise ArchivoIlegible(f"{frase[:-1]}: la necesita cada registro nuevo, como el de la {nueva.lugar}.")

    def _una(self, entrada: Entrada, clave: Any) -> Resultado:
        if entrada.falla:
            return Resultado(entrada.lugar, ERROR, faltas=[Falta("", "", entrada.falla)])
        instancia = self.existentes.get(clave) if clave is not None else None
        nuevo = instancia is None
        try:
            with transaction.atomic():
                resultado = self._aplicar(entrada, self.init_instance() if nuevo else instancia, nuevo)
                if resultado.tipo == ERROR:
                    transaction.set_rollback(True)
        except ValidationError as error:
            resultado = Resultado(entrada.lugar, ERROR, faltas=self._faltas_de(error, entrada))
        except (DatabaseError, ObjectDoesNotExist, OverflowError):
            resultado = Resultado(entrada.lugar, ERROR, faltas=[Falta("", "", NO_LA_ACEPTO)])
        self._anotar(resultado, clave)
        return resultado

    def _aplicar(self, entrada: Entrada, instancia: Any, nuevo: bool) -> Resultado:
        antes = {} if nuevo else {nombre: columna.valor_en(instancia) for nombre, columna in self.fields.items()}
        leidos, faltas = self._leer(entrada.valores, nuevo)
        self._asignar(instancia, leidos)
        try:
            self.ajustar(instancia, leidos, nuevo)
        except ValidationError as error:
            faltas += self._faltas_de(error, entrada)
        except ValueError as error:
            faltas.append(Falta("", "", str(error)))
        if not nuevo and not faltas and not self._cambios(instancia, antes, leidos):
            return Resultado(entrada.lugar, IGUAL, str(instancia), instancia=instancia)
        faltas += self._validar(instancia, entrada, {falta.campo for falta in faltas})
        # Lo mismo dicho de un campo y del registro se dice una vez, en su campo.
        con_campo = {falta.motivo for falta in faltas if falta.campo}
        faltas = [falta for falta in faltas if falta.campo or falta.motivo not in con_campo]
        if faltas:
            return Resultado(entrada.lugar, ERROR, faltas=faltas)
        cambios = self._cambios(instancia, antes, leidos)
        # La validación pone los datos en su forma; si así no cambia nada, no hay nada que guardar.
        if not nuevo and not cambios:
            return Resultado(entrada.lugar, IGUAL, str(instancia), instancia=instancia)
        instancia.save(force_insert=nuevo)
        self._guardar_muchos(instancia, leidos)
        self.tras_guardar(instancia, leidos, nuevo)
        return Resultado(entrada.lugar, NUEVO if nuevo else CAMBIADO, str(instancia), [], cambios, instancia)

    def _leer(self, valores: dict[str, Any], nuevo: bool) -> tuple[dict[str, Any], list[Falta]]:
        leidos: dict[str, Any] = {}
        faltas = []
        for nombre, columna in self.fields.items():
            if nombre not in valores:
                if nuevo and columna.obligatoria:
                    faltas.append(Falta(columna.titulo, "", FALTA_OBLIGATORIA, nombre))
                continue
            try:
                valor = columna.widget.clean(valores[nombre])
            except ValueError as error:
                faltas.append(Falta(columna.titulo, mostrar(valores[nombre]), str(error), nombre))
                continue
            if not (columna.conserva and valores[nombre] in (None, "")) and not self._se_conserva(columna, valor):
                leidos[nombre] = valor
        return leidos, faltas

    def _se_conserva(self, columna: Columna, valor: Any) -> bool:
        """Una celda vacía no borra lo que no puede quedar vacío y tiene un valor por omisión."""
        if valor not in (None, ""):
            return False
        try:
            campo: Any = self._meta.model._meta.get_field(str(columna.attribute))
        except FieldDoesNotExist:
            return False
        return campo.has_default() and not campo.null and not (campo.blank and valor == "")

    def _asignar(self, instancia: Any, leidos: dict[str, Any]) -> None:
        for nombre, valor in leidos.items():
            columna = self.fields[nombre]
            if not columna.muchos and columna.calcular is None:
                setattr(instancia, columna.attribute, valor)

    def _cambios(
        self, instancia: Any, antes: dict[str, Any], leidos: dict[str, Any]
    ) -> list[tuple[str, str, str, str]]:
        cambios = []
        for nombre, columna in self.fields.items():
            despues = self._despues(nombre, columna, instancia, leidos)
            if nombre in antes and despues != antes[nombre]:
                visto, queda = (mostrar_entero(columna.widget.render(valor)) for valor in (antes[nombre], despues))
                cambios.append((nombre, str(columna.titulo), visto, queda))
        return cambios

    @staticmethod
    def _despues(nombre: str, columna: Columna, instancia: Any, leidos: dict[str, Any]) -> Any:
        if columna.muchos and nombre in leidos:
            return sorted(leidos[nombre], key=str)
        if columna.calcular is not None and nombre in leidos:
            return leidos[nombre]
        return columna.valor_en(instancia)

    def _guardar_muchos(self, instancia: Any, leidos: dict[str, Any]) -> None:
        for nombre, columna in self.fields.items():
            if columna.muchos and nombre in leidos:
                getattr(instancia, columna.attribute).set(leidos[nombre])

    # --- Validación --------------------------------------------------------------------------------------------------

    def _validar(self, instancia: Any, entrada: Entrada, ya_malos: set[str]) -> list[Falta]:
        """Las reglas del modelo, sin repetir lo que ya se sabe: la clave es única y las referencias existen."""
        opciones = self._meta.model._meta
        malos = {nombre for nombre, columna in self.fields.items() if columna.titulo in ya_malos}
        referencias = {campo.name for campo in opciones.fields if isinstance(campo, models.ForeignKey)}
        errores: dict[str, Any] = {}
        self._reunir(errores, lambda: instancia.clean_fields(exclude=malos | self._referencias_puestas(instancia)))
        if not (malos | set(errores)) & referencias:
            self._reunir(errores, instancia.clean)
        # Lo que ya está mal no se vuelve a mirar, pero lo demás sí: el informe trae todas las faltas de la fila.
        fuera = malos | set(errores)
        claves = set(self.get_import_id_fields())
        self._reunir(errores, lambda: instancia.validate_unique(exclude=fuera | claves | {opciones.pk.name}))
        for restriccion in opciones.constraints:
            if set(getattr(restriccion, "fields", ())) != claves:
                self._reunir(errores, partial(restricciones.validar, restriccion, instancia, sin=fuera))
        return self._faltas_de(ValidationError(errores), entrada) if errores else []

    @staticmethod
    def _referencias_puestas(instancia: Any) -> set[str]:
        return {
            campo.name
            for campo in instancia._meta.fields
            if isinstance(campo, models.ForeignKey) and getattr(instancia, campo.attname) is not None
        }

    @staticmethod
    def _reunir(errores: dict[str, Any], comprobar: Callable[[], Any]) -> None:
        try:
            comprobar()
        except ValidationError as error:
            error.update_error_dict(errores)

    def _faltas_de(self, error: ValidationError, entrada: Entrada) -> list[Falta]:
        if not hasattr(error, "error_dict"):
            return [Falta("", "", mensaje) for mensaje in error.messages]
        faltas = []
        for nombre, mensajes in error.message_dict.items():
            propia = self._columna_de(nombre)
            columna = self.fields.get(propia)
            titulo = columna.titulo if columna else ("" if nombre == NON_FIELD_ERRORS else nombre)
            valor = mostrar(entrada.valores.get(propia, ""))
            faltas += [Falta(titulo, valor, mensaje, propia if columna else "") for mensaje in mensajes]
        return faltas

    def _columna_de(self, campo: str) -> str:
        return next((nombre for nombre, columna in self.fields.items() if columna.attribute == campo), campo)

    # --- Memoria -----------------------------------------------------------------------------------------------------

    def _anotar(self, resultado: Resultado, clave: Any) -> None:
        if resultado.tipo == NUEVO:
            self.contexto.nuevos.setdefault(self.familia, set()).add(resultado.instancia.pk)
        if not self.familia or clave is None:
            return
        anotada = (self.familia, _texto_de_clave(clave))
        if resultado.tipo == ERROR:
            self.contexto.fallidos.add(anotada)
        else:
            self.contexto.memoria[anotada] = resultado.instancia

    def _titulo_de_clave(self) -> str:
        return " y ".join(str(self.fields[nombre].titulo).lower() for nombre in self.get_import_id_fields())

    # --- Entrada y salida de django-import-export --------------------------------------------------------------------

    def import_data(
        self, dataset: Any, dry_run: bool = False, raise_errors: bool = False, **kwargs: Any
    ) -> ResultadoDeTabla:
        """Importa una tabla entera o nada. El informe completo queda en `result.resultados`."""
        result = ResultadoDeTabla()
        tabla = dataset if isinstance(dataset, Tabla) else _tabla_de(dataset)
        result.total_rows = len(tabla)
        result.diff_headers = [columna.titulo for columna in self.fields.values()]
        archivo = kwargs.get("file_name") or "archivo"
        with transaction.atomic(), auditar(usuario=kwargs.get("user"), origen=f"importación {archivo}"[:80]):
            try:
                entradas, result.desconocidos = self.entradas_de(tabla)
                filas = {entrada.lugar: numero for numero, entrada in enumerate(entradas, 1)}
                for resultado in self.procesar(entradas, comprobar_columnas=tabla.tabular):
                    result.agregar(resultado, filas[resultado.lugar])
            except ArchivoIlegible as error:
                result.append_base_error(Error(error))
            if dry_run or result.has_errors() or result.has_validation_errors():
                transaction.set_rollback(True)
        if raise_errors and (result.base_errors or result.faltas):
            raise ArchivoIlegible(
                str(result.base_errors[0].error) if result.base_errors else result.faltas[0][1].motivo
            )
        return result

    def encabezados(self, nombres: Sequence[str] | None = None, *, con_titulos: bool = True) -> list[str]:
        """Los encabezados de las columnas elegidas (todas, si no se eligen)."""
        return [c.titulo if con_titulos else n for n, c in self.fields.items() if nombres is None or n in nombres]

    def filas(
        self, consulta: models.QuerySet[Any], nombres: Sequence[str] | None = None, *, para_excel: bool = False
    ) -> Iterator[list[Any]]:
        """Las filas de la consulta, con valores nativos, leídas por trozos."""
        elegidas = [c for n, c in self.fields.items() if nombres is None or n in nombres]
        for instancia in self.preparar(consulta).iterator(chunk_size=1_000):
            yield [columna.export(instancia, para_excel=para_excel) for columna in elegidas]

    def preparar(self, consulta: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """La consulta con lo que las columnas necesitan, para que cada fila no vuelva a la base."""
        return consulta


def _tabla_de(dataset: Any) -> Tabla:
    tabla = Tabla(list(dataset.headers or []))
    for numero, fila in enumerate(dataset, 2):
        tabla.filas.append(Fila(numero, dict(zip(tabla.encabezados, fila, strict=False))))
    return tabla


def _plano(texto: str) -> str:
    return normalizar(str(texto).replace("_", " ")).rstrip(" :.*")


def mostrar(valor: Any) -> str:
    """Lo que trae una celda, en una línea y recortado, para ponerlo junto a su falta."""
    return "" if valor is None or valor == "" else citar(valor)[1:-1]


def mostrar_entero(valor: Any) -> str:
    """Un valor antes o después de un cambio, en una línea y hasta donde cabe en la revisión."""
    if valor is None or valor in ("", {}, []):
        return ""
    if isinstance(valor, dict):
        valor = "; ".join(f"{clave}: {mostrar_entero(dentro)}" for clave, dentro in valor.items())
    texto = "sí" if valor is True else "no" if valor is False else str(valor)
    limpio = " ".join("".join(c if c.isprintable() else " " for c in texto).split())
    return limpio if len(limpio) <= _LARGO_DE_UN_CAMBIO else f"{limpio[: _LARGO_DE_UN_CAMBIO - 1]}…"


def _texto_de_clave(clave: Any) -> str:
    return "-".join(str(parte) for parte in clave) if isinstance(clave, tuple) else str(clave)


__all__ = [
    "ERROR",
    "TIPOS_DE_RESULTADO",
    "Columna",
    "Contexto",
    "Entrada",
    "Falta",
    "RecursoBase",
    "Resultado",
    "ResultadoDeTabla",
]
