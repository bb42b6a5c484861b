/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the target's files that belong to no component: share/rootfs/NAME.files. */
#include "tree/rootfs.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/keymap.h"
#include "tree/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { TEMPLATE_LIMIT = 1024 * 1024 };

struct collector {
	struct tree *tree;
	const struct profile *profile;
	expand_lookup *lookup;
	void *ctx;
	const char *wanted; /* the tree being collected */
	struct guard when;  /* of the section being read */
	const char *named;  /* the tree this section is for */
	const char *each;   /* the list this section is repeated for; NULL: none */
	const char *item;   /* the current word */
	const char *owner;  /* "share/rootfs/base.files:12" */
	const char *relative;
};

struct listing_key {
	const char *key;
	size_t least, most; /* words */
	bool (*add)(struct collector *c, const struct strings *words, struct tree_entry *e,
		struct error *err);
};

/* {item} is the current word; {item.KEY} is what the plan knows about it as {LIST.WORD.KEY}. */
static const char *name_or_item(void *ctx, const char *name, bool *is_list)
{
	struct collector *c = ctx;

	*is_list = false;
	if (c->item && strcmp(name, "item") == 0)
		return c->item;
	if (c->item && strncmp(name, "item.", 5) == 0)
		name = arena_fmt(c->tree->arena, "%s.%s.%s", c->each, c->item, name + 5);
	return c->lookup(c->ctx, name, is_list);
}

static bool number(const char *word, int base, unsigned limit, unsigned *out, struct error *err)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(word, &end, base);
	if (errno || end == word || *end || *word == '-' || n > limit)
		return error_set(err, ERROR_PROFILE, "'%s' is not %s up to %0*o", word,
			base == 8 ? "an octal number" : "a number", base == 8 ? 4 : 1, limit);
	*out = (unsigned)n;
	return true;
}

static bool mode_and_owner(const struct strings *words, size_t mode, size_t owner,
	struct tree_entry *e, struct error *err)
{
	const unsigned most_id = 0xfffffffe;

	if (words->n > mode && !number(words->at[mode], 8, 07777, &e->mode, err))
		return false;
	if (words->n <= owner)
		return true;
	if (words->n != owner + 2)
		return error_set(err, ERROR_PROFILE, "a user number is followed by a group number");
	return number(words->at[owner], 10, most_id, &e->uid, err) &&
	       number(words->at[owner + 1], 10, most_id, &e->gid, err);
}

static bool add_folder(
	struct collector *c, const struct strings *words, struct tree_entry *e, struct error *err)
{
	(void)c;
	e->kind = TREE_FOLDER;
	e->mode = 0755;
	return mode_and_owner(words, 1, 2, e, err);
}

static bool add_node(
	struct collector *c, const struct strings *words, struct tree_entry *e, struct error *err)
{
	const char *type = words->at[2];

	(void)c;
	if (strcmp(type, "c") != 0 && strcmp(type, "b") != 0)
		return error_set(err, ERROR_PROFILE,
			"a device is 'c' (character) or 'b' (block), not '%s'", type);
	e->kind = *type == 'c' ? TREE_CHARACTER : TREE_BLOCK;
	return number(words->at[3], 10, 0xfff, &e->major, err) &&
	       number(words->at[4], 10, 0xfffff, &e->minor, err) &&
	       mode_and_owner(words, 1, 5, e, err);
}

static bool add_link(
	struct collector *c, const struct strings *words, struct tree_entry *e, struct error *err)
{
	(void)err;
	e->kind = TREE_LINK;
	e->mode = 0777;
	e->target = arena_str(c->tree->arena, words->at[1]);
	return true;
}

static bool add_file(
	struct collector *c, const struct strings *words, struct tree_entry *e, struct error *err)
{
	struct text path = TEXT_INIT, source = TEXT_INIT, content = TEXT_INIT;
	const char *name = arena_fmt(c->tree->arena, "templates/%s", words->at[2]);
	bool ok = false;

	e->kind = TREE_FILE;
	if (!place_find(c->profile->catalog->place, name, &path))
		error_set(err, ERROR_PROFILE, "there is no %s in the data folders", name);
	else
		ok = text_read_file(&source, path.s, TEMPLATE_LIMIT, err) &&
		     template_expand(&content, name, source.s, c->profile, name_or_item, c, err) &&
		     mode_and_owner(words, 1, 3, e, err);
	if (ok) {
		e->content = arena_strn(c->tree->arena, content.s, content.len);
		e->content_len = content.len;
	}
	text_release(&path);
	text_release(&source);
	text_release(&content);
	return ok;
}

