"""Importar y exportar el catálogo: tipos, servicios, precios y promociones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from movistar_site.comun.celdas import (
    ClaveNatural,
    Entero,
    Fecha,
    ListaDeOpciones,
    Numero,
    Opcion,
    Pesos,
    Recortado,
    Referencia,
    Referencias,
    SiNo,
    Texto,
    ValorJson,
    a_texto,
    es_guardable,
    partes_de,
)
from movistar_site.comun.opciones import Categoria
from movistar_site.comun.recursos_base import Columna, Entrada, RecursoBase
from movistar_site.comun.valores import citar, normalizar

from . import operaciones, reglas
from .atributos import TipoDato
from .models import (
    AtributoTipo,
    BeneficioPromocion,
    EstadoServicio,
    Modalidad,
    Periodicidad,
    PrecioServicio,
    Promocion,
    Red,
    Servicio,
    TipoServicio,
)

EJEMPLO_CARACTERISTICAS = '{"velocidad_bajada_mbps": 300}'
EJEMPLO_ATRIBUTOS = '[{"clave": "velocidad_bajada_mbps", "nombre": "Velocidad de bajada", "tipo_dato": "entero"}]'
CELDAS_DE_ATRIBUTO = {
    "clave": Recortado(),
    "nombre": Texto(),
    "tipo_dato": Opcion(TipoDato.choices),
    "unidad": Texto(),
    "obligatorio": SiNo(),
    "minimo": Numero(),
    "maximo": Numero(),
    "opciones": ValorJson(list, '["HD", "4K"]'),
}
OMISIONES_DE_ATRIBUTO: dict[str, Any] = {
    "unidad": "", "obligatorio": False, "minimo": None, "maximo": None, "opciones": [], "tipo_dato": "entero",
}  # fmt: skip


# La clave natural de un registro del catálogo.
codigo_de = ClaveNatural("codigo")


def atributos_de(tipo: Any) -> list[dict[str, Any]]:
    """Los atributos de un tipo como se escriben en un archivo: en su orden y sin lo que vale por omisión."""
    if tipo.pk is None:
        return []
    atributos = sorted(tipo.atributos.all(), key=lambda atributo: (atributo.orden, atributo.pk))
    return [_sin_omisiones({campo: getattr(atributo, campo) for campo in CELDAS_DE_ATRIBUTO}) for atributo in atributos]


def _sin_omisiones(atributo: dict[str, Any]) -> dict[str, Any]:
    return {
        campo: valor
        for campo, valor in atributo.items()
        if campo in ("clave", "nombre", "tipo_dato") or valor != OMISIONES_DE_ATRIBUTO[campo]
    }


class Atributos(ValorJson):
    """Los atributos de un tipo: una lista de objetos."""

    def __init__(self) -> None:
        super().__init__(list, EJEMPLO_ATRIBUTOS)

    def leer(self, valor: Any) -> list[dict[str, Any]]:
        return [self._uno(atributo) for atributo in super().leer(valor)]

    def _uno(self, atributo: Any) -> dict[str, Any]:
        if not isinstance(atributo, dict):
            raise ValueError(f"Cada atributo es un objeto, como {EJEMPLO_ATRIBUTOS}.")
        if sobran := [clave for clave in atributo if clave not in CELDAS_DE_ATRIBUTO]:
            raise ValueError(f"Un atributo no tiene {citar(sobran[0])}: admite {', '.join(CELDAS_DE_ATRIBUTO)}.")
        leido = {**OMISIONES_DE_ATRIBUTO, "clave": "", "nombre": ""}
        for clave, valor in atributo.items():
            try:
                celda = CELDAS_DE_ATRIBUTO[clave].clean(valor)
            except ValueError as error:
                raise ValueError(f"En el atributo {citar(atributo.get('clave', ''))}, {clave}: {error}") from None
            leido[clave] = OMISIONES_DE_ATRIBUTO.get(clave, "") if celda in (None, "") else celda
        return _sin_omisiones({campo: leido[campo] for campo in CELDAS_DE_ATRIBUTO})


class RecursoTipoServicio(RecursoBase):
    """Los tipos de servicio, con sus atributos en una columna JSON."""

    familia = "tipo"
    codigo = Columna(Recortado(), obligatoria=True)
    nombre = Columna(Recortado(), obligatoria=True)
    descripcion = Columna(Texto())
    red = Columna(Opcion(Red.choices))
    modalidad = Columna(Opcion(Modalidad.choices))
    es_paquete = Columna(SiNo(), conserva=True)
    componentes_minimos = Columna(Entero(), alias=("componentes mínimos",))
    aplica_sap = Columna(SiNo(), conserva=True)
    activo = Columna(SiNo(), conserva=True)
    orden = Columna(Entero())
    atributos = Columna(Atributos(), "Atributos", calcular=atributos_de)

    class Meta(RecursoBase.Meta):
        model = TipoServicio
        import_id_fields = ("codigo",)
        fields = ("codigo", "nombre", "descripcion", "red", "modalidad", "es_paquete", "componentes_minimos",
                  "aplica_sap", "activo", "orden", "atributos")  # fmt: skip

    def get_queryset(self) -> QuerySet[TipoServicio]:
        return TipoServicio.objects.prefetch_related("atributos")

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.prefetch_related("atributos")

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Los atributos se validan antes de guardar, con las mismas reglas que la pantalla."""
        if instancia.es_paquete and nuevo and "componentes_minimos" not in leidos:
            instancia.componentes_minimos = 2
        if "atributos" not in leidos or (not nuevo and leidos["atributos"] == atributos_de(instancia)):
            return
        instancia.atributos_leidos, faltas = _atributos(instancia, leidos["atributos"], nuevo)
        if not faltas:
            try:
                reglas.validar_atributos(instancia, instancia.atributos_leidos)
            except ValidationError as error:
                faltas = error.messages
        if faltas:
            raise ValidationError({"atributos": faltas})

    def tras_guardar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        if getattr(instancia, "atributos_leidos", None) is not None:
            operaciones.fijar_atributos(instancia, atributos=instancia.atributos_leidos, usuario=self.contexto.usuario)
            instancia._prefetched_objects_cache = {}


