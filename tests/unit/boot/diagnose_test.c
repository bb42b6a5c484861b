/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every log in data/boot is named after what it must be diagnosed as: ID[@CHECK][--variant].log, where CHECK is the check that
 * failed; "none" must be left without a diagnosis.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/vec.h"
#include "boot/console.h"
#include "boot/diagnose.h"

#define LOGS "tests/unit/data/boot"

static struct place here;
static struct diagnosis_table table;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	vec_push(&here.data, ".");
	if (diagnose_load(&table, &here, &err))
		return 0;
	print_error("%s\n", err.text);
	return 1;
}

static int tear_down(void **state)
{
	(void)state;
	diagnose_release(&table);
	vec_release(&here.data);
	return 0;
}

static void line(void *ctx, const char *s, size_t len)
{
	(void)ctx;
	(void)len;
	if (diagnose_is_known(&table, s))
		diagnose_line(&table, "guest", s);
}

static void ignore(void *ctx, const char *s, size_t len)
{
	(void)ctx;
	(void)s;
	(void)len;
}

static void read_log(const char *path)
{
	struct text log = TEXT_INIT;
	struct console c;
	struct error err;

	assert_true(text_read_file(&log, path, 1 << 20, &err));
	diagnose_reset(&table);
	console_init(&c, line, ignore, NULL);
	console_feed(&c, log.s, log.len);
	console_end(&c);
	console_release(&c);
	text_release(&log);
}

/* True when the log gets the diagnosis that its name asks for. */
static bool is_right(const char *name)
{
	const struct diagnosis_row *best;
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
	read_log(path);
	best = diagnose_best(&table, *check ? check : NULL);
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

/* No message can be reached only by a log nobody has: each id of a guest's message has one. */
static void test_every_message_has_a_log(void **state)
{
	size_t missing = 0;

	(void)state;
	for (size_t i = 0; i < table.rows.n; i++) {
		const struct diagnosis_row *row = table.rows.at[i];
		char path[300];
		FILE *f;

		if (strcmp(row->kind, "message") != 0 || row->event ||
			strcmp(row->from, "guest") != 0 || row->rank <= 5)
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
		assert_non_null(diagnose_event(&table, (enum diagnosis_event)e));
}

static void test_emulator(void **state)
{
	const struct diagnosis_row *row;

	(void)state;
	diagnose_reset(&table);
	row = diagnose_line(&table, "emulator",
		"qemu: could not load kernel 'vmlinuz': No such file or directory");
	assert_non_null(row);
	assert_string_equal(row->id, "emulator-kernel");
	diagnose_reset(&table);
	row = diagnose_line(
		&table, "emulator", "qemu-system-x86_64: Display 'gtk' is not available.");
	assert_string_equal(row->id, "emulator-window");
	diagnose_reset(&table);
	row = diagnose_line(&table, "emulator", "gtk initialization failed");
	assert_string_equal(row->id, "emulator-screen");
	diagnose_reset(&table);
	assert_null(diagnose_line(&table, "guest", "qemu: could not load kernel 'vmlinuz'"));
}

static void test_fatal_and_retry(void **state)
{
	(void)state;
	diagnose_reset(&table);
	diagnose_line(&table, "guest", "Initramfs unpacking failed: read error");
	assert_false(table.fatal);
	diagnose_line(&table, "guest", "Kernel panic - not syncing: IO-APIC + timer doesn't work!");
	assert_true(table.fatal);
	assert_true(diagnose_best(&table, NULL)->retry);
	diagnose_reset(&table);
	assert_false(table.fatal);
	assert_null(diagnose_best(&table, NULL));
}

static void test_prompts(void **state)
{
	(void)state;
	assert_string_equal(diagnose_find(&table, "prompt", "~ # ")->id, "shell");
	assert_string_equal(diagnose_find(&table, "prompt", "root@first-boot:/$ ")->id, "shell");
	assert_string_equal(diagnose_find(&table, "prompt", "first-boot login: ")->send, "root");
	assert_string_equal(
		diagnose_find(&table, "prompt", "Please press Enter to activate this console. ")
			->send,
		"enter");
	assert_null(diagnose_find(&table, "prompt", "Loading modules"));
}

/* A broken table says which line it is. */
static void test_bad_table(void **state)
{
	static const char *const bad[] = {"[message x]\ntext = a\n",
		"[message x]\nmatch = (\ncause = a\nremedy = b\n",
		"[message x]\ncause = a\nremedy = b\n",
		"[message x]\nevent = nonsense\ncause = a\nremedy = b\n", "[table x]\n",
		"text = a\n", "[message x]\ntext = a\ncause = a\nremedy = b\nrank = high\n"};
	char path[] = "/tmp/diagnose.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct diagnosis_table t = {0};
		struct error err = {0};

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, bad[i], strlen(bad[i]), 0), strlen(bad[i]));
		assert_false(diagnose_read(&t, path, &err));
		assert_non_null(strstr(err.text, path));
		diagnose_release(&t);
	}
	close(fd);
	unlink(path);
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
		cmocka_unit_test(test_bad_table),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
