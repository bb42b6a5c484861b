/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk with or without a partition table: its partitions lie within it, or there is one sentence. */
#include "contents/contents.h"
#include "contents_fuzz.h"
#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return contents_fuzz(data, size, CONTENTS_DISK);
}
