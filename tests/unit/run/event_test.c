/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events become lines and lines become events. The test walks the table of members, so that a new row is tested too. */
#include "base/arena.h"
#include "base/text.h"
#include "run/event.h"
#include "run/event_row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

struct parsed {
	struct arena arena;
	struct event e;
	bool known;
};

static void parse(struct parsed *p, const char *line)
{
	struct error err;

	p->arena = (struct arena)ARENA_INIT;
	assert_true(event_parse(&p->e, &p->known, line, strlen(line), &p->arena, &err));
	assert_string_equal(p->e.json, line);
}

/* Lines as logs have always had them: they are read completely, and written the same way. */
static const char *const lines[] = {
	"{\"event\":\"plan\",\"profile\":\"tiny\",\"steps\":[{\"id\":\"a.b\",\"title\":\"compile\",\"state\":\"run\",\"why\":\"not in the cache\"},{\"id\":\"c\",\"title\":\"x\",\"state\":\"cached\",\"why\":null}],\"time\":0.5}",
	"{\"event\":\"note\",\"text\":\"6.12: newest\",\"time\":0.0}",
	"{\"event\":\"note\",\"text\":\"from another terminal: ssh\",\"hint\":\"ssh\",\"time\":0.1}",
	"{\"event\":\"step-start\",\"step\":\"a.b\",\"log\":\"/l\",\"time\":0.114}",
	"{\"event\":\"progress\",\"step\":\"a.b\",\"done\":744,\"total\":0,\"unit\":\"bytes\",\"time\":1234.567}",
	"{\"event\":\"step-done\",\"step\":\"a.b\",\"result\":\"ok\",\"seconds\":0.006,\"time\":1.0}",
	"{\"event\":\"step-done\",\"step\":\"l\",\"result\":\"failed\",\"seconds\":2.5,\"command\":[\"make\",\"-j2\"],\"exit\":2,\"line\":\"x.c:1: error: y\",\"cause\":\"c\",\"remedy\":\"r\",\"log\":\"/l\",\"time\":3.0}",
	"{\"event\":\"finished\",\"ok\":true,\"seconds\":0.462,\"status\":0,\"steps\":{\"run\":10,\"cached\":2,\"failed\":0},\"artifacts\":[{\"path\":\"/o/v\",\"bytes\":5043,\"sha256\":\"ab\"}],\"time\":0.462}",
	"{\"event\":\"finished\",\"ok\":false,\"seconds\":0.2,\"status\":8,\"steps\":{\"run\":7,\"cached\":0,\"failed\":1},\"artifacts\":[],\"error\":\"no\",\"failure\":{\"step\":\"s\",\"command\":[],\"exit\":1,\"line\":\"l\",\"cause\":\"c\",\"remedy\":\"\",\"log\":\"/l\"},\"time\":0.213}",
	"{\"event\":\"boot-start\",\"accel\":\"tcg\",\"firmware\":\"direct\",\"log\":\"/s\",\"console\":\"/c\",\"command\":\"qemu\",\"medium\":\"kernel\",\"file\":null,\"time\":0.01}",
	"{\"event\":\"milestone\",\"name\":\"kernel\",\"seconds\":0.002,\"time\":0.013}",
	"{\"event\":\"check\",\"name\":\"dns\",\"ok\":null,\"detail\":\"d\",\"time\":0.064}",
	"{\"event\":\"verdict\",\"verdict\":\"fail\",\"accel\":\"tcg\",\"firmware\":\"bios\",\"ready_seconds\":null,\"checks\":[{\"name\":\"shell\",\"ok\":true,\"detail\":\"d\"},{\"name\":\"root\",\"ok\":false,\"detail\":\"\"}],\"untested\":[{\"name\":\"dns\",\"detail\":\"u\"}],\"diagnosis\":{\"id\":\"no-init\",\"line\":\"l\",\"cause\":\"c\",\"remedy\":\"r\"},\"log\":\"/s\",\"medium\":\"cd\",\"file\":\"a.iso\",\"cell\":2,\"time\":9.0}",
	"{\"event\":\"grid-plan\",\"cells\":[{\"firmware\":\"bios\",\"medium\":\"none\",\"title\":\"none\",\"file\":null,\"why\":\"too old\"}],\"time\":0.006}",
	"{\"event\":\"grid\",\"ok\":false,\"status\":5,\"seconds\":3.065,\"passed\":1,\"failed\":0,\"timeout\":1,\"cells\":[{\"firmware\":\"bios\",\"medium\":\"a\",\"title\":\"A\",\"file\":\"v\",\"why\":null,\"verdict\":\"pass\",\"ready_seconds\":0.052,\"diagnosis\":null,\"log\":\"/a\"},{\"firmware\":\"uefi\",\"medium\":\"a\",\"title\":\"A\",\"file\":\"v\",\"why\":null}],\"time\":3.1}",
};

