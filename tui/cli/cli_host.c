/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `doctor`: reports what this machine lacks, and installs it. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/settings.h"
#include "cli/cli_out.h"
#include "proc/host.h"
#include "proc/jail.h"
#include <string.h>
#include <unistd.h>

static void need_json(const struct host_need *n)
{
	say_json(json_pack("{s:o,s:o,s:o,s:b,s:b,s:o}", "need", json_text(n->tool), "purpose",
		json_text(n->purpose), "package", json_text(n->package), "present", n->present,
		"required", n->required, "found", json_text(n->found)));
}

static void tell_table(const struct cli *c, const struct host_report *r)
{
	struct table t = {.columns = 4};

	for (size_t i = 0; i < r->needs.n; i++) {
		const struct host_need *n = &r->needs.at[i];
		const char *state = n->present	  ? "ok"
				    : n->required ? "MISSING"
						  : "missing, optional";

		table_add(&t, state, n->tool,
			n->present    ? n->found
			: *n->package ? n->package
				      : "?",
			n->purpose);
	}
	say(c, "%s", r->distribution);
	table_print(c, &t);
	table_release(&t);
	say(c, "%s",
		r->kvm ? "/dev/kvm can be opened: test boots try KVM first"
		       : "no /dev/kvm: test boots are emulated, which is slower");
}

static size_t count_missing(const struct host_report *r, bool optional_too)
{
	size_t n = 0;

	for (size_t i = 0; i < r->needs.n; i++)
		n += !r->needs.at[i].present && (optional_too || r->needs.at[i].required);
	return n;
}

/* Exit status 7 comes with what is missing and how to get it. */
static bool judge(const struct host_report *r, struct error *err)
{
	struct text names = TEXT_INIT;
	bool ok = count_missing(r, false) == 0;

	for (size_t i = 0; i < r->needs.n; i++)
		if (!r->needs.at[i].present && r->needs.at[i].required)
			text_fmt(&names, "%s%s", names.len ? ", " : "", r->needs.at[i].tool);
	if (!ok)
		error_set(err, ERROR_HOST, "this machine lacks %s; %s%s", names.s,
			*r->install
				? "install it with: "
				: "no package of this system is known to bring it, so install it by hand",
			r->install);
	text_release(&names);
	return ok;
}

/* Asks at a terminal; where nobody can be asked --install itself is the consent. */
static bool may_install(
	const struct cli *c, const struct host_report *r, bool *yes, struct error *err)
{
	const char *ci = getenv("CI");
	struct text question = TEXT_INIT;
	bool ok;

	*yes = c->flags.yes || geteuid() == 0 || (ci && strcmp(ci, "true") == 0) ||
	       !isatty(STDIN_FILENO);
	if (*yes)
		return true;
	text_fmt(&question, "Run `%s`?", r->install);
	if (*r->warning)
		text_fmt(&question, " Mind: %s.", r->warning);
	ok = ask(c, question.s, "--yes", yes, err);
	text_release(&question);
	return ok;
}

static bool install(struct cli *c, struct host_report *r, struct error *err)
{
	bool yes;

	if (!count_missing(r, true))
		return true;
	if (!may_install(c, r, &yes, err))
		return false;
	if (!yes)
		return error_set(err, ERROR_HOST, "nothing was installed");
	fflush(stdout);
	if (!host_install(r, STDERR_FILENO, err))
		return false;
	host_report_release(r);
	return host_inspect(r, &c->place, err);
}

/* What a person's settings ask for is needed, too. */
static bool add_launcher(struct cli *c, struct host_report *r, struct error *err)
{
	struct settings s;
	struct error lacking;
	bool present;

	if (!settings_load(&s, &c->place, err))
		return false;
	present = settings_find_launcher(&s, &c->place, &lacking);
	if (!present)
		vec_push_in(&r->arena, &r->needs,
			(struct host_need){.tool = arena_str(&r->arena, s.launcher),
				.purpose = "launcher, in the settings of this machine",
				.package = "",
				.required = true,
				.found = ""});
	settings_release(&s);
	return true;
}

static void tell_unbounded(const struct cli *c, const struct jail_power *power)
{
	struct text what = TEXT_INIT;

	jail_unbounded(power, &what);
	say(c, "not bounded: %s", what.s);
	text_release(&what);
}

/* Whether build steps are kept in a sandbox here; ERROR_HOST if the settings require one. */
static bool tell_sandbox(struct cli *c, struct error *err)
{
	struct text words = TEXT_INIT;
	struct jail_power power;
	struct settings s;
	bool whole, ok;

	if (!settings_load(&s, &c->place, err))
		return false;
	jail_probe(&power, c->place.cache);
	jail_words(&power, &words);
	whole = jail_is_whole(&power);
	if (!whole)
		text_fmt(&words, "%s(%s)", words.len ? " " : "", power.lacks);
	if (c->flags.json)
		need_json(&(struct host_need){.tool = "sandbox",
			.purpose = "keeping what is built from your files and the network",
			.package = "",
			.present = whole,
			.required = s.sandbox.wish == JAIL_REQUIRE,
			.found = words.s});
	else
		say(c, "build steps are %s: %s%s",
			whole ? "confined" : "not confined, or only in part", words.s,
			s.sandbox.wish == JAIL_OFF ? "; but sandbox = off in the settings" : "");
	if (!c->flags.json && (power.spaces || power.landlock) && s.sandbox.wish != JAIL_OFF)
		tell_unbounded(c, &power);
	ok = whole || s.sandbox.wish != JAIL_REQUIRE ||
	     error_set(err, ERROR_HOST,
		     "sandbox = require in %s, but this machine allows no whole one for build steps (%s)",
		     c->place.config, power.lacks);
	text_release(&words);
	settings_release(&s);
	return ok;
}

bool verb_doctor(struct cli *c, struct error *err)
{
	struct host_report r;
	bool ok;

	if (!host_inspect(&r, &c->place, err))
		return false;
	ok = !c->flags.install || install(c, &r, err);
	if (!ok && err->kind != ERROR_HOST && err->kind != ERROR_USAGE)
		return false; /* the second look failed: the report is gone */
	if (ok && !add_launcher(c, &r, err)) {
		host_report_release(&r);
		return false;
	}
	for (size_t i = 0; c->flags.json && i < r.needs.n; i++)
		need_json(&r.needs.at[i]);
	if (!c->flags.json)
		tell_table(c, &r);
	ok = ok && tell_sandbox(c, err);
	if (ok && !c->flags.json && *r.install && !count_missing(&r, false))
		say(c, "all that is required is here; for the optional rest: %s", r.install);
	ok = ok && judge(&r, err);
	host_report_release(&r);
	return ok;
}
