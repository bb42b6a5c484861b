/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's number of this life of the machine. */
#include "base/boot_id.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#include "base/banned.h"

void boot_id(struct text *out)
{
	struct text id = TEXT_INIT;
	struct error ignored;

	if (text_read_file(&id, "/proc/sys/kernel/random/boot_id", 100, &ignored))
		text_add(out, id.s, strcspn(id.s, "\n"));
	else
		text_str(out, "unknown");
	text_release(&id);
}
