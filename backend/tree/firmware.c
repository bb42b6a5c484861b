/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists the firmware that kernel modules name in their section .modinfo: NUL-terminated texts "key=value". */
#include "tree/firmware.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/elf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "tree/tree.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define FOLDER	     "/lib/firmware/"
#define FILE_NAME    "firmware"
#define MODULE_LIMIT ((size_t)256 * 1024 * 1024)
enum { LONGEST_NAME = 255 };

/* One word in plain letters, as all real firmware names are, that can be a file below a folder. */
static bool is_usable(const char *name)
{
	size_t len = strlen(name);

	for (const char *c = name; *c; c++)
		if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7f || *c == '"' ||
			*c == '\\')
			return false;
	return len && len <= LONGEST_NAME && *name != '/' && !strstr(name, "..");
}

static bool is_module(const struct tree_entry *e)
{
	size_t len = strlen(e->path);

	return e->kind == TREE_FILE && len > 3 && strcmp(e->path + len - 3, ".ko") == 0 &&
	       is_usable(tree_name(e));
}

static const char *module_name(struct arena *a, const struct tree_entry *e)
{
	const char *name = tree_name(e);

	return arena_strn(a, name, strlen(name) - strlen(".ko"));
}

static bool is_there(const struct tree *t, const char *file)
{
	for (size_t i = 0; i < t->entries.n; i++) {
		const char *path = t->entries.at[i].path;

		if (strncmp(path, FOLDER, strlen(FOLDER)) == 0 &&
			strcmp(path + strlen(FOLDER), file) == 0)
			return true;
	}
	return false;
}

static bool take_names(struct firmware_list *out, const struct tree *t, const struct tree_entry *e,
	const char *info, size_t size, struct error *err)
{
	const char *end = info + size;

	while (info < end) {
		size_t len = strnlen(info, (size_t)(end - info));
		const char *line = arena_strn(t->arena, info, len);

		info += len + 1;
		if (strncmp(line, "firmware=", 9) != 0)
			continue;
		if (!is_usable(line + 9))
			return error_set(err, ERROR_STEP,
				"it names a firmware file in a way that cannot be read");
		vec_push_in(t->arena, out,
			(struct firmware){
				module_name(t->arena, e), line + 9, is_there(t, line + 9)});
	}
	return true;
}

static bool read_module(struct firmware_list *out, const struct tree *t, const struct tree_entry *e,
	struct error *err)
{
	struct text file = TEXT_INIT;
	const char *bytes = e->content, *info = NULL;
	size_t len = e->content_len, size = 0;
	bool ok = true;

	if (!bytes) {
		ok = text_read_file(&file, e->from, MODULE_LIMIT, err);
		bytes = file.s;
		len = file.len;
	}
	if (ok && elf_is(bytes, len))
		ok = elf_section(bytes, len, ".modinfo", &info, &size, err) &&
		     (!info || take_names(out, t, e, info, size, err));
	text_release(&file);
	return ok || error_in(err, "%s (%s)", e->path, e->owner);
}

bool firmware_collect(struct firmware_list *out, const struct tree *t, struct error *err)
{
	for (size_t i = 0; i < t->entries.n; i++)
		if (is_module(&t->entries.at[i]) && !read_module(out, t, &t->entries.at[i], err))
			return false;
	return true;
}

bool firmware_save(const struct firmware_list *l, const char *folder, struct error *err)
{
	struct text path = TEXT_INIT, out = TEXT_INIT;
	bool ok;

	text_fmt(&path, "%s/" FILE_NAME, folder);
	for (size_t i = 0; i < l->n; i++)
		text_fmt(&out, "%s = %s %s\n", l->at[i].present ? "present" : "missing",
			l->at[i].module, l->at[i].file);
	if (l->n)
		ok = place_write_soon(path.s, out.s, out.len, err);
	else
		ok = unlink(path.s) == 0 || errno == ENOENT ||
		     error_errno(err, "%s cannot be removed", path.s);
	text_release(&path);
	text_release(&out);
	return ok;
}

struct loader {
	struct firmware_list *out;
	struct arena *arena;
};

static bool take_file(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;
	struct strings words = {0};
	bool ok = line->key && conf_words(line->value, l->arena, &words, err) && words.n == 2;

	if (ok)
		vec_push_in(l->arena, l->out,
			(struct firmware){
				words.at[0], words.at[1], strcmp(line->key, "present") == 0});
	return ok || error_set(err, ERROR_STEP, "a line is written 'missing = MODULE FILE'");
}

bool firmware_load(
	struct firmware_list *out, const char *folder, struct arena *a, struct error *err)
{
	struct loader l = {out, a};
	struct text path = TEXT_INIT;
	bool ok = true;

	text_fmt(&path, "%s/" FILE_NAME, folder);
	if (access(path.s, F_OK) == 0)
		ok = conf_read(path.s, a, take_file, &l, err);
	text_release(&path);
	return ok;
}

void firmware_say(const struct firmware_list *l, struct text *out)
{
	const struct firmware *first = NULL;
	size_t more = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i].present)
			continue;
		if (first)
			more++;
		else
			first = &l->at[i];
	}
	if (!first)
		return;
	text_fmt(out, "the kernel module %s names the firmware file %s, which is not in the system",
		first->module, first->file);
	if (more)
		text_fmt(out, ", and so it is with %zu more files (manifest.json lists all)", more);
	text_str(out,
		"; for a machine with such a device put the file into lib/firmware of the overlay folder");
}
