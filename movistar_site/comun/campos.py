"""Campos de modelo propios."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from .json_texto import cargar, volcar
from .valores import cifras_de_fijo_incompleto, normalizar, normalizar_telefono


class CampoBusqueda(models.TextField):
    """Texto normalizado (sin tildes ni mayúsculas) que reúne otros campos del registro, para buscar en él.

    Se recalcula cada vez que el registro se guarda, también con `bulk_create`. Con `bulk_update` o `update()` hay que
    nombrarlo. SQLite compara sin entender tildes: por eso la columna existe. Se busca con `busqueda__contiene`.
    """

    def __init__(self, *args: Any, fuentes: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.fuentes = fuentes
        kwargs.update(editable=False, blank=True, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        nombre, ruta, args, kwargs = super().deconstruct()
        kwargs["fuentes"] = self.fuentes
        return nombre, ruta, args, kwargs

    def texto_de(self, instancia: models.Model) -> str:
        """El texto de búsqueda que corresponde a `instancia`."""
        return texto_de_busqueda(*(getattr(instancia, fuente, "") for fuente in self.fuentes))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        valor = self.texto_de(model_instance)
        setattr(model_instance, self.attname, valor)
        return valor


class CampoTelefono(models.CharField):
    """Teléfono colombiano guardado en E.164 («+573001234567»); al validar acepta espacios, puntos y prefijo.

    La regla es el plan nacional de numeración (`valores.telefonos`) y no la biblioteca `phonenumbers`, que rechaza
    bloques recién asignados. Un registro que anota en `pendientes` que este teléfono está por completar puede tener un
    fijo local de siete cifras.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 16)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        texto = str(value or "").strip()
        if texto:
            try:
                texto = normalizar_telefono(texto)
            except ValueError as error:
                local = cifras_de_fijo_incompleto(texto)
                if not local or self.name not in (getattr(model_instance, "pendientes", None) or {}):
                    raise ValidationError(str(error)) from error
                texto = local
        return super().clean(texto, model_instance)


def texto_de_busqueda(*partes: object) -> str:
    """Une las partes no vacías en el texto normalizado que guarda un `CampoBusqueda`."""
    return normalizar(" ".join(str(parte) for parte in partes if parte))


class CampoJson(models.TextField):
    """Un valor JSON guardado como texto, tal como llegó de un archivo cualquiera.

    El `jsonb` de PostgreSQL rechaza el carácter nulo y los sustitutos sueltos, que un archivo dañado sí trae; como
    texto van escapados y se pueden mostrar y corregir. No se consulta por dentro.
    """

    # Para el verificador de tipos: el valor puede ser cualquiera, no solo texto.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else cargar(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else volcar(value)
