/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every log in data/boot is named after its expected diagnosis: ID[@CHECK][--variant].log, where CHECK is the check that failed;
 * "none" must be left without a diagnosis. Lines at its head say how it was made, and what else is known: "# fact NAME VALUE",
 * "# event WORD".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/known.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/console.h"
#include "boot/diagnose.h"
#include "scratch.h"

#define LOGS "tests/unit/data/boot"

static struct place here;
static struct known table;
static struct facts facts;

/* What is so in a boot of a profile that says nothing. */
static void forget(void)
{
	facts_release(&facts);
	facts_set(&facts, "console", "tty1 ttyS0");
	facts_set(&facts, "network", "none");
	facts_set(&facts, "root", "ram");
	facts_set(&facts, "loader", "direct");
	facts_set(&facts, "words", "%s", "");
	facts_set(&facts, "appended", "%s", "");
	facts_set(&facts, "replaced", "%s", "");
}

static int set_up(void **state)
{
	struct error err;

	(void)state;
	forget();
	vec_push_in(&here.arena, &here.data, ".");
	if (diagnose_load(&table, &here, &facts, &err))
		return 0;
	print_error("%s\n", err.text);
	return 1;
}

static int tear_down(void **state)
{
	(void)state;
	known_release(&table);
	place_release(&here);
	return 0;
}

static void line(void *ctx, const char *s, size_t len)
{
	(void)ctx;
	known_line(&table, NULL, s, len);
}

/* The row that a line is the first of. */
static const struct known_row *show(const char *from, const char *s)
{
	size_t before = table.seen.n;

	known_line(&table, from, s, strlen(s));
	return before < table.seen.n ? table.seen.at[before] : NULL;
}

static void ignore(void *ctx, const char *s, size_t len)
{
	(void)ctx;
	(void)s;
	(void)len;
}

/* The lines at the head of a log; the rest is what the guest said. */
static const char *read_head(const char *log, enum diagnosis_event *event)
{
	static const char *const words[] = {"check", "silent", "no-shell", "off", "reset"};
	static const enum diagnosis_event events[] = {DIAGNOSIS_CHECK, DIAGNOSIS_SILENT,
		DIAGNOSIS_NO_SHELL, DIAGNOSIS_OFF, DIAGNOSIS_RESET};
	char name[40], value[200];

	for (; log[0] == '#' && log[1] == ' '; log += strcspn(log, "\n") + 1) {
		if (sscanf(log, "# fact %39s %199[^\n]", name, value) == 2)
			facts_set(&facts, name, "%s", value);
		if (sscanf(log, "# event %39s", name) != 1)
			continue;
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (strcmp(words[i], name) == 0)
				*event = events[i];
	}
	return log;
}

static enum diagnosis_event read_log(const char *path)
{
	enum diagnosis_event event = DIAGNOSIS_NONE;
	struct text log = TEXT_INIT;
	struct console c;
	struct error err;
	const char *said;

	assert_true(text_read_file(&log, path, 1 << 20, &err));
	known_reset(&table);
	forget();
	said = read_head(log.s, &event);
	console_init(&c, line, ignore, NULL);
	console_feed(&c, said, strlen(said));
	console_end(&c);
	console_release(&c);
	text_release(&log);
	return event;
}

/* True if the log gets the diagnosis in its name. */
static bool is_right(const char *name)
{
	const struct known_row *best;
	enum diagnosis_event event;
	char path[300], id[100], check[100] = "";
	const char *found;
	int used = 0;

	sscanf(name, "%99[a-z0-9.-]%n", id, &used);
	if (name[used] == '@')
		sscanf(name + used + 1, "%99[a-z]", check);
	else if (strstr(id, ".log"))
		*strstr(id, ".log") = '\0';
	if (strstr(id, "--"))
		*strstr(id, "--") = '\0';
	snprintf(path, sizeof path, LOGS "/%s", name);
	event = read_log(path);
	best = event == DIAGNOSIS_NONE ? known_best(&table, *check ? check : NULL)
				       : diagnose_best(&table, event, *check ? check : NULL);
	found = best ? best->id : "none";
	if (strcmp(found, id) == 0)
		return true;
	print_error("%s: diagnosed as %s\n", name, found);
	return false;
}

