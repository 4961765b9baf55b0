# Two commands do everything: `make run` starts the product, `make test` proves it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

DATA ?= data
LISTEN ?= 127.0.0.1:8700
TARGET := $(or $(CARGO_TARGET_DIR),target)
BIN := $(TARGET)/debug/brandwright
# Real data for the tests that want it; absent data is said, never passed over in silence.
export BRANDWRIGHT_DATA ?= $(abspath ../shared/data)
export CARGO_TERM_COLOR ?= auto

help: ## Show this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: web $(BIN) ## Build and start the product with its sample company.
	exec $(BIN) serve --sample --data-dir $(DATA) --listen $(LISTEN)

dev: web ## Start with the sample and rebuild on the next start; logs in full.
	BRANDWRIGHT_LOG__FILTER=debug,sqlx=warn,hyper=info cargo run --package brandwright -- serve --sample --data-dir $(DATA) --listen $(LISTEN)

.PHONY: $(BIN)
$(BIN):
	cargo build --package brandwright

web: web/dist/index.html ## Build the web UI.

web/node_modules/.stamp: web/package-lock.json
	cd web
	npm ci --no-audit --no-fund
	touch node_modules/.stamp

web/dist/index.html: web/node_modules/.stamp web/index.html web/vite.config.ts $(shell find web/src web/tag web/public -type f 2>/dev/null)
	cd web
	npm run build

build: web ## Build the release binary: target/release/brandwright.
	CARGO_TARGET_DIR=target cargo build --release --package brandwright

check: ## Quick checks: format, house rules, lints.
	cargo fmt --all --check
	cargo xtask check
	cargo clippy --workspace --all-targets -- -D warnings

generate: $(BIN) web/node_modules/.stamp ## Write openapi.json, the configuration schema and the web client's types.
	cargo xtask generated --write --binary $(BIN)
	cd web
	npm run generate

setup: ## Install what the tests need.
	scripts/setup

test: setup web ## Install what the tests need and run all of them.
	cargo xtask check
	# One build for everything: the binary alone would take other features of the same crates, and all of them twice.
	cargo test --workspace --no-run
	cargo xtask generated --binary $(BIN)
	cargo test --workspace --no-fail-fast
	(cd web && npm run lint && npm test)
	tests/browser/run
	tests/api/run
	tests/oscal/run
	tests/calendar/run
	tests/lake/run
	tests/sdk/run

peers: ## Fetch what the measurements compare with.
	benches/peers

bench: build peers ## Measure the release binary beside its peers; writes the table in docs/performance.md.
	python3 benches/bench.py $(PARTS)

clean-data: ## Throw the local data away.
	rm -rf $(DATA)

.PHONY: help run dev web build check generate setup test peers bench clean-data
