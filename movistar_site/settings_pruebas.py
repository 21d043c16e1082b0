"""Ajustes de las pruebas: los de verdad, sin lo que solo las haría lentas."""

import os

os.environ.setdefault("SECRET_KEY", "clave-solo-para-las-pruebas-del-panel-0123456789-abcdefghij")

from .settings import *  # noqa: F403
from .settings import DATABASES, MIDDLEWARE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MIDDLEWARE = [capa for capa in MIDDLEWARE if "whitenoise" not in capa]
DATABASES["default"].setdefault("TEST", {})
AXES_ENABLED = False
