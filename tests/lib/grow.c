/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Doubles inputs up to 2 MiB as long as the reader takes them in proportion; what is quick in small ones is left. */
#include "grow.h"
#include "base/text.h"
#include "replay.h"
#include <ctype.h>
#include <string.h>
#include <time.h>

enum { SMALLEST = 64 << 10, LARGEST = 2 << 20, CUTS = 6, QUICK_US = 2000, NOISE_US = 20000 };

static long cost(const struct text *input)
{
	struct timespec from, to;
	uint8_t *copy = xmalloc(input->len ? input->len : 1);

	memcpy(copy, input->s, input->len);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	LLVMFuzzerTestOneInput(copy, input->len);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	free(copy);
	return (to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000;
}

struct growth {
	const uint8_t *seed;
	size_t len;
	const char *
		by; /* with `many` bytes; a line with a number after `number` bytes, if that is not 0 */
	size_t many, number;
};

static void grow(struct text *out, const struct growth *g, size_t size)
{
	text_clear(out);
	text_add(out, g->seed, g->len);
	for (unsigned i = 0; out->len < size; i++) {
		text_add(out, g->by, g->number ? g->number : g->many);
		if (g->number) {
			text_fmt(out, "%07u", i);
			text_add(out, g->by + g->number, g->many - g->number);
		}
	}
}

static bool is_too_much(long now, long before)
{
	return now > NOISE_US && now > before * 3;
}

static bool in_proportion(const char *name, const char *kind, const struct growth *g)
{
	struct text input = TEXT_INIT;
	long before, now = 0;
	int faults = 0;

	grow(&input, g, SMALLEST);
	before = cost(&input);
	for (size_t size = SMALLEST * 2; size <= LARGEST && faults < 2; size *= 2, before = now) {
		grow(&input, g, size);
		now = cost(&input);
		if (size == SMALLEST * 2 && now < QUICK_US)
			break;
		for (int i = 0; i < 3 && is_too_much(now, before); i++) { /* once is no proof */
			long again = cost(&input);

			now = again < now ? again : now;
		}
		faults = is_too_much(now, before) ? faults + 1 : 0;
		if (faults == 2)
			printf("%s, %zu bytes and then %s %.*s: %ld us for %zu bytes, %ld for half of them\n",
				name, g->len, kind, (int)strcspn(g->by, "\n"), g->by, now, size,
				before);
	}
	text_release(&input);
	return faults < 2;
}

static bool last_lines(const char *name, struct growth g)
{
	size_t start = g.len && g.seed[g.len - 1] == '\n' ? g.len - 1 : g.len;
	bool ok;

	while (start > 0 && g.seed[start - 1] != '\n')
		start--;
	g.by = (const char *)g.seed + start;
	g.many = g.len - start;
	if (!g.many)
		return true;
	ok = in_proportion(name, "the line", &g);
	while (g.number < g.many && !isalnum((unsigned char)g.by[g.number]))
		g.number++;
	while (g.number < g.many && isalnum((unsigned char)g.by[g.number]))
		g.number++;
	return (!g.number || in_proportion(name, "numbered lines", &g)) && ok;
}

bool grow_try(const char *name, const uint8_t *seed, size_t len)
{
	static const char bytes[] = "\n a0([{<\"'\\/%,=:|.-#\xff";
	bool ok = true;

	for (size_t cut = 1; cut <= CUTS; cut++) {
		struct growth g = {.seed = seed, .len = len * cut / CUTS, .many = 1};
		const uint8_t *line = g.len ? memchr(seed + g.len, '\n', len - g.len) : NULL;

		for (size_t i = 0; i < sizeof bytes; i++) { /* the NUL, too */
			g.by = bytes + i;
			ok = in_proportion(name, "the byte", &g) && ok;
		}
		if (line)
			g.len = (size_t)(line - seed) + 1;
		ok = last_lines(name, g) && ok;
	}
	return ok;
}
