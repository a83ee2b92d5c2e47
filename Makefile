# Every target is one command of tools/course_setup.py, which runs without make as well.
# ARGS goes to it: make lab ARGS="--no-browser --port 8899"; make test ARGS="-k wire".

ifeq ($(OS),Windows_NT)
PYTHON ?= python
else
PYTHON ?= python3
endif

COURSE = $(PYTHON) tools/course_setup.py

.DEFAULT_GOAL := help
.PHONY: help lab site test test-slow test-site grade release lint bench frameworks clean

help:
	@echo "make lab        the student course in workspace/, opened in JupyterLab"
	@echo "make site       the book in build/site/, made to be read without a network"
	@echo "make test       the tests that take minutes together"
	@echo "make test-slow  the longer ones: nbgrader, a browser, whole classes"
	@echo "make test-site  the book, made and then looked at in a browser"
	@echo "make grade      grade the sample class in examples/class/"
	@echo "make release    the student course in dist/student/ (FROM=lab3: earlier labs solved)"
	@echo "make lint       ruff, mypy and ruff on the notebooks"
	@echo "make bench      dltk beside torch, the grader beside plain nbgrader (ARGS=\"A B --check\")"
	@echo "make frameworks runs the frameworks of comparison/ (ONLY=jax: that one; the others stay)"
	@echo "make clean      remove what can be made again (ARGS=--all: .venv too; never workspace/)"

lab:
	@$(COURSE) lab $(ARGS)

site:
	@$(COURSE) site $(ARGS)

test:
	@$(COURSE) test $(ARGS)

test-slow:
	@$(COURSE) test-slow $(ARGS)

test-site:
	@$(COURSE) test-site $(ARGS)

grade:
	@$(COURSE) grade $(ARGS)

release:
	@$(COURSE) release $(if $(FROM),--from $(FROM)) $(ARGS)

lint:
	@$(COURSE) lint $(ARGS)

bench:
	@$(COURSE) bench $(ARGS)

frameworks:
	@$(COURSE) frameworks $(ONLY) $(ARGS)

clean:
	@$(COURSE) clean $(ARGS)
