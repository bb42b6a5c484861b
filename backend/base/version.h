/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Version numbers as upstream projects write them: their order, and the series they belong to. */
#ifndef VERSION_H
#define VERSION_H

#include "base/text.h"

#include <stdbool.h>

/* Version order: numbers by value, "-rc" before the release. Negative, 0, positive like strcmp. */
int version_compare(const char *a, const char *b);
/* "6.12.107" -> "6.12", "7.1-rc3" -> "7.1", "2024a" -> "2024a": the version's series when no catalogue names one. */
void version_series(const char *version, struct text *out);
/* Does `version` belong to `series` (6.12.7 to 6.12; 6.12 itself to 6.12; everything to "")? */
bool version_in_series(const char *version, const char *series);

#endif
