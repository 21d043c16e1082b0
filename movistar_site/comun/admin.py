"""Pantallas de configuración: usuarios, papeles, parámetros, trabajos e ingresos fallidos."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as GroupAdminDjango
from django.contrib.auth.admin import UserAdmin as UserAdminDjango
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RadioFilter
from unfold.forms import (
    AdminPasswordChangeForm,
    UnfoldReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
)

from .acciones import Accion
from .admin_base import FILAS_POR_PAGINA, AdminComun
from .admin_reglas import FestivoAdmin, ParametroAdmin
from .correo import sin_salir
from .models import Exportacion, Usuario
from .presentacion import columna_estado, columna_fecha, columna_numero, peso, sello

# Lo que otros paquetes registran con el aspecto de Django se vuelve a registrar con el del panel.
for modelo in (Group, DBTaskResult, AccessAttempt):
    if admin.site.is_registered(modelo):
        admin.site.unregister(modelo)

ESTADOS_DE_TRABAJO = {
    "READY": ("En espera", "neutral"),
    "RUNNING": ("En curso", "info"),
    "SUCCESSFUL": ("Terminado", "success"),
    "FAILED": ("Falló", "danger"),
}


class ClaveOculta(UnfoldReadOnlyPasswordHashWidget):
    """Dice que hay contraseña sin contar con qué se guarda: a quien administra no le sirve."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        contexto = super().get_context(name, value, attrs)
        if value:
            contexto["summary"] = [{"label": "••••••••••"}]
        return contexto


