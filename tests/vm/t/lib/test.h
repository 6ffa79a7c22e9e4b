/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every test program starts with: cmocka, TAP, and a clean slate after
 * each test whether it passed or not.
 */
#ifndef TEST_H
#define TEST_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Ends the workers and closes the sessions of a test; restores the policy. */
int test_teardown(void **state);

#define behaviour(fn) cmocka_unit_test_teardown(fn, test_teardown)

#define run_behaviours(tests) test_run(tests, ARRAY_SIZE(tests))

/*
 * All of them, or those with a name that fits the pattern $MEMRW_TEST: the number
 * that failed.
 */
int test_run(const struct CMUnitTest *tests, size_t count);

/* A table of tests that a program makes at run time; never freed. */
struct test_list {
	struct CMUnitTest *tests;
	size_t count;
};

void test_list_add(struct test_list *list, CMUnitTestFunction fn, void *state, const char *format,
		   ...) __attribute__((format(printf, 4, 5)));
int test_list_run(struct test_list *list);

/* Leaves the test, as skipped, for that reason. */
void skip_because(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* A comment in the output. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

bool kernel_at_least(int major, int minor);
uint64_t now_ms(void);
void sleep_ms(unsigned int ms);

/*
 * How many times as long everything may take as on an ordinary kernel: what
 * $MEMRW_PATIENCE says.  All that waits here for something reckons with it.
 */
unsigned int patience(void);

/* Asks again and again until @condition holds; false after @timeout_ms. */
bool eventually(bool (*condition)(void *arg), void *arg, unsigned int timeout_ms);

/* The path of a program in helpers/, beside the test's own; static storage. */
const char *helper_path(const char *name);

#endif
