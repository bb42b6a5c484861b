/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first real error line, and what the shipped table says about it, over a collection of logs. */
#include "base/arena.h"
#include "base/text.h"
#include "run/explain.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct failure_case {
	const char *log;
	const char *line;  /* expected */
	const char *cause; /* a part of it; "unknown" */
	bool host;
};

static const struct failure_case cases[] = {
	{"  CC      a.o\n"
	 "  HOSTCC  scripts/sign-file\n"
	 "scripts/sign-file.c:25:10: fatal error: openssl/opensslv.h: No such file or directory\n"
	 "   25 | #include <openssl/opensslv.h>\n"
	 "compilation terminated.\n"
	 "make[1]: *** [scripts/Makefile.host:95: scripts/sign-file] Error 1\n",
		"scripts/sign-file.c:25:10: fatal error: openssl/opensslv.h: No such file or directory",
		"OpenSSL are missing (openssl/opensslv.h)", true},
	{"tools/objtool/include/objtool/elf.h:10:10: fatal error: gelf.h: No such file or directory\n",
		NULL, "libelf", true},
	{"<stdin>:1:10: fatal error: libelf.h: No such file or directory\n", NULL, "libelf", true},
	{"/bin/sh: 1: flex: not found\n"
	 "make[2]: *** [scripts/Makefile.host:9: scripts/kconfig/lexer.lex.c] Error 127\n",
		"/bin/sh: 1: flex: not found", "flex", true},
	{"/bin/sh: bison: command not found\n", NULL, "bison", true},
	{"make[1]: bison: No such file or directory\n", NULL, "bison", true},
	{"/bin/sh: 1: bc: not found\n"
	 "make[1]: *** [Kbuild:24: include/generated/timeconst.h] Error 127\n",
		NULL, "bc", true},
	{"/bin/sh: 1: frobnicate: not found\n", NULL, "the program frobnicate is missing", true},
	{"/b/tree/x-1.37/scripts/mkconfigs: 36: bzip2: not found\nbzip2 is not installed\n"
	 "make[2]: *** [/b/tree/x-1.37/Makefile:859: include/config/MARKER] Error 1\n",
		"/b/tree/x-1.37/scripts/mkconfigs: 36: bzip2: not found",
		"the program bzip2 is missing", true},
	{"make: frobnicate: No such file or directory\n", NULL, "the program frobnicate is missing",
		true},
	{"/usr/bin/env: 'frob': No such file or directory\n", NULL, "the program frob is missing",
		true},
	{"/usr/bin/env: \xe2\x80\x98"
	 "frob\xe2\x80\x99: No such file or directory\n",
		NULL, "the program frob is missing", true},
	{"x.c:1:2: error: implicit declaration of function \xe2\x80\x98"
	 "frob\xe2\x80\x99\n",
		NULL, "frob is used", false},
	{"/bin/sh: 1: zstd: not found\n", NULL, "zstd", true},
	{"configure: error: no suitable Python interpreter found\n", NULL, "Python is missing",
		true},
	{"mawk: genmoddep.awk: line 110: function asorti never defined\n"
	 "make: *** [Makefile:9: moddep.lst] Error 1\n",
		NULL, "gawk", true},
	{"grub-mkimage: error: kernel.img is miscompiled: its start address is 0x9074 instead of 0x9000: ld.gold bug?.\n",
		NULL, "another address", false},
	{"x.c:1:10: error: expected ';'\n"
	 "{standard input}: Assembler messages:\n"
	 "{standard input}: Fatal error: can't write 6 bytes to section .text of x.o: 'No space left on device'\n",
		"{standard input}: Fatal error: can't write 6 bytes to section .text of x.o: 'No space left on device'",
		"full", true},
	{"gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\n", NULL,
		"not enough memory", true},
	{"gcc: internal compiler error: Killed (program cc1)\n", NULL, "not enough memory", true},
	{"make[3]: *** [scripts/Makefile.build:229: fs/x.o] Killed\n", NULL, "SIGKILL", true},
	{"x.c: In function 'f':\nx.c:9:1: internal compiler error: Segmentation fault\n",
		"x.c:9:1: internal compiler error: Segmentation fault", "Segmentation fault",
		false},
	{"ld: x.o: in function `main':\n"
	 "x.c:(.text+0x5): undefined reference to `frob'\n"
	 "collect2: error: ld returned 1 exit status\n",
		"x.c:(.text+0x5): undefined reference to `frob'", "find frob", false},
	{"/usr/bin/ld: cannot find -lz: No such file or directory\n"
	 "collect2: error: ld returned 1 exit status\n",
		NULL, "library z ", true},
	{"/usr/bin/ld: cannot find -lc: No such file or directory\n", NULL, "static C library",
		true},
	{"networking/tc.c:236:27: error: 'TCA_CBQ_MAX' undeclared (first use in this function); did you mean 'TCA_CBS_MAX'?\n",
		NULL, "CBQ", false},
	{"./include/linux/stddef.h:11:9: error: cannot use keyword 'false' as enumeration constant\n",
		NULL, "gcc 15", false},
	{"make[2]: *** manual: No such file or directory.  Stop.\n", NULL, "manual folder", false},
	{"make: *** No rule to make target 'foo.c', needed by 'foo.o'.  Stop.\n", NULL, "foo.c",
		false},
	{"patching file a.c\n"
	 "Hunk #1 FAILED at 3.\n"
	 "1 out of 1 hunk FAILED -- saving rejects to file a.c.rej\n",
		"Hunk #1 FAILED at 3.", "patch does not fit", false},
	{"foo.c:4:2: error: unused variable 'x' [-Werror=unused-variable]\n"
	 "cc1: all warnings being treated as errors\n",
		NULL, "unused-variable", false},
	{"cp: cannot create regular file '/x/y': Read-only file system\n", NULL, "read-only", true},
	{"x: Too many open files\n", NULL, "open files", true},
	{"sh: fork: retry: Resource temporarily unavailable\n", NULL, "processes", true},
	{"make: warning:  Clock skew detected.  Your build may be incomplete.\n", NULL, "future",
		false},
	{"/bin/sh: ./configure: Permission denied\n", NULL, "configure", true},
	{"touch: cannot touch '/usr/lib/x': Read-only file system\n", NULL, "wrote to /usr/lib/x,",
		false},
	{"bootsmith: the sandbox of make cannot be made: /usr/local: Permission denied\n", NULL,
		"could not be made (/usr/local: Permission denied)", true},
	{"/bin/sh: 1: cannot create /tmp/x: Permission denied\n", NULL, "wanted /tmp/x,", false},
	{"mkdir: cannot create directory '/var/lib/x': Permission denied\n", NULL,
		"wanted /var/lib/x,", false},
	{"wget: unable to resolve host address 'example.org'\n"
	 "make: *** [Makefile:3: deps] Error 4\n",
		"wget: unable to resolve host address 'example.org'", "from the network", false},
	{"*** Can't find default configuration \"arch/x86/configs/frob\"!\n", NULL,
		"arch/x86/configs/frob", false},
	{"x.c:1:10: fatal error: frob/x.h: No such file or directory\n", NULL, "frob/x.h", false},
	{"x.c:1:10: fatal error: linux/if_packet.h: No such file or directory\n", NULL,
		"linux/if_packet.h", false},
	{"ld: multiple definition of `yylloc'; a.o\n", NULL, "yylloc", false},
	{"cat: x: Input/output error\n", NULL, "disk reported", true},
	{"fine\nx.c:3:5: error: something nobody has seen before\nmake: *** [x.o] Error 1\n",
		"x.c:3:5: error: something nobody has seen before", "unknown", false},
	{"fine\nmake[1]: *** [Makefile:3: all] Error 7\n", "make[1]: *** [Makefile:3: all] Error 7",
		"unknown", false},
	{"# action  run sh -c 'echo error: x'\n"
	 "+ run sh -c 'error: x'\n"
	 "  CC      error.o\n"
	 "warning: nothing\n",
		"sh ended with exit status 1", "unknown", false},
	{"", "sh ended with exit status 1", "unknown", false},
};

