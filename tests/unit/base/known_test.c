/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of known messages: what is refused and where, what is searched for, and which row wins. */
#include "base/arena.h"
#include "base/known.h"
#include "base/text.h"
#include "base/vec.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#define END "cause = c\nremedy = r\n"

static struct scratch here;
static struct known table;

static bool read_table(const char *source, struct error *err)
{
	scratch_write(&here, "share/diagnosis/some.table", source);
	return known_load(&table, &here.place, "some", (struct known_facts){0}, err);
}

static void have_table(const char *source)
{
	struct error err = {0};

	if (!read_table(source, &err))
		fail_msg("%s", err.text);
}

/* Ids of the rows of which this is the first line. */
static const char *show(const char *from, const char *line)
{
	struct text ids = TEXT_INIT;
	size_t i = table.seen.n;
	const char *result;

	for (known_line(&table, from, line, strlen(line)); i < table.seen.n; i++)
		text_fmt(&ids, "%s%s", ids.len ? " " : "", table.seen.at[i]->id);
	result = arena_str(&here.place.arena, ids.s);
	text_release(&ids);
	return result;
}

static int set_up(void **state)
{
	(void)state;
	scratch_make(&here);
	here.place.data.at[0] = scratch_path(&here, "");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	known_release(&table);
	scratch_remove(&here);
	return 0;
}

