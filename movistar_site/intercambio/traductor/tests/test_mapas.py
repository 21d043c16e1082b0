"""Lo que la gente corrige en la página, y el mapa guardado que se aplica solo."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from movistar_site.intercambio.traductor import destinos, elegir_mapa
from movistar_site.intercambio.traductor.observado import CLAVES_MAXIMAS, VALORES_MAXIMOS

from .datos import leer, persona


@dataclass
class Mapa:
    claves: dict[str, Any]
    firma: dict[str, Any]
    usos: int = 0
    valores: dict[str, Any] = field(default_factory=dict)


def test_una_correccion_manda_sobre_los_alias() -> None:
    claves = {"clientes": {"apodo": "notas", "cel": "", "Mi Número": "telefono"}}
    lectura = leer({"usuarios": [persona(apodo="Pepa", cel="3001234567", mi_numero="3109876543")]}, claves=claves)
    assert (lectura.cliente["notas"], lectura.cliente["telefono"]) == ("Pepa", "3109876543")
    assert lectura.avisos == {} and "telefono_alterno" not in lectura.cliente
    vistas = {v["clave"]: (v["columna"], v["por"]) for v in lectura.traductor.claves_vistas}
    assert vistas["apodo"] == ("notas", "mapa") and vistas["cel"] == ("", "mapa")


def test_una_correccion_puede_ser_a_un_concepto() -> None:
    claves = {"clientes": {"x1": "antiguedad", "x2": "nombre_completo"}}
    cliente = leer({"usuarios": [{"cedula": "12345", "x1": "7", "x2": "Ana Ríos"}]}, claves=claves).cliente
    assert (cliente["fecha_vinculacion"], cliente["apellido"]) == ("2019-11-26", "Ríos")
    assert {"antiguedad", "nombre_completo", "documento"} <= set(destinos("clientes")) and "clientes" in destinos("")


def test_una_correccion_de_valor_manda_sobre_el_vocabulario() -> None:
    valores = {"categoria": {"vip": "regular", "de la casa": "nuevo"}}
    lectura = leer({"usuarios": [persona(categoria="VIP"), persona(categoria="De la casa")]}, valores=valores)
    assert [c["categoria"] for c in lectura.valores("clientes")] == ["regular", "nuevo"]


def test_el_mapa_se_aplica_a_un_archivo_de_la_misma_forma() -> None:
    firma = leer({"usuarios": [persona(apodo="Pepa")]}).traductor.firma()
    assert firma["clientes"] == ["apellido", "apodo", "cedula", "desde", "nombre"]
    mapa = Mapa({"clientes": {"apodo": "notas"}}, firma)
    otra = leer({"usuarios": [persona(apodo="Lola", estrato=3)]}).traductor.firma()
    assert elegir_mapa(otra, [mapa]) is mapa


def test_el_mapa_no_se_aplica_a_otra_forma_ni_si_falta_lo_que_corrige() -> None:
    firma = leer({"usuarios": [persona(apodo="Pepa")]}).traductor.firma()
    mapa = Mapa({"clientes": {"apodo": "notas"}}, firma)
    assert elegir_mapa(leer({"usuarios": [persona()]}).traductor.firma(), [mapa]) is None
    otra = leer({"usuarios": [{"apodo": "P", "cc": "12345", "tel": "3001234567", "dir": "Calle 1"}]}).traductor.firma()
    assert elegir_mapa(otra, [mapa]) is None and elegir_mapa({}, []) is None


def test_de_varios_mapas_el_que_mas_se_parece() -> None:
    firma = {"clientes": ["a", "b", "c", "d"]}
    lejos, cerca = Mapa({}, {"clientes": ["a", "b", "c"]}), Mapa({}, {"clientes": ["a", "b", "c", "d"]})
    usado = Mapa({}, {"clientes": ["a", "b", "c", "d"]}, usos=5)
    assert elegir_mapa(firma, [lejos, cerca]) is cerca and elegir_mapa(firma, [cerca, usado]) is usado


def test_lo_visto_no_crece_sin_limite() -> None:
    usuarios = [persona(**{f"clave{n}": "x"}, ciudad=f"Ciudad rara {n}") for n in range(700)]
    traductor = leer({"usuarios": usuarios}).traductor
    assert len(traductor.claves_vistas) <= CLAVES_MAXIMAS and len(traductor.valores_vistos) <= VALORES_MAXIMOS


def test_una_clave_que_se_repite_en_miles_de_registros_se_avisa_mil_veces_y_se_cuenta() -> None:
    lectura = leer({"usuarios": [persona(apodo=f"p{n}") for n in range(1_200)]})
    avisos = [s for s in lectura.salidas if not hasattr(s, "valores")]
    assert len(avisos) == 1_001 and avisos[-1].valor == "200 veces más"
    assert {v["clave"]: v["veces"] for v in lectura.traductor.claves_vistas}["apodo"] == 1_200
