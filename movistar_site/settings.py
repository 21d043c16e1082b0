"""Ajustes del panel. Todo lo que cambia entre instalaciones llega por variables de entorno, con tipos.

Sin variables, el panel arranca seguro y local: SQLite, sin DEBUG, escuchando solo en esta máquina. `make run` crea la
clave secreta en `datos/clave_secreta`; en producción llega en SECRET_KEY (véase docs/despliegue.md).
"""

import socket
from pathlib import Path

import environ
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from movistar_site.marca import paleta
from movistar_site.navegacion import NAVEGACION

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
DATOS_DIR = Path(env.str("PANEL_DATOS", str(BASE_DIR / "datos")))


def _clave_secreta() -> str:
    """La clave del entorno o, en una instalación local, la que `make run` guardó junto a la base."""
    archivo = DATOS_DIR / "clave_secreta"
    if clave := env.str("SECRET_KEY", ""):
        return clave
    if archivo.is_file():
        return archivo.read_text().strip()
    raise ImproperlyConfigured(
        "Falta la clave secreta: defina SECRET_KEY o cree el archivo "
        f"{archivo.relative_to(BASE_DIR) if archivo.is_relative_to(BASE_DIR) else archivo} con `make run`."
    )


def _booleano(nombre: str, por_defecto: bool) -> bool:
    """Lee verdadero o falso del entorno; lo que no es ninguno de los dos detiene el arranque con una frase."""
    valor = env.str(nombre, "").strip().lower()
    if valor in {"1", "true", "si", "sí", "on"}:
        return True
    if valor in {"0", "false", "no", "off"}:
        return False
    if valor == "":
        return por_defecto
    raise ImproperlyConfigured(f"{nombre} debe ser «si» o «no»; se recibió «{valor}».")


# --- Seguridad -------------------------------------------------------------------------------------------------------
SECRET_KEY = _clave_secreta()
DEBUG = _booleano("DEBUG", False)
# PRODUCCION enciende lo que exige HTTPS; sin ella el panel solo sirve a esta máquina.
PRODUCCION = _booleano("PRODUCCION", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SECURE_SSL_REDIRECT = PRODUCCION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCCION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCCION
SECURE_HSTS_PRELOAD = PRODUCCION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _booleano("DETRAS_DE_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = PRODUCCION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 10
CSRF_COOKIE_SECURE = PRODUCCION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "movistar_site.vistas.csrf_rechazado"
X_FRAME_OPTIONS = "DENY"
# Unfold evalúa expresiones de Alpine y escribe estilos en línea; nada se pide fuera de este servidor.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Aplicaciones ----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.inlines",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "movistar_site.apps.AdminPanelConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "import_export",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "movistar_site.comun",
    "servicios",
    "clientes",
    "bonificaciones",
    "reportes",
    "movistar_site.intercambio",
    "movistar_site.demostracion",
    "movistar_site.apps.SitioConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "movistar_site.intermedios.DatosQueNoCaben",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "movistar_site.urls"
WSGI_APPLICATION = "movistar_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "movistar_site.sitio.marca",
            ],
        },
    },
]

# --- Base de datos ---------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", "") or f"sqlite:///{DATOS_DIR / 'panel.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: quien va a escribir toma el turno al empezar; con el modo por omisión, nueve de cada diez
        # transacciones que leen y luego escriben fallan al lado de un importador.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            " PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Personas e ingreso ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "comun.Usuario"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # horas: quince minutos
