/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of the target that belong to no component: share/rootfs/NAME.files. See rootfs.h. */
#include "rootfs.h"

#include "conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "banned.h"

enum { TEMPLATE_LIMIT = 1024 * 1024 };

struct collector {
	struct tree *tree;
	const struct profile *profile;
	expand_lookup *lookup;
	void *ctx;
	const char *wanted; /* the tree that is collected */
	struct guard when;  /* of the file that is being read */
	const char *named;  /* the tree that this file is about */
	const char *owner;  /* "share/rootfs/base.files:12" */
	const char *relative;
};

struct listing_key {
	const char *key;
	size_t least, most; /* words */
	bool (*add)(struct collector *c, const struct strings *words, struct tree_entry *e,
		struct error *err);
};

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
		     template_expand(
			     &content, name, source.s, c->profile, c->lookup, c->ctx, err) &&
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

static const struct listing_key listing_keys[] = {
	{"dir", 1, 4, add_folder},
	{"node", 5, 7, add_node},
	{"link", 2, 2, add_link},
	{"file", 3, 5, add_file},
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

static bool listed(void *ctx, const struct conf_line *line, struct error *err)
{
	struct collector *c = ctx;
	struct strings words = {0};
	const struct listing_key *k = listing_keys;
	const struct listing_key *end = listing_keys + sizeof listing_keys / sizeof listing_keys[0];
	bool ok;

	if (strcmp(line->kind, "files") != 0)
		return error_set(
			err, ERROR_PROFILE, "a list of files has the section [files] and no other");
	if (!line->key)
		return true;
	if (strcmp(line->key, "when") == 0)
		return guard_parse(&c->when, c->tree->arena, line->value, err);
	if (strcmp(line->key, "tree") == 0) {
		c->named = line->value;
		return true;
	}
	if (strcmp(c->named, c->wanted) != 0)
		return true;
	while (k < end && strcmp(k->key, line->key) != 0)
		k++;
	if (k == end)
		return error_set(err, ERROR_PROFILE,
			"'%s' is not known here; a list of files has when, tree, dir, node, link "
			"and "
			"file",
			line->key);
	if (!guard_holds(&c->when, profile_lookup, c->profile) ||
		!guard_holds(line->guard, profile_lookup, c->profile))
		return true;
	c->owner = arena_fmt(c->tree->arena, "%s:%d", c->relative, line->line);
	ok = expand_words(&words, c->tree->arena, line->value, c->lookup, c->ctx, err) &&
	     add_words(c, k, &words, err);
	vec_release(&words);
	return ok;
}

static bool read_listing(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct collector *c = ctx;

	c->when = (struct guard){0};
	c->named = "root";
	c->relative = arena_str(c->tree->arena, relative);
	return conf_read(path, c->tree->arena, listed, c, err);
}

bool rootfs_collect(struct tree *t, const char *name, const struct profile *p,
	expand_lookup *lookup, void *ctx, struct error *err)
{
	struct collector c = {
		.tree = t, .wanted = name, .profile = p, .lookup = lookup, .ctx = ctx};

	return place_each(p->catalog->place, "share/rootfs", ".files", read_listing, &c, err);
}
