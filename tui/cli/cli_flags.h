/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flags of the command line, read by tables: a row has the flag's name, what value it takes and where to store it. Help and
 * the manual come from the same rows. `--flag value` and `--flag=value` are the same, and so are `-j 4` and `-j4`; letters
 * without values may be combined; `--` ends the flags; words may be mixed with flags. An unknown flag is ERROR_USAGE and suggests
 * the nearest known one.
 */
#ifndef CLI_FLAGS_H
#define CLI_FLAGS_H

#include "base/error.h"
#include "base/vec.h"

/* What all flags of all verbs store; each verb's table lists those it accepts. */
struct flags {
	bool help, version, plain, json, no_input, quiet, verbose;
	unsigned color; /* enum flag_color */
	const char *directory;
	bool force, all, install, yes, dot, offline, refresh, check_cache, interactive,
		smallest_memory, keep_sources, dry_run, update, images, keep, others, online;
	const char *from, *output, *profile;
	unsigned accel, firmware, display; /* enums of run_boot.h */
	bool list;
	const char *image, *yes_erase;
	long top; /* -1: not given */
	bool grid, gdb;
	const char *medium, *screenshot, *bridge, *cpus, *cpu, *cards;
	struct strings forwards;
	long jobs, memory, timeout, older_than; /* -1: not given */
	struct strings accept, disks, append;
};

#define FLAGS_INIT                                                                   \
	{                                                                            \
		.jobs = -1, .memory = -1, .timeout = -1, .older_than = -1, .top = -1 \
	}

enum flag_color { FLAG_COLOR_AUTO, FLAG_COLOR_ALWAYS, FLAG_COLOR_NEVER };

enum flag_type {
	FLAG_YES, /* takes no value */
	FLAG_TEXT,
	FLAG_CHOICE, /* one of the words of `value`, separated by '|': stores its number, for an enum in the same order */
	FLAG_NUMBER, /* a whole number, not negative */
	FLAG_WORDS,  /* may be given several times */
};

struct flag {
	const char *name; /* without the dashes; NULL ends a table */
	enum flag_type type;
	size_t offset;	   /* in struct flags */
	const char *value; /* what help calls the value: "PROFILE" */
	const char *help;
	char letter; /* -h, or 0 */
};

/* Reads argv[0..n) by `tables` (ended by NULL). With stop_at_word reading stops at the first word and *used gets the number of
 * arguments read, else all words go to `words`. Strings still belong to argv. */
struct flags_input {
	const struct flag *const *tables;
	char *const *argv;
	size_t n;
	bool stop_at_word;
};
CHECKED bool flags_parse(const struct flags_input *in, struct flags *into, struct strings *words,
	size_t *used, struct error *err);
void flags_release(struct flags *f);

/* Is this number of jobs possible? ERROR_USAGE. */
CHECKED bool flags_check_jobs(const struct flags *f, struct error *err);

#endif
