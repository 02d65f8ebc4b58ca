# make book   the static book in _build/html      make test   all checks
# make help   everything else

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed
BROWSER := .venv/browser
NBVAL := --nbval --nbval-current-env --nbval-cell-timeout 120 --nbval-sanitize-with tests/nbval.cfg
SMOKE := --corpus avec2015 --scale smoke --results build/smoke/results
EXPLORE := simulated
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DELETE_ON_ERROR:
.PHONY: book test lint types records papermill smoke notebooks browser torture environment requirements clean help

book: $(INSTALLED)  ## execute what changed, then build _build/html; a warning is an error
	$(BIN)/python tools/run_notebooks.py build/executed
	$(BIN)/python tools/list_notebooks.py build/executed build/generated/book
	$(BIN)/python tools/list_reliability.py build/generated/book
	$(BIN)/python tools/list_results.py results build/generated/book
	$(BIN)/python tools/list_predictions.py results build/generated/book --corpora $(EXPLORE)
	$(BIN)/python tools/stage_book.py build/executed build/generated build/book-source _build
	$(BIN)/jupyter-book build build/book-source --path-output . -W -n --keep-going
	$(BIN)/python tools/check_offline.py _build/html
	$(BIN)/python tools/check_alt_text.py _build/html

# One pytest for all: the strict comparison of the records, the unit tests, the examples in docstrings.
test: lint types  ## style, types, records, unit tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(NBVAL) --doctest-modules \
		--ignore=tests/browser notebooks/*.ipynb tests src/replica

lint: $(INSTALLED)  ## ruff and codespell
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/python tools/check_files.py

types: $(INSTALLED)  ## mypy
	$(BIN)/mypy

records: $(INSTALLED)  ## refresh notebooks/*.ipynb from a run at the default parameters
	$(BIN)/python tools/run_notebooks.py build/executed
	cp build/executed/*.ipynb notebooks/

papermill: $(INSTALLED)  ## run with parameters into build/papermill: make papermill P="-p seed 1"
	$(BIN)/python tools/run_notebooks.py build/papermill $(P)

# In the layout of AV+EC 2015, two speakers a partition and 24 seconds each; numbers of such runs mean nothing.
smoke: $(INSTALLED)  ## every experiment and table on generated files, a few epochs each
	rm -rf build/smoke
	$(BIN)/python tools/generate_avec2015.py build/smoke --frames 600 --speakers 2
	REPLICA_DATA=build/smoke $(BIN)/replica sweep all $(SMOKE)
	for number in 2 3 4 5 6 7 8 9 10 11 12; do \
		REPLICA_DATA=build/smoke $(BIN)/replica table $$number $(SMOKE) >/dev/null || exit 1; done

notebooks: $(INSTALLED)  ## every notebook on the files and runs of make smoke
	REPLICA_DATA=$(CURDIR)/build/smoke $(BIN)/python tools/run_notebooks.py build/smoke/executed \
		--results build/smoke/results -p corpus avec2015 -p scale smoke

browser: book $(BROWSER)  ## look at every page of the built book, in headless Chromium without a network
	$(BIN)/python -m pytest -q tests/browser

torture: $(INSTALLED)  ## faults and hostile input, of which make test tries a part; counted into measured/reliability.json
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m reliability --torture measured/reliability.json \
		--ignore=tests/browser tests

environment: $(INSTALLED)  ## write environment.yml from pyproject.toml
	$(BIN)/python tools/make_environment.py

requirements:  ## pin requirements/*.txt from pyproject.toml (needs uv)
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev \
		pyproject.toml -o requirements/dev.txt
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --group browser \
		-o requirements/browser.txt

$(INSTALLED): requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(BROWSER): requirements/browser.txt $(INSTALLED)
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements/browser.txt
	touch $@

clean:  ## what was built; .venv stays
	rm -rf build _build

help:
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 16
