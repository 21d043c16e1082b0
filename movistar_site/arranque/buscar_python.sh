#!/bin/sh
# Encuentra un Python 3.11 a 3.13 que pueda crear entornos y le entrega la orden (run, test, estilo, requisitos).
# Solo usa lo que trae el intérprete de órdenes: en una máquina recién instalada no hay nada más con qué contar.
PYTHONUTF8=1
export PYTHONUTF8
SIRVE='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
vista='' sin_venv=''

# El entorno ya creado manda: cambiar de Python entre dos arranques obligaría a instalar todo otra vez.
if [ -z "${PYTHON:-}" ] && [ -x .venv/bin/python ] && .venv/bin/python -c "import pip; $SIRVE" >/dev/null 2>&1; then
    exec .venv/bin/python -m movistar_site.arranque "$@"
fi

for candidato in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    command -v "$candidato" >/dev/null 2>&1 || continue
    version=$("$candidato" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$candidato" -c "$SIRVE" >/dev/null 2>&1; then
        vista="$version"
        continue
    fi
    if ! "$candidato" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        sin_venv="$version"
        continue
    fi
    exec "$candidato" -m movistar_site.arranque "$@"
done

if [ -n "$sin_venv" ]; then
    echo "Python $sin_venv no puede crear entornos: instale su módulo venv (en Debian: apt install python$sin_venv-venv)." >&2
elif [ -n "$vista" ]; then
    echo "El panel necesita Python 3.11, 3.12 o 3.13 y aquí solo está el $vista: instale uno de ellos." >&2
else
    echo "No se encontró Python: instale Python 3.11, 3.12 o 3.13 (en Debian: apt install python3 python3-venv)." >&2
fi
exit 1
