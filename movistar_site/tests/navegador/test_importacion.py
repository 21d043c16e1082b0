"""Un archivo desordenado de punta a punta: se corrige cómo se entendió, se importa, se arregla lo malo, se deshace."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import expect

from clientes.models import Cliente
from movistar_site.intercambio import aplicador, planificador, tareas
from movistar_site.intercambio.models import Importacion
from movistar_site.tests.navegador.persona import campo, ir_a, leer, lo_que_se_sale, oprimir, titulo

pytestmark = [pytest.mark.navegador, pytest.mark.django_db(transaction=True)]
CUANTOS, MALO, PERDIDO = 60, 7, 9


def _desordenado(carpeta: Path) -> Path:
    """Con una coma de sobra, nombres a su manera, un dato y una ciudad que nadie reconoce y un teléfono imposible."""
    personas = [
        {
            "cedula": f"10203{n:05}",
            "nombres": f"Persona{n}",
            "apellidos": "De Prueba",
            "movil de contacto": "12" if n == MALO else f"300 555 {n:04}",
            "fecha de ingreso": "15/03/2012",
            "ciudad": "Villa Perdida" if n == PERDIDO else "Medelin",
            "apodo": "Ñata",
        }
        for n in range(CUANTOS)
    ]
    texto = json.dumps({"Datos": {"Personas": personas}}, ensure_ascii=False)
    ruta = carpeta / "personas.json"
    ruta.write_bytes(texto.replace("}]", "},]").encode("latin-1"))
    return ruta


def _subir(pagina: Any, ruta: Path) -> None:
    ir_a(pagina, "Importar datos")
    pagina.get_by_label("Archivos que quiere importar").set_input_files(str(ruta))
    leer(pagina, ruta.name)
    oprimir(pagina, "Revisar")
    titulo(pagina, "Importación")


def _de_valor(pagina: Any, valor: str) -> Any:
    return pagina.get_by_role("row").filter(has=pagina.locator("th q", has_text=valor))


def _corregir_el_mapa(pagina: Any) -> None:
    leer(pagina, "1 reparación al leerlo")
    pagina.get_by_role("link", name=re.compile("^Cómo se entendió")).click()
    fila = pagina.get_by_role("row").filter(has_text="movil de contacto")
    expect(fila).to_contain_text("Sin reconocer")
    fila.get_by_role("combobox").select_option(label="Teléfono")
    pagina.get_by_role("row").filter(has_text="apodo").get_by_role("combobox").select_option(label="(ignorar)")
    expect(_de_valor(pagina, "Medelin")).to_contain_text("Por parecido · 93 %")
    perdida = _de_valor(pagina, "Villa Perdida")
    expect(perdida).to_contain_text("Sin reconocer")
    perdida.get_by_placeholder("Nombre o código").fill("Medellín (Antioquia) · 05001")
    oprimir(pagina, "Aplicar cambios")
    leer(pagina, "Cambios aplicados")
    for corregida in ("movil de contacto", "Villa Perdida"):
        expect(pagina.get_by_role("row").filter(has_text=corregida)).to_contain_text("Corregid")
    campo(pagina, "Nombre del mapa").fill("Personas de la sede")
    oprimir(pagina, "Guardar como mapa")
    leer(pagina, "«Personas de la sede» guardado")


def _mirar_el_plan(pagina: Any) -> None:
    pagina.get_by_role("link", name="Plan", exact=True).click()
    expect(pagina.locator(".inter-fila")).to_have_count(25)
    pagina.get_by_role("link", name="Siguiente").click()
    expect(pagina.locator(".inter-fila")).to_have_count(25)
    pagina.get_by_role("link", name=re.compile("^1 Con errores")).click()
    expect(pagina.locator(".inter-fila")).to_have_count(1)
    leer(pagina, "El teléfono «12»")
    expect(pagina.get_by_role("button", name=re.compile("^Importar"))).to_be_disabled()
    oprimir(pagina, "Dejar fuera los que tienen errores")


def _importar(pagina: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Con la cola de verdad: la página espera, la barra avanza con cada tanda y al terminar sale el resultado."""
    oprimir(pagina, f"Importar {CUANTOS - 1} registros")
    leer(pagina, "En espera de turno")
    vistos: list[str] = []

    def avanzar_y_mirar(avance: planificador.Avance, hechos: int) -> None:
        adelantar(avance, hechos)
        expect(barra).to_have_attribute("aria-valuenow", str(avance.importacion.porcentaje))
        leer(pagina, f"{hechos} de {CUANTOS - 1} registros")
        vistos.append(barra.get_attribute("aria-valuenow") or "")

    barra, adelantar = pagina.get_by_role("progressbar"), planificador.Avance.va
    monkeypatch.setattr(planificador, "SEGUNDOS_ENTRE_AVANCES", 0)
    monkeypatch.setattr(aplicador, "LECTURA", 25)
    monkeypatch.setattr(planificador.Avance, "va", avanzar_y_mirar)
    tareas.aplicar_importacion.call(*DBTaskResult.objects.get().args_kwargs["args"])
    monkeypatch.undo()
    assert vistos == ["42", "84", "100"]
    leer(pagina, "Importación terminada")
    leer(pagina, f"{CUANTOS} registros del archivo: {CUANTOS - 1} creados + 1 con errores.")
    assert Cliente.objects.filter(municipio="05001").count() == CUANTOS - 1


