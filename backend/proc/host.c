/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what the build needs from this machine. share/host/prepare.sh does the same in shell. */
#include "proc/host.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/host_system.h"
#include "proc/proc.h"

#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define GOAL_RUN "run"

/* One section of share/host/needs. */
struct need {
	const char *name, *purpose;
	struct strings tool, header, library, file, module, goals;
	bool optional;
};

struct loader {
	struct arena *arena;
	VEC(struct need) needs;
};

static bool take_need(void *ctx, const struct conf_line *line, struct error *err)
{
	static const struct conf_field fields[] = {
		{"tool", CONF_WORDS, offsetof(struct need, tool)},
		{"header", CONF_WORDS, offsetof(struct need, header)},
		{"library", CONF_WORDS, offsetof(struct need, library)},
		{"file", CONF_WORDS, offsetof(struct need, file)},
		{"module", CONF_WORDS, offsetof(struct need, module)},
		{"for", CONF_WORDS, offsetof(struct need, goals)},
		{"purpose", CONF_TEXT, offsetof(struct need, purpose)},
		{"optional", CONF_YESNO, offsetof(struct need, optional)},
		{NULL, CONF_TEXT, 0},
	};
	struct loader *l = ctx;

	if (!conf_in(line, "[need NAME]", err))
		return false;
	if (!line->key) {
		vec_push_in(l->arena, &l->needs, (struct need){.name = line->name});
		return true;
	}
	return conf_store(fields, line, &l->needs.at[l->needs.n - 1], l->arena, err);
}

static bool contains(const struct strings *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->at[i], word) == 0)
			return true;
	return false;
}

/* Looks for FOLDER/NAME; folders may be patterns, because compilers search different ones on different systems. */
static bool find_below(const struct strings *names, const char *const *folders, struct text *path)
{
	for (size_t n = 0; n < names->n; n++) {
		for (const char *const *folder = folders; *folder; folder++) {
			glob_t hits = {0};
			bool found;

			text_clear(path);
			text_fmt(path, "%s%s%s", *folder, **folder ? "/" : "", names->at[n]);
			found = glob(path->s, 0, NULL, &hits) == 0;
			if (found) {
				text_clear(path);
				text_str(path, hits.gl_pathv[0]);
			}
			globfree(&hits);
			if (found)
				return true;
		}
	}
	return false;
}

static bool find_tool(const struct strings *names, struct text *path)
{
	for (size_t i = 0; i < names->n; i++)
		if (proc_find(names->at[i], NULL, path))
			return true;
	return false;
}

static bool look_for(const struct need *n, struct text *path)
{
	static const char *const include[] = {
		"/usr/include", "/usr/local/include", "/usr/include/*-*-*", NULL};
	static const char *const lib[] = {"/usr/lib", "/usr/lib64", "/lib", "/lib64",
		"/usr/local/lib", "/usr/lib/*-*-*", NULL};
	static const char *const anywhere[] = {"", NULL};

	if (find_tool(&n->tool, path) || find_below(&n->header, include, path) ||
		find_below(&n->library, lib, path) || find_below(&n->file, anywhere, path))
		return true;
	text_clear(path);
	return false;
}

/* What people call it: the program's own name, or the kind of file. */
static const char *shown_name(const struct need *n, struct arena *a)
{
	if (n->tool.n)
		return n->tool.at[0];
	if (n->header.n)
		return arena_fmt(a, "header %s", n->header.at[0]);
	if (n->library.n)
		return arena_fmt(a, "library %s", n->library.at[0]);
	return n->name;
}

static void join(struct text *out, const struct strings *words)
{
	for (size_t i = 0; i < words->n; i++)
		text_fmt(out, "%s%s", out->len && out->s[out->len - 1] != ' ' ? " " : "",
			words->at[i]);
}

static void inspect_need(
	struct host_report *r, const struct need *n, const struct host_system *system)
{
	const struct host_package *package = host_package_find(system, n->name);
	struct text path = TEXT_INIT, packages = TEXT_INIT;
	struct host_need found = {.tool = shown_name(n, &r->arena),
		.purpose = n->purpose ? n->purpose : "",
		.required = !n->optional,
		.present = look_for(n, &path)};

	if (package)
		join(&packages, &package->names);
	found.package = arena_str(&r->arena, packages.s);
	found.found = arena_str(&r->arena, path.s);
	vec_push_in(&r->arena, &r->needs, found);
	text_release(&path);
	text_release(&packages);
}

static void add_missing_packages(
	struct host_report *r, const struct need *n, const struct host_system *system)
{
	const struct host_package *package = host_package_find(system, n->name);

	for (size_t i = 0; package && i < package->names.n; i++)
		if (!contains(&r->packages, package->names.at[i]))
			vec_push_in(&r->arena, &r->packages, package->names.at[i]);
}

static const char *command_line(struct host_report *r, const char *become)
{
	struct text words = TEXT_INIT;
	const char *line;

	if (r->refresh_argv.n) {
		text_str(&words, become);
		join(&words, &r->refresh_argv);
		text_str(&words, " && ");
	}
	text_str(&words, become);
	join(&words, &r->install_argv);
	join(&words, &r->packages);
	line = arena_str(&r->arena, words.s);
	text_release(&words);
	return line;
}

static void copy_words(struct arena *a, struct strings *to, const struct strings *from)
{
	for (size_t i = 0; i < from->n; i++)
		vec_push_in(a, to, from->at[i]);
}

/* Other users need sudo; if there is none the command is only printed. */
static void make_commands(
	struct host_report *r, const struct loader *l, const struct host_system *system)
{
	bool root = geteuid() == 0;
	struct text sudo = TEXT_INIT;

