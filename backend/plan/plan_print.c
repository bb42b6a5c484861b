/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a plan as text for golden tests, as the contract's JSON object, and as a graph for dot(1). */
#include "plan/plan.h"

#include "base/clock.h"
#include "base/expand.h"
#include "base/text.h"
#include "plan/action_facts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* This machine's folders are replaced by names, longest first; keys are shortened. */
static void print_portable(const struct plan *p, const char *s, struct text *out)
{
	const struct {
		const char *path, *name;
	} known[] = {{p->output, "{output}"}, {p->cache, "{cache}"}};

	while (*s) {
		size_t i, len = 0;

		for (i = 0; i < 2; i++) {
			len = strlen(known[i].path);
			if (strncmp(s, known[i].path, len) == 0)
				break;
		}
		if (i < 2) {
			text_str(out, known[i].name);
			s += len;
		} else {
			text_char(out, *s++);
		}
	}
}

static void print_actions(const struct plan *p, const struct step *s, struct text *out)
{
	struct text shown = TEXT_INIT;

	for (size_t i = 0; i < s->actions.n; i++) {
		text_fmt(out, "  %s", action_facts(s->actions.at[i].verb)->word);
		for (size_t k = 0; k < s->actions.at[i].args.n; k++) {
			text_clear(&shown);
			expand_print(&shown, s->actions.at[i].args.at[k], NULL, NULL);
			text_char(out, ' ');
			print_portable(p, shown.s, out);
		}
		text_char(out, '\n');
	}
	text_release(&shown);
}

void plan_print(const struct plan *p, struct text *out)
{
	text_fmt(out, "plan %s\n", p->profile);
	for (size_t i = 0; i < p->sources.n; i++)
		text_fmt(out, "source %s %s %s\n", p->sources.at[i].component,
			p->sources.at[i].version,
			p->sources.at[i].sha256 ? p->sources.at[i].sha256 : "accepted");
	for (size_t i = 0; i < p->own.n; i++)
		text_fmt(out, "source %s %s beside its recipe\n", p->own.at[i].component,
			p->own.at[i].version);
	for (size_t i = 0; i < p->cures.n; i++)
		text_fmt(out, "cure %s of %s\n", p->cures.at[i]->name, p->cures.at[i]->component);
	for (size_t i = 0; i < p->units.n; i++) {
		text_fmt(out, "\nunit %s %s\n", p->units.at[i]->name, p->units.at[i]->key);
		text_str(out, p->units.at[i]->inputs);
	}
	for (size_t i = 0; i < p->steps.n; i++) {
		const struct step *s = p->steps.at[i];

		text_fmt(out, "\nstep %s\n", s->id);
		for (size_t k = 0; k < s->needs.n; k++)
			text_fmt(out, "  after %s\n", s->needs.at[k]->id);
		print_actions(p, s, out);
	}
}

static json_t *step_json(const struct step *s)
{
	static const char *const from[] = {[COST_UNKNOWN] = "no",
		[COST_HERE] = "here",
		[COST_MEASURED] = "measured",
		[COST_SIZE] = "size"};
	json_t *o = json_object(), *needs = json_array();

	for (size_t i = 0; i < s->needs.n; i++)
		json_array_append_new(needs, json_string(s->needs.at[i]->id));
	json_object_set_new(o, "id", json_string(s->id));
	json_object_set_new(o, "kind", json_string(s->title));
	json_object_set_new(o, "key", json_string(s->unit->key));
	json_object_set_new(o, "needs", needs);
	json_object_set_new(o, "state", json_string(s->cached ? "cached" : "run"));
	json_object_set_new(o, "why", json_string(s->why ? s->why : ""));
	json_object_set_new(o, "seconds",
		s->cost.from == COST_UNKNOWN ? json_null()
					     : json_real(clock_round(s->cost.seconds)));
	json_object_set_new(o, "cpu_seconds",
		s->cost.from == COST_UNKNOWN ? json_null() : json_real(clock_round(s->cost.cpu)));
	json_object_set_new(o, "archive_bytes", json_integer((json_int_t)s->cost.archive));
	json_object_set_new(o, "known", json_string(from[s->cost.from]));
	return o;
}

static json_t *cure_json(const struct cure *c)
{
	json_t *gives = json_array();

	for (size_t i = 0; i < c->gives.n; i++)
		json_array_append_new(gives, json_pack("{s:s,s:s}", "key", c->gives.at[i].key,
						     "value", c->gives.at[i].value));
	return json_pack("{s:s,s:s,s:s,s:s?,s:o,s:s,s:s}", "name", c->name, "component",
		c->component, "left", c->left, "right", c->right, "gives", gives, "reason",
		c->reason, "source", c->source);
}

void plan_print_json(const struct plan *p, struct text *out)
{
	json_t *root = json_object(), *steps = json_array(), *cost = json_object(),
	       *cures = json_array(), *patches = json_array();
	const struct forecast *f = &p->forecast;
	char *s;

	for (size_t i = 0; i < p->steps.n; i++)
		json_array_append_new(steps, step_json(p->steps.at[i]));
	json_object_set_new(cost, "download_bytes", json_integer((json_int_t)f->download_bytes));
	json_object_set_new(cost, "disk_bytes", json_integer((json_int_t)f->disk_bytes));
	json_object_set_new(
		cost, "seconds", f->seconds > 0 ? json_real(clock_round(f->seconds)) : json_null());
	json_object_set_new(cost, "seconds_least",
		f->seconds > 0 ? json_real(clock_round(f->least)) : json_null());
	json_object_set_new(cost, "seconds_most",
		f->seconds > 0 ? json_real(clock_round(f->most)) : json_null());
	json_object_set_new(cost, "image_bytes",
		f->image_bytes ? json_integer((json_int_t)f->image_bytes) : json_null());
	json_object_set_new(root, "profile", json_string(p->profile));
	json_object_set_new(root, "steps", steps);
	for (size_t i = 0; i < p->cures.n; i++)
		json_array_append_new(cures, cure_json(p->cures.at[i]));
	for (size_t i = 0; i < p->patched.n; i++)
		json_array_append_new(
			patches, json_pack("{s:s,s:s,s:s}", "component", p->patched.at[i].component,
					 "version", p->patched.at[i].version, "patches",
					 p->patched.at[i].patches));
	json_object_set_new(root, "cures", cures);
	json_object_set_new(root, "patches", patches);
	json_object_set_new(root, "forecast", cost);
	s = json_dumps(root, JSON_COMPACT);
	if (!s)
		abort();
	text_str(out, s);
	free(s);
	json_decref(root);
}

void plan_print_dot(const struct plan *p, struct text *out)
{
	text_fmt(out, "digraph \"%s\" {\n\trankdir=LR;\n\tnode [shape=box];\n", p->profile);
	for (size_t i = 0; i < p->steps.n; i++) {
		const struct step *s = p->steps.at[i];

		text_fmt(out, "\t\"%s\" [style=%s];\n", s->id, s->cached ? "dashed" : "bold");
		for (size_t k = 0; k < s->needs.n; k++)
			text_fmt(out, "\t\"%s\" -> \"%s\";\n", s->needs.at[k]->id, s->id);
	}
	text_str(out, "}\n");
}
