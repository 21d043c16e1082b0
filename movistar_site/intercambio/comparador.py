"""Qué se haría con cada registro leído: lo dice el recurso de su entidad; aquí se suma lo que solo se ve en el lote.

Sirve igual al plan, que no escribe, y a la aplicación, que vuelve a comparar cada tanda con lo que hay en ese momento.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from clientes import duplicados
from clientes.recursos import recordar_catalogo
from movistar_site.comun import lotes
from movistar_site.comun.auditoria import auditar
from movistar_site.comun.piezas_intercambio import CAMBIADO, ERROR, NUEVO, Contexto, Entrada, Resultado
from movistar_site.comun.recursos_base import RecursoBase
from movistar_site.comun.valores import normalizar
from servicios.models import Servicio

from .clientes_nombrados import ClientesNombrados, fechar_contratos
from .entidades import ENTIDADES
from .etapa import Fila
from .models import Identificador, Importacion, Modo, RegistroPlan
from .piezas import LARGO_DE_CLAVE, OMITIDO, en_una_linea, guardable
from .traductor import Resolucion, Resolvedor

# Se guardan registro por registro: son cientos, y cada una arrastra otras cosas (precios, atributos, componentes).
DE_CATALOGO = ("tipos", "servicios", "precios", "promociones", "departamentos", "municipios")
DE_LOTE = ("clientes", "contratos", "interacciones", "consentimientos")
EXACTO = 100
SERVICIOS_VISTOS = 300
_ENTIDAD_DE_FAMILIA = {
    "cliente": "clientes",
    "contrato": "contratos",
    "interaccion": "interacciones",
    "municipio": "municipios",
}


class Numerado(str):
    """El lugar de una entrada del catálogo, que recuerda su posición: el recurso las procesa en otro orden."""

    posicion: int


class Comparador:
    """Compara los registros de una importación con la base, entidad por entidad y por tandas."""

    def __init__(self, importacion: Importacion, *, planeando: bool) -> None:
        self.importacion = importacion
        self.contexto = Contexto(hoy=importacion.dia, usuario=importacion.usuario)
        self.contexto.identificador = importacion.identificador
        self.contexto.puede_esperar = True
        if planeando:
            self.contexto.en_plan = self.en_plan
        self._recursos: dict[str, RecursoBase] = {}
        self._resolvedor: Resolvedor | None = None
        self._nombrados = ClientesNombrados(importacion)
        self.servicios_vistos: dict[str, dict[str, Any]] = {}

    def recurso(self, entidad: str) -> RecursoBase:
        """El recurso de una entidad; todos comparten el mismo contexto."""
        if entidad not in self._recursos:
            self._recursos[entidad] = ENTIDADES[entidad].recurso(self.contexto)
        return self._recursos[entidad]

    # --- El catálogo, de una vez --------------------------------------------------------------------------------------

    def catalogo(
        self, filas: dict[str, list[Fila]], *, escribir: bool, deshacer_si_hay_errores: bool = False
    ) -> dict[str, list[Resultado]]:
        """Procesa tipos, servicios, precios, promociones y lugares en una transacción.

        Sin `escribir` se deshace al final: la única manera de saber si un paquete nuevo cumple es tener sus piezas.
        """
        _callar_precio_vigente(filas)
        resultados: dict[str, list[Resultado]] = {}
        una = self.importacion
        with transaction.atomic(), auditar(usuario=una.usuario, origen=una.origen, momento=una.momento):
            for entidad in DE_CATALOGO:
                if filas.get(entidad):
                    resultados[entidad] = self._procesar(entidad, filas[entidad], escribir)
            recordar_catalogo(self.contexto)
            malas = any(r.tipo == ERROR for varios in resultados.values() for r in varios)
            if not escribir or (malas and deshacer_si_hay_errores):
                transaction.set_rollback(True)
        return resultados

    def _procesar(self, entidad: str, filas: list[Fila], escribir: bool) -> list[Resultado]:
        entradas = []
        ordenados: list[Any] = _repetidas(self.recurso(entidad), filas)
        for posicion, fila in enumerate(filas):
            if ordenados[posicion] is None:
                lugar = Numerado(fila.ruta)
                lugar.posicion = posicion
                entradas.append(Entrada(lugar, fila.valores, fila.falla))
        if escribir:
            _asegurar_historia(self.recurso(entidad), entradas)
        for resultado in self.recurso(entidad).procesar(entradas):
            ordenados[resultado.lugar.posicion] = resultado  # type: ignore[attr-defined]
        return ordenados

    # --- Lo demás, por tandas -----------------------------------------------------------------------------------------

    def preparar(self, entidad: str, filas: Sequence[Fila]) -> None:
        """Traduce las referencias que el archivo hace a su manera: un servicio o un cliente por su nombre."""
        if entidad == "contratos":
            for fila in filas:
                self._resolver_servicio(fila)
            fechar_contratos(self.importacion, filas)
        if entidad != "clientes":
            for fila in filas:
                if isinstance(fila.valores.get("cliente"), dict):
                    self._nombrados.resolver(fila)

    def lote(self, entidad: str, filas: Sequence[Fila]) -> list[Resultado]:
        """Compara una tanda con la base, sin escribir."""
        return self.recurso(entidad).evaluar([Entrada(fila.ruta, fila.valores, fila.falla) for fila in filas])

    def protegida(self, entidad: str) -> bool:
        """Si la base misma impide dos registros con la clave por la que esta importación los reconoce."""
        return entidad == "clientes" and self.contexto.identificador == Identificador.DOCUMENTO

    def en_plan(self, familia: str, claves: Iterable[str]) -> dict[str, str]:
        """Las claves de esta misma importación, con lo que se haría con cada una."""
        entidad = _ENTIDAD_DE_FAMILIA.get(familia)
        if entidad is None:
            return {}
        buscadas = [guardable(clave, LARGO_DE_CLAVE) for clave in claves]
        consulta = RegistroPlan.objects.filter(importacion=self.importacion, entidad=entidad, clave__en_lista=buscadas)
        hallados: dict[str, str] = {}
        # Se ordenan aquí: pidiéndole el orden, SQLite recorre el plan entero por ese orden en vez de buscar las claves.
        for _, clave, tipo in sorted(consulta.order_by().values_list("id", "clave", "tipo"), reverse=True):
            if tipo != OMITIDO:
                hallados[clave] = tipo
        return hallados

    # --- Referencias --------------------------------------------------------------------------------------------------

    def _resolver_servicio(self, fila: Fila) -> None:
        referencia = fila.valores.get("servicio")
        if referencia in (None, "") or fila.falla:
            return
        if self._resolvedor is None:
            corregidos = valores_vigentes(self.importacion).get("servicio", {})
            self._resolvedor = Resolvedor(self._servicios(), corregidos, leidos=self.importacion.servicios_leidos)
        hallado = self._resolvedor.resolver(referencia)
        escrito = str(referencia.get("indice", "") if isinstance(referencia, dict) else referencia)[:80]
        if hallado.motivo != "código":
            self._recordar_servicio(escrito, hallado)
        if not hallado.codigo:
            # El recurso dirá que no existe, junto a su celda, que así se puede corregir.
            fila.poner("servicio", escrito, hallado.motivo)
        elif hallado.codigo != referencia:
            como = f"{hallado.motivo}, {hallado.puntaje} %" if hallado.puntaje < EXACTO else hallado.motivo
            nota = "" if hallado.motivo == "código" else f"«{escrito}» es el servicio {hallado.codigo} ({como})."
            fila.poner("servicio", hallado.codigo, nota)

    def _recordar_servicio(self, escrito: str, hallado: Resolucion) -> None:
        """Lo que un archivo llama a su manera se enseña en la página, donde se corrige."""
        normal = normalizar(escrito)
        visto = self.servicios_vistos.get(normal)
        if visto is None:
            if len(self.servicios_vistos) >= SERVICIOS_VISTOS:
                return
            titulo = next((titulo for codigo, titulo, _ in hallado.candidatos if codigo == hallado.codigo), "")
            visto = self.servicios_vistos[normal] = {
                "columna": "servicio", "valor": escrito, "normal": normal, "destino": hallado.codigo, "titulo": titulo,
                "puntaje": hallado.puntaje, "por": "ajuste" if hallado.motivo == "corregido" else hallado.motivo,
                "veces": 0, "propuestas": [list(candidato) for candidato in hallado.candidatos],
            }  # fmt: skip
        visto["veces"] += 1

    def _servicios(self) -> list[tuple[str, str, str, str]]:
        """El catálogo de la base y el que llega en esta importación."""
        recordados = [valor for clave, valor in self.contexto.memoria.items() if clave[0] == "servicio" and valor]
        servicios = {s.codigo: s for s in Servicio.objects.select_related("tipo").order_by("tipo__orden", "codigo")}
        servicios |= {s.codigo: s for s in recordados}
        return [(s.codigo, s.nombre, s.tipo.codigo, s.tipo.nombre) for s in servicios.values()]


def valores_vigentes(importacion: Importacion) -> dict[str, Any]:
    """Los valores traducidos a mano que rigen: los del mapa y, encima, los de esta importación."""
    valores = dict(importacion.mapa.valores) if importacion.mapa is not None else {}
    for columna, dentro in (importacion.ajustes.get("valores") or {}).items():
        valores[columna] = {**valores.get(columna, {}), **dentro}
    return valores


def _repetidas(recurso: RecursoBase, filas: Sequence[Fila]) -> list[Resultado | None]:
    """Por posición, el resultado de las filas que dicen lo mismo que otra anterior; None en las demás."""
    primeras: dict[Any, Fila] = {}
    repetidas: list[Resultado | None] = []
    for fila in filas:
        clave = recurso.clave_o_none(Entrada(fila.ruta, fila.valores, fila.falla))
        primera = fila if clave is None else primeras.setdefault(clave, fila)
        igual = primera is not fila and primera.valores == fila.valores
        nota = f"Repetido: dice lo mismo que {primera.ruta}."
        repetidas.append(Resultado(fila.ruta, OMITIDO, notas=[nota]) if igual else None)
    return repetidas


def _asegurar_historia(recurso: RecursoBase, entradas: Sequence[Entrada]) -> None:
    """Lo que vino con el panel no tiene historia: sin esta, deshacer no sabría cómo estaba."""
    claves = [clave for clave in map(recurso.clave_o_none, entradas) if clave is not None]
    existentes = [uno.pk for uno in recurso.hallar(claves) if recurso.clave_guardada(uno) in set(claves)]
    lotes.asegurar_historia(recurso._meta.model, existentes)


def _callar_precio_vigente(filas: dict[str, list[Fila]]) -> None:
    """Donde llega la historia de precios de un servicio, el vigente sale de ella y no es un precio nuevo de hoy."""
    con_historia = {str(fila.valores.get("servicio")).strip().upper() for fila in filas.get("precios", ())}
    for fila in filas.get("servicios", ()):
        if str(fila.valores.get("codigo")).strip().upper() in con_historia and "precio" in fila.valores:
            fila.valores.pop("precio")
            fila.texto = ""


# --- Lo que solo se ve en el lote -------------------------------------------------------------------------------------


def segun_modo(importacion: Importacion, resultados: Sequence[Resultado]) -> None:
    """Con «solo crear» o «solo actualizar», lo otro se omite y se dice."""
    sobra = {Modo.CREAR: CAMBIADO, Modo.ACTUALIZAR: NUEVO}.get(Modo(importacion.modo))
    frase = "Ya existe y se pidió solo crear." if sobra == CAMBIADO else "No existe y se pidió solo actualizar."
    for resultado in resultados:
        if resultado.tipo == sobra:
            resultado.tipo = OMITIDO
            resultado.notas = [*resultado.notas, frase]


POR_NOMBRE = 1_000
"""Clientes nuevos que se buscan también por su nombre, en cada importación: cada uno es una consulta."""


def parecidos(resultados: Sequence[Resultado], por_nombre: int) -> dict[int, list[list[Any]]]:
    """Posición → clientes de la base que quizás son el mismo que uno nuevo."""
    nuevos = [(n, r.instancia) for n, r in enumerate(resultados) if r.tipo == NUEVO]
    personas = [
        duplicados.Persona(
            uno.nombre, uno.apellido, tuple(t for t in (uno.telefono, uno.telefono_alterno) if t), uno.email
        )
        for _, uno in nuevos
    ]
    hallados = duplicados.probables_duplicados(personas, por_nombre=por_nombre)
    return {
        n: [[p.pk, p.quien, p.motivo, p.puntaje] for p in suyos]
        for (n, _), suyos in zip(nuevos, hallados, strict=True)
        if suyos
    }


def detalle_de(
    resultado: Resultado, notas: Sequence[str], parecidos_: list[list[Any]] | None = None, falla: str = ""
) -> dict[str, Any]:
    """Lo que se guarda del resultado de un registro; sin las claves vacías. `falla`: la que traía al leerse."""
    detalle: dict[str, Any] = {"falla": falla} if falla else {}
    if resultado.faltas:
        detalle["faltas"] = [
            [f.campo, en_una_linea(f.valor), en_una_linea(f.motivo), f.columna] for f in resultado.faltas
        ]
    if resultado.cambios and resultado.tipo == CAMBIADO:
        detalle["cambios"] = [list(cambio) for cambio in resultado.cambios]
    if todas := [*notas, *resultado.notas]:
        detalle["notas"] = todas
    if parecidos_:
        detalle["parecidos"] = parecidos_
    return detalle
