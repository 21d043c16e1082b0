"""Guardar un cliente: quién es, cómo se escribe y desde cuándo."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clientes.models import Cliente
from clientes.operaciones import guardar_cliente

from .fabricas import HOY, FabricaCliente, FabricaEmpresa, FabricaUsuario, nit_valido

pytestmark = pytest.mark.django_db


def nuevo(**campos):
    datos = {
        "documento": "1.020.304.050",
        "nombre": "Ana María",
        "apellido": "Ríos Vega",
        "fecha_vinculacion": date(2012, 3, 15),
    }
    return Cliente(**(datos | campos))


def guardar(cliente, **opciones):
    return guardar_cliente(cliente, usuario=opciones.pop("usuario", None), hoy=HOY, **opciones)


def faltas_de(cliente):
    with pytest.raises(ValidationError) as error:
        guardar(cliente)
    return error.value.message_dict


def test_un_cliente_se_guarda_con_sus_datos_normalizados():
    cliente = guardar(
        nuevo(
            nombre="  Ana   María ",
            email=" Ana.Rios@Example.CO ",
            telefono="300 123 4567",
            telefono_alterno="(601) 123-4567",
            direccion=" Calle 45   # 12-34 ",
        )
    )
    cliente.refresh_from_db()
    assert cliente.documento == "1020304050"
    assert cliente.nombre == "Ana María"
    assert cliente.email == "ana.rios@example.co"
    assert (cliente.telefono, cliente.telefono_alterno) == ("+573001234567", "+576011234567")
    assert cliente.direccion == "Calle 45 # 12-34"


def test_queda_en_la_historia_quien_lo_guardo_y_por_que():
    agente = FabricaUsuario()
    cliente = guardar(nuevo(), usuario=agente, motivo="Llamó a corregir el nombre")
    version = cliente.history.first()
    assert (version.autor, version.history_change_reason) == (agente.username, "Llamó a corregir el nombre")


def test_la_vinculacion_no_puede_ser_futura():
    assert "futura" in faltas_de(nuevo(fecha_vinculacion=HOY + timedelta(days=1)))["fecha_vinculacion"][0]


def test_la_vinculacion_de_hoy_vale():
    assert guardar(nuevo(fecha_vinculacion=HOY)).pk


def test_la_vinculacion_no_puede_ser_anterior_a_1900():
    assert "1900" in faltas_de(nuevo(fecha_vinculacion=date(1899, 12, 31)))["fecha_vinculacion"][0]


def test_sin_fecha_de_vinculacion_se_pide():
    assert "fecha_vinculacion" in faltas_de(nuevo(fecha_vinculacion=None))


@pytest.mark.parametrize(
    ("campos", "campo"),
    [
        ({"documento": "12"}, "documento"),
        ({"documento": "abc"}, "documento"),
        ({"tipo_documento": "NIT", "documento": "900000001"}, "documento"),
        ({"nombre": "   "}, "nombre"),
        ({"apellido": ""}, "apellido"),
        ({"telefono": "123"}, "telefono"),
        ({"telefono_alterno": "300 123 4567 ext 2"}, "telefono_alterno"),
        ({"email": "ana@"}, "email"),
        ({"estrato": 7}, "estrato"),
        ({"tipo_persona": "juridica"}, "tipo_documento"),
        ({"categoria_asignada": "leal"}, "motivo_categoria"),
        ({"nombre": "x" * 121}, "nombre"),
    ],
)
def test_un_dato_malo_se_rechaza_junto_a_su_campo(campos, campo):
    assert campo in faltas_de(nuevo(**campos))
    assert not Cliente.objects.exists()


def test_se_dicen_todas_las_faltas_de_una_vez():
    faltas = faltas_de(nuevo(documento="1", telefono="2", fecha_vinculacion=HOY + timedelta(days=2)))
    assert {"documento", "telefono", "fecha_vinculacion"} <= set(faltas)


def test_dos_clientes_no_tienen_el_mismo_documento_aunque_se_escriba_distinto():
    guardar(nuevo())
    frases = faltas_de(nuevo(documento="1020304050"))["__all__"]
    assert frases == ["Ya hay un cliente con ese tipo y número de documento."]


def test_el_mismo_numero_vale_con_otro_tipo_de_documento():
    guardar(nuevo())
    assert guardar(nuevo(tipo_documento="TI")).pk


def test_una_empresa_se_identifica_con_nit_y_no_lleva_apellido():
    empresa = guardar(
        nuevo(
            tipo_persona="juridica",
            tipo_documento="NIT",
            documento=nit_valido("900111222").replace("-", " "),
            nombre="Ferretería Inventada S. A. S.",
            apellido="sobra",
        )
    )
    assert empresa.nombre_completo == "Ferretería Inventada S. A. S."
    assert "-" in empresa.documento


def test_una_persona_con_rut_puede_usar_su_nit():
    assert guardar(nuevo(tipo_documento="NIT", documento=nit_valido("900333444"))).pk


def test_el_estado_no_se_cambia_al_guardar():
    cliente = FabricaCliente()
    cliente.estado, cliente.inactivo_desde = "inactivo", HOY
    with pytest.raises(ValidationError, match="use Desactivar o Reactivar"):
        guardar(cliente)
    assert Cliente.objects.get().estado == "activo"


def test_guardar_dos_veces_lo_mismo_no_crea_otro_cliente():
    cliente = guardar(nuevo())
    guardar(cliente)
    assert Cliente.objects.count() == 1


def test_un_cliente_se_encuentra_por_documento_nombre_y_telefono():
    cliente = guardar(nuevo(telefono="3001234567"))
    empresa = FabricaEmpresa()
    for texto in ("1.020.304.050", "1020304050", "rios", "ANA vega", "300 123 4567", "3001234567", "ana rios 1020"):
        assert list(Cliente.objects.filter(busqueda__contiene=texto)) == [cliente], texto
    assert list(Cliente.objects.filter(busqueda__contiene=empresa.documento_visible)) == [empresa]


@given(texto=st.text(max_size=30))
def test_ningun_documento_rompe_el_guardado(texto):
    cliente = nuevo(documento=texto)
    try:
        cliente.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        assert set(error.message_dict) == {"documento"}
