# Everything a developer or a curious dealer needs; `make help` lists it. Only Python >= 3.11 and make are needed.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
export PORT

BOOT = $(PYTHON) ops/bootstrap.py
IN = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run stop shell manage test check fmt messages assets duties hard hard-short bench saturday lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## everything, on http://localhost:8000 (PORT=8001 for another port); Ctrl-C stops all of it
	@exec $(BOOT) run -- -m ops.run

stop: ## stop a `make run` of another terminal, and services that a killed one left behind
	@exec $(BOOT) keep -- -m ops.stop

shell: ## Django's shell on the demo dealership
	@exec $(BOOT) run -- -m ops.manage shell $(ARGS)

manage: ## any command of manage.py with its services up: make manage ARGS="load customers FILE --store HD01 --source old"
	@exec $(BOOT) run -- -m ops.manage $(ARGS)

test: ## the whole suite; make test ARGS="-k gate"
	@exec $(BOOT) dev -- -m pytest -n 2 --dist loadfile -m "not hard" $(ARGS)

hard: ## faults, races and fuzzing in full
	@HARD=full $(BOOT) dev -- -m pytest -n 2 --dist worksteal -m hard $(ARGS)

hard-short: ## a part of `make hard`, under ten minutes
	@HARD=short $(BOOT) dev -- -m pytest -n 2 --dist worksteal -m hard $(ARGS)

check: ## format, lint, import contracts, types, migrations, translations
	@exec $(BOOT) dev -- -m ops.check

fmt: ## format and sort imports
	@$(BOOT) dev -- -m ruff format .
	@$(BOOT) dev -- -m ruff check --fix --quiet --select I .

messages: ## bring locale/zh_Hans up to date with the code (needs gettext) and compile it
	@exec $(BOOT) dev -- -m ops.translations make

assets: ## browser files into static/vendor, translations compiled
	@exec $(BOOT) run -- -c ""

duties: ## rows of docs/duties.md that no test proves
	@exec $(BOOT) keep -- ops/duties.py

bench: ## measure the web servers on this machine
	@exec $(BOOT) dev -- bench/web_server.py $(ARGS)

saturday: ## a Saturday with 40 cars at once, played through REST, and its books: make saturday ARGS="--cars 80 --seed 7"
	@exec $(BOOT) dev -- -m bench.saturday $(ARGS)

lock: ## pin the newest allowed versions, with hashes, in the lock files
	@exec $(BOOT) dev -- -m ops.lock

clean: ## stop everything and delete what was made here, the demo's data too
	@exec $(PYTHON) ops/bootstrap.py clean
