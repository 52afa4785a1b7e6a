# Everything starts here: `make lab` for learners, `make test` before a change is offered.
# Windows without make: `py -m labelschool setup|lab|test` does the same.

PYTHON ?= python3
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
.DEFAULT_GOAL := help
.PHONY: help setup dev lab test soak oracles notebooks data widgets lint bench lock

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

setup:  ## make .venv/ and install the course into it
	@$(PYTHON) -m labelschool setup

dev:
	@$(PYTHON) -m labelschool setup --dev

lab:  ## set up, then open JupyterLab on your work folder
	@$(PYTHON) -m labelschool lab

test:  ## set up, then run all tests this machine can run (PARTS="unit system")
	@$(PYTHON) -m labelschool test $(PARTS)

soak: dev  ## the tests that take minutes: Binder's steps in a clean environment, damaged label files
	@$(BIN)/python -m pytest -m slow tests

oracles: dev  ## the tools' own packages read our files, and we read theirs (makes two venvs)
	@$(BIN)/python tools/oracles/run.py

notebooks: dev  ## build the notebooks from content/
	@$(BIN)/python tools/notebooks/build.py

data: dev  ## build one data set from its recipe (SET=starter10)
	@$(BIN)/python tools/datasets/build.py --set $(SET)

widgets:  ## bundle the annotators' JavaScript (needs Node)
	@npm install --no-audit --no-fund --loglevel=error && npm run --silent build

lint: dev  ## format and lint checks, Python and JavaScript
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .
	@if [ -d node_modules ]; then npm run --silent lint; else echo "JavaScript not linted: run make widgets first"; fi

bench: dev  ## ratios, measured side by side
	@for script in tests/bench/bench_*.py; do $(BIN)/python $$script || exit 1; done

lock: dev  ## pin the newest versions that pyproject.toml allows
	@$(BIN)/pip install --quiet uv && $(BIN)/python tools/lock.py
