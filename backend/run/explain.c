/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searching a failed step's log with the table of known causes. Literal texts are looked for first, regular expressions only in
 * lines that hold one: a log of tens of MiB takes well under a second. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/place.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/explain.h"

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <regex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/banned.h"

#define LINE_LIMIT 2000 /* of a line, so much is matched and shown */
#define GROUPS	   10
#define FULL_BYTES (256 * 1024) /* a disk with less room is full */

enum rank { RANK_NONE, RANK_WEAK, RANK_ERROR, RANK_DECISIVE };

struct known_cause {
	const char *name;
	struct strings has;
	const char *match, *cause, *remedy;
	bool decisive, weak, host;
	regex_t regex;
	bool compiled;
};

struct cause_table {
	struct arena *arena;
	VEC(struct known_cause) of;
};

/* The best line so far and what it matched. */
struct finding {
	enum rank rank;
	const struct known_cause *cause;
	const char *line;
};

static const struct conf_field fields[] = {
	{"match", CONF_TEXT, offsetof(struct known_cause, match)},
	{"cause", CONF_TEXT, offsetof(struct known_cause, cause)},
	{"remedy", CONF_TEXT, offsetof(struct known_cause, remedy)},
	{"decisive", CONF_YESNO, offsetof(struct known_cause, decisive)},
	{"weak", CONF_YESNO, offsetof(struct known_cause, weak)},
	{"host", CONF_YESNO, offsetof(struct known_cause, host)},
	{0},
};

static bool compile(struct known_cause *c, struct error *err)
{
	int why = regcomp(&c->regex, c->match, REG_EXTENDED);
	char reason[200];

	if (why != 0) {
		regerror(why, &c->regex, reason, sizeof reason);
		return error_set(
			err, ERROR_PROFILE, "'%s' is no regular expression: %s", c->match, reason);
	}
	c->compiled = true;
	return true;
}

static bool take_line(void *ctx, const struct conf_line *line, struct error *err)
{
	struct cause_table *t = ctx;
	struct known_cause *last;

	if (!line->key) {
		if (strcmp(line->kind, "cause") != 0 && strcmp(line->kind, "error") != 0)
			return error_set(err, ERROR_PROFILE, "unknown section '%s'", line->kind);
		vec_push(&t->of, (struct known_cause){.name = line->name});
		return true;
	}
	if (t->of.n == 0)
		return error_set(
			err, ERROR_PROFILE, "'%s' stands before the first section", line->key);
	last = &t->of.at[t->of.n - 1];
	if (strcmp(line->key, "has") == 0) {
		vec_push(&last->has, line->value);
		return true;
	}
	if (!conf_store(fields, line, last, t->arena, err))
		return false;
	return strcmp(line->key, "match") != 0 || compile(last, err);
}

static bool load_table(struct cause_table *t, const struct place *p, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	if (place_find(p, "share/diagnosis/build.table", &path))
		ok = conf_read(path.s, t->arena, take_line, t, err);
	text_release(&path);
	return ok;
}

static void release_table(struct cause_table *t)
{
	for (size_t i = 0; i < t->of.n; i++) {
		if (t->of.at[i].compiled)
			regfree(&t->of.at[i].regex);
		vec_release(&t->of.at[i].has);
	}
	vec_release(&t->of);
}

static bool has_text(const struct known_cause *c, const char *line, size_t len)
{
	for (size_t i = 0; i < c->has.n; i++)
		if (memmem(line, len, c->has.at[i], strlen(c->has.at[i])))
			return true;
	return false;
}

static bool fires(const struct known_cause *c, const char *line, size_t len, struct text *copy)
{
	if (!has_text(c, line, len))
		return false;
	if (!c->compiled)
		return true;
	text_clear(copy);
	text_add(copy, line, len);
	return regexec(&c->regex, copy->s, 0, NULL, 0) == 0;
}

static enum rank rank_of(const struct known_cause *c)
{
	if (c->decisive)
		return RANK_DECISIVE;
	return c->weak ? RANK_WEAK : RANK_ERROR;
}

static void look_at(struct finding *f, const struct cause_table *t, const char *line, size_t len,
	struct text *copy)
{
	for (size_t i = 0; i < t->of.n; i++) {
		const struct known_cause *c = &t->of.at[i];

		if (rank_of(c) <= f->rank || !fires(c, line, len, copy))
			continue;
		f->rank = rank_of(c);
		f->cause = c;
		f->line = arena_strn(t->arena, line, len);
		return;
	}
}

/* Lines of ours ("# " in head and foot, "+ " before an action) name commands, which may well speak of errors. */
static bool is_ours(const char *line, size_t len)
{
	return len >= 2 && (line[0] == '#' || line[0] == '+') && line[1] == ' ';
}

static void search(struct finding *f, const struct cause_table *t, const char *log, size_t len)
{
	struct text copy = TEXT_INIT;

	while (len > 0 && f->rank < RANK_DECISIVE) {
		const char *end = memchr(log, '\n', len);
		size_t whole = end ? (size_t)(end - log) : len;

		if (!is_ours(log, whole))
			look_at(f, t, log, whole < LINE_LIMIT ? whole : LINE_LIMIT, &copy);
		whole += end != NULL;
		log += whole;
		len -= whole;
	}
	text_release(&copy);
}

