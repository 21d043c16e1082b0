"""La ficha del cliente: todo lo que hay que saber para atenderlo, y lo que se le puede hacer desde ahí."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from movistar_site.comun import valores
from movistar_site.comun.calendario import Calendario
from movistar_site.comun.festivos import calendario
from movistar_site.comun.parametros import parametros
from movistar_site.comun.presentacion import sello

from .. import (
    como_estaba,
    consultas,
    consultas_contacto,
    ficha,
    linea_de_tiempo,
    presentacion_de_contacto,
    reglas,
    secciones,
)
from ..admin.comunes import TONOS_CATEGORIA, TONOS_CLIENTE, TONOS_CONTRATO, TONOS_TIPO
from ..consultas_duplicados import fusion_que_absorbio
from ..linea_de_tiempo import Corte, Filtro, Suceso
from ..models import Cliente, Contrato, EstadoCliente, Finalidad, FinalidadContacto
from ..operaciones import puede_cerrar
from ..plazos import Reloj

_CLAVE_MAXIMA = 2**63 - 1


@require_safe
def ficha_de_cliente(request: HttpRequest, pk: int) -> HttpResponse:
    """La ficha entera o, si htmx pide más línea de tiempo, solo los sucesos que siguen."""
    if not request.user.has_perm("clientes.view_cliente"):
        raise PermissionDenied
    cliente = Cliente.objects.select_related("municipio__departamento").filter(pk=pk).first()
    if cliente is None:
        return _unida_a_otra(request, pk)
    pedido = Pedido.de(request)
    linea = _linea(request, cliente, pedido)
    if request.headers.get("HX-Request") == "true":
        return render(request, "admin/clientes/ficha/_sucesos.html", linea)
    contexto = {
        **admin.site.each_context(request),
        "title": cliente.nombre_completo,
        "cliente": cliente,
        "pedido": pedido,
        **_partes(request, cliente, pedido),
        **_entonces(request, cliente, pedido),
        **linea,
    }
    return render(request, "admin/clientes/ficha/ficha.html", contexto)


def _unida_a_otra(request: HttpRequest, pk: int) -> HttpResponse:
    """Si la ficha se unió a otra, a esa; si no, no existe."""
    fusion = fusion_que_absorbio(pk)
    if fusion is None:
        raise Http404
    messages.info(request, f"{fusion.absorbido_titulo} se fusionó con esta ficha.")
    return HttpResponseRedirect(reverse("ficha_de_cliente", args=(fusion.principal_id,)))


# --- Lo que se pide --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Pedido:
    """Qué filtros y qué día trae la dirección; lo que no se entiende se ignora, salvo el día, que se explica."""

    filtro: Filtro
    corte: Corte | None
    el: str

    @classmethod
    def de(cls, request: HttpRequest) -> Pedido:
        tipos = {tipo.clave for tipo in linea_de_tiempo.tipos_para(request.user)}
        tipo = request.GET.get("tipo", "")
        contrato = request.GET.get("contrato", "")
        clave = int(contrato) if contrato.isascii() and contrato.isdigit() and len(contrato) <= 19 else 0  # noqa: PLR2004
        return cls(
            Filtro(tipo if tipo in tipos else "", clave if 0 < clave <= _CLAVE_MAXIMA else None),
            Corte.de(request.GET.get("desde")),
            request.GET.get("el", "").strip(),
        )

    def direccion(self, **cambios: Any) -> str:
        """La dirección de la página con otros filtros; el corte solo si se dice."""
        actual = {"tipo": self.filtro.tipo, "contrato": self.filtro.contrato, "el": self.el}
        return "?" + urlencode({nombre: valor for nombre, valor in (actual | cambios).items() if valor})


# --- La línea de tiempo ----------------------------------------------------------------------------------------------
def _linea(request: HttpRequest, cliente: Cliente, pedido: Pedido) -> dict[str, Any]:
    pagina = linea_de_tiempo.pagina(cliente, request.user, filtro=pedido.filtro, corte=pedido.corte)
    hoy = timezone.localdate()
    previo = _grupo(timezone.localdate(pedido.corte.momento), hoy) if pedido.corte else ""
    filas: list[tuple[str, Suceso]] = []
    for suceso in pagina.sucesos:
        grupo = _grupo(suceso.dia, hoy)
        filas.append(("" if grupo == previo else grupo, suceso))
        previo = grupo
    todo = {"clave": "", "titulo": "Todo"}
    tipos = [todo, *(vars(tipo) for tipo in linea_de_tiempo.tipos_para(request.user))]
    return {
        "sucesos": filas,
        "siguiente": pedido.direccion(desde=pagina.siguiente) if pagina.siguiente else "",
        "sigue": pedido.corte is not None,
        "principio": pedido.direccion(),
        "sin_filtros": pedido.direccion(tipo="", contrato=""),
        "filtro": pedido.filtro,
        "tipos": [
            {**uno, "elegido": uno["clave"] == pedido.filtro.tipo, "enlace": pedido.direccion(tipo=uno["clave"])}
            for uno in tipos
        ],
    }


def _grupo(dia: date, hoy: date) -> str:
    return "Por venir" if dia > hoy else str(dia.year)


# --- Las partes ------------------------------------------------------------------------------------------------------
def _partes(request: HttpRequest, cliente: Cliente, pedido: Pedido) -> dict[str, Any]:
    hoy, ver = timezone.localdate(), request.user.has_perm
    normas = parametros(hoy)
    reloj = Reloj.de(normas, calendario(normas))
    categoria = reglas.categoria_de(cliente, hoy, normas)
    contratos = ficha.contratos(cliente, hoy=hoy) if ver("clientes.view_contrato") else None
    interacciones = ficha.interacciones(cliente, hoy=hoy, reloj=reloj) if ver("clientes.view_interaccion") else None
    botones = Botones(request, cliente)
    return {
        "contacto": _contacto(request, cliente, normas, reloj.calendario),
        "hoy": hoy,
        "permanencia": str(valores.permanencia(cliente.fecha_vinculacion, hoy)),
        "sello_categoria": sello(consultas.nombre_de_categoria(categoria), TONOS_CATEGORIA.get(categoria, "neutral")),
        "sello_estado": sello(cliente.get_estado_display(), TONOS_CLIENTE[cliente.estado]),
        "razon": consultas.explicar_categoria(cliente, hoy, normas),
        "contratos": contratos,
        "filas_de_contratos": [fila_de_contrato(una, botones) for una in contratos.filas] if contratos else [],
        "interacciones": interacciones,
        "filas_de_interacciones": [fila_de_interaccion(una) for una in interacciones.filas] if interacciones else [],
        "consentimientos": ficha.consentimientos(cliente) if ver("clientes.view_consentimiento") else None,
        # Quien mira qué tenía otro día no busca qué ofrecerle hoy.
        "secciones": [] if pedido.el else secciones.de(cliente, usuario=request.user, hoy=hoy),
        "avisos": ficha.avisos(cliente, interacciones, editar=botones.editar),
        "botones": botones,
    }


def _contacto(request: HttpRequest, cliente: Cliente, normas: Any, dias: Calendario) -> dict[str, Any] | None:
    """Si se le puede hablar por cada canal, ahora, y lo que se puede hacer con ello. None, a quien no ve contactos."""
    if not request.user.has_perm("clientes.view_contacto") or cliente.anonimizado_el is not None:
        return None
    ahora = timezone.now()
    lectura, reglas_de_hoy = consultas_contacto.leer(cliente, ahora=ahora), consultas_contacto.reglas_con(normas, dias)
    comercial, de_servicio = (
        consultas_contacto.permisos_con(lectura.hechos, finalidad=finalidad, ahora=ahora, reglas=reglas_de_hoy)
        for finalidad in (FinalidadContacto.COMERCIAL, FinalidadContacto.SERVICIO)
    )
    return {
        "grupos": presentacion_de_contacto.agrupar(comercial),
        "se_puede": any(permiso.permitido for _, permiso in comercial),
        "de_servicio": [str(canal.label) for canal, permiso in de_servicio if permiso.permitido],
        "en_curso": [(uno, puede_cerrar(uno, request.user)) for uno in lectura.en_curso],
    }


def fila_de_contrato(una: ficha.ContratoEnFicha, botones: Botones | None = None) -> dict[str, Any]:
    """Un contrato como lo dibuja la ficha; con `botones`, lo que se le puede hacer."""
    contrato = una.contrato
    return {
        "uno": una,
        "estado": sello(contrato.get_estado_display(), TONOS_CONTRATO.get(contrato.estado, "neutral")),
        "acciones": botones.de_contrato(contrato) if botones is not None else [],
    }


def fila_de_interaccion(una: ficha.InteraccionEnFicha) -> dict[str, Any]:
    """Una interacción como la dibuja la ficha."""
    interaccion = una.interaccion
    return {
        "una": una,
        "tipo": sello(interaccion.get_tipo_display(), TONOS_TIPO.get(interaccion.tipo, "neutral")),
        "plazo": sello(una.plazo.situacion.label, una.plazo.tono),
    }


def _entonces(request: HttpRequest, cliente: Cliente, pedido: Pedido) -> dict[str, Any]:
    """Cómo estaba el cliente el día pedido, o por qué no se puede decir."""
    if not pedido.el:
        return {}
    try:
        dia = como_estaba.leer_dia(pedido.el, hoy=timezone.localdate())
    except ValidationError as error:
        return {"dia_malo": " ".join(error.messages)}
    foto, ver = como_estaba.foto(cliente, dia, usuario=request.user), request.user.has_perm
    return {
        "foto": foto,
        "sin_dia": pedido.direccion(el=""),
        "foto_datos": _datos(foto.datos),
        "ve_contratos": ver("clientes.view_contrato"),
        "ve_interacciones": ver("clientes.view_interaccion"),
        "ve_consentimientos": ver("clientes.view_consentimiento"),
        "foto_categoria": sello(
            consultas.nombre_de_categoria(foto.categoria), TONOS_CATEGORIA.get(foto.categoria, "neutral")
        ),
        "foto_contratos": [
            (uno, sello(uno.estado.label, TONOS_CONTRATO.get(uno.estado, "neutral"))) for uno in foto.contratos
        ],
        "foto_interacciones": [(una, sello(una.plazo.situacion.label, una.plazo.tono)) for una in foto.interacciones],
    }


def _datos(de_entonces: Any) -> list[tuple[str, str]]:
    """Los de una ficha o de una versión suya, con su nombre visible; los vacíos no se dicen."""
    municipio = de_entonces.municipio
    pares = (
        ("Nombre", f"{de_entonces.nombre} {de_entonces.apellido}".strip()),
        ("Documento", f"{de_entonces.tipo_documento} "
         f"{valores.formatear_documento(de_entonces.tipo_documento, de_entonces.documento)}"),
        ("Teléfonos", " · ".join(valores.formatear_telefono(str(n))
                                 for n in (de_entonces.telefono, de_entonces.telefono_alterno) if n)),
        ("Correo", de_entonces.email),
        ("Dirección", de_entonces.direccion),
        ("Municipio", str(municipio) if municipio else ""),
        ("Estrato", str(de_entonces.estrato or "")),
    )  # fmt: skip
    return [(nombre, valor) for nombre, valor in pares if valor]


# --- Lo que se puede hacer -------------------------------------------------------------------------------------------
class Botones:
    """Las direcciones de lo que la cuenta puede hacer desde la ficha; vacías, lo que no puede."""

    def __init__(self, request: HttpRequest, cliente: Cliente) -> None:
        self.request, self.cliente = request, cliente

    def _si(self, permiso: str, direccion: str, *args: Any) -> str:
        return reverse(direccion, args=args) if self.request.user.has_perm(permiso) else ""

    @cached_property
    def editar(self) -> str:
        """«Editar datos»."""
        return self._si("clientes.change_cliente", "admin:clientes_cliente_change", self.cliente.pk)

    @cached_property
    def historia(self) -> str:
        """«Historia»."""
        return self._si("clientes.view_cliente", "admin:clientes_cliente_history", self.cliente.pk)

    def _nuevo(self, modelo: str) -> str:
        direccion = self._si(f"clientes.add_{modelo}", f"admin:clientes_{modelo}_add")
        return f"{direccion}?cliente={self.cliente.pk}" if direccion else ""

    @cached_property
    def contrato(self) -> str:
        """«Nuevo contrato»: un cliente inactivo no los recibe."""
        return self._nuevo("contrato") if self.cliente.estado == EstadoCliente.ACTIVO else ""

    @cached_property
    def interaccion(self) -> str:
        """«Nueva interacción»: se le recibe también a uno inactivo."""
        return self._nuevo("interaccion")

    def _accion(self, nombre: str, permiso: str) -> str:
        return self._si(permiso, "admin:clientes_cliente_accion", self.cliente.pk, nombre)

    @cached_property
    def contactar(self) -> str:
        """«Contactar»."""
        return self._accion("contactar", "clientes.add_contacto")

    @cached_property
    def no_contactar(self) -> str:
        """«No quiere ofertas»."""
        return self._accion("no-contactar", "clientes.change_consentimiento")

    @cached_property
    def autorizar(self) -> str:
        """«Registrar autorización»: un consentimiento para ofertas."""
        return f"{self.consentimiento}&finalidad={Finalidad.COMERCIAL}" if self.consentimiento else ""

    @cached_property
    def consentimiento(self) -> str:
        """«Nuevo consentimiento»."""
        return self._nuevo("consentimiento")

    @cached_property
    def del_cliente(self) -> list[dict[str, Any]]:
        """Las acciones de su pantalla que hoy se le pueden hacer."""
        return self._acciones(self.cliente)

    def de_contrato(self, contrato: Contrato) -> list[dict[str, Any]]:
        """Las de la pantalla de los contratos que a este se le pueden hacer."""
        return self._acciones(contrato)

    def _acciones(self, registro: Model) -> list[dict[str, Any]]:
        pantalla: Any = admin.site.get_model_admin(type(registro))
        return list(pantalla.botones_de_accion(self.request, registro))
