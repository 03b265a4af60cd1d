# Everything here needs only Python >= 3.11, make and a package index.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SHOP   := build/demo.sqlite
ORDERS ?= 10000000

.PHONY: demo test lint types check bench format clean

demo: $(SHOP)
	@$(BIN)/ltvtui $(SHOP)

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

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
