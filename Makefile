# `make` alone lists what can be asked. Nothing here needs more than python3 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
BENCH_ARGS ?=
INTEROP_ARGS ?=

# A rehearsed order of installation: exact versions, every file checked against its hash.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PIP_COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--build-deps-for editable --no-header --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options

.DEFAULT_GOAL := help
.PHONY: help install dev demo test interop verapdf lint format bench screenshots papers errors \
	translations lock browser clean

help: ## List the targets, a sentence each.
	@echo "Passerelle: make TARGET, where TARGET is one of"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# install_debian(package, purpose): as root on Debian the package is simply installed; anyone
# else reads one sentence that says what to type.
define install_debian
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "Installing the Debian package $(1): $(2)."; \
	apt-get update -qq \
	&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; \
else \
	echo "Missing: $(2). On Debian or Ubuntu: sudo apt-get install $(1)" >&2; \
	exit 1; \
fi
endef

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "Passerelle needs Python 3.11 or later, and $(PYTHON) was not found." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Passerelle needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1)." \
		"Name another with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ $(call install_debian,python3-venv,the module venv of Python); }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Passerelle into $(VENV) (the first time this takes a minute)."
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing the tools of the tests into $(VENV) (the first time this takes a few minutes)."
	@$(PIP_INSTALL) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.installed ## Make .venv with the command `passerelle` in it; quick when nothing changed.

dev: $(VENV)/.installed-dev ## The same with what tests, lint and benchmarks need.

demo: install ## Start everything on this machine until Ctrl-C; PORT_BASE=9000 moves all the ports.
	@exec $(BIN)/passerelle demo

# What is compiled for one worker, or one command that a test starts, serves all the others.
test: browser ## Run every test, browser journeys and a real PostgreSQL included; nine minutes on two cores.
	@echo "Running every test: about nine minutes on two cores, a dot for each."
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n logical --dist worksteal $(PYTEST_ARGS)

# Any Chromium will do; the one without windows costs the tests half as much.
some_chromium := { command -v chromium-headless-shell || command -v chromium || \
	command -v chromium-browser || command -v google-chrome; }

browser: dev
	@$(some_chromium) >/dev/null \
		|| ( $(call install_debian,chromium-headless-shell fonts-liberation,the browser of the page tests) ) \
		|| { $(call install_debian,chromium fonts-liberation,the browser of the page tests); }
	@$(BIN)/python -m playwright --version >/dev/null 2>&1 || \
		{ $(call install_debian,libatomic1,a library that drives the browser); }

interop: dev ## Let independent clients log in: Authlib, Django, Node, Apache (network needed).
	@command -v npm >/dev/null || { $(call install_debian,nodejs npm,the client of Node); }
	@test -x /usr/sbin/apache2 -a -e /usr/lib/apache2/modules/mod_auth_openidc.so || \
		{ $(call install_debian,apache2-bin libapache2-mod-auth-openidc,the client of Apache); }
	@$(BIN)/python -m tests.interop.run $(INTEROP_ARGS)

verapdf: dev ## Check certificates of rights against PDF/UA-1 with veraPDF (Java, network needed).
	@command -v mvn >/dev/null && command -v javac >/dev/null || \
		{ $(call install_debian,default-jdk-headless maven,the validator of PDF/UA); }
	@$(BIN)/python -m tests.interop.verapdf.run

lint: dev ## Check style, types and the arrows between rooms.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: dev ## Put the code in the house's layout.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: dev ## Measure endpoints, then complete logins: CPU, gauge, latency, memory (BENCH_ARGS="--runs 3").
	@$(BIN)/python benchmarks/endpoints.py
	@$(BIN)/python benchmarks/login.py $(BENCH_ARGS)

screenshots: browser ## Remake the pictures of docs/images from the running demonstration.
	@$(BIN)/python docs/screenshots.py

papers: errors ## Write again the papers that are made from the code and the tests.
	@$(BIN)/python tests/security/table.py

errors: dev ## Write docs/errors.md again from the error classes.
	@$(BIN)/python -m broker.errors.catalogue > docs/errors.md

translations: dev ## Gather the sentences of the pages into the catalogues, and compile those that are.
	@for po in $$(find broker relying_party_demo sandbox -name messages.po); do \
		room=$${po%%/translations/*}; language=$${po#$$room/translations/}; pot=$$(mktemp); \
		elsewhere=$$(find $$room -mindepth 2 -name translations -exec sh -c 'basename $$(dirname $$1)' _ {} \; ); \
		$(BIN)/pybabel -q extract -F babel.cfg --sort-output --no-location -o $$pot \
			--ignore-dirs=".* ._ $$(echo $$elsewhere)" $$room \
		&& $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-pot-creation-date \
			--ignore-obsolete -i $$pot -o $$po -l $${language%%/*} \
		&& { [ ! -f $${po%.po}.mo ] || $(BIN)/pybabel -q compile -i $$po -o $${po%.po}.mo; } \
		|| exit 1; \
		rm $$pot; \
	done

lock: dev ## Choose the versions again and write their hashes (network needed).
	@$(PIP_COMPILE) --upgrade --output-file requirements.lock pyproject.toml
	@$(PIP_COMPILE) --upgrade --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml

clean: ## Forget the environment and the state of the demonstration.
	@rm -rf $(VENV) var
