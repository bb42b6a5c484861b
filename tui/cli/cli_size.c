/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `size`: prints what each file of a build weighs, by part, by package and by file. */
#include "base/text.h"
#include "cache/weight.h"
#include "choice/profile.h"
#include "cli/cli_out.h"
#include "shared/width.h"
#include "shared/words.h"
#include <inttypes.h>
#include <string.h>

enum { BAR = 20, NAME = 34, TOP = 10 };

static size_t top_of(const struct cli *c)
{
	return c->flags.top < 0 ? TOP : (size_t)c->flags.top;
}

/* "  1.1 MiB   12 %  [##..................]  busybox (412 files)" */
static void say_row(const struct cli *c, uint64_t bytes, uint64_t of, const char *name)
{
	struct text size = TEXT_INIT, bar = TEXT_INIT;
	int part = of ? (int)((double)bytes * 100 / (double)of + 0.5) : 0;

	words_bytes(&size, bytes);
	for (int i = 0; i < BAR; i++)
		text_char(&bar, i < part * BAR / 100 ? '#' : '.');
	say(c, "  %10s  %3d %%  [%s]  %s", size.s, part, bar.s, name);
	text_release(&size);
	text_release(&bar);
}

static void say_parts(const struct cli *c, const struct weight_image *image)
{
	if (image->parts.n)
		say_role(c, ROLE_TITLE, " by part");
	for (size_t i = 0; i < image->parts.n; i++) {
		const struct weight_row *r = &image->parts.at[i];
		struct text name = TEXT_INIT;

		text_str(&name, r->name);
		if (*r->compression && r->content) {
			text_str(&name, " (");
			words_bytes(&name, r->content);
			text_fmt(&name, " before %s)", r->compression);
		}
		say_row(c, r->bytes, image->bytes, name.s);
		text_release(&name);
	}
}

static bool is_compressed(const struct weight_image *image)
{
	bool any = *image->compression;

	for (size_t i = 0; i < image->parts.n; i++)
		any = any || *image->parts.at[i].compression;
	return any;
}

static void say_packages(const struct cli *c, const struct weight_image *image)
{
	size_t top = top_of(c);
	uint64_t rest = 0, files = 0;

	say_role(
		c, ROLE_TITLE, " by package%s", is_compressed(image) ? ", before compression" : "");
	for (size_t i = 0; i < image->packages.n; i++) {
		const struct weight_row *r = &image->packages.at[i];
		struct text name = TEXT_INIT;

		if (i >= top) {
			rest += r->bytes;
			files += r->files;
			continue;
		}
		text_fmt(&name, "%s (%" PRIu64 " file%s)", r->name, r->files,
			r->files == 1 ? "" : "s");
		say_row(c, r->bytes, image->content, name.s);
		text_release(&name);
	}
	if (files) {
		struct text name = TEXT_INIT;

		text_fmt(&name, "%zu more (%" PRIu64 " files)", image->packages.n - top, files);
		say_row(c, rest, image->content, name.s);
		text_release(&name);
	}
}

static void say_files(const struct cli *c, const struct weight_image *image)
{
	size_t top = top_of(c);

	say_role(c, ROLE_TITLE, " largest files%s",
		is_compressed(image) ? ", before compression" : "");
	for (size_t i = 0; i < image->files.n && i < top; i++) {
		const struct weight_row *r = &image->files.at[i];
		struct text size = TEXT_INIT, path = TEXT_INIT;
		int pad;

		words_bytes(&size, r->bytes);
		add_foreign(c, &path, r->name);
		pad = NAME - width_of(path.s);
		say(c, "  %10s  %s%*s  %s", size.s, path.s, pad > 0 ? pad : 0, "", r->package);
		text_release(&size);
		text_release(&path);
	}
	if (image->content_files > (image->files.n < top ? image->files.n : top))
		say(c, "  %10s  of %" PRIu64 " files; --top N shows more", "",
			image->content_files);
}

