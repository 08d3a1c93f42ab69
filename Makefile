# 回响 Huixiang. `make run` starts a demo company on http://127.0.0.1:8000, `make test` checks everything.
SHELL := /bin/bash
VENV ?= .venv
PORT ?= 8000
JOBS ?= 3
# A start takes twice as long where Python may not keep its bytecode.
unexport PYTHONDONTWRITEBYTECODE
BROWSER := chromium fonts-noto-cjk
BIN := $(VENV)/bin
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$name" && break; done)

.PHONY: install dev run demo test pytest lint crash bench migration chromium clean

install: $(VENV)/.installed
dev: $(VENV)/.dev

# Bytecode is made when a module is first used: most of the libraries never are. Setuptools goes, as jieba imports it
# where it finds it, which costs each start a third of a second.
define set_up
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本：sudo apt-get install python3 python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "建不了虚拟环境：sudo apt-get install python3-venv"; exit 1; }
	@echo "正在安装依赖到 $(VENV)，第一次需要一两分钟……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e $(1)
	@$(BIN)/python -m pip uninstall --quiet --yes setuptools 2>/dev/null || true
endef

$(VENV)/.installed: pyproject.toml constraints.txt
	$(call set_up,.)
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(call set_up,'.[dev]')
	@touch $(VENV)/.installed $@

# A demo unless HUIXIANG_DEMO says otherwise; for a real company set up .env and use `huixiang serve`.
run: install
	@HUIXIANG_DEMO=$${HUIXIANG_DEMO:-1} HUIXIANG_PORT=$(PORT) exec $(BIN)/huixiang serve

demo: install
	@$(BIN)/huixiang demo

test: dev chromium
	@$(MAKE) --no-print-directory -j2 pytest lint

pytest: dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Kills the serving process many times under load, and the other long tests; `make test` runs a short form of each.
crash: dev
	$(BIN)/python -m tests.crash
	$(BIN)/python -m tests.crash --on postgresql --updates 10000 --kills 200
	$(BIN)/python -m pytest -m slow

bench: dev
	$(BIN)/python -m bench

# make migration NAME="what changed"
migration: dev
	$(BIN)/python -m storage.migrations.revise "$(NAME)"

# The browser tests need one; installed here only where that needs no password. Without it they are skipped, and say so.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ]; then apt-get update -q && apt-get install -y -q $(BROWSER); \
	elif sudo -n true 2>/dev/null; then sudo apt-get update -q && sudo apt-get install -y -q $(BROWSER); fi >/dev/null; \
	command -v chromium >/dev/null || echo "没有 Chromium，浏览器测试会跳过。安装：sudo apt-get install $(BROWSER)"

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