static void test_logs(void **state)
{
	DIR *dir = opendir(LOGS);
	const struct dirent *d;
	size_t n = 0, wrong = 0;

	(void)state;
	assert_non_null(dir);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		n++;
		wrong += !is_right(d->d_name);
	}
	closedir(dir);
	assert_true(n >= 40);
	assert_int_equal(wrong, 0);
}

/* Every id of a guest's message has a log that triggers it. */
static void test_every_message_has_a_log(void **state)
{
	size_t missing = 0;

	(void)state;
	for (size_t i = 0; i < table.rows.n; i++) {
		const struct known_row *row = table.rows.at[i];
		char path[300];
		FILE *f;

		if (row->kind != KNOWN_MESSAGE || (row->event && !row->when.n) || row->from ||
			row->rank <= 5)
			continue;
		snprintf(path, sizeof path, LOGS "/%s%s%s.log", row->id, row->about.n ? "@" : "",
			row->about.n ? row->about.at[0] : "");
		f = fopen(path, "r");
		if (!f && row->about.n) {
			snprintf(path, sizeof path, LOGS "/%s@%s.log", row->id,
				row->about.at[row->about.n - 1]);
			f = fopen(path, "r");
		}
		if (!f)
			print_error("no log for %s\n", row->id);
		else
			fclose(f);
		missing += !f;
	}
	assert_int_equal(missing, 0);
}

static void test_every_event_has_a_row(void **state)
{
	(void)state;
	for (int e = DIAGNOSIS_NONE + 1; e <= DIAGNOSIS_CHECK; e++)
		assert_non_null(diagnose_event(&table, (enum diagnosis_event)e, NULL));
}

static void test_emulator(void **state)
{
	const struct known_row *row;

	(void)state;
	known_reset(&table);
	row = show("emulator", "qemu: could not load kernel 'vmlinuz': No such file or directory");
	assert_non_null(row);
	assert_string_equal(row->id, "emulator-kernel");
	known_reset(&table);
	row = show("emulator", "qemu-system-x86_64: Display 'gtk' is not available.");
	assert_string_equal(row->id, "emulator-window");
	known_reset(&table);
	row = show("emulator", "gtk initialization failed");
	assert_string_equal(row->id, "emulator-screen");
	known_reset(&table);
	assert_null(show(NULL, "qemu: could not load kernel 'vmlinuz'"));
}

static void test_fatal_and_retry(void **state)
{
	(void)state;
	known_reset(&table);
	assert_false(show(NULL, "Initramfs unpacking failed: read error")->fatal);
	assert_true(show(NULL, "Kernel panic - not syncing: IO-APIC + timer doesn't work!")->fatal);
	assert_true(known_best(&table, NULL)->retry);
	known_reset(&table);
	assert_null(known_best(&table, NULL));
}

static void test_prompts(void **state)
{
	(void)state;
	assert_string_equal(known_find(&table, KNOWN_PROMPT, "~ # ")->id, "shell");
	assert_string_equal(known_find(&table, KNOWN_PROMPT, "root@first-boot:/$ ")->id, "shell");
	assert_string_equal(known_find(&table, KNOWN_PROMPT, "first-boot login: ")->send, "root");
	assert_string_equal(
		known_find(&table, KNOWN_PROMPT, "Please press Enter to activate this console. ")
			->send,
		"enter");
	assert_null(known_find(&table, KNOWN_PROMPT, "Loading modules"));
}

static void test_unknown_event(void **state)
{
	struct scratch s;
	struct known t;
	struct error err = {0};

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "data/share/diagnosis/boot.table",
		"[message x]\nevent = nonsense\ncause = a\nremedy = b\n");
	s.place.data.at[0] = scratch_path(&s, "data");
	assert_false(diagnose_load(&t, &s.place, &facts, &err));
	assert_non_null(strstr(err.text, "boot.table:1: 'nonsense'"));
	known_release(&t);
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logs),
		cmocka_unit_test(test_every_message_has_a_log),
		cmocka_unit_test(test_every_event_has_a_row),
		cmocka_unit_test(test_emulator),
		cmocka_unit_test(test_fatal_and_retry),
		cmocka_unit_test(test_prompts),
		cmocka_unit_test(test_unknown_event),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
