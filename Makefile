# Everything one does here, by name. `make demo` and `make test` set up what they need, so each works as the first command.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check # errors only
# torch alone, exactly and first: from a range, or from a resolver that goes back in time, would come another build
TORCH := torch==2.13.0
EXTRAS := bot,train,presidio,dev

.PHONY: help
help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup: $(READY) ## .venv with everything for this machine

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "piiguard needs Python 3.11 or later, found: $$($(PYTHON) -V 2>&1). Name another with: make setup PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment. On Debian: sudo apt-get install python3-venv" >&2; exit 2; }
	@$(BIN)/python -c '' 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }
	@echo "setup: $(TORCH)" >&2
	@$(PIP) $(TORCH)
	@echo "setup: piiguard[$(EXTRAS)]" >&2
	@$(PIP) -e '.[$(EXTRAS)]' -c requirements.lock
	@touch $@

.PHONY: demo
demo: $(READY) ## scan a small Slack export, then a bot in a Slack of our own: a page to type and click in
	@started=$$SECONDS; $(MAKE) demo-scan; \
	if [ -n "$${PIIGUARD_DEMO_SECONDS:-}" ]; then \
		left=$$((PIIGUARD_DEMO_SECONDS - (SECONDS - started))); export PIIGUARD_DEMO_SECONDS=$$((left > 1 ? left : 1)); \
	fi; \
	exec $(BIN)/python -m bot demo

# what a scan of an export gives, in a few seconds
.PHONY: demo-scan
demo-scan:
	@mkdir -p work
	@# scan exits 1 when it finds something, and here it does
	@$(BIN)/piiguard scan examples/sample-export || [ $$? -eq 1 ]
	@$(BIN)/piiguard scan examples/sample-export --format html -o work/report.html 2>work/scan.log || [ $$? -eq 1 ] || { cat work/scan.log >&2; exit 2; }
	@echo
	@echo "The same as a page, values masked:  work/report.html"
	@echo "One message by hand:                echo '{\"id\": \"1\", \"text\": \"card 4242 4242 4242 4242\"}' | $(BIN)/piiguard detect"
	@echo "The model and what it was measured: $(BIN)/piiguard model show"

.PHONY: test
test: $(READY) ## pytest, all that can run here
	@# a process per core, one thread each: torch and onnxruntime would otherwise fight over the cores
	@OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false $(BIN)/python -m pytest -n $${PYTEST_WORKERS:-auto} --dist worksteal

.PHONY: reliability
reliability: $(READY) ## kill -9 at every line, chaos, stops, on both engines; half an hour or more
	@OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false RELIABILITY_EVERY=1 $(BIN)/python -m pytest -n0 tests/bot/reliability

.PHONY: load
load: $(READY) ## time from message to card and to acknowledgement, under load; two minutes
	@$(BIN)/python -m tests.bot.load

.PHONY: check
check: $(READY) ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

.PHONY: train
train: $(READY) ## a small training run, end to end, minutes on two cores
	@rm -rf work/tiny
	@$(BIN)/python -m training all --config tiny --out work/tiny --name piiguard-en-tiny

.PHONY: bench
bench: $(READY) ## latency and accuracy of this install
	@$(BIN)/piiguard bench latency
	@$(BIN)/piiguard bench accuracy

.PHONY: image
image: ## build the container, check its health
	@command -v docker >/dev/null || { echo "make image needs Docker; there is none on this machine" >&2; exit 2; }
	@docker info >/dev/null 2>&1 || { echo "make image needs a running Docker engine; docker info cannot reach one" >&2; exit 2; }
	@docker build --tag piiguard .
	@docker run --rm --network none piiguard model verify
	@echo '{"id": "1", "text": "card 4242 4242 4242 4242"}' | docker run --rm --interactive --network none piiguard detect

.PHONY: lock
lock: $(READY) ## requirements.lock from what .venv holds now
	@{ sed -n '/^#/p' requirements.lock; $(BIN)/python -m pip freeze --exclude-editable | sed -E 's/^(torch==[0-9.]+)\+.*/\1/'; } > requirements.lock.part
	@mv requirements.lock.part requirements.lock
