/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats sizes and times for people. */
#include "shared/words.h"

#include "base/text.h"
#include "run/event.h"
#include <inttypes.h>
#include <string.h>

void words_bytes(struct text *out, uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	double n = (double)bytes;
	size_t unit = 0;

	while (n >= 1024 && unit + 1 < sizeof units / sizeof *units) {
		n /= 1024;
		unit++;
	}
	text_fmt(out, unit && n < 100 ? "%.1f %s" : "%.0f %s", n, units[unit]);
}

/* All durations are rounded the same way, so that two shown side by side agree. */
static long whole(double seconds)
{
	return seconds > 0 ? (long)(seconds + 0.5) : 0;
}

void words_seconds(struct text *out, double seconds)
{
	long s = whole(seconds);

	if (seconds < 10)
		text_fmt(out, "%.1f s", seconds > 0 ? seconds : 0);
	else if (s < 120)
		text_fmt(out, "%ld s", s);
	else if (s < 3600)
		text_fmt(out, "%ld min %ld s", s / 60, s % 60);
	else
		text_fmt(out, "%ld h %ld min", s / 3600, s % 3600 / 60);
}

/* In a unit of so many seconds, in steps that grow with the number. */
static long coarse(double seconds, long unit)
{
	double n = seconds / (double)unit;
	long step = n < 20 ? 1 : n < 60 ? 5 : 10;

	if (unit == 1 && n >= 10 && n < 20)
		step = 5;
	return (long)(n / (double)step + 0.5) * step;
}

void words_about(struct text *out, double least, double most)
{
	static const struct {
		double below;
		long seconds;
		const char *name;
	} units[] = {{90, 1, "s"}, {150 * 60, 60, "min"}, {0, 3600, "h"}};
	size_t high = 0, low;
	long a, b;

	while (units[high].below > 0 && most >= units[high].below)
		high++;
	low = high;
	while (low > 0 && least < (double)units[low].seconds)
		low--;
	if (most < 5) {
		text_str(out, "a few seconds");
		return;
	}
	a = coarse(least, units[low].seconds);
	b = coarse(most, units[high].seconds);
	text_str(out, "about ");
	if (low != high)
		text_fmt(out, "%ld %s to ", a > 0 ? a : 1, units[low].name);
	else if (a < b)
		text_fmt(out, "%ld to ", a > 0 ? a : 1);
	text_fmt(out, "%ld %s", b, units[high].name);
}

void words_short(struct text *out, double seconds)
{
	long s = whole(seconds);

	if (seconds < 10)
		text_fmt(out, "%.1fs", seconds > 0 ? seconds : 0);
	else if (s < 60)
		text_fmt(out, "%lds", s);
	else if (s < 3600)
		text_fmt(out, "%ldm%02lds", s / 60, s % 60);
	else
		text_fmt(out, "%ldh%02ldm", s / 3600, s / 60 % 60);
}

void words_clock(struct text *out, double seconds)
{
	long s = whole(seconds);

	if (s >= 3600)
		text_fmt(out, "%ld:%02ld:%02ld", s / 3600, s % 3600 / 60, s % 60);
	else
		text_fmt(out, "%ld:%02ld", s / 60, s % 60);
}

void words_progress(struct text *out, uint64_t done, uint64_t total, enum progress_unit unit)
{
	bool bytes = unit == UNIT_BYTES;

	if (bytes)
		words_bytes(out, done);
	else
		text_fmt(out, "%" PRIu64, done);
	if (total) {
		text_str(out, " of ");
		if (bytes)
			words_bytes(out, total);
		else
			text_fmt(out, "%" PRIu64, total);
	}
	if (!bytes)
		text_fmt(out, " %s", progress_unit_word(unit));
	if (total)
		text_fmt(out, " (%d %%)",
			done < total ? (int)(100.0 * (double)done / (double)total) : 100);
}

void words_cure(struct text *out, const struct cure *c)
{
	text_fmt(out, "%s: %s%s%s gets", c->name, c->left, c->right ? " with " : "",
		c->right ? c->right : "");
	for (size_t i = 0; i < c->gives.n; i++)
		text_fmt(out, "%s %s %s", i ? "," : "", c->gives.at[i].key, c->gives.at[i].value);
	text_fmt(out, ", for %s (%s)", c->reason, c->source);
}

void words_device(struct text *out, const struct device *d)
{
	text_str(out, *d->model ? d->model : "a device without a name");
	if (*d->bus)
		text_fmt(out, " (%s)", d->bus);
}

void words_contents(struct text *out, const struct device *d)
{
	for (size_t i = 0; i < d->parts.n; i++) {
		const struct device_part *p = &d->parts.at[i];

		text_fmt(out, "%s%s %s", i ? ", " : "", p->name, *p->type ? p->type : "unknown");
		if (*p->label)
			text_fmt(out, " \"%s\"", p->label);
		text_char(out, ' ');
		words_bytes(out, p->bytes);
	}
	if (!d->parts.n)
		text_str(out, "nothing that is known");
}
