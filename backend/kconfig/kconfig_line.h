/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a configuration as text, and the bytes of a whole one.
 *
 * Programs write correct lines, or ones that may be skipped; people's wrong lines get an error that says what to write.
 */
#ifndef KCONFIG_LINE_H
#define KCONFIG_LINE_H

#include "base/arena.h"
#include "base/text.h"
#include "kconfig/kconfig.h"

#define KCONFIG_PREFIX	"CONFIG_"
#define KCONFIG_NOT_SET " is not set"

/* A program's line: "CONFIG_X=value" or "# CONFIG_X is not set"; false for anything else. */
bool kconfig_line_parse(struct kconfig_line *out, struct arena *a, const char *line);

/* A person's: neither empty nor a comment. ERROR_PROFILE with a sentence that gives the right line where one can be guessed. */
CHECKED bool kconfig_line_read(
	struct kconfig_line *out, struct arena *a, const char *line, struct error *err);

/* Begins with '#' and does not say that a symbol is not set. */
bool kconfig_line_is_comment(const char *line);

/* The whole text of a file, unpacked where it is gzip'd. What is not a text is refused. */
CHECKED bool kconfig_text(struct text *out, const char *path, struct error *err);

/* n bytes without the blanks around them. */
const char *kconfig_trimmed(struct arena *a, const char *s, size_t n);

#endif
