"""Los archivos de ejemplo: salen siempre iguales, cumplen todas las reglas y se parecen a la realidad."""

import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest

from clientes.models import Cliente, Consentimiento, Contrato, Interaccion, MotivoInteraccion, Municipio
from movistar_site.comun.valores import categoria_por_permanencia, normalizar, normalizar_documento
from movistar_site.demostracion.ejemplo_clientes import CARPETA, HOY, escribir, textos
from servicios.models import PrecioServicio, Promocion, Servicio, TipoServicio


@pytest.fixture(scope="module")
def catalogo():
    return json.loads((CARPETA / "servicios.json").read_text(encoding="utf-8"))["movistar"]


@pytest.fixture(scope="module")
def usuarios():
    return json.loads((CARPETA / "usuario.json").read_text(encoding="utf-8"))["movistar"]["usuarios"]


def todos(usuarios, clave):
    return [(usuario, fila) for usuario in usuarios.values() for fila in usuario.get(clave, [])]


# --- Siempre iguales -------------------------------------------------------------------------------------------------
def test_regenerar_da_los_mismos_bytes():
    for nombre, texto in textos().items():
        assert (CARPETA / nombre).read_bytes() == texto.encode("utf-8"), f"ejecute manage.py generar_ejemplo ({nombre})"


def test_escribir_en_otra_carpeta_la_crea(tmp_path):
    escritos = escribir(tmp_path / "nueva")
    assert [archivo.name for archivo in escritos] == ["servicios.json", "usuario.json"]
    assert escritos[1].read_bytes() == (CARPETA / "usuario.json").read_bytes()


def test_los_registros_van_ordenados_por_su_llave_y_sin_nada_vacio(catalogo, usuarios):
    for registros in (catalogo["servicios"], catalogo["promociones"], usuarios):
        assert list(registros) == sorted(registros)
        for registro in registros.values():
            assert not [clave for clave, valor in registro.items() if valor in (None, "", [], {})]
    for llave, usuario in usuarios.items():
        assert llave == f"{usuario['tipo_documento']}-{usuario['documento']}"


# --- Cumplen las reglas ----------------------------------------------------------------------------------------------
def guardar(registro):
    registro.full_clean()
    registro.save()
    return registro


def fecha(texto):
    return date.fromisoformat(texto) if texto else None


def guardar_catalogo(catalogo):
    tipos = {normalizar(tipo.nombre): tipo for tipo in TipoServicio.objects.all()}
    servicios = {}
    for codigo, datos in catalogo["servicios"].items():
        servicios[codigo] = guardar(
            Servicio(
                codigo=codigo,
                nombre=datos["nombre"],
                tipo=tipos[normalizar(datos["tipo"])],
                descripcion=datos["descripcion"],
                periodicidad=datos["periodicidad"],
                caracteristicas=datos["caracteristicas"],
                estado=datos["estado"],
                retirado_el=fecha(datos.get("retirado_el")),
            )
        )
        assert servicios[codigo].caracteristicas == datos["caracteristicas"]
        for precio in datos["precios"]:
            guardar(
                PrecioServicio(
                    servicio=servicios[codigo], valor=Decimal(precio["valor"]), vigente_desde=fecha(precio["desde"])
                )
            )
        assert f"{servicios[codigo].precio_en(HOY):.2f}" == datos["precio"]
    for codigo, datos in catalogo["servicios"].items():
        servicios[codigo].componentes.set(servicios[componente] for componente in datos.get("componentes", []))
    return servicios


def guardar_promociones(catalogo, servicios):
    promociones = {}
    for codigo, datos in catalogo["promociones"].items():
        campos = {
            clave: datos[clave] for clave in datos if clave not in ("servicios", "vigente_desde", "vigente_hasta")
        }
        promociones[codigo] = guardar(
            Promocion(
                **campos,
                codigo=codigo,
                vigente_desde=fecha(datos["vigente_desde"]),
                vigente_hasta=fecha(datos.get("vigente_hasta")),
            )
        )
        promociones[codigo].servicios.set(servicios[servicio] for servicio in datos["servicios"])
    return promociones


