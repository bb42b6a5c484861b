/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading lines of configurations, see kconfig_line.h. */
#include "kconfig/kconfig_line.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/inflate.h"
#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/banned.h"

enum { CONFIG_LIMIT = 8 * 1024 * 1024 };

static const char prefix[] = KCONFIG_PREFIX;
static const char not_set[] = KCONFIG_NOT_SET;
enum { PREFIX = sizeof prefix - 1, NOT_SET = sizeof not_set - 1 };

static size_t symbol_length(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n;
}

const char *kconfig_trimmed(struct arena *a, const char *s, size_t n)
{
	while (n && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	return arena_strn(a, s, n);
}

/* The symbol of "# CONFIG_X is not set" and what follows that; NULL for any other line. */
static const char *unset_symbol(const char *line, size_t *len, const char **rest)
{
	const char *s = line + 1 + (*line ? strspn(line + 1, " ") : 0);

	if (*line != '#' || strncmp(s, prefix, PREFIX) != 0)
		return NULL;
	s += PREFIX;
	*len = symbol_length(s);
	*rest = s + *len + NOT_SET;
	return *len && strncmp(s + *len, not_set, NOT_SET) == 0 ? s : NULL;
}

bool kconfig_line_is_comment(const char *line)
{
	const char *rest;
	size_t len;

	return *line == '#' && !unset_symbol(line, &len, &rest);
}

bool kconfig_line_parse(struct kconfig_line *out, struct arena *a, const char *line)
{
	const char *rest, *s;
	size_t n;

	s = unset_symbol(line, &n, &rest);
	if (s && !*rest) {
		*out = (struct kconfig_line){arena_strn(a, s, n), "n"};
		return true;
	}
	n = strncmp(line, prefix, PREFIX) == 0 ? symbol_length(line + PREFIX) : 0;
	if (!n || line[PREFIX + n] != '=')
		return false;
	s = line + PREFIX + n + 1;
	out->symbol = arena_strn(a, line + PREFIX, n);
	out->value = kconfig_trimmed(a, s, strlen(s));
	return true;
}

/* ---- what people write ---- */

/* Words that mean one of the three letters. */
static const struct {
	const char *word, *means;
} spellings[] = {
	{"yes", "y"},
	{"true", "y"},
	{"on", "y"},
	{"no", "n"},
	{"false", "n"},
	{"off", "n"},
	{"module", "m"},
	{"y", "y"},
	{"m", "m"},
	{"n", "n"},
};

static const char *meaning(const char *value)
{
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
		if (strcasecmp(value, spellings[i].word) == 0)
			return spellings[i].means;
	return NULL;
}

static bool is_letter(const char *value)
{
	return *value && !value[1] && strchr("ymn", *value);
}

static bool is_number(const char *s)
{
	static const char digits[] = "0123456789", hex[] = "0123456789abcdefABCDEF";

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return s[2] && s[2 + strspn(s + 2, hex)] == '\0';
	s += *s == '-';
	return *s && s[strspn(s, digits)] == '\0';
}

/* What make would expand, or a shell would run or take for the end of a word's command. A backslash may stand before a quotation
 * mark or another backslash, as Kconfig itself writes them. */
static size_t dangerous(const char *s)
{
	for (size_t i = 0; s[i]; i++) {
		if (s[i] == '\\' && (s[i + 1] == '"' || s[i + 1] == '\\'))
			i++;
		else if (strchr("$`;&|<>\\", s[i]) || (unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return i;
	}
	return SIZE_MAX;
}

/* The length of a quoted text with both its marks; 0: it is not closed. */
static size_t quoted_length(const char *s)
{
	for (size_t i = 1; s[i]; i++) {
		if (s[i] == '\\' && s[i + 1])
			i++;
		else if (s[i] == '"')
			return i + 1;
	}
	return 0;
}

static bool starts_comment(const char *s)
{
	return *s && s[strspn(s, " \t")] == '#';
}

/* What is wrong with the value as a value; all is well otherwise. */
static bool read_value(const char *symbol, const char *value, struct error *err)
{
	size_t bad = dangerous(value), n = 0;

	if (bad != SIZE_MAX)
		return error_set(err, ERROR_PROFILE,
			"the value of CONFIG_%.80s has '%.*s', which make or a shell would take for more than text; a configuration is data and runs nothing: leave it out",
			symbol, isprint((unsigned char)value[bad]) ? 1 : 99,
			isprint((unsigned char)value[bad]) ? value + bad : "a control character");
	if (!*value || is_letter(value) || is_number(value))
		return true;
	n = *value == '"' ? quoted_length(value) : strcspn(value, " \t#");
	if (!n)
		return error_set(err, ERROR_PROFILE,
			"the text of CONFIG_%.80s has no closing quotation mark", symbol);
	if (*value == '"' && !value[n])
		return true;
	if (starts_comment(value + n))
		return error_set(err, ERROR_PROFILE,
			"a comment needs a line of its own, behind a value it would be part of it; write CONFIG_%.80s=%.*s",
			symbol, (int)(n < 80 ? n : 80), value);
	if (*value == '"')
		return error_set(err, ERROR_PROFILE,
			"something follows the text of CONFIG_%.80s; a quotation mark inside it is written \\\"",
			symbol);
	if (meaning(value))
		return error_set(err, ERROR_PROFILE,
			"'%.80s' is no value of a configuration; write CONFIG_%.80s=%s", value,
			symbol, meaning(value));
	return error_set(err, ERROR_PROFILE,
		"'%.80s' is neither y, m, n nor a number, and a text stands in quotation marks; write CONFIG_%.80s=\"%.80s\"",
		value, symbol, value);
}

/* A line whose form is wrong: what was probably meant? */
static bool wrong_form(const char *line, struct error *err)
{
	bool has_prefix = strncmp(line, prefix, PREFIX) == 0;
	const char *s = line + (has_prefix ? PREFIX : 0);
	size_t n = symbol_length(s), gap = strspn(s + n, " \t");
	bool assigned = s[n + gap] == '=';
	const char *value = s + n + gap + assigned;

	gap += strspn(value, " \t");
	value += strspn(value, " \t");
	if (n && has_prefix && strcmp(s + n, not_set) == 0)
		return error_set(err, ERROR_PROFILE,
			"this needs a '#' before it; write # CONFIG_%.*s is not set",
			(int)(n < 80 ? n : 80), s);
	if (n && assigned && (!has_prefix || gap))
		return error_set(err, ERROR_PROFILE,
			"'%.80s' is not a line of a configuration: %s; write CONFIG_%.*s=%.80s",
			line,
			has_prefix ? "no blanks stand around the '='"
				   : "its names begin with CONFIG_",
			(int)(n < 80 ? n : 80), s, value);
	return error_set(err, ERROR_PROFILE,
		"'%.80s' is not a line of a configuration; write CONFIG_NAME=value or # CONFIG_NAME is not set",
		line);
}

bool kconfig_line_read(
	struct kconfig_line *out, struct arena *a, const char *line, struct error *err)
{
	const char *rest, *symbol;
	size_t n;

	if (!kconfig_line_parse(out, a, line)) {
		symbol = unset_symbol(line, &n, &rest);
		if (symbol)
			return error_set(err, ERROR_PROFILE,
				"'%.40s' stands behind what it says; write # CONFIG_%.*s is not set",
				rest, (int)(n < 80 ? n : 80), symbol);
		return wrong_form(line, err);
	}
	if (*line == '#')
		return true;
	if (isspace((unsigned char)line[PREFIX + strlen(out->symbol) + 1]))
		return wrong_form(line, err);
	return read_value(out->symbol, out->value, err);
}

/* ---- the bytes ---- */

static bool take_bytes(
	void *ctx, const void *bytes, size_t len, uint64_t consumed, struct error *err)
{
	struct text *out = ctx;

	(void)consumed;
	text_add(out, bytes, len);
	return out->len <= CONFIG_LIMIT ||
	       error_set(err, ERROR_PROFILE, "it unpacks to more than %d MiB",
		       CONFIG_LIMIT / 1024 / 1024);
}

static bool is_gzip(const struct text *t)
{
	return t->len > 2 && memcmp(t->s, "\x1f\x8b", 2) == 0;
}

bool kconfig_text(struct text *out, const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_errno(err, "%s cannot be read", path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_PROFILE,
			"%s is %s; a configuration is a file, as .config", path,
			S_ISDIR(st.st_mode) ? "a folder" : "not an ordinary file");
	if (!text_read_file(out, path, CONFIG_LIMIT, err))
		return false;
	if (is_gzip(out)) {
		text_clear(out);
		if (!inflate_file(path, take_bytes, out, err)) {
			err->kind = ERROR_PROFILE;
			return error_in(err, "%s", path);
		}
	}
	if (!memchr(out->s, '\0', out->len))
		return true;
	return error_set(err, ERROR_PROFILE,
		"%s is a program or other data; a configuration is a text, as .config, or one that is gzip'd, as /proc/config.gz",
		path);
}
