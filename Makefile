# Every recipe calls one script; what each does in detail stands at its top. `make` alone lists them all.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Some shells export HOST as this machine's name. A server is meant only where it was said: make status HOST=…
ifneq ($(origin HOST),command line)
unexport HOST
endif

##@ Run

.PHONY: run
run: ## Run the shop on this machine alone, until Ctrl-C (PORT=9000 for another port)
	@scripts/run

.PHONY: up
up: ## Start the shop in containers
	@scripts/up $(ARGS)

.PHONY: down
down: ## Stop what runs; the data stays
	@scripts/down $(ARGS)

.PHONY: ps
ps: ## List what runs
	@scripts/ps $(ARGS)

.PHONY: status
status: ## Say how everything is, on one screen
	@scripts/status

.PHONY: logs
logs: ## Follow the log (ARGS="web worker" for these alone)
	@scripts/logs $(ARGS)

.PHONY: worker-scale
worker-scale: ## Run so many workers in containers: make worker-scale N=4
	@scripts/worker-scale $(N)

.PHONY: build
build: ## Build the images
	@scripts/build $(ARGS)

.PHONY: clean
clean: ## Delete the data, after asking
	@scripts/clean $(ARGS)

##@ Django

.PHONY: manage
manage: ## Run a Django command: make manage ARGS="check --deploy"
	@scripts/manage $(ARGS)

.PHONY: shell
shell: ## Open a Python shell with the models loaded
	@scripts/manage shell $(ARGS)

.PHONY: dbshell
dbshell: ## Open the database's console
	@scripts/manage dbshell $(ARGS)

.PHONY: migrate
migrate: ## Apply migrations (ARGS="ecommerce 0001" to go to one)
	@scripts/manage migrate $(ARGS)

.PHONY: makemigrations
makemigrations: ## Write migrations for changed models
	@scripts/manage makemigrations $(ARGS)

.PHONY: showmigrations
showmigrations: ## List migrations, applied and not
	@scripts/manage showmigrations $(ARGS)

.PHONY: sqlmigrate
sqlmigrate: ## Show the SQL of a migration: make sqlmigrate ARGS="core 0001"
	@scripts/manage sqlmigrate $(ARGS)

.PHONY: superuser
superuser: ## Make a login for the admin
	@scripts/manage createsuperuser $(ARGS)

.PHONY: demo
demo: ## Load the demo content (ARGS="--products 10000" for many)
	@scripts/manage demo $(ARGS)

##@ Backups (HOST=server for one of yours, else of the containers here)

.PHONY: backup
backup: ## Back up database, files and settings
	@scripts/backups make $(ARGS)

.PHONY: backups
backups: ## List the backups
	@scripts/backups list $(ARGS)

.PHONY: restore
restore: ## Bring a backup back: make restore BACKUP=latest (ARGS='--until "2026-11-21 12:00:00"')
	@scripts/backups restore $(ARGS)

.PHONY: backup-verify
backup-verify: ## Prove a backup by restoring it beside the shop and comparing
	@scripts/backups verify $(ARGS)

##@ A server of your own (HOST=[user@]server; status, logs, manage and dbshell take it too)

.PHONY: server-setup
server-setup: ## Make a bare Debian server ready: make server-setup HOST=root@server
	@scripts/server-setup $(ARGS)

.PHONY: server-check
server-check: ## Say whether a server is fit for the shop
	@scripts/server-check $(ARGS)

.PHONY: deploy
deploy: ## Bring this commit to a server, without a failed request: make deploy HOST=server
	@scripts/deploy $(ARGS)

.PHONY: rollback
rollback: ## Go back to the release before (RELEASE=name for another)
	@scripts/locked rollback $(ARGS)

.PHONY: releases
releases: ## List the releases on a server
	@scripts/on-server releases $(ARGS)

.PHONY: apply
apply: ## Have changed settings and secrets of a server take effect
	@scripts/locked apply $(ARGS)

.PHONY: secret
secret: ## Set a secret on a server, which asks for it: make secret HOST=server NAME=stripe_api_key
	@scripts/secret $(NAME)

.PHONY: rotate-secrets
rotate-secrets: ## Make new passwords of the database and a new SECRET_KEY
	@scripts/locked rotate-secrets $(ARGS)

.PHONY: maintenance
maintenance: ## Close the shop for visitors, or open it: make maintenance HOST=server ARGS=on
	@scripts/on-server maintenance $(ARGS)

.PHONY: ssh
ssh: ## Open a shell on a server (ARGS="COMMAND" to run one)
	@scripts/ssh $(ARGS)

.PHONY: unlock
unlock: ## End what holds a server's lock, if it hangs
	@scripts/locked unlock $(ARGS)

##@ Test

.PHONY: test
test: ## Run the tests on this machine alone (ARGS="app/core -k blog" for some)
	@scripts/test $(ARGS)

.PHONY: test-browser
test-browser: ## Run the tests in a browser
	@scripts/test-browser $(ARGS)

.PHONY: test-stack
test-stack: ## Run the tests of the containers
	@scripts/test-stack $(ARGS)

.PHONY: check
check: ## Run every linter, type check and system check (ARGS="ruff mypy" for some)
	@scripts/check $(ARGS)

.PHONY: format
format: ## Format the code
	@scripts/format

.PHONY: bench
bench: ## Measure the speed of the containers
	@scripts/bench $(ARGS)

##@ Maintain

.PHONY: docs
docs: ## Build the handbook into site/ (ARGS=serve to read it while you write)
	@scripts/docs $(ARGS)

.PHONY: messages
messages: ## Bring the translations up to date, and list what is still to be translated
	@scripts/messages $(ARGS)

.PHONY: lock
lock: ## Write requirements/ anew from pyproject.toml
	@scripts/lock $(ARGS)

.PHONY: help
help: ## List these words
	@scripts/help
