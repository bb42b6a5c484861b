/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one file syntax, its words, guards and expansion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/vec.h"
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

/* Everything that is read, as one text that can be compared. */
static bool record(void *ctx, const struct conf_line *line, struct error *err)
{
	struct text *out = ctx;

	(void)err;
	text_fmt(out, "%d [%s|%s] %s", line->line, line->kind, line->name,
		line->key ? line->key : "-");
	if (line->guard->n) {
		text_char(out, '<');
		guard_print(line->guard, out);
		text_char(out, '>');
	}
	text_fmt(out, " =%s= %s;", line->value, line->comment);
	return true;
}

static void check(const char *source, const char *expected)
{
	struct arena a = ARENA_INIT;
	struct text out = TEXT_INIT;
	struct error err = {0};

	if (!conf_parse("f", source, strlen(source), &a, record, &out, NULL, &err))
		fail_msg("%s", err.text);
	assert_string_equal(out.s, expected);
	text_release(&out);
	arena_release(&a);
}

static void refuse(const char *source, size_t len, const char *sentence)
{
	struct arena a = ARENA_INIT;
	struct text out = TEXT_INIT;
	struct error err = {0};

	assert_false(conf_parse("f", source, len, &a, record, &out, NULL, &err));
	assert_int_equal(err.kind, ERROR_PROFILE);
	if (!strstr(err.text, sentence))
		fail_msg("'%s' does not say '%s'", err.text, sentence);
	text_release(&out);
	arena_release(&a);
}

static void settings_sections_comments(void **state)
{
	(void)state;
	check("", "");
	check("a = b", "1 [|] a =b= ;");
	check("  # c\na=b c \r\n", "2 [|] a =b c=   # c\n;");
	check("[step build it]\nx = 1\n", "1 [step|build it] - == ;2 [step|build it] x =1= ;");
	check("a = b = c\n", "1 [|] a =b = c= ;");
	check("a =\n  one\n\ttwo\nb = 3\n", "1 [|] a =one\ntwo= ;4 [|] b =3= ;");
	check("\xef\xbb\xbf"
	      "a = \xc3\xa4\n",
		"1 [|] a =\xc3\xa4= ;");
}

static void guards_on_keys(void **state)
{
	(void)state;
	check("k[a=b] = v", "1 [|] k<a=b> =v= ;");
	check("k[a=b|c, d!=e] = v = w", "1 [|] k<a=b|c, d!=e> =v = w= ;");
	refuse("k[a] = v", 8, "f:1");
	refuse("k[a=b = v", 9, "f:1");
	refuse("k[] x = v", 9, "f:1");
}

static void bad_lines_name_file_and_line(void **state)
{
	(void)state;
	refuse("a = b\nnonsense\n", 15, "f:2");
	refuse(" = b\n", 5, "f:1");
	refuse("= b\n", 4, "no key");
	refuse("  indented = b\n", 15, "indented");
	refuse("[open\n", 6, "f:1");
	refuse("a = \0b\n", 7, "NUL");
	refuse("a = b\nb = \xff\n", 12, "f:2");
	refuse("a = \xc0\xaf\n", 7, "UTF-8");
	refuse("a = \xed\xa0\x80\n", 8, "UTF-8");
	refuse("a = \033[2J\n", 9, "control");
	refuse("a$ = b\n", 7, "not a key");
}

static void too_long_is_refused(void **state)
{
	char *noise = malloc(CONF_LIMIT + 1);

	(void)state;
	memset(noise, '#', CONF_LIMIT + 1);
	refuse(noise, CONF_LIMIT + 1, "at most");
	free(noise);
}

static void words_and_quotes(void **state)
{
	struct arena a = ARENA_INIT;
	struct strings words = {0};
	struct error err;

	(void)state;
	assert_true(conf_words(" one \"two three\"  fo\\ ur \n five", &a, &words, &err));
	assert_int_equal(words.n, 4);
	assert_string_equal(words.at[1], "two three");
	assert_string_equal(words.at[2], "fo ur");
	assert_false(conf_words("\"open", &a, &words, &err));
	arena_release(&a);
}

struct fields {
	const char *text;
	struct strings words;
	long number;
	bool yes;
};

