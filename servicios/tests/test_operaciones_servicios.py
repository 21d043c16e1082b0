"""Guardar, retirar, reactivar y borrar servicios."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from servicios import operaciones
from servicios.models import Servicio

from .fabricas import HOY, FabricaPaquete, FabricaPromocion, FabricaServicio, FabricaTipo, contratar, tipo_fibra

pytestmark = pytest.mark.django_db


def nuevo(**campos):
    return Servicio(**{"codigo": "FIB-300", "nombre": "Fibra 300", **campos})


def guardar(servicio, **extras):
    return operaciones.guardar_servicio(servicio, usuario=None, hoy=HOY, **extras)


def retirar(servicio, fecha=HOY, motivo="Se reemplaza"):
    return operaciones.retirar_servicio(servicio, fecha=fecha, hoy=HOY, usuario=None, motivo=motivo)


def duo(*componentes, codigo="DUO-1"):
    return guardar(nuevo(codigo=codigo, nombre="Dúo", tipo=FabricaPaquete()), componentes=componentes)


def frase(rechazo) -> str:
    return " ".join(rechazo.value.messages)


def test_un_servicio_nuevo_queda_activo_con_su_precio_desde_hoy_y_su_historia(django_user_model):
    admin = django_user_model.objects.create_user("admin.prueba")
    servicio = operaciones.guardar_servicio(
        nuevo(tipo=tipo_fibra(), caracteristicas={"velocidad_bajada_mbps": "300", "simetrica": "sí"}),
        usuario=admin,
        hoy=HOY,
        precio=Decimal("74900"),
        motivo="Lanzamiento",
    )
    servicio.refresh_from_db()
    assert servicio.caracteristicas == {"velocidad_bajada_mbps": 300, "simetrica": True}
    assert servicio.precio_en(HOY) == Decimal("74900.00")
    assert servicio.precio_en(HOY - timedelta(days=1)) is None
    historia = servicio.history.last()
    assert (historia.autor, historia.history_change_reason) == ("admin.prueba", "Lanzamiento")


def test_un_servicio_sin_tipo_se_rechaza_con_una_frase():
    with pytest.raises(ValidationError) as rechazo:
        guardar(nuevo())
    assert "tipo" in rechazo.value.message_dict


def test_dos_servicios_no_comparten_codigo():
    guardar(nuevo(tipo=FabricaTipo()))
    with pytest.raises(ValidationError, match="Ya hay un servicio con ese código"):
        guardar(nuevo(tipo=FabricaTipo()))


def test_guardar_otra_vez_con_el_mismo_precio_no_crea_otro():
    servicio = guardar(nuevo(tipo=FabricaTipo()), precio=Decimal(50_000))
    guardar(servicio, precio=Decimal("50000.00"))
    assert servicio.precios.count() == 1


def test_un_precio_negativo_deshace_todo():
    with pytest.raises(ValidationError, match="no puede ser negativo"):
        guardar(nuevo(tipo=FabricaTipo()), precio=Decimal(-1))
    assert not Servicio.objects.exists()


def test_un_tipo_inactivo_no_recibe_servicios_nuevos_pero_deja_editar_los_suyos():
    tipo = FabricaTipo(activo=False)
    with pytest.raises(ValidationError, match="está inactivo: no recibe servicios nuevos"):
        guardar(nuevo(tipo=tipo))
    existente = FabricaServicio(tipo=tipo)
    existente.nombre = "Otro nombre"
    assert guardar(existente).nombre == "Otro nombre"


def test_un_servicio_con_contratos_no_cambia_de_tipo():
    servicio = FabricaServicio()
    contratar(servicio)
    servicio.tipo = FabricaTipo()
    with pytest.raises(ValidationError, match="ya tiene contratos: no cambia de tipo"):
        guardar(servicio)


# --- Paquetes --------------------------------------------------------------------------------------------------------
def test_un_paquete_reune_los_servicios_que_su_tipo_pide():
    a, b = FabricaServicio(), FabricaServicio()
    paquete = duo(a, b)
    assert set(paquete.componentes.all()) == {a, b}
    with pytest.raises(ValidationError, match="se compone de 2 servicios o más"):
        duo(a, codigo="DUO-2")
    trio = FabricaPaquete(componentes_minimos=3)
    with pytest.raises(ValidationError, match="se compone de 3 servicios o más"):
        guardar(nuevo(tipo=trio), componentes=[a, b])


def test_repetir_un_componente_no_completa_un_paquete():
    a = FabricaServicio()
    with pytest.raises(ValidationError, match="se compone de 2"):
        duo(a, a)


def test_un_servicio_corriente_no_lleva_otros():
    with pytest.raises(ValidationError, match="no es un paquete"):
        guardar(nuevo(tipo=FabricaTipo()), componentes=[FabricaServicio()])


def test_un_paquete_no_se_compone_de_paquetes_ni_de_si_mismo():
    a, b = FabricaServicio(), FabricaServicio()
    paquete = duo(a, b)
    with pytest.raises(ValidationError, match="no se compone de otros paquetes: quite DUO-1"):
        duo(a, paquete, codigo="DUO-2")
    with pytest.raises(ValidationError, match="parte de sí mismo"):
        guardar(paquete, componentes=[a, paquete])


def test_un_paquete_nuevo_no_lleva_servicios_retirados():
    a, b = FabricaServicio(), FabricaServicio(codigo="VIEJO", estado="retirado", retirado_el=HOY)
    with pytest.raises(ValidationError, match="quite VIEJO"):
        duo(a, b)


def test_guardar_un_paquete_sin_hablar_de_sus_componentes_los_deja():
    a, b = FabricaServicio(), FabricaServicio()
    paquete = duo(a, b)
    paquete.nombre = "Dúo total"
    assert guardar(paquete).componentes.count() == 2


def test_un_componente_no_se_vuelve_paquete():
    a, b = FabricaServicio(), FabricaServicio()
    duo(a, b)
    a.tipo = FabricaPaquete()
    with pytest.raises(ValidationError, match="es parte de un paquete"):
        guardar(a, componentes=[b, FabricaServicio()])


# --- Retirar y reactivar ---------------------------------------------------------------------------------------------
def test_retirar_pone_la_fecha_y_guarda_el_motivo():
    servicio = retirar(FabricaServicio(), fecha=date(2026, 3, 1), motivo="Cobre apagado")
    assert (servicio.estado, servicio.retirado_el) == ("retirado", date(2026, 3, 1))
    assert servicio.history.first().history_change_reason == "Cobre apagado"


@pytest.mark.parametrize(
    ("cambios", "mensaje"),
    [
        ({"motivo": "  "}, "Escriba el motivo"),
        ({"fecha": HOY + timedelta(days=1)}, "no puede ser posterior a hoy"),
    ],
)
def test_retirar_sin_motivo_o_en_el_futuro_se_rechaza(cambios, mensaje):
    with pytest.raises(ValidationError, match=mensaje):
        retirar(FabricaServicio(), **cambios)


def test_retirar_dos_veces_se_rechaza():
    servicio = retirar(FabricaServicio())
    with pytest.raises(ValidationError, match="ya está retirado"):
        retirar(servicio)


def test_no_se_retira_un_componente_de_un_paquete_a_la_venta_y_se_dice_cual():
    a, b = FabricaServicio(), FabricaServicio()
    paquete = duo(a, b)
    with pytest.raises(ValidationError) as rechazo:
        retirar(a)
    assert "DUO-1" in frase(rechazo)
    retirar(paquete)
    assert retirar(a).estado == "retirado"


def test_un_paquete_retirado_con_componentes_retirados_se_edita_pero_no_se_reactiva():
    a, b = FabricaServicio(), FabricaServicio()
    paquete = retirar(duo(a, b))
    retirar(a)
    paquete.descripcion = "Ya no se vende."
    guardar(paquete)
    with pytest.raises(ValidationError, match="no lleva servicios retirados"):
        operaciones.reactivar_servicio(paquete, usuario=None, motivo="Vuelve")


def test_reactivar_devuelve_el_servicio_a_la_venta():
    servicio = operaciones.reactivar_servicio(retirar(FabricaServicio()), usuario=None, motivo="Vuelve")
    assert (servicio.estado, servicio.retirado_el) == ("activo", None)
    with pytest.raises(ValidationError, match="ya está activo"):
        operaciones.reactivar_servicio(servicio, usuario=None, motivo="Otra vez")


def test_no_se_reactiva_un_servicio_de_un_tipo_inactivo():
    servicio = retirar(FabricaServicio())
    operaciones.desactivar_tipo(servicio.tipo, usuario=None)
    with pytest.raises(ValidationError, match="está inactivo"):
        operaciones.reactivar_servicio(servicio, usuario=None, motivo="Vuelve")


# --- Borrar ----------------------------------------------------------------------------------------------------------
def test_un_servicio_que_nadie_usa_se_borra():
    servicio = guardar(nuevo(tipo=FabricaTipo()), precio=Decimal(50_000))
    operaciones.borrar_servicio(servicio, usuario=None)
    assert not Servicio.objects.exists()


def test_un_servicio_en_uso_no_se_borra_y_se_dice_quien_lo_usa():
    contratado, a, b, promovido = (FabricaServicio() for _ in range(4))
    contratar(contratado, cuantos=3)
    duo(a, b)
    FabricaPromocion(codigo="NAVIDAD").servicios.add(promovido)
    for servicio, quien in ((contratado, "3 contratos"), (a, "DUO-1"), (promovido, "NAVIDAD")):
        with pytest.raises(ValidationError) as rechazo:
            operaciones.borrar_servicio(servicio, usuario=None)
        assert quien in frase(rechazo)
    assert Servicio.objects.count() == 5
