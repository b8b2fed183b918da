# make demo   the daemon against a local news site, in demo/; shows what it stored
# make setup  everything that is needed to work on it; make hook: lint before every commit, too
# make fast   half a minute of tests, for every change; make check: lint, types and arrows alone
# make test   sets everything up and passes the tests
# make ci     what CI runs: the tests, those of faults (make test-faults), and the pages in a browser (make test-browser)
# make run    the daemon on the configured sources
#
# Everything goes into .venv; the locked dependencies are checked against their hashes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
# One more than there are cores: tests from end to end wait half of their time.
PYTEST_ARGS ?= -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist worksteal
# What `make fast` runs: all that is pure, and a few doors of the rest. Tests that take seconds are marked `slow`.
FAST := tests/dedupe tests/discover tests/extract tests/fetch/test_client.py tests/fetch/test_obeying_robots.py \
  tests/store/test_revisions.py tests/store/test_search.py tests/test_pipeline.py tests/test_polling.py tests/test_settings.py \
  tests/test_arrows.py tests/test_contributing.py tests/test_warm.py
# A compiled program starts faster, and the tests start it often.
unexport PYTHONDONTWRITEBYTECODE
AXE := node_modules/axe-core/axe.min.js
AXE_VERSION := 4.11.0

.PHONY: help demo setup hook fast test check ci test-faults test-browser docs pictures recording soak dist run lock clean

help:
	@sed -n 's/^# \(make.*\)/\1/p' Makefile

setup: $(VENV)/.dev
	@echo "Set up in $(VENV). Next: make fast"

hook: $(VENV)/.dev
	$(BIN)/pre-commit install --hook-type pre-commit --hook-type pre-push

# What it takes to run, and what it takes to test; each is done again when its lock file changes.
$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock requirements-recipes.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	rm -rf $(VENV)/recipes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --target $(VENV)/recipes \
	  -r requirements-recipes.lock
	@touch $@

demo: $(VENV)/.runtime
	@$(BIN)/python -m tests.demo $(DEMO)

fast: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m "not browser and not faults and not soak and not slow" $(FAST)

test: $(VENV)/.dev check
	$(BIN)/python -m pytest $(PYTEST_ARGS)

ci:
	.ci/run

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# A minute or two more: servers that attack, outages, full disks, clocks that jump, kills.
# They look at when things happen, so no more of them at once than there are cores.
test-faults: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist worksteal -m "faults and not soak"

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

# The recording of the README: real commands in a pseudo-terminal.
recording: $(VENV)/.dev
	$(BIN)/python -m tests.recording

# What takes minutes, and thousands of examples where the tests above try fifty.
soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m "hypothesis and not soak and not browser" --hypothesis-profile=soak

dist: $(VENV)/.dev
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist

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
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --custom-compile-command "make lock" --group recipes -c requirements-dev.lock --no-emit-package numpy \
	  -o requirements-recipes.lock

clean:
	rm -rf $(VENV) $(DEMO) node_modules build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
