/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's serial console on the user's terminal, both ways: the terminal is raw, every key goes to the guest, Ctrl-] leaves.
 * The guest's output may move the cursor and colour text, as its programs need, but cannot change or read out the terminal:
 * titles, clipboards, key definitions and questions that the terminal would answer by typing are removed.
 */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include "cli/cli_out.h"
#include "run/run.h"

/* `serial` is the file that the guest's output is appended to, `input` the fifo that it reads from. */
CHECKED bool console_run(
	struct cli *c, struct run *run, const char *serial, const char *input, struct error *err);

/* The filter alone: bytes in, safe output out. It keeps its state between calls. */
enum console_state {
	CONSOLE_TEXT,
	CONSOLE_ESC,
	CONSOLE_CSI,
	CONSOLE_STRING,
	CONSOLE_STRING_ESC,
	CONSOLE_CHARSET
};
struct console_filter {
	enum console_state state;
	char sequence[32]; /* of an unfinished CSI */
	size_t len;
};
void console_filter(struct console_filter *f, const char *bytes, size_t len, struct text *out);

#endif