static const struct conf_field table[] = {
	{"text", CONF_TEXT, offsetof(struct fields, text)},
	{"words", CONF_WORDS, offsetof(struct fields, words)},
	{"number", CONF_NUMBER, offsetof(struct fields, number)},
	{"yes", CONF_YESNO, offsetof(struct fields, yes)},
	{NULL, CONF_TEXT, 0},
};

struct store {
	struct arena *arena;
	struct fields fields;
};

static bool store_line(void *ctx, const struct conf_line *line, struct error *err)
{
	struct store *s = ctx;

	return conf_store(table, line, &s->fields, s->arena, err);
}

static bool store(const char *source, struct store *s, struct error *err)
{
	s->fields = (struct fields){0};
	return conf_parse("f", source, strlen(source), s->arena, store_line, s, NULL, err);
}

static void stored_by_table(void **state)
{
	struct arena a = ARENA_INIT;
	struct store s = {.arena = &a};
	struct error err;

	(void)state;
	assert_true(store("text = t\nwords = a b\nwords = c\nnumber = -5\nyes = yes\n", &s, &err));
	assert_string_equal(s.fields.text, "t");
	assert_int_equal(s.fields.words.n, 3);
	assert_int_equal(s.fields.number, -5);
	assert_true(s.fields.yes);
	assert_false(store("txet = t\n", &s, &err));
	assert_string_equal(err.text, "f:1: unknown key 'txet'; did you mean 'text'?");
	assert_false(store("text = t\ntext = u\n", &s, &err));
	assert_string_equal(err.text, "f:2: 'text' is given twice");
	assert_false(store("number = 12x\n", &s, &err));
	assert_false(store("yes = maybe\n", &s, &err));
	arena_release(&a);
}

static const char *names(void *ctx, const char *name, bool *is_list)
{
	(void)ctx;
	*is_list = strcmp(name, "list") == 0;
	if (*is_list)
		return "a b c";
	return strcmp(name, "blank") == 0 ? "x y" : NULL;
}

static bool take_section(void *ctx, const struct conf_line *line, struct error *err)
{
	return conf_in(line, ctx, err);
}

/* What conf_in says about a source that may have these sections; "" if it accepts it. */
static void sections_are(char *sections, const char *source, const char *sentence)
{
	struct arena a = ARENA_INIT;
	struct error err = {0};

	if (conf_parse("f", source, strlen(source), &a, take_section, sections, NULL, &err) !=
			!*sentence ||
		strcmp(err.text, sentence) != 0)
		fail_msg("'%s', not '%s'", err.text, sentence);
	arena_release(&a);
}

static void only_known_sections(void **state)
{
	static char both[] = "[row ID] [rest]";

	(void)state;
	sections_are(both, "[row 1]\na = 1\n[rest]\na = 2\n[row row]\n", "");
	sections_are(both, "[rows 1]\n", "f:1: a section here is [row ID] [rest], not [rows 1]");
	sections_are(both, "[ow 1]\n", "f:1: a section here is [row ID] [rest], not [ow 1]");
	sections_are(both, "[ID]\n", "f:1: a section here is [row ID] [rest], not [ID]");
	sections_are(both, "[row]\n", "f:1: a section here is [row ID] [rest], not [row]");
	sections_are(both, "[rest 1]\n", "f:1: a section here is [row ID] [rest], not [rest 1]");
	sections_are(both, "a = 1\n",
		"f:1: 'a' stands before the first section; a section here is [row ID] [rest]");
	sections_are((char[]){""}, "a = 1\n", "");
	sections_are((char[]){""}, "a = 1\n[row 1]\n", "f:2: there are no [sections] in this file");
}

static void expansion(void **state)
{
	struct arena a = ARENA_INIT;
	struct strings words = {0};
	struct text out = TEXT_INIT;
	struct error err;

	(void)state;
	assert_true(expand(&out, "<{blank}> {{x} { } ${x", names, NULL, &err));
	assert_string_equal(out.s, "<x y> {x} { } ${x");
	assert_false(expand(&out, "{unknown}", names, NULL, &err));
	assert_non_null(strstr(err.text, "{unknown}"));
	assert_true(expand_words(
		&words, &a, "make {list} O={blank} {blank} -{list}", names, NULL, &err));
	assert_int_equal(words.n, 7);
	assert_string_equal(words.at[3], "c");
	assert_string_equal(words.at[4], "O=x y");
	assert_string_equal(words.at[5], "x y");
	text_release(&out);
	arena_release(&a);
}

