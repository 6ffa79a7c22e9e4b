# SPDX-License-Identifier: GPL-2.0-only
#
# The one entry to build, test, package and install memrw.

# dkms.conf is the one place that states the version.
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
KDIR ?= /lib/modules/$(shell uname -r)/build

# Debian's name of an architecture; one in the environment is the kernel's.
debian_arch = $(if $(filter command,$(origin ARCH)),$(ARCH))

.PHONY: all
all: userspace $(if $(wildcard $(KDIR)/Makefile),module)

.PHONY: module
module:
	@[ -e $(KDIR)/Makefile ] || { \
		echo "make: no kernel headers in $(KDIR)" >&2; \
		echo "make: try: apt install linux-headers-$$(uname -r), or KDIR=DIR" >&2; \
		exit 1; \
	}
	$(MAKE) -C $(KDIR) M=$(CURDIR)/module modules

.PHONY: userspace
userspace:
	$(MAKE) -C userspace VERSION=$(VERSION)

# The command, the library and what goes with them; userspace/Makefile has the
# directories, each of which can be set (prefix=, libdir=, DESTDIR=, ...).

.PHONY: install uninstall python install-python uninstall-python
install uninstall python install-python uninstall-python:
	$(MAKE) -C userspace VERSION=$(VERSION) $@

# Two makes in one directory would get into each other's way.
python install-python: $(filter userspace install,$(MAKECMDGOALS))

# The driver, for a machine that has dkms but not Debian's packages: the source
# for dkms, and what sets the device up.  "source:destination", for each file.

driver_src = dkms.conf include/uapi/linux/memrw.h \
	$(filter-out %.mod.c,$(wildcard module/Kbuild module/*.[ch]))
driver_files = \
	$(foreach file,$(driver_src),$(file):/usr/src/memrw-$(VERSION)/$(file)) \
	udev/60-memrw.rules:/usr/lib/udev/rules.d/60-memrw.rules \
	udev/memrw.sysusers:/usr/lib/sysusers.d/memrw.conf \
	udev/memrw.modules-load:/usr/lib/modules-load.d/memrw.conf

driver_dir = $(DESTDIR)/usr/src/memrw-$(VERSION)

# What the administrator wrote there stays, whether it comes or goes.
policy_file = $(DESTDIR)/etc/modprobe.d/memrw.conf

.PHONY: install-driver
install-driver:
	@for file in $(driver_files); do \
		echo "install $$file"; \
		install -D -m 644 $${file%%:*} $(DESTDIR)$${file#*:} || exit; \
	done
	[ -e $(policy_file) ] || install -D -m 644 udev/memrw.modprobe $(policy_file)

.PHONY: uninstall-driver
uninstall-driver:
	$(RM) $(foreach file,$(driver_files),$(DESTDIR)$(lastword $(subst :, ,$(file))))
	[ ! -d $(driver_dir) ] || find $(driver_dir) -depth -type d -empty -delete
	! cmp -s udev/memrw.modprobe $(policy_file) || $(RM) $(policy_file)

# Packages: build/*.deb for this Debian, or with ARCH=arm64, say, build/arm64/*.deb
# for one of that architecture; and the source as a tarball.

.PHONY: deb
deb:
	tests/package/make-deb $(if $(debian_arch),--arch $(debian_arch))

.PHONY: dist
dist:
	tests/package/make-dist

.PHONY: lint
lint:
	tests/lint/run

# The tests and the demonstration: see tests/README.md.

.PHONY: check
check:
	tests/check

# Random calls to the driver and random input to the parsers; longer with
# MEMRW_FUZZ_CALLS=1000000 MEMRW_FUZZ_SECONDS=3600.
.PHONY: check-fuzz
check-fuzz:
	tests/fuzz/check

# The packages on whole Debian systems; one of them with SUITE=bookworm, say.
.PHONY: check-package
check-package:
	tests/package/check $(or $(SUITE),bookworm trixie)

# The driver on every kernel of tests/matrix/rows; on some of them with
# ROWS="boot:trixie:cloud-amd64 ...", on those of an architecture with
# ARCH=amd64, or on any other one with KDIR=DIR VMLINUZ=FILE, whose modules are
# in INSTALL_MOD_PATH=DIR.
.PHONY: check-matrix
check-matrix:
	INSTALL_MOD_PATH=$(INSTALL_MOD_PATH) tests/matrix/check $(if $(debian_arch),--arch $(debian_arch)) \
		$(if $(VMLINUZ),--kernel $(KDIR) $(VMLINUZ),$(strip $(ROWS)))

# The driver on kernels that look for what is wrong with it, built for the purpose:
# tests/debug/runs; some of these with RUNS="suite:bookworm:kasan ...".
.PHONY: check-debug
check-debug:
	tests/debug/check $(strip $(RUNS))

# Which lines of the driver its tests in the VM run, and why not the others; each
# line with its count in build/coverage/index.html.
.PHONY: coverage
coverage:
	tests/debug/coverage

.PHONY: demo
demo:
	tests/vm/demo

# The tables, and the same as build/bench/*.json.
.PHONY: bench
bench:
	tests/bench/run

# Scans, natively, beside scanmem where that is installed.
.PHONY: bench-scan
bench-scan: userspace
	$(MAKE) -s -C tests/bench/scan
	build/bench/scan

# How long a daemon pauses while gdb looks at it, with and without memrw gdbserver.
.PHONY: bench-daemon
bench-daemon: userspace
	tests/lib/install-deps bench-daemon
	tests/bench/daemon

# What the viewer costs on a large screen, and its target.
.PHONY: bench-view
bench-view: userspace
	tests/lib/install-deps bench-view
	$(MAKE) -s -C tests/bench/view
	tests/bench/view/run

# build/bench/*.png, of the last "make bench".
.PHONY: bench-plot
bench-plot:
	[ -e build/bench/time.json ] || $(MAKE) bench
	tests/bench/plot

.PHONY: vm-shell
vm-shell:
	tests/vm/run --shell

.PHONY: clean
clean:
	$(RM) -r build
	[ ! -e $(KDIR)/Makefile ] || $(MAKE) -C $(KDIR) M=$(CURDIR)/module clean
