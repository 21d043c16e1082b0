"""La lista de números excluidos: se lee lo que llegue, reemplaza de un golpe a la que regía y no se queda colgada."""

from __future__ import annotations

import io
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from openpyxl import Workbook

from clientes import operaciones, tareas, vigilancia_rne
from clientes.consultas_contacto import estado_del_rne, hechos_de
from clientes.lector_rne import Lista, examinar
from clientes.models import CargaRne, NumeroExcluido
from clientes.operaciones import rne
from movistar_site.comun import trabajos
from movistar_site.comun.archivos import ArchivoIlegible
from movistar_site.comun.models import Aviso

from .fabricas import AHORA, HOY, FabricaCargaRne, FabricaCliente, FabricaContacto

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def carpeta(settings, tmp_path):
    settings.DATOS_DIR = tmp_path / "panel"
    return tmp_path


def recibir(texto, *, nombre="rne.csv", dia=HOY, hoy=HOY, usuario=None):
    contenido = io.BytesIO(texto if isinstance(texto, bytes) else texto.encode())
    return operaciones.recibir_rne(nombre=nombre, contenido=contenido, consultada_el=dia, usuario=usuario, hoy=hoy)


def cargar(texto, **opciones):
    return operaciones.leer_rne(recibir(texto, **opciones))


def excluidos(carga=None):
    filas = NumeroExcluido.objects.filter(carga=carga) if carga else NumeroExcluido.objects.all()
    return set(filas.values_list("dato", "canal"))


# --- Leer ------------------------------------------------------------------------------------------------------------
def leidos(tmp_path, texto, nombre="rne.csv"):
    ruta = tmp_path / "lista"
    ruta.write_bytes(texto if isinstance(texto, bytes) else texto.encode())
    with Lista(ruta, nombre, examinar(ruta, nombre), max_filas=100) as lista:
        return [tuple(uno) for uno in lista]


UNO, DOS, FIJO = "+573001112233", "+573204445566", "+576011234567"


@pytest.mark.parametrize(
    ("texto", "esperado"),
    [
        # Un TXT con un número por línea, sin encabezado.
        ("3001112233\n320 444 5566\n\n", [(1, UNO, "", ""), (2, DOS, "", "")]),
        ("Número\n3001112233\n", [(2, UNO, "", "")]),
        ("numero;canal\n3001112233;SMS\n", [(2, UNO, "sms", "")]),
        ("numero,canal\n3001112233,\"SMS, llamada\"\n", [(2, UNO, "sms", ""), (2, UNO, "telefono", "")]),
        ("3001112233;whatsapp\n", [(1, UNO, "whatsapp", "")]),
        ("3001112233;Todos\n", [(1, UNO, "", "")]),
        # Una columna por canal, como las muestra la consulta de la CRC.
        ("numero;sms;llamada;aplicacion\n3001112233;sí;no;Sí\n", [(2, UNO, "sms", ""), (2, UNO, "whatsapp", "")]),
        ("numero;sms;llamada\n3001112233;;\n", [(2, UNO, "", "")]),
        # Números y correos juntos.
        ("telefono;correo\n6011234567;Ana@Ejemplo.CO\n", [(2, FIJO, "", ""), (2, "ana@ejemplo.co", "", "")]),
        ("key;tipo\nana@ejemplo.co;COR\n", [(2, "ana@ejemplo.co", "", "")]),
        ("sep=;\r\nnumero;canal\r\n3001112233;llamadas\r\n", [(3, UNO, "telefono", "")]),
    ],
)  # fmt: skip
def test_se_entiende_la_lista_como_venga(tmp_path, texto, esperado):
    assert leidos(tmp_path, texto) == esperado


