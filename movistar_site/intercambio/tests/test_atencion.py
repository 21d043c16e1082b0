"""Los plazos, motivos, recursos y cesiones van y vuelven en los archivos sin cambiar."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clientes.models import Contrato, Interaccion, MotivoInteraccion
from clientes.tests import fabricas as f
from movistar_site.comun.models import Festivo, Parametro, Usuario

from .datos import HOY, SERVICIOS, fuente, lugares
from .motor import Fuente, importar
from .test_ida_y_vuelta import exportado, importado, vaciar

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")
ANA, LUIS = "CC-10203040", "CC-10203041"


def persona(**mas: Any) -> dict[str, Any]:
    return {"nombre": "Ana", "apellido": "Ríos", "fecha_vinculacion": "2012-03-15"} | mas


def caso(**mas: Any) -> dict[str, Any]:
    return {"tipo": "reclamacion", "fecha": "2026-03-16T10:00:00-05:00", "asunto": "Sin señal"} | mas


def con_casos(*casos: dict[str, Any]) -> Fuente:
    return fuente("usuario.json", {"movistar": {"usuarios": {ANA: persona(interacciones=list(casos))}}})


def un_caso(**mas: Any) -> Interaccion:
    lugares()
    importado([con_casos(caso(**mas))])
    return Interaccion.objects.get()


# --- El plazo que el archivo no trae ---------------------------------------------------------------------------------
def test_sin_plazo_en_el_archivo_se_cuenta_desde_el_dia_en_que_se_radico() -> None:
    uno = un_caso()
    assert (uno.primer_plazo, uno.vence_el) == (date(2026, 4, 9), date(2026, 4, 9))
    assert uno.cun == ""


def test_a_las_once_y_cincuenta_de_la_noche_en_bogota_es_ese_dia() -> None:
    assert un_caso(fecha="2026-03-16T23:50:00-05:00").vence_el == date(2026, 4, 9)
    Interaccion.objects.all().delete()
    assert un_caso(fecha="2026-03-17T04:50:00+00:00").vence_el == date(2026, 4, 9)


def test_una_sugerencia_no_lleva_plazo() -> None:
    assert un_caso(tipo="sugerencia").vence_el is None


def test_el_plazo_se_cuenta_con_las_reglas_de_su_dia_y_no_con_las_de_hoy() -> None:
    Parametro.objects.create(clave="dias_pqr", valor="10", vigente_desde=date(2026, 3, 1), norma="Ley inventada")
    Parametro.objects.create(clave="dias_pqr", valor="20", vigente_desde=date(2026, 6, 1), norma="Otra ley inventada")
    Festivo.objects.create(fecha=date(2026, 3, 18), nombre="Día cívico", norma="Decreto inventado")
    assert un_caso().vence_el == date(2026, 4, 1)


def test_el_plazo_que_el_archivo_trae_se_respeta() -> None:
    uno = un_caso(primer_plazo="2026-04-10", vence_el="2026-04-10", cun="0000 26 0000000012", numero="R-00000012")
    assert (uno.primer_plazo, uno.vence_el) == (date(2026, 4, 10), date(2026, 4, 10))
    assert uno.cun == "0000260000000012"


def test_un_plazo_ya_fijado_no_lo_mueve_otra_importacion() -> None:
    lugares()
    importado([con_casos(caso(numero="R-00000001"))])
    Parametro.objects.create(clave="dias_pqr", valor="5", vigente_desde=date(2020, 1, 1), norma="Ley inventada")
    informe = importar([con_casos(caso(numero="R-00000001", texto="Desde ayer"))], hoy=HOY)
    assert informe.total["cambiado"] == 1
    uno = Interaccion.objects.get()
    assert (uno.texto, uno.vence_el) == ("Desde ayer", date(2026, 4, 9))


@pytest.mark.parametrize(
    ("mas", "dice"),
    [
        ({"vence_el": "2026-03-01"}, "Se radicó el 16/03/2026: no pudo vencer antes."),
        ({"primer_plazo": "2026-04-09", "vence_el": "2026-04-08"}, "no puede vencer antes."),
        ({"prorroga_motivo": "Faltan pruebas"}, "Una prórroga lleva su motivo y la fecha en que se avisó al cliente."),
        ({"tipo": "recurso"}, "Un recurso va contra la respuesta de una PQR y dice su causal."),
        ({"tipo": "recurso", "causal": "corte", "recurso_de": "R-00000099"}, "No existe la interacción «R-00000099»."),
        ({"tipo": "sugerencia", "vence_el": "2026-04-09"}, "Una sugerencia no lleva CUN ni plazo legal."),
        ({"sentido": "regular"}, "«regular» no vale"),
    ],
)
def test_lo_que_no_puede_ser_se_rechaza_con_su_frase(mas: dict[str, Any], dice: str) -> None:
    lugares()
    informe = importar([con_casos(caso(**mas))], hoy=HOY)
    motivos = [mala.motivo for mala in informe.malas]
    assert any(dice in motivo for motivo in motivos), motivos
    assert not Interaccion.objects.exists()


def test_el_silencio_sigue_a_lo_contratado() -> None:
    lugares()
    contrato = {"numero": "C-00000001", "servicio": "DUO-1", "fecha_inicio": "2025-01-01", "estado": "activo"}
    ana = persona(servicios=[contrato], interacciones=[caso(contrato="C-00000001")])
    importado([fuente("servicios.json", SERVICIOS), fuente("u.json", {"movistar": {"usuarios": {ANA: ana}}})])
    assert not Interaccion.objects.get().aplica_sap


# --- Lo que es de cada panel -----------------------------------------------------------------------------------------
def test_motivo_responsable_y_equipo_se_hallan_por_su_nombre_o_codigo() -> None:
    motivo, equipo, cuenta = (
        f.FabricaMotivo(nombre="Cobro dé más"),
        f.FabricaEquipo(nombre="Móviles"),
        f.FabricaUsuario(),
    )
    uno = un_caso(motivo_codigo="COBRO DE MAS", equipo="moviles", responsable=cuenta.username)
    assert (uno.motivo, uno.equipo, uno.responsable) == (motivo, equipo, cuenta)


def test_lo_que_aqui_no_existe_no_detiene_el_caso_y_se_dice() -> None:
    lugares()
    informe = importar([con_casos(caso(motivo_codigo="marciano", equipo="Luna", responsable="nadie"))], hoy=HOY)
    uno = Interaccion.objects.get()
    assert (uno.motivo, uno.equipo, uno.responsable) == (None, None, None)
    notas = " ".join(nota for r in informe.plan for nota in r.detalle.get("notas", []))
    for frase in ("«marciano» no existe en este panel: quedó sin motivo", "«Luna»", "«nadie»"):
        assert frase in notas


def test_un_archivo_viejo_en_que_el_motivo_es_el_asunto_entra_como_siempre() -> None:
    lugares()
    queja = {"motivo": "Cobro", "detalle": "De más", "fecha": "2026-03-16", "cun": "A-77"}
    persona_vieja = {"nombre": "Ana", "apellido": "Ríos", "cedula": "10203040", "fecha": "2012-03-15"}
    viejo = {"usuarios": [persona_vieja | {"quejas": [queja]}]}
    importado([fuente("viejo.json", viejo)])
    uno = Interaccion.objects.get()
    assert (uno.asunto, uno.texto, uno.numero, uno.cun, uno.motivo) == ("Cobro", "De más", "A-77", "", None)


# --- Ida y vuelta ----------------------------------------------------------------------------------------------------
def escena() -> None:
    """Casos en cada estado, un recurso y dos cesiones seguidas, una de ellas hacia alguien anterior en el archivo."""
    lugares()
    cuenta = f.FabricaUsuario(username="luz.agente")
    equipo = f.FabricaEquipo(nombre="Facturación")
    motivo = f.FabricaMotivo(codigo="cobro-raro", equipo=equipo)
    pqr = caso(
        numero="R-00000010", cun="0000260000000001", primer_plazo="2026-04-09", vence_el="2026-04-30",
        prorroga_motivo="Faltan pruebas", prorroga_avisada_el="2026-04-01T09:00:00-05:00", motivo_codigo=motivo.codigo,
        canal_respuesta="correo", estado="respondida", respuesta="No procede",
        respondida_el="2026-04-20T09:00:00-05:00", sentido="desfavorable", responsable=cuenta.username,
        equipo=equipo.nombre,
    )  # fmt: skip
    # El radicado del recurso es menor: en el archivo viene antes que su PQR.
    recurso = caso(
        numero="R-00000002", tipo="recurso", fecha="2026-04-22T10:00:00-05:00", cun="0000260000000001",
        recurso_de="R-00000010", causal="facturacion", pide_apelacion=True, enviada_sic_el="2026-06-01",
        estado="respondida", respuesta="Se confirma", respondida_el="2026-05-30T09:00:00-05:00", sentido="desfavorable",
    )  # fmt: skip
    contratos = {
        ANA: {"numero": "C-00000001", "cedido_de": "C-00000002", "estado": "activo"},
        LUIS: {"numero": "C-00000002", "cedido_de": "C-00000003", "estado": "terminado", "fecha_fin": "2026-01-01"},
        "CC-10203042": {"numero": "C-00000003", "estado": "terminado", "fecha_fin": "2025-06-01"},
    }
    usuarios = {
        quien: persona(servicios=[{"servicio": "FIB-300", "fecha_inicio": "2025-01-01", **contrato}])
        for quien, contrato in contratos.items()
    }
    usuarios[ANA]["interacciones"] = [recurso, pqr, caso(numero="R-00000011", vence_el="2026-04-15")]
    importado([fuente("servicios.json", SERVICIOS), fuente("u.json", {"movistar": {"usuarios": usuarios}})])


@pytest.mark.parametrize("formato", ["json", "csv", "xlsx"])
def test_todo_lo_de_un_caso_va_y_vuelve_igual(formato: str) -> None:
    escena()
    Interaccion.objects.filter(numero="R-00000011").update(aplica_sap=False)
    primera, tablas = exportado(), exportado(formato)
    assert Interaccion.objects.get(numero="R-00000002").recurso_de.numero == "R-00000010"
    assert Contrato.objects.get(numero="C-00000001").cedido_de.cedido_de.numero == "C-00000003"
    antes = sorted(Interaccion.objects.values_list("numero", "vence_el", "primer_plazo", "aplica_sap", "cun", "equipo"))
    Interaccion.objects.filter(tipo="recurso").delete()
    for numero in ("C-00000001", "C-00000002"):
        Contrato.objects.filter(numero=numero).update(cedido_de=None)
    vaciar()
    importado([Fuente(nombre, datos) for nombre, datos in tablas.items() if formato != "csv" or datos.count(b"\n") > 1])
    assert exportado() == primera
    ahora = sorted(Interaccion.objects.values_list("numero", "vence_el", "primer_plazo", "aplica_sap", "cun", "equipo"))
    assert ahora == antes


def test_importar_lo_exportado_no_cambia_nada() -> None:
    escena()
    informe = importar([Fuente(nombre, datos) for nombre, datos in exportado().items()], hoy=HOY)
    assert (informe.total["nuevo"], informe.total["cambiado"]) == (0, 0)


def test_una_cesion_que_no_llega_se_dice_y_lo_demas_entra() -> None:
    lugares()
    solo = {"numero": "C-00000001", "servicio": "FIB-300", "fecha_inicio": "2025-01-01", "cedido_de": "C-00000099"}
    usuarios = {ANA: persona(servicios=[solo]), LUIS: persona()}
    informe = importar(
        [fuente("servicios.json", SERVICIOS), fuente("u.json", {"movistar": {"usuarios": usuarios}})],
        hoy=HOY, ante_errores="seguir",
    )  # fmt: skip
    assert any("No existe el contrato «C-00000099»" in mala.motivo for mala in informe.malas)
    assert not Contrato.objects.exists()


def test_el_cun_importado_no_se_vuelve_a_entregar() -> None:
    from clientes import operaciones

    uno = un_caso(cun="0000260000000040", numero="R-00000012")
    nuevo = operaciones.registrar_interaccion(
        cliente=uno.cliente, tipo="consulta", canal="web", asunto="Otra", texto="", usuario=f.FabricaUsuario(),
        ahora=datetime(2026, 6, 15, 9, 0, tzinfo=BOGOTA), motivo=MotivoInteraccion.objects.first(),
    )  # fmt: skip
    assert nuevo.cun == "0000260000000041"


def test_los_nombres_de_usuario_no_salen_de_las_columnas_propias() -> None:
    """Una exportación dice el nombre de usuario de quien la atiende, y nada más de su cuenta."""
    escena()
    texto = json.dumps(json.loads(exportado()["usuario.json"]))
    cuenta = Usuario.objects.get(username="luz.agente")
    assert '"responsable": "luz.agente"' in texto
    assert cuenta.last_name not in texto
