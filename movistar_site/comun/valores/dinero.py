"""Dinero: pesos colombianos (COP) con dos decimales, leídos y mostrados como se escriben en Colombia.

Reglas del punto y la coma (uso colombiano: punto para los miles, coma para los centavos):

- Un punto seguido de exactamente tres cifras separa miles: "74.900" son setenta y cuatro mil novecientos.
- Un punto único seguido de una o dos cifras al final separa centavos: "74900.00" (así escriben los programas).
- La coma solo separa centavos, con una o dos cifras: "74.900,50" y "74900,5".
- Lo que admite dos lecturas se rechaza: "74,900" (¿setenta y cuatro mil o setenta y cuatro con novecientos?),
  "0.500", "1234.567", "12.34.567" y los miles con coma a la inglesa ("1,234.50").
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from .texto import citar

_CENTAVO = Decimal("0.01")
_CIFRAS_ENTERAS = 10
_TOPE = Decimal(10) ** _CIFRAS_ENTERAS
_LARGO_MAXIMO = 60  # más largo que cualquier importe escrito: evita convertir un párrafo en número
_ESPACIO_FIJO = "\u00a0"
_CIFRAS_AL_MOSTRAR = 30  # los totales de un reporte pasan del tope de un precio
_CONTEXTO_AL_MOSTRAR = Context(prec=_CIFRAS_AL_MOSTRAR + 4)

_MARCA = r"(?:\$|COP)"
_CON_MARCAS = re.compile(rf"(?:{_MARCA}\s*){{0,2}}(?P<cifras>[0-9][0-9.,]*)\s*(?:{_MARCA}\s*){{0,2}}", re.IGNORECASE)
_IMPORTE = re.compile(
    r"(?:(?P<miles>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<centavos_miles>[0-9]{1,2}))?"
    r"|(?P<entero>[0-9]+)(?:[.,](?P<centavos>[0-9]{1,2}))?)"
)
_OTRA_MONEDA = re.compile(
    r"US\$|U\$S|[€£¥]|(?<![a-z])(?:USD|EUR|GBP|MXN|VES|BRL|PEN|CLP|ARS|d[oó]lar(?:es)?|euros?)(?![a-z])", re.IGNORECASE
)
_SE_ESPERABA = "se esperaba un valor en pesos, como 74900, 74.900 o 74.900,50"


def a_pesos(valor: str | Decimal | int) -> Decimal:
    """Lee un importe en pesos colombianos y lo devuelve con dos decimales exactos.

    Acepta "74900", "74900.00", "74.900", "$ 74.900", "74.900,50", "1.234.567" y "COP 74.900" (las reglas del punto y
    la coma están en el encabezado del módulo), un ``int`` o un ``Decimal``. Un ``Decimal`` con más de dos decimales
    (un prorrateo, un descuento) se redondea al centavo, la mitad hacia arriba; a un texto así no se le redondea nada.

    Lanza ``ValueError`` si está vacío, es negativo, no es finito, está en otra moneda (no se convierte), admite dos
    lecturas, pasa de diez cifras enteras o es ``float``: su valor exacto ya se perdió antes de llegar aquí.
    """
    if isinstance(valor, str):
        return _validar(_leer(valor), valor)
    if isinstance(valor, Decimal):
        return _validar(valor, valor)
    if isinstance(valor, int) and not isinstance(valor, bool):
        # Se acota antes de pasar a texto: Python no escribe enteros de miles de cifras.
        if abs(valor) >= 10**_CIFRAS_ENTERAS:
            raise ValueError(f"El importe pasa de {_CIFRAS_ENTERAS} cifras enteras: {_SE_ESPERABA}.")
        return _validar(Decimal(valor), valor)
    raise ValueError(f"El importe {citar(valor)} es {type(valor).__name__}: se esperaba texto, Decimal o entero.")


def _leer(texto: str) -> Decimal:
    recortado = texto.strip()
    if not recortado:
        raise ValueError(f"El importe está vacío: {_SE_ESPERABA}.")
    if _OTRA_MONEDA.search(recortado):
        raise ValueError(f"El importe {citar(texto)} está en otra moneda y no se convierte: {_SE_ESPERABA}.")
    if re.match(r"(?:\$|COP|\s)*[-−–(]", recortado, re.IGNORECASE):
        raise ValueError(f"El importe {citar(texto)} es negativo: {_SE_ESPERABA}.")
    con_marcas = _CON_MARCAS.fullmatch(recortado) if len(recortado) <= _LARGO_MAXIMO else None
    if con_marcas is None:
        raise ValueError(f"No se entiende el importe {citar(texto)}: {_SE_ESPERABA}.")
    importe = _IMPORTE.fullmatch(con_marcas["cifras"])
    if importe is None:
        raise ValueError(
            f"El importe {citar(texto)} no se lee de una sola manera: se esperaban miles con punto y centavos con coma."
        )
    entero = importe["entero"] or importe["miles"].replace(".", "")
    return Decimal(f"{entero}.{importe['centavos'] or importe['centavos_miles'] or '0'}")


def _validar(importe: Decimal, original: object) -> Decimal:
    if not importe.is_finite():
        raise ValueError(f"El importe {citar(original)} no es un número finito: {_SE_ESPERABA}.")
    if importe < 0:
        raise ValueError(f"El importe {citar(original)} es negativo: {_SE_ESPERABA}.")
    # Primero el tope: redondear un Decimal enorme lanzaría InvalidOperation en vez de una frase clara.
    redondeado = importe.quantize(_CENTAVO, rounding=ROUND_HALF_UP) if importe < _TOPE else _TOPE
    if redondeado >= _TOPE:
        raise ValueError(f"El importe {citar(original)} pasa de {_CIFRAS_ENTERAS} cifras enteras: {_SE_ESPERABA}.")
    return abs(redondeado)  # Decimal("-0") es cero sin signo


def formatear_pesos(importe: Decimal) -> str:
    """Muestra un importe en pesos: "$ 74.900", y "$ 74.900,50" solo si hay centavos.

    Entre el signo y las cifras va un espacio que no se parte (U+00A0), para que una tabla no los separe. Redondea al
    centavo, la mitad hacia arriba. Una diferencia negativa se muestra con el signo delante: "-$ 5.000". Lo que no es
    negativo lo lee de vuelta ``a_pesos``.

    Lanza ``ValueError`` si el importe no es finito o pasa de 30 cifras.
    """
    if not importe.is_finite() or importe.adjusted() >= _CIFRAS_AL_MOSTRAR:
        raise ValueError(f"El importe {citar(importe)} no se puede mostrar: se esperaba un número de hasta 30 cifras.")
    # El contexto por omisión (28 cifras) y su redondeo al par no dependen de nosotros: se fijan aquí.
    redondeado = importe.quantize(_CENTAVO, rounding=ROUND_HALF_UP, context=_CONTEXTO_AL_MOSTRAR)
    entero, centavos = f"{redondeado.copy_abs():f}".split(".")
    signo = "-" if redondeado < 0 else ""
    decimales = "" if centavos == "00" else f",{centavos}"
    miles = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ".", entero)
    return f"{signo}${_ESPACIO_FIJO}{miles}{decimales}"
