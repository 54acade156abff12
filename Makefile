# The commands of development. `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
SBOM := sbom.json

.DEFAULT_GOAL := help
.PHONY: help run test heavy browser screenshots check lint fix fuzz ordinary slow example generate openapi docs openapi-diff released contract client proof postman demo sbom migrate migration entity drop-entity field lock clean

help:  ## list all commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-12s %s\n", $$1, $$2}'

run: .venv/.runtime .env  ## serve on http://localhost:8000, and restart when a file changes
	@$(BIN)/python -m api serve --reload

test: $(STAMP)  ## run the tests, on SQLite and on a temporary PostgreSQL
	@$(BIN)/pytest -n auto --dist worksteal --ignore tests/browser --ignore-glob "tests/machinery/ordinary*" -m "not heavy"

heavy: $(STAMP)  ## run the tests that start servers or work on a copy of the project
	@$(BIN)/pytest -n auto --dist worksteal --ignore tests/browser -m heavy

browser: $(STAMP) clients/browser/node_modules/.installed  ## open pages in a real browser; needs Node and Chromium
	@$(BIN)/pytest tests/browser

screenshots: $(STAMP)  ## write docs/screenshots/ anew; needs Chromium
	@$(BIN)/python -m tools.screenshots

check: $(STAMP)  ## check format, lint and types, and compare the models with the migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/project/test_migrations.py

fix: $(STAMP)  ## format the code, and fix what the linter can fix
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

fuzz: $(STAMP)  ## test every entity, attack every operation, try ordinary code, on both databases; longer with FUZZ_EXAMPLES=100
	@THOROUGH=1 $(BIN)/pytest -n auto --dist worksteal -o faulthandler_timeout=0 tests/project/test_entities.py tests/promises/test_conformance.py \
		tests/promises/test_access.py tests/promises/test_references.py tests/promises/test_queries.py tests/promises/test_audit.py tests/promises/test_statements.py \
		tests/promises/test_hostile.py tests/promises/fuzz_api.py tests/promises/test_fast_path.py tests/machinery/ordinary tests/machinery/test_doors.py

ordinary: $(STAMP)  ## try ordinary SQLModel and SQLAlchemy; on both databases and with the fast path off with THOROUGH=1
	@$(BIN)/pytest -n auto --dist worksteal tests/machinery/ordinary_db

slow: $(STAMP)  ## run the suite with the fast path off: every answer stays the same
	@FAST_PATH=false $(BIN)/pytest -n auto --dist worksteal --ignore tests/project --ignore tests/browser --ignore-glob "tests/machinery/ordinary*"

example: $(STAMP)  ## run the whole suite and all checks on a copy with the README's examples; takes minutes
	@THOROUGH=1 $(BIN)/pytest -o faulthandler_timeout=0 tests/project/test_readme.py -k with_the_examples

generate: docs  ## write all generated files: document, pages, requests, TypeScript client; needs Node
	@$(MAKE) --no-print-directory client

openapi: $(STAMP)  ## write openapi.json
	@$(BIN)/python -m tools.generate openapi.json

docs: $(STAMP)  ## write all generated files but the client; needs no Node
	@$(BIN)/python -m tools.generate

openapi-diff: openapi  ## show what breaks clients of the last release and is not in the changelog
	@$(BIN)/python -m tools.release_diff

released: $(STAMP)  ## write docs/released/contract.json for a new release
	@$(BIN)/python -m tools.generate docs/released/contract.json

contract: clients/lint/node_modules/.installed  ## lint openapi.json with Redocly and Spectral; needs Node
	@cd clients/lint && npx redocly lint ../../openapi.json && npx spectral lint ../../openapi.json --fail-severity=hint

client: clients/typescript/node_modules/.installed  ## generate and build the TypeScript client from openapi.json; needs Node
	@cd clients/typescript && npm run --silent build

postman: $(STAMP)  ## write the requests for Postman and for editors
	@$(BIN)/python -m tools.generate postman/onefold.postman_collection.json postman/onefold.postman_environment.json postman/requests.http

proof: $(STAMP) client clients/proof/node_modules/.installed clients/proof/.venv/.installed  ## test the generated clients with a running server; needs Node
	@test -z "$$(git status --porcelain clients/typescript)" || { git --no-pager diff --stat clients/typescript; \
		echo "The client is not up to date with openapi.json. Commit the files that make generate wrote."; exit 1; }
	@cd clients/proof && npm test --silent

demo: .venv/.runtime .env  ## add example data to the database, in development only
	@$(BIN)/python -m api demo