def guardar_cliente(datos):
    campos = (
        "tipo_persona", "tipo_documento", "documento", "nombre", "apellido", "email", "telefono", "telefono_alterno",
        "direccion", "estrato", "motivo_categoria", "estado", "notas",
    )  # fmt: skip
    return guardar(
        Cliente(
            **{campo: datos[campo] for campo in campos if campo in datos},
            municipio=Municipio.objects.get(codigo=datos["municipio"]),
            fecha_vinculacion=fecha(datos["fecha_vinculacion"]),
            categoria_asignada=datos.get("categoria", ""),
            inactivo_desde=fecha(datos.get("inactivo_desde")),
        )
    )


def guardar_contrato(cliente, datos, servicios, promociones):
    return guardar(
        Contrato(
            numero=datos["numero"],
            cliente=cliente,
            servicio=servicios[datos["servicio"]],
            estado=datos["estado"],
            fecha_inicio=fecha(datos["fecha_inicio"]),
            fecha_fin=fecha(datos.get("fecha_fin")),
            precio=Decimal(datos["precio"]),
            periodicidad=datos["periodicidad"],
            condiciones=datos["condiciones"],
            permanencia_meses=datos.get("permanencia_meses", 0),
            anexo_permanencia=datos.get("anexo_permanencia", ""),
            promocion=promociones.get(datos.get("promocion")),
        )
    )


INSTANTES = ("fecha", "respondida_el", "prorroga_avisada_el")
TAL_CUAL = ("numero", "tipo", "canal", "asunto", "texto", "estado", "cun", "primer_plazo", "vence_el",
            "prorroga_motivo", "canal_respuesta", "sentido", "causal", "pide_apelacion")  # fmt: skip


def guardar_lo_dicho(cliente, datos, contratos):
    momentos = {clave: datetime.fromisoformat(datos[clave]) for clave in INSTANTES if clave in datos}
    campos = {clave: datos[clave] for clave in TAL_CUAL if clave in datos}
    guardar(
        Interaccion(
            **campos,
            **momentos,
            cliente=cliente,
            respuesta=datos.get("respuesta", ""),
            contrato=contratos.get(datos.get("contrato")),
            motivo=MotivoInteraccion.objects.filter(codigo=datos.get("motivo_codigo")).first(),
            recurso_de=Interaccion.objects.filter(numero=datos.get("recurso_de")).first(),
            registrada_por_nombre=datos.get("registrada_por", ""),
        )
    )


def guardar_consentimiento(cliente, datos):
    momentos = {
        clave: datetime.fromisoformat(datos[clave]) for clave in ("otorgado_el", "revocado_el") if clave in datos
    }
    campos = {clave: datos[clave] for clave in ("finalidad", "canal", "version_texto", "medio", "evidencia")}
    nombre = datos.get("registrado_por", "")
    guardar(Consentimiento(**campos, **momentos, cliente=cliente, registrado_por_nombre=nombre))


@pytest.mark.django_db
def test_cada_registro_cumple_las_reglas_de_su_modelo(catalogo, usuarios):
    servicios = guardar_catalogo(catalogo)
    promociones = guardar_promociones(catalogo, servicios)
    for datos in usuarios.values():
        cliente = guardar_cliente(datos)
        contratos = {
            fila["numero"]: guardar_contrato(cliente, fila, servicios, promociones) for fila in datos["servicios"]
        }
        for fila in datos.get("interacciones", []):
            assert fila.get("contrato", "") in {"", *contratos}
            guardar_lo_dicho(cliente, fila, contratos)
        for fila in datos.get("consentimientos", []):
            guardar_consentimiento(cliente, fila)
    assert Cliente.objects.count() == 200


