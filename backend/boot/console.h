/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's serial stream, cut into lines in two ways.
 *
 * `line` gets every line as the guest sent it, without escape sequences and control characters: what diagnosis reads. `talk` is
 * the same stream without the kernel's own messages (they start with a time stamp in brackets and may fall into the middle of a
 * line that a program is writing): what the conversation with the shell reads. An unfinished talk line, a prompt say, is in
 * `talk` itself. Memory is bounded: a line longer than CONSOLE_LINE is delivered in pieces.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "base/text.h"
#include <stdint.h>

enum { CONSOLE_LINE = 4096, CONSOLE_ESCAPE = 4096 };

typedef void console_sink(void *ctx, const char *line, size_t len);

enum console_escape {
	ESCAPE_NONE,
	ESCAPE_START,
	ESCAPE_MIDDLE,
	ESCAPE_CSI,
	ESCAPE_STRING,
	ESCAPE_STRING_END
};

struct console {
	console_sink *on_line, *on_talk; /* never called with an empty line */
	void *ctx;
	uint64_t bytes; /* all bytes received */
	struct text line, talk;
	char stamp[32]; /* start of what may turn out to be a kernel time stamp */
	size_t stamp_len;
	bool kernel; /* inside a kernel message: not for `talk` until the line ends */
	enum console_escape escape;
	size_t escape_len;
};

void console_init(struct console *c, console_sink *on_line, console_sink *on_talk, void *ctx);
void console_feed(struct console *c, const void *bytes, size_t len);
void console_end(struct console *c); /* the stream is over: delivers what is unfinished */
void console_release(struct console *c);

#endif
