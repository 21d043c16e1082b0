"""Las pantallas del catálogo, pedidas como las pide un navegador."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from servicios.models import AtributoTipo, Promocion, Servicio, TipoServicio

from .fabricas import (
    FabricaPaquete,
    FabricaPrecio,
    FabricaPromocion,
    FabricaServicio,
    FabricaTipo,
    contratar,
    tipo_fibra,
)

pytestmark = pytest.mark.django_db
EN_INGLES = ("This field", "Enter a", "Select a", "Please", "already exists", "Add ", "Save", "Delete", "Change ")


def ruta(modelo, pagina, *args):
    return reverse(f"admin:servicios_{modelo}_{pagina}", args=args)


def errores(respuesta):
    """Los mensajes del formulario y de sus hijos, por campo."""
    assert respuesta.status_code == 200, "el formulario se guardó o redirigió"
    contexto = respuesta.context
    faltas = {campo: " ".join(frases) for campo, frases in contexto["adminform"].form.errors.items()}
    for hijos in contexto["inline_admin_formsets"]:
        faltas["hijos"] = " ".join(
            [frase for fila in hijos.formset.errors for frases in fila.values() for frase in frases]
            + list(hijos.formset.non_form_errors())
        )
    texto = " ".join(faltas.values())
    assert not [frase for frase in EN_INGLES if frase in texto], texto
    return faltas


def datos_tipo(atributos=(), iniciales=0, **campos):
    datos = {
        "nombre": "Internet satelital",
        "codigo": "",
        "descripcion": "",
        "red": "fija",
        "modalidad": "pospago",
        "orden": "10",
        "componentes_minimos": "0",
        "aplica_sap": "on",
        "atributos-TOTAL_FORMS": len(atributos),
        "atributos-INITIAL_FORMS": iniciales,
        "atributos-MIN_NUM_FORMS": 0,
        "atributos-MAX_NUM_FORMS": 1000,
    }
    for n, atributo in enumerate(atributos):
        base = {"nombre": "", "clave": "", "tipo_dato": "entero", "unidad": "", "minimo": "", "maximo": ""}
        for campo, valor in {**base, "opciones": "", "orden": n, "id": "", "tipo": "", **atributo}.items():
            datos[f"atributos-{n}-{campo}"] = valor
    return datos | campos


def datos_servicio(tipo, **campos):
    return {
        "tipo": tipo.pk,
        "codigo": "FIB-300",
        "nombre": "Fibra 300",
        "descripcion": "",
        "periodicidad": "mensual",
        "precio": "74.900",
    } | campos


def datos_promocion(**campos):
    return {
        "codigo": "NAVIDAD",
        "nombre": "Navidad",
        "descripcion": "",
        "beneficio": "valor",
        "cantidad": "10.000",
        "duracion_meses": "3",
        "vigente_desde": "01/12/2026",
        "vigente_hasta": "31/12/2026",
        "cupo": "",
        "meses_minimos": "0",
        "condiciones": "",
    } | campos


# --- Tipos -----------------------------------------------------------------------------------------------------------
def test_un_tipo_con_atributos_y_un_servicio_suyo_se_crean_sin_codigo(admin_client):
    respuesta = admin_client.post(
        ruta("tiposervicio", "add"),
        datos_tipo(
            [
                {"nombre": "Velocidad de bajada", "unidad": "Mbps", "minimo": "1", "obligatorio": "on", "orden": "1"},
                {"nombre": "Banda", "tipo_dato": "opcion", "opciones": "Ku\r\n\r\n Ka ", "orden": "0"},
            ]
        ),
    )
    assert respuesta.status_code == 302, errores(respuesta)
    tipo = TipoServicio.objects.get(codigo="internet_satelital")
    assert tipo.codigo == "internet_satelital"
    assert [(a.clave, a.opciones) for a in tipo.atributos.all()] == [
        ("banda", ["Ku", "Ka"]),
        ("velocidad_de_bajada", []),
    ]
    pagina = admin_client.get(ruta("servicio", "add")).content.decode()
    assert "Velocidad de bajada (Mbps)<span" in pagina
    assert f"solo-tipos tipo-{tipo.pk}" in pagina
    campos = {f"car_{tipo.pk}_velocidad_de_bajada": "50", f"car_{tipo.pk}_banda": "Ka"}
    respuesta = admin_client.post(ruta("servicio", "add"), datos_servicio(tipo, codigo="sat-50", **campos))
    assert respuesta.status_code == 302, errores(respuesta)
    servicio = Servicio.objects.get()
    assert servicio.codigo == "SAT-50"
    assert servicio.caracteristicas == {"banda": "Ka", "velocidad_de_bajada": 50}
    assert servicio.precio_en(timezone.localdate()) == Decimal(74_900)
    assert servicio.history.first().autor == "admin"


def test_un_tipo_mal_escrito_dice_en_espanol_que_falta(admin_client):
    cuantos = TipoServicio.objects.count()
    faltas = errores(
        admin_client.post(
            ruta("tiposervicio", "add"),
            datos_tipo(
                [
                    {"nombre": "Gigas", "minimo": "9", "maximo": "1"},
                    {"nombre": "Canal", "tipo_dato": "opcion"},
                    {"nombre": "¡!"},
                    {"nombre": "", "unidad": "GB"},
                ],
                nombre="television",
                red="aérea",
                orden="mucho",
                codigo="Con Espacios",
            ),
        )
    )
    assert "Ya hay un tipo de servicio con ese nombre" in faltas["nombre"]
    assert "minúsculas sin tilde" in faltas["codigo"]
    assert {"red", "orden"} <= set(faltas)
    for frase in ("mínimo no puede ser mayor", "al menos un valor", "no sale una clave", "obligatorio"):
        assert frase in faltas["hijos"]
    assert TipoServicio.objects.count() == cuantos


def test_dos_atributos_con_el_mismo_nombre_se_rechazan(admin_client):
    respuesta = admin_client.post(ruta("tiposervicio", "add"), datos_tipo([{"nombre": "Gigas"}, {"nombre": "Gigas"}]))
    assert errores(respuesta)
    assert not TipoServicio.objects.filter(codigo="internet_satelital").exists()


def test_quitar_un_atributo_en_uso_se_rechaza_y_la_pantalla_lo_dice(admin_client):
    tipo = tipo_fibra()
    FabricaServicio(codigo="FIB-1", tipo=tipo, caracteristicas={"velocidad_bajada_mbps": 300})
    actuales = [
        {
            "id": a.pk,
            "tipo": tipo.pk,
            "nombre": a.nombre,
            "clave": a.clave,
            "tipo_dato": a.tipo_dato,
            "opciones": "\n".join(a.opciones),
            **({"DELETE": "on"} if a.clave == "velocidad_bajada_mbps" else {}),
        }
        for a in tipo.atributos.all()
    ]
    envio = datos_tipo(actuales, iniciales=3, nombre=tipo.nombre, codigo=tipo.codigo)
    respuesta = admin_client.post(ruta("tiposervicio", "change", tipo.pk), envio)
    assert "no se puede quitar ni cambiar de clave" in " ".join(errores(respuesta).values())
    assert tipo.atributos.count() == 3


def test_los_atributos_se_reordenan_y_los_que_no_cambian_no_dejan_historia(admin_client):
    tipo = tipo_fibra()
    antes = AtributoTipo.history.count()
    actuales = [
        {
            "id": a.pk,
            "tipo": tipo.pk,
            "nombre": a.nombre,
            "clave": a.clave,
            "tipo_dato": a.tipo_dato,
            "unidad": a.unidad,
            "opciones": "\n".join(a.opciones),
            "minimo": a.minimo or "",
            "maximo": a.maximo or "",
            "orden": {"velocidad_bajada_mbps": 0, "simetrica": 2, "tecnologia": 1}[a.clave],
            **({"obligatorio": "on"} if a.obligatorio else {}),
        }
        for a in tipo.atributos.all()
    ]
    nuevo = {"nombre": "Nuevo", "orden": ""}
    envio = datos_tipo([*actuales, nuevo], iniciales=3, nombre=tipo.nombre, codigo=tipo.codigo)
    respuesta = admin_client.post(ruta("tiposervicio", "change", tipo.pk), envio)
    assert respuesta.status_code == 302, errores(respuesta)
    assert [a.clave for a in tipo.atributos.all()] == ["velocidad_bajada_mbps", "tecnologia", "simetrica", "nuevo"]
    assert AtributoTipo.history.count() == antes + 3


# --- Servicios -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("campos", "campo", "frase"),
    [
        ({"precio": "barato"}, "precio", "importe"),
        ({"precio": ""}, "precio", "Escriba el precio"),
        ({"precio": "-5"}, "precio", "negativo"),
        ({"precio": "99999999999"}, "precio", "10 cifras"),
        ({"codigo": "con espacios"}, "codigo", "mayúsculas"),
        ({"tipo": ""}, "tipo", "obligatorio"),
        ({"tipo": "99999"}, "tipo", "opción"),
        ({"tipo": "x"}, "tipo", "opción"),
        ({"bajada": ""}, "bajada", "es obligatorio para este tipo"),
        ({"bajada": "muchos"}, "bajada", "se espera un número entero"),
        ({"bajada": "1e999999"}, "bajada", "se espera un número entero"),
        ({"bajada": "3000"}, "bajada", "el máximo es 2000"),
        ({"tecnologia": "ADSL"}, "tecnologia", "no está entre GPON, XGS-PON"),
        ({"simetrica": "quizás"}, "simetrica", "«sí» o «no»"),
        ({"componentes": ["99999"]}, "componentes", "válid"),
        ({"componentes": ["x"]}, "componentes", "válid"),
        ({"periodicidad": "semanal"}, "periodicidad", "opción"),
    ],
)
def test_un_servicio_mal_escrito_dice_en_espanol_que_se_esperaba(admin_client, campos, campo, frase):
    tipo = tipo_fibra()
    largos = {
        corto: f"car_{tipo.pk}_{clave}"
        for corto, clave in (
            ("bajada", "velocidad_bajada_mbps"),
            ("tecnologia", "tecnologia"),
            ("simetrica", "simetrica"),
        )
    }
    envio = datos_servicio(tipo, **{largos["bajada"]: "300"})
    envio |= {largos.get(nombre, nombre): valor for nombre, valor in campos.items()}
    faltas = errores(admin_client.post(ruta("servicio", "add"), envio))
    assert frase in faltas[largos.get(campo, campo)]
    assert not Servicio.objects.exists()


def test_solo_cuentan_las_caracteristicas_del_tipo_elegido(admin_client):
    tipo, otro = tipo_fibra(), FabricaTipo()
    envio = datos_servicio(otro, **{f"car_{tipo.pk}_velocidad_bajada_mbps": "esto no se lee"})
    assert admin_client.post(ruta("servicio", "add"), envio).status_code == 302
    assert Servicio.objects.get().caracteristicas == {}


def test_un_servicio_se_edita_con_sus_valores_puestos(admin_client):
    tipo = tipo_fibra()
    servicio = FabricaPrecio(
        servicio__tipo=tipo, servicio__caracteristicas={"velocidad_bajada_mbps": 300, "simetrica": True}
    ).servicio
    direccion = ruta("servicio", "change", servicio.pk)
    formulario = admin_client.get(direccion).context["adminform"].form
    envio = {
        nombre: formulario[nombre].field.prepare_value(formulario[nombre].value())
        for nombre in formulario.fields
        if formulario[nombre].value() not in (None, "", [])
    }
    assert envio[f"car_{tipo.pk}_simetrica"] == "si"
    envio[f"car_{tipo.pk}_velocidad_bajada_mbps"] = "500"
    envio |= {"precios-TOTAL_FORMS": 0, "precios-INITIAL_FORMS": 0}
    respuesta = admin_client.post(direccion, envio)
    assert respuesta.status_code == 302, errores(respuesta)
    servicio.refresh_from_db()
    assert servicio.caracteristicas == {"velocidad_bajada_mbps": 500, "simetrica": True}


def test_un_paquete_se_crea_con_sus_componentes_y_no_con_uno_solo(admin_client):
    duo = FabricaPaquete()
    a, b = FabricaServicio(), FabricaServicio()
    faltas = errores(admin_client.post(ruta("servicio", "add"), datos_servicio(duo, componentes=[a.pk])))
    assert "se compone de 2 servicios o más" in faltas["componentes"]
    respuesta = admin_client.post(ruta("servicio", "add"), datos_servicio(duo, componentes=[a.pk, b.pk]))
    assert respuesta.status_code == 302, errores(respuesta)
    assert set(Servicio.objects.get(codigo="FIB-300").componentes.all()) == {a, b}


def test_al_buscar_componentes_solo_salen_servicios_activos_que_no_son_paquetes(admin_client):
    FabricaServicio(codigo="VIEJO", estado="retirado", retirado_el=timezone.localdate())
    FabricaServicio(codigo="DUO-1", tipo=FabricaPaquete())
    FabricaServicio(codigo="BUENO")
    peticion = {"app_label": "servicios", "model_name": "servicio", "field_name": "componentes", "term": ""}
    filas = admin_client.get(reverse("admin:autocomplete"), peticion).json()["results"]
    assert [fila["text"].split(" ")[0] for fila in filas] == ["BUENO"]


# --- Acciones y borrado ----------------------------------------------------------------------------------------------
def accion(modelo, registro, nombre):
    return ruta(modelo, "accion", registro.pk, nombre)


def test_el_precio_se_cambia_desde_la_pagina_del_servicio(admin_client):
    servicio = FabricaPrecio().servicio
    direccion = accion("servicio", servicio, "precio")
    pagina = admin_client.get(ruta("servicio", "change", servicio.pk)).content.decode()
    assert direccion in pagina
    hoy = timezone.localdate()
    malo = admin_client.post(direccion, {"valor": "x", "desde": "31/31/2026", "motivo": ""})
    assert {"valor", "desde", "motivo"} <= set(malo.context["formulario"].errors)
    ayer = admin_client.post(direccion, {"valor": "1", "desde": f"{hoy - timedelta(days=1):%d/%m/%Y}", "motivo": "x"})
    assert "desde hoy o desde una fecha futura" in ayer.content.decode()
    bueno = admin_client.post(direccion, {"valor": "84.900", "desde": f"{hoy:%d/%m/%Y}", "motivo": "IPC"})
    assert bueno.status_code == 302
    assert servicio.precio_en(hoy) == Decimal(84_900)
    assert "$\xa084.900" in admin_client.get(ruta("servicio", "changelist")).content.decode()


def test_retirar_y_reactivar_desde_la_pagina(admin_client):
    servicio = FabricaServicio()
    hoy = f"{timezone.localdate():%d/%m/%Y}"
    admin_client.post(accion("servicio", servicio, "retirar"), {"fecha": hoy, "motivo": "Se reemplaza"})
    servicio.refresh_from_db()
    assert servicio.estado == "retirado"
    admin_client.post(accion("servicio", servicio, "reactivar"), {"motivo": "Vuelve"})
    servicio.refresh_from_db()
    assert servicio.estado == "activo"


def test_borrar_un_servicio_con_contratos_se_rechaza_y_ofrece_retirarlo(admin_client):
    servicio = FabricaServicio()
    contratar(servicio, cuantos=2)
    pagina = admin_client.get(ruta("servicio", "delete", servicio.pk)).content.decode()
    assert "2 contratos" in pagina
    assert accion("servicio", servicio, "retirar") in pagina
    admin_client.post(ruta("servicio", "delete", servicio.pk), {"post": "yes"})
    assert Servicio.objects.exists()


def test_borrar_un_componente_se_rechaza_en_su_pagina_y_en_la_lista(admin_client):
    servicio = FabricaServicio()
    FabricaServicio(codigo="DUO-1").componentes.add(servicio)
    assert "es parte del paquete DUO-1" in admin_client.get(ruta("servicio", "delete", servicio.pk)).content.decode()
    envio = {"action": "delete_selected", "_selected_action": [servicio.pk], "accion_confirmada": "1"}
    respuesta = admin_client.post(ruta("servicio", "changelist"), envio, follow=True)
    assert "DUO-1" in respuesta.content.decode()
    assert Servicio.objects.filter(pk=servicio.pk).exists()


@pytest.mark.parametrize(("fabrica", "modelo"), [(FabricaTipo, "tiposervicio"), (FabricaPromocion, "promocion")])
def test_tipos_y_promociones_se_desactivan_y_se_activan(admin_client, fabrica, modelo):
    registro = fabrica()
    campo = "activo" if modelo == "tiposervicio" else "activa"
    admin_client.post(accion(modelo, registro, "desactivar"), {"motivo": "Ya no"})
    registro.refresh_from_db()
    assert not getattr(registro, campo)
    admin_client.post(accion(modelo, registro, "activar"))
    registro.refresh_from_db()
    assert getattr(registro, campo)


# --- Promociones -----------------------------------------------------------------------------------------------------
def test_una_promocion_se_crea_y_se_edita(admin_client):
    servicio = FabricaServicio()
    envio = datos_promocion(servicios=[servicio.pk], categorias=["leal", "nuevo"], codigo="navidad")
    respuesta = admin_client.post(ruta("promocion", "add"), envio)
    assert respuesta.status_code == 302, errores(respuesta)
    promocion = Promocion.objects.get()
    assert (promocion.cantidad, promocion.categorias) == (Decimal(10_000), ["nuevo", "leal"])
    assert list(promocion.servicios.all()) == [servicio]
    pagina = admin_client.get(ruta("promocion", "change", promocion.pk)).content.decode()
    assert 'value="10.000"' in pagina
    envio = datos_promocion(nombre="Fin de año")
    assert admin_client.post(ruta("promocion", "change", promocion.pk), envio).status_code == 302
    promocion.refresh_from_db()
    assert (promocion.nombre, promocion.categorias, promocion.servicios.count()) == ("Fin de año", [], 0)


@pytest.mark.parametrize(
    ("campos", "campo", "frase"),
    [
        ({"cantidad": "0"}, "__all__", "mayor que cero"),
        ({"cantidad": "diez"}, "cantidad", "importe"),
        ({"beneficio": "porcentaje", "cantidad": "101"}, "__all__", "no puede pasar de 100"),
        ({"vigente_desde": "31/02/2026"}, "vigente_desde", "fecha"),
        ({"vigente_hasta": "01/01/2026"}, "__all__", "antes de empezar"),
        ({"cupo": "-1"}, "cupo", ""),
        ({"categorias": ["vip"]}, "categorias", "vip"),
        ({"duracion_meses": "0"}, "duracion_meses", "al menos un mes"),
        ({"duracion_meses": "99999999"}, "duracion_meses", "como mucho 120"),
    ],
)
def test_una_promocion_mal_escrita_dice_en_espanol_que_se_esperaba(admin_client, campos, campo, frase):
    faltas = errores(admin_client.post(ruta("promocion", "add"), datos_promocion(**campos)))
    assert frase in faltas[campo]
    assert not Promocion.objects.exists()
