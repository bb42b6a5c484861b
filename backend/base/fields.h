/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of a JSON object that somebody else may have written: what is missing or of another kind is empty, or zero. */
#ifndef FIELDS_H
#define FIELDS_H

#include "base/arena.h"

#include <jansson.h>
#include <stdint.h>

/* The string is the arena's; "" when there is none. */
const char *field_text(const json_t *o, const char *key, struct arena *a);

/* 0 when there is none, and for a negative one. */
uint64_t field_number(const json_t *o, const char *key);

#endif
