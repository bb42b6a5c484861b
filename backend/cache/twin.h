/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Units with other keys and the same content. A unit's key is made of the keys of what it needs, and so changes with each of
 * them; its content key is made of what these hold instead (plan_content_key). content/KEY names the entry that was made under
 * this content key, for who comes with another key: it need not be made again.
 *
 * Such a file is a hint and nothing more. What it names may be gone, and is believed only as far as its record goes.
 */
#ifndef TWIN_H
#define TWIN_H

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"

/* What the entry `result` of the cache holds, as one hash, from its record. False: nobody knows. */
CHECKED bool twin_content(const char *cache, const char *result, char hex[HASH_HEX]);

/* Notes that `result`, which is published now, was made under this content key. Not worth failing for. */
void twin_note(const char *cache, const char *key, const char *result);

void twin_forget(const char *cache, const char *key);

/* The entry that was, in the arena; NULL: there is none, or it has no record. */
const char *twin_find(const char *cache, const char *key, struct arena *a);

/*
 * Publishes the content of `twin` as `result`, whose lock is held alone: by hard links, so it takes no room. Every byte is
 * read, and where it is not what the record says, or the twin is just being removed, nothing happens and *taken is false.
 */
CHECKED bool twin_take(
	const char *cache, const char *twin, const char *result, bool *taken, struct error *err);

/* Are there any hints? */
bool twin_any(const char *cache);

/* Removes hints at what is gone. */
void twin_clean(const char *cache);

#endif
