"""Las cuentas llevadas por la base son, después de cualquier cosa que pase, las que salen de contar las filas."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from clientes.models import Cliente, Contrato, Interaccion
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente, FabricaContrato, FabricaInteraccion, FabricaMunicipio
from movistar_site.comun import resumenes
from movistar_site.comun.resumenes import REGISTRO
from reportes.models import ClientesConServicio, ClientesPorServicio, ContratosPorServicio, LineasPorCliente
from reportes.resumenes import ALTAS_POR_DIA, CLIENTES_CON_SERVICIO, CLIENTES_POR_SERVICIO, CONTRATOS_POR_SERVICIO
from servicios.tests.fabricas import FabricaServicio

pytestmark = pytest.mark.django_db


def cuadran() -> None:
    malas = {nombre: n for nombre, uno in REGISTRO.items() if (n := resumenes.diferencias(uno))}
    assert malas == {}


def cuenta(modelo: Any, **claves: Any) -> int:
    return sum(modelo.objects.filter(**claves).values_list("n", flat=True))


def test_un_contrato_se_cuenta_al_nacer_al_cambiar_y_al_borrarse() -> None:
    uno = FabricaContrato(estado="activo", precio=74_900)
    servicio = uno.servicio_id
    assert cuenta(ContratosPorServicio, servicio_id=servicio, estado="activo") == 1
    assert sum(ContratosPorServicio.objects.values_list("centavos", flat=True)) == 7_490_000
    Contrato.objects.filter(pk=uno.pk).update(estado="suspendido")
    assert cuenta(ContratosPorServicio, servicio_id=servicio, estado="activo") == 0
    assert cuenta(ContratosPorServicio, servicio_id=servicio, estado="suspendido") == 1
    cuadran()
    Contrato.objects.filter(pk=uno.pk).delete()
    assert cuenta(ContratosPorServicio, servicio_id=servicio) == 0
    cuadran()


def test_un_cliente_con_dos_contratos_del_mismo_servicio_se_cuenta_una_vez() -> None:
    cliente, servicio = FabricaCliente(), FabricaServicio()
    primero = FabricaContrato(cliente=cliente, servicio=servicio, estado="activo")
    segundo = FabricaContrato(cliente=cliente, servicio=servicio, estado="activo")
    assert cuenta(ClientesPorServicio, servicio_id=servicio.pk) == 1
    Contrato.objects.filter(pk=primero.pk).update(estado="terminado", fecha_fin=HOY)
    assert cuenta(ClientesPorServicio, servicio_id=servicio.pk) == 1
    Contrato.objects.filter(pk=segundo.pk).update(estado="terminado", fecha_fin=HOY)
    assert cuenta(ClientesPorServicio, servicio_id=servicio.pk) == 0
    cuadran()


def test_un_cliente_con_varios_servicios_se_cuenta_una_vez_entre_todos() -> None:
    ana, luz, servicio = FabricaCliente(), FabricaCliente(), FabricaServicio()
    primero = FabricaContrato(cliente=ana, servicio=servicio, estado="activo")
    FabricaContrato(cliente=ana, estado="activo")
    FabricaContrato(cliente=luz, servicio=servicio, estado="activo")
    FabricaContrato(estado="suspendido")
    assert cuenta(ClientesConServicio) == 2
    Contrato.objects.filter(pk=primero.pk).update(estado="terminado", fecha_fin=HOY)
    assert cuenta(ClientesConServicio) == 2
    Contrato.objects.filter(cliente=ana).update(cliente=luz)
    assert cuenta(ClientesConServicio) == 1
    cuadran()


def test_de_cada_cliente_se_llevan_sus_lineas_y_lo_que_facturan() -> None:
    """Un activo de 50.000 al mes, un suspendido de 120.000 al año (10.000 al mes); ni el terminado ni el pendiente."""
    ana, luz = FabricaCliente(), FabricaCliente()
    FabricaContrato(cliente=ana, estado="activo", precio=50_000, periodicidad="mensual")
    anual = FabricaContrato(cliente=ana, estado="suspendido", precio=120_000, periodicidad="anual")
    FabricaContrato(cliente=ana, estado="terminado", fecha_fin=HOY)
    FabricaContrato(cliente=ana, estado="pendiente")

    def llevadas() -> list[tuple[int, ...]]:
        filas = LineasPorCliente.objects.filter(n__gt=0).order_by("cliente_id")
        return list(filas.values_list("cliente_id", "n", "activos", "centavos"))

    assert llevadas() == [(ana.pk, 2, 1, 6_000_000)]
    Contrato.objects.filter(pk=anual.pk).update(cliente=luz, estado="activo")
    assert llevadas() == [(ana.pk, 1, 1, 5_000_000), (luz.pk, 1, 1, 1_000_000)]
    Contrato.objects.filter(cliente=ana).delete()
    assert llevadas() == [(luz.pk, 1, 1, 1_000_000)]
    cuadran()


def test_si_cambian_las_claves_de_una_cuenta_cambia_su_indice() -> None:
    antes = replace(ALTAS_POR_DIA, claves=dict(reversed(ALTAS_POR_DIA.claves.items())))
    resumenes.REGISTRO[antes.nombre] = antes
    try:
        assert resumenes.asegurar(connection) == [antes.nombre]
        assert _columnas_del_indice() == ["servicio_id", "dia"]
    finally:
        resumenes.REGISTRO[antes.nombre] = ALTAS_POR_DIA
    assert resumenes.asegurar(connection) == [antes.nombre]
    assert _columnas_del_indice() == ["dia", "servicio_id"]


def _columnas_del_indice() -> list[str]:
    with connection.cursor() as cursor:
        halladas = connection.introspection.get_constraints(cursor, "reportes_altaspordia")
    columnas: list[str] = halladas["reportes_altaspordia_claves"]["columns"]
    return columnas


def test_lo_que_se_deshace_no_se_cuenta() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        FabricaContrato(estado="activo")
        raise RuntimeError
    assert cuenta(ContratosPorServicio) == 0
    cuadran()


def test_lo_que_no_entra_por_repetido_no_se_cuenta() -> None:
    uno = FabricaCliente()
    otro = Cliente(**{c.attname: getattr(uno, c.attname) for c in Cliente._meta.concrete_fields if c.attname != "id"})
    Cliente.objects.bulk_create([otro], ignore_conflicts=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        otro.pk = None
        otro.save(force_insert=True)
    assert Cliente.objects.count() == 1
    cuadran()


def test_diez_mil_cosas_al_azar_dejan_las_cuentas_exactas() -> None:
    azar = random.Random(7)
    servicios = [FabricaServicio() for _ in range(4)]
    municipios = [FabricaMunicipio(codigo=f"9800{n}", nombre=f"Pueblo {n}") for n in range(3)]
    for _ in range(30):
        FabricaCliente(municipio=azar.choice([*municipios, None]), fecha_vinculacion=HOY - timedelta(azar.randrange(9)))
    clientes = list(Cliente.objects.values_list("pk", flat=True))
    for _ in range(60):
        FabricaContrato(
            cliente_id=azar.choice(clientes), servicio=azar.choice(servicios), estado="activo",
            precio=azar.randrange(1, 99_999_99) / 100,
        )  # fmt: skip
        FabricaInteraccion(cliente_id=azar.choice(clientes), fecha=AHORA - timedelta(hours=azar.randrange(99)))
    pasos = _pasos(azar, [s.pk for s in servicios], [m.pk for m in municipios], clientes)
    for n in range(10_000):
        azar.choice(pasos)()
        if n % 2_500 == 0:
            cuadran()
    cuadran()


def _pasos(azar: random.Random, servicios: list[int], municipios: list[str], clientes: list[int]) -> list[Any]:
    contratos = list(Contrato.objects.values_list("pk", flat=True))
    casos = list(Interaccion.objects.values_list("pk", flat=True))

    def contrato(**valores: Any) -> None:
        Contrato.objects.filter(pk__in=azar.sample(contratos, azar.randrange(1, 4))).update(**valores)

    def cliente(**valores: Any) -> None:
        Cliente.objects.filter(pk=azar.choice(clientes)).update(**valores)

    def caso(**valores: Any) -> None:
        Interaccion.objects.filter(pk=azar.choice(casos)).update(**valores)

    def duplicar_y_borrar() -> None:
        uno = Contrato.objects.get(pk=azar.choice(contratos))
        uno.pk, uno.numero, uno.estado, uno.fecha_fin = None, f"X{azar.random()}"[:20], "activo", None
        Contrato.objects.bulk_create([uno])
        if azar.random() < 0.8:
            Contrato.objects.filter(numero=uno.numero).delete()

    def deshecho() -> None:
        try:
            with transaction.atomic():
                contrato(servicio_id=azar.choice(servicios))
                raise RuntimeError
        except RuntimeError:
            pass

    return [
        lambda: contrato(estado=azar.choice(["activo", "suspendido", "pendiente"]), fecha_fin=None),
        lambda: contrato(estado="terminado", fecha_fin=HOY + timedelta(azar.randrange(1, 60))),
        lambda: contrato(servicio_id=azar.choice(servicios), precio=azar.randrange(1, 9_999_999) / 100),
        lambda: contrato(cliente_id=azar.choice(clientes)),
        lambda: contrato(periodicidad=azar.choice(["mensual", "recarga"])),
        lambda: cliente(municipio_id=azar.choice([*municipios, None])),
        lambda: cliente(fecha_vinculacion=HOY - timedelta(azar.randrange(30))),
        lambda: cliente(estado="inactivo", inactivo_desde=HOY),
        lambda: cliente(estado="activo", inactivo_desde=None),
        lambda: cliente(categoria_asignada=azar.choice(["", "leal"]), motivo_categoria="Prueba"),
        lambda: caso(fecha=AHORA - timedelta(hours=azar.randrange(200))),
        lambda: caso(tipo="sugerencia", vence_el=None, cun="", primer_plazo=None),
        lambda: caso(estado="respondida", respuesta="Ya", respondida_el=AHORA),
        lambda: caso(estado="abierta", respuesta="", respondida_el=None),
        duplicar_y_borrar,
        deshecho,
    ]


def test_una_cuenta_danada_se_ve_y_se_rehace() -> None:
    FabricaContrato(estado="activo")
    ContratosPorServicio.objects.update(n=5)
    assert resumenes.diferencias(CONTRATOS_POR_SERVICIO) > 0
    resumenes.recontar(connection, CONTRATOS_POR_SERVICIO)
    cuadran()


def test_si_faltan_los_disparadores_migrar_los_repone_y_cuenta_de_nuevo() -> None:
    from movistar_site.comun.resumenes_sql import disparadores

    with connection.cursor() as cursor:
        for uno in disparadores(connection.vendor, CONTRATOS_POR_SERVICIO):
            for sentencia in uno.quitar:
                cursor.execute(sentencia)
    FabricaContrato(estado="activo")
    assert cuenta(ContratosPorServicio) == 0
    assert resumenes.asegurar(connection) == [CONTRATOS_POR_SERVICIO.nombre]
    assert cuenta(ContratosPorServicio) == 1
    assert resumenes.asegurar(connection) == []
    cuadran()


def test_vaciar_la_base_deja_las_cuentas_en_cero_en_cualquier_orden() -> None:
    FabricaContrato(estado="activo")
    for uno in REGISTRO.values():
        uno.destino._default_manager.all()._raw_delete("default")  # type: ignore[attr-defined]
    Contrato.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    Cliente.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    assert cuenta(ContratosPorServicio) != 0, "los disparadores restaron de una cuenta ya vacía"
    resumenes.asegurar(connection)
    assert not ContratosPorServicio.objects.exists()
    cuadran()


def test_compactar_no_cambia_ninguna_cifra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumenes, "SUELTAS_MAXIMAS", 0)
    servicio = FabricaServicio()
    for _ in range(5):
        FabricaContrato(servicio=servicio, estado="activo")
    junto = resumenes.compactar(CLIENTES_POR_SERVICIO)
    assert junto == (connection.vendor == "postgresql")
    assert cuenta(ClientesPorServicio, servicio_id=servicio.pk) == 5
    assert ClientesPorServicio.objects.filter(servicio_id=servicio.pk).count() == 1
    assert resumenes.compactar(CLIENTES_CON_SERVICIO) == (connection.vendor == "postgresql")
    assert cuenta(ClientesConServicio) == 5
    assert ClientesConServicio.objects.count() == 1
    cuadran()


def test_la_orden_dice_que_todo_cuadra_o_que_no_y_lo_rehace() -> None:
    FabricaContrato(estado="activo")
    assert "Todas las cuentas son exactas." in _verificar()
    ContratosPorServicio.objects.update(n=9)
    with pytest.raises(CommandError, match="No son exactas: «contratos por servicio»"):
        _verificar()
    assert "Se contaron de nuevo: «contratos por servicio»." in _verificar("--rehacer")
    assert "Todas las cuentas son exactas." in _verificar()


def _verificar(*opciones: str) -> str:
    salida = StringIO()
    call_command("verificar_resumenes", *opciones, stdout=salida)
    return salida.getvalue()