/* From the end of the last such line on. */
static void search_from(struct finding *f, const struct cause_table *t, const char *log, size_t len,
	const char *began)
{
	const char *at = log, *hit;

	while (began && (hit = memmem(at, len - (size_t)(at - log), began, strlen(began))))
		at = hit + strlen(began);
	search(f, t, at, len - (size_t)(at - log));
}

static void search_file(struct finding *f, const struct cause_table *t, const struct failed_step *s)
{
	int fd = s->log ? open(s->log, O_RDONLY | O_CLOEXEC) : -1;
	struct stat st;
	void *bytes;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes != MAP_FAILED) {
			search_from(f, t, bytes, (size_t)st.st_size, s->began);
			munmap(bytes, (size_t)st.st_size);
		}
	}
	close(fd);
}

/* What {1}..{9} and {free} stand for. */
struct filling {
	const char *groups[GROUPS];
	const char *free;
};

static const char *fill_in(void *ctx, const char *name, bool *is_list)
{
	const struct filling *f = ctx;

	*is_list = false;
	if (isdigit((unsigned char)name[0]) && !name[1])
		return f->groups[name[0] - '0'];
	return strcmp(name, "free") == 0 ? f->free : NULL;
}

/* Free bytes where the log lies; much when it cannot be known. */
static uint64_t free_bytes(const char *log)
{
	struct statvfs s;

	return log && statvfs(log, &s) == 0 ? (uint64_t)s.f_bavail * s.f_frsize : UINT64_MAX;
}

static const char *free_space(const char *log, struct arena *a)
{
	uint64_t bytes = free_bytes(log);

	return bytes == UINT64_MAX ? "an unknown amount"
				   : arena_fmt(a, "%" PRIu64 " KiB", bytes / 1024);
}

static void fill_groups(struct filling *with, const struct finding *f, struct arena *a)
{
	regmatch_t at[GROUPS];

	for (size_t i = 0; i < GROUPS; i++)
		with->groups[i] = "";
	if (!f->cause->compiled || regexec(&f->cause->regex, f->line, GROUPS, at, 0) != 0)
		return;
	for (size_t i = 0; i < GROUPS; i++)
		if (at[i].rm_so >= 0)
			with->groups[i] = arena_strn(
				a, f->line + at[i].rm_so, (size_t)(at[i].rm_eo - at[i].rm_so));
}

static bool sentence(const char **out, const char *source, struct filling *with, struct arena *a,
	struct error *err)
{
	struct text t = TEXT_INIT;
	bool ok = expand(&t, source ? source : "", fill_in, with, err);

	*out = arena_str(a, t.s);
	text_release(&t);
	return ok;
}

/* The line as it may be shown and put into JSON. */
static const char *clean(const char *line, struct arena *a)
{
	struct text t = TEXT_INIT;
	const char *result;

	printable(&t, line, strlen(line));
	result = arena_str(a, t.s + strspn(t.s, " "));
	text_release(&t);
	return result;
}

/* Not in the table; a disk without room is a fact that is told all the same. */
static bool tell_unknown(struct explanation *x, const struct finding *f,
	const struct failed_step *s, struct arena *a)
{
	x->line = clean(f->line ? f->line : s->sentence ? s->sentence : "", a);
	if (free_bytes(s->log) < FULL_BYTES) {
		x->cause =
			arena_fmt(a, "only %s of space are left on the disk that holds the cache",
				free_space(s->log, a));
		x->remedy = "free some space or move the cache with BOOTSMITH_CACHE, then start "
			    "the build again";
		x->known = x->host = true;
		return true;
	}
	x->cause = "unknown: this message is not in the table of known causes";
	x->remedy = arena_fmt(
		a, "read the log around this line: %s", s->log ? s->log : "there is none");
	return true;
}

static bool tell(struct explanation *x, const struct finding *f, const struct failed_step *s,
	struct arena *a, struct error *err)
{
	struct filling with = {.free = free_space(s->log, a)};

	if (!f->cause || !f->cause->cause)
		return tell_unknown(x, f, s, a);
	x->line = clean(f->line ? f->line : s->sentence ? s->sentence : "", a);
	x->known = true;
	x->host = f->cause->host;
	fill_groups(&with, f, a);
	return sentence(&x->cause, f->cause->cause, &with, a, err) &&
	       sentence(&x->remedy, f->cause->remedy, &with, a, err);
}

bool explain(struct explanation *x, const struct failed_step *s, const struct place *p,
	struct arena *a, struct error *err)
{
	struct cause_table t = {.arena = a};
	struct finding f = {0};
	bool ok;

	*x = (struct explanation){.line = "", .cause = "", .remedy = ""};
	ok = load_table(&t, p, err);
	if (ok) {
		if (s->builtin && s->sentence)
			search(&f, &t, s->sentence, strlen(s->sentence));
		else
			search_file(&f, &t, s);
		/* "make was killed by SIGKILL" may be all that there is. */
		if (!s->builtin && s->sentence && f.rank <= RANK_WEAK)
			search(&f, &t, s->sentence, strlen(s->sentence));
		if (s->builtin)
			f.line = s->sentence;
		ok = tell(x, &f, s, a, err);
	}
	release_table(&t);
	return ok;
}
