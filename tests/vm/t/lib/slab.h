/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's objects, counted. */
#ifndef SLAB_H
#define SLAB_H

/* Active objects of a slab cache; -1 if it is not there by that name. */
long long slab_objects(const char *cache);

#endif