/* Programs that give others' rights away: few, and worth knowing. */
static void say_set_id(const struct cli *c, const struct weight_image *image)
{
	if (image->set_id.n)
		say_role(c, ROLE_TITLE, " set-id programs");
	for (size_t i = 0; i < image->set_id.n; i++) {
		const struct weight_set_id *s = &image->set_id.at[i];
		struct text path = TEXT_INIT;

		add_foreign(c, &path, s->path);
		say(c, "  %10s  %s (owner %u:%u, from %s)", s->mode, path.s, s->uid, s->gid,
			s->package);
		text_release(&path);
	}
}

/* The name, and its uncompressed size. */
static void say_head(const struct cli *c, const struct weight_image *image)
{
	struct text line = TEXT_INIT;

	words_bytes(&line, image->bytes);
	if (*image->compression && image->content) {
		text_fmt(&line, " as %s, of ", image->compression);
		words_bytes(&line, image->content);
	} else if (image->content) {
		text_str(&line, ", holds ");
		words_bytes(&line, image->content);
	}
	if (image->content)
		text_fmt(&line, " in %" PRIu64 " files", image->content_files);
	say_role(c, ROLE_TITLE, "%s: %s", image->file, line.s);
	text_release(&line);
}

static void say_image(const struct cli *c, const struct weight *w, size_t which)
{
	const struct weight_image *image = &w->images.at[which];

	say_head(c, image);
	say_parts(c, image);
	for (size_t i = 0; image->content && i < which; i++)
		if (weight_same(&w->images.at[i], image)) {
			say(c, " by package and by file: like %s", w->images.at[i].file);
			return;
		}
	if (image->content) {
		say_packages(c, image);
		say_files(c, image);
		say_set_id(c, image);
	}
}

/* ---- JSON ---- */

static json_t *rows_json(const struct weight_rows *rows, const char *name, size_t most)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rows->n && i < most; i++) {
		const struct weight_row *r = &rows->at[i];
		json_t *o = json_pack(
			"{s:o,s:I}", name, json_text(r->name), "bytes", (json_int_t)r->bytes);

		if (r->content)
			json_object_set_new(o, "content", json_integer((json_int_t)r->content));
		if (*r->compression)
			json_object_set_new(o, "compression", json_text(r->compression));
		if (*r->package)
			json_object_set_new(o, "package", json_text(r->package));
		if (r->files)
			json_object_set_new(o, "files", json_integer((json_int_t)r->files));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *set_id_json(const struct weight_image *image)
{
	json_t *list = json_array();

	for (size_t i = 0; i < image->set_id.n; i++) {
		const struct weight_set_id *s = &image->set_id.at[i];

		json_array_append_new(
			list, json_pack("{s:o,s:o,s:o,s:I,s:I}", "path", json_text(s->path),
				      "package", json_text(s->package), "mode", json_text(s->mode),
				      "uid", (json_int_t)s->uid, "gid", (json_int_t)s->gid));
	}
	return list;
}

static void put_image(const struct cli *c, const struct weight_image *image)
{
	json_t *o = json_pack(
		"{s:o,s:I}", "file", json_text(image->file), "bytes", (json_int_t)image->bytes);

	if (*image->compression)
		json_object_set_new(o, "compression", json_text(image->compression));
	if (image->content) {
		json_object_set_new(o, "content", json_integer((json_int_t)image->content));
		json_object_set_new(
			o, "content_files", json_integer((json_int_t)image->content_files));
		json_object_set_new(o, "parts", rows_json(&image->parts, "name", SIZE_MAX));
		json_object_set_new(o, "packages", rows_json(&image->packages, "name", SIZE_MAX));
		json_object_set_new(o, "files", rows_json(&image->files, "path", top_of(c)));
		if (image->set_id.n)
			json_object_set_new(o, "set_id", set_id_json(image));
	}
	say_json(o);
}

bool verb_size(struct cli *c, struct error *err)
{
	struct profile p;
	struct weight w;
	bool ok;

	if (!profile_find(&p, &c->catalog, &c->place, c->words.at[0], err))
		return false;
	ok = weight_load(&w, p.name, c->flags.output, err);
	profile_release(&p);
	if (!ok)
		return false;
	for (size_t i = 0; i < w.images.n; i++) {
		if (c->flags.json) {
			put_image(c, &w.images.at[i]);
			continue;
		}
		if (i && w.images.at[i].content)
			say(c, "%s", "");
		say_image(c, &w, i);
	}
	weight_release(&w);
	return true;
}
