"""La gente inventada: clientes con sus contratos e interacciones, coherentes entre sí y repetibles por semilla.

Es Python sencillo y rápido (unos microsegundos por registro): listas repartidas de antemano y bits de azar. De aquí
salen tanto el ejemplo de 200 clientes como las cargas de un millón. Nada mira el reloj: `hoy` es un argumento.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from clientes.relojes import Relojes
from movistar_site.comun.valores import normalizar

from . import identidad, vocabulario
from .atencion import Interaccion, Mesa
from .identidad import Ambito
from .ofertas import SEGMENTOS, Estanteria, Oferta, repartir

DIAS_NUEVO, DIAS_REGULAR, DIAS_MAXIMOS = 1_095, 3_652, 9_131
DIAS_DE_PASADO = DIAS_MAXIMOS + 10
DIAS_DE_FUTURO = 80
PRIMER_HOY = date(2015, 1, 1)
ULTIMO_HOY = date(2099, 12, 31)
MOTIVOS_CATEGORIA = (
    "Viene de otra empresa del grupo con su antigüedad",
    "Acuerdo comercial con la empresa donde trabaja",
    "Se le reconoce la antigüedad de una línea anterior",
    "Decisión del comité de fidelización",
)


def exigir_hoy(hoy: date) -> None:
    """Lanza ValueError si desde ese día no se pueden contar 25 años de clientes."""
    if not PRIMER_HOY <= hoy <= ULTIMO_HOY:
        raise ValueError(f"El día de referencia debe estar entre {PRIMER_HOY:%d/%m/%Y} y {ULTIMO_HOY:%d/%m/%Y}.")


class Cliente(NamedTuple):
    """Los datos propios de un cliente, con los nombres de los campos del modelo; las fechas son textos ISO."""

    tipo_persona: str
    tipo_documento: str
    documento: str
    nombre: str
    apellido: str
    email: str
    telefono: str
    telefono_alterno: str
    direccion: str
    municipio_id: str
    estrato: int | None
    fecha_vinculacion: str
    categoria_asignada: str
    motivo_categoria: str
    estado: str
    inactivo_desde: str | None


class Contrato(NamedTuple):
    """Un contrato, sin número."""

    oferta: Oferta
    estado: str
    fecha_inicio: str
    fecha_fin: str | None
    precio: str
    permanencia_meses: int
    anexo_permanencia: str
    promocion: object | None


class Hogar(NamedTuple):
    """Un cliente con lo suyo."""

    cliente: Cliente
    contratos: list[Contrato]
    interacciones: list[Interaccion]


class Poblacion:
    """Fábrica de hogares. Dos con la misma semilla, el mismo día y el mismo catálogo dan exactamente lo mismo."""

    def __init__(
        self,
        *,
        semilla: str,
        hoy: date,
        municipios: Sequence[str],
        estanteria: Estanteria,
        ambito: Ambito,
        relojes: Relojes,
    ) -> None:
        exigir_hoy(hoy)
        self.azar = Random(semilla)  # noqa: S311 - datos inventados, no secretos
        self.ambito = ambito
        self.hoy = DIAS_DE_PASADO
        base = hoy - timedelta(days=DIAS_DE_PASADO)
        dias = [base + timedelta(days=n) for n in range(DIAS_DE_PASADO + DIAS_DE_FUTURO)]
        self.iso = [dia.isoformat() for dia in dias]
        self.anio = [dia.year for dia in dias]
        self.municipios = _municipios(municipios)
        self.estanteria = estanteria
        self.mesa = Mesa(self.azar, dias, self.hoy, relojes)

    def hogar(self, k: int, cuantos_contratos: int, cuantas_interacciones: int) -> Hogar:
        """El hogar del puesto `k`, con esa cantidad de contratos y de interacciones."""
        empresa = identidad.es_empresa(k)
        vinculacion = self._vinculacion()
        antiguedad = self.hoy - vinculacion
        activo = antiguedad <= DIAS_PARA_IRSE or self.azar.getrandbits(7) >= BAJAS_DE_128
        contratos, retiro = self._contratos(vinculacion, cuantos_contratos, activo=activo, empresa=empresa)
        cliente = self._cliente(k, vinculacion, contratos, retiro, empresa=empresa)
        ultimo = self.hoy - 1 if activo else retiro
        interacciones = self.mesa.interacciones(vinculacion, ultimo, contratos, cuantas_interacciones, en_pie)
        return Hogar(cliente, contratos, interacciones)

    def _vinculacion(self) -> int:
        """Cuatro de cada diez son nuevos; los leales, más escasos cuanto más antiguos. De un día a 25 años."""
        azar = self.azar.random()
        if azar < PARTE_NUEVA:
            dias = 1 + int((DIAS_NUEVO - 1) * (azar / PARTE_NUEVA) ** 1.3)
        elif azar < PARTE_NUEVA_O_REGULAR:
            parte = (azar - PARTE_NUEVA) / (PARTE_NUEVA_O_REGULAR - PARTE_NUEVA)
            dias = DIAS_NUEVO + int((DIAS_REGULAR - DIAS_NUEVO) * parte)
        else:
            parte = (azar - PARTE_NUEVA_O_REGULAR) / (1 - PARTE_NUEVA_O_REGULAR)
            dias = DIAS_REGULAR + int((DIAS_MAXIMOS - DIAS_REGULAR) * parte**1.4)
        return self.hoy - dias

    def _contratos(self, vinculacion: int, cuantos: int, *, activo: bool, empresa: bool) -> tuple[list[Contrato], int]:
        """Los contratos y el último día en que alguno terminó. Un cliente activo conserva en pie al menos el último."""
        contratos: list[Contrato] = []
        fijas: list[Oferta] = []
        retiro = vinculacion
        for posicion in range(cuantos):
            en_pie = activo and posicion == cuantos - 1
            contrato, fin = self._contrato(
                vinculacion, fijas, primero=posicion == 0, en_pie=en_pie, activo=activo, empresa=empresa
            )
            contratos.append(contrato)
            retiro = max(retiro, fin)
        return contratos, retiro

    def _contrato(
        self, vinculacion: int, fijas: list[Oferta], *, primero: bool, en_pie: bool, activo: bool, empresa: bool
    ) -> tuple[Contrato, int]:
        azar, bits = self.azar, self.azar.getrandbits(72)
        ayer = self.hoy - 1
        inicio = vinculacion if primero else vinculacion + int((ayer - vinculacion) * azar.random())
        pendiente = activo and not primero and bits & 63 == 0
        if pendiente:
            inicio = self.hoy + 1 + (bits >> 6 & 7)
        bits >>= 9
        oferta = self._escoger(inicio, bits, fijas, empresa=empresa)
        bits >>= 26
        dia = max(self.iso[inicio], oferta.fechas[0])
        if dia != self.iso[inicio]:
            inicio = min(ayer, self.hoy - (date.fromisoformat(self.iso[self.hoy]) - date.fromisoformat(dia)).days)
            dia = self.iso[inicio]
        estado, fin = self._desenlace(inicio, bits, en_pie=en_pie, activo=activo, pendiente=pendiente)
        bits >>= 8
        con_anexo = not oferta.es_movil and bits & 7 < ANEXOS_DE_8 and dia >= PRIMER_ANEXO
        promocion = None
        for promesa in oferta.promesas:
            if promesa.desde <= dia and (not promesa.hasta or dia <= promesa.hasta) and bits & 8:
                promocion = promesa.referencia
        anexo = f"ANX-{dia[:4]}-{bits >> 4 & 0xFFFFF:07d}" if con_anexo else ""
        contrato = Contrato(
            oferta,
            estado,
            dia,
            self.iso[fin] if fin else None,
            oferta.precio(dia),
            12 if con_anexo else 0,
            anexo,
            promocion,
        )
        return contrato, fin

    def _escoger(self, inicio: int, bits: int, fijas: list[Oferta], *, empresa: bool) -> Oferta:
        """Un servicio que se vendía entonces. Quien ya tuvo uno fijo casi siempre añade líneas móviles."""
        anio = self.anio[min(inicio, self.hoy)]
        oferta = (self.estanteria.empresas if empresa else self.estanteria.personas)[anio][bits % SEGMENTOS]
        if not oferta.es_movil:
            if fijas and bits >> 11 & 15 >= SEGUNDAS_FIJAS_DE_16:
                oferta = self.estanteria.moviles[anio][bits >> 15 & SEGMENTOS - 1]
            else:
                fijas.append(oferta)
        return oferta

    def _desenlace(self, inicio: int, bits: int, *, en_pie: bool, activo: bool, pendiente: bool) -> tuple[str, int]:
        """En qué estado está el contrato y qué día terminó (0 si sigue)."""
        if pendiente:
            return "pendiente", 0
        edad = self.hoy - 1 - inicio
        termina = not activo or (not en_pie and edad > DIAS_PARA_IRSE and bits & 127 < min(100, 12 + edad * 12 // 365))
        if termina:
            minimo = min(20, edad)
            return "terminado", inicio + minimo + int((edad - minimo) * self.azar.random())
        return ("suspendido" if bits & 127 >= SUSPENDIDOS_DESDE and edad > DIAS_PARA_IRSE else "activo"), 0

    def _cliente(self, k: int, vinculacion: int, contratos: list[Contrato], retiro: int, *, empresa: bool) -> Cliente:
        bits = self.azar.getrandbits(128)
        municipio = self.municipios[bits % PUESTOS_MUNICIPIO]
        bits >>= 16
        if empresa:
            tipo, nombre, apellido = "NIT", self._razon_social(bits), ""
            usuario = f"contacto.{_pegado(nombre)[:24]}"
        else:
            tipo = self._tipo_de_documento(bits, self.hoy - vinculacion)
            nombre, apellido = self._nombre(bits >> 8)
            usuario = f"{_pegado(nombre)}.{_pegado(apellido)}"
        bits >>= 40
        en_pie = any(contrato.estado != "terminado" for contrato in contratos)
        activo = en_pie or not contratos
        fija = not empresa and any(not contrato.oferta.es_movil for contrato in contratos)
        a_mano = CATEGORIAS_A_MANO[bits & 511]
        alterno = bits >> 9 & 3
        return Cliente(
            "juridica" if empresa else "natural",
            tipo,
            self.ambito.numero(tipo, k),
            nombre,
            apellido,
            f"{usuario}{k % 997}@{vocabulario.DOMINIOS[bits % 3]}"
            if empresa or bits >> 11 & 7 > SIN_CORREO_DE_8
            else "",
            identidad.fijo(municipio[:2], bits >> 14) if empresa else identidad.movil(bits >> 14),
            identidad.movil(bits >> 20)
            if alterno == 0
            else identidad.fijo(municipio[:2], bits >> 20)
            if alterno == 1
            else "",
            self._direccion(bits >> 24, municipio),
            municipio,
            ESTRATOS[bits >> 48 & 63] if fija else None,
            self.iso[vinculacion],
            a_mano,
            MOTIVOS_CATEGORIA[bits & 3] if a_mano else "",
            "activo" if activo else "inactivo",
            None if activo else self.iso[retiro],
        )

    @staticmethod
    def _tipo_de_documento(bits: int, antiguedad: int) -> str:
        tipo = TIPOS_DE_DOCUMENTO[bits & 255]
        # Un menor no lleva años de cliente y el permiso por protección temporal existe desde 2021.
        if (tipo == "TI" and antiguedad > DIAS_NUEVO) or (tipo == "PPT" and antiguedad > DIAS_DE_PPT):
            return "CC" if tipo == "TI" else "CE"
        return tipo

    @staticmethod
    def _nombre(bits: int) -> tuple[str, str]:
        primeros, segundos = (MUJERES, SEGUNDOS_MUJER) if bits & 1 else (HOMBRES, SEGUNDOS_HOMBRE)
        nombre, segundo = primeros[bits >> 1 & 511], segundos[bits >> 10 & 63]
        if segundo and segundo != nombre:
            nombre = f"{nombre} {segundo}"
        apellido = APELLIDOS[bits >> 16 & 1023]
        return nombre, f"{apellido} {APELLIDOS[bits >> 26 & 1023]}"

    @staticmethod
    def _razon_social(bits: int) -> str:
        ramos, nombres, formas = vocabulario.EMPRESA_RAMO, vocabulario.EMPRESA_NOMBRE, vocabulario.EMPRESA_FORMA
        return (
            f"{ramos[(bits & 255) % len(ramos)]} {nombres[(bits >> 8 & 255) % len(nombres)]}"
            f" {formas[(bits >> 16 & 255) % len(formas)]}"
        )

    @staticmethod
    def _direccion(bits: int, municipio: str) -> str:
        ciudad = municipio in vocabulario.HABITANTES
        if not ciudad and bits & 7 < RURALES_DE_8:
            return f"{VEREDAS[bits >> 3 & 15]}, finca {1 + (bits >> 7 & 63)}"
        tope = 170 if municipio == BOGOTA else 95 if ciudad else 24
        via = f"{VIAS[bits & 15]} {1 + (bits >> 4 & 255) % tope}{LETRAS[bits >> 12 & 15]}"
        cruce = f" # {1 + (bits >> 16 & 255) % tope}-{1 + (bits >> 24 & 127) % 98:02d}"
        complemento, barrio = COMPLEMENTOS[bits >> 31 & 31], BARRIOS[bits >> 36 & 31]
        return f"{via}{cruce}{complemento}{barrio}"


# --- Proporciones --------------------------------------------------------------------------------------------------
PARTE_NUEVA, PARTE_NUEVA_O_REGULAR = 0.39, 0.74
DIAS_PARA_IRSE = 60
BAJAS_DE_128 = 15
SEGUNDAS_FIJAS_DE_16 = 3
ANEXOS_DE_8 = 2
PRIMER_ANEXO = "2014-07-01"
SUSPENDIDOS_DESDE = 122
SIN_CORREO_DE_8 = 2
RURALES_DE_8 = 3
DIAS_DE_PPT = 1_600
BOGOTA = "11001"
PUESTOS_MUNICIPIO = 2**15

MUJERES = repartir(vocabulario.NOMBRES_MUJER, 512)
HOMBRES = repartir(vocabulario.NOMBRES_HOMBRE, 512)
SEGUNDOS_MUJER = repartir([("", 24), *((nombre, 1) for nombre in vocabulario.SEGUNDOS_MUJER)], 64)
SEGUNDOS_HOMBRE = repartir([("", 24), *((nombre, 1) for nombre in vocabulario.SEGUNDOS_HOMBRE)], 64)
APELLIDOS = repartir(vocabulario.APELLIDOS, 1024)
VIAS = repartir([(via, 1) for via in vocabulario.VIAS], 16)
LETRAS = repartir([(letra, 1) for letra in vocabulario.LETRAS], 16)
COMPLEMENTOS = repartir([(f", {c}" if c else "", 1) for c in vocabulario.COMPLEMENTOS], 32)
BARRIOS = repartir([(f", {b}" if b else "", 1) for b in vocabulario.BARRIOS], 32)
VEREDAS = repartir([(vereda, 1) for vereda in vocabulario.VEREDAS], 16)
ESTRATOS = repartir({1: 14, 2: 24, 3: 17, 4: 5, 5: 3, 6: 1}, 64)
TIPOS_DE_DOCUMENTO = repartir({"CC": 236, "CE": 8, "PPT": 8, "PAS": 2, "TI": 2}, 256)
CATEGORIAS_A_MANO = repartir({"": 506, "leal": 3, "regular": 2, "nuevo": 1}, 512)


def en_pie(contratos: list[Contrato], dia: str, azar: int) -> int:
    """La posición de un contrato que estaba en pie ese día, o -1 si ninguno lo estaba."""
    cuantos = len(contratos)
    for intento in range(cuantos):
        posicion = (azar + intento) % cuantos
        contrato = contratos[posicion]
        if contrato.fecha_inicio <= dia and (contrato.fecha_fin is None or dia <= contrato.fecha_fin):
            return posicion
    return -1


def _municipios(codigos: Sequence[str]) -> tuple[str, ...]:
    pesos = [(codigo, vocabulario.HABITANTES.get(codigo, vocabulario.PESO_DE_PUEBLO)) for codigo in sorted(codigos)]
    if not pesos:
        raise ValueError("No hay municipios: ejecute `manage.py migrate`, que los carga, y repita la orden.")
    return repartir(pesos, PUESTOS_MUNICIPIO)


class _Pegados(dict[str, str]):
    """Un nombre como se escribe en un correo: «María del Pilar» → «mariadelpilar». Se calcula una vez por nombre."""

    def __missing__(self, texto: str) -> str:
        pegado = "".join(letra for letra in normalizar(texto) if letra.isalnum())
        if len(self) < TOPE_DE_MEMORIA:
            self[texto] = pegado
        return pegado


TOPE_DE_MEMORIA = 20_000
_PEGADOS = _Pegados()


def _pegado(texto: str) -> str:
    return _PEGADOS[texto]
