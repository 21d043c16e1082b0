"""Cómo se llaman las cosas en los archivos que la gente ya tiene, solo como datos.

Cada tabla va de lo que el panel entiende a las maneras de escribirlo, separadas por comas; se comparan sin mayúsculas,
tildes ni separadores (véase `claves.normal`). Añadir una manera de escribir es añadirla aquí.
"""

from __future__ import annotations

VACIOS = frozenset(
    {
        "", "none", "null", "nan", "nil", "n/a", "na", "n.a", "ninguno", "ninguna", "no aplica", "no tiene",
        "no registra", "sin servicio", "sin servicios", "sin plan", "sin planes", "sin datos", "sin dato", "vacio",
        "sin interacciones", "sin reclamos", "sin quejas", "sin sugerencias", "sin consultas", "sin reclamaciones",
        "sin informacion", "undefined",
    }
)  # fmt: skip
SECRETAS = frozenset(
    {"clave", "pin", "pass", "pwd", "contra", "claveacceso", "secret", "secreto", "clavedeingreso", "claveingreso",
     "claveusuario", "clavedeusuario", "clavepersonal", "miclave", "claves", "psw", "pswd"}
)  # fmt: skip
SECRETAS_LARGAS = ("contrasena", "password")
SECRETAS_DENTRO = ("contrasen", "contrasena", "password", "passwd", "clavedeacceso", "token", "credencial")

# --- Contenedores ----------------------------------------------------------------------------------------------------
# Qué hay debajo de cada clave: entidad y lo que la clave dice además (categoría, clase de interacción…).
CONTENEDORES: tuple[tuple[dict[str, str], str], ...] = (
    (
        {"entidad": "clientes"},
        "usuarios, usuario, user, users, clientes, cliente, personas, persona, new usu, nuevo usuario, datos user,"
        "datos usuario, datos usuarios, datos clientes, lista clientes, lista usuarios, lista de clientes,"
        "lista de usuarios, customers, customer, suscriptores, abonados, afiliados",
    ),
    (
        {"entidad": "clientes", "categoria": "nuevo"},
        "nuevos, nuevo, clientes nuevos, cliente nuevo, usuarios nuevos, usuario nuevo, nuevos clientes",
    ),
    (
        {"entidad": "clientes", "categoria": "regular"},
        "regulares, regular, clientes regulares, cliente regular, usuarios regulares",
    ),
    (
        {"entidad": "clientes", "categoria": "leal"},
        "leales, leal, clientes leales, cliente leal, usuarios leales, fieles, clientes fieles, antiguos,"
        "clientes antiguos",
    ),
    (
        {"entidad": "clientes", "prospecto": "sí"},
        "posibles cli, posibles clientes, posible cliente, prospectos, prospecto, interesados",
    ),
    (
        {"entidad": "servicios"},
        "servicios, servicio, services, planes, plan, plans, productos, paquetes, catalogo, catalogo de servicios,"
        "lista servicios, lista de servicios, lista planes, datos servicios, serivicios, sevicios, portafolio",
    ),
    ({"entidad": "interacciones"}, "interacciones, interaccion, pqr, pqrs, pqrsf, atencion al cliente"),
    (
        {"entidad": "interacciones", "interaccion": "consulta"},
        "consultas, consulta, preguntas, pregunta, peticiones, dudas, solicitudes",
    ),
    (
        {"entidad": "interacciones", "interaccion": "reclamacion"},
        "reclamaciones, reclamacion, reclamos, reclamo, quejas, queja, reportes, reporte",
    ),
    ({"entidad": "interacciones", "interaccion": "sugerencia"}, "sugerencias, sugerencia"),
    ({"entidad": "tipos"}, "tipos, tipos de servicio"),
    ({"entidad": "precios"}, "historia de precios"),
    ({"entidad": "promociones"}, "promociones"),
    ({"entidad": "departamentos"}, "departamentos"),
    ({"entidad": "municipios"}, "municipios"),
    ({"entidad": "contratos"}, "contratos"),
    ({"entidad": "consentimientos"}, "consentimientos"),
    (
        {"omitir": "Es una sección de personal o de operación del sistema anterior: no se importa."},
        "empleados, empleado, administradores, administrador, admin, admins, operadores, operador, operarios,"
        "trabajadores, trabajador, staff, asesores, asesor, personal, vendedores, vendedor, funcionarios, login,"
        "logins, credenciales, cuentas de acceso, usuarios del sistema, usuarios sistema, datos admin,"
        "datos administrador, "
        "super usuario, cajeros, tecnicos, operators, employees",
    ),
)
# Envolturas que no dicen nada de lo que llevan dentro.
ENVOLTURAS = (
    "movistar, mi movistar, datos, data, dato, root, registros, registro, items, results, resultados, lista, listado,"
    "base, base de datos, basedatos, bd, db, informacion, info, sistema, contenido, archivo, empresa,"
    "planes disponibles"
)

