"""Vocabularios que comparten varias aplicaciones."""

from django.db import models


class TipoDocumento(models.TextChoices):
    """Documentos de identidad que admite el panel (reglas en valores.documentos)."""

    CC = "CC", "Cédula de ciudadanía"
    TI = "TI", "Tarjeta de identidad"
    CE = "CE", "Cédula de extranjería"
    NIT = "NIT", "NIT"
    PPT = "PPT", "Permiso por protección temporal"
    PEP = "PEP", "Permiso especial de permanencia"
    PAS = "PAS", "Pasaporte"
    # El de quien llegó en un archivo sin documento, hasta que alguien lo complete.
    PRO = "PRO", "Provisional"


class Categoria(models.TextChoices):
    """Categoría del cliente según su permanencia."""

    NUEVO = "nuevo", "Nuevo"
    REGULAR = "regular", "Regular"
    LEAL = "leal", "Leal"


class Canal(models.TextChoices):
    """Por dónde se habla con el cliente."""

    TELEFONO = "telefono", "Teléfono"
    SMS = "sms", "Mensaje de texto"
    WHATSAPP = "whatsapp", "WhatsApp"
    CORREO = "correo", "Correo electrónico"
    OFICINA = "oficina", "Oficina"
    WEB = "web", "Página web"
    REDES = "redes", "Redes sociales"
    CARTA = "carta", "Carta"
