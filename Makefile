# make run   makes the demo district, takes it in through its feeds and serves it
# make test  passes the tests
.PHONY: run test coverage fuzz plant soak audit drill lint bench docs messages test-browser test-postgres test-spark clean

# The first that runs: where pyenv is, each name is there, whether its version may be used or not.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
  $$p -c '$(NEW_ENOUGH)' 2>/dev/null && command -v $$p && break; done)
# Compiled modules are kept, whatever the shell says: without them each start takes seconds more.
export PYTHONDONTWRITEBYTECODE :=
UV := .venv/bin/uv
DEMO ?= demo-district
PEOPLE ?= 50000
PORT ?= 8000
WORKERS ?= auto
SEED ?= 2
OPERATIONS ?= 400
INPUTS ?= 3000
MINUTES ?= 60
# To read the files of 14,000 tests takes each worker 20 s: only those that a browser runs.
BROWSED = $(shell grep -rl --include='test_*.py' 'mark\.browser' tests | sort)

run: .venv/ready
	@.venv/bin/onesystem demo make $(DEMO) --people $(PEOPLE) --quiet
	@.venv/bin/onesystem -d $(DEMO) serve --demo --port $(PORT)

test: .venv/ready-dev
	.venv/bin/pytest -n $(WORKERS) --dist worksteal --durations=20 -m "not browser and not postgres and not spark"

test-browser: .venv/ready-dev
	.venv/bin/pytest -n $(WORKERS) --dist loadfile --durations=10 -m browser $(BROWSED)

# Pages say what queries and acts told them: `make test-postgres PAGES=" or page"` tries them too.
test-postgres: .venv/ready-dev
	@test -n "$(DATABASE_URL)" || { echo "Set DATABASE_URL=postgresql://..."; exit 1; }
	DATABASE_URL="$(DATABASE_URL)" .venv/bin/pytest -n $(WORKERS) --dist worksteal --durations=20 -m "((store and not page) or postgres$(PAGES)) and not browser and not spark"

# The same with what ran of each room by line and branch; half as long again.
coverage: .venv/ready-dev
	.venv/bin/pytest -n $(WORKERS) --dist worksteal -m "not browser and not postgres and not spark" \
	  --cov --cov-branch --cov-report= --cov-report=json:.coverage.json
	.venv/bin/python tools/coverage_page.py .coverage.json

# Measures, linkage and the log's files on a small Spark cluster of this machine; needs Java.
test-spark: .venv/ready-dev
	@$(UV) sync --quiet --frozen --inexact --extra dev --extra pdf --extra spark --python .venv/bin/python
	.venv/bin/pytest -m spark

# Thousands of asks that are drawn from the API's own description, and nonsense through every other
# door: feeds, pages and JSON, command line. Says what was tried and found; some minutes.
fuzz: .venv/ready-dev
	ONESYSTEM_FUZZ_INPUTS=$(INPUTS) ONESYSTEM_FUZZ_SEED=$(SEED) \
	.venv/bin/pytest -n 0 tests/attack/test_fuzz.py
	ONESYSTEM_FUZZ=6000 ONESYSTEM_FUZZ_OPERATIONS=$(OPERATIONS) ONESYSTEM_FUZZ_SEED=$(SEED) \
	.venv/bin/pytest -n $(WORKERS) tests/record/test_fhir_fuzz.py tests/record/test_fhir_openapi.py

# Kills, full disks, failovers, restores and an older district, as tests; some minutes.
drill: .venv/ready-dev
	.venv/bin/pytest -n 0 --durations=10 tests/feeds/test_drills.py tests/feeds/test_faults_kill.py \
	tests/feeds/test_faults_away.py tests/cli/test_backups.py tests/cli/test_older.py \
	tests/cli/test_whole_district.py -k "not moves_to and not into_postgresql"

# Markup in every word of a demo's store, and every page read for it by everybody.
plant: .venv/ready
	.venv/bin/python tools/plant.py $(DEMO)

# Ten times the mean load of a district of a million people, with processes killed at random.
soak: .venv/ready
	.venv/bin/python tools/soak.py $(DEMO) --minutes $(MINUTES)

# Asks the database of advisories (osv.dev) about each library; needs the network.
audit: .venv/ready
	$(UV) audit --frozen

lint: .venv/ready-dev
	.venv/bin/ruff check src tests tools
	.venv/bin/ruff format --check src tests tools
	.venv/bin/mypy $$(.venv/bin/python tools/pure_modules.py)
	.venv/bin/lint-imports

# Every benchmark beside its peers, onto one page of the documentation; a quarter of an hour.
bench: .venv/ready-dev
	@$(UV) sync --quiet --frozen --inexact --extra dev --extra pdf --extra peers --extra spark \
	  --python .venv/bin/python
	.venv/bin/onesystem bench --all --page docs/figures.md

# The catalogue that translators begin from; a test says when it is out of date.
messages: .venv/ready-dev
	.venv/bin/python tools/messages.py

docs: .venv/ready-dev
	.venv/bin/sphinx-build -q -W docs docs/_build

clean:
	rm -rf .venv $(DEMO) docs/_build

$(UV):
	@echo "Setting up (once): a Python environment in .venv"
	@test -n "$(PYTHON)" || { echo "onesystem needs Python 3.11 or newer on the PATH"; exit 1; }
	@$(PYTHON) -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check "uv>=0.9,<1"

.venv/ready: uv.lock pyproject.toml | $(UV)
	@echo "Setting up (once): the libraries that uv.lock names"
	@$(UV) sync --quiet --frozen --inexact --extra pdf --python .venv/bin/python
	@touch $@

.venv/ready-dev: .venv/ready
	@echo "Setting up (once): the tools of the tests"
	@$(UV) sync --quiet --frozen --inexact --extra dev --extra pdf --python .venv/bin/python
	@touch $@
