/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers the screens' questions about a run's model: counts, order of interest, progress in words (model.h). */
#include "shared/model.h"

#include "base/text.h"
#include "base/vec.h"
#include "run/event.h"

enum { KIB = 1024, MIB = 1024 * KIB };

size_t model_count(const struct model *m, enum model_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < m->steps.n; i++)
		n += m->steps.at[i].state == state;
	return n;
}

size_t model_ended(const struct model *m)
{
	return m->steps.n - model_count(m, STEP_WAIT) - model_count(m, STEP_RUN);
}

bool model_was_cancelled(const struct model *m)
{
	/* also before the first step */
	bool stopped = m->status > 128 || model_count(m, STEP_CANCELLED);

	return m->finished && !m->ok && !m->lost && stopped && !model_count(m, STEP_FAILED);
}

size_t model_checks_ok(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->checks.n; i++)
		n += m->checks.at[i].outcome == CHECK_PASSED;
	return n;
}

size_t model_checks_untested(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->checks.n; i++)
		n += m->checks.at[i].outcome == CHECK_UNTESTED;
	return n;
}

const char *model_state_word(enum model_state state)
{
	static const char *const words[STEP_STATES] = {
		[STEP_WAIT] = "wait",
		[STEP_RUN] = "run",
		[STEP_OK] = "ok",
		[STEP_CACHED] = "cached",
		[STEP_FAILED] = "FAIL",
		[STEP_SKIPPED] = "skip",
		[STEP_CANCELLED] = "stop",
	};

	return words[state];
}

static void add_state(
	const struct model *m, enum model_state state, bool newest_first, struct model_order *out)
{
	for (size_t i = 0; i < m->steps.n; i++) {
		size_t at = newest_first ? m->steps.n - 1 - i : i;

		if (m->steps.at[at].state == state)
			vec_push(out, at);
	}
}

void model_sort(const struct model *m, struct model_order *out)
{
	out->n = 0;
	add_state(m, STEP_RUN, false, out);
	add_state(m, STEP_FAILED, false, out);
	add_state(m, STEP_CANCELLED, false, out);
	add_state(m, STEP_WAIT, false, out);
	add_state(m, STEP_SKIPPED, false, out);
	add_state(m, STEP_OK, true, out);
	add_state(m, STEP_CACHED, true, out);
}

static double left(const struct model_step *s)
{
	if (!s->total)
		return 0.5;
	return s->done >= s->total ? 0 : 1 - (double)s->done / (double)s->total;
}

const struct model_step *model_busiest(const struct model *m)
{
	const struct model_step *best = NULL;

	for (size_t i = 0; i < m->steps.n; i++) {
		const struct model_step *s = &m->steps.at[i];

		/* People wait for the one that has been running longest; ties by what is left. */
		if (s->state != STEP_RUN)
			continue;
		if (!best || s->began < best->began ||
			(s->began <= best->began && left(s) > left(best)))
			best = s;
	}
	return best;
}

void model_print_progress(const struct model_step *s, struct text *out)
{
	if (!s->done && !s->total)
		return;
	if (s->unit == UNIT_BYTES) {
		bool large = (s->total > s->done ? s->total : s->done) >= MIB;
		double unit_bytes = large ? MIB : KIB;

		text_fmt(out, "%.*f", large, (double)s->done / unit_bytes);
		if (s->total)
			text_fmt(out, "/%.*f", large, (double)s->total / unit_bytes);
		text_str(out, large ? " MiB" : " KiB");
	} else if (s->total) {
		text_fmt(out, "%llu/%llu %s", (unsigned long long)s->done,
			(unsigned long long)s->total, progress_unit_word(s->unit));
	} else {
		text_fmt(out, "%llu %s", (unsigned long long)s->done, progress_unit_word(s->unit));
	}
}

double model_share(const struct model_step *s)
{
	double share = s->total ? (double)s->done / (double)s->total : 0;

	return share < 0.99 ? share : 0.99;
}

static bool is_over(const struct model_step *s)
{
	return s->state != STEP_RUN && s->state != STEP_WAIT;
}

/* How much of the run a step is: what it is expected to take, else each the same. */
static double weight(const struct model *m, const struct model_step *s)
{
	if (m->seconds_expected <= 0)
		return 1;
	return s->expected > 0 ? s->expected : s->state == STEP_CACHED ? 0 : 0.01;
}

/* Of the running step: what it counts says more than the time it took. */
static double share_of(const struct model *m, const struct model_step *s, double now)
{
	double spent = now - s->began;

	if (s->total || m->seconds_expected <= 0 || s->expected <= 0)
		return model_share(s);
	return spent > 0 ? spent / (spent + s->expected / 2) : 0;
}

static double part_at(const struct model *m, double now)
{
	double sum = 0, all = 0;

	for (size_t i = 0; i < m->steps.n; i++) {
		const struct model_step *s = &m->steps.at[i];
		double w = weight(m, s);

		all += w;
		sum += w * (is_over(s) ? 1 : s->state == STEP_RUN ? share_of(m, s, now) : 0);
	}
	return all > 0 ? sum / all : model_count(m, STEP_RUN) + model_count(m, STEP_WAIT) ? 0 : 1;
}

double model_part(const struct model *m)
{
	return m->steps.n ? part_at(m, m->last) : 0;
}

bool model_left(const struct model *m, double now, double *least, double *most)
{
	double part = part_at(m, now), trust = part * 4 < 1 ? part * 4 : 1;
	double spent = m->first > 0 ? now - m->first : 0, whole = m->seconds_expected, doubt;

	if (whole <= 0 || m->finished)
		return false;
	if (part > 0)
		whole += trust * (spent / part - whole);
	/* what is left of the doubt */
	doubt = 1.1 + (m->most / m->seconds_expected - 1) * (1 - trust);
	*least = (1 - part) * whole / doubt;
	*most = (1 - part) * whole * doubt;
	return true;
}
