"""Los textos inventados son frases completas."""

import re

import pytest

from movistar_site.demostracion.textos import AMBITOS, PLANTILLAS, casos_por_mes, variantes


@pytest.mark.parametrize("plantilla", [p for lista in PLANTILLAS.values() for p in lista], ids=lambda p: p.asunto)
def test_ninguna_frase_queda_con_huecos_ni_mal_escrita(plantilla):
    for mes in range(1, 13):
        for caso in variantes(plantilla, mes):
            for texto in caso:
                assert not re.search(r"[{}]|  | [.,;]|\ba el\b|\bde el\b", texto), texto
                assert texto[0].isupper() or texto[0] == "¿"
            assert re.search(r"[.?]$", caso.texto)
            assert caso.respuesta.endswith(".")
            assert len(caso.asunto) <= 160


def test_hay_decenas_de_plantillas_y_los_motivos_pesan_lo_que_dice_el_dominio():
    assert sum(len(lista) for lista in PLANTILLAS.values()) >= 40
    casos = casos_por_mes("reclamacion", "movil", 5, 1000)
    cobros = sum("cobr" in caso.asunto.lower() or "cancelé" in caso.asunto for caso in casos)
    sin_servicio = sum(caso.asunto in ("Sin señal en mi barrio", "La línea no realiza llamadas") for caso in casos)
    assert 220 < cobros < 420
    assert 220 < sin_servicio < 420


@pytest.mark.parametrize("ambito", AMBITOS)
@pytest.mark.parametrize("tipo", PLANTILLAS)
def test_la_lista_de_un_mes_tiene_el_tamano_pedido_y_no_habla_de_otro_mes(tipo, ambito):
    casos = casos_por_mes(tipo, ambito, 1, 256)
    assert len(casos) == 256
    assert not any(mes in caso.texto for caso in casos for mes in ("marzo", "junio", "octubre"))
