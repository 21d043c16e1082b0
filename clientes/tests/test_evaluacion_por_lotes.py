"""Evaluar por lotes dice lo mismo que validar fila por fila con Django, no escribe y no falla con nada."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes.models import Cliente, Consentimiento, Contrato, Interaccion
from clientes.recursos import RecursoCliente, RecursoConsentimiento, RecursoContrato, RecursoInteraccion
from movistar_site.comun import restricciones
from movistar_site.comun.piezas_intercambio import Contexto, Entrada, Resultado
from movistar_site.comun.recursos_lotes import RecursoPorLotes
from servicios.tests.fabricas import FabricaPromocion

from .fabricas import FabricaCliente, FabricaConsentimiento, FabricaContrato, FabricaInteraccion, servicio_con_precio

pytestmark = pytest.mark.django_db
HOY = date(2026, 6, 15)
RECURSOS = (RecursoCliente, RecursoContrato, RecursoInteraccion, RecursoConsentimiento)


def evaluar(clase: type[RecursoPorLotes], *filas: dict[str, Any], **contexto: Any) -> list[Resultado]:
    entradas = [Entrada(f"fila {numero}", dict(fila)) for numero, fila in enumerate(filas, 2)]
    return clase(Contexto(hoy=HOY, **contexto)).evaluar(entradas)


# --- La referencia: una fila, con los pasos y las reglas de Django ---------------------------------------------------


def una_por_una(clase: type[RecursoPorLotes], fila: dict[str, Any]) -> tuple[str, set[Any], list[Any]]:
    """Tipo, faltas y cambios de una fila, sin nada compilado ni recordado."""
    recurso = clase(Contexto(hoy=HOY))
    lote_previo = recurso._evaluar([Entrada("previa", dict(fila))], {})
    existente = lote_previo.existentes[0]
    modelo = clase._meta.model
    instancia = modelo() if existente is None else modelo.objects.get(pk=existente["id"])
    leidos, faltas = leer(recurso, fila, existente is None)
    for nombre, valor in leidos.items():
        setattr(instancia, recurso.fields[nombre].attribute, valor)
    malos = {recurso.fields[titulo].attribute for titulo, _ in faltas}
    entrada = Entrada("fila 2", fila)
    try:
        recurso.ajustar_sobre(instancia, leidos, existente)
    except ValidationError as error:
        nuevas = recurso._faltas_de(error, entrada)
        faltas += [(falta.columna, falta.motivo) for falta in nuevas]
        malos |= {recurso.fields[falta.columna].attribute for falta in nuevas if falta.columna}
    except ValueError as error:
        faltas.append(("", str(error)))
    cambios = [] if existente is None else comparar(recurso, instancia, existente)
    if existente is not None and not faltas and not cambios:
        return "igual", set(), []
    faltas += reglas_de_django(recurso, instancia, malos, entrada)
    if faltas:
        con_campo = {motivo for columna, motivo in faltas if columna}
        return "error", {falta for falta in faltas if falta[0] or falta[1] not in con_campo}, []
    if existente is None:
        return "nuevo", set(), []
    cambios = comparar(recurso, instancia, existente)
    return ("cambiado" if cambios else "igual"), set(), cambios


def leer(recurso: RecursoPorLotes, fila: dict[str, Any], nuevo: bool) -> tuple[dict[str, Any], list[Any]]:
    leidos, faltas = {}, []
    for nombre, columna in recurso.fields.items():
        if nombre not in fila:
            if nuevo and columna.obligatoria:
                faltas.append((nombre, "Falta y es obligatorio."))
            continue
        try:
            valor = columna.widget.clean(fila[nombre])
        except ValueError as error:
            faltas.append((nombre, str(error)))
            continue
        if not (columna.conserva and fila[nombre] in (None, "")) and not recurso._se_conserva(columna, valor):
            leidos[nombre] = valor
    return leidos, faltas


def reglas_de_django(recurso: RecursoPorLotes, instancia: Any, malos: set[str], entrada: Entrada) -> list[Any]:
    opciones = instancia._meta
    referencias = {campo.name for campo in opciones.fields if isinstance(campo, models.ForeignKey)}
    puestas = {nombre for nombre in referencias if getattr(instancia, opciones.get_field(nombre).attname) is not None}
    numero = {recurso.se_numera} if recurso.se_numera and not instancia.numero else set()
    errores: dict[str, Any] = {}

    def reunir(comprobar: Any) -> None:
        try:
            comprobar()
        except ValidationError as error:
            error.update_error_dict(errores)

    reunir(lambda: instancia.clean_fields(exclude=malos | puestas | numero))
    if not (malos | set(errores)) & referencias:
        # La del contrato de una interacción es de la operación y no del modelo: el recurso sabe cuál es la suya.
        reunir(lambda: recurso.limpiar(instancia))
    fuera = malos | set(errores)
    claves = set(recurso.get_import_id_fields())
    for restriccion in opciones.constraints:
        if set(getattr(restriccion, "fields", ())) != claves:
            reunir(lambda una=restriccion: restricciones.validar(una, instancia, sin=fuera))
    return [(f.columna, f.motivo) for f in recurso._faltas_de(ValidationError(errores), entrada)] if errores else []


def comparar(recurso: RecursoPorLotes, instancia: Any, existente: dict[str, Any]) -> list[Any]:
    cambios = []
    for nombre, columna in recurso.compiladas.items():
        despues = getattr(instancia, columna.attname, existente.get(columna.attname))
        if despues != existente.get(columna.attname):
            cambios.append(nombre)
    return cambios


def iguales(clase: type[RecursoPorLotes], fila: dict[str, Any]) -> None:
    (hecho,) = evaluar(clase, fila)
    tipo, faltas, cambios = una_por_una(clase, fila)
    assert hecho.tipo == tipo, (hecho, faltas, cambios)
    assert {(falta.columna, falta.motivo) for falta in hecho.faltas} == faltas
    assert [cambio[0] for cambio in hecho.cambios] == cambios


# --- Filas cualesquiera, cerca de lo que vale ------------------------------------------------------------------------
RARO = st.sampled_from(
    [None, "", "  ", True, 7, 1.5, -3, [], {}, ["x"], {"a": 1}, "x" * 300, "a\x00b", "\ud800", "31/02/2020", "½", "NaN",
     10**30, "=1+1"]
)  # fmt: skip


def filas(base: dict[str, st.SearchStrategy[Any]], raro: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Cualquier parte de las columnas, cada una con un valor corriente o, de vez en cuando, uno raro."""
    return st.fixed_dictionaries(
        {}, optional={columna: valores | (RARO if raro else valores) for columna, valores in base.items()}
    )