def _atributos(tipo: Any, leidos: list[dict[str, Any]], nuevo: bool) -> tuple[list[AtributoTipo], list[str]]:
    """Los atributos leídos como registros (los que ya estaban conservan el suyo) y sus faltas."""
    actuales = {} if nuevo else {atributo.clave: atributo for atributo in tipo.atributos.all()}
    atributos, faltas = [], []
    for datos in leidos:
        atributo = actuales.get(datos["clave"]) or AtributoTipo()
        for campo, valor in {**OMISIONES_DE_ATRIBUTO, **datos}.items():
            setattr(atributo, campo, valor)
        try:
            atributo.full_clean(exclude=["tipo"], validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            faltas += [f"En el atributo {citar(datos['clave'])}: {mensaje}" for mensaje in error.messages]
        atributos.append(atributo)
    return atributos, faltas


class BuscaServicios:
    """Busca en el catálogo por la clave que trae el archivo; lo hallado queda en la memoria de la importación."""

    contexto: Any
    # Códigos del trozo que no están: no se guardan más, que un archivo puede traer miles.
    desconocidos: frozenset[tuple[str, str]] = frozenset()

    def _servicio(self, codigo: str) -> Any:
        return self._del_catalogo("servicio", codigo.upper())

    def _promocion(self, codigo: str) -> Any:
        return self._del_catalogo("promocion", codigo.upper())

    def _del_catalogo(self, familia: str, codigo: str) -> Any:
        clave = (familia, codigo)
        if clave in self.desconocidos and clave not in self.contexto.fallidos:
            return None
        return self.contexto.recordar(clave, lambda: _EN_CATALOGO[familia]().filter(codigo=codigo).first())

    def prebuscar_en_catalogo(self, familia: str, crudas: Iterable[Any]) -> None:
        """Trae con una consulta los registros de esas celdas que aún no están en la memoria."""
        memoria = self.contexto.memoria
        codigos = {cruda.strip().upper() for cruda in set(filter(_es_texto, crudas))}
        if not (faltan := {codigo for codigo in codigos if (familia, codigo) not in memoria}):
            return
        for registro in _EN_CATALOGO[familia]().filter(codigo__in=[c for c in faltan if es_guardable(c)]):
            memoria[familia, registro.codigo] = registro
        no_estan = {(familia, codigo) for codigo in faltan} - memoria.keys()
        self.desconocidos = frozenset(no_estan) | {una for una in self.desconocidos if una[0] != familia}

    def precios_de(self, servicio: Any) -> list[PrecioServicio]:
        """La historia de precios de un servicio, del primero al último."""
        return self.contexto.recordar(  # type: ignore[no-any-return]
            ("precios", servicio.pk),
            lambda: list(PrecioServicio.objects.filter(servicio=servicio).order_by("vigente_desde")),
        )


def _es_texto(cruda: Any) -> bool:
    return isinstance(cruda, str)


_EN_CATALOGO: dict[str, Callable[[], QuerySet[Any]]] = {
    "servicio": lambda: Servicio.objects.select_related("tipo").prefetch_related("precios"),
    "promocion": Promocion.objects.all,
}


def recordar_servicios(contexto: Any) -> None:
    """Deja en la memoria todos los servicios con su tipo y sus precios, y todas las promociones."""
    for familia, consulta in _EN_CATALOGO.items():
        for registro in consulta():
            contexto.memoria[familia, registro.codigo] = registro
            if familia == "servicio":
                precios = sorted(registro.precios.all(), key=lambda precio: precio.vigente_desde)
                contexto.memoria["precios", registro.pk] = precios


class RecursoServicio(BuscaServicios, RecursoBase):
    """Los servicios, con su precio vigente y sus componentes por código."""

    familia = "servicio"
    codigo = Columna(Recortado(mayusculas=True), obligatoria=True)
    nombre = Columna(Texto(), obligatoria=True)
    tipo = Columna(Referencia("el tipo de servicio", str), alias=("tipo",), obligatoria=True)
    descripcion = Columna(Texto())
    precio = Columna(Pesos(), "Precio vigente (COP)", atributo="precio_vigente", alias=("precio",), conserva=True)
    periodicidad = Columna(Opcion(Periodicidad.choices))
    caracteristicas = Columna(ValorJson(dict, EJEMPLO_CARACTERISTICAS))
    componentes = Columna(Referencias("el servicio", codigo_de), alias=("componentes",), muchos=True)
    estado = Columna(Opcion(EstadoServicio.choices))
    retirado_el = Columna(Fecha())

    class Meta(RecursoBase.Meta):
        model = Servicio
        import_id_fields = ("codigo",)
        fields = ("codigo", "nombre", "tipo", "descripcion", "precio", "periodicidad", "caracteristicas", "componentes",
                  "estado", "retirado_el")  # fmt: skip

    def get_queryset(self) -> QuerySet[Servicio]:
        return self.preparar(Servicio.objects.all())

    def preparar(self, consulta: Any) -> QuerySet[Any]:
        return consulta.select_related("tipo").prefetch_related("componentes").con_precio(self.contexto.hoy)

    def buscar_componentes(self, codigo: str) -> Any:
        """El servicio de ese código."""
        return self._servicio(codigo)

    def buscar_tipo(self, texto: str) -> Any:
        """El tipo por su código o su nombre, sin mirar tildes ni mayúsculas."""
        return tipo_por_texto(self.contexto, texto)

    def ordenar(self, entradas: list[Entrada]) -> list[Entrada]:
        """Primero las piezas y después los paquetes que las contienen."""
        pendientes = {_codigo_de_entrada(entrada): entrada for entrada in entradas}
        if len(pendientes) != len(entradas):
            return entradas
        ordenadas: dict[str, Entrada] = {}

        def poner(codigo: str, en_curso: frozenset[str]) -> None:
            if codigo in ordenadas or codigo in en_curso or codigo not in pendientes:
                return
            for pieza in _piezas(pendientes[codigo]):
                poner(pieza, en_curso | {codigo})
            ordenadas[codigo] = pendientes[codigo]

        for codigo in pendientes:
            poner(codigo, frozenset())
        return list(ordenadas.values())

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Un paquete se compone como la pantalla lo exige."""
        if instancia.tipo_id is None or not (nuevo or {"tipo", "componentes", "estado"} & set(leidos)):
            return
        componentes = leidos.get("componentes")
        if componentes is None:
            componentes = [] if nuevo else list(instancia.componentes.select_related("tipo"))
        reglas.validar_componentes(instancia, componentes)

    def tras_guardar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        if "precio" in leidos:
            fijar_precio(instancia, leidos["precio"], self.contexto.hoy)
        instancia._prefetched_objects_cache = {}


def _codigo_de_entrada(entrada: Entrada) -> str:
    try:
        return a_texto(entrada.valores.get("codigo")).strip().upper() or entrada.lugar
    except ValueError:
        return entrada.lugar


def _piezas(entrada: Entrada) -> list[str]:
    try:
        return [a_texto(parte).strip().upper() for parte in partes_de(entrada.valores.get("componentes") or [])]
    except ValueError:
        return []


def tipo_por_texto(contexto: Any, texto: str) -> Any:
    """El tipo de servicio por su código o su nombre, sin mirar tildes ni mayúsculas; None si no existe."""
    if ("tipo", texto) in contexto.fallidos:
        return contexto.recordar(("tipo", texto), lambda: None)
    buscado = normalizar(texto.replace("_", " "))
    tipos = contexto.memoria.get(("tipos", "todos"))
    if tipos is None or buscado not in tipos:
        tipos = {}
        for tipo in TipoServicio.objects.prefetch_related("atributos"):
            # Un tipo que llega inactivo en este mismo archivo trae los servicios que tuvo cuando no lo estaba.
            tipo.activo = tipo.activo or contexto.es_nuevo("tipo", tipo)
            tipos[normalizar(tipo.codigo.replace("_", " "))] = tipo
            tipos.setdefault(normalizar(tipo.nombre), tipo)
        contexto.memoria["tipos", "todos"] = tipos
    return tipos.get(buscado)


def fijar_precio(servicio: Servicio, valor: Decimal, hoy: Any) -> None:
    """Si el precio que rige `hoy` no es `valor`, desde `hoy` lo es: un cambio es un precio nuevo."""
    if servicio.precio_en(hoy) == valor:
        return
    precio = servicio.precios.filter(vigente_desde=hoy).first() or PrecioServicio(servicio=servicio, vigente_desde=hoy)
    precio.valor = valor
    precio.full_clean()
    precio.save()


class RecursoPrecioServicio(BuscaServicios, RecursoBase):
    """La historia de precios: uno por servicio y fecha."""

    servicio = Columna(Referencia("el servicio", codigo_de), alias=("codigo", "servicio"), obligatoria=True)
    vigente_desde = Columna(Fecha(), alias=("desde",), obligatoria=True)
    valor = Columna(Pesos(), alias=("precio", "valor"), obligatoria=True)

    class Meta(RecursoBase.Meta):
        model = PrecioServicio
        import_id_fields = ("servicio", "vigente_desde")
        fields = ("servicio", "vigente_desde", "valor")

    def get_queryset(self) -> QuerySet[PrecioServicio]:
        return PrecioServicio.objects.select_related("servicio")

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("servicio")

    def buscar_servicio(self, codigo: str) -> Any:
        """El servicio de ese código."""
        return self._servicio(codigo)

    def hallar(self, claves: list[Any]) -> Iterable[Any]:
        return self.get_queryset().filter(servicio__in={servicio.pk for servicio, _ in claves})

    def tras_guardar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        instancia.servicio._prefetched_objects_cache = {}


class RecursoPromocion(BuscaServicios, RecursoBase):
    """Las promociones, con los servicios a los que valen por código."""

    familia = "promocion"
    codigo = Columna(Recortado(mayusculas=True), obligatoria=True)
    nombre = Columna(Texto(), obligatoria=True)
    descripcion = Columna(Texto())
    beneficio = Columna(Opcion(BeneficioPromocion.choices), obligatoria=True)
    cantidad = Columna(Numero(), obligatoria=True)
    duracion_meses = Columna(Entero())
    vigente_desde = Columna(Fecha(), obligatoria=True)
    vigente_hasta = Columna(Fecha())
    servicios = Columna(Referencias("el servicio", codigo_de), muchos=True)
    categorias = Columna(ListaDeOpciones(Categoria.choices))
    meses_minimos = Columna(Entero())
    condiciones = Columna(Texto())
    cupo = Columna(Entero())
    exclusiva = Columna(SiNo(), conserva=True)
    activa = Columna(SiNo(), conserva=True)

    class Meta(RecursoBase.Meta):
        model = Promocion
        import_id_fields = ("codigo",)
        fields = ("codigo", "nombre", "descripcion", "beneficio", "cantidad", "duracion_meses", "vigente_desde",
                  "vigente_hasta", "servicios", "categorias", "meses_minimos", "condiciones", "cupo",
                  "exclusiva", "activa")  # fmt: skip

    def get_queryset(self) -> QuerySet[Promocion]:
        return Promocion.objects.prefetch_related("servicios")

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.prefetch_related("servicios")

    def buscar_servicios(self, codigo: str) -> Any:
        """El servicio de ese código."""
        return self._servicio(codigo)

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """No se añaden servicios retirados, salvo que lleguen ya así en el mismo archivo."""
        conocidos = [s for s in leidos.get("servicios", []) if not self.contexto.es_nuevo("servicio", s)]
        reglas.validar_servicios_de_promocion(instancia, conocidos)
