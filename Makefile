# Set-up, tests and packaging. Every step that is done leaves a stamp, so it is not done twice.

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs lock wheel audit sbom release bench bench-measures performance performance-long peers fuzz interruptions chaos campaign lives form official-cli typed-clients browser spark site newcomer clean

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
OCTODNS := 1.22.0
BUSINESS_DURATION := 0.68
PIP_AUDIT := 2.10.1
ZIZMOR := 1.32.0
CYCLONEDX := 11.12.0

help:
	@echo "make demo          set up, then validate, plan and apply configs/acme to both simulators and show drift"
	@echo "make test          set up, then format, lint, types, layers and all tests; COVERAGE=1 traces the fast ones and holds the gate"
	@echo "make check         the same with the fast tests only; for every save"
	@echo "make format        format the code and cure what ruff can cure"
	@echo "make docs          write the pages of the documentation that are made from the code"
	@echo "make site          build the site of the documentation strictly, into build/site/html"
	@echo "make wheel         build the wheel and try it in a bare environment outside this folder"
	@echo "make audit         ask what weaknesses of the locked parts are known, and read the workflows for some (needs PyPI's own API)"
	@echo "make sbom          write the licences and the list of all parts, which it holds against the schema of CycloneDX"
	@echo "make release       build wheel and source archive twice with the same bytes, with parts and digests, into dist"
	@echo "make bench         print what start-up, a plan and a large diff cost"
	@echo "make bench-measures the same for ten million turns, a replay of a million leads, exports; takes a quarter of an hour"
	@echo "make performance   write the figures of docs/performance.md anew; performance-long those that take minutes each"
	@echo "make peers         octoDNS and Salesforce's CLI beside ours, in one run (needs npm)"
	@echo "make fuzz          look for inputs, answers and files that crash what reads them; SECONDS=60 for each kind"
	@echo "make chaos         try SCHEDULES=2000 schedules of faults (SEED=1), the law of apply and its mutants; takes an hour"
	@echo "make interruptions kill, stop, race and refuse commands at every EVERY=4th request and step on the disk; takes an hour"
	@echo "make campaign      run WEEKS=1000 random weeks in simulated orgs by each engine, and every mistake in a flow"
	@echo "make lives         compare every turn of LEADS=100000 random lives with the model (SEED=1)"
	@echo "make form          let others' linters and parsers read what is made for Salesforce (needs npm)"
	@echo "make official-cli  drive the Salesforce simulator with Salesforce's own CLI (needs npm)"
	@echo "make typed-clients drive the HubSpot simulator with both official clients for Python"
	@echo "make browser       look at the HTML reports and the site in a Chromium of this machine, with axe-core (needs npm)"
	@echo "make spark         hold every measure in Spark and as SQL against DuckDB, row by row (needs Java 17 or later)"
	@echo "make newcomer      time the way of somebody new: clone, demo, an agreement of their own, its first plan"
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

define STYLE
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
endef

define LINT
	$(STYLE)
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports --no-logo --no-cache; layers=$$?; wait $$types && exit $$layers
endef

# Tracing doubles the time of a test: with COVERAGE=1 the fast ones are traced, and these of the slow ones, for the gate.
TRACED := tests/adopting tests/cli/test_accept.py tests/cli/test_consistency.py tests/cli/test_first_steps.py \
  tests/cli/test_forecast.py tests/cli/test_leaving.py tests/cli/test_ownership.py tests/cli/test_simulator_clock.py tests/connectors/hubspot/test_remove.py $(wildcard tests/connectors/*/test_watching.py tests/connectors/*/test_survey.py)

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

# Laws are tried with fewer examples here: `make test` tries them with all. Types and layers are looked at meanwhile; three
# processes on two cores, for some tests wait.
check: export SLA_SYNC_HASTE = 10
check: $(VENV)/.dev.stamp
	$(STYLE)
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports --no-logo --no-cache & layers=$$!; \
	  $(subst -n 2,-n 3,$(PYTEST)) -m "not slow" $(ASIDE); tests=$$?; wait $$types && wait $$layers && exit $$tests

format: $(VENV)/.dev.stamp
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

docs: $(VENV)/.dev.stamp
	@mkdir -p build
	@$(BIN)/python -m tests.house.known
	@$(BIN)/python -m sla_sync.agreement.reference docs/language.md
	@$(BIN)/python -m tests.docs.reference
	@$(BIN)/sla-sync rules --format markdown > build/rules.md && mv build/rules.md docs/rules.md
	@for kind in LeadSLA Binding Targets Sync Attestations Channels Exceptions Signatures Disputes; do \
	  $(BIN)/sla-sync schema --kind $$kind > build/schema.json && mv build/schema.json docs/schema/$$kind.json || exit 1; \
	done

# The builder shares no dependency with the product: it stands in an environment of its own.
build/site/env/.stamp: requirements/docs.lock | $(BIN)/python
	@echo "Installing requirements/docs.lock"
	@$(BIN)/python -m venv build/site/env
	@build/site/env/bin/python -m pip --quiet install --require-hashes -r requirements/docs.lock
	@touch $@

site: build/site/env/.stamp $(VENV)/.dev.stamp
	@$(BIN)/python -m tests.docs.staging build/site
	@build/site/env/bin/zensical build --strict --clean --config-file build/site/zensical.toml
	@$(BIN)/python -m tests.docs.built build/site/html

build/lock/bin/uv: | $(BIN)/python
	@$(BIN)/python -m venv build/lock
	@build/lock/bin/python -m pip --quiet install uv==$(UV)

