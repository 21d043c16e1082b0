"""El catálogo de ejemplo: 30 servicios de los siete tipos, con su historia de precios, y cinco promociones.

Los precios vigentes siguen los rangos del dominio, sección 6 (COP al mes). Todo es inventado.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from servicios.base import TIPOS_BASE

NOMBRE_DE_TIPO = {tipo.codigo: tipo.nombre for tipo in TIPOS_BASE}
RED_DE_TIPO = {tipo.codigo: tipo.red for tipo in TIPOS_BASE}


class ServicioEjemplo(NamedTuple):
    """Un servicio del catálogo de ejemplo. `precios` va de la fecha al valor en pesos, del más viejo al más nuevo."""

    codigo: str
    nombre: str
    tipo: str
    descripcion: str
    precios: dict[str, int]
    peso: int
    """Popularidad relativa: con ella se reparten los contratos."""
    caracteristicas: dict[str, Any]
    componentes: tuple[str, ...] = ()
    retirado_el: str = ""

    @property
    def periodicidad(self) -> str:
        """El prepago se cobra por recarga; lo demás, cada mes."""
        return "recarga" if self.tipo == "prepago" else "mensual"


def _fibra(bajada: int, subida: int) -> dict[str, Any]:
    return {"velocidad_bajada_mbps": bajada, "velocidad_subida_mbps": subida, "simetrica": bajada == subida}


def _paquete(bajada: int, canales: int = 0) -> dict[str, Any]:
    return {"velocidad_bajada_mbps": bajada} | ({"canales": canales} if canales else {})


def _movil(datos_gb: float, *, minutos: int = 0, roaming: bool = False) -> dict[str, Any]:
    voz = {"minutos": minutos} if minutos else {"minutos_ilimitados": True}
    return {"datos_gb": datos_gb, "datos_ilimitados": False} | voz | {"roaming": roaming}


SERVICIOS: tuple[ServicioEjemplo, ...] = (
    ServicioEjemplo(
        "FIB-300", "Fibra 300 Mbps", "fibra", "Para una familia que ve video, estudia y trabaja en casa.",
        {"2020-03-01": 62900, "2022-01-01": 66900, "2024-01-01": 71900, "2026-01-01": 74900}, 190, _fibra(300, 300),
    ),
    ServicioEjemplo(
        "FIB-600", "Fibra 600 Mbps", "fibra", "Para varios equipos conectados al tiempo, sin esperas.",
        {"2021-06-01": 82900, "2024-01-01": 86900, "2026-01-01": 89900}, 70, _fibra(600, 600),
    ),
    ServicioEjemplo(
        "FIB-900", "Fibra 900 Mbps", "fibra", "La mayor velocidad para el hogar.",
        {"2022-09-01": 104900, "2025-01-01": 112900}, 22, _fibra(900, 900),
    ),
    ServicioEjemplo(
        "FIB-500-JUEGO", "Fibra 500 Mbps para jugar", "fibra", "Ruta con menor latencia para juegos en línea.",
        {"2024-02-01": 92900, "2026-01-01": 94900}, 12, _fibra(500, 500),
    ),
    ServicioEjemplo(
        "FIB-EMP-600", "Fibra Empresas 600 Mbps", "fibra", "Con dirección IP fija y soporte prioritario para negocios.",
        {"2021-02-01": 119900, "2025-01-01": 129900}, 10, _fibra(600, 600),
    ),
    ServicioEjemplo(
        "FIB-100", "Fibra 100 Mbps", "fibra", "Retirado: lo reemplazó Fibra 300 Mbps.",
        {"2016-04-01": 54900, "2018-01-01": 57900, "2020-01-01": 59900}, 60, _fibra(100, 50), (), "2022-06-30",
    ),
    ServicioEjemplo(
        "FIB-20", "Internet Hogar 20 Mbps", "fibra", "Retirado: fue el primer plan de fibra.",
        {"2012-08-01": 49900, "2015-01-01": 52900}, 40, _fibra(20, 5), (), "2018-12-31",
    ),
    ServicioEjemplo(
        "POS-10", "Pospago 10 GB", "pospago", "Lo esencial: redes sociales, mensajería y llamadas a todo destino.",
        {"2018-05-01": 29900, "2022-01-01": 32900, "2025-01-01": 34900}, 150, _movil(10),
    ),
    ServicioEjemplo(
        "POS-20", "Pospago 20 GB", "pospago", "Para quien navega todos los días por fuera de casa.",
        {"2018-05-01": 39900, "2022-01-01": 42900, "2025-01-01": 44900}, 130, _movil(20),
    ),
    ServicioEjemplo(
        "POS-40", "Pospago 40 GB", "pospago", "Video en alta definición y datos para compartir.",
        {"2019-09-01": 52900, "2023-01-01": 56900, "2025-01-01": 59900}, 70, _movil(40),
    ),
    ServicioEjemplo(
        "POS-ILIM", "Pospago Ilimitado", "pospago", "Datos, minutos y mensajes sin límite.",
        {"2020-11-01": 74900, "2023-01-01": 79900, "2025-01-01": 84900}, 45,
        {"datos_ilimitados": True, "minutos_ilimitados": True, "roaming": False},
    ),
    ServicioEjemplo(
        "POS-ILIM-PLUS", "Pospago Ilimitado Plus", "pospago", "Ilimitado, con datos incluidos al viajar por América.",
        {"2022-03-01": 89900, "2025-01-01": 94900}, 15,
        {"datos_ilimitados": True, "minutos_ilimitados": True, "roaming": True},
    ),
    ServicioEjemplo(
        "POS-5", "Pospago 5 GB", "pospago", "Retirado: lo reemplazó Pospago 10 GB.",
        {"2014-10-01": 34900, "2017-01-01": 36900}, 60, _movil(5, minutos=600), (), "2021-03-31",
    ),
    ServicioEjemplo(
        "POS-VOZ-200", "Plan 200 minutos", "pospago", "Retirado: llamadas por minutos, sin datos.",
        {"2001-01-01": 32000, "2006-01-01": 36900, "2011-01-01": 39900}, 130,
        {"minutos": 200, "roaming": False}, (), "2015-12-31",
    ),
    ServicioEjemplo(
        "PRE-1D", "Paquete 1 día", "prepago", "Un giga y minutos ilimitados por un día.",
        {"2019-01-01": 3000, "2023-01-01": 3500, "2026-01-01": 3900}, 40, {"datos_gb": 1, "dias_vigencia": 1},
    ),
    ServicioEjemplo(
        "PRE-7D", "Paquete 7 días", "prepago", "Cuatro gigas y llamadas para la semana.",
        {"2017-01-01": 9000, "2022-01-01": 10000, "2025-01-01": 11000}, 70,
        {"datos_gb": 4.5, "minutos": 300, "dias_vigencia": 7},
    ),
    ServicioEjemplo(
        "PRE-15D", "Paquete 15 días", "prepago", "Diez gigas y llamadas para la quincena.",
        {"2017-01-01": 17000, "2022-01-01": 19000, "2025-01-01": 20000}, 60,
        {"datos_gb": 10, "minutos": 600, "dias_vigencia": 15},
    ),
    ServicioEjemplo(
        "PRE-30D", "Paquete 30 días", "prepago", "Veinte gigas y llamadas para el mes, sin factura.",
        {"2017-01-01": 32000, "2022-01-01": 36000, "2025-01-01": 38000}, 80,
        {"datos_gb": 20, "minutos": 1200, "dias_vigencia": 30},
    ),
    ServicioEjemplo(
        "PRE-VOZ", "Recarga de minutos", "prepago", "Retirado: recarga solo para llamadas.",
        {"2001-01-01": 10000, "2009-01-01": 12000}, 110, {"minutos": 60, "dias_vigencia": 30}, (), "2017-06-30",
    ),
    ServicioEjemplo(
        "TV-BASICA", "Televisión Básica", "television", "Canales nacionales, noticias, infantil y deportes.",
        {"2014-03-01": 42900, "2019-01-01": 47900, "2024-01-01": 52900}, 50,
        {"canales": 95, "canales_hd": 30, "decodificadores": 1},
    ),
    ServicioEjemplo(
        "TV-HD", "Televisión HD", "television", "Toda la programación en alta definición, con grabación en la nube.",
        {"2017-08-01": 57900, "2022-01-01": 61900, "2025-01-01": 64900}, 36,
        {"canales": 140, "canales_hd": 90, "decodificadores": 2, "ott": "Grabación en la nube"},
    ),
    ServicioEjemplo(
        "TV-PREMIUM", "Televisión Premium", "television", "Cine, series y fútbol en vivo, en tres pantallas.",
        {"2020-02-01": 72900, "2025-01-01": 79900}, 14,
        {"canales": 190, "canales_hd": 140, "decodificadores": 3, "ott": "Cine y fútbol en vivo"},
    ),
    ServicioEjemplo(
        "TV-SAT", "Televisión Satelital", "television", "Retirado: televisión por antena.",
        {"2007-03-01": 45900, "2012-01-01": 49900, "2016-01-01": 54900}, 70,
        {"canales": 80, "decodificadores": 1}, (), "2019-12-31",
    ),
    ServicioEjemplo(
        "FIJ-LOCAL", "Línea fija local", "telefonia_fija", "500 minutos locales al mes.",
        {"2001-01-01": 18500, "2010-01-01": 21900, "2020-01-01": 23900, "2025-01-01": 24900}, 45, {"minutos": 500},
    ),
    ServicioEjemplo(
        "FIJ-ILIM", "Línea fija ilimitada", "telefonia_fija", "Llamadas locales y nacionales sin límite.",
        {"2009-05-01": 29900, "2019-01-01": 32900, "2025-01-01": 34900}, 30, {"minutos_ilimitados": True},
    ),
    ServicioEjemplo(
        "DUO-300-VOZ", "Dúo Fibra 300 y línea fija", "duo", "Internet de 300 Mbps con línea fija ilimitada.",
        {"2021-01-01": 89900, "2024-01-01": 96900, "2026-01-01": 102900}, 46, _paquete(300), ("FIB-300", "FIJ-ILIM"),
    ),
    ServicioEjemplo(
        "DUO-300-TV", "Dúo Fibra 300 y televisión", "duo", "Internet de 300 Mbps con televisión básica.",
        {"2020-06-01": 99900, "2023-01-01": 109900, "2026-01-01": 114900}, 75,
        _paquete(300, 95), ("FIB-300", "TV-BASICA"),
    ),
    ServicioEjemplo(
        "DUO-600-TV", "Dúo Fibra 600 y televisión HD", "duo", "Internet de 600 Mbps con televisión en alta definición.",
        {"2022-01-01": 124900, "2025-01-01": 134900}, 30, _paquete(600, 140), ("FIB-600", "TV-HD"),
    ),
    ServicioEjemplo(
        "TRI-300", "Trío Fibra 300", "trio", "Internet de 300 Mbps, televisión básica y línea fija.",
        {"2020-06-01": 119900, "2023-01-01": 132900, "2026-01-01": 139900}, 62,
        _paquete(300, 95), ("FIB-300", "FIJ-ILIM", "TV-BASICA"),
    ),
    ServicioEjemplo(
        "TRI-600", "Trío Fibra 600", "trio", "Internet de 600 Mbps, televisión HD y línea fija.",
        {"2022-01-01": 152900, "2025-01-01": 164900}, 26, _paquete(600, 140), ("FIB-600", "FIJ-ILIM", "TV-HD"),
    ),
)  # fmt: skip

PROMOCIONES: dict[str, dict[str, Any]] = {
    "BIENVENIDA-FIBRA": {
        "nombre": "Bienvenida a la fibra",
        "descripcion": "Descuento en los primeros meses para quien estrena internet de fibra.",
        "beneficio": "porcentaje",
        "cantidad": "20.00",
        "duracion_meses": 6,
        "vigente_desde": "2025-07-01",
        "vigente_hasta": "2027-06-30",
        "servicios": ["FIB-300", "FIB-600", "FIB-900"],
        "condiciones": "Para instalaciones nuevas. El descuento se ve en la factura desde el primer mes.",
        "activa": True,
    },
    "COMBO-HOGAR": {
        "nombre": "Un mes de regalo en combos",
        "descripcion": "El segundo mes de un dúo o un trío no se cobra.",
        "beneficio": "meses_gratis",
        "cantidad": "1.00",
        "duracion_meses": 1,
        "vigente_desde": "2026-01-15",
        "servicios": ["DUO-300-TV", "DUO-600-TV", "TRI-300", "TRI-600"],
        "condiciones": "Un regalo por dirección. No obliga a permanecer ni cambia el precio de los demás meses.",
        "activa": True,
    },
    "GIGAS-LEALES": {
        "nombre": "Gigas para clientes leales",
        "descripcion": "Diez gigas más cada mes para quien lleva más de diez años.",
        "beneficio": "datos_extra",
        "cantidad": "10.00",
        "duracion_meses": 12,
        "vigente_desde": "2026-03-01",
        "vigente_hasta": "2027-02-28",
        "servicios": ["POS-10", "POS-20", "POS-40"],
        "categorias": ["leal"],
        "meses_minimos": 121,
        "condiciones": "Las gigas se suman al plan y no se acumulan de un mes a otro.",
        "cupo": 5000,
        "activa": True,
    },
    "NAVIDAD-2025": {
        "nombre": "Navidad conectada 2025",
        "descripcion": "Veinte mil pesos menos en la factura durante tres meses.",
        "beneficio": "valor",
        "cantidad": "20000.00",
        "duracion_meses": 3,
        "vigente_desde": "2025-11-15",
        "vigente_hasta": "2026-01-15",
        "servicios": ["FIB-600", "TV-HD", "TV-PREMIUM"],
        "condiciones": "Para contratos firmados dentro de la vigencia.",
        "activa": True,
    },
    "PASATE-A-POSPAGO": {
        "nombre": "Pásate a pospago",
        "descripcion": "Mitad de precio los dos primeros meses para quien viene de prepago.",
        "beneficio": "porcentaje",
        "cantidad": "50.00",
        "duracion_meses": 2,
        "vigente_desde": "2024-08-01",
        "vigente_hasta": "2025-12-31",
        "servicios": ["POS-10", "POS-20"],
        "categorias": ["nuevo", "regular"],
        "condiciones": "Conserva el número. Se aplica una vez por línea.",
        "activa": False,
    },
}  # fmt: skip


def documento_servicios() -> dict[str, Any]:
    """El contenido de `servicios.json`, en el orden de claves con que se exporta."""
    servicios = {s.codigo: _servicio(s) for s in sorted(SERVICIOS)}
    promociones = {codigo: PROMOCIONES[codigo] for codigo in sorted(PROMOCIONES)}
    return {"movistar": {"servicios": servicios, "promociones": promociones}}


def en_orden(valor: Any) -> Any:
    """Un objeto JSON con sus claves en orden alfabético, como lo escribe la exportación."""
    return {clave: en_orden(valor[clave]) for clave in sorted(valor)} if isinstance(valor, dict) else valor


def _servicio(servicio: ServicioEjemplo) -> dict[str, Any]:
    precios = [{"desde": desde, "valor": f"{valor}.00"} for desde, valor in servicio.precios.items()]
    registro: dict[str, Any] = {
        "nombre": servicio.nombre,
        "tipo": NOMBRE_DE_TIPO[servicio.tipo],
        "descripcion": servicio.descripcion,
        "precio": precios[-1]["valor"],
        "periodicidad": servicio.periodicidad,
        "caracteristicas": en_orden(servicio.caracteristicas),
        "componentes": sorted(servicio.componentes),
        "estado": "retirado" if servicio.retirado_el else "activo",
        "retirado_el": servicio.retirado_el,
        "precios": precios,
    }
    return {clave: valor for clave, valor in registro.items() if valor not in ("", [], {})}
