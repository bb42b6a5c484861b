/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A config.log that a stranger's configure left: what is found lies in it, and an answer is one line. */
#include "run/configure_log.h"
#include "replay.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *log = (const char *)data;
	size_t part_len, len;
	const char *part = configure_log_question(log, size, &part_len);
	const char *line = configure_log_answer(part, part_len, &len);

	replay_must(part ? part >= log && part + part_len <= log + size : part_len == 0);
	replay_must(line ? line >= part && line + len <= part + part_len : len == 0);
	replay_must(!line || (len > 0 && !memchr(line, '\n', len) && *line != '|'));
	part = configure_log_last(log, size, "Running compile:", &part_len);
	replay_must(part ? part >= log && part + part_len == log + size : part_len == 0);
	return 0;
}
