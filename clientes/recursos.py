"""Importar y exportar lugares, clientes, contratos, interacciones y consentimientos."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from movistar_site.comun import valores
from movistar_site.comun.celdas import (
    ClaveNatural,
    CodigoConCeros,
    Entero,
    Fecha,
    FechaHora,
    Opcion,
    Pesos,
    Recortado,
    Referencia,
    Telefono,
    Texto,
    ValorJson,
    a_texto,
    vacia,
)
from movistar_site.comun.opciones import Canal, Categoria, TipoDocumento
from movistar_site.comun.parametros import parametros
from movistar_site.comun.recursos_base import Columna, Entrada, RecursoBase
from movistar_site.comun.valores import citar, normalizar
from servicios.models import Periodicidad, PrecioServicio, Promocion
from servicios.recursos import _BuscaServicios as BuscaServicios
from servicios.recursos import codigo_de

from . import numeracion, reglas
from .models import (
    Cliente,
    Consentimiento,
    Contrato,
    Departamento,
    EstadoCliente,
    EstadoContrato,
    EstadoInteraccion,
    Finalidad,
    Interaccion,
    Municipio,
    TipoInteraccion,
    TipoPersona,
)

MOTIVO_IMPORTADO = "Indicada en el archivo importado"
_Q_POR_CONSULTA = 400


# La clave natural de un cliente, como en los archivos: «CC-1020304050».
clave_de_cliente = ClaveNatural("tipo_documento", "documento")


def leer_clave_de_cliente(texto: str) -> tuple[str, str]:
    """Tipo y número de «CC-1020304050», «NIT-901354361-1» o «CC 1.020.304.050».

    Lanza ValueError si no tiene esa forma o el documento no vale.
    """
    limpio = texto.strip()
    separador = "-" if "-" in limpio else " "
    tipo, _, numero = limpio.partition(separador)
    tipo = tipo.strip().upper()
    if tipo not in TipoDocumento.values or not numero.strip():
        raise ValueError(f"{citar(texto)} no identifica a un cliente: se esperaba como CC-1020304050.")
    return tipo, valores.normalizar_documento(tipo, numero)


class RecursoDepartamento(RecursoBase):
    """Los departamentos con su código DANE."""

    familia = "departamento"
    codigo = Columna(CodigoConCeros(2, "05"), obligatoria=True)
    nombre = Columna(Recortado(), obligatoria=True)

    class Meta(RecursoBase.Meta):
        model = Departamento
        import_id_fields = ("codigo",)
        fields = ("codigo", "nombre")


class RecursoMunicipio(RecursoBase):
    """Los municipios con su código DANE, siempre como texto de cinco cifras."""

    familia = "municipio"
    codigo = Columna(CodigoConCeros(5, "05001"), obligatoria=True)
    nombre = Columna(Recortado(), obligatoria=True)
    departamento = Columna(Referencia("el departamento", codigo_de), obligatoria=True)

    class Meta(RecursoBase.Meta):
        model = Municipio
        import_id_fields = ("codigo",)
        fields = ("codigo", "nombre", "departamento")

    def get_queryset(self) -> QuerySet[Municipio]:
        return Municipio.objects.select_related("departamento")

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("departamento")

    def buscar_departamento(self, texto: str) -> Any:
        """El departamento por su código o su nombre."""
        if texto.isdigit():
            codigo = texto.zfill(2)
            return self.contexto.recordar(
                ("departamento", codigo), lambda: Departamento.objects.filter(pk=codigo).first()
            )
        buscado = normalizar(texto)
        return next((uno for uno in Departamento.objects.all() if normalizar(uno.nombre) == buscado), None)


class RecursoCliente(RecursoBase):
    """Los clientes. La categoría del archivo es la que rige: si no es la de su antigüedad, queda asignada a mano."""

    familia = "cliente"
    tipo_persona = Columna(Opcion(TipoPersona.choices))
    tipo_documento = Columna(Opcion(TipoDocumento.choices), obligatoria=True)
    documento = Columna(Recortado(), alias=("número de documento", "numero de documento"), obligatoria=True)
    nombre = Columna(Texto(), alias=("nombre", "nombres", "razón social"), obligatoria=True)
    apellido = Columna(Texto(), alias=("apellidos",))
    email = Columna(Recortado(), alias=("correo", "e-mail"))
    telefono = Columna(Telefono())
    telefono_alterno = Columna(Telefono())
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

    class Meta(RecursoBase.Meta):
        model = Cliente
        import_id_fields = ("tipo_documento", "documento")
        fields = ("tipo_persona", "tipo_documento", "documento", "nombre", "apellido", "email", "telefono",
                  "telefono_alterno", "direccion", "municipio", "estrato", "fecha_vinculacion", "categoria",
                  "motivo_categoria", "estado", "inactivo_desde", "notas")  # fmt: skip

    def __init__(self, contexto: Any = None, **kwargs: Any) -> None:
        super().__init__(contexto, **kwargs)
        self.reglas = parametros(self.contexto.hoy)

    def get_queryset(self) -> QuerySet[Cliente]:
        return self.preparar(Cliente.objects.all())

    def preparar(self, consulta: Any) -> QuerySet[Any]:
        return consulta.select_related("municipio").con_categoria(self.contexto.hoy, self.reglas)

    def buscar_municipio(self, codigo: str) -> Any:
        """El municipio de ese código."""
        return self.contexto.recordar(("municipio", codigo), lambda: Municipio.objects.filter(pk=codigo).first())

    def clave_de(self, valores_: dict[str, Any]) -> Any:
        tipo = self.fields["tipo_documento"].clean(valores_) or TipoDocumento.CC.value
        return (tipo, valores.normalizar_documento(tipo, a_texto(valores_["documento"])))

    def hallar(self, claves: list[Any]) -> Iterable[Any]:
        return self.get_queryset().filter(documento__in={documento for _, documento in claves})

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Deja el documento como se guarda y traduce la categoría del archivo a asignada o calculada."""
        if leidos.get("tipo_documento") and leidos.get("documento"):
            instancia.documento = valores.normalizar_documento(leidos["tipo_documento"], leidos["documento"])
            leidos["documento"] = instancia.documento
        if nuevo and "tipo_persona" not in leidos and instancia.tipo_documento == TipoDocumento.NIT:
            instancia.tipo_persona = TipoPersona.JURIDICA
        if instancia.fecha_vinculacion is not None:
            self._categoria(instancia, leidos)
            if "fecha_vinculacion" in leidos:
                reglas.validar_vinculacion(instancia.fecha_vinculacion, self.contexto.hoy)

    def _categoria(self, cliente: Any, leidos: dict[str, Any]) -> None:
        calculada = valores.categoria_por_permanencia(
            cliente.fecha_vinculacion,
            self.contexto.hoy,
            meses_regular=self.reglas["meses_regular"],
            meses_leal=self.reglas["meses_leal"],
        )
        dicha = leidos.get("categoria")
        efectiva = cliente.categoria_asignada or calculada
        if dicha and leidos.get("motivo_categoria"):
            cliente.categoria_asignada = dicha
        elif dicha and "motivo_categoria" in leidos:
            # Así la escribe el panel cuando la da la permanencia: una copia importada años después no la congela.
            cliente.categoria_asignada = ""
        elif dicha and dicha != efectiva:
            cliente.categoria_asignada = "" if dicha == calculada else dicha
        if not cliente.categoria_asignada:
            cliente.motivo_categoria = ""
        elif not cliente.motivo_categoria:
            cliente.motivo_categoria = MOTIVO_IMPORTADO
        cliente.categoria = cliente.categoria_asignada or calculada


