/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's log, byte for byte: not as /dev/kmsg shows it, which escapes. */
#ifndef KLOG_H
#define KLOG_H

/* What comes from now on is what klog_since() returns. */
void klog_mark(void);

/* To be freed.  Fails the test if the mark has been pushed out of the log. */
char *klog_since_mark(void);

#endif