	r->sudo = !root && proc_find("sudo", NULL, &sudo);
	text_release(&sudo);
	for (size_t i = 0; i < l->needs.n; i++)
		if (!r->needs.at[i].present)
			add_missing_packages(r, &l->needs.at[i], system);
	if (!system->install.n || !r->packages.n)
		return;
	copy_words(&r->arena, &r->refresh_argv, &system->refresh);
	copy_words(&r->arena, &r->quickly, &system->quickly);
	copy_words(&r->arena, &r->install_argv, &system->install);
	r->warning = system->warning ? system->warning : "";
	r->as_root = command_line(r, "");
	r->install = r->sudo ? command_line(r, "sudo ")
		     : root  ? r->as_root
			     : arena_fmt(&r->arena, "%s (as root)", r->as_root);
	if (!root && !r->sudo)
		r->packages.n = 0;
}

static bool kvm_opens(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Building and testing bootsmith is the makefile's job: here only what running it needs. */
static void drop_other_goals(struct loader *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->needs.n; i++)
		if (contains(&l->needs.at[i].goals, GOAL_RUN))
			l->needs.at[kept++] = l->needs.at[i];
	l->needs.n = kept;
}

bool host_inspect(struct host_report *r, const struct place *p, struct error *err)
{
	struct text path = TEXT_INIT;
	struct host_system system;
	struct loader l = {0};
	bool ok = false;

	*r = (struct host_report){.arena = ARENA_INIT, .install = "", .as_root = "", .warning = ""};
	l.arena = &r->arena;
	if (!place_find(p, "share/host/needs", &path)) {
		error_set(err, ERROR_INTERNAL,
			"share/host/needs is not in any data folder; is the installation complete?");
		goto out;
	}
	if (!conf_read(path.s, &r->arena, take_need, &l, err) ||
		!host_system_load(&system, p, NULL, &r->arena, err))
		goto out;
	drop_other_goals(&l);
	r->distribution = system.title;
	r->kvm = kvm_opens();
	for (size_t i = 0; i < l.needs.n; i++)
		inspect_need(r, &l.needs.at[i], &system);
	make_commands(r, &l, &system);
	ok = true;
out:
	text_release(&path);
	if (!ok)
		host_report_release(r);
	return ok;
}

void host_report_release(struct host_report *r)
{
	arena_release(&r->arena);
}

/* Runs the words of all lists; NULL ends them. Without a terminal for a password sudo must not wait for one. */
static bool run_command(const struct host_report *r, const struct strings *const lists[],
	int out_fd, int *status, struct error *err)
{
	struct arena a = ARENA_INIT;
	struct strings argv = {0};
	struct proc proc = {.out_fd = out_fd};
	bool ok;

	if (r->sudo)
		vec_push_in(&a, &argv, "sudo");
	if (r->sudo && !isatty(STDIN_FILENO))
		vec_push_in(&a, &argv, "-n");
	for (; *lists; lists++)
		copy_words(&a, &argv, *lists);
	vec_push_in(&a, &argv, NULL);
	proc.argv = argv.at;
	ok = proc_start(&proc, err);
	if (ok)
		proc_wait(&proc, -1, status);
	arena_release(&a);
	return ok;
}

/* If sudo refuses once, do not ask again. */
static bool ask_sudo(const struct host_report *r, int out_fd, struct error *err)
{
	const struct strings validate = {.at = (const char *[]){"-v"}, .n = 1};
	int status = 0;
	bool ok = true;

	if (r->sudo && isatty(STDIN_FILENO))
		ok = run_command(
			r, (const struct strings *const[]){&validate, NULL}, out_fd, &status, err);
	return ok && (status == 0 || error_set(err, ERROR_HOST, "sudo refuses; as root run: %s",
					     r->as_root));
}

/* One package at a time; those that failed go to `failed`. */
static bool install_singly(
	const struct host_report *r, int out_fd, struct text *failed, struct error *err)
{
	for (size_t i = 0; i < r->packages.n; i++) {
		const struct strings one = {.at = &r->packages.at[i], .n = 1};
		int status = 0;
		bool ok;

		ok = run_command(r, (const struct strings *const[]){&r->install_argv, &one, NULL},
			out_fd, &status, err);
		if (!ok)
			return false;
		if (status != 0)
			text_fmt(failed, "%s%s", failed->len ? ", " : "", r->packages.at[i]);
	}
	return true;
}

bool host_install(const struct host_report *r, int out_fd, struct error *err)
{
	const struct strings none = {0};
	struct text failed = TEXT_INIT;
	int refresh = 0, install = 0;
	bool ok = false;

	if (!r->packages.n)
		return error_set(err, ERROR_HOST, "nothing can be installed from here: %s",
			*r->install ? "it needs root and there is no sudo"
				    : "no package list is known for this system");
	if (!ask_sudo(r, out_fd, err))
		return false;
	if (r->refresh_argv.n &&
		!run_command(r,
			(const struct strings *const[]){&r->refresh_argv, &r->quickly, NULL},
			out_fd, &refresh, err))
		return false;
	/* a stale index may still do */
	if (!run_command(r,
		    (const struct strings *const[]){
			    &r->install_argv, refresh ? &r->quickly : &none, &r->packages, NULL},
		    out_fd, &install, err))
		return false;
	if (install && refresh)
		text_str(&failed, "all of them");
	else if (install && !install_singly(r, out_fd, &failed, err))
		goto out;
	ok = !failed.len ||
	     error_set(err, ERROR_HOST,
		     "packages that could not be installed: %s; the messages are above. "
		     "As root run: %s",
		     failed.s, r->as_root);
out:
	text_release(&failed);
	return ok;
}
