/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of the project's one file syntax. */
#include "base/conf.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/place.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

enum { DEEPEST = 4 }; /* levels of files including files */

#define OWN_LIMIT ((size_t)1 << 30) /* only so that no size overflows */

struct reader {
	const char *file;
	size_t limit; /* bytes */
	const struct place
		*place;	      /* where included files are; NULL: `include` is an ordinary key */
	const char *relative; /* the file, relative to a data folder */
	int depth;
	struct arena *arena;
	const struct traits *traits;
	conf_sink *sink;
	void *ctx;
	const char *kind, *name;
	struct text comment;
	/* the setting being read: continuation lines may follow */
	const char *key;
	struct guard guard;
	struct text value;
	const char *key_comment;
	int key_line;
};

static bool include(const struct reader *r, const struct conf_line *line, struct error *err);

static bool deliver(struct reader *r, const struct conf_line *line, struct error *err)
{
	bool is_include = r->place && line->key && strcmp(line->key, "include") == 0;

	if (is_include ? include(r, line, err) : r->sink(r->ctx, line, err))
		return true;
	return error_in(err, "%s:%d", line->file, line->line);
}

static bool flush(struct reader *r, struct error *err)
{
	struct conf_line line = {.file = r->file,
		.line = r->key_line,
		.kind = r->kind,
		.name = r->name,
		.key = r->key,
		.guard = &r->guard,
		.traits = r->traits,
		.comment = r->key_comment};

	if (!r->key)
		return true;
	line.value = arena_str(r->arena, r->value.s);
	r->key = NULL;
	return deliver(r, &line, err);
}

static const char *take_comment(struct reader *r)
{
	const char *s = r->comment.len ? arena_str(r->arena, r->comment.s) : "";

	text_clear(&r->comment);
	return s;
}

static size_t trimmed(const char *s, size_t len)
{
	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	return len;
}

static bool section(struct reader *r, const char *s, size_t len, int number, struct error *err)
{
	static const struct guard none;
	struct conf_line line = {.file = r->file, .line = number, .guard = &none, .value = ""};
	size_t kind_len;

	if (len < 3 || s[len - 1] != ']')
		return error_set(err, ERROR_PROFILE, "%s:%d: a section is written [kind name]",
			r->file, number);
	s++;
	len = trimmed(s, len - 2);
	kind_len = strcspn(s, " \t]");
	if (!kind_len)
		return error_set(err, ERROR_PROFILE, "%s:%d: a section is written [kind name]",
			r->file, number);
	if (kind_len > len)
		kind_len = len;
	r->kind = arena_strn(r->arena, s, kind_len);
	while (kind_len < len && isspace((unsigned char)s[kind_len]))
		kind_len++;
	r->name = arena_strn(r->arena, s + kind_len, len - kind_len);
	line.kind = r->kind;
	line.name = r->name;
	line.comment = take_comment(r);
	return deliver(r, &line, err);
}

static bool key_and_guard(
	struct reader *r, const char *s, size_t len, int number, struct error *err)
{
	const char *open = memchr(s, '[', len);
	size_t key_len = open ? (size_t)(open - s) : len;

	r->guard = (struct guard){0};
	if (open) {
		if (s[len - 1] != ']')
			return error_set(err, ERROR_PROFILE,
				"%s:%d: the guard after '%.*s' has no ']'", r->file, number,
				(int)key_len, s);
		if (!guard_parse(&r->guard, r->arena,
			    arena_strn(r->arena, open + 1, (size_t)(s + len - 1 - (open + 1))),
			    r->traits, err))
			return error_in(err, "%s:%d", r->file, number);
		key_len = trimmed(s, key_len);
	}
	for (size_t i = 0; i < key_len; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("-_.+/", s[i]))
			return error_set(err, ERROR_PROFILE, "%s:%d: '%.*s' is not a key", r->file,
				number, (int)(key_len < 60 ? key_len : 60), s);
	if (!key_len)
		return error_set(
			err, ERROR_PROFILE, "%s:%d: there is no key before '='", r->file, number);
	r->key = arena_strn(r->arena, s, key_len);
	return true;
}

