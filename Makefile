# Set-up, tests and packaging. Every step that is done leaves a stamp, so it is not done twice.

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs lock wheel bench bench-measures fuzz campaign form official-cli typed-clients browser spark clean

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(FOUND))
# A name on the path proves nothing (a version manager may only answer that the version is not chosen): each is tried.
TRY = $(1) -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(1)
FOUND = $(shell for each in python3.14 python3.13 python3.12 python3.11 python3; do $(call TRY,$$each); done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests start Python hundreds of times: also where the user keeps no bytecode, they keep theirs, aside.
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/bytecode
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip --quiet install
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal
SALESFORCE_CLI := 2.146.3
UV := 0.13.9
HUBSPOT_SDK := 0.1.0a9
PLAYWRIGHT := 1.65.2
AXE := 4.14.1
SPARK := 4.0.5

help:
	@echo "make demo          set up, then validate, plan and apply configs/acme to both simulators and show drift"
	@echo "make test          set up, then format, lint, types, layers and all tests; COVERAGE=1 traces the fast ones and holds the gate"
	@echo "make check         the same with the fast tests only; for every save"
	@echo "make format        format the code and cure what ruff can cure"
	@echo "make docs          write the pages of the documentation that are made from the code"
	@echo "make wheel         build the wheel and try it in a bare environment outside this folder"
	@echo "make bench         print what start-up, a plan and a large diff cost"
	@echo "make bench-measures the same for ten million turns, a replay of a million leads, exports; takes a quarter of an hour"
	@echo "make fuzz          look for inputs that crash the loader, the expressions or fmt; SECONDS=60 for each"
	@echo "make campaign      run WEEKS=1000 random weeks in simulated orgs by each engine, and every mistake in a flow"
	@echo "make form          let others' linters and parsers read what is made for Salesforce (needs npm)"
	@echo "make official-cli  drive the Salesforce simulator with Salesforce's own CLI (needs npm)"
	@echo "make typed-clients drive the HubSpot simulator with both official clients for Python"
	@echo "make browser       look at the HTML reports in a Chromium of this machine, with axe-core (needs npm)"
	@echo "make spark         hold every measure in Spark and as SQL against DuckDB, row by row (needs Java 17 or later)"
	@echo "make lock          write requirements/*.lock anew; UPGRADE=--upgrade takes newer releases"
	@echo "make clean         remove what these commands made, the environment included"

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "No Python 3.11 or later with the modules venv and ensurepip was found; install one, or name it: make PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi
	@echo "Making $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/.run.stamp: requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "Installing requirements/run.lock"
	@$(PIP) --require-hashes -r requirements/run.lock
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev.stamp: requirements/dev.lock $(VENV)/.run.stamp
	@echo "Installing requirements/dev.lock"
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@

demo: $(VENV)/.run.stamp
	@$(BIN)/sla-sync demo

define LINT
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports --no-logo --no-cache; layers=$$?; wait $$types && exit $$layers
endef

# Tracing doubles the time of a test: with COVERAGE=1 the fast ones are traced, and these of the slow ones, for the gate.
TRACED := tests/adopting tests/cli/test_consistency.py $(wildcard tests/connectors/*/test_watching.py tests/connectors/*/test_survey.py)

test: $(VENV)/.dev.stamp
	$(LINT)
	@mkdir -p build
	@rm -f build/fast.xml build/traced.xml build/slow.xml
ifdef COVERAGE
	@$(PYTEST) -m "not slow" --junitxml=build/fast.xml --cov --cov-report= --cov-fail-under=0
	@$(PYTEST) -m slow $(TRACED) --junitxml=build/traced.xml --cov --cov-append --cov-report=term --cov-report=xml:build/coverage.xml
	@$(PYTEST) -m slow $(addprefix --ignore=,$(TRACED)) --junitxml=build/slow.xml
else
	@$(PYTEST) -m "not slow" --junitxml=build/fast.xml
	@$(PYTEST) -m slow --junitxml=build/slow.xml
endif

# A simulator shares no code with anything (the layers hold it), so its own tests wait until something of it is changed.
ASIDE = $(if $(shell git status --porcelain -- 'connectors/*/simulator' 'tests/connectors/*/simulator' sla_sync/connector),,$(addprefix --ignore=,$(wildcard tests/connectors/*/simulator)))

# Laws are tried with fewer examples here: `make test` tries them with all.
check: export SLA_SYNC_HASTE = 10
check: $(VENV)/.dev.stamp
	$(LINT)
	@$(PYTEST) -m "not slow" $(ASIDE)

format: $(VENV)/.dev.stamp
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

docs: $(VENV)/.dev.stamp
	@mkdir -p build
	@$(BIN)/python tests/house/inferred.py
	@$(BIN)/python -m sla_sync.agreement.reference docs/language.md
	@$(BIN)/sla-sync rules --format markdown > build/rules.md && mv build/rules.md docs/rules.md
	@for kind in LeadSLA Binding Targets Sync Attestations Channels Exceptions Signatures; do \
	  $(BIN)/sla-sync schema --kind $$kind > build/schema.json && mv build/schema.json docs/schema/$$kind.json || exit 1; \
	done

build/lock/bin/uv: | $(BIN)/python
	@$(BIN)/python -m venv build/lock
	@build/lock/bin/python -m pip --quiet install uv==$(UV)

COMPILE = build/lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
  --custom-compile-command "make lock" $(UPGRADE)

lock: build/lock/bin/uv
	@$(COMPILE) --group build --output-file requirements/run.lock
	@$(COMPILE) --group dev --constraint requirements/run.lock --output-file requirements/dev.lock

wheel: $(VENV)/.run.stamp
	@$(BIN)/python tests/house/bare_install.py

bench: $(VENV)/.run.stamp
	@$(BIN)/python benchmarks/startup.py
	@$(BIN)/python benchmarks/plan_calls.py
	@$(BIN)/python benchmarks/salesforce_plan.py
	@$(BIN)/python benchmarks/diff_scale.py
	@$(BIN)/python benchmarks/many_agreements.py
	@$(BIN)/python benchmarks/clock.py

bench-measures: $(VENV)/.run.stamp
	@$(BIN)/python benchmarks/synthetic.py
	@$(BIN)/python benchmarks/attainment.py
	@$(BIN)/python benchmarks/replay.py
	@$(BIN)/python benchmarks/export.py

SECONDS ?= 60
fuzz: $(VENV)/.dev.stamp
	@$(PIP) "atheris>=3.0,<3.1"
	@for target in documents expressions layouts; do \
	  $(BIN)/python tests/fuzz/coverage_guided.py $$target --seconds $(SECONDS) || exit 1; \
	done

WEEKS ?= 1000
campaign: $(VENV)/.dev.stamp
	@$(BIN)/python -m tests.behaviour.salesforce.campaign weeks $(WEEKS)
	@$(BIN)/python -m tests.behaviour.salesforce.campaign mutants

FORM := tests/connectors/salesforce/form
build/form/node_modules/.package-lock.json: $(FORM)/package.json
	@mkdir -p build/form
	@cp $(FORM)/package.json build/form/package.json
	@npm install --prefix build/form --no-audit --no-fund --loglevel=error
	@touch $@

form: build/form/node_modules/.package-lock.json $(VENV)/.dev.stamp
	@$(BIN)/python $(FORM)/form.py build/form/node_modules

# Its dependency undici must be held at 7: later ones need a later Node than many machines have.
build/official-cli/node_modules/.bin/sf:
	@mkdir -p build/official-cli
	@echo '{"private": true, "dependencies": {"@salesforce/cli": "$(SALESFORCE_CLI)"}, "overrides": {"undici": "^7.10"}}' \
	  > build/official-cli/package.json
	@npm install --prefix build/official-cli --no-audit --no-fund --loglevel=error
	@touch $@

official-cli: build/official-cli/node_modules/.bin/sf $(VENV)/.run.stamp
	@$(BIN)/python tests/connectors/salesforce/official_cli.py build/official-cli/node_modules/.bin/sf
	@$(BIN)/python $(FORM)/conversion.py build/official-cli/node_modules/.bin/sf

# It is an alpha, and no dependency of the product: it stands in an environment of its own.
build/typed-clients/.stamp: | $(BIN)/python
	@$(BIN)/python -m venv build/typed-clients
	@build/typed-clients/bin/python -m pip --quiet install hubspot-sdk==$(HUBSPOT_SDK)
	@touch $@

typed-clients: build/typed-clients/.stamp $(VENV)/.run.stamp
	@$(BIN)/python tests/connectors/hubspot/typed_clients.py build/typed-clients/bin/python

build/browser/.stamp: | $(BIN)/python
	@$(BIN)/python -m venv build/browser
	@build/browser/bin/python -m pip --quiet install playwright==$(PLAYWRIGHT)
	@npm install --prefix build/browser --no-audit --no-fund --loglevel=error axe-core@$(AXE)
	@touch $@

browser: build/browser/.stamp $(VENV)/.dev.stamp
	@$(BIN)/python -m tests.browser.see build/browser

# Half a gigabyte, and no dependency of the product: it lies in a folder of its own that only this target puts on the path.
build/spark/.stamp: | $(BIN)/python
	@$(BIN)/python -m pip --quiet install --target build/spark/site --no-deps pyspark==$(SPARK) "py4j>=0.10.9.9,<0.10.9.10" pyarrow-hotfix
	@touch $@

spark: build/spark/.stamp $(VENV)/.dev.stamp
	@PYTHONPATH=build/spark/site $(BIN)/python -m pytest tests/attainment/spark/test_spark.py tests/attainment/spark/every_script.py

clean:
	rm -rf $(VENV) build dist .sla-sync .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find sla_sync connectors tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
