# Everything a newcomer runs; `make` alone lists the targets.
# Only git, make, Python >= 3.11 and a package index are assumed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CODE := duban workflows activities worker.py tests bench

# Hundreds of processes are started by the tests; each would compile what none had kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test coverage chaos check format-check lint types contracts format bench bench-large year up down \
	record-histories lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## install the locked dependencies and duban into .venv

# The stamp is newer than the lock and the metadata, so a second run costs nothing.
$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python >= 3.11 is needed; name one with: make PYTHON=python3.11 $(MAKECMDGOALS)'; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## run the three sample campaigns from launch to close, side by side
	$(BIN)/duban demo

# One more than there are cores, since tests also wait for servers.
PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# Coverage takes half as long again, so it is measured where it is judged: with CI set.
test: setup ## run all tests on all cores, those on real Temporal and PostgreSQL included
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal $(if $(CI),--cov)
	$(if $(CI),$(BIN)/python -m coverage report --include='duban/domain/*' --fail-under=100 --skip-covered)

coverage: ## run all tests as continuous integration does, with coverage, which has to be enough
	@$(MAKE) test CI=true

KILLS ?= 100

chaos: setup ## kill sequencer, worker and PostgreSQL under load, KILLS times in all (100), then verify
	$(BIN)/python -m tests.support.chaos $(KILLS)

check: format-check lint types contracts ## format, lint, types and import contracts

format-check: setup
	$(BIN)/ruff format --check $(wildcard $(CODE))

lint: setup
	$(BIN)/ruff check $(wildcard $(CODE))

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

format: setup ## format the code and apply the safe fixes
	$(BIN)/ruff format $(wildcard $(CODE))
	$(BIN)/ruff check --fix $(wildcard $(CODE))

year: setup ## rehearse a year of ten thousand inspections of two hundred units and judge it (an hour and a half)
	$(BIN)/python -m tests.rehearsal.year

bench: setup ## measure product and floor in the same run and write bench/results.json
	$(BIN)/python -m bench

bench-large: setup ## measure trail and search over ten million entries (65 GB of disk, about two hours)
	$(BIN)/python -m bench --large

up: setup ## start PostgreSQL, Temporal and a worker, until Ctrl-C
	$(BIN)/duban up

down: setup ## stop what `make up` started
	$(BIN)/duban down

record-histories: setup ## record the workflow histories that the replay tests replay
	$(BIN)/python -m tests.support.histories

LOCK := uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-strip-extras

lock: ## rewrite the two lock files from pyproject.toml (needs uv)
	$(LOCK) --extra embedded --extra dev --output-file requirements.txt
	$(LOCK) --constraint requirements.txt --output-file requirements-runtime.txt

clean: ## remove the virtualenv and everything generated; keeps the data in .duban
	rm -rf $(VENV) dist htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
