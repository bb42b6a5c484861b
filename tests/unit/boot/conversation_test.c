/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A conversation with a guest played by the test: what is typed when, what the checks find, and what follows from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/known.h"
#include "base/text.h"
#include "boot/check.h"
#include "boot/conversation.h"
#include "boot/diagnose.h"
#include "boot/findings.h"
#include "choice/facts.h"
#include "scratch.h"

#define SENTENCES "pass = {found}\nfail = no {found}\ncause = c\nremedy = r\n"

static const char checks[] = "[check name]\nrun = hostname\nexpect = ^fake$\n" SENTENCES
			     "[check card]\nrun = ip\nskip = there is no card\n" SENTENCES
			     "[check again]\nrun = again\nseconds = 60\nexpect = ^b$\n" SENTENCES
			     "[check bye]\nrun = poweroff\nevent = off\nseconds = 60\n"
			     "pass = it is off\nfail = it is on\ncause = c\nremedy = r\n";
static const char quick[] =
	"[check wrong]\nrun = date\nexpect = ^never$\n" SENTENCES
	"[check late]\nafter = wrong\nseconds = 60\nrun = x\nexpect = ^y$\n" SENTENCES;

struct talking {
	struct scratch scratch;
	struct boot_job job;
	struct journal journal;
	struct findings findings;
	struct conversation c;
};

