"""El aviso al crear un cliente repetido, los posibles duplicados y las páginas de fusión, por HTTP."""

import pytest
from django.urls import reverse

from clientes.consultas_duplicados import POR_GRUPO, POR_PAGINA, grupos_repetidos
from clientes.models import Cliente, Contrato, Fusion
from clientes.operaciones import fusionar_clientes

from .fabricas import AHORA, FabricaCliente, FabricaConsentimiento, FabricaContrato, FabricaUsuario
from .pantallas import errores, ficha, nueva

pytestmark = pytest.mark.django_db
ELEGIDO = "_de_todas_formas"


def datos(**cambios):
    return {
        "tipo_persona": "natural",
        "tipo_documento": "CC",
        "documento": "1.020.304.050",
        "nombre": "Ana María",
        "apellido": "Ríos",
        "fecha_vinculacion": "15/03/2020",
        "telefono": "300 123 45 67",
    } | cambios


def comparar(una, otra):
    return reverse("comparar_fichas", args=(una.pk, otra.pk))


@pytest.fixture
def ana(db):
    return FabricaCliente(nombre="Ana", apellido="Rios", telefono="+573001234567")


# --- El aviso al crear -----------------------------------------------------------------------------------------------
def test_al_crear_uno_parecido_se_avisa_y_no_se_guarda(admin, ana):
    respuesta = admin.post(nueva("cliente"), datos())
    assert "Todavía no se guardó" in str(errores(respuesta))
    pagina = respuesta.content.decode()
    assert str(ana.documento_visible) in pagina and ana.get_absolute_url() in pagina
    assert f'name="{ELEGIDO}" value="{ana.pk}"' in pagina
    assert Cliente.objects.count() == 1


def test_guardar_otra_vez_vuelve_a_avisar_y_de_todas_formas_guarda(admin, ana):
    admin.post(nueva("cliente"), datos())
    admin.post(nueva("cliente"), datos())
    assert Cliente.objects.count() == 1
    assert admin.post(nueva("cliente"), datos(**{ELEGIDO: str(ana.pk)})).status_code == 302
    assert Cliente.objects.count() == 2


def test_de_todas_formas_vale_solo_para_los_que_se_vieron(admin, ana):
    otra = FabricaCliente(nombre="Otra", email="ana@ejemplo.co")
    respuesta = admin.post(nueva("cliente"), datos(email="Ana@Ejemplo.co", **{ELEGIDO: str(ana.pk)}))
    assert respuesta.status_code == 200
    assert otra.get_absolute_url() in respuesta.content.decode()
    assert Cliente.objects.count() == 2


@pytest.mark.parametrize(
    ("cambios", "motivo"),
    [
        ({"nombre": "Zoila", "apellido": "Cárdenas"}, "Comparte el teléfono"),
        ({"telefono": "", "telefono_alterno": "3001234567"}, "Tiene el teléfono y un nombre parecido"),
        ({"telefono": "", "email": "ANA@ejemplo.co"}, "Tiene el correo y un nombre parecido"),
        ({"telefono": "", "nombre": "ana", "apellido": "rios"}, "Se llama casi igual"),
    ],
)
def test_se_dice_en_que_se_parece(admin, ana, cambios, motivo):
    Cliente.objects.update(email="ana@ejemplo.co")
    assert motivo in admin.post(nueva("cliente"), datos(**cambios)).content.decode()


def test_uno_que_no_se_parece_a_nadie_se_guarda_de_una_vez(admin, ana):
    otro = datos(nombre="Zoila", apellido="Cárdenas", telefono="310 765 4321")
    assert admin.post(nueva("cliente"), otro).status_code == 302


def test_el_mismo_documento_no_se_guarda_nunca_y_se_dice_de_quien_es(admin, ana):
    for mas in ({}, {ELEGIDO: str(ana.pk)}):
        respuesta = admin.post(nueva("cliente"), datos(documento=ana.documento_visible, **mas))
        pagina = respuesta.content.decode()
        assert "Ya hay un cliente con ese tipo y número de documento" in pagina
        assert "Este cliente ya está" in pagina and ana.get_absolute_url() in pagina
        assert ELEGIDO not in pagina
    assert Cliente.objects.count() == 1


@pytest.mark.parametrize("disparate", ["x", "-1", "9" * 60, "91,,92", "\x00", "😀"])
def test_un_disparate_en_lo_que_se_vio_no_rompe_nada(admin, ana, disparate):
    assert admin.post(nueva("cliente"), datos(**{ELEGIDO: disparate})).status_code == 200