# --- Se parecen a la realidad ----------------------------------------------------------------------------------------
def test_hay_treinta_servicios_de_los_siete_tipos_con_retirados_y_precios_viejos(catalogo):
    servicios = catalogo["servicios"].values()
    assert len(servicios) == 30
    assert len({servicio["tipo"] for servicio in servicios}) == 7
    assert sum(servicio["estado"] == "retirado" for servicio in servicios) >= 4
    assert sum(len(servicio["precios"]) > 1 for servicio in servicios) >= 20
    assert len(catalogo["promociones"]) == 5
    for servicio in servicios:
        assert bool(servicio.get("componentes")) == (servicio["tipo"] in ("Dúo", "Trío"))


RANGOS = {
    "Internet de fibra óptica": (65_000, 130_000), "Dúo": (100_000, 140_000), "Trío": (115_000, 170_000),
    "Pospago": (30_000, 95_000), "Televisión": (50_000, 80_000), "Telefonía fija": (20_000, 40_000),
    "Prepago": (3_000, 40_000),
}  # fmt: skip


def test_los_precios_vigentes_estan_en_los_rangos_del_dominio(catalogo):
    for codigo, servicio in catalogo["servicios"].items():
        minimo, maximo = RANGOS[servicio["tipo"]]
        if servicio["estado"] == "activo":
            assert minimo <= Decimal(servicio["precio"]) <= maximo, codigo


def test_hay_personas_y_empresas_de_todas_las_categorias_y_antiguedades(usuarios):
    assert len(usuarios) == 200
    personas = Counter(usuario["tipo_persona"] for usuario in usuarios.values())
    assert 12 <= personas["juridica"] <= 18
    vinculaciones = [fecha(usuario["fecha_vinculacion"]) for usuario in usuarios.values()]
    categorias = Counter(categoria_por_permanencia(vinculacion, HOY) for vinculacion in vinculaciones)
    assert min(categorias[c] for c in ("nuevo", "regular", "leal")) >= 35
    dias = [(HOY - vinculacion).days for vinculacion in vinculaciones]
    assert min(dias) < 31
    assert 22 * 365 < max(dias) <= 25 * 366
    assert sum("motivo_categoria" in usuario for usuario in usuarios.values()) >= 4
    assert {usuario["estado"] for usuario in usuarios.values()} == {"activo", "inactivo"}


def test_la_categoria_solo_va_escrita_en_quien_la_tiene_a_mano_con_su_motivo(usuarios):
    for usuario in usuarios.values():
        assert ("categoria" in usuario) == ("motivo_categoria" in usuario)


def test_bogota_y_las_ciudades_grandes_van_primero_y_tambien_hay_pueblos(usuarios):
    municipios = Counter(usuario["municipio"] for usuario in usuarios.values())
    assert municipios.most_common(1)[0][0] == "11001"
    assert {"05001", "76001", "08001"} <= set(municipios)
    assert sum(cuantos == 1 for cuantos in municipios.values()) >= 30


def test_hay_tildes_y_enies(usuarios):
    nombres = " ".join(f"{usuario['nombre']} {usuario.get('apellido', '')}" for usuario in usuarios.values())
    assert set("áéíóúñ") <= set(nombres.lower())