static void lines_stay_as_they_are(void **state)
{
	bool seen[EVENT_LOST] = {false};
	struct text out = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct parsed p;

		parse(&p, lines[i]);
		assert_true(p.known);
		seen[p.e.kind] = true;
		text_clear(&out);
		event_write(&p.e, EVENT_LINE, &out);
		assert_string_equal(out.s, lines[i]);
		arena_release(&p.arena);
	}
	for (size_t i = 0; i < EVENT_LOST; i++)
		assert_true(seen[i]);
	text_release(&out);
}

/* ---- a round trip of every row ---- */

struct walk {
	struct arena arena;
	bool expect; /* the members are to be as they were filled */
	bool *seen;  /* a flag for each row */
};

/* A number that is the key's own, from 1 to 97. */
static unsigned number_of(const char *key, size_t salt)
{
	unsigned n = (unsigned)salt;

	while (*key)
		n = n * 31 + (unsigned char)*key++;
	return 1 + n % 97;
}

static unsigned word_of(const struct event_row *r, size_t salt)
{
	unsigned n = 0;

	while (r->words[n])
		n++;
	return 1 + number_of(r->key, salt) % (n - 1); /* not the one for words that are not known */
}

#define FILL_OR_EXPECT(type, value)                             \
	do {                                                    \
		if (w->expect)                                  \
			assert_true(*(type *)field == (value)); \
		else                                            \
			*(type *)field = (value);               \
	} while (0)

static void walk_rows(struct walk *w, int of, void *base, size_t salt);

static void walk_text(struct walk *w, const char **field, const char *key, size_t salt)
{
	const char *text = arena_fmt(&w->arena, "%s %zu", key, salt);

	if (w->expect)
		assert_string_equal(*field, text);
	else
		*field = text;
}

static void walk_words(struct walk *w, struct event_words *field, const char *key)
{
	const char **words = arena_alloc(&w->arena, 2 * sizeof *words);

	if (w->expect)
		assert_int_equal(field->n, 2);
	for (size_t i = 0; i < 2; i++) {
		words[i] = w->expect ? field->at[i] : NULL;
		walk_text(w, &words[i], key, i);
	}
	*field = (struct event_words){words, 2};
}

static void walk_list(struct walk *w, const struct event_row *r, void *field)
{
	struct {
		void *at;
		size_t n;
	} list = {.n = 2};

	if (w->expect)
		memcpy(&list, field, sizeof list);
	else
		list.at = arena_alloc(&w->arena, list.n * r->size);
	assert_int_equal(list.n, 2);
	for (size_t i = 0; i < list.n; i++)
		walk_rows(w, (int)r->part, (char *)list.at + i * r->size, i);
	memcpy(field, &list, sizeof list);
}

static void walk_pointer(struct walk *w, const struct event_row *r, void *field, size_t salt)
{
	void *part = w->expect ? NULL : arena_alloc(&w->arena, r->size);

	if (w->expect)
		memcpy(&part, field, sizeof part);
	assert_non_null(part);
	walk_rows(w, (int)r->part, part, salt);
	memcpy(field, &part, sizeof part);
}