/* What is known only later: `when` counts up. */
struct later {
	struct arena *arena;
	int when;
};

static const char *names_later(void *ctx, const char *name, bool *is_list)
{
	struct later *l = ctx;

	*is_list = strcmp(name, "list") == 0;
	if (strcmp(name, "now") == 0)
		return "{key}";
	if (strcmp(name, "key") == 0)
		return l->when < 1 ? expand_mark(l->arena, name) : "/a path";
	if (*is_list)
		return l->when < 1 ? expand_mark(l->arena, name) : "one two";
	return l->when < 2 ? expand_mark(l->arena, name) : "2026";
}

static const char *for_the_key(void *ctx, const char *name, bool *is_list)
{
	(void)ctx;
	*is_list = false;
	return strcmp(name, "list") == 0 ? "all" : NULL;
}

static void expect_words(const struct strings *words, const char *expected)
{
	struct text out = TEXT_INIT;

	for (size_t i = 0; i < words->n; i++) {
		text_char(&out, '|');
		expand_print(&out, words->at[i], for_the_key, NULL);
	}
	assert_string_equal(out.s, expected);
	text_release(&out);
}

/* Only what a lookup marked is expanded again: neither braces in the text nor those in a value. */
static void marked_names(void **state)
{
	struct arena a = ARENA_INIT;
	struct later l = {&a, 0};
	struct strings first = {0}, second = {0}, third = {0};
	struct error err = {0};

	(void)state;
	assert_true(expand_words(
		&first, &a, "x{key}/{day}y {{key} {list} in{list} {now}", names_later, &l, &err));
	expect_words(&first, "|x{key}/{day}y|{key}|all|inall|{key}");
	l.when = 1;
	assert_true(expand_marked(&second, &a, &first, names_later, &l, &err));
	expect_words(&second, "|x/a path/{day}y|{key}|one|two|inone two|{key}");
	assert_true(expand_is_marked(second.at[0]));
	assert_false(expand_is_marked(second.at[1]));
	l.when = 2;
	assert_true(expand_marked(&third, &a, &second, names_later, &l, &err));
	expect_words(&third, "|x/a path/2026y|{key}|one|two|inone two|{key}");
	third.n = 0;
	assert_false(expand_marked(&third, &a, &first, for_the_key, NULL, &err));
	assert_string_equal(err.text, "{key} stands for nothing here");
	/* a control character alone is no mark */
	assert_false(expand_is_marked("\1 \1{ \1{a b} {key}"));
	arena_release(&a);
}

static const char *choices(const void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "list") == 0 ? "one two" : strcmp(name, "libc") == 0 ? "host" : NULL;
}

static const char *even[] = {"two", "four"};
static struct trait listed[] = {{"list", "even", {even, 2, 2}}, {"list", "none", {NULL, 0, 0}}};
static const struct traits traits = {listed, 2, 2};

static bool holds(const char *source)
{
	struct arena a = ARENA_INIT;
	struct guard g;
	struct error err;
	bool ok;

	assert_true(guard_parse(&g, &a, source, &traits, &err));
	ok = guard_holds(&g, choices, NULL);
	arena_release(&a);
	return ok;
}

static void conditions(void **state)
{
	(void)state;
	assert_true(holds(""));
	assert_true(holds("libc=host"));
	assert_true(holds("libc=musl|host"));
	assert_false(holds("libc!=host"));
	assert_true(holds("libc!=musl, list=two"));
	assert_false(holds("list=tw"));
	assert_true(holds("list=tw*"));
	assert_true(holds("libc=ho*"));
	assert_true(holds("libc=host*"));
	assert_false(holds("libc=hosts*"));
	assert_false(holds("nothing=x"));
	assert_true(holds("nothing!=x"));
}

/* A trait becomes the values that have it, so that a printed guard shows those. */
static void traits_become_values(void **state)
{
	struct arena a = ARENA_INIT;
	struct text out = TEXT_INIT;
	struct guard g;
	struct error err;

	(void)state;
	assert_true(holds("list=@even"));
	assert_false(holds("list!=@even"));
	assert_true(holds("list=three|@even"));
	assert_false(holds("list=@none"));
	assert_true(holds("list!=@none"));
	assert_true(guard_parse(&g, &a, "list=@even|one, libc!=x", &traits, &err));
	guard_print(&g, &out);
	assert_string_equal(out.s, "list=two|four|one, libc!=x");
	text_release(&out);
	arena_release(&a);
}

