# `make` says what there is to do. Debian 12 is the reference.

# Debian packages: name of a program or a pkg-config module, and the package that has it.
PACKAGES := dovecot-imapd dovecot-lmtpd zbar-tools librsvg2-bin libssl-dev pkg-config
CARGO ?= cargo

.PHONY: help setup nextest demo test soak bench fuzz check fmt lint docs fixtures audit ci clean

help:
	@echo 'make demo         the main job on a real Dovecot; stays up until Ctrl-C (ONCE=1: stop when shown)'
	@echo 'make test         every test'
	@echo 'make check        formatting, lints, docs'
	@echo 'make fixtures     make the test fixtures anew'
	@echo 'make soak         kills the daemon at random for MINUTES=10'
	@echo 'make bench        Ukrainian signatures and digests beside other implementations; whole signed files a second'
	@echo 'make fuzz         random octets against crates/dstu, SECONDS=60 for each target (nightly)'
	@echo 'make audit        licences, sources and banned crates of the dependencies'

# Installs what is missing and says so; nothing to do and no root needed where everything is there.
setup:
	@.ci/setup $(PACKAGES)

nextest:
	@$(CARGO) nextest --version >/dev/null 2>&1 || { \
	  echo 'installing cargo-nextest (runs the tests)'; $(CARGO) install --locked cargo-nextest; }

demo: setup
	$(CARGO) build --workspace --bins
	target/debug/skrynka-fixtures demo --skrynka target/debug/skrynka $(if $(ONCE),--once)

test: setup nextest
	$(CARGO) build --workspace --bins
	$(CARGO) nextest run --workspace --no-fail-fast
	$(CARGO) test --workspace --doc --quiet

soak: setup nextest
	SKRYNKA_SOAK_MINUTES=$(or $(MINUTES),10) $(CARGO) nextest run --test it killed_at_random_for_many --run-ignored all
	$(CARGO) nextest run --test it a_million_disturbed_files --run-ignored all

# No compiler flags: the program chooses its way when it runs.
bench: setup
	$(CARGO) bench -p dstu --bench bench
	$(CARGO) bench -p skrynka --bench verdicts

fuzz: setup
	@$(CARGO) +nightly fuzz --version >/dev/null 2>&1 || { \
	  echo 'installing cargo-fuzz'; $(CARGO) install --locked cargo-fuzz; }
	cd fuzz && for target in $$($(CARGO) +nightly fuzz list); do \
	  $(CARGO) +nightly fuzz run $$target -- -max_total_time=$(or $(SECONDS),60) || exit 1; done

check: fmt lint docs

fmt:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets -- -D warnings

docs:
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps --document-private-items

fixtures:
	$(CARGO) run -p skrynka-fixtures -- generate

# The advisory database is a git repository of its own; `cargo deny check advisories` where it can be reached.
audit:
	@$(CARGO) deny --version >/dev/null 2>&1 || { echo 'installing cargo-deny'; $(CARGO) install --locked cargo-deny; }
	$(CARGO) deny check bans licenses sources

ci: setup nextest
	$(MAKE) check
	$(CARGO) build --workspace --bins
	target/debug/skrynka-fixtures generate --check
	$(MAKE) test

clean:
	$(CARGO) clean
	rm -rf demo
