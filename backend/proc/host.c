/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for what the build needs from this machine; see host.h. Shell's side of the same data is share/host/prepare.sh. */
#include "proc/host.h"

#include "base/conf.h"
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

	if (!line->key && strcmp(line->kind, "need") != 0)
		return error_set(err, ERROR_PROFILE,
			"unknown section [%s]; here are only [need NAME]", line->kind);
	if (!line->key) {
		vec_push(&l->needs, (struct need){.name = line->name});
		return true;
	}
	if (!l->needs.n)
		return error_set(err, ERROR_PROFILE, "'%s' belongs below a [need NAME]", line->key);
	return conf_store(fields, line, &l->needs.at[l->needs.n - 1], l->arena, err);
}

static bool contains(const struct strings *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->at[i], word) == 0)
			return true;
	return false;
}

/* Looks for FOLDER/NAME in folders that may be patterns: where a compiler looks depends on the system's taste. */
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

/* What people call it: the program itself, or what kind of file is looked for. */
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
		text_fmt(out, "%s%s", out->len ? " " : "", words->at[i]);
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
	vec_push(&r->needs, found);
	text_release(&path);
	text_release(&packages);
}

static void add_missing_packages(
	struct host_report *r, const struct need *n, const struct host_system *system)
{
	const struct host_package *package = host_package_find(system, n->name);

	for (size_t i = 0; package && i < package->names.n; i++)
		if (!contains(&r->install_argv, package->names.at[i]))
			vec_push(&r->install_argv, package->names.at[i]);
}

static void start_command(struct strings *argv, const struct strings *command, bool sudo)
{
	if (sudo)
		vec_push(argv, "sudo");
	for (size_t i = 0; i < command->n; i++)
		vec_push(argv, command->at[i]);
}

/* Who is not root needs sudo; without it the command is only told. */
static void make_commands(
	struct host_report *r, const struct loader *l, const struct host_system *system)
{
	bool root = geteuid() == 0;
	struct text words = TEXT_INIT, sudo = TEXT_INIT;
	bool able = root || proc_find("sudo", NULL, &sudo);
	size_t before;

	if (system->refresh.n)
		start_command(&r->refresh_argv, &system->refresh, !root && able);
	start_command(&r->install_argv, &system->install, !root && able);
	before = r->install_argv.n;
	for (size_t i = 0; i < l->needs.n; i++)
		if (!r->needs.at[i].present)
			add_missing_packages(r, &l->needs.at[i], system);
	if (!system->install.n || r->install_argv.n == before) {
		r->refresh_argv.n = r->install_argv.n = 0;
	} else {
		join(&words, &r->refresh_argv);
		if (words.len)
			text_str(&words, " &&");
		join(&words, &r->install_argv);
		r->install = able ? arena_str(&r->arena, words.s)
				  : arena_fmt(&r->arena, "%s (as root)", words.s);
		if (!able)
			r->refresh_argv.n = r->install_argv.n = 0;
	}
	text_release(&words);
	text_release(&sudo);
}

static bool kvm_opens(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Building bootsmith and testing it is the makefile's business: here only what running it needs. */
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
	const char *os_release =
		access("/etc/os-release", R_OK) == 0 ? "/etc/os-release" : "/usr/lib/os-release";
	struct text path = TEXT_INIT;
	struct host_system system;
	struct loader l = {0};
	bool ok = false;

	*r = (struct host_report){.arena = ARENA_INIT, .install = ""};
	l.arena = &r->arena;
	if (!place_find(p, "share/host/needs", &path)) {
		error_set(err, ERROR_INTERNAL,
			"share/host/needs is not in any data folder; is the installation "
			"complete?");
		goto out;
	}
	if (!conf_read(path.s, &r->arena, take_need, &l, err) ||
		!host_system_load(&system, p, os_release, &r->arena, err))
		goto out;
	drop_other_goals(&l);
	r->distribution = system.title;
	r->kvm = kvm_opens();
	for (size_t i = 0; i < l.needs.n; i++)
		inspect_need(r, &l.needs.at[i], &system);
	make_commands(r, &l, &system);
	ok = true;
out:
	vec_release(&l.needs);
	text_release(&path);
	if (!ok)
		host_report_release(r);
	return ok;
}

void host_report_release(struct host_report *r)
{
	vec_release(&r->needs);
	vec_release(&r->refresh_argv);
	vec_release(&r->install_argv);
	arena_release(&r->arena);
}

static bool run_command(const struct strings *command, int out_fd, int *status, struct error *err)
{
	struct strings argv = {0};
	struct proc proc = {.out_fd = out_fd};
	bool ok;

	for (size_t i = 0; i < command->n; i++)
		vec_push(&argv, command->at[i]);
	vec_push(&argv, NULL);
	proc.argv = argv.at;
	ok = proc_start(&proc, err);
	if (ok)
		proc_wait(&proc, -1, status);
	vec_release(&argv);
	return ok;
}

bool host_install(const struct host_report *r, int out_fd, struct error *err)
{
	int status = 0;

	if (!r->install_argv.n)
		return error_set(err, ERROR_HOST, "nothing can be installed from here: %s",
			*r->install ? "it needs root and there is no sudo"
				    : "no package list is known for this system");
	/* an index that cannot be refreshed may still do */
	if (r->refresh_argv.n && !run_command(&r->refresh_argv, out_fd, &status, err))
		return false;
	if (!run_command(&r->install_argv, out_fd, &status, err))
		return false;
	return status == 0 || error_set(err, ERROR_HOST, "`%s` failed (%s); its messages are above",
				      r->install, proc_words(status).s);
}
