# Every door of the project. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(firstword $(foreach v,3.11 3.12 3.13,$(shell command -v python$(v))) $(shell command -v python3))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Small matrices all over: one thread each is faster than a crowd.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

##@ Use it
serve: $(VENV)/.ready  ## Install, fetch what is missing, start the service
	@$(BIN)/producer serve

song: $(VENV)/.ready  ## Make one song: PROMPT="…" [LYRICS=words.txt] [SEED=7] [OUT=song.wav]
	@$(BIN)/producer song --prompt "$(PROMPT)" $(if $(LYRICS),--lyrics "$(LYRICS)") $(if $(SEED),--seed "$(SEED)") --out "$(or $(OUT),song.wav)"

install: $(VENV)/.ready  ## Create .venv, install, fetch the assets, compile the kernels

##@ Work on it
test: $(VENV)/.dev $(VENV)/.ready  ## Run the tests
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev  ## Lint, types, import contracts, doctests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -p no:cacheprovider --doctest-modules src/producer/units.py src/producer/score src/producer/lyrics src/producer/service/catalogue.py

bench: $(VENV)/.dev $(VENV)/.ready  ## Seconds and memory of whole songs, stage by stage
	@$(BIN)/python bench/bench_song.py

bench-music bench-voice bench-lyrics bench-video bench-service: $(VENV)/.dev $(VENV)/.ready
bench-music:  ## Sixty prompts x three seeds through independent judges (20 minutes)
	@$(BIN)/python bench/bench_music.py
bench-voice:  ## The singer on held-out songs: words, pitch, noise, speed; then seven other languages
	@cd bench && ../$(BIN)/python bench_voice.py
	@cd bench && ../$(BIN)/python bench_tongues.py
bench-lyrics:  ## The writer on held-out prompts: rhyme, metre, theme, variety (15 minutes)
	@$(BIN)/python bench/bench_lyrics.py --systems alone,blind,rules,model
bench-video:  ## Frames a second of each video preset
	@$(BIN)/python bench/bench_video.py
bench-service:  ## Polls and submits under load, and a long queue
	@$(BIN)/python bench/bench_service.py

docs: $(VENV)/.dev $(VENV)/.ready  ## Draw the pictures in docs/img anew
	@$(BIN)/python bench/draw_songs.py
	@$(BIN)/python bench/draw_styles.py

lock:  ## Renew requirements.lock and requirements-dev.lock (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q --extra build --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock

clean:  ## Remove .venv and build leftovers; songs and accounts in ./var stay
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

help:  ## This list
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*##/ {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ------------------------------------------------------------------ what the doors stand on
$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "No Python found. Install Python 3.11, 3.12 or 3.13, e.g. apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "$(PYTHON) is no Python 3.11-3.13. Call make with PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) can't make virtual environments. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing packages into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing the development packages …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.ready: $(VENV)/.installed src/producer/assets.toml
	@$(BIN)/producer assets
	@touch $@

.PHONY: serve song install test check bench bench-music bench-voice bench-lyrics bench-video bench-service docs lock clean help
