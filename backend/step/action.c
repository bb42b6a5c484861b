/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of actions, and what they tell the builder over the progress fd. */
#include "step/action.h"
#include "proc/proc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#define PACE_SECONDS 0.1

static const struct action_kind kinds[] = {
	{"run", 1, action_run, 1},
	{"fetch", 4, action_fetch, 1},
	{"unpack", 2, action_unpack, 1},
	{"merge", 1, action_merge, 1},
	{"verify", 2, action_verify, 1},
	{"keep", 2, action_keep, 1},
	{"bring", 2, action_keep, 1},
	{"publish", 2, action_publish, 1},
	{"initramfs", 3, action_initramfs, 3},
	{"ext4", 4, action_ext4, 2},
	{"squashfs", 3, action_squashfs, 2},
	{"tar", 3, action_tar, 2},
	{"oci", 6, action_oci, 2},
	{"lay", 3, action_lay, 2},
	{"fat", 3, action_fat, 1},
	{"disk", 5, action_disk, 2},
	{"part", 3, action_part, 1},
	{"same", 2, action_same, 1},
	{"burn", 2, action_burn, 1},
	{"reread", 2, action_reread, 1},
	{"pe", 4, action_pe, 1},
	{"settle", 2, action_settle, 1},
	{"output", 1, action_output, 1},
};

const struct action_kind *action_find(const char *verb)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].verb, verb) == 0)
			return &kinds[i];
	return NULL;
}

void action_tell(const struct action_context *c, const char *fmt, ...)
{
	struct text line = TEXT_INIT;
	char *bytes = NULL;
	va_list ap;
	int len;

	if (c->progress_fd < 0)
		return;
	va_start(ap, fmt);
	len = vasprintf(&bytes, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	text_add(&line, bytes, (size_t)len);
	free(bytes);
	for (size_t i = 0; i < line.len; i++)
		if (line.s[i] == '\n')
			line.s[i] = ' ';
	text_char(&line, '\n');
	/* A builder that does not listen any more is no reason to fail. */
	if (write(c->progress_fd, line.s, line.len) < 0)
		text_clear(&line);
	text_release(&line);
}

void action_progress(
	const struct action_context *c, uint64_t done, uint64_t total, const char *unit)
{
	double at = proc_now();

	if (c->paced && done != total && at - *c->paced < PACE_SECONDS)
		return;
	if (c->paced)
		*c->paced = at;
	action_tell(c, "progress %" PRIu64 " %" PRIu64 " %s", done, total, unit);
}
