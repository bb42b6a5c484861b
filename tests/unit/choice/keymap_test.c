/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes that loadkmap reads, how signs become keysyms, broken tables, and that every offered layout exists. */
#include "base/text.h"
#include "choice/catalog.h"
#include "choice/keymap.h"
#include "choice/option.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

enum { HEAD = 7 + 256, KEYS = 128, TABLES = 8 };
enum { PLAIN, SHIFT, ALTGR, SHIFT_ALTGR, CTRL, SHIFT_CTRL, ALT, CTRL_ALT };

static const char shipped[] = "share/tables/keymaps";

static unsigned at(const struct text *map, size_t table, size_t key)
{
	const char *s = map->s + HEAD + 2 * (table * KEYS + key);

	return (unsigned char)s[0] | (unsigned)(unsigned char)s[1] << 8;
}

static void read_map(const char *layout, struct text *map)
{
	struct error err;

	text_clear(map);
	if (!keymap_print(shipped, layout, map, &err))
		fail_msg("%s", err.text);
	assert_int_equal(map->len, HEAD + 2 * TABLES * KEYS);
}

static void header_says_which_tables_follow(void **state)
{
	static const unsigned char present[] = {0, 1, 2, 3, 4, 5, 8, 12};
	char flags[256] = {0};
	struct text map = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof present; i++)
		flags[present[i]] = 1;
	read_map("de", &map);
	assert_memory_equal(map.s, "bkeymap", 7);
	assert_memory_equal(map.s + 7, flags, sizeof flags);
	text_release(&map);
}

/* Keysyms as include/uapi/linux/keyboard.h has them; the characters of keys as they are printed on keyboards. */
static void signs_become_keysyms(void **state)
{
	static const struct {
		const char *layout;
		size_t table, key;
		unsigned keysym;
	} known[] = {
		{"de", PLAIN, 21, 0xb7a}, /* z, where y is in America */
		{"de", SHIFT, 21, 0xb5a},
		{"de", CTRL, 21, 0x1a},
		{"de", SHIFT_CTRL, 21, 0x1a},
		{"de", ALT, 21, 0x87a},
		{"de", CTRL_ALT, 21, 0x81a},
		{"de", ALTGR, 21, 0xb7a},
		{"de", PLAIN, 40, 0xbe4}, /* a letter with dots, and CapsLock knows it */
		{"de", SHIFT, 40, 0xbc4},
		{"de", ALT, 40, 0x200},
		{"de", PLAIN, 12, 0xdf},
		{"de", SHIFT, 12, 0x3f},
		{"de", ALTGR, 12, 0x5c},
		{"de", SHIFT_ALTGR, 12, 0x5c},
		{"de", CTRL, 12, 0x7f},
		{"de", ALTGR, 18, 0xd0ac}, /* the euro, U+20AC */
		{"de", ALTGR, 16, 0x40},
		{"de", PLAIN, 41, 0x5e},
		{"de-latin1", PLAIN, 41, 0x402}, /* a dead circumflex */
		{"de-latin1", PLAIN, 13, 0x401},
		{"de-latin1", SHIFT, 13, 0x400},
		{"fr", PLAIN, 16, 0xb61},
		{"fr", ALTGR, 11, 0x40},
		{"fr", CTRL, 11, 0},
		{"pl", ALTGR, 38, 0xf142}, /* l with stroke, U+0142 */
		{"pl", SHIFT_ALTGR, 38, 0xf141},
		{"cz", SHIFT, 41, 0x200},
		{"br", PLAIN, 89, 0x2f},
		{"de", PLAIN, 89, 0x200},
		{"de", PLAIN, 28, 0x201}, /* the same everywhere: Enter, F1, AltGr, Alt-F2 */
		{"fr", PLAIN, 59, 0x100},
		{"fr", ALTGR, 100, 0x701},
		{"fr", ALT, 60, 0x501},
		{"fr", PLAIN, 127, 0x200},
	};
	struct text map = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		read_map(known[i].layout, &map);
		if (at(&map, known[i].table, known[i].key) != known[i].keysym)
			fail_msg("%s, table %zu, key %zu: 0x%x, not 0x%x", known[i].layout,
				known[i].table, known[i].key,
				at(&map, known[i].table, known[i].key), known[i].keysym);
	}
	text_release(&map);
}

