# Órdenes del panel. `make` a secas las enumera; necesita python3 (3.11 a 3.13) y nada más instalado.
.DEFAULT_GOAL := ayuda
.PHONY: ayuda run test requisitos estilo limpiar
MAKEFLAGS += --no-print-directory
ORDEN := @sh movistar_site/arranque/buscar_python.sh

ayuda:
	@printf '%s\n' \
	  'make run         instala lo necesario, prepara la base y arranca el panel en http://127.0.0.1:8000/' \
	  '                 PUERTO=9000 cambia el puerto; EJEMPLO=no arranca sin los datos de ejemplo' \
	  'make test        todas las pruebas: SQLite, PostgreSQL y navegador (PYTEST_ARGS="-k nombre" elige)' \
	  'make estilo      ruff, mypy y djlint' \
	  'make requisitos  fija de nuevo las versiones, con huellas, a partir de pyproject.toml' \
	  'make limpiar     borra .venv y las memorias de las herramientas; no toca datos/'

run:
	$(ORDEN) run

test:
	$(ORDEN) test

requisitos:
	$(ORDEN) requisitos

estilo:
	$(ORDEN) estilo

limpiar:
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis informes
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Listo: la próxima orden vuelve a instalar. Los datos siguen en datos/.'
