/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads members of a JSON object of any origin. */
#include "base/fields.h"

#include "base/arena.h"

#include "base/banned.h"

const char *field_text(const json_t *o, const char *key, struct arena *a)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? arena_str(a, s) : "";
}

uint64_t field_number(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}
