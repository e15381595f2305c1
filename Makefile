# The commands of the README. `make help` lists them.
SHELL := /bin/bash
PORT ?= 8080
DEMO_SERVE ?= 1
DEMO_DIR ?= .demo
REAL_DIR ?= .real
SHARED ?= ../shared
BENCH_SIZE ?= full
COUNTRIES ?= 17
CARGO_TARGET_DIR ?= target
export CARGO_TARGET_DIR
BELCHEER := $(CARGO_TARGET_DIR)/release/belcheer

.PHONY: help setup web build cluster demo test e2e soak load lint real bench calibrate samples clean

help:
	@echo "make demo   build, load data-samples, assess every soum, print the table, serve on port $(PORT)"
	@echo "make test   every test"
	@echo "make web    the web application into web/dist, which the program takes in (needs Node)"
	@echo "make e2e    the pages of the real program in headless Chromium, screenshots into .e2e"
	@echo "make soak   the service killed at every named point, and 5,000 requests by schemathesis"
	@echo "make load SHARED=DIR   requests a second and CPU of the service's reads, into benches/RESULTS.md"
	@echo "make cluster   the program for a cluster, target/release/belcheer-cluster (docs/cluster.md)"
	@echo "make lint   formatting, clippy, layers, licences"
	@echo "make real SHARED=DIR   the whole main job on real files"
	@echo "make calibrate   simulated countries with known truth, judged by the assessment's code, into docs/calibration.md"
	@echo "make bench SHARED=DIR   time, memory and answers beside the peers, and make load, into benches/RESULTS.md; BENCH_SIZE=small for a trial"

setup:
	@scripts/setup

# Not needed for a whole program: without Node its pages are plain.
web:
	@scripts/web

build: setup web
	@cargo build --release --package belcheer-cli

# The program with Ballista inside: every command of belcheer, and the servers of a cluster.
cluster: setup web
	@cargo build --release --package belcheer-cluster

demo: build
	@DEMO_SERVE=$(DEMO_SERVE) PORT=$(PORT) scripts/demo $(BELCHEER) $(DEMO_DIR)

# The tests that spawn the program find it beside their own build.
test: setup
	@scripts/web test
	@cargo build --workspace --all-targets
	@cargo test --workspace --quiet
	@scripts/with-stores cargo test --workspace --quiet --test workspace --test http --test service
	@scripts/schemathesis $(CARGO_TARGET_DIR)/debug/belcheer 300 || [ $$? -eq 77 ]

# The same walk in both languages and at three widths; look at the screenshots.
e2e: setup web
	@cargo build --workspace --all-targets
	@scripts/e2e $(CARGO_TARGET_DIR)/debug/belcheer .e2e || [ $$? -eq 77 ]

# The service killed at every named point, many times, and asked many things that its OpenAPI document allows and
# forbids. The points are in the development build alone.
soak: setup
	@cargo build --workspace --all-targets
	@BELCHEER_KILLS=10 cargo test --workspace --test kills -- --nocapture
	@scripts/schemathesis $(CARGO_TARGET_DIR)/debug/belcheer 5000 || [ $$? -eq 77 ]

# Requests a second and the server's CPU for a request, into benches/RESULTS.md; on the real soums where they are.
load: build
	@cargo build --release --package belcheer-benches --bin bare_route
	@[ -d "$(REAL_DIR)" ] || ! [ -d "$(SHARED)/data" ] || scripts/real $(BELCHEER) $(REAL_DIR) $(SHARED)
	@[ -d "$(REAL_DIR)" ] || DEMO_SERVE=0 scripts/demo $(BELCHEER) $(DEMO_DIR)
	@scripts/load $(BELCHEER) "$$([ -d "$(REAL_DIR)" ] && echo "$(REAL_DIR)" || echo "$(DEMO_DIR)")" 5 $(CARGO_TARGET_DIR)/release/bare_route

lint: setup
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --quiet -- -D warnings
	@scripts/layers
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check bans licenses sources; else echo "cargo-deny is not installed: licences not checked (cargo install cargo-deny)"; fi

real: build
	@scripts/real $(BELCHEER) $(REAL_DIR) $(SHARED)

# BENCH_ONLY=service measures the running service alone, as `make load` does: its reads, its map tiles, and its
# pages on a poor line.
bench: setup
	@[ "$${BENCH_ONLY:-}" = service ] || scripts/bench $(SHARED) $(BENCH_SIZE)
	@case "$${BENCH_ONLY:-service}" in service) $(MAKE) --no-print-directory load && { E2E_ONLY=slow scripts/e2e $(BELCHEER) .e2e || [ $$? -eq 77 ]; } ;; esac

# Built together with the program, so that their libraries are compiled once.
calibrate: setup
	@cargo build --release --package belcheer-cli --package belcheer-calibration
	@$(CARGO_TARGET_DIR)/release/calibrate --countries $(COUNTRIES) --program $(BELCHEER) --out docs/calibration.md

# Makes data-samples anew from its seed.
samples: build
	@rm -rf .samples && $(BELCHEER) --quiet sample .samples --resolution 0.05 --soums 24 --seed 1 --files-only
	@rm -f .samples/source/ndvi_16day_*.tif data-samples/*.tif data-samples/*.gpkg data-samples/*.csv
	@cp .samples/source/* .samples/truth.csv data-samples/ && rm -rf .samples

clean:
	@rm -rf $(DEMO_DIR) $(REAL_DIR)
