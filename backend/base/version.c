/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares version numbers. A version is a sequence of runs of digits and runs of letters; everything else only separates. A word
 * that announces a release ("rc") sorts before the release itself, any other letter after it.
 */
#include "base/version.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

static const char *skip_separators(const char *s)
{
	while (*s && !isalnum((unsigned char)*s))
		s++;
	return s;
}

static size_t run_of(const char *s, int (*is)(int))
{
	size_t n = 0;

	while (is((unsigned char)s[n]))
		n++;
	return n;
}

static bool announces(const char *s)
{
	static const char *const words[] = {"rc", "alpha", "beta", "pre"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncmp(s, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* One of the two has ended: the longer one is newer unless its extra part announces the release. */
static int compare_end(const char *a, const char *b)
{
	if (!*a && !*b)
		return 0;
	if (*a)
		return announces(a) ? -1 : 1;
	return announces(b) ? 1 : -1;
}

static int compare_numbers(const char **a, const char **b)
{
	size_t la, lb;
	int order;

	while (**a == '0' && isdigit((unsigned char)(*a)[1]))
		++*a;
	while (**b == '0' && isdigit((unsigned char)(*b)[1]))
		++*b;
	la = run_of(*a, isdigit);
	lb = run_of(*b, isdigit);
	order = la != lb ? (la < lb ? -1 : 1) : strncmp(*a, *b, la);
	*a += la;
	*b += lb;
	return order;
}

static int compare_words(const char **a, const char **b)
{
	size_t la = run_of(*a, isalpha), lb = run_of(*b, isalpha);
	int order = strncmp(*a, *b, la < lb ? la : lb);

	if (announces(*a) != announces(*b))
		return announces(*a) ? -1 : 1;
	if (!order && la != lb)
		order = la < lb ? -1 : 1;
	*a += la;
	*b += lb;
	return order;
}

int version_compare(const char *a, const char *b)
{
	for (;;) {
		bool number_a, number_b;
		int order;

		a = skip_separators(a);
		b = skip_separators(b);
		if (!*a || !*b)
			return compare_end(a, b);
		number_a = isdigit((unsigned char)*a);
		number_b = isdigit((unsigned char)*b);
		if (number_a != number_b)
			return number_a ? 1 : -1;
		order = number_a ? compare_numbers(&a, &b) : compare_words(&a, &b);
		if (order)
			return order;
	}
}

bool version_in_series(const char *version, const char *series)
{
	size_t len = strlen(series);

	if (!len)
		return true;
	if (strncmp(version, series, len) != 0)
		return false;
	return version[len] == '\0' || version[len] == '.' || version[len] == '-';
}

void version_series(const char *version, struct text *out)
{
	size_t len = run_of(version, isdigit);

	text_clear(out);
	if (len && version[len] == '.' && isdigit((unsigned char)version[len + 1]))
		len += 1 + run_of(version + len + 1, isdigit);
	else
		len = strlen(version);
	text_add(out, version, len);
}
