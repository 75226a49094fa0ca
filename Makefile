# make demo: install into .venv and reproduce Table 2 on the demo corpus. make test: the tests.
# make lint: ruff, snakefmt, snakemake --lint. make docs: the documentation, in site/. make settings:
# what is made from the code: schema, default configuration, table of keys, reference of commands.

PYTHON ?= python3
CORES ?= $(shell nproc 2>/dev/null || sysctl -n hw.ncpu)
BIN := .venv/bin
# uv looks for wheels where pip is told to
FIND_LINKS := $(foreach folder,$(PIP_FIND_LINKS),--find-links $(folder))
# every job is a process: it would compile PyTorch and the others anew, 3 seconds each time
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint settings docs install

install: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.8
	$(BIN)/uv pip install --quiet --python $(BIN)/python $(FIND_LINKS) -c constraints.txt -e '.[test]'
	touch $@

demo: install
	$(BIN)/snakemake --cores $(CORES)
	@cat results/table2.md

test: install
	$(BIN)/python -m pytest -n $(CORES) --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check workflow
	PATH=$(CURDIR)/$(BIN):$$PATH snakemake --lint

settings: install
	$(BIN)/python -m sernas.plan.settings_files
	$(BIN)/typer sernas.commands.app utils docs --name sernas --output docs/commands.md

docs: install
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