# --- Clientes --------------------------------------------------------------------------------------------------------
# Lo que no es una columna se resuelve con los demás datos del registro (véase clientes.py).
CLIENTES: dict[str, str] = {
    "documento": (
        "documento, n documento, no documento, nro documento, n identidad, identidad, identificacion, identificacio,"
        "identificacon, identificador, # de identificacion, n identificacion, no identificacion, nro identificacion,"
        "numero identificacion, numero de identificacion, cedula, cedula de ciudadania, numero cedula,"
        "numero de cedula, n cedula, dni, num id, num iden, num identificacion, num identidad, numero documento,"
        "numero de documento, numero del documento, numero del documento de identidad, numero documento identidad,"
        "documento de identidad, documento identidad, doc, docu, num doc, num documento, numero doc, numero identidad,"
        "id number, numero id, numero de id"
    ),
    "documento_cc": "cc, c.c",
    "documento_ti": "ti, t.i, tarjeta de identidad, tarjeta identidad",
    "documento_ce": "ce, c.e, cedula de extranjeria, cedula extranjeria",
    "documento_nit": "nit, n.i.t",
    "documento_pas": "pasaporte, passport",
    "id": "id, id cliente, id usuario, id user, codigo, cod, codigo cliente, codigo usuario, uid",
    "usuario": "usuario, usuario #, usuario numero, n usuario, no usuario, user, username, nickname",
    "tipo_documento": (
        "tipo documento, tipo de documento, tipo del documento, tipo del documento de identidad, tipo doc, tipo id,"
        "tipo de documento de identidad, tipo documento identidad, tipo identificacion, tipo de identificacion,"
        "clase de documento, tipodoc"
    ),
    "tipo": "tipo",
    "nombre": "nombre, nombres, name, nom, nombre o razon social, nobre, nombe, first name, firstname",
    "nombre1": "nombre1, primer nombre",
    "nombre2": "nombre2, segundo nombre",
    "nombre_completo": (
        "nombre completo, nombres completos, full name, nombre usuario, nombre de usuario, nombre cliente,"
        "nombre del cliente, nombre del usuario, nombres y apellidos, nombre y apellido, nombre y apellidos, titular,"
        "nombre persona"
    ),
    "razon_social": "razon social, empresa, nombre empresa",
    "apellido": (
        "apellido, apellidos, apellidos completos, last name, lastname, sec name, second name, surname, apelido"
    ),
    "apellido1": "apellido1, primer apellido, apellido paterno",
    "apellido2": "apellido2, segundo apellido, apellido materno",
    "celular": (
        "celular, cel, n celular, no celular, nro celular, num cel, num celular, numero cel, numero celular,"
        "numero de celular, movil, telefono movil, telefono celular, whatsapp, tel cel, celu"
    ),
    "telefono": (
        "telefono, telefonos, tel, telf, tels, numero telefono, numero de telefono, n telefono, num telefono,"
        "num tel, numero contacto, numero de contacto, numeros de contacto, num contacto, phone, telefono contacto,"
        "telefono de contacto, telefono1, telefono2, telefono3, telefono principal, telefo"
    ),
    "fijo": "fijo, n fijo, num fijo, numero fijo, telefono fijo, tel fijo, linea fija",
    "telefono_alterno": "telefono alterno, otro telefono, telefono secundario",
    "numero": "numero, num, number",
    "contacto": (
        "contacto, contactos, info contacto, informacion de contacto, informacion contacto, infomacion contacto,"
        "info de contacto, datos de contacto, datos contacto, medio de contacto, medio contacto"
    ),
    "email": "email, e-mail, correo, correo electronico, mail, correo e, correos, correo elec, gmail",
    "direccion": (
        "direccion, dirrecion, direcion, direccin, dirreccion, dir, direccion residencia, direccion de residencia,"
        "domicilio, residencia, address, direccion casa"
    ),
    "municipio": (
        "municipio, municipio codigo dane, ciudad, city, poblacion, ciudad de residencia, ciudad residencia, localidad"
    ),
    "departamento": "departamento, depto, dpto",
    "estrato": "estrato, estrato socioeconomico",
    "categoria": (
        "categoria, categorias, cate, categoria cliente, categoria del cliente, tipo cliente, tipo de cliente,"
        "tipo de usuario, tipo usuario, clasificacion, clase cliente, clase de cliente"
    ),
    "cliente": "cliente",
    "estado": "estado, estado cliente, status",
    "marca_nuevo": "nuevo, cliente nuevo, usuario nuevo, nuevo cliente, clientes nuevos, es nuevo",
    "marca_regular": "regular, cliente regular, clientes regulares, usuario regular, es regular",
    "marca_leal": "leal, cliente leal, clientes leales, usuario leal, cliente fiel, fiel, es leal",
    "fecha_vinculacion": "fecha vinculacion, fecha de vinculacion",
    "fecha": (
        "fecha inicio, fecha de inicio, fecha i, fecha ingreso, fecha de ingreso, fecha r, fecha registro,"
        "fecha de registro, fecha, fecha afiliacion, fecha de afiliacion, fecha alta, ano, ano de inicio, ano inicio,"
        "ano de registro, ano registro, ano de ingreso, ano ingreso, ano de afiliacion, cliente desde, desde, ingreso,"
        "vinculacion, registrado, fecha union, year"
    ),
    "antiguedad": (
        "tiempo, tiempo afiliado, tiempo de afiliacion, tiempo afiliacion, anos afiliado, anos de afiliado, anos,"
        "anos serv, anos servicio, anos de servicio, anos con movistar, anos en movistar, antiguedad,"
        "antiguedad en anos, anos antiguedad, anos de antiguedad, permanencia, anos permanencia, lealtad, duracion,"
        "tiempo con movistar, tiempo en movistar, tiempo de permanencia, tiempo permanencia, tiempo cliente,"
        "tiempo de servicio, anos cliente, anos como cliente, tiempo en la empresa, tiempo como cliente,"
        "mas de diez anos, mas de 10 anos"
    ),
    "meses": "meses, meses afiliado, antiguedad en meses, tiempo en meses, tiempo meses, tiempo afiliado meses,"
    "meses de antiguedad, meses con movistar",
    "unidad": "unidad, unidad tiempo, unidad de tiempo, medida de tiempo, tiempo en",
    "servicios": (
        "servicio, servicios, services, service, servicio en uso, servicios en uso, sevicio, sevicios, serivicios,"
        "serivicio, servicios utilizados, servicio utilizado, servicios usados, servicio usado, servicios contratados,"
        "servicio contratado, servicios del cliente, servicio del cliente, servicios adquiridos, servicio adquirido,"
        "plan, planes, plan contratado, planes contratados, paquete, paquetes, producto, productos, registro,"
        "historial servicios, historial de servicios, tipo de servicio, tipo servicio, contratos"
    ),
    "servicios_activos": "servicios activos, servicio activo, planes activos, activos",
    "servicios_retirados": (
        "servicios retirados, servicio retirado, servicios cancelados, servicios inactivos, servicios anteriores,"
        "planes retirados, planes anteriores, retirados"
    ),
    "interacciones": "interacciones, interaccion, pqr, pqrs, pqrsf, historial interacciones",
    "consultas": "consulta, consultas, pregunta, preguntas, peticion, peticiones, duda, dudas",
    "reclamaciones": "reclamacion, reclamaciones, reclamo, reclamos, queja, quejas, reporte, reportes",
    "sugerencias": "sugerencia, sugerencias",
    "bonos": (
        "descuento, descuentos, bonificacion de fidelidad, bonificacion, bonificaciones, bono, bonos, adicional,"
        "adicionales, oferta, ofertas, ofrecido, beneficio, beneficios, premio, premios, recompensa, puntos"
    ),
    "consentimientos": "consentimientos, autorizaciones",
}
# Dentro de un objeto que es un solo dato, una clave corta quiere decir otra cosa.
DENTRO: dict[str, dict[str, str]] = {
    "documento": {"numero": "documento", "num": "documento", "tipo": "tipo_documento", "valor": "documento",
                  "n": "documento"},
    "telefono": {"numero": "telefono", "num": "telefono", "principal": "telefono", "alterno": "telefono_alterno",
                 "casa": "fijo", "movil": "celular"},
    "direccion": {"calle": "direccion", "barrio": "barrio", "detalle": "direccion", "numero": "direccion"},
    "nombre": {"primero": "nombre1", "segundo": "nombre2"},
    "apellido": {"primero": "apellido1", "segundo": "apellido2"},
    "antiguedad": {"cantidad": "antiguedad", "valor": "antiguedad", "numero": "antiguedad"},
}  # fmt: skip