@pytest.mark.parametrize(
    ("texto", "linea", "frase"),
    [
        ("300\n", 1, "no es un número de Colombia"),
        ("numero\n3001112233\nana@\n", 3, "no es un correo electrónico"),
        ("numero;canal\n3001112233;humo\n", 2, "No se conoce el canal «humo»"),
        ("numero;sms\n3001112233;quizás\n", 2, "Se esperaba sí o no y llegó «quizás»"),
        ("numero;canal\n3001112233;correo\n", 2, "Un número no se excluye de Correo electrónico"),
        ("numero;canal\nana@ejemplo.co;SMS\n", 2, "Un correo no se excluye de Mensaje de texto"),
        ("canal;numero\nsms;\n", 2, "no trae un número ni un correo"),
        ("1234567\n", 1, "está incompleto"),
    ],
)
def test_un_renglon_que_no_se_entiende_dice_su_linea_y_por_que(tmp_path, texto, linea, frase):
    malo = [uno for uno in leidos(tmp_path, texto) if uno[3]]
    assert len(malo) == 1 and malo[0][0] == linea and frase in malo[0][3]
    assert malo[0][3].endswith(".")


def test_un_excel_con_el_numero_como_numero(tmp_path):
    libro = Workbook()
    libro.active.append(["Número", "Canal"])
    libro.active.append([3001112233, "SMS"])
    libro.active.append([3204445566.0, None])
    salida = io.BytesIO()
    libro.save(salida)
    assert leidos(tmp_path, salida.getvalue(), "rne.xlsx") == [(2, UNO, "sms", ""), (3, DOS, "", "")]


def test_un_archivo_de_windows_se_lee_igual(tmp_path):
    assert leidos(tmp_path, "Número;Teléfono\n;3001112233\n".encode("cp1252")) == [(2, UNO, "", "")]


@pytest.mark.parametrize(
    ("contenido", "nombre", "frase"),
    [
        (b"", "rne.csv", "vacío"),
        (b"\x89PNG\r\n", "rne.csv", "imagen PNG"),
        (b"no es un libro", "rne.xlsx", "no es un libro de Excel"),
        (b"3001112233", "rne.pdf", "no es un archivo .csv"),
    ],
)
def test_lo_que_no_es_una_lista_se_dice(tmp_path, contenido, nombre, frase):
    with pytest.raises(ArchivoIlegible, match=frase):
        leidos(tmp_path, contenido, nombre)


# --- Cargar ----------------------------------------------------------------------------------------------------------
def test_una_lista_completa_rige_y_los_repetidos_cuentan_una_vez():
    carga = cargar("numero;canal\n3001112233;sms\n300 111 2233;SMS\n3204445566;\nmalo;sms\n")
    assert (carga.completa, carga.cuantos, carga.malos, carga.avance) == (True, 2, 1, 100)
    assert carga.rechazados[0]["linea"] == 5 and len(carga.sha256) == 64
    assert excluidos(carga) == {(UNO, "sms"), (DOS, "")}
    assert not rne.lugar_de(carga).exists()


def test_quien_no_dijo_canal_queda_excluido_de_todos():
    cargar("3001112233\nana@ejemplo.co\n")
    cliente = FabricaCliente(telefono=UNO, email="ana@ejemplo.co")
    assert hechos_de(cliente, ahora=AHORA).excluidos == {"telefono", "sms", "whatsapp", "correo"}


def test_la_nueva_reemplaza_a_la_vieja_y_la_vieja_se_borra():
    vieja = cargar("3001112233\n", dia=HOY - timedelta(days=9))
    nueva = cargar("3204445566\n")
    assert excluidos() == {(DOS, "")}
    assert CargaRne.objects.filter(pk=vieja.pk, completa=True, cuantos=1).exists()
    assert estado_del_rne(HOY).carga == nueva


def test_mientras_se_lee_sigue_rigiendo_la_anterior(monkeypatch):
    cargar("3001112233\n", dia=HOY - timedelta(days=1))
    cliente = FabricaCliente(telefono=UNO)
    vistos = []

    def mirar(carga):
        vistos.append("telefono" in hechos_de(cliente, ahora=AHORA).excluidos)

    operaciones.leer_rne(recibir("3204445566\n"), al_avanzar=mirar)
    assert vistos == [True]
    assert hechos_de(cliente, ahora=AHORA).excluidos == set()


