// SPDX-License-Identifier: GPL-2.0-only
/* The version. */
#include "support/unit.h"

static void version_is_that_of_dkms_conf(void **state)
{
	(void)state;
	assert_string_equal(memrw_version(), EXPECTED_VERSION);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(version_is_that_of_dkms_conf),
};

unit_main(tests)
