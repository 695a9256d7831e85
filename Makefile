# The doors of this repository. Each target does the set-up that it needs; `make run` and `make test` need nothing before.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check check-format check-lint check-types check-layers check-locks format lock bench soak dist clean

BIN := .venv/bin
CODE := $(wildcard ebp_desktop ui sync scanner resources central tests tools benchmarks) build.spec
JOBS ?= 2

# Imports are several times slower without byte code; Python's own text mode must not depend on the machine's locale.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONUTF8 := 1

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 16

run: ## set up, then the counter with demo people; without a display its whole day, drawn offscreen into build/day
	@tools/setup_system.sh run
	@tools/setup_python.sh
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  $(BIN)/ebp --home build/demo window --demo; \
	else \
	  QT_QPA_PLATFORM=offscreen $(BIN)/ebp day --out build/day; \
	fi

test: ## set up, then the whole suite, with PostgreSQL, CUPS and SANE's test device
	@tools/setup_system.sh test
	@tools/setup_python.sh
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n $(JOBS) --dist loadscope --no-loadscope-reorder $(ARGS)

check: ## format, lint, types, import contracts, freshness of the locks: all of them, even when the first one fails
	@tools/setup_system.sh run
	@tools/setup_python.sh
	@$(MAKE) --no-print-directory --keep-going check-format check-lint check-types check-layers check-locks

check-format:
	@$(BIN)/ruff format --check --quiet $(CODE) || { echo "check: run 'make format'" >&2; exit 1; }

check-lint:
	@$(BIN)/ruff check $(CODE)

check-types:
	@$(BIN)/mypy
	@$(BIN)/mypy tools/lock.py tools/smoke_dist.py benchmarks/*.py

check-layers:
	@$(BIN)/lint-imports --cache-dir build/import-linter

check-locks:
	@$(BIN)/python tools/lock.py check

format: ## put the code into its one format
	@tools/setup_python.sh
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)

lock: ## compute requirements/*.txt anew from pyproject.toml (needs package access)
	@tools/setup_python.sh
	@$(BIN)/python tools/lock.py write

bench: ## measure against floors and peers, into build/bench.json
	@tools/setup_system.sh test
	@tools/setup_python.sh
	@$(BIN)/python -m benchmarks --out build/bench.json $(ARGS)

soak: ## the long history of faults between counter and central
	@tools/setup_system.sh test
	@tools/setup_python.sh
	@$(BIN)/python -m pytest tests/faults -m soak -n 0 $(ARGS)

dist: ## freeze the app into dist/ebp, then let it examine itself from another folder
	@tools/setup_system.sh run
	@tools/setup_python.sh
	@$(BIN)/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller build.spec
	@$(BIN)/python tools/smoke_dist.py dist/ebp

clean: ## remove what the targets made, the virtual environment excepted
	@rm -rf build dist *.egg-info
