"""Escribir muchos registros de una vez, cada uno con su fila de historia.

Escribe lo mismo que `instancia.save()` bajo `auditar`, columna por columna: cada columna se lleva de una vez a la forma
que guarda la base, las filas entran con `executemany` en SQLite y con COPY en PostgreSQL, y las de historia las copia
la propia base de la tabla. No valida: eso lo hace antes quien llama. Lo que la base rechaza (una llave, un único, una
condición) sale como IntegrityError y no deja nada; una llave foránea, al confirmar la transacción de quien llama.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import repeat
from typing import Any

from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .busqueda import tiene_indice
from .campos import CampoBusqueda
from .columnas import adaptador, de_arreglo, textos_de_busqueda
from .historia import modelo_historico

SIN_HISTORIA = "Como estaba antes de su primer cambio con historia."


@dataclass(frozen=True)
class Firma:
    """Quién escribe un lote, cuándo, por qué y desde dónde: lo que queda en cada fila de su historia."""

    momento: datetime
    usuario: Any = None
    motivo: str = ""
    origen: str = ""

    def en_historia(self) -> dict[str, Any]:
        """Las columnas de historia que pone la firma, como las deja `auditoria` en un registro suelto."""
        con_cuenta = self.usuario is not None and self.usuario.pk is not None
        return {
            "autor": self.usuario.get_username() if con_cuenta else "",
            "origen": self.origen,
            "history_change_reason": self.motivo or None,
            "history_date": self.momento,
            "history_user_id": self.usuario.pk if con_cuenta else None,
        }


@dataclass(frozen=True)
class Alistadas:
    """Registros nuevos listos para entrar: su clave y sus columnas, ya como la base las guarda."""

    instancias: Sequence[Any]
    claves: list[Any]
    automaticos: dict[Any, Any]
    columnas: list[Iterable[Any]]


def alistar(modelo: type[models.Model], instancias: Sequence[Any], *, momento: datetime) -> Alistadas:
    """Da su clave a los nuevos y arma sus columnas. En SQLite, dentro de la transacción en que van a entrar."""
    tabla = tabla_de(modelo)
    claves = tabla.claves_de(instancias)
    automaticos = tabla.automaticos(momento, alta=True)
    columnas = tabla.columnas(tabla.campos, instancias, {**automaticos, tabla.clave: claves})
    return Alistadas(instancias, claves, automaticos, columnas)


def insertar(
    modelo: type[models.Model], instancias: Sequence[Any], *, firma: Firma, alistadas: Alistadas | None = None
) -> None:
    """Inserta registros nuevos con su historia; a cada instancia le queda puesta su clave.

    `alistadas`: esos mismos, si ya se alistaron con el momento de la firma; sirven una sola vez.
    """
    if not instancias:
        return
    tabla = tabla_de(modelo)
    with transaction.atomic(using=tabla.conexion.alias):
        listas = alistadas or alistar(modelo, instancias, momento=firma.momento)
        tabla.meter(tabla.campos, listas.columnas)
        tabla.anotar("+", listas.claves, firma)
    _poner(instancias, tabla, listas.claves, listas.automaticos)


def actualizar(modelo: type[models.Model], instancias: Sequence[Any], *, campos: Collection[str], firma: Firma) -> None:
    """Guarda `campos` (y lo que de ellos se deriva) de registros que ya existen, con su historia.

    Un registro que ya no está se pasa por alto. A uno sin historia (los de demostración) se le anota antes cómo estaba.
    """
    if not instancias:
        return
    tabla = tabla_de(modelo)
    automaticos = tabla.automaticos(firma.momento, alta=False)
    elegidos = tabla.elegir(campos, automaticos)
    claves = [instancia.pk for instancia in instancias]
    with transaction.atomic(using=tabla.conexion.alias):
        tabla.anotar_sin_historia(claves)
        tabla.cambiar(elegidos, tabla.columnas(elegidos, instancias, automaticos), claves)
        tabla.anotar("~", claves, firma)
    _poner(instancias, tabla, claves, automaticos)


def borrar(modelo: type[models.Model], claves: Sequence[Any], *, firma: Firma) -> None:
    """Borra registros por su clave, con sus enlaces de varios valores, y deja en la historia cómo estaban."""
    if not claves:
        return
    tabla = tabla_de(modelo)
    with transaction.atomic(using=tabla.conexion.alias):
        tabla.anotar("-", claves, firma)
        for varios in modelo._meta.many_to_many:
            tabla.quitar_enlaces(varios, claves)
        donde, lista = tabla.entre(claves)
        tabla.ejecutar(f"DELETE FROM {tabla.nombre} WHERE {tabla.citar(tabla.clave.column)} {donde}", [lista])  # noqa: S608


def asegurar_historia(modelo: type[models.Model], claves: Sequence[Any]) -> None:
    """A los registros que no tienen historia (la DIVIPOLA, los de demostración) les anota cómo están.

    Sin esa fila, el primer cambio de una importación no se podría deshacer: no se sabría cómo estaba.
    """
    if claves:
        tabla = tabla_de(modelo)
        with transaction.atomic(using=tabla.conexion.alias):
            tabla.anotar_sin_historia(claves)


def insertar_filas(modelo: type[models.Model], campos: Sequence[str], filas: Sequence[tuple[Any, ...]]) -> None:
    """Inserta filas sin historia ni instancias; `campos` dice qué trae cada posición, ya como la base lo guarda.

    Los campos que no se nombran toman su valor por omisión, y la clave automática la da la base.
    """
    if not filas:
        return
    tabla = tabla_de(modelo)
    dados = [tabla.campo(nombre) for nombre in campos]
    resto = [campo for campo in tabla.campos if campo not in dados and campo is not tabla.automatica]
    omisiones = [tabla.adaptar(campo, [campo.get_default()])[0] for campo in resto]
    with transaction.atomic(using=tabla.conexion.alias):
        columnas = [*zip(*filas, strict=True), *(repeat(valor) for valor in omisiones)]
        tabla.meter([*dados, *resto], columnas)


def claves_nuevas(modelo: type[models.Model], cuantas: int) -> list[int]:
    """Claves libres para tantos registros, dentro de la transacción abierta.

    En SQLite nadie más escribe mientras dura la transacción, y AUTOINCREMENT no repite una clave aunque se borre.
    """
    tabla = tabla_de(modelo)
    if tabla.conexion.vendor != "sqlite":
        # Entre paréntesis, el nombre de la secuencia se busca una vez y no una por clave.
        secuencia = "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s))::regclass) FROM generate_series(1, %s)"
        filas = tabla.consultar(secuencia, [tabla.nombre, tabla.clave.column, cuantas])
        return [clave for (clave,) in filas]
    columna = tabla.citar(tabla.clave.column)
    ultimas = tabla.consultar(
        f"SELECT (SELECT max({columna}) FROM {tabla.nombre}), (SELECT seq FROM sqlite_sequence WHERE name = %s)",  # noqa: S608
        [modelo._meta.db_table],
    )
    primera = max(ultima or 0 for ultima in ultimas[0]) + 1
    return list(range(primera, primera + cuantas))


def meter_filas(
    conexion: BaseDatabaseWrapper, tabla: str, columnas: Iterable[str], filas: Iterable[tuple[Any, ...]]
) -> None:
    """Mete filas ya adaptadas en una tabla: `executemany` en SQLite, COPY en PostgreSQL."""
    nombres = [conexion.ops.quote_name(columna) for columna in columnas]
    destino = f"{conexion.ops.quote_name(tabla)} ({', '.join(nombres)})"
    with conexion.cursor() as cursor, conexion.wrap_database_errors:
        if conexion.vendor == "sqlite":
            marcas = ", ".join("?" * len(nombres))
            # El cursor de sqlite3, sin el de Django: este guarda copia de todo lo que recibe.
            conexion.connection.executemany(f"INSERT INTO {destino} VALUES ({marcas})", filas)  # noqa: S608
            return
        with cursor.copy(f"COPY {destino} FROM STDIN") as copia:
            for fila in filas:
                copia.write_row(fila)


def _poner(instancias: Sequence[Any], tabla: Tabla, claves: Sequence[Any], automaticos: dict[Any, Any]) -> None:
    """Deja en cada instancia lo que la escritura le puso, como haría `save`."""
    puestos = {campo.attname: valor for campo, valor in automaticos.items()}
    alias, nombre = tabla.conexion.alias, tabla.clave.attname
    for instancia, clave in zip(instancias, claves, strict=True):
        instancia.__dict__.update(puestos)
        instancia.__dict__[nombre] = clave
        instancia._state.adding, instancia._state.db = False, alias


@cache
def _tabla(modelo: type[models.Model], alias: str) -> Tabla:
    return Tabla(modelo, alias)


def tabla_de(modelo: type[models.Model]) -> Tabla:
    """La tabla de un modelo, con lo que hace falta para escribir en ella y en su historia."""
    return _tabla(modelo, router.db_for_write(modelo))


class Tabla:
    """Una tabla y la de su historia: sus columnas y las sentencias que las escriben en bloque."""

    def __init__(self, modelo: type[models.Model], alias: str) -> None:
        opciones = modelo._meta
        self.modelo, self.alias = modelo, alias
        self.clave: Any = opciones.pk
        self.automatica = self.clave if isinstance(self.clave, models.AutoField | models.BigAutoField) else None
        self.campos: list[Any] = list(opciones.concrete_fields)
        self.busqueda: Any = next((campo for campo in self.campos if isinstance(campo, CampoBusqueda)), None)
        self.citar: Any = self.conexion.ops.quote_name
        self.nombre = self.citar(opciones.db_table)
        self.historico: Any = (
            modelo_historico(modelo) if hasattr(opciones, "simple_history_manager_attribute") else None
        )
        if self.historico is not None:
            self.historia = self.citar(self.historico._meta.db_table)
            self.seguidas = [self.citar(campo.column) for campo in self.historico.tracked_fields]
            self.varios = list(self.historico._history_m2m_fields)

    @property
    def conexion(self) -> BaseDatabaseWrapper:
        """La conexión del hilo que pregunta."""
        return connections[self.alias]

    # --- Columnas ----------------------------------------------------------------------------------------------------
    def campo(self, nombre: str) -> Any:
        """El campo de ese nombre («cliente») o columna («cliente_id»)."""
        return next(campo for campo in self.campos if nombre in (campo.name, campo.attname))

    def elegir(self, campos: Collection[str], automaticos: dict[Any, Any]) -> list[Any]:
        """Los campos que se guardan: los pedidos, los automáticos y el texto de búsqueda si sale de alguno."""
        elegidos = dict.fromkeys([*map(self.campo, campos), *automaticos])
        nombres = {nombre for campo in elegidos for nombre in (campo.name, campo.attname)}
        if self.busqueda is not None and nombres & set(self.busqueda.fuentes):
            elegidos[self.busqueda] = None
        return [campo for campo in elegidos if campo is not self.clave]

    def automaticos(self, momento: datetime, *, alta: bool) -> dict[Any, Any]:
        """Los campos que se ponen solos al guardar y lo que se les pone."""
        return {
            campo: momento
            for campo in self.campos
            if isinstance(campo, models.DateTimeField) and (campo.auto_now or (alta and campo.auto_now_add))
        }

    def adaptar(self, campo: Any, valores: Sequence[Any]) -> Sequence[Any]:
        """Los valores de una columna como la base los guarda."""
        return adaptador(campo, self.alias)(valores)

    def columnas(
        self, campos: Sequence[Any], instancias: Sequence[Any], puestos: dict[Any, Any]
    ) -> list[Iterable[Any]]:
        """Las columnas de esas instancias, adaptadas; `puestos` trae la columna, o el valor de todas, de algunos."""
        datos = [instancia.__dict__ for instancia in instancias]
        columnas: list[Iterable[Any]] = []
        for campo in campos:
            if isinstance(puesto := puestos.get(campo), list):
                columnas.append(self.adaptar(campo, puesto))
            elif puesto is not None:
                columnas.append(repeat(self.adaptar(campo, [puesto])[0], len(datos)))
            elif campo is self.busqueda:
                columnas.append(textos_de_busqueda(campo, instancias))
            else:
                columnas.append(self.adaptar(campo, _valores(campo.attname, datos, instancias)))
        return columnas

    def claves_de(self, instancias: Sequence[Any]) -> list[Any]:
        """La clave de cada instancia: la que trae o, si la da la base, una nueva."""
        claves = [instancia.pk for instancia in instancias]
        if self.automatica is None or None not in claves:
            return claves
        nuevas = iter(claves_nuevas(self.modelo, claves.count(None)))
        return [next(nuevas) if clave is None else clave for clave in claves]

    # --- Sentencias --------------------------------------------------------------------------------------------------
    def ejecutar(self, sql: str, valores: Sequence[Any] = ()) -> int:
        """Ejecuta una sentencia y dice a cuántas filas tocó."""
        with self.conexion.cursor() as cursor:
            cursor.execute(sql, valores)
            return int(cursor.rowcount)

    def consultar(self, sql: str, valores: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Las filas de una consulta."""
        with self.conexion.cursor() as cursor:
            cursor.execute(sql, valores)
            return list(cursor.fetchall())

    def entre(self, claves: Collection[Any]) -> tuple[str, Any]:
        """La condición «está entre esas» y su parámetro, que es uno solo por muchas que sean."""
        return de_arreglo(self.conexion, claves)

    def meter(self, campos: Sequence[Any], columnas: Sequence[Iterable[Any]]) -> None:
        """Inserta las filas que forman esas columnas."""
        nombres = [campo.column for campo in campos]
        filas = zip(*columnas, strict=False)
        if not self.con_disparadores:
            meter_filas(self.conexion, self.modelo._meta.db_table, nombres, filas)
            return
        with self._aparte(len(nombres), filas) as (tanda, posiciones):
            destino = f"{self.nombre} ({', '.join(map(self.citar, nombres))})"
            self.ejecutar(f"INSERT INTO {destino} SELECT {', '.join(posiciones)} FROM {tanda} ORDER BY rowid")  # noqa: S608

    @property
    def con_disparadores(self) -> bool:
        """Si escribir en la tabla pone al día un índice de búsqueda de SQLite.

        Su disparador vuelca el índice al terminar cada sentencia: fila por fila cuesta siete veces más, y cada vez más
        cuanto mayor es la tabla. Por eso las filas se juntan aparte y entran todas con una sola sentencia.
        """
        return self.conexion.vendor == "sqlite" and tiene_indice(self.modelo)

    @contextmanager
    def _aparte(self, ancho: int, filas: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, list[str]]]:
        """Las filas en una tabla temporal de la conexión, y el nombre de sus columnas por posición."""
        posiciones = [f"c{posicion}" for posicion in range(ancho)]
        tanda = f"temp.tanda_de_{ancho}"
        self.ejecutar(f"CREATE TEMP TABLE IF NOT EXISTS tanda_de_{ancho} ({', '.join(posiciones)})")
        with self.conexion.wrap_database_errors:
            marcas = ", ".join("?" * ancho)
            self.conexion.connection.executemany(f"INSERT INTO {tanda} VALUES ({marcas})", filas)  # noqa: S608
        yield tanda, posiciones
        self.ejecutar(f"DELETE FROM {tanda}")  # noqa: S608

    def cambiar(self, campos: Sequence[Any], columnas: Sequence[Iterable[Any]], claves: Sequence[Any]) -> None:
        """Pone esas columnas en las filas de esas claves."""
        clave = self.citar(self.clave.column)
        nombres = [self.citar(campo.column) for campo in campos]
        adaptadas = self.adaptar(self.clave, claves)
        if self.con_disparadores and self.busqueda in campos:
            with self._aparte(len(nombres) + 1, zip(*columnas, adaptadas, strict=False)) as (tanda, posiciones):
                pares = zip(nombres, posiciones, strict=False)
                puestas = ", ".join(f"{nombre} = v.{posicion}" for nombre, posicion in pares)
                donde = f"WHERE {self.nombre}.{clave} = v.{posiciones[-1]}"
                self.ejecutar(f"UPDATE {self.nombre} SET {puestas} FROM {tanda} AS v {donde}")  # noqa: S608
            return
        if self.conexion.vendor == "sqlite":
            puestas = ", ".join(f"{nombre} = ?" for nombre in nombres)
            sql = f"UPDATE {self.nombre} SET {puestas} WHERE {clave} = ?"  # noqa: S608 - nombres propios
            with self.conexion.wrap_database_errors:
                self.conexion.connection.executemany(sql, zip(*columnas, adaptadas, strict=False))
            return
        puestas = ", ".join(f"{nombre} = v.{nombre}" for nombre in nombres)
        arreglos = ", ".join(f"%s::{_tipo(campo, self.conexion)}[]" for campo in (*campos, self.clave))
        sql = (
            f"UPDATE {self.nombre} AS t SET {puestas}"  # noqa: S608 - nombres propios
            f" FROM unnest({arreglos}) AS v({', '.join(nombres)}, clave) WHERE t.{clave} = v.clave"
        )
        self.ejecutar(sql, [list(columna) for columna in (*columnas, adaptadas)])

    # --- Historia ----------------------------------------------------------------------------------------------------
    def anotar(self, tipo: str, claves: Sequence[Any], firma: Firma) -> None:
        """Copia en la historia cómo están esos registros."""
        donde, lista = self.entre(claves)
        donde = f"t.{self.citar(self.clave.column)} {donde}"
        if tipo == "+" and self.automatica is not None:
            # Las claves recién dadas son seguidas: acotarlas ahorra a PostgreSQL recorrer la tabla.
            donde += f" AND t.{self.citar(self.clave.column)} BETWEEN {int(min(claves))} AND {int(max(claves))}"
        self._copiar({**firma.en_historia(), "history_type": tipo}, donde, lista)

    def anotar_sin_historia(self, claves: Sequence[Any]) -> None:
        """Copia en la historia cómo están los que no tienen ninguna fila en ella, con la fecha en que se crearon."""
        clave = self.citar(self.clave.column)
        donde, lista = self.entre(claves)
        ninguna = f"NOT EXISTS (SELECT 1 FROM {self.historia} AS h WHERE h.{clave} = t.{clave})"  # noqa: S608
        base = {"autor": "", "origen": "", "history_change_reason": SIN_HISTORIA, "history_user_id": None}
        self._copiar({**base, "history_type": "+", "history_date": None}, f"t.{clave} {donde} AND {ninguna}", lista)

    def _copiar(self, firma: dict[str, Any], donde: str, lista: Any) -> None:
        columnas, marcas, valores = [], [], []
        for nombre, valor in firma.items():
            campo = self.historico._meta.get_field(nombre)
            columnas.append(self.citar(campo.column))
            if nombre == "history_date" and valor is None:
                marcas.append(f"t.{self.citar('creado_en')}")
                continue
            marcas.append("%s")
            valores.append(campo.get_db_prep_save(valor, self.conexion))
        ultima = self._ultima_version() if self.varios else None
        self.ejecutar(
            f"INSERT INTO {self.historia} ({', '.join([*self.seguidas, *columnas])})"  # noqa: S608 - nombres propios
            f" SELECT {', '.join([*(f't.{columna}' for columna in self.seguidas), *marcas])}"
            f" FROM {self.nombre} AS t WHERE {donde} ORDER BY t.{self.citar(self.clave.column)}",
            [*valores, lista],
        )
        if ultima is not None and firma["history_type"] != "-":
            self._copiar_enlaces(ultima, lista)

    def _ultima_version(self) -> int:
        return int(self.consultar(f"SELECT COALESCE(MAX(history_id), 0) FROM {self.historia}")[0][0])  # noqa: S608

    def _copiar_enlaces(self, ultima: int, lista: Any) -> None:
        """Los valores de los campos de varios valores, en las versiones recién anotadas de esos registros."""
        clave = self.citar(self.clave.column)
        donde, _ = self.entre([])
        for varios in self.varios:
            enlaces = varios.remote_field.through._meta
            destino = self.citar(getattr(self.historico, varios.name).model._meta.db_table)
            columnas = [self.citar(campo.column) for campo in enlaces.concrete_fields]
            self.ejecutar(
                f"INSERT INTO {destino} (history_id, {', '.join(columnas)})"  # noqa: S608 - nombres propios
                f" SELECT h.history_id, {', '.join(f'e.{columna}' for columna in columnas)}"
                f" FROM {self.historia} AS h JOIN {self.citar(enlaces.db_table)} AS e"
                f" ON e.{self.citar(varios.m2m_column_name())} = h.{clave}"
                f" WHERE h.history_id > %s AND h.{clave} {donde} ORDER BY h.history_id, e.id",
                [ultima, lista],
            )

    def quitar_enlaces(self, varios: Any, claves: Sequence[Any]) -> None:
        """Borra los valores de un campo de varios valores de esos registros."""
        donde, lista = self.entre(claves)
        enlaces = self.citar(varios.remote_field.through._meta.db_table)
        self.ejecutar(f"DELETE FROM {enlaces} WHERE {self.citar(varios.m2m_column_name())} {donde}", [lista])  # noqa: S608


def _valores(nombre: str, datos: list[dict[str, Any]], instancias: Sequence[Any]) -> list[Any]:
    """Un atributo de cada instancia; se toma de su diccionario, y si alguna no lo trae cargado se le pregunta."""
    try:
        return [dato[nombre] for dato in datos]
    except KeyError:
        return [getattr(instancia, nombre) for instancia in instancias]


def _tipo(campo: Any, conexion: BaseDatabaseWrapper) -> str:
    """El tipo de PostgreSQL con que viaja una columna: los textos sin su largo, que así recorta sin avisar."""
    tipo = str(campo.rel_db_type(conexion) if campo.primary_key else campo.db_type(conexion))
    return "text" if tipo.startswith("varchar") else tipo
