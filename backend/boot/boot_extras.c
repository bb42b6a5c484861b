/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person wants from a test boot besides its verdict: a debugger, a display, a picture of it, more ports. See boot.h. */
#include "boot/boot.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/bridge.h"
#include "boot/emulator.h"
#include "boot/machine.h"
#include "choice/catalog.h"
#include "choice/facts.h"
#include "choice/option.h"
#include "choice/profile.h"

#include <errno.h>
#include <libgen.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { PORT_MOST = 65535 };

static bool is_port(const char *s, size_t len)
{
	unsigned long n = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9' || i > 5)
			return false;
		n = n * 10 + (unsigned long)(s[i] - '0');
	}
	return n > 0 && n <= PORT_MOST;
}

static bool add_door(struct boot_job *job, const char *wish, struct error *err)
{
	size_t host = strcspn(wish, ":");
	const char *guest = wish[host] ? wish + host + 1 : "";

	if (!is_port(wish, host) || !is_port(guest, strlen(guest)))
		return error_set(err, ERROR_USAGE,
			"--forward takes HOST:GUEST, two port numbers such as 8080:80, not '%s'",
			wish);
	vec_push_in(&job->arena, &job->doors,
		arena_fmt(&job->arena, "%.*s %s", (int)host, wish, guest));
	facts_set(&job->facts, arena_fmt(&job->arena, "door-%zu", job->doors.n), "%s", guest);
	return true;
}

void boot_doors(struct boot_job *job, struct strings *forwards)
{
	for (size_t i = 0; i < job->doors.n; i++)
		vec_push_in(&job->arena, forwards,
			arena_fmt(&job->arena, "door-%zu %.*s!", i + 1,
				(int)strcspn(job->doors.at[i], " "), job->doors.at[i]));
}

static bool has_screen(void)
{
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");

	return (x && *x) || (wayland && *wayland);
}

static bool add_display(struct boot_job *job, enum display wish, struct error *err)
{
	if (wish == DISPLAY_AUTO)
		wish = has_screen() ? DISPLAY_WINDOW : DISPLAY_VNC;
	if (wish == DISPLAY_WINDOW && !has_screen())
		return error_set(err, ERROR_HOST,
			"there is no screen for a window here (DISPLAY and WAYLAND_DISPLAY are empty); --display vnc needs none");
	job->display = wish;
	facts_set(&job->facts, "display", "%s", display_word(wish));
	return true;
}

/* The emulator writes the file, and it runs in another folder. */
static bool add_screenshot(struct boot_job *job, const char *file, struct error *err)
{
	char *folder = realpath(dirname(arena_str(&job->arena, file)), NULL);
	const char *name = basename(arena_str(&job->arena, file));

	if (!folder)
		error_errno(err, "its folder cannot be found");
	if (!folder || !place_can_write_below(folder, err)) {
		free(folder);
		err->kind = ERROR_USAGE;
		return error_in(err, "--screenshot %s", file);
	}
	job->screenshot = arena_fmt(&job->arena, "%s/%s", folder, name);
	free(folder);
	return true;
}

static bool add_bridge(struct boot_job *job, const char *name, struct error *err)
{
	bool made = name && strcmp(name, "new") == 0;
	const char *helper;

	job->link = !name ? LINK_USER : made ? LINK_TAP : LINK_BRIDGE;
	facts_set(&job->facts, "link", "%s", link_word(job->link));
	if (!name || made)
		return true;
	if (job->doors.n)
		return error_set(err, ERROR_USAGE,
			"--forward leads into a network of the boot's own; on a bridge the guest has an address that everybody there reaches");
	helper = bridge_helper(name, &job->machine.bridge_helper, err);
	if (!helper)
		return false;
	facts_set(&job->facts, "bridge", "%s", name);
	facts_set(&job->facts, "bridge-helper", "%s", helper);
	return true;
}

/* A flag that stands for the option of the same name. */
static bool add_choice(struct boot_job *job, const char *name, const char *value, struct error *err)
{
	const struct option *o = option_find(&job->facts.profile->catalog->options, name);

	if (!value)
		return true;
	if (!o)
		return error_set(err, ERROR_USAGE, "there is no option '%s'", name);
	if (!option_accepts(o, value, err)) {
		err->kind = ERROR_USAGE;
		return error_in(err, "--%s", name);
	}
	facts_set(&job->facts, name, "%s", value);
	return true;
}

/* The models in the emulator's list; the arena's. */
static bool list_models(struct boot_job *job, struct strings *models, struct error *err)
{
	struct text list = TEXT_INIT;
	regmatch_t at[3];
	regex_t regex;
	bool ok = emulator_says(job->machine.program, &job->machine.ask_cpus, &list, err);

	if (ok && regcomp(&regex, job->machine.cpu_pattern, REG_EXTENDED) != 0) {
		ok = error_set(err, ERROR_PROFILE, "cpu-pattern: '%s' is not a regular expression",
			job->machine.cpu_pattern);
	} else if (ok) {
		for (const char *s = list.s; *s && *s != '\n';
			s += strcspn(s, "\n"), s += *s != 0) {
			const char *line = arena_strn(&job->arena, s, strcspn(s, "\n"));

			if (regexec(&regex, line, 3, at, 0) == 0 && at[regex.re_nsub].rm_so >= 0)
				vec_push_in(&job->arena, models,
					arena_strn(&job->arena, line + at[regex.re_nsub].rm_so,
						(size_t)(at[regex.re_nsub].rm_eo -
							 at[regex.re_nsub].rm_so)));
		}
		regfree(&regex);
	}
	text_release(&list);
	return ok;
}

/* A model that the emulator does not know would end it at once. */
static bool check_model(struct boot_job *job, struct error *err)
{
	const char *cpu = facts_get(&job->facts, "cpu"), *near;
	size_t len = cpu ? strcspn(cpu, ",") : 0;
	struct strings models = {0};

	if (!cpu || strcmp(cpu, "auto") == 0 || !job->machine.cpu_pattern)
		return true;
	if (!list_models(job, &models, err))
		return false;
	cpu = arena_strn(&job->arena, cpu, len);
	for (size_t i = 0; i < models.n; i++)
		if (strcmp(models.at[i], cpu) == 0)
			return true;
	near = conf_nearest(cpu, models.at, models.n);
	return error_set(err, ERROR_USAGE,
		"%s knows no processor '%s'%s%s%s; `%s %s %s` lists them", job->machine.program,
		cpu, near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "",
		job->machine.program, job->machine.ask_cpus.at[0], job->machine.ask_cpus.at[1]);
}

void boot_after(void *ctx)
{
	const struct boot_job *job = ctx;

	if (job->link == LINK_TAP)
		bridge_remove(getpid());
}

bool boot_add_extras(struct boot_job *job, const struct boot_options *o, struct error *err)
{
	facts_set(&job->facts, "gdb", o->gdb ? "yes" : "no");
	facts_set(&job->facts, "screenshot", o->screenshot ? "yes" : "no");
	/* debugging takes time */
	if (o->gdb && o->timeout_s <= 0)
		job->limit_s = 1e9;
	for (size_t i = 0; o->forwards && i < o->forwards->n; i++)
		if (!add_door(job, o->forwards->at[i], err))
			return false;
	return add_choice(job, "cpus", o->cpus, err) && add_choice(job, "cpu", o->cpu, err) &&
	       add_choice(job, "cards", o->cards, err) && (o->glance || check_model(job, err)) &&
	       add_bridge(job, o->bridge, err) && add_display(job, o->display, err) &&
	       (!o->screenshot || add_screenshot(job, o->screenshot, err));
}
