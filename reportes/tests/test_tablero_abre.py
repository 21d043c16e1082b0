"""Todo lo que el tablero cuenta abre exactamente esas filas: cifras, puntos de los gráficos y pendientes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Sum
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bonificaciones.models import Derivacion
from clientes.models import CambioPlan, Contrato, Interaccion, SilencioPositivo, Suspension
from clientes.tests.fabricas import FabricaCambioPlan, FabricaSuspension, FabricaUsuario
from movistar_site.comun.models import Aviso, Usuario
from movistar_site.intercambio.models import Importacion
from reportes.marco.columnas import Clase
from reportes.tablero.mirada import CLAVES_DE_PERIODO, Mirada
from reportes.tablero.pendiente import PENDIENTES, Pendiente, pendientes
from reportes.tablero.tarjeta import TARJETAS, Cifra, GraficoDeTarjeta

from .escena import operador

HOY = timezone.localdate()
"""Las listas y las bandejas que el tablero abre miran el día de verdad."""
CIFRAS = [una for una in TARJETAS.values() if isinstance(una, Cifra)]
GRAFICOS = [una for una in TARJETAS.values() if isinstance(una, GraficoDeTarjeta)]
por_clave = {"ids": lambda una: str(una.clave)}


@pytest.fixture(scope="module", autouse=True)
def _operador(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with operador(django_db_blocker, hoy=HOY):
        _con_pendientes()
        yield


def _con_pendientes() -> None:
    """Deja algo de cada pendiente: los datos inventados están al día."""
    ahora = timezone.now()
    jefa = Usuario.objects.create_superuser("quien-mira")
    _con_fallas(jefa, ahora)
    con_plazo = list(Interaccion.objects.abiertas().filter(vence_el__isnull=False).order_by("pk")[:9])
    for n, caso in enumerate(con_plazo):
        vence = HOY - timedelta(days=n % 3)
        Interaccion.objects.filter(pk=caso.pk).update(
            vence_el=vence, responsable=jefa if n % 2 else None, aplica_sap=True
        )
    anotado = Interaccion.objects.vencidas(HOY).filter(silencio__isnull=True).order_by("pk").first()
    SilencioPositivo.objects.create(interaccion=anotado, ocurrio_el=HOY, cumplir_antes_de=ahora + timedelta(hours=50))
    apelada = Interaccion.objects.filter(tipo="recurso", estado="respondida").order_by("pk").first()
    if apelada is not None:
        Interaccion.objects.filter(pk=apelada.pk).update(
            pide_apelacion=True, sentido="desfavorable", enviada_sic_el=None
        )
    for n, abierta in enumerate(Derivacion.objects.abiertas().order_by("pk")[:6]):
        Derivacion.objects.filter(pk=abierta.pk).update(
            asesor=jefa if n % 2 else None, vence_el=HOY - timedelta(days=n % 3),
            **({"estado": "aplazada", "volver_el": HOY} if n == 2 else {"estado": "pendiente"}),
        )  # fmt: skip
    for n, cerrada in enumerate(Derivacion.objects.filter(estado="cerrada").order_by("pk")[:6]):
        Derivacion.objects.filter(pk=cerrada.pk).update(cerrada_el=ahora - timedelta(days=n * 20))
    activos = Contrato.objects.filter(estado="activo").order_by("pk")
    FabricaCambioPlan(contrato=activos[0], efectivo_el=HOY)
    FabricaCambioPlan(contrato=activos[1], efectivo_el=HOY + timedelta(days=3))
    FabricaSuspension(contrato=activos[2], hasta_prevista=HOY)


def _con_fallas(jefa: Any, ahora: Any) -> None:
    """Trabajos, importaciones y correos que fallaron, y otros que no o hace mucho."""
    for dias in (0, 2, 30):
        DBTaskResult.objects.create(
            task_path="a.b", args_kwargs={"args": [], "kwargs": {}}, backend_name="default", status="FAILED",
            finished_at=ahora - timedelta(days=dias), run_after=ahora,
        )  # fmt: skip
    for estado, dias in (("ilegible", 1), ("ilegible", 30), ("detenida", 30), ("por_confirmar", 0), ("aplicada", 0)):
        Importacion.objects.create(
            estado=estado, dia=HOY, fecha_referencia=HOY, creada_en=ahora - timedelta(days=dias), usuario=jefa
        )
    for n, horas in enumerate((0, 2, 5)):
        persona = FabricaUsuario(email=f"persona{n}@example.co")
        for otro in range(2):
            Aviso.objects.create(
                usuario=persona, clave=f"{n}-{otro}", titulo="Algo", creado_el=ahora - timedelta(hours=horas)
            )
    sin_correo = FabricaUsuario()
    Aviso.objects.create(usuario=sin_correo, clave="x", titulo="Algo", creado_el=ahora - timedelta(hours=9))


@pytest.fixture
def jefa(db: None) -> Any:
    return Usuario.objects.get(username="quien-mira")


def lista_que_abre(enlace: str, usuario: Any) -> Any:
    """Las filas de la lista del panel que abre un enlace, sin dibujarla."""
    camino, parametros = urlsplit(enlace).path, QueryDict(urlsplit(enlace).query)
    nombre = resolve(camino).url_name or ""
    assert nombre.endswith("_changelist"), enlace
    aplicacion, modelo, _ = nombre.rsplit("_", 2)
    pantalla = admin.site.get_model_admin(apps.get_model(aplicacion, modelo))
    peticion = RequestFactory().get(camino, parametros.dict())
    peticion.user = usuario
    vista: Any = pantalla.get_changelist_instance(peticion)
    assert vista.get_filters_params() or vista.has_active_filters, enlace
    return vista.queryset


def cuantas_abre(enlace: str, usuario: Any) -> int:
    """Cuántas filas muestra la página que abre un enlace, sea una lista o una bandeja, en todas sus páginas."""
    if (resolve(urlsplit(enlace).path).url_name or "").endswith("_changelist"):
        return int(lista_que_abre(enlace, usuario).count())
    if "importaciones" in enlace:
        cliente = Client()
        cliente.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
        return len(cliente.get(enlace).context["tramo"].filas)
    cliente, camino, total = Client(), urlsplit(enlace).path, 0
    cliente.force_login(usuario, backend="django.contrib.auth.backends.ModelBackend")
    while enlace:
        contexto = cliente.get(enlace).context
        assert not (contexto.get("filtro") and contexto["filtro"].form.errors), enlace
        total += len(next(contexto[que] for que in ("clientes", "filas") if contexto.get(que) is not None))
        enlace = f"{camino}{contexto['siguiente']}" if contexto.get("siguiente") else ""
    return total


@pytest.mark.parametrize("clave", CLAVES_DE_PERIODO)
@pytest.mark.parametrize("tarjeta", CIFRAS, **por_clave)
def test_cada_cifra_abre_sus_filas(tarjeta: Cifra, clave: str, jefa: Any) -> None:
    una = Mirada.de(jefa, ahora=timezone.now(), clave=clave)
    filas = lista_que_abre(tarjeta.enlace(una), jefa)
    if tarjeta.clase is Clase.PESOS:
        assert filas.aggregate(suma=Sum("precio"))["suma"] == tarjeta.valor(una) > 0
    else:
        assert filas.count() == tarjeta.valor(una)
        assert tarjeta.del_periodo or tarjeta.valor(una) > 0


@pytest.mark.parametrize("clave", ["mes_pasado", "12_meses"])
@pytest.mark.parametrize("tarjeta", GRAFICOS, **por_clave)
def test_cada_punto_de_un_grafico_abre_sus_filas(tarjeta: GraficoDeTarjeta, clave: str, jefa: Any) -> None:
    puntos = tarjeta.puntos(Mirada.de(jefa, ahora=timezone.now(), clave=clave))
    assert not puntos.vacio
    for serie in puntos.series:
        for rotulo, valor, enlace in zip(puntos.rotulos, serie.valores, serie.enlaces, strict=True):
            assert lista_que_abre(enlace, jefa).count() == valor, (serie.nombre, rotulo)


@pytest.mark.parametrize("pendiente", PENDIENTES.values(), **por_clave)
def test_cada_pendiente_abre_sus_filas(pendiente: Pendiente, jefa: Any) -> None:
    una = Mirada.de(jefa, ahora=timezone.now())
    (visto,) = pendientes(una, [pendiente])
    assert cuantas_abre(visto.enlace, jefa) == visto.cuantos


def test_lo_programado_para_despues_no_es_de_hoy(jefa: Any) -> None:
    assert CambioPlan.objects.filter(estado="programado").count() > CambioPlan.objects.por_aplicar(HOY).count()
    assert Suspension.objects.por_reanudar(HOY).exists()
