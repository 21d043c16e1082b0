"""Lo que dicen los clientes y lo que se les responde: plantillas con variaciones, por tipo y por clase de servicio.

Las reclamaciones pesan según los motivos más vistos (dominio, sección 2: sin servicio 29,6 %, cobro errado 28,2 %,
intermitencia 11,9 %, condiciones cambiadas 7,9 %).
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

FIJA, MOVIL, TV, TODAS = "fija", "movil", "tv", "todas"
AMBITOS = (FIJA, MOVIL, TV)


class Plantilla(NamedTuple):
    """Un caso: de qué servicios habla, cuánto pesa, y sus textos con huecos que se llenan con las variaciones."""

    ambito: str
    peso: int
    asunto: str
    texto: str
    respuesta: str


class Caso(NamedTuple):
    """Un caso con sus huecos llenos."""

    asunto: str
    texto: str
    respuesta: str


VARIACIONES = {
    "dias": ("dos días", "tres días", "una semana", "más de diez días"),
    "valor": ("$ 12.500", "$ 24.900", "$ 38.000", "$ 61.300"),
    "hora": ("en las mañanas", "después de las siete de la noche", "los fines de semana"),
    "lugar": ("en la sala", "en el segundo piso", "en el cuarto del fondo"),
    "sitio": ("la tienda del centro comercial", "la oficina de la plaza", "la oficina del centro"),
}

RECLAMACIONES = (
    Plantilla(
        FIJA,
        18,
        "Sin servicio de internet",
        "Llevo {dias} sin internet y el equipo tiene la luz roja encendida.",
        "Se cambió el conector de la fibra en la caja del sector. Los días sin servicio se descuentan de la factura.",
    ),
    Plantilla(
        FIJA,
        12,
        "Internet caído en toda la cuadra",
        "Desde hace {dias} no hay internet en mi casa ni en la de los vecinos.",
        "Hubo un corte de fibra por una obra. El servicio quedó restablecido y se compensa el tiempo sin él.",
    ),
    Plantilla(
        MOVIL,
        18,
        "Sin señal en mi barrio",
        "Hace {dias} no me entra señal y no puedo hacer ni recibir llamadas.",
        "Se reparó la antena del sector. Se abonan a su línea los días en que no tuvo servicio.",
    ),
    Plantilla(
        MOVIL,
        11,
        "La línea no realiza llamadas",
        "Mi línea recibe llamadas pero no me deja marcar desde hace {dias}.",
        "Se corrigió la configuración de su línea; quedó probada con llamadas a fijo y a móvil.",
    ),
    Plantilla(
        TV,
        20,
        "Sin señal de televisión",
        "El decodificador muestra un aviso de error y llevo {dias} sin poder ver nada.",
        "Se reemplazó el decodificador en su domicilio y se descuentan los días sin servicio.",
    ),
    Plantilla(
        TV,
        9,
        "Se perdieron los canales HD",
        "Los canales en alta definición aparecen bloqueados desde hace {dias}.",
        "Se activó de nuevo el paquete HD y se verificó con usted que los canales abren.",
    ),
    Plantilla(
        TODAS,
        12,
        "Cobro de más en la factura",
        "En la factura de {mes} me cobraron {valor} que no reconozco.",
        "Se revisó la factura: el cobro no correspondía. Se le devuelve en la siguiente.",
    ),
    Plantilla(
        TODAS,
        9,
        "Me cobran un servicio que cancelé",
        "Cancelé en {mes} y me siguen llegando cobros por {valor}.",
        "Se confirma la terminación en la fecha que usted pidió y se anula el cobro posterior.",
    ),
    Plantilla(
        TODAS,
        6,
        "Cobro de reconexión que no procede",
        "Pagué a tiempo y aun así me cobraron {valor} de reconexión en {mes}.",
        "El pago se registró tarde por un error del banco. Se retira el cobro de reconexión.",
    ),
    Plantilla(
        MOVIL,
        5,
        "Cobro de datos en el exterior",
        "Viajé en {mes} con el roaming apagado y me facturaron {valor}.",
        "Se verificó que no hubo consumo de datos fuera del país. El cobro se devuelve.",
    ),
    Plantilla(
        FIJA,
        8,
        "Internet intermitente",
        "El internet se cae a cada rato {hora} y tengo que reiniciar el equipo.",
        "Se cambió el módem y se ajustó la potencia. Tres días de seguimiento sin caídas.",
    ),
    Plantilla(
        FIJA,
        5,
        "Velocidad menor a la contratada",
        "Pago una velocidad y {hora} la prueba no llega ni a la mitad.",
        "Se hizo la medición con cable en su domicilio y se corrigió el perfil de velocidad.",
    ),
    Plantilla(
        MOVIL,
        8,
        "Los datos se caen",
        "Los datos móviles se van y vuelven {hora}, aunque tengo la señal completa.",
        "Se amplió la capacidad de la antena que lo atiende. Le agradecemos confirmar si persiste.",
    ),
    Plantilla(
        TV,
        8,
        "La imagen se congela",
        "La imagen se pixela y se queda congelada {hora}, sobre todo en los partidos.",
        "Se cambió el cableado interno y se verificó el nivel de señal.",
    ),
    Plantilla(
        TODAS,
        5,
        "Me subieron el precio sin avisar",
        "El valor del plan subió {valor} en {mes} y nadie me informó.",
        "Se revisó el aviso enviado. Como no hay constancia de que usted lo recibiera, conserva su precio.",
    ),
    Plantilla(
        TODAS,
        3,
        "No aplicaron la promoción",
        "Contraté con un descuento de {valor} y no aparece en la factura de {mes}.",
        "Se aplicó la promoción desde la fecha del contrato y se reconoce la diferencia.",
    ),
    Plantilla(
        FIJA,
        5,
        "El técnico no llegó",
        "Me programaron visita {hora} y nadie llegó ni llamó; llevo {dias} esperando.",
        "Le ofrecemos disculpas. La visita se hizo y el daño quedó corregido.",
    ),
    Plantilla(
        FIJA,
        3,
        "Cables sueltos en la fachada",
        "Dejaron los cables colgando {lugar} después de la instalación de hace {dias}.",
        "Una cuadrilla organizó el cableado y usted firmó el acta de conformidad.",
    ),
    Plantilla(
        MOVIL,
        4,
        "Demora en la portabilidad",
        "Pedí traer mi número hace {dias} y todavía no funciona.",
        "La portabilidad quedó hecha. El operador anterior había rechazado la solicitud por un dato.",
    ),
    Plantilla(
        TODAS,
        4,
        "Mala atención",
        "En {sitio} me atendieron de mala manera y no resolvieron nada en {mes}.",
        "Se habló con la persona que lo atendió y su caso quedó resuelto en esta misma respuesta.",
    ),
    Plantilla(
        TODAS,
        4,
        "No me dejan cancelar",
        "Llevo {dias} pidiendo la terminación del contrato y me pasan de un asesor a otro.",
        "El contrato termina en la fecha de corte siguiente a su solicitud. No se exige ningún motivo.",
    ),
    Plantilla(
        TV,
        3,
        "Cobro del decodificador",
        "Devolví el decodificador en {mes} y me cobran {valor} por no entregarlo.",
        "Se encontró el acta de entrega del equipo. El cobro se anula.",
    ),
)

CONSULTAS = (
    Plantilla(
        TODAS,
        8,
        "Fecha de corte y pago",
        "Quiero saber hasta qué día puedo pagar la factura de {mes} sin recargo.",
        "Su fecha límite es el día 15 de cada mes. Puede pagar en {sitio} o por débito automático.",
    ),
    Plantilla(
        TODAS,
        7,
        "Copia de la factura",
        "Necesito la factura de {mes} en PDF para una deducción de impuestos.",
        "Se envió la factura solicitada a su correo registrado.",
    ),
    Plantilla(
        TODAS,
        4,
        "Cambio de correo para la factura",
        "Quiero que la factura me llegue a otro correo desde {proximo}.",
        "El correo quedó actualizado y la próxima factura le llegará allí.",
    ),
    Plantilla(
        TODAS,
        4,
        "Certificado de paz y salvo",
        "Solicito un paz y salvo del servicio que tuve hasta {mes}.",
        "Adjuntamos el paz y salvo con corte a la fecha.",
    ),
    Plantilla(
        TODAS,
        3,
        "Bonificaciones por antigüedad",
        "Quiero saber qué beneficios tengo por mi antigüedad con ustedes.",
        "Con su antigüedad puede recibir beneficios de fidelidad. Un asesor lo contactará si usted lo autoriza.",
    ),
    Plantilla(
        FIJA,
        8,
        "Cobertura de fibra",
        "¿Hay fibra en mi barrio? En {sitio} me dijeron que sí llegaba.",
        "Confirmamos cobertura en su dirección. Puede pedir la instalación cuando lo desee.",
    ),
    Plantilla(
        FIJA,
        6,
        "Traslado de domicilio",
        "Me mudo en {proximo} y quiero llevarme el internet a la casa nueva.",
        "El traslado se puede hacer: hay cobertura en la dirección nueva y no cambia su precio.",
    ),
    Plantilla(
        FIJA,
        6,
        "Aumento de velocidad",
        "¿Cuánto me cuesta subir la velocidad? {hora} nos queda corta.",
        "Se le informaron los planes superiores. El cambio se hace sin visita y sin permanencia.",
    ),
    Plantilla(
        FIJA,
        4,
        "Cambio de clave del wifi",
        "No sé cómo cambiar la clave del wifi que instalaron {lugar}.",
        "Se explicó paso a paso por teléfono y la clave quedó cambiada.",
    ),
    Plantilla(
        FIJA,
        3,
        "Repetidor de wifi",
        "La señal no llega bien {lugar}; quiero saber si tienen repetidores.",
        "Se le indicó el valor del repetidor y que puede usar uno propio.",
    ),
    Plantilla(
        MOVIL,
        8,
        "Saldo de datos",
        "¿Cuántas gigas me quedan este mes? {hora} se me acaban muy rápido.",
        "Se le informó el saldo y cómo consultarlo marcando desde su línea.",
    ),
    Plantilla(
        MOVIL,
        6,
        "Cambio de plan",
        "Quiero pasarme a un plan con más gigas desde {proximo}.",
        "El cambio queda para el próximo corte, con el precio que usted aceptó.",
    ),
    Plantilla(
        MOVIL,
        5,
        "Roaming para un viaje",
        "Viajo en {proximo} y quiero saber cuánto cuesta usar los datos afuera.",
        "Se le informaron los paquetes de viaje por país y por días.",
    ),
    Plantilla(
        MOVIL,
        4,
        "Reposición de la SIM",
        "Perdí el celular hace {dias} y necesito recuperar mi número.",
        "La línea se bloqueó y puede reclamar la SIM con su documento en {sitio}.",
    ),
    Plantilla(
        MOVIL,
        3,
        "Activar la eSIM",
        "Compré un teléfono sin ranura de SIM y quiero activar la eSIM sin ir a {sitio}.",
        "Se envió el código de activación a su correo y la línea quedó funcionando.",
    ),
    Plantilla(
        TV,
        8,
        "Cómo grabar un programa",
        "¿Cómo grabo un programa que pasan {hora}?",
        "Se le explicó cómo programar la grabación desde la guía.",
    ),
    Plantilla(
        TV,
        6,
        "Canales del plan",
        "¿Mi plan trae los partidos que pasan {hora}?",
        "Se le envió la lista de canales de su plan y la de los adicionales.",
    ),
    Plantilla(
        TV,
        5,
        "Otro decodificador",
        "Quiero otro decodificador {lugar} y saber cuánto aumenta la factura.",
        "Se le informó el valor mensual del equipo adicional y aceptó la instalación.",
    ),
)

SUGERENCIAS = (
    Plantilla(
        TODAS,
        4,
        "Pago en más puntos",
        "Deberían recibir pagos en las tiendas del barrio y no solo en {sitio}.",
        "Gracias por su idea: la compartimos con el área de recaudo.",
    ),
    Plantilla(
        TODAS,
        4,
        "Factura más clara",
        "La factura de {mes} trae letra muy pequeña; sería bueno un resumen al comienzo.",
        "Gracias por escribirnos: estamos revisando el diseño de la factura.",
    ),
    Plantilla(
        TODAS,
        3,
        "Más cajas en la oficina",
        "En {sitio} hay una sola persona atendiendo {hora}. Hace falta otra.",
        "Gracias: se reforzará la atención en los días de mayor afluencia.",
    ),
    Plantilla(
        TODAS,
        2,
        "Descuento para adultos mayores",
        "Podrían tener una tarifa especial para pensionados.",
        "Gracias por su sugerencia; quedó en manos del equipo de producto.",
    ),
    Plantilla(
        FIJA,
        4,
        "Visitas en la tarde",
        "Sería bueno programar visitas técnicas {hora} para los que trabajamos.",
        "Gracias: ya estamos probando franjas de visita más amplias.",
    ),
    Plantilla(
        MOVIL,
        4,
        "Acumular las gigas",
        "Las gigas que no gasto en {mes} deberían pasar al mes siguiente.",
        "Gracias por su idea: la tendremos en cuenta en los próximos planes.",
    ),
    Plantilla(
        TV,
        4,
        "Más canales regionales",
        "Falta el canal regional; en mi casa lo vemos {hora}.",
        "Gracias: pasamos su solicitud al equipo de programación.",
    ),
)

PLANTILLAS = {"consulta": CONSULTAS, "reclamacion": RECLAMACIONES, "sugerencia": SUGERENCIAS}


MESES = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
         "diciembre")  # fmt: skip


def variantes(plantilla: Plantilla, mes: int) -> list[Caso]:
    """Todas las maneras de llenar los huecos de una plantilla de la que se habla en el mes `mes` (1 a 12).

    «{mes}» es el mes anterior y «{proximo}», el que sigue: nadie reclama en febrero por la factura de octubre.
    """
    calendario = {"mes": MESES[mes - 2], "proximo": MESES[mes % 12]}
    textos = f"{plantilla.texto} {plantilla.respuesta}"
    huecos = [hueco for hueco in VARIACIONES if f"{{{hueco}}}" in textos]
    casos = []
    for combinacion in product(*(VARIACIONES[hueco] for hueco in huecos)):
        relleno = calendario | dict(zip(huecos, combinacion, strict=True))
        # Una frase puede empezar por un hueco: «los fines de semana nos queda corta».
        texto, respuesta = (_frases(parte.format(**relleno)) for parte in (plantilla.texto, plantilla.respuesta))
        casos.append(Caso(plantilla.asunto, texto, respuesta))
    return casos


def casos_por_mes(tipo: str, ambito: str, mes: int, tamano: int) -> tuple[Caso, ...]:
    """Una lista de `tamano` casos en que cada plantilla aparece según su peso, para escoger por posición."""
    propias = [plantilla for plantilla in PLANTILLAS[tipo] if plantilla.ambito in (ambito, TODAS)]
    total = sum(plantilla.peso for plantilla in propias)
    casos: list[Caso] = []
    acumulado = 0
    for plantilla in propias:
        acumulado += plantilla.peso
        maneras = variantes(plantilla, mes)
        cuantos = round(acumulado * tamano / total) - len(casos)
        casos.extend(maneras[i * len(maneras) // cuantos % len(maneras)] for i in range(cuantos))
    return tuple(casos)


def _frases(texto: str) -> str:
    """Pone en mayúscula la primera letra después de cada signo que cierra una frase."""
    resultado, tras_cierre = [], True
    for posicion, letra in enumerate(texto):
        resultado.append(letra.upper() if tras_cierre and letra.isalpha() else letra)
        if letra.isalpha() or letra.isdigit():
            tras_cierre = False
        elif letra == " " and posicion and texto[posicion - 1] in ".?!":
            tras_cierre = True
    return "".join(resultado)