static void walk_field(struct walk *w, const struct event_row *r, void *field, size_t salt)
{
	unsigned number = number_of(r->key, salt);

	switch (r->type) {
	case TYPE_TEXT:
		walk_text(w, field, r->key, salt);
		break;
	case TYPE_BOOL:
	case TYPE_CACHED:
		FILL_OR_EXPECT(bool, true);
		break;
	case TYPE_OUTCOME:
		FILL_OR_EXPECT(enum check_outcome, number % 2 ? CHECK_PASSED : CHECK_FAILED);
		break;
	case TYPE_WORD:
		FILL_OR_EXPECT(unsigned, word_of(r, salt));
		break;
	case TYPE_INT:
		FILL_OR_EXPECT(int, (int)number);
		break;
	case TYPE_LONG:
		FILL_OR_EXPECT(long, (long)number);
		break;
	case TYPE_AMOUNT:
		FILL_OR_EXPECT(uint64_t, (uint64_t)number << 40);
		break;
	case TYPE_SECONDS:
		if (w->expect)
			assert_true(*(double *)field > number / 8.0 - 1e-6 &&
				    *(double *)field < number / 8.0 + 1e-6);
		else
			*(double *)field = number / 8.0;
		break;
	case TYPE_WORDS:
		walk_words(w, field, r->key);
		break;
	case TYPE_LIST:
		walk_list(w, r, field);
		break;
	case TYPE_PART:
		walk_rows(w, (int)r->part, field, salt);
		break;
	case TYPE_POINTER:
	case TYPE_SPREAD:
		walk_pointer(w, r, field, salt);
		break;
	}
}

static void walk_rows(struct walk *w, int of, void *base, size_t salt)
{
	for (size_t i = 0; i < event_n_rows; i++) {
		if (event_rows[i].of != of)
			continue;
		w->seen[i] = true;
		walk_field(w, &event_rows[i], (char *)base + event_rows[i].at, salt);
	}
}

static void every_member_comes_back(void **state)
{
	struct walk w = {.arena = ARENA_INIT};

	(void)state;
	w.seen = arena_alloc(&w.arena, event_n_rows * sizeof *w.seen);
	for (int kind = 0; kind < EVENT_LOST; kind++) {
		struct event e = {.kind = (enum event_kind)kind, .time = 1.5};
		struct text first = TEXT_INIT, second = TEXT_INIT;
		struct parsed p;

		w.expect = false;
		walk_rows(&w, kind, &e, 0);
		event_write(&e, EVENT_LINE, &first);
		parse(&p, first.s);
		assert_true(p.known);
		assert_int_equal(p.e.kind, kind);
		assert_true(p.e.time > 1.4 && p.e.time < 1.6);
		w.expect = true;
		walk_rows(&w, kind, &p.e, 0);
		event_write(&p.e, EVENT_LINE, &second);
		assert_string_equal(second.s, first.s);
		arena_release(&p.arena);
		text_release(&first);
		text_release(&second);
	}
	for (size_t i = 0; i < event_n_rows; i++)
		assert_true(w.seen[i]);
	arena_release(&w.arena);
}

/* A writer that sets nothing, and a line without members: nothing is NULL unless it may be. */
static void nothing_comes_back(void **state)
{
	(void)state;
	for (int kind = 0; kind < EVENT_LOST; kind++) {
		struct event e = {.kind = (enum event_kind)kind};
		struct text first = TEXT_INIT, second = TEXT_INIT;
		struct parsed p, again;

		event_write(&e, EVENT_LINE, &first);
		parse(&p, first.s);
		event_write(&p.e, EVENT_LINE, &second);
		parse(&again, second.s);
		for (size_t i = 0; i < event_n_rows; i++) {
			const struct event_row *r = &event_rows[i];
			const char *const *field = (const void *)((const char *)&again.e + r->at);

			if (r->of == kind && r->type == TYPE_TEXT && r->none == NONE_IS_VALUE)
				assert_string_equal(*field, "");
			else if (r->of == kind && (r->type == TYPE_TEXT || r->type == TYPE_POINTER))
				assert_null(*field);
		}
		arena_release(&p.arena);
		arena_release(&again.arena);
		text_release(&first);
		text_release(&second);
	}
}

/* ---- */

static void foreign_bytes_come_out_printable(void **state)
{
	struct event e = {
		.kind = EVENT_NOTE, .note.text = "a\x1b[31mb\xff\xc3\xa9", .time = 1.0006};
	struct text out = TEXT_INIT;

	(void)state;
	event_write(&e, EVENT_LINE, &out);
	assert_string_equal(
		out.s, "{\"event\":\"note\",\"text\":\"ab\xef\xbf\xbd\xc3\xa9\",\"time\":1.001}");
	text_release(&out);
}