COMPILE = build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --custom-compile-command "make lock" $(UPGRADE)

lock: build/lock/bin/uv
	@$(COMPILE) pyproject.toml --group build --output-file requirements/run.lock
	@$(COMPILE) pyproject.toml --group dev --constraint requirements/run.lock --output-file requirements/dev.lock
	@$(COMPILE) --group docs --output-file requirements/docs.lock

wheel: $(VENV)/.run.stamp
	@$(BIN)/python tests/house/bare_install.py

# Tools for the house, in an environment of their own: no part of the product, and no part of its lock.
build/supply/.stamp: | $(BIN)/python
	@$(BIN)/python -m venv build/supply
	@build/supply/bin/python -m pip --quiet install pip-audit==$(PIP_AUDIT) zizmor==$(ZIZMOR) "cyclonedx-python-lib[json-validation]==$(CYCLONEDX)"
	@touch $@

# Strict: a distribution that could not be asked about is a failure, not a pass.
audit: build/supply/.stamp
	@build/supply/bin/zizmor --offline --persona auditor --min-severity low --quiet .github action.yml docs/examples
	@for lock in run dev; do \
	  build/supply/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements/$$lock.lock || exit 1; \
	done

VERSION = $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' pyproject.toml | head -n 1)
sbom: build/supply/.stamp $(VENV)/.dev.stamp
	@$(BIN)/python -m tests.house.parts page
	@$(BIN)/python -m tests.house.parts bill dist/sla-sync-$(VERSION).cdx.json
	@build/supply/bin/python tests/house/bill_is_valid.py dist/sla-sync-$(VERSION).cdx.json

release: sbom
	@$(BIN)/python -m tests.house.reproducible dist
	@$(BIN)/python -c 'from tests.house.reproducible import Path, sums; sums(Path("dist"))'

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

# Beside them: octoDNS and what pandas needs for business time, each in a folder of its own, and Salesforce's CLI; none is a dependency of the product.
build/peers/.stamp: | $(BIN)/python
	@$(BIN)/python -m venv build/peers
	@build/peers/bin/python -m pip --quiet install octodns==$(OCTODNS)
	@$(BIN)/python -m pip --quiet install --target build/peers/site --no-deps business-duration==$(BUSINESS_DURATION)
	@touch $@

peers: build/peers/.stamp build/official-cli/node_modules/.bin/sf $(VENV)/.run.stamp
	@$(BIN)/python -m benchmarks.peers

performance: build/peers/.stamp build/official-cli/node_modules/.bin/sf $(VENV)/.run.stamp
	@$(BIN)/python -m benchmarks.page

performance-long: build/peers/.stamp build/spark/.stamp $(VENV)/.run.stamp
	@$(BIN)/python -m benchmarks.page nights pandas spark

SECONDS ?= 60
SEED ?= 1
fuzz: $(VENV)/.dev.stamp
	@$(PIP) "atheris>=3.0,<3.1"
	@for target in documents expressions layouts; do \
	  $(BIN)/python tests/fuzz/coverage_guided.py $$target --seconds $(SECONDS) || exit 1; \
	done
	@$(BIN)/python -m tests.fuzz.campaign --seconds $(SECONDS) --seed $(SEED) $(WRITE)

WEEKS ?= 1000
SCHEDULES ?= 2000
LAW ?= 4000
chaos: $(VENV)/.dev.stamp
	@$(BIN)/python -m tests.chaos --schedules $(SCHEDULES) --seed $(SEED) --law $(LAW) --mutants --write

interruptions: $(VENV)/.dev.stamp
	@$(BIN)/python -m tests.interruptions --every $(or $(EVERY),4) --write

campaign: $(VENV)/.dev.stamp
	@$(BIN)/python -m tests.behaviour.salesforce.campaign weeks $(WEEKS)
	@$(BIN)/python -m tests.behaviour.salesforce.campaign mutants

LEADS ?= 100000
lives: $(VENV)/.dev.stamp
	@$(BIN)/python -m tests.attainment.campaign $(LEADS) --seed $(SEED) $(WRITE)

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
	@$(BIN)/python -m tests.connectors.hubspot.typed_clients build/typed-clients/bin/python

build/browser/.stamp: | $(BIN)/python
	@$(BIN)/python -m venv build/browser
	@build/browser/bin/python -m pip --quiet install playwright==$(PLAYWRIGHT)
	@npm install --prefix build/browser --no-audit --no-fund --loglevel=error axe-core@$(AXE)
	@touch $@

browser: build/browser/.stamp $(VENV)/.dev.stamp site
	@$(BIN)/python -m tests.browser.see build/browser
	@build/browser/bin/python tests/docs/visited.py build/site/html build/browser/node_modules/axe-core/axe.min.js

# Half a gigabyte, and no dependency of the product: it lies in a folder of its own that only this target puts on the path.
build/spark/.stamp: | $(BIN)/python
	@$(BIN)/python -m pip --quiet install --target build/spark/site --no-deps pyspark==$(SPARK) "py4j>=0.10.9.9,<0.10.9.10" pyarrow-hotfix
	@touch $@

spark: build/spark/.stamp $(VENV)/.dev.stamp
	@PYTHONPATH=build/spark/site $(BIN)/python -m pytest tests/attainment/spark/test_spark.py tests/attainment/spark/every_script.py

newcomer:
	@"$(PYTHON)" tests/newcomer/path.py

clean:
	rm -rf $(VENV) build dist .sla-sync .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find sla_sync connectors tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
