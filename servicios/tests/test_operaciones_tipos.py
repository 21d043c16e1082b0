"""Los tipos de servicio y el cambio de sus atributos."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from servicios import operaciones
from servicios.models import AtributoTipo, TipoServicio

from .fabricas import FabricaAtributo, FabricaPaquete, FabricaServicio, FabricaTipo, tipo_fibra

pytestmark = pytest.mark.django_db


@pytest.fixture
def fibra():
    return tipo_fibra()


@pytest.fixture
def con_servicios(fibra):
    for n in range(7):
        FabricaServicio(codigo=f"FIB-{n}", tipo=fibra, caracteristicas={"velocidad_bajada_mbps": 300 + n})
    return fibra


def fijar(tipo, atributos):
    operaciones.fijar_atributos(tipo, atributos=atributos, usuario=None)


def atributos_de(tipo):
    return {atributo.clave: atributo for atributo in tipo.atributos.all()}


def frase(rechazo) -> str:
    return " ".join(rechazo.value.messages)


def test_un_tipo_se_guarda_con_sus_atributos_en_orden():
    tipo = operaciones.guardar_tipo(
        TipoServicio(codigo="satelital", nombre="Internet satelital"),
        usuario=None,
        atributos=[
            AtributoTipo(clave="banda", nombre="Banda", tipo_dato="texto"),
            AtributoTipo(clave="gb", nombre="Gigas"),
        ],
    )
    assert [definicion.clave for definicion in tipo.definiciones()] == ["banda", "gb"]


def test_dos_tipos_no_se_llaman_igual_aunque_cambien_las_tildes(fibra):
    with pytest.raises(ValidationError, match="Ya hay un tipo de servicio con ese nombre"):
        operaciones.guardar_tipo(TipoServicio(codigo="otra", nombre="INTERNET DE FIBRA OPTICA"), usuario=None)


def test_un_paquete_sin_minimo_pide_dos_y_un_tipo_corriente_ninguno():
    cuarteto = TipoServicio(codigo="cuarteto", nombre="Cuarteto", es_paquete=True)
    paquete = operaciones.guardar_tipo(cuarteto, usuario=None)
    assert paquete.componentes_minimos == paquete.minimo_de_componentes == 2
    corriente = TipoServicio(codigo="tv_de_prueba", nombre="Televisión de prueba", componentes_minimos=2)
    with pytest.raises(ValidationError, match="un tipo que no es paquete, de ninguno"):
        operaciones.guardar_tipo(corriente, usuario=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        corriente.save()


def test_un_tipo_con_servicios_no_se_vuelve_paquete(con_servicios):
    con_servicios.es_paquete = True
    with pytest.raises(ValidationError, match=r"ya hay 7 servicios .* y 2 más"):
        operaciones.guardar_tipo(con_servicios, usuario=None)


def test_no_se_piden_mas_componentes_de_los_que_tienen_los_paquetes():
    tipo = FabricaPaquete()
    FabricaServicio(codigo="DUO-1", tipo=tipo).componentes.set([FabricaServicio(), FabricaServicio()])
    tipo.componentes_minimos = 3
    with pytest.raises(ValidationError, match=r"No lo cumplirían 1 servicio \(DUO-1\)"):
        operaciones.guardar_tipo(tipo, usuario=None)


def test_un_tipo_se_desactiva_y_se_activa_una_sola_vez(fibra):
    inactivo = operaciones.desactivar_tipo(fibra, usuario=None, motivo="Cobre")
    assert not inactivo.activo
    assert inactivo.history.first().history_change_reason == "Cobre"
    with pytest.raises(ValidationError, match="ya está inactivo"):
        operaciones.desactivar_tipo(fibra, usuario=None)
    assert operaciones.activar_tipo(fibra, usuario=None).activo


# --- Atributos en uso ------------------------------------------------------------------------------------------------
def test_un_atributo_nuevo_obligatorio_se_rechaza_si_hay_servicios_y_se_dice_cuales(con_servicios):
    actuales = list(con_servicios.atributos.all())
    with pytest.raises(ValidationError) as rechazo:
        fijar(con_servicios, [*actuales, AtributoTipo(clave="wifi", nombre="Wifi", obligatorio=True)])
    assert "7 servicios (FIB-0, FIB-1, FIB-2, FIB-3, FIB-4 y 2 más)" in frase(rechazo)
    assert con_servicios.atributos.count() == 3
    fijar(con_servicios, [*actuales, AtributoTipo(clave="wifi", nombre="Wifi")])
    assert con_servicios.atributos.count() == 4


def test_un_limite_que_los_servicios_no_cumplen_se_rechaza(con_servicios):
    atributos = atributos_de(con_servicios)
    atributos["velocidad_bajada_mbps"].maximo = 304
    with pytest.raises(ValidationError, match=r"2 servicios \(FIB-5 y FIB-6\).*el máximo es 304"):
        fijar(con_servicios, list(atributos.values()))


def test_un_atributo_en_uso_no_se_quita_ni_cambia_de_clave_pero_si_de_nombre(con_servicios):
    atributos = atributos_de(con_servicios)
    bajada = atributos["velocidad_bajada_mbps"]
    resto = [atributos["simetrica"], atributos["tecnologia"]]
    with pytest.raises(ValidationError, match="no se puede quitar ni cambiar de clave"):
        fijar(con_servicios, resto)
    bajada.clave = "mbps"
    with pytest.raises(ValidationError, match="no se puede quitar ni cambiar de clave"):
        fijar(con_servicios, [bajada, *resto])
    bajada.clave, bajada.nombre = "velocidad_bajada_mbps", "Bajada"
    fijar(con_servicios, [bajada, *resto])
    assert atributos_de(con_servicios)["velocidad_bajada_mbps"].nombre == "Bajada"


def test_un_atributo_que_nadie_usa_se_quita_y_deja_historia(con_servicios):
    atributos = atributos_de(con_servicios)
    quitado = atributos.pop("tecnologia")
    fijar(con_servicios, list(atributos.values()))
    assert "tecnologia" not in atributos_de(con_servicios)
    assert AtributoTipo.history.filter(id=quitado.pk, history_type="-").exists()


def test_cambiar_la_clase_de_dato_relee_lo_guardado(con_servicios):
    atributos = atributos_de(con_servicios)
    bajada = atributos["velocidad_bajada_mbps"]
    bajada.tipo_dato, bajada.minimo, bajada.maximo = "texto", None, None
    fijar(con_servicios, list(atributos.values()))
    servicio = con_servicios.servicios.get(codigo="FIB-0")
    assert servicio.caracteristicas == {"velocidad_bajada_mbps": "300"}
    assert "atributos" in servicio.history.first().history_change_reason


def test_dos_atributos_del_tipo_no_comparten_clave(fibra):
    repetido = AtributoTipo(clave="simetrica", nombre="Otra")
    with pytest.raises(ValidationError, match="no pueden tener la misma clave: simetrica"):
        fijar(fibra, [*fibra.atributos.all(), repetido])
    with pytest.raises(IntegrityError), transaction.atomic():
        FabricaAtributo(tipo=fibra, clave="simetrica")


@pytest.mark.parametrize(
    ("campos", "mensaje"),
    [
        ({"tipo_dato": "opcion"}, "al menos un valor"),
        ({"tipo_dato": "opcion", "opciones": ["HD", "HD"]}, "repetidas"),
        ({"tipo_dato": "opcion", "opciones": "HD"}, "lista de textos"),
        ({"tipo_dato": "entero", "opciones": ["HD"]}, "solo valen si la clase de dato es una lista"),
        ({"tipo_dato": "texto", "minimo": 1}, "solo valen para números"),
        ({"minimo": 5, "maximo": 1}, "El mínimo no puede ser mayor"),
        ({"clave": "Con Mayúscula"}, "minúsculas sin tilde"),
    ],
)
def test_un_atributo_mal_definido_se_rechaza_con_una_frase(campos, mensaje):
    atributo = AtributoTipo(**{"clave": "wifi", "nombre": "Wifi", **campos})
    with pytest.raises(ValidationError, match=mensaje):
        fijar(FabricaTipo(), [atributo])
