# `make` lists the targets. The work is done by scripts/install.sh and by the `footnote` command; this file only
# knows what must be there before what. Progress goes to stderr, answers to stdout.

# The text of a question comes in as it was typed: $(value) keeps make from expanding a `$` in it, and the recipe
# reads it from the environment, so the shell does not interpret it either.
Q ?= How far behind are Chinese models?
override Q := $(value Q)
export Q

FOOTNOTE := .venv/bin/footnote
INDEX := var/index
LOCKS := pyproject.toml requirements.lock requirements-dev.lock scripts/install.sh
CHANGED_ARTICLES := $(shell find articles -newer var/.ingested 2>/dev/null | head -n 1)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help ask chat test check eval clean FORCE

help:
	@echo 'make ask            answer one question about articles/ (sets everything up the first time)'
	@echo 'make ask Q="..."    ask your own; quote it as the shell wants it'
	@echo 'make chat           ask several, one after the other'
	@echo 'make test           run the tests'
	@echo 'make check          lint, formatting and types'
	@echo 'make eval           measure the answers to known facts; the report goes to var/eval'
	@echo 'make clean          remove .venv and var/ (the models stay in the cache of your account)'

# Exit code 3 means "the articles do not say": an honest answer, not a failure of make.
ask: var/.ingested
	@printf 'Question: %s\n' "$$Q" >&2
	@$(FOOTNOTE) ask --index $(INDEX) -- "$$Q" || { code=$$?; [ $$code -eq 3 ] || exit $$code; \
		echo 'The articles do not say (exit code 3 of footnote ask).' >&2; }

chat: var/.ingested
	@$(FOOTNOTE) chat --index $(INDEX)

test: .venv/.installed-dev .venv/.models
	@.venv/bin/python -m pytest

check: .venv/.installed-dev
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy

# More options by EVAL, e.g. make eval EVAL="--split dev --baselines --fail-under right=0.9"
eval: .venv/.models
	@$(FOOTNOTE) eval --out var/eval $(EVAL)

clean:
	@rm -rf .venv var build footnote.egg-info

.venv/.installed: $(LOCKS)
	@sh scripts/install.sh

.venv/.installed-dev: $(LOCKS)
	@sh scripts/install.sh dev

.venv/.models: .venv/.installed
	@echo '[3/4] Getting the models (98 MB to download, once)' >&2
	@$(FOOTNOTE) setup >&2
	@touch $@

var/.ingested: .venv/.models $(if $(CHANGED_ARTICLES),FORCE)
	@echo '[4/4] Reading articles/ into $(INDEX)' >&2
	@mkdir -p var
	@$(FOOTNOTE) ingest articles --index $(INDEX) --prune >&2
	@touch $@