# part: benchmarks
.PHONY: bench bench-scale
bench: $(STAMP) $(if $(findstring --ablate,$(ARGS))$(findstring --beside,$(ARGS)),,.venv-bench/.installed)  ## measure Onefold and other frameworks; takes most of an hour
	@$(BIN)/python -m bench $(ARGS)

bench-scale: $(STAMP)  ## measure with ten million rows, with a thousand streams, and during sign-ins
	@$(BIN)/python -m bench.scale $(ARGS)
# end of part

sbom: $(STAMP)  ## write sbom.json: all packages that the application installs, with their hashes (CycloneDX)
	@$(BIN)/uv tool run -q --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements.txt \
		--pyproject pyproject.toml --output-reproducible -o $(SBOM)

migrate: .venv/.runtime .env  ## apply new migrations to the database
	@$(BIN)/python -m api migrate

migration: $(STAMP)  ## write the migration for changed models: make migration m="add due dates"
	@test -n "$(m)" || { echo 'Describe the change: make migration m="add due dates"'; exit 2; }
	@$(BIN)/python -m api migration "$(m)"

# Runs `python -m api` with a command and the words of `name`, which the shell divides, and does nothing else with.
define of_entities
@set -f; words='$(subst ','\'',$(name))'; test -n "$$words" || words=--help; $(BIN)/python -m api $@ $$words
endef

entity: $(STAMP)  ## write an entity: make entity name="Invoice number:str:unique total:money"
	$(of_entities)

drop-entity: $(STAMP)  ## take away an entity that make entity has written: make drop-entity name=Invoice
	$(of_entities)

field: $(STAMP)  ## add a field to an entity: make field name="Invoice paid_at:datetime:optional"
	$(of_entities)

lock: $(STAMP)  ## update requirements*.txt from requirements*.in
	@for name in requirements requirements-dev clients/proof/requirements; do \
		$(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --python-version 3.11 $$name.in -o $$name.txt; done
# part: benchmarks
	@$(BIN)/uv pip compile -q --upgrade --universal --no-header --no-annotate --python-version 3.11 \
		-c requirements.txt bench/requirements.in -o bench/requirements.txt
# end of part

# part: origin
.PHONY: new projects
new: $(STAMP)  ## make a new project beside this one: make new name=ledger [with=tasks,notes] [title="Ledger"]
	@test -n "$(name)" || { echo 'Name the project: make new name=ledger'; exit 2; }
	@$(BIN)/python -m api new "../$(name)" --with "$(or $(with),none)" $(if $(title),--title "$(title)")

projects: $(STAMP)  ## make a project with each sample, with none and with all, and run its tests; takes minutes
	@THOROUGH=1 $(BIN)/pytest -o faulthandler_timeout=0 -m heavy tests/project/test_new.py
# end of part

# part: made
upgrade: $(STAMP)  ## bring in a later version of what this project was made of: make upgrade from=FOLDER
	@test -n "$(from)" || { echo 'Name the folder or the address of its repository: make upgrade from=FOLDER'; exit 2; }
	@$(BIN)/python -m api upgrade "$(from)"
# end of part

clean:  ## delete the virtual environment and all caches; keep data and .env
	@rm -rf .venv-bench  # part: benchmarks
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.env: .env.sample
	@test -f .env || { umask 077; sed "s|^SECRET_KEY=.*|SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))')|" .env.sample > .env; \
		echo "Wrote .env with a random SECRET_KEY."; }
	@chmod 600 .env && touch .env

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Onefold needs Python 3.11 or newer. Name it: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv .venv

.venv/.runtime: .venv/bin/python requirements.txt
	@test -f $(STAMP) -a $(STAMP) -nt requirements.txt || { echo "Installing …"; \
		$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt; }
	@touch $@

clients/%/node_modules/.installed: clients/%/package-lock.json
	@command -v npm > /dev/null || { echo "This command needs Node 20.19 or newer."; exit 1; }
	@cd clients/$* && npm ci --silent
	@touch $@

clients/proof/.venv/.installed: clients/proof/requirements.txt
	@$(PYTHON) -m venv clients/proof/.venv
	@clients/proof/.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r clients/proof/requirements.txt
	@touch $@

$(STAMP): .venv/bin/python requirements-dev.txt
	@echo "Installing with the test tools …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# part: benchmarks
.venv-bench/.installed: .venv/bin/python bench/requirements.txt
	@echo "Installing the other frameworks …"
	@$(BIN)/python -m venv .venv-bench
	@.venv-bench/bin/pip install -q --disable-pip-version-check -r bench/requirements.txt
	@touch $@
# end of part
