"""Del plan a la base y de vuelta: qué queda escrito y qué pasa cuando algo cambia en medio."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from clientes.models import Cliente, Contrato, Interaccion
from clientes.recursos import RecursoCliente
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.models import Usuario
from movistar_site.comun.piezas_intercambio import Falta, Resultado
from movistar_site.comun.recursos_base import NO_LA_ACEPTO
from movistar_site.intercambio import aplicador, operaciones, planificador
from movistar_site.intercambio.comparador import Comparador
from movistar_site.intercambio.models import EstadoImportacion, Importacion
from servicios.models import Servicio

from .ayudas import PLANES, escribir, exportado, historia, persona, personas, plan
from .datos import HOY, SERVICIOS, USUARIO, fuente, lugares, par
from .motor import Fuente, importar

pytestmark = pytest.mark.django_db


# --- Dos veces --------------------------------------------------------------------------------------------------------
def test_el_mismo_archivo_otra_vez_no_cambia_nada_ni_deja_historia() -> None:
    lugares()
    assert importar(par(), hoy=HOY).aplicado
    antes, versiones = exportado(), historia()
    otra = importar(par(), hoy=HOY)
    assert not otra.cambia_algo and not otra.hay_errores and otra.total["igual"] == len(otra.plan)
    assert "No hay nada nuevo" in operaciones.por_que_no_se_confirma(otra.importacion)
    assert (exportado(), historia()) == (antes, versiones)


def test_dos_importaciones_planeadas_a_la_vez_dan_un_solo_resultado() -> None:
    lugares()
    una, otra = plan(*par()), plan(*par())
    assert operaciones.totales(una) == operaciones.totales(otra)
    escribir(una)
    antes, versiones = exportado(), historia()
    segunda = escribir(otra)
    assert segunda.aplicado and not segunda.cambia_algo and not segunda.hay_errores
    assert segunda.total["igual"] == len(segunda.plan)
    assert (exportado(), historia()) == (antes, versiones)


def test_lo_que_otro_cambio_despues_de_planear_se_compara_otra_vez() -> None:
    importar([personas(persona(1, telefono="3001234567"))], hoy=HOY)
    pendiente = plan(personas(persona(1, telefono="3007654321"), persona(2)))
    Cliente.objects.filter(documento="10000001").update(telefono="+573007654321")
    informe = escribir(pendiente)
    assert informe.cuentas["clientes"] == {"nuevo": 1, "cambiado": 0, "igual": 1}


def test_si_otro_escribe_lo_mismo_al_mismo_tiempo_la_tanda_se_repite_y_las_cuentas_no_se_corren(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    importacion = plan(PLANES, *[personas(persona(1), persona(2, servicios="TV-1"))])
    catalogo, guardar = Comparador.catalogo, RecursoCliente.guardar_lote
    intentos: list[str] = []

    def catalogo_ajeno(self: Any, filas: Any, **opciones: Any) -> Any:
        """La primera vez, la base rechaza el primero: otro acaba de crearlo."""
        resultados = catalogo(self, filas, **opciones)
        if not intentos:
            intentos.append("catálogo")
            resultados["servicios"][0] = Resultado("", "error", faltas=[Falta("", "", NO_LA_ACEPTO)])
        return resultados

    def guardar_y_chocar(self: Any, resultados: Any, **opciones: Any) -> None:
        guardar(self, resultados, **opciones)
        if len(intentos) < 3:
            intentos.append("clientes")
            raise IntegrityError("otro" if len(intentos) == 2 else "se esperan")

    monkeypatch.setattr(Comparador, "catalogo", catalogo_ajeno)
    monkeypatch.setattr(RecursoCliente, "guardar_lote", guardar_y_chocar)
    informe = escribir(importacion)
    assert intentos == ["catálogo", "clientes", "clientes"] and informe.aplicado
    assert informe.cuentas == {"servicios": {"nuevo": 2}, "clientes": {"nuevo": 2}, "contratos": {"nuevo": 1}}
    assert (Cliente.objects.count(), Cliente.history.count(), Servicio.objects.count()) == (2, 2, 2)


# --- Modos y errores --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("modo", "esperado", "documentos"),
    [("crear", {"omitido": 1, "nuevo": 1}, ["Ana1 Ríos", "Ana2 Ríos"]),
     ("actualizar", {"cambiado": 1, "omitido": 1}, ["Otra Ríos"]),
     ("todo", {"cambiado": 1, "nuevo": 1}, ["Otra Ríos", "Ana2 Ríos"])],
)  # fmt: skip
def test_solo_crear_y_solo_actualizar(modo: str, esperado: dict[str, int], documentos: list[str]) -> None:
    importar([personas(persona(1))], hoy=HOY)
    informe = importar([personas(persona(1, nombre="Otra"), persona(2))], hoy=HOY, modo=modo)
    assert informe.cuentas["clientes"] == esperado
    assert [f"{c.nombre} {c.apellido}" for c in Cliente.objects.order_by("documento")] == documentos
    if modo != "todo":
        (omitido,) = (r for r in informe.plan if r.tipo == "omitido")
        assert "se pidió solo" in omitido.detalle["notas"][-1]


def test_con_errores_no_entra_nada_o_entra_el_resto() -> None:
    malo = persona(2, telefono="12", servicios="Pospago 20 GB")
    fuentes = [PLANES, personas(persona(1, servicios="Pospago 20 GB"), malo)]
    antes = exportado()
    detenida = importar(fuentes, hoy=HOY)
    assert detenida.importacion.estado == EstadoImportacion.POR_CONFIRMAR and exportado() == antes
    with pytest.raises(ValidationError, match=r"Hay 2 registros con errores"):
        operaciones.confirmar(detenida.importacion, usuario=None)
    parcial = importar(fuentes, hoy=HOY, ante_errores="omitir")
    assert parcial.aplicado and [c.documento for c in Cliente.objects.all()] == ["10000001"]
    assert Contrato.objects.count() == 1
    # El contrato del que no entró tampoco entra, y dice por culpa de quién.
    assert {(m.ruta, m.campo) for m in parcial.malas} == {
        ("usuarios[1]", "Teléfono"), ("usuarios[1].servicios", "Cliente")
    }  # fmt: skip


def test_un_choque_al_escribir_deshace_lo_escrito_y_lo_dice(monkeypatch: pytest.MonkeyPatch) -> None:
    importar([PLANES, personas(persona(9))], hoy=HOY)
    antes = exportado()
    pendiente = plan(personas(*(persona(n, servicios="TV-1") for n in range(6)), persona(9, nombre="Otra")))
    Servicio.objects.get(codigo="TV-1").precios.all().delete()
    Servicio.objects.filter(codigo="TV-1").delete()
    sin_tv = exportado()
    informe = escribir(pendiente)
    assert informe.importacion.estado == EstadoImportacion.DESHECHA
    assert "No se importó nada: la base cambió." in informe.importacion.problema
    assert "usuarios[0].servicios" in informe.importacion.problema and "TV-1" in informe.importacion.problema
    assert exportado() == sin_tv != antes
    assert informe.importacion.deshecho == {"revertidos": 7, "conservados": 0, "imposibles": 0}
    assert not informe.importacion.reversiones.exists()


def test_un_corte_mientras_se_deshace_sola_sigue_deshaciendo(monkeypatch: pytest.MonkeyPatch) -> None:
    importar([PLANES], hoy=HOY)
    pendiente = plan(personas(*(persona(n, servicios="TV-1") for n in range(3))))
    guardado = Servicio.objects.get(codigo="TV-1")
    Servicio.objects.filter(codigo="TV-1").update(codigo="TV-9")
    antes = exportado()

    def morir(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as parche, pytest.raises(SystemExit):
        parche.setattr(operaciones, "deshacer_lote", morir)
        escribir(pendiente)
    assert Cliente.objects.count() == 3
    # Aunque lo que estorbaba ya no estorbe, no se importa la mitad que faltaba: se termina de deshacer.
    Servicio.objects.filter(pk=guardado.pk).update(codigo="TV-1")
    pendiente.refresh_from_db()
    assert pendiente.estado == EstadoImportacion.DESHACIENDO
    operaciones.revertir(pendiente, usuario=None)
    Servicio.objects.filter(pk=guardado.pk).update(codigo="TV-9")
    assert exportado() == antes and "la base cambió" in pendiente.problema
    assert pendiente.estado == EstadoImportacion.DESHECHA


def test_con_omitir_un_choque_al_escribir_deja_fuera_solo_ese_registro() -> None:
    importar([PLANES], hoy=HOY)
    pendiente = plan(personas(persona(1, servicios="TV-1"), persona(2, servicios="PP-1")), ante_errores="omitir")
    Servicio.objects.filter(codigo="TV-1").update(codigo="TV-9")
    informe = escribir(pendiente)
    assert informe.aplicado and Cliente.objects.count() == 2
    assert [c.servicio.codigo for c in Contrato.objects.all()] == ["PP-1"]
    assert informe.cuentas["contratos"] == {"nuevo": 1, "error": 1}
    (mala,) = informe.malas
    assert mala.ruta == "usuarios[0].servicios" and "TV-1" in mala.motivo


def test_cancelada_a_mitad_se_continua_y_termina_como_si_nada(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aplicador, "LECTURA", 5)
    monkeypatch.setattr(planificador, "SEGUNDOS_ENTRE_AVANCES", 0)
    importar([PLANES], hoy=HOY)
    importacion = plan(personas(*(persona(n, servicios="TV-1") for n in range(23))))
    operaciones.confirmar(importacion, usuario=None, en_cola=False)

    def cancelar(una: Importacion) -> None:
        if una.hechos >= 10:
            operaciones.pedir_cancelacion(una)

    operaciones.aplicar(importacion, al_avanzar=cancelar)
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.DETENIDA and "Se canceló" in importacion.problema
    assert Cliente.objects.count() == 10 and not Contrato.objects.exists()
    operaciones.continuar(importacion, usuario=None)
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.APLICADA and importacion.problema == ""
    assert (Cliente.objects.count(), Contrato.objects.count(), Cliente.history.count()) == (23, 23, 23)
    assert importacion.cuentas["clientes"] == {"nuevo": 23}
    assert set(Cliente.history.values_list("history_date", flat=True)) == {importacion.momento}


def test_cancelada_a_mitad_tambien_se_deshace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aplicador, "LECTURA", 5)
    monkeypatch.setattr(planificador, "SEGUNDOS_ENTRE_AVANCES", 0)
    antes = exportado()
    importacion = plan(personas(*(persona(n) for n in range(12))))
    operaciones.confirmar(importacion, usuario=None, en_cola=False)
    operaciones.aplicar(importacion, al_avanzar=operaciones.pedir_cancelacion)
    assert 0 < Cliente.objects.count() < 12
    operaciones.deshacer(importacion, usuario=None)
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.DESHECHA and exportado() == antes


# --- Permisos y cuentas -----------------------------------------------------------------------------------------------
def test_lo_que_la_cuenta_no_puede_importar_no_se_lee_ni_en_parte() -> None:
    fuentes = [PLANES, personas(persona(1))]
    with pytest.raises(ArchivoIlegible, match=r"Su cuenta no puede importar servicios\."):
        importar(fuentes, hoy=HOY, permitidas={"clientes"})
    importacion = Importacion.objects.get()
    assert importacion.estado == EstadoImportacion.ILEGIBLE and not importacion.plan.exists()
    assert not importacion.avisos.exists()
    with pytest.raises(ArchivoIlegible, match="no puede importar"):
        importar(fuentes, hoy=HOY, permitidas=set())
    assert importar(fuentes, hoy=HOY, permitidas={"clientes", "servicios"}).aplicado


def test_las_cuentas_suman_los_registros_del_archivo() -> None:
    lugares()
    informe = importar(par(), hoy=HOY)
    usuarios, servicios = USUARIO["movistar"], SERVICIOS["movistar"]
    colgados = {clave: sum(len(u.get(clave, ())) for u in usuarios["usuarios"].values())
                for clave in ("servicios", "interacciones", "consentimientos")}  # fmt: skip
    esperado = {
        "tipos": len(servicios["tipos"]), "servicios": len(servicios["servicios"]), "precios": 3,
        "promociones": len(servicios["promociones"]), "municipios": len(usuarios["municipios"]),
        "clientes": len(usuarios["usuarios"]), "contratos": colgados["servicios"],
        "interacciones": colgados["interacciones"], "consentimientos": colgados["consentimientos"],
    }  # fmt: skip
    assert {entidad: sum(cuenta.values()) for entidad, cuenta in informe.cuentas.items()} == esperado
    archivos_ = {archivo.nombre: archivo.registros for archivo in informe.importacion.archivos.all()}
    assert archivos_ == {
        "usuario.json": esperado["clientes"] + esperado["municipios"],
        "servicios.json": esperado["tipos"] + esperado["servicios"] + esperado["promociones"],
    }


def test_la_historia_dice_que_importacion_fue_cuando_y_quien() -> None:
    cuenta = Usuario.objects.create_user("lucia", first_name="Lucía", last_name="Prueba")
    importacion = plan(PLANES, personas(persona(1, servicios="TV-1")), usuario=cuenta)
    importacion.usuario = cuenta
    informe = escribir(importacion, cuenta)
    huella = informe.importacion.archivos.order_by("orden")[0].huella
    versiones = [*Cliente.history.all(), *Contrato.history.all(), *Servicio.history.all()]
    assert len(versiones) == 4
    for version in versiones:
        assert version.origen.startswith(f"importación {importacion.pk}: servicios.json, usuario.json")
        assert huella[:12] in version.origen and version.history_type == "+"
        assert version.history_date == informe.importacion.momento
        assert version.autor == "lucia" or "Lucía" in version.autor


# --- Varios archivos --------------------------------------------------------------------------------------------------
def test_un_zip_con_el_par_es_como_subir_los_dos() -> None:
    lugares()
    bulto = io.BytesIO()
    with zipfile.ZipFile(bulto, "w") as comprimido:
        for una in par():
            comprimido.writestr(f"viejo/{una.nombre}", una.datos)
        comprimido.writestr("__MACOSX/viejo/._usuario.json", b"\x00\x05")
    informe = importar([Fuente("todo.zip", bulto.getvalue())], hoy=HOY)
    assert informe.aplicado and informe.avisos == [] and Cliente.objects.count() == 3


def comprimido(**dentro: bytes) -> bytes:
    bulto = io.BytesIO()
    with zipfile.ZipFile(bulto, "w") as uno:
        for nombre, datos in dentro.items():
            uno.writestr(nombre, datos)
    return bulto.getvalue()


def test_dos_zip_a_la_vez_no_se_pisan_y_lo_que_no_se_lee_se_dice() -> None:
    uno = comprimido(**{"usuario.json": personas(persona(1)).datos, "Thumbs.db": b"x", "foto.png": b"x"})
    otro = comprimido(**{"usuario.json": personas(persona(2)).datos, "vacio.json": b""})
    informe = importar([Fuente("uno.zip", uno), Fuente("otro.zip", otro)], hoy=HOY)
    assert sorted(Cliente.objects.values_list("documento", flat=True)) == ["10000001", "10000002"]
    assert [(aviso.ruta, aviso.motivo) for aviso in informe.avisos] == [
        ("uno.zip: foto.png", "Venía en el ZIP y no se lee: no es .json, .csv ni .xlsx."),
        ("otro.zip: vacio.json", "Venía en el ZIP y no se lee: está vacío."),
    ]


@pytest.mark.parametrize("orden", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_los_archivos_se_refieren_unos_a_otros_en_cualquier_orden(orden: tuple[int, ...]) -> None:
    quejas = fuente("reclamos.json", {"quejas": [{"nombre": "Ana1 Ríos", "telefono": "3001234567", "queja": "Lento"}]})
    tres = [PLANES, personas(persona(1, telefono="3001234567", plan=2)), quejas]
    informe = importar([tres[n] for n in orden], hoy=HOY)
    assert informe.aplicado and informe.malas == []
    assert Contrato.objects.get().servicio.codigo == "TV-1"
    assert Interaccion.objects.get().cliente == Contrato.objects.get().cliente


def test_una_interaccion_nombra_a_un_cliente_que_ya_estaba_y_a_dos_no() -> None:
    importar([personas(persona(1, telefono="3001234567"), persona(2, nombre="Eva"), persona(3, nombre="Eva"))], hoy=HOY)
    quejas = [
        {"nombre": "Ana1 Ríos", "telefono": "300 123 4567", "queja": "Lento"},
        {"nombre": "Eva Ríos", "queja": "Caro"},
        {"nombre": "Ana1 Ríos", "telefono": "3009999999", "queja": "x"},
    ]
    informe = importar([fuente("reclamos.json", {"quejas": quejas})], hoy=HOY, ante_errores="omitir")
    assert Interaccion.objects.get().cliente.documento == "10000001"
    motivos = [mala.motivo for mala in informe.malas]
    assert "hay 2 que se llaman así" in motivos[0] and "nadie se llama así" in motivos[1]


def test_el_suscriptor_de_un_servicio_empieza_cuando_su_cliente() -> None:
    uno = {"codigo": "PP-1", "nombre": "Pospago", "tipo": "pospago", "precio": 1, "clientes": ["10000001", 10000002]}
    planes = fuente("servicios.json", {"servicios": [uno]})
    importar([personas(persona(2, fecha="2020-02-02"))], hoy=HOY)
    assert importar([planes, personas(persona(1))], hoy=HOY).aplicado
    inicios = dict(Contrato.objects.values_list("cliente__documento", "fecha_inicio"))
    assert {d: f.isoformat() for d, f in inicios.items()} == {"10000001": "2015-04-01", "10000002": "2020-02-02"}
