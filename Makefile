# Two commands do everything: `make demo` runs the main job, `make test` the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
DEMO := demo
PORT ?= 3000
export DAGSTER_DISABLE_TELEMETRY := yes
export GX_ANALYTICS_ENABLED := False
export UV_COMPILE_BYTECODE ?= 1

.DEFAULT_GOAL := help
.PHONY: help attack seeds demo test dev bench bench-national latency fuzz hosts chaos
.PHONY: clocks canaries sbom audit deploy-check lint lock clean env zipapp zipapp-test docs accessible examples-r install containers

help:  ## Says what there is to make.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

env: $(VENV)/.ready  ## Builds the environment (hash-pinned).

# An environment of a hash-pinned list. uv installs ten times faster than pip; where it cannot reach an index that pip is
# configured for, pip does it.
define build
	@echo "Building the environment ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/installer.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes $(1) \
		|| $(BIN)/pip install -q --disable-pip-version-check --require-hashes $(1)
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . \
		|| $(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

$(VENV)/.ready: requirements/dev.txt requirements/installer.txt pyproject.toml
	$(call build,-r requirements/dev.txt)
	@touch $@

install:  ## Installs what a server needs, without what tests need (PACKAGES=kubernetes where a run is a pod).
	$(call build,-r requirements/$(or $(PACKAGES),productie).txt -r requirements/zipapp.txt)

demo: env  ## Writes a synthetic region and runs the whole pipeline on it.
	@$(BIN)/jos demo $(DEMO)
	@cd $(DEMO) && $(BIN)/jos run --publiceer && $(BIN)/jos report
	@echo "Zelf verder: cd $(DEMO) && $(BIN)/jos --help. Dagster: make dev. Wat is wat: README.md"

# Dagster and SQLite wait for the disk at every event; what tests write may live in memory where there is plenty.
IN_MEMORY := $(shell df -Pm /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 2000 {print "TMPDIR=/dev/shm"}')

test: env  ## Runs the whole test suite.
	@$(IN_MEMORY) $(BIN)/python -m pytest -n 2 --dist loadscope $(PYTEST_ARGS)

# Beside it the pages that the UI links to, for as long as it runs.
dev: env  ## Opens the Dagster UI and daemon on the demo, at http://127.0.0.1:3000 (PORT=3001 for another).
	@test -d $(DEMO)/.jos/dagster || $(MAKE) demo
	@echo "Dagster comes up at http://127.0.0.1:$(PORT) (stop: Ctrl-C). Drop a file in $(DEMO)/inbox/<leverancier>/ and watch Runs."
	@cd $(DEMO) && { ( $(BIN)/python -m jos_pipeline.reading_room & while kill -0 $$$$ 2>/dev/null; do sleep 1; done; kill $$! 2>/dev/null ) & \
	PYTHONWARNINGS="ignore:::click.core" DAGSTER_HOME="$(CURDIR)/$(DEMO)/.jos/dagster" exec $(BIN)/dagster dev -m jos_pipeline.definitions -h 127.0.0.1 -p $(PORT); }

bench: env  ## Measures gate, pipeline and disclosure control, each against a yardstick on the same data.
	@$(BIN)/python -m benchmarks.gate
	@$(BIN)/python -m benchmarks.gate_to_figures
	@$(BIN)/python -m benchmarks.disclosure

seeds: env  ## Protects and audits 50 invented regions (JOS_BENCH_SIZES, _SEEDS, _ATTACKERS for others).
	@$(BIN)/python -m benchmarks.seeds

bench-national: env  ## Measures a whole country, or SHARE=0.1 of it, against the same by hand (an hour or more; SHARE=0.1: minutes; 4 GB).
	@$(BIN)/python -m benchmarks.country --deel $(or $(SHARE),1)
	@$(BIN)/python -m benchmarks.suppliers $(SUPPLIERS)
	@$(BIN)/python -m benchmarks.national $(RECORDS)

latency: env  ## Measures how long a file takes to become figures in a daemon that runs as ever (minutes; a quiet machine).
	@$(BIN)/python -m benchmarks.latency

attack: env  ## Lets a reader attack all that the demo brought out, with nothing but what is published, and schools another day (minutes).
	@JOS_ATTACK=alles $(BIN)/python -m pytest -n 0 -q tests/e2e/test_demo_attack.py tests/e2e/test_demo_audit.py

fuzz: env  ## Runs the property tests of parsers and gate with 50,000 examples (half an hour: JOS_FUZZ=5000 for less).
	@JOS_FUZZ=$${JOS_FUZZ:-50000} $(BIN)/python -m pytest --durations=0 tests/unit/test_parser_laws.py tests/unit/test_gate_fuzz.py

hosts: env  ## Lets three hosts on one machine do the work of one, and one of them lose its power (root, iproute2; HOSTS=9 for more rounds).
	@JOS_HOSTS=$${HOSTS:-1} $(BIN)/python -m pytest -q tests/dagster/test_many_hosts.py

chaos: env  ## Kills commands at random moments and looks whether anything was lost, doubled or half (ROUNDS=500 FAULTS=20 SEED=1).
	@$(IN_MEMORY) $(BIN)/python -W ignore -m tests.chaos.campaign --rounds $${ROUNDS:-40} $${FAULTS:+--faults $$FAULTS} $${SEED:+--seed $$SEED}

clocks: env  ## Lets a real daemon live on while its clock jumps (libfaketime; minutes).
	@$(IN_MEMORY) $(BIN)/python -m pytest -q tests/chaos/clock_jumps.py

canaries: env  ## Lets canaries loose in every source and searches all that is written for them (minutes).
	@$(IN_MEMORY) $(BIN)/python -W ignore -m tests.chaos.canary_house

# A tool of its own, for what it needs is no part of what it tells of.
SBOM := $(CURDIR)/$(VENV)-sbom
$(SBOM)/.ready: env requirements/sbom.txt
	@$(PYTHON) -m venv $(SBOM)
	@$(BIN)/uv pip install -q --python $(SBOM)/bin/python --require-hashes -r requirements/sbom.txt
	@touch $@

sbom: $(SBOM)/.ready  ## Writes dist/sbom-*.json (CycloneDX): every library of an installation, with its hashes.
	@mkdir -p dist
	@for list in runtime productie kubernetes leverancier; do $(SBOM)/bin/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml \
		--output-reproducible --short-PURLs -o dist/sbom-$$list.json requirements/$$list.txt; done

audit: $(SBOM)/.ready  ## Asks the public list of vulnerabilities (online) about every pinned library.
	@wrong=0; for list in productie kubernetes leverancier; do \
		$(SBOM)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements/$$list.txt || wrong=1; done; exit $$wrong

accessible: env  ## Looks at every page of the demo, whole, with axe and the keyboard (minutes; the suite takes one of each kind).
	@JOS_EVERY_PAGE=1 $(BIN)/python -m pytest -q --durations=5 tests/browser/test_report_pages.py tests/browser/test_pages.py -k "everybody or keyboard"

containers: env  ## Starts deploy/compose with a real engine: a file becomes a finished run (root; docker.io, debootstrap; minutes).
	@JOS_CONTAINERS=1 $(BIN)/python -m pytest -q -n 0 --durations=5 tests/containers

examples-r: env  ## Runs the examples of docs/analist.md in R (R with readr, DBI and RSQLite; minutes, for it makes the demo).
	@JOS_R=1 $(BIN)/python -m pytest -q tests/e2e/test_examples_in_r.py

DEPLOY := $(CURDIR)/$(VENV)-deploy
$(DEPLOY)/.ready: env requirements/deploy.txt
	@$(PYTHON) -m venv $(DEPLOY)
	@$(BIN)/uv pip install -q --python $(DEPLOY)/bin/python --require-hashes -r requirements/deploy.txt
	@touch $@

deploy-check: $(DEPLOY)/.ready  ## Holds deploy/ against the schemas of Compose and Kubernetes, with the pod that a run would be.
	@$(DEPLOY)/bin/python -W ignore deploy/check.py

zipapp: env  ## Builds dist/jos-prepare-*.pyz: the one file for suppliers (Linux and Windows).
	@$(BIN)/python deploy/zipapp/build.py

zipapp-test: env
	@JOS_ZIPAPP_PYTHONS=$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])') $(BIN)/python deploy/zipapp/build.py linux
	@$(BIN)/python -m pytest -q -p no:cacheprovider deploy/zipapp

lint: env  ## Style, types and import rules.
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

docs: env  ## Writes docs/woordenboek.md and docs/dpia.md anew from schemas and catalogue.
	@$(BIN)/python -m jos_pipeline.dictionary > docs/woordenboek.md
	@$(BIN)/python -m jos_pipeline.dpia > docs/dpia.md

lock: env  ## Pins the environment anew from requirements/*.in.
	@for list in runtime productie kubernetes dev installer leverancier zipapp sbom deploy; do $(BIN)/uv pip compile -q --universal --generate-hashes --no-strip-extras --no-emit-index-url \
		--no-header --python-version 3.11 requirements/$$list.in -o requirements/$$list.txt; done

clean:  ## Removes the environment and the demo.
	rm -rf $(VENV) $(VENV)-sbom $(VENV)-deploy $(DEMO)