static void check_case(struct scratch *s, const struct failure_case *c)
{
	struct failed_step f = {.sentence = "sh ended with exit status 1"};
	const char *line = c->line;
	struct explanation x;
	struct error err = {0};

	scratch_write(s, "log", c->log);
	f.log = scratch_path(s, "log");
	if (!line)
		line = arena_strn(&s->place.arena, c->log, strcspn(c->log, "\n"));
	if (!explain(&x, &f, &s->place, &s->place.arena, &err))
		fail_msg("%s", err.text);
	assert_string_equal(x.line, line);
	if (!strstr(x.cause, c->cause))
		fail_msg("'%s' was explained as: %s", line, x.cause);
	assert_int_equal(x.host, c->host);
	assert_int_equal(x.known, strcmp(c->cause, "unknown") != 0);
	assert_true(*x.remedy != '\0');
}

static void the_corpus(void **state)
{
	struct scratch s;

	(void)state;
	scratch_make(&s);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check_case(&s, &cases[i]);
	scratch_remove(&s);
}

#define LOGS "tests/unit/data/build/"

/* NAME.log, and beside it what a tool that configures wrote down, as if the step had just left them in its folder. */
static void lay_out(struct scratch *s, const char *name)
{
	static const char there[] = "/build/work";
	static const char *const further[][2] = {{"config.log", "work/config.log"},
		{"config.log", "work/build/config.log"},
		{"meson-log.txt", "work/meson-logs/meson-log.txt"},
		{"CMakeError.log", "work/CMakeFiles/CMakeError.log"}};
	struct arena *a = &s->place.arena;
	struct text log = TEXT_INIT, made = TEXT_INIT;
	struct error err;
	const char *at, *next;

	if (!text_read_file(&log, arena_fmt(a, LOGS "%s.log", name), 1 << 20, &err))
		fail_msg("%s", err.text);
	for (at = log.s; (next = strstr(at, there)); at = next + sizeof there - 1) {
		text_add(&made, at, (size_t)(next - at));
		text_str(&made, scratch_path(s, "work"));
	}
	text_str(&made, at);
	scratch_write(s, "log", made.s);
	for (size_t i = 0; i < sizeof further / sizeof *further; i++) {
		text_clear(&log);
		if (text_read_file(
			    &log, arena_fmt(a, LOGS "%s.%s", name, further[i][0]), 1 << 20, &err))
			scratch_write(s, further[i][1], log.s);
	}
	text_release(&log);
	text_release(&made);
}

/* A row of the table: NAME | the id of its cause, - if it is unknown | its first real error line, "" if there is none. */
static bool is_explained(const char *row)
{
	struct scratch s;
	struct failed_step f = {0};
	struct explanation x;
	struct error err = {0};
	const char *name, *id, *line, *bar = strstr(row, " | "), *last;
	bool right;

	assert_non_null(bar);
	last = strstr(bar + 3, " | ");
	assert_non_null(last);
	scratch_make(&s);
	name = arena_strn(&s.place.arena, row, (size_t)(bar - row));
	id = arena_strn(&s.place.arena, bar + 3, (size_t)(last - bar) - 3);
	line = last + 3;
	lay_out(&s, name);
	f.log = scratch_path(&s, "log");
	f.work = scratch_path(&s, "work");
	f.package = strncmp(name, "p-", 2) == 0;
	if (!explain(&x, &f, &s.place, &s.place.arena, &err))
		fail_msg("%s", err.text);
	right = strcmp(x.id ? x.id : "-", id) == 0 && strcmp(x.line, line) == 0;
	if (!right)
		print_error("%s | %s | %s\n", name, x.id ? x.id : "-", x.line);
	scratch_remove(&s);
	return right;
}

static size_t count_logs(void)
{
	DIR *dir = opendir(LOGS);
	const struct dirent *d;
	size_t n = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)))
		n += strchr(d->d_name, '.') && strcmp(strchr(d->d_name, '.'), ".log") == 0;
	closedir(dir);
	return n;
}

/* Builds that really failed, and some that did not: each log says in its head how it was made. */
static void the_recorded_logs(void **state)
{
	struct text table = TEXT_INIT;
	struct error err;
	size_t n = 0, wrong = 0;

	(void)state;
	if (!text_read_file(&table, LOGS "causes", 1 << 20, &err))
		fail_msg("%s", err.text);
	for (char *rest = table.s, *row; (row = strsep(&rest, "\n"));) {
		if (!*row || *row == '#')
			continue;
		n++;
		wrong += !is_explained(row);
	}
	text_release(&table);
	assert_int_equal(wrong, 0);
	assert_int_equal(n, count_logs());
}

/* Foreign bytes decide which file is read: only one of the step's own, and never what cannot be read to its end. */
static void only_the_steps_own_files_are_read(void **state)
{
	static const char *const where[] = {"secret", "work/../secret", "work/pipe", "work/none"};
	struct scratch s;
	struct explanation x;
	struct error err;

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "secret/config.log",
		"configure:1: checking x\nx.c:1: error: secret\nconfigure:2: error: y\n");
	scratch_write(&s, "work/pipe/x", "");
	assert_int_equal(mkfifo(scratch_path(&s, "work/pipe/config.log"), 0600), 0);
	for (size_t i = 0; i < sizeof where / sizeof *where; i++) {
		struct failed_step f = {
			.log = scratch_path(&s, "log"), .work = scratch_path(&s, "work")};

		scratch_write(&s, "log",
			arena_fmt(&s.place.arena,
				"configure: error: in `%s':\nconfigure: error: it is so\n",
				scratch_path(&s, where[i])));
		assert_true(explain(&x, &f, &s.place, &s.place.arena, &err));
		assert_string_equal(x.line, "configure: error: it is so");
	}
	scratch_remove(&s);
}

static void a_program_killed_from_outside(void **state)
{
	struct scratch s;
	struct failed_step f = {.sentence = "make ended with killed by SIGKILL"};
	struct explanation x;
	struct error err;

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "log", "  CC x.o\n");
	f.log = scratch_path(&s, "log");
	assert_true(explain(&x, &f, &s.place, &s.place.arena, &err));
	assert_string_equal(x.line, f.sentence);
	assert_true(x.known);
	scratch_remove(&s);
}

/* Our own sentence is the line; the log is not searched, it may contain anything. */
static void our_own_sentences(void **state)
{
	struct scratch s;
	struct failed_step f = {
		.sentence = "CONFIG_TMPFS did not stick: it needs SHMEM", .builtin = true};
	struct explanation x;
	struct error err;

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "log", "x.c:1: error: nonsense\n");
	f.log = scratch_path(&s, "log");
	assert_true(explain(&x, &f, &s.place, &s.place.arena, &err));
	assert_string_equal(x.line, f.sentence);
	assert_non_null(strstr(x.cause, "depends on"));
	scratch_remove(&s);
}

/* Only the action that failed counts; an earlier one may have printed anything. */
static void earlier_actions_do_not_count(void **state)
{
	struct scratch s;
	struct failed_step f = {.began = "+ run make all\n"};
	struct explanation x;
	struct error err;

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "log",
		"# action  run make all\n+ run ./configure\nx.c:1: error: a probe\n+ run make all\n"
		"y.c:1: error: the real one\n");
	f.log = scratch_path(&s, "log");
	assert_true(explain(&x, &f, &s.place, &s.place.arena, &err));
	assert_string_equal(x.line, "y.c:1: error: the real one");
	scratch_remove(&s);
}

static void control_characters_are_taken_out(void **state)
{
	struct scratch s;
	struct failed_step f = {0};
	struct explanation x;
	struct error err;

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "log", "x.c:1: \x1b[31merror: \xff red\n");
	f.log = scratch_path(&s, "log");
	assert_true(explain(&x, &f, &s.place, &s.place.arena, &err));
	assert_null(strchr(x.line, '\x1b'));
	assert_null(strchr(x.line, '\xff'));
	scratch_remove(&s);
}

/* What the cause of a missing python3 is called when PATH has it: a link, a launch script, or the thing itself. */
static const char *cause_of(struct scratch *s, const char *said)
{
	struct jail_view views[] = {{JAIL_SYSTEM, "/usr"}, {JAIL_SYSTEM, "/bin"},
		{JAIL_READ, scratch_path(s, "home/bin")}};
	const struct jail jail = {.views = {views, 3, 3}};
	struct failed_step f = {.jail = &jail, .search = views[2].path};
	struct explanation x;
	struct error err;

	scratch_write(s, "log", said);
	f.log = scratch_path(s, "log");
	assert_true(explain(&x, &f, &s->place, &s->place.arena, &err));
	assert_true(x.known && x.host);
	return arena_fmt(&s->place.arena, "%s; %s", x.cause, x.remedy);
}

static void a_program_that_the_sandbox_hides_is_not_called_missing(void **state)
{
	static const char said[] = "/bin/sh: 1: python3: not found\n";
	struct scratch s;
	const char *cause, *proper;

	(void)state;
	scratch_make(&s);
	scratch_write(&s, "home/opt/python/bin/python3", "#!/bin/sh\n");
	proper = scratch_path(&s, "home/opt/python/bin/python3");
	assert_int_equal(chmod(proper, 0755), 0);
	scratch_write(&s, "home/bin/python3",
		arena_fmt(&s.place.arena, "#!/bin/sh\nexec '%s' \"$@\"\n", proper));
	assert_non_null(strstr(cause_of(&s, said), "missing")); /* not one that can be started */
	assert_int_equal(chmod(scratch_path(&s, "home/bin/python3"), 0755), 0);
	cause = cause_of(&s, said);
	assert_non_null(strstr(cause, "python3 is there"));
	assert_non_null(strstr(cause, proper));
	assert_non_null(strstr(cause, arena_fmt(&s.place.arena, "sandbox-read = %s in",
					      scratch_path(&s, "home/opt/python"))));
	assert_int_equal(unlink(scratch_path(&s, "home/bin/python3")), 0);
	assert_int_equal(symlink(proper, scratch_path(&s, "home/bin/python3")), 0);
	assert_non_null(strstr(
		cause_of(&s, "*** These critical programs are missing or too old: gawk python3\n"),
		"python3 is there"));
	/* seen: then it is something else that is missing */
	assert_int_equal(unlink(scratch_path(&s, "home/bin/python3")), 0);
	assert_int_equal(symlink("/bin/sh", scratch_path(&s, "home/bin/python3")), 0);
	assert_non_null(strstr(cause_of(&s, said), "missing"));
	scratch_remove(&s);
}

static void a_broken_table_is_told(void **state)
{
	struct scratch s;
	struct failed_step f = {.sentence = "x"};
	struct explanation x;
	struct error err = {0};

	(void)state;
	scratch_make(&s);
	scratch_write(
		&s, "data/share/diagnosis/build.table", "[message a]\ntext = xyz\nmatch = (\n");
	s.place.data.at[0] = scratch_path(&s, "data");
	assert_false(explain(&x, &f, &s.place, &s.place.arena, &err));
	assert_non_null(strstr(err.text, "build.table:3"));
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_corpus),
		cmocka_unit_test(the_recorded_logs),
		cmocka_unit_test(only_the_steps_own_files_are_read),
		cmocka_unit_test(a_program_killed_from_outside),
		cmocka_unit_test(our_own_sentences),
		cmocka_unit_test(earlier_actions_do_not_count),
		cmocka_unit_test(control_characters_are_taken_out),
		cmocka_unit_test(a_program_that_the_sandbox_hides_is_not_called_missing),
		cmocka_unit_test(a_broken_table_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
