/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RESULT_H
#define RESULT_H

#include "storm/board.h"

/* Whether each thing that is to happen has happened. */
bool result_is_complete(const struct board *board);

/* What came of the storm, as test results and as tables. */
void result_report(const struct board *board);

#endif