# --- Catálogo --------------------------------------------------------------------------------------------------------
SERVICIOS: dict[str, str] = {
    "codigo": "codigo, cod, codigo servicio, codigo del servicio, codigo plan, codigo del plan, sku, referencia",
    "id": "id, id servicio, id plan, id producto, numero, num",
    "nombre": (
        "nombre, name, nombre servicio, nombre del servicio, servicio, producto, plan, nombre plan, nombre del plan,"
        "nombre producto, nombre paquete, paquete, titulo, nombres"
    ),
    "tipo": "tipo, tipo servicio, tipo de servicio, tipo plan, tipo de plan, categoria, clase, tecnologia, grupo",
    "precio": (
        "precio, valor, price, costo, coste, precio cada mes, precio mensual, precio mes, precio vigente, precio cop,"
        "precio vigente cop, tarifa, valor mensual, mensualidad, valor plan, costo mensual, precios, valor servicio"
    ),
    "prosa": (
        "caracteristica, cualidades, cualidad, description, info, informacion, detalle, detalles, incluye,"
        "observaciones, especificaciones, contenido, texto, beneficios, descripcion del servicio"
    ),
    "descripcion": "descripcion, descripcion del plan, descripción plan",
    "caracteristicas": "caracteristicas, features, atributos",
    "megas": "megas, mb, mbps, velocidad, velocidad internet, velocidad de internet, velocidad bajada, internet, speed",
    "navegacion": "navegacion, datos, gigas, gb, datos moviles",
    "cantidad": "tamano, capacidad, cantidad",
    "minutos": "minutos, llamadas, voz, min",
    "canales": "canales, numero de canales",
    "dias": "dias, dias vigencia, dias de vigencia, vigencia",
    "periodicidad": "periodicidad, cada, pago, periodo, frecuencia, facturacion, forma de pago, periodo de pago",
    "plazo": "duracion, tiempo, permanencia, tiempo de contrato, duracion contrato, meses",
    "bonos": (
        "descuento, descuentos, bonificacion de fidelidad, bonificacion, bonificaciones, bono, bonos, adicional,"
        "adicionales, oferta, ofertas, ofrecido, promocion, beneficio"
    ),
    "componentes": "componentes, servicios que lo componen",
    "estado": "estado, disponible, disponibilidad, activo",
    "retirado_el": "retirado el",
    "suscriptores": "usuarios, usuario, clientes, suscriptores, abonados, users, afiliados, personas",
    "planes": "planes, plans, servicios, productos, paquetes, opciones, lista planes, tipos de planes",
}
# Claves numeradas (plan1, plan2…) que, si hay dos o más, son columnas de una tabla puesta de lado.
COLUMNAS_NUMERADAS = frozenset({"nombre", "precio", "prosa", "megas", "navegacion", "cantidad", "codigo", "tipo"})
NOMBRES_NUMERADOS = frozenset({"nombre"})

