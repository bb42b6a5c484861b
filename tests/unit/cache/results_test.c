/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The results folder: what is written reads back, names in a foreign manifest lead nowhere, and only artifacts of an earlier
 * build are removed. */
#include "base/arena.h"
#include "cache/results.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct scratch s;
static struct error err;

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

static const char *print(struct arena *a, const char *key)
{
	struct results_choice choices[] = {{"kernel", "6.12"}, {"image", "disk"}};
	struct results_component components[] = {{.name = "linux",
		.source = "linux",
		.version = "6.12.1",
		.archive = "linux-6.12.1.tar.xz",
		.licence = "GPL-2.0-only",
		.url = "",
		.key = "abc"}};
	struct results_image images[] = {{"disk", "p.img"}, {"tar", "p.tar"}};
	const char *replaced[] = {"/init", "/etc/a file"};
	struct results r = {.profile = "p",
		.key = key,
		.replaced = {replaced, 2, 2},
		.choices = {choices, 2, 2},
		.components = {components, 1, 1},
		.images = {images, 2, 2}};

	return results_print(&r, a);
}

/* Writes a build's results of these files, all with the same content. */
static void write_all(const char *plan, const char *const names[])
{
	struct results_writer w;
	json_t *more = json_pack("{s:{s:i}}", "build_seconds", "linux", 7);

	scratch_write(&s, "from", "bytes");
	assert_true(results_begin(&w, scratch_path(&s, "out"), &err));
	for (; *names; names++)
		assert_true(results_add(&w, scratch_path(&s, "from"), *names, &err));
	assert_true(results_finish(&w, "image = disk\n", "# lock\n", plan, more, &err));
	results_writer_release(&w);
	json_decref(more);
}

static void what_is_written_is_read_back(void **state)
{
	struct arena a = ARENA_INIT;
	struct results r;
	char *text;

	(void)state;
	assert_false(results_load(&r, scratch_path(&s, "out"), &err));
	assert_int_equal(err.kind, ERROR_HOST);
	write_all(print(&a, "k"), (const char *const[]){"p.img", "p.tar", NULL});
	assert_true(results_load(&r, scratch_path(&s, "out"), &err));
	assert_string_equal(r.profile, "p");
	assert_string_equal(r.key, "k");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(r.manifest, "choices"), "image")),
		"disk");
	assert_int_equal(r.components.n, 1);
	assert_string_equal(r.components.at[0].archive, "linux-6.12.1.tar.xz");
	assert_null(r.components.at[0].sha256);
	assert_string_equal(results_image(&r, "tar"), "p.tar");
	assert_null(results_image(&r, "iso"));
	assert_int_equal(r.artifacts.n, 2);
	assert_int_equal(results_artifact(&r, "p.img")->bytes, 5);
	assert_null(results_artifact(&r, "profile"));
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(r.manifest, "build_seconds"), "linux")),
		7);
	text = scratch_read(&s, "out/SHA256SUMS");
	assert_memory_equal(text, results_artifact(&r, "p.img")->sha256, 64);
	assert_non_null(strstr(text, "  p.img\n"));
	assert_non_null(strstr(text, "  p.tar\n"));
	free(text);
	assert_int_equal(r.replaced.n, 2);
	assert_string_equal(r.replaced.at[1], "/etc/a file");
	results_release(&r);
	arena_release(&a);
}

static void only_earlier_artifacts_go(void **state)
{
	(void)state;
	scratch_write(&s, "out/keep.me", "mine");
	write_all(NULL, (const char *const[]){"p.img", "p.tar", NULL});
	write_all(NULL, (const char *const[]){"p.tar", NULL});
	assert_false(scratch_has(&s, "out/p.img"));
	assert_true(scratch_has(&s, "out/p.tar"));
	assert_true(scratch_has(&s, "out/keep.me"));
	assert_true(scratch_has(&s, "out/lock"));
}

static void they_stand_in_full_only(void **state)
{
	struct arena a = ARENA_INIT;
	const char *out = scratch_path(&s, "out");

	(void)state;
	assert_false(results_stand(out, "k"));
	write_all(print(&a, "k"), (const char *const[]){"p.img", NULL});
	assert_true(results_stand(out, "k"));
	assert_false(results_stand(out, "another"));
	scratch_write(&s, "out/p.img", "byte");
	assert_false(results_stand(out, "k"));
	scratch_write(&s, "out/p.img", "bytes");
	assert_true(results_stand(out, "k"));
	scratch_write(&s, "out/manifest.json",
		"{\"key\":\"k\",\"artifacts\":[{\"path\":\"none\",\"bytes\":0,\"sha256\":\"" HEX
		"\"}]}");
	assert_false(results_stand(out, "k"));
	/* a file missing from the list is not copied either */
	scratch_write(&s, "out/manifest.json", "{\"key\":\"k\",\"artifacts\":[{}]}");
	assert_false(results_stand(out, "k"));
	arena_release(&a);
}

static void foreign_names_lead_nowhere(void **state)
{
	struct results_writer w;
	struct results r;

	(void)state;
	scratch_write(&s, "mine", "mine");
	scratch_write(&s, "out/manifest.json",
		"{\"profile\":1,\"components\":[7,{\"name\":\"x\"}],\"images\":[{\"image\":\"disk\",\"file\":\"../mine\"},{\"file\":\"x\"},3],\"artifacts\":[{\"path\":\"../mine\",\"bytes\":4,\"sha256\":\"" HEX
		"\"},{\"path\":\".\",\"bytes\":4,\"sha256\":\"" HEX
		"\"},{\"path\":\"a\",\"bytes\":-4,\"sha256\":\"" HEX
		"\"},{\"path\":\"a\",\"bytes\":4,\"sha256\":\"short\"}]}");
	assert_true(results_load(&r, scratch_path(&s, "out"), &err));
	assert_null(r.profile);
	assert_int_equal(r.components.n, 0);
	assert_int_equal(r.images.n, 0);
	assert_int_equal(r.artifacts.n, 0);
	results_release(&r);
	write_all(NULL, (const char *const[]){"p.img", NULL});
	assert_true(scratch_has(&s, "mine"));
	assert_true(results_begin(&w, scratch_path(&s, "out"), &err));
	assert_false(results_add(&w, scratch_path(&s, "mine"), "../escape", &err));
	assert_false(results_add(&w, scratch_path(&s, "none"), "p.img", &err));
	assert_int_equal(err.kind, ERROR_STEP);
	results_writer_release(&w);
	scratch_write(&s, "out/manifest.json", "[]");
	assert_false(results_load(&r, scratch_path(&s, "out"), &err));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read_back),
		CASE(only_earlier_artifacts_go),
		CASE(they_stand_in_full_only),
		CASE(foreign_names_lead_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
