"""Del plan a la base y de vuelta: qué queda escrito, qué se dice y qué pasa cuando algo cambia en medio."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clientes.models import Cliente, Contrato, Interaccion
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.models import Usuario
from movistar_site.intercambio import aplicador, carpeta, operaciones, planificador
from movistar_site.intercambio.entidades import ENTIDADES
from movistar_site.intercambio.exportador import archivos
from movistar_site.intercambio.models import EstadoImportacion, Importacion, RegistroPlan
from servicios.models import Servicio

from .datos import HOY, SERVICIOS, USUARIO, fuente, lugares, par
from .motor import Fuente, Informe, importar, informe_de

pytestmark = pytest.mark.django_db
PLANES = fuente(
    "servicios.json",
    {"servicios": [{"codigo": "PP-1", "nombre": "Pospago 20 GB", "tipo": "Pospago", "precio": 50000},
                   {"codigo": "TV-1", "nombre": "Televisión básica", "tipo": "Televisión", "precio": 40000}]},
)  # fmt: skip


def persona(numero: int = 0, **campos: Any) -> dict[str, Any]:
    """Una persona inventada, como la tenía otro sistema."""
    return {"nombre": f"Ana{numero}", "apellido": "Ríos", "cedula": str(10_000_000 + numero), "fecha": "2015-04-01",
            **campos}  # fmt: skip


def personas(*unas: dict[str, Any], nombre: str = "usuario.json") -> Fuente:
    return fuente(nombre, {"usuarios": list(unas)})


def plan(*fuentes: Fuente, **opciones: Any) -> Importacion:
    """Una importación leída, sin confirmar."""
    return importar(list(fuentes), hoy=HOY, simular=True, **opciones).importacion


def escribir(importacion: Importacion, usuario: Any = None) -> Informe:
    operaciones.confirmar(importacion, usuario=usuario, en_cola=False)
    operaciones.aplicar(importacion)
    importacion.refresh_from_db()
    return informe_de(importacion)


def exportado() -> dict[str, bytes]:
    return {nombre: b"".join(trozos()) for nombre, trozos in archivos(hoy=HOY, formato="json").items()}


def historia() -> dict[str, int]:
    return {nombre: entidad.modelo.history.count() for nombre, entidad in ENTIDADES.items()}


def registro(importacion: Importacion, **busca: Any) -> RegistroPlan:
    uno = RegistroPlan.objects.get(importacion=importacion, **busca)
    uno.importacion = importacion
    return uno


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
    operaciones.aplicar(importacion, al_avanzar=lambda una: operaciones.pedir_cancelacion(una))
    assert 0 < Cliente.objects.count() < 12
    operaciones.deshacer(importacion, usuario=None)
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.DESHECHA and exportado() == antes


# --- Corregir ---------------------------------------------------------------------------------------------------------
def test_lo_corregido_antes_de_confirmar_arrastra_a_su_contrato() -> None:
    importacion = plan(PLANES, personas(persona(1, telefono="12", servicios="TV-1", quejas=["Lento"]), persona(2)))
    malo = registro(importacion, entidad="clientes", tipo="error")
    operaciones.corregir_registro(malo, valores={"telefono": "300 123 4567"}, usuario=None)
    assert importacion.cuentas["clientes"] == {"nuevo": 2, "error": 0}
    assert importacion.cuentas["contratos"]["nuevo"] == importacion.cuentas["interacciones"]["nuevo"] == 1
    assert operaciones.por_que_no_se_confirma(importacion) == ""
    assert escribir(importacion).total["nuevo"] == 6
    assert Contrato.objects.get().cliente.telefono == "+573001234567" == Interaccion.objects.get().cliente.telefono
    with pytest.raises(ValidationError, match="está «aplicada»|no se han importado"):
        operaciones.corregir_registro(malo, valores={"telefono": ""}, usuario=None)


def test_si_se_corrige_el_documento_lo_que_cuelga_lo_sigue() -> None:
    importacion = plan(PLANES, personas(persona(1, cedula="12", servicios="TV-1", quejas=["Lento"])))
    malo = registro(importacion, entidad="clientes")
    operaciones.corregir_registro(malo, valores={"documento": "10000077"}, usuario=None)
    assert operaciones.totales(importacion)["error"] == 0
    escribir(importacion)
    assert Contrato.objects.get().cliente.documento == "10000077" == Interaccion.objects.get().cliente.documento


def test_lo_corregido_despues_de_aplicar_se_reintenta_solo() -> None:
    fuentes = [PLANES, personas(persona(1, telefono="12", servicios="TV-1"), persona(2))]
    importacion = importar(fuentes, hoy=HOY, ante_errores="omitir").importacion
    versiones = historia()
    malo = registro(importacion, entidad="clientes", tipo="error")
    with pytest.raises(ValidationError, match="No hay registros corregidos"):
        operaciones.reintentar(importacion, usuario=None)
    operaciones.corregir_registro(malo, valores={"telefono": "3001234567"}, usuario=None)
    assert len(importacion.ajustes["corregidos"]) == 2 and Cliente.objects.count() == 1
    operaciones.reintentar(importacion, usuario=None)
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.APLICADA and "corregidos" not in importacion.ajustes
    assert (Cliente.objects.count(), Contrato.objects.count()) == (2, 1)
    assert operaciones.totales(importacion) == {
        "pendiente": 0, "nuevo": 5, "cambiado": 0, "igual": 0, "error": 0, "omitido": 0
    }  # fmt: skip
    assert historia()["clientes"] == versiones["clientes"] + 1 and historia()["servicios"] == versiones["servicios"]
    # Todo es la misma importación: deshacerla se lleva también lo reintentado.
    operaciones.deshacer(importacion, usuario=None)
    assert not Cliente.objects.exists() and not Contrato.objects.exists()


def test_un_contrato_se_corrige_con_un_servicio_que_llega_en_el_mismo_archivo() -> None:
    importacion = plan(PLANES, personas(persona(1, servicios="Cosa rara")))
    malo = registro(importacion, tipo="error")
    assert malo.entidad == "contratos" and malo.detalle["faltas"][0][3] == "servicio"
    assert len(malo.detalle["faltas"]) == 1
    operaciones.corregir_registro(malo, valores={"servicio": "TV-1"}, usuario=None)
    assert malo.tipo == "nuevo", malo.detalle
    escribir(importacion)
    assert Contrato.objects.get().servicio.codigo == "TV-1"


def test_al_corregir_un_servicio_los_contratos_que_lo_esperaban_ya_pueden_entrar() -> None:
    planes = fuente("servicios.json", {"servicios": [{"codigo": "F-1", "nombre": "Fibra uno", "tipo": "Fibra",
                                                      "precio": 1000}]})  # fmt: skip
    importacion = plan(planes, personas(persona(1, servicios="F-1")))
    assert operaciones.totales(importacion)["error"] == 2
    malo = registro(importacion, entidad="servicios")
    operaciones.corregir_registro(malo, valores={"caracteristicas": {"velocidad_bajada_mbps": 100}}, usuario=None)
    assert operaciones.totales(importacion)["error"] == 0
    escribir(importacion)
    assert Contrato.objects.get().servicio.caracteristicas == {"velocidad_bajada_mbps": 100}


def test_corregir_a_uno_no_perdona_lo_que_otro_traia_mal() -> None:
    contenido = {"servicios": {"S-1": {"codigo": "S-2", "nombre": "Uno", "tipo": "pospago", "precio": 1},
                               "S-3": {"nombre": "Tres", "tipo": "no existe", "precio": 1}}}  # fmt: skip
    importacion = plan(fuente("servicios.json", contenido))
    malo = registro(importacion, ruta="servicios.S-3")
    operaciones.corregir_registro(malo, valores={"tipo": "pospago"}, usuario=None)
    assert malo.tipo == "nuevo"
    otro = registro(importacion, ruta="servicios.S-1")
    assert otro.tipo == "error" and "no coincide con la clave" in otro.detalle["faltas"][0][2]


# --- Opciones ---------------------------------------------------------------------------------------------------------
def test_por_identificador_de_origen_se_reconoce_aunque_cambie_el_documento() -> None:
    importar([personas(persona(1, id=7), persona(2, id=8))], hoy=HOY)
    informe = importar([personas(persona(3, id=7, nombre="Ana1"), persona(9, id=9))], hoy=HOY, identificador="origen")
    assert informe.cuentas["clientes"] == {"cambiado": 1, "nuevo": 1}
    (cambiado,) = (r for r in informe.plan if r.tipo == "cambiado")
    assert [cambio[0] for cambio in cambiado.detalle["cambios"]] == ["documento"]
    assert sorted(Cliente.objects.values_list("id_origen", "documento")) == [
        ("7", "10000003"), ("8", "10000002"), ("9", "10000009")
    ]  # fmt: skip


def test_la_fecha_de_referencia_mueve_lo_derivado_y_nada_mas() -> None:
    importacion = plan(personas(persona(1, fecha="7 años"), persona(2)))
    assert registro(importacion, ruta="usuarios[0]").valores["fecha_vinculacion"] == "2019-06-15"
    operaciones.cambiar_opciones(importacion, fecha_referencia=HOY.replace(year=2020))
    escribir(importacion)
    fechas = dict(Cliente.objects.values_list("documento", "fecha_vinculacion"))
    assert {d: f.isoformat() for d, f in fechas.items()} == {"10000001": "2013-06-15", "10000002": "2015-04-01"}
    assert "7 años" in Cliente.objects.get(documento="10000001").pendientes["fecha_vinculacion"]


def test_un_mapa_guardado_se_usa_solo_con_el_siguiente_archivo_igual() -> None:
    def archivo(numero: int) -> Fuente:
        return personas(persona(numero, apodo_raro=f"Calle {numero} # 2-3", plan="La grande"))

    importar([PLANES], hoy=HOY)
    importacion = plan(archivo(1))
    assert [a.clave for a in importacion.avisos.all()] == ["apodo_raro"] and operaciones.totales(importacion)["error"]
    operaciones.cambiar_mapa(
        importacion,
        claves={"clientes": {"apodo raro": "direccion"}},
        valores={"servicio": {"la grande": "TV-1"}},
    )
    assert not importacion.avisos.exists() and operaciones.totales(importacion)["error"] == 0
    por = {vista["normal"]: vista["por"] for vista in importacion.claves_vistas}
    mapa = operaciones.guardar_mapa(importacion, nombre="  El de la sede  ", usuario=None)
    escribir(importacion)
    siguiente = importar([archivo(2)], hoy=HOY)
    assert siguiente.aplicado and siguiente.importacion.mapa == mapa and siguiente.avisos == []
    assert sorted(Cliente.objects.values_list("direccion", flat=True)) == ["Calle 1 # 2-3", "Calle 2 # 2-3"]
    assert set(Contrato.objects.values_list("servicio__codigo", flat=True)) == {"TV-1"}
    mapa.refresh_from_db()
    assert mapa.usos == 1 and "ajuste" in por.values()
    with pytest.raises(ValidationError, match="Ya hay un mapa"):
        operaciones.guardar_mapa(importacion, nombre="El de la sede", usuario=None)
    otro = plan(personas(persona(3)))
    assert otro.mapa is None


def test_los_valores_se_traducen_con_su_puntaje_y_nunca_en_silencio_por_debajo_del_umbral() -> None:
    lugares()
    importar([PLANES], hoy=HOY)
    unas = [persona(1, ciudad="Medellin", plan="Postpago"), persona(2, ciudad="Medelin", plan="Televisión bascia"),
            persona(3, ciudad="Mdlln", plan="Tele")]  # fmt: skip
    informe = importar([personas(*unas)], hoy=HOY, ante_errores="omitir")
    vistos = {(v["columna"], v["valor"]): v for v in informe.importacion.valores_vistos}
    assert vistos["municipio", "Medellin"]["destino"] == "05001" and vistos["municipio", "Medellin"]["puntaje"] == 100
    parecido = vistos["municipio", "Medelin"]
    assert parecido["destino"] == "05001" and 90 <= parecido["puntaje"] < 100
    assert vistos["municipio", "Mdlln"]["destino"] == ""
    assert vistos["servicio", "Postpago"]["destino"] == "PP-1"
    assert vistos["servicio", "Televisión bascia"]["destino"] == "TV-1"
    assert vistos["servicio", "Televisión bascia"]["puntaje"] < 100
    assert vistos["servicio", "Tele"]["destino"] in ("", "TV-1")
    notas = " ".join(n for r in informe.plan for n in r.detalle.get("notas", []))
    assert "«Medelin» se tomó por Medellín" in notas and "parecido" in notas
    # Lo que no se sabe qué municipio es no entra con otro: es un error de su celda.
    malas = {m.ruta: m for m in informe.malas}
    assert malas["usuarios[2]"].valor == "Mdlln"
    assert not Cliente.objects.filter(documento="10000003").exists()


# --- Repetidos y parecidos --------------------------------------------------------------------------------------------
def test_los_probables_duplicados_se_muestran() -> None:
    importar([personas(persona(1, telefono="3001234567", nombre="Ana María"))], hoy=HOY)
    importacion = plan(personas(persona(2, telefono="3001234567", nombre="Ana Maria")))
    (uno,) = registro(importacion, entidad="clientes").detalle["parecidos"]
    assert uno[0] == Cliente.objects.get().pk and "10000001" in uno[1] and "teléfono" in uno[2] and uno[3] >= 90


def test_repetido_igual_se_omite_y_distinto_es_un_error_que_dice_los_dos_lugares() -> None:
    igual, distinto = persona(1), persona(2)
    importacion = plan(personas(igual, distinto, igual, {**distinto, "nombre": "Otra"}))
    assert importacion.cuentas["clientes"] == {"nuevo": 2, "omitido": 1, "error": 1}
    omitido, error = registro(importacion, tipo="omitido"), registro(importacion, tipo="error")
    assert omitido.ruta == "usuarios[2]" and "dice lo mismo que usuarios[0]" in omitido.detalle["notas"][-1]
    assert "usuarios[1]" in error.detalle["faltas"][0][2] and "usuarios[3]" in error.detalle["faltas"][0][2]


def test_tambien_en_el_catalogo_y_entre_dos_archivos() -> None:
    uno = {"codigo": "S-1", "nombre": "Uno", "tipo": "pospago", "precio": 1}
    sin_codigo = {"nombre": "Sin código", "tipo": "pospago", "precio": 1}
    importacion = plan(
        fuente("servicios.json", {"servicios": [uno, sin_codigo, {**sin_codigo, "precio": 2}]}),
        fuente("usuario.json", {"usuarios": [persona(1)], "planes": [uno, {**uno, "precio": 2}, sin_codigo]}),
    )
    assert importacion.cuentas["servicios"] == {"nuevo": 3, "omitido": 2, "error": 1}


# --- Lo rechazado -----------------------------------------------------------------------------------------------------
ENCABEZADO = "Tipo de documento;Documento;Nombre;Apellido;Teléfono;Fecha de vinculación"
FILAS = ["CC;10000001;Ana;Ríos;3001234567;2015-04-01", "CC;10000002;Luis;Paz;12;2015-04-01", "",
         "CC;10000003;Eva;Mar;;2015-04-01", "CC;10000004;Leo;Gil;34;ayer"]  # fmt: skip


def rechazados(importacion: Importacion) -> tuple[str, bytes]:
    nombre, _, trozos = operaciones.escribir_rechazados(importacion)
    return nombre, b"".join(trozos)


def test_lo_rechazado_de_un_csv_vuelve_con_su_motivo_y_corregido_entra() -> None:
    datos = "\r\n".join([ENCABEZADO, *FILAS]).encode()
    informe = importar([Fuente("clientes.csv", datos)], hoy=HOY, ante_errores="omitir")
    assert sorted(Cliente.objects.values_list("nombre", flat=True)) == ["Ana", "Eva"]
    nombre, archivo = rechazados(informe.importacion)
    texto = archivo.decode("utf-8-sig")
    assert nombre.endswith(".csv") and [linea.split(";")[2] for linea in texto.splitlines()[1:]] == ["Luis", "Leo"]
    assert "El teléfono «12» no es" in texto and "El teléfono «34» no es" in texto and "«ayer»" in texto
    segunda = importar([Fuente("rechazados.csv", archivo)], hoy=HOY, ante_errores="omitir")
    assert segunda.total["error"] == 2 and segunda.avisos == []
    # Lo que se vuelve a rechazar trae un solo motivo, el de ahora.
    otra_vez = rechazados(segunda.importacion)[1].decode("utf-8-sig")
    assert otra_vez.splitlines()[0].count("Motivo") == 1 and otra_vez.splitlines()[1:] == texto.splitlines()[1:]
    corregido = texto.replace(";12;", ";3007654321;").replace(";34;ayer", ";;2016-01-01")
    assert importar([Fuente("corregido.csv", corregido.encode())], hoy=HOY).aplicado
    assert Cliente.objects.count() == 4


def test_lo_rechazado_de_un_xlsx_tambien() -> None:
    from movistar_site.comun.formatos_archivo import escribir_xlsx, leer_xlsx

    filas = [fila.split(";") for fila in FILAS if fila]
    datos = b"".join(escribir_xlsx(ENCABEZADO.split(";"), iter(filas)))
    informe = importar([Fuente("clientes.xlsx", datos)], hoy=HOY, ante_errores="omitir")
    nombre, archivo = rechazados(informe.importacion)
    tabla = leer_xlsx(archivo)
    assert nombre.endswith(".xlsx") and [fila.valores["Nombre"] for fila in tabla.filas] == ["Luis", "Leo"]
    for fila in tabla.filas:
        fila.valores |= {"Teléfono": "3007654321", "Fecha de vinculación": "2016-01-01"}
    corregido = b"".join(escribir_xlsx(tabla.encabezados, ([*fila.valores.values()] for fila in tabla.filas)))
    assert importar([Fuente("corregido.xlsx", corregido)], hoy=HOY).aplicado and Cliente.objects.count() == 4


def test_lo_rechazado_de_un_json_trae_tambien_lo_que_cuelga() -> None:
    fuentes = [PLANES, personas(persona(1), persona(2, telefono="12", servicios="TV-1", quejas=["Lento"]))]
    informe = importar(fuentes, hoy=HOY, ante_errores="omitir")
    nombre, archivo = rechazados(informe.importacion)
    contenido = json.loads(archivo)["movistar"]
    assert nombre.endswith(".json") and {seccion: len(unos) for seccion, unos in contenido.items()} == {
        "usuarios": 1, "contratos": 1, "interacciones": 1
    }  # fmt: skip
    assert "El teléfono «12»" in contenido["usuarios"][0]["motivo_del_rechazo"]
    contenido["usuarios"][0]["telefono"] = "3001234567"
    corregido = importar([fuente("corregido.json", {"movistar": contenido})], hoy=HOY)
    assert corregido.aplicado and corregido.avisos == [], [a.clave for a in corregido.avisos]
    assert (Cliente.objects.count(), Contrato.objects.count(), Interaccion.objects.count()) == (2, 1, 1)


def test_una_fila_que_da_varios_registros_sale_una_vez_con_todos_sus_motivos() -> None:
    datos = b"Cedula;Nombres;Apellidos;Telefono;Planes\n10000001;Ana;Rios;12;Nada\n10000002;Eva;Mar;;\n"
    informe = importar([Fuente("usuarios.csv", datos)], hoy=HOY, ante_errores="omitir")
    lineas = rechazados(informe.importacion)[1].decode("utf-8-sig").splitlines()
    assert len(lineas) == 2 and "«12»" in lineas[1] and "«Nada»" in lineas[1]


def test_lo_rechazado_de_lo_que_no_se_leyo_o_ya_no_esta_no_rompe() -> None:
    with pytest.raises(ArchivoIlegible):
        importar([Fuente("clientes.csv", b'a;"b\n')], hoy=HOY)
    ilegible = Importacion.objects.get()
    assert json.loads(rechazados(ilegible)[1]) == {"movistar": {}}
    datos = "\r\n".join([ENCABEZADO, *FILAS]).encode()
    vieja = importar([Fuente("clientes.csv", datos)], hoy=HOY, ante_errores="omitir").importacion
    carpeta.borrar(vieja)
    assert b"Luis" in rechazados(vieja)[1]


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
    planes = fuente("servicios.json", {"servicios": [{"codigo": "PP-1", "nombre": "Pospago", "tipo": "pospago",
                                                      "precio": 1000, "clientes": ["10000001", 10000002]}]})  # fmt: skip
    importar([personas(persona(2, fecha="2020-02-02"))], hoy=HOY)
    assert importar([planes, personas(persona(1))], hoy=HOY).aplicado
    inicios = dict(Contrato.objects.values_list("cliente__documento", "fecha_inicio"))
    assert {d: f.isoformat() for d, f in inicios.items()} == {"10000001": "2015-04-01", "10000002": "2020-02-02"}


# --- Vigilancia y aseo ------------------------------------------------------------------------------------------------
def test_una_importacion_huerfana_vuelve_a_la_cola_y_termina() -> None:
    from movistar_site.intercambio import vigilancia

    importacion = plan(personas(persona(1)))
    operaciones.confirmar(importacion, usuario=None, en_cola=False)
    ahora = timezone.now()
    vigilancia.retomar(ahora)
    assert not Cliente.objects.exists()  # Acaba de empezar: quizás alguien está por tomarla.
    with vigilancia.trabajando_en(importacion):
        vigilancia.retomar(ahora + timedelta(minutes=2))
        assert not Cliente.objects.exists()
    vigilancia.retomar(ahora + timedelta(minutes=2))
    importacion.refresh_from_db()
    assert importacion.estado == EstadoImportacion.APLICADA and Cliente.objects.count() == 1


@pytest.mark.parametrize(
    ("estado", "final"), [("aplicando", "detenida"), ("leyendo", "ilegible"), ("deshaciendo", "detenida")]
)
def test_tras_un_trabajo_fallido_no_se_insiste_y_se_dice(estado: str, final: str) -> None:
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    from movistar_site.intercambio import tareas, vigilancia

    importacion = plan(personas(persona(1)))
    Importacion.objects.filter(pk=importacion.pk).update(estado=estado)
    trabajo = {"leyendo": tareas.leer_importacion, "aplicando": tareas.aplicar_importacion,
               "deshaciendo": tareas.deshacer_importacion}[estado]  # fmt: skip
    DBTaskResult.objects.create(
        task_path=trabajo.module_path, args_kwargs={"args": [importacion.pk], "kwargs": {}}, backend_name="default",
        status=TaskResultStatus.FAILED, run_after=timezone.now(),
    )  # fmt: skip
    vigilancia.retomar(timezone.now() + timedelta(hours=1))
    importacion.refresh_from_db()
    assert importacion.estado == final and "se interrumpió varias veces" in importacion.problema
    assert ("Nada se escribió" in importacion.problema) == (final == "ilegible")


def test_el_aseo_borra_lo_viejo_y_deja_la_constancia() -> None:
    from movistar_site.intercambio import vigilancia

    aplicada = importar([personas(persona(1, apodo="x"))], hoy=HOY).importacion
    pendiente, reciente = plan(personas(persona(2))), plan(personas(persona(3)))
    with pytest.raises(ArchivoIlegible):
        importar([Fuente("clientes.json", b"{")], hoy=HOY)
    ilegible = Importacion.objects.latest("pk")
    viejas = [aplicada.pk, pendiente.pk, ilegible.pk]
    ahora = timezone.now()
    Importacion.objects.filter(pk__in=viejas).update(creada_en=ahora - timedelta(days=31))
    assert vigilancia.asear(ahora) == 3
    assert not RegistroPlan.objects.filter(importacion__in=viejas).exists() and carpeta.guardadas() == [reciente.pk]
    aplicada.refresh_from_db()
    pendiente.refresh_from_db()
    assert aplicada.cuentas["clientes"] == {"nuevo": 1} and aplicada.estado == EstadoImportacion.APLICADA
    assert pendiente.estado == EstadoImportacion.DESCARTADA and "sin confirmarla" in pendiente.problema
    assert vigilancia.asear(ahora) == 0
    # La historia queda: aún se puede deshacer.
    operaciones.deshacer(aplicada, usuario=None)
    assert not Cliente.objects.exists()
