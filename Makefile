# Everything here needs only Python >= 3.11, make and a package index.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SHOP   := build/demo.sqlite
LIVE   := build/live.sqlite
RATE   ?= 5
ORDERS ?= 10000000

.PHONY: demo live test lint types check bench format clean

demo: $(SHOP)
	@$(BIN)/ltvtui $(SHOP)

# The feed ends with the app, however that ends.
live: $(LIVE)
	@$(BIN)/ltvtui feed $(LIVE) --rate $(RATE) --wal 2>$(LIVE).log & feed=$$!; \
	trap 'kill $$feed 2>/dev/null; wait $$feed' EXIT; trap 'exit 129' HUP; trap 'exit 143' TERM; trap : INT; \
	$(BIN)/ltvtui $(LIVE) --live

test: $(READY)
	$(BIN)/pytest --numprocesses=2 --dist=loadfile --durations=15

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

check: lint types test

bench: $(READY)
	@PYTHONPATH=tests $(BIN)/python -m bench --orders $(ORDERS) $(if $(GROWTH),--growth)

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(SHOP): $(READY) $(wildcard fixtures/*.py)
	@mkdir -p $(@D)
	$(BIN)/python fixtures/generate.py $@

# It grows while it is watched: it is generated once, and again after `make clean`.
$(LIVE): | $(READY)
	@mkdir -p $(@D)
	$(BIN)/python fixtures/generate.py $@

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
