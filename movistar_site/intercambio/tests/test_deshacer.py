"""Deshacer una importación deja la base como estaba, salvo lo que alguien cambió después, que se dice."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from clientes.models import Cliente, Contrato, Interaccion, Municipio
from clientes.tests import fabricas as f
from movistar_site.comun import lotes
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.lotes import Firma
from movistar_site.intercambio.deshacer import CONSERVADO, IMPOSIBLE, NoRevertido, Resumen, deshacer_lote
from movistar_site.intercambio.entidades import ENTIDADES
from servicios import operaciones
from servicios.models import AtributoTipo, PrecioServicio, Promocion, Servicio

MOMENTO = datetime(2026, 3, 16, 10, 30, tzinfo=f.AHORA.tzinfo)
ORIGEN = "importación 1: clientes.json (sha256 0123456789ab)"
IMPORTA = Firma(MOMENTO, motivo="Importación", origen=ORIGEN)
DESHACE = Firma(MOMENTO + timedelta(hours=1), motivo="Deshacer", origen="deshacer importación 1")
VOLATILES = {"actualizado_en"}


@pytest.fixture(autouse=True)
def _base(db: None) -> None:
    """Todas las pruebas escriben en la base."""


def importando() -> Any:
    return auditar(momento=MOMENTO, origen=ORIGEN, motivo="Importación")


def deshacer(**opciones: Any) -> tuple[Resumen, list[NoRevertido]]:
    fallos: list[NoRevertido] = []
    opciones = {"por_tanda": 200, "al_fallar": fallos.extend, **opciones}
    return deshacer_lote(momento=MOMENTO, origen=ORIGEN, firma=DESHACE, **opciones), fallos


def foto() -> dict[str, list[Any]]:
    """Todo lo guardado, también las claves, los enlaces y el texto de búsqueda; sin la hora del último cambio."""
    modelos = [entidad.modelo for entidad in ENTIDADES.values()] + [AtributoTipo]
    modelos += [Servicio.componentes.through, Promocion.servicios.through]
    salida = {}
    for modelo in modelos:
        campos = [campo.attname for campo in modelo._meta.concrete_fields if campo.name not in VOLATILES]
        if modelo._meta.auto_created:
            campos.remove("id")
        salida[modelo._meta.label] = sorted(modelo._default_manager.values_list(*campos), key=str)
    return salida


def test_lo_creado_se_borra_y_lo_cambiado_vuelve() -> None:
    viejos = [f.FabricaCliente() for _ in range(7)]
    contrato = f.FabricaContrato(cliente=viejos[0], precio=Decimal("50000.50"), condiciones={"ñ": [1, None]})
    antes = foto()

    for numero, viejo in enumerate(viejos):
        viejo.nombre, viejo.pendientes = f"Cambiada Ñ{numero}", {"telefono": "x"}
    lotes.actualizar(Cliente, viejos, campos=["nombre", "pendientes"], firma=IMPORTA)
    nuevos = [f.FabricaCliente.build() for _ in range(9)]
    lotes.insertar(Cliente, nuevos, firma=IMPORTA)
    contrato.cliente, contrato.precio, contrato.condiciones = nuevos[0], Decimal(1), {}
    lotes.actualizar(Contrato, [contrato], campos=["cliente", "precio", "condiciones"], firma=IMPORTA)
    otro = f.FabricaContrato.build(cliente=nuevos[1], servicio=contrato.servicio)
    lotes.insertar(Contrato, [otro], firma=IMPORTA)
    lotes.insertar(Interaccion, [f.FabricaInteraccion.build(cliente=nuevos[1], contrato=otro)], firma=IMPORTA)

    resumen, fallos = deshacer(por_tanda=3)
    assert (resumen, fallos) == (Resumen(revertidos=7 + 9 + 1 + 1 + 1), [])
    assert foto() == antes
    assert Cliente.objects.filter(busqueda__contiene="persona").count() == 7
    # Queda dicho en la historia quién lo deshizo, y cómo estaba lo que borró.
    assert set(Cliente.history.filter(origen=DESHACE.origen).values_list("history_type", flat=True)) == {"~", "-"}
    assert Cliente.history.filter(origen=DESHACE.origen).count() == 16


def test_lo_que_alguien_cambio_despues_se_conserva_con_su_nombre() -> None:
    lista = [f.FabricaCliente.build() for _ in range(3)]
    lotes.insertar(Cliente, lista, firma=IMPORTA)
    with auditar(usuario=f.FabricaUsuario(username="fulana")):
        lista[1].notas = "Llamó ayer"
        lista[1].save()
    resumen, fallos = deshacer()
    assert resumen == Resumen(revertidos=2, conservados=1)
    (fallo,) = fallos
    assert (fallo.clase, fallo.entidad, fallo.objeto) == (CONSERVADO, "clientes", lista[1].pk)
    assert fallo.titulo == str(lista[1])
    assert fallo.motivo.startswith("Lo cambió fulana el ")
    assert f"{timezone.localdate():%d/%m/%Y}" in fallo.motivo
    assert Cliente.objects.get().notas == "Llamó ayer"


def test_lo_que_alguien_borro_despues_se_dice() -> None:
    nuevo = f.FabricaCliente.build()
    lotes.insertar(Cliente, [nuevo], firma=IMPORTA)
    clave = nuevo.pk
    with auditar(usuario=f.FabricaUsuario(username="fulana")):
        nuevo.delete()
    resumen, fallos = deshacer()
    assert resumen == Resumen(conservados=1)
    assert fallos[0].motivo.startswith("Lo borró fulana el ")
    assert fallos[0].titulo == f"Cliente {clave}"


def test_lo_nuevo_que_ya_alguien_usa_no_se_borra() -> None:
    lista = [f.FabricaCliente.build() for _ in range(2)]
    lotes.insertar(Cliente, lista, firma=IMPORTA)
    f.FabricaContrato(cliente=lista[0])
    f.FabricaInteraccion(cliente=lista[0])
    f.FabricaInteraccion(cliente=lista[0])
    resumen, fallos = deshacer()
    assert resumen == Resumen(revertidos=1, imposibles=1)
    assert (fallos[0].clase, fallos[0].objeto) == (IMPOSIBLE, lista[0].pk)
    assert fallos[0].motivo == "No se puede borrar: lo usan 1 contrato y 2 interacciones."


def test_un_unico_que_otro_tomo_despues_no_se_puede_recuperar() -> None:
    viejos = [f.FabricaCliente() for _ in range(5)]
    documentos = [viejo.documento for viejo in viejos]
    for viejo in viejos:
        viejo.documento = f"5{viejo.documento}"
    lotes.actualizar(Cliente, viejos, campos=["documento"], firma=IMPORTA)
    f.FabricaCliente(documento=documentos[2])
    resumen, fallos = deshacer()
    assert resumen == Resumen(revertidos=4, imposibles=1)
    assert fallos[0].motivo == "Ya hay un cliente con ese tipo y número de documento."
    assert sorted(Cliente.objects.values_list("documento", flat=True)) == sorted([*documentos, f"5{documentos[2]}"])


def test_lo_que_apuntaba_a_algo_que_ya_no_existe_no_se_puede_recuperar() -> None:
    cliente = f.FabricaCliente(municipio=f.FabricaMunicipio())
    viejo, cliente.municipio = cliente.municipio, None
    lotes.actualizar(Cliente, [cliente], campos=["municipio"], firma=IMPORTA)
    viejo.delete()
    resumen, fallos = deshacer()
    assert resumen == Resumen(imposibles=1)
    assert fallos[0].motivo == "Ya no existe lo que tenía en «municipio»."


def test_lo_que_no_tenia_historia_vuelve_si_se_escribio_en_bloque() -> None:
    municipios = list(Municipio.objects.filter(es_divipola=True)[:2])
    antes = foto()
    for municipio in municipios:
        municipio.nombre = "Otro nombre"
    lotes.actualizar(Municipio, municipios[:1], campos=["nombre"], firma=IMPORTA)
    with importando():
        municipios[1].save()
    resumen, fallos = deshacer()
    assert resumen == Resumen(revertidos=1, imposibles=1)
    assert "No se sabe cómo estaba antes" in fallos[0].motivo
    assert fallos[0].entidad == "municipios"
    Municipio.objects.filter(pk=municipios[1].pk).update(nombre=Municipio.objects.get(pk=municipios[0].pk).nombre)
    assert Municipio.objects.get(pk=municipios[0].pk).nombre in str(antes["clientes.Municipio"])


def test_el_catalogo_vuelve_con_sus_precios_atributos_y_enlaces() -> None:
    paquete = f.servicio_con_precio("50000")
    pieza, otra = f.FabricaServicio(), f.FabricaServicio()
    paquete.componentes.set([pieza])
    tipo = paquete.tipo
    atributos = [AtributoTipo(nombre=n, clave=n, tipo_dato="texto") for n in ("uno", "dos")]
    operaciones.fijar_atributos(tipo, atributos=atributos, usuario=None)
    promocion = f.FabricaPromocion()
    promocion.servicios.set([pieza, paquete])
    antes = foto()

    with importando():
        paquete.nombre = "Otro"
        paquete.save()
        paquete.componentes.set([otra])
        nuevo = f.servicio_con_precio("80000")
        nuevo.componentes.set([paquete, otra])
        paquete.componentes.add(nuevo)
        PrecioServicio.objects.create(servicio=paquete, valor=Decimal(1), vigente_desde=date(2030, 1, 1))
        precio = paquete.precios.get(vigente_desde=date(2024, 1, 1))
        precio.valor = Decimal("3.50")
        precio.save()
        promocion.servicios.set([nuevo])
        uno, dos = tipo.atributos.order_by("orden")
        uno.nombre = "Distinto"
        tercero = AtributoTipo(nombre="tres", clave="tres", tipo_dato="texto")
        operaciones.fijar_atributos(tipo, atributos=[tercero, uno], usuario=None)
    assert not AtributoTipo.objects.filter(pk=dos.pk).exists()

    resumen, fallos = deshacer(por_tanda=1)
    assert fallos == []
    assert foto() == antes
    assert resumen.imposibles == resumen.conservados == 0
    # La versión en que quedó guarda también de qué se compone.
    version = Servicio.history.filter(id=paquete.pk).latest("history_id")
    assert [enlace.to_servicio_id for enlace in version.componentes.all()] == [pieza.pk]


def test_lo_creado_y_borrado_en_la_misma_importacion_no_deja_nada_que_hacer() -> None:
    with importando():
        f.FabricaCliente().delete()
        cliente = f.FabricaCliente(nombre="Primera")
        cliente.nombre = "Segunda"
        cliente.save()
    assert deshacer() == (Resumen(revertidos=2), [])
    assert not Cliente.objects.exists()


def test_lo_que_la_importacion_borro_vuelve_con_su_misma_clave() -> None:
    cliente = f.FabricaCliente(nombre="Ñusta")
    contrato = f.FabricaContrato(cliente=cliente)
    antes = foto()
    lotes.borrar(Contrato, [contrato.pk], firma=IMPORTA)
    lotes.borrar(Cliente, [cliente.pk], firma=IMPORTA)
    assert deshacer() == (Resumen(revertidos=2), [])
    assert foto() == antes
    assert Cliente.objects.filter(busqueda__contiene="nusta").exists()


def test_un_cambio_posterior_que_ya_se_deshizo_no_estorba() -> None:
    antes = foto()
    nuevo = f.FabricaCliente.build(nombre="Una")
    lotes.insertar(Cliente, [nuevo], firma=IMPORTA)
    segunda = Firma(MOMENTO + timedelta(minutes=5), origen="importación 2")
    nuevo.nombre = "Dos"
    lotes.actualizar(Cliente, [nuevo], campos=["nombre"], firma=segunda)
    otro = Firma(MOMENTO + timedelta(minutes=9), origen="deshacer importación 2")
    assert deshacer_lote(momento=segunda.momento, origen="importación 2", firma=otro) == Resumen(revertidos=1)
    assert deshacer()[0] == Resumen(revertidos=1)
    assert foto() == antes


def _importar_de_todo() -> None:
    viejos = [f.FabricaCliente() for _ in range(6)]
    servicio = f.FabricaServicio()
    for viejo in viejos:
        viejo.nombre += " cambiada"
    lotes.actualizar(Cliente, viejos, campos=["nombre"], firma=IMPORTA)
    nuevos = [f.FabricaCliente.build() for _ in range(10)]
    lotes.insertar(Cliente, nuevos, firma=IMPORTA)
    contratos = [f.FabricaContrato.build(cliente=cliente, servicio=servicio) for cliente in nuevos]
    lotes.insertar(Contrato, contratos, firma=IMPORTA)
    viejos[0].notas = contratos[0].anexo_permanencia = "Alguien lo tocó"
    viejos[0].save()
    contratos[0].save()


class Corte(Exception):
    """Como si mataran el proceso."""


@pytest.mark.parametrize("corte", range(1, 9))
def test_cortado_en_cualquier_punto_y_corrido_otra_vez_termina_igual(corte: int) -> None:
    _importar_de_todo()
    pasos = 0

    def cortar(hechos: int, total: int) -> None:
        nonlocal pasos
        pasos += 1
        assert 0 < hechos <= total
        if pasos == corte:
            raise Corte

    with pytest.raises(Corte):
        deshacer(por_tanda=3, al_avanzar=cortar)
    resumen, fallos = deshacer(por_tanda=3)
    # El contrato que alguien tocó se conserva, y por eso su cliente no se puede borrar.
    assert resumen == Resumen(revertidos=5 + 9 + 9, conservados=2, imposibles=1)
    assert {fallo.clase for fallo in fallos} == {CONSERVADO, IMPOSIBLE}
    entero, historia = foto(), Cliente.history.count()
    assert deshacer()[0] == resumen
    assert (foto(), Cliente.history.count()) == (entero, historia)
    assert Cliente.objects.count() == 7


def test_deshacer_lo_que_no_existe_no_hace_nada() -> None:
    f.FabricaCliente()
    avisos: list[Any] = []
    assert deshacer(al_avanzar=lambda *avance: avisos.append(avance)) == (Resumen(), [])
    assert avisos == []


@pytest.mark.parametrize("semilla", range(4))
def test_cualquier_mezcla_de_cambios_vuelve_a_como_estaba(semilla: int) -> None:
    """Inserciones, cambios y borrados al azar sobre los mismos clientes, por el camino en bloque y por el suelto."""
    r = random.Random(semilla)
    vivos = [f.FabricaCliente() for _ in range(8)]
    antes = foto()

    def crear() -> None:
        nuevo = f.FabricaCliente.build()
        lotes.insertar(Cliente, [nuevo], firma=IMPORTA)
        vivos.append(nuevo)

    def cambiar() -> None:
        elegidos = r.sample(vivos, 2)
        for elegido in elegidos:
            elegido.documento = str(r.randrange(10**9))
            elegido.nombre = r.choice(["Ñ", "b", "C c"])
        lotes.actualizar(Cliente, elegidos, campos=["documento", "nombre"], firma=IMPORTA)

    def pasar_documento() -> None:
        uno, otro = r.sample(vivos, 2)
        libre, uno.documento = uno.documento, str(r.randrange(10**9))
        otro.documento = libre
        with importando():
            uno.save()
            otro.save()

    def borrar() -> None:
        lotes.borrar(Cliente, [vivos.pop(r.randrange(len(vivos))).pk], firma=IMPORTA)

    pasos: list[Callable[[], None]] = [crear, cambiar, pasar_documento, borrar]
    for _ in range(12):
        r.choice(pasos)()
    resumen, fallos = deshacer(por_tanda=r.choice([1, 3, 200]))
    assert fallos == []
    assert foto() == antes
    assert resumen.conservados == 0
