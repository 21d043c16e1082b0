"""La lista de números excluidos (RNE): se recibe, se lee por tandas y, completa, reemplaza a la que regía."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from movistar_site.comun import vida
from movistar_site.comun.archivos import ArchivoIlegible
from movistar_site.comun.cortesia import Cortesia
from movistar_site.comun.models import nombre_de
from movistar_site.comun.trabajo_pesado import trabajo_pesado
from movistar_site.comun.valores import contar, formatear_fecha

from ..lector_rne import EXTENSIONES, Lista, Renglon, examinar
from ..models import CargaRne, NumeroExcluido
from .comunes import guardar, releer

registro = logging.getLogger("panel.rne")
TANDA = 500
RECHAZADOS_QUE_SE_GUARDAN = 200
PRIMERA_CONSULTA = date(2000, 1, 1)
"""Una fecha anterior es un error de digitación: el registro no existía."""
_TROZO = 1024 * 1024
_LARGO_DE_FALLA = 300
_AL_LEER = (
    "Algo falló al leer el archivo y quedó anotado en el registro del servidor. Sigue rigiendo la lista anterior."
)


# --- Recibir ---------------------------------------------------------------------------------------------------------
def recibir_rne(*, nombre: str, contenido: BinaryIO | Path, consultada_el: date, usuario: Any, hoy: date) -> CargaRne:
    """Guarda el archivo y anota la carga, todavía sin leer.

    Lanza ValidationError si la consulta es futura o anterior a la de la lista que rige, si ya se está cargando otra, o
    si el archivo no es de los que se aceptan.
    """
    _exigir_fecha(consultada_el, hoy)
    limpio = PurePath(nombre.replace("\\", "/")).name.replace("\x00", "")[-200:]
    if PurePath(limpio).suffix.lower() not in EXTENSIONES:
        raise ValidationError({"archivo": f"«{limpio}» no es un archivo .csv, .txt ni .xlsx."})
    subido = _carpeta() / f"subido-{secrets.token_hex(8)}"
    try:
        _copiar(contenido, subido)
        huella = examinar(subido, limpio).huella
        carga = _anotar(limpio, huella, consultada_el, usuario)
        subido.replace(lugar_de(carga))
    except (ArchivoIlegible, OSError) as error:
        frase = str(error) if isinstance(error, ArchivoIlegible) else "El archivo no se pudo guardar: vuelva a subirlo."
        raise ValidationError({"archivo": frase}) from None
    finally:
        subido.unlink(missing_ok=True)
    return carga


@transaction.atomic
def _anotar(nombre: str, huella: str, consultada_el: date, usuario: Any) -> CargaRne:
    # Se mira y se anota en una misma transacción: en SQLite, de dos que suben a la vez una espera a la otra.
    if CargaRne.objects.filter(completa=False, falla="").exists():
        raise ValidationError("Ya se está cargando otra lista: espere a que termine.")
    return guardar(
        CargaRne(
            consultada_el=consultada_el, archivo=nombre, sha256=huella, cargada_por_nombre=nombre_de(usuario)[:150]
        ),
        usuario=usuario,
    )


def _exigir_fecha(consultada_el: date, hoy: date) -> None:
    if consultada_el > hoy:
        raise ValidationError({"consultada_el": f"La consulta no puede ser futura: hoy es {formatear_fecha(hoy)}."})
    if consultada_el < PRIMERA_CONSULTA:
        raise ValidationError({"consultada_el": "La consulta no puede ser tan antigua: revise el año."})
    if (vigente := _vigente()) is not None and consultada_el < vigente.consultada_el:
        raise ValidationError({"consultada_el": _mas_vieja(vigente)})


def _mas_vieja(vigente: CargaRne) -> str:
    return (
        f"La lista que rige se consultó el {formatear_fecha(vigente.consultada_el)}: no se reemplaza por una anterior."
    )


def _vigente() -> CargaRne | None:
    return CargaRne.objects.filter(completa=True).order_by("-consultada_el", "-id").first()


def lugar_de(carga: CargaRne) -> Path:
    """Dónde está su archivo mientras se lee; la carpeta es solo para la cuenta del sistema que corre el panel."""
    return _carpeta() / str(carga.pk)


def _carpeta() -> Path:
    carpeta = Path(settings.DATOS_DIR) / "rne"
    carpeta.mkdir(parents=True, exist_ok=True, mode=0o700)
    return carpeta


def _copiar(contenido: BinaryIO | Path, destino: Path) -> None:
    maximo, copiados = settings.IMPORTACION_MAX_BYTES, 0
    descriptor = os.open(destino, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as salida:
        for trozo in _trozos(contenido):
            copiados += len(trozo)
            if copiados > maximo:
                raise ArchivoIlegible(f"El archivo pesa más de {maximo / 1e6:.0f} MB, que es el máximo.")
            salida.write(trozo)


def _trozos(contenido: BinaryIO | Path) -> Iterator[bytes]:
    if isinstance(contenido, Path):
        with contenido.open("rb") as abierto:
            yield from iter(lambda: abierto.read(_TROZO), b"")
    else:
        yield from iter(lambda: contenido.read(_TROZO), b"")


# --- Leer ------------------------------------------------------------------------------------------------------------
@dataclass
class _Cuenta:
    """Lo que va de una lectura."""

    buenos: int = 0
    malos: int = 0
    rechazados: list[dict[str, Any]] = field(default_factory=list)

    def anotar(self, renglon: Renglon) -> None:
        if not renglon.falla:
            self.buenos += 1
            return
        self.malos += 1
        if len(self.rechazados) < RECHAZADOS_QUE_SE_GUARDAN:
            self.rechazados.append({"linea": renglon.linea, "motivo": renglon.falla})


def leer_rne(carga: CargaRne, *, usuario: Any = None, al_avanzar: Callable[[CargaRne], None] | None = None) -> CargaRne:
    """Lee la lista y, si se entiende, la pone a regir. Se puede repetir: lo ya leído no entra dos veces.

    No lanza por lo que el archivo traiga: lo dice en `carga.falla` y sigue rigiendo la anterior. Las listas viejas se
    borran al final. Va por tandas cortas, que dejan escribir a los demás.
    """
    if vida.esta_vivo(_vivos(), f"rne-{carga.pk}"):
        return carga
    with vida.SenalDeVida(_vivos(), f"rne-{carga.pk}"), trabajo_pesado():
        carga.refresh_from_db()
        if not carga.en_curso:
            return carga
        try:
            cuenta = _leer(carga, al_avanzar)
            _terminar(carga, cuenta, usuario=usuario)
        except (ArchivoIlegible, FileNotFoundError) as error:
            frase = str(error) if isinstance(error, ArchivoIlegible) else "El archivo ya no está: vuelva a subirlo."
            _fallar(carga, frase, usuario=usuario)
        except Exception:
            registro.exception("La carga %s del RNE se interrumpió.", carga.pk)
            _fallar(carga, _AL_LEER, usuario=usuario)
            raise
        finally:
            if not carga.en_curso:
                lugar_de(carga).unlink(missing_ok=True)
        desechar_listas_viejas()
    return carga


def _vivos() -> Path:
    return Path(settings.DATOS_DIR) / "importando"


def _leer(carga: CargaRne, al_avanzar: Callable[[CargaRne], None] | None) -> _Cuenta:
    ruta, cuenta = lugar_de(carga), _Cuenta()
    examen = examinar(ruta, carga.archivo)
    lista = Lista(ruta, carga.archivo, examen, max_filas=settings.IMPORTACION_MAX_FILAS_EXCEL)
    with lista, Cortesia(tanda=TANDA) as turno:
        renglones = iter(lista)
        while tanda := list(islice(renglones, turno.tanda)):
            for renglon in tanda:
                cuenta.anotar(renglon)
            carga.cuantos, carga.malos = cuenta.buenos, cuenta.malos
            carga.avance = min(99, lista.leidos * 100 // lista.peso)
            with turno.transaccion(len(tanda)):
                _guardar_tanda(carga, tanda)
            if al_avanzar is not None:
                al_avanzar(carga)
    return cuenta


def _guardar_tanda(carga: CargaRne, tanda: Iterable[Renglon]) -> None:
    nuevos = [NumeroExcluido(carga=carga, dato=uno.dato, canal=uno.canal) for uno in tanda if not uno.falla]
    NumeroExcluido.objects.bulk_create(nuevos, ignore_conflicts=True)
    CargaRne.objects.filter(pk=carga.pk).update(cuantos=carga.cuantos, malos=carga.malos, avance=carga.avance)


def _terminar(carga: CargaRne, cuenta: _Cuenta, *, usuario: Any) -> None:
    if not cuenta.buenos:
        raise ArchivoIlegible(f"Ningún renglón trae un número o un correo que se entienda. {_primero(cuenta)}")
    if cuenta.malos > cuenta.buenos:
        raise ArchivoIlegible(
            f"{contar(cuenta.malos, 'renglón no se entiende', 'renglones no se entienden')} y solo"
            f" {contar(cuenta.buenos, 'sí', 'sí')}: revise que sea la lista del RNE. {_primero(cuenta)}"
        )
    # Los repetidos entraron una vez: aquí la cuenta es exacta.
    cuantos = NumeroExcluido.objects.filter(carga=carga).count()
    with transaction.atomic():
        releer(carga)
        if (vigente := _vigente()) is not None and carga.consultada_el < vigente.consultada_el:
            raise ArchivoIlegible(_mas_vieja(vigente))
        carga.cuantos, carga.malos, carga.rechazados = cuantos, cuenta.malos, cuenta.rechazados
        carga.completa, carga.avance = True, 100
        guardar(carga, usuario=usuario, motivo="Lista completa: rige desde ahora")


def _primero(cuenta: _Cuenta) -> str:
    if not cuenta.rechazados:
        return ""
    primero = cuenta.rechazados[0]
    return f"En la línea {primero['linea']}: {primero['motivo']}"


def _fallar(carga: CargaRne, frase: str, *, usuario: Any) -> None:
    with transaction.atomic():
        releer(carga)
        carga.falla = frase.strip()[:_LARGO_DE_FALLA]
        guardar(carga, usuario=usuario, motivo="La lista no se cargó: sigue rigiendo la anterior")


def dar_por_fallida(carga: CargaRne) -> None:
    """La carga que nadie va a terminar, porque su trabajador murió varias veces, se da por fallida."""
    _fallar(carga, "El trabajador se interrumpió varias veces al leer la lista: vuelva a subirla.", usuario=None)
    lugar_de(carga).unlink(missing_ok=True)


def desechar_listas_viejas() -> int:
    """Borra los números de las listas que ya no rigen o no se completaron; queda la constancia de cada carga.

    Devuelve cuántas filas borró. Por tandas: nadie espera a que termine.
    """
    rige = _vigente()
    viejas = CargaRne.objects.exclude(pk=rige.pk if rige else 0).exclude(completa=False, falla="")
    borradas = 0
    with Cortesia(tanda=TANDA) as turno:
        for clave in list(viejas.order_by("id").values_list("pk", flat=True)):
            suyos = NumeroExcluido.objects.filter(carga=clave)
            while claves := list(suyos.order_by("dato", "canal").values_list("pk", flat=True)[: turno.tanda]):
                with turno.transaccion(len(claves)):
                    borradas += NumeroExcluido.objects.filter(pk__in=claves).delete()[0]
    return borradas
