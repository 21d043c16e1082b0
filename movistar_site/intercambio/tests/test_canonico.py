"""El par canónico: formas viejas y nuevas, faltas con su ruta, y nada a medias."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes.models import Cliente, Consentimiento, Contrato, Interaccion
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from servicios.models import PrecioServicio, Servicio

from .datos import HOY, SERVICIOS, USUARIO, fuente, lugares, par
from .motor import Fuente, Informe, importar

pytestmark = pytest.mark.django_db


def pasar(contenido: Any, nombre: str = "usuario.json", **opciones: Any) -> Informe:
    datos = contenido if isinstance(contenido, bytes) else None
    return importar([Fuente(nombre, datos) if datos else fuente(nombre, contenido)], hoy=HOY, **opciones)


def cliente(**campos: Any) -> dict[str, Any]:
    persona = {"nombre": "Eva", "apellido": "Luna", "fecha_vinculacion": "2020-01-01", **campos}
    return {"movistar": {"usuarios": {"CC-10203040": persona}}}


def motivos(informe: Informe) -> list[tuple[str, str]]:
    return [(mala.ruta, mala.motivo) for mala in informe.malas]


def test_el_mismo_archivo_dos_veces_no_cambia_nada() -> None:
    lugares()
    assert importar(par(), hoy=HOY).aplicado
    historias = Cliente.history.count(), Servicio.history.count(), Contrato.history.count()
    segunda = importar(par(), hoy=HOY)
    assert segunda.malas == [] and not segunda.cambia_algo
    assert historias == (Cliente.history.count(), Servicio.history.count(), Contrato.history.count())


def test_simular_no_escribe() -> None:
    lugares()
    informe = importar(par(), hoy=HOY, simular=True)
    assert informe.total["nuevo"] > 10 and not informe.aplicado
    assert not Cliente.objects.exists() and not Cliente.history.exists()


def test_los_contratos_sin_numero_lo_reciben_en_orden_y_no_chocan_con_los_que_lo_traen() -> None:
    lugares()
    usuario = copy.deepcopy(USUARIO)
    suyos = usuario["movistar"]["usuarios"]["CC-1020304050"]["servicios"]
    suyos[1]["numero"] = Contrato_siguiente()
    suyos.append({"servicio": "MOV-1", "fecha_inicio": "2025-01-01"})
    usuario["movistar"]["usuarios"]["CC-1020304050"]["interacciones"][0].pop("contrato")
    assert importar([fuente("usuario.json", usuario), fuente("servicios.json", SERVICIOS)], hoy=HOY).malas == []
    numeros = list(Contrato.objects.order_by("pk").values_list("numero", flat=True))
    assert len(set(numeros)) == 3


def Contrato_siguiente() -> str:  # noqa: N802
    from clientes import numeracion

    return numeracion.reservar(numeracion.CONTRATOS, 1)[0]


def test_el_contrato_toma_del_servicio_lo_que_el_archivo_calla() -> None:
    lugares()
    importar(par(), hoy=HOY)
    nuevo = Contrato.objects.get(servicio__codigo="FIB-300")
    assert (nuevo.precio, nuevo.periodicidad) == (74900, "mensual")  # el que regía en mayo de 2024
    assert nuevo.condiciones["caracteristicas"]["velocidad_bajada_mbps"] == 300
    viejo = Contrato.objects.get(servicio__codigo="VIEJO-1")
    assert viejo.condiciones == {} and viejo.periodicidad == "anual"


def test_un_precio_distinto_del_vigente_es_un_precio_nuevo_de_hoy() -> None:
    importar([fuente("servicios.json", SERVICIOS)], hoy=HOY)
    cambio = {"movistar": {"servicios": {"MOV-1": {"precio": "6000.00"}}}}
    assert pasar(cambio, "servicios.json").total["cambiado"] == 1
    assert not pasar(cambio, "servicios.json").cambia_algo
    precios = PrecioServicio.objects.filter(servicio__codigo="MOV-1").order_by("vigente_desde")
    assert [(p.vigente_desde, p.valor) for p in precios] == [(HOY, 6000)]
    subida = {"movistar": {"servicios": {"MOV-1": {"precio": 7000}}}}
    assert importar([fuente("s.json", subida)], hoy=date(2026, 7, 1)).malas == []
    assert precios.all().count() == 2


@pytest.mark.parametrize(
    ("campos", "asignada", "motivo"),
    [
        ({"categoria": "regular"}, "", ""),
        ({"categoria": "leal"}, "leal", "Indicada en el archivo importado"),
        ({"categoria": "leal", "motivo_categoria": "Trato"}, "leal", "Trato"),
        ({"categoria": "regular", "motivo_categoria": "Trato"}, "regular", "Trato"),
        ({"categoria": "leal", "motivo_categoria": ""}, "", ""),
        ({}, "", ""),
    ],
)
def test_la_categoria_dicha_solo_se_asigna_si_no_es_la_calculada(
    campos: dict[str, str], asignada: str, motivo: str
) -> None:
    assert pasar(cliente(**campos)).malas == []
    guardado = Cliente.objects.get()
    assert (guardado.categoria_asignada, guardado.motivo_categoria) == (asignada, motivo)
    assert not pasar(cliente(**campos)).cambia_algo


def test_las_consultas_repetidas_sin_numero_se_reconocen() -> None:
    dato = cliente(interacciones=[{"tipo": "consulta", "fecha": "2026-01-01T10:00:00-05:00", "asunto": "Saldo"}])
    assert pasar(dato).malas == []
    assert not pasar(dato).cambia_algo
    assert Interaccion.objects.count() == 1


@pytest.mark.parametrize(
    "contenido",
    [{}, [], {"movistar": {}}, {"movistar": []}, {"movistar": None}, {"movistar": {"usuarios": {}}}, {"usuarios": []}],
)
def test_el_par_vacio_se_lee_sin_quejas(contenido: Any) -> None:
    informe = pasar(contenido)
    assert (informe.malas, informe.avisos, informe.cuentas) == ([], [], {})


@pytest.mark.parametrize("forma", ["lista", "sin raíz", "suelta", "lista suelta", "sin tipo"])
def test_el_par_viejo_mas_suelto_tambien_se_lee(forma: str) -> None:
    uno = {"tipo_documento": "CC", "documento": "10203040", **cliente()["movistar"]["usuarios"]["CC-10203040"]}
    formas: dict[str, Any] = {
        "lista": {"movistar": {"usuarios": [uno]}},
        "sin raíz": {"usuarios": {"CC-10203040": uno}},
        "suelta": {"CC-10203040": uno},
        "lista suelta": [uno],
        "sin tipo": {"usuarios": {"10203040": {**uno, "tipo_documento": ""}}},
    }
    informe = pasar(formas[forma])
    eva = Cliente.objects.get()
    assert informe.malas == [] and (eva.nombre_completo, eva.documento) == ("Eva Luna", "10203040")
    assert not pasar(formas[forma]).cambia_algo


def test_salen_todas_las_faltas_con_su_ruta_y_no_se_escribe_nada() -> None:
    dato = cliente(
        telefono="123",
        estrato=9,
        servicios=[{"servicio": "NO-HAY", "fecha_inicio": "31/02/2026"}, 7],
        interacciones={"a": {"tipo": "queja", "asunto": "x", "fecha": "2026-01-01"}},
        consentimientos="sí",
    )
    dato["movistar"]["usuarios"]["TI-1"] = 5
    dato["movistar"]["usuarios"]["CE-ABCDEF"] = {"nombre": {"a": 1}, "apellido": "B", "fecha_vinculacion": True}
    informe = pasar(dato)
    rutas = [ruta for ruta, _ in motivos(informe)]
    base = "movistar.usuarios.CC-10203040"
    for ruta in (base, f"{base}.servicios[0]", f"{base}.servicios[1]", f"{base}.interacciones.a",
                 f"{base}.consentimientos", "movistar.usuarios.TI-1", "movistar.usuarios.CE-ABCDEF"):  # fmt: skip
        assert ruta in rutas, ruta
    assert {mala.campo for mala in informe.malas if mala.ruta == base} == {"Teléfono", "Estrato"}
    assert not Cliente.objects.exists()
    assert {tipo: n for tipo, n in informe.total.items() if n} == {"error": 7}


def test_una_fila_mala_detiene_todo_el_archivo() -> None:
    dato = cliente()
    dato["movistar"]["usuarios"]["CC-99999"] = {"nombre": "Mala", "apellido": "Fila", "fecha_vinculacion": "nunca"}
    informe = pasar(dato)
    assert informe.hay_errores and not Cliente.objects.exists() and not Cliente.history.exists()


def test_lo_desconocido_se_avisa_y_una_contrasena_no_se_muestra() -> None:
    informe = pasar(cliente(apodo="Pepa", contraseña="secreta", Password="otra"))
    assert informe.malas == []
    assert {(aviso.clave, aviso.valor) for aviso in informe.avisos} == {
        ("apodo", "Pepa"), ("contraseña", "(oculto)"), ("Password", "(oculto)"),
    }  # fmt: skip


def test_una_clave_repetida_en_un_objeto_no_se_pierde() -> None:
    una = '{"nombre": "A", "nombre": "B", "apellido": "C", "fecha_vinculacion": "2020-01-01"}'
    otra = '{"nombre": "Otra", "apellido": "C", "fecha_vinculacion": "2020-01-01"}'
    texto = f'{{"movistar": {{"usuarios": {{"CC-10203040": {una}, "CC-10203040": {otra}}}}}}}'
    informe = pasar(texto.encode())
    (aviso,) = informe.avisos
    assert (aviso.clave, aviso.valor) == ("nombre", "B")
    assert [motivo for _, motivo in motivos(informe) if "misma clave" in motivo]
    assert [r.valores["nombre"] for r in informe.plan] == ["A", "Otra"]
    (archivo,) = informe.importacion.archivos.all()
    assert len(archivo.reparaciones) == 2


def test_dos_registros_con_la_misma_clave_nombran_los_dos_lugares() -> None:
    dato = cliente()
    dato["movistar"]["usuarios"]["cc-10.203.040"] = dict(dato["movistar"]["usuarios"]["CC-10203040"])
    (mala,) = pasar(dato).malas
    assert "CC-10203040" in mala.motivo and "cc-10.203.040" in mala.motivo


def test_un_documento_que_no_es_el_de_su_clave_se_rechaza() -> None:
    (mala,) = pasar(cliente(documento="777777")).malas
    assert "no coincide" in mala.motivo


@pytest.mark.parametrize(
    ("datos", "dice"),
    [
        (b'{"movistar": {"usuarios": {', "línea 1"),
        (b'"hola"', "Se esperaba un objeto"),
        (b'{"movistar": 3}', "se esperaba un objeto"),
        (b'{"movistar": {"cosas": 3}}', "ninguna secci"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "niveles"),
    ],
)
def test_un_json_que_no_se_entiende_da_una_frase(datos: bytes, dice: str) -> None:
    with pytest.raises(ArchivoIlegible, match=dice):
        pasar(datos)


CUALQUIERA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda hijos: st.lists(hijos, max_size=3) | st.dictionaries(st.text(max_size=6), hijos, max_size=3),
    max_leaves=6,
)


def _rutas(valor: Any, ruta: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    claves = valor.keys() if isinstance(valor, dict) else range(len(valor)) if isinstance(valor, list) else ()
    return [ruta] + [hallada for clave in claves for hallada in _rutas(valor[clave], (*ruta, clave))]


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ningun_valor_cambiado_de_tipo_rompe_la_importacion(data: st.DataObject) -> None:
    original = data.draw(st.sampled_from([USUARIO, SERVICIOS]))
    dato = copy.deepcopy(original)
    ruta = data.draw(st.sampled_from(_rutas(dato)[1:]))
    dentro = dato
    for clave in ruta[:-1]:
        dentro = dentro[clave]
    dentro[ruta[-1]] = data.draw(CUALQUIERA)
    crudo = json.dumps(dato).encode()
    try:
        informe = importar([Fuente("a.json", crudo)], hoy=HOY, simular=True)
    except ArchivoIlegible as error:
        assert "\n" not in str(error)
    else:
        assert all(mala.motivo for mala in informe.malas)


def test_los_consentimientos_conservan_su_historia() -> None:
    lugares()
    importar(par(), hoy=HOY)
    assert Consentimiento.objects.filter(revocado_el__isnull=False).count() == 1
    assert Consentimiento.objects.vigentes().count() == 1
