"""Cada forma de archivo conocida, desde sus bytes hasta la base, y otra vez sin que cambie nada."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from clientes.models import Cliente, Contrato, Interaccion
from movistar_site.comun.formatos_archivo import ArchivoIlegible
from movistar_site.comun.parametros import parametros
from movistar_site.intercambio.models import RegistroPlan
from servicios.models import Servicio

from .archivos_viejos import CASOS, CATALOGO, SECRETO, Caso, U, ana
from .datos import HOY, lugares
from .motor import Fuente, Informe, importar

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("caso", CASOS, ids=lambda caso: caso.nombre)
def test_de_los_bytes_a_la_base(caso: Caso) -> None:
    lugares()
    if caso.ilegible:
        with pytest.raises(ArchivoIlegible, match=caso.ilegible):
            importar(caso.fuentes(), hoy=HOY)
        assert not Cliente.objects.exists()
        return
    informe = importar(caso.fuentes(), hoy=HOY, ante_errores="omitir")
    comprobar_base(caso)
    comprobar_lo_dicho(caso, informe)
    otra = importar(caso.fuentes(), hoy=HOY, ante_errores="omitir")
    assert not otra.cambia_algo, [(r.ruta, r.tipo, r.detalle) for r in otra.plan if r.tipo in ("nuevo", "cambiado")]


def comprobar_base(caso: Caso) -> None:
    clientes = {uno.documento: uno for uno in Cliente.objects.con_categoria(HOY, parametros(HOY))}
    provisional = next((uno for uno in clientes.values() if uno.tipo_documento == "PRO"), None)
    assert len(clientes) == len(caso.clientes), sorted(clientes)
    for documento, esperado in caso.clientes.items():
        uno = provisional if documento == "PRO" else clientes[documento]
        assert {campo: _visto(uno, campo) for campo in esperado} == esperado, documento
    contratos = Contrato.objects.values_list("cliente__documento", "servicio__codigo", "fecha_inicio", "estado")
    assert sorted((d, s, f.isoformat(), e) for d, s, f, e in contratos) == sorted(caso.contratos)
    interacciones = Interaccion.objects.values_list("cliente__documento", "tipo", "asunto")
    assert sorted(interacciones) == sorted(caso.interacciones)
    servicios = {uno.codigo: uno for uno in Servicio.objects.select_related("tipo").prefetch_related("precios")}
    for codigo, esperado in caso.servicios.items():
        assert codigo in servicios, sorted(servicios)
        assert {campo: _del_servicio(servicios[codigo], campo, v) for campo, v in esperado.items()} == esperado, codigo


def _visto(cliente: Any, campo: str) -> Any:
    valor = getattr(cliente, campo)
    if campo == "pendientes":
        return set(valor)
    return valor.isoformat() if campo == "fecha_vinculacion" else valor


def _del_servicio(servicio: Any, campo: str, esperado: Any) -> Any:
    if campo == "tipo":
        return servicio.tipo.codigo
    if campo != "precio":
        valor = getattr(servicio, campo)
        return esperado if isinstance(valor, str) and esperado in valor else valor
    precios = [precio.valor for precio in servicio.precios.all()]
    return str(precios[-1]) if isinstance(esperado, str) else int(precios[-1]) if precios else None


def comprobar_lo_dicho(caso: Caso, informe: Informe) -> None:
    malas: dict[str, str] = {}
    for mala in informe.malas:
        malas[mala.ruta] = f"{malas.get(mala.ruta, '')} {mala.valor} {mala.motivo}"
    _lo_esperado(malas, caso.errores)
    notas = {r.ruta: r.detalle.get("notas", []) for r in informe.plan}
    _lo_esperado({r.ruta: notas[r.ruta][-1] for r in informe.plan if r.tipo == "omitido"}, caso.omitidos)
    avisos = {aviso.ruta: f"{aviso.valor} {aviso.motivo}" for aviso in reversed(informe.avisos)}
    assert set(caso.avisos) <= set(avisos) and (caso.avisos or not avisos), avisos
    _lo_esperado({lugar: avisos[lugar] for lugar in caso.avisos}, caso.avisos)
    todas = " | ".join(nota for suyas in notas.values() for nota in suyas)
    assert all(nota in todas for nota in caso.notas), todas
    reparado = " | ".join(r["que"] for a in informe.importacion.archivos.all() for r in a.reparaciones)
    assert all(parte in reparado for parte in caso.reparaciones) and (caso.reparaciones or not reparado), reparado
    assert sum(sum(cuenta.values()) for cuenta in informe.cuentas.values()) == len(informe.plan)
    importacion = informe.importacion
    plan = RegistroPlan.objects.filter(importacion=importacion).values_list("valores", "detalle", "titulo")
    dicho = [importacion.claves_vistas, importacion.valores_vistos, avisos, list(plan)]
    assert SECRETO not in json.dumps(dicho)


def _lo_esperado(hallado: dict[str, str], esperado: dict[str, str]) -> None:
    assert set(hallado) == set(esperado), hallado
    for lugar, parte in esperado.items():
        assert parte in hallado[lugar], (lugar, hallado[lugar])


# --- Lo que podría perderse sin decirlo -------------------------------------------------------------------------------
def test_un_libro_de_dos_hojas_dice_que_solo_se_lee_la_primera(administrador: Client) -> None:
    libro = Workbook()
    libro.active.append(["Cédula", "Nombres", "Apellidos", "Año"])
    libro.active.append(["1020304050", "Ana", "Ríos", 2012])
    libro.create_sheet("Otra").append(["perdido"])
    bufer = io.BytesIO()
    libro.save(bufer)
    informe = importar([Fuente("usuarios.xlsx", bufer.getvalue())], hoy=HOY)
    assert informe.aplicado and Cliente.objects.get().nombre == "Ana"
    (reparada,) = informe.importacion.archivos.get().reparaciones
    assert "2 hojas: solo se lee la primera" in reparada["que"]
    html = administrador.get(reverse("importacion", args=(informe.importacion.pk,))).content.decode()
    assert "2 hojas: solo se lee la primera" in html and "Línea 0" not in html


def test_un_dato_que_no_cabe_se_rechaza_con_su_medida_y_una_ruta_larga_no_rompe() -> None:
    larga = "k" * 500
    contenido = {larga: {larga: {"usuarios": [ana(apellido="x" * 500), ana(cedula="1020304059", apodo="y" * 900)]}}}
    informe = importar([Fuente(U, json.dumps(contenido).encode())], hoy=HOY, ante_errores="omitir")
    assert informe.aplicado and [c.documento for c in Cliente.objects.all()] == ["1020304059"]
    (mala,) = informe.malas
    assert mala.campo == "Apellido" and "120" in mala.motivo and len(mala.ruta) == 300
    assert any(aviso.clave == "apodo" and aviso.valor.endswith("…") for aviso in informe.avisos)


def test_de_miles_de_datos_sin_reconocer_se_dicen_mil_y_cuantos_mas() -> None:
    unas = [ana(cedula=str(20_000_000 + n), apodo=f"apodo {n}") for n in range(1_050)]
    informe = importar([Fuente(U, json.dumps({"usuarios": unas}).encode())], hoy=HOY, simular=True)
    assert len(informe.avisos) == 1_001 and informe.avisos[-1].valor == "50 veces más"
    (vista,) = (v for v in informe.importacion.claves_vistas if v["normal"] == "apodo")
    assert vista["veces"] == 1_050


def test_un_objeto_donde_se_esperaba_un_dato_se_aplana_o_se_avisa_entero() -> None:
    raro = ana(
        nombre={"primero": "Ana", "segundo": "María", "trato": "Sra."},
        direccion={"calle": "Calle 1", "extra": {"piso": 2}},
        servicios={"Fibra 300": {"desde": "2020-01-01", "nota": {"hondo": ["guardado"]}}},
    )
    fuentes = [Fuente(nombre, json.dumps(c).encode()) for nombre, c in (CATALOGO, (U, {"usuarios": [raro]}))]
    informe = importar(fuentes, hoy=HOY, ante_errores="omitir")
    dicho = json.dumps(
        [[r.valores, r.detalle] for r in informe.plan] + [[a.ruta, a.valor] for a in informe.avisos],
        ensure_ascii=False,
    )
    for dato in ("Sra.", "Calle 1", "guardado", "2020-01-01"):
        assert dato in dicho, dato
    assert any(aviso.ruta.endswith("extra.piso") and aviso.valor == "2" for aviso in informe.avisos)
