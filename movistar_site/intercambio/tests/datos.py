"""Datos inventados para las pruebas del intercambio."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from clientes.models import Departamento, Municipio

from .motor import Fuente

HOY = date(2026, 6, 15)

SERVICIOS: dict[str, Any] = {
    "movistar": {
        "tipos": {
            "fibra_prueba": {
                "nombre": "Internet de prueba óptica",
                "red": "fija",
                "modalidad": "pospago",
                "orden": 10,
                "atributos": [
                    {
                        "clave": "velocidad_bajada_mbps",
                        "nombre": "Bajada",
                        "tipo_dato": "entero",
                        "unidad": "Mbps",
                        "obligatorio": True,
                        "minimo": "1",
                    },
                    {"clave": "simetrico", "nombre": "Simétrico", "tipo_dato": "si_no"},
                    {"clave": "wifi", "nombre": "Wifi", "tipo_dato": "opcion", "opciones": ["5", "6"]},
                ],
            },
            "duo_prueba": {"nombre": "Dúo de prueba", "es_paquete": True, "aplica_sap": False, "activo": False},
            "movil_prueba": {"nombre": "Móvil de prueba", "red": "movil", "modalidad": "prepago"},
        },
        "servicios": {
            "DUO-1": {
                "nombre": "Dúo uno",
                "tipo": "DUO DE PRUEBA",
                "precio": "120000.00",
                "componentes": ["FIB-300", "MOV-1"],
            },
            "FIB-300": {
                "nombre": "Fibra 300",
                "tipo": "internet de PRUEBA optica",
                "precio": "79900.00",
                "periodicidad": "mensual",
                "caracteristicas": {"velocidad_bajada_mbps": 300, "simetrico": True, "wifi": "6"},
                "precios": [
                    {"desde": "2024-01-01", "valor": "74900.00"},
                    {"desde": "2026-01-01", "valor": "79900.00"},
                    {"desde": "2027-01-01", "valor": "85000.50"},
                ],
            },
            "MOV-1": {
                "nombre": "Móvil 1",
                "tipo": "movil_prueba",
                "precio": 5000,
                "periodicidad": "recarga",
                "descripcion": 'Línea uno\nlínea dos; "comillas"',
            },
            "VIEJO-1": {"nombre": "Viejo", "tipo": "movil_prueba", "estado": "retirado", "retirado_el": "2020-02-29"},
        },
        "promociones": {
            "PRO-1": {
                "nombre": "Promo",
                "beneficio": "porcentaje",
                "cantidad": "12.50",
                "duracion_meses": 3,
                "vigente_desde": "2026-01-01",
                "vigente_hasta": "2026-12-31",
                "servicios": ["FIB-300", "DUO-1"],
                "categorias": ["leal", "regular"],
                "meses_minimos": 6,
                "condiciones": "Solo = una vez",
                "cupo": 10,
                "activa": False,
            },
            "PRO-2": {"nombre": "Otra", "beneficio": "datos_extra", "cantidad": 5, "vigente_desde": "2026-01-01"},
        },
    }
}

USUARIO: dict[str, Any] = {
    "movistar": {
        "municipios": {"05999": {"nombre": "Nuevo Caserío", "departamento": "05"}},
        "usuarios": {
            "CC-1020304050": {
                "tipo_documento": "CC",
                "documento": "1020304050",
                "nombre": "Ana María",
                "apellido": "Ríos Peña",
                "email": "ana@example.co",
                "telefono": "300 123 4567",
                "telefono_alterno": "6011234567",
                "direccion": "=Calle 45 # 12-34",
                "municipio": "05001",
                "estrato": 3,
                "fecha_vinculacion": "2012-03-15",
                "categoria": "leal",
                "notas": "-Una nota\r\ncon «líneas»\t;",
                "servicios": [
                    {
                        "servicio": "FIB-300",
                        "fecha_inicio": "2024-05-01",
                        "estado": "activo",
                        "permanencia_meses": 12,
                        "anexo_permanencia": "AX-1",
                        "promocion": "PRO-1",
                    },
                    {
                        "numero": "C-00000077",
                        "servicio": "VIEJO-1",
                        "fecha_inicio": "2015-05-01",
                        "precio": "1000.50",
                        "estado": "terminado",
                        "fecha_fin": "2019-01-01",
                        "condiciones": {},
                        "periodicidad": "anual",
                    },
                ],
                "interacciones": [
                    {
                        "tipo": "reclamacion",
                        "fecha": "2026-02-03T10:15:00-05:00",
                        "asunto": "@No hay señal",
                        "texto": "=1+1",
                        "canal": "web",
                        "estado": "respondida",
                        "respuesta": "Listo\nya",
                        "respondida_el": "2026-02-04T08:00:00.123456-05:00",
                        "contrato": "C-00000077",
                        "registrada_por": "Luz Agente",
                    },
                    {"tipo": "sugerencia", "fecha": "2026-02-05", "asunto": "Más canales"},
                ],
                "consentimientos": [
                    {
                        "finalidad": "comercial",
                        "canal": "sms",
                        "version_texto": "v1",
                        "otorgado_el": "2025-01-01T09:00:00-05:00",
                        "medio": "oficina",
                        "evidencia": "Formulario 1",
                        "registrado_por": "Luz Agente",
                        "revocado_el": "2025-06-01T00:00:00-05:00",
                    },
                    {
                        "finalidad": "comercial",
                        "canal": "sms",
                        "version_texto": "v2",
                        "otorgado_el": "2025-07-01T09:00:00-05:00",
                        "medio": "web",
                        "evidencia": "+Registro",
                    },
                ],
            },
            "NIT-901354361-1": {
                "tipo_persona": "juridica",
                "nombre": "Empresa de Prueba S. A. S.",
                "fecha_vinculacion": "2025-01-01",
                "categoria": "leal",
                "motivo_categoria": "Cuenta corporativa",
            },
            "CE-ABC1234": {
                "nombre": "John",
                "apellido": "Ñandú 😀",
                "fecha_vinculacion": "2001-02-28",
                "categoria": "nuevo",
                "estado": "inactivo",
                "inactivo_desde": "2020-01-01",
            },
        },
    }
}


def lugares() -> None:
    """Los lugares que todo panel migrado trae."""
    antioquia, _ = Departamento.objects.get_or_create(codigo="05", defaults={"nombre": "Antioquia"})
    Municipio.objects.get_or_create(
        codigo="05001", defaults={"nombre": "Medellín", "departamento": antioquia, "es_divipola": True}
    )


def fuente(nombre: str, contenido: Any) -> Fuente:
    """Un archivo JSON con ese contenido."""
    return Fuente(nombre, json.dumps(contenido, ensure_ascii=False).encode())


def par() -> list[Fuente]:
    """El par completo, con el usuario primero: el orden de los archivos no importa."""
    return [fuente("usuario.json", USUARIO), fuente("servicios.json", SERVICIOS)]
