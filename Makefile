# Each goal does all of its own set-up; the first one downloads and builds for several minutes, later ones start at once.
# What a goal does is in scripts/; this file only says in which order.

deps := $(or $(IDINIT_DEPS),$(CURDIR)/.deps)
release := .build/release

.DEFAULT_GOAL := help
.PHONY: help bootstrap run test bench lint docs picture interop wheel downstream check-libtorch clean

help:  ## print this list
	@sed -n -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-24s%s\n", $$1, $$2 }'

bootstrap:
	@scripts/bootstrap

run: bootstrap  ## train the paper's Linear-5 on real digits, from the default initialisation and from IDInit
	@[ -x $(release)/idinit-lab ] || echo "The first build takes several minutes, up to 20 on a loaded machine with two cores."
	@swift build -c release --product idinit-lab
	@$(release)/idinit-lab run table8 --scale small

test: bootstrap  ## everything: Swift's tests, PyTorch reading what we write, a package that depends on this one
	@scripts/test

interop: bootstrap  ## real PyTorch, MLX and JAX read what we write: every model, full sizes too (many minutes)
	@scripts/test interop-full

wheel: bootstrap  ## the Python wheel `idinit` in .build/wheel, tested in a clean virtual environment
	@scripts/wheel
	@scripts/test wheel

downstream: bootstrap  ## only the test that a package elsewhere can depend on the library IDInit
	@scripts/test downstream

bench: bootstrap  ## speed: ratios to PyTorch and to the machine's memory, in one run
	@scripts/bench/run

lint:  ## formatting, documentation comments and the rules of the house
	@scripts/lint

docs:  ## the documentation of all libraries, with articles, as a web site in .build/docs
	@scripts/docs

picture: bootstrap  ## the README's picture, docs/start.svg, from what idinit-lab probe finds
	@swift build -c release --product idinit-lab
	@scripts/picture $(release)/idinit-lab

check-libtorch: bootstrap  ## compile the C interface against the headers of both libtorch versions (downloads 0.7 GB)
	@scripts/check-libtorch 2.11.0
	@scripts/check-libtorch 2.13.0

clean:  ## remove what was built; what the bootstrap brought stays
	@swift package clean
