"""La asignación de bonificaciones: a quién le toca, cuánto y qué asesor se lo dice. Toda la hace la base, por tandas.

Se puede repetir, cortar a la mitad o correr dos veces a la vez: cada cliente recibe una por programa y aniversario
(clave única), y cada una nace, en la misma transacción, con su derivación y la historia de las dos. Una bonificación es
un aviso que lleva al cliente a un asesor, y nunca una deuda, una condición ni una permanencia (dominio, sección 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import Max, OuterRef, Sum
from django.utils import timezone

from clientes.models import Cliente
from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.estimaciones import Creciente
from movistar_site.comun.lotes import Firma, claves_nuevas, meter_filas, tabla_de
from movistar_site.comun.models import nombre_de
from movistar_site.comun.trabajo_pesado import trabajo_pesado
from movistar_site.comun.valores import formatear_fecha

from ..asignacion.criterios import CENTAVOS, Criterios, centesimas, de_centesimas
from ..asignacion.elegibles import CAMBIO, ENTRA, PROGRAMA_CAMBIO, TABLA, Busqueda, buscar, con_razon
from ..asignacion.temporales import temporales, vaciar
from ..asignacion.turno import tomar_turno
from ..derivaciones.reparto import Reparto
from ..models import (
    Bonificacion,
    Corrida,
    Derivacion,
    EstadoBonificacion,
    EstadoDerivacion,
    Programa,
    VigenciaPrograma,
)
from ..models.programa import Beneficio
from .derivaciones_avisos import avisar_lo_derivado

TANDA = 500
INTENTOS = 2
REPARTO = "fidelizacion_reparto"
REPARTIDOS = {REPARTO: "n integer PRIMARY KEY, bono bigint, derivacion bigint, asesor bigint"}
"""La tabla temporal con que cada tanda dice a la base qué claves y qué asesor le tocaron a cada uno."""
INTERRUMPIDA = timedelta(minutes=10)
"""Una corrida sin terminar que no avanza en este tiempo se da por interrumpida."""
MOTIVO = "Asignada por su permanencia"


def notificar_fidelizacion(
    *,
    programa: Programa,
    hoy: date,
    ahora: datetime,
    usuario: Any = None,
    simular: bool = False,
    origen: str = "",
    corrida: Corrida | None = None,
) -> Corrida:
    """Busca a quiénes premia el programa el día `hoy`, se lo asigna y deriva cada uno a un asesor.

    Devuelve la corrida, con las cuentas exactas. `simular`: hace las mismas cuentas y no asigna nada. `usuario`: a
    nombre de quién queda; sin él, de nadie. `corrida`: la que ya se abrió para este trabajo; si quedó a medias, sigue
    donde iba. Lanza ValidationError si el programa no está vigente ese día y no se está simulando.
    """
    if not simular:
        exigir_vigente(programa, hoy)
    corrida = corrida or abrir_corrida(
        programa=programa, hoy=hoy, ahora=ahora, usuario=usuario, simular=simular, origen=origen
    )
    firma = Firma(ahora, usuario, MOTIVO, origen or f"corrida {corrida.pk}")
    with trabajo_pesado():
        _Asignacion(programa, corrida, hoy, firma).hacer()
    if not simular:
        _avisar(corrida, ahora)
    return corrida


def abrir_corrida(
    *, programa: Programa, hoy: date, ahora: datetime, usuario: Any = None, simular: bool = False, origen: str = ""
) -> Corrida:
    """Una corrida en blanco, para que su página exista antes de que el trabajo empiece."""
    return Corrida.objects.create(
        programa=programa,
        dia=hoy,
        simulada=simular,
        empezada_el=ahora,
        hecha_por_nombre=nombre_de(usuario),
        origen=origen,
    )


def exigir_vigente(programa: Programa, hoy: date) -> None:
    """Lanza ValidationError, con la razón, si el programa no premia a nadie ese día."""
    if frase := por_que_no_asigna(programa, hoy):
        raise ValidationError(frase)


def por_que_no_asigna(programa: Programa, hoy: date) -> str:
    """Por qué un programa no asigna bonificaciones ese día; vacía si sí."""
    vigencia = programa.vigencia(hoy)
    if vigencia == VigenciaPrograma.INACTIVO:
        return f"El programa «{programa.nombre}» está inactivo: actívelo para asignar bonificaciones."
    if vigencia == VigenciaPrograma.FUTURO:
        desde = formatear_fecha(programa.vigente_desde)
        return f"El programa «{programa.nombre}» rige desde el {desde}: antes de ese día solo se simula."
    if vigencia == VigenciaPrograma.TERMINADO and programa.vigente_hasta is not None:
        hasta = formatear_fecha(programa.vigente_hasta)
        return f"El programa «{programa.nombre}» terminó el {hasta}: ya no asigna bonificaciones."
    return ""


def disponible_de(programa: Programa, hoy: date) -> int | None:
    """Los centavos al mes que le quedan al tope del programa; None si no tiene tope."""
    if programa.tope_mensual is None:
        return None
    return max(centesimas(programa.tope_mensual) - comprometido(programa, hoy), 0)


def comprometido(programa: Programa, hoy: date) -> int:
    """Lo que cuestan al mes, en centavos, sus bonificaciones en pie: las que esperan respuesta y las aceptadas.

    Una aceptada cuesta desde que el cliente la aceptó y por los meses que dura. Lo rechazado, vencido o anulado se
    libera.
    """
    suyas = Bonificacion.objects.filter(programa=programa.pk).order_by()
    return _sumar(suyas.abiertas()) + _sumar(suyas.en_curso(hoy))


def _sumar(bonificaciones: Any) -> int:
    return centesimas(bonificaciones.aggregate(suma=Sum("costo_mensual"))["suma"] or Decimal(0))


# --- La asignación ---------------------------------------------------------------------------------------------------
@dataclass
class _Tanda:
    """Unos elegidos seguidos, vueltos a mirar: a quién se le asigna (con su asesor) y qué pasó con los demás."""

    filas: list[tuple[int, int | None, int]] = field(default_factory=list)  # lugar, asesor y costo
    ya: int = 0
    cambiaron: int = 0
    sin_tope: int = 0

    @property
    def costo(self) -> int:
        return sum(costo for _, _, costo in self.filas)

    @property
    def derivadas(self) -> int:
        return sum(asesor is not None for _, asesor, _ in self.filas)


class _Asignacion:
    """Los pasos de una corrida, con lo que comparten."""

    def __init__(self, programa: Programa, corrida: Corrida, hoy: date, firma: Firma) -> None:
        self.programa, self.corrida, self.hoy, self.firma = programa, corrida, hoy, firma
        self.criterios = Criterios.de(programa)
        self.reparto = Reparto.de(hoy)
        self.disponible = disponible_de(programa, hoy)
        self.ultima_derivacion = self._ultima(Derivacion)
        self.ultima_bonificacion = self._ultima(Bonificacion)
        self.crecientes = [Creciente(Bonificacion), Creciente(Derivacion)]

    def hacer(self) -> None:
        """Busca, anota las cuentas, asigna por tandas y cierra la corrida."""
        with buscar(self.criterios, hoy=self.hoy, disponible=self.disponible) as busqueda:
            self._anotar_alcance(busqueda)
            with temporales(**REPARTIDOS), Cortesia(tanda=TANDA) as turno:
                lugar = 0
                while lugar < busqueda.hasta and (hasta := self._insistir(busqueda, lugar, turno)):
                    lugar = hasta
        self.corrida.terminada_el = max(timezone.now(), self.corrida.empezada_el)
        self._guardar("terminada_el")

    def _anotar_alcance(self, busqueda: Busqueda) -> None:
        alcance, corrida = busqueda.alcance, self.corrida
        corrida.por_permanencia = alcance.por_permanencia
        # Lo que esta misma corrida asignó antes de que la cortaran no lo tenía nadie de antes.
        corrida.ya_la_tenian = alcance.ya_la_tenian - corrida.otorgadas
        corrida.excluidos, corrida.fuera_del_tope = alcance.excluidos, alcance.fuera_del_tope
        self._guardar("por_permanencia", "ya_la_tenian", "excluidos", "fuera_del_tope")

    def _guardar(self, *campos: str) -> None:
        self.corrida.save(update_fields=[*campos, "actualizado_en"])

    # --- Una tanda ---------------------------------------------------------------------------------------------------
    def _insistir(self, busqueda: Busqueda, lugar: int, turno: Cortesia) -> int:
        """Asigna una tanda; si alguien, sin tomar el turno, escribió una igual en ese instante, la mira de nuevo."""
        for _ in range(INTENTOS):
            try:
                return self._asignar(busqueda, lugar, turno)
            except IntegrityError:
                # La base la deshizo entera: lo que se llevaba contado de ella no vale.
                self.corrida.refresh_from_db()
                self.reparto, self.disponible = Reparto.de(self.hoy), disponible_de(self.programa, self.hoy)
        return self._asignar(busqueda, lugar, turno)

    def _asignar(self, busqueda: Busqueda, lugar: int, turno: Cortesia) -> int:
        """Asigna a los elegidos que siguen. Devuelve el lugar del último, o cero si ya no hay que seguir."""
        hasta = min(lugar + turno.tanda, busqueda.hasta)
        if self.corrida.simulada:
            self._sumar_a_la_corrida(self._repartir(self._mirar(busqueda, lugar, hasta)))
            return hasta
        # Se lee antes de tomar el turno; si nadie escribió entretanto (SQLite lo sabe), eso vale.
        version = turno.version()
        miradas = self._mirar(busqueda, lugar, hasta) if version is not None else None
        with turno.transaccion(hasta - lugar):
            tomar_turno()
            if not self._sigue_igual():
                self._abandonar(busqueda.hasta - lugar)
                return 0
            if miradas is None or turno.version() != version:
                miradas = self._mirar(busqueda, lugar, hasta)
            self._poner_al_dia()
            tanda = self._repartir(miradas)
            self._escribir(tanda)
            self._sumar_a_la_corrida(tanda)
        for creciente in self.crecientes:
            creciente.crecio(len(tanda.filas))
        return hasta

    def _mirar(self, busqueda: Busqueda, lugar: int, hasta: int) -> list[tuple[Any, ...]]:
        """Lugar, costo, si ya la tiene, la condición que falla, municipio y asesor anterior de cada uno, como están."""
        tramo = f"SELECT n, cliente, anios, costo FROM {TABLA} WHERE n > {int(lugar)} AND n <= {int(hasta)}"  # noqa: S608
        anterior = Derivacion.objects.filter(cliente=OuterRef("pk"), asesor__isnull=False).order_by("-id")
        clientes = con_razon(
            Cliente.objects.all().activos().order_by(),
            self.criterios,
            hoy=self.hoy,
            reglas=busqueda.reglas,
            entre=busqueda.claves(lugar, hasta) if self.criterios.segmento is not None else None,
        ).annotate(anterior=anterior.values("asesor")[:1])
        sql, valores = (
            clientes.values_list("pk", "razon", "municipio", "anterior").query.get_compiler("default").as_sql()
        )
        hito = " AND b.hito = e.anios" if self.criterios.anual else ""
        bonificaciones = tabla_de(Bonificacion).nombre
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH e AS ({tramo}), k(cliente, razon, municipio, anterior) AS NOT MATERIALIZED ({sql})"  # noqa: S608
                " SELECT e.n, e.costo,"
                f" EXISTS (SELECT 1 FROM {bonificaciones} b WHERE b.cliente_id = e.cliente"
                f" AND b.programa_id = {int(self.programa.pk)}{hito}),"
                " k.razon, k.municipio, k.anterior"
                " FROM e LEFT JOIN k ON k.cliente = e.cliente ORDER BY e.n",
                valores,
            )
            return list(cursor.fetchall())

    def _repartir(self, miradas: Iterable[tuple[Any, ...]]) -> _Tanda:
        """A cada uno que sigue cumpliendo, un asesor; con tope, hasta el primero que ya no alcanza."""
        tanda, elegir = _Tanda(), self.reparto.elegir
        for n, costo, ya, razon, municipio, anterior in miradas:
            if ya:
                tanda.ya += 1
            elif razon != ENTRA:
                tanda.cambiaron += 1
            elif tanda.sin_tope or not self._alcanza(costo):
                tanda.sin_tope += 1
            else:
                tanda.filas.append((n, elegir(municipio, None, anterior), costo))
        return tanda

    def _alcanza(self, costo: int) -> bool:
        if self.disponible is None:
            return True
        if costo > self.disponible:
            return False
        self.disponible -= costo
        return True

    # --- Lo que otros hicieron entretanto ----------------------------------------------------------------------------
    def _sigue_igual(self) -> bool:
        """Si el programa es el mismo con que se buscó: nadie lo desactivó ni lo cambió."""
        actual = Programa.objects.filter(pk=self.programa.pk).values_list("activo", "actualizado_en").first()
        return actual == (True, self.programa.actualizado_en)

    def _abandonar(self, quedaban: int) -> None:
        self.corrida.excluidos = {**self.corrida.excluidos, PROGRAMA_CAMBIO: quedaban}
        self._guardar("excluidos")

    def _poner_al_dia(self) -> None:
        """Si otro proceso asignó o derivó algo, las cargas de los asesores y lo que queda del tope son otros."""
        if self._ultima(Derivacion) != self.ultima_derivacion:
            self.reparto = Reparto.de(self.hoy)
        if self.disponible is not None and self._ultima(Bonificacion) != self.ultima_bonificacion:
            self.disponible = disponible_de(self.programa, self.hoy)

    @staticmethod
    def _ultima(modelo: Any) -> int:
        return int(modelo.objects.order_by().aggregate(ultima=Max("pk"))["ultima"] or 0)

    # --- Escribir ----------------------------------------------------------------------------------------------------
    def _escribir(self, tanda: _Tanda) -> None:
        """Las bonificaciones, sus derivaciones y la historia de las dos."""
        if not tanda.filas:
            return
        bonos = claves_nuevas(Bonificacion, len(tanda.filas))
        derivaciones = claves_nuevas(Derivacion, len(tanda.filas))
        filas = [
            (n, bono, derivacion, asesor)
            for (n, asesor, _), bono, derivacion in zip(tanda.filas, bonos, derivaciones, strict=True)
        ]
        vaciar(REPARTO)
        meter_filas(connection, REPARTO, ("n", "bono", "derivacion", "asesor"), filas)
        self._insertar(Bonificacion, self._columnas_de_bonificacion(), "r.bono", f"JOIN {TABLA} e ON e.n = r.n")
        tabla_de(Bonificacion).anotar("+", bonos, self.firma)
        self._insertar(Derivacion, self._columnas_de_derivacion(), "r.derivacion", f"JOIN {TABLA} e ON e.n = r.n")
        tabla_de(Derivacion).anotar("+", derivaciones, self.firma)
        self.ultima_bonificacion, self.ultima_derivacion = bonos[-1], derivaciones[-1]

    def _insertar(self, modelo: type[Any], puestas: dict[str, Any], clave: str, de: str) -> None:
        """Una fila por cada una del reparto. `puestas`: campo → columna SQL (`_Sql`) o un valor igual para todas.

        Sin ON CONFLICT: con el turno tomado y todo vuelto a mirar no puede haber otra igual, y si la hubiera, la tanda
        entera se deshace antes que dejar una bonificación sin su derivación.
        """
        tabla = tabla_de(modelo)
        columnas: list[str] = []
        expresiones: list[str] = []
        valores: list[Any] = []
        for campo in tabla.campos:
            valor = puestas[campo.name] if campo.name in puestas else campo.get_default()
            columnas.append(tabla.citar(campo.column))
            if isinstance(valor, _Sql):
                expresiones.append(valor)
                continue
            tipo = "" if connection.vendor == "sqlite" else f"::{campo.db_type(connection)}"
            expresiones.append(f"%s{tipo}")
            valores.append(tabla.adaptar(campo, [valor])[0])
        tabla.ejecutar(
            f"INSERT INTO {tabla.nombre} ({', '.join(columnas)}) SELECT {', '.join(expresiones)}"  # noqa: S608
            f" FROM {REPARTO} r {de} ORDER BY {clave}",
            valores,
        )

    def _columnas_de_bonificacion(self) -> dict[str, Any]:
        criterios, momento = self.criterios, self.firma.momento
        return {
            "id": _Sql("r.bono"),
            "creado_en": momento,
            "actualizado_en": momento,
            "cliente": _Sql("e.cliente"),
            "programa": self.programa.pk,
            "hito": _Sql("e.anios") if criterios.anual else 0,
            "corrida": self.corrida.pk,
            "otorgada_el": self.hoy,
            "cliente_desde": _Sql("e.desde"),
            "anios": _Sql("e.anios"),
            "beneficio": criterios.beneficio,
            "cantidad": _en_pesos("e.cantidad"),
            # Los meses gratis duran lo que dicen ser.
            "meses": _Sql(f"e.cantidad / {CENTAVOS}") if criterios.beneficio == Beneficio.MESES_GRATIS
            else criterios.meses,
            "servicio": criterios.servicio and criterios.servicio.pk,
            "equipo": criterios.equipo,
            "factura": _en_pesos("e.factura"),
            "costo_mensual": _en_pesos("e.costo"),
            "estado": EstadoBonificacion.ASIGNADA.value,
        }  # fmt: skip

    def _columnas_de_derivacion(self) -> dict[str, Any]:
        momento, vence_el = self.firma.momento, connection.ops.adapt_datefield_value(self.reparto.vence_el)
        tipo = "" if connection.vendor == "sqlite" else "::date"
        return {
            "id": _Sql("r.derivacion"),
            "creado_en": momento,
            "actualizado_en": momento,
            "bonificacion": _Sql("r.bono"),
            "cliente": _Sql("e.cliente"),
            "programa": self.programa.pk,
            "asesor": _Sql("r.asesor"),
            "estado": EstadoDerivacion.PENDIENTE.value,
            "derivada_el": self.hoy,
            # Sin asesor no corre el plazo: empieza cuando la revisión diaria le dé uno.
            "vence_el": _Sql(f"CASE WHEN r.asesor IS NOT NULL THEN '{vence_el}'{tipo} END"),
        }

    def _sumar_a_la_corrida(self, tanda: _Tanda) -> None:
        corrida = self.corrida
        corrida.otorgadas += len(tanda.filas)
        corrida.derivadas += tanda.derivadas
        corrida.costo_mensual += de_centesimas(tanda.costo)
        corrida.ya_la_tenian += tanda.ya
        corrida.fuera_del_tope += tanda.sin_tope
        if tanda.cambiaron:
            corrida.excluidos = {**corrida.excluidos, CAMBIO: corrida.excluidos.get(CAMBIO, 0) + tanda.cambiaron}
        self._guardar("otorgadas", "derivadas", "costo_mensual", "ya_la_tenian", "fuera_del_tope", "excluidos")


class _Sql(str):
    """Una columna dicha en SQL, y no un valor."""

    __slots__ = ()


def _en_pesos(columna: str) -> _Sql:
    """Centésimas enteras → el número con dos decimales que guarda la base."""
    return _Sql(f"{columna} / 100.0" if connection.vendor == "sqlite" else f"{columna}::numeric / 100")


# --- Avisos ----------------------------------------------------------------------------------------------------------
def _avisar(corrida: Corrida, ahora: datetime) -> None:
    """Les dice a los asesores lo que recibieron de esta corrida y de las del programa que quedaron a la mitad."""
    cortadas = Corrida.objects.filter(
        programa=corrida.programa, simulada=False, terminada_el__isnull=True, otorgadas__gt=0,
        actualizado_en__lt=timezone.now() - INTERRUMPIDA,
    )  # fmt: skip
    for una in (*cortadas.order_by("pk"), *([corrida] if corrida.otorgadas else [])):
        avisar_lo_derivado(corrida=una, ahora=ahora)