@pytest.mark.parametrize(
    ("dia", "frase"),
    [
        (HOY + timedelta(days=1), "no puede ser futura"),
        (HOY - timedelta(days=3), "no se reemplaza por una anterior"),
        (date(1999, 1, 1), "revise el año"),
    ],
)
def test_la_fecha_de_la_consulta_no_es_futura_ni_anterior_a_la_que_rige(dia, frase):
    FabricaCargaRne(consultada_el=HOY - timedelta(days=2))
    with pytest.raises(ValidationError) as error:
        recibir("3001112233\n", dia=dia)
    assert frase in error.value.message_dict["consultada_el"][0]


def test_del_mismo_dia_si_se_reemplaza():
    cargar("3001112233\n")
    cargar("3204445566\n")
    assert excluidos() == {(DOS, "")}


def test_dos_a_la_vez_no():
    recibir("3001112233\n")
    with pytest.raises(ValidationError, match="Ya se está cargando otra"):
        recibir("3204445566\n")


@pytest.mark.parametrize(
    ("texto", "frase"),
    [
        ("nombre;ciudad\nAna;Cali\n", "Ningún renglón trae un número"),
        ("3001112233\nAna\nLuis\n", "revise que sea la lista del RNE"),
        ('numero\n"3001112233\n', "comillas mal cerradas"),
    ],
)
def test_si_no_parece_la_lista_sigue_rigiendo_la_anterior(texto, frase):
    buena = cargar("3001112233\n", dia=HOY - timedelta(days=1))
    mala = cargar(texto)
    assert not mala.completa and frase in mala.falla
    assert estado_del_rne(HOY).carga == buena
    assert excluidos() == {(UNO, "")}


def test_un_archivo_que_no_se_acepta_no_deja_rastro(carpeta):
    for nombre, contenido in (("rne.pdf", b"x"), ("rne.csv", b""), ("rne.csv", b"%PDF-1.4")):
        with pytest.raises(ValidationError) as error:
            recibir(contenido, nombre=nombre)
        assert set(error.value.message_dict) == {"archivo"}
    assert not CargaRne.objects.exists() and not CargaRne.history.exists()
    assert not list((carpeta / "panel" / "rne").glob("*"))


def test_repetir_la_lectura_no_hace_nada_y_retomarla_no_repite():
    carga = recibir("3001112233\n3204445566\n")
    # Murió después de guardar la primera tanda.
    NumeroExcluido.objects.create(carga=carga, dato=UNO, canal="")
    operaciones.leer_rne(carga)
    assert carga.cuantos == 2
    operaciones.leer_rne(CargaRne.objects.get(pk=carga.pk))
    assert len(excluidos()) == 2


def test_si_la_base_falla_a_mitad_se_dice_y_no_queda_en_curso(monkeypatch):
    def fallar(*_):
        raise RuntimeError("disco lleno")

    monkeypatch.setattr(rne, "_guardar_tanda", fallar)
    carga = recibir("3001112233\n")
    with pytest.raises(RuntimeError):
        operaciones.leer_rne(carga)
    carga.refresh_from_db()
    assert not carga.en_curso and "registro del servidor" in carga.falla


# --- Que no quede colgada --------------------------------------------------------------------------------------------
def test_lo_pequeno_se_lee_en_el_acto_y_lo_grande_va_a_la_cola(monkeypatch):
    vigilancia_rne.empezar_lectura(carga := recibir("3001112233\n"), usuario=None)
    assert carga.completa
    encoladas = []
    cola = SimpleNamespace(enqueue=lambda *datos: encoladas.append(datos))
    monkeypatch.setattr(vigilancia_rne, "EN_EL_ACTO", 3)
    monkeypatch.setattr(tareas, "leer_lista_rne", cola)
    otra = recibir("3204445566\n")
    vigilancia_rne.empezar_lectura(otra, usuario=None)
    assert encoladas == [(otra.pk, None)] and not otra.completa