def de(*valores: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(valores)


CLIENTE = {
    "tipo_persona": de("natural", "juridica", "Empresa"),
    "tipo_documento": de("CC", "NIT", "cédula de ciudadanía", "PRO"),
    "documento": de("10203040", "10.203.040", "901354361-1", "55667788", "1"),
    "nombre": de("Ana", "Nueva"), "apellido": de("Ríos", "", " "), "email": de("a@b.co", "A@B.co", "malo", "ñ@b.co"),
    "telefono": de("3001234567", "+573001234567", "6012345", "123"), "telefono_alterno": de("601 234 5678", "2345678"),
    "direccion": de("Calle 1", ""), "municipio": de("", "05001", "99999", "5001"), "estrato": de(1, "3", 9, "", 0),
    "fecha_vinculacion": de("2012-03-15", "2030-01-01", "15/03/2012", "1850-01-01"),
    "categoria": de("leal", "nuevo", "Regular", ""), "motivo_categoria": de("", "Trato", " "),
    "estado": de("activo", "inactivo", ""), "inactivo_desde": de("", "2024-01-01"), "notas": de("", "N\notas"),
    "id_origen": de("", "9", "x" * 70),
    "pendientes": de({}, {"apellido": "No venía"}, {"telefono": "Le falta el indicativo"}, ""),
}  # fmt: skip
CONTRATO = {
    "numero": de("", "C-90000001", "c-90000001", "C-5", "x" * 25),
    "cliente": de("CC-10203040", "CC 10.203.040", "CC-999999", "NIT-901354361-1"),
    "servicio": de("FIB-1", "fib-1", "NO-HAY"), "estado": de("activo", "terminado", "Pendiente", ""),
    "fecha_inicio": de("2025-01-01", "2010-01-01", "1/5/2026"), "fecha_fin": de("", "2025-06-01", "2001-01-01"),
    "precio": de("74.900", "74900.00", "-1", "", "0", 5), "periodicidad": de("mensual", "Anual", ""),
    "condiciones": de({}, {"a": [1, 2.5]}, "", '{"a": 1}', "no"), "permanencia_meses": de(0, 12, 24, ""),
    "anexo_permanencia": de("", "AX-1", "  "), "promocion": de("", "PRO-1", "NO-HAY"),
    "cedido_de": de("", "C-90000002", "c-90000002", "C-8"),
}  # fmt: skip
INTERACCION = {
    "numero": de("", "R-90000001", "R-5"), "cliente": CONTRATO["cliente"], "tipo": de("consulta", "Reclamación", "x"),
    "fecha": de("2026-01-05T10:00:00-05:00", "05/01/2026 10:00", "9999-12-31T23:59:59Z", "ayer"),
    "canal": de("web", ""), "asunto": de("Saldo", "", "x" * 200), "texto": de("", "hola"),
    "estado": de("abierta", "respondida", ""), "contrato": de("", "C-90000001", "C-90000002", "C-NO"),
    "respuesta": de("", "Listo"), "respondida_el": de("", "2026-01-06T10:00:00-05:00"), "registrada_por": de("", "Luz"),
    "motivo_codigo": de("", "error-de-facturacion", "No tiene servicio"), "cun": de("", "0000260000000001", "12"),
    "primer_plazo": de("", "2026-01-28", "2020-01-01"), "vence_el": de("", "2026-01-28", "2026-02-18", "2020-01-01"),
    "aplica_sap": de("", "no", "sí"), "prorroga_motivo": de("", "Pruebas"),
    "prorroga_avisada_el": de("", "2026-01-20T10:00:00-05:00"), "canal_respuesta": de("", "correo", "x"),
    "sentido": de("", "parcial"), "equipo": de("", "Atención"), "recurso_de": de("", "R-90000001", "R-7"),
    "causal": de("", "corte"), "pide_apelacion": de("", "sí"), "enviada_sic_el": de("", "2026-03-01"),
}  # fmt: skip
CONSENTIMIENTO = {
    "cliente": CONTRATO["cliente"], "finalidad": de("comercial", "servicio"), "canal": de("sms", "telefono"),
    "version_texto": de("v1", ""), "otorgado_el": de("2026-01-05T10:00:00-05:00", "2026-02-14T10:30:00-05:00"),
    "medio": de("web", "oficina"), "evidencia": de("Acta", ""), "registrado_por": de("", "Luz"),
    "revocado_el": de("", "2026-01-01", "2026-03-01"),
}  # fmt: skip
COMPLETAS = dict(zip(RECURSOS, (CLIENTE, CONTRATO, INTERACCION, CONSENTIMIENTO), strict=True))


@pytest.fixture
def base(db: None) -> None:
    """Un cliente con un contrato, una interacción y un consentimiento, y otro con un contrato."""
    from clientes.tests.fabricas import FabricaMunicipio

    FabricaMunicipio(codigo="05001", nombre="Uno")
    ana = FabricaCliente(documento="10203040", nombre="Ana", apellido="Ríos", telefono="+573001234567")
    servicio = servicio_con_precio(codigo="FIB-1")
    contrato = FabricaContrato(numero="C-90000001", cliente=ana, servicio=servicio)
    FabricaContrato(numero="C-90000002", cliente=FabricaCliente(documento="999999"), servicio=servicio)
    FabricaPromocion(codigo="PRO-1")
    FabricaInteraccion(numero="R-90000001", cliente=ana, contrato=contrato, asunto="Saldo")
    FabricaConsentimiento(cliente=ana, canal="sms")


@pytest.mark.parametrize("clase", RECURSOS, ids=lambda clase: clase.__name__)
@given(datos=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_por_lotes_dice_lo_mismo_que_una_por_una(base: None, clase: Any, datos: st.DataObject) -> None:
    iguales(clase, datos.draw(filas(COMPLETAS[clase], raro=datos.draw(st.booleans()))))


@pytest.mark.parametrize("clase", RECURSOS, ids=lambda clase: clase.__name__)
def test_un_caracter_que_la_base_no_admite_es_una_frase_y_no_una_caida(base: None, clase: Any) -> None:
    for columna in COMPLETAS[clase]:
        iguales(clase, {columna: "a\x00b"})


CUALQUIERA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | RARO | st.dates()
    | st.datetimes(),
    lambda hijos: st.lists(hijos, max_size=3) | st.dictionaries(st.text(max_size=6), hijos, max_size=3), max_leaves=5,
)  # fmt: skip


@pytest.mark.parametrize("clase", RECURSOS, ids=lambda clase: clase.__name__)
@given(datos=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_ningun_valor_hace_fallar_la_evaluacion(base: None, clase: Any, datos: st.DataObject) -> None:
    columnas = {nombre: valores | CUALQUIERA for nombre, valores in COMPLETAS[clase].items()}
    varias = datos.draw(st.lists(st.fixed_dictionaries({}, optional=columnas), min_size=1, max_size=4))
    cuantos = [modelo.objects.count() for modelo in (Cliente, Contrato, Interaccion, Consentimiento)]
    resultados = evaluar(clase, *varias)
    assert [resultado.lugar for resultado in resultados] == [f"fila {n}" for n in range(2, len(varias) + 2)]
    for resultado in resultados:
        assert (resultado.tipo == "error") == bool(resultado.faltas)
        assert all(falta.motivo and "\n" not in falta.valor for falta in resultado.faltas)
    assert cuantos == [modelo.objects.count() for modelo in (Cliente, Contrato, Interaccion, Consentimiento)]
