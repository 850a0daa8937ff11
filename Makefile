# Two commands do everything on a fresh machine: `make serve` and `make test`. `make help` lists the rest.
# Written for GNU make 3.81 and a POSIX shell, as macOS and Debian have them.

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input
PYTHONS = python3.13 python3.12 python3.11 python3
CONTACTS = 1000000
PAIRS = 10000000
LOCK = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" --extra postgresql

.PHONY: help serve test check format-check lint types contracts tests format schema bench bench-rules prove mutants hostile lock clean

help:
	@echo 'make serve    install what is missing, then serve http://127.0.0.1:8000/graphql with demo data'
	@echo 'make test     everything that must pass: check, then the tests'
	@echo 'make check    format, lint, types, import contracts'
	@echo 'make format   rewrite the code in the one format'
	@echo 'make schema   write schema.graphql anew'
	@echo 'make bench    measure with $(CONTACTS) contacts (CONTACTS=n for another number)'
	@echo 'make bench-rules  measure rules beside hand-written SQL and rule-engine alone, on SQLite and PostgreSQL'
	@echo 'make hostile  what the most expensive hostile rules cost'
	@echo 'make prove    compare $(PAIRS) (rule, contact) pairs with rule-engine, on every core (PAIRS=n)'
	@echo 'make mutants  put each naive translation back into the rules and see the proof find it out'
	@echo 'make lock     choose and pin the newest allowed dependencies (needs uv)'
	@echo 'make clean    remove what the commands above made, except the database'

serve: $(VENV)/.runtime
	@exec $(BIN)/tessera serve --demo

test: check tests

check: format-check lint types contracts

format-check: $(VENV)/.dev
	@echo '== format'
	@$(BIN)/ruff format --check --quiet .

lint: $(VENV)/.dev
	@echo '== lint'
	@$(BIN)/ruff check --quiet .

types: $(VENV)/.dev
	@echo '== types'
	@$(BIN)/mypy --no-error-summary

contracts: $(VENV)/.dev
	@echo '== import contracts'
	@$(BIN)/lint-imports --no-logo >$(VENV)/contracts.txt 2>&1 || { cat $(VENV)/contracts.txt; exit 1; }

tests: $(VENV)/.dev
	@echo '== tests'
	@$(BIN)/python -m pytest --quiet --numprocesses auto

format: $(VENV)/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only .

schema: $(VENV)/.runtime
	@$(BIN)/tessera schema --output schema.graphql

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.main_job --contacts $(CONTACTS)
	@$(BIN)/python -m benchmarks.worksheet --contacts $(CONTACTS)

bench-rules: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.rules --contacts $(CONTACTS)

hostile: $(VENV)/.dev
	@$(BIN)/python -m tests.rules.hostile_table

prove: $(VENV)/.dev
	@$(BIN)/python -m tests.rules.prove --pairs $(PAIRS)

mutants: $(VENV)/.dev
	@$(BIN)/python -m tests.rules.mutants

lock:
	@command -v uv >/dev/null || { echo 'uv is missing. Type: pipx install uv'; exit 1; }
	$(LOCK) --group build --upgrade --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find server tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# What is installed, as two stamps: the second run of a command finds them and installs nothing.

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing the locked dependencies ...'
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo 'Installing the locked development tools ...'
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# The first Python that is new enough and can make virtual environments; else the first line says what to type.
$(BIN)/python:
	@old=; unable=; \
	for python in $(PYTHONS); do \
	  version=`$$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null` || continue; \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { old=$$version; continue; }; \
	  $$python -c 'import venv, ensurepip, sqlite3, ssl' 2>/dev/null || { unable=$${unable:-$$version}; continue; }; \
	  $$python -m venv --clear $(VENV) && exit 0; \
	  rm -rf $(VENV); exit 1; \
	done; \
	if test "`uname`" = Darwin; then install='brew install python@3.13'; \
	elif test "`id -u`" = 0; then install='apt-get install'; \
	else install='sudo apt-get install'; fi; \
	case $$install in *apt-get*) \
	  if test -n "$$unable"; then install="$$install python$$unable-venv"; \
	  else install="$$install python3 python3-venv"; fi;; esac; \
	if test -n "$$unable"; then echo "Python $$unable cannot make virtual environments. Type: $$install"; \
	else echo "Python 3.11 or newer is missing$${old:+ (found $$old)}. Type: $$install"; fi; \
	exit 1
