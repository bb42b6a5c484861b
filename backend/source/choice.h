/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of choosing an archive: what was chosen before, and what was tried without success. */
#ifndef CHOICE_H
#define CHOICE_H

#include "source/origin.h"
#include "source/pins.h"

/* What was chosen for a wish (cache/index/chosen), so that the choice stays the same for a day. */
struct remembered {
	const char *component, *wanted, *version;
	const char *sha256; /* "-": unknown */
	const char *url;
	int64_t when;
	const char *context; /* digest of the settings at the time */
};
bool memory_find(
	struct sources *s, const char *component, const char *wanted, struct remembered *out);
void memory_keep(struct sources *s, const struct remembered *r);

/* Why candidates were passed over, listed by origin. */
struct trial {
	enum origin origin;
	const char *version, *reason;
	size_t n; /* candidates of this origin passed over for the same reason */
};
struct trials {
	struct trial *at;
	size_t n, cap;
};
void trials_print(const struct trials *t, size_t most, struct text *out);

/* The search for an available archive. */
struct search {
	struct sources *sources;
	struct offer *offer;
	const struct source_wish *wish;
	struct trials trials;
	bool unknown_hash; /* something was passed over only for that reason */
};
void search_passed_over(struct search *x, const struct archive *a, const char *reason);

/* This archive it is, and the others of the offer with the same bytes are where it can be had, too. */
void choice_conclude(struct sources *s, const struct offer *c, const struct archive *a,
	const char *why, struct source_choice *out);
/* The archive that a lock names, from wherever it can be had. */
CHECKED bool choice_locked(struct sources *s, struct offer *c, const struct source_wish *w,
	const struct pin *l, struct source_choice *out, struct error *err);

/* "debian, trixie-security" */
const char *choice_origin(struct sources *s, const struct archive *a);
/* Why this archive: a sentence for people, in the arena. */
const char *search_explain(const struct search *x, const struct archive *a);
/* Why there is none: what was tried at each origin, and what to do next. */
void search_report(const struct search *x, struct error *err);

#endif
