/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A virtual disk (the first byte says of which format) whose numbers are to be replaced: done the same twice, or one sentence. */
#include "image/vdisk.h"
#include "base/error.h"
#include "foreign.h"
#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = {"vmdk", "vdi", "vhdx"};
	struct error err = {0};
	const char *path;

	if (!size)
		return 0;
	path = foreign_put("disk", data + 1, size - 1);
	if (!vdisk_settle(path, formats[data[0] % 3], "seed", &err))
		replay_must(err.text[0]);
	return 0;
}
