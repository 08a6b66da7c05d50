# Needs only make and Python 3.11 to 3.13 with its venv module. `make help` lists the targets.
PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin
TESTS ?= tests
DEMO := out/demo
FUZZ := out/fuzz
FUZZ_SECONDS ?= 30

.DEFAULT_GOAL := help
.PHONY: help demo test check lint fix docs docs-check golden golden-check fixtures fixtures-check fit bench fuzz wheel lock new-check coverage clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

$(VENV)/.made: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  || { echo "sdc-airlock needs Python 3.11, 3.12 or 3.13; give it as: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python cannot make virtual environments here. On Debian: apt install python3-venv"; exit 1; }
	test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml README.md LICENSE
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@# workers may write nowhere, so that each would compile its modules anew
	$(RUN)/python -m compileall -q sdc_airlock
	touch $@

demo: $(VENV)/.made ## install into .venv, scan the fixtures, say where the report is
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall .
	@rm -f $(VENV)/.installed
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@$(RUN)/sdc-airlock scan fixtures/requests --out $(DEMO); status=$$?; \
	  case $$status in 0|10|20) ;; *) exit $$status ;; esac; \
	  echo; echo "The HTML report: $(CURDIR)/$(DEMO)/index.html"

test: $(VENV)/.installed ## run the tests
	$(RUN)/python -m pytest -q -n auto $(TESTS)

coverage: $(VENV)/.installed ## run the tests and measure what they cover
	$(RUN)/python -m pytest -q -n auto --cov --cov-report=term-missing:skip-covered $(TESTS)

check: lint docs-check fixtures-check golden-check test ## everything that has to hold

lint: $(VENV)/.installed ## style, types and import contracts
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports

fix: $(VENV)/.installed ## mend what can be mended by machine
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

docs: $(VENV)/.installed ## write the generated pages
	$(RUN)/python tools/write_docs.py && $(RUN)/python tools/cli_docs.py --write

docs-check: $(VENV)/.installed
	$(RUN)/python tools/write_docs.py --check && $(RUN)/python tools/cli_docs.py --check

golden: $(VENV)/.installed ## write the reports that reports/ shows
	$(RUN)/python tools/write_golden.py

golden-check: $(VENV)/.installed
	$(RUN)/python tools/write_golden.py --check

fixtures: $(VENV)/.installed ## build the synthetic outputs anew
	$(RUN)/python tools/build_fixtures.py

fixtures-check: $(VENV)/.installed
	$(RUN)/python tools/build_fixtures.py --check

fit: $(VENV)/.installed ## CORPUS=... fit the weights of recognition anew
	$(RUN)/python tools/fit_weights.py $(CORPUS) --write

$(VENV)/.fuzz: $(VENV)/.installed fuzz/requirements.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r fuzz/requirements.lock
	touch $@

# the seeds are what the tests of readers read; one that fails has given its seeds before
$(FUZZ)/seeds: $(VENV)/.installed
	-PYTHONPATH=fuzz SEEDS=$@ $(RUN)/python -m pytest -q --no-header --tb=no -p seeds tests/readers

fuzz: $(VENV)/.fuzz $(FUZZ)/seeds ## TARGETS="pdf csv" FUZZ_SECONDS=30 fuzz identification and each reader
	$(RUN)/python fuzz/harness.py $(FUZZ) $(FUZZ_SECONDS) $(TARGETS)

bench: $(VENV)/.installed ## print time and memory as ratios in one run
	$(RUN)/python benchmarks/bench.py

wheel: $(VENV)/.made ## build the wheel into dist/
	$(RUN)/python -m build --wheel --no-isolation --outdir dist .

lock: ## solve the dependencies anew (needs uv)
	uv pip compile --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-find-links --no-emit-index-url --group dev --upgrade pyproject.toml -o requirements.lock

new-check: $(VENV)/.installed ## NAME=... write the files of a new check
	$(RUN)/python tools/new_check.py $(NAME)

clean: ## remove what was built
	rm -rf dist build out .bench .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
