"""Los datos por completar se ven en la ficha, se filtran en la lista y se van cuando alguien los escribe."""

import pytest

from clientes import filtros
from clientes.models import Cliente

from .fabricas import HOY, FabricaCliente
from .pantallas import ficha, lista
from .test_pantalla_clientes import datos_de_cliente

pytestmark = pytest.mark.django_db
PENDIENTES = {"telefono": "Le falta el indicativo.", "apellido": "No venía en el archivo."}


@pytest.fixture
def incompleta():
    return FabricaCliente(apellido="", telefono="2345678", pendientes=PENDIENTES)


def test_la_ficha_los_dice_con_su_nombre_y_en_su_orden(admin, incompleta):
    pagina = admin.get(ficha(incompleta)).content.decode()
    assert "Datos por completar" in pagina
    assert pagina.index("Apellido: No venía en el archivo.") < pagina.index("Teléfono: Le falta el indicativo.")
    assert "Datos por completar" not in admin.get(ficha(FabricaCliente())).content.decode()


def test_se_filtran_en_la_lista_y_en_los_filtros(admin, incompleta):
    completa = FabricaCliente()
    for respuesta, esperado in (("si", incompleta), ("no", completa)):
        cl = admin.get(lista("cliente"), {"por_completar": respuesta}).context["cl"]
        assert list(cl.result_list) == [esperado]
        filtro = filtros.FiltroCliente({"pendientes": respuesta == "si"}, Cliente.objects.all(), hoy=HOY)
        assert list(filtro.qs) == [esperado]


def test_guardar_la_ficha_sin_tocarlos_los_deja_y_escribirlos_los_quita(admin, incompleta):
    enviado = datos_de_cliente(documento=incompleta.documento, apellido="", telefono="2345678")
    assert admin.post(ficha(incompleta), enviado).status_code == 302
    incompleta.refresh_from_db()
    assert set(incompleta.pendientes) == {"telefono", "apellido"}
    assert admin.post(ficha(incompleta), {**enviado, "telefono": "300 123 4567"}).status_code == 302
    incompleta.refresh_from_db()
    assert set(incompleta.pendientes) == {"apellido"}
    respuesta = admin.post(ficha(incompleta), {**enviado, "telefono": "765 4321"})
    assert respuesta.status_code == 200 and "está incompleto" in respuesta.content.decode()