static void a_broken_table_says_where(void **state)
{
	static const char *const bad[][2] = {
		{"\n[message x]\ntext = abc\n", ":2: [message x]: it needs a cause and a remedy"},
		{"[message x]\ntext = abc\ncause = c\n", ":1: [message x]: it needs a cause"},
		{"[message x]\nmatch = (\n" END, ":2: '(' is no regular expression"},
		{"[message x]\n" END, ":1: [message x]: text, match and event are missing"},
		{"[message x]\ntext = ab\n" END, ":2: 'ab' is too short"},
		{"[message x]\nmatch = abc|d.e\n" END, ":1: [message x]: no 3 bytes are in all"},
		{"[message x]\nmatch = (abc)*\n" END, ":1: [message x]: no 3 bytes are in all"},
		{"[message x]\nmatch = abc?\n" END, ":1: [message x]: no 3 bytes are in all"},
		{"[message x]\ntext = abc\ncause = {1}\nremedy = r\n", ":1: [message x]: {1}"},
		{"[message x]\nmatch = abc(d)\ncause = c\nremedy = {2}\n", ":1: [message x]: {2}"},
		{"[message x]\ntext = abc\nrank = high\n" END, ":3: 'high' is not a whole number"},
		{"[message x]\ntexts = abc\n" END, ":2: unknown key 'texts'"},
		{"[message]\ntext = abc\n" END, ":1: a section here is"},
		{"[table x]\n", ":1: a section here is"},
		{"text = abc\n", ":1: 'text' stands before the first section"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct error err = {0};

		assert_false(read_table(bad[i][0], &err));
		if (!strstr(err.text, bad[i][1]) || !strstr(err.text, "/some.table:"))
			fail_msg("%s, not: %s", err.text, bad[i][1]);
		assert_int_equal(err.kind, ERROR_PROFILE);
		known_release(&table);
	}
	table = (struct known){0};
}

static void a_missing_table_is_told(void **state)
{
	struct error err = {0};

	(void)state;
	assert_false(known_load(&table, &here.place, "none", (struct known_facts){0}, &err));
	assert_string_equal(err.text,
		"there is no share/diagnosis/none.table: install bootsmith again or set BOOTSMITH_PATH");
}

/* Each expression with a line that it matches: the texts searched for first must be in that line. */
static void expressions_are_tried_where_they_can_fit(void **state)
{
	static const char *const cases[][2] = {
		{"abc|(def|ghi)?jkl", "jkl"},
		{"(abc|de*f+efg)", "xdffefgx"},
		{"a(bcd)+ef", "abcdbcdef"},
		{"abcx?def", "abcdef"},
		{"abcx*def", "abcxxdef"},
		{"abcx{0,2}d", "abcd"},
		{"abc\xc3\xa9?d", "abcd"},
		{"[]a]bcd[^]]", "]bcde"},
		{"[[:digit:]]bcd", "7bcd"},
		{"\\(abc\\)\\.", "(abc)."},
		{"\\<abc", "x abc"},
		{"abc\\w?d", "abcd"},
		{"^abc$", "abc"},
		{"(abc(def|g)|ghi)", "abcg"},
		{"ab(cd|ef).*ghi", "abef ghi"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		have_table(
			arena_fmt(&here.place.arena, "[message x]\nmatch = %s\n" END, cases[i][0]));
		if (strcmp(show(NULL, cases[i][1]), "x") != 0)
			fail_msg("'%s' is not found in '%s'", cases[i][0], cases[i][1]);
		known_release(&table);
	}
	table = (struct known){0};
}

static void texts_and_expressions(void **state)
{
	(void)state;
	have_table("[message any]\ntext = one\ntext = two\n" END
		   "[message both]\ntext = one\ntext = two\nmatch = ^x\n" END
		   "[message pair]\nmatch = three [0-9]\n" END);
	assert_string_equal(show(NULL, "three four"), "");
	assert_string_equal(show(NULL, "a two"), "any");
	assert_string_equal(show(NULL, "xa two"), "both");
	assert_string_equal(show(NULL, "xa two three 4"), "pair");
	known_reset(&table);
	assert_null(known_best(&table, NULL));
	assert_string_equal(show(NULL, "x one three 4"), "any both pair");
	assert_string_equal(show(NULL, "x one three 4"), "");
}

static void the_highest_rank_wins_and_the_first(void **state)
{
	(void)state;
	have_table(
		"[message low]\ntext = low\nrank = 10\n" END "[message plain]\ntext = plain\n" END
		"[error later]\ntext = later\n[message top]\ntext = top\nrank = 90\n" END
		"[message about]\ntext = about\nrank = 95\nabout = dns net\n" END
		"[milestone far]\ntext = far\nrank = 99\n[prompt word]\ntext = word\n");
	assert_string_equal(show(NULL, "low far word"), "low far");
	assert_string_equal(known_best(&table, NULL)->id, "low");
	assert_string_equal(show(NULL, "later"), "later");
	show(NULL, "plain");
	assert_string_equal(known_best(&table, NULL)->id, "later");
	known_reset(&table);
	assert_string_equal(show(NULL, "later plain about"), "plain later about");
	assert_string_equal(known_best(&table, "login")->id, "plain");
	assert_string_equal(known_best(&table, "net")->id, "about");
	show(NULL, "top");
	assert_string_equal(known_best(&table, NULL)->id, "top");
	assert_string_equal(known_find(&table, KNOWN_PROMPT, "word: ")->id, "word");
	assert_null(known_find(&table, KNOWN_PROMPT, "plain"));
}

static void lines_have_an_origin(void **state)
{
	(void)state;
	have_table("[message a]\ntext = abc\n" END "[message b]\ntext = abc\nfrom = outside\n" END);
	assert_string_equal(show("outside", "abc"), "b");
	assert_string_equal(show("elsewhere", "abc"), "");
	assert_string_equal(show(NULL, "abc"), "a");
}

static void sentences_are_filled_in(void **state)
{
	const char *cause, *remedy;

	(void)state;
	have_table("[message a]\nmatch = lib([a-z]+)(-x)? is gone\ncause = {1}{2}, {{1}\n"
		   "remedy = {free}\n");
	show(NULL, "first libz is gone");
	show(NULL, "then libx is gone");
	known_tell(&table, known_best(&table, NULL), "3 KiB", &here.place.arena, &cause, &remedy);
	assert_string_equal(cause, "z, {1}");
	assert_string_equal(remedy, "3 KiB");
	known_tell(&table, known_best(&table, NULL), NULL, &here.place.arena, &cause, &remedy);
	assert_string_equal(remedy, "an unknown amount");
}

static const char *console_of(const void *ctx, const char *name)
{
	return strcmp(name, "console") == 0 ? *(const char *const *)ctx : NULL;
}

static void facts_decide(void **state)
{
	static const char *console = "tty1";
	const struct known_facts facts = {console_of, &console};
	const char *cause, *remedy;
	struct error err = {0};

	(void)state;
	scratch_write(&here, "share/diagnosis/some.table",
		"[message a]\ntext = abc\nevent = odd\nwhen = console!=ttyS0\ncause = {console}\n"
		"remedy = r\n[message b]\ntext = abc\n" END "[message c]\nevent = odd\n" END);
	if (!known_load(&table, &here.place, "some", facts, &err))
		fail_msg("%s", err.text);
	assert_string_equal(show(NULL, "abc"), "a b");
	assert_string_equal(known_event(&table, "odd", NULL)->id, "a");
	known_tell(&table, known_best(&table, NULL), NULL, &here.place.arena, &cause, &remedy);
	assert_string_equal(cause, "tty1");
	console = "tty1 ttyS0";
	known_reset(&table);
	assert_string_equal(show(NULL, "abc"), "b");
	assert_string_equal(known_event(&table, "odd", NULL)->id, "c");
	assert_null(known_event(&table, "even", NULL));
}

/* Who has no facts cannot ask for any. */
static void without_facts_no_guard_holds(void **state)
{
	struct error err = {0};

	(void)state;
	have_table("[message a]\ntext = abc\nwhen = console!=ttyS0\n" END);
	assert_string_equal(show(NULL, "abc"), "");
	known_release(&table);
	assert_false(read_table("[message a]\ntext = abc\ncause = {console}\nremedy = r\n", &err));
}

static void what_is_set_aside_is_seen_by_nobody_else(void **state)
{
	(void)state;
	have_table("[error e]\ntext = error\n[aside w]\nmatch = error: in (.*):$\n"
		   "log = {1}/config.log\n");
	assert_string_equal(show(NULL, "error: in /a b:"), "w");
	assert_string_equal(show(NULL, "error: in /other:"), "");
	assert_null(known_best(&table, NULL));
	assert_string_equal(
		known_log(&table, table.seen.at[0], &here.place.arena), "/a b/config.log");
	assert_string_equal(show(NULL, "error: it is so"), "e");
	assert_string_equal(known_log(&table, table.seen.at[1], &here.place.arena), "");
}

/* Of an endless line only the beginning counts, whatever its bytes are. */
static void lines_are_bounded(void **state)
{
	static char line[KNOWN_LINE + 10];

	(void)state;
	have_table("[message a]\ntext = abc\n" END "[message b]\ntext = def\n" END);
	memset(line, '\xff', sizeof line);
	memcpy(line + KNOWN_LINE - 3, "def", 3);
	memcpy(line + KNOWN_LINE - 2, "abc", 3);
	known_line(&table, NULL, line, sizeof line);
	assert_int_equal(table.seen.n, 0);
	memcpy(line + KNOWN_LINE - 3, "abc", 3);
	known_line(&table, NULL, line, sizeof line);
	assert_int_equal(table.seen.n, 1);
	assert_int_equal(strlen(table.seen.at[0]->line), KNOWN_LINE);
	known_line(&table, NULL, "", 0);
	known_line(&table, NULL, "\0def", 4);
	assert_int_equal(table.seen.n, 2);
	assert_string_equal(table.seen.at[1]->line, " def");
}

static const char *any_fact(const void *ctx, const char *name)
{
	(void)ctx;
	return name;
}

/* No row in the table of failed builds is hidden by another: a row that consists of a text alone wins for that text. */
static void no_row_is_hidden(void **state)
{
	struct error err = {0};
	size_t wrong = 0;

	(void)state;
	here.place.data.at[0] = ".";
	if (!known_load(&table, &here.place, "build", (struct known_facts){any_fact, NULL}, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < table.texts.n; i++) {
		const struct known_text *t = &table.texts.at[i];
		const struct known_row *best;

		if (t->row->match || t->row->kind != KNOWN_MESSAGE)
			continue;
		known_reset(&table);
		known_line(&table, NULL, t->s, t->len);
		best = known_best(&table, NULL);
		wrong += best != t->row;
		if (best != t->row)
			print_error("'%s' of %s is %s\n", t->s, t->row->id, best->id);
	}
	assert_int_equal(wrong, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_broken_table_says_where),
		TEST(a_missing_table_is_told),
		TEST(expressions_are_tried_where_they_can_fit),
		TEST(texts_and_expressions),
		TEST(the_highest_rank_wins_and_the_first),
		TEST(lines_have_an_origin),
		TEST(sentences_are_filled_in),
		TEST(facts_decide),
		TEST(without_facts_no_guard_holds),
		TEST(what_is_set_aside_is_seen_by_nobody_else),
		TEST(lines_are_bounded),
		TEST(no_row_is_hidden),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* characters of several bytes are one atom */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
