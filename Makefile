# `make run` and `make test` need only Python (3.11 or newer) and make; everything else comes from the package index.

PYTHON ?= python3
PORT ?= 8000
export XIAOCHENG_PORT ?= $(PORT)

VENV := .venv
BIN := $(VENV)/bin
# Compiled files are kept, whatever the machine says: without them every start takes seconds longer. They are made
# when a module is first used: compiling all that is installed takes three times as long as the rest.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-compile

.DEFAULT_GOAL := help
.PHONY: help run test test-full check check-types check-others bench shots assets messages lock clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: $(VENV)/.base assets ## open the product with its demo company (PORT=8000)
	@exec $(BIN)/python -m xiaocheng run

test: $(VENV)/.dev assets ## all fast tests, on SQLite and on PostgreSQL, with a browser
	@$(BIN)/python -m tools.test

test-full: $(VENV)/.dev assets ## the slow ones too: every race a thousand times, all servers killed, long fuzzing, long random courses
	@$(BIN)/python -m tools.test --full

check: $(VENV)/.dev assets ## format, lint, types, import contracts, migrations, translations, locks
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target check-types check-others

check-types: # as long as all others together
	$(BIN)/mypy

check-others:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/xiaocheng makemigrations --check --dry-run
	$(BIN)/xiaocheng check --fail-level WARNING
	$(BIN)/djlint --quiet --lint src
	$(BIN)/python -m tools.messages --check
	$(BIN)/python -m tools.reference --check
	$(BIN)/python -m tools.lock --check

bench: $(VENV)/.dev assets ## the speed figures, beside the floor of this machine
	@$(BIN)/python -m tests.bench

shots: $(VENV)/.dev assets ## pictures of the main pages in three languages and two widths, into var/shots
	@$(BIN)/python -m tools.shots

messages: $(VENV)/.dev ## collect the texts and bring the catalogues up to date
	@$(BIN)/python -m tools.messages
	@$(BIN)/python -m tools.reference

lock: $(VENV)/.dev ## resolve the requirements anew
	@$(BIN)/python -m tools.lock

assets: | $(VENV)/.base
	@$(BIN)/python hatch_build.py

clean: ## remove what was built; the data folder stays
	rm -rf $(VENV) node_modules build dist var src/xiaocheng/interface/web/static/dist .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv $(VENV)

# Each requirement by its hash; meanwhile the package itself, as a link to this folder, which builds the front end.
$(VENV)/.base: requirements/build.lock requirements/base.lock pyproject.toml hatch_build.py | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements/build.lock
	$(PIP) --no-deps --no-build-isolation --editable . & front=$$!; \
	$(PIP) --require-hashes -r requirements/base.lock && wait $$front
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.base
	$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@
