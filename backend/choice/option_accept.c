/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whether a text is a well-formed value of an option, type by type. */
#include "choice/option.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "choice/ssh_key.h"

#include "base/banned.h"

enum { LONGEST_TEXT = 1000, LONGEST_LABEL = 63 };

static bool is_value(const struct option *o, const char *s, size_t len)
{
	for (size_t i = 0; i < o->values.n; i++)
		if (strlen(o->values.at[i].name) == len &&
			memcmp(o->values.at[i].name, s, len) == 0)
			return true;
	return false;
}

static bool not_among(const struct option *o, const char *s, size_t len, struct error *err)
{
	struct text all = TEXT_INIT;

	for (size_t i = 0; i < o->values.n; i++)
		text_fmt(&all, "%s%s", i ? ", " : "", o->values.at[i].name);
	error_set(err, ERROR_PROFILE, "%s cannot be '%.*s'; it is one of %s", o->name,
		(int)(len < 80 ? len : 80), s, all.s);
	text_release(&all);
	return false;
}

/* Calls `each` for every word; a list may be empty. */
typedef bool word_check(const struct option *o, const char *s, size_t len, struct error *err);

static bool every_word(
	const struct option *o, const char *value, word_check *check, struct error *err)
{
	const char *s = value;

	for (s += strspn(s, " \t\n"); *s; s += strspn(s, " \t\n")) {
		size_t len = strcspn(s, " \t\n");

		if (!check(o, s, len, err))
			return false;
		s += len;
	}
	return true;
}

static bool address(const struct option *o, const char *s, size_t len, struct error *err)
{
	char copy[32], *slash, *end = NULL;
	struct in_addr in;
	long prefix = -1;

	if (len < sizeof copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
		slash = strchr(copy, '/');
		if (slash) {
			*slash = '\0';
			if (isdigit((unsigned char)slash[1]))
				prefix = strtol(slash + 1, &end, 10);
		}
		if (inet_pton(AF_INET, copy, &in) == 1 &&
			(o->plain ? !slash : slash && end && !*end && prefix >= 1 && prefix <= 32))
			return true;
	}
	return error_set(err, ERROR_PROFILE, "%s: '%.*s' is not an IPv4 address%s", o->name,
		(int)(len < 80 ? len : 80), s,
		o->plain ? " like 10.0.2.2" : " with its prefix, like 10.0.2.15/24");
}

static bool list_word(const struct option *o, const char *s, size_t len, struct error *err)
{
	if (o->plain)
		return address(o, s, len, err);
	if (o->values.n && !is_value(o, s, len))
		return not_among(o, s, len, err);
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("-_.+,:/@", s[i]))
			return error_set(err, ERROR_PROFILE,
				"%s: '%.*s' has a character that no such name has", o->name,
				(int)(len < 80 ? len : 80), s);
	return true;
}

static bool number(const struct option *o, const char *value, struct error *err)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (isdigit((unsigned char)*value) && !*end && !errno && n >= o->low && n <= o->high)
		return true;
	return error_set(err, ERROR_PROFILE,
		"%s cannot be '%.80s'; it is a whole number from %ld to %ld%s%s", o->name, value,
		o->low, o->high, o->values.n ? " or " : "",
		o->values.n ? o->values.at[0].name : "");
}

static bool version(const struct option *o, const char *value, struct error *err)
{
	size_t len = strlen(value);

	if (isdigit((unsigned char)*value) && len <= 40 &&
		strspn(value, "0123456789abcdefghijklmnopqrstuvwxyz.-+_") == len)
		return true;
	return error_set(err, ERROR_PROFILE,
		"%s: '%.80s' is not a version; write a series like 6.12 or an exact one like 6.12.30",
		o->name, value);
}

static bool label(const struct option *o, const char *value, struct error *err)
{
	size_t len = strlen(value);
	bool ok = len >= 1 && len <= LONGEST_LABEL && value[0] != '-' && value[len - 1] != '-';

	for (size_t i = 0; ok && i < len; i++)
		ok = isalnum((unsigned char)value[i]) || value[i] == '-';
	if (ok)
		return true;
	return error_set(err, ERROR_PROFILE,
		"%s: '%.80s' is not a host name; use 1 to 63 letters, digits and hyphens, no hyphen at the ends",
		o->name, value);
}

/* crypt(5): $id$...; only bytes that cannot break out of a line of /etc/shadow. */
static bool crypt_hash(const struct option *o, const char *value, struct error *err)
{
	size_t len = strlen(value);

	if (len >= 13 && len <= 384 && value[0] == '$' &&
		strspn(value,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./$=,-_") ==
			len)
		return true;
	return error_set(err, ERROR_PROFILE,
		"%s is 'locked', 'none' or a crypt(5) hash that begins with '$'; a password itself is never stored",
		o->name);
}

static bool one_line(const struct option *o, const char *value, struct error *err)
{
	size_t len = strlen(value);

	if (len > LONGEST_TEXT)
		return error_set(err, ERROR_PROFILE, "%s is %zu bytes long; at most %d are taken",
			o->name, len, LONGEST_TEXT);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
			return error_set(err, ERROR_PROFILE,
				"%s has a control character or a second line", o->name);
	return true;
}

bool option_accepts(const struct option *o, const char *value, struct error *err)
{
	size_t len = strlen(value);

	if (o->type != OPTION_LIST && o->values.n && is_value(o, value, len))
		return true;
	if (!len && !*o->fallback)
		return true;
	switch (o->type) {
	case OPTION_CHOICE:
		return not_among(o, value, len, err);
	case OPTION_LIST:
		if (!len || strspn(value, " \t\n") == len)
			return error_set(
				err, ERROR_PROFILE, "%s needs at least one value", o->name);
		return every_word(o, value, list_word, err);
	case OPTION_NUMBER:
		return number(o, value, err);
	case OPTION_VERSION:
		return version(o, value, err);
	case OPTION_NAME:
		return label(o, value, err);
	case OPTION_ADDRESS:
		return address(o, value, len, err);
	case OPTION_HASH:
		return crypt_hash(o, value, err);
	case OPTION_KEY:
		return ssh_key_accept(value, err) || error_in(err, "%s", o->name);
	case OPTION_TEXT:
	case OPTION_PATH:
	case OPTION_PATHS:
		if (!len)
			return error_set(err, ERROR_PROFILE, "%s cannot be empty", o->name);
		return one_line(o, value, err) && option_knows(o, value, err);
	}
	return error_set(err, ERROR_INTERNAL, "%s has an unknown type", o->name);
}
