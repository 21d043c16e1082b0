"""Lo que no entró: se corrige aquí o en su archivo, y arrastra a lo que dependía de él."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError

from clientes.models import Cliente, Contrato, Interaccion
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.intercambio import carpeta, operaciones
from movistar_site.intercambio.models import EstadoImportacion, Importacion

from .ayudas import PLANES, escribir, historia, persona, personas, plan, rechazados, registro
from .datos import HOY, fuente
from .motor import Fuente, importar

pytestmark = pytest.mark.django_db


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
    with pytest.raises(ValidationError, match=r"está «aplicada»|no se han importado"):
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


# --- Lo rechazado -----------------------------------------------------------------------------------------------------
ENCABEZADO = "Tipo de documento;Documento;Nombre;Apellido;Teléfono;Fecha de vinculación"
FILAS = ["CC;10000001;Ana;Ríos;3001234567;2015-04-01", "CC;10000002;Luis;Paz;12;2015-04-01", "",
         "CC;10000003;Eva;Mar;;2015-04-01", "CC;10000004;Leo;Gil;34;ayer"]  # fmt: skip


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
