/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds error sentences for people. A sentence that does not fit is truncated, never lost. */
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list ap;

	err->kind = kind;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	return false;
}

bool error_in(struct error *err, const char *fmt, ...)
{
	char old[sizeof err->text];
	va_list ap;
	size_t used;

	memcpy(old, err->text, sizeof old);
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof err->text - used, ": %s", old);
	return false;
}

bool error_errno(struct error *err, const char *fmt, ...)
{
	int code = errno;
	va_list ap;
	size_t used;

	err->kind = ERROR_INTERNAL;
	if (code == ENOSPC || code == EDQUOT || code == EROFS || code == EACCES || code == EPERM ||
		code == EFBIG)
		err->kind = ERROR_HOST;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof err->text - used, ": %s%s", strerror(code),
		code == EFBIG ? " (see the limit of file sizes, ulimit -f)" : "");
	errno = code;
	return false;
}
