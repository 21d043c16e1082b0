"""Cada página hace las mismas consultas con 3 filas que con 30, y ninguna lista cuenta una tabla entera.

Las pruebas de cada aplicación miran sus listas con más detalle; esta pasa por todo lo registrado, también lo que se
registre mañana. Con `-s` escribe la tabla de cuentas.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from bonificaciones.tests import personas
from bonificaciones.tests.fabricas import (
    FabricaAsesor,
    FabricaBonificacion,
    FabricaCorrida,
    FabricaDerivacion,
    FabricaOferta,
    FabricaPrograma,
    FabricaReglaOferta,
    FabricaSegmento,
)
from clientes.models import Cliente, Departamento
from clientes.operaciones import fusionar_clientes
from clientes.tests import fabricas
from movistar_site.comun.models import Exportacion, Parametro
from reportes.tests.escenas_envios import FabricaEntrega, FabricaEnvio
from servicios.tests.fabricas import FabricaAtributo, FabricaPrecio, FabricaPromocion, FabricaTipo

pytestmark = pytest.mark.django_db
POCAS, MUCHAS = 3, 30
SIN_AGREGAR = {
    "clientes.silenciopositivo",
    "clientes.contacto",
    "bonificaciones.bonificacion",
    "bonificaciones.corrida",
    "bonificaciones.derivacion",
    "bonificaciones.oferta",
}


def _interaccion(n: int) -> Any:
    contrato = fabricas.FabricaContrato()
    return fabricas.FabricaInteraccion(cliente=contrato.cliente, contrato=contrato)


def _trabajo(n: int) -> Any:
    return DBTaskResult.objects.create(
        task_path=f"movistar_site.comun.trabajos.t{n}", args_kwargs={"args": [], "kwargs": {}}, backend_name="default"
    )


def _cuenta(n: int) -> Any:
    cuenta = fabricas.FabricaUsuario()
    cuenta.groups.add(Group.objects.get(name="Analista"))
    return cuenta


def _equipo(n: int) -> Any:
    equipo = fabricas.FabricaEquipo()
    equipo.miembros.add(fabricas.FabricaUsuario())
    fabricas.FabricaMotivo(equipo=equipo)
    return equipo


def _segmento(n: int) -> Any:
    segmento = FabricaSegmento(filtros=f"municipio={fabricas.FabricaMunicipio().pk}", descripcion="Para qué")
    segmento.promociones.add(FabricaPromocion())
    FabricaPrograma(segmento=segmento)
    return segmento


CREADORES: dict[str, Callable[[int], Any]] = {
    "servicios.tiposervicio": lambda n: FabricaAtributo(tipo=fabricas.servicio_con_precio().tipo).tipo,
    "servicios.servicio": lambda n: fabricas.FabricaContrato(servicio=fabricas.servicio_con_precio()).servicio,
    "servicios.promocion": lambda n: fabricas.FabricaContrato(promocion=FabricaPromocion(cupo=50)).promocion,
    "clientes.departamento": lambda n: fabricas.FabricaDepartamento(
        codigo=next(c for c in (f"{i:02}" for i in range(1, 100)) if not Departamento.objects.filter(pk=c).exists()),
        nombre=f"Departamento de prueba {n}",
    ),
    "clientes.municipio": lambda n: fabricas.FabricaMunicipio(),
    "clientes.cliente": lambda n: fabricas.FabricaCliente(municipio=fabricas.FabricaMunicipio()),
    "clientes.contrato": lambda n: fabricas.FabricaContrato(promocion=FabricaPromocion()),
    "clientes.interaccion": _interaccion,
    "clientes.consentimiento": lambda n: fabricas.FabricaConsentimiento(),
    "clientes.motivointeraccion": lambda n: fabricas.FabricaMotivo(equipo=fabricas.FabricaEquipo()),
    "clientes.canalatencion": lambda n: fabricas.FabricaCanal(),
    "clientes.equipo": _equipo,
    "clientes.plantillarespuesta": lambda n: fabricas.FabricaPlantilla(motivo=fabricas.FabricaMotivo()),
    "clientes.silenciopositivo": lambda n: fabricas.FabricaSilencio(),
    "bonificaciones.derivacion": lambda n: FabricaDerivacion(),
    "bonificaciones.asesor": lambda n: FabricaAsesor(usuario=personas.asesor()),
    "bonificaciones.programa": lambda n: FabricaCorrida().programa,
    "bonificaciones.bonificacion": lambda n: FabricaDerivacion(asesor=personas.asesor()).bonificacion,
    "bonificaciones.corrida": lambda n: FabricaCorrida(),
    "clientes.contacto": lambda n: fabricas.FabricaContacto(),
    "clientes.cargarne": lambda n: fabricas.FabricaCargaRne(),
    "bonificaciones.reglaoferta": lambda n: FabricaReglaOferta(
        accion="servicio",
        servicio=fabricas.servicio_con_precio(),
        orden=n,
        condiciones=[{"hecho": "tipos", "operador": "tiene", "valor": "fibra"}],
    ),
    "bonificaciones.oferta": lambda n: FabricaOferta(regla=FabricaReglaOferta()),
    # Segmentos
    "bonificaciones.segmento": _segmento,
    "comun.festivo": lambda n: fabricas.FabricaFestivo(),
    "comun.parametro": lambda n: Parametro.objects.create(
        clave="meses_leal", valor="120", vigente_desde=fabricas.HOY - timedelta(days=n + 1), norma="Acta 1"
    ),
    "comun.usuario": _cuenta,
    "comun.exportacion": lambda n: Exportacion.objects.create(
        autor=f"ana{n}", puerta="pagina", que="Clientes", formato="csv"
    ),
    "auth.group": lambda n: Group.objects.create(name=f"Papel de prueba {n}"),
    "django_tasks_database.dbtaskresult": _trabajo,
    "axes.accessattempt": lambda n: AccessAttempt.objects.create(
        username=f"alguien{n}", ip_address="127.0.0.1", failures_since_start=1
    ),
}


@pytest.fixture
def panel(superusuario: Any, cliente_http: Callable[[Any], Client]) -> Client:
    return cliente_http(superusuario)


def consultas(panel: Client, url: str) -> list[str]:
    """Lo que la página consulta, una vez llenos los recuerdos del proceso."""
    panel.get(url)
    with CaptureQueriesContext(connection) as capturadas:
        assert panel.get(url).status_code == 200, url
    return [consulta["sql"] for consulta in capturadas.captured_queries]


def comparar(panel: Client, url: str, crecer: Callable[[int], Any], *, hay: int = 0) -> list[str]:
    """Las consultas con MUCHAS filas, tras comprobar que son tantas como con POCAS."""
    for n in range(hay, POCAS):
        crecer(n)
    con_pocas = consultas(panel, url)
    for n in range(POCAS, MUCHAS):
        crecer(n)
    con_muchas = consultas(panel, url)
    print(f"\n{url:<70} {len(con_pocas):>3} {len(con_muchas):>3}", end="")  # noqa: T201
    assert len(con_muchas) == len(con_pocas), "\n".join(con_muchas)
    return con_muchas


def _ruta(modelo: str, fin: str, *args: Any) -> str:
    return reverse(f"admin:{modelo.replace('.', '_')}_{fin}", args=args)


def test_ninguna_pantalla_queda_sin_medir() -> None:
    assert {modelo._meta.label_lower for modelo in admin.site._registry} == set(CREADORES)


@pytest.mark.parametrize("modelo", CREADORES)
def test_la_lista_no_consulta_mas_por_tener_mas_filas(panel: Client, modelo: str) -> None:
    hechas = comparar(panel, _ruta(modelo, "changelist"), CREADORES[modelo])
    # Los recuentos del panel van sobre una subconsulta con LIMIT, o son de las filas de la página.
    enteras = [sql for sql in hechas if "COUNT(" in sql and "LIMIT" not in sql and " IN (" not in sql]
    assert enteras == []


@pytest.mark.parametrize("modelo", CREADORES)
def test_el_formulario_no_consulta_mas_porque_haya_mas_registros(panel: Client, modelo: str) -> None:
    registro = CREADORES[modelo](0)
    comparar(panel, _ruta(modelo, "change", registro.pk), CREADORES[modelo], hay=1)


@pytest.mark.parametrize(
    "modelo",
    [m for m in CREADORES if m.startswith(("servicios.", "clientes.", "bonificaciones.")) and m not in SIN_AGREGAR],
)
def test_el_formulario_nuevo_no_consulta_mas_porque_haya_mas_registros(panel: Client, modelo: str) -> None:
    comparar(panel, _ruta(modelo, "add"), CREADORES[modelo])


# --- Lo que cuelga de un registro -------------------------------------------------------------------------------------
def _de_un_cliente(cliente: Cliente) -> Callable[[int], Any]:
    def crecer(n: int) -> None:
        contrato = fabricas.FabricaContrato(cliente=cliente, promocion=FabricaPromocion())
        fabricas.FabricaInteraccion(cliente=cliente, contrato=contrato)
        fabricas.FabricaConsentimiento(
            cliente=cliente, otorgado_el=fabricas.AHORA - timedelta(days=n + 1), revocado_el=fabricas.AHORA
        )

    return crecer


def test_la_ficha_del_cliente_no_consulta_mas_por_lo_que_el_tenga(panel: Client) -> None:
    cliente = fabricas.FabricaCliente()
    comparar(panel, _ruta("clientes.cliente", "change", cliente.pk), _de_un_cliente(cliente))


def test_el_formulario_de_un_tipo_no_consulta_mas_por_sus_atributos(panel: Client) -> None:
    tipo = FabricaTipo()
    comparar(panel, _ruta("servicios.tiposervicio", "change", tipo.pk), lambda n: FabricaAtributo(tipo=tipo))


def test_el_formulario_de_un_servicio_no_consulta_mas_por_sus_precios_ni_por_los_tipos(panel: Client) -> None:
    servicio = fabricas.servicio_con_precio()

    def crecer(n: int) -> None:
        FabricaPrecio(servicio=servicio, vigente_desde=fabricas.HOY + timedelta(days=n))
        FabricaAtributo(tipo=FabricaTipo())
        fabricas.FabricaContrato(servicio=servicio)

    comparar(panel, _ruta("servicios.servicio", "change", servicio.pk), crecer)


def test_la_promocion_no_consulta_mas_por_los_servicios_que_alcanza(panel: Client) -> None:
    promocion = FabricaPromocion()
    url = _ruta("servicios.promocion", "change", promocion.pk)
    comparar(panel, url, lambda n: promocion.servicios.add(fabricas.servicio_con_precio()))


@pytest.mark.parametrize("modelo", ["servicios.tiposervicio", "servicios.servicio", "servicios.promocion",
    "clientes.cliente", "clientes.contrato", "clientes.interaccion", "clientes.municipio"])  # fmt: skip
def test_la_historia_no_consulta_mas_por_tener_mas_versiones(panel: Client, modelo: str) -> None:
    registro = CREADORES[modelo](0)
    campo = "asunto" if modelo == "clientes.interaccion" else "nombre"
    campo = "anexo_permanencia" if modelo == "clientes.contrato" else campo

    def crecer(n: int) -> None:
        setattr(registro, campo, f"Versión {n}")
        registro.save()

    comparar(panel, _ruta(modelo, "history", registro.pk), crecer)


# --- Las páginas sueltas ---------------------------------------------------------------------------------------------
def _de_todo(n: int) -> None:
    contrato = fabricas.FabricaContrato(servicio=fabricas.servicio_con_precio())
    fabricas.FabricaInteraccion(cliente=contrato.cliente, contrato=contrato)


@pytest.mark.parametrize(
    "direccion", ["admin:index", "importar_datos", "importaciones", "exportar_datos", "admin:password_change", "avisos"]
)
def test_las_paginas_sueltas_no_consultan_mas_por_tener_mas_datos(panel: Client, direccion: str) -> None:
    comparar(panel, reverse(direccion), _de_todo)


@pytest.mark.parametrize("pedido", ["", "?el=2026-03-14"])
def test_la_ficha_de_un_cliente_no_consulta_mas_por_lo_que_tiene(panel: Client, pedido: str) -> None:
    cliente = fabricas.FabricaCliente()

    def crecer(n: int) -> None:
        contrato = fabricas.FabricaContrato(cliente=cliente, servicio=fabricas.servicio_con_precio())
        fabricas.FabricaInteraccion(cliente=cliente, contrato=contrato)

    comparar(panel, cliente.get_absolute_url() + pedido, crecer)


# --- Envíos programados ----------------------------------------------------------------------------------------------
def test_los_envios_no_consultan_mas_por_haber_mas(panel: Client, superusuario: Any) -> None:
    def crecer(n: int) -> None:
        FabricaEntrega(envio=FabricaEnvio(usuario=superusuario))
        FabricaEntrega()

    comparar(panel, reverse("envios"), crecer)
    comparar(panel, f"{reverse('envios')}?de=todos", lambda n: None)


def test_un_envio_no_consulta_mas_por_tener_mas_entregas_ni_el_formulario_por_haber_mas_envios(
    panel: Client, superusuario: Any
) -> None:
    envio = FabricaEnvio(usuario=superusuario)

    def crecer(n: int) -> None:
        FabricaEntrega(envio=envio, para=fabricas.AHORA - timedelta(days=n))
        FabricaEnvio(usuario=superusuario)

    comparar(panel, reverse("envio", args=(envio.pk,)), crecer)
    url = f"{reverse('nuevo_envio')}?reporte=popularidad"
    comparar(panel, url, lambda n: FabricaEnvio(usuario=superusuario))


# --- Derivaciones ----------------------------------------------------------------------------------------------------
def _derivada(n: int) -> None:
    con_municipio = fabricas.FabricaCliente(municipio=fabricas.FabricaMunicipio())
    personas.derivada_a(personas.asesor(), cliente=con_municipio, derivada_el=fabricas.HOY)


@pytest.mark.parametrize("slug", ["esta-semana", "vencidas", "sin-asesor", "todas"])
def test_una_bandeja_de_derivaciones_no_consulta_mas_por_tener_mas(panel: Client, slug: str) -> None:
    def crecer(n: int) -> None:
        _derivada(n)
        FabricaDerivacion()

    comparar(panel, reverse("bandeja_de_derivaciones", args=(slug,)), crecer)


def test_la_pagina_de_una_derivacion_no_consulta_mas_por_lo_que_el_cliente_tenga(panel: Client) -> None:
    derivacion = personas.derivada_a(personas.asesor(), cliente=personas.cliente_contactable())
    cliente = derivacion.cliente

    def crecer(n: int) -> None:
        contrato = fabricas.FabricaContrato(cliente=cliente, servicio=fabricas.servicio_con_precio())
        fabricas.FabricaInteraccion(cliente=cliente, contrato=contrato)
        derivacion.gestiones.create(accion="recordada", hecha_el=fabricas.AHORA)
        FabricaBonificacion(cliente=cliente)

    comparar(panel, derivacion.get_absolute_url(), crecer)


def test_la_carga_de_los_asesores_no_consulta_mas_por_haber_mas(panel: Client) -> None:
    comparar(panel, reverse("carga_de_asesores"), _derivada)


def test_la_ficha_no_consulta_mas_por_sus_bonificaciones(panel: Client) -> None:
    cliente = fabricas.FabricaCliente()
    comparar(panel, cliente.get_absolute_url(), lambda n: personas.derivada_a(personas.asesor(), cliente=cliente))


def test_la_busqueda_general_no_consulta_mas_por_hallar_mas(panel: Client) -> None:
    comparar(panel, f"{reverse('admin:search')}?s=inventada", lambda n: fabricas.FabricaContrato())


def test_un_contrato_no_consulta_mas_por_tener_mas_movimientos(panel: Client) -> None:
    contrato = fabricas.FabricaContrato(servicio=fabricas.servicio_con_precio())

    def crecer(n: int) -> None:
        fabricas.FabricaSuspension(contrato=contrato, desde=fabricas.AYER, hasta=fabricas.HOY)
        nuevo = fabricas.servicio_con_precio()
        FabricaAtributo(tipo=nuevo.tipo)
        fabricas.FabricaCambioPlan(contrato=contrato, estado="aplicado", servicio_nuevo=nuevo)

    comparar(panel, _ruta("clientes.contrato", "change", contrato.pk), crecer)


@pytest.mark.parametrize("por", ["telefono", "email"])
def test_los_posibles_duplicados_no_consultan_mas_por_haber_mas(panel: Client, por: str) -> None:
    def crecer(n: int) -> None:
        repetido = {"telefono": f"+5730099900{n:02}"} if por == "telefono" else {"email": f"a{n}@ejemplo.co"}
        fabricas.FabricaCliente.create_batch(3, municipio=fabricas.FabricaMunicipio(), **repetido)

    comparar(panel, f"{reverse('posibles_duplicados')}?por={por}", crecer)


def test_comparar_dos_fichas_no_consulta_mas_por_lo_que_tengan(panel: Client) -> None:
    una, otra = fabricas.FabricaCliente(), fabricas.FabricaCliente()
    crecer = _de_un_cliente(otra)
    comparar(panel, reverse("comparar_fichas", args=(una.pk, otra.pk)), crecer)


def test_las_fusiones_no_consultan_mas_por_haber_mas(panel: Client) -> None:
    def crecer(n: int) -> None:
        una, otra = fabricas.FabricaCliente(), fabricas.FabricaCliente()
        fusionar_clientes(una, absorbido=otra, elegidos={}, usuario=None, ahora=fabricas.AHORA)

    comparar(panel, reverse("fusiones"), crecer)


@pytest.mark.parametrize("que", ["cliente", "servicio"])
def test_borrar_no_consulta_mas_por_lo_que_lo_usa(panel: Client, que: str) -> None:
    contrato = fabricas.FabricaContrato(servicio=fabricas.servicio_con_precio())
    registro = getattr(contrato, que)
    modelo = f"{registro._meta.app_label}.{que}"
    comparar(panel, _ruta(modelo, "delete", registro.pk), lambda n: fabricas.FabricaContrato(**{que: registro}))
