/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whether a text is a well-formed value of an option, type by type. */
#include "choice/option.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/ssh_key.h"

#include "base/banned.h"

enum { LONGEST_TEXT = 1000, LONGEST_LABEL = 63 };

static bool is_value(const struct option *o, const char *s)
{
	for (size_t i = 0; i < o->values.n; i++)
		if (strcmp(o->values.at[i].name, s) == 0)
			return true;
	return false;
}

static bool not_among(const struct option *o, const char *s, struct error *err)
{
	struct text all = TEXT_INIT;

	for (size_t i = 0; i < o->values.n; i++)
		text_fmt(&all, "%s%s", i ? ", " : "", o->values.at[i].name);
	error_set(err, ERROR_PROFILE, "%s cannot be '%.80s'; it is one of %s", o->name, s, all.s);
	text_release(&all);
	return false;
}

static bool address(const struct option *o, const char *s, struct error *err)
{
	char copy[32], *slash, *end = NULL;
	struct in_addr in;
	long prefix = -1;

	if (strlen(s) < sizeof copy) {
		memcpy(copy, s, strlen(s) + 1);
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
	return error_set(err, ERROR_PROFILE, "%s: '%.80s' is not an IPv4 address%s", o->name, s,
		o->plain ? " like 10.0.2.2" : " with its prefix, like 10.0.2.15/24");
}

static bool list_word(const struct option *o, const char *s, struct error *err)
{
	if (o->plain)
		return address(o, s, err);
	if (o->values.n && !is_value(o, s))
		return not_among(o, s, err);
	for (const char *c = s; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.+,:/@=", *c))
			return error_set(err, ERROR_PROFILE,
				"%s: '%.80s' has a character that no such name has", o->name, s);
	return option_knows(o, s, err);
}

/* What follows a sign says how a thing is used or what it becomes, as in ttyS0,115200, vm.swappiness=10 and eth0.5:dhcp: it is
 * the same thing. A path may have all of them. */
static size_t thing(const char *word)
{
	size_t len = strcspn(word, ",=:/");

	return word[len] == '/' ? strlen(word) : len;
}

static bool is_new(
	const struct option *o, const struct strings *before, const char *word, struct error *err)
{
	for (size_t i = 0; i < before->n; i++)
		if (thing(before->at[i]) == thing(word) &&
			memcmp(before->at[i], word, thing(word)) == 0)
			return error_set(err, ERROR_PROFILE, "%s has '%.*s' twice; write it once",
				o->name, (int)thing(word), word);
	return true;
}

static bool list(const struct option *o, const char *value, struct error *err)
{
	static const char blanks[] = " \t\n";
	struct arena arena = ARENA_INIT;
	struct strings words = {0};
	const char *s = value + strspn(value, blanks);
	bool ok = *s || error_set(err, ERROR_PROFILE, "%s needs at least one value", o->name);

	for (; ok && *s; s += strspn(s, blanks)) {
		const char *word = arena_strn(&arena, s, strcspn(s, blanks));

		ok = list_word(o, word, err) && is_new(o, &words, word, err);
		vec_push_in(&arena, &words, word);
		s += strlen(word);
	}
	arena_release(&arena);
	return ok;
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
		"%s: '%.80s' is not a version; write a series like 6.12 or an exact one like 6.12.104",
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

#define CRYPT64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"

/* crypt(5): what stands behind the last '$' is as long as the method makes it, so a torn copy is seen. */
static const struct hash_form {
	const char *begins;
	size_t last;
} hash_forms[] = {
	{"$1$", 22},
	{"$5$", 43},
	{"$6$", 86},
	{"$7$", 43},
	{"$y$", 43},
	{"$gy$", 43},
	{"$2", 53},
};

static bool is_whole_hash(const char *value)
{
	const char *last = strrchr(value, '$') + 1;

	for (size_t i = 0; i < sizeof hash_forms / sizeof *hash_forms; i++) {
		const struct hash_form *f = &hash_forms[i];

		if (strncmp(value, f->begins, strlen(f->begins)) == 0)
			return last - value > (ptrdiff_t)strlen(f->begins) &&
			       strlen(last) == f->last && strspn(last, CRYPT64) == f->last;
	}
	return true;
}

/* $id$...; only bytes that cannot break out of a line of /etc/shadow. */
static bool crypt_hash(const struct option *o, const char *value, struct error *err)
{
	size_t len = strlen(value);

	if (len >= 13 && len <= 384 && value[0] == '$' && strspn(value, CRYPT64 "$=,-_") == len) {
		if (is_whole_hash(value))
			return true;
		return error_set(err, ERROR_PROFILE,
			"%s: this hash is not whole, so nobody could log in; copy all of it, in one piece ('openssl passwd -6' makes one)",
			o->name);
	}
	return error_set(err, ERROR_PROFILE,
		"%s is %s'none' or a crypt(5) hash that begins with '$'; a password itself is never stored",
		o->name, o->named ? "for each user " : "'locked', ");
}

/* NAME:HASH or NAME:none, as many as there are; whose names they are is looked at with the other choices. */
static bool named_hashes(const struct option *o, const char *value, struct error *err)
{
	static const char blanks[] = " \t\n";
	struct arena arena = ARENA_INIT;
	const char *s = value + strspn(value, blanks);
	bool ok = *s || error_set(err, ERROR_PROFILE, "%s needs at least one NAME:HASH", o->name);

	for (; ok && *s; s += strspn(s, blanks)) {
		const char *word = arena_strn(&arena, s, strcspn(s, blanks));
		const char *colon = strchr(word, ':');

		s += strlen(word);
		if (!colon)
			ok = error_set(err, ERROR_PROFILE, "%s: a word is NAME:HASH or NAME:none",
				o->name);
		else
			ok = (strcmp(colon + 1, "none") == 0 || crypt_hash(o, colon + 1, err)) &&
			     option_knows(o, word, err);
	}
	arena_release(&arena);
	return ok;
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

	if (o->type != OPTION_LIST && o->values.n && is_value(o, value))
		return true;
	if (!len && !*o->fallback)
		return true;
	switch (o->type) {
	case OPTION_CHOICE:
		return not_among(o, value, err);
	case OPTION_LIST:
		return list(o, value, err);
	case OPTION_NUMBER:
		return number(o, value, err);
	case OPTION_VERSION:
		return version(o, value, err);
	case OPTION_NAME:
		return label(o, value, err);
	case OPTION_ADDRESS:
		return address(o, value, err);
	case OPTION_HASH:
		return o->named ? named_hashes(o, value, err) : crypt_hash(o, value, err);
	case OPTION_KEY:
		return (o->named ? ssh_key_accept_named(value, err) : ssh_key_accept(value, err)) ||
		       error_in(err, "%s", o->name);
	case OPTION_TEXT:
	case OPTION_PATH:
	case OPTION_PATHS:
		if (!len)
			return error_set(err, ERROR_PROFILE, "%s cannot be empty", o->name);
		return one_line(o, value, err) && option_knows(o, value, err);
	}
	return error_set(err, ERROR_INTERNAL, "%s has an unknown type", o->name);
}
