/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking the hits of a watch, until something ends it.
 */
#ifndef CLI_WATCH_LOOP_H
#define CLI_WATCH_LOOP_H

#include <stdint.h>

#include "memrw.h"
#include "watch_view.h"

/**
 * struct watch_loop - what to do
 * @watch: the watch
 * @time: for how long, nanoseconds; 0 for ever
 * @view: who gets the hits
 */
struct watch_loop {
	struct memrw_watch *watch;
	int64_t time;
	struct watch_view *view;
};

/**
 * watch_loop_run() - until a signal of wait_signal.h, or the end of the watch
 *
 * Return: the exit status: it is a failure, and reported, if the target is gone.
 */
int watch_loop_run(const struct watch_loop *loop);

#endif /* CLI_WATCH_LOOP_H */
