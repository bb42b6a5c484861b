/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads flags by their tables; see cli_flags.h. */
#include "base/error.h"
#include "base/nearest.h"
#include "base/vec.h"
#include "cli/cli_flags.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const struct flags_input *in;
	struct flags *into;
	size_t at;
};

static const struct flag *find_long(const struct flag *const *tables, const char *name, size_t len)
{
	for (; *tables; tables++)
		for (const struct flag *f = *tables; f->name; f++)
			if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
				return f;
	return NULL;
}

static const struct flag *find_letter(const struct flag *const *tables, char letter)
{
	for (; *tables; tables++)
		for (const struct flag *f = *tables; f->name; f++)
			if (f->letter == letter)
				return f;
	return NULL;
}

static bool unknown_flag(const struct flag *const *tables, const char *arg, struct error *err)
{
	struct strings names = {0};
	char name[64] = "";
	const char *near;

	memcpy(name, arg + 2, strcspn(arg + 2, "=") < sizeof name ? strcspn(arg + 2, "=") : 0);
	for (; *tables; tables++)
		for (const struct flag *f = *tables; f->name; f++)
			vec_push(&names, f->name);
	near = conf_nearest(name, names.at, names.n);
	if (near)
		error_set(err, ERROR_USAGE, "unknown flag %s; did you mean --%s?", arg, near);
	else
		error_set(err, ERROR_USAGE, "unknown flag %s; --help lists the flags", arg);
	vec_release(&names);
	return false;
}

static bool in_choices(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (const char *s = choices; *s; s += *s == '|') {
		size_t word = strcspn(s, "|");
		if (word == len && memcmp(s, value, len) == 0)
			return true;
		s += word;
	}
	return false;
}

static bool store_number(const struct flag *f, const char *value, long *into, struct error *err)
{
	char *end;

	errno = 0;
	*into = strtol(value, &end, 10);
	if (errno || end == value || *end || *into < 0)
		return error_set(
			err, ERROR_USAGE, "--%s takes a whole number, not '%s'", f->name, value);
	return true;
}

static bool store(const struct flag *f, const char *value, struct flags *flags, struct error *err)
{
	void *into = (char *)flags + f->offset;

	switch (f->type) {
	case FLAG_YES:
		*(bool *)into = true;
		return true;
	case FLAG_CHOICE:
		if (!in_choices(f->value, value))
			return error_set(err, ERROR_USAGE, "--%s takes one of %s, not '%s'",
				f->name, f->value, value);
		*(const char **)into = value;
		return true;
	case FLAG_TEXT:
		if (!*value)
			return error_set(err, ERROR_USAGE, "--%s needs a value: --%s %s", f->name,
				f->name, f->value);
		*(const char **)into = value;
		return true;
	case FLAG_NUMBER:
		return store_number(f, value, into, err);
	case FLAG_WORDS:
		vec_push((struct strings *)into, value);
		return true;
	}
	return error_set(err, ERROR_INTERNAL, "flag --%s has no type", f->name);
}

/* Takes the flag at r->at and the value that belongs to it. */
static bool take_flag(struct reader *r, struct error *err)
{
	const struct flags_input *in = r->in;
	const char *arg = in->argv[r->at++];
	bool is_long = arg[1] == '-';
	const char *value = is_long && strchr(arg, '=') ? strchr(arg, '=') + 1 : NULL;
	const struct flag *f;

	if (is_long)
		f = find_long(in->tables, arg + 2, strcspn(arg + 2, "="));
	else
		f = arg[2] ? NULL : find_letter(in->tables, arg[1]);
	if (!f)
		return is_long ? unknown_flag(in->tables, arg, err)
			       : error_set(err, ERROR_USAGE,
					 "unknown flag %s; --help lists the flags", arg);
	if (f->type == FLAG_YES && value)
		return error_set(err, ERROR_USAGE, "--%s takes no value", f->name);
	if (f->type != FLAG_YES && !value) {
		if (r->at == in->n)
			return error_set(err, ERROR_USAGE, "--%s needs a value: --%s %s", f->name,
				f->name, f->value);
		value = in->argv[r->at++];
	}
	return store(f, value, r->into, err);
}

bool flags_parse(const struct flags_input *in, struct flags *into, struct strings *words,
	size_t *used, struct error *err)
{
	struct reader r = {in, into, 0};
	bool only_words = false;

	while (r.at < in->n) {
		const char *arg = in->argv[r.at];

		if (!only_words && strcmp(arg, "--") == 0) {
			only_words = true;
			r.at++;
		} else if (!only_words && arg[0] == '-' && arg[1]) {
			if (!take_flag(&r, err))
				return false;
		} else if (in->stop_at_word) {
			break;
		} else {
			vec_push(words, arg);
			r.at++;
		}
	}
	if (used)
		*used = r.at;
	return true;
}

void flags_release(struct flags *f)
{
	vec_release(&f->accept);
	vec_release(&f->disks);
	vec_release(&f->append);
	vec_release(&f->forwards);
}