static bool add_keymap(
	struct collector *c, const struct strings *words, struct tree_entry *e, struct error *err)
{
	struct text path = TEXT_INIT, map = TEXT_INIT;
	const char *table = words->at[2];
	bool ok = false;

	e->kind = TREE_FILE;
	if (!place_find(c->profile->catalog->place, table, &path))
		error_set(err, ERROR_PROFILE, "there is no %s in the data folders", table);
	else
		ok = keymap_print(path.s, words->at[3], &map, err) &&
		     mode_and_owner(words, 1, 4, e, err);
	if (ok) {
		e->content = arena_strn(c->tree->arena, map.s, map.len);
		e->content_len = map.len;
	}
	text_release(&path);
	text_release(&map);
	return ok;
}

static const struct listing_key listing_keys[] = {
	{"dir", 1, 4, add_folder},
	{"node", 5, 7, add_node},
	{"link", 2, 2, add_link},
	{"file", 3, 5, add_file},
	{"keymap", 4, 6, add_keymap},
};

static bool add_words(struct collector *c, const struct listing_key *k, const struct strings *words,
	struct error *err)
{
	struct tree_entry e = {.owner = c->owner};

	if (words->n < k->least || words->n > k->most)
		return error_set(err, ERROR_PROFILE, "'%s' takes %zu to %zu words, not %zu", k->key,
			k->least, k->most, words->n);
	e.path = arena_str(c->tree->arena, words->at[0]);
	return k->add(c, words, &e, err) && tree_add(c->tree, &e, err);
}

static bool add_once(
	struct collector *c, const struct listing_key *k, const char *value, struct error *err)
{
	struct strings words = {0};
	bool ok = expand_words(&words, c->tree->arena, value, name_or_item, c, err) &&
		  add_words(c, k, &words, err);

	return ok;
}

static bool add_each(
	struct collector *c, const struct listing_key *k, const char *value, struct error *err)
{
	struct strings items = {0};
	bool is_list, ok = true;
	const char *list = c->lookup(c->ctx, c->each, &is_list);

	if (!list)
		return error_set(err, ERROR_PROFILE, "'each = %s': there is no such list", c->each);
	ok = conf_words(list, c->tree->arena, &items, err);
	for (size_t i = 0; ok && i < items.n; i++) {
		c->item = items.at[i];
		ok = add_once(c, k, value, err);
	}
	c->item = NULL;
	return ok;
}

static bool open_section(struct collector *c)
{
	c->when = (struct guard){0};
	c->named = "root";
	c->each = NULL;
	return true;
}

static bool take_entry(void *ctx, const struct conf_line *line, struct error *err)
{
	struct collector *c = ctx;
	const struct listing_key *k = listing_keys;
	const struct listing_key *end = listing_keys + sizeof listing_keys / sizeof listing_keys[0];

	if (!conf_in(line, "[files]", err))
		return false;
	if (!line->key)
		return open_section(c);
	if (strcmp(line->key, "when") == 0)
		return guard_parse(&c->when, c->tree->arena, line->value, line->traits, err);
	if (strcmp(line->key, "tree") == 0 || strcmp(line->key, "each") == 0) {
		*(*line->key == 't' ? &c->named : &c->each) = line->value;
		return true;
	}
	if (strcmp(c->named, c->wanted) != 0)
		return true;
	while (k < end && strcmp(k->key, line->key) != 0)
		k++;
	if (k == end)
		return error_set(err, ERROR_PROFILE,
			"'%s' is not known here; a list of files has when, tree, each, dir, node, link, file and keymap",
			line->key);
	if (!guard_holds(&c->when, profile_lookup, c->profile) ||
		!guard_holds(line->guard, profile_lookup, c->profile))
		return true;
	c->owner = arena_fmt(c->tree->arena, "%s:%d", c->relative, line->line);
	return c->each ? add_each(c, k, line->value, err) : add_once(c, k, line->value, err);
}

static bool read_listing(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct collector *c = ctx;

	open_section(c);
	c->relative = arena_str(c->tree->arena, relative);
	return conf_read_guarded(
		path, &c->profile->catalog->traits, c->tree->arena, take_entry, c, err);
}

bool rootfs_collect(struct tree *t, const char *name, const struct profile *p,
	expand_lookup *lookup, void *ctx, struct error *err)
{
	struct collector c = {
		.tree = t, .wanted = name, .profile = p, .lookup = lookup, .ctx = ctx};

	return place_each(p->catalog->place, "share/rootfs", ".files", read_listing, &c, err);
}
