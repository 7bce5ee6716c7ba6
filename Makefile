# The verbs of the project. Each is one script, so that it can be read and run alone.
# What each needs is in CONTRIBUTING.md.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

FUZZTIME ?= 30s
export FUZZTIME

.PHONY: help demo build test check generate e2e fuzz bench soak

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## build, then serve the fictional partnership and print its address
	@exec bin/waymark serve --demo

build: ## one static bin/waymark with everything embedded
	@scripts/build.sh

test: ## everything, on SQLite and PostgreSQL and in a real browser
	@scripts/test.sh

check: ## format, lint, imports, generated code, documentation
	@scripts/check.sh

generate: ## write the generated code and lists again
	@scripts/generate.sh

e2e: ## the browser journeys alone
	@scripts/test.sh ./e2e/...

fuzz: ## every fuzz target for FUZZTIME (30s) each
	@scripts/fuzz.sh

bench: ## whole jobs as ratios to the least code that could do them
	@scripts/bench.sh

soak: ## the long runs: full size, race detector, every route in the browser
	@scripts/soak.sh
