# SPDX-License-Identifier: GPL-2.0-only
#
# The one entry to build, test, package and install memrw.

# dkms.conf is the one place that states the version.
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
KDIR ?= /lib/modules/$(shell uname -r)/build

.PHONY: all
all: userspace $(if $(wildcard $(KDIR)/Makefile),module)

.PHONY: module
module:
	$(MAKE) -C $(KDIR) M=$(CURDIR)/module modules

.PHONY: userspace
userspace:
	$(MAKE) -C userspace VERSION=$(VERSION)

# The tests and the demonstration: see tests/README.md.

.PHONY: check
check:
	tests/check

.PHONY: demo
demo:
	tests/vm/demo

.PHONY: vm-shell
vm-shell:
	tests/vm/run --shell

.PHONY: clean
clean:
	$(RM) -r build
	[ ! -e $(KDIR)/Makefile ] || $(MAKE) -C $(KDIR) M=$(CURDIR)/module clean
