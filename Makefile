# Everything that is done to this project, from a fresh clone on. `make help` lists it.
#
# Needed on the machine: Python 3.11 or later with venv, make, git, and a package index that pip reaches.
# The environment is made from hash-locked files; stamps in .venv say what is installed already.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

PYTHON ?=
WORKERS ?= 2
ARGS ?=

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard crm/translations/*/LC_MESSAGES/messages.po))
EXTRACT := --mapping-file babel.cfg --keywords '_l lazy_gettext pgettext:1c,2' --ignore-dirs '.* __pycache__' \
	--omit-header --no-location --sort-output --no-wrap

# An environment whose Python has gone, or whose installation was cut short, is made again.
$(shell if { [ -e .venv/.installing ] && ! kill -0 "$$(cat .venv/.installing)" 2>/dev/null; } \
	|| { [ -e .venv/.made ] && ! $(PY) -c '' 2>/dev/null; }; then rm -rf .venv; fi)

.PHONY: help
help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON= which Python to build with · PORT= CRM_DEMO=0 CRM_DEMO_PASSWORD= for run"
	@echo "  WORKERS= ARGS= for test, as in: make test ARGS='tests/leads -k stage'"

# --- what people do ----------------------------------------------------------------------------

.PHONY: run
run: .venv/.runtime $(CATALOGUES)  ## start web server and scheduler, on first start with demo data
	@exec .venv/bin/crm run

.PHONY: test
test: .venv/.dev $(CATALOGUES)  ## all tests: both databases, journeys, house, browser
	$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

.PHONY: bench
bench: .venv/.dev $(CATALOGUES)  ## measure speed on large data, on both databases (ARGS='money --backend sqlite')
	$(PY) -m tests.bench $(ARGS)

.PHONY: bench-load
bench-load: .venv/.dev $(CATALOGUES)  ## 40 people on the production start, a web process killed under them (ARGS='--seconds 20')
	$(PY) -m tests.bench.load $(ARGS)

.PHONY: check
check: check-style check-types check-imports check-templates check-texts  ## style, types, ladder, templates, texts, locks

.PHONY: check-style check-types check-imports check-templates check-texts
check-style: .venv/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

check-types: .venv/.dev
	$(PY) -m mypy --strict

check-imports: .venv/.dev
	.venv/bin/lint-imports --no-logo

check-templates: .venv/.dev
	$(PY) -m djlint templates --lint --quiet

check-texts: .venv/.dev $(CATALOGUES)
	$(PY) -m pytest -q -p no:randomly tests/house/test_catalogue.py tests/house/test_locks.py

.PHONY: format
format: .venv/.dev  ## mend what can be mended by itself
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

.PHONY: catalogue
catalogue: .venv/.runtime  ## collect the texts of code and templates into messages.po, compile
	$(PY) -m babel.messages.frontend --quiet extract $(EXTRACT) -o crm/translations/messages.pot .
	$(PY) -m babel.messages.frontend --quiet update --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --no-wrap -i crm/translations/messages.pot -d crm/translations
	@$(MAKE) --no-print-directory compile

.PHONY: compile
compile: $(CATALOGUES)

.PHONY: lock
lock: .venv/.dev  ## renew the locks from requirements*.in (UPGRADE=1: to the newest versions)
	$(PY) -m uv pip compile $(LOCK) requirements.in -o requirements.txt
	$(PY) -m uv pip compile $(LOCK) requirements-dev.in -o requirements-dev.txt
LOCK = --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header \
	$(if $(UPGRADE),--upgrade)

.PHONY: clean
clean:  ## remove the environment, caches and compiled files; var/ and its data stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage .coverage.* htmlcov crm/translations/messages.pot
	rm -f $(CATALOGUES)
	find crm migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what they stand on ------------------------------------------------------------------------

.venv/.made:
	@command -v git >/dev/null || { echo "Missing: git." >&2; exit 1; }
	@new='import sys; sys.exit(sys.version_info < (3, 11))'; python='$(PYTHON)'; \
	if [ -z "$$python" ]; then \
		for name in python3 python3.14 python3.13 python3.12 python3.11; do \
			if $$name -c "$$new" 2>/dev/null; then python=$$name; break; fi; \
		done; \
	fi; \
	if [ -z "$$python" ] || ! $$python -c "$$new" 2>/dev/null; then \
		echo "Missing: Python 3.11 or later (tried: $${python:-python3, python3.11 to python3.14}); name one with PYTHON=." >&2; exit 1; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Missing: venv for $$python (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; \
	fi; \
	$(PY) -c 'import pip' 2>/dev/null || $$python -m venv --clear .venv
	@touch $@

# .venv/.installing (with the number of this make) stays behind when it is cut short, see above. No package is built here: wheels only.
define install
	@echo $$PPID > .venv/.installing
	@$(PIP) install --quiet --require-hashes --no-deps --only-binary :all: $(1) || { rm -f .venv/.installing; \
		echo "Could not install the requirements: is the package index reachable?" >&2; exit 1; }
	@rm -f .venv/.installing
endef

.venv/.runtime: requirements.txt | .venv/.made
	@echo "Installing what the application needs (a minute or two, this time only) ..."
	$(call install,-r requirements.txt)
	@printf '%s\n' '#!/bin/sh' '# The command line, from any directory: .venv/bin/crm --help' \
		'root=$$(cd "$$(dirname "$$0")/../.." && pwd)' \
		'PYTHONPATH="$$root$${PYTHONPATH:+:$$PYTHONPATH}" exec "$$root/.venv/bin/python" -P -m crm "$$@"' \
		> .venv/bin/crm
	@chmod 755 .venv/bin/crm
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo "Installing what tests and checks need ..."
	$(call install,-r requirements-dev.txt)
	@touch $@

# Moved into place whole, so that a start that was cut short leaves no half catalogue.
%.mo: %.po | .venv/.runtime
	@$(PY) -m babel.messages.frontend --quiet compile -i $< -o $@.new && mv $@.new $@