def test_editar_un_cliente_no_avisa(admin, ana):
    FabricaCliente(nombre="Ana", apellido="Ríos", telefono="+573001234567")
    respuesta = admin.get(ficha(ana))
    lleno = {k: v for k, v in respuesta.context["adminform"].form.initial.items() if v is not None}
    for conjunto in respuesta.context["inline_admin_formsets"]:
        lleno |= {f"{conjunto.formset.prefix}-{fin}": "0" for fin in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert admin.post(ficha(ana), lleno | {"fecha_vinculacion": "15/01/2020"}).status_code == 302


# --- Posibles duplicados ---------------------------------------------------------------------------------------------
def test_se_agrupan_los_que_comparten_telefono_o_correo(admin, ana):
    FabricaCliente(nombre="Ana María", apellido="Ríos", telefono="+573001234567")
    FabricaCliente(email="uno@ejemplo.co")
    FabricaCliente(nombre="Otro", email="uno@ejemplo.co")
    pagina = admin.get(reverse("posibles_duplicados")).content.decode()
    assert "300 123 4567" in pagina and "Nombre parecido" in pagina and "uno@ejemplo.co" not in pagina
    pagina = admin.get(reverse("posibles_duplicados"), {"por": "email"}).content.decode()
    assert "uno@ejemplo.co" in pagina and "300 123 4567" not in pagina


def test_sin_repetidos_se_dice(admin, ana):
    assert "Ningún cliente repetido" in admin.get(reverse("posibles_duplicados")).content.decode()


def test_se_pasa_de_pagina_por_el_dato_sin_saltar_ni_repetir_ninguno(db):
    for n in range(2 * POR_PAGINA + 3):
        FabricaCliente.create_batch(2, telefono=f"+57310000{n:04}")
    vistos, pagina = [], grupos_repetidos("telefono")
    paginas = [pagina]
    while pagina.siguiente:
        pagina = grupos_repetidos("telefono", despues=pagina.siguiente)
        paginas.append(pagina)
    vistos = [grupo.dato for una in paginas for grupo in una.filas]
    assert vistos == sorted(set(vistos))
    assert len(vistos) == 2 * POR_PAGINA + 3
    atras = grupos_repetidos("telefono", antes=paginas[-1].anterior)
    assert [g.dato for g in atras.filas] == [g.dato for g in paginas[1].filas]
    primera = grupos_repetidos("telefono", antes=atras.anterior)
    assert [g.dato for g in primera.filas] == [g.dato for g in paginas[0].filas]
    assert not primera.anterior


def test_donde_hay_demasiados_por_mirar_se_ofrece_seguir(db, monkeypatch):
    monkeypatch.setattr("clientes.consultas_duplicados.VENTANA", 10)
    FabricaCliente.create_batch(30)
    FabricaCliente.create_batch(2, telefono="+573999999999")
    pagina, vueltas = grupos_repetidos("telefono"), 0
    while not pagina.filas:
        assert pagina.seguir_desde
        pagina, vueltas = grupos_repetidos("telefono", despues=pagina.seguir_desde), vueltas + 1
    assert [grupo.dato for grupo in pagina.filas] == ["+573999999999"]
    assert vueltas == 2
    atras = grupos_repetidos("telefono", antes=pagina.filas[0].dato)
    assert (atras.filas, atras.seguir_atras) == ([], True)


def test_toda_consulta_repite_la_condicion_del_indice_parcial(db, django_assert_num_queries):
    FabricaCliente.create_batch(2, telefono="+573001112233")
    with django_assert_num_queries(4) as hechas:
        grupos_repetidos("telefono")
    # La última trae las fichas por su clave; las demás buscan por el dato y sin ella recorrerían la tabla.
    assert all("\"telefono\" = ''" in una["sql"] for una in hechas.captured_queries[:3])


def test_de_un_telefono_de_muchos_se_muestran_unos_pocos(db):
    FabricaCliente.create_batch(POR_GRUPO + 4, telefono="+576017654321")
    grupo = grupos_repetidos("telefono").filas[0]
    assert (grupo.cuantos, len(grupo.demas), grupo.resto) == (POR_GRUPO + 4, POR_GRUPO - 1, 4)


# --- Fusionar y deshacer ---------------------------------------------------------------------------------------------
def test_se_elige_la_otra_ficha_entre_las_parecidas_o_buscandola(admin, ana):
    parecida = FabricaCliente(nombre="Ana", apellido="Ríos", telefono="+573001234567")
    buscada = FabricaCliente(nombre="Zoila", apellido="Cárdenas")
    url = reverse("fusionar_cliente", args=(ana.pk,))
    pagina = admin.get(url, {"q": "zoila"}).content.decode()
    assert comparar(ana, parecida) in pagina and comparar(ana, buscada) in pagina
    assert comparar(ana, ana) not in pagina
    assert "Nadie más" in admin.get(url, {"q": "nadie así"}).content.decode()


def test_se_compara_se_confirma_y_se_deshace(admin, ana):
    otra = FabricaCliente(nombre="Ana María", apellido="Ríos", email="ana@ejemplo.co")
    FabricaContrato.create_batch(2, cliente=otra)
    FabricaConsentimiento(cliente=otra)
    FabricaConsentimiento(cliente=ana)
    pagina = admin.get(comparar(ana, otra)).content.decode()
    assert "ana@ejemplo.co" in pagina and "contratos" in pagina and "1 autorización está vigente en las dos" in pagina
    assert Cliente.objects.count() == 2
    respuesta = admin.post(comparar(ana, otra), {"elegido-nombre": "absorbido", "motivo": "Es la misma"}, follow=True)
    assert "quedó en esta ficha" in respuesta.content.decode()
    ana.refresh_from_db()
    assert (ana.nombre, ana.email, Contrato.objects.filter(cliente=ana).count()) == ("Ana María", "ana@ejemplo.co", 2)
    fusion = Fusion.objects.get()
    assert fusion.motivo == "Es la misma"
    assert "Ana María Ríos" in admin.get(reverse("fusiones")).content.decode()
    deshacer = reverse("deshacer_fusion", args=(fusion.pk,))
    assert "2</span> contratos" in admin.get(deshacer).content.decode()
    assert "esta ficha volvió" in admin.post(deshacer, follow=True).content.decode()
    assert Contrato.objects.filter(cliente=otra.pk).count() == 2
    assert "ya se deshizo" in admin.post(deshacer, follow=True).content.decode()


def test_quien_busca_la_ficha_absorbida_llega_a_la_que_quedo(admin, ana):
    otra = FabricaCliente()
    vieja = ficha(otra)
    fusionar_clientes(ana, absorbido=otra, elegidos={}, usuario=None, ahora=AHORA)
    respuesta = admin.get(vieja, follow=True)
    assert respuesta.redirect_chain[0][0] == ana.get_absolute_url()
    assert "se fusionó con esta ficha" in respuesta.content.decode()


def test_lo_que_no_se_puede_se_dice_en_la_pagina_con_lo_elegido(admin, ana):
    respuesta = admin.post(comparar(ana, ana), {"motivo": "Uf"})
    assert "misma ficha" in respuesta.content.decode() and 'value="Uf"' in respuesta.content.decode()
    otra = FabricaCliente()
    assert "elija el de una" in admin.post(comparar(ana, otra), {"elegido-nombre": "x"}).content.decode()
    assert Cliente.objects.count() == 2


def test_una_ficha_que_no_existe_da_404(admin, ana):
    for clave in (999_999, int("9" * 40)):
        assert admin.get(f"/fusionar/{clave}/").status_code == 404
        assert admin.get(f"/fusionar/{ana.pk}/{clave}/").status_code == 404
        assert admin.post(f"/fusiones/{clave}/deshacer/").status_code == 404


def test_el_boton_de_fusionar_solo_lo_ve_quien_puede(client, admin, ana, agente):
    url = reverse("fusionar_cliente", args=(ana.pk,))
    assert url in admin.get(ficha(ana)).content.decode()
    client.force_login(agente)
    assert url not in client.get(ficha(ana)).content.decode()
    repetida = FabricaCliente(nombre="Ana", telefono="+573001234567")
    pagina = client.get(reverse("posibles_duplicados")).content.decode()
    assert "300 123 4567" in pagina and comparar(ana, repetida) not in pagina


def test_sin_permiso_ni_se_compara_ni_se_fusiona_ni_se_deshace(client, ana, asesor):
    otra, tercera = FabricaCliente(), FabricaCliente()
    fusion = fusionar_clientes(ana, absorbido=tercera, elegidos={}, usuario=FabricaUsuario(), ahora=AHORA)
    client.force_login(asesor)
    for url in (comparar(ana, otra), reverse("deshacer_fusion", args=(fusion.pk,)), reverse("posibles_duplicados")):
        assert client.post(url).status_code in (403, 405)
        assert client.get(url).status_code == 403
    assert Cliente.objects.count() == 2
