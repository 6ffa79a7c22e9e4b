/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting, until a time or until the user wants an end.
 */
#ifndef CLI_WAIT_SIGNAL_H
#define CLI_WAIT_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

/**
 * wait_signal_begin() - keep SIGINT, SIGTERM and SIGHUP for wait_signal_until()
 *
 * But not what was ignored when the program began, as nohup(1) has it.
 */
void wait_signal_begin(void);

/**
 * wait_signal_until() - wait for a time
 * @time: by clock_now()
 *
 * Return: true if one of the signals came instead.
 */
bool wait_signal_until(int64_t time);

/**
 * wait_signal_or_readable() - wait until a descriptor is readable, or for a time
 * @fd: the descriptor
 * @time: by clock_now()
 *
 * Return: true if one of the signals came instead.
 */
bool wait_signal_or_readable(int fd, int64_t time);

#endif /* CLI_WAIT_SIGNAL_H */
