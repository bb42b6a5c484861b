/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Somebody's archive: a listing and its contents, or one sentence. */
#include "contents/contents.h"
#include "contents_fuzz.h"
#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return contents_fuzz(data, size, CONTENTS_ARCHIVE);
}
