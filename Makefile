# Everything a developer does here. `make` alone lists it.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help run test check lint fix fuzz generate openapi docs openapi-diff released contract client proof postman demo bench bench-scale migrate migration lock clean

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-12s %s\n", $$1, $$2}'

run: .venv/.runtime .env  ## serve on http://localhost:8000, following changes
	@$(BIN)/python -m api serve --reload

test: $(STAMP)  ## run the whole suite, on SQLite and on a throw-away PostgreSQL
	@$(BIN)/pytest -n auto --dist worksteal

check: $(STAMP)  ## lint, types, and migrations that match the models on both engines
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_migrations.py

fix: $(STAMP)  ## format, and mend what lint can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

fuzz: $(STAMP)  ## prove every entity and attack every operation, on both engines; longer with FUZZ_EXAMPLES=100
	@THOROUGH=1 $(BIN)/pytest -n auto --dist worksteal -o faulthandler_timeout=0 tests/test_conformance.py tests/test_audit.py tests/test_hostile.py tests/fuzz_api.py

generate: docs  ## write anew all that is made from the app; needs Node for the client, which is made last
	@$(MAKE) --no-print-directory client

openapi: $(STAMP)  ## write openapi.json anew, which front ends are built from
	@$(BIN)/python -m tools.generate openapi.json

docs: $(STAMP)  ## write openapi.json, the pages about routes and tables, and the requests anew; needs no Node
	@$(BIN)/python -m tools.generate

openapi-diff: openapi  ## say what breaks clients of the last release and is not in the changelog
	@$(BIN)/python -m tools.release_diff

released: $(STAMP)  ## write docs/released/contract.json for a new release
	@$(BIN)/python -m tools.generate docs/released/contract.json

contract: clients/lint/node_modules/.installed  ## judge openapi.json by the rules of Redocly and Spectral; needs Node 20 or newer
	@cd clients/lint && npx redocly lint ../../openapi.json && npx spectral lint ../../openapi.json --fail-severity=hint

client: clients/typescript/node_modules/.installed  ## generate and build the TypeScript client from openapi.json; needs Node
	@cd clients/typescript && npm run --silent build

postman: $(STAMP)  ## write the requests for Postman and for editors anew
	@$(BIN)/python -m tools.generate postman/onefold.postman_collection.json postman/onefold.postman_environment.json postman/requests.http

proof: $(STAMP) client clients/proof/node_modules/.installed clients/proof/.venv/.installed  ## drive a live server by generated clients; needs Node
	@test -z "$$(git status --porcelain clients/typescript)" || { git --no-pager diff --stat clients/typescript; \
		echo "The client was not what openapi.json makes it. Commit what make generate has written."; exit 1; }
	@cd clients/proof && npm test --silent

demo: .venv/.runtime .env  ## fill the database with a small learning centre to try things on
	@$(BIN)/python -m api demo

bench: $(STAMP) .venv-bench/.installed  ## measure Onefold beside its peers and the limits, on this machine; takes a while
	@$(BIN)/python -m bench $(ARGS)

bench-scale: $(STAMP)  ## measure it with ten million rows, a thousand listeners, and beside sign-ins
	@$(BIN)/python -m bench.scale $(ARGS)

migrate: .venv/.runtime .env  ## bring the database of .env to the newest migration
	@$(BIN)/python -m api migrate

migration: $(STAMP)  ## write the migration for changed models: make migration m="add due dates"
	@test -n "$(m)" || { echo 'Say what changes: make migration m="add due dates"'; exit 2; }
	@$(BIN)/python -m api migration "$(m)"

lock: $(STAMP)  ## write requirements*.txt anew from requirements*.in
	@for name in requirements requirements-dev clients/proof/requirements; do \
		$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.11 $$name.in -o $$name.txt; done
	@$(BIN)/uv pip compile -q --upgrade --universal --no-header --no-annotate --python-version 3.11 \
		-c requirements.txt bench/requirements.in -o bench/requirements.txt

clean:  ## remove the virtual environment and all caches; data and .env stay
	@rm -rf .venv .venv-bench .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.env: .env.sample
	@test -f .env || { sed "s|^SECRET_KEY=.*|SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))')|" .env.sample > .env; \
		echo "Wrote .env with a secret of its own."; }
	@touch .env

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Onefold needs Python 3.11 or newer; say which: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv .venv

.venv/.runtime: .venv/bin/python requirements.txt
	@test -f $(STAMP) -a $(STAMP) -nt requirements.txt || { echo "Installing …"; \
		$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt; }
	@touch $@

clients/%/node_modules/.installed: clients/%/package-lock.json
	@command -v npm > /dev/null || { echo "This needs Node 20.19 or newer; nothing else here does."; exit 1; }
	@cd clients/$* && npm ci --silent
	@touch $@

clients/proof/.venv/.installed: clients/proof/requirements.txt
	@$(PYTHON) -m venv clients/proof/.venv
	@clients/proof/.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r clients/proof/requirements.txt
	@touch $@

$(STAMP): .venv/bin/python requirements-dev.txt
	@echo "Installing with what tests need …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv-bench/.installed: .venv/bin/python bench/requirements.txt
	@echo "Installing what is measured beside Onefold …"
	@$(BIN)/python -m venv .venv-bench
	@.venv-bench/bin/pip install -q --disable-pip-version-check -r bench/requirements.txt
	@touch $@
