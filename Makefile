# make demo: everything from a clean clone to the subtitles of a short video.
# make test: the whole test suite.
# Both make .venv, with the dependencies that were tested, and get ffmpeg from the system's package manager if missing.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
DEMO := --model fixtures/models/recognizer --aligner-model fixtures/models/aligner

.PHONY: demo test install install-dev ffmpeg test-programs check man

demo: install
	$(BIN)/qwen-subs subtitle fixtures/media/sample.mp4 -o - --max-chunk 20 $(DEMO)

test: install-dev test-programs
	$(BIN)/python -m pytest

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

man: install
	$(BIN)/python man/make_man.py

install: $(VENV)/.installed ffmpeg
install-dev: $(VENV)/.installed-dev ffmpeg

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

ffmpeg:
	@command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null || $(MAKE) --no-print-directory system-ffmpeg

# What the tests use beside the program's own needs: the synthesizer of fresh speech, Praat, the page checker, and a browser
# (by itself, because Ubuntu has none of this name).
test-programs:
	@missing=; \
	command -v espeak-ng >/dev/null || missing="$$missing espeak-ng"; \
	command -v praat >/dev/null || missing="$$missing praat"; \
	command -v mandoc >/dev/null || missing="$$missing mandoc"; \
	[ -z "$$missing" ] || { command -v apt-get >/dev/null && $(MAKE) --no-print-directory apt PACKAGES="$$missing"; } \
	|| echo "not installed:$$missing; the tests that use them are skipped"
	@command -v chromium >/dev/null \
	|| { command -v apt-get >/dev/null && $(MAKE) --no-print-directory apt PACKAGES=chromium; } \
	|| echo "not installed: chromium; the tests that use it are skipped"

.PHONY: system-ffmpeg apt
system-ffmpeg:
	@if command -v apt-get >/dev/null; then $(MAKE) --no-print-directory apt PACKAGES=ffmpeg; \
	elif command -v dnf >/dev/null; then $(SUDO) dnf install -y ffmpeg-free; \
	elif command -v brew >/dev/null; then brew install ffmpeg; \
	else echo "please install ffmpeg" >&2; exit 1; fi

apt:
	$(SUDO) apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $(SUDO) -E apt-get install -y -qq $(PACKAGES) >/dev/null
