/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why something failed, as one sentence for a person.
 *
 * Functions that can fail return bool (true = done) and take `struct error *` last; on false it is filled in. The kind is also
 * the exit status that scripts see (the contract's table), so it is chosen where the cause is known. The text names the thing
 * (file:line, path or URL), the reason and, where there is one, the next step. The backend never prints and never exits.
 */
#ifndef ERROR_H
#define ERROR_H

#include <stdarg.h>
#include <stdbool.h>

#define CHECKED		   __attribute__((warn_unused_result))
#define FORMAT(fmt, first) __attribute__((format(printf, fmt, first)))

enum error_kind {
	ERROR_NONE = 0,
	ERROR_INTERNAL = 1, /* a bug, or a failure of the machine that nobody foresaw */
	ERROR_USAGE = 2,    /* a wrong command line, or a missing answer */
	ERROR_STEP = 3,	    /* a build step failed */
	ERROR_VERDICT = 4,  /* the guest failed its test boot */
	ERROR_TIMEOUT = 5,  /* the guest did not finish in time */
	ERROR_PROFILE = 6,  /* a bad, unknown or conflicting choice, or bad data */
	ERROR_HOST =
		7, /* a tool, disk space or a permission is missing, or another run holds the workspace */
	ERROR_SOURCE = 8, /* a source is unavailable or does not match its hash */
};

struct error {
	enum error_kind kind;
	char text[1000];
};

/* Sets kind and sentence; always returns false, so that failing takes one line: `return error_set(err, ...)`. */
bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...) FORMAT(3, 4);

/* Puts "prefix: " before the existing sentence; always returns false. */
bool error_in(struct error *err, const char *fmt, ...) FORMAT(2, 3);

/* Like error_set, with ": " and the text of errno appended. ENOSPC, EROFS, EACCES, EPERM and EFBIG turn the kind into
 * ERROR_HOST. */
bool error_errno(struct error *err, const char *fmt, ...) FORMAT(2, 3);

#endif
