"""Archivos como los que la gente tiene, con datos inventados, y lo que debe quedar de cada uno en la base.

Cada caso sale de una forma, una clave, una fecha, una referencia, un precio o una rotura de las conocidas.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from .motor import Fuente

SECRETO = "ClaveQueNadieVe"
HOY_DICE = "15/06/2026"


@dataclass
class Caso:
    """Unos archivos y lo que se espera. Lo que no se dice no se comprueba, salvo que no haya errores ni avisos."""

    nombre: str
    archivos: list[tuple[str, Any]]
    # documento → campos; «pendientes»: las claves que debe tener.
    clientes: dict[str, dict[str, Any]] = field(default_factory=dict)
    # (documento, servicio, inicio, estado)
    contratos: list[tuple[str, str, str, str]] = field(default_factory=list)
    # (documento, tipo, asunto)
    interacciones: list[tuple[str, str, str]] = field(default_factory=list)
    servicios: dict[str, dict[str, Any]] = field(default_factory=dict)
    # lugar → parte del motivo
    errores: dict[str, str] = field(default_factory=dict)
    omitidos: dict[str, str] = field(default_factory=dict)
    # lugar → parte del valor y el motivo
    avisos: dict[str, str] = field(default_factory=dict)
    notas: list[str] = field(default_factory=list)
    reparaciones: list[str] = field(default_factory=list)
    ilegible: str = ""

    def fuentes(self) -> list[Fuente]:
        """Los archivos, como bytes."""
        return [Fuente(nombre, _bytes(contenido)) for nombre, contenido in self.archivos]


def _bytes(contenido: Any) -> bytes:
    if isinstance(contenido, bytes):
        return contenido
    texto = contenido if isinstance(contenido, str) else json.dumps(contenido, ensure_ascii=False)
    return texto.encode()


def ana(**mas: Any) -> dict[str, Any]:
    return {"nombre": "Ana María", "apellido": "Ríos", "cedula": "1020304050", "fecha": "15/03/2012", **mas}


def luis(**mas: Any) -> dict[str, Any]:
    return {"nombre": "Luis", "apellido": "Paz", "cedula": "1020304051", "fecha": "15-03-2025", **mas}


def contado(campo: str, *valores: Any, **mas: Any) -> list[dict[str, Any]]:
    """Una persona por cada valor de un campo, con documentos 10000000, 10000001…"""
    eva = {"nombre": "Eva", "apellido": "Mar", **mas}
    return [{**eva, "cc": str(10_000_000 + n), campo: valor} for n, valor in enumerate(valores)]


ANA = {"nombre": "Ana María", "apellido": "Ríos", "fecha_vinculacion": "2012-03-15"}
LUIS = {"nombre": "Luis", "apellido": "Paz", "fecha_vinculacion": "2025-03-15"}
DOS = {"1020304050": ANA, "1020304051": LUIS}
PLANES = [
    {"id": 1, "nombre": "Fibra 300", "precio": "$ 85.000", "megas": "300", "tipo": "Fibra"},
    {"id": 2, "nombre": "Pospago 20 GB", "precio": 50000, "descripcion": "20 GB y minutos ilimitados",
     "tipo": "Pospago"},
    {"id": 33, "nombre": "Televisión básica", "precio": "42.000", "canales": 80, "tipo": "Televisión"},
    {"id": 4, "nombre": "Prepago 30", "precio": "30.000", "dias": 30, "tipo": "Prepago"},
]  # fmt: skip
CATALOGO = ("servicios.json", {"planes": PLANES})
U, S = "usuario.json", "servicios.json"
FIBRA, POSPAGO, TV, PREPAGO = "FIBRA-300", "POSPAGO-20-GB", "TELEVISION-BASICA", "PREPAGO-30"
A, B = "1020304050", "1020304051"

# --- Contenedores -----------------------------------------------------------------------------------------------------
FORMAS = [
    Caso("lista bajo movistar", [(U, {"movistar": {"usuarios": [ana(), luis()]}})], DOS),
    Caso("por documento, que solo está en la clave",
         [(U, {"miMovistar": {"CLIENTE": {A: {k: v for k, v in ana().items() if k != "cedula"}}}})], {A: ANA}),
    Caso("usuario1, usuario2", [(U, {"Datos": {"newUsu": {"usuario1": ana(), "usuario2": luis()}}})],
         {A: {**ANA, "id_origen": "usuario1"}, B: LUIS}),
    Caso("«0», «1»", [(U, {"Personas": {"0": ana(), "1": luis()}})], DOS),
    Caso("un solo objeto envuelto", [(U, {"usuario": ana()})], {A: ANA}),
    Caso("lista suelta", [(U, [ana(), luis()])], DOS),
    Caso("secciones con su rótulo",
         [(U, [{"Tipo": "Usuarios", "Usuarios": [ana(servicios="Fibra 300")]}, {"Tipo": "Servicios",
               "Servicios": PLANES}])],
         {A: ANA}, [(A, FIBRA, "2012-03-15", "activo")], servicios={TV: {"caracteristicas": {"canales": 80}}}),
    Caso("clientes y planes en una lista, por posición", [(U, [{"clientes": [ana(plan=[1, 3])]}, {"planes": PLANES}])],
         {A: ANA}, [(A, FIBRA, "2012-03-15", "activo"), (A, TV, "2012-03-15", "activo")]),
    Caso("datos dentro del primero", [(U, [{"datos": [ana(), luis()]}])], DOS),
    Caso("rótulos y registros alternados", [(U, ["id", 1, "Clientes", [ana(), luis()]])], DOS, avisos={"[1]": "1"}),
    Caso("nombres y detalles alternados",
         [(S, ["Pospago uno", {"precio": "85.000", "tipo": "pospago"}, "Pospago dos", {"valor": 50000}])],
         servicios={"POSPAGO-UNO": {"precio": 85000}, "POSPAGO-DOS": {"precio": 50000, "tipo": "pospago"}}),
    Caso("un usuario repartido en objetos de una clave",
         [(U, {"usuarios": [{k: v} for una in (ana(), luis()) for k, v in una.items()]})], DOS),
    Caso("cada dato en una lista de uno",
         [(U, {"users": [{"Id": [A], "Nombre": ["Ana"], "Apellido": ["Ríos"], "Año": ["2011"],
                          "Cel": ["3001234567"]}]})],
         {A: {"nombre": "Ana", "telefono": "+573001234567", "fecha_vinculacion": "2011-01-01",
              "pendientes": {"fecha_vinculacion"}}}),
    Caso("grupos que son la categoría",
         [(U, {"movistar": {"clientes leales": [ana()], "clientes nuevos": {B: luis()},
                            "regulares": [ana(cedula="1020304052")]}})],
         {A: {"categoria": "leal", "categoria_asignada": ""}, B: {"categoria": "nuevo", "categoria_asignada": ""},
          "1020304052": {"categoria": "regular", "categoria_asignada": "regular"}},
         notas=["Dice regular y por permanencia sería leal"]),
    Caso("bajo el nombre de su servicio", [CATALOGO, (U, {"Fibra 300": [ana()], "Pospago": {B: luis()}})], DOS,
         [(A, FIBRA, "2012-03-15", "activo"), (B, POSPAGO, "2025-03-15", "activo")],
         notas=[f"«Pospago» es el servicio {POSPAGO} (el único de su tipo)"]),
    Caso("posibles clientes", [(U, {"posiblesCli": [ana()]})], {A: {**ANA, "pendientes": {"estado"}}}),
]  # fmt: skip

# --- Claves -----------------------------------------------------------------------------------------------------------
CLAVES = [
    Caso("claves raras de documento, nombre y contacto",
         [(U, {"Datos user": [{"NOMBRES ": "Ana", "sec_name": "Ríos", "# de identificacion": 1020304050,
               "N_celular": 3001234567, "dirrecion": "Calle 1 # 2-3", "Fecha de registro": "15-03-2012",
               "correo electronico": "ana@example.co", "ciudad": "Medellin", "cate": "Cliente fiel"}]})],
         {A: {"nombre": "Ana", "apellido": "Ríos", "telefono": "+573001234567", "email": "ana@example.co",
              "direccion": "Calle 1 # 2-3", "municipio_id": "05001", "fecha_vinculacion": "2012-03-15",
              "categoria": "leal", "pendientes": set()}}),
    Caso("dos apellidos, dos teléfonos y la categoría que no es la suya",
         [(U, {"users": [{"name": "Luis", "apellido1": "Paz", "apellido2": "Gil", "dni": B,
               "infoContacto": {"tel": "6012345678", "cel": "300 123 45 67"}, "dir": "Carrera 7 # 1-1",
               "añosServ": "7 años", "tipoCliente": "UsuarioNuevo"}]})],
         {B: {"apellido": "Paz Gil", "telefono": "+573001234567", "telefono_alterno": "+576012345678",
              "fecha_vinculacion": "2019-06-15", "pendientes": {"fecha_vinculacion"}, "categoria": "nuevo",
              "categoria_asignada": "nuevo"}},
         notas=["Dice nuevo y por permanencia sería regular"]),
    Caso("nombre completo, documento con puntos y fijo de siete cifras",
         [(U, {"usuarios": [{"nombreCompleto": "Eva Luz Mar Sol", "identificacio": "1.020.304.050",
               "telefonos": {"celular": "3001234568", "fijo": "2345678"}, "Contacto ": "eva@example.co",
               "tiempo_afiliado": "18 meses"}]})],
         {A: {"nombre": "Eva Luz", "apellido": "Mar Sol", "telefono": "+573001234568", "telefono_alterno": "2345678",
              "email": "eva@example.co", "fecha_vinculacion": "2024-12-15",
              "pendientes": {"telefono_alterno", "fecha_vinculacion"}}}),
    Caso("el tipo lo dice la clave, y usuario es un nombre o un número",
         [(U, {"usuarios": [{"usuario": "Ada Roca", "ti": "1020304053", "contacto": "3001234569", "lealtad": "s"},
                            {"usuario #": 1020304054, "nombre1": "Leo", "nombre2": "José", "apellido1": "Gil",
                             "apellido2": "Sol", "tiempo": "n"}]})],
         {"1020304053": {"tipo_documento": "TI", "nombre": "Ada", "apellido": "Roca", "telefono": "+573001234569",
                         "fecha_vinculacion": "2016-06-14"},
          "1020304054": {"nombre": "Leo José", "apellido": "Gil Sol", "fecha_vinculacion": "2026-06-15"}}),
    Caso("id es el número de fila si hay documento, y el documento si no",
         [(U, {"usuarios": [ana(id=7), {"id": B, "nombre": "Luis", "apellido": "Paz", "año": 2025}]})],
         {A: {"id_origen": "7"}, B: {"id_origen": "", "fecha_vinculacion": "2025-01-01"}}),
    Caso("tipo de documento dicho, NIT y pasaporte",
         [(U, {"usuarios": [{"tipo": "cédula de extranjería", "documento": "ABC1234", "nombre": "John",
                             "apellido": "Doe", "año": 2020},
                            {"nit": "901354361-1", "razon social": "Prueba S. A. S.", "año": 2020}]})],
         {"ABC1234": {"tipo_documento": "CE"},
          "901354361-1": {"tipo_documento": "NIT", "tipo_persona": "juridica", "nombre": "Prueba S. A. S."}}),
    Caso("categorías de todas las maneras",
         [(U, {"usuarios": [{**una, **mas} for una, mas in zip(contado("año", *[2025] * 6), [
             {"categoria": {"nuevo": "", "leal": "0"}}, {"clienteLeal": True}, {"clientes leales": "False"},
             {"estado": "antiguo"}, {"categorias": "vip"}, {"cliente": "regulares"}], strict=True)]})],
         {str(10_000_000 + n): {"categoria": c} for n, c in enumerate(
             ["leal", "leal", "nuevo", "leal", "leal", "regular"])},
         notas=["La categoría «vip» se tomó por «leal»"]),
]  # fmt: skip

# --- Fechas y antigüedad ----------------------------------------------------------------------------------------------
_EXACTAS = ["2012-03-15", "15-03-2012", "15/03/2012", ["15", "03", "2012"]]
FECHAS = [
    Caso("fechas exactas", [(U, {"usuarios": contado("fechaIngreso", *_EXACTAS)})],
         {str(10_000_000 + n): {"fecha_vinculacion": "2012-03-15", "pendientes": set()}
          for n in range(len(_EXACTAS))}),
    Caso("fechas deducidas", [(U, {"usuarios": contado("Año de inicio", "15-03-12", 2011, "2011")})],
         {"10000000": {"fecha_vinculacion": "2012-03-15", "pendientes": {"fecha_vinculacion"}},
          "10000001": {"fecha_vinculacion": "2011-01-01", "pendientes": {"fecha_vinculacion"}},
          "10000002": {"fecha_vinculacion": "2011-01-01", "pendientes": {"fecha_vinculacion"}}}),
    Caso("antigüedades", [(U, {"usuarios": contado("antiguedad en años", "4", "7 años", "2 Años", 3, "s", "n", "")})],
         {str(10_000_000 + n): {"fecha_vinculacion": fecha, "pendientes": {"fecha_vinculacion"}}
          for n, fecha in enumerate(["2022-06-15", "2019-06-15", "2024-06-15", "2023-06-15", "2016-06-14",
                                     "2026-06-15", "2026-06-15"])}),
    Caso("fechas que no se entienden, y una futura",
         [(U, {"usuarios": contado("fecha", "jajaja", "31/02/2020", "2099-01-01")})],
         {n: {"fecha_vinculacion": "2026-06-15", "pendientes": {"fecha_vinculacion"}}
          for n in ("10000000", "10000001")},
         errores={"usuarios[2]": "no puede ser futura"},
         avisos={"usuarios[0].fecha": "jajaja No se entiende como fecha", "usuarios[1].fecha": "31/02/2020"}),
]  # fmt: skip

# --- Servicios de un usuario ------------------------------------------------------------------------------------------
REFERENCIAS = [
    Caso("por nombre a su manera, activos y retirados",
         [CATALOGO, (U, {"usuarios": [ana(servicios="FIBRA_300, prospago"),
                                      luis(serviciosActivos=["televisión BASICA"],
                                           serviciosRetirados=["Prepago 30"])]})],
         DOS, [(A, FIBRA, "2012-03-15", "activo"), (A, POSPAGO, "2012-03-15", "activo"),
               (B, TV, "2025-03-15", "activo"), (B, PREPAGO, "2025-03-15", "terminado")]),
    Caso("por identificador y por posición", [CATALOGO, (U, {"usuarios": [ana(plan=[33, 4]), luis(plan="2")]})], DOS,
         [(A, TV, "2012-03-15", "activo"), (A, PREPAGO, "2012-03-15", "activo"), (B, POSPAGO, "2025-03-15", "activo")]),
    Caso("mapa de marcas y copia del plan",
         [CATALOGO, (U, {"usuarios": [ana(servicios={"Fibra 300": True, "Prepago 30": False, "Postpago": "si"}),
                                      luis(servicios=[{"nombre": "Fibra 300", "precio": "80.000", "megas": 300}])]})],
         DOS, [(A, FIBRA, "2012-03-15", "activo"), (A, POSPAGO, "2012-03-15", "activo"),
               (B, FIBRA, "2025-03-15", "activo")],
         avisos={"usuarios[1].servicios[0].megas": "300 Es un dato del plan copiado"}),
    Caso("historial por fechas, vacíos y uno que no existe",
         [CATALOGO, (U, {"usuarios": [
             ana(historial_servicios={"12-03-2020": "Prepago 30", "01-02-2022": "Pospago 20 GB"}),
             luis(servicios="Sin servicios"), ana(cedula="1020304052", servicios={}),
             ana(cedula="1020304053", servicios="Cosa rara")]})],
         {**DOS, "1020304052": {}, "1020304053": {}},
         [(A, PREPAGO, "2020-03-12", "terminado"), (A, POSPAGO, "2022-02-01", "activo")],
         errores={"usuarios[3].servicios": "No existe el servicio «Cosa rara»"}),
    Caso("el servicio guarda a sus suscriptores",
         [(S, {"servicios": [{**PLANES[0], "usuarios": [ana()]}, {**PLANES[1], "clientes": [A, 1020304099]}]})],
         {A: ANA}, [(A, FIBRA, "2012-03-15", "activo"), (A, POSPAGO, "2012-03-15", "activo")],
         errores={"servicios[1].clientes[1]": "No existe el cliente «CC-1020304099»"}),
]  # fmt: skip

# --- Catálogo ---------------------------------------------------------------------------------------------------------
_PRECIOS = [50000, "85.000", "$ 250.000", "30$", "250 USD", "$0 - $80.000", "85000.50", -5]
CATALOGOS = [
    Caso("precios escritos de todas las maneras",
         [(S, {"servicios": [{"codigo": f"P-{n}", "nombre": f"Pospago {n}", "tipo": "pospago", "precio": precio}
                             for n, precio in enumerate(_PRECIOS)]})],
         servicios={f"P-{n}": {"precio": precio} for n, precio in enumerate(
             [50000, 85000, 250000, 30, None, 0, "85000.50"])},
         errores={"servicios[7]": "-5"}, avisos={"servicios[4].precio": "está en otra moneda"},
         notas=["venía como rango, «$0 - $80.000»: se tomó el menor"]),
    Caso("un decimal de JSON que era de miles, y un precio dentro de la prosa",
         [(S, '{"servicios": [{"nombre": "Pospago uno", "precio": 50.000},'
              ' {"nombre": "Pospago dos", "precio": "70.000"},'
              ' {"nombre": "Pospago tres", "descripcion": "Datos por solo $ 20.000 el mes"}]}')],
         servicios={"POSPAGO-UNO": {"precio": 50000}, "POSPAGO-DOS": {"precio": 70000},
                    "POSPAGO-TRES": {"precio": 20000, "descripcion": "Datos por solo $ 20.000 el mes"}},
         notas=["50.000"]),
    Caso("grupos con sus planes",
         [(S, {"servicios": [{"Nombre": "Fibra", "Planes": [
             {"Nombre": "Cien", "Precio:": "60.000", "velocidad": "100 megas"},
             {"Nombre": "Doscientos", "Precio:": "80.000", "velocidad": "200", "Caracteristica 1": "Wifi 6"}]}]})],
         servicios={"CIEN": {"tipo": "fibra", "caracteristicas": {"velocidad_bajada_mbps": 100}},
                    "DOSCIENTOS": {"tipo": "fibra", "precio": 80000, "descripcion": "Wifi 6"}}),
    Caso("el nombre es la clave", [(S, {"servicios": {"Fibra óptica 300": {"precio": "85.000", "megas": 300},
                                                     "Prepago Semanal": {"valor": 12000, "dias": 7}}})],
         servicios={"FIBRA-OPTICA-300": {"nombre": "Fibra óptica 300", "precio": 85000},
                    "PREPAGO-SEMANAL": {"caracteristicas": {"dias_vigencia": 7}, "periodicidad": "mensual"}}),
    Caso("una tabla puesta de lado",
         [(S, {"servicios": {"plan1": "Pospago uno", "plan2": "Pospago dos",
                             "precios": [{"precio1": "60.000", "precio2": "80.000"}]}})],
         servicios={"POSPAGO-UNO": {"precio": 60000}, "POSPAGO-DOS": {"precio": 80000}}),
]  # fmt: skip

# --- Interacciones ----------------------------------------------------------------------------------------------------
INTERACCIONES = [
    Caso("dentro del usuario, de varias maneras",
         [(U, {"usuarios": [ana(interacciones={"quejas": ["Lento"], "sugerencias": ["Más canales"],
                                               "preguntas": "¿Cuándo vence?"}),
                            luis(pqr=[{"tipo": "queja", "detalle": "Se cae", "fecha": "03/02/2026"}], reclamos="")]})],
         DOS, interacciones=[(A, "reclamacion", "Lento"), (A, "sugerencia", "Más canales"),
                             (A, "consulta", "¿Cuándo vence?"), (B, "reclamacion", "Se cae")],
         notas=["El archivo no dice la fecha: se puso la de referencia"]),
    Caso("un tercer archivo que nombra a la gente",
         [("reclamos.json", {
             "quejas": [{"nombre": "Ana María Ríos", "telefono": "3001234567", "queja": "Lento"}],
             "sugerencias": [{"nombre": "Luis Paz", "telefono": "300 1234568", "sugerencia": "Más"}],
             "preguntas": [{"nombre": "Nadie", "telefono": "3009999999", "pregunta": "¿Hola?"}]}),
          (U, {"usuarios": [ana(telefono="3001234567"), luis(telefono="3001234568")]})],
         DOS, interacciones=[(A, "reclamacion", "Lento"), (B, "sugerencia", "Más")],
         errores={"preguntas[0]": "nadie se llama así y tiene ese teléfono"}),
]  # fmt: skip

# --- El par más suelto, lo que no se importa y lo contradictorio -----------------------------------------------------
OTROS = [
    Caso("el par vacío", [(S, {"movistar": {"servicios": {}}}), (U, {"movistar": {"usuarios": {}}})]),
    Caso("el par con listas", [(S, {"movistar": {"servicios": PLANES}}),
                               (U, {"movistar": {"usuarios": [ana(servicios=[{"servicio": "Fibra 300"}])]}})],
         {A: ANA}, [(A, FIBRA, "2012-03-15", "activo")]),
    Caso("contraseñas, personal y plantillas",
         [(U, {"usuarios": [ana(password=SECRETO), {"usuario": "root", "contraseña": SECRETO},
                            {"nombre": "", "apellido": "", "cedula": "", "telefono": ""}],
               "empleados": [{"nombre": "Jefe", "clave": SECRETO}],
               "admin": {"usuario": "admin", "password": SECRETO}})],
         {A: ANA},
         omitidos={"usuarios[1]": "usuario y su contraseña", "usuarios[2]": "Plantilla en blanco",
                   "empleados[0]": "personal", "admin": "personal"},
         avisos={"usuarios[0].password": "(oculto)", "usuarios[1].contraseña": "(oculto)"}),
    Caso("repetidos, cambiados de lugar y sin documento",
         [(U, {"usuarios": [ana(), ana(nombre="Otra"), {"nombre": "1020304052", "cedula": "Eva Mar", "año": 2012},
                            {"nombre": "Leo", "apellido": "Gil", "cc": "1020304055", "direccion": "leo@example.co",
                             "email": "Calle 5 # 6-7", "año": 2012},
                            {"nombre": "Sin", "apellido": "Papeles", "telefono": "3001112233", "año": 2012}, ana()]})],
         {A: ANA, "1020304052": {"nombre": "Eva", "apellido": "Mar"},
          "1020304055": {"email": "leo@example.co", "direccion": "Calle 5 # 6-7"},
          "PRO": {"nombre": "Sin", "tipo_documento": "PRO", "pendientes": {"documento", "fecha_vinculacion"}}},
         errores={"usuarios[1]": "Repetido: usuarios[0] y usuarios[1]"},
         omitidos={"usuarios[5]": "dice lo mismo que usuarios[0]"},
         notas=["venían cambiados de lugar"]),
    Caso("lo que nadie conoce se dice hoja por hoja",
         [(U, {"usuarios": [ana(apodo="Anita", gustos={"color": "azul", "dias": [1, 2]})], "version": "2.0"})],
         {A: ANA},
         avisos={"usuarios[0].apodo": "Anita", "usuarios[0].gustos.color": "azul", "usuarios[0].gustos.dias[1]": "2",
                 "version": "2.0"}),
]  # fmt: skip

# --- Archivos rotos ---------------------------------------------------------------------------------------------------
_UNA = '{"nombre": "Ana María", "apellido": "Ríos", "cedula": "1020304050", "fecha": "15/03/2012"'
_OTRO = '{"nombre": "Luis", "apellido": "Paz", "cedula": "1020304051", "fecha": "15-03-2025"'
ROTOS = [
    Caso("dos documentos uno tras otro", [(U, f'{{"usuarios": [{_UNA}}}]}}\n{{"usuarios": [{_OTRO}}}]}}')], DOS,
         reparaciones=["varios documentos JSON"]),
    Caso("comas, comentarios, claves sin comillas y repetidas",
         [CATALOGO, (U, f'{{"usuarios": [{_UNA.replace("{", "{,", 1)},}}, // nota\n'
                        f'{_OTRO.replace(chr(34) + "nombre" + chr(34), "nombre")},'
                        ' "plan": "Prepago", "plan": "TV"},]}')],
         DOS, [(B, PREPAGO, "2025-03-15", "activo"), (B, TV, "2025-03-15", "activo")],
         reparaciones=["Sobra una coma", "comentario", "«nombre» no tiene comillas", "«plan» está repetida"]),
    Caso("cortado a la mitad", [(U, f'{{"usuarios": [{_UNA}}}, {{"nombre": "Luis", "apel')], {A: ANA},
         reparaciones=["se acaba aquí, dentro de «usuarios[1]»"]),
    Caso("llaves de más", [(U, f'{{"usuarios": {{ {_UNA.replace("{", "{,", 1)}}} }} }}')], {A: ANA},
         reparaciones=["objeto sin claves", "Sobra una coma"]),
    Caso("Latin-1 con CRLF y .JSON",
         [("usuario.JSON", f'{{"usuarios":\r\n[{_UNA}}}]}}'.encode("latin-1"))], {A: ANA}),
    Caso("BOM, \\u y .Json",
         [("Usuario.Json", b"\xef\xbb\xbf" + json.dumps({"usuarios": [ana()]}).encode())], {A: ANA}),
    Caso("cero bytes", [(U, b"")], ilegible="usuario.json: El archivo está vacío."),
    Caso("no es JSON", [(U, "esto no es nada")], ilegible="línea 1, columna 1"),
    Caso("una tabla de otro sistema",
         [("viejos.csv", "Nombres;Apellidos;Cédula;Celular;Ciudad;Antigüedad en años;Clave;Raro\r\n"
                         f"Ana;Ríos;{A};3001234567;Bogota;7;{SECRETO};x\r\n;;;;;;;\r\n"
                         f"Luis;Paz;{B};12;Medellin;;z;\r\n")],
         {A: {"nombre": "Ana", "municipio_id": "11001", "telefono": "+573001234567",
              "pendientes": {"fecha_vinculacion"}}},
         errores={"fila 4": "El teléfono «12»"}, avisos={"encabezado": "(oculto)"}),
]  # fmt: skip

CASOS = [*FORMAS, *CLAVES, *FECHAS, *REFERENCIAS, *CATALOGOS, *INTERACCIONES, *OTROS, *ROTOS]
