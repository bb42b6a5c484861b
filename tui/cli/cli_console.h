/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's serial console on the user's terminal, both ways: the terminal is raw, every key goes to the guest, Ctrl-]
 * leaves. What the guest prints may move the cursor and colour text, as its own programs need, but cannot reach the terminal's
 * memory: titles, clipboards, key definitions and questions that the terminal would answer by typing are taken out.
 */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include "cli/cli_out.h"
#include "run/run.h"

/* `serial` is the file the guest's output grows in, `input` the fifo that it reads from. */
CHECKED bool console_run(
	struct cli *c, struct run *run, const char *serial, const char *input, struct error *err);

/* The filter alone: bytes in, what may be shown out. The state goes on over calls. */
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
	char sequence[32]; /* of a CSI in the making */
	size_t len;
};
void console_filter(struct console_filter *f, const char *bytes, size_t len, struct text *out);

#endif
