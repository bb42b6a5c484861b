/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table that events are read and written by: a row for each member of each kind, and of each part that stands inside. */
#ifndef EVENT_ROW_H
#define EVENT_ROW_H

#include "run/event.h"

/* What a row may belong to beside an event_kind. */
enum event_part {
	PART_STEP = EVENT_LOST + 1,
	PART_ARTIFACT,
	PART_CHECK,
	PART_UNTESTED,
	PART_COUNTS,
	PART_FAILURE,
	PART_DIAGNOSIS,
	PART_CELL,
	PART_CELL_END,
};

enum event_type {
	TYPE_TEXT,
	TYPE_BOOL,
	TYPE_CACHED,  /* bool: "cached" or "run" */
	TYPE_OUTCOME, /* enum check_outcome: true, false or null */
	TYPE_WORD,    /* an enum, by `words` */
	TYPE_INT,
	TYPE_LONG,
	TYPE_AMOUNT,  /* uint64_t */
	TYPE_SECONDS, /* double, to the millisecond */
	TYPE_WORDS,   /* struct event_words */
	TYPE_LIST,    /* {pointer, number} of parts */
	TYPE_PART,    /* a part */
	TYPE_POINTER, /* pointer to a part */
	TYPE_SPREAD, /* the same, but the part's members stand among ours; `key` is one that it always has */
};

/* A member that is NULL or 0. */
enum event_none {
	NONE_IS_VALUE, /* is like any other; a text is not NULL after reading */
	NONE_IS_NULL,
	NONE_IS_LEFT_OUT,
};

struct event_row {
	int of; /* enum event_kind or event_part */
	const char *key;
	enum event_type type;
	size_t at; /* in struct event, or in the part's struct */
	enum event_none none;
	enum event_part part;	  /* of the types that hold one */
	size_t size;		  /* of it */
	const char *const *words; /* ends with NULL */
};

extern const struct event_row event_rows[];
extern const size_t event_n_rows;

#endif