# Por nombre y dirección a la vez: nadie bloquea desde su casa la cuenta de otro.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "movistar_site.vistas.ingreso_bloqueado"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- Idioma y formatos -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "es-co"
LANGUAGES = [("es-co", "Español (Colombia)")]
LOCALE_PATHS = [BASE_DIR / "movistar_site" / "locale"]
FORMAT_MODULE_PATH = ["movistar_site.formatos"]
TIME_ZONE = "America/Bogota"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# --- Archivos y correo -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATOS_DIR / "estaticos"
STATICFILES_DIRS = [BASE_DIR / "movistar_site" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATOS_DIR / "archivos"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# Peso máximo de un archivo adjunto a un caso, y cuántos caben en uno.
ADJUNTO_MAX_BYTES = env.int("ADJUNTO_MAX_BYTES", 10 * 1024 * 1024)
ADJUNTOS_MAX_POR_CASO = env.int("ADJUNTOS_MAX_POR_CASO", 20)
# Con un servidor de correo se envía por SMTP; sin él, lo que saldría se escribe en la consola.
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND", f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
)
EMAIL_PORT = env.int("EMAIL_PORT", 587 if EMAIL_HOST else 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = _booleano("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = _booleano("EMAIL_USE_TLS", bool(EMAIL_HOST) and not EMAIL_USE_SSL)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 10)
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", str(DATOS_DIR / "correo"))
DEFAULT_FROM_EMAIL = env.str("CORREO_REMITENTE", "panel@localhost")
# La dirección con que se entra al panel: los enlaces de un correo la necesitan.
PANEL_URL = env.str("PANEL_URL", "").rstrip("/")
# Lo que puede pesar un reporte enviado por correo: muchos servidores no reciben más de 20 MB, y en el correo crece un
# tercio.
ENVIO_MAXIMO_MB = env.int("ENVIO_MAXIMO_MB", 10)

# --- Trabajos de fondo e intercambio ---------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Cómo se llama esta máquina para sus trabajadores; en contenedores, un nombre que no cambie de un arranque a otro.
PANEL_MAQUINA = env.str("PANEL_MAQUINA", socket.gethostname())
# Los permisos de importar y exportar son propios: verlos no los da (véase movistar_site/roles.py).
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "importar"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "exportar"
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_REVERT_DISABLED = False
# Bytes de un archivo que se lee entero en memoria.
IMPORTACION_MAX_BYTES_EN_PANTALLA = env.int("IMPORTACION_MAX_BYTES_EN_PANTALLA", 20 * 1024 * 1024)
# Peso máximo de cada archivo que se importa por partes; lo que puede ocupar abierto lo que llega comprimido (un ZIP o
# un libro de Excel), con cuántos archivos dentro; niveles de un JSON, y filas de una hoja de Excel (caben 1.048.576).
IMPORTACION_MAX_BYTES = env.int("IMPORTACION_MAX_BYTES", 512 * 1024 * 1024)
IMPORTACION_MAX_BYTES_ABIERTO = env.int("IMPORTACION_MAX_BYTES_ABIERTO", 2 * 1024 * 1024 * 1024)
IMPORTACION_MAX_ARCHIVOS = env.int("IMPORTACION_MAX_ARCHIVOS", 50)
IMPORTACION_MAX_NIVELES = env.int("IMPORTACION_MAX_NIVELES", 40)
IMPORTACION_MAX_FILAS_EXCEL = env.int("IMPORTACION_MAX_FILAS_EXCEL", 1_048_576)

# --- Marca -----------------------------------------------------------------------------------------------------------
MARCA_NOMBRE = env.str("MARCA_NOMBRE", "Movistar")
MARCA_COLOR = env.str("MARCA_COLOR", "#0b6fb8")
try:
    PALETA_DE_MARCA = paleta(MARCA_COLOR)
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"linea": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"consola": {"class": "logging.StreamHandler", "formatter": "linea"}},
    "root": {"handlers": ["consola"], "level": env.str("NIVEL_DE_REGISTRO", "WARNING")},
}
UNFOLD = {
    "SITE_TITLE": f"Panel {MARCA_NOMBRE}",
    "SITE_HEADER": f"Panel {MARCA_NOMBRE}",
    "SITE_SUBHEADER": "Clientes y servicios",
    # Sin «ver sitio»: el panel es el sitio.
    "SITE_URL": None,
    "SITE_SYMBOL": "cell_tower",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "movistar_site.sitio.icono"}],
    "SCRIPTS": ["movistar_site.sitio.guion"],
    "BORDER_RADIUS": "8px",
    "STYLES": ["movistar_site.sitio.hoja_de_estilo"],
    "DASHBOARD_CALLBACK": "movistar_site.sitio.tablero",
    "SIDEBAR": {"show_search": True, "command_search": True, "navigation": NAVEGACION},
    "COLORS": {"primary": PALETA_DE_MARCA},
}