/* Every layout must be able to write what a shell and a password need. */
static void all_layouts_on_offer_write_ascii(void **state)
{
	struct text map = TEXT_INIT;
	struct catalog catalog;
	const struct option *o;
	struct scratch s;
	struct error err;

	(void)state;
	scratch_make(&s);
	assert_true(catalog_load(&catalog, &s.place, &err));
	o = option_find(&catalog.options, "keymap");
	assert_true(o && o->values.n > 10);
	for (size_t i = 0; i < o->values.n; i++) {
		if (strcmp(o->values.at[i].name, o->fallback) == 0)
			continue;
		read_map(o->values.at[i].name, &map);
		for (unsigned c = ' '; c < 0x7f; c++) {
			bool found = false;

			for (size_t k = 0; k < (size_t)4 * KEYS; k++) {
				unsigned keysym = at(&map, k / KEYS, k % KEYS);

				/* a dead key with a blank gives the sign itself */
				found = found || keysym == c || keysym == (c | 0xb00) ||
					(strchr("`'^~\"", (int)c) && keysym >> 8 == 4);
			}
			if (!found)
				fail_msg("%s cannot write %c", o->values.at[i].name, (int)c);
		}
	}
	text_release(&map);
	catalog_release(&catalog);
	scratch_remove(&s);
}

static void broken_tables_are_refused(void **state)
{
	static const struct {
		const char *table, *sentence;
	} bad[] = {
		{"[keys]\na = 1 2\n", "has no [layout x]"},
		{"[layout x]\na = qQ\n", ":2: [keys] has no row 'a'"},
		{"[keys]\na = 1 2\n[layout x]\na = q w e\n", ":4: the row has 2 keys, not 3"},
		{"[keys]\na = 128\n", ":2: '128' is not a number up to 127"},
		{"[keys]\na = -1\n", "'-1' is not a number"},
		{"[keys]\na = 1x\n", "'1x' is not a number"},
		{"[keys]\na=1\n[layout x]\na = abcde\n", "'abcde' is more than four signs"},
		{"[keys]\na=1\n[layout x]\na = \\z\n", "behind a backslash"},
		{"[keys]\na=1\n[layout x]\na = a\\\n", "behind a backslash"},
		{"[keys]\na=1\n[layout x]\na = \xf0\x9f\x98\x80\n", "no character beyond U+FFFF"},
		{"[fixed]\nkey = 1 2\n", "a fixed key has its number and 8 keysyms"},
		{"[fixed]\nkey = 200 0 0 0 0 0 0 0 0\n", "'200' is not a number up to 127"},
		{"[fixed]\nkey = 1 0 0 0 0 0 0 0 10000\n", "'10000' is not a number"},
		{"[other]\na = 1\n", "a section here is"},
		{"a = 1\n", "a section here is"},
		{"[keys]\na=1\nb=1\nc=1\nd=1\ne=1\nf=1\ng=1\nh=1\ni=1\n", "at most 8 rows"},
	};
	struct text map = TEXT_INIT;
	struct scratch s;
	struct error err;

	(void)state;
	scratch_make(&s);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err = (struct error){0};
		scratch_write(&s, "table", bad[i].table);
		assert_false(keymap_print(scratch_path(&s, "table"), "x", &map, &err));
		assert_int_equal(err.kind, ERROR_PROFILE);
		if (!strstr(err.text, bad[i].sentence))
			fail_msg("'%s' does not say: %s", err.text, bad[i].sentence);
		assert_int_equal(map.len, 0);
	}
	assert_false(keymap_print("/nowhere/table", "x", &map, &err));
	text_release(&map);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_says_which_tables_follow),
		cmocka_unit_test(signs_become_keysyms),
		cmocka_unit_test(all_layouts_on_offer_write_ascii),
		cmocka_unit_test(broken_tables_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
