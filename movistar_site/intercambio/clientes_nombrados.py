"""De qué cliente habla un registro que no trae su documento, y desde cuándo lo es."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from clientes.models import Cliente
from clientes.recursos.claves import leer_clave_de_cliente
from movistar_site.comun import busqueda
from movistar_site.comun.valores import normalizar

from .etapa import Fila
from .models import Importacion, RegistroPlan
from .piezas import LARGO_DE_CLAVE, guardable

Llave = tuple[str, str]
SE_PUSO_LA_SUYA = "El archivo no dice cuándo empezó: se puso la fecha de vinculación del cliente."
_HOMONIMOS = 20
_RECORDADOS = 20_000
_NADIE = "nadie se llama así y tiene ese teléfono"


class ClientesNombrados:
    """Halla clientes en la misma importación y en la base por su nombre y su teléfono."""

    def __init__(self, importacion: Importacion) -> None:
        self.importacion = importacion
        self._del_plan: dict[Llave, set[str]] | None = None
        self._hallados: dict[Llave, set[str]] = {}

    def resolver(self, fila: Fila) -> None:
        """Pone la clave del cliente que la fila nombra; si no es uno solo, la fila lleva su falla."""
        dado = fila.valores["cliente"]
        nombre, telefono = str(dado.get("nombre") or ""), str(dado.get("telefono") or "")
        claves = self._buscar(nombre, telefono)
        if len(claves) == 1:
            como = "su nombre y su teléfono" if _cifras(telefono) else "su nombre"
            fila.poner("cliente", next(iter(claves)), f"Es de {nombre}, hallado por {como}.")
            return
        quien = " ".join(dato for dato in (nombre, telefono) if dato)[:80]
        fila.poner("cliente", quien)
        cuantos = f"hay {len(claves)} que se llaman así" if claves else _NADIE
        fila.falla = f"No se sabe de qué cliente es: {cuantos} («{quien}»)."

    def _buscar(self, nombre: str, telefono: str) -> set[str]:
        llave = _llave(nombre, telefono)
        if llave not in self._hallados:
            if len(self._hallados) >= _RECORDADOS:
                self._hallados.clear()
            # El de la misma importación y el de la base son uno si llevan el mismo documento.
            self._hallados[llave] = self._en_el_plan(llave) or _en_la_base(nombre, llave)
        return self._hallados[llave]

    def _en_el_plan(self, llave: Llave) -> set[str]:
        if self._del_plan is None:
            self._del_plan = {}
            clientes = RegistroPlan.objects.filter(importacion=self.importacion, entidad="clientes").exclude(clave="")
            for clave, valores in clientes.values_list("clave", "valores").iterator(chunk_size=500):
                nombre = f"{valores.get('nombre') or ''} {valores.get('apellido') or ''}"
                for telefono in {_cifras(valores.get(de)) for de in ("telefono", "telefono_alterno")} | {""}:
                    self._del_plan.setdefault(_llave(nombre, telefono), set()).add(clave)
        return self._del_plan.get(llave, set())


def _en_la_base(nombre: str, llave: Llave) -> set[str]:
    plano, cifras = llave
    if not plano:
        return set()
    consulta: Any
    if cifras:
        escritos = [cifras, f"+57{cifras}"]
        consulta = Cliente.objects.filter(Q(telefono__in=escritos) & ~Q(telefono="") | Q(telefono_alterno__in=escritos))
    else:
        consulta = busqueda.filtrar(Cliente.objects.all(), nombre)
    columnas = ("nombre", "apellido", "tipo_documento", "documento")
    return {
        f"{tipo}-{documento}"
        for suyo, apellido, tipo, documento in consulta.order_by().values_list(*columnas)[:_HOMONIMOS]
        if normalizar(f"{suyo} {apellido}") == plano
    }


def fechar_contratos(importacion: Importacion, filas: Sequence[Fila]) -> None:
    """Un contrato que no dice cuándo empezó empieza con su cliente: el servicio solo guardaba su documento."""
    sin_fecha: dict[str, list[Fila]] = {}
    for fila in filas:
        if "fecha_inicio" not in fila.valores and isinstance(cliente := fila.valores.get("cliente"), str):
            sin_fecha.setdefault(guardable(cliente, LARGO_DE_CLAVE), []).append(fila)
    if not sin_fecha:
        return
    fechas = _fechas_de_la_base(sin_fecha)
    plan = RegistroPlan.objects.filter(importacion=importacion, entidad="clientes", clave__en_lista=list(sin_fecha))
    fechas |= {clave: valores.get("fecha_vinculacion") for clave, valores in plan.values_list("clave", "valores")}
    for cliente, suyas in sin_fecha.items():
        for fila in suyas if fechas.get(cliente) else ():
            fila.poner("fecha_inicio", fechas[cliente], SE_PUSO_LA_SUYA)


def _fechas_de_la_base(claves: Sequence[str] | dict[str, Any]) -> dict[str, Any]:
    documentos = []
    for clave in claves:
        try:
            documentos.append(leer_clave_de_cliente(clave)[1])
        except ValueError:
            continue
    hallados = Cliente.objects.filter(documento__en_lista=documentos)
    columnas = ("tipo_documento", "documento", "fecha_vinculacion")
    return {f"{tipo}-{documento}": fecha.isoformat() for tipo, documento, fecha in hallados.values_list(*columnas)}


def _llave(nombre: Any, telefono: Any) -> Llave:
    return normalizar(str(nombre or "")), _cifras(telefono)


def _cifras(telefono: Any) -> str:
    return "".join(cifra for cifra in str(telefono or "") if cifra.isdigit())[-10:]
