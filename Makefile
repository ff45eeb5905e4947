# Each target sets the clone up first (./setup), which takes no time once it is done.

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench accuracy soak lock clean

bin := .venv/bin

# PlatformIO stays inside the clone, and asks nobody whether there is a newer one.
export PLATFORMIO_CORE_DIR := $(CURDIR)/.platformio
export PLATFORMIO_DISABLE_UPGRADE_CHECK := true
export PLATFORMIO_SETTING_ENABLE_TELEMETRY := no

help:   ## list these targets
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

setup:  ## compilers, QEMU, Python 3.11 and the locked packages, all in this clone but Debian's
	@./setup

demo: setup  ## the whole loop with no board on the desk: record, train, build, recognise
	$(bin)/tinygesture demo

test: lint  ## every check and test, the quick ones first
	$(bin)/pytest tests/host -n logical --maxprocesses 4 --dist loadfile
	$(bin)/pio test -e native
	@if command -v arm-none-eabi-g++ && command -v qemu-system-arm; then $(bin)/pio test -e cm4; \
	else echo "not tested: the emulated board, because its compiler or QEMU is missing"; fi
	$(bin)/pytest tests/system -n 4  # they mostly wait for boards

lint: setup  ## style and types
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy

bench: setup  ## measure the compiled engine, and write docs/performance.md and its budget
	$(bin)/python benchmarks/engine.py

accuracy: setup  ## measure recognition for five to six hours, and write docs/accuracy.md
	for name in within_person leave_one_out few_shots streams precision ablation; do \
	    $(bin)/python benchmarks/$$name.py --document || exit 1; done

soak: setup  ## the tests that take longer
	$(bin)/pytest tests/soak
	for first in 1000 2000 3000 4000 5000 6000; do TINYGESTURE_FIRST_MODEL=$$first \
	    TINYGESTURE_RANDOM_MODELS=24 $(bin)/pytest tests/host/compiler/test_compiler_kernels.py \
	    || exit 1; done
	TINYGESTURE_KILLS=100 $(bin)/pytest tests/system/test_never_lost.py

lock: setup  ## take the newest versions that pyproject.toml allows into requirements.lock
	$(bin)/python scripts/lock.py

clean:  ## remove what builds, tests and the demo left behind
	rm -rf .pio .tinygesture demo models/demo .hypothesis .mypy_cache .pytest_cache .ruff_cache
