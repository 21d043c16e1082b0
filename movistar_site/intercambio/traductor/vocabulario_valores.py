"""Cómo se escriben los valores en los archivos que la gente ya tiene, solo como datos.

Igual que `vocabulario`: del valor del panel a las maneras de escribirlo, comparadas con `claves.normal`.
"""

from __future__ import annotations

CATEGORIAS = {
    "nuevo": (
        "nuevo, nueva, nuevos, nuevo cliente, cliente nuevo, clientes nuevos, nuevos clientes, usuario nuevo,"
        "usuarios nuevos, new"
    ),
    "regular": "regular, regulares, cliente regular, clientes regulares, usuario regular, usuarios regulares, normal",
    # Los niveles de privilegio de otros sistemas son los de más antigüedad de este (decisión 0017).
    "leal": (
        "leal, leales, cliente leal, clientes leales, usuario leal, usuarios leales, fiel, fieles, cliente fiel,"
        "clientes fieles, antiguo, antigua, antiguos, cliente antiguo, clientes antiguos, vip, cliente vip, platinium,"
        "platinum, platino, premium, oro, gold"
    ),
}
# Traducciones que no son solo otra manera de escribir lo mismo: van con una nota.
CATEGORIAS_CON_NOTA = frozenset({"vip", "clientevip", "platinium", "platinum", "platino", "premium", "oro", "gold"})

TIPOS_DE_DOCUMENTO = {
    "CC": "cc, c.c, cedula, cedula de ciudadania, cedula ciudadania, ciudadania, dni",
    "TI": "ti, t.i, tarjeta de identidad, tarjeta identidad, tarjeta",
    "CE": "ce, c.e, cedula de extranjeria, cedula extranjeria, extranjeria",
    "NIT": "nit, n.i.t, rut",
    "PPT": "ppt, permiso por proteccion temporal, permiso de proteccion temporal",
    "PEP": "pep, permiso especial de permanencia, permiso especial",
    "PAS": "pas, pasaporte, passport, pp",
    "PRO": "pro, provisional",
}

TIPOS_DE_PERSONA = {"natural": "natural, persona natural, persona", "juridica": "juridica, empresa, persona juridica"}

ESTADOS_DE_CLIENTE = {
    "activo": "activo, activa, vigente, active, habilitado",
    "inactivo": "inactivo, inactiva, retirado, retirada, cancelado, inactive, deshabilitado, suspendido",
}

# De más a menos preciso: lo primero que aparece en un nombre decide.
TIPOS_DE_SERVICIO = {
    "trio": "trio, triple play, combo trio, plan trio, trio play",
    "duo": "duo, doble play, combo duo, plan duo, duo play, dobleplay",
    "fibra": (
        "fibra, fibra optica, internet de fibra optica, internet fibra optica, internet fibra, internet, wifi, wi-fi,"
        "banda ancha, internet hogar, internet fijo, internet en casa, fibra hogar, servicio de internet"
    ),
    "pospago": (
        "pospago, postpago, prospago, pos pago, post pago, plan pospago, movil pospago, postpaid, postapago, pospagos,"
        "postpagos, linea pospago, plan movil, moviles pospago"
    ),
    "prepago": "prepago, pre pago, plan prepago, movil prepago, prepaid, recarga, recargas, prepagos, linea prepago",
    "television": "television, tv, televisor, television digital, tv digital, tele, tv hogar, television satelital",
    "telefonia_fija": "telefonia fija, telefonia, telefono fijo, linea fija, voz fija, fija, telefonia hogar, voz",
}

PERIODICIDADES = {
    "mensual": "mensual, mes, mensualmente, cada mes, al mes, mensualidad, monthly, 30 dias, 1 mes, un mes, por mes",
    "recarga": "recarga, por recarga, recargas, prepago",
    "anual": "anual, ano, anualmente, cada ano, al ano, 12 meses, 1 ano, un ano, yearly",
    "unica": "unica, unico, pago unico, una vez, una sola vez",
}
ESTADOS_DE_SERVICIO = {
    "activo": "activo, activa, disponible, vigente, si, true, 1",
    "retirado": "retirado, retirada, inactivo, inactiva, no disponible, descontinuado, agotado, no, false, 0",
}
ESTADOS_DE_CONTRATO = {
    "pendiente": "pendiente, por instalar, por activar",
    "activo": "activo, activa, vigente, si, true, en uso, 1",
    "suspendido": "suspendido, suspendida, pausado",
    "terminado": "terminado, terminada, retirado, retirada, inactivo, inactiva, cancelado, cancelada, no, false, 0",
}

