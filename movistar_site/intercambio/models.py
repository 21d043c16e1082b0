"""Una importación y lo que haría con cada registro: se guarda en la base, se pagina y sobrevive a cualquier corte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from movistar_site.comun.campos import CampoJson


class EstadoImportacion(models.TextChoices):
    """En qué va una importación."""

    LEYENDO = "leyendo", "Leyendo los archivos"
    POR_CONFIRMAR = "por_confirmar", "Por confirmar"
    APLICANDO = "aplicando", "Aplicando"
    APLICADA = "aplicada", "Aplicada"
    DETENIDA = "detenida", "Detenida"
    DESCARTADA = "descartada", "Descartada"
    ILEGIBLE = "ilegible", "No se pudo leer"
    DESHACIENDO = "deshaciendo", "Deshaciendo"
    DESHECHA = "deshecha", "Deshecha"


class Identificador(models.TextChoices):
    """Por qué dato se reconoce a un cliente que ya está."""

    DOCUMENTO = "documento", "Documento"
    ORIGEN = "origen", "Identificador de origen"


class Modo(models.TextChoices):
    """Qué se hace con lo que trae el archivo."""

    TODO = "todo", "Crear y actualizar"
    CREAR = "crear", "Solo crear"
    ACTUALIZAR = "actualizar", "Solo actualizar"


class AnteErrores(models.TextChoices):
    """Qué pasa si algún registro tiene errores."""

    DETENER = "detener", "No importar nada"
    OMITIR = "omitir", "Dejarlos fuera e importar el resto"


class TipoRegistro(models.TextChoices):
    """Qué se haría (o se hizo) con un registro."""

    PENDIENTE = "pendiente", "Sin comparar"
    NUEVO = "nuevo", "Nuevo"
    CAMBIADO = "cambiado", "Cambia"
    IGUAL = "igual", "Igual"
    ERROR = "error", "Con errores"
    OMITIDO = "omitido", "Omitido"


class Mapa(models.Model):
    """Cómo se entienden las claves y los valores de una clase de archivo; se aplica solo al que se le parezca.

    `claves`: {entidad: {clave normalizada: columna o "" para ignorar}}. `valores`: {columna: {valor normalizado: valor
    del panel}}. `firma`: {entidad: [claves normalizadas]} del archivo con que se hizo.
    """

    nombre = models.CharField(
        "nombre", max_length=80, unique=True, error_messages={"unique": "Ya hay un mapa con ese nombre."}
    )
    firma: Any = CampoJson("firma", default=dict)
    claves: Any = CampoJson("claves", default=dict)
    valores: Any = CampoJson("valores", default=dict)
    creado_en = models.DateTimeField("creado", default=timezone.now)
    creado_por = models.CharField("creado por", max_length=150, blank=True)
    usos = models.PositiveIntegerField("veces usado", default=0)

    class Meta:
        verbose_name = "mapa de importación"
        verbose_name_plural = "mapas de importación"
        default_permissions = ()
        ordering = ("nombre",)

    def __str__(self) -> str:
        return self.nombre


class Importacion(models.Model):
    """Uno o varios archivos que llegaron juntos, con sus opciones, su plan y su resultado."""

    creada_en = models.DateTimeField("creada", default=timezone.now)
    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="cuenta"
    )
    usuario_nombre = models.CharField("quién", max_length=150, blank=True)
    estado = models.CharField(
        "estado", max_length=14, choices=EstadoImportacion.choices, default=EstadoImportacion.LEYENDO
    )
    problema = models.TextField("problema", blank=True)
    dia = models.DateField("día con que se calcula", help_text="El «hoy» de sus categorías, precios y plazos.")
    # --- Opciones
    entidad = models.CharField("qué traen las tablas", max_length=16, blank=True)
    identificador = models.CharField(
        "se reconocen por", max_length=10, choices=Identificador.choices, default=Identificador.DOCUMENTO
    )
    modo = models.CharField("qué hacer", max_length=10, choices=Modo.choices, default=Modo.TODO)
    ante_errores = models.CharField(
        "si hay errores", max_length=8, choices=AnteErrores.choices, default=AnteErrores.DETENER
    )
    fecha_referencia = models.DateField(
        "fecha de referencia", help_text="Desde cuándo se cuenta hacia atrás una antigüedad escrita como «7 años»."
    )
    mapa = models.ForeignKey(Mapa, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="mapa")
    # Lo corregido en la página para esta importación; misma forma que Mapa: {"claves": …, "valores": …}. Además,
    # "corregidos": registros del plan que esperan reintento, y "omitidos": [[archivo del ZIP que no se lee, por qué]].
    ajustes: Any = CampoJson("ajustes", default=dict, blank=True)
    # Entidades que la cuenta puede importar; vacío, todas (la consola).
    permitidas: Any = CampoJson("entidades permitidas", default=list, blank=True)
    # --- Lo que se vio al leer
    # [{"archivo", "entidad", "clave", "normal", "columna", "por", "veces", "muestra"}]; por: alias, mapa, ajuste, "".
    claves_vistas: Any = CampoJson("claves del archivo", default=list, blank=True)
    # [{"columna", "valor", "normal", "destino", "titulo", "puntaje", "por", "veces", "propuestas": [[destino, titulo,
    # puntaje]]}]; destino "" si no se reconoció.
    valores_vistos: Any = CampoJson("valores traducidos", default=list, blank=True)
    # Los servicios que traen los archivos, en su orden: [{"archivo", "codigo", "nombre", "id"}]. Un usuario los nombra
    # por su posición o por su identificador.
    servicios_leidos: Any = CampoJson("servicios de los archivos", default=list, blank=True)
    # --- Avance
    paso = models.CharField("paso", max_length=60, blank=True)
    hechos = models.PositiveBigIntegerField("hechos", default=0)
    total = models.PositiveBigIntegerField("total", default=0)
    paso_desde = models.DateTimeField("paso empezado", null=True, blank=True)
    cancelar = models.BooleanField("cancelación pedida", default=False)
    # La hora de todo lo que escribe: con ella, y con su origen, la historia reconoce lo suyo.
    momento = models.DateTimeField("momento", null=True, blank=True)
    terminada_en = models.DateTimeField("terminada", null=True, blank=True)
    # {entidad: {tipo de registro: cuántos}}
    cuentas: Any = CampoJson("cuentas", default=dict, blank=True)
    # {"revertidos": n, "conservados": n, "imposibles": n}
    deshecho: Any = CampoJson("lo deshecho", default=dict, blank=True)

    class Meta:
        verbose_name = "importación"
        verbose_name_plural = "importaciones"
        default_permissions = ()
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Importación {self.pk}"

    @property
    def origen(self) -> str:
        """Cómo firma en la historia lo que escribe: con su número, sus archivos y la huella del primero."""
        archivos = list(self.archivos.all())  # type: ignore[attr-defined]
        nombres = ", ".join(archivo.nombre for archivo in archivos)
        huella = archivos[0].huella[:12] if archivos else ""
        return f"importación {self.pk}: {nombres[:40]} (sha256 {huella})"[:80]

    @property
    def porcentaje(self) -> int:
        """Cuánto va del paso en curso, de 0 a 100."""
        return min(100, self.hechos * 100 // self.total) if self.total else 0


class ArchivoImportado(models.Model):
    """Un archivo de una importación, guardado mientras pueda hacer falta volver a leerlo."""

    importacion = models.ForeignKey(Importacion, models.CASCADE, related_name="archivos", verbose_name="importación")
    orden = models.PositiveSmallIntegerField("orden")
    nombre = models.CharField("nombre", max_length=200)
    guardado = models.CharField("nombre en la carpeta de datos", max_length=120)
    bytes = models.PositiveBigIntegerField("tamaño", default=0)
    huella = models.CharField("SHA-256", max_length=64, blank=True)
    formato = models.CharField("formato", max_length=8, blank=True)
    codificacion = models.CharField("codificación", max_length=20, blank=True)
    registros = models.PositiveIntegerField("registros", default=0)
    # [{"linea", "columna", "que"}]
    reparaciones: Any = CampoJson("reparaciones", default=list, blank=True)

    class Meta:
        verbose_name = "archivo importado"
        verbose_name_plural = "archivos importados"
        default_permissions = ()
        ordering = ("orden",)
        constraints = [models.UniqueConstraint(fields=("importacion", "orden"), name="archivo_importado_orden")]

    def __str__(self) -> str:
        return self.nombre

    @property
    def ruta(self) -> Path:
        """Dónde está guardado."""
        return Path(settings.DATOS_DIR) / "importaciones" / self.guardado


class RegistroPlan(models.Model):
    """Qué se haría (o se hizo) con un registro del archivo, y por qué.

    `valores`: lo leído, por columna. `detalle`: {"faltas": [[campo, valor, motivo, columna]], "cambios": [[columna,
    título, antes, después]], "notas": [texto], "parecidos": [[pk, quién, motivo, puntaje]]}; sin las claves vacías.
    """

    importacion = models.ForeignKey(
        Importacion, models.CASCADE, related_name="plan", verbose_name="importación", db_index=False
    )
    entidad = models.CharField("entidad", max_length=16)
    archivo = models.PositiveSmallIntegerField("archivo (orden)")
    registro = models.PositiveIntegerField("registro del archivo")
    ruta = models.CharField("lugar en el archivo", max_length=300)
    clave = models.CharField("clave", max_length=120, blank=True)
    titulo = models.CharField("de qué registro se trata", max_length=160, blank=True)
    tipo = models.CharField("qué se haría", max_length=10, choices=TipoRegistro.choices, default=TipoRegistro.PENDIENTE)
    valores: Any = CampoJson("valores", default=dict)
    detalle: Any = CampoJson("detalle", default=dict)
    aplicado = models.BooleanField("aplicado", default=False)

    class Meta:
        verbose_name = "registro del plan"
        verbose_name_plural = "registros del plan"
        default_permissions = ()
        ordering = ("id",)
        indexes = [
            # Recorrer una entidad en el orden del archivo.
            models.Index(fields=("importacion", "entidad", "id"), name="plan_por_entidad"),
            # Una página de una clase de registros.
            models.Index(fields=("importacion", "tipo", "id"), name="plan_por_tipo"),
            # Hallar repetidos y referencias dentro del mismo archivo.
            models.Index(fields=("importacion", "entidad", "clave"), name="plan_por_clave"),
        ]

    def __str__(self) -> str:
        return f"{self.ruta}: {self.get_tipo_display()}"


class AvisoImportacion(models.Model):
    """Algo de un archivo que no se reconoce y no se importa."""

    importacion = models.ForeignKey(Importacion, models.CASCADE, related_name="avisos", verbose_name="importación")
    archivo = models.PositiveSmallIntegerField("archivo (orden)")
    ruta = models.CharField("lugar en el archivo", max_length=300)
    clave = models.CharField("clave", max_length=120)
    valor = models.CharField("valor", max_length=200, blank=True)
    motivo = models.CharField("motivo", max_length=300)

    class Meta:
        verbose_name = "aviso de importación"
        verbose_name_plural = "avisos de importación"
        default_permissions = ()
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.ruta}: {self.clave}"


class ReversionFallida(models.Model):
    """Un registro que al deshacer se conservó porque alguien lo cambió después, o que no se pudo revertir."""

    CONSERVADO, IMPOSIBLE = "conservado", "imposible"
    importacion = models.ForeignKey(Importacion, models.CASCADE, related_name="reversiones", verbose_name="importación")
    clase = models.CharField("clase", max_length=10, choices=[(CONSERVADO, "Se conservó"), (IMPOSIBLE, "No se pudo")])
    entidad = models.CharField("entidad", max_length=16)
    objeto = models.CharField("registro", max_length=40)
    titulo = models.CharField("de qué registro se trata", max_length=160)
    motivo = models.CharField("motivo", max_length=300)

    class Meta:
        verbose_name = "registro no revertido"
        verbose_name_plural = "registros no revertidos"
        default_permissions = ()
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.titulo}: {self.motivo}"
