"""Programar, cambiar, pausar, reanudar, quitar y enviar ya: quién puede, qué se revisa y qué queda guardado."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict

from bonificaciones.tests.fabricas import FabricaSegmento
from clientes.tests.fabricas import AHORA, HOY, FabricaDepartamento
from movistar_site.comun.models import Aviso
from reportes.envios import filtros, operaciones
from reportes.envios.cadencia import Cadencia
from reportes.envios.permisos import leer_destinatarios
from reportes.marco import REPORTES, Lista
from reportes.models import Envio, EstadoEntrega, EstadoEnvio
from reportes.tests.escenas_envios import FabricaEntrega, FabricaEnvio, con_lista, cuenta, datos

pytestmark = pytest.mark.django_db
POPULARIDAD = REPORTES["popularidad"]


@pytest.fixture
def ana(db: None) -> Any:
    return cuenta("ana")


@pytest.fixture
def lista(db: None) -> Iterator[Lista]:
    with con_lista() as una:
        yield una


def crear(usuario: Any, reporte: Any = POPULARIDAD, **cambios: Any) -> Envio:
    return operaciones.crear_envio(reporte, datos(**cambios), usuario=usuario, ahora=AHORA)


def frases(error: Any) -> str:
    return " ".join(error.value.messages)


# --- Programar -------------------------------------------------------------------------------------------------------
def test_se_programa_para_la_proxima_vez_que_toque(ana: Any) -> None:
    envio = crear(ana, nombre="  Popularidad   del mes ")
    assert envio.nombre == "Popularidad del mes"
    # AHORA es el lunes 16 de marzo a las 10:30: el de las siete ya pasó.
    assert envio.proxima_el is not None
    assert envio.proxima_el.date().isoformat() == "2026-03-23"
    assert envio.destinatarios == ["jefe@example.co", "otra@example.co"]


def test_el_periodo_se_guarda_por_su_nombre_y_los_dias_fijos_no(ana: Any) -> None:
    departamento = FabricaDepartamento()
    fijos = "desde=2026-01-01&hasta=2026-01-31&al=2026-01-01&x=1"
    texto = f"periodo=mes_pasado&departamento={departamento.pk}&orden=-altas&{fijos}"
    envio = crear(ana, parametros=QueryDict(texto))
    assert dict(QueryDict(envio.parametros).items()) == {
        "periodo": "mes_pasado",
        "departamento": departamento.pk,
        "orden": "-altas",
    }


def test_de_unas_fechas_a_medida_queda_el_periodo_corriente_o_el_elegido(ana: Any) -> None:
    a_medida = "periodo=a_medida&desde=2026-01-01&hasta=2026-01-31"
    assert crear(ana, parametros=a_medida).parametros == "periodo=mes"
    assert crear(ana, parametros=a_medida, periodo="anio").parametros == "periodo=anio"


def test_un_filtro_que_no_se_entiende_no_se_guarda(ana: Any) -> None:
    with pytest.raises(ValidationError) as error:
        crear(ana, parametros="departamento=no-existe")
    assert "«Departamento»" in frases(error)
    assert not Envio.objects.exists()


@pytest.mark.parametrize(
    "cadencia", [Cadencia("semana", 7), Cadencia("mes", 7, 33), Cadencia("dia", 7, 3), Cadencia("dia", 24),
                 Cadencia("anio", 7), Cadencia("semana", 7, 0)]
)  # fmt: skip
def test_una_cadencia_imposible_se_rechaza(ana: Any, cadencia: Cadencia) -> None:
    with pytest.raises(ValidationError):
        crear(ana, cadencia=cadencia)


def test_quien_no_puede_ver_el_reporte_no_lo_programa(lista: Lista) -> None:
    sin_papel = cuenta("luis")
    sin_papel.groups.clear()
    with pytest.raises(ValidationError) as error:
        crear(sin_papel)
    assert "no tiene permiso para ver" in frases(error)
    agente = cuenta("agente", "Agente de atención")
    with pytest.raises(ValidationError) as error:
        crear(agente, lista, destinatarios=agente.email)
    assert "no tiene permiso para exportar" in frases(error)
    # Las cifras sí: quien ve las filas puede ver la cifra.
    assert crear(agente).pk


def test_nadie_programa_mas_de_cincuenta(ana: Any) -> None:
    FabricaEnvio.create_batch(operaciones.ENVIOS_POR_PERSONA, usuario=ana)
    with pytest.raises(ValidationError) as error:
        crear(ana)
    assert "Ya tiene 50 envíos" in frases(error)


# --- A quiénes -------------------------------------------------------------------------------------------------------
def test_las_direcciones_se_separan_de_cualquier_manera_y_no_se_repiten() -> None:
    assert leer_destinatarios("ana@example.co; Ana@example.co\n\tluis@example.co,,eva@example.co ") == [
        "Ana@example.co", "luis@example.co", "eva@example.co"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "malas",
    ["", " ,; ", "ana", "ana@", "@example.co", "<ana@example.co>", "ana@example.co\x00", '"a\x01b"@example.co',
     "Bcc:ana@example.co", "ana@example.co\u2028luis", "ñandú", "a@b.co(x)", "x" * 400 + "@example.co"],
)  # fmt: skip
def test_una_direccion_mala_se_dice(malas: str) -> None:
    with pytest.raises(ValidationError):
        leer_destinatarios(malas)


def test_un_encabezado_no_se_cuela_por_la_direccion_ni_por_el_nombre(ana: Any) -> None:
    with pytest.raises(ValidationError) as error:
        crear(ana, destinatarios="ana@example.co\r\nBcc: espia@example.co")
    assert "«Bcc:»" in frases(error)
    envio = crear(ana, nombre="Hola\r\nBcc: espia@example.co")
    assert envio.nombre == "Hola Bcc: espia@example.co"
    with pytest.raises(ValidationError):
        crear(ana, nombre="Hola\x00")


def test_son_diez_como_mucho(ana: Any) -> None:
    diez = [f"uno{n}@example.co" for n in range(10)]
    assert len(crear(ana, destinatarios=diez).destinatarios) == 10
    with pytest.raises(ValidationError) as error:
        crear(ana, destinatarios=[*diez, "otro@example.co"])
    assert "Son 11 direcciones" in frases(error)


def test_una_lista_de_personas_llega_solo_a_quien_puede_verla_y_exportarla(ana: Any, lista: Lista) -> None:
    luis, agente, ida = cuenta("luis"), cuenta("agente", "Agente de atención"), cuenta("ida")
    ida.is_active = False
    ida.save()
    assert crear(ana, lista, destinatarios=f"{ana.email}, {luis.email.upper()}").pk
    with pytest.raises(ValidationError) as error:
        crear(ana, lista, destinatarios=[luis.email, agente.email, ida.email, "fuera@example.co"])
    dicho = frases(error)
    assert "lleva datos de personas" in dicho
    assert f"No lo son: {agente.email}, {ida.email}, fuera@example.co." in dicho


# --- Cambiar, pausar, reanudar, quitar -------------------------------------------------------------------------------
def test_lo_cambia_solo_su_dueno_y_se_cuenta_de_nuevo_la_proxima(ana: Any) -> None:
    envio = crear(ana)
    for otra in (cuenta("luis"), cuenta("jefa", "Administrador")):
        with pytest.raises(PermissionDenied):
            operaciones.cambiar_envio(envio, datos(nombre="Ajeno"), usuario=otra, ahora=AHORA)
    cambiado = operaciones.cambiar_envio(
        envio, datos(nombre="Diario", cadencia=Cadencia("dia", 11)), usuario=ana, ahora=AHORA
    )
    assert (cambiado.nombre, cambiado.dia) == ("Diario", None)
    assert cambiado.proxima_el == AHORA.replace(hour=11, minute=0)


def test_en_pausa_no_tiene_proxima_y_lo_que_esperaba_ya_no_sale(ana: Any) -> None:
    envio = crear(ana)
    espera = FabricaEntrega(envio=envio, estado=EstadoEntrega.PENDIENTE, cerrada_el=None)
    pausado = operaciones.pausar_envio(envio, usuario=ana, ahora=AHORA)
    assert (pausado.estado, pausado.proxima_el) == (EstadoEnvio.PAUSADO, None)
    espera.refresh_from_db()
    assert (espera.estado, espera.nota) == (EstadoEntrega.OMITIDA, "Lo pausó su dueño.")
    with pytest.raises(ValidationError):
        operaciones.pausar_envio(envio, usuario=ana, ahora=AHORA)
    # Cambiarlo en pausa no lo reanuda.
    assert operaciones.cambiar_envio(envio, datos(), usuario=ana, ahora=AHORA).proxima_el is None
    reanudado = operaciones.reanudar_envio(envio, usuario=ana, ahora=AHORA + timedelta(days=30))
    assert reanudado.proxima_el is not None
    assert reanudado.proxima_el > AHORA + timedelta(days=30)


def test_quien_administra_pausa_y_quita_los_de_otros_pero_no_los_envia_ni_los_reanuda(ana: Any) -> None:
    envio, jefa, luis = crear(ana), cuenta("jefa", "Administrador"), cuenta("luis")
    with pytest.raises(PermissionDenied):
        operaciones.pausar_envio(envio, usuario=luis, ahora=AHORA)
    with pytest.raises(PermissionDenied):
        operaciones.borrar_envio(envio, usuario=luis)
    with pytest.raises(PermissionDenied):
        operaciones.enviar_ahora(envio, usuario=jefa, ahora=AHORA)
    operaciones.pausar_envio(envio, usuario=jefa, ahora=AHORA)
    with pytest.raises(PermissionDenied):
        operaciones.reanudar_envio(envio, usuario=jefa, ahora=AHORA)
    operaciones.borrar_envio(envio, usuario=jefa)
    assert not Envio.objects.exists()


def test_enviar_ahora_pide_una_sola_aunque_se_oprima_dos_veces(ana: Any) -> None:
    envio = crear(ana)
    entrega = operaciones.enviar_ahora(envio, usuario=ana, ahora=AHORA)
    assert entrega.a_mano
    with pytest.raises(ValidationError) as error:
        operaciones.enviar_ahora(envio, usuario=ana, ahora=AHORA + timedelta(seconds=2))
    assert "en camino" in frases(error)
    type(entrega).objects.update(estado=EstadoEntrega.ENVIADA, cerrada_el=AHORA)
    with pytest.raises(ValidationError) as error:
        operaciones.enviar_ahora(envio, usuario=ana, ahora=AHORA + timedelta(seconds=20))
    assert "espere un minuto" in frases(error)
    assert operaciones.enviar_ahora(envio, usuario=ana, ahora=AHORA + timedelta(minutes=2)).pk
    envio.refresh_from_db()
    assert envio.proxima_el == crear(ana).proxima_el, "pedirla a mano no mueve las programadas"


# --- Detener ---------------------------------------------------------------------------------------------------------
def test_detenido_dice_por_que_avisa_a_su_dueno_y_no_sigue_solo(ana: Any) -> None:
    envio = crear(ana)
    operaciones.detener_envio(envio, motivo="Ana no tiene permiso.", ahora=AHORA)
    operaciones.detener_envio(envio, motivo="Otra vez.", ahora=AHORA + timedelta(hours=1))
    envio.refresh_from_db()
    assert (envio.estado, envio.detenido_por, envio.proxima_el) == (
        EstadoEnvio.DETENIDO, "Ana no tiene permiso.", None
    )  # fmt: skip
    aviso = Aviso.objects.get()
    assert (aviso.usuario_id, aviso.titulo) == (ana.pk, f"Se detuvo el envío «{envio}»")
    with pytest.raises(ValidationError):
        operaciones.enviar_ahora(envio, usuario=ana, ahora=AHORA)
    ana.groups.clear()
    sin_permiso = type(ana).objects.get(pk=ana.pk)
    with pytest.raises(ValidationError) as error:
        operaciones.reanudar_envio(envio, usuario=sin_permiso, ahora=AHORA)
    assert "no tiene permiso" in frases(error)


def test_si_el_dueno_ya_no_entra_se_avisa_a_quienes_administran(ana: Any) -> None:
    envio, jefa = crear(ana), cuenta("jefa", "Administrador")
    ana.is_active = False
    ana.save()
    operaciones.detener_envio(envio, motivo="La cuenta de Ana ya no está activa.", ahora=AHORA)
    assert [aviso.usuario_id for aviso in Aviso.objects.all()] == [jefa.pk]


# --- Lo que cada entrega pide ----------------------------------------------------------------------------------------
def test_cada_entrega_mira_sus_propios_dias() -> None:
    for dia, desde, hasta in (("2026-03-01", "2026-02-01", "2026-02-28"), ("2026-04-01", "2026-03-01", "2026-03-31")):
        cuando = HOY.fromisoformat(dia)
        # Aunque salga una semana después: le tocaba ese día.
        pedido = filtros.pedir(POPULARIDAD, "periodo=mes_pasado", dia=cuando, hoy=cuando + timedelta(days=7))
        assert (pedido.periodo.desde.isoformat(), pedido.periodo.hasta.isoformat()) == (desde, hasta)
        fijos = filtros.fijos(POPULARIDAD, pedido, "periodo=mes_pasado&orden=-altas")
        assert fijos == {"periodo": ["a_medida"], "desde": [desde], "hasta": [hasta], "al": [dia], "orden": ["-altas"]}


def test_un_filtro_que_dejo_de_valer_no_se_pasa_por_alto(lista: Lista) -> None:
    segmento = FabricaSegmento(filtros="estado=activo")
    guardado = filtros.limpiar(lista, f"segmento={segmento.pk}", hoy=HOY)
    assert filtros.pedir(lista, guardado, dia=HOY, hoy=HOY).valor("segmento") == segmento
    segmento.activo = False
    segmento.save()
    with pytest.raises(filtros.FiltroPerdido, match="«Segmento»"):
        filtros.pedir(lista, guardado, dia=HOY, hoy=HOY)
    with pytest.raises(filtros.FiltroPerdido, match="ya no tiene el filtro «color»"):
        filtros.pedir(lista, "color=rojo", dia=HOY, hoy=HOY)
