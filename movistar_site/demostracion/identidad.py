"""Documentos, teléfonos y correos inventados: cumplen las reglas y no pueden ser de nadie.

Cada número sale del puesto `k` del cliente por una cuenta que no repite: el mismo puesto da siempre el mismo documento
y dos puestos nunca dan el mismo. Los rangos no se han asignado a personas ni a empresas:

- cédulas y tarjetas de diez cifras que no empiezan por 1 (las de verdad van por el 1.200 millones);
- cédulas de extranjería y permisos de diez cifras; pasaportes con el prefijo XX, reservado para el uso privado;
- NIT de los rangos 990 a 999 millones (los de verdad van por el 902);
- móviles que empiezan por 39 y fijos cuyo número local empieza por 1: bloques sin asignar;
- correos en example.co y example.com, reservados para ejemplos.
"""

from __future__ import annotations

from dataclasses import dataclass

MAXIMO_DE_PUESTOS = 100_000_000
"""Clientes que caben sin repetir documento."""
CADA_EMPRESA = 14
"""Uno de cada tantos clientes es una empresa."""
_PUESTO_DE_EMPRESA = 5
_MIL_MILLONES = 10**9
_CIFRAS = 9
_PASO = 618_033_989  # primo relativo de 10^9: recorre los mil millones sin repetir y reparte las cifras
_PESOS_NIT = (41, 37, 29, 23, 19, 17, 13, 7, 3)
_ONCE = 11


@dataclass(frozen=True)
class Ambito:
    """Un juego de rangos: el del ejemplo y el de las cargas grandes no se pisan."""

    prefijos: dict[str, str]
    """Lo que antecede a nueve cifras, por tipo de documento."""
    nit_desde: int
    nit_cuantos: int
    nit_paso: int

    def numero(self, tipo: str, k: int) -> str:
        """El documento del cliente en el puesto `k`, ya como se guarda."""
        if tipo == "NIT":
            return con_digito(self.nit_desde + (k // CADA_EMPRESA) * self.nit_paso % self.nit_cuantos)
        return f"{self.prefijos[tipo]}{k * _PASO % _MIL_MILLONES:09d}"

    def puesto(self, tipo: str, documento: str) -> int | None:
        """El puesto al que le tocaría ese documento, o None si no es de estos rangos."""
        if tipo == "NIT":
            base = int(documento[:9]) - self.nit_desde
            if not 0 <= base < self.nit_cuantos:
                return None
            return (
                base * pow(self.nit_paso, -1, self.nit_cuantos) % self.nit_cuantos * CADA_EMPRESA + _PUESTO_DE_EMPRESA
            )
        prefijo = self.prefijos.get(tipo)
        cifras = documento.removeprefix(prefijo) if prefijo and documento.startswith(prefijo) else ""
        if len(cifras) != _CIFRAS or not cifras.isdigit():
            return None
        return int(cifras) * pow(_PASO, -1, _MIL_MILLONES) % _MIL_MILLONES

    def rangos(self) -> list[tuple[str, str, str]]:
        """Por tipo, el primer y el último documento posibles, para buscarlos por índice."""
        por_prefijo = [(tipo, f"{p}{'0' * _CIFRAS}", f"{p}{'9' * _CIFRAS}") for tipo, p in self.prefijos.items()]
        return [*por_prefijo, ("NIT", f"{self.nit_desde}-0", f"{self.nit_desde + self.nit_cuantos - 1}-9")]


EJEMPLO = Ambito(
    {"CC": "9", "TI": "8", "CE": "9", "PPT": "9", "PAS": "XX9"},
    nit_desde=999_000_000,
    nit_cuantos=10**6,
    nit_paso=61_803,
)
MASIVO = Ambito(
    {"CC": "5", "TI": "6", "CE": "5", "PPT": "5", "PAS": "XX5"},
    nit_desde=990_000_000,
    nit_cuantos=9 * 10**6,
    nit_paso=5_562_301,
)


def es_empresa(k: int) -> bool:
    """Si al puesto `k` le toca ser una empresa."""
    return k % CADA_EMPRESA == _PUESTO_DE_EMPRESA


def con_digito(base: int) -> str:
    """El NIT con su dígito de verificación (algoritmo de la DIAN), como se guarda: «999000001-2»."""
    suma = 0
    resto = base
    for peso in reversed(_PESOS_NIT):
        resto, cifra = divmod(resto, 10)
        suma += cifra * peso
    modulo = suma % _ONCE
    return f"{base}-{modulo if modulo < 2 else _ONCE - modulo}"  # noqa: PLR2004 - así lo define la DIAN


def movil(azar: int) -> str:
    """Un móvil de los bloques 390 a 399, en E.164."""
    return f"+5739{azar % 100_000_000:08d}"


# Indicativo de los fijos por departamento (plan nacional de numeración).
_INDICATIVOS = {
    "1": ("11", "25"),
    "2": ("19", "52", "76"),
    "4": ("05", "23", "27"),
    "5": ("08", "13", "20", "44", "47", "70"),
    "6": ("17", "63", "66"),
    "7": ("54", "68", "81"),
}
INDICATIVO = {departamento: cifra for cifra, lista in _INDICATIVOS.items() for departamento in lista}


def fijo(departamento: str, azar: int) -> str:
    """Un fijo del departamento cuyo número local empieza por 1, en E.164."""
    return f"+5760{INDICATIVO.get(departamento, '8')}1{azar % 1_000_000:06d}"