/* As a file it has no time: that belongs to the log. */
static void a_file(void **state)
{
	struct event e = {.kind = EVENT_MILESTONE, .milestone = {"ready", 2.0}, .time = 3};
	struct text out = TEXT_INIT;

	(void)state;
	event_write(&e, EVENT_FILE, &out);
	assert_string_equal(out.s, "{\n  \"event\": \"milestone\",\n  \"name\": \"ready\",\n"
				   "  \"seconds\": 2.0\n}");
	text_release(&out);
}

static void wrong_types_do_no_harm(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p,
		"{\"event\":\"finished\",\"ok\":\"yes\",\"status\":\"x\",\"steps\":7,\"seconds\":1e300,\"time\":-4,\"artifacts\":[1,null,{}],\"failure\":[]}");
	assert_int_equal(p.e.finished.artifacts.n, 3);
	assert_string_equal(p.e.finished.artifacts.at[0].path, "");
	assert_false(p.e.finished.ok);
	assert_null(p.e.finished.failure);
	arena_release(&p.arena);
	parse(&p, "{\"event\":\"verdict\",\"verdict\":\"splendid\",\"checks\":{},\"untested\":5}");
	assert_int_equal(p.e.verdict.verdict, VERDICT_FAIL);
	assert_int_equal(p.e.verdict.checks.n, 0);
	arena_release(&p.arena);
	parse(&p, "{\"event\":\"step-done\",\"result\":\"exploded\",\"step\":[]}");
	assert_int_equal(p.e.step_done.result, RESULT_FAILED);
	assert_string_equal(p.e.step_done.step, "");
	assert_null(p.e.step_done.failure);
	arena_release(&p.arena);
}

static void strange_lines(void **state)
{
	struct parsed p;
	struct error err;

	(void)state;
	parse(&p, "{\"event\":\"of-the-future\"}");
	assert_false(p.known);
	arena_release(&p.arena);
	parse(&p, "{\"event\":\"note\",\"text\":\"x\",\"colour\":\"red\"}");
	assert_true(p.known);
	assert_string_equal(p.e.note.text, "x");
	arena_release(&p.arena);
	p.arena = (struct arena)ARENA_INIT;
	assert_false(event_parse(&p.e, &p.known, "{\"event\"", 8, &p.arena, &err));
	assert_false(event_parse(&p.e, &p.known, "[]", 2, &p.arena, &err));
	arena_release(&p.arena);
}

/* A boot's verdict ends its run, one of a grid's does not. */
static void the_last_one(void **state)
{
	(void)state;
	assert_true(event_is_last(&(struct event){.kind = EVENT_FINISHED}));
	assert_true(event_is_last(&(struct event){.kind = EVENT_VERDICT}));
	assert_false(event_is_last(&(struct event){.kind = EVENT_VERDICT, .verdict.cell = 1}));
	assert_true(event_is_last(&(struct event){.kind = EVENT_GRID}));
	assert_false(event_is_last(&(struct event){.kind = EVENT_NOTE}));
}

static void words(void **state)
{
	(void)state;
	assert_string_equal(verdict_word(VERDICT_TIMEOUT), "timeout");
	assert_string_equal(step_result_word(RESULT_SKIPPED), "skipped");
	assert_int_equal(progress_unit_named("bytes"), UNIT_BYTES);
	assert_int_equal(progress_unit_named("parsecs"), UNIT_OBJECTS);
	assert_int_equal(verdict_status(VERDICT_PASS), 0);
	assert_int_equal(verdict_status(VERDICT_FAIL), ERROR_VERDICT);
	assert_int_equal(verdict_status(VERDICT_TIMEOUT), ERROR_TIMEOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_stay_as_they_are),
		cmocka_unit_test(every_member_comes_back),
		cmocka_unit_test(nothing_comes_back),
		cmocka_unit_test(foreign_bytes_come_out_printable),
		cmocka_unit_test(a_file),
		cmocka_unit_test(wrong_types_do_no_harm),
		cmocka_unit_test(strange_lines),
		cmocka_unit_test(the_last_one),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
