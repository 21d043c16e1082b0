"""Lo que las plantillas completan y lo que la constancia dice, en la página y en el PDF."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from clientes import constancia_pdf, plantillas
from clientes.constancia import constancia_de
from clientes.models import PlantillaRespuesta
from clientes.operaciones import interponer_recurso, prorrogar_interaccion, responder_interaccion
from movistar_site.comun.models import Parametro

from .fabricas import (
    AHORA,
    HOY,
    FabricaCliente,
    FabricaContrato,
    FabricaMotivo,
    FabricaUsuario,
    servicio_con_precio,
)
from .test_radicar_pqr import radicar

pytestmark = pytest.mark.django_db


# --- Plantillas ------------------------------------------------------------------------------------------------------
def caso_de_ana(**opciones):
    cliente = FabricaCliente(nombre="Ana", apellido="Ríos", documento="1020304050")
    contrato = FabricaContrato(cliente=cliente, servicio=servicio_con_precio(nombre="Fibra 300"))
    return radicar(cliente, contrato=contrato, **opciones)


def test_la_plantilla_se_completa_con_los_datos_del_caso():
    caso, luz = caso_de_ana(), FabricaUsuario(first_name="Luz", last_name="Peña")
    texto = "{cliente}, {numero} ({cun}) del {fecha}: {asunto}, {servicio}. { agente }"
    esperado = (
        "Ana Ríos, R-00000001 (0000 26 0000000001) del 16/03/2026: Cobro doble, Fibra 300. Luz Peña"
    )  # fmt: skip
    assert plantillas.completar(texto, caso, luz) == esperado
    assert plantillas.completar("{agente}", caso, "Luz") == "Luz"


def test_sin_cun_va_el_radicado_y_sin_contrato_se_dice_su_servicio():
    caso = radicar(tipo="sugerencia")
    assert plantillas.completar("{cun}: {servicio}", caso, "") == f"{caso.numero}: su servicio"


@pytest.mark.parametrize("texto", ["{saldo}", "{", "}", "{}", "{cliente", "{0}", "{cliente.nombre}", "{{cliente}}"])
def test_lo_que_no_se_sabe_completar_se_dice_al_guardar_y_nunca_estalla(texto):
    with pytest.raises(ValidationError) as error:
        PlantillaRespuesta(nombre="Mala", texto=f"Hola {texto}").full_clean()
    assert "No se sabe qué poner" in error.value.message_dict["texto"][0]
    plantillas.completar(texto, radicar(), "")


def test_una_plantilla_bien_escrita_se_guarda():
    PlantillaRespuesta(nombre="Buena", texto="Estimado {cliente}: {asunto}.").full_clean()


def test_lo_que_el_cliente_escribio_entre_llaves_no_se_vuelve_a_completar():
    assert plantillas.completar("{asunto}", radicar(asunto="{agente}"), "Luz") == "{agente}"


# --- Constancia ------------------------------------------------------------------------------------------------------
def constancia(caso):
    return constancia_de(caso, marca="Movistar", ahora=AHORA)


def dice(contenido):
    return {renglon.rotulo: renglon.valor for renglon in contenido.renglones}


def test_la_constancia_de_una_reclamacion_dice_quien_cuando_que_y_hasta_cuando():
    caso = caso_de_ana(motivo=FabricaMotivo(nombre="Error de cobro"), canal_respuesta="correo")
    contenido = constancia(caso)
    assert (contenido.titulo, contenido.rotulo_del_codigo, contenido.codigo) == (
        "Constancia de la reclamación",
        "CUN",
        "0000 26 0000000001",
    )
    datos = dice(contenido)
    assert datos["Recibida el"] == "16/03/2026 10:30, hora de Bogotá"
    assert (datos["Cliente"], datos["Documento"]) == ("Ana Ríos", "CC 1.020.304.050")
    assert datos["Servicio"].startswith("Fibra 300 (contrato C-9")
    assert (datos["Canal"], datos["Se responde por"]) == ("Teléfono", "Correo electrónico")
    assert datos["Se responde a más tardar el"] == "09/04/2026"
    assert "Prórroga" not in datos
    assert [derecho.titulo for derecho in contenido.derechos] == [
        "Respuesta a tiempo",
        "Silencio positivo",
        "Recurso",
        "Ante la SIC",
        "Aunque deba",
    ]
    assert all(derecho.norma for derecho in contenido.derechos)


def test_los_derechos_llevan_los_numeros_y_la_norma_que_regian_ese_dia():
    Parametro.objects.create(clave="dias_para_recurrir", valor="12", vigente_desde=HOY, norma="Ley inventada 9")
    caso = radicar()
    Parametro.objects.create(
        clave="dias_para_recurrir", valor="20", vigente_desde=HOY + timedelta(days=1), norma="Ley posterior"
    )
    (recurso,) = [derecho for derecho in constancia(caso).derechos if derecho.titulo == "Recurso"]
    assert "12 días hábiles" in recurso.texto
    assert recurso.norma == "Ley inventada 9"


def test_una_sugerencia_lleva_su_numero_y_ningun_plazo():
    contenido = constancia(radicar(tipo="sugerencia"))
    assert (contenido.rotulo_del_codigo, contenido.codigo) == ("Radicado", "R-00000001")
    assert contenido.derechos == ()
    assert "Se responde a más tardar el" not in dice(contenido)


def test_la_constancia_de_un_recurso_dice_contra_que_va():
    caso = responder_interaccion(
        radicar(), respuesta="No.", notificada_el=AHORA, sentido="desfavorable", usuario=None, ahora=AHORA
    )
    recurso = interponer_recurso(
        caso, causal="corte", texto="No.", pide_apelacion=True, canal="web", usuario=None, ahora=AHORA
    )
    contenido = constancia(recurso)
    datos = dice(contenido)
    assert contenido.titulo == "Constancia del recurso"
    assert (datos["Contra la respuesta de"], datos["Causal"]) == (caso.numero, "Corte del servicio")
    assert "Recurso" not in [derecho.titulo for derecho in contenido.derechos]
    assert any("enviamos el expediente" in derecho.texto for derecho in contenido.derechos)


def test_la_prorroga_se_suma_a_la_constancia_y_no_cambia_el_primer_plazo():
    caso = prorrogar_interaccion(
        radicar(), motivo="Falta la medición", avisada_el=AHORA, usuario=None, ahora=AHORA
    )  # fmt: skip
    datos = dice(constancia(caso))
    assert datos["Se responde a más tardar el"] == "09/04/2026"
    assert datos["Prórroga"] == "Hasta el 30/04/2026, avisada el 16/03/2026 10:30: Falta la medición"


def test_sin_silencio_positivo_no_se_promete():
    caso = radicar()
    caso.aplica_sap = False
    assert "Silencio positivo" not in [derecho.titulo for derecho in constancia(caso).derechos]


# --- PDF -------------------------------------------------------------------------------------------------------------
def paginas(pdf):
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_el_pdf_cabe_en_una_hoja_a4_y_lleva_su_letra():
    pdf = constancia_pdf.escribir(constancia(radicar()), color="#0b6fb8", ahora=AHORA)
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")
    assert paginas(pdf) == 1
    assert b"Inter" in pdf and b"595.28 841.89" in pdf


@pytest.mark.parametrize(
    "nombre", ["Łukasz Ąęść", "Ñandú «áéíóú» €", "Иван Петров", "中国 😀", "e\u0301 n\u0303", "\u202eabc"]
)
def test_ninguna_letra_rompe_el_pdf(nombre, caplog):
    cliente = FabricaCliente(nombre=nombre)
    caso = radicar(cliente, asunto=nombre, texto=f"{nombre}\n\n\t{nombre}" * 3)
    assert constancia_pdf.escribir(constancia(caso), color="#0b6fb8", ahora=AHORA).startswith(b"%PDF-")
    assert "missing" not in caplog.text


def test_un_texto_largo_pasa_a_otras_hojas():
    caso = radicar(texto="Me cobraron de más. " * 900)
    assert paginas(constancia_pdf.escribir(constancia(caso), color="#0b6fb8", ahora=AHORA)) > 2
    sin_espacios = radicar(texto="x" * 5_000)
    assert paginas(constancia_pdf.escribir(constancia(sin_espacios), color="#0b6fb8", ahora=AHORA)) > 1