static void begin(struct talking *t, const char *what)
{
	struct error err;

	memset(t, 0, sizeof *t);
	scratch_make(&t->scratch);
	scratch_write(&t->scratch, "one.check", what);
	assert_true(check_read(&t->job.checks, scratch_path(&t->scratch, "one.check"), NULL, &err));
	facts_set(&t->job.facts, "console", "%s", "");
	facts_set(&t->job.facts, "words", "%s", "");
	facts_set(&t->job.facts, "replaced", "%s", "");
	assert_true(diagnose_load(&t->job.known, &t->scratch.place, &t->job.facts, &err));
	t->job.log_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	t->journal.events_fd =
		open(scratch_path(&t->scratch, "events"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	findings_begin(&t->findings, &t->job, &t->journal);
	conversation_begin(&t->c, &t->job, &t->journal, &t->findings, "feed");
}

static void end(struct talking *t)
{
	conversation_release(&t->c);
	findings_release(&t->findings);
	check_release(&t->job.checks);
	known_release(&t->job.known);
	facts_release(&t->job.facts);
	arena_release(&t->job.arena);
	close(t->job.log_fd);
	close(t->journal.events_fd);
	scratch_remove(&t->scratch);
}

static void say(struct talking *t, const char *s)
{
	conversation_hear(&t->c, s, strlen(s));
}

/* What is typed `later` seconds from now holds this. */
static void expect_typed(struct talking *t, double later, const char *piece)
{
	conversation_step(&t->c, clock_now() + later);
	if (!strstr(t->c.talk.typing.s, piece))
		print_error("typed: %s\n", t->c.talk.typing.s);
	assert_non_null(strstr(t->c.talk.typing.s, piece));
	text_clear(&t->c.talk.typing);
}

static void answer(struct talking *t, const char *output)
{
	struct text s = TEXT_INIT;

	text_fmt(&s, "bs-feed-%u-begin\n%s\nbs-feed-%u-end-0\n", t->c.talk.count, output,
		t->c.talk.count);
	say(t, s.s);
	text_release(&s);
}

static void find_shell(struct talking *t)
{
	say(t, "[    0.000000] Linux version 9\r\nfake login: ");
	conversation_step(&t->c, t->c.heard); /* more may follow */
	assert_int_equal(t->c.talk.typing.len, 0);
	expect_typed(t, 1, "root\n");
	say(t, "root\r\n# ");
	expect_typed(t, 1, "; :; echo");
	assert_int_equal(t->c.stage, STAGE_BOOT);
	answer(t, "");
}

static enum check_outcome result(const struct talking *t, size_t i, const char *detail)
{
	assert_true(i < t->findings.results.n);
	assert_string_equal(t->findings.results.at[i].detail, detail);
	return t->findings.results.at[i].outcome;
}

static void test_checks(void **state)
{
	struct talking t;
	char *events;

	(void)state;
	begin(&t, checks);
	find_shell(&t);
	assert_true(t.c.ready_s > 0);
	expect_typed(&t, 0, "hostname");
	answer(&t, "fake");
	assert_int_equal(result(&t, 0, "fake"), CHECK_PASSED);
	assert_int_equal(result(&t, 1, "there is no card"), CHECK_UNTESTED);
	expect_typed(&t, 0, "again");
	answer(&t, "a");
	assert_int_equal(t.findings.results.n, 2); /* it gets another chance */
	expect_typed(&t, 1, "again");
	answer(&t, "b");
	assert_int_equal(result(&t, 2, "b"), CHECK_PASSED);
	assert_int_equal(t.c.stage, STAGE_OFF);
	expect_typed(&t, 0, "poweroff\n");
	conversation_off(&t.c, true);
	assert_int_equal(result(&t, 3, "it is off"), CHECK_PASSED);
	assert_int_equal(t.c.stage, STAGE_OVER);
	findings_conclude(&t.findings, true);
	assert_int_equal(t.findings.verdict, VERDICT_PASS);
	findings_end(&t.findings, VERDICT_FAIL, DIAGNOSIS_OFF);
	assert_int_equal(t.findings.verdict, VERDICT_PASS); /* the first end counts */
	events = scratch_read(&t.scratch, "events");
	assert_non_null(strstr(events, "\"kernel\""));
	assert_true(strstr(events, "\"init\"") < strstr(events, "\"ready\""));
	free(events);
	end(&t);
}

static void test_failures(void **state)
{
	struct talking t;
	const struct event_diagnosis *diagnosis;

	(void)state;
	begin(&t, quick);
	find_shell(&t);
	answer(&t, "today");
	assert_int_equal(result(&t, 0, "no today"), CHECK_FAILED);
	answer(&t, "x"); /* no second attempt: a check it depends on has failed */
	assert_int_equal(result(&t, 1, "no x"), CHECK_FAILED);
	assert_int_equal(t.c.stage, STAGE_OVER);
	findings_conclude(&t.findings, true);
	assert_int_equal(t.findings.verdict, VERDICT_FAIL);
	assert_int_equal(t.findings.event, DIAGNOSIS_CHECK);
	diagnosis = findings_diagnosis(&t.findings, "last");
	assert_string_equal(diagnosis->id, "check-wrong");
	assert_string_equal(diagnosis->line, "no today");
	end(&t);
}

/* It does not answer, and does not power off when asked to. */
static void test_stays(void **state)
{
	struct talking t;

	(void)state;
	begin(&t, checks);
	find_shell(&t);
	text_clear(&t.c.talk.typing);
	expect_typed(&t, 30, "\003");
	assert_int_equal(result(&t, 0, "no no answer in time"), CHECK_FAILED);
	answer(&t, "b");
	assert_int_equal(t.c.stage, STAGE_OFF);
	conversation_step(&t.c, clock_now() + 61);
	assert_int_equal(t.c.stage, STAGE_OVER);
	findings_conclude(&t.findings, true);
	assert_int_equal(t.findings.event, DIAGNOSIS_CHECK); /* of the first that failed */
	end(&t);
}

static void test_interactive(void **state)
{
	struct talking t;

	(void)state;
	begin(&t, checks);
	t.job.interactive = true;
	find_shell(&t);
	conversation_type(&t.c, "early", 5);
	answer(&t, "fake");
	answer(&t, "b");
	assert_int_equal(t.c.stage, STAGE_FREE);
	assert_null(strstr(t.c.talk.typing.s, "early"));
	conversation_type(&t.c, "mine", 4);
	assert_non_null(strstr(t.c.talk.typing.s, "mine"));
	assert_int_equal(conversation_stopped(&t.c), DIAGNOSIS_SLOW);
	end(&t);
}

static void test_lost(void **state)
{
	struct talking t;

	(void)state;
	begin(&t, checks);
	assert_true(conversation_is_silent(&t.c));
	say(&t, "Kernel panic - not syncing: No working init found.\n");
	assert_false(conversation_is_silent(&t.c));
	assert_false(conversation_is_lost(&t.c, clock_now()));
	assert_true(conversation_is_lost(&t.c, clock_now() + 1));
	assert_true(conversation_wake(&t.c, clock_now()) < clock_now() + 0.5);
	assert_int_equal(conversation_stopped(&t.c), DIAGNOSIS_STUCK);
	say(&t, "Run /init as init process\n");
	assert_int_equal(conversation_stopped(&t.c), DIAGNOSIS_NO_SHELL);
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_stays),
		cmocka_unit_test(test_interactive),
		cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