def test_la_que_un_corte_dejo_a_medias_se_retoma_y_la_que_ya_fallo_se_da_por_fallida():
    carga = recibir("3001112233\n")
    despues = timezone.now() + timedelta(minutes=5)
    vigilancia_rne.retomar(despues)
    carga.refresh_from_db()
    assert carga.completa  # en las pruebas la cola atiende en el acto
    otra = recibir("3204445566\n")
    DBTaskResult.objects.create(
        task_path=tareas.leer_lista_rne.module_path, args_kwargs={"args": [otra.pk], "kwargs": {}},
        status=TaskResultStatus.FAILED, backend_name="default", run_after=despues, exception_class_path="",
        traceback="",
    )  # fmt: skip
    vigilancia_rne.retomar(despues)
    otra.refresh_from_db()
    assert "vuelva a subirla" in otra.falla
    assert estado_del_rne(HOY).carga == carga


# --- Frescura --------------------------------------------------------------------------------------------------------
def test_se_dice_hasta_cuando_vale_y_cuando_bloquea():
    assert "Todavía no se ha cargado" in estado_del_rne(HOY).frase
    FabricaCargaRne(consultada_el=HOY - timedelta(days=30))
    estado = estado_del_rne(HOY)
    assert (estado.vale, estado.dias, estado.frase) == (True, 1, "Vale hasta el 16/03/2026.")
    manana = estado_del_rne(HOY + timedelta(days=1))
    assert not manana.vale and manana.frase.endswith("los contactos comerciales están bloqueados.")


def test_se_avisa_una_vez_antes_de_que_venza_y_otra_cuando_vencio(administrador, asesor):
    FabricaCargaRne(consultada_el=HOY)
    for dias in range(40):
        dia = HOY + timedelta(days=dias)
        operaciones.revisar_contactos(hoy=dia, ahora=AHORA + timedelta(days=dias))
    avisos = list(Aviso.objects.order_by("id"))
    assert {aviso.usuario_id for aviso in avisos} == {administrador.pk}
    assert [aviso.titulo for aviso in avisos] == [
        "La lista de números excluidos vence el 15/04/2026",
        "La lista de números excluidos venció el 15/04/2026",
    ]
    assert timezone.localdate(avisos[0].creado_el) == date(2026, 4, 11)


def test_la_revision_diaria_esta_programada_y_cuenta_lo_que_hizo():
    FabricaContacto(momento=timezone.now() - timedelta(days=2))
    assert trabajos.DIARIOS["revisar contactos"].trabajo is tareas.revisar_los_contactos
    assert "1 contacto cerrado, 0 avisos" in tareas.revisar_los_contactos.func()


# --- La orden --------------------------------------------------------------------------------------------------------
def orden(*argumentos):
    salida, errores = StringIO(), StringIO()
    call_command("importar_rne", *argumentos, stdout=salida, stderr=errores)
    return salida.getvalue(), errores.getvalue()


def test_la_orden_carga_la_lista_y_dice_lo_malo(tmp_path):
    archivo = tmp_path / "lista.txt"
    archivo.write_text("3001112233\nmalo\n3204445566\n", encoding="utf-8")
    hoy = timezone.localdate()
    salida, errores = orden(str(archivo), "--fecha", f"{hoy:%Y-%m-%d}")
    assert "2 datos excluidos, 1 renglón que no se entendió. Rige desde ahora." in salida
    assert errores.startswith("Línea 2: ")
    assert estado_del_rne(hoy).vale


@pytest.mark.parametrize(
    ("argumentos", "codigo", "frase"),
    [
        (["no-existe.csv", "--fecha", "2026-01-01"], 2, "No se encuentra"),
        (["{lista}", "--fecha", "ayer"], 2, "--fecha"),
        (["{lista}", "--fecha", "2026-01-01", "--usuario", "nadie"], 2, "no hay una cuenta"),
        (["{lista}", "--fecha", "2999-01-01"], 1, "no puede ser futura"),
        (["{mala}", "--fecha", "2026-01-01"], 1, "Sigue rigiendo la lista anterior"),
    ],
)
def test_la_orden_dice_por_que_no(tmp_path, argumentos, codigo, frase):
    lista, mala = tmp_path / "lista.csv", tmp_path / "mala.csv"
    lista.write_text("3001112233\n", encoding="utf-8")
    mala.write_text("Ana\nLuis\n", encoding="utf-8")
    with pytest.raises(CommandError, match=frase) as error:
        orden(*(uno.format(lista=lista, mala=mala) for uno in argumentos))
    assert error.value.returncode == codigo