# --- Lo que cuelga de un cliente -------------------------------------------------------------------------------------
CONTRATOS: dict[str, str] = {
    "servicio": (
        "servicio, plan, codigo, codigo servicio, nombre, name, producto, paquete, id, id servicio, id plan, tipo,"
        "nombre servicio, nombre del servicio, nombre plan, nombre del plan, codigo plan, tipo servicio,"
        "tipo de servicio"
    ),
    "cliente": "cliente, documento, cedula, usuario, identificacion, documento cliente, cc, id cliente",
    "numero": "numero, numero contrato, contrato",
    "fecha_inicio": (
        "fecha inicio, fecha de inicio, fecha, desde, inicio, fecha contratacion, fecha de contratacion, fecha alta,"
        "fecha adquisicion, fecha activacion, fecha compra"
    ),
    "fecha_fin": "fecha fin, fecha de fin, hasta, fin, fecha de terminacion, fecha retiro, fecha cancelacion",
    "precio": "precio, valor, price, costo, tarifa, precio firmado, precio firmado cop, precio mensual",
    "periodicidad": "periodicidad, pago",
    "estado": "estado, activo, status",
    "condiciones": "condiciones, condiciones firmadas",
    "permanencia_meses": "permanencia meses, permanencia",
    "anexo_permanencia": "anexo permanencia, anexo de permanencia",
    "promocion": "promocion",
    "cedido_de": "cedido de, contrato anterior",
}
INTERACCIONES: dict[str, str] = {
    "numero": "radicado, numero, ticket, numero radicado",
    "cun": "cun, codigo unico numerico",
    "tipo": "tipo, clase, tipo interaccion, tipo de interaccion, categoria",
    "fecha": "fecha, fecha y hora, fecha hora, dia, fecha registro, fecha de registro",
    "canal": "canal, medio",
    "asunto": "asunto, motivo, titulo, tema",
    "texto": (
        "texto, detalle, detalles, descripcion, mensaje, comentario, comentarios, contenido, lo que dice el cliente,"
        "interaccion, observacion, problema"
    ),
    "consultas": "consulta, consultas, pregunta, preguntas, duda",
    "reclamaciones": "queja, quejas, reclamo, reclamos, reclamacion, reclamaciones, reporte, reportes",
    "sugerencias": "sugerencia, sugerencias",
    "estado": "estado, status",
    "contrato": "contrato",
    "respuesta": "respuesta, solucion",
    "respondida_el": "respondida el, notificada el, fecha respuesta, fecha de respuesta",
    "registrada_por": "registrada por, cuenta que registro",
    "motivo_codigo": "motivo codigo, codigo de motivo, codigo motivo",
    "primer_plazo": "primer plazo",
    "vence_el": "vence el, fecha de vencimiento, fecha vencimiento, fecha limite de respuesta",
    "aplica_sap": "aplica silencio positivo, aplica sap",
    "prorroga_motivo": "motivo de la prorroga, motivo prorroga",
    "prorroga_avisada_el": "prorroga avisada el, fecha aviso prorroga",
    "canal_respuesta": "responder por, canal respuesta, canal de respuesta, medio de respuesta",
    "sentido": "sentido de la respuesta, sentido",
    "responsable": "responsable",
    "equipo": "equipo",
    "recurso_de": "recurso contra, recurso de",
    "causal": "causal del recurso, causal",
    "pide_apelacion": "pide apelacion en subsidio, pide apelacion",
    "enviada_sic_el": "enviada a la sic el, enviada sic el",
    "cliente": "cliente, usuario",
    "documento": "documento, cedula, identificacion, cc, id cliente, id usuario, numero documento, identidad",
    "nombre": "nombre, nombres, nombre cliente, nombre del cliente, nombre usuario, nombre completo, name",
    "apellido": "apellido, apellidos",
    "telefono": "telefono, tel, cel, celular, numero contacto, contacto, numero celular, num cel, phone",
}
TABLAS: dict[str, dict[str, str]] = {
    "clientes": CLIENTES,
    "servicios": SERVICIOS,
    "contratos": CONTRATOS,
    "interacciones": INTERACCIONES,
    # De las demás solo hay archivos del propio panel: valen los nombres de sus columnas.
    "consentimientos": {},
    "tipos": {},
    "precios": {"vigente_desde": "desde", "valor": "precio, valor"},
    "promociones": {},
    "departamentos": {},
    "municipios": {},
}
