# `make` says what there is to do. Debian 12 is the reference.

# Debian packages: name of a program or a pkg-config module, and the package that has it.
PACKAGES := dovecot-imapd dovecot-lmtpd zbar-tools librsvg2-bin libssl-dev pkg-config tesseract-ocr tesseract-ocr-ukr libxml2-utils xmlsec1
CARGO ?= cargo

.PHONY: help setup nextest demo test soak bench fuzz test-aarch64 check fmt lint docs fixtures audit ci clean

help:
	@echo 'make demo         the main job on a real Dovecot; stays up until Ctrl-C (ONCE=1: stop when shown)'
	@echo 'make test         every test; those of OCR need Tesseract, which setup installs'
	@echo 'make check        formatting, lints, docs'
	@echo 'make fixtures     make the test fixtures anew'
	@echo 'make soak         kills the daemon at random for MINUTES=10; disturbed files: a million signatures, 10,000 documents twice'
	@echo 'make bench        Ukrainian signatures and digests beside other implementations; whole signed files a second; documents opened by children; copies read beside Tesseract; search'
	@echo 'make fuzz         random octets against crates/dstu, SECONDS=60 for each target (nightly)'
	@echo 'make test-aarch64 the own tests of crates/dstu on an emulated aarch64, PMULL included'
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

# The whole workspace is named, as `test` names it: with a part of it dependencies have other features, and all is built anew.
SOAK = $(CARGO) nextest run --workspace --run-ignored all
soak: setup nextest
	$(CARGO) build --workspace --bins
	SKRYNKA_SOAK_MINUTES=$(or $(MINUTES),10) $(SOAK) -E 'test(killed_at_random_for_many)'
	$(SOAK) -E 'test(a_million_disturbed_files)'
	$(SOAK) -E 'test(ten_thousand_mutated_files)'
	$(SOAK) -E 'test(ten_thousand_disturbed_files)'

# No compiler flags: the program chooses its way when it runs. One after the other, each with the machine to itself.
bench: setup
	$(CARGO) bench --workspace --bench bench
	$(CARGO) bench --workspace --bench verdicts
	$(CARGO) bench --workspace --bench reader
	$(CARGO) bench --workspace --bench reading
	$(CARGO) bench --workspace --bench search

fuzz: setup
	@$(CARGO) +nightly fuzz --version >/dev/null 2>&1 || { \
	  echo 'installing cargo-fuzz'; $(CARGO) install --locked cargo-fuzz; }
	cd fuzz && for target in $$($(CARGO) +nightly fuzz list); do \
	  $(CARGO) +nightly fuzz run $$target -- -max_total_time=$(or $(SECONDS),60) || exit 1; done

# Needs the Rust target, a linker, and an emulator (minutes: it is slow). No OpenSSL for aarch64: the crate's own tests.
AARCH64 := aarch64-unknown-linux-gnu
test-aarch64:
	@missing=; \
	command -v qemu-aarch64 >/dev/null || missing="$$missing qemu-user"; \
	command -v aarch64-linux-gnu-gcc >/dev/null || missing="$$missing gcc-aarch64-linux-gnu"; \
	test -e /usr/aarch64-linux-gnu/lib/libc.so || missing="$$missing libc6-dev-arm64-cross"; \
	test -d "$$(rustc --print sysroot)/lib/rustlib/$(AARCH64)" || missing="$$missing «rustup target add $(AARCH64)»"; \
	if [ -n "$$missing" ]; then echo "skipped: missing$$missing"; exit 0; fi; \
	export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc; \
	export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER='qemu-aarch64 -cpu max -L /usr/aarch64-linux-gnu'; \
	export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS='--cfg without_openssl'; \
	$(CARGO) test -p dstu --lib --target $(AARCH64)

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
