/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Versions of Debian's packages: their order, and what of them is upstream's. */
#include "source/debian.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

/* Went back to an earlier release without going back in its numbers: "2.12.7+dfsg+really2.9.14" holds 2.9.14. */
static const char *what_it_really_is(const char *version)
{
	static const char word[] = "really";
	const char *found;

	for (const char *at = version; (found = strstr(at, word)); at = found + strlen(word))
		if (isdigit((unsigned char)found[strlen(word)]))
			version = found + strlen(word);
	return version;
}

void debian_upstream_version(const char *version, struct text *out)
{
	const char *colon = strchr(version, ':');
	const char *dash, *end, *rc, *freed;

	text_clear(out);
	if (colon)
		version = colon + 1;
	version = what_it_really_is(version);
	dash = strrchr(version, '-');
	end = dash ? dash : version + strlen(version);
	rc = strstr(version, "~rc");
	if (rc && rc < end) {
		text_add(out, version, (size_t)(rc - version));
		text_char(out, '-');
		text_add(out, rc + 1, (size_t)(end - rc - 1));
	} else {
		text_add(out, version, (size_t)(end - version));
	}
	/* "0.0~2023.04.11": no release was ever made, what follows is the version */
	dash = out->s + strspn(out->s, "0.");
	if (dash > out->s && *dash == '~' && isdigit((unsigned char)dash[1])) {
		out->len -= (size_t)(dash + 1 - out->s);
		memmove(out->s, dash + 1, out->len + 1);
	}
	/* "+dfsg", "+ds", "~pre": modified by Debian, or not a version we can order */
	out->len = strcspn(out->s, "+~");
	freed = out->len ? strstr(out->s, ".dfsg") : NULL;
	if (freed && (size_t)(freed - out->s) < out->len)
		out->len = (size_t)(freed - out->s);
	if (out->cap)
		out->s[out->len] = '\0';
}

/* '~' sorts before everything, even before the end; letters before all else. */
static int weight(char c)
{
	if (c == '~')
		return -1;
	if (!c || isdigit((unsigned char)c))
		return 0;
	return isalpha((unsigned char)c) ? (unsigned char)c : (unsigned char)c + 256;
}

static int compare_text(const char **a, const char **b)
{
	while ((**a && !isdigit((unsigned char)**a)) || (**b && !isdigit((unsigned char)**b))) {
		int order = weight(**a) - weight(**b);

		if (order)
			return order;
		*a += **a != '\0';
		*b += **b != '\0';
	}
	return 0;
}

static int compare_number(const char **a, const char **b)
{
	size_t la, lb;
	int order;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	la = strspn(*a, "0123456789");
	lb = strspn(*b, "0123456789");
	order = la != lb ? (la < lb ? -1 : 1) : strncmp(*a, *b, la);
	*a += la;
	*b += lb;
	return order;
}

static int compare_part(const char *a, const char *b)
{
	int order = 0;

	while (!order && (*a || *b)) {
		order = compare_text(&a, &b);
		if (!order)
			order = compare_number(&a, &b);
	}
	return order;
}

/* deb-version(7) compares upstream's part and the revision apart; the dash between them is the last one. */
int debian_version_compare(const char *a, const char *b)
{
	const char *const whole[] = {a, b};
	struct text parts[2][3] = {
		{TEXT_INIT, TEXT_INIT, TEXT_INIT}, {TEXT_INIT, TEXT_INIT, TEXT_INIT}};
	int order = 0;

	for (int i = 0; i < 2; i++) {
		const char *colon = strchr(whole[i], ':');
		const char *rest = colon ? colon + 1 : whole[i];
		const char *dash = strrchr(rest, '-');
		size_t len = dash ? (size_t)(dash - rest) : strlen(rest);

		text_add(&parts[i][0], whole[i], colon ? (size_t)(colon - whole[i]) : 0);
		text_add(&parts[i][1], rest, len);
		text_str(&parts[i][2], dash ? dash + 1 : "");
	}
	for (int k = 0; k < 3; k++) {
		if (!order)
			order = compare_part(parts[0][k].s, parts[1][k].s);
		text_release(&parts[0][k]);
		text_release(&parts[1][k]);
	}
	return order;
}
