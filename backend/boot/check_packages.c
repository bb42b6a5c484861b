/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What chosen packages say themselves about how to see that they work: NAME.check beside the recipe, or the command `try`. */
#include "boot/check.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/facts.h"
#include "choice/package.h"
#include "choice/profile.h"
#include "choice/recipe.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { ORDER = 111 }; /* behind the check of those that say nothing */

/* A command is the guest's shell's, whose braces are no names of ours. */
static const char *literal(struct arena *a, const char *s)
{
	struct text out = TEXT_INIT;
	const char *all;

	for (; *s; s++) {
		if (*s == '{')
			text_char(&out, '{');
		text_char(&out, *s == '\n' ? ' ' : *s);
	}
	all = arena_str(a, out.s ? out.s : "");
	text_release(&out);
	return all;
}

static void put(struct check_list *l, struct check_lines *lines, const char *value)
{
	vec_push_in(&l->arena, lines, (struct check_line){.value = value});
}

/* Only its status counts; its last words say why. */
static void add_try(struct check_list *l, const struct package *k, const char *command)
{
	struct check *c = arena_alloc(&l->arena, sizeof *c);
	const char *said = literal(&l->arena, command);

	c->name = arena_fmt(&l->arena, "package-%s", k->name);
	c->file = k->recipe->file;
	c->order = ORDER;
	c->cause = arena_fmt(&l->arena, "The package %s does not work in this system.", k->name);
	c->remedy =
		"Run the command in the guest's shell and read what it says; a library or a file may be missing.";
	put(l, &c->run,
		arena_fmt(&l->arena,
			"( %s ) </dev/null >/tmp/try 2>&1; s=$?; [ $s = 0 ] && echo 'it works' || echo \"status $s, $(tail -n 1 /tmp/try)\"; rm -f /tmp/try",
			said));
	put(l, &c->expect, "^it works$");
	put(l, &c->pass, arena_fmt(&l->arena, "%s: `%s` works", k->name, said));
	put(l, &c->fail, arena_fmt(&l->arena, "%s: `%s` ended with {found}", k->name, said));
	vec_push_in(&l->arena, &l->of, c);
}

/* A library has no command of its name. */
static bool is_library(const struct recipe *r)
{
	for (size_t i = 0; i < r->values.n; i++)
		if (strcmp(r->values.at[i].key, "libraries") == 0)
			return true;
	return false;
}

bool check_add_packages(
	struct check_list *l, const struct profile *p, struct facts *facts, struct error *err)
{
	struct strings names = {0};
	struct text commands = TEXT_INIT, services = TEXT_INIT;
	const char *own = profile_get(p, "services");
	bool ok = true;

	text_str(&services, own ? own : "");
	package_chosen(p, &l->arena, &names);
	for (size_t i = 0; ok && i < names.n; i++) {
		const struct package *k = package_find(p->catalog, names.at[i]);
		const char *file = arena_fmt(&l->arena, "%s/%s.check", k->recipe->folder, k->name);
		const char *command = package_value(p, k, "try");
		const char *service = package_value(p, k, "service");

		if (service)
			text_fmt(&services, "%s%s", services.len ? " " : "", service);
		if (access(file, F_OK) == 0)
			ok = check_read(l, file, &p->catalog->traits, err);
		else if (command && *command)
			add_try(l, k, command);
		else if (!command && !is_library(k->recipe))
			text_fmt(&commands, "%s%s", commands.len ? " " : "", k->name);
	}
	facts_set(facts, "commands", "%s", commands.s ? commands.s : "");
	facts_set(facts, "services", "%s", services.s ? services.s : "");
	text_release(&commands);
	text_release(&services);
	check_sort(l);
	return ok;
}
