"""Cada clase de página, con axe: sin faltas serias ni críticas, de día y de noche, en el escritorio y en el teléfono.

De paso, ninguna se sale por un lado en un teléfono, y el `navegador` falla si la consola anota un error o algo que la
política de contenido no deja.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clientes import operaciones
from clientes.models import CargaRne, Cliente
from clientes.tests import fabricas
from movistar_site.comun.models import Exportacion, Parametro
from movistar_site.intercambio.tests import escenas
from movistar_site.tests.navegador.persona import leer, lo_que_se_sale, oprimir
from movistar_site.tests.test_idioma import ingles_en
from servicios.tests.fabricas import FabricaPromocion, tipo_fibra

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]

GRAVES = {"serious", "critical"}
ANCHO_DE_TELEFONO = 390
# De noche solo cambian los colores: se mira el contraste en la misma página, sin volver a pedirla.
DE_NOCHE = """async () => {
    document.documentElement.classList.add("dark");
    const { violations } = await axe.run(document, { runOnly: ["color-contrast"], resultTypes: ["violations"] });
    document.documentElement.classList.remove("dark");
    return violations;
}"""
SIN_TRANSICIONES = "*, *::before, *::after { transition: none !important; }"
# Dos cuadros: lo que los guiones de la página hacen al cargarla ya se dibujó.
ASENTADA = "() => new Promise((listo) => requestAnimationFrame(() => requestAnimationFrame(() => listo(true))))"


@dataclass
class Revisor:
    """Revisa páginas con axe y junta lo que encuentra, para decirlo todo de una vez."""

    pagina: Any
    faltas: list[str] = field(default_factory=list)
    axe: Axe = field(default_factory=Axe)

    def abrir(self, *direcciones: str) -> None:
        """Va a cada página y la revisa."""
        for direccion in direcciones:
            self.pagina.goto(direccion)
            self.revisar(direccion)

    def revisar(self, donde: str) -> None:
        """Revisa la página que está a la vista, de día y de noche."""
        self.pagina.evaluate(ASENTADA)
        self.pagina.add_style_tag(content=SIN_TRANSICIONES)
        self._anotar(donde, self.axe.run(self.pagina).response["violations"])
        self.pagina.emulate_media(color_scheme="dark")
        self._anotar(f"{donde}, de noche", self.pagina.evaluate(DE_NOCHE))
        self.pagina.emulate_media(color_scheme="light")
        if self.pagina.viewport_size["width"] <= ANCHO_DE_TELEFONO:
            self.faltas += [f"{donde}: se sale por un lado: {que}" for que in lo_que_se_sale(self.pagina)]
        self.faltas += [f"{donde}: en inglés: {texto}" for texto in ingles_en(self.pagina.content())]

    def _anotar(self, donde: str, violaciones: list[dict[str, Any]]) -> None:
        for falta in violaciones:
            if falta["impact"] in GRAVES:
                nodos = "; ".join(nodo["html"][:160] for nodo in falta["nodes"][:4])
                self.faltas.append(f"{donde}: {falta['id']} ({falta['impact']}, {len(falta['nodes'])}): {nodos}")

    def comprobar(self) -> None:
        """Falla con todo lo encontrado."""
        assert not self.faltas, "\n".join(self.faltas)


@pytest.fixture
def ficha(db: None) -> Cliente:
    """Un cliente con de todo: contratos, interacciones, consentimientos e historia, y un servicio en uso."""
    servicio = fabricas.servicio_con_precio(tipo=tipo_fibra(), caracteristicas={"velocidad_bajada_mbps": 300})
    cliente = fabricas.FabricaCliente(nombre="Ana", apellido="De Prueba", municipio=fabricas.FabricaMunicipio())
    for estado in ("activo", "pendiente", "suspendido"):
        contrato = fabricas.FabricaContrato(cliente=cliente, servicio=servicio, estado=estado)
    fabricas.FabricaInteraccion(cliente=cliente, contrato=contrato, tipo="reclamacion")
    fabricas.FabricaInteraccion(
        cliente=cliente, estado="respondida", respuesta="Ya quedó.", respondida_el=fabricas.AHORA
    )
    fabricas.FabricaConsentimiento(cliente=cliente)
    fabricas.FabricaContacto(cliente=cliente)
    fabricas.FabricaCargaRne(malos=1, rechazados=[{"linea": 2, "motivo": "El teléfono «300» no es un número."}])
    fabricas.FabricaCliente.create_batch(28)
    fabricas.FabricaEmpresa(estado="inactivo", inactivo_desde=fabricas.AYER)
    FabricaPromocion(cupo=5)
    Parametro.objects.create(clave="meses_leal", valor="120", vigente_desde=fabricas.HOY, norma="Acta 1")
    Exportacion.objects.create(
        autor="analista", puerta="lista", que="Clientes", formato="xlsx", filtro="estado: Activo", registros=1_234_567,
        bytes=98_765_432, estado="terminada",
    )  # fmt: skip
    cliente.nombre = "Ana María"
    cliente.save()
    return cliente


def _de(registro: Any, fin: str, *args: Any) -> str:
    opciones = registro._meta
    return reverse(f"admin:{opciones.app_label}_{opciones.model_name}_{fin}", args=(registro.pk, *args))


def _listas_y_formularios() -> list[str]:
    modelos = ["clientes_cliente", "clientes_contrato", "clientes_interaccion", "clientes_consentimiento"]
    modelos += ["servicios_servicio", "servicios_tiposervicio", "servicios_promocion", "comun_usuario"]
    modelos += ["clientes_motivointeraccion", "clientes_canalatencion", "clientes_equipo"]
    modelos += ["clientes_plantillarespuesta", "comun_festivo"]
    modelos += ["clientes_cargarne"]
    return [reverse(f"admin:{m}_{fin}") for m in [*modelos, "comun_parametro"] for fin in ("changelist", "add")]


def _fichas(cliente: Cliente) -> list[str]:
    contrato, interaccion = cliente.contratos.first(), cliente.interacciones.first()
    servicio = contrato.servicio
    version = cliente.history.last().pk
    return [
        *(_de(r, "change") for r in (cliente, contrato, interaccion, servicio, servicio.tipo)),
        cliente.get_absolute_url(),
        f"{cliente.get_absolute_url()}?el=2026-03-14",
        f"{cliente.get_absolute_url()}?el=31/02/2026&tipo=notas",
        _de(cliente, "history"),
        _de(cliente, "simple_history", version),
        _de(Cliente.objects.exclude(pk=cliente.pk).first(), "delete"),
        _de(servicio, "delete"),
        _de(cliente, "accion", "desactivar"),
        _de(contrato, "accion", "terminar"),
        _de(interaccion, "accion", "responder"),
        *_de_contactos(cliente),
    ]


def _de_contactos(cliente: Cliente) -> list[str]:
    contacto, lista = cliente.contactos.first(), CargaRne.objects.first()
    en_curso = fabricas.FabricaCargaRne(completa=False, avance=40)
    return [
        reverse("admin:clientes_contacto_changelist"),
        *(_de(uno, "change") for uno in (contacto, lista, en_curso)),
        _de(contacto, "accion", "cerrar"),
        *(_de(cliente, "accion", nombre) for nombre in ("contactar", "no-contactar")),
        _de(Cliente.objects.get(estado="inactivo"), "accion", "anonimizar"),
    ]


def test_el_revisor_encuentra_lo_que_esta_mal(navegador: Any) -> None:
    revisor = Revisor(navegador(ancho=ANCHO_DE_TELEFONO))
    revisor.pagina.goto("/salud/")
    revisor.pagina.set_content(
        '<input><p style="width: 900px">Save</p><p style="color: #ccc; background: #fff">casi no se ve</p>'
    )
    revisor.revisar("página de prueba")
    dicho = "\n".join(revisor.faltas)
    for falta in (
        "label",
        "de prueba: color-contrast",
        "de noche: color-contrast",
        "se sale por un lado",
        "inglés: Save",
    ):
        assert falta in dicho


def test_de_noche_el_panel_se_ve_oscuro_sin_pedirlo(navegador: Any, superusuario: Any, ficha: Cliente) -> None:
    pagina = navegador(superusuario, oscuro=True)
    axe = Axe()
    for direccion in ("/", _de(ficha, "change")):
        pagina.goto(direccion)
        expect(pagina.locator("html")).to_have_class(re.compile("dark"))
        pagina.evaluate(ASENTADA)
        graves = [falta["id"] for falta in axe.run(pagina).response["violations"] if falta["impact"] in GRAVES]
        assert graves == []


def test_un_panel_vacio(navegador: Any, superusuario: Any) -> None:
    revisor = Revisor(navegador())
    revisor.abrir("/login/")
    revisor.pagina.get_by_label("Contraseña").fill("no-es-esta")
    revisor.pagina.get_by_label("Nombre de usuario").fill("nadie")
    oprimir(revisor.pagina, "Ingresar")
    leer(revisor.pagina, "no corresponden")
    revisor.revisar("ingreso rechazado")
    dentro = Revisor(navegador(superusuario), revisor.faltas)
    dentro.abrir("/", "/clientes/cliente/", "/servicios/servicio/", "/importar/", "/exportar/", "/password_change/")
    dentro.abrir(reverse("admin:comun_exportacion_changelist"), reverse("admin:axes_accessattempt_changelist"))
    dentro.abrir("/no/existe/", "/auth/group/")
    dentro.comprobar()


def test_un_panel_con_datos(navegador: Any, superusuario: Any, ficha: Cliente) -> None:
    revisor = Revisor(navegador(superusuario))
    revisor.abrir("/", "/clientes/cliente/?q=zzz", "/clientes/cliente/?categoria=leal", *_listas_y_formularios())
    revisor.abrir(*_fichas(ficha))
    revisor.abrir("/clientes/cliente/export/", "/exportar/")
    exportada = Exportacion.objects.get()
    revisor.abrir("/comun/exportacion/", _de(exportada, "change"), f"/comun/usuario/{superusuario.pk}/change/")
    revisor.comprobar()


def test_lo_que_aparece_al_usarlo(navegador: Any, superusuario: Any, ficha: Cliente) -> None:
    """Filtros abiertos, acción elegida, errores de un formulario y búsqueda general."""
    pagina = navegador(superusuario)
    revisor = Revisor(pagina)
    pagina.goto("/clientes/cliente/")
    oprimir(pagina, "Filtros")
    leer(pagina, "Permanencia")
    revisor.revisar("filtros abiertos")
    pagina.goto("/clientes/cliente/")
    pagina.locator("#result_list tbody").get_by_role("checkbox").first.check()
    pagina.get_by_label("Elija la acción").select_option(label="Desactivar")
    revisor.revisar("acción elegida")
    oprimir(pagina, "Continuar")
    leer(pagina, "Desactivar: 1 cliente")
    revisor.revisar("acción sobre varios")
    pagina.goto("/clientes/cliente/add/")
    pagina.locator("#cliente_form").evaluate("formulario => { formulario.noValidate = true; }")
    oprimir(pagina, "Guardar")
    leer(pagina, "Corrija los errores")
    revisor.revisar("formulario con errores")
    pagina.goto("/clientes/contrato/add/")
    pagina.get_by_role("combobox", name=re.compile("^Cliente")).and_(pagina.locator(".select2-selection")).click()
    pagina.keyboard.type("zzz")
    leer(pagina, "No se encontraron resultados")
    revisor.revisar("lista que se busca, abierta")
    revisor.comprobar()


def _casos() -> list[str]:
    """Un caso con de todo, uno en silencio, uno respondido con su recurso, su constancia y lo que se les hace."""
    ahora = timezone.now()
    comun = {"cliente": fabricas.FabricaCliente(), "canal": "web", "usuario": None, "ahora": ahora}
    uno, vencido, otro = (
        operaciones.registrar_interaccion(
            **comun, tipo="reclamacion", asunto=asunto, texto="Desde enero.", fecha=ahora - timedelta(days=dias)
        )
        for asunto, dias in (("Cobro doble", 2), ("Sin servicio", 60), ("Cambio de plan", 3))
    )
    quien = {"usuario": None, "ahora": ahora}
    operaciones.prorrogar_interaccion(uno, motivo="Falta la medición", avisada_el=ahora, **quien)
    operaciones.guardar_borrador(uno, texto="Estimado cliente", usuario=None)
    operaciones.anotar_interaccion(uno, texto="Llamar después", **quien)
    operaciones.relacionar(uno, otra=vencido, **quien)
    fabricas.FabricaAdjunto(interaccion=uno)
    fabricas.FabricaSilencio(interaccion=vencido)
    no = {"respuesta": "No procede.", "notificada_el": ahora, "sentido": "desfavorable", **quien}
    operaciones.responder_interaccion(otro, **no)
    recurso = operaciones.interponer_recurso(
        otro, causal="facturacion", texto="No estoy de acuerdo", pide_apelacion=True, canal="web", **quien
    )
    operaciones.responder_interaccion(recurso, **no)
    de_uno = ("responder", "asignar", "borrador", "anotar", "adjuntar", "relacionar", "desligar")
    return [
        *(_de(caso, "change") for caso in (uno, vencido, otro, recurso)),
        *(_de(uno, "accion", nombre) for nombre in de_uno),
        _de(vencido, "accion", "cumplir-silencio"),
        _de(otro, "accion", "recurso"),
        _de(recurso, "accion", "sic"),
        reverse("constancia", args=(uno.pk,)),
        reverse("admin:clientes_interaccion_changelist"),
    ]


@pytest.mark.parametrize("ancho", [1440, ANCHO_DE_TELEFONO])
def test_los_casos(navegador: Any, superusuario: Any, ancho: int) -> None:
    revisor = Revisor(navegador(superusuario, ancho=ancho))
    direcciones = _casos()
    revisor.abrir(*direcciones)
    revisor.pagina.goto(direcciones[0])
    revisor.pagina.locator("summary", has_text="Corregir lo radicado").click()
    revisor.revisar("corrección abierta")
    revisor.comprobar()


def _importaciones() -> list[str]:
    """Una importación en cada estado y en cada pestaña."""
    plan, hecha = escenas.con_de_todo(), escenas.con_de_todo("aplicada", momento=fabricas.AHORA, ante_errores="omitir")
    otras = [
        escenas.en_curso(),
        escenas.importacion("ilegible", problema="Línea 3."),
        escenas.importacion("descartada"),
    ]
    otras += [hecha, escenas.deshecha()]
    de = {una: reverse("importacion", args=(una.pk,)) for una in (plan, *otras)}
    error = plan.plan.filter(tipo="error").first()
    return [
        "/importar/",
        "/importaciones/",
        *de.values(),
        *(f"{de[plan]}?ver={pestania}" for pestania in ("mapa", "avisos")),
        f"{de[plan]}?texto=nadie",
        f"{de[hecha]}?ver=mapa",
        reverse("registro_de_importacion", args=(plan.pk, error.pk)),
        reverse("deshacer_importacion", args=(hecha.pk,)),
    ]


@pytest.mark.parametrize("ancho", [1440, ANCHO_DE_TELEFONO])
def test_las_importaciones(navegador: Any, superusuario: Any, ancho: int) -> None:
    revisor = Revisor(navegador(superusuario, ancho=ancho))
    revisor.abrir(*_importaciones())
    revisor.pagina.goto("/importar/")
    revisor.pagina.locator("summary", has_text="Opciones").click()
    leer(revisor.pagina, "Un cliente se reconoce por")
    revisor.revisar("opciones abiertas")
    revisor.pagina.goto(_importaciones()[2])
    revisor.pagina.get_by_role("link", name=re.compile("^Corregir")).first.click()
    leer(revisor.pagina, "Guardar y volver a comparar")
    revisor.revisar("celdas abiertas")
    revisor.comprobar()


def test_en_el_telefono(navegador: Any, superusuario: Any, ficha: Cliente) -> None:
    revisor = Revisor(navegador(superusuario, ancho=ANCHO_DE_TELEFONO, alto=844))
    revisor.abrir("/", "/clientes/cliente/", "/clientes/contrato/", "/clientes/cliente/add/", _de(ficha, "change"))
    revisor.abrir(ficha.get_absolute_url(), f"{ficha.get_absolute_url()}?el=2026-03-14")
    revisor.abrir("/exportar/", "/comun/exportacion/")
    revisor.abrir("/importar/", _de(ficha, "history"), _de(ficha.contratos.first(), "change"))
    oprimir(revisor.pagina, "Abrir el menú")
    revisor.revisar("menú abierto")
    revisor.comprobar()


def test_lo_que_no_se_puede_ver(navegador: Any, analista: Any, agente: Any, ficha: Cliente) -> None:
    ajeno = Revisor(navegador(agente))
    ajeno.abrir("/", "/importar/", _de(ficha, "delete"), "/clientes/cliente/999999/change/")
    solo_lee = Revisor(navegador(analista), ajeno.faltas)
    solo_lee.abrir(
        "/clientes/cliente/",
        ficha.get_absolute_url(),
        _de(ficha, "change"),
        _de(ficha.contratos.first().servicio, "change"),
    )
    solo_lee.comprobar()
