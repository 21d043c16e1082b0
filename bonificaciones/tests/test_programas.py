"""Los programas: sus reglas, su editor con lo que alcanza, y que lo asignado no cambie con ellos."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from bonificaciones import semillas
from bonificaciones.models import Bonificacion, Corrida, Derivacion, Programa
from bonificaciones.operaciones import programas
from bonificaciones.operaciones.otorgar import notificar_fidelizacion
from bonificaciones.tests.fabricas import FabricaBonificacion, FabricaDerivacion, FabricaPrograma, FabricaSegmento
from clientes.tests.fabricas import AHORA, HOY, FabricaCliente, FabricaContrato, FabricaMunicipio, servicio_con_precio

pytestmark = pytest.mark.django_db
ALCANCE = "alcance_de_programa"
ANTIGUO = date(2010, 5, 20)


def datos(**cambios: Any) -> dict[str, Any]:
    """Un formulario bien lleno."""
    return {
        "nombre": "Más de diez", "codigo": "MAS-DE-DIEZ", "meses_minimos": "120", "estricto": "on",
        "frecuencia": "una_vez", "beneficio": "porcentaje", "calculo": "fijo", "cantidad": "10", "meses": "6",
        "vigente_desde": "01/01/2026", "costo_unitario": "", "tope_mensual": "", "descripcion": "", "norma": "",
        "escalones_anios": ["", ""], "escalones_cantidad": ["", ""], **cambios,
    }  # fmt: skip


# --- Las reglas ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("campos", "campo", "frase"),
    [
        ({"cantidad": Decimal(0)}, "cantidad", "mayor que cero"),
        ({"cantidad": Decimal(101)}, "cantidad", "no puede pasar de 100"),
        ({"beneficio": "valor", "cantidad": Decimal(10_000_001)}, "cantidad", "revise los ceros"),
        ({"beneficio": "datos_extra", "cantidad": Decimal(1_001)}, "cantidad", "1.000 gigas"),
        ({"beneficio": "meses_gratis", "cantidad": Decimal("1.5")}, "cantidad", "número entero"),
        ({"beneficio": "datos_extra", "cantidad": Decimal(900), "costo_unitario": Decimal(90_000)}, "costo_unitario",
         "al mes por cliente"),
        ({"beneficio": "servicio"}, "servicio", "qué servicio"),
        ({"beneficio": "equipo"}, "equipo", "qué equipo"),
        ({"calculo": "factura"}, "calculo", "descuento en pesos"),
        ({"categorias": ["platino"]}, "categorias", "nuevo, regular y leal"),
        ({"tope_mensual": Decimal(0)}, "tope_mensual", "mayor que cero"),
        ({"calculo": "escalones"}, "escalones", "al menos un escalón"),
        ({"calculo": "escalones", "escalones": [{"anios": 11, "cantidad": "5"}]}, "escalones", "a los 10 años o antes"),
        ({"calculo": "escalones", "escalones": [{"anios": 5, "cantidad": "5"}, {"anios": 5, "cantidad": "6"}]},
         "escalones", "los mismos años"),
        ({"calculo": "escalones", "escalones": [{"anios": 10, "cantidad": "101"}]}, "escalones", "pasar de 100"),
        ({"calculo": "escalones", "escalones": [{"anios": 10}]}, "escalones", "los años cumplidos y la cantidad"),
    ],
)  # fmt: skip
def test_lo_que_no_sirve_se_dice_en_una_frase_junto_a_su_campo(campos: dict[str, Any], campo: str, frase: str) -> None:
    with pytest.raises(ValidationError) as error:
        FabricaPrograma.build(**campos).full_clean()
    assert frase in " ".join(error.value.message_dict[campo])
    assert all(len(frases) == 1 for frases in error.value.message_dict.values() if campo in error.value.message_dict)


def test_un_servicio_retirado_y_un_segmento_inactivo_no_se_pueden_elegir() -> None:
    servicio = servicio_con_precio()
    servicio.estado, servicio.retirado_el = "retirado", HOY
    servicio.save()
    segmento = FabricaSegmento(activo=False)
    with pytest.raises(ValidationError) as error:
        FabricaPrograma.build(beneficio="servicio", servicio=servicio, segmento=segmento).full_clean()
    assert "está retirado" in str(error.value) and "está inactivo" in str(error.value)


def test_lo_que_el_beneficio_no_usa_no_se_guarda() -> None:
    programa = FabricaPrograma.build(
        beneficio="equipo", equipo="Decodificador", calculo="escalones", cantidad=Decimal(5),
        escalones=[{"anios": 10, "cantidad": "5"}], servicio=servicio_con_precio(), categorias=["leal", "nuevo"],
    )  # fmt: skip
    programa.full_clean()
    assert (programa.calculo, programa.cantidad, programa.escalones) == ("fijo", Decimal(1), [])
    assert programa.servicio is None and programa.categorias == ["nuevo", "leal"]


# --- Las semillas ----------------------------------------------------------------------------------------------------
def test_quien_lleva_mas_de_diez_anios_cabe_en_un_solo_programa_de_fabrica() -> None:
    semillas.sembrar(partial(apps.get_model, "bonificaciones"))
    de_fabrica = Programa.objects.filter(codigo__in=[uno.codigo for uno in semillas.PROGRAMAS])
    assert de_fabrica.count() == 3
    for programa in de_fabrica:
        programa.full_clean()
        assert programa.norma and "no tiene condiciones" in programa.descripcion
    for anios, dias in ((10, 0), (10, 1), (15, 0), (15, 1), (20, 0), (20, 1), (40, 0)):
        FabricaCliente(fecha_vinculacion=date(2026 - anios, 3, 16 - dias))
    premios = {
        programa.codigo: notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA).otorgadas
        for programa in de_fabrica
    }
    assert premios == {"DIEZ-ANIOS": 2, "QUINCE-ANIOS": 2, "VEINTE-ANIOS": 2}
    assert Bonificacion.objects.values("cliente").distinct().count() == 6


# --- El editor -------------------------------------------------------------------------------------------------------
def test_un_administrador_crea_un_programa_por_escalones_y_para_ciertos_clientes(
    administrador: Any, cliente_http: Any
) -> None:
    servicio, municipio = servicio_con_precio(), FabricaMunicipio()
    respuesta = cliente_http(administrador).post(
        reverse("admin:bonificaciones_programa_add"),
        datos(codigo="por-anios", calculo="escalones", cantidad="", categorias=["leal"], tipos=[servicio.tipo.pk],
              municipios=[municipio.pk], escalones_anios=["15", "", "10"], escalones_cantidad=["12,5", "", "5"]),
    )  # fmt: skip
    assert respuesta.status_code == 302, respuesta.context["adminform"].form.errors
    programa = Programa.objects.get(codigo="POR-ANIOS")
    assert programa.escalones == [{"anios": 10, "cantidad": "5.00"}, {"anios": 15, "cantidad": "12.50"}]
    assert (list(programa.tipos.all()), list(programa.municipios.all())) == ([servicio.tipo], [municipio])
    pagina = cliente_http(administrador).get(reverse("admin:bonificaciones_programa_change", args=(programa.pk,)))
    assert b'value="12,5"' in pagina.content and b'value="15"' in pagina.content
    lista = cliente_http(administrador).get(reverse("admin:bonificaciones_programa_changelist")).content.decode()
    assert "5 % de descuento por 6 meses, según los años; hasta 12,5 % de descuento por 6 meses" in lista


def test_lo_mal_escrito_vuelve_con_su_frase(administrador: Any, cliente_http: Any) -> None:
    respuesta = cliente_http(administrador).post(
        reverse("admin:bonificaciones_programa_add"),
        datos(calculo="escalones", escalones_anios=["diez"], escalones_cantidad=["5"], tope_mensual="mucho"),
    )
    texto = respuesta.content.decode()
    assert "Los años de un escalón son un número entero: se recibió «diez»." in texto
    assert "No se entiende el importe «mucho»" in texto and not Programa.objects.filter(codigo="MAS-DE-DIEZ").exists()


def test_antes_de_guardar_se_ve_a_cuantos_alcanza_cuanto_cuesta_y_una_muestra(
    administrador: Any, cliente_http: Any
) -> None:
    hoy = timezone.localdate()
    cliente = FabricaCliente(nombre="Rosa", fecha_vinculacion=hoy.replace(year=hoy.year - 12, day=1))
    FabricaContrato(cliente=cliente, estado="activo", precio=Decimal("74905"), fecha_inicio=ANTIGUO)
    texto = cliente_http(administrador).post(reverse(ALCANCE), datos()).content.decode()
    assert "Rosa" in texto and "10 % de descuento por 6 meses" in texto and "$\u00a07.491" in texto
    assert not Programa.objects.filter(codigo="MAS-DE-DIEZ").exists() and not Corrida.objects.exists()
    # Cómo se llama no cambia a quién alcanza.
    sin_nombre = cliente_http(administrador).post(reverse(ALCANCE), datos(nombre="", codigo=""))
    assert "Rosa" in sin_nombre.content.decode()
    mal = cliente_http(administrador).post(reverse(ALCANCE), datos(cantidad="0")).content.decode()
    assert "La cantidad debe ser mayor que cero." in mal and "Rosa" not in mal


def test_el_alcance_de_uno_guardado_descuenta_a_quien_ya_la_tiene(administrador: Any, cliente_http: Any) -> None:
    programa = FabricaPrograma(codigo="MAS-DE-DIEZ")
    bono = FabricaBonificacion(programa=programa)
    direccion = f"{reverse(ALCANCE)}?programa={programa.pk}"
    respuesta = cliente_http(administrador).post(direccion, datos(nombre="Otro", cantidad="25"))
    vista = respuesta.context["vista"]
    assert (vista.alcance.por_permanencia, vista.alcance.ya_la_tenian, vista.alcance.elegidos) == (1, 1, 0)
    programa.refresh_from_db()
    assert programa.nombre != "Otro" and bono.cantidad == Decimal(10)


def test_solo_quien_edita_programas_ve_lo_que_alcanza(agente: Any, asesor: Any, cliente_http: Any) -> None:
    programa = FabricaPrograma()
    for cuenta in (agente, asesor):
        assert cliente_http(cuenta).post(reverse(ALCANCE), datos()).status_code == 403
        con_clave = f"{reverse(ALCANCE)}?programa={programa.pk}"
        assert cliente_http(cuenta).post(con_clave, datos()).status_code == 403
        assert cliente_http(cuenta).get(reverse("correr_programa", args=(programa.pk,))).status_code == 403


# --- Lo asignado no cambia -------------------------------------------------------------------------------------------
def test_cambiar_el_beneficio_vale_solo_para_lo_que_se_asigne_despues(administrador: Any) -> None:
    primero = FabricaCliente(fecha_vinculacion=ANTIGUO)
    programa = FabricaPrograma(cantidad=Decimal(10))
    notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA)
    programa.beneficio, programa.cantidad, programa.meses = "datos_extra", Decimal(5), 12
    programas.guardar_programa(programa, usuario=administrador, motivo="Comité de marzo")
    segundo = FabricaCliente(fecha_vinculacion=ANTIGUO)
    notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA)
    dadas = {bono.cliente_id: (bono.beneficio, bono.cantidad, bono.meses) for bono in Bonificacion.objects.all()}
    assert dadas == {primero.pk: ("porcentaje", Decimal(10), 6), segundo.pk: ("datos_extra", Decimal(5), 12)}


def test_un_programa_con_bonificaciones_no_se_borra_y_se_ofrece_desactivarlo(
    administrador: Any, cliente_http: Any
) -> None:
    programa = FabricaBonificacion().programa
    borrar = reverse("admin:bonificaciones_programa_delete", args=(programa.pk,))
    texto = cliente_http(administrador).get(borrar).content.decode()
    assert "1 bonificación" in texto and "Desactivar" in texto
    cliente_http(administrador).post(borrar, {"post": "yes"})
    assert Programa.objects.filter(pk=programa.pk).exists()


def test_desactivar_y_activar_dejan_historia_y_no_se_repiten(administrador: Any) -> None:
    programa = FabricaPrograma()
    programas.desactivar_programa(programa, usuario=administrador, motivo="Fin de la campaña")
    assert not programa.activo and programa.history.first().history_change_reason == "Fin de la campaña"
    with pytest.raises(ValidationError, match="ya está inactivo"):
        programas.desactivar_programa(programa, usuario=administrador, motivo="Otra vez")
    with pytest.raises(ValidationError, match="Escriba el motivo"):
        programas.desactivar_programa(programa, usuario=administrador, motivo=" ")
    programas.activar_programa(programa, usuario=administrador)
    assert programa.activo


def test_si_el_programa_cambia_mientras_se_asigna_la_corrida_se_detiene_y_lo_cuenta(monkeypatch: Any) -> None:
    from bonificaciones.operaciones import otorgar

    for _ in range(4):
        FabricaCliente(fecha_vinculacion=ANTIGUO)
    programa = FabricaPrograma()
    monkeypatch.setattr(otorgar, "TANDA", 2)
    repartir = otorgar._Asignacion._repartir

    def y_alguien_lo_desactiva(self: Any, miradas: Any) -> Any:
        Programa.objects.filter(pk=programa.pk).update(activo=False)
        return repartir(self, miradas)

    monkeypatch.setattr(otorgar._Asignacion, "_repartir", y_alguien_lo_desactiva)
    corrida = notificar_fidelizacion(programa=programa, hoy=HOY, ahora=AHORA)
    assert (corrida.otorgadas, corrida.excluidos) == (2, {"programa_cambio": 2})


# --- Anular ----------------------------------------------------------------------------------------------------------
def test_anular_cierra_la_bonificacion_y_su_derivacion(administrador: Any, asesor: Any, cliente_http: Any) -> None:
    derivacion = FabricaDerivacion(asesor=asesor)
    bono = derivacion.bonificacion
    accion = reverse("admin:bonificaciones_bonificacion_accion", args=(bono.pk, "anular"))
    assert cliente_http(asesor).get(accion).status_code == 403
    cliente_http(administrador).post(accion, {"motivo": "Se duplicó el cliente"})
    bono.refresh_from_db()
    derivacion.refresh_from_db()
    assert (bono.estado, bono.motivo, derivacion.resultado) == ("anulada", "Se duplicó el cliente", "anulada")
    otra_vez = cliente_http(administrador).post(accion, {"motivo": "Otra"}, follow=True)
    assert "ya está cerrada" in otra_vez.content.decode()


def test_una_sin_derivacion_tambien_se_anula(administrador: Any) -> None:
    bono = FabricaBonificacion()
    programas.anular_bonificacion(bono, motivo="No era", usuario=administrador, ahora=AHORA)
    assert bono.estado == "anulada" and not Derivacion.objects.exists()
    with pytest.raises(ValidationError, match="ya está anulada"):
        programas.anular_bonificacion(bono, motivo="No era", usuario=administrador, ahora=AHORA)
