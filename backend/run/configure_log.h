/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.log, into which a configure script of autoconf writes each question, what it tried, and what that said (the manual of
 * autoconf, "Generated output"). A failed step's bytes, which may be anything; what is found points into them. Meson and CMake
 * have logs of that kind, too.
 */
#ifndef CONFIGURE_LOG_H
#define CONFIGURE_LOG_H

#include <stddef.h>

/* What stands between the first error and the last question ("checking ...") before it; NULL and 0: there is none. */
const char *configure_log_question(const char *log, size_t len, size_t *part_len);

/* Of such a part the first line that is neither configure's own nor of the program that it tried; NULL and 0: there is none. */
const char *configure_log_answer(const char *part, size_t len, size_t *line_len);

/* What follows the last line with this text in it; NULL and 0: no line has it. */
const char *configure_log_last(const char *log, size_t len, const char *mark, size_t *part_len);

#endif
