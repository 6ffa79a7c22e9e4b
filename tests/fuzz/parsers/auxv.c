// SPDX-License-Identifier: GPL-2.0-only
/* An auxiliary vector, of words of any size, whole or not. */
#include "image.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *auxv = malloc(size + 1);

	memcpy(auxv, data, size);
	/* At an address that no word is aligned to, too. */
	mrw_image_parse_auxv(auxv, size);
	if (size)
		mrw_image_parse_auxv((char *)auxv + 1, size - 1);
	free(auxv);
	return 0;
}
