"""Lo que hace una persona con el panel: leer, escribir, elegir y oprimir, por lo que ve y no por cómo está hecho."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from conftest import CLAVE
from movistar_site.demostracion import __file__ as _demostracion

EJEMPLO = Path(_demostracion).parent / "ejemplo"
PAR = [str(EJEMPLO / "servicios.json"), str(EJEMPLO / "usuario.json")]


def campo(donde: Any, rotulo: str) -> Any:
    """El campo con ese rótulo, sea obligatorio o no."""
    return donde.get_by_label(re.compile(rf"^\s*{re.escape(rotulo)}\s*\*?\s*$")).filter(visible=True)


def llenar(donde: Any, datos: dict[str, str]) -> None:
    """Escribe cada dato en el campo de su rótulo."""
    for rotulo, dato in datos.items():
        campo(donde, rotulo).fill(dato)


def oprimir(donde: Any, nombre: str) -> None:
    """Oprime el botón o el enlace que se llama así."""
    donde.get_by_role("button", name=nombre, exact=True).or_(
        donde.get_by_role("link", name=nombre, exact=True)
    ).first.click()


def ir_a(pagina: Any, entrada: str) -> None:
    """Va a una página por el menú."""
    pagina.get_by_role("navigation").get_by_role("link", name=entrada, exact=True).click()
    expect(pagina.get_by_role("heading", level=1)).to_contain_text(entrada)


def elegir(pagina: Any, rotulo: str, buscado: str, opcion: str = "") -> None:
    """Abre una lista que se busca, escribe y elige lo que sale."""
    # La lista original está hasta que Select2 la reemplaza.
    lista = pagina.get_by_role("combobox", name=re.compile(rf"^{re.escape(rotulo)}\b"))
    lista.and_(pagina.locator(".select2-selection")).click()
    pagina.keyboard.type(buscado)
    pagina.get_by_role("option").filter(has_text=opcion or buscado).first.click()


def leer(pagina: Any, texto: str) -> None:
    """Falla si el texto no llega a verse."""
    expect(pagina.get_by_text(texto).first).to_be_visible()


def titulo(pagina: Any, texto: str) -> None:
    """Falla si la página no llega a ser la que lleva ese título."""
    expect(pagina.get_by_role("heading", level=1)).to_contain_text(texto)


def ingresar(pagina: Any, cuenta: Any, clave: str = CLAVE) -> None:
    """Entra por la página de ingreso."""
    pagina.goto("/login/")
    llenar(pagina, {"Nombre de usuario": cuenta.username, "Contraseña": clave})
    oprimir(pagina, "Ingresar")


def buscar(pagina: Any, texto: str) -> list[str]:
    """Busca en la lista abierta y entrega los nombres de las filas."""
    caja = pagina.get_by_placeholder("Escriba para buscar").filter(visible=True)
    caja.fill(texto)
    with pagina.expect_navigation():
        caja.press("Enter")
    return pagina.locator("#result_list tbody th").all_inner_texts()


def importar(pagina: Any, *archivos: Any) -> None:
    """Sube archivos a «Importar datos» y pide revisarlos."""
    ir_a(pagina, "Importar datos")
    pagina.get_by_label(re.compile("^Archivos")).set_input_files(list(archivos))
    oprimir(pagina, "Revisar")


SE_SALEN = """() => {
    if (document.scrollingElement.scrollWidth <= innerWidth) return [];
    const salidos = [...document.body.querySelectorAll("*")].filter((uno) => {
        const caja = uno.getBoundingClientRect();
        return caja.width > 0 && caja.right > innerWidth + 1;
    });
    return ["(la página)", ...salidos.slice(-6).map((uno) => uno.outerHTML.slice(0, 120))];
}"""


def lo_que_se_sale(pagina: Any) -> list[str]:
    """Lo que obliga a desplazar la página de lado para leerla; vacío si cabe."""
    return list(pagina.evaluate(SE_SALEN))
