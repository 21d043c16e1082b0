"""Escribir en bloque deja exactamente lo mismo que guardar los registros uno por uno con `auditar`."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clientes.models import Cliente, Consentimiento, Contrato, Departamento, Interaccion, Municipio
from clientes.tests import fabricas as f
from movistar_site.comun import lotes
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.historia import modelo_historico
from movistar_site.comun.lotes import Firma
from movistar_site.intercambio.models import Importacion, RegistroPlan, TipoRegistro
from servicios.models import PrecioServicio, Promocion, Servicio, TipoServicio

MOMENTO = datetime(2026, 3, 16, 15, 4, 5, 123456, tzinfo=f.AHORA.tzinfo)
TEXTOS = [
    "",
    "Ñandú",
    "a\tb",
    "línea\notra",
    "\\N",
    "co\"mi'llas",
    "😀 emoji",
    "  Peña  RÍOS ",
    "%s {} ?",
    "Ⅷ ﬁ",
    "x" * 60,
]


@pytest.fixture(autouse=True)
def _base(db: None) -> None:
    """Todas las pruebas escriben en la base."""


def filas(modelo: Any) -> list[dict[str, Any]]:
    """Lo guardado, en crudo, sin las claves que da la base."""
    tablas = [modelo._meta.db_table, modelo_historico(modelo)._meta.db_table]
    salida = []
    with connection.cursor() as cursor:
        for tabla in tablas:
            cursor.execute(f'SELECT * FROM "{tabla}"')
            nombres = [columna[0] for columna in cursor.description]
            for fila in cursor.fetchall():
                registro = dict(zip(nombres, fila, strict=True))
                registro.pop("history_id", None)
                salida.append({"tabla": tabla, **registro})
    return sorted(salida, key=str)


def sin_claves(guardado: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(({k: v for k, v in fila.items() if k != "id"} for fila in guardado), key=str)


def clientes(r: random.Random, desde: int, municipios: list[Any]) -> Cliente:
    inactivo = r.random() < 0.3
    return Cliente(
        tipo_documento=r.choice(["CC", "CE", "PRO"]),
        documento=str(desde),
        nombre=r.choice(TEXTOS) or "x",
        apellido=r.choice(TEXTOS),
        email=r.choice(["", "A@Ejemplo.CO"]),
        telefono=r.choice(["", "+573001234567"]),
        municipio=r.choice([None, *municipios]),
        estrato=r.choice([None, 1, 6]),
        fecha_vinculacion=date(1999, 1, 1) + timedelta(days=r.randrange(9000)),
        estado="inactivo" if inactivo else r.choice(["activo", Cliente._meta.get_field("estado").default]),
        inactivo_desde=date(2024, 2, 29) if inactivo else None,
        notas=r.choice(TEXTOS),
        id_origen=r.choice(["", "u-1"]),
        pendientes=r.choice([{}, {"apellido": "No venía: «Ñ»"}, {"a": [1, 2.5, None, True], "b": {"c": "\t"}}]),
    )


def contratos(r: random.Random, desde: int, cliente: Any, servicio: Any) -> Contrato:
    terminado = r.random() < 0.3
    return Contrato(
        numero=f"C-{desde}",
        cliente=cliente,
        servicio=servicio,
        estado="terminado" if terminado else "activo",
        fecha_inicio=date(2020, 1, 1),
        fecha_fin=date(2021, 1, 1) if terminado else None,
        precio=r.choice([Decimal("50000"), Decimal("74900.50"), Decimal("0"), Decimal("1E+3"), 12]),
        condiciones=r.choice([{}, {"servicio": "Fibra ñ", "caracteristicas": {"v": 300}}]),
        permanencia_meses=r.choice([0, 12]),
        anexo_permanencia="anexo 1",
    )


def interacciones(r: random.Random, desde: int, cliente: Any, usuario: Any) -> Interaccion:
    respondida = r.random() < 0.5
    return Interaccion(
        numero=f"R-{desde}",
        cliente=cliente,
        tipo="consulta",
        fecha=MOMENTO - timedelta(minutes=r.randrange(10**6)),
        asunto=r.choice(TEXTOS) or "x",
        texto=r.choice(TEXTOS),
        estado="respondida" if respondida else "abierta",
        respuesta="sí" if respondida else "",
        respondida_el=datetime(2026, 3, 1, tzinfo=f.AHORA.tzinfo) if respondida else None,
        registrada_por=r.choice([None, usuario]),
        registrada_por_nombre="agente",
    )


def consentimientos(r: random.Random, desde: int, cliente: Any) -> Consentimiento:
    return Consentimiento(
        cliente=cliente,
        finalidad=r.choice(["servicio", "comercial"]),
        canal="telefono",
        version_texto=r.choice(TEXTOS)[:40],
        otorgado_el=datetime(2025, 1, 1, 5, 30, tzinfo=f.AHORA.tzinfo) + timedelta(days=desde),
        medio="oficina",
        evidencia="Formulario",
        revocado_el=MOMENTO,
    )


def fabricantes(modelo: Any) -> Callable[[random.Random, int], Any]:
    municipios = [f.FabricaMunicipio(), f.FabricaMunicipio()]
    departamento = municipios[0].departamento
    cliente, usuario = f.FabricaCliente(), f.FabricaUsuario()
    servicio = f.FabricaServicio()
    return {
        Cliente: lambda r, n: clientes(r, n, municipios),
        Contrato: lambda r, n: contratos(r, n, cliente, servicio),
        Interaccion: lambda r, n: interacciones(r, n, cliente, usuario),
        Consentimiento: lambda r, n: consentimientos(r, n, cliente),
        Municipio: lambda r, n: Municipio(codigo=f"{96000 + n}", nombre=f"Pueblo {n}", departamento=departamento),
        Departamento: lambda r, n: Departamento(codigo=f"{chr(65 + n % 20)}{n % 7}", nombre=f"Depto. Ñ {n}"),
        PrecioServicio: lambda r, n: PrecioServicio(
            servicio=servicio, valor=Decimal("100.10"), vigente_desde=date(2030, 1, 1) + timedelta(days=n)
        ),
        TipoServicio: lambda r, n: TipoServicio(codigo=f"lote_{n}", nombre=f"Del lote {n}", activo=r.random() < 0.5),
    }[modelo]


def ensayar(hacer: Callable[[], Any], modelo: Any) -> list[dict[str, Any]]:
    """Lo que deja `hacer` en las dos tablas; después lo deshace."""
    punto = transaction.savepoint()
    hacer()
    leido = filas(modelo)
    transaction.savepoint_rollback(punto)
    return leido


MODELOS = [Cliente, Contrato, Interaccion, Consentimiento, Municipio, Departamento, PrecioServicio, TipoServicio]


@pytest.mark.parametrize("con_firma", [True, False])
@pytest.mark.parametrize("modelo", MODELOS, ids=lambda modelo: modelo.__name__)
def test_insertar_deja_lo_mismo_que_guardar_uno_por_uno(modelo: Any, con_firma: bool) -> None:
    nuevo = fabricantes(modelo)
    usuario = f.FabricaUsuario() if con_firma else None
    datos = {"usuario": usuario, "motivo": "Carga" if con_firma else "", "origen": "importación 7" if con_firma else ""}

    def hechos() -> list[Any]:
        r = random.Random(11)
        return [nuevo(r, n) for n in range(30)]

    def de_a_uno() -> None:
        with patch.object(timezone, "now", return_value=MOMENTO), auditar(momento=MOMENTO, **datos):
            for instancia in hechos():
                instancia.save(force_insert=True)

    en_bloque = hechos()
    esperado = ensayar(de_a_uno, modelo)
    lotes.insertar(modelo, en_bloque, firma=Firma(MOMENTO, **datos))
    obtenido = filas(modelo)

    assert sin_claves(obtenido) == sin_claves(esperado)
    propias = {fila.get("id") or fila.get("codigo") for fila in obtenido if "history_type" not in fila}
    assert {instancia.pk for instancia in en_bloque} <= propias
    assert all(not instancia._state.adding for instancia in en_bloque)
    # Cada fila de historia es de su registro, no de otro.
    historico = modelo_historico(modelo)
    for version in historico.objects.filter(history_date=MOMENTO, history_type="+"):
        registro = modelo.objects.get(pk=getattr(version, modelo._meta.pk.attname))
        seguidos = [campo.attname for campo in historico.tracked_fields]
        assert [getattr(version, campo) for campo in seguidos] == [getattr(registro, campo) for campo in seguidos]


@pytest.mark.parametrize(
    ("modelo", "cambios"),
    [
        (Cliente, {"telefono": "+573209998877", "estado": "inactivo", "inactivo_desde": date(2026, 1, 2)}),
        (Cliente, {"notas": "Otra\\cosa\t", "pendientes": {"email": "falta"}, "municipio": None}),
        (Contrato, {"precio": Decimal("1234.5"), "condiciones": {"x": ["ñ"]}}),
        (Interaccion, {"asunto": "Nuevo ÁÉÍ", "fecha": MOMENTO}),
        (Municipio, {"nombre": "San José de la Prueba"}),
        (TipoServicio, {"activo": True, "descripcion": "Larga"}),
    ],
)
def test_actualizar_deja_lo_mismo_que_guardar_uno_por_uno(modelo: Any, cambios: dict[str, Any]) -> None:
    nuevo, r = fabricantes(modelo), random.Random(5)
    for n in range(12):
        nuevo(r, n).save(force_insert=True)

    def cambiados() -> list[Any]:
        elegidos = list(modelo.objects.order_by("pk"))
        for instancia in elegidos:
            for campo, valor in cambios.items():
                setattr(instancia, campo, valor)
        return elegidos

    def de_a_uno() -> None:
        with patch.object(timezone, "now", return_value=MOMENTO), auditar(momento=MOMENTO, origen="importación 8"):
            for instancia in cambiados():
                instancia.save()

    esperado = ensayar(de_a_uno, modelo)
    lotes.actualizar(modelo, cambiados(), campos=list(cambios), firma=Firma(MOMENTO, origen="importación 8"))
    # Los municipios de la DIVIPOLA no tienen historia: el lote les anota antes cómo estaban.
    obtenido = [fila for fila in filas(modelo) if fila.get("history_change_reason") != lotes.SIN_HISTORIA]
    assert obtenido == esperado


def test_actualizar_no_toca_los_campos_que_no_se_piden() -> None:
    cliente = f.FabricaCliente(nombre="Ana")
    vista = Cliente.objects.get()
    Cliente.objects.update(direccion="Otra persona la cambió")
    vista.nombre, vista.direccion = "Beatriz", "Vieja"
    lotes.actualizar(Cliente, [vista], campos=["nombre"], firma=Firma(MOMENTO))
    cliente.refresh_from_db()
    assert (cliente.nombre, cliente.direccion, cliente.actualizado_en) == ("Beatriz", "Otra persona la cambió", MOMENTO)
    assert cliente.busqueda.startswith("beatriz")
    assert cliente.history.latest("history_id").direccion == "Otra persona la cambió"


def test_a_lo_que_no_tiene_historia_se_le_anota_antes_como_estaba() -> None:
    municipio = Municipio.objects.filter(es_divipola=True).first()
    antes = municipio.nombre
    municipio.nombre = "Otro"
    for _ in range(2):
        lotes.actualizar(Municipio, [municipio], campos=["nombre"], firma=Firma(MOMENTO, origen="importación 3"))
    versiones = list(municipio.history.order_by("history_id").values_list("history_type", "nombre", "origen"))
    assert versiones == [("+", antes, ""), ("~", "Otro", "importación 3"), ("~", "Otro", "importación 3")]


def test_actualizar_lo_que_ya_no_esta_no_hace_nada() -> None:
    cliente = f.FabricaCliente()
    Cliente.objects.all()._raw_delete("default")
    lotes.actualizar(Cliente, [cliente], campos=["nombre"], firma=Firma(MOMENTO))
    assert not Cliente.objects.exists()
    assert not Cliente.history.filter(history_type="~").exists()


def test_borrar_deja_en_la_historia_como_estaba_y_quita_sus_enlaces() -> None:
    uno, otro = f.FabricaServicio(), f.FabricaServicio()
    promocion = f.FabricaPromocion()
    promocion.servicios.set([uno, otro])
    lotes.borrar(Promocion, [promocion.pk], firma=Firma(MOMENTO, origen="importación 4"))
    version = Promocion.history.get(history_date=MOMENTO)
    assert (version.history_type, version.id, version.codigo) == ("-", promocion.pk, promocion.codigo)
    assert not Promocion.objects.exists()
    assert not Promocion.servicios.through.objects.exists()


def test_una_version_en_bloque_guarda_los_campos_de_varios_valores() -> None:
    pieza = f.FabricaServicio()
    paquete, ajeno = f.FabricaServicio(), f.FabricaServicio()
    paquete.componentes.set([pieza])
    ajeno.componentes.set([pieza, paquete])
    paquete.nombre = "Nuevo nombre"
    lotes.actualizar(Servicio, [paquete], campos=["nombre"], firma=Firma(MOMENTO))
    version = Servicio.history.filter(history_date=MOMENTO).get()
    assert [enlace.to_servicio_id for enlace in version.componentes.all()] == [pieza.pk]


def test_sin_registros_no_hace_nada() -> None:
    firma = Firma(MOMENTO)
    lotes.insertar(Cliente, [], firma=firma)
    lotes.actualizar(Cliente, [], campos=["nombre"], firma=firma)
    lotes.borrar(Cliente, [], firma=firma)
    lotes.insertar_filas(RegistroPlan, ["entidad"], [])
    lotes.asegurar_historia(Cliente, [])
    assert not Cliente.history.exists()


@pytest.mark.parametrize("falla", ["unico", "condicion"])
def test_lo_que_la_base_rechaza_no_deja_nada(falla: str) -> None:
    buenos = [f.FabricaCliente.build() for _ in range(3)]
    malo = f.FabricaCliente.build()
    if falla == "unico":
        malo.documento = buenos[0].documento
    else:
        malo.estado = "inactivo"
    with pytest.raises(IntegrityError), transaction.atomic():
        try:
            lotes.insertar(Cliente, [*buenos, malo], firma=Firma(MOMENTO))
        except IntegrityError:
            # La transacción de quien llama sigue sirviendo y no tiene nada de lo que se intentó.
            assert not Cliente.objects.exists()
            assert not Cliente.history.exists()
            raise
    lotes.insertar(Cliente, buenos, firma=Firma(MOMENTO))
    repetido = Cliente.objects.get(pk=buenos[1].pk)
    repetido.documento = buenos[0].documento
    with pytest.raises(IntegrityError):
        lotes.actualizar(Cliente, [repetido], campos=["documento"], firma=Firma(MOMENTO))
    assert Cliente.history.count() == 3


@pytest.mark.django_db(transaction=True)
def test_una_llave_que_no_existe_no_deja_nada() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        lotes.insertar(Cliente, [f.FabricaCliente.build(municipio_id="00000")], firma=Firma(MOMENTO))
    assert not Cliente.objects.exists()
    assert not Cliente.history.exists()


def test_una_clave_borrada_no_se_vuelve_a_dar() -> None:
    primero, segundo = f.FabricaCliente.build(), f.FabricaCliente.build()
    lotes.insertar(Cliente, [primero], firma=Firma(MOMENTO))
    lotes.borrar(Cliente, [primero.pk], firma=Firma(MOMENTO))
    lotes.insertar(Cliente, [segundo], firma=Firma(MOMENTO))
    assert segundo.pk > primero.pk
    assert f.FabricaCliente().pk > segundo.pk
    assert len(set(lotes.claves_nuevas(Cliente, 5))) == 5


def test_lo_insertado_y_lo_cambiado_en_bloque_se_encuentra_al_buscar() -> None:
    lotes.insertar(Cliente, [f.FabricaCliente.build(nombre="Ñusta")], firma=Firma(MOMENTO))
    cliente = Cliente.objects.get(busqueda__contiene="nusta")
    cliente.nombre = "Zoraida"
    lotes.actualizar(Cliente, [cliente], campos=["nombre"], firma=Firma(MOMENTO))
    assert not Cliente.objects.filter(busqueda__contiene="nusta").exists()
    assert Cliente.objects.filter(busqueda__contiene="zoraida").exists()
    lotes.borrar(Cliente, [cliente.pk], firma=Firma(MOMENTO))
    assert not Cliente.objects.filter(busqueda__contiene="zoraida").exists()


def test_insertar_filas_completa_lo_que_no_se_nombra() -> None:
    importacion = Importacion.objects.create(fecha_referencia=f.HOY, dia=f.HOY)
    campos = ["importacion_id", "entidad", "archivo", "registro", "ruta", "valores"]
    lotes.insertar_filas(
        RegistroPlan, campos, [(importacion.pk, "clientes", 1, n, f"[{n}]", '{"a":"ñ\\t"}') for n in range(3)]
    )
    registro = RegistroPlan.objects.get(registro=2)
    assert (registro.valores, registro.detalle, registro.aplicado) == ({"a": "ñ\t"}, {}, False)
    assert registro.tipo == TipoRegistro.PENDIENTE
