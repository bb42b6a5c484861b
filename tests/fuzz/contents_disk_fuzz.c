/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk with or without a partition table: its partitions lie within it, or there is one sentence. */
#include "contents/contents.h"
#include "contents_fuzz.h"
#include "replay.h"

/* libfdisk 2.38 forgets a sector of an extended partition that leads back to itself; ours is looked at in the unit tests. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfdisk\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return contents_fuzz(data, size, CONTENTS_DISK);
}
