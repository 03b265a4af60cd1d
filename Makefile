# Everything here needs only Python, make and a package index.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
WARM   := $(VENV)/.warm
SPARK  := $(VENV)/.spark
SHOP   := build/demo.sqlite
LIVE   := build/live.sqlite
RATE   ?= 5
ORDERS ?= 10000000
TOOLS  := build/tools
KEPT   := $(TOOLS)/.ready

# Compiled modules are kept, whatever the machine says: tests start hundreds of processes, and each would compile all.
export PYTHONDONTWRITEBYTECODE :=

# Nothing but wheels of which the lock has the hash: building a package would fetch what no hash is known of.
LOCKED := install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-compile
COMPILE := $(TOOLS)/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

.PHONY: demo live test test-engines quick thorough screens pictures lint types check bench format lock audit clean

demo: $(SHOP)
	@$(BIN)/ltvtui $(SHOP)

# The feed ends with the app, however that ends.
live: $(LIVE)
	@$(BIN)/ltvtui feed $(LIVE) --rate $(RATE) --wal 2>$(LIVE).log & feed=$$!; \
	trap 'kill $$feed 2>/dev/null; wait $$feed' EXIT; trap 'exit 129' HUP; trap 'exit 143' TERM; trap : INT; \
	$(BIN)/ltvtui $(LIVE) --live

# Twice as many processes as two cores: tests of screens, of watching and of processes wait nearly half of their time.
# Files go by name: by their number of tests, as is usual, the few long laws of analytics would come last, one core on
# its own.
SPREAD := --numprocesses=4 --dist=loadfile --no-loadscope-reorder

test: $(WARM)
	$(BIN)/pytest $(SPREAD) --durations=15

# Tests that ask servers, which they start themselves. `test` has them too, where the servers are installed.
test-engines: $(WARM) $(SPARK)
	@sh fixtures/install_engines.sh
	@sh fixtures/install_spark.sh
	$(BIN)/pytest -n2 --dist=loadfile -m engines

# What needs neither screens nor long laws, in under a minute.
quick: $(WARM)
	$(BIN)/pytest $(SPREAD) -m "not slow"

# Laws against twenty times as many examples as in the gate, other ones each time. They are told to begin with a seed.
thorough: $(WARM)
	LTVTUI_EFFORT=10 $(BIN)/pytest $(SPREAD) -m hypothesis

# What is on every screen, as text and as pictures, written anew: to be read before it is committed.
screens: $(READY)
	LTVTUI_WRITE_SCREENS=1 $(BIN)/pytest -n2 tests/tui/test_screens_as_text.py

pictures: $(SHOP)
	$(BIN)/python fixtures/picture.py $(SHOP) docs/pictures

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

check: lint types test

bench: $(READY)
	@PYTHONPATH=tests $(BIN)/python -m bench --orders $(ORDERS) $(if $(GROWTH),--growth) $(if $(QUICK),--quick)

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Pins that still fit stay as they are; UPGRADE=1 takes the newest.
lock: $(KEPT)
	$(COMPILE) lock/tools.in --output-file lock/tools.txt
	$(COMPILE) pyproject.toml --extra dev --output-file lock/all.txt
	$(COMPILE) pyproject.toml --constraint lock/all.txt --output-file lock/run.txt
	$(COMPILE) pyproject.toml --extra spark --constraint lock/all.txt --output-file lock/spark.txt
	$(COMPILE) lock/build.in --output-file lock/build.txt
	$(COMPILE) lock/spark_server.in --no-deps --output-file lock/spark_server.txt

audit: $(KEPT)
	@$(TOOLS)/bin/python lock/audit.py $(TOOLS)/bin/pip-audit lock/all.txt lock/tools.txt

$(READY): pyproject.toml lock/all.txt
	@$(PYTHON) lock/which_python.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip $(LOCKED) --requirement lock/all.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The driver of Spark is on the index as source alone: it is built with what is locked, and fetches nothing for that.
$(SPARK): $(READY) lock/build.txt lock/spark.txt
	$(BIN)/python -m pip $(LOCKED) --requirement lock/build.txt
	$(BIN)/python -m pip $(LOCKED) --no-binary pyspark-client --no-build-isolation --requirement lock/spark.txt
	@touch $@

# One process compiles what each of several would compile anew at their first start; what is wrong they tell.
$(WARM): $(READY)
	@$(BIN)/pytest --collect-only -qq >/dev/null || true
	@touch $@

$(KEPT): lock/tools.txt
	@$(PYTHON) lock/which_python.py
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip $(LOCKED) --requirement lock/tools.txt
	@touch $@

$(SHOP): $(READY) $(wildcard fixtures/*.py ltvtui/importing/demo_shop/*.py)
	@mkdir -p $(@D)
	$(BIN)/python fixtures/generate.py $@

# It grows while it is watched: it is generated once, and again after `make clean`.
$(LIVE): | $(READY)
	@mkdir -p $(@D)
	$(BIN)/python fixtures/generate.py $@

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis
