/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripted guests for tests of booting. */
#include "fake_guest.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct guest {
	int serial, control;
	bool kvm;
	int memory;		  /* MiB */
	const char *kernel;	  /* what uname says */
	const char *between;	  /* said in the middle of every answer */
	bool stays, dies, broken; /* ignores poweroff; ends while a check runs; never answers */
	bool holds; /* answers the last checks when somebody writes to the fifo "go" */
};

static void put(int fd, const char *s)
{
	size_t len = strlen(s);

	while (len) {
		ssize_t n = write(fd, s, len);

		if (n <= 0)
			exit(9);
		s += n;
		len -= (size_t)n;
	}
}

static void say(const struct guest *g, const char *s)
{
	put(g->serial, s);
}

static void shut_down(const struct guest *g, const char *reason)
{
	char line[200];

	snprintf(line, sizeof line,
		"{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, \"reason\": \"%s\"}}\r\n",
		reason);
	put(g->control, line);
	exit(0);
}

static void start_kernel(const struct guest *g)
{
	say(g, "[    0.000000] Linux version 9.8.7 (cc)\r\n"
	       "[    0.700000] Run /init as init process\r\n");
}

static const char *answer(const struct guest *g, const char *command)
{
	static const char *const table[][2] = {
		{"echo $((6 * 7))", "42\r\n"},
		{"cat /proc/mounts", "rootfs / rootfs rw 0 0\r\n"
				     "proc /proc proc rw 0 0\r\n"
				     "sysfs /sys sysfs rw 0 0\r\n"
				     "devtmpfs /dev devtmpfs rw 0 0\r\n"
				     "tmpfs /tmp tmpfs rw 0 0\r\n"},
		{"ls -ld ", "drwxr-xr-x    9 0        0              240 Jan  1 00:00 /\r\n"
			    "drwxr-xr-x    4 0        0              300 Jan  1 00:00 /etc\r\n"
			    "drwx------    2 0        0               40 Jan  1 00:00 /root\r\n"
			    "drwxrwxrwt    2 0        0               40 Jan  1 00:00 /tmp\r\n"},
		{"n=0; cat /etc/sysctl.conf", "8 settings\r\n"},
		{"cat /proc/$$/maps", "00400000-00401000 r--p 00000000 00:02 7 /bin/busybox\r\n"},
		{"dmesg -r", "<5>Linux version 9.8.7 (cc)\r\n"},
		{"tr ", "/bin/sh /init \r\nsh\r\n"},
		{"hostname", "fake\r\n"},
		{"grep -E ' (/|/live/root) '", "rootfs / rootfs rw 0 0\r\nwritten\r\n"},
	};

	if (strncmp(command, "uname", 5) == 0)
		return g->kernel;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strncmp(command, table[i][0], strlen(table[i][0])) == 0)
			return table[i][1];
	return "";
}

/* The shell's part of the conversation: echo of the line, first mark, output, second mark. */
static void obey(const struct guest *g, const char *line)
{
	char mark[64], command[300];
	unsigned n;

	say(g, line);
	say(g, "\r\n");
	if (strncmp(line, "poweroff", 8) == 0 && !g->stays)
		shut_down(g, "guest-shutdown");
	if (sscanf(line, "echo b\"s\"-%60[0-9a-f]-%u-begin; %299[^\n]", mark, &n, command) != 3 ||
		g->broken)
		return;
	/* opening a fifo waits for the other side */
	if (g->holds && strncmp(command, "hostname", 8) == 0)
		close(open("go", O_RDONLY | O_CLOEXEC));
	if (g->dies && strncmp(command, "hostname", 8) == 0)
		shut_down(g, "guest-shutdown");
	dprintf(g->serial, "bs-%s-%u-begin\r\n", mark, n);
	say(g, g->between);
	say(g, answer(g, command));
	dprintf(g->serial, "bs-%s-%u-end-0\r\n", mark, n);
}

static void shell(const struct guest *g)
{
	char line[1000];
	size_t len = 0;
	char byte;

	say(g, "~ # ");
	while (read(g->serial, &byte, 1) == 1) {
		if (byte != '\n' && len < sizeof line - 1) {
			line[len++] = byte;
			continue;
		}
		line[len] = '\0';
		len = 0;
		obey(g, line);
		say(g, "~ # ");
	}
}

static void wait_for_ever(void)
{
	for (;;)
		pause();
}

/* Reads a line that must be `word`. */
static void expect_line(const struct guest *g, const char *word)
{
	char byte;

	for (const char *s = word; *s; s++)
		if (read(g->serial, &byte, 1) != 1 || byte != *s)
			wait_for_ever();
	if (read(g->serial, &byte, 1) != 1 || byte != '\n')
		wait_for_ever();
	say(g, word); /* the echo of a terminal */
	say(g, "\r\n");
}

static void play_pass(struct guest *g)
{
	start_kernel(g);
	shell(g);
}

static void play_noisy(struct guest *g)
{
	g->between = "\x1b[6n\x1b]0;bs-0-1-end-0\a[   12.345678] e1000: eth0 is up\r\n"
		     "longer \x1b[31mline\x1b[0m\r\n";
	say(g, "\x1b"
	       "c\x1b[?7l\x1b[2J");
	start_kernel(g);
	say(g, "Please press Enter to activate this console. ");
	expect_line(g, "");
	say(g, "fake login: ");
	expect_line(g, "root");
	shell(g);
}

static void play_wrong(struct guest *g)
{
	g->kernel = "1.2.3\r\n";
	play_pass(g);
}

static void play_oops(struct guest *g)
{
	start_kernel(g);
	say(g, "[    0.900000] BUG: kernel NULL pointer dereference, address: 0\r\n"
	       "[    0.900001] Oops: 0000 [#1]\r\n");
	shell(g);
}

static void play_panic(struct guest *g)
{
	start_kernel(g);
	say(g, "[    0.800000] Failed to execute /init (error -2)\r\n"
	       "[    0.900000] Kernel panic - not syncing: No working init found.\r\n");
	shut_down(g, "guest-reset");
}

static void play_silent(struct guest *g)
{
	(void)g;
	wait_for_ever();
}

static void play_stuck(struct guest *g)
{
	say(g, "[    0.000000] Linux version 9.8.7 (cc)\r\n[    0.100000] waiting for nothing\r\n");
	wait_for_ever();
}

static void play_mute(struct guest *g)
{
	g->broken = true;
	play_pass(g);
}

static void play_dies(struct guest *g)
{
	g->dies = true;
	play_pass(g);
}

static void play_holds(struct guest *g)
{
	g->holds = true;
	play_pass(g);
}

static void play_stays(struct guest *g)
{
	g->stays = true;
	play_pass(g);
}

static void play_failure(struct guest *g)
{
	(void)g;
	fprintf(stderr, "fake-emulator: -frob: invalid option\n");
	exit(1);
}

static void play_off(struct guest *g)
{
	start_kernel(g);
	shut_down(g, "guest-shutdown");
}

static void play_reset(struct guest *g)
{
	shut_down(g, "guest-reset");
}

/* Ten million random bytes, then a healthy guest. */
static void play_flood(struct guest *g)
{
	char bytes[5001];
	unsigned seed = 7;

	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < sizeof bytes - 1; i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (char)(seed >> 16 & 0x7f ? seed >> 16 : 'x');
		}
		bytes[sizeof bytes - 1] = '\0';
		for (char *s = bytes; *s; s++)
			*s = *s ? *s : 'x';
		say(g, bytes);
	}
	say(g, "\x18\r\n");
	play_pass(g);
}

/* What a forger could prepare: prompts, marks, and text that looks like success. */
static void play_forger(struct guest *g)
{
	start_kernel(g);
	say(g, "~ # bs-0123456789abcdef-1-begin\r\n"
	       "bs-0123456789abcdef-1-end-0\r\n"
	       "bs--1-begin\r\n"
	       "bs--1-end-0\r\n"
	       "~ # ");
	wait_for_ever();
}

static void play_kvm_hang(struct guest *g)
{
	if (g->kvm)
		for (volatile bool busy = true; busy;)
			continue;
	play_pass(g);
}

/* Too busy the first time, fine the second. */
static void play_busy(struct guest *g)
{
	FILE *f = fopen("been-here", "rx");

	if (!f) {
		f = fopen("been-here", "w");
		start_kernel(g);
		say(g, "[    0.900000] Kernel panic - not syncing: IO-APIC + timer doesn't work!\r\n");
		shut_down(g, "guest-reset");
	}
	fclose(f);
	play_pass(g);
}

/* It takes 37 MiB to come up. */
static void play_hungry(struct guest *g)
{
	if (g->memory < 37)
		play_panic(g);
	play_pass(g);
}

static const struct {
	const char *name;
	void (*play)(struct guest *g);
} scenarios[] = {
	{"pass", play_pass},
	{"noisy", play_noisy},
	{"wrong", play_wrong},
	{"oops", play_oops},
	{"panic", play_panic},
	{"silent", play_silent},
	{"stuck", play_stuck},
	{"mute", play_mute},
	{"dies", play_dies},
	{"holds", play_holds},
	{"stays", play_stays},
	{"failure", play_failure},
	{"off", play_off},
	{"reset", play_reset},
	{"flood", play_flood},
	{"forger", play_forger},
	{"kvm-hang", play_kvm_hang},
	{"busy", play_busy},
	{"hungry", play_hungry},
};

static void read_scenario(char name[32])
{
	FILE *f = fopen("scenario", "r");

	if (!f || fscanf(f, "%31s", name) != 1)
		exit(8);
	fclose(f);
	f = fopen("pid", "w");
	if (!f)
		exit(8);
	fprintf(f, "%d", (int)getpid());
	fclose(f);
}

int fake_guest(int argc, char **argv)
{
	struct guest g = {.serial = -1, .control = -1, .kernel = "9.8.7\r\n", .between = ""};
	const char *instead = NULL;
	char name[32];

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--serial") == 0)
			g.serial = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--control") == 0)
			g.control = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--memory") == 0)
			g.memory = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--accel") == 0)
			g.kvm = strcmp(argv[i + 1], "kvm") == 0;
		else if (strcmp(argv[i], "--scenario") == 0)
			instead = argv[i + 1];
		else if (strcmp(argv[i], "--cpus-known") == 0)
			return puts("Known:\n  first   of all\n  second\n\n  third no processor") <
			       0;
		else if (strcmp(argv[i], "--devices-known") == 0)
			return puts("name \"fast\", bus PCI\nname \"newer\"") < 0;
	}
	read_scenario(name);
	if (instead)
		snprintf(name, sizeof name, "%s", instead);
	put(g.control, "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n");
	for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
		if (strcmp(scenarios[i].name, name) == 0)
			scenarios[i].play(&g);
	return 7;
}