/* The '=' that ends the key; one inside the guard's brackets does not count. */
static const char *find_equal(const char *s, size_t len)
{
	bool inside = false;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '[')
			inside = true;
		else if (s[i] == ']')
			inside = false;
		else if (s[i] == '=' && !inside)
			return s + i;
	}
	return NULL;
}

static bool setting(struct reader *r, const char *s, size_t len, int number, struct error *err)
{
	const char *equal = find_equal(s, len);
	size_t value_len;

	if (!equal)
		return error_set(err, ERROR_PROFILE, "%s:%d: this line is not 'key = value'",
			r->file, number);
	if (!key_and_guard(r, s, trimmed(s, (size_t)(equal - s)), number, err))
		return false;
	r->key_line = number;
	r->key_comment = take_comment(r);
	text_clear(&r->value);
	value_len = len - (size_t)(equal + 1 - s);
	for (equal++; value_len && isspace((unsigned char)*equal); equal++)
		value_len--;
	text_add(&r->value, equal, value_len);
	return true;
}

static bool continuation(struct reader *r, const char *s, size_t len, int number, struct error *err)
{
	if (!r->key)
		return error_set(err, ERROR_PROFILE,
			"%s:%d: an indented line continues a value, but there is none before it",
			r->file, number);
	while (len && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	if (r->value.len)
		text_char(&r->value, '\n');
	text_add(&r->value, s, len);
	return true;
}

static bool one_line(struct reader *r, const char *s, size_t len, int number, struct error *err)
{
	size_t used = trimmed(s, len);

	if (used && isspace((unsigned char)*s) && s[strspn(s, " \t")] != '#')
		return continuation(r, s, used, number, err);
	if (!flush(r, err))
		return false;
	if (!used || s[strspn(s, " \t")] == '#') {
		text_add(&r->comment, s, used);
		text_char(&r->comment, '\n');
		return true;
	}
	if (*s == '[')
		return section(r, s, used, number, err);
	return setting(r, s, used, number, err);
}

/* Length of the UTF-8 sequence at s (RFC 3629), 0 when malformed. */
static size_t sequence(const unsigned char *s, size_t len)
{
	size_t n = s[0] < 0x80	 ? 1
		   : s[0] < 0xc2 ? 0
		   : s[0] < 0xe0 ? 2
		   : s[0] < 0xf0 ? 3
		   : s[0] < 0xf5 ? 4
				 : 0;

	if (!n || n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
		(s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

static bool check_bytes(const struct reader *r, const char *source, size_t len, struct error *err)
{
	const unsigned char *s = (const unsigned char *)source;
	const char *file = r->file;
	int number = 1;

	if (len > r->limit)
		return error_set(err, ERROR_PROFILE,
			"%s is %zu bytes; files of choices have at most %zu", file, len, r->limit);
	for (size_t i = 0; i < len;) {
		size_t n = sequence(s + i, len - i);

		if (!n)
			return error_set(err, ERROR_PROFILE,
				"%s:%d: the byte 0x%02x is not valid UTF-8 text", file, number,
				s[i]);
		if (s[i] == '\n')
			number++;
		else if (s[i] == '\0')
			return error_set(err, ERROR_PROFILE,
				"%s:%d: there is a NUL byte; this is not a text file", file,
				number);
		else if ((s[i] < 0x20 && s[i] != '\t' && s[i] != '\r') || s[i] == 0x7f ||
			 (n == 2 && s[i] == 0xc2 && s[i + 1] < 0xa0))
			return error_set(err, ERROR_PROFILE,
				"%s:%d: there is a control character (0x%02x)", file, number, s[i]);
		i += n;
	}
	return true;
}

static bool parse(struct reader *r, const char *source, size_t len, struct error *err)
{
	bool ok = check_bytes(r, source, len, err);
	int number = 1;

	if (len >= 3 && memcmp(source, "\xef\xbb\xbf", 3) == 0) {
		source += 3;
		len -= 3;
	}
	while (ok && len) {
		const char *end = memchr(source, '\n', len);
		size_t n = end ? (size_t)(end - source) : len;

		ok = one_line(r, source, n, number++, err);
		source += n + (end != NULL);
		len -= n + (end != NULL);
	}
	return ok && flush(r, err);
}

static struct reader reader_of(const char *file, struct arena *a, conf_sink *sink, void *ctx)
{
	return (struct reader){.file = arena_str(a, file),
		.limit = CONF_LIMIT,
		.arena = a,
		.sink = sink,
		.ctx = ctx,
		.kind = "",
		.name = "",
		.comment = TEXT_INIT,
		.value = TEXT_INIT};
}

bool conf_parse(const char *file, const char *source, size_t len, struct arena *a, conf_sink *sink,
	void *ctx, const char **tail, struct error *err)
{
	struct reader r = reader_of(file, a, sink, ctx);
	bool ok = parse(&r, source, len, err);

	if (tail)
		*tail = take_comment(&r);
	text_release(&r.comment);
	text_release(&r.value);
	return ok;
}

static bool read_file(struct reader *r, const char *path, struct error *err)
{
	struct text source = TEXT_INIT;
	bool ok =
		text_read_file(&source, path, r->limit, err) && parse(r, source.s, source.len, err);

	text_release(&r->comment);
	text_release(&r->value);
	text_release(&source);
	return ok;
}

bool conf_read_guarded(const char *path, const struct traits *traits, struct arena *a,
	conf_sink *sink, void *ctx, struct error *err)
{
	struct reader r = reader_of(path, a, sink, ctx);

	r.traits = traits;
	return read_file(&r, path, err);
}

bool conf_read(const char *path, struct arena *a, conf_sink *sink, void *ctx, struct error *err)
{
	return conf_read_guarded(path, NULL, a, sink, ctx, err);
}

bool conf_read_own(const char *path, struct arena *a, conf_sink *sink, void *ctx, struct error *err)
{
	struct reader r = reader_of(path, a, sink, ctx);

	r.limit = OWN_LIMIT;
	return read_file(&r, path, err);
}

static bool find(const struct reader *like, const char *relative, const char *lack, int depth,
	struct error *err)
{
	struct reader r;
	struct text path = TEXT_INIT;
	bool ok = place_find(like->place, relative, &path);

	if (ok) {
		r = reader_of(path.s, like->arena, like->sink, like->ctx);
		r.place = like->place;
		r.traits = like->traits;
		r.relative = relative;
		r.depth = depth;
		ok = read_file(&r, path.s, err);
	} else {
		error_set(err, ERROR_PROFILE, "there is no %s: %s", relative, lack);
	}
	text_release(&path);
	return ok;
}

static bool include(const struct reader *r, const struct conf_line *line, struct error *err)
{
	const char *slash = strrchr(r->relative, '/');

	if (line->guard->n)
		return error_set(err, ERROR_PROFILE, "'include' cannot have a guard");
	if (r->depth == DEEPEST)
		return error_set(err, ERROR_PROFILE, "these files include each other without end");
	return find(r,
		arena_fmt(r->arena, "%.*s%s", (int)(slash + 1 - r->relative), r->relative,
			line->value),
		"it is included here", r->depth + 1, err);
}

bool conf_find(const struct place *p, const char *relative, const char *lack,
	const struct traits *traits, struct arena *a, conf_sink *sink, void *ctx, struct error *err)
{
	const struct reader r = {
		.place = p, .traits = traits, .arena = a, .sink = sink, .ctx = ctx};

	return find(&r, relative, lack, 0, err);
}
