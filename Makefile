# make demo   the daemon against a local news site, in demo/; shows what it stored
# make test   sets everything up and passes the tests
# make run    the daemon on the configured sources
#
# Everything goes into .venv; the locked dependencies are checked against their hashes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
PYTEST_ARGS ?= -n auto
AXE := node_modules/axe-core/axe.min.js
AXE_VERSION := 4.11.0

.PHONY: help demo test check test-browser pictures docs soak run lock clean

help:
	@sed -n 's/^# \(make.*\)/\1/p' Makefile

# What it takes to run, and what it takes to test; each is done again when its lock file changes.
$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime
	@$(BIN)/python -m tests.demo $(DEMO)

test: $(VENV)/.dev check
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test-browser: $(VENV)/.dev $(AXE)
	$(BIN)/python -m pytest -m browser

# The accessibility checker that the browser's tests run in the pages; nothing of it is shipped.
$(AXE):
	npm install --silent --no-save --no-package-lock --ignore-scripts --prefix . axe-core@$(AXE_VERSION)
	@touch $@

# The pictures of docs/reading.md.
pictures: $(VENV)/.dev
	$(BIN)/python -m tests.browser.screenshots

# What of docs/ is made from the program: commands, settings, tables.
docs: $(VENV)/.dev
	$(BIN)/python -m tests.docs.reference

soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak

run: $(VENV)/.runtime
	@$(BIN)/scrape --home . run

# Needs the network; writes hashes and no addresses.
lock: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --custom-compile-command "make lock" --extra setup pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --custom-compile-command "make lock" --extra setup --extra dev -c requirements.lock pyproject.toml \
	  -o requirements-dev.lock

clean:
	rm -rf $(VENV) $(DEMO) node_modules build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
