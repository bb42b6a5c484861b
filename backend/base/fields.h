/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of a JSON object that may come from elsewhere: one that is missing or of the wrong type reads as empty, or zero. */
#ifndef FIELDS_H
#define FIELDS_H

#include "base/arena.h"

#include <jansson.h>
#include <stdint.h>

/* The string lives in the arena; "" if there is none. */
const char *field_text(const json_t *o, const char *key, struct arena *a);

/* 0 if there is none or it is negative. */
uint64_t field_number(const json_t *o, const char *key);

#endif
