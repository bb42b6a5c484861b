/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A test's own folder, and a place whose cache and state are in it; data come from the checkout. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include "base/place.h"

struct scratch {
	struct place place;
	const char *folder;
};

void scratch_make(struct scratch *s); /* aborts when it cannot */
void scratch_remove(struct scratch *s);

const char *scratch_path(struct scratch *s, const char *relative);
void scratch_write(
	struct scratch *s, const char *relative, const char *content); /* with its parents */
char *scratch_read(struct scratch *s, const char *relative); /* heap; NULL: there is none */
bool scratch_has(struct scratch *s, const char *relative);

#endif