def _arreglar_el_malo(pagina: Any) -> None:
    pagina.get_by_role("link", name=re.compile("^1 Con errores")).click()
    pagina.get_by_role("link", name=re.compile("^Corregir")).click()
    telefono = campo(pagina, "Teléfono")
    expect(telefono).to_have_value("12")
    telefono.fill("300 765 43 21")
    oprimir(pagina, "Guardar y volver a comparar")
    leer(pagina, "Corregido")
    leer(pagina, f"{CUANTOS} registros del archivo: {CUANTOS - 1} creados + 1 por reintentar.")
    oprimir(pagina, "Reintentar los corregidos")
    leer(pagina, "Todo lo que traía el archivo está en el panel")
    assert Cliente.objects.get(nombre=f"Persona{MALO}").telefono == "+573007654321"


def _otra_vez_no_cambia_nada(pagina: Any, ruta: Path) -> None:
    """El mismo archivo, ya con su mapa: todo igual, menos el que sigue mal en el archivo."""
    antes = Cliente.history.count()
    _subir(pagina, ruta)
    expect(pagina.get_by_role("link", name=f"{CUANTOS - 1} Iguales")).to_be_visible()
    expect(pagina.get_by_role("link", name="0 Nuevos")).to_be_visible()
    expect(pagina.get_by_role("button", name="Importar", exact=True)).to_be_disabled()
    pagina.get_by_role("link", name=re.compile("^Cómo se entendió")).click()
    leer(pagina, "Se usó el mapa «Personas de la sede»")
    oprimir(pagina, "Descartar")
    leer(pagina, "Importación descartada")
    assert Cliente.history.count() == antes


def _deshacer(pagina: Any, direccion: str) -> None:
    intacto = Cliente.objects.first()
    assert intacto is not None
    intacto.nombre = "Cambiada Después"
    intacto.save()
    pagina.goto(direccion)
    oprimir(pagina, "Deshacer…")
    leer(pagina, f"{CUANTOS} registros volverán")
    oprimir(pagina, "Deshacer la importación")
    leer(pagina, "Importación deshecha")
    expect(pagina.get_by_role("row").filter(has_text="Cambiada Después")).to_contain_text("Se conservó")
    assert list(Cliente.objects.values_list("nombre", flat=True)) == ["Cambiada Después"]


def test_un_archivo_desordenado_de_punta_a_punta(
    navegador: Any, administrador: Any, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pagina = navegador(administrador)
    pagina.goto("/")
    ruta = _desordenado(tmp_path)
    _subir(pagina, ruta)
    _corregir_el_mapa(pagina)
    _mirar_el_plan(pagina)
    de_siempre = settings.TASKS
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    _importar(pagina, monkeypatch)
    settings.TASKS = de_siempre
    direccion = pagina.url.split("?")[0]
    _arreglar_el_malo(pagina)
    _otra_vez_no_cambia_nada(pagina, ruta)
    _deshacer(pagina, direccion)


# --- El avance, con un trabajo que la prueba lleva de la mano ---------------------------------------------------------
def test_el_avance_se_mueve_solo_se_deja_y_se_reencuentra(navegador: Any, administrador: Any) -> None:
    from movistar_site.intercambio.tests import escenas

    importacion = escenas.con_de_todo("aplicando", cuantos=2)
    aqui = Importacion.objects.filter(pk=importacion.pk)
    aqui.update(hechos=10, total=100, paso="Escribiendo", paso_desde=importacion.creada_en)
    pagina = navegador(administrador, ancho=390, alto=844)
    pagina.goto(f"/importar/{importacion.pk}/")
    barra = pagina.get_by_role("progressbar")
    expect(barra).to_have_attribute("aria-valuenow", "10")
    assert lo_que_se_sale(pagina) == []
    aqui.update(hechos=40)
    expect(barra).to_have_attribute("aria-valuenow", "40")
    leer(pagina, "40 de 100 registros")
    pagina.goto("/")
    aqui.update(hechos=70)
    pagina.go_back()
    expect(barra).to_have_attribute("aria-valuenow", "70")
    # El foco no se pierde cuando la barra se renueva.
    cancelar = pagina.get_by_role("button", name="Cancelar", exact=True)
    cancelar.focus()
    aqui.update(hechos=80)
    expect(barra).to_have_attribute("aria-valuenow", "80")
    expect(cancelar).to_be_focused()
    aqui.update(hechos=100, estado="aplicada", momento=importacion.creada_en)
    leer(pagina, "Importación terminada")
    expect(barra).to_have_count(0)


def test_un_registro_se_corrige_sin_salir_del_plan(navegador: Any, administrador: Any) -> None:
    from movistar_site.intercambio.tests import escenas

    importacion = escenas.con_de_todo(cuantos=1)
    pagina = navegador(administrador)
    pagina.goto(f"/importar/{importacion.pk}/?tipo=error")
    pagina.get_by_role("link", name=re.compile("^Corregir")).click()
    campo(pagina, "Teléfono").fill("1")
    oprimir(pagina, "Cancelar")
    pagina.get_by_role("link", name=re.compile("^Corregir")).click()
    expect(campo(pagina, "Teléfono")).to_have_value("12")
    assert DBTaskResult.objects.count() == 0