def test_hay_contratos_en_todos_los_estados_y_ninguno_anterior_a_su_cliente_o_a_su_servicio(catalogo, usuarios):
    contratos = todos(usuarios, "servicios")
    assert {contrato["estado"] for _, contrato in contratos} == {"pendiente", "activo", "suspendido", "terminado"}
    assert all(1 <= len(usuario["servicios"]) <= 4 for usuario in usuarios.values())
    por_numero = {contrato["numero"]: contrato for _, contrato in contratos}
    for usuario, contrato in contratos:
        servicio = catalogo["servicios"][contrato["servicio"]]
        inicio = contrato["fecha_inicio"]
        assert inicio >= usuario["fecha_vinculacion"]
        assert servicio["precios"][0]["desde"] <= inicio <= servicio.get("retirado_el", "9999")
        rige = [precio["valor"] for precio in servicio["precios"] if precio["desde"] <= inicio][-1]
        if antes := por_numero.get(contrato.get("cedido_de")):
            # Quien lo recibe sigue con lo que firmó el titular anterior.
            assert (antes["fecha_fin"], antes["servicio"]) == (inicio, contrato["servicio"])
            rige = antes["precio"]
        assert contrato["precio"] == rige
        if contrato["estado"] == "pendiente":
            assert fecha(inicio) > HOY
        else:
            assert inicio <= contrato.get("fecha_fin", inicio) <= HOY.isoformat()
        if usuario["estado"] == "inactivo":
            assert contrato["fecha_fin"] <= usuario["inactivo_desde"]


def test_la_permanencia_solo_va_en_servicios_fijos_y_con_anexo(usuarios):
    con_permanencia = [fila for _, fila in todos(usuarios, "servicios") if "permanencia_meses" in fila]
    assert con_permanencia
    for contrato in con_permanencia:
        assert contrato["permanencia_meses"] == 12
        assert contrato["anexo_permanencia"].startswith("ANX-")
        assert not contrato["servicio"].startswith(("POS", "PRE"))


def test_hay_contratos_viejos_con_un_precio_que_ya_no_es_el_del_catalogo(catalogo, usuarios):
    distintos = [
        c for _, c in todos(usuarios, "servicios") if c["precio"] != catalogo["servicios"][c["servicio"]]["precio"]
    ]
    assert len(distintos) > 50


def test_los_numeros_van_seguidos_en_orden_de_fecha(usuarios):
    for clave, campo, letra in (("servicios", "fecha_inicio", "C"), ("interacciones", "fecha", "R")):
        filas = sorted((fila for _, fila in todos(usuarios, clave)), key=lambda fila: fila["numero"])
        assert [fila["numero"] for fila in filas] == [f"{letra}-{n:08d}" for n in range(1, len(filas) + 1)]
        momentos = [fila[campo] for fila in filas]
        assert momentos == sorted(momentos)


def test_las_interacciones_son_de_los_tres_tipos_y_estados_y_ninguna_es_anterior_al_cliente(usuarios):
    filas = todos(usuarios, "interacciones")
    assert {fila["tipo"] for _, fila in filas} == {"consulta", "reclamacion", "sugerencia", "recurso"}
    assert {fila["estado"] for _, fila in filas} == {"abierta", "en_tramite", "respondida"}
    assert len({fila["texto"] for _, fila in filas}) > 120
    for usuario, fila in filas:
        assert usuario["fecha_vinculacion"] <= fila["fecha"][:10] < HOY.isoformat()
        assert fila["fecha"].endswith("-05:00")
        assert fila["fecha"] < fila.get("respondida_el", "9") or fila["estado"] != "respondida"


def test_nadie_de_verdad_puede_tener_esos_documentos_telefonos_o_correos(usuarios):
    for usuario in usuarios.values():
        documento = usuario["documento"]
        assert normalizar_documento(usuario["tipo_documento"], documento) == documento
        assert documento.startswith({"NIT": "999", "PAS": "XX", "TI": "8"}.get(usuario["tipo_documento"], "9"))
        for clave in ("telefono", "telefono_alterno"):
            telefono = usuario.get(clave, "+5739")
            assert telefono.startswith("+5739") or telefono[6] == "1"
        assert usuario.get("email", "@example.co").partition("@")[2] in ("example.co", "example.com")


def test_los_consentimientos_llevan_prueba_y_hay_revocados(usuarios):
    filas = [fila for _, fila in todos(usuarios, "consentimientos")]
    assert all(fila["evidencia"] for fila in filas)
    assert any("revocado_el" in fila for fila in filas)
    assert all(fila["otorgado_el"] < fila.get("revocado_el", "9") for fila in filas)
