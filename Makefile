# Two commands: `make run` starts Warmstart, `make test` runs every check.
# Both set up what they need first; a second run takes about a second.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run test ask bench soak fuzz audit lock format pictures clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: $(READY)  ## the local room in your browser, or Discord when a token is set
	@exec $(BIN)/warmstart run

test: $(READY)  ## lint, types and the whole test suite
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/pytest -q --numprocesses auto --maxprocesses 4

ask: $(READY)  ## one answer in the terminal: make ask Q="is fast.ai free?"
	@$(BIN)/warmstart ask "$$Q"

bench: $(READY)  ## measurements: matching, the store, and the bot beside a bare one
	@$(BIN)/python -m benchmarks

soak: $(READY)  ## ten minutes of questions and votes, with the memory on the way
	@$(BIN)/python -m benchmarks.bot --soak 10

fuzz: $(READY)  ## a hundred thousand odd messages down the whole path, other ones each time
	@$(BIN)/python -m tests.fuzz $(FUZZ)

audit: $(READY)  ## known weaknesses of the locked packages (needs pip-audit and a network)
	@scripts/audit

format: $(READY)  ## let ruff write the code's layout
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

pictures: $(READY)  ## pictures of every kind of card, and the documentation's (needs Chromium)
	@$(BIN)/python scripts/screenshots.py

LOCK := uv pip compile --generate-hashes --universal --python-version 3.11 \
  --custom-compile-command "make lock" --no-emit-index-url --quiet

lock:  ## lock the newest versions that pyproject.toml allows (needs uv)
	@$(LOCK) pyproject.toml --all-extras --group dev --upgrade -o constraints.txt
	@$(LOCK) pyproject.toml --extra postgres --extra metrics --extra plots -c constraints.txt -o constraints-image.txt
	@$(LOCK) --group build -c constraints.txt -o constraints-build.txt

clean:  ## remove the environment and caches; votes and keys stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis

# as typed: make would otherwise expand $ in a question, and run $(shell …)
override export Q := $(value Q)

$(READY): constraints.txt pyproject.toml scripts/setup
	@PYTHON="$(PYTHON)" VENV="$(VENV)" scripts/setup