CLASES_DE_INTERACCION = {
    "consulta": (
        "consulta, consultas, pregunta, preguntas, peticion, peticiones, duda, dudas, solicitud, informacion, pqr"
    ),
    "reclamacion": (
        "reclamacion, reclamaciones, reclamo, reclamos, queja, quejas, reporte, reportes, quejas y reclamos, falla,"
        "inconformidad"
    ),
    "sugerencia": "sugerencia, sugerencias, recomendacion, idea, felicitacion",
    "recurso": "recurso, recursos, recurso de reposicion, reposicion, recurso de reposicion y apelacion",
}
SENTIDOS_DE_RESPUESTA = {
    "favorable": "favorable, a favor, a favor del cliente, favorable al cliente, accede",
    "parcial": "parcial, a favor en parte, accede parcialmente, favorable parcial",
    "desfavorable": "desfavorable, en contra, en contra del cliente, no accede, niega",
}
CAUSALES_DE_RECURSO = {
    "negativa": "negativa, negativa del contrato",
    "suspension": "suspension, suspension del servicio",
    "terminacion": "terminacion, terminacion del contrato",
    "corte": "corte, corte del servicio",
    "facturacion": "facturacion, facturas, factura",
}
ESTADOS_DE_INTERACCION = {
    "abierta": "abierta, abierto, abiertas, pendiente, nueva, nuevo, activa, activo, sin responder, sin resolver, no",
    "en_tramite": "en tramite, en proceso, tramite, en curso, en revision, proceso",
    "respondida": (
        "respondida, respondido, cerrada, cerrado, resuelta, resuelto, solucionada, solucionado, atendida, atendido,"
        "finalizada, finalizado, si"
    ),
}
CANALES = {
    "telefono": "telefono, telefonico, llamada, telefonica",
    "sms": "sms, mensaje de texto, mensaje",
    "whatsapp": "whatsapp, wpp, wsp",
    "correo": "correo, correo electronico, email, e-mail",
    "oficina": "oficina, presencial, tienda, punto de atencion",
    "web": "web, pagina web, internet, portal",
    "redes": "redes, redes sociales, facebook, instagram, twitter, x",
    "carta": "carta, escrito",
}

# (entidad, columna) → vocabulario. Lo que ya es un valor del panel no se toca.
VOCABULARIOS: dict[tuple[str, str], dict[str, str]] = {
    ("clientes", "categoria"): CATEGORIAS,
    ("clientes", "tipo_documento"): TIPOS_DE_DOCUMENTO,
    ("clientes", "tipo_persona"): TIPOS_DE_PERSONA,
    ("clientes", "estado"): ESTADOS_DE_CLIENTE,
    ("servicios", "tipo"): TIPOS_DE_SERVICIO,
    ("servicios", "periodicidad"): PERIODICIDADES,
    ("servicios", "estado"): ESTADOS_DE_SERVICIO,
    ("contratos", "periodicidad"): PERIODICIDADES,
    ("contratos", "estado"): ESTADOS_DE_CONTRATO,
    ("interacciones", "tipo"): CLASES_DE_INTERACCION,
    ("interacciones", "estado"): ESTADOS_DE_INTERACCION,
    ("interacciones", "canal"): CANALES,
    ("interacciones", "canal_respuesta"): CANALES,
    ("interacciones", "sentido"): SENTIDOS_DE_RESPUESTA,
    ("interacciones", "causal"): CAUSALES_DE_RECURSO,
}

SI = frozenset({"s", "si", "true", "verdadero", "x", "yes", "y", "1", "v"})
NO = frozenset({"n", "no", "false", "falso", "f", "0"})

NUMEROS = {
    "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
    "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "treinta": 30,
}  # fmt: skip
MESES = {
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9,
    "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12, "ene": 1, "feb": 2, "mar": 3, "abr": 4, "may": 5,
    "jun": 6, "jul": 7, "ago": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dic": 12,
}  # fmt: skip

# Nombres de uso de un municipio que la DIVIPOLA escribe de otro modo.
MUNICIPIOS = {
    "bogota": "11001", "bogota d.c.": "11001", "bogota d. c.": "11001", "bogota dc": "11001",
    "santa fe de bogota": "11001", "santafe de bogota": "11001", "cucuta": "54001", "cartagena": "13001",
    "santiago de cali": "76001",
    "san juan de pasto": "52001", "cartagena de indias": "13001", "villavo": "50001",
}  # fmt: skip
# El prefijo de departamento cuya primera cabecera no es su capital: Agua de Dios lleva el 25001.
SIN_CAPITAL = frozenset({"25"})