class FormularioUsuario(UserChangeForm):
    """El de Unfold, que pone su widget al construirse, sin el detalle de la contraseña."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].widget = ClaveOculta()


class FiltroCorreoSinSalir(RadioFilter):
    """Las personas a quienes no les ha salido un correo."""

    title = "correos"
    parameter_name = "correos"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return (("sin_salir", "Con avisos sin salir"),)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "sin_salir":
            return queryset
        return queryset.filter(pk__in=sin_salir(timezone.now()).order_by().values("pk"))


class _CambiarEstadoDeCuenta(Accion):
    permiso = "comun.change_usuario"

    def _guardar(self, registro: Usuario, activa: bool) -> None:
        registro.is_active = activa
        registro.full_clean(validate_unique=False, exclude=["password"])
        registro.save(update_fields=["is_active"])


class DesactivarUsuario(_CambiarEstadoDeCuenta):
    """La cuenta deja de entrar y lo que hizo queda a su nombre."""

    nombre = "desactivar"
    titulo = "Desactivar cuenta"
    icono = "person_off"
    confirmacion = "No podrá entrar al panel. Lo que hizo sigue a su nombre y puede activarla de nuevo cuando quiera."
    exito = "Cuenta desactivada."
    no_disponible = "ya está inactiva"
    peligrosa = True

    def disponible(self, registro: Usuario) -> bool:
        return registro.is_active

    def ejecutar(self, registro: Usuario, *, usuario: Any, datos: Any) -> None:
        if registro.pk == usuario.pk:
            raise ValidationError("No puede desactivar su propia cuenta: pídalo a otro administrador.")
        if (
            registro.is_superuser
            and not Usuario.objects.filter(is_superuser=True, is_active=True).exclude(pk=registro.pk).exists()
        ):
            raise ValidationError(
                "Es la última cuenta con todos los permisos: sin ella nadie podría administrar el panel."
            )
        if registro.is_superuser and not usuario.is_superuser:
            raise ValidationError("Solo una cuenta con todos los permisos puede desactivar a otra como ella.")
        self._guardar(registro, activa=False)


class ActivarUsuario(_CambiarEstadoDeCuenta):
    """La cuenta vuelve a entrar."""

    nombre = "activar"
    titulo = "Activar cuenta"
    icono = "person_check"
    confirmacion = "Podrá entrar al panel con su contraseña de siempre y los papeles que tenía."
    exito = "Cuenta activada."
    no_disponible = "ya está activa"

    def disponible(self, registro: Usuario) -> bool:
        return not registro.is_active

    def ejecutar(self, registro: Usuario, *, usuario: Any, datos: Any) -> None:
        self._guardar(registro, activa=True)


@admin.register(Usuario)
class UsuarioAdmin(AdminComun, UserAdminDjango, ModelAdmin):  # type: ignore[type-arg]
    """Quién entra al panel. Una cuenta no se borra: se desactiva, y lo que hizo queda a su nombre."""

    form = FormularioUsuario
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "nombre", "email", "papeles", "situacion", "entro")
    list_filter = ("is_active", "groups", FiltroCorreoSinSalir)
    list_filter_submit = True
    search_fields = ("username", "first_name", "last_name", "email")
    campos_busqueda = ()
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined", "is_active")
    filter_horizontal = ()
    acciones = (DesactivarUsuario, ActivarUsuario)
    vacio_titulo = "Aún no hay usuarios"
    vacio_ayuda = "Cree una cuenta para cada persona y dele un papel: nadie debe compartir la suya."
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        ("Persona", {"fields": ("first_name", "last_name", "email")}),
        ("Papel", {"fields": ("groups", "is_staff"), "description": "El papel decide qué puede ver y hacer."}),
    )

    entro = columna_fecha("last_login", "último ingreso", orden="last_login")

    @admin.display(description="nombre", ordering="first_name")
    def nombre(self, registro: Usuario) -> str:
        return registro.get_full_name() or "—"

    @admin.display(description="papeles")
    def papeles(self, registro: Usuario) -> str:
        if registro.is_superuser:
            return sello("Todos los permisos", "primary")
        return ", ".join(grupo.name for grupo in registro.groups.all()) or "Sin papel"

    @admin.display(description="estado", ordering="is_active")
    def situacion(self, registro: Usuario) -> str:
        return sello("Activa", "success") if registro.is_active else sello("Inactiva", "neutral")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        permisos: tuple[str, ...] = ("groups", "is_active", "is_staff")
        if request.user.is_superuser:
            permisos = (*permisos, "is_superuser")
        return (
            (None, {"fields": ("username", "password")}),
            ("Persona", {"fields": ("first_name", "last_name", "email")}),
            ("Papel y acceso", {"fields": permisos}),
            ("Fechas", {"fields": ("last_login", "date_joined")}),
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        formulario = super().get_form(request, obj, change=change, **kwargs)
        campos = formulario.base_fields
        if "is_staff" in campos:
            campos["is_staff"].label = "Puede entrar al panel"
            campos["is_staff"].help_text = "Sin esto la cuenta existe pero no entra."
            campos["is_staff"].initial = True
        if "groups" in campos:
            campos["groups"].label = "Papeles"
            campos["groups"].help_text = "Qué puede ver y hacer. Puede tener más de uno."
        return formulario

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Quien no tiene todos los permisos no toca la cuenta de quien los tiene: cambiarle la clave sería tomarlos.
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Group)
class PapelAdmin(AdminComun, GroupAdminDjango, ModelAdmin):  # type: ignore[type-arg]
    """Los papeles del panel y sus permisos."""

    list_display = ("name", "personas")
    search_fields = ("name",)
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "permissions"),
                "description": "Los cuatro papeles con que nace el panel vuelven a sus permisos en cada actualización; "
                "para otro alcance, cree un papel nuevo.",
            },
        ),
    )
    campos_busqueda = ()
    filter_horizontal = ()
    autocomplete_fields = ()

    @admin.display(description="personas")
    def personas(self, registro: Any) -> int:
        return registro.cuantas

    personas.alineacion = "derecha"  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> Any:
        from django.db.models import Count

        return super().get_queryset(request).annotate(cuantas=Count("user"))

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            ajenas = ("admin", "contenttypes", "sessions", "axes", "django_tasks_database")
            # De las ajenas solo se concede ver los trabajos de fondo.
            de_fuera = Q(content_type__app_label__in=ajenas) & ~Q(codename="view_dbtaskresult")
            modelo = db_field.remote_field.model
            kwargs["queryset"] = (
                modelo.objects.exclude(de_fuera | Q(codename__contains="historical"))
                .select_related("content_type")
                .order_by("name")
            )
        campo = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "permissions" and campo is not None:
            campo.label_from_instance = lambda permiso: permiso.name
            campo.help_text = "Mantenga oprimida la tecla Ctrl para elegir varios."
        return campo


class _SoloLectura(ModelAdmin):
    """Se mira y no se toca: lo escribe el sistema."""

    list_per_page = FILAS_POR_PAGINA

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DBTaskResult)
class TrabajoAdmin(AdminComun, _SoloLectura):
    """Los trabajos de fondo: en qué van y, si fallaron, qué pasó."""

    list_display = ("trabajo", "situacion", "pedido", "empezo", "termino")
    list_filter = ("status",)
    ordering = ("-enqueued_at",)
    search_fields = ("task_path",)
    campos_busqueda = ()
    fields = ("trabajo", "situacion", "pedido", "empezo", "termino", "que_paso")
    readonly_fields = fields
    vacio_titulo = "Aún no hay trabajos"
    vacio_ayuda = "Lo que tarda (una importación grande, un reporte) se hace de fondo y se sigue desde aquí."

    pedido = columna_fecha("enqueued_at", "pedido", orden="enqueued_at")
    empezo = columna_fecha("started_at", "empezó", orden="started_at")
    termino = columna_fecha("finished_at", "terminó", orden="finished_at")

    @admin.display(description="trabajo", ordering="task_path")
    def trabajo(self, registro: Any) -> str:
        return registro.task_path.rpartition(".")[2].replace("_", " ").capitalize()

    @admin.display(description="estado", ordering="status")
    def situacion(self, registro: Any) -> str:
        return sello(*ESTADOS_DE_TRABAJO.get(registro.status, (registro.status, "neutral")))

    @admin.display(description="qué pasó")
    def que_paso(self, registro: Any) -> str:
        if registro.status != "FAILED":
            return "Sin novedad."
        # La última línea del rastro es el mensaje del error; lo demás es para el registro del servidor.
        lineas = [linea for linea in (registro.traceback or "").strip().splitlines() if linea.strip()]
        mensaje = lineas[-1].partition(": ")[2] if lineas else ""
        return mensaje or "El trabajo se interrumpió. El detalle está en el registro del servidor."


@admin.register(Exportacion)
class ExportacionAdmin(AdminComun, _SoloLectura):
    """Quién se llevó qué, cuándo y cuánto era."""

    list_display = ("momento", "autor", "que", "en_formato", "con_filtro", "cuantos", "pesa", "situacion")
    list_filter = ("estado", "formato", "puerta")
    ordering = ("-id",)
    search_fields = ("autor", "que", "filtro")
    campos_busqueda = ()
    fields = (
        "momento", "fin", "autor", "puerta", "que", "en_formato", "con_filtro", "cuantos", "pesa", "situacion"
    )  # fmt: skip
    readonly_fields = fields
    vacio_titulo = "Nadie ha exportado nada"
    vacio_ayuda = "Cada archivo que alguien saque del panel queda aquí: quién, qué, con qué filtro y cuántos registros."

    momento = columna_fecha("empezo", "empezó", orden="id")
    fin = columna_fecha("termino", "terminó")
    cuantos = columna_numero("registros", "registros", orden="registros")
    situacion = columna_estado(
        "estado", {"terminada": "success", "interrumpida": "danger", "en_curso": "info"}, "estado"
    )

    @admin.display(description="formato", ordering="formato")
    def en_formato(self, registro: Any) -> str:
        return registro.get_formato_display()

    @admin.display(description="filtro")
    def con_filtro(self, registro: Any) -> str:
        return registro.filtro or "Ninguno"

    @admin.display(description="peso", ordering="bytes")
    def pesa(self, registro: Any) -> str:
        return peso(registro.bytes)

    pesa.alineacion = "derecha"  # type: ignore[attr-defined]


class Desbloquear(Accion):
    """Borra los intentos fallidos: la cuenta puede volver a ingresar ya."""

    nombre = "desbloquear"
    titulo = "Desbloquear"
    icono = "lock_open"
    permiso = "comun.change_usuario"
    confirmacion = "La persona podrá intentar de nuevo enseguida. Confirme antes que sí es ella."
    exito = "Ingreso desbloqueado."

    def ejecutar(self, registro: Any, *, usuario: Any, datos: Any) -> None:
        reset(username=registro.username, ip=registro.ip_address)


@admin.register(AccessAttempt)
class IngresoFallidoAdmin(AdminComun, _SoloLectura):
    """Los ingresos fallidos que cuentan para el bloqueo."""

    list_display = ("username", "ip_address", "failures_since_start", "momento")
    list_display_links = ("username",)
    ordering = ("-attempt_time",)
    search_fields = ("username", "ip_address")
    campos_busqueda = ()
    fields = ("username", "ip_address", "failures_since_start", "momento", "user_agent")
    readonly_fields = fields
    acciones = (Desbloquear,)
    vacio_titulo = "Sin ingresos fallidos"
    vacio_ayuda = "Cuando alguien falle su contraseña varias veces seguidas, aparecerá aquí y podrá desbloquearlo."

    momento = columna_fecha("attempt_time", "último intento", orden="attempt_time")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("comun.change_usuario")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


__all__ = ["FestivoAdmin", "ParametroAdmin"]

apps.get_app_config("axes").verbose_name = "Seguridad"