static void expect_no_trait(const char *source, const struct traits *t, const char *sentence)
{
	struct arena a = ARENA_INIT;
	struct guard g;
	struct error err;

	assert_false(guard_parse(&g, &a, source, t, &err));
	assert_int_equal(err.kind, ERROR_PROFILE);
	assert_string_equal(err.text, sentence);
	arena_release(&a);
}

static void unknown_traits_are_errors(void **state)
{
	(void)state;
	expect_no_trait("list=@evne", &traits,
		"no value of 'list' is known to have the trait '@evne'; did you mean '@even'?");
	expect_no_trait("libc!=host|@even", &traits,
		"no value of 'libc' is known to have the trait '@even'");
	expect_no_trait(
		"list=@even", NULL, "no value of 'list' is known to have the trait '@even'");
	expect_no_trait("list=@", &traits,
		"'list=@' is not a condition; write choice=value, choice!=value or choice=one|other, separated by commas");
}

static void find_fails(struct scratch *s, const char *main, const char *sentence)
{
	struct arena a = ARENA_INIT;
	struct text out = TEXT_INIT;
	struct error err = {0};

	scratch_write(s, "share/x/main", main);
	assert_false(conf_find(
		&s->place, "share/x/main", "nobody knows it", NULL, &a, record, &out, &err));
	assert_int_equal(err.kind, ERROR_PROFILE);
	if (!strstr(err.text, sentence))
		fail_msg("'%s' does not say '%s'", err.text, sentence);
	text_release(&out);
	arena_release(&a);
}

/* The included file has its own sections and comments, and the including one continues where it was. */
static void included(void **state)
{
	struct scratch s;
	struct arena a = ARENA_INIT;
	struct text out = TEXT_INIT;
	struct error err = {0};

	(void)state;
	scratch_make(&s);
	s.place.data.at[0] = s.folder;
	scratch_write(&s, "share/x/part", "c = 3\n[k n]\nd = 4\n");
	scratch_write(&s, "share/x/main", "[m]\na = 1\ninclude = part\nb = 2\n");
	assert_true(conf_find(
		&s.place, "share/x/main", "nobody knows it", NULL, &a, record, &out, &err));
	assert_string_equal(out.s,
		"1 [m|] - == ;2 [m|] a =1= ;1 [|] c =3= ;2 [k|n] - == ;3 [k|n] d =4= ;4 [m|] b =2= ;");
	assert_false(conf_find(
		&s.place, "share/x/other", "nobody knows it", NULL, &a, record, &out, &err));
	assert_string_equal(err.text, "there is no share/x/other: nobody knows it");
	find_fails(&s, "a = 1\ninclude = other\n", "/share/x/main:2: there is no share/x/other");
	find_fails(&s, "include = main\n", "without end");
	find_fails(&s, "include[a=1] = part\n", "cannot have a guard");
	scratch_write(&s, "share/x/part", "c = 3\nd\n");
	find_fails(&s, "include = part\n", "/share/x/part:2: this line is not");
	/* elsewhere it is a key like any other */
	check("include = part\n", "1 [|] include =part= ;");
	text_release(&out);
	arena_release(&a);
	scratch_remove(&s);
}

static void near_names(void **state)
{
	static const char *const known[] = {"kernel", "hostname", "network"};

	(void)state;
	assert_string_equal(conf_nearest("kernle", known, 3), "kernel");
	assert_string_equal(conf_nearest("hostnam", known, 3), "hostname");
	assert_null(conf_nearest("zzzzzz", known, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_sections_comments),
		cmocka_unit_test(guards_on_keys),
		cmocka_unit_test(bad_lines_name_file_and_line),
		cmocka_unit_test(too_long_is_refused),
		cmocka_unit_test(words_and_quotes),
		cmocka_unit_test(stored_by_table),
		cmocka_unit_test(only_known_sections),
		cmocka_unit_test(expansion),
		cmocka_unit_test(marked_names),
		cmocka_unit_test(conditions),
		cmocka_unit_test(traits_become_values),
		cmocka_unit_test(unknown_traits_are_errors),
		cmocka_unit_test(included),
		cmocka_unit_test(near_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
