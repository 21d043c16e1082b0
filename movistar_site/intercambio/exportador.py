"""Escribe todo lo que hay: el par canónico en JSON, o una tabla CSV o XLSX por entidad. Siempre en el mismo orden."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from clientes.models import Cliente, Consentimiento, Contrato, Interaccion
from clientes.recursos import clave_de_cliente
from movistar_site.comun.formatos_archivo import POR_EXTENSION
from movistar_site.comun.parametros import parametros
from movistar_site.comun.recursos_base import Contexto
from servicios.models import PrecioServicio
from servicios.recursos import atributos_de

from .canonico import RAIZ
from .entidades import ENTIDADES

SERVICIOS = "servicios.json"
USUARIO = "usuario.json"
FORMATOS = ("json", "csv", "xlsx")
_TROZO = 500


class YaExiste(ValueError):
    """La carpeta tiene archivos que se reemplazarían."""


def exportar(carpeta: Path, *, hoy: date, formato: str = "json", reemplazar: bool = False) -> list[Path]:
    """Escribe los archivos en `carpeta` y devuelve sus rutas. Cada uno aparece entero o no aparece.

    Lanza YaExiste si alguno está y no se pidió `reemplazar`, y OSError si no se puede escribir.
    """
    escritores = archivos(hoy=hoy, formato=formato)
    carpeta.mkdir(parents=True, exist_ok=True)
    existentes = [nombre for nombre in escritores if (carpeta / nombre).exists()]
    if existentes and not reemplazar:
        raise YaExiste(f"Ya hay archivos con ese nombre: {', '.join(existentes)}. Use --reemplazar.")
    listos: list[tuple[str, Path]] = []
    try:
        for nombre, escribir in escritores.items():
            listos.append((_a_temporal(carpeta, escribir()), carpeta / nombre))
        for temporal, destino in listos:
            Path(temporal).replace(destino)
    except BaseException:
        for temporal, _ in listos:
            Path(temporal).unlink(missing_ok=True)
        raise
    return [destino for _, destino in listos]


def _a_temporal(carpeta: Path, trozos: Iterable[bytes]) -> str:
    descriptor, temporal = tempfile.mkstemp(dir=carpeta, prefix=".exportando-")
    try:
        with os.fdopen(descriptor, "wb") as archivo:
            archivo.writelines(trozos)
            archivo.flush()
            os.fsync(archivo.fileno())
    except BaseException:
        Path(temporal).unlink(missing_ok=True)
        raise
    return temporal


def archivos(*, hoy: date, formato: str = "json") -> dict[str, Callable[[], Iterator[bytes]]]:
    """Los archivos de una exportación y cómo se escribe cada uno, por trozos."""
    if formato == "json":
        return {SERVICIOS: lambda: escribir_servicios(hoy), USUARIO: lambda: escribir_usuario(hoy)}
    return {f"{nombre}.{formato}": lambda n=nombre: escribir_tabla(n, formato, hoy) for nombre in ENTIDADES}  # type: ignore[misc]


def escribir_zip(destino: Any, *, hoy: date) -> None:
    """Escribe en `destino` un ZIP con el par canónico."""
    with zipfile.ZipFile(destino, "w", zipfile.ZIP_DEFLATED) as comprimido:
        for nombre, escribir in archivos(hoy=hoy).items():
            with comprimido.open(nombre, "w", force_zip64=True) as entrada:
                for trozo in escribir():
                    entrada.write(trozo)


def escribir_tabla(nombre: str, formato: str, hoy: date) -> Iterator[bytes]:
    """Una entidad como tabla."""
    entidad = ENTIDADES[nombre]
    recurso = entidad.recurso(Contexto(hoy=hoy))
    clase = POR_EXTENSION[formato]
    filas = recurso.filas(entidad.consulta(), para_excel=formato == "xlsx")
    return clase.escribir(recurso.encabezados(con_titulos=clase.con_titulos), filas)


# --- El par canónico -------------------------------------------------------------------------------------------------


def escribir_servicios(hoy: date) -> Iterator[bytes]:
    """`servicios.json`: tipos, servicios y promociones."""
    tipos = ENTIDADES["tipos"].consulta().prefetch_related("atributos")
    precios = Prefetch("precios", PrecioServicio.objects.order_by("vigente_desde"))
    catalogo: Any = ENTIDADES["servicios"].consulta()
    servicios = catalogo.con_precio(hoy).select_related("tipo")
    promociones = ENTIDADES["promociones"].consulta().prefetch_related("servicios")
    return _documento(
        {
            "tipos": ((t.codigo, _tipo(t)) for t in _leer(tipos)),
            "servicios": ((s.codigo, _servicio(s)) for s in _leer(servicios.prefetch_related(precios, "componentes"))),
            "promociones": ((p.codigo, _promocion(p)) for p in _leer(promociones)),
        }
    )


def escribir_usuario(hoy: date) -> Iterator[bytes]:
    """`usuario.json`: los lugares propios y los clientes con todo lo suyo."""
    contratos = Contrato.objects.select_related("servicio", "promocion").order_by("numero")
    interacciones = Interaccion.objects.select_related("contrato").order_by("numero")
    consentimientos = Consentimiento.objects.order_by("otorgado_el", "finalidad", "canal", "pk")
    clientes = (
        Cliente.objects.order_by(*ENTIDADES["clientes"].orden)
        .con_categoria(hoy, parametros(hoy))
        .prefetch_related(
            Prefetch("contratos", contratos),
            Prefetch("interacciones", interacciones),
            Prefetch("consentimientos", consentimientos),
        )
    )
    return _documento(
        {
            "departamentos": ((d.codigo, {"nombre": d.nombre}) for d in _leer(ENTIDADES["departamentos"].consulta())),
            "municipios": (
                (m.codigo, {"nombre": m.nombre, "departamento": m.departamento_id})
                for m in _leer(ENTIDADES["municipios"].consulta())
            ),
            "usuarios": ((clave_de_cliente(c), _cliente(c)) for c in _leer(clientes)),
        }
    )


def _leer(consulta: Any) -> Iterator[Any]:
    return consulta.iterator(chunk_size=_TROZO)  # type: ignore[no-any-return]


def _documento(secciones: dict[str, Iterator[tuple[str, dict[str, Any]]]]) -> Iterator[bytes]:
    """Escribe las secciones registro por registro; las vacías no salen."""
    yield f'{{"{RAIZ}": {{'.encode()
    coma = "\n"
    for seccion, registros in secciones.items():
        abierta = False
        for clave, registro in registros:
            yield (",\n" if abierta else f"{coma}  {_json(seccion)}: {{\n").encode()
            yield f"    {_json(clave)}: {_sangrado(registro)}".encode()
            abierta, coma = True, ",\n"
        if abierta:
            yield b"\n  }"
    yield b"\n}}\n"


def _json(valor: Any) -> str:
    return json.dumps(valor, ensure_ascii=False)


def _sangrado(registro: dict[str, Any]) -> str:
    # Se cambia el salto de línea y no se usa textwrap: dentro de un texto puede haber U+2028, que también parte líneas.
    return json.dumps(registro, ensure_ascii=False, indent=2).replace("\n", "\n    ")


def _sin_vacios(siempre: tuple[str, ...] = (), **valores: Any) -> dict[str, Any]:
    """El registro sin lo vacío: al importar, lo que falta vale lo mismo."""
    return {
        clave: _valor(valor)
        for clave, valor in valores.items()
        if clave in siempre or not (valor is None or valor is False or valor in ("", 0, [], {}))
    }


def _valor(valor: Any) -> Any:
    if isinstance(valor, Decimal):
        return f"{valor:.2f}"
    if isinstance(valor, datetime):
        return timezone.localtime(valor).isoformat()
    if isinstance(valor, date):
        return valor.isoformat()
    return valor


def _ordenado(valor: Any) -> Any:
    """Un objeto JSON con sus claves en orden: cada base las devuelve a su manera."""
    if isinstance(valor, dict):
        return {clave: _ordenado(valor[clave]) for clave in sorted(valor)}
    return [_ordenado(dentro) for dentro in valor] if isinstance(valor, list) else valor


def _tipo(tipo: Any) -> dict[str, Any]:
    return _sin_vacios(
        ("activo", "aplica_sap", "orden"),
        nombre=tipo.nombre, descripcion=tipo.descripcion, red=tipo.red, modalidad=tipo.modalidad,
        es_paquete=tipo.es_paquete, componentes_minimos=tipo.componentes_minimos, aplica_sap=tipo.aplica_sap,
        activo=tipo.activo, orden=tipo.orden,
        atributos=[{clave: _valor(valor) for clave, valor in atributo.items()} for atributo in atributos_de(tipo)],
    )  # fmt: skip


def _servicio(servicio: Any) -> dict[str, Any]:
    return _sin_vacios(
        nombre=servicio.nombre, tipo=servicio.tipo.nombre, descripcion=servicio.descripcion,
        precio=_texto_pesos(servicio.precio_vigente), periodicidad=servicio.periodicidad,
        caracteristicas=_ordenado(servicio.caracteristicas),
        componentes=sorted(pieza.codigo for pieza in servicio.componentes.all()),
        estado=servicio.estado, retirado_el=servicio.retirado_el,
        precios=[{"desde": precio.vigente_desde.isoformat(), "valor": _texto_pesos(precio.valor)}
                 for precio in servicio.precios.all()],
    )  # fmt: skip


def _texto_pesos(valor: Decimal | None) -> str | None:
    return None if valor is None else f"{valor:.2f}"


def _promocion(promocion: Any) -> dict[str, Any]:
    return _sin_vacios(
        ("activa", "cupo") if promocion.cupo is not None else ("activa",),
        nombre=promocion.nombre, descripcion=promocion.descripcion, beneficio=promocion.beneficio,
        cantidad=promocion.cantidad, duracion_meses=promocion.duracion_meses, vigente_desde=promocion.vigente_desde,
        vigente_hasta=promocion.vigente_hasta, servicios=sorted(s.codigo for s in promocion.servicios.all()),
        categorias=promocion.categorias, meses_minimos=promocion.meses_minimos, condiciones=promocion.condiciones,
        cupo=promocion.cupo, activa=promocion.activa,
    )  # fmt: skip


def _cliente(cliente: Any) -> dict[str, Any]:
    return _sin_vacios(
        # El motivo vacío dice que la categoría la da la permanencia y no una persona.
        ("motivo_categoria",),
        tipo_persona=cliente.tipo_persona, tipo_documento=cliente.tipo_documento, documento=cliente.documento,
        nombre=cliente.nombre, apellido=cliente.apellido, email=cliente.email, telefono=str(cliente.telefono or ""),
        telefono_alterno=str(cliente.telefono_alterno or ""), direccion=cliente.direccion,
        municipio=cliente.municipio_id, estrato=cliente.estrato, fecha_vinculacion=cliente.fecha_vinculacion,
        categoria=cliente.categoria, motivo_categoria=cliente.motivo_categoria if cliente.categoria_asignada else "",
        estado=cliente.estado, inactivo_desde=cliente.inactivo_desde, notas=cliente.notas,
        servicios=[_contrato(contrato) for contrato in cliente.contratos.all()],
        interacciones=[_interaccion(interaccion) for interaccion in cliente.interacciones.all()],
        consentimientos=[_consentimiento(consentimiento) for consentimiento in cliente.consentimientos.all()],
    )  # fmt: skip


def _contrato(contrato: Any) -> dict[str, Any]:
    return _sin_vacios(
        # Vacías también salen: si faltaran, al importar las daría el servicio.
        ("condiciones", "precio", "periodicidad"),
        numero=contrato.numero, servicio=contrato.servicio.codigo, estado=contrato.estado,
        fecha_inicio=contrato.fecha_inicio, fecha_fin=contrato.fecha_fin, precio=_texto_pesos(contrato.precio),
        periodicidad=contrato.periodicidad, condiciones=_ordenado(contrato.condiciones),
        permanencia_meses=contrato.permanencia_meses, anexo_permanencia=contrato.anexo_permanencia,
        promocion=contrato.promocion.codigo if contrato.promocion_id else "",
    )  # fmt: skip


def _interaccion(interaccion: Any) -> dict[str, Any]:
    return _sin_vacios(
        numero=interaccion.numero, tipo=interaccion.tipo, fecha=interaccion.fecha, canal=interaccion.canal,
        asunto=interaccion.asunto, texto=interaccion.texto, estado=interaccion.estado,
        contrato=interaccion.contrato.numero if interaccion.contrato_id else "", respuesta=interaccion.respuesta,
        respondida_el=interaccion.respondida_el, registrada_por=interaccion.registrada_por_nombre,
    )  # fmt: skip


def _consentimiento(consentimiento: Any) -> dict[str, Any]:
    return _sin_vacios(
        finalidad=consentimiento.finalidad, canal=consentimiento.canal, version_texto=consentimiento.version_texto,
        otorgado_el=consentimiento.otorgado_el, medio=consentimiento.medio, evidencia=consentimiento.evidencia,
        registrado_por=consentimiento.registrado_por_nombre, revocado_el=consentimiento.revocado_el,
    )  # fmt: skip
