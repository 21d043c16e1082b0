"""Evaluar y guardar por lotes: datos por completar, identificador de origen, referencias por crear y lo único."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clientes import operaciones
from clientes.models import Cliente, Consentimiento, Contrato
from clientes.recursos import (
    RecursoCliente,
    RecursoConsentimiento,
    RecursoContrato,
    RecursoInteraccion,
    recordar_catalogo,
)
from movistar_site.comun.lotes import Firma
from movistar_site.comun.piezas_intercambio import Contexto, Entrada, Resultado
from servicios.models import PrecioServicio, Servicio
from servicios.recursos import RecursoServicio

from .fabricas import (
    FabricaCliente,
    FabricaConsentimiento,
    FabricaContrato,
    FabricaServicio,
    FabricaTipo,
    FabricaUsuario,
    servicio_con_precio,
)

pytestmark = pytest.mark.django_db
HOY = date(2026, 6, 15)
FIRMA = Firma(datetime(2026, 6, 15, 12, tzinfo=UTC))
PERSONA = {
    "tipo_documento": "CC", "documento": "10203040", "nombre": "Eva", "apellido": "Luna",
    "fecha_vinculacion": "2020-01-01",
}  # fmt: skip
CONSENTIMIENTO = {
    "cliente": "CC-10203040", "finalidad": "comercial", "canal": "sms", "version_texto": "v1",
    "otorgado_el": "2026-01-05T10:00:00-05:00", "medio": "web", "evidencia": "Acta",
}  # fmt: skip


def evaluar(recurso: Any, *filas: dict[str, Any]) -> list[Resultado]:
    return recurso.evaluar([Entrada(f"fila {n}", dict(fila)) for n, fila in enumerate(filas, 2)])  # type: ignore[no-any-return]


def clientes(*filas: dict[str, Any], guardar: bool = True, **contexto: Any) -> list[Resultado]:
    recurso = RecursoCliente(Contexto(hoy=HOY, **contexto))
    resultados = evaluar(recurso, *filas)
    if guardar:
        recurso.guardar_lote(resultados, firma=FIRMA)
    return resultados


def motivos(resultado: Resultado) -> list[str]:
    return [falta.motivo for falta in resultado.faltas]


# --- Datos por completar ---------------------------------------------------------------------------------------------


def test_lo_incompleto_entra_si_se_dice_y_sale_cuando_llega_completo() -> None:
    incompleta = {**PERSONA, "apellido": "", "telefono": "234 5678",
                  "pendientes": {"apellido": "No venía.", "telefono": "Le falta el indicativo."}}  # fmt: skip
    (nuevo,) = clientes(incompleta)
    assert nuevo.tipo == "nuevo" and nuevo.clave == "CC-10203040"
    eva = Cliente.objects.get()
    assert (eva.apellido, eva.telefono, set(eva.pendientes)) == ("", "2345678", {"apellido", "telefono"})
    assert clientes(incompleta)[0].tipo == "igual"
    (completo,) = clientes({**PERSONA, "telefono": "2345678"})
    assert [cambio[0] for cambio in completo.cambios] == ["apellido", "pendientes"]
    eva.refresh_from_db()
    assert (eva.apellido, set(eva.pendientes)) == ("Luna", {"telefono"})


def test_lo_incompleto_no_entra_si_no_se_dice() -> None:
    sin_apellido, corto = clientes(
        {**PERSONA, "apellido": ""}, {**PERSONA, "documento": "55667788", "telefono": "2345678"}, guardar=False
    )
    assert motivos(sin_apellido) == ["Escriba el apellido de la persona."]
    assert [falta.columna for falta in corto.faltas] == ["telefono"] and "está incompleto" in motivos(corto)[0]


def test_lo_que_alguien_completo_no_vuelve_a_quedar_pendiente_si_el_archivo_no_lo_cambia() -> None:
    deducida = {**PERSONA, "pendientes": {"fecha_vinculacion": "Deducida de «6 años»."}}
    clientes(deducida)
    eva = Cliente.objects.get()
    eva.pendientes = {}
    eva.save()
    assert clientes(deducida)[0].tipo == "igual"
    assert clientes({**deducida, "fecha_vinculacion": "2019-01-01"})[0].tipo == "igual"
    eva.refresh_from_db()
    assert eva.pendientes == {}


def test_lo_deducido_no_reemplaza_lo_que_ya_se_sabe() -> None:
    clientes({**PERSONA, "telefono": "300 123 45 67"})
    antes = Cliente.objects.get()
    dudas = {"apellido": "Solo trae el nombre.", "telefono": "Corto.", "fecha_vinculacion": "No la trae."}
    dudosa = {
        **PERSONA,
        "apellido": "",
        "telefono": "2345678",
        "fecha_vinculacion": "2026-01-01",
        "direccion": "Otra 1",
    }
    (cambiado,) = clientes({**dudosa, "pendientes": dudas})
    assert [cambio[0] for cambio in cambiado.cambios] == ["direccion"]
    assert "se conserva lo que ya estaba: apellido, teléfono, fecha de vinculación" in cambiado.notas[0]
    despues = Cliente.objects.get()
    for campo in (*dudas, "categoria_asignada", "pendientes"):
        assert getattr(despues, campo) == getattr(antes, campo), campo
    # Lo que ya estaba por completar sí se pone al día.
    Cliente.objects.update(pendientes={"telefono": "Corto."}, telefono="2340000")
    clientes({**dudosa, "pendientes": dudas})
    assert Cliente.objects.get().telefono == "2345678"


def test_una_persona_que_escribe_el_dato_lo_completa_y_lo_demas_sigue_pendiente() -> None:
    eva = FabricaCliente(apellido="", telefono="2345678", pendientes={"apellido": "No venía.", "telefono": "Corto."})
    agente = FabricaUsuario()
    eva.notas = "Llamó hoy"
    operaciones.guardar_cliente(eva, usuario=agente, hoy=HOY)
    assert set(eva.pendientes) == {"apellido", "telefono"}
    eva.apellido = "Luna"
    operaciones.guardar_cliente(eva, usuario=agente, hoy=HOY)
    eva.refresh_from_db()
    assert eva.pendientes == {"telefono": "Corto."}
    eva.telefono = "234 9999"
    with pytest.raises(ValidationError, match="está incompleto"):
        operaciones.guardar_cliente(eva, usuario=agente, hoy=HOY)


# --- Quién es --------------------------------------------------------------------------------------------------------


def test_por_origen_un_documento_distinto_es_un_cambio_y_no_puede_ser_el_de_otro() -> None:
    clientes({**PERSONA, "id_origen": "7"}, {**PERSONA, "documento": "55667788", "id_origen": "8"})
    cambio, choque = clientes(
        {**PERSONA, "documento": "99887766", "id_origen": "7"},
        {**PERSONA, "id_origen": "8"},
        identificador="origen",
        guardar=False,
    )
    assert cambio.tipo == "cambiado" and ("documento", "Documento", "10203040", "99887766") in cambio.cambios
    assert motivos(choque) == ["Ya hay un cliente con ese tipo y número de documento."]
    assert clientes({**PERSONA, "documento": "99887766", "id_origen": "7"}, guardar=False)[0].tipo == "nuevo"


def test_dos_filas_del_mismo_cliente_son_una_repeticion() -> None:
    clientes({**PERSONA, "id_origen": "7"})
    for filas, contexto in (
        ((PERSONA, {**PERSONA, "documento": "10.203.040"}), {}),
        ((PERSONA, {**PERSONA, "documento": "99887766", "id_origen": "7"}), {"identificador": "origen"}),
        (({**PERSONA, "documento": "111222", "id_origen": "9"}, {**PERSONA, "documento": "111333", "id_origen": "9"}),
         {"identificador": "origen"}),
    ):  # fmt: skip
        primera, segunda = clientes(*filas, guardar=False, **contexto)
        assert primera.tipo != "error"
        assert motivos(segunda) == ["Repetido: fila 2 y fila 3 traen la misma clave."]


def test_la_categoria_dicha_que_no_es_la_calculada_deja_una_nota() -> None:
    dicha, calculada = clientes(
        {**PERSONA, "categoria": "leal"}, {**PERSONA, "documento": "55667788", "categoria": "regular"}, guardar=False
    )
    assert dicha.notas == ["Dice leal y por permanencia sería regular: queda asignada a mano."]
    assert calculada.notas == []


# --- Referencias de la misma importación -----------------------------------------------------------------------------


def test_un_contrato_puede_referirse_a_un_cliente_que_viene_en_la_misma_importacion() -> None:
    servicio_con_precio(codigo="FIB-1")
    plan = {"CC-10203040": "nuevo", "CC-55667788": "error"}
    contexto = Contexto(hoy=HOY, en_plan=lambda familia, claves: {c: plan[c] for c in claves if c in plan})
    fila = {"servicio": "FIB-1", "fecha_inicio": "2025-01-01"}
    bueno, malo, no_hay, repetido = evaluar(
        RecursoContrato(contexto), *({**fila, "cliente": c} for c in ("CC-10203040", "CC-55667788", "CC-999999")),
        {**fila, "cliente": "CC 10.203.040"},
    )  # fmt: skip
    assert (bueno.tipo, bueno.clave) == ("nuevo", "CC-10203040 FIB-1 2025-01-01".replace("FIB-1", servicio_pk()))
    assert motivos(malo) == ["«CC-55667788» viene en el archivo con errores: corríjalo primero."]
    assert motivos(no_hay) == ["No existe el cliente «CC-999999»."]
    assert motivos(repetido) == ["Repetido: fila 2 y fila 5 traen la misma clave."]


def servicio_pk() -> str:
    return str(Servicio.objects.get().pk)


def test_los_precios_de_un_catalogo_que_se_deshizo_sirven_a_los_contratos() -> None:
    FabricaTipo(codigo="t_uno", nombre="Tipo uno")
    FabricaCliente(documento="10203040")
    contexto = Contexto(hoy=HOY)
    with transaction.atomic():
        fila = {"codigo": "NUE-1", "nombre": "Nuevo", "tipo": "t_uno", "precio": "50000"}
        (servicio,) = RecursoServicio(contexto).procesar([Entrada("fila 2", fila)])
        assert servicio.faltas == []
        recordar_catalogo(contexto)
        transaction.set_rollback(True)
    assert not PrecioServicio.objects.exists()
    fila = {"cliente": "CC-10203040", "servicio": "nue-1", "fecha_inicio": "2026-06-15"}
    (contrato,) = evaluar(RecursoContrato(contexto), fila)
    assert (contrato.faltas, contrato.tipo, contrato.instancia.precio) == ([], "nuevo", 50000)


# --- Lo que solo puede haber una vez ---------------------------------------------------------------------------------


def test_solo_una_autorizacion_vigente_tambien_entre_filas_y_entre_trozos() -> None:
    FabricaCliente(documento="10203040")
    recurso = RecursoConsentimiento(Contexto(hoy=HOY))
    otra = {**CONSENTIMIENTO, "otorgado_el": "2026-02-05T10:00:00-05:00"}
    primera, segunda = evaluar(recurso, CONSENTIMIENTO, otra)
    assert (primera.tipo, motivos(segunda)) == (
        "nuevo", ["El cliente ya tiene vigente esa autorización por ese canal."]
    )  # fmt: skip
    (tercera,) = recurso.evaluar([Entrada("fila 9", {**otra, "otorgado_el": "2026-03-05T10:00:00-05:00"})])
    assert tercera.tipo == "error"


def test_revocar_en_el_mismo_archivo_deja_dar_la_autorizacion_otra_vez() -> None:
    cliente = FabricaCliente(documento="10203040")
    FabricaConsentimiento(cliente=cliente, canal="sms", otorgado_el=datetime(2026, 1, 5, 15, tzinfo=UTC))
    revocada = {**CONSENTIMIENTO, "revocado_el": "2026-02-01"}
    otra = {**CONSENTIMIENTO, "otorgado_el": "2026-02-05T10:00:00-05:00"}
    recurso = RecursoConsentimiento(Contexto(hoy=HOY))
    resultados = evaluar(recurso, revocada, otra)
    assert [resultado.tipo for resultado in resultados] == ["cambiado", "nuevo"]
    # Y en otro trozo, antes de que la base lo sepa.
    por_trozos = RecursoConsentimiento(Contexto(hoy=HOY))
    assert evaluar(por_trozos, revocada)[0].tipo == "cambiado"
    assert por_trozos.evaluar([Entrada("fila 3", otra)])[0].tipo == "nuevo"
    with transaction.atomic():
        recurso.guardar_lote(resultados, firma=FIRMA)
    assert Consentimiento.objects.vigentes().count() == 1


# --- Guardar ---------------------------------------------------------------------------------------------------------


def test_los_que_no_traen_numero_lo_reciben_sin_chocar_con_los_que_lo_traen() -> None:
    servicio_con_precio(codigo="FIB-1")
    FabricaCliente(documento="10203040")
    fila = {"cliente": "CC-10203040", "servicio": "FIB-1", "fecha_inicio": "2025-01-01"}
    recurso = RecursoContrato(Contexto(hoy=HOY))
    resultados = evaluar(recurso, fila, {**fila, "fecha_inicio": "2025-01-02", "numero": "C-00000040"})
    recurso.guardar_lote(resultados, firma=FIRMA)
    assert sorted(Contrato.objects.values_list("numero", flat=True)) == ["C-00000040", "C-00000041"]
    assert resultados[0].registro.startswith("C-00000041")
    assert [r.tipo for r in evaluar(recurso, fila, {**fila, "fecha_inicio": "2025-01-02"})] == ["igual", "igual"]


def test_evaluar_hace_las_mismas_consultas_con_diez_filas_que_con_doscientas() -> None:
    servicio = FabricaServicio(codigo="FIB-1")
    suyos = [FabricaContrato(servicio=servicio) for _ in range(3)]
    fila = {"servicio": "FIB-1", "fecha_inicio": "2025-01-01", "precio": "1"}

    def consultas(cuantas: int) -> int:
        recurso = RecursoContrato(Contexto(hoy=HOY))
        filas = [{**fila, "cliente": f"CC-{1_000_000 + n}"} for n in range(cuantas)]
        filas += [{"numero": c.numero, "precio": "2", "cliente": f"CC-{c.cliente.documento}"} for c in suyos]
        with CaptureQueriesContext(
            connection,
        ) as capturadas:
            evaluar(recurso, *filas)
        return len(capturadas)

    assert consultas(10) == consultas(200) <= 6


def test_una_interaccion_no_puede_ser_de_un_contrato_de_otro_cliente() -> None:
    contrato, otro = FabricaContrato(), FabricaCliente()
    fila = {"cliente": f"CC-{otro.documento}", "tipo": "consulta", "fecha": "2026-01-01", "asunto": "Saldo",
            "contrato": contrato.numero}  # fmt: skip
    (resultado,) = evaluar(RecursoInteraccion(Contexto(hoy=HOY)), fila)
    assert motivos(resultado) == [f"El contrato {contrato.numero} es de otro cliente."]
