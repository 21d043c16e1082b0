"""Los filtros del catálogo: cada campo tiene el suyo o una razón para no tenerlo."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from servicios import filtros
from servicios.models import AtributoTipo, PrecioServicio, Promocion, Servicio, TipoServicio

from .fabricas import HOY, FabricaPaquete, FabricaPrecio, FabricaPromocion, FabricaServicio, FabricaTipo, contratar

DE_CADA_MODELO = {
    TipoServicio: filtros.FiltroTipoServicio,
    AtributoTipo: filtros.FiltroAtributoTipo,
    Servicio: filtros.FiltroServicio,
    PrecioServicio: filtros.FiltroPrecioServicio,
    Promocion: filtros.FiltroPromocion,
}


def codigos(clase, datos):
    filtro = clase(datos, clase._meta.model.objects.all(), hoy=HOY)
    assert filtro.is_valid(), filtro.errors
    return set(filtro.qs.values_list("codigo", flat=True))


@pytest.mark.parametrize("modelo", DE_CADA_MODELO)
def test_cada_campo_tiene_filtro_o_una_razon_para_no_tenerlo(modelo):
    clase = DE_CADA_MODELO[modelo]
    campos = {campo.name for campo in (*modelo._meta.concrete_fields, *modelo._meta.many_to_many)}
    filtrados = {filtro.field_name for filtro in clase.base_filters.values()} | set(clase.base_filters)
    assert campos - filtrados - set(clase.EXCLUIDOS) == set()
    assert set(clase.EXCLUIDOS) <= campos, "sobra una exclusión"
    assert not set(clase.EXCLUIDOS) & set(clase.base_filters), "un campo se filtra y se excluye"


@pytest.mark.parametrize("clase", DE_CADA_MODELO.values())
def test_cada_filtro_tiene_su_nombre_en_espanol(clase):
    for nombre, filtro in clase.base_filters.items():
        assert filtro.extra.get("label") or filtro._label, nombre


@pytest.mark.django_db
def test_los_servicios_se_filtran_por_el_precio_que_rige_hoy():
    barato = FabricaPrecio(valor=Decimal(50_000)).servicio
    subio = FabricaPrecio(valor=Decimal(50_000)).servicio
    FabricaPrecio(servicio=subio, valor=Decimal(90_000), vigente_desde=HOY)
    subira = FabricaPrecio(valor=Decimal(60_000)).servicio
    FabricaPrecio(servicio=subira, valor=Decimal(90_000), vigente_desde=HOY + timedelta(days=1))
    sin_precio = FabricaServicio()
    entre = {"precio_min": "50000", "precio_max": "60000"}
    assert codigos(filtros.FiltroServicio, entre) == {barato.codigo, subira.codigo}
    assert codigos(filtros.FiltroServicio, {"sin_precio": "true"}) == {sin_precio.codigo}


@pytest.mark.django_db
def test_los_servicios_se_filtran_por_lo_que_son():
    movil = FabricaServicio(tipo=FabricaTipo(red="movil", modalidad="prepago"), nombre="Recarga Niño")
    retirado = FabricaServicio(estado="retirado", retirado_el=date(2026, 1, 5))
    paquete = FabricaServicio(tipo=FabricaPaquete())
    paquete.componentes.add(retirado)
    casos = [
        ({"red": ["movil"]}, movil),
        ({"modalidad": ["prepago"]}, movil),
        ({"busqueda": "nino RECARGA"}, movil),
        ({"tipo": [movil.tipo.pk]}, movil),
        ({"estado": ["retirado"]}, retirado),
        ({"retirado_el_after": "2026-01-01", "retirado_el_before": "2026-01-31"}, retirado),
        ({"es_paquete": "true"}, paquete),
        ({"componentes": [retirado.pk]}, paquete),
    ]
    for datos, esperado in casos:
        assert codigos(filtros.FiltroServicio, datos) == {esperado.codigo}, datos


@pytest.mark.django_db
def test_las_promociones_se_filtran_por_vigencia_categoria_y_cupo():
    leales = FabricaPromocion(categorias=["leal"])
    todas = FabricaPromocion(beneficio="valor")
    vencida = FabricaPromocion(vigente_hasta=HOY - timedelta(days=1), categorias=["nuevo"])
    agotada = FabricaPromocion(cupo=1, categorias=["nuevo"], vigente_desde=HOY + timedelta(days=9))
    contratar(FabricaServicio(), promocion=agotada)
    casos = [
        ({"vigencia": "vigente"}, {leales, todas}),
        ({"vigencia": "vencida"}, {vencida}),
        ({"vigencia": "futura"}, {agotada}),
        ({"categorias": "leal"}, {leales, todas}),
        ({"con_cupo": "false"}, {agotada}),
        ({"beneficio": ["valor"]}, {todas}),
    ]
    for datos, esperadas in casos:
        assert codigos(filtros.FiltroPromocion, datos) == {p.codigo for p in esperadas}, datos


@pytest.mark.django_db
def test_un_filtro_mal_escrito_se_rechaza_en_espanol():
    filtro = filtros.FiltroServicio({"precio_min": "mucho", "tipo": ["0"]}, Servicio.objects.all(), hoy=HOY)
    assert not filtro.is_valid()
    frases = str(filtro.errors)
    assert "número" in frases
    assert "Select a valid choice" not in frases
