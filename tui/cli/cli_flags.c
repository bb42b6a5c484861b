/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads flags according to their tables. */
#include "base/error.h"
#include "base/nearest.h"
#include "base/vec.h"
#include "choice/settings.h"
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

/* What other programs have a flag for, by that name, and this one something else. */
static const struct {
	const char *flag, *instead;
} elsewhere[] = {
	{"--dry-run", "`bootsmith plan PROFILE` says what a build would do, and why"},
	{"-n", "`bootsmith plan PROFILE` says what a build would do, and why"},
	{"--smp", "`bootsmith boot PROFILE --cpus N` gives the guest N processors"},
	{"--nic", "`bootsmith boot PROFILE --cards N` gives the guest N network cards"},
};

static bool unknown_flag(const struct flag *const *tables, const char *arg, struct error *err)
{
	struct strings names = {0};
	char name[64] = "";
	const char *near;

	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
		if (strcmp(arg, elsewhere[i].flag) == 0)
			return error_set(err, ERROR_USAGE, "there is no flag %s here; %s", arg,
				elsewhere[i].instead);
	if (arg[1] == '-')
		memcpy(name, arg + 2,
			strcspn(arg + 2, "=") < sizeof name ? strcspn(arg + 2, "=") : 0);
	for (; *tables; tables++)
		for (const struct flag *f = *tables; f->name; f++)
			vec_push(&names, f->name);
	near = *name ? conf_nearest(name, names.at, names.n) : NULL;
	if (near)
		error_set(err, ERROR_USAGE, "unknown flag %s; did you mean --%s?", arg, near);
	else
		error_set(err, ERROR_USAGE, "unknown flag %s; --help lists the flags", arg);
	vec_release(&names);
	return false;
}

static bool find_choice(const char *choices, const char *value, unsigned *number)
{
	size_t len = strlen(value);

	*number = 0;
	for (const char *s = choices; *s; s += *s == '|', (*number)++) {
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
		return find_choice(f->value, value, into) ||
		       error_set(err, ERROR_USAGE, "--%s takes one of %s, not '%s'", f->name,
			       f->value, value);
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

/* Stores `value`, or if there is none the next argument, if the flag takes one. */
static bool take_value(struct reader *r, const struct flag *f, const char *value, struct error *err)
{
	if (f->type != FLAG_YES && !value) {
		if (r->at == r->in->n)
			return error_set(err, ERROR_USAGE, "--%s needs a value: --%s %s", f->name,
				f->name, f->value);
		value = r->in->argv[r->at++];
	}
	return store(f, value, r->into, err);
}

static bool take_long(struct reader *r, const char *arg, struct error *err)
{
	const char *equals = strchr(arg, '=');
	const struct flag *f = find_long(r->in->tables, arg + 2, strcspn(arg + 2, "="));

	if (!f)
		return unknown_flag(r->in->tables, arg, err);
	if (f->type == FLAG_YES && equals)
		return error_set(err, ERROR_USAGE, "--%s takes no value", f->name);
	return take_value(r, f, equals ? equals + 1 : NULL, err);
}

/* Letters after one dash; what follows the letter of a flag with a value is that value: -ij4. */
static bool take_letters(struct reader *r, const char *arg, struct error *err)
{
	for (const char *letter = arg + 1; *letter; letter++) {
		const struct flag *f = find_letter(r->in->tables, *letter);

		if (!f)
			return unknown_flag(r->in->tables, arg, err);
		if (f->type != FLAG_YES)
			return take_value(r, f, letter[1] ? letter + 1 : NULL, err);
		if (!take_value(r, f, NULL, err))
			return false;
	}
	return true;
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
			r.at++;
			if (!(arg[1] == '-' ? take_long : take_letters)(&r, arg, err))
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

bool flags_check_jobs(const struct flags *f, struct error *err)
{
	if (f->jobs != 0 && f->jobs <= SETTINGS_MOST_JOBS)
		return true;
	return error_set(
		err, ERROR_USAGE, "--jobs is a whole number from 1 to %d", SETTINGS_MOST_JOBS);
}

void flags_release(struct flags *f)
{
	vec_release(&f->accept);
	vec_release(&f->disks);
	vec_release(&f->append);
	vec_release(&f->forwards);
}