class _BuscaClientes:
    """Busca clientes y contratos por la clave que trae el archivo."""

    contexto: Any

    def buscar_cliente(self, texto: str) -> Any:
        """El cliente de «CC-1020304050»."""
        tipo, documento = leer_clave_de_cliente(texto)
        return self.contexto.recordar(
            ("cliente", f"{tipo}-{documento}"),
            lambda: Cliente.objects.filter(tipo_documento=tipo, documento=documento).first(),
        )

    def buscar_contrato(self, numero: str) -> Any:
        """El contrato de ese número."""
        return self.contexto.recordar(("contrato", numero), lambda: Contrato.objects.filter(numero=numero).first())


class _ConNumero(RecursoBase):
    """Lo que lleva número propio: con él se identifica y, si el archivo no lo trae, por `claves_sin_numero`."""

    serie = ""
    claves_sin_numero: tuple[str, ...] = ()
    por_numerar = 0

    def __init__(self, contexto: Any = None, **kwargs: Any) -> None:
        super().__init__(contexto, **kwargs)
        self.numeros: list[str] = []

    class Meta(RecursoBase.Meta):
        abstract = True

    def clave_de(self, valores_: dict[str, Any]) -> Any:
        numero = self.fields["numero"].clean(valores_) if not vacia(valores_.get("numero")) else ""
        if numero:
            return (numero,)
        partes = tuple(self.fields[nombre].clean(valores_) for nombre in self.claves_sin_numero)
        return partes if all(parte not in (None, "") for parte in partes) else None

    def hallar(self, claves: list[Any]) -> Iterable[Any]:
        yield from self.get_queryset().filter(numero__in={clave[0] for clave in claves if len(clave) == 1})

    def _precargar(self, claves: list[Any]) -> None:
        super()._precargar([clave for clave in claves if len(clave) == 1])
        sueltas = [clave for clave in claves if len(clave) > 1]
        for inicio in range(0, len(sueltas), _Q_POR_CONSULTA):
            trozo = set(sueltas[inicio : inicio + _Q_POR_CONSULTA])
            for instancia in self.get_queryset().filter(cliente__in={clave[0].pk for clave in trozo}):
                clave = tuple(getattr(instancia, nombre) for nombre in self.claves_sin_numero)
                if clave in trozo:
                    # El primero que se registró: dos iguales sin número no se pueden distinguir de otra manera.
                    self.existentes.setdefault(clave, instancia)

        # Los números de los nuevos se reservan de una vez: uno por uno era la sexta parte del tiempo.
        self.por_numerar = sum(clave not in self.existentes for clave in set(sueltas))

    def _siguiente(self) -> str:
        if not self.numeros:
            self.numeros = numeracion.reservar(self.serie, max(self.por_numerar, 1))
            self.por_numerar = 0
        return self.numeros.pop(0)

    def clave_guardada(self, instancia: Any) -> Any:
        return (instancia.numero,)

    def ordenar(self, entradas: list[Entrada]) -> list[Entrada]:
        """Primero los que traen número: los que reciben uno nuevo no toman el de otro del mismo archivo."""
        return sorted(entradas, key=lambda entrada: vacia(entrada.valores.get("numero")))

    def _asignar(self, instancia: Any, leidos: dict[str, Any]) -> None:
        """Lo que es de un cliente no pasa a otro: dos archivos pueden traer el mismo número para cosas distintas."""
        dado = leidos.get("cliente")
        if instancia.pk is not None and dado is not None and dado.pk != instancia.cliente_id:
            raise ValidationError(
                {
                    "numero": f"{instancia.numero} ya es de {instancia.cliente} y no pasa a otro cliente: "
                    "quite el número de esta fila y recibirá uno nuevo."
                }
            )
        super()._asignar(instancia, leidos)

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Un registro nuevo sin número recibe el siguiente de su serie."""
        if not instancia.numero:
            instancia.numero = self._siguiente()
        elif nuevo:
            numeracion.adelantar(self.serie, instancia.numero)

    def tras_guardar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        self.contexto.memoria[self.familia, instancia.numero] = instancia


class RecursoContrato(BuscaServicios, _BuscaClientes, _ConNumero):
    """Los contratos, con el precio y las condiciones que se firmaron."""

    familia = "contrato"
    serie = numeracion.CONTRATOS
    claves_sin_numero = ("cliente", "servicio", "fecha_inicio")
    numero = Columna(Recortado(mayusculas=True), conserva=True)
    cliente = Columna(Referencia("el cliente", clave_de_cliente), obligatoria=True)
    servicio = Columna(Referencia("el servicio", codigo_de), obligatoria=True)
    estado = Columna(Opcion(EstadoContrato.choices))
    fecha_inicio = Columna(Fecha(), obligatoria=True)
    fecha_fin = Columna(Fecha())
    precio = Columna(Pesos(), alias=("precio",), conserva=True)
    periodicidad = Columna(Opcion(Periodicidad.choices))
    condiciones = Columna(ValorJson(dict, '{"servicio": "Fibra 300"}'), alias=("condiciones",), conserva=True)
    permanencia_meses = Columna(Entero(), alias=("permanencia",))
    anexo_permanencia = Columna(Texto())
    promocion = Columna(Referencia("la promoción", codigo_de))

    class Meta(RecursoBase.Meta):
        model = Contrato
        import_id_fields = ("numero",)
        fields = ("numero", "cliente", "servicio", "estado", "fecha_inicio", "fecha_fin", "precio", "periodicidad",
                  "condiciones", "permanencia_meses", "anexo_permanencia", "promocion")  # fmt: skip

    def get_queryset(self) -> QuerySet[Contrato]:
        return self.preparar(Contrato.objects.all())

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente", "servicio__tipo", "promocion")

    def buscar_servicio(self, codigo: str) -> Any:
        """El servicio de ese código."""
        return self._servicio(codigo)

    def buscar_promocion(self, codigo: str) -> Any:
        """La promoción de ese código."""
        codigo = codigo.upper()
        return self.contexto.recordar(("promocion", codigo), lambda: Promocion.objects.filter(codigo=codigo).first())

    def ajustar(self, instancia: Any, leidos: dict[str, Any], nuevo: bool) -> None:
        """Lo que el archivo calla lo da el servicio: el precio que regía al empezar y sus condiciones."""
        super().ajustar(instancia, leidos, nuevo)
        if nuevo and "estado" not in leidos and instancia.fecha_fin is not None:
            instancia.estado = EstadoContrato.TERMINADO
        if not nuevo or "servicio" not in leidos:
            return
        servicio = leidos["servicio"]
        dada = leidos.get("periodicidad")
        if "condiciones" not in leidos:
            instancia.fijar_condiciones(servicio)
        instancia.periodicidad = dada or servicio.periodicidad
        if instancia.precio is None and instancia.fecha_inicio is not None:
            instancia.precio = self._precio(servicio, instancia.fecha_inicio)

    def _precio(self, servicio: Any, inicio: date) -> Any:
        precios = self.contexto.recordar(
            ("precios", servicio.pk),
            lambda: list(PrecioServicio.objects.filter(servicio=servicio).order_by("vigente_desde")),
        )
        for dia in (inicio, self.contexto.hoy):
            if vigentes := [precio.valor for precio in precios if precio.vigente_desde <= dia]:
                return vigentes[-1]
        raise ValidationError({"precio": f"Falta, y el servicio {servicio.codigo} no tiene precio vigente."})


class RecursoInteraccion(_BuscaClientes, _ConNumero):
    """Las consultas, reclamaciones y sugerencias, con su respuesta."""

    familia = "interaccion"
    serie = numeracion.INTERACCIONES
    claves_sin_numero = ("cliente", "tipo", "fecha", "asunto")
    numero = Columna(Recortado(mayusculas=True), alias=("numero",), conserva=True)
    cliente = Columna(Referencia("el cliente", clave_de_cliente), obligatoria=True)
    tipo = Columna(Opcion(TipoInteraccion.choices), obligatoria=True)
    fecha = Columna(FechaHora(), alias=("fecha",), obligatoria=True)
    canal = Columna(Opcion(Canal.choices))
    asunto = Columna(Texto(), obligatoria=True)
    texto = Columna(Texto())
    estado = Columna(Opcion(EstadoInteraccion.choices))
    contrato = Columna(Referencia("el contrato", ClaveNatural("numero")))
    respuesta = Columna(Texto())
    respondida_el = Columna(FechaHora())
    registrada_por = Columna(Texto(), "Registrada por", atributo="registrada_por_nombre")

    class Meta(RecursoBase.Meta):
        model = Interaccion
        import_id_fields = ("numero",)
        fields = ("numero", "cliente", "tipo", "fecha", "canal", "asunto", "texto", "estado", "contrato", "respuesta",
                  "respondida_el", "registrada_por")  # fmt: skip

    def get_queryset(self) -> QuerySet[Interaccion]:
        return self.preparar(Interaccion.objects.all())

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente", "contrato")


class RecursoConsentimiento(_BuscaClientes, RecursoBase):
    """Las autorizaciones: una por cliente, finalidad, canal e instante en que se dio."""

    cliente = Columna(Referencia("el cliente", clave_de_cliente), obligatoria=True)
    finalidad = Columna(Opcion(Finalidad.choices), obligatoria=True)
    canal = Columna(Opcion(Canal.choices), obligatoria=True)
    version_texto = Columna(Texto(), obligatoria=True)
    otorgado_el = Columna(FechaHora(), obligatoria=True)
    medio = Columna(Opcion(Canal.choices), obligatoria=True)
    evidencia = Columna(Texto(), obligatoria=True)
    registrado_por = Columna(Texto(), "Registrado por", atributo="registrado_por_nombre")
    revocado_el = Columna(FechaHora())

    class Meta(RecursoBase.Meta):
        model = Consentimiento
        import_id_fields = ("cliente", "finalidad", "canal", "otorgado_el")
        fields = ("cliente", "finalidad", "canal", "version_texto", "otorgado_el", "medio", "evidencia",
                  "registrado_por", "revocado_el")  # fmt: skip

    def get_queryset(self) -> QuerySet[Consentimiento]:
        return self.preparar(Consentimiento.objects.all())

    def preparar(self, consulta: QuerySet[Any]) -> QuerySet[Any]:
        return consulta.select_related("cliente")

    def hallar(self, claves: list[Any]) -> Iterable[Any]:
        return self.get_queryset().filter(cliente__in={clave[0].pk for clave in claves})
